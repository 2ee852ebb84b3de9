import { everyStepCanFail } from "@uniview/workflow/testing";
import { afterAll, beforeAll, test } from "vitest";
import { openTrial, TRIAL_PATIENCE_MS } from "./testing-trial.ts";

let opened: Awaited<ReturnType<typeof openTrial>>;

beforeAll(async () => {
  opened = await openTrial();
});

afterAll(() => opened?.close());

test(
  "whichever step fails, the source runs again and nothing is left at either site, until the copy runs: then it stays",
  { timeout: TRIAL_PATIENCE_MS },
  () => everyStepCanFail(opened.trial, opened.assertNothingLeft, opened.assertKept),
);
