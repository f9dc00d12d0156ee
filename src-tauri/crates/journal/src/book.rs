//! The journal as a person reads it: the newest entry first, some at a time, and whether its chain
//! holds.

use parking_lot::Mutex;
use std::collections::{HashMap, hash_map};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::chain::{ENTRY_HASH, Entry, PREVIOUS};
use countersign_envelope::digest::short;
use countersign_envelope::json::Value;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use countersign_problem::{Language, Said, words};
use serde::{Deserialize, Serialize};

use crate as journal;
use crate::JournalError;
use crate::Page;
use crate::sentence::{in_words, sentence};
use countersign_envelope::count::count;
use countersign_store::reading::{ReadError, name_of};
use countersign_store::stamp::Stamp;

/// Most entries that are returned at once.
const WINDOW: usize = 500;
/// Most steps of an act that are returned with it.
const STEPS: usize = 100;

vocabulary! {
    /// What kind of thing happened.
    JournalKind {
        /// Anything.
        All = "all",
        /// A signature or a registration was made.
        Signed = "signed",
        /// Steps toward a signature.
        Attempted = "attempted",
        /// Something was refused, cancelled or failed.
        Refused = "refused",
        /// Keys, roots or rules were changed, or something was accepted.
        Trust = "trust",
        /// A device was plugged in or removed.
        Devices = "devices",
        /// What happened to the journal itself.
        Journal = "journal",
    }
}

impl JournalKind {
    /// Of an event, by its name.
    fn of(event: &str) -> Self {
        match event {
            "signed" | "signed_partly" | "registered" => Self::Signed,
            "refused" | "broken_off" | "secret_not_taken" | "last_try_held" | "touch_missed" => {
                Self::Refused
            }
            "key_created"
            | "key_added"
            | "keyring_adopted"
            | "key_revoked"
            | "root_trusted"
            | "root_removed"
            | "key_certified"
            | "crl_added"
            | "crl_removed"
            | "setting_changed"
            | "exempt_changed"
            | "change_failed"
            | "log_accepted"
            | "missing_run_accepted" => Self::Trust,
            "device_arrived" | "device_removed" | "pin_changed" | "yubikey_changed" => {
                Self::Devices
            }
            _ if event.starts_with("journal_") => Self::Journal,
            _ => Self::Attempted,
        }
    }
}

/// A query to the journal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, specta::Type)]
pub struct JournalQuery {
    /// Words that all have to be found, in any case, in the language that the person reads or in
    /// English.
    pub text: String,
    /// The tag of that language, such as `de`.
    pub language: String,
    /// What kind of thing happened.
    pub kind: JournalKind,
}

/// Some entries of the journal, a line for each act: the entries of one ceremony are one line, told by
/// its outcome.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalWindow {
    /// The place of the journal.
    pub path: String,
    /// How many lines match.
    pub total: u32,
    /// The place of the first of these among those that match.
    pub first: u32,
    /// The lines, the newest first.
    pub rows: Vec<JournalRow>,
    /// Whether it holds.
    pub chain: JournalChain,
}

/// One line: an entry, or the outcome of an act with the steps to it. All texts are made visible.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalRow {
    /// When, according to the entry.
    pub at: String,
    /// What happened: the event's name.
    pub event: String,
    /// What kind of thing that is.
    pub kind: JournalKind,
    /// The ceremony that it belongs to.
    pub ceremony: Option<String>,
    /// The entry as one sentence; `None` for an event of a later version.
    pub sentence: Option<Said>,
    /// All other facts of the entry.
    pub details: Vec<JournalDetail>,
    /// The first hex digits of its hash.
    pub hash: String,
    /// The earlier entries of the same act, the oldest first; of very many the last.
    pub steps: Vec<JournalStep>,
}

