// An auditor asks for more than the level: are these the files that the run was made from, can one be
// shown without the rest, and was the actor inside the boundary that had been set?

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { countersign, directory, footprint, json, open, ROOT, runOf, until } from "./station.mjs";

const ENVELOPE = { within: "[aria-label=Envelope]" };
const LADDER = { within: ".ladder" };
const part = (name) => ({ within: `[aria-label=Envelope] [data-part=${name}]` });

/** A demo directory with the files that its runs were made from beside it, by run id. */
function demo(test) {
  const place = directory(test);
  const [path, inputs] = [join(place, "sealed_runs"), join(place, "inputs")];
  countersign(["demo", "--runs", "9", "--inputs", inputs, path]);
  return { place, path, inputs };
}

/** JSON as it is hashed: members sorted, no white space. These boundaries are plain ASCII. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const digest = (value) => createHash("sha256").update(canonical(value)).digest("hex");

/** An authority boundary under the authority of a run, that lets its actor read what is below `data`. */
function boundaryOf(run, change = () => {}) {
  const { abp } = json(ROOT, "tests/fixtures/conformance/audit.json").abp[0];
  const { authority_entry_id, authority_entry_hash } = run.authority_ledger_ref;
  abp.authority_ref = {
    authority_entry_id,
    authority_entry_hash,
    authority_ledger_path: "authority_ledger.ndjson",
  };
  abp.scope.contract_id = run.decision_state.decision_id;
  const [permission] = abp.data.permissions;
  permission.resource = "data/*";
  permission.roles = [run.authority_envelope.actor.role];
  abp.created_at = abp.effective_at = run.authority_envelope.provenance.created_at;
  change(abp);
  const { scope, authority_ref, created_at } = abp;
  abp.abp_id = `ABP-${digest({ scope, authority_ref, created_at }).slice(0, 8)}`;
  abp.hash = "";
  abp.hash = `sha256:${digest(abp)}`;
  return abp;
}

