/** Which file of the page is shown, for which project and site. */
export interface ToolsSearch {
  readonly file?: ToolFile;
  /** Id of a project. */
  readonly project?: string;
  /** A region: the name of a site, or `global`. */
  readonly region?: string;
}

export const TOOL_FILES = ["clouds.yaml", "openrc", "terraform"] as const;
export type ToolFile = (typeof TOOL_FILES)[number];

/** What is none, or the usual one, is not in the URL. */
export function readToolsSearch({ file, project, region }: Record<string, unknown>): ToolsSearch {
  const known = TOOL_FILES.find((one) => one === file);
  return {
    ...(known === undefined || known === TOOL_FILES[0] ? {} : { file: known }),
    ...(typeof project === "string" && /^[0-9a-f]{32}$/.test(project) ? { project } : {}),
    ...(typeof region === "string" && /^[a-z0-9-]{1,39}$/.test(region) ? { region } : {}),
  };
}
