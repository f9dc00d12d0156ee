//! JSON as the format reads it (RFC 8259): numbers at full precision, the last of duplicate keys
//! wins but the duplicate is remembered, lone surrogates and anything beyond the value are errors.

use compact_str::{CompactString, format_compact};
use countersign_problem::Problem;
use jiter::{Jiter, Peek};

mod text;

pub use text::{Items, Member, Members, Node, Text};
pub(crate) use text::{Piece, Pieces, after_comma, decode, scalar_end, skip_space, string_end};

/// Deepest nesting of arrays and objects that is read. The reference gives up a little deeper, at
/// Python's recursion limit; real sealed runs stay below ten.
pub const MAX_DEPTH: usize = 480;

/// The most digits of one integer; beyond it the reference refuses to read the number as well.
pub const MAX_INTEGER_DIGITS: usize = 4300;

/// Why bytes are not the JSON that this format allows.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum JsonError {
    /// The text breaks the grammar, has a lone surrogate, or goes on after the value.
    Syntax {
        /// What the parser met.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// The text is JSON perhaps, but in another encoding than UTF-8 without a byte order mark.
    Encoding(&'static str),
    /// A version control system stopped in the middle of a merge.
    ConflictMarkers {
        /// Line, from 1.
        line: usize,
    },
    /// Arrays or objects are nested deeper than [`MAX_DEPTH`].
    #[arg(max_depth = MAX_DEPTH)]
    TooDeep,
    /// A number whose double is infinite.
    NotFinite(CompactString),
    /// Longer than any text is read.
    TooLarge,
}

/// A JSON value. Numbers keep the text they were written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written; checked to be finite.
    Number(CompactString),
    /// A string, unescaped.
    String(CompactString),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// A JSON object, its members sorted by Unicode code point of the key, each key once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    members: Vec<(CompactString, Value)>,
}

/// A parsed text: the value, and the first key that an object in it gives twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The value, the last of duplicate keys standing.
    pub value: Value,
    /// The first duplicate key met, if any.
    pub duplicate_key: Option<CompactString>,
}

/// Reads one JSON text.
///
/// # Errors
/// [`JsonError`] where the bytes are not one whole JSON value within the bounds of this module.
pub fn parse(bytes: &[u8]) -> Result<Document, JsonError> {
    let mut reader = Reader { jiter: Jiter::new(bytes), bytes, duplicate_key: None };
    let peek = reader.jiter.peek().map_err(|e| reader.syntax(&e))?;
    let value = reader.value(peek, 0)?;
    reader.jiter.finish().map_err(|e| reader.syntax(&e))?;
    Ok(Document { value, duplicate_key: reader.duplicate_key })
}

struct Reader<'j> {
    jiter: Jiter<'j>,
    bytes: &'j [u8],
    duplicate_key: Option<CompactString>,
}

impl Reader<'_> {
    fn syntax(&self, error: &jiter::JiterError) -> JsonError {
        syntax_error(self.bytes, error)
    }

    fn value(&mut self, peek: Peek, depth: usize) -> Result<Value, JsonError> {
        match peek {
            Peek::Null => {
                self.jiter.known_null().map_err(|e| self.syntax(&e))?;
                Ok(Value::Null)
            }
            Peek::True | Peek::False => {
                Ok(Value::Bool(self.jiter.known_bool(peek).map_err(|e| self.syntax(&e))?))
            }
            Peek::String => match self.jiter.known_str() {
                Ok(text) => Ok(Value::String(CompactString::new(text))),
                Err(e) => Err(self.syntax(&e)),
            },
            Peek::Array => self.array(depth + 1).map(Value::Array),
            Peek::Object => self.object(depth + 1).map(Value::Object),
            number => {
                let written = match self.jiter.known_number_bytes(number) {
                    Ok(bytes) => bytes,
                    Err(e) => return Err(self.syntax(&e)),
                };
                check_number(written)?;
                Ok(Value::Number(CompactString::from_utf8_lossy(written)))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        let mut items = Vec::new();
        let mut next = self.jiter.known_array().map_err(|e| self.syntax(&e))?;
        while let Some(peek) = next {
            items.push(self.value(peek, depth)?);
            next = self.jiter.array_step().map_err(|e| self.syntax(&e))?;
        }
        Ok(items)
    }

    fn object(&mut self, depth: usize) -> Result<Object, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        let mut members = Vec::new();
        let mut key = match self.jiter.known_object() {
            Ok(key) => key.map(CompactString::new),
            Err(e) => return Err(self.syntax(&e)),
        };
        while let Some(name) = key {
            let peek = self.jiter.peek().map_err(|e| self.syntax(&e))?;
            let value = self.value(peek, depth)?;
            members.push((name, value));
            key = match self.jiter.next_key() {
                Ok(key) => key.map(CompactString::new),
                Err(e) => return Err(self.syntax(&e)),
            };
        }
        let (object, duplicate) = Object::from_members(members);
        if self.duplicate_key.is_none() {
            self.duplicate_key = duplicate;
        }
        Ok(object)
    }
}

