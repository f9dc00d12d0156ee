import { afterEach, expect, it } from "vitest";

import type { Act } from "../src/ceremony/act.svelte";
import { actNamed } from "../src/ceremony/words";
import type { ActChoice, ActView } from "../src/ipc/bindings";
import { speak } from "../src/words/words";

afterEach(() => speak("en"));

const witness = { role: "witness" } as ActChoice;

/** The name of an act over one decision, while the person chooses to witness it. */
function named(decision_id: string, isFirst = false, refusing = false): string {
  const shown = { stage: "choosing", total: 1, at: { decision_id, file: "RUN-1.json" }, refusing };
  return actNamed({ shown: shown as ActView, isFirst } as Act, witness);
}

it("names what is done, to what and in which role", async () => {
  expect(named("DEC-014")).toBe("Co-sign DEC-014 as witness");
  expect(named("DEC-014", true)).toBe("Sign DEC-014 as witness");
  expect(named("DEC-014", true, true)).toBe("Refuse DEC-014 as witness");
  expect(named("")).toBe("Co-sign RUN-1.json as witness");
  await speak("de");
  // The words of roles are read once, when the window starts.
  expect(named("DEC-014")).toBe("DEC-014 als witness mitsignieren");
});

it("does not take the name of a decision for words of its own, nor lose the role after a long one", () => {
  expect(named("DEC-1 as operator")).toBe("Co-sign “DEC-1 as operator” as witness");
  expect(named(` ${"x".repeat(30)}\n`)).toBe(`Co-sign ${"x".repeat(23)}… as witness`);
});
