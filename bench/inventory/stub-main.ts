import { type StubSite, startStubSite } from "./stub-site.ts";

/** What the bench tells the process of the stubs; each is answered when it is done. */
export type StubOrder =
  | { readonly does: "start"; readonly sites: number; readonly servers: number }
  | { readonly does: "change"; readonly count: number }
  | { readonly does: "sleep" | "wake"; readonly site: number };

let sites: StubSite[] = [];

const carryOut = async (order: StubOrder): Promise<string[]> => {
  switch (order.does) {
    case "start":
      sites = await Promise.all(
        Array.from({ length: order.sites }, (_, site) => startStubSite(site, order.servers)),
      );
      return sites.map(({ auth_url }) => auth_url);
    case "change":
      for (const site of sites) site.change(order.count);
      return [];
    case "sleep":
    case "wake":
      sites[order.site]?.[order.does]();
      return [];
  }
};

process.on("message", async (order: StubOrder) => process.send?.(await carryOut(order)));
// whoever is measured ends with who measures, however that ends
process.once("disconnect", () => process.exit());
