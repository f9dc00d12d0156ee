//! Canonical JSON: the one spelling of a value that is hashed and signed.
//!
//! Keys sorted by Unicode code point, no white space, timestamps in UTC, line ends as LF, numbers
//! as the reference prints them (integers exactly, doubles rounded to 15 significant digits).

use std::ops::Range;

use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{Object, Value, is_float, write_string};

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

/// The canonical bytes of an object, written once, with the place of each top-level member: what
/// the payload digest, the content hash and the commit hash are all taken from.
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

    /// The canonical bytes.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The digest of the canonical bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(self.bytes())
    }

    /// The digest of one member's canonical bytes. `object` is the one that was written.
    pub fn member_digest(&self, object: &Object, key: &str) -> Option<Digest> {
        let range = self.place(object, key)?;
        Some(Digest::of(&self.bytes()[range]))
    }

    /// The digest with the text member `key` set to `""`: how `hash` and `entry_hash` are computed.
    pub fn digest_with_blank(&self, object: &Object, key: &str) -> Option<Digest> {
        let range = self.place(object, key)?;
        let (before, after) = (&self.bytes()[..range.start], &self.bytes()[range.end..]);
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
        instant.write(out);
        out.push('"');
    } else if text.contains('\r') {
        write_string(&text.replace("\r\n", "\n").replace('\r', "\n"), out);
    } else {
        write_string(text, out);
    }
}

fn write_number(written: &str, out: &mut String) {
    if !is_float(written) {
        out.push_str(if written == "-0" { "0" } else { written });
        return;
    }
    // The parser let only finite doubles through.
    let number: f64 = written.parse().unwrap_or(0.0);
    if number == 0.0 {
        out.push('0');
    } else if number.fract() == 0.0 {
        out.push_str(&format!("{number:.0}"));
    } else {
        write_double(number, out);
    }
}

