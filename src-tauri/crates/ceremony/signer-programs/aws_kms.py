"""Signs with a key of AWS KMS, through the AWS command line (version 1 or 2).

    python -I aws_kms.py public-key --key-id ARN_OR_ID [OPTIONS]
    python -I aws_kms.py sign --key-id ARN_OR_ID [OPTIONS] FILE
    python -I aws_kms.py evidence --key-id ARN_OR_ID [OPTIONS] FILE

    --region R, --profile P    as the AWS command line has them
    --endpoint URL             another address of KMS

`sign` reads the hex SHA-256 of a payload from FILE and prints the signature in base64. P-256 and RSA keys
(PKCS #1 v1.5) sign that digest itself. P-384 keys sign the SHA-384 of its 32 bytes, and Ed25519 and ML-DSA-65
keys those 32 bytes.

`evidence` prints what the service says of the key, with CloudTrail's entries of the calls that signed, which
FILE holds as `aws cloudtrail lookup-events` prints them. CloudTrail has a call up to 15 minutes later.
"""

import argparse
import base64
import hashlib
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

# How the keys of a spec sign: the algorithm, what Message is, and its bytes for a digest.
SPECS = {
    "ECC_NIST_P256": ("ECDSA_SHA_256", "DIGEST", bytes),
    "ECC_NIST_P384": ("ECDSA_SHA_384", "DIGEST", lambda digest: hashlib.sha384(digest).digest()),
    "RSA_2048": ("RSASSA_PKCS1_V1_5_SHA_256", "DIGEST", bytes),
    "RSA_3072": ("RSASSA_PKCS1_V1_5_SHA_256", "DIGEST", bytes),
    "RSA_4096": ("RSASSA_PKCS1_V1_5_SHA_256", "DIGEST", bytes),
    "ECC_NIST_EDWARDS25519": ("ED25519_SHA_512", "RAW", bytes),
    "ML_DSA_65": ("ML_DSA_SHAKE_256", "RAW", bytes),
}
HINTS = {
    "AccessDeniedException": "allow the identity kms:GetPublicKey and kms:Sign on the key (evidence: kms:DescribeKey)",
    "NotFoundException": "check --key-id and --region",
    "DisabledException": "enable the key",
    "KMSInvalidStateException": "enable the key, or cancel its deletion",
    "UnrecognizedClientException": "renew the credentials (aws sso login, aws configure)",
    "ExpiredTokenException": "renew the credentials (aws sso login, aws configure)",
    "InvalidKeyUsageException": "use a key whose usage is SIGN_VERIFY",
}


class Refused(Exception):
    """Why there is no answer, and what to do."""


def service_url(text):
    """An https URL, or an http URL of this machine."""
    url = urlsplit(text)
    if url.scheme not in ("https", "http") or not url.hostname or url.username or url.query or url.fragment:
        raise argparse.ArgumentTypeError("it is not a URL such as https://kms.eu-central-1.amazonaws.com")
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise argparse.ArgumentTypeError(f"plain http to {url.hostname} is refused: use https")
    return text


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def word(text):
    """A value that the AWS command line takes for no option or file."""
    if not re.fullmatch(r"[\w./:+=@ ][\w./:+=@ -]*", text, re.ASCII) or "://" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a name")
    return text


