//! L4 as a matching: each required role by a signature, no two of them by one person, with one key
//! or with one signature value, and the threshold counted over the same signatures.
//!
//! Everything that counts people or roles reads a [`Quorum`]; nothing counts again.
//!
//! Two steps make the matching one between people and keys alone:
//! 1. One signature value under different labels (name, role, time, algorithm) has no label at all:
//!    none of its entries counts here. So one value belongs to one person.
//! 2. The rest are edges between people and keys. A maximum set of edges without a common end is
//!    found by augmenting paths; the required roles are assigned by search.
//!
//! If every key belongs to one person, as a keyring ensures, the first assignment of all roles is
//! the best one and the result is exact for any number of signatures. Otherwise the search stops
//! after a bounded number of steps with the best set found: a real one, so the count is never too high.

use std::collections::{HashMap, HashSet, VecDeque};

use countersign_envelope::digest::Digest;
use countersign_envelope::person::Person;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::{Words, words};

use crate::keyring::Keyring;
use crate::policy::{Policy, Trust};
use crate::signatures::JudgedSignature;
use crate::terms::{self, LEAST_THRESHOLD};

/// After how many looks at an edge the search stops.
const STEPS: usize = 4_000_000;

/// What L4 requires of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirements {
    /// How many distinct signatures: the highest of what the file asks for, policy, and 2.
    pub threshold: u64,
    /// The roles, each once: operator, witness, those of policy and those of the file.
    pub roles: Vec<Role>,
    /// What the file asks for that is not a role. Nobody could ever sign in it.
    pub unknown_roles: Vec<String>,
    /// The threshold that the file asks for, if the keyring has fewer people.
    pub beyond_keyring: Option<u64>,
}

impl Requirements {
    /// What the signature file, the claims of its signatures that count, and policy ask for. The
    /// threshold of the file, which anyone who can write the directory can set, and those of claims
    /// count up to the number of people in the keyring; that of policy is the station's own, and
    /// always counts.
    pub fn of(
        file: Option<&SignatureFile>,
        signatures: &[JudgedSignature],
        policy: &Policy,
        keyring: &Keyring,
    ) -> Self {
        let claimed = || terms::claimed(signatures);
        let written = claimed().map(|terms| terms.threshold);
        let written = written.chain(file.and_then(SignatureFile::threshold)).max().unwrap_or(0);
        let people = people_counted(policy, keyring);
        let mut asked = terms::asked(file, people);
        for terms in claimed() {
            terms::raise(&mut asked, terms, people);
        }
        let mut requirements = Self {
            threshold: asked.threshold.max(policy.min_threshold),
            roles: terms::LEAST_ROLES.to_vec(),
            unknown_roles: Vec::new(),
            beyond_keyring: Some(written).filter(|written| *written > people),
        };
        let roles = policy.required_roles.iter().chain(&asked.required_roles);
        roles.for_each(|role| requirements.require(*role));
        for word in file.map(SignatureFile::witness_requirements).unwrap_or_default() {
            let is_known = Role::parse(word).is_some();
            if !is_known && !requirements.unknown_roles.iter().any(|known| known == word) {
                requirements.unknown_roles.push(word.to_owned());
            }
        }
        requirements
    }

    /// Requires a role besides, if it is not required yet.
    pub fn require(&mut self, role: Role) {
        if !self.roles.contains(&role) {
            self.roles.push(role);
        }
    }
}

/// How many people can sign at most: those in the keyring, or any number while every key counts.
pub fn people_counted(policy: &Policy, keyring: &Keyring) -> u64 {
    match policy.trust {
        Trust::Pinned => people_of(keyring).max(LEAST_THRESHOLD),
        Trust::Embedded => u64::MAX,
    }
}

/// How many people have a key in the keyring.
fn people_of(keyring: &Keyring) -> u64 {
    let people: HashSet<_> = keyring.signing_keys().map(|key| Person::of(&key.owner)).collect();
    people.len() as u64
}

