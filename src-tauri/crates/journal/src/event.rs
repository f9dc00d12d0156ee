//! The events of the journal: each with its facts, and its line.

use countersign_admissibility::keyring::Key;
use countersign_admissibility::terms::AskedTerms;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::signature::{PayloadType, Role, SignerType};
use countersign_problem::Explain;
use countersign_signers::SignerError;
use countersign_store::log_memory::{ChainKind, Rewritten};

/// What happened.
#[derive(Debug, Clone, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The first journal of this place.
    JournalBegun,
    /// The previous file was full; the first link of this one is the last hash of that one.
    JournalRotated {
        /// The full one.
        previous_file: String,
    },
    /// The previous file was damaged. The chain starts over.
    JournalBroken {
        /// The name of the file that it was kept as.
        kept_as: String,
        /// The first thing wrong with it.
        why: String,
        /// The hash that its last entry records.
        last_hash: Option<String>,
    },
    /// The last line was half written.
    JournalTorn {
        /// The file that the half line is kept in.
        kept_as: String,
        /// Its length.
        bytes: u64,
    },
    /// The user's group could change files of the station, which were closed to it.
    MadePrivate {
        /// Files and folders.
        files: Vec<String>,
    },
    /// Somebody reads what they may sign.
    CeremonyBegun {
        /// The file that was named.
        file: String,
        /// What was read; `None` if that was refused.
        artifacts: Vec<Subject>,
    },
    /// It ended without a signature.
    Refused {
        /// Why, in one word.
        code: &'static str,
        /// The reason, as reported to the person.
        words: String,
    },
    /// The person broke off.
    BrokenOff,
    /// A key was chosen. Of one that is locked the fingerprint is known once it is opened.
    KeyChosen {
        /// Which key, and for whom.
        key: KeyFacts,
        /// What asks for its secret: a file, a token.
        locked: Option<String>,
    },
    /// The key asks for its secret.
    SecretAsked {
        /// Passphrase or PIN.
        secret: &'static str,
        /// How many attempts are left, if they are counted.
        tries_left: Option<u8>,
    },
    /// The PIN of a token was read from where it is kept for use without a person, to be sent once.
    KeptPinUsed {
        /// Where: a file or a descriptor.
        source: String,
    },
    /// The last attempt was not used, because it was not confirmed.
    LastTryHeld {
        /// Passphrase or PIN.
        secret: &'static str,
    },
    /// The person confirmed using the last attempt.
    LastTry {
        /// Passphrase or PIN.
        secret: &'static str,
    },
    /// The secret did not open the key.
    SecretNotTaken {
        /// Why, in one word.
        code: &'static str,
        /// The reason, as reported to the person.
        words: String,
        /// How many attempts are left, if they are counted.
        tries_left: Option<u8>,
    },
    /// The key is open.
    KeyOpened {
        /// Which.
        key: KeyFacts,
    },
    /// A signature is attempted. Written before the key is used.
    SigningAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
    },
    /// No touch came.
    TouchMissed {
        /// As reported to the person.
        words: String,
    },
    /// The signatures were written.
    Signed {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
        /// The signature files.
        files: Vec<String>,
        /// The terms that the run's signature file has now; `None` if it cannot have any.
        asks: Option<AskedTerms>,
    },
    /// A refusal is attempted. Written before the key is used.
    RefusalAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
        /// Why.
        reason: String,
    },
    /// A refusal to sign was written.
    RefusedToSign {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
        /// The file of refusals.
        files: Vec<String>,
        /// Why.
        reason: String,
    },
    /// A refusal was written that withdraws signatures.
    Withdrawn {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
        /// The file of refusals.
        files: Vec<String>,
        /// Why.
        reason: String,
    },
    /// Some of the signatures of an act were written, and the others could not be.
    SignedPartly {
        /// The signature file that was written.
        files: Vec<String>,
        /// Why the others were not written, as reported to the person.
        words: String,
    },
    /// A run was registered in the transparency log.
    Registered {
        /// The run.
        file: String,
        /// The log.
        log: String,
        /// The id of its entry there.
        registration: String,
    },
    /// Signatures of copies are about to come to an envelope. Written before its files are.
    MergeAttempted {
        /// The run.
        file: String,
        /// The copies.
        from: Vec<String>,
    },
    /// They did, or were left out.
    Merged {
        /// The run.
        file: String,
        /// Who came in, each with what they signed.
        added: Vec<String>,
        /// Whose refusals came in.
        refusals: Vec<String>,
        /// How much was left out.
        left_out: u64,
        /// The signature files that were written.
        files: Vec<String>,
        /// The terms that the run's signature file has now; `None` if it cannot have any.
        asks: Option<AskedTerms>,
    },
    /// A reviewer's finding is attempted. Written before the key is used.
    FindingAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// About what.
        finding: FindingFacts,
    },
    /// It was written.
    FindingWritten {
        /// With which key, and by whom.
        key: KeyFacts,
        /// About what.
        finding: FindingFacts,
    },
    /// A release is about to be signed. Written before the key is used.
    ReleaseAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Which release.
        release: ReleaseFacts,
    },
    /// It was signed.
    ReleaseSigned {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Which release.
        release: ReleaseFacts,
    },
    /// The tree of a log is about to be signed. Written before the key is used.
    CheckpointAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Which tree.
        checkpoint: CheckpointFacts,
    },
    /// It was signed.
    CheckpointSigned {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Which tree.
        checkpoint: CheckpointFacts,
    },
    /// What a witness signed was put below the checkpoint of a log.
    CosignatureImported {
        /// The log.
        log: String,
        /// The name of the witness's key.
        witness: String,
        /// How many entries it saw.
        entries: u64,
        /// When, by its clock.
        at: Instant,
    },
    /// A version of the signed keyring, or an emergency revocation, is about to be signed. Written before
    /// the key is used.
    KeyringAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Which keyring.
        keyring: SignedKeyringFacts,
    },
    /// It was signed.
    KeyringSigned {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Which keyring.
        keyring: SignedKeyringFacts,
    },
    /// A version of the signed keyring is adopted, or an emergency revocation. Recorded before that is.
    KeyringAdopted {
        /// Which keyring.
        keyring: SignedKeyringFacts,
        /// The administrators that signed it.
        signed_by: Vec<String>,
    },
    /// Envelopes are about to be put into one file. Written before that is.
    ArchiveAttempted(ArchiveFacts),
    /// They were.
    ArchiveWritten(ArchiveFacts),
    /// An import starts. Recorded before anything else is written.
    ImportAttempted {
        /// The file.
        archive: String,
        /// Its digest.
        digest: String,
        /// The directory of the import.
        directory: String,
    },
    /// It did, as far as it could.
    Imported {
        /// The file.
        archive: String,
        /// Its digest.
        digest: String,
        /// How many envelopes were not there before.
        new: u64,
        /// How many were.
        there: u64,
        /// How many signatures came in.
        signatures: u64,
        /// How much was left out.
        left_out: u64,
    },
    /// Evidence of where a key is held was added to an existing signature by it.
    EvidenceAttached {
        /// Its kind, as it is named in files.
        evidence: String,
        /// The signature files.
        files: Vec<String>,
    },
    /// Requests for time stamps were written to a folder.
    TimeStampsRequested {
        /// The folder.
        folder: String,
        /// How many requests.
        requests: u64,
    },
    /// A time stamp was added to an existing signature.
    TimeStampAttached {
        /// The signature files.
        files: Vec<String>,
        /// What it covers: `signature`, `claim` or `timestamps`.
        covers: &'static str,
        /// Who signed.
        signer_id: String,
        /// The time in it.
        time: String,
        /// The authority.
        authority: String,
    },
    /// The time stamp of a run itself was written.
    RunTimeStampAdded {
        /// Its file.
        file: String,
        /// The run.
        run: String,
        /// The time in it.
        time: String,
        /// The authority.
        authority: String,
    },
    /// A transparency log does not go on from what this station saw of it: cut, gone or forked.
    LogRewritten {
        /// The log.
        log: String,
        /// In words.
        words: String,
        /// How many entries it had.
        had: u64,
        /// How many it has.
        has: u64,
    },
    /// A person took a log as it is, whatever was seen of it before.
    LogAccepted {
        /// The log.
        log: String,
        /// Log or ledger.
        kind: ChainKind,
        /// How many entries it had.
        had: u64,
        /// How many it has.
        has: u64,
        /// The entries that are gone; if there are many, more of them follow in further events.
        lost: Vec<String>,
        /// What signers saw that is not in it.
        forks: Vec<String>,
        /// Why, in that person's words.
        reason: String,
    },
    /// A person accepted that a registered run is gone.
    MissingRunAccepted {
        /// The run.
        file: String,
        /// Why, in that person's words.
        reason: String,
    },
    /// A private key is about to be written to a file.
    KeyCreated {
        /// The file.
        file: String,
        /// The fingerprint of its public key.
        fingerprint: String,
    },
    /// A key is about to be added to the keyring.
    KeyAdded {
        /// The keyring.
        keyring: String,
        /// The key.
        key: Box<Key>,
    },
    /// A key of the keyring is about to be revoked.
    KeyRevoked {
        /// The keyring.
        keyring: String,
        /// The key as it is then.
        key: Box<Key>,
    },
    /// The certificates beside a key are about to be others, or none.
    KeyCertified {
        /// The keyring.
        keyring: String,
        /// The key as it is then.
        key: Box<Key>,
    },
    /// A list of revoked certificates is about to be kept.
    CrlAdded(RootFacts),
    /// One is about to be kept no longer.
    CrlRemoved(RootFacts),
    /// A root, intermediate or attestation key is about to be trusted.
    RootTrusted(RootFacts),
    /// One is about to be trusted no longer.
    RootRemoved(RootFacts),
    /// A setting that decides what counts, or what signs, is about to be changed.
    SettingChanged {
        /// Which setting.
        setting: &'static str,
        /// The value before; `None` if it was not set.
        before: Option<String>,
        /// The value from now on; `None` if it is no longer set.
        after: Option<String>,
    },
    /// Signatures need no claim any more, or again need one, when claims are required; if there are
    /// many, more of them follow in further events.
    ExemptChanged {
        /// The SHA-256 of the raw bytes of those that are exempt from now on.
        exempted: Vec<String>,
        /// Of those that are not any more.
        ended: Vec<String>,
    },
    /// A change that was journalled before it was made could not be made.
    ChangeFailed {
        /// The event that announced it.
        change: &'static str,
        /// The reason, as reported to the person.
        words: String,
    },
    /// A secret, a key or a certificate of a YubiKey is about to be changed, to set it up.
    YubikeyChanged {
        /// Its serial, if it tells it.
        serial: Option<u32>,
        /// The reader that it is.
        reader: String,
        /// What is changed: `pin`, `puk`, `management_key`, `key` or `certificate`.
        change: &'static str,
        /// Of a key or certificate, the slot, and which kind of key with its policies.
        key: Option<(String, String)>,
        /// The fingerprint of the key, or the SHA-256 of the certificate, that is lost by it.
        replaces: Option<String>,
    },
    /// The PIN or PUK of a YubiKey is about to be changed.
    PinChanged {
        /// Its serial, if it tells it.
        serial: Option<u32>,
        /// The reader that it is.
        reader: String,
        /// What is done: `pin`, `puk` or `unblock`.
        change: &'static str,
    },
    /// A token was plugged in, or was there when the station started.
    DeviceArrived(DeviceFacts),
    /// A token was pulled out.
    DeviceRemoved(DeviceFacts),
}

