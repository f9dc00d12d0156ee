//! A station at work: whose keys count, where it records what it does, and what it remembers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Policy;
use countersign_envelope::instant::Instant;
use countersign_index::queue::Rules;
use countersign_journal::{self as journal, Event, Journal, JournalError, Recorder, Recording};
use countersign_problem::{Explain as _, Problem};
use countersign_store::log_memory::{LogMemory, Rewritten};
use countersign_store::logs::LogBook;
use countersign_trust::adopted::{self, AdoptedPlace};
use countersign_trust::attestation_roots;
use countersign_trust::keyring_file::{self, KeyringFileError};
use countersign_trust::{name_roots, revocation_lists, tsa_roots};

use crate::clock;
use crate::places::Places;
use crate::review::Reviewed;
use crate::roots::TrustedFor;
use crate::settings::Settings;

/// A station at work. Window and command line open it from their options, and every use case of
/// this crate works in one.
///
/// ```
/// use countersign_app::enrol::{self, NewKey};
/// use countersign_app::places::Places;
/// use countersign_app::workspace::Workspace;
/// use countersign_envelope::signature::Role;
/// use countersign_trust::enrolment::Holder;
/// use secrecy::SecretString;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let directory = directory.path();
/// // All files of the station in one directory; those of a person are `Places::at_home(NAME)`.
/// let places = Places::within(&directory.join("station"))?;
/// let workspace = Workspace::at(&places);
///
/// // A key in an encrypted file, and in the keyring whose it is and what it may be used for.
/// let holder = Holder {
///     key_id: Some("ds-prod-2026-05".to_owned()),
///     owner: Some("mira.k".to_owned()),
///     roles: vec![Role::Operator],
///     ..Holder::default()
/// };
/// let key = NewKey { path: directory.join("mira.key.pem"), holder };
/// let passphrase = key.passphrase(SecretString::from("four words make some sense"), false)?;
/// enrol::create_key(&workspace, key, &passphrase)?;
/// assert_eq!(workspace.read_keyring()?.keys()[0].owner, "mira.k");
///
/// // Every use case journals a change before it makes it.
/// let journal = std::fs::read_to_string(&places.journal)?;
/// assert!(journal.contains("key_created") && journal.contains("key_added"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The settings' file; `None` if none was chosen and there is no home directory.
    pub settings: Option<PathBuf>,
    /// The keyring's file; `None` likewise. If a signed keyring is adopted, the path that stands for it.
    pub keyring: Option<PathBuf>,
    /// Where a signed keyring is kept once it is adopted; `None` likewise.
    pub signed_keyring: Option<AdoptedPlace>,
    /// The folder of the roots that attestations may lead to; `None` likewise.
    pub trust_folder: Option<PathBuf>,
    /// The folder of the roots that time-stamping authorities may lead to; `None` likewise.
    pub tsa_folder: Option<PathBuf>,
    /// The folder of the roots that prove names; `None` likewise.
    pub name_folder: Option<PathBuf>,
    /// The folder of lists of revoked certificates; `None` likewise.
    pub crl_folder: Option<PathBuf>,
    /// The requirements by which the person's own envelopes are judged.
    pub policy: Policy,
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<PathBuf>,
    /// The journal; `None` likewise.
    pub journal: Option<Arc<Journal>>,
    /// The memory of logs and signature files; `None` in the same case.
    pub memory: Option<LogMemory>,
    /// A directory under review: nothing in it may be changed.
    pub reviewed: Option<Arc<Reviewed>>,
    /// The clock.
    pub now: fn() -> Instant,
}

/// Why nothing is done in a workspace.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// There is no place for a journal, and nothing is done that cannot be journalled.
    NoJournal,
    /// The journal does not take an entry now.
    NotJournalled {
        /// Why not.
        cause: JournalError,
    },
    /// There is no place for settings.
    NoSettings,
    /// There is no place for a keyring.
    NoKeyring,
    /// The keyring cannot be read.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
    /// There is no place for a trust folder.
    NoTrustFolder,
    /// There is no place to remember logs in.
    NoMemory,
    /// The place lies in what is only reviewed.
    Reviewing {
        /// The directory under review.
        path: PathBuf,
    },
}

impl Default for Workspace {
    /// A workspace without any place, by the default policy and the system's clock.
    fn default() -> Self {
        Self {
            settings: None,
            keyring: None,
            signed_keyring: None,
            trust_folder: None,
            tsa_folder: None,
            name_folder: None,
            crl_folder: None,
            policy: Policy::default(),
            log: None,
            ledger: None,
            journal: None,
            memory: None,
            reviewed: None,
            now: clock::now,
        }
    }
}

