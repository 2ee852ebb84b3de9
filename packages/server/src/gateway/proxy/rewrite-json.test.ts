import { expect, test } from "vitest";
import { AnswerRewriter, type Rewriting, rewriteAnswer, rewriteRequest } from "./rewrite-json.ts";
import { type SiteView, toSitePath, toSiteQuery } from "./site-view.ts";

const OURS = "a".repeat(32);
const THEIRS = "b".repeat(32);
const compute = {
  type: "compute",
  root: "https://zed.example/compute",
  public_root: "https://uniview/openstack/zed/compute",
};
const volume = {
  type: "volumev3",
  root: "http://zed.example:8776",
  public_root: "https://uniview/openstack/zed/volumev3",
};
const secrets = {
  type: "key-manager",
  root: "https://zed.example/key-manager",
  public_root: "https://uniview/openstack/zed/key-manager",
};
const view: SiteView = {
  project_id: OURS,
  site_project_id: THEIRS,
  services: [compute, secrets, volume],
};
const rewriting: Rewriting = { view, service: compute, version: "v2.1" };

test("links of the site become ours, and nothing else changes", () => {
  const body = `{"servers": [{ "links":[{"rel":"self", "href": "https://zed.example/compute/v2.1/servers/1"}],
    "metadata":{"note":"https://zed.example/compute/v2.1/servers/1", "größe": "\\u00e9"}}],"tenant_id":"${THEIRS}"}`;
  const bytes = Buffer.from(body).toString("latin1");
  const answer = Buffer.from(rewriteAnswer(bytes, rewriting), "latin1").toString();
  expect(answer).toBe(
    body
      .replace(
        'href": "https://zed.example/compute/v2.1/servers/1',
        'href": "https://uniview/openstack/zed/compute/v2.1/servers/1',
      )
      .replace(THEIRS, OURS),
  );
});

test("a link of another service of the site, told under the other scheme, has our project in its path", () => {
  const next = `{"next": "https://zed.example:8776/v3/${THEIRS}/volumes?marker=1"}`;
  expect(rewriteAnswer(next, rewriting)).toBe(
    `{"next": "https://uniview/openstack/zed/volumev3/v3/${OURS}/volumes?marker=1"}`,
  );
});

test("a link under a host that only the site knows is found by its version", () => {
  const next = '{"href":"http://nova.internal:8774/v2.1/servers?marker=1"}';
  expect(rewriteAnswer(next, rewriting)).toBe(
    '{"href":"https://uniview/openstack/zed/compute/v2.1/servers?marker=1"}',
  );
});

test("version documents point at us, what describes them stays where it is", () => {
  const text = '{"href":"http://10.0.0.1/compute/v2.1/"},{"href": "http://docs.openstack.org/"}';
  expect(rewriteAnswer(text, { ...rewriting, version: undefined })).toBe(
    '{"href":"https://uniview/openstack/zed/compute/v2.1/"},{"href": "http://docs.openstack.org/"}',
  );
});

test("a path that only begins like a service is none of it", () => {
  const text = '{"href":"https://zed.example/compute2/x"}';
  expect(rewriteAnswer(text, rewriting)).toBe(text);
});

test("a body in pieces of any size is rewritten like a whole one", () => {
  const item = (n: number) =>
    `{"id": "${n}", "tenant_id": "${THEIRS}", "links": [{"href": "https://zed.example/compute/v2.1/servers/${n}"}]}`;
  const body = `{"servers": [${Array.from({ length: 20 }, (_, n) => item(n)).join(", ")}]}`;
  for (const size of [1, 7, 64, 1000]) {
    const rewriter = new AnswerRewriter(rewriting);
    const pieces: Buffer[] = [];
    for (let at = 0; at < body.length; at += size)
      pieces.push(rewriter.push(Buffer.from(body.slice(at, at + size))));
    pieces.push(rewriter.end());
    expect(Buffer.concat(pieces).toString()).toBe(rewriteAnswer(body, rewriting));
  }
});

const BODY_OF_COMMAS = `{"next":"https://zed.example/compute/v2.1/servers?fields=id,name,status&limit=2","more":[1,2]}`;
const BODY_OF_CONSOLE =
  '{"remote_console": {"protocol": "vnc", "type": "novnc", "url": "http://zed:6080/?token=1"}}';

test.each([
  ["a link with commas", BODY_OF_COMMAS],
  ["the URL of a console, which nova tells without a length", BODY_OF_CONSOLE],
])("%s is rewritten in pieces, too", (_what, body) => {
  const here = { ...rewriting, consoleAt: () => "https://uniview/console" };
  for (const size of [1, 7, body.length]) {
    const rewriter = new AnswerRewriter(here);
    let answer = "";
    for (let at = 0; at < body.length; at += size) {
      answer += rewriter.push(Buffer.from(body.slice(at, at + size))).toString();
    }
    answer += rewriter.end().toString();
    expect(answer).toContain("https://uniview/");
    expect(answer).toBe(rewriteAnswer(body, here));
  }
});

test("what a client sends names the site's project and the site's secrets", () => {
  const sent = `{"port": {"project_id": "${OURS}", "name": "${OURS}x"}, "ref": "https://uniview/openstack/zed/key-manager/v1/secrets/1"}`;
  expect(rewriteRequest(sent, view)).toBe(
    `{"port": {"project_id": "${THEIRS}", "name": "${OURS}x"}, "ref": "https://zed.example/key-manager/v1/secrets/1"}`,
  );
});

test("the project in a path is the site's, also in Swift's accounts, and nowhere else", () => {
  expect(toSitePath(`/v3/${OURS}/os-quota-sets/${OURS}`, view)).toBe(`/v3/${THEIRS}/os-quota-sets/${THEIRS}`);
  expect(toSitePath(`/v1/AUTH_${OURS}/c/x${OURS}`, view)).toBe(`/v1/AUTH_${THEIRS}/c/x${OURS}`);
});

test("the project in a query is the site's, all tenants and names stay", () => {
  expect(toSiteQuery(`project_id=${OURS}&name=${OURS}&all_tenants=1`, view)).toBe(
    `project_id=${THEIRS}&name=${OURS}&all_tenants=1`,
  );
});
