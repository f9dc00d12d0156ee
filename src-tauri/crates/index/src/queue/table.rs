//! The rows in memory, and the windows on them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use countersign_admissibility::signatures::Standing;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;

use super::own::{KeyAtHand, Own, OwnAct};
use super::query::{Changes, QueueGroup, QueueQuery, QueueShow, QueueSort, QueueWindow};
use super::row::{Dot, QueueRow};
use super::shared::Listed;
use crate::history::{Columns, Found, HistoryView};
use crate::judged::{Facts, Judged, RunName, Signatory, Signed, Trusted, displayed};
use countersign_envelope::count::count;
use countersign_store::logs::LogStamps;
use countersign_store::stamp::Stamp;

/// Most rows of one window.
const WINDOW: usize = 2000;

/// Identifies an envelope: its folder and the name of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub folder: u32,
    pub name: RunName,
}

/// One directory with runs.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Seen from the root; empty for the root itself.
    pub path: PathBuf,
    /// The same, made visible.
    displayed: String,
    search: String,
    /// The logs that its rows were judged by; none before the first was.
    pub logs: Option<FolderLogs>,
}

/// The logs that the rows of a folder were judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FolderLogs {
    pub stamps: LogStamps,
    /// What holds for log and ledger as a whole.
    pub condition: String,
}

impl FolderLogs {
    /// Whether something was found that may have been accepted since, or is not known.
    pub fn is_in_doubt(&self) -> bool {
        !self.condition.lines().all(|condition| ["holds", "absent"].contains(&condition))
    }
}

/// One row.
#[derive(Debug)]
pub(crate) struct Entry {
    pub facts: Facts,
    marks: Box<[Mark]>,
    /// The text to search, in lower case, the title first.
    search: Box<str>,
    /// The state of its files when it was judged.
    pub stamp: Stamp,
    /// The rules that it was judged under.
    pub rules: u64,
}

#[derive(Debug, Clone)]
struct Mark {
    signatory: u32,
    reason: u32,
    signed: Signed,
    /// Boxed, since few signatures have one.
    trusted: Option<Box<Trusted>>,
}

/// A place for a row. It stays when the row goes, so that a file that returns has its id again.
#[derive(Debug)]
struct Slot {
    key: Key,
    revision: u32,
    /// When it changed on disk.
    disk: Note,
    /// When this station wrote it.
    own: u32,
    /// When it was judged otherwise because of something else.
    rules: Note,
    /// The last comparison that saw it.
    seen: u32,
    entry: Option<Box<Entry>>,
}

/// When something was noted, and the one before it, if the first turns out to be our own doing.
#[derive(Debug, Clone, Copy, Default)]
struct Note {
    revision: u32,
    before: u32,
    /// The state of the files, or of the log, that was noted.
    stamp: Stamp,
}

impl Note {
    fn set(&mut self, revision: u32, stamp: Stamp) {
        // A later withdrawal covers everything that was noted of this state.
        let before = if self.stamp == stamp { self.before } else { self.revision };
        *self = Self { revision, before, stamp };
    }

    /// Withdraws what was noted of a state that this station made itself.
    fn withdraw(&mut self, stamp: Stamp) {
        if self.stamp == stamp {
            *self = Self { revision: self.before, ..Self::default() };
        }
    }
}

/// Why a row was judged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Causes {
    /// Its files are not those that were judged before.
    pub disk: bool,
    /// This station wrote it.
    pub own: Option<Written>,
    /// Something else changed its verdict; with the state of the log, if only that did.
    pub rules: Option<Stamp>,
}

/// What was found of an envelope.
#[derive(Debug)]
pub(crate) struct Finding {
    pub judged: Judged,
    /// The state of its files when it was judged.
    pub stamp: Stamp,
    /// The rules that it was judged under.
    pub rules: u64,
    /// Why it was judged.
    pub causes: Causes,
}

/// What this station wrote, and its state right after that.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Written {
    /// The files of the envelope.
    Files(Stamp),
    /// The transparency log.
    Log(Stamp),
}

