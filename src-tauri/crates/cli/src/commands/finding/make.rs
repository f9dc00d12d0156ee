//! `countersign finding make`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Policy;
use countersign_app::finding;
use countersign_app::review::{ReviewKeys, Reviewed, ToldAnswer, first_keys};
use countersign_app::review_desk::{self, Desk, Said};
use countersign_app::roots::TrustedFor;
use countersign_app::sign::SignRequest;
use countersign_app::workspace::Workspace;
use countersign_ceremony::ceremony::Ceremony;
use countersign_envelope::count::counted;
use countersign_envelope::digest::Digest;
use countersign_envelope::finding::{FindingOutcome, Told};
use countersign_envelope::signature::Role;
use countersign_exchange::finding_page::outcome_words;
use countersign_index::queue::Rules;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_store::reading::name_of;

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::memory::MemoryArgs;
use crate::arguments::values;
use crate::clock::now;
use crate::commands::sign::{self, SignArgs};
use crate::stopped::{Stopped, StreamError};
use crate::ui::shown;

const MAKE_HELP: &str = "\
The finding is an in-toto Statement in a DSSE envelope (predicate type urn:countersign:finding:1) over \
the digest of the pack and of each run in it. It names the outcome, whether the pack was complete, \
each envelope's level by the keys that came with it and by your keyring, and your notes. It is written \
to a new file outside the pack, which stays as it is. A key is chosen as with `countersign sign`.

A pack whose files do not match its list, or that has another digest than --expect says, can be \
accepted with reservations or rejected; either needs a note.";

