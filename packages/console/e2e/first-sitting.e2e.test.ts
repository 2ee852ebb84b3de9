import type { Sandbox } from "@uniview/sandbox";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "./browser.ts";
import { type House, openHouse } from "./house.ts";

// One sitting in one window: each test goes on where the one before stopped.

const PASSWORD = "correct horse battery";
const SERVER = "web-1";

/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 60_000;

let house: House;
let browser: Browser;
let page: Page;
let complaints: string[];
let source_id: string;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  complaints = complaintsOf(page);
});

afterAll(async () => {
  await browser?.close();
  await house?.close();
});

test("nobody can sign in before the one-time link was used, and the page says so", async () => {
  await page.goto(`${house.url}/servers`);
  await page.getByRole("heading", { name: "Almost there" }).waitFor();
});

test("the one-time link creates the administrator and leads to the first site", async () => {
  await page.goto(house.setup_link);
  await page.getByRole("textbox", { name: "Name" }).fill("admin");
  await page.getByRole("textbox", { name: "Password", exact: true }).fill("short");
  await page.getByText("5 more characters at least").waitFor();
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(PASSWORD);
  await page.getByRole("textbox", { name: "Password again" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the administrator" }).click();
  await page.getByRole("heading", { name: "Add a site" }).waitFor();
});

test("a wrong password is told in a sentence, with what to do", async () => {
  await paste(house.zed.clouds_yaml.replaceAll("password: password", "password: mistaken"));
  await page.getByRole("button", { name: "Check" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/refuse/);
  expect(await page.getByRole("button", { name: "Add site" }).isDisabled()).toBe(true);
});

test("both sites are added by their pasted clouds.yaml, each with its discovery table", async () => {
  await addSite(house.zed);
  await page.getByRole("link", { name: "Sites", exact: true }).first().click();
  await page.getByRole("link", { name: "Add a site" }).first().click();
  await addSite(house.epoxy);
});

test("one list shows the servers of both sites, and how fresh each is", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Servers" }).click();
  const table = page.getByRole("table", { name: "Servers" });
  await table.getByRole("row", { name: /zed/ }).first().waitFor();
  await table.getByRole("row", { name: /epoxy/ }).first().waitFor();
  const strip = page.getByRole("list", { name: "Sites of this list" });
  await strip.getByRole("button", { name: /^zed: Fresh/ }).waitFor();
  await strip.getByRole("button", { name: /^epoxy: Fresh/ }).waitFor();
});

test("a search narrows the list, stands in the URL, and survives a reload", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("web site:zed");
  await page.waitForURL(/[?]q=web\+site:zed/);
  const table = page.getByRole("table", { name: "Servers" });
  await expect
    .poll(() => table.getByRole("row", { name: /epoxy/ }).count(), { timeout: PATIENCE_MS })
    .toBe(0);
  await page.reload();
  await table.getByRole("link", { name: SERVER, exact: true }).waitFor();
  expect(await page.getByRole("searchbox", { name: "Search servers" }).inputValue()).toBe("web site:zed");
});

test("arrow keys and Enter open a server, and a key pair of letters leads elsewhere and back", async () => {
  await page.getByRole("row", { name: new RegExp(SERVER) }).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.locator("tr:focus").getAttribute("data-index")).toBe("1");
  await page.keyboard.press("Home");
  await expect.poll(() => page.locator("tr:focus").getAttribute("data-index")).toBe("0");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: SERVER, level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Jobs", level: 1 }).waitFor();
  await page.goBack();
  await page.waitForURL(/[/]servers[/]zed[/]/);
  source_id = new URL(page.url()).pathname.split("/")[3] ?? "";
});

