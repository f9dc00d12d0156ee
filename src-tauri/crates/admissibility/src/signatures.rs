//! One signature, judged: whether it counts, and why not.

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::vocabulary;
use countersign_problem::{Value, Words, words};

use crate::attestation::{AttestationFinding, Facts};
use crate::attested::{Advisory, Unmet};
use crate::certificate_names::NameFinding;
use crate::claims::ClaimStanding;
use crate::companions::JudgedCompanion;
use crate::keyring::Acceptance;
use crate::policy::{Assurance, TimeKind};
use crate::time_stamp::{TimeStamps, TrustedTime};

vocabulary! {
    /// Whether a signature counts.
    Standing {
        /// It verifies and its key is accepted: it counts.
        Valid = "valid",
        /// It verifies, but its key is not accepted.
        NotAccepted = "not_accepted",
        /// It cannot be checked here: the shared key is not available, or a date cannot be read.
        Unchecked = "unchecked",
        /// It does not verify.
        Invalid = "invalid",
    }
}

vocabulary! {
    /// Whose word it is who signed, in which role, when and with what kind of key.
    LabelSource {
        /// The word of the key itself: a claim says the same as the file.
        Signed = "signed",
        /// The word of whoever can write the file.
        Claimed = "claimed",
        /// A claim that does not hold, or says something else than the file.
        Contradicted = "contradicted",
    }
}

impl LabelSource {
    /// In words, to stand after the name, role or time of a signature.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Signed => "signed by the key",
            Self::Claimed => "claimed by the file",
            Self::Contradicted => "contradicted by its claim",
        }
    }
}

/// One signature, judged.
#[derive(Debug, Clone)]
pub struct JudgedSignature {
    /// Who signed, as the file says.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: String,
    /// How, as the file says.
    pub algorithm: String,
    /// When, as the file says.
    pub signed_at: Option<String>,
    /// What the file says holds the key, and nothing vouches for.
    pub signer_type: Option<SignerType>,
    /// What holds the key as far as is known: by the keyring where the key is pinned, else by the
    /// file's claim, else software.
    pub kind: SignerType,
    /// Whether the cryptography holds.
    pub(crate) verified: bool,
    /// Whether it counts.
    pub standing: Standing,
    /// Whether the keyring accepts its key; `None` if it does not verify.
    pub acceptance: Option<Acceptance>,
    /// Whether it verifies and does not count only because something is missing: its key in the
    /// keyring, a claim, a time.
    pub(crate) lacks_something: bool,
    /// Why, in words.
    pub(crate) why: Words,
    /// Whether it says first that the signature verifies.
    pub(crate) says_verifies: bool,
    /// How well it is known that hardware or an external signer holds the key; `None` for software.
    pub assurance: Option<Assurance>,
    /// Who contradicts whom about what holds the key.
    pub contradiction: Option<Contradiction>,
    /// The outcomes of the attestations of the key: the one that came with the signature, then, if
    /// that proves nothing, of the one that the keyring has kept. None were looked at where the
    /// signature does not verify.
    pub attestations: Vec<AttestationFinding>,
    /// What the key lacks of what policy requires of it by its attestation. One that lacks anything
    /// does not count for L6.
    pub unmet: Vec<Unmet>,
    /// Tells one key from another.
    pub fingerprint: Option<Digest>,
    /// Tells one signature from another, however it is written; `None` if it is not base64.
    pub value: Option<Digest>,
    /// The SHA-256 of its raw bytes, by which claims refer to it; `None` if it is not base64.
    pub raw: Option<Digest>,
    /// Whether the key itself says who signed, in which role and when.
    pub claim: ClaimStanding,
    /// The second signature by the same person that came with it. None was looked at where the
    /// signature does not verify.
    pub companion: JudgedCompanion,
    /// The names that the certificate states which the keyring has beside the key; `None` if it has
    /// none, or the signature does not verify. They are evidence, and change nothing else.
    pub names: Option<Box<NameFinding>>,
    /// The time stamps that came with it. None were looked at where the signature does not verify.
    pub time_stamps: TimeStamps,
}

/// Two sources that contradict each other about what holds a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// The file claims hardware or an external signer, and the keyring says software.
    ClaimAgainstKeyring,
    /// The keyring says software, and an attestation proves hardware.
    KeyringAgainstAttestation,
    /// The file claims software, and an attestation proves hardware.
    ClaimAgainstAttestation,
}

impl JudgedSignature {
    /// The attestation to be shown: the one that holds, else the first.
    pub fn attestation(&self) -> Option<&AttestationFinding> {
        let proof = self.attestations.iter().find(|finding| finding.is_proof());
        proof.or(self.attestations.first())
    }

