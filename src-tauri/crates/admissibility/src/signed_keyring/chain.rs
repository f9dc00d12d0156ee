//! The versions of the signed keyring that a station has adopted, and what may follow them.

use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::CosignedEnvelope;
use countersign_envelope::instant::Instant;
use countersign_envelope::signed_keyring as document;
use countersign_envelope::signed_keyring::revocation::RevocationFile;
use countersign_problem::{Problem, Reason};

use super::revocation::{Adopted, RevocationRefusal, RevocationStanding};
use super::version::people;
use super::{SignedFacts, SignedKeyring};
use crate::keyring::{Key, Keyring, RevocationCode};
use crate::policy::CLOCK_TOLERANCE;

/// Versions, each of which follows the one before, and emergency revocations.
#[derive(Debug, Clone)]
pub struct Chain {
    first: SignedKeyring,
    later: Vec<SignedKeyring>,
    revocations: Vec<Adopted>,
}

/// What a version is to a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The next one.
    Next,
    /// One that is there already.
    Known,
}

/// Why a version is not adopted.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "keyring-refusal")]
#[non_exhaustive]
pub enum KeyringRefusal {
    /// The first version is not the one that was confirmed.
    OtherDigest {
        /// Its digest.
        found: String,
        /// The one that was confirmed.
        confirmed: String,
    },
    /// An earlier version than the first that was adopted, or than the one in force.
    Rollback {
        /// Its number.
        offered: u64,
        /// The number of the version in force.
        adopted: u64,
    },
    /// Another version with a number that has been adopted.
    Fork {
        /// The number.
        version: u64,
        /// The digest of the one that was adopted.
        ours: String,
        /// The digest of this one.
        theirs: String,
    },
    /// A version between is missing.
    Skipped {
        /// Its number.
        offered: u64,
        /// The number of the version in force.
        adopted: u64,
    },
    /// It follows another version than the one in force.
    Previous {
        /// Its number.
        version: u64,
        /// The digest that it says is before it.
        says: String,
        /// The digest of the version in force.
        ours: String,
    },
    /// It says that it was issued in a time to come: nothing could follow it until then.
    NotYet {
        /// When, as it says.
        issued: Instant,
    },
    /// It says that it was issued before the version in force.
    Earlier {
        /// When, as it says.
        issued: Instant,
        /// When the version in force was.
        before: Instant,
    },
    /// A key of the version before is gone. Keys are ended, never removed.
    KeyRemoved {
        /// The key.
        key_id: String,
    },
    /// A key is another one under the same id, or another person's.
    KeyChanged {
        /// The key.
        key_id: String,
    },
    /// A key is revoked no more, later, or no more as compromised.
    Revived {
        /// The key.
        key_id: String,
    },
    /// Too few administrators of the version before signed it.
    TooFewBefore {
        /// Its number.
        version: u64,
        /// How many persons signed.
        people: u64,
        /// How many have to.
        threshold: u64,
    },
    /// Too few of its own administrators signed it.
    TooFewOwn {
        /// Its number.
        version: u64,
        /// How many persons signed.
        people: u64,
        /// How many have to.
        threshold: u64,
    },
}

impl Chain {
    /// A chain that begins with a version that a person confirmed by its digest.
    ///
    /// # Errors
    /// If it is another one, or too few of its own administrators signed it.
    pub fn found(
        first: SignedKeyring,
        confirmed: &Digest,
        now: Option<Instant>,
    ) -> Result<Self, KeyringRefusal> {
        if first.digest() != *confirmed {
            return Err(KeyringRefusal::OtherDigest {
                found: first.digest().grouped(),
                confirmed: confirmed.grouped(),
            });
        }
        signed_by_own(&first)?;
        in_time(&first, now)?;
        Ok(Self { first, later: Vec::new(), revocations: Vec::new() })
    }

    /// The versions, the first that was adopted first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &SignedKeyring> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The version in force.
    pub fn latest(&self) -> &SignedKeyring {
        self.later.last().unwrap_or(&self.first)
    }

