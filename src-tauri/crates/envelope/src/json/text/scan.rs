//! Finding the ends of values in JSON that was checked, and reading its strings.

use std::borrow::Cow;
use std::cmp::Ordering;

pub(crate) fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the next item, key or closing bracket stands, from where a value ended.
pub(crate) fn after_comma(bytes: &[u8], end: usize) -> usize {
    let at = skip_space(bytes, end);
    if bytes.get(at) == Some(&b',') { skip_space(bytes, at + 1) } else { at }
}

/// Where a string ends, after its closing quotation mark, from where its opening one stands.
pub(crate) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    loop {
        match bytes[end] {
            b'"' => return end + 1,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// Where a number, `true`, `false` or `null` ends.
pub(crate) fn scalar_end(bytes: &[u8], at: usize) -> usize {
    let is_part = |byte: &u8| !matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
    at + bytes[at..].iter().take_while(|byte| is_part(byte)).count()
}

pub(super) fn skip_value(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'"' => return string_end(bytes, at),
        b'{' | b'[' => {}
        _ => return scalar_end(bytes, at),
    }
    let (mut end, mut depth) = (at, 0_usize);
    loop {
        match bytes[end] {
            b'"' => {
                end = string_end(bytes, end);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        end += 1;
        if depth == 0 {
            return end;
        }
    }
}

/// A stretch of a string as it was written, or one escaped character.
pub(crate) enum Piece<'t> {
    Plain(&'t [u8]),
    Escaped(char),
}

/// The pieces of a string in order.
pub(crate) struct Pieces<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Pieces<'t> {
    /// The pieces of the string whose opening quotation mark stands at `at`.
    pub(crate) fn new(bytes: &'t [u8], at: usize) -> Self {
        Self { bytes, at: at + 1 }
    }

    fn code_unit(&self, at: usize) -> u32 {
        let hex = self.bytes[at..at + 4].iter();
        hex.fold(0, |unit, digit| unit << 4 | char::from(*digit).to_digit(16).unwrap_or(0))
    }

    fn escaped(&mut self) -> char {
        let letter = self.bytes[self.at + 1];
        self.at += 2;
        match letter {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = self.code_unit(self.at);
                self.at += 4;
                if (0xd800..0xdc00).contains(&unit) {
                    // The parser let only whole pairs through: `\u` and the low surrogate follow.
                    let low = self.code_unit(self.at + 2).wrapping_sub(0xdc00);
                    unit = 0x10000 + ((unit - 0xd800) << 10) + low;
                    self.at += 6;
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            itself => char::from(itself),
        }
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        match self.bytes[self.at] {
            b'"' => None,
            b'\\' => Some(Piece::Escaped(self.escaped())),
            _ => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
                self.at += length;
                Some(Piece::Plain(&rest[..length]))
            }
        }
    }
}

/// A string as it was written, without its quotation marks, if it has no escapes.
fn plain(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = &bytes[at + 1..];
    let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
    (rest[length] == b'"').then(|| &rest[..length])
}

/// The string whose opening quotation mark stands at `at`.
pub(crate) fn decode(bytes: &[u8], at: usize) -> Cow<'_, str> {
    // The parser let only UTF-8 through.
    if let Some(plain) = plain(bytes, at) {
        return String::from_utf8_lossy(plain);
    }
    let mut text = String::new();
    for piece in Pieces::new(bytes, at) {
        match piece {
            Piece::Plain(plain) => text.push_str(&String::from_utf8_lossy(plain)),
            Piece::Escaped(escaped) => text.push(escaped),
        }
    }
    Cow::Owned(text)
}

/// Two strings of a text by code point.
pub(super) fn compare(bytes: &[u8], one: usize, other: usize) -> Ordering {
    match (plain(bytes, one), plain(bytes, other)) {
        (Some(one), Some(other)) => one.cmp(other),
        _ => decode(bytes, one).cmp(&decode(bytes, other)),
    }
}

pub(super) fn compare_with(bytes: &[u8], at: usize, text: &str) -> Ordering {
    match plain(bytes, at) {
        Some(plain) => plain.cmp(text.as_bytes()),
        None => decode(bytes, at).as_ref().cmp(text),
    }
}
