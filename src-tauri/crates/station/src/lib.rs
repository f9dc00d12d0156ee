//! The work on files: everything between the pure core and the people who use it.
//!
//! | question | module |
//! |---|---|
//! | How is a file read without being led astray? | [`reading`] |
//! | Which runs are in a directory? | [`directory`] |
//! | Which files make one envelope, which logs belong to it? | [`envelope_files`], [`logs`] |
//! | How is a directory judged? | [`judgement`] |
//! | How is one signed? | [`ceremony`], step by step in [`signing`] |
//! | How is a file written so that nothing is ever lost? | [`safe_write`] |
//! | Where is the keyring? | [`keyring_file`] |
//! | How is a run registered? | [`registration`] |
//! | What is a person shown of an envelope? | [`view`] |
//! | Where do demonstration envelopes come from? | [`demo`] |

pub mod ceremony;
pub mod demo;
pub mod directory;
pub mod envelope_files;
pub mod judgement;
pub mod keyring_file;
pub mod logs;
pub mod reading;
pub mod registration;
pub mod safe_write;
pub mod signing;
pub mod view;
