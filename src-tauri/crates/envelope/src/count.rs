//! Numbers of things, in words and for the window.

/// A count for the window, which has no 64-bit numbers; there are never that many of anything.
pub fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A number with its noun in the right form: "1 signature", "2 signatures", "0 entries".
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {}", numbered(count, noun))
}

/// The noun alone, in the form that the number asks for.
pub fn numbered(count: u64, noun: &str) -> String {
    let vowel_before_y = |stem: &str| stem.ends_with(['a', 'e', 'o', 'u']);
    match (count, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) if !vowel_before_y(stem) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_others_are_plural() {
        for (count, noun, words) in [
            (0, "signature", "0 signatures"),
            (1, "signature", "1 signature"),
            (2, "signature", "2 signatures"),
            (1, "entry", "1 entry"),
            (2, "entry", "2 entries"),
            (2, "key", "2 keys"),
            (2, "conflict copy", "2 conflict copies"),
        ] {
            assert_eq!(counted(count, noun), words);
        }
    }
}
