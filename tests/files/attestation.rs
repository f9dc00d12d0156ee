//! Attestations from the command line, held against chains that OpenSSL makes: `roots`, `verify
//! --assurance attested`, and what the keyring keeps of one.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{
    Case, Outcome, VERIFIER, command, conformance, finish, read_json, tool, verifier, verifier_tool,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const WORDS: &str = "generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always";

fn openssl(arguments: &str, directory: &Path) -> Outcome {
    // A tilde stands for a blank within an argument.
    let arguments: Vec<String> = arguments.split(' ').map(|one| one.replace('~', " ")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    tool("openssl", "openssl", &arguments, directory).ok()
}

/// A run signed by a P-256 key that a made-up YubiKey attests.
struct Attested {
    case: Case,
    vault: TempDir,
}

impl Attested {
    fn new() -> Self {
        let vault = tempfile::tempdir().unwrap();
        let at = vault.path();
        let authority = "basicConstraints=critical,CA:TRUE";
        fs::write(at.join("f9.ext"), format!("{authority},pathlen:0\n")).unwrap();
        let slot = "1.3.6.1.4.1.41482.3.3=DER:05:07:04\n1.3.6.1.4.1.41482.3.7=DER:02:04:00:bc:61:4e\n\
                    1.3.6.1.4.1.41482.3.8=DER:02:02\n1.3.6.1.4.1.41482.3.9=DER:03\n";
        fs::write(at.join("slot.ext"), slot).unwrap();
        openssl(
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 9999 -subj /CN=Test~Root -addext {authority}"
            ),
            at,
        );
        openssl(
            "req -new -newkey rsa:2048 -nodes -keyout f9.key -out f9.csr -subj /CN=Yubico~PIV~Attestation",
            at,
        );
        openssl(
            "x509 -req -in f9.csr -CA root.pem -CAkey root.key -sha512 -days 9999 -extfile f9.ext -out f9.pem",
            at,
        );
        openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem", at);
        openssl("pkey -in key.pem -pubout -out public.pem", at);
        openssl("req -new -key key.pem -out slot.csr -subj /CN=YubiKey~PIV~Attestation~9c", at);
        openssl(
            "x509 -req -in slot.csr -CA f9.pem -CAkey f9.key -sha256 -days 9999 -extfile slot.ext -out slot.pem",
            at,
        );

        let made = Self { case: Case::copy("good_unsigned"), vault };
        made.sign();
        fs::write(made.keyring(), r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
        made.attest(&json!({
            "type": "yubikey-piv", "slot": "9c",
            "certificate": made.der("slot.pem"), "intermediate": made.der("f9.pem"),
        }));
        made
    }

    fn sign(&self) {
        let at = self.vault.path();
        let script = at.join("sign.sh");
        let sign = format!(
            "openssl dgst -sha256 -sign '{}' \"$1\" | base64 -w0\n",
            at.join("key.pem").display()
        );
        fs::write(&script, sign).unwrap();
        let mut external = command();
        external.args(["sign", "--role", "witness", "--signer", "mira", "--key-id", "k-1"]);
        external.args(["--algo", "ecdsa-p256-sha256", "--signed-payload", "sha256_hex"]);
        external.arg("--external-signer-cmd").arg(format!("sh '{}'", script.display()));
        external.arg("--public-key").arg(at.join("public.pem")).arg(self.case.run());
        finish(&mut external, b"").ok();
    }

    /// Once more, without evidence: certificates that were made since are valid then.
    fn sign_again(&self) {
        fs::remove_file(self.case.signatures()).unwrap();
        self.sign();
    }

    fn der(&self, pem: &str) -> String {
        openssl(&format!("x509 -in {pem} -outform DER -out one.der"), self.vault.path());
        BASE64.encode(fs::read(self.vault.path().join("one.der")).unwrap())
    }

    fn attest(&self, attestation: &Value) {
        let mut block = read_json(&self.case.signatures());
        block["key_attestation"] = attestation.clone();
        fs::write(self.case.signatures(), block.to_string()).unwrap();
    }

    fn root_pem(&self) -> PathBuf {
        self.vault.path().join("root.pem")
    }

    fn sha256(&self) -> String {
        let said = openssl("x509 -in root.pem -noout -fingerprint -sha256", self.vault.path());
        said.stdout.trim().rsplit('=').next().unwrap().to_owned()
    }

    fn keyring(&self) -> PathBuf {
        self.vault.path().join("keyring.json")
    }

    fn countersign(&self, arguments: &[&str]) -> Outcome {
        finish(command().env("COUNTERSIGN_KEYRING", self.keyring()).args(arguments), b"")
    }

    fn trust(&self) {
        let root = self.root_pem();
        self.countersign(&["roots", "add", root.to_str().unwrap(), "--sha256", &self.sha256()])
            .ok();
    }

    fn verified(&self) -> Value {
        let run = self.case.run();
        let rest = ["--trust", "embedded", "--assurance", "attested", "--json"];
        let arguments = [&["verify", run.to_str().unwrap()], rest.as_slice()].concat();
        self.countersign(&arguments).json_lines().remove(0)
    }

    fn check(&self, id: &str) -> Value {
        let verified = self.verified();
        let checks = verified["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == id).unwrap().clone()
    }
}

#[test]
fn a_chain_made_by_openssl_is_attested_once_its_root_is_trusted() {
    let made = Attested::new();
    let before = made.verified();
    assert_eq!(before["assurance"], "claimed");
    assert_eq!(before["signatures"][0]["attestation"]["standing"], "unknown_root");
    let check = made.check("signer.hardware_or_external");
    let detail = check["detail"].as_str().unwrap();
    assert!(check["result"] == "fail" && detail.contains("CN=Test Root"), "{detail}");

    made.trust();
    assert_eq!(made.verified()["assurance"], "attested");
    let said = made.verified()["signatures"][0]["attestation"].clone();
    assert_eq!((&said["standing"], &said["words"]), (&"verified".into(), &WORDS.into()));
    assert_eq!(said["advisories"], json!([]));
    assert_eq!(made.check("signer.hardware_or_external")["result"], "pass");
    let run = made.case.run();
    let explained = made.countersign(&["explain", run.to_str().unwrap(), "--trust", "embedded"]);
    assert!(explained.ok().stdout.contains(WORDS));

    made.countersign(&["roots", "remove", &made.sha256()]).ok();
    assert_eq!(made.verified()["assurance"], "claimed");
}

/// Evidence is judged by the roots that the person trusts, wherever they are, also in a probe.
#[test]
fn a_probe_judges_evidence_by_the_trust_folder_that_is_named() {
    let made = Attested::new();
    let at = made.vault.path();
    let attestation = read_json(&made.case.signatures())["key_attestation"].to_string();
    fs::write(at.join("evidence.json"), attestation).unwrap();
    let settings = at.join("settings.json");
    let probe = |line: &[&str]| {
        let settings = ["--settings", settings.to_str().unwrap(), "--json"];
        let report = made.countersign(&[line, &settings].concat()).ok().json_lines().remove(0);
        let parts = report["parts"].as_array().unwrap();
        parts.iter().find(|part| part["part"] == "evidence").unwrap()["state"].clone()
    };
    let sign = format!("sh '{}'", at.join("sign.sh").display());
    let evidence = format!("sh -c 'cat {}'", at.join("evidence.json").display());
    let (key, public) = (["--key-id", "k-1", "--signer", "mira"], at.join("public.pem"));
    let add = ["signers", "add", "slot", "--command", &sign, "--evidence-command", &evidence];
    let public = ["--public-key", public.to_str().unwrap()];
    assert_eq!(probe(&[&add[..], &key, &public].concat()), "not_checked");
    made.trust();
    assert_eq!(probe(&["signers", "probe", "slot"]), "works");
    let nowhere = ["signers", "probe", "slot", "--attestation-roots", "/nowhere"];
    made.countersign(&nowhere).refused(&["/nowhere"]);
}

/// The certificates as `yubihsm-shell` writes them, one file each.
#[test]
fn the_certificates_of_a_yubihsm_are_attached_and_attested_once_its_root_is_trusted() {
    let made = Attested::new();
    let at = made.vault.path();
    let device = "1.3.6.1.4.1.41482.4.1=DER:04:03:02:04:00\n1.3.6.1.4.1.41482.4.2=DER:02:01:07\n";
    let authority = "basicConstraints=critical,CA:TRUE\n";
    let key = "1.3.6.1.4.1.41482.4.3=DER:03:02:00:01\n1.3.6.1.4.1.41482.4.4=DER:03:03:00:00:01\n\
               1.3.6.1.4.1.41482.4.5=DER:03:09:00:00:00:00:00:00:00:00:80\n\
               1.3.6.1.4.1.41482.4.6=DER:02:02:0e:57\n\
               1.3.6.1.4.1.41482.4.9=DER:0c:07:77:69:74:6e:65:73:73\n";
    let folder = at.join("evidence");
    fs::create_dir(&folder).unwrap();
    fs::write(at.join("sub.ext"), authority).unwrap();
    fs::write(at.join("device.ext"), format!("{authority}{device}")).unwrap();
    fs::write(at.join("attested.ext"), format!("{device}{key}")).unwrap();
    let issue = |name: &str, issuer: &str| {
        openssl(
            &format!(
                "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -days 999 -extfile {name}.ext -out {name}.pem"
            ),
            at,
        );
        fs::copy(at.join(format!("{name}.pem")), folder.join(format!("{name}.pem"))).unwrap();
    };
    for (name, subject, issuer) in
        [("sub", "Some~Sub-CA", "root"), ("device", "YubiHSM~Attestation~(7)", "sub")]
    {
        openssl(
            &format!(
                "req -new -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={subject}"
            ),
            at,
        );
        issue(name, issuer);
    }
    let subject = "/CN=YubiHSM~Attestation~id:0x0e57";
    openssl(&format!("req -new -key key.pem -out attested.csr -subj {subject}"), at);
    issue("attested", "device");
    made.sign_again();
    let run = made.case.run();
    let run = run.to_str().unwrap();
    made.countersign(&["attest", run, "--evidence", folder.to_str().unwrap()]).ok();
    let said = made.verified()["signatures"][0]["attestation"].clone();
    assert_eq!(said["standing"], "unknown_root", "{said}");
    made.trust();
    let verified = made.verified();
    let said = &verified["signatures"][0]["attestation"];
    let words = "generated on YubiHSM 2 7, firmware 2.4.0, may not leave it";
    assert_eq!((&verified["assurance"], &said["words"]), (&"attested".into(), &words.into()));
    assert_eq!(said["facts"]["model"], "yubihsm");
    assert_eq!(said["facts"]["firmware"], "2.4.0");
    // The script says so too.
    let (keyring, root) = (made.keyring(), made.root_pem());
    let mut script = verifier();
    script.args(["--json", "--trust", "embedded", "--assurance", "attested"]);
    script.arg("--keyring").arg(keyring).arg("--roots").arg(root).arg(run);
    let row = finish(&mut script, b"").json_lines().remove(0);
    let checks = row["checks"].as_array().unwrap();
    let one = checks.iter().find(|one| one["id"] == "signer.hardware_or_external").unwrap();
    assert_eq!(one["result"], "pass", "{row}");
}

/// The statement and the certificates as `gcloud` writes them.
#[test]
fn the_statement_of_a_cloud_hsm_is_taken_from_its_files() {
    let place = tempfile::tempdir().unwrap();
    verifier_tool("evidence.py", &[Path::new(VERIFIER), &conformance().join("runs"), place.path()]);
    let cases = fs::read_to_string(place.path().join("cases.ndjson")).unwrap();
    let mut cases = cases.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let case = cases.find(|case| case["case"] == "cloud-hsm-good").unwrap();
    let run = Path::new(case["run"].as_str().unwrap());
    let file = countersign_tests::signatures_of(run);
    let mut signed = read_json(&file);
    let attestation = signed["signatures"][1]["key_attestation"].take();
    fs::write(&file, signed.to_string()).unwrap();
    let folder = place.path().join("evidence");
    fs::create_dir(&folder).unwrap();
    let bytes = |value: &Value| BASE64.decode(value.as_str().unwrap()).unwrap();
    fs::write(folder.join("attestation.dat"), bytes(&attestation["statement"])).unwrap();
    let chain = attestation["certificates"].as_array().unwrap().iter().map(|one| {
        let pem = one
            .as_str()
            .unwrap()
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8(line.to_vec()).unwrap() + "\n");
        format!(
            "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
            pem.collect::<String>()
        )
    });
    fs::write(folder.join("chain.pem"), chain.collect::<String>()).unwrap();
    let attest = |evidence: &[&Path]| {
        let mut attest = command();
        attest.arg("attest").arg(run);
        for one in evidence {
            attest.arg("--evidence").arg(one);
        }
        finish(&mut attest, b"")
    };
    attest(&[&folder]).ok();
    assert_eq!(read_json(&file)["signatures"][1]["key_attestation"], attestation);
    // File by file it is the same, and is there already; alone it is signed by no partition.
    attest(&[&folder.join("chain.pem"), &folder.join("attestation.dat")]).ok();
    fs::write(&file, signed.to_string()).unwrap();
    attest(&[&folder.join("attestation.dat")])
        .refused(&["no partition of an HSM", "nothing was written"]);
    // None of too many certificates is left out in silence: it might be the one that is needed.
    let at = place.path();
    openssl("ecparam -genkey -name prime256v1 -noout -out many.key", at);
    openssl("req -x509 -key many.key -out many.pem -subj /CN=Many", at);
    openssl("req -new -key many.key -out one.csr -subj /CN=One", at);
    for serial in 1..=9 {
        openssl(
            &format!(
                "x509 -req -in one.csr -CA many.pem -CAkey many.key -set_serial {serial} -out one.pem"
            ),
            at,
        );
        fs::copy(at.join("one.pem"), folder.join(format!("a{serial}.pem"))).unwrap();
    }
    attest(&[&folder]).refused(&["would have", "certificates", "8 at most"]);
}

#[test]
fn a_forged_attestation_is_named_and_proves_nothing() {
    let made = Attested::new();
    made.trust();
    let at = made.vault.path();
    openssl("x509 -req -in slot.csr -signkey key.pem -days 99 -extfile slot.ext -out own.pem", at);
    made.attest(&json!({
        "type": "yubikey-piv", "slot": "9c",
        "certificate": made.der("own.pem"), "intermediate": made.der("f9.pem"),
    }));
    assert_eq!(made.verified()["assurance"], "claimed");
    assert_eq!(made.verified()["signatures"][0]["attestation"]["standing"], "failed");
    let check = made.check("signer.attestation");
    let detail = check["detail"].as_str().unwrap();
    assert!(check["result"] == "fail" && detail.contains("forged or damaged"), "{detail}");
}

#[test]
fn the_keyring_keeps_the_attestation_that_a_key_was_enrolled_with() {
    let made = Attested::new();
    made.trust();
    let signatures = made.case.signatures();
    let added = made.countersign(&["keys", "add", signatures.to_str().unwrap()]).ok();
    assert!(added.stdout.contains("hardware") && added.stdout.contains(WORDS), "{added:?}");
    let listed = made.countersign(&["keys", "list"]).ok();
    assert!(listed.stdout.contains(&format!("k-1: {WORDS}")), "{listed:?}");

    // It serves signatures that come without one.
    made.attest(&Value::Null);
    assert_eq!(made.verified()["assurance"], "attested");
    assert_eq!(read_json(&made.keyring())["keys"][0]["key_attestation"]["slot"], "9c");
}

/// A pack brings the roots that its attestations lead to, and no others of the trust folder.
#[test]
fn a_pack_carries_what_its_attestations_rest_on() {
    let made = Attested::new();
    made.trust();
    let at = made.vault.path();
    let other = at.join("attestation-roots").join("other.pem");
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -subj /CN=Other", at);
    fs::copy(at.join("o.pem"), &other).unwrap();
    let (run, folder) = (made.case.run(), at.join("pack"));
    let any = ["--trust", "embedded", "--assurance", "attested"];
    let pack = ["pack", run.to_str().unwrap(), "--out", folder.to_str().unwrap()];
    made.countersign(&[&pack[..], &any].concat()).ok();
    let roots = countersign_tests::snapshot(&folder.join("attestation-roots"));
    assert_eq!(roots.len(), 1, "{roots:?}");
    assert!(fs::read_to_string(folder.join("report.html")).unwrap().contains(WORDS));
    // Somebody who trusts nothing yet.
    let verify = |more: &[&str]| {
        let arguments = [&["verify", folder.to_str().unwrap(), "--json"], &any[..], more].concat();
        finish(command().args(arguments), b"").json_lines().remove(0)
    };
    assert_eq!(verify(&[])["assurance"], "attested");
    let empty = tempfile::tempdir().unwrap();
    let own = ["--attestation-roots", empty.path().to_str().unwrap()];
    assert_eq!(verify(&own)["assurance"], "claimed");
    // The script takes the roots of the pack with its keyring only, and says so.
    let (keyring, root) = (made.keyring(), made.root_pem());
    let (keyring, root) = (keyring.to_str().unwrap(), root.to_str().unwrap());
    let script = |more: &[&str]| {
        let own = finish(verifier().arg("--json").args(any).args(more).arg(&folder), b"");
        let row = own.json_lines().remove(0);
        let checks = row["checks"].as_array().unwrap();
        ["signer.hardware_or_external", "pack.attestation_roots"].map(|id| {
            let check = checks.iter().find(|one| one["id"] == id);
            check.map(|one| one["result"].as_str().unwrap().to_owned())
        })
    };
    let [pass, warn, unchecked] = ["pass", "warn", "unchecked"].map(|one| Some(one.to_owned()));
    assert_eq!(script(&[]), [pass.clone(), warn]);
    assert_eq!(script(&["--keyring", keyring]), [unchecked, None]);
    assert_eq!(script(&["--keyring", keyring, "--roots", root]), [pass, None]);
    let instructions = fs::read_to_string(folder.join("VERIFY_INSTRUCTIONS.md")).unwrap();
    assert!(instructions.contains("--roots your-attestation-root.pem\n"), "{instructions}");
}

/// Who gets a pack reaches its level by the commands in it, with the program and without.
#[test]
fn a_pack_carries_what_was_required_of_its_keys() {
    let made = Attested::new();
    made.trust();
    let (run, folder) = (made.case.run(), made.vault.path().join("pack"));
    let (run, pack) = (run.to_str().unwrap(), folder.to_str().unwrap());
    let rules = ["firmware=5.7", "operator:touch=always", "witness:touch=cached"];
    let rules = rules.map(|rule| ["--require-attested", rule]).concat();
    let any = ["--trust", "embedded", "--assurance", "attested"];
    made.countersign(&[&["pack", run, "--out", pack], &any[..], &rules].concat()).ok();
    let report = fs::read_to_string(folder.join("report.html")).unwrap();
    let required = "of every key firmware 5.7.0 or later; of the key of a signer as operator touch \
                    always; of the key of a signer as witness touch cached";
    assert!(report.contains(required), "{report}");
    let lacks = "<span class=\"why\"><bdi>the touch policy is always and the policy requires touch \
                 (cached)</bdi>";
    assert!(report.contains(lacks), "what is missing is not red: {report}");
    let instructions = fs::read_to_string(folder.join("VERIFY_INSTRUCTIONS.md")).unwrap();
    let flags = "--trust embedded --assurance attested --require-attested firmware=5.7.0 \
                 --require-attested operator:touch=always --require-attested witness:touch=cached";
    let line = format!("python3 -I verify.py path/to/this/pack {flags}\n");
    assert!(instructions.contains(&line), "{instructions}");
    assert!(instructions.contains(&format!("countersign verify . --level L2 {flags}\n")));
    let flags: Vec<&str> = flags.split_whitespace().collect();
    let script = finish(verifier().arg("--json").args(&flags).arg(&folder), b"");
    let program = finish(command().args(["verify", "--json", pack]).args(&flags), b"");
    for row in [script, program].map(|one| one.json_lines().remove(0)) {
        let checks = row["checks"].as_array().unwrap();
        let check = checks.iter().find(|one| one["id"] == "signer.required_facts").unwrap();
        let (result, detail) = (&check["result"], check["detail"].as_str().unwrap());
        assert!(result == "fail" && detail.contains("\"mira\""), "{row}");
    }
}

/// A level is not reached by what the file says, and `verify` says what the attestation lacks.
#[test]
fn what_a_policy_requires_of_a_key_is_told_check_by_check() {
    let made = Attested::new();
    made.trust();
    let run = made.case.run();
    let verify = |rule: &str| {
        let rest = ["--trust", "embedded", "--require-attested", rule, "--json"];
        made.countersign(&[&["verify", run.to_str().unwrap()], &rest[..]].concat())
            .json_lines()
            .remove(0)
    };
    let met = verify("witness:touch=always");
    assert_eq!(met["signatures"][0]["unmet"], json!([]));
    let facts = &met["signatures"][0]["attestation"]["facts"];
    let stated = json!({
        "model": "yubikey", "firmware": "5.7.4", "pin": "once", "touch": "always",
        "form_factor": "usb-c-keychain", "fips": false, "generated": true,
    });
    assert_eq!(*facts, stated);
    let unmet = verify("witness:fips=yes");
    let said = "the device is not certified by FIPS and the policy requires that";
    assert_eq!(unmet["signatures"][0]["unmet"], json!([said]));
    assert_eq!(unmet["assurance"], Value::Null, "what does not count is no assurance");
    assert_eq!(unmet["level_states"][6], "in_progress", "a hardware key has signed");
    let text = fs::read_to_string(&run).unwrap().replacen("DEC-", "DEC+", 1);
    fs::write(&run, text).unwrap();
    let altered = verify("witness:fips=yes");
    assert_eq!(altered["signatures"][0]["standing"], "invalid");
    assert_eq!(altered["signatures"][0]["unmet"], json!([]), "what does not verify lacks nothing");
}

#[test]
fn roots_are_never_added_unconfirmed() {
    let made = Attested::new();
    let root = made.root_pem();
    let root = root.to_str().unwrap();
    let shown = made.countersign(&["roots", "add", root]);
    assert!(shown.stdout.contains("CN=Test Root"), "{shown:?}");
    let plain = made.sha256().replace(':', "").to_lowercase();
    assert!(shown.stdout.contains(&plain), "{shown:?}");
    shown.refused(&["--sha256"]);
    let other = "0".repeat(64);
    made.countersign(&["roots", "add", root, "--sha256", &other]).refused(&["nothing was added"]);
    let listed = made.countersign(&["roots", "list"]).ok();
    assert!(listed.stdout.contains("Nothing is trusted"), "{listed:?}");
    made.countersign(&["roots", "remove", &plain]).refused(&["nothing was removed"]);

    made.trust();
    let folder = made.vault.path().join("attestation-roots");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::write(folder.join("other.pem"), "nothing").unwrap();
    let run = made.case.run();
    let explained = made.countersign(&["explain", run.to_str().unwrap(), "--trust", "embedded"]);
    assert!(explained.stderr.contains("other.pem"), "{explained:?}");
    let listed = made.countersign(&["roots", "list", "--json"]).ok();
    assert_eq!(listed.json_lines()[0]["roots"][0]["sha256"], plain);
    let missing = ["roots", "list", "--attestation-roots", "/nonexistent/roots"];
    assert!(made.countersign(&missing).ok().stdout.contains("Nothing is trusted"));
    let named = ["explain", run.to_str().unwrap(), "--attestation-roots", "/nonexistent/roots"];
    made.countersign(&named).refused(&["/nonexistent/roots", "no such folder"]);
}

/// As `yubico-piv-tool` writes them: the slot's certificate and that of slot f9.
#[test]
fn a_pair_of_certificates_is_taken_as_evidence() {
    let made = Attested::new();
    made.trust();
    let at = made.vault.path();
    let text = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    fs::write(at.join("both.pem"), text("f9.pem") + &text("slot.pem")).unwrap();
    made.der("f9.pem");
    fs::rename(at.join("one.der"), at.join("f9.der")).unwrap();
    fs::create_dir(at.join("pair")).unwrap();
    for name in ["slot.pem", "f9.pem", "root.pem"] {
        fs::copy(at.join(name), at.join("pair").join(name)).unwrap();
    }
    let run = made.case.run();
    let attest = |names: &[&str]| {
        made.attest(&Value::Null);
        let mut command = command();
        command.env("COUNTERSIGN_KEYRING", made.keyring()).arg("attest").arg(&run);
        for name in names {
            command.arg("--evidence").arg(at.join(name));
        }
        finish(&mut command, b"")
    };
    for names in [&["both.pem"][..], &["slot.pem", "f9.pem"], &["f9.der", "slot.pem"], &["pair"]] {
        attest(names).ok();
        assert_eq!(made.verified()["assurance"], "attested", "{names:?}");
    }
    attest(&["slot.pem"]).refused(&["YubiKey PIV Attestation 9c", "is missing", "slot f9"]);
    attest(&["f9.pem"]).refused(&["no certificate of a key in a YubiKey"]);
}
