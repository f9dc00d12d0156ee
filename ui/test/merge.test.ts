import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { StationView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { failure, FakeStation } from "./station";
import { MERGE, NO_COPIES, withMerge } from "./station-merge";
import { withReview } from "./station-review";

let station: FakeStation;

async function open(view: Partial<StationView> = {}) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(undefined, view).install();
  withMerge(station);
  withReview(station);
  render(App);
  await screen.findByText(view.directory === null ? /What do you want to do/ : "11 of 11");
  return userEvent.setup();
}

const sheet = (name: RegExp) => screen.findByRole("dialog", { name });
const drop = (...paths: string[]) => emit("tauri://drag-drop", { paths, position: { x: 0, y: 0 } });
const STICK = "/media/stick/sealed_runs";

describe("a merge", () => {
  it("says everything before anything is written, and then what was", async () => {
    const user = await open();
    await user.keyboard("m");
    const merge = within(await sheet(/Merge copies into sealed_runs/));
    expect(await merge.findByText("2 signatures would be added to 1 envelope")).toBeVisible();
    expect(merge.getByText(/Nothing has been written yet/)).toBeVisible();
    expect(merge.getAllByText("Would be added")).toHaveLength(2);
    expect(merge.getAllByText("j.okafor")[0]).toBeVisible();
    // However long a name is without a space, it breaks and widens nothing.
    for (const name of merge.getAllByText("j.okafor")) {
      expect(name.closest(".file-text")).not.toBeNull();
    }
    expect(merge.getByText(/the signature does not verify/)).toBeVisible();
    expect(merge.getByText("the copies ask for 2, 3 signatures: 3 stands")).toBeVisible();
    expect(merge.getByText(/about another artifact/)).toBeVisible();
    expect(merge.getByText("1 signature here already")).toBeVisible();
    expect(merge.getByText("1 envelope already has everything.")).toBeVisible();
    expect(merge.getByText(/RUN-99999999/)).toBeVisible();
    expect(merge.getByText(/Move the file aside if it is not wanted/)).toBeVisible();
    expect(station.callsOf("merge")).toEqual([]);
    await expectAccessible();

    await user.click(merge.getByRole("button", { name: "Merge: add 2 signatures" }));
    expect(await merge.findByText("2 signatures added to 1 envelope")).toBeVisible();
    expect(merge.getByText(/The copies are unchanged/)).toBeVisible();
    expect(merge.getAllByText("Added")).toHaveLength(2);
    expect(station.callsOf("merge")).toEqual([{ sources: [] }]);
    await expectAccessible();

    await user.click(merge.getByRole("button", { name: /^Show Approve the revised/ }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() =>
      expect(
        within(screen.getByRole("listbox")).getByRole("option", { selected: true }),
      ).toHaveTextContent("DEC-004"),
    );
  });

  it("adds copies, removes some, and looks again each time", async () => {
    const user = await open();
    await user.keyboard("m");
    const merge = within(await sheet(/Merge copies/));
    await user.click(merge.getByRole("button", { name: "Add files…" }));
    const file = `${STICK}/RUN-00000004_20260504T071200Z.json.sig.json`;
    await user.click(merge.getByRole("button", { name: "Add a directory…" }));
    await waitFor(() =>
      expect(station.callsOf("merge_preview").at(-1)).toEqual({
        sources: [file, "/srv/other_runs"],
      }),
    );
    expect(station.callsOf("pick_directory")).toEqual([{ purpose: "merge" }]);
    await user.click(merge.getByRole("button", { name: `Leave out ${file}` }));
    await waitFor(() =>
      expect(station.callsOf("merge_preview").at(-1)).toEqual({ sources: ["/srv/other_runs"] }),
    );
  });

  it("says if there is nothing to merge, and why it failed", async () => {
    const user = await open();
    withMerge(station, NO_COPIES);
    await user.keyboard("m");
    const merge = within(await sheet(/Merge copies/));
    expect(await merge.findByText(/There are no copies of envelopes/)).toBeVisible();
    expect(merge.queryByRole("button", { name: /^Merge/ })).toBeNull();
    await expectAccessible();

    withMerge(station);
    await user.click(merge.getByRole("button", { name: "Add files…" }));
    station.answer("merge", () => {
      throw failure("write", "The disk is full; nothing was changed.", "Make room and try again.");
    });
    await user.click(await merge.findByRole("button", { name: /Merge: add/ }));
    expect(await merge.findByText(/The disk is full/)).toBeVisible();
    expect(merge.getByText("Make room and try again.")).toBeVisible();
  });

  it("shows its progress if it takes long", async () => {
    const user = await open();
    let answer: (view: typeof MERGE) => void = () => {};
    station.answer("merge_preview", () => new Promise((resolve) => (answer = resolve)));
    await user.keyboard("m");
    const merge = within(await sheet(/Merge copies/));
    await emit("merge-progress", { done: 120, total: 4000 });
    expect(await merge.findByText(/Looking at the copies, 120 of 4 000/)).toBeVisible();
    expect(merge.getByRole("button", { name: "Merge" })).toBeDisabled();
    answer(MERGE);
    expect(await merge.findByText(/2 signatures would be added/)).toBeVisible();
  });

  it("is offered if there are conflict copies, until the notice is dismissed", async () => {
    const user = await open({ conflict_copies: 2 });
    expect(await screen.findByText("2 conflict copies are here")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Look at them…" }));
    const merge = within(await sheet(/Merge copies/));
    await user.click(await merge.findByRole("button", { name: /Merge: add/ }));
    await merge.findByText(/added to/);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByText(/conflict copies are here/)).toBeNull());

    station.tell({ conflict_copies: 1 });
    await user.click(await screen.findByRole("button", { name: /Dismiss: 1 conflict copy/ }));
    expect(screen.queryByText(/conflict copy is here/)).toBeNull();
    station.tell({ conflict_copies: 3 });
    expect(await screen.findByText("3 conflict copies are here")).toBeVisible();
  });
});

