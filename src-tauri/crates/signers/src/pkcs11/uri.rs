//! `pkcs11:` URIs (RFC 7512): which key on which token of which module.
//!
//! Of the path `token`, `manufacturer`, `model`, `serial`, `object` and `id`, of the query
//! `module-path` and `pin-source`; `type=private` is taken and says nothing new. A PIN in a URI
//! (`pin-value`) is refused: it would stand in the shell's history and in the list of processes.

use countersign_problem::Problem;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::pin_source::{PinSource, PinSourceError};
use super::token::{Token, TokenKey};

/// What stands for itself in a value (RFC 7512 section 2.3, pk11-path-res-avail), as far as it is
/// needed here.
const PLAIN: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Which key is meant; an attribute that is not given may have any value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pkcs11Uri {
    /// The token's label.
    pub token: Option<String>,
    /// Who made the token.
    pub manufacturer: Option<String>,
    /// The token's model.
    pub model: Option<String>,
    /// The token's serial.
    pub serial: Option<String>,
    /// The key's label.
    pub object: Option<String>,
    /// The key's id, in hex.
    pub id: Option<String>,
    /// The module's file.
    pub module: Option<PathBuf>,
    /// Where its PIN is kept, for use without a person.
    pub pin_source: Option<PinSource>,
}

/// Why text is not a URI that can be used here.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum UriError {
    /// Another scheme, or none.
    Scheme,
    /// A part without a value.
    Part(String),
    /// A part that is given twice.
    Twice(String),
    /// A part that is not used here.
    Unknown(String),
    /// A value that is not text.
    Text(String),
    /// A PIN.
    Pin,
    /// A place where no PIN can be kept.
    #[problem(transparent)]
    PinSource(#[from] PinSourceError),
    /// Not a private key.
    Type(String),
}

impl FromStr for Pkcs11Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let rest = text.strip_prefix("pkcs11:").ok_or(UriError::Scheme)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parts = path.split(';').map(|part| (part, true));
        let parts = parts.chain(query.split('&').map(|part| (part, false)));
        let mut uri = Self::default();
        let mut seen = Vec::new();
        for (part, in_path) in parts.filter(|(part, _)| !part.is_empty()) {
            let (name, value) =
                part.split_once('=').ok_or_else(|| UriError::Part(part.to_owned()))?;
            if seen.contains(&name) {
                return Err(UriError::Twice(name.to_owned()));
            }
            seen.push(name);
            uri.take(name, value, in_path)?;
        }
        Ok(uri)
    }
}

impl Pkcs11Uri {
    fn take(&mut self, name: &str, value: &str, in_path: bool) -> Result<(), UriError> {
        let escaped = |rest: &str| {
            rest.get(..2).is_some_and(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()))
        };
        if !value.split('%').skip(1).all(escaped) {
            return Err(UriError::Text(name.to_owned()));
        }
        let text = || {
            let decoded = percent_decode_str(value).decode_utf8();
            decoded.map(String::from).map_err(|_| UriError::Text(name.to_owned()))
        };
        match (in_path, name) {
            (true, "token") => self.token = Some(text()?),
            (true, "manufacturer") => self.manufacturer = Some(text()?),
            (true, "model") => self.model = Some(text()?),
            (true, "serial") => self.serial = Some(text()?),
            (true, "object") => self.object = Some(text()?),
            (true, "id") => {
                let bytes: Vec<u8> = percent_decode_str(value).collect();
                self.id = Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
            }
            (true, "type") if matches!(value, "private" | "secret-key") => {}
            (true, "type") => return Err(UriError::Type(value.to_owned())),
            (false, "module-path") => self.module = Some(PathBuf::from(text()?)),
            (false, "pin-source") => self.pin_source = Some(text()?.parse()?),
            (false, "pin-value") => return Err(UriError::Pin),
            _ => return Err(UriError::Unknown(name.to_owned())),
        }
        Ok(())
    }

    /// The URI of a key.
    pub fn of(module: &Path, token: &Token, key: &TokenKey) -> Self {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            token: given(&token.label),
            manufacturer: given(&token.manufacturer),
            model: given(&token.model),
            serial: given(&token.serial),
            object: given(&key.label),
            id: given(&key.id),
            module: Some(module.to_owned()),
            pin_source: None,
        }
    }

    /// Whether a token may be the one.
    pub fn fits_token(&self, token: &Token) -> bool {
        let is =
            |wanted: &Option<String>, has: &str| wanted.as_deref().is_none_or(|one| one == has);
        is(&self.token, &token.label)
            && is(&self.manufacturer, &token.manufacturer)
            && is(&self.model, &token.model)
            && is(&self.serial, &token.serial)
    }

    /// Whether a key may be the one.
    pub fn fits_key(&self, key: &TokenKey) -> bool {
        self.object.as_deref().is_none_or(|label| label == key.label)
            && self.id.as_deref().is_none_or(|id| id == key.id)
    }
}

