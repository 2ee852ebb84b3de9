import { Problem } from "@uniview/api";
import type { Surroundings } from "../surroundings.ts";
import { readConfig } from "./config-file.ts";

/** Where `npm run demo` and `npm start` listen. */
export const DEFAULT_URL = "http://127.0.0.1:8778";

export interface Connection {
  readonly url: string;
  readonly token: string;
}

/**
 * UNIVIEW_URL and UNIVIEW_TOKEN win over what login remembered. A remembered token goes only to the address that it was made at.
 *
 * @throws Problem `not-signed-in`
 */
export async function findConnection(surroundings: Surroundings): Promise<Connection> {
  const { env } = surroundings;
  const given_token = env["UNIVIEW_TOKEN"];
  const given_url = env["UNIVIEW_URL"] && tidyUrl(env["UNIVIEW_URL"]);
  if (given_url && given_token) return { url: given_url, token: given_token };
  const config = await readConfig(surroundings);
  if (given_token) return { url: config?.url ?? DEFAULT_URL, token: given_token };
  if (config && (given_url === undefined || given_url === "" || given_url === config.url)) return config;
  throw new Problem(
    "not-signed-in",
    given_url ? `There is no token for ${given_url}.` : "You are not signed in to a Uniview.",
    {
      remedy: `Run: uniview login --url ${given_url || DEFAULT_URL}   (or set UNIVIEW_URL and UNIVIEW_TOKEN)`,
    },
  );
}

/** @throws Problem `invalid-input` */
export function tidyUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Problem("invalid-input", `"${text}" is not the address of a Uniview.`, {
      field: "url",
      remedy: `Give it with http or https before it, such as ${DEFAULT_URL}.`,
    });
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}
