import { parseArgs } from "node:util";
import { addedLatency, callsPerCore, keepAsking } from "./calls.ts";
import { imageSpeeds, isUnharmed } from "./images.ts";
import { openWorld } from "./world.ts";

const USAGE = `npm run bench:gateway -- [--json] [--mib 256] [--seconds 8] [--full-speed]

What the gateway costs, against the same calls directly at the same site in the same run.
Images travel on a line of 1 Gbit/s; with --full-speed also as fast as this machine can, for whoever wants to know.`;

const LINE_BYTES_PER_S = 125_000_000;
const AT_ONCE = 32;
const PAIRS = 1_000;
/** Of an image on both ways in turns; the best of each counts, since a busy machine only ever makes one slower. */
const ROUNDS = 5;
/** What an upload and a download may add to the memory of the server, however large they are. */
const MOST_GROWTH_MIB = 128;

interface Bar {
  readonly id: string;
  readonly value: number;
  readonly op: "<" | "<=" | ">=" | "info";
  readonly target: number | null;
  readonly holds: boolean;
}

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    mib: { type: "string", default: "256" },
    seconds: { type: "string", default: "8" },
    "full-speed": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [size_mib, seconds] = [Number(values.mib), Number(values.seconds)];
const bars: Bar[] = [];
const note = (id: string, value: number, op: Bar["op"], target: number | null) => {
  const rounded = Math.round(value * 1000) / 1000;
  const holds =
    target === null || (op === "<" ? value < target : op === "<=" ? value <= target : value >= target);
  bars.push({ id, value: rounded, op, target, holds });
  if (values.json) return;
  const wanted = target === null ? "" : `  (${op} ${target})  ${holds ? "✓" : "✗"}`;
  console.log(`${id.padEnd(34)} ${String(rounded).padStart(10)}${wanted}`);
};

const world = await openWorld();
try {
  note("image_unharmed", (await isUnharmed(world, 16)) ? 1 : 0, ">=", 1);
  const latency = await addedLatency(world, PAIRS);
  note("direct_p50_ms", latency.direct_ms, "info", null);
  note("G1_added_p50_ms", latency.p50_ms, "<", 2);
  note("G4_calls_per_s_and_core", await callsPerCore(world, seconds, AT_ONCE), ">=", 2000);

  await world.setLine(LINE_BYTES_PER_S);
  const speeds = await imageSpeeds(world, size_mib, ROUNDS);
  await world.setLine(undefined);
  note("direct_download_mb_s", speeds.direct_download_mb_s, "info", null);
  note("direct_upload_mb_s", speeds.direct_upload_mb_s, "info", null);
  note("G2_download_ratio", speeds.download, ">=", 0.9);
  note("G3_upload_ratio", speeds.upload, ">=", 0.9);
  note("cpu_s_per_gib", speeds.cpu_s_per_gib, "info", null);
  note("G5_rss_growth_mib", speeds.rss_growth_bytes / 2 ** 20, "<=", MOST_GROWTH_MIB);
  if (values["full-speed"]) {
    const full = await imageSpeeds(world, size_mib, ROUNDS);
    note("full_speed_direct_download_mb_s", full.direct_download_mb_s, "info", null);
    note("full_speed_download_ratio", full.download, "info", null);
    note("full_speed_direct_upload_mb_s", full.direct_upload_mb_s, "info", null);
    note("full_speed_upload_ratio", full.upload, "info", null);
  }

  world.darken();
  const stopAsking = keepAsking(world.other, AT_ONCE);
  const beside = await addedLatency(world, PAIRS);
  note("G1_added_p50_ms_one_site_dark", beside.p50_ms, "<", 2);
  note("G4_calls_per_s_and_core_one_site_dark", await callsPerCore(world, seconds, AT_ONCE), ">=", 2000);
  await world.setLine(LINE_BYTES_PER_S);
  const dark = await imageSpeeds(world, Math.ceil(size_mib / 4), ROUNDS);
  note("G2_download_ratio_one_site_dark", dark.download, ">=", 0.9);
  note("G3_upload_ratio_one_site_dark", dark.upload, ">=", 0.9);
  await stopAsking();
} finally {
  world.light();
  await world.close();
}
if (values.json) console.log(JSON.stringify({ bars }));
process.exitCode = bars.every(({ holds }) => holds) ? 0 : 1;
