import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["**/dist/", "**/ipc/bindings.ts"] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      eqeqeq: "error",
      "svelte/no-at-html-tags": "error",
      // The content security policy takes no style attributes; `style:--x` goes past it by the CSSOM.
      "no-restricted-syntax": ["error", "SvelteAttribute[key.name='style']"],
      // Maps and sets here are replaced whole, or hold nothing that is shown.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/require-each-key": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
    },
  },
  {
    // The driver of the real window, and what CI runs; what is given to a page runs in it.
    files: ["**/*.mjs"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
);
