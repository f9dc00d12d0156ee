//! L2: run and manifest are signed, each by a valid and accepted signature, and agree.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::brief;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::signature::PayloadType;
use countersign_envelope::signature_file::{SignatureFile, VERSION};
use countersign_problem::{Reason, Words, words};

use crate::agreement;
use crate::check::{CheckId, Checks, ManifestCheck, Outcome, SignatureFileCheck};
use crate::evidence::{Evidence, Part};
use crate::level::Level::L2;
use crate::signatures::{JudgedSignature, JudgedSignatures, Standing, role_words};
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
    file: Part<Result<&SignatureFile, &Reason>>,
    judged: &[JudgedSignature],
) {
    use SignatureFileCheck as File;
    let id = |check| CheckId::SignatureFile(signed, check);
    let what = word(signed);
    let (Some(artifact), file) = (artifact, file) else {
        return;
    };
    checks.at(L2).pass(id(File::ArtifactExists), words!("found-there"));
    let file = match file {
        Part::Read(Ok(file)) => file,
        Part::Read(Err(why)) => {
            checks.at(L2).pass(id(File::Exists), words!("found-there"));
            checks.at(L2).unreadable(id(File::Json), words!("file-unreadable", what, why));
            return;
        }
        Part::Absent => {
            let detail = match signed {
                PayloadType::SealedRun => words!("run-not-signed"),
                PayloadType::Manifest => words!("manifest-not-signed"),
            };
            checks.at(L2).missing(id(File::Exists), detail);
            return;
        }
    };
    let version = file.version() == Some(VERSION);
    let unknown = || words!("file-version", what, found = ?file.version().unwrap_or(""));
    let about = artifact.canonical().digest();
    let about_this = file.artifact_hash().is_some_and(|hash| about.is(hash));
    let other = || {
        let recorded = brief(file.artifact_hash().unwrap_or("nothing"));
        words!("file-other-content", what, computed = brief(&about.to_string()), recorded)
    };
    match file {
        SignatureFile::Block(block) => {
            for check in [File::Exists, File::ArtifactJson, File::Json] {
                checks.at(L2).pass(id(check), words!("found-there"));
            }
            checks.at(L2).require(id(File::Version), version, Words::text("1.0"), unknown);
            let wanted = signed.as_str();
            let payload = block.text("payload_type");
            checks.at(L2).require(
                id(File::PayloadType),
                payload == Some(wanted),
                Words::text(wanted),
                || words!("block-other-kind", what, found = ?payload.unwrap_or("nothing")),
            );
            checks.at(L2).require(
                id(File::PayloadHash),
                about_this,
                words!("found-recomputed"),
                other,
            );
            if let Some(commit) = artifact.commit_hash() {
                let recorded = block.text("payload_commit_hash");
                checks.at(L2).require(
                    id(File::CommitHash),
                    recorded == Some(commit),
                    words!("found-equal"),
                    || words!("block-other-commit", what),
                );
            }
            if let Some(only) = judged.first() {
                note(checks, id(File::Verify), only);
            }
        }
        SignatureFile::Envelope(_) => {
            checks.at(L2).pass(id(File::EnvelopeExists), words!("found-there"));
            checks.at(L2).require(id(File::EnvelopeVersion), version, Words::text("1.0"), unknown);
            checks.at(L2).require(
                id(File::EnvelopeHash),
                about_this,
                words!("found-recomputed"),
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
    let detail = words!(
        "signature-of-file",
        who = %one.signer_id,
        role = role_words(one.role),
        key = %one.key_id,
        detail = one.detail(),
    );
    checks.at(L2).add(id, outcome, false, detail);
}

fn check_valid(checks: &mut Checks, signed: PayloadType, judged: &[JudgedSignature]) {
    let what = word(signed);
    let id = CheckId::SignatureFile(signed, SignatureFileCheck::Accepted);
    if let Some(valid) = judged.iter().find(|s| s.is_valid()) {
        checks
            .at(L2)
            .pass(id, words!("signature-valid", who = %valid.signer_id, detail = valid.detail()));
        return;
    }
    // The one closest to counting says what is missing.
    let worst_last = [Standing::NotAccepted, Standing::Unchecked, Standing::Invalid];
    let best = worst_last.iter().find_map(|s| judged.iter().find(|one| one.standing == *s));
    let state = best.map_or(State::Open, JudgedSignature::state);
    let (outcome, detail) = match best {
        None => (Outcome::Missing, words!("file-no-signatures", what)),
        Some(one) => {
            let (who, key, why) = (&one.signer_id, &one.key_id, one.why.clone());
            match one.standing {
                Standing::Unchecked => {
                    (Outcome::Unchecked, words!("signature-unchecked", ?who, what, ?key, why))
                }
                Standing::NotAccepted => {
                    (Outcome::Fail, words!("signature-not-accepted", ?who, what, ?key, why))
                }
                _ => (Outcome::Fail, words!("signature-not-valid", ?who, what, ?key, why)),
            }
        }
    };
    checks.at(L2).add_as(id, (outcome, state), true, detail);
}

fn check_manifest<'a>(checks: &mut Checks, evidence: &Evidence<'a>) -> Option<&'a Manifest> {
    let manifest = match evidence.manifest {
        Part::Read(Ok(manifest)) => manifest,
        Part::Read(Err(why)) => {
            checks.at(L2).unreadable(ManifestCheck::Json, words!("manifest-unreadable", why));
            return None;
        }
        Part::Absent => {
            checks.at(L2).missing(ManifestCheck::Exists, words!("manifest-missing"));
            return None;
        }
    };
    checks.at(L2).pass(ManifestCheck::Exists, words!("found-there"));
    let Ok(run) = evidence.run else {
        return Some(manifest);
    };
    for rule in agreement::manifest(run, evidence.file_name, manifest) {
        checks.at(L2).decide(rule.id, rule.outcome);
    }
    Some(manifest)
}
