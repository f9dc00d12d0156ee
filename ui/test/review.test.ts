import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { ReviewView, StationView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation, hex } from "./station";
import { withMerge } from "./station-merge";
import { ALTERED, DESK, FINDING, PACKED, reviewOf, RUN, withReview } from "./station-review";

const PACK = "/media/stick/one.pack.zip";
let station: FakeStation;

async function open(view: Partial<StationView> = {}, desk = DESK) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(undefined, view).install();
  withMerge(station);
  withReview(station, desk);
  render(App);
  await screen.findByText(
    view.directory === null
      ? "What do you want to do?"
      : view.review
        ? /No file in it is written/
        : "11 of 11",
  );
  return userEvent.setup();
}

const reviewing = (change: Partial<ReviewView> = PACKED) =>
  open({ review: reviewOf(PACK, change) });
const sheet = async (name: RegExp) => within(await screen.findByRole("dialog", { name }));
const part = (name: RegExp | string) => within(screen.getByRole("region", { name }));
const told = () => screen.getByLabelText("Digest you were told");
/** A digest in groups, as it is read aloud. */
const grouped = (digest: string) => digest.match(/.{4}/g)?.join(" ") ?? "";
const drop = (...paths: string[]) => emit("tauri://drag-drop", { paths, position: { x: 0, y: 0 } });
/** Reads the whole of a table row. */
const row = (name: RegExp) => screen.getByRole("row", { name });

