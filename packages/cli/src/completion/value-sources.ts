import { endpoints, readCloudsYaml } from "@uniview/api";
import type { Cli } from "../cli.ts";
import { findCloudsYaml } from "../clouds/find-clouds-yaml.ts";
import { readList } from "../inventory/read-list.ts";
import * as kinds from "../inventory/resource-kinds.ts";
import type { ValueSource, ValueSources } from "./complete.ts";

/** Who presses Tab does not wait longer. */
const PATIENCE_MS = 1_500;
/** More candidates help nobody. */
const MOST = 200;

/** Values from the Uniview that one is signed in to; without one there are none, silently. */
export function valueSources(cli: Cli): ValueSources {
  const signal = AbortSignal.any([cli.surroundings.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const quiet =
    (read: ValueSource): ValueSource =>
    (begun) =>
      read(begun).catch(() => []);

  const named = <R extends kinds.Row>(kind: kinds.Kind<R>) =>
    quiet(async (begun) => {
      const name = begun.slice(begun.indexOf("/") + 1);
      const q = name === "" ? "" : `name:"${name.replaceAll('"', " ")}"`;
      const { items } = await readList(await cli.client(), kind, { q, limit: MOST, signal });
      return items.flatMap((row) => [...(begun.includes("/") ? [] : [row.name]), `${row.site}/${row.name}`]);
    });

  return {
    site: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listSites, { signal });
      return items.map(({ name }) => name);
    }),
    job: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listJobs, {
        query: { limit: MOST },
        signal,
      });
      return items.map(({ id }) => id);
    }),
    token: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listTokens, { signal });
      return items.map(({ name }) => name);
    }),
    project: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listProjects, { signal });
      return items.map(({ name }) => name);
    }),
    credential: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listApplicationCredentials, { signal });
      return items.map(({ name }) => name);
    }),
    user: quiet(async () => {
      const { items } = await (await cli.client()).call(endpoints.listUsers, { signal });
      return items.map(({ name }) => name);
    }),
    entry: quiet(async () =>
      readCloudsYaml((await findCloudsYaml(cli.surroundings)).text).map(({ name }) => name),
    ),
    server: named(kinds.servers),
    volume: named(kinds.volumes),
    image: named(kinds.images),
    flavor: named(kinds.flavors),
    network: named(kinds.networks),
    port: named(kinds.ports),
    "security-group": named(kinds.securityGroups),
    keypair: named(kinds.keypairs),
  };
}
