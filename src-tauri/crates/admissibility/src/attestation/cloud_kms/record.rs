//! What a service says of a key and a call, in one form for all services, and whether that agrees with
//! the signature that it came with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::verification::payload_bytes;
use sha2::{Digest as _, Sha384};

use crate::attestation::error::CloudProblem;

/// How far the log's time may be from that of the signature, in seconds: the call is made within a
/// ceremony, by clocks that are not quite the same.
const APART: u64 = 600;

/// One signature, as far as a log may know of it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The digest of the canonical bytes.
    pub digest: &'a Digest,
    /// How many canonical bytes there are.
    pub length: usize,
    /// When the signature was made, as it says.
    pub at: Instant,
    /// How it was made.
    pub algorithm: Option<Algorithm>,
    /// Over which form of the payload, once that is known.
    pub payload: Option<SignedPayload>,
}

/// What a service says of a key and a call, in one form for all of them.
pub struct Record {
    pub service: &'static str,
    pub key: String,
    pub public_key: PublicKey,
    pub signed_at: Instant,
    /// The algorithm of the key or of the call, in the service's word and in ours.
    pub algorithm: Option<(String, Option<Algorithm>)>,
    /// Whether the call was given a message to hash, or its digest.
    pub given: Option<Given>,
    /// What the log has in the place of a digest or a message.
    pub digests: Vec<String>,
}

/// What a call was given to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// The message, which the service hashes.
    Message,
    /// A digest, which it takes as it is.
    Digest,
}

/// Longest message that AWS takes without hashing it first, in bytes (`Sign`, `Message`).
const MAX_MESSAGE: usize = 4096;

impl Record {
    /// Holds it against the signature that it came with.
    pub fn check(&self, call: Call<'_>) -> Result<(), CloudProblem> {
        if let (Some((name, said)), Some(made)) = (&self.algorithm, call.algorithm)
            && *said != Some(made)
        {
            return Err(CloudProblem::OtherAlgorithm { found: name.clone(), made });
        }
        let ours = spellings(call.digest, call.payload);
        // A log may have the message itself, which is hashed here.
        let hashed =
            |found: &str| BASE64.decode(found).ok().map(|message| Digest::of(&message).hex());
        let fits = |found: &String| {
            ours.contains(found) || hashed(found).is_some_and(|hash| ours.contains(&hash))
        };
        if !self.digests.iter().all(fits) {
            return Err(CloudProblem::OtherDigest);
        }
        // If the log has what was signed, that says more than how it was given.
        if let (Some(given), Some(payload), true) =
            (self.given, call.payload, self.digests.is_empty())
        {
            let fits = match (given, payload) {
                (Given::Digest, payload) => payload == SignedPayload::CanonicalJson,
                (Given::Message, SignedPayload::CanonicalJson) => call.length <= MAX_MESSAGE,
                (Given::Message, _) => true,
            };
            if !fits {
                let given = match given {
                    Given::Message => "message",
                    Given::Digest => "digest",
                };
                return Err(CloudProblem::OtherMessage { given, payload });
            }
        }
        if self.signed_at.unix().abs_diff(call.at.unix()) > APART {
            let (event, signature) = (self.signed_at, call.at);
            return Err(CloudProblem::OtherTime { event, signature });
        }
        Ok(())
    }
}

/// The ways in which a log may write what was signed: in the form that was signed, or in any while
/// that is not known.
fn spellings(digest: &Digest, payload: Option<SignedPayload>) -> Vec<String> {
    let mut spellings = Vec::new();
    for form in SignedPayload::ALL {
        if payload.is_some_and(|payload| payload != *form) {
            continue;
        }
        if *form == SignedPayload::CanonicalJson {
            spellings.extend([digest.hex(), BASE64.encode(digest.as_bytes())]);
            continue;
        }
        let message = payload_bytes(&[], digest, *form);
        let hashed = Digest::of(&message);
        spellings.extend([BASE64.encode(&message), hashed.hex(), BASE64.encode(hashed.as_bytes())]);
        if *form == SignedPayload::Sha256Hex {
            spellings.push(digest.hex());
        }
        // A P-384 key signs by another hash.
        spellings.push(BASE64.encode(Sha384::digest(&message)));
    }
    spellings
}
