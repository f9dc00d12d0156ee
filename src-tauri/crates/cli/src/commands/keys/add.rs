//! `countersign keys add`: a public key from a file or a text.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use countersign_app::enrol::{self, Entry};
use countersign_app::trust_change::TrustChange;
use countersign_envelope::signature::SignerType;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_trust::enrolment::{self, EnrolmentError, Found, Selection};

use crate::arguments::holder::HolderArgs;
use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::preview::PreviewArgs;
use crate::commands::keys::{add_to_keyring, tell_names, workspace};
use crate::stopped::Stopped;
use crate::ui::{self, secret};

/// Add a public key: from PEM, from base64, or from a .sig.json
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// A file with the public key (PEM, DER, X.509 certificate, OpenSSH, base64, or the JSON of `aws
    /// kms get-public-key`), its text, or a .sig.json; `-` is standard input
    #[arg(value_name = "SOURCE", required_unless_present = "hmac")]
    pub source: Option<String>,
    /// Add a shared HMAC key by its id; the key itself is never saved
    #[arg(long, conflicts_with = "source")]
    pub hmac: bool,
    /// Which signature of a .sig.json with several, from 0; --key-id or --owner choose one too
    #[arg(long, value_name = "N")]
    pub index: Option<usize>,
    /// What holds the key, as you know it: software, hardware or external [default: hardware if it
    /// comes with a valid attestation, else software]
    #[arg(long)]
    pub kind: Option<SignerType>,
    /// A certificate of the key (PEM or DER), with those between it and its root: it proves names, and
    /// changes no level. A SOURCE that is a certificate is kept by itself
    #[arg(long, value_name = "FILE", conflicts_with = "hmac")]
    pub certificate: Option<PathBuf>,
    #[command(flatten)]
    pub holder: HolderArgs,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub preview: PreviewArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// An answer that chooses no key.
#[derive(Debug, Problem)]
struct NotANumber {
    answer: String,
}

pub fn run(args: AddArgs) -> Result<bool, Stopped> {
    let workspace = workspace(&args.journal, &args.keyring, &args.preview)?;
    let mut found = args.source.as_deref().map(|source| found(source, &args)).transpose()?;
    if let (Some(found), Some(file)) = (&mut found, &args.certificate) {
        found.certificates = enrolment::certificates(file)?;
    }
    let names = args.roots.read_names(&args.keyring)?;
    let roots = args.roots.read(&args.keyring)?;
    let holder = args.holder.into();
    let Entry { key, proves } =
        enrol::entry(&workspace, found.as_ref(), holder, args.kind, &roots)?;
    if args.preview.show(&args.keyring, &args.roots, &TrustChange::Enrol(Box::new(key.clone())))? {
        return Ok(true);
    }
    add_to_keyring(&workspace, key.clone())?;
    tell_names(&key, &names)?;
    if let Some(words) = proves {
        writeln!(ui::stdout(), "  {}", visible(&words))?;
    }
    Ok(true)
}

/// The public key of a source. If a file has several, asks which one.
fn found(source: &str, args: &AddArgs) -> Result<Found, Stopped> {
    let choice = Selection {
        index: args.index,
        key_id: args.holder.key_id.clone(),
        owner: args.holder.owner.clone(),
    };
    if source == "-" {
        let bytes = secret::read_bytes(Path::new("-"))?;
        return Ok(enrolment::parse("standard input", &bytes, &choice)?);
    }
    match enrolment::find(source, &choice) {
        Err(EnrolmentError::SeveralSignatures { signatures, .. }) if ui::has_terminal() => {
            let mut out = anstream::stderr();
            for signature in &signatures {
                writeln!(out, "  {}", visible(signature)).map_err(Stopped::output)?;
            }
            let answer = ui::answer("Which key do you want to add? Number:")?;
            let index = answer.parse().map_err(|_| NotANumber { answer })?;
            Ok(enrolment::find(source, &Selection { index: Some(index), ..choice })?)
        }
        found => Ok(found?),
    }
}
