import type { Failure } from "./bindings";

/** Thrown where a call to the station was refused; carries why. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "Failed";
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Failure };

/** The data that a call answers with. Throws `Failed` where the station refuses. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call;
  if (answer.status === "ok") return answer.data;
  throw new Failed(answer.error);
}

/** Whatever was thrown, as a failure that can be shown. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failed) return thrown.failure;
  return {
    code: "window",
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: "This is a fault of the window. Close it and open it again; nothing is lost.",
  };
}
