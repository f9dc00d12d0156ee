import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import Envelope from "../src/envelope/Envelope.svelte";
import type { Acts } from "../src/frame/acts";
import { frameContext } from "../src/frame/context";
import { CheckedInputs } from "../src/inputs/checked.svelte";
import type { BoundaryView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { envelopeOf, failure, FakeStation } from "./station";
import { BOUNDARY, DISCLOSED, FOUND, REPRODUCED, withInputs } from "./station-inputs";
import { reviewOf } from "./station-review";

let station: FakeStation;

beforeEach(() => {
  station = new FakeStation().install();
  withInputs(station);
});

function show(boundary: BoundaryView | null = null) {
  const envelope = { ...envelopeOf(station.fixture(1)), boundary };
  const checked = new CheckedInputs();
  const acts = { checkInputs: vi.fn(), disclose: vi.fn(), checkDisclosure: vi.fn() };
  const props = { envelope, changes: [], gone: false, failure: null, readonly: false, checked };
  const context = frameContext({ acts: acts as unknown as Acts });
  return { ...render(Envelope, { props, context }), envelope, checked, acts };
}

const group = (name: RegExp) => screen.getByRole("group", { name });
const sheet = async (name: RegExp) => within(await screen.findByRole("dialog", { name }));

describe("the files that a run was made from", () => {
  it("are listed by list, with what can be disclosed", async () => {
    const { container, acts } = show();
    const inputs = within(group(/^Inputs/));
    expect(group(/^Inputs/)).toHaveTextContent(/4 files/);
    expect(inputs.getByText("data/claims.csv")).toBeVisible();
    expect(inputs.getByText("no digest")).toBeVisible();
    await userEvent.click(inputs.getByRole("button", { name: "Disclose prompts/triage.md" }));
    expect(acts.disclose).toHaveBeenCalledWith("prompts", expect.objectContaining({ position: 0 }));
    expect(inputs.queryByText("Compared with the files here")).toBeNull();
    await expectAccessible(container);
  });

  it("contradict in one red sentence, beside L1 too, and name every other file", async () => {
    const { container, envelope, checked } = show();
    checked.keep({ ...FOUND, run: envelope.content?.digest ?? "" });
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent(/data\/limits\.csv has another content/);
    const others = within(screen.getByRole("list", { name: "Files that are not as they were" }));
    expect(others.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
      expect.stringMatching(/changed\s*data\/limits\.csv/),
      expect.stringMatching(/not read\s*no path\s*its path leads out of the directory/),
    ]);
    expect(screen.getByText(/1 file there is not named by the run/)).toBeVisible();
    expect(screen.getByText("Inputs contradicted").className).toContain("contradicted");
    const listed = within(screen.getByRole("list", { name: "Inputs" }));
    expect(listed.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
      expect.stringMatching(/^\s*same/),
      expect.stringMatching(/^\s*changed/),
      expect.stringMatching(/^\s*not read/),
    ]);
    await expectAccessible(container);
  });

  it("were found of one content of the run, and of no other", async () => {
    const { envelope, checked, rerender } = show();
    checked.keep({ ...REPRODUCED, run: envelope.content?.digest ?? "" });
    expect(await screen.findByText("Inputs reproduced here")).toBeVisible();
    const content = envelope.content && { ...envelope.content, digest: "0".repeat(64) };
    await rerender({ envelope: { ...envelope, content } });
    expect(screen.queryByText("Inputs reproduced here")).toBeNull();
    expect(screen.queryByText("Compared with the files here")).toBeNull();
    await rerender({ envelope });
    expect(screen.getByText("Inputs reproduced here")).toBeVisible();
  });
});

describe("the authority boundary", () => {
  it("shows what lies outside and what is not checkable, and folds what passed", async () => {
    const { container } = show(BOUNDARY);
    const authority = within(group(/^Authority/));
    const inside = within(authority.getByRole("list", { name: "Does the run lie inside it?" }));
    expect(inside.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
      expect.stringMatching(/boundary\.decision\s*not checkable\s*There is no authority ledger/),
      expect.stringMatching(/boundary\.tools\s*not checkable/),
      expect.stringMatching(/boundary\.data\s*contradicted\s*The authority boundary does not let/),
    ]);
    const open = authority.getByRole("list", { name: /^What does not hold/ });
    expect(open).toHaveTextContent(/abp\.authority_ref_valid\s*not checkable\s*There is no auth/);
    expect(authority.queryByText("abp.hash_integrity")).toBeNull();
    await userEvent.click(authority.getByRole("button", { name: "2 checks passed" }));
    expect(authority.getByText("abp.hash_integrity")).toBeVisible();
    await expectAccessible(container);
  });

  it("may be missing, which is said", () => {
    show();
    expect(within(group(/^Authority/)).getByText(/There is no authority boundary/)).toBeVisible();
  });
});

