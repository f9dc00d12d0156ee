//! Judging all envelopes of a directory, on all cores, in order, without holding them all.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use countersign_admissibility::foresight::{Foresight, Prospect};
use countersign_admissibility::{Judge, Verdict};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::envelope_files::EnvelopeFiles;
use crate::large;
use crate::logs::{LogBook, Logs};
use crate::reading::directory_of;

/// How many envelopes are in memory at once.
const BATCH: usize = 512;

/// Threads a core: while some wait for a cold disk, others compute.
const THREADS_A_CORE: usize = 4;

/// The threads that judge, made once; `None` if the system provides none, in which case the
/// caller's thread and rayon's are used.
static THREADS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    ThreadPoolBuilder::new().num_threads(cores * THREADS_A_CORE).build().ok()
});

/// Does work whose parallel parts then run on the threads that judge.
pub fn on_all_cores<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match THREADS.as_ref() {
        Some(threads) => threads.install(work),
        None => work(),
    }
}

/// Judges one envelope by the path of its run. Links may lead no further than `root`.
pub fn judge_file(
    run: &Path,
    root: &Path,
    judge: &Judge<'_>,
    logs: &LogBook,
) -> (EnvelopeFiles, Verdict) {
    // The log first: reading one is shared by all that wait for it, and no work of a turn.
    let own = logs.for_directory(directory_of(run));
    let _turn = large::turn(run);
    judge_with(run, root, judge, logs, &own)
}

/// The same, with the logs of its directory, if no turn is needed or this thread has it.
fn judge_with(
    run: &Path,
    root: &Path,
    judge: &Judge<'_>,
    book: &LogBook,
    logs: &Logs,
) -> (EnvelopeFiles, Verdict) {
    let files = EnvelopeFiles::read(run, root, logs);
    let verdict = judge_read(run, &files, judge, book, logs);
    (files, verdict)
}

/// Judges one envelope by what was read of it, with the logs of its directory, and notes what of that
/// is to be remembered.
pub fn judge_read(
    run: &Path,
    files: &EnvelopeFiles,
    judge: &Judge<'_>,
    book: &LogBook,
    logs: &Logs,
) -> Verdict {
    let verdict = judge.judge(&files.evidence(logs));
    // Terms in a file without a signature that counts may be by anyone.
    let asked = files.asked(judge).filter(|_| !verdict.quorum.counted.is_empty());
    book.note_judged(run, files.is_registered(logs), asked);
    verdict
}

/// Judges one envelope by the path of its run, and what a signature on it would change. Nothing of that
/// is remembered.
pub fn foresee_file(
    run: &Path,
    root: &Path,
    judge: &Judge<'_>,
    logs: &LogBook,
    prospect: &Prospect,
) -> Foresight {
    let own = logs.for_directory(directory_of(run));
    let _turn = large::turn(run);
    let files = EnvelopeFiles::read(run, root, &own);
    judge.foresee(&files.evidence(&own), prospect)
}

/// The runs of a directory, and what they are judged by.
#[derive(Clone, Copy)]
pub struct RunsToJudge<'a> {
    /// The directory. Links may not lead out of it.
    pub root: &'a Path,
    /// The runs, relative to `root`.
    pub runs: &'a [PathBuf],
    /// Policy, keyring and time.
    pub judge: &'a Judge<'a>,
    /// The logs of the directory.
    pub logs: &'a LogBook,
}

/// Judges runs on all cores. Passes each verdict to `view` on any core, and the results of `view` to
/// `done` in the order of the runs.
///
/// # Errors
/// Fails with the first error that `done` returns; the remaining runs are not judged.
pub fn judge_all<T: Send, E>(
    all: RunsToJudge<'_>,
    view: impl Fn(&Path, &EnvelopeFiles, &Verdict) -> T + Sync,
    mut done: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let RunsToJudge { root, runs, judge, logs } = all;
    for batch in runs.chunks(BATCH) {
        // The logs first, for while one is read every judgement that needs it waits.
        for run in batch {
            logs.for_directory(directory_of(&root.join(run)));
        }
        let judge_one = |run: &PathBuf, path: &Path| {
            let own = logs.for_directory(directory_of(path));
            let (files, verdict) = judge_with(path, root, judge, logs, &own);
            view(run, &files, &verdict)
        };
        let judge_small = |run: &PathBuf| {
            let path = root.join(run);
            (!large::is_large(&path)).then(|| judge_one(run, &path))
        };
        let judge_large = |run: &PathBuf| {
            let path = root.join(run);
            // Held until the files are let go, not only until they are judged.
            let _turn = large::turn(&path);
            judge_one(run, &path)
        };
        let judge_batch = || batch.par_iter().map(judge_small).collect();
        let views: Vec<Option<T>> = on_all_cores(judge_batch);
        for (run, view) in batch.iter().zip(views) {
            // Large ones all on this thread: each thread keeps some of the memory that it used.
            done(view.unwrap_or_else(|| judge_large(run)))?;
        }
    }
    Ok(())
}
