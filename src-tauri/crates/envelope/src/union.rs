//! Uniting copies of a signature file that were signed apart.
//!
//! What stands is kept: a signature that a file has already is not entered again, whatever a copy
//! says of who made it, when and in which role, since none of that is covered by the signature. Only
//! signatures that are new come in, and the time stamps of those that are there, which say nothing
//! until they are verified. So uniting is idempotent, and as long as copies say the same of
//! the signatures they share, neither their order nor their number changes the result. If they do
//! not, the file that was there first decides; the caller says what it left out.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::digest::Digest;
use crate::json::{Object, Value};
use crate::signature::Signature;
use crate::signature_file::{SignatureFile, SignatureFileError, VERSION};
use crate::time_stamp;

/// Below two a threshold has no meaning: an envelope that was co-signed needs two.
const LEAST_THRESHOLD: u64 = 2;

impl SignatureFile {
    /// Unites two files about the same artifact.
    ///
    /// - Signatures: those of this file, and those of the other whose value this one does not have.
    ///   Signature blocks come first, then by time, then by their text.
    /// - Time stamps of one signature: those of both, without duplicates, as many as are read.
    /// - Two blocks of one signature stay this block; else an envelope comes of them.
    /// - Terms: the higher threshold, at least 2, and every role that either asks for. Nothing is
    ///   asked for that neither does.
    /// - Other fields of an envelope: those of this file, and those that only the other has.
    ///
    /// # Errors
    /// Fails if they are about different content, or one has a form that would lose something.
    pub fn unite(self, other: Self) -> Result<Self, SignatureFileError> {
        let (wanted, found) = (self.checked_hash()?, other.checked_hash()?);
        if wanted != found {
            let (wanted, found) = (wanted.to_owned(), found.to_owned());
            return Err(SignatureFileError::OtherContent { found, wanted });
        }
        let (threshold, roles) = self.terms()?;
        let (other_threshold, other_roles) = other.terms()?;
        let (own, others) = (self.entries()?, other.entries()?);
        if self == other {
            return Ok(self);
        }
        let mut signatures = with_new(own, others);
        if let (Self::Block(_), Self::Block(_), [Value::Object(one)]) =
            (&self, &other, &*signatures)
        {
            return Ok(Self::Block(one.clone()));
        }
        signatures.sort_by_cached_key(order);
        let mut envelope = Object::from([
            ("multisig_version", Value::from(VERSION)),
            ("artifact_hash", wanted.into()),
        ]);
        for file in [&self, &other] {
            let Self::Envelope(fields) = file else { continue };
            for (key, value) in fields.iter() {
                if !envelope.has(key) {
                    envelope.set(key, value.clone());
                }
            }
        }
        envelope.set("threshold", threshold.max(other_threshold).max(LEAST_THRESHOLD));
        envelope.set("signatures", signatures);
        let roles: Vec<Value> = roles.union(&other_roles).map(|role| (*role).into()).collect();
        let roles = if roles.is_empty() { Value::Null } else { Value::Array(roles) };
        envelope.set("witness_requirements", roles);
        Ok(Self::Envelope(envelope))
    }

    /// The entries of the signatures, whatever they are.
    ///
    /// # Errors
    /// Fails if an envelope has no list of them.
    pub fn entries(&self) -> Result<Vec<Value>, SignatureFileError> {
        match self {
            Self::Block(block) => Ok(vec![block.clone().into()]),
            Self::Envelope(envelope) => match envelope.get("signatures") {
                Some(Value::Array(entries)) => Ok(entries.clone()),
                _ => Err(SignatureFileError::Unreadable("signatures")),
            },
        }
    }

    /// The file with only the signatures that are wanted, by their index; `None` if none is left.
    pub fn with_only(mut self, wanted: impl Fn(usize) -> bool) -> Option<Self> {
        match &mut self {
            Self::Block(_) => wanted(0).then_some(self),
            Self::Envelope(envelope) => {
                let Some(Value::Array(entries)) = envelope.remove("signatures") else {
                    return None;
                };
                let entries = entries.into_iter().enumerate().filter(|(index, _)| wanted(*index));
                let entries: Vec<Value> = entries.map(|(_, entry)| entry).collect();
                let some = !entries.is_empty();
                envelope.set("signatures", entries);
                some.then_some(self)
            }
        }
    }

