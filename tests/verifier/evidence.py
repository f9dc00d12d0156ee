"""Makes envelopes with claims, refusals and time-stamp tokens: good ones, and one for each attack.

    python evidence.py VERIFY_PY RUNS OUT

OUT gets a folder for each case and `cases.ndjson`: what a verifier must be told, the level that it
must find, and the checks that must not pass. Everything is made with `cryptography`; of
VERIFY_PY only the canonical form is used, which the reference's vectors hold to its word.
"""

import base64
import copy
import datetime
import gzip
import hashlib
import hmac
import importlib.util
import json
import os
import struct
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PAYLOAD_TYPE = "application/vnd.in-toto+json"
SHARED = b"a shared key of thirty-two bytes"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def b64(data):
    return base64.b64encode(data).decode()


def pae(payload, kind=PAYLOAD_TYPE):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


class Key:
    """A key, whose it is, and what the keyring says of it."""

    def __init__(self, number, owner, roles, algorithm="ed25519", kind="software", **more):
        self.key_id, self.owner, self.roles, self.algorithm = "ds-test-2026-%02d" % number, owner, roles, algorithm
        self.kind, self.more = kind, more
        make = {"ed25519": ed25519.Ed25519PrivateKey.generate,
                "ecdsa-p256-sha256": lambda: ec.generate_private_key(ec.SECP256R1()),
                "ecdsa-p384-sha384": lambda: ec.generate_private_key(ec.SECP384R1()), "hmac-sha256": lambda: None,
                "ml-dsa-65": mldsa.MLDSA65PrivateKey.generate}
        self.key = make.get(algorithm, lambda: rsa.generate_private_key(65537, 2048))()
        self.public = self.spki = None
        if self.key is not None:
            public = self.key.public_key()
            form = serialization.PublicFormat.SubjectPublicKeyInfo
            self.spki = public.public_bytes(serialization.Encoding.DER, form)
            self.public = b64(public.public_bytes_raw()) if algorithm == "ed25519" else public.public_bytes(
                serialization.Encoding.PEM, form).decode()

    def sign(self, data):
        if self.algorithm == "hmac-sha256":
            return hmac.new(SHARED, data, "sha256").digest()
        if self.algorithm in ("ed25519", "ml-dsa-65"):
            return self.key.sign(data)
        if self.algorithm.startswith("ecdsa"):
            return self.key.sign(data, ec.ECDSA(hashes.SHA384() if "384" in self.algorithm else hashes.SHA256()))
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return self.key.sign(data, pss if "pss" in self.algorithm else padding.PKCS1v15(), hashes.SHA256())

    def entry(self):
        kinds = {"ecdsa-p256-sha256": "ecdsa-p256", "ecdsa-p384-sha384": "ecdsa-p384"}
        kind = kinds.get(self.algorithm, "rsa" if self.algorithm.startswith("rsa") else self.algorithm)
        return {"key_id": self.key_id, "key_type": kind, "public_key": self.public, "owner": self.owner,
                "roles": self.roles,
                "kind": self.kind, "valid_from": None, "valid_until": None, "revoked_at": None, "revocation_reason": None,
                "added_at": "2026-01-01T00:00:00Z", **self.more}


class Envelope:
    """A run and its manifest of the vectors, to be signed."""

    def __init__(self, world):
        self.world, self.signatures, self.refusals = world, [], []
        self.threshold, self.required, self.keys = 2, ["operator", "witness"], list(world.people)
        self.files = {name: data for name, data in world.files.items() if not name.endswith(".sig.json")}
        self.run_name = next(name
                             for name in self.files if name.startswith("RUN") and not name.endswith("manifest.json"))
        self.names = {"sealed_run": self.run_name, "manifest": self.run_name[:-5] + ".manifest.json"}
        self.values = {kind: json.loads(self.files[name]) for kind, name in self.names.items()}
        self.canonical = {kind: world.verify.canonical(value) for kind, value in self.values.items()}

    def subject(self, kind):
        return {"name": self.names[kind] + ".canonical", "digest": {"sha256": sha256(self.canonical[kind])},
                "annotations": {"type": kind}}

    def chain(self, name):
        entries = [json.loads(line) for line in self.files[name].splitlines()]
        return {"first": entries[0]["entry_hash"], "entries": len(entries), "entryHash": entries[-1]["entry_hash"]}

    def seen(self):
        signatures = [{"signature": sha256(base64.b64decode(one["sealed_run"]["signature"])),
                       "claim": sha256(base64.b64decode(one["sealed_run"]["claim"]["payload"])) if "claim" in one["sealed_run"] else None}
                      for one in self.signatures]
        refusals = sorted(sha256(base64.b64decode(one["envelope"]["payload"])) for one in self.refusals)
        return {"signatures": sorted(signatures, key=lambda one: one["signature"]), "refusals": refusals,
                "log": self.chain("transparency_log.ndjson"), "ledger": self.chain("authority_ledger.ndjson"), "keyring": None}

    def commitments(self):
        run = self.values["sealed_run"]
        return {part: {"root": run["inputs_commitments"][part + "_root"], "leaves": len(run["hash_scope"][part])}
                for part in ("inputs", "prompts", "schemas", "policies")}

    def sign(self, key, role, at="2026-05-07T10:00:00Z", claim=True, edit=None, finish=None, companion=None,
             form=None, **more):
        """Signs run, manifest and claim. `edit` changes the statement before it is signed, `finish` the
        payload. The key of a companion signs the same, over a form of the bytes."""
        raw = {kind: key.sign(data) for kind, data in self.canonical.items()}
        entry = {"signer_id": key.owner, "role": role, "algorithm": key.algorithm, "signing_key_id": key.key_id,
                 "signed_at": at,
                 "public_key": key.public, "signer_type": key.kind}
        both = {kind: {**entry, "signature": b64(raw[kind])} for kind in raw}
        if claim:
            predicate = {"act": "sign", "signer": key.owner, "role": role, "keyId": key.key_id,
                         "algorithm": key.algorithm,
                         "signerType": key.kind, "signedAt": at, "companionKeySha256": companion and sha256(companion.spki), "threshold": 2,
                         "requiredRoles": ["operator", "witness"],
                         "signatures": {kind: sha256(one) for kind,
                                        one in raw.items()}, "commitments": self.commitments(),
                         "lifts": [], "seen": self.seen(), "software": {"name": "countersign",
                                                                        "version": "0.2.0"}, **more}
            if key.spki is not None:
                predicate["keySha256"] = sha256(key.spki)
            statement = {"_type": "https://in-toto.io/Statement/v1",
                         "predicateType": "urn:countersign:signing-claim:1",
                         "subject": [self.subject("sealed_run"), self.subject("manifest")], "predicate": predicate}
            if edit is not None:
                edit(statement)
            payload = self.world.verify.canonical(statement)
            payload = finish(payload) if finish is not None else payload
            dsse = self.dsse(payload, key)
            for one in both.values():
                one["claim"] = copy.deepcopy(dsse)
            for kind, one in both.items() if companion is not None else ():
                over = lambda data: b64(companion.sign(self.world.verify.payload_bytes(form or "canonical_json", data)))
                one["companion"] = {
                    "algorithm": "ml-dsa-65", "public_key": companion.public, "signed_payload": form,
                    "signature": over(self.canonical[kind]), "claim_signature": over(pae(payload))}
        self.signatures.append(both)
        return both

    def dsse(self, payload, key):
        return {"payloadType": PAYLOAD_TYPE, "payload": b64(payload),
                "signatures": [{"keyid": key.key_id, "sig": b64(key.sign(pae(payload)))}]}

    def refuse(self, key, role="witness", signer=None, subject="sealed_run", **more):
        run = self.values["sealed_run"]
        predicate = {"signer": signer or key.owner, "role": role, "keyId": key.key_id, "keySha256": sha256(key.spki),
                     "algorithm": key.algorithm, "signerType": key.kind, "refusedAt": "2026-05-07T09:00:00Z",
                     "reason": "The inputs are not those that were agreed.", "withdraws": [], "commitHash": run["commit_hash"],
                     "runId": run["authority_envelope"]["provenance"]["run_id"], **more}
        payload = self.world.verify.canonical({
            "_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:countersign:refusal:1",
            "subject": [self.subject(subject)], "predicate": predicate})
        self.refusals.append({"algorithm": key.algorithm, "public_key": key.public,
                              "envelope": self.dsse(payload, key)})
        return sha256(payload)

    def stamp(self, both, token, covers="claim", **more):
        for one in both.values():
            stamps = one.setdefault("timestamps", [])
            stamps.append({"type": "rfc3161", "covers": covers, "token": b64(token), **more})

    def stamp_run(self, token, status=0, **more):
        """A time stamp of the run itself, in the reference's layout."""
        run = self.values["sealed_run"]
        identity = {"run_id": run["authority_envelope"]["provenance"]["run_id"], "commit_hash": run["commit_hash"],
                    "sealed_hash": run["hash"]}
        entry_id = "TLE-" + sha256(self.world.verify.canonical(identity))[:8]
        response = tlv(0x30, tlv(0x30, number(status)), token)
        value = {"tsa_version": "1.0", "tsa_url": "https://tsa.example/", "tsa_response_b64": b64(response),
                 "payload_bytes_sha256": "sha256:" + sha256(self.canonical["sealed_run"]),
                 "requested_at": "2026-05-08T11:59:00Z", **more}
        self.files["timestamps/%s.tsa.json" % entry_id] = json.dumps(value, indent=2).encode()

    def write(self, folder):
        os.makedirs(folder)
        for kind, name in self.names.items():
            file = {"multisig_version": "1.0", "artifact_hash": "sha256:" + sha256(self.canonical[kind]),
                    "threshold": self.threshold,
                    "signatures": [one[kind] for one in self.signatures], "witness_requirements": self.required}
            self.files[name + ".sig.json"] = json.dumps(file, indent=2).encode()
        if self.refusals:
            value = {"refusals_version": "1.0", "refusals": self.refusals}
            self.files[self.run_name + ".refusals.json"] = json.dumps(value).encode()
        for name, data in self.files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)


