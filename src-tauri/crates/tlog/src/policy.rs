//! Which logs and witnesses are known, and how many witnesses are enough (c2sp.org/tlog-policy).

use std::collections::{HashMap, HashSet};

use countersign_envelope::instant::Instant;
use countersign_problem::{Problem, Words, words};

use crate::checkpoint::{CheckpointError, Cosigned, SignedCheckpoint};
use crate::note::{KeyKind, Note, VerifierKey};

/// The longest policy that is read, in bytes (64 KiB).
pub const MAX_POLICY: usize = 64 << 10;

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum PolicyError {
    /// Longer than is read.
    TooLong {
        /// How long it may be, in KiB.
        limit: usize,
    },
    /// Something is wrong in a line.
    Line {
        /// Which, from 1.
        line: usize,
        /// What.
        why: Words,
    },
    /// Not exactly one quorum.
    Quorum,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The known logs.
    pub logs: Vec<VerifierKey>,
    /// The known witnesses, in the order of the text.
    pub witnesses: Vec<Witness>,
    /// What is enough; `None` if no witness is required.
    quorum: Option<Member>,
    groups: Vec<Group>,
}

/// A witness, under the name that the policy gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name in the policy.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    threshold: usize,
    members: Vec<Member>,
}

/// What witnesses a checkpoint has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Each witness of the policy, and what there is of it.
    pub witnesses: Vec<(String, Cosigned)>,
    /// Whether they are enough.
    pub is_enough: bool,
}

impl Witnessed {
    /// How many have signed.
    pub fn count(&self) -> usize {
        self.times().count()
    }

    /// When the first of them did, by its own clock.
    pub fn earliest(&self) -> Option<Instant> {
        self.times().min_by_key(Instant::unix)
    }

