// A key in OpenSSH's agent, in the real window: chosen from what is in the agent, it signs, as software.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { demo, directory, json, open, runOf, snapshot, until } from "./station.mjs";
import { DECISION, ENVELOPE, begin, begun, goOnAnyway, holdsByOpenssl, tool } from "./tokens.mjs";

/** An agent with an ECDSA key, and a key that signs nothing here. */
async function agent(t) {
  const place = directory(t);
  const socket = join(place, "agent");
  const { said } = await begun(t, "ssh-agent", ["-D", "-a", socket], { from: "openssh-client" });
  await until("the agent listens", () => said().includes(socket));
  const env = { SSH_AUTH_SOCK: socket };
  for (const [name, bits] of Object.entries({ "too-big": "521", "x@desk": "256" })) {
    const file = join(place, name);
    tool("ssh-keygen", ["-q", "-t", "ecdsa", "-b", bits, "-N", "", "-C", name, "-f", file]);
    tool("ssh-add", ["-q", file], { env });
  }
  const key = join(place, "x@desk");
  return {
    env,
    add: () => tool("ssh-add", ["-q", key], { env }),
    remove: () => tool("ssh-add", ["-q", "-d", key], { env }),
  };
}

test("a key in an SSH agent is set up in the window, and signs as software", async (t) => {
  const path = demo(t);
  const run = runOf(path, DECISION);
  const { env, add, remove } = await agent(t);
  const station = await open(t, [path, "--demo"], { env });
  await station.see("9 envelopes");

  await station.press("g", "s");
  await station.click("button", "Signers");
  await station.click("button", "Add signer…");
  await station.fill("Name", "laptop");
  await station.fill("Who signs", "x.witness");
  await station.fill("Key id", "ds-ssh-2026-11");
  await station.click("radio", "Key in an SSH agent");
  await station.see("A key of this kind signs nothing here.");
  await station.click("radio", "x@desk");
  await station.see("it counts as software");
  await station.shot("ssh-agent-signer");
  await station.click("button", "Add signer");
  await station.see("The signer laptop is saved.");
  const [kept] = json(station.state, "settings.json").signers.slice(-1);
  assert.equal(kept.source.source, "ssh_agent");
  assert.match(kept.source.public_key, /^-----BEGIN PUBLIC KEY-----/u);

  const before = snapshot(path);
  await station.press("g", "q");
  await begin(station);
  const sign = async () => {
    await station.click("radio", "of x.witness");
    await station.click("radio", "Witness");
    await goOnAnyway(station);
  };
  remove();
  await sign();
  await station.see(/the SSH agent has no key/iu);
  await station.shot("ssh-agent-gone");
  assert.deepEqual(snapshot(path), before, "without the key nothing is written");
  add();
  await sign();
  await station.see("Files written");
  await station.shot("ssh-agent-done");
  await station.click("button", "Close");
  await station.click("button", "x.witness");
  await station.see("software key", { within: ENVELOPE });
  const signature = holdsByOpenssl(run);
  assert.equal(signature.signer_type, "software");
  assert.equal(signature.algorithm, "ecdsa-p256-sha256");
});
