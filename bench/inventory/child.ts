import { fork } from "node:child_process";
import { join } from "node:path";

/** A process of the bench that carries out orders, one at a time. */
export interface Child<Order, Answer> {
  readonly pid: number;
  tell(order: Order): Promise<Answer>;
  end(): Promise<void>;
}

/** @param file beside this one; it answers each message with one */
export function startChild<Order extends object, Answer>(file: string): Child<Order, Answer> {
  const child = fork(join(import.meta.dirname, file), { execArgv: [] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid: child.pid ?? 0,
    tell(order) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      child.once("message", (answer: Answer) => resolve(answer));
      void gone.then(() => reject(new Error(`${file} ended instead of answering; see above why.`)));
      child.send(order);
      return promise;
    },
    async end() {
      child.disconnect();
      child.kill();
      await gone;
    },
  };
}
