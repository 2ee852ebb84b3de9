import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { DiskSource } from "../operation/disk-source.ts";
import { ByteReader, StreamEnded } from "./byte-reader.ts";
import {
  COMMAND,
  EXPORT_FLAG,
  HANDSHAKE_FIXED_NEWSTYLE,
  HANDSHAKE_NO_ZEROES,
  INFO_EXPORT,
  MAX_REQUEST_BYTES,
  NBD_ERROR,
  NBD_MAGIC,
  OPTION,
  OPTION_MAGIC,
  OPTION_REPLY,
  OPTION_REPLY_MAGIC,
  REQUEST_BYTES,
  REQUEST_MAGIC,
  SIMPLE_REPLY_MAGIC,
} from "./wire.ts";

const MAX_OPTION_BYTES = 65_536;
/** Reads of one client at a time; who asks for more waits. */
const MAX_READS = 16;

/** Serves a disk, read-only, by NBD on a unix socket, to whoever may open the socket. */
export async function serveDisk(disk: DiskSource, socket_path: string): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    serveClient(disk, socket).catch(() => socket.destroy()); // gone, or speaks something else
  });
  server.listen(socket_path);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

async function serveClient(disk: DiskSource, socket: Socket): Promise<void> {
  const bytes = new ByteReader(socket);
  const greeting = Buffer.alloc(18);
  NBD_MAGIC.copy(greeting, 0);
  OPTION_MAGIC.copy(greeting, 8);
  greeting.writeUInt16BE(HANDSHAKE_FIXED_NEWSTYLE | HANDSHAKE_NO_ZEROES, 16);
  socket.write(greeting);
  await bytes.take(4);
  if (!(await answerOptions(disk, socket, bytes))) return void socket.end();
  const reads = new Set<Promise<void>>();
  for (;;) {
    const request = Buffer.from(await nextRequest(bytes));
    if (request.readUInt32BE(0) !== REQUEST_MAGIC) throw new Error("no NBD request");
    const command = request.readUInt16BE(6);
    if (command === COMMAND.disconnect) break;
    if (command === COMMAND.write) throw new Error("the disk is read-only, as was said");
    if (command !== COMMAND.read) {
      socket.write(reply(request, NBD_ERROR.unsupported));
      continue;
    }
    while (reads.size >= MAX_READS) await Promise.race(reads);
    const read: Promise<void> = answerRead(disk, socket, request).finally(() => reads.delete(read));
    reads.add(read);
  }
  await Promise.all(reads);
  socket.end();
}

/** Answers options until the client enters an export (true) or leaves (false). */
async function answerOptions(disk: DiskSource, socket: Socket, bytes: ByteReader): Promise<boolean> {
  for (;;) {
    const head = Buffer.from(await bytes.take(16));
    const option = head.readUInt32BE(8);
    const length = head.readUInt32BE(12);
    if (!head.subarray(0, 8).equals(OPTION_MAGIC) || length > MAX_OPTION_BYTES)
      throw new Error("no NBD option");
    await bytes.take(length);
    if (option === OPTION.export_name) {
      socket.write(exportInfo(disk).subarray(2));
      return true;
    }
    if (option === OPTION.go) {
      socket.write(optionReply(option, OPTION_REPLY.info, exportInfo(disk)));
      socket.write(optionReply(option, OPTION_REPLY.ack));
      return true;
    }
    if (option === OPTION.abort) {
      socket.write(optionReply(option, OPTION_REPLY.ack));
      return false;
    }
    socket.write(optionReply(option, OPTION_REPLY.unsupported));
  }
}

function exportInfo({ size_bytes }: DiskSource): Buffer {
  const info = Buffer.alloc(12);
  info.writeUInt16BE(INFO_EXPORT, 0);
  info.writeBigUInt64BE(BigInt(size_bytes), 2);
  info.writeUInt16BE(EXPORT_FLAG.has_flags | EXPORT_FLAG.read_only | EXPORT_FLAG.multi_conn, 10);
  return info;
}

function optionReply(option: number, type: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(OPTION_REPLY_MAGIC, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(type, 12);
  head.writeUInt32BE(data.length, 16);
  return Buffer.concat([head, data]);
}

/** A client that just closes the connection has disconnected, too. */
async function nextRequest(bytes: ByteReader): Promise<Buffer> {
  try {
    return await bytes.take(REQUEST_BYTES);
  } catch (error) {
    if (!(error instanceof StreamEnded)) throw error;
    const disconnect = Buffer.alloc(REQUEST_BYTES);
    disconnect.writeUInt32BE(REQUEST_MAGIC, 0);
    disconnect.writeUInt16BE(COMMAND.disconnect, 6);
    return disconnect;
  }
}

async function answerRead(disk: DiskSource, socket: Socket, request: Buffer): Promise<void> {
  const offset = Number(request.readBigUInt64BE(16));
  const length = request.readUInt32BE(24);
  if (length > MAX_REQUEST_BYTES || offset + length > disk.size_bytes)
    return void socket.write(reply(request, NBD_ERROR.invalid));
  const bytes = Buffer.allocUnsafe(length);
  try {
    await disk.read(bytes, offset);
  } catch {
    // A damaged chunk is an I/O error to the reader; verify names it.
    return void socket.write(reply(request, NBD_ERROR.io));
  }
  socket.cork();
  socket.write(reply(request, 0));
  socket.write(bytes);
  socket.uncork();
}

function reply(request: Buffer, error: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(SIMPLE_REPLY_MAGIC, 0);
  head.writeUInt32BE(error, 4);
  request.copy(head, 8, 8, 16);
  return head;
}
