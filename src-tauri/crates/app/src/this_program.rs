//! What this program is: which bytes run, how they were built, and where it keeps its state.
//!
//! A program that was replaced can say anything of itself. What it says here is for comparing with
//! what others say: the release that two people signed ([`crate::release`]), or `sha256sum`.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use countersign_envelope::chain::ENTRY_HASH;
use countersign_envelope::digest::Digest;
use countersign_envelope::vocabulary;
use countersign_journal as journal;
use countersign_problem::{Explain as _, Problem, Words};
use countersign_store::reading::{self, directory_of, name_of};

use crate::places::Places;

include!(concat!(env!("OUT_DIR"), "/build_facts.rs"));

/// The programs of a station, one beside the other.
pub const PROGRAMS: [&str; 2] = ["countersign", "countersign-station"];

/// How this program was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// The version.
    pub version: &'static str,
    /// The commit; `None` if it is not known, as in a build to try things out.
    pub commit: Option<&'static str>,
    /// Whether the sources had changes that the commit has not.
    pub is_changed: bool,
    /// The compiler.
    pub compiler: &'static str,
    /// The libraries that touch keys, signatures and files of others, each with its version.
    pub libraries: &'static [(&'static str, &'static str)],
}

/// How this program was built.
pub const BUILD: Build = Build {
    version: env!("CARGO_PKG_VERSION"),
    commit: COMMIT,
    is_changed: CHANGED,
    compiler: COMPILER,
    libraries: LIBRARIES,
};

vocabulary! {
    /// What stands where the running program was started from.
    InPlace {
        /// The bytes that run.
        Same = "same",
        /// Others: it was replaced since it was started, by an update or by somebody.
        Replaced = "replaced",
        /// Nothing: it was removed since.
        Gone = "gone",
    }
}

/// A program of the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its file name.
    pub name: String,
    /// Where it stands.
    pub path: PathBuf,
    /// The SHA-256 of its bytes: of those that run, or of the file beside them.
    pub digest: Digest,
    /// What stands at its place now; `None` if it is not the one that runs.
    pub in_place: Option<InPlace>,
}

/// The digest in words (the PGP word list), to be read to somebody: two syllables and three in turns, so
/// that a word that was left out is noticed.
pub fn spoken(digest: &Digest) -> String {
    pgp_words::to_words(digest.as_bytes()).join(" ")
}

/// Why it is not known what runs.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ThisProgramError {
    /// The system does not say which program this is, or it cannot be read.
    Unreadable {
        /// The program, or where the system names it.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
}

/// The programs: the one that runs, and its sibling if it stands beside it.
///
/// # Errors
/// If the one that runs cannot be read. A sibling that cannot be read is left out.
pub fn programs() -> Result<Vec<Program>, ThisProgramError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |source| ThisProgramError::Unreadable { path, source }
    };
    let named = std::env::current_exe().map_err(unreadable(Path::new(RUNNING)))?;
    // Linux adds this to the name of a file that is gone.
    let path = match named.to_string_lossy().strip_suffix(" (deleted)") {
        Some(path) if !named.exists() => PathBuf::from(path),
        _ => named,
    };
    let running = running(&path);
    let digest = digest_of(&running).map_err(unreadable(&running))?;
    let in_place = match digest_of(&path) {
        Ok(there) if there == digest => InPlace::Same,
        Err(error) if error.kind() == io::ErrorKind::NotFound => InPlace::Gone,
        _ => InPlace::Replaced,
    };
    let name = name_of(&path);
    let beside = PROGRAMS.iter().filter(|other| **other != name).filter_map(|other| {
        let path = directory_of(&path).join(format!("{other}{}", std::env::consts::EXE_SUFFIX));
        let digest = digest_of(&path).ok()?;
        Some(Program { name: name_of(&path), path, digest, in_place: None })
    });
    let beside: Vec<Program> = beside.collect();
    Ok([Program { name, path, digest, in_place: Some(in_place) }]
        .into_iter()
        .chain(beside)
        .collect())
}

/// The bytes that run, whatever stands at their place by now.
const RUNNING: &str = "/proc/self/exe";

