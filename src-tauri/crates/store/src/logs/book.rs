//! Where to look for logs, and those read so far.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::continuation::ForkPoint;
use countersign_admissibility::terms::{AskedTerms, SeenTerms};
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, REFERENCE_LEDGER, REFERENCE_LOG, TRANSPARENCY_LOG,
};
use countersign_envelope::signature_file::Terms;
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::{Reason, Words, list, words};
use parking_lot::Mutex;

use super::of_directory::{LogStamps, Logs, first_of, registrations_of, terms_of};
use super::page::{self, Cache, Chained, Page, counting, page};
use super::standing::{LogPlaceError, Standing};
use crate::log_memory::{ChainKind, LogMemory, LogMemoryError, Rewritten, SeenRegistrations};
use crate::reading::{self, OrReason, directory_of, name_of};
use crate::stamp::Stamp;

/// Where to look for logs, and those read so far.
#[derive(Debug, Default)]
pub struct LogBook {
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<PathBuf>,
    boundary: Option<PathBuf>,
    root: Option<PathBuf>,
    memory: Option<LogMemory>,
    allows_rewritten: bool,
    /// A log that is taken as if a person had accepted it as it is.
    as_if_accepted: Option<Acceptance>,
    read: Mutex<Pages>,
    /// Facts of judged runs to be remembered.
    judged: Mutex<JudgedRuns>,
}

/// What a person may accept of a log or ledger.
#[derive(Debug, Clone)]
struct Acceptance {
    log: PathBuf,
    forks: Vec<ForkPoint>,
}

/// Facts of judged runs to be remembered.
#[derive(Debug, Default)]
struct JudgedRuns {
    /// The registered runs, by directory.
    registered: BTreeMap<PathBuf, BTreeSet<String>>,
    /// What signature files ask for.
    terms: Vec<(Digest, Terms)>,
}

/// What has been read: by directory, and by file, for many directories may share one log.
#[derive(Debug, Default)]
struct Pages {
    directories: HashMap<PathBuf, Arc<Logs>>,
    logs: Cache<TransparencyLog>,
    ledgers: Cache<AuthorityLedger>,
    rewritten: BTreeMap<PathBuf, Rewritten>,
    /// The faults of a log in itself.
    unsound: BTreeMap<PathBuf, (ChainKind, Words)>,
    /// Why it is not known whether a log was rewritten.
    unknown: BTreeMap<PathBuf, Reason>,
    /// The terms that were seen; `None` until they are asked for.
    pub(super) seen_terms: Option<Arc<HashMap<Digest, SeenTerms>>>,
    /// The registrations that were seen in other logs than that of the directory last asked for.
    pub(super) seen_registrations: Option<(Option<Digest>, Option<Arc<SeenRegistrations>>)>,
}

impl LogBook {
    /// A book that looks at these places only, or beside the runs.
    pub fn new(log: Option<PathBuf>, ledger: Option<PathBuf>) -> Self {
        Self { log, ledger, ..Self::default() }
    }

    /// The book of a station that remembers the logs it reads.
    #[must_use]
    pub fn remembering(mut self, memory: Option<LogMemory>) -> Self {
        self.memory = memory;
        self
    }

    /// A book that has every run judged by this authority boundary, if any, instead of the one beside
    /// it.
    #[must_use]
    pub fn with_boundary(mut self, boundary: Option<PathBuf>) -> Self {
        self.boundary = boundary.map(|path| reading::resolved(&path));
        self
    }

    /// The book for an opened directory: the logs of directories between it and a run are in reach.
    #[must_use]
    pub fn within(mut self, root: &Path) -> Self {
        self.root = Some(root.to_owned());
        self
    }

    /// A book that only warns of logs that were rewritten.
    #[must_use]
    pub fn allowing_rewritten(mut self, allows: bool) -> Self {
        self.allows_rewritten = allows;
        self
    }

    /// A book that has read nothing yet and compares logs in the same way, at these places only or
    /// beside the runs.
    #[must_use]
    pub fn elsewhere(&self, log: Option<PathBuf>, ledger: Option<PathBuf>) -> Self {
        Self {
            log,
            ledger,
            boundary: self.boundary.clone(),
            root: self.root.clone(),
            memory: self.memory.clone(),
            allows_rewritten: self.allows_rewritten,
            ..Self::default()
        }
    }

