import { once } from "node:events";
import { z } from "zod";
import { defineWorkflow } from "../src/definition.ts";
import { createEngine } from "../src/engine.ts";
import { connect } from "../src/testing-database.ts";

/**
 * An engine in a process of its own, to be killed by the test that forked it. Each act is told to the test as
 * `{ act, key }`; the acts named in HOLD wait for a message, whose text becomes an error when there is some.
 */
const [url = "", executor_id = ""] = process.argv.slice(2);
const hold = new Set((process.env["HOLD"] ?? "").split(","));
const second = process.env["RENAMED"] ? "renamed" : "two";

async function act(name: string, key: string, signal: AbortSignal): Promise<void> {
  process.send?.({ act: name, key });
  if (!hold.has(name)) return;
  signal.addEventListener("abort", () => process.send?.({ act: `stopped ${name}`, key }));
  const [answer] = (await once(process, "message", { signal })) as [{ error?: string }];
  if (answer.error)
    throw Object.assign(new Error(answer.error), { retryable: answer.error.includes("away") });
}

const moving = defineWorkflow({
  name: "moving",
  input: z.object({}),
  title: () => "Moving",
  async run(job) {
    for (const name of ["one", second, "three"]) {
      await job.step(name, {
        do: ({ key, signal }) => act(`do ${name}`, key, signal),
        undo: ({ key, signal }) => act(`undo ${name}`, key, signal),
      });
    }
    await job.sleep(1);
    return "moved";
  },
});

const pool = connect(url);
const engine = createEngine({
  pool,
  workflows: [moving],
  deps: {},
  executor_id,
  dead_after_ms: Number(process.env["DEAD_AFTER_MS"] ?? 30_000),
});
await engine.launch();
if (process.env["START"]) await engine.start("moving", {}, { owner: "ada", id: process.env["START"] });
