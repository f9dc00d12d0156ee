//! Writing the canonical form of a text that was read, without a tree.

use countersign_problem::Problem;
use sha2::Digest as _;

use super::number::write_number;
use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{
    Node, Piece, Pieces, Text, after_comma, decode, escape, is_float, scalar_end, skip_space,
    string_end,
};

/// Longest canonical form that is judged. It is longer than the text only where numbers such as
/// `1e300` are written out in full.
pub const MAX_CANONICAL: u64 = 256 << 20;

/// The canonical form is longer than [`MAX_CANONICAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Problem)]
#[arg(limit = MAX_CANONICAL >> 20)]
pub struct TooLong;

/// Where canonical bytes go, piece by piece.
pub(super) trait Sink {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong>;
}

impl<F: FnMut(&[u8])> Sink for F {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self(bytes);
        Ok(())
    }
}

/// Gives the canonical bytes of a text to `sink`, piece by piece.
pub fn write_to(text: &Text, sink: impl FnMut(&[u8])) {
    let mut writer = Writer::new(text, sink);
    // This sink takes any length.
    let _ = writer.value(text.root().place().1);
    let _ = writer.flush();
}

/// The digest of the canonical bytes of a value in a text.
pub fn digest_of(node: Node<'_>) -> Digest {
    let (text, at) = node.place();
    let mut hash = sha2::Sha256::new();
    let mut writer = Writer::new(text, |piece: &[u8]| hash.update(piece));
    // This sink takes any length.
    let _ = writer.value(at);
    let _ = writer.flush();
    Digest::from_hash(hash)
}

/// Writes the canonical form of a text as it reads through it, holding no more than a piece.
pub(super) struct Writer<'t, S> {
    text: &'t Text,
    pub(super) bytes: &'t [u8],
    /// Where the search for indexed objects goes on.
    near: usize,
    out: Vec<u8>,
    number: String,
    /// The first time without zone that was met.
    pub(super) local_time: Option<usize>,
    pub(super) sink: S,
}

impl<'t, S: Sink> Writer<'t, S> {
    const PIECE: usize = 32 << 10;

    pub(super) fn new(text: &'t Text, sink: S) -> Self {
        let out = Vec::with_capacity(2048);
        let (near, number, local_time) = (0, String::new(), None);
        Self { text, bytes: text.bytes(), near, out, number, local_time, sink }
    }

    pub(super) fn flush(&mut self) -> Result<(), TooLong> {
        let taken = self.sink.take(&self.out);
        self.out.clear();
        taken
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.out.len() + bytes.len() > Self::PIECE {
            self.flush()?;
            if bytes.len() > Self::PIECE {
                return self.sink.take(bytes);
            }
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// Writes the value at `at` and returns where it ends in the text.
    pub(super) fn value(&mut self, at: usize) -> Result<usize, TooLong> {
        match self.bytes[at] {
            b'{' => self.object(at),
            b'[' => self.array(at),
            b'"' => self.string(at, true),
            _ => {
                let end = scalar_end(self.bytes, at);
                let written = &self.bytes[at..end];
                match std::str::from_utf8(written) {
                    Ok(number) if written[0] < b'A' && (is_float(number) || number == "-0") => {
                        let mut out = std::mem::take(&mut self.number);
                        out.clear();
                        write_number(number, &mut out);
                        self.push(out.as_bytes())?;
                        self.number = out;
                    }
                    _ => self.push(written)?,
                }
                Ok(end)
            }
        }
    }

    fn array(&mut self, at: usize) -> Result<usize, TooLong> {
        self.push(b"[")?;
        let mut next = skip_space(self.bytes, at + 1);
        let mut comma: &[u8] = b"";
        while self.bytes[next] != b']' {
            self.push(comma)?;
            comma = b",";
            let end = self.value(next)?;
            next = after_comma(self.bytes, end);
        }
        self.push(b"]")?;
        Ok(next + 1)
    }

    fn object(&mut self, at: usize) -> Result<usize, TooLong> {
        self.push(b"{")?;
        let mut comma: &[u8] = b"";
        let mut last = at + 1;
        if let Some(keys) = self.text.indexed(at, &mut self.near) {
            for key in keys {
                self.push(comma)?;
                comma = b",";
                // The member written last is always among those that stand.
                last = last.max(self.member(*key as usize)?);
            }
            last = skip_space(self.bytes, last);
        } else {
            last = skip_space(self.bytes, last);
            while self.bytes[last] != b'}' {
                self.push(comma)?;
                comma = b",";
                let end = self.member(last)?;
                last = after_comma(self.bytes, end);
            }
        }
        self.push(b"}")?;
        Ok(last + 1)
    }

    fn member(&mut self, key: usize) -> Result<usize, TooLong> {
        self.key(key)?;
        self.value(self.text.value_of(key))
    }

    pub(super) fn key(&mut self, key: usize) -> Result<(), TooLong> {
        self.string(key, false)?;
        self.push(b":")
    }

    /// Writes a string; only values are read as times and have their line ends changed.
    fn string(&mut self, at: usize, is_value: bool) -> Result<usize, TooLong> {
        let end = string_end(self.bytes, at);
        let raw = &self.bytes[at + 1..end - 1];
        let is_plain = !raw.contains(&b'\\');
        if is_value
            && may_be_time(self.bytes, at, is_plain)
            && let Some(instant) = Instant::parse(&decode(self.bytes, at))
        {
            if instant.is_local && self.local_time.is_none() {
                self.local_time = Some(at);
            }
            let mut text = String::from("\"");
            instant.write_canonical(&mut text);
            text.push('"');
            self.push(text.as_bytes())?;
            return Ok(end);
        }
        if is_plain {
            self.push(&self.bytes[at..end])?;
            return Ok(end);
        }
        self.push(b"\"")?;
        let mut after_return = false;
        for piece in Pieces::new(self.bytes, at) {
            let is_return = matches!(piece, Piece::Escaped('\r')) && is_value;
            match piece {
                Piece::Plain(plain) => self.push(plain)?,
                Piece::Escaped('\n') if after_return => {}
                Piece::Escaped(_) if is_return => self.push(b"\\n")?,
                Piece::Escaped(special) if special < ' ' || matches!(special, '"' | '\\') => {
                    self.push(escape(special as u8).as_bytes())?;
                }
                Piece::Escaped(other) => self.push(other.encode_utf8(&mut [0; 4]).as_bytes())?,
            }
            after_return = is_return;
        }
        self.push(b"\"")?;
        Ok(end)
    }
}

/// Whether a string has digits and the `T` where a time has them.
fn may_be_time(bytes: &[u8], at: usize, is_plain: bool) -> bool {
    if is_plain {
        return bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && bytes.get(at + 11) == Some(&b'T');
    }
    let mut seen = 0;
    for piece in Pieces::new(bytes, at) {
        let (first, length) = match &piece {
            Piece::Plain(plain) => (plain.get(10 - seen).copied(), plain.len()),
            Piece::Escaped(escaped) => (u8::try_from(*escaped).ok(), 1),
        };
        if seen + length > 10 {
            return first == Some(b'T');
        }
        seen += length;
    }
    false
}
