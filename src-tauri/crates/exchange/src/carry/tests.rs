//! Tests of logs.

use super::logs::is_beginning;

#[test]
fn a_log_is_the_beginning_of_another_by_whole_lines() {
    for (first, whole, is) in [
        ("", "a\n", true),
        ("a\n", "a\nb\n", true),
        ("a", "a\n", true),
        ("a\n", "a", true),
        ("a", "ab\n", false),
        ("a\nb\n", "a\n", false),
    ] {
        assert_eq!(is_beginning(first.as_bytes(), whole.as_bytes()), is, "{first:?} {whole:?}");
    }
}