/// Why a valid signature does not count toward L4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCounted {
    /// The same signature value has another label at this index.
    Relabelled(usize),
    /// The signature at this index has the same value and label.
    SameSignature(usize),
    /// The signature at this index is by the same person.
    SamePerson(usize),
    /// The signature at this index is by the same key.
    SameKey(usize),
    /// It could take part only in place of others.
    NotInMatching,
}

impl NotCounted {
    /// In words, to stand after "does not count".
    pub fn words(self, signatures: &[JudgedSignature]) -> Words {
        let label = |at: usize| signatures.get(at).map(JudgedSignature::label).unwrap_or_default();
        match self {
            Self::Relabelled(at) => words!("not-counted-relabelled", label = label(at)),
            Self::SameSignature(at) => words!("not-counted-same-signature", label = label(at)),
            Self::SamePerson(at) => words!("not-counted-same-person", label = label(at)),
            Self::SameKey(at) => words!("not-counted-same-key", label = label(at)),
            Self::NotInMatching => words!("not-counted-not-in-matching"),
        }
    }
}

/// A role that L4 requires, and who fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleStanding {
    /// The role.
    pub role: Role,
    /// Who fills it, or what keeps it open.
    pub filling: Filling,
}

/// Who fills a role. Indices are those of the signatures on the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// The signature at this index.
    By(usize),
    /// No signature that counts.
    Open {
        /// A valid signature in this role that does not count, and why.
        not_counted: Option<(usize, NotCounted)>,
        /// Whether somebody can sign in it: a key that is in the keyring for this role and not
        /// revoked, or any key if policy accepts any.
        can_be_filled: bool,
    },
}

impl RoleStanding {
    /// Whether a signature fills it.
    pub fn is_filled(&self) -> bool {
        self.filled_by().is_some()
    }

    /// The index of the signature that fills it.
    pub fn filled_by(&self) -> Option<usize> {
        match self.filling {
            Filling::By(at) => Some(at),
            Filling::Open { .. } => None,
        }
    }
}

/// Which signatures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakingPart {
    /// Those that are valid.
    Valid,
    /// Of those, the ones whose keys meet what policy requires by their attestations.
    MeetingRequirement,
}

impl TakingPart {
    fn includes(self, one: &JudgedSignature) -> bool {
        match self {
            Self::Valid => one.is_valid(),
            Self::MeetingRequirement => one.meets_requirement(),
        }
    }
}

/// Who fills which role, and which signatures count. Indices are those of the signatures given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// What is required.
    pub required: Requirements,
    /// Each required role with the signature that fills it.
    pub roles: Vec<(Role, Option<usize>)>,
    /// The signatures that count, ascending: pairwise of distinct people, keys and values.
    pub counted: Vec<usize>,
    /// Those that take part and do not count, and why.
    pub not_counted: Vec<(usize, NotCounted)>,
    taking_part: TakingPart,
}

impl Quorum {
    /// Counts signatures. Only those that are valid take part.
    pub fn of(signatures: &[JudgedSignature], required: Requirements) -> Self {
        Self::among(signatures, required, TakingPart::Valid)
    }

    /// Counts signatures of which not all take part.
    pub fn among(
        signatures: &[JudgedSignature],
        required: Requirements,
        taking_part: TakingPart,
    ) -> Self {
        let relabelled: HashMap<usize, usize> = relabelled(signatures).into_iter().collect();
        let valid = signatures.iter().enumerate().filter(|(_, one)| taking_part.includes(one));
        let (dropped, labelled): (Vec<_>, Vec<_>) =
            valid.partition(|(at, _)| relabelled.contains_key(at));
        let (edges, best) = Search::run(&labelled, &required.roles);
        let mut counted: Vec<usize> = best.chosen.iter().map(|edge| edges.all[*edge].at).collect();
        counted.sort_unstable();
        let mut not_counted: Vec<_> =
            dropped.iter().map(|(at, _)| (*at, NotCounted::Relabelled(relabelled[at]))).collect();
        let reasons = Reasons::of(signatures, &counted);
        let left = labelled.iter().filter(|(at, _)| counted.binary_search(at).is_err());
        not_counted.extend(left.map(|(at, one)| (*at, reasons.why_not(one))));
        not_counted.sort_unstable_by_key(|(at, _)| *at);
        let filled =
            |(role, edge): (&Role, &Option<usize>)| (*role, edge.map(|edge| edges.all[edge].at));
        let roles = required.roles.iter().zip(&best.roles).map(filled).collect();
        Self { required, roles, counted, not_counted, taking_part }
    }

