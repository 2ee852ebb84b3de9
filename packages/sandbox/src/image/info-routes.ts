import { json } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";

const METHODS = {
  description: "Import methods available.",
  type: "array",
  value: ["glance-direct", "web-download"],
};

export const INFO_ROUTES: Route[] = [
  route("GET", "/info/import", () => json({ "import-methods": METHODS })),
  route("GET", "/info/stores", () => json({ stores: [{ id: "sandbox", default: "true" }] })),
];
