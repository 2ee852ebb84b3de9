import type { CloudCredentials } from "./credentials.ts";
import type { Session, SessionOptions } from "./session-types.ts";

export declare function createSession(cloud: CloudCredentials, options?: SessionOptions): Session;
