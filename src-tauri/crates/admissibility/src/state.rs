//! The six states: how a level, a slot or a whole envelope stands, as it is shown everywhere.
//!
//! | state | means |
//! |---|---|
//! | open | nothing is signed or reached there yet |
//! | waiting | another person's act is missing |
//! | in progress | some of it is there |
//! | would hold | it holds itself, but a lower level is missing |
//! | holds | it holds |
//! | contradicted | what is there contradicts or does not verify, or what was seen is gone |
//!
//! Beside them stands *not checkable*, which says nothing about what is there. Only a contradiction is
//! red: missing is not a failure.

use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;

use crate::check::{AuthorityCheck, Check, CheckId, Outcome};
use crate::keyring::Acceptance;
use crate::level::Level;
use crate::need::Need;
use crate::quorum::RoleStanding;
use crate::signatures::{JudgedSignature, Standing};
use crate::verdict::Verdict;

/// Most slots for signatures in any role: a file can ask for any number.
const MOST_FREE_SLOTS: usize = 8;

vocabulary! {
    /// How a level, a slot or a whole envelope stands.
    State {
        /// Nothing is signed or reached there yet.
        Open = "open",
        /// Another person's act is missing.
        Waiting = "waiting",
        /// Some of it is there.
        InProgress = "in_progress",
        /// It holds itself, but a lower level is missing.
        WouldHold = "would_hold",
        /// It holds.
        Holds = "holds",
        /// What is there contradicts or does not verify, or what was seen is gone.
        Contradicted = "contradicted",
        /// None of the six: it cannot be checked here.
        Unchecked = "unchecked",
    }
}

/// What a state is decided by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Something that is there contradicts or does not verify, or something that was seen is gone.
    pub contradicted: bool,
    /// Something that it depends on cannot be checked here.
    pub unchecked: bool,
    /// It holds by its own checks.
    pub holds: bool,
    /// Everything below it holds.
    pub below_holds: bool,
    /// Some of it is there.
    pub begun: bool,
    /// The next act is another person's.
    pub waits: bool,
}

impl State {
    /// The rule, the same for levels, slots and envelopes.
    pub const fn of(facts: Facts) -> Self {
        match facts {
            Facts { contradicted: true, .. } => Self::Contradicted,
            Facts { unchecked: true, .. } => Self::Unchecked,
            Facts { holds: true, below_holds: true, .. } => Self::Holds,
            Facts { holds: true, .. } => Self::WouldHold,
            Facts { begun: false, .. } => Self::Open,
            Facts { waits: true, .. } => Self::Waiting,
            Facts { .. } => Self::InProgress,
        }
    }

    /// The state of what one check is about. A failed check contradicts, unless it was made as one
    /// about something that is missing or cannot be read.
    pub(crate) const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass | Outcome::Warn => Self::Holds,
            Outcome::Fail => Self::Contradicted,
            Outcome::Missing => Self::Open,
            Outcome::Unchecked => Self::Unchecked,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::InProgress => "in progress",
            Self::WouldHold => "would hold",
            Self::Holds => "holds",
            Self::Contradicted => "contradicted",
            Self::Unchecked => "not checkable",
        }
    }
}

/// A place for a signature that L4 requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// In which role; `None` if any will do, because more signatures than roles are required.
    pub role: Option<Role>,
    /// How it stands.
    pub state: State,
    /// The index of the signature on the run that fills it, or that is there and does not count.
    pub signature: Option<usize>,
}

impl JudgedSignature {
    /// How it stands.
    pub fn state(&self) -> State {
        match self.standing {
            Standing::Valid => State::Holds,
            Standing::Unchecked => State::Unchecked,
            Standing::Invalid => State::Contradicted,
            Standing::NotAccepted if self.lacks_something => State::InProgress,
            Standing::NotAccepted => State::Contradicted,
        }
    }

    /// Whether it verifies, and only the keyring does not have its key.
    pub fn is_by_unknown_key(&self) -> bool {
        self.standing == Standing::NotAccepted && self.acceptance == Some(Acceptance::UnknownKey)
    }
}

impl Verdict {
    /// How a level stands.
    pub fn level_state(&self, level: Level) -> State {
        let stops = self.checks.iter().filter(|check| check.level == level && check.stops());
        let states: Vec<State> = stops.map(|check| check.state).collect();
        let outcome = self.rung(level).0;
        State::of(Facts {
            contradicted: states.contains(&State::Contradicted),
            // A level whose deciding check did not run has nothing that stops it.
            unchecked: states.contains(&State::Unchecked) || outcome == Outcome::Unchecked,
            holds: outcome == Outcome::Pass,
            below_holds: self.level >= Some(level),
            begun: self.has_begun(level),
            waits: level == Level::L4 && self.waits_for_another(),
        })
    }

