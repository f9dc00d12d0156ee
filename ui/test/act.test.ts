import { emit } from "@tauri-apps/api/event";
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import Act from "../src/ceremony/Act.svelte";
import type { KeyOption } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { namesOf } from "./names-of";
import { failure, FakeStation, hex, REFUSED } from "./station";
import { FakeAct, KEYS } from "./station-act";
import { english } from "./english";

let station: FakeStation;
let fake: FakeAct;
const user = userEvent.setup();
const onclose = vi.fn();
const onkeys = vi.fn();
/** No device is plugged in: those have a test file of their own. */
const none = { devices: { problem: null, devices: [], modules: [] }, demoKey: null };

beforeEach(() => {
  station = new FakeStation().install();
  fake = new FakeAct(station);
});

afterEach(async () => {
  vi.useRealTimers();
  cleanup();
  await tick();
  onclose.mockReset();
  onkeys.mockReset();
  station.remove();
});

/** Opens the act over an envelope: by default one that an operator has signed. */
async function open(envelope = 1) {
  render(Act, { envelopes: [envelope], ...none, onclose, onkeys });
  await heading("Read what you sign");
}

const heading = (name: string | RegExp) => screen.findByRole("heading", { level: 3, name });
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const secretField = () => screen.findByLabelText<HTMLInputElement>(/^(Passphrase|PIN)/);
/** An external command signs, within a time limit. */
const kmsSigns = () =>
  fake.during({
    state: "signing",
    about: english("external command kms-sign"),
    asks: null,
    seconds: 30,
  });
const step = () => screen.getByRole("list", { name: "Steps" }).querySelector("[aria-current]");

async function toChoice(envelope = 1) {
  await open(envelope);
  await user.click(button("I have read this"));
  await heading("Choose key, name and role");
}

async function toSecret(envelope = 1) {
  await toChoice(envelope);
  await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
  await user.click(screen.getByRole("radio", { name: "Witness" }));
  await user.click(button("Enter the passphrase…"));
  return secretField();
}

