#!/usr/bin/env python3
"""Verifies sealed runs, their signatures and packs without Countersign.

    python3 -I verify.py TARGET... [options]
    python3 -I verify.py --disclosure FILE [--file FILE] --keyring FILE

A TARGET is a pack (zip or folder), a directory with sealed runs, or one sealed run. Take this
script from a release, not from the pack, and run it with `python3 -I` from outside the pack: a
hostile pack brings its own. It needs Python 3.9 and the program `openssl` (1.1.1 or newer), opens no
network connection, changes nothing, and executes nothing that it reads. Companion signatures
(ML-DSA-65) are checked with the Python package `cryptography` (48 or newer) or with OpenSSL 3.5,
whichever is there, and are not checkable without either.

It was written from the two design documents of the format alone and shares no code with
Countersign, so that two independent programs must agree. The sections follow those documents:

     1  bounds, outcomes            8  keyring: whose keys are accepted
     2  canonical JSON, hashes      9  attestations of hardware keys
     3  DER                        10  signatures of one file, what they count for
     4  times                      11  logs and ledgers
     5  keys and signatures        12  one envelope, L0 to L7
     6  claims and refusals        13  files, zips, packs
     7  time-stamp tokens          14  disclosures, 15  command line

Every check has an id, the level it belongs to, and one result:

    pass       it holds                      fail       it does not hold
    missing    what it is about is absent    unchecked  it cannot be decided here
    warn       a person should know this

A level holds if all its required checks pass or warn, and all lower levels hold.

Not judged here, and never counted as passed: attestations of TPMs, a cloud's records, the names in
certificates beside keys and lists of revoked certificates, signed keyrings (`keyring.signed.json`), witnesses and checkpoints of a log, and what a station remembers of a log.
Times are worth what the line `time` says: claimed by the file, signed
by the claim, or trusted (a time-stamp token under a root that you name with --tsa-root). With
`--trust embedded`, and with the keyring and roots that come with a pack, whose key and whose time it
is, is the word of whoever made the files; name your own with --keyring, --tsa-root and --roots.

An authority boundary (`abp_v1.json`) beside the run is judged by the nine checks of the reference; no
level rests on them, and only --require-abp makes the exit code depend on them, and on the entry that it
stands under being a grant in a ledger that is whole.

The files that a run was made from are compared with it if its pack carries them (`inputs/`): reproduced
here, not available, or contradicted, which is a failed check (`pack.inputs`). No level rests on it.

Exit code: 0 every envelope reaches --level and no check fails; 1 otherwise; 2 wrong usage.
"""

import argparse
import base64
import binascii
import contextlib
import datetime
import functools
import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
import zlib

# ---------------------------------------------------------------------------------------------------
# 1  Bounds, outcomes
# ---------------------------------------------------------------------------------------------------

MIB = 1024 * 1024
MAX_ARTIFACT = 64 * MIB  # a sealed run or manifest
MAX_SIGNATURES = 8 * MIB  # a signature file, a keyring, a PEM file
MAX_LINE = MIB  # one line of a log
MAX_LOG = 1024 * MIB
MAX_CANONICAL = 256 * MIB
MAX_VALUES = 4_000_000  # in one JSON text; some of the text's commas may be in strings
MAX_NESTING = 480
MAX_DIGITS = 4300
MAX_CLAIM = 64 * 1024
MAX_ENTRIES = 2000  # signatures of one file, refusals
MAX_COPIES = 20_000  # files in a folder of a pack
MAX_FOUND = 1000  # entries of a log about one run, or of a ledger about one authority
MAX_ROOTS = 64
MAX_ISSUERS = 8  # certificates above a device's in an attestation
MAX_RUN_STAMP = 256 * 1024  # a time stamp of a run
MAX_BOUNDARY = MIB  # an authority boundary
MAX_TOKENS = 16  # time-stamp tokens of one signature
MAX_ARCHIVE_FILES = 50_000
MAX_ARCHIVE = 1024 * MIB
MAX_WALK = 500_000  # directory entries looked at
MAX_DEPTH = 64  # sub-directories
OPENSSL_TIMEOUT = 30  # seconds

PASS, FAIL, MISSING, UNCHECKED, WARN = "pass", "fail", "missing", "unchecked", "warn"


class Unreadable(Exception):
    """Something is not what it should be; the text says what."""


class Checks:
    """The checks of one envelope."""

    def __init__(self):
        self.rows = []

    def add(self, level, name, result, detail, required=True, about=None):
        row = {"id": name, "level": level, "result": result, "detail": detail}
        self.rows.append({**row, "required": required, "about": about})
        return result in (PASS, WARN)

    def test(self, level, name, holds, good, bad, **more):
        return self.add(level, name, PASS if holds else FAIL, good if holds else bad, **more)

    def note(self, level, name, result, detail, about=None):
        self.add(level, name, result, detail, required=False, about=about)

    def remark(self, name, holds, good, bad):
        """About the pack around an envelope: no level rests on it."""
        self.note(0, name, PASS if holds else FAIL, good if holds else bad)

    def standing(self):
        """For each level whether its required checks hold: pass, fail, missing or unchecked."""
        order = [FAIL, UNCHECKED, MISSING]
        levels = []
        for level in range(8):
            rows = [r["result"] for r in self.rows if r["level"] == level and r["required"]]
            worst = next((one for one in order if one in rows), PASS if rows else UNCHECKED)
            levels.append(worst)
        return levels

    def level(self):
        standing = self.standing()
        return next((n - 1 for n, one in enumerate(standing) if one != PASS), 7)

    def needed(self):
        """What the next level needs, in words, or None at L7."""
        level = self.level() + 1
        bad = (FAIL, MISSING, UNCHECKED)
        rows = [r for r in self.rows if r["level"] == level and r["required"] and r["result"] in bad]
        return "; ".join(r["detail"] for r in rows) or (None if level > 7 else "nothing could be checked")


def visible(value, limit=300):
    """Text from a file as it may be shown: control, bidirectional and invisible characters written out."""
    text = value if isinstance(value, str) else json.dumps(value)
    cut = text if len(text) <= limit else text[:limit] + "…"
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    shown = lambda c: "⟨U+%04X⟩" % ord(c) if unicodedata.category(c) in hidden else c
    return "".join(map(shown, cut))


def quoted(value):
    return "nothing" if value is None else '"%s"' % visible(value)


# ---------------------------------------------------------------------------------------------------
# 2  Canonical JSON, hashes (FORMAT.md section 2)
# ---------------------------------------------------------------------------------------------------

# A string that does not end is one token too, so that no text takes more than one pass.
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class Object(dict):
    """A JSON object, and which of its names it had twice."""
    twice = frozenset()


class Document:
    """A parsed JSON text: its value, and whether an object in it had a key twice."""

    def __init__(self, value, duplicates):
        self.value = value
        self.duplicates = duplicates


def parse_json(data):
    """Parses UTF-8 JSON by the rules of the format; fails with Unreadable."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("not JSON: not UTF-8") from None
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise Unreadable("more than %d values, which this script does not read" % MAX_VALUES)
    if text.count("[") + text.count("{") > MAX_NESTING:
        depth = 0
        for token in JSON_TOKEN.finditer(text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
            if depth > MAX_NESTING:
                raise Unreadable("nested deeper than %d levels" % MAX_NESTING)
    if re.search(r"\\u[dD][89a-fA-F]", text):
        for token in JSON_TOKEN.finditer(text):
            if token.group()[0] == '"' and not is_text(json_string(token.group())):
                raise Unreadable("not JSON: half of a surrogate pair")
    duplicates = False

    def pairs(items):
        nonlocal duplicates
        value = Object(items)
        if len(value) != len(items):
            duplicates, names = True, set()
            value.twice = {name for name, _ in items if name in names or names.add(name)}
        return value

    def integer(digits):
        if len(digits.lstrip("-")) > MAX_DIGITS:
            raise Unreadable("a number has more than %d digits" % MAX_DIGITS)
        return int(digits)

    def real(digits):
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise Unreadable("a number is out of range")
        return value

    def constant(name):
        raise Unreadable("not JSON: %s" % name)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=real,
                           parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON: %s" % visible(str(error))) from None
    return Document(value, duplicates)


def json_string(token):
    try:
        return json.loads(token)
    except ValueError:
        return ""  # not a string after all: the parser reports it


def is_text(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def canonical(value):
    """The canonical bytes of a parsed value."""
    text = json.dumps(normalised(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data = text.encode("utf-8")
    if len(data) > MAX_CANONICAL:
        raise Unreadable("the canonical form is larger than %d MiB" % (MAX_CANONICAL // MIB))
    return data


def normalised(value):
    if isinstance(value, dict):
        return {key: normalised(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalised(inner) for inner in value]
    if isinstance(value, str):
        instant = parse_instant(value)
        if instant is not None:
            return format_instant(instant)
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, float):
        return int(value) if value.is_integer() else float("%.15g" % value)
    return value


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


def digest(data):
    return "sha256:" + sha256_hex(data)


def hash_of(value):
    return digest(canonical(value))


def hash_without(value, key):
    """The hash of an object with one of its keys set to the empty text."""
    return hash_of({**value, key: ""})


def merkle_root(leaves):
    if not leaves:
        return digest(b"empty-merkle")
    while len(leaves) > 1:
        if len(leaves) % 2:
            leaves = leaves + leaves[-1:]
        leaves = [digest((a + "|" + b).encode("utf-8")) for a, b in zip(leaves[::2], leaves[1::2])]
    return leaves[0]


def strict_base64(text):
    """Decodes standard base64 with padding and nothing else in it; None if it is not that."""
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def is_hex_digest(text):
    return isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text) is not None


def is_hash(text):
    return isinstance(text, str) and text.startswith("sha256:") and is_hex_digest(text[7:])


def get(value, *keys):
    """The value at a path of keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text_of(value):
    """A text that is not empty, or None."""
    return value if isinstance(value, str) and value else None


def list_of(value):
    return value if isinstance(value, list) else []


def is_filled(value):
    return isinstance(value, (list, dict, str)) and len(value) > 0


def count_of(value):
    """A whole number from 0, as text writes it with or without fraction; otherwise None."""
    whole = isinstance(value, int) and not isinstance(value, bool) or isinstance(value, float) and value.is_integer()
    return int(value) if whole and value >= 0 else None


def same(one, other):
    """Whether two values are the same JSON. Python's own comparison takes true for 1."""
    return canonical(without_nulls(one)) == canonical(without_nulls(other))


