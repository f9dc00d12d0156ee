import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { StationView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { failure, FakeStation } from "./station";
import { EXPORT, INSPECTED, PACK, withCarry } from "./station-carry";
import { withMerge } from "./station-merge";
import { reviewOf, withReview } from "./station-review";

let station: FakeStation;

async function open(view: Partial<StationView> = {}) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(undefined, view).install();
  withMerge(station);
  withReview(station);
  withCarry(station);
  render(App);
  await screen.findByText(view.review ? /No file in it is written/ : "11 of 11");
  return userEvent.setup();
}

async function read() {
  await screen.findByRole("heading", { level: 2, name: /Raise the settlement/ });
}

const sheet = async (name: RegExp) => within(await screen.findByRole("dialog", { name }));
/** A digest in groups, as it is read aloud. */
const grouped = (hex: string) => hex.match(/.{4}/g)?.join(" ") ?? "";
const digest = (within: Awaited<ReturnType<typeof sheet>>, name: string) =>
  within.findByRole("group", { name });

describe("an export", () => {
  it("writes one file, and shows its digest to read and to scan", async () => {
    const user = await open();
    await read();
    await user.keyboard("e");
    const carry = await sheet(/Export 1 envelope/);
    const file = carry.getByLabelText("File");
    await waitFor(() => expect(file).toHaveValue(EXPORT.path));
    await expectAccessible();
    await user.click(carry.getByRole("button", { name: "Export" }));
    const shown = await digest(carry, "Digest of the export");
    expect(shown).toHaveTextContent(grouped(EXPORT.report.digest));
    expect(await within(shown).findByRole("img", { name: /QR code of: Digest/ })).toBeVisible();
    expect(carry.getByText(EXPORT.path)).toBeVisible();
    expect(carry.getByText("1 file left out")).toBeVisible();
    expect(station.callsOf("export_envelopes")).toEqual([{ ids: [2], path: EXPORT.path }]);
    expect(station.callsOf("digest_qr")).toEqual([{ hex: EXPORT.report.digest }]);
    await expectAccessible();
  });

  it("says what is missing and why it failed, and loses nothing that was written", async () => {
    const user = await open();
    await read();
    await user.click(screen.getByRole("button", { name: "Export…" }));
    const carry = await sheet(/Export 1 envelope/);
    const file = carry.getByLabelText("File");
    await waitFor(() => expect(file).toHaveValue(EXPORT.path));
    await user.clear(file);
    await user.click(carry.getByRole("button", { name: "Export" }));
    expect(await carry.findByText("Choose where to write the file.")).toBeVisible();
    station.answer("export_envelopes", () => {
      throw failure("there", "/srv/x.zip: is there already", "Choose another name.");
    });
    await user.type(file, "/srv/x.zip");
    await user.click(carry.getByRole("button", { name: "Export" }));
    expect(await carry.findByText("/srv/x.zip: is there already")).toBeVisible();
    expect(carry.getByLabelText("File")).toHaveValue("/srv/x.zip");
  });
});

describe("a selection", () => {
  it("is exported as a whole", async () => {
    const user = await open();
    await read();
    await user.keyboard("x");
    await user.keyboard("j");
    await user.keyboard("x");
    await screen.findByText("2 selected", { selector: ".count" });
    await user.keyboard("e");
    const carry = await sheet(/Export 2 envelopes/);
    await user.click(carry.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(station.callsOf("export_envelopes")[0]?.["ids"]).toHaveLength(2));
  });
});

