//! What this program is, as a person reads it in the window.

use std::path::Path;

use countersign_admissibility::release::{JudgedRelease, ReleaseSignature, ReleaseStanding};
use countersign_envelope::release::ReleaseFile;
use countersign_problem::visible::visible;
use countersign_problem::{Said, Words};
use serde::Serialize;

use crate::places::Places;
use crate::this_program::{BUILD, InPlace, JournalHead, Program, journal_head, kept_in, spoken};

/// What this program is.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ThisProgramView {
    /// The version.
    pub version: String,
    /// The commit; null if it is not known.
    pub commit: Option<String>,
    /// Whether the sources had changes that the commit has not.
    pub changed: bool,
    /// The compiler.
    pub compiler: String,
    /// The programs, the one that runs first.
    pub programs: Vec<ProgramView>,
    /// The libraries that touch keys, signatures and files of others.
    pub libraries: Vec<LibraryView>,
    /// Where the station's own files are.
    pub places: Vec<PlaceView>,
    /// How the journal stands.
    pub journal: JournalHeadView,
}

/// A program of the station.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ProgramView {
    /// Its file name.
    pub name: String,
    /// Where it stands.
    pub path: String,
    /// The SHA-256 of its bytes, 64 hex digits.
    pub sha256: String,
    /// The same in words, to be read to somebody.
    pub words: String,
    /// What stands at its place now; null if it is not the one that runs.
    pub in_place: Option<InPlace>,
}

/// A library.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct LibraryView {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A place of the station's own files.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct PlaceView {
    /// Which: settings, keyring, journal, memory or catalogue.
    pub what: String,
    /// The path.
    pub path: String,
}

/// How the journal stands.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalHeadView {
    /// How many entries there are.
    pub entries: u32,
    /// The hash of the last one; null if there is none, or the chain does not hold.
    pub last: Option<String>,
    /// Why the chain does not hold; null if it does.
    pub broken: Option<Said>,
}

/// A release, compared with the programs.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReleaseView {
    /// Its file.
    pub path: String,
    /// How far it vouches for the programs.
    pub standing: ReleaseStanding,
    /// The same in a sentence.
    pub words: Said,
    /// The version that it is of.
    pub version: String,
    /// Who vouches for it, and who does not.
    pub signatures: Vec<ReleaseSignatureView>,
}

/// A signature of a release.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReleaseSignatureView {
    /// Whose key made it; null if no key of the keyring did.
    pub owner: Option<String>,
    /// The id of the key; of one that is not in the keyring, as the file says.
    pub key_id: String,
    /// Whether it counts, in words.
    pub words: Said,
}

impl ThisProgramView {
    /// What is known of these programs, and of the station's own files. `toolkit` is the library that
    /// draws the window, with its version.
    pub fn new(programs: &[Program], places: &Places, toolkit: Option<(&str, String)>) -> Self {
        let text = |path: &Path| visible(&path.to_string_lossy());
        let program = |one: &Program| ProgramView {
            name: visible(&one.name),
            path: text(&one.path),
            sha256: one.digest.hex(),
            words: spoken(&one.digest),
            in_place: one.in_place,
        };
        let library = |name: &str, version: &str| LibraryView {
            name: name.to_owned(),
            version: version.to_owned(),
        };
        let own = BUILD.libraries.iter().map(|(name, version)| library(name, version));
        let kept = kept_in(places).into_iter();
        Self {
            version: BUILD.version.to_owned(),
            commit: BUILD.commit.map(str::to_owned),
            changed: BUILD.is_changed,
            compiler: BUILD.compiler.to_owned(),
            programs: programs.iter().map(program).collect(),
            libraries: own.chain(toolkit.map(|(name, version)| library(name, &version))).collect(),
            places: kept
                .map(|(what, path)| PlaceView { what: what.to_owned(), path: text(path) })
                .collect(),
            journal: JournalHeadView::of(journal_head(&places.journal)),
        }
    }
}

impl JournalHeadView {
    fn of(head: JournalHead) -> Self {
        match head {
            JournalHead::None => Self { entries: 0, last: None, broken: None },
            JournalHead::Holds { entries, last } => Self {
                entries: u32::try_from(entries).unwrap_or(u32::MAX),
                last: Some(visible(&last)),
                broken: None,
            },
            JournalHead::Broken { why } => {
                Self { entries: 0, last: None, broken: Some(why.into()) }
            }
        }
    }
}

impl ReleaseView {
    /// A release as it was judged.
    pub fn of(path: &Path, file: &ReleaseFile, judged: &JudgedRelease) -> Self {
        Self {
            path: visible(&path.to_string_lossy()),
            standing: judged.standing,
            words: judged.detail.clone().into(),
            version: visible(&file.release.version),
            signatures: judged.signatures.iter().map(ReleaseSignatureView::of).collect(),
        }
    }
}

impl ReleaseSignatureView {
    fn of(one: &ReleaseSignature) -> Self {
        let (owner, key_id, words): (_, _, Words) = match one {
            ReleaseSignature::Known { owner, key_id, acceptance, .. } => {
                (Some(visible(owner)), key_id, acceptance.words())
            }
            ReleaseSignature::Unknown { key_id } => {
                (None, key_id, countersign_problem::words!("key-unknown"))
            }
            ReleaseSignature::Forged { key_id } => {
                (None, key_id, countersign_problem::words!("release-forged", key = ?key_id))
            }
        };
        Self { owner, key_id: visible(key_id), words: words.into() }
    }
}