/// A file that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its path.
    pub file: String,
    /// Run or manifest.
    pub payload_type: PayloadType,
    /// The hash of its canonical bytes.
    pub digest: String,
}

/// The terms of a run's signature file, in an entry.
fn set_terms(asks: Option<&AskedTerms>, entry: &mut Object) {
    if let Some(AskedTerms { terms, .. }) = asks {
        entry.set("threshold", terms.threshold);
        let roles = terms.required_roles.iter().map(|role| Value::from(role.as_str()));
        entry.set("required_roles", Value::from(roles.collect::<Vec<_>>()));
    }
}

/// Which key, and for whom it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key's id.
    pub key_id: String,
    /// The fingerprint of its public key; none of a shared key, or of one that is locked.
    pub fingerprint: Option<String>,
    /// The kind of key, if that is known.
    pub kind: Option<SignerType>,
    /// The person claims this kind, contrary to the device; and what the device states.
    pub claim: Option<String>,
    /// The fingerprint of the key that makes companions of its signatures; `None` if none does.
    pub companion: Option<String>,
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
}

/// A reviewer's finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFacts {
    /// What was reviewed.
    pub reviewed: String,
    /// Its digest.
    pub digest: String,
    /// The outcome.
    pub outcome: &'static str,
    /// The file of the finding.
    pub file: String,
}

