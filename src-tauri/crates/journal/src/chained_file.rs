//! The file that is written to: its chain, its end, and the one that follows when it is full.

use crate::event::Event;
use crate::pages::{Kind, Known, Page, affixes, names, number_of};
use countersign_envelope::chain::{ENTRY_HASH, Links};
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_problem::{Problem, Words};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

/// The file's name in its default place.
pub const FILE_NAME: &str = "journal.ndjson";

/// How long a journal grows before the next file is begun, in bytes (8 MiB).
pub const LIMIT: u64 = 8 << 20;

/// Why nothing could be written to the journal.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// Other users can write it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// The file is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

/// Faults found in a journal, and how they were handled.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "journal-notice")]
pub enum Notice {
    /// The chain did not hold.
    Broken {
        /// The journal.
        path: PathBuf,
        /// The first thing wrong.
        why: Words,
        /// The name that the old one is kept under.
        kept_as: String,
    },
    /// The last line was half written.
    Torn {
        /// The journal.
        path: PathBuf,
        /// The file that the half line is kept in.
        kept_as: String,
    },
}

/// The journal of a station. Several processes may write to one.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    limit: u64,
    known: Mutex<Option<Known>>,
    notices: Mutex<Vec<Notice>>,
}

impl Journal {
    /// The journal at a path. Nothing is read or made yet.
    pub fn at(path: &Path, limit: u64) -> Self {
        Self { path: path.to_owned(), limit, known: Mutex::default(), notices: Mutex::default() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// At the start: reads and verifies the file, or begins it. A damaged file is kept under
    /// another name and reported by [`Self::take_notices`].
    ///
    /// # Errors
    /// Fails if it could not be read or written.
    pub fn start(&self, now: Instant) -> Result<(), JournalError> {
        self.locked(now, |_| Ok(()))
    }

    /// Adds an event that belongs to no ceremony; the hash of its entry.
    ///
    /// # Errors
    /// Fails if it could not be written; the journal is unchanged then.
    pub fn append(&self, event: &Event, now: Instant) -> Result<String, JournalError> {
        self.append_in(None, event, now)
    }

    /// The faults found since the last call.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock())
    }

    pub(crate) fn append_in(
        &self,
        ceremony: Option<&str>,
        event: &Event,
        now: Instant,
    ) -> Result<String, JournalError> {
        self.locked(now, |known| {
            let entry = event.entry(ceremony, now);
            let length = line_of(&known.links.seal(entry.clone())).len() as u64;
            if known.length + length > self.limit && known.links.lines() > 1 {
                let full = self.path.with_file_name(self.next_name(Kind::Full)?);
                fs::rename(&self.path, full).map_err(|source| self.io(source))?;
                *known = self.begin(now)?;
            }
            self.write(known, entry)
        })
    }

    /// Does something with the journal under the lock of its directory, and knows of all that other
    /// processes have added.
    fn locked<T>(
        &self,
        now: Instant,
        then: impl FnOnce(&mut Known) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut held = self.known.lock();
        let directory = directory_of(&self.path);
        make_private_directory(directory).map_err(|source| self.io(source))?;
        ownership::check(&self.path)?;
        let _lock = safe_write::lock(directory)?;
        let mut known = self.catch_up(held.take(), now)?;
        let done = then(&mut known)?;
        *held = Some(known);
        Ok(done)
    }

    fn catch_up(&self, known: Option<Known>, now: Instant) -> Result<Known, JournalError> {
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                overwrite::check(&self.path, FileKind::Journal)?;
                return self.begin(now);
            }
            Err(error) => return Err(self.io(error)),
            Ok(meta) if !meta.is_file() => {
                return Err(WriteError::NotAFile(self.path.clone()).into());
            }
            Ok(meta) if meta.len() > MAX_LOG_BYTES => {
                let (path, size) = (self.path.clone(), meta.len());
                return Err(ReadError::TooLarge { path, size, limit: MAX_LOG_BYTES }.into());
            }
            Ok(_) => {}
        }
        let mut file = File::open(&self.path).map_err(|source| self.io(source))?;
        let known = known.filter(|known| known.is_in(&mut file));
        if known.is_none() {
            // A file that is not a journal is neither added to nor moved.
            overwrite::check(&self.path, FileKind::Journal)?;
        }
        let mut known = known.unwrap_or_default();
        let mut bytes = Vec::new();
        let read = file.seek(SeekFrom::Start(known.length));
        read.and_then(|_| file.read_to_end(&mut bytes)).map_err(|source| self.io(source))?;
        let (_, half) = known.read(&bytes);
        if let Some(why) = known.broken() {
            return self.keep_aside(why, known.links.last(), now);
        }
        if half.is_empty() {
            return Ok(known);
        }
        let whole = known.length;
        if known.complete(half) {
            self.extend(b"\n", whole + half.len() as u64)?;
            return Ok(known);
        }
        self.keep_half(known, half, now)
    }

    /// Keeps a broken journal under another name, and begins a new one in its place.
    fn keep_aside(
        &self,
        why: Words,
        last_hash: Option<&str>,
        now: Instant,
    ) -> Result<Known, JournalError> {
        let kept_as = self.next_name(Kind::Broken)?;
        let kept = self.path.with_file_name(&kept_as);
        // By a hard link, so that a crash leaves either name; by renaming if there are no hard
        // links.
        fs::hard_link(&self.path, &kept)
            .or_else(|_| fs::rename(&self.path, &kept))
            .map_err(|source| self.io(source))?;
        let last_hash = last_hash.map(str::to_owned);
        let event = self.broken(why, kept_as, last_hash);
        self.begin_with(&event, Links::default(), now)
    }

    /// Keeps a half last line in a file of its own, and goes on after the line before it.
    fn keep_half(
        &self,
        mut known: Known,
        half: &[u8],
        now: Instant,
    ) -> Result<Known, JournalError> {
        let kept_as = self.next_name(Kind::Torn)?;
        safe_write::replace(&self.path.with_file_name(&kept_as), half, Access::Private)?;
        let file = OpenOptions::new().write(true).open(&self.path);
        file.and_then(|file| {
            file.set_len(known.length)?;
            safe_write::flush(&file, directory_of(&self.path))
        })
        .map_err(|source| self.io(source))?;
        self.notices
            .lock()
            .push(Notice::Torn { path: self.path.clone(), kept_as: kept_as.clone() });
        let event = Event::JournalTorn { kept_as, bytes: half.len() as u64 };
        self.write(&mut known, event.entry(None, now))?;
        Ok(known)
    }

    /// Begins a file. If there are full ones, the chain continues from the last of them.
    fn begin(&self, now: Instant) -> Result<Known, JournalError> {
        let Some(full) = self.names(Kind::Full)?.pop() else {
            return self.begin_with(&Event::JournalBegun, Links::default(), now);
        };
        let page = Page::read(&self.path.with_file_name(&full))?;
        let last_hash = page.last_hash().map(str::to_owned);
        if let Some(why) = page.broken {
            let event = self.broken(why, full, last_hash);
            return self.begin_with(&event, Links::default(), now);
        }
        let event = Event::JournalRotated { previous_file: full };
        self.begin_with(&event, Links::after(last_hash), now)
    }

    fn begin_with(&self, event: &Event, links: Links, now: Instant) -> Result<Known, JournalError> {
        let entry = links.seal(event.entry(None, now));
        let line = line_of(&entry);
        safe_write::replace(&self.path, &line, Access::Private)?;
        let mut known = Known::default();
        known.read(&line);
        Ok(known)
    }

    /// The event of a damaged file, which is noticed too.
    fn broken(&self, why: Words, kept_as: String, last_hash: Option<String>) -> Event {
        let (path, text) = (self.path.clone(), why.english().into_owned());
        self.notices.lock().push(Notice::Broken { path, why, kept_as: kept_as.clone() });
        Event::JournalBroken { kept_as, why: text, last_hash }
    }

    /// Writes one more entry.
    fn write(&self, known: &mut Known, entry: Object) -> Result<String, JournalError> {
        let entry = known.links.seal(entry);
        let hash = entry.text(ENTRY_HASH).unwrap_or_default().to_owned();
        let line = line_of(&entry);
        self.extend(&line, known.length)?;
        known.read(&line);
        Ok(hash)
    }

    /// Adds bytes to the file and flushes them; if that fails, cuts off what was added.
    fn extend(&self, bytes: &[u8], length: u64) -> Result<(), JournalError> {
        let opened = OpenOptions::new().append(true).open(&self.path);
        let mut file = opened.map_err(|source| self.io(source))?;
        let directory = directory_of(&self.path);
        let written =
            file.write_all(bytes).and_then(|()| safe_write::offered(file.sync_data(), directory));
        written.map_err(|source| {
            // If even that fails, the next writer finds a partial line and keeps it under another
            // name.
            let _ = file.set_len(length);
            self.io(source)
        })
    }

    fn io(&self, source: io::Error) -> JournalError {
        WriteError::Io { path: self.path.clone(), source }.into()
    }

    fn names(&self, kind: Kind) -> Result<Vec<String>, JournalError> {
        names(&self.path, kind).map_err(|source| self.io(source))
    }

    fn next_name(&self, kind: Kind) -> Result<String, JournalError> {
        let last = self.names(kind)?.last().and_then(|name| number_of(&self.path, kind, name));
        let (before, after) = affixes(&self.path, kind);
        Ok(format!("{before}{:06}{after}", last.unwrap_or(0) + 1))
    }
}

