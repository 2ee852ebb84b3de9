import { Qcow2Layout } from "@uniview/repository";
import type { SourceChunks } from "../copy/chunk-sink.ts";
import { CHUNK_BYTES } from "../copy/digest.ts";

/** A part of an image, as large as a chunk at most. */
export interface Piece {
  readonly length_bytes: number;
  /** Where on the disk it is; absent: it takes no reading. */
  readonly from_disk: boolean;
  fill(into: Buffer): Promise<void>;
}

/** An image as bytes in order, its length known before. */
export interface ImageBytes {
  readonly size_bytes: number;
  pieces(): Iterator<Piece, undefined>;
}

/** A disk as the bytes of an image. As qcow2 it has nothing of what the source knows to be zeros. */
export async function imageOf(source: SourceChunks, format: "raw" | "qcow2"): Promise<ImageBytes> {
  const { size_bytes } = source;
  const everything = [{ offset_bytes: 0, length_bytes: size_bytes }];
  const layout = await Qcow2Layout.of(size_bytes, source.extents ?? everything);
  if (format === "qcow2") return { size_bytes: layout.file_bytes, pieces: () => qcow2Pieces(source, layout) };
  return { size_bytes, pieces: () => rawPieces(source, layout) };
}

/** The layout tells holes for raw images, too: what is in no cluster. */
function* rawPieces(source: SourceChunks, layout: Qcow2Layout): Generator<Piece, undefined> {
  for (let at = 0; at < source.size_bytes; at += CHUNK_BYTES) {
    const length_bytes = Math.min(CHUNK_BYTES, source.size_bytes - at);
    yield layout.runs(at, length_bytes).length === 0
      ? ready(length_bytes, (into) => into.fill(0))
      : diskPiece(source, at, length_bytes);
  }
}

function* qcow2Pieces(source: SourceChunks, layout: Qcow2Layout): Generator<Piece, undefined> {
  for (const cluster of layout.head()) {
    const bytes = Buffer.from(cluster); // the next one takes its place before this one is asked for
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const part = bytes.subarray(at, at + CHUNK_BYTES);
      yield ready(part.length, (into) => part.copy(into));
    }
  }
  const stride = Math.max(CHUNK_BYTES, layout.cluster_bytes);
  for (let at = 0; at < source.size_bytes; at += stride)
    for (const { offset_bytes, length_bytes } of layout.runs(at, stride))
      for (let done = 0; done < length_bytes; done += CHUNK_BYTES)
        yield diskPiece(source, offset_bytes + done, Math.min(CHUNK_BYTES, length_bytes - done));
}

function ready(length_bytes: number, fill: (into: Buffer) => unknown): Piece {
  return { length_bytes, from_disk: false, fill: async (into) => void fill(into) };
}

/** Behind the disk's end a cluster has zeros. */
function diskPiece(source: SourceChunks, offset_bytes: number, length_bytes: number): Piece {
  return {
    length_bytes,
    from_disk: true,
    async fill(into) {
      const there = into.subarray(0, Math.max(0, source.size_bytes - offset_bytes));
      await source.read(there, offset_bytes);
      into.fill(0, there.length);
    },
  };
}
