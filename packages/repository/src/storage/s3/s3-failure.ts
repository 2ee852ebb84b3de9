import { S3ServiceException } from "@aws-sdk/client-s3";
import { ObjectMissing } from "../storage.ts";
import { StorageRefused } from "../storage-refused.ts";
import { StorageUnavailable } from "../storage-unavailable.ts";

const MAY_NOT = "give the access key read, write, list and delete on the bucket";
const EXPIRED = "get new temporary credentials";

/** What to do about answers that stay the same however often one asks. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: "make the bucket first, or correct its name",
  InvalidBucketName: "correct the bucket's name",
  AccessDenied: MAY_NOT,
  Forbidden: MAY_NOT,
  InvalidAccessKeyId: "correct AWS_ACCESS_KEY_ID",
  SignatureDoesNotMatch: "correct AWS_SECRET_ACCESS_KEY, or the region in the repository's URL",
  AuthorizationHeaderMalformed: "correct the region in the repository's URL",
  PermanentRedirect: "correct the region or the endpoint in the repository's URL",
  ExpiredToken: EXPIRED,
  InvalidToken: EXPIRED,
};

/** Makes an error of the SDK's one of ours: what was tried where, what was answered, and what to do. */
export function s3Failure(what: string, place: string, error: unknown): Error {
  if (error instanceof ObjectMissing || error instanceof RangeError) return error;
  if (!(error instanceof S3ServiceException)) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    return new StorageUnavailable(`${what} failed: ${place}: ${reason}`, { cause: error });
  }
  const { httpStatusCode: status, requestId } = error.$metadata;
  const request = requestId ? ` (request ${requestId})` : "";
  const answer = `${what} failed: ${place} answered ${status ?? ""} ${error.name}${request}`;
  const remedy = REMEDIES[error.name];
  return remedy
    ? new StorageRefused(`${answer}: ${remedy}`, { cause: error })
    : new StorageUnavailable(answer, { cause: error });
}

/** An object, not its bucket, is missing. The 404 of a HEAD has no body, and so no better name than the second. */
export const isNoSuchKey = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === "NoSuchKey" || error.name === "NotFound");

export const isUnsatisfiableRange = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416;
