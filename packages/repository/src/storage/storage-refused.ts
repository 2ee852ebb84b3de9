/**
 * The storage was reached and says no: wrong credentials, no such bucket, a place that is not there. Asking again would
 * not change it. The message says what to do, and never shows credentials.
 */
export class StorageRefused extends Error {
  override readonly name = "StorageRefused";
}
