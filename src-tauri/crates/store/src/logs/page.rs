//! Log files as they were read, and which of several counts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::BesideLog;
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::chain::{ENTRY_HASH, Entry, Links, Summary};
use countersign_envelope::digest::Digest;
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::Reason;
use countersign_tlog::checkpoint::Checkpoint;
use countersign_tlog::note::Note;

use crate::chain_lines::ChainLines;
use crate::checkpoint_file::{self, CHECKPOINT, WITNESSED};
use crate::log_memory::{self, ChainKind, Depth, Examined, LogMemory, Rewritten, follow};
use crate::log_tree::GrowingTree;
use crate::reading::{self, OrReason, directory_of};
use crate::stamp::Stamp;

/// The files that were read, each with its state then.
pub(super) type Cache<T> = HashMap<PathBuf, (Stamp, Page<T>)>;

/// A file as it was read.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) read: Arc<OrReason<T>>,
    pub(super) rewritten: Option<Rewritten>,
    pub(super) unknown: Option<Reason>,
    /// Why what is new of it could not be remembered.
    pub(super) unremembered: Option<Reason>,
    /// The checkpoints beside it.
    pub(super) checkpoints: Arc<[BesideLog]>,
}

impl<T> Page<T> {
    pub(super) fn is_sound(&self) -> bool {
        self.rewritten.is_none() && self.unknown.is_none() && self.unremembered.is_none()
    }
}

impl<T> Clone for Page<T> {
    fn clone(&self) -> Self {
        Self {
            read: Arc::clone(&self.read),
            rewritten: self.rewritten.clone(),
            unknown: self.unknown.clone(),
            unremembered: self.unremembered.clone(),
            checkpoints: Arc::clone(&self.checkpoints),
        }
    }
}

/// What a log and a ledger have in common.
pub(super) trait Chained: Default {
    const KIND: ChainKind;
    fn take(&mut self, position: usize, entry: &Entry);
    fn finish(self, summary: Summary) -> Self;
    fn summary(&self) -> &Summary;
}

impl Chained for TransparencyLog {
    const KIND: ChainKind = ChainKind::Log;

    fn take(&mut self, position: usize, entry: &Entry) {
        self.add(position, entry);
    }

    fn finish(self, summary: Summary) -> Self {
        self.complete(summary)
    }

    fn summary(&self) -> &Summary {
        &self.summary
    }
}

impl Chained for AuthorityLedger {
    const KIND: ChainKind = ChainKind::Ledger;

    fn take(&mut self, _: usize, entry: &Entry) {
        self.add(entry);
    }

    fn finish(self, summary: Summary) -> Self {
        self.complete(summary)
    }

    fn summary(&self) -> &Summary {
        &self.summary
    }
}

/// Which of several logs counts: the longest, if all others are its beginning. `None` if there is
/// none; the error names two that differ.
pub(super) fn counting<T: Chained>(
    read: &[(PathBuf, Page<T>)],
) -> Result<Option<usize>, (usize, usize)> {
    if read.len() < 2 {
        return Ok((!read.is_empty()).then_some(0));
    }
    let summary = |at: usize| read[at].1.read.as_ref().as_ref().ok().map(Chained::summary);
    // Of one that is broken or unreadable it is not known what it continues.
    let is_sound = |at: usize| summary(at).is_some_and(|summary| summary.broken.is_none());
    if let Some(bad) = (0..read.len()).find(|at| !is_sound(*at)) {
        return Err((bad, usize::from(bad == 0)));
    }
    let length = |at: usize| summary(at).map_or(0, |summary| summary.entries);
    // The first of those with the most entries is the nearest.
    let longest = (0..read.len()).rev().max_by_key(|at| length(*at)).unwrap_or(0);
    let is_beginning = |at: usize| match summary(at) {
        Some(Summary { entries: 0, .. }) => true,
        Some(Summary { entries, last, .. }) => hash_at(&read[longest].0, *entries) == *last,
        None => false,
    };
    match (0..read.len()).find(|at| *at != longest && !is_beginning(*at)) {
        Some(other) => Err((longest.min(other), longest.max(other))),
        None => Ok(Some(longest)),
    }
}