# Time-stamp tokens, with whatever is wrong in them.


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + content


def oid(text):
    arcs = list(map(int, text.split(".")))
    out = bytes([arcs[0] * 40 + arcs[1]])
    for arc in arcs[2:]:
        part = [arc & 127]
        while arc > 127:
            arc >>= 7
            part.insert(0, arc & 127 | 128)
        out += bytes(part)
    return tlv(6, out)


def number(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


SHA256, SHA1 = tlv(0x30, oid("2.16.840.1.101.3.4.2.1")), tlv(0x30, oid("1.3.14.3.2.26"))


class Authority:
    """A time-stamping authority and its root."""

    def __init__(self, usage=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True, until="2030-01-01"):
        day = lambda text: datetime.datetime.fromisoformat(text)
        name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
        self.root_key, self.key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        build = lambda subject, key: x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("Test TSA Root")).public_key(
            key.public_key()).serial_number(x509.random_serial_number()).not_valid_before(day("2020-01-01"))
        self.root = build("Test TSA Root", self.root_key).not_valid_after(day("2040-01-01")).add_extension(
            x509.BasicConstraints(True, None), True).sign(self.root_key, hashes.SHA256())
        builder = build("Test TSA",
                        self.key).not_valid_after(day(until)).add_extension(x509.BasicConstraints(False, None), True)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical)
        self.certificate = builder.sign(self.root_key, hashes.SHA256())

    def pem(self):
        return self.root.public_bytes(serialization.Encoding.PEM).decode()

    def token(self, data, at="20260508120000Z", sha1=False, ess=True, accuracy=1, forged=False):
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        imprint = tlv(4, hashlib.sha1(data).digest() if sha1 else hashlib.sha256(data).digest())
        info = tlv(0x30, number(1), oid("1.3.6.1.4.1.99999.1"), tlv(0x30, SHA1 if sha1 else SHA256, imprint),
                   number(77),
                   tlv(0x18, at.encode()), tlv(0x30, number(accuracy)))
        attribute = lambda name, *values: tlv(0x30, oid(name), tlv(0x31, *values))
        attributes = [attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.9.16.1.4")),
                      attribute("1.2.840.113549.1.9.4", tlv(4, hashlib.sha256(info).digest()))]
        if ess:
            ids = tlv(0x30, tlv(0x30, tlv(4, hashlib.sha256(der if ess is True else ess).digest())))
            attributes.append(attribute("1.2.840.113549.1.9.16.2.47", tlv(0x30, ids)))
        attributes = b"".join(sorted(attributes))
        signature = self.key.sign(tlv(0x31, attributes) + (b"!" if forged else b""), ec.ECDSA(hashes.SHA256()))
        issuer = tlv(0x30, self.certificate.issuer.public_bytes(), number(self.certificate.serial_number))
        signer = tlv(0x30, number(1), issuer, SHA256, tlv(0xA0, attributes), tlv(0x30, oid("1.2.840.10045.4.3.2")),
                     tlv(4, signature))
        content = tlv(0x30, oid("1.2.840.113549.1.9.16.1.4"), tlv(0xA0, tlv(4, info)))
        signed = tlv(0x30, number(3), tlv(0x31, SHA256), content, tlv(0xA0, der), tlv(0x31, signer))
        return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, signed))


class Yubikey:
    """A root, and devices below it that attest keys: whatever firmware and policies they are to have."""

    ARC = "1.3.6.1.4.1.41482.3."

    def __init__(self):
        self.root_key, self.key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = lambda path: x509.BasicConstraints(True, path)
        self.root = self.build("Test PIV Root CA", self.root_key.public_key(), "Test PIV Root CA").add_extension(
            authority(1), True).sign(self.root_key, hashes.SHA256())
        self.device = self.device_with((authority(0), True))
        fips = x509.UnrecognizedExtension(x509.ObjectIdentifier(self.ARC + "10"), b"\x05\x00")
        self.fips_device = self.device_with((authority(0), True), (fips, False))

    def device_with(self, *extensions, name="Yubico PIV Attestation", **dates):
        device = self.build(name, self.key.public_key(), "Test PIV Root CA", **dates)
        for extension, critical in extensions:
            device = device.add_extension(extension, critical)
        return device.sign(self.root_key, hashes.SHA256())

    def build(self, subject, key, issuer, start="2020-01-01", end="2040-01-01"):
        day = lambda text: datetime.datetime.fromisoformat(text)
        name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
        return x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(
            key).serial_number(x509.random_serial_number()).not_valid_before(day(start)).not_valid_after(day(end))

    def pem(self):
        return self.root.public_bytes(serialization.Encoding.PEM).decode()

    def attest(self, key, firmware=(5, 7, 4), pin=2, touch=2, form=3, fips=False, device=None, **dates):
        device = device or (self.fips_device if fips else self.device)
        issuer = device.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = self.build("YubiKey PIV Attestation 9c", key.key.public_key(), issuer, **dates)
        values = {"3": bytes(firmware), "7": number(12345678), "8": bytes([pin, touch])}
        if form is not None:
            values["9"] = bytes([form])
        for arc, value in values.items():
            builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(self.ARC + arc), value), False)
        der = lambda one: b64(one.public_bytes(serialization.Encoding.DER))
        return {"type": "yubikey-piv", "slot": "9c", "certificate": der(builder.sign(self.key, hashes.SHA256())),
                "intermediate": der(device)}


class YubiHsm(Yubikey):
    """A root, a sub-CA, and a YubiHSM below it that attests keys."""

    ARC = "1.3.6.1.4.1.41482.4."

    def __init__(self):
        super().__init__()
        self.root = self.root_with(2)
        self.sub_key = ec.generate_private_key(ec.SECP256R1())
        self.sub_ca = self.build("Test YubiHSM 1 Sub-CA", self.sub_key.public_key(), "Test PIV Root CA").add_extension(
            x509.BasicConstraints(True, 1), True).sign(self.root_key, hashes.SHA256())
        self.device = self.hsm()

    def root_with(self, path):
        return self.build("Test PIV Root CA", self.root_key.public_key(), "Test PIV Root CA").add_extension(
            x509.BasicConstraints(True, path), True).sign(self.root_key, hashes.SHA256())

    def hsm(self, *more, serial=31650425, authority=x509.BasicConstraints(True, 0), critical=(), **dates):
        device = self.build("YubiHSM Attestation (31650425)", self.key.public_key(), "Test YubiHSM 1 Sub-CA", **dates)
        for extension in ([authority] if authority is not None else []) + list(critical):
            device = device.add_extension(extension, True)
        said = {"1": b"\x04\x03\x02\x04\x00", "2": number(serial), **dict(more)}
        return self.said(device, said).sign(self.sub_key, hashes.SHA256())

    def said(self, builder, values):
        for arc, value in values.items():
            if value is not None:
                builder = builder.add_extension(
                    x509.UnrecognizedExtension(x509.ObjectIdentifier(self.ARC + arc), value), False)
        return builder

    def attest(self, key, firmware=(2, 4, 0), origin=1, capabilities=0x80, device=None, issuers=None, signer=None,
               said=(), critical=(), **dates):
        device = device or self.device
        bits = lambda value, size: bytes([3, size + 1, 0]) + value.to_bytes(size, "big")
        values = {"1": b"\x04\x03" + bytes(firmware), "2": number(31650425), "3": bits(origin, 1), "4": bits(1, 2),
                  "5": bits(capabilities, 8), "6": number(0x0E57), "9": b"\x0c\x07witness", **dict(said)}
        issuer = device.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = self.said(self.build("YubiHSM Attestation id:0x0e57", key.key.public_key(), issuer, **dates), values)
        for extension in critical:
            builder = builder.add_extension(extension, True)
        der = lambda one: b64(one.public_bytes(serialization.Encoding.DER))
        made = {"type": "yubihsm2", "certificate": der(builder.sign(signer or self.key, hashes.SHA256())),
                "device": der(device)}
        issuers = [der(self.sub_ca)] if issuers is None else issuers
        return {**made, "issuers": issuers} if issuers else made


