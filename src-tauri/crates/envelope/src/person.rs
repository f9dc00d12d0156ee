//! Who is the same person, by the name that they sign under.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::UnicodeNormalization as _;

use countersign_problem::visible::is_hidden;

/// What tells one person from another. Case, white space, characters that are not seen and Unicode's
/// other forms of the same letters do not make another person: `J.Okafor` and ` j.okafor` are one.
///
/// Only for counting people and for refusing a second signature: whose key it is, the keyring says
/// to the letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Person(String);

impl Person {
    /// The person of a name.
    pub fn of(name: &str) -> Self {
        // White space first: a tab or line break parts words, though it is a control character.
        let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
        // Most names; of ASCII, only case has another form, and only control characters are not seen.
        if words.is_ascii() {
            let seen = words.chars().filter(|c| !c.is_control());
            let folded: String = seen.map(|c| c.to_ascii_lowercase()).collect();
            return Self(folded.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        Self::of_any(&words)
    }

    fn of_any(words: &str) -> Self {
        let seen: String = words.nfkc().filter(|c| !is_unseen(*c)).collect();
        // Twice, so that letters without a small or large form of one character meet.
        let folded: String = seen.to_uppercase().to_lowercase().nfkc().collect();
        Self(folded.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// What a name looks like: equal for names that a reader may take for each other, such as `j.okafor`
/// and `j.оkafor` with a Cyrillic о (Unicode Technical Standard 39, section 4). Looking alike makes
/// nobody the same person; it is a reason to warn.
pub fn skeleton(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_unseen(*c) && !c.is_whitespace()).collect();
    unicode_security::skeleton(&seen).flat_map(char::to_lowercase).collect()
}

/// Whether two names are of two persons and look like one.
pub fn look_alike(one: &str, other: &str) -> bool {
    skeleton(one) == skeleton(other) && Person::of(one) != Person::of(other)
}

/// Whether a character of a name leaves nothing to see: what programs may leave out when they show a
/// text (Unicode Standard, section 5.21), and two symbols that are blank.
fn is_unseen(c: char) -> bool {
    const BLANK_BRAILLE: char = '\u{2800}';
    const NULL_NOTEHEAD: char = '\u{1D159}';
    is_hidden(c)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(c, BLANK_BRAILLE | NULL_NOTEHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_name_in_ascii_is_folded_like_any_other(name in "[\\x00-\\x7f]{0,12}") {
            let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(Person::of(&name), Person::of_any(&words));
        }
    }

    #[test]
    fn names_that_look_alike_are_found() {
        for (one, other) in [
            ("j.okafor", "j.оkafor"),
            ("J.Ingram", "J.lngram"),
            ("mira.k", "mіra.k"),
            ("a0", "aO"),
            ("mira.k", "mira. k"),
        ] {
            assert!(look_alike(one, other), "{one:?} {other:?}");
        }
        for (one, other) in [("j.okafor", "J.Okafor"), ("j.okafor", "j.okafer"), ("a", "a")] {
            assert!(!look_alike(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_person_is_one_however_their_name_is_written() {
        for (one, other) in [
            ("j.okafor", "J.Okafor"),
            ("j.okafor", " j.okafor\n"),
            ("Mira  Kovač", "mira kovac\u{030C}"),
            ("Mira\tKovač", "MIRA KOVAČ"),
            ("j.okafor", "ｊ.ｏｋａｆｏｒ"),
            ("j.okafor", "j.\u{200B}okafor\u{202E}"),
            ("mira.k", "mira.k\u{FE0F}\u{180B}\u{1BCA0}"),
            ("mira.k", "mira\u{2800}.k\u{1D159}"),
            ("Strauß", "STRAUSS"),
            ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
        ] {
            assert_eq!(Person::of(one), Person::of(other), "{one:?} {other:?}");
        }
        for (one, other) in [("j.okafor", "j.okafer"), ("mira k", "mirak"), ("", "?")] {
            assert_ne!(Person::of(one), Person::of(other), "{one:?} {other:?}");
        }
    }
}
