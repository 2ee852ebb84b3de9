import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SandboxOptions, startSandbox } from "@uniview/sandbox";
import { expect, test } from "vitest";
import type { Auth } from "../session/credentials.ts";
import { createSession } from "../session/session.ts";
import type { RequestRecord, Session } from "../session/session-types.ts";
import type { Finding } from "./finding.ts";
import { probeCapabilities } from "./probe-capabilities.ts";

const PASSWORD: Auth = { type: "password", username: "demo", password: "password", project_name: "demo" };

interface OnSandbox {
  readonly session: Session;
  readonly requests: RequestRecord[];
  /** Everything that the site holds, to see that nothing of it changed. */
  holdings(): Promise<unknown>;
  probe(options?: { thorough?: boolean }): Promise<(capability: string) => Finding | undefined>;
}

async function onSandbox(
  options: Partial<SandboxOptions>,
  use: (on: OnSandbox) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-probe-"));
  const release = options.release ?? "zed";
  const site = await startSandbox({
    name: "here",
    transition_ms: 1,
    disk_bytes_per_gib: 65_536,
    ...options,
    release,
    dir,
  });
  const requests: RequestRecord[] = [];
  const cloud = { auth_url: site.auth_url, region_name: "here", auth: PASSWORD };
  const session = createSession(cloud, { on_request: (record) => requests.push(record) });
  const list = async (type: "compute" | "block-storage" | "image" | "network" | "identity", path: string) =>
    await (await session.service(type)).get(path);
  try {
    await use({
      session,
      requests,
      holdings: async () => {
        const { user } = await session.token();
        return [
          await list("compute", "/servers"),
          await list("compute", "/os-keypairs"),
          await list("block-storage", "/volumes"),
          await list("block-storage", "/snapshots"),
          await list("image", "/images"),
          await list("network", "/ports"),
          await list("network", "/floatingips"),
          await list("identity", `/users/${user.id}/application_credentials`),
        ];
      },
      async probe(wish) {
        const { findings, problems, left_behind } = await probeCapabilities(session, wish);
        expect(problems).toEqual([]);
        expect(left_behind).toEqual([]);
        return (capability) => findings.find((finding) => finding.capability === capability);
      },
    });
  } finally {
    await session.close();
    await site.close();
    await rm(dir, { recursive: true, force: true });
  }
}

const TOLD_BY_ATTEMPT = [
  "identity.create_application_credential",
  "compute.create_server",
  "compute.create_image",
  "compute.attach_volume",
  "compute.import_keypair",
  "block-storage.create_volume",
  "block-storage.create_volume_from_image",
  "block-storage.create_snapshot",
  "block-storage.upload_image",
  "block-storage.extend_volume",
  "image.create",
  "image.download",
  "network.create_port",
  "network.mac_on_own_network",
  "network.address_on_own_network",
  "network.port_security_off_on_own_network",
  "network.create_floating_ip",
];

test("a member's own servers, volumes and networks tell what may be done, and nothing of them changes", async () => {
  await onSandbox({}, async ({ probe, holdings }) => {
    const before = await holdings();
    const found = await probe();
    expect(await holdings()).toEqual(before);
    for (const capability of TOLD_BY_ATTEMPT) {
      expect(found(capability), capability).toMatchObject({ state: "yes", how: "attempt" });
    }
    for (const capability of ["network.mac_on_shared_network", "network.address_on_shared_network"]) {
      const refused = { state: "no", how: "attempt", evidence: { method: "POST", status: 403 } };
      expect(found(capability), capability).toMatchObject(refused);
    }
    // Nova looks for the server first, and there is nothing to lock or image that would not be.
    for (const capability of ["compute.lock_server", "compute.create_image_volume_backed"]) {
      expect(found(capability), capability).toMatchObject({ state: "yes", how: "default_policy" });
    }
    expect(found("block-storage.quota.volumes")).toMatchObject({ state: "yes", how: "document" });
    expect(found("network.extension.trunk")).toMatchObject({ state: "no", how: "list" });
    expect(found("object-store.service")).toMatchObject({ state: "no", how: "document" });
    expect(found("compute.hypervisor")).toMatchObject({
      state: "yes",
      detail: expect.stringContaining("KVM"),
    });
  });
});

test("each rule that a site denies is found by itself", async () => {
  const denied: Record<string, string> = {
    "identity:create_application_credential": "identity.create_application_credential",
    "os_compute_api:servers:create": "compute.create_server",
    "os_compute_api:servers:create_image": "compute.create_image",
    "os_compute_api:os-volumes-attachments:create": "compute.attach_volume",
    "os_compute_api:os-keypairs:create": "compute.import_keypair",
    "volume:create": "block-storage.create_volume",
    "volume:create_from_image": "block-storage.create_volume_from_image",
    "volume:create_snapshot": "block-storage.create_snapshot",
    "volume_extension:volume_actions:upload_image": "block-storage.upload_image",
    "volume:extend": "block-storage.extend_volume",
    add_image: "image.create",
    download_image: "image.download",
    "create_port:mac_address": "network.mac_on_own_network",
    "create_port:fixed_ips:ip_address": "network.address_on_own_network",
    "create_port:port_security_enabled": "network.port_security_off_on_own_network",
    create_floatingip: "network.create_floating_ip",
  };
  await onSandbox({ denied_policies: Object.keys(denied) }, async ({ probe }) => {
    const found = await probe();
    for (const capability of Object.values(denied)) {
      expect(found(capability), capability).toMatchObject({ state: "no", evidence: { status: 403 } });
    }
    expect(found("network.create_port")).toMatchObject({ state: "yes" });
  });
});

