//! The keyring.

use countersign_app::clock::now;
use countersign_app::enrol::{self, Certification, NewKey};
use countersign_app::passphrase::{self, Strength};
use countersign_app::{revoke, signer_profiles};
use countersign_problem::{Explain as _, Problem};
use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Key, KeyType, Revocation, RevocationCode};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::visible::visible;
use countersign_trust::enrolment::{self, Holder, Selection};
use countersign_views::{AttestationView, NamesView};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::act::TypedSecret;
use super::{Held, off_thread};
use crate::refusal::Refusal;
use crate::station::Station;

/// The keyring as it is shown.
#[derive(Debug, Serialize, Type)]
pub struct KeysView {
    /// Its path.
    pub path: String,
    /// Its keys.
    pub keys: Vec<KeyView>,
    /// Why it cannot be read.
    pub problem: Option<Problem>,
}

/// One key of the keyring.
#[derive(Debug, Serialize, Type)]
pub struct KeyView {
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// What holds it.
    pub kind: SignerType,
    /// Its kind.
    pub key_type: KeyType,
    /// SHA-256 of the public key, 64 hex digits; empty for a shared key.
    pub fingerprint: String,
    /// From when its signatures count.
    pub valid_from: Option<String>,
    /// Until when.
    pub valid_until: Option<String>,
    /// From when it is revoked.
    pub revoked_at: Option<String>,
    /// Why.
    pub revocation_reason: Option<String>,
    /// Which kind of reason; null if none was given.
    pub revocation_code: Option<RevocationCode>,
    /// From when someone else may have had it.
    pub compromised_since: Option<String>,
    /// When it was added.
    pub added_at: Option<String>,
    /// How many valid signatures by it are in the open directory.
    pub signatures_here: u32,
    /// The signer of this station that holds it.
    pub signer: Option<String>,
    /// Another owner in the keyring whose name looks the same.
    pub looks_like: Option<String>,
    /// What its attestation proves, if one was stored at enrolment.
    pub attestation: Option<AttestationView>,
    /// The names that the certificate beside it states, as judged now; null if there is none.
    pub names: Option<NamesView>,
}

/// A public key to enrol.
#[derive(Debug, Deserialize, Type)]
pub struct EnrolRequest {
    /// A path to a public key or a signature file, or the key itself as text. In a file with
    /// several signatures, key id and owner select one.
    pub source: String,
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// What holds it.
    pub kind: SignerType,
    /// From when its signatures count, RFC 3339.
    pub valid_from: Option<String>,
    /// Until when.
    pub valid_until: Option<String>,
}

/// A software key to make.
#[derive(Debug, Deserialize, Type)]
pub struct CreateKeyRequest {
    /// Its path.
    pub path: String,
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in; a key for companions has none.
    pub roles: Vec<Role>,
    /// Whether it is an ML-DSA-65 key for companions of its owner's signatures, and no Ed25519 key that
    /// signs.
    pub is_of_companions: bool,
    /// Whether the person confirmed that the passphrase may be easily guessed.
    pub accepts_weak: bool,
}

impl CreateKeyRequest {
    fn key(self) -> NewKey {
        let holder = Holder {
            key_id: given(self.key_id),
            owner: given(self.owner),
            roles: self.roles,
            is_of_companions: self.is_of_companions,
            ..Holder::default()
        };
        NewKey { path: PathBuf::from(self.path), holder }
    }

    /// The key's entry in the keyring, before the key is made.
    pub(super) fn entry(self, station: &Station) -> Result<Key, Problem> {
        Ok(self.key().entry(&station.workspace())?)
    }
}

/// The keyring.
#[tauri::command]
#[specta::specta]
pub async fn keys(station: Held<'_>) -> Result<KeysView, Problem> {
    off_thread(&station, |station| Ok(view(station))).await
}