describe("an import", () => {
  it("shows the digest and what is in it before anything is written, and asks", async () => {
    const user = await open();
    await user.keyboard("i");
    const carry = await sheet(/Import into sealed_runs/);
    await expectAccessible();
    station.answer("pick_file", () => "/media/stick/two.zip");
    await user.click(carry.getByRole("button", { name: "Choose a file…" }));
    expect(await carry.findByText(/Compare the digest with the sender/)).toBeVisible();
    const shown = await digest(carry, "Digest of the import");
    expect(shown).toHaveTextContent(grouped(INSPECTED.digest));
    expect(await within(shown).findByRole("img")).toBeVisible();
    expect(carry.getByText("Approve the revised triage thresholds")).toBeVisible();
    expect(station.callsOf("import_envelopes")).toEqual([]);
    await expectAccessible();

    await user.click(
      carry.getByRole("button", { name: "The digest is the same: import 2 envelopes" }),
    );
    expect(await carry.findByText("1 envelope and 2 signatures imported")).toBeVisible();
    expect(carry.getByText(/it says otherwise than the one here/)).toBeVisible();
    expect(carry.getByText(/Log extended/)).toBeVisible();
    expect(station.callsOf("import_envelopes")).toEqual([
      { path: "/media/stick/two.zip", digest: INSPECTED.digest },
    ]);
    await expectAccessible();
  });

  it("refuses a file that was modified on the way", async () => {
    const user = await open();
    station.answer("import_look", () => ({
      ...INSPECTED,
      faults: [{ file: "RUN-1.json", kind: "altered" }],
    }));
    await emit("tauri://drag-drop", {
      paths: ["/media/stick/two.zip"],
      position: { x: 0, y: 0 },
    });
    const question = await sheet(/What do you want to do with two.zip/);
    expect(question.getByRole("radio", { name: /Import it into sealed_runs/ })).toBeChecked();
    await expectAccessible();
    await user.click(question.getByRole("button", { name: "Import into sealed_runs…" }));
    const carry = await sheet(/Import into sealed_runs/);
    expect(await carry.findByText(/It cannot be imported/)).toBeVisible();
    expect(carry.getByText("RUN-1.json").closest("p")).toHaveTextContent("RUN-1.json was altered");
    expect(carry.queryByRole("button", { name: /The digest is the same/ })).toBeNull();
    await expectAccessible();
  });

  it("is not possible during a review", async () => {
    const user = await open({ review: reviewOf("/media/stick") });
    await user.keyboard("i");
    expect(await screen.findByText(/^You cannot import during a review/)).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("a pack", () => {
  it("is a zip or a folder, with its digest, its level and a report", async () => {
    const user = await open();
    await read();
    await user.keyboard("p");
    const pack = await sheet(/Pack DEC-017/);
    await waitFor(() => expect(pack.getByLabelText("Zip")).toHaveValue(PACK.path));
    await expectAccessible();
    await user.click(pack.getByRole("radio", { name: /A folder/ }));
    await waitFor(() => expect(pack.getByLabelText("Folder")).toHaveValue(PACK.path.slice(0, -4)));
    await user.click(pack.getByRole("radio", { name: /A zip/ }));
    await waitFor(() => expect(pack.getByLabelText("Zip")).toHaveValue(PACK.path));
    await user.click(pack.getByRole("button", { name: "Pack" }));
    expect(await pack.findByText("Packed at L5")).toBeVisible();
    const shown = await digest(pack, "Digest of the pack");
    expect(shown).toHaveTextContent(grouped(PACK.report.digest));
    expect(pack.getAllByText("report.html")[0]?.parentElement).toHaveTextContent(/in the zip/);
    expect(pack.getByText("4 files in it")).toBeVisible();
    expect(station.callsOf("pack_envelope")).toEqual([{ id: 2, path: PACK.path }]);
    await expectAccessible();
  });

  it("is marked if any key counts", async () => {
    const user = await open({ weaknesses: ["any_key"] });
    station.answer("pack_envelope", () => ({
      ...PACK,
      report: { ...PACK.report, weaknesses: ["any_key"] },
    }));
    await read();
    await user.keyboard("p");
    const pack = await sheet(/^Pack /);
    await waitFor(() => expect(pack.getByLabelText("Zip")).toHaveValue(PACK.path));
    await user.click(pack.getByRole("button", { name: "Pack" }));
    expect(await pack.findByText("Packed at L5, any key")).toBeVisible();
    expect(pack.getByText(/not who signed/)).toBeVisible();
  });
});

describe("a digest", () => {
  it("is a QR code on request", async () => {
    const user = await open();
    await read();
    const name = "What is signed: SHA-256 of the canonical bytes";
    const shown = within(screen.getByRole("group", { name }));
    expect(shown.queryByRole("img")).toBeNull();
    await user.click(shown.getByRole("button", { name: `QR code: ${name}` }));
    expect(await shown.findByRole("img", { name: /hex digits next to it/ })).toBeVisible();
    await expectAccessible();
    await user.click(shown.getByRole("button", { name: `QR code: ${name}` }));
    expect(shown.queryByRole("img")).toBeNull();
  });
});
