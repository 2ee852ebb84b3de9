import { createClient, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "./authenticator-app.ts";
import { complaintsOf, launchBrowser } from "./browser.ts";
import { type House, openHouse } from "./house.ts";

// From nothing to a clouds.yaml that signs in: one sitting in one window.

const PASSWORD = "correct horse battery";
/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 60_000;

let house: House;
let browser: Browser;
let page: Page;
let complaints: string[];
let clouds_yaml: string;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), launchBrowser()]);
  await setUp();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  complaints = complaintsOf(page);
});

afterAll(async () => {
  await browser?.close();
  await house?.close();
});

/** An administrator with both sites, by the API: the first sitting has a test of its own. */
async function setUp(): Promise<void> {
  const token = new URL(house.setup_link).searchParams.get("token") ?? "";
  const made = await fetch(`${house.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, name: "admin", password: PASSWORD }),
  });
  const cookie = made.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  const api = await fetch(`${house.url}/api/v1/tokens`, {
    method: "POST",
    headers: { cookie, origin: house.url, "content-type": "application/json" },
    body: JSON.stringify({ name: "e2e" }),
  });
  const client = createClient({
    base_url: house.url,
    token: ((await api.json()) as { token: string }).token,
  });
  for (const site of [house.zed, house.epoxy]) {
    const { cloud } = pickCloud(readCloudsYaml(site.clouds_yaml), site.name);
    await client.call(endpoints.addSite, { body: { name: site.name, cloud } });
  }
}

/** Signs in with an application credential as a client of OpenStack does. */
async function authenticate(): Promise<Response> {
  const { auth } = pickCloud(readCloudsYaml(clouds_yaml), "uniview").cloud;
  const { application_credential_id: id, application_credential_secret: secret } = auth;
  return fetch(`${auth.auth_url}/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      auth: { identity: { methods: ["application_credential"], application_credential: { id, secret } } },
    }),
  });
}

test("the page tells the address, the project and a region for each site", async () => {
  await page.goto(`${house.url}/tools`);
  await page.getByRole("textbox", { name: "Name" }).fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Use it from your tools" }).waitFor();
  await page.getByText(`${house.url}/identity/v3`).first().waitFor();
  await page.getByText("epoxy, zed, global").waitFor();
});

test("a credential is made there, its secret stands in the file once, and it signs in", async () => {
  await page.getByRole("button", { name: "Create a credential" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("laptop");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("The secret of laptop is shown once").waitFor();
  const box = page.getByRole("region", { name: "~/.config/openstack/clouds.yaml" });
  clouds_yaml = (await box.textContent()) ?? "";
  const answer = await authenticate();
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ token: { application_credential: { name: "laptop" } } });
});

test("the other files and another region are a click away, and stand in the URL", async () => {
  await page.getByRole("tab", { name: "Terraform" }).click();
  await page.waitForURL(/file=terraform/);
  const providers = page.getByRole("region", { name: "providers.tf" });
  await providers.getByText('region                        = "epoxy"').waitFor();
  await page.getByRole("combobox", { name: "Begin with" }).click();
  await page.getByRole("option", { name: "zed" }).click();
  await page.waitForURL(/region=zed/);
  await page.getByRole("tab", { name: "openrc" }).click();
  await page.getByRole("region", { name: "uniview-openrc.sh" }).getByText("OS_REGION_NAME=zed").waitFor();
});

test("after a reload the secret is gone, and the credential is in the list with its use", async () => {
  await page.reload();
  const file = page.getByRole("region", { name: "uniview-openrc.sh" });
  await file.getByText("OS_REGION_NAME=zed").waitFor();
  const { auth } = pickCloud(readCloudsYaml(clouds_yaml), "uniview").cloud;
  expect(await file.textContent()).not.toContain(auth.application_credential_secret);
  const table = page.getByRole("table", { name: "Application credentials" });
  await table.getByRole("row", { name: /laptop/ }).waitFor();
});

test("on a narrow screen nothing is wider than the window", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("heading", { name: "Use it from your tools" }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
});

test("deleting the credential ends it at once", async () => {
  await page
    .getByRole("row", { name: /laptop/ })
    .getByRole("button", { name: "Delete" })
    .click();
  await page.getByRole("button", { name: "Delete the credential" }).click();
  await page.getByText("None yet.").waitFor();
  expect((await authenticate()).status).toBe(401);
});

test("a second factor is begun with a first code, and then signing in asks for one", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Menu of admin" }).click();
  await page.getByRole("menuitem", { name: "Second factor" }).click();
  const dialog = page.getByRole("dialog", { name: "Second factor" });
  await dialog.getByRole("button", { name: "Begin" }).click();
  const link = dialog.getByRole("link", { name: "Open in an authenticator app" });
  const secret = new URL((await link.getAttribute("href")) ?? "").searchParams.get("secret") ?? "";
  await dialog.getByRole("textbox", { name: "Code" }).fill(codeOf(secret));
  await dialog.getByRole("button", { name: "Sign in with codes from now on" }).click();
  await dialog.getByRole("button", { name: "Sign in without codes" }).waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Menu of admin" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  const code = page.getByRole("textbox", { name: "Code" });
  await code.waitFor();
  // the code of the next half minute is good as well, and the first one is used up
  await code.fill(codeOf(secret, Date.now() / 1000 + 30));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
});

test("no page threw, broke the content security policy or complained", () => {
  expect(complaints).toEqual([]);
});
