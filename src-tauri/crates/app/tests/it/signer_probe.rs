//! A probe says every part of a signer by itself, and runs no program that was altered.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_app::signer_profiles;
use countersign_app::signer_templates::{self, NewTemplateSigner, TemplateFields};
use countersign_ceremony::signer_probe::PartState::{self, *};
use countersign_ceremony::signer_probe::{Draft, Part, ProbePart, Report};
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_ceremony::signer_template::TemplateId;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_signers::Unattended;
use countersign_signers::external::shipped;
use serde_json::json;

use crate::station::{Station, now};

/// A P-256 key of OpenSSL's, with the scripts of a signer.
struct Key {
    station: Station,
}

impl Key {
    fn new() -> Self {
        let key = Self { station: Station::new() };
        let make = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
        key.openssl(&[&make[..], &["key.pem"]].concat());
        key.openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        key.script("public-key.sh", &format!("cat {}", key.path("public.pem").display()));
        key.script("sign.sh", &key.signing("key.pem"));
        key
    }

    fn path(&self, name: &str) -> PathBuf {
        self.station.beside(name)
    }

    fn openssl(&self, words: &[&str]) {
        let directory = self.path("");
        let ran = Command::new("openssl").args(words).current_dir(directory).output();
        let ran = ran.expect("openssl is missing; as root: apt-get install openssl");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    fn signing(&self, key: &str) -> String {
        let key = self.path(key);
        format!("xxd -r -p \"$1\" | openssl pkeyutl -sign -inkey {} | base64 -w0", key.display())
    }

    fn script(&self, name: &str, body: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn evidence(&self, public_key: &str) {
        let key = fs::read_to_string(self.path(public_key)).unwrap();
        let evidence = json!({
            "type": "cloud-kms",
            "provider": "gcp",
            "key_metadata": {
                "name": "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
                "protectionLevel": "HSM", "algorithm": "EC_SIGN_P256_SHA256",
            },
            "public_key": key,
            "audit_event": {
                "timestamp": now().to_string(),
                "protoPayload": {
                    "serviceName": "cloudkms.googleapis.com", "methodName": "AsymmetricSign",
                    "resourceName":
                        "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
                },
            },
        });
        fs::write(self.path("evidence.json"), evidence.to_string()).unwrap();
        self.script("evidence.sh", &format!("cat {}", self.path("evidence.json").display()));
    }

    fn profile(&self) -> SignerProfile {
        let command = |name: &str| self.path(name).display().to_string();
        SignerProfile {
            name: "hsm".to_owned(),
            key_id: "ds-hsm".to_owned(),
            signer_id: "mira".to_owned(),
            source: KeySource::External {
                command: command("sign.sh"),
                algorithm: Algorithm::EcdsaP256Sha256,
                public_key: String::new(),
                public_key_command: Some(command("public-key.sh")),
                timeout_seconds: 30,
                working_directory: None,
                environment: vec!["HOME".to_owned(), "COUNTERSIG_IS_NOT_SET".to_owned()],
                evidence_command: Some(command("evidence.sh")),
                signed_payload: None,
                probed_as: None,
            },
        }
    }

    fn probe(&self, draft: impl Into<Draft>) -> Report {
        let workspace = self.station.workspace();
        signer_profiles::try_out(&workspace, draft.into(), None, &Unattended).unwrap()
    }
}

fn part(report: &Report, part: ProbePart) -> &Part {
    report.parts.iter().find(|one| one.part == part).unwrap()
}

fn text(part: &Part) -> String {
    match &part.found {
        Ok(words) => words.english().into_owned(),
        Err(problem) => problem.to_string(),
    }
}

/// The states in the order of the parts, each of which is there.
fn states(report: &Report) -> [PartState; 5] {
    let parts: Vec<ProbePart> = report.parts.iter().map(|part| part.part).collect();
    assert_eq!(parts, ProbePart::ALL);
    let states: Vec<PartState> = report.parts.iter().map(|part| part.state).collect();
    states.try_into().unwrap()
}

#[test]
fn a_signer_that_works_says_so_of_every_part() {
    let key = Key::new();
    key.evidence("public.pem");
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works; 5], "{:?}", report.parts);
    let (signer, probe) = report.outcome.as_ref().unwrap();
    assert!(signer.is_probed() && !probe.deterministic);
    assert_eq!(probe.signed_payload, SignedPayload::CanonicalJson);
    let environment = part(&report, ProbePart::Environment);
    let set: Vec<bool> = environment.variables.iter().map(|variable| variable.is_set).collect();
    assert_eq!(set, [std::env::var_os("HOME").is_some(), false]);
    let found = text(part(&report, ProbePart::PublicKey));
    let fingerprint = signer.public_key().unwrap().fingerprint().hex();
    assert!(found.contains("ecdsa-p256-sha256") && found.contains(&fingerprint), "{found}");
    assert!(!found.contains("another key"), "{found}");
    let evidence = text(part(&report, ProbePart::Evidence));
    assert!(evidence.starts_with("Shown by its operator, not attested"), "{evidence}");