/// The keyring's file, or the path that stands for the signed keyring, once one is adopted.
pub fn in_force(signed: Option<&AdoptedPlace>, plain: &Path) -> PathBuf {
    match signed.filter(|place| place.is_adopted()) {
        Some(place) => place.file(),
        None => plain.to_owned(),
    }
}

impl Workspace {
    /// The workspace of a station whose files are at these places. Nothing is read or made yet.
    pub fn at(places: &Places) -> Self {
        let keyring = in_force(Some(&places.signed_keyring), &places.keyring);
        Self {
            settings: Some(places.settings.clone()),
            trust_folder: Some(attestation_roots::beside(&keyring)),
            tsa_folder: Some(tsa_roots::beside(&keyring)),
            keyring: Some(keyring),
            signed_keyring: Some(places.signed_keyring.clone()),
            name_folder: Some(name_roots::beside(&places.keyring)),
            crl_folder: Some(revocation_lists::beside(&places.keyring)),
            journal: Some(Arc::new(Journal::at(&places.journal, journal::LIMIT))),
            memory: Some(LogMemory::at(&places.log_heads, clock::now)),
            ..Self::default()
        }
    }

    /// The same by what a person has set: keyring, trust folder, logs and policy.
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        let path = |set: &Option<String>| set.as_ref().map(PathBuf::from);
        let plain = path(&settings.keyring);
        // What proves names is no part of a signed keyring, and changes no level.
        let name_folder = plain.as_deref().map(name_roots::beside).or(self.name_folder);
        let crl_folder = plain.as_deref().map(revocation_lists::beside).or(self.crl_folder);
        let keyring = plain.or(self.keyring);
        let keyring = keyring.map(|plain| in_force(self.signed_keyring.as_ref(), &plain));
        let is_signed = keyring.as_deref().is_some_and(|path| adopted::of_keyring(path).is_some());
        let beside = keyring.as_deref().map(attestation_roots::beside);
        Self {
            trust_folder: path(&settings.trust_folder).filter(|_| !is_signed).or(beside),
            tsa_folder: keyring.as_deref().map(tsa_roots::beside),
            name_folder,
            crl_folder,
            keyring,
            policy: Policy::from(&settings.policy),
            log: path(&settings.log),
            ledger: path(&settings.ledger),
            ..self
        }
    }

    /// The rules for judging the person's own envelopes.
    ///
    /// # Errors
    /// Fails if there is no place for a keyring or a trust folder.
    pub fn rules(&self) -> Result<Rules, WorkspaceError> {
        Ok(Rules {
            policy: self.policy.clone(),
            keyring: self.keyring.clone().ok_or(WorkspaceError::NoKeyring)?,
            roots: self.trust_folder.clone().ok_or(WorkspaceError::NoTrustFolder)?,
            tsa_roots: self.tsa_folder.clone().ok_or(WorkspaceError::NoTrustFolder)?,
            name_roots: self.name_folder.clone().ok_or(WorkspaceError::NoTrustFolder)?,
            crls: self.crl_folder.clone().ok_or(WorkspaceError::NoTrustFolder)?,
            log: self.log.clone(),
            ledger: self.ledger.clone(),
            brought: false,
        })
    }

    /// The settings' file, which need not exist yet.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoSettings`] if there is no place for one.
    pub fn need_settings(&self) -> Result<&Path, WorkspaceError> {
        self.settings.as_deref().ok_or(WorkspaceError::NoSettings)
    }

    /// The memory of logs, without which nothing is accepted.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoMemory`] if there is no place for it.
    pub fn need_memory(&self) -> Result<&LogMemory, WorkspaceError> {
        self.memory.as_ref().ok_or(WorkspaceError::NoMemory)
    }

    /// What keeps the record of one act, and remembers what the signature files ask for that it
    /// writes.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoJournal`] if there is no place for a journal.
    pub fn recorder(&self) -> Result<Arc<dyn Recorder>, WorkspaceError> {
        let journal = self.journal.clone().ok_or(WorkspaceError::NoJournal)?;
        Ok(Arc::new(Recording::new(journal, self.now).remembering(self.memory.clone())))
    }

    /// Checks that the journal takes an entry now: for what is recorded only after it is done.
    ///
    /// # Errors
    /// Fails if there is no place for a journal, or it cannot be written.
    pub fn check_journal(&self) -> Result<(), WorkspaceError> {
        let journal = self.journal.as_ref().ok_or(WorkspaceError::NoJournal)?;
        journal.start((self.now)()).map_err(|cause| WorkspaceError::NotJournalled { cause })
    }

    /// Begins the journal, or verifies it if there is one. Returns what is wrong with it.
    #[must_use]
    pub fn begin_journal(&self) -> Vec<Problem> {
        let Some(journal) = &self.journal else { return Vec::new() };
        let begun = journal.start((self.now)()).err().map(Problem::from);
        self.journal_notices().into_iter().chain(begun).collect()
    }

    /// The faults that were found in the journal since this was asked last.
    #[must_use]
    pub fn journal_notices(&self) -> Vec<Problem> {
        let notices = self.journal.iter().flat_map(|journal| journal.take_notices());
        notices.map(|notice| notice.problem()).collect()
    }

    /// Records something that has happened, whether or not it can be journalled. Returns what is
    /// wrong with the journal. Without a place for a journal nothing is recorded.
    #[must_use]
    pub fn note(&self, event: &Event) -> Vec<Problem> {
        let Some(journal) = &self.journal else { return Vec::new() };
        let written = journal.append(event, (self.now)());
        let written = written.err().map(|error| error.problem());
        self.journal_notices().into_iter().chain(written).collect()
    }

    /// Records that a log was found cut, removed or forked, unless that has been recorded. Returns
    /// what is wrong with journal or memory. If nothing was found, no journal is begun.
    #[must_use]
    pub fn note_found(&self, rewritten: &Rewritten, memory: &LogMemory) -> Vec<Problem> {
        if self.journal.is_none() || memory.is_of_others() {
            return Vec::new();
        }
        match memory.is_news(rewritten) {
            Ok(true) => self.note(&Event::of_rewritten(rewritten)),
            Ok(false) => Vec::new(),
            Err(error) => vec![error.problem()],
        }
    }

    /// The same of every log of a book.
    #[must_use]
    pub fn note_rewritten(&self, logs: &LogBook) -> Vec<Problem> {
        let Some(memory) = logs.memory() else { return Vec::new() };
        logs.rewritten().iter().flat_map(|one| self.note_found(one, memory)).collect()
    }

    /// Whether a file may be written there.
    ///
    /// # Errors
    /// [`WorkspaceError::Reviewing`] if it lies in what is only reviewed.
    pub fn check_writable(&self, path: &Path) -> Result<(), WorkspaceError> {
        match &self.reviewed {
            Some(reviewed) if reviewed.covers(path) => {
                Err(WorkspaceError::Reviewing { path: reviewed.path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// The keyring; an empty one if there is no file yet.
    ///
    /// # Errors
    /// Fails if there is no place for one, or it cannot be read.
    pub fn read_keyring(&self) -> Result<Keyring, WorkspaceError> {
        let path = self.keyring.as_deref().ok_or(WorkspaceError::NoKeyring)?;
        Ok(keyring_file::read_or_empty(path)?)
    }

    /// The trust folder for a purpose, which need not exist yet.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoTrustFolder`] if there is no place for one.
    pub fn need_trust_folder(&self, what: TrustedFor) -> Result<&Path, WorkspaceError> {
        let folder = match what {
            TrustedFor::Attestations => &self.trust_folder,
            TrustedFor::TimeStamps => &self.tsa_folder,
            TrustedFor::Names => &self.name_folder,
        };
        folder.as_deref().ok_or(WorkspaceError::NoTrustFolder)
    }

    /// The folder of lists of revoked certificates, which need not exist yet.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoTrustFolder`] if there is no place for one.
    pub fn need_crl_folder(&self) -> Result<&Path, WorkspaceError> {
        self.crl_folder.as_deref().ok_or(WorkspaceError::NoTrustFolder)
    }

    /// What is trusted for names. What of it cannot be read is left out, as where envelopes are judged.
    pub fn name_trust(&self) -> NameTrust {
        match (&self.name_folder, &self.crl_folder) {
            (Some(roots), Some(lists)) => name_roots::read(roots, lists).0,
            _ => NameTrust::default(),
        }
    }

    /// The keyring's file, to be changed.
    ///
    /// # Errors
    /// Fails if there is no place for one, or it lies in a directory under review.
    pub fn own_keyring(&self) -> Result<&Path, WorkspaceError> {
        let path = self.keyring.as_deref().ok_or(WorkspaceError::NoKeyring)?;
        self.check_writable(path)?;
        Ok(path)
    }

    /// The trust folder for a purpose, to be changed.
    ///
    /// # Errors
    /// Fails if there is no place for one, or it lies in a directory under review.
    pub fn own_trust_folder(&self, what: TrustedFor) -> Result<&Path, WorkspaceError> {
        let path = self.need_trust_folder(what)?;
        self.check_writable(path)?;
        Ok(path)
    }
}
