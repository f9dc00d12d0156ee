//! `countersign trust init` and `countersign trust propose`.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Revocation, RevocationCode};
use countersign_admissibility::policy::Policy;
use countersign_admissibility::signed_keyring::{SignedKeyring, changes};
use countersign_app::clock::now;
use countersign_app::roots::TrustedFor;
use countersign_app::signed_keyring::propose::{self, Changes};
use countersign_app::signed_keyring::{self};
use countersign_app::trust_change::{TrustChange, TrustPreview};
use countersign_app::workspace::Workspace;
use countersign_envelope::instant::Instant;
use countersign_trust::keyring_file;
use serde_json::json;

use super::wanted::{WantedArgs, anchors};
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::memory::MemoryArgs;
use crate::arguments::preview;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// Propose a first version, from the keys and roots of the plain keyring
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The new file; its name usually ends in keyring.signed.json
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// The id of an administrator's key, which is in the keyring; may be repeated
    #[arg(long, value_name = "KEY-ID", required = true)]
    administrator: Vec<String>,
    /// How many administrators have to sign: more than half of them
    #[arg(long, value_name = "N")]
    threshold: u64,
    #[command(flatten)]
    wanted: WantedArgs,
    #[command(flatten)]
    effect: EffectArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
}

/// Propose the next version; what is not named stays as it is
#[derive(Debug, clap::Args)]
pub struct ProposeArgs {
    /// The new file; its name usually ends in keyring.signed.json
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// A plain keyring with keys that come in, or that change (countersign keys add --keyring FILE)
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// The id of an administrator's key; repeated for all of them, instead of those there are
    #[arg(long, value_name = "KEY-ID")]
    administrator: Vec<String>,
    /// How many administrators have to sign: more than half of them
    #[arg(long, value_name = "N")]
    threshold: Option<u64>,
    /// The id of a key that is revoked; may be repeated
    #[arg(long, value_name = "KEY-ID", requires = "reason")]
    revoke: Vec<String>,
    /// Why
    #[arg(long, requires = "revoke")]
    reason: Option<String>,
    /// The kind of reason: superseded, affiliation_changed, cessation_of_operation, key_compromise or
    /// unspecified
    #[arg(long, value_name = "CODE", default_value = "unspecified", requires = "revoke")]
    reason_code: RevocationCode,
    /// For key_compromise, from when someone else may have had the key [default: as --at]
    #[arg(long, value_name = "TIME", requires = "revoke")]
    since: Option<Instant>,
    /// From when the key is revoked [default: now]
    #[arg(long, value_name = "TIME", requires = "revoke")]
    at: Option<Instant>,
    /// The id of a key whose emergency revocation is lifted; every other is confirmed
    #[arg(long, value_name = "KEY-ID")]
    lift: Vec<String>,
    /// A folder with all that attestations may lead to, instead of what they may now
    #[arg(long, value_name = "DIR")]
    attestation_roots: Option<PathBuf>,
    /// A folder with all roots of time-stamping authorities, instead of those there are
    #[arg(long, value_name = "DIR")]
    tsa_roots: Option<PathBuf>,
    #[command(flatten)]
    wanted: WantedArgs,
    #[command(flatten)]
    effect: EffectArgs,
}

/// What a proposal would change about envelopes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Effect")]
struct EffectArgs {
    /// Show which envelopes of this directory would rise and fall
    #[arg(long, value_name = "DIRECTORY")]
    effect: Option<PathBuf>,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    memory: MemoryArgs,
}

pub fn init(args: InitArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let folder = |what| args.roots.folder(what, &args.keyring);
    let of = |folder: Option<PathBuf>| folder.as_deref().map(anchors).transpose();
    let wanted = Changes {
        keys: keyring.keys().to_vec(),
        administrators: Some(args.administrator),
        threshold: Some(args.threshold),
        attestation_roots: of(folder(TrustedFor::Attestations))?,
        tsa_roots: of(folder(TrustedFor::TimeStamps))?,
        ..args.wanted.changes(&Policy::default())?
    };
    let workspace = judging(&args.keyring, &args.roots, &args.effect.memory)?;
    let proposed = propose::first(&workspace, wanted)?;
    write(&workspace, (None, &proposed), &args.out, &args.effect)
}

