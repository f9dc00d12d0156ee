"""Google Cloud KMS on loopback, with keys in an "HSM" that are real, and what Google's client library needs to
sign in: a service account whose tokens it signs itself.

    python google_kms.py DIRECTORY

Writes DIRECTORY/account.json (the service account), DIRECTORY/maker.pem and DIRECTORY/owner.pem (the roots of the
HSM). A request that Google would refuse is refused; so is one without a checksum, which Google would take.

There is a key for each algorithm in LOCATION, named as its algorithm is. Version 1 is enabled and 2 is not.
"""

import base64
import datetime
import gzip
import hashlib
import json
import pathlib
import re
import struct
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.x509.oid import NameOID

import service

LOCATION = "projects/station/locations/europe-west3/keyRings/runs/cryptoKeys"
ACCOUNT = "signer@station.iam.gserviceaccount.com"
AUDIENCE = "https://cloudkms.googleapis.com/"
# What each algorithm hashes by, and what it signs by.
KEYS = {
    "EC_SIGN_P256_SHA256": ("sha256", ec.generate_private_key(ec.SECP256R1())),
    "EC_SIGN_P384_SHA384": ("sha384", ec.generate_private_key(ec.SECP384R1())),
    "EC_SIGN_ED25519": (None, ed25519.Ed25519PrivateKey.generate()),
    "RSA_SIGN_PKCS1_2048_SHA256": ("sha256", rsa.generate_private_key(65537, 2048)),
    "RSA_SIGN_PSS_2048_SHA256": ("sha256", rsa.generate_private_key(65537, 2048)),
    "RSA_SIGN_PKCS1_4096_SHA512": ("sha512", rsa.generate_private_key(65537, 2048)),
}
SOFTWARE = {"EC_SIGN_ED25519"}
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
CODES = {"INVALID_ARGUMENT": 400, "FAILED_PRECONDITION": 400, "UNAUTHENTICATED": 401, "NOT_FOUND": 404}


def crc32c(data):
    """RFC 3720 section 12.1, a bit at a time."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283


def refusal(status, words):
    code = CODES[status]
    return service.Refusal(code, {"error": {"code": code, "message": words, "status": status}})


def pem(public_key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key.public_bytes(serialization.Encoding.PEM, form).decode()


class Hsm:
    """A partition of a card, which its maker and its owner certified."""

    def __init__(self):
        new = lambda: ec.generate_private_key(ec.SECP256R1())
        maker, owner, card = new(), new(), new()
        self.partition = rsa.generate_private_key(65537, 2048)
        self.maker = certificate("Test maker", maker.public_key(), "Test maker", maker, True)
        self.owner = certificate("Test owner", owner.public_key(), "Test owner", owner, True)
        key = self.partition.public_key()
        self.card_chain = [
            certificate("HSM:1", card.public_key(), "Test maker", maker, True),
            certificate("HSM:1:PARTN:1", key, "HSM:1", card, False),
        ]
        self.owned = certificate("HSM:1:PARTN:1", key, "Test owner", owner, False)

    def statement(self, public_key):
        """What it states of a key that it made, as firmware 3 of Marvell's HSMs writes it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        der = public_key.public_bytes(serialization.Encoding.DER, form)
        private = {
            0x0000: b"\x03",  # class: private key
            0x0002: b"\x01",  # private
            0x0003: b"app_key".ljust(128, b"\0"),  # label
            0x0103: b"\x01",  # sensitive
            0x0108: b"\x01",  # signs
            0x0162: b"\x00",  # not extractable
            0x0163: b"\x01",  # made here
            0x0164: b"\x01",  # never extractable
            0x0165: b"\x01",  # always sensitive
            0x1003: hashlib.sha256(der).digest(),  # of the public key
        }
        attributes = b"".join(struct.pack(">II", one, len(value)) + value for one, value in private.items())
        key = struct.pack(">III", 7, len(private), len(attributes)) + attributes
        info = struct.pack(">HHHH", 1, 3, 8, 0) + key
        size = self.partition.key_size // 8
        said = struct.pack(">IIII", 0, 3, 32 + len(info) + size, len(info)) + bytes(16) + info
        return gzip.compress(said + self.partition.sign(said, padding.PKCS1v15(), hashes.SHA256()))