/// An entry on the way to the outcome of an act. All texts are made visible.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalStep {
    /// When, according to the entry.
    pub at: String,
    /// What happened: the event's name.
    pub event: String,
    /// The entry as one sentence; `None` for an event of a later version.
    pub sentence: Option<Said>,
}

/// One fact of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct JournalDetail {
    /// The name of the field.
    pub name: String,
    /// Its value, made visible.
    pub value: String,
}

/// The state of the chain.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalChain {
    /// The first error in each damaged file; empty if the whole chain holds.
    pub broken: Vec<Said>,
    /// When the first entry was made.
    pub since: Option<String>,
    /// How many entries there are.
    pub entries: u32,
    /// In how many files.
    pub files: u32,
    /// Earlier damaged journals, and where they are kept.
    pub breaks: Vec<JournalBreak>,
    /// The files that were kept aside.
    pub kept_aside: Vec<String>,
}

/// A journal that did not hold and was kept aside.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct JournalBreak {
    /// When that was found.
    pub at: String,
    /// The first thing wrong with it.
    pub why: String,
    /// The name of the file that it was kept as.
    pub kept_as: String,
}

/// A journal that is read repeatedly; files that have not changed are not read again. Nothing is
/// ever written.
#[derive(Debug)]
pub struct JournalBook {
    path: PathBuf,
    pages: Mutex<Vec<(Stamp, Arc<Page>)>>,
}

impl JournalBook {
    /// The journal at a path; nothing is read yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), pages: Mutex::default() }
    }

    /// Some of the entries that match, the newest first.
    ///
    /// # Errors
    /// Fails if a file of the journal cannot be read; a broken chain is part of the answer.
    pub fn window(
        &self,
        query: &JournalQuery,
        first: u32,
        wanted: u32,
    ) -> Result<JournalWindow, JournalError> {
        let pages = self.pages()?;
        let text = query.text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let language = Language::of_tag(&query.language);
        let acts = acts(&pages);
        let matching = acts.iter().filter(|act| {
            (query.kind == JournalKind::All || query.kind == act.kind())
                && act.has(&words, language)
        });
        let (first, wanted) = (first as usize, (wanted as usize).min(WINDOW));
        let (mut total, mut rows) = (0, Vec::new());
        for act in matching {
            if total >= first && rows.len() < wanted {
                rows.push(JournalRow::of(act));
            }
            total += 1;
        }
        Ok(JournalWindow {
            path: visible(&self.path.to_string_lossy()),
            total: count(total),
            first: count(first),
            rows,
            chain: self.chain(&pages),
        })
    }

    /// The files of the journal, the oldest first.
    fn pages(&self) -> Result<Vec<Arc<Page>>, ReadError> {
        let mut known = self.pages.lock();
        let before = std::mem::take(&mut *known);
        for file in journal::files(&self.path)? {
            // Taken before reading: later entries are then noticed next time.
            let stamp = Stamp::of_file(&file);
            let same = |(old, page): &&(Stamp, Arc<Page>)| *old == stamp && page.path == file;
            let page = match before.iter().find(same) {
                Some((_, page)) => Arc::clone(page),
                None => Arc::new(Page::read(&file)?),
            };
            known.push((stamp, page));
        }
        Ok(known.iter().map(|(_, page)| Arc::clone(page)).collect())
    }

    fn chain(&self, pages: &[Arc<Page>]) -> JournalChain {
        let broken = journal::broken(pages)
            .flatten()
            .map(|(page, why)| words!("journal-file-broken", file = name_of(&page.path), why));
        let entries = || pages.iter().flat_map(|page| &page.entries);
        let text = |entry: &Entry, key| visible(entry.object.text(key).unwrap_or("?"));
        let breaks = entries().filter(|entry| entry.object.text("event") == Some("journal_broken"));
        JournalChain {
            broken: broken.map(Said::from).collect(),
            since: entries().next().map(|entry| text(entry, "observed_at")),
            entries: count(entries().count()),
            files: count(pages.len()),
            breaks: breaks
                .map(|entry| JournalBreak {
                    at: text(entry, "observed_at"),
                    why: text(entry, "why"),
                    kept_as: text(entry, "kept_as"),
                })
                .collect(),
            kept_aside: journal::kept_aside(&self.path).iter().map(|name| visible(name)).collect(),
        }
    }
}

