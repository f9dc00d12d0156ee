//! The flags that set policy, and what they are read into.

use std::path::{Path, PathBuf};

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::attested::Rule;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::{
    Assurance, BoundaryPolicy, CLOCK_TOLERANCE, Claims, Policy, TimeKind, Trust, Weakness,
};
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_admissibility::verdict::Verdict;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_problem::Problem;
use countersign_signers::SignerError;
use countersign_signers::software::HmacSigner;
use countersign_store::logs::LogBook;
use countersign_store::reading::directory_of;
use secrecy::SecretSlice;

use crate::arguments::exempt;
use crate::arguments::keyring::{self, KeyringArgs, RootsArgs};
use crate::arguments::memory::LogHeadsArgs;
use crate::stopped::Stopped;
use crate::ui::{Output, secret};
use countersign_app::clock::now;

/// By what policy envelopes are judged.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Policy")]
pub struct PolicyArgs {
    /// Which keys are accepted: `pinned`, those of the keyring, or `embedded`, any that verifies
    #[arg(long, default_value = "pinned")]
    pub trust: Trust,
    /// The minimum number of signatures for L4, at least 2
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub min_threshold: u64,
    /// A role that L4 requires besides operator and witness; may be repeated
    #[arg(long, value_name = "ROLE")]
    pub require_role: Vec<Role>,
    /// The minimum assurance for L6: claimed (by the file), pinned (by the keyring) or attested
    #[arg(long, default_value = "pinned")]
    pub assurance: Assurance,
    /// What a key must be by its attestation, for L6: `[ROLE:]FACT=VALUE[,VALUE]`, such as
    /// `firmware=5.7` or `witness:touch=always,cached`; may be repeated
    #[arg(long, value_name = "RULE")]
    pub require_attested: Vec<Rule>,
    /// How many seconds two clocks may differ: a signature dated earlier than that before its run does
    /// not count
    #[arg(long, value_name = "SECONDS", default_value_t = CLOCK_TOLERANCE)]
    pub clock_tolerance: u32,
    /// Whether a signature needs a claim by its own key to count: `preferred` or `required`
    #[arg(long, default_value = "preferred")]
    pub claims: Claims,
    /// The signatures that need no claim, one SHA-256 of the raw signature a line (countersign
    /// claims exempt)
    #[arg(long, value_name = "FILE")]
    pub exempt: Option<PathBuf>,
    /// Whose word the time of a signature must at least be: `claimed` (the file's), `signed` (the
    /// key's, in its claim) or `trusted` (a time-stamping authority's)
    #[arg(long, default_value = "claimed")]
    pub time: TimeKind,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    /// The shared key for HMAC signatures, base64
    #[arg(long, value_name = "FILE")]
    pub hmac_key_file: Option<PathBuf>,
    /// The transparency log of all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The authority ledger of all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// The authority boundary of all runs, instead of the `abp_v1.json` beside each
    #[arg(long, value_name = "FILE")]
    pub abp: Option<PathBuf>,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
}

/// Why what a policy refers to is not used.
#[derive(Debug, Problem)]
enum PolicyError {
    /// A log, ledger or boundary that is a directory or a device.
    NotAFile { path: PathBuf },
    /// A log, ledger or boundary that does not exist.
    NoFile { path: PathBuf },
    /// The signed keyring asks for more.
    OnlyMore { version: u64 },
    /// The file of the shared key has none in it.
    HmacKey { path: PathBuf, cause: SignerError },
}

/// A policy with everything it refers to, read.
pub struct Loaded {
    policy: Policy,
    keyring: Keyring,
    roots: AttestationRoots,
    tsa_roots: TsaRoots,
    names: NameTrust,
    hmac_key: Option<SecretSlice<u8>>,
    now: Instant,
    pub logs: LogBook,
}

impl PolicyArgs {
    /// What the flags ask for.
    fn policy(&self) -> Result<Policy, Stopped> {
        Ok(Policy {
            trust: self.trust,
            min_threshold: self.min_threshold,
            required_roles: self.require_role.clone(),
            assurance: self.assurance,
            attested: self.require_attested.iter().cloned().collect(),
            clock_tolerance: self.clock_tolerance,
            claims: self.claims,
            time: self.time,
            // `verify --require-abp` asks for it.
            boundary: BoundaryPolicy::Shown,
            exempt: self.exempt.as_deref().map(exempt::read).transpose()?.unwrap_or_default(),
        })
    }