fn syntax_error(bytes: &[u8], error: &jiter::JiterError) -> JsonError {
    if let Some(encoding) = foreign_encoding(bytes) {
        return JsonError::Encoding(encoding);
    }
    if let Some(line) = conflict_marker(bytes) {
        return JsonError::ConflictMarkers { line };
    }
    let position = jiter::LinePosition::find(bytes, error.index);
    JsonError::Syntax {
        message: error.error_type.to_string(),
        line: position.line,
        column: position.column,
    }
}

/// The line, from 1, of the first conflict marker that git, Mercurial, Subversion or Jujutsu left in
/// a text: seven or more `<`, and what the side is called.
pub fn conflict_marker(bytes: &[u8]) -> Option<usize> {
    let is_marker = |line: &[u8]| {
        let length = line.iter().take_while(|byte| **byte == b'<').count();
        length >= 7 && line.get(length) == Some(&b' ')
    };
    bytes.split(|byte| *byte == b'\n').position(is_marker).map(|index| index + 1)
}

/// The encoding of a text that editors show like any other and that is not JSON's, by its first
/// bytes (RFC 8259 section 8.1): the first character of a JSON text is always ASCII.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some("UTF-8 with a byte order mark"),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [1..=u8::MAX, 0, 0, 0, ..] | [0, 0, 0, 1..=u8::MAX, ..] => Some("UTF-32"),
        [1..=u8::MAX, 0, ..] | [0, 1..=u8::MAX, ..] => Some("UTF-16"),
        _ => None,
    }
}

/// Only what has an exponent, or hundreds of digits, can be beyond the range of a double.
fn check_number(written: &[u8]) -> Result<(), JsonError> {
    let may_be_infinite = written.len() > 300 || written.iter().any(|b| matches!(b, b'e' | b'E'));
    if may_be_infinite {
        let text = String::from_utf8_lossy(written);
        if is_float(&text) && !text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(JsonError::NotFinite(brief_text(&text)));
        }
    }
    Ok(())
}

/// A written number as a whole number not below zero, if it is one that fits.
fn count_of(written: &str) -> Option<u64> {
    written.parse().ok().or_else(|| {
        // `2.0` is 2; beyond 2^53 a double no longer counts.
        let number: f64 = written.parse().ok()?;
        let counts = number.fract() == 0.0 && (0.0..9e15).contains(&number);
        counts.then_some(number as u64)
    })
}

fn is_nonzero(written: &str) -> bool {
    written.parse::<f64>().is_ok_and(|number| number != 0.0)
}

/// A text cut to what a line of a report can show.
fn brief_text(text: &str) -> CompactString {
    const SHOWN: usize = 1000;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format_compact!("{}…", &text[..end]),
        None => CompactString::new(text),
    }
}

/// Whether a number's text has a fraction or an exponent, which makes it an IEEE double.
pub(crate) fn is_float(written: &str) -> bool {
    written.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'))
}

impl Object {
    /// An object without members.
    pub const EMPTY: Object = Object { members: Vec::new() };

    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    fn from_members(mut members: Vec<(CompactString, Value)>) -> (Self, Option<CompactString>) {
        let sorted = members.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let mut duplicate = None;
        if !sorted {
            // Stable, so that of equal keys the last written comes last and is the one kept.
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(&mut later.1, &mut earlier.1);
                    duplicate.get_or_insert_with(|| earlier.0.clone());
                }
                same
            });
        }
        (Self { members }, duplicate)
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let index = self.members.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        Some(&self.members[index].1)
    }

    /// A member, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let index = self.members.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        self.members.get_mut(index).map(|(_, value)| value)
    }

    /// The string under a key, if there is one and it is a string.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Whether the key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets a member, replacing what stood under the key.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.members.binary_search_by(|(k, _)| k.as_str().cmp(key)) {
            Ok(index) => self.members[index].1 = value,
            Err(index) => self.members.insert(index, (CompactString::new(key), value)),
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.members.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        Some(self.members.remove(index).1)
    }

    /// The members in order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl Value {
    /// The member under a key, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The string, where this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, where this is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, where this is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, where this is a whole number not below zero that fits.
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Value::Number(written) => count_of(written),
            _ => None,
        }
    }

    /// Whether the reference counts the value as given: not null, false, zero or empty.
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(b) => *b,
            Value::Number(written) => is_nonzero(written),
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(object) => !object.is_empty(),
        }
    }

    /// A short form for a report: strings and numbers cut to a line, arrays and objects by their
    /// size.
    pub fn brief(&self) -> CompactString {
        match self {
            Value::Null => CompactString::const_new("null"),
            Value::Bool(b) => format_compact!("{b}"),
            Value::Number(text) | Value::String(text) => brief_text(text),
            Value::Array(items) => format_compact!("a list of {}", items.len()),
            Value::Object(object) => format_compact!("an object of {}", object.len()),
        }
    }

    /// The text written to files: two spaces of indent, keys sorted, a line feed at the end.
    pub fn to_pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out.push('\n');
        out
    }

    /// The text on one line, for logs of one JSON value per line. Numbers stay as written.
    pub fn to_line(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(text) => out.push_str(text),
            Value::String(text) => write_string(text, out),
            Value::Array(items) => {
                write_items(out, indent, ['[', ']'], items.iter(), |out, item, inner| {
                    item.write(out, inner);
                });
            }
            Value::Object(object) => {
                write_items(out, indent, ['{', '}'], object.iter(), |out, (key, value), inner| {
                    write_string(key, out);
                    out.push_str(": ");
                    value.write(out, inner);
                });
            }
        }
    }
}

