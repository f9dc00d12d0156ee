//! An entry of the journal as one sentence; all its facts are in [`crate::book::details`].

use std::path::Path;

use countersign_envelope::chain::Entry;
use countersign_envelope::json::{Object, Value};
use countersign_problem::visible::visible;
use countersign_problem::{Value as Argument, Words, words};

use countersign_store::reading::name_of;

/// An entry as one sentence, with every text made visible. Returns `None` for an event that this
/// version does not know. What was journalled in words stays in the words of then.
///
/// ```
/// use countersign_envelope::chain::Entry;
/// use countersign_envelope::json::Object;
/// use countersign_journal::sentence::sentence;
///
/// let object = Object::from([("event", "key_opened"), ("key_id", "ds-1"), ("signer_id", "mira")]);
/// let entry = Entry { line: 1, object, hash_holds: true };
/// assert_eq!(sentence(&entry).unwrap().to_string(), "Opened the key ds-1 for mira.");
/// ```
pub fn sentence(entry: &Entry) -> Option<Words> {
    let facts = Facts(&entry.object);
    let event = entry.object.text("event")?;
    let sentence = of_journal(event, &facts)
        .or_else(|| of_ceremony(event, &facts))
        .or_else(|| of_exchange(event, &facts))
        .or_else(|| of_trust(event, &facts))
        .or_else(|| of_log(event, &facts))
        .or_else(|| of_device(event, &facts))?;
    Some(sentence.ended())
}

/// The facts of an entry, made visible.
struct Facts<'a>(&'a Object);

impl Facts<'_> {
    fn text(&self, key: &str) -> String {
        visible(self.0.text(key).unwrap_or("?"))
    }

    /// The name of a file, without its directory.
    fn name(&self, key: &str) -> String {
        visible(&name_of(Path::new(self.0.text(key).unwrap_or("?"))))
    }

    /// The names of files, without their directories.
    fn names(&self, key: &str) -> String {
        let files = self.0.get(key).and_then(Value::as_array).unwrap_or_default();
        let names = files.iter().filter_map(Value::as_str).map(|file| name_of(Path::new(file)));
        visible(&names.collect::<Vec<_>>().join(", "))
    }

    fn number(&self, key: &str) -> String {
        self.0.get(key).map(|value| visible(&in_words(value))).unwrap_or_default()
    }

    /// A number of things.
    fn count(&self, key: &str) -> Argument {
        self.number(key).parse::<u64>().map_or(Argument::from("?"), Argument::from)
    }

    fn length(&self, key: &str) -> usize {
        self.0.get(key).and_then(Value::as_array).map_or(0, |items| items.len())
    }

    /// The message that a person saw.
    fn words(&self) -> String {
        self.text("words")
    }

    /// A text that need not be there.
    fn option(&self, key: &str) -> Argument {
        self.0.text(key).map_or(Argument::None, |text| Argument::from(visible(text)))
    }

    /// The role of who signed.
    fn role(&self) -> Words {
        role(&self.text("role"))
    }

    /// The attempts that a secret has left, if they are counted.
    fn attempts_left(&self) -> Argument {
        let left = self.0.get("tries_left").map(in_words);
        left.and_then(|left| left.parse::<u64>().ok()).map_or(Argument::None, Argument::from)
    }

    /// The run that was signed, with its manifest if that was signed too.
    fn signed(&self) -> Words {
        let artifacts = self.0.get("artifacts").and_then(Value::as_array).unwrap_or_default();
        let first = artifacts.first().and_then(Value::as_object);
        let file = first.and_then(|first| first.text("file")).unwrap_or("?");
        let file = visible(&name_of(Path::new(file)));
        if artifacts.len() > 1 {
            words!("journal-run-and-manifest", file)
        } else {
            Words::text(file)
        }
    }

    /// The key that signed: "hardware key ds-2".
    fn key(&self) -> Words {
        let id = self.text("key_id");
        let key = match self.0.text("signer_type") {
            Some("external") => words!("journal-key-external", id),
            Some("hardware") => words!("journal-key-hardware", id),
            Some("software") => words!("journal-key-software", id),
            Some(kind) => words!("journal-key-other", kind = visible(kind), id),
            None => words!("journal-key", id),
        };
        match self.0.text("companion") {
            Some(_) => words!("journal-key-accompanied", key),
            None => key,
        }
    }
}

