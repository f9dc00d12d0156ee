//! A signed note (c2sp.org/signed-note): a text, an empty line, and a line for each signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_problem::Problem;

/// The longest note that is read, in bytes (1 MiB).
pub const MAX_NOTE: usize = 1 << 20;
/// The most signatures that are read.
pub const MAX_SIGNATURES: usize = 64;

/// Why bytes are not a signed note.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum NoteError {
    /// Longer than is read.
    TooLong {
        /// How long it may be, in KiB.
        limit: usize,
    },
    /// Not UTF-8, or with control characters.
    Text,
    /// No signatures below an empty line.
    Unsigned,
    /// A line of a signature that is none.
    SignatureLine(usize),
    /// More signatures than are read.
    Signatures(usize),
}

/// Why a text is not a verifier key.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum VerifierKeyError {
    /// Not a name, eight hex digits and base64, with plus signs between them.
    Form,
    /// A name that is empty, or has spaces or plus signs.
    Name(String),
    /// A type of key that is not used here.
    Kind(u8),
    /// The digits are not those of this name and key.
    Id,
    /// Not a key that can be used.
    #[problem(transparent)]
    Key(#[from] PublicKeyError),
}

/// A text with signatures below it. Nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last line end.
    pub text: String,
    /// The signatures, as they stand below it.
    pub signatures: Vec<NoteSignature>,
}

/// A line of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of its key.
    pub name: String,
    /// The beginning of the hash of name, type and key.
    pub key_id: [u8; 4],
    /// What follows; of which form, the type of the key says.
    pub signature: Vec<u8>,
}

/// The types of keys that are used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Ed25519 over the text: of logs.
    Log,
    /// Ed25519 over text and time: of witnesses (c2sp.org/tlog-cosignature).
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Witness => 0x04,
        }
    }
}

