//! Time stamps through the real binary and a real authority: asked for, brought back, judged, and
//! verified without Countersign.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, countersign, finish, read_json, signatures_of};
use serde_json::Value;
use time_authority::TimeAuthority;

/// A run that is signed here, with a claim, and an authority that the station trusts.
struct Desk {
    case: Case,
    authority: TimeAuthority,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { case: Case::copy("good_unsigned"), authority: TimeAuthority::default() };
        let key = BASE64.encode([1; 32]);
        let public = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="; // of the key 01 01 … 01
        desk.run("keys", &["add", public, "--key-id", "ds-test", "--owner", "mira"])
            .arg("--role=operator")
            .done(b"");
        desk.run(
            "sign",
            &["--key-file", "-", "--key-id", "ds-test", "--signer", "mira", "--role", "operator"],
        )
        .arg(desk.case.run())
        .done(key.as_bytes());
        let root = fs::read(desk.authority.root()).unwrap();
        let root = pem_digest(&root);
        desk.run("roots", &["add", "--tsa", "--sha256", &root])
            .arg(desk.authority.root())
            .done(b"");
        desk
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Run {
        let mut one = command();
        one.arg(name).args(arguments).arg("--keyring").arg(self.keyring());
        Run(one)
    }

    fn keyring(&self) -> PathBuf {
        self.case.path().join("keyring.json")
    }

    fn folder(&self) -> PathBuf {
        self.case.path().join("ask")
    }

    fn answer(&self) {
        for entry in fs::read_dir(self.folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "tsq") {
                let answer = self.authority.answer(&fs::read(&path).unwrap());
                fs::write(path.with_extension("tsr"), answer).unwrap();
            }
        }
    }

    fn import(&self) -> Outcome {
        self.run("time", &["import"]).arg(self.folder()).finish(b"")
    }

    fn stamp(&self) {
        self.run("time", &["request"])
            .arg("--out")
            .arg(self.folder())
            .arg(self.case.run())
            .done(b"");
        self.answer();
        self.import().ok();
    }

    fn times(&self, more: &[&str]) -> Vec<Value> {
        let shown = self.run("time", &["show", "--json"]).args(more).arg(self.case.run());
        shown.finish(b"").ok().json_lines()
    }

    fn level(&self, more: &[&str]) -> Value {
        let status = self.run("status", &["--json"]).args(more).arg(self.case.path());
        status.finish(b"").json_lines().remove(0)["signatures"][0]["standing"].clone()
    }

    /// The one signature on the run, to be changed.
    fn edit(&self, change: impl Fn(&mut Value)) {
        let path = signatures_of(&self.case.run());
        let mut file = read_json(&path);
        change(&mut file);
        fs::write(&path, file.to_string()).unwrap();
    }
}

/// A command that is prepared.
struct Run(std::process::Command);

impl Run {
    fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    fn args(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    fn finish(mut self, input: &[u8]) -> Outcome {
        finish(&mut self.0, input)
    }

    fn done(self, input: &[u8]) -> Outcome {
        self.finish(input).ok()
    }
}

fn pem_digest(pem: &[u8]) -> String {
    let text = String::from_utf8(pem.to_vec()).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    countersign_envelope::digest::Digest::of(&BASE64.decode(body).unwrap()).hex()
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn one_token_dates_a_claim_and_the_signatures_on_run_and_manifest() {
    let desk = Desk::new();
    let times = desk.times(&[]);
    assert!(times.iter().all(|one| one["kind"] == "signed" && one["trusted"].is_null()));
    desk.stamp();
    let written = fs::read_dir(desk.folder()).unwrap();
    let requests = written.filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "tsq")
    });
    assert_eq!(requests.count(), 1, "one claim, one request");
    let times = desk.times(&[]);
    assert_eq!(times.len(), 2, "on the run and on the manifest");
    for one in &times {
        assert_eq!(
            (&one["kind"], &one["timestamps"][0]["covers"]),
            (&"trusted".into(), &"claim".into())
        );
        assert_eq!(one["trusted"]["authority"], "CN=Test_TSA,O=Test");
    }
    // OpenSSL verifies the token over the claim's own signature.
    let file = read_json(&signatures_of(&desk.case.run()));
    let token = decoded(&file["timestamps"][0]["token"]);
    let claim = decoded(&file["claim"]["signatures"][0]["sig"]);
    assert!(desk.authority.verifies(&token, &claim));
    let shown = desk.run("time", &["show"]).arg(desk.case.run()).done(b"").stdout;
    for words in ["claimed  ", "by its key", "trusted  ", "by CN=Test_TSA"] {
        assert!(shown.contains(words), "{shown}");
    }
    let explained = desk.run("explain", &[]).arg(desk.case.run()).done(b"").stdout;
    for words in [", signed by the key", ", vouched for by CN=Test_TSA,O=Test"] {
        assert!(explained.contains(&format!("Z{words}")), "{explained}");
    }
    // A time that the policy asks for is there now, and not without the root.
    assert_eq!(desk.level(&["--time", "trusted"]), "valid");
    let none = desk.case.path().join("none");
    fs::create_dir(&none).unwrap();
    let none = none.to_str().unwrap();
    assert_eq!(desk.level(&["--time", "trusted", "--tsa-roots", none]), "not_accepted");
    assert_eq!(desk.level(&["--time", "signed", "--tsa-roots", none]), "valid");
}

