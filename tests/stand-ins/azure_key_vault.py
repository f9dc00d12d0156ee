"""Azure Key Vault on loopback, with real keys, and the managed identity that its clients sign in with, as App
Service has it.

    python azure_key_vault.py DIRECTORY

Writes DIRECTORY/identity.json (IDENTITY_ENDPOINT and IDENTITY_HEADER) and DIRECTORY/authority.pem, which
certified this service: Azure's library sends its tokens over TLS alone. A request that Key Vault would refuse is
refused.

There is a key for each kind, named as its kind is, with versions a1, a2 and a disabled one, d1.
"""

import base64
import datetime
import ipaddress
import json
import pathlib
import re
import secrets
import ssl
import sys
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import service

API = {"7.4", "7.5", "7.6", "2025-07-01"}  # versions of the API
TENANT = "11111111-2222-3333-4444-555555555555"
VERSIONS = {"a1": True, "a2": True, "d1": False}
MAKE = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}
KEYS = {kind: {version: make() for version in VERSIONS} for kind, make in MAKE.items()}
# Of each algorithm: the kind of key, and the hash.
ALGORITHMS = {
    "ES256": ("P-256", hashes.SHA256()),
    "ES384": ("P-384", hashes.SHA384()),
    "RS256": ("RSA", hashes.SHA256()),
}


def refusal(status, code, words):
    return service.Refusal(status, {"error": {"code": code, "message": words}})


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def web_key(key):
    """The public half, as a JSON web key."""
    bytes_of = lambda number, size: base64url(number.to_bytes(size, "big"))
    numbers = key.public_key().public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return {"kty": "RSA-HSM", "n": bytes_of(numbers.n, key.key_size // 8), "e": bytes_of(numbers.e, 3)}
    size, curve = (key.curve.key_size + 7) // 8, f"P-{key.curve.key_size}"
    return {"kty": "EC-HSM", "crv": curve, "x": bytes_of(numbers.x, size), "y": bytes_of(numbers.y, size)}


def certified(directory):
    """TLS with a certificate for 127.0.0.1, by an authority whose certificate is written down."""
    name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
    authority, key = MAKE["P-256"](), MAKE["P-256"]()

    def made(subject, public_key, extensions):
        builder = x509.CertificateBuilder(name("Test authority"), name(subject), public_key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - day).not_valid_after(now + day)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    own = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    root = made("Test authority", authority.public_key(), [(x509.BasicConstraints(True, 0), True), (own, False)])
    pathlib.Path(directory, "authority.pem").write_bytes(root)
    by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    one = made("127.0.0.1", key.public_key(), [(address, False), (by, False), (server, False)])
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file = pathlib.Path(directory, "server.pem")
    file.write_bytes(pem + one)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class Vault:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.misbehaviour = service.Misbehaviour(directory)
        self.header, self.token = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        self.url = self.resource = ""

    def identify(self, request):
        """The token of the managed identity, as App Service gives it."""
        wanted = {"api-version": "2019-08-01", "resource": self.resource}
        if request.headers.get("X-IDENTITY-HEADER") != self.header or request.query != wanted:
            raise service.Refusal(400, {"statusCode": 400, "message": "no such identity"})
        expires = int(datetime.datetime.now().timestamp()) + 3600
        return {
            "access_token": self.token,
            "expires_on": str(expires),
            "resource": self.resource,
            "token_type": "Bearer",
            "client_id": "1",
        }

    def answer(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            login = f"https://login.microsoftonline.com/{TENANT}"
            challenge = f'Bearer authorization="{login}", resource="{self.resource}"'
            error = refusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
            error.headers["WWW-Authenticate"] = challenge
            raise error
        if request.query.get("api-version") not in API:
            raise refusal(400, "BadParameter", "The specified version is not recognized.")
        if self.misbehaviour.is_(service.LEAK):
            raise refusal(400, "BadParameter", f"the token was {self.token}")
        found = re.fullmatch(r"/keys/([\w-]+)/(\w+)(/sign)?", request.path)
        if not found or found.group(1) not in KEYS or found.group(2) not in VERSIONS:
            raise refusal(404, "KeyNotFound", "A key with this name or version was not found.")
        name, version, act = found.groups()
        said_version = "a2" if self.misbehaviour.is_(service.OTHER_VERSION) and act else version
        if self.misbehaviour.is_("other-key"):
            said_version = "a2"
        kid = f"{self.url}/keys/{name}/{said_version}"
        if act and request.method == "POST":
            return {"kid": kid, "value": base64url(self.sign(name, version, request.body))}
        if act or request.method != "GET":
            raise refusal(405, "MethodNotAllowed", "The method is not allowed.")
        key = {"kid": kid, "key_ops": ["sign", "verify"], **web_key(KEYS[name][version])}
        return {"key": key, "attributes": {"enabled": VERSIONS[version], "created": 1700000000, "updated": 1700000000}}

    def sign(self, name, version, asked):
        if not VERSIONS[version]:
            raise refusal(403, "Forbidden", "Operation sign is not allowed on a disabled key.")
        kind, by = ALGORITHMS.get(asked.get("alg"), (None, None))
        if kind != name:
            raise refusal(400, "BadParameter", f"Key and signing algorithm are incompatible: {asked.get('alg')}.")
        value = asked["value"]
        digest = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        if len(digest) != by.digest_size:
            raise refusal(400, "BadParameter", "Invalid length of 'value'.")
        key = KEYS[name][version]
        if kind == "RSA":
            signature = key.sign(digest, padding.PKCS1v15(), utils.Prehashed(by))
        else:
            numbers = utils.decode_dss_signature(key.sign(digest, ec.ECDSA(utils.Prehashed(by))))
            signature = b"".join(number.to_bytes(key.curve.key_size // 8, "big") for number in numbers)
        return self.misbehaviour.signature(signature)


def main():
    vault = Vault(sys.argv[1])
    identity = service.bind(vault.identify, service.Misbehaviour(vault.directory / "identity"))
    threading.Thread(target=identity.serve_forever, daemon=True).start()
    environment = {
        "IDENTITY_ENDPOINT": f"http://127.0.0.1:{identity.server_port}/token",
        "IDENTITY_HEADER": vault.header,
    }
    (vault.directory / "identity.json").write_text(json.dumps(environment))
    server = service.bind(vault.answer, vault.misbehaviour, certified(sys.argv[1]))
    vault.url = f"https://127.0.0.1:{server.server_port}"
    # Azure's library wants the vault to be below the domain that it gets a token for.
    vault.resource = f"https://0.0.1:{server.server_port}"
    service.serve(server)


if __name__ == "__main__":
    main()
