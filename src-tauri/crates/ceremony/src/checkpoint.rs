//! The tree of a log, to be signed: by the log's own key as a checkpoint, or by a witness who has seen
//! that it goes on from what they saw before (EVIDENCE.md section 4). Which tree was signed is remembered
//! before the signature leaves the station.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_journal::{CheckpointFacts, Event, KeyFacts};
use countersign_problem::{Problem, words};
use countersign_signers::{KnownKey, LockedKey, Payload, Signer};
use countersign_store::checkpoint_file::{self, CHECKPOINT, CheckpointFileError};
use countersign_store::log_memory::LogMemory;
use countersign_store::reading::directory_of;
use countersign_store::safe_write::{self, Access};
use countersign_store::tree_heads::{self, TreeHead, TreeHeadError, TreeRole};
use countersign_tlog::checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint};
use countersign_tlog::note::{KeyKind, Note, NoteSignature, VerifierKey, VerifierKeyError};

use crate::ceremony::{Attendance, Reporter, Stage};
use crate::signing::{Choice, SigningError};
use crate::to_sign::{Acted, ToSign, go_on};

/// Why a tree is not signed.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TreeSigningError {
    /// Not an Ed25519 key, the only kind that checkpoints know.
    NotEd25519,
    /// The key cannot sign the text itself.
    Form,
    /// The key is a person's, who signs runs with it.
    KeyOfPerson {
        /// Whose it is.
        owner: String,
    },
    /// The policy has the key as a log's, and it was to sign as a witness, or the other way round.
    OtherUse,
    /// The key has no such name.
    #[problem(transparent)]
    Name(#[from] VerifierKeyError),
    /// Another tree was signed last, or that is not known.
    #[problem(transparent)]
    Head(#[from] TreeHeadError),
    /// The checkpoint beside the log has more entries already, or others.
    Newer {
        /// The checkpoint.
        path: PathBuf,
        /// How many entries it has.
        size: u64,
    },
    /// The checkpoint beside the log cannot be read.
    #[problem(transparent)]
    File(#[from] CheckpointFileError),
}

/// As whom a tree is signed, and where the signature goes.
#[derive(Debug, Clone)]
pub enum SignedAs {
    /// As this log: `checkpoint` beside it.
    Log(PathBuf),
    /// As a witness of this name: a new file with the cosignature.
    Witness {
        /// The name of the witness's key.
        name: String,
        /// The file.
        out: PathBuf,
    },
}

impl SignedAs {
    /// In which role.
    pub fn role(&self) -> TreeRole {
        match self {
            Self::Log(_) => TreeRole::Log,
            Self::Witness { .. } => TreeRole::Witness,
        }
    }
}

/// A tree before it is signed.
#[derive(Debug, Clone)]
pub struct TreeToSign {
    /// The tree.
    pub checkpoint: Checkpoint,
    /// As whom.
    pub signed_as: SignedAs,
    /// The tree that this station signed last as the same, which this one goes on from.
    pub before: Option<TreeHead>,
    /// What this station remembers.
    pub memory: LogMemory,
}

impl TreeToSign {
    /// The file that is written.
    pub fn out(&self) -> PathBuf {
        match &self.signed_as {
            SignedAs::Log(log) => log.with_file_name(CHECKPOINT),
            SignedAs::Witness { out, .. } => out.clone(),
        }
    }

    /// The key under the name that it signs with.
    fn key(&self, known: &KnownKey, keyring: &Keyring) -> Result<VerifierKey, TreeSigningError> {
        use TreeSigningError as E;
        let public = known.public_key.as_ref().filter(|_| known.algorithm == Algorithm::Ed25519);
        let public = public.ok_or(E::NotEd25519)?;
        if let Some(key) = keyring.find(Some(public), "") {
            return Err(E::KeyOfPerson { owner: key.owner.clone() });
        }
        let (name, kind) = match &self.signed_as {
            SignedAs::Log(_) => (&self.checkpoint.origin, KeyKind::Log),
            SignedAs::Witness { name, .. } => (name, KeyKind::Witness),
        };
        if keyring.set_aside(public).is_some_and(|other| other != kind) {
            return Err(E::OtherUse);
        }
        Ok(VerifierKey::new(name, kind, public.clone())?)
    }

    fn head(&self, choice: &Choice) -> TreeHead {
        let Checkpoint { origin, size, root, .. } = &self.checkpoint;
        TreeHead { origin: origin.clone(), size: *size, root: *root, at: choice.signed_at }
    }

    /// The signature of a key, verified, as a line below the checkpoint.
    fn sign(
        &self,
        (signer, key): (&mut dyn Signer, &VerifierKey),
        choice: &Choice,
        attendance: &dyn Attendance,
    ) -> Result<NoteSignature, SigningError> {
        let form = SignedPayload::CanonicalJson;
        if !signer.payloads().contains(&form) {
            return Err(TreeSigningError::Form.into());
        }
        let text = self.checkpoint.to_text();
        let bytes = match &self.signed_as {
            SignedAs::Log(_) => text.clone().into_bytes(),
            SignedAs::Witness { .. } => checkpoint::cosigned_bytes(&text, choice.signed_at),
        };
        let signature = signer.sign(&Payload::new(&bytes, form), &Reporter(attendance))?;
        attendance.stage(Stage::Verifying);
        let line = match &self.signed_as {
            SignedAs::Log(_) => Some(NoteSignature::new(key, signature)),
            SignedAs::Witness { .. } => checkpoint::cosignature(key, choice.signed_at, &signature),
        };
        // As others will read it, and not only by the signer's own word.
        let holds = |line: &NoteSignature| match &self.signed_as {
            SignedAs::Log(_) => {
                let note = Note { text: text.clone(), signatures: vec![line.clone()] };
                SignedCheckpoint::verified(note, key).is_ok()
            }
            SignedAs::Witness { .. } => {
                checkpoint::time_of_cosignature(key, &text, &line.signature).is_some()
            }
        };
        line.filter(holds).ok_or_else(|| SigningError::NotVerified(self.out()))
    }

    /// Writes the checkpoint beside a log, whose directory is locked. Of the same tree, what others have
    /// signed stays.
    fn publish(
        &self,
        log: &Path,
        key: &VerifierKey,
        line: NoteSignature,
    ) -> Result<(), SigningError> {
        let text = self.checkpoint.to_text();
        let mut note = Note { text: text.clone(), signatures: Vec::new() };
        let there = checkpoint_file::beside(log, CHECKPOINT).map_err(TreeSigningError::from)?;
        if let Some(there) = there {
            match SignedCheckpoint::verified(there.clone(), key) {
                Ok(_) if there.text == text => note = there,
                Ok(other) if other.checkpoint.size >= self.checkpoint.size => {
                    let (path, size) = (self.out(), other.checkpoint.size);
                    return Err(TreeSigningError::Newer { path, size }.into());
                }
                // An older one, or by another key: the log itself was checked.
                Ok(_) | Err(CheckpointError::Unsigned { .. } | CheckpointError::Origin { .. }) => {}
                Err(cause) => {
                    return Err(TreeSigningError::from(CheckpointFileError::NotOne {
                        path: self.out(),
                        cause,
                    })
                    .into());
                }
            }
        }
        if !note.signatures.contains(&line) {
            note.signatures.insert(0, line);
        }
        Ok(checkpoint_file::write(log, CHECKPOINT, &note)?)
    }

    fn facts(&self) -> CheckpointFacts {
        CheckpointFacts {
            signed_as: self.signed_as.role().as_str(),
            origin: self.checkpoint.origin.clone(),
            entries: self.checkpoint.size,
            root: self.checkpoint.root.to_string(),
            before: self.before.as_ref().map(|head| head.size),
            file: self.out().display().to_string(),
        }
    }
}

impl From<TreeHeadError> for SigningError {
    fn from(error: TreeHeadError) -> Self {
        TreeSigningError::Head(error).into()
    }
}

impl ToSign for TreeToSign {
    fn check_unchanged(&self) -> Result<(), SigningError> {
        let origin = &self.checkpoint.origin;
        let last = tree_heads::last(&self.memory, self.signed_as.role(), origin);
        match last.map_err(TreeHeadError::from)? == self.before {
            true => Ok(()),
            false => Err(TreeHeadError::Meanwhile { origin: origin.clone() }.into()),
        }
    }

    fn check_places(&self) -> Result<(), SigningError> {
        Ok(safe_write::rehearse(&self.out(), Access::Shared)?)
    }

    fn check_signer(
        &self,
        signer: &dyn Signer,
        _: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        Ok(self.key(&signer.known(), keyring).map(drop)?)
    }

    fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        match choice.known(key, keyring) {
            Some(known) => Ok(self.key(&known, keyring).map(drop)?),
            None => Ok(()),
        }
    }

    fn attempted(&self, key: KeyFacts, _: &Choice) -> Event {
        Event::CheckpointAttempted { key, checkpoint: self.facts() }
    }

    fn act(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attendance: &dyn Attendance,
    ) -> Result<Acted, SigningError> {
        attendance.stage(Stage::Signing);
        go_on(attendance)?;
        let key = self.key(&signer.known(), keyring)?;
        self.check_unchanged()?;
        let line = self.sign((signer, &key), choice, attendance)?;
        go_on(attendance)?;
        attendance.stage(Stage::Writing);
        let role = self.signed_as.role();
        tree_heads::advance(&self.memory, role, self.before.as_ref(), &self.head(choice))?;
        let out = self.out();
        let _lock = safe_write::lock(directory_of(&out))?;
        match &self.signed_as {
            SignedAs::Log(log) => self.publish(log, &key, line)?,
            SignedAs::Witness { .. } => {
                safe_write::replace(&out, line.to_line().as_bytes(), Access::Shared)?;
            }
        }
        // Others need it, in this form, to know whose signature this is.
        let remarks = vec![words!("tree-signed-with", key = key.to_text())];
        Ok(Acted { written: vec![out], remarks, ..Acted::default() })
    }

    fn done(&self, key: KeyFacts, _: &Choice, _: &Keyring, _: &Acted) -> Event {
        Event::CheckpointSigned { key, checkpoint: self.facts() }
    }
}
