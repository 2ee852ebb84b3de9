import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { ByteReader, StreamEnded } from "./byte-reader.ts";
import { type Export, negotiate } from "./negotiate.ts";
import {
  CHUNK_REPLY_MAGIC,
  COMMAND,
  MAX_REQUEST_BYTES,
  REPLY,
  REPLY_DONE,
  REPLY_ERROR,
  REQUEST_BYTES,
  REQUEST_MAGIC,
  SIMPLE_REPLY_MAGIC,
  STATE_ZERO,
} from "./wire.ts";

/** A part of the disk, and whether it reads as zeros. */
export interface Status {
  readonly length_bytes: number;
  readonly zero: boolean;
}

interface Pending extends PromiseWithResolvers<void> {
  readonly offset: number;
  readonly into: Buffer | undefined;
  readonly status: Status[];
}

/** A disk behind NBD on a unix socket. Any number of requests may be under way. */
export class NbdClient {
  readonly size_bytes: number;
  readonly read_only: boolean;
  readonly #socket: Socket;
  readonly #export: Export;
  readonly #pending = new Map<bigint, Pending>();
  #cookie = 0n;
  #gone: Error | undefined;

  private constructor(socket: Socket, exported: Export, bytes: ByteReader) {
    this.#socket = socket;
    this.#export = exported;
    this.size_bytes = exported.size_bytes;
    this.read_only = exported.read_only;
    void this.#receive(bytes);
  }

