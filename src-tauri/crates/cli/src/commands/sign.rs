//! `countersign sign`: sign or co-sign, with a software key, a YubiKey, a PKCS#11 token or an
//! external command.

use std::io::Write as _;

use countersign_problem::{Explain, Problem};
use countersign_store::evidence::EvidenceError;

use crate::stopped::{Stopped, StreamError};
use crate::tokens::TokenUseError;
mod companion;
mod key;

use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_app::refuse::{self, RefuseRequest};
use countersign_app::sign::{SignRequest, SignsAs};
use countersign_app::workspace::Workspace;
use countersign_ceremony::ceremony::{Ceremony, CeremonyError, LastTry, Stage};
use countersign_ceremony::signing::{self, Choice, Intent, Reading, Scope, SigningError};
use countersign_ceremony::to_sign::ToSign;
use countersign_envelope::claim::SeenChain;
use countersign_envelope::count::counted;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_problem::visible::{visible, visible_short};
use countersign_signers::{Key, LockedKey, Secret, SignerError};
use countersign_store::evidence;
use countersign_store::logs::LogBook;
use countersign_store::overwrite::{self, FileKind};
use secrecy::SecretString;

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::{KeyArgs, KeyChoice, REFERENCE};
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::clock::now;
use crate::commands::sign::companion::CompanionArgs;
use crate::commands::sign::key::Opening;
use crate::ui::{self, Terminal, secret, shown};

const SIGN_HELP: &str = "\
With --piv a YubiKey or another PIV card signs. Its PIN is asked for on the terminal, or read with \
--pin-fd; id and owner of the key are taken from the keyring.

With --pkcs11 a token behind a PKCS#11 module signs: an HSM, a smart card, a TPM. Choose the key by a \
URI (RFC 7512), or by --module, --token, --key-label and --key-object-id; as much as tells it from \
others. With pin-source=file:… in the URI the PIN is read from that file (mode 0600) or descriptor, \
without a person. Without a module, those that p11-kit knows and those at the usual places are searched. A key \
that the token does not call hardware signs as software; --signer-type states otherwise, which counts \
as claimed.

With --companion a second key of the same person, for ML-DSA-65 (FIPS 204), signs the same files and \
the claim. The claim names that key, and the keyring has it for the signer. The signature then also \
holds if elliptic curves are broken; it never counts as another person's.

A key file is one made by `countersign keys generate` (its passphrase is asked for), PEM PKCS#8, or \
base64 of the key. Without any option that chooses a key, it is taken from DEEPSIGMA_SIGNING_KEY \
(base64), as the reference does.

The flags of the reference's sign_artifact.py work too: --file --algo --key-id --key --witness \
--role --append --out. Existing signatures are always kept, with or without --append.";

/// The heading of the flags for what a signature adds.
const TERMS: &str = "Terms and evidence";

/// Sign a sealed run and its manifest in one act, or co-sign them
#[derive(Debug, clap::Args)]
#[command(after_help = SIGN_HELP)]
pub struct SignArgs {
    /// Sealed runs to sign; the manifest beside each is signed with it
    #[arg(value_name = "FILE", required_unless_present = "file")]
    pub files: Vec<PathBuf>,
    /// The role of the signer: operator, reviewer, witness or auditor
    #[arg(long, required_unless_present = "file")]
    pub role: Option<Role>,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten)]
    pub companion: CompanionArgs,
    /// Evidence of where the key lives: the JSON object of a key attestation, or what the tools of
    /// the device wrote: certificates, or a directory; may be repeated
    #[arg(long, help_heading = TERMS, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// How many signatures the envelope asks for, if this co-signature makes it
    #[arg(
        long,
        help_heading = TERMS,
        alias = "min-threshold",
        value_name = "N",
        default_value_t = 2
    )]
    pub threshold: u64,
    /// Sign without a claim, as version 0.1 did: then role, name, time and kind of key are only the
    /// word of the file
    #[arg(long, help_heading = TERMS)]
    pub no_claim: bool,
    /// A role that the envelope asks for besides operator and witness; may be repeated
    #[arg(long, help_heading = TERMS, value_name = "ROLE")]
    pub require_role: Vec<Role>,
    /// The file to sign, as the reference names it
    #[arg(long, help_heading = REFERENCE, conflicts_with = "files")]
    pub file: Option<PathBuf>,
    /// Keep existing signatures; always so here
    #[arg(long, help_heading = REFERENCE)]
    pub append: bool,
    /// Sign this one file only, and write its signatures to FILE
    #[arg(long, help_heading = REFERENCE, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

