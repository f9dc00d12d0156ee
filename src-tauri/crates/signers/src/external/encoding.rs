//! The encodings of a signature that are taken: one line of base64 or base64url, with or without its
//! padding and Vault's `vault:v1:` before it, and for ECDSA DER or r and s side by side. Others that tools
//! print are recognised, so that the error can say how to have the tool print the right one.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD as BASE64};
use countersign_envelope::ml_dsa_key;
use countersign_envelope::signature::Algorithm;
use spki::der::{Decode as _, Encode as _, Header, SliceReader};

use crate::ecdsa;
use crate::error::external::{Encoding, Fault};

/// Fewest characters of a signature in hex digits. Base64 of a signature is never hex digits alone.
const MIN_HEX: usize = 64;

/// Base64 of either alphabet (RFC 4648 sections 4 and 5), with or without its padding.
const EITHER: [GeneralPurpose; 2] = {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
    [
        GeneralPurpose::new(&alphabet::STANDARD, config),
        GeneralPurpose::new(&alphabet::URL_SAFE, config),
    ]
};

/// The signature in what a command printed: exactly one line, with or without its end.
pub(super) fn signature_in(stdout: &[u8]) -> Result<Vec<u8>, Fault> {
    let text = std::str::from_utf8(stdout).map_err(|_| match stdout {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Fault::Encoding(Encoding::Utf16),
        _ => Fault::Encoding(Encoding::Binary),
    })?;
    if text.starts_with('\u{feff}') {
        return Err(Fault::Encoding(Encoding::ByteOrderMark));
    }
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.trim().is_empty() {
        return Err(Fault::NoOutput);
    }
    if let Some(encoding) = other_text(line) {
        return Err(Fault::Encoding(encoding));
    }
    if line.contains('\n') {
        return Err(Fault::ManyLines);
    }
    let line = without_version(line);
    let decoded = EITHER.iter().find_map(|base64| base64.decode(line).ok());
    decoded.filter(|signature| !signature.is_empty()).ok_or(Fault::NotBase64)
}

/// What follows the version of the key (`vault:v1:`) in a signature by Vault's transit engine.
fn without_version(line: &str) -> &str {
    let version = line.strip_prefix("vault:v").and_then(|rest| rest.split_once(':'));
    let number =
        |version: &str| !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    version.filter(|(version, _)| number(version)).map_or(line, |(_, signature)| signature)
}

/// A signature in the form of its algorithm: for ECDSA services give DER, or r and s side by side.
pub(super) fn in_form(algorithm: Algorithm, signature: Vec<u8>) -> Vec<u8> {
    let is_der = match algorithm {
        Algorithm::EcdsaP256Sha256 => p256::ecdsa::Signature::from_der(&signature).is_ok(),
        Algorithm::EcdsaP384Sha384 => p384::ecdsa::Signature::from_der(&signature).is_ok(),
        _ => true,
    };
    let converted = || ecdsa::der_of_r_s(algorithm, &signature);
    if is_der { None } else { converted() }.unwrap_or(signature)
}

/// The encoding of a text that is not base64 on one line.
fn other_text(text: &str) -> Option<Encoding> {
    let compact: String = text.split_whitespace().collect();
    if text.contains("-----BEGIN") {
        return Some(Encoding::Pem);
    }
    if text.trim_start().starts_with('{') {
        return Some(Encoding::Json);
    }
    if is_hex(&compact) {
        return Some(Encoding::Hex);
    }
    if BASE64.decode(compact.trim_matches('"')).is_ok() {
        return match text {
            _ if compact.starts_with('"') => Some(Encoding::Quoted),
            _ if text.contains('\n') => Some(Encoding::Wrapped),
            _ if compact != text => Some(Encoding::Spaces),
            _ => None,
        };
    }
    None
}

