//! An entry of the journal as one sentence; all its facts are in [`crate::book::details`].

use std::path::Path;

use countersign_envelope::chain::Entry;
use countersign_envelope::count::counted;
use countersign_envelope::json::{Object, Value};
use countersign_problem::visible::visible;

use countersign_store::reading::name_of;

/// An entry as one sentence, with every text made visible. Returns `None` for an event that this
/// version does not know.
///
/// ```
/// use countersign_envelope::chain::Entry;
/// use countersign_envelope::json::Object;
/// use countersign_journal::sentence::sentence;
///
/// let object = Object::from([("event", "key_opened"), ("key_id", "ds-1"), ("signer_id", "mira")]);
/// let entry = Entry { line: 1, object, hash_holds: true };
/// assert_eq!(sentence(&entry).as_deref(), Some("Opened the key ds-1 for mira."));
/// ```
pub fn sentence(entry: &Entry) -> Option<String> {
    let facts = Facts(&entry.object);
    let event = entry.object.text("event")?;
    let sentence = of_journal(event, &facts)
        .or_else(|| of_ceremony(event, &facts))
        .or_else(|| of_exchange(event, &facts))
        .or_else(|| of_trust(event, &facts))
        .or_else(|| of_log(event, &facts))
        .or_else(|| of_device(event, &facts))?;
    Some(ended(sentence))
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

    /// A number of things: "1 envelope", "12 envelopes".
    fn counted(&self, key: &str, what: &str) -> String {
        match self.number(key).parse::<usize>() {
            Ok(number) => counted(number, what),
            Err(_) => format!("? {what}s"),
        }
    }

    fn length(&self, key: &str) -> usize {
        self.0.get(key).and_then(Value::as_array).map_or(0, |items| items.len())
    }

    /// The message that a person saw.
    fn words(&self) -> String {
        self.text("words")
    }

    fn attempts_left(&self) -> String {
        match self.0.get("tries_left").map(in_words).and_then(|left| left.parse::<usize>().ok()) {
            Some(1) => "; 1 attempt is left".to_owned(),
            Some(left) => format!("; {left} attempts are left"),
            None => String::new(),
        }
    }

    /// "j.okafor signed RUN-1.json and its manifest as witness with the hardware key ds-2".
    fn signing(&self, verb: &str) -> String {
        let artifacts = self.0.get("artifacts").and_then(Value::as_array).unwrap_or_default();
        let first = artifacts.first().and_then(Value::as_object);
        let file = first.and_then(|first| first.text("file")).unwrap_or("?");
        let manifest = if artifacts.len() > 1 { " and its manifest" } else { "" };
        let kind = match self.0.text("signer_type") {
            Some("external") => "external signer".to_owned(),
            Some(kind) => format!("{} key", visible(kind)),
            None => "key".to_owned(),
        };
        format!(
            "{} {verb} {}{manifest} as {} with the {kind} {}",
            self.text("signer_id"),
            visible(&name_of(Path::new(file))),
            self.text("role"),
            self.text("key_id")
        )
    }
}

fn of_journal(event: &str, facts: &Facts<'_>) -> Option<String> {
    Some(match event {
        "journal_begun" => "The journal begins".to_owned(),
        "journal_rotated" => {
            format!("The journal continues {}, which is full", facts.name("previous_file"))
        }
        "journal_broken" => format!(
            "The journal was damaged and is kept as {}: {}",
            facts.name("kept_as"),
            facts.text("why")
        ),
        "journal_torn" => format!(
            "The last line of the journal was incomplete and is kept as {}",
            facts.name("kept_as")
        ),
        "made_private" => {
            let files = counted(facts.length("files"), "file");
            format!("Removed the group’s access to {files} or folders of the station")
        }
        _ => return None,
    })
}

