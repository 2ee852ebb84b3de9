import type { Report } from "./report.ts";

const BY_PASSWORD = "password";
const BY_CREDENTIAL = "application_credential";
const SIGNED_IN_AGAIN = "signed in again";

/** What a client's program told of one way to sign in at one region, as a line of JSON; further fields count other lists. */
interface Visit {
  readonly way: string;
  readonly region: string;
  readonly flavors: number;
  readonly images: number;
  readonly networks: number;
  readonly made: readonly string[];
}

interface Expected {
  /** Where the client looks, and makes something. */
  readonly regions: readonly string[];
  /** Where it only looks. */
  readonly only_looks?: readonly string[];
  readonly lists: string;
  readonly makes: string;
  readonly made: string;
}

/** Checks that each way worked at each region, and once more at the first one with a token that had been revoked. */
export function checkVisits(
  report: Report,
  stdout: string,
  { regions, only_looks = [], lists, makes, made }: Expected,
): void {
  const seen = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Visit);
  const visits = [BY_PASSWORD, BY_CREDENTIAL].flatMap((way) =>
    [...regions, ...only_looks].map((region) => ({ way, region })),
  );
  for (const { way, region } of [...visits, { way: SIGNED_IN_AGAIN, region: regions[0] ?? "" }]) {
    const found = seen.find((one) => one.way === way && one.region === region);
    const works = found && found.flavors > 0 && found.images > 0 && found.networks > 0;
    report.check(`${region}, ${way}: ${lists}`, Boolean(works), found);
    if (only_looks.includes(region)) continue;
    report.check(`${region}, ${way}: ${makes}`, found?.made.join() === made, found);
  }
}