/// All rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The state of the whole.
    pub revision: u32,
    /// The comparison under way, or the last one.
    pub comparison: u32,
    pub folders: Vec<Folder>,
    folder_ids: BTreeMap<PathBuf, u32>,
    signatories: Vec<Signatory>,
    signatory_ids: HashMap<Signatory, u32>,
    /// The reasons of verdicts: few texts, each many times.
    reasons: Vec<Box<str>>,
    reason_ids: HashMap<Box<str>, u32>,
    slots: Vec<Slot>,
    ids: HashMap<Key, u32>,
    all: u32,
    pending: u32,
    /// The rows whose signers saw another history of log or ledger.
    forked: BTreeSet<u32>,
    /// The keys at hand; `None` where nothing may be done.
    keys_at_hand: Option<Vec<KeyAtHand>>,
}

impl Slot {
    fn new(key: Key) -> Self {
        let (disk, rules) = (Note::default(), Note::default());
        Self { key, revision: 0, disk, own: 0, rules, seen: 0, entry: None }
    }

    /// Notes why it was judged. The disk may have reported this station's own change first.
    fn note(&mut self, causes: Causes, stamp: Stamp) {
        match causes.own {
            Some(Written::Files(written)) => self.disk.withdraw(written),
            Some(Written::Log(written)) => self.rules.withdraw(written),
            None => {}
        }
        if causes.own.is_some() {
            self.own = self.revision;
        }
        if causes.disk {
            self.disk.set(self.revision, stamp);
        }
        if let Some(log) = causes.rules {
            self.rules.set(self.revision, log);
        }
    }

    fn changes(&self) -> Changes {
        Changes { disk: self.disk.revision, own: self.own, rules: self.rules.revision }
    }
}

impl Table {
    /// The number of a folder, which is made if it is not known yet.
    pub fn folder(&mut self, path: &Path) -> u32 {
        if let Some(id) = self.folder_ids.get(path) {
            return *id;
        }
        let id = count(self.folders.len());
        let displayed = displayed(path);
        let search = displayed.to_lowercase();
        self.folders.push(Folder { path: path.to_owned(), displayed, search, logs: None });
        self.folder_ids.insert(path.to_owned(), id);
        id
    }

    /// Whether a row already has this verdict.
    pub fn has_verdict(&self, key: Key, judged: &Judged) -> bool {
        let entry = self.find(key).and_then(|id| self.entry(id));
        entry.is_some_and(|entry| {
            let marks = judged.signatures.iter().map(|mark| (mark.signed, &mark.trusted));
            let kept = entry.marks.iter().map(|mark| (mark.signed, &mark.trusted));
            entry.facts == judged.facts && kept.eq(marks)
        })
    }

    /// Writes what was found of an envelope into its row.
    pub fn put(&mut self, key: Key, finding: Finding) {
        let Finding { judged: Judged { facts, signatures }, stamp, rules, causes } = finding;
        let marks = signatures.into_iter().map(|mark| Mark {
            signatory: self.signatory(mark.signer),
            reason: self.reason(mark.reason),
            signed: mark.signed,
            trusted: mark.trusted,
        });
        let marks = marks.collect();
        let stem = key.name.stem();
        let search = [&*facts.title, &facts.decision_id, &facts.run_id, &stem].join("\n");
        let entry = Entry { marks, search: search.to_lowercase().into(), facts, stamp, rules };
        let pending = u32::from(entry.facts.is_pending());
        let id = self.slot(key);
        match entry.facts.forks.is_empty() {
            true => self.forked.remove(&id),
            false => self.forked.insert(id),
        };
        let (revision, seen) = (self.revision, self.comparison);
        let slot = &mut self.slots[id as usize];
        (slot.revision, slot.seen) = (revision, seen);
        slot.note(causes, stamp);
        match slot.entry.replace(Box::new(entry)) {
            Some(old) => self.pending -= u32::from(old.facts.is_pending()),
            None => self.all += 1,
        }
        self.pending += pending;
    }

