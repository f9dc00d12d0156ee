//! The passphrase of a new key: how easily it is guessed, and one that is not.
//!
//! Whoever has the file of a key can try passphrases as fast as their machines allow; nothing counts
//! the attempts. So a passphrase that is easily guessed is used only if a person confirms that.

use bip39::Language;
use countersign_envelope::vocabulary;
use countersign_problem::Problem;
use secrecy::{ExposeSecret as _, SecretString};
use zxcvbn::Score;

/// How many words a generated passphrase has: 66 bits, more than anyone tries.
const WORDS: usize = 6;

/// The longest beginning that is estimated, in bytes: what is longer is not guessed, and the estimate
/// takes time that grows with the square of the length.
const ESTIMATED: usize = 100;

vocabulary! {
    /// How easily a passphrase is guessed by someone who has the key file.
    Strength {
        /// At once.
        VeryWeak = "very_weak",
        /// Within hours.
        Weak = "weak",
        /// Within months, by someone with many machines.
        Fair = "fair",
        /// Not within years.
        Good = "good",
        /// Not at all, as far as is known.
        Strong = "strong",
    }
}

/// Why a passphrase is not used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum PassphraseError {
    /// There is none.
    Empty,
    /// It is easily guessed, and nobody confirmed it.
    Weak,
    /// The system gives no random numbers.
    Random,
}

impl Strength {
    /// The strength of a passphrase. What is known of its owner (names, ids) helps whoever guesses.
    pub fn of(passphrase: &SecretString, known: &[&str]) -> Self {
        let text = passphrase.expose_secret();
        let end = text.floor_char_boundary(ESTIMATED);
        match zxcvbn::zxcvbn(&text[..end], known).score() {
            Score::Zero => Self::VeryWeak,
            Score::One => Self::Weak,
            Score::Two => Self::Fair,
            Score::Three => Self::Good,
            _ => Self::Strong,
        }
    }

    /// Whether it is enough for a file that may be copied.
    pub const fn is_enough(self) -> bool {
        matches!(self, Self::Good | Self::Strong)
    }
}

/// A passphrase that a new key may have.
#[derive(Debug, Clone)]
pub struct NewPassphrase(SecretString);

impl NewPassphrase {
    /// A passphrase that a person chose. A weak one is taken only if they confirmed that.
    ///
    /// # Errors
    /// If it is empty, or weak and not confirmed.
    pub fn chosen(
        passphrase: SecretString,
        known: &[&str],
        confirmed: bool,
    ) -> Result<Self, PassphraseError> {
        if passphrase.expose_secret().is_empty() {
            return Err(PassphraseError::Empty);
        }
        if !confirmed && !Strength::of(&passphrase, known).is_enough() {
            return Err(PassphraseError::Weak);
        }
        Ok(Self(passphrase))
    }

    /// The passphrase.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

/// A passphrase of six random words (BIP 39), to be offered.
///
/// # Errors
/// If the system gives no random numbers.
pub fn generated() -> Result<SecretString, PassphraseError> {
    let list = Language::English.word_list();
    let mut words = Vec::with_capacity(WORDS);
    for _ in 0..WORDS {
        let mut random = [0; 2];
        getrandom::fill(&mut random).map_err(|_| PassphraseError::Random)?;
        // 2048 divides the numbers of two bytes evenly.
        words.push(list[usize::from(u16::from_le_bytes(random)) % list.len()]);
    }
    Ok(SecretString::from(words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(text: &str) -> Strength {
        Strength::of(&SecretString::from(text), &["j.okafor", "ds-prod-2026-06"])
    }

    #[test]
    fn what_is_easily_guessed_needs_a_confirmation() {
        for text in ["x", "password1", "j.okafor", "ds-prod-2026-06", "qwertyuiop"] {
            assert!(!strength(text).is_enough(), "{text}: {:?}", strength(text));
            let chosen = |confirmed| {
                NewPassphrase::chosen(SecretString::from(text), &["j.okafor"], confirmed)
            };
            assert!(matches!(chosen(false), Err(PassphraseError::Weak)) || text.starts_with("ds"));
            assert_eq!(chosen(true).unwrap().secret().expose_secret(), text);
        }
        let empty = NewPassphrase::chosen(SecretString::from(""), &[], true);
        assert!(matches!(empty, Err(PassphraseError::Empty)));
        // Of any length, at once.
        strength(&"ä".repeat(1 << 20));
    }

    #[test]
    fn generated_words_are_strong_and_never_the_same() {
        let (one, other) = (generated().unwrap(), generated().unwrap());
        assert_eq!(one.expose_secret().split(' ').count(), WORDS);
        assert_eq!(Strength::of(&one, &[]), Strength::Strong);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
