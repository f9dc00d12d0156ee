//! The admissibility pack: everything that proves one envelope admissible, for a reader who has
//! neither this station nor this program. A folder or a zip ([`archive`]) in the layout that the
//! reference's `verify_pack.py` reads:
//!
//! | file | what |
//! |---|---|
//! | `RUN-….json`, `….manifest.json`, `….sig.json` | the envelope, byte for byte |
//! | `transparency_log.ndjson`, `LOG_HEAD.json` | the whole log, so that its chain can be checked, and its head |
//! | `authority_ledger.ndjson` | the whole ledger |
//! | `keyring.json`, `attestation-roots/` | what the packer's keyring says of the signers' keys, and the roots that attestations were held against |
//! | `abp_v1.json`, `timestamps/` | the authority boundary and the time-stamp tokens, where they are beside the run |
//! | `tsa-roots/` | the roots of the time-stamping authorities that tokens were held against |
//! | `evidence/` | canonical bytes, claims, refusals and tokens in the forms of DSSE, Sigstore and RFC 3161; the versions of a signed keyring |
//! | `verify.py` | verifies all of it with Python and OpenSSL alone |
//! | `keys/`, `signed/`, `signatures/` | public keys, signed bytes and raw signatures, for OpenSSL |
//! | `inputs/` | the files that the run was made from, if the maker added them, by their paths in the run |
//! | `report.html`, `VERIFY_INSTRUCTIONS.md` | for a person |
//! | `SHA256SUMS` | all of them |
//!
//! It contains no time of packing: the same evidence with the same verdict makes the same bytes. A
//! log without the run, and a ledger that neither the run nor its boundary refers to, are about other
//! runs and are left out.

mod evidence;
mod inputs;
mod keyring_versions;
mod opened;
mod proofs;
mod report;

use countersign_problem::{Problem, Reason, Said, Words};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::claims::Signed;
use countersign_admissibility::inputs::FoundInputs;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Assurance, Weakness};
use countersign_admissibility::signature_checks;
use countersign_admissibility::signatures::JudgedSignature;
use countersign_admissibility::{Evidence, Judge, Part, Verdict};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, LOG_HEAD, MAX_BYTES, TRANSPARENCY_LOG, is_sealed_run, manifest_of,
    refusals_of, signature_of,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::log_head::LogHead;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Signature;
use countersign_envelope::signature_file::SignatureFile;
use serde::Serialize;

pub use opened::{OpenPack, PackFault, check, open};

use countersign_journal::{ArchiveFacts, Event, JournalError, Recorder};
use countersign_store::archive::{self, Archive, ArchiveError, Unfit};
use countersign_store::companions;
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::inputs::{Follow, InputsError};
use countersign_store::log_head_file;
use countersign_store::logs::{LogBook, Logs};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_trust::attestation_roots::Anchor;
use countersign_views as view;

/// The packer's keyring, as far as it is about the signers.
const KEYRING: &str = "keyring.json";
/// The folder of trusted attestation roots.
const ROOTS: &str = "attestation-roots";

/// The roots of the time-stamping authorities that tokens were held against.
const TSA_ROOTS: &str = "tsa-roots";
/// The folder of the files that the run was made from.
const INPUTS: &str = "inputs/";
/// Verifies it all without this program.
const VERIFIER: &str = "verify.py";

/// The page to print.
const REPORT: &str = "report.html";
/// How to verify it all.
const INSTRUCTIONS: &str = "VERIFY_INSTRUCTIONS.md";

/// Why a pack could not be made or read.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum PackError {
    /// A file of the envelope cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The file is not named like a sealed run.
    NotARun(PathBuf),
    /// A file of the envelope is not what it should be.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: Words,
    },
    /// A file does not fit into a pack.
    Unfit(String),
    /// The report could not be made.
    Report(String),
    /// It cannot be read or written.
    #[problem(transparent)]
    Archive(#[from] ArchiveError),
    /// The files that the run was made from cannot be read.
    #[problem(transparent)]
    Inputs(#[from] InputsError),
    /// A file has another content than the run was made from.
    Contradicted {
        /// Its path, as the run writes it.
        file: String,
        /// Where it was looked up.
        directory: PathBuf,
    },
    /// It is an archive and no pack.
    NotAPack {
        /// The file or folder.
        path: PathBuf,
        /// How many runs there are.
        count: usize,
    },
    /// The act could not be journalled, and so was not done.
    Journal(#[from] JournalError),
}

/// The pack that was written.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct PackReport {
    /// The run.
    pub file: String,
    /// The digest that two people compare, 64 hex digits.
    pub digest: String,
    /// 0 to 7; null if not even L0 holds.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// In what the policy that it was judged by is weaker than the default.
    pub weaknesses: Vec<Weakness>,
    /// What the next level needs; null at L7.
    pub missing: Option<Said>,
    /// What holds and should be known all the same.
    pub warnings: Vec<Said>,
    /// The files in it, without `SHA256SUMS`.
    pub files: Vec<String>,
}

/// A pack that has not been written yet.
#[derive(Debug)]
pub struct Packed {
    archive: Archive,
    /// Its contents.
    pub report: PackReport,
    /// The files that the run was made from, if they were asked for: those that are the same are in the
    /// pack.
    pub inputs: Option<FoundInputs>,
}

/// What is packed, and how it is judged.
#[derive(Clone, Copy)]
pub struct ToPack<'a> {
    /// The sealed run.
    pub run: &'a Path,
    /// How it is judged.
    pub judge: &'a Judge<'a>,
    /// The logs.
    pub logs: &'a LogBook,
    /// Where the files that it was made from are, if the pack is to carry them.
    pub inputs: Option<InputsFrom<'a>>,
}

