import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import App from "../src/App.svelte";
import { expectAccessible } from "./axe";
import { FakeStation } from "./station";
import { DEVICES, FakeDevices, MODULES } from "./station-devices";
import { withKeys } from "./station-keys";
import { withSettings } from "./station-settings";

let station: FakeStation;

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation([]).install();
  withKeys(station);
  withSettings(station);
});

afterEach(async () => {
  cleanup();
  await tick();
  station.remove();
});

describe("PKCS#11 tokens", () => {
  function plug(...modules: (typeof MODULES)[keyof typeof MODULES][]) {
    const devices = new FakeDevices(station, [DEVICES.calm]);
    devices.show({ problem: null, devices: [DEVICES.calm], modules });
    render(App);
  }

  it("are in the strip, with what cannot be used and why", async () => {
    plug(MODULES.soft, MODULES.broken);
    const strip = await screen.findByRole("region", { name: "Devices and signers" });
    expect(await within(strip).findByText("witness")).toBeVisible();
    expect(within(strip).getByText(/libykpiv\.so\.2/u)).toBeVisible();
  });

  it("show their keys, what holds them and why, and enrol them", async () => {
    plug(MODULES.soft);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: /witness/u }));
    const sheet = await screen.findByRole("dialog", { name: "Devices" });
    expect(within(sheet).getByText(/CKF_HW_SLOT is not set/u)).toBeVisible();
    await expectAccessible(sheet);
    await user.click(within(sheet).getByRole("button", { name: "Enrol signing" }));
    const enrol = await screen.findByRole("dialog", { name: "Enrol witness, signing" });
    expect(within(enrol).queryByLabelText("PIN")).toBeNull();
    await user.type(within(enrol).getByLabelText("Owner"), "j.okafor");
    await user.click(within(enrol).getByRole("checkbox", { name: /witness/iu }));
    const act = within(enrol).getByRole("button", { name: "Enrol key" });
    await waitFor(() => expect(act).toBeEnabled());
    await user.click(act);
    await waitFor(() => expect(station.callsOf("token_enrol")).toHaveLength(1));
    expect(station.callsOf("token_enrol")[0]).toMatchObject({
      request: { owner: "j.okafor", pin: null },
    });
    expect(await within(sheet).findByText("j.okafor")).toBeVisible();
  });

  it("ask for the PIN if only that shows what holds the key", async () => {
    plug(MODULES.tpm);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: /tpm/u }));
    await user.click(await screen.findByRole("button", { name: "Enrol id 02" }));
    const enrol = await screen.findByRole("dialog", { name: "Enrol tpm, id 02" });
    await user.type(within(enrol).getByLabelText("PIN"), "1234");
    await user.type(within(enrol).getByLabelText("Owner"), "j.okafor");
    await user.click(within(enrol).getByRole("checkbox", { name: /witness/iu }));
    const act = within(enrol).getByRole("button", { name: "Enrol key" });
    await waitFor(() => expect(act).toBeEnabled());
    await user.click(act);
    await waitFor(() => expect(station.callsOf("token_enrol")).toHaveLength(1));
    expect(station.callsOf("token_enrol")[0]).toMatchObject({ request: { pin: "1234" } });
  });
});

describe("PKCS#11 modules in the settings", () => {
  it("are found, chosen, and say why they cannot be used", async () => {
    new FakeDevices(station);
    render(App);
    const user = userEvent.setup();
    await user.keyboard("gs");
    await user.click(await screen.findByRole("button", { name: "PKCS#11 modules" }));
    const used = await screen.findByRole("list", { name: "Modules in use" });
    expect(within(used).getByText(/1 token: witness/u)).toBeVisible();
    expect(within(used).getByText(/libykpiv\.so\.2/u)).toBeVisible();
    await user.click(screen.getByRole("button", { name: /^Use .*opensc/u }));
    station.answer("module_sha256", () => "ab".repeat(32));
    const [soft] = within(used).getAllByRole("listitem");
    if (!soft) throw new Error("no module is in use");
    await user.click(within(soft).getByRole("checkbox", { name: /Trust its statements about/u }));
    await waitFor(() => expect(station.callsOf("settings_save")).toHaveLength(2));
    const [, saved] = station.callsOf("settings_save") as {
      settings: { pkcs11_modules: string[]; pkcs11_module_options: unknown[] };
    }[];
    expect(saved?.settings.pkcs11_module_options).toEqual([
      {
        path: "/usr/lib/softhsm/libsofthsm2.so",
        sha256: "ab".repeat(32),
        variables: [],
        init: null,
      },
    ]);
    expect(saved?.settings.pkcs11_modules).toContain(
      "/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so",
    );
  });
});
