//! The use cases on real directories, keys and files.

mod attestation;
mod batch;
mod ceremony;
mod history;
mod journal;
mod log_acceptance;
mod queue;
mod review;
mod session;
mod signing;