/// Review a pack and sign what you conclude
#[derive(Debug, clap::Args)]
#[command(after_help = MAKE_HELP)]
pub struct MakeArgs {
    /// The pack or export, as a folder or zip
    #[arg(value_name = "PACK")]
    pub file: PathBuf,
    /// Your conclusion: accepted, accepted_with_reservations or rejected
    #[arg(long)]
    pub outcome: FindingOutcome,
    /// A note about the pack as a whole, at most 2,000 characters
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// A note about one envelope, by its decision id or the name of its run; may be repeated
    #[arg(long, value_name = "ENVELOPE=TEXT", value_parser = note_on)]
    pub note_on: Vec<(String, String)>,
    /// The digest that you were told: 64 hex digits, in groups or not
    #[arg(long, value_name = "DIGEST", value_parser = values::digest)]
    pub expect: Option<Digest>,
    /// The new file; its name usually ends in .finding.json
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Also write the finding as a page to print to this new file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// The role in which you review
    #[arg(long, default_value = "auditor")]
    pub role: Role,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Why no finding is made.
#[derive(Debug, Problem)]
#[problem(area = "finding-make")]
enum MakeError {
    /// No envelope, or more than one, has the name that a note is for.
    NoteOn { name: String, found: usize },
    /// The key has no id.
    NoKeyId,
}

/// The name and the text of a note.
fn note_on(text: &str) -> Result<(String, String), String> {
    let (name, note) = text.split_once('=').ok_or("write ENVELOPE=TEXT")?;
    Ok((name.to_owned(), note.to_owned()))
}

pub fn run(args: MakeArgs) -> Result<bool, Stopped> {
    args.journal.check_place()?;
    let keyring = Arc::new(args.keyring.read()?);
    let memory = args.memory.open_if_any(Some(&args.journal));
    let rules = rules(&args)?;
    let reviewed = Reviewed::open(&args.file)?;
    let logs = review_desk::logs_of(&reviewed, memory.as_ref());
    let desk = Desk::of(&reviewed, &rules, &logs, now)?;
    let told = match args.expect.map(|told| reviewed.compare(told)).transpose()? {
        None => Told::NotCompared,
        Some(ToldAnswer::Same) => Told::Same,
        Some(ToldAnswer::ListOnly | ToldAnswer::Different) => Told::Different,
    };
    let said = said(&args, &desk)?;
    let keys = match first_keys(reviewed.brought.is_some(), !keyring.keys().is_empty()) {
        ReviewKeys::Brought => ReviewKeys::Brought,
        _ => ReviewKeys::Station,
    };
    let conclusion = desk.conclude(&reviewed, &rules, (told, keys), &said)?;
    let workspace = Workspace { memory, ..args.journal.workspace_to_look() };
    let to_sign = finding::to_sign(&workspace, &reviewed, &args.out, conclusion)?;
    if let Some(html) = &args.html {
        finding::check_place(&workspace, &reviewed, html)?;
    }
    tell(&desk, &to_sign.conclusion, &args)?;

    let (out, html) = (args.out.clone(), args.html.clone());
    let request = request(&args, &keyring);
    let sign_args = args.into_sign_args();
    let (key, signs_as) = sign::open_key(&sign_args, &request, &keyring)?;
    if signs_as.key_id.is_empty() {
        return Err(MakeError::NoKeyId.into());
    }
    let choice = request.choice(&signs_as, &keyring, now());
    let recorder = workspace.recorder()?;
    let mut ceremony = Ceremony::over(to_sign, &reviewed.path, Arc::clone(&keyring), recorder);
    sign::complete(&sign_args, &mut ceremony, key, choice)??;
    workspace.journal.iter().for_each(|journal| journal::tell(journal));
    let mut lines = format!("  wrote   {}\n", shown(&out));
    if let Some(html) = html {
        let pack = finding::pack_to_compare(&reviewed)?;
        let judged = finding::judge(&out, Some(&pack), &keyring)?;
        finding::write_page(&workspace, &out, &judged, &html)?;
        lines += &format!("  page    {}\n", shown(&html));
    }
    let said = anstream::stdout().write_all(lines.as_bytes());
    said.map_err(StreamError::unsaid)?;
    Ok(true)
}

/// The reviewer's own rules: the default policy, with their keyring and roots.
fn rules(args: &MakeArgs) -> Result<Rules, Stopped> {
    let keyring = args.keyring.place()?;
    args.roots.check_used()?;
    let folder = |what| args.roots.folder(what, &args.keyring).unwrap_or_default();
    Ok(Rules {
        policy: Policy::default(),
        roots: folder(TrustedFor::Attestations),
        tsa_roots: folder(TrustedFor::TimeStamps),
        name_roots: folder(TrustedFor::Names),
        crls: args.roots.crl_folder(&args.keyring).unwrap_or_default(),
        keyring,
        log: None,
        ledger: None,
        brought: false,
    })
}

/// What the reviewer says, with the notes by the digests of their runs.
fn said(args: &MakeArgs, desk: &Desk) -> Result<Said, MakeError> {
    let mut notes = BTreeMap::new();
    for (name, note) in &args.note_on {
        let is_it =
            |one: &&review_desk::Judged| one.decision_id == *name || name_of(&one.path) == *name;
        let found: Vec<_> = desk.envelopes.iter().filter(is_it).collect();
        match found[..] {
            [one] => _ = one.run.as_ref().map(|run| notes.insert(run.digest, note.clone())),
            _ => return Err(MakeError::NoteOn { name: name.clone(), found: found.len() }),
        }
    }
    Ok(Said { outcome: Some(args.outcome), note: args.note.clone().unwrap_or_default(), notes })
}

/// Says what is about to be signed, before a secret is asked for.
fn tell(
    desk: &Desk,
    conclusion: &countersign_envelope::finding::Conclusion,
    args: &MakeArgs,
) -> Result<(), Stopped> {
    let envelopes = counted(desk.envelopes.len(), "envelope");
    let complete = if conclusion.complete { "complete" } else { "NOT complete" };
    let mut lines = format!(
        "About to sign a finding about {} ({envelopes}, {complete}): {}\n  pack    {}\n",
        shown(&args.file),
        outcome_words(conclusion.outcome).to_lowercase(),
        conclusion.pack.grouped()
    );
    for one in &conclusion.envelopes {
        let theirs = one.theirs.as_ref().map_or_else(|| "no keys came".to_owned(), super::level);
        lines += &format!(
            "  {}  {theirs} by their keys, {} by yours\n",
            visible(&one.decision_id),
            super::level(&one.own)
        );
    }
    anstream::stderr().write_all(lines.as_bytes()).map_err(Stopped::output)
}

/// The key and the person, as they are given to sign.
fn request(args: &MakeArgs, keyring: &Keyring) -> SignRequest {
    let payload = args.key.signed_payload;
    SignRequest { payload, ..sign::act_request(&args.key, keyring, Some(args.role)) }
}

impl MakeArgs {
    fn into_sign_args(self) -> SignArgs {
        let station = (self.keyring, self.memory, self.journal);
        SignArgs::of_act(Vec::new(), self.role, self.key, station)
    }
}
