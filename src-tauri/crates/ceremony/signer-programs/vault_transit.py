"""Signs with a key of HashiCorp Vault's transit engine, through hvac.

    python -I vault_transit.py public-key --address URL --key NAME --key-version N [OPTIONS]
    python -I vault_transit.py sign --address URL --key NAME --key-version N [OPTIONS] FILE

    --mount PATH      where the engine is mounted (transit)
    --namespace NS    the namespace of Vault Enterprise

`sign` reads the hex SHA-256 of a payload from FILE and prints the signature as Vault gives it
(vault:vN:BASE64). P-256 and RSA keys (PKCS #1 v1.5) sign that digest itself. P-384 keys sign the SHA-384 of
its 32 bytes, and Ed25519 keys those 32 bytes.

The token is in VAULT_TOKEN or ~/.vault-token. VAULT_CACERT names the certificates of Vault's own authority.
"""

import argparse
import base64
import hashlib
import ipaddress
import re
import sys
from urllib.parse import urlsplit

INSTALL = "hvac==2.4.0"
SECONDS = 20  # for each request
# What precedes the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 section 4).
ED25519 = bytes.fromhex("302a300506032b6570032100")


class Refused(Exception):
    """Why there is no answer, and what to do."""


def service_url(text):
    """An https URL, or an http URL of this machine."""
    url = urlsplit(text)
    if url.scheme not in ("https", "http") or not url.hostname or url.username or url.query or url.fragment:
        raise argparse.ArgumentTypeError("it is not a URL such as https://vault.example.com:8200")
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise argparse.ArgumentTypeError(f"plain http to {url.hostname} is refused: use https")
    return text.rstrip("/")


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def name(text):
    if not re.fullmatch(r"[\w.-]+", text, re.ASCII) or text in (".", ".."):
        raise argparse.ArgumentTypeError(f"{text!r} is not a name")
    return text


def path(text):
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", text, re.ASCII) or {".", ".."} & set(text.split("/")):
        raise argparse.ArgumentTypeError(f"{text!r} is not a path")
    return text.rstrip("/")


def version(text):
    if not re.fullmatch("[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a version, as 1 or 2")
    return int(text)


def client_of(asked):
    """The client, with the person's own token."""
    try:
        import hvac
    except ImportError as error:
        raise Refused(
            "the Python library hvac is missing: install it with "
            f"`python3 -m venv DIR && DIR/bin/pip install {INSTALL}` and use DIR/bin/python"
        ) from error
    # A redirection would take the token along.
    client = hvac.Client(asked.address, namespace=asked.namespace, timeout=SECONDS, allow_redirects=False)
    if not client.token:
        raise Refused("there is no token: run `vault login`, or set VAULT_TOKEN and pass it on")
    return client


def call(client, request):
    """The data of Vault's answer, or why there is none."""
    import hvac.exceptions
    import requests

    try:
        answer = request(client.secrets.transit)
    except hvac.exceptions.VaultError as error:
        raise Refused(refusal(error, client.token)) from error
    except requests.exceptions.Timeout as error:
        raise Refused(f"Vault did not answer within {SECONDS} s: try again later") from error
    except (requests.exceptions.RequestException, OSError) as error:
        what = "Vault cannot be reached"
        raise Refused(f"{what} ({type(error).__name__}): check --address, and the certificate (VAULT_CACERT)") from error
    if not isinstance(answer, dict):
        status = getattr(answer, "status_code", "no JSON")
        raise Refused(f"Vault did not answer the request ({status}): give the --address of the active node")
    return answer["data"]


def refusal(error, token):
    """The words of Vault, without the token that it was sent."""
    hints = {
        "Forbidden": "renew the token, or give its policy read on MOUNT/keys/KEY and update on MOUNT/sign/KEY",
        "InvalidPath": "check --mount and --key",
        "InvalidRequest": "check --key and --key-version",
        "VaultDown": "unseal it",
    }
    text = ", ".join(error.errors or []).replace(token, "•••")
    text = "".join(letter if letter.isprintable() else " " for letter in text)[:300]
    kind = type(error).__name__
    return f"Vault refused ({kind}{', ' if text else ''}{text}): {hints.get(kind, 'try again later')}"


