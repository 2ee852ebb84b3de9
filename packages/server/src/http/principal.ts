/** Who is asking. What they may use at sites is never in here: stores join `grants` in their SQL. */
export interface Principal {
  readonly user_id: string;
  readonly name: string;
  readonly role: "administrator" | "user";
  /** How they signed in; a cookie session also has to prove that its own pages ask (see `same-origin.ts`). */
  readonly via: "session" | "token";
  /** Id of the session or token, so that it can be ended. */
  readonly credential_id: string;
}
