import { expect, test } from "vitest";
import { readBody, reasonOf } from "./answer-text.ts";

test.each([
  [
    "Nova",
    '{"itemNotFound": {"code": 404, "message": "Instance x could not be found."}}',
    "Instance x could not be found.",
  ],
  ["Keystone", '{"error":{"code":401,"message":"No.","title":"Unauthorized"}}', "No."],
  ["Neutron", '{"NeutronError": {"type": "PortNotFound", "message": "Port y", "detail": ""}}', "Port y"],
  ["Neutron in short", '{"NeutronError": "Quota exceeded"}', "Quota exceeded"],
  ["Placement", '{"errors":[{"status":404,"title":"Not Found","detail":"No provider"}]}', "No provider"],
  ["keystonemiddleware", '{"message": "The server is away", "code": 503}', "The server is away"],
  [
    "Glance",
    "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found<br /><br />\n</body>\n</html>",
    "No image found",
  ],
  [
    "Glance in JSON",
    '{"message": "No image found with ID nope<br /><br />\\n\\n", "code": 404}',
    "No image found with ID nope",
  ],
  ["a proxy", "<html><head><title>502 Bad Gateway</title></head><body></body></html>", "502 Bad Gateway"],
  ["nobody", "", "no reason given."],
  ["an empty object", "{}", "no reason given."],
])("the reason is found in an error of %s", (_, text, reason) => {
  expect(reasonOf(readBody(text))).toBe(reason);
});

test("a long page is cut", () => {
  expect(reasonOf(readBody("x".repeat(10_000))).length).toBe(500);
});
