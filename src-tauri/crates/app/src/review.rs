//! Reviewing other people's files without changing them: no lock, no new file, no catalogue. Nothing
//! is written that [`Reviewed::covers`].
//!
//! A pack, zip or folder, is read once: what was compared with its list is what is reviewed, in a
//! directory of its own, for its owner's eyes only, that goes with the review.

use countersign_problem::{Explain as _, Problem, Said, words};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::inputs::FoundInputs;
use countersign_admissibility::policy::{Policy, Trust};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::run_in_name;
pub use countersign_envelope::finding::ReviewKeys;
use countersign_envelope::finding::Told;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use parking_lot::Mutex;
use serde::Serialize;
use tempfile::TempDir;

use countersign_exchange::pack::{self, PackFault};
use countersign_index::queue::Rules;
use countersign_store::archive::{self, Archive, ArchiveError, Opened};
use countersign_store::directory::DirectoryError;
use countersign_store::reading::{directory_of, name_of};
use countersign_trust::adopted;
use countersign_trust::attestation_roots;
use countersign_trust::keyring_file::{self, KeyringFileError};
use countersign_trust::tsa_roots;

vocabulary! {
    /// What a digest that someone was told stands for.
    ToldAnswer {
        /// What is under review.
        Same = "same",
        /// The list that came with it, which its files do not match: the pack that it was made for is
        /// another.
        ListOnly = "list_only",
        /// Something else.
        Different = "different",
    }
}

/// Whose keys count before a person chooses. What came with a pack, or was put beside runs, never
/// outweighs the station's own keyring.
pub fn first_keys(brought: bool, station_has_keys: bool) -> ReviewKeys {
    if brought && !station_has_keys { ReviewKeys::Brought } else { ReviewKeys::Station }
}

/// Why something cannot be reviewed, or a review does not do what was asked.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ReviewError {
    /// It is not there.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// It is a file that holds others, and cannot be read as that.
    #[problem(transparent)]
    Archive(#[from] ArchiveError),
    /// There is no space to unpack it.
    Unpack {
        /// The file to unpack.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// Nothing is under review.
    NotReviewing,
    /// The keyring that was chosen cannot be used.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
    /// There is no keyring of that kind.
    NoKeyring,
    /// A text is not a digest.
    NoDigest,
    /// What is reviewed has no digest that proves anything.
    #[problem(code = "no_digest")]
    NothingToCompare,
}

/// The contents of a pack or an export, according to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The digest of the list that came with it; `None` if it could not be read as a whole.
    pub list: Option<Digest>,
    /// The digest of what was read: of its list if its files match that, else of the list that they
    /// would have; `None` likewise.
    pub contents: Option<Digest>,
    /// What does not match its list. If there is anything, nothing else in it can be relied on.
    pub faults: Vec<PackFault>,
    /// The files that the run of a pack was made from, compared with it; `None` if it carries none.
    pub inputs: Option<FoundInputs>,
}

/// A directory, pack or export under review.
#[derive(Debug)]
pub struct Reviewed {
    /// The path as it was entered.
    pub path: PathBuf,
    /// The directory of the runs.
    pub root: PathBuf,
    /// The keyring that came with it.
    pub brought: Option<PathBuf>,
    /// The contents according to itself, if it is a pack or an export.
    pub sealed: Option<Sealed>,
    /// Where it was unpacked.
    _unpacked: Option<TempDir>,
}