    /// The known advisories that apply to its key, by its attestation.
    pub fn advisories(&self) -> impl Iterator<Item = &'static Advisory> {
        let facts = self.attestation().and_then(AttestationFinding::facts);
        facts.into_iter().flat_map(|facts: Facts| Advisory::of(&facts).collect::<Vec<_>>())
    }

    /// Whether it counts for L6, if hardware or an external signer holds its key.
    pub fn meets_requirement(&self) -> bool {
        self.is_valid() && self.unmet.is_empty()
    }

    /// When, as the file says, if that can be read.
    pub fn time(&self) -> Option<Instant> {
        Instant::parse(self.signed_at.as_deref()?)
    }

    /// The time by which it was there, as a trusted authority says. If a claim says who signed and in
    /// which role, the claim has to have been there: whoever has the key can make one later.
    pub fn trusted_time(&self) -> Option<&TrustedTime> {
        match self.claim.holding() {
            Some(_) => self.time_stamps.of_claim(),
            None => self.time_stamps.of_signature(),
        }
    }

    /// Whose word its time is, as far as is known.
    pub fn time_kind(&self) -> TimeKind {
        match self.trusted_time() {
            Some(_) => TimeKind::Trusted,
            None if self.is_label_signed() => TimeKind::Signed,
            None => TimeKind::Claimed,
        }
    }

    /// Whether another entry says the same of who signed, with which key, in which role, when and
    /// how. Times are compared as instants, other text by code points.
    pub fn has_label_of(&self, other: &Self) -> bool {
        let time = |one: &Self| one.time().map(|at| at.unix()).ok_or(one.signed_at.clone());
        (&self.signer_id, self.role, &self.key_id, &self.algorithm, time(self))
            == (&other.signer_id, other.role, &other.key_id, &other.algorithm, time(other))
    }

    /// The labels of two entries in words, each with everything in which they differ.
    pub fn labels(&self, other: &Self) -> (Words, Words) {
        let with = |one: &Self| {
            let label = one.label();
            let label = match self.key_id != other.key_id {
                true => words!("label-with-key", label, key = ?one.key_id),
                false => label,
            };
            match self.algorithm != other.algorithm {
                true => words!("label-with-algorithm", label, algorithm = ?one.algorithm),
                false => label,
            }
        };
        (with(self), with(other))
    }

    /// How it was verified, or why it does not count.
    pub fn detail(&self) -> Words {
        match self.says_verifies {
            true => words!("signature-verifies", why = self.why.clone()),
            false => self.why.clone(),
        }
    }

    /// The same, without that it verifies before it.
    pub fn why(&self) -> &Words {
        &self.why
    }

    /// Who signed, in which role and when, in words.
    pub fn label(&self) -> Words {
        let at = self.signed_at.as_deref();
        let at = at.map_or_else(|| words!("no-time").into(), |at| Value::from(at.to_owned()));
        words!("signature-label", who = ?self.signer_id, role = role_words(self.role), at)
    }

    /// Whose word name, role, time and kind of key are.
    pub fn label_source(&self) -> LabelSource {
        match self.claim {
            ClaimStanding::Broken(_) => LabelSource::Contradicted,
            _ if self.claim.personal().is_some() => LabelSource::Signed,
            // What a shared key says is the word of anyone who has it.
            _ => LabelSource::Claimed,
        }
    }

    /// Whether name, role, time and kind of key are signed by the key itself, not only written in the
    /// file.
    pub fn is_label_signed(&self) -> bool {
        self.label_source() == LabelSource::Signed
    }

    /// Makes it not count because of a contradiction, in words that stand after "verifies; ".
    pub(crate) fn set_aside(&mut self, why: Words) {
        self.lacks_something = false;
        self.standing = Standing::NotAccepted;
        (self.why, self.says_verifies) = (why, true);
    }

    /// Makes it not count until it has what is missing, in words that stand after "verifies; ".
    pub(crate) fn set_aside_lacking(&mut self, why: Words) {
        self.set_aside(why);
        self.lacks_something = true;
    }

    /// Whether it counts.
    pub fn is_valid(&self) -> bool {
        self.standing == Standing::Valid
    }

    /// Whether the cryptography holds, whoever's key it is.
    pub fn verifies(&self) -> bool {
        self.verified
    }
}

/// A role in words.
pub fn role_words(role: Option<Role>) -> Words {
    match role {
        Some(Role::Operator) => words!("role-operator"),
        Some(Role::Witness) => words!("role-witness"),
        Some(Role::Reviewer) => words!("role-reviewer"),
        Some(Role::Auditor) => words!("role-auditor"),
        None => words!("role-none"),
    }
}

/// The signatures of one envelope, judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JudgedSignatures<'a> {
    /// Those on the run.
    pub run: &'a [JudgedSignature],
    /// Those on the manifest.
    pub manifest: &'a [JudgedSignature],
}
