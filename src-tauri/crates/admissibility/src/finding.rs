//! Findings: whether one is signed, is about a pack, and by whose key. Nothing that it says of levels
//! is taken over: it is the word of its reviewer, and the runs are judged by themselves.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::finding::{Finding, FindingFile};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Words, words};

use crate::acceptance::{self, Author};
use crate::keyring::{Acceptance, Keyring};

vocabulary! {
    /// How far a finding can be relied on.
    FindingStanding {
        /// It is about this pack, and signed by a key that is accepted.
        Holds = "holds",
        /// The same, and no pack was given to compare it with.
        NotCompared = "not_compared",
        /// It is signed by a key that is not accepted here: it may be anybody's.
        NotAccepted = "not_accepted",
        /// It is about another pack.
        AnotherPack = "another_pack",
        /// It cannot be read, or is not signed by the key that comes with it.
        Invalid = "invalid",
    }
}

/// A pack that a finding is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedPack {
    /// The digest of what is in it.
    pub digest: Digest,
    /// The digests of its runs, as a finding names them.
    pub runs: BTreeSet<Digest>,
}

/// A finding, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedFinding {
    /// What it says, the word of whoever signed it; `None` if it cannot be read.
    pub finding: Option<Finding>,
    /// What identifies it: the digest of its payload.
    pub digest: Digest,
    /// Tells one key from another; `None` if it does not verify.
    pub fingerprint: Option<Digest>,
    /// How far it can be relied on.
    pub standing: FindingStanding,
    /// Why, in words.
    pub detail: Words,
}

impl JudgedFinding {
    /// Whether a key that is accepted signed it about the pack.
    pub fn holds(&self) -> bool {
        self.standing == FindingStanding::Holds
    }

    /// Whether it is signed by the key that comes with it, whoever that belongs to.
    pub fn is_signed(&self) -> bool {
        self.fingerprint.is_some()
    }
}

/// Judges a finding by a keyring, and compares it with a pack if there is one.
pub fn judge(file: &FindingFile, pack: Option<&ComparedPack>, keyring: &Keyring) -> JudgedFinding {
    let digest = file.envelope().payload_digest();
    let signed = match file.verify() {
        Ok(signed) => signed,
        Err(error) => {
            return JudgedFinding {
                finding: file.finding().ok(),
                digest,
                fingerprint: None,
                standing: FindingStanding::Invalid,
                detail: error.problem().into(),
            };
        }
    };
    let finding = signed.finding;
    let (standing, detail) = match (pack, acceptance(&finding, &signed.key, keyring)) {
        (Some(pack), _) if pack.digest != finding.conclusion.pack => {
            (FindingStanding::AnotherPack, words!("finding-other-pack"))
        }
        (Some(pack), _) if pack.runs != runs(&finding) => {
            (FindingStanding::AnotherPack, words!("finding-other-runs"))
        }
        (_, why) if why != Acceptance::Accepted => (FindingStanding::NotAccepted, why.words()),
        (None, _) => (FindingStanding::NotCompared, words!("finding-not-compared")),
        (Some(_), _) => (FindingStanding::Holds, words!("finding-holds")),
    };
    let fingerprint = Some(signed.key.fingerprint());
    JudgedFinding { finding: Some(finding), digest, fingerprint, standing, detail }
}

/// Whether a keyring accepts the key of a finding, for its reviewer, in their role, at the time that
/// they claim.
pub fn acceptance(finding: &Finding, key: &PublicKey, keyring: &Keyring) -> Acceptance {
    let author = Author {
        name: &finding.reviewer,
        role: &finding.role,
        key_id: &finding.key_id,
        at: finding.reviewed_at,
    };
    acceptance::of_statement(author, key, keyring)
}

/// The digests of the runs that a finding names.
fn runs(finding: &Finding) -> BTreeSet<Digest> {
    finding.conclusion.envelopes.iter().map(|one| one.run.digest).collect()
}

#[cfg(test)]
mod tests {
    use countersign_envelope::dsse::{DsseEnvelope, IN_TOTO};
    use countersign_envelope::finding::{
        Conclusion, FindingOutcome, FoundEnvelope, FoundLevel, ReviewKeys, Told,
    };
    use countersign_envelope::instant::Instant;
    use countersign_envelope::signature::{Algorithm, PayloadType, SignedPayload};
    use countersign_envelope::statement::Subject;
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn public() -> PublicKey {
        PublicKey::ed25519(key().verifying_key().as_bytes()).unwrap()
    }

