//! `countersign sign`: sign or co-sign, with a software key, a YubiKey, a PKCS#11 token or an
//! external command.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_envelope::count::counted;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Role};
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_envelope::visible::{visible, visible_short};
use countersign_signers::external::{Command, ExternalError, ExternalSigner};
use countersign_signers::software::HmacSigner;
use countersign_signers::{Attend, Key, LockedKey, Secret, Waiting, key_file};
use countersign_station::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use countersign_station::enrolment::{self, Selection};
use countersign_station::journal::Event;
use countersign_station::modules as station_modules;
use countersign_station::overwrite::{self, FileKind};
use countersign_station::reading::directory_of;
use countersign_station::signing::{self, Choice, Scope, SigningError};
use countersign_station::{evidence, tokens};
use secrecy::SecretString;

use crate::args::{PivArgs, Pkcs11Args, SignArgs};
use crate::error::CliError;
use crate::{
    devices, journal, keys, log, modules, pkcs11, policy_args, report_error, secret_input, signers,
};

/// Where the reference takes its key from.
const KEY_VARIABLE: &str = "DEEPSIGMA_SIGNING_KEY";

pub fn run(args: &SignArgs) -> Result<bool, CliError> {
    // `--piv RUN.json` names a file, and `--piv 12345678` a YubiKey; what is neither is refused.
    let mut piv = args.piv.clone();
    let mistaken = piv.piv.take_if(|one| {
        one.as_ref().is_some_and(|text| text.parse::<u32>().is_err() && Path::new(text).exists())
    });
    if mistaken.is_some() {
        piv.piv = Some(None);
    }
    // So does `--pkcs11 RUN.json`, and a URI a key.
    let mut pkcs11 = args.pkcs11.clone();
    let mistaken_uri = pkcs11.pkcs11.take_if(|one| {
        one.as_ref().is_some_and(|text| !text.starts_with("pkcs11:") && Path::new(text).exists())
    });
    if mistaken_uri.is_some() {
        pkcs11.pkcs11 = Some(None);
    }
    let mistaken = mistaken.flatten().or(mistaken_uri.flatten()).map(PathBuf::from);
    let files: Vec<PathBuf> =
        mistaken.into_iter().chain(args.files.iter().chain(&args.file).cloned()).collect();
    if files.is_empty() {
        return Err(CliError::Usage("no file to sign is named".to_owned()));
    }
    if args.out.is_some() && files.len() > 1 {
        return Err(CliError::Usage("--out takes the signatures of one file; name one".to_owned()));
    }
    if let Some(out) = &args.out {
        overwrite::check(out, FileKind::Signatures)?;
    }
    journal::check_place(&args.journal)?;
    let keyring = Arc::new(policy_args::keyring(args.keyring.as_ref())?);
    let brought = evidence::read_all(&args.evidence)?;
    // Opened once, its passphrase or PIN asked for once, however many files there are.
    let (key, signs_as) = key(args, &piv, &pkcs11, &files, &keyring)?;
    let mut key = Some(key);
    // What cannot be read says nothing against the signature.
    for error in &brought.unreadable {
        let error = error.to_string();
        journal::warn(&format!("{error}. Signing without it"));
    }
    let evidence: Vec<KeyAttestation> = brought.evidence;
    let journal = journal::open(&args.journal)?;
    let memory = log::memory_if_any(&args.memory, Some(&args.journal));
    let mut failed = false;
    for file in &files {
        let (scope, signatures) = (scope(args), args.out.as_deref());
        let ceremony = Ceremony::begin(file, scope, signatures, Arc::clone(&keyring));
        let mut ceremony =
            ceremony.recorded(journal::recorder_of_signatures(&journal, memory.clone()));
        let have_read = ceremony.have_read().map_err(CliError::from);
        if let (Some(reading), Some(memory)) = (ceremony.reading(), &memory) {
            match reading.lowered_terms(memory) {
                Ok(lowered) => lowered.into_iter().for_each(|lowered| journal::warn(&lowered)),
                Err(error) => journal::warn(&error.to_string()),
            }
        }
        let signed = have_read.and_then(|()| match key.take() {
            Some(key) => sign_one(args, &signs_as, &evidence, &keyring, &mut ceremony, key),
            // What went wrong has been said; a secret is never asked for again.
            None => Err(CliError::NotSigned(file.clone())),
        });
        key = key.or_else(|| ceremony.take_key());
        match signed {
            Ok(()) => {}
            Err(CliError::Reported) => failed = true,
            Err(error) => {
                report_error(&error);
                failed = true;
            }
        }
    }
    journal::tell(&journal);
    if failed { Err(CliError::Reported) } else { Ok(true) }
}

