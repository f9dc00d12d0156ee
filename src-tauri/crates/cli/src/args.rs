//! The command line, as a person reads it in the help.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Parser, Subcommand};
use countersign_admissibility::level::Level;
use countersign_admissibility::signatures::Standing;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Algorithm, Role, SignedPayload, SignerType};
use countersign_signers::pkcs11::module_file::is_variable_name;
use countersign_station::overwrite::{self, FileKind, OverwriteError};
use countersign_station::queue::LevelFilter;
use secrecy::SecretString;

use crate::history;
use crate::policy_args::PolicyArgs;

const AFTER_HELP: &str = "\
Examples:
  countersign status sealed_runs/                what is there, and what each envelope still needs
  countersign history sealed_runs/ --csv         who signed what, when, with which key
  countersign explain sealed_runs/RUN-….json     the ladder of one envelope, in words
  countersign keys generate --key-id ds-prod-2026-05 --owner mira.k --role operator --out mira.key.pem
  countersign sign RUN-….json --role operator --signer mira.k --key-id ds-prod-2026-05 --key-file mira.key.pem
  countersign sign RUN-….json --role witness --piv     with a YubiKey that is enrolled
  countersign sign RUN-….json --role witness --pkcs11 'pkcs11:token=hsm;object=witness'
  countersign verify sealed_runs/ --level L4     exit 0 where every envelope reaches L4
  countersign pack RUN-….json --out DEC-007.zip  all that shows it to be admissible, for an auditor

Levels: L0 complete and unchanged · L1 reproducible · L2 signed · L3 in the transparency log ·
L4 co-signed by operator and witness · L5 Merkle commitments · L6 hardware or external key ·
L7 authority in force. Each includes those below.

Exit codes: 0 done, or the wanted level reached · 1 not reached · 2 input that cannot be used, or
nothing was done (the reason is on standard error).

Colours are used on a terminal only, and not where NO_COLOR is set.";

/// Judge, sign and register sealed runs: JSON records of governed decisions.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(subcommand_required = true, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the envelopes of a directory: level, signatures, what is missing
    Status(StatusArgs),
    /// Check an envelope, all of a directory, or a pack, against a level
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyArgs),
    /// Explain in words where an envelope stands on the ladder, and why
    Explain(ExplainArgs),
    /// Who signed what, when, with which key: every signature of a directory
    #[command(after_help = HISTORY_HELP)]
    History(HistoryArgs),
    /// Sign a sealed run and its manifest in one act, or co-sign them
    #[command(after_help = SIGN_HELP)]
    Sign(Box<SignArgs>),
    /// Put evidence of where its key lives beside a signature that stands already
    #[command(after_help = ATTEST_HELP)]
    Attest(AttestArgs),
    /// Unite copies of envelopes that witnesses signed apart
    #[command(after_help = MERGE_HELP)]
    Merge(MergeArgs),
    /// Put envelopes into one file, to carry them to another station
    #[command(after_help = EXPORT_HELP)]
    Export(ExportArgs),
    /// Bring in what such a file carries
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// Collect all that shows one envelope to be admissible, for an auditor
    #[command(after_help = PACK_HELP)]
    Pack(PackArgs),
    /// What is plugged in: YubiKeys, and tokens behind PKCS#11 modules, with their keys
    Devices(DevicesArgs),
    /// Change the PIN or PUK of a YubiKey, or unblock its PIN
    #[command(subcommand)]
    Pin(PinCommand),
    /// Have the TPM of this machine certify a key that it holds
    #[command(subcommand)]
    Tpm(TpmCommand),
    /// The signers of this station: keys behind commands, and key files
    #[command(subcommand)]
    Signers(SignersCommand),
    /// PKCS#11 modules: whose word on hardware counts, and how they are started
    #[command(subcommand)]
    Modules(ModulesCommand),
    /// The keyring: whose keys are accepted, for which roles
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The trusted roots: what attestations of hardware keys may lead to
    #[command(subcommand)]
    Roots(RootsCommand),
    /// The transparency log: register runs, check the chain
    #[command(subcommand)]
    Log(LogCommand),
    /// The journal: every attempt, refusal and signature made here
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Print the canonical bytes of the JSON on standard input: what is hashed and signed
    Canonical(CanonicalArgs),
    /// Fill a directory with made-up envelopes of every level, to try things on
    Demo(DemoArgs),
    /// Print a completion script for a shell
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (view it with: countersign man | man -l -)
    Man,
}

const VERIFY_HELP: &str = "\
Exit codes: 0 the wanted level is reached, by every envelope of a directory · 1 it is not · 2 input
that cannot be used: not there, not JSON, no sealed run in the directory.