class CloudHsm(Yubikey):
    """A LiquidSecurity HSM: a card and a partition in it, certified by its maker and by its owner."""

    def __init__(self):
        super().__init__()
        self.owner_key, self.card_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.key = rsa.generate_private_key(65537, 2048)
        self.root, self.owner = self.root_of("Test Maker", self.root_key), self.root_of("Test Owner", self.owner_key)
        self.card = self.certificate("HSM:1.2T", self.card_key, "Test Maker", self.root_key)
        self.made = self.certificate("HSM:1.2T:PARTN:1", self.key, "HSM:1.2T", self.card_key)
        self.owned = self.certificate("HSM:1.2T:PARTN:1", self.key, "Test Owner", self.owner_key,
                                      (x509.BasicConstraints(False, None), False))

    def root_of(self, name, key, *extensions, **dates):
        return self.certificate(name, key, name, key, *extensions, **dates)

    def certificate(self, name, key, issuer, by, *extensions, **dates):
        builder = self.build(name, key.public_key(), issuer, **dates)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(by, hashes.SHA256())

    def roots(self, *roots):
        return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in roots or (self.root, self.owner))

    def half(self, key, private, said=()):
        spki = key.key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        flag = lambda yes: bytes([yes])
        point = spki[-65:]
        if isinstance(key.key, rsa.RSAPrivateKey):
            modulus = key.key.public_key().public_numbers().n
            point = modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
        values = {0x0: bytes([3 if private else 2]), 0x2: b"\1", 0x108: flag(private), 0x163: b"\1", 0x103: flag(private),
                  0x162: flag(not private), 0x3: b"app_key".ljust(128, b"\0"), 0x1003: hashlib.sha256(spki).digest(),
                  0x120: point, 0x165: flag(private), 0x164: flag(private), **dict(said)}
        items = [(one, value) for one, value in values.items() if value is not None]
        body = b"".join(struct.pack(">II", one, len(value)) + value for one, value in items)
        return struct.pack(">III", 7, len(items), len(body)) + body

    def attest(self, key, said=(), halves=None, edit=lambda data: data, pack=gzip.compress, signer=None,
               certificates=None):
        halves = [self.half(key, False), self.half(key, True, said)] if halves is None else halves
        second = 8 + len(halves[0]) if len(halves) > 1 else 0
        body = struct.pack(">HHHH", 1, 3, 8, second) + b"".join(halves)
        data = edit(struct.pack(">IIII", 0, 3, 32 + len(body) + 256, len(body)) + bytes(16) + body)
        data += (signer or self.key).sign(data, padding.PKCS1v15(), hashes.SHA256())
        all_of_them = (self.made, self.card, self.owned) if certificates is None else certificates
        return {"type": "liquidsecurity", "statement": b64(pack(data)),
                "certificates": [b64(one.public_bytes(serialization.Encoding.DER)) for one in all_of_them]}


class World:
    """The people, and a list of cases."""

    def __init__(self, verifier, runs, out):
        spec = importlib.util.spec_from_file_location("verify", verifier)
        self.verify = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.verify)
        folder = os.path.join(runs, "good_log_of_many")
        self.files = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                self.files[name] = file.read()
        self.mira, self.jon = Key(1, "mira.k", ["operator"]), Key(2, "jon.b", ["witness"], "ecdsa-p256-sha256",
                                                                  "hardware")
        self.ada = Key(3, "ada.w", ["auditor", "witness", "operator"], "rsa-pkcs1v15-sha256")
        self.people, self.stranger = [self.mira, self.jon, self.ada], Key(9, "jon.b", ["witness"])
        self.tsa, self.out, self.cases, self.journal = Authority(), out, [], open(os.path.join(out, "cases.ndjson"),
                                                                                  "w")

    def signed(self, **more):
        """Signed by operator and witness, with claims; the witness saw the operator's."""
        envelope = Envelope(self)
        envelope.sign(self.mira, "operator", **more)
        envelope.sign(self.jon, "witness", at="2026-05-07T11:00:00Z")
        return envelope

    def file(self, name, text):
        """Writes a file beside the cases; the same text has one file, so that cases share arguments."""
        path = os.path.join(self.out, "%s-%s" % (sha256(text.encode())[:8], name))
        with open(path, "w") as file:
            file.write(text)
        return path

    def case(self, name, envelope, level, bad=(), good=(), more=(), tsa=None, roots=None):
        """A case: the level, checks that do not pass, and checks that do."""
        folder = os.path.join(self.out, name)
        envelope.write(folder)
        keyring = {"keyring_version": "1.0", "keys": [key.entry() for key in envelope.keys]}
        arguments = ["--keyring", self.file("keyring.json", json.dumps(keyring, indent=2))] + list(more)
        if tsa is not None:
            arguments += ["--tsa-root", self.file("tsa.pem", tsa)]
        if roots is not None:
            arguments += ["--roots", self.file("attestation.pem", roots)]
        row = {"case": name, "part": self.part, "run": os.path.join(folder, envelope.run_name),
               "arguments": arguments, "level": level,
               "bad": list(bad), "good": list(good)}
        self.journal.write(json.dumps(row) + "\n")


