//! A new file is proposed where nothing is, and refused where nothing may be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_app::new_file::{self, CarrierKind, NewFileError};
use countersign_app::review::Reviewed;
use countersign_app::workspace::{Workspace, WorkspaceError};

use crate::station::Station;

#[test]
fn a_proposed_name_is_free_and_says_what_it_is() {
    let station = Station::new();
    let folder = station.beside("downloads");
    fs::create_dir(&folder).unwrap();
    let one = [PathBuf::from("/sealed/RUN-1.json")];
    let several = [one[0].clone(), one[0].clone()];
    let free = |runs: &[PathBuf], kind| {
        let path = new_file::free(&folder, runs, kind);
        assert_eq!(path.parent(), Some(&*folder));
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    assert_eq!(free(&one, CarrierKind::PackZip), "RUN-1.pack.zip");
    assert_eq!(free(&one, CarrierKind::PackFolder), "RUN-1.pack");
    assert_eq!(free(&several, CarrierKind::Export), "2 envelopes.zip");
    assert_eq!(free(&one, CarrierKind::Export), "RUN-1.zip");
    fs::write(folder.join("RUN-1.zip"), "").unwrap();
    assert_eq!(free(&one, CarrierKind::Export), "RUN-1 (2).zip");
}

#[test]
fn an_entered_place_is_whole_and_not_under_review() {
    let station = Station::new();
    let foreign = station.beside("foreign");
    fs::create_dir(&foreign).unwrap();
    let reviewed = Some(Arc::new(Reviewed::open(&foreign).unwrap()));
    let workspace = Workspace { reviewed, ..station.workspace() };
    let entered = |text: &str| new_file::entered(&workspace, text);
    assert!(matches!(entered("  "), Err(NewFileError::NoPlace)));
    assert!(matches!(entered("pack.zip"), Err(NewFileError::Relative { .. })));
    let inside = foreign.join("pack.zip").display().to_string();
    let reviewing =
        |error| matches!(error, NewFileError::Workspace(WorkspaceError::Reviewing { .. }));
    assert!(reviewing(entered(&inside).unwrap_err()));
    let outside = station.beside("pack.zip").display().to_string();
    assert_eq!(entered(&format!(" {outside} ")).unwrap(), Path::new(&outside));
}
