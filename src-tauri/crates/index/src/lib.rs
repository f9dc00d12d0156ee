//! The live directory.
//!
//! | question | module |
//! |---|---|
//! | How are many envelopes kept current while files come and go? | [`queue`] |
//! | What is kept from one session to the next? | [`catalogue`], which can be deleted |
//! | Who signed what, when, with which key? | [`history`] |
//! | What is stored of an envelope and its verdict? | `judged` |

pub mod catalogue;
pub mod history;
mod judged;
pub mod queue;
