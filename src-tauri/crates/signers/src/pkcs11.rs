//! Tokens behind PKCS#11 modules (OASIS PKCS #11 v3.1): smart cards, HSMs, TPMs.
//!
//! A module is other people's code, and it may crash, hang or write where it should not. So none is
//! ever loaded here: a process of its own, this program started again with [`module::ARGUMENT`],
//! loads one module and answers over a pipe. What goes wrong there is an error here.
//!
//! | question | module |
//! |---|---|
//! | Which modules are there? | [`discovery`] |
//! | What is on a token, and what does it say of its keys? | [`token`] |
//! | Which file is a module, how is it started, does its word count? | [`module_file`] |
//! | What does the process with the module do? | [`module`] |
//! | How is that process started, asked and ended? | [`process`] |
//! | What do the two say to each other? | `protocol` |
//! | How does a key on a token sign? | [`signer`] |
//! | Where is the PIN of an unattended token kept? | [`pin_source`] |
//! | How is a key named? | [`uri`]; by a person: [`name`] |
//! | What can go wrong, and what to do then? | [`crate::error::pkcs11`] |

pub mod discovery;
pub mod module;
pub mod module_file;
pub mod name;
pub mod pin_source;
mod printed;
pub mod process;
pub mod protocol;
pub mod signer;
pub mod token;
pub mod uri;
