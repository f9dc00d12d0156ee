import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import Act from "../src/ceremony/Act.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation, type Fixture, fixtures, hex, many } from "./station";
import { FakeAct } from "./station-act";

let station: FakeStation;
let fake: FakeAct;
const user = userEvent.setup();
const onclose = vi.fn();
const none = { devices: { problem: null, modules: [], devices: [] }, demoKey: null };

/** So many that an operator has signed, numbered from 1. */
function signed(count: number): Fixture[] {
  const like = fixtures()[0] as Fixture;
  return Array.from({ length: count }, (_, at) => ({
    ...like,
    id: at + 1,
    decision: `DEC-${at + 1}`,
    title: `Decision number ${at + 1}`,
    signed: [["o.operator", "operator", "software"]],
  }));
}

beforeEach(() => set(signed(12)));

afterEach(() => onclose.mockReset());

function set(envelopes: Fixture[]) {
  station = new FakeStation(envelopes).install();
  fake = new FakeAct(station);
}

const heading = (name: string | RegExp) => screen.findByRole("heading", { level: 3, name });
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const title = () => screen.getByRole("heading", { level: 2 });
const listed = async (name: string) =>
  within(await screen.findByRole("group", { name })).findAllByRole("button");

async function open() {
  render(Act, { envelopes: station.fixtures.map(({ id }) => id), ...none, onclose });
  await heading("Read what you sign");
}

async function choose() {
  await user.click(button("I have read the list"));
  await heading("Choose key, name and role");
  await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
  await user.click(screen.getByRole("radio", { name: "Witness" }));
}

async function toSecret() {
  await open();
  await choose();
  await user.click(button("Enter the passphrase…"));
  return screen.findByLabelText<HTMLInputElement>(/^Passphrase/);
}

describe("the list", () => {
  it("shows each decision with the digest of what is signed, and what they ask for", async () => {
    await open();
    expect(title()).toHaveTextContent("Co-sign 12 envelopes");
    const rows = await listed("What you sign");
    expect(rows).toHaveLength(12);
    expect(rows[0]).toHaveTextContent("Decision number 1");
    const digest = fake.rows[0]?.digest?.match(/.{4}/g)?.join(" ") ?? "";
    expect(rows[0]).toHaveTextContent(digest);
    expect(
      screen.getByText(/12 envelopes ask for 2 signatures, including operator, witness/),
    ).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("opens each in full, with the raw lines of what was hashed, and says what changed", async () => {
    fake.changed.add(2);
    await open();
    const [first, second] = await listed("What you sign");
    if (first) await user.click(first);
    await heading("DEC-1");
    expect((await screen.findAllByText("GOV-POLICY-2026.2"))[0]).toBeVisible();
    expect(await screen.findByText(new RegExp(`"run_1": "sha256:${hex(1)}"`))).toBeVisible();
    await user.click(button("Back to the list"));
    if (second) await user.click(second);
    expect(await screen.findByText(/changed since it was read/)).toBeVisible();
    // Escape leads back to the list, not out of the act.
    await user.keyboard("{Escape}");
    await heading("Read what you sign");
    expect(onclose).not.toHaveBeenCalled();
  });

  it("marks what must not be signed, and stops if nothing else is left", async () => {
    set(fixtures().filter(({ level }) => level === null));
    await open();
    for (const row of await listed("What you sign")) {
      expect(row).toHaveTextContent(/not admissible|L0/);
    }
    expect(button("I have read the list")).toBeDisabled();
  });

  it("draws five hundred rows like twelve", async () => {
    set(many(500));
    await open();
    expect((await listed("What you sign")).length).toBeLessThan(60);
    expect(station.callsOf("act_rows").length).toBeLessThan(3);
  });
});

describe("the choice", () => {
  it("marks what this key has already signed before anything is signed", async () => {
    station.fixtures = station.fixtures.map((one) =>
      one.id > 9 ? { ...one, signed: [["mira.k", "operator", "software"]] } : one,
    );
    await open();
    await choose();
    expect(await screen.findByText("9 to sign, 3 left out")).toBeVisible();
    for (const row of await listed("Left out")) {
      expect(row).toHaveTextContent("mira.k has signed already");
    }
    expect(button("Enter the passphrase…")).toBeEnabled();
    expect(station.callsOf("act_choose")).toEqual([]);
    const key = { holder: "profile", name: "operator" };
    expect(station.callsOf("act_consider")).toMatchObject([
      { choice: { key, signer_id: "mira.k" } },
    ]);
    await user.click(button("Enter the passphrase…"));
    await screen.findByLabelText(/^Passphrase/);
    const choice = {
      key,
      signer_id: "mira.k",
      role: "witness",
      terms: null,
      reason: null,
      companion: null,
      though_nothing_changes: false,
    };
    expect(station.callsOf("act_choose")).toEqual([{ choice, companionPassphrase: null }]);
  });
});

describe("signing", () => {
  it("asks once, shows the progress and the result of each envelope", async () => {
    fake.signs = 3;
    const field = await toSecret();
    await user.type(field, "demo{Enter}");
    await heading("Signing 12 envelopes");
    expect(screen.getByRole("progressbar")).toHaveAttribute("value", "3");
    expect(screen.getByText("Decision number 4")).toBeVisible();
    expect(station.callsOf("act_secret")).toHaveLength(1);
    await expectAccessible(screen.getByRole("dialog"));
    fake.sign(null);
    await fake.tell({});
    await heading("12 envelopes signed");
    expect(await listed("Written")).toHaveLength(12);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onclose).toHaveBeenCalledWith(true));
  });

  it("stops at any time, and continues with the rest", async () => {
    fake.signs = 7;
    fake.changed.add(2);
    const field = await toSecret();
    await user.type(field, "demo{Enter}");
    await heading("Signing 12 envelopes");
    // Escape stops; it does not hide the result.
    await user.keyboard("{Escape}");
    await heading("6 envelopes signed, 6 not");
    expect(onclose).not.toHaveBeenCalled();
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("Failed 1"));
    expect((await listed("Failed"))[0]).toHaveTextContent("changed since it was read");
    expect(button("Left out 0")).toBeDisabled();
    await user.click(button("Not reached 5"));
    expect(await listed("Not reached")).toHaveLength(5);

    fake.signs = null;
    await user.click(button("Go on with the 5 left"));
    await heading("Choose key, name and role");
    await user.click(button("Enter the passphrase…"));
    await user.type(await screen.findByLabelText(/^Passphrase/), "demo{Enter}");
    await heading("11 envelopes signed, 1 not");
  });

  it("keeps the failures on screen if Stop is pressed just after the end", async () => {
    fake.changed.add(2);
    const field = await toSecret();
    const now = vi.spyOn(performance, "now").mockReturnValue(10_000);
    await user.type(field, "demo{Enter}");
    await heading("11 envelopes signed, 1 not");
    now.mockReturnValue(10_400);
    await user.keyboard("{Escape}");
    await heading("11 envelopes signed, 1 not");
    expect(station.callsOf("act_close")).toEqual([]);
    now.mockReturnValue(10_600);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onclose).toHaveBeenCalledWith(false));
    now.mockRestore();
  });

  it("says why the rest was not reached if the key failed", async () => {
    fake.signs = 4;
    const field = await toSecret();
    await user.type(field, "demo{Enter}");
    await heading("Signing 12 envelopes");
    fake.end(failure("token", "YubiKey 12345678 was pulled out", "Insert it and begin again"));
    await fake.tell({});
    await heading("4 envelopes signed, 8 not");
    expect(screen.getByText("YubiKey 12345678 was pulled out")).toBeVisible();
    expect(button("Go on with the 8 left")).toBeVisible();
  });

  it("says which touch of how many is needed", async () => {
    fake.signs = 1;
    const field = await toSecret();
    await user.type(field, "demo{Enter}");
    await fake.tell({ now: { state: "touch_needed", seconds: 15, touch: 3, of: 24 } });
    await heading("Touch your YubiKey again");
    expect(screen.getByText("Touch 3 of 24")).toBeVisible();
    expect(screen.getByText("Touch 3 of 24: touch your YubiKey again.")).toBeInTheDocument();
    await fake.tell({ now: { state: "touch_missed", problem: english("no touch came") } });
    await heading("Not touched in time");
    fake.signs = null;
    await user.click(button("Try again"));
    await heading("12 envelopes signed");
  });

  it("asks again after a wrong passphrase", async () => {
    const field = await toSecret();
    await user.type(field, "wrong{Enter}");
    expect(await screen.findByText("The passphrase is wrong; nothing was signed")).toBeVisible();
    expect(fake.view?.counts.written).toBe(0);
  });
});

