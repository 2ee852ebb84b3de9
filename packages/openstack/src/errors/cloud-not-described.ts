/** Files and environment do not say which cloud is meant or how to sign in there: one sentence with what to do. */
export class CloudNotDescribed extends Error {
  override readonly name = "CloudNotDescribed";
  readonly retryable = false;
}
