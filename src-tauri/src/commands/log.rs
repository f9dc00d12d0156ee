//! The transparency log and the authority ledger: registering runs, and accepting a log as it is.

use countersign_problem::{Explain as _, Problem, Said, Words};
use std::sync::Arc;

use countersign_app::log_acceptance::LogAcceptance;
use countersign_app::registration::{self, Registering};
use countersign_problem::visible::visible;
use countersign_store::log_memory::ChainKind;
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::refusal::Refusal;
use crate::station::Station;

/// How many entries that are gone are listed of a log.
const LISTED: usize = 200;

/// The content of a new entry in the transparency log, and its log.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RegisteringView {
    /// The log.
    log: String,
    /// The id of the entry.
    entry: String,
    /// The decision's id.
    decision_id: String,
    /// The decision's title.
    title: String,
    /// The run's id.
    run_id: String,
    /// The commit hash.
    commit_hash: String,
    /// The content hash.
    content_hash: String,
    /// The key of the first signature.
    signing_key_id: Option<String>,
    /// The key of the witness.
    witness_key_id: Option<String>,
    /// What registering it takes to be confirmed.
    confirmation: String,
}

/// Reads what is to be registered. Of a run that the person has read, the digest must still be the
/// same: SHA-256 of its canonical bytes, 64 hex digits.
#[tauri::command]
#[specta::specta]
pub async fn register_look(
    station: Held<'_>,
    id: u32,
    digest: Option<String>,
) -> Result<RegisteringView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let logs = open.current_logs();
        let registering = Registering::read(&open.run(id)?, &logs, digest.as_deref())?;
        let key = |id: &Option<String>| id.as_deref().map(visible);
        Ok(RegisteringView {
            log: visible(&registering.log.to_string_lossy()),
            entry: visible(&registering.entry_id()),
            decision_id: visible(&registering.decision_id),
            title: visible(&registering.title),
            run_id: visible(&registering.run_id),
            commit_hash: visible(&registering.commit_hash),
            content_hash: visible(&registering.content_hash),
            signing_key_id: key(&registering.signing_key_id),
            witness_key_id: key(&registering.witness_key_id),
            confirmation: registering.confirmation().hex(),
        })
    })
    .await
}

/// Registers a run in the transparency log, if that is still what the person confirmed.
#[tauri::command]
#[specta::specta]
pub async fn register(
    station: Held<'_>,
    id: u32,
    confirmation: String,
) -> Result<RegisteredView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let run = open.run(id)?;
        let logs = Arc::clone(&open.queue.context().logs);
        let confirmed = Some(confirmation.as_str());
        let appended = registration::register_run(&station.workspace(), &run, &logs, confirmed)?;
        open.queue.registered(&run);
        let id = appended.registered.entry_id().to_owned();
        let head_problem = appended.head.err().map(|error| Words::from(error.problem()).into());
        Ok(RegisteredView { entry: visible(&id), head_problem })
    })
    .await
}

/// The outcome of a registration.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RegisteredView {
    /// The id of the entry.
    entry: String,
    /// Why the log's head beside it is not up to date yet; the entry is valid all the same.
    head_problem: Option<Said>,
}

/// A log that a person is asked to accept as it is.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LogAcceptanceView {
    /// The log.
    log: String,
    /// Log or ledger.
    kind: ChainKind,
    /// How it fails to go on from what was seen of it.
    rewritten: Option<Problem>,
    /// What signers saw that is not in it, a sentence each.
    forks: Vec<Said>,
    /// How many entries it had.
    had: u32,
    /// How many it has.
    has: u32,
    /// How many of those that it had are gone.
    lost: u32,
    /// The first of them, each with its run.
    entries: Vec<String>,
    /// What accepting it takes to be confirmed.
    state: String,
}

/// What a person would accept of a log that was cut, removed or forked since it was seen here, by
/// the id of its alarm. `None` if there is nothing left to accept.
#[tauri::command]
#[specta::specta]
pub async fn log_acceptance(
    station: Held<'_>,
    id: String,
) -> Result<Option<LogAcceptanceView>, Problem> {
    off_thread(&station, move |station| {
        let Some(acceptance) = acceptance(station, &id)? else { return Ok(None) };
        if !acceptance.is_needed() {
            return Ok(None);
        }
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Some(LogAcceptanceView {
            log: visible(&acceptance.log.to_string_lossy()),
            kind: acceptance.kind,
            rewritten: acceptance.rewritten.as_ref().map(|one| one.problem()),
            forks: acceptance.forks.iter().map(|one| one.words().sentence().into()).collect(),
            had: count(acceptance.had),
            has: count(acceptance.has),
            lost: count(acceptance.lost.len()),
            entries: acceptance.lost.iter().take(LISTED).map(ToString::to_string).collect(),
            state: acceptance.state().hex(),
        }))
    })
    .await
}

/// Accepts one log as the person was shown it.
#[tauri::command]
#[specta::specta]
pub async fn accept_log(
    station: Held<'_>,
    id: String,
    state: String,
    reason: String,
) -> Result<(), Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let acceptance = acceptance(station, &id)?.ok_or(Refusal::NothingToAccept)?;
        acceptance.accept_as_shown(&station.workspace(), &state, &reason)?;
        // Everything that depends on it is judged and sent again.
        Ok(open.judge_again(&station.workspace())?)
    })
    .await
}

pub(super) fn acceptance(station: &Station, id: &str) -> Result<Option<LogAcceptance>, Problem> {
    let open = station.need_own()?;
    let forked = open.queue.forked(id);
    let rewritten = open.queue.rewritten(id);
    let rewritten = rewritten.map(|one| (one.seen().log.to_path_buf(), one.seen().kind));
    let log = rewritten.or_else(|| forked.as_ref().map(|(log, kind, _)| (log.clone(), *kind)));
    let Some((log, kind)) = log else { return Ok(None) };
    let forks = forked.map(|(_, _, forks)| forks).unwrap_or_default();
    let workspace = station.workspace();
    Ok(Some(LogAcceptance::of(&log, kind, workspace.need_memory()?)?.with(forks)))
}