    /// The file without the entries of one signature value; `None` if nothing is left of it. An
    /// envelope keeps its terms and other fields.
    pub fn without(mut self, value: Digest) -> Option<Self> {
        let has_value = |entry: &Value| {
            entry.as_object().is_some_and(|one| Signature(one).value() == Some(value))
        };
        match &mut self {
            Self::Block(block) => (Signature(block).value() != Some(value)).then_some(self),
            Self::Envelope(envelope) => {
                if let Some(Value::Array(mut entries)) = envelope.remove("signatures") {
                    entries.retain(|entry| !has_value(entry));
                    envelope.set("signatures", entries);
                }
                Some(self)
            }
        }
    }

    fn checked_hash(&self) -> Result<&str, SignatureFileError> {
        match self.version() {
            Some(VERSION) => Ok(self.artifact_hash().unwrap_or("")),
            other => Err(SignatureFileError::Version(other.unwrap_or("").to_owned())),
        }
    }

    /// What is asked for. A block asks for nothing.
    fn terms(&self) -> Result<(u64, BTreeSet<&str>), SignatureFileError> {
        let Self::Envelope(envelope) = self else { return Ok((0, BTreeSet::new())) };
        let threshold = match envelope.get("threshold") {
            None | Some(Value::Null) => 0,
            Some(number) => number.as_count().ok_or(SignatureFileError::Unreadable("threshold"))?,
        };
        let unreadable = SignatureFileError::Unreadable("witness_requirements");
        let roles = match envelope.get("witness_requirements") {
            None | Some(Value::Null) => Some(BTreeSet::new()),
            Some(Value::Array(roles)) => roles.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        Ok((threshold, roles.ok_or(unreadable)?))
    }
}

/// The entries that stand, and those of the others whose signature value is not there yet. An entry
/// without a value is known by its text. Of one that is there its time stamps come in.
fn with_new(own: Vec<Value>, others: Vec<Value>) -> Vec<Value> {
    let identity = |entry: &Value| {
        let value = entry.as_object().and_then(|object| Signature(object).value());
        value.ok_or_else(|| entry.to_line())
    };
    let mut known: HashMap<_, usize> = HashMap::new();
    for (index, entry) in own.iter().enumerate() {
        known.entry(identity(entry)).or_insert(index);
    }
    let mut all = own;
    for entry in others {
        match known.entry(identity(&entry)) {
            Entry::Vacant(new) => {
                new.insert(all.len());
                all.push(entry);
            }
            Entry::Occupied(there) => {
                if let (Value::Object(own), Value::Object(other)) = (&mut all[*there.get()], &entry)
                    // A token is about the very bytes, of which one value may have two.
                    && Signature(own).signature() == Signature(other).signature()
                {
                    time_stamp::unite(own, other);
                }
            }
        }
    }
    all
}

/// Blocks first, as the first signature of an envelope; then by time, those without one last.
fn order(entry: &Value) -> (bool, i64, String) {
    let object = entry.as_object();
    let is_block = object.is_some_and(|object| object.has("sig_version"));
    let at = object.and_then(|object| Signature(object).signed_at());
    (!is_block, at.map_or(i64::MAX, |at| at.unix()), entry.to_line())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time_stamp::{Covers, MAX_TOKENS, TIMESTAMPS, TimeStamp};

    /// Few values, so that copies overlap, contradict each other and contain one another.
    fn entry() -> impl Strategy<Value = Object> {
        let one_of = |texts: &'static [&'static str]| proptest::sample::select(texts);
        let maybe = |texts| proptest::option::of(one_of(texts));
        let said = (
            one_of(&["c2ln", "b3RoZXI=", "dGhpcmQ=", "Zm91cnRo"]),
            maybe(&["mira", "jon"]),
            maybe(&["2026-05-06T07:08:09Z", "2026-05-06T09:08:10+02:00", "soon"]),
            maybe(&["operator", "witness"]),
        );
        let more = (maybe(&["software"]), maybe(&["x", "y"]), maybe(&["1", "2"]), any::<bool>());
        (said, more).prop_map(|((signature, signer, at, role), (kind, a, b, block))| {
            let mut entry = Object::from([("signature", signature)]);
            let optional = [
                ("signer_id", signer),
                ("signed_at", at),
                ("role", role),
                ("signer_type", kind),
                ("future", a),
                ("another", b),
            ];
            for (key, value) in optional {
                if let Some(value) = value {
                    entry.set(key, value);
                }
            }
            if block {
                entry.set("sig_version", VERSION);
            }
            entry
        })
    }

