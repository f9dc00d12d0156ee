//! PKCS#11 modules and their tokens, as a person is shown them, and the keys that can be signed with.

use countersign_problem::{Explain as _, Problem, Said, Words, list, words};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use countersign_admissibility::keyring::{Key as KeyringKey, KindBasis};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignerType};
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use countersign_signers::certificate::CertificateFacts;
use countersign_signers::devices::{Devices, Module, ModuleState};
use countersign_signers::pkcs11::discovery::FoundModule;
use countersign_signers::pkcs11::module_file::{ModuleFile, Vouching};
use countersign_signers::pkcs11::process::{self, Inspection, LIMIT, Library};
use countersign_signers::pkcs11::signer::{self, Pkcs11Key};
use countersign_signers::pkcs11::token::{PinState, Token, TokenKey};
use countersign_signers::pkcs11::uri::Pkcs11Uri;
use countersign_signers::{Key, SignerError};
use serde::Serialize;

use countersign_views::NamesView;

use crate::devices::{self, DeviceKey, Known};
use crate::key_on_offer::{Asks, KeyOnOffer, KeyOrigin};
use crate::key_ref::KeyRef;
use countersign_journal::{DeviceFacts, Event};
use countersign_trust::enrolment::{EnrolmentError, Holder};

/// A token, as a module shows it.
#[derive(Debug, Clone, Copy)]
pub struct ListedToken<'a> {
    /// The module.
    pub module: &'a ModuleFile,
    /// Whether the module's statements about hardware count.
    pub vouching: Vouching,
    /// The token.
    pub token: &'a Token,
}

impl<'a> ListedToken<'a> {
    /// Every token of a module that was examined.
    pub fn all_of(
        module: &'a ModuleFile,
        inspection: &'a Inspection,
    ) -> impl Iterator<Item = Self> {
        let vouching = inspection.vouching;
        inspection.tokens.iter().map(move |token| Self { module, vouching, token })
    }

    /// A key of the token, with the token's own description.
    pub fn key(self, key: &TokenKey) -> Pkcs11Key {
        Pkcs11Key {
            module: self.module.clone(),
            vouching: self.vouching,
            token: Token { keys: Vec::new(), ..self.token.clone() },
            key: key.clone(),
            public: None,
            algorithm: None,
            claimed: None,
            limit: LIMIT,
            pin_source: None,
        }
    }
}

/// Every token of every module.
pub fn all(devices: &Devices) -> impl Iterator<Item = ListedToken<'_>> {
    devices.modules.iter().flat_map(|module| match &module.state {
        ModuleState::Read(inspection) => {
            ListedToken::all_of(&module.file, inspection).collect::<Vec<_>>()
        }
        ModuleState::Reading | ModuleState::Failed(_) => Vec::new(),
    })
}

/// Every key that has a name and can sign, of every token. A key that is seen more than once, through
/// two modules or two paths to one, is there once; one of a PIV card that is used directly is not there.
pub fn keys(devices: &Devices) -> Vec<Pkcs11Key> {
    let of = |listed: ListedToken<'_>| {
        let token = listed.token;
        let keys = token.keys.iter().filter(|key| !token.algorithms(key).is_empty());
        keys.map(|key| listed.key(key)).collect::<Vec<_>>()
    };
    let mut keys = folded(all(devices).flat_map(of).collect());
    let direct: HashSet<_> =
        DeviceKey::all(devices).iter().map(|key| key.public_key.fingerprint()).collect();
    keys.retain(|key| key.public().is_none_or(|public| !direct.contains(&public.fingerprint())));
    keys
}

/// Each key once, by its public key: through a module whose word counts, if it is seen through one.
pub fn folded(mut keys: Vec<Pkcs11Key>) -> Vec<Pkcs11Key> {
    keys.sort_by_key(|key| key.vouching != Vouching::Known);
    let mut seen = HashSet::new();
    keys.retain(|key| {
        // Two shared keys cannot be identified as one.
        key.public().is_none_or(|public| seen.insert(public.fingerprint()))
    });
    keys
}