/// Enrols a public key.
#[tauri::command]
#[specta::specta]
pub async fn key_enrol(station: Held<'_>, request: EnrolRequest) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        enrol::enrol(&station.workspace(), request.entry(station)?)?;
        Ok(view(station))
    })
    .await
}

impl EnrolRequest {
    /// The key's entry in the keyring.
    pub(super) fn entry(self, station: &Station) -> Result<Key, Problem> {
        let choice = Selection {
            index: None,
            key_id: given(self.key_id.clone()),
            owner: given(self.owner.clone()),
        };
        let found = enrolment::find(&self.source, &choice)?;
        let holder = Holder {
            key_id: given(self.key_id),
            owner: given(self.owner),
            roles: self.roles,
            valid_from: instant(self.valid_from)?,
            valid_until: instant(self.valid_until)?,
            ..Holder::default()
        };
        let (_, roots) = station.trust();
        let workspace = station.workspace();
        Ok(enrol::entry(&workspace, Some(&found), holder, Some(self.kind), &roots)?.key)
    }
}

/// Makes a software key in an encrypted file, enrols it, and adds a signer profile for it.
#[tauri::command]
#[specta::specta]
pub async fn key_create(
    station: Held<'_>,
    request: CreateKeyRequest,
    passphrase: TypedSecret,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        let accepts_weak = request.accepts_weak;
        let key = request.key();
        let (workspace, settings) = (station.workspace(), station.settings());
        let passphrase = key.passphrase(passphrase.0, accepts_weak)?;
        let (settings, _) = signer_profiles::create_key(&workspace, settings, key, &passphrase)?;
        station.save(settings)?;
        Ok(view(station))
    })
    .await
}

/// How easily the passphrase of a new key is guessed.
#[derive(Debug, Clone, Copy, Serialize, Type)]
pub struct StrengthView {
    /// In one word.
    strength: Strength,
    /// Whether it may be used without a confirmation.
    is_enough: bool,
}

/// How easily a passphrase is guessed by someone who knows what is public of the key and its owner.
#[tauri::command]
#[specta::specta]
pub async fn passphrase_strength(
    station: Held<'_>,
    request: CreateKeyRequest,
    passphrase: TypedSecret,
) -> Result<StrengthView, Problem> {
    off_thread(&station, move |_| {
        let strength = request.key().strength(&passphrase.0);
        Ok(StrengthView { strength, is_enough: strength.is_enough() })
    })
    .await
}

/// Six random words, offered as a passphrase: they are shown to the person, who writes them down.
#[tauri::command]
#[specta::specta]
pub async fn passphrase_words(station: Held<'_>) -> Result<String, Problem> {
    off_thread(&station, |_| Ok(passphrase::generated()?.expose_secret().to_owned())).await
}

/// Why a key is revoked.
#[derive(Debug, Clone, Deserialize, specta::Type)]
pub struct RevokeRequest {
    /// The kind of reason.
    pub code: RevocationCode,
    /// From when someone else may have had the key; null if that is not known, or for another reason.
    pub compromised_since: Option<String>,
    /// The reason in the person's words.
    pub reason: String,
}

impl RevokeRequest {
    /// The revocation, from now on.
    pub(super) fn revocation(self) -> Result<Revocation, Problem> {
        Ok(Revocation {
            at: now(),
            code: self.code,
            compromised_since: instant(self.compromised_since)?,
            reason: self.reason,
        })
    }
}

/// Revokes a key from now on.
#[tauri::command]
#[specta::specta]
pub async fn key_revoke(
    station: Held<'_>,
    key_id: String,
    request: RevokeRequest,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        revoke::revoke(&station.workspace(), &key_id, request.revocation()?)?;
        Ok(view(station))
    })
    .await
}

/// What keeping the certificates of a file beside a key would record.
#[derive(Debug, Serialize, Type)]
pub struct CertificationView {
    /// The certificate that is beside the key now; null if none is.
    pub before: Option<NamesView>,
    /// That of the file.
    pub after: Option<NamesView>,
    /// The SHA-256 of every certificate, that of the key first: what is confirmed.
    pub sha256: Vec<String>,
}

