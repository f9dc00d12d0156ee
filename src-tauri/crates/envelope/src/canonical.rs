//! Canonical JSON: the one spelling of a value that is hashed and signed.
//!
//! Keys sorted by Unicode code point, no white space, timestamps in UTC, line ends as LF, numbers
//! as the reference prints them (integers exactly, doubles rounded to 15 significant digits).
//!
//! | question | module |
//! |---|---|
//! | How is a number laid out? | `number` |
//! | How is a text written in its canonical form? | `writer` |
//! | Which hashes are taken on the way? | `hashes` |
//! | What is the canonical form of a tree? | `tree` |

mod hashes;
mod number;
mod tree;
mod writer;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use self::hashes::{Hashed, Hashes};
use self::writer::Writer;
use crate::digest::Digest;
use crate::json::Text;

pub use self::tree::{CanonicalObject, digest, to_string};
pub use self::writer::{MAX_CANONICAL, TooLong, digest_of, write_to};

/// The canonical form of an artifact: what is signed, and the digests taken of it, all from one
/// reading of its text.
#[derive(Debug, Clone)]
pub struct Canonical {
    text: Text,
    digest: Digest,
    content_hash: Option<Digest>,
    scope_hash: Option<Digest>,
    length: usize,
    local_time: Option<usize>,
    /// The canonical bytes, unless they are longer than the text.
    kept: Option<Arc<Vec<u8>>>,
}

impl Canonical {
    /// Writes the object of a text.
    ///
    /// # Errors
    /// Fails with [`TooLong`] if the canonical form is.
    pub fn of(text: Text) -> Result<Self, TooLong> {
        let mut writer = Writer::new(&text, Hashes::new(text.bytes().len().max(2048)));
        writer.push(b"{")?;
        let mut comma: &[u8] = b"";
        for member in text.root().members().into_iter().flatten() {
            writer.push(comma)?;
            comma = b",";
            writer.key(member.place())?;
            let value = text.value_of(member.place());
            let part = match &*member.key() {
                "hash" => Some(Hashed::BlankInContent),
                "hash_scope" => Some(Hashed::Scope),
                _ => None,
            };
            let Some(part) = part else {
                writer.value(value)?;
                continue;
            };
            writer.flush()?;
            writer.sink.begin(part);
            writer.value(value)?;
            writer.flush()?;
            writer.sink.end();
        }
        writer.push(b"}")?;
        writer.flush()?;
        let local_time = writer.local_time;
        let hashes = writer.sink;
        Ok(Self {
            digest: Digest::from_hash(hashes.whole),
            content_hash: hashes.content.map(Digest::from_hash),
            scope_hash: hashes.scope.map(Digest::from_hash),
            length: hashes.length,
            local_time,
            kept: hashes.kept.map(Arc::new),
            text,
        })
    }

    /// The text that was read.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The canonical bytes.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.kept {
            Some(kept) => Cow::Borrowed(kept),
            None => Cow::Owned(self.write()),
        }
    }

    /// The canonical bytes, to be read as a text of their own.
    pub fn shared(&self) -> Arc<Vec<u8>> {
        self.kept.clone().unwrap_or_else(|| Arc::new(self.write()))
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length);
        write_to(&self.text, |piece| bytes.extend_from_slice(piece));
        bytes
    }

    /// How many canonical bytes there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none, which is never true of an object.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The digest of the canonical bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest with the member `hash` set to `""`, if there is one.
    pub fn content_hash(&self) -> Option<Digest> {
        self.content_hash
    }

    /// The digest of the canonical bytes of the member `hash_scope`, if there is one.
    pub fn scope_hash(&self) -> Option<Digest> {
        self.scope_hash
    }

    /// The first time without zone among the strings, as a path of keys. The reference takes such a
    /// time in the zone of its machine, so two machines may hash it differently.
    pub fn local_time(&self) -> Option<String> {
        self.local_time.map(|at| self.text.path_to(at))
    }
}