def without_nulls(value):
    """`null` equals absent."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


# ---------------------------------------------------------------------------------------------------
# 3  DER: just enough for keys, certificates and time-stamp tokens
# ---------------------------------------------------------------------------------------------------


class Der:
    """One element: its tag, its content, and all its bytes."""

    def __init__(self, tag, content, raw):
        self.tag, self.content, self.raw = tag, content, raw

    def items(self):
        return der_items(self.content)

    def first(self):
        items = self.items()
        if not items:
            raise Unreadable("DER: empty")
        return items[0]

    def expect(self, tag):
        if self.tag != tag:
            raise Unreadable("DER: tag %02x where %02x belongs" % (self.tag, tag))
        return self

    def integer(self):
        data = self.expect(0x02).content
        if not data or (len(data) > 1 and (data[0], data[1] >> 7) in ((0, 0), (255, 1))):
            raise Unreadable("DER: an integer that is not minimal")
        return int.from_bytes(data, "big", signed=True)

    def oid(self):
        data = self.expect(0x06).content
        arcs, arc = [], 0
        for byte in data:
            arc = arc << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(arc)
                arc = 0
        if not arcs or data[-1] & 0x80:
            raise Unreadable("DER: not an object identifier")
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, [first, arcs[0] - 40 * first] + arcs[1:]))


def der_items(data):
    """The elements one after the other in some bytes."""
    items, at = [], 0
    while at < len(data):
        start, tag = at, data[at]
        if tag & 0x1F == 0x1F or at + 2 > len(data):
            raise Unreadable("DER: a tag that does not occur here")
        length, at = data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 4 or at + size > len(data) or data[at] == 0:
                raise Unreadable("DER: a length that is not definite and minimal")
            length, at = int.from_bytes(data[at:at + size], "big"), at + size
            if length < 0x80:
                raise Unreadable("DER: a length that is not minimal")
        if at + length > len(data):
            raise Unreadable("DER: shorter than it says")
        items.append(Der(tag, data[at:at + length], data[start:at + length]))
        at += length
    return items


def der_one(data):
    items = der_items(data)
    if len(items) != 1:
        raise Unreadable("DER: not one element")
    return items[0]


def der_fields(element, count, most=None):
    items = element.expect(0x30).items()
    if not count <= len(items) <= (most or count):
        raise Unreadable("DER: a sequence of %d elements" % len(items))
    return items


def bit_string(element):
    content = element.expect(0x03).content
    if not content or content[0] != 0:
        raise Unreadable("DER: a bit string with unused bits")
    return content[1:]


class Certificate:
    """The parts of an X.509 certificate that are looked at here."""

    def __init__(self, data):
        self.der = data
        tbs, algorithm, signature = der_fields(der_one(data), 3)
        self.tbs, self.signature = tbs.raw, bit_string(signature)
        self.signature_algorithm = algorithm.first().oid()
        fields = tbs.expect(0x30).items()
        if fields and fields[0].tag == 0xA0:
            fields = fields[1:]
        if len(fields) < 6:
            raise Unreadable("DER: not a certificate")
        self.serial = fields[0].integer()
        self.issuer, self.subject, self.spki = fields[2].raw, fields[4].raw, fields[5].raw
        self.common_name, self.dates = common_name(fields[4]), fields[3]
        self.extensions = {}
        for field in fields[6:]:
            if field.tag == 0xA3:
                for extension in der_one(field.content).items():
                    oid, *rest = der_fields(extension, 2, 3)
                    critical = len(rest) == 2 and rest[0].content == b"\xff"
                    if oid.oid() in self.extensions:
                        raise Unreadable("an extension is there twice")
                    self.extensions[oid.oid()] = (critical, rest[-1].expect(0x04).content)

    def fingerprint(self):
        return sha256_hex(self.der)

    def is_self_issued(self):
        return self.issuer == self.subject

    def validity(self):
        """Its first and its last second (RFC 5280 section 4.1.2.5)."""
        return [certificate_time(one) for one in der_fields(self.dates, 2)]

    def may_issue(self):
        """Whether it may issue certificates; None if it does not say (RFC 5280 sections 4.2.1.3 and 4.2.1.9)."""
        constraints, usage = (self.extensions.get(one, (False, None))[1] for one in ("2.5.29.19", "2.5.29.15"))
        if usage is not None:
            bits = der_one(usage).expect(0x03).content
            if len(bits) < 2 or not bits[1] & 0x04:
                return False
        if constraints is None:
            return None
        said = der_one(constraints).expect(0x30).items()
        return bool(said) and said[0].tag == 0x01 and said[0].content == b"\xff"

    def path_length(self):
        """How many authorities may stand below it; None if it does not say."""
        _, constraints = self.extensions.get("2.5.29.19", (False, None))
        said = [] if constraints is None else der_one(constraints).expect(0x30).items()
        return said[1].integer() if len(said) == 2 else None

    def pem(self):
        return pem("CERTIFICATE", self.der)


def certificate_time(element):
    text = element.content.decode("ascii", "replace")
    if element.tag == 0x17:
        text = ("19" if text >= "50" else "20") + text
    match = re.fullmatch("([0-9]{4})" + "([0-9]{2})" * 5 + "Z", text) if element.tag in (0x17, 0x18) else None
    at = None if match is None else parse_instant("%s-%s-%sT%s:%s:%sZ" % match.groups())
    if at is None:
        raise Unreadable("DER: not the date of a certificate")
    return at


def common_name(name):
    for relative in name.items():
        for attribute in relative.items():
            oid, value = der_fields(attribute, 2)
            if oid.oid() == "2.5.4.3":
                return value.content.decode("utf-8", "replace")
    return ""


def pem(label, data):
    body = base64.encodebytes(data).decode().replace("\n", "")
    lines = [body[at:at + 64] for at in range(0, len(body), 64)]
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, "\n".join(lines), label)


def pem_blocks(text, label):
    pattern = r"-----BEGIN %s-----\r?\n((?:[A-Za-z0-9+/=]+\r?\n)+)-----END %s-----" % (label, label)
    for match in re.finditer(pattern, text):
        data = strict_base64(re.sub(r"[\r\n]", "", match.group(1)))
        if data is not None:
            yield data


# ---------------------------------------------------------------------------------------------------
# 4  Times, in whole seconds since 1970 (FORMAT.md section 2)
# ---------------------------------------------------------------------------------------------------

INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
EPOCH = datetime.datetime(1970, 1, 1)
FIRST = int((datetime.datetime.min - EPOCH).total_seconds())
LAST = int((datetime.datetime.max - EPOCH).total_seconds())


def parse_instant(text):
    """Seconds since 1970, the fraction cut; None if the text is not a real instant."""
    if not isinstance(text, str) or len(text) < 19 or text[4] != "-":
        return None
    match = INSTANT.fullmatch(text)
    if match is None:
        return None
    try:
        local = datetime.datetime(*(int(part) for part in match.groups()[:6]))
    except ValueError:
        return None
    zone, offset = match.group(8), 0
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        if offset >= 86400:
            return None
        offset = -offset if zone[0] == "-" else offset
    seconds = int((local - EPOCH).total_seconds()) - offset
    return seconds if FIRST <= seconds <= LAST else None


def has_no_zone(text):
    return parse_instant(text) is not None and text[-1] != "Z" and text[-6] not in "+-"


def format_instant(seconds):
    at = EPOCH + datetime.timedelta(seconds=seconds)
    # The year has no leading zeros: the reference writes it so.
    return "%d-%02d-%02dT%02d:%02d:%02dZ" % (at.year, at.month, at.day, at.hour, at.minute, at.second)


# ---------------------------------------------------------------------------------------------------
# 5  Keys and signatures (FORMAT.md section 3)
# ---------------------------------------------------------------------------------------------------


class OpenSsl:
    """The program `openssl`, run on files in a private directory, with no configuration and no
    certificates of the machine."""

    def __init__(self):
        self.program = shutil.which("openssl")
        self.directory = None
        self.version = (0,)
        if self.program:
            _, out = self.run(["version"])
            match = re.search(r"(?:OpenSSL|LibreSSL) (\d+)\.(\d+)", out)
            self.version = tuple(map(int, match.groups())) if match and "OpenSSL" in out else (0,)

    def run(self, arguments, **files):
        """Runs it with files of these names and contents; returns exit code and output.
        An argument `@name` is the path of such a file."""
        if not self.program:
            raise NotCheckable("the program openssl is not installed")
        if self.directory is None:
            self.directory = tempfile.TemporaryDirectory(prefix="verify-")
        paths = {}
        for name, content in files.items():
            paths[name] = os.path.join(self.directory.name, name)
            with open(paths[name], "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        command = [paths[one[1:]] if one[:1] == "@" else one for one in arguments]
        nowhere = os.path.join(self.directory.name, "nothing")
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": nowhere,
                       "OPENSSL_CONF": os.devnull, "SSL_CERT_FILE": nowhere, "SSL_CERT_DIR": nowhere}
        try:
            done = subprocess.run([self.program] + command, stdin=subprocess.DEVNULL, timeout=OPENSSL_TIMEOUT,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                                  cwd=self.directory.name)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotCheckable("openssl: %s" % visible(str(error))) from None
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def close(self):
        if self.directory is not None:
            self.directory.cleanup()
            self.directory = None


class NotCheckable(Exception):
    """It cannot be decided here; the text says why."""


OPENSSL = OpenSsl()

ED25519, RSA, EC = "1.3.101.112", "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
# ML-DSA-65 (FIPS 204, RFC 9881): bytes of a public key and of a signature.
ML_DSA_65, ML_DSA_KEY, ML_DSA_SIGNATURE = "2.16.840.1.101.3.4.3.18", 1952, 3309
# Curve: name, bytes of a coordinate, prime, b, order.
CURVES = {
    "1.2.840.10045.3.1.7": (
        "p256", 32, 2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    "1.3.132.0.34": (
        "p384", 48, 2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973),
}
# Algorithm: kind of key, hash, and for openssl dgst the options of the signature.
PSS = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha256"]
ALGORITHMS = {
    "ed25519": ("ed25519", None, []),
    "hmac-sha256": ("hmac", None, []),
    "ecdsa-p256-sha256": ("p256", "sha256", []),
    "ecdsa-p384-sha384": ("p384", "sha384", []),
    "rsa-pkcs1v15-sha256": ("rsa", "sha256", []),
    "rsa-pss-sha256": ("rsa", "sha256", PSS),
}


# White space of Unicode. Python's own strip takes four control characters more.
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200b)))
# A key in PEM as it is generated (RFC 7468 section 3), its lines ended in any way, and nothing beside it.
STRICT_PEM = re.compile("-----BEGIN PUBLIC KEY-----%s((?:[A-Za-z0-9+/]{64}%s)*[A-Za-z0-9+/=]{1,64})%s{1,2}"
                        "-----END PUBLIC KEY-----" % ((r"(?:\r\n|\r|\n)",) * 3))


class PublicKey:
    """A public key: its kind, and the DER of its SubjectPublicKeyInfo, always in one form."""

    def __init__(self, kind, spki, order=None, raw=None):
        self.kind, self.spki, self.order, self.raw = kind, spki, order, raw
        self.sha256 = sha256_hex(spki)

    @staticmethod
    @functools.lru_cache(maxsize=4096)
    def parse(text):
        """Reads base64 of 32 bytes (Ed25519), or PEM; fails with Unreadable."""
        text = text.strip(WHITE)
        if not text.startswith("-----BEGIN"):
            raw = strict_base64(text)
            if raw is None or len(raw) != 32:
                raise Unreadable("the public key is neither 32 bytes in base64 nor PEM")
            return PublicKey.of_spki(bytes.fromhex("302a300506032b6570032100") + raw)
        match = STRICT_PEM.fullmatch(text)
        data = None if match is None else strict_base64(re.sub("[\r\n]", "", match.group(1)))
        if data is None:
            raise Unreadable("the public key is not one PEM block")
        return PublicKey.of_spki(data)

    @staticmethod
    def kind_of(data):
        """The kind of the key in a certificate; None if it is not one of the format."""
        try:
            return PublicKey.of_spki(data).kind
        except Unreadable:
            return None

    @staticmethod
    def of_spki(data):
        algorithm, key = der_fields(der_one(data), 2)
        oid, *parameters = der_fields(algorithm, 1, 2)
        bits, kind = bit_string(key), oid.oid()
        if kind == ED25519 and not parameters and len(bits) == 32:
            if decompress(bits) is None or is_small_order(decompress(bits)):
                raise Unreadable("the public key is not a point of large order, canonically encoded")
            return PublicKey("ed25519", data, raw=bits)
        if kind == EC and len(parameters) == 1 and parameters[0].tag == 0x06:
            curve = CURVES.get(parameters[0].oid())
            if curve is None:
                raise Unreadable("the curve of the public key is not one of the format")
            name, size, prime, b, order = curve
            x, y = affine(bits, size, prime, b)
            point = b"\x04" + x.to_bytes(size, "big") + y.to_bytes(size, "big")
            body = algorithm.raw + bytes([3, len(point) + 1, 0]) + point
            return PublicKey(name, bytes([0x30, len(body)]) + body, order=order)
        if kind == RSA and len(parameters) == 1 and parameters[0].raw == b"\x05\x00":
            modulus, exponent = (one.integer() for one in der_fields(der_one(bits), 2))
            if not 2048 <= modulus.bit_length() <= 4096 or exponent < 3 or exponent % 2 == 0:
                raise Unreadable("the RSA key does not have 2048 to 4096 bits")
            return PublicKey("rsa", data, raw=(modulus, exponent))
        if kind == ML_DSA_65 and not parameters and len(bits) == ML_DSA_KEY:
            return PublicKey("ml-dsa-65", data, raw=bits)
        raise Unreadable("the kind of public key is not one of the format")


def affine(bits, size, prime, b):
    """The point of an EC key, uncompressed or compressed, which must be on the curve."""
    x = int.from_bytes(bits[1:1 + size], "big")
    square = (x * x * x - 3 * x + b) % prime
    if bits[:1] == b"\x04" and len(bits) == 1 + 2 * size:
        y = int.from_bytes(bits[1 + size:], "big")
    elif bits[:1] in (b"\x02", b"\x03") and len(bits) == 1 + size:
        y = pow(square, (prime + 1) // 4, prime)
        y = y if y % 2 == bits[0] % 2 else prime - y
    else:
        raise Unreadable("the public key is not a point")
    if x >= prime or y >= prime or y * y % prime != square:
        raise Unreadable("the public key is not on its curve")
    return x, y


# Ed25519 by RFC 8032: points that openssl would let pass are refused before it is asked.
P25519 = 2**255 - 19
L25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, P25519 - 2, P25519) % P25519


def decompress(data):
    """The point of 32 bytes as (x, y); None if they are not the canonical encoding of a point."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= P25519:
        return None
    square = (y * y - 1) * pow(D25519 * y * y + 1, P25519 - 2, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * pow(2, (P25519 - 1) // 4, P25519) % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        return None
    return (x if x % 2 == sign else P25519 - x), y


def edwards_add(a, b):
    """The sum of two points in extended coordinates (RFC 8032 section 5.1.4)."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    m, p = (y1 - x1) * (y2 - x2) % P25519, (y1 + x1) * (y2 + x2) % P25519
    c, d = 2 * t1 * t2 * D25519 % P25519, 2 * z1 * z2 % P25519
    e, f, g, h = p - m, d - c, d + c, p + m
    return e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519


def extended(point):
    x, y = point
    return x, y, 1, x * y % P25519


def is_small_order(point):
    point = extended(point)
    for _ in range(3):
        point = edwards_add(point, point)
    return point[0] == 0 and point[1] == point[2]


def edwards_multiply(scalar, point):
    total, point = (0, 1, 1, 0), extended(point)
    while scalar:
        if scalar & 1:
            total = edwards_add(total, point)
        point, scalar = edwards_add(point, point), scalar >> 1
    return total


def ed25519_holds(raw, message, signature):
    """The equation of RFC 8032 itself, for an openssl before 3.0, which cannot be asked."""
    base = decompress((4 * pow(5, P25519 - 2, P25519) % P25519).to_bytes(32, "little"))
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + raw + message).digest(), "little") % L25519
    x1, y1, z1, _ = edwards_multiply(int.from_bytes(signature[32:], "little"), base)
    x2, y2, z2, _ = edwards_add(extended(decompress(signature[:32])), edwards_multiply(challenge, decompress(raw)))
    return (x1 * z2 - x2 * z1) % P25519 == 0 and (y1 * z2 - y2 * z1) % P25519 == 0


def is_pkcs1_sha256(modulus, exponent, message, signature):
    """The one encoding of RFC 8017 section 9.2. OpenSSL may let others pass."""
    size = (modulus.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    value = int.from_bytes(signature, "big")
    return value < modulus and pow(value, exponent, modulus).to_bytes(size, "big") == wanted


def ecdsa_scalars(signature, order):
    """(r, s) of a signature in strict DER; None if it is not that."""
    try:
        r, s = (one.integer() for one in der_fields(der_one(signature), 2))
    except Unreadable:
        return None
    return (r, s) if 0 < r < order and 0 < s < order else None


def signature_identity(algorithm, key, signature):
    """The same for two writings of one signature value: of ECDSA, s and order - s are one."""
    scalars = ecdsa_scalars(signature, key.order) if key is not None and key.order else None
    if scalars is None:
        return signature
    r, s = scalars
    return b"%s %x %x" % (algorithm.encode(), r, min(s, key.order - s))


@functools.lru_cache(maxsize=65536)
def verify_asymmetric(algorithm, spki, message, signature):
    """Whether a signature over a message verifies under a key, strictly."""
    key = PublicKey.of_spki(spki)
    kind, name, options = ALGORITHMS[algorithm]
    if key.kind != kind:
        raise Unreadable("the key is not of the kind that the algorithm needs")
    if kind == "ed25519":
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L25519:
            return False
        point = decompress(signature[:32])
        if point is None or is_small_order(point):
            return False
        # OpenSSL 3.0 does not take an empty message either.
        if OPENSSL.program and (OPENSSL.version < (3,) or not message):
            return ed25519_holds(key.raw, message, signature)
        command = ["pkeyutl", "-verify", "-pubin", "-inkey", "@key", "-rawin", "-in", "@data", "-sigfile", "@sig"]
    else:
        if key.order and ecdsa_scalars(signature, key.order) is None:
            return False
        if kind == "rsa" and len(signature) != (key.raw[0].bit_length() + 7) // 8:
            return False
        if algorithm == "rsa-pkcs1v15-sha256" and not is_pkcs1_sha256(*key.raw, message, signature):
            return False
        command = ["dgst", "-" + name, "-verify", "@key", "-signature", "@sig"] + options + ["@data"]
    code, _ = OPENSSL.run(command, key=pem("PUBLIC KEY", spki), data=message, sig=signature)
    return code == 0


@functools.lru_cache(maxsize=65536)
def ml_dsa_holds(spki, message, signature):
    """Whether an ML-DSA-65 signature over a message verifies under a key, pure and without a context;
    fails with NotCheckable. Nothing but a companion is verified by this."""
    key = PublicKey.of_spki(spki)
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
        public = MLDSA65PublicKey.from_public_bytes(key.raw)
    except Exception:  # It is not there, is older, is broken, or was built without the algorithm.
        public = None
    if public is not None:
        try:
            public.verify(signature, message)
            return True
        except InvalidSignature:
            return False
    if OPENSSL.version < (3, 5):
        raise NotCheckable("neither the Python package cryptography 48 nor OpenSSL 3.5 is installed")
    text = pem("PUBLIC KEY", spki)
    if OPENSSL.run(["pkey", "-pubin", "-in", "@key", "-noout"], key=text)[0]:
        raise NotCheckable("this OpenSSL was built without ML-DSA")
    command = ["pkeyutl", "-verify", "-pubin", "-inkey", "@key", "-rawin", "-in", "@data", "-sigfile", "@sig"]
    code, _ = OPENSSL.run(command, key=text, data=message, sig=signature)
    return code == 0


def payload_bytes(form, data):
    """The bytes that are signed: `signed_payload` says how they are derived from these."""
    raw = hashlib.sha256(data).digest()
    forms = {
        "canonical_json": lambda: data,
        "sha256": lambda: raw,
        "sha256_hex": lambda: raw.hex().encode(),
        "sha256_hex_base64": lambda: base64.b64decode(raw.hex()),
    }
    return forms[form]() if isinstance(form, str) and form in forms else None


class Signer:
    """The key under which something is to verify: a public key, or the shared HMAC key."""

    def __init__(self, algorithm, key, shared):
        self.algorithm, self.key, self.shared = algorithm, key, shared

    def verify(self, form, data, signature):
        """True or False; fails with NotCheckable."""
        message = payload_bytes("canonical_json" if form is None else form, data)
        if message is None:
            raise Unreadable("the form of its payload, %s, is not known" % quoted(form))
        if self.algorithm == "hmac-sha256":
            if self.shared is None:
                raise NotCheckable("the shared HMAC key is not available")
            return hmac.compare_digest(hmac.new(self.shared, message, "sha256").digest(), signature)
        return verify_asymmetric(self.algorithm, self.key.spki, message, signature)


# ---------------------------------------------------------------------------------------------------
# 6  Claims and refusals (EVIDENCE.md section 1)
# ---------------------------------------------------------------------------------------------------

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
CLAIM = "urn:countersign:signing-claim:1"
REFUSAL = "urn:countersign:refusal:1"
ROLES = ("operator", "reviewer", "witness", "auditor")
SIGNER_TYPES = ("software", "hardware", "external")


class Statement:
    """An in-toto Statement in a DSSE envelope; reading it verifies its form, not its signature."""

    def __init__(self, envelope, predicate_type):
        if not isinstance(envelope, dict):
            raise Unreadable("not an object")
        if envelope.get("payloadType") != PAYLOAD_TYPE:
            raise Unreadable("the payload type is %s" % quoted(envelope.get("payloadType")))
        text = envelope.get("payload")
        if not isinstance(text, str) or len(text) > 4 * MAX_CLAIM:
            raise Unreadable("the payload is missing or too long")
        payload = strict_base64(text)
        if payload is None or len(payload) > MAX_CLAIM:
            raise Unreadable("the payload is not base64 of at most 64 KiB")
        signatures = envelope.get("signatures")
        if not isinstance(signatures, list) or len(signatures) != 1:
            raise Unreadable("it does not have exactly one signature")
        self.signature = strict_base64(get(signatures[0], "sig"))
        if self.signature is None:
            raise Unreadable("its signature is not base64")
        self.form = envelope.get("signed_payload")
        if self.form is not None and payload_bytes(self.form, b"") is None:
            raise Unreadable("the form of its payload, %s, is not known" % quoted(self.form))
        document = parse_json(payload)
        if document.duplicates:
            raise Unreadable("a key is there twice")
        if canonical(document.value) != payload:
            raise Unreadable("the payload is not in canonical form")
        self.payload, self.digest = payload, sha256_hex(payload)
        self.subject = get(document.value, "subject")
        self.predicate = get(document.value, "predicate")
        if get(document.value, "_type") != STATEMENT or not isinstance(self.predicate, dict):
            raise Unreadable("not an in-toto Statement")
        is_file = lambda one: isinstance(get(one, "name"), str) and is_hex_digest(get(one, "digest", "sha256"))
        if not isinstance(self.subject, list) or not all(map(is_file, self.subject)):
            raise Unreadable("its subjects cannot be read")
        if document.value.get("predicateType") != predicate_type:
            raise Unreadable("the predicate type is %s" % quoted(document.value.get("predicateType")))

    def signed_bytes(self):
        """The pre-authentication encoding of DSSE."""
        kind = PAYLOAD_TYPE.encode()
        return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)

    def is_about(self, kind, sha256):
        """Whether an artifact is among the subjects, with its type and digest."""
        wanted = (kind, sha256)
        return any((get(one, "annotations", "type"), get(one, "digest", "sha256")) == wanted
                   for one in self.subject)


def check_claim(said):
    """The fields of a claim have the types that they should have; fails with Unreadable."""
    def need(key, holds):
        if not holds:
            raise Unreadable("its %s cannot be read" % key)

    for key in ("act", "signer", "role", "keyId", "algorithm"):
        need(key, isinstance(said.get(key), str))
    need("signedAt", parse_instant(said.get("signedAt")) is not None)
    for key in ("keySha256", "companionKeySha256"):
        need(key, said.get(key) is None or is_hex_digest(said[key]))
    need("signerType", said.get("signerType") is None or said["signerType"] in SIGNER_TYPES)
    need("threshold", said.get("threshold") is None or count_of(said["threshold"]) is not None)
    for kind in ("sealed_run", "manifest"):
        value = get(said, "signatures", kind)
        need("signatures", value is None or is_hex_digest(value))
    roles, lifts, seen = (said.get(key) for key in ("requiredRoles", "lifts", "seen"))
    need("requiredRoles", roles is None or isinstance(roles, list) and all(isinstance(one, str) for one in roles))
    need("commitments", said.get("commitments") is None or isinstance(said["commitments"], dict))
    digests = lambda value: value is None or isinstance(value, list) and all(map(is_hex_digest, value))
    need("lifts", digests(lifts))
    need("seen", seen is None or isinstance(seen, dict))
    seen = seen or {}
    need("seen refusals", digests(seen.get("refusals")))
    need("seen signatures", seen.get("signatures") is None or isinstance(seen["signatures"], list) and all(
        is_hex_digest(get(one, "signature")) and (get(one, "claim") is None or is_hex_digest(one["claim"]))
        for one in seen["signatures"]))
    for key in ("log", "ledger"):
        chain = seen.get(key)
        need("seen " + key, chain is None or count_of(get(chain, "entries")) and all(
            is_hash(get(chain, one)) for one in ("first", "entryHash")))


def commitments_of(run):
    """The commitments of a run as its claims name them."""
    recorded = get(run, "inputs_commitments")
    if not isinstance(recorded, dict):
        return None
    roots = {part: recorded.get(part + "_root") for part in TREES}
    return {part: {"root": root if isinstance(root, str) else None,
                   "leaves": len(list_of(get(run, "hash_scope", part)))}
            for part, root in roots.items()}


def judge_claim(checks, signature, artifact):
    """Judges the claim of a signature, one check each; sets `signature.claim` if all of it holds,
    and `signature.claim_result`: None without a claim, else pass, fail or unchecked."""
    about, prefix = signature.about, signature.prefix
    add = lambda name, holds, good, bad: checks.add(
        2, prefix + name, PASS if holds else FAIL, good if holds else bad, required=False, about=about)
    signature.claim_result = FAIL
    try:
        statement = Statement(signature.entry["claim"], CLAIM)
        check_claim(statement.predicate)
    except Unreadable as error:
        add("claim.form", False, "", "The claim of %s is not valid: %s." % (signature.name(), error))
        return
    add("claim.form", True, "a Statement in canonical form", "")
    signature.claim_digest = statement.digest
    try:
        holds = signature.signer.verify(statement.form, statement.signed_bytes(), statement.signature)
    except NotCheckable as error:
        signature.claim_result = UNCHECKED
        checks.note(2, prefix + "claim.signature", UNCHECKED, "The claim of %s cannot be checked here: %s."
                    % (signature.name(), error), about)
        return
    except Unreadable:
        holds = False
    if not add("claim.signature", holds, "verifies under this key",
               "The claim of %s is not signed by the key of the signature." % signature.name()):
        return
    said, results = statement.predicate, []
    # What is not a text is as good as absent.
    entry = {key: value for key, value in signature.entry.items() if isinstance(value, str)}
    results.append(add("claim.act", said.get("act") == "sign", "sign",
                       "The claim of %s is about the act %s." % (signature.name(), quoted(said.get("act")))))
    results.append(add("claim.subject", statement.is_about(artifact.kind, artifact.sha256), "this file",
                       "The claim of %s is about another file." % signature.name()))
    results.append(add("claim.signed", get(said, "signatures", artifact.kind) == sha256_hex(signature.raw),
                       "this signature", "The claim of %s is about another signature." % signature.name()))

    def compare(name, what, claimed, outer, equal=lambda a, b: a == b):
        # An absent outer field takes the claim's value.
        results.append(add(name, claimed is not None and (outer is None or equal(claimed, outer)), visible(claimed),
                           "The claim of %s says %s %s, the file says %s."
                           % (signature.name(), what, quoted(claimed), quoted(outer))))

    compare("claim.signer", "signer", said.get("signer"), entry.get("signer_id"))
    compare("claim.role", "role", said.get("role"), entry.get("role"))
    compare("claim.key_id", "key id", said.get("keyId"), entry.get("signing_key_id"))
    if signature.algorithm == "hmac-sha256":
        results.append(add("claim.key", said.get("keySha256") is None, "a shared key",
                           "The claim of %s names a public key, and its key is a shared one." % signature.name()))
    else:
        compare("claim.key", "key", said.get("keySha256"), signature.key.sha256)
    compare("claim.algorithm", "algorithm", said.get("algorithm"), entry.get("algorithm"))
    compare("claim.time", "time", said.get("signedAt"), entry.get("signed_at"),
            lambda claimed, outer: parse_instant(claimed) == parse_instant(outer))
    results.append(add("claim.commitments", same(said.get("commitments") or {}, artifact.commitments or {}),
                       "those of the run",
                       "The claim of %s is about other inputs than the run has." % signature.name()))
    kind, outer = said.get("signerType"), entry.get("signer_type")
    if outer is not None and outer != kind:
        checks.note(2, prefix + "claim.signer_type", WARN,
                    "The claim of %s says the kind of key is %s, the file says %s; "
                    "the claim counts." % (signature.name(), quoted(kind), quoted(outer)), about)
    if all(results):
        signature.claim, signature.claim_result = statement, PASS


class Companion:
    """A second signature by the same person over the same file and claim (EVIDENCE.md section 7);
    reading it verifies its form, not its signatures."""

    def __init__(self, value):
        if not isinstance(value, dict):
            raise Unreadable("not an object")
        if not isinstance(value.get("algorithm"), str):
            raise Unreadable("it has no algorithm")
        if value["algorithm"] != "ml-dsa-65":
            raise NotCheckable("its algorithm is %s" % quoted(value["algorithm"]))
        text = value.get("public_key")
        if not isinstance(text, str) or len(text.encode()) > 6 * 1024:
            raise Unreadable("it has no public key")
        self.key = PublicKey.parse(text)
        if self.key.kind != "ml-dsa-65":
            raise Unreadable("its key is not an ML-DSA-65 key")
        self.form = "canonical_json" if value.get("signed_payload") is None else value["signed_payload"]
        if payload_bytes(self.form, b"") is None:
            raise Unreadable("the form of its payload, %s, is not known" % quoted(self.form))
        self.signature, self.claim_signature = (
            self.raw(value.get(name)) for name in ("signature", "claim_signature"))

    @staticmethod
    def raw(text):
        raw = strict_base64(text) if isinstance(text, str) and len(text) == ML_DSA_SIGNATURE // 3 * 4 else None
        if raw is None or len(raw) != ML_DSA_SIGNATURE:
            raise Unreadable("its signatures are not %d bytes in base64" % ML_DSA_SIGNATURE)
        return raw

    def verify(self, data, signature):
        return ml_dsa_holds(self.key.spki, payload_bytes(self.form, data), signature)


def judge_companion(checks, keyring, signature, artifact):
    """Judges the companion of a signature that counts. Anyone can add one or take one away: it is
    believed if the claim names its key, and the keyring has that key for the same person. No level
    and no count depends on it."""
    value = signature.entry.get("companion")
    claimed = None
    if signature.claim is not None and signature.algorithm != "hmac-sha256":
        claimed = signature.claim.predicate.get("companionKeySha256")
    if value is None and claimed is None:
        return

    def note(name, result, detail):
        what = "manifest" if signature.prefix else "run"
        if result != PASS:
            detail = "The companion of %s on the %s: %s." % (signature.name(), what, detail)
        checks.note(2, signature.prefix + "companion." + name, result, detail, signature.about)
        return result == PASS

    if value is None:
        note("key", MISSING, "the claim names its key, and it is not there")
        return
    try:
        companion = Companion(value)
    except Unreadable as error:
        # What no claim names, anyone may have put there: it contradicts nobody.
        note("form", FAIL if claimed is not None else UNCHECKED, str(error))
        return
    except NotCheckable as error:
        note("form", UNCHECKED, str(error))
        return
    note("form", PASS, "an ML-DSA-65 signature")
    result = UNCHECKED if claimed is None else PASS if claimed == companion.key.sha256 else FAIL
    if not note("key", result, {UNCHECKED: "no claim names its key, so it is not believed",
                                FAIL: "the claim names another key", PASS: "named by the claim"}[result]):
        return
    for name, data, raw in (("signature", artifact.canonical, companion.signature),
                            ("claim", signature.claim.signed_bytes(), companion.claim_signature)):
        try:
            holds = companion.verify(data, raw)
            note(name, PASS if holds else FAIL, "verifies" if holds else "it does not belong to this %s"
                 % ("file" if name == "signature" else "claim"))
        except NotCheckable as error:
            note(name, UNCHECKED, "cannot be checked here: %s" % error)
    entry = keyring.holds(companion.key, None)
    if entry is None:
        note("owner", UNCHECKED, "its key is not in the keyring")
    elif entry.owner != signature.signer_id:
        note("owner", FAIL, "its key belongs to %s" % quoted(entry.owner))
    else:
        why = entry.out_of_force(signature.when)
        note("owner", PASS if why is None else FAIL, why or visible(entry.key_id))


def judge_claims_seen(checks, case):
    """What the claims that count have seen, and is gone, shorter or different. Only the claims that
    count before this step are asked."""
    counting = case.run_signatures.counting() + case.manifest_signatures.counting()
    claims = {one.claim_digest: (one, one.claim.predicate) for one in reversed(counting) if one.claim is not None}
    present = {}
    for one in case.run_signatures.entries:
        if one.raw is not None:
            present.setdefault(sha256_hex(one.raw), set()).add(one.claim_digest)
    refusals = {refusal.digest for refusal in case.refusals if refusal.verifies}
    for signature, said in claims.values():
        name, about, gone, bare = signature.name(), signature.about, [], []
        for one in list_of(get(said, "seen", "signatures")):
            digest_seen, claim_seen = text_of(get(one, "signature")), text_of(get(one, "claim"))
            if digest_seen not in present:
                gone.append(str(digest_seen))
            elif claim_seen is not None and claim_seen not in present[digest_seen]:
                bare.append(digest_seen)
        if gone:
            checks.add(4, "claim.seen", FAIL, "%s saw %d signature(s) that are gone: %s." % (
                name, len(gone), visible(", ".join(gone))), about=about)
        for other in case.run_signatures.entries:
            if sha256_hex(other.raw or b"") in bare:
                other.refuse("its claim, which %s saw, is gone" % name)
        if bare:
            checks.note(4, "claim.seen", FAIL, "%s saw claims that are gone, and their signatures do not count: %s."
                        % (name, visible(", ".join(bare))), about)
        if not gone and not bare:
            checks.add(4, "claim.seen", PASS, "all that was seen is there", about=about)
        lost = [one for one in list_of(get(said, "seen", "refusals")) if text_of(one) not in refusals]
        if lost:
            checks.add(4, "refusal.seen", FAIL, "%s saw a refusal that is gone: %s." % (
                name, visible(", ".join(map(str, lost)))), about=about)
        judge_chain_seen(checks, 3, "claim.log", "transparency log", get(said, "seen", "log"), case.log, signature)
        judge_chain_seen(checks, 7, "claim.ledger", "authority ledger", get(said, "seen", "ledger"), case.ledger,
                         signature)
        version = get(said, "seen", "keyring", "version")
        if version is not None:
            checks.note(2, "claim.keyring", UNCHECKED, "%s knew version %s of a signed keyring; this script does not "
                        "judge signed keyrings." % (name, visible(version)), about)


def judge_chain_seen(checks, level, check, what, seen, chain, signature):
    if seen is None:
        return
    add = lambda result, detail, required=True: checks.add(
        level, check, result, "%s %s" % (signature.name(), detail), required=required, about=signature.about)
    if chain is None or chain.first is None or chain.first != seen["first"]:
        add(WARN, "saw another %s." % what, required=False)
    elif chain.count() < seen["entries"]:
        short = "saw %d entries of the %s, %d are here." % (seen["entries"], what, chain.count())
        if level == 7:
            add(UNCHECKED, short + " A revocation may be missing.")
        else:
            add(WARN, short, required=False)
    elif chain.hash_at(seen["entries"]) != seen["entryHash"]:
        add(FAIL, "saw another entry %d of the %s: it was rewritten." % (seen["entries"], what))
    else:
        add(PASS, "saw this %s." % what)


class Refusal:
    """One refusal: its form, its signature, and whether the keyring accepts its key."""

    def __init__(self, index, value, case, keyring):
        self.about, self.digest, self.result, self.detail = "refusal[%d]" % index, None, FAIL, ""
        self.verifies, self.accepted, self.statement, self.withdraws = False, False, None, set()
        try:
            self.statement = statement = Statement(get(value, "envelope"), REFUSAL)
        except Unreadable as error:
            self.detail = "A refusal cannot be read: %s." % error
            return
        said, run = statement.predicate, case.run_artifact
        if run is None:
            self.detail = "A refusal is not judged: the run cannot be read."
            return
        self.digest, self.said = statement.digest, said
        self.signer, self.key_id = text_of(said.get("signer")), said.get("keyId")
        at, reason = parse_instant(said.get("refusedAt")), text_of(said.get("reason"))
        withdraws = said.get("withdraws")
        if not (self.signer and at is not None and reason and len(reason) <= 2000):
            self.detail = "A refusal lacks signer, time or a reason of at most 2,000 characters."
            return
        if not (withdraws is None or isinstance(withdraws, list) and all(map(is_hex_digest, withdraws))):
            self.detail = "A refusal withdraws something that is not a list of digests."
            return
        self.withdraws = set(withdraws or [])
        self.result, self.form_holds = PASS, True
        algorithm = get(value, "algorithm")
        try:
            if algorithm == "hmac-sha256":
                self.detail = "A refusal under a shared key is the word of someone who has that key."
                return
            if text_of(algorithm) not in ALGORITHMS or algorithm != said.get("algorithm"):
                raise Unreadable("its algorithm is %s" % quoted(algorithm))
            key = PublicKey.parse(text_of(get(value, "public_key")) or "")
            if key.sha256 != said.get("keySha256"):
                raise Unreadable("it names another key")
            verifies = Signer(algorithm, key, None).verify(statement.form, statement.signed_bytes(),
                                                           statement.signature)
            if not verifies:
                raise Unreadable("its signature is not valid")
            self.verifies = True
        except Unreadable as error:
            self.result, self.detail = FAIL, "The refusal of %s is not valid: %s." % (quoted(self.signer), error)
            return
        except NotCheckable as error:
            self.result = UNCHECKED
            self.detail = "The refusal of %s cannot be checked here: %s." % (quoted(self.signer), error)
            return
        if not statement.is_about("sealed_run", run.sha256):
            own, other = (run.run_id, run.commit_hash), (said.get("runId"), said.get("commitHash"))
            same_run = any(text_of(a) is not None and a == b for a, b in zip(own, other))
            other_kind = any(get(one, "digest", "sha256") == run.sha256 for one in statement.subject)
            if same_run and not other_kind:
                self.detail = "%s refused another sealing of this run: %s." % (quoted(self.signer), quoted(reason))
            else:
                self.form_holds = False
                self.detail = "A refusal of %s is not about this run." % quoted(self.signer)
            return
        # As with signatures: any key that verifies, if --trust embedded says so.
        why, self.key = None, key
        if case.trust == "pinned":
            why = keyring.rejects(key, self.key_id, self.signer, text_of(said.get("role")), Time(at))
        if case.created_at is not None and at < case.created_at - case.clock_tolerance:
            why = "it is dated before the run was made"
        self.accepted = why is None
        self.detail = "%s refused this run as %s: %s%s" % (
            quoted(self.signer), visible(said.get("role") or "nobody"), quoted(reason),
            "." if why is None else ". It blocks nothing: %s." % why)


def is_same_person(signature, refusal, trust):
    """While any key counts, a name is anybody's, and only the same key is the same person."""
    same_key = signature.key is not None and signature.key.sha256 == refusal.key.sha256
    return person(signature.signer_id) == person(refusal.signer) and (trust == "pinned" or same_key)


def lifts(signature, refusal, trust):
    """Whether the claim of a signature, by the same person and no shared key, lifts a refusal."""
    return (signature.claim is not None and signature.algorithm != "hmac-sha256"
            and is_same_person(signature, refusal, trust)
            and refusal.digest in list_of(signature.claim.predicate.get("lifts")))


def judge_refusals(checks, case):
    """A refusal by an accepted key keeps L4 from holding until the same person lifts it."""
    counting = case.run_signatures.counting() + case.manifest_signatures.counting()
    for refusal in case.refusals:
        if refusal.statement is None or not getattr(refusal, "form_holds", False):
            checks.note(4, "refusal.form", FAIL, refusal.detail, refusal.about)
            continue
        checks.note(4, "refusal.form", PASS, "a Statement in canonical form", refusal.about)
        if refusal.result != PASS:
            checks.note(4, "refusal.signature", refusal.result, refusal.detail, refusal.about)
        elif not refusal.accepted:
            checks.note(4, "refusal.standing", WARN, refusal.detail, refusal.about)
        elif any(lifts(one, refusal, case.trust) for one in counting):
            checks.note(4, "refusal.standing", PASS, refusal.detail + " The same person has lifted it.",
                        refusal.about)
        else:
            checks.add(4, "refusal.standing", FAIL, refusal.detail, about=refusal.about)


# ---------------------------------------------------------------------------------------------------
# 7  Time-stamp tokens (EVIDENCE.md section 2, RFC 3161, RFC 5816)
# ---------------------------------------------------------------------------------------------------

SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
ESS_CERT_ID, ESS_CERT_ID_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
SHA256 = "2.16.840.1.101.3.4.2.1"
HASHES = {SHA256: "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
NO_ROOT = "it does not lead to a root that you trust"
EXTENDED_KEY_USAGE, TIME_STAMPING = "2.5.29.37", "1.3.6.1.5.5.7.3.8"


class Time:
    """When a signature was made: the time that counts, how it is known, and in microseconds how
    late it may be."""

    def __init__(self, at, kind="claimed", latest=None):
        self.at, self.kind = at, kind
        self.latest = at * 10**6 if latest is None else latest


class Token:
    """A time-stamp token as it is written; nothing in it is believed before `judge_token`."""

    def __init__(self, data):
        self.der, self.sha256 = data, sha256_hex(data)
        kind, content = der_fields(der_one(data), 2)
        if kind.oid() != SIGNED_DATA:
            raise Unreadable("not CMS signed data")
        fields = der_one(content.expect(0xA0).content).expect(0x30).items()
        if len(fields) < 4:
            raise Unreadable("not CMS signed data")
        encapsulated = der_fields(fields[2], 2)
        if encapsulated[0].oid() != TST_INFO:
            raise Unreadable("its content is not a time stamp")
        self.certificates, self.signers = [], None
        for field in fields[3:]:
            if field.tag == 0xA0:
                for one in field.items()[:32]:
                    with contextlib.suppress(Unreadable):
                        self.certificates.append(Certificate(one.raw))
            elif field.tag == 0x31:
                self.signers = field.items()
        if not self.signers or len(self.signers) != 1:
            raise Unreadable("it does not have exactly one signature")
        self.read_info(der_one(encapsulated[1].expect(0xA0).content).expect(0x04).content)
        self.read_signer(self.signers[0])

    def read_info(self, data):
        fields = der_one(data).expect(0x30).items()
        if len(fields) < 5 or fields[0].integer() != 1:
            raise Unreadable("the time stamp is not of version 1")
        self.policy = fields[1].oid()
        algorithm, imprint = der_fields(fields[2], 2)
        self.imprint_algorithm, self.imprint = algorithm.first().oid(), imprint.expect(0x04).content
        self.at = generalized_time(fields[4].expect(0x18).content)
        self.accuracy, self.nonce = 0, None
        for field in fields[5:]:
            if field.tag == 0x30:
                for one in field.items():
                    unit = {0x02: 10**6, 0x80: 1000, 0x81: 1}.get(one.tag)
                    if unit is None:
                        raise Unreadable("the accuracy of the time stamp cannot be read")
                    self.accuracy += int.from_bytes(one.content, "big") * unit
            elif field.tag == 0x02:
                self.nonce = field.integer()
            elif field.tag == 0xA1:
                for extension in field.items():
                    if b"\x01\x01\xff" in [part.raw for part in extension.items()]:
                        raise Unreadable("the time stamp has a critical extension")

    def read_signer(self, info):
        fields = info.expect(0x30).items()
        if len(fields) < 5:
            raise Unreadable("its signature cannot be read")
        self.signer_id = fields[1]
        if fields[3].tag != 0xA0:
            raise Unreadable("it has no signed attributes")
        self.attributes = {}
        for attribute in fields[3].items():
            oid, values = der_fields(attribute, 2)
            if oid.oid() in self.attributes:
                raise Unreadable("a signed attribute is there twice")
            self.attributes[oid.oid()] = values.expect(0x31).items()

    def authority(self, helpers):
        """The certificate that signed, found by the signer's id and bound by ESSCertID or
        ESSCertIDv2, which is among the signed attributes."""
        found = [one for one in self.certificates + helpers if self.names(one)]
        for oid in (ESS_CERT_ID_V2, ESS_CERT_ID):
            values = self.attributes.get(oid)
            if values is None:
                continue
            if len(values) != 1:
                raise Unreadable("its ESSCertID cannot be read")
            ids = values[0].first().expect(0x30).items()
            if not ids:
                raise Unreadable("its ESSCertID is empty")
            fields = ids[0].expect(0x30).items()
            name = "sha1" if oid == ESS_CERT_ID else "sha256"
            if oid == ESS_CERT_ID_V2 and fields and fields[0].tag == 0x30:
                name = HASHES.get(fields[0].first().oid())
                fields = fields[1:]
            if name is None or not fields:
                raise Unreadable("its ESSCertID cannot be read")
            wanted = fields[0].expect(0x04).content
            for certificate in found:
                if hashlib.new(name, certificate.der).digest() == wanted:
                    return certificate
            raise Unreadable("its ESSCertID is about another certificate")
        raise Unreadable("it has no ESSCertID: any certificate could be put under it")

    def names(self, certificate):
        if self.signer_id.tag == 0x80:
            _, value = certificate.extensions.get("2.5.29.14", (False, b""))
            return bool(value) and der_one(value).content == self.signer_id.content
        issuer, serial = der_fields(self.signer_id, 2)
        return (issuer.raw, serial.integer()) == (certificate.issuer, certificate.serial)


def generalized_time(data):
    """A genTime in microseconds since 1970."""
    match = re.fullmatch(rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]*[1-9]))?Z", data)
    if match is None:
        raise Unreadable("its time cannot be read")
    try:
        at = datetime.datetime(*(int(part) for part in match.groups()[:6]))
    except ValueError:
        raise Unreadable("its time is not a real instant") from None
    fraction = (match.group(7) or b"").ljust(6, b"0")[:6]
    return int((at - EPOCH).total_seconds()) * 10**6 + int(fraction or b"0")


def check_authority(certificate):
    critical, value = certificate.extensions.get(EXTENDED_KEY_USAGE, (False, None))
    if value is None or not critical or [one.oid() for one in der_one(value).items()] != [TIME_STAMPING]:
        raise Unreadable("the certificate of the time-stamping authority is not for time stamps alone, as a critical "
                         "extension")


def under_a_root(command, roots, helpers, **files):
    """Whether openssl accepts a chain to one of the roots, and what it says. One root at a time: of two
    with the same name openssl looks at one only."""
    untrusted = "".join(one.pem() for one in helpers)
    command = command[:1] + (["-untrusted", "@helpers"] if untrusted else []) + command[1:]
    reasons = []
    for root in roots[:MAX_ROOTS]:
        code, out = OPENSSL.run(command, roots=root.pem(), helpers=untrusted, **files)
        if code == 0:
            return root, out
        reasons += re.findall(r"(?:Verify error:|error \d+ at \d+ depth lookup: ?)([a-zA-Z' -]{6,80})", out)
    expired = [one for one in reasons if "expired" in one or "not yet valid" in one]
    return None, (expired or [NO_ROOT])[0]


def token_chain(token, roots, helpers, at):
    """Whether openssl accepts signature, imprint, purpose and chain at a time in seconds."""
    command = ["ts", "-verify", "-digest", token.imprint.hex(), "-token_in", "-in", "@token", "-CAfile", "@roots",
               "-attime", str(at)]
    root, why = under_a_root(command, roots, helpers, token=token.der)
    return root is not None, why


def judge_token(checks, options, prefix, about, what, data, token):
    """Judges one token over some bytes; returns (time, latest) in microseconds if it is trusted.
    Its mere presence proves nothing."""
    note = lambda name, result, detail: checks.note(2, prefix + name, result, detail, about)
    if token.imprint_algorithm != SHA256 or token.imprint != hashlib.sha256(data).digest():
        note("time.imprint", FAIL, "A time stamp on %s is about something else." % what)
        return None
    note("time.imprint", PASS, "about %s" % what)
    roots, helpers = options.tsa_roots
    try:
        authority = token.authority(helpers)
        check_authority(authority)
        command = ["cms", "-verify", "-inform", "DER", "-in", "@token", "-noverify", "-certfile", "@cert"]
        code, _ = OPENSSL.run(command + ["-out", os.devnull], token=token.der, cert=authority.pem())
        if code != 0:
            raise Unreadable("its signature is not valid")
    except Unreadable as error:
        note("time.token", FAIL, "A time stamp on %s is not valid: %s." % (what, error))
        return None
    except NotCheckable as error:
        note("time.token", UNCHECKED, "A time stamp on %s cannot be checked here: %s." % (what, error))
        return None
    note("time.token", PASS, "signed by %s" % quoted(authority.common_name))
    if not roots:
        note("time.authority", UNCHECKED,
             "The time-stamping authority %s is not one that you named with --tsa-root; the "
             "time stays what it was." % quoted(authority.common_name))
        return None
    try:
        holds, why = token_chain(token, roots, helpers, token.at // 10**6)
    except NotCheckable as error:
        note("time.authority", UNCHECKED, "A time stamp on %s cannot be checked here: %s." % (what, error))
        return None
    if not holds:
        note("time.authority", FAIL, "The time-stamping authority %s of a time stamp on %s is not accepted: %s."
             % (quoted(authority.common_name), what, visible(why)))
        return None
    shown = format_instant(token.at // 10**6)
    note("time.authority", PASS, "%s says %s" % (quoted(authority.common_name), shown))
    if options.tsa_policy and token.policy not in options.tsa_policy:
        note("time.policy", FAIL, "A time stamp on %s was made under the policy %s." % (what, token.policy))
        return None
    note("time.policy", PASS, "policy %s" % token.policy)
    return token.at, token.at + token.accuracy


def judge_tokens(checks, options, signature):
    """The earliest trusted time of a signature. A signature with a claim is dated by a token over the
    claim's signature only: that covers name, role and everything else."""
    entries = signature.entry.get("timestamps")
    if entries is None:
        return None
    prefix, about, trusted, tokens = signature.prefix, signature.about, [], []
    if not isinstance(entries, list) or len(entries) > MAX_TOKENS:
        checks.note(2, prefix + "time.token", FAIL, "The time stamps of %s cannot be read." % signature.name(), about)
        return None
    for one in entries:
        try:
            data = strict_base64(get(one, "token"))
            if data is None or get(one, "type") != "rfc3161":
                raise Unreadable("not base64 of an RFC 3161 token")
            tokens.append((get(one, "covers"), get(one, "of"), Token(data)))
        except Unreadable as error:
            checks.note(2, prefix + "time.token", FAIL, "A time stamp of %s cannot be read: %s."
                        % (signature.name(), error), about)
    valid = {}
    for covers, _, token in tokens:
        if covers == "signature":
            data, what = signature.raw, "the signature of %s" % signature.name()
        elif covers == "claim" and signature.claim is not None:
            data, what = signature.claim.signature, "the claim of %s" % signature.name()
        elif covers == "claim" and signature.entry.get("claim") is not None:
            checks.note(2, prefix + "time.imprint", UNCHECKED,
                        "A time stamp of %s is about its claim, which does not hold." % signature.name(), about)
            continue
        else:
            if covers != "timestamps":
                checks.note(2, prefix + "time.imprint", FAIL, "A time stamp of %s covers %s, which is not there."
                            % (signature.name(), quoted(covers)), about)
            continue
        found = judge_token(checks, options, prefix, about, what, data, token)
        if found is not None:
            valid[token.sha256] = token
            if covers == ("signature" if signature.entry.get("claim") is None else "claim"):
                trusted.append(found)
    for covers, of, token in tokens:
        if covers == "timestamps":
            judge_renewal(checks, options, signature, of, token, valid)
    return min(trusted) if trusted else None


def judge_renewal(checks, options, signature, of, token, valid):
    """A renewal covers earlier tokens, each valid at the new time; it dates nothing earlier."""
    older = [valid.get(one) if isinstance(one, str) else None for one in list_of(of)]
    if not older or None in older:
        checks.note(2, signature.prefix + "time.token", WARN,
                    "A renewed time stamp of %s covers tokens that are not here "
                    "or not valid." % signature.name(), signature.about)
        return
    data = b"".join(one.der for one in older)
    found = judge_token(checks, options, signature.prefix, signature.about, "earlier time stamps", data, token)
    if found is not None:
        roots, helpers = options.tsa_roots
        for one in older:
            holds, why = token_chain(one, roots, helpers, token.at // 10**6)
            if not holds:
                checks.note(2, signature.prefix + "time.token", WARN, "A time stamp of %s was renewed too late: %s."
                            % (signature.name(), visible(why)), signature.about)


def judge_run_time(checks, options, data, stamp, created_at):
    """Whether the run existed at a trusted time, as the reference's time stamp of the run says. It dates
    no signature, and no level rests on it."""
    note = lambda result, detail: checks.note(3, "time.run", result, detail)
    try:
        if isinstance(stamp, Unreadable):
            raise stamp
        value = stamp.value
        if value.get("tsa_version") != "1.0":
            raise Unreadable("its version is not 1.0")
        if value.get("payload_bytes_sha256") != digest(data):
            raise Unreadable("it is about something else than the canonical form of this run")
        response = strict_base64(value.get("tsa_response_b64"))
        if response is None:
            raise Unreadable("its response is not base64")
        fields = der_one(response).expect(0x30).items()
        if not fields or len(fields) > 2 or fields[0].first().integer() not in (0, 1):
            raise Unreadable("the authority did not grant it")
        if len(fields) != 2:
            raise Unreadable("its response has no token")
        token = Token(fields[1].raw)
    except Unreadable as error:
        note(FAIL, "The time stamp of the run does not hold: %s." % visible(str(error)))
        return
    inner = Checks()
    found = judge_token(inner, options, "", None, "the run", data, token)
    if found is None:
        last = inner.rows[-1]
        note(UNCHECKED if NO_ROOT in last["detail"] else last["result"], last["detail"])
        return
    at, latest = found
    if created_at is not None and latest < (created_at - options.clock_tolerance) * 10**6:
        note(FAIL, "The time stamp of the run says %s, and the run says that it was made at %s."
             % (format_instant(at // 10**6), format_instant(created_at)))
        return
    note(PASS, "the run existed at %s" % format_instant(at // 10**6))


# ---------------------------------------------------------------------------------------------------
# 8  Keyring: whose keys are accepted (FORMAT.md section 5, EVIDENCE.md section 2)
# ---------------------------------------------------------------------------------------------------

IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")


@functools.lru_cache(maxsize=4096)
def person(name):
    """Case, spaces, invisible characters and other forms of the same letters do not make another
    person."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name or "").casefold())
    folded = unicodedata.normalize("NFKC", IGNORABLE.sub("", folded))
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "ZC")


KEY_TYPES = {"ed25519": "ed25519", "ecdsa-p256": "p256", "ecdsa-p384": "p384", "rsa": "rsa", "hmac-sha256": None,
             "ml-dsa-65": "ml-dsa-65"}


REVOCATION_CODES = ("superseded", "affiliation_changed", "cessation_of_operation", "key_compromise", "unspecified")


def check_said_once(value, members):
    """Of two values by one name each reader could take another."""
    twice = sorted(members & getattr(value, "twice", set()))
    if twice:
        raise Unreadable("%s is there twice" % quoted(twice[0]))


class KeyringKey:
    """One key of a keyring. A keyring with anything unexpected in it is not used at all."""
    MEMBERS = {"key_id", "key_type", "public_key", "owner", "roles", "kind", "valid_from", "valid_until", "revoked_at",
               "revocation_reason", "revocation_code", "compromised_since", "added_at", "key_attestation", "certificates"}

    def __init__(self, value):
        check_said_once(value, self.MEMBERS)
        self.key_id, self.owner, self.kind = get(value, "key_id"), get(value, "owner"), get(value, "kind")
        self.roles, key_type = get(value, "roles"), get(value, "key_type")
        text, reason = get(value, "public_key"), get(value, "revocation_reason")
        good = all(isinstance(one, str) for one in (self.key_id, self.owner, key_type)) and key_type in KEY_TYPES
        good = good and isinstance(self.roles, list) and all(one in ROLES for one in self.roles)
        if not good or self.kind not in SIGNER_TYPES or not isinstance(reason, (str, type(None))):
            raise Unreadable("a key has something unexpected in it")
        self.is_hmac, self.is_of_companions = key_type == "hmac-sha256", key_type == "ml-dsa-65"
        if self.is_hmac != (text is None) or not isinstance(text, (str, type(None))):
            raise Unreadable("the public key of %s does not fit its type" % quoted(self.key_id))
        self.key = None if text is None else PublicKey.parse(text)
        if self.key is not None and self.key.kind != KEY_TYPES[key_type]:
            raise Unreadable("the public key of %s does not fit its type" % quoted(self.key_id))
        self.times = {}
        for name in ("valid_from", "valid_until", "revoked_at", "compromised_since", "added_at"):
            if value.get(name) is not None:
                self.times[name] = parse_instant(value[name])
                if self.times[name] is None:
                    raise Unreadable("the time %s of key %s cannot be read" % (name, quoted(self.key_id)))
        self.attestation = value.get("key_attestation")
        self.has_certificates = value.get("certificates") is not None
        self.reason = value.get("revocation_code") or "unspecified"
        if self.reason not in REVOCATION_CODES:
            raise Unreadable("the revocation code of %s is not known" % quoted(self.key_id))

    def is_compromised(self, when):
        revoked = self.times.get("revoked_at")
        if revoked is None or self.reason != "key_compromise":
            return False
        since = min(self.times.get("compromised_since", revoked), revoked)
        return when.kind != "trusted" or when.latest >= since * 10**6

    def out_of_force(self, when):
        """Why a key does not count at a time, or None."""
        start, end, revoked = (self.times.get(one) for one in ("valid_from", "valid_until", "revoked_at"))
        if self.is_compromised(when):
            return "the key is compromised, and no trusted time shows that it was used before"
        if revoked is not None and self.reason != "key_compromise" and when.at >= revoked:
            return "the key was revoked at %s" % format_instant(revoked)
        if start is not None and when.at < start:
            return "the key is valid only from %s" % format_instant(start)
        if end is not None and when.at >= end:
            return "the key was valid only until %s" % format_instant(end)
        return None


class Keyring:
    def __init__(self, value=None):
        self.keys = []
        if value is not None:
            check_said_once(value, {"keyring_version", "keys"})
            if get(value, "keyring_version") != "1.0" or not isinstance(value.get("keys"), list):
                raise Unreadable("not a keyring of version 1.0")
            self.keys = [KeyringKey(one) for one in value["keys"]]
            ids = [one.key_id for one in self.keys]
            public = [one.key.sha256 for one in self.keys if one.key is not None]
            if len(set(ids)) != len(ids) or len(set(public)) != len(public):
                raise Unreadable("a key or key id is there twice")

    def by_id(self, key_id):
        return next((one for one in self.keys if one.key_id == key_id), None)

    def holds(self, key, key_id):
        """The entry for this key: by its public key, or for the shared key by its id."""
        if key is None:
            return next((one for one in self.keys if one.is_hmac and one.key_id == key_id), None)
        return next((one for one in self.keys if one.key is not None and one.key.sha256 == key.sha256), None)

    def persons(self):
        return len({person(one.owner) for one in self.keys if not one.is_of_companions})

    def rejects(self, key, key_id, signer, role, when):
        """Why this key is not accepted for this signer, role and time; None if it is."""
        entry = self.holds(key, key_id)
        if entry is None:
            return "the key is unknown: it is not in the keyring"
        if entry.key_id != key_id:
            return "the keyring has this key under the id %s" % quoted(entry.key_id)
        if entry.owner != signer:
            return "the key belongs to %s" % quoted(entry.owner)
        if entry.is_of_companions:
            return "the key makes companions, and no signatures of its own"
        if role not in entry.roles:
            return "%s does not have the role %s" % (quoted(entry.owner), quoted(role))
        return entry.out_of_force(when)


# ---------------------------------------------------------------------------------------------------
# 9  Attestations of hardware keys (FORMAT.md section 6)
# ---------------------------------------------------------------------------------------------------

YUBICO = "1.3.6.1.4.1.41482.3."
YUBICO_ROOT_1 = "62760c6a6ef91679f454c8902b80fd009825b3f25da90f1fbace2ec6586cd5a8"
CERTIFICATE_SIGNATURES = {
    "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512",
}


def judge_attestation(options, signature, value):
    """Returns (result, sentence, facts) of an attestation of a signature's key."""
    judge = {"yubikey-piv": yubikey_attestation, "yubihsm2": yubihsm_attestation,
             "liquidsecurity": liquidsecurity_attestation}.get(text_of(get(value, "type")))
    if judge is None:
        kind = quoted(get(value, "type"))
        return UNCHECKED, "An attestation of type %s is not checked by this script" % kind, None
    try:
        return (PASS, *judge(options, signature, value))
    except Unreadable as error:
        return FAIL, "The attestation of the key does not hold: %s" % error, None
    except NotCheckable as error:
        return UNCHECKED, "The attestation of the key cannot be checked here: %s" % error, None


def yubikey_attestation(options, signature, value):
    leaf, device = (strict_base64(get(value, one)) for one in ("certificate", "intermediate"))
    if leaf is None or device is None:
        raise Unreadable("it lacks a certificate")
    leaf, device = Certificate(leaf), Certificate(device)
    if signature.key is None or PublicKey.of_spki(leaf.spki).sha256 != signature.key.sha256:
        raise Unreadable("it is about another key")
    if leaf.common_name != "YubiKey PIV Attestation %s" % get(value, "slot"):
        raise Unreadable("it is about another slot than it says")
    firmware, serial, policy = (leaf.extensions.get(YUBICO + one, (False, None))[1] for one in ("3", "7", "8"))
    if firmware is None or len(firmware) != 3 or policy is None or len(policy) != 2:
        raise Unreadable("it does not say firmware and policies")
    form = leaf.extensions.get(YUBICO + "9", (False, None))[1]
    if form is not None and len(form) != 1:
        raise Unreadable("its form factor is not one byte")
    # Some f9 certificates lack basicConstraints, which openssl would refuse: the device's own link is
    # checked by hand, and everything above it by openssl.
    check_device_signed(leaf, device)
    check_device(device)
    check_valid(signature, leaf)
    check_processed(leaf, device)
    root = root_above(options, signature, device)
    check_processed(root)
    roots, helpers = options.attestation_roots
    issuers = {one.common_name for one in helpers + roots if one.subject == device.issuer}
    if root.fingerprint() == YUBICO_ROOT_1 and not all(one.startswith("Yubico PIV Attestation") for one in issuers):
        raise Unreadable("its issuer does not issue PIV attestations")
    number = der_one(serial).integer() if serial else None
    is_fips = YUBICO + "10" in device.extensions or (form is not None and form[0] & 0x80 != 0)
    facts = {
        "model": "yubikey", "firmware": tuple(firmware), "pin": PINS.get(policy[0], "policy %d" % policy[0]),
        "touch": TOUCHES.get(policy[1], "policy %d" % policy[1]),
        "form-factor": None if form is None else FORMS.get(form[0] & 0x3F, "form %d" % (form[0] & 0x3F)),
        "fips": "yes" if is_fips else None if form is None else "no",
        "generated": "yes",  # A YubiKey does not attest an imported key.
        "key": signature.key.kind,
    }
    return "YubiKey %s, firmware %s, slot %s, PIN %s, touch %s" % (
        "without serial" if number is None else number, dotted(facts["firmware"]), visible(get(value, "slot")),
        facts["pin"], facts["touch"]), facts


def check_device_signed(leaf, device):
    """Whether the attestation key of a device signed the certificate of a key."""
    if not is_issued_by(leaf, device):
        raise Unreadable("the attestation key of the device did not sign it")


def check_processed(*certificates):
    """Fails with NotCheckable for a critical extension that may limit what a certificate is for in a way that
    is not looked at here (RFC 5280 section 4.2). Openssl lets a purpose pass if it was asked for none."""
    processed = {"2.5.29." + one for one in ("15", "17", "19", "30", "32", "33", "36", "37", "54")}
    processed |= {YUBICO + one for one in ("3", "7", "8", "9", "10", "11")}
    processed |= {YUBIHSM + one for one in ("1", "2", "3", "4", "5", "6", "9", "12")}
    for one in certificates:
        unknown = any(critical and oid not in processed for oid, (critical, _) in one.extensions.items())
        critical, purposes = one.extensions.get(EXTENDED_KEY_USAGE, (False, None))
        if unknown or critical and "2.5.29.37.0" not in [purpose.oid() for purpose in der_one(purposes).items()]:
            raise NotCheckable("%s has a critical extension that this script does not process" % quoted(one.common_name))


def is_issued_by(one, issuer):
    name = CERTIFICATE_SIGNATURES.get(one.signature_algorithm)
    return one.issuer == issuer.subject and name is not None and is_signed(issuer.spki, name, one.signature, one.tbs)


def is_signed(spki, name, signature, data):
    code, _ = OPENSSL.run(["dgst", "-" + name, "-verify", "@key", "-signature", "@sig", "@data"],
                          key=pem("PUBLIC KEY", spki), sig=signature, data=data)
    return code == 0


def root_above(options, signature, certificate, *more):
    """The trusted root above a certificate, all valid when the key signed."""
    roots, helpers = options.attestation_roots
    if not roots:
        raise NotCheckable("no attestation root was named (--roots)")
    check_valid(signature, certificate)
    command = ["verify", "-attime", str(signature.said_at), "-policy_check", "-no-CApath", "-CAfile", "@roots",
               "@lowest"]
    helpers = helpers + list(more)
    lead = [one for one in helpers if is_authority(one) and is_processed(one)]
    # A root of one's own in place of the device is judged as the device.
    own = [one.der for one in (certificate, *more)]
    anchors = [one for one in roots if is_authority(one) or one.der in own]
    root, _ = under_a_root(command, anchors, lead, lowest=certificate.pem())
    if root is None:
        between = above(certificate, helpers)
        if any(map(is_key_in_device, between)):
            raise Unreadable("an issuer above it is itself the attestation of a key in a device")
        check_processed(*between)
        if certificate.is_self_issued():
            raise Unreadable("the attestation key of the device was replaced by one that you do not trust")
        check_known(roots, helpers, more[0] if more else certificate)
        raise Unreadable("it does not lead to a root that you trust and that was valid then")
    return root


def check_known(roots, helpers, top):
    """Fails with NotCheckable if no root has the name of an issuer above a certificate: nothing contradicts what
    it says, and nobody vouches for it."""
    names = {top.issuer}
    for _ in helpers:
        names |= {one.issuer for one in helpers if one.subject in names}
    if not names & {one.subject for one in roots}:
        raise NotCheckable("it leads to no root that you trust")


def above(certificate, helpers):
    """The certificates that may stand between a certificate and its root, by their names."""
    found, names = [], [certificate.issuer]
    while names:
        name = names.pop()
        for one in helpers:
            if one.subject == name and one not in found:
                found.append(one)
                names.append(one.issuer)
    return found


def is_key_in_device(one):
    """Whether a device, of whatever make, made it for a key in it, which signs whatever its holder likes."""
    arcs = {YUBICO + "8"} | {YUBIHSM + arc for arc in ("3", "4", "5", "6", "9")}
    return bool(arcs & set(one.extensions)) or one.common_name.lower().startswith("yubikey piv attestation")


def is_authority(one):
    """Whether it may stand above another: openssl takes some that do not say so, or that are signed by what
    nobody should rely on."""
    is_strong = one.signature_algorithm in CERTIFICATE_SIGNATURES or one.signature_algorithm == ED25519
    return (one.may_issue() is True and is_strong and PublicKey.kind_of(one.spki) is not None
            and not is_key_in_device(one))


def is_processed(one):
    try:
        check_processed(one)
    except NotCheckable:
        return False
    return True


def check_valid(signature, *certificates):
    for one in certificates:
        start, end = one.validity()
        if not start <= signature.said_at <= end:
            raise Unreadable("%s is not valid at the time of the signature" % quoted(one.common_name))


# YubiHSM 2: what the attestation certificate of a key says.

YUBIHSM = "1.3.6.1.4.1.41482.4."
YUBICO_ROOTS = (
    YUBICO_ROOT_1, "63ece914e54dd87915f34033c85af4c0696ba1512f8add66ced738331207b546",
    "7e996a28e3055223733c9aec897900eda9b746e3e15d419556ac6a1179879a50",
    "0fa1386f80eb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42",
    "094a3ac493c2bdcd65a54bdf40190f52bb03f7156397a3fc69d8aa9a392fb724")


def yubihsm_attestation(options, signature, value):
    leaf, device = (strict_base64(get(value, one)) for one in ("certificate", "device"))
    if leaf is None or device is None:
        raise Unreadable("it lacks a certificate")
    leaf, device = Certificate(leaf), Certificate(device)
    if signature.key is None or PublicKey.of_spki(leaf.spki).sha256 != signature.key.sha256:
        raise Unreadable("it is about another key")
    say = lambda one, arc: der_one(one.extensions[YUBIHSM + arc][1])
    missing = [arc for arc in ("1", "2", "3", "4", "5", "6", "9") if YUBIHSM + arc not in leaf.extensions]
    if missing:
        raise Unreadable("it does not say %s" % (YUBIHSM + missing[0]))
    firmware, serial = say(leaf, "1").expect(0x04).content, say(leaf, "2").integer()
    origin, domains, capabilities = (bit_string(say(leaf, arc)) for arc in ("3", "4", "5"))
    number, label = say(leaf, "6").integer(), say(leaf, "9").expect(0x0C).content
    fips = say(leaf, "12").expect(0x01).content if YUBIHSM + "12" in leaf.extensions else None
    label = label.decode("utf-8") if is_utf8(label) else None
    if (len(firmware) != 3 or max(map(len, (origin, domains, capabilities))) > 8 or not 0 <= serial < 2**64
            or label is None or not 0 <= number < 65536 or fips not in (None, b"\xff", b"\0")):
        raise Unreadable("what it says has another form")
    check_device_signed(leaf, device)
    if is_key_in_device(device):
        raise Unreadable("its issuer is itself the attestation of a key in a device")
    if not device.may_issue():
        raise Unreadable("its issuer may not issue certificates")
    if int.from_bytes(origin, "big") != 1:
        raise Unreadable("the key was not generated in the YubiHSM, or was elsewhere since")
    if int.from_bytes(capabilities, "big") & 1 << 16:
        raise Unreadable("the key may leave the YubiHSM under a wrap key")
    issuer = say(device, "2").integer() if YUBIHSM + "2" in device.extensions else None
    if issuer not in (None, serial):
        raise Unreadable("it is by another YubiHSM than it names")
    check_processed(leaf, device)
    root = root_above(options, signature, leaf, device, *enclosed(value, "issuers"))
    check_processed(root)
    name = "YubiHSM Attestation (%d)" % serial
    if root.fingerprint() in YUBICO_ROOTS and (device.common_name != name or issuer is None):
        raise Unreadable("Yubico did not issue the device's certificate for this YubiHSM")
    facts = {"model": "yubihsm", "firmware": tuple(firmware), "pin": None, "touch": None, "form-factor": None,
             "fips": None if fips is None else "yes" if fips == b"\xff" else "no", "generated": "yes",
             "key": signature.key.kind}
    return "YubiHSM 2 %d, firmware %s, object 0x%04x %s, generated there and not exportable" % (
        serial, dotted(firmware), number, quoted(label)), facts


# Marvell LiquidSecurity (Google Cloud HSM): the statement of an HSM, certified by maker and owner.

MAX_STATEMENT = 64 * 1024
MARVELL = (
    "975757f0d76640e03d14760f8fc9e3a55826fa7807b2c392f7801a95bd69cc28",
    "230143df00e0b452743e068a5b3fc08df8f06cefc4854ea627aeb7ebd70ee2f4",
    "17644de0d33bc73b2f4ef4c20a11f6c8cc1f723a4cd83ee600361cbb24d8d2e5")
GOOGLE = ("46b5fd351d56a0721ca0afcd1731c0f7b74e3941eb818bfd0ec36e29df0de095",)
EXTRACTABLE, NEVER_EXTRACTABLE, LOCAL, SENSITIVE, ALWAYS_SENSITIVE = 0x162, 0x164, 0x163, 0x103, 0x165
PRIVATE, SIGNS, CLASS, MODULUS, EKCV = 0x2, 0x108, 0x0, 0x120, 0x1003


def liquidsecurity_attestation(options, signature, value):
    data = strict_base64(get(value, "statement"))
    if data is None or get(value, "certificates") is None:
        raise Unreadable("it has no statement, or no certificates")
    data = gunzip(data)
    signed, made, private, public = data[:-256], data[-256:], None, None
    for one in statement_keys(data):
        if one.get(CLASS) == b"\3" and private is None:
            private = one
        elif one.get(CLASS) == b"\2" and public is None:
            public = one
        else:
            raise Unreadable("it is not about one private key")
    if private is None or signature.key is None:
        raise Unreadable("it is not about one private key")
    spki = signature.key.spki
    bits = bit_string(der_fields(der_one(spki), 2)[1])
    if signature.key.kind == "rsa":
        modulus = signature.key.raw[0]
        bits = modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
    for one in (private,) if public is None else (private, public):
        if one.get(EKCV) != bytes.fromhex(sha256_hex(spki)) or one.get(MODULUS, bits) != bits:
            raise Unreadable("it is about another key")
    is_over = lambda one: not one.validity()[0] <= signature.said_at <= one.validity()[1]
    certificates = sorted(enclosed(value, "certificates"), key=is_over)
    partitions = [one for one in certificates if PublicKey.kind_of(one.spki) == "rsa"
                  and is_signed(one.spki, "sha256", made, signed)]
    if not partitions:
        raise Unreadable("no partition whose certificate comes with it signed it")
    wanted = ((LOCAL, 1, "was not made in the HSM"), (EXTRACTABLE, 0, "may leave the HSM"),
              (NEVER_EXTRACTABLE, 1, "may have left the HSM"), (SENSITIVE, 1, "may be read"),
              (ALWAYS_SENSITIVE, 1, "may have been read"), (PRIVATE, 1, "is not private"), (SIGNS, 1, "does not sign"))
    for attribute, flag, what in wanted:
        if private.get(attribute) != bytes([flag]):
            raise Unreadable("the key %s" % what)
    roots = options.attestation_roots[0]
    if not roots:
        raise NotCheckable("no attestation root was named (--roots)")
    cards = lambda partition: [one for one in certificates if partition.issuer == one.subject]
    makers = [[card, one] for one in partitions for card in cards(one)]
    owners = [[one] for one in partitions if not cards(one)]
    maker, owner = hsm_chain(signature, roots, GOOGLE, makers), hsm_chain(signature, roots, MARVELL, owners)
    if maker is None or owner is None:
        raise NotCheckable("it does not lead to both a root of its maker and a root of its owner that you trust")
    if maker[0].spki == owner[0].spki:
        raise Unreadable("its maker and its owner have the same root")
    facts = {"model": "liquidsecurity", "firmware": None, "pin": None, "touch": None, "form-factor": None, "fips": None,
             "generated": "yes", "key": signature.key.kind}
    return "Marvell LiquidSecurity HSM, partition %s, made there and not extractable, root of the maker %s, of the " \
        "owner %s" % tuple(quoted(one.common_name) for one in (maker[-1], maker[0], owner[0])), facts


def gunzip(data):
    if data[:2] != b"\x1f\x8b":
        return data
    unpacking = zlib.decompressobj(31)
    try:
        out = unpacking.decompress(data, MAX_STATEMENT + 1)
    except zlib.error:
        raise Unreadable("it cannot be unpacked") from None
    if len(out) > MAX_STATEMENT or not unpacking.eof or unpacking.unused_data:
        raise Unreadable("it is too long, or not one compressed statement")
    return out


def statement_keys(data):
    """The attributes of each key in a statement, read to its last byte."""
    bad = Unreadable("its sizes do not fit together")
    if len(data) < 256 + 16 + 8:
        raise bad
    code, _, total, length = struct.unpack(">IIII", data[:16])
    if code or total != len(data) or not 8 <= length <= total - 272:
        raise bad
    body = data[total - 256 - length:total - 256]
    _, _, first, second = struct.unpack(">HHHH", body[:8])
    at, keys, starts = 8, [], [first] + ([second] if second else [])
    for start in starts:
        if start != at or len(body) < at + 12:
            raise bad
        _, count, size = struct.unpack(">III", body[at:at + 12])
        part, found, at = body[at + 12:at + 12 + size], {}, at + 12 + size
        if at > len(body) or count > 256:
            raise bad
        for _ in range(count):
            if len(part) < 8:
                raise bad
            attribute, end = struct.unpack(">II", part[:8])
            if len(part) < 8 + end or attribute in found:
                raise bad
            found[attribute], part = part[8:8 + end], part[8 + end:]
        if part:
            raise bad
        keys.append(found)
    if at != len(body):
        raise bad
    return keys


def hsm_chain(signature, roots, others, chains):
    """The chain of an HSM's partition, its root first; None if none of its roots is known, or if what belongs between did not come along.
    Marvell's certificates have no extensions, so that root and card do not say that they may issue others: only chains of this length are
    taken."""
    is_valid = lambda one: one.validity()[0] <= signature.said_at <= one.validity()[1]
    known, is_named = YUBICO_ROOTS + others, False
    for below in chains:
        for root in sorted(roots, key=lambda one: not is_valid(one)):
            chain = [root] + below
            if root.subject != below[0].issuer or root.fingerprint() in known or not is_issued_by(root, root):
                continue
            is_named = True
            for one in chain:
                if any(critical and oid not in ("2.5.29.15", "2.5.29.19") for oid, (critical, _) in one.extensions.items()
                       ) or {"2.5.29.30", "2.5.29.36"} & set(one.extensions):
                    raise NotCheckable("%s has an extension that this script does not process" % quoted(one.common_name))
            may_issue = all(one.may_issue() is not False for one in chain[:-1])
            depth = [one.path_length() for one in chain[:-1]]
            fits = all(most is None or most >= len(chain) - 2 - at for at, most in enumerate(depth))
            is_of_key = is_key_in_device(root)
            if may_issue and fits and not is_of_key and is_hsm_partition(chain[1:]) and all(map(is_issued_by, chain[1:], chain)):
                check_valid(signature, *chain)
                return chain
    if is_named:
        raise Unreadable("it has no chain that holds to a root of its maker, or to one of its owner")
    return None


def is_hsm_partition(below):
    """Whether no certificate is that of a key in another device, and the last is for signing alone."""
    last = below[-1]
    usage = last.extensions.get("2.5.29.15")
    bits = b"\0\x80" if usage is None else der_one(usage[1]).expect(0x03).content
    said = der_one(last.extensions["2.5.29.19"][1]).items() if "2.5.29.19" in last.extensions else []
    is_authority = bool(said) and said[0].tag == 0x01 and said[0].content == b"\xff"
    return (not any(map(is_key_in_device, below))
            and EXTENDED_KEY_USAGE not in last.extensions and not is_authority and len(bits) > 1 and bool(bits[1] & 0x80))


def is_utf8(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def enclosed(value, field):
    """The certificates in a list of an attestation. They help to reach a root, and none is trusted."""
    listed = get(value, field)
    listed = [] if listed is None else listed
    texts = listed if isinstance(listed, list) and len(listed) <= MAX_ISSUERS else [None]
    found = [strict_base64(one) if isinstance(one, str) else None for one in texts]
    if None in found:
        raise Unreadable("%s is no list of certificates" % quoted(field))
    found = [Certificate(one) for one in found]
    return [one for one in found if not one.is_self_issued()]


def check_device(device):
    """Refuses an issuer that is not a device's."""
    if is_key_in_device(device):
        raise Unreadable("its issuer is itself the attestation of a key in a device")
    may_issue = device.may_issue()
    if may_issue is None:
        # Yubico's own leave it out, and a root of one's own is judged as such.
        may_issue = device.common_name == "Yubico PIV Attestation" or device.is_self_issued()
    if not may_issue:
        raise Unreadable("its issuer may not issue certificates")


# What policy requires of keys by their attestations, as rules: [ROLE:]FACT=VALUE[,VALUE...].

PINS = {1: "never", 2: "once", 3: "always", 4: "match-once", 5: "match-always"}
TOUCHES = {1: "never", 2: "always", 3: "cached"}
FORMS = {1: "usb-a-keychain", 2: "usb-a-nano", 3: "usb-c-keychain", 4: "usb-c-nano", 5: "usb-c-lightning",
         6: "usb-a-fingerprint", 7: "usb-c-fingerprint"}
REQUIRED = {"model": ("yubikey", "yubihsm", "liquidsecurity", "tpm"), "pin": tuple(PINS[n] for n in range(2, 6)), "touch": ("always", "cached"),
            "form-factor": tuple(FORMS.values()), "fips": ("yes",), "generated": ("yes",), "advisories": ("refuse",)}
# Id, kinds of key, and devices: model, firmware from and before, and the forms if not all.
ADVISORIES = (
    ("YSA-2017-01 (ROCA)", ("rsa",), (("yubikey", (4, 2, 6), (4, 3, 5), None),)),
    ("YSA-2024-03 (EUCLEAK)", ("p256", "p384"), (
        ("yubikey", (0, 0, 0), (5, 7, 0), None), ("yubihsm", (0, 0, 0), (2, 4, 0), None),
        ("yubikey", (5, 7, 0), (5, 7, 2), ("usb-a-fingerprint", "usb-c-fingerprint")))),
)


def dotted(firmware):
    return ".".join(map(str, firmware))


def required_facts(rules):
    """Reads rules: what is required of each role, and under None of all. The later rule counts."""
    required = {}
    for rule in rules:
        match = re.fullmatch(r"(?:([a-z]+):)?([a-z-]+)=(.*)", rule)
        role, fact, text = match.groups() if match else (None, None, "")
        values = text.split(",")
        if fact == "firmware":
            numbers = text.split(".")
            good = len(numbers) <= 3 and all(re.fullmatch(r"[0-9]{1,9}", one) and int(one) < 256 for one in numbers)
            wanted = tuple(map(int, numbers + ["0"] * (3 - len(numbers)))) if good else None
        else:
            good, wanted = all(one in REQUIRED.get(fact, ()) for one in values), values
        if not good or (role is not None and role not in ROLES):
            raise Unreadable("%s is no rule about attested facts" % quoted(rule))
        required.setdefault(role, {})[fact] = wanted
    return required


def applies(advisory, facts):
    """Whether an advisory is about a key; None if its attestation does not tell."""
    _, kinds, ranges = advisory
    if facts["key"] not in kinds or facts["model"] not in {one[0] for one in ranges}:
        return False
    for model, start, end, forms in ranges:
        if model == facts["model"] and start <= facts["firmware"] < end:
            form = facts["form-factor"]
            return True if forms is None else form in forms if form in FORMS.values() else None
    return False


def lacking(required, signature):
    """What the key of a signature lacks of what its role requires; None if that cannot be checked here."""
    wanted = {**required.get(None, {}), **required.get(signature.role, {})}
    if not wanted:
        return []
    result, _, facts = signature.attestation or (FAIL, "", None)
    if facts is None:
        return None if result == UNCHECKED else ["it is not attested"]
    lacks = []
    for fact, values in wanted.items():
        if fact == "advisories":
            lacks += ["%s %s" % (one[0], "applies" if applies(one, facts) else "may apply")
                      for one in ADVISORIES if applies(one, facts) is not False]
        elif fact == "firmware":
            if facts[fact] is None:
                lacks.append("its firmware is not stated")
            elif facts[fact] < values:
                lacks.append("its firmware is %s, not %s or later" % (dotted(facts[fact]), dotted(values)))
        elif facts[fact] not in values:
            said = "not stated" if facts[fact] is None else facts[fact]
            lacks.append("its %s is %s, not %s" % (fact, said, " or ".join(values)))
    return lacks


# ---------------------------------------------------------------------------------------------------
# 10  The signatures of one file, and what they count for (FORMAT.md 3 and 5, EVIDENCE.md 1 to 3)
# ---------------------------------------------------------------------------------------------------


class Artifact:
    """A run or a manifest, as its signatures and claims see it."""

    def __init__(self, kind, value, run):
        self.kind = kind
        self.canonical = canonical(value)
        self.sha256 = sha256_hex(self.canonical)
        self.commit_hash = text_of(get(value, "commit_hash"))
        self.run_id = get(run, "authority_envelope", "provenance", "run_id")
        self.commitments = commitments_of(run)


class JudgedSignature:
    """One entry of a signature file, and what becomes of it.

    standing: valid (it counts), not_accepted, unchecked, invalid."""

    def __init__(self, entry, index, prefix):
        self.entry, self.prefix = entry, prefix
        self.about = "%s[%d]" % ("manifest" if prefix else "run", index)
        self.algorithm, self.key_id = entry.get("algorithm"), entry.get("signing_key_id")
        self.signer_id = text_of(entry.get("signer_id")) or text_of(self.key_id)
        self.role = entry.get("role") if entry.get("role") in ROLES else None
        self.signer_type = entry.get("signer_type")
        self.raw = strict_base64(entry["signature"].strip()) if isinstance(entry.get("signature"), str) else None
        self.key = self.signer = self.pinned = self.said_at = None
        self.claim = self.claim_digest = self.claim_result = None
        self.standing, self.detail, self.when, self.identity = "invalid", "", None, None
        self.verifies, self.labelled, self.attestation = False, True, None

    def name(self):
        return quoted(self.signer_id)

    def refuse(self, why):
        if self.standing == "valid":
            self.standing, self.detail = "not_accepted", why

    def row(self):
        return {"signer_id": self.signer_id, "role": self.role, "key_id": self.key_id, "algorithm": self.algorithm,
                "signer_type": self.signer_type, "standing": self.standing, "detail": self.detail,
                "claim": self.claim_result, "time": None if self.when is None else {
                    "at": format_instant(self.when.at), "kind": self.when.kind},
                "attestation": None if self.attestation is None else self.attestation[0]}


class SignatureFile:
    """The signatures of the run or of the manifest."""

    def __init__(self):
        self.entries, self.threshold, self.roles = [], None, []

    def counting(self):
        return [one for one in self.entries if one.standing == "valid"]


def judge_signature_file(checks, options, keyring, prefix, read, artifact, created_at):
    """Judges a `.sig.json`; `read` is a Document, or why there is none."""
    what = "manifest" if prefix else "run"
    result = SignatureFile()
    if read is None:
        checks.add(2, prefix + "sig.exists", MISSING, "The %s is not signed yet." % what)
        return result
    if isinstance(read, Unreadable) or not isinstance(read.value, dict):
        checks.add(2, prefix + "sig.json", FAIL, "The signature file of the %s cannot be read: %s." % (what, read
                   if isinstance(read, Unreadable) else "not an object"))
        return result
    value = read.value
    if "sig_version" not in value and "multisig_version" not in value:
        checks.add(2, prefix + "sig.json", FAIL,
                   "The signature file of the %s is neither a block nor an envelope." % what)
        return result
    if read.duplicates:
        checks.note(2, prefix + "sig.duplicates", WARN, "The signature file of the %s has a key twice." % what)
    several = "multisig_version" in value
    checks.add(2, prefix + ("multisig.exists" if several else "sig.exists"), PASS, "there")
    if artifact is None or not several:
        checks.test(2, prefix + "artifact.json", artifact is not None, "there", "The %s cannot be read." % what)
    if artifact is None:
        return result
    if several:
        judge_envelope_head(checks, prefix, what, value, artifact)
        entries = [one if isinstance(one, dict) else {} for one in list_of(value.get("signatures"))]
        result.threshold = count_of(value.get("threshold"))
        result.roles = list_of(value.get("witness_requirements"))
    else:
        judge_block_head(checks, prefix, what, value, artifact)
        entries = [value]
    if len(entries) > MAX_ENTRIES:
        checks.add(2, prefix + "sig.bound", FAIL, "The signature file of the %s has too many signatures." % what)
        return result
    result.entries = [JudgedSignature(entry, index, prefix) for index, entry in enumerate(entries)]
    for index, one in enumerate(result.entries):
        verify_entry(options, keyring, one, artifact)
        outcome = {"valid": PASS, "unchecked": UNCHECKED}.get(one.standing, FAIL)
        name = "multisig.sig[%d]" % index if several else "signature.verify"
        if one.standing == "valid":
            accept_entry(checks, options, keyring, one, artifact, created_at)
        checks.note(2, prefix + name, outcome, "%s (%s), key %s: %s" % (
            visible(one.signer_id or "nobody"), visible(one.entry.get("role") or "no role"), visible(one.key_id),
            one.detail), one.about)
    settle_labels(checks, prefix, result.entries)
    return result


def judge_block_head(checks, prefix, what, value, artifact):
    """The fields of a single signature around the signature itself."""
    checks.add(2, prefix + "sig.json", PASS, "there")
    checks.test(2, prefix + "sig.version", value.get("sig_version") == "1.0", "1.0",
                "The signature file of the %s has version %s." % (what, quoted(value.get("sig_version"))))
    checks.test(2, prefix + "sig.payload_type", value.get("payload_type") == artifact.kind, artifact.kind,
                "The signature of the %s is about a %s." % (what, quoted(value.get("payload_type"))))
    checks.test(2, prefix + "payload_bytes.hash", value.get("payload_bytes_sha256") == "sha256:" + artifact.sha256,
                "recomputed and equal", "The signature is about other content of the %s than the file has." % what)
    if artifact.commit_hash is not None:
        checks.test(2, prefix + "commit_hash.match", value.get("payload_commit_hash") == artifact.commit_hash,
                    "equal",
                    "The signature block of the %s is about another commit hash." % what)


def judge_envelope_head(checks, prefix, what, value, artifact):
    checks.test(2, prefix + "multisig.version", value["multisig_version"] == "1.0", "1.0",
                "The signature file of the %s has version %s." % (what, quoted(value["multisig_version"])))
    checks.test(2, prefix + "multisig.artifact_hash", value.get("artifact_hash") == "sha256:" + artifact.sha256,
                "recomputed and equal", "The signatures are about other content of the %s than the file has." % what)


def verify_entry(options, keyring, one, artifact):
    """Sets standing to valid, invalid or unchecked by the signature alone."""
    if text_of(one.algorithm) not in ALGORITHMS:
        one.detail = "the algorithm %s is not known" % quoted(one.algorithm)
        return
    if one.raw is None:
        one.detail = "the signature is not base64"
        return
    try:
        if one.algorithm != "hmac-sha256":
            text = one.entry.get("public_key")
            pinned = keyring.by_id(one.key_id)
            if text_of(text) is not None:
                one.key = PublicKey.parse(text)
            elif pinned is not None and pinned.key is not None:
                one.key = pinned.key
            else:
                raise NotCheckable("there is no public key for it")
        one.identity = signature_identity(one.algorithm, one.key, one.raw)
        one.signer = Signer(one.algorithm, one.key, options.hmac_key)
        if one.signer.verify(one.entry.get("signed_payload"), artifact.canonical, one.raw):
            one.verifies, one.standing, one.detail = True, "valid", "verifies"
        else:
            one.detail = "the signature does not belong to this content and this key"
    except Unreadable as error:
        one.detail = str(error)
    except NotCheckable as error:
        one.standing, one.detail = "unchecked", "cannot be checked here: %s" % error


def accept_entry(checks, options, keyring, one, artifact, created_at):
    """Whether a signature that verifies counts: its claim, its time, its key."""
    entry, prefix = one.entry, one.prefix
    if entry.get("claim") is not None:
        judge_claim(checks, one, artifact)
        if one.claim is not None:
            said = one.claim.predicate
            one.signer_id = said.get("signer")
            one.role = said.get("role") if said.get("role") in ROLES else None
            one.key_id, one.signer_type = said.get("keyId"), said.get("signerType")
    is_hmac = one.algorithm == "hmac-sha256"
    # 1. Time: trusted, else signed, else claimed.
    stamped = judge_tokens(checks, options, one)
    signed = one.claim is not None and not is_hmac
    text = entry.get("signed_at") if one.claim is None else one.claim.predicate.get("signedAt")
    at = one.said_at = parse_instant(text)
    if at is None or created_at is None:
        why = "its time %s cannot be read" % quoted(text) if at is None else "the run does not say when it was made"
        one.standing, one.detail = "unchecked", why
        return
    if has_no_zone(text):
        checks.note(2, prefix + "time.local", WARN, "The time of %s has no zone; it is taken as UTC." % one.name(),
                    one.about)
    one.when = Time(at, "signed" if signed else "claimed")
    if stamped is not None:
        one.when = Time(stamped[0] // 10**6, "trusted", stamped[1])
    # 2. The claim.
    if one.claim_result == UNCHECKED:
        one.standing, one.detail = "unchecked", "its claim cannot be checked here"
    elif one.claim_result == FAIL:
        one.refuse("its claim contradicts it")
    elif options.claims == "required" and not signed and sha256_hex(one.raw) not in options.exempt:
        checks.note(2, prefix + "claim.missing", FAIL, "The signature of %s has no claim, which the policy requires."
                    % one.name(), one.about)
        one.refuse("it has no claim, which the policy requires")
    # 3. The time.
    judge_order(checks, options, one, at, created_at)
    order = ["claimed", "signed", "trusted"]
    if order.index(one.when.kind) < order.index(options.time):
        one.refuse("its time is only %s, and the policy asks for %s" % (one.when.kind, options.time))
    # 4. The key.
    why = keyring.rejects(one.key, one.key_id, one.signer_id, one.role, one.when)
    pinned = one.pinned = keyring.holds(one.key, one.key_id) if why is None else None
    if why is not None and options.trust == "pinned":
        one.refuse(why)
    known = keyring.holds(one.key, one.key_id)
    if known is not None and known.is_compromised(one.when):
        one.refuse(known.out_of_force(one.when))  # Under every policy.
    # Its own, and if that proves nothing, the one that the keyring has kept for this very key.
    for value in (entry.get("key_attestation"), None if known is None else known.attestation):
        if value is not None and (one.attestation is None or one.attestation[0] != PASS):
            one.attestation = judge_attestation(options, one, value)
            checks.note(6, prefix + "attestation", one.attestation[0], "%s: %s" % (one.name(), one.attestation[1]),
                        one.about)
    if not prefix and known is not None and known.has_certificates:
        checks.note(6, "signer.names", UNCHECKED, "There is a certificate beside the key of %s in the keyring: the names "
                    "in it, and whether it was revoked, are not checkable by this script." % one.name(), one.about)
    if not prefix and one.attestation is not None and one.attestation[2] is not None:
        for advisory in ADVISORIES:
            if applies(advisory, one.attestation[2]):
                checks.note(6, "signer.advisory", WARN, "%s applies to the key of %s." % (advisory[0], one.name()),
                            one.about)
    if pinned is not None and pinned.kind == "software" and one.signer_type in ("hardware", "external"):
        checks.note(6, prefix + "signer.contradiction", WARN,
                    "The keyring calls the key of %s software." % one.name(),
                    one.about)


def judge_order(checks, options, one, at, created_at):
    """A signature is not older than its run, nor younger than its time stamp."""
    note = lambda result, detail: checks.note(2, one.prefix + "time.order", result, "The signature of %s is dated %s."
                                              % (one.name(), detail), one.about)
    tolerance = options.clock_tolerance
    if at < created_at:
        early = at < created_at - tolerance
        note(FAIL if early else WARN, "before the run was made")
        if early:
            one.refuse("it is dated before the run was made")
    if one.when.kind == "trusted" and at > one.when.at:
        late = at * 10**6 > one.when.latest + tolerance * 10**6
        note(FAIL if late else WARN, "after its time stamp")
        if late:
            one.refuse("it is dated after its time stamp")
    if at > options.now + tolerance:
        note(WARN, "in the future")


def settle_labels(checks, prefix, entries):
    """One signature value with different names, roles, times or algorithms: labels that the keyring
    rejects are dropped (they do not count any more); a claim settles the rest; what still
    contradicts has neither name nor role."""
    groups = {}
    for one in entries:
        if one.standing == "valid":
            groups.setdefault((one.identity, one.key.sha256 if one.key else None), []).append(one)
    said = lambda one: (one.signer_id, one.role, one.said_at, one.algorithm)
    labelled = lambda one: (said(one), one.key_id)
    for group in groups.values():
        claimed = [one for one in group if one.claim is not None and one.algorithm != "hmac-sha256"]
        if len({(person(one.signer_id), one.role) for one in claimed}) > 1:
            for one in group:
                one.refuse("it has claims that differ in person or role")
            checks.note(2, prefix + "claim.conflict", FAIL,
                        "One signature has claims that differ in person or role; it does "
                        "not count.", group[0].about)
        elif claimed:
            best = min(claimed, key=lambda one: (-one.said_at, one.claim.digest))
            for one in group:
                if labelled(one) != labelled(best) or one.claim is not None and one.claim.digest != best.claim.digest:
                    one.refuse("the key itself says something else in the claim that counts")
        elif len(set(map(said, group))) > 1:
            for one in group:
                one.labelled = False
            checks.note(4, prefix + "signature.label", WARN,
                        "One signature is listed under different names, roles or times: "
                        "it has neither name nor role, and counts for L2 only.", group[0].about)


class Undecided(Exception):
    """The search was given up."""


def distinct_people(signatures, roles, threshold):
    """Looks for signatures of distinct people with distinct keys and values: one for each role, and
    as many as the threshold. Returns (roles that can be filled, how many count)."""
    triples = sorted({(person(one.signer_id), one.key.sha256 if one.key else "hmac", one.identity, one.role)
                      for one in signatures}, key=lambda one: tuple(map(str, one)))
    budget = [200_000]

    def free(chosen, one):
        return all(one[n] != other[n] for other in chosen for n in range(3))

    def extend(chosen, rest, wanted):
        budget[0] -= 1
        if budget[0] < 0:
            raise Undecided
        best = len(chosen)
        if best >= wanted:
            return best
        rest = [one for one in rest if free(chosen, one)]
        if best + min(len({one[n] for one in rest}) for n in range(3)) < wanted:
            wanted = best + min((len({one[n] for one in rest}) for n in range(3)), default=0)
        for at, one in enumerate(rest):
            best = max(best, extend(chosen + [one], rest[at + 1:], wanted))
            if best >= wanted:
                break
        return best

    def fill(chosen, open_roles, wanted):
        """The most that count with all the roles filled, or -1."""
        budget[0] -= 1
        if budget[0] < 0:
            raise Undecided
        if not open_roles:
            return extend(chosen, [one for one in triples if one not in chosen], wanted)
        best = -1
        for one in triples:
            if one[3] == open_roles[0] and free(chosen, one):
                best = max(best, fill(chosen + [one], open_roles[1:], wanted))
                if best >= wanted:
                    break
        return best

    filled = []
    for role in roles:
        if fill([], filled + [role], 0) >= 0:
            filled.append(role)
    return filled, fill([], filled, threshold)


# ---------------------------------------------------------------------------------------------------
# 11  Logs and ledgers (FORMAT.md section 2, EVIDENCE.md section 4)
# ---------------------------------------------------------------------------------------------------


class Chain:
    """A hash-chained file, read once, line by line. Reading stops at the first line that breaks the
    chain; entries of a log after it are only found, not believed, and those of a ledger are not even
    found. Of each entry only its hash and place are kept; `find` reads the line again."""

    def __init__(self, path, keys):
        self.path, self.hashes, self.places = path, bytearray(), {}
        self.first = self.broken = self.newest = self.backwards = None
        at = 0
        with open_inside(path, os.path.dirname(path)) as file:
            for number in range(1, 10**9):
                line = file.readline(MAX_LINE + 2)
                if not line:
                    break
                if line.strip(b" \t\r\n"):
                    self.add(number, at, line, keys)
                at += len(line)

    def add(self, number, at, line, keys):
        problem, entry = None, None
        if len(line) > MAX_LINE + 1 or at > MAX_LOG:
            problem = "is too long"
        else:
            try:
                entry = parse_json(line).value
                if not isinstance(entry, dict):
                    raise Unreadable("not an object")
                entry_hash = entry.get("entry_hash")
                previous = None if not self.hashes else "sha256:" + self.hashes[-32:].hex()
                if entry_hash != hash_without(entry, "entry_hash"):
                    problem = "was changed: its hash is not right"
                elif entry.get("prev_entry_hash") != previous:
                    problem = "does not follow the entry before it"
            except Unreadable as error:
                problem = "cannot be read: %s" % error
        is_read = self.broken is None or keys is log_keys
        if self.broken is None and problem is not None:
            self.broken = "line %d %s" % (number, problem)
        if self.broken is None:
            self.first = self.first or entry_hash
            self.hashes += bytes.fromhex(entry_hash[7:])
        for key in keys(entry) if isinstance(entry, dict) and is_read else ():
            places = self.places.setdefault(key, []) if isinstance(key, (str, tuple)) else []
            places.append(at)
            if len(places) > MAX_FOUND:
                del places[MAX_FOUND:]
                self.broken = self.broken or "line %d is one of too many about the same thing" % number
        observed = parse_instant(get(entry, "observed_at"))
        if observed is not None:
            if self.newest is not None and observed < self.newest:
                self.backwards = self.backwards or "line %d is dated before an entry above it" % number
            self.newest = max(observed, self.newest or observed)

    def find(self, key):
        """The entries with this key, in the order of the file."""
        found = []
        with open_inside(self.path, os.path.dirname(self.path)) as file:
            for place in self.places.get(key, ()) if isinstance(key, (str, tuple)) else ():
                file.seek(place)
                found.append(parse_json(file.readline(MAX_LINE + 2)).value)
        return found

    def count(self):
        return len(self.hashes) // 32

    def hash_at(self, position):
        return "sha256:" + self.hashes[32 * (position - 1):32 * position].hex()

    def is_prefix_of(self, other):
        return self.broken is None and other.hashes[:len(self.hashes)] == self.hashes


def log_keys(entry):
    return [entry.get("commit_hash")]


def ledger_keys(entry):
    identity = text_of(entry.get("entry_id"))
    return ([identity] if identity else []) + ([revocations_of(entry)] if is_revocation(entry) else [])


def is_revocation(entry):
    kind = entry.get("grant_type")
    return isinstance(kind, str) and kind.strip().lower() == "revocation"


def revocations_of(entry):
    """The key of all revocations of an entry's authority. What names none as text revokes what names none."""
    authority = entry.get("authority_id")
    return ("revokes", authority if isinstance(authority, str) else None)


class Chains:
    """Logs and ledgers that were read already."""

    def __init__(self):
        self.known = {}

    def read(self, path, keys):
        place = (os.path.realpath(path), keys)
        if place not in self.known:
            self.known[place] = Chain(path, keys)
        return self.known[place]

    def choose(self, checks, level, check, what, places, keys):
        """The log or ledger that counts: the named one, or the longest of those in reach if each other
        one is a beginning of it."""
        chains, unreadable = [], []
        for path in places:
            try:
                chains.append(self.read(path, keys))
            except (OSError, Unreadable) as error:
                unreadable.append("%s: %s" % (path, error))
        if unreadable:
            checks.add(level, check, FAIL, "The %s cannot be read: %s." % (what, visible("; ".join(unreadable))))
            return None
        if not chains:
            return None
        longest = max(chains, key=lambda one: (one.count(), one.broken is not None))
        others = [one for one in chains if one is not longest]
        if any(not one.is_prefix_of(longest) for one in others):
            checks.add(level, check, UNCHECKED, "There are two different %ss: %s. Name the right one." % (
                what, visible(" and ".join(one.path for one in chains))))
            return None
        return longest


def judge_log(checks, chain, run):
    commit, content = text_of(get(run, "commit_hash")), text_of(get(run, "hash"))
    checks.add(3, "transparency.log_exists", PASS, "there")
    checks.test(3, "transparency.chain", chain.broken is None, "the whole chain holds",
                "The transparency log is broken: %s." % chain.broken)
    if chain.backwards:
        checks.note(3, "transparency.note", WARN,
                    "The dates of the transparency log run backwards: %s." % chain.backwards)
    found = chain.find(commit)
    exact = [one for one in found if content is not None and one.get("artifact_bytes_sha256") == content]
    if not found:
        checks.add(3, "transparency.entry_found", MISSING, "The run is not in the transparency log.")
        return
    entry = (exact or found)[0]
    checks.add(3, "transparency.entry_found", PASS, visible(entry.get("entry_id")))
    checks.test(3, "transparency.entry_hash", entry.get("entry_hash") == hash_without(entry, "entry_hash"), "holds",
                "The run's entry in the transparency log was changed.")
    checks.test(3, "transparency.sealed_hash_match", bool(exact), "equal",
                "The transparency log has another content hash for this run.")


def judge_ledger(checks, chain, run, created_at):
    reference, envelope = get(run, "authority_ledger_ref"), get(run, "authority_envelope")
    checks.add(7, "authority.ledger_exists", PASS, "there")
    checks.test(7, "authority.chain", chain.broken is None, "the whole chain holds",
                "The authority ledger is broken: %s." % chain.broken)
    wanted, wanted_hash = reference.get("authority_entry_id"), reference.get("authority_entry_hash")
    found = chain.find(wanted)
    if not found:
        # It may stand further down, where nothing was read.
        if chain.broken is None:
            checks.add(7, "authority.entry_found", FAIL, "The authority entry %s is not in the ledger." % quoted(wanted))
        return
    entry = next((one for one in found if one.get("entry_hash") == wanted_hash), found[0])
    checks.add(7, "authority.entry_found", PASS, "found")
    checks.test(7, "authority.entry_hash_match", wanted_hash is not None and entry.get("entry_hash") == wanted_hash,
                "equal",
                "The run refers to another state of its authority entry.")
    checks.test(7, "authority.entry_hash", entry.get("entry_hash") == hash_without(entry, "entry_hash"), "holds",
                "The authority entry was changed: its hash is not right.")
    checks.test(7, "authority.is_grant", not is_revocation(entry), "a grant",
                "The authority entry is a revocation.")
    identity = text_of(reference.get("authority_id"))
    checks.test(7, "authority.id_match", identity is None or identity == entry.get("authority_id"), "equal",
                "The run refers to the authority %s, the entry is about %s." % (quoted(identity),
                                                                                quoted(entry.get("authority_id"))))
    for identifier, key, *path in (("actor", "actor_id", "actor", "id"),
                                   ("policy", "policy_version", "policy_snapshot", "policy_version"),
                                   ("policy", "policy_hash", "policy_snapshot", "policy_hash")):
        granted, of_run = text_of(entry.get(key)), get(envelope, *path)
        if granted and isinstance(of_run, str) and granted != of_run:
            checks.note(7, "authority." + identifier, WARN, "The %s of the grant is %s, that of the run is %s." % (
                key, quoted(granted), quoted(of_run)))
    judge_force(checks, chain, entry, created_at)
    decision = get(run, "decision_state", "decision_id")
    covered = list_of(get(entry, "scope_bound", "decisions"))
    checks.test(7, "authority.scope_covers_decision",
                text_of(decision) is not None and ("*" in covered or decision in covered),
                "covered", "The authority's scope does not cover the decision %s." % quoted(decision))


def judge_force(checks, chain, entry, created_at):
    """In force when the run was made. A time that is there and cannot be read is none at which it was."""
    revoked, times = is_revoked(chain, entry)
    holds = not revoked or None not in times + [created_at] and created_at < min(times)
    checks.test(7, "authority.not_revoked", holds, "not revoked by then",
                "The authority was revoked before the decision, or at a time that cannot be read.")
    start, end = parse_instant(entry.get("effective_at")), entry.get("expires_at")
    checks.test(7, "authority.effective", None not in (start, created_at) and start <= created_at, "in force",
                "The authority was in force only from %s." % visible(entry.get("effective_at")))
    until = parse_instant(end)
    checks.test(7, "authority.not_expired", end is None or None not in (until, created_at) and created_at < until,
                "not expired", "The authority had expired at %s." % visible(end))


def is_revoked(chain, entry):
    """Whether an authority was ever revoked, by its entry or by another, and when; of a time that cannot be
    read, None. A revocation that names no time revokes from when it takes effect."""
    times = [] if entry.get("revoked_at") is None or is_revocation(entry) else [entry["revoked_at"]]
    for one in chain.find(revocations_of(entry)):
        times.append(one.get("effective_at") if one.get("revoked_at") is None else one["revoked_at"])
    return bool(times), [parse_instant(one) for one in times]


# ---------------------------------------------------------------------------------------------------
# 12  One envelope, L0 to L7 (FORMAT.md section 5, EVIDENCE.md section 3)
# ---------------------------------------------------------------------------------------------------

RUN_KEYS = ("schema_version authority_envelope decision_state inputs_snapshot outputs artifacts_emitted "
            "replay_instructions hash").split()
ENVELOPE_KEYS = ("envelope_version actor authority scope_bound policy_snapshot refusal enforcement "
                 "provenance").split()
PART_KEYS = {
    "actor": "id role",
    "authority": "type source effective_at expires_at",
    "scope": "decisions claims patches prompts datasets",
    "policy": "policy_version policy_hash prompt_hashes schema_version",
    "refusal": "refusal_available refusal_triggered refusal_reason_code checks_performed",
    "enforcement": "gates_checked gate_outcomes enforcement_emitted",
    "provenance": "created_at run_id deterministic_inputs_hash",
    "decision": "decision_id title status confidence_pct priority_score",
    "replay": "method command required_files",
    "hash_scope": "scope_version inputs prompts policies schemas parameters exclusions",
}
MANIFEST_ONLY = ("sealed_run", "file_row_counts", "schema_versions")
RUN_ONLY = ("authority_envelope", "decision_state", "inputs_snapshot", "outputs", "replay_instructions", "hash")
TREES = ("inputs", "prompts", "schemas", "policies")


class Files:
    """The bytes of one envelope: each a value, or Unreadable, or None if the file is not there."""

    def __init__(self, path, root):
        self.path, self.root, self.name = path, root, os.path.basename(path)
        stem = path[:-len(".json")]
        self.run_bytes = self.load(path, MAX_ARTIFACT)
        self.manifest_bytes = self.load(stem + ".manifest.json", MAX_ARTIFACT)
        self.run = parsed(self.run_bytes)
        self.manifest = parsed(self.manifest_bytes)
        self.run_signatures = parsed(self.load(path + ".sig.json", MAX_SIGNATURES))
        self.manifest_signatures = parsed(self.load(stem + ".manifest.json.sig.json", MAX_SIGNATURES))
        self.refusals = parsed(self.load(path + ".refusals.json", MAX_SIGNATURES))
        self.boundary = parsed(self.load(os.path.join(os.path.dirname(path), BOUNDARY), MAX_BOUNDARY))

    def run_time_stamp(self, run, logs):
        """The time stamp of the run itself, named by its entry in the log: beside the run, or else beside
        the log."""
        identity = {"run_id": text_of(get(run, "authority_envelope", "provenance", "run_id")) or "",
                    "commit_hash": text_of(get(run, "commit_hash")) or "", "sealed_hash": text_of(get(run, "hash")) or ""}
        entry_id = "TLE-" + hash_of(identity)[len("sha256:"):][:8]
        for place in [self.path] + logs[:1]:
            directory = os.path.dirname(place)
            path = os.path.join(directory, "timestamps", entry_id + ".tsa.json")
            if os.path.isfile(path):
                try:
                    return parsed(read_inside(path, directory, MAX_RUN_STAMP))
                except (OSError, Unreadable) as error:
                    return Unreadable(str(error))
        return None

    @staticmethod
    def load(path, limit):
        try:
            return read_inside(path, os.path.dirname(path), limit)
        except FileNotFoundError:
            return None
        except (OSError, Unreadable) as error:
            return Unreadable(str(error))


def parsed(data):
    if data is None or isinstance(data, Unreadable):
        return data
    try:
        document = parse_json(data)
        if not isinstance(document.value, dict):
            return Unreadable("not a JSON object")
        document.hashable = canonical(document.value)
        return document
    except Unreadable as error:
        return error


def has_keys(checks, level, name, value, keys):
    lacking = [key for key in keys if not isinstance(value, dict) or key not in value]
    return checks.test(level, name, not lacking, "all required keys are there", "It lacks %s." % ", ".join(lacking))


def judge_l0(checks, run):
    found = [key for key in MANIFEST_ONLY if key in run]
    checks.test(0, "sealed_run.kind", not found, "no key of a manifest",
                "The run has keys of a manifest: %s." % ", ".join(found))
    checks.test(0, "hash.integrity", run.get("hash") == hash_without(run, "hash"), "recomputed and equal",
                "The content was changed after sealing: its hash is not right.")
    if not has_keys(checks, 0, "sealed_run.keys", run, RUN_KEYS):
        return
    # What is empty, zero or false is not given, as for the reference.
    given = lambda name, value: checks.test(0, name, bool(value), "given", "%s is not given." % name)
    version = run.get("schema_version")
    checks.test(0, "schema_version", version == "1.0", "1.0", "The schema version is %s." % quoted(version))
    envelope = run.get("authority_envelope")
    if not has_keys(checks, 0, "envelope.keys", envelope, ENVELOPE_KEYS):
        return
    version = get(envelope, "envelope_version")
    checks.test(0, "envelope.version", version == "1.0", "1.0", "The envelope version is %s." % quoted(version))
    parts = {"scope": get(envelope, "scope_bound"), "policy": get(envelope, "policy_snapshot"),
             "decision": run.get("decision_state"), "replay": run.get("replay_instructions")}
    for part in ("actor", "authority", "scope", "policy", "refusal", "enforcement", "provenance", "decision",
                 "replay"):
        value = parts[part] = parts[part] if part in parts else get(envelope, part)
        has_keys(checks, 0, part + ".keys", value, PART_KEYS[part].split())
    given("actor.id", get(parts["actor"], "id"))
    given("actor.role", get(parts["actor"], "role"))
    kind = get(parts["authority"], "type")
    checks.test(0, "authority.type", kind in ("delegated", "direct", "system", "inherited"), "known",
                "The authority's type is %s." % quoted(kind))
    checks.test(0, "scope.decisions", is_filled(get(parts["scope"], "decisions")), "decisions are bound",
                "The scope binds no decision.")
    given("policy.version", get(parts["policy"], "policy_version"))
    given("policy.hash", get(parts["policy"], "policy_hash"))
    checks.test(0, "refusal.available", get(parts["refusal"], "refusal_available") is True,
                "the pipeline could refuse",
                "The pipeline could not refuse.")
    checks.test(0, "refusal.checks_recorded", is_filled(get(parts["refusal"], "checks_performed")), "recorded",
                "No refusal check was recorded.")
    checks.test(0, "enforcement.emitted", get(parts["enforcement"], "enforcement_emitted") is True, "emitted",
                "Enforcement was not emitted.")
    gates = get(parts["enforcement"], "gate_outcomes")
    held = isinstance(gates, list) and all(isinstance(one, dict) and one.get("result") != "fail" for one in gates)
    checks.test(0, "enforcement.gates", held, "no gate failed", "A gate failed, or its outcome cannot be read.")
    given("provenance.run_id", get(parts["provenance"], "run_id"))
    given("provenance.inputs_hash", get(parts["provenance"], "deterministic_inputs_hash"))
    files = list_of(get(run, "inputs_snapshot", "files"))
    checks.test(0, "inputs.files", bool(files), "input files are referenced", "No input file is referenced.")
    for file in files:
        checks.test(0, "inputs.hash[%s]" % visible(get(file, "path") or "?"), bool(get(file, "sha256")), "hashed",
                    "An input file has no hash.")


def judge_l1(checks, run, name):
    scope, commit = run.get("hash_scope"), run.get("commit_hash")
    provenance = get(run, "authority_envelope", "provenance")
    run_id = get(provenance, "run_id")
    checks.test(1, "run_id.file_name", isinstance(run_id, str) and name.startswith(run_id + "_"), "has the run id",
                "The file is named %s, and the run in it has the id %s." % (quoted(name), quoted(run_id)))
    if not checks.test(1, "deterministic.keys", "hash_scope" in run and "commit_hash" in run,
                       "scope and commit hash are there",
                       "The run was sealed before v1.1: it has no hash scope and commit hash."):
        return
    if scope is None:
        checks.test(1, "commit_hash.scope_present", False, "", "The hash scope is null.")
        return
    has_keys(checks, 1, "hash_scope.keys", scope, PART_KEYS["hash_scope"].split())
    parameters = get(scope, "parameters")
    stated = isinstance(parameters, dict) and "deterministic" in parameters
    checks.test(1, "hash_scope.deterministic", stated, "stated",
                "The hash scope does not say whether the run was deterministic.")
    checks.test(1, "commit_hash.integrity", commit == hash_of(scope), "recomputed and equal",
                "The commit hash is not that of the hash scope.")
    checks.test(1, "commit_hash.provenance_match",
                commit is not None and get(provenance, "deterministic_inputs_hash") == commit,
                "equal", "The provenance names another hash of the inputs than the commit hash.")
    exclusions = get(scope, "exclusions")
    checks.test(1, "exclusions.defined", isinstance(exclusions, list) and bool(exclusions), "defined",
                "No exclusion is defined.")
    checks.test(1, "exclusions.observed_at", "observed_at" in list_of(exclusions), "excluded",
                "The hash scope does not exclude observed_at.")
    checks.test(1, "parameters.clock", bool(get(parameters, "clock")), "set",
                "The run's clock is not set.")
    checks.test(1, "parameters.deterministic", get(parameters, "deterministic") is True, "true",
                "The run was not deterministic.")
    checks.test(1, "run_id.derived", text_of(commit) is not None and commit.startswith("sha256:")
                and run_id == "RUN-" + commit[7:15], "derived from the commit hash",
                "The run id %s is not derived from the commit hash." % quoted(run_id))


def judge_manifest(checks, case, files, run):
    manifest = files.manifest
    if manifest is None:
        checks.add(2, "manifest.exists", MISSING, "The manifest is missing beside the run.")
        return None
    if isinstance(manifest, Unreadable):
        checks.add(2, "manifest.exists", FAIL, "The manifest cannot be read: %s." % manifest)
        return None
    value, envelope = manifest.value, run.get("authority_envelope")
    checks.add(2, "manifest.exists", PASS, "there")
    if manifest.duplicates:
        checks.note(2, "manifest.duplicates", WARN, "The manifest has a key twice.")
    found = [key for key in RUN_ONLY if key in value]
    checks.test(2, "manifest.kind", not found, "no key of a sealed run",
                "The manifest has keys of a run: %s." % ", ".join(found))
    commit = run.get("commit_hash")
    checks.test(2, "manifest.commit_hash", (value.get("commit_hash") or "") == (commit or ""), "that of the run",
                "The manifest is about the commit hash %s." % quoted(value.get("commit_hash")))
    run_id = get(envelope, "provenance", "run_id")
    checks.test(2, "manifest.run_id", run_id is not None and value.get("run_id") == run_id, "that of the run",
                "The manifest is about run %s." % quoted(value.get("run_id")))
    checks.test(2, "manifest.sealed_run", value.get("sealed_run") == files.name, "this file",
                "The manifest is about the file %s." % quoted(value.get("sealed_run")))
    for key, mine in (("decision_id", get(run, "decision_state", "decision_id")),
                      ("policy_version", get(envelope, "policy_snapshot", "policy_version"))):
        if value.get(key) is not None:
            checks.test(2, "manifest." + key, same(value[key], mine), "that of the run",
                        "The manifest says %s %s, the run says %s." % (key, quoted(value[key]), quoted(mine)))
    if value.get("hash_scope") is not None:
        checks.test(2, "manifest.hash_scope", hash_of(value["hash_scope"]) == value.get("commit_hash"),
                    "that of the commit hash",
                    "The manifest lists other inputs than its commit hash covers.")
    judge_recorded_manifest(checks, files, run)
    return Artifact("manifest", value, run)


def judge_recorded_manifest(checks, files, run):
    """The run may record the digest of its manifest's file; line ends may have changed since."""
    manifest_name, data = files.name[:-len(".json")] + ".manifest.json", files.manifest_bytes
    unix = data.replace(b"\r\n", b"\n")
    forms = {digest(data), digest(unix), digest(unix.replace(b"\n", b"\r\n"))}
    for one in list_of(run.get("artifacts_emitted")):
        path = get(one, "path")
        if isinstance(path, str) and re.split(r"[/\\]", path)[-1] == manifest_name:
            checks.test(2, "manifest.recorded", text_of(get(one, "sha256")) in forms, "the one that was sealed",
                        "This is not the manifest that was sealed: the run records another digest.")


def judge_accepted(checks, prefix, what, file):
    """At least one valid, accepted signature; otherwise why the first does not count."""
    if file.counting():
        checks.add(2, prefix + "signature.accepted", PASS, visible(file.counting()[0].signer_id))
    elif not file.entries:
        heads = [prefix + one for one in ("sig.exists", "sig.json", "artifact.json", "sig.bound")]
        if all(row["result"] == PASS for row in checks.rows if row["id"] in heads):
            checks.add(2, prefix + "signature.accepted", MISSING,
                       "The signature file of the %s has no signatures." % what)
    else:
        unchecked = [one for one in file.entries if one.standing == "unchecked"]
        one = (unchecked or file.entries)[0]
        checks.add(2, prefix + "signature.accepted", UNCHECKED if unchecked else FAIL,
                   "The signature of %s on the %s does not count: %s." % (one.name(), what, one.detail))


def judge_l4(checks, options, keyring, case):
    file = case.run_signatures
    verified = [one for one in file.entries if one.verifies]
    if file.threshold is not None:
        ids = {json.dumps(one.key_id) for one in verified}
        checks.note(4, "multisig.distinct_keys", PASS if len(ids) == len(verified) else FAIL,
                    "%d key ids among %d signatures that verify" % (len(ids), len(verified)))
        asked = max(file.threshold, 2)
        checks.note(4, "multisig.quorum", PASS if len(verified) >= asked else FAIL,
                    "%d signatures verify, at least %d asked for" % (len(verified), asked))
    terms = [file.threshold or 0]
    roles = {"operator", "witness"} | set(options.roles) | {one for one in file.roles if one in ROLES}
    for one in file.counting():
        if one.claim is not None:
            said = one.claim.predicate
            terms.append(said.get("threshold") or 0)
            roles |= {role for role in list_of(said.get("requiredRoles")) if role in ROLES}
    asked = max(terms)
    if options.trust == "pinned":
        asked = min(asked, keyring.persons())
    threshold = max(asked, options.min_threshold, 2)
    required = [role for role in ROLES if role in roles]
    counting = [one for one in file.counting() if one.labelled]
    try:
        filled, count = distinct_people(counting, required, threshold)
    except Undecided:
        checks.add(4, "threshold.met", UNCHECKED,
                   "The signatures are too many and too entangled to be assigned to people.")
        return threshold, required
    for role in required:
        checks.test(4, "roles." + role, role in filled, "filled", "The role %s has yet to sign." % role)
    checks.test(4, "threshold.met", count >= threshold, "%d of %d signatures count" % (count, threshold),
                "%d of %d signatures count; someone else has to co-sign." % (count, threshold))
    return threshold, required


def judge_l5(checks, run):
    recorded = run.get("inputs_commitments")
    if recorded is None:
        checks.add(5, "commitments.present", MISSING, "The run carries no Merkle commitments.")
        return
    checks.add(5, "commitments.present", PASS, "there")
    total = 0
    for part in TREES:
        items = get(run, "hash_scope", part)
        leaves = [get(one, "sha256") for one in list_of(items)]
        good = isinstance(items, list) and all(isinstance(one, str) for one in leaves)
        total += len(leaves) if good else 0
        checks.test(5, "commitments.%s_root" % part, good and get(recorded, part + "_root") == merkle_root(leaves),
                    "recomputed and equal", "The Merkle root of the %s is not that of the hash scope." % part)
    checks.test(5, "commitments.leaf_count", count_of(get(recorded, "leaf_count")) == total, "equal",
                "The commitments record %s leaves; the hash scope has %d." % (visible(get(recorded, "leaf_count")),
                                                                              total))
    checks.test(5, "commitments.algorithm", get(recorded, "algorithm") == "sha256-merkle", "sha256-merkle",
                "The commitments use another algorithm.")


ASSURANCES = [None, "claimed", "pinned", "attested"]


def assurance_of(signature):
    """How well it is known that hardware or an external signer made it: an index of ASSURANCES."""
    outside = ("hardware", "external")
    if signature.attestation is not None and signature.attestation[0] == PASS:
        return 3
    if signature.pinned is not None and signature.pinned.kind in outside:
        return 2
    return 1 if signature.signer_type in outside else 0


def judge_l6(checks, options, case, threshold, roles):
    """The best assurance among the signatures that count: attested, pinned or claimed."""
    order, counting = ASSURANCES, case.run_signatures.counting()
    best = max(map(assurance_of, counting), default=0)
    undecided = next((one.attestation[1] for one in counting
                      if one.attestation is not None and one.attestation[0] == UNCHECKED), None)
    wanted = order.index(options.assurance)
    if best < wanted and undecided and options.assurance == "attested":
        checks.add(6, "signer.hardware_or_external", UNCHECKED, undecided + ".")
    else:
        bad = "No valid signature is by a hardware or external signer" if best == 0 else (
            "That hardware or an external signer signed is only %s, the policy asks for %s" % (order[best],
                                                                                               options.assurance))
        checks.test(6, "signer.hardware_or_external", best >= wanted, "assurance %s" % order[best], bad + ".")
    if options.attested:
        best = judge_required_facts(checks, options, counting, threshold, roles)
    return order[best]


def judge_required_facts(checks, options, counting, threshold, roles):
    """L4 has to hold by those signatures alone whose keys meet what policy requires of them, and so does
    the assurance. Returns the best assurance among them."""
    lacks = [(one, lacking(options.attested, one)) for one in counting]

    def suffice(chosen):
        best = max(map(assurance_of, chosen), default=0)
        filled, count = distinct_people([one for one in chosen if one.labelled], roles, threshold)
        return len(filled) == len(roles) and count >= threshold and best >= ASSURANCES.index(options.assurance)

    meeting = [one for one, missing in lacks if missing == []]
    said = "; ".join("the key of %s: %s" % (one.name(), ", ".join(missing)) for one, missing in lacks if missing)
    said = said or "the signatures that L4 needs are not all there"
    try:
        if suffice(meeting):
            checks.add(6, "signer.required_facts", PASS, "the keys that L4 needs meet what the policy requires of them")
        elif suffice([one for one, missing in lacks if not missing]):
            checks.add(6, "signer.required_facts", UNCHECKED, "An attestation that matters is not checked here.")
        else:
            checks.add(6, "signer.required_facts", FAIL, "The policy requires more of the keys: %s." % said)
    except Undecided:
        checks.add(6, "signer.required_facts", UNCHECKED, "The signatures are too many and too entangled.")
    return max(map(assurance_of, meeting), default=0)


# ---------------------------------------------------------------------------------------------------
# 12a  Authority boundary (FORMAT.md section 7)
# ---------------------------------------------------------------------------------------------------

BOUNDARY = "abp_v1.json"


def is_text_or_null(value):
    return value is None or isinstance(value, str)


def is_time(value):
    return parse_instant(value) is not None


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) or isinstance(value, float) and value.is_integer()


def is_whole_or_null(value):
    return value is None or is_whole(value)


def is_positive(value):
    return (count_of(value) or 0) >= 1


def is_string(value):
    return isinstance(value, str)


def is_bool(value):
    return isinstance(value, bool)


def is_object(value):
    return isinstance(value, dict)


def matching(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def among(*words):
    return lambda value: isinstance(value, str) and value in words


# An object has exactly these keys; a list has one element, the shape of all its items.
BOUNDARY_SHAPE = {
    "abp_version": among("1.0"), "abp_id": matching("ABP-[0-9a-f]{8}"), "hash": is_string, "effective_at": is_time,
    "expires_at": lambda value: value is None or is_time(value), "created_at": is_time,
    "scope": {"contract_id": is_text_or_null, "program": is_text_or_null, "modules": [is_string]},
    "authority_ref": {"authority_entry_id": matching("AUTH-[0-9a-f]{8}"), "authority_entry_hash": is_hash,
                      "authority_ledger_path": is_text_or_null},
    "objectives": {"allowed": [{"id": is_string, "description": is_string}],
                   "denied": [{"id": is_string, "description": is_string, "reason": is_string}]},
    "tools": {"allow": [{"name": is_string, "scope": is_text_or_null}],
              "deny": [{"name": is_string, "reason": is_string}]},
    "data": {"permissions": [{
        "resource": is_string, "operations": [among("read", "write", "delete")], "roles": [is_string],
        "sensitivity": among("public", "internal", "confidential", "restricted")}]},
    "approvals": {"required": [{"action": is_string, "approver_role": is_string, "threshold": is_positive,
                                "timeout_ms": is_whole_or_null}]},
    "escalation": {"paths": [{"trigger": is_string, "destination": is_string,
                              "severity": among("info", "warn", "critical"), "auto": is_bool}]},
    "runtime": {"validators": [{"name": is_string, "when": among("pre_action", "post_action", "periodic"),
                                "fail_action": among("block", "warn", "escalate", "degrade"), "config": is_object}]},
    "proof": {"required": [among("seal", "manifest", "pack_hash", "episode_log", "transparency_log",
                                 "authority_ledger")]},
    "composition": {"parent_abp_id": is_text_or_null, "parent_abp_hash": is_text_or_null,
                    "children": [{"abp_id": is_string, "abp_hash": is_string}]},
}
REVIEW_SHAPE = {
    "triggers": [{"id": matching("DRT-[0-9]{3}"), "name": is_string, "condition": is_object,
                  "severity": among("warn", "critical"), "auto_open": is_bool}],
    "review_policy": {"approver_role": is_string, "threshold": is_positive, "timeout_ms": is_whole_or_null,
                      "output": among("abp_patch", "abp_replace", "abp_revoke")},
}


def misfit(value, shape, path=""):
    """The path of the first value that is not as its shape has it; None if all fit."""
    if callable(shape):
        return None if shape(value) else path
    if isinstance(shape, list):
        if not isinstance(value, list):
            return path
        found = (misfit(item, shape[0], "%s/%d" % (path, at)) for at, item in enumerate(value))
        return next((one for one in found if one is not None), None)
    if not isinstance(value, dict) or set(value) != set(shape):
        return path or "the whole"
    found = (misfit(value[key], inner, "%s/%s" % (path, key)) for key, inner in shape.items())
    return next((one for one in found if one is not None), None)


def texts_of(items, key):
    """The texts under a key of those items that have one."""
    return [one[key] for one in list_of(items) if isinstance(one, dict) and isinstance(one.get(key), str)]


def twice(items):
    return next((one for at, one in enumerate(items) if one in items[:at]), None)


def judge_boundary(document, ledger):
    """The nine checks of the reference, in its order. No level rests on them. Without a ledger what
    depends on it is not checkable."""
    checks = []

    def add(name, result, detail):
        checks.append({"id": "abp." + name, "result": result, "detail": detail})

    def test(name, holds, good, bad):
        add(name, PASS if holds else FAIL, good if holds else bad)

    duplicates = isinstance(document, Document) and document.duplicates
    if isinstance(document, Unreadable) or duplicates:
        why = "it has a key twice" if duplicates else document
        add("json_valid", FAIL, "The authority boundary cannot be read: %s." % why)
        return checks
    add("json_valid", PASS, "a JSON object")
    boundary = document.value
    shape = dict(BOUNDARY_SHAPE)
    if "delegation_review" in boundary:
        shape["delegation_review"] = REVIEW_SHAPE
    wrong = misfit(boundary, shape)
    test("schema_valid", wrong is None, "keeps to its schema",
         "The authority boundary does not keep to its schema at %s." % visible(wrong or ""))
    test("hash_integrity", "hash" in boundary and boundary["hash"] == hash_without(boundary, "hash"),
         "recomputed and equal", "The authority boundary was changed: its hash is not right.")
    seed = {key: boundary[key] for key in ("scope", "authority_ref", "created_at") if key in boundary}
    derived = "ABP-" + hash_of(seed)[len("sha256:"):][:8] if len(seed) == 3 else None
    test("id_deterministic", derived is not None and boundary.get("abp_id") == derived, "derived",
         "The id of the authority boundary does not follow from its scope, reference and time.")
    judge_boundary_entry(add, boundary, ledger)
    parent, of_parent = (bool(text_of(get(boundary, "composition", key))) for key in
                         ("parent_abp_id", "parent_abp_hash"))
    parts = [text_of(get(one, "abp_id")) or "" for one in list_of(get(boundary, "composition", "children"))]
    test("composition_valid", parent == of_parent and len(set(parts)) == len(parts), "whole",
         "The authority boundary names half a parent, or a part twice.")
    both = [one for group, yes, no, key in (("objectives", "allowed", "denied", "id"), ("tools", "allow", "deny", "name"))
            for one in texts_of(get(boundary, group, yes), key) if one in texts_of(get(boundary, group, no), key)]
    test("no_contradictions", not both, "nothing is both allowed and denied",
         "%s is both allowed and denied." % quoted(both[0] if both else None))
    review = boundary.get("delegation_review")
    ids = [text_of(get(one, "id")) or "" for one in list_of(get(review, "triggers"))]
    known = among("warn", "critical")
    severe = all(known(get(one, "severity")) for one in list_of(get(review, "triggers")))
    policy = get(review, "review_policy", "approver_role") and get(review, "review_policy", "output")
    test("delegation_review_valid", not review or (twice(ids) is None and severe and bool(policy)), "whole",
         "The review of the delegation has a trigger twice, an unknown severity, or no policy.")
    return checks


def stands_on_grant(document, ledger):
    """Whether the ledger is whole, and the entry that a boundary stands under is a sound grant in it."""
    boundary = document.value if isinstance(document, Document) else {}
    wanted, wanted_hash = (get(boundary, "authority_ref", key) for key in ("authority_entry_id", "authority_entry_hash"))
    found = [] if ledger is None or ledger.broken is not None else ledger.find(wanted)
    exact = [one for one in found if one.get("entry_hash") == wanted_hash]
    return bool(exact) and not is_revocation(exact[0])


def judge_boundary_entry(add, boundary, ledger):
    """The ledger entry that a boundary stands under: there, not revoked, and in force when it was made."""
    wanted, wanted_hash = (get(boundary, "authority_ref", key) for key in ("authority_entry_id", "authority_entry_hash"))
    found = [] if ledger is None else ledger.find(wanted)
    if ledger is None or (not found and ledger.broken is not None):
        for name in ("authority_ref_valid", "authority_not_expired"):
            add(name, UNCHECKED, "There is no authority ledger here that can be read.")
        return
    if not found:
        add("authority_ref_valid", FAIL, "The authority entry %s is not in the ledger." % quoted(wanted))
        return
    entry = next((one for one in found if one.get("entry_hash") == wanted_hash), found[0])
    made = parse_instant(boundary.get("created_at"))
    ever, times = is_revoked(ledger, entry)
    # By an entry of its own from later on: what was set before may stand.
    revoked = entry.get("revoked_at") is not None or ever and (None in times + [made] or min(times) <= made)
    if not is_hash(wanted_hash) or entry.get("entry_hash") != wanted_hash:
        add("authority_ref_valid", FAIL, "The boundary refers to another state of its authority entry.")
    elif revoked:
        add("authority_ref_valid", FAIL, "The authority entry %s was revoked." % quoted(wanted))
    elif ledger.broken is not None and entry.get("entry_hash") == hash_without(entry, "entry_hash"):
        add("authority_ref_valid", UNCHECKED, "The ledger is broken: a revocation may stand below.")
    else:
        add("authority_ref_valid", PASS, "in the ledger and not revoked")
    start, end = parse_instant(entry.get("effective_at")), entry.get("expires_at")
    until = LAST if end is None else parse_instant(end)
    if made is None or start is None or until is None:
        add("authority_not_expired", UNCHECKED, "A time of the boundary or of its entry cannot be read.")
    elif start <= made <= until:
        add("authority_not_expired", PASS, "in force")
    else:
        add("authority_not_expired", FAIL, "The boundary was made while its authority was not in force.")


class Case:
    """One envelope while it is judged."""

    def __init__(self, created_at, options):
        self.created_at, self.clock_tolerance, self.trust = created_at, options.clock_tolerance, options.trust
        self.run_artifact = self.manifest_artifact = None
        self.run_signatures, self.manifest_signatures = SignatureFile(), SignatureFile()
        self.refusals, self.log, self.ledger = [], None, None


def judge(files, options, keyring, chains, logs, ledgers):
    """Judges one envelope; returns its row of the report."""
    checks = Checks()
    readable = isinstance(files.run, Document)
    run = files.run.value if readable else {}
    exists = isinstance(files.run_bytes, bytes)
    checks.test(0, "file.exists", exists, "the file is there",
                "The file cannot be read: %s." % (files.run or "it is not there"))
    checks.test(0, "file.json", readable, "a JSON object", "The file cannot be read: %s." % files.run)
    created_text = get(run, "authority_envelope", "provenance", "created_at")
    created_at = parse_instant(created_text)
    case = Case(created_at, options)
    if readable:
        if files.run.duplicates:
            checks.note(0, "sealed_run.duplicates", WARN, "The run has a key twice; the last one counts.")
        if has_no_zone(created_text):
            checks.note(1, "time.local", WARN, "The run has a local time in a signed field; it is taken as UTC.")
        judge_l0(checks, run)
        judge_l1(checks, run, files.name)
        case.run_artifact = Artifact("sealed_run", run, run)
    judge_envelope(checks, options, keyring, files, case, run, created_at)
    case.log = chains.choose(checks, 3, "transparency.log_exists", "transparency log", logs, log_keys)
    case.ledger = chains.choose(checks, 7, "authority.ledger_exists", "authority ledger", ledgers, ledger_keys)
    judge_claims_seen(checks, case)
    judge_refusals(checks, case)
    judge_accepted(checks, "", "run", case.run_signatures)
    if case.manifest_artifact is not None:
        judge_accepted(checks, "manifest.", "manifest", case.manifest_signatures)
    if case.log is not None:
        judge_log(checks, case.log, run)
    elif not logs:
        checks.add(3, "transparency.log_exists", MISSING, "There is no transparency log here.")
    stamp = files.run_time_stamp(run, [case.log.path] if case.log is not None else []) if readable else None
    if stamp is not None:
        judge_run_time(checks, options, files.run.hashable, stamp, created_at)
    for file, artifact in ((case.run_signatures, case.run_artifact),
                           (case.manifest_signatures, case.manifest_artifact)):
        for one in file.counting():
            judge_companion(checks, keyring, one, artifact)
    threshold, roles = judge_l4(checks, options, keyring, case)
    if readable:
        judge_l5(checks, run)
    else:
        checks.add(5, "commitments.present", FAIL, "The run cannot be read, nor its Merkle commitments.")
    assurance = judge_l6(checks, options, case, threshold, roles)
    judge_l7(checks, case, run, ledgers, created_at)
    boundary = None if files.boundary is None else judge_boundary(files.boundary, case.ledger)
    return {
        "path": files.path, "run_id": get(run, "authority_envelope", "provenance", "run_id"), "level": checks.level(),
        "levels": checks.standing(), "assurance": assurance, "threshold": threshold, "missing": checks.needed(),
        "signatures": [one.row() for one in case.run_signatures.entries],
        "manifest_signatures": [one.row() for one in case.manifest_signatures.entries], "checks": checks.rows,
        "boundary": boundary, "boundary_stands": boundary and stands_on_grant(files.boundary, case.ledger),
    }


def judge_l7(checks, case, run, ledgers, created_at):
    reference = run.get("authority_ledger_ref")
    if not isinstance(reference, dict):
        checks.add(7, "authority.ref_present", MISSING, "The run does not refer to the authority ledger.")
        return
    checks.add(7, "authority.ref_present", PASS, "there")
    if case.ledger is not None:
        judge_ledger(checks, case.ledger, run, created_at)
    elif not ledgers:
        checks.add(7, "authority.ledger_exists", MISSING, "There is no authority ledger here.")


def judge_envelope(checks, options, keyring, files, case, run, created_at):
    """Signatures, claims and refusals of run and manifest."""
    checks.add(2, "artifact.exists", PASS, "there")
    case.run_signatures = judge_signature_file(
        checks, options, keyring, "", files.run_signatures, case.run_artifact, created_at)
    case.manifest_artifact = judge_manifest(checks, case, files, run)
    if case.manifest_artifact is not None:
        checks.add(2, "manifest.artifact.exists", PASS, "there")
        case.manifest_signatures = judge_signature_file(
            checks, options, keyring, "manifest.", files.manifest_signatures, case.manifest_artifact, created_at)
    if isinstance(files.refusals, Unreadable):
        checks.add(4, "refusal.form", FAIL, "The refusals cannot be read: %s." % files.refusals)
    elif files.refusals is not None:
        values = files.refusals.value.get("refusals")
        known = files.refusals.value.get("refusals_version") == "1.0"
        if not known or not isinstance(values, list) or len(values) > MAX_ENTRIES:
            checks.add(4, "refusal.form", FAIL, "The refusals are not a list of version 1.0, or too many.")
        else:
            case.refusals = [Refusal(index, one, case, keyring) for index, one in enumerate(values)]
    for refusal in (one for one in case.refusals if one.accepted):
        for one in case.run_signatures.counting() + case.manifest_signatures.counting():
            own = sha256_hex(one.raw) in refusal.withdraws and is_same_person(one, refusal, case.trust)
            if own and not lifts(one, refusal, case.trust):
                one.refuse("its signer has withdrawn it")


# ---------------------------------------------------------------------------------------------------
# 13  Files, zips, packs (EVIDENCE.md sections 4 and 6)
# ---------------------------------------------------------------------------------------------------

RUN_NAME = re.compile(r"RUN-[0-9a-f]{8}_[0-9]{8}T[0-9]{6}Z\.json")
LOG, LEDGER, SUMS = "transparency_log.ndjson", "authority_ledger.ndjson", "SHA256SUMS"
INPUTS = "inputs/"
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")


@contextlib.contextmanager
def open_inside(path, root):
    """Opens a regular file; a link is followed only within a directory, and nothing is waited for."""
    real, inside = os.path.realpath(path), os.path.realpath(root)
    if os.path.commonpath([real, inside]) != inside:
        raise Unreadable("a link that leads out of the directory")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(real, flags)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be opened") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unreadable("not a regular file")
        yield file


def read_inside(path, root, limit):
    with open_inside(path, root) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Unreadable("larger than %d MiB" % (limit // MIB))
    return data


def walk(root):
    """All files below a directory, by their paths from it; links to directories are not followed."""
    found, seen = [], 0

    def visit(directory, depth):
        nonlocal seen
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                seen += 1
                if seen > MAX_WALK or depth > MAX_DEPTH:
                    raise Unreadable("too many files or directories")
                if entry.is_dir(follow_symlinks=False):
                    visit(entry.path, depth + 1)
                else:
                    found.append(os.path.relpath(entry.path, root))

    visit(root, 0)
    return found


def in_reach(path, root, own, other):
    """Logs that may be meant: beside the run, in the reference's place, and above, up to the opened
    directory."""
    places, directory = [], os.path.dirname(path)
    while True:
        for place in (os.path.join(directory, own), os.path.join(directory, "..", *other)):
            place = os.path.normpath(place)
            if os.path.lexists(place) and place not in places and is_within(place, root):
                places.append(place)
        if os.path.normpath(directory) == os.path.normpath(root) or not is_within(directory, root):
            return places
        directory = os.path.dirname(directory)


def is_within(path, root):
    return os.path.commonpath([os.path.abspath(path), os.path.abspath(root)]) == os.path.abspath(root)


def check_name(name):
    """Refuses names of an archive that could write elsewhere or deceive."""
    parts = name.split("/")
    if len(name.encode("utf-8", "replace")) > 512 or name.startswith("/") or "\\" in name:
        raise Unreadable("the archive has a file named %s" % quoted(name))
    for part in parts:
        if part in ("", ".", "..") or set(part) & set(':*?"<>|') or visible(part, 600) != part:
            raise Unreadable("the archive has a file named %s" % quoted(name))


def unpack(path, directory):
    """Unpacks a zip into a private directory, within bounds; returns the folder of the pack."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            if len(infos) > MAX_ARCHIVE_FILES:
                raise Unreadable("the archive has more than %d files" % MAX_ARCHIVE_FILES)
            total, names = 0, set()
            for info in infos:
                check_name(info.filename)
                kind = info.external_attr >> 16
                method = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                if not method or info.flag_bits & 1 or stat.S_IFMT(kind) not in (0, stat.S_IFREG):
                    raise Unreadable("the archive has a file that is encrypted, a link, or packed in another way")
                if info.filename.casefold() in names:
                    raise Unreadable("the archive has a file twice: %s" % quoted(info.filename))
                names.add(info.filename.casefold())
                target = os.path.join(directory, *info.filename.split("/"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with archive.open(info) as source, open(target, "xb") as out:
                    while True:
                        block = source.read(MIB)
                        total += len(block)
                        if total > MAX_ARCHIVE:
                            raise Unreadable("the archive unpacks to more than %d MiB" % (MAX_ARCHIVE // MIB))
                        if not block:
                            break
                        out.write(block)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
            ValueError,
            OSError, UnicodeError) as error:
        raise Unreadable("the archive cannot be read: %s" % visible(str(error))) from None
    tops = os.listdir(directory)
    only = os.path.join(directory, tops[0]) if len(tops) == 1 else directory
    return only if os.path.isdir(only) else directory


def is_pack(directory):
    own = [one
           for one in (SUMS, "report.html",
                       "VERIFY_INSTRUCTIONS.md") if os.path.lexists(os.path.join(directory, one))]
    folders = any(os.path.lexists(os.path.join(directory, one)) for one in ("signed", "signatures", "evidence"))
    return len(own) >= 2 or len(own) == 1 and folders


def judge_pack(checks, root, expected):
    """The list of a pack against its files, and copies in it against what they are copies of."""
    try:
        text = read_inside(os.path.join(root, SUMS), root, 64 * MIB)
    except (OSError, Unreadable) as error:
        checks.note(0, "pack.sums", FAIL, "The list SHA256SUMS cannot be read: %s." % visible(str(error)))
        return None
    listed = {}
    for line in text.decode("utf-8", "replace").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if match is None or match.group(2) in listed:
            checks.note(0, "pack.sums", FAIL, "The list SHA256SUMS cannot be read.")
            return sha256_hex(text)
        listed[match.group(2)] = match.group(1)
    there = {one.replace(os.sep, "/") for one in walk(root)} - {SUMS}
    there = {one for one in there if one in listed or os.path.basename(one) not in LITTER}
    bad = ["%s is missing" % quoted(one) for one in sorted(set(listed) - there)]
    bad += ["%s was added" % quoted(one) for one in sorted(there - set(listed))]
    for name in sorted(there & set(listed)):
        try:
            with open_inside(os.path.join(root, *name.split("/")), root) as file:
                state = hashlib.sha256()
                for block in iter(lambda: file.read(MIB), b""):
                    state.update(block)
            if state.hexdigest() != listed[name]:
                bad.append("%s was changed" % quoted(name))
        except (OSError, Unreadable) as error:
            bad.append("%s cannot be read: %s" % (quoted(name), visible(str(error))))
    checks.remark("pack.sums", not bad, "%d files are as listed" % len(listed),
                "The pack was changed: %s." % "; ".join(bad[:20]))
    own = sha256_hex(text)
    if expected is not None:
        checks.remark("pack.digest", own == expected, "as expected",
                    "The pack has the digest %s, not the expected one." % own)
    return own


def judge_pack_copies(checks, root, files):
    """Canonical bytes and the head of the log in a pack are what they should be."""
    for folder, names in (("signed", ("run.canonical", "manifest.canonical")), ("evidence", None)):
        place = os.path.join(root, folder)
        stem = files.name[:-len(".json")]
        names = names or (files.name + ".canonical", stem + ".manifest.json.canonical")
        for name, document in zip(names, (files.run, files.manifest)):
            copy = Files.load(os.path.join(place, name), MAX_CANONICAL)
            if copy is not None and isinstance(document, Document):
                checks.remark("pack.copies", copy == document.hashable, "%s is what was signed" % name,
                            "%s/%s is not what was signed." % (folder, name))
    judge_loose_copies(checks, root, files)
    head = parsed(Files.load(os.path.join(root, "LOG_HEAD.json"), MIB))
    log = Files.load(os.path.join(root, LOG), MAX_LOG)
    if head is not None and isinstance(log, bytes):
        unix = log.replace(b"\r\n", b"\n")
        wanted = digest(unix) if unix else None
        holds = isinstance(head, Document) and head.value.get("chain_head_hash") == wanted
        checks.remark("pack.log_head", holds, "that of the log", "LOG_HEAD.json is not that of the log.")


class Copies:
    """What a pack has twice: in the signature files, and beside them for other programs."""

    def __init__(self, files):
        self.raw, self.keys, self.tokens, self.statements = {}, set(), set(), set()
        for what, document in (("run", files.run_signatures), ("manifest", files.manifest_signatures)):
            value = document.value if isinstance(document, Document) else {}
            entries = list_of(value.get("signatures")) if "multisig_version" in value else [value]
            for number, entry in enumerate(entries[:MAX_ENTRIES], 1):
                text = get(entry, "signature")
                self.raw["%s-%d.sig" % (what, number)] = strict_base64(text.strip()) if isinstance(text, str) else None
                self.add(get(entry, "public_key"), get(entry, "claim"))
                self.tokens |= {strict_base64(get(one, "token")) for one in list_of(get(entry, "timestamps"))}
        refusals = files.refusals.value if isinstance(files.refusals, Document) else {}
        for one in list_of(refusals.get("refusals"))[:MAX_ENTRIES]:
            self.add(get(one, "public_key"), get(one, "envelope"))

    def add(self, key, envelope):
        with contextlib.suppress(Unreadable):
            self.keys.add(PublicKey.parse(text_of(key) or "").sha256)
        self.statements.add(self.statement(envelope))

    @staticmethod
    def statement(envelope):
        """Type, payload and signature of a DSSE envelope."""
        signatures = list_of(get(envelope, "signatures"))
        parts = [get(envelope, "payloadType"), get(envelope, "payload"), get(signatures[0], "sig") if signatures else None]
        return tuple(text_of(one) for one in parts)

    def has(self, name, data):
        """Whether a copy is of something in the signature files; None for other files."""
        try:
            if name.endswith(".sig"):
                return data == self.raw.get(name)
            if name.endswith(".pem"):
                return PublicKey.parse(data.decode("utf-8")).sha256 in self.keys
            if name.endswith(".tsr"):
                return der_fields(der_one(data), 2)[1].raw in self.tokens
            if name.endswith(".dsse.json"):
                return self.statement(parse_json(data).value) in self.statements
            if name.endswith(".sigstore.json"):
                return self.has_bundle(parse_json(data).value)
        except (Unreadable, UnicodeDecodeError):
            return False
        return None

    def has_bundle(self, bundle):
        times = get(bundle, "verificationMaterial", "timestampVerificationData", "rfc3161Timestamps")
        answers = [strict_base64(get(one, "signedTimestamp")) for one in list_of(times)]
        return self.statement(get(bundle, "dsseEnvelope")) in self.statements and all(
            one is not None and self.has(".tsr", one) for one in answers)


def judge_pack_inputs(checks, root, files):
    """The files that the run was made from, if the pack carries them; returns how they stand, or None."""
    folder = os.path.join(root, INPUTS.rstrip("/"))
    if not os.path.isdir(folder) or os.path.islink(folder):
        return None
    there = {one.replace(os.sep, "/") for one in walk(folder)}
    if not there:
        return None
    scope = get(files.run.value, "hash_scope") if isinstance(files.run, Document) else None
    rows, named = [], set()
    # Each once, however often the run names it.
    digests = {one: file_digest(os.path.join(folder, *one.split("/")), root) for one in there}
    for part in TREES:
        for entry in list_of(get(scope, part)):
            path, wanted = get(entry, "path"), get(entry, "sha256")
            place = place_below(path)
            named.add(place)
            found = digests.get(place)
            if place is not None and place not in there:
                standing = "missing"
            elif found is None or not is_hash(wanted):
                standing = "not_read"
            else:
                standing = "same" if found == wanted else "changed"
            rows.append({"list": part, "path": path if isinstance(path, str) else "", "standing": standing})
    of = lambda standing: [one["path"] for one in rows if one["standing"] == standing]
    bad = ["%s%s has another content than the run was made from" % (INPUTS, visible(one)) for one in of("changed")]
    bad += ["%s%s is none of the files that the run was made from" % (INPUTS, visible(one)) for one in sorted(there - named)]
    if bad:
        checks.note(0, "pack.inputs", FAIL, "%s." % "; ".join(bad[:20]))
    elif len(of("same")) == len(rows) and rows:
        checks.note(0, "pack.inputs", PASS, "reproduced here: all %d files that the run was made from" % len(rows))
    else:
        lacking = of("missing") + of("not_read")
        checks.note(0, "pack.inputs", UNCHECKED, "Of the %d files that the run was made from %d could not be compared: %s." % (
            len(rows), len(lacking), "; ".join(map(quoted, lacking[:20])) or "it names none"))
    standing = "contradicted" if of("changed") else "reproduced" if rows and len(of("same")) == len(rows) else "not_available"
    return {"standing": standing, "files": rows, "additional_total": len(there - named)}


def place_below(path):
    """Where a file stands below a folder, by its path in the run; None if that leads out, or names no file."""
    if not isinstance(path, str) or path.startswith("/") or path.endswith("/") or "\0" in path:
        return None
    parts = [one for one in path.split("/") if one not in ("", ".")]
    return None if not parts or ".." in parts else "/".join(parts)


def file_digest(path, root):
    """The hash of a file, or None if it cannot be read."""
    state = hashlib.sha256()
    try:
        with open_inside(path, root) as file:
            for block in iter(lambda: file.read(MIB), b""):
                state.update(block)
    except (OSError, Unreadable, ValueError):
        return None
    return "sha256:" + state.hexdigest()


def judge_loose_copies(checks, root, files):
    """Signatures, keys, claims, refusals and tokens that a pack has for other programs are those of the
    signature files."""
    copies = Copies(files)
    for folder in ("signatures", "keys", "evidence"):
        place = os.path.join(root, folder)
        own = os.path.isdir(place) and not os.path.islink(place)
        for name in sorted(os.listdir(place))[:MAX_COPIES] if own else []:
            data = Files.load(os.path.join(place, name), MAX_SIGNATURES)
            if isinstance(data, bytes) and copies.has(name, data) is not False:
                continue
            if not name.endswith(".canonical"):  # They are compared above.
                checks.note(0, "pack.copies", FAIL,
                            "%s/%s does not match the signature files." % (folder, visible(name)))


class Report:
    """Judges targets one after the other."""

    def __init__(self, options):
        self.options, self.rows, self.chains = options, [], Chains()

    def target(self, path):
        try:
            if os.path.isdir(path):
                self.directory(path, path)
            elif not os.path.isfile(path):
                raise Unreadable("there is no such file or directory")
            elif RUN_NAME.fullmatch(os.path.basename(path)):
                self.envelope(path, os.path.dirname(path) or ".", self.options.keyring or Keyring())
            elif zipfile.is_zipfile(path):
                with tempfile.TemporaryDirectory(prefix="verify-") as directory:
                    self.directory(unpack(path, directory), path)
            else:
                raise Unreadable("neither a sealed run, nor a directory, nor a zip")
        except (Unreadable, OSError) as error:
            self.unreadable(path, str(error))
        except Exception as error:  # As below: named, never a crash.
            self.unreadable(path, "it cannot be judged: %s %s" % (type(error).__name__, error))

    def unreadable(self, path, why):
        checks = Checks()
        checks.add(0, "target.readable", FAIL, "%s: %s." % (visible(path), visible(why)))
        self.rows.append({"path": path, "level": -1, "levels": checks.standing(), "missing": checks.needed(),
                          "checks": checks.rows})

    def directory(self, root, shown):
        pack = is_pack(root)
        runs = [one for one in walk(root) if RUN_NAME.fullmatch(os.path.basename(one))]
        if pack:
            self.pack(root, shown, runs)
            return
        if not runs:
            raise Unreadable("no sealed run in it")
        for one in runs:
            self.envelope(os.path.join(root, one), root, self.options.keyring or Keyring())

    def pack(self, root, shown, runs):
        # Wherever they are: one in a folder would not be judged.
        if len(runs) != 1 or os.sep in runs[0]:
            raise Unreadable("a pack has one sealed run, at its top; this has %d" % len(runs))
        checks, keyring, options = Checks(), self.options.keyring, self.options
        own = judge_pack(checks, root, options.expect)
        if keyring is None:
            keyring = Keyring()
            value = parsed(Files.load(os.path.join(root, "keyring.json"), MAX_SIGNATURES))
            if isinstance(value, Document):
                try:
                    keyring = Keyring(value.value)
                    if options.trust == "pinned":
                        checks.note(0, "pack.keyring", WARN,
                                    "The keyring came with the pack: whose keys they are is the word "
                                    "of whoever packed it.")
                except Unreadable as error:
                    checks.note(0, "pack.keyring", FAIL, "The keyring of the pack cannot be read: %s." % error)
        options = argparse.Namespace(**vars(options))
        # Who names a keyring of their own does not ask whoever packed it whose hardware counts.
        if not options.has_own_roots and options.keyring is None:
            options.attestation_roots = certificates_in(root, "attestation-roots")
            if options.attestation_roots[0]:
                checks.note(0, "pack.attestation_roots", WARN, "The roots of key attestations came with the pack: whose "
                            "hardware it is, is the word of whoever packed it.")
        if not options.tsa_root:
            options.tsa_roots = certificates_in(root, "tsa-roots")
            if options.tsa_roots[0]:
                checks.note(0, "pack.tsa_roots", WARN, "The roots of time-stamping authorities came with the pack: whose "
                            "time it is, is the word of whoever packed it.")
        if os.path.lexists(os.path.join(root, "keyring.signed.json")):
            checks.note(0, "pack.signed_keyring", UNCHECKED, "This script does not judge signed keyrings.")
        path = os.path.join(root, runs[0])
        files = Files(path, root)
        judge_pack_copies(checks, root, files)
        inputs = judge_pack_inputs(checks, root, files)
        self.envelope(path, root, keyring, options, checks, shown, own)
        self.rows[-1]["inputs"] = inputs

    def envelope(self, path, root, keyring, options=None, before=None, shown=None, own=None):
        options = options or self.options
        # A log is read once for all runs of a directory. A pack has a place that is used again.
        chains = self.chains if before is None else Chains()
        logs = [options.log] if options.log else in_reach(path, root, LOG, ("transparency_log", "log.ndjson"))
        ledgers = [options.ledger] if options.ledger else in_reach(path, root, LEDGER,
                                                                   ("authority_ledger", "ledger.ndjson"))
        try:
            row = judge(Files(path, root), options, keyring, chains, logs, ledgers)
        except Exception as error:  # A hostile file must never look like a crash of the verifier.
            self.unreadable(shown or path, "it cannot be judged: %s %s" % (type(error).__name__, error))
            return
        if before is not None:
            row["checks"] = before.rows + row["checks"]
            row["path"] = shown if shown == root else os.path.join(shown, os.path.basename(path))
            row["pack"] = {"digest": own, "holds": all(one["result"] != FAIL for one in before.rows)}
        self.rows.append(row)

    def holds(self, level):
        bounded = lambda row: row.get("boundary_stands") and all(one["result"] == PASS for one in row["boundary"])
        if self.options.require_abp and not all(map(bounded, self.rows)):
            return False
        return bool(self.rows) and all(
            row["level"] >= level and all(one["result"] != FAIL for one in row["checks"]) for row in self.rows)


def certificates_in(root, folder):
    """Roots (self-issued) and helpers among the PEM files of a folder."""
    text = ""
    place = os.path.join(root, folder)
    if os.path.isdir(place) and not os.path.islink(place):
        for name in sorted(os.listdir(place))[:1000]:
            data = Files.load(os.path.join(place, name), MIB)
            text += data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return certificates_of(text)


def certificates_of(text):
    found = []
    for data in pem_blocks(text, "CERTIFICATE"):
        with contextlib.suppress(Unreadable):
            found.append(Certificate(data))
    return [one for one in found if one.is_self_issued()], [one for one in found if not one.is_self_issued()]


# ---------------------------------------------------------------------------------------------------
# 14  Disclosures (EVIDENCE.md section 3): one entry of a run, without the run
# ---------------------------------------------------------------------------------------------------

MAX_DISCLOSURE = 16 * MIB
MAX_DISCLOSED_CLAIMS = 100


def merkle_root_above(leaf, position, leaves, siblings):
    """The root of a tree with a leaf at this position, or None if the nodes are no way to one. How many
    they are follows from position and number of leaves: the tree does not tell leaves from nodes."""
    if position >= leaves:
        return None
    node, rest = leaf, list(siblings)
    while leaves > 1:
        if position % 2 == 0 and position + 1 == leaves:
            pair = (node, node)
        elif not rest:
            return None
        elif position % 2 == 0:
            pair = (node, rest.pop(0))
        else:
            pair = (rest.pop(0), node)
        node = digest("|".join(pair).encode())
        position, leaves = position // 2, (leaves + 1) // 2
    return None if rest else node


def judge_disclosure(options, path):
    """What a disclosure proves, and by whose claim; fails with Unreadable."""
    data = read_inside(path, "/", MAX_DISCLOSURE)
    document = parse_json(data)
    value = document.value
    version = get(value, "disclosure_version")
    if version != "1.0":
        raise Unreadable("not a disclosure of version 1.0")
    if document.duplicates:
        raise Unreadable("a key is there twice")
    numbers = [count_of(value.get(key)) for key in ("position", "leaves")]
    siblings, claims, part = value.get("siblings"), value.get("claims"), value.get("list")
    good = part in TREES and isinstance(value.get("path"), str) and is_hash(value.get("sha256"))
    good = good and None not in numbers and isinstance(siblings, list) and all(map(is_hash, siblings))
    if not good or not isinstance(claims, list) or len(claims) > MAX_DISCLOSED_CLAIMS:
        raise Unreadable("a field of it is missing or is not what it should be")
    root = merkle_root_above(value["sha256"], *numbers, siblings)
    rows = [judge_disclosed_claim(options, one, part, root, numbers[1]) for one in claims]
    content = "not_compared"
    if options.file:
        with open(options.file, "rb") as file:
            sha256 = hashlib.sha256()
            for piece in iter(lambda: file.read(MIB), b""):
                sha256.update(piece)
        content = "same" if "sha256:" + sha256.hexdigest() == value["sha256"] else "other"
    standings = {one["standing"] for one in rows}
    if root is None:
        standing, detail = "invalid", "the nodes in it are no way from this position to a root"
    elif content == "other":
        standing, detail = "invalid", "the content that was given is not the one disclosed"
    elif "proven" in standings:
        standing, detail = "proven", "entry %d of %d has this content; its path is the word of whoever disclosed it" % (
            numbers[0] + 1, numbers[1])
    elif "not_accepted" in standings:
        standing, detail = "not_accepted", "the root is signed, but by no key that is accepted"
    else:
        standing, detail = "invalid", "nobody in it signed the root that it leads to"
    return {"disclosure": path, "standing": standing, "detail": detail, "list": part, "path": value["path"],
            "position": numbers[0], "leaves": numbers[1], "sha256": value["sha256"], "content": content,
            "root": root, "claims": rows}


def judge_disclosed_claim(options, value, part, root, leaves):
    row = {"standing": "invalid", "detail": "", "signer": None, "role": None, "key_id": None, "signed_at": None,
           "run_sha256": None}
    if not all(isinstance(get(value, one), str) for one in ("algorithm", "public_key")) or get(value, "claim") is None:
        raise Unreadable("a claim in it cannot be read")
    try:
        statement = Statement(value["claim"], CLAIM)
        said = statement.predicate
        check_claim(said)
        row.update(signer=said["signer"], role=said["role"], key_id=said["keyId"], signed_at=said["signedAt"])
        runs = [one["digest"]["sha256"] for one in statement.subject if get(one, "annotations", "type") == "sealed_run"]
        row["run_sha256"] = runs[0] if len(runs) == 1 else None
        algorithm = value["algorithm"]
        if algorithm != said["algorithm"] or algorithm not in ALGORITHMS:
            raise Unreadable("the algorithm beside it is another, or none that belongs to one person")
        key = PublicKey.parse(value["public_key"])
        if said.get("keySha256") != key.sha256:
            raise Unreadable("it names another key than the one beside it")
        if not Signer(algorithm, key, None).verify(statement.form, statement.signed_bytes(), statement.signature):
            raise Unreadable("it is not signed by the key beside it")
        if said.get("act") != "sign" or len(runs) != 1:
            raise Unreadable("it is not about one signed run")
        committed = get(said, "commitments", part)
        if root is None or get(committed, "root") != root or count_of(get(committed, "leaves")) != leaves:
            raise Unreadable("it commits to another root, another number of entries, or none")
    except (Unreadable, NotCheckable) as error:
        return {**row, "detail": str(error)}
    when = Time(parse_instant(said["signedAt"]), "signed")
    keyring = options.keyring or Keyring()
    why = keyring.rejects(key, said["keyId"], said["signer"], said["role"], when)
    if why is not None:
        return {**row, "standing": "not_accepted", "detail": why}
    return {**row, "standing": "proven", "detail": "signed the root with an accepted key"}


def print_disclosure(row):
    print("%s: %s: %s" % (visible(row["disclosure"], 4096), row["standing"], row["detail"]))
    print("  entry     %d of %d in %s" % (row["position"] + 1, row["leaves"], row["list"]))
    print("  path      %s, as whoever disclosed it says" % visible(row["path"]))
    print("  content   %s (%s)" % (row["sha256"], row["content"].replace("_", " ")))
    for one in row["claims"]:
        print("  claim     %s as %s, %s, run %s: %s: %s" % (
            visible(one["signer"] or "nobody"), visible(one["role"] or "no role"), one["signed_at"],
            one["run_sha256"], one["standing"].replace("_", " "), visible(one["detail"])))


# ---------------------------------------------------------------------------------------------------
# 15  Command line
# ---------------------------------------------------------------------------------------------------


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Verify sealed runs, signatures and packs without Countersign.",
        epilog="Exit code: 0 every envelope reaches --level and no check fails, or a disclosure is proven; 1 otherwise; "
        "2 wrong usage, or no disclosure.")
    add = parser.add_argument
    add("targets", nargs="*", metavar="TARGET", help="a pack (zip or folder), a directory, or a sealed run")
    add("--targets-from", metavar="FILE", help="more targets, one a line")
    add("--json", action="store_true", help="one JSON object a line for each envelope")
    add("--all", action="store_true", help="also print the checks that pass")
    add("--level", default="L0", metavar="Ln", help="the level that every envelope must reach (default: L0)")
    add("--expect", metavar="DIGEST", help="the digest that the pack must have")
    add("--trust", choices=["embedded", "pinned"], default="pinned", help="whose keys count (default: pinned)")
    add("--keyring", metavar="FILE", help="your keyring.json; otherwise a pack's own is used")
    add("--min-threshold", type=int, default=2, metavar="N", help="the fewest signatures for L4")
    add("--role", "--require-role", action="append", default=[], choices=ROLES, dest="roles",
        help="a further role for L4")
    add("--assurance", choices=["claimed", "pinned", "attested"], default="pinned", help="the least assurance for L6")
    add("--require-attested", action="append", default=[], metavar="RULE",
        help="what a key must be by its attestation for L6: [ROLE:]FACT=VALUE[,VALUE], such as firmware=5.7")
    add("--claims", choices=["preferred", "required"], default="preferred", help="whether a signature needs a claim")
    add("--exempt", metavar="FILE", help="signatures that need no claim: their SHA-256, one a line")
    add("--time", choices=["claimed", "signed", "trusted"], default="claimed", help="the least kind of time")
    add("--tsa-root", action="append", default=[], metavar="FILE", help="PEM: roots of time-stamping authorities")
    add("--tsa-policy", action="append", default=[], metavar="OID", help="accept only time stamps of this policy")
    add("--roots", action="append", default=[], metavar="FILE", help="PEM: roots of key attestations")
    add("--hmac-key-file", metavar="FILE", help="the shared HMAC key, in base64")
    add("--clock-tolerance", type=int, default=300, metavar="SECONDS", help="how far clocks may differ")
    add("--now", metavar="TIME", help="judge as if it were this time")
    add("--log", metavar="FILE", help="the transparency log that counts")
    add("--ledger", metavar="FILE", help="the authority ledger that counts")
    add("--disclosure", metavar="FILE", help="check a disclosure of one entry of a run, instead of targets")
    add("--file", metavar="FILE", help="the file that is said to be disclosed")
    add("--require-abp", action="store_true",
        help="fail unless there is an authority boundary (abp_v1.json) all of whose checks pass, under a sound grant")
    add("--canonical", action="store_true",
        help="print the canonical form of each line {\"input\": …} of standard input")
    options = parser.parse_args(words)
    try:
        finish_options(options)
    except (OSError, Unreadable) as error:
        parser.error(visible(str(error)))
    if bool(options.disclosure) == bool(options.targets) and not options.canonical:
        parser.error("name targets, or a disclosure")
    return options


def finish_options(options):
    match = re.fullmatch(r"[Ll]?([0-7])", options.level)
    if match is None:
        raise Unreadable("--level is one of L0 to L7")
    options.wanted = int(match.group(1))
    own_file = lambda path, limit: read_inside(path, "/", limit)
    if options.targets_from:
        options.targets += own_file(options.targets_from, MAX_ARTIFACT).decode("utf-8").splitlines()
    options.keyring = Keyring(parse_json(own_file(options.keyring,
                                                  MAX_SIGNATURES)).value) if options.keyring else None
    options.hmac_key = None
    if options.hmac_key_file:
        options.hmac_key = strict_base64(own_file(options.hmac_key_file, MIB).decode("utf-8", "replace").strip())
        if not options.hmac_key:
            raise Unreadable("the HMAC key is not base64")
    text = lambda paths: "\n".join(own_file(path, MAX_SIGNATURES).decode("utf-8", "replace") for path in paths)
    options.has_own_roots = bool(options.roots)
    options.tsa_roots = certificates_of(text(options.tsa_root))
    options.attestation_roots = certificates_of(text(options.roots))
    if options.tsa_root and not options.tsa_roots[0]:
        raise Unreadable("--tsa-root has no self-signed certificate")
    exempt = own_file(options.exempt, MAX_SIGNATURES).decode("utf-8", "replace") if options.exempt else ""
    options.exempt = {re.sub(r"[\s-]|^sha256:", "", line).lower() for line in exempt.splitlines() if line.strip()}
    if not all(map(is_hex_digest, options.exempt)):
        raise Unreadable("--exempt takes a file with one SHA-256 of a signature a line")
    options.attested = required_facts(options.require_attested)
    options.expect = re.sub(r"[\s-]", "", options.expect).lower() if options.expect else None
    if options.expect is not None and not is_hex_digest(options.expect):
        raise Unreadable("--expect takes 64 hex digits")
    if options.clock_tolerance < 0:
        raise Unreadable("--clock-tolerance is not negative")
    options.now = int(time.time()) if options.now is None else parse_instant(options.now)
    if options.now is None:
        raise Unreadable("--now takes a time such as 2026-05-06T07:08:09Z")


def print_row(row, everything):
    level = "none" if row["level"] < 0 else "L%d" % row["level"]
    print("%s: %s" % (visible(row["path"], 4096), level))
    words = {FAIL: "FAIL", UNCHECKED: "not checkable", WARN: "warning", MISSING: "missing", PASS: "pass"}
    for one in row["checks"]:
        if everything or one["result"] != PASS:
            about = "" if one["about"] is None else " (%s)" % one["about"]
            print("  %-13s  L%d  %s%s: %s" % (words[one["result"]], one["level"], one["id"], about, one["detail"]))
    for one in row.get("boundary") or []:
        if everything or one["result"] != PASS:
            print("  %-13s  --  %s: %s" % (words[one["result"]], one["id"], one["detail"]))
    for one in row.get("signatures", []) + row.get("manifest_signatures", []):
        at = one["time"]
        known = {None: "claimed by the file", PASS: "signed", FAIL: "contradicted",
                 UNCHECKED: "not checkable"}[one["claim"]]
        print("  signature      %s, %s (%s), time %s, %s" % (
            visible(one["signer_id"] or "nobody"), visible(one["role"] or "no role"), known,
            "%s (%s)" % (at["at"], at["kind"]) if at else "none", one["standing"].replace("_", " ")))
    if row["missing"]:
        print("  for L%d: %s" % (row["level"] + 1, row["missing"]))


def canonical_lines():
    """For comparing implementations of canonical JSON."""
    for line in sys.stdin.buffer:
        try:
            data = canonical(parse_json(json.loads(line)["input"].encode("utf-8", "surrogatepass")).value)
            print(json.dumps({"canonical": data.decode("utf-8"), "sha256": sha256_hex(data)}))
        except (Unreadable, KeyError, ValueError) as error:
            print(json.dumps({"error": str(error)}))


def check_disclosure(options):
    try:
        row = judge_disclosure(options, options.disclosure)
    except (Unreadable, OSError) as error:
        print("%s: %s" % (visible(options.disclosure, 4096), visible(str(error))), file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(row))
    else:
        print_disclosure(row)
    return 0 if row["standing"] == "proven" else 1


def main(words):
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 6000))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    options = arguments(words)
    try:
        if options.canonical:
            canonical_lines()
            return 0
        if options.disclosure:
            return check_disclosure(options)
        report = Report(options)
        for target in options.targets:
            first = len(report.rows)
            report.target(target)
            for row in report.rows[first:]:
                if options.json:
                    print(json.dumps(row), flush=True)
                else:
                    print_row(row, options.all)
        return 0 if report.holds(options.wanted) else 1
    finally:
        OPENSSL.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
