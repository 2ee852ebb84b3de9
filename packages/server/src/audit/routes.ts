import { endpoints, Problem } from "@uniview/api";
import type { App } from "../http/app.ts";
import { route } from "../http/route.ts";
import type { Recorder } from "./recorder.ts";
import type { AuditStore } from "./store.ts";

export function registerAudit(app: App, store: AuditStore, recorder: Recorder): void {
  route(app, endpoints.listAudit, async ({ user, query }) => {
    await recorder.written();
    const { limit, cursor, actor, site } = query;
    const rows = await store.list({
      actor_id: user.role === "administrator" ? undefined : user.user_id,
      actor_name: actor,
      site,
      before_seq: cursor === undefined ? undefined : readSeq(cursor),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { next_cursor: String(last.seq) } : {}) };
  });
  route(app, endpoints.verifyAudit, async ({ query }) => {
    await recorder.written();
    return store.check(query.expected);
  });
}

function readSeq(cursor: string): number {
  const seq = Number(cursor);
  if (Number.isSafeInteger(seq) && seq > 0) return seq;
  throw new Problem("invalid-input", "cursor: is not one that Uniview gave.", {
    field: "cursor",
    remedy: "Begin again without a cursor, and pass on `next_cursor` as it came.",
  });
}
