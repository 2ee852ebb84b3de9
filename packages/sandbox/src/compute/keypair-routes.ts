import { createHash, generateKeyPairSync } from "node:crypto";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { checkQuota } from "./quotas.ts";
import type { Keypair } from "./state.ts";

export const KEYPAIR_ROUTES: Route[] = [
  route("GET", "/os-keypairs", listKeypairs, {
    query: { strict_since: "2.75", names: ["user_id", "limit", "marker"] },
  }),
  route("POST", "/os-keypairs", createKeypair, { policy: "os_compute_api:os-keypairs:create" }),
  route("GET", "/os-keypairs/{name}", showKeypair),
  route("DELETE", "/os-keypairs/{name}", (call) => {
    call.site.state.keypairs.delete(find(call).id);
    return empty(call.version.atLeast("2.2") ? 204 : 202);
  }),
];

function listKeypairs(call: Call): Reply {
  const user_id = userOf(call);
  const own = [...call.site.state.keypairs.values()]
    .filter((keypair) => keypair.user_id === user_id)
    .sort((a, b) => a.name.localeCompare(b.name));
  const marker = call.query.get("marker");
  const start = marker === null ? 0 : own.findIndex((keypair) => keypair.name === marker) + 1;
  const page = own.slice(start, start + Number(call.query.get("limit") ?? 1000));
  const last = page.at(-1);
  const more =
    call.version.atLeast("2.35") && last !== undefined && page.length === Number(call.query.get("limit"));
  const href = `${call.root}/os-keypairs?limit=${call.query.get("limit")}&marker=${last?.name}`;
  return json({
    keypairs: page.map((keypair) => ({ keypair: view(call, keypair) })),
    ...(more ? { keypairs_links: [{ rel: "next", href }] } : {}),
  });
}

function showKeypair(call: Call): Reply {
  const keypair = find(call);
  const { created_at, user_id } = keypair;
  return json({
    keypair: {
      ...view(call, keypair),
      user_id,
      id: 1,
      created_at,
      updated_at: null,
      deleted: false,
      deleted_at: null,
    },
  });
}

async function createKeypair(call: Call): Promise<Reply> {
  const { site } = call;
  const given = await bodyObject(call, "keypair");
  const name = given.needText("name");
  const user_id = given.text("user_id") ?? call.caller.user_id;
  if (user_id !== call.caller.user_id && !call.caller.is_admin) {
    throw new Refusal(403, "Policy doesn't allow os_compute_api:os-keypairs:create to be performed.");
  }
  if (site.state.keypairs.has(`${user_id}/${name}`))
    throw new Refusal(409, `Key pair '${name}' already exists.`);
  const public_key = given.text("public_key");
  if (public_key === undefined && call.version.atLeast("2.92")) {
    throw new Refusal(400, "Invalid input for field/attribute keypair. 'public_key' is a required property");
  }
  const used = [...site.state.keypairs.values()].filter((keypair) => keypair.user_id === user_id).length;
  checkQuota(site, call.caller.project_id, { key_pairs: { wanted: 1, used } });
  const made = public_key === undefined ? generate() : undefined;
  const keypair = addKeypair(site, user_id, name, public_key ?? made?.public_key ?? "");
  const body = { ...view(call, keypair), user_id, ...(made ? { private_key: made.private_key } : {}) };
  return json({ keypair: body }, call.version.atLeast("2.2") ? 201 : 200);
}

export function addKeypair(site: Site, user_id: string, name: string, public_key: string): Keypair {
  const encoded = /^(?:ssh|ecdsa|sk)-\S+ ([A-Za-z0-9+/=]+)/.exec(public_key.trim())?.[1];
  if (encoded === undefined)
    throw new Refusal(400, "Keypair data is invalid: failed to generate fingerprint");
  const digest = createHash("md5").update(Buffer.from(encoded, "base64")).digest("hex");
  const fingerprint = digest.match(/../g)?.join(":") ?? digest;
  const id = `${user_id}/${name}`;
  return put(site.state.keypairs, {
    id,
    name,
    user_id,
    public_key,
    fingerprint,
    type: "ssh",
    created_at: site.nowNaive(),
  });
}

function generate(): { public_key: string; private_key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([field(Buffer.from("ssh-ed25519")), field(raw)]);
  return {
    public_key: `ssh-ed25519 ${blob.toString("base64")} Generated-by-Nova`,
    private_key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

function userOf(call: Call): string {
  const wanted = call.version.atLeast("2.10") ? call.query.get("user_id") : null;
  if (wanted === null || wanted === call.caller.user_id) return call.caller.user_id;
  if (!call.caller.is_admin) {
    throw new Refusal(403, "Policy doesn't allow os_compute_api:os-keypairs:index to be performed.");
  }
  return wanted;
}

function find(call: Call): Keypair {
  const name = param(call, "name");
  const user_id = userOf(call);
  const keypair = call.site.state.keypairs.get(`${user_id}/${name}`);
  if (keypair === undefined) throw new Refusal(404, `Keypair ${name} not found for user ${user_id}`);
  return keypair;
}

function view(call: Call, keypair: Keypair): Record<string, unknown> {
  const { name, public_key, fingerprint, type } = keypair;
  return { name, public_key, fingerprint, ...(call.version.atLeast("2.2") ? { type } : {}) };
}
