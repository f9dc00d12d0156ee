//! The names that the standard has for its numbers, as the crate `cryptoki` knows them.

use cryptoki::error::Rv;
use cryptoki::object::KeyType;
use cryptoki_sys::{CK_KEY_TYPE, CK_RV};

/// A return value, such as `CKR_DEVICE_REMOVED`; one that the standard does not name as a number.
pub fn return_value(rv: CK_RV) -> String {
    let variant = match Rv::from(rv) {
        Rv::Ok => "Ok".to_owned(),
        Rv::Error(error) => format!("{error:?}"),
    };
    let is_name = variant.chars().all(char::is_alphanumeric) && !variant.starts_with("Unknown");
    if !is_name {
        return format!("CKR 0x{rv:08x}");
    }
    let words = variant.chars().flat_map(|letter| {
        letter.is_ascii_uppercase().then_some('_').into_iter().chain(letter.to_uppercase())
    });
    ["CKR".to_owned(), words.collect()].concat()
}

/// A type of key, without its prefix: `EC EDWARDS`.
pub fn key_type(key_type: CK_KEY_TYPE) -> String {
    let known = KeyType::try_from(key_type).map(|known| known.to_string()).unwrap_or_default();
    known
        .strip_prefix("CKK_")
        .map_or_else(|| format!("type 0x{key_type:08x}"), |name| name.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use cryptoki_sys::*;

    use super::*;

    #[test]
    fn numbers_have_the_names_of_the_standard() {
        for (rv, name) in [
            (CKR_OK, "CKR_OK"),
            (CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT"),
            (CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED"),
            (CKR_USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN"),
            (CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED"),
            (CKR_SESSION_READ_WRITE_SO_EXISTS, "CKR_SESSION_READ_WRITE_SO_EXISTS"),
            (0x8000_0001, "CKR 0x80000001"),
        ] {
            assert_eq!(return_value(rv), name);
        }
        assert_eq!(key_type(CKK_EC_EDWARDS), "EC EDWARDS");
        assert_eq!(key_type(CKK_EC), "EC");
        assert_eq!(key_type(0x8000_0001), "type 0x80000001");
    }
}