/// The name of a key: with its id and its module if another has the same name.
pub fn called(key: &Pkcs11Key, all: &[Pkcs11Key]) -> Words {
    let label = key.label();
    if all.iter().filter(|other| other.label() == label).count() < 2 {
        return label;
    }
    let module = countersign_store::reading::name_of(&key.module.path);
    words!("key-of-module", label, id = key.key.id.clone(), module)
}

/// The key that a URI names, if its token is there and the URI fits no other key.
pub fn find(devices: &Devices, uri: &Pkcs11Uri) -> Option<Pkcs11Key> {
    let fits = |listed: &ListedToken<'_>| {
        uri.module.as_ref().is_none_or(|module| listed.module.is_at(module))
            && uri.fits_token(listed.token)
    };
    let fitting = all(devices).filter(fits).flat_map(|listed| {
        let token = listed.token;
        let keys = token.keys.iter();
        let keys = keys.filter(|key| uri.fits_key(key) && !token.algorithms(key).is_empty());
        keys.map(|key| listed.key(key)).collect::<Vec<_>>()
    });
    let mut fitting = folded(fitting.collect());
    fitting.pop().filter(|_| fitting.is_empty())
}

/// A key on a token, as it is offered.
#[derive(Debug, Clone)]
pub struct OfferedToken {
    key: Pkcs11Key,
    called: Words,
}

impl OfferedToken {
    /// Every key that is offered. A shared key is not in a keyring by its public key, and cannot be
    /// distinguished from another; it needs a signer profile.
    pub fn all(devices: &Devices) -> Vec<Self> {
        let all = keys(devices);
        let asymmetric = all.iter().filter(|key| key.key.public().is_some());
        asymmetric.map(|key| Self { called: called(key, &all), key: key.clone() }).collect()
    }
}

impl KeyOnOffer for OfferedToken {
    fn key_ref(&self) -> KeyRef {
        let Pkcs11Key { module, token, key, .. } = &self.key;
        KeyRef::Pkcs11 { uri: Pkcs11Uri::of(&module.path, token, key) }
    }

    fn label(&self) -> Words {
        self.called.clone()
    }

    fn about(&self) -> Words {
        let kind = self.key.key.kind();
        words!("key-of-kind", key = self.called.clone(), kind)
    }

    fn kind(&self, known: Option<&KeyringKey>) -> SignerType {
        // A key that only the PIN shows was seen by whoever enrolled it.
        let enrolled = known.filter(|_| shows_with_pin(&self.key));
        enrolled.map_or_else(|| self.key.holding().signer_type, |key| key.kind)
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm().unwrap_or(Algorithm::HmacSha256)
    }

    fn public_key(&self) -> Option<PublicKey> {
        self.key.public()
    }

    fn key_id(&self) -> String {
        default_key_id(&self.key)
    }

    fn asks(&self) -> Asks {
        asks(&self.key.token, &self.key.key)
    }

    fn attempts_left(&self) -> Option<u8> {
        pin_tries(&self.key.token)
    }

    fn warnings(&self, known: Option<&KeyringKey>) -> Vec<Words> {
        let software = (self.kind(known) == SignerType::Software)
            .then(|| words!("token-key-software", why = self.key.holding().why));
        warnings(&self.key.token).into_iter().chain(software).collect()
    }

    fn certificate(&self) -> Option<&CertificateFacts> {
        self.key.key.certificate.as_ref()
    }

    fn is_virtual(&self) -> bool {
        self.key.token.is_virtual()
    }

    fn open(&self) -> Result<Key, Problem> {
        open(&self.key).map_err(Problem::from)
    }
}

/// The key that a URI names behind a module, which is examined for it, to be used in this way.
///
/// # Errors
/// If the module cannot be used, or does not have exactly one such key.
pub fn find_in(
    module: &ModuleFile,
    uri: &Pkcs11Uri,
    algorithm: Option<Algorithm>,
) -> Result<Pkcs11Key, SignerError> {
    let inspection = process::inspect(module, LIMIT)?;
    let tokens: Vec<_> = ListedToken::all_of(module, &inspection)
        .filter(|listed| uri.fits_token(listed.token))
        .collect();
    let mut keys = meant(&tokens, uri, algorithm);
    match keys.pop() {
        Some(key) if keys.is_empty() => Ok(key),
        _ => Err(SignerError::NoSuchKey(uri.to_string())),
    }
}

