//! A log as a Merkle tree (RFC 6962), and what is signed about it, in the formats of C2SP
//! (<https://c2sp.org>). Pure: what is stored where is decided elsewhere.
//!
//! | question | module |
//! |---|---|
//! | What is the hash of an entry, of two nodes, of the whole tree? | [`tree`] |
//! | Is this entry in that tree, and does that tree go on from this one? | [`proof`] |
//! | In which files do the hashes and the entries stand? | [`tile`] |
//! | A text with signatures below it, and whose they are? | [`note`] |
//! | What does a log say of itself, and what do witnesses sign? | [`checkpoint`] |
//! | How many witnesses are enough? | [`policy`] |
//! | How does an entry prove itself away from its log? | [`inclusion_file`] |
//! | What is a witness asked? | [`witness_request`] |

pub mod checkpoint;
pub mod inclusion_file;
pub mod note;
pub mod policy;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod witness_request;
