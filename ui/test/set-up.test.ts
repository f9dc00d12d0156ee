import { emit } from "@tauri-apps/api/event";
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type {
  DeviceView,
  SetUpView,
  SetupPlanView,
  YubikeySecrets,
  YubikeySetupRequest,
} from "../src/ipc/bindings";
import Keys from "../src/keys/Keys.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { ATTESTED, failure, FakeStation, hex } from "./station";
import { DEVICES, yubikey } from "./station-devices";
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

const HOLDS = english(`the ECC P-256 key ${hex(701)}, ds-old of j.okafor in the keyring`);

function planOf(change: Partial<SetupPlanView> = {}): SetupPlanView {
  return {
    serial: 12345678,
    called: english("YubiKey 12345678"),
    firmware: "5.7.4",
    slot: "9c",
    key: {
      kind: english("ECC P-256"),
      pin_policy: english("always"),
      touch_policy: english("always"),
      stated: null,
      counts_from: null,
      counts_until: null,
    },
    certificate: {
      subject: "CN=w.witness",
      valid_from: "2026-12-01T09:30:00Z",
      valid_until: null,
    },
    in_slot: null,
    unfinished: false,
    changes: [
      { change: "pin", words: english("replace the factory PIN by yours") },
      { change: "puk", words: english("replace the factory PUK by yours") },
      { change: "key", words: english("generate a key in slot 9c: ECC P-256") },
      { change: "certificate", words: english("store a certificate of w.witness in slot 9c") },
    ],
    keeps: [],
    warnings: [],
    must_state: [],
    asks: { new_pin: true, new_puk: true, management_key: false },
    last_attempt: null,
    attempts: { pin: 3, puk: 3 },
    problem: null,
    ...change,
  };
}

function doneOf(change: Partial<SetUpView> = {}): SetUpView {
  return {
    serial: 12345678,
    slot: "9c",
    changed: ["pin", "puk", "key", "certificate"],
    key: {
      key_id: "ds-new",
      owner: "w.witness",
      kind: "hardware",
      public_key: "",
      fingerprint: hex(702),
      attestation: ATTESTED,
      look_alikes: [],
    },
    attempts: { pin: 3, puk: 3 },
    attempts_after: { pin: 3, puk: 3 },
    problem: null,
    ...change,
  };
}

/** Answers each plan by what is asked for, and keeps what was asked. */
function answerPlans(plan: (request: YubikeySetupRequest) => SetupPlanView) {
  const requests: YubikeySetupRequest[] = [];
  station.answer("yubikey_plan", ({ request }: { request: YubikeySetupRequest }) => {
    requests.push(request);
    return { id: requests.length, plan: plan(request) };
  });
  return requests;
}

async function open(devices: DeviceView[] = [yubikey()]) {
  withKeys(station, keyring());
  const { container } = render(Keys, { devices });
  await screen.findByText(keyring().path);
  return container;
}

const dialog = () => screen.getByRole("dialog");
const field = (name: string) => within(dialog()).getByLabelText(name);
/** Presses a button once what it confirms is on screen. */
async function press(name: string) {
  await waitFor(() => expect(within(dialog()).getByRole("button", { name })).toBeEnabled());
  await user.click(within(dialog()).getByRole("button", { name }));
}

async function chooseKey() {
  await user.click(screen.getByRole("button", { name: "Set up a YubiKey…" }));
  await user.type(field("Owner"), "w.witness");
  await user.click(within(dialog()).getByRole("checkbox", { name: "Witness" }));
  await press("Continue");
}

async function typeSecrets(pin = "90210734", puk = "55667712") {
  await user.type(field("New PIN"), pin);
  await user.type(field("New PIN again"), pin);
  await user.type(field("New PUK"), puk);
  await user.type(field("New PUK again"), puk);
  await press("Continue");
}

