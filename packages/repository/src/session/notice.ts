import { randomBytes } from "node:crypto";
import { ObjectMissing } from "../storage/storage.ts";
import { getSealed, listFolder, putSealed, SHORT_ID, type Vault } from "../vault.ts";

/** Condemns packs, for good: no new recovery point may use them. */
export interface Notice {
  readonly id: string;
  readonly packs: readonly string[];
}

const nameOf = (id: string) => `notices/${id}`;

export async function putNotice(vault: Vault, packs: readonly string[]): Promise<Notice> {
  const id = randomBytes(16).toString("hex");
  await putSealed(vault, nameOf(id), Buffer.from(JSON.stringify({ packs })));
  return { id, packs };
}

export async function listNotices(vault: Vault): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const id of await listFolder(vault, "notices", SHORT_ID)) {
    try {
      const { packs } = JSON.parse((await getSealed(vault, nameOf(id))).toString()) as { packs: string[] };
      notices.push({ id, packs });
    } catch (error) {
      // Listed late: its packs are gone, and it is, too.
      if (!(error instanceof ObjectMissing)) throw error;
    }
  }
  return notices;
}

export async function deleteNotice(vault: Vault, { id }: Notice): Promise<void> {
  await vault.storage.delete(nameOf(id));
}
