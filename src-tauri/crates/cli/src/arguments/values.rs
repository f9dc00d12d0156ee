//! How single values are read from the command line.

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

/// A kind of key to generate, weak ones among them: those are refused with the reason.
pub fn new_key(text: &str) -> Result<KeyKind, String> {
    Ok(match text {
        "ecdsa-p256" => KeyKind::P256,
        "ecdsa-p384" => KeyKind::P384,
        "ed25519" => KeyKind::Ed25519,
        "rsa-1024" => KeyKind::Rsa(1024),
        "rsa-2048" => KeyKind::Rsa(2048),
        "rsa-3072" => KeyKind::Rsa(3072),
        "rsa-4096" => KeyKind::Rsa(4096),
        _ => {
            let known = "ecdsa-p256, ecdsa-p384, ed25519, rsa-2048, rsa-3072 or rsa-4096";
            return Err(format!("a YubiKey makes {known}"));
        }
    })
}

/// A PIN policy; what is refused is refused with the reason.
pub fn pin_policy(text: &str) -> Result<PinPolicy, String> {
    match text {
        "never" => Ok(PinPolicy::Never),
        "once" => Ok(PinPolicy::Once),
        "always" => Ok(PinPolicy::Always),
        _ => Err("a PIN policy is once or always".to_owned()),
    }
}

/// A touch policy.
pub fn touch_policy(text: &str) -> Result<TouchPolicy, String> {
    match text {
        "never" => Ok(TouchPolicy::Never),
        "cached" => Ok(TouchPolicy::Cached),
        "always" => Ok(TouchPolicy::Always),
        _ => Err("a touch policy is always, cached or never".to_owned()),
    }
}