pub fn propose(args: ProposeArgs) -> Result<bool, Stopped> {
    let workspace = judging(&own(), &RootsArgs::default(), &args.effect.memory)?;
    let chain = signed_keyring::adopted(&workspace)?;
    let latest = chain.latest();
    let draft = args.keys.as_deref().map(keyring_file::read).transpose()?;
    let at = args.at.unwrap_or_else(now);
    let revocation = Revocation {
        at,
        code: args.reason_code,
        compromised_since: args.since,
        reason: args.reason.unwrap_or_default(),
    };
    let revoke = args.revoke.into_iter().map(|key_id| (key_id, revocation.clone()));
    let of = |folder: &Option<PathBuf>| folder.as_deref().map(anchors).transpose();
    let wanted = Changes {
        keys: draft.map(|draft| draft.keys().to_vec()).unwrap_or_default(),
        administrators: Some(args.administrator).filter(|all| !all.is_empty()),
        threshold: args.threshold,
        revoke: revoke.collect(),
        lift: args.lift,
        attestation_roots: of(&args.attestation_roots)?,
        tsa_roots: of(&args.tsa_roots)?,
        ..args.wanted.changes(latest.policy())?
    };
    let proposed = propose::next(&workspace, wanted)?;
    write(&workspace, (Some(latest), &proposed), &args.out, &args.effect)
}

/// The keyring in force here.
fn own() -> KeyringArgs {
    KeyringArgs { keyring: None }
}

/// A workspace that envelopes are judged in, by a keyring and roots.
fn judging(
    keyring: &KeyringArgs,
    roots: &RootsArgs,
    memory: &MemoryArgs,
) -> Result<Workspace, Stopped> {
    Ok(Workspace {
        keyring: Some(keyring.place()?),
        trust_folder: roots.folder(TrustedFor::Attestations, keyring),
        tsa_folder: roots.folder(TrustedFor::TimeStamps, keyring),
        name_folder: roots.folder(TrustedFor::Names, keyring),
        crl_folder: roots.crl_folder(keyring),
        memory: memory.open_if_any(None),
        ..super::to_look()
    })
}

/// Shows which envelopes of a directory would rise and fall with a version in the place of what is in
/// force here.
pub fn show_effect(
    root: &Path,
    version: &SignedKeyring,
    memory: &MemoryArgs,
) -> Result<(), Stopped> {
    show_effect_in(&judging(&own(), &RootsArgs::default(), memory)?, root, version)
}

fn show_effect_in(
    workspace: &Workspace,
    root: &Path,
    version: &SignedKeyring,
) -> Result<(), Stopped> {
    let change = TrustChange::SignedKeyring(Box::new(version.clone()));
    let preview = TrustPreview::of_directory(workspace, root)?;
    preview::show(root, false, |go_on| preview.effect(workspace, &change, go_on))
}

/// Shows what a proposal changes, and writes it.
fn write(
    workspace: &Workspace,
    (before, proposed): (Option<&SignedKeyring>, &SignedKeyring),
    path: &Path,
    effect: &EffectArgs,
) -> Result<bool, Stopped> {
    let changes = changes(before, proposed);
    if effect.json {
        let mut object = super::to_json(proposed, &changes);
        if let Some(root) = &effect.effect {
            let change = TrustChange::SignedKeyring(Box::new(proposed.clone()));
            let preview = TrustPreview::of_directory(workspace, root)?;
            object["effect"] = json!(preview.effect(workspace, &change, |_, _| true)?);
        }
        propose::write(workspace, proposed, path)?;
        writeln!(ui::stdout(), "{object}")?;
        return Ok(true);
    }
    let mut out = ui::stdout();
    super::write_version(&mut out, proposed)?;
    super::write_changes(&mut out, &changes)?;
    drop(out);
    if let Some(root) = &effect.effect {
        show_effect_in(workspace, root, proposed)?;
    }
    propose::write(workspace, proposed, path)?;
    writeln!(ui::stdout(), "  wrote  {}", shown(path))?;
    Ok(true)
}
