//! The verdict on one envelope: every check, the level they give, and what the next level needs.

use countersign_envelope::claim::Claim;
use countersign_envelope::digest::Digest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::PayloadType;
use countersign_problem::{Words, words};

use crate::boundary::JudgedBoundary;
use crate::check::{
    AuthorityCheck, Check, CheckId, Checks, CoSigningCheck, CommitmentCheck, DateCheck, KeyCheck,
    LogCheck, Outcome, RunCheck, SignatureFileCheck,
};
use crate::claims::{ReadClaims, Signed};
use crate::continuation::Fork;
use crate::evidence::{Evidence, Part};
use crate::judge::Judge;
use crate::key_checks::Keys;
use crate::level::Level;
use crate::policy::{Assurance, BoundaryPolicy, Policy, Weakness};
use crate::quorum::{Quorum, Requirements, RoleStanding, TakingPart};
use crate::quorum_checks::Counted;
use crate::refusals::{self, JudgedRefusal};
use crate::signatures::{JudgedSignature, JudgedSignatures};
use crate::time_stamp::TrustedTime;
use crate::{
    authority_checks, boundary, claims, companions, dates, key_checks, log_checks, manifest_checks,
    quorum_checks, run_checks, run_time, signature_checks, text_checks,
};

/// The verdict on an envelope.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The highest level that holds with all below it; `None` if not even L0 does.
    pub level: Option<Level>,
    /// Every check, in the order of the levels.
    pub checks: Vec<Check>,
    /// The refusals to sign, those that do not stand included.
    pub refusals: Vec<JudgedRefusal>,
    /// The signatures on the run.
    pub signatures: Vec<JudgedSignature>,
    /// The signatures on the manifest.
    pub manifest_signatures: Vec<JudgedSignature>,
    /// How many of the run's signatures are valid and accepted.
    pub valid_signatures: usize,
    /// What L4 requires, and which of the run's signatures count.
    pub quorum: Quorum,
    /// Each role that L4 requires: who fills it, or what keeps it open.
    pub roles: Vec<RoleStanding>,
    /// Where log or ledger part from what a signer saw, and nobody accepted that.
    pub forks: Vec<Fork>,
    /// What L4 would count of the signatures whose keys meet what policy requires by their
    /// attestations; `None` if it requires nothing.
    pub key_quorum: Option<Quorum>,
    /// The best assurance among the signatures by hardware or an external signer that count for L6.
    pub assurance: Option<Assurance>,
    /// The authority boundary, and whether the run lies inside it; `None` if there is none. No level
    /// depends on it.
    pub boundary: Option<JudgedBoundary>,
    /// The number and digest of the version of the signed keyring that it was judged by; `None` of a plain
    /// keyring.
    pub keyring: Option<(u64, Digest)>,
    /// When the run existed, as a time stamp of the run itself proves. It dates no signature.
    pub run_time: Option<TrustedTime>,
    /// What the next level needs, in one sentence; `None` at L7.
    pub missing: Option<Words>,
}

impl Verdict {
    /// In what the policy that it depends on is weaker than the default. That some signatures are
    /// exempt from a claim is told only where one of them counts.
    pub fn weaknesses(&self, policy: &Policy) -> Vec<Weakness> {
        let mut weaknesses = policy.weaknesses();
        let mut signatures = self.signatures.iter().chain(&self.manifest_signatures);
        if !signatures.any(|one| one.is_valid() && claims::is_exempt(one, policy)) {
            weaknesses.retain(|weakness| *weakness != Weakness::Exempt);
        }
        weaknesses
    }

    /// Whether there is an authority boundary that holds.
    pub fn is_bounded(&self) -> bool {
        self.boundary.as_ref().is_some_and(JudgedBoundary::is_valid)
    }

    /// What of the authority boundary that policy requires is missing; `None` if nothing is, or it
    /// requires none.
    pub fn unmet_boundary(&self, policy: &Policy) -> Option<Words> {
        let is_unmet = policy.boundary == BoundaryPolicy::Required && !self.is_bounded();
        is_unmet.then(|| match self.boundary.as_ref().map(JudgedBoundary::validity) {
            None => words!("abp-required-missing"),
            Some(Outcome::Unchecked) => words!("abp-required-unchecked"),
            Some(_) => words!("abp-required-fails"),
        })
    }

