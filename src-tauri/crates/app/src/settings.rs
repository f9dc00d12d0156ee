//! A person's settings: directory, logs, keyring, policy, theme, language, text size, signers.
//!
//! What their valid values are; `settings_file` reads and writes them. Each setting is independent,
//! so that a damaged one alone falls back to its default, and is reported.

use countersign_problem::{Problem, words};
use std::collections::{BTreeSet, HashSet};

use countersign_admissibility::attested::AttestedPolicy;
use countersign_admissibility::policy::{
    Assurance, BoundaryPolicy, CLOCK_TOLERANCE, Claims, Policy, TimeKind, Trust,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;
use countersign_signers::pkcs11::discovery;
use countersign_signers::pkcs11::module_file::ModuleFile;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use countersign_ceremony::modules::{self, ModuleOptions, ModuleOptionsError};
use countersign_ceremony::signer_profile::{ProfileError, SignerProfile};
use countersign_journal::Event;
use countersign_store::overwrite::FileKind;

use crate::text_size::TextSize;

/// How many directories are remembered.
const RECENT: usize = 8;
/// How many exempt signatures one line of the journal names.
const NAMED_AT_ONCE: usize = 500;

vocabulary! {
    /// How the window looks.
    Theme {
        /// As the system does.
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

vocabulary! {
    /// The language of the window. Files, the journal and the command line are in English.
    Language {
        /// The system's, if the window speaks it; otherwise English.
        System = "system",
        /// English.
        English = "en",
        /// German.
        German = "de",
        /// English with accents and longer words: shows what is not translated. Not offered.
        Accented = "en-XA",
        /// English from right to left: shows what is not mirrored. Not offered.
        Mirrored = "ar-XB",
    }
}

/// A person's settings. Paths that are not set have their default place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Settings {
    /// The directory of sealed runs.
    pub directory: Option<String>,
    /// Directories opened before, the last first.
    pub recent: Vec<String>,
    /// The keyring.
    pub keyring: Option<String>,
    /// The folder of trusted attestation roots.
    pub trust_folder: Option<String>,
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<String>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<String>,
    /// The requirements.
    pub policy: PolicySettings,
    /// How the window looks.
    pub theme: Theme,
    /// The language of the window.
    pub language: Language,
    /// How large the window shows everything.
    pub text_size: TextSize,
    /// What can sign here.
    pub signers: Vec<SignerProfile>,
    /// The files of the PKCS#11 modules whose tokens are used.
    pub pkcs11_modules: Vec<String>,
    /// The options of modules: how they are started, and whose statements about hardware count.
    pub pkcs11_module_options: Vec<ModuleOptions>,
}

/// The requirements for an envelope to be admissible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct PolicySettings {
    /// Which keys are accepted.
    pub trust: Trust,
    /// The fewest signatures for L4, at least 2.
    pub min_threshold: u32,
    /// Roles beyond operator and witness.
    pub required_roles: Vec<Role>,
    /// The least assurance for L6.
    pub assurance: Assurance,
    /// What is required of keys by their attestations.
    #[serde(default)]
    pub attested: AttestedPolicy,
    /// By how many seconds two clocks may differ.
    #[serde(default = "clock_tolerance")]
    pub clock_tolerance: u32,
    /// Whether a signature needs a claim to count.
    #[serde(default = "claims")]
    pub claims: Claims,
    /// The signatures that counted before claims were required, by the SHA-256 of their raw bytes.
    #[serde(default)]
    #[specta(type = Vec<String>)]
    pub exempt: Vec<Digest>,
    /// Whose word the time of a signature must at least be for it to count.
    #[serde(default = "time")]
    pub time: TimeKind,
    /// Whether an envelope needs an authority boundary.
    #[serde(default = "boundary")]
    pub boundary: BoundaryPolicy,
}

/// What settings of a version before 0.3 mean: they do not name it.
fn boundary() -> BoundaryPolicy {
    BoundaryPolicy::Shown
}

/// What settings of a version before 0.3 mean: they do not name it.
fn time() -> TimeKind {
    TimeKind::Claimed
}

/// What settings of a version before 0.3 mean: they do not name it.
fn claims() -> Claims {
    Claims::Preferred
}

/// What settings of a version before 0.2 mean: they do not name it.
fn clock_tolerance() -> u32 {
    CLOCK_TOLERANCE
}

impl Default for PolicySettings {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            trust: policy.trust,
            min_threshold: 2,
            required_roles: policy.required_roles,
            assurance: policy.assurance,
            attested: policy.attested,
            clock_tolerance: policy.clock_tolerance,
            claims: policy.claims,
            exempt: Vec::new(),
            time: policy.time,
            boundary: policy.boundary,
        }
    }
}

