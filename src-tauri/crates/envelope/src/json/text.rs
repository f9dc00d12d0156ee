//! A JSON text that was read once and is navigated in place: nothing is copied out of it except
//! what a reader asks for, so that memory stays below a few times the text whatever its shape.
//!
//! Beside the bytes there is an index of those objects whose members cannot be read off in order:
//! where the keys are unsorted or given twice, and if the object is large. An array needs none.
//!
//! | question | module |
//! |---|---|
//! | How is it checked and indexed? | `index` |
//! | Where does a value end, and what is in a string? | `scan` |

mod index;
mod scan;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use compact_str::{CompactString, format_compact};
use jiter::Jiter;

use self::index::{Indexed, Indexer, RESERVED};
use self::scan::{compare_with, skip_value};
use super::read::JsonError;
use super::value::{Value, brief_text, count_of, is_nonzero};

pub(crate) use self::scan::{
    Piece, Pieces, after_comma, decode, scalar_end, skip_space, string_end,
};

/// A small object is looked through without an index.
const SMALL: usize = 256;

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
            _ => self.as_number().is_some_and(is_nonzero),
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