def certificate(subject, key, issuer, issuer_key, is_authority):
    name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(name(issuer), name(subject), key, x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class Kms:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.misbehaviour = service.Misbehaviour(directory)
        self.account = rsa.generate_private_key(65537, 2048)
        self.hsm = Hsm()

    def write(self, port):
        """What its clients sign in with, and the roots."""
        form = serialization.PrivateFormat.PKCS8
        key = self.account.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        account = {
            "type": "service_account",
            "project_id": "station",
            "private_key_id": "1",
            "private_key": key.decode(),
            "client_email": ACCOUNT,
            "client_id": "1",
            "token_uri": f"http://127.0.0.1:{port}/token",
        }
        (self.directory / "account.json").write_text(json.dumps(account))
        (self.directory / "maker.pem").write_text(self.hsm.maker)
        (self.directory / "owner.pem").write_text(self.hsm.owner)

    def answer(self, request):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self.account.public_key(), algorithms=["RS256"], audience=AUDIENCE)
        except jwt.InvalidTokenError as error:
            raise refusal("UNAUTHENTICATED", "Request had invalid authentication credentials.") from error
        if (claims["iss"], claims["sub"]) != (ACCOUNT, ACCOUNT):
            raise refusal("UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if self.misbehaviour.is_(service.LEAK):
            raise refusal("INVALID_ARGUMENT", f"the header was Bearer {token}")
        found = re.fullmatch(rf"/v1/({LOCATION}/(\w+)/cryptoKeyVersions/(\d+))(/publicKey|:asymmetricSign)?", request.path)
        if not found or found.group(2) not in KEYS or found.group(3) not in ("1", "2"):
            raise refusal("NOT_FOUND", f"{request.path.removeprefix('/v1/')} not found.")
        name, algorithm, version, act = found.groups()
        if self.misbehaviour.is_(service.OTHER_VERSION):
            name = name[:-1] + "2"
        if act and version == "2":
            raise refusal("FAILED_PRECONDITION", f"{name} is not enabled, current state is: DISABLED.")
        if act == ":asymmetricSign":
            return {"name": name, "protectionLevel": level(algorithm), **self.sign(algorithm, request.body)}
        key = KEYS[algorithm][1].public_key()
        if act == "/publicKey":
            text = pem(key)
            checksum = crc32c(text.encode()) ^ self.misbehaviour.is_("pem-checksum")
            said = {"pem": text, "pemCrc32c": str(checksum)}
            return {"name": name, "algorithm": algorithm, "protectionLevel": level(algorithm), **said}
        return {"name": name, "algorithm": algorithm, "state": "ENABLED", **self.held(algorithm, key)}

    def held(self, algorithm, key):
        """How a key is protected."""
        if algorithm in SOFTWARE:
            return {"protectionLevel": "SOFTWARE"}
        content = base64.b64encode(self.hsm.statement(key)).decode()
        chains = {
            "caviumCerts": self.hsm.card_chain,
            "googleCardCerts": [],
            "googlePartitionCerts": [self.hsm.owned],
        }
        form = "CAVIUM_V1_COMPRESSED" if self.misbehaviour.is_("old-firmware") else "CAVIUM_V2_COMPRESSED"
        attestation = {"format": form, "content": content, "certChains": chains}
        return {"protectionLevel": "HSM", "attestation": attestation}

    def sign(self, algorithm, asked):
        """The signature, and what was checked, of AsymmetricSign."""
        hash_name, key = KEYS[algorithm]
        field = "digest" if hash_name else "data"
        if not set(asked) <= {field, f"{field}Crc32c"} or field not in asked:
            raise refusal("INVALID_ARGUMENT", f"{algorithm} signs {field}.")
        value = asked[field]
        if hash_name:
            if list(value) != [hash_name]:
                raise refusal("INVALID_ARGUMENT", f"{algorithm} signs a digest by {hash_name}.")
            value = value[hash_name]
        value = base64.b64decode(value, validate=True)
        if hash_name and len(value) != HASHES[hash_name].digest_size:
            raise refusal("INVALID_ARGUMENT", "The digest has a wrong length.")
        if int(asked.get(f"{field}Crc32c", -1)) != crc32c(value):
            raise refusal("INVALID_ARGUMENT", "The checksum does not match.")
        if isinstance(key, ed25519.Ed25519PrivateKey):
            signature = key.sign(value)
        else:
            prehashed = utils.Prehashed(HASHES[hash_name])
            if isinstance(key, ec.EllipticCurvePrivateKey):
                signature = key.sign(value, ec.ECDSA(prehashed))
            elif "_PSS_" in algorithm:
                scheme = padding.PSS(padding.MGF1(HASHES[hash_name]), padding.PSS.DIGEST_LENGTH)
                signature = key.sign(value, scheme, prehashed)
            else:
                signature = key.sign(value, padding.PKCS1v15(), prehashed)
        signature = self.misbehaviour.signature(signature)
        checksum = crc32c(signature) ^ self.misbehaviour.is_("checksum")
        verified = not self.misbehaviour.is_("unverified")
        said = {"signature": base64.b64encode(signature).decode(), "signatureCrc32c": str(checksum)}
        return {**said, f"verified{field.capitalize()}Crc32c": verified}


def level(algorithm):
    return "SOFTWARE" if algorithm in SOFTWARE else "HSM"


def main():
    kms = Kms(sys.argv[1])
    server = service.bind(kms.answer, kms.misbehaviour)
    kms.write(server.server_port)
    service.serve(server)


if __name__ == "__main__":
    main()
