import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { toasts } from "../src/kit/toasts.svelte";
import Toasts from "../src/kit/Toasts.svelte";
import Settings from "../src/settings/Settings.svelte";
import { expectAccessible } from "./axe";
import { failure, FakeStation } from "./station";
import { CERTIFICATES, TPM_KEY, withRoots } from "./station-roots";
import { settings, withSettings } from "./station-settings";

let station: FakeStation;
const user = userEvent.setup();

beforeEach(() => {
  station = new FakeStation().install();
});

afterEach(async () => {
  vi.restoreAllMocks();
  delete document.documentElement.dataset["theme"];
  cleanup();
  await tick();
  station.remove();
});

async function open(view = settings()) {
  const held = withSettings(station, view);
  const { container } = render(Settings);
  await screen.findByRole("heading", { name: "Policy" });
  return { held, container };
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const saved = () => station.callsOf("settings_save").map(({ settings }) => settings);
const dialog = () => screen.getByRole("dialog");

describe("the settings", () => {
  it("are saved only on request, and only if something changed", async () => {
    const { held, container } = await open();
    expect(button("Save changes")).toBeDisabled();
    expect(button("Discard")).toBeDisabled();
    await user.click(screen.getByRole("radio", { name: /Any signature that verifies/ }));
    await user.click(screen.getByRole("checkbox", { name: "Auditor" }));
    expect(screen.getByText("Changes are not saved yet.")).toBeVisible();
    expect(saved()).toEqual([]);
    await expectAccessible(container);
    const before = held.view.settings;
    await user.click(button("Save changes"));
    // A policy that says less has to be confirmed.
    const asked = within(await screen.findByRole("dialog", { name: "Save a weaker policy" }));
    expect(asked.getByText(/not who signed/)).toBeVisible();
    expect(asked.queryByText(/Claimed hardware/)).toBeNull();
    expect(saved()).toEqual([]);
    await expectAccessible(screen.getByRole("dialog"));
    await user.click(asked.getByRole("button", { name: "Save the weaker policy" }));
    await waitFor(() => expect(button("Save changes")).toBeDisabled());
    expect(saved()).toEqual([
      { ...before, policy: { ...before.policy, trust: "embedded", required_roles: ["auditor"] } },
    ]);
  });

  it("are unchanged after discarding", async () => {
    await open();
    await user.click(screen.getByRole("radio", { name: /Claimed/ }));
    await user.click(button("Discard"));
    expect(screen.getByRole("radio", { name: /Pinned/ })).toBeChecked();
    expect(button("Save changes")).toBeDisabled();
  });

  it("take paths from the dialog, and go back to the default", async () => {
    await open(settings({ log: "/srv/log.ndjson" }));
    expect(screen.getByLabelText("Keyring")).toHaveAttribute(
      "placeholder",
      "/home/mira/.config/countersign/keyring.json",
    );
    expect(button("Default: Keyring")).toBeDisabled();
    await user.click(button("Choose: Keyring"));
    await waitFor(() => expect(screen.getByLabelText("Keyring")).toHaveValue("/srv/keyring.json"));
    await user.click(button("Default: Transparency log"));
    await user.click(button("Save changes"));
    await waitFor(() =>
      expect(saved()).toMatchObject([{ keyring: "/srv/keyring.json", log: null }]),
    );
  });

  it("do not undo what the station changed meanwhile", async () => {
    const { held } = await open();
    await user.click(screen.getByRole("radio", { name: /Any signature that verifies/ }));
    held.view = settings({ directory: "/srv/other", recent: ["/srv/other", "/srv/sealed_runs"] });
    station.tell({ directory: "/srv/other" });
    await user.click(button("Save changes"));
    await user.click(button("Save the weaker policy"));
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { directory: "/srv/other", recent: ["/srv/other", "/srv/sealed_runs"] },
      ]),
    );
  });

  it("take no threshold below 2", async () => {
    await open();
    const threshold = screen.getByLabelText("Signatures for L4");
    await user.clear(threshold);
    await user.type(threshold, "1");
    expect(screen.getByText("Enter a whole number, 2 or more.")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: /Claimed/ }));
    await user.click(button("Save changes"));
    await waitFor(() => expect(threshold).toHaveFocus());
    expect(saved()).toEqual([]);
    await user.click(button("Discard"));
    expect(threshold).toHaveValue("2");
    await user.clear(threshold);
    await user.type(threshold, "3");
    await user.click(button("Save changes"));
    await waitFor(() => expect(saved()).toMatchObject([{ policy: { min_threshold: 3 } }]));
  });

  it("say next to the field why the station refused them", async () => {
    await open();
    station.answer("settings_save", () => {
      throw failure("keyring", "/srv/keyring.json: not a keyring.", "Choose another.");
    });
    await user.click(button("Choose: Keyring"));
    await waitFor(() => expect(button("Save changes")).toBeEnabled());
    await user.click(button("Save changes"));
    const field = screen.getByLabelText("Keyring");
    await waitFor(() =>
      expect(field).toHaveAccessibleDescription(/not a keyring. Choose another./),
    );
    expect(field).toHaveFocus();
    expect(field).toHaveValue("/srv/keyring.json");
  });

  it("say it at the top if it is about none of the fields", async () => {
    await open();
    station.answer("settings_save", () => {
      throw failure("write", "The settings cannot be written: the disk is full.", "Make room.");
    });
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView");
    await user.click(screen.getByRole("radio", { name: /Attested/ }));
    await user.click(button("Save changes"));
    const said = await screen.findByRole("alert");
    expect(said).toHaveTextContent(/the disk is full.*Make room/s);
    // Whoever saves may be far below it, and sees it all the same, each time.
    expect(scrolled.mock.contexts).toEqual([said]);
    await user.click(button("Save changes"));
    await waitFor(() => expect(scrolled).toHaveBeenCalledTimes(2));
  });

  it("do not say that they were saved next to a refusal", async () => {
    await open();
    // Messages of other tests may still be shown.
    toasts.clear();
    render(Toasts);
    await user.click(screen.getByRole("radio", { name: /Attested/ }));
    await user.click(button("Save changes"));
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(await screen.findByText("Settings saved.")).toBeVisible();
    station.answer("settings_save", () => {
      throw failure("write", "The settings cannot be written: the disk is full.", "Make room.");
    });
    await user.click(screen.getByRole("radio", { name: /Pinned/ }));
    await user.click(button("Save changes"));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.queryByText("Settings saved.")).toBeNull();
  });

  it("say what was wrong with them and where the damaged file is", async () => {
    const { container } = await open({
      ...settings(),
      problems: [failure("threshold", "The threshold is 1.", "2 is in force.")],
      kept_aside: "/home/mira/.config/countersign/settings.json.damaged",
    });
    expect(screen.getByText("The threshold is 1.")).toBeVisible();
    expect(screen.getByText("/home/mira/.config/countersign/settings.json.damaged")).toBeVisible();
    await expectAccessible(container);
  });

  it("show the previous theme if the new one cannot be saved", async () => {
    await open();
    station.answer("settings_save", () => {
      throw failure("write", "The settings cannot be written.", "Make room.");
    });
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    await screen.findByText("The settings cannot be written.");
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
    expect(screen.getByRole("radio", { name: "Same as the system" })).toBeChecked();
  });

  it("show the theme at once, and save it without the rest", async () => {
    await open();
    await user.click(screen.getByRole("radio", { name: /Any signature that verifies/ }));
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    await waitFor(() =>
      expect(saved()).toMatchObject([{ theme: "dark", policy: { trust: "pinned" } }]),
    );
    await waitFor(() => expect(screen.getByRole("radio", { name: "Dark" })).toBeChecked());
    expect(screen.getByRole("radio", { name: /Any signature that verifies/ })).toBeChecked();
    await user.click(screen.getByRole("radio", { name: "Same as the system" }));
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
  });
});

