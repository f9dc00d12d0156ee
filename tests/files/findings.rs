//! Findings through the real binary: made with a key, shown, verified against a pack, and refused with
//! anything in them changed.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, read_json, seed};
use serde_json::{Value, json};
use tempfile::TempDir;

const ANY_KEY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];

struct Review {
    place: TempDir,
    case: Case,
}

impl Review {
    /// A pack of an envelope that operator and witness have signed, and an auditor with a key.
    fn new() -> Self {
        let (case, place) = (Case::copy("good_multisig"), tempfile::tempdir().unwrap());
        let pack = place.path().join("pack");
        finish(command().arg("pack").arg(case.run()).arg("--out").arg(pack).args(ANY_KEY), b"").ok();
        let review = Self { place, case };
        // The keyring gets the key from a signature by it.
        let sign = ["sign", "--role", "auditor", "--signer", "a.auditor", "--key-id", "audit"];
        let other = Case::copy("good_unsigned");
        let mut act = command();
        finish(act.args(sign).args(["--key-file", "-"]).arg(other.run()), seed(7).as_bytes()).ok();
        let signatures = other.run().with_file_name(format!(
            "{}.sig.json",
            other.run().file_name().unwrap().to_string_lossy()
        ));
        let add = ["keys", "add", "--owner", "a.auditor", "--key-id", "audit", "--role", "auditor"];
        let mut act = command();
        act.args(add).arg("--keyring").arg(review.path("keyring.json")).arg(signatures);
        finish(&mut act, b"").ok();
        review
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn make(&self, pack: &Path, outcome: &str, more: &[&str]) -> Outcome {
        let mut act = command();
        act.args(["finding", "make", "--outcome", outcome, "--key-file", "-", "--key-id", "audit"]);
        act.arg("--keyring").arg(self.path("keyring.json")).args(more).arg(pack);
        finish(&mut act, seed(7).as_bytes())
    }

    fn out(&self, name: &str) -> [String; 2] {
        ["--out".to_owned(), self.path(name).display().to_string()]
    }

    fn finding(&self, verb: &str, more: &[&Path]) -> Outcome {
        let mut act = command();
        act.args(["finding", verb, "--json", "--keyring"]).arg(self.path("keyring.json"));
        finish(act.args(more), b"")
    }

    /// How a finding stands, compared with a pack.
    fn standing(&self, finding: &Path, pack: &Path) -> (i32, String) {
        let outcome = self.finding("verify", &[finding, pack]);
        let standing = outcome.json_lines()[0]["standing"].as_str().unwrap().to_owned();
        (outcome.code, standing)
    }
}

#[test]
fn a_finding_is_made_shown_and_verified_against_its_pack() {
    let review = Review::new();
    let (pack, finding) = (review.path("pack"), review.path("one.finding.json"));
    let digest = finish(command().args(["verify", "--json"]).args(ANY_KEY).arg(&pack), b"");
    let digest = digest.json_lines()[0]["pack"]["digest"].as_str().unwrap().to_uppercase();
    let page = review.path("one.finding.html");
    let [out, place] = review.out("one.finding.json");
    let decision = read_json(&review.case.run());
    let decision = decision["decision_id"].as_str().or(decision["authority_envelope"]["decision_id"].as_str());
    let run = review.case.run().file_name().unwrap().to_string_lossy().into_owned();
    let note = format!("{}=Asked by telephone.", decision.unwrap_or(&run));
    let more = [&*out, &place, "--note-on", &note, "--expect", &digest, "--html"];
    let more: Vec<&str> = more.into_iter().chain(page.to_str()).collect();
    let made = review.make(&pack, "accepted_with_reservations", &more).ok();
    assert!(made.stdout.contains("one.finding.json"), "{made:#?}");
    assert!(fs::read_to_string(&page).unwrap().contains("Asked by telephone."));

    let shown = review.finding("show", &[&finding]).ok().json_lines().remove(0);
    assert_eq!(shown["standing"], "not_compared");
    let said = &shown["statement"]["predicate"];
    assert_eq!(said["told"], "same");
    assert_eq!((&said["complete"], &said["keys"]), (&json!(true), &json!("station")));
    assert_eq!(said["envelopes"][0]["note"], "Asked by telephone.");
    assert_eq!(said["envelopes"][0]["own"]["level"], 1);
    assert_eq!(shown["statement"]["subject"][0]["digest"]["sha256"], digest.to_lowercase());
    assert_eq!(review.standing(&finding, &pack), (0, "holds".to_owned()));
    // Nobody's keyring knows the key.
    let stranger = finish(command().args(["finding", "verify"]).arg(&finding).arg(&pack), b"");
    assert_eq!(stranger.code, 1);
    assert!(stranger.stdout.contains("not by a key that counts here"), "{stranger:#?}");
}

#[test]
fn a_finding_with_any_field_changed_is_refused() {
    let review = Review::new();
    let (pack, finding) = (review.path("pack"), review.path("one.finding.json"));
    let [out, place] = review.out("one.finding.json");
    review.make(&pack, "accepted", &[&out, &place]).ok();
    let whole = read_json(&finding);
    let payload = BASE64.decode(whole["envelope"]["payload"].as_str().unwrap()).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    // Every value of the Statement, by its place.
    let mut places = Vec::new();
    walk(&statement, String::new(), &mut places);
    assert!(places.len() > 20, "{places:?}");
    for at in places {
        let mut changed = statement.clone();
        let value = changed.pointer_mut(&at).unwrap();
        *value = match value.take() {
            Value::String(text) => {
                let mut text: Vec<char> = text.chars().collect();
                match text.last_mut() {
                    Some(last) => *last = if *last == '0' { '1' } else { '0' },
                    None => text.push('x'),
                }
                Value::String(text.into_iter().collect())
            }
            Value::Bool(value) => Value::Bool(!value),
            Value::Null => json!(1),
            _ => json!(7),
        };
        let mut altered = whole.clone();
        altered["envelope"]["payload"] = BASE64.encode(changed.to_string()).into();
        fs::write(&finding, altered.to_string()).unwrap();
        let (code, standing) = review.standing(&finding, &pack);
        assert_eq!((code, standing.as_str()), (1, "invalid"), "{at}");
    }
    for (at, value) in [
        ("/public_key", "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("/algorithm", "rsa-pss-sha256"),
        ("/envelope/payloadType", "text/plain"),
        ("/envelope/signatures/0/sig", "AAAA"),
        ("/envelope/signed_payload", "sha256"),
    ] {
        let mut altered = whole.clone();
        *altered.pointer_mut(at).unwrap() = value.into();
        fs::write(&finding, altered.to_string()).unwrap();
        assert_eq!(review.standing(&finding, &pack), (1, "invalid".to_owned()), "{at}");
    }
    // What is no finding is named so.
    fs::write(&finding, "{}").unwrap();
    review.finding("verify", &[&finding, &pack]).refused(&["not a file with a finding"]);
}

/// The places of all values that are not containers.
fn walk(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| walk(value, format!("{at}/{key}"), places));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| walk(value, format!("{at}/{index}"), places)),
        _ => places.push(at),
    }
}