describe("reading", () => {
  it("shows the decision, who signed, and both digests as they are read aloud", async () => {
    await open();
    expect(step()).toHaveTextContent("Read");
    expect(screen.getAllByText("Retire the legacy claims engine")).toHaveLength(2);
    expect(screen.getAllByText("GOV-POLICY-2026.2")[0]).toBeVisible();
    expect(screen.getByRole("button", { name: /^mira.k operator/ })).toBeVisible();
    expect(screen.getByText(/2 signatures, including operator, witness/)).toBeVisible();
    for (const { digest } of fake.view?.artifacts ?? []) {
      const group = screen.getAllByText(digest.slice(0, 4)).at(-1)?.closest("code");
      expect(group?.textContent.trim().split(/\s+/)).toEqual(digest.match(/.{4}/g));
    }
  });

  it("shows the raw lines of run and manifest from the buffer that is hashed", async () => {
    await open();
    const run = screen.getByRole("region", { name: "Raw JSON, Sealed run" });
    const manifest = screen.getByRole("region", { name: "Raw JSON, Manifest" });
    expect(await within(run).findByText(new RegExp(`"run_1": "sha256:${hex(1)}"`))).toBeVisible();
    expect(await within(manifest).findByText(/"manifest_1"/)).toBeVisible();
    expect(station.callsOf("raw_lines")).toEqual([]);
  });

  it("shows a refusal of the pipeline and every warning prominently", async () => {
    fake.reading = { warnings: [english("There is no manifest beside the run.")] };
    await open(3);
    expect(screen.getByText(/The pipeline refused this decision/)).toBeVisible();
    expect(screen.getAllByText(/CONFLICT_OF_AUTHORITY/)[0]).toBeVisible();
    expect(screen.getByText("There is no manifest beside the run.")).toBeVisible();
  });

  it("shows who refused before anything else, and what lifts that", async () => {
    fake.reading = {
      refusals: [REFUSED],
      warnings: [english("There is no manifest beside the run.")],
    };
    await open();
    const refusals = screen.getByRole("list", { name: "Refusals" });
    expect(refusals).toHaveTextContent("j.okafor refused to sign as witness");
    expect(refusals).toHaveTextContent("The inputs are not those that I reviewed.");
    expect(refusals).toHaveTextContent("If j.okafor signs, that lifts it.");
    const warning = screen.getByText("There is no manifest beside the run.");
    expect(refusals.compareDocumentPosition(warning)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it("shows hostile text as text, and says what was cut", async () => {
    await open(8);
    expect(document.querySelector("img")).toBeNull();
    expect(screen.getAllByText(/<img src=x onerror="alert\(1\)">/)[0]).toBeVisible();
    expect(screen.getByText(/first 600 of 1.048.576 characters/)).toBeVisible();
    expect(screen.getByText("37 gates failed, shown first.")).toBeVisible();
  });

  it("says why it cannot start, and starts again on request", async () => {
    station.answer("act_begin", () => {
      throw failure("gone", "The envelope is not there any more.", "Choose another.");
    });
    render(Act, { envelopes: [1], ...none, onclose });
    expect(await screen.findByText("The envelope is not there any more.")).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
    fake = new FakeAct(station);
    await user.click(button("Try again"));
    await heading("Read what you sign");
  });

  it("says why an envelope must not be signed, in the place of the reading", async () => {
    render(Act, { envelopes: [9], ...none, onclose });
    await heading("Not signed");
    expect(screen.getByText(/not admissible at L0/)).toBeVisible();
    expect(step()).toHaveTextContent(/Read ?, refused here/);
    expect(station.callsOf("act_open")).toEqual([]);
    await expectAccessible(screen.getByRole("dialog"));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  });

  it("says that an envelope changed before it could be shown, and reads it again", async () => {
    fake.changed.add(1);
    render(Act, { envelopes: [1], ...none, onclose });
    await heading("Nothing could be read");
    expect(screen.getByText(/changed since it was read/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "I have read this" })).toBeNull();
    fake.changed.clear();
    await user.click(button("Try again"));
    await heading("Read what you sign");
    expect(station.callsOf("act_begin")).toHaveLength(2);
  });
});

describe("choosing", () => {
  it("names the act, with the role that is currently chosen, and on the button what comes next", async () => {
    await toChoice();
    expect(button("Co-sign DEC-014")).toBeDisabled();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    expect(button("Co-sign DEC-014")).toBeDisabled();
    await user.click(screen.getByRole("radio", { name: "Operator" }));
    expect(screen.getByRole("dialog", { name: "Co-sign DEC-014 as operator" })).toBeVisible();
    expect(button("Enter the passphrase…")).toBeEnabled();
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    await user.click(button("Enter the passphrase…"));
    await secretField();
    expect(screen.getByRole("dialog", { name: "Co-sign DEC-014 as witness" })).toBeVisible();
  });

  it("offers only the roles of the key, and chooses a single one", async () => {
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-06/ }));
    expect(screen.queryByRole("radio", { name: "Operator" })).toBeNull();
    expect(screen.getByRole("radio", { name: "Witness" })).toBeChecked();
    expect(button("Co-sign DEC-014 as witness")).toBeEnabled();
  });

  it("takes the name from the keyring, and asks for one if the keyring has none", async () => {
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    expect(screen.queryByLabelText("Name")).toBeNull();
    expect(screen.getByText("from the keyring")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: /ds-stray-2026-01/ }));
    await user.click(screen.getByRole("radio", { name: "Auditor" }));
    const name = screen.getByLabelText("Name");
    await user.clear(name);
    expect(button(/Co-sign DEC-014/)).toBeDisabled();
    await user.type(name, "j.okafor");
    await user.click(button("Enter the PIN…"));
    await secretField();
    expect(station.callsOf("act_choose")[0]?.["choice"]).toMatchObject({
      key: { holder: "profile", name: "token" },
      signer_id: "j.okafor",
      role: "auditor",
    });
  });

  it("offers the person's own keys for companions, and asks for a passphrase where one has it", async () => {
    const [mira] = KEYS;
    if (!mira) throw new Error("there are keys");
    const pq: KeyOption = {
      ...mira,
      key: { holder: "profile", name: "pq" },
      key_id: "pq-mira",
      roles: [],
      algorithm: "ml-dsa-65",
    };
    const other = { ...pq, key: { holder: "profile", name: "x" } as const, key_id: "pq-other" };
    fake.companions = [pq, { ...other, signer_id: "kms-prod" }];
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    const choice = screen.getByLabelText("Companion");
    const options = within(choice).getAllByRole("option");
    const own = "pq-mira of mira.k, ML-DSA-65";
    expect(options.map((option) => option.textContent)).toEqual(["None", own]);
    await user.selectOptions(choice, own);
    expect(
      screen.getByText(/pq-mira of mira.k signs what you sign. It has no role/u),
    ).toBeVisible();
    const passphrase = screen.getByLabelText("Passphrase of pq-mira");
    expect(button(/Co-sign DEC-014/)).toBeDisabled();
    await user.type(passphrase, "four words");
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("Enter the passphrase…"));
    await secretField();
    expect(station.callsOf("act_choose")[0]).toMatchObject({
      choice: { companion: { holder: "profile", name: "pq" } },
      companionPassphrase: "four words",
    });
  });

  it("shows whose name the certificate beside a key proves, and no more than that", async () => {
    const [mira, other] = KEYS;
    if (!mira || !other) throw new Error("there are keys");
    fake.keys = [
      { ...mira, names: namesOf("proven") },
      { ...other, names: namesOf("not_proven") },
    ];
    await toChoice();
    const proven = screen.getByRole("radio", { name: /ds-prod-2026-05/ });
    expect(proven).toHaveAccessibleName(/Name proven by a certificate: "Jane Okafor": proven/u);
    const claimed = screen.getByRole("radio", { name: new RegExp(other.key_id, "u") });
    expect(claimed).toHaveAccessibleName(/Name by a certificate, not proven: "Jane Okafor"/u);
    expect(claimed).not.toHaveAccessibleName(/Name proven/u);
    await expectAccessible(screen.getByRole("dialog"));
  });

  it("says why a key cannot sign, and does not let it be chosen", async () => {
    await toChoice();
    expect(screen.getByRole("radio", { name: /ds-prod-2025-11/ })).toBeDisabled();
    expect(screen.getByText("Revoked on 2026-02-01: left the desk.")).toBeVisible();
  });

  it("lets only the signature that starts the envelope require more", async () => {
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-06/ }));
    const threshold = screen.getByLabelText("Signatures");
    await user.clear(threshold);
    expect(button(/Co-sign/)).toBeDisabled();
    await user.type(threshold, "3");
    expect(screen.queryByRole("checkbox", { name: "Operator" })).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: "Auditor" }));
    await user.click(button("Co-sign DEC-014 as witness"));
    await heading(/^Written/);
    expect(station.callsOf("act_choose")[0]?.["choice"]).toMatchObject({
      terms: { threshold: 3, required_roles: ["operator", "witness", "auditor"] },
    });
  });

  it("shows fixed terms as facts", async () => {
    await toChoice(6);
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    expect(screen.getByText(/3 signatures, including/)).toBeVisible();
    expect(screen.getByText("Fixed by earlier signatures.")).toBeVisible();
    expect(screen.queryByLabelText("Signatures")).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    await user.click(button("Enter the passphrase…"));
    await secretField();
    expect(station.callsOf("act_choose")[0]?.["choice"]).toMatchObject({ terms: null });
  });

  it("says why a choice was refused, and keeps it", async () => {
    station.answer("act_choose", () => {
      throw failure(
        "threshold_too_low",
        "Policy asks for at least 3 signatures",
        "Choose that many",
      );
    });
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-06/ }));
    await user.click(button("Co-sign DEC-014 as witness"));
    expect(await screen.findByText("Policy asks for at least 3 signatures")).toBeVisible();
    expect(screen.getByRole("radio", { name: /ds-prod-2026-06/ })).toBeChecked();
  });

  it("leads to the keys if there is none", async () => {
    fake.keys = [];
    await toChoice();
    expect(screen.getByText("Insert your YubiKey or PIV card; it appears here.")).toBeVisible();
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("Go to Keys"));
    await waitFor(() => expect(onkeys).toHaveBeenCalledOnce());
    expect(station.callsOf("act_close")).toHaveLength(1);
  });

  it("chooses the only usable key itself", async () => {
    fake.keys = KEYS.filter(({ key_id }) => /2026-06|2025-11/u.test(key_id));
    await toChoice();
    expect(screen.getByRole("radio", { name: /ds-prod-2026-06/ })).toBeChecked();
    expect(button("Co-sign DEC-014 as witness")).toBeEnabled();
  });
});

