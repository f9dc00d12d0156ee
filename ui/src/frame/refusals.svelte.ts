import { failureOf } from "../ipc/ask";
import type { Failure } from "../ipc/bindings";

/** Why the last request was not carried out, shown below the header until one succeeds. */
export class Refusals {
  last: Failure | null = $state.raw(null);

  /** Runs a request to the station, and records why it failed if it did. */
  async attempt(request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
      this.last = null;
    } catch (thrown) {
      this.last = failureOf(thrown);
    }
  }

  /** Reports that the window itself refuses a request, and what the person can do. */
  refuse(code: string, message: string, hint: string): void {
    this.last = { code, message, hint };
  }

  dismiss(): void {
    this.last = null;
  }
}
