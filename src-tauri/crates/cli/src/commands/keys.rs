//! `countersign keys`: the keyring.

use countersign_app::enrol::{self as enrolling, Enrolled};
use countersign_app::revoke;
use countersign_app::trust_change::TrustChange;
use countersign_app::workspace::Workspace;
use countersign_problem::{Explain as _, Problem};
mod add;
mod enrol;
mod generate;

use countersign_admissibility::keyring::{Key, Revocation, RevocationCode};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible;
use countersign_trust::enrolment::{self, Selection};
use countersign_views::AttestationView;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::preview::PreviewArgs;
use crate::stopped::Stopped;
use crate::ui;
use countersign_app::clock::now;

/// The keyring: whose keys are accepted, for which roles
#[derive(Debug, clap::Subcommand)]
pub enum KeysCommand {
    Enrol(Box<enrol::EnrolArgs>),
    /// List the keys of the keyring
    List {
        #[command(flatten)]
        keyring: KeyringArgs,
        #[command(flatten)]
        roots: RootsArgs,
        /// The keyring's own JSON
        #[arg(long)]
        json: bool,
    },
    Add(Box<add::AddArgs>),
    Revoke(RevokeArgs),
    Generate(generate::GenerateArgs),
}

/// Revoke a key: signatures dated from then on no longer count
#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    /// The id of the key
    key_id: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// The kind of reason: superseded, affiliation_changed, cessation_of_operation, key_compromise or
    /// unspecified
    #[arg(long, value_name = "CODE", default_value = "unspecified")]
    reason_code: RevocationCode,
    /// For key_compromise, from when someone else may have had the key [default: as --at]
    #[arg(long, value_name = "TIME")]
    since: Option<Instant>,
    /// From when [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Instant>,
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
    #[command(flatten)]
    preview: PreviewArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

pub fn run(command: KeysCommand) -> Result<bool, Stopped> {
    match command {
        KeysCommand::List { keyring, roots, json } => list(&keyring, &roots, json),
        KeysCommand::Enrol(args) => enrol::run(*args),
        KeysCommand::Add(args) => add::run(*args),
        KeysCommand::Revoke(args) => revoke(&args),
        KeysCommand::Generate(args) => generate::run(args),
    }
}

fn revoke(args: &RevokeArgs) -> Result<bool, Stopped> {
    let RevokeArgs { key_id, reason, reason_code, since, at, keyring, journal, .. } = args;
    let at = at.unwrap_or_else(now);
    let revocation =
        Revocation { at, code: *reason_code, compromised_since: *since, reason: reason.clone() };
    let change = TrustChange::Revoke { key_id: key_id.clone(), revocation: revocation.clone() };
    if args.preview.show(keyring, &args.roots, &change)? {
        return Ok(true);
    }
    revoke::revoke(&workspace(journal, keyring, &args.preview)?, key_id, revocation)?;
    writeln!(ui::stdout(), "Revoked {} from {at}: {}", visible(key_id), visible(reason))?;
    if *reason_code == RevocationCode::KeyCompromise {
        writeln!(
            ui::stdout(),
            "  its signatures count only if a trusted time stamp is from before {}",
            since.unwrap_or(at)
        )?;
    }
    Ok(true)
}

fn list(place: &KeyringArgs, roots: &RootsArgs, json: bool) -> Result<bool, Stopped> {
    let keyring = place.read()?;
    // A trust folder that is named must exist, whether or not anything is judged by it.
    let roots = roots.read(place)?;
    let mut out = ui::stdout();
    if json {
        out.write_all(keyring.to_text().as_bytes())?;
        return Ok(true);
    }
    if keyring.keys().is_empty() {
        writeln!(
            out,
            "The keyring is empty. Add a key with `countersign keys add` or `keys generate`."
        )?;
        return Ok(true);
    }
    let mut table = ui::plain_table();
    table.set_header(["KEY ID", "OWNER", "ROLES", "KIND", "TYPE", "IN FORCE"]);
    for key in keyring.keys() {
        let roles: Vec<&str> = key.roles.iter().map(|role| role.as_str()).collect();
        table.add_row([
            visible(&key.key_id),
            visible(&key.owner),
            roles.join(", "),
            kind(key),
            key.key_type.to_string(),
            in_force(key),
        ]);
    }
    ui::write_table(&mut out, &table)?;
    let mut heading = "\nAttestations\n";
    for key in keyring.keys() {
        if let Some(view) = AttestationView::of_key(key, &roots, now()) {
            writeln!(out, "{heading}  {}: {}", visible(&key.key_id), view.words)?;
            for advisory in &view.advisories {
                writeln!(out, "    {}", advisory.words)?;
            }
            heading = "";
        }
    }
    Ok(true)
}

/// What holds a key, and how that is known.
fn kind(key: &Key) -> String {
    match key.kind_basis() {
        Some(basis) => format!("{} {}", key.kind, basis.words()),
        None => key.kind.to_string(),
    }
}

fn in_force(key: &Key) -> String {
    if let Some(since) = key.revoked_at {
        let why = visible(key.revocation_reason.as_deref().unwrap_or(""));
        return match (key.revocation_code, key.compromised_since) {
            (Some(RevocationCode::KeyCompromise), Some(compromised)) => {
                format!("compromised since {compromised}, revoked since {since}: {why}")
            }
            (None | Some(RevocationCode::Unspecified), _) => {
                format!("revoked since {since}: {why}")
            }
            (Some(code), _) => format!("revoked since {since}, {}: {why}", code.words()),
        };
    }
    match (key.valid_from, key.valid_until) {
        (None, None) => "yes".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(from), Some(until)) => format!("from {from} until {until}"),
    }
}

/// A public key that was given.
pub fn public_key(given: Option<&str>) -> Result<Option<PublicKey>, Stopped> {
    let found = given.map(|source| enrolment::find(source, &Selection::default()));
    Ok(found.transpose()?.map(|found| found.public_key))
}

/// Two owners whose names look alike.
#[derive(Debug, Problem)]
struct LookAlike {
    owner: String,
    other: String,
}

/// The workspace of a command that changes the keyring, or shows what that would change: then no
/// journal is begun.
fn workspace(
    journal: &JournalArgs,
    keyring: &KeyringArgs,
    preview: &PreviewArgs,
) -> Result<Workspace, Stopped> {
    let workspace = match &preview.preview {
        Some(_) => journal.workspace_to_look(),
        None => journal.workspace()?,
    };
    Ok(Workspace { keyring: Some(keyring.place()?), ..workspace })
}

fn add_to_keyring(workspace: &Workspace, key: Key) -> Result<(), Stopped> {
    report_added(workspace, enrolling::enrol(workspace, key)?)
}

/// Reports a key that has come into the keyring, and warns of owners whose names look the same.
pub fn report_added(workspace: &Workspace, enrolled: Enrolled) -> Result<(), Stopped> {
    let Enrolled { key, look_alikes } = enrolled;
    for other in look_alikes {
        ui::warn(&LookAlike { owner: key.owner.clone(), other }.problem());
    }
    let (id, owner, kind) = (visible(&key.key_id), visible(&key.owner), key.kind);
    let place = workspace.keyring.as_deref().map(|path| path.display().to_string());
    let place = place.unwrap_or_default();
    writeln!(ui::stdout(), "Added {id} of {owner}, {kind}, to {place}")?;
    if let Some(basis) = key.kind_basis() {
        writeln!(ui::stdout(), "  {kind} {}", basis.words())?;
    }
    Ok(())
}
