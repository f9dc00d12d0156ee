//! Whether a certificate beside a key proves whose name belongs to it: the names that it states, the
//! way to a root that a person trusts for names (RFC 5280 section 6), and whether its issuer has
//! revoked it.
//!
//! A name root proves names and nothing else: it never makes a key count, and is no root of
//! attestations or of time stamps. Without a way to such a root, the names are the certificate's own
//! word. A certificate changes no level: it is evidence that is shown beside a signature.
//!
//! | question | module |
//! |---|---|
//! | Which certificates belong to a key? | [`beside_key`] |
//! | Which names are stated? | [`stated`] |
//! | What do the lists of revoked certificates say? | [`revocation_list`], [`revocation`] |
//! | What must be said beside a certificate? | [`warning`] |

pub mod beside_key;
pub mod revocation;
pub mod revocation_list;
pub mod stated;
pub mod warning;

mod problem;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Words, words};

use crate::attestation::{AttestationError, AttestationRoots, Certificate, check_valid};
use crate::keyring::Key;
use crate::time_stamp::TrustedTime;

use beside_key::{KeyCertificates, KeyCertificatesError};
use revocation::Revocation;
use revocation_list::RevocationList;
use stated::StatedNames;
use warning::NameWarning;

pub use problem::NameProblem;

/// How many ways to a root are remembered; one person's keys make one each.
const REMEMBERED: usize = 4096;

/// The way from a person's certificate to a root, the root last.
type Way = Arc<Vec<Certificate>>;

/// What is trusted for names: roots, with intermediates that help to reach them, and what their
/// authorities have revoked.
#[derive(Debug, Default)]
pub struct NameTrust {
    roots: AttestationRoots,
    lists: Vec<RevocationList>,
    /// The ways that were found. They depend only on the certificates, and on which of them are valid.
    remembered: Mutex<HashMap<Digest, Way>>,
}

impl NameTrust {
    /// From certificates, of which those that are signed by their own key are trusted and the others
    /// help to reach one of them, and lists.
    pub fn new(
        certificates: impl IntoIterator<Item = Certificate>,
        lists: impl IntoIterator<Item = RevocationList>,
    ) -> Self {
        let (roots, lists) = (AttestationRoots::new(certificates), lists.into_iter().collect());
        Self { roots, lists, remembered: Mutex::default() }
    }

    /// The certificates, roots and helpers.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.roots.certificates()
    }

    /// The lists of revoked certificates.
    pub fn lists(&self) -> &[RevocationList] {
        &self.lists
    }

    /// What tells what is trusted from what else might be.
    pub fn digest(&self) -> Digest {
        let roots = *self.roots.digest().as_bytes();
        let lists = self.lists.iter().map(|list| *list.fingerprint().as_bytes());
        let parts: Vec<[u8; 32]> = std::iter::once(roots).chain(lists).collect();
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
        Digest::of_parts(&parts)
    }

    /// The way from a person's certificate to a root, over certificates that were valid at a time, if
    /// one is given.
    fn way(&self, own: &KeyCertificates, at: Option<Instant>) -> Result<Way, AttestationError> {
        let valid = |one: &Certificate| u8::from(at.is_none_or(|at| one.is_valid_at(at)));
        let all = || own.all().chain(self.certificates());
        let mut parts: Vec<u8> = all().map(valid).collect();
        parts.extend(own.all().flat_map(|one| *one.fingerprint().as_bytes()));
        let which = Digest::of(&parts);
        let remembered = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = remembered().get(&which) {
            return Ok(Arc::clone(way));
        }
        let roots = self.roots.helped_by(&own.helpers);
        let way: Vec<Certificate> =
            roots.path_of_person(&own.leaf, at)?.into_iter().cloned().collect();
        let way = Arc::new(way);
        let mut all = remembered();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(which, Arc::clone(&way));
        Ok(way)
    }
}

/// The time at which a certificate is judged.
#[derive(Debug, Clone, Copy)]
pub struct When<'a> {
    /// The time, as the signature says it; of a key on offer, now.
    pub says: Instant,
    /// The time that an authority vouches for, if one does.
    pub trusted: Option<&'a TrustedTime>,
    /// Now.
    pub now: Instant,
}

impl When<'_> {
    /// Now, for a key on offer.
    pub const fn now(now: Instant) -> Self {
        Self { says: now, trusted: None, now }
    }

    /// The trusted time, or else what the signature says.
    pub fn at(&self) -> Instant {
        self.trusted.map_or(self.says, |time| time.at)
    }

    /// Whether it is about a signature of the past, and not about now.
    fn is_past(&self) -> bool {
        self.at().unix() < self.now.unix()
    }
}

vocabulary! {
    /// What the certificate beside a key says about names, in one word.
    NameStanding {
        /// A root that a person trusts for names leads to it.
        Proven = "proven",
        /// The names are the certificate's own word, or it cannot be checked.
        NotProven = "not_proven",
        /// It is not for this key, its chain is broken, or it was revoked.
        Contradicted = "contradicted",
    }
}

