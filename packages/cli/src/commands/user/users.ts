import { endpoints, Role, type User } from "@uniview/api";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../output/quantities.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { askSecret } from "../../sign-in/ask.ts";
import { readAll } from "../../surroundings.ts";
import { pickNamed } from "../pick-named.ts";

/** `uniview user …`: for administrators. */
export function userNoun(cli: Cli): Command {
  return noun("user", "Uniview's users (administrators only)", [
    listUsers(cli),
    createUser(cli),
    deleteUser(cli),
  ]);
}

function listUsers(cli: Cli): Command {
  return command("list", "All users", [["uniview user list", ""]])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listUsers, { signal: cli.surroundings.signal });
        if (json) cli.printJson(page);
        else cli.print(renderTable(columns(cli.now()), page.items, { paint: cli.paint, width: cli.width }));
        return EXIT.ok;
      }),
    );
}

interface CreateOptions {
  readonly role: "administrator" | "user";
  readonly passwordStdin?: true;
  readonly json?: true;
}

function createUser(cli: Cli): Command {
  return command("create", "Create a user", [
    ["uniview user create ada", "asks for the password"],
    ["uniview user create ops --role administrator --password-stdin < password", ""],
  ])
    .argument("<name>", "the name to sign in with")
    .addOption(new Option("--role <role>", "what they may do").choices(Role.options).default("user"))
    .option("--password-stdin", "read the password from standard input")
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, { role, passwordStdin, json }: CreateOptions) => {
        const { surroundings } = cli;
        const client = await cli.client();
        const password = passwordStdin
          ? await readAll(surroundings.input)
          : await askSecret(surroundings, `Password for ${name}`, "--password-stdin");
        const body = { name, password, role };
        const user = await client.call(endpoints.createUser, { body, signal: surroundings.signal });
        if (json) cli.printJson(user);
        else
          cli.print(
            `${cli.paint("green", "✓")} ${user.name} may sign in. Grant them a site: uniview grant create SITE ${user.name} --project PROJECT`,
          );
        return EXIT.ok;
      }),
    );
}

function deleteUser(cli: Cli): Command {
  return command("delete", "Delete a user, their sessions and tokens", [["uniview user delete ada", ""]])
    .argument("<user>", "id or name")
    .action(
      cli.runs(async (wanted: string) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { items } = await client.call(endpoints.listUsers, { signal });
        const { id, name } = pickNamed(items, wanted, "user");
        await client.call(endpoints.deleteUser, { params: { id }, signal });
        cli.print(`${cli.paint("green", "✓")} ${name} is deleted.`);
        return EXIT.ok;
      }),
    );
}

const columns = (now: Date): Column<User>[] => [
  { title: "Name", cell: ({ name }) => name },
  { title: "Role", cell: ({ role }) => role },
  { title: "Created", cell: ({ created_at }) => formatAge(created_at, now) },
  { title: "ID", cell: ({ id }) => id },
];
