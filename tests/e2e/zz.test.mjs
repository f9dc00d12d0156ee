import { test } from "node:test";
import { demo, open } from "/work/main/tests/e2e/station.mjs";
test("look", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.see("signed by the key", { within: "[aria-label=Envelope]" }).catch(() => {});
  await station.shot("l1");
  await station.click("button", "Filter");
  await station.shot("l2");
  await station.press("Escape");
  await station.click("button", "All");
  await station.click("button", "What the marks mean");
  await station.shot("l3");
  await station.press("Escape");
});