def claims(world):
    mira, jon, ada = world.people
    world.case("good", world.signed(), 7,
               good=["claim.signature", "claim.subject", "claim.role", "claim.seen", "claim.log"])
    for algorithm in world.verify.ALGORITHMS:
        envelope, key = Envelope(world), Key(5, "mira.k", ["operator"], algorithm)
        envelope.keys.append(key)
        envelope.sign(key, "operator")
        envelope.sign(jon, "witness")
        world.case("good-" + algorithm, envelope, 7, good=["claim.signature"],
                   more=["--hmac-key-file", world.file("shared", b64(SHARED))])
    # The text of a key is not signed: only its one form is read, by both programs.
    text, body = jon.public, "".join(jon.public.splitlines()[1:-1])
    wrapped = lambda size, end: "-----BEGIN PUBLIC KEY-----%s%s%s-----END PUBLIC KEY-----" % (
        end, end.join(body[at:at + size] for at in range(0, len(body), size)), end)
    for name, level, written in (
            ("crlf", 7, wrapped(64, "\r\n")), ("cr", 7, wrapped(64, "\r")), ("blank-around", 7, "\u00a0\n%s\v" % text),
            ("blank-last", 7, text.replace("\n-----END", "\n\n-----END")), ("76-wide", 3, wrapped(76, "\n")),
            ("32-wide", 3, wrapped(32, "\n")), ("text-before", 3, "x\n" + text), ("text-behind", 3, text + "x"),
            ("blank-first", 3, text.replace("KEY-----\n", "KEY-----\n\n", 1)), ("control-before", 3, "\x1c" + text)):
        envelope = world.signed()
        for one in envelope.signatures[1].values():
            one["public_key"] = written
        world.case("key-text-" + name, envelope, level)
    for name, level, written in (("blank-around", 7, "\n%s\u2003"), ("control-behind", 3, "%s\x1f")):
        envelope = world.signed()
        for one in envelope.signatures[0].values():
            one["public_key"] = written % mira.public
        world.case("raw-key-text-" + name, envelope, level)
    # The file says something else than the claim.
    for field, check, value in (("role", "claim.role", "reviewer"), ("signer_id", "claim.signer", "ada.w"),
                                ("signed_at", "claim.time", "2026-05-08T10:00:00Z"), ("signing_key_id",
                                                                                      "claim.key_id", "ds-test-2026-03"),
                                ("signature", "signature.accepted", None)):
        envelope = world.signed()
        if value is not None:
            for one in envelope.signatures[1].values():
                one[field] = value
            world.case("changed-" + field, envelope, 3, bad=[check])
    envelope = world.signed()
    for one in envelope.signatures[1].values():
        one["signer_type"] = "software"
    world.case("changed-signer_type", envelope, 7)
    envelope = world.signed(threshold=3)
    envelope.threshold = 2
    world.case("threshold-lowered", envelope, 3, bad=["threshold.met"])
    envelope = world.signed(requiredRoles=["operator", "witness", "auditor"])
    world.case("roles-lowered", envelope, 3, bad=["roles.auditor"])
    envelope = world.signed(threshold=1_000_000)
    envelope.sign(ada, "auditor")
    world.case("threshold-of-a-million", envelope, 7)
    # The claim is about something else, or not in its form.
    def with_edit(name, check, **more):
        envelope = Envelope(world)
        envelope.sign(mira, "operator")
        envelope.sign(jon, "witness", **more)
        world.case(name, envelope, 3, bad=[check])

    def other_run(statement):
        statement["subject"][0]["digest"]["sha256"] = "0" * 64

    def only_manifest(statement):
        del statement["subject"][0]

    def without_type(statement):
        for one in statement["subject"]:
            del one["annotations"]

    def refusal(statement):
        statement["predicateType"] = "urn:countersign:refusal:1"

    def commitments(statement):
        statement["predicate"]["commitments"]["inputs"]["leaves"] += 1

    for name, check, edit in (
            ("claim-of-another-run", "claim.subject", other_run), ("claim-of-the-manifest", "claim.subject",
                                                                   only_manifest),
            ("subject-without-type", "claim.subject", without_type), ("refusal-as-claim", "claim.form", refusal),
            ("other-commitments", "claim.commitments", commitments),
            ("act-refuse", "claim.act", lambda one: one["predicate"].update(act="refuse")),
            ("other-key-named", "claim.key", lambda one: one["predicate"].update(keySha256="0" * 64)),
            ("other-algorithm", "claim.algorithm", lambda one: one["predicate"].update(algorithm="ed25519"))):
        with_edit(name, check, edit=edit)
    for name, finish in (
            ("duplicate-key", lambda data: data.replace(b'"act":"sign",', b'"act":"sign","act":"sign",')),
            ("not-canonical", lambda data: data.replace(b'"act":', b'"act": ')),
            ("one-megabyte", lambda data: data.replace(b'"act":', b'"aaa":"' + b"x" * 1_000_000 + b'","act":')),
            ("not-json", lambda data: data[:-1])):
        with_edit(name, "claim.form", finish=finish)
    envelope = world.signed()
    for one in envelope.signatures[1].values():
        one["claim"]["payloadType"] = "text/plain"
    world.case("other-payload-type", envelope, 3, bad=["claim.form"])
    envelope = world.signed()
    for kind in envelope.names:
        one, other = (both[kind] for both in envelope.signatures)
        one["claim"], other["claim"] = other["claim"], one["claim"]
    world.case("claims-swapped", envelope, 1, bad=["claim.signature"])
    envelope = world.signed()
    payload = base64.b64decode(envelope.signatures[1]["manifest"]["claim"]["payload"])
    for one in envelope.signatures[1].values():
        one["claim"] = envelope.dsse(payload, world.stranger)
    world.case("claim-by-another-key", envelope, 3, bad=["claim.signature"])
    envelope = Envelope(world)
    envelope.sign(mira, "operator")
    envelope.signatures.append(copy.deepcopy(envelope.signatures[0]))
    envelope.sign(jon, "witness")
    world.case("listed-twice", envelope, 7)
    # Two signatures by one key on the same run: the claim of the neighbour verifies and is about the other.
    envelope = Envelope(world)
    envelope.sign(mira, "operator")
    first = envelope.sign(jon, "witness")
    second = envelope.sign(jon, "witness", at="2026-05-07T12:00:00Z")
    for kind in envelope.names:
        first[kind]["claim"] = second[kind]["claim"]
        first[kind]["signed_at"] = second[kind]["signed_at"]
    envelope.signatures.pop()
    world.case("claim-of-the-neighbour", envelope, 3, bad=["claim.signed"])
    # What the keyring needs a claim for.
    envelope = world.signed(claim=False)
    world.case("without-claim", envelope, 7)
    exempt = sha256(base64.b64decode(envelope.signatures[0]["sealed_run"]["signature"]))
    other = sha256(base64.b64decode(envelope.signatures[0]["manifest"]["signature"]))
    listed = world.file("exempt", exempt + "\n" + other + "\n")
    for name, level, bad, more in (("required", 3, ["claim.missing"], []), ("exempt", 7, [], ["--exempt", listed])):
        copied = copy.copy(envelope)
        copied.files = dict(envelope.files)
        world.case("without-claim-" + name, copied, level, bad=bad, more=["--claims", "required"] + more)
    # What contradicts stays without name.
    envelope = Envelope(world)
    envelope.sign(ada, "operator", claim=False)
    twin = copy.deepcopy(envelope.signatures[0])
    for one in twin.values():
        one["role"] = "witness"
    envelope.signatures.append(twin)
    envelope.sign(jon, "witness", claim=False)
    world.case("label-contradicts", envelope, 3, bad=["roles.operator"])
    envelope.signatures = [one for one in envelope.signatures if one is not envelope.signatures[0]]
    envelope = Envelope(world)
    envelope.sign(ada, "operator")
    twin = copy.deepcopy(envelope.signatures[0])
    for one in twin.values():
        one["role"] = "witness"
        del one["claim"]
    envelope.signatures.insert(0, twin)
    world_seen = envelope.signatures.pop(0)
    envelope.sign(jon, "witness")
    envelope.signatures.append(world_seen)
    world.case("label-settled-by-a-claim", envelope, 7)


    # Two claims for one signature: the later one counts; two that differ in role, neither.
    for name, other, level, bad in (("later-claim", "operator", 7, []),
                                    ("two-claims-two-roles", "auditor", 3, ["claim.conflict"])):
        envelope = Envelope(world)
        envelope.sign(ada, "operator")
        twice = Envelope(world)
        twice.sign(ada, other, at="2026-05-07T10:30:00Z")
        envelope.signatures.append(twice.signatures[0])
        envelope.sign(jon, "witness")
        world.case(name, envelope, level, bad=bad)
    # Fields of the wrong type, signed by the key itself.
    for name, change in (("threshold-is-text", {"threshold": "3"}), ("roles-are-text", {"requiredRoles": "auditor"}),
                         ("lifts-is-a-number", {"lifts": 3}), ("seen-is-a-list", {"seen": {"signatures": {}}}),
                         ("kind-is-unknown", {"signerType": "robot"}), ("time-is-none", {"signedAt": None})):
        with_edit(name, "claim.form", edit=lambda one, change=change: one["predicate"].update(change))
    with_edit("subject-without-digest", "claim.form", edit=lambda one: one["subject"][1].update(digest={}))
    # Any key: whoever signs may ask for more, and the file may not ask for less.
    envelope = world.signed(threshold=3)
    world.case("threshold-any-key", envelope, 3, bad=["threshold.met"],
               more=["--trust", "embedded", "--assurance", "claimed"])


def seen(world):
    mira, jon, ada = world.people
    envelope = Envelope(world)
    envelope.sign(mira, "operator")
    envelope.sign(ada, "auditor")
    envelope.sign(jon, "witness")
    whole = copy.deepcopy(envelope.signatures)
    world.case("all-seen", envelope, 7)

    def cut(name, level, bad, change, **more):
        one = Envelope(world)
        one.signatures = copy.deepcopy(whole)
        change(one)
        world.case(name, one, level, bad=bad, **more)

    cut("signature-removed", 3, ["claim.seen"], lambda one: one.signatures.pop(1))

    def drop_claim(one, at=0):
        for entry in one.signatures[at].values():
            del entry["claim"]

    cut("claim-removed-and-seen", 3, ["claim.seen", "roles.operator"], drop_claim)
    cut("claim-removed-and-seen-required", 3, ["claim.missing"], drop_claim, more=["--claims", "required"])
    cut("claim-removed-not-seen", 7, [], lambda one: drop_claim(one, 2), more=["--assurance", "pinned"])
    cut("claim-removed-not-seen-required", 3, ["claim.missing"], lambda one: drop_claim(one, 2),
        more=["--claims", "required"])

    def shorten(one, name):
        lines = one.files[name].splitlines(keepends=True)
        one.files[name] = b"".join(lines[:-1])

    def longer(one, name, what):
        lines = one.files[name].splitlines()
        last = json.loads(lines[-1])
        entry = {**last, "observed_at": "2026-12-24T11:05:41Z", what: "OTHER", "prev_entry_hash": last["entry_hash"],
                 "commit_hash": "sha256:" + "1" * 64, "entry_hash": ""}
        entry["entry_hash"] = world.verify.hash_of(entry)
        one.files[name] = b"\n".join(lines + [json.dumps(entry).encode()]) + b"\n"

    for name, level, bad, file, change in (
            ("log-shorter", 7, [], "transparency_log.ndjson", None),
            ("log-forked", 2, ["claim.log"], "transparency_log.ndjson", "fork"),
            ("ledger-shorter", 6, ["claim.ledger"], "authority_ledger.ndjson", None),
            ("ledger-forked", 6, ["claim.ledger"], "authority_ledger.ndjson", "fork")):
        one = Envelope(world)
        before = one.files[file]
        longer(one, file, "entry_id")
        one.sign(mira, "operator")
        one.sign(jon, "witness")
        one.files[file] = before
        if change == "fork":
            longer(one, file, "entry_version")
        world.case(name, one, level, bad=bad)


