//! What a witness is asked (the body of `add-checkpoint`, c2sp.org/tlog-witness): the size that it saw
//! last, the proof that leads from there to the new checkpoint, and that checkpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_problem::Problem;

use crate::checkpoint::{CheckpointError, SignedCheckpoint, decimal, hash};
use crate::note::{MAX_NOTE, Note, NoteError, VerifierKey};
use crate::proof::is_consistent;

/// The most hashes that a request has.
const LONGEST: usize = 63;

/// Why a request is not one, or must not be granted.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum WitnessRequestError {
    /// Not the lines that it should have.
    Form,
    /// The checkpoint is not one, or not one of this log.
    #[problem(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// It begins elsewhere than this witness saw last.
    Old {
        /// Where it begins.
        old: u64,
        /// How many entries this witness saw last; 0 if none.
        seen: u64,
    },
    /// The log has fewer entries than this witness saw.
    Shrunk {
        /// How many it has.
        size: u64,
        /// How many were seen.
        seen: u64,
    },
    /// As many entries as were seen, and others.
    Forked {
        /// How many.
        size: u64,
    },
    /// The proof does not lead from what was seen to what is to be signed.
    Inconsistent {
        /// What was seen.
        seen: u64,
        /// What is to be signed.
        size: u64,
    },
}

/// A request as it stands in its file. Nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessRequest {
    /// How many entries the witness is said to have seen.
    pub old: u64,
    /// The proof from there.
    pub path: Vec<Digest>,
    /// The checkpoint to be signed.
    pub checkpoint: Note,
}

/// What a witness saw last of a log: nothing, or how many entries with which root.
pub type Seen = Option<(u64, Digest)>;

