//! The journal as it is read: the file that is written to and those before it.

use countersign_envelope::chain::{self, ENTRY_HASH, Entry, Line, Links, PREVIOUS};
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::json::Object;
use countersign_problem::{Words, words};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// The role of a file beside the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Full,
    Broken,
    Torn,
}

/// The parts of such a file's name before and after the number.
pub(crate) fn affixes(path: &Path, kind: Kind) -> (String, String) {
    let name = name_of(path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "ndjson"));
    let kind = match kind {
        Kind::Full => "",
        Kind::Broken => "broken-",
        Kind::Torn => "torn-",
    };
    (format!("{stem}.{kind}"), format!(".{extension}"))
}

pub(crate) fn number_of(path: &Path, kind: Kind, name: &str) -> Option<u64> {
    let (before, after) = affixes(path, kind);
    let digits = name.strip_prefix(&before)?.strip_suffix(&after)?;
    let plain = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// The files of a kind beside the journal, the oldest first.
pub(crate) fn names(path: &Path, kind: Kind) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory_of(path))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        found.extend(number_of(path, kind, &name).map(|number| (number, name)));
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// One file of a journal, read.
#[derive(Debug, Clone)]
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The first error in the chain; `None` if it holds.
    pub broken: Option<Words>,
    /// How many bytes a partial last line has; 0 if there is none.
    pub half_line: usize,
}

impl Page {
    /// Reads a file and changes nothing.
    ///
    /// # Errors
    /// Fails if it cannot be read; errors in its content are part of the page.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let bytes = reading::read(path, directory_of(path), MAX_LOG_BYTES)?;
        let mut known = Known::default();
        let (entries, half) = known.read(&bytes);
        let broken = known.broken();
        Ok(Self { path: path.to_owned(), entries, broken, half_line: half.len() })
    }

    pub(crate) fn last_hash(&self) -> Option<&str> {
        self.entries.last()?.object.text(ENTRY_HASH)
    }

    /// The name of the full file that this one goes on from.
    pub fn goes_on_from(&self) -> Option<&str> {
        previous_file(&self.entries.first()?.object)
    }

    /// The errors between the previous file and this one, which must follow it by name and by hash,
    /// or state why it does not.
    fn gap_after(&self, before: &Self) -> Option<Words> {
        let first = &self.entries.first()?.object;
        let is_reported = first.text("event") == Some("journal_broken")
            || (previous_file(first) == Some(name_of(&before.path).as_str())
                && first.text(PREVIOUS) == before.last_hash());
        (!is_reported)
            .then(|| chain::at_line(1, words!("journal-gap", before = name_of(&before.path))))
    }
}

/// Reads a journal and the full ones before it, the oldest first, and checks the chain through all
/// of them. Nothing is changed.
///
/// # Errors
/// Fails if one cannot be read; errors in the content are part of the pages.
pub fn read(path: &Path) -> Result<Vec<Page>, ReadError> {
    // With the lock, no writer is in the middle of a line. If it cannot be locked, nobody can write
    // either.
    let _lock = safe_write::lock(directory_of(path)).ok();
    let pages = files(path)?.iter().map(|file| Page::read(file)).collect::<Result<Vec<_>, _>>()?;
    let gaps: Vec<_> = broken(&pages).map(|why| why.map(|(_, why)| why)).collect();
    let checked = pages.into_iter().zip(gaps).map(|(page, broken)| Page { broken, ..page });
    Ok(checked.collect())
}

/// The files of a journal, the oldest first.
///
/// # Errors
/// Fails if its directory does not exist or cannot be searched.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let full = names(path, Kind::Full).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
        _ => ReadError::Io { path: path.to_owned(), source },
    })?;
    let full: Vec<_> = full.into_iter().map(|name| path.with_file_name(name)).collect();
    // A process that stopped between the two steps of a rotation left no file to write to.
    let is_between = !full.is_empty() && fs::symlink_metadata(path).is_err();
    let current = (!is_between).then(|| path.to_owned());
    Ok(full.into_iter().chain(current).collect())
}

/// The first thing wrong with each file of a journal, by itself or in following the one before it.
pub fn broken<P: std::borrow::Borrow<Page>>(
    pages: &[P],
) -> impl Iterator<Item = Option<(&Page, Words)>> {
    let before = [None].into_iter().chain(pages.iter().map(|page| Some(page.borrow())));
    before.zip(pages).map(|(before, page)| {
        let page = page.borrow();
        let gap = || page.gap_after(before?);
        Some((page, page.broken.clone().or_else(gap)?))
    })
}

/// The files that were kept aside beside a journal: broken ones and half lines.
pub fn kept_aside(path: &Path) -> Vec<String> {
    let kept = [Kind::Broken, Kind::Torn].map(|kind| names(path, kind).unwrap_or_default());
    kept.concat()
}

/// How far the file has been read and holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) links: Links,
    pub(crate) length: u64,
    pub(crate) last_line: Vec<u8>,
}

impl Known {
    /// Whether a file is still the one that was read: its last line is in the same place.
    pub(crate) fn is_in(&self, file: &mut File) -> bool {
        let line = self.last_line.len() as u64;
        let mut there = Vec::new();
        line > 0
            && self.length > line
            && file.seek(SeekFrom::Start(self.length - 1 - line)).is_ok()
            && file.take(line + 1).read_to_end(&mut there).is_ok()
            && there.strip_suffix(b"\n") == Some(&self.last_line)
    }

    /// Goes on through more of the file: its entries, and the half line at its end.
    pub(crate) fn read<'b>(&mut self, bytes: &'b [u8]) -> (Vec<Entry>, &'b [u8]) {
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (whole, half) = bytes.split_at(end);
        let mut entries = Vec::new();
        for line in whole.strip_suffix(b"\n").into_iter().flat_map(|all| all.split(|b| *b == b'\n'))
        {
            if self.length == 0 {
                self.links = Links::after(carried(line));
            }
            let entry = self.links.next(Line::parse(line));
            // What follows the first bad line is only passed over, for the hash of the last entry.
            entries.extend(entry.filter(|_| self.links.broken.is_none()));
            self.length += line.len() as u64 + 1;
            self.last_line = line.to_vec();
        }
        (entries, half)
    }

    /// The first thing wrong with what was read. A file is begun with its first line whole.
    pub(crate) fn broken(&self) -> Option<Words> {
        let empty = || (self.length == 0).then(|| chain::at_line(1, words!("journal-cut-off")));
        self.links.broken.clone().or_else(empty)
    }

    /// Takes an entry that has no line feed yet, if it is complete and follows.
    pub(crate) fn complete(&mut self, half: &[u8]) -> bool {
        let mut links = self.links.clone();
        if links.next(Line::parse(half)).is_none() || links.broken.is_some() {
            return false;
        }
        self.links = links;
        self.length += half.len() as u64 + 1;
        self.last_line = half.to_vec();
        true
    }
}

/// The link to the file before, which only the first line of one that was rotated has.
pub(crate) fn carried(first_line: &[u8]) -> Option<String> {
    match Line::parse(first_line) {
        Line::Entry { object: entry, .. } if previous_file(&entry).is_some() => {
            entry.text(PREVIOUS).map(str::to_owned)
        }
        _ => None,
    }
}

pub(crate) fn previous_file(first: &Object) -> Option<&str> {
    first.text("previous_file").filter(|_| first.text("event") == Some("journal_rotated"))
}
