//! Where the PIN of an unattended token is kept (`pin-source` of RFC 7512 section 2.4): a file, or an
//! open file descriptor. Only the place is kept in settings and URIs, never the PIN.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use countersign_problem::Problem;

/// Where a PIN is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinSource(PathBuf);

/// Why a text does not say where a PIN is kept.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum PinSourceError {
    /// A command, which is not run: what it printed would be sent as a PIN.
    Command,
    /// Neither a `file:` URI of this machine nor an absolute path.
    Place,
}

impl PinSource {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The number of the file descriptor, if it is one (`/dev/fd/N`).
    pub fn descriptor(&self) -> Option<i32> {
        self.0.strip_prefix("/dev/fd").ok()?.to_str()?.parse().ok()
    }
}

impl FromStr for PinSource {
    type Err = PinSourceError;

    fn from_str(text: &str) -> Result<Self, PinSourceError> {
        if text.starts_with('|') {
            return Err(PinSourceError::Command);
        }
        let path = text.strip_prefix("file:").unwrap_or(text);
        let path = path.strip_prefix("//localhost").unwrap_or(path);
        let path = path.strip_prefix("//").unwrap_or(path);
        let is_plain = path.starts_with('/') && !path.ends_with('/') && !path.contains('\0');
        is_plain.then(|| Self(PathBuf::from(path))).ok_or(PinSourceError::Place)
    }
}

impl fmt::Display for PinSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file:{}", self.0.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_descriptor_is_named_and_nothing_else() {
        let source = |text: &str| text.parse::<PinSource>();
        for text in ["file:/etc/pin", "file:///etc/pin", "file://localhost/etc/pin", "/etc/pin"] {
            assert_eq!(source(text).unwrap().to_string(), "file:/etc/pin", "{text}");
        }
        assert_eq!(source("/etc/pin").unwrap().descriptor(), None);
        assert_eq!(source("file:/dev/fd/3").unwrap().descriptor(), Some(3));
        assert_eq!(source("|cat /etc/pin"), Err(PinSourceError::Command));
        for text in
            ["", "etc/pin", "file:", "file:pin", "file://elsewhere/pin", "http://x/pin", "/etc/"]
        {
            assert_eq!(source(text), Err(PinSourceError::Place), "{text}");
        }
    }
}