def key_of(client, asked):
    """The kind of the key, and what Vault says of the version."""
    data = call(client, lambda transit: transit.read_key(asked.key, mount_point=asked.mount))
    if data["name"] != asked.key:
        raise Refused(f"the answer is about {data['name']!r}, and {asked.key} was asked for: check --address")
    if data.get("derived"):
        raise Refused(f"{asked.key} is a derived key, which signs for a context: create a key that is not derived")
    versions = data["keys"]
    if str(asked.key_version) not in versions:
        there = ", ".join(versions) or "none"
        raise Refused(f"{asked.key} has no version {asked.key_version} (there is {there}): check --key-version")
    return data["type"], versions[str(asked.key_version)]


def pem(kind, said):
    to_sign(kind, b"")
    key = said["public_key"]
    if kind == "ed25519":
        text = base64.b64encode(ED25519 + base64.b64decode(key, validate=True)).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----"
    return key.strip()


def to_sign(kind, digest):
    """What is signed, and how."""
    if kind == "ed25519":
        return digest, {}
    if kind == "ecdsa-p256":
        return digest, {"prehashed": True, "hash_algorithm": "sha2-256", "marshaling_algorithm": "asn1"}
    if kind == "ecdsa-p384":
        digest = hashlib.sha384(digest).digest()
        return digest, {"prehashed": True, "hash_algorithm": "sha2-384", "marshaling_algorithm": "asn1"}
    if kind.startswith("rsa-"):
        return digest, {"prehashed": True, "hash_algorithm": "sha2-256", "signature_algorithm": "pkcs1v15"}
    raise Refused(f"keys of {kind} are not used: create one of ecdsa-p256, ecdsa-p384, ed25519 or rsa-3072")


def sign(client, asked, digest):
    kind, _ = key_of(client, asked)
    data, options = to_sign(kind, digest)
    options.update(key_version=asked.key_version, mount_point=asked.mount)
    text = base64.b64encode(data).decode()
    signature = call(client, lambda transit: transit.sign_data(asked.key, text, **options))["signature"]
    found = re.fullmatch(r"vault:v([0-9]+):[0-9A-Za-z+/=_-]+", signature)
    if not found:
        raise Refused("Vault's answer is not a signature of the form vault:vN:BASE64: check --address")
    if int(found.group(1)) != asked.key_version:
        raise Refused(
            f"version {found.group(1)} of {asked.key} signed, and version {asked.key_version} was asked for: "
            "check --key-version"
        )
    return signature


def digest_in(file_name):
    try:
        with open(file_name, encoding="ascii") as file:
            text = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file_name} cannot be read ({type(error).__name__})") from error
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise Refused(f"{file_name} does not hold the 64 hex digits of a SHA-256")
    return bytes.fromhex(text)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(f"{message}; see --help")


def arguments():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in ("public-key", "sign"):
        verb_parser = verbs.add_parser(verb, allow_abbrev=False)
        verb_parser.add_argument("--address", required=True, type=service_url, metavar="URL")
        verb_parser.add_argument("--key", required=True, type=name, metavar="NAME")
        verb_parser.add_argument("--key-version", required=True, type=version, metavar="N")
        verb_parser.add_argument("--mount", default="transit", type=path, metavar="PATH")
        verb_parser.add_argument("--namespace", type=path, metavar="NS")
        if verb == "sign":
            verb_parser.add_argument("file", metavar="FILE")
    return parser.parse_args()


def answer_to(asked):
    if asked.verb == "public-key":
        return pem(*key_of(client_of(asked), asked))
    digest = digest_in(asked.file)
    return sign(client_of(asked), asked, digest)


def main():
    try:
        print(answer_to(arguments()))
    except Refused as error:
        sys.exit(f"vault_transit.py: {error}")
    except Exception as error:
        # Its words are not shown: they may have a secret.
        sys.exit(f"vault_transit.py: unexpected {type(error).__name__}: check --address, and the version of hvac")


if __name__ == "__main__":
    main()
