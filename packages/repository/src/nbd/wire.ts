/**
 * Words of the NBD protocol, as far as they are spoken here: fixed newstyle, structured replies, `base:allocation`.
 * @see https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md
 */
export const NBD_MAGIC = Buffer.from("NBDMAGIC");
export const OPTION_MAGIC = Buffer.from("IHAVEOPT");
export const OPTION_REPLY_MAGIC = 0x3e889045565a9n;
export const REQUEST_MAGIC = 0x2560_9513;
export const SIMPLE_REPLY_MAGIC = 0x6744_6698;
export const CHUNK_REPLY_MAGIC = 0x668e_33ef;

export const HANDSHAKE_FIXED_NEWSTYLE = 1;
export const HANDSHAKE_NO_ZEROES = 2;

export const OPTION = {
  export_name: 1,
  abort: 2,
  go: 7,
  structured_reply: 8,
  set_meta_context: 10,
} as const;

export const OPTION_REPLY = { ack: 1, info: 3, meta_context: 4, unsupported: 0x8000_0001 } as const;
/** A reply with this bit is an error. */
export const OPTION_ERROR = 0x8000_0000;

export const INFO_EXPORT = 0;

export const EXPORT_FLAG = {
  has_flags: 1,
  read_only: 2,
  flush: 4,
  write_zeroes: 64,
  multi_conn: 256,
} as const;

export const COMMAND = {
  read: 0,
  write: 1,
  disconnect: 2,
  flush: 3,
  write_zeroes: 6,
  block_status: 7,
} as const;

export const REPLY_DONE = 1;
export const REPLY = { none: 0, data: 1, hole: 2, block_status: 5 } as const;
/** A structured reply of a type with this bit is an error. */
export const REPLY_ERROR = 0x8000;

export const STATE_ZERO = 2;

export const REQUEST_BYTES = 28;
export const ALLOCATION_CONTEXT = "base:allocation";

/** No request for more: every server must take 32 MiB. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

export const NBD_ERROR = { io: 5, invalid: 22, unsupported: 95 } as const;
