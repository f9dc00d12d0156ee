import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { startOfDay, suggestedKeyId } from "../src/keys/dates";
import type { DeviceView, NamesView } from "../src/ipc/bindings";
import Keys from "../src/keys/Keys.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation, hex } from "./station";
import { DEVICES, FakeDevices } from "./station-devices";
import { keyring, withKeys } from "./station-keys";

let station: FakeStation;
const user = userEvent.setup();

beforeEach(() => {
  station = new FakeStation().install();
});

afterEach(async () => {
  cleanup();
  await tick();
  station.remove();
});

async function open(view = keyring()) {
  const held = withKeys(station, view);
  const { container } = render(Keys);
  await screen.findByText(view.path);
  return { held, container };
}

const row = (name: string) => screen.getByRole("rowheader", { name }).closest("tr") as HTMLElement;
const cells = (name: string) =>
  within(row(name))
    .getAllByRole("cell")
    .map((cell) => cell.textContent.trim());
const button = (name: string | RegExp) => screen.getByRole("button", { name });
/** Presses a button once what it changes is on screen. */
async function press(name: string) {
  await waitFor(() => expect(button(name)).toBeEnabled());
  await user.click(button(name));
}
const dialog = () => screen.getByRole("dialog");

describe("the keyring", () => {
  it("is a table of owners, keys, kinds, roles and dates", async () => {
    const { container } = await open();
    expect(cells("mira.k").slice(0, 7)).toEqual([
      "ds-prod-2026-05",
      "software",
      "ed25519",
      "operator",
      "always",
      "1\u202f204",
      "operator",
    ]);
    expect(cells("j.okafor").slice(1, 4)).toEqual([
      "hardware, attested",
      "ecdsa-p256",
      "witness, auditor",
    ]);
    expect(row("j.okafor")).toHaveTextContent("from 2026-01-01 until 2027-01-01");
    expect(row("op-night-2")).toHaveTextContent("revoked since 2026-02-01");
    expect(row("kms-prod")).toHaveTextContent("kms-sign");
    await expectAccessible(container);
  });

  it("shows fingerprint and the reason of a revocation on demand", async () => {
    const { container } = await open();
    expect(screen.queryByText("left the desk")).toBeNull();
    await user.click(button("Details of ds-prod-2025-11"));
    expect(screen.getByText("left the desk")).toBeVisible();
    expect(screen.getByText("Its owner's position changed")).toBeVisible();
    const digest = screen.getByRole("group", { name: /Fingerprint/ }).querySelector("code");
    expect(digest?.textContent.trim().split(/\s+/)).toEqual(hex(903).match(/.{4}/g));
    // What is revoked cannot be revoked again.
    expect(screen.queryByRole("button", { name: "Revoke…" })).toBeNull();
    await expectAccessible(container);
  });

  it("names another owner whose name looks the same", async () => {
    const plain = keyring();
    const keys = plain.keys.map((key) =>
      key.owner === "j.okafor" ? { ...key, looks_like: "j.0kafor" } : key,
    );
    const { container } = await open({ ...plain, keys });
    expect(row("j.okafor Looks like j.0kafor, another owner")).toHaveTextContent("ds-prod-2026-06");
    await expectAccessible(container);
  });

  it("is filtered by words, in any column", async () => {
    await open();
    await user.type(screen.getByRole("searchbox", { name: "Filter keys" }), "witness HARDWARE");
    expect(screen.getAllByRole("rowheader")).toHaveLength(1);
    expect(screen.getByText("1 of 4 keys")).toBeVisible();
    await user.type(screen.getByRole("searchbox"), " nobody");
    expect(screen.getByText("No matching keys")).toBeVisible();
    await user.click(button("Show all keys"));
    expect(screen.getAllByRole("rowheader")).toHaveLength(4);
  });

  it("is shown again when the station changes", async () => {
    const { held } = await open();
    held.view = { ...held.view, keys: held.view.keys.slice(1) };
    station.tell({});
    await waitFor(() => expect(screen.getAllByRole("rowheader")).toHaveLength(3));
  });

  it("says why it cannot be read, and offers no change to it", async () => {
    const problem = failure("form", "keyring.json: not a keyring", "Mend it or move it aside.");
    const { container } = await open({ ...keyring(), keys: [], problem });
    expect(screen.getByText("keyring.json: not a keyring")).toBeVisible();
    expect(screen.getByText("Mend it or move it aside.")).toBeVisible();
    expect(button("Enrol…")).toBeDisabled();
    expect(button("Create software key…")).toBeDisabled();
    await expectAccessible(container);
  });

  it("offers a next step if it is empty", async () => {
    const { container } = await open({ ...keyring(), keys: [] });
    expect(screen.getByText("The keyring is empty")).toBeVisible();
    await expectAccessible(container);
    await user.click(
      screen.getAllByRole("button", { name: "Create software key…" })[1] as HTMLElement,
    );
    expect(dialog()).toHaveAccessibleName("Create a software key");
  });
});