def refusals(world):
    mira, jon, ada = world.people
    envelope = Envelope(world)
    envelope.refuse(ada, "auditor")
    envelope.sign(mira, "operator")
    envelope.sign(jon, "witness")
    world.case("refused", envelope, 3, bad=["refusal.standing"])
    envelope.refusals = []
    removed = Envelope(world)
    removed.signatures = envelope.signatures
    world.case("refusal-removed", removed, 3, bad=["refusal.seen"])
    envelope = world.signed()
    envelope.refuse(world.stranger)
    world.case("refusal-by-a-stranger", envelope, 7)
    embedded = ["--trust", "embedded", "--assurance", "claimed"]
    for name, level, bad, more in (("any-key", 3, ["refusal.standing"], embedded), ("hmac", 7, [], [])):
        envelope = world.signed()
        if name == "hmac":
            envelope.refuse(world.stranger)
            envelope.refusals[0]["algorithm"] = "hmac-sha256"
        else:
            envelope.refuse(world.stranger)
        world.case("refusal-" + name, envelope, level, bad=bad, more=more)
    envelope = Envelope(world)
    refusal = envelope.refuse(world.stranger, signer="mira.k")
    envelope.sign(mira, "operator", lifts=[refusal])
    envelope.sign(jon, "witness")
    world.case("refusal-lifted-under-the-same-name", envelope, 3, bad=["refusal.standing"], more=embedded)
    envelope = world.signed()
    envelope.refuse(ada, "auditor")
    envelope.refusals[0]["envelope"]["signatures"][0]["sig"] = b64(mira.sign(b"something else"))
    world.case("refusal-forged", envelope, 7, bad=["refusal.signature"])
    for name, lifter, level, bad in (("lifted-by-another", "mira", 3, ["refusal.standing"]),
                                     ("lifted", "ada", 7, [])):
        envelope = Envelope(world)
        refusal = envelope.refuse(ada, "auditor")
        envelope.sign(mira, "operator", lifts=[refusal] if lifter == "mira" else [])
        envelope.sign(jon, "witness")
        if lifter == "ada":
            envelope.sign(ada, "auditor", lifts=[refusal])
        world.case("refusal-" + name, envelope, level, bad=bad)
    envelope = world.signed()
    envelope.refuse(ada, "auditor", refusedAt="2026-05-06T07:00:00Z")
    world.case("refusal-before-the-run", envelope, 7)
    # Withdrawn, and signed again with a claim that says so.
    for name, level, bad in (("withdrawn", 3, ["refusal.standing"]), ("withdrawn-and-signed-again", 7, [])):
        envelope = world.signed()
        raw = {kind: sha256(base64.b64decode(one["signature"])) for kind, one in envelope.signatures[0].items()}
        refusal = envelope.refuse(mira, "operator", withdraws=sorted(raw.values()))
        if level == 7:
            envelope.sign(mira, "operator", at="2026-05-08T10:00:00Z", lifts=[refusal])
            # The same signature with a later claim: what the witness saw stays in the file.
        world.case(name, envelope, level, bad=bad)
    envelope = world.signed()
    envelope.refuse(ada, "auditor",
                    withdraws=[sha256(base64.b64decode(envelope.signatures[0]["sealed_run"]["signature"]))])
    envelope.sign(ada, "auditor", lifts=[sha256(base64.b64decode(envelope.refusals[0]["envelope"]["payload"]))])
    world.case("withdrawn-by-another", envelope, 7)
    envelope = Envelope(world)
    envelope.refuse(ada, "auditor")
    envelope.sign(mira, "operator")
    envelope.sign(jon, "witness")
    envelope.refusals[0]["envelope"]["signatures"][0]["sig"] = b64(ada.sign(b"something else"))
    world.case("refusal-broken", envelope, 3, bad=["refusal.seen", "refusal.signature"])
    envelope = world.signed()
    envelope.refuse(ada, "auditor", reason="x" * 2001)
    world.case("refusal-too-long", envelope, 7, bad=["refusal.form"])
    envelope = world.signed()
    payload = base64.b64decode(envelope.signatures[0]["manifest"]["claim"]["payload"])
    envelope.refusals.append({"algorithm": mira.algorithm, "public_key": mira.public,
                              "envelope": envelope.dsse(payload, mira)})
    world.case("claim-as-refusal", envelope, 7, bad=["refusal.form"])
    envelope = world.signed()
    envelope.refuse(ada, "auditor", subject="manifest", commitHash="sha256:" + "0" * 64)
    world.case("refusal-of-something-else", envelope, 7)


def times(world):
    mira, jon, ada = world.people
    trusted = ["--time", "trusted"]

    def stamped(name, level, bad=(), good=(), tsa=world.tsa, roots=True, more=trusted, witness=None, covers="claim",
                what="claim", **token):
        envelope = world.signed() if witness is None else Envelope(world)
        if witness is not None:
            envelope.keys = [mira, witness, ada]
            envelope.sign(mira, "operator")
            envelope.sign(witness, "witness", at="2026-05-07T11:00:00Z")
        for both, authority in zip(envelope.signatures, (world.tsa, tsa)):
            options = token if authority is tsa and both is envelope.signatures[1] else {}
            for one in both.values():
                data = base64.b64decode(one["claim"]["signatures"][0]["sig"])
                if both is envelope.signatures[1]:
                    data = {"claim": data, "signature": base64.b64decode(one["signature"]),
                            "other": b"something else"}[what]
                stamp = {"type": "rfc3161", "covers": covers if both is envelope.signatures[1] else "claim",
                         "token": b64(authority.token(data, **options))}
                one["timestamps"] = [stamp]
        pem = world.tsa.pem() + (tsa.pem() if tsa is not world.tsa else "")
        world.case(name, envelope, level, bad=bad, good=good, more=more, tsa=pem if roots else None)

    stamped("stamped", 7, good=["time.imprint", "time.token", "time.authority"])
    stamped("stamped-unknown-authority", 1, bad=["time.authority"], roots=False)
    stamped("stamped-unknown-authority-claimed", 7, bad=["time.authority"], roots=False, more=[])
    stamped("token-for-another", 3, bad=["time.imprint"], what="other")
    stamped("token-sha1", 3, bad=["time.imprint"], sha1=True)
    stamped("token-without-ess", 3, bad=["time.token"], ess=False)
    stamped("token-other-ess", 3, bad=["time.token"], ess=b"another certificate")
    stamped("token-forged", 3, bad=["time.token"], forged=True)
    stamped("token-wrong-eku", 3, bad=["time.token"], tsa=Authority(usage=(ExtendedKeyUsageOID.CODE_SIGNING,)))
    stamped("token-two-ekus", 3, bad=["time.token"],
            tsa=Authority(usage=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)))
    stamped("token-eku-not-critical", 3, bad=["time.token"], tsa=Authority(critical=False))
    stamped("token-no-eku", 3, bad=["time.token"], tsa=Authority(usage=()))
    stamped("token-chain-ended-before", 3, bad=["time.authority"], tsa=Authority(until="2026-05-01"))
    stamped("token-chain-ended-after", 7, tsa=Authority(until="2026-06-01"))
    stamped("token-covers-signature-not-claim", 3, covers="signature", what="signature")
    stamped("token-before-signature", 3, bad=["time.order"], at="20260507103000Z")
    stamped("token-just-before-signature", 7, at="20260507105600Z")
    stamped("signed-is-enough", 7, more=["--time", "signed"], roots=False)
    # Revoked at noon of 9 May; compromised since then.
    for name, at, level, reason in (
            ("revoked-before", "20260510120000Z", 3, {}), ("revoked-after", "20260508120000Z", 7, {}),
            ("compromised-before", "20260510120000Z", 3,
             {"revocation_code": "key_compromise", "compromised_since": "2026-05-09T12:00:00Z"}),
            ("compromised-after", "20260508120000Z", 7,
             {"revocation_code": "key_compromise", "compromised_since": "2026-05-09T12:00:00Z"}),
            ("compromised-within-accuracy", "20260509115959Z", 3,
             {"revocation_code": "key_compromise", "compromised_since": "2026-05-09T12:00:00Z"})):
        witness = Key(2, "jon.b", ["witness"], "ecdsa-p256-sha256", "hardware", revoked_at="2026-05-09T12:00:00Z",
                      revocation_reason="stolen", **reason)
        stamped(name, level, witness=witness, at=at, more=[])
    witness = Key(2, "jon.b", ["witness"], "ecdsa-p256-sha256", "hardware", revoked_at="2026-05-09T12:00:00Z",
                  revocation_reason="stolen", revocation_code="key_compromise", compromised_since="2026-05-09T12:00:00Z")
    envelope = Envelope(world)
    envelope.keys = [mira, witness, ada]
    envelope.sign(mira, "operator")
    envelope.sign(witness, "witness")
    world.case("compromised-without-token", envelope, 3)
    other = copy.copy(envelope)
    other.files = dict(envelope.files)
    world.case("compromised-any-key", other, 3, more=["--trust", "embedded", "--assurance", "claimed"])
    # Whoever has the key makes a claim with another role for an old signature, whose token is older.
    stolen = Key(3, "ada.w", ["auditor", "witness"], "rsa-pkcs1v15-sha256", revoked_at="2026-06-01T00:00:00Z",
                 revocation_reason="stolen", revocation_code="key_compromise",
                 compromised_since="2026-05-09T12:00:00Z")
    envelope = Envelope(world)
    envelope.keys = [mira, jon, stolen]
    envelope.sign(mira, "operator")
    for one in envelope.sign(stolen, "witness").values():
        one["timestamps"] = [{"type": "rfc3161", "covers": "signature",
                              "token": b64(world.tsa.token(base64.b64decode(one["signature"])))}]
    world.case("claim-by-a-thief", envelope, 3, more=["--assurance", "claimed"], tsa=world.tsa.pem())
    for name, at, level in (("clock-set-back", "2026-05-06T07:00:00Z", 3),
                            ("clock-a-little-back", "2026-05-06T07:05:00Z", 7)):
        envelope = Envelope(world)
        envelope.sign(mira, "operator")
        envelope.sign(jon, "witness", at=at)
        world.case(name, envelope, level, bad=["time.order"] if level == 3 else [])


