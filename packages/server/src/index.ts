export { type Config, configure } from "./config.ts";
export { createServer, type RunningServer } from "./server.ts";
