import { relative } from "node:path";
import { styleText } from "node:util";
import type { DemoOptions } from "./options.ts";
import type { DemoSite } from "./sites.ts";
import type { DemoUniview } from "./uniview.ts";

/** What people are told goes to the standard error: the standard output is for programs. */
export function say(sentence: string): void {
  console.error(sentence);
}

export function sayReady(
  { json }: DemoOptions,
  { url, name, password, token, log }: DemoUniview,
  sites: readonly DemoSite[],
): void {
  if (json) {
    const shown = sites.map(({ name, release, url, auth_url, dir }) => ({
      name,
      release,
      url,
      auth_url,
      dir,
      disks_url: `${url}/sandbox/disks`,
    }));
    process.stdout.write(`${JSON.stringify({ url, token, sites: shown, log })}\n`);
    return;
  }
  const bold = (text: string) => styleText("bold", text);
  process.stdout.write(`
${bold("Uniview is ready.")}

  Console   ${bold(url)}
  Sign in   ${bold(name)}  password ${bold(password)}

  Sites     ${sites.map((site) => `${site.name} (${site.release})`).join(", ")}: simulated, with servers that write to their disks
  Log       ${relative(process.cwd(), log)}

  On the command line:
    export UNIVIEW_URL=${url} UNIVIEW_TOKEN=${token}
    npx uniview server list
    npx uniview migration start portal-1 --to berlin --wait

Ctrl-C stops everything; nothing stays.
`);
}