def run_times(world):
    """Time stamps of the run itself: whatever they are, no level changes."""

    def stamped(name, holds, tsa=world.tsa, roots=True, data=None, status=0, more=None, **token):
        envelope = world.signed()
        covered = envelope.canonical["sealed_run"] if data is None else data
        envelope.stamp_run(tsa.token(covered, **token), status, **(more or {}))
        pem = world.tsa.pem() + (tsa.pem() if tsa is not world.tsa else "")
        world.case("run-" + name, envelope, 7, tsa=pem if roots else None,
                   good=["time.run"] if holds else [], bad=[] if holds else ["time.run"])

    stamped("stamped", True)
    stamped("stamped-with-modifications", True, status=1)
    stamped("stamped-with-other-labels", True, more={"tsa_url": None, "requested_at": "2090-01-01T00:00:00Z"})
    stamped("stamped-unknown-authority", False, roots=False)
    stamped("stamped-refused", False, status=2)
    stamped("token-for-another", False, data=b"another run")
    stamped("payload-of-another", False, more={"payload_bytes_sha256": "sha256:" + "0" * 64})
    stamped("payload-in-capitals", False, more={"payload_bytes_sha256": "SHA256:" + "0" * 64})
    stamped("token-forged", False, forged=True)
    stamped("token-sha1", False, sha1=True)
    stamped("token-without-ess", False, ess=False)
    stamped("token-wrong-eku", False, tsa=Authority(usage=(ExtendedKeyUsageOID.CODE_SIGNING,)))
    stamped("token-chain-ended-before", False, tsa=Authority(until="2026-05-01"))
    stamped("seen-before-it-was-made", False, at="20260506070000Z")
    stamped("seen-just-before-it-was-made", True, at="20260506070500Z")
    for name, more in (("version", {"tsa_version": "2.0"}), ("response", {"tsa_response_b64": "x"}),
                       ("no-response", {"tsa_response_b64": None}), ("no-payload", {"payload_bytes_sha256": 7}),
                       ("empty-response", {"tsa_response_b64": "MAA="})):
        stamped("form-" + name, False, more=more)


def attested(world):
    """What policy requires of keys by their attestations: each rule met, not met and not stated."""
    device = Yubikey()
    keys = {"ecdsa-p256-sha256": Key(21, "jon.b", ["witness"], "ecdsa-p256-sha256", "hardware"),
            "ed25519": Key(21, "jon.b", ["witness"], "ed25519", "hardware"),
            "rsa-pss-sha256": Key(21, "jon.b", ["witness"], "rsa-pss-sha256", "hardware")}

    def judged(name, rules, holds, operator=None, algorithm="ecdsa-p256-sha256", witness=None, edit=None, kept=False,
               **facts):
        envelope, key = Envelope(world), copy.copy(keys[algorithm])
        mira = Key(22, "mira.k", ["operator"], "ecdsa-p256-sha256") if operator is not None else world.mira
        attestation = device.attest(key, **facts) if witness is None else witness
        if kept:
            key.more = {"key_attestation": attestation}
        envelope.keys = [mira, key, world.ada]
        by_operator, by_witness = envelope.sign(mira, "operator"), envelope.sign(key, "witness")
        for one in by_operator.values() if operator is not None else ():
            one["key_attestation"] = device.attest(mira, **operator)
        for one in by_witness.values() if not kept else ():
            one["key_attestation"] = attestation
        if edit is not None:
            edit(envelope)
        flags = [word for rule in rules.split() for word in ("--require-attested", rule)]
        world.case("attested-" + name, envelope, 7 if holds else 5, more=flags, roots=device.pem(),
                   good=["signer.required_facts"] if holds and rules else [],
                   bad=[] if holds else ["signer.required_facts"])

    judged("nothing-required", "", True, touch=1)
    for name, rule, holds, facts in (
            ("model", "model=yubikey", True, {}), ("other-model", "model=tpm", False, {}),
            ("firmware", "firmware=5.7.4", True, {}), ("newer", "firmware=5.7.4", True, {"firmware": (5, 10, 0)}),
            ("older", "firmware=5.7.4", False, {"firmware": (5, 7, 3)}), ("short", "firmware=5", True, {}),
            ("pin", "pin=once,always", True, {"pin": 3}), ("no-pin", "pin=once,always", False, {"pin": 1}),
            ("bio", "pin=match-once", True, {"pin": 4}), ("odd-pin", "pin=once,always", False, {"pin": 9}),
            ("touch", "touch=always", True, {}), ("no-touch", "touch=always,cached", False, {"touch": 1}),
            ("cached", "touch=always", False, {"touch": 3}), ("odd-touch", "touch=always", False, {"touch": 0}),
            ("form", "form-factor=usb-c-keychain,usb-c-nano", True, {}),
            ("other-form", "form-factor=usb-c-nano", False, {}), ("no-form", "form-factor=usb-c-nano", False, {"form": None}),
            ("odd-form", "form-factor=usb-c-nano", False, {"form": 0x2A}),
            ("fips", "fips=yes", True, {"form": 0x83}), ("fips-by-factory", "fips=yes", True, {"form": None, "fips": True}),
            ("no-fips", "fips=yes", False, {}), ("fips-not-stated", "fips=yes", False, {"form": None}),
            ("generated", "generated=yes", True, {}),
            ("no-advisory", "advisories=refuse", True, {}), ("leak", "advisories=refuse", False, {"firmware": (5, 6, 9)}),
            ("leak-of-bio", "advisories=refuse", False, {"firmware": (5, 7, 1), "form": 6}),
            ("no-leak", "advisories=refuse", True, {"firmware": (5, 7, 0)}),
            ("leak-of-no-form", "advisories=refuse", False, {"firmware": (5, 7, 0), "form": None}),
            ("leak-of-odd-form", "advisories=refuse", False, {"firmware": (5, 7, 0), "form": 42})):
        judged(name, "witness:" + rule, holds, **facts)
    rsa_key, edwards = "rsa-pss-sha256", "ed25519"
    judged("roca", "witness:advisories=refuse", False, algorithm=rsa_key, firmware=(4, 3, 4))
    judged("no-roca", "witness:advisories=refuse", True, algorithm=rsa_key, firmware=(4, 3, 5))
    judged("roca-before", "witness:advisories=refuse", True, algorithm=rsa_key, firmware=(4, 2, 5))
    judged("edwards", "witness:advisories=refuse", True, algorithm=edwards, firmware=(5, 6, 9))
    # Of all roles, and of one.
    judged("of-all", "firmware=5.7", False)
    judged("of-all-attested", "firmware=5.7", True, operator={})
    judged("of-all-older", "firmware=5.7", False, operator={"firmware": (5, 4, 3)})
    judged("own-instead", "firmware=5.7 operator:firmware=5.4", True, operator={"firmware": (5, 4, 3)})
    judged("own-and-all", "firmware=5.7 witness:touch=always", False, firmware=(5, 4, 3))
    judged("of-another", "auditor:firmware=5.9", True)
    judged("later-counts", "witness:firmware=5.9 witness:firmware=5.1", True)
    # The attestation that the keyring has kept is as good; one of another key is none, and one of another
    # type is not checked.
    judged("kept", "witness:touch=always", True, kept=True)
    judged("kept-without-touch", "witness:touch=always", False, kept=True, touch=1)
    judged("of-another-key", "witness:touch=always", False, witness=device.attest(world.ada))
    judged("by-another-root", "witness:touch=always", False, witness=Yubikey().attest(keys["ecdsa-p256-sha256"]))
    judged("other-type", "witness:touch=always", False, witness={"type": "sgx-quote", "quote": ""})

    # A device's certificate may leave out that it issues others, and may not deny it; a slot's issues
    # none. Both certificates are valid when the key signs.
    usage = lambda signs: (x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=False, encipher_only=False, decipher_only=False), True)
    authority = (x509.BasicConstraints(True, 0), True)
    for name, holds, issuer in (
            ("says-nothing", True, device.device_with()), ("to-issue", True, device.device_with(authority, usage(True))),
            ("nameless", False, device.device_with(name="Some PIV Attestation")),
            ("no-authority", False, device.device_with((x509.BasicConstraints(False, None), True))),
            ("not-to-issue", False, device.device_with(authority, usage(False))),
            ("usage-alone", False, device.device_with(usage(False))),
            ("of-a-slot", False, device.device_with(authority, name="YubiKey PIV Attestation 9a")),
            ("ended", False, device.device_with(authority, end="2026-05-01")),
            ("not-begun", False, device.device_with(authority, start="2026-06-01")),
            ("at-that-time", True, device.device_with(authority, start="2026-05-01", end="2026-06-01"))):
        judged("by-device-" + name, "witness:touch=always", holds, device=issuer)
    judged("ended", "witness:touch=always", False, end="2026-05-01")
    judged("not-begun", "witness:touch=always", False, start="2026-06-01")
    judged("until-beyond-2050", "witness:touch=always", True, end="2052-04-17")

    def weak_besides(envelope):
        for one in envelope.sign(world.ada, "witness").values():
            one["key_attestation"] = device.attest(world.ada, firmware=(5, 1, 0), touch=1)

    judged("weak-besides", "witness:touch=always", True, edit=weak_besides)

    def good_of_the_operator(envelope):
        more = Key(23, "mira.k", ["witness"], "ecdsa-p256-sha256")
        envelope.keys.append(more)
        for one in envelope.sign(more, "witness").values():
            one["key_attestation"] = device.attest(more)

    judged("same-person", "witness:touch=always", False, touch=1, edit=good_of_the_operator)


