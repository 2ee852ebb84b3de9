import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { Agent } from "undici";
import type { Way, World } from "./world.ts";

const PIECE = randomBytes(1024 * 1024);
/** Watched so often while bytes travel. */
const LOOK_EVERY_MS = 50;

export interface Speeds {
  /** Through the gateway, as a part of directly. */
  readonly download: number;
  readonly upload: number;
  /** Of the direct way, in MB/s. */
  readonly direct_download_mb_s: number;
  readonly direct_upload_mb_s: number;
  /** Processor time of the server for a GiB that goes through it. */
  readonly cpu_s_per_gib: number;
  /** How much the server's memory grew at most. */
  readonly rss_growth_bytes: number;
}

/** An image of this size up and down on both ways, in turns; the best of each counts. */
export async function imageSpeeds(world: World, size_mib: number, rounds: number): Promise<Speeds> {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const before = await world.server_rss_bytes();
  let most = before;
  const look = setInterval(() => {
    void world.server_rss_bytes().then((now) => {
      most = Math.max(most, now);
    });
  }, LOOK_EVERY_MS);
  let cpu_s = 0;
  const best = { du: 0, dd: 0, gu: 0, gd: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const direct = await upAndDown(world.direct, agent, size_mib);
      const cpu_before_s = await world.server_cpu_s();
      const gateway = await upAndDown(world.gateway, agent, size_mib);
      cpu_s += (await world.server_cpu_s()) - cpu_before_s;
      best.du = Math.max(best.du, direct.up);
      best.dd = Math.max(best.dd, direct.down);
      best.gu = Math.max(best.gu, gateway.up);
      best.gd = Math.max(best.gd, gateway.down);
    }
  } finally {
    clearInterval(look);
    await agent.destroy();
  }
  return {
    download: best.gd / best.dd,
    upload: best.gu / best.du,
    direct_download_mb_s: best.dd,
    direct_upload_mb_s: best.du,
    cpu_s_per_gib: (cpu_s / (rounds * 2 * size_mib)) * 1024,
    rss_growth_bytes: most - before,
  };
}

/** MB/s of both directions. @throws Error when the bytes that come back are others */
async function upAndDown(
  { image, token }: Way,
  agent: Agent,
  size_mib: number,
): Promise<{ up: number; down: number }> {
  const headers = { "x-auth-token": token, "content-type": "application/json" };
  const origin = new URL(image).origin;
  const base = new URL(image).pathname.replace(/\/$/, "");
  const made = await agent.request({
    origin,
    path: `${base}/v2/images`,
    method: "POST",
    headers,
    body: JSON.stringify({ name: "bench", disk_format: "raw", container_format: "bare" }),
  });
  const { id } = (await made.body.json()) as { id: string };
  const path = `${base}/v2/images/${id}/file`;
  const bytes = size_mib * PIECE.length;
  try {
    const begun = performance.now();
    const put = await agent.request({
      origin,
      path,
      method: "PUT",
      headers: {
        ...headers,
        "content-type": "application/octet-stream",
        "content-length": String(bytes),
      },
      body: Readable.from(pieces(size_mib), { objectMode: false }),
    });
    await put.body.dump();
    if (put.statusCode !== 204) throw new Error(`the upload was answered with ${put.statusCode}`);
    const up = bytes / 1e3 / (performance.now() - begun);

    const started = performance.now();
    const got = await agent.request({ origin, path, method: "GET", headers });
    let length = 0;
    for await (const piece of got.body) length += (piece as Buffer).length;
    if (length !== bytes) throw new Error(`${length} of ${bytes} bytes came back`);
    return { up, down: bytes / 1e3 / (performance.now() - started) };
  } finally {
    await agent.request({ origin, path: `${base}/v2/images/${id}`, method: "DELETE", headers });
  }
}

/** Whether an image is the same after it went up and came down through the gateway, by its digest. */
export async function isUnharmed(world: World, size_mib: number): Promise<boolean> {
  const { image, token } = world.gateway;
  const headers = { "x-auth-token": token };
  const made = await fetch(`${image}/v2/images`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ name: "bench", disk_format: "raw", container_format: "bare" }),
  });
  const { id } = (await made.json()) as { id: string };
  const bytes = randomBytes(size_mib * 1024 * 1024);
  await fetch(`${image}/v2/images/${id}/file`, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/octet-stream" },
    body: bytes,
  });
  const back = await fetch(`${image}/v2/images/${id}/file`, { headers });
  const came = Buffer.from(await back.arrayBuffer());
  await fetch(`${image}/v2/images/${id}`, { method: "DELETE", headers });
  return sha256(came) === sha256(bytes);
}

function* pieces(count: number): Generator<Buffer> {
  for (let n = 0; n < count; n += 1) yield PIECE;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
