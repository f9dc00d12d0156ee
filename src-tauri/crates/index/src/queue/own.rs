//! What a person can do now, with the keys at hand.

use countersign_admissibility::need::Need;
use countersign_envelope::digest::Digest;
use countersign_envelope::person::Person;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::vocabulary;

use crate::judged::{Facts, Signatory, Signed};

vocabulary! {
    /// What a person can do now about an envelope.
    OwnAct {
        /// Answer a refusal.
        Answer = "answer",
        /// Sign it, or refuse to.
        Sign = "sign",
        /// Enrol the key of somebody who has signed it.
        Enrol = "enrol",
        /// Register it in the transparency log.
        Register = "register",
    }
}

/// A key that is plugged in or set up, and that can sign here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAtHand {
    /// Whose it is.
    pub owner: String,
    /// In which roles it may sign.
    pub roles: Vec<Role>,
    /// What holds it.
    pub kind: SignerType,
    /// Tells it from others, if that is known before it is open.
    pub fingerprint: Option<Digest>,
}

/// The keys at hand, held against everybody who has signed.
pub(super) struct Own<'k>(Vec<OwnKey<'k>>);

struct OwnKey<'k> {
    key: &'k KeyAtHand,
    owner: Person,
    /// Of each signatory, whether it is the owner of the key.
    is_owner: Vec<bool>,
    /// Of each signatory, whether it signed with this very key.
    is_key: Vec<bool>,
}

impl<'k> Own<'k> {
    pub fn of(keys: &'k [KeyAtHand], signatories: &[Signatory]) -> Self {
        let people: Vec<Person> =
            signatories.iter().map(|one| Person::of(&one.signer_id)).collect();
        let of = |key: &'k KeyAtHand| {
            let owner = Person::of(&key.owner);
            let same_key =
                |one: &Signatory| key.fingerprint.is_some() && one.fingerprint == key.fingerprint;
            OwnKey {
                key,
                is_owner: people.iter().map(|person| *person == owner).collect(),
                is_key: signatories.iter().map(same_key).collect(),
                owner,
            }
        };
        Self(keys.iter().map(of).collect())
    }

    /// What one person can do about an envelope, or anybody whose key is at hand; `None` if nothing
    /// is asked that they can do. `marks` are its signatures, each with the place of its signatory.
    pub fn act<'m>(
        &self,
        person: Option<&Person>,
        facts: &Facts,
        marks: impl Iterator<Item = (u32, &'m Signed)> + Clone,
    ) -> Option<OwnAct> {
        let is_theirs = |key: &&OwnKey<'_>| person.is_none_or(|person| key.owner == *person);
        let mut keys = self.0.iter().filter(is_theirs);
        match facts.need {
            Need::Refusal => keys.next().map(|_| OwnAct::Answer),
            Need::AcceptedKey => Some(OwnAct::Enrol),
            Need::Log => facts.is_registrable.then_some(OwnAct::Register),
            need if need.is_signature() || need == Need::Hardware => {
                keys.any(|key| key.can_add(facts, marks.clone())).then_some(OwnAct::Sign)
            }
            _ => None,
        }
    }
}

impl OwnKey<'_> {
    /// Whether a signature with it would be one that the envelope needs.
    fn can_add<'m>(
        &self,
        facts: &Facts,
        mut marks: impl Iterator<Item = (u32, &'m Signed)>,
    ) -> bool {
        let mut signed = |by: &[bool], counts: fn(&Signed) -> bool| {
            marks.any(|(who, signed)| counts(signed) && by.get(who as usize) == Some(&true))
        };
        match facts.need {
            Need::Hardware => {
                self.key.kind != SignerType::Software && !signed(&self.is_key, |one| one.counts)
            }
            // Whoever signed the run signs its manifest too.
            Need::Manifest => !signed(&self.is_owner, |one| one.manifest.is_some() && one.counts),
            _ => {
                let fits = |role: &Role| self.key.roles.contains(role);
                let has_role = facts.open_roles.is_empty() || facts.open_roles.iter().any(fits);
                has_role && !signed(&self.is_owner, |one| one.counts)
            }
        }
    }
}
