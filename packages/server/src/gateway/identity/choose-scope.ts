import type { ProjectReader } from "../projects/project-reader.ts";
import type { Scope } from "./auth-request.ts";
import type { Authenticated } from "./authenticate.ts";
import { isDefaultDomain } from "./domain.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { KeystoneError, notAuthenticated } from "./keystone-error.ts";

export interface ChosenScope {
  readonly scope: GatewayToken["scope"];
  readonly project_id: string | null;
}

const UNSCOPED: ChosenScope = { scope: "unscoped", project_id: null };

/**
 * What the token is for. A project that is not there and one that is not theirs are refused alike.
 *
 * @throws KeystoneError 400, 401 as Keystone does, 403 for an application credential elsewhere than in its project
 */
export async function chooseScope(
  projects: Pick<ProjectReader, "find" | "named">,
  { user, credential }: Authenticated,
  asked: Scope,
): Promise<ChosenScope> {
  const wish = asked === "unscoped" ? { unscoped: {} } : asked;
  const kinds = wish ? Object.values(wish).filter((part) => part !== undefined).length : 0;
  if (kinds > 1)
    throw new KeystoneError(400, "A token has one scope: name one of project, domain and unscoped.");

  if (credential && (wish === undefined || wish.project === undefined)) {
    if (kinds > 0) throw elsewhere();
    return inProject(await projects.find(user.id, credential.project_id));
  }
  if (wish?.project) {
    const { id, name, domain } = wish.project;
    if (id === undefined && name === undefined) {
      throw new KeystoneError(400, "The scope names a project by its id, or by its name and domain.");
    }
    const found =
      id !== undefined
        ? await projects.find(user.id, id)
        : isDefaultDomain(domain)
          ? await projects.named(user.id, name ?? "")
          : undefined;
    if (credential && found?.id !== credential.project_id) throw elsewhere();
    return inProject(found);
  }
  if (wish?.domain) {
    if (user.role !== "administrator" || !isDefaultDomain(wish.domain)) throw notAuthenticated();
    return { scope: "domain", project_id: null };
  }
  if (kinds > 0 && wish?.unscoped === undefined) throw notAuthenticated(); // system, trusts: nobody has any
  return UNSCOPED;
}

function inProject(project: { id: string } | undefined): ChosenScope {
  if (!project) throw notAuthenticated();
  return { scope: "project", project_id: project.id };
}

function elsewhere(): KeystoneError {
  return new KeystoneError(
    401,
    "An application credential is good in its own project only: leave the scope out.",
  );
}