/// The entries of one act, the newest first, and so its outcome before the steps to it.
struct Act<'a>(Vec<&'a Entry>);

/// The acts, the newest first: entries that name the same ceremony are one.
fn acts(pages: &[Arc<Page>]) -> Vec<Act<'_>> {
    let mut acts: Vec<Act<'_>> = Vec::new();
    let mut of_ceremony: HashMap<&str, usize> = HashMap::new();
    for entry in pages.iter().rev().flat_map(|page| page.entries.iter().rev()) {
        let known = entry.object.text("ceremony").map(|name| of_ceremony.entry(name));
        match known {
            Some(hash_map::Entry::Occupied(known)) => acts[*known.get()].0.push(entry),
            Some(hash_map::Entry::Vacant(new)) => {
                new.insert(acts.len());
                acts.push(Act(vec![entry]));
            }
            None => acts.push(Act(vec![entry])),
        }
    }
    acts
}

impl Act<'_> {
    fn kind(&self) -> JournalKind {
        let outcome = self.0.first().and_then(|entry| entry.object.text("event"));
        JournalKind::of(outcome.unwrap_or_default())
    }

    /// Whether each word is somewhere in it.
    fn has(&self, words: &[&str], language: Language) -> bool {
        words.iter().all(|word| self.0.iter().any(|entry| has(entry, word, language)))
    }
}

impl JournalRow {
    fn of(act: &Act<'_>) -> Self {
        let entry = act.0[0];
        let text = |key| visible(entry.object.text(key).unwrap_or("?"));
        let event = text("event");
        let mut steps: Vec<JournalStep> =
            act.0[1..].iter().take(STEPS).map(|entry| JournalStep::of(entry)).collect();
        steps.reverse();
        Self {
            at: text("observed_at"),
            kind: JournalKind::of(&event),
            event,
            ceremony: entry.object.text("ceremony").map(visible),
            sentence: sentence(entry).map(Said::from),
            details: details(entry),
            hash: entry.object.text(ENTRY_HASH).and_then(short).unwrap_or_default().to_owned(),
            steps,
        }
    }
}

impl JournalStep {
    fn of(entry: &Entry) -> Self {
        let text = |key| visible(entry.object.text(key).unwrap_or("?"));
        Self {
            at: text("observed_at"),
            event: text("event"),
            sentence: sentence(entry).map(Said::from),
        }
    }
}

/// All facts of an entry except what happened and when.
pub fn details(entry: &Entry) -> Vec<JournalDetail> {
    const ELSEWHERE: [&str; 5] = ["entry_version", "event", "observed_at", ENTRY_HASH, PREVIOUS];
    let is_empty = |value: &Value| {
        *value == Value::Null || value.as_array().is_some_and(|items| items.is_empty())
    };
    let details =
        entry.object.iter().filter(|(key, value)| !ELSEWHERE.contains(key) && !is_empty(value));
    let detail = |(key, value): (&str, &Value)| JournalDetail {
        name: visible(key),
        value: visible(&in_words(value)),
    };
    details.map(detail).collect()
}

