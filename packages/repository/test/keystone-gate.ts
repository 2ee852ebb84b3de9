import { createServer } from "node:http";

/** Keystone v3 in front of a Swift that only knows its own sign-in: hands Swift's tokens on. */
export interface KeystoneGate extends AsyncDisposable {
  readonly url: string;
  /** How often somebody signed in. */
  signIns(): number;
}

const USER = { id: "application", secret: "hunter2" };

export async function openKeystoneGate(swift: {
  readonly url: string;
  readonly user: string;
  readonly key: string;
}): Promise<KeystoneGate> {
  let sign_ins = 0;
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    if (request.method !== "POST" || request.url !== "/identity/v3/auth/tokens")
      return void response.writeHead(404).end();
    const { identity } = JSON.parse(text).auth;
    const { id, secret } = identity.application_credential ?? {};
    if (id !== USER.id || secret !== USER.secret) return void response.writeHead(401).end();
    sign_ins++;
    const signed_in = await fetch(`${swift.url}/auth/v1.0`, {
      headers: { "x-auth-user": swift.user, "x-auth-key": swift.key },
    });
    const url = signed_in.headers.get("x-storage-url");
    const endpoint = (region: string, kind: string) => ({ region, interface: kind, url: `${url}/` });
    const token = {
      catalog: [
        { type: "identity", endpoints: [] },
        {
          type: "object-store",
          endpoints: [endpoint("one", "admin"), endpoint("one", "public"), endpoint("two", "public")],
        },
      ],
    };
    response
      .writeHead(201, {
        "x-subject-token": signed_in.headers.get("x-auth-token") ?? "",
        "content-type": "application/json",
      })
      .end(JSON.stringify({ token }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the gate has no port");
  return {
    url: `http://127.0.0.1:${address.port}/identity`,
    signIns: () => sign_ins,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