/// The hash of the entry at a position, from 1.
fn hash_at(path: &Path, wanted: usize) -> Option<Digest> {
    let file = reading::open(path, directory_of(path)).ok()?;
    let (mut links, mut found) = (Links::default(), None);
    for line in ChainLines::new(file) {
        if let Some(entry) = links.next(line)
            && links.entries() == wanted
        {
            found = entry.object.text(ENTRY_HASH).and_then(Digest::parse);
            break;
        }
    }
    found.filter(|_| links.broken.is_none())
}

/// The state of a log at its place, with that of its checkpoints.
pub(super) fn stamp(kind: ChainKind, path: &Path) -> Stamp {
    let own = Stamp::of_file(path).at(path);
    match kind {
        ChainKind::Ledger => own,
        ChainKind::Log => [CHECKPOINT, WITNESSED]
            .iter()
            .fold(own, |stamp, name| stamp.and(Stamp::of_file(&path.with_file_name(name)))),
    }
}

/// What stands beside a log as its checkpoints.
fn checkpoints(kind: ChainKind, log: &Path) -> Vec<Result<Note, Reason>> {
    let beside = |name: &&str| match checkpoint_file::beside(log, name) {
        Ok(None) => None,
        Ok(Some(note)) => Some(Ok(note)),
        Err(error) => Some(Err(error.into())),
    };
    match kind {
        ChainKind::Ledger => Vec::new(),
        ChainKind::Log => [CHECKPOINT, WITNESSED].iter().filter_map(beside).collect(),
    }
}

/// How many entries a note says that a log has.
fn size_of(note: &Result<Note, Reason>) -> Option<u64> {
    Some(Checkpoint::parse(&note.as_ref().ok()?.text).ok()?.size)
}

/// A file as it is, from an earlier reading if it has not changed since.
pub(super) fn page<T: Chained>(
    pages: &mut Cache<T>,
    path: &Path,
    memory: Option<&LogMemory>,
) -> Page<T> {
    let stamp = stamp(T::KIND, path);
    if let Some((_, page)) = pages.get(path).filter(|(known, _)| *known == stamp) {
        return page.clone();
    }
    let page = read_page(path, memory);
    pages.insert(path.to_owned(), (stamp, page.clone()));
    page
}

fn read_page<T: Chained>(path: &Path, memory: Option<&LogMemory>) -> Page<T> {
    let mut chain = T::default();
    let notes = checkpoints(T::KIND, path);
    let sizes: Vec<u64> = notes.iter().filter_map(size_of).collect();
    let mut tree = GrowingTree::wanting(&sizes);
    let examined =
        log_memory::examine(path, T::KIND, memory, Depth::All, &mut |position, entry| {
            if position == 1 {
                chain = T::default();
            }
            chain.take(position, entry);
            // Nobody asks for the root of a log without checkpoints.
            if !sizes.is_empty() {
                tree.entry(position, entry);
            }
        });
    let beside = |note: Result<Note, Reason>| BesideLog {
        root: size_of(&note).and_then(|size| tree.root_at(size)),
        note,
    };
    let checkpoints: Arc<[BesideLog]> = notes.into_iter().map(beside).collect();
    match examined {
        Err(error) => Page {
            read: Arc::new(Err(error.reason().into())),
            rewritten: None,
            unknown: None,
            unremembered: None,
            checkpoints,
        },
        Ok(examined) => {
            let Examined { summary, rewritten, unknown, unremembered, .. } = examined;
            if summary.entries == 0 {
                chain = T::default();
            }
            Page {
                read: Arc::new(Ok(chain.finish(summary))),
                rewritten,
                unknown: unknown.map(Reason::from),
                unremembered: unremembered.map(Reason::from),
                checkpoints,
            }
        }
    }
}

pub(super) fn page_of_bytes<T: Chained>(
    bytes: &[u8],
    name: &str,
    memory: Option<&LogMemory>,
) -> Page<T> {
    let mut chain = T::default();
    let lines = ChainLines::new(bytes);
    let mut take = |position: usize, entry: &Entry| chain.take(position, entry);
    let follower = memory.map(|memory| memory.follow(Path::new(name), T::KIND));
    let examined = follow(lines, Links::default(), follower, &mut take);
    Page {
        read: Arc::new(Ok(chain.finish(examined.summary))),
        rewritten: examined.rewritten,
        unknown: examined.unknown.map(Reason::from),
        unremembered: None,
        checkpoints: Arc::default(),
    }
}
