import { randomUUID } from "node:crypto";
import type { Fault, FaultService } from "../options.ts";

export type SetFault = Fault & { id: string; hits: number };

/** The faults that are set right now. */
export class FaultBoard {
  #faults = new Map<string, SetFault>();

  set(fault: Fault): string {
    if (fault.path !== undefined) new RegExp(fault.path);
    const id = randomUUID();
    this.#faults.set(id, { ...fault, id, hits: 0 });
    return id;
  }

  clear(id?: string): void {
    if (id === undefined) this.#faults.clear();
    else this.#faults.delete(id);
  }

  list(): SetFault[] {
    return [...this.#faults.values()];
  }

  /** Faults that hit this request; each counts one hit and clears itself after its last. */
  hits(service: FaultService, method: string, path: string): SetFault[] {
    return this.list().filter((fault) => {
      if (fault.deny_policy !== undefined || !matches(fault, service, method, path)) return false;
      fault.hits += 1;
      if (fault.times !== undefined && fault.hits >= fault.times) this.#faults.delete(fault.id);
      return true;
    });
  }

  denies(policy: string): boolean {
    return this.list().some((fault) => {
      if (fault.deny_policy !== policy) return false;
      fault.hits += 1;
      return true;
    });
  }
}

function matches(fault: Fault, service: FaultService, method: string, path: string): boolean {
  return (
    (fault.service === undefined || fault.service === "*" || fault.service === service) &&
    (fault.method === undefined || fault.method.toUpperCase() === method) &&
    (fault.path === undefined || new RegExp(fault.path).test(path))
  );
}
