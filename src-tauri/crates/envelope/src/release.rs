//! A release: the files of this program as several people built or checked them, in one Statement that
//! each of them signs. It stands in a file of its own beside the files, or anywhere else.
//!
//! It names no signer: whose signatures these are is for a keyring to say, and how many are enough for
//! whoever judges.

use countersign_problem::Problem;

use crate::digest::Digest;
use crate::dsse::{CosignedEnvelope, DsseError, IN_TOTO};
use crate::json::{self, JsonError, Object, Value};
use crate::statement::{Predicate, Statement, StatementError, Subject};

/// The kind of Statement that a release is.
pub const PREDICATE_TYPE: &str = "urn:countersign:release:1";

/// The end of the name of a file with a release.
pub const FILE_END: &str = ".release.json";

/// The most files that a release has.
pub const MAX_FILES: usize = 4096;

/// The longest payload that is read, in bytes (2 MiB).
pub const MAX_PAYLOAD: usize = 2 << 20;

/// The longest file that is read, in bytes (4 MiB): the payload in base64, and signatures.
pub const MAX_BYTES: usize = 4 << 20;

/// What a release says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The version.
    pub version: String,
    /// The commit that it was built from; `None` if whoever made it did not say.
    pub commit: Option<String>,
    /// The files, sorted by their names; no name is there twice.
    pub files: Vec<ReleasedFile>,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleasedFile {
    /// Its name, without folders.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
}