describe("keys of devices", () => {
  async function plug(...devices: DeviceView[]) {
    withKeys(station);
    new FakeDevices(station, devices);
    const view = render(Keys, { devices });
    await screen.findByText(keyring().path);
    return view;
  }

  it("are offered only if they are plugged in and not in the keyring", async () => {
    const { container, rerender } = await plug(DEVICES.many, DEVICES.other);
    const list = within(screen.getByRole("region", { name: /Plugged in, and not in/ }));
    const [a9, r1] = list.getAllByRole("listitem");
    expect(a9).toHaveTextContent(/YubiKey 12345678 slot 9a .*Attested by an unknown root/);
    expect(r1).toHaveTextContent(/slot 82 .*Attestation does not hold/);
    await expectAccessible(container);
    await rerender({ devices: [DEVICES.calm] });
    expect(screen.queryByRole("region", { name: /Plugged in, and not in/ })).toBeNull();
  });

  it("are enrolled from there, with their attestation", async () => {
    await plug(DEVICES.many);
    await user.click(button(/Enrol from a YubiKey… YubiKey 12345678, slot 9a/));
    expect(dialog()).toHaveAccessibleName(/Enrol YubiKey 12345678, slot 9a/);
    expect(within(dialog()).getByText("Attested by an unknown root:")).toBeVisible();
    await user.type(screen.getByLabelText("Owner"), "n.ito");
    await user.click(screen.getByRole("checkbox", { name: "Witness" }));
    await expectAccessible(dialog());
    await press("Enrol key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("device_enrol")).toMatchObject([
      { request: { card: { serial: 12345678 }, slot: "9a", owner: "n.ito", roles: ["witness"] } },
    ]);
    expect(station.callsOf("key_enrol")).toEqual([]);
  });

  it("keep the attestation of their enrolment", async () => {
    await open();
    await user.click(button("Details of ds-prod-2026-06"));
    expect(screen.getByText(/generated on YubiKey 12345678/)).toBeVisible();
  });
});

