//! `countersign demo`: made-up envelopes to try things on.

use std::io::Write as _;

use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_station::demo::Demo;
use countersign_station::journal::NoRecord;
use countersign_station::log_acceptance::LogAcceptance;
use countersign_station::log_memory::ChainKind;
use secrecy::SecretString;

use crate::args::DemoArgs;
use crate::error::CliError;
use crate::{journal, log};

/// Opens the worthless keys of the demonstration.
const PASSPHRASE: &str = "demo";

pub fn run(args: &DemoArgs) -> Result<bool, CliError> {
    let demo = match (args.history, args.level) {
        (Some(signatures), _) => Demo::history(signatures, args.seed),
        (None, Some(level)) => Demo::one_level(args.runs, args.seed, Some(level)),
        (None, None) => Demo::all_levels(args.runs, args.seed),
    };
    let made = demo.write(&args.directory, &SecretString::from(PASSPHRASE))?;
    // Its logs are new: what was seen there before is no history of theirs.
    if let Some(memory) = log::memory_if_any(&args.heads.memory, None) {
        let logs = [(TRANSPARENCY_LOG, ChainKind::Log), (AUTHORITY_LEDGER, ChainKind::Ledger)];
        for (name, kind) in logs {
            let accepted = LogAcceptance::of(&args.directory.join(name), kind, &memory)
                .and_then(|acceptance| acceptance.accept(&memory, "", &NoRecord));
            if let Err(error) = accepted {
                journal::warn(&error.to_string());
            }
        }
    }
    let directory = args.directory.display();
    writeln!(
        anstream::stdout(),
        "Demo: {} made-up envelopes with {} signatures in {directory}, keyring {directory}/keyring.json, keys in {directory}/keys (passphrase {PASSPHRASE:?})",
        made.envelopes,
        made.signatures
    )?;
    Ok(true)
}
