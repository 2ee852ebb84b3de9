import { json } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { CONTAINER_FORMATS, DISK_FORMATS } from "./create-image.ts";

const METHODS = {
  description: "Import methods available.",
  type: "array",
  value: ["glance-direct", "web-download"],
};

/** What clients read of the schema: which formats this site takes. The real one describes every field. */
const SCHEMA = {
  name: "image",
  properties: {
    id: { type: "string", description: "An identifier for the image" },
    name: { type: ["null", "string"], description: "Descriptive name for the image", maxLength: 255 },
    disk_format: {
      type: ["null", "string"],
      description: "Format of the disk",
      enum: [null, ...DISK_FORMATS],
    },
    container_format: {
      type: ["null", "string"],
      description: "Format of the container",
      enum: [null, ...CONTAINER_FORMATS],
    },
  },
  additionalProperties: { type: "string" },
  links: [{ rel: "self", href: "{self}" }],
};

export const INFO_ROUTES: Route[] = [
  route("GET", "/schemas/image", () => json(SCHEMA)),
  route("GET", "/info/import", () => json({ "import-methods": METHODS })),
  route("GET", "/info/stores", () => json({ stores: [{ id: "sandbox", default: "true" }] })),
];
