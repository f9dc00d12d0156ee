import { mount } from "svelte";

import App from "../src/App.svelte";
import "../src/kit/tokens.css";
import { clock } from "../src/kit/clock.svelte";
import { failure, FakeStation, fixtures, many, NOW } from "./station";
import { FakeAct } from "./station-act";
import { withCarry } from "./station-carry";
import { demoKey, DEVICES, FakeDevices, MODULES, NO_PCSCD, optionsOf } from "./station-devices";
import { withHistory, years } from "./station-history";
import { withKeys } from "./station-keys";
import { NO_COPIES, withMerge } from "./station-merge";
import { ALTERED, PACKED, reviewOf, withReview } from "./station-review";
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
        log_alarms: [
          {
            id: "log",
            kind: "log" as const,
            problem: failure(
              "log_truncated",
              "/srv/sealed_runs/transparency_log.ndjson: the log was truncated: it had 12 entries on 2026-11-24T09:00:00Z, and has 9.",
              "Find out who cut it and restore the whole log, or accept it as it is.",
            ),
            acceptable: true,
          },
        ],
      }
    : {}),
}).install();
const act = new FakeAct(station);
const plugged = (asked.get("devices") ?? "")
  .split(",")
  .flatMap((name) => (name in DEVICES ? [DEVICES[name as keyof typeof DEVICES]] : []));
const devices = new FakeDevices(station, plugged, act);
act.keys = [...optionsOf(plugged), ...act.keys];
// Modules by their names there: dev.html?modules=soft,broken
const modules = (asked.get("modules") ?? "")
  .split(",")
  .flatMap((name) => (name in MODULES ? [MODULES[name as keyof typeof MODULES]] : []));
devices.show({ problem: null, devices: plugged, modules });
if (asked.has("nopcscd")) devices.show({ problem: NO_PCSCD, devices: [] });
if (asked.has("demo")) station.tell({ demo_key: demoKey() });
// Signatures of years: dev.html?signatures=100000&keys=g,h
const signatures = asked.get("signatures");
withHistory(station, signatures === null ? undefined : years(Number(signatures)));
withKeys(station);
withMerge(station, asked.has("nocopies") ? NO_COPIES : undefined);
withReview(station);
withCarry(station);
if (asked.has("copies")) station.tell({ conflict_copies: 2 });
const reviewed = asked.get("review");
if (reviewed !== null) {
  station.tell({
    directory: reviewed,
    review: reviewOf(
      reviewed,
      asked.has("faults") ? ALTERED : reviewed.endsWith(".zip") ? PACKED : {},
    ),
  });
}
withSettings(station);
clock.now = NOW.getTime();
Object.assign(window, { station, act, devices, DEVICES });

const target = document.getElementById("app");
if (target) mount(App, { target });

// Keys and presses follow each other as a quick person's would: what comes of one is there by the next.
let next = 500;
function then(act: () => void) {
  setTimeout(act, next);
  next += 100;
}
for (const chord of asked.get("keys")?.split(",") ?? []) {
  const key = chord.replace("Ctrl+", "");
  const ctrlKey = key !== chord;
  then(() =>
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }),
    ),
  );
}
for (const selector of asked.get("press")?.split(";") ?? []) {
  then(() => {
    const pressed = document.querySelector<HTMLElement>(selector);
    pressed?.dispatchEvent(
      new PointerEvent("pointerdown", { bubbles: true, button: 0, pointerType: "mouse" }),
    );
    pressed?.click();
  });
}
const scroll = asked.get("scroll");
if (scroll !== null) {
  setTimeout(() => {
    document.querySelector(asked.get("in") ?? ".scroller")?.scrollTo({ top: Number(scroll) });
  }, 1000);
}