    /// A book that takes a log or ledger as if a person had accepted it as it is, with what signers
    /// saw that is not in it. To show what accepting it would change.
    #[must_use]
    pub fn as_if_accepted(self, log: &Path, forks: Vec<ForkPoint>) -> Self {
        let acceptance = Acceptance { log: reading::resolved(log), forks };
        Self { as_if_accepted: Some(acceptance), ..self }
    }

    /// What the station remembers of logs.
    pub fn memory(&self) -> Option<&LogMemory> {
        self.memory.as_ref()
    }

    /// Whether logs that were rewritten are allowed.
    pub fn allows_rewritten(&self) -> bool {
        self.allows_rewritten
    }

    /// The logs that are broken or cannot be read, of those read so far, and why.
    pub fn unsound(&self) -> Vec<(PathBuf, ChainKind, Words)> {
        let read = self.read.lock();
        let unsound = read.unsound.iter();
        unsound.map(|(path, (kind, why))| (path.clone(), *kind, why.clone())).collect()
    }

    /// The logs that do not go on from what this station saw of them, of those read so far.
    pub fn rewritten(&self) -> Vec<Rewritten> {
        let read = self.read.lock();
        read.rewritten.values().cloned().collect()
    }

    /// Whether a person accepted that one of the logs read so far was cut, removed or forked.
    pub fn has_accepted(&self) -> bool {
        let read = self.read.lock();
        let mut logs = read.directories.values();
        logs.any(|logs| logs.log_standing.is_accepted || logs.ledger_standing.is_accepted)
    }

    /// Whether a log of this directory was found rewritten before, by what is remembered of it.
    pub fn is_in_doubt(&self, directory: &Path) -> bool {
        let Some(memory) = &self.memory else { return false };
        let places = [ChainKind::Log, ChainKind::Ledger].map(|kind| self.places(kind, directory));
        places.iter().flatten().any(|place| memory.is_in_doubt(place))
    }

    /// Why of some logs it is not known whether they were rewritten, or could not be remembered.
    pub fn unknown(&self) -> Vec<Reason> {
        let read = self.read.lock();
        read.unknown.values().cloned().collect()
    }

    /// Every place where the log or the ledger for the runs of a directory may be, the nearest
    /// first.
    fn places(&self, kind: ChainKind, directory: &Path) -> Vec<PathBuf> {
        let configured = match kind {
            ChainKind::Log => &self.log,
            ChainKind::Ledger => &self.ledger,
        };
        match configured {
            // A person's own choice may well be a link.
            Some(path) => vec![reading::resolved(path)],
            None => self.places_in_reach(kind, directory),
        }
    }

    fn places_in_reach(&self, kind: ChainKind, directory: &Path) -> Vec<PathBuf> {
        let (beside, reference) = match kind {
            ChainKind::Log => (TRANSPARENCY_LOG, REFERENCE_LOG),
            ChainKind::Ledger => (AUTHORITY_LEDGER, REFERENCE_LEDGER),
        };
        let root = self.root.as_deref().filter(|root| directory.starts_with(root));
        let above = directory.ancestors().take_while(|above| {
            *above == directory || root.is_some_and(|root| above.starts_with(root))
        });
        let mut places = Vec::new();
        for directory in above {
            let reference = reference.iter().fold(directory.to_owned(), |at, part| at.join(part));
            places.extend([directory.join(beside), reference]);
        }
        places
    }

    /// The logs and ledgers in reach of a directory that are there, or were seen and are gone.
    pub fn in_reach(&self, directory: &Path) -> Vec<(ChainKind, PathBuf)> {
        let was_seen = |path: &Path| {
            self.memory.as_ref().is_some_and(|memory| !matches!(memory.seen(path), Ok(None)))
        };
        let of_kind = |kind| {
            let places = self.places(kind, directory).into_iter();
            places.filter(|path| is_there(path) || was_seen(path)).map(move |path| (kind, path))
        };
        of_kind(ChainKind::Log).chain(of_kind(ChainKind::Ledger)).collect()
    }

