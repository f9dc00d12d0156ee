import { emit } from "@tauri-apps/api/event";
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { frameContext } from "../src/frame/context";
import { Views } from "../src/frame/views.svelte";
import type { MovedEnvelope, TrustPreviewView } from "../src/ipc/bindings";
import { Reviewing } from "../src/review/reviewing.svelte";
import { SECTIONS } from "../src/settings/sections";
import Settings from "../src/settings/Settings.svelte";
import { expectAccessible } from "./axe";
import { failure, FakeStation, NO_EFFECT } from "./station";
import { CERTIFICATES, TPM_KEY, withRoots } from "./station-roots";
import { settings, withSettings } from "./station-settings";

let station: FakeStation;
const user = userEvent.setup();

beforeEach(() => {
  station = new FakeStation().install();
  reviewing = new Reviewing();
});

afterEach(async () => {
  vi.restoreAllMocks();
  delete document.documentElement.dataset["theme"];
  cleanup();
  await tick();
  station.remove();
});

const views = new Views();
let reviewing: Reviewing;

const show = () => render(Settings, { context: frameContext({ views, reviewing }) });

type Section = (typeof SECTIONS)[number]["label"];

async function open(section: Section, view = settings()) {
  const held = withSettings(station, view);
  const { container } = show();
  await user.click(await screen.findByRole("button", { name: section }));
  await screen.findByRole("heading", { name: section, level: 2 });
  return { held, container };
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const saved = () => station.callsOf("settings_save").map(({ settings }) => settings);
const dialog = () => screen.getByRole("dialog");
/** A field: the sheet of a single setting has its name too. */
const field = (label: string) =>
  screen.getByLabelText(label, { selector: "input, select, textarea" });
const closed = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

/** Presses a button once what it changes is on screen. */
async function press(name: string) {
  await waitFor(() => expect(button(name)).toBeEnabled());
  await user.click(button(name));
}

/** An answer about envelopes that fall and rise. */
const moves: TrustPreviewView = {
  effect: {
    ...NO_EFFECT,
    judged: 14,
    fall: 1,
    rise: 2,
    otherwise: 1,
    moves: [
      { from: 6, from_assurance: "pinned", to: 5, to_assurance: null, envelopes: 1 },
      { from: 1, from_assurance: null, to: 4, to_assurance: null, envelopes: 2 },
    ],
    envelopes: [
      moved("DEC-007", "falls", [6, 2], [5, 2]),
      moved("DEC-011", "rises", [1, 0], [4, 2]),
      moved("DEC-012", "otherwise", [2, 1], [2, 2]),
    ],
  },
  weaker: [],
  asks_less: false,
  exempt: 0,
};

function moved(
  decision: string,
  shift: MovedEnvelope["shift"],
  [before, had]: [number, number],
  [after, has]: [number, number],
): MovedEnvelope {
  const judgement = (level: number, counted: number) => ({
    level,
    assurance: level >= 6 ? ("pinned" as const) : null,
    state: "holds" as const,
    counted,
    threshold: 2,
  });
  return {
    run: `RUN-${decision}.json`,
    decision_id: decision,
    title: "Raise the credit limit",
    shift,
    before: judgement(before, had),
    after: judgement(after, has),
  };
}

describe("the settings", () => {
  it("open at the appearance, and stay at the section that was open", async () => {
    withSettings(station);
    const { container, unmount } = show();
    expect(await screen.findByRole("radio", { name: "Dark" })).toBeVisible();
    const nav = within(screen.getByRole("navigation", { name: "Settings" }));
    expect(nav.getAllByRole("button").map((one) => one.textContent)).toEqual(
      SECTIONS.map(({ label }) => label),
    );
    expect(button("Appearance")).toHaveAttribute("aria-current", "page");
    await expectAccessible(container);
    await user.click(button("Policy"));
    unmount();
    show();
    expect(await screen.findByRole("heading", { name: "Policy" })).toBeVisible();
    expect(button("Policy")).toHaveAttribute("aria-current", "page");
  });

  it("show every part of the policy with its value, and what it means", async () => {
    const { container } = await open("Policy");
    const policy = within(screen.getByRole("region", { name: "Policy" }));
    expect(policy.getByText("Only signatures by keys in the keyring")).toBeVisible();
    expect(policy.getByText("At least 2")).toBeVisible();
    expect(policy.getByText("Pinned")).toBeVisible();
    expect(policy.getByText("Claimed by the file")).toBeVisible();
    expect(policy.getByText("5 minutes (default)")).toBeVisible();
    await expectAccessible(container);
  });

  it("preview a change of policy, ask about a weaker one, and save it alone", async () => {
    const { held } = await open("Policy");
    const before = held.view.settings;
    station.answer("trust_preview", () => ({ ...moves, weaker: ["any_key"], asks_less: true }));
    await user.click(button("Change: Whose signatures count"));
    expect(dialog()).toHaveAccessibleName("Change the policy");
    expect(within(dialog()).getByText("Shown when the setting is another than now.")).toBeVisible();
    // Nothing to save yet.
    await user.click(button("Save"));
    expect(within(dialog()).getByText("Choose another value than now.")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: /Any signature that verifies/ }));
    expect(
      await screen.findByText(
        "Of 14 envelopes: 1 falls, 2 rise, 1 keeps its level and changes otherwise.",
      ),
    ).toBeVisible();
    const list = within(screen.getByRole("region", { name: "Envelopes that change" }));
    expect(
      list.getAllByRole("listitem").map((one) => one.textContent.replace(/\s+/gu, " ")),
    ).toEqual([
      expect.stringMatching(/falls: L6 pinned →\s?to L5 DEC-007 Raise the credit limit/u),
      expect.stringMatching(/rises: L1 →\s?to L4 DEC-011/u),
      expect.stringMatching(/keeps its level: L2 signatures 1 of 2 → 2 of 2 DEC-012/u),
      expect.stringMatching(/and 1 more/u),
    ]);
    expect(within(dialog()).getByText(/The window, the command line and reports/)).toBeVisible();
    expect(saved()).toEqual([]);
    await expectAccessible(dialog());
    expect(station.callsOf("trust_preview").at(-1)?.["change"]).toMatchObject({
      change: "settings",
      of: { policy: { trust: "embedded" }, theme: "system" },
    });
    await press("Save the weaker policy");
    await closed();
    expect(saved()).toMatchObject([{ ...before, policy: { ...before.policy, trust: "embedded" } }]);
    expect(screen.getByText("Any signature that verifies")).toBeVisible();
  });

  it("say that a policy asks for less than before, although it is no weaker than the default", async () => {
    const view = settings();
    view.settings.policy.min_threshold = 3;
    await open("Policy", view);
    station.answer("trust_preview", () => ({ ...moves, asks_less: true }));
    await user.click(button("Change: Signatures for L4"));
    const number = field("Signatures for L4");
    await user.clear(number);
    await user.type(number, "2");
    expect(
      await screen.findByText("This policy asks for less than the one in force"),
    ).toBeVisible();
    expect(button("Save the weaker policy")).toBeVisible();
  });

  it("say how many signatures are exempt when claims are required", async () => {
    await open("Policy");
    station.answer("trust_preview", () => ({
      effect: NO_EFFECT,
      weaker: [],
      asks_less: false,
      exempt: 12,
    }));
    await user.click(button("Change: Name, role and time of a signature"));
    await user.click(screen.getByRole("radio", { name: /^Signed by the key A/ }));
    expect(await screen.findByText(/12 signatures without a claim/)).toBeVisible();
    expect(screen.getByText("Nothing changes: all 8 envelopes keep the level.")).toBeVisible();
    await press("Save");
    await closed();
    expect(saved()).toMatchObject([{ policy: { claims: "required" } }]);
  });

  it("take no threshold below 2", async () => {
    await open("Policy");
    await user.click(button("Change: Signatures for L4"));
    const threshold = field("Signatures for L4");
    await user.clear(threshold);
    await user.type(threshold, "1");
    expect(screen.getByText("Enter a whole number, 2 or more.")).toBeVisible();
    await press("Save");
    expect(saved()).toEqual([]);
    await user.clear(threshold);
    await user.type(threshold, "3");
    await press("Save");
    await waitFor(() => expect(saved()).toMatchObject([{ policy: { min_threshold: 3 } }]));
  });

  it("say what attested keys must be, of every role and of each, and change one with a preview", async () => {
    const view = settings();
    view.settings.policy.attested = {
      all: { firmware: "5.7.0", touch: ["always", "cached"], fips: true },
      roles: { auditor: { model: ["yubikey", "tpm"] } },
    };
    const { container } = await open("Policy", view);
    const keys = within(screen.getByRole("region", { name: "What attested keys must be" }));
    expect(
      keys.getByText(
        "firmware 5.7.0 or later, touch always or cached for 15 seconds and certified by FIPS",
      ),
    ).toBeVisible();
    expect(keys.getByText("YubiKey or TPM 2.0")).toBeVisible();
    expect(keys.getAllByText("As for every role")).toHaveLength(3);
    await expectAccessible(container);
    station.answer("trust_preview", () => moves);
    await user.click(button("Change: Keys of the role Witness"));
    expect(dialog()).toHaveAccessibleName("Keys of the role Witness");
    const firmware = field("Firmware at least");
    await user.type(firmware, "5.x");
    expect(screen.getByText(/^Write up to three numbers below 256/)).toBeVisible();
    await user.clear(firmware);
    await user.type(firmware, "5.7.4");
    const touch = within(screen.getByRole("group", { name: "Touch policy" }));
    await user.click(touch.getByRole("checkbox", { name: "always" }));
    await user.click(screen.getByRole("checkbox", { name: /^no known advisory/ }));
    await expectAccessible(dialog());
    expect(await screen.findByText(/DEC-007/)).toBeVisible();
    await press("Save");
    await closed();
    const witness = {
      model: [],
      firmware: "5.7.4",
      pin: [],
      touch: ["always"],
      form_factor: [],
      fips: false,
      generated: false,
      refuse_advisories: true,
    };
    const { all, roles } = view.settings.policy.attested;
    expect(saved()).toMatchObject([
      { policy: { attested: { all, roles: { ...roles, witness } } } },
    ]);
  });

  it("keep what attested keys must be when another part of the policy changes", async () => {
    const view = settings();
    view.settings.policy.attested = { all: { generated: true } };
    await open("Policy", view);
    await user.click(button("Change: Clocks may differ by"));
    await user.selectOptions(field("Clocks may differ by"), "60");
    await press("Save");
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { policy: { clock_tolerance: 60, attested: { all: { generated: true } } } },
      ]),
    );
  });

  it("take paths from the dialog, and go back to the default", async () => {
    await open("Files", settings({ log: "/srv/log.ndjson" }));
    expect(screen.getByText("/home/mira/.config/countersign/keyring.json")).toBeVisible();
    await user.click(button("Change: Keyring"));
    expect(button("Default: Keyring")).toBeDisabled();
    await user.click(button("Choose: Keyring"));
    await waitFor(() => expect(field("Keyring")).toHaveValue("/srv/keyring.json"));
    await press("Save");
    await closed();
    await user.click(button("Change: Transparency log"));
    await user.click(button("Default: Transparency log"));
    await press("Save");
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { keyring: "/srv/keyring.json", log: "/srv/log.ndjson" },
        { keyring: "/srv/keyring.json", log: null },
      ]),
    );
  });

  it("do not undo what the station changed meanwhile", async () => {
    const { held } = await open("Policy");
    await user.click(button("Change: Clocks may differ by"));
    await user.selectOptions(field("Clocks may differ by"), "60");
    held.view = settings({ directory: "/srv/other", recent: ["/srv/other", "/srv/sealed_runs"] });
    station.tell({ directory: "/srv/other" });
    await press("Save");
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { recent: ["/srv/other", "/srv/sealed_runs"], policy: { clock_tolerance: 60 } },
      ]),
    );
  });

  it("say in the sheet why the station refused a change, and keep what was entered", async () => {
    await open("Files");
    station.answer("settings_save", () => {
      throw failure("keyring", "/srv/keyring.json: not a keyring.", "Choose another.");
    });
    await user.click(button("Change: Keyring"));
    await user.click(button("Choose: Keyring"));
    await press("Save");
    const said = await screen.findByRole("alert");
    expect(said).toHaveTextContent(/not a keyring.*Choose another/s);
    await waitFor(() => expect(said).toHaveFocus());
    expect(field("Keyring")).toHaveValue("/srv/keyring.json");
  });

  it("go on without a preview that takes long", async () => {
    await open("Policy");
    station.answer("trust_preview", () => new Promise(() => {}));
    await user.click(button("Change: Clocks may differ by"));
    await user.selectOptions(field("Clocks may differ by"), "0");
    await waitFor(() => expect(station.callsOf("trust_preview")).toHaveLength(1));
    void emit("trust-preview-progress", { done: 1200, total: 100_000 });
    expect(await screen.findByText(/1.200 of 100.000/)).toBeVisible();
    expect(button("Save")).toBeDisabled();
    await expectAccessible(dialog());
    await user.click(
      await screen.findByRole(
        "button",
        { name: "Continue without the preview" },
        { timeout: 4000 },
      ),
    );
    expect(station.callsOf("trust_preview_stop")).toHaveLength(1);
    await press("Save");
    await waitFor(() => expect(saved()).toHaveLength(1));
  });

  it("say why there is no preview, and save all the same", async () => {
    await open("Policy");
    station.answer("trust_preview", () => {
      throw failure("directory", "The directory cannot be searched.", "Check it.");
    });
    await user.click(button("Change: Clocks may differ by"));
    await user.selectOptions(field("Clocks may differ by"), "0");
    expect(await screen.findByText("The directory cannot be searched.")).toBeVisible();
    station.answer("trust_preview", () => ({ ...moves, effect: null }));
    await user.selectOptions(field("Clocks may differ by"), "60");
    expect(await screen.findByText(/No directory is open/)).toBeVisible();
    await press("Save");
    await waitFor(() => expect(saved()).toHaveLength(1));
  });

  it("say what was wrong with them and where the damaged file is", async () => {
    const { container } = await open("Files", {
      ...settings(),
      problems: [failure("threshold", "The threshold is 1.", "2 is in force.")],
      kept_aside: "/home/mira/.config/countersign/settings.json.damaged",
    });
    expect(screen.getByText("The threshold is 1.")).toBeVisible();
    expect(screen.getByText("/home/mira/.config/countersign/settings.json.damaged")).toBeVisible();
    await expectAccessible(container);
  });

  it("show the previous theme if the new one cannot be saved", async () => {
    await open("Appearance");
    station.answer("settings_save", () => {
      throw failure("write", "The settings cannot be written.", "Make room.");
    });
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    await screen.findByText("The settings cannot be written.");
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
    expect(screen.getByRole("radio", { name: "Same as the system" })).toBeChecked();
  });

  it("show the theme at once, and save it", async () => {
    await open("Appearance");
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    await waitFor(() => expect(saved()).toMatchObject([{ theme: "dark" }]));
    await waitFor(() => expect(screen.getByRole("radio", { name: "Dark" })).toBeChecked());
    await user.click(screen.getByRole("radio", { name: "Same as the system" }));
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
  });
});

