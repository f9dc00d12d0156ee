//! Statements of a TPM, made by hand, and each way in which one can be wrong.

use countersign_envelope::key_attestation::Tpm2Certify;
use p256::ecdsa::signature::Signer as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256};

use super::*;

const FIXED_TPM: u32 = 1 << 1;
const FIXED_PARENT: u32 = 1 << 4;
const ORIGIN: u32 = 1 << 5;
const RESTRICTED: u32 = 1 << 16;
const DECRYPT: u32 = 1 << 17;
const SIGN: u32 = 1 << 18;
const INSIDE: u32 = FIXED_TPM | FIXED_PARENT | ORIGIN;

const AK: TestKey = TestKey::P256(7);
/// id-ce-extKeyUsage with tcg-kp-AIKCertificate alone.
const AIK_USAGE: [u8; 9] = [0x30, 0x07, 0x06, 0x05, 0x67, 0x81, 0x05, 0x08, 0x03];

/// What TPM2_Certify would have given, part by part.
#[derive(Clone)]
struct Certified {
    key: TestKey,
    attributes: u32,
    ak: TestKey,
    ak_attributes: u32,
    magic: u32,
    kind: u16,
    certificate: Option<Vec<u8>>,
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let size = u16::try_from(bytes.len()).unwrap();
    [&size.to_be_bytes(), bytes].concat()
}

/// TPMT_PUBLIC.
fn public(key: TestKey, attributes: u32) -> Vec<u8> {
    let head =
        |kind: u16| [&kind.to_be_bytes()[..], &[0, 0x0b], &attributes.to_be_bytes()].concat();
    let point = |curve: u8, point: &[u8]| {
        let (x, y) = point[1..].split_at(point.len() / 2);
        // No policy, no symmetric algorithm, ECDSA with SHA-256, the curve, no KDF.
        let parameters = [0, 0, 0, 0x10, 0, 0x18, 0, 0x0b, 0, curve, 0, 0x10];
        [&head(0x23)[..], &parameters, &sized(x), &sized(y)].concat()
    };
    match key.public() {
        PublicKey::P256(key) => point(3, key.to_sec1_point(false).as_bytes()),
        PublicKey::P384(key) => point(4, key.to_sec1_point(false).as_bytes()),
        PublicKey::Rsa(key) => {
            let parameters = [0, 0, 0, 0x10, 0, 0x14, 0, 0x0b, 8, 0, 0, 0, 0, 0];
            let modulus = key.n().to_be_bytes_trimmed_vartime();
            [&head(1)[..], &parameters, &sized(&modulus)].concat()
        }
        PublicKey::Ed25519(_) | PublicKey::MlDsa65(_) => panic!("no TPM has one"),
    }
}

/// TPM2B_NAME of a public area.
fn name(public: &[u8]) -> Vec<u8> {
    sized(&[&[0, 0x0b][..], &Sha256::digest(public)].concat())
}

/// TPMT_SIGNATURE.
fn sign(key: TestKey, message: &[u8]) -> Vec<u8> {
    let pair = |bytes: &[u8]| {
        let (r, s) = bytes.split_at(bytes.len() / 2);
        [&[0, 0x18, 0, 0x0b][..], &sized(r), &sized(s)].concat()
    };
    match key {
        TestKey::P256(seed) => {
            let signature: p256::ecdsa::Signature = p256_key(seed).sign(message);
            pair(&signature.to_bytes())
        }
        TestKey::Rsa => {
            use x509_cert::spki::SignatureBitStringEncoding as _;
            let key = pkcs1v15::SigningKey::<Sha256>::new(RSA.clone());
            let signature: pkcs1v15::Signature = key.sign(message);
            let bits = signature.to_bitstring().unwrap();
            [&[0, 0x14, 0, 0x0b][..], &sized(bits.raw_bytes())].concat()
        }
        _ => panic!("not needed"),
    }
}

