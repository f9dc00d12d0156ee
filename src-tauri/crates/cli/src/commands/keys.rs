//! `countersign keys`: the keyring.

use countersign_app::enrol::{self as enrolling, Certification, Enrolled};
use countersign_app::revoke;
use countersign_app::trust_change::TrustChange;
use countersign_app::workspace::Workspace;
use countersign_problem::{Explain as _, Problem};
mod add;
mod enrol;
mod generate;

use std::path::PathBuf;

use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::{Key, Revocation, RevocationCode};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible;
use countersign_trust::enrolment::{self, Selection};
use countersign_views::{AttestationView, CertificateView, NamesView};

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs, word_of};
use crate::arguments::preview::PreviewArgs;
use crate::english::InEnglish;
use crate::report;
use crate::stopped::Stopped;
use crate::ui::{self, Output};
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
    /// Show a key with its certificate: the names in it, and whether a root proves them
    Show(ShowArgs),
    Add(Box<add::AddArgs>),
    Certify(CertifyArgs),
    Revoke(RevokeArgs),
    Generate(generate::GenerateArgs),
}

/// Show one key
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The id of the key
    key_id: String,
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Put a certificate beside a key: it proves names, if it leads to a root that you trust for names (roots
/// add --names), and changes no level. What will be recorded is shown first; a terminal is asked
#[derive(Debug, clap::Args)]
pub struct CertifyArgs {
    /// The id of the key
    key_id: String,
    /// The certificate of this very key (PEM or DER), with those between it and the root; instead of those
    /// that were there
    #[arg(required_unless_present = "remove")]
    file: Option<PathBuf>,
    /// Remove the certificates beside the key
    #[arg(long, conflicts_with = "file")]
    remove: bool,
    /// Only show what would be recorded; nothing is changed
    #[arg(long, conflicts_with = "remove")]
    preview: bool,
    /// The preview as one JSON object
    #[arg(long, requires = "preview")]
    json: bool,
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
    #[command(flatten)]
    journal: JournalArgs,
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
        KeysCommand::Show(args) => show(&args),
        KeysCommand::Add(args) => add::run(*args),
        KeysCommand::Certify(args) => certify(&args),
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

fn certify(args: &CertifyArgs) -> Result<bool, Stopped> {
    let CertifyArgs { key_id, file, keyring, roots, journal, .. } = args;
    let to_look = Workspace { keyring: Some(keyring.to_change()?), ..journal.workspace_to_look() };
    let names = roots.read_names(keyring)?;
    let to_write = || {
        let workspace = journal.workspace()?;
        Ok::<_, Stopped>(Workspace { keyring: to_look.keyring.clone(), ..workspace })
    };
    let Some(file) = file else {
        enrolling::remove_certificates(&to_write()?, key_id)?;
        writeln!(ui::stdout(), "Removed the certificates beside {}", visible(key_id))?;
        return Ok(true);
    };
    let certification = Certification::look(&to_look, key_id, file)?;
    if args.json {
        let view = |key| NamesView::of_key(key, &names, now()).map(InEnglish);
        let (before, after) = (view(&certification.before), view(&certification.after));
        let shown = ShownCertification { key_id, before, after, sha256: certification.sha256() };
        return ui::write_json(&mut ui::stdout(), &shown).map(|()| true);
    }
    tell_certification(&certification, &names)?;
    if args.preview {
        writeln!(ui::stdout(), "Nothing was changed.")?;
        return Ok(true);
    }
    if ui::has_terminal() {
        let mut out = ui::stdout();
        write!(out, "Keep it beside {}? Type yes: ", visible(key_id))?;
        out.flush()?;
        if ui::read_answer()? != "yes" {
            writeln!(out, "Nothing was changed.")?;
            return Ok(false);
        }
    }
    certification.keep(&to_write()?)?;
    writeln!(ui::stdout(), "Put the certificate beside {}", visible(key_id))?;
    Ok(true)
}

/// What would be recorded beside a key.
#[derive(serde::Serialize)]
struct ShownCertification<'a> {
    key_id: &'a str,
    before: Option<InEnglish<NamesView>>,
    after: Option<InEnglish<NamesView>>,
    /// Of every certificate, that of the key first.
    sha256: Vec<String>,
}

/// Says which certificates would be beside a key, instead of which, and whose name they prove.
fn tell_certification(certification: &Certification, names: &NameTrust) -> Result<(), Stopped> {
    let Certification { before, after, .. } = certification;
    let mut out = ui::stdout();
    writeln!(out, "{} of {}", visible(&after.key_id), visible(&after.owner))?;
    if let Some(certificate) =
        NamesView::of_key(after, names, now()).and_then(|view| view.certificate)
    {
        describe(&mut out, &certificate)?;
    }
    for helper in certification.helpers() {
        let (subject, sha256) = (visible(&helper.subject()), helper.fingerprint().hex());
        writeln!(out, "  comes with {subject}\n    SHA-256  {sha256}")?;
    }
    if let Some(kept) = before.certificates() {
        let which = match kept {
            Ok(kept) => kept.leaf.fingerprint().hex(),
            Err(_) => "one that cannot be read".to_owned(),
        };
        writeln!(out, "  instead of {which}")?;
    }
    drop(out);
    tell_names(after, names)
}

fn describe(out: &mut Output, certificate: &CertificateView) -> Result<(), Stopped> {
    writeln!(out, "  certificate")?;
    writeln!(out, "    subject  {}", certificate.subject)?;
    writeln!(out, "    issuer   {}", certificate.issuer)?;
    writeln!(out, "    serial   {}", certificate.serial)?;
    writeln!(out, "    SHA-256  {}", certificate.sha256)?;
    writeln!(out, "    valid    {} to {}", certificate.valid_from, certificate.valid_until)?;
    let stated = |all: &Option<Vec<String>>| {
        all.as_ref().map_or("not stated".to_owned(), |all| all.join(", "))
    };
    writeln!(out, "    usage    {}", stated(&certificate.key_usages))?;
    writeln!(out, "    purpose  {}", stated(&certificate.purposes))
}

/// Says whose name the certificate beside a key proves, if it has one.
fn tell_names(key: &Key, names: &NameTrust) -> Result<(), Stopped> {
    let lines = NamesView::of_key(key, names, now()).map(|view| report::names(&view));
    for line in lines.into_iter().flatten() {
        writeln!(ui::stdout(), "  {line}")?;
    }
    Ok(())
}

/// A key with what its attestation and its certificate prove.
#[derive(serde::Serialize)]
struct ShownKey<'a> {
    #[serde(flatten)]
    key: &'a Key,
    sha256: Option<String>,
    attestation: Option<InEnglish<AttestationView>>,
    names: Option<InEnglish<NamesView>>,
}

