"""Signs with a key version of Google Cloud KMS, through Google's client library over REST.

    python -I google_cloud_kms.py public-key --key-version NAME [--endpoint URL]
    python -I google_cloud_kms.py sign --key-version NAME [--endpoint URL] FILE
    python -I google_cloud_kms.py evidence --key-version NAME [--endpoint URL] FILE

`sign` reads the hex SHA-256 of a payload from FILE and prints the signature in base64. P-256 and RSA keys
sign that digest itself. P-384 keys sign the SHA-384 of its 32 bytes, and Ed25519 keys those 32 bytes.

`evidence` prints what the HSM states of the key. If FILE is not a digest but the JSON of audit log entries,
it prints what the service says of the key, with those entries.

The credentials are Google's application default credentials.
"""

import argparse
import base64
import hashlib
import ipaddress
import json
import re
import ssl
import sys
from urllib.parse import urlsplit

INSTALL = "google-cloud-kms==3.18.0 google-crc32c==1.9.0"
SECONDS = 20  # for each request
MOST_CERTIFICATES = 8
VERSION = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/[0-9]+")


class Refused(Exception):
    """Why there is no answer, and what to do."""


def key_version(text):
    if not VERSION.fullmatch(text) or {".", ".."} & set(text.split("/")):
        form = "projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N"
        raise argparse.ArgumentTypeError(f"{text!r} names no key version; it is {form}")
    return text


def service_url(text):
    """An https URL, or an http URL of this machine."""
    url = urlsplit(text)
    if url.scheme not in ("https", "http") or not url.hostname or url.username or url.query or url.fragment:
        raise argparse.ArgumentTypeError("it is not a URL such as https://cloudkms.googleapis.com")
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise argparse.ArgumentTypeError(f"plain http to {url.hostname} is refused: use https")
    return text.rstrip("/")


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def client_at(endpoint):
    """The client, with the person's own credentials."""
    try:
        import google.auth
        from google.cloud import kms
    except ImportError as error:
        raise missing("google-cloud-kms") from error
    options = {"api_endpoint": endpoint} if endpoint else {}
    try:
        return kms.KeyManagementServiceClient(transport="rest", client_options=options)
    except google.auth.exceptions.GoogleAuthError as error:
        raise Refused(
            "there are no credentials for Google Cloud: run `gcloud auth application-default login`, "
            "or set GOOGLE_APPLICATION_CREDENTIALS and pass it on"
        ) from error


def missing(library):
    return Refused(
        f"the Python library {library} is missing: install it with "
        f"`python3 -m venv DIR && DIR/bin/pip install {INSTALL}` and use DIR/bin/python"
    )


def crc32c(data):
    try:
        import google_crc32c
    except ImportError as error:
        raise missing("google-crc32c") from error
    return google_crc32c.value(data)


def call(method, request):
    """The answer of the service, or why there is none."""
    import google.api_core.exceptions
    import google.auth.exceptions
    import requests

    try:
        return method(request=request, timeout=SECONDS, retry=None)
    except google.api_core.exceptions.GoogleAPICallError as error:
        raise Refused(refusal(error)) from error
    except google.auth.exceptions.GoogleAuthError as error:
        what = "it was not possible to sign in to Google Cloud"
        raise Refused(f"{what} ({type(error).__name__}): renew the credentials, and check the network") from error
    except requests.exceptions.Timeout as error:
        raise Refused(f"Google Cloud KMS did not answer within {SECONDS} s: try again later") from error
    except (requests.exceptions.RequestException, OSError) as error:
        what = "Google Cloud KMS cannot be reached"
        raise Refused(f"{what} ({type(error).__name__}): check the network and --endpoint") from error


def refusal(error):
    """The words of the service, without the token that it was sent."""
    hints = {
        401: "renew the credentials",
        403: "give the identity the role Cloud KMS CryptoKey Signer/Verifier on the key (evidence: also Viewer)",
        404: "check --key-version",
    }
    request = getattr(error.response, "request", None)
    header = request.headers.get("Authorization", "") if request is not None else None
    # The library puts the method and the URL before them.
    words = plain(error.message.partition(": ")[2] or error.message, header)
    hint = hints.get(int(error.code or 0), "check that the key version is enabled, and of a kind that signs")
    return f"Google Cloud KMS refused ({int(error.code or 0)}{words}): {hint}"