A pack, made by `countersign pack`, is checked against its own SHA256SUMS (1 where a file is missing,
added or altered, or --expect says another digest) and judged with its own log and ledger, by your
keyring or the one of --keyring. If you have none, or with --pack-keys, its own keyring decides: the
word of whoever packed it. Nothing in it is touched.

Where the reference's replay_sealed_run.py has codes of its own, they come out here as:
  its 1 inadmissible              1, the check that fails is named
  its 2 schema failure            2 where the file is not JSON; else 1 (checks named *.keys)
  its 3 hash mismatch             1 (checks hash.integrity, commit_hash.*)
  its 4 referenced file missing   not checked here: inputs are proven by their hashes";

const HISTORY_HELP: &str = "\
A signature on a run and the same person's on its manifest are one. The oldest comes first. Times are
as the files claim; nothing vouches for them.

Several of one filter let through what fits any of them; of different filters, what fits all.";

const SIGN_HELP: &str = "\
With --piv a YubiKey signs: its PIN is asked for on the terminal, or read with --pin-fd; what the
keyring knows of the key (its id, its owner) need not be said again.

With --pkcs11 a token behind a PKCS#11 module signs: an HSM, a smart card, a TPM. Which key is meant
is said by a URI (RFC 7512), or by --module, --token, --key-label and --key-object-id; as much as
tells it from others. Where no module is named, those that p11-kit knows and those at the usual
places are looked into. A key that the token does not vouch for as hardware signs as software;
--signer-type writes another claim, which stands as such in the journal.

The key, if not by --piv, --pkcs11 or --key-file, is taken from DEEPSIGMA_SIGNING_KEY (base64), as the reference does.
A key file is one made by `countersign keys generate` (its passphrase is asked for), PEM PKCS#8, or
base64 of the key.

The flags of the reference's sign_artifact.py work too: --file --algo --key-id --key --witness
--role --append --out. Signatures that are there are always kept, with or without --append.";

const ATTEST_HELP: &str = "\
Examples:
  countersign attest RUN-….json --evidence cloudtrail.json
  countersign attest RUN-….json --evidence certified/      what tpm2_certify and tpm2_readpublic wrote

Evidence goes beside the signatures, of the run and of its manifest, that it does not contradict. It
is refused where it is of none of them, and where there is other evidence already.";

const MERGE_HELP: &str = "\
Examples:
  countersign merge sealed_runs/ /media/stick/      what a witness signed on another station
  countersign merge RUN-….json jon.sig.json         one file of signatures that was sent
  countersign merge sealed_runs/                    conflict copies of Syncthing or git beside the runs

New signatures that verify over the target's own run and manifest come in. What stands is kept: a copy
that gives a signature another name, role, time or algorithm is left out, and named. Of two thresholds
the higher stands, and every role that a copy asks for and somebody in the keyring has is required; both
only come with a new signature by a key in the keyring, and a threshold only up to the number of people
there. While the keyring is empty, any key counts. Copies are never changed.

Exit codes: 0 everything was united · 1 something was left out or contradicts · 2 the target cannot
be used, or the sources have no copy of it.";

