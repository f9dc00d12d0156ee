//! Certificates and lists made by OpenSSL, on either side of each rule.

use std::fs;
use std::path::Path;

use time_authority::people::{ALWAYS, AUTHORITY, CertificateAuthorities, Certified, PERSON};

use super::beside_key::KeyCertificates;
use super::revocation::RevocationState;
use super::warning::NameWarningKind;
use super::*;

const ROOT: Certified<'_> = Certified::authority("root", "root", "/O=Example/CN=Root");
const JANE: &str = "/O=Example AG/OU=Audit/CN=Jane Okafor/emailAddress=jane@example.org";

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}T00:00:00Z")).unwrap()
}

fn certificates(path: &Path) -> Vec<Certificate> {
    KeyCertificates::read(&fs::read(path).unwrap()).unwrap()
}

/// What is looked at: authorities, and what of theirs is trusted and known.
#[derive(Default)]
struct Look {
    all: CertificateAuthorities,
    roots: Vec<Certificate>,
    lists: Vec<Vec<u8>>,
}

impl Look {
    /// A root that is trusted, and a person by it.
    fn new(person: Certified<'_>) -> Self {
        let mut look = Self::default();
        look.trust(ROOT);
        look.all.certify(person);
        look
    }

    fn trust(&mut self, root: Certified<'_>) {
        let root = self.all.certify(root);
        self.roots.extend(certificates(&root));
    }

    fn list(&mut self, path: &Path) {
        self.lists.push(fs::read(path).unwrap());
    }

    fn judge(&self, files: &[&str], when: When<'_>) -> NameFinding {
        let all: Vec<_> =
            files.iter().flat_map(|file| certificates(&self.all.path(file))).collect();
        let key = all[0].key().unwrap().clone();
        let own = KeyCertificates::of(&key, all).unwrap();
        let lists = self.lists.iter().flat_map(|bytes| RevocationList::read(bytes).unwrap());
        let trust = NameTrust::new(self.roots.clone(), lists);
        judge_one(&own, Some(&key), Some("jane"), Some(when), &trust)
    }

    fn jane(&self, day: &str) -> NameFinding {
        self.judge(&["jane.pem"], signed(day))
    }
}

/// A signature of a day, looked at in 2030.
fn signed(day: &str) -> When<'static> {
    When { says: at(day), trusted: None, now: at("2030-01-01") }
}

fn trusted(day: &str) -> TrustedTime {
    TrustedTime {
        at: at(day),
        accuracy: 1,
        authority: String::new(),
        root: String::new(),
        authority_ends: at("2060-01-01"),
        chain_ends: at("2060-01-01"),
    }
}

fn kinds(finding: &NameFinding) -> Vec<NameWarningKind> {
    finding.warnings.iter().map(|one| one.kind).collect()
}

#[test]
fn a_root_proves_the_names_and_only_one_that_is_trusted() {
    let person = Certified {
        extensions: &format!("{PERSON}\nsubjectAltName=email:j.okafor@example.org"),
        ..Certified::person("jane", "root", JANE)
    };
    let look = Look::new(person);
    let finding = look.jane("2026-01-01");
    assert!(finding.is_proven(), "{finding:?}");
    assert_eq!(finding.outcome.as_ref().unwrap().subject(), "CN=Root,O=Example");
    assert_eq!(finding.names.common_names, ["Jane Okafor"]);
    assert_eq!(finding.names.emails, ["j.okafor@example.org", "jane@example.org"]);
    assert_eq!(finding.names.organizations, ["Example AG"]);
    assert_eq!(kinds(&finding), []);
    assert_eq!(finding.revocation.state, RevocationState::NotChecked);

    let mut other = Look { all: look.all, ..Look::default() };
    let finding = other.jane("2026-01-01");
    assert_eq!(
        finding.outcome.clone().unwrap_err(),
        NameProblem::UnknownRoot { issuer: "CN=Root,O=Example".to_owned() }
    );
    assert_eq!(finding.standing(), NameStanding::NotProven);
    // A root that comes with the certificate is named, and not trusted.
    let finding = other.judge(&["jane.pem", "root.pem"], signed("2026-01-01"));
    assert!(matches!(finding.outcome, Err(NameProblem::OtherRoot { .. })), "{finding:?}");
    assert_eq!(finding.standing(), NameStanding::NotProven);
    // Another root of the same name has not signed it.
    other.trust(Certified { name: "namesake", issuer: "namesake", ..ROOT });
    let finding = other.jane("2026-01-01");
    assert_eq!(finding.standing(), NameStanding::Contradicted, "{finding:?}");
    // If the one that has comes with it, it is known which one it is.
    let finding = other.judge(&["jane.pem", "root.pem"], signed("2026-01-01"));
    assert!(matches!(finding.outcome, Err(NameProblem::OtherRoot { .. })), "{finding:?}");
    // Of two by one name the one that signed proves it.
    other.trust(ROOT_AGAIN);
    other.all.certify(Certified::person("jon", "again", "/CN=Jon"));
    assert!(other.judge(&["jon.pem"], signed("2026-01-01")).is_proven());
}

