import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import { expectAccessible } from "./axe";
import { FakeStation, type Fixture, fixtures, many } from "./station";

let station: FakeStation;

async function open(envelopes: Fixture[] = fixtures()) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(envelopes).install();
  render(App);
  await screen.findAllByRole("option");
  return userEvent.setup();
}

const list = () => screen.getByRole("listbox", { name: "Envelopes" });
const row = (decision: string) =>
  within(list()).getByRole("option", { name: new RegExp(`${decision}\\b`) });
const read = () => within(list()).getByRole("option", { selected: true });
const picked = () =>
  within(list())
    .queryAllByRole("option", { checked: true })
    .map((option) => /DEC-\d+/.exec(option.textContent)?.[0]);
const bar = () => screen.getByRole("group", { name: "Selected envelopes" });
const noBar = () =>
  waitFor(() => expect(screen.queryByRole("group", { name: "Selected envelopes" })).toBeNull());
const said = (words: string) =>
  waitFor(() =>
    expect(screen.getAllByRole("status").map((one) => one.textContent.trim())).toContain(words),
  );

describe("by keyboard", () => {
  it("selects with x and with Space, and not what is only read", async () => {
    const user = await open();
    await user.keyboard("x");
    await waitFor(() => expect(picked()).toEqual(["DEC-017"]));
    await user.keyboard("jj");
    await waitFor(() => expect(read()).toHaveTextContent("DEC-014"));
    expect(picked()).toEqual(["DEC-017"]);
    await user.keyboard(" ");
    await said("2 selected");
    expect(picked()).toEqual(["DEC-017", "DEC-014"]);
    expect(bar()).toHaveTextContent("2 selected");
    await expectAccessible();
    await user.keyboard("x");
    await said("1 selected");
    expect(picked()).toEqual(["DEC-017"]);
  });

  it("extends a range with Shift in both directions, and shrinks it again", async () => {
    const user = await open();
    await waitFor(() => expect(read()).toHaveTextContent("DEC-017"));
    await user.keyboard("{Shift>}j{/Shift}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-018"]));
    await user.keyboard("{Shift>}{ArrowDown}{/Shift}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-018", "DEC-014"]));
    await user.keyboard("{Shift>}k{/Shift}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-018"]));
    // Another range adds to what is selected.
    await user.keyboard("jj");
    await waitFor(() => expect(read()).toHaveTextContent("DEC-004"));
    await user.keyboard("{Shift>}j{/Shift}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-018", "DEC-004", "DEC-011"]));
  });

  it("selects everything with Ctrl+A, even a hundred thousand, and nothing with Escape", async () => {
    const user = await open(many(100_000));
    await user.keyboard("{Control>}a{/Control}");
    await said("100\u202f000 selected");
    for (const option of within(list()).getAllByRole("option")) expect(option).toBeChecked();
    await user.keyboard("{Escape}");
    await noBar();
    await said("None selected");
    expect(picked()).toEqual([]);

    await user.click(screen.getByRole("button", { name: /Trouble/ }));
    await user.keyboard("{Escape}{Control>}a{/Control}");
    const matching = many(100_000).filter(({ level }) => level === null).length;
    await waitFor(() =>
      expect(bar()).toHaveTextContent(
        `${String(matching)
          .replace(/(\d{3})$/, "\u202f$1")
          .replace("\u202f", " ")} selected`,
      ),
    );
  });

  it("leaves Ctrl+A, x and Space to text fields", async () => {
    const user = await open();
    await user.keyboard("/x y{Control>}a{/Control}");
    expect(screen.getByRole("searchbox")).toHaveValue("x y");
    await noBar();
  });
});

describe("by mouse", () => {
  it("reads with a press, selects on the mark or with Ctrl, and a range with Shift", async () => {
    const user = await open();
    await user.click(row("DEC-018"));
    await waitFor(() => expect(read()).toHaveTextContent("DEC-018"));
    await noBar();

    const mark = row("DEC-017").querySelector(".mark");
    if (mark) await user.click(mark);
    await waitFor(() => expect(picked()).toEqual(["DEC-017"]));
    expect(read()).toHaveTextContent("DEC-018");

    await user.keyboard("{Shift>}");
    await user.click(row("DEC-014"));
    await user.keyboard("{/Shift}{Control>}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-018", "DEC-014"]));
    await user.click(row("DEC-018"));
    await user.keyboard("{/Control}");
    await waitFor(() => expect(picked()).toEqual(["DEC-017", "DEC-014"]));
    await user.click(within(bar()).getByRole("button", { name: "Clear" }));
    await noBar();
    expect(list()).toHaveFocus();
  });
});

describe("what is selected", () => {
  it("stays selected while the list is sorted, filtered and extended", async () => {
    const user = await open();
    await user.keyboard("x");
    await said("1 selected");
    await user.click(screen.getByRole("button", { name: /Filter/ }));
    await user.selectOptions(await screen.findByLabelText("Order"), "oldest");
    await user.keyboard("{Escape}");
    await waitFor(() =>
      expect(within(list()).getAllByRole("option")[0]).toHaveTextContent("DEC-002"),
    );
    expect(picked()).toEqual(["DEC-017"]);
    station.arrive({ ...(fixtures()[0] as Fixture), id: 99, decision: "DEC-099", minutesAgo: 9e5 });
    await waitFor(() => expect(row("DEC-099")).toBeVisible());
    expect(picked()).toEqual(["DEC-017"]);
    await user.type(screen.getByRole("searchbox"), "triage{Enter}");
    await waitFor(() => expect(picked()).toEqual([]));
    expect(bar()).toHaveTextContent("1 selected");
  });

  it("is cleared in another directory", async () => {
    const user = await open();
    await user.keyboard("x");
    await said("1 selected");
    station.tell({ directory: "/srv/other_runs" });
    await noBar();
  });
});