fn is_hex(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text).replace(':', "");
    digits.len() >= MIN_HEX
        && digits.len().is_multiple_of(2)
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a signature is that verifies under no form of the payload as it is, but would in another
/// encoding. `verifies` says whether one verifies under any.
pub(super) fn of_other(
    algorithm: Algorithm,
    signature: &[u8],
    verifies: impl Fn(&[u8]) -> bool,
) -> Option<Fault> {
    if let Ok(text) = std::str::from_utf8(signature)
        && !text.is_empty()
    {
        let text = text.trim();
        if is_hex(text) {
            return Some(Fault::Encoding(Encoding::HexInBase64));
        }
        if BASE64.decode(text).is_ok_and(|inner| verifies(&inner)) {
            return Some(Fault::Encoding(Encoding::Twice));
        }
    }
    let length = length(algorithm, signature)?;
    let (signature, rest) = signature.split_at_checked(length)?;
    (!rest.is_empty() && verifies(signature)).then_some(Fault::Trailing { bytes: rest.len() })
}

/// How long the signature at the beginning of these bytes is.
fn length(algorithm: Algorithm, bytes: &[u8]) -> Option<usize> {
    match algorithm {
        Algorithm::Ed25519 => Some(64),
        Algorithm::MlDsa65 => Some(ml_dsa_key::SIGNATURE),
        Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP384Sha384 => {
            let mut reader = SliceReader::new(bytes).ok()?;
            let header = Header::decode(&mut reader).ok()?;
            usize::try_from((header.encoded_len().ok()? + header.length()).ok()?).ok()
        }
        // As long as the modulus; those of 2048, 3072 and 4096 bits.
        _ => [512, 384, 256].into_iter().find(|length| bytes.len() > *length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The DER of two numbers that are each filled with one byte.
    fn der(bytes: usize) -> Vec<u8> {
        let number = [&[2, bytes as u8][..], &vec![7; bytes]].concat();
        [&[0x30, 2 * number.len() as u8][..], &number, &number].concat()
    }

    #[test]
    fn two_numbers_of_a_curve_become_der_and_nothing_else_does() {
        for (algorithm, bytes) in
            [(Algorithm::EcdsaP256Sha256, 32), (Algorithm::EcdsaP384Sha384, 48)]
        {
            assert_eq!(in_form(algorithm, vec![7; 2 * bytes]), der(bytes));
            assert_eq!(in_form(algorithm, der(bytes)), der(bytes));
            // One byte more or less, numbers of the other curve, none of the curve's, and no number.
            let other = if bytes == 32 { 96 } else { 64 };
            for wrong in [
                vec![7; 2 * bytes - 1],
                vec![7; 2 * bytes + 1],
                vec![7; other],
                vec![0xff; 2 * bytes],
                vec![0; 2 * bytes],
            ] {
                assert_eq!(in_form(algorithm, wrong.clone()), wrong);
            }
            // Those of a signature by another kind of key are no business of a curve.
            assert_eq!(in_form(Algorithm::Ed25519, vec![7; 64]), vec![7; 64]);
        }
    }

    /// By chance that is less than one in 2^40, and refused then: it does not verify.
    #[test]
    fn two_numbers_that_are_der_too_are_taken_for_der() {
        for (algorithm, bytes) in
            [(Algorithm::EcdsaP256Sha256, 32), (Algorithm::EcdsaP384Sha384, 48)]
        {
            let both = der(bytes - 3);
            assert_eq!(both.len(), 2 * bytes);
            assert!(ecdsa::der_of_r_s(algorithm, &both).is_some());
            assert_eq!(in_form(algorithm, both.clone()), both);
        }
    }

    #[test]
    fn a_signature_is_read_in_either_alphabet_and_behind_a_version_of_vault() {
        let signature = vec![0xfb, 0xff, 0xfe, 7];
        for line in [
            "+//+Bw==",
            "+//+Bw",
            "-__-Bw==",
            "-__-Bw\n",
            "vault:v1:+//+Bw==",
            "vault:v12:-__-Bw\r\n",
        ] {
            assert_eq!(signature_in(line.as_bytes()).ok(), Some(signature.clone()), "{line}");
        }
        for line in [
            "+__+Bw==",
            "vault:v:+//+Bw==",
            "vault:+//+Bw==",
            "vault:v1:",
            "vault:v1:vault:v1:+//+Bw==",
        ] {
            assert!(matches!(signature_in(line.as_bytes()), Err(Fault::NotBase64)), "{line}");
        }
    }
}
