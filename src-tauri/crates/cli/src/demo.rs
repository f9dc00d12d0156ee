//! `countersign demo`: made-up envelopes to try things on.

use std::io::Write as _;

use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_station::demo::Demo;
use countersign_station::logs;
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
    for name in [TRANSPARENCY_LOG, AUTHORITY_LEDGER] {
        let path = args.directory.join(name);
        let accepted = log::memory_if_any(&args.heads.memory, None)
            .map(|memory| logs::accept(&path, &memory, None));
        if let Some(Err(error)) = accepted {
            journal::warn(&error.to_string());
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
