//! Chains made on the fly, in the old form and the new, and each way in which one can be wrong.

mod cloud;
mod constraints;
mod judged;
mod liquidsecurity;
mod required;
mod tpm;
mod yubihsm;

use std::str::FromStr as _;
use std::time::Duration;

use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use p256::ecdsa::DerSignature;
use proptest::prelude::*;
use rsa::pkcs1v15;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{GeneralizedTime, OctetString};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{EncodePublicKey as _, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::*;

/// The slot's certificate as a YubiKey names it.
const SLOT_9C: &str = "CN=YubiKey PIV Attestation 9c";
const F9: &str = "CN=Yubico PIV Attestation";
const ROOT: &str = "CN=Test PIV Root CA";

/// A key of the test.
#[derive(Clone, Copy, PartialEq)]
enum TestKey {
    P256(u8),
    P384(u8),
    Ed25519(u8),
    Rsa,
}

/// The one RSA key, which takes a while to make.
static RSA: std::sync::LazyLock<rsa::PrivateKey> = std::sync::LazyLock::new(|| {
    use rand_chacha::rand_core::SeedableRng as _;
    rsa::PrivateKey::new(&mut rand_chacha::ChaCha20Rng::seed_from_u64(4), 2048).unwrap()
});

impl TestKey {
    fn spki(self) -> Vec<u8> {
        let document = match self {
            Self::P256(seed) => p256_key(seed).verifying_key().to_public_key_der(),
            Self::P384(seed) => p384_key(seed).verifying_key().to_public_key_der(),
            Self::Ed25519(seed) => ed25519_key(seed).verifying_key().to_public_key_der(),
            Self::Rsa => RSA.to_public_key().to_public_key_der(),
        };
        document.unwrap().as_bytes().to_vec()
    }

    fn public(self) -> PublicKey {
        PublicKey::from_der(&self.spki()).unwrap()
    }
}

fn p256_key(seed: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn p384_key(seed: u8) -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap()
}

fn ed25519_key(seed: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
}

/// A certificate to be made.
#[derive(Clone)]
struct Made {
    subject: &'static str,
    issuer: &'static str,
    key: TestKey,
    extensions: Vec<Extension>,
    from: &'static str,
    until: &'static str,
}

impl BuilderProfile for Made {
    fn get_issuer(&self, _: &Name) -> Name {
        Name::from_str(self.issuer).unwrap()
    }

    fn get_subject(&self) -> Name {
        Name::from_str(self.subject).unwrap()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}

fn extension(id: ObjectIdentifier, critical: bool, value: &[u8]) -> Extension {
    Extension { extn_id: id, critical, extn_value: OctetString::new(value).unwrap() }
}

fn basic_constraints(ca: bool, path_length: Option<u8>) -> Extension {
    let constraints =
        x509_cert::ext::pkix::BasicConstraints { ca, path_len_constraint: path_length };
    extension(rfc5280::ID_CE_BASIC_CONSTRAINTS, true, &constraints.to_der().unwrap())
}

fn time(text: &str) -> Time {
    let unix = Instant::parse(text).unwrap().unix();
    let since = Duration::from_secs(u64::try_from(unix).unwrap());
    Time::GeneralTime(GeneralizedTime::from_unix_duration(since).unwrap())
}

impl Made {
    fn authority(subject: &'static str, issuer: &'static str, key: TestKey, path: u8) -> Self {
        Self {
            subject,
            issuer,
            key,
            extensions: vec![basic_constraints(true, Some(path))],
            from: "2016-03-14T00:00:00Z",
            until: "9999-12-31T23:59:59Z",
        }
    }

    /// A slot's attestation of a YubiKey 12345678 with firmware 5.7.4, PIN once, touch always.
    fn slot(key: TestKey) -> Self {
        let extensions = vec![
            extension(yubico::FIRMWARE, false, &[5, 7, 4]),
            extension(yubico::SERIAL, false, &12_345_678_u32.to_der().unwrap()),
            extension(yubico::POLICY, false, &[2, 2]),
            extension(yubico::FORM_FACTOR, false, &[0x83]),
        ];
        Self { extensions, ..Self::authority(SLOT_9C, F9, key, 0) }
    }

    fn without(mut self, id: ObjectIdentifier) -> Self {
        self.extensions.retain(|extension| extension.extn_id != id);
        self
    }

    fn with(mut self, id: ObjectIdentifier, value: &[u8]) -> Self {
        self = self.without(id);
        self.extensions.push(extension(id, false, value));
        self
    }

    fn signed_by(&self, signer: TestKey) -> Vec<u8> {
        let validity = Validity::new(time(self.from), time(self.until));
        let spki = SubjectPublicKeyInfoOwned::from_der(&self.key.spki()).unwrap();
        let builder =
            CertificateBuilder::new(self.clone(), SerialNumber::from(7_u32), validity, spki)
                .unwrap();
        let made = match signer {
            TestKey::P256(seed) => builder.build::<_, DerSignature>(&p256_key(seed)),
            TestKey::P384(seed) => builder.build::<_, p384::ecdsa::DerSignature>(&p384_key(seed)),
            TestKey::Ed25519(seed) => {
                builder.build::<_, ed25519_dalek::Signature>(&ed25519_key(seed))
            }
            TestKey::Rsa => {
                let key = pkcs1v15::SigningKey::<sha2::Sha512>::new(RSA.clone());
                builder.build::<_, pkcs1v15::Signature>(&key)
            }
        };
        made.unwrap().to_der().unwrap()
    }
}

const SIGNER: TestKey = TestKey::P256(1);
const DEVICE: TestKey = TestKey::P256(2);
const ISSUER: TestKey = TestKey::P384(3);
const INTERMEDIATE: TestKey = TestKey::P256(4);
const TRUSTED: TestKey = TestKey::P256(5);

/// A chain in the form of firmware before 5.7.4: slot, f9, root.
#[derive(Clone)]
struct Old {
    slot: Made,
    device: Made,
    root: Made,
}

impl Old {
    fn new() -> Self {
        Self {
            slot: Made::slot(SIGNER),
            device: Made::authority(F9, ROOT, DEVICE, 0),
            root: Made::authority(ROOT, ROOT, TRUSTED, 1),
        }
    }

    fn attestation(&self) -> KeyAttestation {
        attestation(self.slot.signed_by(self.device.key), self.device.signed_by(self.root.key))
    }

    fn roots(&self) -> AttestationRoots {
        roots(&[self.root.signed_by(self.root.key)])
    }

    fn verify(&self) -> Result<Statement, AttestationError> {
        verify(&self.attestation(), Some(&SIGNER.public()), &self.roots(), now())
    }

    fn error(&self) -> String {
        self.verify().unwrap_err().to_string()
    }
}

fn attestation(certificate: Vec<u8>, intermediate: Vec<u8>) -> KeyAttestation {
    KeyAttestation::YubikeyPiv { slot: "9c".to_owned(), certificate, intermediate }
}

fn roots(certificates: &[Vec<u8>]) -> AttestationRoots {
    AttestationRoots::new(certificates.iter().map(|der| Certificate::from_der(der).unwrap()))
}

fn now() -> Instant {
    Instant::parse("2026-11-25T12:00:00Z").unwrap()
}

#[test]
fn an_attestation_is_put_into_words() {
    let statement = Old::new().verify().unwrap();
    let words = "generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always";
    assert_eq!(statement.to_string(), words);
    let details = "slot 9c, USB-C keychain, FIPS series, trusted by CN=Test PIV Root CA";
    assert_eq!(statement.details().to_string(), details);
}

/// The form of firmware 5.7.4: slot, f9, PIV issuer, intermediate, root.
fn new_chain(issuer: &'static str) -> (KeyAttestation, AttestationRoots) {
    let device = Made::authority(F9, issuer, DEVICE, 0).signed_by(ISSUER);
    let issuer = Made::authority(issuer, "CN=Intermediate", ISSUER, 1).signed_by(INTERMEDIATE);
    let intermediate = Made::authority("CN=Intermediate", ROOT, INTERMEDIATE, 2).signed_by(TRUSTED);
    let root = Made::authority(ROOT, ROOT, TRUSTED, 3).signed_by(TRUSTED);
    let attestation = attestation(Made::slot(SIGNER).signed_by(DEVICE), device);
    (attestation, roots(&[issuer, root, intermediate]))
}

#[test]
fn a_new_chain_leads_over_the_folders_intermediates() {
    let key = SIGNER.public();
    let (attestation, roots) = new_chain("CN=PIV issuer of another maker");
    assert!(verify(&attestation, Some(&key), &roots, now()).is_ok());
    let (attestation, roots) = new_chain("CN=Yubico PIV Attestation T 1");
    assert!(verify(&attestation, Some(&key), &roots.with_yubicos_rules(), now()).is_ok());
}

#[test]
fn a_root_of_many_kinds_must_have_issued_for_piv() {
    let (attestation, roots) = new_chain("CN=Yubico OPGP Attestation T 1");
    let error = verify(&attestation, Some(&SIGNER.public()), &roots.with_yubicos_rules(), now())
        .unwrap_err();
    let issuer = "CN=Yubico OPGP Attestation T 1".to_owned();
    assert_eq!(error, AttestationError::IssuerKind { issuer });
}

#[test]
fn what_yubico_issued_for_something_else_is_not_slot_f9() {
    let mut chain = Old::new();
    let verify = |chain: &Old| {
        let roots = chain.roots().with_yubicos_rules();
        verify(&chain.attestation(), Some(&SIGNER.public()), &roots, now())
    };
    chain.device.subject = "CN=Yubico U2F EE Serial 13831167861";
    chain.slot.issuer = chain.device.subject;
    let subject = chain.device.subject.to_owned();
    assert_eq!(verify(&chain), Err(AttestationError::NotDevice { subject }));
    // Nor may a certificate leave out that it issues others under any other name.
    chain.device = chain.device.without(rfc5280::ID_CE_BASIC_CONSTRAINTS);
    assert!(chain.error().contains("does not say that it may issue others"), "{}", chain.error());
}

/// A key in a slot signs whatever its holder likes. Its certificate is known by its subject or by
/// the policies that it states.
#[test]
fn the_certificate_of_a_slot_is_never_that_of_slot_f9() {
    let authority = basic_constraints(true, None);
    let in_slot = |subject| {
        let mut one = Made { subject, ..Made::slot(DEVICE) };
        one.extensions.push(authority.clone());
        one
    };
    let by_subject = in_slot("CN=yubikey piv attestation 9a").without(yubico::POLICY);
    for one in [in_slot("CN=Yubico PIV Attestation"), by_subject, in_slot("CN=mira")] {
        let is_slot = AttestationError::SlotAsIssuer { subject: one.subject.to_owned() };
        // In the place of slot f9, below a root that issued it.
        let mut chain = Old::new();
        chain.slot.issuer = one.subject;
        chain.device = Made { issuer: ROOT, ..one.clone() };
        assert_eq!(chain.verify(), Err(is_slot.clone()));
        // Trusted by itself.
        let own = Made { issuer: one.subject, ..one.clone() };
        chain.device = own.clone();
        let attestation = attestation(chain.slot.signed_by(DEVICE), own.signed_by(DEVICE));
        let trusted = roots(&[own.signed_by(DEVICE)]);
        let error = verify(&attestation, Some(&SIGNER.public()), &trusted, now());
        assert_eq!(error, Err(is_slot.clone()));
        // Anywhere between.
        let mut chain = Old::new();
        chain.device.issuer = one.subject;
        chain.root = Made { key: TestKey::P256(9), issuer: ROOT, ..one.clone() };
        let helpers = roots(&[
            chain.root.signed_by(TRUSTED),
            Made::authority(ROOT, ROOT, TRUSTED, 9).signed_by(TRUSTED),
        ]);
        let attestation = chain.attestation();
        let error = verify(&attestation, Some(&SIGNER.public()), &helpers, now());
        assert_eq!(error, Err(is_slot));
    }
}

/// Firmware 4.3: no serial number, and a root whose path length is 0.
#[test]
fn the_first_firmware_that_attests_is_verified_as_it_is() {
    let mut chain = Old::new();
    chain.slot = Made::slot(SIGNER)
        .without(yubico::SERIAL)
        .without(yubico::FORM_FACTOR)
        .with(yubico::FIRMWARE, &[4, 3, 1]);
    chain.root = Made::authority(ROOT, ROOT, TRUSTED, 0);
    let statement = chain.verify().unwrap();
    let words =
        "generated on a YubiKey (serial number not stated), firmware 4.3.1, PIN once, touch always";
    assert_eq!(statement.to_string(), words);
    assert!(statement.details().to_string().contains("path length 0"), "{}", statement.details());
    let bare = chain.device.clone().without(rfc5280::ID_CE_BASIC_CONSTRAINTS);
    assert!(Old { device: bare, ..chain.clone() }.verify().is_ok());

    // Tolerated nowhere else: for other firmware, another name, or with an authority between.
    let newer = chain.slot.clone().with(yubico::FIRMWARE, &[4, 4, 0]);
    assert!(Old { slot: newer, ..chain.clone() }.error().contains("path length"));
    let mut other = chain.clone();
    other.device.subject = "CN=Device";
    other.slot.issuer = "CN=Device";
    assert!(other.error().contains("path length"));
    let mut longer = chain;
    longer.device.issuer = "CN=Between";
    let between = Made::authority("CN=Between", ROOT, INTERMEDIATE, 9).signed_by(TRUSTED);
    let attestation =
        attestation(longer.slot.signed_by(DEVICE), longer.device.signed_by(INTERMEDIATE));
    let known = roots(&[between, longer.root.signed_by(TRUSTED)]);
    let error = verify(&attestation, Some(&SIGNER.public()), &known, now()).unwrap_err();
    assert!(error.to_string().contains("path length"), "{error}");
}

#[test]
fn intermediates_are_never_trusted_by_themselves() {
    let (attestation, all) = new_chain("CN=Yubico PIV Attestation T 1");
    let helpers = all.certificates().filter(|one| !one.is_root()).cloned();
    let roots = AttestationRoots::new(helpers);
    let error = verify(&attestation, Some(&SIGNER.public()), &roots, now()).unwrap_err();
    // The farthest that is known is said, not the first that is missing.
    assert_eq!(error, AttestationError::UnknownRoot { issuer: ROOT.to_owned() });
}

#[test]
fn chains_of_every_kind_of_key_are_verified() {
    for key in [TestKey::P384(6), TestKey::Ed25519(6), TestKey::Rsa] {
        let mut chain = Old::new();
        (chain.device.key, chain.root.key) = (key, key);
        assert!(chain.verify().is_ok());
        let mut chain = Old::new();
        chain.slot.key = key;
        let verified = verify(&chain.attestation(), Some(&key.public()), &chain.roots(), now());
        assert!(verified.is_ok());
    }
}

#[test]
fn an_unknown_root_is_named() {
    let chain = Old::new();
    let other = Made::authority("CN=Other Root", "CN=Other Root", TRUSTED, 1).signed_by(TRUSTED);
    for roots in [AttestationRoots::default(), roots(&[other])] {
        let key = SIGNER.public();
        let error = verify(&chain.attestation(), Some(&key), &roots, now()).unwrap_err();
        assert_eq!(error, AttestationError::UnknownRoot { issuer: ROOT.to_owned() });
        assert!(error.to_string().contains("CN=Test PIV Root CA"), "{error}");
    }
}

#[test]
fn a_root_of_the_same_name_and_another_key_is_not_the_root() {
    let chain = Old::new();
    let impostor = Made::authority(ROOT, ROOT, TestKey::P256(9), 1).signed_by(TestKey::P256(9));
    let roots = roots(&[impostor]);
    let error = verify(&chain.attestation(), Some(&SIGNER.public()), &roots, now()).unwrap_err();
    assert!(
        matches!(&error, AttestationError::Signature { subject, .. } if subject == F9),
        "{error}"
    );
}

#[test]
fn an_attestation_of_another_key_proves_nothing_about_this_one() {
    let chain = Old::new();
    for key in [Some(TestKey::P256(8).public()), None] {
        let error = verify(&chain.attestation(), key.as_ref(), &chain.roots(), now()).unwrap_err();
        assert_eq!(error, AttestationError::OtherKey);
    }
}

#[test]
fn a_slot_certificate_that_slot_f9_did_not_sign_is_named() {
    let chain = Old::new();
    let forged = chain.slot.signed_by(TestKey::P256(9));
    let attestation = attestation(forged, chain.device.signed_by(chain.root.key));
    let error = verify(&attestation, Some(&SIGNER.public()), &chain.roots(), now()).unwrap_err();
    assert!(matches!(&error, AttestationError::Forged { subject, .. } if subject == SLOT_9C));
    assert_eq!(error.bearing(), Bearing::Contradicts);
    let mut chain = Old::new();
    chain.slot.issuer = "CN=Someone else";
    assert!(matches!(chain.verify(), Err(AttestationError::BrokenChain { .. })));
}

#[test]
fn a_replaced_attestation_key_is_called_that() {
    let mut chain = Old::new();
    chain.device.issuer = F9;
    let own = chain.device.signed_by(DEVICE);
    let attestation = attestation(chain.slot.signed_by(DEVICE), own.clone());
    let key = SIGNER.public();
    let error = verify(&attestation, Some(&key), &chain.roots(), now()).unwrap_err();
    assert_eq!(error, AttestationError::KeyReplaced { subject: F9.to_owned() });
    assert!(error.to_string().starts_with("attestation key replaced"), "{error}");
    // Who has replaced it on purpose trusts it as any other root.
    assert!(verify(&attestation, Some(&key), &roots(&[own]), now()).is_ok());
}

#[test]
fn only_slot_f9_may_leave_out_that_it_issues_others() {
    let mut chain = Old::new();
    chain.device = chain.device.without(rfc5280::ID_CE_BASIC_CONSTRAINTS);
    let statement = chain.verify().unwrap();
    assert!(
        statement.details().to_string().contains("no basicConstraints"),
        "{}",
        statement.details()
    );
    chain.device.extensions = vec![basic_constraints(false, None)];
    assert!(chain.error().contains("is not that of a certificate authority"));
    let mut chain = Old::new();
    chain.root = chain.root.without(rfc5280::ID_CE_BASIC_CONSTRAINTS);
    assert!(chain.error().contains("does not say that it may issue others"));
}

#[test]
fn path_lengths_are_respected() {
    let mut chain = Old::new();
    chain.root.extensions = vec![basic_constraints(true, Some(0))];
    let error = chain.error();
    assert!(error.contains("CN=Test PIV Root CA") && error.contains("path length"), "{error}");
    chain.root.extensions = vec![basic_constraints(true, None)];
    assert!(chain.verify().is_ok());
}

#[test]
fn a_key_usage_without_signing_certificates_is_respected() {
    let mut chain = Old::new();
    // digitalSignature alone (RFC 5280 section 4.2.1.3).
    chain.root.extensions.push(extension(rfc5280::ID_CE_KEY_USAGE, true, &[3, 2, 7, 0x80]));
    assert!(chain.error().contains("keyUsage"));
    chain.root.extensions.pop();
    chain.root.extensions.push(extension(rfc5280::ID_CE_KEY_USAGE, true, &[3, 2, 1, 0x06]));
    assert!(chain.verify().is_ok());
}

const EACH: [fn(&mut Old) -> &mut Made; 3] =
    [|chain| &mut chain.slot, |chain| &mut chain.device, |chain| &mut chain.root];

#[test]
fn a_critical_extension_that_is_not_processed_cannot_be_judged() {
    let id = ObjectIdentifier::new_unwrap("1.2.3.4");
    for certificate in EACH {
        let mut chain = Old::new();
        certificate(&mut chain).extensions.push(extension(id, true, &[5, 0]));
        let error = chain.verify().unwrap_err();
        assert!(error.to_string().contains("1.2.3.4"), "{error}");
        assert_eq!(error.bearing(), Bearing::NotJudged);
        let finding =
            AttestationFinding { source: AttestationSource::Signature, outcome: Err(error) };
        assert_eq!(finding.standing(), AttestationStanding::None);
    }
}

#[test]
fn each_certificate_is_checked_at_the_time_of_signing() {
    for certificate in EACH {
        let mut chain = Old::new();
        let one = certificate(&mut chain);
        (one.from, one.until) = ("2026-01-01T00:00:00Z", "2026-11-25T12:00:00Z");
        let subject = one.subject.to_owned();
        let at = |text: &str| {
            let at = Instant::parse(text).unwrap();
            verify(&chain.attestation(), Some(&SIGNER.public()), &chain.roots(), at)
        };
        assert!(at("2026-11-25T12:00:00Z").is_ok());
        let expired = at("2026-11-25T12:00:01Z").unwrap_err();
        assert!(
            matches!(&expired, AttestationError::Expired { subject: one, .. } if *one == subject)
        );
        assert!(expired.to_string().contains("2026-11-25T12:00:00Z"), "{expired}");
        let early = at("2025-12-31T23:59:59Z").unwrap_err();
        assert!(
            matches!(&early, AttestationError::NotYetValid { subject: one, .. } if *one == subject)
        );
    }
}

#[test]
fn the_slot_is_the_one_of_the_certificate() {
    let chain = Old::new();
    let KeyAttestation::YubikeyPiv { certificate, intermediate, .. } = chain.attestation() else {
        panic!("no YubiKey's")
    };
    for (slot, holds) in [("9c", true), ("9C", true), ("9a", false), ("f9", false), ("+9", false)] {
        let attestation = KeyAttestation::YubikeyPiv {
            slot: slot.to_owned(),
            certificate: certificate.clone(),
            intermediate: intermediate.clone(),
        };
        let verified = verify(&attestation, Some(&SIGNER.public()), &chain.roots(), now());
        assert_eq!(verified.is_ok(), holds, "{slot}");
        if !holds {
            assert!(matches!(verified, Err(AttestationError::WrongSlot { certified: 0x9c, .. })));
        }
    }
    let mut chain = Old::new();
    chain.slot.subject = "CN=mira.k";
    assert!(chain.error().contains("CN=mira.k"));
}

#[test]
fn the_statement_is_read_whole_or_not_at_all() {
    let device = extension(yubico::FIPS, false, &[1]);
    let mut chain = Old::new();
    chain.device.extensions.extend([device, extension(yubico::CSPN, false, &[1])]);
    chain.slot = chain.slot.without(yubico::FORM_FACTOR).with(yubico::POLICY, &[5, 3]);
    let statement = chain.verify().unwrap();
    let Statement::Yubikey(statement) = statement else { panic!("another statement") };
    assert_eq!((statement.pin, statement.touch), (PinPolicy::MatchAlways, TouchPolicy::Cached));
    assert!(statement.fips && statement.cspn && statement.form_factor.is_none());
    for (id, wrong) in [(yubico::FIRMWARE, [5, 7].as_slice()), (yubico::POLICY, &[2])] {
        for slot in [Made::slot(SIGNER).without(id), Made::slot(SIGNER).with(id, wrong)] {
            let chain = Old { slot, ..Old::new() };
            assert!(matches!(chain.verify(), Err(AttestationError::Malformed(_))), "{id}");
        }
    }
    let slot = Made::slot(SIGNER).with(yubico::SERIAL, &[1, 2, 3, 4]);
    assert!(matches!(Old { slot, ..Old::new() }.verify(), Err(AttestationError::Malformed(_))));
    let mut chain = Old::new();
    chain.slot.extensions.push(extension(yubico::POLICY, false, &[1, 1]));
    assert!(chain.error().contains("twice"), "{}", chain.error());
}

#[test]
fn other_types_are_not_verified_and_not_refused() {
    let object = countersign_envelope::json::Object::from([("type", "sgx-quote")]);
    let other = KeyAttestation::parse(&object).unwrap();
    let error = verify(&other, Some(&SIGNER.public()), &AttestationRoots::default(), now());
    assert_eq!(error, Err(AttestationError::NotVerified("sgx-quote".to_owned())));
}

#[test]
fn certificates_are_found_in_pem_with_text_between() {
    let root = Certificate::from_der(&Old::new().root.signed_by(TRUSTED)).unwrap();
    let text = format!("a note\n{}subject=CN = x\n\n{}\nend", root.to_pem(), root.to_pem());
    assert_eq!(Certificate::from_pem(text.as_bytes()).unwrap(), [root.clone(), root.clone()]);
    assert!(root.is_root());
    let damaged = root.to_pem().replacen("MII", "MIJ", 1);
    for text in ["", "-----BEGIN CERTIFICATE-----\nx", &damaged] {
        assert!(Certificate::from_pem(text.as_bytes()).is_err());
    }
}

#[test]
fn fingerprints_are_read_as_people_write_them() {
    let digest = Digest::of(b"");
    let upper = digest.hex().to_uppercase();
    let pairs: Vec<&str> = (0..64).step_by(2).map(|at| &upper[at..at + 2]).collect();
    for text in [digest.hex(), upper.clone(), pairs.join(":"), pairs.join(" ")] {
        assert_eq!(fingerprint(&text), Some(digest));
    }
    assert_eq!(fingerprint(&upper[1..]), None);
}

proptest! {
    #[test]
    fn no_bit_of_a_certificate_can_be_changed(in_slot: bool, at: prop::sample::Index, bit in 0..8) {
        let chain = Old::new();
        let mut slot = chain.slot.signed_by(DEVICE);
        let mut device = chain.device.signed_by(TRUSTED);
        let changed = if in_slot { &mut slot } else { &mut device };
        let at = at.index(changed.len());
        changed[at] ^= 1_u8 << bit;
        let attestation = attestation(slot, device);
        prop_assert!(verify(&attestation, Some(&SIGNER.public()), &chain.roots(), now()).is_err());
    }

    #[test]
    fn garbage_gives_an_error_and_never_a_crash(slot: String, a: Vec<u8>, b: Vec<u8>, text: Vec<u8>) {
        let attestation =
            KeyAttestation::YubikeyPiv { slot, certificate: a, intermediate: b };
        let roots = Old::new().roots();
        prop_assert!(verify(&attestation, Some(&SIGNER.public()), &roots, now()).is_err());
        prop_assert!(Certificate::from_pem(&text).is_err());
    }

    #[test]
    fn a_certificate_with_trailing_bytes_does_not_crash(end: prop::sample::Index, more: Vec<u8>) {
        let whole = Old::new().slot.signed_by(DEVICE);
        let mut cut = whole[..end.index(whole.len())].to_vec();
        cut.extend(more);
        let key = SIGNER.public();
        let attestation = attestation(cut.clone(), Old::new().device.signed_by(TRUSTED));
        let verified = verify(&attestation, Some(&key), &Old::new().roots(), now());
        prop_assert!(cut == whole || verified.is_err());
    }
}