describe("the secret", () => {
  it("is removed from the document as soon as it is sent", async () => {
    let answer: (view: unknown) => void = () => {};
    const field = await toSecret();
    expect(field).toHaveFocus();
    expect(field.type).toBe("password");
    expect(field.autocomplete).toBe("off");
    station.answer("act_secret", () => new Promise((resolve) => (answer = resolve)));
    await user.type(field, "correct horse");
    await user.keyboard("{Enter}");
    expect(station.callsOf("act_secret")).toEqual([
      { secret: "correct horse", lastTryConfirmed: false },
    ]);
    expect(field.value).toBe("");
    expect(document.body.outerHTML).not.toContain("correct horse");
    expect([...document.querySelectorAll("input")].map((input) => input.value)).not.toContain(
      "correct horse",
    );
    answer(fake.done());
    await heading(/^Written/);
  });

  it("says that it was wrong, asks again, and never retries by itself", async () => {
    await user.type(await toSecret(), "nope{Enter}");
    expect(await screen.findByText(/The passphrase is wrong; nothing was signed/)).toBeVisible();
    const field = await secretField();
    await waitFor(() => expect(field).toHaveFocus());
    expect(field.value).toBe("");
    expect(station.callsOf("act_secret")).toHaveLength(1);
    await user.type(field, "demo{Enter}");
    await heading(/^Written/);
  });

  it("does not send an empty one", async () => {
    const field = await toSecret();
    await user.type(field, "{Enter}");
    expect(await screen.findByText("Type the passphrase.")).toBeVisible();
    expect(station.callsOf("act_secret")).toEqual([]);
  });

  it("says how many attempts are left before it is typed", async () => {
    fake.triesLeft = 3;
    const field = await toSecret();
    expect(screen.getByText("3 attempts left")).toBeVisible();
    await user.type(field, "nope{Enter}");
    expect(await screen.findByText("2 attempts left")).toBeVisible();
  });

  it("asks twice for the last attempt, and sends only two equal entries", async () => {
    fake.triesLeft = 1;
    const field = await toSecret();
    expect(screen.getByText("1 attempt left")).toBeVisible();
    await user.type(field, "demo{Enter}");
    expect(station.callsOf("act_secret")).toEqual([]);
    await user.type(await screen.findByLabelText("Passphrase again"), "dema{Enter}");
    expect(await screen.findByText(/The two entries differ. Nothing was sent/)).toBeVisible();
    expect(station.callsOf("act_secret")).toEqual([]);
    await user.type(await screen.findByLabelText("Passphrase"), "demo{Enter}");
    await user.type(await screen.findByLabelText("Passphrase again"), "demo");
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("Use the last attempt"));
    await heading(/^Written/);
    expect(station.callsOf("act_secret")).toEqual([{ secret: "demo", lastTryConfirmed: true }]);
  });
});