describe("the language", () => {
  const language = () => field("Language");

  it("is each in its own name, and the window is loaded again to speak it", async () => {
    const loadAgain = vi.spyOn(views, "loadAgain").mockImplementation(() => {});
    const { container } = await open("Appearance");
    const choices = within(language()).getAllByRole("option");
    expect(choices.map((one) => one.textContent)).toEqual([
      "Same as the system",
      "English",
      "Deutsch",
    ]);
    expect(language()).toHaveDisplayValue("Same as the system");
    await expectAccessible(container);
    await user.selectOptions(language(), "Deutsch");
    await waitFor(() => expect(loadAgain).toHaveBeenCalledOnce());
    expect(saved()).toMatchObject([{ language: "de" }]);
  });

  it("stays if it cannot be saved", async () => {
    const loadAgain = vi.spyOn(views, "loadAgain").mockImplementation(() => {});
    await open("Appearance");
    station.answer("settings_save", () => {
      throw failure("write", "The settings cannot be written.", "Make room.");
    });
    await user.selectOptions(language(), "Deutsch");
    await screen.findByText("The settings cannot be written.");
    await waitFor(() => expect(language()).toHaveDisplayValue("Same as the system"));
    expect(loadAgain).not.toHaveBeenCalled();
  });

  it("takes the notes of a review only with consent", async () => {
    const loadAgain = vi.spyOn(views, "loadAgain").mockImplementation(() => {});
    reviewing.note = "The ceiling is not in the minutes.";
    await open("Appearance");
    await user.selectOptions(language(), "Deutsch");
    expect(dialog()).toHaveAccessibleName("Change the language");
    expect(within(dialog()).getByText("Your notes are in no finding yet")).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Cancel"));
    expect(language()).toHaveDisplayValue("Same as the system");
    expect(saved()).toEqual([]);
    await user.selectOptions(language(), "English");
    await press("Discard the notes and change");
    await waitFor(() => expect(loadAgain).toHaveBeenCalledOnce());
    expect(saved()).toMatchObject([{ language: "en" }]);
  });

  it("is changed without leaving the settings", () => {
    // What the page would do when it is loaded again.
    sessionStorage.setItem("view", "settings");
    expect(new Views().shown).toBe("settings");
    expect(new Views().shown).toBe("queue");
  });
});

