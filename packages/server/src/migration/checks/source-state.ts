import type { Check } from "@uniview/api";
import type { SourceFacts } from "../source-facts.ts";
import { fail, pass, warn } from "./check.ts";

const MOVABLE = new Set(["ACTIVE", "SHUTOFF"]);

/** Can the source be copied as it is now? */
export function checkSource(
  { site, server, volumes, boots_from_volume, image }: SourceFacts,
  keep_source_running: boolean,
): Check[] {
  const task = server["OS-EXT-STS:task_state"];
  const checks: Check[] = [];
  if (!MOVABLE.has(server.status)) {
    checks.push(
      fail(
        "source.status",
        "State of the source",
        `${server.name} is ${server.status}; it has to be ACTIVE or SHUTOFF.`,
        "Start it, or stop it, and try again.",
      ),
    );
  } else if (task) {
    checks.push(
      fail(
        "source.status",
        "State of the source",
        `${server.name} is busy: ${task}.`,
        "Wait until that has ended.",
      ),
    );
  } else {
    checks.push(pass("source.status", "State of the source", `${server.name} is ${server.status}`));
  }
  if (server.locked === true && !keep_source_running) {
    checks.push(
      fail(
        "source.lock",
        "Lock of the source",
        `${server.name} is locked${server.locked_reason ? `: ${server.locked_reason.replace(/\.$/, "")}` : ""}.`,
        "Unlock it, or keep the source running.",
      ),
    );
  }
  for (const { volume } of volumes) {
    const name = volume.name || volume.id;
    if (volume.encrypted) {
      checks.push(
        fail(
          "source.encryption",
          "Encrypted volume",
          `${name} is encrypted with a key that stays at ${site}: an image of it could not be read elsewhere.`,
          "Copy its data to a volume that is not encrypted.",
        ),
      );
    }
    if (volume.multiattach && volume.attachments.length > 1) {
      checks.push(
        fail(
          "source.multiattach",
          "Shared volume",
          `${name} is attached to ${volume.attachments.length} servers, which would write to different copies.`,
          "Detach it from the other servers.",
        ),
      );
    }
  }
  if (!boots_from_volume && image === null) {
    checks.push(
      warn(
        "source.image",
        "Image of the source",
        "The image that it was made from is gone: hints on disk bus, firmware and machine type are not known.",
        "Boot the copy and see that it finds its disk and network.",
      ),
    );
  }
  return checks;
}