describe("the attestation roots", () => {
  const section = () => within(screen.getByRole("region", { name: "Attestation roots" }));
  const [known, stranger, helper] = CERTIFICATES;

  it("are listed with subject, fingerprint as it is read aloud, and validity", async () => {
    const { container } = await open();
    const item = await section().findByRole("listitem");
    expect(item).toHaveTextContent("CN=Yubico Attestation Root 1");
    expect(item).toHaveTextContent("known: Yubico Attestation Root 1");
    expect(item).toHaveTextContent("2024-12-01 to 9999-12-31, in 62760c6a.pem");
    const digest = within(item).getByRole("group", { name: "SHA-256" }).querySelector("code");
    expect(digest?.textContent.trim().split(/\s+/)).toEqual(known?.sha256.match(/.{4}/g));
    expect(section().getByText("/home/mira/.config/countersign/attestation-roots")).toBeVisible();
    await expectAccessible(container);
  });

  it("are shown before they are added, and added only if they are ticked", async () => {
    await open();
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
    await user.click(button("Add 1 certificate"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("trust_root_add")).toEqual([
      { what: "attestations", path: "/srv/trust_root.json", sha256: [helper?.sha256] },
    ]);
    expect(section().getAllByRole("listitem")).toHaveLength(2);
    // It applies at once: there is nothing to save.
    expect(button("Save changes")).toBeDisabled();
  });

  it("can be the attestation key of a TPM", async () => {
    withRoots(station).file = [TPM_KEY];
    await open();
    await user.click(await section().findByRole("button", { name: "Add attestation roots…" }));
    await user.click(
      await screen.findByRole("checkbox", { name: "TPM attestation key, ecdsa-p256" }),
    );
    expect(within(dialog()).getByText(/trusted for what that TPM/)).toBeVisible();
    expect(within(dialog()).getByText(/no expiry/)).toBeVisible();
    await expectAccessible(dialog());
  });

  it("are removed on confirmation", async () => {
    await open();
    await user.click(
      await section().findByRole("button", { name: "Remove CN=Yubico Attestation Root 1" }),
    );
    expect(within(dialog()).getByText("CN=Yubico Attestation Root 1")).toBeVisible();
    await expectAccessible(dialog());
    await user.click(button("Cancel"));
    expect(station.callsOf("trust_root_remove")).toEqual([]);
    await user.click(section().getByRole("button", { name: /^Remove CN/ }));
    await user.click(button("Remove"));
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
    const { container } = await open();
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
    await user.click(button("Add 1 certificate"));
    expect(await within(dialog()).findByText("The folder cannot be written")).toBeVisible();
  });

  it("are in a folder that can be changed", async () => {
    await open();
    await user.type(screen.getByLabelText("Folder"), "/srv/roots");
    await user.click(button("Save changes"));
    await waitFor(() => expect(saved()).toMatchObject([{ trust_folder: "/srv/roots" }]));
    await user.click(button("Default: Folder"));
    await user.click(button("Save changes"));
    await waitFor(() => expect(saved()[1]).toMatchObject({ trust_folder: null }));
  });
});

describe("the signers", () => {
  it("say where their key is, and which have not passed their probe", async () => {
    await open();
    const [operator, kms] = within(screen.getByRole("region", { name: "Signers" })).getAllByRole(
      "listitem",
    );
    expect(operator).toHaveTextContent("Key file /home/mira/operator.key.pem");
    expect(operator).not.toHaveTextContent("cannot sign");
    expect(kms).toHaveTextContent(/kms-sign --key alias\/runs.*has not passed its probe/s);
  });

  it("are removed after saving", async () => {
    await open();
    await user.click(button("Remove operator"));
    expect(saved()).toEqual([]);
    await user.click(button("Save changes"));
    await waitFor(() => expect(saved()).toMatchObject([{ signers: [{ name: "kms-sign" }] }]));
  });

  it("are added as a key file", async () => {
    await open();
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
    await user.click(button("Save changes"));
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
    await open();
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
    await user.click(button("Change signer"));
    await user.click(button("Save changes"));
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
    await open();
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
    await user.click(button("Change signer"));
    await user.click(button("Save changes"));
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

  it("are added as a key on a token, by its own word or by the person's claim", async () => {
    await open();
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
    await user.click(button("Save changes"));
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
    await user.click(button("Change signer"));
    await user.click(button("Save changes"));
    const claim = { ...source, signer_type: "hardware" };
    await waitFor(() =>
      expect(saved().at(-1)).toMatchObject({ signers: [{}, {}, { source: claim }] }),
    );
  });

  it("say why they did not pass their probe", async () => {
    await open();
    await user.click(button("Edit kms-sign"));
    const command = screen.getByLabelText("Command");
    await user.clear(command);
    await user.type(command, "false");
    await user.click(button("Probe"));
    expect(await screen.findByText(/The command ended with exit code 1/)).toBeVisible();
    await user.click(button("Change signer"));
    expect(screen.getByText(/has not passed its probe/)).toBeVisible();
  });

  it("offer a next step if there are none", async () => {
    const { container } = await open(settings({ signers: [] }));
    expect(screen.getByText(/No signer yet/)).toBeVisible();
    await expectAccessible(container);
  });
});