/// The keys of some tokens that match a URI, to be used in this way. More than one if the URI is
/// ambiguous.
pub fn meant(
    tokens: &[ListedToken<'_>],
    uri: &Pkcs11Uri,
    algorithm: Option<Algorithm>,
) -> Vec<Pkcs11Key> {
    // A shared key is used only if the URI asks for one.
    let shared = algorithm == Some(Algorithm::HmacSha256);
    let used =
        |listed: &ListedToken<'_>, key: &TokenKey| Pkcs11Key { algorithm, ..listed.key(key) };
    let mut keys = Vec::new();
    for listed in tokens {
        let fitting = listed.token.keys.iter().filter(|key| uri.fits_key(key));
        keys.extend(fitting.map(|key| used(listed, key)));
    }
    let signs = |key: &Pkcs11Key| key.algorithm().is_ok() || key.key.lacks_public_half();
    let named_shared = !shared && keys.iter().any(|key| key.key.secret);
    keys.retain(|key| key.key.secret == shared);
    if keys.iter().any(signs) {
        keys.retain(signs);
    } else if let [listed] = tokens
        && keys.is_empty()
        && (uri.object.is_some() || uri.id.is_some())
        && listed.token.login_required
        && !named_shared
    {
        // A token need not list a key without the PIN. Then its existence is assumed, and it is
        // used only if everything in the URI turns out to be true.
        let unseen = TokenKey::unseen(uri.object.as_deref(), uri.id.as_deref(), shared);
        keys = vec![used(listed, &unseen)];
    }
    folded(keys)
}

/// Opens a key: reads its data again. Returns a key that asks for the PIN.
///
/// # Errors
/// Fails if its token is no longer there or cannot be used.
pub fn open(key: &Pkcs11Key) -> Result<Key, SignerError> {
    signer::open(key)
}

/// A keyring's entry for a key on a token. It is marked as hardware only on the statement of a
/// known module, or of the person (`stated`); the entry records which.
///
/// # Errors
/// If id, owner, roles or the public half are not known.
pub fn entry(
    key: &Pkcs11Key,
    holder: Holder,
    stated: Option<SignerType>,
    now: Instant,
) -> Result<KeyringKey, EnrolmentError> {
    let public = key.public();
    if public.is_none() && !key.key.secret {
        return Err(EnrolmentError::NoPublicHalf { key: key.label() });
    }
    let reported = key.holding().signer_type;
    let entry = holder.entry(public.as_ref(), stated.unwrap_or(reported), now)?;
    let entry = devices::certified(entry, key.key.certificate.as_ref());
    Ok(match (stated, reported) {
        (Some(SignerType::Software), _) | (None, SignerType::Software) => entry,
        (Some(_), _) => entry.with_kind_basis(KindBasis::Stated),
        (None, _) => entry.with_kind_basis(KindBasis::KnownModule),
    })
}

/// The devices plugged in and removed between two moments, for the journal.
pub fn changes(before: &Devices, after: &Devices) -> Vec<Event> {
    let facts = |devices: &Devices| -> Vec<DeviceFacts> {
        let fact = |token: &Arc<countersign_signers::piv::token::Token>| DeviceFacts {
            serial: token.serial(),
            card: token.card_id().map(ToString::to_string),
            firmware: token.yubikey().map(|one| one.version.to_string()).unwrap_or_default(),
            reader: token.reader.clone(),
            token: None,
        };
        let behind = all(devices).map(|ListedToken { module, token, .. }| DeviceFacts {
            serial: None,
            card: None,
            firmware: String::new(),
            reader: token.slot_name.clone(),
            token: Some((token.name().to_string(), module.path.display().to_string())),
        });
        devices.tokens().map(fact).chain(behind).collect()
    };
    let (before, after) = (facts(before), facts(after));
    let gone = before.iter().filter(|device| !after.contains(device)).cloned();
    let come = after.iter().filter(|device| !before.contains(device)).cloned();
    gone.map(Event::DeviceRemoved).chain(come.map(Event::DeviceArrived)).collect()
}

/// The id of a key in signatures if no keyring has it.
pub fn default_key_id(key: &Pkcs11Key) -> String {
    let name = if key.key.label.is_empty() { &key.key.id } else { &key.key.label };
    let plain = |text: &str| -> String {
        let keep = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        text.chars().map(keep).collect()
    };
    format!("token-{}-{}", plain(&key.token.label), plain(name))
}

vocabulary! {
    /// The state of a module.
    ModuleStanding {
        /// Found on this machine, and not in use.
        Found = "found",
        /// Loading.
        Reading = "reading",
        /// In use.
        InUse = "in_use",
        /// It cannot be used.
        Unusable = "unusable",
    }
}

vocabulary! {
    /// Whether a module's statements about hardware count.
    ModuleTrust {
        /// It is on the list of known modules.
        Known = "known",
        /// It is not on the list.
        Unlisted = "unlisted",
        /// Its file has changed since it was put on the list.
        Changed = "changed",
    }
}

impl ModuleTrust {
    const fn of(vouching: Vouching) -> Self {
        match vouching {
            Vouching::Known => Self::Known,
            Vouching::Unlisted => Self::Unlisted,
            Vouching::Changed => Self::Changed,
        }
    }
}

/// A module, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct ModuleView {
    /// Its file.
    pub path: String,
    /// Its own name, or the name it was found by.
    pub name: String,
    /// Its state.
    pub standing: ModuleStanding,
    /// Whether its statements about hardware count.
    pub trust: ModuleTrust,
    /// Why it cannot be used.
    pub problem: Option<Problem>,
    /// Its tokens.
    pub tokens: Vec<TokenView>,
}

