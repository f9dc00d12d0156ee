import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { StationView } from "../src/ipc/bindings";
import { ACTS, keyCap } from "../src/keyboard";
import { hints } from "../src/kit/hints.svelte";
import { expectAccessible } from "./axe";
import { FakeStation, type Fixture, fixtures } from "./station";
import { withHistory } from "./station-history";
import { withKeys } from "./station-keys";
import { PACKED, reviewOf } from "./station-review";
import { settings, withSettings } from "./station-settings";

let station: FakeStation;

afterEach(() => hints.clear());

async function open(envelopes: Fixture[] = fixtures(), view: Partial<StationView> = {}) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(envelopes, view).install();
  station.answer("text_size", ({ step }: { step: string }) => (step === "larger" ? 110 : 100));
  render(App);
  await screen.findByRole("navigation", { name: "Views" });
  if (station.view.directory !== null && envelopes.length > 0) await screen.findAllByRole("option");
  return userEvent.setup();
}

const hint = () => hints.last?.text ?? "";

/** The keys in the notation of the tests. */
function typed(keys: string): string {
  return keys
    .split(" ")
    .map((one) => {
      const parts = one.split(/\+(?=.)/u);
      const key = parts.pop() ?? "";
      const shown = key === "Space" ? " " : key.length > 1 ? `{${key}}` : key;
      const held = { Ctrl: "Control", Shift: "Shift" };
      return parts.reduceRight((inner, part) => {
        const name = held[part as keyof typeof held];
        return `{${name}>}${inner}{/${name}}`;
      }, shown);
    })
    .join("");
}

/** The views of the window. By its selector: looking for a role in everything takes long. */
const viewsOf = () => document.querySelector('nav[aria-label="Views"]');

/** All that a person could notice of a key. */
function noticeable(): string {
  return JSON.stringify([
    hints.last?.number,
    station.calls.length,
    document.activeElement?.outerHTML,
    document.querySelector("main")?.innerHTML,
    document.querySelectorAll("[role=dialog]").length,
    viewsOf()?.innerHTML,
  ]);
}

