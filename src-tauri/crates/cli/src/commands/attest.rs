//! `countersign attest`: evidence beside an existing signature.

use std::io::Write as _;
use std::path::PathBuf;

use countersign_admissibility::attestation::AttestationError;
use countersign_app::attest;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_store::evidence;

use crate::arguments::journal::JournalArgs;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const ATTEST_HELP: &str = "\
Examples:
  countersign attest RUN-….json --evidence cloudtrail.json
  countersign attest RUN-….json --evidence certified/      what tpm2_certify and tpm2_readpublic wrote
  countersign attest RUN-….json --evidence key.pem --evidence device.pem    of a YubiHSM or a YubiKey

Evidence is added to the signatures, of the run and of its manifest, that it does not contradict. It is \
refused if it is about none of them, and if they have other evidence already.";

/// Add evidence of where its key lives to an existing signature
#[derive(Debug, clap::Args)]
#[command(after_help = ATTEST_HELP)]
pub struct AttestArgs {
    /// The sealed run; its manifest is included
    pub run: PathBuf,
    /// The JSON object of a key attestation, or what the tools of the device wrote: certificates, or
    /// a directory; may be repeated
    #[arg(long, value_name = "FILE", required = true)]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Evidence that was added and proves nothing here.
#[derive(Debug, Problem)]
struct NotJudged {
    cause: AttestationError,
}

pub fn run(args: &AttestArgs) -> Result<bool, Stopped> {
    // All of it is read before any of it is written.
    let brought = evidence::read_all(&args.evidence)?;
    if let Some(error) = brought.unreadable.into_iter().next() {
        return Err(error.into());
    }
    let all: Vec<KeyAttestation> = brought.evidence;
    let workspace = args.journal.workspace()?;
    for one in &all {
        let (attached, noted) = attest::attach(&workspace, &args.run, one)?;
        let files: Vec<String> =
            attached.files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let lines = files.iter().map(|file| format!("  wrote   {}\n", visible(file)));
        let lines: String = lines.collect();
        let evidence = one.type_name().to_owned();
        let said = format!("Attached {} to {}\n{lines}", visible(&evidence), shown(&args.run));
        noted.iter().for_each(ui::warn);
        anstream::stdout().write_all(said.as_bytes()).map_err(Stopped::unsaid)?;
        if let Some(cause) = attached.not_judged {
            ui::warn(&NotJudged { cause }.problem());
        }
    }
    Ok(true)
}