fn scope(args: &SignArgs) -> Scope {
    if args.out.is_some() { Scope::OneFile } else { Scope::RunAndManifest }
}

/// Under which id of the key, and as whom.
struct SignsAs {
    key_id: String,
    signer_id: String,
}

/// Takes one ceremony, whose files have been read, to its end.
fn sign_one(
    args: &SignArgs,
    signs_as: &SignsAs,
    evidence: &[KeyAttestation],
    keyring: &Keyring,
    ceremony: &mut Ceremony,
    key: Key,
) -> Result<(), CliError> {
    let mut required_roles = vec![Role::Operator, Role::Witness];
    required_roles
        .extend(args.require_role.iter().filter(|r| !matches!(r, Role::Operator | Role::Witness)));
    let choice = Choice {
        key_id: signs_as.key_id.clone(),
        signer_id: signs_as.signer_id.clone(),
        role: args.role.unwrap_or(Role::Operator),
        signed_at: policy_args::now(),
        payload: args.signed_payload,
        terms: Terms { threshold: args.threshold.max(2), required_roles },
        evidence: evidence.to_vec(),
    };
    to_be_signed(ceremony)?;
    let said = said(args, ceremony, &choice, keyring);
    let terms = terms_in_vain(args, ceremony);
    let chosen = ceremony.choose(key, choice);
    if chosen.is_ok() {
        unlock(args, ceremony)?;
    }
    let signed = chosen.and_then(|()| ceremony.sign(&Terminal).map(drop));
    while ceremony.stage() == Stage::TouchMissed {
        let missed = ceremony.missed_touch().map(ToString::to_string).unwrap_or_default();
        if !secret_input::has_terminal() {
            return Err(CliError::Usage(missed));
        }
        if !secret_input::confirmed(&format!("{}. Try again? [y/N]", visible(&missed)))? {
            ceremony.cancel();
        }
        ceremony.sign(&Terminal).map(drop)?;
    }
    let written = match signed.map(|()| ceremony.written().unwrap_or_default()) {
        // A script of the reference signs the run and then the manifest; here that is one act.
        Err(CeremonyError::Refused(error)) if args.file.is_some() => match &*error {
            SigningError::SameKey { path, .. } => {
                writeln!(
                    anstream::stdout(),
                    "Signed already: {}",
                    visible(&path.to_string_lossy())
                )?;
                return Ok(());
            }
            _ => return Err(CeremonyError::Refused(error).into()),
        },
        other => other?,
    };
    terms.into_iter().for_each(journal::warn);
    ceremony.notes().iter().for_each(|note| journal::warn(&visible(note)));
    let lines = written.iter().map(|path| visible(&path.to_string_lossy()));
    let mut lines: String = lines.map(|path| format!("  wrote   {path}\n")).collect();
    for note in signing::notes(written) {
        lines += &format!("  note    {}\n", visible(&note));
    }
    let mut out = anstream::stdout().lock();
    out.write_all([said, lines].concat().as_bytes()).map_err(CliError::Unsaid)?;
    Ok(())
}

/// Says what is about to be signed, before a secret is asked for: the decision of the run, and the
/// manifest in words.
fn to_be_signed(ceremony: &Ceremony) -> Result<(), CliError> {
    let Some(reading) = ceremony.reading() else { return Ok(()) };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let mut lines = format!("About to sign {decision} {title}\n");
    if let Some(manifest) = reading.manifest_view() {
        lines += &format!("  manifest {}\n", manifest.line());
    }
    Ok(anstream::stderr().write_all(lines.as_bytes())?)
}

/// What is said of an act, once it is done.
fn said(args: &SignArgs, ceremony: &Ceremony, choice: &Choice, keyring: &Keyring) -> String {
    let Some(reading) = ceremony.reading() else { return String::new() };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let digest = run.artifact().canonical().digest().grouped();
    let with = match (args.out.is_some(), reading.manifest().is_some()) {
        (true, _) => "",
        (false, true) => " and its manifest",
        (false, false) => "; it has no manifest beside it, so that L2 stays out of reach",
    };
    let asks = asks(reading.terms(choice, keyring).as_ref());
    format!(
        "Signed {decision} {title}{with}, as {} ({})\n  run     sha256 {digest}\n{asks}",
        choice.role,
        visible(&choice.signer_id)
    )
}

