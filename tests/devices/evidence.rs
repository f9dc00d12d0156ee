//! The folder `evidence/` of a pack, held against verifiers that know nothing of Countersign:
//! `securesystemslib` (DSSE), `openssl ts` and `rfc3161-client` (RFC 3161), `@sigstore/verify` (Sigstore
//! bundles). Each accepts what is there, and refuses it with one byte changed.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_tests::{Case, finish, openssl, read_json, seed};
use serde_json::{Value, json};
use tempfile::TempDir;
use time_authority::TimeAuthority;

use crate::pkcs11::{PIN, SoftHsm, softhsm};

/// Who signs: the label of the key in SoftHSM, or `None` for a key in memory; and with what.
const SIGNERS: [(&str, Option<&str>, &[&str]); 6] = [
    ("mira.k", None, &[]),
    ("jon.b", Some("p256"), &[]),
    ("ada.w", Some("rsa"), &[]),
    ("lena.s", Some("p384"), &[]),
    ("omar.t", Some("rsa-pss"), &["--algo", "rsa-pss-sha256"]),
    // Without a claim, a time stamp is about the signature itself.
    ("paul.r", Some("p256-other"), &["--no-claim"]),
];
/// Who refuses, likewise.
const REFUSERS: [(&str, Option<&str>); 3] =
    [("eva.m", None), ("finn.o", Some("p256-witness")), ("gil.n", Some("rsa-witness"))];

/// A pack with claims and refusals of every kind of key and with time stamps, made once.
static PACK: LazyLock<Pack> = LazyLock::new(Pack::make);

struct Pack {
    place: TempDir,
    authority: TimeAuthority,
}