    /// Whether some of what a level takes is there.
    fn has_begun(&self, level: Level) -> bool {
        let both = || self.signatures.iter().chain(&self.manifest_signatures);
        match level {
            Level::L2 => both().any(JudgedSignature::verifies),
            Level::L4 => self.signatures.iter().any(JudgedSignature::verifies),
            Level::L6 => self.has_outside_key(),
            Level::L7 => {
                let refers = CheckId::Authority(AuthorityCheck::RefPresent);
                self.checks.iter().any(|check| check.id == refers && !check.stops())
            }
            Level::L0 | Level::L1 | Level::L3 | Level::L5 => false,
        }
    }

    /// Whether another person has to sign.
    fn waits_for_another(&self) -> bool {
        self.need().is_signature()
    }

    /// The places for signatures that L4 requires: each role, then any others.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.roles.iter().map(|role| self.slot(role)).collect();
        let in_role: Vec<usize> = self.roles.iter().filter_map(RoleStanding::filled_by).collect();
        let others = self.quorum.counted.iter().filter(|at| !in_role.contains(at));
        let asked = usize::try_from(self.quorum.required.threshold).unwrap_or(usize::MAX);
        let free = asked.saturating_sub(slots.len()).min(MOST_FREE_SLOTS);
        let mut others = others.copied();
        let free = std::iter::repeat_with(|| self.free_slot(others.next())).take(free);
        slots.extend(free.collect::<Vec<_>>());
        slots
    }

    fn slot(&self, standing: &RoleStanding) -> Slot {
        let role = standing.role;
        if let Some(at) = standing.filled_by() {
            return Slot { role: Some(role), ..self.free_slot(Some(at)) };
        }
        // The one that is closest to counting says what is missing.
        let in_role = self.signatures.iter().enumerate().filter(|(_, one)| one.role == Some(role));
        let best = in_role.min_by_key(|(_, one)| one.standing);
        let refused = |one: &crate::refusals::JudgedRefusal| {
            let said = one.refusal.as_ref().filter(|_| one.stands());
            said.is_some_and(|said| Role::parse(&said.role) == Some(role))
        };
        let state = best.map(|(_, one)| one.state());
        let state = State::of(Facts {
            contradicted: state == Some(State::Contradicted) || self.refusals.iter().any(refused),
            unchecked: state == Some(State::Unchecked),
            begun: best.is_some() || !self.quorum.counted.is_empty(),
            waits: best.is_none(),
            ..Facts::default()
        });
        Slot { role: Some(role), state, signature: best.map(|(at, _)| at) }
    }

    /// A place in any role, with the signature that fills it.
    fn free_slot(&self, signature: Option<usize>) -> Slot {
        let state = State::of(Facts {
            holds: signature.is_some(),
            below_holds: self.level >= Some(Level::L2),
            begun: !self.quorum.counted.is_empty(),
            waits: true,
            ..Facts::default()
        });
        Slot { role: None, state, signature }
    }

    /// How the envelope stands as a whole.
    pub fn state(&self) -> State {
        let levels = Level::ALL.map(|level| self.level_state(level));
        let is_complete = self.level == Some(Level::L7);
        let next = levels.iter().find(|state| **state != State::Holds);
        let slots = self.slots();
        State::of(Facts {
            contradicted: levels.contains(&State::Contradicted)
                || slots.iter().any(|slot| slot.state == State::Contradicted),
            unchecked: next == Some(&State::Unchecked),
            // Everybody has signed, and a lower level is missing.
            holds: is_complete || levels[Level::L4 as usize] == State::WouldHold,
            below_holds: is_complete,
            begun: self.signatures.iter().any(JudgedSignature::verifies),
            waits: self.waits_for_another(),
        })
    }

    /// The first check that keeps a level from holding, a contradiction before anything else.
    pub fn stop(&self, level: Level) -> Option<&Check> {
        let stops = || self.checks.iter().filter(|check| check.level == level && check.stops());
        stops().find(|check| check.state == State::Contradicted).or_else(|| stops().next())
    }

    /// Whether the next act is to bring the key of a signature that is there into the keyring.
    pub(crate) fn has_unknown_key_in(&self, role: Role) -> bool {
        self.signatures.iter().any(|one| one.role == Some(role) && one.is_by_unknown_key())
    }

    /// The signatures on the run whose keys the keyring does not have.
    pub fn by_unknown_keys(&self) -> impl Iterator<Item = (usize, &JudgedSignature)> {
        let asked = self.need() == Need::AcceptedKey;
        self.signatures.iter().enumerate().filter(move |(_, one)| asked && one.is_by_unknown_key())
    }
}

