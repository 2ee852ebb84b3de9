import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, noun } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { askText, isAttended } from "../../sign-in/ask.ts";
import { pickNamed } from "../pick-named.ts";

/** `uniview second-factor …`: a code of one's phone, beside the password. */
export function secondFactorNoun(cli: Cli): Command {
  return noun("second-factor", "Sign in with a code of your phone, too", [
    begin(cli),
    confirm(cli),
    end(cli),
    reset(cli),
  ]);
}

function begin(cli: Cli): Command {
  return command("begin", "The secret for an authenticator app; on a terminal it goes on to the first code", [
    ["uniview second-factor begin", ""],
  ]).action(
    cli.runs(async () => {
      const { signal } = cli.surroundings;
      const client = await cli.client();
      const { secret, uri } = await client.call(endpoints.beginSecondFactor, { signal });
      cli.print(`${secret}\n${uri}`);
      if (!isAttended(cli.surroundings)) {
        cli.note("Nothing changes until a first code was shown: uniview second-factor confirm CODE");
        return EXIT.ok;
      }
      const passcode = await askText(cli.surroundings, "The code that the app shows now", "confirm CODE");
      await client.call(endpoints.confirmSecondFactor, { body: { passcode }, signal });
      cli.print(`${cli.paint("green", "✓")} From now on signing in needs a code.`);
      return EXIT.ok;
    }),
  );
}

function confirm(cli: Cli): Command {
  return command("confirm", "Show the first code: from now on signing in needs one", [
    ["uniview second-factor confirm 123456", ""],
  ])
    .argument("<code>", "six digits")
    .action(
      cli.runs(async (passcode: string) => {
        const client = await cli.client();
        await client.call(endpoints.confirmSecondFactor, {
          body: { passcode },
          signal: cli.surroundings.signal,
        });
        cli.print(`${cli.paint("green", "✓")} From now on signing in needs a code.`);
        return EXIT.ok;
      }),
    );
}

function end(cli: Cli): Command {
  return command("end", "Sign in without codes again", [["uniview second-factor end 123456", ""]])
    .argument("<code>", "six digits: one last time")
    .action(
      cli.runs(async (passcode: string) => {
        const client = await cli.client();
        await client.call(endpoints.endSecondFactor, { body: { passcode }, signal: cli.surroundings.signal });
        cli.print(`${cli.paint("green", "✓")} The password alone signs you in again.`);
        return EXIT.ok;
      }),
    );
}

function reset(cli: Cli): Command {
  return command("reset", "Let a user who lost their phone sign in without a code (administrators only)", [
    ["uniview second-factor reset ada", ""],
  ])
    .argument("<user>", "id or name")
    .action(
      cli.runs(async (wanted: string) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { items } = await client.call(endpoints.listUsers, { signal });
        const { id, name } = pickNamed(items, wanted, "user");
        await client.call(endpoints.resetSecondFactor, { params: { id }, signal });
        cli.print(`${cli.paint("green", "✓")} ${name} signs in with the password alone.`);
        return EXIT.ok;
      }),
    );
}