    fn slot(&mut self, key: Key) -> u32 {
        let next = count(self.slots.len());
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.slots.push(Slot::new(key));
        }
        id
    }

    fn signatory(&mut self, signatory: Signatory) -> u32 {
        if let Some(id) = self.signatory_ids.get(&signatory) {
            return *id;
        }
        let id = count(self.signatories.len());
        self.signatories.push(signatory.clone());
        self.signatory_ids.insert(signatory, id);
        id
    }

    fn reason(&mut self, reason: Box<str>) -> u32 {
        if let Some(id) = self.reason_ids.get(&reason) {
            return *id;
        }
        let id = count(self.reasons.len());
        self.reasons.push(reason.clone());
        self.reason_ids.insert(reason, id);
        id
    }

    /// Removes a row. Returns whether there was one.
    pub fn remove(&mut self, key: Key) -> bool {
        let Some(&id) = self.ids.get(&key) else { return false };
        let slot = self.slots.get_mut(id as usize);
        let Some(old) = slot.and_then(|slot| slot.entry.take()) else { return false };
        self.forked.remove(&id);
        self.all -= 1;
        self.pending -= u32::from(old.facts.is_pending());
        true
    }

    /// The id of a row that is there.
    pub fn find(&self, key: Key) -> Option<u32> {
        let id = *self.ids.get(&key)?;
        self.entry(id).map(|_| id)
    }

    /// The id of a row that is there, by folder and name.
    pub fn find_file(&self, folder: &Path, name: &str) -> Option<u32> {
        let name = RunName::of_file(name)?;
        self.find(Key { folder: *self.folder_ids.get(folder)?, name })
    }

    /// A row by its id.
    pub fn entry(&self, id: u32) -> Option<&Entry> {
        self.slots.get(id as usize)?.entry.as_deref()
    }

    /// The state of its files that a row was judged by.
    pub fn stamp(&self, key: Key) -> Option<Stamp> {
        self.entry(*self.ids.get(&key)?).map(|entry| entry.stamp)
    }

    /// The rules that a row was judged under.
    pub fn rules(&self, key: Key) -> Option<u64> {
        self.entry(*self.ids.get(&key)?).map(|entry| entry.rules)
    }

    /// The state of the log that the rows of a folder were judged by.
    pub fn log_stamp(&self, key: Key) -> Option<Stamp> {
        Some(self.folders.get(key.folder as usize)?.logs.as_ref()?.stamps.log)
    }

    /// Notes that a row may not be right any more: the next comparison judges it.
    pub fn doubt(&mut self, key: Key) {
        let slot = self.ids.get(&key).and_then(|id| self.slots.get_mut(*id as usize));
        if let Some(entry) = slot.and_then(|slot| slot.entry.as_mut()) {
            entry.stamp = Stamp::default();
        }
    }

    /// Notes that the comparison in progress has seen a row. Returns its id, if there is one.
    pub fn see(&mut self, key: Key) -> Option<u32> {
        let id = self.find(key)?;
        let comparison = self.comparison;
        self.slots[id as usize].seen = comparison;
        Some(id)
    }

    /// All rows.
    pub fn entries(&self) -> impl Iterator<Item = (Key, &Entry)> {
        self.slots.iter().filter_map(|slot| Some((slot.key, slot.entry.as_deref()?)))
    }

    /// The rows whose signers saw another history of log or ledger than the one that is here.
    pub fn forked(&self) -> impl Iterator<Item = (Key, &Entry)> {
        let slots = self.forked.iter().filter_map(|id| self.slots.get(*id as usize));
        slots.filter_map(|slot| Some((slot.key, slot.entry.as_deref()?)))
    }

    /// The rows of a folder and of those below it.
    pub fn keys_below(&self, path: &Path) -> impl Iterator<Item = Key> {
        let from = self.folder_ids.range(path.to_owned()..);
        let below = from.take_while(|(folder, _)| folder.starts_with(path));
        let below: HashSet<u32> = below.map(|(_, id)| *id).collect();
        // Most of these paths are not of a folder.
        let slots = if below.is_empty() { &[] } else { self.slots.as_slice() };
        let slots = slots.iter().filter(move |slot| below.contains(&slot.key.folder));
        slots.filter(|slot| slot.entry.is_some()).map(|slot| slot.key)
    }

    /// The rows that the comparison under way has not seen.
    pub fn unseen(&self) -> impl Iterator<Item = Key> {
        let there = self.slots.iter().filter(|slot| slot.entry.is_some());
        there.filter(|slot| slot.seen != self.comparison).map(|slot| slot.key)
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.all == 0
    }

    /// The subject of a row.
    pub fn key(&self, id: u32) -> Option<Key> {
        self.slots.get(id as usize).map(|slot| slot.key)
    }

    /// The path of a run, seen from the root.
    pub fn path(&self, key: Key) -> PathBuf {
        let folder = self.folders.get(key.folder as usize);
        folder.map(|folder| folder.path.join(key.name.file())).unwrap_or_default()
    }

    /// How many valid signatures on runs each key has made, by the fingerprint of the key.
    pub fn signatures_by_key(&self) -> HashMap<Digest, u32> {
        let mut counts = vec![0_u32; self.signatories.len()];
        let marks = self.entries().flat_map(|(_, entry)| &entry.marks);
        for mark in marks.filter(|mark| mark.signed.run == Some(Standing::Valid)) {
            counts[mark.signatory as usize] += 1;
        }
        let mut by_key = HashMap::new();
        for (signatory, count) in self.signatories.iter().zip(counts) {
            if let Some(fingerprint) = signatory.fingerprint.filter(|_| count > 0) {
                *by_key.entry(fingerprint).or_default() += count;
            }
        }
        by_key
    }

    /// Sets the keys at hand. Returns whether they are others than before.
    pub fn set_keys_at_hand(&mut self, keys: Option<Vec<KeyAtHand>>) -> bool {
        let is_change = self.keys_at_hand != keys;
        if is_change {
            self.keys_at_hand = keys;
            self.revision += 1;
        }
        is_change
    }

    /// Everybody who has signed, in order.
    pub fn people(&self) -> Vec<String> {
        let marks = self.entries().flat_map(|(_, entry)| &entry.marks);
        let there: BTreeSet<u32> = marks.map(|mark| mark.signatory).collect();
        let people = there.iter().filter_map(|one| self.signatories.get(*one as usize));
        let people: BTreeSet<&str> = people.map(|one| &*one.signer_id).collect();
        people.into_iter().map(str::to_owned).collect()
    }

    /// The keys at hand, held against everybody who has signed.
    fn own(&self) -> Option<Own<'_>> {
        self.keys_at_hand.as_deref().map(|keys| Own::of(keys, &self.signatories))
    }

    /// Every signature, envelope by envelope.
    pub fn found(&self) -> impl Iterator<Item = Found<'_>> {
        let slots = self.slots.iter().filter_map(|slot| Some((slot.key, slot.entry.as_deref()?)));
        slots.flat_map(move |(key, entry)| {
            entry.marks.iter().filter_map(move |mark| self.found_in(key, entry, mark))
        })
    }

    fn found_in<'a>(&'a self, key: Key, entry: &'a Entry, mark: &'a Mark) -> Option<Found<'a>> {
        Some(Found {
            folder: &self.folders.get(key.folder as usize)?.displayed,
            name: key.name,
            facts: &entry.facts,
            signer: self.signatories.get(mark.signatory as usize)?,
            reason: self.reasons.get(mark.reason as usize)?,
            signed: mark.signed,
            trusted: mark.trusted.as_deref(),
        })
    }

    /// Every signature of every envelope, for the window.
    pub fn history(&self) -> HistoryView {
        let mut columns = Columns::new(self.revision);
        for (slot, id) in self.slots.iter().zip(0_u32..) {
            let Some(entry) = slot.entry.as_deref() else { continue };
            columns.envelope(id, &entry.facts);
            for found in entry.marks.iter().filter_map(|mark| self.found_in(slot.key, entry, mark))
            {
                columns.signature(&found);
            }
        }
        columns.done()
    }

    /// A row as it is shown.
    pub fn row(&self, id: u32) -> Option<QueueRow> {
        let slot = self.slots.get(id as usize)?;
        let entry = slot.entry.as_deref()?;
        let folder = self.folders.get(slot.key.folder as usize)?;
        let facts = &entry.facts;
        let at = facts.created_at.and_then(Instant::from_unix);
        Some(QueueRow {
            id,
            revision: slot.revision,
            file: slot.key.name.stem(),
            folder: folder.displayed.clone(),
            decision_id: facts.decision_id.to_string(),
            title: facts.title.to_string(),
            run_id: facts.run_id.to_string(),
            created_at: at.map(|at| at.to_string()),
            level: facts.level,
            assurance: facts.assurance,
            signatures: entry.marks.iter().filter_map(|mark| Dot::of(&mark.signed)).collect(),
            open_roles: facts.open_roles.to_vec(),
            counted: facts.counted,
            threshold: facts.threshold,
            state: facts.state,
            pending: facts.is_pending(),
            need: facts.need,
            unreadable: facts.unreadable.as_deref().cloned(),
            refused: !facts.refusals.is_empty(),
            warnings: facts.warnings,
        })
    }

    /// Some of the rows that were listed.
    pub fn window(
        &self,
        list: &Listed,
        first: u32,
        wanted: u32,
        anchor: Option<u32>,
    ) -> QueueWindow {
        let listed = &*list.ids;
        let first = (first as usize).min(listed.len());
        let wanted = (wanted as usize).min(WINDOW).min(listed.len() - first);
        let place = |anchor| listed.iter().position(|id| *id == anchor).map(count);
        let slot = anchor.and_then(|anchor| self.slots.get(anchor as usize));
        let slot = slot.filter(|slot| slot.entry.is_some());
        QueueWindow {
            revision: self.revision,
            total: count(listed.len()),
            all: self.all,
            pending: self.pending,
            for_you: self.keys_at_hand.as_ref().map(|_| list.for_you),
            groups: list.groups.to_vec(),
            first: count(first),
            rows: listed[first..first + wanted].iter().filter_map(|id| self.row(*id)).collect(),
            anchor_index: anchor.and_then(place),
            anchor_revision: slot.map(|slot| slot.revision),
            anchor_changes: slot.map(Slot::changes),
        }
    }

    /// The rows that match, in order.
    pub fn list(&self, query: &QueueQuery) -> Listed {
        let text = query.text.to_lowercase();
        let words: Vec<Word> = text.split_whitespace().map(|word| self.word(word)).collect();
        let own = self.own();
        let you = query.you.as_deref().map(Person::of);
        let by_person = query.person.as_deref();
        let is_person = |mark: &Mark| {
            let signer = &self.signatories[mark.signatory as usize].signer_id;
            by_person == Some(signer)
        };
        let matches = |slot: &Slot, entry: &Entry, act| {
            let facts = &entry.facts;
            query.show.has(facts, act)
                && query.level.has(facts)
                && query.role.is_none_or(|role| facts.open_roles.contains(&role))
                && query.need.is_none_or(|need| facts.need == need)
                && (by_person.is_none() || entry.marks.iter().any(is_person))
                && words.iter().all(|word| word.is_in(self, slot, entry))
        };
        let is_grouped = query.show == QueueShow::ForYou;
        let mut for_you = 0;
        let mut listed: Vec<(Option<OwnAct>, u64, u32)> = Vec::new();
        for (slot, id) in self.slots.iter().zip(0_u32..) {
            let Some(entry) = slot.entry.as_deref() else { continue };
            let act_of = |person| own.as_ref().and_then(|own| entry.act(own, person));
            let act = act_of(you.as_ref());
            for_you += u32::from(match &you {
                None => act.is_some(),
                Some(_) => act_of(None).is_some(),
            });
            if matches(slot, entry, act) {
                listed.push((act.filter(|_| is_grouped), rank(query.sort, entry), id));
            }
        }
        let by_title = query.sort == QueueSort::Title;
        listed.sort_unstable_by(|a, b| {
            let order = (a.0, a.1).cmp(&(b.0, b.1));
            order.then_with(|| self.order_equals(a.2, b.2, by_title))
        });
        let mut groups: Vec<QueueGroup> = Vec::new();
        for (first, act) in (0_u32..).zip(listed.iter().map(|(act, ..)| *act)) {
            match (act, groups.last_mut()) {
                (Some(act), Some(group)) if group.act == act => group.count += 1,
                (Some(act), _) => groups.push(QueueGroup { act, first, count: 1 }),
                (None, _) => {}
            }
        }
        Listed {
            query: query.clone(),
            revision: self.revision,
            ids: listed.into_iter().map(|(.., id)| id).collect(),
            for_you,
            groups: groups.into(),
        }
    }

    /// The order of two rows that rank equally.
    fn order_equals(&self, a: u32, b: u32, by_title: bool) -> Ordering {
        let title = |id| match self.entry(id) {
            Some(entry) if by_title => (&*entry.search, newest(entry.facts.created_at)),
            _ => ("", 0),
        };
        title(a).cmp(&title(b)).then_with(|| self.key(a).cmp(&self.key(b)))
    }

    fn word<'a>(&self, word: &'a str) -> Word<'a> {
        let has = |text: &str| text.to_lowercase().contains(word);
        let signer = |one: &Signatory| has(&one.signer_id) || has(&one.key_id);
        Word {
            word,
            folders: self.folders.iter().map(|folder| folder.search.contains(word)).collect(),
            signatories: self.signatories.iter().map(signer).collect(),
        }
    }
}

