//! The verdict on one envelope: every check, the level they give, and what the next one needs.

use std::collections::{BTreeSet, HashSet};

use compact_str::CompactString;
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::instant::Instant;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::person::{Person, look_alike};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::transparency_log::TransparencyLog;
use secrecy::SecretSlice;

use crate::agreement::is_other_manifest;
use crate::attestation::{AttestationRoots, AttestationSource, AttestationStanding};
use crate::check::{Check, Checks, Outcome};
use crate::keyring::Keyring;
use crate::level::Level;
use crate::policy::{Assurance, Policy, Trust};
use crate::quorum::{self, Quorum, Requirements};
use crate::signatures::{self, Contradiction, JudgedSignature};
use crate::terms::SeenTerms;
use crate::{authority_checks, dates, log_checks, manifest_checks, run_checks};

/// The check that says how an attestation stands.
const ATTESTATION: &str = "signer.attestation";

/// One file of an envelope.
#[derive(Debug, Clone, Copy, Default)]
pub enum Part<T> {
    /// Not there.
    #[default]
    Absent,
    /// There; for most parts a `Result` with the reason where it cannot be read.
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
    pub run: Result<&'a SealedRun, &'a str>,
    /// The run's signatures.
    pub run_signatures: Part<Result<&'a SignatureFile, &'a str>>,
    /// The manifest.
    pub manifest: Part<Result<&'a Manifest, &'a str>>,
    /// The manifest's signatures.
    pub manifest_signatures: Part<Result<&'a SignatureFile, &'a str>>,
    /// The transparency log for this directory.
    pub log: Part<Result<&'a TransparencyLog, &'a str>>,
    /// The authority ledger for this directory.
    pub ledger: Part<Result<&'a AuthorityLedger, &'a str>>,
    /// The first key that an object gives twice, of each signature file that has one: `run` or
    /// `manifest`, and the key.
    pub duplicate_keys: &'a [(&'static str, CompactString)],
    /// What is known of the log beyond its own chain.
    pub log_standing: ChainStanding<'a>,
    /// What is known of the ledger beyond its own chain.
    pub ledger_standing: ChainStanding<'a>,
    /// The terms that the station saw in the run's signature file before, where they were more than
    /// L4 requires of every envelope.
    pub seen_terms: Option<&'a SeenTerms>,
    /// Where the station saw the run registered before, if that log is not where it was any more.
    pub seen_registration: Option<SeenRegistration<'a>>,
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
/// whether it goes on from what the station remembers of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChainStanding<'a> {
    /// Why it cannot be told which of several counts.
    pub undecided: Option<&'a str>,
    /// How it continues what the station remembers.
    pub continuity: Continuity<'a>,
    /// What holds and yet should be known: others that do not count, dates that run backwards.
    pub notes: &'a [String],
}

/// Whether a log or a ledger continues what the station remembers of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Continuity<'a> {
    /// Nothing contradicts it, or nothing is remembered.
    #[default]
    Holds,
    /// It is shorter or has another history than what was seen before.
    Rewritten(&'a str),
    /// The same, and a person allowed it for now.
    Allowed(&'a str),
    /// What is remembered cannot be read.
    Unknown(&'a str),
}

/// What is trusted and asked for, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// What is asked for.
    pub policy: &'a Policy,
    /// Whose keys are known.
    pub keyring: &'a Keyring,
    /// The roots that attestations are held against.
    pub roots: &'a AttestationRoots,
    /// The shared HMAC key, where it is at hand.
    pub hmac_key: Option<&'a SecretSlice<u8>>,
    /// Now.
    pub now: Instant,
}

/// The verdict on an envelope.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The highest level that holds with all below it; `None` if not even L0 does.
    pub level: Option<Level>,
    /// Every check, in the order of the levels.
    pub checks: Vec<Check>,
    /// The signatures on the run.
    pub signatures: Vec<JudgedSignature>,
    /// The signatures on the manifest.
    pub manifest_signatures: Vec<JudgedSignature>,
    /// How many of the run's signatures are valid and accepted.
    pub valid_signatures: usize,
    /// What L4 requires, who fills which role, and which of the run's signatures count.
    pub quorum: Quorum,
    /// The best assurance among the valid signatures by hardware or an external signer.
    pub assurance: Option<Assurance>,
    /// What the next level needs, in one sentence; none at L7.
    pub missing: Option<String>,
}

