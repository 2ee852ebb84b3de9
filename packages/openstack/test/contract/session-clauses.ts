import assert from "node:assert/strict";
import { describeSite } from "../../src/describe/describe-site.ts";
import { compareMicroversions } from "../../src/discovery/microversion.ts";
import { isStatus } from "../../src/errors/openstack-error.ts";
import {
  createApplicationCredential,
  deleteApplicationCredential,
} from "../../src/identity/application-credentials.ts";
import type { ServiceClient } from "../../src/service/service-client.ts";
import type { Clause } from "./clause.ts";

export const SESSION_CLAUSES: readonly Clause[] = [
  {
    service: "identity",
    says: "A member signs in with a password, and every service that is needed is found",
    async try({ session }) {
      const { unavailable, release } = await describeSite(session);
      assert.deepEqual(unavailable, []);
      assert.equal(release.confidence, "high", `its release is not recognised: ${release.name}`);
      return [];
    },
  },
  {
    service: "identity",
    says: "An application credential is minted, signs in as its user, and is taken back",
    async try({ session, keystone, signIn, prefix }) {
      const { user } = await session.token();
      const { id, secret } = await createApplicationCredential(keystone, user.id, {
        name: `${prefix}-credential`,
      });
      try {
        const other = signIn({ type: "application_credential", id, secret });
        assert.equal((await other.token()).user.id, user.id);
        await other.close();
      } finally {
        await deleteApplicationCredential(keystone, user.id, id);
      }
      const refused = signIn({ type: "application_credential", id, secret });
      await assert.rejects(refused.token(), (error) => isStatus(error, 401));
      await refused.close();
      return [];
    },
  },
  {
    service: "compute",
    says: "A microversion beyond the newest is refused with 406, the newest is not",
    async try({ nova, cinder }) {
      await refusesBeyond(nova, "/servers");
      await refusesBeyond(cinder, "/volumes");
      return [];
    },
  },
  {
    service: "compute",
    says: "What is not there is a 404 with the site's own request id",
    async try({ nova, cinder, glance, neutron }) {
      const nobody = "00000000-0000-4000-8000-000000000000";
      for (const [client, path] of [
        [nova, "/servers/"],
        [cinder, "/volumes/"],
        [glance, "/images/"],
        [neutron, "/ports/"],
      ] as const) {
        await assert.rejects(client.get(path + nobody), (error) => {
          assert.ok(isStatus(error, 404), String(error));
          assert.match(error.request_id ?? "", /^req-/);
          return true;
        });
      }
      return [];
    },
  },
];

async function refusesBeyond(client: ServiceClient, path: string): Promise<void> {
  const { max = "" } = client.versions;
  await client.get(path, { microversion: max, query: { limit: 1 } });
  const beyond = max.replace(/\d+$/, (minor) => String(Number(minor) + 1));
  assert.ok(compareMicroversions(beyond, max) > 0);
  await assert.rejects(client.get(path, { microversion: beyond }), (error) => isStatus(error, 406));
}
