import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import type { DeviceView, KeyOption } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { failure, FakeStation, fixtures, UNKNOWN_ROOT } from "./station";
import { FakeAct, KEYS } from "./station-act";
import {
  demoKey,
  DEVICES,
  FakeDevices,
  NO_PCSCD,
  optionsOf,
  slot,
  yubikey,
} from "./station-devices";

let station: FakeStation;
let fake: FakeAct;
let devices: FakeDevices;
const user = userEvent.setup();

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(fixtures().slice(0, 1)).install();
  fake = new FakeAct(station);
});

afterEach(async () => {
  vi.useRealTimers();
  cleanup();
  await tick();
  station.remove();
});

const heading = (name: string | RegExp) => screen.findByRole("heading", { level: 3, name });
const dialog = () => screen.getAllByRole("dialog")[0] as HTMLElement;
/** A sheet may be over another one. */
const top = () => screen.getAllByRole("dialog").at(-1) as HTMLElement;
const button = (name: string | RegExp) => within(dialog()).getByRole("button", { name });
const key = (name: RegExp) => screen.getByRole("radio", { name });
const pin = () => screen.findByLabelText<HTMLInputElement>(/^PIN/, { selector: "input" });

/** The choice of key, in the whole window, with some devices plugged in. */
async function toChoice(plugged: DeviceView[], others: KeyOption[] = KEYS) {
  devices = new FakeDevices(station, plugged, fake);
  fake.keys = [...optionsOf(plugged), ...others];
  render(App);
  await user.click(await screen.findByText("Retire the legacy claims engine"));
  await user.click(await screen.findByRole("button", { name: /^Co-sign as witness…/ }));
  await heading("Read what you sign");
  await user.click(button("I have read this"));
  await heading("Choose key, name and role");
}

async function toPin(device: DeviceView = DEVICES.calm) {
  await toChoice([device]);
  await user.click(key(/· slot 9c/));
  await user.click(screen.getByRole("radio", { name: "Witness" }));
  await user.click(button("Enter the PIN…"));
  await heading(/^The PIN of YubiKey 12345678, slot 9c/);
}

async function toTouch(device: DeviceView = DEVICES.calm) {
  fake.signs = 0;
  fake.passphrase = "123456";
  await toPin(device);
  // A station answers once all is signed: until then it tells.
  station.answer("act_secret", () => new Promise(() => {}));
  await user.type(await pin(), "123456{Enter}");
  await fake.tell(fake.touch());
  await heading("Touch your YubiKey now");
}