    /// Reads what the flags refer to, for the runs of a directory and those below it.
    pub fn load(&self, root: &Path) -> Result<Loaded, Stopped> {
        let hmac_key = match &self.hmac_key_file {
            None => None,
            Some(path) => {
                let text = secret::read_file(path)?;
                let signer = HmacSigner::from_base64(&text)
                    .map_err(|cause| PolicyError::HmacKey { path: path.clone(), cause })?;
                Some(signer.key().clone())
            }
        };
        for path in [&self.log, &self.ledger, &self.abp].into_iter().flatten() {
            if !path.is_file() {
                let path = path.clone();
                return Err(match path.exists() {
                    true => PolicyError::NotAFile { path },
                    false => PolicyError::NoFile { path },
                }
                .into());
            }
        }
        let policy = self.policy()?;
        let keyring = self.keyring.read()?;
        let is_less = policy.asks_less_than(&Policy::default());
        if let Some(facts) = keyring.signed().filter(|_| is_less) {
            return Err(PolicyError::OnlyMore { version: facts.version }.into());
        }
        Ok(Loaded {
            policy: keyring.in_force(policy),
            keyring,
            roots: self.roots.read(&self.keyring)?,
            tsa_roots: self.roots.read_tsa(&self.keyring)?,
            names: self.roots.read_names(&self.keyring)?,
            hmac_key,
            now: now(),
            logs: LogBook::new(self.log.clone(), self.ledger.clone())
                .with_boundary(self.abp.clone())
                .remembering(self.heads.memory.open(None))
                .allowing_rewritten(self.heads.allow_rewritten_log)
                .within(root),
        })
    }
}

fn with_log(mut weaknesses: Vec<Weakness>, counts_by_a_person: bool) -> Vec<Weakness> {
    if counts_by_a_person {
        weaknesses.push(Weakness::AcceptedLog);
    }
    weaknesses
}

impl Loaded {
    /// Writes a line for each way in which the policy is weaker than the default, and if a log counts
    /// that a person accepted or allows although it was cut: nobody should read a level without it.
    pub fn tell_weaknesses(&self, out: &mut Output) -> Result<(), Stopped> {
        let weaknesses = with_log(self.policy.weaknesses(), self.counts_by_a_person());
        weaknesses.iter().try_for_each(|weakness| writeln!(out, "policy  {}", weakness.meaning()))
    }

    /// Writes whose word the keyring is.
    pub fn tell_keyring(&self, out: &mut Output) -> Result<(), Stopped> {
        writeln!(out, "keyring {}", keyring::word_of(&self.keyring))
    }

    /// The same of one envelope of several, for programs: by the logs of its own directory, whichever
    /// others have been read.
    pub fn weaknesses_of(&self, run: &Path, verdict: &Verdict) -> Vec<Weakness> {
        let logs = self.logs.for_directory(directory_of(run));
        let by_a_person =
            logs.log_standing.counts_by_a_person() || logs.ledger_standing.counts_by_a_person();
        with_log(verdict.weaknesses(&self.policy), by_a_person)
    }

    /// The same where only one envelope is judged.
    pub fn weaknesses(&self, verdict: &Verdict) -> Vec<Weakness> {
        with_log(verdict.weaknesses(&self.policy), self.counts_by_a_person())
    }

    /// Whether any log read so far counts only since a person accepted or allows it.
    fn counts_by_a_person(&self) -> bool {
        let allowed = self.logs.allows_rewritten() && !self.logs.rewritten().is_empty();
        allowed || self.logs.has_accepted()
    }

    pub fn judge(&self) -> Judge<'_> {
        Judge {
            policy: &self.policy,
            keyring: &self.keyring,
            roots: &self.roots,
            tsa_roots: &self.tsa_roots,
            names: &self.names,
            hmac_key: self.hmac_key.as_ref(),
            now: self.now,
        }
    }
}
