//! Signing files with one key: who signs, with which terms, and what is refused before a secret is
//! asked for. Each file goes through a [`Ceremony`] of its own; a list in a window is an
//! [`Act`](countersign_ceremony::act::Act).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::{Acceptance, Key as KeyringKey, Keyring};
use countersign_admissibility::policy::Policy;
use countersign_admissibility::quorum::Requirements;
use countersign_ceremony::ceremony::Ceremony;
use countersign_ceremony::signing::{self, Choice, Intent, Scope, SeenChains, SigningError};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::signature::{Role, SignedPayload};
use countersign_envelope::signature_file::Terms;
use countersign_problem::{Explain as _, Problem, Words};
use countersign_store::logs::LogBook;
use countersign_store::reading::directory_of;

use crate::workspace::{Workspace, WorkspaceError};

/// What is signed with one key, and what a person says of their signatures.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// The files, in their order.
    pub files: Vec<PathBuf>,
    /// Whether the manifest beside each is signed with it.
    pub scope: Scope,
    /// Where the signatures go, if not beside the file.
    pub signatures: Option<PathBuf>,
    /// The id of the key; `None` for the one that the keyring has.
    pub key_id: Option<String>,
    /// Who signs; `None` for the owner that the keyring has.
    pub signer: Option<String>,
    /// In which role.
    pub role: Role,
    /// Which bytes are signed; `None` for the first form that the key supports.
    pub payload: Option<SignedPayload>,
    /// How many signatures an envelope asks for that this signature begins; at least what policy does.
    pub threshold: u64,
    /// By whom, besides those whom policy requires.
    pub required_roles: Vec<Role>,
    /// Evidence of where the key is held.
    pub evidence: Vec<KeyAttestation>,
    /// Whether the key also signs a claim: who signs, in which role, when, and what was seen.
    pub claim: bool,
    /// Whether the person signs, or refuses to.
    pub intent: Intent,
}

/// Under which id of the key, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignsAs {
    /// The id of the key.
    pub key_id: String,
    /// Who signs.
    pub signer_id: String,
}

/// What nobody said of a key, and the keyring does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNamed {
    /// Its id.
    KeyId,
    /// Its owner.
    Signer,
}

/// Why no secret is asked for.
#[derive(Debug, Problem)]
#[problem(area = "sign-request")]
pub enum SignRequestError {
    /// Whichever key of the keyring it is, it may not sign in the role now.
    NoneOfRole {
        /// The role.
        role: Role,
    },
    /// None of the files can be signed; this is why the first cannot.
    #[problem(transparent)]
    File(SigningError),
}

/// A file whose ceremony has begun.
pub struct Begun {
    /// The ceremony; refused if the file must not be signed.
    pub ceremony: Ceremony,
    /// What the signature file no longer asks for since the station saw it, in words.
    pub lowered: Option<Words>,
    /// Why that is not known.
    pub not_known: Option<Problem>,
}

impl SignRequest {
    /// What a key signs besides envelopes: a finding, a release, a signed keyring, the tree of a log.
    pub fn of_act(key_id: Option<String>, signer: Option<String>, role: Role) -> Self {
        Self {
            files: Vec::new(),
            scope: Scope::OneFile,
            signatures: None,
            key_id,
            signer,
            role,
            payload: None,
            threshold: 0,
            required_roles: Vec::new(),
            evidence: Vec::new(),
            claim: false,
            intent: Intent::Sign,
        }
    }

    /// The id and the person that were given, or else those that the keyring has for the key.
    ///
    /// # Errors
    /// What neither says.
    pub fn signs_as(&self, known: Option<&KeyringKey>) -> Result<SignsAs, NotNamed> {
        let of = |given: &Option<String>, known: Option<&String>| given.as_ref().or(known).cloned();
        let key_id = of(&self.key_id, known.map(|key| &key.key_id)).ok_or(NotNamed::KeyId)?;
        let signer_id = of(&self.signer, known.map(|key| &key.owner)).ok_or(NotNamed::Signer)?;
        Ok(SignsAs { key_id, signer_id })
    }

    /// Checks that some file could be signed by some key of the keyring, for a key that only its
    /// secret identifies: a wrong secret costs an attempt, so it is not asked for in vain.
    ///
    /// # Errors
    /// Why nothing could be signed.
    pub fn check_worth_a_secret(
        &self,
        keyring: &Keyring,
        now: Instant,
    ) -> Result<(), SignRequestError> {
        let may_be = |key: &KeyringKey| {
            key.public_key.is_some()
                && self.key_id.as_ref().is_none_or(|id| *id == key.key_id)
                && self.signer.as_ref().is_none_or(|signer| *signer == key.owner)
                && key.roles.contains(&self.role)
                && key.validity(now) == Acceptance::Accepted
        };
        if !keyring.signing_keys().any(may_be) {
            return Err(SignRequestError::NoneOfRole { role: self.role });
        }
        let mut first = None;
        for file in &self.files {
            let checked = signing::read(file, self.scope, self.signatures.as_deref());
            let checked = checked.and_then(|reading| {
                reading.existing()?;
                reading.check_date(now)?;
                reading.check_places()
            });
            match checked {
                Ok(()) => return Ok(()),
                Err(error) => _ = first.get_or_insert(error),
            }
        }
        first.map_or(Ok(()), |error| Err(SignRequestError::File(error)))
    }

    /// Begins the ceremony of one of the files: it is recorded, read, and ready for the key.
    ///
    /// # Errors
    /// If there is no place for a journal. That the file must not be signed is the ceremony's state.
    pub fn begin(
        &self,
        workspace: &Workspace,
        file: &Path,
        (keyring, logs): (&Arc<Keyring>, &LogBook),
    ) -> Result<Begun, WorkspaceError> {
        let signatures = self.signatures.as_deref();
        let mut ceremony = Ceremony::begin(file, self.scope, signatures, Arc::clone(keyring));
        if self.claim {
            ceremony = ceremony.seeing(SeenChains::of(&logs.for_directory(directory_of(file))));
        }
        let mut ceremony = ceremony.recorded(workspace.recorder()?);
        // That it is refused is its last state.
        let _ = ceremony.have_read();
        let (mut lowered, mut not_known) = (None, None);
        if let (Some(reading), Some(memory)) = (ceremony.reading(), &workspace.memory) {
            match reading.lowered_terms(memory) {
                Ok(words) => lowered = words,
                Err(error) => not_known = Some(error.problem()),
            }
        }
        Ok(Begun { ceremony, lowered, not_known })
    }

    /// What a file is signed with, now.
    pub fn choice(&self, signs_as: &SignsAs, keyring: &Keyring, now: Instant) -> Choice {
        // A command line has no policy of its own: the least that any policy asks for.
        let mut required = Requirements::of(None, &[], &Policy::default(), keyring);
        self.required_roles.iter().for_each(|role| required.require(*role));
        let threshold = self.threshold.max(required.threshold);
        Choice {
            key_id: signs_as.key_id.clone(),
            signer_id: signs_as.signer_id.clone(),
            role: self.role,
            signed_at: now,
            payload: self.payload,
            terms: Terms { threshold, required_roles: required.roles },
            evidence: self.evidence.clone(),
            claim: self.claim,
            intent: self.intent.clone(),
        }
    }
}
