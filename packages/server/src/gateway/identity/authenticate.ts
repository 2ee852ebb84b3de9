import { randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import { verifyPassword } from "../../identity/passwords.ts";
import type { TotpStore } from "../../identity/totp-store.ts";
import type { GatewayTables } from "../tables.ts";
import type { Identity } from "./auth-request.ts";
import type { CredentialStore } from "./credential-store.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { KeystoneError, notAuthenticated } from "./keystone-error.ts";
import { presentReceipt } from "./present-receipt.ts";
import type { ReceiptStore } from "./receipt-store.ts";
import type { KnownUser, UserReader } from "./user-reader.ts";

const AUDIT_ID_BYTES = 16;
const METHODS: ReadonlySet<string> = new Set(["password", "totp", "token", "application_credential"]);
/** What a user with a second factor has to show. */
const BOTH_FACTORS = ["password", "totp"];

/** Who proved to be whom, and how. */
export interface Authenticated {
  readonly user: KnownUser;
  readonly methods: readonly string[];
  readonly audit_ids: readonly string[];
  /** The token that it was got with. */
  readonly by_token: GatewayToken | undefined;
  readonly credential:
    | Pick<Selectable<GatewayTables["application_credentials"]>, "id" | "project_id">
    | undefined;
}

export interface AuthenticateDeps {
  readonly users: UserReader;
  readonly totp: TotpStore;
  readonly receipts: ReceiptStore;
  readonly credentials: CredentialStore;
  readonly verify: (token: string) => Promise<GatewayToken | undefined>;
}

/**
 * Checks every method that the client names; all have to hold, and for one and the same user.
 *
 * @throws KeystoneError 401, with a receipt where only the second factor is missing
 */
export async function authenticate(
  deps: AuthenticateDeps,
  identity: Identity,
  receipt_secret: string | undefined,
): Promise<Authenticated> {
  const unknown = identity.methods.find((method) => !METHODS.has(method));
  if (unknown !== undefined) {
    throw new KeystoneError(
      401,
      `Attempted to authenticate with an unsupported method: ${unknown.slice(0, 64)}. There are ${[...METHODS].join(", ")}.`,
    );
  }
  const found: Partial<Authenticated>[] = [];
  // one after the other: a wrong password must not use up a good code
  for (const method of new Set(identity.methods)) found.push(await checkMethod(deps, method, identity));
  const receipt = receipt_secret === undefined ? undefined : await deps.receipts.find(receipt_secret);
  const [user] = found.flatMap((one) => one.user ?? []);
  if (!user || found.some((one) => one.user?.id !== user.id)) throw notAuthenticated();
  if (receipt && receipt.user_id !== user.id) throw notAuthenticated();

  const by_token = found.find((one) => one.by_token)?.by_token;
  const credential = found.find((one) => one.credential)?.credential;
  const shown = new Set([...(receipt?.methods ?? []), ...identity.methods]);
  const in_person = !by_token && !credential;
  if (in_person && !shown.has("password")) throw notAuthenticated();
  if (in_person && !shown.has("totp") && (await deps.totp.isEnrolled(user.id))) {
    const issued = await deps.receipts.issue(user.id, [...shown]);
    throw new KeystoneError(
      401,
      "Additional authentications steps required.",
      { "openstack-auth-receipt": issued.secret },
      presentReceipt(issued, user, [BOTH_FACTORS]),
    );
  }
  const audit_id = randomBytes(AUDIT_ID_BYTES).toString("base64url");
  const parent = by_token?.audit_ids.at(-1);
  return {
    user,
    methods: [...new Set([...(by_token?.methods ?? []), ...shown])],
    audit_ids: parent === undefined ? [audit_id] : [audit_id, parent],
    by_token,
    credential,
  };
}

async function checkMethod(
  { users, totp, credentials, verify }: AuthenticateDeps,
  method: string,
  identity: Identity,
): Promise<Partial<Authenticated>> {
  if (method === "password" && identity.password) {
    const { password, ...named } = identity.password.user;
    const found = await users.named(named);
    if ((await verifyPassword(password, found?.password_hash)) && found) return { user: withoutHash(found) };
  } else if (method === "totp" && identity.totp) {
    const { passcode, ...named } = identity.totp.user;
    const found = await users.named(named);
    if (found && (await totp.take(found.id, passcode))) return { user: withoutHash(found) };
  } else if (method === "token" && identity.token) {
    const by_token = await verify(identity.token.id);
    if (by_token) {
      const { user_id: id, user_name: name, user_role: role, application_credential, project } = by_token;
      const credential =
        application_credential && project
          ? { id: application_credential.id, project_id: project.id }
          : undefined;
      return { user: { id, name, role }, by_token, credential };
    }
  } else if (method === "application_credential" && identity.application_credential) {
    const { id, name, secret, user: named } = identity.application_credential;
    if (id === undefined && (name === undefined || !named)) {
      throw new KeystoneError(
        400,
        "An application credential is named by its id, or by its name together with its user.",
      );
    }
    const user_id = named && (await users.named(named))?.id;
    const credential = await credentials.signIn(
      id === undefined ? { user_id, name: name ?? "" } : { id },
      secret,
    );
    const user = credential && (await users.find(credential.user_id));
    if (user) return { user, credential };
  } else {
    throw new KeystoneError(400, `The method ${method} is named, but identity.${method} is missing.`);
  }
  throw notAuthenticated();
}

function withoutHash({ id, name, role }: KnownUser): KnownUser {
  return { id, name, role };
}