impl<'a> ToPack<'a> {
    /// A run without the files that it was made from.
    pub fn new(run: &'a Path, judge: &'a Judge<'a>, logs: &'a LogBook) -> Self {
        Self { run, judge, logs, inputs: None }
    }
}

/// Where the files that a run was made from are.
#[derive(Clone, Copy)]
pub struct InputsFrom<'a> {
    /// The directory below which their paths lead to them.
    pub directory: &'a Path,
    /// Who is told how far reading them is.
    pub follow: &'a dyn Follow,
}

/// Collects the pack of one envelope, as it is judged here.
///
/// # Errors
/// Fails if one of its files cannot be read, or if a file that the run was made from has another content
/// now. Its level does not matter; the report names it.
pub fn collect(what: ToPack<'_>) -> Result<Packed, PackError> {
    let ToPack { run, judge, logs, inputs } = what;
    let name = name_of(run);
    if !is_sealed_run(&name) {
        return Err(PackError::NotARun(run.to_owned()));
    }
    // For the error that names file and remedy.
    reading::read(run, directory_of(run), MAX_BYTES)?;
    // By the rules here, not by those of the recipient.
    let here = logs.for_directory(directory_of(run));
    let bytes = EnvelopeBytes::read(run, directory_of(run), &here);
    let read = |path: &PathBuf| reading::read(path, directory_of(path), MAX_LOG_BYTES);
    let (log, ledger) = (here.log_place.as_ref().map(read), here.ledger_place.as_ref().map(read));
    let (log, ledger) = (log.transpose()?, ledger.transpose()?);
    let files = EnvelopeFiles::parse(&bytes);
    let log = log.filter(|_| is_registered(&files.evidence(&here)));
    let refers = files.run.as_ref().is_ok_and(|run| run.authority_reference().is_some());
    // The authority boundary stands under an entry of it as well.
    let ledger = ledger.filter(|_| refers || bytes.boundary.is_some());
    let logs = Logs::of_bytes(log.as_deref(), ledger.as_deref(), None).with_standing_of(&here);
    let evidence = files.evidence(&logs);
    check_readable(run, &evidence)?;
    let verdict = judge.judge(&evidence);

    let mut archive = Archive::default();
    let read = files.run.as_ref().ok();
    let inputs = inputs.zip(read).map(|(from, run)| inputs::add(&mut archive, run, from));
    let inputs = inputs.transpose()?;
    let mut add = |name: &str, bytes: Vec<u8>| {
        archive.add(name, bytes).map_err(|_: Unfit| PackError::Unfit(name.to_owned()))
    };
    for (name, read) in bytes.files() {
        if let Ok(bytes) = read {
            add(&name, bytes.to_vec())?;
        }
    }
    let beside = files.run.iter().flat_map(|read| companions::of(read, directory_of(run), &here));
    for companion in beside {
        add(&companion.name, companion.read()?)?;
    }
    let as_of = latest(&evidence, log.as_deref());
    if let Some(log) = log {
        let head = LogHead::of(&log, log_head_file::last_observed(&log).unwrap_or(as_of));
        add(LOG_HEAD, head.to_text().into_bytes())?;
        add(TRANSPARENCY_LOG, log)?;
    }
    if let Some(ledger) = ledger {
        add(AUTHORITY_LEDGER, ledger)?;
    }
    let (keyring, anchors) = vouching(judge, &evidence);
    add(KEYRING, keyring.to_text().into_bytes())?;
    for anchor in &anchors {
        let name = format!("{ROOTS}/{}.pem", anchor.fingerprint().hex());
        add(&name, anchor.to_pem().into_bytes())?;
    }
    // They are few, and say whose time counts: all of them.
    for certificate in judge.tsa_roots.certificates() {
        let name = format!("{TSA_ROOTS}/{}.pem", certificate.fingerprint().hex());
        add(&name, certificate.to_pem().into_bytes())?;
    }
    let proofs = proofs::of(&evidence, &verdict, judge.now);
    for (name, bytes) in &proofs.files {
        add(name, bytes.clone())?;
    }
    for (name, bytes) in evidence::files(&evidence) {
        add(&name, bytes)?;
    }
    // The versions that the keyring rests on, and not only what it says of the signers' keys.
    for (name, text) in judge.keyring.signed().iter().flat_map(|facts| &facts.documents) {
        add(&keyring_versions::path(name), text.clone().into_bytes())?;
    }
    add(VERIFIER, include_bytes!("pack/verify.py").to_vec())?;
    let contents = report::Contents {
        evidence: &evidence,
        verdict: &verdict,
        judge,
        proofs: &proofs.proofs,
        has_roots: !anchors.is_empty(),
        inputs: inputs.as_ref(),
        as_of,
    };
    let failed = |error: askama::Error| PackError::Report(error.to_string());
    add(REPORT, contents.report().map_err(failed)?.into_bytes())?;
    add(INSTRUCTIONS, contents.instructions().map_err(failed)?.into_bytes())?;

    let report = PackReport {
        file: name,
        digest: archive.digest().hex(),
        level: verdict.level.map(Level::number),
        assurance: verdict.assurance,
        weaknesses: verdict.weaknesses(judge.policy),
        missing: verdict.missing.as_ref().map(Said::from),
        warnings: view::warnings(&verdict),
        files: archive.files().map(|(name, _)| name.to_owned()).collect(),
    };
    Ok(Packed { archive, report, inputs })
}

