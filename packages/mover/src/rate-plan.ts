import type { RatePlan } from "@uniview/api/mover";

const MINUTES_PER_HOUR = 60;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/**
 * How many bytes a second a plan allows at an instant: undefined: any number; 0: none, the transfer pauses. The first window that
 * the local time is in counts, outside of all the plan's own limit. A window belongs to the day that it begins on.
 *
 * @param at milliseconds since 1970
 */
export function rateAt({ limit_bytes_per_s, time_zone, windows }: RatePlan, at: number): number | undefined {
  if (windows.length === 0) return limit_bytes_per_s;
  const { day, minute } = localTime(at, time_zone);
  const yesterday = (day + DAYS.length - 1) % DAYS.length;
  for (const window of windows) {
    const from = minutesOf(window.from);
    const to = minutesOf(window.to);
    const on = (number: number) => !window.days || window.days.includes(DAYS[number] ?? "sun");
    const inside =
      from < to
        ? on(day) && minute >= from && minute < to
        : (on(day) && minute >= from) || (on(yesterday) && minute < to); // over midnight
    if (inside) return window.limit_bytes_per_s ?? undefined;
  }
  return limit_bytes_per_s;
}

function localTime(at: number, time_zone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: time_zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const weekday = value("weekday").toLowerCase();
  const day = DAYS.findIndex((name) => weekday.startsWith(name));
  return { day, minute: Number(value("hour")) * MINUTES_PER_HOUR + Number(value("minute")) };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * MINUTES_PER_HOUR + minutes;
}
