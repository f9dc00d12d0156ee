// Files by someone who wishes the reader ill are shown as the text they are.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, open, runOf, sha256 } from "./station.mjs";

/** A copy of an unsigned run with some of it replaced, and sealed again. */
function write(path, from, digits, change) {
  const run = JSON.parse(readFileSync(from, "utf8"));
  change(run);
  run.hash = "";
  run.hash = `sha256:${sha256(countersign(["canonical"], { input: JSON.stringify(run) }))}`;
  // A run is signed only under a name that has its own id; the time of day tells these apart.
  const id = run.authority_envelope.provenance.run_id;
  const name = `${id}_20260101T${digits.slice(-6)}Z.json`;
  writeFileSync(join(path, name), JSON.stringify(run, null, 2));
}

test("hostile content is shown as text, and the page keeps working", async (t) => {
  const from = runOf(demo(t), "DEC-003");
  const path = directory(t);
  const markup = "<script>window.owned = 1</script><img src=x onerror='window.owned = 2'>";
  const hidden = "Approve \u202e000 01\u202c now\u0007\u001b[2J\u200b end";
  write(path, from, "00000001", (run) => {
    run.decision_state.title = markup;
    run.decision_state.decision_id = "<b>EVIL-1</b>";
    run.authority_envelope.actor.id = markup;
    run.authority_envelope.scope_bound.claims = [markup, hidden];
  });
  write(path, from, "00000002", (run) => {
    run.decision_state.title = hidden;
  });
  write(path, from, "00000003", (run) => {
    run.decision_state.title = `long ${"word ".repeat(200_000)}`;
    run.decision_state.decision_id = "EVIL-3";
  });
  write(path, from, "00000004", (run) => {
    run.decision_state.decision_id = "EVIL-4";
    run.authority_envelope.enforcement.gate_outcomes = Array.from({ length: 10_000 }, (_, n) => ({
      gate: `gate_${n}`,
      result: n === 9_999 ? "fail" : "pass",
    }));
  });
  mkdirSync(join(path, "<i>folder<i>"));
  copyFileSync(from, join(path, "<i>folder<i>", "RUN-00000005_20260101T000000Z.json"));

  const station = await open(t, [path]);
  await station.see("5 envelopes");
  const reads = (words) => station.see(words, { within: "[aria-label=Envelope]" });

  /** Nothing that a file holds has become an element, and nothing of it has run. */
  async function harmless() {
    const found = await station.page(() => ({
      elements: document.querySelectorAll("main img, main script, main b > b, main i, [onerror]")
        .length,
      owned: window.owned,
    }));
    assert.deepEqual(found, { elements: 0, owned: null });
    const bare = await station.page(() => {
      const hidden =
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/;
      return document.body.innerText.match(hidden)?.[0].codePointAt(0) ?? null;
    });
    assert.equal(bare, null, "no control character reaches the screen");
  }

  // The copy of the first run in a directory below.
  await station.page(() => [...document.querySelectorAll("[title^='<i>folder<i>']")][0].click());
  await reads("<i>folder<i>");
  await harmless();
  await station.row("EVIL-1");
  await reads(markup);
  await reads("<b>EVIL-1</b>");
  await harmless();
  await station.row("⟨U+202E⟩");
  await reads("Approve ⟨U+202E⟩000 01⟨U+202C⟩ now⟨U+0007⟩⟨U+001B⟩[2J⟨U+200B⟩ end");
  await harmless();
  await station.row("EVIL-3");
  await reads(/of 1 000 005 characters; all of it is in the raw JSON below/);
  await harmless();
  await station.row("EVIL-4");
  await reads("1 of 10 000 failed");
  await reads("gate_9999 fail");
  await harmless();

  // Hidden characters are visible in the ceremony too.
  await station.row("⟨U+202E⟩");
  await reads("⟨U+202E⟩");
  await station.press("s");
  await station.see("Read what you sign");
  await station.see("⟨U+202E⟩000 01⟨U+202C⟩");
  await station.shot("hostile-ceremony");
  await station.press("Escape");
  // The copy of the first run in a directory below.
  await station.page(() => [...document.querySelectorAll("[title^='<i>folder<i>']")][0].click());
  await reads("<i>folder<i>");
  await harmless();
  await station.row("EVIL-1");
  await reads(markup);
});