describe("choosing a device's key", () => {
  it("says what it will ask, its attempts, its attestation and its warnings", async () => {
    await toChoice([DEVICES.virtual]);
    const says = key(/YubiKey 99000001 · slot 9c/).closest("label");
    expect(says).toHaveTextContent(/Hardware key ds-prod-2026-06 of j.okafor, asks for PIN and to/);
    expect(says).toHaveTextContent(/virtual PIN: 3 attempts left/);
    expect(says).toHaveTextContent(/Attested: generated on YubiKey 99000001/);
    expect(says).toHaveTextContent(/The PIN is still the factory default/);
    await expectAccessible(top());
  });

  it("says where to enrol a key that is not in the keyring", async () => {
    await toChoice([DEVICES.many], []);
    expect(key(/· slot 9a/)).toBeDisabled();
    expect(key(/· slot 9a/).closest("label")).toHaveTextContent(/Enrol it under Keys first/);
    // The one that can sign needs no choosing.
    expect(key(/· slot 9c/)).toBeChecked();
    await expectAccessible(top());
  });

  it("shows a key as soon as it is plugged in, and chooses it if it is the only one", async () => {
    await toChoice([], []);
    expect(screen.getByText("Insert your YubiKey or PIV card; it appears here.")).toBeVisible();
    await expectAccessible(top());
    await fake.tell({ keys: optionsOf([DEVICES.calm]) });
    await waitFor(() => expect(key(/YubiKey 12345678 · slot 9c/)).toBeChecked());
    expect(screen.queryByText("Insert your YubiKey or PIV card; it appears here.")).toBeNull();
    expect(screen.getByText("Plugged in: YubiKey 12345678 · slot 9c.")).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Witness" }));
    expect(button("Enter the PIN…")).toBeEnabled();
  });

  it("keeps the choice when another key arrives, and waits for one that was removed", async () => {
    await toChoice([DEVICES.calm]);
    await user.click(key(/· slot 9c/));
    await user.click(screen.getByRole("radio", { name: "Auditor" }));
    await fake.tell({ keys: [...optionsOf([DEVICES.virtual, DEVICES.calm]), ...KEYS] });
    expect(await screen.findByRole("radio", { name: /99000001/ })).not.toBeChecked();
    expect(key(/12345678/)).toBeChecked();
    await fake.tell({ keys: KEYS });
    await waitFor(() => expect(button("Co-sign DEC-014")).toBeDisabled());
    await fake.tell({ keys: [...optionsOf([DEVICES.calm]), ...KEYS] });
    await waitFor(() => expect(button("Enter the PIN…")).toBeEnabled());
  });

  it("says that it was pulled out, and continues from there", async () => {
    await toPin();
    await fake.tell({
      stage: "choosing",
      now: null,
      keys: KEYS,
      notices: [english("YubiKey 12345678 was pulled out; nothing was signed.")],
    });
    await heading("Choose key, name and role");
    expect(screen.getByText(/was pulled out; nothing was signed/)).toBeVisible();
    expect(screen.getByText("Insert your YubiKey or PIV card; it appears here.")).toBeVisible();
    await expectAccessible(top());
  });

  it("says how to start pcscd if no device can be seen", async () => {
    await toChoice([]);
    devices.show({ problem: NO_PCSCD, devices: [] });
    expect(await within(dialog()).findByText(/sudo systemctl start pcscd.socket/)).toBeVisible();
    await user.click(button("Look again"));
    expect(station.callsOf("devices_look_again")).toHaveLength(1);
  });

  it("offers to insert the demo's virtual YubiKey", async () => {
    station.view = { ...station.view, demo_key: demoKey() };
    await toChoice([]);
    await user.click(button("Insert the virtual YubiKey"));
    expect(await screen.findByRole("radio", { name: /99000001 · slot 9c.*virtual/ })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Insert the virtual YubiKey" })).toBeNull();
  });
});

describe("the PIN", () => {
  it("is asked for by device and slot, with its rule and its attempts", async () => {
    await toPin();
    const field = await pin();
    await waitFor(() => expect(field).toHaveFocus());
    expect(within(dialog()).getByText("3 attempts left")).toBeVisible();
    expect(field).toHaveAccessibleDescription(/6 to 8 characters\. Used once/);
    await expectAccessible(top());
    fake.passphrase = "123456";
    await user.type(field, "123456{Enter}");
    await heading(/^Written/);
    expect(station.callsOf("act_secret")).toEqual([{ secret: "123456", lastTryConfirmed: false }]);
  });

  it("is confirmed for the last attempt", async () => {
    await toPin(DEVICES.lastTry);
    await user.type(await pin(), "123456{Enter}");
    expect(station.callsOf("act_secret")).toEqual([]);
    await user.type(await screen.findByLabelText("PIN again"), "123456{Enter}");
    await waitFor(() =>
      expect(station.callsOf("act_secret")).toEqual([{ secret: "123456", lastTryConfirmed: true }]),
    );
  });

  it("is confirmed if the station reports that it is the last attempt", async () => {
    await toPin();
    station.answer("act_secret", () => {
      throw failure("last_try", "Only one try is left", "Confirm the PIN");
    });
    await user.type(await pin(), "123456{Enter}");
    expect(await screen.findByText("Only one try is left")).toBeVisible();
    await user.type(await pin(), "123456{Enter}");
    expect(await screen.findByLabelText("PIN again")).toBeVisible();
    await user.type(screen.getByLabelText("PIN again"), "123456{Enter}");
    await waitFor(() => expect(station.callsOf("act_secret")).toHaveLength(2));
    expect(station.callsOf("act_secret")[1]).toEqual({
      secret: "123456",
      lastTryConfirmed: true,
    });
  });

  it("is unblocked with the PUK where it is asked for, and asked for again", async () => {
    await toPin(DEVICES.blocked);
    expect(within(dialog()).getByText("The PIN is blocked")).toBeVisible();
    expect(screen.queryByLabelText(/^PIN/, { selector: "input" })).toBeNull();
    expect(within(dialog()).queryByRole("button", { name: /sign DEC/i })).toBeNull();
    await waitFor(() => expect(screen.getByRole("heading", { name: /^The PIN/ })).toHaveFocus());
    await expectAccessible(top());
    await user.click(button("Unblock PIN…"));
    await user.type(await screen.findByLabelText("PUK"), "12345678");
    await user.type(screen.getByLabelText("New PIN"), "480219");
    await user.type(screen.getByLabelText("New PIN again"), "480219");
    await expectAccessible(top());
    fake.triesLeft = 3;
    await user.click(screen.getByRole("button", { name: "Unblock PIN" }));
    await waitFor(() => expect(within(dialog()).getByText("3 attempts left")).toBeVisible());
    await waitFor(async () => expect(await pin()).toHaveFocus());
    expect(station.callsOf("act_choose")).toHaveLength(2);
  });

  it("is lost with the PUK, and the sheet says so", async () => {
    await toPin(DEVICES.lost);
    expect(within(dialog()).getByText("PIN and PUK are blocked")).toBeVisible();
    expect(within(dialog()).queryByRole("button", { name: /Unblock/ })).toBeNull();
    await expectAccessible(top());
  });
});

describe("the touch", () => {
  it("is asked for with the time left and its number", async () => {
    await toTouch();
    expect(within(dialog()).getByText("YubiKey 12345678 · slot 9c")).toBeVisible();
    expect(within(dialog()).getByText("Touch 1 of 3 (sealed run)")).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent("15 s left");
    await expectAccessible(top());
    await fake.tell(fake.touch(2, 3));
    expect(await screen.findByText("Touch 2 of 3 (manifest)")).toBeVisible();
    await fake.tell(fake.touch(1, 1));
    expect(await screen.findByText("It blinks until you touch it.")).toBeVisible();
  });

  it("counts down, and starts again with each touch", async () => {
    await toTouch();
    vi.useFakeTimers();
    await fake.tell(fake.touch(2, 3));
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.getByRole("timer")).toHaveTextContent("11 s left");
    await fake.tell(fake.touch(1, 2));
    await vi.advanceTimersByTimeAsync(300);
    expect(screen.getByRole("timer")).toHaveTextContent("15 s left");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(screen.getByRole("timer")).toHaveTextContent("0 s left");
  });

  it("has a button for the demo's YubiKey while the station waits", async () => {
    station.view = { ...station.view, demo_key: demoKey({ inserted: true }) };
    await toTouch({ ...DEVICES.calm, virtual_card: true });
    await user.click(button("Touch the virtual YubiKey"));
    expect(station.callsOf("demo_touch")).toHaveLength(1);
    await expectAccessible(top());
  });

  it("has no button for a real YubiKey", async () => {
    station.view = { ...station.view, demo_key: demoKey({ inserted: true }) };
    await toTouch();
    expect(screen.queryByRole("button", { name: "Touch the virtual YubiKey" })).toBeNull();
  });

  it("that does not happen can be tried again or cancelled", async () => {
    await toPin();
    const missed = fake.during({
      state: "touch_missed",
      problem: english("No touch came. Nothing was signed"),
    });
    station.answer("act_secret", () => fake.set(missed));
    await user.type(await pin(), "123456{Enter}");
    const title = await heading("Not touched in time");
    await waitFor(() => expect(title).toHaveFocus());
    expect(screen.getByText("No touch came. Nothing was signed")).toBeVisible();
    await expectAccessible(top());
    await user.click(button("Try again"));
    await heading("Touch your YubiKey now");
    expect(station.callsOf("act_touch_again")).toHaveLength(1);
    await fake.tell(missed);
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("act_close")).toHaveLength(1);
  });

  it("can be cancelled while the station waits for it", async () => {
    await toTouch();
    await user.click(button("Cancel"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(station.callsOf("act_close")).toHaveLength(1);
  });
});

describe("the end", () => {
  it("says L6, its assurance and what the key attests", async () => {
    await toTouch();
    await fake.tell(fake.done({ level_before: 5, level: 6, assurance: "attested" }));
    await heading("Written. L6");
    expect(within(dialog()).getByText(/attested/, { selector: ".assurance" })).toBeVisible();
    expect(within(dialog()).getByText(/generated on YubiKey 12345678/)).toBeVisible();
    await expectAccessible(top());
  });

  it("says why the assurance fell back", async () => {
    await toTouch(yubikey({ keys: [slot({ attestation: UNKNOWN_ROOT })] }));
    await fake.tell(fake.done({ level: 6, assurance: "pinned" }));
    await heading("Written. L6");
    expect(within(dialog()).getByText("Pinned by the keyring")).toBeVisible();
    expect(within(dialog()).getByText("Attested by an unknown root:")).toBeVisible();
  });

  it("says the state of the card after a refusal", async () => {
    await toTouch();
    await fake.tell(
      fake.fail(
        failure("card", "It answers nothing for 30 s", "Nothing was written; no try is lost"),
      ),
    );
    await heading("Not signed");
    expect(screen.getByText("Nothing was written; no try is lost")).toBeVisible();
  });
});