fn of_ceremony(event: &str, facts: &Facts<'_>) -> Option<String> {
    Some(match event {
        "ceremony_begun" => format!("Opened {} for signing", facts.name("file")),
        "refused" => format!("Nothing was signed: {}", facts.words()),
        "broken_off" => "Cancelled; nothing was signed".to_owned(),
        "key_chosen" => {
            let (signer, role) = (facts.text("signer_id"), facts.text("role"));
            format!("{signer} chose the key {} to sign as {role}", facts.text("key_id"))
        }
        "secret_asked" => {
            format!("The key asked for its {}{}", facts.text("secret"), facts.attempts_left())
        }
        "last_try_held" => {
            let secret = facts.text("secret");
            format!("The last {secret} attempt was not used, because it was not confirmed")
        }
        "last_try" => format!("Using the last {} attempt was confirmed", facts.text("secret")),
        "secret_not_taken" => format!("The key stayed locked: {}", facts.words()),
        "key_opened" => {
            format!("Opened the key {} for {}", facts.text("key_id"), facts.text("signer_id"))
        }
        "signing_attempted" => facts.signing("started signing"),
        "touch_missed" => "The key was not touched in time".to_owned(),
        "signed" => facts.signing("signed"),
        "refusal_attempted" => facts.signing("started to refuse"),
        "refused_to_sign" => {
            format!("{}: {}", facts.signing("refused to sign"), facts.text("reason"))
        }
        "withdrawn" => {
            let withdrew = facts.signing("withdrew their signature on");
            format!("{withdrew}: {}", facts.text("reason"))
        }
        "signed_partly" => {
            format!("Only {} was written: {}", facts.names("files"), facts.words())
        }
        _ => return None,
    })
}

fn of_exchange(event: &str, facts: &Facts<'_>) -> Option<String> {
    let left_out = || match facts.number("left_out").as_str() {
        "0" => String::new(),
        number => format!("; left out {number}"),
    };
    Some(match event {
        "registered" => format!("Registered {} in {}", facts.name("file"), facts.text("log")),
        "merge_attempted" => {
            let from = match facts.length("from") {
                1 => "a copy".to_owned(),
                copies => format!("{copies} copies"),
            };
            format!("Started merging {from} into {}", facts.name("file"))
        }
        "merged" => {
            let signatures = counted(facts.length("added"), "signature");
            let refusals = match facts.length("refusals") {
                0 => String::new(),
                number => format!(" and {}", counted(number, "refusal")),
            };
            format!("Merged {signatures}{refusals} into {}{}", facts.name("file"), left_out())
        }
        "finding_attempted" | "finding_written" => {
            let (verb, signer) = match event {
                "finding_written" => ("signed", facts.text("signer_id")),
                _ => ("started to sign", facts.text("signer_id")),
            };
            let (outcome, file) = (facts.text("outcome").replace('_', " "), facts.name("file"));
            let reviewed = facts.name("reviewed");
            format!("{signer} {verb} the finding {file} about {reviewed}: {outcome}")
        }
        "archive_attempted" | "archive_written" => {
            let verb = if event == "archive_written" { "Wrote" } else { "Started writing" };
            let envelopes = facts.counted("envelopes", "envelope");
            format!("{verb} the {} {} with {envelopes}", facts.text("kind"), facts.name("archive"))
        }
        "import_attempted" => {
            format!("Started importing {} into {}", facts.name("archive"), facts.text("directory"))
        }
        "imported" => {
            let new = facts.counted("new", "new envelope");
            let signatures = facts.counted("signatures", "new signature");
            let archive = facts.name("archive");
            format!("Imported {archive}: {new}, {signatures}{}", left_out())
        }
        "evidence_attached" => {
            format!("Added evidence ({}) to {}", facts.text("evidence"), facts.names("files"))
        }
        "time_stamps_requested" => {
            let requests = facts.counted("requests", "request");
            format!("Wrote {requests} for time stamps to {}", facts.text("folder"))
        }
        "time_stamp_attached" => {
            let (signer, time) = (facts.text("signer_id"), facts.text("time"));
            let (authority, files) = (facts.text("authority"), facts.names("files"));
            format!("Added a time stamp of {time} by {authority} for {signer} to {files}")
        }
        "run_time_stamp_added" => {
            let (run, time) = (facts.name("run"), facts.text("time"));
            format!("Added a time stamp of {time} by {} for {run} itself", facts.text("authority"))
        }
        _ => return None,
    })
}

fn of_trust(event: &str, facts: &Facts<'_>) -> Option<String> {
    let text = |key| facts.text(key);
    Some(match event {
        "key_created" => {
            format!("Created a private key in {}, {}", text("file"), text("fingerprint"))
        }
        "key_added" => {
            let (key, owner, kind) = (text("key_id"), text("owner"), text("kind"));
            let roles = facts.number("roles");
            format!("Added {key} of {owner} to the keyring, {kind}, as {roles}")
        }
        "key_revoked" => {
            let (key, owner) = (text("key_id"), text("owner"));
            let compromised = facts.0.text("compromised_since");
            let compromised = compromised.map(|since| format!(", compromised since {since}"));
            let compromised = compromised.unwrap_or_default();
            let (at, why) = (text("revoked_at"), text("reason"));
            format!("Revoked {key} of {owner} from {at}{compromised}: {why}")
        }
        "root_trusted" => format!("Trusted {}, SHA-256 {}", text("subject"), text("sha256")),
        "root_removed" => {
            format!("Stopped trusting {}, SHA-256 {}", text("subject"), text("sha256"))
        }
        "setting_changed" => {
            setting(facts.0.text("setting")?, facts.0.text("before"), facts.0.text("after"))
        }
        "change_failed" => format!("The change failed: {}", facts.words()),
        _ => return None,
    })
}

