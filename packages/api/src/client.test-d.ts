import { createClient, endpoints } from "./index.ts";

/** Compiled, never run: the client's types follow the contract. */
export async function typesFollowTheContract() {
  const client = createClient({ base_url: "" });
  const servers = await client.call(endpoints.listServers, { query: { q: "web" } });
  const vcpus: number | null | undefined = servers.items[0]?.flavor.vcpus;
  await client.call(endpoints.listServers);
  const signedOut: undefined = await client.call(endpoints.signOut);
  const plan = await client.call(endpoints.planMigration, {
    body: { server: { site: "a", id: "b" }, to: "c" },
  });
  const outcome: "pass" | "warn" | "fail" | undefined = plan.checks[0]?.outcome;
  // @ts-expect-error the path parameter is needed
  await client.call(endpoints.getJob);
  return { vcpus, signedOut, outcome };
}
