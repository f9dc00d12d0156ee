//! A JSON text that was read once and is navigated in place: nothing is copied out of it except
//! what a reader asks for, so that memory stays below a few times the text whatever its shape.
//!
//! Beside the bytes there is an index of those objects whose members cannot be read off in order:
//! where the keys are unsorted or given twice, and if the object is large. An array needs none.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use compact_str::{CompactString, format_compact};
use jiter::{Jiter, Peek};

use super::{JsonError, MAX_DEPTH, Value, brief_text, check_number, count_of, syntax_error};

/// A small object is looked through without an index.
const SMALL: usize = 256;

/// From how many unsorted members on an object is sorted by the bytes of its keys, piece by piece,
/// instead of by comparing keys.
const MANY: usize = 64;

/// From how many keys on, and again whenever they have doubled, the keys of an open object are
/// rid of those that are given again: the shortest member is five bytes, and its key takes four.
const COMPACTED: usize = 1 << 16;

/// From how many bytes on the index of a text is reserved at once.
const RESERVED: usize = 1 << 20;

/// A JSON text, checked, with what is needed to find its values in order of their keys.
#[derive(Debug, Clone)]
pub struct Text {
    bytes: Arc<Vec<u8>>,
    /// The indexed objects, by where they start.
    objects: Arc<Vec<Indexed>>,
    /// The keys of each indexed object in order: where their opening quotation marks stand.
    keys: Arc<Vec<u32>>,
    /// The first duplicate key met, if any.
    pub duplicate_key: Option<CompactString>,
}

#[derive(Debug, Clone, Copy)]
struct Indexed {
    start: u32,
    first: u32,
    count: u32,
}

/// A value in a [`Text`].
#[derive(Clone, Copy)]
pub struct Node<'t> {
    text: &'t Text,
    at: usize,
}

impl Text {
    /// Reads one JSON text, by the rules of [`super::parse`].
    ///
    /// # Errors
    /// [`JsonError`] if the bytes are not one whole JSON value within the bounds of this module.
    pub fn parse(bytes: Arc<Vec<u8>>) -> Result<Self, JsonError> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(JsonError::TooLarge);
        }
        // A list that grows step by step is copied again and again, and the pages of the copies may
        // stay with the process. Memory that is reserved and not touched takes no page.
        let at_most = |byte: u8| match bytes.len() < RESERVED {
            true => 0,
            false => bytes.iter().filter(|&&found| found == byte).count(),
        };
        let members = at_most(b':');
        let mut indexer = Indexer {
            jiter: Jiter::new(&bytes),
            index_from: SMALL.max(bytes.len() / 4096),
            bytes: &bytes,
            open: Vec::with_capacity(members),
            objects: Vec::with_capacity(at_most(b'{')),
            keys: Vec::with_capacity(members),
            duplicate_key: None,
        };
        indexer.whole()?;
        let Indexer { mut objects, keys, duplicate_key, .. } = indexer;
        objects.sort_unstable_by_key(|object| object.start);
        Ok(Self { bytes, objects: objects.into(), keys: keys.into(), duplicate_key })
    }

    /// The value of the whole text.
    pub fn root(&self) -> Node<'_> {
        Node { text: self, at: skip_space(&self.bytes, 0) }
    }

    /// The bytes as they were read.
    pub fn bytes(&self) -> &Arc<Vec<u8>> {
        &self.bytes
    }

    /// The keys of an indexed object in order. `near` is where the last search ended; searches that
    /// go through the text need only a look there.
    pub(crate) fn indexed(&self, at: usize, near: &mut usize) -> Option<&[u32]> {
        let starts_at = |object: &Indexed| object.start as usize;
        let here = self.objects.get(*near).map(starts_at);
        let before = near.checked_sub(1).and_then(|before| self.objects.get(before)).map(starts_at);
        if here != Some(at) {
            let between =
                before.is_none_or(|before| before < at) && here.is_none_or(|here| here > at);
            if between {
                return None;
            }
            match self.objects.binary_search_by_key(&at, starts_at) {
                Ok(found) => *near = found,
                Err(gap) => {
                    *near = gap;
                    return None;
                }
            }
        }
        let found = self.objects[*near];
        *near += 1;
        Some(&self.keys[found.first as usize..(found.first + found.count) as usize])
    }

    /// Where the value of a member stands, from where its key does.
    pub(crate) fn value_of(&self, key: usize) -> usize {
        let colon = skip_space(&self.bytes, string_end(&self.bytes, key));
        skip_space(&self.bytes, colon + 1)
    }

    /// The keys and positions that lead to the value at `target`, for a message.
    pub(crate) fn path_to(&self, target: usize) -> String {
        const KEY: usize = 80;
        let bytes = &self.bytes;
        let mut path = String::new();
        let mut at = self.root().at;
        while at != target && matches!(bytes[at], b'{' | b'[') {
            let is_object = bytes[at] == b'{';
            let mut next = skip_space(bytes, at + 1);
            let mut index = 0_usize;
            let mut inner = None;
            while bytes[next] != b'}' && bytes[next] != b']' {
                let value = if is_object { self.value_of(next) } else { next };
                let end = skip_value(bytes, value);
                if (value..end).contains(&target) {
                    inner = Some((next, value));
                    break;
                }
                index += 1;
                next = after_comma(bytes, end);
            }
            let Some((key, value)) = inner else { break };
            match is_object {
                true => {
                    let key = Node { text: self, at: key };
                    path.push('/');
                    path.extend(key.as_str().unwrap_or_default().chars().take(KEY));
                }
                false => path.push_str(&format!("/{index}")),
            }
            at = value;
        }
        path
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.brief())
    }
}

