//! Tests of the canonical form.

use super::*;
use crate::canonical::number::{Decimal, write_number};
use crate::json::{Object, Value, is_float, parse};
use proptest::prelude::*;

/// The canonical form, which is the same read from the text and printed from a tree.
fn canonical(text: &str) -> String {
    let of_tree = to_string(&parse(text.as_bytes()).unwrap().value);
    let mut of_text = Vec::new();
    let text = Text::parse(Arc::new(text.as_bytes().to_vec())).unwrap();
    write_to(&text, |piece| of_text.extend_from_slice(piece));
    assert_eq!(String::from_utf8(of_text).unwrap(), of_tree);
    of_tree
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

fn read(json: &str) -> Canonical {
    Canonical::of(Text::parse(Arc::new(json.as_bytes().to_vec())).unwrap()).unwrap()
}

#[test]
fn a_time_without_zone_is_found() {
    let local = read(r#"{"z":"2026-01-01T00:00:00","a":[{"b":"2026-01-01T00:00:00"}]}"#);
    assert_eq!(local.local_time().as_deref(), Some("/a/0/b"));
    assert_eq!(read(r#"{"a":"2026-01-01T00:00:00Z"}"#).local_time(), None);
}

#[test]
fn a_member_is_hashed_like_a_document_of_its_own() {
    let written = read(r#"{"zone":[1e3],"hash":"x","hash_scope":{"b":1,"a":2.50},"a":0}"#);
    assert_eq!(written.scope_hash().unwrap(), Digest::of(br#"{"a":2.5,"b":1}"#));
    let content = br#"{"a":0,"hash":"","hash_scope":{"a":2.5,"b":1},"zone":[1000]}"#;
    assert_eq!(written.content_hash().unwrap(), Digest::of(content));
    assert_eq!(written.digest(), Digest::of(&written.bytes()));
}

#[test]
fn a_form_longer_than_the_text_is_written_when_asked_for() {
    let numbers = vec!["1e300"; 20_000].join(",");
    let written = read(&format!("{{\"a\":[{numbers}]}}"));
    assert!(written.kept.is_none());
    assert_eq!(written.digest(), Digest::of(&written.bytes()));
    assert_eq!(written.len(), written.bytes().len());
}

#[test]
fn a_form_beyond_all_bounds_is_refused() {
    let numbers = vec!["1e308"; 900_000].join(",");
    let object = Text::parse(Arc::new(format!("{{\"a\":[{numbers}]}}").into_bytes())).unwrap();
    assert!(matches!(Canonical::of(object), Err(TooLong)));
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

/// A double as it was printed before the digits were taken from the text where they can be.
fn printed_by_rounding(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap();
    let mut out = String::new();
    Decimal::parse(&format!("{rounded:e}")).unwrap().write_fraction(&mut out);
    out
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
    fn digits_are_those_of_the_double(
        written in r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?"
    ) {
        let number: f64 = written.parse().unwrap();
        if is_float(&written) && number.is_finite() {
            let mut out = String::new();
            write_number(&written, &mut out);
            prop_assert_eq!(out, printed_by_rounding(number));
        }
    }

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
