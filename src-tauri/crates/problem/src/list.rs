//! Words in a row.

use crate::words;
use crate::words::Words;

/// "a, b and c"; `None` of nothing.
pub fn all(mut all: Vec<Words>) -> Option<Words> {
    let last = all.pop()?;
    Some(match row(all) {
        Some(rest) => words!("list-last", rest, last),
        None => last,
    })
}

/// "a, b and 3 more": at most so many of them.
pub fn first(all: impl IntoIterator<Item = Words>, most: usize) -> Words {
    let mut all = all.into_iter();
    let named = row(all.by_ref().take(most));
    with_more(named, all.count())
}

/// The same of some that are named, and so many more.
pub fn with_more(named: Option<Words>, more: usize) -> Words {
    let named = named.unwrap_or_default();
    match more {
        0 => named,
        more => words!("list-and-more", named, %more),
    }
}

/// "a, b, c"; `None` of nothing.
pub fn row(all: impl IntoIterator<Item = Words>) -> Option<Words> {
    all.into_iter().reduce(|rest, next| words!("list-more", rest, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abc() -> Vec<Words> {
        ["a", "b", "c"].map(Words::text).into()
    }

    #[test]
    fn a_list_ends_with_its_last_and_a_long_one_says_that_it_is_cut() {
        assert_eq!(all(abc()).unwrap().english(), "a, b and c");
        assert_eq!(all(vec![]), None);
        assert_eq!(first(abc(), 3).english(), "a, b, c");
        assert_eq!(first(abc(), 1).english(), "a and 2 more");
    }
}
