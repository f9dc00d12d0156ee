"""Makes altered copies of packs, always the same ones for the same seed.

    python alter.py VERIFY_PY BASES OUT COUNT SEED

BASES has packs as folders. OUT gets one folder each, and `altered.ndjson` with what was done to it.
Half of the copies are altered as somebody does who cannot sign. In the other half everything that
such a person could repair is repaired: hashes, signatures by new keys, keyring, log and list.
"""

import base64
import contextlib
import copy
import hashlib
import importlib.util
import json
import os
import random
import re
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

TIMES = ["2026-05-06T07:08:09Z", "2026-05-06T09:08:09+02:00", "2026-05-06T07:08:09", "2020-01-01T00:00:00Z",
         "2026-05-06T07:03:09Z", "2026-05-06T07:03:08Z", "2099-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
         "2026-05-06T07:08:09.999Z", "yesterday", "0001-01-01T00:00:00+01:00"]
NAMES = ["mira.k", "Mira.K", "mira.k ", "m\u200bira.k", "ｍira.k", "witness-1", "someone", "", "\u202eevil",
         "mira.\u043a"]
ROLES = ["operator", "witness", "reviewer", "auditor", "Operator", "king", ""]
VALUES = [None, True, False, 0, 1, 2, 3, -1, 1.0, 1.5, 2**70, "", "1.0", "2.0", [], {}, ["*"], [None], "x" * 300,
          "sha256:" + "0" * 64, "a\r\nb", "fail", "revocation", "software", "hardware", "external", "sealed_run",
          "manifest", "sha256", "sha256_hex", "canonical_json", "sha256_hex_base64", "ed25519", "hmac-sha256", "ecdsa-p256-sha256",
          "rsa-pss-sha256"]


class Pack:
    """A copy of a pack in memory: its files by name."""

    def __init__(self, folder):
        self.files = {}
        for directory, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(directory, name)
                with open(path, "rb") as file:
                    self.files[os.path.relpath(path, folder)] = file.read()
        self.run = next(name for name in self.files if re.fullmatch(r"RUN-[0-9a-f]{8}_\w+Z\.json", name))
        self.manifest = self.run[:-5] + ".manifest.json"

    def write(self, folder):
        for name, data in self.files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)

    def json(self, name):
        return json.loads(self.files[name])

    def put(self, name, value):
        self.files[name] = json.dumps(value, indent=2).encode()

    def evidence(self):
        own = [self.run, self.manifest, self.run + ".sig.json", self.manifest + ".sig.json",
               self.run + ".refusals.json", "abp_v1.json"]
        return [one for one in own if one in self.files] + sorted(
            one for one in self.files if one.startswith(("timestamps/", "inputs/")))

    def chains(self):
        return [one for one in ("transparency_log.ndjson", "authority_ledger.ndjson") if one in self.files]

    def list_again(self):
        lines = ["%s  %s\n" % (hashlib.sha256(data).hexdigest(), name)
                 for name, data in sorted(self.files.items()) if name != "SHA256SUMS"]
        self.files["SHA256SUMS"] = "".join(lines).encode()


