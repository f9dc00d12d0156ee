//! What a YubiKey says of a key that it generated in a PIV slot: the extensions of the slot's
//! attestation certificate (Yubico, "PIV attestation").

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Words, words};
use x509_cert::der::Decode as _;

use super::certificate::Certificate;
use super::error::AttestationError;
use super::facts::{FormFactor, KeyType};
use super::statement::YubikeyStatement;
use super::yubico::{CSPN, FIPS, FIRMWARE, FORM_FACTOR, POLICY, SERIAL};

/// What the subject of every slot's attestation begins with; the slot follows, two hex digits.
const SUBJECT: &str = "YubiKey PIV Attestation ";

/// The subject of slot f9's certificate as it left the factory.
const DEVICE: &str = "Yubico PIV Attestation";

/// Whether a certificate has the name that Yubico gives those of slot f9.
pub(super) fn is_device(certificate: &Certificate) -> bool {
    certificate.common_name() == DEVICE
}

/// Refuses a certificate that a YubiKey made for the key in a slot as an issuer. Such a key signs
/// whatever its holder likes.
///
/// # Errors
/// Fails with [`AttestationError::SlotAsIssuer`] if it is one.
pub(super) fn check_not_of_slot(issuer: &Certificate) -> Result<(), AttestationError> {
    let name = issuer.common_name().to_lowercase();
    let is_named = name.starts_with(SUBJECT.trim_end().to_lowercase().as_str());
    match is_named || issuer.extension(POLICY).is_some() {
        true => Err(AttestationError::SlotAsIssuer { subject: issuer.subject() }),
        false => Ok(()),
    }
}

/// Whether a chain is that of the first firmware that attests: its root allows no authority below
/// itself (path length 0) and issued the certificate of slot f9 all the same.
pub(super) fn is_first_attesting(below: &[&Certificate], path: &[&Certificate]) -> bool {
    let (&[device, slot], &[root]) = (below, path) else { return false };
    let firmware = slot.extension(FIRMWARE);
    is_device(device)
        && firmware.is_some_and(|firmware| firmware.starts_with(&FIRST_ATTESTING))
        && root.path_length() == Some(0)
}

/// The first firmware that attests: 4.3.
const FIRST_ATTESTING: [u8; 2] = [4, 3];

/// The slot that a certificate is about, by its subject.
pub(super) fn slot_of(certificate: &Certificate) -> Option<u8> {
    let name = certificate.common_name();
    parse_slot(name.strip_prefix(SUBJECT)?)
}

/// A slot that holds a key to sign with: 9a, 9c, 9d, 9e or 82 to 95 (SP 800-73-4 part 1, table 4b).
pub(super) fn parse_slot(text: &str) -> Option<u8> {
    let is_hex = text.len() == 2 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let slot = u8::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
    matches!(slot, 0x9a | 0x9c | 0x9d | 0x9e | 0x82..=0x95).then_some(slot)
}

/// The certificates of slots among some, each with the one that issued it, as `yubico-piv-tool` writes
/// them.
///
/// # Errors
/// Fails with the first whose issuer is not among them.
pub(super) fn pairs(certificates: &[Certificate]) -> Result<Vec<KeyAttestation>, String> {
    let of_slot = |one: &&Certificate| slot_of(one).is_some();
    let mut pairs = Vec::new();
    for certificate in certificates.iter().filter(of_slot) {
        let issuer = certificate.issuer_among(certificates)?;
        let slot = slot_of(certificate).map(|slot| format!("{slot:02x}")).unwrap_or_default();
        let attestation = KeyAttestation::YubikeyPiv {
            slot,
            certificate: certificate.der().to_vec(),
            intermediate: issuer.der().to_vec(),
        };
        if !pairs.contains(&attestation) {
            pairs.push(attestation);
        }
    }
    Ok(pairs)
}

/// Reads the extensions of a slot's certificate.
///
/// # Errors
/// What is missing or has another form.
pub(super) fn statement(
    (slot, key): (u8, &PublicKey),
    certificate: &Certificate,
    intermediate: &Certificate,
    lacks_constraints: bool,
    path: &[&Certificate],
) -> Result<YubikeyStatement, Words> {
    let firmware =
        certificate.extension(FIRMWARE).ok_or_else(|| words!("attestation-no-firmware"))?;
    let serial = certificate.extension(SERIAL).map(u64::from_der).transpose();
    let policy = certificate.extension(POLICY).ok_or_else(|| words!("attestation-no-policy"))?;
    let &[pin, touch] = policy else { return Err(words!("attestation-policy-bytes")) };
    let form_factor = match certificate.extension(FORM_FACTOR) {
        None => None,
        Some(&[form]) => Some(FormFactor(form)),
        Some(_) => return Err(words!("attestation-form-byte")),
    };
    Ok(YubikeyStatement {
        slot,
        serial: serial.map_err(|_| words!("attestation-serial"))?,
        firmware: firmware.try_into().map_err(|_| words!("attestation-firmware-bytes"))?,
        pin: PinPolicy::of(pin),
        touch: TouchPolicy::of(touch),
        form_factor,
        key: KeyType::of(key),
        fips: intermediate.extension(FIPS).is_some(),
        cspn: intermediate.extension(CSPN).is_some(),
        lacks_constraints,
        exceeds_path_length: is_first_attesting(&[intermediate, certificate], path),
        root: path.last().copied().unwrap_or(intermediate).subject(),
    })
}
