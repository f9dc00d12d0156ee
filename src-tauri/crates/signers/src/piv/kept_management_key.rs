//! The management key on the card itself, protected by the PIN, where `ykman` and `yubico-piv-tool`
//! keep it too (yubikey-manager, "PIV-manager data"): whoever has card and PIN need not write it down.
//!
//! The key is in the printed information object, which the card gives only after the PIN (SP 800-73-4
//! part 1 table 2): `88 { 89 key }`. An object of Yubico's says that it is there: `80 { 81 flags … }`.

use countersign_problem::words;
use zeroize::Zeroizing;

use super::applet::{Applet, object, objects, value_of};
use super::management_key::{ManagementAlgorithm, ManagementKey};
use crate::error::piv::CardError;
use crate::error::setup::SetupFault;

/// The printed information object (SP 800-73-4 part 1 table 3).
const PRINTED: [u8; 3] = [0x5F, 0xC1, 0x09];
/// Yubico's object about how a card is managed.
const ADMIN: [u8; 3] = [0x5F, 0xFF, 0x00];

const PROTECTED: u8 = 0x88;
const KEY: u8 = 0x89;
const MANAGED: u8 = 0x80;
const FLAGS: u8 = 0x81;
/// What the management key is derived from with the PIN, as an old program did.
const SALT: u8 = 0x82;
/// The flag that the key is kept.
const KEPT: u8 = 0x02;

/// Whether the card says that it keeps its management key. Needs no PIN.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn is_kept(applet: Applet<'_>) -> Result<bool, CardError> {
    let admin = applet.content(ADMIN)?;
    let flags = admin.as_deref().map(Vec::as_slice).and_then(flags).unwrap_or_default();
    Ok(flags & KEPT != 0)
}

/// The management key that the card keeps, after the PIN; `None` if it keeps none of this algorithm,
/// whether or not it says so.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn read(
    applet: Applet<'_>,
    algorithm: ManagementAlgorithm,
) -> Result<Option<ManagementKey>, CardError> {
    let printed = applet.content(PRINTED)?;
    let protected = printed.as_deref().and_then(|printed| value_of(printed, PROTECTED));
    let key = protected.and_then(|protected| value_of(protected, KEY));
    Ok(key.and_then(|key| ManagementKey::of(algorithm, key)))
}

/// Keeps a management key, before the card has it: if the card goes in between, none is lost. Needs
/// the PIN and the management key before.
///
/// # Errors
/// Fails if something else is in its place, or the card cannot be reached.
pub fn keep(applet: Applet<'_>, key: &ManagementKey) -> Result<(), SetupFault> {
    check_free(applet)?;
    let inner = Zeroizing::new(object(KEY, key.bytes())?);
    let protected = Zeroizing::new(object(PROTECTED, &inner)?);
    applet.put_content(PRINTED, &protected)?;
    let read = read(applet, key.algorithm())?;
    match read.is_some_and(|read| read.bytes() == key.bytes()) {
        true => Ok(()),
        false => Err(CardError::Garbage(words!("card-answer-not-stored")).into()),
    }
}

/// Checks that nothing but a management key is where it is to be kept.
///
/// # Errors
/// Fails if something is, or the card cannot be reached.
pub fn check_free(applet: Applet<'_>) -> Result<(), SetupFault> {
    match applet.content(PRINTED)? {
        Some(printed) if value_of(&printed, PROTECTED).is_none() => Err(SetupFault::PrintedInUse),
        _ => Ok(()),
    }
}

/// Has the card say that it keeps its management key. Needs that key.
///
/// # Errors
/// Fails if the card refuses or cannot be reached.
pub fn say_so(applet: Applet<'_>) -> Result<(), CardError> {
    let admin = applet.content(ADMIN)?;
    let admin = admin.as_deref().map(Vec::as_slice).unwrap_or_default();
    let managed = value_of(admin, MANAGED).unwrap_or_default();
    let flags = flags(admin).unwrap_or_default() | KEPT;
    let mut all = object(FLAGS, &[flags])?;
    for (tag, value) in objects(managed) {
        // A random key is derived from nothing.
        if tag != FLAGS && tag != SALT {
            all.extend(object(tag, value)?);
        }
    }
    applet.put_content(ADMIN, &object(MANAGED, &all)?)
}

fn flags(admin: &[u8]) -> Option<u8> {
    match value_of(value_of(admin, MANAGED)?, FLAGS)? {
        [flags] => Some(*flags),
        _ => None,
    }
}
