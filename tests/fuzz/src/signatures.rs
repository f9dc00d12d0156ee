//! What people sign besides an artifact, and how signatures are kept.

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::{disclosure, finding};
use countersign_envelope::claim::Claim;
use countersign_envelope::companion::Companion;
use countersign_envelope::disclosure::Disclosure;
use countersign_envelope::dsse::DsseEnvelope;
use countersign_envelope::finding::{Finding, FindingFile};
use countersign_envelope::json::{self, Value};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::{Refusal, RefusalsFile};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::time_stamp::TimeStamp;

use crate::{read, same};

/// A signature file: a rewrite loses nothing, and a file united with itself is the same.
pub fn signature_file(bytes: &[u8]) {
    let Some(file) = read(SignatureFile::parse(bytes)) else { return };
    same(SignatureFile::parse(file.to_text().as_bytes()), &file);
    for signature in file.signatures() {
        let _ = signature.public_key().map(PublicKey::parse).map(read);
        let _ = (signature.signed_at(), signature.signed_payload(), signature.role());
        let _ = signature.attestation().map(read);
    }
    for entry in file.entries().into_iter().flatten() {
        let Some(entry) = entry.as_object() else { continue };
        for stamp in TimeStamp::all(entry).into_iter().filter_map(read) {
            let list = Value::Array(vec![stamp.to_object().into()]);
            same(TimeStamp::all(&[("timestamps", list)].into()).remove(0), &stamp);
        }
        for value in entry.iter().map(|(_, value)| value) {
            if let Ok(companion) = Companion::parse(value) {
                same(Companion::parse(&companion.to_object().into()), &companion);
            }
        }
    }
    let Some(kept) = read(SignatureFile::parse_for_rewrite(bytes)) else { return };
    if let Some(united) = read(kept.clone().unite(kept.clone())) {
        let twice = read(united.clone().unite(united.clone())).expect("what was united is");
        assert_eq!(united, twice);
        same(SignatureFile::parse_for_rewrite(united.to_text().as_bytes()), &united);
    }
}

/// A claim in its DSSE envelope.
pub fn claim(bytes: &[u8]) {
    let Some(envelope) = envelope(bytes) else { return };
    if let Some(claim) = read(Claim::parse(&envelope)) {
        let again = DsseEnvelope { payload: claim.to_statement().to_payload(), ..envelope };
        same(Claim::parse(&again), &claim);
    }
}

/// Refusals of a run, and one alone in its DSSE envelope.
pub fn refusals(bytes: &[u8]) {
    if let Some(envelope) = envelope(bytes)
        && let Some(refusal) = read(Refusal::parse(&envelope))
    {
        let again = DsseEnvelope { payload: refusal.to_statement().to_payload(), ..envelope };
        same(Refusal::parse(&again), &refusal);
    }
    let Some(file) = read(RefusalsFile::parse(bytes)) else { return };
    same(RefusalsFile::parse(file.to_text().as_bytes()), &file);
    assert_eq!(file.entries().count(), file.len());
    for entry in file.entries() {
        let first = entry.verify();
        assert_eq!(first.is_ok(), entry.verify().is_ok());
        read(first);
    }
}

/// A reviewer's finding, alone in its DSSE envelope or in its file.
pub fn finding(bytes: &[u8]) {
    if let Some(envelope) = envelope(bytes)
        && let Some(finding) = read(Finding::parse(&envelope))
    {
        let again = DsseEnvelope { payload: finding.to_statement().to_payload(), ..envelope };
        same(Finding::parse(&again), &finding);
    }
    let Some(file) = read(FindingFile::parse(bytes)) else { return };
    same(FindingFile::parse(file.to_text().as_bytes()), &file);
    read(file.finding());
    let keyring = Keyring::default();
    let judged = finding::judge(&file, None, &keyring);
    assert_eq!(judged.is_signed(), file.verify().is_ok());
    read(file.verify());
}

/// A disclosure: it is proven only if it has a root.
pub fn disclosure(bytes: &[u8]) {
    let Some(disclosure) = read(Disclosure::parse(bytes)) else { return };
    same(Disclosure::parse(disclosure.to_text().as_bytes()), &disclosure);
    let keyring = Keyring::default();
    let judge = || disclosure::judge(&disclosure, disclosure::Compared::default(), &keyring);
    let judged = judge();
    assert_eq!(judged, judge());
    assert!(!judged.is_proven() || disclosure.root().is_some());
    for claim in &disclosure.claims {
        read(claim.verify());
    }
}

fn envelope(bytes: &[u8]) -> Option<DsseEnvelope> {
    let value = json::parse(bytes).ok()?.value;
    let envelope = read(DsseEnvelope::parse(&value))?;
    same(DsseEnvelope::parse(&envelope.to_object().into()), &envelope);
    Some(envelope)
}
