import type { Socket } from "node:net";
import type { ByteReader } from "./byte-reader.ts";
import {
  ALLOCATION_CONTEXT,
  EXPORT_FLAG,
  HANDSHAKE_FIXED_NEWSTYLE,
  HANDSHAKE_NO_ZEROES,
  INFO_EXPORT,
  NBD_MAGIC,
  OPTION,
  OPTION_ERROR,
  OPTION_MAGIC,
  OPTION_REPLY,
  OPTION_REPLY_MAGIC,
} from "./wire.ts";

/** What a server offers. */
export interface Export {
  readonly size_bytes: number;
  readonly read_only: boolean;
  readonly can_flush: boolean;
  readonly can_zero: boolean;
  /** The number of `base:allocation`, where the server knows what is zeros. */
  readonly allocation_context: number | undefined;
}

/** The export without a name. */
const EXPORT_NAME = text("");

/** A client's part of the handshake, up to where requests may be sent. */
export async function negotiate(socket: Socket, bytes: ByteReader): Promise<Export> {
  const greeting = await bytes.take(18);
  if (!greeting.subarray(0, 8).equals(NBD_MAGIC) || !greeting.subarray(8, 16).equals(OPTION_MAGIC))
    throw new Error("the socket is no NBD server's");
  const flags = greeting.readUInt16BE(16) & (HANDSHAKE_FIXED_NEWSTYLE | HANDSHAKE_NO_ZEROES);
  socket.write(u32(flags));
  const ask = async (option: number, data: Buffer) => {
    socket.write(Buffer.concat([OPTION_MAGIC, u32(option), u32(data.length), data]));
    return await replies(bytes, option);
  };
  const structured = await ask(OPTION.structured_reply, Buffer.alloc(0));
  const contexts = structured
    ? await ask(OPTION.set_meta_context, Buffer.concat([EXPORT_NAME, u32(1), text(ALLOCATION_CONTEXT)]))
    : undefined;
  const context = contexts?.find(({ type }) => type === OPTION_REPLY.meta_context)?.data.readUInt32BE(0);
  const infos = await ask(OPTION.go, Buffer.concat([EXPORT_NAME, Buffer.alloc(2)]));
  const info = infos?.find(
    ({ type, data }) => type === OPTION_REPLY.info && data.readUInt16BE(0) === INFO_EXPORT,
  )?.data;
  if (!info) throw new Error("the NBD server has no export without a name");
  const offered = info.readUInt16BE(10);
  return {
    size_bytes: Number(info.readBigUInt64BE(2)),
    read_only: (offered & EXPORT_FLAG.read_only) !== 0,
    can_flush: (offered & EXPORT_FLAG.flush) !== 0,
    can_zero: (offered & EXPORT_FLAG.write_zeroes) !== 0,
    allocation_context: context,
  };
}

interface Reply {
  readonly type: number;
  readonly data: Buffer;
}

/** Replies to an option up to the last; undefined where the server refuses it. */
async function replies(bytes: ByteReader, option: number): Promise<Reply[] | undefined> {
  const found: Reply[] = [];
  for (;;) {
    const head = await bytes.take(20);
    const type = head.readUInt32BE(12);
    if (head.readBigUInt64BE(0) !== OPTION_REPLY_MAGIC || head.readUInt32BE(8) !== option)
      throw new Error("the NBD server answered another option than the one that was asked");
    const data = Buffer.from(await bytes.take(head.readUInt32BE(16)));
    if ((type & OPTION_ERROR) !== 0) return undefined;
    if (type === OPTION_REPLY.ack) return found;
    found.push({ type, data });
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)]);
}