#[cfg(target_os = "linux")]
fn running(_: &Path) -> PathBuf {
    PathBuf::from(RUNNING)
}

#[cfg(not(target_os = "linux"))]
fn running(path: &Path) -> PathBuf {
    path.to_owned()
}

fn digest_of(path: &Path) -> io::Result<Digest> {
    reading::digest_of(File::open(path)?)
}

/// How a journal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalHead {
    /// It has not begun.
    None,
    /// Its chain holds.
    Holds {
        /// How many entries there are in the files that are there.
        entries: usize,
        /// The hash of the last one, as the file writes it.
        last: String,
    },
    /// It cannot be read, or its chain does not hold.
    Broken {
        /// Why.
        why: Words,
    },
}

/// The head of a journal: what to note elsewhere, so that it cannot be shortened unseen.
pub fn journal_head(path: &Path) -> JournalHead {
    if !path.exists() {
        return JournalHead::None;
    }
    let pages = match journal::read(path) {
        Ok(pages) => pages,
        Err(error) => return JournalHead::Broken { why: error.problem().into() },
    };
    if let Some(why) = pages.iter().find_map(|page| page.broken.clone()) {
        return JournalHead::Broken { why };
    }
    let last = pages.iter().flat_map(|page| &page.entries).next_back();
    match last.and_then(|entry| entry.object.text(ENTRY_HASH)) {
        Some(last) => JournalHead::Holds {
            entries: pages.iter().map(|page| page.entries.len()).sum(),
            last: last.to_owned(),
        },
        None => JournalHead::None,
    }
}

/// The places of a station's own files, each with the word that names it.
pub fn kept_in(places: &Places) -> [(&'static str, &Path); 5] {
    [
        ("settings", &places.settings),
        ("keyring", &places.keyring),
        ("journal", &places.journal),
        ("memory", &places.log_heads),
        ("catalogue", &places.catalogue),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the word list's authors.
    #[test]
    fn a_digest_is_read_aloud_in_the_words_of_the_list() {
        let bytes =
            b"\xE5\x82\x94\xF2\xE9\xA2\x27\x48\x6E\x8B\x06\x1B\x31\xCC\x52\x8F\xD7\xFA\x3F\x19";
        let words = "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish \
                     Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical \
                     cowbell bottomless";
        let mut whole = [0; 32];
        whole[..bytes.len()].copy_from_slice(bytes);
        let spoken = spoken(&Digest::from_bytes(whole)).to_lowercase();
        assert!(spoken.starts_with(&words.to_lowercase()), "{spoken}");
    }

    #[test]
    fn the_running_program_is_hashed_where_it_stands() {
        let programs = programs().unwrap();
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(programs[0].digest, Digest::of(&own));
        assert_eq!(programs[0].in_place, Some(InPlace::Same));
    }

    #[test]
    fn the_build_names_its_compiler_and_libraries() {
        assert!(BUILD.compiler.starts_with("rustc "), "{}", BUILD.compiler);
        let names: Vec<&str> = BUILD.libraries.iter().map(|(name, _)| *name).collect();
        for name in ["ed25519-dalek", "sha2", "yubikey", "tauri"] {
            assert_eq!(names.iter().filter(|one| **one == name).count(), 1, "{name}: {names:?}");
        }
    }

    #[test]
    fn a_journal_that_was_shortened_or_altered_has_another_head() {
        use countersign_journal::{Event, Journal, LIMIT};
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.ndjson");
        assert_eq!(journal_head(&path), JournalHead::None);
        let journal = Journal::at(&path, LIMIT);
        let now = crate::clock::now();
        journal.append(&Event::BrokenOff, now).unwrap();
        let JournalHead::Holds { entries: before, last: first } = journal_head(&path) else {
            panic!("{:?}", journal_head(&path));
        };
        journal.append(&Event::BrokenOff, now).unwrap();
        let JournalHead::Holds { entries, last } = journal_head(&path) else {
            panic!("{:?}", journal_head(&path));
        };
        assert_eq!(entries, before + 1);
        assert_ne!(first, last);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("broken_off", "brokex_off", 1)).unwrap();
        assert!(matches!(journal_head(&path), JournalHead::Broken { .. }));
    }
}