const ROOT_AGAIN: Certified<'_> = Certified { name: "again", issuer: "again", ..ROOT };

#[test]
fn a_certificate_that_signed_itself_proves_nothing_unless_it_is_trusted() {
    let alone = Certified::person("jane", "jane", JANE);
    let mut look = Look::default();
    look.all.certify(alone);
    let finding = look.jane("2026-01-01");
    assert_eq!(finding.outcome.unwrap_err(), NameProblem::SelfSigned);
    look.roots.extend(certificates(&look.all.path("jane.pem")));
    assert!(look.jane("2026-01-01").is_proven());
}

#[test]
fn an_intermediate_helps_if_it_is_an_authority() {
    for (extensions, holds) in [
        (AUTHORITY, true),
        ("keyUsage=critical,keyCertSign", false),
        ("basicConstraints=CA:FALSE", false),
        ("basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign", false),
        ("basicConstraints=critical,CA:TRUE\nextendedKeyUsage=critical,serverAuth", false),
        ("basicConstraints=critical,CA:TRUE\nextendedKeyUsage=critical,emailProtection", true),
    ] {
        let mut look = Look::default();
        look.trust(ROOT);
        let middle = Certified { extensions, ..Certified::authority("ca", "root", "/CN=CA") };
        look.all.certify(middle);
        look.all.certify(Certified::person("jane", "ca", JANE));
        assert_eq!(look.jane("2026-01-01").standing(), NameStanding::NotProven);
        let finding = look.judge(&["jane.pem", "ca.pem"], signed("2026-01-01"));
        let standing = if holds { NameStanding::Proven } else { NameStanding::Contradicted };
        assert_eq!(finding.standing(), standing, "{extensions}: {finding:?}");
    }
}

#[test]
fn names_and_addresses_that_an_authority_may_not_issue_for_are_contradicted() {
    let constrained = |constraint: &str, address: &str, in_subject: bool| {
        let extensions = format!("{AUTHORITY}\nnameConstraints=critical,{constraint}");
        let mut look = Look::default();
        look.trust(Certified { extensions: &extensions, ..ROOT });
        let named = match in_subject {
            true => format!("/CN=Jane/emailAddress={address}"),
            false => "/CN=Jane".to_owned(),
        };
        let extensions = match in_subject {
            true => PERSON.to_owned(),
            false => format!("{PERSON}\nsubjectAltName=email:{address}"),
        };
        let person = Certified::person("jane", "root", &named);
        look.all.certify(Certified { extensions: &extensions, ..person });
        look.jane("2026-01-01").standing()
    };
    for in_subject in [true, false] {
        for (constraint, address, holds) in [
            ("permitted;email:example.org", "jane@example.org", true),
            ("permitted;email:example.org", "jane@EXAMPLE.org", true),
            ("permitted;email:example.org", "jane@sub.example.org", false),
            ("permitted;email:.example.org", "jane@sub.example.org", true),
            ("permitted;email:.example.org", "jane@example.org", false),
            ("permitted;email:.example.org", "jane@badexample.org", false),
            ("permitted;email:jane@example.org", "jane@example.org", true),
            ("permitted;email:jane@example.org", "Jane@example.org", false),
            ("excluded;email:jane@example.org", "Jane@example.org", false),
            ("excluded;email:example.org", "jane@example.com", true),
        ] {
            let standing = constrained(constraint, address, in_subject);
            let wanted = if holds { NameStanding::Proven } else { NameStanding::Contradicted };
            assert_eq!(standing, wanted, "{constraint} {address} {in_subject}");
        }
    }
}

