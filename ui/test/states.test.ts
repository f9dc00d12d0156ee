import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";

import type { State } from "../src/ipc/bindings";
import StateGlyph from "../src/kit/StateGlyph.svelte";
import { STATE } from "../src/kit/words";

const states = Object.keys(STATE) as State[];

describe("the six states, and what cannot be checked", () => {
  it("differ in shape and in word, each in the accessibility tree", () => {
    const shapes = new Set<string>();
    for (const state of states) {
      const { unmount } = render(StateGlyph, { state });
      shapes.add(screen.getByRole("img", { name: STATE[state].word }).innerHTML);
      unmount();
    }
    expect(shapes.size).toBe(states.length);
    expect(new Set(states.map((state) => STATE[state].word)).size).toBe(states.length);
  });

  it("say nothing beside a word that does", () => {
    render(StateGlyph, { state: "waiting", silent: true });
    expect(screen.queryByRole("img")).toBeNull();
  });
});
