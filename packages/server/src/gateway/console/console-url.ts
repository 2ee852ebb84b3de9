/** The `<service>` of our path under which consoles are. */
export const CONSOLE = "console";

/** Calls of Nova whose answer tells a console's URL. */
export function tellsConsole(service: string, method: string, path: string): boolean {
  return (
    service === "compute" && method === "POST" && /\/servers\/[^/]+\/(?:remote-consoles|action)$/.test(path)
  );
}

const URL_FIELD = /("url"\s*:\s*")((?:https?|wss?):\/\/[^"\\\s]*)"/g;

/** Puts our address into the answer of such a call, or into the piece of it that has the URL. */
export function rewriteConsole(text: string, toOurs: (url: URL) => string): string {
  return text.replace(URL_FIELD, (whole: string, key: string, url: string) =>
    URL.canParse(url) ? `${key}${toOurs(new URL(url))}"` : whole,
  );
}

/** The origin as http(s), which a WebSocket begins with. */
export function httpOriginOf({ protocol, host }: URL): string {
  return `${protocol === "wss:" || protocol === "https:" ? "https:" : "http:"}//${host}`;
}

/**
 * The console at our address. noVNC and the SPICE page open their WebSocket at `/<path>` of the host that they came
 * from, so `path` leads to us, too; pages of old noVNC have no `path`, only the token that goes with it.
 *
 * @param base where the ticket leads: `https://uniview/openstack/zed/console/<ticket>`
 */
export function toOurConsole(url: URL, base: string): string {
  const ours = new URL(base + url.pathname + url.search);
  if (url.protocol === "ws:" || url.protocol === "wss:") {
    ours.protocol = ours.protocol === "https:" ? "wss:" : "ws:";
    return ours.href;
  }
  const below = new URL(base).pathname.slice(1);
  const path = url.searchParams.get("path");
  const token = url.searchParams.get("token");
  if (path !== null) ours.searchParams.set("path", `${below}/${path.replace(/^\/+/, "")}`);
  else if (token !== null) ours.searchParams.set("path", `${below}/websockify?token=${token}`);
  return ours.href;
}
