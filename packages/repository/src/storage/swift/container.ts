import { z } from "zod";
import { expectStatus, headerOf } from "./swift-answer.ts";
import type { SwiftSession } from "./swift-session.ts";

const Page = z.array(z.object({ name: z.string(), bytes: z.number(), hash: z.string() }));
export type Listed = z.infer<typeof Page>[number];

/** A container, as Swift's API has it. @see https://docs.openstack.org/api-ref/object-store/ */
export class Container {
  readonly name: string;
  readonly #session: SwiftSession;
  #seen = false;

  constructor(session: SwiftSession, name: string) {
    this.#session = session;
    this.name = name;
  }

  /** A page of the listing, in the order of names; the last one is empty. As many a page as Swift likes to give. */
  async page(
    what: string,
    query: { readonly prefix: string; readonly marker?: string; readonly limit?: number },
  ): Promise<Listed[]> {
    const { prefix, marker = "", limit } = query;
    const words = new URLSearchParams({ format: "json", prefix, marker });
    if (limit !== undefined) words.set("limit", `${limit}`);
    const path = `/${encodeURIComponent(this.name)}?${words}`;
    const answer = await this.#session.call(what, { method: "GET", path });
    await expectStatus(what, answer, 200, 204);
    this.#seen = true;
    const text = await answer.body.text();
    return text === "" ? [] : Page.parse(JSON.parse(text));
  }

  /** @returns its MD5 */
  async put(what: string, key: string, body: Uint8Array): Promise<string> {
    const headers = { "content-type": "application/octet-stream", "content-length": `${body.length}` };
    const answer = await this.#session.call(what, { method: "PUT", path: this.#pathOf(key), headers, body });
    await expectStatus(what, answer, 201, 202);
    await answer.body.dump();
    return headerOf(answer, "etag") ?? "";
  }

  /** The answer with status 200, 206 or 416; undefined when there is no such object. The body is the caller's. */
  async get(what: string, key: string, range: string | undefined) {
    const headers = range ? { range } : {};
    const answer = await this.#session.call(what, { method: "GET", path: this.#pathOf(key), headers });
    if (answer.statusCode !== 404) await expectStatus(what, answer, 200, 206, 416);
    else {
      await answer.body.dump();
      await this.#see(what);
      return undefined;
    }
    return answer;
  }

  /** Undefined when there is no such object. */
  async head(what: string, key: string): Promise<{ bytes: number; hash: string } | undefined> {
    const answer = await this.#session.call(what, { method: "HEAD", path: this.#pathOf(key) });
    await expectStatus(what, answer, 200, 204, 404);
    await answer.body.dump();
    if (answer.statusCode === 404) {
      await this.#see(what);
      return undefined;
    }
    return { bytes: Number(headerOf(answer, "content-length") ?? 0), hash: headerOf(answer, "etag") ?? "" };
  }

  /** Fine when there is no such object. */
  async delete(what: string, key: string): Promise<void> {
    const answer = await this.#session.call(what, { method: "DELETE", path: this.#pathOf(key) });
    await expectStatus(what, answer, 200, 204, 404);
    await answer.body.dump();
    if (answer.statusCode === 404) await this.#see(what);
  }

  /** Tells an object that is missing from a container that is: both are answered by 404. */
  async #see(what: string): Promise<void> {
    if (!this.#seen) await this.page(what, { prefix: "", limit: 1 });
  }

  #pathOf(key: string): string {
    return `/${[this.name, ...key.split("/")].map(encodeURIComponent).join("/")}`;
  }
}
