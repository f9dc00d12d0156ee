//! The authority boundary of a directory, from beside the copies of a run: it comes in where there is
//! none, if its hash holds. Another one is named, and never replaces what is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::file_name::AUTHORITY_BOUNDARY;
use countersign_problem::{Words, words};
use countersign_store::companions::{self, Companion};
use countersign_store::reading::directory_of;

use super::copies::Copy;
use super::copy_name::Origin;
use super::report::{LeftOut, Merged};

/// The path of the boundary and its text; `None` if nothing comes in.
pub(super) fn from_copies(
    run: &Path,
    copies: &[&Copy],
    merged: &mut Merged,
) -> Option<(PathBuf, String)> {
    let own = directory_of(run);
    let mut standing = companions::boundary_of(own, None).map(|there| there.read().ok());
    let mut taken = None;
    let places: BTreeSet<&Path> = copies.iter().map(|copy| directory_of(&copy.path)).collect();
    for place in places.into_iter().filter(|place| *place != own) {
        let Some(there) = companions::boundary_of(place, None) else { continue };
        match read(&there, standing.as_ref()) {
            Ok(None) => {}
            Ok(Some(text)) => {
                merged.boundary = true;
                standing = Some(Some(text.clone().into_bytes()));
                taken = Some((own.join(AUTHORITY_BOUNDARY), text));
            }
            Err(why) => {
                let (from, origin) = (there.path, Origin::Plain);
                merged.left_out.push(LeftOut { from, origin, signer_id: None, why });
            }
        }
    }
    taken
}

/// Its text, unless the same is there already; or why it does not come in.
fn read(there: &Companion, standing: Option<&Option<Vec<u8>>>) -> Result<Option<String>, Words> {
    let bytes = there.read().map_err(|error| error.reason())?;
    match standing {
        Some(Some(own)) if *own == bytes => return Ok(None),
        Some(_) => return Err(words!("left-out-other-boundary")),
        None => {}
    }
    let boundary = AuthorityBoundary::parse(&bytes)?;
    let recorded = boundary.recorded_hash().unwrap_or_default();
    match boundary.computed_hash().is_some_and(|computed| computed.is(recorded)) {
        true => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        false => Err(words!("left-out-boundary-changed")),
    }
}
