//! Checking a document once, and indexing the keys of its large objects.

use compact_str::CompactString;
use jiter::{Jiter, Peek};

use super::scan::{after_comma, compare, decode, skip_space};
use crate::json::read::{JsonError, MAX_DEPTH, check_number, syntax_error};

/// From how many unsorted members on an object is sorted by the bytes of its keys, piece by piece,
/// instead of by comparing keys.
const MANY: usize = 64;

/// From how many keys on, and again whenever they have doubled, the keys of an open object are
/// rid of those that are given again: the shortest member is five bytes, and its key takes four.
const COMPACTED: usize = 1 << 16;

/// From how many bytes on the index of a text is reserved at once.
pub(super) const RESERVED: usize = 1 << 20;

#[derive(Debug, Clone, Copy)]
pub(super) struct Indexed {
    pub(super) start: u32,
    pub(super) first: u32,
    pub(super) count: u32,
}

/// Checks a text and indexes its objects.
pub(super) struct Indexer<'j> {
    pub(super) jiter: Jiter<'j>,
    pub(super) bytes: &'j [u8],
    /// Objects from this size on are indexed though they stand in order.
    pub(super) index_from: usize,
    /// The keys of the objects that are open, the innermost last.
    pub(super) open: Vec<u32>,
    pub(super) objects: Vec<Indexed>,
    pub(super) keys: Vec<u32>,
    pub(super) duplicate_key: Option<CompactString>,
}

impl Indexer<'_> {
    fn syntax(&self, error: &jiter::JiterError) -> JsonError {
        syntax_error(self.bytes, error)
    }

    pub(super) fn whole(&mut self) -> Result<(), JsonError> {
        let peek = self.jiter.peek().map_err(|e| self.syntax(&e))?;
        self.value(peek, 0)?;
        self.jiter.finish().map_err(|e| self.syntax(&e))
    }

    pub(super) fn value(&mut self, peek: Peek, depth: usize) -> Result<(), JsonError> {
        let checked = match peek {
            Peek::Null => self.jiter.known_null(),
            Peek::True | Peek::False => self.jiter.known_bool(peek).map(|_| ()),
            Peek::String => self.jiter.known_str().map(|_| ()),
            Peek::Array => return self.array(depth + 1),
            Peek::Object => return self.object(depth + 1),
            number => match self.jiter.known_number_bytes(number) {
                Ok(written) => return check_number(written),
                Err(error) => Err(error),
            },
        };
        checked.map_err(|e| self.syntax(&e))
    }

    fn array(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        let mut next = self.jiter.known_array().map_err(|e| self.syntax(&e))?;
        while let Some(peek) = next {
            self.value(peek, depth)?;
            next = self.jiter.array_step().map_err(|e| self.syntax(&e))?;
        }
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        let start = self.jiter.current_index();
        let first = self.open.len();
        let mut in_order = true;
        let mut duplicate = None;
        let mut compact_at = COMPACTED;
        let mut key_at = skip_space(self.bytes, start + 1);
        let mut key = self.jiter.known_object().map(|key| key.is_some());
        while key.map_err(|e| self.syntax(&e))? {
            if let Some(&last) = self.open[first..].last() {
                in_order = in_order && compare(self.bytes, last as usize, key_at).is_lt();
            }
            self.open.push(key_at as u32);
            if self.open.len() - first == compact_at {
                if !in_order {
                    self.sort(first, &mut duplicate);
                }
                compact_at = COMPACTED.max(2 * (self.open.len() - first));
            }
            let peek = self.jiter.peek().map_err(|e| self.syntax(&e))?;
            self.value(peek, depth)?;
            let end = self.jiter.current_index();
            key = self.jiter.next_key().map(|key| key.is_some());
            key_at = after_comma(self.bytes, end);
        }
        if !in_order {
            self.sort(first, &mut duplicate);
            if let (None, Some(at)) = (&self.duplicate_key, duplicate) {
                self.duplicate_key = Some(CompactString::from(decode(self.bytes, at as usize)));
            }
        } else if self.jiter.current_index() - start < self.index_from {
            self.open.truncate(first);
            return Ok(());
        }
        let found = &self.open[first..];
        self.objects.push(Indexed {
            start: start as u32,
            first: self.keys.len() as u32,
            count: found.len() as u32,
        });
        self.keys.extend_from_slice(found);
        self.open.truncate(first);
        Ok(())
    }

    /// Sorts the innermost open object's keys, the last of equal ones standing, and keeps the first
    /// duplicate by order.
    fn sort(&mut self, first: usize, smallest: &mut Option<u32>) {
        let bytes = self.bytes;
        let keys = &mut self.open[first..];
        if keys.len() < MANY {
            // Stable, so that of equal keys the last written comes last.
            keys.sort_by(|a, b| compare(bytes, *a as usize, *b as usize));
        } else {
            sort_by_pieces(bytes, keys);
        }
        let mut kept = 0;
        let mut duplicate = None;
        for index in 0..keys.len() {
            let same =
                kept > 0 && compare(bytes, keys[kept - 1] as usize, keys[index] as usize).is_eq();
            if same {
                duplicate.get_or_insert(keys[index]);
                kept -= 1;
            }
            keys[kept] = keys[index];
            kept += 1;
        }
        let earlier = |at: u32| {
            smallest.is_none_or(|known| compare(bytes, at as usize, known as usize).is_lt())
        };
        if duplicate.is_some_and(earlier) {
            *smallest = duplicate;
        }
        self.open.truncate(first + kept);
    }
}