describe("the work", () => {
  it("follows the station through touch, signing, verifying and writing", async () => {
    fake.signs = 0;
    await user.type(await toSecret(), "demo{Enter}");
    await fake.tell(fake.touch());
    await heading("Touch your YubiKey now");
    expect(step()).toHaveTextContent("Sign");
    expect(screen.getByRole("timer")).toHaveTextContent("15 s left");
    await expectAccessible(screen.getByRole("dialog"));
    await fake.tell(kmsSigns());
    await heading("Signing");
    expect(screen.getByText("External command kms-sign signs.")).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent("30 s left");
    expect(button("Cancel")).toBeEnabled();
    const asks = "Touch it if it blinks.";
    await fake.tell(
      fake.during({
        state: "signing",
        about: english("token hsm"),
        asks: english(asks),
        seconds: 30,
      }),
    );
    expect(await screen.findByText(asks)).toBeVisible();
    await fake.tell(fake.during({ state: "verifying" }));
    await heading("Verifying");
    await fake.tell(fake.during({ state: "writing" }));
    await heading("Writing");
    // Writing is always completed and cannot be cancelled.
    expect(button("Cancel")).toBeDisabled();
    await user.keyboard("{Escape}");
    expect(onclose).not.toHaveBeenCalled();
    await fake.tell(fake.done());
    await heading("Written. L4");
  });

  it("can be cancelled while an external command signs", async () => {
    await toChoice();
    station.answer("act_choose", () => new Promise(() => {}));
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-06/ }));
    await user.click(button("Co-sign DEC-014 as witness"));
    await fake.tell(kmsSigns());
    await heading("Signing");
    await user.click(button("Cancel"));
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
    expect(station.callsOf("act_close")).toHaveLength(1);
  });

  it("skips work of under 300 ms without a flicker", async () => {
    fake.signs = 0;
    const field = await toSecret();
    await user.type(field, "demo");
    vi.useFakeTimers();
    button(/as witness/).click();
    await vi.advanceTimersByTimeAsync(250);
    expect(screen.queryByText("Signing")).toBeNull();
    await fake.tell(fake.during({ state: "verifying" }));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getAllByText(/The passphrase of/)[0]).toBeVisible();
    await fake.tell(fake.done());
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByRole("heading", { name: /^Written/ })).toBeVisible();
  });

  it("shows work of over 300 ms", async () => {
    fake.signs = 0;
    await user.type(await toSecret(), "demo{Enter}");
    await heading("Signing");
  });

  it("takes an event for newer than the answer to its own call", async () => {
    const field = await toSecret();
    station.answer("act_secret", async () => {
      const old = fake.set(
        fake.during({ state: "signing", about: english("key file a"), asks: null, seconds: null }),
      );
      await fake.tell(fake.done());
      return old;
    });
    await user.type(field, "demo{Enter}");
    await heading(/^Written/);
    expect(screen.queryByRole("timer")).toBeNull();
  });

  it("ignores another, older act", async () => {
    await open();
    await fake.tell({ ...fake.fail(failure("x", "old")), id: 0 });
    await tick();
    expect(screen.getByRole("heading", { name: "Read what you sign" })).toBeVisible();
    expect(screen.queryByText("old")).toBeNull();
  });

  it("ignores an older act also before its own is there", async () => {
    await open();
    const old = fake.fail(failure("x", "old"));
    cleanup();
    station.answer("act_begin", () => new Promise(() => {}));
    render(Act, { envelopes: [1], ...none, onclose });
    await waitFor(() => expect(station.callsOf("act_begin")).toHaveLength(2));
    await emit("act-changed", { act: old });
    await tick();
    expect(screen.queryByText("old")).toBeNull();
  });
});

