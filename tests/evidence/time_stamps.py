"""Whether each time stamp in a pack's evidence holds, according to `rfc3161-client`.

    python time_stamps.py EVIDENCE ROOT_PEM < SIGNATURES

SIGNATURES is a JSON object from the names of the `.tsr` files to the hexadecimal of the signatures
that they are about. Prints a JSON object a line: `file`, and `refused` with the reason, or null.
"""

import json
import os
import sys

from cryptography.x509 import load_pem_x509_certificate
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response


def main():
    folder, root = sys.argv[1:]
    with open(root, "rb") as file:
        root = load_pem_x509_certificate(file.read())
    for name, signature in sorted(json.load(sys.stdin).items()):
        with open(os.path.join(folder, name), "rb") as file:
            response = file.read()
        refused = None
        try:
            verifier = VerifierBuilder().add_root_certificate(root).build()
            verifier.verify_message(decode_timestamp_response(response), bytes.fromhex(signature))
        except (VerificationError, ValueError) as error:
            refused = str(error) or type(error).__name__
        print(json.dumps({"file": name, "refused": refused}))


if __name__ == "__main__":
    main()
