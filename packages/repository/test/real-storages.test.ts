import { afterAll, beforeAll, describe } from "vitest";
import { s3Storage } from "../src/storage/s3/s3-storage.ts";
import { swiftStorage } from "../src/storage/swift/swift-storage.ts";
import { storageSuite } from "../src/storage/testing/storage-suite.ts";
import { type SwiftServer, startSwift } from "./swift/swift-server.ts";

let server: SwiftServer;
let made = 0;
beforeAll(async () => {
  server = await startSwift();
  await server.makeContainer("repositories");
});
afterAll(() => server?.[Symbol.asyncDispose]());

const folder = () => `folder/${made++}`;

describe("against Swift of Debian", () => {
  storageSuite("S3", async () =>
    s3Storage({
      endpoint: server.url,
      region: "us-east-1",
      bucket: "repositories",
      prefix: folder(),
      credentials: { access_key_id: server.user, secret_access_key: server.key },
    }),
  );
  storageSuite("Swift", async () =>
    swiftStorage({
      sign_in: {
        kind: "tempauth",
        auth_url: `${server.url}/auth/v1.0`,
        user: server.user,
        key: server.key,
      },
      container: "repositories",
      prefix: folder(),
      settle_ms: 0,
    }),
  );
});