describe("the end", () => {
  it("says what was written, the level before and after, and what is missing", async () => {
    await user.type(await toSecret(), "demo{Enter}");
    await heading("Written. L4");
    const written = fake.view?.at?.written ?? [];
    expect(written).toHaveLength(2);
    for (const file of written) expect(screen.getByText(file)).toBeVisible();
    expect(screen.getByText("L3")).toBeVisible();
    expect(screen.getByText("L4")).toBeVisible();
    expect(screen.getByText(/No valid signature is by a hardware/)).toBeVisible();
    expect(
      screen.getByRole("group", { name: "Sealed run, SHA-256 of the canonical bytes" }),
    ).toBeVisible();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  });

  it("says why it was refused in the station's words, and starts again", async () => {
    await toChoice();
    await fake.tell(
      fake.fail(
        failure("changed", "RUN-1.json: changed since it was read", "Nothing was written."),
      ),
    );
    await heading("Not signed");
    expect(screen.getByText("RUN-1.json: changed since it was read")).toBeVisible();
    expect(screen.getByText("Nothing was written.")).toBeVisible();
    expect(step()).toHaveTextContent(/Key ?, refused here/);
    await user.click(button("Try again"));
    await heading("Read what you sign");
    expect(station.callsOf("act_begin")).toHaveLength(2);
  });

  it.each(["reading", "choosing", "secret"])("is cancelled by Esc while %s", async (at) => {
    if (at === "reading") await open();
    else if (at === "choosing") await toChoice();
    else await toSecret();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
    expect(station.callsOf("act_close")).toHaveLength(1);
  });

  it("is cancelled when the window shows something else", async () => {
    const { unmount } = render(Act, { envelopes: [1], ...none, onclose });
    await heading("Read what you sign");
    unmount();
    await waitFor(() => expect(station.callsOf("act_close")).toHaveLength(1));
  });
});

