//! `countersign release sign`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_app::release::{self, ReleaseOf};
use countersign_app::this_program::BUILD;
use countersign_ceremony::ceremony::Ceremony;
use countersign_ceremony::release::ReleaseToSign;
use countersign_envelope::count::counted;
use countersign_envelope::signature::Role;
use countersign_problem::Problem;
use countersign_problem::visible::visible;

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::clock::now;
use crate::commands::sign::{self, SignArgs as KeySignArgs};
use crate::stopped::{Stopped, StreamError};
use crate::ui::shown;

const SIGN_HELP: &str = "\
Example, first one person, then another, each on their own station with the files they built or checked:
  countersign release sign countersign-0.1.0.release.json countersign_0.1.0_amd64.deb SHA256SUMS \\
      --key-id ds-prod-2026-05 --key-file mira.key.pem

The release is an in-toto Statement in a DSSE envelope (predicate type urn:countersign:release:1) with one \
signature for each person, over names and SHA-256 of the files. If RELEASE is there already, every file in \
it has to be given: whoever signs has compared it. A key is chosen as with `countersign sign`.";

/// Vouch for files: begin a release, or add a signature to one
#[derive(Debug, clap::Args)]
#[command(after_help = SIGN_HELP)]
pub struct SignArgs {
    /// The file of the release; its name usually ends in .release.json
    #[arg(value_name = "RELEASE")]
    pub file: PathBuf,
    /// The files to vouch for
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The version that the files are of, if you begin the release [default: this program's]
    #[arg(long, value_name = "VERSION")]
    pub of_version: Option<String>,
    /// The commit that they were built from, if you know it and begin the release
    #[arg(long, value_name = "COMMIT", value_parser = commit)]
    pub commit: Option<String>,
    /// The role that your key has in the keyring [default: its first]
    #[arg(long)]
    pub role: Option<Role>,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Why no release is signed.
#[derive(Debug, Problem)]
#[problem(area = "release-sign")]
enum ReleaseSignError {
    /// The key has no id.
    NoKeyId,
}

/// A commit of git: 40 or 64 hex digits.
fn commit(text: &str) -> Result<String, String> {
    let is_commit = matches!(text.len(), 40 | 64) && text.bytes().all(|c| c.is_ascii_hexdigit());
    is_commit.then(|| text.to_ascii_lowercase()).ok_or("write all 40 or 64 hex digits".to_owned())
}

pub fn run(args: SignArgs) -> Result<bool, Stopped> {
    args.journal.check_place()?;
    let keyring = Arc::new(args.keyring.read()?);
    let workspace = args.journal.workspace_to_look();
    // What this program was built from says nothing about the files.
    let version = args.of_version.as_deref().unwrap_or(BUILD.version);
    let of = ReleaseOf { version, commit: args.commit.as_deref() };
    let to_sign = release::to_sign(&workspace, &args.file, &args.files, of)?;
    tell(&to_sign)?;

    let request = sign::act_request(&args.key, &keyring, args.role);
    let (role, out) = (request.role, args.file.clone());
    let station = (args.keyring, args.memory, args.journal);
    let sign_args = KeySignArgs::of_act(Vec::new(), role, args.key, station);
    let (key, signs_as) = sign::open_key(&sign_args, &request, &keyring)?;
    if signs_as.key_id.is_empty() {
        return Err(ReleaseSignError::NoKeyId.into());
    }
    let choice = request.choice(&signs_as, &keyring, now());
    let recorder = workspace.recorder()?;
    let mut ceremony = Ceremony::over(to_sign, &out, Arc::clone(&keyring), recorder);
    sign::complete(&sign_args, &mut ceremony, key, choice)??;
    workspace.journal.iter().for_each(|journal| journal::tell(journal));
    let signatures = release::read(&out)?.envelope.signatures.len();
    let said = format!("  wrote   {} ({})\n", shown(&out), counted(signatures, "signature"));
    anstream::stdout().write_all(said.as_bytes()).map_err(StreamError::unsaid)?;
    Ok(true)
}

/// Says what is about to be signed, before a secret is asked for.
fn tell(to_sign: &ReleaseToSign) -> Result<(), Stopped> {
    let release = &to_sign.seen.release;
    let count = counted(release.files.len(), "file");
    let commit = release.commit.as_deref().map(|one| format!(", commit {}", visible(one)));
    let mut lines = format!(
        "About to sign a release of version {}{} ({count}):\n",
        visible(&release.version),
        commit.unwrap_or_default()
    );
    for file in &release.files {
        lines += &format!("  {}\n    {}\n", visible(&file.name), file.digest.grouped());
    }
    anstream::stderr().write_all(lines.as_bytes()).map_err(Stopped::output)
}
