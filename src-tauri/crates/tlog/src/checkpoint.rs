//! A checkpoint (c2sp.org/tlog-checkpoint): what a log says of itself, signed by its key, and by
//! witnesses who saw that it goes on from what they saw before (c2sp.org/tlog-cosignature).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::verification::verify_raw;
use countersign_problem::Problem;

use crate::note::{KeyKind, Note, NoteError, NoteSignature, VerifierKey, is_name};

/// Why a text is not a checkpoint, or is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Not a signed note.
    #[problem(transparent)]
    Note(#[from] NoteError),
    /// Not an origin, a number and a hash, each on its line.
    Form,
    /// Of another log.
    Origin {
        /// Which one it names.
        found: String,
        /// Which one was expected.
        expected: String,
    },
    /// The log's key has not signed it.
    Unsigned {
        /// The log.
        origin: String,
    },
    /// A signature that is said to be the log's own does not hold.
    Signature {
        /// The log.
        origin: String,
    },
}

/// A log's origin, how many entries it has, and their root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// Their root.
    pub root: Digest,
    /// Lines of other meaning, which nothing here believes.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Reads the text of a note.
    ///
    /// # Errors
    /// If it has not this form.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        Self::read(text).ok_or(CheckpointError::Form)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, decimal(lines.next()?)?, hash(lines.next()?)?);
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        let is_whole = !origin.is_empty() && extensions.iter().all(|line| !line.is_empty());
        is_whole.then(|| Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let root = BASE64.encode(self.root.as_bytes());
        let lines = format!("{}\n{}\n{root}\n", self.origin, self.size);
        self.extensions.iter().fold(lines, |lines, extension| lines + extension + "\n")
    }
}

/// A number as these formats write it: decimal, without zeros before it.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let is_plain = text == "0" || !text.starts_with('0');
    (is_plain && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A hash as these formats write it: base64.
pub(crate) fn hash(text: &str) -> Option<Digest> {
    Some(Digest::from_bytes(BASE64.decode(text).ok()?.try_into().ok()?))
}

/// An origin that names a log by its first entry, below a name that people know it by.
///
/// # Errors
/// The name, if it has spaces, plus signs or control characters.
pub fn origin_of(name: &str, first: &Digest) -> Result<String, CheckpointError> {
    match is_name(name) {
        true => Ok(format!("{name}/{}", first.hex())),
        false => Err(CheckpointError::Form),
    }
}

/// A checkpoint with the note that it stands in, signed by its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What the log says.
    pub checkpoint: Checkpoint,
    /// The note, with all signatures; only the log's own is verified.
    pub note: Note,
}

/// What there is of a witness below a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cosigned {
    /// It has signed, at this time by its clock.
    At(Instant),
    /// Nothing.
    Not,
    /// A signature that is said to be its own does not hold.
    Contradicted,
}

impl SignedCheckpoint {
    /// Reads a note that the key of a log must have signed. The name of that key is the log's origin
    /// (c2sp.org/tlog-policy).
    ///
    /// # Errors
    /// If it is none, is of another log, or its signature is not there or does not hold.
    pub fn read(bytes: &[u8], log: &VerifierKey) -> Result<Self, CheckpointError> {
        Self::verified(Note::parse(bytes)?, log)
    }

    /// As [`Self::read`], of a note.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn verified(note: Note, log: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::parse(&note.text)?;
        let origin = || checkpoint.origin.clone();
        if checkpoint.origin != log.name() || log.kind() != KeyKind::Log {
            return Err(CheckpointError::Origin {
                found: origin(),
                expected: log.name().to_owned(),
            });
        }
        let mut signed = note.signatures_of(log).peekable();
        if signed.peek().is_none() {
            return Err(CheckpointError::Unsigned { origin: origin() });
        }
        if !signed.all(|line| verifies(log, note.text.as_bytes(), &line.signature)) {
            return Err(CheckpointError::Signature { origin: origin() });
        }
        drop(signed);
        Ok(Self { checkpoint, note })
    }

    /// Whether a witness has signed. Of several signatures the latest counts, if all of them hold.
    pub fn cosigned_by(&self, witness: &VerifierKey) -> Cosigned {
        let mut latest = Cosigned::Not;
        if witness.kind() != KeyKind::Witness {
            return latest;
        }
        for line in self.note.signatures_of(witness) {
            let Some(at) = time_of_cosignature(witness, &self.note.text, &line.signature) else {
                return Cosigned::Contradicted;
            };
            latest = match latest {
                Cosigned::At(before) if before.unix() >= at.unix() => latest,
                _ => Cosigned::At(at),
            };
        }
        latest
    }

    /// Adds what a witness answered. A signature that is there already is not added twice.
    pub fn add(&mut self, cosignature: NoteSignature) {
        if !self.note.signatures.contains(&cosignature) {
            self.note.signatures.push(cosignature);
        }
    }
}

