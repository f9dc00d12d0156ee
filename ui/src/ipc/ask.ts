import { inWords, t } from "../words/words";
import type { Problem } from "./bindings";

/** Thrown if the station refuses a call. */
export class Failed extends Error {
  constructor(readonly failure: Problem) {
    super(failure.message);
    this.name = "Failed";
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Problem };

/** The data of an answer. Throws `Failed` if the station refuses. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call;
  if (answer.status === "ok") return answer.data;
  throw new Failed(inWords(answer.error));
}

/** Converts anything that was thrown to a failure that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Failed) return thrown.failure;
  return {
    code: "window",
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: t("window-error-hint"),
    id: "",
    args: [],
  };
}