test("the review says what a migration will do before it does anything", async () => {
  await page.getByRole("link", { name: "Migrate" }).click();
  await page.getByRole("radio", { name: "epoxy" }).check();
  await page.getByRole("region", { name: "Pre-flight" }).waitFor();
  const mappings = page.getByRole("table", { name: "Mappings" });
  await mappings.getByRole("row", { name: /Flavor/ }).waitFor();
  await page.getByRole("table", { name: "Disks to move" }).waitFor();
  await page.getByRole("table", { name: "Ports to make" }).waitFor();
  await page
    .getByRole("region", { name: "Summary of the plan" })
    .getByText(/downtime/i)
    .first()
    .waitFor();
});

test("another flavor makes another plan, the choice stands in the URL, and can be taken back", async () => {
  const flavor = page.getByRole("combobox", { name: /^Flavor for/ });
  const suggested = await flavor.inputValue();
  const options = page.getByRole("option").filter({ hasNotText: "does not fit" });
  await flavor.click();
  await options.filter({ hasNotText: suggested }).first().click();
  await page.waitForURL(/map=flavors:/);
  await expect.poll(() => flavor.inputValue(), { timeout: PATIENCE_MS }).not.toBe(suggested);
  await flavor.click();
  await options.filter({ hasText: suggested }).click();
  await expect.poll(() => flavor.inputValue(), { timeout: PATIENCE_MS }).toBe(suggested);
});

test("the job is watched to its end, and the bytes on the target are the source's", async () => {
  await page.getByRole("button", { name: "Migrate now" }).click();
  await page.getByRole("heading", { name: /^Migrate web-1/, level: 1 }).waitFor();
  await page.getByRole("list", { name: "Steps" }).waitFor();
  const result = page.getByRole("region", { name: "Result" });
  await result.waitFor({ timeout: 2 * PATIENCE_MS });
  await result.getByText("Verified at both sites").first().waitFor();
  await result.getByText("Downtime, measured").waitFor();

  const href = await result.getByRole("link", { name: SERVER, exact: true }).getAttribute("href");
  const target_id = href?.split("/")[3] ?? "";
  const [source, target] = await Promise.all([
    rootDisk(house.zed, source_id),
    rootDisk(house.epoxy, target_id),
  ]);
  expect(target?.sha256_at_boot).toBe(source?.sha256);
});

test("the target runs, the source is shut off, locked and restorable", async () => {
  await page.getByRole("region", { name: "Result" }).getByRole("link", { name: SERVER, exact: true }).click();
  await page.getByRole("heading", { name: SERVER, level: 1 }).waitFor();
  await page.getByText("Active").first().waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.getByRole("region", { name: "As epoxy has it" }).getByText('"ACTIVE"').waitFor();
  await page.goto(`${house.url}/servers/zed/${source_id}`);
  await page.getByText("Shutoff").first().waitFor();
  await page.getByText("Locked").first().waitFor();
});

test("signing out closes the house, and a shared link leads back after signing in", async () => {
  const link = page.url();
  await page.getByRole("button", { name: "Menu of admin" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(link);
  await page.getByRole("textbox", { name: "Name" }).fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(link);
  await page.getByRole("heading", { name: SERVER, level: 1 }).waitFor();
});

test("on a narrow screen the lists are cards and the navigation folds away", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${house.url}/servers`);
  await page.getByRole("row", { name: /web-2/ }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Sites" }).click();
  await page.getByRole("article", { name: "Site zed" }).waitFor();
});

test("no page threw, broke the content security policy or complained", () => {
  expect(complaints).toEqual([]);
});

async function paste(clouds_yaml: string): Promise<void> {
  await page.getByRole("textbox", { name: "clouds.yaml" }).fill(clouds_yaml);
}

async function addSite({ name, clouds_yaml }: Sandbox): Promise<void> {
  await paste(clouds_yaml);
  await page.getByRole("button", { name: "Check" }).click();
  await page
    .getByRole("table", { name: "Services of the site" })
    .getByText("compute", { exact: true })
    .waitFor();
  await page.getByRole("button", { name: "Add site" }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

async function rootDisk(site: Sandbox, server_id: string) {
  return (await site.disks()).find((disk) => disk.kind === "root" && disk.server_id === server_id);
}