describe("the path", () => {
  it("goes back from the secret to the choice, which is kept, and then to reading", async () => {
    await toSecret();
    await user.click(button("Back"));
    await heading("Choose key, name and role");
    expect(screen.getByRole("radio", { name: /ds-prod-2026-05/ })).toBeChecked();
    expect(screen.getByRole("dialog", { name: "Co-sign DEC-014 as witness" })).toBeVisible();
    expect(button("Enter the passphrase…")).toBeEnabled();
    await user.click(screen.getByRole("radio", { name: "Operator" }));
    expect(screen.getByRole("dialog", { name: "Co-sign DEC-014 as operator" })).toBeVisible();
    await user.click(button("Back"));
    await heading("Read what you sign");
  });

  it("moves the focus to each part, and says which it is", async () => {
    await open();
    await waitFor(() => expect(screen.getByRole("heading", { name: /^Read/ })).toHaveFocus());
    await user.click(button("I have read this"));
    const choice = await heading("Choose key, name and role");
    await waitFor(() => expect(choice).toHaveFocus());
    expect(
      screen.getByText("Step 2 of 5, Key: Choose key, name and role.").closest("[role=status]"),
    ).not.toBeNull();
  });

  it("works by keyboard alone", async () => {
    await open();
    await waitFor(() => expect(screen.getByRole("heading", { name: /^Read/ })).toHaveFocus());
    await tabTo(button("I have read this"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByRole("heading", { name: /^Choose/ })).toHaveFocus());
    await tabTo(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.keyboard(" ");
    await tabTo(await screen.findByRole("radio", { name: "Operator" }));
    await user.keyboard(" {ArrowDown}");
    expect(screen.getByRole("radio", { name: "Witness" })).toBeChecked();
    await tabTo(button("Enter the passphrase…"));
    await user.keyboard("{Enter}");
    const field = await secretField();
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard("demo{Enter}");
    const written = await heading(/^Written/);
    await waitFor(() => expect(written).toHaveFocus());
    await user.keyboard("{Enter}");
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  });

  it("has no accessibility violations in any part", async () => {
    await open();
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("I have read this"));
    await heading("Choose key, name and role");
    await user.click(screen.getByRole("radio", { name: /ds-stray-2026-01/ }));
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    await user.click(button("Enter the passphrase…"));
    await user.type(await secretField(), "nope{Enter}");
    await screen.findByText(/The passphrase is wrong/);
    await expectAccessible(screen.getByRole("dialog"));
    await user.type(await secretField(), "demo{Enter}");
    await heading(/^Written/);
    await expectAccessible(screen.getByRole("dialog"));
    await fake.tell(fake.fail(failure("x", "Not done.")));
    await heading("Not signed");
    await expectAccessible(screen.getByRole("dialog"));
  });
});

