import type { DiskTransferSpec, MoverConfig } from "@uniview/api/mover";
import type { ChunkThreads } from "../copy/chunk-threads.ts";
import type { FigureBoard } from "../figures.ts";
import type { Persistence, Renewals } from "../persist.ts";
import type { StreamListener } from "../stream/listener.ts";
import type { Throttle } from "../throttle.ts";

/** What the parts of one disk transfer know of it. */
export interface TransferContext extends Persistence {
  readonly id: string;
  /** Its folder below the spool: maps, identity, outcome. */
  readonly dir: string;
  /** As the control plane gave it last: headers and rates may have changed. */
  readonly spec: () => DiskTransferSpec;
  readonly board: FigureBoard;
  readonly renewals: Renewals;
  readonly threads: ChunkThreads;
  readonly throttle: Throttle;
  readonly settings: MoverSettings;
}

export interface MoverSettings
  extends Pick<MoverConfig, "token" | "spool_dir" | "allow_link_local" | "allow_paths"> {
  /** Absent: this mover only connects to others. */
  readonly listener?: { readonly port: number; readonly streams: StreamListener };
}