#[derive(Debug, clap::Args)]
pub struct AttestArgs {
    /// The sealed run; its manifest is looked at with it
    pub run: PathBuf,
    /// A JSON object of a key attestation, or a directory with the files of tpm2_certify; may be
    /// repeated
    #[arg(long, value_name = "FILE", required = true)]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, Subcommand)]
pub enum TpmCommand {
    /// Run tpm2_certify and tpm2_readpublic, and print the evidence for `sign --evidence`
    Certify(TpmCertifyArgs),
}

#[derive(Debug, clap::Args)]
pub struct TpmCertifyArgs {
    /// The key that signs: a context file, or a handle such as 0x81000001
    #[arg(long, value_name = "CONTEXT")]
    pub key_context: String,
    /// The attestation key: likewise
    #[arg(long, value_name = "CONTEXT")]
    pub ak_context: String,
    /// A file with the authorisation of the key
    #[arg(long, value_name = "FILE")]
    pub key_auth_file: Option<PathBuf>,
    /// A file with the authorisation of the attestation key
    #[arg(long, value_name = "FILE")]
    pub ak_auth_file: Option<PathBuf>,
    /// The certificate of the attestation key, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub ak_certificate: Option<PathBuf>,
    /// Where the evidence goes; standard output where not given. Only other evidence is replaced
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// After how many seconds each of the programs is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub timeout: u32,
    /// The file with the digest that an evidence command of a signer is given; the statement is about
    /// the key alone
    #[arg(value_name = "DIGEST_FILE")]
    pub digest: Option<PathBuf>,
}

/// Where signers are kept.
#[derive(Debug, clap::Args)]
pub struct SettingsArg {
    /// The settings, those of the window; ~/.config/countersign/settings.json where not given
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_SETTINGS")]
    pub settings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum SignersCommand {
    /// List the signers, and whether each may sign
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: SettingsArg,
    },
    /// Add a signer behind a command, and probe it
    Add(SignersAddArgs),
    /// Have a signer sign a random digest twice, and find out how it signs
    Probe {
        /// Its name
        name: String,
        /// The directory of sealed runs that it must leave alone
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
        #[command(flatten)]
        settings: SettingsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Remove a signer; the key it names is left alone
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        settings: SettingsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

#[derive(Debug, clap::Args)]
pub struct SignersAddArgs {
    /// What it is called here
    pub name: String,
    /// The command; it is run without a shell, with the path of the file that holds the digest added
    #[arg(long, value_name = "COMMAND")]
    pub command: String,
    /// The id that its signatures name
    #[arg(long, value_name = "ID")]
    pub key_id: String,
    /// Who signs with it
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// How it signs; where not given, as its public key does if there is but one way
    #[arg(long, value_parser = algorithm)]
    pub algo: Option<Algorithm>,
    /// The key that verifies: a file with a public key in any usual form, or its text
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        required_unless_present = "public_key_command"
    )]
    pub public_key: Option<String>,
    /// A command that prints that key; it is run by each probe
    #[arg(long, value_name = "COMMAND", conflicts_with = "public_key")]
    pub public_key_command: Option<String>,
    /// After how many seconds it is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub timeout: u32,
    /// Where it runs; a directory of its own where not given
    #[arg(long, value_name = "DIR")]
    pub working_directory: Option<PathBuf>,
    /// The name of a variable of the environment that is passed on; may be repeated
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
    /// A command that prints the evidence for each signature, given the same file
    #[arg(long, value_name = "COMMAND")]
    pub evidence_command: Option<String>,
    /// Keep it without a probe; it cannot sign until it has passed one
    #[arg(long)]
    pub no_probe: bool,
    #[command(flatten)]
    pub settings: SettingsArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The envelope that the signatures come to, by any of its files; or a directory of envelopes
    pub target: PathBuf,
    /// Copies: signature files, runs with their signatures beside them, or directories; where none
    /// is given, the conflict copies beside the target
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// One JSON object per envelope and line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

const EXPORT_HELP: &str = "\
Examples:
  countersign export RUN-….json --out for-jon.zip         one envelope
  countersign export sealed_runs/ --out for-jon.zip       all of a directory, with its logs

The file is a zip with a list of its files, SHA256SUMS. The digest that is printed is the SHA-256 of
that list: pass it on by another way, and have it compared where the file is imported.

Exit codes: 0 all is in it · 1 something was left out · 2 nothing was written.";

const IMPORT_HELP: &str = "\
Every file is checked against the list in the archive, and the archive against --expect. Envelopes
that are not there yet are added; of those that are, the signatures are united as by `merge`. Logs
come in where there is none, or where the one that is there is their beginning. What contradicts what
stands there is named and left out; nothing is overwritten, and importing twice changes nothing.

Exit codes: 0 all is there now · 1 something was left out · 2 nothing was imported.";

const PACK_HELP: &str = "\
Examples:
  countersign pack RUN-….json --out DEC-007/           a folder
  countersign pack RUN-….json --out DEC-007.zip        a zip of the same
  countersign verify DEC-007.zip --level L4            what the auditor does with it

In it are the run, its manifest, all signatures, the transparency log with its LOG_HEAD.json, the
authority ledger, the signers' public keys, what the keyring says of them, report.html to print,
VERIFY_INSTRUCTIONS.md for OpenSSL and the reference's verify_pack.py, and SHA256SUMS. The same
evidence makes the same bytes. The digest that is printed is the SHA-256 of SHA256SUMS.";

#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Envelopes, each by any of its files; or directories of them
    #[arg(value_name = "RUN", required = true)]
    pub sources: Vec<PathBuf>,
    /// The file that they are put into; must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The file, or the folder that it was unpacked into
    #[arg(value_name = "FILE")]
    pub archive: PathBuf,
    /// The directory of envelopes that it comes to
    #[arg(value_name = "DIR")]
    pub target: PathBuf,
    /// Refuse it unless this is its digest: 64 hex digits, in groups or not
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub expect: Option<Digest>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub heads: LogHeadsArg,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, clap::Args)]
pub struct PackArgs {
    /// A sealed run
    pub run: PathBuf,
    /// A folder, or a file that ends in .zip; must not be there yet
    #[arg(long, value_name = "OUT")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// A digest as one person tells it to another.
fn digest(text: &str) -> Result<Digest, String> {
    let problem = "no digest: it has 64 hex digits, in groups of four or not";
    Digest::parse_spoken(text).ok_or_else(|| problem.to_owned())
}

#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// The directory; its sub-directories are searched too
    pub directory: PathBuf,
    /// One JSON object per line, with every check
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

#[derive(Debug, clap::Args)]
pub struct HistoryArgs {
    /// The directory; its sub-directories are searched too
    #[arg(default_value = ".")]
    pub directory: PathBuf,
    /// By this person, the whole name
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub person: Vec<String>,
    /// In this role
    #[arg(long, value_name = "ROLE", help_heading = "Filters")]
    pub role: Vec<Role>,
    /// With this key: its id, or a fingerprint, or at least 8 digits of its beginning
    #[arg(long, value_name = "KEY", help_heading = "Filters")]
    pub key: Vec<String>,
    /// By a key of this kind: software, hardware or external
    #[arg(long, value_name = "KIND", help_heading = "Filters")]
    pub kind: Vec<SignerType>,
    /// Of this standing: valid, not_accepted, unchecked or invalid
    #[arg(long, value_name = "STANDING", help_heading = "Filters")]
    pub standing: Vec<Standing>,
    /// On envelopes that stand at this level now: none, or L0 to L7
    #[arg(long, value_name = "Ln", help_heading = "Filters", value_parser = history::level)]
    pub level: Vec<LevelFilter>,
    /// Not before this day or time: 2026-05-06 or 2026-05-06T07:08:09Z
    #[arg(long, value_name = "TIME", help_heading = "Filters", value_parser = history::since)]
    pub since: Option<i64>,
    /// Not after this day or time
    #[arg(long, value_name = "TIME", help_heading = "Filters", value_parser = history::until)]
    pub until: Option<i64>,
    /// CSV, for spreadsheets
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// A sealed run, or a directory of them; or a pack, as folder or zip
    pub path: PathBuf,
    /// The level that is wanted
    #[arg(long, value_name = "Ln", default_value = "L2")]
    pub level: Level,
    /// Of a pack: the digest that it must have, 64 hex digits, in groups or not
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub expect: Option<Digest>,
    /// The path is a pack, and the keyring that came with it decides whose keys count, also if this
    /// station has a keyring: whose keys they are is then the word of whoever packed it
    #[arg(long, conflicts_with = "keyring")]
    pub pack_keys: bool,
    /// One JSON object per line instead of a report
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// A sealed run
    pub file: PathBuf,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// An algorithm, with the reference's short name for HMAC too.
fn algorithm(text: &str) -> Result<Algorithm, String> {
    if text == "hmac" { Ok(Algorithm::HmacSha256) } else { text.parse() }
}

#[derive(Debug, clap::Args)]
pub struct SignArgs {
    /// Sealed runs to sign; the manifest beside each is signed with it
    #[arg(value_name = "FILE", required_unless_present_any = ["file", "piv", "pkcs11"])]
    pub files: Vec<PathBuf>,
    /// In which role: operator, reviewer, witness or auditor
    #[arg(long, required_unless_present = "file")]
    pub role: Option<Role>,
    /// Who signs, as the keyring knows them
    #[arg(long, alias = "witness", value_name = "NAME", required_unless_present_any = ["file", "piv", "pkcs11", "signer_profile"])]
    pub signer: Option<String>,
    /// The id of the key, such as ds-prod-2026-05
    #[arg(long, value_name = "ID", required_unless_present_any = ["piv", "pkcs11", "signer_profile"])]
    pub key_id: Option<String>,
    #[command(flatten)]
    pub piv: PivArgs,
    #[command(flatten)]
    pub pkcs11: Pkcs11Args,
    /// What holds the key, as you claim it against what its token says: software, hardware or
    /// external. It counts as claimed only, and is journalled
    #[arg(long, value_name = "TYPE", requires = "pkcs11", conflicts_with_all = ["piv", "external_signer_cmd"], help_heading = "PKCS#11")]
    pub signer_type: Option<SignerType>,
    /// The private key; `-` reads it from standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "piv", "pkcs11"])]
    pub key_file: Option<PathBuf>,
    /// Read the passphrase of the key file, or the PIN, from this file descriptor instead of the
    /// terminal
    #[arg(long, visible_alias = "pin-fd", value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// How the key signs: ed25519 (where not given) or hmac; behind a command or on a token also
    /// ecdsa-p256-sha256, ecdsa-p384-sha384, rsa-pkcs1v15-sha256 or rsa-pss-sha256 (on a token
    /// where not given, the first that the key can)
    #[arg(long, value_parser = algorithm)]
    pub algo: Option<Algorithm>,
    /// Sign with a signer of this station, by its name (countersign signers)
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = [
            "key", "key_file", "piv", "slot", "pkcs11", "module", "token", "key_label",
            "key_object_id", "module_timeout", "module_env", "module_init", "signer_type",
            "external_signer_cmd", "public_key", "external_timeout", "external_env", "algo",
        ]
    )]
    pub signer_profile: Option<String>,
    #[command(flatten)]
    pub settings: SettingsArg,
    /// What proves where the key lives: a JSON object of a key attestation, or a directory with the
    /// files of tpm2_certify; may be repeated
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// Which bytes to sign: canonical_json, sha256, sha256_hex or sha256_hex_base64
    /// (where not given, the first that the key can do; of a command, what it is seen to sign)
    #[arg(long, value_name = "FORM")]
    pub signed_payload: Option<SignedPayload>,
    /// How many signatures the envelope asks for, if this one begins it by co-signing
    #[arg(long, alias = "min-threshold", value_name = "N", default_value_t = 2)]
    pub threshold: u64,
    /// A role that the envelope asks for beyond operator and witness; may be repeated
    #[arg(long, value_name = "ROLE")]
    pub require_role: Vec<Role>,
    /// The keyring; a key that it knows signs only for its owner and roles
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_KEYRING")]
    pub keyring: Option<PathBuf>,
    /// The file to sign, as the reference names it
    #[arg(long, help_heading = "As the reference's sign_artifact.py", conflicts_with = "files")]
    pub file: Option<PathBuf>,
    /// The key itself, base64; others on this machine can see it, so rather use --key-file
    #[arg(long, help_heading = "As the reference's sign_artifact.py", value_name = "BASE64")]
    pub key: Option<SecretString>,
    /// Keep the signatures that are there; always so here
    #[arg(long, help_heading = "As the reference's sign_artifact.py")]
    pub append: bool,
    /// Sign the one file alone, its signatures going there
    #[arg(long, help_heading = "As the reference's sign_artifact.py", value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Sign with an external command: it is given the path of a file with the hex SHA-256 of the
    /// canonical bytes, and prints the base64 signature
    #[arg(
        long,
        help_heading = "As the reference's sign_artifact.py",
        value_name = "COMMAND",
        conflicts_with_all = [
            "key", "key_file", "passphrase_fd", "piv", "slot", "pkcs11", "module", "token",
            "key_label", "key_object_id", "module_timeout", "module_env", "module_init",
        ]
    )]
    pub external_signer_cmd: Option<String>,
    /// The public key of the external command, or of a token's key that does not show it: a file with
    /// it in any usual form, or its text; if not given, the one that the keyring has under this key id
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, conflicts_with_all = ["key", "key_file", "piv"])]
    pub public_key: Option<String>,
    /// After how many seconds the external command is ended
    #[arg(long, value_name = "SECONDS", requires = "external_signer_cmd", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub external_timeout: u32,
    /// The name of a variable of the environment that the external command sees; may be repeated
    #[arg(long, value_name = "NAME", requires = "external_signer_cmd")]
    pub external_env: Vec<String>,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// A journal that is named: anything else is refused before anything is done.
