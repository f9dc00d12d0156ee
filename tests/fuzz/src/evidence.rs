//! What outsiders vouch for: devices, clouds, authorities of certificates and of time.

use std::sync::OnceLock;

use countersign_admissibility::attestation::{self, AttestationRoots, Call, Certificate, TpmArea};
use countersign_admissibility::certificate_names::beside_key::KeyCertificates;
use countersign_admissibility::certificate_names::revocation_list::RevocationList;
use countersign_admissibility::certificate_names::stated::StatedNames;
use countersign_admissibility::time_stamp::{self, Request, TsaRoots};
use countersign_envelope::digest::Digest;
use countersign_envelope::json::{self, Value};
use countersign_envelope::key_attestation::{
    CloudKms, KeyAttestation, LiquidSecurity, Tpm2Certify, YubiHsm2,
};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::run_time_stamp::RunTimeStamp;

use crate::{now, parts, read, same};

/// A time-stamp token (RFC 3161), or a request for one.
pub fn time_stamp(bytes: &[u8]) {
    if let Some(request) = read(Request::parse(bytes)) {
        let written = read(request.to_bytes()).expect("what was read can be written");
        let again = read(Request::parse(&written)).expect("what was written is read again");
        assert_eq!(request.imprint(), again.imprint());
    }
    let imprint = read(time_stamp::imprint(bytes)).unwrap_or(Digest::of(b""));
    let verify = || time_stamp::verify(bytes, imprint, None, &TsaRoots::default());
    let outcome = verify();
    assert_eq!(outcome.is_ok(), verify().is_ok());
    assert!(read(outcome).is_none(), "nobody is trusted, and a time is");
    if time_stamp::is_about(bytes, imprint) {
        let response = time_stamp::response_of_token(bytes).expect("a token is DER");
        let token = time_stamp::token_of_response(&response);
        assert_eq!(read(token).as_deref(), Some(bytes), "the token that was put into it");
    }
}

/// The response of a time-stamping authority.
pub fn time_response(bytes: &[u8]) {
    let Some(token) = read(time_stamp::token_of_response(bytes)) else { return };
    let again = time_stamp::response_of_token(&token).expect("a token is DER");
    assert_eq!(read(time_stamp::token_of_response(&again)), Some(token));
}

/// The time stamp of a run, as the reference keeps it.
pub fn run_time_stamp(bytes: &[u8]) {
    let Some(stamp) = read(RunTimeStamp::parse(bytes)) else { return };
    same(RunTimeStamp::parse(stamp.to_text().as_bytes()), &stamp);
    if let Some(token) = read(time_stamp::token_of_response(&stamp.response)) {
        let outcome = time_stamp::verify(&token, stamp.payload, None, &TsaRoots::default());
        assert!(read(outcome).is_none(), "nobody is trusted, and a time is");
    }
}

/// An attestation as a signature file has it, or a file of a person.
pub fn key_attestation(bytes: &[u8]) {
    read(KeyAttestation::parse_text(bytes));
    let Ok(Value::Object(object)) = json::parse(bytes).map(|document| document.value) else {
        return;
    };
    let Some(attestation) = read(KeyAttestation::parse(&object)) else { return };
    same(KeyAttestation::parse(&attestation.to_object()), &attestation);
    judge(&attestation, None);
}

/// What a YubiKey attests: the certificate of a slot, and of slot f9.
pub fn yubikey(bytes: &[u8]) {
    let [certificate, intermediate] = of(bytes);
    let key = key_of(&certificate);
    let attestation =
        KeyAttestation::YubikeyPiv { slot: "9c".to_owned(), certificate, intermediate };
    judge(&attestation, key.as_ref());
}

/// What a YubiHSM attests: the certificates of key and device, and one above.
pub fn yubihsm(bytes: &[u8]) {
    let [certificate, device, issuer] = of(bytes);
    let key = key_of(&certificate);
    let evidence = YubiHsm2 { certificate, device, issuers: vec![issuer] };
    judge(&KeyAttestation::YubiHsm2(evidence), key.as_ref());
}

/// What a TPM certifies: statement, signature, the public areas of both keys, and a certificate.
pub fn tpm(bytes: &[u8]) {
    let [attest, signature, ak_public, key_public, certificate] = of(bytes);
    let areas = [&ak_public, &key_public].map(|area| read(TpmArea::read(area)));
    let key = areas[1].as_ref().map(|area| area.key().clone());
    let evidence = Tpm2Certify {
        attest,
        signature,
        ak_public,
        key_public,
        ak_certificate: Some(certificate).filter(|one| !one.is_empty()),
    };
    judge(&KeyAttestation::Tpm2Certify(evidence), key.as_ref());
}

/// What an HSM of Marvell states of a key, and certificates beside it.
pub fn liquidsecurity(bytes: &[u8]) {
    let mut parts = parts(bytes).into_iter();
    let statement = parts.next().unwrap_or_default();
    let key = parts.next().and_then(|der| read(PublicKey::from_der(&der)));
    let evidence = LiquidSecurity { statement, certificates: parts.take(8).collect() };
    judge(&KeyAttestation::LiquidSecurity(evidence), key.as_ref());
}