def paths(value, path=()):
    """All places in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield path + (key,)
        yield from paths(inner, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def new_value(chance, path, old):
    """Something else that fits the place, or does not."""
    key = str(path[-1])
    if chance.random() < 0.2:
        return chance.choice(VALUES)
    if key.endswith("_at") or key in ("clock", "valid_from", "valid_until"):
        return chance.choice(TIMES + [None])
    if key in ("signer_id", "owner", "actor_id", "id"):
        return chance.choice(NAMES + [None])
    if key in ("role", "roles", "witness_requirements"):
        return chance.choice(ROLES) if key == "role" else chance.sample(ROLES, chance.randrange(4))
    if key == "threshold":
        return chance.choice([0, 1, 2, 3, 4, 1000000, -1, "2", 2.0, None])
    if isinstance(old, bool):
        return not old
    if isinstance(old, (int, float)):
        return chance.choice([0, 1, -old, old + 1, float(old)])
    if isinstance(old, str) and old:
        where = chance.randrange(len(old))
        return chance.choice([old.upper(), old + " ", old[:-1],
                              old[:where] + chance.choice("0aZ=") + old[where + 1:]])
    return chance.choice(VALUES)


def edit(chance, value, focus=None):
    """One change at a random place of a JSON value; returns what was done."""
    places = [one for one in paths(value) if focus is None or any(str(key) in focus for key in one)]
    if not places:
        return "nothing"
    path = chance.choice(places)
    holder, key = at(value, path[:-1]), path[-1]
    shown = "/".join(map(str, path))
    what = chance.random()
    if what < 0.55:
        holder[key] = new_value(chance, path, holder[key])
        return "%s = %s" % (shown, json.dumps(holder[key])[:60])
    if what < 0.7:
        del holder[key]
        return "no " + shown
    if what < 0.8 and isinstance(holder, dict):
        holder[chance.choice(["more", "sealed_run", "outputs", "claim_", "schema_versions",
                              "hash"])] = copy.deepcopy(holder[key])
        return "another key for " + shown
    if isinstance(holder, list):
        holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
        return "%s twice" % shown
    other = at(value, chance.choice(places)[:-1])
    if isinstance(other, dict) and key in other and other is not holder:
        holder[key], other[key] = other[key], holder[key]
        return "swapped " + shown
    holder[key] = new_value(chance, path, holder[key])
    return "%s = %s" % (shown, json.dumps(holder[key])[:60])


def scramble(chance, data):
    """One change of the bytes themselves; returns them and what was done."""
    if not data:
        return b"{}", "filled"
    where = chance.randrange(len(data))
    value = chance.choice([b"1e400", b"-0", b"1.0", b"1" * 5000, b"0.30000000000000004", b"[" * 480 + b"]" * 480,
                           b"[" * 481 + b"]" * 481, b"[" * 5000 + b"]" * 5000, b'"\\ud800"', b'"\\u0000"', b"NaN", b"1E5"])
    brace = [found.end() for found in re.finditer(rb"\{", data)] or [0]
    field = re.compile(rb'"([a-z_]+)": ("[^"\n]*"|[0-9]+|null|true|false)').search(data, where)
    changes = [
        ("a bit", lambda: data[:where] + bytes([data[where] ^ 1 << chance.randrange(8)]) + data[where + 1:]),
        ("cut", lambda: data[:where]),
        ("a space", lambda: data[:where] + b" " + data[where:]),
        ("CRLF", lambda: data.replace(b"\n", b"\r\n")),
        ("LF to CR", lambda: data.replace(b"\n", b"\r", 1)),
        ("BOM", lambda: b"\xef\xbb\xbf" + data),
        ("rest", lambda: data + chance.choice([b"\n\n", b" ", b"x", b"{}", b"\x00"])),
        ("not UTF-8", lambda: data[:where] + b"\xff" + data[where:]),
        ("a new key", lambda: data[:(cut := chance.choice(brace))] + b'"more": ' + value + b"," + data[cut:]),
        ("compact", lambda: json.dumps(json.loads(data)).encode()),
        ("empty", lambda: b""),
    ]
    if field:
        end = field.end()
        twice = data[field.start():field.end()]
        changes.append(("a key twice", lambda: data[:end] + b", " + twice + data[end:]))
        changes.append(("another value", lambda: data[:field.start(2)] + value + data[field.end(2):]))
    name, change = chance.choice(changes)
    try:
        return change(), name
    except ValueError:
        return data + b" ", "a space"


def alter_chain(chance, data, reseal):
    """One change of a log: lines lost, moved, doubled or edited; with right hashes if asked."""
    lines = [line for line in data.split(b"\n") if line]
    what = chance.randrange(6)
    if not lines or what == 0:
        return scramble(chance, data)
    where = chance.randrange(len(lines))
    if what == 1:
        del lines[where]
    elif what == 2:
        lines.insert(chance.randrange(len(lines) + 1), lines[where])
    elif what == 3:
        chance.shuffle(lines)
    else:
        try:
            entry = json.loads(lines[where])
            note = edit(chance, entry)
            lines[where] = json.dumps(entry).encode()
        except ValueError:
            note = "nothing"
        lines = chained(reseal, lines) if what == 5 else lines
        return b"\n".join(lines) + b"\n", "line %d: %s" % (where + 1, note)
    return b"\n".join(lines) + b"\n", ["", "a line lost", "a line twice", "shuffled"][what]


def chained(reseal, lines):
    previous, out = None, []
    for line in lines:
        try:
            entry = json.loads(line)
            entry["prev_entry_hash"] = previous
            entry["entry_hash"] = previous = reseal.hash_without(entry, "entry_hash")
            out.append(json.dumps(entry).encode())
        except (ValueError, TypeError, reseal.Unreadable):
            out.append(line)
    return out


class Key:
    def __init__(self, chance, number):
        seed = chance.randbytes(32)
        self.key_id, self.ed = "ds-test-2026-0%d" % number, chance.random() < 0.7
        self.key = ed25519.Ed25519PrivateKey.from_private_bytes(seed) if self.ed else ec.derive_private_key(
            int.from_bytes(seed, "big") >> 1, ec.SECP256R1())
        public = self.key.public_key()
        self.public = base64.b64encode(public.public_bytes_raw()).decode() if self.ed else public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        self.spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.algorithm = "ed25519" if self.ed else "ecdsa-p256-sha256"

    def sign(self, data):
        # Deterministic, so that a seed always makes the same packs.
        return self.key.sign(data) if self.ed else self.key.sign(data,
                                                                 ec.ECDSA(hashes.SHA256(),
                                                                          deterministic_signing=True))


def forge(chance, pack, reseal):
    """Changes anything and repairs all that can be repaired without the original keys."""
    run, notes = pack.json(pack.run), []
    manifest = pack.json(pack.manifest) if pack.manifest in pack.files else None
    if chance.random() < 0.7:
        notes.append("run: " + edit(chance, run))
    if isinstance(run, dict) and chance.random() < 0.8:
        try:
            if chance.random() < 0.5 and isinstance(run.get("hash_scope"), dict):
                run["commit_hash"] = reseal.hash_of(run["hash_scope"])
            run["hash"] = reseal.hash_without(run, "hash")
        except reseal.Unreadable:
            pass
    if isinstance(manifest, dict):
        if chance.random() < 0.6 and isinstance(run, dict):
            manifest["commit_hash"] = run.get("commit_hash")
        if chance.random() < 0.25:
            notes.append("manifest: " + edit(chance, manifest))
    pack.put(pack.run, run)
    if manifest is not None:
        pack.put(pack.manifest, manifest)
    keys = [Key(chance, number) for number in (5, 6, 7)]
    if "abp_v1.json" in pack.files and chance.random() < 0.7:
        notes.append("boundary: " + forge_boundary(chance, pack, reseal))
    sign(chance, pack, reseal, {"sealed_run": run, "manifest": manifest}, keys, notes)
    rows = [{"key_id": key.key_id, "key_type": "ed25519" if key.ed else "ecdsa-p256", "public_key": key.public,
             "owner": owner,
             "roles": roles, "kind": chance.choice(["software", "hardware",
                                                    "external"]), "valid_from": None, "valid_until": None,
             "revoked_at": None, "revocation_reason": None, "added_at": "2026-01-01T00:00:00Z"}
            for key, owner, roles in zip(keys, ("mira.k", "witness-1", "witness-2"),
                                         (["operator"], ["witness", "reviewer"], ["auditor", "witness"]))]
    keyring = {"keyring_version": "1.0", "keys": rows}
    if chance.random() < 0.4:
        row = chance.choice(rows)
        key = chance.choice(["roles", "owner", "valid_from", "valid_until", "revoked_at", "kind", "key_id"])
        row[key] = new_value(chance, (key,), row[key])
        notes.append("keyring: %s = %s" % (key, json.dumps(row[key])))
        if row[key] is not None and key == "revoked_at":
            row["revocation_reason"] = "left"
    pack.put("keyring.json", keyring)
    for name in pack.chains():
        lines = [line for line in pack.files[name].split(b"\n") if line]
        with_run = []
        for line in lines:
            try:
                entry = json.loads(line)
                if isinstance(run,
                              dict) and name.startswith("transparency") and entry.get("artifact_path") == pack.run:
                    entry["commit_hash"], entry["artifact_bytes_sha256"] = run.get("commit_hash"), run.get("hash")
                line = json.dumps(entry).encode()
            except (ValueError, AttributeError):
                pass
            with_run.append(line)
        if chance.random() < 0.9:
            with_run = chained(reseal, with_run)
        pack.files[name] = b"\n".join(with_run) + b"\n"
    return notes


def forge_boundary(chance, pack, reseal):
    """Changes a boundary, and repairs its id and its hash."""
    abp = pack.json("abp_v1.json")
    if not isinstance(abp, dict):
        return "nothing"
    note = edit(chance, abp, chance.choice([None, None, ("authority_ref",), ("created_at", "expires_at"),
                                            ("composition", "delegation_review"), ("objectives", "tools")]))
    with contextlib.suppress(reseal.Unreadable):
        seed = {key: abp[key] for key in ("scope", "authority_ref", "created_at") if key in abp}
        if chance.random() < 0.8:
            abp["abp_id"] = "ABP-" + reseal.hash_of(seed)[len("sha256:"):][:8]
        if chance.random() < 0.9:
            abp["hash"] = reseal.hash_without(abp, "hash")
    pack.put("abp_v1.json", abp)
    return note


def sign(chance, pack, reseal, values, keys, notes):
    """Signs run and manifest with new keys, most of them with claims."""
    people = [("mira.k", "operator"), ("witness-1", "witness"), ("witness-2", "auditor")]
    data = {}
    for kind, value in values.items():
        with contextlib.suppress(reseal.Unreadable):
            if isinstance(value, dict):
                data[kind] = reseal.canonical(value)
    entries = {kind: [] for kind in data}
    with_claims = chance.random() < 0.6
    for key, (signer, role) in zip(keys, people[:chance.choice([1, 2, 2, 2, 3])]):
        form = chance.choice([None, None, None, "sha256", "sha256_hex", "sha256_hex_base64", "canonical_json"])
        kind_of_key = chance.choice(["software", "hardware", "external"])
        raw = {kind: key.sign(reseal.payload_bytes(form or "canonical_json", one)) for kind, one in data.items()}
        claim = claim_of(chance, reseal, pack, values, data, raw, entries, key, signer, role, kind_of_key,
                         notes) if with_claims else None
        for kind, signature in raw.items():
            entry = {"signer_id": signer, "role": role, "algorithm": key.algorithm, "signing_key_id": key.key_id,
                     "signed_at": "2026-11-24T11:05:41Z", "signature": base64.b64encode(signature).decode(),
                     "public_key": key.public, "signer_type": kind_of_key}
            if form:
                entry["signed_payload"] = form
            if claim:
                entry["claim"] = copy.deepcopy(claim)
            entries[kind].append(entry)
    for kind in data:
        write_signatures(chance, pack, reseal, kind, values[kind], data[kind], entries[kind], notes)


def claim_of(chance, reseal, pack, values, data, raw, entries, key, signer, role, kind_of_key, notes):
    """A claim that is right, or has one thing in it that is not."""
    run, names = values["sealed_run"], {"sealed_run": pack.run, "manifest": pack.manifest}
    seen = [{"signature": hashlib.sha256(base64.b64decode(one["signature"])).hexdigest(),
             "claim": hashlib.sha256(base64.b64decode(one["claim"]["payload"])).hexdigest()}
            for one in entries.get("sealed_run", [])]
    statement = {
        "_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:countersign:signing-claim:1",
        "subject": [{"name": names[kind] + ".canonical", "digest": {"sha256": hashlib.sha256(one).hexdigest()},
                     "annotations": {"type": kind}} for kind, one in data.items()],
        "predicate": {
            "act": "sign", "signer": signer, "role": role, "keyId": key.key_id, "keySha256": hashlib.sha256(key.spki).hexdigest(),
            "algorithm": key.algorithm, "signerType": kind_of_key, "signedAt": "2026-11-24T11:05:41Z", "companionKeySha256": None,
            "threshold": chance.choice([2, 2, 2, 3, 1000]), "requiredRoles": ["operator", "witness"],
            "signatures": {kind: hashlib.sha256(one).hexdigest() for kind, one in raw.items()},
            "commitments": commitments(run), "lifts": [], "software": {"name": "test", "version": "1"},
            "seen": {"signatures": sorted(seen, key=lambda one: one["signature"]), "refusals": [], "log": None,
                     "ledger": None,
                     "keyring": None}}}
    if chance.random() < 0.3:
        notes.append("claim of %s: %s" % (signer, edit(chance, statement)))
    try:
        payload = reseal.canonical(statement)
    except reseal.Unreadable:
        return None
    if chance.random() < 0.05:
        payload, note = scramble(chance, payload)
        notes.append("claim of %s: %s" % (signer, note))
    form = chance.choice([None, None, "canonical_json", "sha256", "sha256_hex"])
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    envelope = {"payloadType": "application/vnd.in-toto+json", "payload": base64.b64encode(payload).decode(),
                "signatures": [
        {"keyid": key.key_id,
         "sig": base64.b64encode(key.sign(reseal.payload_bytes(form or "canonical_json", message))).decode()}]}
    return {**envelope, "signed_payload": form} if form else envelope


def commitments(run):
    recorded, scope = run.get("inputs_commitments"), run.get("hash_scope")
    if not isinstance(recorded, dict) or not isinstance(scope, dict):
        return None
    lists = {part: scope.get(part)
             if isinstance(scope.get(part), list) else [] for part in ("inputs", "prompts", "schemas", "policies")}
    return {part: {"root": recorded.get(part + "_root"), "leaves": len(items)} for part, items in lists.items()}


def write_signatures(chance, pack, reseal, kind, value, data, entries, notes):
    if len(entries) == 1:
        file = {**entries[0], "sig_version": "1.0", "payload_type": kind, "verification_instructions": "none",
                "payload_commit_hash": value.get("commit_hash"), "payload_bytes_sha256": reseal.digest(data)}
    else:
        file = {"multisig_version": "1.0", "artifact_hash": reseal.digest(data),
                "threshold": chance.choice([1, 2, 2, 2, 3]),
                "signatures": entries, "witness_requirements": chance.choice([None, ["operator", "witness"],
                                                                              ["auditor"]])}
    if chance.random() < 0.5:
        if chance.random() < 0.3 and len(entries) > 1:
            twin = copy.deepcopy(chance.choice(entries))
            notes.append("a signature again, with " + edit(chance, twin,
                                                           ("signer_id", "role", "signed_at", "signature", "claim")))
            entries.append(twin)
        elif chance.random() < 0.3:
            notes.append("claims: " + edit(chance, file, ("claim",)))
        else:
            notes.append("signatures: " + edit(chance, file))
    pack.put((pack.run if kind == "sealed_run" else pack.manifest) + ".sig.json", file)


def tamper(chance, pack, reseal):
    """Changes files as they are."""
    notes = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        what = chance.random()
        if what < 0.15 and pack.chains():
            name = chance.choice(pack.chains())
            pack.files[name], note = alter_chain(chance, pack.files[name], reseal)
        elif what < 0.2:
            name = chance.choice([one for one in sorted(pack.files) if one != pack.run])
            del pack.files[name]
            note = "deleted"
        elif what < 0.25:
            name = chance.choice(sorted(pack.files))
            pack.files[name], note = scramble(chance, pack.files[name])
        elif what < 0.55:
            name = chance.choice(pack.evidence())
            pack.files[name], note = scramble(chance, pack.files[name])
        else:
            name = chance.choice(pack.evidence() + ["keyring.json"])
            try:
                value = pack.json(name)
                note = edit(chance, value)
                pack.put(name, value)
            except (ValueError, KeyError, RecursionError):
                note = "nothing"
        notes.append("%s: %s" % (name, note))
        if pack.run not in pack.files:
            break
    return notes


def main():
    verifier, bases, out, count, seed = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("verify", verifier)
    reseal = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reseal)
    chance = random.Random(int(seed))
    sys.setrecursionlimit(20_000)
    sources = sorted(os.listdir(bases))
    os.makedirs(out)
    with open(os.path.join(out, "altered.ndjson"), "w") as journal:
        for number in range(int(count)):
            base = chance.choice(sources)
            pack = Pack(os.path.join(bases, base))
            try:
                # What is forged is right to begin with; then it may be altered as well.
                notes = forge(chance, pack, reseal) if chance.random() < 0.5 else []
                if not notes or chance.random() < 0.2:
                    notes += tamper(chance, pack, reseal)
            except (ValueError, RecursionError, TypeError) as error:
                notes = ["nothing: %s" % type(error).__name__]
            if chance.random() < 0.5:
                pack.list_again()
            name = "%04d" % number
            pack.write(os.path.join(out, name))
            journal.write(json.dumps({"pack": name, "base": base, "altered": notes}) + "\n")


if __name__ == "__main__":
    main()
