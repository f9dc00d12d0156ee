// What a screen reader is given of each act: names, roles, states and order of what is there, and
// what is announced, over AT-SPI from the real window.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { HEARD, reader } from "./reader/reader.mjs";
import { countersign, demo, open, runOf, sha256, snapshot, until, yubikey } from "./station.mjs";
import { DECISION } from "./tokens.mjs";

const TITLE = "Move night dispatch to the regional desk";

/** What can be pressed, typed in or chosen. */
const CONTROLS = [
  "push button",
  "toggle button",
  "check box",
  "radio button",
  "entry",
  "password text",
  "combo box",
  "list box",
  "page tab",
];

/** Opens a demo with a reader beside it, and waits until the reader has it. */
async function begin(t, env = {}) {
  const path = demo(t);
  const voice = await reader(t);
  const station = await open(t, [path, "--demo"], {
    env: { ...env, ...HEARD },
  });
  await voice.find("list box", "Envelopes");
  return { path, voice, station };
}

const isIn = (name) => (node) => node.within.some((one) => one.name === name);

/** Each control has a name, and no other control of its group the same. */
function areNamed(all) {
  const controls = all.filter(({ role }) => CONTROLS.includes(role));
  assert.ok(controls.length > 0);
  const names = new Map();
  for (const { role, name, within } of controls) {
    const place = within.map((one) => `${one.role} ${one.name}`).join(" > ");
    assert.ok(name.trim(), `a ${role} without a name in ${place}`);
    const key = `${role} “${name}”`;
    assert.ok(!names.has(key), `${key} twice: in ${place}, and in ${names.get(key)}`);
    names.set(key, place);
  }
}

test("an envelope is read: its level, digests, ages and rungs in words, in order", async (t) => {
  const { path, voice, station } = await begin(t);
  const run = runOf(path, DECISION);
  voice.mark();
  await station.row(DECISION);
  await voice.selected(new RegExp(`^${TITLE}\\..*needs hardware key`, "u"));
  const row = await voice.find("list item", new RegExp(`^${TITLE}`, "u"));
  assert.match(row.name, /^[^.]+\. in progress, needs hardware key\. Level 5 of 7\. 2 of 2 sig/u);
  assert.match(row.name, /sealed \d+ days ago$/u);
  assert.match(row.position[0], /^\d+$/u);
  assert.equal(row.position[1], "9");
  assert.ok(row.states.includes("selected"));

  await voice.find("image", "Level 5 of 7", { within: "Verdict" });
  await voice.find("paragraph", "L5. A hardware key is missing.", { within: "Verdict" });
  await voice.find("push button", "Sign with a hardware key…", { within: "Verdict" });
  await voice.find("list item", /^operator holds o\.operator.*software key/iu);
  // A digest is spelled, so that it can be compared by ear.
  const digest = sha256(countersign(["canonical"], { input: readFileSync(run) }));
  const said = digest.match(/.{4}/gu).map((group) => [...group].join(" "));
  const hashes = await voice.find("panel", "What is signed: SHA-256 of the canonical bytes");
  assert.ok(hashes.text.includes(said.join(", ")), hashes.text);

  // The rungs are buttons that say whether they are unfolded.
  const rung = await voice.find("push button", /^L6 .*hardware/u, { within: "Ladder" });
  assert.ok(rung.states.includes("expandable") && !rung.states.includes("expanded"));
  await station.click("button", "L6");
  await voice.has("push button", /^L6/u, "expanded");
  // What matters most comes first.
  const all = await voice.tree();
  const order = ["Verdict", "Ladder", "Decision", "Hashes"].map((name) =>
    all.findIndex((node) => node.name === name && isIn("Envelope")(node)),
  );
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.ok(!order.includes(-1), String(order));
  const unknown = all.filter(({ role, within }) => role === "unknown" && within.length > 6);
  assert.deepEqual(unknown, [], "everything has a role");
  areNamed(all);
  // No age is an abbreviation; only digits that are spelled look like one.
  const short = /(^|[^0-9a-f] )\d+ (d|h|y|min)(?! [0-9a-f]\b)/u;
  const abbreviated = all.filter(({ name, text }) => short.test(name) || short.test(text));
  assert.deepEqual(
    abbreviated.map(({ name, text }) => name || text),
    [],
  );
});