fn journal_file(path: PathBuf) -> Result<PathBuf, OverwriteError> {
    overwrite::check(&path, FileKind::Journal).map(|()| path)
}

/// A place for what was seen of logs that is named, likewise.
fn log_heads_directory(path: PathBuf) -> Result<PathBuf, OverwriteError> {
    overwrite::check_directory(&path, "what was seen of logs").map(|()| path)
}

/// Where what happens is written down.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Journal")]
pub struct JournalArgs {
    /// The journal; ~/.local/state/countersign/journal.ndjson where not given. What cannot be
    /// journalled is not done
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERSIGN_JOURNAL",
        value_parser = PathBufValueParser::new().try_map(journal_file)
    )]
    pub journal: Option<PathBuf>,
    /// How large a journal grows before the next file is begun
    #[arg(
        long,
        value_name = "BYTES",
        env = "COUNTERSIGN_JOURNAL_BYTES",
        default_value_t = countersign_station::journal::LIMIT,
        value_parser = clap::value_parser!(u64).range(4096..)
    )]
    pub journal_bytes: u64,
}

#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Check the whole chain, through every file that it goes on from
    Verify {
        /// The journal; the own one where not given
        #[arg(value_name = "FILE", env = "COUNTERSIGN_JOURNAL")]
        file: Option<PathBuf>,
    },
    /// Print the entries, the oldest first
    Show {
        /// The journal; the own one where not given
        #[arg(value_name = "FILE", env = "COUNTERSIGN_JOURNAL")]
        file: Option<PathBuf>,
        /// One JSON object per line, as they stand in the file
        #[arg(long)]
        json: bool,
    },
}

