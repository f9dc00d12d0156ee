//! Looking at what somebody else has, without touching a file there: no lock, no new file, no
//! catalogue. Whoever opens it asks [`Reviewed::covers`] before writing anywhere.

use std::path::{Path, PathBuf};

use countersign_admissibility::policy::{Policy, Trust};
use countersign_envelope::vocabulary;

use crate::attestation_roots;
use crate::directory::DirectoryError;
use crate::keyring_file;
use crate::queue::Rules;
use crate::reading::directory_of;

vocabulary! {
    /// Whose keys count in what is reviewed.
    ReviewKeys {
        /// Those of the keyring that came with it: the claim of whoever sent it.
        Brought = "brought",
        /// Those of this station's keyring.
        Station = "station",
        /// Those of a keyring that the reviewer chose.
        Chosen = "chosen",
        /// Any key that verifies: who holds it is not asked.
        Embedded = "embedded",
    }
}

/// Why something cannot be reviewed.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum ReviewError {
    /// It is not there.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

/// What is reviewed.
#[derive(Debug)]
pub struct Reviewed {
    /// What was named.
    pub path: PathBuf,
    /// The directory of the runs.
    pub root: PathBuf,
    /// The keyring that came with it.
    pub brought: Option<PathBuf>,
}

impl Reviewed {
    /// Opens a directory, or that of a file.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn open(path: &Path) -> Result<Self, ReviewError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let root = if path.is_file() { directory_of(&path).to_owned() } else { path.clone() };
        if !root.is_dir() {
            return Err(DirectoryError::NotADirectory(path).into());
        }
        // A link may lead anywhere, to a keyring of this station's own.
        let keyring = root.join(keyring_file::FILE_NAME);
        let is_there = std::fs::symlink_metadata(&keyring).is_ok_and(|meta| meta.is_file());
        Ok(Self { path, root, brought: is_there.then_some(keyring) })
    }

    /// Whose keys count before the reviewer says anything.
    pub fn first_keys(&self) -> ReviewKeys {
        if self.brought.is_some() { ReviewKeys::Brought } else { ReviewKeys::Station }
    }

    /// What it is judged by. Its own logs are read, never those that the station has for its own.
    pub fn rules(&self, keys: ReviewKeys, chosen: Option<&Path>, station: &Rules) -> Rules {
        let own = Rules { log: None, ledger: None, ..station.clone() };
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
                Rules { policy, keyring: keyring.to_owned(), roots, ..own }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn station() -> Rules {
        Rules {
            policy: Policy { min_threshold: 3, ..Policy::default() },
            keyring: PathBuf::from("/station/keyring.json"),
            roots: PathBuf::from("/station/roots"),
            log: Some(PathBuf::from("/station/log.ndjson")),
            ledger: Some(PathBuf::from("/station/ledger.ndjson")),
        }
    }

    #[test]
    fn what_it_is_judged_by_is_what_the_reviewer_says() {
        let directory = tempfile::tempdir().unwrap();
        let nothing = Reviewed::open(directory.path()).unwrap();
        assert_eq!((nothing.first_keys(), &nothing.brought), (ReviewKeys::Station, &None));
        std::fs::write(directory.path().join("keyring.json"), "{}").unwrap();
        let reviewed = Reviewed::open(directory.path()).unwrap();
        assert_eq!(reviewed.first_keys(), ReviewKeys::Brought);

        let chosen = Path::new("/other/keyring.json");
        let rules = |keys| reviewed.rules(keys, Some(chosen), &station());
        let brought = rules(ReviewKeys::Brought);
        assert_eq!(brought.keyring, directory.path().join("keyring.json"));
        assert_eq!(brought.roots, directory.path().join("attestation-roots"));
        assert_eq!((brought.policy.trust, brought.policy.min_threshold), (Trust::Pinned, 3));
        assert_eq!(rules(ReviewKeys::Chosen).keyring, chosen);
        assert_eq!(rules(ReviewKeys::Station).keyring, station().keyring);
        assert_eq!(rules(ReviewKeys::Embedded).policy.trust, Trust::Embedded);
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
        std::fs::create_dir(&foreign).unwrap();
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("keyring.json"), "{}").unwrap();
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
