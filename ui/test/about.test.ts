import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import type { ReleaseView, ThisProgramView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation } from "./station";

const SHA256 = "e58294f2e9a227486e8b061b31cc528fd7fa3f19".padEnd(64, "0");

const PROGRAM: ThisProgramView = {
  version: "0.2.0",
  commit: "ab".repeat(20),
  changed: true,
  compiler: "rustc 1.95.0",
  programs: [
    {
      name: "countersign-station",
      path: "/usr/bin/countersign-station",
      sha256: SHA256,
      words: "topmost Istanbul Pluto vagabond",
      in_place: "replaced",
    },
    {
      name: "countersign",
      path: "/usr/bin/countersign",
      sha256: SHA256,
      words: "topmost Istanbul Pluto vagabond",
      in_place: null,
    },
  ],
  libraries: [{ name: "ed25519-dalek", version: "3.0.0" }],
  places: [{ what: "journal", path: "/home/op/.local/state/countersign/journal.ndjson" }],
  journal: { entries: 3, last: "sha256:abcd", broken: null },
};

const release = (standing: ReleaseView["standing"], words: string): ReleaseView => ({
  path: "/media/stick/a.release.json",
  standing,
  words: english(words),
  version: "0.2.0",
  signatures: [
    { owner: "mira.k", key_id: "ds-1", words: english("the key is accepted") },
    { owner: null, key_id: "ds-9", words: english("the key is not in the keyring") },
  ],
});

function station() {
  return new FakeStation().answer("this_program", () => PROGRAM);
}

async function open() {
  const user = userEvent.setup();
  render(App);
  await screen.findByRole("listbox");
  await user.keyboard("?");
  await user.click(await screen.findByRole("button", { name: "About this program" }));
  const about = await screen.findByRole("dialog", { name: "About this program" });
  await within(about).findByText("countersign-station");
  return { user, about };
}

describe("about this program", () => {
  it("shows digests in groups and words, the state, and that the program was replaced", async () => {
    station().install();
    const { about } = await open();
    expect(about).toHaveTextContent(/0\.2\.0 commit (ab){20}, with changes/u);
    const running = within(about).getByRole("region", { name: "countersign-station" });
    expect(running).toHaveTextContent(/e582 94f2 e9a2/u);
    expect(running).toHaveTextContent(/topmost Istanbul Pluto vagabond/u);
    expect(running).toHaveTextContent(/another file stands there: start it again/u);
    expect(about).toHaveTextContent(/3 entries, and the chain holds; the last is sha256:abcd/u);
    expect(about).toHaveTextContent(/ed25519-dalek 3\.0\.0/u);
    await expectAccessible(document.body);
  });

  it("compares the programs with a release, and says who vouches for them", async () => {
    const confirmed = release("confirmed", "all 2 files are released");
    const contradicted = release("contradicted", "the release has another content");
    const answers = [confirmed, contradicted];
    const fake = station()
      .answer("pick_file", () => confirmed.path)
      .answer("check_release", () => answers.shift() ?? contradicted);
    fake.install();
    const { user, about } = await open();
    await user.click(within(about).getByRole("button", { name: "Check a release…" }));
    expect(await within(about).findByText("all 2 files are released")).toBeVisible();
    const signatures = within(about).getByRole("list", { name: "Signatures of the release" });
    const said = within(signatures).getAllByRole("listitem");
    expect(said.map((one) => one.textContent.replace(/\s+/gu, " ").trim())).toEqual([
      "mira.k: the key is accepted",
      "ds-9: the key is not in the keyring",
    ]);
    expect(fake.callsOf("check_release")).toEqual([{ path: confirmed.path }]);
    await user.click(within(about).getByRole("button", { name: "Check a release…" }));
    await waitFor(() => expect(about).toHaveTextContent("the release has another content"));
  });

  it("says why it cannot tell what runs", async () => {
    new FakeStation()
      .answer("this_program", () => {
        throw failure("unreadable", "/proc/self/exe cannot be read", "Compare the installed file.");
      })
      .install();
    const user = userEvent.setup();
    render(App);
    await screen.findByRole("listbox");
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("about this");
    await user.keyboard("{Enter}");
    const about = await screen.findByRole("dialog", { name: "About this program" });
    expect(await within(about).findByRole("alert")).toHaveTextContent("/proc/self/exe");
  });
});