impl Verdict {
    /// What holds and should be known all the same, and evidence that contradicts the signature that
    /// it came with: that lowers no level, and is no small matter.
    pub fn warnings(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| match check.outcome {
            Outcome::Warn => true,
            Outcome::Fail => check.id == ATTESTATION,
            _ => false,
        })
    }

    /// How one level came out by itself, and the first required check that keeps it from holding.
    /// A level whose deciding check did not run is [`Outcome::Unchecked`].
    pub fn rung(&self, level: Level) -> (Outcome, Option<&Check>) {
        let mut checks = self.checks.iter().filter(|check| check.level == level && check.required);
        if let Some(stop) = checks.find(|check| check.stops()) {
            return (stop.outcome, Some(stop));
        }
        let holds = decided(&self.checks, level);
        (if holds { Outcome::Pass } else { Outcome::Unchecked }, None)
    }
}

impl Judge<'_> {
    /// Judges an envelope.
    pub fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let mut checks = Checks(Vec::with_capacity(96));
        run_checks::check(&mut checks, evidence);
        let created = evidence.run.ok().and_then(SealedRun::created_at);
        let mut run_signatures = match (evidence.run, evidence.run_signatures) {
            (Ok(run), Part::Read(Ok(file))) => {
                signatures::judge(self, file, run.artifact(), created)
            }
            _ => Vec::new(),
        };
        let manifest_signatures = match (evidence.manifest, evidence.manifest_signatures) {
            (Part::Read(Ok(manifest)), Part::Read(Ok(file))) => {
                signatures::judge(self, file, manifest.artifact(), created)
            }
            _ => Vec::new(),
        };
        let own = evidence.run_signatures.read().and_then(Result::ok);
        let required = Requirements::of(own, self.policy, self.keyring);
        let quorum = Quorum::of(&run_signatures, required);
        for (at, why) in &quorum.not_counted {
            let why = why.words(&run_signatures);
            run_signatures[*at].detail += &format!("; does not count for L4: {why}");
        }
        let valid: Vec<_> = run_signatures.iter().filter(|s| s.is_valid()).collect();
        let assurance = valid.iter().filter_map(|s| s.assurance).max();

        manifest_checks::check(&mut checks, evidence, &run_signatures, &manifest_signatures);
        log_checks::check(&mut checks, evidence);
        self.check_quorum(&mut checks, evidence, &run_signatures, &manifest_signatures, &quorum);
        check_labels(&mut checks, &run_signatures, &manifest_signatures);
        run_checks::check_commitments(&mut checks, evidence);
        self.check_assurance(&mut checks, &run_signatures, assurance);
        authority_checks::check(&mut checks, evidence);
        self.warn(&mut checks, evidence, &run_signatures, &manifest_signatures);

        let valid_signatures = valid.len();
        let mut checks = checks.0;
        checks.sort_by_key(|check| check.level);
        let (level, missing) = climb(&checks);
        Verdict {
            level,
            checks,
            signatures: run_signatures,
            manifest_signatures,
            valid_signatures,
            quorum,
            assurance,
            missing,
        }
    }

    /// L4: enough distinct people with distinct keys, and the roles that are required.
    fn check_quorum(
        &self,
        checks: &mut Checks,
        evidence: &Evidence<'_>,
        signatures: &[JudgedSignature],
        manifest_signatures: &[JudgedSignature],
        quorum: &Quorum,
    ) {
        let level = Level::L4;
        let (counted, required) = (quorum.counted.len(), &quorum.required);
        let have = match required.threshold {
            // More than are asked for, and a role is missing all the same.
            threshold if counted as u64 > threshold => {
                format!("{counted} signatures count, {threshold} are required")
            }
            threshold => format!("{counted} of {threshold} signatures count"),
        };
        if let Part::Read(Ok(file @ SignatureFile::Envelope(_))) = evidence.run_signatures
            && evidence.run.is_ok()
        {
            // The reference's two: distinct ids of keys, and the plain number that verifies.
            let verified: Vec<_> = signatures.iter().filter(|s| s.verifies()).collect();
            let ids: HashSet<_> = verified.iter().map(|s| s.key_id.as_str()).collect();
            let note = |checks: &mut Checks, id: &'static str, holds, detail: String| {
                let outcome = if holds { Outcome::Pass } else { Outcome::Fail };
                checks.add(level, id, outcome, false, detail);
            };
            let own = file.threshold();
            let (n, minimum) = (verified.len(), own.unwrap_or(0).max(self.policy.min_threshold));
            let distinct = format!("{} key ids among {n} signatures that verify", ids.len());
            note(checks, "multisig.distinct_keys", ids.len() == n, distinct);
            let quorum = format!("{n} signatures verify, at least {minimum} asked for");
            note(checks, "multisig.quorum", n as u64 >= minimum, quorum);
            if own.is_none() {
                let detail = "The envelope's threshold is not a number; it is ignored.";
                checks.add(level, "multisig.threshold", Outcome::Warn, false, detail);
            }
        }
        for word in &required.unknown_roles {
            let detail = format!(
                "The envelope asks for the role {word:?}, which does not exist; it is ignored."
            );
            checks.add(level, "roles.known", Outcome::Warn, false, detail);
        }
        if let Some(asked) = required.beyond_keyring {
            let detail = format!(
                "The envelope asks for {asked} signatures, more than there are people in the keyring; {} are required.",
                required.threshold
            );
            checks.add(level, "threshold.keyring", Outcome::Warn, false, detail);
        }
        if let (Some(seen), Part::Read(Ok(file))) = (evidence.seen_terms, evidence.run_signatures)
            && let Some(lowered) = seen.lowered(file)
        {
            checks.add(level, "terms.lowered", Outcome::Warn, false, lowered);
        }
        check_manifest_signers(checks, signatures, manifest_signatures, quorum);
        for (role, filled) in &quorum.roles {
            let found = filled.map(|at| signatures[at].signer_id.clone()).unwrap_or_default();
            checks.require(level, format!("roles.{role}"), filled.is_some(), found, || {
                let mut held = signatures.iter().enumerate();
                let held = held.find(|(_, one)| one.is_valid() && one.role == Some(*role));
                let why = held.and_then(|(at, one)| {
                    let why = quorum.why_not(at)?.words(signatures);
                    Some(format!(
                        ", and the signature of {:?} does not count ({why})",
                        one.signer_id
                    ))
                });
                let article =
                    if matches!(role, Role::Operator | Role::Auditor) { "An" } else { "A" };
                let nobody = match self.policy.trust {
                    Trust::Pinned if !self.keyring.has_role(*role) => {
                        ", and nobody in the keyring has that role"
                    }
                    _ => "",
                };
                let why = why.unwrap_or_default();
                format!("{article} {role} has yet to sign{nobody}; {have}{why}.")
            });
        }
        checks.require(level, "threshold.met", quorum.meets_threshold(), have.clone(), || {
            match quorum.not_counted.is_empty() {
                false => format!("{have}: each must be by another person with another key."),
                true => format!("{have}; someone else has to co-sign."),
            }
        });
    }

    /// L6: hardware or an external signer, at the assurance that policy asks for.
    fn check_assurance(
        &self,
        checks: &mut Checks,
        signatures: &[JudgedSignature],
        best: Option<Assurance>,
    ) {
        let wanted = self.policy.assurance;
        let holds = best.is_some_and(|best| best >= wanted);
        let found = best.map(|best| format!("assurance {best}")).unwrap_or_default();
        checks.require(Level::L6, "signer.hardware_or_external", holds, found, || match best {
            Some(best) => format!(
                "A hardware or external signer is only {best}, and policy asks for {wanted}{}.",
                why_not_attested(wanted, signatures)
            ),
            None => "No valid signature is by a hardware or external signer.".to_owned(),
        });
        for signature in signatures.iter().filter(|s| s.is_valid()) {
            for finding in &signature.attestations {
                let (outcome, what) = match &finding.outcome {
                    // What proves nothing passes no check, whether or not it holds together.
                    Ok(statement) if !statement.is_proof() => {
                        (Outcome::Unchecked, format!("{statement} ({})", statement.details()))
                    }
                    Ok(statement) => {
                        (Outcome::Pass, format!("{statement} ({})", statement.details()))
                    }
                    Err(error) => {
                        let outcome = match finding.standing() {
                            AttestationStanding::UnknownRoot => Outcome::Warn,
                            AttestationStanding::None => Outcome::Unchecked,
                            _ => Outcome::Fail,
                        };
                        (outcome, error.to_string())
                    }
                };
                let of = match finding.source {
                    AttestationSource::Signature => "",
                    AttestationSource::Keyring => ", as the keyring has kept it",
                };
                let detail = format!("Key of {:?}{of}: {what}.", signature.signer_id);
                checks.add(Level::L6, ATTESTATION, outcome, false, detail);
            }
        }
    }

    /// What holds and yet should be known.
    fn warn(
        &self,
        checks: &mut Checks,
        evidence: &Evidence<'_>,
        signatures: &[JudgedSignature],
        manifest_signatures: &[JudgedSignature],
    ) {
        let run = evidence.run.ok().map(|run| ("run", run.artifact()));
        let manifest = evidence.manifest.read().and_then(Result::ok);
        let manifest = manifest.map(|manifest| ("manifest", manifest.artifact()));
        for (what, artifact) in run.into_iter().chain(manifest) {
            if let Some(path) = artifact.canonical().local_time() {
                let detail = format!(
                    "local time in a signed field: {path} of the {what} has no zone and is taken as UTC; elsewhere it may hash differently."
                );
                checks.add(Level::L0, "time.local", Outcome::Warn, false, detail);
            }
            if let Some(key) = &artifact.duplicate_key {
                let detail = format!(
                    "duplicate key in the {what}: {key:?} is given twice and the last one counts; other readers may see the first."
                );
                checks.add(Level::L0, "json.duplicate_key", Outcome::Warn, false, detail);
            }
        }
        for (what, key) in evidence.duplicate_keys {
            let detail = format!(
                "duplicate key in the signature file of the {what}: {key:?} is given twice and the last one counts; other readers may see the first."
            );
            checks.add(Level::L2, "json.duplicate_key", Outcome::Warn, false, detail);
        }
        for (one, other) in confusable(signatures, self.keyring) {
            let detail = format!(
                "{one:?} and {other:?} look alike and are two different names; compare them letter by letter."
            );
            checks.add(Level::L4, "signer.confusable", Outcome::Warn, false, detail);
        }
        for signature in signatures.iter().filter(|s| s.is_valid()) {
            let (who, key) = (&signature.signer_id, &signature.key_id);
            let detail = match signature.contradiction {
                None => continue,
                Some(Contradiction::ClaimAgainstKeyring) => format!(
                    "The signature of {who:?} claims a hardware or external signer, and the keyring says software."
                ),
                Some(Contradiction::KeyringAgainstAttestation) => format!(
                    "The keyring says that the key {key:?} of {who:?} is software, and its attestation proves hardware."
                ),
                Some(Contradiction::ClaimAgainstAttestation) => format!(
                    "The signature of {who:?} claims a software signer, and the attestation of its key proves hardware."
                ),
            };
            checks.add(Level::L6, "signer.contradicted", Outcome::Warn, false, detail);
        }
        let created = evidence.run.ok().and_then(SealedRun::created_at);
        let tolerance = self.policy.clock_tolerance;
        for (what, judged) in [("run", signatures), ("manifest", manifest_signatures)] {
            for (id, detail) in dates::warnings(what, judged, created, self.now, tolerance) {
                checks.add(Level::L2, id, Outcome::Warn, false, detail);
            }
        }
        for detail in dates::apart(signatures, manifest_signatures, tolerance) {
            checks.add(Level::L2, "time.apart", Outcome::Warn, false, detail);
        }
    }
}

