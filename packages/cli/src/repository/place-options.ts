import { type Command, Option } from "commander";
import { jsonOption } from "../command.ts";

/** Where a repository is, and what opens it: the options that all verbs have. */
export interface PlaceOptions {
  readonly repository?: string;
  readonly keyFile?: string;
  readonly credentialsFile?: string;
  readonly cloud?: string;
  readonly tenant?: string;
  readonly readOnly?: true;
  readonly json?: true;
}

/** Adds them to a command. Variables of the environment are read when the command runs. */
export function withPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--repository <url>",
        "a folder, s3://BUCKET/FOLDER?endpoint=… or swift://CONTAINER/FOLDER (UNIVIEW_REPOSITORY)",
      ),
    )
    .addOption(new Option("--key-file <file>", "the repository's key (UNIVIEW_KEY_FILE)"))
    .addOption(
      new Option(
        "--credentials-file <file>",
        "AWS_*, OS_* or ST_* variables, one a line, in a file that only you may read (UNIVIEW_CREDENTIALS_FILE)",
      ),
    )
    .addOption(
      new Option("--cloud <entry>", "credentials for Swift: an entry of your clouds.yaml (OS_CLOUD)"),
    )
    .addOption(new Option("--tenant <name>", "only this tenant's recovery points"))
    .addOption(new Option("--read-only", "change nothing in the repository"))
    .addOption(jsonOption());
}
