//! The state of a token's PIN, and what a failed login says of it.

use countersign_pkcs11_calls::sys::*;
use countersign_pkcs11_calls::{CallError, wide};
use secrecy::{ExposeSecret as _, SecretString};

use crate::pkcs11::protocol::PinAnswer;
use crate::pkcs11::token::PinState;

pub(super) fn pin_length(info: &CK_TOKEN_INFO) -> (u64, u64) {
    (wide(info.ulMinPinLen), wide(info.ulMaxPinLen))
}

pub(super) fn pin_state(info: &CK_TOKEN_INFO) -> PinState {
    let is = |flag| info.flags & flag != 0;
    if is(CKF_USER_PIN_LOCKED) {
        PinState::Locked
    } else if is(CKF_LOGIN_REQUIRED) && !is(CKF_USER_PIN_INITIALIZED) {
        PinState::NotSet
    } else if is(CKF_USER_PIN_FINAL_TRY) {
        PinState::FinalTry
    } else if is(CKF_USER_PIN_TO_BE_CHANGED) {
        PinState::ToBeChanged
    } else if is(CKF_USER_PIN_COUNT_LOW) {
        PinState::CountLow
    } else {
        PinState::Good
    }
}

/// Why a PIN is not even sent.
pub(super) fn unsent(
    info: &CK_TOKEN_INFO,
    pin: Option<&SecretString>,
    last_try: bool,
) -> Option<PinAnswer> {
    match pin_state(info) {
        PinState::Locked => return Some(PinAnswer::Locked),
        PinState::NotSet => return Some(PinAnswer::NotSet),
        PinState::FinalTry if !last_try => return Some(PinAnswer::FewerTries),
        PinState::ToBeChanged => return Some(PinAnswer::Expired),
        _ => {}
    }
    let (least, most) = pin_length(info);
    let length = pin?.expose_secret().len() as u64;
    // Some tell nothing, or nonsense.
    let told = most > 0 && least <= most;
    (told && !(least..=most).contains(&length)).then_some(PinAnswer::Length { least, most })
}

/// What a failed login says of the PIN; `None` if it failed for another reason.
pub(super) fn login_answer(error: CallError, after: Option<PinState>) -> Option<PinAnswer> {
    match error.rv {
        CKR_PIN_INCORRECT => Some(match after {
            Some(PinState::Locked) => PinAnswer::Locked,
            Some(PinState::FinalTry) => PinAnswer::WrongOneLeft,
            _ => PinAnswer::Wrong,
        }),
        CKR_PIN_LOCKED => Some(PinAnswer::Locked),
        CKR_PIN_EXPIRED => Some(PinAnswer::Expired),
        CKR_PIN_LEN_RANGE | CKR_PIN_INVALID => Some(PinAnswer::Refused),
        CKR_USER_PIN_NOT_INITIALIZED => Some(PinAnswer::NotSet),
        CKR_FUNCTION_CANCELED | CKR_CANCEL => Some(PinAnswer::BrokenOff),
        _ => None,
    }
}