/// A release of the program's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseFacts {
    /// The file with the release.
    pub file: String,
    /// The digest of what is signed.
    pub digest: String,
    /// The version.
    pub version: String,
    /// Each file in it: its SHA-256 and its name.
    pub files: Vec<String>,
}

/// The tree of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFacts {
    /// `log` or `witness`.
    pub signed_as: &'static str,
    /// The origin of the log.
    pub origin: String,
    /// How many entries.
    pub entries: u64,
    /// Their root.
    pub root: String,
    /// How many were signed last as the same; `None` if none were.
    pub before: Option<u64>,
    /// The file with the signature.
    pub file: String,
}

/// A version of the signed keyring, or an emergency revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedKeyringFacts {
    /// The file.
    pub file: String,
    /// The number of the version, or of the version that a key is revoked from.
    pub version: u64,
    /// The digest of what is signed.
    pub digest: String,
    /// The id of the key that is revoked; `None` of a version.
    pub revokes: Option<String>,
    /// What it changes, in words.
    pub changes: Vec<String>,
}

/// Envelopes in one file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFacts {
    /// `export` or `pack`.
    pub kind: &'static str,
    /// Its path.
    pub archive: String,
    /// Its digest.
    pub digest: String,
    /// The run, if it is among the files; otherwise the first of them.
    pub file: String,
    /// How many there are.
    pub envelopes: u64,
}

