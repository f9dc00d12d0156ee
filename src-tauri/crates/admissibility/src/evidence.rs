//! The files of one envelope as they were read, and what the station remembers of them.

use compact_str::CompactString;
use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::digest::Digest;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::run_time_stamp::RunTimeStamp;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::{Reason, Words};
use countersign_tlog::note::Note;

use crate::continuation::ForkPoint;
use crate::terms::SeenTerms;

/// One file of an envelope.
#[derive(Debug, Clone, Copy, Default)]
pub enum Part<T> {
    /// Not there.
    #[default]
    Absent,
    /// There; for most parts a `Result`, with the reason if it cannot be read.
    Read(T),
}

impl<T> Part<T> {
    /// What was read, if it was.
    pub fn read(self) -> Option<T> {
        match self {
            Self::Read(part) => Some(part),
            Self::Absent => None,
        }
    }
}

/// The files of one envelope, as they were read. A part that is unreadable comes with the reason.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The file name of the run, without a directory.
    pub file_name: &'a str,
    /// The sealed run, or why it cannot be read.
    pub run: Result<&'a SealedRun, &'a Reason>,
    /// The run's signatures.
    pub run_signatures: Part<Result<&'a SignatureFile, &'a Reason>>,
    /// The manifest.
    pub manifest: Part<Result<&'a Manifest, &'a Reason>>,
    /// The manifest's signatures.
    pub manifest_signatures: Part<Result<&'a SignatureFile, &'a Reason>>,
    /// The refusals to sign the run.
    pub refusals: Part<Result<&'a RefusalsFile, &'a Reason>>,
    /// The time stamp of the run itself.
    pub run_time_stamp: Part<Result<&'a RunTimeStamp, &'a Reason>>,
    /// The transparency log for this directory.
    pub log: Part<Result<&'a TransparencyLog, &'a Reason>>,
    /// The authority ledger for this directory.
    pub ledger: Part<Result<&'a AuthorityLedger, &'a Reason>>,
    /// The authority boundary for this directory.
    pub boundary: Part<Result<&'a AuthorityBoundary, &'a Reason>>,
    /// The first key that an object gives twice, of each signature file that has one: `run` or
    /// `manifest`, and the key.
    pub duplicate_keys: &'a [(&'static str, CompactString)],
    /// What is known of the log beyond its own chain.
    pub log_standing: ChainStanding<'a>,
    /// What is known of the ledger beyond its own chain.
    pub ledger_standing: ChainStanding<'a>,
    /// The terms that the station saw in the run's signature file before, if they were more than
    /// L4 requires of every envelope.
    pub seen_terms: Option<&'a SeenTerms>,
    /// Where the station saw the run registered before, if that log is no longer where it was.
    pub seen_registration: Option<SeenRegistration<'a>>,
}

impl<'a> Evidence<'a> {
    /// A run alone: no signatures, no manifest, no log, and nothing remembered.
    pub fn of(file_name: &'a str, run: Result<&'a SealedRun, &'a Reason>) -> Self {
        Self {
            file_name,
            run,
            run_signatures: Part::Absent,
            manifest: Part::Absent,
            manifest_signatures: Part::Absent,
            refusals: Part::Absent,
            run_time_stamp: Part::Absent,
            log: Part::Absent,
            ledger: Part::Absent,
            boundary: Part::Absent,
            duplicate_keys: &[],
            log_standing: ChainStanding::default(),
            ledger_standing: ChainStanding::default(),
            seen_terms: None,
            seen_registration: None,
        }
    }
}

/// A registration that the station saw in another log than the one that counts.
#[derive(Debug, Clone, Copy)]
pub struct SeenRegistration<'a> {
    /// The id of the entry.
    pub entry_id: &'a str,
    /// Where the log was.
    pub log: &'a str,
    /// What became of the log.
    pub lost: &'a str,
}

/// What is known of a log or a ledger beyond its own chain: whether it is the one that counts, and
/// whether it continues what the station remembers of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChainStanding<'a> {
    /// Why it is not known which of several counts.
    pub undecided: Option<&'a Reason>,
    /// How it continues what the station remembers.
    pub continuity: Continuity<'a>,
    /// What holds but should be known: others that do not count, dates that run backwards.
    pub notes: &'a [Words],
    /// Whether a person allows that its history was rewritten.
    pub allows_rewriting: bool,
    /// Where a person accepted that its history is not the one that a signer saw.
    pub accepted: &'a [ForkPoint],
    /// What stands beside the log as its checkpoints; nothing of them is verified.
    pub checkpoints: &'a [BesideLog],
}

/// What stands beside a log as a checkpoint of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideLog {
    /// The note, or why it is none.
    pub note: Result<Note, Reason>,
    /// The root that the log has with as many entries as the note says; `None` if it has fewer.
    pub root: Option<Digest>,
}

/// Whether a log or a ledger continues what the station remembers of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Continuity<'a> {
    /// It does, or nothing is remembered.
    #[default]
    Holds,
    /// It is shorter or has another history than what was seen before.
    Rewritten(&'a Reason),
    /// The same, and a person allowed it for now.
    Allowed(&'a Reason),
    /// What is remembered cannot be read.
    Unknown(&'a Reason),
}