/// A role, in words if it is one.
fn role(word: &str) -> Words {
    match word {
        "operator" => words!("role-operator"),
        "witness" => words!("role-witness"),
        "reviewer" => words!("role-reviewer"),
        "auditor" => words!("role-auditor"),
        other => Words::text(other.to_owned()),
    }
}

fn of_journal(event: &str, facts: &Facts<'_>) -> Option<Words> {
    Some(match event {
        "journal_begun" => words!("journal-begun"),
        "journal_rotated" => words!("journal-rotated", file = facts.name("previous_file")),
        "journal_broken" => {
            words!("journal-broken", kept_as = facts.name("kept_as"), why = facts.text("why"))
        }
        "journal_torn" => words!("journal-torn", kept_as = facts.name("kept_as")),
        "made_private" => words!("journal-made-private", files = facts.length("files")),
        _ => return None,
    })
}

fn of_ceremony(event: &str, facts: &Facts<'_>) -> Option<Words> {
    let text = |key| facts.text(key);
    let signer = || facts.text("signer_id");
    Some(match event {
        "ceremony_begun" => words!("journal-ceremony-begun", file = facts.name("file")),
        "refused" => words!("journal-refused", why = facts.words()),
        "broken_off" => words!("journal-broken-off"),
        "key_chosen" => {
            let (signer, key, role) = (signer(), text("key_id"), facts.role());
            words!("journal-key-chosen", signer, key, role)
        }
        "secret_asked" => {
            words!("journal-secret-asked", secret = text("secret"), left = facts.attempts_left())
        }
        "kept_pin_used" => words!("journal-kept-pin-used", source = text("source")),
        "last_try_held" => words!("journal-last-try-held", secret = text("secret")),
        "last_try" => words!("journal-last-try", secret = text("secret")),
        "secret_not_taken" => words!("journal-secret-not-taken", why = facts.words()),
        "key_opened" => words!("journal-key-opened", key = text("key_id"), signer = signer()),
        "touch_missed" => words!("journal-touch-missed"),
        "signing_attempted" | "signed" | "refusal_attempted" | "refused_to_sign" | "withdrawn" => {
            let (signer, what, role, key) = (signer(), facts.signed(), facts.role(), facts.key());
            let reason = || facts.text("reason");
            match event {
                "signing_attempted" => {
                    words!("journal-signing-attempted", signer, what, role, key)
                }
                "signed" => words!("journal-signed", signer, what, role, key),
                "refusal_attempted" => {
                    words!("journal-refusal-attempted", signer, what, role, key)
                }
                "refused_to_sign" => {
                    words!("journal-refused-to-sign", signer, what, role, key, reason = reason())
                }
                _ => words!("journal-withdrawn", signer, what, role, key, reason = reason()),
            }
        }
        "signed_partly" => {
            words!("journal-signed-partly", files = facts.names("files"), why = facts.words())
        }
        _ => return None,
    })
}

