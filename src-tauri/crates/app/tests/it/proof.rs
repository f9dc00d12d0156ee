//! A proof holds for its runs, for whoever has only the head of the log.

use std::fs;

use countersign_admissibility::level::Level;
use countersign_app::log_head;
use countersign_app::proof::{self, ProofError};

use crate::station::{Station, cut};

#[test]
fn a_proof_holds_for_its_run_and_the_head_that_is_trusted() {
    let station = Station::new();
    let workspace = station.workspace();
    let envelopes = station.envelopes("sealed", 3, Level::L3);
    let mut runs = envelopes.runs();
    // The one that was registered first comes last: a proof has all later entries in it.
    let all = proof::prove(&runs, &envelopes.log()).unwrap();
    let first = all.included.iter().position(|included| included.position == 1).unwrap();
    let first = runs.remove(first);
    runs.push(first);
    let made = proof::prove(&runs[..2], &envelopes.log()).unwrap();
    assert_eq!((made.included.len(), made.included[0].entry_count), (2, 3));
    let file = station.beside("proof.json");
    made.write(&workspace, &file).unwrap();
    let checked = log_head::check(&workspace, &envelopes.log()).unwrap();
    let (head, _) = log_head::write(&workspace, &checked, None, false).unwrap();
    let trusted = proof::trusted_head(&head.display().to_string()).unwrap();
    let included = proof::check(&file, &runs[1], Some(trusted)).unwrap();
    assert_eq!(included.position, made.included[1].position);

    let refused = proof::check(&file, &runs[2], None);
    assert!(matches!(refused, Err(ProofError::DoesNotHold { .. })), "{refused:?}");
    // Only another proof is replaced.
    let before = fs::read(&runs[0]).unwrap();
    assert!(matches!(made.write(&workspace, &runs[0]), Err(ProofError::Overwrite(_))));
    assert_eq!(fs::read(&runs[0]).unwrap(), before);
    made.write(&workspace, &file).unwrap();

    cut(&envelopes.log(), 0);
    let refused = proof::prove(&runs, &envelopes.log());
    assert!(matches!(refused, Err(ProofError::Log { .. })), "{refused:?}");
    let checked = log_head::check(&station.workspace(), &envelopes.log()).unwrap();
    let (head, _) = log_head::write(&workspace, &checked, None, true).unwrap();
    let refused = proof::trusted_head(&head.display().to_string());
    assert!(matches!(refused, Err(ProofError::EmptyLog { .. })), "{refused:?}");
}
