import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { HistoryView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation, hex } from "./station";
import { ENTRIES, historyOf, type Past, withHistory, years } from "./station-history";
import { withKeys } from "./station-keys";

let station: FakeStation;
const user = userEvent.setup();

afterEach(async () => {
  cleanup();
  await tick();
  station.remove();
});

const at = (text: string) => Date.parse(text) / 1000;

/** What two of the fixtures' envelopes have been through. */
const past = (): Past[] => [
  {
    id: 1,
    decision: "DEC-014",
    title: "Retire the legacy claims engine",
    level: 3,
    sealed: at("2026-05-01T08:00:00Z"),
    registered: at("2026-05-01T09:00:00Z"),
    acts: [
      {
        at: at("2026-05-01T08:10:00Z"),
        person: "mira.k",
        key: "ds-prod-2026-01",
        fingerprint: hex(900),
      },
    ],
  },
  {
    id: 11,
    decision: "DEC-002",
    title: "Fix the retention of call records at 24 months",
    level: 4,
    sealed: at("2025-10-01T08:00:00Z"),
    registered: at("2025-10-01T09:00:00Z"),
    acts: [
      {
        at: at("2025-10-01T08:10:00Z"),
        person: "mira.k",
        key: "ds-prod-2026-01",
        fingerprint: hex(900),
      },
      {
        at: at("2025-10-02T08:10:00Z"),
        person: "hmac-desk",
        key: "ds-prod-2026-02",
        fingerprint: null,
        role: "witness",
        standing: "unchecked",
      },
      {
        at: at("2025-10-03T08:10:00Z"),
        person: "j.okafor",
        key: "ds-prod-2026-03",
        fingerprint: hex(902),
        role: "witness",
        kind: "external",
        assurance: "pinned",
      },
    ],
  },
];

async function open(
  view: HistoryView = historyOf(past()),
  answers?: (station: FakeStation) => void,
) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation().install();
  withKeys(withHistory(station, view));
  answers?.(station);
  render(App);
  await screen.findByText("11 of 11");
  await user.keyboard("gh");
  await screen.findByRole("heading", { name: "History" });
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const timeline = () => screen.findByRole("application");
const table = async () => {
  await user.click(button("Table"));
  return screen.findByRole("table");
};
const column = (of: HTMLElement, at: number) =>
  within(of)
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[at]?.textContent.trim());
const card = () => screen.findByRole("complementary", { name: "Selected signature" });
const inQueue = async () =>
  within(await screen.findByRole("listbox")).findByRole("option", { selected: true });
const choose = (label: string, option: string) =>
  user.selectOptions(screen.getByRole("combobox", { name: label }), option);

describe("the timeline", () => {
  it("says in words what it shows, and its lanes can be pressed", async () => {
    await open();
    expect(await timeline()).toHaveAccessibleName(
      /^4 signatures in 3 lanes, from \d+ Sep 2025, .* The table has the same\.$/u,
    );
    expect(screen.getByText("4 signatures by 3 people")).toBeVisible();
    const lanes = within(screen.getByRole("list", { name: "People" })).getAllByRole("button");
    expect(lanes.map((lane) => lane.textContent.replace(/\s+/gu, " ").trim())).toEqual([
      "mira.k 2 operator ds-prod-2026-01",
      "j.okafor 1 witness ds-prod-2026-03",
      "hmac-desk1 1 witness ds-prod-2026-02",
    ]);
    await expectAccessible();

    await user.click(lanes[0] as HTMLElement);
    expect(screen.getByText("2 of 4 signatures")).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Person" })).toHaveValue("mira.k");
    await user.click(button("Show everything"));
    expect(screen.getByText("4 signatures by 3 people")).toBeVisible();
  });

  it("has lanes by key as well", async () => {
    await open();
    await user.click(
      within(screen.getByRole("group", { name: "Lanes by" })).getByRole("button", { name: "Keys" }),
    );
    expect(screen.getByRole("list", { name: "Keys" })).toHaveTextContent("ds-prod-2026-02");
  });

  it("tells how many envelopes stood at which level", async () => {
    await open();
    const levels = screen.getByRole("list", { name: /^Envelopes by level at/u });
    expect(
      within(levels)
        .getAllByRole("listitem")
        .map((one) => one.textContent.replace(/\s+/gu, " ").trim()),
    ).toEqual(["L4 1", "L3 1"]);
    expect(screen.getByText(/as the files claim/u)).toBeVisible();
  });

  it("zooms and moves by keys, and returns to everything", async () => {
    await open();
    const from = () => screen.getByRole<HTMLInputElement>("textbox", { name: "From" }).value;
    const until = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Until" }).value;
    const [first, last] = [from(), until()];
    await user.keyboard("+");
    await waitFor(() => expect(from() > first && until() < last).toBe(true));
    const closer = from();
    await user.keyboard("{ArrowLeft}");
    await waitFor(() => expect(from() < closer).toBe(true));
    await user.keyboard("{ArrowRight}");
    await waitFor(() => expect(from()).toBe(closer));
    (await timeline()).focus();
    await user.keyboard("{ArrowRight}");
    await waitFor(() => expect(from() > closer).toBe(true));
    await user.keyboard("0");
    await waitFor(() => expect([from(), until()]).toEqual([first, last]));
  });

  it("shows the time that is typed, and the signatures in it", async () => {
    await open();
    const from = screen.getByRole("textbox", { name: "From" });
    await user.clear(from);
    await user.type(from, "2026-02-30");
    expect(from).toBeInvalid();
    await user.clear(from);
    await user.type(from, "2026-04-01{Enter}");
    expect(await screen.findByText("1 of 4 signatures")).toBeVisible();
  });

  it("goes from one signature to the next with j and k, and to the envelope with Enter", async () => {
    await open();
    await user.keyboard("j");
    expect(await card()).toHaveTextContent("DEC-002");
    await user.keyboard("j");
    await user.keyboard("j");
    const third = await card();
    expect(await within(third).findByText("external signer, pinned by the keyring")).toBeVisible();
    expect(third).toHaveTextContent("j.okafor");
    expect(within(third).getByText("the canonical JSON")).toBeVisible();
    expect(within(third).getByRole("button", { name: "Copy the command" })).toBeVisible();
    expect(
      within(third).getByRole("group", { name: "SHA-256 of the run, as signed" }),
    ).toBeVisible();
    await expectAccessible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("complementary", { name: "Selected signature" })).toBeNull();
    await user.keyboard("k");
    expect(await card()).toHaveTextContent("DEC-014");
    await user.keyboard("{Enter}");
    const selected = await inQueue();
    expect(selected).toHaveTextContent("DEC-014");
    expect(await screen.findByRole("heading", { level: 2 })).toHaveTextContent("Retire the legacy");
  });
});