impl Reviewed {
    /// Opens a directory, that of a file, a pack or an export.
    ///
    /// # Errors
    /// Fails if it does not exist or cannot be unpacked.
    pub fn open(path: &Path) -> Result<Self, ReviewError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (mut sealed, mut unpacked) = (None, None);
        let mut take = |opened: Opened| {
            let directory = unpack(&opened.archive)
                .map_err(|source| ReviewError::Unpack { path: path.clone(), source })?;
            sealed = Some(Sealed::of(&path, opened));
            Ok::<_, ReviewError>(unpacked.insert(directory).path().to_owned())
        };
        let root = if path.is_dir() && pack::is_pack(&path) {
            match archive::open(&path) {
                Ok(opened) => take(opened)?,
                // A directory whose list does not match it can still be reviewed.
                Err(error) => {
                    sealed = Some(Sealed::unlike(&path, &error));
                    path.clone()
                }
            }
        } else if path.is_dir() {
            path.clone()
        } else if archive::is_archive(&path) {
            take(archive::open(&path)?)?
        } else if path.is_file() {
            directory_of(&path).to_owned()
        } else {
            return Err(DirectoryError::NotADirectory(path).into());
        };
        // A link may lead anywhere, to a keyring of this station's own.
        let keyring = root.join(keyring_file::FILE_NAME);
        let is_there = fs::symlink_metadata(&keyring).is_ok_and(|meta| meta.is_file());
        let brought = is_there.then_some(keyring);
        Ok(Self { path, root, brought, sealed, _unpacked: unpacked })
    }

    /// Whose keys count before the reviewer chooses.
    pub fn first_keys(&self, station_has_keys: bool) -> ReviewKeys {
        first_keys(self.brought.is_some(), station_has_keys)
    }

    /// The digest of a pack or export that is whole. A pack that was tampered with may have the
    /// genuine list, so the digest of that list proves nothing about the contents.
    pub fn digest(&self) -> Option<Digest> {
        self.sealed.as_ref().filter(|sealed| sealed.faults.is_empty())?.list
    }

    /// What a digest that someone was told stands for.
    ///
    /// # Errors
    /// Fails if there is nothing to compare it with.
    pub fn compare(&self, told: Digest) -> Result<ToldAnswer, ReviewError> {
        let sealed = self.sealed.as_ref().ok_or(ReviewError::NothingToCompare)?;
        let contents = sealed.contents.ok_or(ReviewError::NothingToCompare)?;
        Ok(match told {
            told if told == contents => ToldAnswer::Same,
            told if Some(told) == sealed.list => ToldAnswer::ListOnly,
            _ => ToldAnswer::Different,
        })
    }

    /// The rules for judging it. Only its own logs are read, never the station's.
    pub fn rules(&self, keys: ReviewKeys, chosen: Option<&Path>, station: &Rules) -> Rules {
        let own = Rules { log: None, ledger: None, ..station.clone() };
        if adopted::of_keyring(&own.keyring).is_some() {
            // Once a signed keyring is adopted, nobody's choice takes its place.
            return own;
        }
        let keyring = match keys {
            ReviewKeys::Brought => self.brought.as_deref(),
            ReviewKeys::Chosen => chosen,
            ReviewKeys::Station => None,
            ReviewKeys::Embedded => {
                let policy = Policy { trust: Trust::Embedded, ..own.policy };
                return Rules { policy, ..own };
            }
        };
        let policy = Policy { trust: Trust::Pinned, ..own.policy.clone() };
        match keyring {
            Some(keyring) => {
                let roots = attestation_roots::beside(keyring);
                let tsa_roots = tsa_roots::beside(keyring);
                let brought = keys == ReviewKeys::Brought;
                Rules { policy, keyring: keyring.to_owned(), roots, tsa_roots, brought, ..own }
            }
            None => Rules { policy, ..own },
        }
    }

    /// Whether a path is in what is reviewed, through whatever links.
    pub fn covers(&self, path: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        // Of what is not there yet, the nearest directory that is.
        let nearest = path.ancestors().find_map(real);
        let reviewed = [&self.root, &self.path].into_iter().filter_map(|path| real(path));
        nearest.is_some_and(|path| reviewed.clone().any(|reviewed| path.starts_with(reviewed)))
    }
}

/// A review that is under way: what is reviewed, and by whose keys.
#[derive(Debug)]
pub struct Review {
    reviewed: Arc<Reviewed>,
    /// Whose keys count, and the keyring that was chosen last.
    keys: Mutex<(ReviewKeys, Option<PathBuf>)>,
    /// The digest that the reviewer entered last, and what it stands for.
    told: Mutex<Option<(Digest, ToldAnswer)>>,
}

/// A review, as displayed.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReviewView {
    /// The path as it was entered.
    pub path: String,
    /// Whose keys count.
    pub keys: ReviewKeys,
    /// The keyring that came with it.
    pub brought: Option<String>,
    /// The keyring that was chosen last.
    pub chosen: Option<String>,
    /// Whether it is a pack or an export, with a list of its contents.
    pub is_sealed: bool,
    /// The digest of a pack or an export that is whole, 64 hex digits.
    pub digest: Option<String>,
    /// Of one that is not: the digest of the list that came with it, 64 hex digits, which may be the
    /// genuine one.
    pub list: Option<String>,
    /// Of one whose files do not match that list: the digest of what is there, 64 hex digits.
    pub contents: Option<String>,
    /// What does not match its list.
    pub faults: Vec<FaultView>,
    /// The digest that the reviewer entered last.
    pub told: Option<ToldView>,
}

/// A part of a pack that does not match, as displayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct FaultView {
    /// The file.
    pub file: String,
    /// The reason.
    pub why: Said,
}

impl FaultView {
    fn of(fault: &PackFault) -> Self {
        Self { file: fault.file.clone(), why: (&fault.why).into() }
    }
}

/// A digest that the reviewer entered, as displayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ToldView {
    /// The digest, 64 hex digits.
    pub digest: String,
    /// What it stands for.
    pub answer: ToldAnswer,
}

