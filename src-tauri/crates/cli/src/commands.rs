//! The commands: each a file with its arguments, its help and what it does.

use countersign_app::places;
use countersign_app::private_files;
use countersign_problem::Explain as _;
mod attest;
mod audit;
mod canonical;
mod claims;
mod completions;
mod demo;
mod devices;
mod disclose;
mod explain;
mod export;
mod finding;
mod history;
mod import;
mod journal;
mod keys;
mod log;
mod man;
mod merge;
mod modules;
mod pack;
mod pin;
mod piv;
mod refuse;
mod release;
mod roots;
mod self_;
mod sign;
mod signers;
pub(crate) mod status;
mod time;
mod tpm;
mod trust;
mod verify;
mod withdraw;

use clap::{Parser, Subcommand};

use crate::stopped::Stopped;
use crate::ui;
use countersign_app::clock::now;

const AFTER_HELP: &str = "\
Examples:
  countersign status sealed_runs/                what is there, and what each envelope still needs
  countersign history sealed_runs/ --csv         who signed what, when, with which key
  countersign explain sealed_runs/RUN-….json     the ladder of one envelope, in words
  countersign keys generate --key-id ds-prod-2026-05 --owner mira.k --role operator \\
      --out mira.key.pem                         a key file, and its entry in the keyring
  countersign sign RUN-….json --role operator --signer mira.k --key-id ds-prod-2026-05 \\
      --key-file mira.key.pem                    run and manifest in one act
  countersign sign RUN-….json --role witness --piv     with an enrolled YubiKey
  countersign sign RUN-….json --role witness --pkcs11='pkcs11:token=hsm;object=witness'
  countersign verify sealed_runs/ --level L4     exit 0 if every envelope reaches L4
  countersign pack RUN-….json --out DEC-007.zip  the evidence for one envelope, for an auditor

Levels: L0 complete and unchanged · L1 reproducible · L2 signed · L3 in the transparency log · \
L4 co-signed by operator and witness · L5 Merkle commitments · L6 hardware or external key · \
L7 authority in force. Each includes those below.

Exit codes: 0 done, or the wanted level is reached · 1 not reached · 2 the input cannot be used, or \
nothing was done (standard error says why).

Colours are used on a terminal only, and not if NO_COLOR is set.";

/// Judge, sign and register sealed runs: JSON records of governed decisions
#[derive(Debug, Parser)]
#[command(name = "countersign", version, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(subcommand_required = true, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Status(status::StatusArgs),
    Verify(verify::VerifyArgs),
    Explain(explain::ExplainArgs),
    Audit(audit::AuditArgs),
    History(history::HistoryArgs),
    Sign(Box<sign::SignArgs>),
    Refuse(Box<refuse::RefuseArgs>),
    Withdraw(Box<withdraw::WithdrawArgs>),
    Attest(attest::AttestArgs),
    Merge(merge::MergeArgs),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
    Pack(pack::PackArgs),
    Disclose(disclose::DiscloseArgs),
    CheckDisclosure(disclose::CheckDisclosureArgs),
    #[command(subcommand)]
    Finding(finding::FindingCommand),
    #[command(subcommand)]
    Release(release::ReleaseCommand),
    #[command(name = "self")]
    Itself(self_::SelfArgs),
    Devices(devices::DevicesArgs),
    #[command(subcommand)]
    Pin(pin::PinCommand),
    #[command(subcommand)]
    Piv(piv::PivCommand),
    #[command(subcommand)]
    Tpm(tpm::TpmCommand),
    #[command(subcommand)]
    Signers(signers::SignersCommand),
    #[command(subcommand)]
    Modules(modules::ModulesCommand),
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    #[command(subcommand)]
    Trust(trust::TrustCommand),
    #[command(subcommand)]
    Roots(roots::RootsCommand),
    #[command(subcommand)]
    Time(time::TimeCommand),
    #[command(subcommand)]
    Log(log::LogCommand),
    #[command(subcommand)]
    Claims(claims::ClaimsCommand),
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    Canonical(canonical::CanonicalArgs),
    Demo(demo::DemoArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs a command; `false` if what was asked for does not hold.
pub fn run(command: Command) -> Result<bool, Stopped> {
    let touches_no_files =
        matches!(command, Command::Canonical(_) | Command::Completions(_) | Command::Man(_));
    if !touches_no_files {
        make_private_once();
    }
    match command {
        Command::Status(args) => status::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::History(args) => history::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Refuse(args) => refuse::run(*args),
        Command::Withdraw(args) => withdraw::run(*args),
        Command::Attest(args) => attest::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Disclose(args) => disclose::disclose(&args),
        Command::CheckDisclosure(args) => disclose::check(&args),
        Command::Finding(command) => finding::run(command),
        Command::Release(command) => release::run(command),
        Command::Itself(args) => self_::run(&args),
        Command::Devices(args) => devices::run(&args),
        Command::Pin(command) => pin::run(&command),
        Command::Piv(command) => piv::run(&command),
        Command::Tpm(command) => tpm::run(&command),
        Command::Signers(command) => signers::run(&command),
        Command::Modules(command) => modules::run(&command),
        Command::Keys(command) => keys::run(command),
        Command::Trust(command) => trust::run(command),
        Command::Roots(command) => roots::run(&command),
        Command::Time(command) => time::run(&command),
        Command::Log(command) => log::run(command),
        Command::Claims(command) => claims::run(&command),
        Command::Journal(command) => journal::run(&command),
        Command::Canonical(args) => canonical::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// Closes the station's own files to other users, once, and names them.
fn make_private_once() {
    match private_files::make_private_once(places::NAME, now()) {
        Ok(found) => found.iter().for_each(|found| ui::warn(&found.problem())),
        Err(error) => ui::warn(&error.problem()),
    }
}
