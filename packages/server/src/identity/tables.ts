import type { Generated } from "kysely";

export interface IdentityTables {
  users: {
    id: Generated<string>;
    name: string;
    role: "administrator" | "user";
    /** PHC string: see passwords.ts */
    password_hash: string;
    created_at: Generated<string>;
  };
  sessions: {
    id: Generated<string>;
    user_id: string;
    token_hash: Buffer;
    created_at: Generated<string>;
    seen_at: Generated<string>;
  };
  api_tokens: {
    id: Generated<string>;
    user_id: string;
    name: string;
    token_hash: Buffer;
    created_at: Generated<string>;
    expires_at: string | null;
    last_used_at: string | null;
  };
  setup_token: {
    only: Generated<boolean>;
    token_hash: Buffer;
    expires_at: string;
  };
}