/// Warns of a manifest, which says things of its own, that nobody signed who counts with a signature
/// on the run.
fn check_manifest_signers(
    checks: &mut Checks,
    run: &[JudgedSignature],
    manifest: &[JudgedSignature],
    quorum: &Quorum,
) {
    let on_run: HashSet<Person> =
        quorum.counted.iter().map(|at| Person::of(&run[*at].signer_id)).collect();
    let valid: Vec<_> = manifest.iter().filter(|one| one.is_valid()).collect();
    let is_on_run = |one: &&JudgedSignature| on_run.contains(&Person::of(&one.signer_id));
    if on_run.is_empty() || valid.is_empty() || valid.iter().any(is_on_run) {
        return;
    }
    let signers: Vec<String> = valid.iter().map(|one| format!("{:?}", one.signer_id)).collect();
    let detail = format!(
        "Nobody who signed the run has signed this manifest; it is signed by {}.",
        signers.join(", ")
    );
    checks.add(Level::L4, "manifest.signers", Outcome::Warn, false, detail);
}

/// Names signatures that stand with different labels.
fn check_labels(checks: &mut Checks, run: &[JudgedSignature], manifest: &[JudgedSignature]) {
    let both =
        [("signature.label", "run", run), ("manifest.signature.label", "manifest", manifest)];
    for (id, what, signatures) in both {
        for (at, other) in quorum::relabelled(signatures).into_iter().filter(|(at, it)| at < it) {
            let (one, other) = signatures[at].labels(&signatures[other]);
            let detail = format!(
                "One signature on the {what} stands as {one} and as {other}: it has neither name nor role, and counts for L2 only. Remove the entry that is wrong."
            );
            checks.add(Level::L4, id, Outcome::Warn, false, detail);
        }
    }
}

