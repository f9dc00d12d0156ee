//! `countersign demo`: made-up envelopes to try things on.

use std::path::PathBuf;

use countersign_admissibility::level::Level;
use countersign_app::clock::now;
use countersign_app::log_acceptance;
use countersign_demo::{Demo, PASSPHRASE};
use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_problem::Explain as _;
use countersign_store::log_memory::ChainKind;
use secrecy::SecretString;

use crate::arguments::memory::LogHeadsArgs;
use crate::stopped::Stopped;
use crate::ui;

/// Fill a directory with made-up envelopes of every level, to try things on
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// The directory; created if it does not exist, refused if it is not empty
    pub directory: PathBuf,
    /// The number of envelopes
    #[arg(long, value_name = "N", default_value_t = 27)]
    pub runs: usize,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// All at one level instead of every level in turn
    #[arg(long, value_name = "Ln")]
    pub level: Option<Level>,
    /// Decisions of the last minutes instead of 5 January 2026; the bytes are others each time
    #[arg(long, conflicts_with = "history")]
    pub today: bool,
    /// Instead, five years of about this many signatures, by thirteen people with keys of every kind
    #[arg(long, value_name = "SIGNATURES", conflicts_with_all = ["runs", "level"])]
    pub history: Option<usize>,
    /// Also write the files that the runs were made from below this directory, those of each run into a
    /// folder named after it, for `verify --inputs`
    #[arg(long, value_name = "DIR", conflicts_with = "history")]
    pub inputs: Option<PathBuf>,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
}

pub fn run(args: &DemoArgs) -> Result<bool, Stopped> {
    let demo = match (args.history, args.level) {
        (Some(signatures), _) => Demo::history(signatures, args.seed),
        (None, Some(level)) => Demo::one_level(args.runs, args.seed, Some(level)),
        (None, None) => Demo::all_levels(args.runs, args.seed),
    };
    let demo = if args.today { demo.before(now()) } else { demo };
    let made = demo.write(&args.directory, &SecretString::from(PASSPHRASE))?;
    if let Some(inputs) = &args.inputs {
        demo.write_inputs(inputs)?;
    }
    // Its logs are new: what this station saw there before is not their history.
    if let Some(memory) = args.heads.memory.open_if_any(None) {
        let logs = [(TRANSPARENCY_LOG, ChainKind::Log), (AUTHORITY_LEDGER, ChainKind::Ledger)];
        for (name, kind) in logs {
            let accepted = log_acceptance::begin(&memory, &args.directory.join(name), kind);
            if let Err(error) = accepted {
                ui::warn(&error.problem());
            }
        }
    }
    let directory = args.directory.display();
    writeln!(
        ui::stdout(),
        "Demo: {} made-up envelopes with {} signatures in {directory}, keyring {directory}/keyring.json, keys in {directory}/keys (passphrase {PASSPHRASE:?})",
        made.envelopes,
        made.signatures
    )?;
    Ok(true)
}
