import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import Help from "../src/frame/Help.svelte";
import { ACTS, groupName, keyCap } from "../src/keyboard";
import { ASSURANCE, ASSURANCE_MARK, capital, KIND, STATE } from "../src/kit/words";
import { expectAccessible } from "./axe";
import { FakeStation } from "./station";

const open = () => render(Help, { onclose: vi.fn(), onabout: vi.fn() });
const items = (list: string) =>
  within(screen.getByRole("list", { name: list }))
    .getAllByRole("listitem")
    .map((item) => item.textContent.replace(/\s+/gu, " ").trim());

describe("the help", () => {
  it("opens with ? and from the header, and closes with Escape", async () => {
    new FakeStation().install();
    render(App);
    const user = userEvent.setup();
    await screen.findByRole("listbox");
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Help" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Help" }));
    expect(await screen.findByRole("dialog", { name: "Help" })).toBeVisible();
  });

  it("explains each level from L0 to L7 in one line", () => {
    open();
    const levels = items("Levels");
    expect(levels).toHaveLength(9);
    for (let level = 0; level < 8; level++) {
      expect(levels[level]).toMatch(new RegExp(`^L${level} [A-Z][^.]+\\.$`, "u"));
    }
    expect(levels[3]).toMatch(/transparency log/u);
    expect(levels[4]).toMatch(/operator and a witness/u);
    expect(levels[8]).toMatch(/^No level .*cannot be read/u);
  });

  it("says how a hardware key is known", () => {
    open();
    const said = screen.getByRole("region", { name: "Levels, marks and keys" });
    const marks = Object.values(ASSURANCE_MARK);
    for (const [index, means] of Object.values(ASSURANCE).entries()) {
      expect(said).toHaveTextContent(`${marks[index]} (${means})`);
    }
  });

  it("explains every mark of a signature, with the word that the lists use for it", () => {
    open();
    const signatures = items("Signatures").join("\n");
    for (const kind of Object.values(KIND)) expect(signatures).toContain(kind);
    for (const mark of ["empty slot", "does not count", "invalid", "Bar, in the history"]) {
      expect(signatures).toContain(mark);
    }
  });

  it("explains each of the six states, and what cannot be checked", () => {
    open();
    const states = items("States");
    for (const { word, means } of Object.values(STATE)) {
      expect(states.filter((state) => state === `${capital(word)} ${means}`)).toHaveLength(1);
    }
  });

  it("lists every key once, in groups", () => {
    open();
    const dialog = within(screen.getByRole("dialog"));
    for (const { label, keys, group } of ACTS.filter(({ keys }) => keys.length > 0)) {
      const row = dialog
        .getAllByText(label)
        .map((found) => found.closest("dl > div"))
        .find((found) => found !== null);
      const caps = keys.flatMap((way) => way.split(" ").map(keyCap));
      expect([...(row?.querySelectorAll("kbd") ?? [])].map((cap) => cap.textContent)).toEqual(caps);
      expect(dialog.getByRole("heading", { name: groupName(group) })).toBeVisible();
    }
  });

  it("is in plain words and accessible", async () => {
    open();
    expect(screen.getByRole("dialog").textContent).not.toMatch(/`|--\w|\w_\w/u);
    await expectAccessible(screen.getByRole("dialog"));
  });
});