    /// The emergency revocations, in the order in which they came.
    pub fn revocations(&self) -> &[Adopted] {
        &self.revocations
    }

    /// The version with a number.
    pub fn version(&self, number: u64) -> Option<&SignedKeyring> {
        self.versions().find(|one| one.version() == number)
    }

    /// The version before another, if it is here.
    pub fn before(&self, version: &SignedKeyring) -> Option<&SignedKeyring> {
        self.version(version.version().checked_sub(1)?)
    }

    /// The version that was in force at a time, as the versions say when they were issued; `None` before
    /// the first.
    pub fn at(&self, time: Instant) -> Option<&SignedKeyring> {
        self.versions().rev().find(|one| one.says().issued_at.unix() <= time.unix())
    }

    /// What a version is to this chain.
    ///
    /// # Errors
    /// [`KeyringRefusal`] names why it is neither the next version nor one that is there.
    pub fn judge(
        &self,
        offered: &SignedKeyring,
        now: Option<Instant>,
    ) -> Result<Step, KeyringRefusal> {
        let (latest, number) = (self.latest(), offered.version());
        if let Some(ours) = self.version(number) {
            return match ours.digest() == offered.digest() {
                true => Ok(Step::Known),
                false => Err(KeyringRefusal::Fork {
                    version: number,
                    ours: ours.digest().grouped(),
                    theirs: offered.digest().grouped(),
                }),
            };
        }
        let adopted = latest.version();
        if number < adopted {
            return Err(KeyringRefusal::Rollback { offered: number, adopted });
        }
        if number - adopted > 1 {
            return Err(KeyringRefusal::Skipped { offered: number, adopted });
        }
        follows(latest, offered)?;
        in_time(offered, now)?;
        Ok(Step::Next)
    }

    /// Adds a version, unless it is there. Returns what it was to the chain. Without a time, it was
    /// adopted before.
    ///
    /// # Errors
    /// As [`Self::judge`]; the chain is unchanged then.
    pub fn adopt(
        &mut self,
        offered: SignedKeyring,
        now: Option<Instant>,
    ) -> Result<Step, KeyringRefusal> {
        let step = self.judge(&offered, now)?;
        if step == Step::Next {
            self.later.push(offered);
        }
        Ok(step)
    }

    /// Adds an emergency revocation, unless it is there. Without a time, it was adopted before.
    ///
    /// # Errors
    /// [`RevocationRefusal`] names why it does not stand.
    pub fn revoke(
        &mut self,
        file: RevocationFile,
        now: Option<Instant>,
    ) -> Result<RevocationStanding, RevocationRefusal> {
        let adopted = Adopted::of(file, self)?;
        if let Some(now) = now {
            adopted.check_new(self, now)?;
        }
        let standing = adopted.standing(self);
        let digest = adopted.digest();
        if !self.revocations.iter().any(|one| one.digest() == digest) {
            self.revocations.push(adopted);
        }
        Ok(standing)
    }

    /// The keyring in force: the latest version, and what emergency revocations took away from it since.
    pub fn keyring(&self) -> Keyring {
        let latest = self.latest();
        let mut keyring = latest.keyring().clone();
        let standing =
            self.revocations.iter().filter(|one| one.standing(self) == RevocationStanding::InForce);
        for one in standing {
            keyring.take_away(&one.file().revocation.key_id, &one.to_revocation());
        }
        keyring.with_facts(SignedFacts { documents: self.documents(), ..latest.facts() })
    }

    /// All of it, as files have it, by name.
    pub fn documents(&self) -> Vec<(String, String)> {
        let version = |one: &SignedKeyring| {
            (document::file_name(one.version()), document::to_text(one.envelope()))
        };
        let revocation =
            |one: &Adopted| (document::revocation::file_name(&one.digest()), one.file().to_text());
        self.versions().map(version).chain(self.revocations.iter().map(revocation)).collect()
    }