/// Rounds to 15 significant digits and prints the shortest form that reads back, laid out as
/// Python's `repr` does: exponents below 1e-4 and from 1e16, of at least two digits.
fn write_double(number: f64, out: &mut String) {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let shortest = format!("{rounded:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    out.push_str(sign);
    if !(-4..16).contains(&exponent) {
        out.push_str(mantissa);
        out.push_str(&format!("e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()));
    } else if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', exponent.unsigned_abs() as usize - 1));
        out.push_str(&digits);
    } else {
        let whole = exponent as usize + 1;
        if digits.len() > whole {
            out.push_str(&digits[..whole]);
            out.push('.');
            out.push_str(&digits[whole..]);
        } else {
            out.push_str(&digits);
            out.extend(std::iter::repeat_n('0', whole - digits.len()));
            out.push_str(".0");
        }
    }
}

/// The first time without zone among the strings of a value, as a path of keys. The reference takes
/// such a time in the zone of its machine, so two machines may hash it differently.
pub fn local_time(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            Instant::parse(text).is_some_and(|instant| instant.is_local).then(String::new)
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| local_time(item).map(|path| format!("/{index}{path}"))),
        Value::Object(object) => object
            .iter()
            .find_map(|(key, item)| local_time(item).map(|path| format!("/{key}{path}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        to_string(&parse(text.as_bytes()).unwrap().value)
    }

    #[test]
    fn doubles_are_laid_out_as_python_does() {
        for (written, expected) in [
            ("1.5e-5", "1.5e-05"),
            ("0.00015", "0.00015"),
            ("-2.5e-320", "-2.5e-320"),
            ("9999999999999998.5", "9999999999999998"),
            ("1234567.125", "1234567.125"),
            ("-0.1e1", "-1"),
        ] {
            assert_eq!(canonical(written), expected, "{written}");
        }
    }

    #[test]
    fn a_time_without_zone_is_found() {
        let document = parse(br#"{"a":[{"b":"2026-01-01T00:00:00"}]}"#).unwrap();
        assert_eq!(local_time(&document.value).as_deref(), Some("/a/0/b"));
        let document = parse(br#"{"a":"2026-01-01T00:00:00Z"}"#).unwrap();
        assert_eq!(local_time(&document.value), None);
    }

    #[test]
    fn a_member_is_hashed_as_if_it_stood_alone() {
        let value = parse(br#"{"hash":"x","hash_scope":{"b":1,"a":2.50}}"#).unwrap().value;
        let object = value.as_object().unwrap();
        let written = CanonicalObject::new(object);
        assert_eq!(
            written.member_digest(object, "hash_scope").unwrap(),
            Digest::of(br#"{"a":2.5,"b":1}"#)
        );
        assert_eq!(
            written.digest_with_blank(object, "hash").unwrap(),
            Digest::of(br#"{"hash":"","hash_scope":{"a":2.5,"b":1}}"#)
        );
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-z\r\n\"\\\\\u{0}-\u{1f}é\u{ffff}😀]{0,12}",
            "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])?",
        ]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|n| Value::Number(n.to_string().into())),
            "-?[1-9][0-9]{0,40}".prop_map(|n| Value::Number(n.into())),
            any::<f64>()
                .prop_filter("finite", |f| f.is_finite())
                .prop_map(|f| Value::Number(format!("{f:e}").into())),
            any_text().prop_map(|t| Value::String(t.into())),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((any_text(), inner), 0..6).prop_map(|members| {
                    let mut object = Object::new();
                    members.into_iter().for_each(|(k, v)| object.set(&k, v));
                    Value::Object(object)
                }),
            ]
        })
    }

    /// A fraction that rounds to a whole number prints as `1.0` and would read back as the integer
    /// `1`; the format has it so, and it settles at the second pass.
    fn rounds_to_whole(value: &Value) -> bool {
        match value {
            Value::Number(written) => {
                let mut out = String::new();
                write_number(written, &mut out);
                out.ends_with(".0")
            }
            Value::Array(items) => items.iter().any(rounds_to_whole),
            Value::Object(object) => object.iter().any(|(_, item)| rounds_to_whole(item)),
            _ => false,
        }
    }

    /// Other spellings of the same value: members reversed, white space, escapes, exponents.
    fn respell(value: &Value, out: &mut String) {
        match value {
            Value::Number(written) => {
                if is_float(written) {
                    // `1.5e3` as `1.500E+3`
                    let (mantissa, exponent) = written.split_once('e').unwrap();
                    let dot = if mantissa.contains('.') { "00" } else { ".00" };
                    let plus = if exponent.starts_with('-') { "" } else { "+" };
                    out.push_str(&format!("{mantissa}{dot}E{plus}{exponent}"));
                } else {
                    out.push_str(written);
                }
            }
            Value::String(text) => {
                out.push('"');
                text.encode_utf16().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
                out.push('"');
            }
            Value::Array(items) => {
                out.push_str(" [\t");
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " ,\r\n" } else { "" });
                    respell(item, out);
                }
                out.push_str("\n] ");
            }
            Value::Object(object) => {
                out.push_str("{ ");
                let members: Vec<_> = object.iter().collect();
                for (index, (key, item)) in members.into_iter().rev().enumerate() {
                    out.push_str(if index > 0 { " , " } else { "" });
                    respell(&Value::from(key), out);
                    out.push_str(" : ");
                    respell(item, out);
                }
                out.push('}');
            }
            plain => out.push_str(&plain.to_line()),
        }
    }

    proptest! {
        #[test]
        fn canonical_of_canonical_is_itself(value in any_value()) {
            let once = to_string(&value);
            let twice = canonical(&once);
            if rounds_to_whole(&value) {
                prop_assert_eq!(canonical(&twice), twice);
            } else {
                prop_assert_eq!(twice, once);
            }
        }

        #[test]
        fn spelling_does_not_matter(value in any_value()) {
            let mut other = String::new();
            respell(&value, &mut other);
            prop_assert_eq!(canonical(&other), to_string(&value));
            prop_assert_eq!(canonical(&value.to_pretty()), to_string(&value));
        }

        #[test]
        fn no_bytes_crash_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(document) = parse(&bytes) {
                prop_assert!(parse(to_string(&document.value).as_bytes()).is_ok());
            }
        }
    }
}
