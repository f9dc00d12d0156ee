"""Signs with a key in an HSM or another token behind a PKCS#11 module, through pkcs11-tool of OpenSC.

    python -I hsm_tool.py public-key TOKEN KEY --algorithm ALGORITHM
    python -I hsm_tool.py sign TOKEN KEY --algorithm ALGORITHM FILE

    TOKEN: --module PATH (--token-label LABEL | --slot ID) --pin-file FILE
    KEY: --key-label LABEL | --key-object-id HEX
    ALGORITHM: ecdsa-p256-sha256, ecdsa-p384-sha384, rsa-pkcs1v15-sha256, rsa-pss-sha256, ed25519

`sign` reads the hex SHA-256 of a payload from FILE and prints the signature in base64, of an EC key r and s
side by side. P-256 and RSA keys sign that digest itself. P-384 keys sign the SHA-384 of its 32 bytes, and
Ed25519 keys those 32 bytes.

The PIN is the only line of its file, which nobody but its owner may read (mode 0600). Each command uses one
attempt at most if it is wrong, and none does once an attempt was lost: one run after the other would lock the
token. Logging in by hand with the right PIN gives the attempts back.
"""

import argparse
import base64
import hashlib
import os
import re
import stat
import subprocess
import sys
import tempfile

MOST = 64 << 10  # of a file that is read, in bytes
MOST_PIN = 256  # characters of a PIN
PIN_VARIABLE = "HSM_PIN"  # of the environment of pkcs11-tool
# What precedes a SHA-256 in what an RSA key signs (RFC 8017 section 9.2, note 1).
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
# What precedes the point of a key in its SubjectPublicKeyInfo (RFC 5480, RFC 8410), and its length.
# pkcs11-tool of OpenSC 0.23 writes that of no P-384 key.
CURVES = {
    "ecdsa-p256-sha256": (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"), 65),
    "ecdsa-p384-sha384": (bytes.fromhex("3076301006072a8648ce3d020106052b81040022036200"), 97),
    "ed25519": (bytes.fromhex("302a300506032b6570032100"), 32),
}
# What the tool calls the kind of a key, and how long a signature is that does not depend on its size.
KINDS = {"ecdsa": "EC", "rsa": "RSA", "ed25519": "EC_EDWARDS"}
LENGTHS = {"ecdsa-p256-sha256": 64, "ecdsa-p384-sha384": 96, "ed25519": 64}
PSS = ["--hash-algorithm", "SHA256", "--mgf", "MGF1-SHA256", "--salt-len", "32"]
# The mechanism and its options, and what it is given for a digest.
MECHANISMS = {
    "ecdsa-p256-sha256": (["ECDSA"], bytes),
    "ecdsa-p384-sha384": (["ECDSA"], lambda digest: hashlib.sha384(digest).digest()),
    "rsa-pkcs1v15-sha256": (["RSA-PKCS"], lambda digest: SHA256_INFO + digest),
    "rsa-pss-sha256": (["RSA-PKCS-PSS", *PSS], bytes),
    "ed25519": (["EDDSA"], bytes),
}
# How pkcs11-tool says that an attempt of the PIN was lost.
LOST = ("user PIN count low", "final user PIN try", "user PIN locked")
HINTS = {
    "CKR_PIN_INCORRECT": "correct the PIN file before it is tried again: attempts are counted",
    "CKR_PIN_LOCKED": "unblock the PIN with the tool of the token",
    "CKR_SLOT_ID_INVALID": "check --slot",
    "CKR_TOKEN_NOT_PRESENT": "insert the token, and check --slot",
    "CKR_MECHANISM_INVALID": "choose another --algorithm: the token cannot sign by this one",
    "CKR_KEY_TYPE_INCONSISTENT": "correct --algorithm: the key is of another kind",
    "CKR_DATA_LEN_RANGE": "correct --algorithm: the key is of another kind",
    "CKR_KEY_FUNCTION_NOT_PERMITTED": "choose a key that may sign",
}


class Refused(Exception):
    """Why there is no answer, and what to do."""


def object_id(text):
    if not re.fullmatch("([0-9a-fA-F]{2}:?)+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not in hex digits")
    return text.replace(":", "").lower()


def slot(text):
    if not re.fullmatch("0x[0-9a-fA-F]+|[0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the ID of a slot, as `pkcs11-tool -L` shows it")
    return int(text, 16) if text.startswith("0x") else int(text)


class Token:
    """A token, and the one key that is used there."""

    def __init__(self, asked):
        self.place = ["--module", asked.module]
        self.place += ["--slot", hex(asked.slot)] if asked.slot is not None else ["--token-label", asked.token_label]
        self.label, self.id, self.algorithm = asked.key_label, asked.key_object_id, asked.algorithm
        self.pin = pin_in(asked.pin_file)
        self.key = f"the label {self.label!r}" if self.label is not None else f"the id {self.id}"
        self.check_attempts(asked)

    def check_attempts(self, asked):
        """Refuses to use the PIN if an attempt was lost, or if the token does not say."""
        tokens = []
        for part in re.split(r"(?m)^(?=Slot )", self.tool("--module", asked.module, "--list-token-slots")):
            shown = dict(re.findall(r"(?m)^\s+(token label|token flags)\s*:[ ]?(.*?)\s*$", part))
            found = re.match(r"Slot \S+ \((0x[0-9a-fA-F]+)\)", part)
            number = int(found.group(1), 16) if found else None
            is_it = number == asked.slot if asked.token_label is None else shown.get("token label") == asked.token_label
            if is_it and "token flags" in shown:
                tokens.append(shown["token flags"].split(", "))
        if not tokens:
            raise Refused("the token is not there, or does not say how its PIN stands: check --token-label and --slot")
        lost = next((flag for flags in tokens for flag in flags if flag in LOST), None)
        if lost:
            hint = "log in by hand with the right PIN, then correct the file"
            raise Refused(f"the PIN was not sent, as the token says {lost!r}: {hint}")

    def run(self, *act):
        """What the tool prints. It is given the PIN by a variable: everybody can read arguments."""
        return self.tool(*self.place, "--login", "--pin", f"env:{PIN_VARIABLE}", *act)

    def tool(self, *words):
        line = ["pkcs11-tool", *words]
        environment = dict(os.environ, LC_ALL="C", **{PIN_VARIABLE: self.pin})
        try:
            ran = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
        except FileNotFoundError as error:
            raise Refused("pkcs11-tool is not on the PATH: install OpenSC (apt-get install opensc)") from error
        if ran.returncode != 0:
            raise Refused(self.refusal(ran.stderr.decode(errors="replace")))
        return ran.stdout.decode(errors="replace")

    def refusal(self, stderr):
        """Why the tool failed, without the PIN."""
        lines = [line.strip() for line in stderr.splitlines() if line.strip() not in ("", "Aborting.")]
        said = next((line for line in reversed(lines) if "error:" in line or "No slot" in line), "")
        said = said.replace(self.pin, "•••")[:300] if self.pin else said
        found = re.search(r"CKR_\w+", said)
        hint = HINTS.get(found.group(0) if found else "", "check --module, --token-label, --slot and --algorithm")
        return f"pkcs11-tool failed ({said or 'it does not say why'}): {hint}"

    def find(self, kind):
        """What the token shows of the key: the only one of its label or id."""
        found = []
        for part in re.split(r"(?m)^(?=\S)", self.run("--list-objects", "--type", kind)):
            shown = dict(re.findall(r"(?m)^\s+(\w+):\s+(\S.*?)\s*$", part))
            is_it = shown.get("ID", "").lower() == self.id if self.id else shown.get("label") == self.label
            if is_it and "ID" in shown:
                kind_of_key = re.search(r"; (\w+)", part)
                found.append(dict(shown, kind=kind_of_key.group(1) if kind_of_key else ""))
        if not found:
            raise Refused(f"there is no {kind} object with {self.key} and an id: check --key-label, --key-object-id")
        if len(found) > 1:
            raise Refused(f"there are {len(found)} {kind} objects with {self.key}: choose one by --key-object-id")
        if KINDS[self.algorithm.split("-")[0]] != found[0]["kind"]:
            raise self.other_kind()
        return found[0]

    def other_kind(self):
        return Refused(f"the key with {self.key} is not one for {self.algorithm}: correct --algorithm")

    def public_key(self):
        shown = self.find("pubkey")
        if self.algorithm in CURVES:
            before, length = CURVES[self.algorithm]
            point = bytes.fromhex(shown.get("EC_POINT", ""))
            # The point is in an OCTET STRING, as the standard has it, or not.
            if len(point) > length and point[:-length] in (bytes([4, length]), bytes([4, 0x81, length])):
                point = point[-length:]
            if len(point) != length:
                raise self.other_kind()
            return pem(before + point)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "key")
            self.run("--read-object", "--type", "pubkey", "--id", shown["ID"], "--output-file", path)
            return pem(read(path))

    def sign(self, digest):
        # To sign, pkcs11-tool (OpenSC 0.23) goes by the id alone: with a label it takes the first key.
        key = self.find("privkey")["ID"]
        mechanism, data = MECHANISMS[self.algorithm]
        with tempfile.TemporaryDirectory() as directory:
            given, made = os.path.join(directory, "data"), os.path.join(directory, "signature")
            with open(given, "wb") as file:
                file.write(data(digest))
            line = ["--sign", "--id", key, "--mechanism", *mechanism, "--input-file", given, "--output-file", made]
            self.run(*line)
            signature = read(made)
        if LENGTHS.get(self.algorithm, len(signature)) != len(signature):
            raise self.other_kind()
        return base64.b64encode(signature).decode()


