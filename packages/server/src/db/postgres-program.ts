import type { ChildProcess } from "node:child_process";

/** The part of spawn's options that changes the account, left out where nothing is to be changed. */
export function owner(uid?: number, gid?: number): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

/** Waits for a program to end; -1 when a signal ended it. Rejects when it could not be started. */
export function exit(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? -1));
  });
}
