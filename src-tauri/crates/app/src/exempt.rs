//! The signatures that count without a claim, to be exempt when claims are required from now on.
//!
//! A date would not do: what a file says of its time is the word of whoever can write it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_admissibility::Verdict;
use countersign_admissibility::policy::Claims;
use countersign_admissibility::signatures::JudgedSignature;
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::Role;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};

use crate::settings::PolicySettings;

/// A signature that counts, and whose name, role and time only the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    /// The SHA-256 of its raw bytes.
    pub sha256: Digest,
    /// The run.
    pub run: PathBuf,
    /// Who signed, according to the file.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
}

/// The signatures on the runs and their manifests that count now and have no claim of their key.
/// `judged` hears of every run that is done.
pub fn unclaimed(all: RunsToJudge<'_>, mut judged: impl FnMut()) -> Vec<Unclaimed> {
    let mut found = Vec::new();
    let view = |run: &Path, _: &EnvelopeFiles, verdict: &Verdict| of(run, verdict);
    let taken = judgement::judge_all(all, view, |of_run| {
        judged();
        found.extend(of_run);
        Ok::<(), std::convert::Infallible>(())
    });
    match taken {
        Ok(()) => found,
    }
}

/// Exempts what counts now, if a policy begins to require claims.
///
/// # Errors
/// Fails if it is not known what counts now.
pub fn when_required<E>(
    before: &PolicySettings,
    after: &mut PolicySettings,
    unclaimed: impl FnOnce() -> Result<Vec<Unclaimed>, E>,
) -> Result<(), E> {
    if (before.claims, after.claims) == (Claims::Preferred, Claims::Required) {
        let mut exempt: BTreeSet<Digest> = after.exempt.iter().copied().collect();
        exempt.extend(unclaimed()?.into_iter().map(|one| one.sha256));
        after.exempt = exempt.into_iter().collect();
    }
    Ok(())
}

fn of(run: &Path, verdict: &Verdict) -> Vec<Unclaimed> {
    let both = verdict.signatures.iter().chain(&verdict.manifest_signatures);
    let counts = |one: &&JudgedSignature| one.is_valid() && !one.is_label_signed();
    both.filter(counts)
        .filter_map(|one| {
            Some(Unclaimed {
                sha256: one.raw?,
                run: run.to_owned(),
                signer_id: one.signer_id.clone(),
                role: one.role,
            })
        })
        .collect()
}