impl From<&PolicySettings> for Policy {
    fn from(settings: &PolicySettings) -> Self {
        Self {
            trust: settings.trust,
            min_threshold: u64::from(settings.min_threshold),
            required_roles: settings.required_roles.clone(),
            assurance: settings.assurance,
            attested: settings.attested.clone(),
            clock_tolerance: settings.clock_tolerance,
            claims: settings.claims,
            exempt: settings.exempt.iter().copied().collect(),
            time: settings.time,
            boundary: settings.boundary,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            directory: None,
            recent: Vec::new(),
            keyring: None,
            trust_folder: None,
            log: None,
            ledger: None,
            policy: PolicySettings::default(),
            theme: Theme::System,
            language: Language::System,
            text_size: TextSize::default(),
            signers: Vec::new(),
            pkcs11_modules: Vec::new(),
            pkcs11_module_options: Vec::new(),
        }
    }
}

/// An invalid setting.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SettingsError {
    /// A setting that cannot be read.
    Unreadable {
        /// Which setting.
        name: &'static str,
        /// The reason.
        why: String,
    },
    /// A threshold that is none.
    Threshold(u32),
    /// An empty path.
    EmptyPath(&'static str),
    /// Two signers of one name.
    SameName(String),
    /// A signer that cannot be used.
    #[problem(transparent)]
    Signer(#[from] ProfileError),
    /// A module's options that cannot be used.
    #[problem(transparent)]
    Module(#[from] ModuleOptionsError),
}

/// A file that settings may overwrite.
pub const FILE: FileKind =
    FileKind::Object { words: || words!("file-kind-settings"), is: Settings::are_in };

impl Settings {
    /// Reads settings, one by one. Missing and damaged ones have their defaults; damaged ones are
    /// also listed as errors.
    pub fn read(stored: &Map<String, Value>) -> (Self, Vec<SettingsError>) {
        let mut errors = Vec::new();
        let defaults = Self::default();
        let read = Self {
            directory: field(stored, "directory", defaults.directory, &mut errors),
            recent: field(stored, "recent", defaults.recent, &mut errors),
            keyring: field(stored, "keyring", defaults.keyring, &mut errors),
            trust_folder: field(stored, "trust_folder", defaults.trust_folder, &mut errors),
            log: field(stored, "log", defaults.log, &mut errors),
            ledger: field(stored, "ledger", defaults.ledger, &mut errors),
            policy: PolicySettings::read(stored, &mut errors),
            theme: field(stored, "theme", defaults.theme, &mut errors),
            language: field(stored, "language", defaults.language, &mut errors),
            text_size: field(stored, "text_size", defaults.text_size, &mut errors),
            signers: field(stored, "signers", defaults.signers, &mut errors),
            pkcs11_modules: field(stored, "pkcs11_modules", defaults.pkcs11_modules, &mut errors),
            pkcs11_module_options: field(
                stored,
                "pkcs11_module_options",
                defaults.pkcs11_module_options,
                &mut errors,
            ),
        };
        (read, errors)
    }

    /// Whether an object is one of settings: it has at least one that is known, or is empty.
    fn are_in(object: &countersign_envelope::json::Object) -> bool {
        let known = Self::default().to_stored();
        object.is_empty() || known.keys().any(|name| object.get(name).is_some())
    }

    /// The settings as they are kept.
    pub fn to_stored(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            // A structure with named fields is always an object.
            _ => Map::new(),
        }
    }

    /// Whether these may be kept.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.policy.check()?;
        let paths = [
            (&self.keyring, "keyring"),
            (&self.trust_folder, "trust-folder"),
            (&self.log, "log"),
            (&self.ledger, "ledger"),
        ];
        for (path, name) in paths {
            if path.as_deref().is_some_and(|path| path.trim().is_empty()) {
                return Err(SettingsError::EmptyPath(name));
            }
        }
        if self.pkcs11_modules.iter().any(|module| module.trim().is_empty()) {
            return Err(SettingsError::EmptyPath("module"));
        }
        self.pkcs11_module_options.iter().try_for_each(ModuleOptions::check)?;
        let mut names = HashSet::new();
        for signer in &self.signers {
            signer.check()?;
            if !names.insert(signer.name.as_str()) {
                return Err(SettingsError::SameName(signer.name.clone()));
            }
        }
        Ok(())
    }

    /// The changes between two versions of the settings that affect what counts or what signs, for
    /// the journal. Directories opened before and the look of the window are not recorded.
    pub fn changes_to(&self, after: &Self) -> Vec<Event> {
        let setting = |setting, before: Option<String>, after: Option<String>| {
            (before != after).then_some(Event::SettingChanged { setting, before, after })
        };
        let (old, new) = (&self.policy, &after.policy);
        let roles = |policy: &PolicySettings| {
            let roles: Vec<&str> = policy.required_roles.iter().map(|role| role.as_str()).collect();
            Some(roles.join(", ")).filter(|roles| !roles.is_empty())
        };
        let attested = |policy: &PolicySettings| {
            Some(policy.attested.rules().join(" ")).filter(|rules| !rules.is_empty())
        };
        let single = [
            setting("policy.trust", Some(old.trust.to_string()), Some(new.trust.to_string())),
            setting(
                "policy.min_threshold",
                Some(old.min_threshold.to_string()),
                Some(new.min_threshold.to_string()),
            ),
            setting("policy.required_roles", roles(old), roles(new)),
            setting(
                "policy.assurance",
                Some(old.assurance.to_string()),
                Some(new.assurance.to_string()),
            ),
            setting("policy.attested", attested(old), attested(new)),
            setting(
                "policy.clock_tolerance",
                Some(old.clock_tolerance.to_string()),
                Some(new.clock_tolerance.to_string()),
            ),
            setting("policy.claims", Some(old.claims.to_string()), Some(new.claims.to_string())),
            setting("policy.time", Some(old.time.to_string()), Some(new.time.to_string())),
            setting(
                "policy.boundary",
                Some(old.boundary.to_string()),
                Some(new.boundary.to_string()),
            ),
            setting("keyring", self.keyring.clone(), after.keyring.clone()),
            setting("trust_folder", self.trust_folder.clone(), after.trust_folder.clone()),
            setting("log", self.log.clone(), after.log.clone()),
            setting("ledger", self.ledger.clone(), after.ledger.clone()),
        ];
        let module = |module: &&str, of: &Self| {
            let used = of.pkcs11_modules.iter().find(|one| one == module);
            used.cloned()
        };
        let modules = self.pkcs11_modules.iter().chain(&after.pkcs11_modules).map(String::as_str);
        let modules: BTreeSet<&str> = modules.collect();
        let modules = modules
            .iter()
            .map(|one| setting("pkcs11_module", module(one, self), module(one, after)));
        let options = |path: &str, of: &Self| {
            of.pkcs11_module_options.iter().find(|one| one.path == path)?.for_journal()
        };
        let paths = self.pkcs11_module_options.iter().chain(&after.pkcs11_module_options);
        let paths: BTreeSet<&str> = paths.map(|one| one.path.as_str()).collect();
        let options = paths.iter().map(|path| {
            setting("pkcs11_module_options", options(path, self), options(path, after))
        });
        let named = |name: &str, of: &Self| {
            of.signers.iter().find(|one| one.name == name).map(SignerProfile::for_journal)
        };
        let names = self.signers.iter().chain(&after.signers).map(|one| one.name.as_str());
        let names: BTreeSet<&str> = names.collect();
        let signers =
            names.iter().map(|name| setting("signer", named(name, self), named(name, after)));
        let changes = single.into_iter().chain(modules).chain(options).chain(signers).flatten();
        changes.chain(exempt_changes(&old.exempt, &new.exempt)).collect()
    }

    /// These settings as a person edited them, to be saved in place of the current ones: the open
    /// directory and the text size are not among what they edit, and a signer's public key may be a
    /// file that has it.
    ///
    /// # Errors
    /// Fails if a signer's public key cannot be found.
    pub fn edited(self, current: &Self) -> Result<Self, ProfileError> {
        let signers = self.signers.into_iter().map(SignerProfile::with_public_key);
        let signers = signers.collect::<Result<_, _>>()?;
        let (directory, recent) = (current.directory.clone(), current.recent.clone());
        Ok(Self { directory, recent, signers, text_size: current.text_size, ..self })
    }

    /// Remembers a directory as the one that is open.
    pub fn opened(&mut self, directory: &str) {
        self.recent.retain(|one| one != directory);
        self.recent.insert(0, directory.to_owned());
        self.recent.truncate(RECENT);
        self.directory = Some(directory.to_owned());
    }

    /// The PKCS#11 modules in use, each with how it is started.
    pub fn modules(&self) -> Vec<ModuleFile> {
        let found = discovery::find();
        let file = |path: &String| modules::file(path, &self.pkcs11_module_options, &found);
        self.pkcs11_modules.iter().map(file).collect()
    }
}

