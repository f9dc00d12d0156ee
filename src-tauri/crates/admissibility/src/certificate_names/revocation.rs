//! Whether a certificate, or one on its way to the root, was revoked when a signature was made.

use countersign_envelope::instant::Instant;
use countersign_envelope::vocabulary;
use countersign_problem::{Words, words};
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::ext::pkix::crl::CrlReason;

use super::When;
use super::problem::NameProblem;
use super::revocation_list::{Entry, ListProblem, RevocationList};
use super::warning::{NameWarning, NameWarningKind};
use crate::attestation::Certificate;

vocabulary! {
    /// What the lists of revoked certificates say of a certificate and those above it, the worse the
    /// later.
    RevocationState {
        /// None of them was revoked.
        NotRevoked = "not_revoked",
        /// The same, by a list that was older than the time judged.
        Older = "older_list",
        /// There is no list of one of their issuers.
        NotChecked = "not_checked",
        /// There is one, and it cannot be used.
        NotCheckable = "not_checkable",
        /// One of them was revoked.
        Revoked = "revoked",
    }
}

/// What the lists of revoked certificates say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// In one word.
    pub state: RevocationState,
    /// In a clause.
    pub words: Words,
}

impl Revocation {
    /// No list was looked at.
    pub(super) fn not_checked() -> Self {
        let words = words!("revocation-not-checked");
        Self { state: RevocationState::NotChecked, words }
    }
}

/// The outcome for a whole way.
pub(super) struct Judged {
    pub revocation: Revocation,
    /// The certificate that was revoked, if one was.
    pub revoked: Option<NameProblem>,
    pub warnings: Vec<NameWarning>,
}

/// Judges a person's certificate and those on its way to a root, which is last.
pub(super) fn judge(
    leaf: &Certificate,
    way: &[Certificate],
    lists: &[RevocationList],
    when: When<'_>,
) -> Judged {
    let mut judged = Judged {
        revocation: Revocation {
            state: RevocationState::NotRevoked,
            words: words!("revocation-root"),
        },
        revoked: None,
        warnings: Vec::new(),
    };
    // A root that is the certificate itself is above nothing.
    let issued = std::iter::once(leaf).chain(way).zip(way);
    for (index, (one, issuer)) in issued.filter(|(one, issuer)| one != issuer).enumerate() {
        let checking = Checking { one, issuer, lists, when };
        let revocation = checking.judge(&mut judged);
        if index == 0 || revocation.state > judged.revocation.state {
            judged.revocation = revocation;
        }
    }
    judged
}

/// One certificate and its issuer.
struct Checking<'a> {
    one: &'a Certificate,
    issuer: &'a Certificate,
    lists: &'a [RevocationList],
    when: When<'a>,
}

