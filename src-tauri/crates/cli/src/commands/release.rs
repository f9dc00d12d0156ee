//! `countersign release`: the files of this program that two people vouch for.

mod sign;
mod verify;

use countersign_admissibility::check::Outcome;
use countersign_admissibility::release::{JudgedRelease, ReleaseSignature, ReleasedAs};
use countersign_envelope::release::{ReleaseFile, ReleasedFile};
use countersign_problem::visible::visible;
use serde_json::{Value, json};

use crate::report::NamedCheckRow;
use crate::stopped::Stopped;
use crate::ui::Output;

/// Releases: files that two people vouch for
#[derive(Debug, clap::Subcommand)]
pub enum ReleaseCommand {
    Sign(Box<sign::SignArgs>),
    Verify(verify::VerifyArgs),
}

pub fn run(command: ReleaseCommand) -> Result<bool, Stopped> {
    match command {
        ReleaseCommand::Sign(args) => sign::run(*args),
        ReleaseCommand::Verify(args) => verify::run(&args),
    }
}

/// Writes a release as it was judged.
pub fn write(out: &mut Output, file: &ReleaseFile, judged: &JudgedRelease) -> Result<(), Stopped> {
    let release = &file.release;
    writeln!(out, "standing {}: {}", judged.standing, visible(&judged.detail.english()))?;
    let commit = release.commit.as_deref().map(|one| format!(", commit {}", visible(one)));
    writeln!(out, "release  version {}{}", visible(&release.version), commit.unwrap_or_default())?;
    for one in &judged.signatures {
        match one {
            ReleaseSignature::Known { owner, key_id, fingerprint, acceptance } => writeln!(
                out,
                "signed   by {}: {}\n  key    {}, {}",
                visible(owner),
                visible(&acceptance.words().english()),
                visible(key_id),
                fingerprint.grouped()
            )?,
            ReleaseSignature::Unknown { key_id } => {
                writeln!(out, "signed   by a key that is not in the keyring: {}", visible(key_id))?;
            }
            ReleaseSignature::Forged { key_id } => {
                writeln!(out, "FORGED   in the name of the key {}", visible(key_id))?;
            }
        }
    }
    for (one, how) in &judged.files {
        writeln!(out, "file     {}: {}", visible(&one.name), stands(how))?;
        writeln!(out, "  sha256 {}", one.digest.grouped())?;
    }
    for check in judged.checks.iter().filter(|check| check.outcome != Outcome::Pass) {
        writeln!(out, "{:<8} {}: {}", check.outcome, check.id, visible(&check.detail.english()))?;
    }
    Ok(())
}

fn stands(how: &ReleasedAs) -> String {
    match how {
        ReleasedAs::Same => "as released".to_owned(),
        ReleasedAs::OtherContent => "another content than was released".to_owned(),
        ReleasedAs::OtherName(name) => format!("released as {}", visible(name)),
        ReleasedAs::NotIn => "not in the release".to_owned(),
    }
}

/// A release as one object.
pub fn to_json(file: &ReleaseFile, judged: &JudgedRelease) -> Value {
    let signature = |one: &ReleaseSignature| match one {
        ReleaseSignature::Known { owner, key_id, fingerprint, acceptance } => json!({
            "standing": "known", "owner": owner, "key_id": key_id,
            "fingerprint": fingerprint.hex(), "detail": acceptance.words(),
        }),
        ReleaseSignature::Unknown { key_id } => json!({ "standing": "unknown", "key_id": key_id }),
        ReleaseSignature::Forged { key_id } => json!({ "standing": "forged", "key_id": key_id }),
    };
    let compared = |(one, how): &(ReleasedFile, ReleasedAs)| {
        let (standing, released_as) = match how {
            ReleasedAs::Same => ("same", None),
            ReleasedAs::OtherContent => ("other_content", None),
            ReleasedAs::OtherName(name) => ("other_name", Some(name)),
            ReleasedAs::NotIn => ("not_in", None),
        };
        let sha256 = one.digest.hex();
        json!({ "name": one.name, "sha256": sha256, "standing": standing, "released_as": released_as })
    };
    let checks: Vec<NamedCheckRow<'_, _>> = judged.checks.iter().map(NamedCheckRow::of).collect();
    json!({
        "standing": judged.standing,
        "detail": judged.detail,
        "version": file.release.version,
        "commit": file.release.commit,
        "sha256": file.envelope.payload_digest().hex(),
        "people": judged.people(),
        "signatures": judged.signatures.iter().map(signature).collect::<Vec<_>>(),
        "files": judged.files.iter().map(compared).collect::<Vec<_>>(),
        "checks": checks,
    })
}