/// The SHA-256 of the certificates beside a key.
fn certificates_of(key: &Key) -> Vec<String> {
    let own = key.certificates().and_then(Result::ok);
    own.iter().flat_map(|own| own.all()).map(|one| one.fingerprint().hex()).collect()
}

/// Something that attestations, time stamps or certificates may lead to, or a list of revoked
/// certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootFacts {
    /// The trust folder.
    pub folder: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its owner.
    pub subject: String,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFacts {
    /// Its serial, if it has one.
    pub serial: Option<u32>,
    /// Of a PIV card that is not a YubiKey, what identifies it, if it has something that does.
    pub card: Option<String>,
    /// Its firmware.
    pub firmware: String,
    /// The reader that it is, or is in.
    pub reader: String,
    /// Of a token behind a PKCS#11 module, its name, and the module's file.
    pub token: Option<(String, String)>,
}

impl Event {
    /// The finding about a log.
    pub fn of_rewritten(rewritten: &Rewritten) -> Self {
        Self::LogRewritten {
            log: rewritten.seen().log.display().to_string(),
            words: rewritten.to_string(),
            had: rewritten.seen().entries as u64,
            has: rewritten.has() as u64,
        }
    }

    /// Why a ceremony ended, by the error's code and in words without a secret.
    pub fn refused(error: &dyn Explain, words: String) -> Self {
        Self::Refused { code: error.problem().code.name(), words }
    }

    /// Why a secret was not taken.
    pub fn of_secret(error: &SignerError, tries_left: Option<u8>) -> Self {
        Self::SecretNotTaken { code: error.problem().code.name(), words: words(error), tries_left }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.into()
    }

