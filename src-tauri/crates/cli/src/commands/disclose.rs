//! `countersign disclose` and `check-disclosure`: one input, prompt, schema or policy of a run, shown
//! without the run.

use std::path::PathBuf;

use clap::ArgGroup;
use countersign_admissibility::check::Outcome;
use countersign_admissibility::disclosure::{
    Committer, DisclosedContent, DisclosureCheck, JudgedDisclosure,
};
use countersign_app::disclosure::{self, Given};
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_envelope::disclosure::{Disclosure, Entry};
use countersign_problem::visible::visible;
use serde_json::{Value, json};

use crate::arguments::keyring::KeyringArgs;
use crate::report::NamedCheckRow;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

const DISCLOSE_HELP: &str = "\
Example:
  countersign disclose RUN-….json --input data/cases.csv --out cases.disclosure.json
  countersign check-disclosure cases.disclosure.json --file cases.csv

It proves that a file with this content is at this position of the run that was signed. What the file is \
called is your word, since only its digest was signed. It shows who signed, and nothing else of the run.";

/// Show one input of a sealed run without the run: its digest, and its way to the root that was signed
#[derive(Debug, clap::Args)]
#[command(after_help = DISCLOSE_HELP)]
#[command(group = ArgGroup::new("entry").required(true).args(["input", "prompt", "schema", "policy"]))]
pub struct DiscloseArgs {
    /// The sealed run
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// The input, as the run's hash scope names it
    #[arg(long, value_name = "PATH")]
    pub input: Option<String>,
    /// Or the prompt
    #[arg(long, value_name = "PATH")]
    pub prompt: Option<String>,
    /// Or the schema
    #[arg(long, value_name = "PATH")]
    pub schema: Option<String>,
    /// Or the policy
    #[arg(long, value_name = "PATH")]
    pub policy: Option<String>,
    /// Its position in the list, if several have this name; counted from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub position: Option<u64>,
    /// Write it to this new file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub keyring: KeyringArgs,
}

const CHECK_HELP: &str = "\
Exit codes: 0 a key of the keyring signed the root, for its owner, in a role they hold, and file and run, \
if they are given, are those that it is about · 1 not so · 2 a file cannot be read.";

/// Check a disclosure: whether it leads to a root that a key of the keyring signed, and whose key it is
#[derive(Debug, clap::Args)]
#[command(after_help = CHECK_HELP)]
pub struct CheckDisclosureArgs {
    /// The disclosure
    #[arg(value_name = "DISCLOSURE")]
    pub disclosure: PathBuf,
    /// The file that is said to be disclosed
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The sealed run that it is said to be of
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
}

/// Makes a disclosure.
pub fn disclose(args: &DiscloseArgs) -> Result<bool, Stopped> {
    let named = [
        ("inputs", &args.input),
        ("prompts", &args.prompt),
        ("schemas", &args.schema),
        ("policies", &args.policy),
    ];
    // Exactly one is there, as the group says.
    let named = named.into_iter().find_map(|(list, path)| Some((list, path.as_deref()?)));
    let (list, path) = named.map_or(("", None), |(list, path)| (list, Some(path)));
    let position = args.position.and_then(|one| usize::try_from(one - 1).ok());
    let keyring = args.keyring.read()?;
    let made = disclosure::disclose(&args.run, Entry { list, path, position }, &keyring)?;
    disclosure::write(&Workspace::default(), &made, &args.out)?;
    writeln!(
        ui::stdout(),
        "{}: {} {} of {}, {}, signed by {}",
        shown(&args.out),
        made.list,
        made.position + 1,
        made.leaves,
        visible(&made.path),
        counted(made.claims.len(), "key"),
    )?;
    Ok(true)
}

/// Checks a disclosure; whether it is proven.
pub fn check(args: &CheckDisclosureArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let read = disclosure::read(&args.disclosure)?;
    let given = Given { content: args.file.as_deref(), run: args.run.as_deref() };
    let judged = disclosure::judge(&read, given, &keyring)?;
    let mut out = ui::stdout();
    match args.json {
        true => writeln!(out, "{}", to_json(&read, &judged))?,
        false => write(&mut out, &read, &judged)?,
    }
    Ok(judged.is_proven())
}

fn write(
    out: &mut Output,
    disclosure: &Disclosure,
    judged: &JudgedDisclosure,
) -> Result<(), Stopped> {
    writeln!(out, "standing {}: {}", judged.standing, visible(&judged.detail.english()))?;
    let of_run = judged.has_passed(DisclosureCheck::Path);
    let word = if of_run { "the run" } else { "whoever disclosed it" };
    writeln!(out, "path     {}, as {word} says", visible(&disclosure.path))?;
    let (list, position) = (disclosure.list, disclosure.position + 1);
    writeln!(out, "entry    {position} of {} in {list}", disclosure.leaves)?;
    let content = match judged.content {
        DisclosedContent::Same => "the file that was given has it",
        DisclosedContent::Other => "the file that was given has another",
        DisclosedContent::NotCompared => "no file was given to compare (--file)",
    };
    writeln!(out, "sha256   {}\n         {content}", disclosure.content.grouped())?;
    if let Some(root) = judged.root {
        writeln!(out, "root     {}", root.grouped())?;
    }
    for check in judged.checks.iter().filter(|check| check.outcome == Outcome::Fail) {
        writeln!(out, "fail     {}: {}", check.id, visible(&check.detail.english()))?;
    }
    for one in &judged.committers {
        let Committer { claim, run, fingerprint, standing, detail } = one;
        let Some(claim) = claim else {
            writeln!(out, "claim    {standing}: {}", visible(&detail.english()))?;
            continue;
        };
        writeln!(
            out,
            "claim    by {} as {}, {} as the key says\n         {standing}: {}",
            visible(&claim.signer),
            visible(&claim.role),
            claim.signed_at,
            visible(&detail.english()),
        )?;
        let fingerprint = fingerprint.map(|one| format!(", {}", one.grouped())).unwrap_or_default();
        writeln!(out, "  key    {}{fingerprint}", visible(&claim.key_id))?;
        if let Some(run) = run {
            writeln!(out, "  run    {}", run.grouped())?;
        }
    }
    Ok(())
}

fn to_json(disclosure: &Disclosure, judged: &JudgedDisclosure) -> Value {
    let claims: Vec<Value> = judged.committers.iter().map(committer).collect();
    let checks: Vec<NamedCheckRow<'_, _>> = judged.checks.iter().map(NamedCheckRow::of).collect();
    json!({
        "standing": judged.standing,
        "detail": judged.detail,
        "list": disclosure.list,
        "path": disclosure.path,
        "position": disclosure.position,
        "leaves": disclosure.leaves,
        "sha256": disclosure.content.to_string(),
        "content": judged.content,
        "root": judged.root.map(|root| root.to_string()),
        "claims": claims,
        "checks": checks,
    })
}

fn committer(one: &Committer) -> Value {
    let claim = one.claim.as_ref();
    json!({
        "standing": one.standing,
        "detail": one.detail,
        "signer": claim.map(|claim| &claim.signer),
        "role": claim.map(|claim| &claim.role),
        "key_id": claim.map(|claim| &claim.key_id),
        "signed_at": claim.map(|claim| claim.signed_at.to_string()),
        "fingerprint": one.fingerprint.map(|one| one.hex()),
        "run_sha256": one.run.map(|run| run.hex()),
    })
}