fn show(args: &ShowArgs) -> Result<bool, Stopped> {
    let ShowArgs { key_id, keyring: place, roots, json } = args;
    let keyring = place.read()?;
    let (attestations, trusted) = (roots.read(place)?, roots.read_names(place)?);
    let key = keyring.keys().iter().find(|key| key.key_id == *key_id);
    let key = key.ok_or_else(|| NoSuchKey { key_id: key_id.clone() })?;
    let attestation = AttestationView::of_key(key, &attestations, now());
    let names = NamesView::of_key(key, &trusted, now());
    let sha256 = key.fingerprint().map(|digest| digest.hex());
    let mut out = ui::stdout();
    if *json {
        let (attestation, names) = (attestation.map(InEnglish), names.map(InEnglish));
        let shown = ShownKey { key, sha256, attestation, names };
        // Text, numbers and lists always serialise.
        return writeln!(out, "{}", serde_json::to_string(&shown).unwrap_or_default())
            .map(|()| true);
    }
    let roles: Vec<&str> = key.roles.iter().map(|role| role.as_str()).collect();
    writeln!(out, "{} of {}", visible(&key.key_id), visible(&key.owner))?;
    writeln!(out, "  roles      {}", roles.join(", "))?;
    writeln!(out, "  kind       {}, {}", kind(key), key.key_type)?;
    writeln!(out, "  SHA-256    {}", sha256.unwrap_or_else(|| "none, a shared key".to_owned()))?;
    writeln!(out, "  in force   {}", in_force(key))?;
    if let Some(view) = attestation {
        writeln!(out, "  attested   {}", view.words.text)?;
    }
    let Some(names) = names else {
        return writeln!(out, "  no certificate").map(|()| true);
    };
    for line in report::names(&names) {
        writeln!(out, "  {line}")?;
    }
    let Some(certificate) = names.certificate else { return Ok(true) };
    describe(&mut out, &certificate)?;
    Ok(true)
}

fn list(place: &KeyringArgs, roots: &RootsArgs, json: bool) -> Result<bool, Stopped> {
    let keyring = place.read()?;
    // A trust folder that is named must exist, whether or not anything is judged by it.
    let names = roots.read_names(place)?;
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
    writeln!(out, "{}", word_of(&keyring))?;
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
    let mut heading = "\nNames by certificates, which change no level\n";
    for key in keyring.keys() {
        if let Some(view) = NamesView::of_key(key, &names, now()) {
            let mut lines = report::names(&view).into_iter();
            let first = lines.next().unwrap_or_default();
            let first = first.trim_start_matches("names: ");
            writeln!(out, "{heading}  {}: {first}", visible(&key.key_id))?;
            for line in lines {
                writeln!(out, "  {line}")?;
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

/// The keyring has no key with an id.
#[derive(Debug, Problem)]
struct NoSuchKey {
    key_id: String,
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
    Ok(Workspace { keyring: Some(keyring.to_change()?), ..workspace })
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
