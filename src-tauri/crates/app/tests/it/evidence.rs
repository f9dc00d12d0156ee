//! Evidence is put beside a signature only if the journal takes an entry, and never under review.

use std::fs;
use std::sync::Arc;

use countersign_admissibility::level::Level;
use countersign_app::attest::{self, AttestError};
use countersign_app::review::Reviewed;
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_envelope::key_attestation::KeyAttestation;

use crate::station::Station;

const EVIDENCE: &[u8] =
    br#"{"type": "yubikey-piv", "slot": "9c", "certificate": "MAA=", "intermediate": "MAA="}"#;

#[test]
fn nothing_is_attached_that_cannot_be_journalled_or_is_only_reviewed() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 1, Level::L2);
    let evidence = KeyAttestation::parse_text(EVIDENCE).unwrap();
    let run = &envelopes.runs()[0];
    let files = || {
        let names = fs::read_dir(&envelopes.root).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = names.filter(|path| path.is_file()).collect();
        files.sort();
        files.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let before = files();

    let reviewed = Some(Arc::new(Reviewed::open(&envelopes.root).unwrap()));
    let reviewing = Workspace { reviewed, ..station.workspace() };
    let refused = attest::attach(&reviewing, run, &evidence);
    let reviewing = WorkspaceError::Reviewing { path: envelopes.root.clone() };
    assert_eq!(refused.unwrap_err().to_string(), reviewing.to_string());

    station.block_journal();
    let refused = attest::attach(&station.workspace(), run, &evidence).unwrap_err();
    let not_journalled = |error: &AttestError| {
        matches!(error, AttestError::Workspace(WorkspaceError::NotJournalled { .. }))
    };
    assert!(not_journalled(&refused), "{refused:?}");
    assert_eq!(files(), before);
}
