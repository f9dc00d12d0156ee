// The parts that Countersign is made of keep to deny.toml; each breach is named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allows, facts, problems } from "../../scripts/parts.mjs";

const today = facts();

/** What is said of the parts after a change to the facts. */
function after(change) {
  const changed = structuredClone(today);
  change(changed);
  return problems(changed).join("\n");
}

test("every part keeps to deny.toml", () => {
  assert.deepEqual(problems(today), []);
});

const crate = (it, name) => it.metadata.packages.find((one) => one.name === name);

const breaches = {
  "a licence that is not allowed": [
    (it) => (crate(it, "sha2").license = "AGPL-3.0-only"),
    /^sha2 \S+: its licence, AGPL-3.0-only, is not allowed$/m,
  ],
  "a crate without a licence": [
    (it) => (crate(it, "sha2").license = null),
    /^sha2 \S+: its licence, not stated, is not allowed$/m,
  ],
  "a licence in the pages that is not allowed": [
    (it) => (it.pages.find((one) => one.name === "svelte").license = "GPL-3.0-only"),
    /^svelte \S+: its licence, GPL-3.0-only, is not allowed$/m,
  ],
  "a licence that no part needs": [
    (it) => it.rules.licenses.allow.push("LGPL-3.0-only"),
    /^LGPL-3.0-only is allowed, and no part needs it/m,
  ],
  "an exception for a licence that is not needed": [
    (it) => it.rules.licenses.exceptions.push({ crate: "sha2", allow: ["MPL-2.0"] }),
    /^sha2 has an exception for its licence and does not need it/m,
  ],
  "a banned crate": [
    (it) => (crate(it, "sha2").name = "openssl"),
    /^openssl \S+ is banned: OpenSSL is what the tests check against/m,
  ],
  "a requirement of any version": [
    (it) => (crate(it, "countersign-envelope").dependencies[0].req = "*"),
    /^countersign-envelope takes any version of /m,
  ],
  "a crate from a git repository": [
    (it) => (crate(it, "sha2").source = "git+https://example.org/sha2?rev=1#1"),
    /^sha2 \S+ is from git\+https:\/\/example.org/m,
  ],
  "a crate from another registry": [
    (it) => (crate(it, "sha2").source = "registry+https://example.org/index"),
    /^sha2 \S+ is from registry\+https:\/\/example.org/m,
  ],
  "a crate outside this directory": [
    (it) => (crate(it, "countersign-envelope").manifest_path = "/elsewhere/Cargo.toml"),
    /^countersign-envelope is outside this directory/m,
  ],
  "sources that are only warned of": [
    (it) => (it.rules.sources["unknown-git"] = "warn"),
    /^unknown sources are not denied$/m,
  ],
  "an exception without a reason": [
    (it) => delete it.rules.advisories.ignore[0].reason,
    /^the exception for RUSTSEC-2024-0411 has no reason/m,
  ],
  "an exception for a version that is gone": [
    (it) => (crate(it, "glib").version = "0.20.0"),
    /^RUSTSEC-2024-0429 is excepted for glib 0.18, which is no longer used/m,
  ],
  "an exception for 0.1 is none for 0.18": [
    (it) => (it.rules.advisories.ignore[0].reason = "gdkwayland-sys@0.1: unmaintained"),
    /^RUSTSEC-2024-0411 is excepted for gdkwayland-sys 0.1, which is no longer used/m,
  ],
  "a crate without a checksum": [
    (it) => delete it.cargoLock.package.find((one) => one.name === "sha2").checksum,
    /^sha2 \S+ has no checksum in Cargo.lock$/m,
  ],
  "a package without a checksum": [
    (it) => delete it.npmLock.packages["node_modules/svelte"].integrity,
    /^node_modules\/svelte has no checksum in package-lock.json$/m,
  ],
  "a package from elsewhere": [
    (it) =>
      (it.npmLock.packages["node_modules/svelte"].resolved = "https://example.org/svelte.tgz"),
    /^node_modules\/svelte is from https:\/\/example.org/m,
  ],
};
for (const [name, [change, said]] of Object.entries(breaches))
  test(`${name} is named`, () => assert.match(after(change), said));

test("an expression is allowed only if all that it asks for is", () => {
  const allowed = new Set(["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]);
  for (const it of ["MIT", "MIT OR GPL-3.0-only", "(GPL-2.0-only OR MIT) AND Apache-2.0"])
    assert.ok(allows(allowed, it), it);
  for (const it of [
    "",
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "MIT+",
    "no licence",
    "GPL-2.0-only WITH LLVM-exception",
  ])
    assert.ok(!allows(allowed, it), it);
});
