//! L3: the run stands in the transparency log, and the whole chain holds.

use crate::check::{Checks, Outcome};
use crate::level::Level::L3;
use crate::verdict::{Evidence, Part};

pub(crate) fn check(checks: &mut Checks, evidence: &Evidence<'_>) {
    let log = match evidence.log {
        Part::Read(Ok(log)) => log,
        Part::Read(Err(why)) => {
            checks.require(L3, "transparency.log_exists", false, "", || {
                format!("The transparency log cannot be read: {why}.")
            });
            return;
        }
        Part::Absent => {
            let detail = "No transparency log is here; register the run.";
            checks.add(L3, "transparency.log_exists", Outcome::Missing, true, detail);
            return;
        }
    };
    checks.require(L3, "transparency.log_exists", true, "there", String::new);
    if let Ok(run) = evidence.run {
        let commit = run.artifact().commit_hash().unwrap_or("");
        let sealed = run.recorded_hash().unwrap_or("");
        match log.find(commit, sealed) {
            Some(entry) if !commit.is_empty() => {
                let found = format!("{}, entry {} of {}", entry.entry_id, entry.position, log.len);
                checks.require(L3, "transparency.entry_found", true, found, String::new);
                checks.require(L3, "transparency.entry_hash", entry.hash_holds, "holds", || {
                    "The run's entry in the transparency log was changed.".to_owned()
                });
                let same = !sealed.is_empty() && entry.sealed_hash == sealed;
                checks.require(L3, "transparency.sealed_hash_match", same, "equal", || {
                    "The transparency log has another content hash for this run.".to_owned()
                });
            }
            _ => {
                let detail = "The run is not in the transparency log; register it.";
                checks.add(L3, "transparency.entry_found", Outcome::Missing, true, detail);
            }
        }
    }
    let head = log.head_hash().map_or_else(|| "none".to_owned(), |hash| hash.to_string());
    let holds = format!("the whole chain holds, head {head}");
    checks.require(L3, "transparency.chain", log.broken.is_none(), holds, || {
        format!("The transparency log is broken, {}.", log.broken.as_deref().unwrap_or_default())
    });
}
