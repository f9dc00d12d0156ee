//! The time stamp of a run itself, from beside its copies: it comes in where there is none, if it is
//! about this very run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_admissibility::run_time;
use countersign_envelope::run_time_stamp::{FOLDER, RunTimeStamp, name_for};
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Words, words};
use countersign_store::companions;
use countersign_store::logs::LogBook;
use countersign_store::reading::directory_of;

use super::copies::Copy;
use super::copy_name::Origin;
use super::report::{LeftOut, Merged};

/// The path of the time stamp and its text; `None` if nothing comes in.
pub(super) fn from_copies(
    path: &Path,
    run: &SealedRun,
    copies: &[&Copy],
    merged: &mut Merged,
) -> Option<(PathBuf, String)> {
    let own = directory_of(path);
    let places: BTreeSet<&Path> = copies.iter().map(|copy| directory_of(&copy.path)).collect();
    let mut found = places.into_iter().filter(|place| *place != own);
    found.find_map(|place| {
        let there = companions::time_stamp_of(run, place, None)?;
        let log = LogBook::default().for_directory(own).log_place.clone();
        if companions::time_stamp_of(run, own, log.as_deref()).is_some() {
            return None;
        }
        match taken(&there, run, own) {
            Ok(text) => {
                merged.run_time_stamp = true;
                Some((own.join(name_for(run)), text))
            }
            Err(why) => {
                let (from, origin) = (there.path, Origin::Plain);
                merged.left_out.push(LeftOut { from, origin, signer_id: None, why });
                None
            }
        }
    })
}

/// Its text as it is, or why it does not come in.
fn taken(there: &companions::Companion, run: &SealedRun, own: &Path) -> Result<String, Words> {
    if own.join(FOLDER).is_symlink() {
        return Err(words!("left-out-folder-is-link", folder = %FOLDER));
    }
    let bytes = there.read().map_err(|error| error.reason())?;
    let text = check(&bytes, run).map(|()| String::from_utf8_lossy(&bytes).into_owned())?;
    Ok(text)
}

/// Why a time stamp is not worth keeping for a run.
pub(crate) fn check(bytes: &[u8], run: &SealedRun) -> Result<(), Words> {
    let stamp = RunTimeStamp::parse(bytes)?;
    match run_time::contradiction(&stamp, run) {
        None => Ok(()),
        Some(error) => Err(words!("left-out-run-time", error)),
    }
}