impl Packed {
    /// Its report for a person: one HTML page.
    pub fn report_page(&self) -> &[u8] {
        let page = self.archive.files().find(|(name, _)| *name == REPORT);
        page.map(|(_, page)| page).unwrap_or_default()
    }

    /// Writes it: a zip if the name ends in `.zip`, otherwise a folder. The attempt is recorded
    /// before.
    ///
    /// # Errors
    /// Fails if something exists there already, or it cannot be written.
    pub fn write(&self, out: &Path, recorder: &dyn Recorder) -> Result<(), PackError> {
        let facts = ArchiveFacts {
            kind: "pack",
            archive: out.display().to_string(),
            digest: self.archive.digest().to_string(),
            file: self.report.file.clone(),
            envelopes: 1,
        };
        recorder.record(&Event::ArchiveAttempted(facts.clone()))?;
        self.archive.write(out)?;
        // The pack is written; a journal that fails only now has the attempt.
        let _ = recorder.record(&Event::ArchiveWritten(facts));
        Ok(())
    }
}

/// Whether every file that is there is what it should be.
fn check_readable(run: &Path, evidence: &Evidence<'_>) -> Result<(), PackError> {
    let name = evidence.file_name;
    let manifest = manifest_of(name);
    let unreadable = |file: &str, why: &Reason| PackError::Unreadable {
        path: run.with_file_name(file),
        why: why.into(),
    };
    evidence.run.map_err(|why| unreadable(name, why))?;
    if let Part::Read(Err(why)) = evidence.run_signatures {
        return Err(unreadable(&signature_of(name), why));
    }
    if let Part::Read(Err(why)) = evidence.manifest {
        return Err(unreadable(&manifest, why));
    }
    if let Part::Read(Err(why)) = evidence.manifest_signatures {
        return Err(unreadable(&signature_of(&manifest), why));
    }
    if let Part::Read(Err(why)) = evidence.refusals {
        return Err(unreadable(&refusals_of(name), why));
    }
    Ok(())
}

/// Whether the log has an entry for the run, right or wrong.
fn is_registered(evidence: &Evidence<'_>) -> bool {
    let (Ok(run), Part::Read(Ok(log))) = (evidence.run, evidence.log) else { return false };
    let commit = run.artifact().commit_hash().unwrap_or("");
    log.find(commit, run.recorded_hash().unwrap_or("")).is_some()
}

/// All signatures, those of the run and of the manifest.
fn all_signatures<'a>(evidence: &Evidence<'a>) -> Vec<Signature<'a>> {
    let of = |part: Part<Result<&'a SignatureFile, &Reason>>| {
        part.read().and_then(Result::ok).map(SignatureFile::signatures).unwrap_or_default()
    };
    [of(evidence.run_signatures), of(evidence.manifest_signatures)].concat()
}

