//! JSON as the format reads it (RFC 8259): numbers at full precision, the last of duplicate keys
//! wins but the duplicate is remembered, lone surrogates and anything beyond the value are errors.
//!
//! | question | module |
//! |---|---|
//! | How is a document read into a tree? | `read` |
//! | What is the tree? | `value` |
//! | How is it written? | `write` |
//! | How is a document read without a tree? | `text` |

mod read;
mod text;
mod value;
mod write;

#[cfg(test)]
mod tests;

pub use self::read::{Document, JsonError, MAX_DEPTH, MAX_INTEGER_DIGITS, conflict_marker, parse};
pub(crate) use self::value::is_float;
pub use self::value::{Object, Value};
pub(crate) use self::write::{escape, write_string};
pub use text::{Items, Member, Members, Node, Text};
pub(crate) use text::{Piece, Pieces, after_comma, decode, scalar_end, skip_space, string_end};
