//! A hash-chained NDJSON log: one JSON object a line, each with the hash of the one before.

use countersign_problem::{Words, words};
use serde::{Deserialize, Serialize};

use crate::canonical::CanonicalObject;
use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{self, JsonError, Object, Value};

/// The field with an entry's own hash, empty while it is computed.
pub const ENTRY_HASH: &str = "entry_hash";
/// The field with the hash of the entry before, null for the first.
pub const PREVIOUS: &str = "prev_entry_hash";

/// The longest line of a log that is read, in bytes (1 MiB). A longer one breaks the chain.
pub const MAX_LINE: usize = 1 << 20;

/// How many warnings about single lines of a log are kept.
const MAX_NOTES: usize = 3;

/// The kind of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChainKind {
    /// A transparency log.
    #[default]
    Log,
    /// An authority ledger.
    Ledger,
}

impl ChainKind {
    /// The word for it in a message.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Ledger => "ledger",
        }
    }

    /// Its full name in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "transparency log",
            Self::Ledger => "authority ledger",
        }
    }
}

/// One line that is an entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Line in the file, from 1.
    pub line: usize,
    /// The entry, with every field it came with.
    pub object: Object,
    /// Whether the hash it records is the one computed.
    pub hash_holds: bool,
}

/// A chain that was read.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// The entries, in file order.
    pub entries: Vec<Entry>,
    /// The first thing that breaks the chain; `None` if the whole chain holds.
    pub broken: Option<Words>,
}

/// The hashes of the entries of a chain, in their order: what an entry at a position was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryHashes(Vec<Digest>);

impl EntryHashes {
    /// Adds the hash of the next entry.
    pub fn add(&mut self, entry: &Entry) {
        self.0.push(Digest::of_name(entry.object.text(ENTRY_HASH).unwrap_or("")));
    }

    /// The hash of the entry at a position, from 1.
    pub fn at(&self, position: u64) -> Option<&Digest> {
        self.0.get(usize::try_from(position).ok()?.checked_sub(1)?)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the reading.
    pub fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// One line of a log, parsed and hashed by itself; a log of many lines can be read in parallel.
#[derive(Debug, Clone)]
pub enum Line {
    /// So many lines of white space only.
    Blank(usize),
    /// Not a JSON object, with the reason.
    Garbage(Words),
    /// An entry.
    Entry {
        /// The entry, the last of duplicate keys standing, as the reference reads it.
        object: Object,
        /// Whether its own hash holds.
        hash_holds: bool,
        /// The first key that is given twice, if any.
        duplicate_key: Option<String>,
    },
}

impl Line {
    /// Reads one line.
    pub fn parse(line: &[u8]) -> Self {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Self::Blank(1);
        }
        if line.len() > MAX_LINE {
            return Self::too_long();
        }
        match json::parse(line) {
            Ok(json::Document { value: Value::Object(object), duplicate_key }) => {
                let recorded = object.text(ENTRY_HASH).unwrap_or("");
                let hash_holds = entry_hash(&object).is_some_and(|computed| computed.is(recorded));
                let duplicate_key = duplicate_key.map(|key| key.chars().take(64).collect());
                Self::Entry { object, hash_holds, duplicate_key }
            }
            Ok(_) => Self::Garbage(words!("chain-not-an-object")),
            // The place that matters is the line of the log, which the chain tells.
            Err(JsonError::Syntax { message, .. }) => {
                Self::Garbage(words!("chain-not-json", message))
            }
            Err(JsonError::ConflictMarkers { .. }) => {
                Self::Garbage(words!("chain-conflict-marker"))
            }
            Err(error) => Self::Garbage(error.into()),
        }
    }

    /// A line that is longer than [`MAX_LINE`]; only its beginning was read.
    pub fn too_long() -> Self {
        Self::Garbage(words!("chain-line-too-long", limit = MAX_LINE >> 20))
    }
}

fn entry_hash(object: &Object) -> Option<Digest> {
    CanonicalObject::new(object).digest_with_blank(object, ENTRY_HASH)
}

/// The links between lines, checked one after another: what has been read need not be kept.
#[derive(Debug, Clone, Default)]
pub struct Links {
    lines: usize,
    entries: usize,
    first: Option<Digest>,
    previous: Option<String>,
    newest: Option<Instant>,
    notes: Notes,
    /// The first thing that breaks the chain so far.
    pub broken: Option<Words>,
}

/// Warnings about single lines: the first few in words, the rest as a number.
#[derive(Debug, Clone, Default)]
struct Notes {
    first: Vec<Words>,
    more: usize,
}

impl Notes {
    fn add(&mut self, note: Words) {
        match self.first.len() < MAX_NOTES {
            true => self.first.push(note),
            false => self.more += 1,
        }
    }