    fn file() -> impl Strategy<Value = SignatureFile> {
        let block = entry().prop_map(|mut block| {
            block.set("sig_version", VERSION);
            block.set("payload_bytes_sha256", "sha256:00");
            SignatureFile::Block(block)
        });
        let envelope = (
            proptest::collection::vec(entry(), 0..4),
            proptest::option::of(0u64..4),
            proptest::sample::subsequence(vec!["auditor", "operator", "witness"], 0..=3),
            proptest::option::of(proptest::sample::select(&["1", "2"])),
        );
        let envelope = envelope.prop_map(|(entries, threshold, roles, future)| {
            let entries: Vec<Value> = entries.into_iter().map(Value::from).collect();
            let mut envelope = Object::from([
                ("multisig_version", Value::from(VERSION)),
                ("artifact_hash", "sha256:00".into()),
                ("signatures", entries.into()),
            ]);
            if let Some(threshold) = threshold {
                envelope.set("threshold", threshold);
            }
            if !roles.is_empty() {
                let roles: Vec<Value> = roles.into_iter().map(Value::from).collect();
                envelope.set("witness_requirements", roles);
            }
            if let Some(future) = future {
                envelope.set("future", future);
            }
            SignatureFile::Envelope(envelope)
        });
        prop_oneof![block, envelope]
    }

