import { z } from "zod";

/** Schemas of the words that everything else is made of. */

export const Instant = z.iso.datetime().describe("ISO 8601, UTC");
export const SiteName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, "1 to 39 of a-z, 0-9 and -, beginning with a letter or a digit")
  .describe("The name of a site in Uniview");
export const Uuid = z.uuid();

/** A foreign id never travels bare: always with its site. */
export const Ref = z.object({ site: SiteName, id: z.string().min(1).max(255) }).meta({ id: "Ref" });
export type Ref = z.infer<typeof Ref>;

/** What the last look at a site said; `stale` = older than it should be, `unreachable` = the last look failed. */
export const Freshness = z.enum(["fresh", "stale", "unreachable"]);
export type Freshness = z.infer<typeof Freshness>;

export const ProblemDetail = z
  .object({
    type: z.string().describe("URI whose last part is the slug of the problem table"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("One clear sentence"),
    remedy: z.string().optional().describe("What to do next"),
    field: z.string().optional().describe("The field of the request that is at fault"),
    site: z.string().optional(),
    service: z.string().optional(),
    request_id: z.string().optional().describe("The site's own request id"),
    job_id: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type ProblemDetail = z.infer<typeof ProblemDetail>;

/** How a list over sites says, per site, how old its part is. */
export const SiteFreshness = z
  .object({
    site: SiteName,
    state: Freshness,
    as_of: Instant.nullable().describe("When the site was last read in full; null = never yet"),
    problem: ProblemDetail.optional(),
  })
  .meta({ id: "SiteFreshness" });
export type SiteFreshness = z.infer<typeof SiteFreshness>;

/** Most rows of one page. */
export const MAX_PAGE = 1000;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100).describe("Most rows to return"),
  cursor: z.string().max(1024).optional().describe("`next_cursor` of the page before"),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().optional() });

/** A list over sites never fails whole: it has what there is, and says per site how old that is. */
export const listOverSites = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    sites: z.array(SiteFreshness),
    next_cursor: z.string().optional(),
    total: z.object({ count: z.int(), exact: z.boolean().describe("false: about that many") }),
  });
