//! The history in the form for the window: every signature at once, in columns of numbers, so that
//! a hundred thousand are transferred in a moment.

use std::collections::HashMap;

use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::{LabelSource, Standing};
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::{Role, SignerType};
use serde::Serialize;

use super::{Found, level_number};
use crate::judged::{Facts, Signatory, Signed};
use countersign_envelope::count::count;

/// Means "none" among the numbers of a column.
const NONE: i8 = -1;

/// Every signature of every envelope. Columns of one structure are all of one length; what is a
/// choice of few words is its place in the list of them, -1 for none.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct HistoryView {
    /// The queue's revision that this is of.
    pub revision: u32,
    /// Everybody who signed.
    pub people: Vec<String>,
    /// Every key that was signed with.
    pub keys: Vec<HistoryKey>,
    /// The texts that the columns refer to.
    pub roles: Vec<Role>,
    /// The texts that the columns refer to.
    pub kinds: Vec<SignerType>,
    /// The texts that the columns refer to.
    pub standings: Vec<Standing>,
    /// The texts that the columns refer to.
    pub assurances: Vec<Assurance>,
    /// The texts that the columns refer to.
    pub label_sources: Vec<LabelSource>,
    /// Every authority that vouches for a time.
    pub authorities: Vec<String>,
    /// Every envelope, signed or not.
    pub envelopes: HistoryEnvelopes,
    /// Every signature, the earliest first, those without a time last.
    pub signatures: HistorySignatures,
}

/// A key that was signed with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, specta::Type)]
pub struct HistoryKey {
    /// Its id.
    pub key_id: String,
    /// SHA-256 of the public key; null if no signature by it could be verified.
    pub fingerprint: Option<String>,
}

/// Envelopes. Times are seconds since 1970-01-01T00:00:00Z, by what the files claim.
#[derive(Debug, Clone, PartialEq, Default, Serialize, specta::Type)]
pub struct HistoryEnvelopes {
    /// The id of the queue's row.
    pub id: Vec<u32>,
    /// The decision's id.
    pub decision: Vec<String>,
    /// The decision's title.
    pub title: Vec<String>,
    /// Its level.
    pub level: Vec<i8>,
    /// When it was sealed.
    #[specta(type = Vec<Option<f64>>)]
    pub sealed: Vec<Option<i64>>,
    /// When it came to L2.
    #[specta(type = Vec<Option<f64>>)]
    pub signed: Vec<Option<i64>>,
    /// When it came to L3.
    #[specta(type = Vec<Option<f64>>)]
    pub registered: Vec<Option<i64>>,
    /// When it came to L4.
    #[specta(type = Vec<Option<f64>>)]
    pub cosigned: Vec<Option<i64>>,
    /// When it came to L6.
    #[specta(type = Vec<Option<f64>>)]
    pub vouched: Vec<Option<i64>>,
}

/// Signatures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, specta::Type)]
pub struct HistorySignatures {
    /// When, as the file claims: seconds since 1970-01-01T00:00:00Z.
    #[specta(type = Vec<Option<f64>>)]
    pub at: Vec<Option<i64>>,
    /// On which of the envelopes.
    pub envelope: Vec<u32>,
    /// By which of the people.
    pub person: Vec<u32>,
    /// With which of the keys.
    pub key: Vec<u32>,
    /// In which of the roles.
    pub role: Vec<i8>,
    /// With which of the kinds of key.
    pub kind: Vec<i8>,
    /// The verdict.
    pub standing: Vec<i8>,
    /// How well it is known what holds the key.
    pub assurance: Vec<i8>,
    /// Whose word role, time and kind are.
    pub labels: Vec<i8>,
    /// When it was there, as an authority vouches: seconds since 1970-01-01T00:00:00Z.
    #[specta(type = Vec<Option<f64>>)]
    pub trusted: Vec<Option<i64>>,
    /// By how many seconds that may be off.
    pub accuracy: Vec<u32>,
    /// Which of the authorities.
    pub authority: Vec<Option<u32>>,
    /// Its index among the signatures of the run, or of the manifest if it is only on that.
    pub place: Vec<u32>,
    /// Whether it is on the manifest only: 0 or 1.
    pub manifest_only: Vec<u8>,
}

/// Columns that are being filled.
#[derive(Debug)]
pub(crate) struct Columns {
    view: HistoryView,
    people: HashMap<Box<str>, u32>,
    keys: HashMap<(Box<str>, Option<Digest>), u32>,
    authorities: HashMap<Box<str>, u32>,
    /// Signatures in the order they came.
    rows: Vec<Row>,
}