impl<'t> Node<'t> {
    fn first_byte(self) -> u8 {
        self.text.bytes[self.at]
    }

    /// The text that the value stands in, and where.
    pub(crate) fn place(self) -> (&'t Text, usize) {
        (self.text, self.at)
    }

    /// The member under a key; `None` if this is not an object or has no such member.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let members = self.members()?;
        let text = self.text;
        if let Keys::Indexed(keys) = &members.keys {
            let found = keys.binary_search_by(|at| compare_with(&text.bytes, *at as usize, key));
            let at = keys[found.ok()?] as usize;
            return Some(Node { text, at: text.value_of(at) });
        }
        members
            .map(|member| (compare_with(&text.bytes, member.at, key), member))
            .find(|(order, _)| *order != Ordering::Less)
            .and_then(|(order, member)| (order == Ordering::Equal).then_some(member.value()))
    }

    /// The value at a path of keys.
    pub fn at(self, path: &[&str]) -> Option<Node<'t>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether the key is there, whatever its value.
    pub fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The text under a key, if it is a string.
    pub fn text(self, key: &str) -> Option<Cow<'t, str>> {
        self.get(key)?.as_str()
    }

    /// The string, if this is one.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        (self.first_byte() == b'"').then(|| decode(&self.text.bytes, self.at))
    }

    /// Whether this is exactly that string.
    pub fn is(self, text: &str) -> bool {
        self.first_byte() == b'"' && compare_with(&self.text.bytes, self.at, text).is_eq()
    }

    /// Whether this is `null`.
    pub fn is_null(self) -> bool {
        self.first_byte() == b'n'
    }

    /// Whether this is an object.
    pub fn is_object(self) -> bool {
        self.first_byte() == b'{'
    }

    /// Whether this is an array.
    pub fn is_array(self) -> bool {
        self.first_byte() == b'['
    }

    /// The boolean, if this is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.first_byte() {
            b't' => Some(true),
            b'f' => Some(false),
            _ => None,
        }
    }

    /// The number as written, if this is one.
    pub fn as_number(self) -> Option<&'t str> {
        let bytes = &self.text.bytes;
        matches!(self.first_byte(), b'-' | b'0'..=b'9')
            .then(|| std::str::from_utf8(&bytes[self.at..scalar_end(bytes, self.at)]).ok())
            .flatten()
    }

    /// The items, if this is an array.
    pub fn items(self) -> Option<Items<'t>> {
        let first = || Items { text: self.text, at: skip_space(&self.text.bytes, self.at + 1) };
        self.is_array().then(first)
    }

    /// The members in order of their keys, each key once, if this is an object.
    pub fn members(self) -> Option<Members<'t>> {
        if !self.is_object() {
            return None;
        }
        let keys = match self.text.indexed(self.at, &mut 0) {
            Some(keys) => Keys::Indexed(keys),
            None => Keys::InOrder(skip_space(&self.text.bytes, self.at + 1)),
        };
        Some(Members { text: self.text, keys })
    }

    /// How many items or members there are; 0 for anything else.
    pub fn len(self) -> usize {
        match self.first_byte() {
            b'[' => self.items().map_or(0, Iterator::count),
            b'{' => self.members().map_or(0, Iterator::count),
            _ => 0,
        }
    }

    /// Whether there are no items or members.
    pub fn is_empty(self) -> bool {
        match self.first_byte() {
            b'[' => self.items().is_none_or(|mut items| items.next().is_none()),
            b'{' => self.members().is_none_or(|mut members| members.next().is_none()),
            _ => true,
        }
    }

    /// The number, if this is a whole number not below zero that fits.
    pub fn as_count(self) -> Option<u64> {
        count_of(self.as_number()?)
    }

    /// Whether the reference counts the value as given: not null, false, zero or empty.
    pub fn is_truthy(self) -> bool {
        match self.first_byte() {
            b'n' | b'f' => false,
            b't' => true,
            b'"' => self.text.bytes[self.at + 1] != b'"',
            b'[' | b'{' => !self.is_empty(),
            _ => self.as_number().is_some_and(super::is_nonzero),
        }
    }

    /// A short form for a report: strings and numbers cut to a line, arrays and objects by their
    /// size.
    pub fn brief(self) -> CompactString {
        match self.first_byte() {
            b'n' => CompactString::const_new("null"),
            b't' => CompactString::const_new("true"),
            b'f' => CompactString::const_new("false"),
            b'"' => brief_text(&self.as_str().unwrap_or_default()),
            b'[' => format_compact!("a list of {}", self.len()),
            b'{' => format_compact!("an object of {}", self.len()),
            _ => brief_text(self.as_number().unwrap_or_default()),
        }
    }

    /// The value as a tree of its own, to be changed. For small values: a tree takes many times the
    /// memory of its text.
    pub fn to_value(self) -> Value {
        let end = skip_value(&self.text.bytes, self.at);
        // What was read once can be read again.
        super::parse(&self.text.bytes[self.at..end]).map_or(Value::Null, |document| document.value)
    }
}