/// The names of signers that look like that of another signer or owner of a key, and are another's.
fn confusable(signatures: &[JudgedSignature], keyring: &Keyring) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let signers: BTreeSet<&str> = signatures.iter().map(|s| s.signer_id.as_str()).collect();
    for signer in &signers {
        let later = signers.iter().copied().filter(|other| other > signer);
        let later = later.filter(|other| look_alike(signer, other));
        for other in later.chain(keyring.looking_like(signer)) {
            let pair = ((*signer).to_owned(), other.to_owned());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

/// What keeps the signatures by hardware from being attested, where that is what is asked for.
fn why_not_attested(wanted: Assurance, signatures: &[JudgedSignature]) -> String {
    if wanted != Assurance::Attested {
        return String::new();
    }
    let outside = signatures.iter().filter(|s| s.is_valid() && s.assurance.is_some());
    // One with an attestation is closest to what is asked for.
    let with = outside.clone().find_map(|s| Some((&s.signer_id, s.attestation()?)));
    match (with, outside.clone().next()) {
        (Some((who, finding)), _) => format!(", but {who:?}: {}", finding.words()),
        (None, Some(one)) => {
            format!(", but no attestation came with the key of {:?}", one.signer_id)
        }
        (None, None) => String::new(),
    }
}

/// The check that decides a level: without it, the level is not checkable, whatever else passed.
const fn deciding(level: Level) -> &'static [&'static str] {
    match level {
        Level::L0 => &["hash.integrity"],
        Level::L1 => &["commit_hash.integrity"],
        Level::L2 => &["signature.accepted", "manifest.signature.accepted"],
        Level::L3 => &["transparency.entry_found", "transparency.chain"],
        Level::L4 => &["threshold.met"],
        Level::L5 => &["commitments.leaf_count", "commitments.algorithm"],
        Level::L6 => &["signer.hardware_or_external"],
        Level::L7 => &["authority.entry_found", "authority.chain"],
    }
}

/// Whether the checks that decide a level ran.
fn decided(checks: &[Check], level: Level) -> bool {
    let ran = |id: &&str| checks.iter().any(|check| check.level == level && check.id == **id);
    deciding(level).iter().all(ran)
}

/// The highest level whose required checks, and those of all levels below, hold; and the first
/// thing that keeps the next from holding.
fn climb(checks: &[Check]) -> (Option<Level>, Option<String>) {
    let mut reached = None;
    for level in Level::ALL {
        let of_level = || checks.iter().filter(|check| check.level == level && check.stops());
        // Signing is of no help before the right manifest is there.
        let stop = of_level().find(|check| is_other_manifest(check)).or_else(|| of_level().next());
        if let Some(stop) = stop {
            return (reached, Some(stop.detail.clone().into_owned()));
        }
        if !decided(checks, level) {
            return (
                reached,
                Some(format!("{level} is not checkable here: its check did not run.")),
            );
        }
        reached = Some(level);
    }
    (reached, None)
}