def pem(der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----"


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(MOST)
    except OSError as error:
        raise Refused(f"{path} cannot be read ({type(error).__name__})") from error


def pin_in(path):
    try:
        # Opening a pipe would wait for its writer.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            about = os.fstat(file.fileno())
            is_file = stat.S_ISREG(about.st_mode)
            if os.name == "posix" and (not is_file or about.st_mode & 0o077 or about.st_uid not in (0, os.geteuid())):
                raise Refused(f"others may read the PIN in {path}, or it is not a file: chmod 600 {path}")
            text = file.read(MOST).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"the PIN file {path} cannot be read ({type(error).__name__})") from error
    pin = text.removesuffix("\n").removesuffix("\r")
    # What an editor adds to a PIN would be sent with it, and cost an attempt.
    is_quoted = len(pin) > 1 and pin[0] == pin[-1] and pin[0] in "\"'"
    if not pin.isprintable() or pin != pin.strip() or is_quoted or not 0 < len(pin) <= MOST_PIN:
        raise Refused(f"the PIN file {path} does not have one line with a PIN, and nothing around it")
    return pin


def digest_in(path):
    text = read(path).decode("ascii", errors="replace").strip()
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
        verb_parser.add_argument("--module", required=True, metavar="PATH")
        token = verb_parser.add_mutually_exclusive_group(required=True)
        token.add_argument("--token-label", metavar="LABEL")
        token.add_argument("--slot", type=slot, metavar="ID")
        key = verb_parser.add_mutually_exclusive_group(required=True)
        key.add_argument("--key-label", metavar="LABEL")
        key.add_argument("--key-object-id", type=object_id, metavar="HEX")
        verb_parser.add_argument("--pin-file", required=True, metavar="FILE")
        verb_parser.add_argument("--algorithm", required=True, choices=MECHANISMS)
        if verb == "sign":
            verb_parser.add_argument("file", metavar="FILE")
    return parser.parse_args()


def answer_to(asked):
    if asked.verb == "public-key":
        return Token(asked).public_key()
    digest = digest_in(asked.file)
    return Token(asked).sign(digest)


def main():
    try:
        print(answer_to(arguments()))
    except Refused as error:
        sys.exit(f"hsm_tool.py: {error}")
    except Exception as error:
        # Its words are not shown: they may have a secret.
        sys.exit(f"hsm_tool.py: unexpected {type(error).__name__}: check the version of OpenSC")


if __name__ == "__main__":
    main()
