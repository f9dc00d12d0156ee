//! Which key: the name of a key that a person can choose, as a value.

use countersign_signers::pkcs11::uri::Pkcs11Uri;
use serde::{Deserialize, Serialize};

/// Which key. It is the same key for as long as what holds it is the same: a token may be pulled out
/// and plugged into another reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "holder", rename_all = "snake_case")]
pub enum KeyRef {
    /// In a slot of a PIV card.
    Piv {
        /// Which card.
        token: PivToken,
        /// The slot (SP 800-73-4 part 1 table 4): 0x9c for digital signatures.
        slot: u8,
    },
    /// On a token behind a PKCS#11 module.
    Pkcs11 {
        /// Which token and key (RFC 7512), with the module's file.
        #[serde(with = "as_text")]
        #[specta(type = String)]
        uri: Pkcs11Uri,
    },
    /// A signer of this station.
    Profile {
        /// Its name.
        name: String,
    },
}

/// A PIV card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PivToken {
    /// A YubiKey, by its serial.
    Serial(u32),
    /// Another card, by what identifies it (its GUID, FASC-N or card identifier).
    Card(String),
    /// By the PC/SC reader that it is in, for a card that has nothing that identifies it.
    Reader(String),
}

impl KeyRef {
    /// Whether it is on something that is plugged in.
    pub const fn is_plugged_in(&self) -> bool {
        match self {
            Self::Piv { .. } | Self::Pkcs11 { .. } => true,
            Self::Profile { .. } => false,
        }
    }
}

/// A URI as text.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    pub fn serialize<S: Serializer>(value: &impl Display, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: Display,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_crosses_to_the_window_and_back_as_itself() {
        let uri = "pkcs11:token=HSM%20one;object=ds%2Fprod;id=%01%ff?module-path=/opt/a%20b/m.so";
        let keys = [
            KeyRef::Piv { token: PivToken::Serial(12_345_678), slot: 0x9c },
            KeyRef::Piv { token: PivToken::Reader("Reader 00 00".to_owned()), slot: 0x82 },
            KeyRef::Piv { token: PivToken::Card("1234-0001-987654-1-1".to_owned()), slot: 0x9a },
            KeyRef::Pkcs11 { uri: uri.parse().unwrap() },
            // What looks like another kind of key is a name like any other.
            KeyRef::Profile { name: "piv:12345678:9c".to_owned() },
        ];
        for key in keys {
            let text = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<KeyRef>(&text).unwrap(), key, "{text}");
        }
        let text = r#"{"holder":"pkcs11","uri":"https://example.org"}"#;
        assert!(serde_json::from_str::<KeyRef>(text).is_err());
    }
}
