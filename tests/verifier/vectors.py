"""Which signatures the verifier takes.

    python -I vectors.py VERIFY_PY < VECTORS

One JSON object a line: `algorithm`, `key` as a signature file has it, `message` and `signature` in
hexadecimal. Prints one line each: true or false.
"""

import importlib.util
import json
import sys


def main():
    spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
    verify = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verify)
    for line in sys.stdin:
        vector = json.loads(line)
        message, signature = (bytes.fromhex(vector[key]) for key in ("message", "signature"))
        try:
            key = verify.PublicKey.parse(vector["key"])
            holds = verify.Signer(vector["algorithm"], key, None).verify(None, message, signature)
            if vector["algorithm"] == "ed25519" and len(signature) == 64:
                check_equation(verify, key, message, signature, holds)
        except verify.Unreadable:
            holds = False
        print(json.dumps(holds))
    verify.OPENSSL.close()


def check_equation(verify, key, message, signature, holds):
    """Where openssl is too old, the equation itself decides: it says the same."""
    point, scalar = verify.decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if point is not None and scalar < verify.L25519 and not verify.is_small_order(point):
        assert verify.ed25519_holds(key.raw, message, signature) == holds


if __name__ == "__main__":
    main()
