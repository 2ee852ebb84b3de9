import { type Credentials, readAuthorities } from "../credentials.ts";
import { type Location, webUrl } from "../location.ts";
import { StorageRefused } from "../storage-refused.ts";
import type { S3Place } from "./s3-storage.ts";

/** That of AWS, and what servers that have no regions expect. */
const REGION = "us-east-1";

/**
 * A bucket with what its URL leaves to the environment.
 * @throws StorageRefused when there are no credentials
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html the variables
 */
export async function s3Place(
  location: Location & { readonly kind: "s3" },
  env: Credentials,
): Promise<S3Place> {
  const { bucket, prefix, settle_ms } = location;
  const endpoint =
    location.endpoint ??
    webUrl("AWS_ENDPOINT_URL_S3", env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || undefined);
  const region = location.region ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || REGION);
  return {
    bucket,
    prefix,
    region,
    ...(settle_ms === undefined ? {} : { settle_ms }),
    ...(endpoint ? { endpoint } : {}),
    ...identity(env),
    ...(await readAuthorities("AWS_CA_BUNDLE", env["AWS_CA_BUNDLE"])),
  };
}

function identity(env: Credentials): Pick<S3Place, "credentials" | "profile"> {
  const {
    AWS_ACCESS_KEY_ID: access_key_id,
    AWS_SECRET_ACCESS_KEY: secret_access_key,
    AWS_SESSION_TOKEN: session_token,
    AWS_PROFILE: profile,
  } = env;
  if (access_key_id && secret_access_key)
    return {
      credentials: { access_key_id, secret_access_key, ...(session_token ? { session_token } : {}) },
    };
  if (profile) return { profile };
  throw new StorageRefused(
    "there are no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
  );
}