    fn file(role: &str) -> FindingFile {
        let run = Subject {
            name: "RUN.json.canonical".to_owned(),
            digest: Digest::of(b"run"),
            kind: Some(PayloadType::SealedRun),
        };
        let own = FoundLevel { level: Some(7), assurance: None };
        let conclusion = Conclusion {
            pack: Digest::of(b"pack"),
            list: None,
            complete: true,
            envelopes: vec![FoundEnvelope {
                run,
                decision_id: String::new(),
                theirs: None,
                own,
                note: String::new(),
            }],
            outcome: FindingOutcome::Accepted,
            told: Told::Same,
            keys: ReviewKeys::Station,
            weaknesses: Vec::new(),
            note: String::new(),
        };
        let finding = Finding {
            conclusion,
            reviewer: "a.auditor".to_owned(),
            role: role.to_owned(),
            key_id: "audit".to_owned(),
            key_sha256: Some(Digest::of(&public().to_der())),
            algorithm: "ed25519".to_owned(),
            signer_type: None,
            reviewed_at: Instant::parse("2026-11-29T12:00:00Z").unwrap(),
        };
        let mut envelope = DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload: finding.to_statement().to_payload(),
            key_id: String::new(),
            signature: Vec::new(),
            signed_payload: SignedPayload::CanonicalJson,
        };
        envelope.signature = key().sign(&envelope.message()).to_bytes().to_vec();
        FindingFile::new(Algorithm::Ed25519, &public(), envelope)
    }

    fn keyring(revoked: &str) -> Keyring {
        let text = format!(
            r#"{{"keyring_version":"1.0","keys":[{{"key_id":"audit","key_type":"ed25519","public_key":"{}","owner":"a.auditor","roles":["auditor"],"kind":"software"{revoked}}}]}}"#,
            public().to_text()
        );
        Keyring::parse(text.as_bytes()).unwrap()
    }

    fn pack(digest: &[u8], run: &[u8]) -> ComparedPack {
        ComparedPack { digest: Digest::of(digest), runs: [Digest::of(run)].into() }
    }

    #[test]
    fn a_finding_holds_for_its_pack_by_an_accepted_key_alone() {
        let known = keyring("");
        let standing = |file: &FindingFile, pack: Option<&ComparedPack>, keyring: &Keyring| {
            judge(file, pack, keyring).standing
        };
        let this = pack(b"pack", b"run");
        let finding = file("auditor");
        assert_eq!(standing(&finding, Some(&this), &known), FindingStanding::Holds);
        assert_eq!(standing(&finding, None, &known), FindingStanding::NotCompared);
        let other = pack(b"another", b"run");
        assert_eq!(standing(&finding, Some(&other), &known), FindingStanding::AnotherPack);
        let other_run = pack(b"pack", b"another run");
        assert_eq!(standing(&finding, Some(&other_run), &known), FindingStanding::AnotherPack);
        // Whoever has no keyring knows nobody.
        let nobody = Keyring::default();
        assert_eq!(standing(&finding, Some(&this), &nobody), FindingStanding::NotAccepted);
        let witness = file("witness");
        assert_eq!(standing(&witness, Some(&this), &known), FindingStanding::NotAccepted);
        let revoked = keyring(r#","revoked_at":"2026-11-01T00:00:00Z""#);
        assert_eq!(standing(&finding, Some(&this), &revoked), FindingStanding::NotAccepted);
    }

    #[test]
    fn a_finding_that_is_not_signed_says_nothing() {
        let text = file("auditor").to_text();
        let broken = text.replace("\"sig\": \"", "\"sig\": \"AAAA");
        let file = FindingFile::parse(broken.as_bytes()).unwrap();
        let judged = judge(&file, Some(&pack(b"pack", b"run")), &keyring(""));
        assert_eq!(judged.standing, FindingStanding::Invalid);
        let detail = judged.detail.to_string();
        assert!(!judged.is_signed() && detail.contains("not signed"), "{detail}");
    }
}