    // A key that is another one is named.
    let mut before = signer.clone();
    key.openssl(&["genpkey", "-algorithm", "ED25519", "-out", "other.pem"]);
    key.openssl(&["pkey", "-in", "other.pem", "-pubout", "-out", "other.pub"]);
    if let KeySource::External { public_key, .. } = &mut before.source {
        *public_key = fs::read_to_string(key.path("other.pub")).unwrap();
    }
    let report = key.probe(before);
    let found = text(part(&report, ProbePart::PublicKey));
    assert!(found.contains("another key than before"), "{found}");
}

#[test]
fn a_part_that_fails_does_not_hide_those_that_can_be_tried() {
    let key = Key::new();
    key.evidence("public.pem");

    // The program is not there: the public key still is.
    fs::rename(key.path("sign.sh"), key.path("gone.sh")).unwrap();
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Failed, Works, Works, NotChecked, NotChecked]);
    assert!(report.outcome.is_err());
    fs::rename(key.path("gone.sh"), key.path("sign.sh")).unwrap();

    // No public key: nothing verifies without it.
    key.script("public-key.sh", "echo 'no such key' >&2; exit 1");
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works, Works, Failed, NotChecked, NotChecked]);
    assert!(text(part(&report, ProbePart::PublicKey)).contains("no such key"));
    key.script("public-key.sh", &format!("cat {}", key.path("public.pem").display()));

    // It signs with another key; its evidence is judged all the same.
    key.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "other.pem",
    ]);
    key.script("sign.sh", &key.signing("other.pem"));
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works, Works, Works, Contradicts, Works]);
    assert!(report.outcome.is_err());
    key.script("sign.sh", "echo 'the vault is sealed' >&2; exit 3");
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works, Works, Works, Failed, Works]);
    assert!(text(part(&report, ProbePart::Signature)).contains("the vault is sealed"));
    key.script("sign.sh", &key.signing("key.pem"));

    // Evidence that fails leaves a signer that signs; evidence about another key does not.
    key.script("evidence.sh", "echo 'no log' >&2; exit 1");
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works, Works, Works, Works, Failed]);
    assert!(report.outcome.is_ok());
    key.openssl(&["pkey", "-in", "other.pem", "-pubout", "-out", "other.pub"]);
    key.evidence("other.pub");
    let report = key.probe(key.profile());
    assert_eq!(states(&report), [Works, Works, Works, Works, Contradicts]);
    assert!(report.outcome.is_err(), "every signature would be refused");
    let mut none = key.profile();
    if let KeySource::External { evidence_command, .. } = &mut none.source {
        *evidence_command = None;
    }
    let report = key.probe(none);
    assert_eq!(states(&report), [Works, Works, Works, Works, Absent]);
    assert!(report.outcome.is_ok());
}

#[test]
fn a_key_that_signs_in_several_ways_is_tried_in_each_unless_one_is_chosen() {
    let key = Key::new();
    key.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "key.pem",
    ]);
    key.openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
    let pss =
        "-pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest";
    key.script("sign.sh", &key.signing("key.pem").replace("-sign", &format!("-sign {pss}")));
    key.script("evidence.sh", "exit 1");
    let report = key.probe(Draft { profile: key.profile(), in_any_way: true });
    let (signer, _) = report.outcome.unwrap();
    assert_eq!(signer.algorithm(), Algorithm::RsaPssSha256);
    let mut chosen = key.profile();
    if let KeySource::External { algorithm, .. } = &mut chosen.source {
        *algorithm = Algorithm::RsaPkcs1v15Sha256;
    }
    let report = key.probe(chosen);
    assert_eq!(part(&report, ProbePart::Signature).state, Contradicts);
}

/// A signer from a template.
fn from(template: TemplateId, fields: &[(&str, &str)]) -> NewTemplateSigner {
    let fields: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    NewTemplateSigner {
        name: "template".to_owned(),
        key_id: "ds-template".to_owned(),
        signer_id: "mira".to_owned(),
        made_from: TemplateFields { template, fields },
        algorithm: None,
        timeout_seconds: 30,
        environment: vec!["VAULT_TOKEN".to_owned(), "HTTPS_PROXY".to_owned()],
    }
}

const VAULT: &[(&str, &str)] =
    &[("address", "http://127.0.0.1:1"), ("key", "signing"), ("key-version", "1")];

/// A Python that has no packages beyond its own.
fn bare_python(station: &Station) -> String {
    let place = station.beside("venv");
    let mut make = Command::new("/usr/bin/python3");
    make.args(["-m", "venv", "--without-pip"]).arg(&place);
    let made = make.output().expect("python3 is missing; as root: apt-get install python3-venv");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    place.join("bin/python").display().to_string()
}