describe("in the window", () => {
  async function open(review = false) {
    if (review) {
      station = new FakeStation(undefined, { review: reviewOf("/media/pack") }).install();
      withInputs(station);
    }
    render(App);
    const user = userEvent.setup();
    if (review) await user.click(await screen.findByRole("button", { name: "Queue" }));
    await screen.findByRole("heading", { level: 2, name: /Raise the settlement/ });
    return user;
  }

  it.each([false, true])("files are compared in a directory; in a review: %s", async (review) => {
    const user = await open(review);
    await user.click(screen.getByRole("button", { name: "Check the inputs…" }));
    const asking = await sheet(/Check the inputs of DEC-017/);
    await user.click(asking.getByRole("button", { name: "Compare" }));
    expect(asking.getByText("Choose the directory with the files.")).toBeVisible();
    station.answer("pick_directory", () => "/srv/inputs");
    await user.click(asking.getByRole("button", { name: "Choose: Directory" }));
    expect(station.callsOf("pick_directory")).toEqual([{ purpose: "inputs" }]);
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(asking.getByRole("button", { name: "Compare" }));
    const found = await screen.findByRole("group", { name: "Compared with the files here" });
    await waitFor(() => expect(found).toHaveFocus());
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(station.callsOf("inputs_check")).toEqual([{ id: 2, directory: "/srv/inputs" }]);
  });

  it("shows progress in bytes, and is cancelled by closing the sheet", async () => {
    const user = await open();
    station.answer("inputs_check", () => new Promise(() => {}));
    await user.click(screen.getByRole("button", { name: "Check the inputs…" }));
    const asking = await sheet(/Check the inputs/);
    await user.type(asking.getByLabelText("Directory"), "/srv/inputs{Enter}");
    await emit("inputs-progress", { done: 3 << 20, total: 12 << 20 });
    expect(await asking.findByText("Comparing, 3.0 MiB of 12.0 MiB")).toBeVisible();
    await user.click(asking.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(station.callsOf("inputs_stop")).toHaveLength(1);
  });

  it("one is disclosed into a new file, and who signed it is named", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Disclose data/claims.csv" }));
    // Nobody has signed this one.
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(await screen.findByText("No one has signed it yet.")).toBeVisible();
    await user.click(await screen.findByRole("option", { name: /Approve the revised triage/ }));
    await screen.findByRole("heading", { level: 2, name: /Approve the revised triage/ });
    await user.click(screen.getByRole("button", { name: "Disclose data/claims.csv" }));
    const asking = await sheet(/Disclose one of the inputs/);
    await waitFor(() => expect(asking.getByLabelText("New file")).toHaveValue(DISCLOSED.file));
    station.answer("disclose", () => {
      throw failure("exists", "The file already exists.");
    });
    await user.click(asking.getByRole("button", { name: "Disclose" }));
    expect(await asking.findByText("The file already exists.")).toBeVisible();
    withInputs(station);
    await user.click(asking.getByRole("button", { name: "Disclose" }));
    const signers = within(await asking.findByRole("list", { name: "Who signed the root" }));
    expect(signers.getByRole("listitem")).toHaveTextContent(
      /j\.okafor, witness, 4 May 2026, 09:12:00 UTC\s*proven: signed the root/,
    );
    expect(station.callsOf("disclose").at(-1)).toEqual({
      id: 4,
      entry: { list: "inputs", position: 0 },
      path: DISCLOSED.file,
    });
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("a disclosure is dropped, checked against what is open, and each failing check named", async () => {
    const user = await open();
    station.answer("look_at_dropped", () => "disclosure");
    await emit("tauri://drag-drop", {
      paths: ["/in/forged.disclosure.json"],
      position: { x: 0, y: 0 },
    });
    const checking = await sheet(/Check a disclosure/);
    const alert = await checking.findByRole("alert");
    expect(alert).toHaveTextContent(/Nobody in it signed the root.*Do not rely on it/);
    const checks = within(checking.getByRole("list", { name: "Checks" }));
    expect(checks.getAllByRole("listitem")[1]).toHaveTextContent(
      /disclosure\.signed\s*contradicted\s*nobody in it signed the root/,
    );
    await expectAccessible(screen.getByRole("dialog"));
    expect(station.callsOf("disclosure_look")).toEqual([
      { path: "/in/forged.disclosure.json", envelope: 2, content: null },
    ]);
    await user.selectOptions(checking.getByLabelText("Compare with"), "itself");
    await waitFor(() => expect(station.callsOf("disclosure_look")).toHaveLength(2));
    expect(station.callsOf("disclosure_look")[1]).toMatchObject({ envelope: null });
    await user.clear(checking.getByLabelText("Disclosure"));
    await user.type(checking.getByLabelText("Disclosure"), "/in/a.disclosure.json");
    await user.type(checking.getByLabelText("Disclosed file"), "/in/claims.csv");
    await user.click(checking.getByRole("button", { name: "Check" }));
    expect(await checking.findByText(/the run calls it so/)).toBeVisible();
    expect(station.callsOf("disclosure_look").at(-1)).toEqual({
      path: "/in/a.disclosure.json",
      envelope: null,
      content: "/in/claims.csv",
    });
  });

  it("is found in the palette", async () => {
    const user = await open();
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("check a disclosure{Enter}");
    const checking = await sheet(/Check a disclosure/);
    await user.click(checking.getByRole("button", { name: "Check" }));
    expect(checking.getByText("Choose the file with the disclosure.")).toBeVisible();
  });
});
