//! The tree: values, and objects that keep the order of their keys.

use compact_str::{CompactString, format_compact};

use super::write::{write_items, write_string};

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

/// A written number as a whole number not below zero, if it is one that fits.
pub(super) fn count_of(written: &str) -> Option<u64> {
    written.parse().ok().or_else(|| {
        // `2.0` is 2; beyond 2^53 a double no longer counts.
        let number: f64 = written.parse().ok()?;
        let counts = number.fract() == 0.0 && (0.0..9e15).contains(&number);
        counts.then_some(number as u64)
    })
}

pub(super) fn is_nonzero(written: &str) -> bool {
    written.parse::<f64>().is_ok_and(|number| number != 0.0)
}

/// A text cut to what a line of a report can show.
pub(super) fn brief_text(text: &str) -> CompactString {
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

    pub(super) fn from_members(
        mut members: Vec<(CompactString, Value)>,
    ) -> (Self, Option<CompactString>) {
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
