import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCredentialsFile } from "./credentials.ts";
import { parseLocation } from "./location.ts";
import { openStorage } from "./open-storage.ts";
import { s3Place } from "./s3/s3-place.ts";
import { StorageRefused } from "./storage-refused.ts";
import { swiftPlace } from "./swift/swift-place.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "uniview-open-storage-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("the URL of a repository", () => {
  test.each([
    ["backups/one", { kind: "folder", path: "/where/i/am/backups/one" }],
    ["/srv/backups", { kind: "folder", path: "/srv/backups" }],
    ["file:///srv/with%20space", { kind: "folder", path: "/srv/with space" }],
    ["s3://Bucket", { kind: "s3", bucket: "Bucket", prefix: "" }],
    [
      "s3://b/a/b/?endpoint=https://s3.example.com/&region=eu&settle_s=5",
      {
        kind: "s3",
        bucket: "b",
        prefix: "/a/b/",
        region: "eu",
        settle_ms: 5000,
        endpoint: "https://s3.example.com",
      },
    ],
    [
      "swift://My%20Backups/x?auth_url=https://keystone:5000/v3&region=zed&interface=internal",
      {
        kind: "swift",
        container: "My Backups",
        prefix: "/x",
        region: "zed",
        auth_url: "https://keystone:5000/v3",
        interface: "internal",
      },
    ],
  ])("%s is read", (url, location) => {
    expect(parseLocation(url, "/where/i/am")).toEqual(location);
  });

  test.each([
    ["", "is empty"],
    ["https://example.com/x", "no URL of a repository"],
    ["s3://", "does not name"],
    ["s3:///folder", "does not name"],
    ["s3://b:80/x", "does not name"],
    ["file://other/srv", "is another machine"],
    ["s3://b?colour=red", "has no colour: it may have endpoint, region, settle_s"],
    ["s3://b?endpoint=ftp://x", "endpoint must be https://HOST"],
    ["swift://c?settle_s=soon", 'settle_s is "soon"'],
  ])("%s is refused", (url, why) => {
    expect(() => parseLocation(url)).toThrow(why);
  });

  test.each([
    "s3://AKIAEXAMPLE:hunter2@bucket/x",
    "s3://bucket?secret_access_key=hunter2",
    "swift://c?password=hunter2",
    "s3://bucket?endpoint=https://me:hunter2@s3.example.com",
  ])("credentials in it are refused, and not repeated: %s", (url) => {
    expect(() => parseLocation(url)).toThrow(StorageRefused);
    expect(() => parseLocation(url)).toThrow(/credentials/);
    expect(() => parseLocation(url)).not.toThrow(/hunter2/);
  });
});

describe("credentials", () => {
  const bucket = { kind: "s3", bucket: "b", prefix: "" } as const;
  const container = { kind: "swift", container: "c", prefix: "" } as const;

  test("of S3 come from the environment", async () => {
    const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "s", AWS_ENDPOINT_URL: "http://s3" };
    expect(await s3Place(bucket, { ...env, AWS_REGION: "eu" })).toEqual({
      bucket: "b",
      prefix: "",
      region: "eu",
      endpoint: "http://s3",
      credentials: { access_key_id: "id", secret_access_key: "s" },
    });
    expect(await s3Place(bucket, { AWS_PROFILE: "work" })).toMatchObject({ profile: "work" });
    await expect(s3Place(bucket, {})).rejects.toThrow("set AWS_ACCESS_KEY_ID");
  });

  test("of Keystone are those of an openrc, or an application credential", async () => {
    const openrc = {
      OS_AUTH_URL: "https://keystone/v3",
      OS_USERNAME: "me",
      OS_PASSWORD: "p",
      OS_PROJECT_NAME: "demo",
      OS_PROJECT_DOMAIN_ID: "d1",
      OS_INTERFACE: "internalURL",
    };
    expect((await swiftPlace(container, openrc)).sign_in).toEqual({
      kind: "keystone",
      auth_url: "https://keystone/v3",
      interface: "internal",
      identity: {
        method: "password",
        password: "p",
        user: { name: "me", domain: { name: "Default" } },
        project: { name: "demo", domain: { id: "d1" } },
      },
    });
    const application = { OS_APPLICATION_CREDENTIAL_ID: "a", OS_APPLICATION_CREDENTIAL_SECRET: "s" };
    const { sign_in } = await swiftPlace({ ...container, auth_url: "https://k" }, application);
    expect(sign_in).toMatchObject({ identity: { method: "application_credential", id: "a", secret: "s" } });
  });

  test("of Swift's own sign-in are told by its address", async () => {
    const env = { ST_AUTH: "http://swift/auth/v1.0", ST_USER: "u", ST_KEY: "k" };
    expect((await swiftPlace(container, env)).sign_in).toEqual({
      kind: "tempauth",
      auth_url: "http://swift/auth/v1.0",
      user: "u",
      key: "k",
    });
    await expect(swiftPlace(container, { ...env, ST_KEY: undefined })).rejects.toThrow(
      "set ST_USER and ST_KEY",
    );
  });

  test("that are missing are named", async () => {
    await expect(swiftPlace(container, {})).rejects.toThrow("set OS_AUTH_URL or OS_CLOUD");
    await expect(swiftPlace(container, { OS_AUTH_URL: "http://k" })).rejects.toThrow("OS_USERNAME");
  });

  test("in a file are taken only when nobody else may read it", async () => {
    const path = join(root, "credentials");
    await writeFile(path, "AWS_ACCESS_KEY_ID=id\nAWS_SECRET_ACCESS_KEY='s s'\n", { mode: 0o600 });
    expect(await readCredentialsFile(path)).toEqual({
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "s s",
    });
    await chmod(path, 0o640);
    await expect(readCredentialsFile(path)).rejects.toThrow(`run chmod 600 ${path}`);
    await expect(readCredentialsFile(join(root, "none"))).rejects.toThrow("there is no credentials file");
  });

  test("an authority's certificate is read from the file that the environment names, or is the variable itself", async () => {
    const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "s" };
    const pem = "-----BEGIN CERTIFICATE-----";
    expect(await s3Place(bucket, { ...env, AWS_CA_BUNDLE: pem })).toMatchObject({ ca: pem });
    await writeFile(join(root, "ca.pem"), pem);
    expect(await s3Place(bucket, { ...env, AWS_CA_BUNDLE: join(root, "ca.pem") })).toMatchObject({ ca: pem });
    await expect(s3Place(bucket, { ...env, AWS_CA_BUNDLE: "/none.pem" })).rejects.toThrow(
      "AWS_CA_BUNDLE is /none.pem",
    );
  });
});

test("a folder is opened by its path and by its URL", async () => {
  await (await openStorage("by-path", {}, { cwd: root })).put("a", Buffer.from("x"));
  const same = await openStorage(pathToFileURL(join(root, "by-path")).href, {});
  expect((await same.get("a")).toString()).toBe("x");
});

test("a storage that nobody listens at is tried until its user gives up", async () => {
  const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "hunter2" };
  const signal = AbortSignal.abort();
  const storage = await openStorage("s3://b?endpoint=http://127.0.0.1:1", env, { signal });
  const failed = storage.get("config");
  await expect(failed).rejects.toThrow(/get config failed: bucket b at http:\/\/127.0.0.1:1: .*ECONNREFUSED/);
  await expect(failed).rejects.not.toThrow(/hunter2/);
});
