//! The two numbers of an ECDSA signature, as tokens, agents and cloud services give them, in the form
//! that signatures have here.

use countersign_envelope::signature::Algorithm;

/// The DER (RFC 3279 section 2.2.3) of an ECDSA signature that is r and s side by side (IEEE P1363),
/// each as long as the curve's order. `None` if the algorithm is another, or the numbers are none of
/// the curve's.
pub(crate) fn der_of_r_s(algorithm: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::EcdsaP256Sha256 => {
            let signature = p256::ecdsa::Signature::from_slice(signature).ok()?;
            Some(signature.to_der().as_bytes().to_vec())
        }
        Algorithm::EcdsaP384Sha384 => {
            let signature = p384::ecdsa::Signature::from_slice(signature).ok()?;
            Some(signature.to_der().as_bytes().to_vec())
        }
        _ => None,
    }
}