fn verifies(key: &VerifierKey, message: &[u8], signature: &[u8]) -> bool {
    verify_raw(key.key(), Algorithm::Ed25519, message, signature).is_ok()
}

/// The bytes that a witness signs, given a checkpoint's text and the time by its clock.
pub fn cosigned_bytes(text: &str, at: Instant) -> Vec<u8> {
    format!("cosignature/v1\ntime {}\n{text}", at.unix()).into_bytes()
}

/// The line of a witness, of its Ed25519 signature over [`cosigned_bytes`]; `None` before 1970.
pub fn cosignature(witness: &VerifierKey, at: Instant, signature: &[u8]) -> Option<NoteSignature> {
    let seconds = u64::try_from(at.unix()).ok()?;
    let signature = [&seconds.to_be_bytes()[..], signature].concat();
    Some(NoteSignature::new(witness, signature))
}

/// When a witness signed; `None` if its signature does not hold.
pub fn time_of_cosignature(witness: &VerifierKey, text: &str, signature: &[u8]) -> Option<Instant> {
    let (seconds, signature) = signature.split_first_chunk::<8>()?;
    let at = Instant::from_unix(i64::try_from(u64::from_be_bytes(*seconds)).ok()?)?;
    verifies(witness, &cosigned_bytes(text, at), signature).then_some(at)
}

#[cfg(test)]
pub(crate) mod tests {
    use countersign_envelope::public_key::PublicKey;
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::tree::leaf_hash;

    pub(crate) fn at(seconds: i64) -> Instant {
        Instant::from_unix(seconds).unwrap()
    }

    /// A log or a witness with a key of its own.
    pub(crate) struct Party {
        signing: SigningKey,
        pub(crate) key: VerifierKey,
    }

    impl Party {
        pub(crate) fn new(name: &str, kind: KeyKind, seed: u8) -> Self {
            let signing = SigningKey::from_bytes(&[seed; 32]);
            let key = PublicKey::ed25519(signing.verifying_key().as_bytes()).unwrap();
            Self { signing, key: VerifierKey::new(name, kind, key).unwrap() }
        }

        pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
            self.signing.sign(message).to_vec()
        }

        /// A note with this text, signed as a log does.
        pub(crate) fn note(&self, text: &str) -> Note {
            let signature = NoteSignature::new(&self.key, self.sign(text.as_bytes()));
            Note { text: text.to_owned(), signatures: vec![signature] }
        }