/// What to say where terms were given that this signature does not set.
fn terms_in_vain(args: &SignArgs, ceremony: &Ceremony) -> Option<&'static str> {
    let given = args.threshold > 2 || !args.require_role.is_empty();
    match ceremony.reading()?.existing().ok()?.filter(|_| given) {
        Some(SignatureFile::Block(_)) => None,
        Some(_) => Some(
            "what the envelope asks for was set when it began; --threshold and --require-role change nothing of it",
        ),
        None if given => Some(
            "a first signature has no place for --threshold and --require-role: give them with the one that co-signs it, which sets what the envelope asks for",
        ),
        None => None,
    }
}

/// What the envelope asks for, once this signature stands.
fn asks(terms: Option<&Terms>) -> String {
    let Some(Terms { threshold, required_roles }) = terms else { return String::new() };
    let among = if required_roles.is_empty() { "" } else { ", among them " };
    let roles: Vec<&str> = required_roles.iter().map(|role| role.as_str()).collect();
    format!("  asks    {}{among}{}\n", counted(*threshold, "signature"), roles.join(", "))
}

/// Tells the person at the terminal what the key waits for, and what a command said.
pub struct Terminal;

impl Attend for Terminal {
    fn waiting(&self, what: Waiting) {
        #[cfg(unix)]
        if matches!(what, Waiting::Command { .. }) {
            crate::terminal::hear_signals();
        }
        let said = match what {
            Waiting::Touch { seconds } => format!("Touch the YubiKey now ({seconds} s) …"),
            Waiting::OwnPad { seconds } => {
                format!("Give the PIN on the token's own pad ({seconds} s) …")
            }
            Waiting::Token { seconds, blinks: true } => {
                format!("Touch the YubiKey if it blinks ({seconds} s) …")
            }
            _ => return,
        };
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "{said}");
    }

    fn heard(&self, command: &str, said: &str) {
        let _ = writeln!(anstream::stderr(), "{command} said: {said}");
    }
}

impl Attendance for Terminal {}

/// Asks for the secret, where the key wants one. A wrong one is not asked for again.
fn unlock(args: &SignArgs, ceremony: &mut Ceremony) -> Result<(), CliError> {
    let Some((key, _)) = ceremony.locked_key() else { return Ok(()) };
    let from = key.name();
    let (secret, last) = ask(args, key)?;
    ceremony.secret(&secret, last)?;
    if let Some(problem) = ceremony.give_up() {
        return Err(CliError::token(from, problem));
    }
    Ok(())
}

/// The secret that a key wants.
fn ask(args: &SignArgs, key: &dyn LockedKey) -> Result<(SecretString, LastTry), CliError> {
    let from = key.name();
    let mut last = LastTry::NotConfirmed;
    let secret = match key.secret() {
        Secret::Passphrase => secret_input::passphrase(&from, args.passphrase_fd, false)?,
        Secret::Pin => {
            let tries = key.tries_left();
            if tries == Some(1) {
                confirm_last_try("PIN", key.risk(), args.piv.last_try, args.passphrase_fd)?;
                last = LastTry::Confirmed;
            }
            let left = match tries {
                Some(0) => return Err(CliError::Usage(format!("{from}: {}", key.blocked()))),
                Some(1) => " (the last try)".to_owned(),
                Some(tries) => format!(" ({tries} tries left)"),
                None => key.rule().map(|rule| format!(" ({rule})")).unwrap_or_default(),
            };
            secret_input::pin(&format!("PIN of {from}{left}: "), args.passphrase_fd)?
        }
    };
    Ok((secret, last))
}

/// Before the last try a person says that they know.
pub fn confirm_last_try(
    what: &str,
    risk: &str,
    confirmed: bool,
    descriptor: Option<i32>,
) -> Result<(), CliError> {
    if confirmed {
        return Ok(());
    }
    let refused = format!(
        "only 1 try of the {what} is left, and {risk}; nothing was sent. Say --last-try if it is to be tried"
    );
    if descriptor.is_some() || !secret_input::has_terminal() {
        return Err(CliError::Usage(refused));
    }
    let question = format!("Only 1 try of the {what} is left, and {risk}. Go on? [y/N]");
    match secret_input::confirmed(&question)? {
        true => Ok(()),
        false => Err(CliError::Usage("broken off; nothing was sent".to_owned())),
    }
}

