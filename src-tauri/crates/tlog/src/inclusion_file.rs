//! A proof that an entry is in a log, to be checked away from it (c2sp.org/tlog-proof): position, the
//! hashes beside its way up, and a checkpoint. Files end in `.tlog-proof`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_problem::Problem;

use crate::checkpoint::{SignedCheckpoint, decimal, hash};
use crate::note::{MAX_NOTE, Note, NoteError};
use crate::proof::{LONGEST, root_of_inclusion};
use crate::tree::leaf_hash;

/// The first line of such a file.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why bytes are not such a proof.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum InclusionFileError {
    /// Not the lines that it should have.
    Form,
    /// Its checkpoint is not a note.
    #[problem(transparent)]
    Note(#[from] NoteError),
}

/// A proof as it stands in its file. Nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionFile {
    /// What the log gives along for whoever reads it, here the entry itself; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// Which entry, from 0.
    pub index: u64,
    /// The hashes beside its way up, the lowest first.
    pub path: Vec<Digest>,
    /// The checkpoint.
    pub checkpoint: Note,
}

impl InclusionFile {
    /// Reads a proof.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, InclusionFileError> {
        use InclusionFileError::Form;
        if bytes.len() > MAX_NOTE {
            return Err(NoteError::TooLong { limit: MAX_NOTE >> 10 }.into());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Form)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Form)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(Form);
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(extra) => Some(BASE64.decode(&extra["extra ".len()..]).map_err(|_| Form)?),
            None => None,
        };
        let index = lines.next().and_then(|line| decimal(line.strip_prefix("index ")?));
        let path: Option<Vec<Digest>> = lines.map(hash).collect();
        match (index, path) {
            (Some(index), Some(path)) if path.len() <= LONGEST => {
                Ok(Self { extra, index, path, checkpoint: Note::parse(checkpoint.as_bytes())? })
            }
            _ => Err(Form),
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref().map(|extra| format!("extra {}\n", BASE64.encode(extra)));
        let head = format!("{HEADER}\n{}index {}\n", extra.unwrap_or_default(), self.index);
        let lines = self.path.iter().map(|hash| BASE64.encode(hash.as_bytes()) + "\n");
        lines.fold(head, |text, line| text + &line) + "\n" + &self.checkpoint.to_text()
    }

    /// Whether it proves that an entry, by its canonical bytes, is in the tree of a checkpoint that was
    /// verified: its own, with any signatures.
    pub fn proves(&self, entry: &[u8], checkpoint: &SignedCheckpoint) -> bool {
        let of_tree = &checkpoint.checkpoint;
        let root = root_of_inclusion(leaf_hash(entry), self.index, of_tree.size, &self.path);
        self.checkpoint.text == checkpoint.note.text && root == Some(of_tree.root)
    }
}
