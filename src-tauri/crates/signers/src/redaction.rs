//! Keeps a secret out of what a program prints that knows it. Debug builds and spies of modules print
//! the PIN that they were given.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use secrecy::{ExposeSecret as _, SecretString};

/// How much of what a program wrote on standard error is shown, in bytes: the end of it, where the
/// reason usually is.
pub(crate) const SHOWN_STDERR: usize = 2 << 10;

/// What stands for all that a program printed.
const NOT_SHOWN: &str = "(not shown, as it may contain a PIN or another secret)";

/// What stands for a secret.
const STRUCK: &str = "•••";

/// Words in the name of a variable of the environment whose value may be a secret.
const SECRET: &[&str] =
    &["PIN", "PASS", "PASSWORD", "PASSPHRASE", "SECRET", "TOKEN", "KEY", "CREDENTIAL"];

/// Fewest bytes of a value that is taken for a secret.
const SHORTEST: usize = 4;

/// Whether a variable of this name may hold a secret.
pub(crate) fn may_be_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    SECRET.iter().any(|word| upper.split('_').any(|part| part == *word))
}

/// The secrets among the variables of the environment that a person names.
pub(crate) fn in_environment(names: &[String]) -> Vec<SecretString> {
    let names = names.iter().filter(|name| may_be_secret(name));
    let values = names.filter_map(|name| std::env::var(name).ok());
    values.filter(|value| value.len() >= SHORTEST).map(SecretString::from).collect()
}

/// What a program printed, without some secrets; a sentence in its place if that is not certain.
pub(crate) fn shown(printed: &[u8], secrets: &[SecretString]) -> String {
    let mut text = String::from_utf8_lossy(printed).into_owned();
    for secret in secrets {
        match without(&text, secret.expose_secret()) {
            Some(Cow::Borrowed(_)) => {}
            Some(Cow::Owned(struck)) => text = struck,
            None => return NOT_SHOWN.to_owned(),
        }
    }
    text
}

/// Text without a secret. `None` if the secret may still be in it in another form: in hex, as numbers,
/// in base64, letter by letter.
fn without<'t>(text: &'t str, secret: &str) -> Option<Cow<'t, str>> {
    if secret.is_empty() {
        return Some(Cow::Borrowed(text));
    }
    let struck = match text.contains(secret) {
        true => Cow::Owned(text.replace(secret, STRUCK)),
        false => Cow::Borrowed(text),
    };
    let plain = letters(&struck);
    let numbers = plain.replace("0x", "").replace('x', "");
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal: String = bytes.iter().map(u8::to_string).collect();
    let is_in = |text: &str, form: &str| !form.is_empty() && text.contains(form);
    let disclosed = is_in(&plain, &letters(secret))
        || is_in(&plain, &letters(&BASE64.encode(bytes)))
        || is_in(&numbers, &hex)
        || is_in(&numbers, &decimal);
    (!disclosed).then_some(struck)
}

/// The letters and digits alone, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_struck_out_and_its_other_forms_are_noticed() {
        assert_eq!(without("pin=Geheim7, ok", "Geheim7").unwrap(), "pin=•••, ok");
        assert_eq!(without("no such slot", "Geheim7").unwrap(), "no such slot");
        for printed in [
            "G-e-h-e-i-m-7",
            "pin geheim7",
            "47 65 68 65 69 6d 37",
            "0x47, 0x65, 0x68, 0x65, 0x69, 0x6D, 0x37",
            r"\x47\x65\x68\x65\x69\x6d\x37",
            "[71, 101, 104, 101, 105, 109, 55]",
            "R2VoZWltNw==",
        ] {
            assert_eq!(without(printed, "Geheim7"), None, "{printed}");
        }
        // Without letters nothing is left to look for.
        assert_eq!(without("♥♥ and more", "♥♥").unwrap(), "••• and more");
        assert_eq!(without("more", "").unwrap(), "more");
    }

    #[test]
    fn a_variable_that_may_hold_a_secret_is_recognised_by_its_name() {
        for name in ["HSM_PIN", "VAULT_TOKEN", "AWS_SECRET_ACCESS_KEY", "pass"] {
            assert!(may_be_secret(name), "{name}");
        }
        for name in ["SOFTHSM2_CONF", "PINNED", "KEYBOARD"] {
            assert!(!may_be_secret(name), "{name}");
        }
    }
}