describe("what is dropped", () => {
  it("is opened at once if nothing is open", async () => {
    await open({ directory: null, presence: "none" });
    await drop(STICK);
    await waitFor(() => expect(station.callsOf("open_directory")).toEqual([{ path: STICK }]));
  });

  it("is opened, merged or reviewed, as the person says", async () => {
    const user = await open();
    await drop(STICK);
    let question = within(await sheet(/What do you want to do with sealed_runs/));
    await expectAccessible();
    await user.click(question.getByRole("radio", { name: /Merge it into sealed_runs/ }));
    await user.click(question.getByRole("button", { name: "Merge into sealed_runs…" }));
    const merge = within(await sheet(/Merge copies/));
    expect(merge.getByText(STICK)).toBeVisible();
    expect(station.callsOf("merge_preview")).toEqual([{ sources: [STICK] }]);
    await user.keyboard("{Escape}");

    await drop(STICK);
    question = within(await sheet(/What do you want to do with sealed_runs/));
    await user.click(question.getByRole("radio", { name: /Review it read-only/ }));
    await user.click(question.getByRole("button", { name: "Review" }));
    await waitFor(() => expect(station.callsOf("review")).toEqual([{ path: STICK }]));
  });

  it("is merged if it is files, and needs an open directory", async () => {
    await open();
    await drop(`${STICK}/a.sig.json`, `${STICK}/b.sig.json`);
    await sheet(/Merge copies/);
    await waitFor(() =>
      expect(station.callsOf("merge_preview")).toEqual([
        { sources: [`${STICK}/a.sig.json`, `${STICK}/b.sig.json`] },
      ]),
    );
  });

  it("cannot be merged if no directory is open", async () => {
    await open({ directory: null, presence: "none" });
    await drop(`${STICK}/a.sig.json`);
    expect(await screen.findByText(/^No directory is open/)).toBeVisible();
    expect(station.callsOf("merge_preview")).toEqual([]);
  });
});
