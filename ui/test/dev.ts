import { mount } from "svelte";

import App from "../src/App.svelte";
import "../src/kit/tokens.css";
import { clock } from "../src/kit/clock.svelte";
import { failure, FakeStation, fixtures, many, NOW } from "./station";
import { FakeCeremony } from "./station-ceremony";
import { demoKey, DEVICES, FakeDevices, NO_PCSCD, optionsOf } from "./station-devices";
import { withKeys } from "./station-keys";
import { withSettings } from "./station-settings";

// The window on a fake station, to be looked at in any browser: dev.html?runs=100000&theme=dark
// Devices by their names in station-devices.ts: dev.html?devices=calm,held or dev.html?nopcscd
const asked = new URLSearchParams(location.search);
const runs = asked.get("runs");
const station = new FakeStation(runs === null ? fixtures() : many(Number(runs)), {
  theme:
    asked.get("theme") === "dark" ? "dark" : asked.get("theme") === "light" ? "light" : "system",
  demo: asked.has("demo"),
  ...(asked.has("nowhere") ? { directory: null, presence: "none" as const } : {}),
  ...(asked.has("working")
    ? { progress: { doing: "judging" as const, done: 3412, total: 100_000 } }
    : {}),
  ...(asked.has("trouble")
    ? {
        presence: "gone" as const,
        stopped: true,
        troubles: [
          failure(
            "keyring",
            "The keyring /srv/keyring.json cannot be read: line 3 is not JSON.",
            "Put it right; until then no key counts.",
          ),
        ],
      }
    : {}),
  ...(asked.has("rewritten")
    ? {
        troubles: [
          failure(
            "log_truncated",
            "/srv/sealed_runs/transparency_log.ndjson: the log was truncated: it had 12 entries on 2026-11-24T09:00:00Z, and has 9.",
            "Find out who cut it and put the whole log back, or accept it as it is (countersign log accept).",
          ),
        ],
      }
    : {}),
}).install();
const ceremony = new FakeCeremony(station);
const plugged = (asked.get("devices") ?? "")
  .split(",")
  .flatMap((name) => (name in DEVICES ? [DEVICES[name as keyof typeof DEVICES]] : []));
const devices = new FakeDevices(station, plugged, ceremony);
ceremony.keys = [...optionsOf(plugged), ...ceremony.keys];
if (asked.has("nopcscd")) devices.show({ problem: NO_PCSCD, devices: [] });
if (asked.has("demo")) station.tell({ demo_key: demoKey() });
withKeys(station);
withSettings(station);
clock.now = NOW.getTime();
Object.assign(window, { station, ceremony, devices, DEVICES });

const target = document.getElementById("app");
if (target) mount(App, { target });

const keys = asked.get("keys");
if (keys !== null) {
  setTimeout(() => {
    for (const key of keys.split(",")) {
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
      );
    }
  }, 500);
}
const press = asked.get("press");
if (press !== null) {
  setTimeout(() => {
    for (const selector of press.split(";")) {
      const pressed = document.querySelector<HTMLElement>(selector);
      pressed?.dispatchEvent(
        new PointerEvent("pointerdown", { bubbles: true, button: 0, pointerType: "mouse" }),
      );
      pressed?.click();
    }
  }, 900);
}
const scroll = asked.get("scroll");
if (scroll !== null) {
  setTimeout(() => {
    document.querySelector(asked.get("in") ?? ".scroller")?.scrollTo({ top: Number(scroll) });
  }, 1000);
}
