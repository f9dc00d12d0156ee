//! Tests of reading and writing.

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
        ([b"\xef\xbb\xbf", &b"{}"[..]].concat(), "UTF-8-BOM"),
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
    let text = "{\n  \"a\": 85.0,\n  \"b\": [\n    1e2,\n    {}\n  ],\n  \"é\": \"\\u0001\"\n}\n";
    assert_eq!(parse(text.as_bytes()).unwrap().value.to_pretty(), text);
}
