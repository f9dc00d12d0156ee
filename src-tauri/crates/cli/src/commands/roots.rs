//! `countersign roots`: the trust folders, what attestations of hardware keys and time-stamping
//! authorities may lead to.

use std::path::{Path, PathBuf};

use countersign_app::roots::{self, TrustedFor};
use countersign_app::trust_change::TrustChange;
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_trust::attestation_roots::RootCandidate;
use countersign_trust::revocation_lists::RevocationListView;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::preview::PreviewArgs;
use crate::english::InEnglish;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

/// The trusted roots of attestations of hardware keys, of time-stamping authorities and of names, and revocation lists
#[derive(Debug, clap::Subcommand)]
pub enum RootsCommand {
    /// List the certificates and keys of the trust folder
    List {
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        roots: RootsArgs,
        #[command(flatten)]
        keyring: KeyringArgs,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Trust certificates, or the attestation keys of TPMs, from a file; you confirm each by its SHA-256
    Add {
        /// Certificates or public keys as PEM, or the public area of a TPM key (ak.pub)
        file: PathBuf,
        /// Confirm what has this SHA-256 instead of being asked; may be repeated
        #[arg(long, value_name = "HEX")]
        sha256: Vec<String>,
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        roots: RootsArgs,
        #[command(flatten)]
        keyring: KeyringArgs,
        #[command(flatten)]
        preview: PreviewArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
    AddCrl(AddCrlArgs),
    /// List the lists of revoked certificates that are kept
    ListCrls {
        #[command(flatten)]
        roots: RootsArgs,
        #[command(flatten)]
        keyring: KeyringArgs,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Stop keeping a list of revoked certificates
    RemoveCrl {
        /// Its SHA-256
        #[arg(value_name = "HEX")]
        sha256: String,
        #[command(flatten)]
        roots: RootsArgs,
        #[command(flatten)]
        keyring: KeyringArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Stop trusting a certificate or key
    Remove {
        /// Its SHA-256
        #[arg(value_name = "HEX")]
        sha256: String,
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        roots: RootsArgs,
        #[command(flatten)]
        keyring: KeyringArgs,
        #[command(flatten)]
        preview: PreviewArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

/// Keep lists of revoked certificates (CRLs) from files, by which certificates beside keys are judged
#[derive(Debug, clap::Args)]
pub struct AddCrlArgs {
    /// Lists, DER or PEM. A list counts only for certificates of the authority whose very key signed it
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    roots: RootsArgs,
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

/// What the roots are trusted for.
#[derive(Debug, clap::Args)]
pub struct WhatArgs {
    /// For time stamps: the roots of time-stamping authorities, not those of attestations
    #[arg(long)]
    tsa: bool,
    /// For names: the roots of certificates beside keys. They prove whose name a certificate states, and
    /// make no key count
    #[arg(long, conflicts_with = "tsa")]
    names: bool,
}

impl WhatArgs {
    fn what(&self) -> TrustedFor {
        match (self.tsa, self.names) {
            (true, _) => TrustedFor::TimeStamps,
            (_, true) => TrustedFor::Names,
            _ => TrustedFor::Attestations,
        }
    }
}

pub fn run(command: &RootsCommand) -> Result<bool, Stopped> {
    match command {
        RootsCommand::List { what, roots, keyring, json } => {
            list(&Trusted::of(what, roots, keyring)?, *json)
        }
        RootsCommand::Add { file, sha256, what, roots, keyring, preview, journal } => {
            let trusted = Trusted::of(what, roots, keyring)?;
            if preview.preview.is_some() {
                let change = trusted.with(file, sha256)?;
                return preview.show(keyring, roots, &change);
            }
            add(&trusted, file, sha256, journal)
        }
        RootsCommand::AddCrl(args) => add_crl(args),
        RootsCommand::ListCrls { roots, keyring, json } => list_crls(roots, keyring, *json),
        RootsCommand::RemoveCrl { sha256, roots, keyring, journal } => {
            roots::remove_list(&of_lists(roots, keyring, journal.workspace()?), sha256)?;
            writeln!(ui::stdout(), "Removed the revocation list {}", visible(sha256))?;
            Ok(true)
        }
        RootsCommand::Remove { sha256, what, roots, keyring, preview, journal } => {
            let trusted = Trusted::of(what, roots, keyring)?;
            let change = TrustChange::RemoveRoot { what: trusted.what, sha256: sha256.clone() };
            if preview.show(keyring, roots, &change)? {
                return Ok(true);
            }
            roots::remove(&trusted.within(journal.workspace()?), trusted.what, sha256)?;
            let folder = shown(&trusted.folder);
            writeln!(ui::stdout(), "Removed {} from {folder}", visible(sha256))?;
            Ok(true)
        }
    }
}

/// Why the trust folder is not changed.
#[derive(Debug, Problem)]
enum TrustFolderError {
    /// None is named, and there is no home directory to keep one in.
    NoHome,
    /// Nobody can be asked whether to trust a certificate.
    NoTerminal,
}

/// A trust folder, and what it is for.
struct Trusted {
    what: TrustedFor,
    folder: PathBuf,
}

impl Trusted {
    fn of(
        what: &WhatArgs,
        roots: &RootsArgs,
        keyring: &KeyringArgs,
    ) -> Result<Self, TrustFolderError> {
        let what = what.what();
        let folder = roots.folder(what, keyring).ok_or(TrustFolderError::NoHome)?;
        Ok(Self { what, folder })
    }

    /// What trusting the confirmed items of a file would change; without a confirmation, all of them.
    fn with(&self, file: &Path, confirmed: &[String]) -> Result<TrustChange, Stopped> {
        let sha256 = match confirmed {
            [] => {
                let found = roots::look(&self.within(Workspace::default()), self.what, file)?;
                found.into_iter().map(|one| one.sha256).collect()
            }
            given => given.to_vec(),
        };
        Ok(TrustChange::AddRoots { what: self.what, file: file.to_owned(), sha256 })
    }

    /// A workspace with this folder.
    fn within(&self, workspace: Workspace) -> Workspace {
        let folder = Some(self.folder.clone());
        match self.what {
            TrustedFor::Attestations => Workspace { trust_folder: folder, ..workspace },
            TrustedFor::TimeStamps => Workspace { tsa_folder: folder, ..workspace },
            TrustedFor::Names => Workspace { name_folder: folder, ..workspace },
        }
    }
}

fn list(trusted: &Trusted, json: bool) -> Result<bool, Stopped> {
    let view = roots::view(&trusted.within(Workspace::default()), trusted.what)?;
    let mut out = ui::stdout();
    if json {
        // Text, truth values and lists always serialise.
        writeln!(out, "{}", serde_json::to_string(&view).unwrap_or_default())?;
        return Ok(true);
    }
    for root in &view.roots {
        describe(&mut out, &root.certificate)?;
        writeln!(out, "  file     {}", root.file)?;
    }
    if view.roots.is_empty() {
        writeln!(
            out,
            "Nothing is trusted in {}. Trust a root with `countersign roots add {}FILE`.",
            view.folder,
            match trusted.what {
                TrustedFor::Attestations => "",
                TrustedFor::TimeStamps => "--tsa ",
                TrustedFor::Names => "--names ",
            }
        )?;
    }
    drop(out);
    for problem in &view.problems {
        ui::warn(problem);
    }
    Ok(true)
}

/// A workspace with the folder of lists of revoked certificates, and of the roots that prove names.
fn of_lists(roots: &RootsArgs, keyring: &KeyringArgs, workspace: Workspace) -> Workspace {
    Workspace {
        name_folder: roots.folder(TrustedFor::Names, keyring),
        crl_folder: roots.crl_folder(keyring),
        ..workspace
    }
}

fn add_crl(args: &AddCrlArgs) -> Result<bool, Stopped> {
    let workspace = of_lists(&args.roots, &args.keyring, args.journal.workspace()?);
    let mut added = Vec::new();
    for file in &args.files {
        added.extend(roots::add_lists(&workspace, file)?);
    }
    let view = roots::lists(&workspace)?;
    let mut out = ui::stdout();
    for list in view.lists.iter().filter(|list| added.contains(&list.sha256)) {
        describe_list(&mut out, list)?;
    }
    writeln!(out, "Kept in {}", view.folder)?;
    Ok(true)
}

fn list_crls(roots: &RootsArgs, keyring: &KeyringArgs, json: bool) -> Result<bool, Stopped> {
    let view = roots::lists(&of_lists(roots, keyring, Workspace::default()))?;
    let mut out = ui::stdout();
    if json {
        // Text, truth values and lists always serialise.
        writeln!(out, "{}", serde_json::to_string(&InEnglish(&view)).unwrap_or_default())?;
        return Ok(true);
    }
    for list in &view.lists {
        describe_list(&mut out, list)?;
        writeln!(out, "  file     {}", list.file)?;
    }
    if view.lists.is_empty() {
        writeln!(
            out,
            "There is no revocation list in {}. Add one with `countersign roots add-crl FILE`.",
            view.folder
        )?;
    }
    drop(out);
    view.problems.iter().for_each(ui::warn);
    Ok(true)
}

fn describe_list(out: &mut Output, list: &RevocationListView) -> Result<(), Stopped> {
    writeln!(out, "Revocation list of {}", list.issuer)?;
    writeln!(out, "  SHA-256  {}", list.sha256)?;
    let next = list.next_update.as_deref().unwrap_or("not stated");
    let ended = if list.ended { ", which is over" } else { "" };
    writeln!(out, "  made     {}, next due {next}{ended}", list.this_update)?;
    writeln!(out, "  revoked  {}", counted(list.entries as usize, "certificate"))?;
    match &list.signed_by {
        Some(sha256) => writeln!(out, "  signed   by the key of {sha256}, among the name roots")?,
        None => writeln!(
            out,
            "  signed   by none of the name roots; it counts if the authority comes with a certificate"
        )?,
    }
    match &list.problem {
        Some(problem) => writeln!(out, "  not used: it {}", problem.text),
        None => Ok(()),
    }
}

fn add(
    trusted: &Trusted,
    file: &Path,
    confirmed: &[String],
    journal: &JournalArgs,
) -> Result<bool, Stopped> {
    let looking = || trusted.within(Workspace::default());
    let confirmed = match confirmed {
        [] => ask(&roots::look(&looking(), trusted.what, file)?)?,
        given => given.to_vec(),
    };
    if confirmed.is_empty() {
        writeln!(ui::stdout(), "Nothing was added.")?;
        return Ok(false);
    }
    roots::add(&trusted.within(journal.workspace()?), trusted.what, file, &confirmed)?;
    writeln!(ui::stdout(), "Trusted {} more, in {}", confirmed.len(), shown(&trusted.folder))?;
    Ok(true)
}

/// Shows each certificate and asks whether to trust it.
fn ask(candidates: &[RootCandidate]) -> Result<Vec<String>, Stopped> {
    let mut out = ui::stdout();
    let mut confirmed = Vec::new();
    for one in candidates {
        describe(&mut out, one)?;
        if one.trusted {
            writeln!(out, "  is trusted already")?;
            continue;
        }
        if !ui::has_terminal() {
            continue;
        }
        let with = if one.is_key { "what the TPM itself says" } else { "what its maker publishes" };
        write!(out, "Compare the SHA-256 with {with}. Trust it? Type yes: ")?;
        out.flush()?;
        if ui::read_answer()? == "yes" {
            confirmed.push(one.sha256.clone());
        }
    }
    if !ui::has_terminal() && candidates.iter().any(|one| !one.trusted) {
        return Err(TrustFolderError::NoTerminal.into());
    }
    Ok(confirmed)
}

fn describe(out: &mut Output, one: &RootCandidate) -> Result<(), Stopped> {
    writeln!(out, "{}", one.subject)?;
    writeln!(out, "  SHA-256  {}", one.sha256)?;
    let expired = if one.expired { ", expired" } else { "" };
    if let Some(validity) = &one.validity {
        writeln!(out, "  valid    {} to {}{expired}", validity.from, validity.until)?;
    }
    let kind = match one.is_root {
        _ if one.is_key => {
            return writeln!(out, "  is       an attestation key of a TPM, trusted by itself");
        }
        true => "a root",
        false => "an intermediate, which helps to reach a root and is not trusted by itself",
    };
    match &one.known_as {
        Some(name) => writeln!(out, "  is       {kind}, known here as {name}"),
        None => writeln!(out, "  is       {kind}, not known here by its SHA-256"),
    }
}