/// A token, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct TokenView {
    /// Its name; no two are equal.
    pub called: Said,
    /// Its label.
    pub label: String,
    /// Its serial.
    pub serial: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// The slot's number and description.
    pub slot: String,
    /// Whether the module calls the slot hardware.
    pub hardware_slot: bool,
    /// Whether it is software that plays a token.
    pub virtual_token: bool,
    /// The state of the PIN, in words.
    pub pin: Said,
    /// How many attempts of the PIN are left, if the token reports it: one or none.
    pub pin_tries: Option<u8>,
    /// What should be known of it.
    pub warnings: Vec<Said>,
    /// Its keys.
    pub keys: Vec<TokenKeyView>,
    /// Why its keys cannot be seen.
    pub problem: Option<Said>,
}

/// A key on a token, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct TokenKeyView {
    /// Its name: an RFC 7512 URI.
    pub uri: String,
    /// Its label.
    pub label: String,
    /// Its id, in hex.
    pub id: String,
    /// Which key it is.
    pub key_type: Said,
    /// How it can sign, the preferred way first.
    pub algorithms: Vec<Algorithm>,
    /// What holds it, according to the token.
    pub kind: SignerType,
    /// Why that.
    pub kind_why: Said,
    /// Whether only the PIN shows what holds it, on a token that calls itself hardware.
    pub shows_with_pin: bool,
    /// Where it was made; null if the module does not know.
    pub origin: Option<KeyOrigin>,
    /// The subject of the certificate beside it.
    pub subject: Option<String>,
    /// Until when that is valid.
    pub expires: Option<String>,
    /// Whether it has expired.
    pub expired: bool,
    /// The names that the certificate states; null if there is none.
    pub names: Option<NamesView>,
    /// SHA-256 of the public key, 64 hex digits; empty if it has none.
    pub fingerprint: String,
    /// Its id in the keyring.
    pub key_id: Option<String>,
    /// Its owner in the keyring.
    pub owner: Option<String>,
    /// Where else the same key is listed: a card behind two modules, a module under two names.
    pub same_as: Option<Said>,
    /// What it asks for before it signs.
    pub asks: Asks,
    /// Why it cannot sign.
    pub problem: Option<Said>,
}