it("works by keyboard alone, from the queue", async () => {
  set(signed(3));
  document.documentElement.lang = "en";
  render(App);
  await screen.findAllByRole("option");
  await user.keyboard("{Control>}a{/Control}");
  await screen.findByText("3 selected", { selector: ".count" });
  await user.keyboard("s");
  await heading("Read what you sign");
  expect(station.callsOf("act_begin")).toEqual([{ ids: [1, 2, 3] }]);

  async function tabTo(name: RegExp) {
    for (let step = 0; step < 40; step++) {
      const at = document.activeElement;
      if (name.test((at?.closest("label") ?? at)?.textContent.trim() ?? "")) return;
      await user.tab();
    }
    throw new Error(`Tab does not reach ${name}`);
  }

  await tabTo(/^Decision number 1/);
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(document.activeElement).toHaveTextContent("Decision number 2"));
  await user.keyboard("{Enter}");
  await heading("DEC-2");
  await user.keyboard("{Escape}");
  await heading("Read what you sign");
  await tabTo(/^I have read the list/);
  await user.keyboard("{Enter}");
  await heading("Choose key, name and role");
  await tabTo(/ds-prod-2026-05/);
  await user.keyboard(" ");
  await tabTo(/^Operator/);
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("radio", { name: "Witness" })).toBeChecked());
  await tabTo(/^Enter the passphrase/);
  await user.keyboard("{Enter}");
  await screen.findByLabelText(/^Passphrase/);
  await waitFor(() => expect(screen.getByLabelText(/^Passphrase/)).toHaveFocus());
  await user.keyboard("demo{Enter}");
  await heading("3 envelopes signed");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.queryByText("3 selected", { selector: ".count" })).toBeNull();
});

it("signs a single selected envelope as the one that is read, and clears the selection", async () => {
  set(signed(1));
  document.documentElement.lang = "en";
  render(App);
  await screen.findAllByText("Decision number 1");
  await user.keyboard("{Control>}a{/Control}");
  await screen.findByText("1 selected", { selector: ".count" });
  await user.keyboard("s");
  await heading("Read what you sign");
  await user.click(button("I have read this"));
  await heading("Choose key, name and role");
  await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
  await user.click(screen.getByRole("radio", { name: "Witness" }));
  await user.click(button("Enter the passphrase…"));
  await user.type(await screen.findByLabelText(/^Passphrase/), "demo{Enter}");
  await heading("Written. L4");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.queryByText("1 selected", { selector: ".count" })).toBeNull();
});