describe("creating a key", () => {
  async function fill() {
    await open();
    await user.click(button("Create software key…"));
    await user.type(screen.getByLabelText("Owner"), "a.lindqvist");
    await user.click(screen.getByRole("checkbox", { name: "Reviewer" }));
    await user.click(screen.getByRole("checkbox", { name: "Operator" }));
    await user.click(button("Choose: Key file"));
    await waitFor(() =>
      expect(screen.getByLabelText("Key file")).toHaveValue("/home/mira/new_key_file.pem"),
    );
    await user.type(screen.getByLabelText("Passphrase"), "long and plain");
  }

  it("creates it, and does not store the passphrase", async () => {
    await fill();
    const keyId = screen.getByLabelText<HTMLInputElement>("Key id").value;
    expect(keyId).toMatch(/^ds-prod-\d{4}-\d{2}$/);
    await user.type(screen.getByLabelText("Passphrase again"), "long and plain");
    await press("Create key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("key_create")).toEqual([
      {
        request: {
          path: "/home/mira/new_key_file.pem",
          key_id: keyId,
          owner: "a.lindqvist",
          roles: ["operator", "reviewer"],
          is_of_companions: false,
          accepts_weak: false,
        },
        passphrase: "long and plain",
      },
    ]);
    expect(row("a.lindqvist")).toBeVisible();
  });

  it("makes a key for companions, which has an owner and no roles", async () => {
    await open();
    await user.click(button("Create software key…"));
    const purpose = within(screen.getByRole("group", { name: "What is the key for?" }));
    expect(purpose.getByRole("radio", { name: /^Signatures/u })).toBeChecked();
    const companion = purpose.getByRole("radio", { name: /^Companions \(ML-DSA-65\)/u });
    expect(companion).toHaveAccessibleName(/even if elliptic curves are broken/u);
    expect(companion).toHaveAccessibleName(/By itself it never counts/u);
    await user.click(companion);
    expect(screen.queryByRole("group", { name: "Roles" })).toBeNull();
    await press("Create key");
    expect(screen.getByText("Enter the owner of the key.")).toBeVisible();
    await user.type(screen.getByLabelText("Owner"), "mira.k");
    await user.clear(screen.getByLabelText("Key id"));
    await user.type(screen.getByLabelText("Key id"), "pq-mira");
    await user.click(button("Choose: Key file"));
    await user.type(screen.getByLabelText("Passphrase"), "long and plain");
    await user.type(screen.getByLabelText("Passphrase again"), "long and plain");
    await expectAccessible(dialog());
    await press("Create key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("key_create")).toMatchObject([
      { request: { key_id: "pq-mira", owner: "mira.k", roles: [], is_of_companions: true } },
    ]);
    // It is told apart from the key that signs.
    const id = screen.getByText("pq-mira", { selector: "td code" });
    const own = id.closest("tr") as HTMLElement;
    expect(own).toHaveTextContent(/companion.*ml-dsa-65.*for companions/u);
    await user.type(screen.getByRole("searchbox", { name: "Filter keys" }), "companion");
    expect(screen.getAllByRole("rowheader")).toHaveLength(1);
    await user.click(button("Details of pq-mira"));
    await user.click(button("Revoke…"));
    expect(within(dialog()).getByText("Companions dated from now on no longer hold")).toBeVisible();
  });

  it("says what is missing beside its field, and asks for the passphrase twice", async () => {
    await open();
    await user.click(button("Create software key…"));
    await press("Create key");
    expect(screen.getByText("Enter the owner of the key.")).toBeVisible();
    expect(screen.getByText("Choose at least one role.")).toBeVisible();
    expect(screen.getByText("Enter a passphrase.")).toBeVisible();
    await user.type(screen.getByLabelText("Passphrase"), "one");
    await user.type(screen.getByLabelText("Passphrase again"), "two");
    expect(screen.getByText("The two entries differ.")).toBeVisible();
    await expectAccessible(dialog());
    expect(station.callsOf("key_create")).toEqual([]);
  });

  it("uses a weak passphrase only if that is confirmed", async () => {
    await fill();
    await user.clear(screen.getByLabelText("Passphrase"));
    await user.type(screen.getByLabelText("Passphrase"), "weak");
    await user.type(screen.getByLabelText("Passphrase again"), "weak");
    expect(await screen.findByText("Guessed within hours")).toBeVisible();
    await press("Create key");
    expect(screen.getByText(/Whoever gets a copy of the file/)).toBeVisible();
    expect(station.callsOf("key_create")).toEqual([]);
    await expectAccessible(dialog());
    // What others know of the owner is tried first.
    expect(station.callsOf("passphrase_strength").at(-1)).toMatchObject({
      request: { owner: "a.lindqvist", path: "/home/mira/new_key_file.pem" },
    });
    await user.click(screen.getByRole("checkbox", { name: /although it is easily guessed/ }));
    await press("Create key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const [call] = station.callsOf("key_create");
    expect(call).toMatchObject({ request: { accepts_weak: true }, passphrase: "weak" });
  });

  it("offers six words, which are typed again", async () => {
    await fill();
    await user.click(button("Offer six words"));
    const words = "agree brick candy drift eager fable";
    expect(await screen.findByText(words)).toBeVisible();
    expect(await screen.findByText("Not guessed, as far as is known")).toBeVisible();
    expect(screen.getByLabelText("Passphrase")).toHaveValue(words);
    expect(screen.getByLabelText("Passphrase again")).toHaveValue("");
    expect(screen.queryByRole("checkbox", { name: /easily guessed/ })).toBeNull();
  });

  it("says why it was not created, clears the passphrase and keeps the rest", async () => {
    await fill();
    station.answer("key_create", () => {
      throw failure(
        "in_the_way",
        "/home/mira/new_key_file.pem: is there already",
        "Choose another name.",
      );
    });
    await user.type(screen.getByLabelText("Passphrase again"), "long and plain");
    await press("Create key");
    expect(await screen.findByText(/is there already/)).toBeVisible();
    expect(screen.getByLabelText("Passphrase")).toHaveValue("");
    expect(screen.getByLabelText("Passphrase again")).toHaveValue("");
    expect(screen.getByLabelText("Owner")).toHaveValue("a.lindqvist");
  });
});

