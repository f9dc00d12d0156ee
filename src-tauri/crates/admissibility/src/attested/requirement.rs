//! What policy requires of a key, and what of it an attestation does not state, or states otherwise.

use std::collections::BTreeSet;

use countersign_envelope::vocabulary;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Value, Words, words};
use serde::{Deserialize, Serialize};

use super::advisory::{self, Advisory};
use crate::attestation::{Facts, Firmware, Form, FormFactor, Model};

vocabulary! {
    /// When a device asks for its PIN, if it is to count.
    PinAsked {
        /// Once a session.
        Once = "once",
        /// For every signature.
        Always = "always",
        /// Once a session; a fingerprint is as good.
        MatchOnce = "match-once",
        /// For every signature; a fingerprint is as good.
        MatchAlways = "match-always",
    }
}

vocabulary! {
    /// When a device asks to be touched, if it is to count.
    TouchAsked {
        /// For every signature.
        Always = "always",
        /// Unless it was touched in the last 15 seconds.
        Cached = "cached",
    }
}

impl PinAsked {
    fn of(policy: PinPolicy) -> Option<Self> {
        match policy {
            PinPolicy::Once => Some(Self::Once),
            PinPolicy::Always => Some(Self::Always),
            PinPolicy::MatchOnce => Some(Self::MatchOnce),
            PinPolicy::MatchAlways => Some(Self::MatchAlways),
            PinPolicy::Never | PinPolicy::Other(_) => None,
        }
    }

    fn words(self) -> Words {
        match self {
            Self::Once => words!("pin-once"),
            Self::Always => words!("pin-always"),
            Self::MatchOnce => words!("pin-match-once"),
            Self::MatchAlways => words!("pin-match-always"),
        }
    }
}

impl TouchAsked {
    fn of(policy: TouchPolicy) -> Option<Self> {
        match policy {
            TouchPolicy::Always => Some(Self::Always),
            TouchPolicy::Cached => Some(Self::Cached),
            TouchPolicy::Never | TouchPolicy::Other(_) => None,
        }
    }

    fn words(self) -> Words {
        match self {
            Self::Always => words!("touch-always"),
            Self::Cached => words!("touch-cached"),
        }
    }
}

/// What is required of a key. An empty set, `None` and `false` require nothing; of a set, one value is
/// enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct Requirement {
    /// What may hold it.
    pub model: BTreeSet<Model>,
    /// The least firmware.
    #[cfg_attr(feature = "typescript", specta(type = Option<String>))]
    pub firmware: Option<Firmware>,
    /// When the PIN may be asked for.
    pub pin: BTreeSet<PinAsked>,
    /// When a touch may be asked for.
    pub touch: BTreeSet<TouchAsked>,
    /// What the device may look like.
    pub form_factor: BTreeSet<Form>,
    /// Whether the device has to be certified by FIPS.
    pub fips: bool,
    /// Whether the key has to be generated on the device.
    pub generated: bool,
    /// Whether no known advisory may apply to it.
    pub refuse_advisories: bool,
}

/// What of a requirement a key lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// No attestation proves anything of it.
    NotAttested,
    /// Something else holds it.
    Model(Model, BTreeSet<Model>),
    /// The firmware is older, or not stated.
    Firmware(Option<Firmware>, Firmware),
    /// The PIN is asked for at other times, or that is not stated.
    Pin(Option<PinPolicy>, BTreeSet<PinAsked>),
    /// A touch is asked for at other times, or that is not stated.
    Touch(Option<TouchPolicy>, BTreeSet<TouchAsked>),
    /// The device looks otherwise, or that is not stated.
    FormFactor(Option<FormFactor>, BTreeSet<Form>),
    /// The device is not certified by FIPS, or that is not stated.
    Fips(Option<bool>),
    /// The key was not generated on the device, or that is not stated.
    Generated(Option<bool>),
    /// An advisory applies; `false` where the attestation does not state what tells that.
    Advisory(&'static Advisory, bool),
}

impl Requirement {
    /// Whether it requires nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This one, with what it leaves open as another has it.
    pub fn over(&self, all: &Self) -> Self {
        fn set<T: Clone>(own: &BTreeSet<T>, all: &BTreeSet<T>) -> BTreeSet<T> {
            if own.is_empty() { all.clone() } else { own.clone() }
        }
        Self {
            model: set(&self.model, &all.model),
            firmware: self.firmware.or(all.firmware),
            pin: set(&self.pin, &all.pin),
            touch: set(&self.touch, &all.touch),
            form_factor: set(&self.form_factor, &all.form_factor),
            fips: self.fips || all.fips,
            generated: self.generated || all.generated,
            refuse_advisories: self.refuse_advisories || all.refuse_advisories,
        }
    }