impl ModuleView {
    /// A module that is in use.
    pub fn of(module: &Module, known: Known<'_>) -> Self {
        let mut view = Self {
            path: visible(&module.file.path.to_string_lossy()),
            name: countersign_store::reading::name_of(&module.file.path),
            standing: ModuleStanding::Reading,
            trust: ModuleTrust::of(module.file.vouching()),
            problem: None,
            tokens: Vec::new(),
        };
        match &module.state {
            ModuleState::Reading => {}
            ModuleState::Read(inspection) => {
                view.standing = ModuleStanding::InUse;
                let library = &inspection.library;
                if !library.description.is_empty() {
                    view.name = visible(&named(library));
                }
                view.trust = ModuleTrust::of(inspection.vouching);
                let token = |listed| TokenView::of(listed, known);
                view.tokens = ListedToken::all_of(&module.file, inspection).map(token).collect();
            }
            ModuleState::Failed(error) => {
                view.standing = ModuleStanding::Unusable;
                view.problem = Some(error.without_module().problem());
            }
        }
        view
    }

    /// A module that was found and is not in use.
    pub fn found(module: &FoundModule) -> Self {
        Self {
            path: visible(&module.path.to_string_lossy()),
            name: visible(&module.name),
            standing: ModuleStanding::Found,
            trust: ModuleTrust::Unlisted,
            problem: None,
            tokens: Vec::new(),
        }
    }
}

/// Tells tokens with the same name apart by serial and module, and marks a key that is listed twice
/// with its first place. `seen` has the fingerprints that are listed elsewhere.
pub fn distinguish(modules: &mut [ModuleView], mut seen: HashMap<String, Words>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for token in modules.iter().flat_map(|module| &module.tokens) {
        *counts.entry(token.called.text.clone()).or_default() += 1;
    }
    for module in modules {
        for token in &mut module.tokens {
            let mut called = name_of(&token.label, &token.model);
            if counts.get(&token.called.text).is_some_and(|count| *count > 1) {
                let parts = [&token.serial, &module.name].into_iter();
                let parts = parts.filter(|part| !part.is_empty()).cloned();
                if let Some(parts) = list::row(parts.map(Words::text)) {
                    called = words!("token-apart", name = called, parts);
                }
            }
            token.called = Said::from(&called);
            for key in token.keys.iter_mut().filter(|key| !key.fingerprint.is_empty()) {
                let label = Words::text(key.label.clone());
                let here = words!("list-more", rest = called.clone(), next = label);
                match seen.entry(key.fingerprint.clone()) {
                    Entry::Occupied(first) => key.same_as = Some(Said::from(first.get())),
                    Entry::Vacant(first) => {
                        first.insert(here);
                    }
                }
            }
        }
    }
}

/// The name of a token, whichever others there are.
fn name_of(label: &str, model: &str) -> Words {
    match (label, model) {
        ("", "") => words!("token-nameless"),
        ("", name) | (name, _) => Words::text(name.to_owned()),
    }
}

/// A module's own name, with its manufacturer if the name does not contain it.
fn named(library: &Library) -> String {
    let Library { description, manufacturer, version } = library;
    match description.contains(manufacturer.as_str()) {
        true => format!("{description} {version}"),
        false => format!("{manufacturer}: {description} {version}"),
    }
}

impl TokenView {
    fn of(listed: ListedToken<'_>, known: Known<'_>) -> Self {
        let token = listed.token;
        let key = |key| TokenKeyView::of(listed, key, known);
        Self {
            called: name_of(&token.label, &token.model).into(),
            label: visible(&token.label),
            serial: visible(&token.serial),
            manufacturer: visible(&token.manufacturer),
            model: visible(&token.model),
            slot: visible(&format!("{} {}", token.slot, token.slot_name)).trim().to_owned(),
            hardware_slot: token.hardware_slot,
            virtual_token: token.is_virtual(),
            pin: pin_words(token).into(),
            pin_tries: pin_tries(token),
            warnings: warnings(token).iter().map(Said::from).collect(),
            keys: token.keys.iter().map(key).collect(),
            problem: token.problem.as_ref().map(|fault| Words::from(fault.problem()).into()),
        }
    }
}

