//! What the queue and its thread share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::{Mutex, RwLock};

use super::query::QueueQuery;
use super::rules::Context;
use super::state::State;
use super::table::Table;

/// State shared by the queue and its thread.
#[derive(Debug)]
pub(super) struct Shared {
    pub root: PathBuf,
    pub table: RwLock<Table>,
    pub context: RwLock<Arc<Context>>,
    pub state: Mutex<State>,
    /// The last list that was asked for, so that scrolling does not sort.
    pub listed: Mutex<Option<Listed>>,
    /// Set to stop the work.
    pub stop: AtomicBool,
    /// Set when the queue is dropped.
    pub closed: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Listed {
    pub query: QueueQuery,
    pub revision: u32,
    pub ids: Arc<[u32]>,
}
