import { join } from "node:path";
import { Problem } from "@uniview/api";
import type { TransferFigures, TransferProblem, TransferSpecInput } from "@uniview/api/mover";
import { deleteTransfer, MoverGone, nextFigures, putTransfer, TransferUnknown } from "./mover-client.ts";
import { type MoverAddress, MoverProcess } from "./mover-process.ts";
import type { TransferOptions, TransferOutcome, Transfers } from "./transfers.ts";

/** A mover that dies so often without a byte more in its spool will not do it the next time either. */
const MAX_CRASHES_IN_A_ROW = 5;

export interface TransfersOptions {
  /** The server's own directory; the spools live below it. */
  readonly data_dir: string;
  /** Let sites live on link-local addresses. */
  readonly allow_link_local?: boolean;
  readonly on_log?: (line: string) => void;
}

export function createTransfers({
  data_dir,
  ...options
}: TransfersOptions): Transfers & { readonly mover: MoverProcess } {
  const mover = new MoverProcess({ dir: join(data_dir, "mover"), ...options });
  return {
    mover,
    run: (spec, run) => runTransfer(mover, spec, run),
    drop: async (id) => {
      await throughCrashes(mover, (address) => deleteTransfer(address, id, "drop"));
    },
    close: () => mover.close(),
  };
}

async function runTransfer(
  mover: MoverProcess,
  given: TransferSpecInput,
  options: TransferOptions,
): Promise<TransferOutcome> {
  const { id, signal, on_progress } = options;
  let spec = given;
  let furthest = 0;
  const follow = async (address: MoverAddress, survived: () => void): Promise<TransferOutcome> => {
    let figures = await putTransfer(address, id, spec);
    for (;;) {
      signal?.throwIfAborted();
      if (figures.bytes_spooled > furthest) survived();
      furthest = Math.max(furthest, figures.bytes_spooled);
      on_progress?.(figures);
      const outcome = outcomeOf(figures, options);
      if (outcome) return outcome;
      if (figures.state === "waiting" && figures.problem?.needs) {
        spec = await renew(spec, figures.problem, options);
        figures = await putTransfer(address, id, spec);
      } else {
        figures = await nextFigures(address, id, figures.revision, signal);
      }
    }
  };
  try {
    signal?.throwIfAborted();
    return await throughCrashes(mover, follow);
  } catch (error) {
    if (signal?.aborted) await throughCrashes(mover, (address) => deleteTransfer(address, id, "keep"));
    throw error;
  }
}

/** Does something with the mover, and once more with the next one when it dies over it. */
async function throughCrashes<T>(
  mover: MoverProcess,
  use: (address: MoverAddress, survived: () => void) => Promise<T>,
): Promise<T> {
  let crashes = 0;
  const survived = () => {
    crashes = 0;
  };
  for (;;) {
    const address = await mover.address();
    try {
      return await use(address, survived);
    } catch (error) {
      if (!(error instanceof MoverGone || error instanceof TransferUnknown)) throw error;
      if (++crashes > MAX_CRASHES_IN_A_ROW) {
        throw new Problem(
          "transfer-failed",
          "The mover ended again and again; the server's log says why.",
          {},
          error,
        );
      }
      if (error instanceof MoverGone) await mover.replace(address);
    }
  }
}

function outcomeOf(
  { state, bytes_total, zero_bytes, checksums, problem }: TransferFigures,
  options: TransferOptions,
): TransferOutcome | undefined {
  if (state === "succeeded" && checksums && bytes_total !== null)
    return { bytes_total, zero_bytes, checksums };
  if (state === "failed" && problem) throw told(problem, options);
  if (state === "cancelled") throw new Problem("cancelled", "The transfer was ended on request.");
  return undefined;
}

/** The mover knows of URLs only; which site one is of is known here. */
function told({ slug, message, kind, retryable }: TransferProblem, { sites }: TransferOptions): Problem {
  const site = kind === "mover" ? undefined : sites?.[kind];
  return new Problem(slug, message, {
    service: "image",
    ...(site ? { site } : {}),
    ...(retryable ? { remedy: "Nothing needs to be done: it is tried again until it works." } : {}),
  });
}

/** Gets what only the control plane can: a new token, or a look at the target. */
async function renew(
  spec: TransferSpecInput,
  problem: TransferProblem,
  options: TransferOptions,
): Promise<TransferSpecInput> {
  const { source, target } = spec;
  const { renewHeaders, lookAtTarget } = options;
  if (problem.needs === "token") {
    if (problem.kind === "source")
      return { ...spec, source: { ...source, headers: await renewHeaders("source") } };
    return { ...spec, target: target && { ...target, headers: await renewHeaders("target") } };
  }
  if (!lookAtTarget) throw told(problem, options);
  const seen = await lookAtTarget();
  if (seen === "retry") return spec;
  if (seen === "complete") return { ...spec, target: null };
  return { ...spec, target: target && { ...target, url: seen.url } };
}
