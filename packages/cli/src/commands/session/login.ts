import { createClient, endpoints, Problem } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { askSecret, askText } from "../../sign-in/ask.ts";
import { type Config, readConfig, writeConfig } from "../../sign-in/config-file.ts";
import { DEFAULT_URL, tidyUrl } from "../../sign-in/connection.ts";
import { makeTokenByPassword } from "../../sign-in/password-sign-in.ts";
import { readAll, type Surroundings } from "../../surroundings.ts";
import { UsageError } from "../../usage-error.ts";

interface Options {
  readonly url?: string;
  readonly token?: string;
  readonly tokenStdin?: true;
  readonly name?: string;
  readonly passwordStdin?: true;
  readonly passcode?: string;
  readonly json?: true;
}

export function login(cli: Cli): Command {
  return command("login", "Sign in, and remember it", [
    ["uniview login", `to ${DEFAULT_URL}, asks for name and password`],
    ["uniview login --url https://uniview.example.org --name ada", ""],
    [
      "uniview login --url https://uniview.example.org --token-stdin < token",
      "with an API token that you have",
    ],
  ])
    .option("--url <url>", "Uniview's address (default: UNIVIEW_URL, or the one used last)")
    .option("--name <name>", "your name in Uniview")
    .option("--password-stdin", "read the password from standard input")
    .option("--passcode <digits>", "the code of your phone, where you have a second factor (default: asked)")
    .option(
      "--token <token>",
      "an API token, instead of name and password; others on this machine may see it",
    )
    .option("--token-stdin", "read the API token from standard input")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nA password makes an API token named after this machine, which is kept in\n$XDG_CONFIG_HOME/uniview/config.json, readable by you only. The password is not kept.",
    )
    .action(
      cli.runs(async (options: Options) => {
        const { surroundings } = cli;
        const url = await addressOf(surroundings, options);
        const base = { base_url: url };
        const { setup_needed } = await createClient(base).call(endpoints.getStatus, {
          signal: surroundings.signal,
        });
        if (setup_needed) {
          throw new Problem("setup-needed", `The Uniview at ${url} has no administrator yet.`, {
            remedy: "Open the one-time link that the server printed when it started.",
          });
        }
        const config = await signIn(surroundings, url, options);
        const client = createClient({ ...base, token: config.token });
        const session = await client.call(endpoints.getSession, { signal: surroundings.signal });
        const path = await writeConfig(surroundings, config);
        if (options.json) cli.printJson({ url, user: session.user, config: path });
        else
          cli.print(
            `${cli.paint("green", "✓")} Signed in to ${url} as ${session.user.name} (${session.user.role}).`,
          );
        return EXIT.ok;
      }),
    );
}

async function addressOf(surroundings: Surroundings, { url }: Options): Promise<string> {
  if (url !== undefined) return tidyUrl(url);
  const from_env = surroundings.env["UNIVIEW_URL"];
  if (from_env) return tidyUrl(from_env);
  return (await readConfig(surroundings).catch(() => undefined))?.url ?? DEFAULT_URL;
}

async function signIn(surroundings: Surroundings, url: string, options: Options): Promise<Config> {
  if (options.token !== undefined || options.tokenStdin) {
    if (options.name !== undefined) throw new UsageError("Give a token or a name, not both.");
    return { url, token: options.token ?? (await readAll(surroundings.input)).trim() };
  }
  const name =
    options.name ?? (await askText(surroundings, `Your name at ${url}`, "--name", surroundings.env["USER"]));
  const password = options.passwordStdin
    ? await readAll(surroundings.input)
    : await askSecret(surroundings, `Password of ${name}`, "--password-stdin");
  const token_name = `cli on ${surroundings.host_name}`.slice(0, 63);
  const { id, token } = await makeTokenByPassword(url, {
    name,
    password,
    token_name,
    askPasscode: async () =>
      options.passcode ?? askText(surroundings, "The code that your authenticator app shows", "--passcode"),
  });
  return { url, token, token_id: id };
}
