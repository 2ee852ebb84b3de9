import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { BegunSecondFactor, SecondFactor, ShowPasscode } from "../schemas/second-factor.ts";
import { Uuid } from "../schemas/terms.ts";

const tag = "identity";

export const getSecondFactor = endpoint({
  id: "getSecondFactor",
  method: "GET",
  path: "/second-factor",
  tag,
  access: "user",
  status: 200,
  summary: "Whether I sign in with a code of my phone, too",
  response: SecondFactor,
});
export const beginSecondFactor = endpoint({
  id: "beginSecondFactor",
  method: "POST",
  path: "/second-factor",
  tag,
  access: "user",
  status: 200,
  summary: "Begin to use one-time codes (TOTP): the secret for the authenticator app",
  description: "Nothing changes until a first code was shown.",
  response: BegunSecondFactor,
});
export const confirmSecondFactor = endpoint({
  id: "confirmSecondFactor",
  method: "POST",
  path: "/second-factor/confirm",
  tag,
  access: "user",
  status: 200,
  summary: "Show the first code: from now on signing in needs one",
  body: ShowPasscode,
  response: SecondFactor,
});
export const endSecondFactor = endpoint({
  id: "endSecondFactor",
  method: "POST",
  path: "/second-factor/end",
  tag,
  access: "user",
  status: 200,
  summary: "Sign in without codes again; needs one",
  body: ShowPasscode,
  response: SecondFactor,
});
export const resetSecondFactor = endpoint({
  id: "resetSecondFactor",
  method: "DELETE",
  path: "/users/{id}/second-factor",
  tag,
  access: "administrator",
  status: 204,
  summary: "Let a user who lost their phone sign in without a code",
  params: z.object({ id: Uuid }),
});