describe("a key", () => {
  const places: [string, () => Promise<ReturnType<typeof userEvent.setup>>, string][] = [
    ["without a directory", () => open([], { directory: null, presence: "none" }), ""],
    ["in an empty queue", () => open([]), ""],
    ["in the queue with nothing read", () => open(), ""],
    ["during a review", () => open(fixtures(), { review: reviewOf("/media/stick") }), ""],
    ["in the history", () => open(), "gh"],
    ["among the keys", () => open(), "gk"],
    ["in the settings", () => open(), "gs"],
  ];
  for (const [place, begin, goTo] of places) {
    it(`acts or says why it does not, ${place}`, async () => {
      const user = await begin();
      let home: string | undefined;
      for (const { act, keys } of ACTS) {
        for (const way of keys) {
          if (home === undefined || viewsOf()?.innerHTML !== home) {
            await user.keyboard(`gq${goTo}`);
            home = viewsOf()?.innerHTML;
          }
          (document.activeElement as HTMLElement | null)?.blur();
          // With nothing to leave, nothing is to be said.
          if (act === "back") continue;
          hints.clear();
          const before = noticeable();
          await user.keyboard(typed(way));
          await waitFor(() => expect(noticeable(), `${way} for ${act}`).not.toBe(before));
          while (document.querySelector("[role=dialog]")) {
            await user.keyboard("{Escape}");
            await waitFor(() => expect(document.querySelector("[role=dialog]")).toBeNull());
          }
        }
      }
    });
  }

  it("says why in one line that is announced", async () => {
    const user = await open();
    await user.keyboard("+");
    const line = await screen.findByText(/^This works in the history/);
    expect(line.closest("[role=status]")).not.toBeNull();
    await user.keyboard("gss");
    expect(hint()).toMatch(/^This works in the queue/);
    await user.keyboard("gsgh");
    expect(hint()).toBe("");
  });

  it("with a letter works on radios, checkboxes and buttons, and is text in a field", async () => {
    const user = await open();
    screen.getByRole("button", { name: "Settings" }).focus();
    await user.keyboard("gk");
    const current = () => viewsOf()?.querySelector("[aria-current]");
    expect(current()).toHaveTextContent("Keys");
    await user.keyboard("gs");
    for (const type of ["radio", "checkbox"]) {
      const control = Object.assign(document.createElement("input"), { type });
      document.querySelector("main")?.append(control);
      control.focus();
      await user.keyboard("gq");
      expect(current()).toHaveTextContent("Queue");
      control.remove();
      await user.keyboard("gs");
      expect(current()).toHaveTextContent("Settings");
    }
    await user.keyboard("gq");
    const select = document.createElement("select");
    document.querySelector("main")?.append(select);
    select.focus();
    await user.keyboard("gk");
    expect(current()).toHaveTextContent("Keys");
    select.remove();
    await user.keyboard("gq/gk");
    expect(current()).toHaveTextContent("Queue");
    expect(screen.getByRole("searchbox", { name: "Search" })).toHaveValue("gk");
    // What is pressed with Ctrl is no text.
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("dialog", { name: "What you can do" });
  });

  it("changes the text size everywhere, and says what it is", async () => {
    const user = await open();
    await user.keyboard("?");
    await screen.findByRole("dialog", { name: "Help" });
    await user.keyboard("{Control>}+{/Control}");
    await waitFor(() => expect(hint()).toBe("Text size 110 %"));
    await user.keyboard("{Control>}-{/Control}{Control>}0{/Control}");
    await waitFor(() =>
      expect(station.callsOf("text_size")).toEqual([
        { step: "larger" },
        { step: "smaller" },
        { step: "normal" },
      ]),
    );
  });

  it("goes to the next envelope that is pending, and on to the first after the last", async () => {
    const user = await open(fixtures(), { review: reviewOf("/media/stick") });
    await user.keyboard("gq");
    const pending = Number(
      screen.getByRole("button", { name: /^Pending/ }).textContent?.replace(/\D/gu, ""),
    );
    expect(pending).toBeGreaterThan(1);
    const seen: string[] = [];
    for (let turn = 0; turn <= pending; turn++) {
      const before = document.querySelector("[role=option][aria-selected=true]")?.id;
      await user.keyboard("n");
      await waitFor(() => {
        const now = document.querySelector("[role=option][aria-selected=true]")?.id;
        expect(now).toBeDefined();
        expect(now).not.toBe(before);
      });
      seen.push(document.querySelector("[role=option][aria-selected=true]")?.id ?? "");
    }
    expect(new Set(seen).size).toBe(pending);
    expect(seen.at(-1)).toBe(seen[0]);
  });
});

