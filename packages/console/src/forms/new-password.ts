/** As the contract's `NewPassword` has it (NIST SP 800-63B): said while typing, decided by the server. */
const LEAST = 10;
const MOST = 256;

export function passwordProblem(password: string): string | undefined {
  if (password.length < LEAST) return `${LEAST - password.length} more characters at least`;
  return password.length > MOST ? `At most ${MOST} characters` : undefined;
}