    /// The logs for the runs of a directory, as they were when first asked for.
    pub fn for_directory(&self, directory: &Path) -> Arc<Logs> {
        // Held while reading, so that a shared log is read once and not once a thread.
        let mut read = self.read.lock();
        if let Some(logs) = read.directories.get(directory) {
            return Arc::clone(logs);
        }
        // Taken before reading: later changes are then noticed.
        let stamps = self.stamps(directory);
        let Pages {
            logs,
            ledgers,
            rewritten,
            unsound,
            unknown,
            seen_terms,
            seen_registrations,
            ..
        } = &mut *read;
        let seen_terms = match seen_terms {
            Some(seen) => Arc::clone(seen),
            None => {
                let seen = terms_of(self.memory.as_ref(), directory, unknown);
                Arc::clone(seen_terms.insert(seen))
            }
        };
        let mut found = Found { rewritten, unsound, unknown };
        let log = self.choose(directory, logs, &mut found);
        let ledger = self.choose(directory, ledgers, &mut found);
        let first = first_of(log.read.as_deref());
        let seen_registrations = match seen_registrations {
            Some((_, Some(seen))) => Some(Arc::clone(seen)),
            Some((known, None)) if *known == first => None,
            _ => {
                let read = registrations_of(self.memory.as_ref(), first);
                let seen = read.unwrap_or_else(|error| {
                    unknown.insert(directory.to_owned(), error.into());
                    None
                });
                *seen_registrations = Some((first, seen.clone()));
                seen
            }
        };
        let logs = Arc::new(Logs {
            log: log.read,
            ledger: ledger.read,
            log_standing: log.standing,
            ledger_standing: ledger.standing,
            log_place: log.place,
            ledger_place: ledger.place,
            boundary: self.boundary.clone(),
            stamps,
            seen_terms,
            seen_registrations,
        });
        read.directories.insert(directory.to_owned(), Arc::clone(&logs));
        logs
    }

    /// The log and the ledger that a person named, instead of those in a directory that are not the
    /// station's own: of these nothing is read, since what is read is remembered.
    pub fn named(&self, directory: &Path) -> Logs {
        let mut read = self.read.lock();
        let Pages { logs, ledgers, rewritten, unsound, unknown, .. } = &mut *read;
        let mut found = Found { rewritten, unsound, unknown };
        let mut named = Logs { boundary: self.boundary.clone(), ..Logs::default() };
        if self.log.is_some() {
            let Choice { read, standing, place } = self.choose(directory, logs, &mut found);
            (named.log, named.log_standing, named.log_place) = (read, standing, place);
        }
        if self.ledger.is_some() {
            let Choice { read, standing, place } = self.choose(directory, ledgers, &mut found);
            (named.ledger, named.ledger_standing, named.ledger_place) = (read, standing, place);
        }
        named
    }

    /// Reads every log or ledger in reach of a directory and finds which one counts.
    fn choose<T: Chained>(
        &self,
        directory: &Path,
        pages: &mut Cache<T>,
        found: &mut Found<'_>,
    ) -> Choice<T> {
        let (kind, word) = (T::KIND, T::KIND.word());
        let memory = self.memory.as_ref();
        let places = self.places(kind, directory);
        let (there, absent): (Vec<_>, Vec<_>) = places.into_iter().partition(|path| is_there(path));
        let mut choice = Choice { read: None, place: None, standing: Standing::default() };
        let mut read: Vec<(PathBuf, Page<T>)> = Vec::new();
        for path in there {
            // One file that is reached in two ways is one.
            let same = |(other, _): &(PathBuf, Page<T>)| {
                reading::resolved(other) == reading::resolved(&path)
            };
            if !read.iter().any(same) {
                let page = page(pages, &path, memory);
                read.push((path, page));
            }
        }
        match counting(&read) {
            Ok(index) => {
                let others = read.iter().enumerate().filter(|(at, _)| Some(*at) != index);
                let others = others.map(|(_, (path, _))| Words::text(path.display().to_string()));
                let others = list::row(others);
                if let Some((path, page)) = index.map(|index| &read[index]) {
                    choice.place = Some(path.clone());
                    choice.take(path, page, found);
                    choice.standing.notes.extend(others.map(|others| {
                        words!("log-older-copy", path = %path.display(), kind = word, others)
                    }));
                }
            }
            Err((one, other)) => {
                let (one, other) = (read[one].0.clone(), read[other].0.clone());
                let several = LogPlaceError::Several { kind: word, one, other };
                choice.standing.undecided = Some(several.into());
                // Which counts is not known; that one was rewritten is.
                for (path, page) in &read {
                    found.note(path, page);
                }
            }
        }
        if let Some(configured) = choice.place.as_ref().filter(|_| self.is_configured(kind)) {
            let others = self.places_in_reach(kind, directory);
            let ignored = others.iter().filter(|path| {
                is_there(path) && reading::resolved(path) != reading::resolved(configured)
            });
            choice.standing.notes.extend(ignored.map(|path| {
                let (path, configured) = (path.display(), configured.display());
                words!("log-not-chosen", %path, %configured, kind = word)
            }));
        }
        self.miss(&absent, &mut choice, found);
        choice.standing.is_allowed = self.allows_rewritten;
        choice.standing.look_up_accepted(kind, choice.first(), memory);
        if let Some(Acceptance { log, forks }) = &self.as_if_accepted {
            let place = choice.place.as_deref().map(reading::resolved);
            choice.standing.accept(log, if place.as_ref() == Some(log) { forks } else { &[] });
        }
        choice
    }

