//! `countersign trust show`.

use std::path::PathBuf;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::signed_keyring::{SignedKeyring, changes, rules};
use countersign_app::clock::now;
use countersign_app::signed_keyring::{self, find};
use countersign_envelope::instant::Instant;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};

use crate::stopped::Stopped;
use crate::ui::{self, Output};

/// Show a version: its digest to compare, people, keys and rules
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// A version in a file, instead of those that are adopted here
    #[arg(value_name = "FILE", conflicts_with_all = ["version", "at"])]
    file: Option<PathBuf>,
    /// The number of the version [default: the one in force]
    #[arg(long, value_name = "N", conflicts_with = "at")]
    version: Option<u64>,
    /// The version that was in force at a time
    #[arg(long, value_name = "TIME")]
    at: Option<Instant>,
    /// The digest as a QR code as well
    #[arg(long, conflicts_with = "json")]
    qr: bool,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What a file says of people is its own word.
#[derive(Debug, Problem)]
#[problem(area = "trust-not-adopted")]
struct NotAdopted;

/// Why no version is shown.
#[derive(Debug, Problem)]
#[problem(area = "trust-show")]
enum ShowError {
    /// No version has that number here.
    NoVersion { version: u64 },
    /// None was in force then.
    NotThen { at: Instant },
    /// The file has none.
    NoneInFile { path: PathBuf },
}

pub fn run(args: &ShowArgs) -> Result<bool, Stopped> {
    let workspace = super::to_look();
    if let Some(path) = &args.file {
        let chain = signed_keyring::place(&workspace)?.read()?;
        let found = find(std::slice::from_ref(path), chain.as_ref())?;
        let version = found.versions.first();
        let version = version.ok_or_else(|| ShowError::NoneInFile { path: path.clone() })?;
        let before = chain.as_ref().and_then(|chain| chain.before(version));
        let own = chain.as_ref().and_then(|chain| chain.version(version.version()));
        let is_adopted = own.is_some_and(|own| own.digest() == version.digest());
        if !is_adopted {
            ui::warn(&NotAdopted.problem());
        }
        return show(args, version, before, version.keyring());
    }
    let chain = signed_keyring::adopted(&workspace)?;
    let version = match (args.version, args.at) {
        (Some(version), _) => chain.version(version).ok_or(ShowError::NoVersion { version })?,
        (_, Some(at)) => chain.at(at).ok_or(ShowError::NotThen { at })?,
        _ => chain.latest(),
    };
    let in_force = chain.keyring();
    let is_latest = version.version() == chain.latest().version();
    let keyring = if is_latest { &in_force } else { version.keyring() };
    show(args, version, chain.before(version), keyring)
}

fn show(
    args: &ShowArgs,
    version: &SignedKeyring,
    before: Option<&SignedKeyring>,
    keyring: &Keyring,
) -> Result<bool, Stopped> {
    let says = version.says();
    let mut out = ui::stdout();
    if args.json {
        let mut object = super::to_json(version, &changes(before, version));
        object["keys"] = serde_json::json!(keyring.keys());
        object["log_policy"] = serde_json::json!(says.log_policy);
        let policy = countersign_envelope::json::Value::from(rules::to_object(version.policy()));
        object["policy"] = serde_json::from_str(&policy.to_line()).unwrap_or_default();
        let overruled: Vec<String> = says.overruled.iter().map(|one| one.hex()).collect();
        object["overruled"] = serde_json::json!(overruled);
        writeln!(out, "{object}")?;
        return Ok(true);
    }
    super::write_version(&mut out, version)?;
    if args.qr {
        write_qr(&mut out, &version.digest().hex())?;
    }
    for key in keyring.keys() {
        let roles: Vec<&str> = key.roles.iter().map(|role| role.as_str()).collect();
        let decides = if version.is_administrator(&key.key_id) { ", decides" } else { "" };
        let revoked = key.revoked_at.map(|at| format!(", revoked from {at}"));
        let (id, owner) = (visible(&key.key_id), visible(&key.owner));
        let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
        writeln!(out, "key      {id} of {owner}: {roles}{decides}{}", revoked.unwrap_or_default())?;
        if let Some(fingerprint) = key.fingerprint() {
            writeln!(out, "  sha256 {}", fingerprint.grouped())?;
        }
    }
    for (name, value) in rules::to_object(version.policy()).iter() {
        writeln!(out, "rule     {name}: {}", visible(&value.to_line()))?;
    }
    let (roots, tsa) = (says.attestation_roots.len(), says.tsa_roots.len());
    writeln!(out, "roots    {roots} of attestations, {tsa} of time-stamping authorities")?;
    if says.review_by.is_some_and(|time| time.unix() < now().unix()) {
        writeln!(out, "review   is due: an administrator should look at it again")?;
    }
    Ok(true)
}

/// Writes a QR code with two modules a character, and the quiet zone around it.
fn write_qr(out: &mut Output, text: &str) -> Result<(), Stopped> {
    const QUIET: usize = 4;
    let Some(rows) = countersign_views::qr_modules(text) else { return Ok(()) };
    let wide = rows.len() + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let at = |n: usize| n.checked_sub(QUIET);
        let row = at(y).and_then(|y| rows.get(y));
        row.zip(at(x)).and_then(|(row, x)| row.get(x)).copied().unwrap_or_default()
    };
    for y in (0..wide).step_by(2) {
        let line = (0..wide).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (true, true) => ' ',
            (true, false) => '▄',
            (false, true) => '▀',
            (false, false) => '█',
        });
        writeln!(out, "{}", line.collect::<String>())?;
    }
    Ok(())
}