/// Which signatures are exempt from the need for a claim from now on, and which are not any more.
fn exempt_changes(before: &[Digest], after: &[Digest]) -> Vec<Event> {
    let only_in = |some: &[Digest], others: &[Digest]| -> Vec<String> {
        let others: HashSet<&Digest> = others.iter().collect();
        some.iter().filter(|one| !others.contains(one)).map(|one| one.hex()).collect()
    };
    let (exempted, ended) = (only_in(after, before), only_in(before, after));
    let ended = ended
        .chunks(NAMED_AT_ONCE)
        .map(|ended| Event::ExemptChanged { exempted: Vec::new(), ended: ended.to_vec() });
    let exempted = exempted
        .chunks(NAMED_AT_ONCE)
        .map(|exempted| Event::ExemptChanged { exempted: exempted.to_vec(), ended: Vec::new() });
    ended.chain(exempted).collect()
}

impl PolicySettings {
    /// Reads the policy, one requirement by one: one that is damaged does not take the others with it.
    fn read(stored: &Map<String, Value>, errors: &mut Vec<SettingsError>) -> Self {
        let defaults = Self::default();
        let of = field(stored, "policy", Map::new(), errors);
        let mut read = Self {
            trust: part(&of, "policy.trust", defaults.trust, errors),
            min_threshold: part(&of, "policy.min_threshold", defaults.min_threshold, errors),
            required_roles: part(&of, "policy.required_roles", defaults.required_roles, errors),
            assurance: part(&of, "policy.assurance", defaults.assurance, errors),
            attested: part(&of, "policy.attested", defaults.attested, errors),
            clock_tolerance: part(&of, "policy.clock_tolerance", defaults.clock_tolerance, errors),
            claims: part(&of, "policy.claims", defaults.claims, errors),
            exempt: part(&of, "policy.exempt", defaults.exempt, errors),
            time: part(&of, "policy.time", defaults.time, errors),
            boundary: part(&of, "policy.boundary", defaults.boundary, errors),
        };
        if let Err(error) = read.check() {
            errors.push(error);
            read.min_threshold = defaults.min_threshold;
        }
        read
    }

