//! `countersign pack`: the evidence for one envelope, for an auditor.

use std::path::PathBuf;

use countersign_admissibility::inputs::FoundInputs;
use countersign_admissibility::policy::{Assurance, Weakness};
use countersign_app::pack::{self, InputsFrom, ToPack};
use countersign_envelope::count::counted;
use countersign_exchange::pack::PackReport;
use countersign_store::reading::directory_of;
use serde::Serialize;

use crate::arguments::journal::JournalArgs;
use crate::arguments::policy::PolicyArgs;
use crate::commands::verify::inputs::{self, Counter};
use crate::continuity;
use crate::report::InputsRow;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const PACK_HELP: &str = "\
Examples:
  countersign pack RUN-….json --out DEC-007/           a folder
  countersign pack RUN-….json --out DEC-007.zip        the same as a zip
  countersign pack RUN-….json --out DEC-007.zip --with-inputs .
                                                       with the files that the run was made from
  countersign verify DEC-007.zip --level L4            what the auditor does with it

A pack has the run, its manifest, all signatures, the transparency log with its LOG_HEAD.json, the \
authority ledger, the signers' public keys, their keyring entries, report.html to print, \
VERIFY_INSTRUCTIONS.md for OpenSSL and the reference's verify_pack.py, and SHA256SUMS. The same \
evidence makes the same bytes. With --with-inputs it also has the files that the run was made from, in \
inputs/; one that is missing is named and left out, one with another content than the run was made \
from is refused (exit code 2), and nothing is packed. The digest that is printed is the SHA-256 of SHA256SUMS.";

/// Collect the evidence that one envelope is admissible, for an auditor
#[derive(Debug, clap::Args)]
#[command(after_help = PACK_HELP)]
pub struct PackArgs {
    /// A sealed run
    pub run: PathBuf,
    /// A folder, or a file that ends in .zip; must not exist yet
    #[arg(long, value_name = "OUT")]
    pub out: PathBuf,
    /// Add the files that the run was made from, found by their paths below this directory
    #[arg(long, value_name = "DIR")]
    pub with_inputs: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// The JSON of a pack, its words in English.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    digest: &'a str,
    level: Option<u8>,
    assurance: Option<Assurance>,
    weaknesses: &'a [Weakness],
    missing: Option<&'a str>,
    warnings: Vec<&'a str>,
    files: &'a [String],
    /// The files that the run was made from, if they were asked for.
    inputs: Option<InputsRow<'a>>,
}

impl<'a> Row<'a> {
    fn of(report: &'a PackReport, inputs: Option<&'a FoundInputs>) -> Self {
        Self {
            file: &report.file,
            digest: &report.digest,
            level: report.level,
            assurance: report.assurance,
            weaknesses: &report.weaknesses,
            missing: report.missing.as_ref().map(|missing| &*missing.text),
            warnings: report.warnings.iter().map(|warning| &*warning.text).collect(),
            files: &report.files,
            inputs: inputs.map(InputsRow::of),
        }
    }
}

pub fn run(args: &PackArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(directory_of(&args.run))?;
    let workspace = args.journal.workspace()?;
    let (judge, counter) = (loaded.judge(), Counter::default());
    let from = args.with_inputs.as_deref();
    let inputs = from.map(|directory| InputsFrom { directory, follow: &counter });
    let what = ToPack { inputs, ..ToPack::new(&args.run, &judge, &loaded.logs) };
    let packed = pack::pack(&workspace, what, &args.out);
    counter.finish();
    let packed = packed?;
    // The pack has what is there now; whether that continues what was there is a warning.
    continuity::warn_of_rewritten(&loaded.logs);
    workspace.note_rewritten(&loaded.logs).iter().for_each(ui::warn);
    let report = &packed.report;
    let mut out = ui::lasting_stdout();
    if args.json {
        ui::write_json(&mut out, &Row::of(report, packed.inputs.as_ref()))?;
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
    if let Some(found) = &packed.inputs {
        out.write_all(&inputs::write(found))?;
    }
    for warning in &report.warnings {
        writeln!(out, "warning {warning}")?;
    }
    ui::write_digest(&mut out, &report.digest)?;
    Ok(true)
}
