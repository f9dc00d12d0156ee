//! A log holds if its chain does and it goes on from what the station saw of it.

use std::fs;

use countersign_admissibility::level::Level;
use countersign_app::checked_log::CheckedLog;
use countersign_app::workspace::Workspace;
use countersign_envelope::file_name::AUTHORITY_LEDGER;
use countersign_store::log_memory::ChainKind;
use countersign_store::reading::ReadError;

use crate::station::{Station, cut};

#[test]
fn what_was_cut_broken_or_removed_does_not_hold_and_is_journalled_once() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L7);
    for (file, kind) in [
        (envelopes.log(), ChainKind::Log),
        (envelopes.root.join(AUTHORITY_LEDGER), ChainKind::Ledger),
    ] {
        let check = || CheckedLog::read(&station.workspace(), &file, kind).unwrap();
        let (whole, before) = (check(), station.journal().lines().count());
        assert!(whole.holds() && whole.is_there && whole.entries > 1, "{whole:?}");
        assert_eq!(whole.warnings(), []);

        cut(&file, whole.entries - 1);
        let shorter = check();
        assert!(!shorter.holds() && shorter.rewritten.is_some(), "{shorter:?}");
        check();
        assert!(station.journal().lines().count() > before, "it is journalled");
        let after = station.journal().lines().count();
        check();
        assert_eq!(station.journal().lines().count(), after, "and once");
        // Without a memory nothing is missed.
        let alone = CheckedLog::read(&Workspace::default(), &file, kind).unwrap();
        assert!(alone.holds() && alone.entries == whole.entries - 1);

        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("\"entry_hash\"", "\"hash\"", 1)).unwrap();
        let broken = check();
        assert!(!broken.holds() && broken.broken.is_some(), "{broken:?}");

        fs::remove_file(&file).unwrap();
        let gone = check();
        assert!(!gone.holds() && !gone.is_there && gone.rewritten.is_some(), "{gone:?}");
    }
    let never = station.beside("none.ndjson");
    let refused = CheckedLog::read(&station.workspace(), &never, ChainKind::Log);
    assert!(matches!(refused, Err(ReadError::NotFound(_))), "{refused:?}");
}