    /// The entry, without its link.
    pub(crate) fn entry(&self, ceremony: Option<&str>, at: Instant) -> Object {
        let mut entry = Object::from([
            ("entry_version", Value::from("1.0")),
            ("event", self.name().into()),
            ("observed_at", at.to_string().into()),
        ]);
        if let Some(ceremony) = ceremony {
            entry.set("ceremony", ceremony);
        }
        let list = |items: &[String]| {
            Value::from(items.iter().map(|item| item.as_str().into()).collect::<Vec<Value>>())
        };
        let number = |tries: Option<u8>| tries.map_or(Value::Null, |n| u64::from(n).into());
        match self {
            Self::JournalBegun | Self::BrokenOff => {}
            Self::JournalRotated { previous_file } => {
                entry.set("previous_file", previous_file.as_str());
            }
            Self::JournalBroken { kept_as, why, last_hash } => {
                entry.set("kept_as", kept_as.as_str());
                entry.set("why", why.as_str());
                entry.set("last_hash", last_hash.as_deref());
            }
            Self::JournalTorn { kept_as, bytes } => {
                entry.set("kept_as", kept_as.as_str());
                entry.set("bytes", *bytes);
            }
            Self::MadePrivate { files } => entry.set("files", list(files)),
            Self::CeremonyBegun { file, artifacts } => {
                entry.set("file", file.as_str());
                entry.set("artifacts", subjects(artifacts));
            }
            Self::Refused { code, words } => {
                entry.set("code", *code);
                entry.set("words", words.as_str());
            }
            Self::KeyChosen { key, locked } => {
                key.set(&mut entry);
                entry.set("locked", locked.as_deref());
            }
            Self::SecretAsked { secret, tries_left } => {
                entry.set("secret", *secret);
                entry.set("tries_left", number(*tries_left));
            }
            Self::KeptPinUsed { source } => entry.set("source", source.as_str()),
            Self::LastTryHeld { secret } | Self::LastTry { secret } => {
                entry.set("secret", *secret);
            }
            Self::SecretNotTaken { code, words, tries_left } => {
                entry.set("code", *code);
                entry.set("words", words.as_str());
                entry.set("tries_left", number(*tries_left));
            }
            Self::KeyOpened { key } => key.set(&mut entry),
            Self::SigningAttempted { key, artifacts } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
            }
            Self::RefusalAttempted { key, artifacts, reason } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
                entry.set("reason", reason.as_str());
            }
            Self::RefusedToSign { key, artifacts, files, reason }
            | Self::Withdrawn { key, artifacts, files, reason } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
                entry.set("files", list(files));
                entry.set("reason", reason.as_str());
            }
            Self::TouchMissed { words } => entry.set("words", words.as_str()),
            Self::Signed { key, artifacts, files, asks } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
                entry.set("files", list(files));
                set_terms(asks.as_ref(), &mut entry);
            }
            Self::SignedPartly { files, words } => {
                entry.set("files", list(files));
                entry.set("words", words.as_str());
            }
            Self::Registered { file, log, registration } => {
                entry.set("file", file.as_str());
                entry.set("log", log.as_str());
                entry.set("registration", registration.as_str());
            }
            Self::MergeAttempted { file, from } => {
                entry.set("file", file.as_str());
                entry.set("from", list(from));
            }
            Self::Merged { file, added, refusals, left_out, files, asks } => {
                entry.set("file", file.as_str());
                entry.set("added", list(added));
                if !refusals.is_empty() {
                    entry.set("refusals", list(refusals));
                }
                entry.set("left_out", *left_out);
                entry.set("files", list(files));
                set_terms(asks.as_ref(), &mut entry);
            }
            Self::FindingAttempted { key, finding } | Self::FindingWritten { key, finding } => {
                key.set(&mut entry);
                entry.set("reviewed", finding.reviewed.as_str());
                entry.set("digest", finding.digest.as_str());
                entry.set("outcome", finding.outcome);
                entry.set("file", finding.file.as_str());
            }
            Self::ReleaseAttempted { key, release } | Self::ReleaseSigned { key, release } => {
                key.set(&mut entry);
                entry.set("file", release.file.as_str());
                entry.set("digest", release.digest.as_str());
                entry.set("version", release.version.as_str());
                entry.set("files", list(&release.files));
            }
            Self::CheckpointAttempted { key, checkpoint }
            | Self::CheckpointSigned { key, checkpoint } => {
                key.set(&mut entry);
                entry.set("signed_as", checkpoint.signed_as);
                entry.set("origin", checkpoint.origin.as_str());
                entry.set("entries", checkpoint.entries);
                entry.set("root", checkpoint.root.as_str());
                entry.set("before", checkpoint.before.map_or(Value::Null, Value::from));
                entry.set("file", checkpoint.file.as_str());
            }
            Self::CosignatureImported { log, witness, entries, at } => {
                entry.set("log", log.as_str());
                entry.set("witness", witness.as_str());
                entry.set("entries", *entries);
                entry.set("at", at.to_string().as_str());
            }
            Self::KeyringAttempted { key, keyring } | Self::KeyringSigned { key, keyring } => {
                key.set(&mut entry);
                keyring.set(&mut entry);
            }
            Self::KeyringAdopted { keyring, signed_by } => {
                keyring.set(&mut entry);
                entry.set("signed_by", list(signed_by));
            }
            Self::ArchiveAttempted(facts) | Self::ArchiveWritten(facts) => {
                entry.set("kind", facts.kind);
                entry.set("archive", facts.archive.as_str());
                entry.set("digest", facts.digest.as_str());
                entry.set("file", facts.file.as_str());
                entry.set("envelopes", facts.envelopes);
            }
            Self::ImportAttempted { archive, digest, directory } => {
                entry.set("archive", archive.as_str());
                entry.set("digest", digest.as_str());
                entry.set("directory", directory.as_str());
            }
            Self::Imported { archive, digest, new, there, signatures, left_out } => {
                entry.set("archive", archive.as_str());
                entry.set("digest", digest.as_str());
                entry.set("new", *new);
                entry.set("there", *there);
                entry.set("signatures", *signatures);
                entry.set("left_out", *left_out);
            }
            Self::EvidenceAttached { evidence, files } => {
                entry.set("evidence", evidence.as_str());
                entry.set("files", list(files));
            }
            Self::TimeStampsRequested { folder, requests } => {
                entry.set("folder", folder.as_str());
                entry.set("requests", *requests);
            }
            Self::TimeStampAttached { files, covers, signer_id, time, authority } => {
                entry.set("files", list(files));
                entry.set("covers", *covers);
                entry.set("signer_id", signer_id.as_str());
                entry.set("time", time.as_str());
                entry.set("authority", authority.as_str());
            }
            Self::RunTimeStampAdded { file, run, time, authority } => {
                entry.set("file", file.as_str());
                entry.set("run", run.as_str());
                entry.set("time", time.as_str());
                entry.set("authority", authority.as_str());
            }
            Self::LogRewritten { log, words, had, has } => {
                entry.set("log", log.as_str());
                entry.set("words", words.as_str());
                entry.set("had", *had);
                entry.set("has", *has);
            }
            Self::LogAccepted { log, kind, had, has, lost, forks, reason } => {
                entry.set("log", log.as_str());
                entry.set("kind", kind.word());
                entry.set("had", *had);
                entry.set("has", *has);
                entry.set("lost", list(lost));
                if !forks.is_empty() {
                    entry.set("forks", list(forks));
                }
                entry.set("reason", reason.as_str());
            }
            Self::MissingRunAccepted { file, reason } => {
                entry.set("file", file.as_str());
                entry.set("reason", reason.as_str());
            }
            Self::KeyCreated { file, fingerprint } => {
                entry.set("file", file.as_str());
                entry.set("fingerprint", fingerprint.as_str());
            }
            Self::KeyAdded { keyring, key } => {
                entry.set("keyring", keyring.as_str());
                set_keyring_key(&mut entry, key);
                if key.certificates.is_some() {
                    entry.set("certificates", list(&certificates_of(key)));
                }
            }
            Self::KeyRevoked { keyring, key } => {
                entry.set("keyring", keyring.as_str());
                set_keyring_key(&mut entry, key);
                entry.set("revoked_at", key.revoked_at.map(|at| at.to_string()).as_deref());
                entry.set("reason", key.revocation_reason.as_deref());
                entry.set("reason_code", key.revocation_code.map(|code| code.as_str()));
                if let Some(since) = key.compromised_since {
                    entry.set("compromised_since", since.to_string());
                }
            }
            Self::KeyCertified { keyring, key } => {
                entry.set("keyring", keyring.as_str());
                set_keyring_key(&mut entry, key);
                entry.set("certificates", list(&certificates_of(key)));
            }
            Self::RootTrusted(root)
            | Self::RootRemoved(root)
            | Self::CrlAdded(root)
            | Self::CrlRemoved(root) => {
                entry.set("folder", root.folder.as_str());
                entry.set("sha256", root.sha256.as_str());
                entry.set("subject", root.subject.as_str());
            }
            Self::SettingChanged { setting, before, after } => {
                entry.set("setting", *setting);
                entry.set("before", before.as_deref());
                entry.set("after", after.as_deref());
            }
            Self::ExemptChanged { exempted, ended } => {
                entry.set("exempted", list(exempted));
                entry.set("ended", list(ended));
            }
            Self::ChangeFailed { change, words } => {
                entry.set("change", *change);
                entry.set("words", words.as_str());
            }
            Self::YubikeyChanged { serial, reader, change, key, replaces } => {
                entry.set("serial", serial.map_or(Value::Null, |n| u64::from(n).into()));
                entry.set("reader", reader.as_str());
                entry.set("change", *change);
                if let Some((slot, about)) = key {
                    entry.set("slot", slot.as_str());
                    entry.set("about", about.as_str());
                }
                if let Some(fingerprint) = replaces {
                    entry.set("replaces", fingerprint.as_str());
                }
            }
            Self::PinChanged { serial, reader, change } => {
                entry.set("serial", serial.map_or(Value::Null, |n| u64::from(n).into()));
                entry.set("reader", reader.as_str());
                entry.set("change", *change);
            }
            Self::DeviceArrived(device) | Self::DeviceRemoved(device) => {
                let serial = device.serial.map_or(Value::Null, |n| u64::from(n).into());
                entry.set("serial", serial);
                entry.set("firmware", device.firmware.as_str());
                entry.set("reader", device.reader.as_str());
                if let Some(card) = &device.card {
                    entry.set("card", card.as_str());
                }
                if let Some((token, module)) = &device.token {
                    entry.set("token", token.as_str());
                    entry.set("module", module.as_str());
                }
            }
        }
        entry
    }
}