/// The certificate beside a key, judged.
#[derive(Debug, Clone)]
pub struct NameFinding {
    /// The certificate; `None` if it cannot be read, or is not there.
    pub certificate: Option<Box<Certificate>>,
    /// The names that it states.
    pub names: StatedNames,
    /// The root that proves them, or why none does.
    pub outcome: Result<Box<Certificate>, NameProblem>,
    /// What the lists of revoked certificates say.
    pub revocation: Revocation,
    /// What has to be said beside it.
    pub warnings: Vec<NameWarning>,
}

impl NameFinding {
    /// In one word.
    pub fn standing(&self) -> NameStanding {
        match &self.outcome {
            Ok(_) => NameStanding::Proven,
            Err(problem) if problem.contradicts() => NameStanding::Contradicted,
            Err(_) => NameStanding::NotProven,
        }
    }

    /// Whether a root that a person trusts for names proves them.
    pub fn is_proven(&self) -> bool {
        self.outcome.is_ok()
    }

    /// The certificate and the names in one sentence.
    pub fn words(&self) -> Words {
        let names = self.names.words();
        match &self.outcome {
            Ok(root) => words!(
                "names-proven",
                names,
                root = ?root.subject(),
                sha256 = %root.fingerprint().hex()
            ),
            Err(problem) => {
                let why: Words = problem.problem().into();
                match problem.contradicts() {
                    true => words!("names-contradicted", names, why),
                    false => words!("names-not-proven", names, why),
                }
            }
        }
    }

    /// One of which nothing is known but what is wrong.
    fn unread(error: KeyCertificatesError) -> Self {
        let certificate = None;
        let (names, revocation) = (StatedNames::default(), Revocation::not_checked());
        let outcome = Err(NameProblem::Unread(error.problem().into()));
        Self { certificate, names, outcome, revocation, warnings: Vec::new() }
    }
}

/// Judges the certificate that the keyring has beside a key; `None` if it has none.
pub fn judge(key: &Key, when: Option<When<'_>>, trust: &NameTrust) -> Option<NameFinding> {
    let own = match key.certificates()? {
        Ok(own) => own,
        Err(error) => return Some(NameFinding::unread(error)),
    };
    let public = key.public_key.as_deref().and_then(|text| PublicKey::parse(text).ok());
    Some(judge_one(&own, public.as_ref(), Some(&key.owner), when, trust))
}

/// Judges certificates that are beside a key, or are to be, at a time; if that cannot be read, nothing
/// is proven.
pub fn judge_one(
    own: &KeyCertificates,
    key: Option<&PublicKey>,
    owner: Option<&str>,
    when: Option<When<'_>>,
    trust: &NameTrust,
) -> NameFinding {
    let leaf = &own.leaf;
    let names = StatedNames::of(leaf);
    let mut warnings = warning::of_certificate(leaf, when, &names, owner);
    let mut revocation = Revocation::not_checked();
    let outcome = match (when, leaf.key() == key && key.is_some()) {
        (_, false) => Err(NameProblem::OtherKey {
            certified: leaf.key().map(|key| key.fingerprint().hex()).unwrap_or_default(),
            key: key.map(|key| key.fingerprint().hex()).unwrap_or_default(),
        }),
        (None, true) => Err(NameProblem::NoTime),
        (Some(when), true) => {
            let at = when.at();
            let way = trust.way(own, Some(at));
            // What has expired may still have been revoked.
            let known = way.clone().or_else(|_| trust.way(own, None)).ok();
            let revoked = known.and_then(|way| {
                let judged = revocation::judge(leaf, &way, &trust.lists, when);
                warnings.extend(judged.warnings);
                revocation = judged.revocation;
                judged.revoked
            });
            let proven = way
                .and_then(|way| check_valid(leaf, at).map(|()| way))
                .map_err(|error| problem_of(error, own));
            match (revoked, proven) {
                (Some(revoked), _) => Err(revoked),
                (None, Err(problem)) => Err(problem),
                // The way has at least the root.
                (None, Ok(way)) => way.last().cloned().map(Box::new).ok_or(NameProblem::SelfSigned),
            }
        }
    };
    let certificate = Some(Box::new(leaf.clone()));
    NameFinding { certificate, names, outcome, revocation, warnings }
}

/// What is wrong with a way; if it leads to a root that came with the certificate, which one.
fn problem_of(error: AttestationError, own: &KeyCertificates) -> NameProblem {
    let may_lead_elsewhere =
        matches!(error, AttestationError::UnknownRoot { .. } | AttestationError::Signature { .. });
    if may_lead_elsewhere {
        if own.leaf.is_root() {
            return NameProblem::SelfSigned;
        }
        let brought = AttestationRoots::new(own.helpers.iter().cloned());
        if let Ok(way) = brought.path_of_person(&own.leaf, None)
            && let Some(root) = way.last()
        {
            let (root, sha256) = (root.subject(), root.fingerprint().hex());
            return NameProblem::OtherRoot { root, sha256 };
        }
    }
    NameProblem::of_chain(error)
}
