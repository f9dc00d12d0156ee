//! `countersign trust`: the signed keyring of an organisation.

mod adopt;
mod history;
mod propose;
mod revoke;
mod show;
mod sign;
mod wanted;

use std::collections::BTreeSet;

use countersign_admissibility::signed_keyring::version::owners;
use countersign_admissibility::signed_keyring::{Change, SignedKeyring};
use countersign_app::places;
use countersign_app::workspace::Workspace;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use serde_json::{Value, json};

use crate::arguments::journal::JournalArgs;
use crate::stopped::Stopped;
use crate::ui::{self, Output};

const TRUST_HELP: &str = "\
A signed keyring says whose keys count and by which rules, in versions that administrators sign. A station \
adopts the first version by its digest, and each next one because enough administrators of both versions \
signed it. Until then a plain keyring counts, which is the word of whoever can write its file.

Example, with two of three administrators:
  countersign trust init keyring.signed.json --administrator ada --administrator ben \\
      --administrator cem --threshold 2           from the keys and roots of the plain keyring
  countersign trust sign keyring.signed.json --key-id ada --key-file ada.key.pem
  countersign trust sign keyring.signed.json --key-id ben --key-file ben.key.pem
  countersign trust show keyring.signed.json      its digest, for all to compare
  countersign trust adopt keyring.signed.json --digest '1a2b 3c4d …'
  countersign trust propose 2.keyring.signed.json --revoke mira --reason 'left us'
  countersign trust adopt /srv/share              any directory that stations share";

/// The signed keyring: propose, sign and adopt whose keys count
#[derive(Debug, clap::Subcommand)]
#[command(after_help = TRUST_HELP)]
pub enum TrustCommand {
    Init(Box<propose::InitArgs>),
    Propose(Box<propose::ProposeArgs>),
    Sign(Box<sign::SignArgs>),
    Adopt(adopt::AdoptArgs),
    Verify(adopt::VerifyArgs),
    Show(show::ShowArgs),
    History(history::HistoryArgs),
    Export(adopt::ExportArgs),
    Revoke(Box<revoke::RevokeArgs>),
}

pub fn run(command: TrustCommand) -> Result<bool, Stopped> {
    match command {
        TrustCommand::Init(args) => propose::init(*args),
        TrustCommand::Propose(args) => propose::propose(*args),
        TrustCommand::Sign(args) => sign::run(*args),
        TrustCommand::Adopt(args) => adopt::adopt(&args),
        TrustCommand::Verify(args) => adopt::verify(&args),
        TrustCommand::Show(args) => show::run(&args),
        TrustCommand::History(args) => history::run(&args),
        TrustCommand::Export(args) => adopt::export(&args),
        TrustCommand::Revoke(args) => revoke::run(*args),
    }
}

/// A workspace that knows where the signed keyring is kept.
fn knowing(workspace: Workspace) -> Workspace {
    Workspace { signed_keyring: places::signed_keyring(places::NAME), ..workspace }
}

/// The workspace of a command that only looks.
fn to_look() -> Workspace {
    knowing(Workspace::default())
}

/// The workspace of a command that changes something: with a journal that takes an entry now.
fn to_act(journal: &JournalArgs) -> Result<Workspace, Stopped> {
    Ok(knowing(journal.workspace()?))
}

/// Two owners of a version whose names look the same.
#[derive(Debug, Problem)]
#[problem(area = "trust-owners-alike")]
struct OwnersAlike {
    owner: String,
    other: String,
}

/// Writes what a version is: its number, its digest, who decides and who signed.
fn write_version(out: &mut Output, version: &SignedKeyring) -> Result<(), Stopped> {
    let says = version.says();
    writeln!(out, "version  {}, issued {}", version.version(), says.issued_at)?;
    writeln!(out, "digest   {}", version.digest().grouped())?;
    let people = owners(version.administrators());
    let people: Vec<String> = people.iter().map(|one| visible(one)).collect();
    writeln!(
        out,
        "decided  by {} of {}: {}",
        version.threshold(),
        people.len(),
        people.join(", ")
    )?;
    let signers = version.signers(version.envelope(), says.issued_at);
    for key in &signers {
        writeln!(out, "signed   by {}, key {}", visible(&key.owner), visible(&key.key_id))?;
    }
    if signers.is_empty() {
        writeln!(out, "signed   by none of its administrators")?;
    }
    if let Some(time) = says.review_by {
        writeln!(out, "review   by {time}")?;
    }
    let keyring = version.keyring();
    let alike = keyring
        .keys()
        .iter()
        .flat_map(|key| keyring.looking_like(&key.owner).map(|other| (key.owner.as_str(), other)));
    // Each pair once.
    let alike: BTreeSet<(&str, &str)> = alike.filter(|(one, other)| one < other).collect();
    for (owner, other) in alike {
        let (owner, other) = (owner.to_owned(), other.to_owned());
        ui::warn(&OwnersAlike { owner, other }.problem());
    }
    Ok(())
}

/// Writes what a version changes: people with fingerprints, roles and rules.
fn write_changes(out: &mut Output, changes: &[Change]) -> Result<(), Stopped> {
    for change in changes {
        writeln!(out, "change   {}", visible(&change.words().english()))?;
        if let Some(fingerprint) = change.fingerprint {
            writeln!(out, "  key    {}", fingerprint.grouped())?;
        }
    }
    Ok(())
}

/// A version as one object.
fn to_json(version: &SignedKeyring, changes: &[Change]) -> Value {
    let says = version.says();
    let signers = version.signers(version.envelope(), says.issued_at);
    let keys: Vec<_> = signers.iter().map(|key| &key.key_id).collect();
    let change = |one: &Change| {
        json!({
            "kind": one.kind, "of": one.of, "owner": one.owner,
            "key_sha256": one.fingerprint.map(|digest| digest.hex()),
            "before": one.before, "after": one.after, "words": one.words(),
        })
    };
    json!({
        "version": version.version(),
        "sha256": version.digest().hex(),
        "previous": says.previous.map(|digest| digest.hex()),
        "issued_at": says.issued_at,
        "review_by": says.review_by,
        "threshold": version.threshold(),
        "administrators": says.administrators.keys,
        "signed_by": owners(signers.iter().copied()),
        "signing_keys": keys,
        "changes": changes.iter().map(change).collect::<Vec<_>>(),
    })
}
