import { everyStepCanRepeat } from "@uniview/workflow/testing";
import { afterAll, beforeAll, test } from "vitest";
import { openTrial, TRIAL_PATIENCE_MS } from "./testing-trial.ts";

let opened: Awaited<ReturnType<typeof openTrial>>;

beforeAll(async () => {
  opened = await openTrial();
});

afterAll(() => opened?.close());

test(
  "whichever step runs twice, there is one copy with the source's bytes, and the source is off and locked",
  { timeout: TRIAL_PATIENCE_MS },
  () => everyStepCanRepeat(opened.trial, opened.assertMoved),
);
