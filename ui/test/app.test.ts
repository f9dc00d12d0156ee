import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import { ACTS, SHEET_KEYS } from "../src/keyboard";
import { figure } from "../src/kit/words";
import type { LogAlarm, StationView } from "../src/ipc/bindings";
import { english } from "./english";
import { expectAccessible } from "./axe";
import {
  contentOf,
  ENTRY,
  failure,
  FakeStation,
  type Fixture,
  fixtures,
  hex,
  many,
} from "./station";

let station: FakeStation;

afterEach(() => {
  delete document.documentElement.dataset["theme"];
});

async function open(envelopes: Fixture[] = fixtures(), view: Partial<StationView> = {}) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(envelopes, view).install();
  render(App);
  const user = userEvent.setup();
  if (station.view.directory !== null) {
    const all = figure(envelopes.length).replaceAll("\u202f", " ");
    await screen.findByText(`${all} of ${all}`);
  }
  return user;
}

const rows = () => within(screen.getByRole("listbox"));
const selected = () => rows().getByRole("option", { selected: true });
const heading = () => screen.findByRole("heading", { level: 2 });

describe("the keyboard", () => {
  it("moves, opens, searches and comes back", async () => {
    const user = await open();
    // The first one is open from the start.
    await waitFor(() => expect(selected()).toHaveTextContent("DEC-017"));
    await user.keyboard("j");
    await waitFor(() => expect(selected()).toHaveTextContent("DEC-018"));
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(selected()).toHaveTextContent("DEC-014"));
    await user.keyboard("k");
    await waitFor(() => expect(selected()).toHaveTextContent("DEC-018"));
    await waitFor(async () =>
      expect(await heading()).toHaveTextContent("Suspend automated triage"),
    );

    await user.keyboard("{Enter}");
    expect(await heading()).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.getByRole("listbox")).toHaveFocus();

    await user.keyboard("/");
    const search = screen.getByRole("searchbox");
    expect(search).toHaveFocus();
    await user.keyboard("jskg?");
    expect(search).toHaveValue("jskg?");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("goes to each view with two keys, and back with Escape", async () => {
    const user = await open();
    const current = () => screen.getAllByRole("navigation")[0]?.querySelector("[aria-current]");
    await user.keyboard("gk");
    expect(current()).toHaveTextContent("Keys");
    await user.keyboard("gs");
    expect(current()).toHaveTextContent("Settings");
    await user.keyboard("{Escape}");
    expect(current()).toHaveTextContent("Queue");
  });

  it("lists every key in the help, and ignores keys while it is open", async () => {
    const user = await open();
    await waitFor(() => expect(selected()).toHaveTextContent("DEC-017"));
    await user.keyboard("?");
    const help = await screen.findByRole("dialog", { name: "Help" });
    const labels = within(help)
      .getAllByRole("term")
      .map((term) => term.textContent);
    const bound = [...ACTS, ...SHEET_KEYS].filter(({ keys }) => keys.length > 0);
    expect(labels).toEqual(bound.map(({ label }) => label));
    await expectAccessible();
    await user.keyboard("j");
    expect(document.querySelector("[role=option][aria-selected=true]")).toHaveTextContent(
      "DEC-017",
    );
    expect(screen.getByText(/Close this sheet first/)).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("begins an act with s, on the envelope that is read", async () => {
    const user = await open();
    await waitFor(async () => expect(await heading()).toHaveTextContent("Raise the settlement"));
    await user.keyboard("s");
    await waitFor(() => expect(station.callsOf("act_begin")).toEqual([{ ids: [2] }]));
  });

  it("registers with r after confirmation, and says why if it cannot", async () => {
    const user = await open();
    await waitFor(async () => expect(await heading()).toHaveTextContent("Raise the settlement"));
    await user.keyboard("r");
    expect(await screen.findByText(/Only a signed run is registered/)).toBeVisible();
    await user.keyboard("jjj");
    await waitFor(async () => expect(await heading()).toHaveTextContent("Approve the revised"));
    await user.keyboard("r");
    const sheet = within(
      await screen.findByRole("dialog", { name: /^Register DEC-\S+ in the log/ }),
    );
    expect(sheet.getByText("This cannot be undone")).toBeVisible();
    const digest = contentOf(station.fixture(4)).digest;
    expect(station.callsOf("register_look")).toEqual([{ id: 4, digest }]);
    // What the entry will say, and in which log, so that it can be found there.
    for (const said of [ENTRY.entry, ENTRY.commit_hash, ENTRY.content_hash, ENTRY.log]) {
      expect(await sheet.findByText(said)).toBeVisible();
    }
    expect(station.callsOf("register")).toEqual([]);
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: /^Register DEC-/ }));
    expect(
      await screen.findByText(/Registered in the transparency log as TLE-0a1b2c3d/),
    ).toBeVisible();
    expect(station.callsOf("register")).toEqual([{ id: 4, confirmation: ENTRY.confirmation }]);
    await waitFor(() => expect(screen.queryByRole("button", { name: /Register/ })).toBeNull());
  });

  it("attaches evidence to an existing signature after the station has checked it", async () => {
    const user = await open();
    await user.click(await screen.findByText("Approve the revised triage thresholds"));
    await user.click(await screen.findByRole("button", { name: "Attach evidence…" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Attach evidence" }));
    await user.click(sheet.getByRole("button", { name: "Attach" }));
    expect(sheet.getByText("Choose the file with the evidence.")).toBeVisible();
    station.answer("evidence_attach", () => {
      throw failure("contradicts", "The evidence is about another key.", "Take the right file.");
    });
    await user.type(sheet.getByLabelText("Evidence"), "/srv/evidence.json");
    await user.click(sheet.getByRole("button", { name: "Attach" }));
    expect(await sheet.findByText("The evidence is about another key.")).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
    station.answer("evidence_attach", () => ({ evidence: "cloud-kms", files: ["a.sig.json"] }));
    await user.click(sheet.getByRole("button", { name: "Attach" }));
    expect(
      await screen.findByText("Attached cloud-kms to 1 signature file: a.sig.json."),
    ).toBeVisible();
    expect(station.callsOf("evidence_attach").at(-1)).toEqual({
      id: 4,
      path: "/srv/evidence.json",
    });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says why registering failed", async () => {
    const user = await open();
    station.answer("register", () => {
      throw failure(
        "log_broken",
        "The log's chain is broken at entry 12.",
        "Restore the log from its copy.",
      );
    });
    await user.click(await screen.findByText("Approve the revised triage thresholds"));
    await user.click(await screen.findByRole("button", { name: /^Register in the log…/ }));
    await user.click(await screen.findByRole("button", { name: /^Register DEC-/ }));
    expect(await screen.findByText("The log's chain is broken at entry 12.")).toBeVisible();
    expect(screen.getByText("Restore the log from its copy.")).toBeVisible();
  });
});

describe("the frame", () => {
  it("brings the envelope into sight that is clicked, where it is below the list", async () => {
    const user = await open();
    const scrolled = vi.spyOn(document.querySelector(".both") as HTMLElement, "scrollTo");
    await user.keyboard("j");
    expect(scrolled).not.toHaveBeenCalled();
    await user.click(await screen.findByText("Extend the audit window"));
    expect(scrolled).toHaveBeenCalledOnce();
  });

  it("has no accessibility violations, with an envelope open and without", async () => {
    const user = await open();
    await expectAccessible();
    await user.click(await screen.findByText("Extend the audit window"));
    await screen.findByText("Raw JSON");
    await expectAccessible();
  });

  it("asks for a directory if none is open, and offers recent ones", async () => {
    const user = await open([], { directory: null, presence: "none" });
    expect(await screen.findByText("What do you want to do?")).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "/media/audit-stick/2026-q1" }));
    expect(station.callsOf("open_directory")).toEqual([{ path: "/media/audit-stick/2026-q1" }]);
    expect(await screen.findByText("No sealed runs here")).toBeVisible();
  });

  it("opens the chosen directory, and nothing if the choice is cancelled", async () => {
    const user = await open([], { directory: null, presence: "none", recent: [] });
    station.answer("pick_directory", () => null);
    const button = await screen.findByRole("button", { name: "Open a directory…" });
    await user.click(button);
    await waitFor(() => expect(station.callsOf("pick_directory")).toHaveLength(1));
    expect(station.callsOf("open_directory")).toEqual([]);
    station.answer("pick_directory", () => "/srv/chosen");
    await user.click(button);
    expect(await screen.findByText("/srv/chosen")).toBeVisible();
  });

  it("opens another directory from the menu", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: /Directory/ }));
    await user.click(await screen.findByText("/media/audit-stick/2026-q1"));
    expect(station.callsOf("open_directory")).toEqual([{ path: "/media/audit-stick/2026-q1" }]);
  });

  it("opens what is dropped, and shows that it can be dropped", async () => {
    await open([], { directory: null, presence: "none" });
    await screen.findByText("What do you want to do?");
    await emit("tauri://drag-enter", { paths: ["/srv/dropped"], position: { x: 1, y: 1 } });
    expect(await screen.findByText("Drop a directory to open it")).toBeVisible();
    await emit("tauri://drag-drop", { paths: ["/srv/dropped"], position: { x: 1, y: 1 } });
    await waitFor(() =>
      expect(station.callsOf("open_directory")).toEqual([{ path: "/srv/dropped" }]),
    );
    expect(screen.queryByText("Drop a directory to open it")).toBeNull();
  });

  it("says why a directory was not opened, until it is dismissed", async () => {
    const user = await open([], { directory: null, presence: "none" });
    await screen.findByText("What do you want to do?");
    station.answer("open_directory", () => {
      throw failure("not_found", "There is no directory /srv/dropped.", "Choose another.");
    });
    await emit("tauri://drag-drop", { paths: ["/srv/dropped"], position: { x: 1, y: 1 } });
    expect(await screen.findByText("There is no directory /srv/dropped.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: /^Dismiss/ }));
    expect(screen.queryByText("There is no directory /srv/dropped.")).toBeNull();
  });

  it("says Demo throughout, with its passphrase", async () => {
    const user = await open(fixtures(), { demo: true });
    for (const keys of ["gq", "gk", "gs"]) {
      await user.keyboard(keys);
      expect(screen.getByText("Demo.").parentElement).toHaveTextContent(
        "passphrase of its keys is demo",
      );
    }
  });

  it("shows progress with figures, stops and continues", async () => {
    const user = await open(fixtures(), {
      progress: { doing: "judging", done: 3412, total: 100_000 },
    });
    expect(await screen.findByText("Judging, 3 412 of 100 000")).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Stop" }));
    expect(station.callsOf("stop_work")).toHaveLength(1);
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    expect(station.callsOf("compare_again")).toHaveLength(1);
    await waitFor(() => expect(screen.queryByText("Stopped: incomplete.")).toBeNull());
  });

  it("says that the directory has disappeared, and that it is back", async () => {
    await open();
    station.tell({ presence: "gone" });
    expect(await screen.findByText("The directory has disappeared")).toBeVisible();
    await expectAccessible();
    station.tell({ presence: "here" });
    await waitFor(() => expect(screen.queryByText("The directory has disappeared")).toBeNull());
  });

  it("shows problems with what to do, and keeps dismissed ones out of sight", async () => {
    const trouble = failure("keyring", "The keyring cannot be read.", "Put it right.");
    const user = await open(fixtures(), { troubles: [trouble] });
    expect(await screen.findByText("The keyring cannot be read.")).toBeVisible();
    expect(screen.getByText("Put it right.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: /^Dismiss/ }));
    station.tell({ troubles: [trouble, failure("log", "The log cannot be read.")] });
    expect(await screen.findByText("The log cannot be read.")).toBeVisible();
    expect(screen.queryByText("The keyring cannot be read.")).toBeNull();
  });

  const CUT: LogAlarm = {
    id: "log",
    kind: "log",
    problem: failure(
      "log_truncated",
      "The log was truncated: it had 12 entries, and has 9.",
      "Restore the whole log.",
    ),
    acceptable: true,
  };

  it("says that a log was rewritten until a person accepts it, and what that means", async () => {
    const user = await open(fixtures(), { log_alarms: [CUT] });
    expect(await screen.findByRole("alert")).toHaveTextContent("it had 12 entries, and has 9");
    expect(screen.queryByRole("button", { name: /^Dismiss/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Accept the log as it is…" }));
    const sheet = await screen.findByRole("dialog", { name: "Accept the log as it is" });
    await waitFor(() => expect(sheet).toHaveTextContent("it had 12 entries, and has 9"));
    expect(sheet).toHaveTextContent(/3 entries of .*are gone:.*TLE-0a1b2c3d.*2 more/u);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(station.callsOf("accept_log")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Accept the log as it is…" }));
    await user.click(await screen.findByRole("button", { name: "Accept the log as it is" }));
    expect(station.callsOf("accept_log")).toEqual([]);
    await user.type(screen.getByLabelText("Reason"), "The disk was restored");
    await user.click(screen.getByRole("button", { name: "Accept the log as it is" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(station.callsOf("accept_log")).toEqual([
      { id: "log", state: hex(21), reason: "The disk was restored" },
    ]);
  });

  it("accepts what is on screen, and lists again what changed meanwhile", async () => {
    const user = await open(fixtures(), { log_alarms: [CUT] });
    await user.click(await screen.findByRole("button", { name: "Accept the log as it is…" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Accept the log as it is" }));
    expect(await sheet.findByText(/TLE-0a1b2c3d/)).toBeVisible();
    station.answer("log_acceptance", () => ({
      log: "/srv/runs/transparency_log.ndjson",
      kind: "log",
      rewritten: failure("log_truncated", "The log was truncated: it had 12 entries, and has 1."),
      forks: [],
      had: 12,
      has: 1,
      lost: 11,
      entries: ["TLE-99999999 (RUN-99999999)"],
      state: hex(31),
    }));
    const message = "The log was truncated: it had 12 entries, and has 1.";
    station.tell({ log_alarms: [{ ...CUT, problem: failure("log_truncated", message) }] });
    expect(await sheet.findByText(/TLE-99999999/)).toBeVisible();
    expect(sheet.getByText("The log has changed while this sheet was open")).toBeVisible();
    expect(sheet.queryByText(/TLE-0a1b2c3d/)).toBeNull();
    await user.type(sheet.getByLabelText("Reason"), "why");
    const accept = sheet.getByRole("button", { name: "Accept the log as it is" });
    await waitFor(() => expect(accept).toBeEnabled());
    await user.click(accept);
    await waitFor(() =>
      expect(station.callsOf("accept_log")).toEqual([{ id: "log", state: hex(31), reason: "why" }]),
    );
  });

  it("accepts a ledger by itself, and calls it one", async () => {
    const ledger = {
      ...CUT,
      id: "ledger",
      kind: "ledger" as const,
      problem: failure("log_gone", "The ledger is gone."),
    };
    const user = await open(fixtures(), { log_alarms: [CUT, ledger] });
    await user.click(await screen.findByRole("button", { name: "Accept the ledger as it is…" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Accept the ledger as it is" }));
    expect(sheet.getByText(/An authority ledger only ever grows/)).toBeVisible();
    await sheet.findByText(/TLE-0a1b2c3d/);
    await user.type(sheet.getByLabelText("Reason"), "why");
    const accept = sheet.getByRole("button", { name: "Accept the ledger as it is" });
    await waitFor(() => expect(accept).toBeEnabled());
    await user.click(accept);
    await waitFor(() => expect(screen.queryByText("The ledger is gone.")).toBeNull());
    expect(station.callsOf("accept_log")).toMatchObject([{ id: "ledger" }]);
    expect(screen.getByText(CUT.problem.message)).toBeVisible();
  });

  it("does not offer to accept a broken log", async () => {
    const problem = failure("log_broken", "The log is broken.");
    const broken = { ...CUT, problem, acceptable: false };
    await open(fixtures(), { log_alarms: [broken] });
    expect(await screen.findByText("The log is broken.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Accept/ })).toBeNull();
  });

  it("is marked as long as any key counts", async () => {
    await open(fixtures(), { weaknesses: ["any_key"] });
    const mark = await screen.findByRole("region", { name: "Weaker policy" });
    expect(mark).toHaveTextContent(/Any key counts.*not who signed/u);
    expect(within(mark).queryByRole("button")).toBeNull();
    await expectAccessible();
    expect((await screen.findAllByText(/any key$/u)).length).toBeGreaterThan(1);
    station.tell({ weaknesses: [] });
    await waitFor(() => expect(screen.queryByRole("region", { name: "Weaker policy" })).toBeNull());
    expect(screen.queryByText(/any key$/u)).toBeNull();
  });

  it("says that a run is registered even if the head of the log could not be written", async () => {
    const user = await open();
    station.answer("register", () => ({
      entry: "TLE-0a1b2c3d",
      head_problem: english("LOG_HEAD.json: cannot be written."),
    }));
    await user.click(await screen.findByText("Approve the revised triage thresholds"));
    await user.click(await screen.findByRole("button", { name: /^Register in the log…/ }));
    await user.click(await screen.findByRole("button", { name: /^Register DEC-/ }));
    expect(await screen.findByText(/The run is registered, but the head of the log/)).toBeVisible();
    expect(screen.getByText("LOG_HEAD.json: cannot be written.")).toBeVisible();
  });

  it("follows the theme that is chosen", async () => {
    await open(fixtures(), { theme: "dark" });
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    station.tell({ theme: "system" });
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBeUndefined());
  });

  it("says that the station does not answer", async () => {
    station = new FakeStation().install();
    station.answer("station", () => {
      throw failure("poisoned", "The station has stopped.", "Open the program again.");
    });
    render(App);
    expect(await screen.findByText("The station has stopped.")).toBeVisible();
  });
});

describe("the queue on screen", () => {
  it("draws a hundred thousand rows as a screenful, each knowing its place", async () => {
    await open(many(100_000));
    const drawn = rows().getAllByRole("option");
    expect(drawn.length).toBeLessThan(40);
    expect(drawn[0]).toHaveAttribute("aria-setsize", "100000");
    expect(drawn[1]).toHaveAttribute("aria-posinset", "2");
  });

  it("names the selected row for screen readers", async () => {
    const user = await open();
    await user.click(await rows().findByText("Extend the audit window"));
    expect(screen.getByRole("listbox")).toHaveAttribute("aria-activedescendant", "row-6");
    expect(selected()).toHaveTextContent("needs authority");
    // What matters most comes first, the level in words, and the age.
    expect(selected()).toHaveAccessibleName(
      /^Extend the audit window\. .*, needs authority\. Level 6 of 7, .*\. 2 of 3 signatures, \w+ hardware key valid, \w+ external signer valid, \w+ software key invalid.*\..* sealed .* ago$/u,
    );
  });

  it("says why a file cannot be read", async () => {
    await open();
    const row = document.getElementById("row-10");
    expect(row).toHaveTextContent("cannot be read");
    // It has a name all the same.
    expect(row).toHaveTextContent("RUN-");
    expect(within(row as HTMLElement).getByTitle(/a string is not closed, line 14/)).toBeVisible();
  });

  it("says in words what a run needs next", async () => {
    await open();
    const need = (id: number) => document.getElementById(`row-${id}`)?.textContent;
    expect(need(4)).toMatch(/needs log/u);
    expect(need(7)).toMatch(/holds/u);
    expect(need(7)).not.toMatch(/needs/u);
    expect(need(9)).toMatch(/must be sealed again/u);
  });

  it("filters, and offers a next step if nothing is left", async () => {
    const user = await open(fixtures().filter(({ id }) => id >= 4));
    await user.click(screen.getByRole("button", { name: /Pending/ }));
    expect(await screen.findByText("Nothing is pending")).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Show all" }));
    await screen.findByText("8 of 8");

    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("nowhere to be found");
    expect(await screen.findByText("Nothing found")).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
    await screen.findByText("8 of 8");
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });

  it("filters by level and sorts", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: /Filter/ }));
    await user.selectOptions(await screen.findByLabelText("Level"), "L7");
    await screen.findByText("1 of 11");
    await user.selectOptions(screen.getByLabelText("Level"), "any");
    await user.selectOptions(screen.getByLabelText("Order"), "oldest");
    await waitFor(() => expect(rows().getAllByRole("option")[0]).toHaveTextContent("DEC-002"));
  });

  it("filters by need, by role that is open and by person, and says how many filters are set", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: /Filter/ }));
    await user.selectOptions(await screen.findByLabelText("Needs"), "Needs log");
    await waitFor(() => expect(rows().getAllByRole("option")).toHaveLength(1));
    expect(rows().getByRole("option")).toHaveTextContent("DEC-004");
    await expectAccessible(screen.getByLabelText("Filters and order"));
    await user.selectOptions(screen.getByLabelText("Needs"), "Any");
    await user.selectOptions(screen.getByLabelText("Role that is still open"), "Witness");
    await waitFor(() => expect(screen.queryByText("11 of 11")).toBeNull());
    for (const row of rows().getAllByRole("option"))
      expect(row).toHaveAccessibleName(/witness missing/u);
    await user.selectOptions(screen.getByLabelText("Signed by"), "mira.k");
    await user.click(screen.getByText("Clear filters"));
    await screen.findByText("11 of 11");
    expect(station.callsOf("queue_people")).toHaveLength(1);
  });

  it("says what a sealed run is if there is none, and shows the first that arrives", async () => {
    await open([]);
    expect(await screen.findByText("No sealed runs here")).toBeVisible();
    await expectAccessible();
    station.arrive(...fixtures().slice(0, 1));
    expect(await screen.findByText("Retire the legacy claims engine")).toBeVisible();
  });

  it("does not say that there is nothing while the search is in progress", async () => {
    await open([], { progress: { doing: "searching", done: 0, total: null } });
    expect(screen.queryByText("No sealed runs here")).toBeNull();
  });
});