def companions(world):
    """Second signatures that outlive elliptic curves. None of them changes a level."""
    mira, jon, ada = world.people
    rules = ["companion." + one for one in ("form", "key", "signature", "claim", "owner")]
    pq, other = Key(30, "jon.b", [], "ml-dsa-65"), Key(31, "jon.b", [], "ml-dsa-65")

    def signed(key=jon, owned=pq, by=pq, **more):
        """Signed by two, by the witness with a companion; `owned` is the key that the keyring has."""
        envelope = Envelope(world)
        envelope.keys += [owned] if owned is not None else []
        envelope.sign(mira, "operator")
        envelope.sign(key, "witness", companion=by, **more)
        return envelope

    def altered(name, bad, change, **more):
        envelope = signed(**more)
        change(envelope.signatures[1])
        world.case("companion-" + name, envelope, 7, bad=[bad])

    def changed(field, value):
        def change(both):
            for one in both.values():
                one["companion"][field] = value
        return change

    for form in (None, "canonical_json", "sha256", "sha256_hex", "sha256_hex_base64"):
        world.case("companion-over-%s" % form, signed(form=form), 7,
                   good=rules + ["manifest." + one for one in rules])
    world.case("companion-of-a-stranger", signed(owned=None), 7, bad=["companion.owner"], good=rules[:4])
    someone = Key(32, "ada.w", [], "ml-dsa-65")
    world.case("companion-of-another", signed(owned=someone, by=someone), 7, bad=["companion.owner"], good=rules[:4])
    revoked = Key(33, "jon.b", [], "ml-dsa-65", revoked_at="2026-05-01T00:00:00Z", revocation_reason="replaced")
    world.case("companion-revoked", signed(owned=revoked, by=revoked), 7, bad=["companion.owner"])
    late = Key(34, "jon.b", [], "ml-dsa-65", valid_from="2026-06-01T00:00:00Z")
    world.case("companion-too-early", signed(owned=late, by=late), 7, bad=["companion.owner"])
    # Taken away, added, exchanged.
    altered("taken-away", "companion.key", lambda both: [one.pop("companion") for one in both.values()])
    brought = signed().signatures[1]

    def bring(both):
        for kind, one in both.items():
            one["companion"] = copy.deepcopy(brought[kind]["companion"])

    altered("added", "companion.key", bring, by=None)
    altered("of-another-act", "companion.claim", bring, requiredRoles=["witness", "operator"])
    named = lambda statement: statement["predicate"].update(companionKeySha256=sha256(other.spki))
    world.case("companion-other-named", signed(edit=named), 7, bad=["companion.key"])
    envelope = signed()
    envelope.sign(ada, "auditor", claim=False)["sealed_run"]["companion"] = brought["sealed_run"]["companion"]
    world.case("companion-without-claim", envelope, 7, bad=["companion.key"])
    unread = Envelope(world)
    unread.sign(mira, "operator")
    unread.sign(jon, "witness", edit=lambda one: one["predicate"].update(companionKeySha256="none"))
    world.case("companion-named-by-no-digest", unread, 3, bad=["claim.form"])

    def swap(both):
        run, manifest = (both[kind]["companion"] for kind in ("sealed_run", "manifest"))
        run["signature"], manifest["signature"] = manifest["signature"], run["signature"]

    altered("of-the-manifest", "companion.signature", swap)

    def as_claim(both):
        for one in both.values():
            one["companion"]["claim_signature"] = one["companion"]["signature"]

    altered("on-no-claim", "companion.claim", as_claim)
    altered("over-another-form", "companion.signature", changed("signed_payload", "sha256"))
    altered("in-an-unknown-form", "companion.form", changed("signed_payload", "sha512"))
    altered("of-a-later-version", "companion.form", changed("algorithm", "ml-dsa-87"))
    altered("of-no-algorithm", "companion.form", changed("algorithm", None))
    altered("with-another-key", "companion.key", changed("public_key", other.public))
    altered("with-an-ed25519-key", "companion.form", changed("public_key", mira.public))
    altered("with-a-long-key", "companion.form", changed("public_key", pq.public + " " * 6000))
    altered("cut-off", "companion.form", changed("signature", b64(b"x" * 3308)))
    altered("with-a-wrong-bit", "companion.signature", changed("signature", b64(bytes(3309))))

    def no_object(both):
        for one in both.values():
            one["companion"] = "x"

    altered("that-is-none", "companion.form", no_object)
    added = lambda both: [one.update(companion="x") for one in both.values()]
    altered("that-is-none-added", "companion.form", added, by=None)

    def null(both):
        for one in both.values():
            one["companion"] = None

    altered("that-is-null", "companion.key", null)
    # A key for companions signs nothing of its own, and makes nobody a person.
    envelope = Envelope(world)
    envelope.keys.append(Key(35, "jon.b", ["witness"], "ml-dsa-65"))
    envelope.sign(mira, "operator")
    envelope.sign(envelope.keys[-1], "witness")
    world.case("companion-key-alone", envelope, 3, bad=["roles.witness", "threshold.met"])
    envelope = signed()
    envelope.keys.append(Key(36, "eve.m", [], "ml-dsa-65"))
    envelope.threshold = 4
    envelope.sign(ada, "auditor")
    world.case("companion-key-of-nobody", envelope, 7, good=["threshold.met"])
    shared = Key(37, "jon.b", ["witness"], "hmac-sha256")
    envelope = signed(key=shared)
    envelope.keys.append(shared)
    world.case("companion-of-a-shared-key", envelope, 5, bad=["companion.key"],
               more=["--hmac-key-file", world.file("shared", b64(SHARED))])


