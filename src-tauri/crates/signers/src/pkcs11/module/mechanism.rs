//! Mechanisms: what each is given to sign, and the form of what it gives.

use countersign_envelope::signature::Algorithm;
use countersign_pkcs11_calls::Mechanism as Ck;
use countersign_pkcs11_calls::sys::*;
use sha2::Digest as _;

use crate::ecdsa;
use crate::error::pkcs11::Fault;
use crate::pkcs11::token::Mechanism;

/// What a mechanism is given for a message: the message, its digest, or its DigestInfo (RFC 8017
/// section 9.2).
pub(super) fn input_of(mechanism: Mechanism, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    const SHA256_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    match mechanism {
        Mechanism::Ecdsa if algorithm == Algorithm::EcdsaP384Sha384 => {
            sha2::Sha384::digest(message).to_vec()
        }
        Mechanism::Ecdsa | Mechanism::RsaPkcsPss => sha2::Sha256::digest(message).to_vec(),
        Mechanism::RsaPkcs => [&SHA256_INFO[..], &sha2::Sha256::digest(message)].concat(),
        _ => message.to_vec(),
    }
}

/// A signature in the form of its algorithm: for ECDSA tokens give the two numbers, and DER is
/// wanted.
pub(super) fn in_form(algorithm: Algorithm, raw: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let length = raw.len();
    let formed = match algorithm {
        Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP384Sha384 => {
            ecdsa::der_of_r_s(algorithm, &raw)
        }
        Algorithm::Ed25519 => Some(raw).filter(|_| length == 64),
        Algorithm::HmacSha256 => Some(raw).filter(|_| length == 32),
        Algorithm::RsaPkcs1v15Sha256 | Algorithm::RsaPssSha256 => {
            Some(raw).filter(|_| (256..=512).contains(&length))
        }
        // No mechanism makes one.
        Algorithm::MlDsa65 => None,
    };
    formed.ok_or(Fault::Form { algorithm, length })
}

pub(super) const fn mechanism_type(mechanism: Mechanism) -> CK_MECHANISM_TYPE {
    match mechanism {
        Mechanism::Eddsa => CKM_EDDSA,
        Mechanism::Ecdsa => CKM_ECDSA,
        Mechanism::EcdsaSha256 => CKM_ECDSA_SHA256,
        Mechanism::EcdsaSha384 => CKM_ECDSA_SHA384,
        Mechanism::RsaPkcs => CKM_RSA_PKCS,
        Mechanism::Sha256RsaPkcs => CKM_SHA256_RSA_PKCS,
        Mechanism::RsaPkcsPss => CKM_RSA_PKCS_PSS,
        Mechanism::Sha256RsaPkcsPss => CKM_SHA256_RSA_PKCS_PSS,
        Mechanism::Sha256Hmac => CKM_SHA256_HMAC,
    }
}

/// A mechanism with the parameters that it is used with here.
pub(super) const fn way_of(mechanism: Mechanism) -> Ck {
    match mechanism {
        Mechanism::RsaPkcsPss | Mechanism::Sha256RsaPkcsPss => {
            Ck::PssSha256(mechanism_type(mechanism))
        }
        other => Ck::Plain(mechanism_type(other)),
    }
}