    fn times(&self) -> impl Iterator<Item = Instant> {
        self.witnesses.iter().filter_map(|(_, cosigned)| match cosigned {
            Cosigned::At(at) => Some(*at),
            Cosigned::Not | Cosigned::Contradicted => None,
        })
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyError`] names the line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_POLICY {
            return Err(PolicyError::TooLong { limit: MAX_POLICY >> 10 });
        }
        let mut reading = Reading::default();
        for (number, line) in text.split('\n').enumerate() {
            let in_line = |why| PolicyError::Line { line: number + 1, why };
            if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
                return Err(in_line(words!("policy-control")));
            }
            // Only these two are white space here.
            let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
            match words.next() {
                Some(keyword) if !keyword.starts_with('#') => {
                    reading.line(keyword, &words.collect::<Vec<_>>()).map_err(in_line)?;
                }
                _ => {}
            }
        }
        match reading.has_quorum {
            true => Ok(reading.policy),
            false => Err(PolicyError::Quorum),
        }
    }

    /// Reads a checkpoint that any of the known logs has signed.
    ///
    /// # Errors
    /// If none has.
    pub fn checkpoint(&self, note: Note) -> Result<SignedCheckpoint, CheckpointError> {
        let origin = note.text.split('\n').next().unwrap_or_default().to_owned();
        let mut why = CheckpointError::Unsigned { origin: origin.clone() };
        for log in self.logs.iter().filter(|log| log.name() == origin) {
            match SignedCheckpoint::verified(note.clone(), log) {
                Ok(checkpoint) => return Ok(checkpoint),
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    /// Which of the known witnesses have signed a checkpoint, and whether they are enough.
    pub fn witnessed(&self, checkpoint: &SignedCheckpoint) -> Witnessed {
        let witnesses: Vec<(String, Cosigned)> = self
            .witnesses
            .iter()
            .map(|witness| (witness.name.clone(), checkpoint.cosigned_by(&witness.key)))
            .collect();
        let is_enough = self.quorum.is_none_or(|quorum| self.holds(quorum, &witnesses));
        Witnessed { witnesses, is_enough }
    }

    /// Whether any witness is required.
    pub fn requires_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// A member refers only to groups that were defined before it.
    fn holds(&self, member: Member, witnesses: &[(String, Cosigned)]) -> bool {
        match member {
            Member::Witness(index) => matches!(witnesses[index].1, Cosigned::At(_)),
            Member::Group(index) => {
                let Group { threshold, members } = &self.groups[index];
                members.iter().filter(|member| self.holds(**member, witnesses)).count()
                    >= *threshold
            }
        }
    }
}

/// A policy while its lines are read.
#[derive(Default)]
struct Reading {
    policy: Policy,
    names: HashMap<String, Member>,
    /// The keys, by what they are alone.
    keys: HashSet<(KeyKind, Vec<u8>)>,
    grouped: HashSet<String>,
    has_quorum: bool,
}

impl Reading {
    fn line(&mut self, keyword: &str, words: &[&str]) -> Result<(), Words> {
        match (keyword, words) {
            ("log", [key] | [key, _]) => {
                let key = self.key(key, KeyKind::Log)?;
                self.policy.logs.push(key);
            }
            ("witness", [name, key] | [name, key, _]) => {
                let key = self.key(key, KeyKind::Witness)?;
                self.name(name, Member::Witness(self.policy.witnesses.len()))?;
                self.policy.witnesses.push(Witness { name: (*name).to_owned(), key });
            }
            ("group", [name, threshold, members @ ..]) if !members.is_empty() => {
                let threshold = match *threshold {
                    "any" => 1,
                    "all" => members.len(),
                    number => crate::checkpoint::decimal(number)
                        .and_then(|number| usize::try_from(number).ok())
                        .filter(|number| (1..=members.len()).contains(number))
                        .ok_or_else(|| words!("policy-threshold", text = number.to_owned()))?,
                };
                let members = members
                    .iter()
                    .map(|member| {
                        let known = self.names.get(*member).copied();
                        let known = known.ok_or_else(|| words!("policy-unknown", ?member))?;
                        match self.grouped.insert((*member).to_owned()) {
                            true => Ok(known),
                            false => Err(words!("policy-grouped-twice", ?member)),
                        }
                    })
                    .collect::<Result<_, Words>>()?;
                self.name(name, Member::Group(self.policy.groups.len()))?;
                self.policy.groups.push(Group { threshold, members });
            }
            ("quorum", [name]) => {
                if self.has_quorum {
                    return Err(words!("policy-quorum-twice"));
                }
                self.has_quorum = true;
                if *name != "none" {
                    let known = self.names.get(*name).copied();
                    let member = name;
                    self.policy.quorum =
                        Some(known.ok_or_else(|| words!("policy-unknown", ?member))?);
                }
            }
            _ => return Err(words!("policy-statement")),
        }
        Ok(())
    }

    fn key(&mut self, written: &str, kind: KeyKind) -> Result<VerifierKey, Words> {
        let key = VerifierKey::parse(written).map_err(Words::from)?;
        if key.kind() != kind {
            return Err(words!("policy-key-kind"));
        }
        match self.keys.insert((kind, key.key().to_der())) {
            true => Ok(key),
            false => Err(words!("policy-key-twice")),
        }
    }

    fn name(&mut self, name: &str, member: Member) -> Result<(), Words> {
        if name == "none" || self.names.insert(name.to_owned(), member).is_some() {
            return Err(words!("policy-name-twice", ?name));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::tests::{Party, checkpoint};
    use crate::tree::empty_root;

    fn witnesses() -> Vec<Party> {
        let name = |n| format!("w{n}.example");
        (1..=4).map(|n| Party::new(&name(n), KeyKind::Witness, n)).collect()
    }

    fn policy(rest: &str) -> Result<Policy, PolicyError> {
        let log = Party::new("log.example", KeyKind::Log, 9).key.to_text();
        let mut text = format!("# who counts\n\n log\t{log} https://log.example\n");
        for (number, witness) in witnesses().iter().enumerate() {
            text += &format!("witness W{} {}\n", number + 1, witness.key.to_text());
        }
        Policy::parse(&(text + rest))
    }

    /// Whether these witnesses, by number, are enough.
    fn is_enough(policy: &Policy, signed: &[usize]) -> bool {
        let log = Party::new("log.example", KeyKind::Log, 9);
        let text = checkpoint("log.example", 0, empty_root()).to_text();
        let mut checkpoint = policy.checkpoint(log.note(&text)).unwrap();
        for number in signed {
            checkpoint.add(witnesses()[number - 1].cosign(&text, 1_800_000_000));
        }
        let witnessed = policy.witnessed(&checkpoint);
        assert_eq!(witnessed.count(), signed.len());
        witnessed.is_enough
    }

    #[test]
    fn groups_say_how_many_of_whom_are_enough() {
        let two = policy("group two 2 W1 W2 W3\nquorum two\n").unwrap();
        assert!(is_enough(&two, &[1, 3]) && !is_enough(&two, &[1, 4]));
        let nested = "group x any W1 W2\ngroup y all x W3\nquorum y";
        let nested = policy(nested).unwrap();
        assert!(is_enough(&nested, &[2, 3]) && !is_enough(&nested, &[1, 2, 4]));
        let one = policy("quorum W4").unwrap();
        assert!(is_enough(&one, &[4]) && !is_enough(&one, &[1, 2, 3]));
        let none = policy("quorum none").unwrap();
        assert!(is_enough(&none, &[]) && !none.requires_witnesses());
    }

    #[test]
    fn a_policy_that_is_none_names_the_line() {
        assert_eq!(policy(""), Err(PolicyError::Quorum));
        let again = witnesses()[0].key.to_text();
        for wrong in [
            "quorum nobody",
            "quorum W1\nquorum W2",
            "group g 3 W1 W2\nquorum g",
            "group g 0 W1 W2\nquorum g",
            "group g 02 W1 W2\nquorum g",
            "group g any\nquorum g",
            "group g any W1 W1\nquorum g",
            "group g any W1\ngroup h any W1\nquorum h",
            "group g any h\ngroup h any W1\nquorum g",
            "group W1 any W2\nquorum W1",
            "group none any W2\nquorum none",
            "group g any none\nquorum g",
            "quorum\u{a0}none",
            "quorum none extra",
            "witness none w",
            "quorum none\r",
            &format!("witness W9 {again}\nquorum none"),
            &format!("log {again}\nquorum none"),
        ] {
            let is_line = matches!(policy(wrong), Err(PolicyError::Line { line: 8.., .. }));
            assert!(is_line, "{wrong}: {:?}", policy(wrong));
        }
        assert!(matches!(
            Policy::parse(&" ".repeat(MAX_POLICY + 1)),
            Err(PolicyError::TooLong { .. })
        ));
    }
}
