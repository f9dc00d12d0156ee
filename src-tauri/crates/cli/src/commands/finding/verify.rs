//! `countersign finding verify`.

use std::path::PathBuf;

use countersign_app::finding;
use countersign_app::review::Reviewed;

use crate::arguments::keyring::KeyringArgs;
use crate::stopped::Stopped;
use crate::ui;

const VERIFY_HELP: &str = "\
Exit codes: 0 it is about this pack and signed by a key of the keyring, for its owner, in a role they \
hold · 1 it is not · 2 a file cannot be read.

The levels in it are what its reviewer saw: `countersign verify PACK` judges the pack by your keys.";

/// Check a finding: its signature, whose key it is, and that it is about this pack
#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_HELP)]
pub struct VerifyArgs {
    /// The finding
    #[arg(value_name = "FINDING")]
    pub finding: PathBuf,
    /// The pack or export that it has to be about
    #[arg(value_name = "PACK")]
    pub pack: PathBuf,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
}

/// Verifies a finding; whether it holds.
pub fn run(args: &VerifyArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let file = finding::read(&args.finding)?;
    let pack = finding::pack_to_compare(&Reviewed::open(&args.pack)?)?;
    let judged = countersign_admissibility::finding::judge(&file, Some(&pack), &keyring);
    let mut out = ui::stdout();
    match args.json {
        true => writeln!(out, "{}", super::to_json(&file, &judged))?,
        false => super::write(&mut out, &judged)?,
    }
    Ok(judged.holds())
}