    fn check(&self) -> Result<(), SettingsError> {
        match self.min_threshold {
            0 | 1 => Err(SettingsError::Threshold(self.min_threshold)),
            _ => Ok(()),
        }
    }
}

/// A field of an object within the settings, by its whole name: `policy.trust`.
fn part<T: DeserializeOwned>(
    of: &Map<String, Value>,
    name: &'static str,
    default: T,
    errors: &mut Vec<SettingsError>,
) -> T {
    let key = name.rsplit('.').next().unwrap_or(name);
    read(of.get(key), name, default, errors)
}

fn field<T: DeserializeOwned>(
    stored: &Map<String, Value>,
    name: &'static str,
    default: T,
    errors: &mut Vec<SettingsError>,
) -> T {
    read(stored.get(name), name, default, errors)
}

fn read<T: DeserializeOwned>(
    stored: Option<&Value>,
    name: &'static str,
    default: T,
    errors: &mut Vec<SettingsError>,
) -> T {
    match stored.map(|value| T::deserialize(value)) {
        None => default,
        Some(Ok(value)) => value,
        Some(Err(error)) => {
            errors.push(SettingsError::Unreadable { name, why: error.to_string() });
            default
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn saved_settings_are_read_back() {
        let mut settings = Settings::default();
        let rules = ["firmware=5.7", "auditor:form-factor=usb-c-nano", "witness:fips=yes"];
        settings.policy.attested = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        settings.opened("/srv/runs");
        settings.policy.min_threshold = 3;
        let (read, errors) = Settings::read(&settings.to_stored());
        assert_eq!(read, settings);
        assert!(errors.is_empty());
    }

    #[test]
    fn a_damaged_setting_falls_back_alone_and_is_named() {
        let stored = map(json!({
            "directory": "/srv/runs", "theme": "purple", "language": "xx",
            "policy": {"trust": "anyone"}, "log": 7, "text_size": 4000
        }));
        let (read, errors) = Settings::read(&stored);
        assert_eq!(read.directory.as_deref(), Some("/srv/runs"));
        assert_eq!((read.theme, &read.policy), (Theme::System, &PolicySettings::default()));
        let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(read.text_size, TextSize::default());
        for name in ["theme", "language", "policy.trust", "log", "text_size"] {
            assert!(
                messages.iter().any(|text| text.contains(&format!("{name:?}"))),
                "{messages:?}"
            );
        }
        assert_eq!(messages.len(), 5);
    }

    #[test]
    fn a_damaged_requirement_leaves_the_others_in_force() {
        let stored = map(json!({"policy": {
            "trust": "pinned", "min_threshold": 3, "required_roles": ["auditor"], "assurance": "attested",
            "attested": {"all": {"touch": ["sometimes"]}}, "time": "trusted"
        }}));
        let (read, errors) = Settings::read(&stored);
        let wanted = PolicySettings {
            min_threshold: 3,
            required_roles: vec![Role::Auditor],
            assurance: Assurance::Attested,
            time: TimeKind::Trusted,
            ..PolicySettings::default()
        };
        assert_eq!(read.policy, wanted);
        assert!(matches!(errors[..], [SettingsError::Unreadable { name: "policy.attested", .. }]));
    }

    #[test]
    fn a_threshold_below_two_never_comes_in_force() {
        let stored = map(json!({"policy": {
            "trust": "pinned", "min_threshold": 1, "required_roles": [], "assurance": "pinned"
        }}));
        let (read, errors) = Settings::read(&stored);
        assert_eq!(read.policy.min_threshold, 2);
        assert!(matches!(errors[..], [SettingsError::Threshold(1)]));
        let mut settings = Settings::default();
        settings.policy.min_threshold = 0;
        assert!(settings.check().is_err());
    }

    #[test]
    fn only_settings_that_affect_verdicts_are_journalled_with_both_values() {
        let before = Settings { pkcs11_modules: vec!["/a.so".to_owned()], ..Settings::default() };
        let mut after = before.clone();
        after.opened("/srv/runs");
        after.theme = Theme::Dark;
        assert_eq!(before.changes_to(&after), []);
        after.policy.trust = Trust::Embedded;
        after.policy.required_roles = vec![Role::Auditor];
        let rules = ["firmware=5.7", "witness:touch=always"];
        after.policy.attested = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        after.keyring = Some("/other.json".to_owned());
        after.pkcs11_modules = vec!["/b.so".to_owned()];
        let text = |text: &str| Some(text.to_owned());
        let changed = |setting, before, after| Event::SettingChanged { setting, before, after };
        let wanted = [
            changed("policy.trust", text("pinned"), text("embedded")),
            changed("policy.required_roles", None, text("auditor")),
            changed("policy.attested", None, text("firmware=5.7.0 witness:touch=always")),
            changed("keyring", None, text("/other.json")),
            changed("pkcs11_module", text("/a.so"), None),
            changed("pkcs11_module", None, text("/b.so")),
        ];
        assert_eq!(before.changes_to(&after), wanted);
    }

    #[test]
    fn every_signature_that_is_exempt_or_not_any_more_is_named_in_the_journal() {
        let digests: Vec<Digest> = (0..502_u32).map(|n| Digest::of(&n.to_le_bytes())).collect();
        let with = |exempt: &[Digest]| {
            let mut settings = Settings::default();
            settings.policy.exempt = exempt.to_vec();
            settings
        };
        // As many as before, and others.
        let changes = with(&digests[..1]).changes_to(&with(&digests[1..2]));
        let hex = |digest: &Digest| vec![digest.hex()];
        let changed = |exempted, ended| Event::ExemptChanged { exempted, ended };
        let wanted = [changed(vec![], hex(&digests[0])), changed(hex(&digests[1]), vec![])];
        assert_eq!(changes, wanted);
        assert_eq!(with(&[]).changes_to(&with(&digests)).len(), 2, "no line grows without end");
    }

    #[test]
    fn directories_are_remembered_once_each_and_not_for_ever() {
        let mut settings = Settings::default();
        for n in 0..20 {
            settings.opened(&format!("/srv/{}", n % 10));
        }
        assert_eq!(settings.recent.len(), RECENT);
        assert_eq!(settings.recent[0], "/srv/9");
    }
}
