//! Warnings about how the JSON of the files is written: what another program may read differently.

use countersign_problem::words;

use crate::check::{Checks, TextCheck};
use crate::evidence::Evidence;
use crate::level::Level::{L0, L2};

pub(crate) fn check(checks: &mut Checks, evidence: &Evidence<'_>) {
    let run = evidence.run.ok().map(|run| ("run", run.artifact()));
    let manifest = evidence.manifest.read().and_then(Result::ok);
    let manifest = manifest.map(|manifest| ("manifest", manifest.artifact()));
    for (what, artifact) in run.into_iter().chain(manifest) {
        if let Some(path) = artifact.canonical().local_time() {
            checks.at(L0).warn(TextCheck::LocalTime, words!("text-local-time", %path, what));
        }
        if let Some(key) = &artifact.duplicate_key {
            checks.at(L0).warn(TextCheck::DuplicateKey, words!("text-duplicate-key", ?key, what));
        }
    }
    for (what, key) in evidence.duplicate_keys {
        let detail = words!("text-duplicate-key-of-file", ?key, what = *what);
        checks.at(L2).warn(TextCheck::DuplicateKey, detail);
    }
}