describe("the palette", () => {
  async function palette(user: ReturnType<typeof userEvent.setup>) {
    await user.keyboard("{Control>}k{/Control}");
    return within(await screen.findByRole("dialog", { name: "What you can do" }));
  }

  it("lists every act with its keys, and why it cannot be done", async () => {
    const user = await open();
    const list = await palette(user);
    for (const { act, label, keys } of ACTS) {
      if (act === "palette") continue;
      const option = list
        .getAllByRole("option")
        .find((one) => one.querySelector(".words")?.textContent?.trim().startsWith(label));
      expect(option, label).toBeDefined();
      const caps = keys.flatMap((way) => way.split(" ").map(keyCap));
      expect([...(option?.querySelectorAll("kbd") ?? [])].map((cap) => cap.textContent)).toEqual(
        caps,
      );
    }
    const stop = list.getByRole("option", { name: /^Stop reviewing/ });
    expect(stop).toHaveAttribute("aria-disabled", "true");
    expect(stop).toHaveTextContent("Nothing is reviewed.");
    await expectAccessible(screen.getByRole("dialog"));
  });

  /** What the group of the view that is open lists, as it is read. */
  function ofView(list: Awaited<ReturnType<typeof palette>>) {
    return within(list.getByRole("group", { name: "In this view" }));
  }

  it("lists what can be done in the view that is open, and does it", async () => {
    const user = await open();
    withKeys(station);
    withSettings(station, settings());
    withHistory(station);
    await user.keyboard("gk");
    await screen.findByRole("button", { name: "Create software key…" });
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Create software key…" })).toBeEnabled(),
    );
    let list = await palette(user);
    const own = ofView(list);
    expect(own.getByRole("option", { name: /^Enrol/ })).toBeVisible();
    expect(own.getByRole("option", { name: "Go to: Filter keys" })).toBeVisible();
    await user.click(own.getAllByRole("option", { name: /^Revoke \S+…/ })[0] as HTMLElement);
    await user.click(
      within(await screen.findByRole("dialog", { name: /^Revoke / })).getByRole("button", {
        name: "Cancel",
      }),
    );
    await waitFor(() => expect(document.querySelector("[role=dialog]")).toBeNull());

    await user.keyboard("gs");
    await screen.findByRole("heading", { name: "Settings" });
    list = await palette(user);
    await user.click(ofView(list).getByRole("option", { name: "Go to: Policy" }));
    expect(await screen.findByRole("heading", { name: "Policy", level: 2 })).toBeVisible();

    await user.keyboard("gh");
    await screen.findByRole("combobox", { name: "Person" });
    list = await palette(user);
    await user.click(ofView(list).getByRole("option", { name: "Go to: Person" }));
    await waitFor(() => expect(screen.getByRole("combobox", { name: "Person" })).toHaveFocus());
  });

  it("says of what the open view shows why it cannot be done now", async () => {
    const user = await open(fixtures(), { review: reviewOf("/media/stick", PACKED) });
    await user.keyboard("{Control>}k{/Control}");
    const list = within(await screen.findByRole("dialog", { name: "What you can do" }));
    const sign = ofView(list).getByRole("option", { name: /^Sign the finding/ });
    expect(sign).toHaveAttribute("aria-disabled", "true");
    expect(sign).toHaveTextContent("Choose");
    expect(ofView(list).getByRole("option", { name: /^Go to: .*digest/i })).toBeVisible();
    expect(ofView(list).getByRole("option", { name: /^Go to: .*note/i })).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("finds by words, does what is chosen, and gives the focus back", async () => {
    const user = await open();
    screen.getByRole("listbox", { name: "Envelopes" }).focus();
    let list = await palette(user);
    expect(list.getByRole("combobox")).toHaveFocus();
    await user.keyboard("audit read");
    expect(list.getAllByRole("option")).toHaveLength(1);
    expect(list.getByRole("option", { selected: true })).toHaveTextContent("Review a directory");
    await user.keyboard("{Enter}");
    await screen.findByRole("dialog", { name: /Review without changing/ });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByRole("listbox", { name: "Envelopes" })).toHaveFocus());

    list = await palette(user);
    await user.keyboard("stop rev{Enter}");
    // What cannot be done is not done, and the list stays.
    expect(hint()).toBe("Nothing is reviewed.");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("moves with the arrow keys, also onto what cannot be done", async () => {
    const user = await open();
    const list = await palette(user);
    const chosen = () => list.getByRole("option", { selected: true });
    await user.keyboard("{ArrowUp}");
    expect(chosen()).toHaveAttribute("aria-posinset", String(ACTS.length - 1));
    await user.keyboard("{ArrowDown}");
    expect(chosen()).toHaveAttribute("aria-posinset", "1");
    await user.keyboard("stop rev");
    expect(chosen()).toHaveAttribute("aria-disabled", "true");
    expect(list.getByRole("combobox")).toHaveAttribute("aria-activedescendant", chosen().id);
  });
});