/// The items of an array.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    text: &'t Text,
    /// Where the next item starts, or the array's closing bracket stands.
    at: usize,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let bytes = &self.text.bytes;
        if bytes[self.at] == b']' {
            return None;
        }
        let item = Node { text: self.text, at: self.at };
        self.at = after_comma(bytes, skip_value(bytes, self.at));
        Some(item)
    }
}

/// The members of an object in order of their keys.
#[derive(Debug, Clone)]
pub struct Members<'t> {
    text: &'t Text,
    keys: Keys<'t>,
}

#[derive(Debug, Clone)]
enum Keys<'t> {
    Indexed(&'t [u32]),
    /// The object stands in order: where the next key starts, or the closing brace stands.
    InOrder(usize),
}

/// One member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t> {
    text: &'t Text,
    at: usize,
}

impl<'t> Member<'t> {
    /// Where the key stands.
    pub(crate) fn place(self) -> usize {
        self.at
    }

    /// The key.
    pub fn key(self) -> Cow<'t, str> {
        decode(&self.text.bytes, self.at)
    }

    /// The value.
    pub fn value(self) -> Node<'t> {
        Node { text: self.text, at: self.text.value_of(self.at) }
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    fn next(&mut self) -> Option<Member<'t>> {
        let text = self.text;
        let at = match &mut self.keys {
            Keys::Indexed(keys) => {
                let (first, rest) = keys.split_first()?;
                *keys = rest;
                *first as usize
            }
            Keys::InOrder(next) => {
                let at = *next;
                if text.bytes[at] == b'}' {
                    return None;
                }
                *next = after_comma(&text.bytes, skip_value(&text.bytes, text.value_of(at)));
                at
            }
        };
        Some(Member { text, at })
    }
}

/// Checks a text and indexes its objects.
struct Indexer<'j> {
    jiter: Jiter<'j>,
    bytes: &'j [u8],
    /// Objects from this size on are indexed though they stand in order.
    index_from: usize,
    /// The keys of the objects that are open, the innermost last.
    open: Vec<u32>,
    objects: Vec<Indexed>,
    keys: Vec<u32>,
    duplicate_key: Option<CompactString>,
}