def plain(text, header):
    """A text on one line; nothing of it if it may have a token that is not known."""
    if header is None:
        return ""
    secret = header.split(" ", 1)[-1]
    text = str(text).replace(secret, "•••") if secret else str(text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return ", " + text[:300]


def public_key(client, name):
    """What the service says of the public key, checked."""
    answer = call(client.get_public_key, {"name": name})
    check_name(answer.name, name)
    if answer.pem_crc32c != crc32c(answer.pem.encode()):
        raise Refused("the public key does not have the checksum that came with it: try again")
    return answer


def check_name(found, name):
    if found != name:
        raise Refused(f"the answer is about {found!r}, and {name} was asked for: check --key-version and --endpoint")


def to_sign(algorithm, digest):
    """The part of the request that has what is signed, and its bytes."""
    if algorithm == "EC_SIGN_P384_SHA384":
        digest = hashlib.sha384(digest).digest()
        return "digest", {"sha384": digest}, digest
    if algorithm == "EC_SIGN_ED25519":
        return "data", digest, digest
    if algorithm == "EC_SIGN_P256_SHA256" or re.fullmatch(r"RSA_SIGN_(PKCS1|PSS)_\d+_SHA256", algorithm):
        return "digest", {"sha256": digest}, digest
    raise Refused(
        f"keys of {algorithm} are not used: create a key version of EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384, "
        "EC_SIGN_ED25519, or RSA_SIGN_PKCS1_*_SHA256"
    )


def sign(client, name, digest):
    field, value, data = to_sign(public_key(client, name).algorithm.name, digest)
    answer = call(client.asymmetric_sign, {"name": name, field: value, f"{field}_crc32c": crc32c(data)})
    check_name(answer.name, name)
    if not getattr(answer, f"verified_{field}_crc32c"):
        raise Refused("the service does not say that the digest reached it unchanged: try again")
    if answer.signature_crc32c != crc32c(answer.signature):
        raise Refused("the signature does not have the checksum that came with it: try again")
    return base64.b64encode(answer.signature).decode()


def attestation(client, name):
    """What the HSM states of the key, and the certificates of card and partition."""
    version = call(client.get_crypto_key_version, {"name": name})
    check_name(version.name, name)
    level, form = version.protection_level.name, version.attestation.format.name
    if not level.startswith("HSM"):
        raise Refused(f"the protection level of the key is {level}: only a key of the level HSM has an attestation")
    if form != "CAVIUM_V2_COMPRESSED":
        raise Refused(f"the attestation has the form {form}: only CAVIUM_V2_COMPRESSED can be verified")
    chains = version.attestation.cert_chains
    certificates = []
    for text in [*chains.cavium_certs, *chains.google_card_certs, *chains.google_partition_certs]:
        for pem in re.findall(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", text, re.DOTALL):
            der = base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode()
            if der not in certificates:
                certificates.append(der)
    if len(certificates) > MOST_CERTIFICATES:
        raise Refused(f"there are {len(certificates)} certificates, and at most {MOST_CERTIFICATES} are read")
    statement = base64.b64encode(version.attestation.content).decode()
    return {"type": "liquidsecurity", "statement": statement, "certificates": certificates}


def logged(client, name, log):
    """What the service says of the key, with entries of the audit log."""
    from google.protobuf.json_format import MessageToDict

    version = call(client.get_crypto_key_version, {"name": name})
    check_name(version.name, name)
    metadata = MessageToDict(type(version).pb(version))
    metadata.pop("attestation", None)
    answer = public_key(client, name)
    said = MessageToDict(type(answer).pb(answer))
    return {"type": "cloud-kms", "provider": "gcp", "key_metadata": metadata, "public_key": said, "audit_event": log}


def digest_in(text):
    """The digest that a file is of; None if it is of something else."""
    text = text.strip()
    return bytes.fromhex(text) if re.fullmatch("[0-9a-fA-F]{64}", text) else None


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read ({type(error).__name__})") from error


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(f"{message}; see --help")


def arguments():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in ("public-key", "sign", "evidence"):
        verb_parser = verbs.add_parser(verb, allow_abbrev=False)
        verb_parser.add_argument("--key-version", required=True, type=key_version, metavar="NAME")
        verb_parser.add_argument("--endpoint", type=service_url, metavar="URL")
        if verb != "public-key":
            verb_parser.add_argument("file", metavar="FILE")
    return parser.parse_args()


def answer_to(asked):
    if asked.verb == "public-key":
        return public_key(client_at(asked.endpoint), asked.key_version).pem.strip()
    text = read(asked.file)
    digest = digest_in(text)
    if asked.verb == "sign":
        if digest is None:
            raise Refused(f"{asked.file} does not hold the 64 hex digits of a SHA-256")
        return sign(client_at(asked.endpoint), asked.key_version, digest)
    if digest is not None:
        return json.dumps(attestation(client_at(asked.endpoint), asked.key_version))
    try:
        log = json.loads(text)
    except ValueError as error:
        raise Refused(f"{asked.file} holds neither a digest nor the JSON of audit log entries") from error
    return json.dumps(logged(client_at(asked.endpoint), asked.key_version, log))


def main():
    try:
        print(answer_to(arguments()))
    except Refused as error:
        sys.exit(f"google_cloud_kms.py: {error}")
    except Exception as error:
        # Its words are not shown: they may have a secret.
        sys.exit(f"google_cloud_kms.py: unexpected {type(error).__name__}: check the versions of the libraries")


if __name__ == "__main__":
    main()