fn key(
    args: &SignArgs,
    piv: &PivArgs,
    token: &Pkcs11Args,
    files: &[PathBuf],
    keyring: &Keyring,
) -> Result<(Key, SignsAs), CliError> {
    if piv.piv.is_some() {
        return piv_key(args, piv, keyring);
    }
    if token.is_asked() {
        return pkcs11_key(args, token, files, keyring);
    }
    if let Some(name) = &args.signer_profile {
        return profile_key(args, files, name);
    }
    let algo = args.algo.unwrap_or(Algorithm::Ed25519);
    let key_id = args.key_id.clone().unwrap_or_default();
    let signs_as = SignsAs { signer_id: args.signer.clone().unwrap_or(key_id.clone()), key_id };
    if let Some(line) = &args.external_signer_cmd {
        return Ok((external_key(args, files, line, keyring)?, signs_as));
    }
    if args.public_key.is_some() {
        return Err(CliError::Usage(
            "--public-key belongs to --external-signer-cmd or --pkcs11; leave it out".to_owned(),
        ));
    }
    let (text, from) = key_text(args)?;
    let failed = |error| CliError::Key { from: from.clone(), error };
    let key = match algo {
        Algorithm::HmacSha256 => {
            let signer = HmacSigner::from_base64(&text).map_err(failed)?;
            Key::Ready(Box::new(signer))
        }
        Algorithm::Ed25519 => key_file::key(text, from.clone()).map_err(failed)?,
        other => {
            return Err(CliError::Usage(format!(
                "{other} keys sign behind a command: give it with --external-signer-cmd, or another --algo"
            )));
        }
    };
    Ok((key, signs_as))
}

/// The key on a YubiKey. What the keyring knows of it need not be said.
fn piv_key(args: &SignArgs, piv: &PivArgs, keyring: &Keyring) -> Result<(Key, SignsAs), CliError> {
    let device = devices::key(piv)?;
    let known = keyring.find(Some(&device.public_key), "");
    let signs_as = signs_as(args, known, &device.label(), "--piv")?;
    let key = device.open().map_err(|error| CliError::token(device.label(), error))?;
    Ok((key, signs_as))
}

/// The key on a PKCS#11 token, in the same way.
fn pkcs11_key(
    args: &SignArgs,
    token: &Pkcs11Args,
    files: &[PathBuf],
    keyring: &Keyring,
) -> Result<(Key, SignsAs), CliError> {
    let mut wanted = pkcs11::key(token, &args.settings, args.algo)?;
    wanted.claimed = args.signer_type;
    let given = keys::public_key(args.public_key.as_deref())?;
    // A key that does not show its public half is the one that the keyring has under the id that was
    // given: what it signs is verified under that before it is written.
    let by_id = || {
        let id = args.key_id.as_ref().filter(|_| wanted.key.public().is_none())?;
        let entry = keyring.keys().iter().find(|key| key.key_id == *id)?;
        PublicKey::parse(entry.public_key.as_deref()?).ok()
    };
    wanted.public = given.or_else(by_id);
    let label = wanted.label();
    let failed = |error| CliError::token(label.clone(), error);
    let mut key = tokens::open(&wanted).map_err(failed)?;
    let mut public = wanted.public();
    let said = args.key_id.is_some() && args.signer.is_some();
    if let (None, false, Key::Locked(locked)) = (&public, said, &mut key) {
        // Only the PIN shows which key this is, and so whose. It is not asked for if it is certain that
        // nothing could be signed then.
        check_worth_a_pin(args, files, keyring, &label)?;
        journal::open_to_act(&args.journal)?;
        let (secret, _) = ask(args, locked.as_ref())?;
        let signer = locked.unlock(&secret).map_err(|error| {
            let event = Event::of_secret(&error, locked.tries_left());
            journal::note(journal::open_if_any(&args.journal).as_ref(), &event);
            failed(error)
        })?;
        public = signer.public_key().cloned();
        key = Key::Ready(signer);
    }
    let known = public.as_ref().and_then(|public| keyring.find(Some(public), ""));
    let signs_as = signs_as(args, known, &label, "--pkcs11")?;
    Ok((key, signs_as))
}

/// Whether any of the files could be signed by a key of the keyring that is not known yet.
fn check_worth_a_pin(
    args: &SignArgs,
    files: &[PathBuf],
    keyring: &Keyring,
    label: &str,
) -> Result<(), CliError> {
    let role = args.role.unwrap_or(Role::Operator);
    let now = policy_args::now();
    let may_be = |key: &&KeyringKey| {
        key.public_key.is_some()
            && args.key_id.as_ref().is_none_or(|id| *id == key.key_id)
            && args.signer.as_ref().is_none_or(|signer| *signer == key.owner)
            && key.roles.contains(&role)
            && key.revoked_at.is_none_or(|at| at.unix() > now.unix())
            && key.valid_from.is_none_or(|from| from.unix() <= now.unix())
            && key.valid_until.is_none_or(|until| until.unix() > now.unix())
    };
    if !keyring.keys().iter().any(|key| may_be(&key)) {
        return Err(CliError::Usage(format!(
            "{label}: only its PIN shows which key this is, and no key of the keyring may sign as {role} now; its PIN was not asked for. Enrol the key, or give --key-id and --signer"
        )));
    }
    let mut first = None;
    for file in files {
        let checked = signing::read(file, scope(args), args.out.as_deref()).and_then(|reading| {
            reading.existing()?;
            reading.check_date(now)?;
            reading.check_places()
        });
        match checked {
            Ok(()) => return Ok(()),
            Err(error) => _ = first.get_or_insert(error),
        }
    }
    first.map_or(Ok(()), |error| Err(error.into()))
}