    /// Both this one and another, which only adds to it: of values that the two have not in common,
    /// this one's stay.
    pub fn and(&self, more: &Self) -> Self {
        fn common<T: Clone + Ord>(own: &BTreeSet<T>, more: &BTreeSet<T>) -> BTreeSet<T> {
            match own & more {
                common if !common.is_empty() => common,
                _ if own.is_empty() => more.clone(),
                _ => own.clone(),
            }
        }
        Self {
            model: common(&self.model, &more.model),
            firmware: self.firmware.max(more.firmware),
            pin: common(&self.pin, &more.pin),
            touch: common(&self.touch, &more.touch),
            form_factor: common(&self.form_factor, &more.form_factor),
            fips: self.fips || more.fips,
            generated: self.generated || more.generated,
            refuse_advisories: self.refuse_advisories || more.refuse_advisories,
        }
    }

    /// Whether it asks for less than another in anything.
    pub fn asks_less_than(&self, before: &Self) -> bool {
        fn less<T: Ord>(now: &BTreeSet<T>, before: &BTreeSet<T>) -> bool {
            !before.is_empty() && (now.is_empty() || !now.is_subset(before))
        }
        less(&self.model, &before.model)
            || self.firmware < before.firmware
            || less(&self.pin, &before.pin)
            || less(&self.touch, &before.touch)
            || less(&self.form_factor, &before.form_factor)
            || (before.fips && !self.fips)
            || (before.generated && !self.generated)
            || (before.refuse_advisories && !self.refuse_advisories)
    }

    /// What a key lacks of it.
    pub fn unmet(&self, facts: &Facts) -> Vec<Unmet> {
        /// Whether a fact is not among those wanted. One that is not stated never is.
        fn lacks<T: Ord>(wanted: &BTreeSet<T>, found: Option<T>) -> bool {
            !wanted.is_empty() && found.is_none_or(|found| !wanted.contains(&found))
        }
        let Facts { model, firmware, pin, touch, form, fips, generated, .. } = *facts;
        let mut unmet = Vec::new();
        if lacks(&self.model, Some(model)) {
            unmet.push(Unmet::Model(model, self.model.clone()));
        }
        if let Some(least) = self.firmware.filter(|least| firmware.is_none_or(|it| it < *least)) {
            unmet.push(Unmet::Firmware(firmware, least));
        }
        if lacks(&self.pin, pin.and_then(PinAsked::of)) {
            unmet.push(Unmet::Pin(pin, self.pin.clone()));
        }
        if lacks(&self.touch, touch.and_then(TouchAsked::of)) {
            unmet.push(Unmet::Touch(touch, self.touch.clone()));
        }
        if lacks(&self.form_factor, form.and_then(FormFactor::form)) {
            unmet.push(Unmet::FormFactor(form, self.form_factor.clone()));
        }
        if self.fips && fips != Some(true) {
            unmet.push(Unmet::Fips(fips));
        }
        if self.generated && generated != Some(true) {
            unmet.push(Unmet::Generated(generated));
        }
        if self.refuse_advisories {
            let applying = advisory::KNOWN.iter().map(|one| (one, one.applies(facts)));
            unmet.extend(applying.filter_map(|(one, applies)| match applies {
                Some(false) => None,
                applies => Some(Unmet::Advisory(one, applies.is_some())),
            }));
        }
        unmet
    }

    /// What it requires: `firmware 5.7.0 or later, touch always or cached`; empty if that is nothing.
    pub fn words(&self) -> Words {
        let set = |words: Option<Words>, to: fn(Words) -> Words| words.map(to);
        let model = set(any_of(&self.model, |it| it.words()), |any| words!("requires-model", any));
        let firmware = self.firmware.map(|least| words!("requires-firmware", %least));
        let pin = set(any_of(&self.pin, |it| it.words()), |any| words!("requires-pin", any));
        let touch = set(any_of(&self.touch, |it| it.words()), |any| words!("requires-touch", any));
        let form = any_of(&self.form_factor, |it| it.words());
        let form = set(form, |any| words!("requires-form", any));
        let fips = self.fips.then(|| words!("requires-fips"));
        let generated = self.generated.then(|| words!("requires-generated"));
        let advisories = self.refuse_advisories.then(|| words!("requires-no-advisory"));
        let all = [model, firmware, pin, touch, form, fips, generated, advisories];
        let all = all.into_iter().flatten();
        all.reduce(|rest, next| words!("list-more", rest, next)).unwrap_or_default()
    }
}

