import type { TLSSocket } from "node:tls";
import { ByteReader } from "@uniview/repository/nbd/byte-reader";
import { z } from "zod";
import { TransferFailure } from "../failure.ts";
import {
  encodeChunk,
  encodeFrame,
  type Frame,
  type FrameHead,
  KIND,
  malformed,
  PING_MS,
  readFrame,
  SILENCE_MS,
  STREAM_VERSION,
} from "./frame.ts";

const Hello = z.object({
  version: z.int(),
  size_bytes: z.int().nonnegative(),
  chunk_bytes: z.int(),
  hashes: z.array(z.enum(["sha256", "blake3"])).min(1),
});
export type Hello = z.infer<typeof Hello>;

const Said = z.object({ slug: z.string(), message: z.string() });

/** One connection between two movers that know each other: frames in, frames out, silence noticed. */
export class Link {
  readonly #socket: TLSSocket;
  readonly #bytes: ByteReader;
  readonly #pinging: NodeJS.Timeout;
  /** What had been heard at the last ping, and how many were sent since anything was. */
  #heard_bytes = 0;
  #unheard_pings = 0;
  /** Settles when all that was sent was taken. */
  #written: Promise<void> = Promise.resolve();
  #backlog_frames = 0;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.#bytes = new ByteReader(socket);
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE_MS, () => socket.destroy(silent())); // once it is closed, and pings no more
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#pinging.unref();
  }

  /** How many frames wait for the network. */
  get backlog_frames(): number {
    return this.#backlog_frames;
  }

  send(kind: number, head: FrameHead = {}, payload?: Uint8Array): Promise<void> {
    return this.#write(encodeFrame(kind, head, payload));
  }

  /** Resolves when the network has taken the first bytes of a slot's part: they are free again. */
  sendChunk(head: FrameHead, digest: Buffer, part: Buffer, length: number): Promise<void> {
    return this.#write(encodeChunk(head, digest, part, length));
  }

  /** The next frame that says something. Its payload must be taken by `payload` or `fill`. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = await readFrame(this.#bytes);
      if (frame.kind === KIND.failed) throw await this.#failure(frame);
      if (frame.kind !== KIND.ping) return frame;
    }
  }

  /** Good until the next question. */
  payload({ length }: Frame): Promise<Buffer> {
    return this.#bytes.take(length);
  }

  async fill(into: Buffer): Promise<void> {
    await this.#bytes.fill(into);
  }

  async sayHello(hello: Omit<Hello, "version">): Promise<void> {
    await this.send(KIND.hello, {}, Buffer.from(JSON.stringify({ version: STREAM_VERSION, ...hello })));
  }

  async hearHello(): Promise<Hello> {
    const frame = await this.next();
    if (frame.kind !== KIND.hello) throw malformed(`a frame of kind ${frame.kind} before its hello`);
    const hello = Hello.safeParse(parse(await this.payload(frame)));
    if (!hello.success || hello.data.version !== STREAM_VERSION)
      throw malformed("a hello of another version");
    return hello.data;
  }

  /** Tells the other side why it ends, if it still listens. */
  async sayFailure({ slug, message }: TransferFailure["problem"]): Promise<void> {
    await this.send(KIND.failed, {}, Buffer.from(JSON.stringify({ slug, message }))).catch(() => {});
    this.#socket.end();
  }

  /** Ends the connection after what was sent. */
  close(): void {
    clearInterval(this.#pinging);
    void this.#written.then(() => this.#socket.destroySoon());
  }

  /** A socket's own timeout counts what is sent, too, and the kernel takes pings to a machine that is gone for a quarter of an hour. */
  #ping(): void {
    const { bytesRead } = this.#socket;
    const heard = bytesRead !== this.#heard_bytes || this.#socket.isPaused(); // paused: it is us who do not listen
    this.#heard_bytes = bytesRead;
    this.#unheard_pings = heard ? 0 : this.#unheard_pings + 1;
    if (this.#unheard_pings * PING_MS >= SILENCE_MS) this.#socket.destroy(silent());
    else void this.send(KIND.ping).catch(() => {});
  }

  /** One frame at a time: those that wait in a TLS socket are copied together before they are encrypted. */
  #write(frame: Buffer): Promise<void> {
    this.#backlog_frames++;
    const taken = this.#written.then(() => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#socket.write(frame, (error) => (error ? reject(error) : resolve()));
      return promise;
    });
    this.#written = taken
      .catch(() => {}) // told to whoever sent it
      .finally(() => {
        this.#backlog_frames--;
      });
    return taken;
  }

  async #failure(frame: Frame): Promise<TransferFailure> {
    const said = Said.safeParse(parse(await this.payload(frame)));
    const message = said.success ? said.data.message : "it does not say why";
    return new TransferFailure("target", "transfer-failed", `The other mover failed: ${message}`);
  }
}

function silent(): Error {
  return new Error(`silent for ${SILENCE_MS / 1000} s`);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