/// Which key of which YubiKey.
#[derive(Debug, Clone, clap::Args)]
pub struct PivArgs {
    /// Use a YubiKey; where several are plugged in, the one of this serial
    #[arg(long, value_name = "SERIAL", num_args = 0..=1)]
    pub piv: Option<Option<String>>,
    /// Which slot's key; where not given, the first of 9c, 9a, 9d, 9e, 82 to 95 that can sign
    #[arg(long, value_name = "SLOT", requires = "piv")]
    pub slot: Option<String>,
    /// The PIN has one try left, and this one may be it
    #[arg(long)]
    pub last_try: bool,
}

/// Which key of which token behind which PKCS#11 module.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "PKCS#11")]
pub struct Pkcs11Args {
    /// Use a token behind a PKCS#11 module; the key that is meant as an RFC 7512 URI, or by the flags
    /// below
    #[arg(long, value_name = "URI", num_args = 0..=1, conflicts_with = "piv")]
    pub pkcs11: Option<Option<String>>,
    /// The module's file, and no other; if not given, those of p11-kit and at the usual places
    #[arg(long, value_name = "FILE", requires = "pkcs11")]
    pub module: Option<PathBuf>,
    #[command(flatten)]
    pub start: ModuleStartArgs,
    /// The token's label
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub token: Option<String>,
    /// The key's label
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub key_label: Option<String>,
    /// The key's id, in hex
    #[arg(long, value_name = "HEX", requires = "pkcs11")]
    pub key_object_id: Option<String>,
    /// After how many seconds without an answer the module is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub module_timeout: u32,
}