    /// Checks that hold and that a person should still know; attestations and claims that contradict
    /// the signature that they came with; and a time stamp that contradicts the run.
    pub fn warnings(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| match check.outcome {
            Outcome::Warn => true,
            Outcome::Fail => {
                check.id == CheckId::Key(KeyCheck::Attestation)
                    || matches!(check.id, CheckId::Claim(..) | CheckId::Date(DateCheck::Run))
                    || matches!(check.id, CheckId::Companion(..))
                    || (matches!(check.id, CheckId::Seen(_)) && !check.required)
                    || (matches!(check.id, CheckId::Refusal(_)) && !check.required)
            }
            // One that the claim names was taken away.
            Outcome::Missing => matches!(check.id, CheckId::Companion(..)),
            _ => false,
        })
    }

    /// Of how many of the run's signatures that count a companion holds.
    pub fn companions_held(&self) -> usize {
        let counting = self.signatures.iter().filter(|one| one.is_valid());
        counting.filter(|one| one.companion.holds()).count()
    }

    /// What the companions come to, as a sentence; `None` if none holds.
    pub fn companions_in_words(&self) -> Option<Words> {
        let held = self.companions_held();
        let (count, all) = (held, self.valid_signatures);
        (held > 0).then(|| words!("companions-hold", count, all))
    }

    /// The outcome of one level by itself, and the first required check that keeps it from holding.
    /// A level whose deciding check did not run is [`Outcome::Unchecked`].
    pub fn rung(&self, level: Level) -> (Outcome, Option<&Check>) {
        let mut checks = self.checks.iter().filter(|check| check.level == level && check.required);
        if let Some(stop) = checks.find(|check| check.stops()) {
            return (stop.outcome, Some(stop));
        }
        let holds = decided(&self.checks, level);
        (if holds { Outcome::Pass } else { Outcome::Unchecked }, None)
    }

    /// What the keys of the signatures that count say, each claim once.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        claims::counting(&self.signatures, &self.manifest_signatures)
            .into_iter()
            .map(|(_, claim)| claim)
    }

    /// Who fills a role, with the place of the signature on the run; `None` if it is open.
    pub fn filled_by(&self, standing: &RoleStanding) -> Option<&JudgedSignature> {
        self.signatures.get(standing.filled_by()?)
    }

    /// Whether the run has no entry in the transparency log, or there is no log.
    pub fn lacks_log_entry(&self) -> bool {
        self.checks.iter().any(|check| {
            matches!(check.id, CheckId::Log(LogCheck::Exists | LogCheck::EntryFound))
                && check.outcome == Outcome::Missing
        })
    }
}

/// The signatures and refusals of an envelope, each judged by itself.
pub(crate) struct JudgedParts {
    pub run: Vec<JudgedSignature>,
    pub manifest: Vec<JudgedSignature>,
    pub refusals: Vec<JudgedRefusal>,
}

