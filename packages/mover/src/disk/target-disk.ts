import type { DiskSource } from "@uniview/repository";

/** A disk that is read, and closed afterwards. */
export type SourceDisk = DiskSource & AsyncDisposable;

/** A disk that is written. It can be read, too: to see what it has already, and whether it has what was written. */
export interface TargetDisk extends AsyncDisposable {
  readonly size_bytes: number;
  /** Nothing but zeros so far: it was made for this. */
  readonly blank: boolean;
  /** An open file with the same bytes at the same places: threads read and write it themselves. */
  readonly fd?: number;
  read(into: Buffer, offset_bytes: number): Promise<void>;
  /** Several writes are under way at once. The bytes are free again when it resolves. */
  write(bytes: Buffer, offset_bytes: number): Promise<void>;
  /** Makes a part zeros, by a hole where that is possible. */
  zero(offset_bytes: number, length_bytes: number): Promise<void>;
  /** What was written before outlives a power cut. */
  sync(): Promise<void>;
}