#[test]
fn another_pack_is_named_and_a_modified_one_is_not_just_accepted() {
    let review = Review::new();
    let (pack, finding) = (review.path("pack"), review.path("one.finding.json"));
    let [out, place] = review.out("one.finding.json");
    review.make(&pack, "accepted", &[&out, &place]).ok();
    let other = Case::copy("good_ed25519");
    let second = review.path("second");
    let mut act = command();
    finish(act.arg("pack").arg(other.run()).arg("--out").arg(&second).args(ANY_KEY), b"").ok();
    assert_eq!(review.standing(&finding, &second), (1, "another_pack".to_owned()));

    fs::write(pack.join("report.html"), "<p>All is well.</p>").unwrap();
    assert_eq!(review.standing(&finding, &pack), (1, "another_pack".to_owned()));
    let [out, place] = review.out("two.finding.json");
    let more = [&*out, &*place];
    review.make(&pack, "accepted", &more).refused(&["cannot be accepted without reservations"]);
    review.make(&pack, "rejected", &more).refused(&["no note says why"]);
    let inside = pack.join("f.finding.json").display().to_string();
    let inside = ["--note", "The report was replaced.", "--out", &inside];
    review.make(&pack, "rejected", &inside).refused(&["only reviewed"]);
    let more = [&more[..], &["--note", "The report was replaced."]].concat();
    review.make(&pack, "rejected", &more).ok();
    let two = review.path("two.finding.json");
    assert_eq!(review.standing(&two, &pack), (0, "holds".to_owned()));
    let list = fs::read(pack.join("SHA256SUMS")).unwrap();
    let list = countersign_envelope::digest::Digest::of(&list).hex();
    let said = review.finding("show", &[&two]).json_lines().remove(0);
    assert_eq!(said["statement"]["predicate"]["list"], list.as_str());
    assert_ne!(said["statement"]["subject"][0]["digest"]["sha256"], list.as_str());
    // A directory of runs has no digest.
    let runs = review.case.run();
    let [out, place] = review.out("three.finding.json");
    let none = review.make(runs.parent().unwrap(), "rejected", &["--note", "?", &out, &place]);
    none.refused(&["this has none"]);
    let unknown = ["--note-on", "DEC-404=?", &out, &place];
    review.make(&second, "rejected", &unknown).refused(&["DEC-404"]);
}