impl Pack {
    fn make() -> Self {
        let (case, hsm) = (Case::copy("good_unsigned"), SoftHsm::new());
        let pack =
            Self { place: tempfile::tempdir().unwrap(), authority: TimeAuthority::default() };
        let kinds = [
            ("p256", "EC:prime256v1"),
            ("rsa", "rsa:2048"),
            ("p384", "EC:secp384r1"),
            ("rsa-pss", "rsa:2048"),
            ("p256-other", "EC:prime256v1"),
            ("p256-witness", "EC:prime256v1"),
            ("rsa-witness", "rsa:3072"),
        ];
        for (at, (label, kind)) in kinds.into_iter().enumerate() {
            hsm.generate(kind, &format!("{at:02}"), label, &[]);
        }
        let act = |verb: &str, who: &str, key: Option<&str>, more: &[&str]| {
            let mut act = hsm.command();
            act.args([
                verb,
                "--role",
                "witness",
                "--signer",
                who,
                "--key-id",
                &format!("ds-{who}"),
            ]);
            let secret = match key {
                None => {
                    act.args(["--key-file", "-"]);
                    // A key of each person's own.
                    seed(who.as_bytes()[0])
                }
                Some(label) => {
                    act.args(["--pin-fd", "0", "--pkcs11", "--module", &softhsm()]);
                    act.args(["--key-label", label]);
                    format!("{PIN}\n")
                }
            };
            finish(act.args(more).arg(case.run()), secret.as_bytes()).ok();
        };
        for (who, key, more) in SIGNERS {
            act("sign", who, key, more);
        }
        for (who, key) in REFUSERS {
            act("refuse", who, key, &["--reason", "The inputs are not those that were agreed."]);
        }
        let root = pack.authority.root();
        let to_der = ["x509", "-in", root.to_str().unwrap(), "-outform", "DER", "-out", "root.der"];
        openssl(&to_der, pack.place.path()).ok();
        let root = Digest::of(&fs::read(pack.path("root.der")).unwrap()).hex();
        let run = |arguments: &[&str], path: &Path| {
            finish(hsm.command().args(arguments).arg(path), b"").ok();
        };
        run(&["roots", "add", "--tsa", "--sha256", &root], &pack.authority.root());
        let asked = pack.path("asked");
        run(&["time", "request", "--out", asked.to_str().unwrap()], &case.run());
        for request in fs::read_dir(&asked).unwrap().map(|entry| entry.unwrap().path()) {
            if request.extension().is_some_and(|extension| extension == "tsq") {
                let answer = pack.authority.answer(&fs::read(&request).unwrap());
                fs::write(request.with_extension("tsr"), answer).unwrap();
            }
        }
        run(&["time", "import"], &asked);
        run(&["pack", "--out", pack.path("pack").to_str().unwrap()], &case.run());
        pack
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn evidence(&self) -> PathBuf {
        self.path("pack/evidence")
    }

    /// A copy of the evidence whose files with this ending are changed.
    fn altered(&self, ending: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        let mut changed = 0;
        for file in fs::read_dir(self.evidence()).unwrap().map(|entry| entry.unwrap().path()) {
            let (name, bytes) = (file.file_name().unwrap(), fs::read(&file).unwrap());
            let bytes = match name.to_str().unwrap().ends_with(ending) {
                true => {
                    changed += 1;
                    change(bytes)
                }
                false => bytes,
            };
            fs::write(copy.path().join(name), bytes).unwrap();
        }
        assert!(changed > 0, "no file ends in {ending}");
        copy
    }

    /// Each time stamp with the signature that it is about, which its name says: the digest of the
    /// claim's payload, or of the signature.
    fn stamped(&self) -> BTreeMap<String, Vec<u8>> {
        let names = fs::read_dir(self.evidence()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let stamps = names.filter(|name| name.ends_with(".tsr"));
        let signature_of = |name: &str| {
            let (stem, _) = name.rsplit_once('-').unwrap();
            let Some(digest) = stem.strip_prefix("signature-") else {
                let claim = read_json(&self.evidence().join(format!("{stem}.dsse.json")));
                return decoded(&claim["signatures"][0]["sig"]);
            };
            let raw = fs::read_dir(self.path("pack/signatures")).unwrap();
            let mut raw = raw.map(|entry| fs::read(entry.unwrap().path()).unwrap());
            raw.find(|raw| Digest::of(raw).hex().starts_with(digest)).expect("a raw signature")
        };
        stamps.map(|name| (name.clone(), signature_of(&name))).collect()
    }
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap()).unwrap()
}

/// Changes one bit of some bytes.
fn flip(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

/// Changes one bit of what is base64 at a place of a JSON file.
fn flip_in(file: Vec<u8>, pointer: &str, from_end: bool) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(&file).unwrap();
    if let Some(place) = file.pointer_mut(pointer) {
        let bytes = decoded(place);
        let at = if from_end { bytes.len() - 1 } else { bytes.len() / 2 };
        *place = BASE64.encode(flip(bytes, at)).into();
    }
    file.to_string().into_bytes()
}

/// What a verifier says of each file; `None` for one that holds.
type Said = BTreeMap<String, Option<String>>;

fn said(lines: Vec<Value>) -> Said {
    let one = |line: Value| {
        let refused = line["refused"].as_str().map(ToOwned::to_owned);
        (line["file"].as_str().unwrap().to_owned(), refused)
    };
    lines.into_iter().map(one).collect()
}

/// One of the scripts in `tests/evidence`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("evidence").join(name)
}

fn python(name: &str) -> Command {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/evidence");
    assert!(
        tools.join("installed").exists(),
        "securesystemslib and rfc3161-client are needed: bash scripts/prepare tests"
    );
    let mut python = Command::new(tools.join("bin/python"));
    python.arg(script(name));
    python
}

fn securesystemslib(evidence: &Path) -> Said {
    said(finish(python("dsse.py").arg(evidence), b"").ok().json_lines())
}

fn rfc3161_client(evidence: &Path, stamped: &BTreeMap<String, Vec<u8>>) -> Said {
    let hex = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let stamped: BTreeMap<&String, String> =
        stamped.iter().map(|(name, bytes)| (name, hex(bytes))).collect();
    let mut python = python("time_stamps.py");
    python.arg(evidence).arg(PACK.authority.root());
    said(finish(&mut python, json!(stamped).to_string().as_bytes()).ok().json_lines())
}

