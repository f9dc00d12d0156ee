//! The files that a run was made from, in its pack: put there, and looked up again.

use countersign_admissibility::inputs::{FileStanding, FoundInputs};
use countersign_envelope::file_name::is_sealed_run;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Words, words};
use countersign_store::archive::{Archive, Unfit};
use countersign_store::inputs;

use super::{INPUTS, InputsFrom, PackError};

/// Adds every file that the run was made from and that is the same below a directory. What is not there,
/// or cannot be in a pack, is named and left out.
///
/// # Errors
/// Fails if there is no such directory, the person stops it, there is more than a pack may contain, or a
/// file has another content than the run was made from.
pub(super) fn add(
    archive: &mut Archive,
    run: &SealedRun,
    from: InputsFrom<'_>,
) -> Result<FoundInputs, PackError> {
    let gathered = inputs::gather(run, from.directory, from.follow)?;
    let mut found = gathered.found;
    if let Some(file) = found.files.iter().find(|file| file.standing == FileStanding::Changed) {
        let directory = from.directory.to_owned();
        return Err(PackError::Contradicted { file: file.path.clone(), directory });
    }
    for (place, content) in gathered.contents {
        if let Err(why) = add_one(archive, &place, content) {
            let of_place = |path: &str| inputs::place(path).is_some_and(|one| one == place);
            for file in found.files.iter_mut().filter(|file| of_place(&file.path)) {
                (file.standing, file.why) = (FileStanding::NotRead, Some(why.clone()));
            }
        }
    }
    Ok(found)
}

fn add_one(archive: &mut Archive, place: &str, content: Vec<u8>) -> Result<(), Words> {
    // Whoever opens a pack looks for its run by the name, in every folder.
    if place.rsplit('/').next().is_some_and(is_sealed_run) {
        return Err(words!("input-named-like-run"));
    }
    archive.add(&format!("{INPUTS}{place}"), content).map_err(|unfit| match unfit {
        Unfit::Name(why) => words!("input-name-unfit", why),
        Unfit::Twice => words!("input-name-twice"),
    })
}

/// The files that a pack carries, compared with its run; `None` if it carries none.
pub(super) fn look_up(archive: &Archive, run: Option<&SealedRun>) -> Option<FoundInputs> {
    inputs::look_up_in(archive, INPUTS, run)
}

/// What of them contradicts the run, by the names in the pack.
pub(super) fn faults(found: &FoundInputs) -> Vec<(String, Words)> {
    let changed = found.files.iter().filter(|file| file.standing == FileStanding::Changed);
    let changed = changed.filter_map(|file| inputs::place(&file.path));
    let changed = changed.map(|place| (place, words!("pack-fault-other-input")));
    let added = found.additional.iter().map(|place| (place.clone(), words!("pack-fault-no-input")));
    let inside = |(place, why): (String, Words)| (format!("{INPUTS}{place}"), why);
    let mut faults: Vec<_> = changed.chain(added).map(inside).collect();
    // One path may be in several lists.
    faults.dedup_by(|one, other| one.0 == other.0);
    faults
}
