import { type CloudEntryInput, pickCloud, readCloudsYaml } from "@uniview/api";
import type { Sandbox } from "@uniview/sandbox";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "./browser.ts";
import { type House, openHouse } from "./house.ts";

// One look at what works where: each test goes on where the one before stopped.

const PASSWORD = "correct horse battery";
const SNAPSHOT = "Snapshot a volume";

/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 60_000;

let house: House;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  complaints = complaintsOf(page);
  await page.goto(house.setup_link);
  await page.getByRole("textbox", { name: "Name" }).fill("admin");
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(PASSWORD);
  await page.getByRole("textbox", { name: "Password again" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the administrator" }).click();
  await page.getByRole("heading", { name: "Add a site" }).waitFor();
  for (const site of [house.zed, house.epoxy]) {
    await send("/sites", { name: site.name, cloud: cloudOf(site) });
    await send(`/sites/${site.name}/capabilities/probe`, { thorough: false });
  }
});

afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });

test("the sites' page leads to all sites side by side", async () => {
  await page.goto(`${house.url}/sites`);
  await page.getByRole("link", { name: "What works where" }).click();
  const table = page.getByRole("table", { name: "Capabilities by site" });
  await table.getByRole("columnheader", { name: /zed/ }).waitFor();
  await table.getByRole("columnheader", { name: /epoxy/ }).waitFor();
  expect(await row(SNAPSHOT).getByText("Yes").count()).toBe(2);
  // nothing but a default tells, and it looks like that
  expect(await row("Lock a server").getByText("Yes, by default").count()).toBe(2);
});

test("what a site loses shows on its own page as soon as it is probed again", async () => {
  house.zed.faults.set({ deny_policy: "volume:create_snapshot" });
  await page.goto(`${house.url}/sites/zed`);
  await page.getByRole("tab", { name: "What works here, and how" }).click();
  await page.getByRole("button", { name: "Probe again" }).click();
  await page.getByRole("menuitem", { name: /Without changing anything/ }).click();
  await page
    .getByRole("list", { name: "Changes" })
    .getByText("zed lost volume:create_snapshot: project demo can no longer snapshot a volume.")
    .waitFor();
  const operations = page.getByRole("table", { name: "Operations" });
  await operations
    .getByRole("row", { name: /Keep the reason of a lock/ })
    .getByText("As wanted")
    .waitFor();
});

test("only differences leaves what differs, stands in the URL and survives a reload", async () => {
  await page.goto(`${house.url}/capabilities`);
  await page.getByRole("switch", { name: "Only differences" }).click();
  await page.waitForURL(/only=differences/);
  await expect.poll(() => page.getByRole("rowheader").allTextContents()).toEqual(["Block storage", SNAPSHOT]);
  await page.reload();
  await row(SNAPSHOT).getByText("No", { exact: true }).waitFor();
  expect(await page.getByRole("switch", { name: "Only differences" }).isChecked()).toBe(true);
});

test("what a state stands on shows by keyboard: the call, and what the site said", async () => {
  await row(SNAPSHOT).getByText("No", { exact: true }).focus();
  const evidence = page.getByRole("tooltip");
  await evidence.getByText(/POST .*\/snapshots → 403/).waitFor();
  await evidence.getByText(/Policy doesn't allow volume:create_snapshot to be performed/).waitFor();
});

test("a search chooses rows by words and sites by name", async () => {
  await page.goto(`${house.url}/capabilities`);
  await page.getByRole("searchbox", { name: "Search capabilities" }).fill("mac site:epoxy");
  await page.waitForURL(/q=mac\+site:epoxy/);
  const table = page.getByRole("table", { name: "Capabilities by site" });
  await expect.poll(() => table.getByRole("columnheader", { name: /zed/ }).count()).toBe(0);
  await row("Keep a MAC address on a shared network").getByText("No", { exact: true }).waitFor();
});

test("on a narrow screen the table scrolls, and the page does not", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/capabilities", "/sites/zed?tab=capabilities"]) {
    await page.goto(house.url + path);
    await page.getByText(SNAPSHOT).first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path).toBe(true);
  }
});

test("no page threw, broke the content security policy or complained", () => {
  expect(complaints).toEqual([]);
});

function cloudOf({ name, clouds_yaml }: Sandbox): CloudEntryInput {
  return pickCloud(readCloudsYaml(clouds_yaml), name).cloud;
}

/** As the page itself would send it. */
async function send(path: string, body: unknown): Promise<void> {
  const answer = await page.request.post(`${house.url}/api/v1${path}`, {
    data: body,
    headers: { origin: house.url, "sec-fetch-site": "same-origin" },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}
