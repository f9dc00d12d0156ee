//! The head of a transparency log, `LOG_HEAD.json`: how many entries there are, which one is the
//! last, and the hash of the whole text, for anchoring it elsewhere. Byte for byte what the
//! reference's generator writes.

use crate::digest::{Digest, Hasher};
use crate::instant::Instant;
use crate::json::{self, Object, Value};
use countersign_problem::Problem;

/// What a log came to at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// How many of its lines are JSON.
    pub entry_count: u64,
    /// The last entry's id as it stands there; null if there is none.
    pub latest_entry_id: Value,
    /// The last entry's hash as it stands there; null if there is none.
    pub latest_entry_hash: Value,
    /// The hash of the whole text, line ends as LF; `None` if there is no entry.
    pub chain_head_hash: Option<Digest>,
    /// When this was found.
    pub generated_at: Instant,
}

/// Why bytes are not a log head.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum LogHeadError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] json::JsonError),
    /// A field is not there, or is something else.
    Field(&'static str),
}

impl LogHead {
    /// The head of a log's whole text. Lines that are not JSON are passed over, as the reference
    /// does; whether the chain holds is not looked at. A log that is not there has no text.
    pub fn of(log: &[u8], generated_at: Instant) -> Self {
        let text = String::from_utf8_lossy(log);
        let lines = text.split(['\n', '\r']).map(|line| line.trim_matches(is_space));
        let (mut count, mut latest) = (0, Value::Null);
        for line in lines.filter(|line| !line.is_empty()) {
            if let Ok(document) = json::parse(line.as_bytes()) {
                count += 1;
                latest = document.value;
            }
        }
        Self::new(text_digest(log), count, latest.as_object(), generated_at)
    }

    /// The head of a log whose entries have been counted already, with the last of them and the
    /// hash of the text.
    pub fn new(
        text: Digest,
        entry_count: u64,
        latest: Option<&Object>,
        generated_at: Instant,
    ) -> Self {
        let field = |name| latest.and_then(|entry| entry.get(name)).cloned().unwrap_or(Value::Null);
        Self {
            entry_count,
            latest_entry_id: field("entry_id"),
            latest_entry_hash: field("entry_hash"),
            chain_head_hash: (entry_count > 0).then_some(text),
            generated_at,
        }
    }

    /// Reads a `LOG_HEAD.json`.
    ///
    /// # Errors
    /// Fails if it is not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogHeadError> {
        let value = json::parse(bytes)?.value;
        let field = |name: &'static str| value.get(name).ok_or(LogHeadError::Field(name));
        if field("head_version")?.as_str() != Some("1.0") {
            return Err(LogHeadError::Field("head_version"));
        }
        let chain_head_hash = match field("chain_head_hash")? {
            Value::Null => None,
            written => {
                let digest = written.as_str().and_then(Digest::parse);
                Some(digest.ok_or(LogHeadError::Field("chain_head_hash"))?)
            }
        };
        let at = field("generated_at")?.as_str().and_then(Instant::parse);
        Ok(Self {
            entry_count: field("entry_count")?
                .as_count()
                .ok_or(LogHeadError::Field("entry_count"))?,
            latest_entry_id: field("latest_entry_id")?.clone(),
            latest_entry_hash: field("latest_entry_hash")?.clone(),
            chain_head_hash,
            generated_at: at.ok_or(LogHeadError::Field("generated_at"))?,
        })
    }

    /// The text of `LOG_HEAD.json`: two spaces of indent, keys sorted, ASCII only.
    pub fn to_text(&self) -> String {
        let hash = self.chain_head_hash.map(|hash| hash.to_string());
        let head = Object::from([
            ("head_version", Value::from("1.0")),
            ("entry_count", self.entry_count.into()),
            ("latest_entry_id", self.latest_entry_id.clone()),
            ("latest_entry_hash", self.latest_entry_hash.clone()),
            ("chain_head_hash", hash.as_deref().into()),
            ("generated_at", self.generated_at.to_string().into()),
        ]);
        ascii(&Value::Object(head).to_pretty())
    }
}

/// The hash of a text with its line ends as LF, as the reference reads it.
pub fn text_digest(log: &[u8]) -> Digest {
    let mut hasher = TextHasher::default();
    hasher.update(log);
    hasher.digest()
}

/// The hash of a text that comes piece by piece, with its line ends as LF.
#[derive(Debug, Clone, Default)]
pub struct TextHasher {
    hasher: Hasher,
    after_cr: bool,
}