  /** @throws the socket's error, ENOENT and ECONNREFUSED among them while a server still starts */
  static async connect(socket_path: string): Promise<NbdClient> {
    const socket = connect(socket_path);
    socket.on("error", () => {}); // seen by whoever reads or writes
    await once(socket, "connect");
    const bytes = new ByteReader(socket);
    try {
      return new NbdClient(socket, await negotiate(socket, bytes), bytes);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async read(into: Buffer, offset_bytes: number): Promise<void> {
    await inParts(into.length, (at, length) =>
      this.#ask(COMMAND.read, offset_bytes + at, length, { into: into.subarray(at, at + length) }),
    );
  }

  /** The bytes are free again when it resolves. */
  async write(bytes: Buffer, offset_bytes: number): Promise<void> {
    await inParts(bytes.length, (at, length) =>
      this.#ask(COMMAND.write, offset_bytes + at, length, { data: bytes.subarray(at, at + length) }),
    );
  }

  /** Leaves holes where the server can. */
  async zero(offset_bytes: number, length_bytes: number): Promise<void> {
    if (!this.#export.can_zero) {
      const zeros = Buffer.alloc(Math.min(length_bytes, MAX_REQUEST_BYTES));
      await inParts(length_bytes, (at, length) => this.write(zeros.subarray(0, length), offset_bytes + at));
      return;
    }
    await inParts(length_bytes, (at, length) => this.#ask(COMMAND.write_zeroes, offset_bytes + at, length));
  }

  /** What was written before outlives a power cut. */
  async flush(): Promise<void> {
    if (this.#export.can_flush) await this.#ask(COMMAND.flush, 0, 0);
  }

  /** Parts of the disk in order, as far as one answer tells; at least one. */
  async status(offset_bytes: number, length_bytes: number): Promise<Status[]> {
    if (this.#export.allocation_context === undefined) return [{ length_bytes, zero: false }];
    return await this.#ask(COMMAND.block_status, offset_bytes, Math.min(length_bytes, MAX_REQUEST_BYTES));
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, "close");
    this.#socket.end(request(COMMAND.disconnect, 0n, 0, 0));
    await closed;
  }

  async #ask(
    command: number,
    offset: number,
    length: number,
    { into, data }: { into?: Buffer; data?: Buffer } = {},
  ): Promise<Status[]> {
    if (this.#gone) throw this.#gone;
    const cookie = this.#cookie++;
    const pending: Pending = { ...Promise.withResolvers<void>(), offset, into, status: [] };
    this.#pending.set(cookie, pending);
    this.#socket.cork();
    this.#socket.write(request(command, cookie, offset, length));
    if (data) this.#socket.write(data);
    this.#socket.uncork();
    await pending.promise;
    return pending.status;
  }

  async #receive(bytes: ByteReader): Promise<void> {
    try {
      for (;;) {
        const magic = (await bytes.take(4)).readUInt32BE();
        if (magic === SIMPLE_REPLY_MAGIC) await this.#receiveSimple(bytes);
        else if (magic === CHUNK_REPLY_MAGIC) await this.#receiveChunk(bytes);
        else throw new Error(`the NBD server sent 0x${magic.toString(16)} where a reply must begin`);
      }
    } catch (cause) {
      this.#socket.destroy();
      this.#gone =
        cause instanceof StreamEnded ? cause : new Error(`the NBD connection failed: ${cause}`, { cause });
      for (const { reject } of this.#pending.values()) reject(this.#gone);
      this.#pending.clear();
    }
  }

  async #receiveSimple(bytes: ByteReader): Promise<void> {
    const head = await bytes.take(12);
    const error = head.readUInt32BE(0);
    const cookie = head.readBigUInt64BE(4);
    const pending = this.#find(cookie);
    if (error === 0 && pending.into) await bytes.fill(pending.into);
    this.#pending.delete(cookie);
    if (error === 0) pending.resolve();
    else pending.reject(new Error(`the NBD server answered with error ${error}`));
  }

  async #receiveChunk(bytes: ByteReader): Promise<void> {
    const head = await bytes.take(16);
    const flags = head.readUInt16BE(0);
    const type = head.readUInt16BE(2);
    const cookie = head.readBigUInt64BE(4);
    const length = head.readUInt32BE(12);
    const pending = this.#find(cookie);
    if (type === REPLY.data) {
      const at = Number((await bytes.take(8)).readBigUInt64BE()) - pending.offset;
      await bytes.fill(within(pending, at, length - 8));
    } else if (type === REPLY.hole) {
      const hole = await bytes.take(12);
      within(pending, Number(hole.readBigUInt64BE(0)) - pending.offset, hole.readUInt32BE(8)).fill(0);
    } else {
      const payload = await bytes.take(length);
      if ((type & REPLY_ERROR) !== 0) pending.reject(errorOf(payload));
      else if (type === REPLY.block_status) pending.status.push(...this.#statusOf(payload));
      else if (type !== REPLY.none) throw new Error(`the NBD server sent a reply of type ${type}`);
    }
    if ((flags & REPLY_DONE) === 0) return;
    this.#pending.delete(cookie);
    pending.resolve(); // after a reject it changes nothing
  }

  #find(cookie: bigint): Pending {
    const pending = this.#pending.get(cookie);
    if (!pending) throw new Error(`the NBD server answered request ${cookie}, which was not asked`);
    return pending;
  }

  #statusOf(payload: Buffer): Status[] {
    if (payload.readUInt32BE(0) !== this.#export.allocation_context) return [];
    const parts: Status[] = [];
    for (let at = 4; at < payload.length; at += 8)
      parts.push({
        length_bytes: payload.readUInt32BE(at),
        zero: (payload.readUInt32BE(at + 4) & STATE_ZERO) !== 0,
      });
    return parts;
  }
}

function within({ into }: Pending, at: number, length: number): Buffer {
  if (!into || at < 0 || length < 0 || at + length > into.length)
    throw new Error("the NBD server answered with bytes that were not asked for");
  return into.subarray(at, at + length);
}

function request(command: number, cookie: bigint, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(REQUEST_BYTES);
  bytes.writeUInt32BE(REQUEST_MAGIC, 0);
  bytes.writeUInt16BE(command, 6);
  bytes.writeBigUInt64BE(cookie, 8);
  bytes.writeBigUInt64BE(BigInt(offset), 16);
  bytes.writeUInt32BE(length, 24);
  return bytes;
}

function errorOf(payload: Buffer): Error {
  const said = payload.toString("utf8", 6, 6 + payload.readUInt16BE(4));
  return new Error(`the NBD server answered with error ${payload.readUInt32BE(0)}${said && `: ${said}`}`);
}

async function inParts(total: number, ask: (at: number, length: number) => Promise<unknown>): Promise<void> {
  const asked: Promise<unknown>[] = [];
  for (let at = 0; at < total; at += MAX_REQUEST_BYTES)
    asked.push(ask(at, Math.min(MAX_REQUEST_BYTES, total - at)));
  for (const { status, ...result } of await Promise.allSettled(asked))
    if (status === "rejected" && "reason" in result) throw result.reason;
}