describe("the table", () => {
  it("has every signature as a row, sorts by any column, and is accessible", async () => {
    await open();
    const all = await table();
    expect(all).toHaveAttribute("aria-rowcount", "5");
    expect(column(all, 1)).toEqual(["mira.k", "j.okafor", "hmac-desk", "mira.k"]);
    expect(within(all).getByRole("columnheader", { name: "Signed (UTC)" })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await user.click(within(all).getByRole("button", { name: "Who" }));
    expect(column(all, 1)).toEqual(["hmac-desk", "j.okafor", "mira.k", "mira.k"]);
    await user.click(within(all).getByRole("button", { name: "Who" }));
    expect(column(all, 1)).toEqual(["mira.k", "mira.k", "j.okafor", "hmac-desk"]);
    expect(column(all, 5)).toEqual(["valid", "valid", "valid", "cannot be checked here"]);
    await expectAccessible();

    await user.click(within(all).getByRole("button", { name: "3 Oct 2025, 08:10:00" }));
    expect(await card()).toHaveTextContent("j.okafor");
    await user.click(within(all).getByRole("button", { name: /^DEC-014/u }));
    expect(await inQueue()).toHaveTextContent("DEC-014");
  });

  it("draws only the rows in sight", async () => {
    await open(years(3000));
    const all = await table();
    expect(Number(all.getAttribute("aria-rowcount"))).toBeGreaterThan(3000);
    expect(within(all).getAllByRole("row").length).toBeLessThan(60);
  });

  it("shows what matches the filters", async () => {
    await open();
    const all = await table();
    await choose("Role", "witness");
    expect(column(all, 1)).toEqual(["j.okafor", "hmac-desk"]);
    await choose("Standing", "valid");
    expect(column(all, 1)).toEqual(["j.okafor"]);
    await choose("Level", "L3");
    expect(await screen.findByText("No matching signatures")).toBeVisible();
  });
});

describe("the export", () => {
  it("exports what matches the filters, in the chosen format and file", async () => {
    await open();
    station.answer("pick_file", () => "/tmp/history.ndjson");
    await choose("Person", "mira.k");
    await user.click(button("Export…"));
    const dialog = screen.getByRole("dialog", { name: "Export the history" });
    expect(dialog).toHaveTextContent("The 2 signatures that filters and time let through, of 4");
    await user.click(within(dialog).getByRole("button", { name: "Export" }));
    expect(dialog).toHaveTextContent("Choose where to write the file.");
    await user.click(within(dialog).getByRole("radio", { name: /JSON/u }));
    await user.click(within(dialog).getByRole("button", { name: "Choose: File" }));
    await expectAccessible();
    await user.click(within(dialog).getByRole("button", { name: "Export" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("pick_file")).toEqual([{ purpose: "history_json" }]);
    expect(station.callsOf("history_export")).toEqual([
      {
        filter: expect.objectContaining({ people: ["mira.k"], since: null, until: null }),
        format: "json",
        path: "/tmp/history.ndjson",
      },
    ]);
  });

  it("says why it was not written, and stays", async () => {
    await open(undefined, (station) =>
      station.answer("history_export", () => {
        throw failure("io", "/tmp/x: the disk is full", "Free some space.");
      }),
    );
    await user.click(button("Export…"));
    const dialog = screen.getByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: "File" }), "/tmp/x");
    await user.click(within(dialog).getByRole("button", { name: "Export" }));
    expect(await within(dialog).findByText("/tmp/x: the disk is full")).toBeVisible();
  });
});

