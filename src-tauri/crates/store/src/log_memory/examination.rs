//! Reading a log whole: its chain, and how it goes on from what the station remembers of it.

use std::path::Path;

use countersign_envelope::chain::{Entry, Links, Summary};
use countersign_problem::words;

use super::{ChainKind, Finding, Follower, LogMemory, LogMemoryError, Prefix, Rewritten, SeenHead};
use crate::chain_lines::ChainLines;
use crate::reading::{self, ReadError, directory_of};
use crate::stamp::Stamp;

/// How often a log is read again while another process is writing it.
const READINGS: usize = 3;

/// How much of a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// All of it.
    All,
    /// What lies beyond the prefix that was verified before, if the bytes of that are the same.
    Rest,
}

/// A log as a whole: its chain, and how it goes on from what the station remembers of it.
#[derive(Debug)]
pub struct Examined {
    /// Its chain.
    pub summary: Summary,
    /// How it fails to go on.
    pub rewritten: Option<Rewritten>,
    /// Why it is not known whether it does.
    pub unknown: Option<LogMemoryError>,
    /// Why what is new of it could not be remembered.
    pub unremembered: Option<LogMemoryError>,
    /// How many entries were passed over, for their bytes were verified before.
    pub verified: usize,
    /// The bytes that were verified.
    pub prefix: Prefix,
}

/// Checks the whole chain of a log, and holds it against what the station remembers.
///
/// # Errors
/// If the file cannot be read; what is wrong with its content is in the result.
pub fn check(
    path: &Path,
    kind: ChainKind,
    memory: Option<&LogMemory>,
) -> Result<Examined, ReadError> {
    examine(path, kind, memory, Depth::All, &mut |_, _| {})
}

/// Checks the whole chain of someone else's log, and compares it with what the station remembers.
pub fn check_bytes(bytes: &[u8], kind: ChainKind, memory: Option<&LogMemory>) -> Examined {
    let memory = memory.map(LogMemory::of_others);
    // Its place is ignored.
    let follower = memory.as_ref().map(|memory| memory.follow(Path::new(""), kind));
    follow(ChainLines::new(bytes), Links::default(), follower, &mut |_, _| {}).into()
}

/// Reads a log, checks its chain, and holds it against what the station remembers: the one function
/// for whatever touches a log. `each` gets every entry that is read; a log that another process was
/// writing is read again, and `each` then starts again with the first.
///
/// # Errors
/// If the file cannot be read; what is wrong with its content is in the result.
pub fn examine(
    path: &Path,
    kind: ChainKind,
    memory: Option<&LogMemory>,
    depth: Depth,
    each: &mut dyn FnMut(usize, &Entry),
) -> Result<Examined, ReadError> {
    let mut readings = 1;
    loop {
        // Taken before reading: later changes are then noticed.
        let stamp = Stamp::of_file(path);
        let examined = examine_once(path, kind, memory, depth, each)?;
        let is_suspect = examined.rewritten.is_some() || examined.summary.broken.is_some();
        if !is_suspect || readings >= READINGS || Stamp::of_file(path) == stamp {
            return Ok(examined);
        }
        readings += 1;
    }
}

fn examine_once(
    path: &Path,
    kind: ChainKind,
    memory: Option<&LogMemory>,
    depth: Depth,
    each: &mut dyn FnMut(usize, &Entry),
) -> Result<Examined, ReadError> {
    let open = || reading::open(path, directory_of(path));
    let mut follower = memory.map(|memory| memory.follow(path, kind));
    let mut lines = ChainLines::new(open()?);
    let mut links = Links::default();
    if depth == Depth::Rest
        && let Some(Ok(follower)) = &mut follower
        && let Ok(Some(head)) = follower.known()
    {
        let skipped = lines.skip_verified(head.prefix.length, head.prefix.sha256);
        if skipped.map_err(|source| ReadError::of(path, source))? {
            let verified = Summary {
                entries: head.entries,
                first: Some(head.first),
                last: Some(head.last_hash),
                ..Summary::default()
            };
            links = Links::resume(head.prefix.lines, &verified, head.prefix.newest);
            follower.resume(head);
        } else {
            lines = ChainLines::new(open()?);
        }
    }
    let mut examined = follow(lines, links, follower, each);
    match examined.error.take() {
        Some(source) => Err(ReadError::of(path, source)),
        None => Ok(examined.into()),
    }
}

/// A reading that may have ended before the end.
pub(crate) struct Followed {
    pub(crate) summary: Summary,
    pub(crate) rewritten: Option<Rewritten>,
    pub(crate) unknown: Option<LogMemoryError>,
    unremembered: Option<LogMemoryError>,
    verified: usize,
    prefix: Prefix,
    error: Option<std::io::Error>,
}

impl From<Followed> for Examined {
    fn from(of: Followed) -> Self {
        let Followed { summary, rewritten, unknown, unremembered, verified, prefix, .. } = of;
        Self { summary, rewritten, unknown, unremembered, verified, prefix }
    }
}

pub(crate) fn follow<R: std::io::Read>(
    mut lines: ChainLines<R>,
    mut links: Links,
    follower: Option<Result<Follower<'_>, LogMemoryError>>,
    each: &mut dyn FnMut(usize, &Entry),
) -> Followed {
    let verified = links.entries();
    let mut follower = follower;
    let is_of_others = matches!(&follower, Some(Ok(follower)) if follower.is_of_others());
    links.read(&mut lines, &mut |position, entry| {
        if let Some(Ok(follower)) = &mut follower {
            follower.entry(position, &entry);
        }
        each(position, &entry);
    });
    let error = lines.take_error();
    let (length, sha256) = lines.read_so_far();
    let prefix = Prefix { length, sha256, lines: links.lines(), newest: links.newest() };
    let summary = links.into_summary();
    let mut followed = Followed {
        summary,
        rewritten: None,
        unknown: None,
        unremembered: None,
        verified,
        prefix,
        error,
    };
    // A log that was not read to its end is not known to be shorter.
    if followed.error.is_none() {
        let finding =
            follower.map(|follower| follower?.conclude(&followed.summary, followed.prefix.clone()));
        match finding {
            // A copy of another time is older, and nothing is wrong with that.
            Some(Ok(Finding { rewritten: Some(older), .. }))
                if is_of_others && older.is_prefix() =>
            {
                let SeenHead { entries: saw, kind, .. } = older.seen();
                let (kind, here) = (kind.word(), older.has());
                followed.summary.notes.push(words!("log-older", %saw, kind, %here));
            }
            Some(Ok(Finding { rewritten, unremembered, note })) => {
                followed.rewritten = rewritten;
                followed.unremembered = unremembered;
                followed.summary.notes.extend(note);
            }
            Some(Err(error)) => followed.unknown = Some(error),
            None => {}
        }
    }
    followed
}