/// Whether a word, in lower case, is in the facts of an entry, as they are in the file and with
/// spaces, or in its sentence.
fn has(entry: &Entry, word: &str, language: Language) -> bool {
    let chained = |key: &str| [ENTRY_HASH, PREVIOUS, "entry_version"].contains(&key);
    let all = entry.object.iter().filter(|(key, _)| !chained(key));
    let text = all.map(|(_, value)| in_words(value)).collect::<Vec<_>>().join("\n").to_lowercase();
    let in_sentence = || {
        let sentence = sentence(entry);
        sentence.is_some_and(|sentence| {
            let has = |language| sentence.in_language(language).to_lowercase().contains(word);
            has(Language::English) || (language != Language::English && has(language))
        })
    };
    text.contains(word) || text.replace('_', " ").contains(word) || in_sentence()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use countersign_envelope::instant::Instant;

    use super::*;
    use crate::DeviceFacts;
    use crate::Event;
    use crate::Journal;

    fn query(kind: JournalKind, text: &str) -> JournalQuery {
        JournalQuery { text: text.to_owned(), language: "en".to_owned(), kind }
    }

    /// A journal with a few events, in a directory of its own.
    fn place(limit: u64) -> (tempfile::TempDir, Journal) {
        let temporary = tempfile::tempdir().unwrap();
        let journal = Journal::at(&temporary.path().join("journal.ndjson"), limit);
        let device = DeviceFacts {
            serial: Some(12_345_678),
            card: None,
            firmware: "5.7.4".to_owned(),
            reader: "Yubico\u{202e} YubiKey".to_owned(),
            token: None,
        };
        let refused =
            Event::Refused { code: "changed", words: "RUN-1.json: changed since".to_owned() };
        let events = [
            Event::DeviceArrived(device.clone()),
            refused,
            Event::BrokenOff,
            Event::DeviceRemoved(device),
        ];
        for event in events {
            journal.append(&event, Instant::EPOCH).unwrap();
        }
        (temporary, journal)
    }

    fn events(window: &JournalWindow) -> Vec<&str> {
        window.rows.iter().map(|row| row.event.as_str()).collect()
    }

    #[test]
    fn entries_are_found_by_kind_and_words_the_newest_first() {
        let (_temporary, journal) = place(journal::LIMIT);
        let book = JournalBook::new(journal.path());
        let ask = |kind, text: &str| book.window(&query(kind, text), 0, 100).unwrap();
        let all = ask(JournalKind::All, "");
        let wanted = ["device_removed", "broken_off", "refused", "device_arrived", "journal_begun"];
        assert_eq!(events(&all), wanted);
        assert_eq!((all.total, all.chain.entries, all.chain.files), (5, 5, 1));
        assert!(all.chain.broken.is_empty());
        assert_eq!(events(&ask(JournalKind::Refused, "")), ["broken_off", "refused"]);
        assert_eq!(events(&ask(JournalKind::Devices, "ARRIVED 12345678")), ["device_arrived"]);
        assert_eq!(events(&ask(JournalKind::All, "cancelled")), ["broken_off"]);
        assert_eq!(events(&ask(JournalKind::All, "broken_off")), ["broken_off"]);
        // Who reads German may search for what is read.
        let german = |text: &str| {
            let query = JournalQuery { language: "de".to_owned(), ..query(JournalKind::All, text) };
            book.window(&query, 0, 100).unwrap()
        };
        assert_eq!(events(&german("abgebrochen")), ["broken_off"]);
        assert_eq!(events(&german("cancelled")), ["broken_off"]);
        assert_eq!(ask(JournalKind::All, "abgebrochen").total, 0);
        assert_eq!(ask(JournalKind::Signed, "").total, 0);
        // The name of a reader comes from someone else.
        let device = &ask(JournalKind::Devices, "").rows[0];
        let reader = device.details.iter().find(|detail| detail.name == "reader").unwrap();
        assert_eq!(reader.value, "Yubico⟨U+202E⟩ YubiKey");
        let second = book.window(&query(JournalKind::All, ""), 1, 2).unwrap();
        assert_eq!((events(&second), second.total), (vec!["broken_off", "refused"], 5));
    }

    #[test]
    fn the_entries_of_one_ceremony_are_one_line_told_by_its_outcome() {
        let (_temporary, journal) = place(journal::LIMIT);
        let opened = || Event::CeremonyBegun { file: "RUN-7.json".to_owned(), artifacts: vec![] };
        let asked = || Event::SecretAsked { secret: "PIN", tries_left: Some(3) };
        for (ceremony, event) in [
            (Some("aa"), opened()),
            (Some("bb"), opened()),
            (Some("aa"), asked()),
            (None, Event::BrokenOff),
            (Some("aa"), Event::TouchMissed { words: "no touch".to_owned() }),
            (Some("bb"), Event::BrokenOff),
        ] {
            journal.append_in(ceremony, &event, Instant::EPOCH).unwrap();
        }
        let book = JournalBook::new(journal.path());
        let window = book.window(&query(JournalKind::All, ""), 0, 3).unwrap();
        assert_eq!(events(&window), ["broken_off", "touch_missed", "broken_off"]);
        assert_eq!((window.total, window.chain.entries), (8, 11));
        let steps: Vec<&str> = window.rows[1].steps.iter().map(|step| &*step.event).collect();
        assert_eq!(steps, ["ceremony_begun", "secret_asked"]);
        assert_eq!(
            window.rows[1].steps[0].sentence.as_ref().map(|one| &*one.text),
            Some("Opened RUN-7.json for signing.")
        );
        // Words may be in any of its steps, and the kind is that of the outcome.
        let found = |kind, text| events_of(&book.window(&query(kind, text), 0, 9).unwrap());
        assert_eq!(found(JournalKind::All, "run-7 attempts"), ["touch_missed"]);
        assert_eq!(found(JournalKind::Attempted, "run-7"), Vec::<String>::new());
    }

    fn events_of(window: &JournalWindow) -> Vec<String> {
        events(window).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn additions_and_changes_are_noticed() {
        let (_temporary, journal) = place(journal::LIMIT);
        let book = JournalBook::new(journal.path());
        let all = query(JournalKind::All, "");
        assert_eq!(book.window(&all, 0, 1).unwrap().total, 5);
        journal.append(&Event::BrokenOff, Instant::EPOCH).unwrap();
        assert_eq!(book.window(&all, 0, 1).unwrap().total, 6);
        let text = fs::read_to_string(journal.path()).unwrap();
        fs::write(journal.path(), text.replace("5.7.4", "5.7.5")).unwrap();
        let broken = book.window(&all, 0, 1).unwrap().chain.broken;
        assert_eq!(broken.len(), 1);
        assert!(
            broken[0].text.starts_with("journal.ndjson: line 2: the entry was changed"),
            "{broken:?}"
        );

        // The next start keeps the damaged file under another name; the journal reports it from
        // then on.
        let again = Journal::at(journal.path(), journal::LIMIT);
        again.start(Instant::EPOCH).unwrap();
        let chain = book.window(&all, 0, 1).unwrap().chain;
        assert!(chain.broken.is_empty());
        assert_eq!(chain.breaks.len(), 1);
        assert_eq!(chain.breaks[0].kept_as, "journal.broken-000001.ndjson");
        assert_eq!(chain.kept_aside, ["journal.broken-000001.ndjson"]);
    }

    #[test]
    fn a_chain_continues_through_its_files_and_a_missing_one_is_reported() {
        let (temporary, journal) = place(1);
        let book = JournalBook::new(journal.path());
        let all = query(JournalKind::All, "");
        let window = book.window(&all, 0, 100).unwrap();
        assert!(window.chain.files > 2, "{:?}", window.chain);
        assert!(window.chain.broken.is_empty());
        assert_eq!(window.rows.last().map(|row| row.event.as_str()), Some("journal_begun"));
        fs::remove_file(temporary.path().join("journal.000002.ndjson")).unwrap();
        let broken = book.window(&all, 0, 1).unwrap().chain.broken;
        assert_eq!(broken.len(), 1);
        assert!(broken[0].text.contains("does not follow journal.000001.ndjson"), "{broken:?}");
    }
}
