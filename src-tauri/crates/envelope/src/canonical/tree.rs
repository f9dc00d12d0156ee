//! The canonical form of a tree of values.

use std::ops::Range;

use super::number::write_number;
use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{Object, Value, write_string};

/// The canonical bytes of a value.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The digest of the canonical bytes of a value.
pub fn digest(value: &Value) -> Digest {
    Digest::of(to_string(value).as_bytes())
}

/// The canonical bytes of an object, written once, with the place of each top-level member.
#[derive(Debug, Clone)]
pub struct CanonicalObject {
    text: String,
    /// Where each member's value stands, in the order of the object's keys.
    values: Vec<Range<usize>>,
}

impl CanonicalObject {
    /// Writes an object.
    pub fn new(object: &Object) -> Self {
        let mut text = String::with_capacity(2048);
        let mut values = Vec::with_capacity(object.len());
        text.push('{');
        for (index, (key, value)) in object.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_string(key, &mut text);
            text.push(':');
            let start = text.len();
            write(value, &mut text);
            values.push(start..text.len());
        }
        text.push('}');
        Self { text, values }
    }

    /// The bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// The digest with the text member `key` set to `""`: how `entry_hash` is computed.
    pub fn digest_with_blank(&self, object: &Object, key: &str) -> Option<Digest> {
        let range = self.place(object, key)?;
        let text = self.text.as_bytes();
        let (before, after) = (&text[..range.start], &text[range.end..]);
        Some(Digest::of_parts(&[before, b"\"\"", after]))
    }

    fn place(&self, object: &Object, key: &str) -> Option<Range<usize>> {
        let index = object.iter().position(|(k, _)| k == key)?;
        self.values.get(index).cloned()
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(written) => write_number(written, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (index, (key, item)) in object.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    if let Some(instant) = Instant::parse(text) {
        out.push('"');
        instant.write_canonical(out);
        out.push('"');
    } else if text.contains('\r') {
        write_string(&text.replace("\r\n", "\n").replace('\r', "\n"), out);
    } else {
        write_string(text, out);
    }
}
