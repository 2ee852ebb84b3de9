/**
 * Search parameters as plain text: `?q=10.0&sort=name`. The router's own way writes JSON, which would turn
 * a search for `123` into a number and a shared link into a riddle.
 */
export function parseParameters(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeParameters(search: Record<string, unknown>): string {
  const pairs = Object.entries(search)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]): [string, string] => [name, String(value)]);
  if (pairs.length === 0) return "";
  // colons and commas need no escape in a query (RFC 3986, 3.4), and read better without
  return `?${new URLSearchParams(pairs).toString().replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
}
