//! `countersign trust adopt`, `verify` and `export`.

use std::path::PathBuf;

use countersign_admissibility::signed_keyring::changes;
use countersign_app::signed_keyring::adopt::{self, Adoption};
use countersign_app::signed_keyring::{self, find, place};
use countersign_app::workspace::Workspace;
use countersign_envelope::digest::Digest;
use countersign_problem::visible::visible;
use serde_json::json;

use crate::arguments::journal::JournalArgs;
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const ADOPT_HELP: &str = "\
Exit codes: 0 adopted, or known already · 1 something that is there was refused · 2 nothing could be adopted.

Of a directory, the files are read whose names end in keyring.signed.json or .keyring-revocation.json. Copies \
of one version are united. What is adopted is kept in the state of this station, and plain keyrings are not \
used from then on.";

/// Adopt what administrators signed: a first version by its digest, each next one by its signatures
#[derive(Debug, clap::Args)]
#[command(after_help = ADOPT_HELP)]
pub struct AdoptArgs {
    /// Versions and emergency revocations, or directories with them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The digest of the version, as an administrator told you; required for the first
    #[arg(long, value_name = "SHA256", value_parser = values::digest)]
    digest: Option<Digest>,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    journal: JournalArgs,
}

/// Check what would be adopted; nothing is changed
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Versions and emergency revocations, or directories with them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The digest of the version, as an administrator told you
    #[arg(long, value_name = "SHA256", value_parser = values::digest)]
    digest: Option<Digest>,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Write what is adopted here into a directory, for other stations
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// The directory
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

pub fn adopt(args: &AdoptArgs) -> Result<bool, Stopped> {
    let workspace = super::to_act(&args.journal)?;
    let (adoption, unreadable) = judge(&workspace, &args.paths, args.digest.as_ref())?;
    adoption.keep(&workspace)?;
    report(&adoption, args.json, "adopted")?;
    Ok(adoption.refused.is_empty() && !unreadable)
}

pub fn verify(args: &VerifyArgs) -> Result<bool, Stopped> {
    let workspace = super::to_look();
    let (adoption, unreadable) = judge(&workspace, &args.paths, args.digest.as_ref())?;
    report(&adoption, args.json, "follows")?;
    Ok(adoption.refused.is_empty() && !unreadable)
}

pub fn export(args: &ExportArgs) -> Result<bool, Stopped> {
    let written = signed_keyring::export(&super::to_look(), &args.directory)?;
    let mut out = ui::stdout();
    written.iter().try_for_each(|path| writeln!(out, "  wrote  {}", shown(path)))?;
    Ok(true)
}

/// What would be adopted, and whether something could not be read.
fn judge(
    workspace: &Workspace,
    paths: &[PathBuf],
    digest: Option<&Digest>,
) -> Result<(Adoption, bool), Stopped> {
    // What is adopted and broken, judging tells of.
    let chain = place(workspace)?.read().ok().flatten();
    let found = find(paths, chain.as_ref())?;
    found.unreadable.iter().for_each(ui::warn);
    Ok((adopt::judge(workspace, &found, digest)?, !found.unreadable.is_empty()))
}

pub(super) fn report(adoption: &Adoption, json: bool, word: &str) -> Result<(), Stopped> {
    let chain = &adoption.chain;
    let mut out = ui::stdout();
    let new = || adoption.adopted.iter().filter_map(|number| chain.version(*number));
    if json {
        let version = |one| super::to_json(one, &changes(chain.before(one), one));
        let refused = adoption.refused.iter().map(|one| {
            json!({
                "version": one.version, "sha256": one.digest.hex(),
                "code": one.why.code.name(), "detail": one.why.message(),
            })
        });
        let object = json!({
            "version": chain.latest().version(),
            "sha256": chain.latest().digest().hex(),
            "new": new().map(version).collect::<Vec<_>>(),
            "revoked": adoption.revoked,
            "refused": refused.collect::<Vec<_>>(),
        });
        return writeln!(out, "{object}");
    }
    for version in new() {
        super::write_version(&mut out, version)?;
        super::write_changes(&mut out, &changes(chain.before(version), version))?;
        writeln!(out, "{word:<8} version {}", version.version())?;
    }
    for key_id in &adoption.revoked {
        writeln!(out, "revoked  {}, in an emergency", visible(key_id))?;
    }
    for one in &adoption.refused {
        let what = match one.version {
            Some(version) => format!("version {version}"),
            None => "a revocation".to_owned(),
        };
        writeln!(out, "refused  {what}: {}", visible(&one.why.message()))?;
        writeln!(out, "  sha256 {}", one.digest.grouped())?;
    }
    if !adoption.is_news() {
        let latest = chain.latest();
        writeln!(out, "in force version {}; nothing is new", latest.version())?;
    }
    Ok(())
}