/// `openssl ts -verify`, at the time that the token states or at another.
fn openssl_ts(evidence: &Path, stamped: &BTreeMap<String, Vec<u8>>, at: Option<&str>) -> Said {
    let scratch = tempfile::tempdir().unwrap();
    let (data, root) = (scratch.path().join("data"), PACK.authority.root());
    let verify = |(name, signature): (&String, &Vec<u8>)| {
        fs::write(&data, signature).unwrap();
        let stated = at.map_or_else(|| stated_time(name), ToOwned::to_owned);
        let (data, root) = (data.to_str().unwrap(), root.to_str().unwrap());
        let arguments =
            ["ts", "-verify", "-attime", &stated, "-in", name, "-data", data, "-CAfile", root];
        let outcome = openssl(&arguments, evidence);
        (name.clone(), (outcome.code != 0).then_some(outcome.stderr))
    };
    stamped.iter().map(verify).collect()
}

/// The time that a token of the pack states, in seconds since 1970, as `openssl` reads it.
fn stated_time(name: &str) -> String {
    let text = openssl(&["ts", "-reply", "-in", name, "-text"], &PACK.evidence()).ok().stdout;
    let line = text.lines().find_map(|line| line.strip_prefix("Time stamp: ")).unwrap();
    let seconds = finish(Command::new("date").args(["-d", line, "+%s"]), b"").ok().stdout;
    seconds.trim().to_owned()
}

/// `@sigstore/verify`, and how many time stamps each bundle has.
fn sigstore(evidence: &Path) -> (Said, Vec<u64>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for package in ["@sigstore/verify", "@sigstore/bundle"] {
        let there = root.join("node_modules").join(package).exists();
        assert!(there, "{package} is needed: npm ci");
    }
    let authority = &PACK.authority;
    let mut node = Command::new("node");
    node.arg(script("sigstore.mjs")).arg(evidence);
    node.args([authority.signer(), authority.intermediate(), authority.root()]);
    let lines = finish(&mut node, b"").ok().json_lines();
    let stamps = lines.iter().map(|line| line["stamps"].as_u64().unwrap()).collect();
    (said(lines), stamps)
}

/// Every file that there should be was verified, and holds.
#[track_caller]
fn all_hold(said: &Said, count: usize) {
    assert_eq!(said.len(), count, "{said:#?}");
    assert!(said.values().all(Option::is_none), "{said:#?}");
}

/// All are refused.
#[track_caller]
fn all_refused(said: &Said, count: usize) {
    assert_eq!(said.len(), count, "{said:#?}");
    assert!(said.values().all(Option::is_some), "{said:#?}");
}

#[test]
fn securesystemslib_verifies_claims_and_refusals_and_no_altered_one() {
    // All but the signature without a claim.
    let count = SIGNERS.len() - 1 + REFUSERS.len();
    all_hold(&securesystemslib(&PACK.evidence()), count);
    for pointer in ["/payload", "/signatures/0/sig"] {
        let altered = PACK.altered(".dsse.json", |file| flip_in(file, pointer, false));
        all_refused(&securesystemslib(altered.path()), count);
    }
}