/// One signature, while the columns are being filled.
#[derive(Debug)]
struct Row {
    envelope: u32,
    person: u32,
    key: u32,
    signed: Signed,
    /// When it was there, to how many seconds, and by which authority.
    trusted: Option<(i64, u32, u32)>,
}

impl Columns {
    pub fn new(revision: u32) -> Self {
        let view = HistoryView {
            revision,
            people: Vec::new(),
            keys: Vec::new(),
            roles: Role::ALL.to_vec(),
            kinds: SignerType::ALL.to_vec(),
            standings: Standing::ALL.to_vec(),
            assurances: Assurance::ALL.to_vec(),
            label_sources: LabelSource::ALL.to_vec(),
            authorities: Vec::new(),
            envelopes: HistoryEnvelopes::default(),
            signatures: HistorySignatures::default(),
        };
        Self {
            view,
            people: HashMap::new(),
            keys: HashMap::new(),
            authorities: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// Adds an envelope; signatures that are added next are on it.
    pub fn envelope(&mut self, id: u32, facts: &Facts) {
        let all = &mut self.view.envelopes;
        all.id.push(id);
        all.decision.push(facts.decision_id.to_string());
        all.title.push(facts.title.to_string());
        all.level.push(level_number(facts.level));
        let reached = &facts.reached;
        all.sealed.push(reached.sealed);
        all.signed.push(reached.signed);
        all.registered.push(reached.registered);
        all.cosigned.push(reached.cosigned);
        all.vouched.push(reached.vouched);
    }

    /// Adds a signature on the last envelope.
    pub fn signature(&mut self, found: &Found<'_>) {
        let envelope = count(self.view.envelopes.id.len()).saturating_sub(1);
        let (person, key) = (self.person(found.signer), self.key(found.signer));
        let trusted =
            found.trusted.map(|one| (one.at, one.accuracy, self.authority(&one.authority)));
        self.rows.push(Row { envelope, person, key, signed: found.signed, trusted });
    }

    fn authority(&mut self, name: &str) -> u32 {
        if let Some(known) = self.authorities.get(name) {
            return *known;
        }
        let next = count(self.view.authorities.len());
        self.view.authorities.push(name.to_owned());
        self.authorities.insert(name.into(), next);
        next
    }

    fn person(&mut self, signer: &Signatory) -> u32 {
        if let Some(known) = self.people.get(&signer.signer_id) {
            return *known;
        }
        let next = count(self.view.people.len());
        self.view.people.push(signer.signer_id.to_string());
        self.people.insert(signer.signer_id.clone(), next);
        next
    }

    fn key(&mut self, signer: &Signatory) -> u32 {
        let identity = (signer.key_id.clone(), signer.fingerprint);
        let next = count(self.view.keys.len());
        let key = *self.keys.entry(identity).or_insert(next);
        if key == next {
            let fingerprint = signer.fingerprint.map(|digest| digest.hex());
            self.view.keys.push(HistoryKey { key_id: signer.key_id.to_string(), fingerprint });
        }
        key
    }

    /// Everything, in order of time.
    pub fn done(mut self) -> HistoryView {
        self.rows.sort_by_key(|row| (row.signed.at.is_none(), row.signed.at));
        let all = &mut self.view.signatures;
        for Row { envelope, person, key, signed, trusted } in self.rows {
            all.at.push(signed.at);
            all.envelope.push(envelope);
            all.person.push(person);
            all.key.push(key);
            all.role.push(place_of(Role::ALL, signed.role));
            all.kind.push(place_of(SignerType::ALL, Some(signed.kind)));
            all.standing.push(place_of(Standing::ALL, Some(signed.standing())));
            all.assurance.push(place_of(Assurance::ALL, signed.assurance));
            all.labels.push(place_of(LabelSource::ALL, Some(signed.labels)));
            all.trusted.push(trusted.map(|(at, ..)| at));
            all.accuracy.push(trusted.map_or(0, |(_, accuracy, _)| accuracy));
            all.authority.push(trusted.map(|(.., authority)| authority));
            all.place.push(signed.place);
            all.manifest_only.push(u8::from(signed.run.is_none()));
        }
        self.view
    }
}

fn place_of<T: PartialEq>(all: &[T], one: Option<T>) -> i8 {
    let place = one.and_then(|one| all.iter().position(|other| *other == one));
    place.and_then(|place| i8::try_from(place).ok()).unwrap_or(NONE)
}
