//! Attestations of a YubiHSM 2, made on the fly, and each way in which one can be wrong.

use countersign_envelope::key_attestation::YubiHsm2;
use x509_cert::der::asn1::{BitStringRef, OctetStringRef, Utf8StringRef};

use super::*;

const KEY: &str = "CN=YubiHSM Attestation id:0x0e57";
const HSM: &str = "CN=YubiHSM Attestation (31650425)";
const SUB_CA: &str = "CN=Test YubiHSM 1 Sub-CA";
const HSM_ROOT: &str = "CN=Test YubiHSM Root CA";
const ARC: &str = "1.3.6.1.4.1.41482.4";

fn id(number: u8) -> ObjectIdentifier {
    ObjectIdentifier::new(&format!("{ARC}.{number}")).unwrap()
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    BitStringRef::from_bytes(bytes).unwrap().to_der().unwrap()
}

fn text(label: &str) -> Vec<u8> {
    Utf8StringRef::new(label).unwrap().to_der().unwrap()
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    OctetStringRef::new(bytes).unwrap().to_der().unwrap()
}

/// The chain of a YubiHSM: key, device, sub-CA, root.
#[derive(Clone)]
struct Chain {
    key: Made,
    device: Made,
    sub_ca: Made,
    root: Made,
}

impl Chain {
    /// Of a key that signs by ECDSA, generated in YubiHSM 31650425 with firmware 2.4.0.
    fn new() -> Self {
        let mut key = Made { extensions: Vec::new(), ..Made::authority(KEY, HSM, SIGNER, 0) }
            .with(id(1), &octets(&[2, 4, 0]))
            .with(id(2), &31_650_425_u32.to_der().unwrap())
            .with(id(3), &bits(&[1]))
            .with(id(4), &bits(&[0, 5]))
            .with(id(5), &bits(&[0, 0, 0, 0, 0, 0, 0, 0x80]))
            .with(id(6), &0x0e57_u16.to_der().unwrap())
            .with(id(9), &text("witness"));
        key.from = "2017-01-01T00:00:00Z";
        let device = Made::authority(HSM, SUB_CA, DEVICE, 0)
            .with(id(1), &octets(&[2, 4, 0]))
            .with(id(2), &31_650_425_u32.to_der().unwrap());
        Self {
            key,
            device,
            sub_ca: Made::authority(SUB_CA, HSM_ROOT, INTERMEDIATE, 1),
            root: Made::authority(HSM_ROOT, HSM_ROOT, TRUSTED, 2),
        }
    }

    fn evidence(&self) -> YubiHsm2 {
        YubiHsm2 {
            certificate: self.key.signed_by(self.device.key),
            device: self.device.signed_by(self.sub_ca.key),
            issuers: vec![self.sub_ca.signed_by(self.root.key)],
        }
    }

    fn roots(&self) -> AttestationRoots {
        roots(&[self.root.signed_by(self.root.key)])
    }

    fn verify(&self) -> Result<Statement, AttestationError> {
        verified(self.evidence(), &self.roots())
    }

    fn error(&self) -> String {
        self.verify().unwrap_err().to_string()
    }

    fn with_key(number: u8, value: &[u8]) -> Self {
        let mut chain = Self::new();
        chain.key = chain.key.with(id(number), value);
        chain
    }
}

fn verified(evidence: YubiHsm2, roots: &AttestationRoots) -> Result<Statement, AttestationError> {
    verify(&KeyAttestation::YubiHsm2(evidence), Some(&SIGNER.public()), roots, now())
}

