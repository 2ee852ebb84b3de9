import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { objectPrefix } from "../object-prefix.ts";
import { receiveBody, wholeLength } from "../receive-body.ts";
import { ObjectMissing, type Range, type Storage, tooShort } from "../storage.ts";
import { type S3Access, s3Client } from "./s3-client.ts";
import { isNoSuchKey, isUnsatisfiableRange, s3Failure } from "./s3-failure.ts";

export interface S3Place extends S3Access {
  readonly bucket: string;
  /** Folder in the bucket. */
  readonly prefix?: string;
  /** How long listings of this server can lag behind; 0 for AWS and Ceph, whose listings never do. */
  readonly settle_ms?: number;
}

/** A bucket, or a folder of one. Needs leave to read, write, list and delete its objects, and nothing else. */
export function s3Storage({ bucket, prefix = "", settle_ms = 0, ...access }: S3Place): Storage {
  const client = s3Client(access);
  const names = objectPrefix(prefix);
  const place = `bucket ${bucket} at ${access.endpoint ?? `AWS, region ${access.region}`}`;
  const at = (name: string) => ({ Bucket: bucket, Key: names.keyOf(name) });
  const ask = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw s3Failure(what, place, error);
    }
  };
  return {
    async put(name, bytes) {
      const input = { ...at(name), Body: bytes, ContentLength: bytes.length };
      await ask(`put ${name}`, () => client.send(new PutObjectCommand(input)));
    },
    get: async (name, range, into?: Uint8Array) => {
      const from = at(name);
      return ask(`get ${name}`, () => getObject(client, name, from, range, into));
    },
    async *list(rest) {
      const input = { Bucket: bucket, Prefix: names.keyPrefixOf(rest) };
      let from: { ContinuationToken?: string } = {};
      for (;;) {
        const command = new ListObjectsV2Command({ ...input, ...from });
        const page = await ask(`list ${rest || "everything"}`, () => client.send(command));
        for (const { Key, Size } of page.Contents ?? [])
          if (Key !== undefined) yield { name: names.nameOf(Key), size_bytes: Size ?? 0 };
        if (!page.IsTruncated || !page.NextContinuationToken) return;
        from = { ContinuationToken: page.NextContinuationToken };
      }
    },
    async delete(name) {
      const input = at(name);
      await ask(`delete ${name}`, () => client.send(new DeleteObjectCommand(input)));
    },
    async settle() {
      if (settle_ms > 0) await sleep(settle_ms);
    },
  };
}

type Key = { readonly Bucket: string; readonly Key: string };

async function getObject(
  client: S3Client,
  name: string,
  from: Key,
  range: Range | undefined,
  into: Uint8Array | undefined,
): Promise<Buffer> {
  if (range?.length === 0) {
    // HTTP has no empty range: whether it lies in the object is all there is to find out
    const size_bytes = await sizeOf(client, name, from);
    if (range.offset > size_bytes) throw tooShort(name, range, size_bytes);
    return Buffer.alloc(0);
  }
  const header = range ? { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : {};
  const answer = await client.send(new GetObjectCommand({ ...from, ...header })).catch(async (error) => {
    if (isNoSuchKey(error)) throw new ObjectMissing(name, { cause: error });
    if (range && isUnsatisfiableRange(error)) throw tooShort(name, range, await sizeOf(client, name, from));
    throw error;
  });
  const { Body: body, ContentLength: length = 0, ContentRange: content_range } = answer;
  if (!(body instanceof Readable)) throw new Error("the answer has no body");
  if (range && length !== range.length) {
    body.destroy();
    if (content_range === undefined) throw new Error("the server does not know ranges");
    throw tooShort(name, range, wholeLength(content_range) ?? range.offset + length);
  }
  return receiveBody(name, body, length, into);
}

async function sizeOf(client: S3Client, name: string, from: Key): Promise<number> {
  const head = await client.send(new HeadObjectCommand(from)).catch((error) => {
    throw isNoSuchKey(error) ? new ObjectMissing(name, { cause: error }) : error;
  });
  return head.ContentLength ?? 0;
}
