"""Whether each claim and refusal in a pack's evidence is signed by the key beside it, according to
`securesystemslib`.

    python dsse.py EVIDENCE

Prints a JSON object a line: `file`, and `refused` with the reason, or null.
"""

import glob
import json
import os
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

# A PEM does not say how an RSA key signs.
RSA_SCHEMES = ("rsa-pkcs1v15-sha256", "rsassa-pss-sha256")


def verify(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path.removesuffix(".dsse.json") + ".pem", "rb") as file:
        public = load_pem_public_key(file.read())
    (key_id,) = {one["keyid"] for one in json.loads(text)["signatures"]}
    key = SSlibKey.from_crypto(public, keyid=key_id)
    refused = None
    for scheme in RSA_SCHEMES if key.keytype == "rsa" else (key.scheme,):
        key = SSlibKey.from_crypto(public, keyid=key_id, scheme=scheme)
        try:
            Envelope.from_dict(json.loads(text)).verify([key], 1)
            return
        except VerificationError as error:
            refused = error
    raise refused


def main():
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.dsse.json"))):
        refused = None
        try:
            verify(path)
        except VerificationError as error:
            refused = str(error)
        print(json.dumps({"file": os.path.basename(path), "refused": refused}))


if __name__ == "__main__":
    main()
