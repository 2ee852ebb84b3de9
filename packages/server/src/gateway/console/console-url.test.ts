import { expect, test } from "vitest";
import { rewriteConsole, tellsConsole, toOurConsole } from "./console-url.ts";

const base = "https://uniview.example/openstack/zed/console/TICKET";
const ours = (url: string) => toOurConsole(new URL(url), base);

test("a page of noVNC opens its WebSocket at our address", () => {
  expect(ours("http://zed:6080/vnc_lite.html?path=%3Ftoken%3Dabc")).toBe(
    `${base}/vnc_lite.html?path=openstack%2Fzed%2Fconsole%2FTICKET%2F%3Ftoken%3Dabc`,
  );
});

test("so does one of an old noVNC, which only tells its token", () => {
  expect(ours("https://zed:6080/vnc_auto.html?token=abc&title=x")).toBe(
    `${base}/vnc_auto.html?token=abc&title=x&path=openstack%2Fzed%2Fconsole%2FTICKET%2Fwebsockify%3Ftoken%3Dabc`,
  );
});

test("a serial console stays a WebSocket", () => {
  expect(ours("ws://zed:6083/?token=abc")).toBe(
    "wss://uniview.example/openstack/zed/console/TICKET/?token=abc",
  );
});

test("only the URL of an answer about a console is touched", () => {
  const text = '{"remote_console": {"protocol": "vnc", "type": "novnc", "url": "http://zed:6080/x?token=1"}}';
  expect(rewriteConsole(text, () => "OURS")).toBe(
    '{"remote_console": {"protocol": "vnc", "type": "novnc", "url": "OURS"}}',
  );
  expect(tellsConsole("compute", "POST", "/v2.1/servers/1/remote-consoles")).toBe(true);
  expect(tellsConsole("compute", "GET", "/v2.1/servers/1")).toBe(false);
});
