import { endpoints, Problem } from "@uniview/api";
import { generateURI } from "otplib";
import type { App } from "../http/app.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { route } from "../http/route.ts";
import type { TotpStore } from "./totp-store.ts";

const CODES_PER_USER = { burst: 10, per_minute: 5 };
/** What authenticator apps show beside the code. */
const ISSUER = "Uniview";

export function registerSecondFactor(app: App, totp: TotpStore): void {
  const codes = createRateLimit(CODES_PER_USER);

  route(app, endpoints.getSecondFactor, async ({ user }) => ({
    enrolled: await totp.isEnrolled(user.user_id),
  }));
  route(app, endpoints.beginSecondFactor, async ({ user }) => {
    const secret = await totp.begin(user.user_id);
    if (secret) return { secret, uri: generateURI({ issuer: ISSUER, label: user.name, secret }) };
    throw new Problem("conflict", "You sign in with codes already.", {
      remedy: "To use another phone, end the second factor with a code first.",
    });
  });
  route(app, endpoints.confirmSecondFactor, async ({ user, body }) => {
    codes.take(user.user_id);
    if (!(await totp.take(user.user_id, body.passcode, true))) throw wrongCode();
    return { enrolled: true };
  });
  route(app, endpoints.endSecondFactor, async ({ user, body }) => {
    codes.take(user.user_id);
    if (!(await totp.take(user.user_id, body.passcode))) throw wrongCode();
    await totp.end(user.user_id);
    return { enrolled: false };
  });
  route(app, endpoints.resetSecondFactor, async ({ params }) => {
    await totp.end(params.id);
    return undefined;
  });
}

function wrongCode(): Problem {
  return new Problem("invalid-input", "The code is wrong, was used already, or nothing was begun.", {
    field: "passcode",
    remedy: "Wait for the next code of your authenticator app; check the clock of your phone.",
  });
}
