//! How envelopes leave a station and come back.
//!
//! | question | module |
//! |---|---|
//! | How are copies that were signed apart united? | [`merge`] |
//! | How do envelopes come from one station to another? | [`carry`] |
//! | What is given to an auditor? | [`pack`] |

pub mod carry;
pub mod merge;
pub mod pack;
