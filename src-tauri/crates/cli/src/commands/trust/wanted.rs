//! What a proposal changes, as flags.

use std::path::{Path, PathBuf};

use countersign_admissibility::attested::Rule;
use countersign_admissibility::policy::{Assurance, Claims, Policy, TimeKind};
use countersign_app::signed_keyring::propose::Changes;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_problem::{Explain as _, Problem};
use countersign_store::reading::{self, directory_of};
use countersign_trust::attestation_roots::{self, Anchor};

use crate::arguments::exempt;
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui;

/// The longest policy of logs that is read, in bytes.
const MAX_LOG_POLICY: u64 = 64 << 10;

/// Administrators, rules and roots of a version.
#[derive(Debug, Default, clap::Args)]
pub struct WantedArgs {
    /// The fewest signatures for L4, at least 2
    #[arg(long, value_name = "N", help_heading = RULES)]
    pub min_threshold: Option<u64>,
    /// A role that L4 requires besides operator and witness; may be repeated
    #[arg(long, value_name = "ROLE", help_heading = RULES)]
    pub require_role: Vec<Role>,
    /// The least assurance for L6: pinned (by the keyring) or attested
    #[arg(long, help_heading = RULES)]
    pub assurance: Option<Assurance>,
    /// What a key must be by its attestation, for L6; may be repeated
    #[arg(long, value_name = "RULE", help_heading = RULES)]
    pub require_attested: Vec<Rule>,
    /// Whether a signature needs a claim by its own key to count: `preferred` or `required`
    #[arg(long, help_heading = RULES)]
    pub claims: Option<Claims>,
    /// The signatures that need no claim, one SHA-256 a line (countersign claims exempt)
    #[arg(long, value_name = "FILE", help_heading = RULES)]
    pub exempt: Option<PathBuf>,
    /// Whose word the time of a signature must at least be: `claimed`, `signed` or `trusted`
    #[arg(long, help_heading = RULES)]
    pub time: Option<TimeKind>,
    /// A refusal to sign that counts no more, by the SHA-256 of its payload; may be repeated
    #[arg(long, value_name = "SHA256", value_parser = values::digest, help_heading = RULES)]
    pub overrule: Vec<Digest>,
    /// Log, witnesses and quorum (tlog-policy); kept and shown, and not judged by yet
    #[arg(long, value_name = "FILE", help_heading = RULES)]
    pub log_policy: Option<PathBuf>,
    /// By when somebody should look at it again; a warning from then on
    #[arg(long, value_name = "TIME", help_heading = RULES)]
    pub review_by: Option<Instant>,
}

const RULES: &str = "Rules";

/// Why a flag cannot be used.
#[derive(Debug, Problem)]
#[problem(area = "trust-wanted")]
enum WantedError {
    /// A policy of logs that is not text.
    LogPolicy { path: PathBuf },
}

impl WantedArgs {
    /// What they change about rules.
    pub fn changes(&self, before: &Policy) -> Result<Changes, Stopped> {
        let log_policy = self.log_policy.as_deref().map(text).transpose()?;
        Ok(Changes {
            policy: self.policy(before)?,
            log_policy,
            overrule: self.overrule.clone(),
            review_by: self.review_by,
            ..Changes::default()
        })
    }

    /// The rules, if a flag changes any.
    fn policy(&self, before: &Policy) -> Result<Option<Policy>, Stopped> {
        let mut policy = before.clone();
        policy.min_threshold = self.min_threshold.unwrap_or(policy.min_threshold);
        policy.assurance = self.assurance.unwrap_or(policy.assurance);
        policy.claims = self.claims.unwrap_or(policy.claims);
        policy.time = self.time.unwrap_or(policy.time);
        if !self.require_role.is_empty() {
            policy.required_roles.clone_from(&self.require_role);
        }
        if !self.require_attested.is_empty() {
            policy.attested = self.require_attested.iter().cloned().collect();
        }
        if let Some(path) = &self.exempt {
            policy.exempt = exempt::read(path)?;
        }
        Ok((policy != *before).then_some(policy))
    }
}

fn text(path: &Path) -> Result<String, Stopped> {
    let bytes = reading::read(path, directory_of(path), MAX_LOG_POLICY)?;
    let text = String::from_utf8(bytes);
    Ok(text.map_err(|_| WantedError::LogPolicy { path: path.to_owned() })?)
}

/// What a folder has that may be trusted. Warns of what cannot be read.
pub fn anchors(folder: &Path) -> Result<Vec<Anchor>, Stopped> {
    let read = attestation_roots::read(folder)?;
    read.troubles.iter().for_each(|trouble| ui::warn(&trouble.problem()));
    Ok(read.files.into_iter().flat_map(|(_, anchors)| anchors).collect())
}
