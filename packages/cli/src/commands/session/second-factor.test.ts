import { expect, test } from "vitest";
import { serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";

const AT = "2026-11-22T12:00:00.000Z";
const ADA = "00000000-0000-4000-8000-000000000001";

test("without a terminal the secret is printed and the way on is told", async () => {
  await using uniview = await serveContract({
    beginSecondFactor: () => ({ secret: "JBSWY3DP", uri: "otpauth://totp/Uniview:ada?secret=JBSWY3DP" }),
    confirmSecondFactor: () => ({ enrolled: true }),
  });
  const begun = await runCli(["second-factor", "begin"], { url: uniview.url });
  expect(begun.out).toBe("JBSWY3DP\notpauth://totp/Uniview:ada?secret=JBSWY3DP\n");
  expect(begun.err).toContain("uniview second-factor confirm");
  const confirmed = await runCli(["second-factor", "confirm", "123456"], { url: uniview.url });
  expect(confirmed).toMatchObject({ exit_code: 0, out: expect.stringContaining("needs a code") });
});

test("an administrator resets it for a user by name", async () => {
  await using uniview = await serveContract({
    listUsers: () => ({ items: [{ id: ADA, name: "ada", role: "user", created_at: AT }] }),
    resetSecondFactor: () => undefined,
  });
  const { exit_code } = await runCli(["second-factor", "reset", "ada"], { url: uniview.url });
  expect(exit_code).toBe(0);
  expect(uniview.calls).toContain(`DELETE /users/${ADA}/second-factor`);
});
