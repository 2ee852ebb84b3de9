import { z } from "zod";

export const Passcode = z.string().regex(/^\d{6}$/, "six digits");

export const SecondFactor = z
  .object({ enrolled: z.boolean().describe("Signing in with the password needs a code, too") })
  .meta({ id: "SecondFactor" });

export const BegunSecondFactor = z
  .object({
    secret: z.string().describe("For the authenticator app, in base32; shown once"),
    uri: z.string().describe("The same as otpauth:// URI, for a QR code"),
  })
  .meta({ id: "BegunSecondFactor" });

export const ShowPasscode = z.object({ passcode: Passcode }).meta({ id: "ShowPasscode" });
