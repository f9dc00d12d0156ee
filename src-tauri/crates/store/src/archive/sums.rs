//! The list of an archive's files with their SHA-256, as sha256sum writes it.

use std::collections::{BTreeMap, BTreeSet};

use countersign_envelope::digest::Digest;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};
use serde::Serialize;

use super::name::{SUMS, check_name};

vocabulary! {
    /// How a file differs from the list.
    FaultKind {
        /// It is listed, and is not there.
        Missing = "missing",
        /// It is there, and is not listed.
        Extra = "extra",
        /// It has another SHA-256.
        Altered = "altered",
        /// It would have its SHA-256 with the line ends that it was made with.
        LineEnds = "line_ends",
    }
}

impl FaultKind {
    /// The same in words, after the name of a file.
    pub fn words(self) -> Words {
        match self {
            Self::Missing => words!("fault-missing", sums = SUMS),
            Self::Extra => words!("fault-extra", sums = SUMS),
            Self::Altered => words!("fault-altered", sums = SUMS),
            Self::LineEnds => words!("fault-line-ends"),
        }
    }
}

/// A file that does not match `SHA256SUMS`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
pub struct Fault {
    /// Its name in the archive.
    pub file: String,
    /// How it differs.
    pub kind: FaultKind,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = match self.kind {
            FaultKind::Missing => "is listed but missing",
            FaultKind::Extra => "exists and is not listed",
            FaultKind::Altered => "is altered",
            FaultKind::LineEnds => {
                return write!(f, "{} {}", visible(&self.file), self.kind.words());
            }
        };
        write!(f, "{} {what}", visible(&self.file))
    }
}

/// Whether text has a digest with its line ends as they were on another system.
pub(super) fn has_other_line_ends(bytes: &[u8], digest: &Digest) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    [unix, windows].iter().any(|text| Digest::of(text.as_bytes()) == *digest)
}

/// The files that are listed; the number of the first line that cannot be read.
pub(super) fn parse_sums(bytes: &[u8]) -> Result<BTreeMap<String, Digest>, usize> {
    let text = std::str::from_utf8(bytes).map_err(|_| 1_usize)?;
    let mut listed = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let entry = line.split_at_checked(64).and_then(|(hex, name)| {
            let digest = Digest::parse(&format!("sha256:{hex}"))?;
            // Two spaces for text, one and an asterisk for binary: the same on every system here.
            let name = name.strip_prefix("  ").or_else(|| name.strip_prefix(" *"))?;
            check_name(name).is_ok().then_some((name, digest))
        });
        let (name, digest) = entry.ok_or(index + 1)?;
        if !folded.insert(name.to_lowercase()) {
            return Err(index + 1);
        }
        listed.insert(name.to_owned(), digest);
    }
    Ok(listed)
}
