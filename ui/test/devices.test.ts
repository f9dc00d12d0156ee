import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import { Arrivals } from "../src/devices/arrivals";
import { deviceOf, misshapen, pluggedIn } from "../src/devices/words";
import type { DeviceView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation } from "./station";
import {
  demoKey,
  DEVICES,
  FakeDevices,
  keyIn,
  moduleOf,
  NO_PCSCD,
  slot,
  token,
  tokenKey,
  yubikey,
} from "./station-devices";
import { withKeys } from "./station-keys";

let station: FakeStation;
let fake: FakeDevices;
const user = userEvent.setup();

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation([]).install();
  withKeys(station);
});

afterEach(async () => {
  cleanup();
  await tick();
  station.remove();
});

async function open(...devices: DeviceView[]) {
  fake = new FakeDevices(station, devices);
  render(App);
  await screen.findByRole("region", { name: "Devices and signers" });
}

async function openSheet(...devices: DeviceView[]) {
  await open(...devices);
  await user.click(within(strip()).getAllByRole("button")[0] as HTMLElement);
  return screen.findByRole("dialog", { name: "Devices" });
}

const strip = () => screen.getByRole("list", { name: "Devices" });
const sheet = () => screen.getByRole("dialog", { name: "Devices" });
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const text = (element: HTMLElement) => element.textContent.replaceAll("\u202f", " ");
const plain = (element: HTMLElement) => text(element).replace(/\s+/g, " ").trim();

describe("the strip", () => {
  it("names a YubiKey, its serial as it is engraved, its slot and its attempts", async () => {
    await open(DEVICES.calm);
    expect(plain(within(strip()).getByRole("button"))).toBe(
      "YubiKey 5C NFC · 12345678 · slot 9c · 3 attempts left",
    );
    await expectAccessible();
  });

  it("distinguishes several devices, and marks simulated ones", async () => {
    await open(DEVICES.many, DEVICES.virtual, yubikey({ id: "third", pin_tries: 0 }));
    const [many, virtual, blocked] = within(strip()).getAllByRole("button").map(plain);
    expect(many).toMatch(/12345678 · slot 9c and 3 more · 2 attempts left/);
    expect(virtual).toMatch(/^YubiKey 5 virtual · 99000001/);
    expect(blocked).toMatch(/PIN blocked$/);
  });

  it("says what a device that cannot sign is, and what to do", async () => {
    await open(
      DEVICES.reading,
      DEVICES.held,
      DEVICES.other,
      DEVICES.unreadable,
      yubikey({ id: "fifth", keys: [] }),
    );
    const says = within(strip()).getAllByRole("button").map(plain);
    expect(says[0]).toMatch(/reading…$/);
    expect(says[1]).toMatch(/Another program holds it.*gpgconf --kill scdaemon/);
    expect(says[2]).toMatch(/^Another smart card · used through a module/);
    expect(says[3]).toMatch(/answers nothing.*insert it again/i);
    expect(says[4]).toMatch(/no key/);
    await expectAccessible();
  });

  it("asks for a YubiKey if there is none", async () => {
    await open();
    expect(strip()).toHaveTextContent("Insert a YubiKey or PIV card; it appears here");
    await expectAccessible();
  });

  it("says how to start pcscd, and looks again on request", async () => {
    await open();
    fake.show({ problem: NO_PCSCD, devices: [] });
    // Who needs no key gets no advice about one.
    expect(screen.queryByText(/systemctl/)).toBeNull();
    await user.click(
      await screen.findByRole("button", { name: "No YubiKey or PIV card can be seen" }),
    );
    expect(await screen.findByText("The smart card service pcscd is not running")).toBeVisible();
    expect(screen.getByText(/sudo systemctl start pcscd.socket/)).toBeVisible();
    await expectAccessible();
    await user.click(button("Look again"));
    expect(station.callsOf("devices_look_again")).toHaveLength(1);
    await waitFor(() => expect(strip()).toHaveTextContent("Insert a YubiKey"));
  });

  it("announces what comes and goes to screen readers", async () => {
    await open();
    const said = () => document.querySelector("footer [role=status]")?.textContent ?? "";
    fake.insert({ ...DEVICES.reading, id: DEVICES.calm.id });
    await screen.findByText("reading…");
    expect(said()).toBe("");
    fake.show({ problem: null, devices: [DEVICES.calm] });
    await waitFor(() => expect(said()).toBe("YubiKey 5C NFC, serial 12345678, is plugged in."));
    fake.pull(DEVICES.calm.id);
    await waitFor(() => expect(said()).toBe("YubiKey 5C NFC, serial 12345678, was pulled out."));
  });
});

