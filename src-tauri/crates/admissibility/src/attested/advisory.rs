//! Known advisories about the keys of devices that attest them, as dated data. They are those known
//! when this version was made: a later one is not among them.

use countersign_problem::{Words, words};

use crate::attestation::{Facts, Firmware, Form, KeyType, Model};

/// An advisory.
#[derive(Debug, PartialEq, Eq)]
pub struct Advisory {
    /// Its id, as its publisher gives it.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Its id among the Common Vulnerabilities and Exposures.
    pub cve: &'static str,
    /// When it was published.
    pub date: &'static str,
    /// Where.
    pub source: &'static str,
    /// Which of their keys.
    keys: &'static [KeyType],
    /// Which devices.
    affected: &'static [Affected],
    /// What can be done to a key.
    harm: Harm,
}

/// The devices of a model with firmware of a range.
#[derive(Debug, PartialEq, Eq)]
struct Affected {
    model: Model,
    from: Firmware,
    /// The first that is not affected any more.
    before: Firmware,
    /// Only devices of these forms; all if there is none.
    forms: &'static [Form],
}

/// What can be done to a key.
#[derive(Debug, PartialEq, Eq)]
enum Harm {
    /// It can be computed from the public key.
    Computed,
    /// It can be taken out of the device with equipment.
    Extracted,
}

/// Every known advisory, by date.
pub const KNOWN: &[Advisory] = &[
    Advisory {
        id: "YSA-2017-01",
        name: "ROCA",
        cve: "CVE-2017-15361",
        date: "2017-10-16",
        source: "https://www.yubico.com/support/security-advisories/ysa-2017-01/",
        keys: &[KeyType::Rsa],
        affected: &[Affected {
            model: Model::Yubikey,
            from: Firmware([4, 2, 6]),
            before: Firmware([4, 3, 5]),
            forms: &[],
        }],
        harm: Harm::Computed,
    },
    Advisory {
        id: "YSA-2024-03",
        name: "EUCLEAK",
        cve: "CVE-2024-45678",
        date: "2024-09-03",
        source: "https://www.yubico.com/support/security-advisories/ysa-2024-03/",
        keys: &[KeyType::Ecdsa],
        affected: &[
            Affected {
                model: Model::Yubikey,
                from: Firmware([0, 0, 0]),
                before: Firmware([5, 7, 0]),
                forms: &[],
            },
            Affected {
                model: Model::Yubihsm,
                from: Firmware([0, 0, 0]),
                before: Firmware([2, 4, 0]),
                forms: &[],
            },
            Affected {
                model: Model::Yubikey,
                from: Firmware([5, 7, 0]),
                before: Firmware([5, 7, 2]),
                forms: &[Form::UsbAFingerprint, Form::UsbCFingerprint],
            },
        ],
        harm: Harm::Extracted,
    },
];

impl Advisory {
    /// Whether it applies to a key; `None` if what is stated of the key does not tell.
    pub fn applies(&self, facts: &Facts) -> Option<bool> {
        let of_model = || self.affected.iter().filter(|one| one.model == facts.model);
        if !self.keys.contains(&facts.key) || of_model().next().is_none() {
            return Some(false);
        }
        let firmware = facts.firmware?;
        let is_in = |one: &&Affected| (one.from..one.before).contains(&firmware);
        let forms = of_model().find(is_in).map(|one| one.forms);
        match forms {
            None => Some(false),
            Some([]) => Some(true),
            Some(forms) => Some(forms.contains(&facts.form?.form()?)),
        }
    }

    /// Those that apply to a key.
    pub fn of(facts: &Facts) -> impl Iterator<Item = &'static Self> {
        KNOWN.iter().filter(|one| one.applies(facts) == Some(true))
    }

    /// Its id with its name.
    pub fn label(&self) -> String {
        format!("{} ({})", self.id, self.name)
    }

    /// What it says, as a clause: `YSA-2024-03 (EUCLEAK, CVE-2024-45678, 2024-09-03) applies: …`.
    pub fn words(&self) -> Words {
        let Self { id, name, cve, date, .. } = *self;
        let harm = match self.harm {
            Harm::Computed => words!("advisory-computed"),
            Harm::Extracted => words!("advisory-extracted"),
        };
        words!("advisory-applies", id, name, cve, date, harm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::FormFactor;

    fn applying(key: KeyType, firmware: [u8; 3], form: Option<u8>) -> Vec<&'static str> {
        applying_to(Model::Yubikey, key, firmware, form)
    }

    fn applying_to(
        model: Model,
        key: KeyType,
        firmware: [u8; 3],
        form: Option<u8>,
    ) -> Vec<&'static str> {
        let facts = Facts {
            model,
            firmware: Some(Firmware(firmware)),
            pin: None,
            touch: None,
            form: form.map(FormFactor),
            fips: None,
            generated: Some(true),
            key,
        };
        Advisory::of(&facts).map(|one| one.id).collect()
    }

    #[test]
    fn advisories_apply_to_their_firmware_and_keys_alone() {
        let (roca, leak) = (["YSA-2017-01"], ["YSA-2024-03"]);
        let none: [&str; 0] = [];
        assert_eq!(applying(KeyType::Rsa, [4, 2, 5], None), none);
        assert_eq!(applying(KeyType::Rsa, [4, 2, 6], None), roca);
        assert_eq!(applying(KeyType::Rsa, [4, 3, 4], None), roca);
        assert_eq!(applying(KeyType::Rsa, [4, 3, 5], None), none);
        assert_eq!(applying(KeyType::Rsa, [5, 4, 3], None), none);
        assert_eq!(applying(KeyType::Ecdsa, [4, 3, 4], None), leak);
        assert_eq!(applying(KeyType::Ecdsa, [5, 6, 255], Some(3)), leak);
        assert_eq!(applying(KeyType::Ecdsa, [5, 7, 0], Some(3)), none);
        assert_eq!(applying(KeyType::Ed25519, [5, 4, 3], None), none);
        // A Bio is affected up to 5.7.1. A firmware in between without a form is not known to be.
        assert_eq!(applying(KeyType::Ecdsa, [5, 7, 1], Some(6)), leak);
        assert_eq!(applying(KeyType::Ecdsa, [5, 7, 2], Some(6)), none);
        assert_eq!(applying(KeyType::Ecdsa, [5, 7, 1], None), none);
        let hsm = |key, firmware| applying_to(Model::Yubihsm, key, firmware, None);
        assert_eq!(hsm(KeyType::Ecdsa, [2, 3, 2]), leak);
        assert_eq!(hsm(KeyType::Ecdsa, [2, 4, 0]), none);
        assert_eq!(hsm(KeyType::Rsa, [2, 2, 0]), none);
        assert_eq!(applying_to(Model::Tpm, KeyType::Ecdsa, [0, 0, 1], None), none);
    }

    #[test]
    fn the_data_are_in_order_and_dated() {
        let dates: Vec<&str> = KNOWN.iter().map(|one| one.date).collect();
        assert!(dates.is_sorted(), "{dates:?}");
        for one in KNOWN {
            let at = format!("{}T00:00:00Z", one.date);
            assert!(countersign_envelope::instant::Instant::parse(&at).is_some(), "{at}");
            assert!(one.source.starts_with("https://"));
        }
    }
}
