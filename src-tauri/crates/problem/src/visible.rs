//! Text from files, made safe to show: nothing hidden, nothing that steers a terminal or turns the
//! line around.

use std::fmt::Write as _;

/// Text with control characters (C0, C1, DEL), line and paragraph separators, bidirectional
/// controls, zero-width and tag characters written out as `⟨U+XXXX⟩`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// The same, cut to `limit` characters with an ellipsis.
pub fn visible_short(text: &str, limit: usize) -> String {
    let shown: String = text.chars().take(limit + 1).collect();
    if shown.chars().count() <= limit {
        return visible(&shown);
    }
    let cut: String = shown.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", visible(&cut))
}

/// Whether a character is not seen, or steers what is.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}'
            | '\u{17B5}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_hidden() {
        assert_eq!(visible("a\u{202e}b\u{1b}[2J"), "a⟨U+202E⟩b⟨U+001B⟩[2J");
        assert_eq!(visible("Überprüfung 日本 😀"), "Überprüfung 日本 😀");
    }

    #[test]
    fn a_long_title_is_cut_where_told() {
        assert_eq!(visible_short(&"x".repeat(1_000_000), 5), "xxxx…");
        assert_eq!(visible_short("12345", 5), "12345");
    }
}
