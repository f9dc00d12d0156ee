"""Signs with a key of Azure Key Vault or Managed HSM, through Azure's client library.

    python -I azure_key_vault.py public-key --key-url URL [--endpoint URL]
    python -I azure_key_vault.py sign --key-url URL [--endpoint URL] FILE

The URL names a version: https://VAULT.vault.azure.net/keys/NAME/VERSION.

`sign` reads the hex SHA-256 of a payload from FILE and prints the signature in base64, of an EC key r and s
side by side. P-256 (ES256) and RSA keys (RS256) sign that digest itself, and P-384 keys (ES384) the SHA-384
of its 32 bytes.

The credentials are those of Azure's DefaultAzureCredential.
"""

import argparse
import base64
import hashlib
import json
import logging
import re
import sys
from urllib.parse import urlsplit

INSTALL = "azure-keyvault-keys==4.11.3 azure-identity==1.27.0"
SECONDS = 20  # for each request
KEY = re.compile(r"/keys/([0-9A-Za-z-]+)/([0-9A-Za-z]+)")


class Refused(Exception):
    """Why there is no answer, and what to do."""


def service_url(text):
    """An https URL: Azure's library sends its token over nothing else."""
    url = urlsplit(text)
    if url.scheme != "https" or not url.hostname or url.username or url.query or url.fragment:
        raise argparse.ArgumentTypeError("it is not an https URL")
    return text.rstrip("/")


def key_url(text):
    if not KEY.fullmatch(urlsplit(service_url(text)).path):
        form = "https://VAULT.vault.azure.net/keys/NAME/VERSION"
        raise argparse.ArgumentTypeError(f"{text!r} names no version of a key; it is {form}")
    return text


class Vault:
    """A vault, and the one version of a key that is used there."""

    def __init__(self, url, endpoint):
        try:
            from azure.core.pipeline.policies import RetryPolicy
            from azure.identity import DefaultAzureCredential
            from azure.keyvault.keys import KeyClient
        except ImportError as error:
            raise Refused(
                f"the Python library {error.name or 'azure-keyvault-keys'} is missing: install it with "
                f"`python3 -m venv DIR && DIR/bin/pip install {INSTALL}` and use DIR/bin/python"
            ) from error
        # The libraries warn of each way to sign in that does not work.
        logging.disable(logging.CRITICAL)
        parts = urlsplit(url)
        self.vault = endpoint or f"{parts.scheme}://{parts.netloc}"
        self.name, self.version = KEY.fullmatch(parts.path).groups()
        self.id = f"{self.vault}/keys/{self.name}/{self.version}"
        self.credential = DefaultAzureCredential()
        self.options = {
            "retry_policy": RetryPolicy.no_retries(),
            "connection_timeout": SECONDS,
            "read_timeout": SECONDS,
        }
        self.client = KeyClient(self.vault, self.credential, **self.options)

    def key(self):
        """The key, as the service has it."""
        key = call(lambda: self.client.get_key(self.name, self.version))
        self.check(key.id)
        return key

    def sign(self, digest):
        from azure.keyvault.keys.crypto import CryptographyClient, SignatureAlgorithm

        key = self.key()
        name, digest = to_sign(key.key, digest)
        answers = []
        client = CryptographyClient(key, self.credential, **self.options)
        algorithm = SignatureAlgorithm(name)
        made = call(lambda: client.sign(algorithm, digest, raw_response_hook=answers.append))
        # The library's own result names the key that was asked for, whatever the answer says.
        signed = [answer for answer in answers if urlsplit(answer.http_request.url).path.endswith("/sign")]
        if not signed:
            raise Refused("the service did not make the signature: check the version of azure-keyvault-keys")
        said = json.loads(signed[-1].http_response.text())
        self.check(said.get("kid"))
        if base64.urlsafe_b64decode(said["value"] + "==") != made.signature:
            raise Refused("the signature is not the one that the service answered with")
        return base64.b64encode(made.signature).decode()

    def check(self, found):
        if not isinstance(found, str) or found.lower() != self.id.lower():
            raise Refused(f"the answer is about {found!r}, and {self.id} was asked for: check --key-url")


