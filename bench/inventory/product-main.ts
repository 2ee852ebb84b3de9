import { keepHeapSmall } from "@uniview/server/small-heap";
import { type Cost, measure } from "./measure.ts";
import type { Product } from "./product.ts";
import type { SearchRace } from "./search-race.ts";

/** What the bench tells the process of the product; each is answered when it is done. */
export type ProductOrder =
  | { readonly does: "open"; readonly database_url: string; readonly auth_urls: readonly string[] }
  | { readonly does: "read first" | "read the rest" }
  | {
      readonly does: "refresh" | "read all";
      readonly sites: readonly number[];
      readonly beside: readonly number[];
    }
  | { readonly does: "search"; readonly sites: number; readonly servers: number; readonly times: number }
  | { readonly does: "wait for those beside" | "close" };

export interface ProductAnswer {
  readonly cost?: Cost;
  readonly searches?: SearchRace[];
}

// as the server does: before the rest of it is loaded
keepHeapSmall();
const { openProduct } = await import("./product.ts");
const { raceSearches } = await import("./search-race.ts");

let product: Product | undefined;
let beside: Promise<void> = Promise.resolve();

const carryOut = async (order: ProductOrder): Promise<ProductAnswer> => {
  if (order.does === "open") {
    product = await openProduct(order.database_url, order.auth_urls);
    return {};
  }
  const opened = product;
  if (!opened) throw new Error("Nothing is open.");
  switch (order.does) {
    case "read first":
      return { cost: await measure(() => opened.readFirst()) };
    case "read the rest":
      return { cost: await measure(() => opened.readRest()) };
    case "read all":
      await opened.makeFullReadingDue();
      break;
    case "refresh":
      break;
    case "search":
      return { searches: await raceSearches(opened, order.sites, order.servers, order.times) };
    case "wait for those beside":
      await beside;
      return {};
    case "close":
      await opened.close();
      return {};
  }
  beside = opened.refresh(order.beside);
  return { cost: await measure(() => opened.refresh(order.sites)) };
};

process.on("message", async (order: ProductOrder) => process.send?.(await carryOut(order)));
// whoever is measured ends with who measures, however that ends
process.once("disconnect", () => process.exit());
