import { randomUUID } from "node:crypto";
import { attempt, idIn } from "./attempt.ts";
import type { Finding } from "./finding.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";

/** What Keystone says, after its policy, to whom is signed in by a restricted application credential. */
const RESTRICTED = /using method 'application_credential' is not allowed/i;

/** Asks for a credential with a role that nobody has: Keystone refuses that (400) after its policy, and before it makes one. */
export async function probeIdentity({ token, client }: ProbedSite): Promise<Finding[]> {
  const keystone = await client("identity");
  const path = `/users/${token.user.id}/application_credentials`;
  const capability = "identity.create_application_credential";
  const finding = await attempt({
    capability,
    client: keystone,
    path,
    body: {
      application_credential: {
        name: `${PROBE_PREFIX}-${randomUUID()}`,
        roles: [{ id: randomUUID().replaceAll("-", "") }],
      },
    },
    past: ({ status, reason }) =>
      (status === 400 && /role/i.test(reason)) || (status === 403 && RESTRICTED.test(reason)),
    takeBack: async (answer) => {
      const id = idIn(answer, "application_credential");
      if (id !== undefined) await keystone.delete(`${path}/${id}`);
    },
  });
  if (!RESTRICTED.test(finding.evidence?.said ?? "")) return [finding];
  const detail = "The policy allows it; the application credential that is used here may make no others.";
  return [{ ...finding, state: "limited", detail }];
}