impl Judge<'_> {
    /// Judges an envelope.
    pub fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        self.conclude(evidence, self.judge_parts(evidence))
    }

    /// Judges each signature and each refusal by itself.
    pub(crate) fn judge_parts(&self, evidence: &Evidence<'_>) -> JudgedParts {
        let known = ReadClaims::default();
        let run = match (evidence.run, evidence.run_signatures) {
            (Ok(run), Part::Read(Ok(file))) => {
                signature_checks::judge_with(self, file, Signed::run(run), &known)
            }
            _ => Vec::new(),
        };
        let manifest = match (evidence.manifest, evidence.manifest_signatures) {
            (Part::Read(Ok(manifest)), Part::Read(Ok(file))) => {
                let signed = Signed::manifest(manifest.artifact(), evidence.run.ok());
                signature_checks::judge_with(self, file, signed, &known)
            }
            _ => Vec::new(),
        };
        let refusals = match (evidence.run, evidence.refusals) {
            (Ok(run), Part::Read(Ok(file))) => refusals::judge(self, file, run),
            _ => Vec::new(),
        };
        JudgedParts { run, manifest, refusals }
    }

    /// Judges the whole, given its signatures and refusals.
    pub(crate) fn conclude(&self, evidence: &Evidence<'_>, parts: JudgedParts) -> Verdict {
        let mut checks = Checks(Vec::with_capacity(96));
        run_checks::check(&mut checks, evidence);
        let created = evidence.run.ok().and_then(SealedRun::created_at);
        let JudgedParts {
            run: mut run_signatures,
            manifest: mut manifest_signatures,
            mut refusals,
        } = parts;
        let trust = self.policy.trust;
        refusals::withdraw(&mut refusals, &mut run_signatures, &mut manifest_signatures, trust);
        let claims_gone = claims::set_aside_without_seen_claim(
            &mut run_signatures,
            &manifest_signatures,
            &refusals,
        );
        self.policy.attested.judge(&mut run_signatures);
        self.policy.attested.judge(&mut manifest_signatures);
        let own = evidence.run_signatures.read().and_then(Result::ok);
        let required = Requirements::of(own, &run_signatures, self.policy, self.keyring);
        let quorum = Quorum::of(&run_signatures, required);
        let roles = quorum.standings(&run_signatures, self.policy, self.keyring);
        for (at, why) in &quorum.not_counted {
            let why = why.words(&run_signatures);
            let detail = std::mem::take(&mut run_signatures[*at].why);
            run_signatures[*at].why = words!("signature-not-for-l4", detail, why);
        }
        let valid_signatures = run_signatures.iter().filter(|s| s.is_valid()).count();
        let requires = !self.policy.attested.is_empty();
        let key_quorum = requires.then(|| {
            let required = quorum.required.clone();
            Quorum::among(&run_signatures, required, TakingPart::MeetingRequirement)
        });
        let counting = run_signatures.iter().filter(|s| s.meets_requirement());
        let assurance = counting.filter_map(|s| s.assurance).max();

        // Within a level the checks stay in this order.
        let both = JudgedSignatures { run: &run_signatures, manifest: &manifest_signatures };
        manifest_checks::check(&mut checks, evidence, both);
        claims::check_files(&mut checks, evidence, both, self.policy);
        companions::check(&mut checks, both);
        refusals::lift(&mut refusals, both, trust);
        refusals::check(&mut checks, evidence, &refusals, both);
        let seen_logs = claims::seen_chains(both, |seen| seen.log.as_ref());
        let mut forks = Vec::new();
        let policy = self.keyring.log_policy();
        log_checks::check(&mut checks, evidence, &seen_logs, &mut forks, policy);
        let run_time = run_time::check(&mut checks, evidence, self);
        claims::check_seen(&mut checks, both, &claims_gone, self.keyring);
        let counted = Counted { quorum: &quorum, roles: &roles };
        quorum_checks::check(&mut checks, evidence, self.policy, both, counted);
        quorum_checks::check_names(&mut checks, both.run, self.keyring);
        run_checks::check_commitments(&mut checks, evidence);
        let keys = Keys { signatures: both.run, quorum: key_quorum.as_ref(), best: assurance };
        key_checks::check(&mut checks, keys, self.policy);
        let seen_ledgers = claims::seen_chains(both, |seen| seen.ledger.as_ref());
        authority_checks::check(&mut checks, evidence, &seen_ledgers, &mut forks);
        text_checks::check(&mut checks, evidence);
        dates::check(&mut checks, both, created, self.now, self.policy);

        let mut checks = checks.0;
        checks.sort_by_key(|check| check.level);
        let (level, missing) = climb(&checks);
        Verdict {
            level,
            checks,
            refusals,
            signatures: run_signatures,
            manifest_signatures,
            valid_signatures,
            quorum,
            roles,
            forks,
            key_quorum,
            assurance,
            boundary: boundary::judge(evidence),
            keyring: self.keyring.signed().map(|facts| (facts.version, facts.digest)),
            run_time,
            missing,
        }
    }
}

/// The checks that decide a level: if one did not run, the level cannot be checked, whatever else
/// passed.
const fn deciding(level: Level) -> &'static [CheckId] {
    use SignatureFileCheck::Accepted;
    match level {
        Level::L0 => &[CheckId::Run(RunCheck::HashIntegrity)],
        Level::L1 => &[CheckId::Run(RunCheck::CommitHashIntegrity)],
        Level::L2 => &[
            CheckId::SignatureFile(PayloadType::SealedRun, Accepted),
            CheckId::SignatureFile(PayloadType::Manifest, Accepted),
        ],
        Level::L3 => &[CheckId::Log(LogCheck::EntryFound), CheckId::Log(LogCheck::Chain)],
        Level::L4 => &[CheckId::CoSigning(CoSigningCheck::ThresholdMet)],
        Level::L5 => &[
            CheckId::Commitment(CommitmentCheck::LeafCount),
            CheckId::Commitment(CommitmentCheck::Algorithm),
        ],
        Level::L6 => &[CheckId::Key(KeyCheck::HardwareOrExternal)],
        Level::L7 => &[
            CheckId::Authority(AuthorityCheck::EntryFound),
            CheckId::Authority(AuthorityCheck::Chain),
        ],
    }
}

/// Whether the checks that decide a level ran.
fn decided(checks: &[Check], level: Level) -> bool {
    let ran = |id: &CheckId| checks.iter().any(|check| check.level == level && check.id == *id);
    deciding(level).iter().all(ran)
}

/// The highest level whose required checks, and those of all levels below, hold; and the first
/// thing that keeps the next from holding.
fn climb(checks: &[Check]) -> (Option<Level>, Option<Words>) {
    let mut reached = None;
    for level in Level::ALL {
        let of_level = || checks.iter().filter(|check| check.level == level && check.stops());
        // Signing does not help before the right manifest is there.
        let other = of_level().find(|check| check.shows_other_manifest());
        if let Some(stop) = other.or_else(|| of_level().next()) {
            return (reached, Some(stop.detail.clone()));
        }
        if !decided(checks, level) {
            return (reached, Some(words!("verdict-not-run", %level)));
        }
        reached = Some(level);
    }
    (reached, None)
}
