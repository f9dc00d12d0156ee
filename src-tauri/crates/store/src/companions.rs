//! The files of the reference's pack that belong to a run beside its envelope and its logs: the
//! authority boundary (`abp_v1.json`), and time-stamp tokens (`timestamps/<entry id>.tsa.json`).
//! They are carried as they are.

use std::path::{Path, PathBuf};

use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::transparency_log::entry_id;

/// The authority boundary of a directory (FORMAT.md section 7).
const BOUNDARY: &str = "abp_v1.json";
/// The folder of time-stamp tokens, one for each entry of the log.
const TIMESTAMPS: &str = "timestamps";

/// The companion files of a run in a directory: their names in an archive, and their paths.
pub fn of(run: &SealedRun, directory: &Path) -> Vec<(String, PathBuf)> {
    let commit_hash = run.artifact().commit_hash().unwrap_or("");
    let id = entry_id(run.run_id().unwrap_or(""), commit_hash, run.recorded_hash().unwrap_or(""));
    let token = format!("{TIMESTAMPS}/{id}.tsa.json");
    let found = [BOUNDARY.to_owned(), token].into_iter().map(|name| {
        let path = directory.join(&name);
        (name, path)
    });
    found.filter(|(_, path)| path.is_file()).collect()
}

/// Whether a name, seen from the folder of its run in an archive, is that of such a file.
pub fn is_companion(name: &str) -> bool {
    let token =
        name.strip_prefix("timestamps/TLE-").and_then(|rest| rest.strip_suffix(".tsa.json"));
    name == BOUNDARY
        || token.is_some_and(|id| id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}