fn of_exchange(event: &str, facts: &Facts<'_>) -> Option<Words> {
    let text = |key| facts.text(key);
    let left_out = || match facts.number("left_out") {
        none if none == "0" => Argument::None,
        number => Argument::from(number),
    };
    Some(match event {
        "registered" => words!("journal-registered", file = facts.name("file"), log = text("log")),
        "merge_attempted" => {
            words!(
                "journal-merge-attempted",
                copies = facts.length("from"),
                file = facts.name("file")
            )
        }
        "merged" => {
            let (signatures, refusals) = (facts.length("added"), facts.length("refusals"));
            let (file, left_out) = (facts.name("file"), left_out());
            words!("journal-merged", signatures, refusals, file, left_out)
        }
        "finding_attempted" | "finding_written" => {
            let (signer, file) = (text("signer_id"), facts.name("file"));
            let (reviewed, outcome) = (facts.name("reviewed"), outcome(&text("outcome")));
            match event {
                "finding_written" => {
                    words!("journal-finding-written", signer, file, reviewed, outcome)
                }
                _ => words!("journal-finding-attempted", signer, file, reviewed, outcome),
            }
        }
        "release_attempted" | "release_signed" => {
            let (signer, file, version) = (text("signer_id"), facts.name("file"), text("version"));
            match event {
                "release_signed" => words!("journal-release-signed", signer, file, version),
                _ => words!("journal-release-attempted", signer, file, version),
            }
        }
        "checkpoint_attempted" | "checkpoint_signed" => {
            let (signer, origin) = (text("signer_id"), text("origin"));
            let (entries, role) = (facts.count("entries"), text("signed_as"));
            match event {
                "checkpoint_signed" => {
                    words!("journal-checkpoint-signed", signer, origin, entries, role)
                }
                _ => words!("journal-checkpoint-attempted", signer, origin, entries, role),
            }
        }
        "cosignature_imported" => {
            let (witness, entries) = (text("witness"), facts.count("entries"));
            words!("journal-cosignature-imported", witness, entries, log = facts.name("log"))
        }
        "keyring_attempted" | "keyring_signed" => {
            let (signer, file, version) =
                (text("signer_id"), facts.name("file"), facts.number("version"));
            match event {
                "keyring_signed" => words!("journal-keyring-signed", signer, file, version),
                _ => words!("journal-keyring-attempted", signer, file, version),
            }
        }
        "keyring_adopted" => {
            let version = facts.number("version");
            match facts.0.text("revokes") {
                None => words!("journal-keyring-adopted", version),
                Some(_) => words!("journal-key-taken-away", key = text("revokes"), version),
            }
        }
        "archive_attempted" | "archive_written" => {
            let (kind, archive) = (text("kind"), facts.name("archive"));
            let envelopes = facts.count("envelopes");
            match event {
                "archive_written" => words!("journal-archive-written", kind, archive, envelopes),
                _ => words!("journal-archive-attempted", kind, archive, envelopes),
            }
        }
        "import_attempted" => {
            let (archive, directory) = (facts.name("archive"), text("directory"));
            words!("journal-import-attempted", archive, directory)
        }
        "imported" => {
            let (archive, new) = (facts.name("archive"), facts.count("new"));
            let (signatures, left_out) = (facts.count("signatures"), left_out());
            words!("journal-imported", archive, new, signatures, left_out)
        }
        "evidence_attached" => {
            let (evidence, files) = (text("evidence"), facts.names("files"));
            words!("journal-evidence-attached", evidence, files)
        }
        "time_stamps_requested" => {
            let (requests, folder) = (facts.count("requests"), text("folder"));
            words!("journal-time-stamps-requested", requests, folder)
        }
        "time_stamp_attached" => {
            let (signer, time) = (text("signer_id"), text("time"));
            let (authority, files) = (text("authority"), facts.names("files"));
            words!("journal-time-stamp-attached", time, authority, signer, files)
        }
        "run_time_stamp_added" => {
            let (run, time) = (facts.name("run"), text("time"));
            words!("journal-run-time-stamp-added", time, authority = text("authority"), run)
        }
        _ => return None,
    })
}

/// The outcome of a finding.
fn outcome(word: &str) -> Words {
    match word {
        "accepted" => words!("journal-accepted"),
        "accepted_with_reservations" => words!("journal-accepted-with-reservations"),
        "rejected" => words!("journal-rejected"),
        other => Words::text(other.replace('_', " ")),
    }
}

fn of_trust(event: &str, facts: &Facts<'_>) -> Option<Words> {
    let text = |key| facts.text(key);
    Some(match event {
        "key_created" => {
            words!("journal-key-created", file = text("file"), fingerprint = text("fingerprint"))
        }
        "key_added" => {
            let (key, owner, kind) = (text("key_id"), text("owner"), text("kind"));
            words!("journal-key-added", key, owner, kind, roles = facts.number("roles"))
        }
        "key_revoked" => {
            let (key, owner, at) = (text("key_id"), text("owner"), text("revoked_at"));
            let (compromised, why) = (facts.option("compromised_since"), text("reason"));
            words!("journal-key-revoked", key, owner, at, compromised, why)
        }
        "key_certified" => {
            let (key, owner) = (text("key_id"), text("owner"));
            match facts.length("certificates") {
                0 => words!("journal-key-uncertified", key, owner),
                count => words!("journal-key-certified", key, owner, count),
            }
        }
        "crl_added" => {
            words!("journal-crl-added", issuer = text("subject"), sha256 = text("sha256"))
        }
        "crl_removed" => {
            words!("journal-crl-removed", issuer = text("subject"), sha256 = text("sha256"))
        }
        "root_trusted" => {
            words!("journal-root-trusted", subject = text("subject"), sha256 = text("sha256"))
        }
        "root_removed" => {
            words!("journal-root-removed", subject = text("subject"), sha256 = text("sha256"))
        }
        "setting_changed" => {
            setting(facts.0.text("setting")?, facts.0.text("before"), facts.0.text("after"))
        }
        "exempt_changed" => match (facts.length("exempted"), facts.length("ended")) {
            (0, 0) => Words::text(""),
            (0, ended) => words!("journal-exempt-ended", ended),
            (exempted, 0) => words!("journal-exempted", exempted),
            (exempted, ended) => words!("journal-exempt-changed", ended, exempted),
        },
        "change_failed" => words!("journal-change-failed", why = facts.words()),
        _ => return None,
    })
}