test("a witness hears every step: key, wrong and right PIN, each touch, the result", async (t) => {
  const path = demo(t);
  const key = await yubikey(t);
  await key.insert();
  const enrol = ["keys", "enrol", "--piv", "--slot", "9c", "--key-id", "ds-demo-2026-07"];
  const owner = ["--owner", "y.witness", "--role", "witness", "--kind", "hardware"];
  countersign([...enrol, ...owner, "--keyring", join(path, "keyring.json")], {
    env: { ...process.env, ...key.env },
  });
  const voice = await reader(t);
  const station = await open(t, [path, "--demo"], { env: { ...key.env, ...HEARD } });
  await voice.find("push button", /YubiKey.*99000001.*3 attempts left/u);

  // Read.
  await station.row(DECISION);
  await voice.find("heading", TITLE);
  voice.mark();
  await station.press("Enter");
  await voice.focused("heading", TITLE);
  await station.press("s");
  await voice.focused("heading", "Read what you sign");
  await voice.find("dialog", `Co-sign ${DECISION}`);
  const step = await voice.find("list item", /Read/u, { within: "Steps" });
  assert.equal(step.current, "step");
  await voice.find("landmark", "What you sign");
  const sheet = (await voice.tree()).filter(isIn(`Co-sign ${DECISION}`));
  areNamed(sheet);

  // Choose.
  voice.mark();
  await station.browser.keys(["Control", "Enter"]);
  await voice.hear("Step 2 of 5, Key: Choose key, name and role.");
  await voice.has("heading", "Choose key, name and role", "focused");
  // It is the only key that can sign this envelope.
  await voice.has("radio button", /^YubiKey 99000001/u, "checked");
  await voice.hear(/^L5 → L6/u);
  const witness = await voice.find("radio button", /^Witness/u);
  assert.ok(witness.states.includes("checked"));
  voice.mark();
  await station.browser.keys(["Control", "Enter"]);

  // A wrong PIN is said with the attempts left, and the field has the focus again.
  await voice.hear(/^Step 3 of 5, Secret: The PIN of YubiKey 99000001/u);
  await voice.has("password text", "PIN", "focused");
  const before = snapshot(path);
  await station.type("999999");
  await station.press("Enter");
  const wrong = await until("the field says that the PIN is wrong", async () => {
    const field = await voice.find("password text", "PIN");
    return field.description.includes("wrong") && field;
  });
  assert.ok(wrong.states.includes("invalid-entry"), String(wrong.states));
  assert.ok(wrong.states.includes("focused"), String(wrong.states));
  await voice.find("paragraph", "2 attempts left");
  assert.deepEqual(snapshot(path), before);

  // Each touch is another announcement.
  voice.mark();
  await station.type("123456");
  await station.press("Enter");
  await voice.hear("Touch 1 of 3: touch your YubiKey now, for the sealed run.");
  await key.touch();
  await voice.hear("Touch 2 of 3: touch your YubiKey again, for the manifest.");
  await key.touch();
  await voice.hear("Touch 3 of 3: touch your YubiKey again, for the claim.");
  await key.touch();

  // The result, with person and role.
  await voice.hear("Done. y.witness signed as witness. Written. L6.");
  await voice.find("image", /^Level 6 of 7, pinned by the keyring/u);
  const result = (await voice.tree()).filter(({ within }) =>
    within.some(({ role }) => role === "dialog"),
  );
  areNamed(result);
  voice.mark();
  await station.press("Enter");
  // The focus is where it was before, and the new verdict is announced.
  await voice.focused("heading", TITLE);
  await voice.find("image", "Level 6 of 7, pinned by the keyring", { within: "Verdict" });
});