    fn into_words(self) -> Vec<Words> {
        let more = (self.more > 0).then(|| words!("chain-more-notes", count = self.more));
        self.first.into_iter().chain(more).collect()
    }
}

/// A whole chain, without its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many entries there are, up to the first thing that breaks the chain.
    pub entries: usize,
    /// The hash of the first entry, which identifies the chain.
    pub first: Option<Digest>,
    /// The hash of the last entry.
    pub last: Option<Digest>,
    /// The first thing that breaks the chain; `None` if the whole chain holds.
    pub broken: Option<Words>,
    /// What holds and yet should be known: dates that run backwards, keys that are given twice.
    pub notes: Vec<Words>,
}

/// Reads a chain line by line, up to the first line that breaks it. `each` gets every entry with its
/// position, from 1; the last one may be the one that breaks the chain.
pub fn read(lines: impl IntoIterator<Item = Line>, mut each: impl FnMut(usize, Entry)) -> Summary {
    let mut links = Links::default();
    links.read(lines, &mut each);
    links.into_summary()
}

impl Links {
    /// Links that go on from a chain in another file, whose last entry has this hash.
    pub fn after(last: Option<String>) -> Self {
        Self { previous: last, ..Self::default() }
    }

    /// Links that go on in the same file, after a prefix of it that was verified before.
    pub fn resume(lines: usize, verified: &Summary, newest: Option<Instant>) -> Self {
        Self {
            lines,
            entries: verified.entries,
            first: verified.first,
            previous: verified.last.map(|hash| hash.to_string()),
            newest,
            ..Self::default()
        }
    }

    /// Reads on, up to the first line that breaks the chain. See [`read`].
    pub fn read(
        &mut self,
        lines: impl IntoIterator<Item = Line>,
        each: &mut impl FnMut(usize, Entry),
    ) {
        for line in lines {
            if let Some(entry) = self.next(line) {
                each(self.entries, entry);
            }
            if self.broken.is_some() {
                break;
            }
        }
    }

    /// What the chain is as a whole.
    pub fn into_summary(self) -> Summary {
        Summary {
            entries: self.entries,
            first: self.first,
            last: self.previous.as_deref().map(Digest::of_name),
            broken: self.broken,
            notes: self.notes.into_words(),
        }
    }

    /// How many entries there were.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// The latest time that an entry names so far.
    pub fn newest(&self) -> Option<Instant> {
        self.newest
    }

    /// The hash of the last entry so far.
    pub fn last(&self) -> Option<&str> {
        self.previous.as_deref()
    }

    /// How many lines there were, including those that are not entries.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// Completes an entry that follows the last one: sets its link and its hash.
    pub fn seal(&self, entry: Object) -> Object {
        seal(self.last(), entry)
    }

    /// Checks that a line follows those before it. Returns the entry, if it is one.
    pub fn next(&mut self, line: Line) -> Option<Entry> {
        let blank = if let Line::Blank(count) = line { count } else { 0 };
        self.lines += blank.max(1);
        let number = self.lines;
        let (object, hash_holds, duplicate_key) = match line {
            Line::Blank(_) => return None,
            Line::Garbage(why) => {
                self.break_with(number, why);
                return None;
            }
            Line::Entry { object, hash_holds, duplicate_key } => {
                (object, hash_holds, duplicate_key)
            }
        };
        if let Some(key) = duplicate_key {
            self.notes.add(words!("chain-duplicate-key", line = %number, ?key));
        }
        self.check_time(number, &object);
        if !hash_holds {
            self.break_with(number, words!("chain-entry-changed"));
        }
        let linked = match object.get(PREVIOUS) {
            None | Some(Value::Null) => self.previous.is_none(),
            Some(value) => value.as_str().is_some() && value.as_str() == self.previous.as_deref(),
        };
        if !linked {
            self.break_with(number, words!("chain-not-linked"));
        }
        let recorded = object.text(ENTRY_HASH).unwrap_or("");
        if self.entries == 0 {
            self.first = Digest::parse(recorded);
        }
        self.entries += 1;
        self.previous = Some(recorded.to_owned());
        Some(Entry { line: number, object, hash_holds })
    }

