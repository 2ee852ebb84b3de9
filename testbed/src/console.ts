import { once } from "node:events";

/** A console that answers does so at once; a guest has nothing to do with it. */
const ANSWER_MS = 60_000;

export interface SeenConsole {
  /** Of noVNC's page. */
  readonly status: number;
  readonly type: string;
  /** The first bytes of QEMU's VNC server: `RFB 003.008`. */
  readonly greeting: string;
}

/** Opens a console as a browser does: its page, then the WebSocket that the page's script opens. */
export async function openConsole(url: string): Promise<SeenConsole> {
  const page = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  await page.arrayBuffer();
  // noVNC opens its WebSocket at `path` of the host that it came from
  const { host, protocol, searchParams } = new URL(url);
  const scheme = protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${host}/${searchParams.get("path") ?? ""}`, ["binary"]);
  socket.binaryType = "arraybuffer";
  try {
    const [event] = (await Promise.race([
      once(socket, "message", { signal: AbortSignal.timeout(ANSWER_MS) }),
      once(socket, "error").then(() => Promise.reject(new Error(`no WebSocket at ${host}`))),
    ])) as [{ readonly data: ArrayBuffer }];
    const greeting = Buffer.from(event.data).toString("latin1").trim();
    return { status: page.status, type: page.headers.get("content-type") ?? "", greeting };
  } finally {
    socket.close();
  }
}