test("inputs are reproduced, contradicted, disclosed; the boundary is judged", async (t) => {
  const { place, path, inputs } = demo(t);
  const file = runOf(path, "DEC-009");
  const run = json(file);
  const own = join(inputs, run.authority_envelope.provenance.run_id);
  const [entry] = run.hash_scope.inputs;
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.row("DEC-009");
  const sealed = footprint(path);

  // Reproduced here.
  await station.see("There is no authority boundary beside this run", ENVELOPE);
  await station.click("button", "Check the inputs…");
  await station.see("Nothing is changed, and files that are missing say nothing");
  await station.click("button", "Compare");
  await station.see("Choose the directory with the files");
  await station.fill("Directory", own);
  await look(station, "inputs-check");
  await station.click("button", "Compare");
  await station.see("reproduced here", part("found"));
  await station.see("Inputs reproduced here", LADDER);
  assert.equal(await station.focus(), "Compared with the files here");
  await look(station, "inputs-reproduced");

  // The other directory has none of them, which lowers nothing.
  const level = await station.text("[aria-label=Envelope] .ladder");
  await station.browser.keys(["\uE009", "k"]);
  await station.type("check the inputs");
  await station.press("Enter");
  await station.fill("Directory", path);
  await station.click("button", "Compare");
  await station.see("not available", part("found"));
  await station.see("files there are not named by the run", part("found"));
  const after = await station.text("[aria-label=Envelope] .ladder");
  assert.equal(after.replace("not available", ""), level.replace("reproduced here", ""));

  // One was changed, one is gone.
  appendFileSync(join(own, entry.path), "one more line");
  rmSync(join(own, run.hash_scope.schemas[0].path));
  await station.click("button", "Check the inputs…");
  await station.fill("Directory", own);
  await station.press("Enter");
  await station.see(`${entry.path} has another content than the run was made from`, part("found"));
  await station.see(`missing ${run.hash_scope.schemas[0].path}`, part("found"));
  await station.see("Inputs contradicted", LADDER);
  await look(station, "inputs-contradicted");

  // One entry is shown without the run.
  const out = join(place, "shown.disclosure.json");
  await station.click("button", `Disclose ${entry.path}`);
  await station.see("It shows nothing else of the run");
  await station.fill("New file", out);
  await look(station, "disclose");
  await station.press("Enter");
  await station.see(/as the run calls it Entry 1 of \d+ inputs/);
  await station.see("Who signed the root");
  await look(station, "disclosed");
  await station.click("button", "Close");
  const shown = readFileSync(out, "utf8");
  assert.ok(!shown.includes(run.hash_scope.prompts[0].path), "only this entry is in it");
  // Nothing is overwritten.
  await station.click("button", `Disclose ${entry.path}`);
  await station.fill("New file", out);
  await station.press("Enter");
  await station.see("is there already; nothing was written");
  await station.click("button", "Cancel");
  assert.equal(readFileSync(out, "utf8"), shown);

  // It is checked by dropping it, against the envelope that is open.
  await station.drop(out);
  await station.see("and the run calls it so");
  await station.see("A key that is accepted here signed it");
  await station.fill("Disclosed file", join(own, entry.path));
  await station.click("button", "Check");
  await station.see("the content that was given is not the one disclosed");
  await station.click("button", "Close");

  // One that was altered is refused, and by which check.
  const forged = join(place, "forged.disclosure.json");
  const other = { ...JSON.parse(shown), sha256: `sha256:${"0".repeat(64)}` };
  writeFileSync(forged, JSON.stringify(other));
  await station.drop(forged);
  await station.see("Do not rely on it");
  await station.see("disclosure.signed contradicted");
  await look(station, "disclosure-refused");
  await station.click("button", "Close");

  // One of another run says so, and is proven without this one.
  const elsewhere = join(place, "elsewhere.disclosure.json");
  const foreign = runOf(path, "DEC-007");
  const keyring = ["--keyring", join(path, "keyring.json")];
  const { path: input } = json(foreign).hash_scope.inputs[0];
  countersign(["disclose", foreign, "--input", input, "--out", elsewhere, ...keyring]);
  await station.drop(elsewhere);
  await station.see("about another run than this one");
  await station.choose("Compare with", "Nothing: by itself, with the keyring");
  await station.see("its path is the word of whoever disclosed it");
  await station.click("button", "Close");
  assert.deepEqual(footprint(path), sealed, "nothing of the envelopes is changed");

  // The boundary comes, is judged at once, and contradicts once it denies a tool of the run.
  const abp = join(path, "abp_v1.json");
  writeFileSync(abp, JSON.stringify(boundaryOf(run)));
  await station.see("The authority boundary", part("boundary"));
  await station.see(/boundary\.data holds/, part("boundary"));
  await station.see(/boundary\.tools not checkable Not checkable: the run does not say/, {
    ...part("boundary"),
  });
  await look(station, "boundary");
  writeFileSync(abp, JSON.stringify({ ...boundaryOf(run), hash: `sha256:${"0".repeat(64)}` }));
  await station.see("abp.hash_integrity contradicted", part("boundary"));

  // What was compared belongs to this run: another content of it was not.
  await station.see("Inputs contradicted", LADDER);
  writeFileSync(file, JSON.stringify({ ...run, note: "changed" }));
  await until("the comparison to be gone", async () => {
    const shown = await station.text("[aria-label=Envelope]");
    return shown.includes("DEC-009") && !shown.includes("Inputs contradicted");
  });
  assert.deepEqual(faults, {});
});

test("a reviewer compares the inputs of what they only read, and requires a boundary", async (t) => {
  const { place, path, inputs } = demo(t);
  const zip = join(place, "DEC-009.zip");
  const run = runOf(path, "DEC-009");
  countersign(["pack", run, "--out", zip, "--keyring", join(path, "keyring.json")]);
  const before = footprint(zip);
  const station = await open(t, ["--review", zip]);
  await station.see(`Reviewing ${zip}`);
  await station.click("button", "Queue");
  await station.see("DEC-009", ENVELOPE);
  await station.click("button", "Check the inputs…");
  await station.fill("Directory", join(inputs, json(run).authority_envelope.provenance.run_id));
  await station.press("Enter");
  await station.see("Inputs reproduced here", LADDER);
  await station.close();
  assert.deepEqual(footprint(zip), before);

  const own = await open(t, [path, "--demo"]);
  await own.see("9 envelopes");
  await own.press("g", "s");
  await own.click("button", "Policy");
  await own.click("button", "Change: Authority boundary");
  await own.click("radio", "Required");
  await own.click("button", "Save");
  await own.see("Authority boundary Required", { within: "[aria-labelledby=settings-section]" });
  await own.press("g", "q");
  await own.row("DEC-009");
  await own.see("The policy requires an authority boundary, and there is none here", ENVELOPE);
  assert.ok(!existsSync(join(path, "abp_v1.json")));
});