#[test]
fn a_missing_package_is_named_with_how_it_is_installed() {
    let key = Key::new();
    let workspace = key.station.workspace();
    let python = bare_python(&key.station);
    let fields = [VAULT, &[("python", &*python)]].concat();
    let draft = from(TemplateId::VaultTransit, &fields).draft(&workspace).unwrap();
    let KeySource::External { environment, .. } = &draft.profile.source else { panic!() };
    let twice = environment.iter().filter(|name| *name == "HTTPS_PROXY").count();
    assert!(environment.contains(&"VAULT_TOKEN".to_owned()) && twice == 1);
    let report = key.probe(draft);
    assert_eq!(states(&report), [Absent, Works, NotChecked, NotChecked, NotChecked]);
    let found = text(part(&report, ProbePart::Program));
    for words in ["lacks hvac", "python3 -m venv", "--no-index --find-links"] {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert!(!found.contains("Traceback"), "{found}");
    // What is no Python is said to be none.
    let fields = [VAULT, &[("python", "/bin/true")]].concat();
    let report = key.probe(from(TemplateId::VaultTransit, &fields).draft(&workspace).unwrap());
    assert_eq!(part(&report, ProbePart::Program).state, Failed);
    assert!(text(part(&report, ProbePart::Program)).contains("does not answer as Python does"));
}

/// A signer from the HSM's template whose program is of another release, and signs with a key in a file.
fn of_another_release(key: &Key) -> (SignerProfile, PathBuf) {
    let program = format!(
        "import subprocess, sys\n\
         verb = 'public-key.sh' if sys.argv[1] == 'public-key' else 'sign.sh'\n\
         sys.exit(subprocess.run(['{}' + verb, sys.argv[-1]]).returncode)\n",
        key.path("").display()
    );
    let directory = key.path("station").join(shipped::DIRECTORY);
    fs::create_dir_all(&directory).unwrap();
    let path = directory.join(shipped::file_name("hsm_tool", program.as_bytes()));
    fs::write(&path, program).unwrap();
    let fields = [
        ("module", "/usr/lib/m.so"),
        ("slot", "0"),
        ("key-label", "a \"$(key)\""),
        ("pin-file", "/etc/pin"),
    ];
    let draft = from(TemplateId::HsmTool, &fields).draft(&key.station.workspace()).unwrap();
    let mut profile = draft.profile;
    let shipped = profile.signing_program().unwrap().shipped().unwrap().path;
    let (old, new) = (path.display().to_string(), shipped.display().to_string());
    if let KeySource::External { command, public_key_command, .. } = &mut profile.source {
        *command = command.replace(&new, &old);
        *public_key_command = public_key_command.as_ref().map(|line| line.replace(&new, &old));
    }
    (profile, path)
}

#[test]
fn a_signer_keeps_the_program_of_its_release_and_runs_none_that_was_altered() {
    let key = Key::new();
    let workspace = key.station.workspace();
    let (profile, program) = of_another_release(&key);
    let made_from = signer_templates::made_from(&profile).unwrap();
    assert_eq!(made_from.fields["key-label"], "a \"$(key)\"");
    let report = signer_profiles::add_probed(&workspace, profile.into(), &Unattended).unwrap();
    assert_eq!(states(&report), [Works, Works, Works, Works, Absent], "{:?}", report.parts);
    assert!(text(part(&report, ProbePart::Program)).contains("this release has another"));
    let signer = signer_profiles::find(&workspace, "template").unwrap();
    signer.check_ready().unwrap();

    let whole = fs::read(&program).unwrap();
    let mark = key.path("ran");
    fs::write(&program, format!("open({:?}, 'w')", mark.display().to_string())).unwrap();
    let refused = signer.check_ready().unwrap_err().to_string();
    assert!(refused.contains(&program.display().to_string()), "{refused}");
    assert!(signer.open(None, &[]).is_err());
    let report = signer_profiles::probe(&workspace, "template", None, &Unattended).unwrap();
    assert_eq!(states(&report), [Contradicts, Works, NotChecked, NotChecked, NotChecked]);
    assert!(text(part(&report, ProbePart::Program)).contains("is not what Countersign shipped"));
    assert!(!mark.exists(), "it is not run");

    // A release that does not have it cannot write it again.
    fs::remove_file(&program).unwrap();
    let report = signer_profiles::probe(&workspace, "template", None, &Unattended).unwrap();
    assert_eq!(part(&report, ProbePart::Program).state, Failed);
    fs::write(&program, whole).unwrap();
    let report = signer_profiles::probe(&workspace, "template", None, &Unattended).unwrap();
    assert!(report.outcome.is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(signer.check_ready().is_err(), "others could change it between check and run");
    }
}

#[test]
fn fields_are_refused_before_anything_is_written() {
    let station = Station::new();
    let workspace = station.workspace();
    let wrong = from(TemplateId::VaultTransit, &[("address", "vault"), ("keys", "x")]);
    let problems = signer_templates::check(&wrong.made_from);
    let said: Vec<&str> = problems.iter().map(|problem| &*problem.why.text).collect();
    assert!(
        said.contains(&"Address of Vault is not an address that begins with https://."),
        "{said:?}"
    );
    let refused = wrong.draft(&workspace).unwrap_err().to_string();
    assert!(
        refused.contains("HashiCorp Vault Transit: keys is not one of its fields"),
        "{refused}"
    );
    assert!(!Path::new(&station.places.settings).with_file_name(shipped::DIRECTORY).exists());
}
