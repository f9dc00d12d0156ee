//! A file as lines of text, for showing it raw: any size, any content, line by line.

use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use serde::Serialize;

use countersign_envelope::count::count;

vocabulary! {
    /// One of the files of an envelope.
    RawPart {
        /// The sealed run.
        Run = "run",
        /// The manifest.
        Manifest = "manifest",
        /// The run's signatures.
        RunSignatures = "run_signatures",
        /// The manifest's signatures.
        ManifestSignatures = "manifest_signatures",
        /// The refusals to sign the run.
        Refusals = "refusals",
    }
}

/// Longest piece of a line that is shown in one, in characters. A file on one line of megabytes is
/// shown in many.
const PIECE: usize = 120;

/// Some lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RawLines {
    /// Which file.
    pub part: RawPart,
    /// The first of these lines, from 0.
    pub first: u32,
    /// How many lines there are.
    pub total: u32,
    /// The lines.
    pub lines: Vec<RawLine>,
}

/// One line, or a piece of one that is very long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RawLine {
    /// Its number in the file, from 1.
    pub number: u32,
    /// The text, with hidden characters made visible.
    pub text: String,
    /// Whether the line goes on in the next piece.
    pub continues: bool,
}

/// The text of a file with an index of its lines.
#[derive(Debug)]
pub struct RawText {
    text: String,
    /// Line number, start and whether it continues, for each piece.
    pieces: Vec<(u32, usize, bool)>,
}

impl RawText {
    /// Splits the bytes of a file. Invalid UTF-8 becomes U+FFFD; such a file cannot be signed.
    pub fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut pieces = Vec::new();
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let number = count(number + 1);
            let mut starts =
                line.char_indices().step_by(PIECE).map(|(at, _)| start + at).peekable();
            while let Some(at) = starts.next() {
                pieces.push((number, at, starts.peek().is_some()));
            }
            start += line.len();
        }
        Self { text, pieces }
    }

    /// How many lines, pieces of long ones counted each.
    pub fn len(&self) -> u32 {
        count(self.pieces.len())
    }

    /// Whether the file is empty.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Some of the lines; fewer at the end.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        let total = self.pieces.len();
        let from = (first as usize).min(total);
        let to = from.saturating_add(wanted as usize).min(total);
        let line = |index: usize| {
            let (number, start, continues) = self.pieces[index];
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.1);
            let text = self.text[start..end].trim_end_matches(['\r', '\n']);
            // A tab can only be white space in JSON: as a character of a string it is an error.
            RawLine { number, text: visible(&text.replace('\t', "    ")), continues }
        };
        RawLines { part, first, total: self.len(), lines: (from..to).map(line).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_as_in_the_file_and_long_ones_come_in_pieces() {
        let long = "é".repeat(PIECE * 2 + 1);
        let raw = RawText::new(format!("{{\r\n\t\"a\": \"{long}\"\n}}").as_bytes());
        let lines = raw.lines(RawPart::Run, 0, 100);
        let numbers: Vec<_> = lines.lines.iter().map(|l| (l.number, l.continues)).collect();
        assert_eq!(numbers, [(1, false), (2, true), (2, true), (2, false), (3, false)]);
        assert_eq!(lines.lines[0].text, "{");
        assert!(lines.lines[1].text.starts_with("    \"a\": \"é"));
        let whole: String = lines.lines[1..4].iter().map(|l| l.text.trim_start()).collect();
        assert_eq!(whole, format!("\"a\": \"{long}\""));
        assert_eq!(raw.lines(RawPart::Run, 4, 100).lines.len(), 1);
        assert_eq!(raw.lines(RawPart::Run, 9, 1).lines.len(), 0);
    }

    #[test]
    fn hidden_characters_are_displayed() {
        let raw = RawText::new("{\"a\": \"x\u{202e}y\"}".as_bytes());
        assert_eq!(raw.lines(RawPart::Run, 0, 1).lines[0].text, "{\"a\": \"x⟨U+202E⟩y\"}");
    }
}