impl SignedKeyringFacts {
    fn set(&self, entry: &mut Object) {
        entry.set("file", self.file.as_str());
        entry.set("version", self.version);
        entry.set("digest", self.digest.as_str());
        entry.set("revokes", self.revokes.as_deref());
        let changes = self.changes.iter().map(|change| change.as_str().into());
        entry.set("changes", Value::from(changes.collect::<Vec<Value>>()));
    }
}

impl KeyFacts {
    fn set(&self, entry: &mut Object) {
        entry.set("key_id", self.key_id.as_str());
        entry.set("fingerprint", self.fingerprint.as_deref());
        entry.set("signer_type", self.kind.map(SignerType::as_str));
        if let Some(claim) = &self.claim {
            entry.set("signer_type_claim", claim.as_str());
        }
        if let Some(companion) = &self.companion {
            entry.set("companion", companion.as_str());
        }
        entry.set("signer_id", self.signer_id.as_str());
        entry.set("role", self.role.as_str());
    }
}

fn set_keyring_key(entry: &mut Object, key: &Key) {
    entry.set("key_id", key.key_id.as_str());
    entry.set("fingerprint", key.fingerprint().map(|digest| digest.to_string()).as_deref());
    entry.set("owner", key.owner.as_str());
    let roles = key.roles.iter().map(|role| Value::from(role.as_str()));
    entry.set("roles", Value::from(roles.collect::<Vec<_>>()));
    entry.set("kind", key.kind.as_str());
    entry.set("valid_from", key.valid_from.map(|at| at.to_string()).as_deref());
    entry.set("valid_until", key.valid_until.map(|at| at.to_string()).as_deref());
    let attestation = key.attestation().and_then(Result::ok);
    entry.set("attestation", attestation.as_ref().map(KeyAttestation::type_name));
}

fn subjects(subjects: &[Subject]) -> Value {
    let one = |subject: &Subject| {
        Value::Object(Object::from([
            ("file", subject.file.as_str()),
            ("payload_type", subject.payload_type.as_str()),
            ("payload_bytes_sha256", subject.digest.as_str()),
        ]))
    };
    Value::from(subjects.iter().map(one).collect::<Vec<_>>())
}

/// A message about a key as reported to a person, without the output of commands: that may contain
/// anything.
pub fn words(error: &SignerError) -> String {
    match error {
        SignerError::External(error) => format!("{}: {}", error.program, error.fault),
        error => error.to_string(),
    }
}