impl Certified {
    fn new() -> Self {
        Self {
            key: SIGNER,
            attributes: INSIDE | SIGN,
            ak: AK,
            ak_attributes: INSIDE | SIGN | RESTRICTED,
            magic: 0xff54_4347,
            kind: 0x8017,
            certificate: None,
        }
    }

    fn made(&self) -> Tpm2Certify {
        let key_public = public(self.key, self.attributes);
        let ak_public = public(self.ak, self.ak_attributes);
        let attest = [
            &self.magic.to_be_bytes()[..],
            &self.kind.to_be_bytes(),
            &name(&ak_public),
            &sized(&[0, 255, 0x55, 0xaa]),
            &[0; 8 + 4 + 4],
            &[1],
            &[0; 8],
            &name(&key_public),
            &name(&ak_public),
        ]
        .concat();
        let signature = sign(self.ak, &attest);
        let ak_certificate = self.certificate.clone();
        Tpm2Certify { attest, signature, ak_public, key_public, ak_certificate }
    }

    fn problem(&self) -> AttestationError {
        check(self.made()).unwrap_err()
    }
}

fn trusting(key: TestKey) -> AttestationRoots {
    AttestationRoots::default().with_keys([key.public()])
}

fn check(made: Tpm2Certify) -> Result<Statement, AttestationError> {
    let attestation = KeyAttestation::Tpm2Certify(made);
    verify(&attestation, Some(&SIGNER.public()), &trusting(AK), now())
}

#[test]
fn a_tpms_statement_is_put_into_words() {
    let statement = check(Certified::new().made()).unwrap();
    assert!(statement.is_proof());
    let sha256 = Digest::of(&AK.spki()).hex();
    let words = format!(
        "made in a TPM that does not let it out, says its attestation key {}…",
        &sha256[..16]
    );
    assert_eq!(statement.to_string(), words);
    let details =
        format!("attestation key SHA-256 {sha256}, trusted itself; that it is restricted");
    assert!(statement.details().to_string().starts_with(&details), "{}", statement.details());
}

#[test]
fn keys_of_every_kind_and_public_areas_with_their_size_are_read() {
    for key in [TestKey::P384(3), TestKey::Rsa] {
        let attestation = KeyAttestation::Tpm2Certify(Certified { key, ..Certified::new() }.made());
        assert!(verify(&attestation, Some(&key.public()), &trusting(AK), now()).is_ok());
    }
    let made =
        KeyAttestation::Tpm2Certify(Certified { ak: TestKey::Rsa, ..Certified::new() }.made());
    assert!(verify(&made, Some(&SIGNER.public()), &trusting(TestKey::Rsa), now()).is_ok());
    let mut made = Certified::new().made();
    made.key_public = sized(&made.key_public);
    made.ak_public = sized(&made.ak_public);
    assert!(check(made).is_ok());
}

#[test]
fn what_binds_no_key_to_a_tpm_is_named() {
    let new = Certified::new;
    let of_key = |attributes| Certified { attributes, ..new() }.problem();
    assert_eq!(of_key(SIGN), TpmProblem::Imported.into());
    assert_eq!(of_key(SIGN | FIXED_TPM | FIXED_PARENT), TpmProblem::Imported.into());
    assert_eq!(of_key(SIGN | ORIGIN | FIXED_PARENT), TpmProblem::Loose("fixedTPM").into());
    assert_eq!(of_key(SIGN | ORIGIN | FIXED_TPM), TpmProblem::Loose("fixedParent").into());
    assert_eq!(of_key(INSIDE | DECRYPT), TpmProblem::NotSigning.into());

    let of_ak = |ak_attributes| Certified { ak_attributes, ..new() }.problem();
    assert_eq!(of_ak(INSIDE | SIGN), TpmProblem::NotRestricted.into());
    assert_eq!(of_ak(INSIDE | RESTRICTED | DECRYPT), TpmProblem::NotRestricted.into());
    let all = SIGN | RESTRICTED | DECRYPT | INSIDE;
    assert_eq!(of_ak(all), TpmProblem::NotRestricted.into());
    let loose = TpmProblem::LooseAttestationKey("fixedTPM");
    assert_eq!(of_ak(SIGN | RESTRICTED | ORIGIN | FIXED_PARENT), loose.into());
    let loose = TpmProblem::LooseAttestationKey("sensitiveDataOrigin");
    assert_eq!(of_ak(SIGN | RESTRICTED | FIXED_TPM | FIXED_PARENT), loose.into());
}