fn write_items<T>(
    out: &mut String,
    indent: Option<usize>,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut String, T, Option<usize>),
) {
    let inner = indent.map(|columns| columns + 2);
    let new_line = |out: &mut String, columns: Option<usize>| {
        if let Some(columns) = columns {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', columns));
        }
    };
    out.push(open);
    let mut empty = true;
    for item in items {
        if !empty {
            out.push_str(if inner.is_some() { "," } else { ", " });
        }
        empty = false;
        new_line(out, inner);
        write(out, item, inner);
    }
    if !empty {
        new_line(out, indent);
    }
    out.push(close);
}

/// Writes a string with the escapes of canonical JSON: `"`, `\` and U+0000 to U+001F, nothing else.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (index, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..index]);
        plain_from = index + 1;
        out.push_str(&escape(byte));
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

/// The escape of canonical JSON for `"`, `\\` or a control character.
pub(crate) fn escape(byte: u8) -> CompactString {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        control => {
            let digits = [HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]];
            let mut written = CompactString::const_new("\\u00");
            written.extend(digits.map(char::from));
            return written;
        }
    };
    CompactString::const_new(short)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(CompactString::new(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(CompactString::from(text))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Value::Null, Value::from)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(format_compact!("{number}"))
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::Array(items)
    }
}

impl<V: Into<Value>, const N: usize> From<[(&str, V); N]> for Object {
    fn from(members: [(&str, V); N]) -> Self {
        let members = members.into_iter().map(|(k, v)| (CompactString::new(k), v.into())).collect();
        Object::from_members(members).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_duplicate_keys_wins_and_the_duplicate_is_reported() {
        let document = parse(br#"{"b":1,"a":{"x":1,"x":2},"b":3}"#).unwrap();
        assert_eq!(document.value.at(&["a", "x"]), Some(&Value::Number("2".into())));
        assert_eq!(document.value.get("b"), Some(&Value::Number("3".into())));
        assert_eq!(document.duplicate_key.as_deref(), Some("x"));
    }

    #[test]
    fn nesting_is_bounded_without_a_crash() {
        let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(parse(fits.as_bytes()).is_ok());
        assert_eq!(parse("[".repeat(MAX_DEPTH + 1).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse(r#"{"a":"#.repeat(100_000).as_bytes()), Err(JsonError::TooDeep));
    }

    #[test]
    fn errors_say_where() {
        let error = parse(b"{\n  \"a\": 01\n}").unwrap_err();
        assert_eq!(error.to_string(), "not JSON: invalid number at line 2, column 9");
    }

    #[test]
    fn an_encoding_other_than_utf_8_is_named() {
        let utf16: Vec<u16> = "{\"a\": 1}".encode_utf16().collect();
        let little: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for (bytes, name) in [
            ([b"\xef\xbb\xbf", &b"{}"[..]].concat(), "UTF-8 with a byte order mark"),
            ([b"\xff\xfe", &little[..]].concat(), "UTF-16"),
            ([b"\xfe\xff", &big[..]].concat(), "UTF-16"),
            (little, "UTF-16"),
            (big, "UTF-16"),
            (b"\xff\xfe\0\0{\0\0\0}\0\0\0".to_vec(), "UTF-32"),
        ] {
            assert_eq!(parse(&bytes), Err(JsonError::Encoding(name)));
            let text = Text::parse(std::sync::Arc::new(bytes));
            assert_eq!(text.err(), Some(JsonError::Encoding(name)));
        }
        assert!(parse(b"\0").unwrap_err().to_string().contains("line 1, column 1"));
    }

    #[test]
    fn a_rewrite_keeps_numbers_as_written_and_what_it_does_not_know() {
        let text =
            "{\n  \"a\": 85.0,\n  \"b\": [\n    1e2,\n    {}\n  ],\n  \"é\": \"\\u0001\"\n}\n";
        assert_eq!(parse(text.as_bytes()).unwrap().value.to_pretty(), text);
    }
}
