//! Large envelopes take turns: judging one takes several times its size in memory, and on many
//! threads at once that would add up.

use parking_lot::{Mutex, MutexGuard};
use std::cell::Cell;
use std::path::Path;

use countersign_envelope::file_name::{manifest_of, signature_of};

use crate::reading::name_of;

/// An envelope whose files have more bytes together than this is large.
pub const LARGE: u64 = 8 << 20;

static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    static HAS_TURN: Cell<bool> = const { Cell::new(false) };
}

/// The turn of one large envelope, or nothing for a small one; it ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Turn(Option<MutexGuard<'static, ()>>);

/// Waits until no other thread judges a large envelope, if the one of this run is large. A thread
/// that has the turn already keeps it: it never waits for itself, whatever work it picks up.
pub fn turn(run: &Path) -> Turn {
    if HAS_TURN.get() || !is_large(run) {
        return Turn(None);
    }
    let turn = TURN.lock();
    HAS_TURN.set(true);
    Turn(Some(turn))
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.0.is_some() {
            HAS_TURN.set(false);
        }
    }
}

/// Whether the files of the envelope of a run are large together.
pub fn is_large(run: &Path) -> bool {
    let name = name_of(run);
    let manifest = manifest_of(&name);
    let signatures = [signature_of(&name), signature_of(&manifest)];
    let size =
        |name: &str| std::fs::metadata(run.with_file_name(name)).map_or(0, |meta| meta.len());
    [name, manifest].iter().chain(&signatures).map(|name| size(name)).sum::<u64>() > LARGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn large_envelopes_take_turns_and_small_ones_do_not_wait() {
        let directory = tempfile::tempdir().unwrap();
        let large = directory.path().join("RUN-00000000_20260101T000000Z.json");
        std::fs::File::create(&large).unwrap().set_len(LARGE + 1).unwrap();
        let small = directory.path().join("RUN-00000001_20260101T000000Z.json");
        std::fs::write(&small, "{}").unwrap();
        let busy = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let outer = turn(&large);
                    assert_eq!(busy.fetch_add(1, Ordering::SeqCst), 0);
                    // Neither a small one nor another large one on this thread waits for it.
                    assert!(turn(&small).0.is_none() && turn(&large).0.is_none());
                    busy.fetch_sub(1, Ordering::SeqCst);
                    drop(outer);
                });
            }
        });
    }
}
