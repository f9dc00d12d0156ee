//! What verdicts depend on beside the files of the directory: which directory it is, and its place.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{REFERENCE_LEDGER, REFERENCE_LOG};
use countersign_trust::log_policy;

use crate::queue::roots::RootsInForce;
use crate::queue::rules::Rules;

/// Identifies the rules that a row was judged by. Another version of the program may judge
/// otherwise.
pub(super) fn digest_of(rules: &Rules, keyring: &Keyring, roots: &RootsInForce) -> u64 {
    let place = |path: &Option<PathBuf>| format!("{path:?}");
    let policy = format!("{:?}", rules.in_force(keyring));
    // What its keys do not say: which refusals it overrules, and which version a verdict names.
    let signed = keyring.signed().map(|facts| facts.digest.hex()).unwrap_or_default();
    let logs = format!("{:?}", keyring.log_policy());
    let digest = Digest::of_parts(&[
        env!("CARGO_PKG_VERSION").as_bytes(),
        policy.as_bytes(),
        place(&rules.log).as_bytes(),
        place(&rules.ledger).as_bytes(),
        roots.attestations().digest().as_bytes(),
        roots.time_stamps().digest().as_bytes(),
        // Rows have no names; but what is open has, and is read again with its row.
        roots.names().digest().as_bytes(),
        keyring.to_text().as_bytes(),
        logs.as_bytes(),
        signed.as_bytes(),
    ]);
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_bytes()[..8]);
    u64::from_be_bytes(first)
}

/// Something outside the directory that judgement depends on, whether it is there or not.
#[derive(Debug)]
pub(super) enum Outside {
    /// A file.
    File(PathBuf),
    /// A folder, with all that is directly in it.
    Folder(PathBuf),
}

impl Outside {
    /// Whether a change at a path may be one of it.
    pub fn is_touched_by(&self, path: &Path) -> bool {
        match self {
            Self::File(file) => file.starts_with(path),
            Self::Folder(folder) => folder.starts_with(path) || path.starts_with(folder),
        }
    }

    /// The nearest directory that is there in which a change of it shows.
    pub fn nearest(&self) -> Option<&Path> {
        let (path, from) = match self {
            Self::File(file) => (file, 1),
            Self::Folder(folder) => (folder, 0),
        };
        path.ancestors().skip(from).find(|directory| directory.is_dir())
    }
}

/// Everything outside the directory that judgement depends on.
pub(super) fn all(rules: &Rules, root: &Path) -> Vec<Outside> {
    let beside_root = |reference: [&str; 3]| {
        let parent = root.parent()?;
        Some(parent.join(reference[1]).join(reference[2]))
    };
    let log = rules.log.clone().or_else(|| beside_root(REFERENCE_LOG));
    let ledger = rules.ledger.clone().or_else(|| beside_root(REFERENCE_LEDGER));
    let own = [rules.keyring.clone(), log_policy::beside(&rules.keyring)].map(Some);
    let files = own.into_iter().chain([log, ledger]).flatten();
    let files = files.flat_map(with_target).map(Outside::File);
    let Rules { roots, tsa_roots, name_roots, crls, .. } = rules;
    let folders = [roots, tsa_roots, name_roots, crls].into_iter().cloned();
    files.chain(folders.flat_map(with_target).map(Outside::Folder)).collect()
}

/// A path, and what it leads to: people keep their settings behind links, and the link may change,
/// and what it leads to.
fn with_target(path: PathBuf) -> impl Iterator<Item = PathBuf> {
    let path = std::path::absolute(path).ok();
    let target = path.as_ref().and_then(|path| path.canonicalize().ok());
    let target = target.filter(|target| Some(target) != path.as_ref());
    path.into_iter().chain(target)
}

#[cfg(test)]
mod tests {
    use countersign_admissibility::policy::{Policy, Trust};
    use countersign_admissibility::signed_keyring::{SignedKeyring, rules};
    use countersign_envelope::instant::Instant;
    use countersign_envelope::json::{self, Value};
    use countersign_envelope::signed_keyring::{Administrators, KeyringVersion, SignedKeyringFile};

    use super::*;

    /// A version with one key; nobody has signed it.
    fn version(min_threshold: u64, overruled: &[Digest]) -> Keyring {
        let key = r#"{"key_id":"a","key_type":"ed25519","owner":"ada","roles":[],"kind":"software",
            "public_key":"iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="}"#;
        let Value::Object(key) = json::parse(key.as_bytes()).unwrap().value else { panic!() };
        let file = SignedKeyringFile::new(KeyringVersion {
            version: 1,
            previous: None,
            administrators: Administrators { threshold: 1, keys: vec!["a".to_owned()] },
            keys: vec![key],
            attestation_roots: Vec::new(),
            tsa_roots: Vec::new(),
            log_policy: None,
            policy: rules::to_object(&Policy { min_threshold, ..Policy::default() }),
            overruled: overruled.iter().copied().collect(),
            issued_at: Instant::EPOCH,
            review_by: None,
        });
        SignedKeyring::of(file).unwrap().in_force()
    }

    #[test]
    fn rows_are_judged_again_when_only_the_rules_of_the_signed_keyring_change() {
        let place = |name: &str| PathBuf::from("/station").join(name);
        let rules = |keyring: &str, trust| Rules {
            policy: Policy { trust, ..Policy::default() },
            keyring: place(keyring),
            roots: place("roots"),
            tsa_roots: place("tsa-roots"),
            name_roots: place("name-roots"),
            crls: place("crls"),
            log: None,
            ledger: None,
            brought: false,
        };
        let digest = |keyring: &Keyring| {
            let rules = rules("adopted-keyring.json", Trust::Pinned);
            digest_of(&rules, keyring, &RootsInForce::default())
        };
        let keyring = version(2, &[]);
        assert_eq!(digest(&keyring), digest(&version(2, &[])));
        assert_ne!(digest(&keyring), digest(&version(3, &[])));
        assert_ne!(digest(&keyring), digest(&version(2, &[Digest::of(b"a refusal")])));
        // What counted when any key did counts no more where a signed keyring is gone.
        let any_key = |keyring| {
            let rules = rules(keyring, Trust::Embedded);
            digest_of(&rules, &Keyring::default(), &RootsInForce::default())
        };
        assert_ne!(any_key("keyring.json"), any_key("adopted-keyring.json"));
    }
}