#[test]
fn validity_is_judged_at_the_time_of_the_signature() {
    let person = Certified::person("jane", "root", JANE);
    let look = Look::new(Certified { valid: ["20250101000000Z", "20260101000000Z"], ..person });
    let good = look.jane("2025-06-01");
    assert!(good.is_proven());
    assert_eq!(kinds(&good), [NameWarningKind::ExpiredNow]);
    let late = look.jane("2026-06-01");
    assert!(matches!(late.outcome, Err(NameProblem::Expired { .. })));
    assert_eq!(
        (late.standing(), kinds(&late)),
        (NameStanding::NotProven, vec![NameWarningKind::Expired])
    );
    let early = look.jane("2024-06-01");
    assert!(matches!(early.outcome, Err(NameProblem::NotYetValid { .. })));
    assert!(kinds(&early).contains(&NameWarningKind::NotYetValid));
    // An authority knows better than the signature itself.
    let time = trusted("2026-06-01");
    let when = When { trusted: Some(&time), ..signed("2025-06-01") };
    assert!(!look.judge(&["jane.pem"], when).is_proven());
    // A root that has expired proves nothing.
    let mut old = Look::default();
    old.trust(Certified { valid: ["20200101000000Z", "20250101000000Z"], ..ROOT });
    old.all.certify(Certified::person("jane", "root", JANE));
    assert!(old.jane("2024-06-01").is_proven() && !old.jane("2025-06-01").is_proven());
}

#[test]
fn what_a_key_is_for_is_warned_about() {
    for (extensions, warned) in [
        ("keyUsage=critical,digitalSignature", None),
        ("keyUsage=nonRepudiation", None),
        ("subjectKeyIdentifier=hash", None),
        ("keyUsage=critical,keyEncipherment", Some(NameWarningKind::KeyUsage)),
        ("extendedKeyUsage=critical,clientAuth", Some(NameWarningKind::ExtendedKeyUsage)),
        ("extendedKeyUsage=clientAuth", None),
        ("extendedKeyUsage=critical,clientAuth,emailProtection", None),
        ("extendedKeyUsage=critical,1.3.6.1.5.5.7.3.36", None),
        (AUTHORITY, Some(NameWarningKind::KeyUsage)),
    ] {
        let person = Certified::person("jane", "root", "/CN=jane");
        let finding = Look::new(Certified { extensions, ..person }).jane("2026-01-01");
        assert!(finding.is_proven(), "{extensions}: {finding:?}");
        assert_eq!(kinds(&finding).first().copied(), warned, "{extensions}");
    }
    let critical = "1.2.3.4=critical,DER:0500";
    let person = Certified::person("jane", "root", JANE);
    let finding = Look::new(Certified { extensions: critical, ..person }).jane("2026-01-01");
    assert!(matches!(finding.outcome, Err(NameProblem::NotProcessed { .. })), "{finding:?}");
}

#[test]
fn a_name_agrees_with_the_owner_only_if_nothing_in_it_is_hidden() {
    let person = |subject| Look::new(Certified::person("jane", "root", subject)).jane("2026-01-01");
    for subject in ["/CN=JANE", "/CN=J. Okafor/emailAddress=jane@example.org", "/CN=x/CN=jane"] {
        assert_eq!(kinds(&person(subject)), [], "{subject}");
    }
    for subject in ["/CN=Jane Okafor", "/CN=ja\u{202e}ne", "/CN=j\u{430}ne", "/O=jane"] {
        assert_eq!(kinds(&person(subject)), [NameWarningKind::OtherName], "{subject}");
    }
    let many = person("/CN=one/CN=two/O=Example");
    assert_eq!(many.names.common_names, ["one", "two"]);
}

#[test]
fn a_certificate_for_another_key_is_contradicted_and_never_kept() {
    let look = Look::new(Certified::person("jane", "root", JANE));
    look.all.certify(Certified::person("jon", "root", "/CN=Jon"));
    let (jane, jon) =
        (certificates(&look.all.path("jane.pem")), certificates(&look.all.path("jon.pem")));
    let key = jon[0].key().unwrap();
    let error = KeyCertificates::of(key, jane.clone()).unwrap_err().to_string();
    let prints = [jane[0].key().unwrap(), key].map(|key| key.fingerprint().hex());
    assert!(prints.iter().all(|print| error.contains(print)), "{error}");
    let own = KeyCertificates { leaf: jane[0].clone(), helpers: Vec::new() };
    let trust = NameTrust::new(look.roots, []);
    let finding = judge_one(&own, Some(key), None, Some(signed("2026-01-01")), &trust);
    assert_eq!(finding.standing(), NameStanding::Contradicted);
}

const LISTED: [&str; 2] = ["20260301000000Z", "20310101000000Z"];