impl SignArgs {
    /// Those of another act with a key: as for signing these files, without claim or terms.
    pub fn of_act(
        files: Vec<PathBuf>,
        role: Role,
        key: KeyArgs,
        (keyring, memory, journal): (KeyringArgs, MemoryArgs, JournalArgs),
    ) -> Self {
        Self {
            files,
            role: Some(role),
            key,
            companion: CompanionArgs::default(),
            evidence: Vec::new(),
            threshold: 2,
            no_claim: true,
            require_role: Vec::new(),
            file: None,
            append: false,
            out: None,
            keyring,
            memory,
            journal,
        }
    }
}

/// Why a file was not signed.
#[derive(Debug, Problem)]
enum SignError {
    /// One file for the signatures of several.
    SeveralFiles,
    /// The key went wrong with an earlier file.
    KeySpent { path: PathBuf },
    /// The PIN was wrong too often.
    Blocked { from: String, why: String },
}

/// Evidence that a signature is made without.
#[derive(Debug, Problem)]
struct WithoutEvidence {
    cause: EvidenceError,
}

/// Terms that were given and that this signature does not set.
#[derive(Debug, Problem)]
#[problem(area = "terms")]
enum TermsInVain {
    /// The envelope has its terms.
    SetAlready,
    /// It has no place for them yet.
    FirstSignature,
}

impl SignArgs {
    /// What is signed, and what the person says of their signatures.
    fn request(
        &self,
        evidence: Vec<KeyAttestation>,
        intent: &Intent,
        keyring: &Keyring,
    ) -> SignRequest {
        let role = self.role.unwrap_or(Role::Operator);
        if *intent != Intent::Sign {
            let refusal = RefuseRequest {
                file: self.files.first().cloned().unwrap_or_default(),
                intent: intent.clone(),
                key_id: self.key.key_id.clone(),
                signer: self.key.signer.clone(),
                role,
                payload: self.key.signed_payload,
            };
            return refusal.sign_request(keyring);
        }
        SignRequest {
            files: self.files.iter().chain(&self.file).cloned().collect(),
            scope: if self.out.is_some() { Scope::OneFile } else { Scope::RunAndManifest },
            signatures: self.out.clone(),
            key_id: self.key.key_id.clone(),
            signer: self.key.signer.clone(),
            role,
            payload: self.key.signed_payload,
            threshold: self.threshold,
            required_roles: self.require_role.clone(),
            evidence,
            claim: !self.no_claim,
            intent: Intent::Sign,
        }
    }
}

pub fn run(args: &SignArgs) -> Result<bool, Stopped> {
    act(args, &Intent::Sign)
}

/// Signs, refuses or withdraws.
pub fn act(args: &SignArgs, intent: &Intent) -> Result<bool, Stopped> {
    args.key.choice()?;
    if args.out.is_some() && args.files.iter().chain(&args.file).count() > 1 {
        return Err(SignError::SeveralFiles.into());
    }
    if let Some(out) = &args.out {
        overwrite::check(out, FileKind::Signatures)?;
    }
    args.journal.check_place()?;
    let keyring = Arc::new(args.keyring.read()?);
    let brought = evidence::read_all(&args.evidence)?;
    let request = args.request(brought.evidence, intent, &keyring);
    // Opened once, its passphrase or PIN asked for once, however many files there are.
    let (key, signs_as) = open_key(args, &request, &keyring)?;
    let mut key = Some(key);
    // Evidence that cannot be read does not stop the signature.
    for cause in brought.unreadable {
        ui::warn(&WithoutEvidence { cause }.problem());
    }
    let memory = args.memory.open_if_any(Some(&args.journal));
    // What the journal does not take, each ceremony refuses to sign.
    let workspace = Workspace { memory, ..args.journal.workspace_to_look() };
    let act = Act { args, request: &request, signs_as: &signs_as, keyring: &keyring };
    let logs = LogBook::new(workspace.log.clone(), workspace.ledger.clone());
    let mut failed = false;
    for file in &request.files {
        let mut begun = request.begin(&workspace, file, (&keyring, &logs))?;
        begun.lowered.iter().for_each(|lowered| ui::warn_of(&lowered.english()));
        begun.not_known.iter().for_each(ui::warn);
        let signed = match (begun.ceremony.refusal(), key.take()) {
            (Some(error), unused) => {
                key = unused;
                Err(CeremonyError::Refused(Arc::clone(error)).into())
            }
            (None, Some(key)) => act.sign(&mut begun.ceremony, key),
            // The error has been reported; a secret is never asked for again.
            (None, None) => Err(SignError::KeySpent { path: file.clone() }.into()),
        };
        key = key.or_else(|| begun.ceremony.take_key());
        if let Err(stopped) = signed {
            stopped.report();
            failed = true;
        }
    }
    workspace.journal.iter().for_each(|journal| journal::tell(journal));
    if failed { Err(Stopped::Reported) } else { Ok(true) }
}