/// The newest time in the evidence, used instead of the time of packing.
fn latest(evidence: &Evidence<'_>, log: Option<&[u8]>) -> Instant {
    let signed = all_signatures(evidence).into_iter().filter_map(|one| one.signed_at());
    let created = evidence.run.ok().and_then(|run| run.created_at());
    let times = signed.chain(created).chain(log.and_then(log_head_file::last_observed));
    times.max_by_key(|at| at.unix()).unwrap_or(Instant::EPOCH)
}

/// Whether a path is to be read as a pack, rather than as a run or a directory of runs: a zip, or a
/// folder with two things that a pack has, and no directory of runs. Whoever takes one out of it makes
/// no such directory of it.
pub fn is_pack(path: &Path) -> bool {
    let folder = archive::folder_of(path);
    let has = |name: &str| std::fs::symlink_metadata(folder.join(name)).is_ok();
    let own = [archive::SUMS, REPORT, INSTRUCTIONS].map(has).into_iter().filter(|has| *has).count();
    archive::is_archive(path) || own >= 2 || own == 1 && (has("signed") || has("signatures"))
}

/// What of keyring and roots the judgement rests on.
fn vouching(judge: &Judge<'_>, evidence: &Evidence<'_>) -> (Keyring, Vec<Anchor>) {
    let signatures = all_signatures(evidence);
    let refusals: Vec<_> = evidence.refusals.read().and_then(Result::ok).into_iter().collect();
    let refusals = refusals.iter().flat_map(|file| file.entries());
    let refused: Vec<_> = refusals.filter_map(|entry| entry.verify().ok()).collect();
    let mut ids: BTreeSet<&str> = signatures.iter().map(Signature::key_id).collect();
    ids.extend(refused.iter().map(|one| one.refusal.key_id.as_str()));
    let keys: BTreeSet<[u8; 32]> = signatures
        .iter()
        .filter_map(|one| PublicKey::parse(one.public_key()?).ok())
        .chain(signatures.iter().filter_map(|one| Some(one.companion()?.ok()?.public_key)))
        .chain(refused.iter().map(|one| one.key.clone()))
        .map(|key| *key.fingerprint().as_bytes())
        .collect();
    let keyring = judge.keyring.excerpt(|key| {
        let public = key.public_key.as_deref().and_then(|text| PublicKey::parse(text).ok());
        // One with the same id and another key is why a signature is not accepted.
        ids.contains(key.key_id.as_str())
            || public.is_some_and(|public| keys.contains(public.fingerprint().as_bytes()))
    });
    // What holds with all roots and holds without this one as well does not rest on it.
    let wanted = attested(judge, evidence, judge.roots);
    let mut kept = Anchor::of(judge.roots);
    for anchor in Anchor::of(judge.roots) {
        let without: Vec<Anchor> = kept.iter().filter(|one| **one != anchor).cloned().collect();
        if attested(judge, evidence, &Anchor::roots(&without)) == wanted {
            kept = without;
        }
    }
    (keyring, kept)
}

/// Which signatures have an attestation that holds under some roots.
fn attested(judge: &Judge<'_>, evidence: &Evidence<'_>, roots: &AttestationRoots) -> Vec<bool> {
    let judge = Judge { roots, ..*judge };
    let run = evidence.run.ok();
    let manifest = evidence.manifest.read().and_then(Result::ok);
    let parts = [
        (run.map(Signed::run), evidence.run_signatures),
        (manifest.map(|one| Signed::manifest(one.artifact(), run)), evidence.manifest_signatures),
    ];
    let judged = parts.into_iter().filter_map(|(signed, file)| {
        Some(signature_checks::judge(&judge, file.read()?.ok()?, signed?))
    });
    let holds =
        |one: &JudgedSignature| one.attestation().is_some_and(|finding| finding.outcome.is_ok());
    judged.flatten().map(|one| holds(&one)).collect()
}

/// The digest of the canonical bytes of run and manifest, as evidence has them.
fn signed_digests(evidence: &Evidence<'_>) -> (Option<Digest>, Option<Digest>) {
    let run = evidence.run.ok().map(|run| run.artifact().canonical().digest());
    let manifest = evidence.manifest.read().and_then(Result::ok);
    (run, manifest.map(|manifest| manifest.artifact().canonical().digest()))
}

/// A verdict's level with what it means, in words.
fn level_words(verdict: &Verdict) -> (String, String) {
    match verdict.level {
        None => ("none".to_owned(), "not admissible: not even L0 holds".to_owned()),
        Some(level) => (level.to_string(), level.meaning().to_string()),
    }
}
