//! A station in a directory of its own, with envelopes beside it.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::level::Level;
use countersign_app::places::Places;
use countersign_app::workspace::Workspace;
use countersign_demo::Demo;
use countersign_envelope::file_name::TRANSPARENCY_LOG;
use countersign_envelope::instant::Instant;
use countersign_store::directory;
use secrecy::SecretString;
use tempfile::TempDir;

/// Later than anything in the demonstration.
pub fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

/// A station that nobody has worked at yet.
pub struct Station {
    temporary: TempDir,
    pub places: Places,
}

impl Station {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let places = Places::within(&temporary.path().join("station")).unwrap();
        Self { temporary, places }
    }

    pub fn workspace(&self) -> Workspace {
        Workspace { now, ..Workspace::at(&self.places) }
    }

    /// A path beside the station's own files.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.temporary.path().join(name)
    }

    /// Envelopes of one level, in a directory of this name. They have a keyring of their own.
    pub fn envelopes(&self, name: &str, count: usize, level: Level) -> Envelopes {
        let root = self.beside(name);
        Demo::one_level(count, 1, Some(level)).write(&root, &SecretString::from("demo")).unwrap();
        Envelopes { root }
    }

    /// The journal's text; empty if there is none.
    pub fn journal(&self) -> String {
        fs::read_to_string(&self.places.journal).unwrap_or_default()
    }

    /// Makes the journal one that cannot be written.
    pub fn block_journal(&self) {
        fs::create_dir_all(&self.places.journal).unwrap();
    }
}

/// A directory of envelopes.
pub struct Envelopes {
    pub root: PathBuf,
}

impl Envelopes {
    pub fn runs(&self) -> Vec<PathBuf> {
        let found = directory::find(&self.root).unwrap().runs;
        found.iter().map(|run| self.root.join(run)).collect()
    }

    pub fn log(&self) -> PathBuf {
        self.root.join(TRANSPARENCY_LOG)
    }
}

/// Leaves only so many lines of a file.
pub fn cut(file: &Path, to: usize) {
    let whole = fs::read_to_string(file).unwrap();
    fs::write(file, whole.split_inclusive('\n').take(to).collect::<String>()).unwrap();
}
