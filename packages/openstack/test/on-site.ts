import type { ServiceClient } from "../src/service/service-client.ts";
import type { ServiceType } from "../src/service/service-types.ts";
import { createSession } from "../src/session/session.ts";
import type { Session } from "../src/session/session-types.ts";
import { catalogEntry, tokenReply } from "./keystone-stub.ts";
import { type StubAnswer, type StubHandler, type StubSite, stubSite } from "./stub-site.ts";

export interface OnSite {
  client: ServiceClient;
  session: Session;
  site: StubSite;
  /** `answer("GET /servers", …)`, below the service's endpoint. */
  answer(name: string, reply: StubAnswer | StubHandler): void;
}

const VERSIONED: Readonly<Record<ServiceType, string>> = {
  identity: "/v3",
  compute: "/compute/v2.1",
  "block-storage": "/block-storage/v3",
  image: "/image/v2",
  network: "/network/v2.0",
  placement: "/placement",
};

/** Runs a test against a stub site with one service, of the release that `max` (its highest microversion) stands for. */
export async function onSite(
  wish: { type: ServiceType; max?: string },
  use: (on: OnSite) => Promise<void>,
): Promise<void> {
  await using site = await stubSite();
  const base = VERSIONED[wish.type];
  site.on["POST /v3/auth/tokens"] = tokenReply({ catalog: [catalogEntry(wish.type, site.url + base)] });
  const id = base.split("/").at(-1) ?? "";
  const version = {
    id,
    status: "CURRENT",
    version: wish.max ?? "",
    min_version: wish.max === undefined ? "" : `${id.slice(1, 2)}.0`,
  };
  site.on[`GET ${base}/`] = { json: { version } };
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${site.url}/v3`, auth });
  try {
    const client = await session.service(wish.type);
    const answer = (name: string, reply: StubAnswer | StubHandler) => {
      const [method, path] = name.split(" ");
      site.on[`${method} ${new URL(client.endpoint).pathname}${path}`] = reply;
    };
    await use({ client, session, site, answer });
  } finally {
    await session.close();
  }
}
