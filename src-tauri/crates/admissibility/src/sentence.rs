//! The verdict in one sentence: "L5. A hardware key is missing." It is made here once, and shown the
//! same in the window, in the report and on the command line.

use countersign_envelope::signature::Role;
use countersign_problem::{Words, list, words};

use crate::check::{Check, CheckId};
use crate::level::Level;
use crate::need::Need;
use crate::quorum::{Filling, RoleStanding};
use crate::signatures::role_words;
use crate::state::State;
use crate::verdict::Verdict;

/// A level by its name: `L4`, or `No level` if not even L0 holds.
pub fn level_name(level: Option<Level>) -> Words {
    level.map_or_else(|| words!("level-none"), |level| Words::text(level.to_string()))
}

impl Verdict {
    /// The level, and what is missing or contradicts. Texts from files are in it as they are: make it
    /// visible before showing it.
    pub fn sentence(&self) -> Words {
        words!("verdict-sentence", level = level_name(self.level), lack = self.lack().sentence())
    }

    /// What is missing or contradicts, as a clause: "a hardware key is missing".
    pub fn lack(&self) -> Words {
        let found = self.contradiction().or_else(|| self.not_checkable());
        found.unwrap_or_else(|| self.lack_by_need())
    }

    /// The first thing that contradicts, by the levels, then by the slots.
    fn contradiction(&self) -> Option<Words> {
        let of_level = |level| {
            let stop = self.stop(level)?;
            (stop.state == State::Contradicted).then(|| clause(stop))
        };
        let of_slots = || {
            let slots = self.slots().into_iter();
            let mut slots = slots.filter(|slot| slot.state == State::Contradicted);
            let one = self.signatures.get(slots.next()?.signature?)?;
            let (who, role, why) = (&one.signer_id, role_words(one.role), one.why().clone());
            Some(words!("lack-slot", ?who, role, why))
        };
        Level::ALL.into_iter().find_map(of_level).or_else(of_slots)
    }

    /// What keeps the next level from being checked.
    fn not_checkable(&self) -> Option<Words> {
        let next = |level: &Level| self.level_state(*level) != State::Holds;
        let next = Level::ALL.into_iter().find(next)?;
        let stop = self.stop(next).filter(|stop| stop.state == State::Unchecked);
        stop.map(clause)
    }

    fn lack_by_need(&self) -> Words {
        let detail = |level| self.stop(level).map(clause);
        let found = match self.need() {
            Need::Operator | Need::Witness | Need::Reviewer | Need::Auditor => self.missing_roles(),
            Need::AcceptedKey => self.unknown_keys().or_else(|| detail(Level::L2)),
            Need::CoSigner => self.more_signatures().or_else(|| detail(Level::L4)),
            Need::Log if self.lacks_log_entry() => Some(words!("lack-log-entry")),
            Need::Log => detail(Level::L3),
            Need::Hardware if !self.has_outside_key() => Some(words!("lack-hardware")),
            Need::Hardware => detail(Level::L6),
            Need::Authority => detail(Level::L7),
            Need::Manifest | Need::RightManifest => detail(Level::L2),
            Need::Refusal => detail(Level::L4),
            Need::Readable => detail(Level::L0),
            Need::Sealing => [Level::L0, Level::L1, Level::L5].into_iter().find_map(detail),
            Need::Nothing => None,
        };
        let otherwise = || match &self.missing {
            Some(missing) => missing.clone().clause(),
            None => words!("lack-nothing"),
        };
        found.unwrap_or_else(otherwise)
    }

    /// Whether hardware or an external signer made a signature that counts, whatever policy requires.
    pub(crate) fn has_outside_key(&self) -> bool {
        self.signatures.iter().any(|one| one.is_valid() && one.assurance.is_some())
    }

    /// The roles that nobody has signed in; if the first of them has a signature that does not count,
    /// why it does not.
    fn missing_roles(&self) -> Option<Words> {
        let open: Vec<&RoleStanding> = self.roles.iter().filter(|role| !role.is_filled()).collect();
        let first = open.first()?;
        let is_empty =
            |role: &RoleStanding| !self.signatures.iter().any(|one| one.role == Some(role.role));
        if !is_empty(first) {
            let id = first.role.into();
            return self.checks.iter().find(|check| check.id == id).map(clause);
        }
        let missing = open.iter().filter(|role| is_empty(role));
        let missing: Vec<Words> = missing.map(|role| one_of(role.role)).collect();
        let count = missing.len();
        let roles = list::all(missing)?;
        let nobody = open
            .iter()
            .filter(|role| matches!(role.filling, Filling::Open { can_be_filled: false, .. }));
        let nobody = nobody.map(|role| role_words(Some(role.role)));
        Some(match nobody.reduce(|rest, next| words!("list-or", rest, next)) {
            None => words!("lack-roles", roles, count),
            Some(nobody) => words!("lack-roles-nobody", roles, count, nobody),
        })
    }

    fn unknown_keys(&self) -> Option<Words> {
        let mut names: Vec<&str> = Vec::new();
        for (_, one) in self.by_unknown_keys() {
            if !names.contains(&&*one.signer_id) {
                names.push(&one.signer_id);
            }
        }
        match names.as_slice() {
            [] => None,
            [one] => Some(words!("lack-key", who = ?one)),
            [one, other] => Some(words!("lack-two-keys", ?one, ?other)),
            more => Some(words!("lack-keys", count = more.len())),
        }
    }

    fn more_signatures(&self) -> Option<Words> {
        match self.quorum.required.threshold.checked_sub(self.quorum.counted.len() as u64)? {
            0 => None,
            more => Some(words!("lack-signatures", count = more)),
        }
    }
}

/// What a check found, as a clause.
fn clause(check: &Check) -> Words {
    let detail = check.detail.clone();
    match check.id {
        // It begins with a name.
        CheckId::Refusal(_) => detail.without_stop(),
        _ => detail.clause(),
    }
}

/// One person in a role: "an operator".
fn one_of(role: Role) -> Words {
    match role {
        Role::Operator => words!("one-operator"),
        Role::Witness => words!("one-witness"),
        Role::Reviewer => words!("one-reviewer"),
        Role::Auditor => words!("one-auditor"),
    }
}