async function tabTo(element: HTMLElement) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (document.activeElement === element) return;
    await user.tab();
  }
  expect(element).toHaveFocus();
}

describe("refusing", () => {
  it("asks for a reason, and goes through the same steps", async () => {
    await open();
    await user.click(button("Refuse…"));
    await heading("Say why, and choose key and role");
    expect(screen.queryByRole("heading", { name: "Terms" })).toBeNull();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    expect(button(/refuse DEC-/i)).toBeDisabled();
    const reason = screen.getByLabelText("Reason");
    await user.click(reason);
    await user.paste("x".repeat(2001));
    expect(screen.getByText(/At most 2 000 characters/)).toBeVisible();
    expect(button(/refuse DEC-/i)).toBeDisabled();
    await user.clear(reason);
    await user.type(reason, "Not what I reviewed.");
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(button("Enter the passphrase…"));
    await heading(/passphrase/i);
    expect(station.callsOf("act_choose")[0]).toMatchObject({
      choice: { reason: "Not what I reviewed.", role: "witness", terms: null },
    });
  });

  it("is the main way on for whoever came to refuse", async () => {
    render(Act, { envelopes: [1], refuses: true, ...none, onclose, onkeys });
    await heading("Read what you sign");
    expect(screen.queryByRole("button", { name: "I have read this" })).toBeNull();
    await user.click(button("Refuse…"));
    await heading("Say why, and choose key and role");
    await user.click(button("Back"));
    await heading("Read what you sign");
  });
});

describe("what stays in view", () => {
  const bar = () => screen.getByRole("region", { name: "What you sign" });

  it("is the title, the digest in groups of four and the effect, up to the result", async () => {
    await open();
    const digest = fake.rows[0]?.digest ?? "";
    const groups = digest.match(/.{4}/g);
    const shows = (effect: string) => {
      expect(bar()).toHaveTextContent("Retire the legacy claims engine");
      expect(bar().querySelector("code")?.textContent.trim().split(/\s+/)).toEqual(groups);
      expect(within(bar()).getByRole("status")).toHaveTextContent(effect);
    };
    shows("now L3");
    await user.click(button("I have read this"));
    await heading("Choose key, name and role");
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    await waitFor(() => shows("L3 → L4"));
    await user.click(button("Enter the passphrase…"));
    await secretField();
    shows("L3 → L4");
  });

  it("asks once before a signature that changes nothing", async () => {
    fake.effect = { changes: false, words: english("changes nothing: an operator is missing") };
    await toChoice();
    await user.click(screen.getByRole("radio", { name: /ds-prod-2026-05/ }));
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    await user.click(button("Enter the passphrase…"));
    const title = await screen.findByText(
      "This signature changes nothing: an operator is missing.",
    );
    expect(title).toBeVisible();
    expect(fake.view?.stage).toBe("choosing");
    // Going back takes nothing back but the question.
    await user.click(button("Back"));
    await user.click(button("Enter the passphrase…"));
    await user.click(
      await screen.findByRole("button", { name: "Sign although it changes nothing" }),
    );
    await secretField();
    const choices = station.callsOf("act_choose").map(({ choice }) => choice);
    expect(choices).toMatchObject([
      { though_nothing_changes: false },
      { though_nothing_changes: false },
      { though_nothing_changes: true },
    ]);
  });
});
