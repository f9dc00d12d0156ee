import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { speak } from "../src/words/words";
import { message } from "./english";

beforeAll(async () => {
  await speak("de");
  // What has words of its own is read only when the language is known, as in the window.
  await import("../src/frame/Palette.svelte");
  await import("../src/frame/acts");
}, 300_000);
afterAll(() => speak("en"));

/** The palette of a window that has just been opened. */
async function palette() {
  const { default: Palette } = await import("../src/frame/Palette.svelte");
  const { OpenEnvelope } = await import("../src/envelope/open.svelte");
  const { Sheets } = await import("../src/frame/sheets.svelte");
  const { Views } = await import("../src/frame/views.svelte");
  const { Picked } = await import("../src/queue/picked.svelte");
  const { Queue } = await import("../src/queue/queue.svelte");
  const { Station } = await import("../src/station.svelte");
  const { Acts } = await import("../src/frame/acts");
  const { Refusals } = await import("../src/frame/refusals.svelte");
  const { History } = await import("../src/history/history.svelte");
  const parts = {
    station: new Station(),
    views: new Views(),
    sheets: new Sheets(),
    queue: new Queue(),
    picked: new Picked(),
    envelope: new OpenEnvelope(),
  };
  const acts = new Acts({ ...parts, refusals: new Refusals(), signatures: new History() });
  const reach = {
    ...parts,
    acts,
    history: () => null,
    focusSearch: vi.fn(),
    leaveEnvelope: vi.fn(),
  };
  render(Palette, { reach, onclose: vi.fn() });
  return userEvent.setup();
}

it(
  "finds what can be done by German words, and says in German why it cannot",
  { timeout: 120_000 },
  async () => {
    const user = await palette();
    expect(screen.getByRole("group", { name: "Umschläge bearbeiten" })).toBeVisible();
    await user.keyboard("unterschreiben");
    const sign = screen.getByRole("option");
    expect(sign).toHaveTextContent(/^Signieren oder mitsignieren/);
    expect(sign).toHaveTextContent("Die Station hat noch nicht geantwortet.");
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("warteschlange");
    expect(screen.getByRole("option")).toHaveTextContent(
      "Sie sind schon in der Ansicht „Warteschlange“.",
    );
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("verzeichnis öffnen");
    expect(screen.getByRole("option")).toHaveTextContent(/Strg\+O/);
  },
);

it("marks keys in buttons as German keyboards do", async () => {
  const { default: Button } = await import("../src/kit/Button.svelte");
  const { createRawSnippet } = await import("svelte");
  const children = createRawSnippet(() => ({ render: () => "<span>Weiter</span>" }));
  render(Button, { hotkey: "Ctrl+Enter", children });
  expect(screen.getByRole("button", { name: "Weiter" })).toHaveTextContent("Strg+Eingabe");
});

