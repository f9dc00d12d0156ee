"""HashiCorp Vault on loopback, with as much of its transit engine as signing needs, and real keys.

    python vault_transit.py DIRECTORY

Writes DIRECTORY/token. A request that Vault would refuse is refused. There is a key for each kind, named as its
kind is, in the engines `transit` and `team/transit` (in the namespace `runs`). Each has versions 1 to 3; 1 does not
sign any more.
"""

import base64
import pathlib
import re
import secrets
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

import service

VERSIONS = range(1, 4)
LEAST_VERSION = 2  # of those that sign (min_encryption_version)
MAKE = {
    "ecdsa-p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ecdsa-p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa-2048": lambda: rsa.generate_private_key(65537, 2048),
    "aes256-gcm96": lambda: None,
}
KEYS = {kind: {version: make() for version in VERSIONS} for kind, make in MAKE.items()}
HASHES = {"sha2-256": hashes.SHA256(), "sha2-384": hashes.SHA384(), "sha2-512": hashes.SHA512()}
MOUNTS = {"transit": None, "team/transit": "runs"}


def refusal(status, *errors):
    return service.Refusal(status, {"errors": list(errors)})


def said_of(key):
    """A public key as Vault gives it: PEM, or of Ed25519 the bytes."""
    public_key = key.public_key()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return base64.b64encode(raw).decode()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key.public_bytes(serialization.Encoding.PEM, form).decode()


class Vault:
    def __init__(self, directory):
        self.misbehaviour = service.Misbehaviour(directory)
        self.token = f"hvs.{secrets.token_urlsafe(24)}"
        pathlib.Path(directory, "token").write_text(self.token)

    def answer(self, request):
        if request.headers.get("X-Vault-Token") != self.token or request.headers.get("X-Vault-Request") != "true":
            raise refusal(403, "permission denied")
        if self.misbehaviour.is_(service.LEAK):
            raise refusal(400, f"the token {self.token} is not for this")
        if self.misbehaviour.is_("redirected"):
            raise service.Refusal(307, {}, {"Location": "http://127.0.0.1:9/v1/"})
        found = re.fullmatch(r"/v1/(\S+)/(keys|sign)/([\w-]+)", request.path)
        mount, act, name = found.groups() if found else (None, None, None)
        if mount not in MOUNTS or request.headers.get("X-Vault-Namespace") != MOUNTS[mount]:
            raise refusal(404, f"no handler for route {request.path!r}. route entry not found.")
        if (act, request.method) == ("keys", "GET"):
            if name not in KEYS:
                raise refusal(404)
            return {"data": self.key(name)}
        if act != "sign" or request.method not in ("POST", "PUT"):
            raise refusal(405, "unsupported operation")
        if name not in KEYS:
            raise refusal(400, "signing key not found")
        return {"data": self.sign(name, request.body)}

    def key(self, kind):
        versions = {
            str(version): {"name": kind, "public_key": said_of(key)} if key else 1700000000
            for version, key in KEYS[kind].items()
        }
        return {
            "name": kind,
            "type": kind,
            "keys": versions,
            "latest_version": max(VERSIONS),
            "min_encryption_version": LEAST_VERSION,
            "derived": self.misbehaviour.is_("derived"),
            "supports_signing": kind != "aes256-gcm96",
        }

    def sign(self, kind, asked):
        version = asked.get("key_version", max(VERSIONS))
        if version not in VERSIONS:
            raise refusal(400, "error getting key for signing: requested version for signing is higher than the latest")
        if version < LEAST_VERSION:
            raise refusal(400, "cannot sign with a key version that is less than the minimum encryption version")
        key = KEYS[kind][version]
        if key is None:
            raise refusal(400, f"key type {kind} does not support signing")
        data = base64.b64decode(asked["input"], validate=True)
        signature = self.misbehaviour.signature(self.signature(key, data, asked))
        if self.misbehaviour.is_(service.OTHER_VERSION):
            version -= 1
        return {"signature": f"vault:v{version}:{base64.b64encode(signature).decode()}", "key_version": version}

    def signature(self, key, data, asked):
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        by = HASHES[asked.get("hash_algorithm", "sha2-256")]
        if asked.get("prehashed"):
            # RSA refuses another length by itself; Vault signs any as ECDSA, which nobody means.
            if len(data) != by.digest_size:
                raise refusal(400, "the digest has a wrong length")
            by = utils.Prehashed(by)
        if isinstance(key, rsa.RSAPrivateKey):
            if asked.get("signature_algorithm") != "pkcs1v15":
                return key.sign(data, padding.PSS(padding.MGF1(HASHES["sha2-256"]), padding.PSS.MAX_LENGTH), by)
            return key.sign(data, padding.PKCS1v15(), by)
        signature = key.sign(data, ec.ECDSA(by))
        if asked.get("marshaling_algorithm", "asn1") != "asn1":
            raise refusal(400, "only asn1 is spoken here")
        return signature


def main():
    vault = Vault(sys.argv[1])
    service.serve(service.bind(vault.answer, vault.misbehaviour))


if __name__ == "__main__":
    main()