    /// How each required role stands, for the signatures that were counted.
    pub fn standings(
        &self,
        signatures: &[JudgedSignature],
        policy: &Policy,
        keyring: &Keyring,
    ) -> Vec<RoleStanding> {
        let not_counted = |role: Role| {
            let in_role =
                |(_, one): &(usize, &JudgedSignature)| one.is_valid() && one.role == Some(role);
            let (at, _) = signatures.iter().enumerate().find(in_role)?;
            Some((at, self.why_not(at)?))
        };
        let standing = |&(role, filled): &(Role, Option<usize>)| RoleStanding {
            role,
            filling: match filled {
                Some(at) => Filling::By(at),
                None => Filling::Open {
                    not_counted: not_counted(role),
                    can_be_filled: match policy.trust {
                        Trust::Pinned => keyring.has_role(role),
                        Trust::Embedded => true,
                    },
                },
            },
        };
        self.roles.iter().map(standing).collect()
    }

    /// Whether L4's signatures are there.
    pub fn is_met(&self) -> bool {
        self.meets_threshold() && self.roles.iter().all(|(_, filled)| filled.is_some())
    }

    /// Whether enough signatures count.
    pub fn meets_threshold(&self) -> bool {
        self.counted.len() as u64 >= self.required.threshold
    }

    /// Why a valid signature does not count; `None` if it does, or is not valid.
    pub fn why_not(&self, at: usize) -> Option<NotCounted> {
        let found = self.not_counted.binary_search_by_key(&at, |(at, _)| *at);
        found.ok().map(|found| self.not_counted[found].1)
    }

    /// When the requirements were first met, in seconds since 1970-01-01T00:00:00Z, by the times that
    /// the signatures claim; `None` if they are not, or not by signatures that have a time.
    pub fn met_at(&self, signatures: &[JudgedSignature]) -> Option<i64> {
        let labelled = |at: usize| !matches!(self.why_not(at), Some(NotCounted::Relabelled(_)));
        let takes_part =
            |(at, one): &(usize, &JudgedSignature)| self.taking_part.includes(one) && labelled(*at);
        let all = signatures.iter().enumerate().filter(takes_part);
        let mut all: Vec<_> =
            all.filter_map(|(at, one)| Some((one.time()?.unix(), (at, one)))).collect();
        all.sort_by_key(|(time, _)| *time);
        let is_met_by = |(until, _): &(i64, _)| {
            let there = all.iter().take_while(|(time, _)| time <= until).map(|(_, one)| *one);
            let (_, best) = Search::run(&there.collect::<Vec<_>>(), &self.required.roles);
            best.filled == self.required.roles.len()
                && best.chosen.len() as u64 >= self.required.threshold
        };
        // Once met, it stays met.
        let first = all.partition_point(|one| !is_met_by(one));
        all.get(first).map(|(time, _)| *time)
    }
}

