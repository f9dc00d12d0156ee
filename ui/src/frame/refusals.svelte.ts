import { problemOf } from "../ipc/ask";
import type { Problem } from "../ipc/bindings";

/** Why the last request was not carried out, shown below the header until one succeeds. */
export class Refusals {
  last: Problem | null = $state.raw(null);

  /** Runs a request to the station, and records why it failed if it did. */
  async attempt(request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
      this.last = null;
    } catch (thrown) {
      this.last = problemOf(thrown);
    }
  }

  /** Reports that the window itself refuses a request, and what the person can do. */
  refuse(code: string, message: string, hint: string): void {
    this.last = { code, message, hint, id: "", args: [] };
  }

  dismiss(): void {
    this.last = null;
  }
}
