import { endpoints } from "@uniview/api";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { type CloudOptions, chooseCloud } from "../../clouds/choose-cloud.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { waitForFirstReading } from "../../inventory/first-reading.ts";
import { formatDuration } from "../../output/quantities.ts";
import { renderDiscovery, renderSite } from "../../output/site-view.ts";
import { harmless } from "../../output/text-width.ts";

interface Options extends CloudOptions {
  readonly check?: true;
  readonly json?: true;
}

export function addSite(cli: Cli): Command {
  return command("add", "Join a site: check it, discover what it offers, and begin to read it", [
    ["uniview site add zed --cloud zed", "an entry of your clouds.yaml"],
    ["uniview site add paris --cloud prod --os-cloud-file ~/Downloads/clouds.yaml --region RegionTwo", ""],
    ["uniview site add lyon --openrc ~/demo-openrc.sh", "asks for the password"],
    ["uniview site add nice --auth-url https://nice.example.org:5000/v3 --username demo --project demo", ""],
    ["uniview site add brest --cloud brest --check", "only look: nothing is made or stored"],
  ])
    .argument("<name>", "the site's name in Uniview: a-z, 0-9 and -")
    .option("--cloud <entry>", "entry of a clouds.yaml (default: OS_CLOUD)")
    .option("--os-cloud-file <file>", "the clouds.yaml (default: where OpenStack's own client looks)")
    .option("--openrc <file>", "an openrc as the dashboard offers it")
    .option("--region <region>", "Keystone's region, where the catalog has several")
    .addOption(
      new Option("--interface <interface>", "the catalog's interface").choices([
        "public",
        "internal",
        "admin",
      ]),
    )
    .option("--cacert <file>", "CA certificates to trust, PEM")
    .option("--auth-url <url>", "the identity service, without a file")
    .option("--username <name>", "with --auth-url")
    .option("--user-domain <name>", "with --username", "Default")
    .option("--project <name>", "with --username")
    .option("--project-id <id>", "instead of --project")
    .option("--project-domain <name>", "with --project", "Default")
    .option("--application-credential-id <id>", "instead of --username")
    .option("--password-stdin", "read the password from standard input")
    .option("--secret-stdin", "read the application credential's secret from standard input")
    .option("--check", "only look: what would be found, with nothing made or stored")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nA password is used once, to make an application credential that Uniview keeps sealed; where the site forbids that,\nyou are told, and the password is sealed instead. `uniview site remove` deletes the application credential again.",
    )
    .action(
      cli.runs(async (name: string, options: Options) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const cloud = await chooseCloud(cli.surroundings, options);
        const view = { paint: cli.paint, width: cli.width, now: cli.now() };
        if (options.check) {
          const check = await client.call(endpoints.checkCloud, { body: { cloud }, signal });
          if (options.json) cli.printJson(check);
          else cli.print(renderDiscovery(check.discovery, view));
          return EXIT.ok;
        }
        const begun_ms = Date.now();
        if (!options.json) cli.note(cli.paint_note("dim", `Joining ${harmless(cloud.auth.auth_url)} …`));
        const site = await client.call(endpoints.addSite, { body: { name, cloud }, signal });
        if (!options.json) cli.note(cli.paint_note("dim", "Reading what it has …"));
        const servers = await waitForFirstReading(client, site.name, signal);
        if (options.json) {
          cli.printJson(site);
          return EXIT.ok;
        }
        cli.print(renderSite(site, { ...view, now: cli.now() }));
        const took = formatDuration((Date.now() - begun_ms) / 1000);
        const what =
          servers === undefined
            ? "It is still being read"
            : `It has ${servers} server${servers === 1 ? "" : "s"}`;
        cli.note(
          `\n${cli.paint_note("green", "✓")} ${site.name} has joined, in ${took}. ${what}: uniview server list site:${site.name}`,
        );
        return EXIT.ok;
      }),
    );
}