/// A key with its name and its type, as it is written for others: `name+id+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: PublicKey,
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError`] says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE {
            return Err(NoteError::TooLong { limit: MAX_NOTE >> 10 });
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Text)?;
        if whole.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Text);
        }
        // The last empty line is the one between text and signatures.
        let (text, signatures) = whole.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
        if signatures.is_empty() {
            return Err(NoteError::Unsigned);
        }
        Ok(Self { text: format!("{text}\n"), signatures: signature_lines(signatures)? })
    }

    /// The note as it is written.
    pub fn to_text(&self) -> String {
        let lines = self.signatures.iter().map(NoteSignature::to_line);
        lines.fold(format!("{}\n", self.text), |note, line| note + &line)
    }

    /// The signatures that a key is said to have made.
    pub fn signatures_of<'a>(
        &'a self,
        key: &'a VerifierKey,
    ) -> impl Iterator<Item = &'a NoteSignature> {
        let id = key.id();
        self.signatures.iter().filter(move |line| line.name == key.name && line.key_id == id)
    }
}

/// Reads lines of signatures alone, as a witness answers with.
///
/// # Errors
/// If a line is none, or there are too many.
pub fn signature_lines(lines: &str) -> Result<Vec<NoteSignature>, NoteError> {
    let lines = lines.strip_suffix('\n').unwrap_or(lines);
    let mut signatures = Vec::new();
    for (number, line) in lines.split('\n').enumerate() {
        if number == MAX_SIGNATURES {
            return Err(NoteError::Signatures(MAX_SIGNATURES));
        }
        let signature = NoteSignature::parse(line).ok_or(NoteError::SignatureLine(number + 1))?;
        signatures.push(signature);
    }
    Ok(signatures)
}

impl NoteSignature {
    /// The signature of a key, in the form of its type.
    pub fn new(key: &VerifierKey, signature: Vec<u8>) -> Self {
        Self { name: key.name.clone(), key_id: key.id(), signature }
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = BASE64.decode(signature).ok()?;
        let (key_id, signature) = bytes.split_first_chunk::<4>()?;
        (is_name(name) && !signature.is_empty()).then(|| Self {
            name: name.to_owned(),
            key_id: *key_id,
            signature: signature.to_vec(),
        })
    }

    /// The line, with its end.
    pub fn to_line(&self) -> String {
        let bytes = [&self.key_id[..], &self.signature].concat();
        format!("\u{2014} {} {}\n", self.name, BASE64.encode(bytes))
    }
}

/// Whether a text can be the name of a key.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// If the name cannot be one, or the key is not Ed25519.
    pub fn new(name: &str, kind: KeyKind, key: PublicKey) -> Result<Self, VerifierKeyError> {
        if !is_name(name) {
            return Err(VerifierKeyError::Name(name.to_owned()));
        }
        match key {
            PublicKey::Ed25519(_) => Ok(Self { name: name.to_owned(), kind, key }),
            _ => Err(PublicKeyError::Kind.into()),
        }
    }

    /// Reads a key as it is written for others.
    ///
    /// # Errors
    /// [`VerifierKeyError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, VerifierKeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VerifierKeyError::Form);
        };
        let bytes = BASE64.decode(key).map_err(|_| VerifierKeyError::Form)?;
        let (&kind, key) = bytes.split_first().ok_or(VerifierKeyError::Form)?;
        let kind = [KeyKind::Log, KeyKind::Witness]
            .into_iter()
            .find(|known| known.byte() == kind)
            .ok_or(VerifierKeyError::Kind(kind))?;
        let key: [u8; 32] = key.try_into().map_err(|_| VerifierKeyError::Form)?;
        let key = Self::new(name, kind, PublicKey::ed25519(&key)?)?;
        match id == hex(key.id()) {
            true => Ok(key),
            false => Err(VerifierKeyError::Id),
        }
    }

    /// The key as it is written for others.
    pub fn to_text(&self) -> String {
        let key = [&[self.kind.byte()], self.raw()].concat();
        format!("{}+{}+{}", self.name, hex(self.id()), BASE64.encode(key))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The beginning of the hash of name, type and key: which signatures are said to be its own. It
    /// proves nothing.
    pub fn id(&self) -> [u8; 4] {
        let parts = [self.name.as_bytes(), b"\n", &[self.kind.byte()], self.raw()];
        let [a, b, c, d, ..] = *Digest::of_parts(&parts).as_bytes();
        [a, b, c, d]
    }

    fn raw(&self) -> &[u8] {
        match &self.key {
            PublicKey::Ed25519(key) => key.as_bytes(),
            // No other is made.
            _ => &[],
        }
    }
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "one\n\ntwo\n\n\u{2014} a.example/x AAAAAQI=\n\u{2014} b AAAAAgM=\n";

    #[test]
    fn a_note_is_read_and_written_as_the_same() {
        let note = Note::parse(NOTE.as_bytes()).unwrap();
        assert_eq!(note.text, "one\n\ntwo\n");
        assert_eq!(note.signatures[1].name, "b");
        assert_eq!(note.signatures[1].key_id, [0, 0, 0, 2]);
        assert_eq!(note.signatures[1].signature, [3]);
        assert_eq!(note.to_text(), NOTE);
    }

    #[test]
    fn what_is_no_note_says_why() {
        let parse = |text: &str| Note::parse(text.as_bytes());
        let line = NoteError::SignatureLine;
        assert_eq!(parse("text\n"), Err(NoteError::Unsigned));
        assert_eq!(parse("text\n\n"), Err(NoteError::Unsigned));
        assert_eq!(parse("te\txt\n\n\u{2014} a AAAAAQI=\n"), Err(NoteError::Text));
        assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::Text));
        assert_eq!(parse("text\n\n- a AAAAAQI=\n"), Err(line(1)));
        assert_eq!(parse("text\n\n\u{2014} a AAAAAQI=\nx\n"), Err(line(2)));
        for bad in [
            "\u{2014} a+b AAAAAQI=",
            "\u{2014} a AAAAAQ==",
            "\u{2014}  AAAAAQI=",
            "\u{2014} a b AAAAAQI=",
        ] {
            assert_eq!(parse(&format!("text\n\n{bad}\n")), Err(line(1)), "{bad}");
        }
        let many = "\u{2014} a AAAAAQI=\n".repeat(MAX_SIGNATURES + 1);
        assert_eq!(parse(&format!("t\n\n{many}")), Err(NoteError::Signatures(MAX_SIGNATURES)));
    }

    /// The example of the specification of the Go module's checksum database, which is well known.
    #[test]
    fn a_published_key_is_read() {
        let written = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let key = VerifierKey::parse(written).unwrap();
        assert_eq!((key.name(), key.kind()), ("sum.golang.org", KeyKind::Log));
        assert_eq!(key.to_text(), written);
        let other = written.replace("033de0ae", "033de0af");
        assert_eq!(VerifierKey::parse(&other), Err(VerifierKeyError::Id));
        let other = written.replace("sum.golang.org", "sum.golang.com");
        assert_eq!(VerifierKey::parse(&other), Err(VerifierKeyError::Id));
        assert_eq!(VerifierKey::parse("a+b"), Err(VerifierKeyError::Form));
        assert_eq!(VerifierKey::parse("a+01020304+AgEC"), Err(VerifierKeyError::Kind(2)));
    }
}