    fn is_configured(&self, kind: ChainKind) -> bool {
        match kind {
            ChainKind::Log => self.log.is_some(),
            ChainKind::Ledger => self.ledger.is_some(),
        }
    }

    /// Looks for logs that were seen at places where there are none now.
    fn miss<T: Chained>(&self, absent: &[PathBuf], choice: &mut Choice<T>, found: &mut Found<'_>) {
        let Some(memory) = &self.memory else { return };
        for path in absent.iter().filter(|path| directory_of(path).is_dir()) {
            found.rewritten.remove(path);
            found.unsound.remove(path);
            found.unknown.remove(path);
            match memory.gone(path) {
                Ok(None) => {}
                // It was moved to the place of the one that counts.
                Ok(Some(gone)) if choice.continues(&gone) => {}
                Ok(Some(gone)) if gone.seen().kind == T::KIND => {
                    found.rewritten.insert(path.clone(), gone.clone());
                    if choice.standing.rewritten.is_none() {
                        choice.standing.set_rewritten(gone);
                    }
                }
                Ok(Some(_)) => {}
                Err(error) => {
                    let reason = Reason::from(error);
                    found.unknown.insert(path.clone(), reason.clone());
                    choice.standing.unknown.get_or_insert(reason);
                }
            }
        }
    }

    /// The state of a directory's logs on the disk now; nothing is read.
    pub fn stamps(&self, directory: &Path) -> LogStamps {
        let stamp = |kind| {
            let places = self.places(kind, directory);
            let stamps = places.iter().map(|path| page::stamp(kind, path));
            stamps.fold(Stamp::default(), Stamp::and)
        };
        LogStamps { log: stamp(ChainKind::Log), ledger: stamp(ChainKind::Ledger) }
    }

    /// Looks at the disk again for whatever is asked for from now on. A file that has not changed is
    /// not read again.
    pub fn look_again(&self) {
        let mut read = self.read.lock();
        read.directories.clear();
        read.seen_registrations = None;
        // A person may have accepted elsewhere what was found.
        read.logs.retain(|_, (_, page)| page.is_sound());
        read.ledgers.retain(|_, (_, page)| page.is_sound());
    }

    /// The path of the log for the runs of a directory, or the path where it would be made.
    ///
    /// # Errors
    /// Fails with a [`LogPlaceError`] if more than one could count.
    pub fn log_for(&self, directory: &Path) -> Result<PathBuf, Reason> {
        // Where only one is there, it counts whatever it has, and is not read to find that out.
        let mut there =
            self.places(ChainKind::Log, directory).into_iter().filter(|at| is_there(at));
        if let (Some(only), None) = (there.next(), there.next()) {
            return Ok(only);
        }
        let logs = self.for_directory(directory);
        self.place_for(ChainKind::Log, directory, &logs.log_standing, logs.log_place.as_ref())
    }

    /// The path of the ledger for the runs of a directory, or the path where it would be made.
    ///
    /// # Errors
    /// Fails with a [`LogPlaceError`] if more than one could count.
    pub fn ledger_for(&self, directory: &Path) -> Result<PathBuf, Reason> {
        let logs = self.for_directory(directory);
        let place = logs.ledger_place.as_ref();
        self.place_for(ChainKind::Ledger, directory, &logs.ledger_standing, place)
    }

    fn place_for(
        &self,
        kind: ChainKind,
        directory: &Path,
        standing: &Standing,
        place: Option<&PathBuf>,
    ) -> Result<PathBuf, Reason> {
        if let Some(why) = &standing.undecided {
            return Err(why.clone());
        }
        let gone = standing.rewritten.as_ref().map(|gone| gone.seen().log.to_path_buf());
        let first = || self.places(kind, directory).into_iter().next();
        let place = place.cloned().or(gone).or_else(first);
        place.ok_or_else(|| LogPlaceError::None { kind: kind.word() }.into())
    }