describe("enrolling a key", () => {
  async function fill(source: string) {
    await open();
    await user.click(button("Enrol…"));
    await user.click(screen.getByLabelText("Public key"));
    await user.paste(source);
    await user.type(screen.getByLabelText("Key id"), "ds-prod-2026-09");
    await user.type(screen.getByLabelText("Owner"), "n.ito");
    await user.click(screen.getByRole("checkbox", { name: "Auditor" }));
  }

  it("takes a pasted key, and warns that the keyring vouches for hardware", async () => {
    await fill("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----");
    await user.click(screen.getByRole("radio", { name: /Software key/ }));
    expect(screen.queryByText("The keyring vouches for this")).toBeNull();
    await user.click(screen.getByRole("radio", { name: /Hardware key/ }));
    expect(screen.getByText("The keyring vouches for this")).toBeVisible();
    await user.type(screen.getByLabelText("Counts from"), "2026-06-01");
    await user.type(screen.getByLabelText("Counts until"), "2027-06-01");
    await expectAccessible(dialog());
    await press("Enrol key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("key_enrol")[0]?.["request"]).toEqual({
      source: "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
      key_id: "ds-prod-2026-09",
      owner: "n.ito",
      roles: ["auditor"],
      kind: "hardware",
      valid_from: "2026-06-01T00:00:00Z",
      valid_until: "2027-06-01T00:00:00Z",
    });
    expect(row("n.ito")).toBeVisible();
  });

  it("takes a key for companions without roles", async () => {
    await fill("-----BEGIN PUBLIC KEY-----\nMIIH\n-----END PUBLIC KEY-----");
    await user.click(screen.getByRole("radio", { name: /^Companions/u }));
    await user.click(screen.getByRole("radio", { name: /Software key/ }));
    await press("Enrol key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("key_enrol")).toMatchObject([
      { request: { owner: "n.ito", roles: [] } },
    ]);
  });

  it("takes a file, but only once the kind is chosen", async () => {
    await fill("");
    await user.click(button("Choose: Public key"));
    await waitFor(() =>
      expect(screen.getByLabelText("Public key")).toHaveValue("/home/mira/public_key.pem"),
    );
    await press("Enrol key");
    expect(screen.getByText("Choose what holds the key.")).toBeVisible();
    expect(station.callsOf("key_enrol")).toEqual([]);
  });

  it("refuses invalid days and a key that never counts", async () => {
    await fill("MCow");
    await user.click(screen.getByRole("radio", { name: /External/ }));
    const [from, until] = [
      screen.getByLabelText("Counts from"),
      screen.getByLabelText("Counts until"),
    ];
    await user.type(from, "2026-02-30");
    await press("Enrol key");
    expect(screen.getByText(/Enter a date such as/)).toBeVisible();
    await user.clear(from);
    await user.type(from, "2026-03-01");
    await user.type(until, "2026-03-01");
    expect(screen.getByText("This is before the day from which the key counts.")).toBeVisible();
    expect(station.callsOf("key_enrol")).toEqual([]);
  });

  it("says why the station refused it", async () => {
    await fill("-----BEGIN PRIVATE KEY-----");
    await user.click(screen.getByRole("radio", { name: /Software key/ }));
    await press("Enrol key");
    expect(await screen.findByText("This is a private key. Nothing was enrolled.")).toBeVisible();
    expect(screen.getByLabelText("Owner")).toHaveValue("n.ito");
  });
});