test("where the limits are hidden, images of servers are no longer tried, and that is told", async () => {
  const denied_policies = ["os_compute_api:limits", "limits_extension:used_limits"];
  await onSandbox({ denied_policies }, async ({ probe }) => {
    const found = await probe();
    for (const capability of ["compute.limits", "block-storage.limits"]) {
      expect(found(capability), capability).toMatchObject({ state: "no", evidence: { status: 403 } });
    }
    expect(found("compute.create_image")).toMatchObject({ state: "yes", how: "default_policy" });
    expect(found("block-storage.quota.volumes")).toBeUndefined();
  });
});

test("where a project has nothing yet, an older Nova's refusal tells, and a newer one's silence is no answer", async () => {
  const denied_policies = ["os_compute_api:servers:create_image"];
  for (const [release, expected] of [
    ["train", { state: "no", how: "attempt" }],
    ["victoria", { state: "yes", how: "default_policy", evidence: { status: 404 } }],
  ] as const) {
    await onSandbox({ release, seed: "empty", denied_policies }, async ({ probe }) => {
      const found = await probe();
      expect(found("compute.create_image"), release).toMatchObject(expected);
      expect(found("block-storage.create_snapshot"), release).toMatchObject({ how: "default_policy" });
    });
  }
});

test("a thorough probe makes a volume and a snapshot, and leaves neither", async () => {
  await onSandbox({ seed: "empty" }, async ({ probe, holdings, requests }) => {
    const before = await holdings();
    const found = await probe({ thorough: true });
    for (const capability of ["block-storage.create_volume", "block-storage.create_snapshot"]) {
      expect(found(capability), capability).toMatchObject({ state: "yes", how: "attempt" });
      expect(found(capability)?.evidence).toMatchObject({ status: 202 });
    }
    expect(await holdings()).toEqual(before);
    expect(requests.filter(({ method }) => method === "DELETE")).toHaveLength(2);
  });
});

test("the credential that Uniview made for itself may make no others, which is not the role's fault", async () => {
  await onSandbox({}, async ({ session }) => {
    const { user } = await session.token();
    const keystone = await session.service("identity");
    const made = await keystone.post<{ id: string; secret: string }>(
      `/users/${user.id}/application_credentials`,
      {
        body: { application_credential: { name: "restricted" } },
        unwrap: "application_credential",
      },
    );
    const auth: Auth = { type: "application_credential", id: made.id, secret: made.secret };
    const restricted = createSession({ auth_url: session.auth_url, region_name: "here", auth });
    const { findings } = await probeCapabilities(restricted);
    await restricted.close();
    expect(
      findings.find(({ capability }) => capability === "identity.create_application_credential"),
    ).toMatchObject({ state: "limited", detail: expect.stringMatching(/may make no others/) });
  });
});

test("a service that does not answer is a problem of its own, and nothing is said of it", async () => {
  await onSandbox({}, async ({ session }) => {
    await probeCapabilities(session);
    await fetch(`${new URL(session.auth_url).origin}/sandbox/faults`, {
      method: "POST",
      body: JSON.stringify({ service: "block-storage", status: 500 }),
    });
    const { findings, problems } = await probeCapabilities(session);
    expect(problems.map(({ service }) => service)).toEqual(["block-storage"]);
    const said = findings.filter(({ capability }) => capability.startsWith("block-storage."));
    expect(
      said.filter(({ capability }) => capability !== "block-storage.service").map((one) => one.state),
    ).toEqual(said.slice(1).map(() => "unknown"));
    expect(findings.find(({ capability }) => capability === "compute.create_server")?.state).toBe("yes");
  });
});

test("an image service in trouble does not hide what may be done with volumes", async () => {
  await onSandbox({}, async ({ session }) => {
    await session.service("image");
    await fetch(`${new URL(session.auth_url).origin}/sandbox/faults`, {
      method: "POST",
      body: JSON.stringify({ service: "image", status: 500 }),
    });
    const { findings, problems } = await probeCapabilities(session);
    expect(problems.map(({ service }) => service)).toEqual(["image"]);
    const of = (name: string) => findings.find(({ capability }) => capability === name);
    expect(of("block-storage.create_volume")).toMatchObject({ state: "yes", how: "attempt" });
    expect(of("block-storage.create_volume_from_image")).toMatchObject({ how: "default_policy" });
    expect(of("image.create")).toBeUndefined();
  });
});
