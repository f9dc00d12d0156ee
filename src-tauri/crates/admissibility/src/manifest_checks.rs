//! L2: run and manifest are signed, each by a valid and accepted signature, and agree.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::brief;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::signature::PayloadType;
use countersign_envelope::signature_file::{SignatureFile, VERSION};

use crate::agreement;
use crate::check::{CheckId, Checks, ManifestCheck, Outcome, SignatureFileCheck};
use crate::evidence::{Evidence, Part};
use crate::level::Level::L2;
use crate::signatures::{JudgedSignature, JudgedSignatures, Standing};
use crate::state::State;

pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    signatures: JudgedSignatures<'_>,
) {
    let run = evidence.run.ok().map(|run| run.artifact());
    check_signed(checks, PayloadType::SealedRun, run, evidence.run_signatures, signatures.run);
    let manifest = check_manifest(checks, evidence);
    let artifact = manifest.map(Manifest::artifact);
    check_signed(
        checks,
        PayloadType::Manifest,
        artifact,
        evidence.manifest_signatures,
        signatures.manifest,
    );
}

/// What is signed, in a word.
fn word(signed: PayloadType) -> &'static str {
    match signed {
        PayloadType::SealedRun => "run",
        PayloadType::Manifest => "manifest",
    }
}

fn check_signed(
    checks: &mut Checks,
    signed: PayloadType,
    artifact: Option<&Artifact>,
    file: Part<Result<&SignatureFile, &str>>,
    judged: &[JudgedSignature],
) {
    use SignatureFileCheck as File;
    let id = |check| CheckId::SignatureFile(signed, check);
    let what = word(signed);
    let (Some(artifact), file) = (artifact, file) else {
        return;
    };
    checks.at(L2).pass(id(File::ArtifactExists), "there");
    let file = match file {
        Part::Read(Ok(file)) => file,
        Part::Read(Err(why)) => {
            checks.at(L2).pass(id(File::Exists), "there");
            checks.at(L2).unreadable(
                id(File::Json),
                format!("The signature file of the {what} cannot be read: {why}."),
            );
            return;
        }
        Part::Absent => {
            let detail = match signed {
                PayloadType::SealedRun => "The run is not signed yet.",
                PayloadType::Manifest => "The manifest is not signed yet.",
            };
            checks.at(L2).missing(id(File::Exists), detail);
            return;
        }
    };
    let version = file.version() == Some(VERSION);
    let unknown = || {
        format!(
            "The signature file of the {what} has version {:?}, not \"1.0\".",
            file.version().unwrap_or("")
        )
    };
    let about = artifact.canonical().digest();
    let about_this = file.artifact_hash().is_some_and(|hash| about.is(hash));
    let other = || {
        format!(
            "The signatures are about other content of the {what} than the file has: {} is computed, {} is recorded.",
            brief(&about.to_string()),
            brief(file.artifact_hash().unwrap_or("nothing"))
        )
    };
    match file {
        SignatureFile::Block(block) => {
            for check in [File::Exists, File::ArtifactJson, File::Json] {
                checks.at(L2).pass(id(check), "there");
            }
            checks.at(L2).require(id(File::Version), version, "1.0", unknown);
            let wanted = signed.as_str();
            let payload = block.text("payload_type");
            checks.at(L2).require(id(File::PayloadType), payload == Some(wanted), wanted, || {
                format!(
                    "The signature block of the {what} says it is about {:?}.",
                    payload.unwrap_or("nothing")
                )
            });
            checks.at(L2).require(id(File::PayloadHash), about_this, "recomputed and equal", other);
            if let Some(commit) = artifact.commit_hash() {
                let recorded = block.text("payload_commit_hash");
                checks.at(L2).require(
                    id(File::CommitHash),
                    recorded == Some(commit),
                    "equal",
                    || format!("The signature block of the {what} is about another commit hash."),
                );
            }
            if let Some(only) = judged.first() {
                note(checks, id(File::Verify), only);
            }
        }
        SignatureFile::Envelope(_) => {
            checks.at(L2).pass(id(File::EnvelopeExists), "there");
            checks.at(L2).require(id(File::EnvelopeVersion), version, "1.0", unknown);
            checks.at(L2).require(
                id(File::EnvelopeHash),
                about_this,
                "recomputed and equal",
                other,
            );
            for (index, one) in judged.iter().enumerate() {
                note(checks, CheckId::Signature(signed, index), one);
            }
        }
    }
    check_valid(checks, signed, judged);
}

/// Adds the cryptography of one signature, which informs only: others may carry the level.
fn note(checks: &mut Checks, id: CheckId, one: &JudgedSignature) {
    let outcome = match one.standing {
        _ if one.verifies() => Outcome::Pass,
        Standing::Unchecked => Outcome::Unchecked,
        _ => Outcome::Fail,
    };
    let role = one.role.map_or("no role", |role| role.as_str());
    let detail = format!("{} ({role}), key {}: {}", one.signer_id, one.key_id, one.detail);
    checks.at(L2).add(id, outcome, false, detail);
}

fn check_valid(checks: &mut Checks, signed: PayloadType, judged: &[JudgedSignature]) {
    let what = word(signed);
    let id = CheckId::SignatureFile(signed, SignatureFileCheck::Accepted);
    if let Some(valid) = judged.iter().find(|s| s.is_valid()) {
        checks.at(L2).pass(id, format!("{}: {}", valid.signer_id, valid.detail));
        return;
    }
    // The one closest to counting says what is missing.
    let worst_last = [Standing::NotAccepted, Standing::Unchecked, Standing::Invalid];
    let best = worst_last.iter().find_map(|s| judged.iter().find(|one| one.standing == *s));
    let state = best.map_or(State::Open, JudgedSignature::state);
    let (outcome, detail) = match best {
        None => (Outcome::Missing, format!("The signature file of the {what} has no signatures.")),
        Some(one) => {
            let (who, why) = (&one.signer_id, &one.detail);
            let key = &one.key_id;
            match one.standing {
                Standing::Unchecked => (
                    Outcome::Unchecked,
                    format!("The signature of {who:?} on the {what}, key {key:?}, {why}."),
                ),
                Standing::NotAccepted => (
                    Outcome::Fail,
                    format!(
                        "The signature of {who:?} on the {what}, key {key:?}, is not accepted: {}.",
                        why.trim_start_matches("verifies; ")
                    ),
                ),
                _ => (
                    Outcome::Fail,
                    format!(
                        "The signature of {who:?} on the {what}, key {key:?}, is not valid: {why}."
                    ),
                ),
            }
        }
    };
    checks.at(L2).add_as(id, (outcome, state), true, detail);
}

fn check_manifest<'a>(checks: &mut Checks, evidence: &Evidence<'a>) -> Option<&'a Manifest> {
    let manifest = match evidence.manifest {
        Part::Read(Ok(manifest)) => manifest,
        Part::Read(Err(why)) => {
            checks
                .at(L2)
                .unreadable(ManifestCheck::Json, format!("The manifest cannot be read: {why}."));
            return None;
        }
        Part::Absent => {
            let detail = "The manifest is missing beside the run.";
            checks.at(L2).missing(ManifestCheck::Exists, detail);
            return None;
        }
    };
    checks.at(L2).pass(ManifestCheck::Exists, "there");
    let Ok(run) = evidence.run else {
        return Some(manifest);
    };
    for rule in agreement::manifest(run, evidence.file_name, manifest) {
        checks.at(L2).decide(rule.id, rule.outcome);
    }
    Some(manifest)
}