/// One of several values, in words; `None` if there is none.
fn any_of<T: Copy>(values: &BTreeSet<T>, words: impl Fn(T) -> Words) -> Option<Words> {
    let all = values.iter().map(|value| words(*value));
    all.reduce(|rest, next| words!("list-or", rest, next))
}

impl Unmet {
    /// What is missing, as a clause: `the touch policy is never and the policy requires touch
    /// (always)`.
    pub fn words(&self) -> Words {
        fn found(value: Option<impl Into<Value>>) -> Value {
            value.map_or(Value::None, Into::into)
        }
        fn wanted<T: Copy>(values: &BTreeSet<T>, words: impl Fn(T) -> Words) -> Words {
            any_of(values, words).unwrap_or_default()
        }
        let stated = |fact: &Option<bool>| fact.is_some();
        match self {
            Self::NotAttested => words!("unmet-not-attested"),
            Self::Model(model, of) => {
                let wanted = wanted(of, |it| it.words());
                words!("unmet-model", found = model.words(), wanted)
            }
            Self::Firmware(firmware, least) => {
                words!("unmet-firmware", found = found(firmware.as_ref().map(ToString::to_string)), %least)
            }
            Self::Pin(pin, of) => {
                let wanted = wanted(of, |it| it.words());
                words!("unmet-pin", found = found(pin.map(|it| it.words())), wanted)
            }
            Self::Touch(touch, of) => {
                let wanted = wanted(of, |it| it.words());
                words!("unmet-touch", found = found(touch.map(|it| it.words())), wanted)
            }
            Self::FormFactor(form, of) => {
                let wanted = wanted(of, |it| it.words());
                match form {
                    Some(form) => words!("unmet-form", found = form.words(), wanted),
                    None => words!("unmet-form-not-stated", wanted),
                }
            }
            Self::Fips(fips) => words!("unmet-fips", stated = stated(fips)),
            Self::Generated(generated) => words!("unmet-generated", stated = stated(generated)),
            Self::Advisory(advisory, applies) => {
                words!("unmet-advisory", name = advisory.label(), applies = *applies)
            }
        }
    }