fn of_log(event: &str, facts: &Facts<'_>) -> Option<Words> {
    Some(match event {
        "log_rewritten" => Words::text(facts.words()),
        "log_accepted" => {
            let (log, has, had) = (facts.text("log"), facts.count("has"), facts.number("had"));
            let lost = match facts.length("lost") {
                0 => Argument::None,
                _ => Argument::from(facts.number("lost")),
            };
            words!("journal-log-accepted", log, has, had, reason = facts.option("reason"), lost)
        }
        "missing_run_accepted" => {
            words!(
                "journal-missing-accepted",
                file = facts.text("file"),
                why = facts.text("reason")
            )
        }
        _ => return None,
    })
}

fn of_device(event: &str, facts: &Facts<'_>) -> Option<Words> {
    let name = match facts.0.text("token") {
        Some(token) => visible(token),
        None => facts.text("reader"),
    };
    let serial = facts.number("serial").parse::<u32>();
    let serial = serial.map_or(Argument::None, |serial| Argument::from(serial.to_string()));
    match event {
        "device_arrived" => Some(words!("journal-device-arrived", name, serial)),
        "device_removed" => Some(words!("journal-device-removed", name, serial)),
        "pin_changed" => {
            Some(words!("journal-pin-changed", change = facts.text("change"), name, serial))
        }
        "yubikey_changed" => {
            let (change, replaces) = (facts.text("change"), facts.option("replaces"));
            let (slot, about) = (facts.text("slot"), facts.text("about"));
            Some(words!("journal-yubikey-changed", change, name, serial, slot, about, replaces))
        }
        _ => None,
    }
}

/// A changed setting.
fn setting(name: &str, before: Option<&str>, after: Option<&str>) -> Words {
    let unknown = || Words::text("?");
    let (what, unset) = match name {
        "policy.trust" => (words!("setting-trust"), unknown()),
        "policy.min_threshold" => (words!("setting-threshold"), unknown()),
        "policy.required_roles" => (words!("setting-roles"), words!("setting-none")),
        "policy.assurance" => (words!("setting-assurance"), unknown()),
        "policy.attested" => (words!("setting-attested"), words!("setting-none")),
        "policy.clock_tolerance" => (words!("setting-clock"), unknown()),
        "policy.time" => (words!("setting-time"), unknown()),
        "policy.boundary" => (words!("setting-boundary"), unknown()),
        "policy.claims" => (words!("setting-claims"), unknown()),
        "policy.exempt" => (words!("setting-exempt"), unknown()),
        "keyring" => (words!("setting-keyring"), words!("setting-default")),
        "trust_folder" => (words!("setting-trust-folder"), words!("setting-default")),
        "log" => (words!("setting-log"), words!("setting-beside")),
        "ledger" => (words!("setting-ledger"), words!("setting-beside")),
        "signer" => return signer_or_module("signer", before, after),
        "pkcs11_module" => return signer_or_module("module", before, after),
        other => (Words::text(visible(other)), words!("setting-none")),
    };
    let value = |value: Option<&str>| match (name, value) {
        (_, None) => unset.clone(),
        ("policy.trust", Some("pinned")) => words!("setting-pinned"),
        ("policy.trust", Some("embedded")) => words!("setting-embedded"),
        (_, Some(value)) => Words::text(visible(value)),
    };
    words!("journal-setting-changed", what, before = value(before), after = value(after))
}

/// A signer or a module was added, removed or changed.
fn signer_or_module(what: &'static str, before: Option<&str>, after: Option<&str>) -> Words {
    match (before.map(visible), after.map(visible)) {
        (None, after) => {
            words!("journal-setting-added", what, after = after.unwrap_or_default())
        }
        (Some(before), None) => words!("journal-setting-removed", what, before),
        (Some(before), Some(after)) => {
            words!("journal-setting-replaced", what, before, after)
        }
    }
}

