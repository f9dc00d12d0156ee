//! `countersign release verify`.

use std::path::PathBuf;

use countersign_app::clock::now;
use countersign_app::release;

use crate::arguments::keyring::KeyringArgs;
use crate::stopped::Stopped;
use crate::ui;

const VERIFY_HELP: &str = "\
Exit codes: 0 two people whose keys are in the keyring vouch for every file · 1 they do not · 2 a file \
cannot be read.

A key counts as it stands now: a revoked or expired key vouches for nothing any more.";

/// Check that two people vouch for these files
#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_HELP)]
pub struct VerifyArgs {
    /// The release
    #[arg(value_name = "RELEASE")]
    pub release: PathBuf,
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
}

/// Verifies a release; whether it is confirmed.
pub fn run(args: &VerifyArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let file = release::read(&args.release)?;
    let files = release::hashed(&args.files)?;
    let judged = release::judge(&file, (&files, None), &keyring, now());
    let mut out = ui::stdout();
    match args.json {
        true => writeln!(out, "{}", super::to_json(&file, &judged))?,
        false => super::write(&mut out, &file, &judged)?,
    }
    Ok(judged.is_confirmed())
}
