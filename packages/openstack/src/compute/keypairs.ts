import { negotiate } from "../negotiation/negotiate.ts";
import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Keypair {
  name: string;
  fingerprint: string;
  public_key: string;
  /** From 2.2. */
  type?: "ssh" | "x509";
}

/** Keypairs of the user (not of the project). An old site sends all at once. */
export async function* listKeypairs(
  nova: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Keypair[], void> {
  const { microversion, ways } = negotiate(nova, "list_keypairs.pages");
  const source = ways["list_keypairs.pages"] === "pages" ? options : { ...options, page_size: undefined };
  const pages = listPages<{ keypair: Keypair }>(nova, {
    ...source,
    path: "/os-keypairs",
    key: "keypairs",
    microversion,
  });
  for await (const page of pages) yield page.map((row) => row.keypair);
}

/** One of the user's own: keypairs belong to users, not to projects. @throws OpenStackError 404 */
export function getKeypair(nova: ServiceClient, name: string): Promise<Keypair> {
  const path = `/os-keypairs/${encodeURIComponent(name)}`;
  const { microversion } = negotiate(nova, "read_keypair.type");
  return nova.get<Keypair>(path, { microversion, unwrap: "keypair" });
}

/** Brings a public key. (Nova no longer makes key pairs itself from 2.92 on, so this is the only way that stays.) */
export function importKeypair(nova: ServiceClient, name: string, public_key: string): Promise<Keypair> {
  const body = { keypair: { name, public_key } };
  return nova.post<Keypair>("/os-keypairs", { body, unwrap: "keypair" });
}

/** Servers that were made with it keep the key. @throws OpenStackError 404 */
export async function deleteKeypair(nova: ServiceClient, name: string): Promise<void> {
  await nova.delete(`/os-keypairs/${encodeURIComponent(name)}`);
}
