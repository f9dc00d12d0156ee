//! Certificates beside keys through the real binary, made by `openssl ca`: whose names they prove, what
//! revocation lists say, and that no level changes by any of it.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_tests::{Case, Outcome, command, countersign, finish, read_json};
use serde_json::Value;
use time_authority::people::{AUTHORITY, CertificateAuthorities, Certified, PERSON};

const LONG: [&str; 2] = ["20260101000000Z", "20600101000000Z"];
const ED25519: &str = "-algorithm ED25519";
const JANE: &str = "/O=Example AG/CN=Jane Okafor/emailAddress=jane@xn--bcher-kva.example";

/// A run that jane has signed with a key that has a certificate, by an intermediate of a root.
struct Desk {
    case: Case,
    all: CertificateAuthorities,
}

impl Desk {
    fn new(extensions: &str, valid: [&str; 2]) -> Self {
        let desk =
            Self { case: Case::copy("good_unsigned"), all: CertificateAuthorities::default() };
        desk.all.certify(Certified::authority("root", "root", "/O=Example/CN=Root"));
        desk.all.certify(Certified::authority("ca", "root", "/O=Example/CN=CA"));
        desk.all.key("jane", ED25519);
        let person = Certified::person("jane", "ca", JANE);
        desk.all.certify(Certified { extensions, valid, ..person });
        let chain = desk.all.together("chain.pem", &["jane.pem", "ca.pem"]);
        let holder = ["--key-id", "ds-jane", "--owner", "jane", "--role", "operator"];
        desk.run("keys", &["add", chain.to_str().unwrap()]).args(&holder).done();
        let key = desk.all.path("jane.key");
        let signs = ["--key-id", "ds-jane", "--signer", "jane", "--role", "operator"];
        let signs = desk.run("sign", &signs).args(&["--key-file", key.to_str().unwrap()]);
        signs.arg(&desk.case.run()).done();
        desk
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Run {
        let mut one = command();
        one.arg(name).args(arguments).arg("--keyring").arg(self.case.path().join("keyring.json"));
        Run(one)
    }

    fn trust(&self, root: &str) -> &Self {
        let sha256 = self.sha256(root);
        let path = self.all.path(root);
        self.run("roots", &["add", "--names", "--sha256", &sha256]).arg(&path).done();
        self
    }

    fn sha256(&self, file: &str) -> String {
        let text = fs::read_to_string(self.all.path(file)).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        Digest::of(&BASE64.decode(body).unwrap()).hex()
    }

    fn list(&self, issuer: &str, dates: [&str; 2], extensions: &str) -> &Self {
        let list = self.all.list(issuer, dates, extensions);
        self.run("roots", &["add-crl"]).arg(&list).done();
        self
    }

    fn verdict(&self) -> Value {
        let verify = ["verify", "--json"];
        let run = self.run(verify[0], &verify[1..]).arg(&self.case.run()).finish();
        serde_json::from_str(run.stdout.trim()).unwrap()
    }

    fn names(&self) -> Value {
        self.verdict()["signatures"][0]["names"].clone()
    }
}

struct Run(std::process::Command);

impl Run {
    fn arg(mut self, path: &Path) -> Self {
        self.0.arg(path);
        self
    }