    /// A chain from all that is in some files, which vouch for nothing but themselves; for who packed them.
    ///
    /// # Errors
    /// Why they are no chain.
    pub fn of_itself(
        versions: Vec<SignedKeyring>,
        revocations: Vec<RevocationFile>,
    ) -> Result<Option<Self>, Reason> {
        let mut chain: Option<Self> = None;
        for version in versions {
            match &mut chain {
                Some(chain) => _ = chain.adopt(version, None)?,
                None => {
                    let digest = version.digest();
                    chain = Some(Self::found(version, &digest, None)?);
                }
            }
        }
        if let Some(chain) = &mut chain {
            for file in revocations {
                chain.revoke(file, None)?;
            }
        }
        Ok(chain)
    }
}

/// Whether a time is to come, beyond what two clocks may differ by.
pub(super) fn is_to_come(time: Instant, now: Instant) -> bool {
    time.unix() > now.unix() + i64::from(CLOCK_TOLERANCE)
}

fn in_time(version: &SignedKeyring, now: Option<Instant>) -> Result<(), KeyringRefusal> {
    let issued = version.says().issued_at;
    match now.is_some_and(|now| is_to_come(issued, now)) {
        true => Err(KeyringRefusal::NotYet { issued }),
        false => Ok(()),
    }
}

/// Checks that enough administrators of a version signed an envelope, counted by persons.
fn enough(by: &SignedKeyring, envelope: &CosignedEnvelope, at: Instant) -> Result<(), (u64, u64)> {
    let (people, threshold) = (people(by.signers(envelope, at)), by.threshold());
    match people >= threshold {
        true => Ok(()),
        false => Err((people, threshold)),
    }
}

fn signed_by_own(version: &SignedKeyring) -> Result<(), KeyringRefusal> {
    let number = version.version();
    enough(version, version.envelope(), version.says().issued_at).map_err(|(people, threshold)| {
        KeyringRefusal::TooFewOwn { version: number, people, threshold }
    })
}

/// Checks that a version follows the one before it.
fn follows(before: &SignedKeyring, next: &SignedKeyring) -> Result<(), KeyringRefusal> {
    let (version, says) = (next.version(), next.says());
    if says.previous != Some(before.digest()) {
        return Err(KeyringRefusal::Previous {
            version,
            says: says.previous.map(|digest| digest.grouped()).unwrap_or_default(),
            ours: before.digest().grouped(),
        });
    }
    let (issued, earlier) = (says.issued_at, before.says().issued_at);
    if issued.unix() < earlier.unix() {
        return Err(KeyringRefusal::Earlier { issued, before: earlier });
    }
    before.keyring().keys().iter().try_for_each(|key| stays(key, next.keyring()))?;
    enough(before, next.envelope(), issued).map_err(|(people, threshold)| {
        KeyringRefusal::TooFewBefore { version, people, threshold }
    })?;
    signed_by_own(next)
}

/// Checks that a key is still there, still the same person's, and no less revoked.
fn stays(key: &Key, next: &Keyring) -> Result<(), KeyringRefusal> {
    let key_id = || key.key_id.clone();
    let now = next.keys().iter().find(|other| other.key_id == key.key_id);
    let now = now.ok_or_else(|| KeyringRefusal::KeyRemoved { key_id: key_id() })?;
    // The keyring writes each public key in one form.
    let same = (&now.public_key, now.key_type, &now.owner);
    if same != (&key.public_key, key.key_type, &key.owner) {
        return Err(KeyringRefusal::KeyChanged { key_id: key_id() });
    }
    let Some(was) = key.revoked_at else { return Ok(()) };
    let compromised = Some(RevocationCode::KeyCompromise);
    let stays = now.revoked_at.is_some_and(|is| is.unix() <= was.unix())
        && (key.revocation_code != compromised || now.revocation_code == compromised)
        && since(now) <= since(key);
    match stays {
        true => Ok(()),
        false => Err(KeyringRefusal::Revived { key_id: key_id() }),
    }
}

/// From when a revoked key signs nothing that counts.
fn since(key: &Key) -> Option<i64> {
    key.compromised_since.or(key.revoked_at).map(|time| time.unix())
}