describe("setting up a YubiKey", () => {
  it("goes from the choice over secrets and overview to the attested key", async () => {
    const requests = answerPlans(() => planOf());
    let release: ((view: SetUpView) => void) | undefined;
    const given: YubikeySecrets[] = [];
    station.answer("yubikey_set_up", ({ secrets }: { secrets: YubikeySecrets }) => {
      given.push(secrets);
      return new Promise((resolve) => (release = resolve));
    });
    const container = await open();
    await chooseKey();
    expect(requests[0]).toMatchObject({
      serial: 12345678,
      slot: "9c",
      algorithm: "ecdsa-p256",
      pin_policy: "always",
      touch_policy: "always",
      owner: "w.witness",
      roles: ["witness"],
      slot_use: "empty",
    });
    await waitFor(() => expect(within(dialog()).getByRole("heading", { level: 3 })).toHaveFocus());
    await expectAccessible(container);
    await typeSecrets();
    expect(within(dialog()).getByText("Replace the factory PIN by yours")).toBeVisible();
    const made = within(dialog()).getByRole("region", { name: "The key that will be there" });
    for (const said of ["9c, for signatures", "ECC P-256", "CN=w.witness", "always"])
      expect(made).toHaveTextContent(said);
    expect(made).toHaveTextContent("from 2026-12-01, without end");
    await expectAccessible(container);
    await press("Set up YubiKey 12345678");
    expect(given).toEqual([{ pin: "90210734", puk: "55667712", management_key: null }]);
    await emit("yubikey-setup-progress", {
      done: ["pin", "puk"],
      doing: "key",
      touch_seconds: null,
    });
    await waitFor(() => expect(within(dialog()).getAllByText("done")).toHaveLength(2));
    await emit("yubikey-setup-progress", {
      done: ["pin", "puk", "key"],
      doing: null,
      touch_seconds: 15,
    });
    expect(await within(dialog()).findByRole("timer")).toHaveTextContent("15 s left");
    await expectAccessible(container);
    release?.(doneOf());
    expect(
      await within(dialog()).findByRole("heading", { name: "YubiKey 12345678 is set up" }),
    ).toHaveFocus();
    expect(within(dialog()).getByText(/ds-new of w.witness, hardware/u)).toBeVisible();
    expect(dialog()).toHaveTextContent(/attested/iu);
    await expectAccessible(container);
  });

  it("takes the kind of key, the days of key and certificate, and the person's word", async () => {
    const requests = answerPlans(() => planOf());
    await open();
    await user.click(screen.getByRole("button", { name: "Set up a YubiKey…" }));
    await user.type(field("Owner"), "w.witness");
    await user.click(within(dialog()).getByRole("checkbox", { name: "Witness" }));
    await user.selectOptions(field("Kind of key"), "Ed25519");
    await user.type(field("Counts from"), "2026-12-01");
    await user.type(field("Counts until"), "2026-12-01");
    await user.click(within(dialog()).getByRole("checkbox", { name: /Hardware holds this key/u }));
    await press("Continue");
    expect(within(dialog()).getByText(/before the day from which the key counts/u)).toBeVisible();
    expect(requests).toEqual([]);
    await user.clear(field("Counts until"));
    await user.type(field("Counts until"), "2027-12-01");
    await expectAccessible(dialog());
    await press("Continue");
    expect(requests[0]).toMatchObject({
      algorithm: "ed25519",
      valid_from: "2026-12-01T00:00:00Z",
      valid_until: "2027-12-01T00:00:00Z",
      stated: true,
    });
  });

  it("asks what the firmware does not say, and overwrites only what is typed", async () => {
    const occupied = failure("occupied", "slot 9c holds something", "choose another");
    const unsaid = failure("not_stated", "Firmware 5.2.7 does not say", "state it");
    const requests = answerPlans((request) =>
      request.factory_pin === null
        ? planOf({ must_state: ["PIN"], in_slot: HOLDS, problem: unsaid })
        : planOf({
            in_slot: HOLDS,
            problem: request.slot_use === "replace" ? null : occupied,
            asks: { new_pin: request.factory_pin, new_puk: false, management_key: false },
          }),
    );
    await open();
    await chooseKey();
    await user.click(await within(dialog()).findByLabelText(/No, it was changed/u));
    await user.click(within(dialog()).getByLabelText(/Overwrite it/u));
    await user.type(field("Type 9c to overwrite what is in it"), "9a");
    await press("Continue");
    expect(requests.at(-1)).toMatchObject({ factory_pin: false, slot_use: "empty" });
    expect(within(dialog()).getByText(/ds-old of j.okafor/u)).toBeVisible();
    await user.clear(field("Type 9c to overwrite what is in it"));
    await user.type(field("Type 9c to overwrite what is in it"), "9c");
    await press("Continue");
    expect(requests.at(-1)).toMatchObject({ slot_use: "replace" });
    await user.type(await within(dialog()).findByLabelText("PIN"), "90210734");
    await press("Continue");
    expect(within(dialog()).getByText(/ds-old of j.okafor/u)).toBeVisible();
    const overwrite = "Overwrite 9c and set up YubiKey 12345678";
    await waitFor(() =>
      expect(within(dialog()).getByRole("button", { name: overwrite })).toBeEnabled(),
    );
  });

  it("keeps weak secrets from the card, and says what was done when it stops", async () => {
    answerPlans(() => planOf());
    const answers = [
      () => {
        throw failure("weak", "This PIN is among those that are tried first", "choose another");
      },
      () =>
        doneOf({
          changed: ["pin"],
          key: null,
          problem: failure("setup", "YubiKey 12345678 was pulled out", "insert it"),
        }),
    ];
    station.answer("yubikey_set_up", () => answers.shift()?.());
    await open();
    await chooseKey();
    await typeSecrets("111111");
    await press("Set up YubiKey 12345678");
    expect(await within(dialog()).findByText(/tried first/u)).toBeVisible();
    // They are typed again, and nothing of them is left in the document.
    expect(field("New PIN")).toHaveValue("");
    await typeSecrets();
    await press("Set up YubiKey 12345678");
    expect(await within(dialog()).findByText("YubiKey 12345678 was pulled out")).toBeVisible();
    expect(within(dialog()).getByText("The PIN was set")).toBeVisible();
    await press("Continue the set-up");
    expect(field("Owner")).toHaveValue("w.witness");
  });

  it("continues with a key that was made to sign without a touch, once that is confirmed", async () => {
    const requests = answerPlans(({ slot_use, no_touch }) =>
      slot_use === "finish"
        ? planOf({
            in_slot: HOLDS,
            unfinished: true,
            problem: no_touch ? null : failure("no_touch", "It never asks for a touch."),
          })
        : planOf({ in_slot: HOLDS, unfinished: true, problem: failure("unfinished", "In use.") }),
    );
    await open();
    await chooseKey();
    await user.click(await screen.findByRole("radio", { name: /Continue with this key/ }));
    await press("Continue");
    await user.click(await screen.findByLabelText(/The key may sign without a touch/));
    await press("Continue");
    await typeSecrets();
    expect(requests.at(-1)).toMatchObject({ slot_use: "finish", no_touch: true });
    expect(screen.queryByText(/is touched once/)).toBeNull();
  });

  it("needs a YubiKey that tells its serial", async () => {
    await open([yubikey({ serial: null }), DEVICES.card]);
    const start = screen.getByRole("button", { name: "Set up a YubiKey…" });
    expect(start).toBeDisabled();
    expect(start).toHaveAttribute("title", "No YubiKey with a readable serial is plugged in");
  });
});