impl Entry {
    /// What can be done about it with the keys at hand.
    fn act(&self, own: &Own<'_>, person: Option<&Person>) -> Option<OwnAct> {
        own.act(person, &self.facts, self.marks.iter().map(|mark| (mark.signatory, &mark.signed)))
    }
}

/// A search word, and the folders and signatories that contain it.
struct Word<'a> {
    word: &'a str,
    folders: Vec<bool>,
    signatories: Vec<bool>,
}

impl Word<'_> {
    fn is_in(&self, table: &Table, slot: &Slot, entry: &Entry) -> bool {
        let signed = |mark: &Mark| self.signatories[mark.signatory as usize];
        self.folders[slot.key.folder as usize]
            || entry.search.contains(self.word)
            || entry.marks.iter().any(signed)
            // Only a part of a path can have a separator in it.
            || self.word.contains('/') && {
                let folder = &table.folders[slot.key.folder as usize].search;
                format!("{folder}/{}.json", slot.key.name.stem().to_lowercase()).contains(self.word)
            }
    }
}

/// What rows are ordered by, the lowest first.
fn rank(sort: QueueSort, entry: &Entry) -> u64 {
    let facts = &entry.facts;
    match sort {
        QueueSort::Need => u64::from(!facts.is_pending()) << 63 | newest(facts.created_at),
        QueueSort::Newest => newest(facts.created_at),
        QueueSort::Oldest => facts.created_at.map_or(UNDATED, |at| (EPOCH + at) as u64),
        QueueSort::Level => {
            facts.level.map_or(0, |level| u64::from(level) + 1) << 48 | newest(facts.created_at)
        }
        QueueSort::Title => {
            let mut start = [0; 8];
            let title = entry.search.as_bytes();
            let length = title.len().min(start.len());
            start[..length].copy_from_slice(&title[..length]);
            u64::from_be_bytes(start)
        }
    }
}

/// More seconds than lie between 1970 and either end of the years 1 to 9999.
const EPOCH: i64 = 1 << 40;
/// After everything that is dated.
const UNDATED: u64 = 1 << 42;

fn newest(created_at: Option<i64>) -> u64 {
    created_at.map_or(UNDATED, |at| (EPOCH - at) as u64)
}
