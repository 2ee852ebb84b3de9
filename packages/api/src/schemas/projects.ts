import { z } from "zod";
import { Instant, SiteName } from "./terms.ts";

export const ProjectId = z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits");
export const ProjectName = z.string().trim().min(1).max(64);

export const Project = z
  .object({
    id: ProjectId,
    name: ProjectName.describe("What clients of the gateway call it: OS_PROJECT_NAME"),
    description: z.string(),
    created_at: Instant,
    sites: z
      .array(
        z.object({
          site: SiteName,
          project_id: z.string().describe("The site's own id of the project"),
          project_name: z.string(),
        }),
      )
      .describe("Projects of sites that are in it and that you may use"),
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

export const CreateProject = z
  .object({ name: ProjectName, description: z.string().max(1024).default("") })
  .meta({ id: "CreateProject" });

export const ChangeProject = z
  .object({ name: ProjectName.optional(), description: z.string().max(1024).optional() })
  .meta({ id: "ChangeProject" });

export const AttachSite = z
  .object({
    site: SiteName,
    project_id: z.string().min(1).max(64).describe("The site's own id of the project"),
  })
  .meta({ id: "AttachSite" });