impl TokenKeyView {
    fn of(listed: ListedToken<'_>, key: &TokenKey, by: Known<'_>) -> Self {
        let Known { keyring, names, now, .. } = by;
        let token = listed.token;
        let public = key.public();
        let known = public.as_ref().and_then(|public| keyring.find(Some(public), ""));
        let algorithms = token.algorithms(key);
        let holding = token.holding(key, listed.vouching);
        let expires = key.certificate.as_ref().map(|facts| facts.not_after);
        Self {
            uri: Pkcs11Uri::of(&listed.module.path, token, key).to_string(),
            label: visible(&key.label),
            id: visible(&key.id),
            key_type: key.kind().into(),
            kind: holding.signer_type,
            kind_why: holding.why.into(),
            shows_with_pin: shows_with_pin(&listed.key(key)),
            origin: token.origin(key).map(KeyOrigin::from),
            subject: key.certificate.as_ref().map(|facts| visible(&facts.subject)),
            expires: expires.and_then(Instant::from_unix).map(|at| at.to_string()),
            expired: expires.is_some_and(|at| at < now.unix()),
            names: devices::names_view(
                key.certificate.as_ref(),
                public.as_ref(),
                known.map(|known| &*known.owner),
                (names, now),
            ),
            fingerprint: public.map(|public| public.fingerprint().hex()).unwrap_or_default(),
            key_id: known.map(|known| visible(&known.key_id)),
            owner: known.map(|known| visible(&known.owner)),
            same_as: None,
            asks: asks(token, key),
            problem: algorithms.is_empty().then(|| cannot_sign(token, key).into()),
            algorithms,
        }
    }
}

/// Whether only the PIN shows what has to be known before a key is enrolled: what holds it, or its
/// public half.
pub fn shows_with_pin(key: &Pkcs11Key) -> bool {
    let lacks = key.public().is_none() && !key.key.secret;
    let hidden = key.key.hidden && (key.token.hardware_slot || key.key.is_unseen());
    key.token.login_required && !key.token.own_pad && (hidden || lacks)
}

fn cannot_sign(token: &Token, key: &TokenKey) -> Words {
    match (key.signs, key.public()) {
        _ if token.attests_only(key) => words!("token-key-attests-only"),
        (Some(false), _) => words!("token-key-not-for-signing"),
        (_, Some(_)) => words!("token-key-no-method"),
        (_, None) if key.lacks_public_half() => words!("token-key-no-public-half"),
        (_, None) => words!("token-key-not-supported"),
    }
}

/// The state of the PIN.
fn pin_words(token: &Token) -> Words {
    match token.pin {
        _ if token.own_pad => words!("token-pin-on-pad"),
        PinState::Good if !token.login_required => words!("token-pin-not-required"),
        PinState::Good => words!("token-pin-good"),
        PinState::CountLow => words!("token-pin-count-low"),
        PinState::FinalTry => words!("token-pin-final-try"),
        PinState::Locked => words!("token-pin-locked"),
        PinState::NotSet => words!("token-pin-not-set"),
        PinState::ToBeChanged => words!("token-pin-to-be-changed"),
    }
}

/// How many attempts are left, if the token reports it.
pub fn pin_tries(token: &Token) -> Option<u8> {
    match token.pin {
        PinState::Locked => Some(0),
        PinState::FinalTry => Some(1),
        _ => None,
    }
}

/// What should be known of a token before one relies on it.
pub fn warnings(token: &Token) -> Vec<Words> {
    let warning = match token.pin {
        PinState::CountLow => words!("token-warning-count-low"),
        PinState::Locked => words!("token-warning-locked", remedy = token.unlocking().remedy()),
        PinState::NotSet => words!("token-warning-not-set"),
        PinState::ToBeChanged => words!("token-warning-to-be-changed"),
        PinState::Good | PinState::FinalTry => return Vec::new(),
    };
    vec![warning]
}

