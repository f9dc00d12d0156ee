//! `countersign finding show`.

use std::path::PathBuf;

use countersign_app::finding;
use countersign_app::workspace::Workspace;

use crate::arguments::keyring::KeyringArgs;
use crate::stopped::Stopped;
use crate::ui;

/// Show a finding: what it says, and whether a key of the keyring signed it
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The finding
    #[arg(value_name = "FINDING")]
    pub finding: PathBuf,
    /// Write it as a page to print to this new file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
}

/// Shows a finding; whether it is signed by the key that comes with it.
pub fn run(args: &ShowArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let file = finding::read(&args.finding)?;
    let judged = countersign_admissibility::finding::judge(&file, None, &keyring);
    let mut out = ui::stdout();
    match args.json {
        true => writeln!(out, "{}", super::to_json(&file, &judged))?,
        false => super::write(&mut out, &judged)?,
    }
    if let Some(html) = &args.html {
        finding::write_page(&Workspace::default(), &args.finding, &judged, html)?;
    }
    Ok(judged.is_signed())
}