#[test]
fn a_revocation_counts_from_its_date_and_a_compromise_always() {
    let revoked = |date: &str, reason: &str| {
        let mut look = Look::new(Certified::person("jane", "root", JANE));
        look.all.revoke("jane", "root", date, reason);
        let list = look.all.list("root", LISTED, "");
        look.list(&list);
        look
    };
    for reason in ["", "superseded", "affiliationChanged"] {
        let look = revoked("260201000000Z", reason);
        let before = look.jane("2026-01-31");
        assert!(before.is_proven(), "{before:?}");
        assert_eq!(kinds(&before), [NameWarningKind::RevokedLater]);
        assert_eq!(before.revocation.state, RevocationState::NotRevoked);
        let after = look.jane("2026-02-01");
        assert_eq!(after.standing(), NameStanding::Contradicted);
        assert_eq!(after.revocation.state, RevocationState::Revoked);
    }
    let look = revoked("260201000000Z", "keyTime,20260101000000Z");
    assert_eq!(look.jane("2025-01-01").standing(), NameStanding::Contradicted);
    for (day, proven) in [("2025-12-31", true), ("2026-01-01", false), ("2026-01-15", false)] {
        let time = trusted(day);
        let when = When { trusted: Some(&time), ..signed("2025-01-01") };
        assert_eq!(look.judge(&["jane.pem"], when).is_proven(), proven, "{day}");
    }
    // Without a date since when, from its revocation on.
    let look = revoked("260201000000Z", "keyCompromise");
    for (day, proven) in [("2026-01-31", true), ("2026-02-01", false)] {
        let time = trusted(day);
        let when = When { trusted: Some(&time), ..signed("2025-01-01") };
        assert_eq!(look.judge(&["jane.pem"], when).is_proven(), proven, "{day}");
    }
    // What has expired is revoked as well.
    let mut old = Look::default();
    old.trust(ROOT);
    let valid = ["20200101000000Z", "20260101000000Z"];
    old.all.certify(Certified { valid, ..Certified::person("jane", "root", JANE) });
    old.all.revoke("jane", "root", "250601000000Z", "keyCompromise");
    let list = old.all.list("root", LISTED, "");
    old.list(&list);
    assert_eq!(old.jane("2027-01-01").standing(), NameStanding::Contradicted);
}

#[test]
fn a_list_counts_only_if_the_very_key_of_the_authority_signed_it() {
    let mut look = Look::new(Certified::person("jane", "root", JANE));
    look.all.certify(ROOT_AGAIN);
    look.all.revoke("jane", "again", "200201000000Z", "keyCompromise");
    let list = look.all.list("again", LISTED, "");
    look.list(&list);
    let finding = look.jane("2026-02-01");
    assert!(finding.is_proven(), "{finding:?}");
    assert_eq!(finding.revocation.state, RevocationState::NotChecked);
    assert_eq!(kinds(&finding), [NameWarningKind::ListNotUsed]);

    // An authority that may not sign lists.
    let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign";
    let mut look = Look::default();
    look.trust(Certified { extensions, ..ROOT });
    look.all.certify(Certified::person("jane", "root", JANE));
    let list = look.all.list("root", LISTED, "");
    look.list(&list);
    let finding = look.jane("2026-02-01");
    assert_eq!(finding.revocation.state, RevocationState::NotCheckable);
    assert!(finding.is_proven());
}

#[test]
fn lists_that_cannot_be_checked_say_so() {
    for (extensions, state) in [
        ("crlNumber=DER:020101", RevocationState::NotRevoked),
        (
            "deltaCRL=critical,DER:020101\n2.5.29.27=critical,DER:020101",
            RevocationState::NotCheckable,
        ),
        ("1.2.3.4=critical,DER:0500", RevocationState::NotCheckable),
        ("1.2.3.4=DER:0500", RevocationState::NotRevoked),
        (
            "issuingDistributionPoint=critical,@idp\n[idp]\nindirectCRL=TRUE",
            RevocationState::NotCheckable,
        ),
        (
            "issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons=superseded",
            RevocationState::NotCheckable,
        ),
        (
            "issuingDistributionPoint=critical,@idp\n[idp]\nonlyuser=TRUE",
            RevocationState::NotRevoked,
        ),
        ("issuingDistributionPoint=critical,@idp\n[idp]\nonlyCA=TRUE", RevocationState::NotChecked),
    ] {
        let extensions = extensions.trim_start_matches("deltaCRL=critical,DER:020101\n");
        let mut look = Look::new(Certified::person("jane", "root", JANE));
        let list = look.all.list("root", LISTED, extensions);
        look.list(&list);
        assert_eq!(look.jane("2026-03-01").revocation.state, state, "{extensions}");
    }
}

