/** An object is not what was put: its bytes changed, or another's were put in its place. */
export class Damaged extends Error {
  override readonly name = "Damaged";
  /** The name of the object. */
  readonly object: string;
  constructor(object: string, what: string, options?: ErrorOptions) {
    super(`${object} is damaged: ${what}`, options);
    this.object = object;
  }
}

/** A chunk that a recovery point needs is in no pack. */
export class ChunkMissing extends Error {
  override readonly name = "ChunkMissing";
  readonly chunk: string;
  constructor(chunk: string) {
    super(
      `chunk ${chunk} is in no pack that an index names: rebuild the indexes, and verify what is still missing then`,
    );
    this.chunk = chunk;
  }
}
