//! The places of the station's own files, as its command line names them.

use countersign_app::clock::now;
use countersign_app::places::{self, Places, PlacesError};
use countersign_app::private_files;
use countersign_problem::{Explain, Problem};

use crate::args::Args;

/// The name of the station's folders.
fn name(args: &Args) -> &'static str {
    if args.demo { places::DEMO } else { places::NAME }
}

/// Closes the station's own files to other users, once; what a person should know of that.
pub fn make_private_once(args: &Args) -> Vec<Problem> {
    if args.state.is_some() {
        return Vec::new();
    }
    match private_files::make_private_once(name(args), now()) {
        Ok(found) => found.iter().map(Explain::problem).collect(),
        Err(error) => vec![error.problem()],
    }
}

/// The places for this run of the program. A demonstration has its own keyring.
///
/// # Errors
/// As for [`Places::within`] and [`Places::at_home`].
pub fn of(args: &Args) -> Result<Places, PlacesError> {
    let places = match &args.state {
        Some(state) => Places::within(state)?,
        None => Places::at_home(name(args))?,
    };
    match &args.directory {
        Some(directory) if args.demo => places.with_keyring_in(directory),
        _ => Ok(places),
    }
}