/// What a key asks for before it signs.
pub fn asks(token: &Token, key: &TokenKey) -> Asks {
    match (token.login_required, token.own_pad) {
        (false, _) => Asks::Nothing,
        (true, _) if key.free => Asks::Nothing,
        (true, false) => Asks::Pin,
        (true, true) => Asks::PinOnPad,
    }
}

#[cfg(test)]
mod tests {
    use countersign_signers::devices::{Device, Found, Service};
    use countersign_signers::piv::applet::KeyKind;
    use countersign_signers::piv::standard::StandardCard;
    use countersign_signers::piv::token::{self as piv, Make, SlotKey, parse_slot};
    use countersign_signers::pkcs11::token::Mechanism;

    use super::*;

    const ON_CARD: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERteIw5mOAm5pkNRG36VwJ4SwcWAjENb3X1rIX47nlv45mbdTrwoLJ8lmgXm3ME0C4w6ev0DM1Fnw+2YU6j2gIA==";
    const ELSEWHERE: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExAq3pkBHppSwEE1xIIYrHyCNPXs6aNfT/FaPAApjdUIxEHZFpbBIOxWKlXyg0OHUbTIdENDB2t84ucXMrj2tCA==";

    fn card(reader: &str, public_key: Option<PublicKey>) -> Device {
        let key = SlotKey {
            slot: parse_slot("9c").unwrap(),
            kind: KeyKind::P256,
            public_key,
            pin_policy: None,
            touch_policy: None,
            origin: None,
            certificate: None,
            attestation: None,
        };
        let make = Make::Standard(StandardCard { id: None, pin: Default::default() });
        let reader = reader.to_owned();
        let token = piv::Token { reader: reader.clone(), make, pin_tries: None, keys: vec![key] };
        Device { reader, found: Found::Piv(Arc::new(token)) }
    }

    fn module(path: &str) -> Module {
        let key = |id: &str, public_key: &str| TokenKey {
            id: id.to_owned(),
            public_key: public_key.to_owned(),
            signs: Some(true),
            ..TokenKey::default()
        };
        let token = Token {
            slot: 0,
            slot_name: "slot".to_owned(),
            hardware_slot: true,
            label: "card".to_owned(),
            manufacturer: String::new(),
            model: String::new(),
            serial: "1".to_owned(),
            login_required: true,
            pin: PinState::Good,
            pin_length: None,
            own_pad: false,
            mechanisms: vec![Mechanism::Ecdsa],
            keys: vec![key("01", ON_CARD), key("02", ELSEWHERE)],
            problem: None,
        };
        let library = Library {
            description: String::new(),
            manufacturer: String::new(),
            version: String::new(),
        };
        let vouching = Vouching::Known;
        let inspection = Inspection { vouching, library, tokens: vec![token] };
        let file = ModuleFile::new(std::path::Path::new(path));
        Module { file, state: ModuleState::Read(inspection.into()) }
    }

    #[test]
    fn a_key_of_a_card_that_is_used_directly_is_offered_once() {
        let public = TokenKey { public_key: ON_CARD.to_owned(), ..TokenKey::default() }.public();
        assert!(public.is_some());
        let offered = |devices: Vec<Device>| {
            let modules = vec![module("/opensc.so"), module("/other.so")];
            let devices = Devices { service: Service::Running, devices, modules };
            let ids = OfferedToken::all(&devices).into_iter().map(|offered| offered.key.key.id);
            (DeviceKey::all(&devices).len(), ids.collect::<Vec<_>>())
        };
        assert_eq!(offered(Vec::new()), (0, vec!["01".to_owned(), "02".to_owned()]));
        let only_other = vec!["02".to_owned()];
        assert_eq!(offered(vec![card("reader", public.clone())]), (1, only_other.clone()));
        // Both are there, so that a person can choose the one or the other card.
        let two = vec![card("reader", public.clone()), card("another", public)];
        assert_eq!(offered(two), (2, only_other));
        // A certificate of a kind that signs nothing does not stand for the module's key.
        assert_eq!(offered(vec![card("reader", None)]).1.len(), 2);
    }
}