describe("the attestation roots", () => {
  const section = () => within(screen.getByRole("region", { name: "Attestation roots" }));
  const [known, stranger, helper] = CERTIFICATES;

  it("are listed with subject, fingerprint as it is read aloud, and validity", async () => {
    const { container } = await open("Attestation roots");
    const item = await section().findByRole("listitem");
    expect(item).toHaveTextContent("CN=Yubico Attestation Root 1");
    expect(item).toHaveTextContent("known: Yubico Attestation Root 1");
    expect(item).toHaveTextContent("2024-12-01 to 9999-12-31, in 62760c6a.pem");
    const digest = within(item).getByRole("group", { name: "SHA-256" }).querySelector("code");
    expect(digest?.textContent.trim().split(/\s+/)).toEqual(known?.sha256.match(/.{4}/g));
    expect(section().getByText("/home/mira/.config/countersign/attestation-roots")).toBeVisible();
    await expectAccessible(container);
  });

  it("come to have the attestation key of a TPM that proves itself", async () => {
    await open("Attestation roots");
    station.answer("tpm_endorse", () => ({
      subject: "attestation key in TPM INTC Model X, whose endorsement key CN=Maker certified",
      sha256: "ab".repeat(32),
      roots: { folder: "/attestation-roots", roots: [], problems: [] },
    }));
    await user.click(await section().findByRole("button", { name: /Trust a TPM's/u }));
    await press("Ask the TPM");
    expect(screen.getByText("Choose the certificate of the endorsement key.")).toBeVisible();
    expect(station.callsOf("tpm_endorse")).toEqual([]);
    const sheet = within(dialog());
    await user.type(sheet.getByLabelText("Endorsement key"), "0x81010001");
    await user.type(sheet.getByLabelText("Certificate of the endorsement key"), "/ek.crt");
    await user.type(sheet.getByLabelText("Attestation key"), "0x81010002");
    await expectAccessible(dialog());
    await press("Ask the TPM");
    expect(await sheet.findByText("Trusted now")).toBeVisible();
    expect(sheet.getByText(/whose endorsement key CN=Maker certified/u)).toBeVisible();
    await expectAccessible(dialog());
    expect(station.callsOf("tpm_endorse")).toEqual([
      {
        request: {
          endorsement_key: "0x81010001",
          certificate: "/ek.crt",
          attestation_key: "0x81010002",
          endorsement_authorisation: null,
          attestation_authorisation: null,
        },
      },
    ]);
  });

  it("are shown before they are added, and added only if they are ticked", async () => {
    await open("Attestation roots");
    await user.click(await section().findByRole("button", { name: "Add attestation roots…" }));
    await screen.findByRole("dialog", { name: "Add attestation roots" });
    expect(station.callsOf("pick_file")).toEqual([{ purpose: "trust_root" }]);
    const boxes = within(dialog()).getAllByRole("checkbox");
    expect(boxes).toHaveLength(3);
    for (const box of boxes) expect(box).not.toBeChecked();
    expect(boxes[0]).toBeDisabled();
    expect(within(dialog()).getByText("expired")).toBeVisible();
    expect(
      within(dialog()).getByText(/helps to build chains; not trusted by itself/),
    ).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Add ticked certificates"));
    expect(screen.getByText("Tick the certificates that you have compared.")).toBeVisible();
    expect(station.callsOf("trust_root_add")).toEqual([]);
    await user.click(
      within(dialog()).getByRole("checkbox", { name: "CN=Yubico PIV Attestation B 1" }),
    );
    await press("Add 1 certificate");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("trust_root_add")).toEqual([
      { what: "attestations", path: "/srv/trust_root.json", sha256: [helper?.sha256] },
    ]);
    expect(section().getAllByRole("listitem")).toHaveLength(2);
    expect(station.callsOf("trust_preview").at(-1)?.["change"]).toEqual({
      change: "add_roots",
      of: { what: "attestations", path: "/srv/trust_root.json", sha256: [helper?.sha256] },
    });
  });

  it("can be the attestation key of a TPM", async () => {
    withRoots(station).file = [TPM_KEY];
    await open("Attestation roots");
    await user.click(await section().findByRole("button", { name: "Add attestation roots…" }));
    await user.click(
      await screen.findByRole("checkbox", { name: "TPM attestation key, ecdsa-p256" }),
    );
    expect(within(dialog()).getByText(/trusted for what that TPM/)).toBeVisible();
    expect(within(dialog()).getByText(/no expiry/)).toBeVisible();
    await expectAccessible(dialog());
  });

  it("are removed on confirmation", async () => {
    await open("Attestation roots");
    await user.click(
      await section().findByRole("button", { name: "Remove CN=Yubico Attestation Root 1" }),
    );
    expect(within(dialog()).getByText("CN=Yubico Attestation Root 1")).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Cancel"));
    expect(station.callsOf("trust_root_remove")).toEqual([]);
    await user.click(section().getByRole("button", { name: /^Remove CN/ }));
    await press("Remove root");
    await waitFor(() => expect(section().getByText(/No roots yet/)).toBeVisible());
    expect(station.callsOf("trust_root_remove")).toEqual([
      { what: "attestations", sha256: known?.sha256 },
    ]);
  });

  it("say what is wrong with a file, with the folder, and with what was asked", async () => {
    const roots = withRoots(station);
    roots.view = {
      ...roots.view,
      problems: [failure("pem", "old.pem: not a certificate", "Remove it")],
    };
    const { container } = await open("Attestation roots");
    expect(await section().findByText("old.pem: not a certificate")).toBeVisible();
    station.answer("trust_root_look", () => {
      throw failure("pem", "/srv/x.pem: there is no certificate in it", "Choose a PEM file");
    });
    await user.click(button("Add attestation roots…"));
    expect(await section().findByText(/there is no certificate in it/)).toBeVisible();
    await expectAccessible(container);
    roots.file = stranger ? [stranger] : [];
    withRoots(station);
    station.answer("trust_root_add", () => {
      throw failure("write", "The folder cannot be written", "Choose another");
    });
    await user.click(button("Add attestation roots…"));
    await user.click(await screen.findByRole("checkbox", { name: /Test PIV Root/ }));
    await press("Add 1 certificate");
    expect(await within(dialog()).findByText("The folder cannot be written")).toBeVisible();
  });

  it("are in a folder that can be changed", async () => {
    await open("Attestation roots");
    await user.click(button("Change: Folder of attestation roots"));
    await user.type(field("Folder of attestation roots"), "/srv/roots");
    await press("Save");
    await closed();
    expect(saved()).toMatchObject([{ trust_folder: "/srv/roots" }]);
    await user.click(button("Change: Folder of attestation roots"));
    await user.click(button("Default: Folder of attestation roots"));
    await press("Save");
    await waitFor(() => expect(saved()[1]).toMatchObject({ trust_folder: null }));
  });
});

describe("the signers", () => {
  it("say where their key is, and which have not passed their probe", async () => {
    await open("Signers");
    const [operator, kms] = within(screen.getByRole("region", { name: "Signers" })).getAllByRole(
      "listitem",
    );
    expect(operator).toHaveTextContent("Key file /home/mira/operator.key.pem");
    expect(operator).not.toHaveTextContent("cannot sign");
    expect(kms).toHaveTextContent(/kms-sign --key alias\/runs.*has not passed its probe/s);
  });

  it("are removed on confirmation", async () => {
    await open("Signers");
    await user.click(button("Remove operator"));
    expect(dialog()).toHaveAccessibleName("Remove the signer operator");
    await expectAccessible(dialog());
    expect(saved()).toEqual([]);
    await user.click(button("Remove signer"));
    await waitFor(() => expect(saved()).toMatchObject([{ signers: [{ name: "kms-sign" }] }]));
  });

  it("are added as a key file", async () => {
    await open("Signers");
    await user.click(button("Add signer…"));
    await user.click(button("Add signer"));
    expect(screen.getByText("Enter a name for the signer.")).toBeVisible();
    await user.type(screen.getByLabelText("Name"), "operator");
    expect(screen.getByText("Another signer has this name.")).toBeVisible();
    await user.type(screen.getByLabelText("Name"), "-2");
    await user.type(screen.getByLabelText("Who signs"), "mira.k");
    await user.type(screen.getByLabelText("Key id"), "ds-prod-2026-08");
    await user.click(button("Choose: Key file"));
    await waitFor(() =>
      expect(screen.getByLabelText("Key file")).toHaveValue("/srv/key_file.json"),
    );
    await expectAccessible(dialog());
    await user.click(button("Add signer"));
    await waitFor(() =>
      expect(saved()).toMatchObject([
        {
          signers: [
            {},
            {},
            {
              name: "operator-2",
              key_id: "ds-prod-2026-08",
              signer_id: "mira.k",
              source: { source: "key_file", path: "/srv/key_file.json" },
            },
          ],
        },
      ]),
    );
  });

  it("pass their probe, and lose it when what was probed changes", async () => {
    await open("Signers");
    await user.click(button("Edit kms-sign"));
    expect(screen.getByText("Changed since the last probe")).toBeVisible();
    await user.click(button("Probe"));
    expect(await screen.findByText("The probe passed")).toBeVisible();
    expect(screen.getByText(/It signs the 32 bytes of the digest/)).toBeVisible();
    await expectAccessible(dialog());
    await user.type(screen.getByLabelText("Command"), " --x");
    expect(screen.getByText("Changed since the last probe")).toBeVisible();
    await user.click(button("Probe"));
    await screen.findByText("The probe passed");
    await user.click(button("Save signer"));
    await waitFor(() =>
      expect(saved()).toMatchObject([
        {
          signers: [
            {},
            { source: { command: "kms-sign --key alias/runs --x", signed_payload: "sha256" } },
          ],
        },
      ]),
    );
    expect(screen.queryByText(/has not passed its probe/)).toBeNull();
  });

  it("run with the options of the person, and keep only the names of variables", async () => {
    await open("Signers");
    await user.click(button("Edit kms-sign"));
    await user.click(screen.getByText("More options"));
    await user.clear(screen.getByLabelText("Public key"));
    await user.type(
      screen.getByLabelText("Command that prints the public key"),
      "kms-key --alias runs",
    );
    await user.type(screen.getByLabelText("Working directory"), "/srv/kms");
    await user.type(screen.getByLabelText("Environment"), "AWS_PROFILE=prod");
    await user.click(button("Probe"));
    expect(screen.getByText("Names only: values are not stored.")).toBeVisible();
    expect(station.callsOf("signer_probe")).toEqual([]);
    await user.clear(screen.getByLabelText("Environment"));
    await user.type(screen.getByLabelText("Environment"), "AWS_PROFILE, AWS_REGION");
    await user.click(button("Probe"));
    expect(await screen.findByText("The probe passed")).toBeVisible();
    // What is asked after each signature has nothing to do with how it signs.
    await user.type(screen.getByLabelText("Command that prints evidence"), "kms-evidence");
    expect(screen.getByText("The probe passed")).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Save signer"));
    const source = {
      public_key_command: "kms-key --alias runs",
      public_key: "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
      working_directory: "/srv/kms",
      environment: ["AWS_PROFILE", "AWS_REGION"],
      evidence_command: "kms-evidence",
      signed_payload: "sha256",
    };
    await waitFor(() => expect(saved()).toMatchObject([{ signers: [{}, { source }] }]));
    await user.click(button("Edit kms-sign"));
    expect(screen.getByText("It passed an earlier probe")).toBeVisible();
    expect(screen.getByLabelText("Working directory")).toBeVisible();
    await user.type(screen.getByLabelText("Environment"), " HOME");
    expect(screen.getByText("Changed since the last probe")).toBeVisible();
  });

  it("are added from a template, with errors beside its fields and each part of the probe", async () => {
    await open("Signers");
    await user.click(button("Add signer…"));
    await user.type(screen.getByLabelText("Name"), "vault");
    await user.type(screen.getByLabelText("Who signs"), "mira.k");
    await user.type(screen.getByLabelText("Key id"), "ds-vault");
    await user.click(screen.getByRole("radio", { name: "HashiCorp Vault Transit" }));
    expect(screen.getByText(/Needs the Python package hvac/)).toBeVisible();
    const variables = screen.getByRole("list", { name: "Variables" });
    expect(variables).toHaveTextContent(/VAULT_CACERT\s*set.*HTTPS_PROXY\s*not set/s);

    // Nothing is wrong before anything was tried.
    expect(screen.queryByText("Address of Vault is missing.")).toBeNull();
    await user.click(button("Probe"));
    expect(await screen.findByText("Address of Vault is missing.")).toBeVisible();
    expect(station.callsOf("signer_template_probe")).toEqual([]);
    await user.type(screen.getByLabelText("Address of Vault"), "https://vault:8200");
    await user.selectOptions(screen.getByLabelText("Algorithm"), "ecdsa-p256-sha256");
    expect(screen.queryByText("Address of Vault is missing.")).toBeNull();

    // Its public key comes from its probe, so it is not saved before.
    await user.click(button("Add signer"));
    expect(screen.getByText("Probe it first")).toBeVisible();
    expect(saved()).toEqual([]);
    await user.click(screen.getByText("More options"));
    expect(screen.getByLabelText("Path of the Transit engine")).toHaveValue("transit");
    await user.type(screen.getByLabelText("More variables to pass on"), "VAULT_TOKEN");
    await user.click(button("Probe"));
    expect(await screen.findByText("The probe passed")).toBeVisible();
    const parts = screen.getByRole("list", { name: "What the probe found" });
    expect(parts).toHaveTextContent(/Program\s*Works.*Signature\s*Works.*Evidence\s*Not there/s);
    await expectAccessible(dialog());
    await user.click(button("Add signer"));
    const fields = { address: "https://vault:8200", algorithm: "ecdsa-p256-sha256" };
    expect(station.callsOf("signer_template_probe")).toMatchObject([
      {
        signer: { made_from: { template: "vault-transit", fields }, environment: ["VAULT_TOKEN"] },
      },
    ]);
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { signers: [{}, {}, { name: "vault", source: { signed_payload: "sha256" } }] },
      ]),
    );
  });

  it("that did not pass their probe say which part failed, and what to do", async () => {
    await open("Signers");
    await user.click(button("Edit kms-sign"));
    await user.clear(screen.getByLabelText("Command"));
    await user.type(screen.getByLabelText("Command"), "false");
    await user.click(button("Probe"));
    expect(await screen.findByText("The probe did not pass")).toBeVisible();
    const parts = screen.getByRole("list", { name: "What the probe found" });
    expect(parts).toHaveTextContent(/Program\s*Works.*Signature\s*Failed.*exit code 1.*by hand/s);
    await expectAccessible(dialog());
  });

  it("from a template are changed by its fields", async () => {
    const view = settings();
    const made = { template: "vault-transit" as const, fields: { address: "https://old:8200" } };
    await open("Signers", { ...view, made_from: [null, made] });
    const list = screen.getByRole("region", { name: "Signers" });
    expect(list).toHaveTextContent("HashiCorp Vault Transit");
    await user.click(button("Edit kms-sign"));
    expect(screen.getByLabelText("Address of Vault")).toHaveValue("https://old:8200");
    expect(screen.queryByLabelText("Command")).toBeNull();
  });

  it("are added as a key in an SSH agent, chosen from what is in it", async () => {
    let asked = 0;
    station.answer("agent_keys", ({ socket }: { socket: string | null }) => {
      asked += 1;
      if (socket === null)
        throw failure("ssh_agent", "No SSH agent is named.", "Start one, or name its socket.");
      return [
        { comment: "mira@desk", kind: "ssh-ed25519", fingerprint: "SHA256:aa", public_key: "QQ==" },
        { comment: "", kind: "sk-ssh-ed25519", fingerprint: "SHA256:bb", public_key: null },
      ];
    });
    await open("Signers");
    await user.click(button("Add signer…"));
    await user.type(screen.getByLabelText("Name"), "laptop");
    await user.type(screen.getByLabelText("Who signs"), "mira.k");
    await user.type(screen.getByLabelText("Key id"), "ds-ssh");
    await user.click(screen.getByRole("radio", { name: /Key in an SSH agent/ }));
    expect(await screen.findByText("Start one, or name its socket.")).toBeVisible();
    expect(screen.getByText(/it counts as software/)).toBeVisible();
    await user.type(screen.getByLabelText("Socket of the agent"), "/run/agent");
    await user.click(button("Look again"));
    await user.click(button("Add signer"));
    expect(screen.getByText("Choose a key.")).toBeVisible();
    expect(screen.getByRole("radio", { name: /sk-ssh-ed25519/ })).toBeDisabled();
    await user.click(await screen.findByRole("radio", { name: /mira@desk/ }));
    await expectAccessible(dialog());
    await user.click(button("Add signer"));
    const source = { source: "ssh_agent", socket: "/run/agent", public_key: "QQ==" };
    await waitFor(() => expect(saved()).toMatchObject([{ signers: [{}, {}, { source }] }]));
    expect(screen.getByText(/Key in the SSH agent/)).toHaveTextContent("/run/agent");
    expect(asked).toBeGreaterThan(1);
  });

  it("do not lose the keys of an agent to one that was asked before and answers late", async () => {
    let late: (() => void) | undefined;
    station.answer("agent_keys", ({ socket }: { socket: string | null }) => {
      if (socket !== null)
        return [{ comment: "desk", kind: "ssh-rsa", fingerprint: "SHA256:aa", public_key: "QQ==" }];
      return new Promise((_, reject) => {
        late = () => reject(failure("ssh_agent", "It did not answer.", "See whether it runs."));
      });
    });
    await open("Signers");
    await user.click(button("Add signer…"));
    await user.click(screen.getByRole("radio", { name: /Key in an SSH agent/ }));
    await user.type(screen.getByLabelText("Socket of the agent"), "/run/agent");
    await user.tab();
    expect(await screen.findByRole("radio", { name: /desk/ })).toBeVisible();
    late?.();
    await new Promise((done) => setTimeout(done));
    expect(screen.getByRole("radio", { name: /desk/ })).toBeVisible();
    expect(screen.queryByText("It did not answer.")).toBeNull();
  });

  it("are added as a key on a token, by its own word or by the person's claim", async () => {
    await open("Signers");
    await user.click(button("Add signer…"));
    await user.type(screen.getByLabelText("Name"), "hsm");
    await user.type(screen.getByLabelText("Who signs"), "mira.k");
    await user.type(screen.getByLabelText("Key id"), "ds-hsm");
    await user.click(screen.getByRole("radio", { name: /Key on a token/ }));
    await user.type(screen.getByLabelText("Key"), "pkcs11:object=hsm");
    await user.click(button("Add signer"));
    expect(screen.getByText(/It begins with pkcs11: and names the module/)).toBeVisible();
    await user.type(screen.getByLabelText("Key"), "?module-path=/opt/hsm.so");
    expect(screen.queryByText("This is your claim")).toBeNull();
    await user.click(button("Add signer"));
    const source = {
      source: "pkcs11",
      uri: "pkcs11:object=hsm?module-path=/opt/hsm.so",
      algorithm: "ecdsa-p256-sha256",
      signer_type: null,
    };
    await waitFor(() => expect(saved()).toMatchObject([{ signers: [{}, {}, { source }] }]));
    await user.click(button("Edit hsm"));
    await user.selectOptions(screen.getByLabelText("What holds the key"), "hardware");
    expect(screen.getByText("This is your claim")).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Save signer"));
    const claim = { ...source, signer_type: "hardware" };
    await waitFor(() =>
      expect(saved().at(-1)).toMatchObject({ signers: [{}, {}, { source: claim }] }),
    );
  });

  it("say why they did not pass their probe", async () => {
    await open("Signers");
    await user.click(button("Edit kms-sign"));
    const command = screen.getByLabelText("Command");
    await user.clear(command);
    await user.type(command, "false");
    await user.click(button("Probe"));
    expect(await screen.findByText(/The command ended with exit code 1/)).toBeVisible();
    await user.click(button("Save signer"));
    expect(await screen.findByText(/has not passed its probe/)).toBeVisible();
  });

  it("offer a next step if there are none", async () => {
    const { container } = await open("Signers", settings({ signers: [] }));
    expect(screen.getByText(/No signer yet/)).toBeVisible();
    await expectAccessible(container);
  });
});
