//! `countersign log accept`: go on with a log that was cut, removed or forked.

use std::path::{Path, PathBuf};

use countersign_app::log_acceptance::{self, LogAcceptance};
use countersign_app::roots::TrustedFor;
use countersign_app::trust_change::{TrustChange, TrustPreview};
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_envelope::file_name::{REFERENCE_LEDGER, REFERENCE_LOG};
use countersign_problem::visible::visible;
use countersign_store::directory;
use countersign_store::judgement::RunsToJudge;
use countersign_store::log_memory::{ChainKind, LogMemory};
use countersign_store::logs::{ForkedLogs, LogBook};
use countersign_store::reading::directory_of;

use crate::arguments::journal::JournalArgs;
use crate::arguments::policy::PolicyArgs;
use crate::arguments::preview;
use crate::commands::log::{NamedLogsError, named};
use crate::commands::status::warn_unreadable;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

/// Accept a log or ledger as it is, although it was cut, removed or forked since this station or a
/// signer saw it
#[derive(Debug, clap::Args)]
pub struct AcceptArgs {
    /// A log, or a directory
    pub path: PathBuf,
    /// The reason, for the journal
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Only show what is missing, and which envelopes would rise and fall; nothing is changed
    #[arg(long)]
    pub preview: bool,
    /// The preview as one JSON object for each log
    #[arg(long, requires = "preview")]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &AcceptArgs) -> Result<bool, Stopped> {
    let AcceptArgs { path, reason, .. } = args;
    log_acceptance::check_reason(reason)?;
    let memory = args.policy.heads.memory.open_if_any(Some(&args.journal));
    let root = directory_of_runs(path);
    let book = LogBook::new(args.policy.log.clone(), args.policy.ledger.clone());
    let book = book.remembering(memory.clone()).within(root);
    let named = named(path, &book);
    if named.is_empty() {
        return Err(NamedLogsError::None { path: path.clone() }.into());
    }
    if args.preview {
        return preview(args, root, memory, named);
    }
    let workspace = Workspace { memory, ..args.journal.workspace()? };
    let memory = workspace.need_memory()?;
    let mut forked = forked(args, root, &book)?;
    let mut out = ui::lasting_stdout();
    for (kind, log) in named {
        let acceptance = LogAcceptance::of(&log, kind, memory)?.with(forked.take(&log));
        // What is lost is listed before it is forgotten.
        list(&mut out, &acceptance)?;
        acceptance.accept(&workspace, reason)?;
        writeln!(
            out,
            "Accepted {} as it is: {}; {} were seen before",
            log.display(),
            counted(acceptance.has, "entry"),
            acceptance.had
        )?;
    }
    if path.is_dir() {
        let missing = log_acceptance::accept_missing(&workspace, path, reason)?;
        for run in &missing {
            writeln!(out, "Accepted that {} is missing", shown(run))?;
        }
    }
    Ok(true)
}

/// Lists what is not in the log any more, and what signers saw that is not in it.
fn list(out: &mut Output, acceptance: &LogAcceptance) -> Result<(), Stopped> {
    for entry in &acceptance.lost {
        writeln!(out, "missing  {entry}")?;
    }
    for fork in &acceptance.forks {
        writeln!(out, "forked   {}", visible(&fork.words().english()))?;
    }
    Ok(())
}

/// Shows what accepting would change, log by log.
fn preview(
    args: &AcceptArgs,
    root: &Path,
    memory: Option<LogMemory>,
    named: Vec<(ChainKind, PathBuf)>,
) -> Result<bool, Stopped> {
    let PolicyArgs { keyring, roots, log, ledger, .. } = &args.policy;
    let workspace = Workspace {
        keyring: Some(keyring.place()?),
        trust_folder: roots.folder(TrustedFor::Attestations, keyring),
        tsa_folder: roots.folder(TrustedFor::TimeStamps, keyring),
        name_folder: roots.folder(TrustedFor::Names, keyring),
        crl_folder: roots.crl_folder(keyring),
        policy: args.policy.load(root)?.judge().policy.clone(),
        log: log.clone(),
        ledger: ledger.clone(),
        memory,
        ..args.journal.workspace_to_look()
    };
    let book = LogBook::new(log.clone(), ledger.clone());
    let book = book.remembering(workspace.memory.clone()).within(root);
    let mut forked = forked(args, root, &book)?;
    for (kind, log) in named {
        let acceptance = LogAcceptance::of(&log, kind, workspace.need_memory()?)?;
        let acceptance = acceptance.with(forked.take(&log));
        if !args.json {
            let mut out = ui::stdout();
            writeln!(out, "{}", shown(&log))?;
            list(&mut out, &acceptance)?;
        }
        let preview = TrustPreview::of_directory(&workspace, root)?;
        let change = TrustChange::AcceptLog(Box::new(acceptance));
        preview::show(root, args.json, |go_on| preview.effect(&workspace, &change, go_on))?;
    }
    Ok(true)
}

/// The logs whose history is not the one that the signers of their runs saw.
fn forked(args: &AcceptArgs, root: &Path, book: &LogBook) -> Result<ForkedLogs, Stopped> {
    // The directory may be gone with its log.
    if !root.is_dir() {
        return Ok(ForkedLogs::default());
    }
    let loaded = args.policy.load(root)?;
    let found = directory::find(root)?;
    warn_unreadable(&found);
    let judge = loaded.judge();
    let all = RunsToJudge { root, runs: &found.runs, judge: &judge, logs: book };
    Ok(log_acceptance::forked_logs(all))
}

/// The directory whose runs a log is for: a named directory, or that of the log.
fn directory_of_runs(path: &Path) -> &Path {
    // Beside the directories with the runs.
    let is_reference = |[_, folder, file]: [&str; 3]| path.ends_with(Path::new(folder).join(file));
    let directory = if path.is_dir() { path } else { directory_of(path) };
    match is_reference(REFERENCE_LOG) || is_reference(REFERENCE_LEDGER) {
        true => directory_of(directory),
        false => directory,
    }
}
