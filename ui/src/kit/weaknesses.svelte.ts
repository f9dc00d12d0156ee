import type { Weakness } from "../ipc/bindings";

/** In what the policy that levels are shown by is weaker than the default; every badge bears it. */
export const policy: { weaknesses: readonly Weakness[] } = $state({ weaknesses: [] });
