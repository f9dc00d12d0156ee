import type { Weakness } from "../ipc/bindings";

/** How the policy that levels are judged by is weaker than the default; every badge shows it. */
export const policy: { weaknesses: readonly Weakness[] } = $state({ weaknesses: [] });
