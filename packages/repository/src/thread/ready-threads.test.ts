import { expect, test } from "vitest";
import { Lanes } from "./lanes.ts";
import { readyThreads } from "./ready-threads.ts";

const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async function nameABC(lanes: Lanes): Promise<string> {
  const slot = await lanes.take();
  slot.bytes.write("abc");
  const added = await slot.lane.ask({ op: "add", slot: slot.number, length: 3, kind: "data" });
  lanes.giveBack(slot);
  return Buffer.from(added?.id ?? []).toString("hex");
}

test("threads that were started early do the work, and more are started where they are too few", async () => {
  readyThreads(1);
  const lanes = new Lanes({ chunk_bytes: 4096, hash: "sha256" }, 2);
  for (let turn = 0; turn < 3; turn++) expect(await nameABC(lanes)).toBe(SHA256_OF_ABC);
  await lanes.close();
});