#[test]
fn a_response_alone_is_imported_where_its_signature_is() {
    let desk = Desk::new();
    let request = desk.run("time", &["request"]).arg("--out").arg(desk.folder());
    request.arg(desk.case.run()).done(b"");
    desk.answer();
    let written = fs::read_dir(desk.folder()).unwrap().map(|entry| entry.unwrap().path());
    let response = written.into_iter().find(|path| path.extension().is_some_and(|it| it == "tsr"));
    let download = desk.case.path().join("download.tsr");
    fs::rename(response.unwrap(), &download).unwrap();
    fs::remove_dir_all(desk.folder()).unwrap();
    let import = desk.run("time", &["import"]).arg(&download).arg("--in").arg(desk.case.path());
    let said = import.done(b"").stdout;
    assert!(said.contains("added") && said.contains("by CN=Test_TSA"), "{said}");
    assert!(desk.times(&[]).iter().all(|one| one["kind"] == "trusted"));
}

#[test]
fn whoever_takes_the_claim_away_takes_the_trusted_time_with_it() {
    let desk = Desk::new();
    desk.stamp();
    desk.edit(|file| {
        file.as_object_mut().unwrap().remove("claim");
    });
    let on_run = desk.times(&[]).remove(0);
    assert_eq!((&on_run["kind"], &on_run["trusted"]), (&"claimed".into(), &Value::Null));
    let problem = on_run["timestamps"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("the signature has none"), "{problem}");
    // The token of another signature in its place proves nothing either.
    let other = Desk::new();
    other.stamp();
    let stolen = read_json(&signatures_of(&other.case.run()))["timestamps"].clone();
    let desk = Desk::new();
    desk.edit(|file| {
        file["timestamps"] = stolen.clone();
        file["timestamps"][0]["covers"] = "signature".into();
    });
    let on_run = desk.times(&[]).remove(0);
    let problem = on_run["timestamps"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("something else"), "{problem}");
}

#[test]
fn of_a_compromised_key_only_what_was_stamped_before_counts() {
    let stamped = Desk::new();
    stamped.stamp();
    let bare = Desk::new();
    for (desk, standing) in [(&stamped, "valid"), (&bare, "not_accepted")] {
        let at = "2099-01-01T00:00:00Z";
        desk.run("keys", &["revoke", "ds-test", "--reason", "stolen", "--at", at])
            .args(&["--reason-code", "key_compromise", "--since", "2098-01-01T00:00:00Z"])
            .done(b"");
        assert_eq!(desk.level(&[]), standing);
        assert_eq!(desk.level(&["--trust", "embedded"]), standing);
        let key = read_json(&desk.keyring())["keys"][0].clone();
        assert_eq!(key["revocation_code"], "key_compromise");
        let listed = desk.run("keys", &["list"]).done(b"").stdout;
        assert!(listed.contains("compromised since 2098-01-01"), "{listed}");
    }
    let desk = Desk::new();
    desk.run("keys", &["revoke", "ds-test", "--reason", "x", "--since", "2026-01-01T00:00:00Z"])
        .finish(b"")
        .refused(&["only for a compromised key"]);
}

#[test]
fn tokens_are_kept_by_merging_and_carrying() {
    let desk = Desk::new();
    let copy = desk.case.path().join("copy");
    fs::create_dir(&copy).unwrap();
    let (run, manifest) = (desk.case.run(), desk.case.manifest());
    for path in [signatures_of(&run), signatures_of(&manifest), run, manifest] {
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    desk.stamp();
    // A copy from before the stamp gets it, and loses nothing.
    let target = copy.join(desk.case.run().file_name().unwrap());
    desk.run("merge", &[]).arg(&target).arg(desk.case.run()).done(b"");
    let token = |run: &Path| read_json(&signatures_of(run))["timestamps"].clone();
    assert_eq!(token(&target), token(&desk.case.run()));
    assert!(token(&target).is_array());
    let parcel = desk.case.path().join("parcel.zip");
    countersign([
        "export".as_ref(),
        desk.case.run().as_os_str(),
        "--out".as_ref(),
        parcel.as_os_str(),
    ])
    .ok();
    let there = desk.case.path().join("there");
    fs::create_dir(&there).unwrap();
    desk.run("import", &[]).arg(&parcel).arg(&there).done(b"");
    let arrived = there.join(desk.case.run().file_name().unwrap());
    assert_eq!(token(&arrived), token(&desk.case.run()));
}