/// What is said of id and person, or else what the keyring knows of the key.
fn signs_as(
    args: &SignArgs,
    known: Option<&KeyringKey>,
    label: &str,
    by: &str,
) -> Result<SignsAs, CliError> {
    let given = |said: &Option<String>, known: Option<&String>, flag: &str| {
        said.clone().or_else(|| known.cloned()).ok_or_else(|| {
            CliError::Usage(format!(
                "{label}: the keyring does not know this key; give {flag}, or enrol it (countersign keys enrol {by})"
            ))
        })
    };
    Ok(SignsAs {
        key_id: given(&args.key_id, known.map(|key| &key.key_id), "--key-id")?,
        signer_id: given(&args.signer, known.map(|key| &key.owner), "--signer")?,
    })
}

/// The key of a signer of this station.
fn profile_key(args: &SignArgs, files: &[PathBuf], name: &str) -> Result<(Key, SignsAs), CliError> {
    let profile = signers::find(&args.settings, name)?;
    if let (Some(wanted), Some(signs)) = (args.signed_payload, profile.signed_payload())
        && wanted != signs
    {
        return Err(CliError::Usage(format!(
            "the signer {name:?} signs {signs}, as its probe found, and not {wanted}: leave --signed-payload out"
        )));
    }
    let modules: Vec<_> = modules::kept(&args.settings)?;
    let modules: Vec<_> =
        modules.iter().map(|kept| station_modules::file(&kept.path, &modules, &[])).collect();
    let key = profile.open(files.first().map(|file| directory_of(file)), &modules)?;
    let signs_as = SignsAs {
        key_id: args.key_id.clone().unwrap_or_else(|| profile.key_id.clone()),
        signer_id: args.signer.clone().unwrap_or_else(|| profile.signer_id.clone()),
    };
    Ok((key, signs_as))
}

/// The key behind a command, which must leave the directory of the runs alone.
fn external_key(
    args: &SignArgs,
    files: &[PathBuf],
    line: &str,
    keyring: &Keyring,
) -> Result<Key, CliError> {
    let key_id = args.key_id.as_deref().unwrap_or_default();
    let known = || keyring.keys().iter().find(|key| key.key_id == key_id)?.public_key.clone();
    let Some(source) = args.public_key.clone().or_else(known) else {
        return Err(CliError::Usage(format!(
            "the keyring knows no public key of the id {key_id:?}: give the one of the command with --public-key"
        )));
    };
    let key = enrolment::find(&source, &Selection::of_key(key_id))?.public_key;
    let failed = |error: ExternalError| CliError::Key {
        from: "--external-signer-cmd".to_owned(),
        error: error.into(),
    };
    let algo = args.algo.unwrap_or(Algorithm::Ed25519);
    let command = Command::new(line, algo, key).map_err(failed)?;
    let command = command.timeout(Duration::from_secs(u64::from(args.external_timeout)));
    let kept = command.keep_env(args.external_env.clone());
    let mut command = kept.map_err(failed)?;
    if let Some(file) = files.first() {
        command = command.watched(directory_of(file));
    }
    Ok(Key::Ready(Box::new(match args.signed_payload {
        Some(form) => ExternalSigner::new(command, form),
        None => ExternalSigner::of_any_form(command),
    })))
}

fn key_text(args: &SignArgs) -> Result<(SecretString, String), CliError> {
    if let Some(path) = &args.key_file {
        return Ok((secret_input::read_file(path)?, name(path)));
    }
    if let Some(key) = &args.key {
        // The reference has this flag, so scripts use it; whoever lists processes reads the key.
        writeln!(
            anstream::stderr(),
            "warning: --key shows the key to everyone on this machine; rather use --key-file"
        )?;
        return Ok((key.clone(), "--key".to_owned()));
    }
    match std::env::var(KEY_VARIABLE) {
        Ok(key) if !key.is_empty() => Ok((SecretString::from(key), KEY_VARIABLE.to_owned())),
        _ => Err(CliError::Usage(format!(
            "no key: give --key-file FILE (`-` for standard input), or set {KEY_VARIABLE}"
        ))),
    }
}

fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