#[test]
fn a_key_that_was_generated_in_a_yubihsm_and_stays_there_is_attested() {
    let chain = Chain::new();
    let statement = chain.verify().unwrap();
    let words = "generated on YubiHSM 2 31650425, firmware 2.4.0, may not leave it";
    assert_eq!(statement.to_string(), words);
    let details = "object 0x0e57 \"witness\", capabilities sign-ecdsa, domains 1, 3, trusted by \
                   CN=Test YubiHSM Root CA";
    assert_eq!(statement.details().to_string(), details);
    let facts = statement.facts().unwrap();
    assert_eq!((facts.model, facts.firmware), (Model::Yubihsm, Some(Firmware([2, 4, 0]))));
    assert_eq!((facts.generated, facts.fips, facts.pin), (Some(true), None, None));

    // The certificate between may be in the trust folder instead.
    let mut evidence = chain.evidence();
    let between = evidence.issuers.remove(0);
    let error = verified(evidence.clone(), &chain.roots()).unwrap_err();
    assert_eq!(error, HsmProblem::UnknownRoot { issuer: SUB_CA.to_owned() }.into());
    assert!(error.lacks_trust(), "{error}");
    let folder = roots(&[chain.root.signed_by(TRUSTED), between]);
    assert!(verified(evidence, &folder).is_ok());
}

#[test]
fn what_else_a_yubihsm_states_is_told() {
    let capabilities = bits(&[0, 0, 0, 4, 0, 0, 0x20, 0xe1]);
    let chain = Chain::with_key(5, &capabilities);
    let details = chain.verify().unwrap().details().to_string();
    let said = "sign-pkcs, sign-pss, sign-ecdsa, sign-attestation-certificate, 0x2001";
    assert!(details.contains(said), "{details}");
    for (value, fips) in [([1, 1, 0xff], Some(true)), ([1, 1, 0], Some(false))] {
        let statement = Chain::with_key(12, &value).verify().unwrap();
        assert_eq!(statement.facts().unwrap().fips, fips);
        let details = statement.details().to_string();
        assert_eq!(details.contains("FIPS mode"), fips == Some(true), "{details}");
    }
}

#[test]
fn a_key_of_which_there_may_be_copies_is_named() {
    let not_generated = |origin, wrapped| {
        let problem = HsmProblem::NotGenerated { origin: format!("0x{origin:x}"), wrapped };
        let chain = Chain::with_key(3, &bits(&[origin]));
        assert_eq!(chain.verify(), Err(problem.into()));
    };
    // Imported, nothing, both; brought in under a wrap key, whatever it was before.
    not_generated(0x02, false);
    not_generated(0x00, false);
    not_generated(0x03, false);
    not_generated(0x11, true);
    not_generated(0x12, true);
    let exportable = Chain::with_key(5, &bits(&[0, 0, 0, 0, 0, 1, 0, 0x80]));
    let error = exportable.verify().unwrap_err();
    assert_eq!(error, HsmProblem::Exportable.into());
    // It may stand beside a signature, and proves nothing.
    assert_eq!(error.bearing(), Bearing::NotJudged);
}

#[test]
fn an_attestation_that_leaves_something_out_or_has_another_form_is_malformed() {
    for number in [1, 2, 3, 4, 5, 6, 9] {
        let mut chain = Chain::new();
        chain.key = chain.key.without(id(number));
        assert!(matches!(chain.verify(), Err(AttestationError::Malformed(_))), "{number}");
        let garbled = Chain::with_key(number, &[0x13, 1, b'x']);
        assert!(garbled.error().contains(&format!("{ARC}.{number}")), "{}", garbled.error());
    }
    let unused = [3, 2, 1, 2];
    assert!(Chain::with_key(3, &unused).error().contains("whole bytes"));
    assert!(Chain::with_key(5, &bits(&[0; 9])).error().contains("eight at most"));
    assert!(Chain::with_key(1, &octets(&[2, 4])).error().contains("three bytes"));
    assert!(Chain::with_key(6, &70_000_u32.to_der().unwrap()).error().contains(".4.6"));
}