#[cfg(test)]
mod tests {
    use super::State::{Contradicted, Holds, InProgress, Open, Unchecked, Waiting, WouldHold};
    use super::*;
    use crate::fixture::{Files, files, judged, replaced, without};
    use crate::policy::Trust;

    #[test]
    fn the_rule() {
        let none = Facts::default();
        let cases = [
            ("nothing is there", none, Open),
            ("nothing is there, and somebody else is next", Facts { waits: true, ..none }, Open),
            ("some of it is there", Facts { begun: true, ..none }, InProgress),
            ("another's act is next", Facts { begun: true, waits: true, ..none }, Waiting),
            ("it holds on sand", Facts { holds: true, begun: true, ..none }, WouldHold),
            ("all holds", Facts { holds: true, below_holds: true, ..none }, Holds),
            ("not checkable", Facts { unchecked: true, begun: true, ..none }, Unchecked),
            (
                "a contradiction comes before anything else",
                Facts {
                    contradicted: true,
                    unchecked: true,
                    holds: true,
                    below_holds: true,
                    begun: true,
                    waits: true,
                },
                Contradicted,
            ),
        ];
        for (what, facts, state) in cases {
            assert_eq!(State::of(facts), state, "{what}");
        }
    }

    #[test]
    fn envelopes_levels_and_slots() {
        let whole = files();
        let unsigned = Files { run_signatures: None, manifest_signatures: None, ..files() };
        let by_operator =
            Files { run_signatures: without(&whole.run_signatures, "witness"), ..files() };
        let half = Files { manifest_signatures: None, ..files() };
        let altered = Files {
            run: replaced(&whole.run, "\"confidence_pct\"", "\"confidence_pct_\""),
            ..files()
        };
        let unreadable = Files { run_signatures: Some(b"{".to_vec()), ..files() };
        let other = Files {
            run_signatures: whole
                .run_signatures
                .as_deref()
                .map(|file| replaced(file, "\"role\": \"witness\"", "\"role\": \"reviewer\"")),
            ..files()
        };
        let (any, none) = (Trust::Embedded, Trust::Pinned);
        // What, its envelope, L2, L3, L4, L6, the slots of operator and witness, and the sentence.
        let cases = [
            (
                judged(&unsigned, any),
                Open,
                [Open, Open, Open, Open],
                [Open, Open],
                "L1. An operator and a witness are missing.",
            ),
            (
                judged(&by_operator, any),
                Waiting,
                [Holds, Open, Waiting, Open],
                [Holds, Waiting],
                "L2. A witness is missing.",
            ),
            (
                judged(&whole, any),
                WouldHold,
                [Holds, Open, WouldHold, Open],
                [Holds, Holds],
                "L2. The entry in the transparency log is missing.",
            ),
            (
                judged(&half, any),
                WouldHold,
                [InProgress, Open, WouldHold, Open],
                [WouldHold, WouldHold],
                "L1. The manifest is not signed yet.",
            ),
            (
                judged(&whole, none),
                InProgress,
                [InProgress, Open, InProgress, Open],
                [InProgress, InProgress],
                "L1. The keys of \"mira.k\" and \"witness-1\" are not in the keyring.",
            ),
            (
                judged(&unreadable, any),
                Unchecked,
                [Unchecked, Open, Open, Open],
                [Open, Open],
                "L1. The signature file of the run cannot be read: WHY.",
            ),
            (
                judged(&other, any),
                Waiting,
                [Holds, Open, Waiting, Open],
                [Holds, Waiting],
                "L2. A witness is missing.",
            ),
        ];
        for (verdict, state, levels, slots, sentence) in cases {
            let of = [Level::L2, Level::L3, Level::L4, Level::L6];
            assert_eq!(of.map(|level| verdict.level_state(level)), levels, "{sentence}");
            let found: Vec<State> = verdict.slots().iter().map(|slot| slot.state).collect();
            assert_eq!(found[..2], slots, "{sentence}");
            assert_eq!(verdict.state(), state, "{sentence}");
            match sentence.split_once("WHY") {
                Some((start, _)) => assert!(verdict.sentence().to_string().starts_with(start)),
                None => assert_eq!(verdict.sentence().to_string(), sentence),
            }
            // Nothing is contradicted, in whatever is missing.
            assert!(verdict.checks.iter().all(|check| check.state != Contradicted), "{sentence}");
        }
        let altered = judged(&altered, any);
        assert_eq!(altered.state(), Contradicted);
        assert_eq!(altered.level_state(Level::L0), Contradicted);
        let sentence = altered.sentence().to_string();
        assert!(sentence.starts_with("No level. The "), "{sentence}");
    }
}
