import { join } from "node:path";
import { type Child, startChild, waitForLine } from "./child.ts";

const SANDBOX = join(import.meta.dirname, "../../packages/sandbox/src/main.ts");

/** Two releases that differ in what they understand: locks with reasons, snapshots in use, image properties. */
const RELEASES = [
  { name: "amsterdam", release: "victoria" },
  { name: "berlin", release: "2025.1" },
] as const;

export interface DemoSite {
  readonly name: string;
  readonly release: string;
  /** Address of the simulated site; below it `/sandbox/disks` and `/sandbox/guests/{server}` tell what is inside. */
  readonly url: string;
  readonly auth_url: string;
  readonly clouds_yaml: string;
  /** Where its disks lie, as files. */
  readonly dir: string;
}

export class DemoSites implements AsyncDisposable {
  readonly all: readonly DemoSite[];
  readonly ended: Promise<string>;
  readonly #children: readonly Child[];

  private constructor(all: readonly DemoSite[], children: readonly Child[]) {
    this.all = all;
    this.#children = children;
    this.ended = Promise.race(children.map((child) => child.ended));
  }

  static async start(dir: string): Promise<DemoSites> {
    await using started = new AsyncDisposableStack();
    const children = RELEASES.map(({ name, release }) =>
      started.use(
        startChild(
          `The sandbox site ${name}`,
          [
            SANDBOX,
            "--name",
            name,
            "--release",
            release,
            "--dir",
            join(dir, "sites", name),
            "--seed",
            "demo",
          ],
          join(dir, `${name}.log`),
        ),
      ),
    );
    const all = await Promise.all(
      children.map(async (child, place) => {
        const line = await waitForLine(child, (text) => text.startsWith("{"));
        return {
          ...(JSON.parse(line) as Omit<DemoSite, "release">),
          release: RELEASES[place]?.release ?? "",
        };
      }),
    );
    started.move();
    return new DemoSites(all, children);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => child[Symbol.asyncDispose]()));
  }
}
