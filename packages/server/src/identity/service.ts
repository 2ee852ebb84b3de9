import { Problem, type Session, type User } from "@uniview/api";
import type { Database } from "../db/database.ts";
import type { EventHub } from "../events/hub.ts";
import type { Principal } from "../http/principal.ts";
import type { Sealer } from "../secrets/sealer.ts";
import { makeSecret, TOKEN_PREFIX } from "./bearer-secret.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { createSessionStore } from "./session-store.ts";
import { createTokenStore } from "./token-store.ts";
import { createTotpStore, type TotpStore } from "./totp-store.ts";
import { createUserStore } from "./user-store.ts";

const SETUP_LINK_HOURS = 24;

export interface SignedIn extends Session {
  /** For the cookie. */
  readonly secret: string;
}

interface Deps {
  readonly database: Database;
  readonly events: EventHub;
  readonly sealer: Sealer;
}

export type IdentityService = ReturnType<typeof createIdentityService>;

/** Local users, their sessions and API tokens. */
export function createIdentityService({ database, events, sealer }: Deps) {
  const users = createUserStore(database.kysely);
  const sessions = createSessionStore(database.kysely);
  const tokens = createTokenStore(database.kysely);
  const second_factor = createTotpStore(database.kysely, sealer);

  const begin = async (user: User): Promise<SignedIn> => ({ user, ...(await sessions.begin(user.id)) });

  return {
    tokens,
    second_factor,
    users: users.list,
    setupNeeded: async () => !(await users.hasAdministrator()),

    /** The path of a one-time link that creates the first administrator; undefined where there is one. */
    async newSetupPath(): Promise<string | undefined> {
      if (await users.hasAdministrator()) return undefined;
      const token = makeSecret();
      await users.keepSetupToken(token, SETUP_LINK_HOURS);
      return `/setup?token=${token}`;
    },

    async setUp({
      token,
      name,
      password,
    }: {
      token: string;
      name: string;
      password: string;
    }): Promise<SignedIn> {
      const password_hash = await hashPassword(password);
      const user = await users.createFirst(token, { name, role: "administrator", password_hash });
      if (user) return begin(user);
      throw new Problem("setup-link-invalid", "This setup link was used already, or is older than a day.", {
        remedy: (await users.hasAdministrator())
          ? "Uniview has an administrator: sign in, or ask them for a user."
          : "Restart Uniview: it prints a new link.",
      });
    },

    async signIn(name: string, password: string, passcode?: string): Promise<SignedIn> {
      const found = await users.findForSignIn(name);
      if (!(await verifyPassword(password, found?.password_hash)) || !found) {
        if (!(await users.hasAdministrator())) {
          throw new Problem("setup-needed", "Uniview has no administrator yet.", {
            remedy: "Open the setup link that the server printed when it started.",
          });
        }
        throw new Problem("wrong-sign-in", "The name or the password is wrong.", {
          remedy: "Check both; an administrator can give you a new user.",
        });
      }
      if (await second_factor.isEnrolled(found.id)) await demandPasscode(second_factor, found.id, passcode);
      const { password_hash: _, ...user } = found;
      return begin(user);
    },

    async principalOfSession(secret: string): Promise<Principal | undefined> {
      const found = await sessions.find(secret);
      return found && { ...principal(found), via: "session" };
    },

    async principalOfToken(token: string): Promise<Principal | undefined> {
      const found = token.startsWith(TOKEN_PREFIX) ? await tokens.find(token) : undefined;
      return found && { ...principal(found), via: "token" };
    },

    async session({ user_id, via, credential_id }: Principal): Promise<Session> {
      const user = await users.find(user_id);
      if (!user) throw new Problem("not-signed-in", "This user was deleted.");
      const expires_at =
        via === "session" ? await sessions.expiryOf(credential_id) : await tokens.expiryOf(credential_id);
      return { user, expires_at: expires_at ?? null };
    },

    signOut: async ({ credential_id }: Principal) => sessions.end(credential_id),

    async createUser(user: { name: string; password: string; role: User["role"] }): Promise<User> {
      const { name, role } = user;
      return users.create({ name, role, password_hash: await hashPassword(user.password) });
    },

    async deleteUser(id: string): Promise<void> {
      await users.remove(id);
      await events.grantsChanged();
    },
  };
}

async function demandPasscode(totp: TotpStore, user_id: string, passcode: string | undefined): Promise<void> {
  if (passcode === undefined) {
    throw new Problem("passcode-needed", "You sign in with a code of your phone, too.", {
      field: "passcode",
      remedy: "Send the six digits that your authenticator app shows as `passcode`.",
    });
  }
  if (await totp.take(user_id, passcode)) return;
  throw new Problem("wrong-sign-in", "The code is wrong, or was used already.", {
    field: "passcode",
    remedy: "Wait for the next code of your authenticator app; check the clock of your phone.",
  });
}

function principal(found: { id: string; user_id: string; name: string; role: User["role"] }) {
  return { user_id: found.user_id, name: found.name, role: found.role, credential_id: found.id };
}
