import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import { Sheets } from "../src/frame/sheets.svelte";
import { failure, FakeStation } from "./station";
import { withMerge } from "./station-merge";
import { withReview } from "./station-review";

describe("the sheet over the window", () => {
  it("is one at a time: while it is open no other replaces it", () => {
    const sheets = new Sheets();
    expect(sheets.open({ kind: "sign", envelopes: [4] })).toBe(true);
    expect(sheets.open({ kind: "help" })).toBe(false);
    expect(sheets.current).toEqual({ kind: "sign", envelopes: [4] });
  });

  it("is closed only by itself, however late it says so", () => {
    const sheets = new Sheets();
    const first = { kind: "help" } as const;
    sheets.open(first);
    sheets.close(first);
    expect(sheets.current).toBeNull();
    sheets.open({ kind: "review" });
    sheets.close(first);
    expect(sheets.current).toEqual({ kind: "review" });
  });

  it("stays an act if what was dropped is recognised only after it began", async () => {
    const station = new FakeStation().install();
    let recognise: (kind: string) => void = () => {};
    station.answer("look_at_dropped", () => new Promise((resolve) => (recognise = resolve)));
    render(App);
    const user = userEvent.setup();
    await screen.findByRole("heading", { level: 2, name: /Raise the settlement/ });
    await emit("tauri://drag-drop", { paths: ["/srv/pack.zip"], position: { x: 1, y: 1 } });
    await user.keyboard("s");
    await waitFor(() => expect(station.callsOf("act_begin")).toEqual([{ ids: [2] }]));
    recognise("carrier");
    await screen.findByRole("dialog");
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    expect(screen.queryByText(/do you want to do/)).toBeNull();
  });

  it("is not needed for what can be used in one way only: a pack is reviewed, a finding is read", async () => {
    const station = new FakeStation([], { directory: null, presence: "none" }).install();
    withReview(station);
    station.answer("look_at_dropped", ({ paths }: { paths: string[] }) =>
      paths[0]?.endsWith(".zip") ? "carrier" : "finding",
    );
    station.answer("review", () => null);
    render(App);
    await screen.findByText("What do you want to do?");
    await emit("tauri://drag-drop", { paths: ["/srv/pack.zip"], position: { x: 1, y: 1 } });
    await waitFor(() => expect(station.callsOf("review")).toEqual([{ path: "/srv/pack.zip" }]));
    expect(screen.queryByRole("dialog")).toBeNull();
    const path = "/srv/pack.finding.json";
    await emit("tauri://drag-drop", { paths: [path], position: { x: 1, y: 1 } });
    await screen.findByRole("dialog", { name: "A finding" });
    expect(station.callsOf("finding_look")).toEqual([{ path }]);
  });

  it("is closed, and not opened again by itself, once its directory is closed", async () => {
    const station = new FakeStation().install();
    withMerge(station);
    render(App);
    const user = userEvent.setup();
    await screen.findByRole("listbox");
    await user.keyboard("m");
    await screen.findByRole("dialog", { name: /Merge copies/ });
    const { directory } = station.view;
    station.tell({ directory: null });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    station.tell({ directory });
    await screen.findByRole("listbox");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("opens the help even if the station does not answer", async () => {
    const station = new FakeStation().install();
    station.answer("station", () => {
      throw failure("poisoned", "The station has stopped.", "Open the program again.");
    });
    render(App);
    const user = userEvent.setup();
    await screen.findByText("The station has stopped.");
    await user.keyboard("gd");
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Help" })).toBeVisible();
  });
});
