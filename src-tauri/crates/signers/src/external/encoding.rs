//! The one encoding of a signature that is taken, and those that tools print instead. None of them
//! is converted: each is recognised, so that the error can say how to have the tool print the right
//! one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD as BASE64, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countersign_envelope::ml_dsa_key;
use countersign_envelope::signature::Algorithm;
use spki::der::{Decode as _, Encode as _, Header, SliceReader};

use crate::ecdsa;
use crate::error::external::{Encoding, Fault};

/// Fewest characters of a signature in hex digits. Base64 of a signature is never hex digits alone.
const MIN_HEX: usize = 64;

/// The signature in what a command printed: exactly one line of base64, with or without its end.
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
    BASE64.decode(line).map_err(|_| Fault::NotBase64)
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
    if compact.starts_with("vault:v") {
        return Some(Encoding::Vault);
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
    let unpadded = compact.trim_end_matches('=');
    if URL_SAFE_NO_PAD.decode(unpadded).is_ok() || STANDARD_NO_PAD.decode(unpadded).is_ok() {
        return Some(Encoding::Base64Url);
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
    if ecdsa::der_of_r_s(algorithm, signature).is_some_and(|der| verifies(&der)) {
        return Some(Fault::RawEcdsa { bytes: signature.len() });
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