    /// Several of them, as one clause.
    pub fn all_in_words(unmet: &[Self]) -> Words {
        let all = unmet.iter().map(Self::words);
        all.reduce(|rest, next| words!("list-also", rest, next)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::KeyType;

    /// What a YubiKey 5C of the FIPS series states.
    const YUBIKEY: Facts = Facts {
        model: Model::Yubikey,
        firmware: Some(Firmware([5, 4, 3])),
        pin: Some(PinPolicy::Once),
        touch: Some(TouchPolicy::Cached),
        form: Some(FormFactor(0x83)),
        fips: Some(true),
        generated: Some(true),
        key: KeyType::Ecdsa,
    };
    /// What an attestation states that leaves out all that can be left out.
    const SILENT: Facts = Facts {
        firmware: None,
        pin: None,
        touch: None,
        form: None,
        fips: None,
        generated: None,
        ..YUBIKEY
    };

    fn unmet(rule: &str, facts: &Facts) -> Vec<String> {
        let policy: super::super::AttestedPolicy = [rule.parse().unwrap()].into_iter().collect();
        policy.all.unmet(facts).iter().map(|one| one.words().to_string()).collect()
    }

    /// Every rule on either side: met, not met, and not stated.
    #[test]
    fn every_rule_is_met_or_says_what_is_missing() {
        let f = |change: fn(&mut Facts)| {
            let mut facts = YUBIKEY;
            change(&mut facts);
            facts
        };
        let no_fips = f(|it| it.fips = Some(false));
        let imported = f(|it| it.generated = Some(false));
        let no_touch = f(|it| it.touch = Some(TouchPolicy::Never));
        let odd_touch = f(|it| it.touch = Some(TouchPolicy::Other(9)));
        let no_pin = f(|it| it.pin = Some(PinPolicy::Never));
        let bio = f(|it| it.pin = Some(PinPolicy::MatchAlways));
        let odd_form = f(|it| it.form = Some(FormFactor(0x3e)));
        let tpm = Facts { model: Model::Tpm, ..SILENT };
        let new = f(|it| it.firmware = Some(Firmware([5, 7, 0])));
        let hsm = Facts { model: Model::Yubihsm, ..tpm };
        let cases: [(&str, &Facts, &str); 29] = [
            ("model=yubikey", &YUBIKEY, ""),
            ("model=yubihsm", &hsm, ""),
            ("model=yubikey", &hsm, "the model is YubiHSM 2 and the policy requires YubiKey"),
            ("model=yubikey,tpm", &tpm, ""),
            ("model=yubikey", &tpm, "the model is TPM 2.0 and the policy requires YubiKey"),
            ("firmware=5.4.3", &YUBIKEY, ""),
            (
                "firmware=5.7",
                &YUBIKEY,
                "the firmware is 5.4.3 and the policy requires 5.7.0 or later",
            ),
            (
                "firmware=4",
                &SILENT,
                "the firmware is not stated and the policy requires 4.0.0 or later",
            ),
            ("pin=once,always", &YUBIKEY, ""),
            ("pin=match-always", &bio, ""),
            (
                "pin=always",
                &bio,
                "the PIN policy is match always and the policy requires the PIN (always)",
            ),
            (
                "pin=once,always",
                &no_pin,
                "the PIN policy is never and the policy requires the PIN (once or always)",
            ),
            (
                "pin=once",
                &SILENT,
                "the PIN policy is not stated and the policy requires the PIN (once)",
            ),
            ("touch=cached", &YUBIKEY, ""),
            (
                "touch=always",
                &YUBIKEY,
                "the touch policy is cached and the policy requires touch (always)",
            ),
            (
                "touch=always,cached",
                &no_touch,
                "the touch policy is never and the policy requires touch (always or cached)",
            ),
            (
                "touch=always,cached",
                &odd_touch,
                "the touch policy is policy 9 and the policy requires touch (always or cached)",
            ),
            (
                "touch=always,cached",
                &SILENT,
                "the touch policy is not stated and the policy requires touch (always or cached)",
            ),
            ("form-factor=usb-c-keychain", &YUBIKEY, ""),
            (
                "form-factor=usb-a-nano",
                &YUBIKEY,
                "the form factor is USB-C keychain and the policy requires USB-A nano",
            ),
            (
                "form-factor=usb-a-nano",
                &odd_form,
                "the form factor is form factor 62 and the policy requires USB-A nano",
            ),
            (
                "form-factor=usb-a-nano",
                &SILENT,
                "the form factor is not stated and the policy requires USB-A nano",
            ),
            ("fips=yes", &YUBIKEY, ""),
            (
                "fips=yes",
                &no_fips,
                "the device is not certified by FIPS and the policy requires that",
            ),
            (
                "fips=yes",
                &SILENT,
                "whether the device is certified by FIPS is not stated and the policy requires that",
            ),
            ("generated=yes", &YUBIKEY, ""),
            (
                "generated=yes",
                &imported,
                "the key was not generated on the device and the policy requires that",
            ),
            (
                "generated=yes",
                &SILENT,
                "whether the key was generated on the device is not stated and the policy requires that",
            ),
            ("advisories=refuse", &new, ""),
        ];
        for (rule, facts, wanted) in cases {
            let wanted: Vec<&str> = Some(wanted).filter(|it| !it.is_empty()).into_iter().collect();
            assert_eq!(unmet(rule, facts), wanted, "{rule}");
        }
        let refused = "YSA-2024-03 (EUCLEAK) applies and the policy refuses keys with an advisory";
        assert_eq!(unmet("advisories=refuse", &YUBIKEY), [refused]);
        let open = "whether YSA-2024-03 (EUCLEAK) applies is not stated and the policy refuses keys \
                    with an advisory";
        assert_eq!(unmet("advisories=refuse", &SILENT), [open]);
    }

    #[test]
    fn a_requirement_is_told_in_words() {
        let rules = [
            "model=yubikey",
            "firmware=5.7",
            "pin=always",
            "touch=always,cached",
            "form-factor=usb-a-nano",
            "fips=yes",
            "generated=yes",
            "advisories=refuse",
        ];
        let policy: super::super::AttestedPolicy =
            rules.into_iter().map(|rule| rule.parse().unwrap()).collect();
        assert_eq!(
            policy.all.words().to_string(),
            "YubiKey, firmware 5.7.0 or later, PIN always, touch always or cached, form factor \
             USB-A nano, certified by FIPS, generated on the device, no known advisory"
        );
        assert_eq!(Requirement::default().words(), Words::default());
    }
}