/// How a module is started, beside what the settings say of it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "PKCS#11")]
pub struct ModuleStartArgs {
    /// The name of a variable of the environment that the module gets; may be repeated
    #[arg(long, value_name = "NAME", requires = "module", value_parser = variable_name)]
    pub module_env: Vec<String>,
    /// What the module is initialised with, if it takes a text, such as NSS; others on this machine
    /// can see it, so keep secrets out of it
    #[arg(long, value_name = "TEXT", requires = "module", allow_hyphen_values = true)]
    pub module_init: Option<String>,
}

/// The name of a variable. What is refused is not repeated, since it may be a value.
fn variable_name(text: &str) -> Result<String, String> {
    match is_variable_name(text) {
        true => Ok(text.to_owned()),
        false => Err("give only the name of the variable, such as KRYOPTIC_CONF".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub enum ModulesCommand {
    /// List what is kept of modules: which are trusted, and how they are started
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: SettingsArg,
    },
    /// Trust a module's word on hardware: keys that it calls hardware are enrolled so. Its SHA-256 is
    /// kept, and once the file changes its word no longer counts
    Trust {
        /// The module's file
        module: PathBuf,
        #[command(flatten)]
        settings: SettingsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Keep how a module is started; this replaces what was kept
    Start {
        /// The module's file
        module: PathBuf,
        /// The name of a variable of the environment that it gets; may be repeated. Values are never
        /// kept
        #[arg(long, value_name = "NAME", value_parser = variable_name)]
        module_env: Vec<String>,
        /// What it is initialised with, if it takes a text
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        module_init: Option<String>,
        #[command(flatten)]
        settings: SettingsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Remove all that is kept of a module; its file stays
    Remove {
        /// The module's file
        module: PathBuf,
        #[command(flatten)]
        settings: SettingsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

#[derive(Debug, clap::Args)]
pub struct DevicesArgs {
    /// Go on, and tell (and journal) what is plugged in and pulled out, until interrupted
    #[arg(long)]
    pub watch: bool,
    /// JSON: an object, or with --watch one event a line
    #[arg(long)]
    pub json: bool,
    /// Look into the PKCS#11 modules too that p11-kit knows and that are at the usual places
    #[arg(long)]
    pub pkcs11: bool,
    /// Look into this PKCS#11 module, and no other; may be repeated
    #[arg(long = "module", id = "module", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    #[command(flatten)]
    pub start: ModuleStartArgs,
    #[command(flatten)]
    pub settings: SettingsArg,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub roots: RootsArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, Subcommand)]
pub enum PinCommand {
    /// Change the PIN
    Change(PinArgs),
    /// Change the PUK, which unblocks the PIN
    ChangePuk(PinArgs),
    /// Set another PIN with the PUK, where the PIN is blocked or forgotten
    Unblock(PinArgs),
}

#[derive(Debug, clap::Args)]
pub struct PinArgs {
    /// The YubiKey of this serial, where several are plugged in
    #[arg(value_name = "SERIAL")]
    pub serial: Option<u32>,
    /// Read both from this file descriptor, the one that is known first, each on a line
    #[arg(long, value_name = "N")]
    pub pin_fd: Option<i32>,
    /// One try is left, and this one may be it
    #[arg(long)]
    pub last_try: bool,
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Add the key of a YubiKey or a token: as hardware if its attestation or a known module says so
    Enrol(Box<KeysEnrolArgs>),
    /// List the keys of the keyring
    List {
        #[command(flatten)]
        keyring: KeyringArg,
        #[command(flatten)]
        roots: RootsArg,
        /// The keyring's own JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a public key: from PEM, from base64, or from a .sig.json
    Add(KeysAddArgs),
    /// Revoke a key: signatures dated from then on no longer count
    Revoke {
        /// The id of the key
        key_id: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// From when; now where not given
        #[arg(long, value_name = "TIME")]
        at: Option<Instant>,
        #[command(flatten)]
        keyring: KeyringArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Make an Ed25519 key, kept encrypted under a passphrase, and add it to the keyring
    Generate(KeysGenerateArgs),
}

#[derive(Debug, clap::Args)]
pub struct KeyringArg {
    /// The keyring; ~/.config/countersign/keyring.json where not given
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_KEYRING")]
    pub keyring: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct RootsArg {
    /// The folder of roots that attestations may lead to; attestation-roots beside the keyring where
    /// not given
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_ATTESTATION_ROOTS")]
    pub attestation_roots: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Holder {
    /// The id that signatures name, such as ds-prod-2026-05
    #[arg(long, value_name = "ID")]
    pub key_id: Option<String>,
    /// Whose it is: the signer name of its signatures
    #[arg(long, visible_alias = "signer", value_name = "NAME")]
    pub owner: Option<String>,
    /// A role its owner may sign in; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<Role>,
    /// From when its signatures count
    #[arg(long, value_name = "TIME")]
    pub valid_from: Option<Instant>,
    /// Until when its signatures count
    #[arg(long, value_name = "TIME")]
    pub valid_until: Option<Instant>,
}

#[derive(Debug, clap::Args)]
pub struct KeysAddArgs {
    /// A file with the public key (PEM, DER, X.509 certificate, OpenSSH, base64, or the JSON of `aws
    /// kms get-public-key`), its text, or a .sig.json; `-` is standard input
    #[arg(value_name = "SOURCE", required_unless_present = "hmac")]
    pub source: Option<String>,
    /// Add a shared HMAC key by its id; the key itself is never kept
    #[arg(long, conflicts_with = "source")]
    pub hmac: bool,
    /// Which signature of a .sig.json with several, from 0; --key-id or --owner choose too
    #[arg(long, value_name = "N")]
    pub index: Option<usize>,
    /// What holds the key, as you know it: software, hardware or external (where not given, hardware
    /// if an attestation comes with it and holds, else software)
    #[arg(long)]
    pub kind: Option<SignerType>,
    #[command(flatten)]
    pub holder: Holder,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub roots: RootsArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, clap::Args)]
pub struct KeysEnrolArgs {
    #[command(flatten)]
    pub piv: PivArgs,
    #[command(flatten)]
    pub pkcs11: Pkcs11Args,
    /// Read the PIN from this file descriptor, where a token shows only with it what it says of the
    /// key
    #[arg(long, value_name = "N", requires = "pkcs11")]
    pub pin_fd: Option<i32>,
    /// What holds the key, on your own word: software, hardware or external
    #[arg(long)]
    pub kind: Option<SignerType>,
    /// The public half of a token's key that does not show it: a file with it in any usual form, or its
    /// text
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, requires = "pkcs11")]
    pub public_key: Option<String>,
    #[command(flatten)]
    pub settings: SettingsArg,
    #[command(flatten)]
    pub holder: Holder,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub roots: RootsArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, clap::Args)]
pub struct KeysGenerateArgs {
    /// Where the encrypted private key goes; must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Read the passphrase from this file descriptor instead of the terminal
    #[arg(long, value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// Only make the key, leave the keyring alone
    #[arg(long)]
    pub no_keyring: bool,
    #[command(flatten)]
    pub holder: Holder,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub journal: JournalArgs,
}

#[derive(Debug, Subcommand)]
pub enum RootsCommand {
    /// List the certificates and keys of the trust folder
    List {
        #[command(flatten)]
        roots: RootsArg,
        #[command(flatten)]
        keyring: KeyringArg,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Trust certificates, or the attestation keys of TPMs, from a file, each once it is confirmed
    /// by its SHA-256
    Add {
        /// Certificates or public keys as PEM, or the public area of a TPM key (ak.pub)
        file: PathBuf,
        /// Confirm what has this SHA-256 instead of being asked; may be repeated
        #[arg(long, value_name = "HEX")]
        sha256: Vec<String>,
        #[command(flatten)]
        roots: RootsArg,
        #[command(flatten)]
        keyring: KeyringArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Trust a certificate or key no longer
    Remove {
        /// Its SHA-256
        #[arg(value_name = "HEX")]
        sha256: String,
        #[command(flatten)]
        roots: RootsArg,
        #[command(flatten)]
        keyring: KeyringArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Register sealed runs; one that is registered already is left alone
    Append {
        /// The sealed runs
        #[arg(value_name = "RUN", required = true)]
        runs: Vec<PathBuf>,
        /// The log; where not given, that of the run's directory
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        #[command(flatten)]
        heads: LogHeadsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Check the whole chain of a log, or of all logs and ledgers of a directory, and that each goes
    /// on from what was seen of it here before
    Verify {
        /// A log, or a directory
        path: PathBuf,
        #[command(flatten)]
        heads: LogHeadsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Write the head of a log: how many entries, the last one, the hash of the whole text
    Head {
        /// The log; where not given, that of the current directory
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        /// Where to; `-` prints it. LOG_HEAD.json beside the log where not given. Only another head is
        /// replaced
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        heads: LogHeadsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Prove that sealed runs stand in the log: their entries and all after them, in one file
    Prove {
        /// The sealed runs
        #[arg(value_name = "RUN", required = true)]
        runs: Vec<PathBuf>,
        /// The log; where not given, that of the first run's directory
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        /// Where to; printed where not given. Only another proof is replaced
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Say where the runs stand as JSON, one object a line; with --out
        #[arg(long, requires = "out")]
        json: bool,
        #[command(flatten)]
        heads: LogHeadsArg,
    },
    /// Check a proof that a sealed run stands in a log, without the log
    CheckProof {
        /// The proof
        proof: PathBuf,
        /// The sealed run
        #[arg(long, value_name = "RUN")]
        run: PathBuf,
        /// The head that is trusted: a LOG_HEAD.json, or the hash of the last entry
        #[arg(long, value_name = "FILE|HASH")]
        head: Option<String>,
        /// Say where the run stands as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Accept a log or ledger as it is, although it was cut, removed or forked since it was seen here
    Accept {
        /// A log, or a directory
        path: PathBuf,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        heads: LogHeadsArg,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

/// Where is kept what this station saw of logs and signature files.
#[derive(Debug, Clone, clap::Args)]
pub struct MemoryArg {
    /// Where the heads of the logs seen here are kept, and what signature files asked for;
    /// ~/.local/state/countersign/log-heads where not given
    #[arg(
        long,
        value_name = "DIRECTORY",
        env = "COUNTERSIGN_LOG_HEADS",
        value_parser = PathBufValueParser::new().try_map(log_heads_directory)
    )]
    pub log_heads: Option<PathBuf>,
}

/// How logs are held against what this station saw of them.
#[derive(Debug, Clone, clap::Args)]
pub struct LogHeadsArg {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// For this command only warn of a log that was cut, removed or forked since it was seen here
    #[arg(long)]
    pub allow_rewritten_log: bool,
}

#[derive(Debug, clap::Args)]
pub struct CanonicalArgs {
    /// Read one JSON object {"input": "…"} a line, print {"sha256": "…"} or {"error": "…"} for each
    #[arg(long)]
    pub jsonl: bool,
}

#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Where to; made if it is not there, refused if it is not empty
    pub directory: PathBuf,
    /// How many envelopes
    #[arg(long, value_name = "N", default_value_t = 27)]
    pub runs: usize,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// All of one level instead of every level in turn
    #[arg(long, value_name = "Ln")]
    pub level: Option<Level>,
    /// Five years of about so many signatures instead, by thirteen people with keys of every kind
    #[arg(long, value_name = "SIGNATURES", conflicts_with_all = ["runs", "level"])]
    pub history: Option<usize>,
    #[command(flatten)]
    pub heads: LogHeadsArg,
}
