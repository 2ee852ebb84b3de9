import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { noun } from "../../command.ts";
import { checkRepository } from "./check.ts";
import { copyRepository } from "./copy.ts";
import { filesOfRepository } from "./files.ts";
import { forgetRepositoryPoints } from "./forget.ts";
import { collectRepository } from "./gc.ts";
import { initRepository } from "./init.ts";
import { listRepositoryPoints } from "./points.ts";
import { rebuildRepository } from "./rebuild.ts";
import { restoreFromRepository } from "./restore.ts";
import { rotateRepositoryKey } from "./rotate-key.ts";
import { showRepositoryStats } from "./stats.ts";

/** Works on a repository itself: needs no Uniview, only the storage and the key. */
export function repositoryNoun(cli: Cli): Command {
  return noun("repository", "Backups themselves: check, copy and restore them without a server", [
    initRepository(cli),
    listRepositoryPoints(cli),
    restoreFromRepository(cli),
    filesOfRepository(cli),
    checkRepository(cli),
    showRepositoryStats(cli),
    copyRepository(cli),
    forgetRepositoryPoints(cli),
    collectRepository(cli),
    rebuildRepository(cli),
    rotateRepositoryKey(cli),
  ]);
}
