//! The lines of a log, read one after another in constant memory: some at a time, parsed on all
//! cores, up to a bound for each line. A log may be of any size.

use std::io::{self, BufRead, BufReader, Read};
use std::num::NonZero;
use std::ops::Range;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::vec;

use countersign_envelope::chain::{ENTRY_HASH, Line, Links, MAX_LINE};
use countersign_envelope::digest::{Digest, Hasher};

use crate::reading::{self, ReadError, directory_of};

/// How many lines are in memory at once, parsed.
const LINES: usize = 4096;

/// How many bytes of lines are in memory at once, beyond the last line.
const BYTES: usize = 2 << 20;

/// How many lines are not worth a thread.
const FEW: usize = 256;

/// How much is read at once.
const BUFFER: usize = 1 << 16;

/// The lines of a log, each parsed and hashed. Ends after a line that is too long, and when the
/// source cannot be read any further.
pub struct ChainLines<R> {
    source: BufReader<R>,
    parsed: vec::IntoIter<Line>,
    hasher: Hasher,
    length: u64,
    is_done: bool,
    error: Option<io::Error>,
}

/// The hash of the first entry of a log, as it says; `None` of an empty one.
///
/// # Errors
/// If the log cannot be read.
pub fn first_entry(log: &Path) -> Result<Option<Digest>, ReadError> {
    let file = reading::open(log, directory_of(log))?;
    let (mut lines, mut links) = (ChainLines::new(file), Links::default());
    let first = lines.find_map(|line| links.next(line));
    match lines.take_error() {
        Some(source) => Err(ReadError::of(log, source)),
        None => Ok(first.map(|entry| Digest::of_name(entry.object.text(ENTRY_HASH).unwrap_or("")))),
    }
}

/// One line as it was read.
enum Raw {
    Blank(usize),
    TooLong,
    Text(Range<usize>),
}

impl<R: Read> ChainLines<R> {
    /// The lines of a source.
    pub fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(BUFFER, source),
            parsed: Vec::new().into_iter(),
            hasher: Hasher::default(),
            length: 0,
            is_done: false,
            error: None,
        }
    }

    /// How many bytes were read, and the hash of them.
    pub fn read_so_far(&self) -> (u64, Digest) {
        (self.length, self.hasher.digest())
    }

    /// Passes over the first bytes; whether they are those with this hash.
    pub fn skip_verified(&mut self, length: u64, wanted: Digest) -> io::Result<bool> {
        while self.length < length {
            let left = usize::try_from(length - self.length).unwrap_or(usize::MAX);
            let available = self.source.fill_buf()?.len().min(left);
            if available == 0 {
                return Ok(false);
            }
            self.consume(available);
        }
        Ok(self.hasher.digest() == wanted)
    }

    /// Why reading ended before the end.
    pub fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    fn consume(&mut self, count: usize) {
        let bytes = &self.source.buffer()[..count];
        self.hasher.update(bytes);
        self.length += count as u64;
        self.source.consume(count);
    }

    /// Reads some lines.
    fn refill(&mut self) {
        let (mut bytes, mut lines) = (Vec::new(), Vec::new());
        while lines.len() < LINES && bytes.len() < BYTES && !self.is_done {
            let start = bytes.len();
            // Many empty lines are passed over at once.
            let blank = self.source.buffer().iter().take_while(|byte| **byte == b'\n').count();
            if blank > 0 {
                self.consume(blank);
                match lines.last_mut() {
                    Some(Raw::Blank(count)) => *count += blank,
                    _ => lines.push(Raw::Blank(blank)),
                }
                continue;
            }
            match self.line(&mut bytes) {
                Err(error) => {
                    self.error = Some(error);
                    self.is_done = true;
                }
                Ok(false) => {
                    lines.push(Raw::TooLong);
                    self.is_done = true;
                }
                Ok(true) if bytes[start..].trim_ascii().is_empty() => {
                    let had_line = bytes.len() > start;
                    bytes.truncate(start);
                    match lines.last_mut() {
                        Some(Raw::Blank(count)) => *count += 1,
                        // There is no line at the end of the file.
                        _ if !had_line && self.is_done => {}
                        _ => lines.push(Raw::Blank(1)),
                    }
                }
                Ok(true) => lines.push(Raw::Text(start..bytes.len())),
            }
        }
        self.parsed = parse(&bytes, &lines).into_iter();
    }

    /// Adds one line with its line feed; `false` if it is too long.
    fn line(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let start = bytes.len();
        loop {
            let available = self.source.fill_buf()?;
            let end = available.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let count = end.unwrap_or(available.len());
            bytes.extend_from_slice(&available[..count]);
            self.is_done = count == 0;
            self.consume(count);
            if bytes.len() - start > MAX_LINE + 1 {
                return Ok(false);
            }
            if end.is_some() || self.is_done {
                return Ok(true);
            }
        }
    }
}

impl<R: Read> Iterator for ChainLines<R> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            match self.parsed.next() {
                Some(line) => return Some(line),
                None if self.is_done => return None,
                None => self.refill(),
            }
        }
    }
}

/// On threads of its own and never on rayon's: the book is held while a log is read, and a thread of
/// rayon's that waits for a part of the log would take up a judgement, which waits for the book.
fn parse(bytes: &[u8], lines: &[Raw]) -> Vec<Line> {
    let all = |part: &[Raw]| -> Vec<Line> {
        let line = |raw: &Raw| match raw {
            Raw::Blank(count) => Line::Blank(*count),
            Raw::TooLong => Line::too_long(),
            Raw::Text(range) => Line::parse(&bytes[range.clone()]),
        };
        part.iter().map(line).collect()
    };
    if lines.len() <= FEW {
        return all(lines);
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let parts = lines.chunks(lines.len().div_ceil(cores).max(FEW));
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || all(part))).collect();
        let joined =
            parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use countersign_envelope::chain;
    use proptest::prelude::*;

    use super::*;

    fn words(lines: impl Iterator<Item = Line>) -> Vec<String> {
        let mut words = Vec::new();
        for line in lines {
            match line {
                Line::Blank(count) => (0..count).for_each(|_| words.push("blank".to_owned())),
                Line::Garbage(why) => words.push(why.to_string()),
                Line::Entry { object, .. } => words.push(format!("{object:?}")),
            }
        }
        // An empty line at the end is none.
        while words.last().is_some_and(|word| word == "blank") {
            words.pop();
        }
        words
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_bytes(text in "(\\{\\}|\n| \n|x|\\{\"a\":1\\}){0,40}") {
            let bytes = text.as_bytes();
            let split = words(bytes.split(|byte| *byte == b'\n').map(Line::parse));
            let mut lines = ChainLines::new(bytes);
            prop_assert_eq!(words(&mut lines), split);
            prop_assert_eq!(lines.read_so_far(), (bytes.len() as u64, Digest::of(bytes)));
        }
    }

    #[test]
    fn a_line_without_an_end_is_read_to_its_bound_only() {
        let mut lines = ChainLines::new(io::repeat(0));
        let summary = chain::read(&mut lines, |_, _| panic!());
        assert_eq!(summary.broken.unwrap().english(), "line 1: longer than 1 MiB");
        assert!(lines.read_so_far().0 < 2 * MAX_LINE as u64);
    }
}
