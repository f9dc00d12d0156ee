//! How single values are read from the command line.

use countersign_app::yubikey_setup::{NewKeyKind, NewPinPolicy, NewTouchPolicy};
use countersign_ceremony::signer_template::TemplateId;
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_signers::environment::is_variable_name;
use countersign_signers::piv::applet::KeyKind;
use countersign_signers::piv::token::{SlotId, parse_slot};

/// Default timeout of commands and modules, in seconds.
pub const TIMEOUT: u32 = 30;

/// A timeout in seconds.
pub fn timeout() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=600)
}

/// A digest as one person tells it to another.
pub fn digest(text: &str) -> Result<Digest, String> {
    let problem = "a digest has 64 hex digits, in groups of four or not";
    Digest::parse_spoken(text).ok_or_else(|| problem.to_owned())
}

/// An algorithm, with the reference's short name for HMAC too.
pub fn algorithm(text: &str) -> Result<Algorithm, String> {
    if text == "hmac" { Ok(Algorithm::HmacSha256) } else { text.parse() }
}

/// A template of a signer.
pub fn template(text: &str) -> Result<TemplateId, String> {
    text.parse()
}

/// A field of a template, with its value.
pub fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("give a field and its value as FIELD=VALUE")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// The name of a variable. What is refused is not repeated, since it may be a value.
pub fn variable_name(text: &str) -> Result<String, String> {
    match is_variable_name(text) {
        true => Ok(text.to_owned()),
        false => Err("give only the name of the variable, such as KRYOPTIC_CONF".to_owned()),
    }
}

/// The serial of a YubiKey.
pub fn serial(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "a serial is the digits that are on the YubiKey".to_owned())
}

/// A slot of a PIV card, as its number.
pub fn slot(text: &str) -> Result<u8, String> {
    slot_id(text).map(u8::from)
}

/// A slot of a PIV card.
pub fn slot_id(text: &str) -> Result<SlotId, String> {
    parse_slot(text).ok_or_else(|| "a slot is 9a, 9c, 9d, 9e or 82 to 95".to_owned())
}

/// A kind of key to generate, a weak one among them: that is refused with the reason.
pub fn new_key(text: &str) -> Result<KeyKind, String> {
    match text {
        "rsa-1024" => Ok(KeyKind::Rsa(1024)),
        other => other.parse::<NewKeyKind>().map(KeyKind::from),
    }
}

/// A PIN policy.
pub fn pin_policy(text: &str) -> Result<PinPolicy, String> {
    text.parse::<NewPinPolicy>().map(PinPolicy::from)
}

/// A touch policy.
pub fn touch_policy(text: &str) -> Result<TouchPolicy, String> {
    text.parse::<NewTouchPolicy>().map(TouchPolicy::from)
}