/// The valid entries whose signature value stands with another label too, each with one such entry.
pub fn relabelled(signatures: &[JudgedSignature]) -> Vec<(usize, usize)> {
    let mut by_value: HashMap<Digest, Vec<usize>> = HashMap::new();
    for (at, one) in signatures.iter().enumerate().filter(|(_, one)| one.is_valid()) {
        if let Some(value) = one.value {
            by_value.entry(value).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for same in by_value.values() {
        let first = same[0];
        let other = same.iter().find(|at| !signatures[**at].has_label_of(&signatures[first]));
        if let Some(other) = other {
            let with = |at: usize| {
                let first_differs = !signatures[at].has_label_of(&signatures[first]);
                (at, if first_differs { first } else { *other })
            };
            found.extend(same.iter().map(|at| with(*at)));
        }
    }
    found.sort_unstable();
    found
}

/// The signatures that count, by what a further one could share with them.
#[derive(Default)]
struct Reasons {
    values: HashMap<Digest, usize>,
    people: HashMap<Person, usize>,
    keys: HashMap<Option<Digest>, usize>,
}

impl Reasons {
    fn of(signatures: &[JudgedSignature], counted: &[usize]) -> Self {
        let mut reasons = Self::default();
        for &at in counted {
            let one = &signatures[at];
            reasons.values.extend(one.value.map(|value| (value, at)));
            reasons.people.insert(Person::of(&one.signer_id), at);
            reasons.keys.insert(one.fingerprint, at);
        }
        reasons
    }

    fn why_not(&self, one: &JudgedSignature) -> NotCounted {
        let same_value = one.value.and_then(|value| self.values.get(&value));
        if let Some(at) = same_value {
            return NotCounted::SameSignature(*at);
        }
        if let Some(at) = self.people.get(&Person::of(&one.signer_id)) {
            return NotCounted::SamePerson(*at);
        }
        let same_key = self.keys.get(&one.fingerprint);
        same_key.map_or(NotCounted::NotInMatching, |at| NotCounted::SameKey(*at))
    }
}

/// A signature between a person and a key.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// Which signature.
    at: usize,
    person: usize,
    key: usize,
    role: Option<Role>,
}

/// Signatures as edges between people and keys; of several in one role, the first.
#[derive(Debug, Default)]
struct Edges {
    all: Vec<Edge>,
    people: HashMap<Person, usize>,
    keys: HashMap<Option<Digest>, usize>,
    seen: HashSet<(usize, usize, Option<Role>)>,
}

impl Edges {
    fn add(&mut self, at: usize, one: &JudgedSignature) {
        let next = self.people.len();
        let person = *self.people.entry(Person::of(&one.signer_id)).or_insert(next);
        let next = self.keys.len();
        let key = *self.keys.entry(one.fingerprint).or_insert(next);
        if self.seen.insert((person, key, one.role)) {
            self.all.push(Edge { at, person, key, role: one.role });
        }
    }
}

/// The best set of edges so far.
#[derive(Debug, Default)]
struct Best {
    filled: usize,
    roles: Vec<Option<usize>>,
    chosen: Vec<usize>,
}

/// A search for the assignment of roles that leaves the most signatures: first as many roles as
/// possible, then as many signatures.
struct Search<'a> {
    edges: &'a Edges,
    /// The edges of each required role.
    candidates: Vec<Vec<usize>>,
    /// No set of edges is larger.
    most: usize,
    assigned: Vec<Option<usize>>,
    best: Option<Best>,
    steps: usize,
}

impl<'a> Search<'a> {
    fn run(signatures: &[(usize, &JudgedSignature)], roles: &[Role]) -> (Edges, Best) {
        let mut edges = Edges::default();
        signatures.iter().for_each(|(at, one)| edges.add(*at, one));
        let mut search = Search::new(&edges, roles);
        search.assign();
        let best = search.best.unwrap_or_default();
        (edges, best)
    }

    fn new(edges: &'a Edges, roles: &[Role]) -> Self {
        let of = |role: &Role| {
            let with = edges.all.iter().enumerate().filter(|(_, edge)| edge.role == Some(*role));
            with.map(|(index, _)| index).collect()
        };
        let candidates = roles.iter().map(of).collect();
        let (assigned, best) = (Vec::new(), None);
        let mut search = Self { edges, candidates, most: 0, assigned, best, steps: STEPS };
        search.most = search.matching(&[]).len();
        search
    }

