//! The folder `evidence/` of a pack: what keys and authorities signed, in the forms that other
//! programs take (EVIDENCE.md section 6).
//!
//! | file | what |
//! |---|---|
//! | `RUN-….json.canonical`, `….manifest.json.canonical` | the canonical bytes |
//! | `claim-….dsse.json`, `refusal-….dsse.json` | a claim or refusal, if its very bytes were signed (DSSE) |
//! | `….pem` | the key that signed it |
//! | `….sigstore.json` | the same as a Sigstore bundle v0.3, if its algorithm is known there |
//! | `….tsr` | a time-stamp token over a claim or a signature, as the answer of its authority (RFC 3161) |
//!
//! Claims and refusals are named by the digest of their payload, tokens over signatures by that of
//! the signature.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_admissibility::Evidence;
use countersign_admissibility::time_stamp::response_of_token;
use countersign_envelope::dsse::DsseEnvelope;
use countersign_envelope::file_name::manifest_of;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::signature::{Algorithm, Signature, SignedPayload};
use countersign_envelope::time_stamp::{Covers, TimeStamp};
use serde_json::json;

/// The folder.
const FOLDER: &str = "evidence";

/// The media type of a Sigstore bundle.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The files of an envelope's evidence, by name.
pub(super) fn files(evidence: &Evidence<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut files = Files::default();
    let name = evidence.file_name;
    if let Ok(run) = evidence.run {
        files.add(&format!("{name}.canonical"), run.artifact().canonical().bytes().into_owned());
    }
    if let Some(Ok(manifest)) = evidence.manifest.read() {
        let bytes = manifest.artifact().canonical().bytes().into_owned();
        files.add(&format!("{}.canonical", manifest_of(name)), bytes);
    }
    for file in [evidence.run_signatures, evidence.manifest_signatures] {
        if let Some(Ok(file)) = file.read() {
            file.signatures().into_iter().for_each(|signature| files.signature(signature));
        }
    }
    if let Some(Ok(file)) = evidence.refusals.read() {
        files.refusals(file);
    }
    files.0
}

#[derive(Default)]
struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.insert(format!("{FOLDER}/{name}"), bytes);
    }

    /// The claim of a signature, and the tokens over both.
    fn signature(&mut self, signature: Signature<'_>) {
        let stamps: Vec<TimeStamp> =
            TimeStamp::all(signature.0).into_iter().filter_map(Result::ok).collect();
        let of = |claim: bool| {
            stamps.iter().filter(move |one| match one.covers {
                Covers::Claim => claim,
                Covers::Signature => !claim,
                Covers::Tokens(_) => false,
            })
        };
        if let Some(Ok(claim)) = signature.claim() {
            let stem = format!("claim-{}", short(&claim.payload_digest().hex()));
            self.tokens(&stem, of(true));
            let key = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
            if let (Some(key), Some(algorithm)) = (key, signature.algorithm()) {
                let tokens: Vec<&TimeStamp> = of(true).collect();
                self.envelope(&stem, &claim, (&key, algorithm), &tokens);
            }
        }
        if let Some(raw) = signature.raw_digest() {
            self.tokens(&format!("signature-{}", short(&raw.hex())), of(false));
        }
    }

    fn refusals(&mut self, file: &RefusalsFile) {
        for entry in file.entries() {
            // One that does not verify is evidence of nothing; it is in the refusals' own file.
            let (Ok(signed), Ok(envelope)) = (entry.verify(), entry.envelope()) else { continue };
            if let Some(algorithm) = Algorithm::parse(&signed.refusal.algorithm) {
                let stem = format!("refusal-{}", short(&signed.digest.hex()));
                self.envelope(&stem, &envelope, (&signed.key, algorithm), &[]);
            }
        }
    }

    fn tokens<'a>(&mut self, stem: &str, stamps: impl Iterator<Item = &'a TimeStamp>) {
        for stamp in stamps {
            if let Some(response) = response_of_token(&stamp.token) {
                self.add(&format!("{stem}-{}.tsr", short(&stamp.digest().hex())), response);
            }
        }
    }

    /// An envelope whose very bytes were signed. Over their digest, no other program verifies it.
    fn envelope(
        &mut self,
        stem: &str,
        envelope: &DsseEnvelope,
        (key, algorithm): (&PublicKey, Algorithm),
        tokens: &[&TimeStamp],
    ) {
        if envelope.signed_payload != SignedPayload::CanonicalJson {
            return;
        }
        let dsse = json!({
            "payload": BASE64.encode(&envelope.payload),
            "payloadType": envelope.payload_type,
            "signatures": [{ "keyid": envelope.key_id, "sig": BASE64.encode(&envelope.signature) }],
        });
        self.add(&format!("{stem}.dsse.json"), written(&dsse));
        self.add(&format!("{stem}.pem"), key.to_pem().into_bytes());
        // The algorithms that a bundle's verifier knows.
        if matches!(
            algorithm,
            Algorithm::Ed25519 | Algorithm::EcdsaP256Sha256 | Algorithm::RsaPkcs1v15Sha256
        ) {
            let responses: Vec<_> = tokens
                .iter()
                .filter_map(|one| response_of_token(&one.token))
                .map(|response| json!({ "signedTimestamp": BASE64.encode(response) }))
                .collect();
            let bundle = json!({
                "mediaType": BUNDLE,
                "verificationMaterial": {
                    "publicKey": { "hint": envelope.key_id },
                    "tlogEntries": [],
                    "timestampVerificationData": { "rfc3161Timestamps": responses },
                },
                "dsseEnvelope": dsse,
            });
            self.add(&format!("{stem}.sigstore.json"), written(&bundle));
        }
    }
}

fn written(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// So much of a digest as tells files apart.
fn short(hex: &str) -> &str {
    hex.get(..16).unwrap_or(hex)
}
