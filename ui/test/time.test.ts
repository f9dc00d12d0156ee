import { emit } from "@tauri-apps/api/event";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import SignatureTimes from "../src/envelope/SignatureTimes.svelte";
import type { StationView, TimesView, TimeView } from "../src/ipc/bindings";
import TimeMark from "../src/kit/TimeMark.svelte";
import { expectAccessible } from "./axe";
import { FakeStation } from "./station";
import { withMerge } from "./station-merge";
import { reviewOf } from "./station-review";
import { withRoots } from "./station-roots";
import { withSettings } from "./station-settings";
import { IMPORTED, ONE_REQUEST, REQUESTS, TRUSTED, withTime } from "./station-time";
import { english } from "./english";

let station: FakeStation;

async function open(view: Partial<StationView> = {}) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(undefined, view).install();
  withMerge(station);
  withRoots(station);
  withSettings(station);
  withTime(station);
  render(App);
  await screen.findByText(view.review ? /No file in it is written/ : "11 of 11");
  return userEvent.setup();
}

const sheet = async (name: RegExp) => within(await screen.findByRole("dialog", { name }));
const drop = (...paths: string[]) => emit("tauri://drag-drop", { paths, position: { x: 0, y: 0 } });

describe("a time", () => {
  const CLAIMED: TimeView = { kind: "claimed", at: "2026-05-04T07:12:00Z" };
  const SIGNED: TimeView = { kind: "signed", at: "2026-05-04T07:12:00Z" };

  it("differs by word and by shape, whoever's word it is", () => {
    const seen = [CLAIMED, SIGNED, TRUSTED].map((time) => {
      const { container } = render(TimeMark, { time });
      const shapes = [...container.querySelectorAll("svg *")].map(({ tagName }) => tagName);
      const kind = container.querySelector("svg")?.classList[0];
      return { text: container.textContent?.replace(/\s+/gu, " ").trim(), shapes, kind };
    });
    expect(seen.map(({ text }) => text)).toEqual([
      "4 May 2026, 07:12:00 UTC claimed by the file",
      "4 May 2026, 07:12:00 UTC signed by the key",
      "4 May 2026, 09:30:00 UTC ± 1 s vouched for by CN=Example TSA,O=Example",
    ]);
    // A dashed clock, a whole one, and a seal.
    expect(seen.map(({ kind }) => kind)).toEqual(["claimed", "signed", "trusted"]);
    expect(seen[2]?.shapes).not.toEqual(seen[1]?.shapes);
  });

  it("may be missing, and is announced where only its shape is shown", () => {
    render(TimeMark, { time: { kind: "claimed", at: null } });
    expect(screen.getByText("no time")).toBeVisible();
    render(TimeMark, { time: TRUSTED, bare: true });
    expect(screen.getByTitle(/± 1 s, vouched for by CN=Example TSA/)).toHaveTextContent(
      /vouched for by/,
    );
  });

  it("has to be renewed while it can be, and tokens that prove nothing are named", async () => {
    const times: TimesView = {
      own: SIGNED,
      trusted: TRUSTED,
      unproven: [english("unknown time-stamping authority: CN=Stranger")],
      ending: { authority: "CN=Example TSA", until: "2026-06-01T00:00:00Z", is_over: false },
    };
    let asked = 0;
    const { rerender } = render(SignatureTimes, { times, onrenew: () => asked++ });
    expect(screen.getByText(/certificate ends on 2026-06-01/)).toBeVisible();
    expect(screen.getByText(/does not count: unknown time-stamping authority/)).toBeVisible();
    await userEvent.setup().click(screen.getByRole("button", { name: "Ask for a renewal…" }));
    expect(asked).toBe(1);
    const ending = { authority: "CN=A", until: "2026-01-01T00:00:00Z", is_over: true };
    await rerender({ times: { ...times, ending } });
    expect(screen.getByText(/can no longer be renewed/)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("requests", () => {
  it("are written for a selection, with what to do next", async () => {
    const user = await open();
    await user.keyboard("jxjx");
    await screen.findByText("2 selected", { selector: ".count" });
    const bar = within(screen.getByRole("group", { name: "Selected envelopes" }));
    await user.click(bar.getByRole("button", { name: "Ask for a time stamp…" }));
    const asking = await sheet(/Ask for a time stamp for 2 envelopes/);
    await waitFor(() => expect(asking.getByLabelText("Folder")).toHaveValue(REQUESTS.folder));
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(asking.getByRole("button", { name: "Write the requests" }));
    expect(await asking.findByText("2 requests written")).toBeVisible();
    expect(asking.getByText(/3 signatures have a trusted time already/)).toBeVisible();
    expect(asking.getByText(/1 request renews a time stamp/)).toBeVisible();
    expect(asking.getByText(REQUESTS.folder)).toBeVisible();
    expect(asking.getByText(/drop it on this window/)).toBeVisible();
    expect(asking.queryByRole("img")).toBeNull();
    expect(asking.queryByText(/No time-stamping authority is trusted/)).toBeNull();
    expect(station.callsOf("time_request")[0]).toMatchObject({ path: REQUESTS.folder });
    expect(station.callsOf("time_request")[0]?.["ids"]).toHaveLength(2);
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("of one signature are a code too, and say if no authority is trusted", async () => {
    const user = await open();
    station.answer("trust_roots", () => ({ folder: "/tsa-roots", roots: [], problems: [] }));
    await screen.findByRole("heading", { level: 2, name: /Raise the settlement/ });
    await user.keyboard("t");
    const asking = await sheet(/Ask for a time stamp for 1 envelope/);
    await waitFor(() => expect(asking.getByLabelText("Folder")).toHaveValue(REQUESTS.folder));
    await user.click(asking.getByRole("button", { name: "Write the requests" }));
    expect(await asking.findByRole("img", { name: /QR code of the request/ })).toBeVisible();
    expect(asking.getByText(ONE_REQUEST.code?.text ?? "")).toBeVisible();
    expect(asking.getByText(/No time-stamping authority is trusted here yet/)).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("are not offered during a review", async () => {
    const user = await open({ review: reviewOf("/media/stick/pack") });
    await user.click(screen.getByRole("button", { name: "Queue" }));
    await screen.findByRole("heading", { level: 2, name: /Raise the settlement/ });
    expect(screen.queryByRole("button", { name: /Ask for a time stamp/ })).toBeNull();
    await user.keyboard("t");
    expect(
      await screen.findByText(/^You cannot ask for a time stamp during a review/),
    ).toBeVisible();
  });
});

describe("responses", () => {
  it("are dropped, verified on confirmation, and each has a result", async () => {
    const user = await open();
    station.answer("look_at_dropped", () => "times");
    await drop("/media/stick/ask");
    const importing = await sheet(/Import time stamps into sealed_runs/);
    expect(importing.getByText("/media/stick/ask")).toBeVisible();
    expect(station.callsOf("time_import")).toEqual([]);
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(importing.getByRole("button", { name: "Verify and import" }));
    expect(await importing.findByText("1 time stamp added")).toBeVisible();
    expect(station.callsOf("time_import")).toEqual([{ sources: ["/media/stick/ask"] }]);
    expect(importing.getByText(/is about something else than this signature\./)).toBeVisible();
    expect(importing.getByText("1 request without a response yet")).toBeVisible();
    expect(importing.getByText(IMPORTED.waiting[0] ?? "")).toBeVisible();
    const stamped = within(importing.getByRole("list", { name: "Time stamps" }));
    expect(stamped.getByText("vouched for by CN=Example TSA,O=Example")).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(stamped.getByRole("button", { name: /^Show / }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await screen.findByRole("heading", { level: 2, name: /Approve the revised triage/ });
  });

  it("are chosen from the menu, and have to be chosen", async () => {
    const user = await open();
    screen.getByRole("button", { name: /^Directory/ }).focus();
    await user.keyboard("{Enter}");
    await user.click(await screen.findByText("Import time stamps…"));
    const importing = await sheet(/Import time stamps/);
    await user.click(importing.getByRole("button", { name: "Verify and import" }));
    expect(importing.getByText(/Choose the folder of requests, or responses/)).toBeVisible();
    station.answer("pick_files", () => ["/media/stick/a.tsr", "/media/stick/b.tsr"]);
    await user.click(importing.getByRole("button", { name: "Choose responses…" }));
    expect(await importing.findByText("/media/stick/b.tsr")).toBeVisible();
    expect(station.callsOf("pick_files")).toEqual([{ purpose: "responses" }]);
    station.answer("pick_directory", () => "/media/stick/ask");
    await user.click(importing.getByRole("button", { name: "Choose a folder…" }));
    expect(await importing.findByText("/media/stick/ask")).toBeVisible();
    const known = { ...IMPORTED.stamped[0], was_there: true };
    station.answer("time_import", () => ({ stamped: [known], left_out: [], waiting: [] }));
    await user.click(importing.getByRole("button", { name: "Verify and import" }));
    expect(await importing.findByText("Everything was already here")).toBeVisible();
  });
});

describe("roots of authorities", () => {
  it("are their own list in the settings", async () => {
    const user = await open();
    await user.keyboard("gs");
    await user.click(await screen.findByRole("button", { name: "Time-stamping roots" }));
    const section = within(await screen.findByRole("region", { name: "Time-stamping roots" }));
    await user.click(await section.findByRole("button", { name: "Add time-stamping roots…" }));
    const adding = await sheet(/Add time-stamping roots/);
    expect(adding.getByText(/can vouch for any time/)).toBeVisible();
    await user.click(adding.getByRole("checkbox", { name: "CN=Yubico PIV Attestation B 1" }));
    const add = adding.getByRole("button", { name: "Add 1 certificate" });
    await waitFor(() => expect(add).toBeEnabled());
    await user.click(add);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("trust_root_add")[0]).toMatchObject({ what: "time_stamps" });
    await user.click(section.getByRole("button", { name: /^Remove CN=Yubico Attestation/ }));
    expect(
      (await sheet(/Remove a time-stamping root/)).getByText(/no longer trusted/),
    ).toBeVisible();
  });
});
