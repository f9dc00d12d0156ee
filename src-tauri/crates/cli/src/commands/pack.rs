//! `countersign pack`: the evidence for one envelope, for an auditor.

use std::path::PathBuf;

use countersign_app::pack;
use countersign_envelope::count::counted;
use countersign_store::reading::directory_of;

use crate::arguments::journal::JournalArgs;
use crate::arguments::policy::PolicyArgs;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const PACK_HELP: &str = "\
Examples:
  countersign pack RUN-….json --out DEC-007/           a folder
  countersign pack RUN-….json --out DEC-007.zip        the same as a zip
  countersign verify DEC-007.zip --level L4            what the auditor does with it

A pack has the run, its manifest, all signatures, the transparency log with its LOG_HEAD.json, the \
authority ledger, the signers' public keys, their keyring entries, report.html to print, \
VERIFY_INSTRUCTIONS.md for OpenSSL and the reference's verify_pack.py, and SHA256SUMS. The same \
evidence makes the same bytes. The digest that is printed is the SHA-256 of SHA256SUMS.";

/// Collect the evidence that one envelope is admissible, for an auditor
#[derive(Debug, clap::Args)]
#[command(after_help = PACK_HELP)]
pub struct PackArgs {
    /// A sealed run
    pub run: PathBuf,
    /// A folder, or a file that ends in .zip; must not exist yet
    #[arg(long, value_name = "OUT")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &PackArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(directory_of(&args.run))?;
    let workspace = args.journal.workspace()?;
    let packed = pack::pack(&workspace, &args.run, &args.out, &loaded.judge(), &loaded.logs)?;
    // The pack has what is there now; whether that continues what was there is a warning.
    continuity::warn_of_rewritten(&loaded.logs);
    workspace.note_rewritten(&loaded.logs).iter().for_each(ui::warn);
    let report = &packed.report;
    let mut out = ui::lasting_stdout();
    if args.json {
        ui::write_json(&mut out, report)?;
        return Ok(true);
    }
    let level = report.level.map_or_else(|| "below L0".to_owned(), |level| format!("L{level}"));
    writeln!(
        out,
        "{} at {level}, {} in {}",
        report.file,
        counted(report.files.len(), "file"),
        shown(&args.out)
    )?;
    if let Some(missing) = &report.missing {
        writeln!(out, "next    {missing}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "warning {warning}")?;
    }
    ui::write_digest(&mut out, &report.digest)?;
    Ok(true)
}