        pub(crate) fn cosign(&self, text: &str, time: i64) -> NoteSignature {
            let signature = self.sign(&cosigned_bytes(text, at(time)));
            cosignature(&self.key, at(time), &signature).unwrap()
        }
    }

    pub(crate) fn checkpoint(origin: &str, size: u64, root: Digest) -> Checkpoint {
        Checkpoint { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    fn of_log() -> (Party, Checkpoint) {
        let origin = origin_of("example.org/log", &leaf_hash(b"first")).unwrap();
        (Party::new(&origin, KeyKind::Log, 1), checkpoint(&origin, 7, leaf_hash(b"root")))
    }

    #[test]
    fn a_checkpoint_is_read_and_written_as_the_same() {
        let (log, mut checkpoint) = of_log();
        checkpoint.extensions = vec!["more".to_owned()];
        let note = log.note(&checkpoint.to_text());
        let read = SignedCheckpoint::read(note.to_text().as_bytes(), &log.key).unwrap();
        assert_eq!((read.checkpoint, read.note), (checkpoint, note));
    }

    #[test]
    fn what_is_no_checkpoint_is_not_read() {
        let root = BASE64.encode([0; 32]);
        for text in [
            "",
            "log\n",
            "log\n7\n",
            &format!("\n7\n{root}\n"),
            &format!("log\n07\n{root}\n"),
            &format!("log\n+7\n{root}\n"),
            &format!("log\n\n{root}\n"),
            &format!("log\n7\n{}\n", &root[..40]),
            &format!("log\n7\n{root}\n\nmore\n"),
            &format!("log\n18446744073709551616\n{root}\n"),
        ] {
            assert_eq!(Checkpoint::parse(text), Err(CheckpointError::Form), "{text:?}");
        }
        assert_eq!(Checkpoint::parse(&format!("log\n0\n{root}\n")).unwrap().size, 0);
        assert_eq!(origin_of("a log", &leaf_hash(b"")), Err(CheckpointError::Form));
    }

    #[test]
    fn only_the_log_itself_signs_its_checkpoints() {
        let (log, checkpoint) = of_log();
        let note = log.note(&checkpoint.to_text());
        let read = |note: &Note| SignedCheckpoint::verified(note.clone(), &log.key);
        let origin = checkpoint.origin.clone();

        let same_name = Party::new(&origin, KeyKind::Log, 2);
        let others = same_name.note(&note.text);
        assert_eq!(read(&others), Err(CheckpointError::Unsigned { origin: origin.clone() }));
        // Under the log's key id, but not its signature.
        let mut forged = others.clone();
        forged.signatures[0].key_id = log.key.id();
        assert_eq!(read(&forged), Err(CheckpointError::Signature { origin: origin.clone() }));
        let mut both = note.clone();
        both.signatures.push(forged.signatures[0].clone());
        assert_eq!(read(&both), Err(CheckpointError::Signature { origin: origin.clone() }));
        // Of whom it is not known is passed over.
        let mut more = note.clone();
        more.signatures.extend(others.signatures);
        assert_eq!(read(&more).map(|read| read.checkpoint), Ok(checkpoint.clone()));

        let mut changed = note.clone();
        changed.text = Checkpoint { size: 8, ..checkpoint.clone() }.to_text();
        assert_eq!(read(&changed), Err(CheckpointError::Signature { origin: origin.clone() }));
        let elsewhere = Party::new("example.org/other", KeyKind::Log, 1);
        assert!(matches!(
            SignedCheckpoint::verified(note.clone(), &elsewhere.key),
            Err(CheckpointError::Origin { .. })
        ));
        // A witness under the log's name is no log.
        let witness = Party::new(&origin, KeyKind::Witness, 1);
        assert!(SignedCheckpoint::verified(note, &witness.key).is_err());
    }

    #[test]
    fn a_witness_signs_the_time_and_the_checkpoint() {
        let (log, checkpoint) = of_log();
        let witness = Party::new("witness.example", KeyKind::Witness, 3);
        let text = checkpoint.to_text();
        let mut signed = SignedCheckpoint::verified(log.note(&text), &log.key).unwrap();
        assert_eq!(signed.cosigned_by(&witness.key), Cosigned::Not);
        signed.add(witness.cosign(&text, 1_800_000_000));
        signed.add(witness.cosign(&text, 1_700_000_000));
        signed.add(witness.cosign(&text, 1_700_000_000));
        assert_eq!(signed.note.signatures.len(), 3, "the same is not added twice");
        assert_eq!(signed.cosigned_by(&witness.key), Cosigned::At(at(1_800_000_000)));

        // Of another checkpoint, or at another time than was signed.
        let other = Checkpoint { size: 8, ..checkpoint.clone() }.to_text();
        let mut redated = witness.cosign(&text, 1_700_000_000);
        redated.signature[7] ^= 1;
        for forged in [witness.cosign(&other, 1_700_000_000), redated] {
            let mut with = signed.clone();
            with.add(forged);
            assert_eq!(with.cosigned_by(&witness.key), Cosigned::Contradicted);
        }
        // The same key signing as a log does is no witness, and the other way round.
        let as_log = Party::new("witness.example", KeyKind::Log, 3);
        assert_eq!(signed.cosigned_by(&as_log.key), Cosigned::Not);
        let mut as_witness = signed.clone();
        as_witness.add(NoteSignature::new(&witness.key, as_log.sign(text.as_bytes())));
        assert_eq!(as_witness.cosigned_by(&witness.key), Cosigned::Contradicted);
        assert_eq!(signed.cosigned_by(&Party::new("w", KeyKind::Witness, 3).key), Cosigned::Not);
    }
}