    /// Notes what to remember of a judged run: that it is registered, and the terms in its
    /// signature file.
    pub(crate) fn note_judged(&self, run: &Path, is_registered: bool, asked: Option<AskedTerms>) {
        if self.memory.is_none() || (!is_registered && asked.is_none()) {
            return;
        }
        let mut judged = self.judged.lock();
        if is_registered {
            let of_directory = judged.registered.entry(directory_of(run).to_owned());
            of_directory.or_default().insert(name_of(run));
        }
        judged.terms.extend(asked.map(|asked| (asked.run, asked.terms)));
    }

    /// Remembers the registered runs that were judged. Returns those below a directory that were
    /// seen earlier and are missing.
    ///
    /// # Errors
    /// If what was seen cannot be read or written.
    pub fn missing_runs(&self, root: &Path) -> Result<Vec<PathBuf>, LogMemoryError> {
        let Some(memory) = &self.memory else { return Ok(Vec::new()) };
        let missing = memory.missing_runs(root)?;
        self.remember()?;
        Ok(missing)
    }

    /// Remembers what was judged: which runs are registered, and what signature files ask for.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn remember(&self) -> Result<(), LogMemoryError> {
        let Some(memory) = &self.memory else { return Ok(()) };
        let JudgedRuns { registered, terms } = {
            let mut judged = self.judged.lock();
            std::mem::take(&mut *judged)
        };
        for (directory, names) in &registered {
            memory.remember_runs(directory, names)?;
        }
        if !terms.is_empty() {
            memory.remember_terms(&terms)?;
            // Later judgements are compared with it.
            let mut read = self.read.lock();
            read.seen_terms = None;
            read.directories.clear();
        }
        Ok(())
    }
}

/// The findings about all logs.
struct Found<'a> {
    rewritten: &'a mut BTreeMap<PathBuf, Rewritten>,
    unsound: &'a mut BTreeMap<PathBuf, (ChainKind, Words)>,
    unknown: &'a mut BTreeMap<PathBuf, Reason>,
}

impl Found<'_> {
    fn note<T: Chained>(&mut self, path: &Path, page: &Page<T>) {
        self.rewritten.remove(path);
        self.unsound.remove(path);
        let why = match page.read.as_ref() {
            Ok(read) => read.summary().broken.clone().map(|why| words!("log-is-broken", why)),
            Err(why) => Some(words!("log-is-unreadable", why)),
        };
        if let Some(why) = why {
            self.unsound.insert(path.to_owned(), (T::KIND, why));
        }
        self.unknown.remove(path);
        if let Some(rewritten) = &page.rewritten {
            self.rewritten.insert(path.to_owned(), rewritten.clone());
        }
        if let Some(why) = page.unknown.as_ref().or(page.unremembered.as_ref()) {
            self.unknown.insert(path.to_owned(), why.clone());
        }
    }
}

/// The log or ledger that counts for a directory.
struct Choice<T> {
    read: Option<Arc<OrReason<T>>>,
    place: Option<PathBuf>,
    standing: Standing,
}

impl<T: Chained> Choice<T> {
    fn take(&mut self, path: &Path, page: &Page<T>, found: &mut Found<'_>) {
        found.note(path, page);
        self.read = Some(Arc::clone(&page.read));
        self.standing.unknown.clone_from(&page.unknown);
        self.standing.checkpoints = Arc::clone(&page.checkpoints);
        if let Ok(read) = page.read.as_ref() {
            let named =
                |note: &Words| words!("log-note", path = %path.display(), note = note.clone());
            self.standing.notes.extend(read.summary().notes.iter().map(named));
        }
        if let Some(rewritten) = page.rewritten.clone() {
            self.standing.set_rewritten(rewritten);
        }
    }

    /// What the chain is known by.
    fn first(&self) -> Option<Digest> {
        self.read.as_deref()?.as_ref().ok()?.summary().first
    }

    /// Whether the one that counts is the chain that is missed elsewhere.
    fn continues(&self, gone: &Rewritten) -> bool {
        let first = gone.seen().first;
        first.is_some() && first == self.first() && self.standing.rewritten.is_none()
    }
}

fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}