class Kms:
    """A key of AWS KMS."""

    def __init__(self, asked):
        self.key_id = asked.key_id
        self.options = []
        for option, value in (
            ("--region", asked.region),
            ("--profile", asked.profile),
            ("--endpoint-url", asked.endpoint),
        ):
            self.options += [option, value] if value else []

    def run(self, act, *more):
        """What a call of the service answers."""
        line = ["aws", "kms", act, "--key-id", self.key_id, *more, *self.options, "--output", "json"]
        environment = dict(os.environ, AWS_PAGER="")
        try:
            ran = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
        except FileNotFoundError as error:
            raise Refused("the AWS command line (aws) is not on the PATH: install it, version 1 or 2") from error
        if ran.returncode != 0:
            raise Refused(refusal(act, ran.stderr.decode(errors="replace")))
        return json.loads(ran.stdout)

    def public_key(self):
        answer = self.run("get-public-key")
        self.check(answer["KeyId"])
        if answer["KeyUsage"] != "SIGN_VERIFY":
            raise Refused(f"the usage of the key is {answer['KeyUsage']}: use a key whose usage is SIGN_VERIFY")
        return answer

    def sign(self, digest):
        key = self.public_key()
        spec = key.get("KeySpec") or key.get("CustomerMasterKeySpec")
        if spec not in SPECS:
            raise Refused(f"keys of the spec {spec} are not used: create one of {', '.join(SPECS)}")
        algorithm, message_type, message = SPECS[spec]
        with tempfile.TemporaryDirectory() as directory:
            # From a file of bytes both versions of the command line take the bytes as they are.
            path = os.path.join(directory, "message")
            with open(path, "wb") as file:
                file.write(message(digest))
            answer = self.run(
                "sign", "--message", f"fileb://{path}", "--message-type", message_type, "--signing-algorithm", algorithm
            )
        if answer["KeyId"] != key["KeyId"]:
            raise Refused(f"{answer['KeyId']!r} signed, and {key['KeyId']} was asked for: check --key-id")
        if answer["SigningAlgorithm"] != algorithm:
            raise Refused(f"the key signed by {answer['SigningAlgorithm']!r}, and {algorithm} was asked for")
        return base64.b64encode(base64.b64decode(answer["Signature"], validate=True)).decode()

    def evidence(self, log):
        metadata, key = self.run("describe-key"), self.public_key()
        arn = metadata["KeyMetadata"]["Arn"]
        if key["KeyId"] not in (arn, arn.rpartition(":key/")[2]):
            raise Refused(f"the answers are about {arn!r} and {key['KeyId']!r}: try again")
        return {"type": "cloud-kms", "provider": "aws", "key_metadata": metadata, "public_key": key, "audit_event": log}

    def check(self, arn):
        """Whether an answer is about the key that was asked for. An alias may lead to any key."""
        asked = self.key_id
        is_alias = asked.startswith("alias/") or ":alias/" in asked
        if not isinstance(arn, str) or not (is_alias or asked == arn or arn.endswith(f":key/{asked}")):
            raise Refused(f"the answer is about {arn!r}, and {asked} was asked for: check --key-id and --endpoint")


def refusal(act, stderr):
    """Why the command line failed. The service's own words are not shown: they may have a secret."""
    found = re.search(r"An error occurred \((\w+)\)", stderr)
    if found:
        code = found.group(1)
        return f"AWS KMS refused {act} ({code}): {HINTS.get(code, 'check --key-id, --region and the key in AWS')}"
    for said, why in (
        ("Unable to locate credentials", "there are no credentials: run `aws configure`, or pass AWS_PROFILE on"),
        ("You must specify a region", "there is no region: pass --region"),
        ("could not be found", "the profile is not configured: check --profile"),
        ("Could not connect", "it cannot be reached: check the network, --region and --endpoint"),
        ("timeout", "it did not answer in time: try again later"),
        ("Invalid choice", "the AWS command line is too old for this key: install a newer version"),
        ("invalid choice", "the AWS command line is too old for this key: install a newer version"),
    ):
        if said in stderr:
            return f"AWS KMS, {act}: {why}"
    return f"the AWS command line failed: run `aws kms {act}` by hand to see why"


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
        verb_parser.add_argument("--key-id", required=True, type=word, metavar="ARN_OR_ID")
        verb_parser.add_argument("--region", type=word, metavar="R")
        verb_parser.add_argument("--profile", type=word, metavar="P")
        verb_parser.add_argument("--endpoint", type=service_url, metavar="URL")
        if verb != "public-key":
            verb_parser.add_argument("file", metavar="FILE")
    return parser.parse_args()


def answer_to(asked):
    kms = Kms(asked)
    if asked.verb == "public-key":
        text = kms.public_key()["PublicKey"]
        lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----"
    text = read(asked.file).strip()
    is_digest = re.fullmatch("[0-9a-fA-F]{64}", text)
    if asked.verb == "sign":
        if not is_digest:
            raise Refused(f"{asked.file} does not hold the 64 hex digits of a SHA-256")
        return kms.sign(bytes.fromhex(text))
    if is_digest:
        raise Refused(
            "CloudTrail has the call up to 15 minutes later: save `aws cloudtrail lookup-events --lookup-attributes "
            "AttributeKey=EventName,AttributeValue=Sign` then, and pass that file"
        )
    try:
        log = json.loads(text)
    except ValueError as error:
        raise Refused(f"{asked.file} does not hold the JSON of entries of CloudTrail") from error
    return json.dumps(kms.evidence(log))


def main():
    try:
        print(answer_to(arguments()))
    except Refused as error:
        sys.exit(f"aws_kms.py: {error}")
    except Exception as error:
        # Its words are not shown: they may have a secret.
        sys.exit(f"aws_kms.py: unexpected {type(error).__name__}: check the version of the AWS command line")


if __name__ == "__main__":
    main()
