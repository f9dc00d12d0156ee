//! `countersign finding`: what the reviewer of a pack concludes, signed.

mod make;
mod show;
mod verify;

use countersign_admissibility::finding::JudgedFinding;
use countersign_envelope::count::counted;
use countersign_envelope::finding::{FindingFile, FoundLevel, ReviewKeys, Told};
use countersign_exchange::finding_page::{outcome_words, standing_words};
use countersign_problem::visible::visible;
use serde_json::{Value, json};

use crate::stopped::Stopped;
use crate::ui::Output;

/// Findings: what the reviewer of a pack concludes, signed with their own key
#[derive(Debug, clap::Subcommand)]
pub enum FindingCommand {
    Make(Box<make::MakeArgs>),
    Show(show::ShowArgs),
    Verify(verify::VerifyArgs),
}

pub fn run(command: FindingCommand) -> Result<bool, Stopped> {
    match command {
        FindingCommand::Make(args) => make::run(*args),
        FindingCommand::Show(args) => show::run(&args),
        FindingCommand::Verify(args) => verify::run(&args),
    }
}

/// Writes a finding as it was judged.
fn write(out: &mut Output, judged: &JudgedFinding) -> Result<(), Stopped> {
    writeln!(out, "standing {}: {}", judged.standing, visible(&standing_words(judged).english()))?;
    let Some(finding) = &judged.finding else { return Ok(()) };
    let said = &finding.conclusion;
    writeln!(
        out,
        "finding  {}, by {} as {}, {} as claimed",
        outcome_words(said.outcome).to_lowercase(),
        visible(&finding.reviewer),
        visible(&finding.role),
        finding.reviewed_at
    )?;
    let fingerprint = judged.fingerprint.map(|one| format!(", {one}")).unwrap_or_default();
    writeln!(out, "key      {}{fingerprint}", visible(&finding.key_id))?;
    writeln!(out, "pack     {}", said.pack.grouped())?;
    if let Some(list) = said.list {
        writeln!(out, "list     {}, which its files did not match", list.grouped())?;
    }
    let complete = if said.complete { "complete" } else { "not complete" };
    let told = match said.told {
        Told::Same => "the digest that the reviewer was told",
        Told::Different => "not the digest that the reviewer was told",
        Told::NotCompared => "its digest was not compared",
    };
    let keys = match said.keys {
        ReviewKeys::Brought => "the keys that came with it",
        ReviewKeys::Station => "the reviewer's keyring",
        ReviewKeys::Chosen => "a keyring that the reviewer chose",
        ReviewKeys::Embedded => "any key that verifies",
    };
    writeln!(out, "review   {complete}; {told}; judged by {keys}")?;
    if !said.weaknesses.is_empty() {
        writeln!(out, "weaker   {}", visible(&said.weaknesses.join(", ")))?;
    }
    write_note(out, "note    ", &said.note)?;
    for one in &said.envelopes {
        let decision = if one.decision_id.is_empty() { "?" } else { &one.decision_id };
        let theirs = one.theirs.as_ref().map_or_else(|| "no keys came".to_owned(), level);
        writeln!(
            out,
            "envelope {}: {theirs} by their keys, {} by the reviewer's\n         run {}",
            visible(decision),
            level(&one.own),
            one.run.digest.grouped()
        )?;
        write_note(out, "  note  ", &one.note)?;
    }
    let envelopes = counted(said.envelopes.len(), "envelope");
    writeln!(out, "         {envelopes}; the levels are what the reviewer saw")
}

fn write_note(out: &mut Output, label: &str, note: &str) -> Result<(), Stopped> {
    match note.trim() {
        "" => Ok(()),
        note => writeln!(out, "{label} {}", visible(note)),
    }
}

fn level(level: &FoundLevel) -> String {
    let name = level.level.map_or_else(|| "no level".to_owned(), |level| format!("L{level}"));
    match &level.assurance {
        Some(assurance) => format!("{name} {}", visible(assurance)),
        None => name,
    }
}

/// A finding as one object: how it stands, and the Statement as it was signed.
fn to_json(file: &FindingFile, judged: &JudgedFinding) -> Value {
    let statement: Value = serde_json::from_slice(&file.envelope().payload).unwrap_or_default();
    json!({
        "standing": judged.standing,
        "detail": judged.detail,
        "sha256": judged.digest.hex(),
        "fingerprint": judged.fingerprint.map(|one| one.hex()),
        "statement": statement,
    })
}
