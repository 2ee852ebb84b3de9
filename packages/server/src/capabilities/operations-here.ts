import type { Discovery, OperationHere } from "@uniview/api";
import { NotOffered, OPERATION_NAMES, OPERATIONS, type OperationName } from "@uniview/openstack";
import { negotiate, type Offer } from "@uniview/openstack/negotiation/negotiate";

/** The way that every operation goes at a site of these versions, and its price: what the calls will do, told beforehand. */
export function operationsHere({ services }: Pick<Discovery, "services">): OperationHere[] {
  return OPERATION_NAMES.map((operation) => {
    const { service, does } = OPERATIONS[operation];
    const found = services.find(({ type, state }) => type === service && state === "ok");
    const base = {
      operation,
      service,
      does,
      wanted: wantedOf(operation),
      offered: found?.max_microversion ?? null,
    };
    if (found === undefined) {
      return {
        ...base,
        state: "unknown",
        how: "The service did not answer.",
        lost: null,
        microversion: null,
      };
    }
    const { version, min_microversion: min, max_microversion: max } = found;
    const versions = { version: version ?? "", ...(min ? { min } : {}), ...(max ? { max } : {}) };
    return { ...base, ...wayHere({ type: service, versions }, operation) };
  });
}

type Way = Pick<OperationHere, "state" | "how" | "lost" | "microversion">;

function wayHere(offer: Offer, name: OperationName): Way {
  try {
    const { microversion = null, ways } = negotiate(offer, name);
    const all = Object.entries(OPERATIONS[name].ways);
    const rank = all.findIndex(([key]) => key === ways[name]);
    const way = all[rank]?.[1];
    const lost = way?.lost ?? null;
    const state = rank === 0 ? "wanted" : lost === null ? "otherwise" : "lesser";
    return { state, how: way?.how ?? "", lost, microversion };
  } catch (error) {
    if (!(error instanceof NotOffered)) throw error;
    const lost = `It is not possible to ${OPERATIONS[name].does}.`;
    return { state: "impossible", how: "It is refused before anything is sent.", lost, microversion: null };
  }
}

function wantedOf(name: OperationName): string | null {
  return Object.values(OPERATIONS[name].ways)[0]?.since ?? null;
}