    fn united(a: &SignatureFile, b: &SignatureFile) -> SignatureFile {
        a.clone().unite(b.clone()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_order_of_copies_that_agree_makes_no_difference(a in file(), b in file(), c in file()) {
            let [a, b, c] = made_to_agree([a, b, c]);
            let ab = united(&a, &b);
            prop_assert_eq!(ab.to_text(), united(&b, &a).to_text());
            prop_assert_eq!(united(&ab, &c).to_text(), united(&a, &united(&b, &c)).to_text());
        }

        #[test]
        fn uniting_again_changes_nothing(a in file(), b in file()) {
            prop_assert_eq!(&united(&a, &a), &a);
            let ab = united(&a, &b);
            prop_assert_eq!(&united(&ab, &ab), &ab);
            prop_assert_eq!(&united(&ab, &a), &ab);
            prop_assert_eq!(&united(&ab, &b), &ab);
            let read_again = SignatureFile::parse_for_rewrite(ab.to_text().as_bytes()).unwrap();
            prop_assert_eq!(&read_again, &ab);
        }

        #[test]
        fn existing_signatures_are_kept_and_only_new_values_added(a in file(), b in file()) {
            let ab = united(&a, &b);
            let (own, entries) = (a.entries().unwrap(), ab.entries().unwrap());
            let values = |entries: &[Value]| -> Vec<_> {
                entries.iter().map(|entry| Signature(entry.as_object().unwrap()).value()).collect()
            };
            for entry in &own {
                prop_assert!(entries.contains(entry));
            }
            let mut come: Vec<Value> = entries.clone();
            for entry in &own {
                let at = come.iter().position(|one| one == entry).unwrap();
                come.remove(at);
            }
            let (known, new) = (values(&own), values(&come));
            for (at, value) in new.iter().enumerate() {
                prop_assert!(!known.contains(value) && !new[..at].contains(value));
                prop_assert!(b.entries().unwrap().contains(&come[at]));
            }
            for value in values(&b.entries().unwrap()) {
                prop_assert!(values(&entries).contains(&value));
            }
            prop_assert!(ab.threshold() >= a.threshold().max(b.threshold()));
            let asked = ab.witness_requirements();
            for role in a.witness_requirements().into_iter().chain(b.witness_requirements()) {
                prop_assert!(asked.contains(&role));
            }
            for file in [&b, &a] {
                if let SignatureFile::Envelope(envelope) = file
                    && let Some(future) = envelope.get("future")
                    && (std::ptr::eq(file, &a) || !a.object().has("future"))
                {
                    prop_assert_eq!(ab.object().get("future"), Some(future));
                }
            }
        }
    }

    #[test]
    fn time_stamps_of_both_copies_are_kept_once_and_within_bounds() {
        let stamp = |token: &str| Value::Object(time_stamp(token).to_object());
        let file = |tokens: Vec<Value>| {
            let mut entry = Object::from([("signature", "c2ln"), ("sig_version", VERSION)]);
            entry.set("payload_bytes_sha256", "sha256:00");
            entry.set(TIMESTAMPS, tokens);
            SignatureFile::Block(entry)
        };
        let tokens = |file: &SignatureFile| file.object().get(TIMESTAMPS).cloned();
        let mut spaced = time_stamp("b").to_object();
        spaced.set("note", "the same token");
        let (a, b) = (file(vec![stamp("a"), stamp("b")]), file(vec![spaced.into(), stamp("c")]));
        let both = united(&a, &b);
        let wanted = Value::Array(vec![stamp("a"), stamp("b"), stamp("c")]);
        assert_eq!(tokens(&both), Some(wanted));
        assert_eq!(united(&both, &b), both);
        // Nobody's tokens displace those that stand there.
        let many: Vec<Value> = (0..40).map(|n| stamp(&n.to_string())).collect();
        let full = united(&a, &file(many));
        let kept = tokens(&full).unwrap();
        assert_eq!(kept.as_array().unwrap().len(), MAX_TOKENS);
        assert_eq!(kept.as_array().unwrap()[..2], [stamp("a"), stamp("b")]);
    }

    fn time_stamp(token: &str) -> TimeStamp {
        TimeStamp { covers: Covers::Signature, token: token.as_bytes().to_vec() }
    }

    /// Copies that say the same of what they share: what the first says.
    fn made_to_agree(files: [SignatureFile; 3]) -> [SignatureFile; 3] {
        let mut said: Vec<Value> = Vec::new();
        files.map(|file| {
            let mut entries: Vec<Value> = Vec::new();
            for entry in file.entries().unwrap() {
                let value = |one: &Value| Signature(one.as_object().unwrap()).value();
                let same = said.iter().find(|one| value(one) == value(&entry)).cloned();
                let entry = same.unwrap_or_else(|| {
                    said.push(entry.clone());
                    entry
                });
                if !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
            match file {
                SignatureFile::Block(_) => match &entries[0] {
                    Value::Object(block)
                        if block.has("sig_version") && block.has("payload_bytes_sha256") =>
                    {
                        SignatureFile::Block(block.clone())
                    }
                    _ => envelope_of(entries),
                },
                SignatureFile::Envelope(mut envelope) => {
                    envelope.remove("future");
                    envelope.set("signatures", entries);
                    SignatureFile::Envelope(envelope)
                }
            }
        })
    }

    fn envelope_of(entries: Vec<Value>) -> SignatureFile {
        SignatureFile::Envelope(Object::from([
            ("multisig_version", Value::from(VERSION)),
            ("artifact_hash", "sha256:00".into()),
            ("signatures", entries.into()),
        ]))
    }

    fn parse(text: &str) -> SignatureFile {
        SignatureFile::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn two_blocks_make_an_envelope_that_keeps_both_whole() {
        let block = |signer: &str, at: &str| {
            parse(&format!(
                r#"{{"sig_version":"1.0","payload_bytes_sha256":"sha256:00","signer_id":"{signer}",
                "signed_at":"{at}","signature":"{signer}{signer}{signer}{signer}","future":1e2}}"#
            ))
        };
        let (first, second) =
            (block("z", "2026-05-06T07:08:09Z"), block("a", "2026-05-07T00:00:00Z"));
        let both = united(&second, &first);
        assert_eq!(both.threshold(), Some(2));
        assert_eq!(both.object().get("witness_requirements"), Some(&Value::Null));
        let blocks = vec![first.object().clone().into(), second.object().clone().into()];
        assert_eq!(both.entries().unwrap(), blocks);
    }

    #[test]
    fn what_is_about_something_else_or_cannot_be_kept_is_not_united() {
        let good = parse(
            r#"{"multisig_version":"1.0","artifact_hash":"sha256:00","signatures":[],"threshold":2}"#,
        );
        for (text, why) in [
            (r#"{"sig_version":"1.0","payload_bytes_sha256":"sha256:01"}"#, "other content"),
            (r#"{"sig_version":"1.1","payload_bytes_sha256":"sha256:00"}"#, "version"),
            (r#"{"multisig_version":"1.0","artifact_hash":"sha256:00"}"#, "signatures"),
            (
                r#"{"multisig_version":"1.0","artifact_hash":"sha256:00","signatures":[],"threshold":"9"}"#,
                "threshold",
            ),
            (
                r#"{"multisig_version":"1.0","artifact_hash":"sha256:00","signatures":[],"witness_requirements":"all"}"#,
                "witness_requirements",
            ),
        ] {
            let error = good.clone().unite(parse(text)).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            parse(text).unite(good.clone()).unwrap_err();
        }
    }
}
