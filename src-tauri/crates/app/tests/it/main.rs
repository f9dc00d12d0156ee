//! The use cases on real directories, keys and files.

mod act_over_one;
mod act_over_several;
mod attestation;
mod ceremony;
mod history;
mod journal;
mod log_acceptance;
mod queue;
mod review;
mod sign;
mod signing;
