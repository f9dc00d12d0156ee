//! The proof that runs stand in a transparency log: the entries from the first of them to the head
//! of the log. With the head's hash nothing else is needed: each entry's hash is computed again,
//! and each holds the hash of the one before it.

use crate::chain::{Chain, ENTRY_HASH, Line, Links, PREVIOUS};
use crate::digest::{Digest, brief};
use crate::json::{self, Object, Value};
use crate::sealed_run::SealedRun;
use countersign_problem::{Problem, Words};

/// The version that is written and read.
const VERSION: &str = "1.0";

/// The entries of a log from one of them to its head, whose chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    first_position: u64,
    entries: Vec<Object>,
}

/// What a head is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedHead {
    /// The hash of the last entry.
    pub entry_hash: Digest,
    /// How many entries there are, if that is known.
    pub entry_count: Option<u64>,
}

/// The place of a run in the log, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// The id of its entry.
    pub entry_id: String,
    /// Its position in the log, from 1. Only a trusted count proves it; a hash chain does not count.
    pub position: u64,
    /// How many entries the log had.
    pub entry_count: u64,
    /// The hash of its last entry.
    pub head_hash: Digest,
}

/// Why a proof cannot be made, or proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum InclusionError {
    /// The log itself does not hold.
    Broken {
        /// The first thing wrong.
        why: Words,
    },
    /// The run is not in the log, or the proof is about others.
    #[arg(commit_hash = brief(text))]
    NotIncluded(String),
    /// The run is not what it was sealed as.
    RunAltered(&'static str),
    /// The run records no hash to look for.
    NoHash(&'static str),
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] json::JsonError),
    /// Not a proof, or not one of this version.
    #[arg(version = VERSION)]
    Field(&'static str),
    /// An entry was altered, taken out or moved.
    Altered {
        /// Its position in the log.
        position: u64,
    },
    /// It ends at another head.
    #[arg(found = brief(found), wanted = brief(wanted))]
    OtherHead {
        /// The hash it leads to.
        found: String,
        /// The one that is trusted.
        wanted: String,
    },
    /// It ends at that head, and counts otherwise.
    OtherCount {
        /// What the proof counts.
        found: u64,
        /// What the head says.
        wanted: u64,
    },
}