#[test]
fn what_the_tpm_did_not_say_is_named() {
    let by_sha1 = |at: usize, part: fn(&mut Tpm2Certify) -> &mut Vec<u8>| {
        let mut made = Certified::new().made();
        part(&mut made)[at] = 0x04;
        check(made).unwrap_err()
    };
    for error in [by_sha1(3, |made| &mut made.signature), by_sha1(3, |made| &mut made.key_public)] {
        assert!(error.to_string().contains("not accepted"), "{error}");
        assert_eq!(error.bearing(), Bearing::NotJudged);
    }
    let wrong_magic = Certified { magic: 0xff54_4348, ..Certified::new() }.problem();
    assert_eq!(wrong_magic, TpmProblem::NotGenerated.into());
    // TPM_ST_ATTEST_CREATION: the same two names with their sizes.
    let mut quoted = Certified { kind: 0x801a, ..Certified::new() }.problem();
    assert_eq!(quoted, TpmProblem::OtherType("TPM_ST_ATTEST_CREATION".to_owned()).into());
    assert_eq!(quoted.bearing(), Bearing::Unusable);
    quoted = Certified { key: TestKey::P256(8), ..Certified::new() }.problem();
    assert_eq!(quoted, AttestationError::OtherKey);

    let mut other = Certified::new().made();
    other.signature = sign(TestKey::P256(9), &other.attest);
    assert_eq!(check(other), Err(TpmProblem::Signature.into()));
    // The public area says more than was certified.
    let mut other = Certified { attributes: SIGN, ..Certified::new() }.made();
    other.key_public = public(SIGNER, INSIDE | SIGN);
    assert_eq!(check(other), Err(TpmProblem::OtherName.into()));
}

#[test]
fn an_attestation_key_that_nobody_trusts_is_named_by_its_sha256() {
    let attestation = KeyAttestation::Tpm2Certify(Certified::new().made());
    let roots = trusting(TestKey::P256(9));
    let error = verify(&attestation, Some(&SIGNER.public()), &roots, now()).unwrap_err();
    assert!(error.to_string().contains(&Digest::of(&AK.spki()).hex()), "{error}");
    assert!(!error.contradicts());
    let finding = AttestationFinding { source: AttestationSource::Signature, outcome: Err(error) };
    assert_eq!(finding.standing(), AttestationStanding::UnknownRoot);
}

/// Anyone who can write the evidence can edit the attributes in it.
#[test]
fn a_trusted_public_area_covers_the_attributes_of_the_attestation_key() {
    let area = |attributes| TpmArea::read(&public(AK, attributes));
    let honest = INSIDE | SIGN | RESTRICTED;
    let trusted = AttestationRoots::default().with_areas([area(honest).unwrap()]);
    let verify = |ak_attributes| {
        let made = Certified { ak_attributes, ..Certified::new() }.made();
        let attestation = KeyAttestation::Tpm2Certify(made);
        super::verify(&attestation, Some(&SIGNER.public()), &trusted, now())
    };
    let statement = verify(honest).unwrap();
    assert!(
        statement.details().to_string().ends_with("with its attributes"),
        "{}",
        statement.details()
    );
    // userWithAuth, say.
    assert_eq!(verify(honest | 1 << 6), Err(TpmProblem::OtherArea.into()));
    // What would sign anything is never trusted as an attestation key.
    assert!(area(INSIDE | SIGN).is_err());
}