fn line_of(entry: &Object) -> Vec<u8> {
    let mut line = Value::Object(entry.clone()).to_line().into_bytes();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kept_aside, read};

    const EVENT: Event = Event::BrokenOff;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("journal.ndjson")
        }

        fn journal(&self) -> Journal {
            Journal::at(&self.path(), LIMIT)
        }

        /// A journal of its beginning and some entries.
        fn with(&self, entries: usize) -> Journal {
            let journal = self.journal();
            journal.start(Instant::EPOCH).unwrap();
            (0..entries).for_each(|_| drop(journal.append(&EVENT, Instant::EPOCH).unwrap()));
            journal
        }

        fn bytes(&self) -> Vec<u8> {
            fs::read(self.path()).unwrap()
        }

        fn events(&self) -> Vec<String> {
            let pages = read(&self.path()).unwrap();
            for page in &pages {
                assert_eq!((&page.broken, page.half_line), (&None, 0), "{page:?}");
            }
            let entries = pages.iter().flat_map(|page| &page.entries);
            entries.map(|entry| entry.object.text("event").unwrap().to_owned()).collect()
        }
    }

    #[test]
    fn events_are_chained_from_the_first_on() {
        let place = Place::new();
        place.with(2);
        place.with(1);
        assert_eq!(place.events(), ["journal_begun", "broken_off", "broken_off", "broken_off"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_broken_journal_is_reported_kept_and_named_by_the_next() {
        let place = Place::new();
        let journal = place.with(3);
        let text = String::from_utf8(place.bytes()).unwrap();
        let last = read(&place.path()).unwrap()[0].last_hash().unwrap().to_owned();
        let lines: Vec<&str> = text.lines().collect();
        let tampered = [lines[0], &lines[1].replace("1970", "1971"), lines[2], lines[3], ""];
        let tampered = tampered.join("\n");
        fs::write(place.path(), &tampered).unwrap();
        let pages = read(&place.path()).unwrap();
        assert!(pages[0].broken.as_ref().unwrap().english().starts_with("line 2: "), "{pages:?}");
        drop(journal);

        let journal = place.journal();
        journal.start(Instant::EPOCH).unwrap();
        let notices = journal.take_notices();
        let messages = notices.iter().map(ToString::to_string).collect::<String>();
        assert!(
            messages.contains("line 2: ") && messages.contains("journal.broken-000001.ndjson"),
            "{messages}"
        );
        let kept = place.path().with_file_name("journal.broken-000001.ndjson");
        assert_eq!(fs::read_to_string(kept).unwrap(), tampered);
        let pages = read(&place.path()).unwrap();
        let first = &pages[0].entries[0].object;
        assert_eq!(first.text("event"), Some("journal_broken"));
        assert_eq!(first.text("last_hash"), Some(last.as_str()));
        assert!(first.text("why").unwrap().starts_with("line 2: "));
        journal.append(&EVENT, Instant::EPOCH).unwrap();
        assert_eq!(place.events(), ["journal_broken", "broken_off"]);
        // Once more, another is kept beside it.
        fs::write(place.path(), &tampered).unwrap();
        journal.append(&EVENT, Instant::EPOCH).unwrap();
        assert_eq!(kept_aside(&place.path()).len(), 2);
    }

    #[test]
    fn an_emptied_journal_is_reported() {
        let place = Place::new();
        fs::write(place.path(), "").unwrap();
        assert!(read(&place.path()).unwrap()[0].broken.is_some());
        let journal = place.journal();
        journal.start(Instant::EPOCH).unwrap();
        assert!(matches!(journal.take_notices()[..], [Notice::Broken { .. }]));
        assert_eq!(place.events(), ["journal_broken"]);
        assert_eq!(kept_aside(&place.path()).len(), 1);
    }

    #[test]
    fn a_file_that_does_not_begin_as_a_journal_is_left_alone() {
        let begun = Place::new();
        let journal = begun.with(1);
        let others = ["{", "{}\n", "notes\n", "{\"event\": 7}\n", "[]\n"];
        for bytes in others {
            let place = Place::new();
            fs::write(place.path(), bytes).unwrap();
            let error = place.journal().start(Instant::EPOCH).unwrap_err();
            assert!(error.to_string().contains("is not a journal"), "{error}");
            // Also one that took the journal's place while it was in use.
            fs::write(begun.path(), bytes).unwrap();
            let error = journal.append(&EVENT, Instant::EPOCH).unwrap_err();
            assert!(error.to_string().contains("is not a journal"), "{error}");
            for place in [&place, &begun] {
                assert_eq!(place.bytes(), bytes.as_bytes());
                assert!(kept_aside(&place.path()).is_empty());
            }
        }
    }

    /// Whichever byte the machine stopped at: every whole line stays, the rest is kept aside.
    #[test]
    fn a_half_last_line_is_kept_aside_at_every_length() {
        let place = Place::new();
        place.with(2);
        let whole = place.bytes();
        let second = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
        for length in second + 1..=whole.len() {
            let place = Place::new();
            fs::write(place.path(), &whole[..length]).unwrap();
            let journal = place.journal();
            journal.start(Instant::EPOCH).unwrap();
            let half = &whole[second + 1..length];
            let begun = ["journal_begun", "broken_off"].map(str::to_owned).to_vec();
            if half.is_empty() {
                assert_eq!(place.events(), begun);
            } else if length + 1 >= whole.len() {
                // Only its line feed was missing.
                assert_eq!(place.bytes(), whole);
            } else {
                let kept = place.path().with_file_name("journal.torn-000001.ndjson");
                assert_eq!(fs::read(kept).unwrap(), half);
                assert!(matches!(journal.take_notices()[..], [Notice::Torn { .. }]));
                let torn = vec!["journal_torn".to_owned()];
                assert_eq!(place.events(), [begun, torn].concat());
            }
        }
    }

    #[test]
    fn a_full_journal_is_followed_by_the_next_through_the_chain() {
        let place = Place::new();
        let journal = Journal::at(&place.path(), 1000);
        (0..20).for_each(|_| drop(journal.append(&EVENT, Instant::EPOCH).unwrap()));
        let pages = read(&place.path()).unwrap();
        assert!(pages.len() > 3, "{}", pages.len());
        let events = place.events();
        assert_eq!(events.iter().filter(|event| *event == "broken_off").count(), 20);
        assert_eq!(
            events.iter().filter(|event| *event == "journal_rotated").count(),
            pages.len() - 1
        );
        for page in &pages {
            assert!(fs::metadata(&page.path).unwrap().len() <= 1000);
        }
        // A process that was ended between the two steps of a rotation.
        fs::remove_file(place.path()).unwrap();
        assert!(place.events().ends_with(&["broken_off".to_owned()]));
        let again = place.journal();
        again.start(Instant::EPOCH).unwrap();
        assert_eq!(place.events().last().map(String::as_str), Some("journal_rotated"));
        // One that is taken out of the middle is missed.
        fs::remove_file(place.path().with_file_name("journal.000002.ndjson")).unwrap();
        let broken: Vec<_> =
            read(&place.path()).unwrap().into_iter().filter_map(|page| page.broken).collect();
        assert_eq!(broken.len(), 1);
        assert!(
            broken[0].english().contains("does not follow journal.000001.ndjson"),
            "{broken:?}"
        );
        // Old ones may be put elsewhere.
        fs::remove_file(place.path().with_file_name("journal.000001.ndjson")).unwrap();
        place.events();
    }

    #[test]
    fn two_that_write_in_turn_see_each_other_s_entries() {
        let place = Place::new();
        let limited = || Journal::at(&place.path(), 2000);
        let (one, other) = (limited(), limited());
        for _ in 0..10 {
            one.append(&EVENT, Instant::EPOCH).unwrap();
            other.append(&EVENT, Instant::EPOCH).unwrap();
        }
        assert_eq!(place.events().iter().filter(|event| *event == "broken_off").count(), 20);
    }

    #[test]
    fn a_file_that_is_not_a_journal_is_left_alone() {
        let place = Place::new();
        fs::create_dir(place.path()).unwrap();
        let error = place.journal().start(Instant::EPOCH).unwrap_err();
        assert!(error.to_string().contains("not a regular file; move it aside"), "{error}");
    }
}
