//! The hashes of a document and of its parts, taken while it is written.

use sha2::Digest as _;

use super::writer::{MAX_CANONICAL, Sink, TooLong};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Hashed {
    /// The content hash has `""` here.
    BlankInContent,
    Scope,
}

/// What is made of the canonical bytes of an artifact while they are written.
pub(super) struct Hashes {
    pub(super) whole: sha2::Sha256,
    pub(super) content: Option<sha2::Sha256>,
    pub(super) scope: Option<sha2::Sha256>,
    part: Option<Hashed>,
    pub(super) length: usize,
    keep: usize,
    pub(super) kept: Option<Vec<u8>>,
}

impl Hashes {
    pub(super) fn new(keep: usize) -> Self {
        let kept = Some(Vec::with_capacity(keep));
        let (content, scope, part) = (None, None, None);
        Self { whole: sha2::Sha256::new(), content, scope, part, length: 0, keep, kept }
    }

    pub(super) fn begin(&mut self, part: Hashed) {
        self.part = Some(part);
        match part {
            Hashed::Scope => self.scope = Some(sha2::Sha256::new()),
            Hashed::BlankInContent => {
                let mut content = self.whole.clone();
                content.update(b"\"\"");
                self.content = Some(content);
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.part = None;
    }
}

impl Sink for Hashes {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self.length += bytes.len();
        if self.length as u64 > MAX_CANONICAL {
            return Err(TooLong);
        }
        self.whole.update(bytes);
        if let Some(content) = &mut self.content
            && self.part != Some(Hashed::BlankInContent)
        {
            content.update(bytes);
        }
        if let Some(scope) = &mut self.scope
            && self.part == Some(Hashed::Scope)
        {
            scope.update(bytes);
        }
        match &mut self.kept {
            Some(kept) if self.length <= self.keep => kept.extend_from_slice(bytes),
            _ => self.kept = None,
        }
        Ok(())
    }
}
