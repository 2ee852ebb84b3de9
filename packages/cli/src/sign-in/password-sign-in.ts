import { API_PREFIX, endpoints, Problem, type ProblemDetail } from "@uniview/api";

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

/**
 * Signs in with a password only to make an API token, and signs out again. The cookie lives as long as this call:
 * the typed client knows tokens only, since in a browser the cookie is the browser's own business.
 *
 * @throws Problem `wrong-sign-in`, `setup-needed`, `too-many-requests`
 */
export async function makeTokenByPassword(
  url: string,
  {
    name,
    password,
    token_name,
    askPasscode,
  }: {
    readonly name: string;
    readonly password: string;
    readonly token_name: string;
    /** Called where the user has a second factor: the code of their phone. */
    readonly askPasscode: () => Promise<string>;
  },
): Promise<MadeToken> {
  const signed_in = await send(url, endpoints.signIn, { name, password }).catch(async (problem: unknown) => {
    if (!(problem instanceof Problem) || problem.slug !== "passcode-needed") throw problem;
    return send(url, endpoints.signIn, { name, password, passcode: await askPasscode() });
  });
  const cookie = signed_in.headers
    .getSetCookie()
    .map((each) => each.split(";", 1)[0])
    .join("; ");
  const made = await send(url, endpoints.createToken, { name: token_name }, cookie);
  const { id, token } = (await made.json()) as MadeToken;
  await send(url, endpoints.signOut, undefined, cookie);
  return { id, token };
}

async function send(
  url: string,
  { method, path }: { readonly method: string; readonly path: string },
  body: unknown,
  cookie?: string,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url + API_PREFIX + path, {
      method,
      headers: {
        accept: "application/json",
        origin: new URL(url).origin, // a cookie is taken only from Uniview's own pages
        "idempotency-key": crypto.randomUUID(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(cookie ? { cookie } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new Problem(
      "internal-error",
      `Uniview does not answer at ${url}.`,
      { remedy: "Check the address and whether the server runs." },
      cause,
    );
  }
  if (response.ok) return response;
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    throw Problem.from((await response.json()) as ProblemDetail);
  }
  throw new Problem(
    "internal-error",
    `Something that is not Uniview answered with HTTP ${response.status}.`,
    {
      remedy: "Check the address, and the proxy before it.",
    },
  );
}