def attested_by_hsm(world):
    """The attestations of a YubiHSM 2: each of its rules met and not met."""
    hsm = YubiHsm()
    key = Key(31, "jon.b", ["witness"], "ecdsa-p256-sha256", "hardware")

    def judged(name, holds, rules="model=yubihsm", roots=None, **made):
        envelope, attestation = Envelope(world), hsm.attest(key, **made.pop("attest", {}))
        envelope.keys = [world.mira, key, world.ada]
        envelope.sign(world.mira, "operator")
        for one in envelope.sign(key, "witness").values():
            one["key_attestation"] = {**attestation, **made}
        flags = [word for rule in rules.split() for word in ("--require-attested", "witness:" + rule)]
        world.case("hsm-" + name, envelope, 7 if holds else 5, more=flags, roots=roots or hsm.pem(),
                   good=["signer.required_facts"] if holds else [], bad=[] if holds else ["signer.required_facts"])

    judged("good", True)
    for name, holds, rules in (
            ("other-model", False, "model=yubikey,tpm"), ("firmware", True, "firmware=2.4"),
            ("older", False, "firmware=2.4.1"), ("generated", True, "generated=yes"), ("pin", False, "pin=once"),
            ("no-advisory", True, "advisories=refuse"), ("fips-not-stated", False, "fips=yes")):
        judged(name, holds, rules)
    judged("leak", False, "advisories=refuse", attest={"firmware": (2, 3, 2)})
    judged("fips", True, "fips=yes", attest={"said": {"12": b"\x01\x01\xff"}})
    judged("no-fips", False, "fips=yes", attest={"said": {"12": b"\x01\x01\x00"}})
    judged("odd-fips", False, attest={"said": {"12": b"\x01\x01\x01"}})
    for origin in (0x00, 0x02, 0x03, 0x11, 0x12):
        judged("origin-%02x" % origin, False, attest={"origin": origin})
    judged("exportable", False, attest={"capabilities": 0x10080})
    judged("export-beside", True, attest={"capabilities": 0x20080})
    for arc in ("1", "2", "3", "4", "5", "6", "9"):
        judged("without-" + arc, False, attest={"said": {arc: None}})
        judged("garbled-" + arc, False, attest={"said": {arc: b"\x13\x01x"}})
    judged("odd-label", False, attest={"said": {"9": b"\x0c\x01\xff"}})
    judged("odd-firmware", False, attest={"said": {"1": b"\x04\x02\x02\x04"}})
    judged("long-capabilities", False, attest={"said": {"5": b"\x03\x0a\x00" + bytes(9)}})
    judged("by-another", False, attest={"signer": hsm.sub_key})
    judged("of-another-device", False, attest={"device": hsm.hsm(serial=7)})
    judged("device-without-serial", True, attest={"device": hsm.hsm(("2", None))})
    judged("by-a-key", False, attest={"device": hsm.hsm(("3", b"\x03\x02\x00\x01"))})
    policies = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.41482.3.8"), b"\1\1")
    judged("by-a-slot", False, attest={"device": hsm.hsm(critical=[policies])})

    def sub_ca(*extensions):
        built = hsm.build("Test YubiHSM 1 Sub-CA", hsm.sub_key.public_key(), "Test PIV Root CA")
        for extension, critical in extensions:
            built = built.add_extension(extension, critical)
        made = built.sign(hsm.root_key, hashes.SHA256())
        return {"issuers": [b64(made.public_bytes(serialization.Encoding.DER))]}

    authority, unknown = (x509.BasicConstraints(True, 1), True), x509.UnrecognizedExtension
    origin = unknown(x509.ObjectIdentifier(hsm.ARC + "3"), b"\3\2\0\1")
    signs = x509.KeyUsage(False, False, False, False, False, True, False, False, False)
    explicit = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)
    for name, holds, extensions in (
            ("again", True, [authority]), ("of-a-key", False, [authority, (origin, False)]),
            ("of-a-slot", False, [authority, (policies, False)]), ("by-usage-alone", False, [(signs, True)]),
            ("policy", False, [authority, (explicit, True)]),
            ("purpose", False, [authority, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), True)])):
        judged("sub-ca-" + name, holds, attest=sub_ca(*extensions))
    judged("by-no-authority", False, attest={"device": hsm.hsm(authority=None)})
    judged("by-none", False, attest={"device": hsm.hsm(authority=x509.BasicConstraints(False, None))})
    judged("without-sub-ca", False, attest={"issuers": []})
    judged("sub-ca-trusted", True, attest={"issuers": []},
           roots=hsm.pem() + hsm.sub_ca.public_bytes(serialization.Encoding.PEM).decode())
    judged("other-root", False, roots=YubiHsm().pem())
    judged("path-length", False, roots=hsm.root_with(1).public_bytes(serialization.Encoding.PEM).decode())
    judged("no-list", False, issuers="MAA=")
    ended = hsm.build("Test YubiHSM 1 Sub-CA", hsm.sub_key.public_key(), "Test PIV Root CA", end="2026-05-01").add_extension(
        x509.BasicConstraints(True, 1), True).sign(hsm.root_key, hashes.SHA256())
    both = [b64(one.public_bytes(serialization.Encoding.DER)) for one in (ended, hsm.sub_ca)]
    for name, issuers in (("renewed", both), ("renewed-first", both[::-1])):
        judged("sub-ca-" + name, True, attest={"issuers": issuers})
    judged("sub-ca-ended", False, attest={"issuers": both[:1]})
    purposes = lambda *all_of_them: x509.ExtendedKeyUsage(all_of_them)
    for name, holds, critical in (("purpose", False, purposes(ExtendedKeyUsageOID.CLIENT_AUTH)),
                                  ("any-purpose", True, purposes(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)),
                                  ("unknown", False, x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0"))):
        judged("critical-" + name, holds, attest={"critical": [critical]})
        judged("device-critical-" + name, holds, attest={"device": hsm.hsm(critical=[critical])})
    judged("long-serial", False, attest={"device": hsm.hsm(serial=2**70), "said": {"2": number(2**70)}})
    judged("device-ended", False, attest={"device": hsm.hsm(end="2026-05-01")})
    judged("ended", False, attest={"end": "2026-05-01"})


def attested_by_cloud_hsm(world):
    """The statements of a LiquidSecurity HSM: each rule met and not met."""
    hsm, other = CloudHsm(), CloudHsm()
    keys = {"ecdsa-p256-sha256": Key(41, "jon.b", ["witness"], "ecdsa-p256-sha256", "external"),
            "rsa-pss-sha256": Key(41, "jon.b", ["witness"], "rsa-pss-sha256", "external")}

    def judged(name, holds, rules="model=liquidsecurity", roots=None, algorithm="ecdsa-p256-sha256", more=None, **made):
        key = keys[algorithm]
        envelope, attestation = Envelope(world), hsm.attest(key, **made)
        envelope.keys = [world.mira, key, world.ada]
        envelope.sign(world.mira, "operator")
        for one in envelope.sign(key, "witness").values():
            one["key_attestation"] = {**attestation, **(more or {})}
        flags = [word for rule in rules.split() for word in ("--require-attested", "witness:" + rule)]
        world.case("cloud-hsm-" + name, envelope, 7 if holds else 5, more=flags, roots=roots or hsm.roots(),
                   good=["signer.required_facts"] if holds else [], bad=[] if holds else ["signer.required_facts"])

    ec_key = keys["ecdsa-p256-sha256"]
    judged("good", True)
    judged("rsa", True, algorithm="rsa-pss-sha256")
    for name, holds, rules in (("other-model", False, "model=yubihsm"), ("generated", True, "generated=yes"),
                               ("firmware", False, "firmware=0"), ("fips", False, "fips=yes"),
                               ("no-advisory", True, "advisories=refuse")):
        judged(name, holds, rules)
    judged("plain", True, pack=lambda data: data)
    judged("private-alone", True, halves=[hsm.half(ec_key, True)])
    judged("public-alone", False, halves=[hsm.half(ec_key, False)])
    judged("two-private", False, halves=[hsm.half(ec_key, True)] * 2)
    judged("of-another-key", False, halves=[hsm.half(world.ada, False), hsm.half(world.ada, True)])
    judged("public-of-another", False, halves=[hsm.half(world.ada, False), hsm.half(ec_key, True)])
    for attribute, wrong in ((0x162, 1), (0x164, 0), (0x163, 0), (0x103, 0), (0x165, 0), (0x2, 0), (0x108, 0)):
        judged("attribute-%x" % attribute, False, said={attribute: bytes([wrong])})
        judged("without-%x" % attribute, False, said={attribute: None})
        judged("long-%x" % attribute, False, said={attribute: bytes([0, 1 - wrong])})
    judged("without-check-value", False, said={0x1003: None})
    judged("other-check-value", False, said={0x1003: bytes(32)})
    judged("without-point", True, said={0x120: None})
    judged("other-point", False, said={0x120: bytes(65)})
    judged("unknown-attribute", True, said={0x9999: b"more"})
    for name, edit in (("error", lambda data: b"\0\0\0\1" + data[4:]), ("behind", lambda data: data + b"\0"),
                       ("total", lambda data: data[:11] + b"\0" + data[12:]),
                       ("first", lambda data: data[:37] + b"\x09" + data[38:]),
                       ("count", lambda data: data[:47] + b"\x01" + data[48:])):
        judged("edited-" + name, False, edit=edit)
    judged("by-another", False, signer=other.key)
    judged("without-card", False, certificates=(hsm.made, hsm.owned))
    judged("without-owner", False, certificates=(hsm.made, hsm.card))
    judged("without-maker", False, certificates=(hsm.card, hsm.owned))
    judged("by-maker-alone", False, roots=hsm.roots(hsm.root))
    judged("by-owner-alone", False, roots=hsm.roots(hsm.owner))
    judged("other-roots", False, roots=other.roots())
    same = hsm.certificate("HSM:1.2T:PARTN:1", hsm.key, "Test Maker", hsm.root_key)
    judged("one-root", False, certificates=(hsm.made, hsm.card, same), roots=hsm.roots(hsm.root))
    authority, end_entity = (x509.BasicConstraints(True, None), True), (x509.BasicConstraints(False, None), True)
    owned = lambda *extensions, **dates: hsm.certificate(
        "HSM:1.2T:PARTN:1", hsm.key, "Test Owner", hsm.owner_key, *extensions, **dates)
    purposes = (x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.23.133.8.3")]), False)
    usage = lambda signs: (x509.KeyUsage(signs, False, True, False, False, False, False, False, False), True)
    for name, holds, one in (("plain", True, owned()), ("authority", False, owned(authority)),
                             ("purposes", False, owned(purposes)), ("signing", True, owned(usage(True))),
                             ("not-signing", False, owned(usage(False))), ("ended", False, owned(end="2026-05-01"))):
        judged("owned-" + name, holds, certificates=(hsm.made, hsm.card, one))
    card = lambda *extensions, **dates: hsm.certificate(
        "HSM:1.2T", hsm.card_key, "Test Maker", hsm.root_key, *extensions, **dates)
    judged("owned-renewed", True, certificates=(hsm.made, hsm.card, owned(end="2026-05-01"), hsm.owned))
    judged("card-renewed", True, certificates=(hsm.made, card(end="2026-05-01"), hsm.card, hsm.owned))
    judged("card-authority", True, certificates=(hsm.made, card(authority), hsm.owned))
    judged("card-not-to-issue", False, certificates=(hsm.made, card(end_entity), hsm.owned))
    slot = hsm.certificate("HSM:1.2T:PARTN:1", hsm.key, "HSM:1.2T", hsm.card_key, (
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.41482.3.8"), b"\2\2"), False))
    judged("made-in-a-slot", False, certificates=(slot, hsm.card, hsm.owned))
    for name, holds, path in (("0", False, 0), ("1", True, 1)):
        root = hsm.root_of("Test Maker", hsm.root_key, (x509.BasicConstraints(True, path), True))
        judged("path-length-" + name, holds, roots=hsm.roots(root, hsm.owner))
    ended, renewed = (hsm.root_of("Test Maker", hsm.root_key, **dates) for dates in (
        {"end": "2026-05-01"}, {"start": "2026-05-02"}))
    judged("root-ended", False, roots=hsm.roots(ended, hsm.owner))
    judged("root-renewed", True, roots=hsm.roots(ended, renewed, hsm.owner))
    judged("bomb", False, pack=lambda data: gzip.compress(bytes(100 << 10)))
    judged("behind-the-pack", False, pack=lambda data: gzip.compress(data) + b"\0")
    judged("cut", False, pack=lambda data: gzip.compress(data)[:-9])
    judged("no-list", False, more={"certificates": "MAA="})


def main():
    verifier, runs, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    world = World(verifier, runs, out)
    for part in (claims, seen, refusals, times, run_times, attested, attested_by_hsm, attested_by_cloud_hsm,
                 companions):
        world.part = part.__name__
        part(world)
    world.journal.close()


if __name__ == "__main__":
    main()