describe("what changes", () => {
  it("is shown when the queue changes, and the selection stays", async () => {
    let view = historyOf(past());
    await open(view, (station) => station.answer("history", () => view));
    await user.keyboard("jj");
    expect(await card()).toHaveTextContent("hmac-desk");
    const [first, ...others] = past();
    const more = {
      ...(first as Past),
      acts: [
        ...(first as Past).acts,
        { at: at("2025-09-01T08:10:00Z"), person: "s.early", key: "ds-prod-2026-09" },
      ],
    };
    view = historyOf([more, ...others], 2);
    station.arrive();
    expect(await screen.findByText("5 signatures by 4 people")).toBeVisible();
    expect(await card()).toHaveTextContent("hmac-desk");
  });

  it("is reported if it cannot be read", async () => {
    await open(undefined, (station) =>
      station.answer("history", () => {
        throw failure("fault", "The program failed at this", "Start it again.");
      }),
    );
    expect(await screen.findByText("The program failed at this")).toBeVisible();
  });

  it("is empty if no one has signed", async () => {
    await open(historyOf([]));
    expect(await screen.findByText("No one has signed here yet")).toBeVisible();
    await expectAccessible();
  });
});

describe("the history of one key", () => {
  it("is one press away from the keyring", async () => {
    await open();
    await user.keyboard("gk");
    await user.click(await screen.findByRole("button", { name: /^History of ds-prod-2026-05/u }));
    expect(await screen.findByRole("combobox", { name: "Key" })).toHaveValue(hex(900));
    expect(screen.getByText("2 of 4 signatures")).toBeVisible();
  });
});

describe("the journal", () => {
  it("lists entries, newest first, with the state of the chain", async () => {
    await open();
    await user.click(button("Journal"));
    const journal = await screen.findByRole("table");
    expect(journal).toHaveAttribute("aria-rowcount", String(ENTRIES + 1));
    expect(await screen.findByText("The chain holds")).toBeVisible();
    const [, first] = within(journal).getAllByRole("row");
    expect(first).toHaveTextContent("4 May 2026, 10:30:00");
    await expectAccessible();
    await choose("Kind of event", "Refused and cancelled");
    await waitFor(() =>
      expect(within(journal).getAllByRole("row")[1]).toHaveTextContent(
        /Secret not taken|Refused|Cancelled/u,
      ),
    );
    await user.type(screen.getByRole("searchbox", { name: "Search the journal" }), "wrong_pin");
    await waitFor(() =>
      expect(column(journal, 1).every((what) => what === "Secret not taken")).toBe(true),
    );
    await user.click(within(journal).getAllByRole("button")[0] as HTMLElement);
    expect(screen.getByRole("complementary", { name: "Entry" })).toHaveTextContent(
      "2 tries are left",
    );
  });

  it("shows a change of trust as a sentence", async () => {
    await open();
    await user.click(button("Journal"));
    await screen.findByRole("table");
    await choose("Kind of event", "Keys, roots and rules");
    expect(
      await screen.findByText(
        "Changed the accepted keys from those in the keyring to any that verifies.",
      ),
    ).toBeVisible();
  });

  it("says that the chain is broken, and where the damaged file is", async () => {
    await open(undefined, (station) =>
      station.answer("journal_window", () => ({
        path: "/state/journal.ndjson",
        total: 1,
        first: 0,
        rows: [],
        chain: {
          broken: [english("journal.ndjson: line 7: the entry was changed, its hash is not right")],
          since: "2026-05-01T08:00:00Z",
          entries: 1,
          files: 1,
          breaks: [
            {
              at: "2026-05-01T08:00:00Z",
              why: "line 3: does not follow",
              kept_as: "journal.broken-000001.ndjson",
            },
          ],
          kept_aside: ["journal.broken-000001.ndjson"],
        },
      })),
    );
    await user.click(button("Journal"));
    expect(await screen.findByText("The chain is broken")).toBeVisible();
    expect(screen.getByText(/line 7: the entry was changed/u)).toBeVisible();
    expect(screen.getByText(/An earlier journal was damaged: line 3/u)).toBeVisible();
    expect(screen.getByText("journal.broken-000001.ndjson")).toBeVisible();
  });
});