impl Review {
    /// Begins a review of what was opened.
    pub fn begin(reviewed: Reviewed, station_has_keys: bool) -> Self {
        let keys = Mutex::new((reviewed.first_keys(station_has_keys), None));
        Self { reviewed: Arc::new(reviewed), keys, told: Mutex::default() }
    }

    /// What is reviewed.
    pub fn reviewed(&self) -> &Arc<Reviewed> {
        &self.reviewed
    }

    /// Sets whose keys count. A keyring that is given is the chosen one from then on.
    ///
    /// # Errors
    /// Fails if the keyring cannot be used, or if none came with it or none was chosen; nothing is
    /// changed then but what is chosen.
    pub fn judge_by(&self, keys: ReviewKeys, keyring: Option<PathBuf>) -> Result<(), ReviewError> {
        if let Some(keyring) = &keyring {
            keyring_file::read(keyring)?;
        }
        let mut held = self.keys.lock();
        held.1 = keyring.or_else(|| held.1.take());
        let is_there = match keys {
            ReviewKeys::Brought => self.reviewed.brought.is_some(),
            ReviewKeys::Chosen => held.1.is_some(),
            ReviewKeys::Station | ReviewKeys::Embedded => true,
        };
        if !is_there {
            return Err(ReviewError::NoKeyring);
        }
        held.0 = keys;
        Ok(())
    }

    /// The rules for judging what is reviewed, as it is judged now.
    pub fn rules(&self, station: &Rules) -> Rules {
        let (keys, chosen) = &*self.keys.lock();
        self.reviewed.rules(*keys, chosen.as_deref(), station)
    }

    /// Whose keys count.
    pub fn keys(&self) -> ReviewKeys {
        self.keys.lock().0
    }

    /// Compares the digest that someone sent: 64 hex digits, in any grouping. It is kept for the
    /// review.
    ///
    /// # Errors
    /// Fails if the text is not a digest, or there is none to compare with.
    pub fn compare(&self, expected: &str) -> Result<ToldAnswer, ReviewError> {
        let told = Digest::parse_spoken(expected).ok_or(ReviewError::NoDigest)?;
        let answer = self.reviewed.compare(told)?;
        *self.told.lock() = Some((told, answer));
        Ok(answer)
    }

    /// What the digest that the reviewer entered says of the review.
    pub fn told(&self) -> Told {
        match *self.told.lock() {
            None => Told::NotCompared,
            Some((_, ToldAnswer::Same)) => Told::Same,
            Some((_, ToldAnswer::ListOnly | ToldAnswer::Different)) => Told::Different,
        }
    }

    /// As a person sees it.
    pub fn view(&self) -> ReviewView {
        let displayed = |path: &PathBuf| visible(&path.to_string_lossy());
        let (keys, chosen) = self.keys.lock().clone();
        let sealed = self.reviewed.sealed.as_ref();
        let faulty = sealed.filter(|sealed| !sealed.faults.is_empty());
        ReviewView {
            path: displayed(&self.reviewed.path),
            keys,
            brought: self.reviewed.brought.as_ref().map(displayed),
            chosen: chosen.as_ref().map(displayed),
            is_sealed: sealed.is_some(),
            digest: self.reviewed.digest().map(|digest| digest.hex()),
            list: faulty.and_then(|sealed| Some(sealed.list?.hex())),
            contents: faulty
                .filter(|sealed| sealed.contents != sealed.list)
                .and_then(|sealed| Some(sealed.contents?.hex())),
            told: self
                .told
                .lock()
                .map(|(digest, answer)| ToldView { digest: digest.hex(), answer }),
            faults: sealed
                .into_iter()
                .flat_map(|sealed| &sealed.faults)
                .map(FaultView::of)
                .collect(),
        }
    }
}

impl Sealed {
    fn of(path: &Path, opened: Opened) -> Self {
        let list = opened.digest;
        // A list may be written in another way than it is made here.
        let contents = match opened.faults.is_empty() {
            true => list,
            false => opened.archive.digest(),
        };
        let fault = |fault: &archive::Fault| PackFault {
            file: fault.file.clone(),
            why: fault.kind.words(),
        };
        let listed: Vec<PackFault> = opened.faults.iter().map(fault).collect();
        // Of a pack more is known than that its files are as they are listed.
        let (mut faults, inputs) = pack::check(path, opened, None)
            .map_or((listed, None), |pack| (pack.faults, pack.inputs));
        // Findings about the run and its signatures come first.
        faults.sort_by_key(|fault| run_in_name(&fault.file).is_none());
        Self { list: Some(list), contents: Some(contents), faults, inputs }
    }

