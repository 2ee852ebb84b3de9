import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's Chromium, as quiet as it can be: it calls nobody but the page's own server. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["UNIVIEW_CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
}

/** What a page threw, or said as an error that no refused request explains. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  return complaints;
}
