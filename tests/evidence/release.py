"""Whether every signature of a release holds, according to `securesystemslib`.

    python release.py RELEASE KEYS

KEYS is a folder with the public key of each key id, as `ID.pem`. Prints the ids, sorted.
"""

import json
import os
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        release = json.load(file)
    keys = []
    for key_id in (one["keyid"] for one in release["signatures"]):
        with open(os.path.join(sys.argv[2], key_id + ".pem"), "rb") as file:
            public = load_pem_public_key(file.read())
        keys.append(SSlibKey.from_crypto(public, keyid=key_id))
    accepted = Envelope.from_dict(release).verify(keys, len(keys))
    print(*sorted(accepted))


if __name__ == "__main__":
    main()
