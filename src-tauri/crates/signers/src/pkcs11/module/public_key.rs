//! The public half of a key, from the attributes that have it.

use countersign_envelope::public_key::PublicKey;
use spki::EncodePublicKey as _;
use x509_cert::Certificate;
use x509_cert::der::Encode as _;

pub(super) fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let number = |bytes: &[u8]| rsa::BoxedUint::from_be_slice_vartime(bytes);
    let key = rsa::PublicKey::new(number(modulus), number(exponent)).ok()?;
    Some(key.to_public_key_der().ok()?.as_bytes().to_vec())
}

/// The curves, as `CKA_EC_PARAMS` has them (PKCS #11 v3.1 sections 6.3.3 and 6.3.4, RFC 8410): an
/// OID, or for Edwards curves also a PrintableString.
pub(super) const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
pub(super) const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
pub(super) const P521: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
pub(super) const SECP256K1: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
pub(super) const ED25519: [&[u8]; 3] = [
    &[0x06, 0x03, 0x2b, 0x65, 0x70],
    b"\x13\x0cedwards25519",
    // GnuPG's, before RFC 8410.
    &[0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01],
];

pub(super) fn ec_key(parameters: &[u8], point: &[u8]) -> Option<Vec<u8>> {
    let der = if parameters == P256 {
        let point = point_of(point, &[65, 33])?;
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?.to_public_key_der()
    } else if parameters == P384 {
        let point = point_of(point, &[97, 49])?;
        p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?.to_public_key_der()
    } else if ED25519.contains(&parameters) {
        let point = point_of(point, &[32])?.try_into().ok()?;
        ed25519_dalek::VerifyingKey::from_bytes(point).ok()?.to_public_key_der()
    } else {
        return None;
    };
    Some(der.ok()?.as_bytes().to_vec())
}

/// A point as it is: the standard has it in a DER OCTET STRING, and some modules give it bare, or in
/// a BIT STRING.
fn point_of<'a>(written: &'a [u8], lengths: &[usize]) -> Option<&'a [u8]> {
    if lengths.contains(&written.len()) {
        return Some(written);
    }
    let inner = match written {
        [0x04, length, inner @ ..] if usize::from(*length) == inner.len() => inner,
        [0x03, length, 0x00, inner @ ..] if usize::from(*length) == inner.len() + 1 => inner,
        _ => return None,
    };
    lengths.contains(&inner.len()).then_some(inner)
}

pub(super) fn key_of(certificate: &Certificate) -> Option<Vec<u8>> {
    let info = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    PublicKey::from_der(&info).ok().map(|_| info)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_every_form_that_modules_give() {
        let signing = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = signing.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        let bare = ec_key(P256, &point).unwrap();
        let wrapped = [&[0x04, 65][..], &point].concat();
        let in_bits = [&[0x03, 66, 0][..], &point].concat();
        assert_eq!(ec_key(P256, &wrapped).unwrap(), bare);
        assert_eq!(ec_key(P256, &in_bits).unwrap(), bare);
        assert!(PublicKey::from_der(&bare).is_ok());
        assert!(ec_key(P384, &point).is_none() && ec_key(P256, &point[1..]).is_none());

        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).verifying_key();
        let wrapped = [&[0x04, 32][..], key.as_bytes()].concat();
        let ways: Vec<_> = ED25519.iter().map(|named| ec_key(named, &wrapped).unwrap()).collect();
        assert_eq!(ways[0], ec_key(ED25519[0], key.as_bytes()).unwrap());
        assert!(ways.iter().all(|way| *way == ways[0]));
    }
}