impl Indexer<'_> {
    fn syntax(&self, error: &jiter::JiterError) -> JsonError {
        syntax_error(self.bytes, error)
    }

    fn whole(&mut self) -> Result<(), JsonError> {
        let peek = self.jiter.peek().map_err(|e| self.syntax(&e))?;
        self.value(peek, 0)?;
        self.jiter.finish().map_err(|e| self.syntax(&e))
    }

    fn value(&mut self, peek: Peek, depth: usize) -> Result<(), JsonError> {
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

pub(crate) fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the next item, key or closing bracket stands, from where a value ended.
pub(crate) fn after_comma(bytes: &[u8], end: usize) -> usize {
    let at = skip_space(bytes, end);
    if bytes.get(at) == Some(&b',') { skip_space(bytes, at + 1) } else { at }
}

/// Where a string ends, after its closing quotation mark, from where its opening one stands.
pub(crate) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    loop {
        match bytes[end] {
            b'"' => return end + 1,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// Where a number, `true`, `false` or `null` ends.
pub(crate) fn scalar_end(bytes: &[u8], at: usize) -> usize {
    let is_part = |byte: &u8| !matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
    at + bytes[at..].iter().take_while(|byte| is_part(byte)).count()
}

fn skip_value(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'"' => return string_end(bytes, at),
        b'{' | b'[' => {}
        _ => return scalar_end(bytes, at),
    }
    let (mut end, mut depth) = (at, 0_usize);
    loop {
        match bytes[end] {
            b'"' => {
                end = string_end(bytes, end);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        end += 1;
        if depth == 0 {
            return end;
        }
    }
}

/// A stretch of a string as it was written, or one escaped character.
pub(crate) enum Piece<'t> {
    Plain(&'t [u8]),
    Escaped(char),
}

/// The pieces of a string in order.
pub(crate) struct Pieces<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Pieces<'t> {
    /// The pieces of the string whose opening quotation mark stands at `at`.
    pub(crate) fn new(bytes: &'t [u8], at: usize) -> Self {
        Self { bytes, at: at + 1 }
    }

    fn code_unit(&self, at: usize) -> u32 {
        let hex = self.bytes[at..at + 4].iter();
        hex.fold(0, |unit, digit| unit << 4 | char::from(*digit).to_digit(16).unwrap_or(0))
    }

    fn escaped(&mut self) -> char {
        let letter = self.bytes[self.at + 1];
        self.at += 2;
        match letter {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = self.code_unit(self.at);
                self.at += 4;
                if (0xd800..0xdc00).contains(&unit) {
                    // The parser let only whole pairs through: `\u` and the low surrogate follow.
                    let low = self.code_unit(self.at + 2).wrapping_sub(0xdc00);
                    unit = 0x10000 + ((unit - 0xd800) << 10) + low;
                    self.at += 6;
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            itself => char::from(itself),
        }
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        match self.bytes[self.at] {
            b'"' => None,
            b'\\' => Some(Piece::Escaped(self.escaped())),
            _ => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
                self.at += length;
                Some(Piece::Plain(&rest[..length]))
            }
        }
    }
}

/// A string as it was written, without its quotation marks, if it has no escapes.
fn plain(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = &bytes[at + 1..];
    let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
    (rest[length] == b'"').then(|| &rest[..length])
}

/// The string whose opening quotation mark stands at `at`.
pub(crate) fn decode(bytes: &[u8], at: usize) -> Cow<'_, str> {
    // The parser let only UTF-8 through.
    if let Some(plain) = plain(bytes, at) {
        return String::from_utf8_lossy(plain);
    }
    let mut text = String::new();
    for piece in Pieces::new(bytes, at) {
        match piece {
            Piece::Plain(plain) => text.push_str(&String::from_utf8_lossy(plain)),
            Piece::Escaped(escaped) => text.push(escaped),
        }
    }
    Cow::Owned(text)
}

/// Two strings of a text by code point.
fn compare(bytes: &[u8], one: usize, other: usize) -> Ordering {
    match (plain(bytes, one), plain(bytes, other)) {
        (Some(one), Some(other)) => one.cmp(other),
        _ => decode(bytes, one).cmp(&decode(bytes, other)),
    }
}

fn compare_with(bytes: &[u8], at: usize, text: &str) -> Ordering {
    match plain(bytes, at) {
        Some(plain) => plain.cmp(text.as_bytes()),
        None => decode(bytes, at).as_ref().cmp(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use proptest::prelude::*;

    fn text(json: &str) -> Text {
        Text::parse(Arc::new(json.as_bytes().to_vec())).unwrap()
    }

    /// The tree, built by navigating.
    fn tree(node: Node<'_>) -> Value {
        if let Some(items) = node.items() {
            return Value::Array(items.map(tree).collect());
        }
        let Some(members) = node.members() else { return node.to_value() };
        let mut object = crate::json::Object::new();
        for member in members {
            let value = node.get(&member.key()).unwrap();
            assert_eq!(value.at, member.value().at);
            object.set(&member.key(), tree(value));
        }
        Value::Object(object)
    }

    fn same_as_tree(json: &[u8]) -> Result<(), TestCaseError> {
        match (Text::parse(Arc::new(json.to_vec())), parse(json)) {
            (Ok(text), Ok(document)) => {
                prop_assert_eq!(tree(text.root()), document.value);
                prop_assert_eq!(text.duplicate_key, document.duplicate_key);
            }
            (text, tree) => prop_assert_eq!(text.err(), tree.err()),
        }
        Ok(())
    }

    fn any_json() -> impl Strategy<Value = String> {
        let key = prop_oneof![
            "[a-c]{0,3}",
            r#"(a|b|\\u0061|\\n|\\\\|\\"|\\ud83d\\ude00|\\u0000|é){0,4}"#,
        ];
        let leaf = prop_oneof![
            Just("null".to_owned()),
            "true|false|0|-0|-1.5|1e5|12345678901234567890",
            key.clone().prop_map(|text| format!("\"{text}\"")),
        ];
        let space = "[ \n\r\t]{0,2}";
        leaf.prop_recursive(5, 60, 80, move |inner| {
            let (space, key) = (space, key.clone());
            prop_oneof![
                (space, prop::collection::vec(inner.clone(), 0..5))
                    .prop_map(|(s, items)| format!("[{s}{}{s}]", items.join(&format!("{s},")))),
                (space, prop::collection::vec((key, inner), 0..80)).prop_map(|(s, members)| {
                    let members: Vec<String> =
                        members.iter().map(|(k, v)| format!("{s}\"{k}\"{s}:{s}{v}{s}")).collect();
                    format!("{{{s}{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_text_is_navigated_as_its_tree_is(json in any_json()) {
            same_as_tree(json.as_bytes())?;
        }

        #[test]
        fn what_is_not_json_gives_the_same_error(json in any_json(), at in any::<prop::sample::Index>(), byte: u8) {
            let mut bytes = json.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            same_as_tree(&bytes)?;
        }
    }

    #[test]
    fn many_keys_are_sorted_whatever_they_have_in_common() {
        let common = "x".repeat(70);
        for prefix in ["", "a", "same/long/beginning/of/all/keys/", &common] {
            let keys = (0..500_u32).map(|n| n.wrapping_mul(2_654_435_761) % 700);
            let members: Vec<String> = keys
                .map(|n| match n % 3 {
                    0 => format!("\"{prefix}{n}\":{n}"),
                    1 => format!("\"{prefix}\\u00{:02x}{n}\":{n}", n % 256),
                    _ => format!("\"{prefix}{n:05}\\n\":[{n}]"),
                })
                .collect();
            same_as_tree(format!("{{{}}}", members.join(",")).as_bytes()).unwrap();
        }
    }

    #[test]
    fn very_many_keys_of_which_few_differ_are_last_wins() {
        let members: Vec<String> = (0..200_000_u32)
            .map(|n| format!("\"{}\":{n}", n.wrapping_mul(40_503) % 1000))
            .collect();
        same_as_tree(format!("{{\"z\":0,{}}}", members.join(",")).as_bytes()).unwrap();
    }

    #[test]
    fn a_place_is_named_by_keys_and_positions() {
        let text = text(r#"{"z":[1,{"y":"here"}],"a":{"b":2}}"#);
        let here = text.root().at(&["z"]).unwrap().items().unwrap().nth(1).unwrap();
        assert_eq!(text.path_to(here.get("y").unwrap().at), "/z/1/y");
        assert_eq!(text.path_to(text.root().at(&["a", "b"]).unwrap().at), "/a/b");
    }
}