#[test]
fn securesystemslib_verifies_findings_and_no_altered_one() {
    let (hsm, place) = (SoftHsm::new(), tempfile::tempdir().unwrap());
    for (at, (label, kind)) in [("p256", "EC:prime256v1"), ("rsa", "rsa:2048")].iter().enumerate() {
        hsm.generate(kind, &format!("{at:02}"), label, &[]);
    }
    let folder = place.path().join("dsse");
    fs::create_dir(&folder).unwrap();
    for key in [None, Some("p256"), Some("rsa")] {
        let name = key.unwrap_or("memory");
        let finding = place.path().join(format!("{name}.finding.json"));
        let mut make = hsm.command();
        make.args(["finding", "make", "--outcome", "accepted", "--signer", "a.auditor"]);
        make.args(["--key-id", &format!("audit-{name}")]).arg("--out").arg(&finding);
        let secret = match key {
            None => {
                make.args(["--key-file", "-"]);
                seed(9)
            }
            Some(label) => {
                make.args(["--pin-fd", "0", "--pkcs11", "--module", &softhsm()]);
                make.args(["--key-label", label]);
                format!("{PIN}\n")
            }
        };
        finish(make.arg(PACK.path("pack")), secret.as_bytes()).ok();
        let finding = read_json(&finding);
        let public = PublicKey::parse(finding["public_key"].as_str().unwrap()).unwrap();
        let write = |end: &str, text: String| {
            fs::write(folder.join(format!("{name}{end}")), text).unwrap();
        };
        write(".dsse.json", finding["envelope"].to_string());
        write(".pem", public.to_pem());
    }
    all_hold(&securesystemslib(&folder), 3);
    for pointer in ["/payload", "/signatures/0/sig"] {
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "json") {
                let altered = flip_in(fs::read(&file).unwrap(), pointer, false);
                fs::write(file, altered).unwrap();
            }
        }
        all_refused(&securesystemslib(&folder), 3);
    }
}

#[test]
fn openssl_and_rfc3161_client_verify_time_stamps_and_no_altered_one() {
    let stamped = PACK.stamped();
    // One for each claim, and for each of both signatures without one.
    let count = SIGNERS.len() + 1;
    let both = |evidence: &Path, stamped: &BTreeMap<String, Vec<u8>>| {
        [openssl_ts(evidence, stamped, None), rfc3161_client(evidence, stamped)]
    };
    for said in both(&PACK.evidence(), &stamped) {
        all_hold(&said, count);
    }
    // The last byte of a token is one of its signature.
    let end = |file: Vec<u8>| {
        let last = file.len() - 1;
        flip(file, last)
    };
    for said in both(PACK.altered(".tsr", end).path(), &stamped) {
        all_refused(&said, count);
    }
    // The authority's signature is over the imprint: another one in the token, or another signature.
    let imprint = |file: Vec<u8>| {
        let imprints = stamped.values().map(|signature| Digest::of(signature));
        let place = |imprint: Digest| {
            let imprint = imprint.as_bytes();
            file.windows(imprint.len()).position(|window| window == imprint)
        };
        let at = imprints.into_iter().find_map(place).expect("an imprint");
        flip(file, at)
    };
    for said in both(PACK.altered(".tsr", imprint).path(), &stamped) {
        all_refused(&said, count);
    }
    let other = stamped.iter().map(|(name, signature)| (name.clone(), flip(signature.clone(), 9)));
    for said in both(&PACK.evidence(), &other.collect()) {
        all_refused(&said, count);
    }
    // After the authority's certificates have ended only `-attime` helps.
    all_refused(&openssl_ts(&PACK.evidence(), &stamped, Some("4102444800")), count);
}

#[test]
fn sigstore_verifies_bundles_with_their_time_stamps_and_no_altered_one() {
    // Ed25519, P-256 and RSA PKCS #1 alone are algorithms of Sigstore's.
    let count = 3 + REFUSERS.len();
    let (said, stamps) = sigstore(&PACK.evidence());
    all_hold(&said, count);
    assert_eq!(stamps, [1, 1, 1, 0, 0, 0], "claims, refusals");
    for pointer in ["/dsseEnvelope/payload", "/dsseEnvelope/signatures/0/sig"] {
        let altered = PACK.altered(".sigstore.json", |file| flip_in(file, pointer, false));
        all_refused(&sigstore(altered.path()).0, count);
    }
    let stamp =
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";
    let altered = PACK.altered(".sigstore.json", |file| flip_in(file, stamp, true));
    let (mut claims, _) = sigstore(altered.path());
    claims.retain(|name, _| name.starts_with("claim-"));
    all_refused(&claims, 3);
}