test("keys: why one does nothing is announced, sheets keep the focus and give it back", async (t) => {
  const { voice, station } = await begin(t);
  voice.mark();
  await station.press("+");
  await voice.hear("This works in the history. Press g and then h to go there.");
  await station.press("+");
  await voice.hear("This works in the history. Press g and then h to go there.");
  await station.press("n");
  await voice.selected(/needs (operator|witness)/u);
  const before = await station.focus();

  // The palette names what cannot be done, and why.
  voice.mark();
  await station.browser.keys(["Control", "k"]);
  await voice.find("dialog", "What you can do");
  const field = await voice.find("combo box", "Find what you want to do");
  assert.ok(field.states.includes("expanded"));
  await station.type("stop review");
  await voice.hear("1 act");
  const option = await voice.find("list item", /^Stop reviewing Nothing is reviewed\./u);
  assert.ok(!option.states.includes("enabled") || !option.states.includes("sensitive"));
  assert.deepEqual(option.position, ["1", "1"]);
  await station.press("Enter");
  await voice.hear("Nothing is reviewed.");
  await station.press("Escape");
  await until("the focus is where it was", async () => (await station.focus()) === before);

  // Tab and Shift+Tab go round in a sheet, from wherever they begin.
  await station.press("s");
  await station.see("Read what you sign");
  const inSheet = () => station.page(() => !!document.activeElement.closest("[role=dialog]"));
  const places = async (...keys) => {
    const seen = [];
    for (let step = 0; step < 60; step++) {
      await station.browser.keys(keys);
      assert.ok(await inSheet(), `${keys.join("+")} stays in the sheet`);
      const at = await station.page(() => {
        const all = [...document.querySelectorAll("[role=dialog] *")];
        return all.indexOf(document.activeElement);
      });
      if (at === seen[0]) return seen;
      seen.push(at);
    }
    return assert.fail("it does not come round");
  };
  const forward = await places("Tab");
  const back = await places("Shift", "Tab");
  assert.equal(back.length, forward.length);
  // The main button is two keys away.
  await station.press("Escape");
  await until("the sheet is closed", () =>
    station.page(() => !document.querySelector("[role=dialog]")),
  );
  await station.press("s");
  await station.see("Read what you sign");
  await station.press("Tab");
  assert.match(await station.focus(), /Skip to “I have read this”/u);
  await station.press("Enter");
  assert.match(await station.focus(), /I have read this/u);
  await station.press("Escape");
});

test("the text grows to 200 %, is announced, and stays so at the next start", async (t) => {
  const { path, voice, station } = await begin(t);
  const { state } = station;
  const width = () => station.page(() => window.innerWidth);
  const normal = await width();
  voice.mark();
  for (const size of [110, 125, 150, 175, 200]) {
    await station.browser.keys(["Control", "+"]);
    await voice.hear(`Text size ${size} %`);
  }
  await station.browser.keys(["Control", "+"]);
  await voice.hear("Text cannot be larger than 200 %.");
  await until("everything is twice as large", async () => (await width()) * 2 <= normal + 1);
  await station.close();
  const again = await open(t, [path], { state, env: HEARD });
  await again.see("For you");
  assert.ok((await again.page(() => window.innerWidth)) * 2 <= normal + 1);
  await again.browser.keys(["Control", "0"]);
  await until("everything is as large as before", async () => {
    return (await again.page(() => window.innerWidth)) === normal;
  });
});

test("history and review have names, roles and what they are in words", async (t) => {
  const { path, voice, station } = await begin(t);
  voice.mark();
  await station.press("g", "h");
  await voice.find("heading", "History");
  await station.click("button", "Table");
  await voice.find("table", /\w/u);
  const pressed = await voice.find("toggle button", "Table");
  assert.ok(pressed.states.includes("pressed"));
  areNamed((await voice.tree()).filter(isIn("Views")));
  await station.click("button", "Journal");
  await voice.find("toggle button", "Journal");
  await station.press("j");
  await voice.hear("This works in the timeline and the table, not in the journal.");
  await station.close();

  const other = await reader(t);
  const review = await open(t, ["--review", path], { env: HEARD });
  await other.find("landmark", "Review");
  await review.press("g", "q");
  await review.row("DEC-009");
  await other.find("image", /^Level \d of 7/u, { within: "Verdict" });
  other.mark();
  await review.press("s");
  await other.hear("You cannot sign during a review. Stop reviewing first.");
  await review.press("Escape");
  areNamed((await other.tree()).filter(isIn("Review")));
});

test("without a bus for assistive technology the window works as before", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"], {
    env: { ...HEARD, AT_SPI_BUS_ADDRESS: "unix:path=/nowhere/at-spi" },
  });
  await station.see("9 envelopes");
  await station.row(DECISION);
  await station.see(TITLE, { within: "[aria-label=Envelope]" });
});
