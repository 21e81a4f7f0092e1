import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The server that answers API calls while `npm run dev` serves the pages. */
const target = process.env.LANGFLOW_DEV_TARGET ?? "http://127.0.0.1:7860";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Not `assets`: that is a page of the editor.
    assetsDir: "static",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // A few files instead of one for each icon.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "icons", test: /lucide-react/ },
            { name: "dialogs", test: /@radix-ui|aria-hidden|react-remove-scroll|floating-ui/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/health", "/health_check"].map((path) => [path, { target, changeOrigin: false }]),
    ),
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
