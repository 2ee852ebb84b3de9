import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { catalogEntry, countingTokens } from "../../test/keystone-stub.ts";
import { stubSite } from "../../test/stub-site.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session-types.ts";

const PIECES = 200;
const PIECE = Buffer.alloc(1024, 1);

interface Stand {
  session: Session;
  glance: ServiceClient;
  /** Tokens that Keystone takes. */
  good: Set<string>;
  /** Tokens that bodies were asked for or sent with, in order. */
  shown: string[];
}

/** A Glance that takes each token only while it is good, and whose tokens live as long as the test says. */
async function onGlance(lifetime_ms: number, use: (stand: Stand) => Promise<void>): Promise<void> {
  await using site = await stubSite();
  const catalog = [catalogEntry("image", `${site.url}/v2`)];
  const give = countingTokens(() => ({ catalog, lifetime_ms }));
  const good = new Set<string>();
  const shown: string[] = [];
  site.on["POST /v3/auth/tokens"] = async (request) => {
    const reply = await give(request);
    if (typeof reply === "object") good.add(reply.headers?.["x-subject-token"] ?? "");
    return reply;
  };
  const guarded = (text?: string) => (request: { headers: Record<string, unknown> }) => {
    const token = String(request.headers["x-auth-token"]);
    shown.push(token);
    return good.has(token) ? { text: text ?? "{}" } : { status: 401, json: { message: "ended" } };
  };
  site.on["GET /v2/images/i1/file"] = guarded(PIECE.toString().repeat(PIECES));
  site.on["PUT /v2/images/i1/file"] = guarded();
  site.on["GET /v2/images"] = guarded();
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${site.url}/v3`, auth });
  try {
    await use({ session, glance: await session.service("image"), good, shown });
  } finally {
    await session.close();
  }
}

test("a token that ends during a download neither cuts it nor disturbs the calls beside it", async () => {
  await onGlance(3_600_000, async ({ glance, good, shown }) => {
    const { body } = await glance.stream("/images/i1/file");
    let bytes = 0;
    for await (const piece of body) {
      if (bytes === 0) {
        good.clear();
        await glance.get("/images");
      }
      bytes += piece.length;
    }
    expect(bytes).toBe(PIECES * PIECE.length);
    expect(shown).toEqual(["token-1", "token-1", "token-2"]);
    await (await glance.stream("/images/i1/file")).body.toArray();
    expect(shown.at(-1)).toBe("token-2");
  });
});

test("a body is not begun with a token that is about to end", async () => {
  await onGlance(5 * 60_000, async ({ session, glance, shown }) => {
    await session.token();
    async function* pieces() {
      for (let piece = 0; piece < PIECES; piece += 1) {
        await turn();
        yield PIECE;
      }
    }
    const { body } = await glance.stream("/images/i1/file", { method: "PUT", body: Readable.from(pieces()) });
    await body.toArray();
    expect(shown).toEqual(["token-2"]);
  });
});

test("a download is asked for again with a new token, an upload is not, since its body is read once", async () => {
  await onGlance(3_600_000, async ({ glance, good, shown }) => {
    good.clear();
    await (await glance.stream("/images/i1/file")).body.toArray();
    expect(shown).toEqual(["token-1", "token-2"]);
    good.clear();
    const upload = glance.stream("/images/i1/file", { method: "PUT", body: Readable.from([PIECE]) });
    await expect(upload).rejects.toMatchObject({ status: 401 });
    await (
      await glance.stream("/images/i1/file", { method: "PUT", body: Readable.from([PIECE]) })
    ).body.toArray();
    expect(shown.slice(2)).toEqual(["token-2", "token-3"]);
  });
});
