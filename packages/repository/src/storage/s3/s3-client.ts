import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";

/** Any server that speaks S3: AWS itself, Ceph's radosgw, MinIO, Swift's s3api, … */
export interface S3Access {
  /** Absent: AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: what the SDK finds for itself, such as the profile below. */
  readonly credentials?: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
    readonly session_token?: string;
  };
  readonly profile?: string;
  /** PEM of the authorities that sign the server's certificate, where the system does not know them. */
  readonly ca?: string;
}

const CONNECT_MS = 10_000;
/** Without a byte for this long, a connection counts as dead. */
const SILENCE_MS = 60_000;
const MAX_CONNECTIONS = 32;

/**
 * A client that works with servers other than AWS, too: addresses with the bucket in their path, and no checksums
 * in trailers, which most of those servers refuse. It tries everything once: `retrying` is the one that tries again.
 */
export function s3Client({ endpoint, region, credentials, profile, ca }: S3Access): S3Client {
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  return new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(profile ? { profile } : {}),
    ...(credentials
      ? {
          credentials: {
            accessKeyId: credentials.access_key_id,
            secretAccessKey: credentials.secret_access_key,
            ...(credentials.session_token ? { sessionToken: credentials.session_token } : {}),
          },
        }
      : {}),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({ ...agent, ...(ca ? { ca } : {}) }),
    },
  });
}
