import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm start` serves the API while the console is developed with `vite`. */
const SERVER_URL = "http://127.0.0.1:8778";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // the server sends `script-src 'self'`: nothing may be inlined as a data: URL
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": SERVER_URL } },
});
