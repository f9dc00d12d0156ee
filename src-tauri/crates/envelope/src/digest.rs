//! SHA-256 digests (FIPS 180-4) as the format writes them: `sha256:` and 64 lower-case hex digits.

use std::fmt;

use sha2::Digest as _;

/// A SHA-256 computation over bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Hasher(sha2::Sha256);

impl Hasher {
    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes so far.
    pub fn digest(&self) -> Digest {
        Digest(self.0.clone().finalize().into())
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest of several pieces, one after another.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        Self(hasher.finalize().into())
    }

    /// A digest that was written as its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest that a hash came to.
    pub(crate) fn from_hash(hash: sha2::Sha256) -> Self {
        Self(hash.finalize().into())
    }

    /// The digest that a text names, or its own if it names none: to compare hashes that were
    /// written by others without keeping their texts.
    pub fn of_name(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self::of(text.as_bytes()))
    }

    /// Reads a digest exactly as the format writes it; `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        Self::parse_hex(written.strip_prefix("sha256:")?)
    }

    /// Reads 64 lower-case hex digits, as claims write digests; `None` for anything else.
    pub fn parse_hex(digits: &str) -> Option<Self> {
        let digits = digits.as_bytes();
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The 32 raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 lower-case hex digits.
    pub fn hex(&self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digits =
            self.0.iter().flat_map(|b| [HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
        digits.map(char::from).collect()
    }

    /// The hex digits in groups of four, as two people read them to each other.
    pub fn grouped(&self) -> String {
        let hex = self.hex();
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }

    /// Reads a digest as a person or a scanner passes it on: 64 hex digits of either case, in groups
    /// by spaces, colons or hyphens or in none, with or without `sha256:` before them. `None` for
    /// anything else, a part of a digest among it.
    pub fn parse_spoken(text: &str) -> Option<Self> {
        let is_between = |c: char| c.is_whitespace() || [':', '-', '=', '\u{b7}'].contains(&c);
        let text: String = text.chars().filter(|c| !is_between(*c)).collect();
        let text = text.to_ascii_lowercase();
        Self::parse_hex(text.strip_prefix("sha256").unwrap_or(&text))
    }

    /// Whether a field holds exactly this digest, as the format writes it.
    pub fn is(&self, written: &str) -> bool {
        written.strip_prefix("sha256:").is_some_and(|hex| hex == self.hex())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Self::parse(&written).ok_or_else(|| serde::de::Error::custom("not a SHA-256 digest"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The first 8 hex digits of a written digest, which name runs and entries; `None` where the text
/// is not long enough to be one.
pub fn short(written: &str) -> Option<&str> {
    written.strip_prefix("sha256:")?.get(..8)
}

/// A written digest cut to what a sentence bears, `sha256:0123456789ab…`; other text is cut too.
pub fn brief(written: &str) -> String {
    const SHOWN: usize = "sha256:".len() + 12;
    match written.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &written[..end]),
        None => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written_and_in_no_other_form() {
        let digest = Digest::of(b"");
        let written = digest.to_string();
        assert_eq!(Digest::parse(&written), Some(digest));
        for other in [written.to_uppercase(), format!("{written}0"), written[7..].to_owned()] {
            assert_eq!(Digest::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn a_digest_survives_being_read_aloud() {
        let digest = Digest::of(b"");
        assert!(digest.grouped().starts_with("e3b0 c442 98fc"));
        let colons = digest.grouped().replace(' ', ":");
        for spoken in [
            digest.grouped(),
            digest.hex().to_uppercase(),
            format!(" {digest}\n"),
            format!("SHA-256: {}\r\n", digest.grouped().to_uppercase()),
            colons.replace(':', "-"),
            colons,
        ] {
            assert_eq!(Digest::parse_spoken(&spoken), Some(digest), "{spoken}");
        }
        for other in [&digest.grouped()[..74], &format!("{}0", digest.hex()), "sha256:", ""] {
            assert_eq!(Digest::parse_spoken(other), None, "{other}");
        }
    }

    #[test]
    fn a_digest_is_cut_for_a_sentence() {
        let digest = Digest::of(b"").to_string();
        assert_eq!(brief(&digest), "sha256:e3b0c44298fc…");
        assert_eq!(brief("nothing"), "nothing");
        assert_eq!(short(&digest), Some("e3b0c442"));
        assert_eq!(short("md5:00"), None);
    }
}