#[test]
fn the_attestation_is_about_this_key_and_by_this_device() {
    let chain = Chain::new();
    let other = TestKey::P256(8).public();
    let evidence = KeyAttestation::YubiHsm2(chain.evidence());
    assert_eq!(
        verify(&evidence, Some(&other), &chain.roots(), now()),
        Err(AttestationError::OtherKey)
    );
    let mut forged = chain.evidence();
    forged.certificate = chain.key.signed_by(TestKey::P256(9));
    let error = verified(forged, &chain.roots()).unwrap_err();
    assert!(matches!(error, AttestationError::Forged { .. }), "{error}");
    let mut other = chain;
    other.device = other.device.with(id(2), &7_u32.to_der().unwrap());
    assert_eq!(other.verify(), Err(HsmProblem::OtherDevice { subject: HSM.to_owned() }.into()));
}

/// An owner's key in the device may sign certificates too, and anything else.
#[test]
fn a_key_in_a_yubihsm_attests_no_other() {
    let mut chain = Chain::new();
    let inner = chain.key.clone();
    // It is a key's: it says where it came from.
    chain.device = chain.device.with(id(3), &bits(&[1]));
    assert_eq!(chain.verify(), Err(HsmProblem::KeyAsIssuer { subject: HSM.to_owned() }.into()));
    // Nor anywhere above.
    let mut chain = Chain::new();
    chain.sub_ca = chain.sub_ca.with(id(5), &bits(&[0; 8]));
    assert_eq!(chain.verify(), Err(HsmProblem::KeyAsIssuer { subject: SUB_CA.to_owned() }.into()));
    // The key in a slot of a YubiKey signs what its holder likes too, by its policies or by its name.
    let mut chain = Chain::new();
    chain.device =
        chain.device.with(ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8"), &[1, 1]);
    let is_slot = |subject: &str| AttestationError::SlotAsIssuer { subject: subject.to_owned() };
    assert_eq!(chain.verify(), Err(is_slot(HSM)));
    let mut chain = Chain::new();
    let slot = "CN=YubiKey PIV Attestation 9c";
    (chain.device.subject, chain.key.issuer) = (slot, slot);
    assert_eq!(chain.verify(), Err(is_slot(slot)));
    // Without any of that it is no authority.
    let mut chain = Chain::new();
    chain.device = Made { subject: HSM, issuer: SUB_CA, key: DEVICE, ..inner };
    chain.device.extensions.clear();
    assert!(chain.error().contains("does not say that it may issue others"), "{}", chain.error());
}

#[test]
fn under_yubicos_roots_the_device_has_the_name_of_a_yubihsm() {
    let verified = |chain: &Chain| {
        super::yubihsm::verified(chain.evidence(), &chain.roots().with_yubicos_rules())
    };
    assert!(verified(&Chain::new()).is_ok());
    for subject in ["CN=Yubico PIV Attestation", "CN=YubiHSM Attestation (7)", "CN=mira"] {
        let mut chain = Chain::new();
        (chain.device.subject, chain.key.issuer) = (subject, subject);
        let problem = HsmProblem::NotDevice { subject: subject.to_owned() };
        assert_eq!(verified(&chain), Err(problem.into()));
        // Under a root of one's own the name is one's own affair.
        assert!(chain.verify().is_ok());
    }
    let mut chain = Chain::new();
    chain.device = chain.device.without(id(2));
    assert!(chain.verify().is_ok() && verified(&chain).is_err());
    // Nor is the certificate of a YubiHSM that of slot f9.
    let piv = Made { issuer: HSM, ..Made::slot(SIGNER) };
    let chain = Chain::new();
    let attestation = attestation(piv.signed_by(DEVICE), chain.device.signed_by(chain.sub_ca.key));
    let folder = roots(&[chain.root.signed_by(TRUSTED), chain.sub_ca.signed_by(TRUSTED)])
        .with_yubicos_rules();
    let error = verify(&attestation, Some(&SIGNER.public()), &folder, now()).unwrap_err();
    assert_eq!(error, AttestationError::NotDevice { subject: HSM.to_owned() });
}

#[test]
fn a_device_that_its_owner_certified_needs_its_owners_root() {
    let mut chain = Chain::new();
    chain.device.issuer = HSM;
    let own = chain.device.signed_by(DEVICE);
    let evidence = YubiHsm2 { device: own.clone(), ..chain.evidence() };
    let error = verified(evidence.clone(), &chain.roots()).unwrap_err();
    assert_eq!(error, HsmProblem::UnknownRoot { issuer: HSM.to_owned() }.into());
    assert!(verified(evidence, &roots(&[own])).is_ok());
}

#[test]
fn a_root_that_comes_with_the_evidence_is_not_trusted() {
    let chain = Chain::new();
    let mut evidence = chain.evidence();
    evidence.issuers.push(chain.root.signed_by(TRUSTED));
    let error = verified(evidence, &AttestationRoots::default()).unwrap_err();
    assert_eq!(error, HsmProblem::UnknownRoot { issuer: HSM_ROOT.to_owned() }.into());
}

#[test]
fn every_certificate_of_the_chain_is_valid_at_the_time_of_signing() {
    let parts: [fn(&mut Chain) -> &mut Made; 4] =
        [|it| &mut it.key, |it| &mut it.device, |it| &mut it.sub_ca, |it| &mut it.root];
    for part in parts {
        let mut chain = Chain::new();
        part(&mut chain).until = "2026-11-25T11:59:59Z";
        let error = chain.verify().unwrap_err();
        assert!(matches!(error, AttestationError::Expired { .. }), "{error}");
    }
}

/// `yubihsm-shell` writes the certificates one by one.
#[test]
fn evidence_is_found_among_certificates() {
    let chain = Chain::new();
    let YubiHsm2 { certificate, device, issuers } = chain.evidence();
    let root = chain.root.signed_by(TRUSTED);
    let piv = Old::new();
    let slot = piv.slot.signed_by(piv.device.key);
    let f9 = piv.device.signed_by(piv.root.key);
    let all = [&root, &issuers[0], &slot, &device, &f9, &certificate];
    let all: Vec<Certificate> = all.map(|der| Certificate::from_der(der).unwrap()).into();
    let found = pairs(&all).unwrap();
    assert_eq!(found, [piv.attestation(), KeyAttestation::YubiHsm2(chain.evidence())]);
    assert_eq!(pairs(&all[5..]), Err(Some(KEY.to_owned())));
    assert_eq!(pairs(&all[..2]), Err(None));
}

proptest! {
    #[test]
    fn whatever_bytes_come_are_judged(
        certificate in proptest::collection::vec(any::<u8>(), 0..64),
        place in 1..13_u8,
        value in proptest::collection::vec(any::<u8>(), 0..24),
    ) {
        let chain = Chain::with_key(place, &value);
        let _ = chain.verify();
        let _ = verified(YubiHsm2 { certificate, ..chain.evidence() }, &chain.roots());
    }
}

/// The certificate of an authority is renewed with its name and key: what has ended does not stand in
/// for what is valid, wherever either is.
#[test]
fn of_an_authority_that_was_renewed_the_certificate_that_is_valid_counts() {
    let chain = Chain::new();
    let ended = Made { until: "2020-01-01T00:00:00Z", ..chain.sub_ca.clone() };
    let (old, new) = (ended.signed_by(TRUSTED), chain.sub_ca.signed_by(TRUSTED));
    let root = chain.root.signed_by(TRUSTED);
    for (enclosed, kept) in [
        (vec![&old, &new], vec![]),
        (vec![&new, &old], vec![]),
        (vec![&old], vec![&new]),
        (vec![&new], vec![&old]),
        (vec![], vec![&old, &new]),
    ] {
        let issuers = enclosed.into_iter().cloned().collect();
        let evidence = YubiHsm2 { issuers, ..chain.evidence() };
        let trusted: Vec<_> = kept.into_iter().chain([&root]).cloned().collect();
        assert!(verified(evidence, &roots(&trusted)).is_ok());
    }
    let alone = YubiHsm2 { issuers: vec![old], ..chain.evidence() };
    let error = verified(alone, &chain.roots()).unwrap_err();
    assert!(matches!(error, AttestationError::Expired { .. }), "{error}");
}
