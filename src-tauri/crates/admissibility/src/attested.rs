//! What policy asks of the keys that sign, by what their attestations state: the requirement of each
//! role, and what of it a key lacks.
//!
//! | question | module |
//! |---|---|
//! | What can be required, and what is missing? | [`requirement`] |
//! | Which requirement does a role have, and does one policy ask for less than another? | here |
//! | Which advisories are known, and do they apply? | [`advisory`] |
//! | How is a requirement written on one line? | [`rule`] |
//!
//! Only what a verified attestation states counts ([`Facts`](crate::attestation::Facts)). What it does
//! not state meets no requirement.

pub mod advisory;
pub mod requirement;
pub mod rule;

use std::collections::BTreeMap;

use countersign_envelope::signature::Role;
use serde::{Deserialize, Serialize};

pub use advisory::Advisory;
pub use requirement::{Requirement, Unmet};
pub use rule::{Rule, RuleError};

use crate::attestation::AttestationFinding;
use crate::signatures::JudgedSignature;

/// The requirements of a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct AttestedPolicy {
    /// That of every role, in what the role does not have its own.
    pub all: Requirement,
    /// Those of single roles.
    pub roles: BTreeMap<Role, Requirement>,
}

impl AttestedPolicy {
    /// Whether it requires nothing of anyone.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.roles.values().all(Requirement::is_empty)
    }

    /// What it requires of the key of a signature in a role, or without one.
    pub fn of(&self, role: Option<Role>) -> Requirement {
        match role.and_then(|role| self.roles.get(&role)) {
            Some(own) => own.over(&self.all),
            None => self.all.clone(),
        }
    }

    /// What the key of a signature in a role lacks of it, by its attestation.
    pub fn unmet(
        &self,
        role: Option<Role>,
        attestation: Option<&AttestationFinding>,
    ) -> Vec<Unmet> {
        if self.is_empty() {
            return Vec::new();
        }
        let requirement = self.of(role);
        if requirement.is_empty() {
            return Vec::new();
        }
        match attestation.and_then(AttestationFinding::facts) {
            Some(facts) => requirement.unmet(&facts),
            None => vec![Unmet::NotAttested],
        }
    }

    /// Judges the keys of signatures by it.
    pub(crate) fn judge(&self, signatures: &mut [JudgedSignature]) {
        // What does not verify is by nobody's key.
        for one in signatures.iter_mut().filter(|one| one.verifies()) {
            one.unmet = self.unmet(one.role, one.attestation());
        }
    }

    /// Whether it asks for less than another of anyone.
    pub fn asks_less_than(&self, before: &Self) -> bool {
        let roles = Role::ALL.iter().copied().map(Some).chain([None]);
        roles.into_iter().any(|role| self.of(role).asks_less_than(&before.of(role)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::Firmware;

    #[test]
    fn a_role_has_its_own_requirement_and_the_rest_from_all() {
        let rules =
            ["firmware=5.7", "touch=always,cached", "witness:touch=always", "auditor:fips=yes"];
        let policy =
            rules.into_iter().map(|rule| rule.parse().unwrap()).collect::<AttestedPolicy>();
        let of = |role| policy.of(role).rules().join(" ");
        assert_eq!(of(Some(Role::Operator)), "firmware=5.7.0 touch=always,cached");
        assert_eq!(of(None), of(Some(Role::Operator)));
        assert_eq!(of(Some(Role::Witness)), "firmware=5.7.0 touch=always");
        assert_eq!(of(Some(Role::Auditor)), "firmware=5.7.0 touch=always,cached fips=yes");
    }

    #[test]
    fn a_policy_that_asks_less_of_any_role_is_known() {
        let of = |rules: &[&str]| -> AttestedPolicy {
            rules.iter().map(|rule| rule.parse().unwrap()).collect()
        };
        let none = of(&[]);
        let more = [
            ("firmware=5.4", "firmware=5.7"),
            ("pin=once,always", "pin=always"),
            ("witness:touch=always,cached", "witness:touch=always"),
            ("auditor:form-factor=usb-a-nano,usb-c-nano", "auditor:form-factor=usb-c-nano"),
            ("model=yubikey,tpm", "model=yubikey"),
        ];
        for (less, more) in more {
            let (less, more) = (of(&[less]), of(&[more]));
            assert!(less.asks_less_than(&more) && !more.asks_less_than(&less), "{less:?}");
            assert!(none.asks_less_than(&less) && !less.asks_less_than(&none), "{less:?}");
        }
        for flag in ["fips=yes", "generated=yes", "advisories=refuse"] {
            assert!(none.asks_less_than(&of(&[flag])) && !of(&[flag]).asks_less_than(&none));
        }
        // A role that has less of its own than all the others.
        let own = of(&["firmware=5.7", "operator:firmware=5.4"]);
        assert!(own.asks_less_than(&of(&["firmware=5.7"])));
        // Other values are neither more nor less: what counted does not count any more, and the
        // other way round.
        let (a, b) = (of(&["form-factor=usb-a-nano"]), of(&["form-factor=usb-c-nano"]));
        assert!(a.asks_less_than(&b) && b.asks_less_than(&a));
    }

    #[test]
    fn a_stored_policy_that_says_more_than_is_understood_is_refused() {
        let read = |text: &str| serde_json::from_str::<AttestedPolicy>(text);
        let policy = read(r#"{"all": {"firmware": "5.7"}, "roles": {"witness": {"fips": true}}}"#);
        let policy = policy.unwrap();
        assert_eq!(policy.all.firmware, Some(Firmware([5, 7, 0])));
        assert!(policy.of(Some(Role::Witness)).fips);
        assert_eq!(read(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
        assert_eq!(read("{}").unwrap(), AttestedPolicy::default());
        for wrong in [
            r#"{"all": {"colour": "red"}}"#,
            r#"{"all": {"firmware": "new"}}"#,
            r#"{"all": {"touch": ["sometimes"]}}"#,
            r#"{"all": {"touch": ["never"]}}"#,
            r#"{"roles": {"king": {}}}"#,
            r#"{"every": {}}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
