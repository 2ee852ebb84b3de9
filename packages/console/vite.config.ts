import { API_PREFIX, EVENTS_PATH, endpoints } from "@uniview/api/contract";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `npm start` serves the API while the console is developed with `vite`. */
const SERVER_URL = "http://127.0.0.1:8778";

/**
 * The contract without its schemas: a browser needs each endpoint's method and path, not 70 kB (gzip) of zod
 * to describe answers that it does not check. The types are the contract's own.
 */
function contractWithoutSchemas(): Plugin {
  const addresses = Object.entries(endpoints).map(([name, { method, path, idempotent_by_key }]) => [
    name,
    { method, path, ...(idempotent_by_key ? { idempotent_by_key } : {}) },
  ]);
  const parts = { API_PREFIX, EVENTS_PATH, endpoints: Object.fromEntries(addresses) };
  const code = Object.entries(parts).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
  );
  return {
    name: "contract-without-schemas",
    enforce: "pre",
    load: (id) => (id.endsWith("/packages/api/src/contract.ts") ? code.join("\n") : undefined),
  };
}

export default defineConfig({
  plugins: [contractWithoutSchemas(), react()],
  build: {
    target: "es2023",
    // the server sends `script-src 'self'`: nothing may be inlined as a data: URL
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": SERVER_URL } },
});
