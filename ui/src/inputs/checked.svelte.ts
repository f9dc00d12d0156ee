import { SvelteMap } from "svelte/reactivity";

import type { InputsView } from "../ipc/bindings";

/**
 * What was found of the files that runs were made from. It belongs to the digest of a run: if the run
 * changes, nothing was found of it.
 */
export class CheckedInputs {
  readonly #found = new SvelteMap<string, InputsView>();
  /** Where files were looked for last. */
  directory = $state("");

  /** What was found for the run with this digest; null if nobody looked. */
  of(digest: string | undefined): InputsView | null {
    return (digest && this.#found.get(digest)) || null;
  }

  keep(view: InputsView): void {
    this.#found.set(view.run, view);
    this.directory = view.directory;
  }
}