impl InclusionProof {
    /// The proof for some runs: from the first entry of any of them to the head.
    ///
    /// # Errors
    /// Fails if the log is broken, or one of the runs is not in it.
    pub fn new<'a>(
        chain: &Chain,
        runs: impl IntoIterator<Item = &'a SealedRun>,
    ) -> Result<Self, InclusionError> {
        if let Some(broken) = &chain.broken {
            return Err(InclusionError::Broken { why: broken.clone() });
        }
        let mut first = chain.entries.len();
        for run in runs {
            let (commit, sealed) = hashes(run)?;
            let found = chain.entries.iter().position(|one| is_about(&one.object, commit, sealed));
            first = first.min(found.ok_or_else(|| not_included(commit))?);
        }
        let entries = chain.entries.iter().skip(first).map(|entry| entry.object.clone()).collect();
        Ok(Self { first_position: first as u64 + 1, entries })
    }

    /// Reads a proof, and checks that its entries hold and follow each other.
    ///
    /// # Errors
    /// Fails if it is none, or an entry was altered, taken out or moved.
    pub fn parse(bytes: &[u8]) -> Result<Self, InclusionError> {
        let value = json::parse(bytes)?.value;
        if value.get("proof_version").and_then(Value::as_str) != Some(VERSION) {
            return Err(InclusionError::Field("proof_version"));
        }
        let count = |name| value.get(name).and_then(Value::as_count);
        let first_position = count("first_position").filter(|position| *position > 0);
        let first_position = first_position.ok_or(InclusionError::Field("first_position"))?;
        let entries = value.get("entries").and_then(Value::as_array).unwrap_or_default();
        let entries: Option<Vec<Object>> =
            entries.iter().map(|entry| entry.as_object().cloned()).collect();
        let entries = entries.filter(|entries| !entries.is_empty());
        let entries = entries.ok_or(InclusionError::Field("entries"))?;
        // The first one's predecessor is not there to be compared.
        let before = entries.first().and_then(|entry| entry.text(PREVIOUS)).map(str::to_owned);
        let mut links = Links::after(before.clone());
        for (position, entry) in (first_position..).zip(&entries) {
            links.next(Line::parse(Value::Object(entry.clone()).to_line().as_bytes()));
            if links.broken.is_some() {
                return Err(InclusionError::Altered { position });
            }
        }
        let proof = Self { first_position, entries };
        if (first_position == 1) != before.is_none() {
            return Err(InclusionError::Altered { position: first_position });
        }
        if count("entry_count") != Some(proof.entry_count()) {
            return Err(InclusionError::Field("entry_count"));
        }
        let head = value.get("head_hash").and_then(Value::as_str);
        if head.is_none() || head != proof.recorded_head() || proof.head_hash().is_none() {
            return Err(InclusionError::Field("head_hash"));
        }
        Ok(proof)
    }

    /// The text of the proof.
    pub fn to_text(&self) -> String {
        let entries = self.entries.iter().cloned().map(Value::Object).collect::<Vec<_>>();
        let proof = Object::from([
            ("proof_version", Value::from(VERSION)),
            ("first_position", self.first_position.into()),
            ("entry_count", self.entry_count().into()),
            ("head_hash", self.recorded_head().into()),
            ("entries", entries.into()),
        ]);
        Value::Object(proof).to_pretty()
    }

    /// How many entries the log had.
    pub fn entry_count(&self) -> u64 {
        self.first_position + self.entries.len() as u64 - 1
    }

    /// The hash of the log's last entry.
    pub fn head_hash(&self) -> Option<Digest> {
        Digest::parse(self.recorded_head()?)
    }

    fn recorded_head(&self) -> Option<&str> {
        self.entries.last()?.text(ENTRY_HASH)
    }

    /// Checks that a run, as it was sealed, stands in the log that has a head.
    ///
    /// # Errors
    /// Fails if the run was altered or has no entry here, or the proof leads to another head.
    pub fn check(
        &self,
        run: &SealedRun,
        head: Option<TrustedHead>,
    ) -> Result<Included, InclusionError> {
        let (commit, sealed) = hashes(run)?;
        if !run.content_hash().is_some_and(|hash| hash.is(sealed)) {
            return Err(InclusionError::RunAltered("content-hash"));
        }
        if !run.scope_hash().is_some_and(|hash| hash.is(commit)) {
            return Err(InclusionError::RunAltered("commit-hash"));
        }
        let found = self.entries.iter().position(|entry| is_about(entry, commit, sealed));
        let index = found.ok_or_else(|| not_included(commit))?;
        let head_hash = self.head_hash().ok_or(InclusionError::Field("head_hash"))?;
        if let Some(head) = head {
            if head.entry_hash != head_hash {
                let (found, wanted) = (head_hash.to_string(), head.entry_hash.to_string());
                return Err(InclusionError::OtherHead { found, wanted });
            }
            if let Some(wanted) = head.entry_count.filter(|count| *count != self.entry_count()) {
                return Err(InclusionError::OtherCount { found: self.entry_count(), wanted });
            }
        }
        Ok(Included {
            entry_id: self.entries[index].text("entry_id").unwrap_or_default().to_owned(),
            position: self.first_position + index as u64,
            entry_count: self.entry_count(),
            head_hash,
        })
    }
}

fn hashes(run: &SealedRun) -> Result<(&str, &str), InclusionError> {
    let commit = run.artifact().commit_hash().ok_or(InclusionError::NoHash("commit-hash"))?;
    Ok((commit, run.recorded_hash().ok_or(InclusionError::NoHash("content-hash"))?))
}

fn is_about(entry: &Object, commit_hash: &str, sealed_hash: &str) -> bool {
    entry.text("commit_hash") == Some(commit_hash)
        && entry.text("artifact_bytes_sha256") == Some(sealed_hash)
}