/// A value as text: the items of a list with commas, the values of an object with spaces.
pub(crate) fn in_words(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(object) => {
            object.iter().map(|(_, value)| in_words(value)).collect::<Vec<_>>().join(" ")
        }
        other => other.brief().into(),
    }
}

#[cfg(test)]
mod tests {
    use countersign_envelope::instant::Instant;
    use countersign_envelope::signature::{PayloadType, Role, SignerType};

    use super::*;
    use crate::{ArchiveFacts, DeviceFacts, Event, FindingFacts, KeyFacts, Subject};

    fn of(event: &Event) -> String {
        let object = event.entry(None, Instant::EPOCH);
        sentence(&Entry { line: 1, object, hash_holds: true }).unwrap().to_string()
    }

    fn key() -> KeyFacts {
        KeyFacts {
            key_id: "ds-prod-2".to_owned(),
            fingerprint: None,
            kind: Some(SignerType::Hardware),
            claim: None,
            companion: None,
            signer_id: "j.okafor".to_owned(),
            role: Role::Witness,
        }
    }

    fn artifacts() -> Vec<Subject> {
        [("a/RUN-1.json", PayloadType::SealedRun), ("a/RUN-1.manifest.json", PayloadType::Manifest)]
            .map(|(file, payload_type)| Subject {
                file: file.to_owned(),
                payload_type,
                digest: String::new(),
            })
            .into()
    }

    #[test]
    fn a_signature_names_person_files_role_and_key() {
        let event =
            Event::Signed { key: key(), artifacts: artifacts(), files: Vec::new(), asks: None };
        assert_eq!(
            of(&event),
            "j.okafor signed RUN-1.json and its manifest as witness with the hardware key ds-prod-2."
        );
        let event = Event::SigningAttempted { key: key(), artifacts: artifacts()[..1].to_vec() };
        assert_eq!(
            of(&event),
            "j.okafor started signing RUN-1.json as witness with the hardware key ds-prod-2."
        );
        assert_eq!(of(&Event::BrokenOff), "Cancelled; nothing was signed.");
        let words = "The PIN is wrong; 2 attempts are left.".to_owned();
        let event = Event::SecretNotTaken { code: "pin", words, tries_left: Some(2) };
        assert_eq!(of(&event), "The key stayed locked: The PIN is wrong; 2 attempts are left.");
        let event = Event::SecretAsked { secret: "PIN", tries_left: Some(1) };
        assert_eq!(of(&event), "The key asked for its PIN; 1 attempt is left.");
    }

    #[test]
    fn exports_imports_and_devices_are_one_sentence_each() {
        let archive = ArchiveFacts {
            kind: "export",
            archive: "/tmp/out.zip".to_owned(),
            digest: String::new(),
            file: "/runs/RUN-1.json".to_owned(),
            envelopes: 1,
        };
        assert_eq!(
            of(&Event::ArchiveWritten(archive)),
            "Wrote the export out.zip with 1 envelope."
        );
        let finding = FindingFacts {
            reviewed: "/tmp/one.pack.zip".to_owned(),
            digest: String::new(),
            outcome: "accepted_with_reservations",
            file: "/tmp/one.finding.json".to_owned(),
        };
        assert_eq!(
            of(&Event::FindingWritten { key: key(), finding }),
            "j.okafor signed the finding one.finding.json about one.pack.zip: accepted with reservations."
        );
        let imported = Event::Imported {
            archive: "/tmp/out.zip".to_owned(),
            digest: String::new(),
            new: 2,
            there: 1,
            signatures: 3,
            left_out: 0,
        };
        assert_eq!(of(&imported), "Imported out.zip: 2 new envelopes, 3 new signatures.");
        let device = DeviceFacts {
            serial: Some(12_345_678),
            card: None,
            firmware: "5.7.4".to_owned(),
            reader: "Yubico\u{202e} YubiKey".to_owned(),
            token: None,
        };
        assert_eq!(
            of(&Event::DeviceRemoved(device)),
            "Yubico⟨U+202E⟩ YubiKey, serial 12345678, was removed."
        );
    }

    #[test]
    fn a_setting_is_named_with_both_values() {
        let changed = |setting, before: Option<&str>, after: Option<&str>| Event::SettingChanged {
            setting,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(
            of(&changed("policy.trust", Some("pinned"), Some("embedded"))),
            "Changed the accepted keys from those in the keyring to any that verifies."
        );
        assert_eq!(
            of(&changed("keyring", None, Some("/k.json"))),
            "Changed the keyring from the default to /k.json."
        );
    }
}