/// The certificate of an attestation key, from a maker's root.
fn certified(key: TestKey) -> Made {
    let extensions = vec![
        basic_constraints(false, None),
        extension(rfc5280::ID_CE_EXT_KEY_USAGE, false, &AIK_USAGE),
    ];
    Made { extensions, ..Made::authority("CN=AK 1", ROOT, key, 0) }
}

fn check_certified(certificate: Vec<u8>, path: u8) -> Result<Statement, AttestationError> {
    let made = Certified { certificate: Some(certificate), ..Certified::new() }.made();
    let roots = roots(&[Made::authority(ROOT, ROOT, TRUSTED, path).signed_by(TRUSTED)]);
    verify(&KeyAttestation::Tpm2Certify(made), Some(&SIGNER.public()), &roots, now())
}

#[test]
fn the_certificate_of_an_attestation_key_leads_to_a_root() {
    // No authority stands between, so that a path length of 0 is enough.
    let statement = check_certified(certified(AK).signed_by(TRUSTED), 0).unwrap();
    assert!(
        statement.details().to_string().ends_with("trusted by CN=Test PIV Root CA"),
        "{statement:?}"
    );
    let error = check_certified(certified(TestKey::P256(9)).signed_by(TRUSTED), 0);
    assert_eq!(error, Err(TpmProblem::OtherCertificate.into()));
    // What the root issued for something else would let anyone speak as a TPM.
    let server = certified(AK).without(rfc5280::ID_CE_EXT_KEY_USAGE).signed_by(TRUSTED);
    let kind = TpmProblem::CertificateKind("CN=AK 1".to_owned());
    assert_eq!(check_certified(server, 0), Err(kind.into()));
    let mut named = certified(AK);
    named.extensions.push(extension(rfc5280::ID_CE_SUBJECT_ALT_NAME, true, &[0x30, 0]));
    assert!(check_certified(named.signed_by(TRUSTED), 0).is_ok());
    let mut odd = certified(AK);
    odd.extensions.push(extension(ObjectIdentifier::new_unwrap("1.2.3.4"), true, &[5, 0]));
    let odd = check_certified(odd.signed_by(TRUSTED), 0);
    assert!(matches!(odd, Err(AttestationError::NotProcessed { .. })), "{odd:?}");
    let unknown = Made { issuer: "CN=Someone", ..certified(AK) }.signed_by(TRUSTED);
    let error = check_certified(unknown, 0).unwrap_err().to_string();
    assert!(error.contains("nor is a root above CN=Someone"), "{error}");
    let forged = check_certified(certified(AK).signed_by(TestKey::P256(9)), 0);
    assert!(matches!(forged, Err(AttestationError::Signature { .. })), "{forged:?}");
    let expired = Made { until: "2026-01-01T00:00:00Z", ..certified(AK) }.signed_by(TRUSTED);
    let expired = check_certified(expired, 0);
    assert!(matches!(expired, Err(AttestationError::Expired { .. })), "{expired:?}");
}

/// A name of a directory in a subject alternative name, of these attributes.
fn named(parts: &[(&str, &str)]) -> Extension {
    use x509_cert::attr::AttributeTypeAndValue;
    use x509_cert::der::asn1::{Any, SetOfVec, Utf8StringRef};
    use x509_cert::ext::pkix::SubjectAltName;
    use x509_cert::ext::pkix::name::GeneralName;
    use x509_cert::name::{RdnSequence, RelativeDistinguishedName};
    let part = |(id, text): &(&str, &str)| {
        let value = Any::encode_from(&Utf8StringRef::new(text).unwrap()).unwrap();
        let oid = ObjectIdentifier::new(&format!("2.23.133.2.{id}")).unwrap();
        let set = SetOfVec::from_iter([AttributeTypeAndValue { oid, value }]).unwrap();
        RelativeDistinguishedName::from(set)
    };
    let parts = parts.iter().map(part).collect::<Vec<_>>();
    let name = Name::hazmat_from_rdn_sequence(RdnSequence::from(parts));
    let names = SubjectAltName(vec![GeneralName::DirectoryName(name)]);
    extension(rfc5280::ID_CE_SUBJECT_ALT_NAME, true, &names.to_der().unwrap())
}