describe("announcing arrivals", () => {
  const plugged = (...devices: DeviceView[]) => pluggedIn({ problem: null, devices, modules: [] });

  it("leaves out devices that were there before or are read again", () => {
    const arrivals = new Arrivals();
    expect(arrivals.since(plugged(DEVICES.calm))).toBe("");
    expect(arrivals.since(plugged({ ...DEVICES.reading, id: DEVICES.calm.id }))).toBe("");
    expect(arrivals.since(plugged(DEVICES.lastTry))).toBe("");
    expect(arrivals.since(plugged({ ...DEVICES.held, id: DEVICES.calm.id }))).toBe("");
  });

  it("names both if one device replaces another", () => {
    const arrivals = new Arrivals();
    arrivals.since(plugged(DEVICES.calm));
    expect(arrivals.since(plugged(yubikey({ serial: 7 })))).toMatch(
      /678, was pulled out.*7, is plugged/,
    );
  });
});

describe("the demo's virtual YubiKey", () => {
  it("is inserted, touched and pulled out in the strip, next to its PIN", async () => {
    await open();
    station.tell({ demo_key: demoKey() });
    const demo = within(await screen.findByRole("group", { name: /Virtual YubiKey/ }));
    expect(demo.getByText("123456")).toBeVisible();
    await user.click(demo.getByRole("button", { name: "Insert" }));
    await waitFor(() => expect(strip()).toHaveTextContent(/YubiKey 5 virtual/));
    await expectAccessible();
    expect(demo.queryByRole("button", { name: "Touch" })).toBeNull();
    station.tell({ demo_key: demoKey({ inserted: true, blinking: true }) });
    await user.click(await demo.findByRole("button", { name: "Touch" }));
    expect(station.callsOf("demo_touch")).toHaveLength(1);
    await user.click(demo.getByRole("button", { name: "Pull out" }));
    await waitFor(() => expect(strip()).toHaveTextContent("Insert a YubiKey"));
  });

  it("says what it needs, and is absent outside the demo", async () => {
    await open();
    expect(screen.queryByRole("group", { name: /Virtual YubiKey/ })).toBeNull();
    station.tell({
      demo_key: demoKey({
        problem: failure("vpcd", "vpcd is not installed", "apt-get install it"),
      }),
    });
    expect(await screen.findByText("vpcd is not installed")).toBeVisible();
    expect(screen.getByText("apt-get install it")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Insert" })).toBeNull();
    await expectAccessible();
  });

  it("says why it cannot be inserted", async () => {
    await open();
    station.tell({ demo_key: demoKey() });
    station.answer("demo_insert", () => {
      throw failure("vpcd", "The reader is taken", "Close the other demo");
    });
    await user.click(await screen.findByRole("button", { name: "Insert" }));
    expect(await screen.findByText("The reader is taken. Close the other demo")).toBeVisible();
  });
});

describe("a device", () => {
  it("is shown with its facts, attempts, slots and attestations", async () => {
    await openSheet(DEVICES.many);
    const shown = within(sheet());
    expect(shown.getByRole("heading", { name: "YubiKey 5C NFC" })).toBeVisible();
    expect(plain(sheet())).toMatch(/Serial 12345678 Firmware 5\.7\.4 Reader Yubico YubiKey/);
    const [c9, a9, d9, r1] = shown.getAllByRole("listitem").map(plain);
    expect(c9).toMatch(/^9c Digital Signature ECC P-256 asks for PIN and touch/);
    expect(c9).toMatch(/PIN once, touch always.*generated on the device.*CN=j.okafor until 2028/);
    expect(c9).toMatch(/ds-prod-2026-06 of j.okafor Attested: generated on YubiKey 12345678/);
    expect(a9).toMatch(/not in the keyring.*Attested by an unknown root: its chain ends at/);
    expect(d9).toMatch(/too short to sign here.*imported.*expired 2021-06-30.*Not attested/);
    expect(r1).toMatch(/^82 Retired 1 .*Attestation does not hold: the attestation is about/);
    // What is enrolled already, or cannot sign, is not enrolled.
    expect(shown.getAllByRole("button", { name: /^Enrol the key/ })).toHaveLength(2);
    await expectAccessible();
  });

  it("says what is virtual, and warns about factory settings", async () => {
    await openSheet(DEVICES.virtual);
    expect(within(sheet()).getByText(/virtual: simulated/)).toBeVisible();
    expect(
      within(sheet()).getByText(/The PIN is still the factory default \(123456\)/),
    ).toBeVisible();
    await expectAccessible();
  });

  it.each(["held", "other", "reading", "unreadable", "empty", "blocked", "lost"] as const)(
    "has a state of its own where it is %s",
    async (state) => {
      await openSheet(DEVICES[state]);
      const says = {
        held: /gpgconf --kill scdaemon/,
        other: /This card is not used/,
        reading: /Reading…/,
        unreadable: /Pull it out and insert it again/,
        empty: /Set up a YubiKey under Keys/,
        blocked: /The PIN is blocked.*which has 3 attempts left/s,
        lost: /PIN and PUK are blocked.*only a reset.*destroys every key/s,
      };
      expect(sheet()).toHaveTextContent(says[state]);
      const offers = state === "empty" || state === "blocked";
      expect(within(sheet()).queryAllByRole("button", { name: /PUK…$/ })).toHaveLength(
        offers ? 1 : 0,
      );
      await expectAccessible();
    },
  );

  it("is chosen among several", async () => {
    await openSheet(DEVICES.calm, DEVICES.virtual);
    const which = within(within(sheet()).getByRole("group", { name: "Which device" }));
    expect(which.getByRole("button", { pressed: true })).toHaveTextContent("YubiKey 12345678");
    await user.click(which.getByRole("button", { name: /99000001/ }));
    expect(within(sheet()).getByRole("heading", { name: "YubiKey 5" })).toBeVisible();
    await expectAccessible();
  });

  it("is opened by the keyboard from anywhere", async () => {
    await open(DEVICES.calm);
    await user.keyboard("gk");
    await user.keyboard("gd");
    expect(await screen.findByRole("dialog", { name: "Devices" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    within(strip()).getByRole("button").focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Devices" })).toBeVisible();
  });

  it("comes and goes while the sheet is open", async () => {
    await open();
    await user.keyboard("gd");
    expect(await within(sheet()).findByText("Insert a YubiKey or PIV card")).toBeVisible();
    await expectAccessible();
    fake.insert(DEVICES.calm);
    expect(await within(sheet()).findByRole("heading", { name: "YubiKey 5C NFC" })).toBeVisible();
    fake.show({ problem: NO_PCSCD, devices: [] });
    expect(await within(sheet()).findByText(NO_PCSCD.message)).toBeVisible();
    await user.click(within(sheet()).getByRole("button", { name: "Look again" }));
    expect(station.callsOf("devices_look_again")).toHaveLength(1);
  });

  it("without a serial cannot have its PIN changed, because it could be another device", async () => {
    await openSheet(yubikey({ serial: null }));
    expect(button("Change PIN…")).toBeDisabled();
    expect(within(sheet()).getByText(/The serial cannot be read/)).toBeVisible();
  });
});

describe("a PIV card that is not a YubiKey", () => {
  it("has a plain name, and nothing that the standard does not have", async () => {
    await openSheet(DEVICES.card);
    expect(plain(within(strip()).getByRole("button", { hidden: true }))).toBe(
      "PIV card 99aabbcc · slot 9c · 2 attempts left",
    );
    expect(within(sheet()).getByRole("heading", { name: "PIV card" })).toBeVisible();
    expect(sheet()).toHaveTextContent("c0ffee00-1122-4344-8566-778899aabbcc");
    expect(sheet()).toHaveTextContent("used by the standard for PIV cards alone");
    for (const absent of ["PUK…", "touch", "Firmware", "Serial", "Origin", "YubiKey"])
      expect(sheet()).not.toHaveTextContent(absent);
    expect(within(sheet()).queryByRole("button", { name: /Change/ })).toBeNull();
    await expectAccessible();
  });

  it("that nothing identifies says so, and its key can still be enrolled", async () => {
    await openSheet({ ...DEVICES.card, card_id: null, card: { reader: DEVICES.card.id } });
    expect(within(sheet()).getByText("not known")).toBeVisible();
    expect(button("Enrol the key of slot 9c")).toBeEnabled();
  });

  it("is enrolled by its identifier, as hardware on the person's word alone", async () => {
    await openSheet(DEVICES.card);
    await user.click(button("Enrol the key of slot 9c"));
    await screen.findByRole("dialog", { name: /Enrol PIV card 99aabbcc, slot 9c/ });
    await user.click(screen.getByRole("checkbox", { name: /Hardware holds this key/u }));
    await user.type(screen.getByLabelText("Owner"), "n.ito");
    await user.click(screen.getByRole("checkbox", { name: "Witness" }));
    await waitFor(() => expect(button("Enrol key")).toBeEnabled());
    await user.click(button("Enrol key"));
    await waitFor(() => expect(station.callsOf("device_enrol")).toHaveLength(1));
    expect(station.callsOf("device_enrol")).toMatchObject([
      { request: { card: DEVICES.card.card, slot: "9c", stated: true } },
    ]);
  });

  it("is there once, whatever a module shows of it too", async () => {
    await open(DEVICES.card);
    const same_as = english("PIV card 99aabbcc, slot 9c");
    const opensc = moduleOf({ tokens: [token({ keys: [tokenKey({ same_as })] })] });
    fake.show({ problem: null, devices: [DEVICES.card], modules: [opensc] });
    await tick();
    expect(within(strip()).getAllByRole("button")).toHaveLength(1);
    const other = token({ keys: [tokenKey({ same_as }), tokenKey({ id: "02" })] });
    fake.show({ problem: null, devices: [DEVICES.card], modules: [moduleOf({ tokens: [other] })] });
    await waitFor(() => expect(within(strip()).getAllByRole("button")).toHaveLength(2));
    await user.click(within(strip()).getAllByRole("button")[1] as HTMLElement);
    expect(within(sheet()).getByText(`The same key as ${same_as.text}.`)).toBeVisible();
    expect(within(sheet()).getAllByRole("button", { name: /^Enrol/ })).toHaveLength(1);
  });
});

describe("enrolling from a device", () => {
  it("is one step, with the attestation in view", async () => {
    await openSheet(DEVICES.many);
    await user.click(button("Enrol the key of slot 9a"));
    const form = await screen.findByRole("dialog", { name: /Enrol YubiKey 12345678, slot 9a/ });
    expect(within(form).getByText("Attested by an unknown root:")).toBeVisible();
    expect(within(form).getByText(/the key is enrolled as software/u)).toBeVisible();
    await expectAccessible();
    await user.click(within(form).getByRole("checkbox", { name: /Hardware holds this key/u }));
    expect(within(form).getByText(/on your word/u)).toBeVisible();
    const keyId = screen.getByLabelText<HTMLInputElement>("Key id").value;
    expect(keyId).toMatch(/^ds-prod-\d{4}-\d{2}$/);
    await waitFor(() => expect(button("Enrol key")).toBeEnabled());
    await user.click(button("Enrol key"));
    expect(screen.getByText("Enter the owner of the key.")).toBeVisible();
    expect(station.callsOf("device_enrol")).toEqual([]);
    await user.type(screen.getByLabelText("Owner"), "n.ito");
    await user.click(screen.getByRole("checkbox", { name: "Witness" }));
    await user.type(screen.getByLabelText("Counts until"), "2028-01-31");
    await waitFor(() => expect(button("Enrol key")).toBeEnabled());
    await user.click(button("Enrol key"));
    await waitFor(() => expect(form).not.toBeInTheDocument());
    expect(station.callsOf("device_enrol")).toEqual([
      {
        request: {
          card: { serial: 12345678 },
          slot: "9a",
          fingerprint: DEVICES.many.keys[1]?.fingerprint,
          key_id: keyId,
          owner: "n.ito",
          roles: ["witness"],
          valid_from: null,
          valid_until: "2028-01-31T00:00:00Z",
          stated: true,
        },
      },
    ]);
    await waitFor(() => expect(sheet()).toHaveTextContent(`${keyId} of n.ito`));
  });

  it("does not warn if the attestation holds", async () => {
    await openSheet(yubikey({ keys: [slot({ key_id: null, owner: null })] }));
    await user.click(button("Enrol the key of slot 9c"));
    await screen.findByRole("dialog", { name: /Enrol YubiKey/ });
    expect(screen.queryByRole("checkbox", { name: /Hardware holds this key/u })).toBeNull();
  });

  it("says why it was not enrolled, and keeps what was typed", async () => {
    await openSheet(DEVICES.many);
    await user.click(button("Enrol the key of slot 9a"));
    await screen.findByRole("dialog", { name: /Enrol YubiKey/ });
    await user.type(screen.getByLabelText("Owner"), "n.ito");
    await user.click(screen.getByRole("checkbox", { name: "Witness" }));
    fake.pull(DEVICES.many.id);
    await waitFor(() => expect(button("Enrol key")).toBeEnabled());
    await user.click(button("Enrol key"));
    expect(await screen.findByText("The YubiKey was pulled out")).toBeVisible();
    expect(screen.getByLabelText("Owner")).toHaveValue("n.ito");
  });
});

describe("PIN and PUK", () => {
  const calls = (command: string) =>
    station.callsOf(command).map((args) => Object.values(args).slice(0, 4));
  const type = async (label: string, secret: string) => {
    await user.clear(screen.getByLabelText(label));
    await user.type(screen.getByLabelText(label), secret);
  };

  /** Presses the last button of the topmost sheet. */
  const submit = () => {
    const top = screen.getAllByRole("dialog").at(-1) as HTMLElement;
    return user.click(within(top).getAllByRole("button").at(-1) as HTMLElement);
  };

  async function openPin(device: DeviceView, name: string) {
    await openSheet(device);
    await user.click(button(name));
    return screen.findByRole("dialog", { name: /of YubiKey 12345678/ });
  }

  it("is changed, and is not in the document afterwards", async () => {
    const form = await openPin(DEVICES.calm, "Change PIN…");
    expect(
      within(form).getByText("PIN: 3 attempts left. A wrong PIN costs one attempt."),
    ).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText("Current PIN")).toHaveFocus());
    await expectAccessible();
    await type("Current PIN", "123456");
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await submit();
    await waitFor(() => expect(form).not.toBeInTheDocument());
    expect(calls("pin_change")).toEqual([[12345678, "123456", "480219", false]]);
    expect(await screen.findByText(/YubiKey 12345678 has a new PIN/)).toBeVisible();
    expect(document.body.outerHTML).not.toMatch(/480219|123456[^7]/);
  });

  it("is checked against the rule before it is sent, including the current one", async () => {
    await openPin(DEVICES.calm, "Change PIN…");
    await user.click(button("Change PIN"));
    expect(screen.getByText("Type the PIN.")).toBeVisible();
    await type("Current PIN", "12345");
    await type("New PIN", "123456789");
    await type("New PIN again", "12345678");
    await user.click(button("Change PIN"));
    expect(screen.getAllByText("6 to 8 characters.")).toHaveLength(2);
    expect(screen.getByText("The two entries differ.")).toBeVisible();
    await expectAccessible();
    expect(calls("pin_change")).toEqual([]);
  });

  it("costs one attempt if it is wrong, and is not retried by itself", async () => {
    const form = await openPin(DEVICES.calm, "Change PIN…");
    await type("Current PIN", "999999");
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await user.click(button("Change PIN"));
    expect(await within(form).findByText("The PIN is wrong; 2 tries left")).toBeVisible();
    expect(within(form).getByText(/PIN: 2 attempts left/)).toBeVisible();
    for (const label of ["Current PIN", "New PIN", "New PIN again"])
      expect(screen.getByLabelText(label)).toHaveValue("");
    await waitFor(() => expect(screen.getByLabelText("Current PIN")).toHaveFocus());
    expect(calls("pin_change")).toHaveLength(1);
    await expectAccessible();
  });

  it("is asked for twice for the last attempt, and sent only if both entries are the same", async () => {
    await openPin(DEVICES.lastTry, "Change PIN…");
    expect(screen.getByText("1 attempt left", { selector: "[role=status] *" })).toBeVisible();
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await type("Current PIN", "123456");
    await submit();
    expect(calls("pin_change")).toEqual([]);
    await type("Current PIN again", "123455");
    await submit();
    expect(await screen.findByText(/The two entries differ. Nothing was sent/)).toBeVisible();
    expect(calls("pin_change")).toEqual([]);
    await type("Current PIN", "123456");
    await submit();
    await type("Current PIN again", "123456");
    await expectAccessible();
    await user.click(button("Use the last attempt"));
    await waitFor(() => expect(calls("pin_change")).toHaveLength(1));
    expect(calls("pin_change")).toEqual([[12345678, "123456", "480219", true]]);
  });

  it("is confirmed if the device has fewer attempts than was known", async () => {
    await openPin(DEVICES.calm, "Change PIN…");
    fake.change(12345678, { pin_tries: 1 });
    station.tell({ devices: { problem: null, devices: [DEVICES.calm], modules: [] } });
    station.answer("pin_change", () => {
      throw failure("last_try", "This is the last try of the PIN", "Confirm it");
    });
    await type("Current PIN", "123456");
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await submit();
    expect(await screen.findByText("This is the last try of the PIN")).toBeVisible();
    expect(screen.getByText(/Type it twice/)).toBeVisible();
  });

  it("leads to the PUK once it is blocked, and back to work", async () => {
    await openPin(DEVICES.lastTry, "Change PIN…");
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await type("Current PIN", "999999");
    await submit();
    await type("Current PIN again", "999999");
    await submit();
    const form = await screen.findByRole("dialog", { name: /^Change the PIN/ });
    await within(form).findByText("The PIN is blocked");
    expect(screen.queryByLabelText(/PIN/, { selector: "input" })).toBeNull();
    await expectAccessible();
    await user.click(within(form).getByRole("button", { name: "Unblock PIN…" }));
    const puk = await screen.findByLabelText("PUK");
    await waitFor(() => expect(puk).toHaveFocus());
    expect(screen.getByText("PUK: 3 attempts left. A wrong PUK costs one attempt.")).toBeVisible();
    await type("PUK", "12345678");
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await submit();
    await waitFor(() => expect(calls("pin_unblock")).toHaveLength(1));
    expect(calls("pin_unblock")).toEqual([[12345678, "12345678", "480219", false]]);
    await waitFor(() => expect(strip()).toHaveTextContent("3 attempts left"));
  });

  it("is unblocked first if it is blocked", async () => {
    await openPin(DEVICES.blocked, "Unblock PIN…");
    expect(screen.getByLabelText("PUK")).toBeVisible();
  });

  it("are lost if both are blocked, and the sheet says what a reset destroys", async () => {
    await openPin(yubikey({ pin_tries: 0, puk_tries: 1 }), "Unblock PIN…");
    expect(screen.getByText(/blocks it for good/)).toBeVisible();
    await type("New PIN", "480219");
    await type("New PIN again", "480219");
    await type("PUK", "99999999");
    await submit();
    await type("PUK again", "99999999");
    await submit();
    const form = await screen.findByRole("dialog", { name: /^Unblock/ });
    expect(await within(form).findByText("PIN and PUK are blocked")).toBeVisible();
    expect(within(form).getByText(/only a reset of its PIV application/)).toBeVisible();
    expect(within(form).queryByRole("button", { name: /Unblock/ })).toBeNull();
  });

  it("changes the PUK on request", async () => {
    await openPin(DEVICES.calm, "Change PUK…");
    await type("Current PUK", "12345678");
    await type("New PUK", "87654321");
    await type("New PUK again", "87654321");
    await submit();
    await waitFor(() => expect(calls("puk_change")).toHaveLength(1));
    expect(calls("puk_change")).toEqual([[12345678, "12345678", "87654321", false]]);
  });

  it("waits if the device is pulled out, and does not switch to another one", async () => {
    const form = await openPin(DEVICES.calm, "Change PIN…");
    await type("Current PIN", "123456");
    fake.show({ problem: null, devices: [yubikey({ id: "other", serial: 7 })] });
    expect(await within(form).findByText(/YubiKey 12345678 was pulled out/)).toBeVisible();
    expect(button("Change PIN")).toBeDisabled();
    await expectAccessible();
    fake.insert(DEVICES.calm);
    await waitFor(() => expect(button("Change PIN")).toBeEnabled());
  });

  it("closes only itself on Escape", async () => {
    const form = await openPin(DEVICES.calm, "Change PIN…");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(form).not.toBeInTheDocument());
    expect(sheet()).toBeVisible();
    await waitFor(() => expect(button("Change PIN…")).toHaveFocus());
  });
});

describe("a PIN", () => {
  it("has 6 to 8 characters, and no more bytes than the card accepts", () => {
    expect(misshapen("123456")).toBeNull();
    expect(misshapen("12345678")).toBeNull();
    for (const none of ["", "12345", "123456789", "cccccccccccbdefghijklnrtuv"])
      expect(misshapen(none)).toBe("6 to 8 characters.");
    expect(misshapen("äöüäöü")).toMatch(/counts as two/);
  });
});

describe("the device of a key", () => {
  const second = yubikey({
    id: "reader 2",
    serial: 99000002,
    keys: [slot(), slot({ slot: "9a" })],
  });
  const nameless = yubikey({ id: "reader 3", serial: null });
  const devices = [DEVICES.calm, second, nameless];

  it("is found by its serial and slot, or by its reader if it has no serial", () => {
    for (const device of devices)
      for (const key of device.keys) expect(deviceOf(devices, keyIn(device, key))).toBe(device);
    expect(keyIn(second, slot())).toEqual({
      holder: "piv",
      token: { serial: 99000002 },
      slot: 156,
    });
    expect(keyIn(nameless, slot())).toMatchObject({ token: { reader: "reader 3" } });
  });

  it("is none if it is not plugged in, does not hold the key, or holds no keys in slots", () => {
    expect(deviceOf([nameless], keyIn(second, slot()))).toBeNull();
    expect(deviceOf(devices, keyIn(nameless, slot({ slot: "9d" })))).toBeNull();
    expect(deviceOf(devices, { holder: "profile", name: "99000002" })).toBeNull();
    expect(deviceOf(devices, { holder: "pkcs11", uri: "pkcs11:serial=99000002" })).toBeNull();
    expect(deviceOf(devices, undefined)).toBeNull();
  });
});