    /// Fills the role at the end of `assigned`, and all after it.
    fn assign(&mut self) {
        let role = self.assigned.len();
        let filled = self.assigned.iter().flatten().count();
        let with_candidates =
            |from: usize| self.candidates[from..].iter().filter(|all| !all.is_empty()).count();
        if let Some(best) = &self.best
            && (self.steps == 0
                || filled + with_candidates(role) < best.filled
                || (best.filled == with_candidates(0) && best.chosen.len() == self.most))
        {
            return;
        }
        if role == self.candidates.len() {
            let fixed: Vec<usize> = self.assigned.iter().flatten().copied().collect();
            let chosen = self.matching(&fixed);
            let size = |best: &Best| (best.filled, best.chosen.len());
            if self.best.as_ref().is_none_or(|best| (filled, chosen.len()) > size(best)) {
                self.best = Some(Best { filled, roles: self.assigned.clone(), chosen });
            }
            return;
        }
        for at in 0..self.candidates[role].len() {
            self.steps = self.steps.saturating_sub(1);
            let edge = self.candidates[role][at];
            let meets = |other: &usize| {
                let (one, other) = (self.edges.all[edge], self.edges.all[*other]);
                one.person == other.person || one.key == other.key
            };
            if !self.assigned.iter().flatten().any(meets) {
                self.assigned.push(Some(edge));
                self.assign();
                self.assigned.pop();
            }
        }
        self.assigned.push(None);
        self.assign();
        self.assigned.pop();
    }

    /// A maximum set of edges without a common end that contains the fixed ones.
    fn matching(&mut self, fixed: &[usize]) -> Vec<usize> {
        let edges = &self.edges.all;
        self.steps = self.steps.saturating_sub(edges.len());
        let mut of_person: Vec<Option<usize>> = vec![None; self.edges.people.len()];
        let mut of_key: Vec<Option<usize>> = vec![None; self.edges.keys.len()];
        let mut is_fixed = vec![false; of_person.len()];
        let mut from: Vec<Vec<usize>> = vec![Vec::new(); of_person.len()];
        for index in fixed {
            let Edge { person, key, .. } = edges[*index];
            (of_person[person], of_key[key]) = (Some(*index), Some(*index));
            is_fixed[person] = true;
        }
        for (index, edge) in edges.iter().enumerate() {
            let key_is_fixed = of_key[edge.key].is_some_and(|at| is_fixed[edges[at].person]);
            if !is_fixed[edge.person] && !key_is_fixed {
                from[edge.person].push(index);
            }
        }
        // What is easy first; paths then have little to improve.
        for (person, own) in from.iter().enumerate() {
            if let Some(index) = own.iter().find(|index| of_key[edges[**index].key].is_none()) {
                (of_person[person], of_key[edges[*index].key]) = (Some(*index), Some(*index));
            }
        }
        let mut seen = vec![usize::MAX; of_key.len()];
        let mut reached_by: Vec<usize> = vec![0; of_key.len()];
        for start in 0..of_person.len() {
            if of_person[start].is_some() || self.steps == 0 {
                continue;
            }
            let mut queue = VecDeque::from([start]);
            let mut end = None;
            'path: while let Some(person) = queue.pop_front() {
                for &index in &from[person] {
                    self.steps = self.steps.saturating_sub(1);
                    let key = edges[index].key;
                    if seen[key] == start {
                        continue;
                    }
                    (seen[key], reached_by[key]) = (start, index);
                    match of_key[key] {
                        None => {
                            end = Some(key);
                            break 'path;
                        }
                        Some(held) => queue.push_back(edges[held].person),
                    }
                }
            }
            // Back along the path: each person takes the key that it was reached by.
            while let Some(key) = end {
                let index = reached_by[key];
                let person = edges[index].person;
                end = of_person[person].map(|index| edges[index].key);
                (of_person[person], of_key[key]) = (Some(index), Some(index));
            }
        }
        of_person.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use countersign_envelope::signature::SignerType;
    use proptest::prelude::*;