fn not_included(commit_hash: &str) -> InclusionError {
    InclusionError::NotIncluded(commit_hash.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::canonical;
    use crate::instant::Instant;
    use crate::transparency_log::{NewRegistration, entry};

    /// A run with only what a registration needs.
    fn run(number: usize) -> SealedRun {
        let scope = Value::Object(Object::from([("number", number as u64)]));
        let mut run = Object::from([
            ("commit_hash", Value::from(canonical::digest(&scope).to_string())),
            ("hash_scope", scope),
            ("hash", "".into()),
        ]);
        let hash = canonical::digest(&Value::Object(run.clone())).to_string();
        run.set("hash", hash);
        SealedRun::parse(Value::Object(run).to_line().as_bytes()).unwrap()
    }

    fn log(length: usize) -> Chain {
        let mut chain = Chain::default();
        for number in 0..length {
            let run = run(number);
            let new = NewRegistration {
                run_id: "RUN-00000000",
                commit_hash: run.artifact().commit_hash().unwrap(),
                sealed_hash: run.recorded_hash().unwrap(),
                artifact_path: "RUN.json",
                signing_key_id: None,
                witness_key_id: None,
                observed_at: Instant::EPOCH,
            };
            let object = entry(&chain, new);
            let line = Line::parse(Value::Object(object).to_line().as_bytes());
            let Line::Entry { object, hash_holds, .. } = line else { panic!() };
            chain.entries.push(crate::chain::Entry { line: number + 1, object, hash_holds });
        }
        chain
    }

    fn head_of(chain: &Chain) -> TrustedHead {
        let hash = chain.entries.last().unwrap().object.text(ENTRY_HASH).unwrap();
        let entry_hash = Digest::parse(hash).unwrap();
        TrustedHead { entry_hash, entry_count: Some(chain.entries.len() as u64) }
    }

    proptest! {
        #[test]
        fn only_what_is_in_a_log_is_proved(length in 1..9_usize, at in any::<prop::sample::Index>(), also in any::<prop::sample::Index>()) {
            let chain = log(length);
            let (at, also) = (at.index(length), also.index(length));
            let proof = InclusionProof::new(&chain, [&run(at), &run(also)]).unwrap();
            let read = InclusionProof::parse(proof.to_text().as_bytes()).unwrap();
            prop_assert_eq!(&read, &proof);
            let head = head_of(&chain);
            let included = read.check(&run(at), Some(head)).unwrap();
            prop_assert_eq!((included.position, included.entry_count), (at as u64 + 1, length as u64));
            prop_assert!(matches!(read.check(&run(length), Some(head)), Err(InclusionError::NotIncluded(_))));
            let longer = head_of(&log(length + 1));
            prop_assert!(matches!(read.check(&run(at), Some(longer)), Err(InclusionError::OtherHead { .. })), "another head proved it");
            let miscounted = TrustedHead { entry_count: Some(length as u64 + 1), ..head };
            prop_assert!(matches!(read.check(&run(at), Some(miscounted)), Err(InclusionError::OtherCount { .. })), "another count proved it");
        }

        #[test]
        fn an_altered_removed_duplicated_or_moved_entry_proves_nothing(length in 2..9_usize, at in any::<prop::sample::Index>(), how in 0..4) {
            let chain = log(length);
            let mut proof = InclusionProof::new(&chain, [&run(0)]).unwrap();
            let at = at.index(length - 1);
            match how {
                0 => proof.entries[at].set("artifact_path", "other.json"),
                1 => drop(proof.entries.remove(at)),
                2 => proof.entries.insert(at, proof.entries[at].clone()),
                _ => proof.entries.swap(at, at + 1),
            }
            prop_assert!(InclusionProof::parse(proof.to_text().as_bytes()).is_err());
        }

        #[test]
        fn no_bytes_make_a_proof_by_chance(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(InclusionProof::parse(&bytes).is_err());
        }
    }

    #[test]
    fn a_run_that_was_altered_after_sealing_is_not_proved() {
        let chain = log(3);
        let proof = InclusionProof::new(&chain, [&run(1)]).unwrap();
        let mut altered = run(1).artifact().object().to_value().as_object().unwrap().clone();
        altered.set("title", "Pay everybody");
        let altered = SealedRun::parse(Value::Object(altered).to_line().as_bytes()).unwrap();
        let error = proof.check(&altered, None).unwrap_err();
        assert_eq!(error, InclusionError::RunAltered("content-hash"));
        // Sealed again it is another run.
        let broken = Chain { broken: Some(Words::text("line 2")), ..chain };
        assert!(matches!(
            InclusionProof::new(&broken, [&run(1)]),
            Err(InclusionError::Broken { .. })
        ));
    }
}
