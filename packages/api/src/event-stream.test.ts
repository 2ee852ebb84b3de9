import { expect, test } from "vitest";
import { readEvents } from "./event-stream.ts";

test("events are read whole however the stream is cut, and comments are passed over", async () => {
  const text = ': hello\n\nevent: job\ndata: {"a":1}\n\ndata: x\r\ndata: y\r\n\r\n';
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of new TextEncoder().encode(text)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const data of readEvents(body)) events.push(data);
  expect(events).toEqual(['{"a":1}', "x\ny"]);
});