/// What keeping the certificates of a file beside a key would record. Nothing is changed.
#[tauri::command]
#[specta::specta]
pub async fn key_certificates_look(
    station: Held<'_>,
    key_id: String,
    path: String,
) -> Result<CertificationView, Problem> {
    off_thread(&station, move |station| {
        let found = Certification::look(&station.workspace(), &key_id, Path::new(&path))?;
        let names = station.names();
        let view = |key| NamesView::of_key(key, &names, now());
        let (before, after) = (view(&found.before), view(&found.after));
        Ok(CertificationView { before, after, sha256: found.sha256() })
    })
    .await
}

/// Keeps the certificates of a file beside a key instead of those that were there, if they are those that
/// a person has seen and confirmed by their SHA-256. They prove names, and change no level.
#[tauri::command]
#[specta::specta]
pub async fn key_certify(
    station: Held<'_>,
    key_id: String,
    path: String,
    sha256: Vec<String>,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        enrol::certify(&station.workspace(), &key_id, Path::new(&path), &sha256)?;
        Ok(view(station))
    })
    .await
}

/// Keeps no certificates beside a key.
#[tauri::command]
#[specta::specta]
pub async fn key_remove_certificates(
    station: Held<'_>,
    key_id: String,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        enrol::remove_certificates(&station.workspace(), &key_id)?;
        Ok(view(station))
    })
    .await
}

pub(super) fn given(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(super) fn instant(text: Option<String>) -> Result<Option<Instant>, Problem> {
    let Some(text) = text.and_then(given) else { return Ok(None) };
    match Instant::parse(&text) {
        Some(at) => Ok(Some(at)),
        None => Err(Refusal::NotATime { text }.problem()),
    }
}

pub(super) fn view(station: &Station) -> KeysView {
    let workspace = station.workspace();
    let path = workspace.keyring.as_deref().map(|path| visible(&path.to_string_lossy()));
    let path = path.unwrap_or_default();
    let keyring = match workspace.read_keyring() {
        Ok(keyring) => keyring,
        Err(error) => return KeysView { path, keys: Vec::new(), problem: Some(error.problem()) },
    };
    let counts = station.open().map(|open| open.queue.signatures_by_key()).unwrap_or_default();
    let signers = station.settings().signers;
    let ((_, roots), names) = (station.trust(), station.names());
    let text = |at: Option<Instant>| at.map(|at| at.to_string());
    let key_view = |key: &Key| {
        let public = key.public_key.as_deref().and_then(|text| PublicKey::parse(text).ok());
        let fingerprint = public.map(|key| key.fingerprint());
        let signer = signers
            .iter()
            .find(|signer| signer.entry(&keyring).is_some_and(|k| k.key_id == key.key_id));
        KeyView {
            key_id: visible(&key.key_id),
            owner: visible(&key.owner),
            looks_like: keyring.looking_like(&key.owner).next().map(visible),
            roles: key.roles.clone(),
            kind: key.kind,
            key_type: key.key_type,
            fingerprint: fingerprint.map(|digest| digest.hex()).unwrap_or_default(),
            valid_from: text(key.valid_from),
            valid_until: text(key.valid_until),
            revoked_at: text(key.revoked_at),
            revocation_reason: key.revocation_reason.as_deref().map(visible),
            revocation_code: key.revocation_code,
            compromised_since: text(key.compromised_since),
            added_at: text(key.added_at),
            signatures_here: fingerprint.and_then(|f| counts.get(&f).copied()).unwrap_or(0),
            signer: signer.map(|signer| visible(&signer.name)),
            attestation: AttestationView::of_key(key, &roots, now()),
            names: NamesView::of_key(key, &names, now()),
        }
    };
    KeysView { path, keys: keyring.keys().iter().map(key_view).collect(), problem: None }
}