/// What every envelope of one command is signed with.
struct Act<'a> {
    args: &'a SignArgs,
    request: &'a SignRequest,
    signs_as: &'a SignsAs,
    keyring: &'a Keyring,
}

impl Act<'_> {
    /// Takes one ceremony, whose files have been read, to its end.
    fn sign(&self, ceremony: &mut Ceremony, key: Key) -> Result<(), Stopped> {
        let Self { args, request, signs_as, keyring } = *self;
        let choice = request.choice(signs_as, keyring, now());
        to_be_signed(args, ceremony, &choice, keyring)?;
        let said = match choice.intent.reason() {
            None => said(args, ceremony, &choice, keyring),
            Some(reason) => refused(ceremony, &choice, reason),
        };
        let terms = terms_in_vain(args, ceremony).filter(|_| choice.intent == Intent::Sign);
        let signed = complete(args, ceremony, key, choice)?;
        let written = match signed.map(|()| ceremony.written().unwrap_or_default()) {
            // A script of the reference signs the run and then the manifest; here that is one act.
            Err(CeremonyError::Refused(error)) if args.file.is_some() => match &*error {
                SigningError::SameKey { path, .. } => {
                    let said = format!("Signed already: {}\n", shown(path));
                    let written = anstream::stdout().write_all(said.as_bytes());
                    return Ok(written.map_err(StreamError::unsaid)?);
                }
                _ => return Err(CeremonyError::Refused(error).into()),
            },
            other => other?,
        };
        terms.iter().for_each(|vain| ui::warn(&vain.problem()));
        ceremony.notes().iter().for_each(|note| ui::warn_of(&note.english()));
        let lines = written.iter().map(|path| shown(path));
        let mut lines: String = lines.map(|path| format!("  wrote   {path}\n")).collect();
        for note in signing::notes(written) {
            lines += &format!("  note    {}\n", visible(&note.english()));
        }
        let said = anstream::stdout().write_all([said, lines].concat().as_bytes());
        Ok(said.map_err(StreamError::unsaid)?)
    }
}

/// Says what is about to be signed, before a secret is asked for: the decision of the run, the
/// manifest in words, and what becomes of refusals and earlier signatures.
fn to_be_signed(
    args: &SignArgs,
    ceremony: &Ceremony,
    choice: &Choice,
    keyring: &Keyring,
) -> Result<(), Stopped> {
    let Some(reading) = ceremony.reading() else { return Ok(()) };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let act = match choice.intent {
        Intent::Sign => "sign",
        Intent::Refuse { .. } => "refuse to sign",
        Intent::Withdraw { .. } => "withdraw your signature on",
    };
    let mut lines = format!("About to {act} {decision} {title}\n");
    if let Some(manifest) = reading.manifest_view().filter(|_| choice.intent == Intent::Sign) {
        lines += &format!("  manifest {}\n", manifest.line());
    }
    if let Some(reason) = choice.intent.reason() {
        lines += &format!("  reason  {}\n", visible(reason));
    }
    if let Some(companion) = &args.companion.companion {
        lines += &format!("  companion by {}\n", visible(companion));
    }
    if choice.claim && choice.intent == Intent::Sign {
        lines += &format!("  claim   {}\n", claim(reading, choice, keyring));
        if matches!(args.key.choice()?, KeyChoice::Piv(_) | KeyChoice::Pkcs11 { .. }) {
            let touches = reading.paths().count() + 1;
            lines += &format!(
                "  touches {touches}, one for each file and one for the claim, if the key asks for each\n"
            );
        }
    }
    let consequences = refuse::consequences(reading, choice, keyring);
    let consequences = consequences.map_err(|error| Stopped::Problem(error.problem()))?;
    for lifted in consequences.lifts {
        lines += &format!("  lifts   your refusal: {}\n", visible(&lifted.sentence().english()));
    }
    if consequences.withdraws > 0 {
        let signatures = counted(consequences.withdraws, "signature");
        lines += &format!("  withdraws {signatures} of yours, which no longer count\n");
    }
    anstream::stderr().write_all(lines.as_bytes()).map_err(Stopped::output)
}