describe("revoking a key", () => {
  it("says the consequences, needs a reason, and shows it", async () => {
    await open();
    await user.click(button("Details of ds-prod-2026-05"));
    await user.click(button("Revoke…"));
    expect(dialog()).toHaveAccessibleName("Revoke ds-prod-2026-05");
    expect(
      within(dialog()).getByText("Signatures dated from now on no longer count"),
    ).toBeVisible();
    await press("Revoke key");
    expect(screen.getByText(/Write a reason/)).toBeVisible();
    expect(station.callsOf("key_revoke")).toEqual([]);
    await expectAccessible(dialog());
    await user.type(screen.getByLabelText("Reason"), "lost{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("key_revoke")).toEqual([
      {
        keyId: "ds-prod-2026-05",
        request: { code: "unspecified", compromised_since: null, reason: "lost" },
      },
    ]);
    expect(row("mira.k")).toHaveTextContent("revoked since 2026-05-04");
  });

  it("asks since when a key is compromised, and says what then counts", async () => {
    await open();
    await user.click(button("Details of ds-prod-2026-05"));
    await user.click(button("Revoke…"));
    expect(screen.queryByLabelText("Compromised since")).toBeNull();
    await user.selectOptions(screen.getByLabelText("Why"), "key_compromise");
    expect(
      within(dialog()).getByText("Only signatures with an earlier trusted time stamp still count"),
    ).toBeVisible();
    await user.type(screen.getByLabelText("Reason"), "stolen");
    await user.type(screen.getByLabelText("Compromised since"), "2026-02-30");
    await press("Revoke key");
    expect(screen.getByText(/Enter a date such as/)).toBeVisible();
    expect(station.callsOf("key_revoke")).toEqual([]);
    await expectAccessible(dialog());
    await user.clear(screen.getByLabelText("Compromised since"));
    await user.type(screen.getByLabelText("Compromised since"), "2026-02-03");
    await press("Revoke key");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const since = "2026-02-03T00:00:00Z";
    expect(station.callsOf("key_revoke")).toEqual([
      {
        keyId: "ds-prod-2026-05",
        request: { code: "key_compromise", compromised_since: since, reason: "stolen" },
      },
    ]);
  });
});

describe("keeping a certificate beside a key", () => {
  const names: NamesView = {
    standing: "not_proven",
    words: english('"Jane Okafor": not proven'),
    common_names: ["Jane Okafor"],
    emails: [],
    organizations: [],
    units: [],
    certificate: null,
    root: null,
    revocation: { state: "not_checked", words: english("revocation not checked") },
    warnings: [],
  };

  it("shows what will be recorded, and records what was shown", async () => {
    const { held } = await open();
    const sha256 = [hex(1), hex(2)];
    station.answer("key_certificates_look", () => ({ before: null, after: names, sha256 }));
    station.answer("key_certify", () => held.view);
    await user.click(button("Details of ds-prod-2026-05"));
    await user.click(button("Add a certificate…"));
    await waitFor(() => expect(dialog()).toHaveAccessibleName(/beside ds-prod-2026-05/));
    expect(within(dialog()).getByText(/"Jane Okafor": not proven/)).toBeVisible();
    expect(within(dialog()).getByText(/With it comes one certificate/)).toBeVisible();
    expect(station.callsOf("key_certify")).toEqual([]);
    await expectAccessible(dialog());
    await press("Keep the certificate");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const kept = { keyId: "ds-prod-2026-05", path: "/home/mira/certificate.pem", sha256 };
    expect(station.callsOf("key_certify")).toEqual([kept]);
  });

  it("records nothing if it is cancelled", async () => {
    await open();
    station.answer("key_certificates_look", () => ({ before: names, after: names, sha256: [] }));
    await user.click(button("Details of ds-prod-2026-05"));
    await user.click(button("Add a certificate…"));
    await waitFor(() => expect(dialog()).toBeVisible());
    expect(within(dialog()).getByText("Instead of")).toBeVisible();
    await press("Cancel");
    expect(station.callsOf("key_certify")).toEqual([]);
  });
});

describe("what a person types", () => {
  it("is a day, empty, or invalid", () => {
    expect(startOfDay(" 2026-02-28 ")).toBe("2026-02-28T00:00:00Z");
    expect(startOfDay(" ")).toBeNull();
    for (const none of ["2026-02-30", "28.2.2026", "2026-2-8", "2026-13-01"])
      expect(startOfDay(none)).toBeUndefined();
  });

  it("is offered a key id like existing ones that is still free", () => {
    const today = new Date("2026-12-10T00:00:00Z");
    expect(suggestedKeyId([], today)).toBe("ds-prod-2026-12");
    expect(suggestedKeyId(["ds-demo-2026-12", "other"], today)).toBe("ds-demo-2027-01");
  });
});