impl TextHasher {
    /// Adds a piece.
    pub fn update(&mut self, mut piece: &[u8]) {
        // The LF of a CRLF that was cut in two: the CR has become one already.
        if std::mem::take(&mut self.after_cr) && piece.first() == Some(&b'\n') {
            piece = &piece[1..];
        }
        while let Some(at) = piece.iter().position(|byte| *byte == b'\r') {
            self.hasher.update(&piece[..at]);
            self.hasher.update(b"\n");
            piece = &piece[at + 1..];
            match piece.first() {
                Some(b'\n') => piece = &piece[1..],
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        self.hasher.update(piece);
    }

    /// The hash of all pieces so far.
    pub fn digest(&self) -> Digest {
        self.hasher.digest()
    }
}

/// What the reference strips off a line: white space, and the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Escapes what is not printable ASCII, which in JSON stands in strings only.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' | ' '..='~' => out.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chain::{Chain, Links};

    const AT: &str = "2026-05-06T07:08:09Z";

    fn head(log: &[u8]) -> LogHead {
        LogHead::of(log, AT.parse().unwrap())
    }

    #[test]
    fn the_text_is_that_of_the_reference() {
        // By the reference's generator, of this very log.
        let log = "{\"entry_id\": \"TLE-1\", \"entry_hash\": \"sha256:aa\"}\r\nno json\r\n[1]\n\n \
                   {\"entry_id\": \"TLE-\u{e9}\u{1f600}\u{7f}\", \"entry_hash\": \"sha256:bb\"}\n";
        let reference = r#"{
  "chain_head_hash": "sha256:b9423da511ef20f33b14e16e7a5069d46810859cab54c25ffded5cf0d2620571",
  "entry_count": 3,
  "generated_at": "2026-05-06T07:08:09Z",
  "head_version": "1.0",
  "latest_entry_hash": "sha256:bb",
  "latest_entry_id": "TLE-\u00e9\ud83d\ude00\u007f"
}
"#;
        assert_eq!(head(log.as_bytes()).to_text(), reference);
        for blank in ["", "\n \r\n", "no json\n\u{1c}\n"] {
            let none = "{\n  \"chain_head_hash\": null,\n  \"entry_count\": 0,\n  \
                        \"generated_at\": \"2026-05-06T07:08:09Z\",\n  \"head_version\": \"1.0\",\n  \
                        \"latest_entry_hash\": null,\n  \"latest_entry_id\": null\n}\n";
            assert_eq!(head(blank.as_bytes()).to_text(), none, "{blank:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_a_head_give_an_error() {
        let good = head(b"{\"entry_id\": 1}").to_text();
        for (from, to, named) in [
            ("1.0", "2.0", "head_version"),
            ("\"entry_count\": 1", "\"entry_count\": -1", "entry_count"),
            ("sha256:", "md5:", "chain_head_hash"),
            (AT, "now", "generated_at"),
            ("latest_entry_id", "id", "latest_entry_id"),
        ] {
            let error = LogHead::parse(good.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert_eq!(error, LogHeadError::Field(named), "{to}");
        }
        assert!(matches!(LogHead::parse(b"{"), Err(LogHeadError::Json(_))));
    }

    proptest! {
        #[test]
        fn a_head_is_read_as_it_is_written(ids in proptest::collection::vec(any::<String>(), 0..6)) {
            let mut links = Links::default();
            let mut log = Vec::new();
            for id in &ids {
                let line = Value::Object(links.seal(Object::from([("entry_id", id.as_str())]))).to_line();
                links.next(crate::chain::Line::parse(line.as_bytes()));
                log.extend_from_slice(line.as_bytes());
                log.push(b'\n');
            }
            let found = head(&log);
            prop_assert!(found.to_text().is_ascii());
            prop_assert_eq!(LogHead::parse(found.to_text().as_bytes()), Ok(found.clone()));
            let chain = Chain::parse(&log);
            let latest = chain.entries.last().map(|entry| &entry.object);
            let counted = LogHead::new(text_digest(&log), chain.entries.len() as u64, latest, found.generated_at);
            prop_assert_eq!(counted, found);
        }

        #[test]
        fn a_text_that_comes_in_pieces_has_the_same_hash(text in "[a\\r\\n]{0,24}", cut in any::<prop::sample::Index>()) {
            let text = text.as_bytes();
            let (first, second) = text.split_at(cut.index(text.len() + 1));
            let mut hasher = TextHasher::default();
            hasher.update(first);
            hasher.update(second);
            let read = String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(hasher.digest(), Digest::of(read.as_bytes()));
        }

        #[test]
        fn any_bytes_have_a_head(log in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(LogHead::parse(head(&log).to_text().as_bytes()).is_ok());
        }
    }
}
