import { Command } from "commander";
import type { Cli } from "./cli.ts";
import { noun } from "./command.ts";
import { auditNoun } from "./commands/audit/audit.ts";
import { completeHidden, completion } from "./commands/completion/completion.ts";
import { credentialNoun } from "./commands/credential/credentials.ts";
import { grantNoun } from "./commands/grant/grants.ts";
import { cancelJob, retryJob } from "./commands/job/change.ts";
import { listJobs } from "./commands/job/list.ts";
import { showJob } from "./commands/job/show.ts";
import { waitJob } from "./commands/job/wait.ts";
import { planMigration } from "./commands/migration/plan.ts";
import { startMigration } from "./commands/migration/start.ts";
import { projectNoun } from "./commands/project/projects.ts";
import { repositoryNoun } from "./commands/repository/repository.ts";
import { listCommand } from "./commands/resource/list.ts";
import { showCommand } from "./commands/resource/show.ts";
import { actOnServer } from "./commands/server/act.ts";
import { showServer } from "./commands/server/show.ts";
import { exitCodes } from "./commands/session/exit-codes.ts";
import { login } from "./commands/session/login.ts";
import { logout } from "./commands/session/logout.ts";
import { secondFactorNoun } from "./commands/session/second-factor.ts";
import { VERSION, version } from "./commands/session/version.ts";
import { whoami } from "./commands/session/whoami.ts";
import { addSite } from "./commands/site/add.ts";
import { siteCapabilities } from "./commands/site/capabilities.ts";
import { listSites } from "./commands/site/list.ts";
import { removeSite } from "./commands/site/remove.ts";
import { checkSite, showSite } from "./commands/site/show.ts";
import { tokenNoun } from "./commands/token/tokens.ts";
import { userNoun } from "./commands/user/users.ts";
import { EXIT_CODE_TABLE } from "./exit-codes.ts";
import * as columns from "./inventory/columns.ts";
import * as kinds from "./inventory/resource-kinds.ts";

/** The whole tree of commands: `uniview <noun> <verb>`. */
export function createProgram(cli: Cli): Command {
  const program = new Command("uniview")
    .description("Uniview: one control plane over many OpenStack sites.")
    .usage("<noun> <verb> [options]")
    .version(VERSION, "-V, --version", "print the version of this program");

  program.commandsGroup("Sites:");
  program.addCommand(
    noun("site", "Join, check and remove sites", [
      addSite(cli),
      listSites(cli),
      showSite(cli),
      checkSite(cli),
      siteCapabilities(cli),
      removeSite(cli),
    ]),
  );

  program.commandsGroup("Inventory of all sites:");
  program.addCommand(
    noun("server", "Servers", [
      listCommand(cli, kinds.servers, columns.serverColumns),
      showServer(cli),
      actOnServer(cli, "start"),
      actOnServer(cli, "stop"),
      actOnServer(cli, "reboot"),
    ]),
  );
  const resource = <R extends kinds.Row>(
    name: string,
    summary: string,
    kind: kinds.Kind<R>,
    columns: Parameters<typeof listCommand<R>>[2],
  ) => program.addCommand(noun(name, summary, [listCommand(cli, kind, columns), showCommand(cli, kind)]));
  resource("volume", "Volumes", kinds.volumes, columns.volumeColumns);
  resource("image", "Images", kinds.images, columns.imageColumns);
  resource("flavor", "Flavors", kinds.flavors, columns.flavorColumns);
  resource("network", "Networks", kinds.networks, columns.networkColumns);
  resource("port", "Ports", kinds.ports, columns.portColumns);
  resource("security-group", "Security groups", kinds.securityGroups, columns.securityGroupColumns);
  resource("keypair", "Keypairs", kinds.keypairs, columns.keypairColumns);

  program.commandsGroup("Work:");
  program.addCommand(
    noun("migration", "Move a server to another site", [planMigration(cli), startMigration(cli)]),
  );
  program.addCommand(
    noun("job", "Long work: follow, cancel, retry", [
      listJobs(cli),
      showJob(cli),
      waitJob(cli),
      cancelJob(cli),
      retryJob(cli),
    ]),
  );

  program.commandsGroup("Backups, also without Uniview:");
  program.addCommand(repositoryNoun(cli));

  program.commandsGroup("OpenStack's own clients, through Uniview:");
  program.addCommand(projectNoun(cli));
  program.addCommand(credentialNoun(cli));

  program.commandsGroup("You and others:");
  program.addCommand(login(cli));
  program.addCommand(logout(cli));
  program.addCommand(whoami(cli));
  program.addCommand(secondFactorNoun(cli));
  program.addCommand(tokenNoun(cli));
  program.addCommand(userNoun(cli));
  program.addCommand(grantNoun(cli));
  program.addCommand(auditNoun(cli));

  program.commandsGroup("This program:");
  program.addCommand(completion(cli));
  program.addCommand(version(cli));
  program.helpCommand("help [command]", "the help of a command");
  program.addCommand(exitCodes(cli), { hidden: true });
  program.addCommand(completeHidden(cli, program), { hidden: true });

  return program.addHelpText(
    "after",
    `
Signing in: \`uniview login\`, or UNIVIEW_URL and UNIVIEW_TOKEN, which win over it.

Examples:
  $ uniview site add zed --cloud zed                    join a site of your clouds.yaml
  $ uniview server list web status:active               one list over all sites
  $ uniview migration start web-1 --to epoxy --wait     move a server
  $ uniview server list --json                          everything has --json

${EXIT_CODE_TABLE}`,
  );
}
