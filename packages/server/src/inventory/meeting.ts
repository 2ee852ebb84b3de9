import { isUniqueViolation } from "../db/unique-violation.ts";

/** After a meeting with another reading everything is known that it wrote. */
const MAX_TRIES = 5;
const DEADLOCK = "40P01";

/** Another reading wrote the same rows at the same moment. */
export function isMeeting(error: unknown): boolean {
  return isUniqueViolation(error) || (error instanceof Error && "code" in error && error.code === DEADLOCK);
}

/** Does the work again when it met another reading. */
export async function pastMeetings<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isMeeting(error) || tries === MAX_TRIES) throw error;
    }
  }
}