    fn args(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    fn finish(mut self) -> Outcome {
        finish(&mut self.0, b"")
    }

    fn done(self) -> Outcome {
        self.finish().ok()
    }
}

fn kinds(names: &Value) -> Vec<&str> {
    let warnings = names["warnings"].as_array().unwrap();
    warnings.iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_name_is_proven_by_a_root_for_names_alone_and_changes_no_level() {
    let desk = Desk::new(&format!("{PERSON}\nsubjectAltName=email:jane@example.org"), LONG);
    let before = desk.verdict();
    let names = &before["signatures"][0]["names"];
    assert_eq!(names["standing"], "not_proven");
    assert!(names["words"].as_str().unwrap().contains("the certificate's own word"), "{names}");
    // A root of attestations or of time stamps proves no name.
    for what in [&["roots", "add"][..], &["roots", "add", "--tsa"]] {
        let sha256 = desk.sha256("root.pem");
        let run = desk.run(what[0], &what[1..]).args(&["--sha256", &sha256]);
        run.arg(&desk.all.path("root.pem")).done();
    }
    assert_eq!(desk.names()["standing"], "not_proven");
    desk.trust("root.pem");
    let after = desk.verdict();
    let names = &after["signatures"][0]["names"];
    assert_eq!(names["standing"], "proven");
    assert_eq!(names["root"]["sha256"], desk.sha256("root.pem"));
    assert_eq!(names["common_names"][0], "Jane Okafor");
    assert_eq!(names["emails"][1], "jane@xn--bcher-kva.example", "as it is written");
    assert_eq!(names["revocation"]["state"], "not_checked");
    let outcome = |verdict: &Value| (verdict["level"].clone(), verdict["checks"].clone());
    assert_eq!(outcome(&before), outcome(&after));
    // The certificate is in the keyring, and the reference's readers ignore it.
    let keyring = read_json(&desk.case.path().join("keyring.json"));
    assert_eq!(keyring["keys"][0]["certificates"].as_array().unwrap().len(), 2);
    let shown = desk.run("keys", &["show", "ds-jane"]).done().stdout;
    assert!(shown.contains("proven by") && shown.contains("digitalSignature"), "{shown}");
}

#[test]
fn a_certificate_for_another_key_is_refused_with_both_fingerprints() {
    let desk = Desk::new(PERSON, LONG);
    desk.all.certify(Certified::person("jon", "root", "/CN=Jon"));
    let refused = desk.run("keys", &["certify", "ds-jane"]).arg(&desk.all.path("jon.pem")).finish();
    assert_eq!(refused.code, 2);
    let is_print = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = refused.stderr.split(|c: char| !c.is_ascii_alphanumeric());
    assert_eq!(words.filter(is_print).count(), 2, "{}", refused.stderr);
    desk.run("keys", &["certify", "ds-jane", "--remove"]).done();
    assert_eq!(desk.names(), Value::Null);
    desk.run("keys", &["certify", "ds-jane"]).arg(&desk.all.path("chain.pem")).done();
    assert_eq!(desk.names()["standing"], "not_proven");
}

/// What will be recorded is shown before it is, and nothing else is recorded.
#[test]
fn what_a_certificate_would_record_is_shown_first() {
    let desk = Desk::new(PERSON, LONG);
    let keyring = desk.case.path().join("keyring.json");
    let before = fs::read(&keyring).unwrap();
    let chain = desk.all.path("chain.pem");
    let preview = ["certify", "ds-jane", "--preview"];
    let text = desk.run("keys", &preview).arg(&chain).done().stdout;
    let (own, above) = (desk.sha256("jane.pem"), desk.sha256("ca.pem"));
    for part in
        ["ds-jane of jane", "Jane Okafor", &own, &above, "instead of", "Nothing was changed."]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = desk.run("keys", &preview).args(&["--json"]).arg(&chain).done().stdout;
    let json: Value = serde_json::from_str(json.trim()).unwrap();
    assert_eq!(json["sha256"], serde_json::json!([own, above]));
    assert_eq!(json["after"]["standing"], "not_proven");
    assert_eq!(json["before"]["certificate"]["sha256"], json["after"]["certificate"]["sha256"]);
    desk.all.certify(Certified::person("jon", "root", "/CN=Jon"));
    assert_eq!(desk.run("keys", &preview).arg(&desk.all.path("jon.pem")).finish().code, 2);
    assert_eq!(fs::read(&keyring).unwrap(), before);
    let kept = desk.run("keys", &["certify", "ds-jane"]).arg(&chain).done().stdout;
    assert!(kept.contains(&own) && kept.contains("Put the certificate beside ds-jane"), "{kept}");
    // The pack's script says that it does not check the names.
    let mut script = countersign_tests::verifier();
    script.args(["--json", "--keyring"]).arg(&keyring).arg(desk.case.run());
    let row = finish(&mut script, b"").json_lines().remove(0);
    let checks = row["checks"].as_array().unwrap();
    let names = checks.iter().find(|one| one["id"] == "signer.names").unwrap();
    assert_eq!(names["result"], "unchecked", "{names}");
    assert!(names["detail"].as_str().unwrap().contains("not checkable by this script"), "{names}");
}

#[test]
fn validity_and_usage_are_warned_about() {
    let desk =
        Desk::new("keyUsage=critical,keyEncipherment", ["20200101000000Z", "20250101000000Z"]);
    desk.trust("root.pem");
    let names = desk.names();
    assert_eq!(names["standing"], "not_proven", "{names}");
    assert_eq!(kinds(&names)[..2], ["expired", "key_usage"]);
    let early = Desk::new(PERSON, ["20590101000000Z", "20600101000000Z"]);
    early.trust("root.pem");
    assert!(kinds(&early.names()).contains(&"not_yet_valid"));
}

#[test]
fn revocation_lists_count_if_their_authority_signed_them() {
    let desk = Desk::new(PERSON, LONG);
    desk.trust("root.pem");
    // Of another authority with the same name.
    desk.all.certify(Certified::authority("namesake", "namesake", "/O=Example/CN=CA"));
    desk.all.revoke("jane", "namesake", "200101000000Z", "keyCompromise");
    desk.list("namesake", LONG, "");
    let names = desk.names();
    assert_eq!(names["standing"], "proven");
    assert!(kinds(&names).contains(&"list_not_used"), "{names}");
    // Of its own, stale, then fresh, then with the certificate in it.
    desk.list("ca", ["20200101000000Z", "20210101000000Z"], "").list("root", LONG, "");
    let names = desk.names();
    assert_eq!(names["revocation"]["state"], "older_list");
    assert!(kinds(&names).contains(&"list_older"), "{names}");
    desk.list("ca", LONG, "");
    assert_eq!(desk.names()["revocation"]["state"], "not_revoked");
    desk.all.revoke("jane", "ca", "490101000000Z", "superseded");
    desk.list("ca", ["20260102000000Z", "20600101000000Z"], "");
    let names = desk.names();
    assert_eq!(names["standing"], "proven", "it was revoked later: {names}");
    assert!(kinds(&names).contains(&"revoked_later"));
    desk.all.revoke("jane", "ca", "490101000000Z", "keyTime,20480101000000Z");
    desk.list("ca", ["20260103000000Z", "20600101000000Z"], "");
    let names = desk.names();
    assert_eq!(names["standing"], "contradicted", "someone else may have the key: {names}");
    assert_eq!(names["revocation"]["state"], "revoked");
    let report = desk.run("verify", &[]).arg(&desk.case.run()).finish().stdout;
    assert!(report.contains("keyCompromise"), "{report}");
    let listed = desk.run("roots", &["list-crls", "--json"]).done().stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["lists"].as_array().unwrap().len(), 6);
    let sha256 = listed["lists"][0]["sha256"].as_str().unwrap();
    desk.run("roots", &["remove-crl", sha256]).done();
}

#[test]
fn hostile_names_are_written_out() {
    let subject = "/CN=Jane\u{202e}nimda/CN=\u{1b}[31mred/O=Two";
    let desk = Desk::new(PERSON, LONG);
    desk.all.certify(Certified::person("jane", "ca", subject));
    let chain = desk.all.together("chain.pem", &["jane.pem", "ca.pem"]);
    desk.run("keys", &["certify", "ds-jane"]).arg(&chain).done();
    for shown in [
        desk.run("keys", &["list"]).done().stdout,
        desk.run("keys", &["show", "ds-jane", "--json"]).done().stdout,
        desk.run("verify", &[]).arg(&desk.case.run()).finish().stdout,
        desk.run("explain", &[]).arg(&desk.case.run()).finish().stdout,
    ] {
        // In sentences names are quoted, with escapes; alone they are written out.
        let is_seen = |hidden: [&str; 2]| hidden.iter().any(|form| shown.contains(form));
        assert!(is_seen(["Jane⟨U+202E⟩nimda", r"Jane\u{202e}nimda"]), "{shown}");
        assert!(is_seen(["⟨U+001B⟩", r"\u{1b}"]), "{shown}");
        assert!(!shown.contains('\u{202e}') && !shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn a_root_for_names_is_no_other_root() {
    let desk = Desk::new(AUTHORITY, LONG);
    desk.trust("root.pem");
    for what in [&["list", "--json"][..], &["list", "--tsa", "--json"]] {
        let listed = desk.run("roots", what).done().stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        assert_eq!(listed["roots"].as_array().unwrap().len(), 0);
    }
    let names = desk.run("roots", &["list", "--names", "--json"]).done().stdout;
    assert!(names.contains(&desk.sha256("root.pem")));
    assert!(kinds(&desk.names()).contains(&"authority"));
    let both = countersign(["roots", "list", "--names", "--tsa"]);
    assert_eq!(both.code, 2);
}
