//! Warnings about how the JSON of the files is written: what another program may read differently.

use crate::check::{Checks, TextCheck};
use crate::evidence::Evidence;
use crate::level::Level::{L0, L2};

pub(crate) fn check(checks: &mut Checks, evidence: &Evidence<'_>) {
    let run = evidence.run.ok().map(|run| ("run", run.artifact()));
    let manifest = evidence.manifest.read().and_then(Result::ok);
    let manifest = manifest.map(|manifest| ("manifest", manifest.artifact()));
    for (what, artifact) in run.into_iter().chain(manifest) {
        if let Some(path) = artifact.canonical().local_time() {
            let detail = format!(
                "local time in a signed field: {path} of the {what} has no zone and is taken as UTC; elsewhere it may hash differently."
            );
            checks.at(L0).warn(TextCheck::LocalTime, detail);
        }
        if let Some(key) = &artifact.duplicate_key {
            let detail = format!(
                "duplicate key in the {what}: {key:?} is given twice and the last one counts; other readers may see the first."
            );
            checks.at(L0).warn(TextCheck::DuplicateKey, detail);
        }
    }
    for (what, key) in evidence.duplicate_keys {
        let detail = format!(
            "duplicate key in the signature file of the {what}: {key:?} is given twice and the last one counts; other readers may see the first."
        );
        checks.at(L2).warn(TextCheck::DuplicateKey, detail);
    }
}
