import { mkdirSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "..");

/** Notes which npm packages are in the pages, as package-lock.json names them: scripts/parts.mjs. */
const parts: Plugin = {
  name: "parts",
  apply: "build",
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((it) =>
      it.type === "chunk" ? it.moduleIds : [],
    );
    const packages = modules.flatMap(
      (it) =>
        /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(
          relative(root, it.replace(/^\0|\?.*$/g, "")),
        )?.[0] ?? [],
    );
    mkdirSync(`${root}/target`, { recursive: true });
    writeFileSync(`${root}/target/ui-parts.json`, JSON.stringify([...new Set(packages)].sort()));
  },
};

/** The dev entry with the fake station is built only where it is asked for: `vite build --mode fake`. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [svelte(), ...(mode === "fake" ? [] : [parts])],
  // In tests the browser's side of Svelte is wanted, not the server's.
  ...(process.env["VITEST"] ? { resolve: { conditions: ["browser"] } } : {}),
  clearScreen: false,
  // The words of the station are read from where they stand.
  server: { port: 1420, strictPort: true, fs: { allow: [`${import.meta.dirname}/..`] } },
  build: {
    outDir: mode === "fake" ? "../target/ui-fake" : "dist",
    emptyOutDir: true,
    target: "safari18",
    sourcemap: false,
    // The window is served from the program itself: nothing is gained by inlining assets.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    ...(mode === "fake" ? { rolldownOptions: { input: `${import.meta.dirname}/dev.html` } } : {}),
  },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    // axe takes its time over a full window, and more on a machine that has other work.
    testTimeout: 120_000,
    // Nothing else runs beside the tests.
    maxWorkers: "100%",
  },
}));