fn of_log(event: &str, facts: &Facts<'_>) -> Option<String> {
    Some(match event {
        "log_rewritten" => facts.words(),
        "log_accepted" => {
            let (log, had) = (facts.text("log"), facts.number("had"));
            let has = facts.counted("has", "entry");
            let reason = facts.0.text("reason").map(|why| format!(": {}", visible(why)));
            let reason = reason.unwrap_or_default();
            let lost = match facts.length("lost") {
                0 => String::new(),
                _ => format!("; missing: {}", facts.number("lost")),
            };
            format!("Accepted {log} with {has} instead of {had}{reason}{lost}")
        }
        "missing_run_accepted" => {
            format!("Accepted that {} is missing: {}", facts.text("file"), facts.text("reason"))
        }
        _ => return None,
    })
}

fn of_device(event: &str, facts: &Facts<'_>) -> Option<String> {
    let verb = match event {
        "device_arrived" => "was plugged in",
        "device_removed" => "was removed",
        _ => return None,
    };
    let name = match facts.0.text("token") {
        Some(token) => visible(token),
        None => facts.text("reader"),
    };
    let serial = match facts.number("serial").parse::<u32>() {
        Ok(serial) => format!(", serial {serial},"),
        Err(_) => String::new(),
    };
    Some(format!("{name}{serial} {verb}"))
}

/// A changed setting.
fn setting(name: &str, before: Option<&str>, after: Option<&str>) -> String {
    let (what, unset) = match name {
        "policy.trust" => ("the accepted keys", "?"),
        "policy.min_threshold" => ("the minimum number of signatures", "?"),
        "policy.required_roles" => ("the roles required besides operator and witness", "none"),
        "policy.assurance" => ("the assurance required of hardware keys", "?"),
        "policy.clock_tolerance" => ("the clock tolerance in seconds", "?"),
        "policy.time" => ("whose word the time of a signature must be", "?"),
        "policy.claims" => ("whether signatures need a claim", "?"),
        "policy.exempt" => ("the signatures that need no claim", "?"),
        "keyring" => ("the keyring", "the default"),
        "trust_folder" => ("the folder of trusted roots", "the default"),
        "log" => ("the transparency log", "the one beside each run"),
        "ledger" => ("the authority ledger", "the one beside each run"),
        "pkcs11_module" | "signer" => {
            let what = if name == "signer" { "signer" } else { "PKCS#11 module" };
            return match (before.map(visible), after.map(visible)) {
                (None, after) => format!("Added the {what} {}", after.unwrap_or_default()),
                (Some(before), None) => format!("Removed the {what} {before}"),
                (Some(before), Some(after)) => {
                    format!("Changed the {what} {before} to {after}")
                }
            };
        }
        other => (other, "none"),
    };
    let value = |value: Option<&str>| match (name, value) {
        (_, None) => unset.to_owned(),
        ("policy.trust", Some("pinned")) => "those in the keyring".to_owned(),
        ("policy.trust", Some("embedded")) => "any that verifies".to_owned(),
        (_, Some(value)) => visible(value),
    };
    format!("Changed {} from {} to {}", visible(what), value(before), value(after))
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

/// A sentence with a full stop.
fn ended(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use countersign_envelope::instant::Instant;
    use countersign_envelope::signature::{PayloadType, Role, SignerType};

    use super::*;
    use crate::{ArchiveFacts, DeviceFacts, Event, FindingFacts, KeyFacts, Subject};

    fn of(event: &Event) -> String {
        let object = event.entry(None, Instant::EPOCH);
        sentence(&Entry { line: 1, object, hash_holds: true }).unwrap()
    }

    fn key() -> KeyFacts {
        KeyFacts {
            key_id: "ds-prod-2".to_owned(),
            fingerprint: None,
            kind: Some(SignerType::Hardware),
            claim: None,
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
