//! A requirement on one line, for flags, scripts and the journal: `[ROLE:]FACT=VALUE[,VALUE…]`, such
//! as `firmware=5.7` or `witness:touch=always,cached`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use countersign_envelope::signature::Role;
use countersign_problem::Problem;

use super::{AttestedPolicy, Requirement};
use crate::attestation::NoFirmware;

/// The names of the facts, as a person reads them in a mistake.
const FACTS: &str = "model, firmware, pin, touch, form-factor, fips, generated, advisories";

/// One rule: what is required of one fact, of every role or of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Of which role; `None` for all.
    pub role: Option<Role>,
    /// Only the one fact is set.
    pub requirement: Requirement,
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "attested-rule")]
#[non_exhaustive]
pub enum RuleError {
    /// It has another form.
    #[arg(facts = FACTS)]
    Form {
        /// The text.
        rule: String,
    },
    /// It is about a role that is none.
    #[arg(roles = all(Role::ALL))]
    Role {
        /// What stands for one.
        role: String,
    },
    /// It is about something that no attestation is asked for.
    #[arg(facts = FACTS)]
    Fact {
        /// What stands for one.
        fact: String,
    },
    /// It asks for a value that there is not.
    Value {
        /// Of which fact.
        fact: &'static str,
        /// The value.
        value: String,
        /// Those that there are.
        values: String,
    },
    /// It asks for a firmware that is none.
    Firmware {
        /// The text.
        value: String,
    },
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (left, value) =
            text.split_once('=').ok_or_else(|| RuleError::Form { rule: text.to_owned() })?;
        let (role, fact) = match left.split_once(':') {
            None => (None, left),
            Some((role, fact)) => {
                let known = Role::parse(role);
                (Some(known.ok_or_else(|| RuleError::Role { role: role.to_owned() })?), fact)
            }
        };
        Ok(Self { role, requirement: requirement(fact, value)? })
    }
}

fn requirement(fact: &str, value: &str) -> Result<Requirement, RuleError> {
    use super::requirement::{PinAsked, TouchAsked};
    use crate::attestation::{Form, Model};
    let mut one = Requirement::default();
    match fact {
        "model" => one.model = set("model", value, Model::parse, Model::ALL)?,
        "firmware" => {
            let firmware = value
                .parse()
                .map_err(|_: NoFirmware| RuleError::Firmware { value: value.to_owned() });
            one.firmware = Some(firmware?);
        }
        "pin" => one.pin = set("pin", value, PinAsked::parse, PinAsked::ALL)?,
        "touch" => one.touch = set("touch", value, TouchAsked::parse, TouchAsked::ALL)?,
        "form-factor" => one.form_factor = set("form-factor", value, Form::parse, Form::ALL)?,
        "fips" => one.fips = word("fips", value, "yes")?,
        "generated" => one.generated = word("generated", value, "yes")?,
        "advisories" => one.refuse_advisories = word("advisories", value, "refuse")?,
        other => return Err(RuleError::Fact { fact: other.to_owned() }),
    }
    Ok(one)
}

fn set<T: Ord + Copy + fmt::Display>(
    fact: &'static str,
    text: &str,
    parse: fn(&str) -> Option<T>,
    known: &[T],
) -> Result<BTreeSet<T>, RuleError> {
    let values = || all(known);
    let one = |value: &str| {
        let wrong = || RuleError::Value { fact, value: value.to_owned(), values: values() };
        parse(value).ok_or_else(wrong)
    };
    text.split(',').map(one).collect()
}

/// The one word that a fact can have.
fn word(fact: &'static str, value: &str, known: &str) -> Result<bool, RuleError> {
    let wrong = || RuleError::Value { fact, value: value.to_owned(), values: known.to_owned() };
    if value == known { Ok(true) } else { Err(wrong()) }
}

fn all<T: fmt::Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Requirement {
    /// As rules, one for each fact.
    pub fn rules(&self) -> Vec<String> {
        fn set<T: fmt::Display>(fact: &str, values: &BTreeSet<T>) -> Option<String> {
            let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
            (!texts.is_empty()).then(|| format!("{fact}={}", texts.join(",")))
        }
        let flag = |is_set: bool, rule: &str| is_set.then(|| rule.to_owned());
        let rules = [
            set("model", &self.model),
            self.firmware.map(|least| format!("firmware={least}")),
            set("pin", &self.pin),
            set("touch", &self.touch),
            set("form-factor", &self.form_factor),
            flag(self.fips, "fips=yes"),
            flag(self.generated, "generated=yes"),
            flag(self.refuse_advisories, "advisories=refuse"),
        ];
        rules.into_iter().flatten().collect()
    }

    /// With what another one sets, in place of its own.
    fn set(&mut self, other: &Self) {
        *self = other.over(self);
    }
}

impl AttestedPolicy {
    /// As rules, those of all roles first.
    pub fn rules(&self) -> Vec<String> {
        let of_role = |(role, one): (&Role, &Requirement)| {
            one.rules().into_iter().map(|rule| format!("{role}:{rule}")).collect::<Vec<_>>()
        };
        self.all.rules().into_iter().chain(self.roles.iter().flat_map(of_role)).collect()
    }
}

/// Of two rules about one fact of one role, the later counts.
impl FromIterator<Rule> for AttestedPolicy {
    fn from_iter<T: IntoIterator<Item = Rule>>(rules: T) -> Self {
        let mut policy = Self::default();
        for Rule { role, requirement } in rules {
            match role {
                None => policy.all.set(&requirement),
                Some(role) => policy.roles.entry(role).or_default().set(&requirement),
            }
        }
        policy
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_is_no_rule_says_why() {
        let cases = [
            ("touch", "touch"),
            ("king:touch=always", "king"),
            ("colour=red", "colour"),
            ("touch=never", "always, cached"),
            ("touch=", "always, cached"),
            ("pin=once,", "match-once"),
            ("fips=no", "yes"),
            ("advisories=warn", "refuse"),
            ("firmware=new", "such as 5.7"),
        ];
        for (text, said) in cases {
            let error = text.parse::<Rule>().unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn of_two_rules_about_one_thing_the_later_counts() {
        let rules = ["firmware=5.7", "touch=always", "firmware=5.4", "witness:pin=once"];
        let policy: AttestedPolicy = rules.into_iter().map(|rule| rule.parse().unwrap()).collect();
        assert_eq!(policy.rules(), ["firmware=5.4.0", "touch=always", "witness:pin=once"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            chosen in proptest::collection::vec((0..5_usize, 0..12_usize), 0..12),
        ) {
            let texts = ["model=yubikey,tpm", "firmware=5.7.4", "firmware=0.0.1", "pin=once,always",
                "pin=match-once,match-always", "touch=always", "touch=always,cached",
                "form-factor=usb-a-keychain,usb-c-lightning", "fips=yes", "generated=yes",
                "advisories=refuse", "form-factor=usb-c-fingerprint"];
            let of_role = |at: usize| Role::ALL.get(at).map(|role| format!("{role}:"));
            let policy: AttestedPolicy = chosen
                .iter()
                .map(|(role, rule)| of_role(*role).unwrap_or_default() + texts[*rule])
                .map(|rule| rule.parse().unwrap())
                .collect();
            let again: AttestedPolicy =
                policy.rules().iter().map(|rule| rule.parse().unwrap()).collect();
            prop_assert_eq!(again, policy);
        }
    }
}
