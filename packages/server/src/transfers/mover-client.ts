import { request } from "node:http";
import { Problem, ProblemDetail } from "@uniview/api";
import { MAX_WAIT_MS, TransferFigures, type TransferSpecInput } from "@uniview/api/mover";
import type { MoverAddress } from "./mover-process.ts";

/** The mover's process is gone, or going: another will be started. */
export class MoverGone extends Error {}

/** The mover runs, but was started anew, or the transfer was dropped. */
export class TransferUnknown extends Error {}

/** One call to a mover. @throws MoverGone | TransferUnknown | Problem | the signal's reason */
async function call(
  { token, socketPath, port }: MoverAddress,
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sending = request(
      {
        ...(socketPath === undefined ? { host: "127.0.0.1", port } : { socketPath }),
        agent: false,
        method,
        path,
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload ? { "content-type": "application/json" } : {}),
        },
        ...(signal ? { signal } : {}),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    sending.on("error", reject);
    sending.end(payload);
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new MoverGone("the mover does not answer", { cause });
  });
  if (status >= 200 && status < 300) return text === "" ? undefined : JSON.parse(text);
  if (status === 404) throw new TransferUnknown("the mover does not know the transfer");
  throw Problem.from(ProblemDetail.parse(JSON.parse(text)));
}

export async function putTransfer(
  mover: MoverAddress,
  id: string,
  spec: TransferSpecInput,
): Promise<TransferFigures> {
  return TransferFigures.parse(await call(mover, "PUT", `/transfers/${id}`, spec));
}

/** The next figures after that revision, or the same ones after a while. */
export async function nextFigures(
  mover: MoverAddress,
  id: string,
  since: number,
  signal?: AbortSignal,
): Promise<TransferFigures> {
  const path = `/transfers/${id}?since=${since}&wait_ms=${MAX_WAIT_MS}`;
  return TransferFigures.parse(await call(mover, "GET", path, undefined, signal));
}

export async function deleteTransfer(mover: MoverAddress, id: string, spool: "drop" | "keep"): Promise<void> {
  await call(mover, "DELETE", `/transfers/${id}?spool=${spool}`);
}