impl Checking<'_> {
    fn judge(&self, judged: &mut Judged) -> Revocation {
        let subject = || self.one.subject();
        let issuer = || self.issuer.subject();
        let is_authority = self.one.decoded::<BasicConstraints>();
        let is_authority = is_authority.is_ok_and(|said| said.is_some_and(|(_, said)| said.ca));
        let mut usable: Vec<&RevocationList> = Vec::new();
        let mut not_checkable = None;
        for list in self.lists.iter().filter(|list| list.is_named_as(self.issuer)) {
            let why = match list.check(self.issuer) {
                // What an incomplete list has is revoked; what it does not have may be all the same.
                Ok(()) if list.covers(is_authority) => {
                    usable.push(list);
                    not_checkable = not_checkable.or_else(|| list.incomplete().cloned());
                    continue;
                }
                Ok(()) => continue,
                Err(ListProblem::OtherKey) => words!("list-other-key"),
                Err(ListProblem::NotCheckable(why)) => {
                    not_checkable = Some(why.clone());
                    why
                }
            };
            let at = list.this_update();
            let words = words!("names-warn-list-not-used", issuer = ?issuer(), %at, why);
            judged.warnings.push(NameWarning::new(NameWarningKind::ListNotUsed, words));
        }
        // The newest that has all decides about what may end: a hold. All else is for good, also if a newer list has
        // dropped it, as those of expired certificates are.
        usable.sort_by_key(|list| std::cmp::Reverse(list.this_update().unix()));
        let (_, serial) = self.one.issuer_and_serial();
        let complete = || usable.iter().filter(|list| list.incomplete().is_none());
        let newest = complete().map(|list| list.this_update().unix()).next();
        let entries = usable.iter().filter_map(|list| {
            let entry = list.entry(serial)?;
            let is_newest = newest.is_none_or(|newest| list.this_update().unix() >= newest);
            (is_newest || entry.reason != CrlReason::CertificateHold).then_some(entry)
        });
        let mut later = None;
        for entry in entries {
            match self.bears(entry) {
                Some(problem) => {
                    judged.revoked.get_or_insert(problem);
                    let (since, reason) = (entry.date, entry.reason_name());
                    let words = words!("revocation-revoked", subject = ?subject(), %since, reason);
                    return Revocation { state: RevocationState::Revoked, words };
                }
                None => later = Some(entry),
            }
        }
        if let Some(entry) = later {
            let (since, reason) = (entry.date, entry.reason_name());
            let words = words!("names-warn-revoked-later", subject = ?subject(), %since, reason);
            judged.warnings.push(NameWarning::new(NameWarningKind::RevokedLater, words));
        }
        let made = |list: &&&RevocationList| list.this_update().unix() <= self.when.now.unix();
        match (complete().find(made), not_checkable) {
            (Some(newest), _) => self.not_revoked(newest, judged),
            (None, Some(why)) => {
                let words = words!("revocation-not-checkable", issuer = ?issuer(), why);
                Revocation { state: RevocationState::NotCheckable, words }
            }
            (None, None) if complete().next().is_some() => {
                let why = words!("list-of-the-future");
                let words = words!("revocation-not-checkable", issuer = ?issuer(), why);
                Revocation { state: RevocationState::NotCheckable, words }
            }
            (None, None) => {
                let words = words!("revocation-no-list", issuer = ?issuer());
                Revocation { state: RevocationState::NotChecked, words }
            }
        }
    }

    /// What its newest list means, in which it is not revoked.
    fn not_revoked(&self, newest: &RevocationList, judged: &mut Judged) -> Revocation {
        let at = self.when.at();
        let made = newest.this_update();
        let issuer = self.issuer.subject();
        let ends = newest.next_update();
        // A list without an end says nothing of what is after it.
        let holds_at = |time: Instant| ends.unwrap_or(made).unix() >= time.unix();
        let state = match holds_at(at) {
            true => RevocationState::NotRevoked,
            false => RevocationState::Older,
        };
        if state == RevocationState::Older {
            let words = words!("names-warn-list-older", issuer = ?issuer, %made, %at);
            judged.warnings.push(NameWarning::new(NameWarningKind::ListOlder, words));
        } else if self.when.is_past() && !holds_at(self.when.now) {
            let words = words!("names-warn-list-ended", issuer = ?issuer, %made);
            judged.warnings.push(NameWarning::new(NameWarningKind::ListEnded, words));
        }
        let words = match state {
            RevocationState::Older => words!("revocation-older-list", issuer = ?issuer, %made),
            _ => words!("revocation-not-revoked", issuer = ?issuer, %made),
        };
        Revocation { state, words }
    }

    /// What an entry means for the signature; `None` if it was made before.
    ///
    /// Whoever has a compromised key writes any time into a signature, so only an authority's counts,
    /// and only if it was certainly before (as [`crate::keyring::Key::in_force`]).
    fn bears(&self, entry: &Entry) -> Option<NameProblem> {
        let (subject, reason) = (self.one.subject(), entry.reason_name());
        if entry.is_compromise() {
            let since = entry.invalid_since.filter(|since| since.unix() < entry.date.unix());
            let since = since.unwrap_or(entry.date);
            let was_before = self.when.trusted.is_some_and(|time| time.precedes(since));
            return (!was_before).then_some(NameProblem::Compromised { subject, since, reason });
        }
        let was_revoked = entry.date.unix() <= self.when.at().unix();
        let since = entry.date;
        was_revoked.then_some(NameProblem::Revoked { subject, since, reason })
    }
}