/// What the key will say in its claim.
fn claim(reading: &Reading, choice: &Choice, keyring: &Keyring) -> String {
    let (signer, role, key) = (visible(&choice.signer_id), choice.role, visible(&choice.key_id));
    let Ok(seen) = reading.will_be_seen(keyring) else { return String::new() };
    let chain = |name: &str, chain: Option<SeenChain>| {
        chain.map(|chain| format!("{name} of {}", counted(chain.entries, "entry")))
    };
    let seen = [counted(seen.signatures.len(), "other signature")]
        .into_iter()
        .chain(chain("a log", seen.log))
        .chain(chain("a ledger", seen.ledger));
    let seen: Vec<String> = seen.collect();
    format!("{signer} as {role}, {}, key {key}; saw {}", choice.signed_at, seen.join(", "))
}

/// What is printed of an act, once it is done.
fn said(args: &SignArgs, ceremony: &Ceremony, choice: &Choice, keyring: &Keyring) -> String {
    let Some(reading) = ceremony.reading() else { return String::new() };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let digest = run.artifact().canonical().digest().grouped();
    let with = match (args.out.is_some(), reading.manifest().is_some()) {
        (true, _) => "",
        (false, true) => " and its manifest",
        (false, false) => "; it has no manifest beside it, so it cannot reach L2",
    };
    let asks = asks(reading.terms(choice, keyring).as_ref());
    format!(
        "Signed {decision} {title}{with}, as {} ({})\n  run     sha256 {digest}\n{asks}",
        choice.role,
        visible(&choice.signer_id)
    )
}

/// What is printed of a refusal, once it is written.
fn refused(ceremony: &Ceremony, choice: &Choice, reason: &str) -> String {
    let Some(reading) = ceremony.reading() else { return String::new() };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let digest = run.artifact().canonical().digest().grouped();
    let did = match choice.intent {
        Intent::Withdraw { .. } => "Withdrew your signature on",
        _ => "Refused to sign",
    };
    format!(
        "{did} {decision} {title}, as {} ({})\n  run     sha256 {digest}\n  reason  {}\n",
        choice.role,
        visible(&choice.signer_id),
        visible(reason)
    )
}

/// The warning if terms were given that this signature does not set.
fn terms_in_vain(args: &SignArgs, ceremony: &Ceremony) -> Option<TermsInVain> {
    let given = args.threshold > 2 || !args.require_role.is_empty();
    match ceremony.reading()?.existing().ok()?.filter(|_| given) {
        Some(SignatureFile::Block(_)) => None,
        Some(_) => Some(TermsInVain::SetAlready),
        None if given => Some(TermsInVain::FirstSignature),
        None => None,
    }
}

/// What the envelope asks for with this signature.
fn asks(terms: Option<&Terms>) -> String {
    let Some(Terms { threshold, required_roles }) = terms else { return String::new() };
    let among = if required_roles.is_empty() { "" } else { ", among them " };
    let roles: Vec<&str> = required_roles.iter().map(|role| role.as_str()).collect();
    format!("  asks    {}{among}{}\n", counted(*threshold, "signature"), roles.join(", "))
}