describe("the review desk", () => {
  it("opens with the verdict on one page", async () => {
    await reviewing();
    const complete = part("Is it complete?");
    expect(complete.getByText("Complete")).toBeVisible();
    expect(await screen.findByText(/Raise the settlement ceiling/)).toBeVisible();
    const levels = row(/Raise the settlement/);
    const [theirs, mine] = within(levels).getAllByRole("cell");
    expect(theirs).toHaveTextContent(/L6 attested as they say/);
    expect(mine).toHaveTextContent(/L3.*The key of j\.okafor is not in the keyring/);
    // The page does not call a review that changes nothing a good one.
    expect(screen.queryByText(/Nothing here is changed/)).toBeNull();
    await expectAccessible();
  });

  it("compares a digest that a scanner types, in any case, grouping and with a prefix", async () => {
    const user = await reviewing();
    expect(told()).toHaveFocus();
    const answers = part("Is it what you were told about?");
    await user.keyboard(`SHA-256: ${grouped(hex(40)).toUpperCase()}{Enter}`);
    expect(await answers.findByText("Same digest")).toBeVisible();
    expect(answers.getByText("Same digest").closest("[role=status]")).not.toBeNull();
    expect(station.callsOf("review_compare").length).toBeGreaterThan(0);

    await user.clear(told());
    expect(answers.queryByText("Same digest")).toBeNull();
    await user.click(told());
    await user.paste(grouped(hex(9)));
    expect(await answers.findByText(/Different digest/)).toBeVisible();
    await user.clear(told());
    await user.keyboard("12 34{Enter}");
    expect(await answers.findByText(/This is not a SHA-256 digest/)).toBeVisible();
    await expectAccessible();
  });

  it("does not show the digest of the genuine pack as that of a modified one", async () => {
    const user = await reviewing(ALTERED);
    const complete = part("Is it complete?");
    expect(complete.getByText(/modified after it was made\. Do not rely on it/)).toBeVisible();
    expect(complete.getByText("report.html")).toBeVisible();
    const digests = part("Is it what you were told about?");
    const here = digests.getByRole("group", { name: "Digest of the files that are here" });
    expect(here).toHaveTextContent(grouped(hex(41)));
    const list = digests.getByRole("group", { name: "Digest of the list that came with them" });
    expect(list).toHaveTextContent(grouped(hex(40)));
    expect(digests.queryByRole("group", { name: "Digest of this pack" })).toBeNull();
    await user.click(told());
    await user.paste(hex(40));
    expect(await digests.findByText(/only the list has this digest/)).toBeVisible();
    // It cannot just be accepted.
    expect(screen.getByRole("radio", { name: /^Accept The pack/ })).toBeDisabled();
    await expectAccessible();
  });

  it("lists what one would have to trust, each by what identifies it", async () => {
    await reviewing();
    await screen.findByText("What would you have to trust?");
    const trust = part("What would you have to trust?");
    expect(await trust.findByText("j.okafor")).toBeVisible();
    const keys = within(trust.getByRole("list", { name: "Keys" })).getAllByRole("listitem");
    expect(keys[0]).toHaveTextContent(/j\.okafor.*ds-prod-2026-06.*Not in your keyring/);
    expect(keys[0]).toHaveTextContent(grouped(hex(51)));
    expect(keys[1]).toHaveTextContent(/In your keyring/);
    expect(keys[2]).toHaveTextContent(/Your keyring says otherwise.*a\.auditor/);
    const roots = trust.getByRole("list", { name: "Roots" });
    expect(roots).toHaveTextContent(/Yubico PIV Root CA.*You trust it too/);
    expect(trust.getByRole("list", { name: "Logs" })).toHaveTextContent(/42 entries/);
  });

  it("keeps notes through other keys and other views, and asks before they are lost", async () => {
    const user = await reviewing();
    await user.click(await screen.findByRole("button", { name: "Add a note on DEC-014" }));
    await user.type(screen.getByLabelText("Note on DEC-014"), "Asked by telephone.");
    await user.selectOptions(screen.getByRole("combobox", { name: "Judged by" }), "embedded");
    expect((await screen.findAllByText(/Any key counts/)).length).toBeGreaterThan(0);
    await user.click(screen.getByRole("button", { name: "Queue" }));
    await screen.findByText("11 of 11");
    // A review is never on an empty pane.
    expect(await screen.findByRole("heading", { level: 2 })).toBeVisible();
    expect(screen.queryByText("No envelope is open")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Review" }));
    expect(screen.getByLabelText("Note on DEC-014")).toHaveValue("Asked by telephone.");

    await user.click(screen.getByRole("button", { name: "Stop reviewing" }));
    expect(screen.getByText("Your notes are in no finding yet.")).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Back to the review" }));
    await user.click(screen.getByRole("button", { name: "Stop reviewing" }));
    await user.click(screen.getByRole("button", { name: "Discard the notes and stop" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Review" })).toBeNull());
    expect(await screen.findByText("11 of 11")).toBeVisible();
  });

  it("says of a directory that it has neither list nor digest", async () => {
    await reviewing({});
    expect(screen.getByText("A directory has no list of its files")).toBeVisible();
    expect(screen.queryByLabelText("Digest you were told")).toBeNull();
    expect(screen.queryByRole("button", { name: "Sign the finding…" })).toBeNull();
    expect(screen.getByText(/A finding is about the digest of a pack/)).toBeVisible();
  });

  it("says why it cannot be shown", async () => {
    station = new FakeStation(undefined, { review: reviewOf(PACK) }).install();
    withReview(station);
    station.answer("review_desk", () => {
      throw failure("not_a_directory", "/tmp/gone: no such directory", "Open it again.");
    });
    render(App);
    expect(await screen.findByText("/tmp/gone: no such directory")).toBeVisible();
  });
});

describe("a finding", () => {
  it("is concluded, signed with one's own key, and written", async () => {
    const user = await reviewing();
    const finding = part("Your finding");
    await user.click(finding.getByRole("button", { name: "Sign the finding…" }));
    expect(await finding.findByText("Choose an outcome.")).toBeVisible();
    await user.click(finding.getByRole("radio", { name: /Accept with reservations/ }));
    await user.click(finding.getByRole("button", { name: "Sign the finding…" }));
    expect(await finding.findByText("Write a note that says why.")).toBeVisible();
    await user.click(await screen.findByRole("button", { name: "Add a note on DEC-014" }));
    await user.type(screen.getByLabelText("Note on DEC-014"), "Witness unknown.");
    await user.type(finding.getByLabelText("Note on the whole"), "Otherwise sound.");
    await user.click(finding.getByRole("button", { name: "Sign the finding…" }));

    const signing = await sheet(/Sign your finding/);
    expect(signing.getByRole("region", { name: "What you sign" })).toHaveTextContent(
      /Accepted with reservations/,
    );
    await user.click(await signing.findByRole("radio", { name: /ds-prod-2026-05/ }));
    expect(signing.getByRole("radio", { name: "Auditor" })).toBeChecked();
    await waitFor(() =>
      expect(signing.getByLabelText("New file")).toHaveValue("/home/a.auditor/one.finding.json"),
    );
    await expectAccessible();
    await user.click(signing.getByRole("button", { name: "Enter the passphrase…" }));
    expect(await signing.findByLabelText("Passphrase")).toHaveFocus();
    const act = { name: "Sign: accepted with reservations" };
    expect(signing.getByRole("button", act)).toBeEnabled();
    await user.keyboard("demo{Enter}");
    expect(await signing.findByText("/home/a.auditor/one.finding.html")).toBeVisible();
    expect(signing.getAllByText("Signed and written").length).toBeGreaterThan(0);
    await expectAccessible();
    await user.click(signing.getByRole("button", { name: "Print the finding…" }));
    await user.click(signing.getByRole("button", { name: "Show in folder" }));
    const written = [{ path: "/home/a.auditor/one.finding.json" }];
    expect(station.callsOf("finding_print")).toEqual(written);
    expect(station.callsOf("show_in_folder")).toEqual(written);
    expect(station.callsOf("finding_choose")).toEqual([
      {
        draft: {
          outcome: "accepted_with_reservations",
          note: "Otherwise sound.",
          notes: [{ run: RUN, note: "Witness unknown." }],
          path: "/home/a.auditor/one.finding.json",
        },
        choice: {
          key: { holder: "profile", name: "operator" },
          signer_id: "mira.k",
          role: "auditor",
        },
      },
    ]);
    await user.keyboard("{Escape}");
    // The notes are in the finding: nothing is asked.
    await user.click(screen.getByRole("button", { name: "Stop reviewing" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Review" })).toBeNull());
  });

  it("that was opened says how far it can be relied on", async () => {
    const user = await reviewing();
    station.answer("pick_file", () => FINDING.path);
    await user.click(screen.getByRole("button", { name: "Open a finding…" }));
    let read = await sheet(/A finding/);
    expect(read.getByText(FINDING.words.text)).toBeVisible();
    expect(read.getByText("Accepted with reservations")).toBeVisible();
    expect(read.getByText("The witness is unknown to us.")).toBeVisible();
    expect(read.getByText(/They prove nothing about the runs/)).toBeVisible();
    await expectAccessible();
    await user.keyboard("{Escape}");

    station.answer("finding_look", () => ({
      ...FINDING,
      standing: "another_pack",
      words: english("It says nothing about this pack: it is about another pack."),
    }));
    await user.click(screen.getByRole("button", { name: "Open a finding…" }));
    read = await sheet(/A finding/);
    expect(read.getByRole("alert")).toHaveTextContent(/nothing about this pack/);
  });
});

describe("a review", () => {
  async function reviewed() {
    const user = await open();
    await user.keyboard("v");
    const choosing = await sheet(/Review without changing/);
    await expectAccessible();
    await user.click(choosing.getByRole("button", { name: "Choose a directory…" }));
    await screen.findByText("Read-only");
    expect(station.callsOf("pick_directory")).toEqual([{ purpose: "review" }]);
    return user;
  }

  it("says what it is and whose keys count, in words", async () => {
    const user = await reviewed();
    const bar = part("Review");
    expect(bar.getByText("/srv/other_runs")).toBeVisible();
    await screen.findByText("Which level does it reach?");
    const means = part("Which level does it reach?");
    expect(means.getByText(/Whose keys they are is only claimed by the sender/)).toBeVisible();
    const judged = bar.getByRole("combobox", { name: "Judged by" });
    await user.selectOptions(judged, "embedded");
    expect(
      await means.findByText(/nothing has changed since it was signed, not who/),
    ).toBeVisible();
    await user.selectOptions(judged, "station");
    expect(await means.findByText(/Only keys of this station/)).toBeVisible();
    station.answer("pick_file", () => "/srv/auditor/keyring.json");
    await user.click(bar.getByRole("button", { name: "Other keyring…" }));
    expect(await means.findByText("/srv/auditor/keyring.json")).toBeVisible();
    expect(station.callsOf("review_judge_by")).toEqual([
      { keys: "embedded", keyring: null },
      { keys: "station", keyring: null },
      { keys: "chosen", keyring: "/srv/auditor/keyring.json" },
    ]);

    await user.click(bar.getByRole("button", { name: "Stop reviewing" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Review" })).toBeNull());
    expect(screen.getByTitle("/srv/sealed_runs")).toBeVisible();
  });

  it("does not take over a search of another directory", async () => {
    const user = await open();
    await user.keyboard("/settlement");
    await waitFor(() => expect(screen.queryByText("11 of 11")).toBeNull());
    await user.keyboard("{Escape}{Escape}v");
    const choosing = await sheet(/Review without changing/);
    await user.click(choosing.getByRole("button", { name: "Choose a directory…" }));
    await screen.findByText("Read-only");
    await user.click(screen.getByRole("button", { name: "Queue" }));
    expect(await screen.findByText("11 of 11")).toBeVisible();
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });

  it("offers nothing that would write, and its keys say why", async () => {
    const user = await reviewed();
    await user.click(screen.getByRole("button", { name: "Queue" }));
    await screen.findByText("11 of 11");
    await user.keyboard("j");
    await screen.findByRole("heading", { level: 2 });
    expect(screen.queryByRole("button", { name: /Sign|Register|signature/ })).toBeNull();
    await user.keyboard("s");
    expect(await screen.findByText(/^You cannot sign during a review/)).toBeVisible();
    await user.keyboard("m");
    expect(await screen.findByText(/^You cannot merge during a review/)).toBeVisible();
    await drop("/srv/a.sig.json");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(station.callsOf("act_begin")).toEqual([]);
    expect(station.callsOf("merge_preview")).toEqual([]);
    await drop("/media/stick/sealed_runs");
    const question = await sheet(/What do you want to do with sealed_runs/);
    expect(question.getByRole("radio", { name: /Merge it/ })).toBeDisabled();
  });

  it("starts from the empty window too, and says why it failed", async () => {
    const user = await open({ directory: null, presence: "none" });
    station.answer("review", () => {
      throw failure("not_a_directory", "/srv/other_runs: no such directory", "Check the name.");
    });
    await user.click(screen.getByRole("button", { name: "Review…" }));
    const choosing = await sheet(/Review without changing/);
    await user.click(choosing.getByRole("button", { name: "Choose a directory…" }));
    expect(await choosing.findByText("/srv/other_runs: no such directory")).toBeVisible();
  });
});
