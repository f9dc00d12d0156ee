"""Whether a version of the signed keyring is signed by enough administrators, and follows the one before
it, according to `securesystemslib` and a page of the standard library.

    python keyring.py [PREVIOUS] VERSION

Prints the number of the version and the administrators who signed it, old and new, sorted.
"""

import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives.serialization import load_der_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

TYPE = "application/vnd.countersign.keyring+json"


def read(path):
    with open(path, encoding="utf-8") as file:
        envelope = json.load(file)
    assert envelope["payloadType"] == TYPE
    payload = base64.b64decode(envelope["payload"], validate=True)
    version = json.loads(payload)
    canonical = json.dumps(version, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical.encode() == payload, "not canonical"
    return Envelope.from_dict(envelope), payload, version


def signers(envelope, version):
    """The owners of the administrators' keys that signed; fails below the threshold."""
    administrators = version["administrators"]
    keys, owners = [], {}
    for key in version["keys"]:
        if key["key_id"] in administrators["keys"]:
            assert key["revoked_at"] is None
            owners[key["key_id"]] = key["owner"]
            public = load_der_public_key(public_der(key["public_key"]))
            keys.append(SSlibKey.from_crypto(public, keyid=key["key_id"]))
    accepted = envelope.verify(keys, administrators["threshold"])
    people = {owners[key_id] for key_id in accepted}
    assert len(people) >= administrators["threshold"]
    assert 2 * administrators["threshold"] > len(set(owners.values()))
    return people


def public_der(text):
    """An Ed25519 key as keyrings write it: base64 of the raw key, or of its DER."""
    key = base64.b64decode(text)
    return bytes.fromhex("302a300506032b6570032100") + key if len(key) == 32 else key


def main():
    files = [read(path) for path in sys.argv[1:]]
    envelope, _, version = files[-1]
    people = signers(envelope, version)
    if len(files) == 2:
        _, payload, before = files[0]
        assert version["version"] == before["version"] + 1
        assert version["previous"] == hashlib.sha256(payload).hexdigest()
        assert version["issued_at"] >= before["issued_at"]
        people |= signers(envelope, before)
    print(version["version"], *sorted(people))


if __name__ == "__main__":
    main()
