import { Problem } from "@uniview/api";
import type { RecoveryPoint, Vault } from "@uniview/repository";
import type { Engine } from "./open-place.ts";

export interface FoundPoint {
  readonly vault: Vault;
  readonly point: RecoveryPoint;
}

/** Points that are read at a time: on an object storage each takes a round trip. */
const READS = 8;
const MIN_PREFIX = 4;

/** All recovery points of some tenants, oldest first; what is damaged is told apart, so that the others can be restored. */
export async function readPoints(
  engine: Engine,
  vaults: readonly Vault[],
): Promise<{ readonly found: FoundPoint[]; readonly damaged: string[] }> {
  const found: FoundPoint[] = [];
  const damaged: string[] = [];
  for (const vault of vaults) {
    const ids = (await engine.listPointIds(vault)).values();
    const read = async () => {
      for (const id of ids) {
        try {
          found.push({ vault, point: await engine.getPoint(vault, id) });
        } catch (error) {
          if (error instanceof engine.Damaged) damaged.push(`${vault.tenant}: ${error.message}`);
          else if (!(error instanceof engine.ObjectMissing)) throw error; // forgotten after it was listed
        }
      }
    };
    await Promise.all(Array.from({ length: READS }, read));
  }
  found.sort(
    (a, b) => a.point.taken_at.localeCompare(b.point.taken_at) || (a.point.id < b.point.id ? -1 : 1),
  );
  return { found, damaged };
}

/**
 * The recovery point that is meant by its id, by the first digits of it, or by `latest`.
 * @throws Problem that names those that fit, when it is not one
 */
export async function findPoint(
  engine: Engine,
  vaults: readonly Vault[],
  meant: string,
): Promise<FoundPoint> {
  const { found, damaged } = await readPoints(engine, vaults);
  const fitting =
    meant === "latest"
      ? found.slice(-1)
      : found.filter(
          ({ point }) => point.id === meant || (meant.length >= MIN_PREFIX && point.id.startsWith(meant)),
        );
  const [first, second] = fitting;
  if (first && !second) return first;
  if (first)
    throw new Problem("invalid-input", `${fitting.length} recovery points begin with "${meant}".`, {
      field: "point",
      remedy: `They are: ${fitting.map(({ point }) => point.id).join(", ")}.`,
    });
  const unreadable = damaged.length > 0 ? ` ${damaged.length} could not be read: ${damaged.join("; ")}.` : "";
  throw new Problem("not-found", `There is no recovery point "${meant}".${unreadable}`, {
    field: "point",
    remedy: "`uniview repository points` lists them; `latest` is the last one taken.",
  });
}