/// Why bytes are not a release.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum ReleaseError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// Not a DSSE envelope.
    #[problem(transparent)]
    Envelope(#[from] DsseError),
    /// Not a Statement of a release.
    #[problem(transparent)]
    Statement(#[from] StatementError),
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// Two files of one name, or a name with folders.
    Name {
        /// The name.
        name: String,
    },
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
}

impl Release {
    /// A release of files; they are sorted.
    ///
    /// # Errors
    /// If there are none or too many, or two have one name.
    pub fn new(
        version: &str,
        commit: Option<String>,
        mut files: Vec<ReleasedFile>,
    ) -> Result<Self, ReleaseError> {
        files.sort();
        let release = Self { version: version.to_owned(), commit, files };
        release.check()?;
        Ok(release)
    }

    fn check(&self) -> Result<(), ReleaseError> {
        if self.files.is_empty() || self.files.len() > MAX_FILES {
            return Err(ReleaseError::Field("subject"));
        }
        if self.version.is_empty() {
            return Err(ReleaseError::Field("version"));
        }
        let is_plain =
            |name: &str| !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0']);
        let wrong = self.files.iter().find(|file| !is_plain(&file.name));
        let twice = self.files.windows(2).find(|pair| pair[0].name >= pair[1].name);
        match wrong.or_else(|| twice.map(|pair| &pair[1])) {
            Some(file) => Err(ReleaseError::Name { name: file.name.clone() }),
            None => Ok(()),
        }
    }

    fn of(statement: &Statement) -> Result<Self, ReleaseError> {
        let predicate = Predicate(&statement.predicate);
        let files = statement.subjects.iter();
        let files = files.map(|one| ReleasedFile { name: one.name.clone(), digest: one.digest });
        let commit = match predicate.get("commit") {
            None => None,
            Some(_) => Some(predicate.text("commit").map_err(ReleaseError::Field)?.to_owned()),
        };
        let release = Self {
            version: predicate.text("version").map_err(ReleaseError::Field)?.to_owned(),
            commit,
            files: files.collect(),
        };
        release.check()?;
        Ok(release)
    }

    /// The payload: the canonical bytes of the Statement.
    pub fn to_payload(&self) -> Vec<u8> {
        let subject = |file: &ReleasedFile| Subject {
            name: file.name.clone(),
            digest: file.digest,
            kind: None,
        };
        let mut predicate = Object::from([("version", Value::from(self.version.as_str()))]);
        if let Some(commit) = &self.commit {
            predicate.set("commit", commit.as_str());
        }
        let statement = Statement {
            subjects: self.files.iter().map(subject).collect(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate,
        };
        statement.to_payload()
    }
}

/// A file with a release: what it says, and the signatures, none of which is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseFile {
    /// What it says.
    pub release: Release,
    /// As it was signed.
    pub envelope: CosignedEnvelope,
}

impl ReleaseFile {
    /// A release that nobody has signed yet.
    pub fn new(release: Release) -> Self {
        let envelope = CosignedEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload: release.to_payload(),
            signatures: Vec::new(),
        };
        Self { release, envelope }
    }

    /// Reads a file with a release.
    ///
    /// # Errors
    /// [`ReleaseError`] says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReleaseError> {
        if bytes.len() > MAX_BYTES {
            return Err(ReleaseError::TooLarge { size: bytes.len() });
        }
        let envelope = CosignedEnvelope::parse_up_to(&json::parse(bytes)?.value, MAX_PAYLOAD)?;
        let (kind, payload) = (&envelope.payload_type, &envelope.payload);
        let statement = Statement::of_payload(kind, payload, PREDICATE_TYPE)?;
        Ok(Self { release: Release::of(&statement)?, envelope })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        Value::Object(self.envelope.to_object()).to_pretty() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsse::DsseSignature;

    fn file(name: &str, content: &[u8]) -> ReleasedFile {
        ReleasedFile { name: name.to_owned(), digest: Digest::of(content) }
    }

    fn release() -> Release {
        let files = vec![file("countersign-station", b"two"), file("countersign", b"one")];
        Release::new("0.1.0", Some("ab".repeat(20)), files).unwrap()
    }

    #[test]
    fn a_release_is_read_and_written_as_the_same() {
        let mut file = ReleaseFile::new(release());
        let one = DsseSignature { key_id: "a".to_owned(), signature: vec![1, 2] };
        file.envelope.signatures = vec![one];
        assert_eq!(ReleaseFile::parse(file.to_text().as_bytes()), Ok(file.clone()));
        assert_eq!(file.release.files[0].name, "countersign", "sorted");
        let without = Release { commit: None, ..release() };
        let text = ReleaseFile::new(without.clone()).to_text();
        assert_eq!(ReleaseFile::parse(text.as_bytes()).map(|file| file.release), Ok(without));
    }

    #[test]
    fn files_have_plain_names_and_each_its_own() {
        let new = |files| Release::new("1", None, files);
        assert_eq!(new(Vec::new()), Err(ReleaseError::Field("subject")));
        for name in ["", ".", "..", "a/b", "a\\b", "a\0"] {
            let wrong = ReleaseError::Name { name: name.to_owned() };
            assert_eq!(new(vec![file(name, b"")]), Err(wrong));
        }
        let twice = new(vec![file("a", b"one"), file("a", b"two")]);
        assert_eq!(twice, Err(ReleaseError::Name { name: "a".to_owned() }));
        assert!(Release::new("", None, vec![file("a", b"")]).is_err());
    }

    #[test]
    fn what_is_no_release_is_not_read() {
        let with = |payload_type: &str, payload: Vec<u8>| {
            let mut file = ReleaseFile::new(release());
            file.envelope.payload_type = payload_type.to_owned();
            file.envelope.payload = payload;
            ReleaseFile::parse(file.to_text().as_bytes()).map(drop)
        };
        let payload = release().to_payload();
        assert_eq!(with(IN_TOTO, payload.clone()), Ok(()));
        let other = StatementError::PayloadType("text/plain".to_owned());
        assert_eq!(with("text/plain", payload.clone()), Err(other.into()));
        let text = String::from_utf8(payload).unwrap();
        let replaced = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            with(IN_TOTO, text.replacen(from, to, 1).into_bytes())
        };
        let kind = StatementError::Predicate("urn:countersign:release:2".to_owned());
        assert_eq!(replaced("release:1", "release:2"), Err(kind.into()));
        let not_canonical = Err(StatementError::NotCanonical.into());
        assert_eq!(replaced(":", ": "), not_canonical);
        assert_eq!(replaced(r#""version":"#, r#""version":"9","version":"#), not_canonical);
        assert_eq!(
            replaced(r#""version":"0.1.0""#, r#""version":7"#),
            Err(ReleaseError::Field("version"))
        );
        // Sorted names leave no place to hide a second one.
        let (one, two) = (Digest::of(b"one").hex(), Digest::of(b"two").hex());
        let subjects = |first: &str, second: &str| {
            format!(
                r#"[{{"digest":{{"sha256":"{one}"}},"name":"{first}"}},{{"digest":{{"sha256":"{two}"}},"name":"{second}"}}]"#
            )
        };
        let ours = subjects("countersign", "countersign-station");
        let swapped = replaced(&ours, &subjects("countersign-station", "countersign"));
        assert!(matches!(swapped, Err(ReleaseError::Name { .. })), "{swapped:?}");
        assert_eq!(replaced(&ours, "[]"), Err(ReleaseError::Field("subject")));
        let long = " ".repeat(MAX_BYTES + 1);
        let error = ReleaseFile::parse(long.as_bytes()).unwrap_err();
        assert_eq!(error, ReleaseError::TooLarge { size: MAX_BYTES + 1 });
    }
}
