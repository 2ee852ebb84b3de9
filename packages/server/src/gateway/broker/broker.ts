import {
  compareMicroversions,
  type Offer,
  OPERATIONS,
  type OperationName,
  PROJECT_NAMES,
} from "@uniview/openstack";
import { type Body, LESSER_CALLS } from "./lesser-calls.ts";

export interface NewerCall {
  readonly method: string;
  /** After version and project: `/servers`. */
  readonly path: string;
  /** The microversion that the client asks for. */
  readonly asked: string;
  /** undefined: none, or not JSON. */
  readonly body: Body | undefined;
}

export interface Brokered {
  /** The newest of the site. */
  readonly microversion: string;
  /** What goes to the site; undefined: what the client sent. */
  readonly body: Body | undefined;
  /** One line of ASCII, for the header `OpenStack-Uniview-Degraded`. */
  readonly degraded: string;
}

/**
 * The call that an older site takes instead of one for a newer site, with what is lost by it.
 * @returns undefined where the site can do what is asked, or has no way at all: then its own answer tells
 */
export function broker(offer: Offer, { method, path, asked, body }: NewerCall): Brokered | undefined {
  const { max } = offer.versions;
  if (max === undefined || !/^\d+\.\d+$/.test(asked) || compareMicroversions(asked, max) <= 0)
    return undefined;
  const lesser = body && structuredClone(body);
  const losses: string[] = [];
  let changed = false;
  for (const row of LESSER_CALLS) {
    if (OPERATIONS[row.operation].service !== offer.type || row.method !== method || !row.path.test(path))
      continue;
    if (row.wants && !(lesser && row.wants(lesser))) continue;
    const way = wayAt(row.operation, max);
    if (way === undefined) return undefined;
    if (way.is_wanted) continue;
    if (lesser && row.lessen) {
      row.lessen(lesser, way.key);
      changed = true;
    }
    losses.push(way.lost ?? `Done ${way.how.replaceAll("`", "")}`);
  }
  const service = PROJECT_NAMES[offer.type];
  const said = [`${service} ${max} answers instead of ${asked}.`, ...losses].join(" ");
  return {
    microversion: max,
    body: changed ? lesser : undefined,
    degraded: said.replace(/[^\x20-\x7e]/g, "'"),
  };
}

/** How the operation goes in this very version. */
function wayAt(operation: OperationName, version: string) {
  const ways = Object.entries(OPERATIONS[operation].ways);
  const at = ways.findIndex(([, { since, until }]) => {
    const begun = since === undefined || compareMicroversions(version, since) >= 0;
    return begun && (until === undefined || compareMicroversions(version, until) <= 0);
  });
  const found = ways[at];
  return found && { key: found[0], ...found[1], is_wanted: at === 0 };
}
