//! `countersign sign`: sign or co-sign, with a software key or an external command.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use countersign_envelope::signature::{Algorithm, Role};
use countersign_envelope::signature_file::Terms;
use countersign_envelope::visible::{visible, visible_short};
use countersign_signers::external::{Command, ExternalError, ExternalSigner};
use countersign_signers::software::HmacSigner;
use countersign_signers::{Key, SignerError, Unattended, key_file};
use countersign_station::ceremony::{Ceremony, CeremonyError};
use countersign_station::enrolment;
use countersign_station::reading::directory_of;
use countersign_station::signing::{Choice, Scope, SigningError};
use secrecy::SecretString;

use crate::args::SignArgs;
use crate::error::CliError;
use crate::{policy_args, report_error, secret_input};

/// Where the reference takes its key from.
const KEY_VARIABLE: &str = "DEEPSIGMA_SIGNING_KEY";

pub fn run(args: &SignArgs) -> Result<bool, CliError> {
    if args.out.is_some() && args.files.len() > 1 {
        return Err(CliError::Usage("--out takes the signatures of one file; name one".to_owned()));
    }
    let keyring = Arc::new(policy_args::keyring(args.keyring.as_ref())?);
    // Opened once, its passphrase asked for once, however many files there are.
    let mut key = Some(key(args)?);
    let mut failed = false;
    for file in args.files.iter().chain(&args.file) {
        let scope = if args.out.is_some() { Scope::OneFile } else { Scope::RunAndManifest };
        let signatures = args.out.as_deref();
        let mut ceremony = Ceremony::begin(file, scope, signatures, Arc::clone(&keyring));
        let signed = ceremony.have_read().map_err(CliError::from).and_then(|()| match key.take() {
            Some(key) => sign_one(args, &mut ceremony, key),
            // The passphrase was wrong, which has been said; it is never asked for again.
            None => Err(CliError::Reported),
        });
        key = key.or_else(|| ceremony.into_signer().map(Key::Ready));
        match signed {
            Ok(()) => {}
            Err(CliError::Reported) => failed = true,
            Err(error) => {
                report_error(&error);
                failed = true;
            }
        }
    }
    if failed { Err(CliError::Reported) } else { Ok(true) }
}

/// Takes one ceremony, whose files have been read, to its end.
fn sign_one(args: &SignArgs, ceremony: &mut Ceremony, key: Key) -> Result<(), CliError> {
    let mut required_roles = vec![Role::Operator, Role::Witness];
    required_roles
        .extend(args.require_role.iter().filter(|r| !matches!(r, Role::Operator | Role::Witness)));
    let choice = Choice {
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone().unwrap_or_else(|| args.key_id.clone()),
        role: args.role.unwrap_or(Role::Operator),
        signed_at: policy_args::now(),
        payload: args.signed_payload,
        terms: Terms { threshold: args.threshold.max(2), required_roles },
    };
    let said = said(args, ceremony, &choice);
    let chosen = ceremony.choose(key, choice);
    if chosen.is_ok() {
        unlock(args, ceremony)?;
    }
    let written = match chosen.and_then(|()| ceremony.sign(&Unattended)) {
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
    let mut out = anstream::stdout().lock();
    out.write_all(said.as_bytes())?;
    for path in written {
        writeln!(out, "  wrote   {}", visible(&path.to_string_lossy()))?;
    }
    Ok(())
}

/// What is said of an act, once it is done.
fn said(args: &SignArgs, ceremony: &Ceremony, choice: &Choice) -> String {
    let Some(reading) = ceremony.reading() else { return String::new() };
    let run = reading.run();
    let decision = visible(run.decision_id().unwrap_or("?"));
    let title = visible_short(run.title().unwrap_or(""), 80);
    let digest = grouped(&run.artifact().canonical().digest().hex());
    let with = match (args.out.is_some(), reading.has_manifest()) {
        (true, _) => "",
        (false, true) => " and its manifest",
        (false, false) => "; it has no manifest beside it, so that L2 stays out of reach",
    };
    format!(
        "Signed {decision} {title}{with}, as {} ({})\n  run     sha256 {digest}\n",
        choice.role,
        visible(&choice.signer_id)
    )
}

/// Asks for the secret, where the key wants one. A wrong one is not asked for again.
fn unlock(args: &SignArgs, ceremony: &mut Ceremony) -> Result<(), CliError> {
    let Some((key, _)) = ceremony.locked_key() else { return Ok(()) };
    let from = key.name();
    let secret = secret_input::passphrase(&from, args.passphrase_fd, false)?;
    ceremony.secret(&secret)?;
    match ceremony.locked_key() {
        Some((_, Some(SignerError::Passphrase))) => {
            let error = SignerError::Passphrase;
            ceremony.cancel();
            Err(CliError::Key { from, error })
        }
        _ => Ok(()),
    }
}

/// A digest in groups of four, so that two people can read it to each other.
fn grouped(hex: &str) -> String {
    let groups: Vec<&str> =
        (0..hex.len()).step_by(4).filter_map(|at| hex.get(at..at + 4)).collect();
    groups.join(" ")
}

fn key(args: &SignArgs) -> Result<Key, CliError> {
    if let Some(line) = &args.external_signer_cmd {
        return external_key(args, line);
    }
    let (text, from) = key_text(args)?;
    let failed = |error| CliError::Key { from: from.clone(), error };
    match args.algo {
        Algorithm::HmacSha256 => {
            let signer = HmacSigner::from_base64(&text).map_err(failed)?;
            Ok(Key::Ready(Box::new(signer)))
        }
        Algorithm::Ed25519 => key_file::key(text, from.clone()).map_err(failed),
        other => Err(CliError::Usage(format!(
            "{other} keys sign behind a command: give it with --external-signer-cmd, or another --algo"
        ))),
    }
}

/// The key behind a command, which must leave the directory of the runs alone.
fn external_key(args: &SignArgs, line: &str) -> Result<Key, CliError> {
    let key = enrolment::find(args.public_key.as_deref().unwrap_or_default(), 0)?.public_key;
    let failed = |error: ExternalError| CliError::Key {
        from: "--external-signer-cmd".to_owned(),
        error: error.into(),
    };
    let command = Command::new(line, args.algo, key).map_err(failed)?;
    let mut command = command.timeout(Duration::from_secs(u64::from(args.external_timeout)));
    if let Some(file) = args.files.iter().chain(&args.file).next() {
        command = command.watched(directory_of(file));
    }
    Ok(Key::Ready(Box::new(ExternalSigner::new(command, args.signed_payload))))
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