    use super::*;
    use crate::claims::ClaimStanding;
    use crate::companions::JudgedCompanion;
    use crate::signatures::Standing;

    /// A signature by a person, with a key and a value, each named by a number.
    fn signature(person: u8, key: u8, value: u8, role: Option<Role>) -> JudgedSignature {
        JudgedSignature {
            signer_id: format!("person {person}"),
            role,
            key_id: format!("ds-test-2026-{key:02}"),
            algorithm: "ed25519".to_owned(),
            signed_at: Some(format!("2026-05-06T07:08:{value:02}Z")),
            signer_type: None,
            kind: SignerType::Software,
            verified: true,
            standing: Standing::Valid,
            acceptance: None,
            lacks_something: false,
            why: Words::default(),
            says_verifies: false,
            assurance: None,
            contradiction: None,
            attestations: Vec::new(),
            unmet: Vec::new(),
            names: None,
            fingerprint: Some(Digest::of(&[b'k', key])),
            value: Some(Digest::of(&[b'v', value])),
            raw: Some(Digest::of(&[b'v', value])),
            claim: ClaimStanding::None,
            companion: JudgedCompanion::default(),
            time_stamps: crate::time_stamp::TimeStamps::default(),
        }
    }

    fn required(threshold: u64, roles: &[Role]) -> Requirements {
        let (unknown_roles, beyond_keyring) = (Vec::new(), None);
        Requirements { threshold, roles: roles.to_vec(), unknown_roles, beyond_keyring }
    }

    const BOTH: [Role; 2] = [Role::Operator, Role::Witness];

    /// How many roles can be filled, and how many signatures then count: by looking at every set.
    fn by_looking_at_all(signatures: &[JudgedSignature], roles: &[Role]) -> (usize, usize) {
        let dropped: HashSet<usize> =
            relabelled(signatures).into_iter().map(|(at, _)| at).collect();
        let of = |set: u32| {
            let these = (0..signatures.len()).filter(move |at| set & (1 << at) != 0);
            these.collect::<Vec<_>>()
        };
        let is_distinct = |these: &[usize]| {
            these.iter().enumerate().all(|(n, one)| {
                !dropped.contains(one)
                    && these[..n].iter().all(|other| {
                        let (one, other) = (&signatures[*one], &signatures[*other]);
                        Person::of(&one.signer_id) != Person::of(&other.signer_id)
                            && one.fingerprint != other.fingerprint
                            && one.value != other.value
                    })
            })
        };
        let sets = (0..1u32 << signatures.len()).map(of).filter(|these| is_distinct(these));
        let filled = |these: &Vec<usize>| {
            let held = |role: &&Role| these.iter().any(|at| signatures[*at].role == Some(**role));
            (roles.iter().filter(held).count(), these.len())
        };
        sets.map(|these| filled(&these)).max().unwrap_or_default()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn the_matching_is_the_best_of_all_sets(
            all in proptest::collection::vec((0..4u8, 0..4u8, 0..9u8, 0..5usize), 0..9),
            roles in 2..=4usize,
        ) {
            let role = |at: usize| Role::ALL.get(at).copied();
            let all: Vec<_> =
                all.into_iter().map(|(p, k, v, r)| signature(p, k, v, role(r))).collect();
            let roles = &Role::ALL[..roles];
            let quorum = Quorum::of(&all, required(2, roles));
            let filled = quorum.roles.iter().filter(|(_, by)| by.is_some()).count();
            prop_assert_eq!((filled, quorum.counted.len()), by_looking_at_all(&all, roles));
            // What is said to fill a role does, and counts.
            for (role, by) in &quorum.roles {
                if let Some(at) = by {
                    prop_assert_eq!(all[*at].role, Some(*role));
                    prop_assert!(quorum.counted.contains(at));
                }
            }
            prop_assert_eq!(quorum.counted.len() + quorum.not_counted.len(), all.len());
            // The time at which it was met is the earliest by which those there meet it.
            let met = quorum.met_at(&all);
            prop_assert_eq!(met.is_some(), quorum.is_met());
            if let Some(met) = met {
                let kept = |until: i64| {
                    let labelled = |at| {
                        !matches!(quorum.why_not(at), Some(NotCounted::Relabelled(_)))
                    };
                    let there = all.iter().enumerate().filter(|(at, one)| {
                        labelled(*at) && one.time().is_some_and(|at| at.unix() <= until)
                    });
                    let there: Vec<_> = there.map(|(_, one)| one.clone()).collect();
                    Quorum::of(&there, required(2, roles)).is_met()
                };
                prop_assert!(kept(met) && !kept(met - 1));
            }
        }
    }