/// Most authorities give lists of a part of their certificates, or of what changed. That a list has not
/// everything is no reason to overlook what it has.
#[test]
fn what_an_incomplete_list_has_is_revoked() {
    for extensions in [
        "2.5.29.27=critical,DER:020101",
        "issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons=superseded",
        "issuingDistributionPoint=critical,@idp\n[idp]\nfullname=URI:http://crl.example/1.crl",
    ] {
        let mut look = Look::new(Certified::person("jane", "root", JANE));
        let whole = look.all.list("root", ["20260101000000Z", "20310101000000Z"], "");
        look.list(&whole);
        assert!(look.jane("2026-03-01").is_proven());
        look.all.revoke("jane", "root", "260201000000Z", "superseded");
        let part = look.all.list("root", LISTED, extensions);
        look.list(&part);
        let found = look.jane("2026-03-01");
        assert_eq!(found.revocation.state, RevocationState::Revoked, "{extensions}");
        assert_eq!(found.standing(), NameStanding::Contradicted, "{extensions}");
    }
}

#[test]
fn an_old_list_is_warned_about() {
    let look = |made, next| {
        let mut look = Look::new(Certified::person("jane", "root", JANE));
        let list = look.all.list("root", [made, next], "");
        look.list(&list);
        look.jane("2026-03-01")
    };
    let fresh = look("20260301000000Z", "20310101000000Z");
    assert_eq!((fresh.revocation.state, kinds(&fresh)), (RevocationState::NotRevoked, vec![]));
    let older = look("20260101000000Z", "20260201000000Z");
    let warned = vec![NameWarningKind::ListOlder];
    assert_eq!((older.revocation.state, kinds(&older)), (RevocationState::Older, warned));
    assert!(older.is_proven());
    let ended = look("20260401000000Z", "20260501000000Z");
    let warned = vec![NameWarningKind::ListEnded];
    assert_eq!((ended.revocation.state, kinds(&ended)), (RevocationState::NotRevoked, warned));
    let future = look("20400101000000Z", "20410101000000Z");
    assert_eq!(future.revocation.state, RevocationState::NotCheckable);
}

#[test]
fn a_hold_ends_with_a_newer_list_and_nothing_else_does() {
    for (reason, ends) in [("certificateHold", true), ("superseded", false)] {
        let mut look = Look::new(Certified::person("jane", "root", JANE));
        look.all.revoke("jane", "root", "260101000000Z", reason);
        let held = look.all.list("root", ["20260201000000Z", "20310101000000Z"], "");
        look.list(&held);
        assert!(!look.jane("2026-06-01").is_proven());
        fs::write(look.all.path("root.index"), "").unwrap();
        let ended = look.all.list("root", ["20260301000000Z", "20310101000000Z"], "");
        look.list(&ended);
        assert_eq!(look.jane("2026-06-01").is_proven(), ends, "{reason}");
    }
}

#[test]
fn a_revoked_intermediate_takes_its_people_with_it() {
    let mut look = Look::default();
    look.trust(ROOT);
    look.all.certify(Certified::authority("ca", "root", "/CN=CA"));
    look.all.certify(Certified::person("jane", "ca", JANE));
    let list = look.all.list("ca", LISTED, "");
    look.list(&list);
    let judge = |look: &Look| look.judge(&["jane.pem", "ca.pem"], signed("2026-03-01"));
    // There is a list for the person, and none for the authority.
    assert_eq!(judge(&look).revocation.state, RevocationState::NotChecked);
    look.all.revoke("ca", "root", "260101000000Z", "CACompromise");
    let list = look.all.list("root", LISTED, "");
    look.list(&list);
    assert_eq!(judge(&look).standing(), NameStanding::Contradicted);
}

#[test]
fn hostile_files_are_refused() {
    assert!(RevocationList::read(b"").is_err());
    assert!(RevocationList::read(&[0x30, 0x80, 0, 0]).is_err());
    assert!(RevocationList::read(&vec![0x30; revocation_list::MAX_BYTES + 1]).is_err());
    let look = Look::new(Certified { valid: ALWAYS, ..Certified::person("jane", "root", JANE) });
    let certificate = fs::read(look.all.path("jane.pem")).unwrap();
    assert!(RevocationList::read(&certificate).is_err());
    let value = serde_json::json!(["AAAA"]);
    assert!(KeyCertificates::parse(&value).is_err());
    assert!(KeyCertificates::parse(&serde_json::json!([])).is_err());
    let many: Vec<_> = (0..=beside_key::MAX_CERTIFICATES).map(|_| "AAAA").collect();
    assert!(KeyCertificates::parse(&serde_json::json!(many)).is_err());
}
