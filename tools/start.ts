import { buildConsole } from "./console-build.ts";

/** `npm start`: the server as it is run for real, with the console built from these sources. Arguments are the server's. */
await buildConsole();
await import("../packages/server/src/main.ts");