/// Sorts keys stably, three bytes of each at a time, with where the key stands as the tie: a
/// comparison of two keys would fetch both from anywhere in the text.
fn sort_by_pieces(bytes: &[u8], keys: &mut [u32]) {
    let mut pieces: Vec<u64> = keys.iter().map(|at| u64::from(*at)).collect();
    sort_pieces(bytes, &mut pieces, 0);
    for (key, piece) in keys.iter_mut().zip(&pieces) {
        *key = *piece as u32;
    }
}

/// `keys` have where the key stands in the lower half and are equal in their first `depth` bytes.
fn sort_pieces(bytes: &[u8], keys: &mut [u64], depth: usize) {
    if keys.len() < MANY || depth >= MANY {
        keys.sort_unstable_by(|a, b| {
            let (a, b) = (*a as u32, *b as u32);
            compare(bytes, a as usize, b as usize).then(a.cmp(&b))
        });
        return;
    }
    for key in keys.iter_mut() {
        let at = *key as u32;
        *key = u64::from(piece_of(bytes, at as usize, depth)) << 32 | u64::from(at);
    }
    keys.sort_unstable();
    let piece = |key: u64| (key >> 32) as u32;
    for equal in keys.chunk_by_mut(|a, b| piece(*a) == piece(*b)) {
        let goes_on = piece(equal[0]) & 3 == 3;
        if equal.len() > 1 && goes_on {
            sort_pieces(bytes, equal, depth + 3);
        }
    }
}

/// Three bytes of a key from `depth` on, and in the last byte how many there were: fewer than three
/// if the key ends.
fn piece_of(bytes: &[u8], at: usize, depth: usize) -> u32 {
    let three = |tail: &[u8]| {
        let mut piece = [0_u8; 4];
        for (index, byte) in tail.iter().take(3).enumerate() {
            piece[index] = *byte;
            piece[3] += 1;
        }
        u32::from_be_bytes(piece)
    };
    let head = &bytes[at + 1..bytes.len().min(at + 1 + depth + 3)];
    let head = head.split(|byte| *byte == b'"').next().unwrap_or_default();
    match head.contains(&b'\\') {
        false => three(head.get(depth..).unwrap_or_default()),
        true => three(decode(bytes, at).as_bytes().get(depth..).unwrap_or_default()),
    }
}
