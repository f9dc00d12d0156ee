//! The commands of the window: one module for each subject.

pub mod about;
pub mod act;
pub mod carry;
pub mod demo;
pub mod devices;
pub mod envelope;
pub mod finding;
pub mod history;
pub mod inputs;
pub mod keys;
pub mod log;
pub mod merge;
pub mod queue;
pub mod review;
pub mod settings;
pub mod station;
pub mod time;
pub mod trust;
pub mod trust_change;
pub mod yubikey;

use countersign_problem::{Explain as _, Problem};
use std::sync::Arc;

use crate::refusal::Refusal;
use crate::station::Station;

/// The station, as commands receive it.
pub type Held<'a> = tauri::State<'a, Arc<Station>>;

/// Does what may block away from the window's thread.
async fn off_thread<T: Send + 'static>(
    station: &Held<'_>,
    work: impl FnOnce(&Arc<Station>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let station = Arc::clone(station);
    let done = tauri::async_runtime::spawn_blocking(move || work(&station)).await;
    done.unwrap_or_else(|_| Err(Refusal::Fault.problem()))
}
