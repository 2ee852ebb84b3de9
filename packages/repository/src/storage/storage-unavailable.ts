/** The storage, or the way to it, failed. What was asked for may work later, and repeating it is harmless. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}
