"""AWS KMS on loopback, as much of it as signing needs that the one of `moto` does not have: digests that are signed
as they are (MessageType DIGEST), Ed25519 and ML-DSA-65.

    python aws_kms.py DIRECTORY

A request that AWS would refuse is refused. There is a key for each spec, whose id is its spec.
"""

import base64
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa, utils

import service

ARN = "arn:aws:kms:eu-central-1:123456789012:key/"
LONGEST = 4096  # of a message with MessageType RAW
# Of each spec: the key, and by algorithm the hash.
KEYS = {
    "ECC_NIST_P256": (ec.generate_private_key(ec.SECP256R1()), {"ECDSA_SHA_256": hashes.SHA256()}),
    "ECC_NIST_P384": (ec.generate_private_key(ec.SECP384R1()), {"ECDSA_SHA_384": hashes.SHA384()}),
    "ECC_SECG_P256K1": (ec.generate_private_key(ec.SECP256K1()), {"ECDSA_SHA_256": hashes.SHA256()}),
    "RSA_2048": (
        rsa.generate_private_key(65537, 2048),
        {"RSASSA_PSS_SHA_256": hashes.SHA256(), "RSASSA_PKCS1_V1_5_SHA_256": hashes.SHA256()},
    ),
    "ECC_NIST_EDWARDS25519": (ed25519.Ed25519PrivateKey.generate(), {"ED25519_SHA_512": None}),
    "ML_DSA_65": (mldsa.MLDSA65PrivateKey.generate(), {"ML_DSA_SHAKE_256": None}),
}


def refusal(code):
    return service.Refusal(400, {"__type": code, "message": code})


class Kms:
    def __init__(self, directory):
        self.misbehaviour = service.Misbehaviour(directory)

    def answer(self, request):
        acts = {"TrentService.GetPublicKey": self.get_public_key, "TrentService.Sign": self.sign}
        spec = request.body["KeyId"].removeprefix(ARN)
        if spec not in KEYS:
            raise refusal("NotFoundException")
        if self.misbehaviour.is_(service.LEAK):
            words = f"the header was {request.headers['Authorization']}"
            raise service.Refusal(400, {"__type": "ValidationException", "message": words})
        return acts[request.headers["X-Amz-Target"]](spec, request.body)

    def get_public_key(self, spec, _):
        key, algorithms = KEYS[spec]
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        der = key.public_key().public_bytes(serialization.Encoding.DER, form)
        return {
            "KeyId": ARN + ("RSA_2048" if self.misbehaviour.is_("other-key") else spec),
            "PublicKey": base64.b64encode(der).decode(),
            "KeySpec": spec,
            "KeyUsage": "SIGN_VERIFY",
            "SigningAlgorithms": list(algorithms),
        }

    def sign(self, spec, asked):
        key, algorithms = KEYS[spec]
        algorithm, kind = asked.get("SigningAlgorithm"), asked.get("MessageType", "RAW")
        message = base64.b64decode(asked["Message"], validate=True)
        if algorithm not in algorithms or not 1 <= len(message) <= LONGEST:
            raise refusal("ValidationException" if algorithm in algorithms else "InvalidKeyUsageException")
        by = algorithms[algorithm]
        if kind == "DIGEST":
            if by is None or len(message) != by.digest_size:
                raise refusal("ValidationException")
            by = utils.Prehashed(by)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(message, ec.ECDSA(by))
        elif isinstance(key, rsa.RSAPrivateKey):
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            signature = key.sign(message, pss if "_PSS_" in algorithm else padding.PKCS1v15(), by)
        else:
            signature = key.sign(message)
        signature = base64.b64encode(self.misbehaviour.signature(signature)).decode()
        said = "RSA_2048" if self.misbehaviour.is_("other-signer") else spec
        return {"KeyId": ARN + said, "Signature": signature, "SigningAlgorithm": algorithm}


def main():
    kms = Kms(sys.argv[1])
    service.serve(service.bind(kms.answer, kms.misbehaviour))


if __name__ == "__main__":
    main()
