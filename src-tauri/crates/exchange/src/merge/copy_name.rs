//! What programs make of the name of a file when they keep a second version of it.

use std::path::{Path, PathBuf};

use countersign_envelope::file_name::{is_sealed_run, manifest_of, run_in_name, run_of_manifest};
use countersign_problem::{Words, words};
use countersign_store::reading::name_of;
use serde::Serialize;

/// The origin of a copy, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file of the usual name.
    Plain,
    /// Syncthing found two versions and kept this one aside.
    SyncthingConflict,
    /// What git or its merge tools leave of one side of a conflict.
    GitLeftover,
    /// Any other name, as programs that synchronise or download files make them; what it belongs
    /// to is found by the digest in it.
    OtherName,
}

impl Origin {
    /// A path, and how it came to be if the file has no usual name.
    pub fn described(self, path: &Path) -> Words {
        let path = path.to_string_lossy().into_owned();
        match self {
            Self::Plain | Self::OtherName => Words::text(path),
            Self::SyncthingConflict => words!("copy-syncthing", path),
            Self::GitLeftover => words!("copy-git", path),
        }
    }

    /// In words, to follow a path; empty for a file of the usual name.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Plain | Self::OtherName => "",
            Self::SyncthingConflict => " (a conflict copy of Syncthing)",
            Self::GitLeftover => " (left by git or an editor)",
        }
    }
}

/// Which file a name is a copy of, and how it came to be.
///
/// Syncthing: `<name>.sync-conflict-<YYYYMMDD>-<HHMMSS>-<device>.<ext>`. git mergetool:
/// `<name>_LOCAL_<pid>.<ext>`, likewise `REMOTE`, `BASE` and `BACKUP`, and `<file>.orig`; git merge:
/// `<file>~<branch>`.
pub fn original_of(name: &str) -> (String, Origin) {
    let plain = || (name.to_owned(), Origin::Plain);
    if let Some((stem, rest)) = name.split_once(".sync-conflict-") {
        let (mark, extension) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
        let parts: Vec<&str> = mark.split('-').collect();
        let digits = |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        return match parts[..] {
            [date, time] | [date, time, _] if digits(date, 8) && digits(time, 6) => {
                (format!("{stem}{extension}"), Origin::SyncthingConflict)
            }
            _ => plain(),
        };
    }
    for side in ["_LOCAL_", "_REMOTE_", "_BASE_", "_BACKUP_"] {
        if let Some((stem, rest)) = name.split_once(side)
            && let Some(process) = rest.strip_suffix(".json")
            && process.bytes().all(|b| b.is_ascii_digit())
        {
            return (format!("{stem}.json"), Origin::GitLeftover);
        }
    }
    if let Some(original) = name.strip_suffix(".orig") {
        return (original.to_owned(), Origin::GitLeftover);
    }
    match name.split_once(".json~") {
        Some((stem, _)) => (format!("{stem}.json"), Origin::GitLeftover),
        None => plain(),
    }
}

/// The run that a file beside it may be a copy for, by its name; `None` if the name gives no hint.
pub fn run_of_conflict_copy(name: &str) -> Option<String> {
    // Checked for every file of a directory: most are decided by their endings.
    let end = name.strip_prefix("RUN-")?.get(25..)?;
    if matches!(end, ".json" | ".manifest.json")
        || matches!(end, ".json.sig.json" | ".manifest.json.sig.json" | ".json.refusals.json")
    {
        return None;
    }
    let (of, origin) = original_of(name);
    let run = name_of(&run_of(Path::new(&of)));
    if origin != Origin::Plain && is_sealed_run(&run) {
        return Some(run);
    }
    may_be_copy(name).then(|| run_in_name(name)).flatten()
}

/// Whether a file of another name than the usual ones may be a copy of one. Of all the files of a
/// large directory only these are read.
pub(super) fn may_be_copy(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains(".json") && (lower.contains("sig") || run_in_name(name).is_some())
}

/// The run of an envelope that is named by any of its files.
pub(crate) fn run_of(path: &Path) -> PathBuf {
    let name = name_of(path);
    let artifact = signed_in_name(&name);
    let run = run_of_manifest(artifact).unwrap_or_else(|| artifact.to_owned());
    path.with_file_name(run)
}

/// The run or manifest that the name of signatures or refusals is made of, or the name itself.
pub(super) fn signed_in_name(name: &str) -> &str {
    name.strip_suffix(".sig.json").or(name.strip_suffix(".refusals.json")).unwrap_or(name)
}

/// Whether FORMAT.md gives this name to a file of an envelope.
pub(super) fn is_usual(name: &str) -> bool {
    is_sealed_run(&name_of(&run_of(Path::new(name))))
}

/// The run or manifest that a name was derived from, if it was not derived from that of signatures.
pub(super) fn artifact_in_name(name: &str) -> Option<String> {
    let run = run_in_name(name).filter(|_| !name.contains(".sig"))?;
    Some(if name.contains(".manifest") { manifest_of(&run) } else { run })
}