#[test]
fn what_a_certificate_calls_its_tpm_is_told() {
    let said = |parts: &[(&str, &str)]| {
        let mut ak = certified(AK);
        ak.extensions.push(named(parts));
        let statement = check_certified(ak.signed_by(TRUSTED), 0).unwrap();
        statement.details().to_string()
    };
    let infineon = said(&[("1", "id:49465800"), ("2", "SLB 9670"), ("3", "id:00070055")]);
    assert!(infineon.ends_with("TPM IFX SLB 9670, version id:00070055"), "{infineon}");
    // As Microsoft writes one; and what does not name a TPM, or names it twice, is not told.
    let odd = said(&[("1", "id:FFFFF1D0"), ("2", "NPCT6xx"), ("3", "id:13")]);
    assert!(odd.ends_with("TPM id:FFFFF1D0 NPCT6xx, version id:13"), "{odd}");
    let less = said(&[("1", "id:49465800"), ("2", "SLB 9670")]);
    assert!(less.ends_with("trusted by CN=Test PIV Root CA"), "{less}");
    let twice = [("1", "id:49465800"), ("1", "id:4E544300"), ("2", "SLB 9670"), ("3", "id:1")];
    assert!(said(&twice).ends_with("trusted by CN=Test PIV Root CA"));
}

/// TPMT_PUBLIC of an endorsement key, as TCG's template has it, or with another cipher.
fn endorsement_area(key: TestKey, attributes: u32, cipher: &[u8]) -> Vec<u8> {
    let PublicKey::P256(public) = key.public() else { panic!("an ECC key") };
    let point = public.to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    let head = [&[0, 0x23, 0, 0x0b][..], &attributes.to_be_bytes(), &[0, 0]].concat();
    // No scheme, the curve, no KDF.
    [&head[..], cipher, &[0, 0x10, 0, 3, 0, 0x10], &sized(x), &sized(y)].concat()
}

