//! Reading a document into a tree, with bounds.

use compact_str::CompactString;
use countersign_problem::Problem;
use jiter::{Jiter, Peek};

use super::value::{Object, Value, brief_text, is_float};

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
    pub(super) jiter: Jiter<'j>,
    pub(super) bytes: &'j [u8],
    pub(super) duplicate_key: Option<CompactString>,
}

impl Reader<'_> {
    fn syntax(&self, error: &jiter::JiterError) -> JsonError {
        syntax_error(self.bytes, error)
    }

    pub(super) fn value(&mut self, peek: Peek, depth: usize) -> Result<Value, JsonError> {
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

pub(super) fn syntax_error(bytes: &[u8], error: &jiter::JiterError) -> JsonError {
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
        [0xef, 0xbb, 0xbf, ..] => Some("UTF-8-BOM"),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [1..=u8::MAX, 0, 0, 0, ..] | [0, 0, 0, 1..=u8::MAX, ..] => Some("UTF-32"),
        [1..=u8::MAX, 0, ..] | [0, 1..=u8::MAX, ..] => Some("UTF-16"),
        _ => None,
    }
}

/// Only what has an exponent, or hundreds of digits, can be beyond the range of a double.
pub(super) fn check_number(written: &[u8]) -> Result<(), JsonError> {
    let may_be_infinite = written.len() > 300 || written.iter().any(|b| matches!(b, b'e' | b'E'));
    if may_be_infinite {
        let text = String::from_utf8_lossy(written);
        if is_float(&text) && !text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(JsonError::NotFinite(brief_text(&text)));
        }
    }
    Ok(())
}