it("shows devices, tokens and signers in German", { timeout: 120_000 }, async () => {
  const { FakeStation } = await import("./station");
  const { slot, token, tokenKey, yubikey } = await import("./station-devices");
  const { default: Devices } = await import("../src/devices/Devices.svelte");
  const { default: Strip } = await import("../src/devices/Strip.svelte");
  const signer = {
    name: "hsm",
    kind: "hardware" as const,
    key_id: "k-1",
    signer_id: "ada",
    about: message("key-on-token", { uri: "pkcs11:token=hsm", claimed: "hardware" }),
    problem: null,
  };
  const calm = new FakeStation().view;
  render(Strip, { station: { ...calm, signers: [signer] }, onkeys: vi.fn(), ondevice: vi.fn() });
  expect(
    screen.getByText("Token-Schlüssel pkcs11:token=hsm, behauptet als Hardware"),
  ).toBeVisible();

  const key = slot({
    algorithm: null,
    slot_name: message("slot-signature"),
    key_type: message("key-kind-unknown-number", { number: "E0" }),
    pin_policy: message("policy-match-once"),
    touch_policy: message("policy-cached"),
    problem: message("slot-key-cannot-sign", { kind: "RSA 1024" }),
  });
  const device = yubikey({ warnings: [message("device-default-puk")], keys: [key] });
  const locked = token({
    warnings: [
      message("token-warning-locked", {
        remedy: message("login-locked.hint", { unlocking: "puk" }),
      }),
    ],
    pin: message("token-pin-locked"),
    problem: message("with-hint", {
      what: message("module-removed", { code: "CKR_DEVICE_REMOVED", function: "C_OpenSession" }),
      hint: message("module-removed.hint"),
    }),
    called: message("token-nameless"),
    keys: [
      tokenKey({
        kind_why: message("holding-extractable"),
        origin: "generated",
        same_as: message("device-slot", { device: "YubiKey 5", serial: "12345678", slot: "9c" }),
      }),
    ],
  });
  const modules = [
    {
      path: "/usr/lib/hsm.so",
      name: "hsm",
      standing: "in_use" as const,
      trust: "known" as const,
      problem: null,
      tokens: [locked],
    },
  ];
  render(Devices, {
    view: { problem: null, devices: [device], modules },
    id: null,
    onclose: vi.fn(),
  });
  const sheet = within(screen.getByRole("dialog"));
  expect(sheet.getByText("Digitale Signatur")).toBeVisible();
  expect(sheet.getByText("RSA 1024 kann hier nicht signieren.")).toBeVisible();
  expect(sheet.getByText(/^Die PUK ist noch die ab Werk/)).toBeVisible();
  expect(sheet.getByText("Schlüssel unbekannter Art (E0)")).toBeVisible();
  const policies = "PIN einmal, ein Fingerabdruck genügt, Berührung für 15 Sekunden";
  expect(sheet.getByText(policies)).toBeVisible();
  await userEvent.click(sheet.getByRole("button", { name: "Token" }));
  expect(
    sheet.getByText(
      "Seine PIN ist gesperrt; entsperren Sie sie mit der PUK (pkcs15-tool --unblock-pin).",
    ),
  ).toBeVisible();
  expect(sheet.getByText("gesperrt")).toBeVisible();
  expect(
    sheet.getByText(/nichts wurde geschrieben; stecken Sie es ein und beginnen/),
  ).toBeVisible();
  expect(
    sheet.getByText("Der Schlüssel darf das Token verlassen (CKA_EXTRACTABLE ist true)."),
  ).toBeVisible();
  expect(sheet.getByText("erzeugt")).toBeVisible();
  expect(sheet.getByText(/YubiKey 5 12345678, Slot 9c/)).toBeVisible();
});

it("says in German what is wrong with a log and with a journal", async () => {
  const { said } = await import("../src/words/words");
  const line = message("chain-line", { line: "7", why: message("chain-entry-changed") });
  const alarm = message("unsound-log-broken", {
    path: "/srv/log.ndjson",
    kind: "log",
    why: message("log-is-broken", { why: line }),
  });
  expect(said(alarm)).toBe(
    "/srv/log.ndjson: das Protokoll ist unterbrochen, Zeile 7: der Eintrag wurde verändert, sein Hash stimmt nicht",
  );
  const cut = message("journal-file-broken", {
    file: "journal.ndjson",
    why: message("chain-line", { line: "1", why: message("journal-cut-off") }),
  });
  expect(said(cut)).toBe("journal.ndjson: Zeile 1: wurde abgeschnitten");
  const loss = { kind: "ledger", at: "2026-05-06T07:08:09Z", reason: "Umzug" };
  expect(said(message("loss-accepted", { ...loss, count: 2 }))).toBe(
    "2 Einträge des Registers, die diese Station sah, fehlen; eine Person nahm das am 2026-05-06T07:08:09Z hin: Umzug",
  );
  const list = message("list-and-more", {
    named: message("list-more", { rest: "a.json", next: "b.json" }),
    more: "3",
  });
  expect(said(message("trouble-runs-missing", { named: list }))).toMatch(
    /fehlen: a\.json, b\.json und 3 weitere$/,
  );
});

it("says in German why a file is not written and who is in the way", async () => {
  const { said } = await import("../src/words/words");
  const args = {
    path: "a",
    what: message("file-kind-keyring"),
    wanted: message("file-kind-journal"),
  };
  expect(said(message("overwrite-evidence-name", args))).toBe(
    "a: so heißt ein Schlüsselbund und nicht ein Journal; nichts wurde geändert",
  );
  const holder = message("lock-holder", { process: "7", name: "countersign", user: "1000" });
  const held = { path: "a", seconds: 30, holder, held: "none" };
  expect(said(message("write-locked", held))).toBe(
    "a: seit 30 Sekunden gesperrt durch Prozess 7 (countersign, Benutzer 1000); nichts wurde geschrieben",
  );
  expect(said(message("write-locked.hint", held))).toMatch(/^Beenden Sie diesen Prozess/);
});