def to_sign(key, digest):
    """How a key signs, and what."""
    kind, curve = (str(getattr(value, "value", value)) for value in (key.kty, key.crv))
    if kind.startswith("RSA"):
        return "RS256", digest
    if curve == "P-256":
        return "ES256", digest
    if curve == "P-384":
        return "ES384", hashlib.sha384(digest).digest()
    raise Refused(f"keys of {kind} {curve} are not used: create a key of EC P-256, EC P-384 or RSA")


def pem(key):
    """The public key of a JSON web key, as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    to_sign(key, b"")
    number = lambda field: int.from_bytes(getattr(key, field), "big")
    curves = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}
    curve = curves.get(str(getattr(key.crv, "value", key.crv)))
    if curve:
        numbers = ec.EllipticCurvePublicNumbers(number("x"), number("y"), curve())
    else:
        numbers = rsa.RSAPublicNumbers(number("e"), number("n"))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return numbers.public_key().public_bytes(serialization.Encoding.PEM, form).decode().strip()


def call(request):
    """The answer of the service, or why there is none."""
    from azure.core import exceptions

    try:
        return request()
    except exceptions.ClientAuthenticationError as error:
        status = getattr(error, "status_code", None)
        why = f"Azure Key Vault did not accept the token ({status})" if status else "no way to sign in to Azure works"
        raise Refused(
            f"{why}: run `az login`, or set the variables of an identity (AZURE_CLIENT_ID …) and pass them on"
        ) from error
    except exceptions.HttpResponseError as error:
        raise Refused(refusal(error)) from error
    except (exceptions.ServiceResponseTimeoutError, exceptions.ServiceRequestTimeoutError) as error:
        raise Refused(f"Azure Key Vault did not answer within {SECONDS} s: try again later") from error
    except (exceptions.ServiceRequestError, exceptions.ServiceResponseError) as error:
        what = "Azure Key Vault cannot be reached"
        raise Refused(f"{what} ({type(error).__name__}): check the network, its certificate and --key-url") from error


def refusal(error):
    """The words of the service, without the token that it was sent."""
    hints = {
        403: "give the identity the role Key Vault Crypto User on the key (keys/read, keys/sign)",
        404: "check --key-url",
    }
    request = getattr(error.response, "request", None)
    header = request.headers.get("Authorization", "") if request is not None else None
    words = plain(f"{error.error.code}: {error.error.message}", header) if error.error else ""
    hint = hints.get(error.status_code, "check that the version is enabled, and may sign")
    return f"Azure Key Vault refused ({error.status_code}{words}): {hint}"


def plain(text, header):
    """A text on one line; nothing of it if it may have a token that is not known."""
    if header is None:
        return ""
    secret = header.split(" ", 1)[-1]
    text = str(text).replace(secret, "•••") if secret else str(text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return ", " + text[:300]


def digest_in(path):
    try:
        with open(path, encoding="ascii") as file:
            text = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read ({type(error).__name__})") from error
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise Refused(f"{path} does not hold the 64 hex digits of a SHA-256")
    return bytes.fromhex(text)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(f"{message}; see --help")


def arguments():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in ("public-key", "sign"):
        verb_parser = verbs.add_parser(verb, allow_abbrev=False)
        verb_parser.add_argument("--key-url", required=True, type=key_url, metavar="URL")
        verb_parser.add_argument("--endpoint", type=service_url, metavar="URL")
        if verb == "sign":
            verb_parser.add_argument("file", metavar="FILE")
    return parser.parse_args()


def answer_to(asked):
    if asked.verb == "public-key":
        return pem(Vault(asked.key_url, asked.endpoint).key().key)
    digest = digest_in(asked.file)
    return Vault(asked.key_url, asked.endpoint).sign(digest)


def main():
    try:
        print(answer_to(arguments()))
    except Refused as error:
        sys.exit(f"azure_key_vault.py: {error}")
    except Exception as error:
        # Its words are not shown: they may have a secret.
        sys.exit(f"azure_key_vault.py: unexpected {type(error).__name__}: check the versions of the libraries")


if __name__ == "__main__":
    main()