    #[test]
    fn one_person_with_two_keys_fills_one_role() {
        let all = [
            signature(1, 1, 1, Some(Role::Operator)),
            signature(1, 2, 2, Some(Role::Witness)),
            signature(2, 3, 3, Some(Role::Reviewer)),
        ];
        let quorum = Quorum::of(&all, required(2, &BOTH));
        assert_eq!(quorum.counted.len(), 2);
        assert_eq!(quorum.roles, [(Role::Operator, Some(0)), (Role::Witness, None)]);
        assert!(!quorum.is_met());
        assert_eq!(quorum.why_not(1), Some(NotCounted::SamePerson(0)));
    }

    #[test]
    fn one_value_with_two_labels_has_no_label() {
        let mut all = vec![
            signature(1, 1, 1, Some(Role::Operator)),
            signature(1, 1, 1, Some(Role::Witness)),
            signature(2, 2, 2, Some(Role::Witness)),
        ];
        let quorum = Quorum::of(&all, required(2, &BOTH));
        assert_eq!(quorum.counted, [2]);
        assert_eq!(quorum.why_not(0), Some(NotCounted::Relabelled(1)));
        assert_eq!(quorum.why_not(1), Some(NotCounted::Relabelled(0)));
        // A label that the keyring rejects is dropped first.
        all[1].standing = Standing::NotAccepted;
        assert!(Quorum::of(&all, required(2, &BOTH)).is_met());
        // The same entry twice is one signature.
        all[1] = all[0].clone();
        let quorum = Quorum::of(&all, required(2, &BOTH));
        assert!(quorum.is_met());
        assert_eq!(quorum.why_not(1), Some(NotCounted::SameSignature(0)));
    }

    /// Neither many signatures of few people nor many of many take long or overflow the stack.
    #[test]
    fn thousands_of_signatures_are_counted_quickly() {
        let begun = std::time::Instant::now();
        let role = |n: u32| Some(Role::ALL[n as usize % 4]);
        let one = |person: u32, key: u32, n: u32| JudgedSignature {
            signer_id: person.to_string(),
            fingerprint: Some(Digest::of(&key.to_be_bytes())),
            value: Some(Digest::of(&n.to_be_bytes())),
            ..signature(0, 0, 0, role(n))
        };
        let own_keys: Vec<_> = (0..5000).map(|n| one(n, n, n)).collect();
        assert_eq!(Quorum::of(&own_keys, required(2, Role::ALL)).counted.len(), 5000);
        let one_person: Vec<_> = (0..5000).map(|n| one(1, n, n)).collect();
        assert_eq!(Quorum::of(&one_person, required(2, Role::ALL)).counted.len(), 1);
        // A chain, in which each person shares a key with the next.
        let chain: Vec<_> = (0..5000).map(|n| one(n / 2, n.div_ceil(2), n)).collect();
        let quorum = Quorum::of(&chain, required(2, Role::ALL));
        assert!(quorum.counted.len() <= 2500 && quorum.is_met());
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