/// What a cloud's key management says of a key and of a call.
pub fn cloud_kms(bytes: &[u8]) {
    let Ok(Value::Object(object)) = json::parse(bytes).map(|document| document.value) else {
        return;
    };
    let Ok(attestation @ KeyAttestation::CloudKms(CloudKms { .. })) =
        KeyAttestation::parse(&object)
    else {
        return;
    };
    let KeyAttestation::CloudKms(cloud) = &attestation else { return };
    let key = cloud.public_key.as_str().and_then(|text| PublicKey::parse(text).ok());
    let key = key.unwrap_or_else(|| any_key().clone());
    judge(&attestation, Some(&key));
    let digest = Digest::of(b"");
    let call = Call { digest: &digest, length: 2, at: now(), algorithm: None, payload: None };
    let verify = || {
        attestation::verify_with_signature(
            &attestation,
            Some(&key),
            call,
            &AttestationRoots::default(),
        )
    };
    let outcome = verify();
    assert_eq!(outcome, verify());
    assert!(read(outcome).is_none_or(|statement| !statement.is_proof()), "a cloud proves nothing");
    if let Some(narrowed) = read(attestation::narrowed(&attestation, Some(&key), call)) {
        same(KeyAttestation::parse(&narrowed.to_object()), &narrowed);
    }
}

/// Certificates, PEM or DER, as they come beside a key or into a trust folder.
pub fn certificate(bytes: &[u8]) {
    let Some(certificates) = read(KeyCertificates::read(bytes)) else { return };
    for one in &certificates {
        let again = Certificate::from_der(one.der());
        same(again, one);
        let pem = read(Certificate::from_pem(one.to_pem().as_bytes()));
        assert_eq!(pem.as_deref(), Some([one.clone()].as_slice()));
        let _ = (one.subject(), one.issuer(), one.serial(), one.is_root(), one.known_as());
        let _ = (one.not_before(), one.not_after(), one.fingerprint());
        let names = StatedNames::of(one);
        let _ = (names.words().to_string(), names.agree_with(&one.subject()));
    }
    let roots = AttestationRoots::new(certificates.iter().cloned());
    assert_eq!(roots.digest(), AttestationRoots::new(certificates.iter().cloned()).digest());
    for attestation in attestation::pairs(&certificates).unwrap_or_default() {
        if attestation.check_size().is_ok() {
            same(KeyAttestation::parse(&attestation.to_object()), &attestation);
        }
        judge(&attestation, Some(any_key()));
    }
}

/// Revocation lists, PEM or DER.
pub fn revocation_list(bytes: &[u8]) {
    for list in read(RevocationList::read(bytes)).unwrap_or_default() {
        let again = read(RevocationList::read(list.to_pem().as_bytes())).expect("its own PEM");
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].fingerprint(), list.fingerprint());
        assert_eq!(again[0].len(), list.len());
        let _ = (list.issuer(), list.this_update(), list.next_update());
        let _ = (list.problem().is_some(), list.incomplete().is_some());
    }
}

/// Nobody is trusted, so that nothing is proven; and the verdict is the same the second time.
fn judge(attestation: &KeyAttestation, key: Option<&PublicKey>) {
    let roots = AttestationRoots::default();
    let outcome = attestation::verify(attestation, key, &roots, now());
    assert_eq!(outcome, attestation::verify(attestation, key, &roots, now()));
    if let Some(statement) = read(outcome) {
        assert!(!statement.is_proof(), "{statement:?}");
    }
    // Everything that it brings along, trusted: as far as one comes at all.
    let brought = match attestation {
        KeyAttestation::YubikeyPiv { intermediate, .. } => vec![intermediate.clone()],
        KeyAttestation::YubiHsm2(hsm) => [vec![hsm.device.clone()], hsm.issuers.clone()].concat(),
        KeyAttestation::LiquidSecurity(hsm) => hsm.certificates.clone(),
        KeyAttestation::Tpm2Certify(tpm) => tpm.ak_certificate.iter().cloned().collect(),
        _ => Vec::new(),
    };
    let brought = brought.iter().filter_map(|der| Certificate::from_der(der).ok());
    let mut roots = AttestationRoots::new(brought);
    if let KeyAttestation::Tpm2Certify(tpm) = attestation {
        roots = roots.with_areas(TpmArea::read(&tpm.ak_public));
    }
    let outcome = attestation::verify(attestation, key, &roots, now());
    if let Some(statement) = read(outcome) {
        let _ = (statement.words().to_string(), statement.facts());
    }
}

fn key_of(certificate: &[u8]) -> Option<PublicKey> {
    PublicKey::read(certificate).ok()
}

/// A key for what has none of its own.
fn any_key() -> &'static PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    KEY.get_or_init(|| {
        // The base point of edwards25519.
        let mut raw = [0x66; 32];
        raw[0] = 0x58;
        PublicKey::ed25519(&raw).expect("a point of the curve")
    })
}

fn of<const N: usize>(bytes: &[u8]) -> [Vec<u8>; N] {
    let mut parts = parts(bytes).into_iter();
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
