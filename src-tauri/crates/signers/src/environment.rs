//! The variables of the environment that a command or a module gets: their names.

use std::ffi::OsStr;

/// Whether text can be the name of a variable of the environment.
pub fn is_variable_name(name: &str) -> bool {
    let letter = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    !name.is_empty() && name.bytes().all(letter) && !name.as_bytes()[0].is_ascii_digit()
}

/// Whether a variable is one of those that are passed on because a person named them.
pub(crate) fn is_named(variables: &[String], name: &OsStr) -> bool {
    variables.iter().any(|variable| name == OsStr::new(variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_are_distinguished_from_their_values() {
        assert!(is_variable_name("KRYOPTIC_CONF") && is_variable_name("_x9"));
        for wrong in ["", "9X", "A=b", "PIN 1234", "Ä"] {
            assert!(!is_variable_name(wrong), "{wrong}");
        }
    }
}
