//! The verdict in one sentence: "L5. A hardware key is missing." It is made here once, and shown the
//! same in the window, in the report and on the command line.

use countersign_envelope::signature::Role;

use crate::check::{Check, CheckId};
use crate::level::Level;
use crate::need::Need;
use crate::quorum::{Filling, RoleStanding};
use crate::state::State;
use crate::verdict::Verdict;

/// A level by its name: `L4`, or `No level` if not even L0 holds.
pub fn level_name(level: Option<Level>) -> String {
    level.map_or_else(|| "No level".to_owned(), |level| level.to_string())
}

impl Verdict {
    /// The level, and what is missing or contradicts. Texts from files are in it as they are: make it
    /// visible before showing it.
    pub fn sentence(&self) -> String {
        let lack = capitalised(&self.lack());
        let end = if lack.ends_with(['…', '?', '!']) { "" } else { "." };
        format!("{}. {lack}{end}", level_name(self.level))
    }

    /// What is missing or contradicts, as a clause: "a hardware key is missing".
    pub fn lack(&self) -> String {
        let found = self.contradiction().or_else(|| self.not_checkable());
        found.unwrap_or_else(|| self.lack_by_need())
    }

    /// The first thing that contradicts, by the levels, then by the slots.
    fn contradiction(&self) -> Option<String> {
        let of_level = |level| {
            let stop = self.stop(level)?;
            (stop.state == State::Contradicted).then(|| clause(stop))
        };
        let of_slots = || {
            let slots = self.slots().into_iter();
            let mut slots = slots.filter(|slot| slot.state == State::Contradicted);
            let one = self.signatures.get(slots.next()?.signature?)?;
            let role = one.role.map_or("no role", |role| role.as_str());
            Some(format!(
                "the signature of {:?} as {role} does not count: {}",
                one.signer_id,
                one.detail.trim_start_matches("verifies; ")
            ))
        };
        Level::ALL.into_iter().find_map(of_level).or_else(of_slots)
    }

    /// What keeps the next level from being checked.
    fn not_checkable(&self) -> Option<String> {
        let next = |level: &Level| self.level_state(*level) != State::Holds;
        let next = Level::ALL.into_iter().find(next)?;
        let stop = self.stop(next).filter(|stop| stop.state == State::Unchecked);
        stop.map(clause)
    }

    fn lack_by_need(&self) -> String {
        let detail = |level| self.stop(level).map(clause);
        let found = match self.need() {
            Need::Operator | Need::Witness | Need::Reviewer | Need::Auditor => self.missing_roles(),
            Need::AcceptedKey => self.unknown_keys().or_else(|| detail(Level::L2)),
            Need::CoSigner => self.more_signatures().or_else(|| detail(Level::L4)),
            Need::Log if self.lacks_log_entry() => {
                Some("the entry in the transparency log is missing".to_owned())
            }
            Need::Log => detail(Level::L3),
            Need::Hardware if self.assurance.is_none() => {
                Some("a hardware key is missing".to_owned())
            }
            Need::Hardware => detail(Level::L6),
            Need::Authority => detail(Level::L7),
            Need::Manifest | Need::RightManifest => detail(Level::L2),
            Need::Refusal => detail(Level::L4),
            Need::Readable => detail(Level::L0),
            Need::Sealing => [Level::L0, Level::L1, Level::L5].into_iter().find_map(detail),
            Need::Nothing => None,
        };
        let otherwise = || match &self.missing {
            Some(missing) => uncapitalised(missing.trim_end_matches('.')),
            None => "nothing is missing".to_owned(),
        };
        found.unwrap_or_else(otherwise)
    }

    /// The roles that nobody has signed in; if the first of them has a signature that does not count,
    /// why it does not.
    fn missing_roles(&self) -> Option<String> {
        let open: Vec<&RoleStanding> = self.roles.iter().filter(|role| !role.is_filled()).collect();
        let first = open.first()?;
        let is_empty =
            |role: &RoleStanding| !self.signatures.iter().any(|one| one.role == Some(role.role));
        if !is_empty(first) {
            let id = first.role.into();
            return self.checks.iter().find(|check| check.id == id).map(clause);
        }
        let roles: Vec<String> =
            open.iter().filter(|role| is_empty(role)).map(|role| one_of(role.role)).collect();
        let verb = if roles.len() == 1 { "is" } else { "are" };
        let nobody = open
            .iter()
            .filter(|role| matches!(role.filling, Filling::Open { can_be_filled: false, .. }));
        let nobody: Vec<&str> = nobody.map(|role| role.role.as_str()).collect();
        let nobody = match nobody.is_empty() {
            true => String::new(),
            false => format!("; nobody in the keyring has the role {}", nobody.join(" or ")),
        };
        Some(format!("{} {verb} missing{nobody}", listed(&roles)))
    }

    fn unknown_keys(&self) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, one) in self.by_unknown_keys() {
            let name = format!("{:?}", one.signer_id);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        match names.as_slice() {
            [] => None,
            [one] => Some(format!("the key of {one} is not in the keyring")),
            [one, other] => Some(format!("the keys of {one} and {other} are not in the keyring")),
            more => Some(format!("the keys of {} signers are not in the keyring", more.len())),
        }
    }

    fn more_signatures(&self) -> Option<String> {
        match self.quorum.required.threshold.checked_sub(self.quorum.counted.len() as u64)? {
            0 => None,
            1 => Some("one more signature is missing".to_owned()),
            more => Some(format!("{more} more signatures are missing")),
        }
    }
}

/// What a check found, as a clause.
fn clause(check: &Check) -> String {
    let detail = check.detail.trim_end_matches('.');
    match check.id {
        // It begins with a name.
        CheckId::Refusal(_) => detail.to_owned(),
        _ => uncapitalised(detail),
    }
}

/// One person in a role: "an operator".
fn one_of(role: Role) -> String {
    let article = if matches!(role, Role::Operator | Role::Auditor) { "an" } else { "a" };
    format!("{article} {role}")
}

/// "a, b and c".
fn listed(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The first word without its capital, unless the word is an abbreviation or a name.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), letters.clone().next()) else {
        return String::new();
    };
    let is_word = first.is_uppercase() && second.is_none_or(|second| !second.is_uppercase());
    let is_level = second.is_some_and(|second| second.is_ascii_digit());
    match is_word && !is_level {
        true => first.to_lowercase().chain(letters).collect(),
        false => text.to_owned(),
    }
}