    /// Of a folder that cannot be read as a pack, and so was not compared with its list.
    fn unlike(path: &Path, error: &ArchiveError) -> Self {
        let (file, why) = match error {
            ArchiveError::NotAFile { name, what, .. } => {
                (name.clone(), words!("unlike-kind", what = what.clone()))
            }
            ArchiveError::Name { name, why, .. } => (name.clone(), why.clone()),
            ArchiveError::Twice { name, .. } => (name.clone(), words!("unlike-twice")),
            ArchiveError::NoSums(_) => (archive::SUMS.to_owned(), words!("unlike-no-list")),
            ArchiveError::Sums { line, .. } => {
                (archive::SUMS.to_owned(), words!("unlike-line", line = *line))
            }
            error => (name_of(path), error.problem().into()),
        };
        let why = words!("unlike-list", why);
        let faults = vec![PackFault { file: visible(&file), why }];
        Self { list: None, contents: None, faults, inputs: None }
    }
}

/// Writes files into a new directory that nobody else may enter.
fn unpack(archive: &Archive) -> std::io::Result<TempDir> {
    let directory = tempfile::Builder::new().prefix("countersign-review-").tempdir()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700))?;
    }
    for (name, bytes) in archive.files() {
        // No name in an archive leads out of it.
        let path = directory.path().join(name);
        fs::create_dir_all(directory_of(&path))?;
        fs::write(path, bytes)?;
    }
    Ok(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station() -> Rules {
        Rules {
            policy: Policy { min_threshold: 3, ..Policy::default() },
            keyring: PathBuf::from("/station/keyring.json"),
            roots: PathBuf::from("/station/roots"),
            tsa_roots: PathBuf::from("/station/tsa-roots"),
            name_roots: PathBuf::from("/station/name-roots"),
            crls: PathBuf::from("/station/crls"),
            log: Some(PathBuf::from("/station/log.ndjson")),
            ledger: Some(PathBuf::from("/station/ledger.ndjson")),
            brought: false,
        }
    }

    #[test]
    fn the_reviewer_chooses_the_keys_that_count() {
        let directory = tempfile::tempdir().unwrap();
        let nothing = Reviewed::open(directory.path()).unwrap();
        assert_eq!((nothing.first_keys(false), &nothing.brought), (ReviewKeys::Station, &None));
        fs::write(directory.path().join("keyring.json"), "{}").unwrap();
        let reviewed = Reviewed::open(directory.path()).unwrap();
        assert_eq!(reviewed.first_keys(false), ReviewKeys::Brought);
        assert_eq!(reviewed.first_keys(true), ReviewKeys::Station, "its own keyring comes first");

        let chosen = Path::new("/other/keyring.json");
        let rules = |keys| reviewed.rules(keys, Some(chosen), &station());
        let brought = rules(ReviewKeys::Brought);
        assert_eq!(brought.keyring, directory.path().join("keyring.json"));
        assert_eq!(brought.roots, directory.path().join("attestation-roots"));
        assert_eq!(brought.tsa_roots, directory.path().join("tsa-roots"));
        assert_eq!((brought.policy.trust, brought.policy.min_threshold), (Trust::Pinned, 3));
        assert_eq!(rules(ReviewKeys::Chosen).keyring, chosen);
        assert_eq!(rules(ReviewKeys::Station).keyring, station().keyring);
        assert_eq!(rules(ReviewKeys::Embedded).policy.trust, Trust::Embedded);
        let keyring = PathBuf::from("/station/signed-keyring/adopted-keyring.json");
        let signed = Rules { keyring: keyring.clone(), ..station() };
        for keys in ReviewKeys::ALL {
            let rules = reviewed.rules(*keys, Some(chosen), &signed);
            assert_eq!((&rules.keyring, rules.policy.trust), (&keyring, Trust::Pinned), "{keys}");
        }
        for keys in ReviewKeys::ALL {
            let logs = (rules(*keys).log, rules(*keys).ledger);
            assert_eq!(logs, (None, None), "the station's logs are not those of a stranger's runs");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_below_it_is_to_be_written_and_no_link_is_taken_for_its_keyring() {
        let temporary = tempfile::tempdir().unwrap();
        let (foreign, own) = (temporary.path().join("foreign"), temporary.path().join("own"));
        fs::create_dir(&foreign).unwrap();
        fs::create_dir(&own).unwrap();
        fs::write(own.join("keyring.json"), "{}").unwrap();
        std::os::unix::fs::symlink(own.join("keyring.json"), foreign.join("keyring.json")).unwrap();
        std::os::unix::fs::symlink(&foreign, own.join("link")).unwrap();
        let reviewed = Reviewed::open(&foreign).unwrap();
        assert_eq!(reviewed.brought, None);
        for inside in ["", "new.zip", "not/there/yet"] {
            assert!(reviewed.covers(&foreign.join(inside)), "{inside}");
            assert!(reviewed.covers(&own.join("link").join(inside)), "{inside}");
        }
        assert!(!reviewed.covers(&own.join("keyring.json")));
        assert!(!reviewed.covers(&temporary.path().join("foreign-too.zip")));
    }
}
