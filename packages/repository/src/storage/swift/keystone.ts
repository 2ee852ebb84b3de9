import { z } from "zod";
import { StorageRefused } from "../storage-refused.ts";
import type { KeystoneIdentity } from "./swift-access.ts";

/** What is sent for a token. An application credential knows its project by itself. */
export function keystoneBody(identity: KeystoneIdentity): object {
  if (identity.method === "application_credential") {
    const { id, secret } = identity;
    return {
      auth: { identity: { methods: ["application_credential"], application_credential: { id, secret } } },
    };
  }
  const { user, password, project } = identity;
  return {
    auth: {
      identity: { methods: ["password"], password: { user: { ...user, password } } },
      scope: { project },
    },
  };
}

const Answer = z.object({
  token: z.object({
    catalog: z.array(
      z.object({
        type: z.string(),
        endpoints: z.array(
          z.object({ url: z.string(), interface: z.string(), region: z.string().nullish() }),
        ),
      }),
    ),
  }),
});

/** The account's URL in the catalog that came with a token. @throws StorageRefused when there is none, or more than one */
export function objectStoreUrl(
  answer: string,
  wanted: { readonly region?: string; readonly interface: string },
): string {
  const { catalog } = Answer.parse(JSON.parse(answer)).token;
  const all = catalog.filter(({ type }) => type === "object-store").flatMap(({ endpoints }) => endpoints);
  const fitting = all.filter(
    (endpoint) =>
      endpoint.interface === wanted.interface &&
      (wanted.region === undefined || endpoint.region === wanted.region),
  );
  const [first, second] = fitting;
  if (first && !second) return first.url;
  const where = wanted.region === undefined ? "" : ` in region ${wanted.region}`;
  const known = [...new Set(all.map(({ region, interface: kind }) => `${kind} in ${region ?? "no region"}`))];
  throw new StorageRefused(
    first
      ? `Keystone knows ${fitting.length} ${wanted.interface} object stores: choose one by region (${known.join(", ")})`
      : `Keystone's catalog has no ${wanted.interface} object store${where} for this project: it has ${known.join(", ") || "none at all"}`,
  );
}
