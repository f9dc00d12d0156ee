//! Judging all envelopes of a directory, on all cores, in order, without holding them all.

use std::path::{Path, PathBuf};

use countersign_admissibility::{Judge, Verdict};
use rayon::prelude::*;

use crate::envelope_files::EnvelopeFiles;
use crate::logs::LogBook;
use crate::reading::directory_of;

/// How many envelopes are in memory at once.
const BATCH: usize = 256;

/// Judges one envelope by the path of its run. Links may lead no further than `root`.
pub fn judge_file(
    run: &Path,
    root: &Path,
    judge: &Judge<'_>,
    logs: &LogBook,
) -> (EnvelopeFiles, Verdict) {
    let files = EnvelopeFiles::read(run, root);
    let logs = logs.for_directory(directory_of(run));
    let verdict = judge.judge(&files.evidence(&logs));
    (files, verdict)
}

/// Judges the runs at paths relative to `root`. What `view` makes of each, on any core, is given to
/// `done` in order.
///
/// # Errors
/// The first that `done` gives; what is left is not judged then.
pub fn judge_all<T: Send, E>(
    root: &Path,
    runs: &[PathBuf],
    judge: &Judge<'_>,
    logs: &LogBook,
    view: impl Fn(&Path, &EnvelopeFiles, &Verdict) -> T + Sync,
    mut done: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    for batch in runs.chunks(BATCH) {
        // The logs first, so that their own parallel reading is not waited for inside a worker.
        for run in batch {
            logs.for_directory(directory_of(&root.join(run)));
        }
        let views: Vec<T> = batch
            .par_iter()
            .map(|run| {
                let (files, verdict) = judge_file(&root.join(run), root, judge, logs);
                view(run, &files, &verdict)
            })
            .collect();
        views.into_iter().try_for_each(&mut done)?;
    }
    Ok(())
}