/// The endorsement key's certificate is checked; that both keys are in one TPM, only an act tells.
#[test]
fn an_endorsement_key_is_one_that_a_trusted_maker_certified() {
    const EK: TestKey = TestKey::P256(31);
    const AES: [u8; 6] = [0, 6, 0, 128, 0, 0x43];
    // The extended key usage 2.23.133.8.1, and keyAgreement.
    let usage = [0x30, 0x07, 0x06, 0x05, 0x67, 0x81, 0x05, 0x08, 0x01];
    let mut made = Made { extensions: Vec::new(), ..Made::authority("CN=EK", ROOT, EK, 0) }
        .with(rfc5280::ID_CE_EXT_KEY_USAGE, &usage);
    made.extensions.push(extension(rfc5280::ID_CE_KEY_USAGE, true, &[3, 2, 3, 8]));
    let inside = INSIDE | RESTRICTED;
    let ek = endorsement_area(EK, inside | DECRYPT, &AES);
    let ak = public(AK, inside | SIGN);
    let root = Made::authority(ROOT, ROOT, TRUSTED, 0).signed_by(TRUSTED);
    let check = |made: &Made, ek: &[u8], ak: &[u8], roots: &AttestationRoots| {
        Candidate::check(&made.signed_by(TRUSTED), (ek, ak), roots, now()).map(|_| ())
    };
    let trusted = roots(&[root]);
    assert_eq!(check(&made, &ek, &ak, &trusted), Ok(()));
    let problem = |made: &Made, ek: &[u8], ak: &[u8]| match check(made, ek, ak, &trusted) {
        Err(AttestationError::Tpm(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let subject = || "CN=EK".to_owned();
    let unknown = check(&made, &ek, &ak, &AttestationRoots::default());
    assert_eq!(unknown, Err(TpmProblem::UnknownEndorsement { issuer: ROOT.to_owned() }.into()));
    let other = endorsement_area(TestKey::P256(32), inside | DECRYPT, &AES);
    assert_eq!(problem(&made, &other, &ak), TpmProblem::OtherEndorsement(subject()));
    // Whatever it certifies for something else; an authority's; one to sign.
    let without = made.clone().without(rfc5280::ID_CE_EXT_KEY_USAGE);
    let as_ak = made.clone().with(rfc5280::ID_CE_EXT_KEY_USAGE, &AIK_USAGE);
    let mut authority = made.clone();
    authority.extensions.push(basic_constraints(true, None));
    let to_sign = made.clone().with(rfc5280::ID_CE_KEY_USAGE, &[3, 2, 7, 0x80]);
    for wrong in [without, as_ak, authority, to_sign] {
        assert_eq!(problem(&wrong, &ek, &ak), TpmProblem::EndorsementKind(subject()));
    }
    // A key that would give any secret back, or to any key, or that leaves it open to be read.
    let loose = [
        endorsement_area(EK, INSIDE | DECRYPT, &AES),
        endorsement_area(EK, inside | SIGN, &AES),
        endorsement_area(EK, inside | SIGN | DECRYPT, &AES),
        endorsement_area(EK, inside | DECRYPT, &[0, 0x10]),
    ];
    for one in loose {
        assert_eq!(problem(&made, &one, &ak), TpmProblem::NotEndorsing);
    }
    assert_eq!(problem(&made, &ek, &public(AK, INSIDE | SIGN)), TpmProblem::NotRestricted);
    let loaded = public(AK, ORIGIN | RESTRICTED | SIGN);
    assert_eq!(problem(&made, &ek, &loaded), TpmProblem::LooseAttestationKey("fixedTPM"));
    made.until = "2026-01-01T00:00:00Z";
    let expired = check(&made, &ek, &ak, &trusted);
    assert!(matches!(expired, Err(AttestationError::Expired { .. })), "{expired:?}");
}

fn parts(made: &mut Tpm2Certify) -> [&mut Vec<u8>; 4] {
    [&mut made.attest, &mut made.signature, &mut made.ak_public, &mut made.key_public]
}

#[test]
fn nothing_may_be_cut_off_or_appended() {
    for part in 0..4 {
        let mut made = Certified::new().made();
        parts(&mut made)[part].push(0);
        let error = check(made).unwrap_err();
        // What was signed is checked against the signature before it is read.
        let bearing = if part == 0 { Bearing::Contradicts } else { Bearing::Unusable };
        assert_eq!(error.bearing(), bearing, "{error}");
        let whole = parts(&mut Certified::new().made())[part].len();
        for length in 0..whole {
            let mut made = Certified::new().made();
            parts(&mut made)[part].truncate(length);
            assert!(check(made).is_err());
        }
    }
}

proptest! {
    #[test]
    fn no_bit_of_a_statement_can_be_changed(part in 0_usize..4, at: prop::sample::Index, bit in 0..8) {
        let mut made = Certified::new().made();
        let parts = parts(&mut made);
        let at = at.index(parts[part].len());
        parts.into_iter().nth(part).unwrap()[at] ^= 1_u8 << bit;
        // What is said of the attestation key in its public area, only who trusts it knows; all else
        // is covered by its signature.
        if part == 2 {
            let _ = check(made);
        } else {
            prop_assert!(check(made).is_err());
        }
    }

    #[test]
    fn any_bytes_give_an_error_and_never_a_crash(
        bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 5),
        kept in prop::sample::subsequence(vec![0_usize, 1, 2, 3], 0..=3),
    ) {
        let good = Certified::new().made();
        let of = |part: usize, good: &[u8]| {
            if kept.contains(&part) { good.to_vec() } else { bytes[part].clone() }
        };
        let made = Tpm2Certify {
            attest: of(0, &good.attest),
            signature: of(1, &good.signature),
            ak_public: of(2, &good.ak_public),
            key_public: of(3, &good.key_public),
            ak_certificate: Some(bytes[4].clone()),
        };
        prop_assert!(check(made).is_err());
    }
}
