import { type Client, endpoints, Problem, type Server } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, siteOption, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { findOne } from "../../inventory/find-one.ts";
import { servers } from "../../inventory/resource-kinds.ts";
import { wakeUps } from "../../live/wake-up.ts";
import { resourceState } from "../../output/state.ts";
import { harmless } from "../../output/text-width.ts";

type Action = "start" | "stop" | "reboot";

interface Options {
  readonly site?: string;
  readonly hard?: true;
  readonly wait?: true;
  readonly timeout: number;
  readonly json?: true;
}

/** Nova gives a guest 60 s to shut down by itself before it cuts the power; this leaves room for a slow site. */
const USUAL_TIMEOUT_S = 300;

/** The status that each action ends in. */
const AIM: Record<Action, string> = { start: "ACTIVE", stop: "SHUTOFF", reboot: "ACTIVE" };

const SUMMARY: Record<Action, string> = {
  start: "Start a server",
  stop: "Shut a server off",
  reboot: "Reboot a server",
};

export function actOnServer(cli: Cli, action: Action): Command {
  const made = command(action, SUMMARY[action], [
    [`uniview server ${action} web-1`, ""],
    [`uniview server ${action} zed/web-1 --wait`, `and stay until it is ${AIM[action]}`],
    ...(action === "reboot"
      ? [["uniview server reboot web-1 --hard", "as if the power was cut"] as const]
      : []),
  ])
    .argument("<server>", "id, name, or site/name")
    .addOption(siteOption("the site that it is at"));
  if (action === "reboot") made.option("--hard", "as if the power was cut");
  return made
    .option("--wait", `stay until it is ${AIM[action]}`)
    .option("--timeout <seconds>", "with --wait: how long to stay at most", wholeNumber, USUAL_TIMEOUT_S)
    .addOption(jsonOption())
    .action(
      cli.runs(async (wanted: string, { site, hard, wait, timeout, json }: Options) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const before = await findOne(client, servers, wanted, { site, signal });
        const params = { site: before.site, id: before.id };
        const body = { action, hard: hard === true };
        const asked = await client.call(endpoints.actOnServer, { params, body, signal });
        const server = wait ? await settled(client, before, action, timeout, signal) : asked;
        const { text, style } = resourceState(server.status);
        const task = server.task_state === null ? "" : ` (${server.task_state})`;
        if (json) cli.printJson(server);
        else
          cli.print(
            `${harmless(`${server.site}/${server.name}`)}  ${style ? cli.paint(style, text) : text}${task}`,
          );
        return EXIT.ok;
      }),
    );
}

/** @throws Problem `site-refused` where the server ends in ERROR, `site-busy` where the time is over first */
async function settled(
  client: Client,
  before: Server,
  action: Action,
  timeout_s: number,
  signal: AbortSignal,
): Promise<Server> {
  const { site, id, name } = before;
  const time_over = AbortSignal.timeout(timeout_s * 1000);
  const matters = (change: { type: string; site?: string }) =>
    change.type === "resource" && change.site === site;
  let seen_at_work = action !== "reboot"; // a reboot ends in the status that it begins in
  try {
    for await (const _ of wakeUps(client, matters, AbortSignal.any([signal, time_over]))) {
      const { item } = await client.call(endpoints.getServer, { params: { site, id }, signal });
      if (item.status === "ERROR") {
        throw new Problem(
          "site-refused",
          `${site}/${name} went into ERROR${item.fault ? `: ${item.fault}` : ""}.`,
          { site },
        );
      }
      if (item.task_state !== null || item.updated_at !== before.updated_at) seen_at_work = true;
      if (seen_at_work && item.status === AIM[action] && item.task_state === null) return item;
    }
  } catch (error) {
    if (signal.aborted || !time_over.aborted) throw error;
  }
  throw new Problem("site-busy", `${site}/${name} is not ${AIM[action]} after ${timeout_s} s.`, {
    site,
    remedy: `The site goes on with it. Look again: uniview server show ${site}/${id}`,
  });
}