impl WitnessRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, WitnessRequestError> {
        use WitnessRequestError::Form;
        if bytes.len() > MAX_NOTE {
            return Err(CheckpointError::from(NoteError::TooLong { limit: MAX_NOTE >> 10 }).into());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Form)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Form)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| decimal(line.strip_prefix("old ")?));
        let path: Option<Vec<Digest>> = lines.map(hash).collect();
        match (old, path) {
            (Some(old), Some(path)) if path.len() <= LONGEST => {
                let checkpoint =
                    Note::parse(checkpoint.as_bytes()).map_err(CheckpointError::from)?;
                Ok(Self { old, path, checkpoint })
            }
            _ => Err(Form),
        }
    }

    /// The text of the request.
    pub fn to_text(&self) -> String {
        let head = format!("old {}\n", self.old);
        let lines = self.path.iter().map(|hash| BASE64.encode(hash.as_bytes()) + "\n");
        lines.fold(head, |text, line| text + &line) + "\n" + &self.checkpoint.to_text()
    }

    /// Checks that the log has signed what is asked, and that it goes on from what this witness saw
    /// last. What is returned may be signed, once it has been remembered.
    ///
    /// # Errors
    /// [`WitnessRequestError`] says why it must not be signed.
    pub fn check(
        &self,
        log: &VerifierKey,
        seen: Seen,
    ) -> Result<SignedCheckpoint, WitnessRequestError> {
        let signed = SignedCheckpoint::verified(self.checkpoint.clone(), log)?;
        let size = signed.checkpoint.size;
        let (seen, seen_root) = seen.unwrap_or((0, crate::tree::empty_root()));
        if size < seen {
            return Err(WitnessRequestError::Shrunk { size, seen });
        }
        // As many entries: only the root tells, whatever the request says of the old size.
        if size == seen && seen_root != signed.checkpoint.root {
            return Err(WitnessRequestError::Forked { size });
        }
        if self.old != seen {
            return Err(WitnessRequestError::Old { old: self.old, seen });
        }
        match is_consistent((seen, &seen_root), (size, &signed.checkpoint.root), &self.path) {
            true => Ok(signed),
            false => Err(WitnessRequestError::Inconsistent { seen, size }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::tests::{Party, checkpoint};
    use crate::inclusion_file::InclusionFile;
    use crate::note::KeyKind;
    use crate::proof;
    use crate::tree::tests::{Leaves, tree_hash};

    fn log() -> Party {
        Party::new("log.example", KeyKind::Log, 9)
    }

    fn root(leaves: &Leaves, size: u64) -> Digest {
        tree_hash(&leaves.0[..size as usize])
    }

    fn request(leaves: &Leaves, old: u64, size: u64) -> WitnessRequest {
        let text = checkpoint("log.example", size, root(leaves, size)).to_text();
        let Ok(path) = proof::consistency(leaves, old, size);
        WitnessRequest { old, path, checkpoint: log().note(&text) }
    }

    #[test]
    fn a_request_is_granted_from_where_the_witness_saw_the_log_last() {
        use WitnessRequestError as E;
        let leaves = Leaves::new(20);
        let key = log().key;
        let seen = |size| Some((size, root(&leaves, size)));
        let asked = request(&leaves, 7, 13);
        assert_eq!(WitnessRequest::parse(asked.to_text().as_bytes()), Ok(asked.clone()));
        assert!(asked.check(&key, seen(7)).is_ok());
        assert!(request(&leaves, 0, 13).check(&key, None).is_ok());
        assert!(request(&leaves, 13, 13).check(&key, seen(13)).is_ok());

        assert_eq!(asked.check(&key, seen(8)), Err(E::Old { old: 7, seen: 8 }));
        assert_eq!(asked.check(&key, None), Err(E::Old { old: 7, seen: 0 }));
        assert_eq!(asked.check(&key, seen(14)), Err(E::Shrunk { size: 13, seen: 14 }));
        let other = Some((13, root(&leaves, 12)));
        for old in [0, 7, 13] {
            let asked = request(&leaves, old, 13);
            assert_eq!(asked.check(&key, other), Err(E::Forked { size: 13 }), "{old}");
        }
        let forked = Some((7, root(&leaves, 6)));
        assert_eq!(asked.check(&key, forked), Err(E::Inconsistent { seen: 7, size: 13 }));
        let mut without = asked.clone();
        without.path.pop();
        assert_eq!(without.check(&key, seen(7)), Err(E::Inconsistent { seen: 7, size: 13 }));
        let stranger = Party::new("log.example", KeyKind::Log, 8).key;
        assert!(matches!(asked.check(&stranger, seen(7)), Err(E::Checkpoint(_))));
    }

    #[test]
    fn what_is_no_request_is_not_read() {
        let text = request(&Leaves::new(9), 4, 9).to_text();
        let parse = |text: String| WitnessRequest::parse(text.as_bytes());
        assert!(parse(text.clone()).is_ok());
        for (from, to) in [("old 4", "old 04"), ("old 4", "old"), ("old 4\n", "")] {
            assert_eq!(parse(text.replacen(from, to, 1)), Err(WitnessRequestError::Form), "{to}");
        }
        let hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        let many = text.replacen('\n', &format!("\n{}", hash.repeat(LONGEST)), 1);
        assert_eq!(parse(many), Err(WitnessRequestError::Form));
    }

    #[test]
    fn an_entry_proves_itself_away_from_its_log() {
        let leaves = Leaves::new(20);
        let entry = 5_u64.to_be_bytes();
        let text = checkpoint("log.example", 20, root(&leaves, 20)).to_text();
        let note = log().note(&text);
        let Ok(path) = proof::inclusion(&leaves, 5, 20);
        let file = InclusionFile { extra: None, index: 5, path, checkpoint: note.clone() };
        let read = InclusionFile::parse(file.to_text().as_bytes()).unwrap();
        assert_eq!(read, file);
        let signed = SignedCheckpoint::verified(note, &log().key).unwrap();
        assert!(file.proves(&entry, &signed));
        assert!(!file.proves(&6_u64.to_be_bytes(), &signed));
        assert!(!InclusionFile { index: 6, ..file.clone() }.proves(&entry, &signed));
        // Another checkpoint than its own proves nothing by it.
        let other = log().note(&checkpoint("log.example", 21, root(&leaves, 20)).to_text());
        let other = SignedCheckpoint::verified(other, &log().key).unwrap();
        assert!(!file.proves(&entry, &other));

        let with_extra = file.to_text().replacen("index", "extra AQID\nindex", 1);
        let with = InclusionFile { extra: Some(vec![1, 2, 3]), ..file.clone() };
        assert_eq!(InclusionFile::parse(with_extra.as_bytes()), Ok(with.clone()));
        assert_eq!(with.to_text(), with_extra);
        for (from, to) in [
            ("@v1", "@v2"),
            ("index 5", "index 05"),
            ("index 5\n", ""),
            ("index", "extra A\nindex"),
        ] {
            let wrong = file.to_text().replacen(from, to, 1);
            assert!(InclusionFile::parse(wrong.as_bytes()).is_err(), "{to}");
        }
    }
}