    /// Entries are added in the order of time: one that is dated before another above it was dated
    /// back, or the clock was wrong.
    fn check_time(&mut self, number: usize, entry: &Object) {
        let Some(at) = entry.text("observed_at").and_then(Instant::parse) else { return };
        match self.newest {
            Some(newest) if at.unix() < newest.unix() => {
                self.notes.add(words!("chain-dated-back", line = %number, %at, %newest));
            }
            _ => self.newest = Some(at),
        }
    }

    fn break_with(&mut self, number: usize, why: Words) {
        self.broken.get_or_insert_with(|| at_line(number, why));
    }
}

/// What breaks a chain, and in which line.
pub fn at_line(number: usize, why: Words) -> Words {
    words!("chain-line", line = %number, why)
}

impl Chain {
    /// Reads a whole log.
    pub fn parse(bytes: &[u8]) -> Self {
        Self::link(bytes.split(|b| *b == b'\n').map(Line::parse))
    }

    /// Puts lines together and checks the links between them, up to the first that breaks them.
    pub fn link(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut entries = Vec::new();
        let summary = read(lines, |_, entry| entries.push(entry));
        Self { entries, broken: summary.broken }
    }

    /// Completes an entry that follows the last one: sets its link and its hash.
    pub fn seal(&self, entry: Object) -> Object {
        seal(self.entries.last().and_then(|entry| entry.object.text(ENTRY_HASH)), entry)
    }
}

fn seal(last: Option<&str>, mut entry: Object) -> Object {
    entry.set(PREVIOUS, last);
    entry.set(ENTRY_HASH, "");
    if let Some(hash) = entry_hash(&entry) {
        entry.set(ENTRY_HASH, hash.to_string());
    }
    entry
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sealed entries, one a line.
    fn lines(texts: &[String], mut links: Links) -> Vec<Vec<u8>> {
        let seal = |text: &String| {
            let entry = links.seal(Object::from([("text", text.as_str())]));
            links.next(Line::Entry {
                object: entry.clone(),
                hash_holds: true,
                duplicate_key: None,
            });
            Value::Object(entry).to_line().into_bytes()
        };
        texts.iter().map(seal).collect()
    }

    fn broken(lines: &[Vec<u8>], links: Links) -> Option<String> {
        let mut links = links;
        lines.iter().for_each(|line| drop(links.next(Line::parse(line))));
        links.broken.map(|words| words.to_string())
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec(any::<String>(), 2..12)
    }

    proptest! {
        #[test]
        fn what_is_sealed_holds_in_one_file_and_in_several(texts in texts(), cut in any::<prop::sample::Index>()) {
            let all = lines(&texts, Links::default());
            prop_assert_eq!(broken(&all, Links::default()), None);
            prop_assert_eq!(Chain::parse(&all.join(&b'\n')).broken, None);
            let (first, second) = all.split_at(cut.index(all.len()));
            let mut links = Links::default();
            first.iter().for_each(|line| drop(links.next(Line::parse(line))));
            let after = Links::after(links.last().map(str::to_owned));
            prop_assert_eq!(broken(second, after), None);
            if !first.is_empty() {
                prop_assert!(broken(second, Links::default()).is_some());
            }
        }

        #[test]
        fn changes_removals_duplicates_and_moves_are_found(texts in texts(), at in any::<prop::sample::Index>(), how in 0..4) {
            let mut all = lines(&texts, Links::default());
            // The last entry can be taken out, and nothing in the chain tells.
            let at = at.index(all.len() - 1);
            match how {
                0 => {
                    let Line::Entry { object: mut entry, .. } = Line::parse(&all[at]) else { panic!() };
                    entry.set("text", format!("{}.", texts[at]));
                    all[at] = Value::Object(entry).to_line().into_bytes();
                }
                1 => drop(all.remove(at)),
                2 => all.insert(at, all[at].clone()),
                _ => all.swap(at, at + 1),
            }
            let line = broken(&all, Links::default()).unwrap();
            let named: usize = line["line ".len()..].split(':').next().unwrap().parse().unwrap();
            prop_assert!((at + 1..=at + 2).contains(&named), "{}", line);
        }
    }
}