impl fmt::Display for Pkcs11Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &str| utf8_percent_encode(text, &PLAIN).to_string();
        let id = self.id.as_ref().map(|id| {
            let pairs: Vec<_> =
                (0..id.len()).step_by(2).filter_map(|at| id.get(at..at + 2)).collect();
            pairs.iter().map(|pair| format!("%{}", pair.to_ascii_uppercase())).collect::<String>()
        });
        let parts = [
            ("token", self.token.as_deref().map(text)),
            ("manufacturer", self.manufacturer.as_deref().map(text)),
            ("model", self.model.as_deref().map(text)),
            ("serial", self.serial.as_deref().map(text)),
            ("object", self.object.as_deref().map(text)),
            ("id", id),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")))
            .collect();
        write!(f, "pkcs11:{}", parts.join(";"))?;
        let module = self.module.as_ref().map(|module| module.to_string_lossy());
        let query = [
            ("module-path", module.as_deref().map(text)),
            // Of the colon in `file:` other readers make nothing else (RFC 7512 section 2.4).
            ("pin-source", self.pin_source.as_ref().map(|source| text(&source.to_string()))),
        ];
        let given = query.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (mark, (name, value)) in "?&".chars().cycle().take(2).zip(given) {
            write!(f, "{mark}{name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_read_and_written() {
        let text = "pkcs11:token=The%20Software%20PKCS%2311;object=my-key;id=%69%95%3e;type=private?module-path=/usr/lib/m.so";
        let uri: Pkcs11Uri = text.parse().unwrap();
        assert_eq!(uri.token.as_deref(), Some("The Software PKCS#11"));
        assert_eq!(uri.id.as_deref(), Some("69953e"));
        assert_eq!(uri.module.as_deref(), Some(Path::new("/usr/lib/m.so")));
        assert_eq!(uri.to_string().parse::<Pkcs11Uri>().unwrap(), uri);
        let kept = "pkcs11:object=a?pin-source=file:/etc/a%20b&module-path=/usr/lib/m.so";
        let kept: Pkcs11Uri = kept.parse().unwrap();
        assert_eq!(kept.pin_source.as_ref().unwrap().path(), Path::new("/etc/a b"));
        assert_eq!(kept.to_string().parse::<Pkcs11Uri>().unwrap(), kept);
        let odd = Pkcs11Uri { token: Some("ä;b=c?d&e%".to_owned()), ..Pkcs11Uri::default() };
        assert_eq!(odd.to_string().parse::<Pkcs11Uri>().unwrap(), odd);
    }

    #[test]
    fn why_a_key_cannot_be_used_is_reported() {
        let wrong = |text: &str| text.parse::<Pkcs11Uri>().unwrap_err();
        assert_eq!(wrong("token=a"), UriError::Scheme);
        assert_eq!(wrong("pkcs11:token=a?pin-value=1234"), UriError::Pin);
        assert_eq!(wrong("pkcs11:token=a;token=b"), UriError::Twice("token".to_owned()));
        assert_eq!(wrong("pkcs11:type=cert"), UriError::Type("cert".to_owned()));
        assert_eq!(wrong("pkcs11:slot-id=1"), UriError::Unknown("slot-id".to_owned()));
        assert!(!wrong("pkcs11:a?pin-value=1234").to_string().contains("1234"));
    }
}