/// Opens the key that the flags choose, once, with whatever it asks for to show whose it is.
pub fn open_key(
    args: &SignArgs,
    request: &SignRequest,
    keyring: &Keyring,
) -> Result<(Key, SignsAs), Stopped> {
    let choice = args.key.choice()?;
    // First: its passphrase may be typed again, and a PIN may not.
    let companion = args.companion.open(args, request)?;
    let (key, signs_as) = Opening { args, request, keyring }.open(&choice)?;
    Ok((companion::give(key, companion)?, signs_as))
}

/// What signs something besides envelopes: with a key of the keyring, as its owner, in a role or in its
/// first.
pub fn act_request(key: &KeyArgs, keyring: &Keyring, role: Option<Role>) -> SignRequest {
    let known = keyring.keys().iter().find(|one| Some(&one.key_id) == key.key_id.as_ref());
    let first = || known.and_then(|one| one.roles.first().copied());
    let signer = key.signer.clone().or_else(|| known.map(|one| one.owner.clone()));
    let role = role.or_else(first).unwrap_or(Role::Operator);
    SignRequest::of_act(key.key_id.clone(), signer, role)
}

/// Takes a ceremony from the choice of the key to its end: asks for a secret and for a touch as often
/// as the person wants. Returns whether it was signed.
pub fn complete<R: ToSign>(
    args: &SignArgs,
    ceremony: &mut Ceremony<R>,
    key: Key,
    choice: Choice,
) -> Result<Result<(), CeremonyError>, Stopped> {
    let chosen = ceremony.choose(key, choice);
    if chosen.is_ok() {
        unlock(args, ceremony)?;
    }
    let signed = chosen.and_then(|()| ceremony.sign(&Terminal).map(drop));
    while ceremony.stage() == Stage::TouchMissed {
        if let Some(missed) = ceremony.missed_touch().map(Explain::problem) {
            if !ui::has_terminal() {
                return Err(Stopped::Problem(missed));
            }
            if !ui::confirmed(&format!("{}. Try again? [y/N]", visible(&missed.message())))? {
                ceremony.cancel();
            }
        }
        ceremony.sign(&Terminal).map(drop)?;
    }
    Ok(signed)
}

/// Asks for the secret, if the key needs one. After a wrong one it is not asked for again.
fn unlock<R: ToSign>(args: &SignArgs, ceremony: &mut Ceremony<R>) -> Result<(), Stopped> {
    let Some((key, problem)) = ceremony.locked_key() else { return Ok(()) };
    let from = key.name().to_string();
    // A kept PIN that was not sent may be typed by a person, if one is there.
    let may_ask = match problem {
        Some(problem @ SignerError::KeptPin(_)) if ui::has_terminal() => {
            ui::warn(&problem.problem());
            true
        }
        problem => problem.is_none(),
    };
    if may_ask {
        let (secret, last) = ask(args, key)?;
        ceremony.secret(&secret, last)?;
    }
    if let Some(problem) = ceremony.give_up() {
        return Err(TokenUseError::new(from, problem).into());
    }
    Ok(())
}

/// Asks for the secret that a key needs.
pub fn ask(args: &SignArgs, key: &dyn LockedKey) -> Result<(SecretString, LastTry), Stopped> {
    let from = key.name().to_string();
    let mut last = LastTry::NotConfirmed;
    let secret = match key.secret() {
        Secret::Passphrase => secret::passphrase(&from, args.key.passphrase_fd, false)?,
        Secret::Pin => {
            let tries = key.tries_left();
            if tries == Some(1) {
                secret::confirm_last_try(
                    "PIN",
                    key.risk(),
                    args.key.piv.last_try,
                    args.key.passphrase_fd,
                )?;
                last = LastTry::Confirmed;
            }
            let left = match tries {
                Some(0) => {
                    return Err(SignError::Blocked { from, why: key.blocked().to_string() }.into());
                }
                Some(1) => " (the last attempt)".to_owned(),
                Some(tries) => format!(" ({tries} attempts left)"),
                None => key.rule().map(|rule| format!(" ({rule})")).unwrap_or_default(),
            };
            secret::pin(&format!("PIN of {from}{left}: "), args.key.passphrase_fd)?
        }
    };
    Ok((secret, last))
}
