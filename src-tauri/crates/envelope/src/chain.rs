//! A hash-chained NDJSON log: one JSON object a line, each with the hash of the one before.

use crate::canonical::CanonicalObject;
use crate::json::{self, JsonError, Object, Value};

/// The field with an entry's own hash, empty while it is computed.
pub const ENTRY_HASH: &str = "entry_hash";
/// The field with the hash of the entry before, null for the first.
pub const PREVIOUS: &str = "prev_entry_hash";

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
    /// The first thing that breaks the chain, in words; `None` where the whole chain holds.
    pub broken: Option<String>,
}

/// One line of a log, parsed and hashed by itself; a log of many lines can be read in parallel.
#[derive(Debug, Clone)]
pub enum Line {
    /// Nothing but white space.
    Blank,
    /// Not a JSON object, with the reason.
    Garbage(String),
    /// An entry, and whether its own hash holds.
    Entry(Object, bool),
}

impl Line {
    /// Reads one line.
    pub fn parse(line: &[u8]) -> Self {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Self::Blank;
        }
        match json::parse(line) {
            Ok(json::Document { value: Value::Object(object), .. }) => {
                let recorded = object.text(ENTRY_HASH).unwrap_or("");
                let holds = entry_hash(&object).is_some_and(|computed| computed.is(recorded));
                Self::Entry(object, holds)
            }
            Ok(_) => Self::Garbage("not a JSON object".to_owned()),
            // The place that matters is the line of the log, which the chain tells.
            Err(JsonError::Syntax { message, .. }) => Self::Garbage(format!("not JSON, {message}")),
            Err(error) => Self::Garbage(error.to_string()),
        }
    }
}

fn entry_hash(object: &Object) -> Option<crate::digest::Digest> {
    CanonicalObject::new(object).digest_with_blank(object, ENTRY_HASH)
}

/// The links between lines, checked one after another: what has been read need not be kept.
#[derive(Debug, Clone, Default)]
pub struct Links {
    lines: usize,
    previous: Option<String>,
    /// The first thing that breaks the chain so far.
    pub broken: Option<String>,
}

impl Links {
    /// Links that go on from a chain in another file, whose last entry has this hash.
    pub fn after(last: Option<String>) -> Self {
        Self { previous: last, ..Self::default() }
    }

    /// The hash of the last entry so far.
    pub fn last(&self) -> Option<&str> {
        self.previous.as_deref()
    }

    /// How many lines there were, those that are no entries among them.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// Completes an entry that follows the last one: sets its link and its hash.
    pub fn seal(&self, entry: Object) -> Object {
        seal(self.last(), entry)
    }

    /// Checks that a line follows those before it; the entry, where it is one.
    pub fn next(&mut self, line: Line) -> Option<Entry> {
        self.lines += 1;
        let number = self.lines;
        let (object, hash_holds) = match line {
            Line::Blank => return None,
            Line::Garbage(why) => {
                self.note(format!("line {number}: {why}"));
                return None;
            }
            Line::Entry(object, hash_holds) => (object, hash_holds),
        };
        if !hash_holds {
            self.note(format!("line {number}: the entry was changed, its hash is not right"));
        }
        let linked = match object.get(PREVIOUS) {
            None | Some(Value::Null) => self.previous.is_none(),
            Some(value) => value.as_str().is_some() && value.as_str() == self.previous.as_deref(),
        };
        if !linked {
            self.note(format!(
                "line {number}: does not follow the entry before it, one was removed, added or moved"
            ));
        }
        self.previous = Some(object.text(ENTRY_HASH).unwrap_or("").to_owned());
        Some(Entry { line: number, object, hash_holds })
    }

    fn note(&mut self, what: String) {
        self.broken.get_or_insert(what);
    }
}

impl Chain {
    /// Reads a whole log.
    pub fn parse(bytes: &[u8]) -> Self {
        Self::link(bytes.split(|b| *b == b'\n').map(Line::parse))
    }

    /// Puts lines that were read one by one together and checks the links between them.
    pub fn link(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut links = Links::default();
        let entries = lines.into_iter().filter_map(|line| links.next(line)).collect();
        Self { entries, broken: links.broken }
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
            links.next(Line::Entry(entry.clone(), true));
            Value::Object(entry).to_line().into_bytes()
        };
        texts.iter().map(seal).collect()
    }

    fn broken(lines: &[Vec<u8>], links: Links) -> Option<String> {
        let mut links = links;
        lines.iter().for_each(|line| drop(links.next(Line::parse(line))));
        links.broken
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
        fn what_is_changed_taken_out_doubled_or_moved_is_found(texts in texts(), at in any::<prop::sample::Index>(), how in 0..4) {
            let mut all = lines(&texts, Links::default());
            // The last entry can be taken out, and nothing in the chain tells.
            let at = at.index(all.len() - 1);
            match how {
                0 => {
                    let Line::Entry(mut entry, _) = Line::parse(&all[at]) else { panic!() };
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
