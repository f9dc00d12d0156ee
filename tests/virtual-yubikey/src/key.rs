//! The keys in the slots and what the card does with them.

use std::fmt;
use std::str::FromStr;

use pkcs8::DecodePrivateKey as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Generate as _};
use signature::Signer as _;
use signature::hazmat::PrehashSigner as _;
use spki::{EncodePublicKey as _, SubjectPublicKeyInfoOwned};

use crate::apdu::Status;
use crate::firmware::Firmware;
use crate::tlv;

/// An algorithm of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with 2048 bits.
    Rsa2048 = 0x07,
    /// RSA with 3072 bits, from firmware 5.7.
    Rsa3072 = 0x05,
    /// RSA with 4096 bits, from firmware 5.7.
    Rsa4096 = 0x16,
    /// ECDSA and ECDH on P-256.
    P256 = 0x11,
    /// ECDSA and ECDH on P-384.
    P384 = 0x14,
    /// Ed25519, from firmware 5.7.
    Ed25519 = 0xe0,
}

impl Algorithm {
    const ALL: [Self; 6] =
        [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096, Self::P256, Self::P384, Self::Ed25519];

    /// The algorithm with this identifier (SP 800-78-4, table 6-2, and Yubico's additions), if the
    /// firmware has it.
    pub(crate) fn from_id(id: u8, firmware: Firmware) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|algorithm| *algorithm as u8 == id)?;
        (firmware.has_5_7() || !found.is_new()).then_some(found)
    }

    fn is_new(self) -> bool {
        matches!(self, Self::Rsa3072 | Self::Rsa4096 | Self::Ed25519)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|algorithm| algorithm.name() == text);
        found.ok_or_else(|| {
            format!(
                "{text} is no algorithm of the card; use p256, p384, ed25519 or rsa2048 to rsa4096"
            )
        })
    }
}

/// A private key.
#[derive(Clone)]
pub enum PrivateKey {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    Rsa(Box<rsa::PrivateKey>),
}

impl PrivateKey {
    /// The key that follows from `seed`; an RSA key is one of the few made beforehand.
    pub fn from_seed(algorithm: Algorithm, seed: u64) -> Result<Self, String> {
        Self::generate(algorithm, &mut ChaCha20Rng::seed_from_u64(seed))
    }

    /// A new key; an RSA key is one of the few made beforehand, since making one takes a debug build
    /// longer than a test has.
    pub fn generate(algorithm: Algorithm, rng: &mut ChaCha20Rng) -> Result<Self, String> {
        Ok(match algorithm {
            Algorithm::P256 => Self::P256(p256::ecdsa::SigningKey::generate_from_rng(rng)),
            Algorithm::P384 => Self::P384(p384::ecdsa::SigningKey::generate_from_rng(rng)),
            Algorithm::Ed25519 => {
                let mut secret = [0; 32];
                rand_chacha::rand_core::Rng::fill_bytes(rng, &mut secret);
                Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&secret))
            }
            Algorithm::Rsa2048 => Self::from_pem(include_str!("../fixtures/rsa-2048.pem"))?,
            Algorithm::Rsa3072 => Self::from_pem(include_str!("../fixtures/rsa-3072.pem"))?,
            Algorithm::Rsa4096 => Self::from_pem(include_str!("../fixtures/rsa-4096.pem"))?,
        })
    }

    /// A key in PKCS#8 PEM.
    pub fn from_pem(pem: &str) -> Result<Self, String> {
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::P256(key));
        }
        if let Ok(key) = p384::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::P384(key));
        }
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::Ed25519(key));
        }
        let key = rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|error| error.to_string())?;
        Ok(Self::Rsa(Box::new(key)))
    }

    /// A key in the form of IMPORT ASYMMETRIC KEY: the primes of an RSA key in tags 01 and 02, the
    /// scalar of an elliptic curve in 06, the secret of Ed25519 in 07.
    pub fn import(algorithm: Algorithm, data: &[u8]) -> Option<Self> {
        let scalar = |length| tlv::find(data, 0x06).filter(|scalar| scalar.len() == length);
        let key = match algorithm {
            Algorithm::P256 => Self::P256(p256::ecdsa::SigningKey::from_slice(scalar(32)?).ok()?),
            Algorithm::P384 => Self::P384(p384::ecdsa::SigningKey::from_slice(scalar(48)?).ok()?),
            Algorithm::Ed25519 => {
                let secret = tlv::find(data, 0x07)?.try_into().ok()?;
                Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(secret))
            }
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                let prime = |tag| Some(BoxedUint::from_be_slice_vartime(tlv::find(data, tag)?));
                let key = rsa::PrivateKey::from_p_q(prime(0x01)?, prime(0x02)?, 65_537_u64.into());
                Self::Rsa(Box::new(key.ok()?))
            }
        };
        (key.algorithm() == Some(algorithm)).then_some(key)
    }

    /// Its algorithm, unless it is an RSA key of a size no card has.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Some(match self {
            Self::P256(_) => Algorithm::P256,
            Self::P384(_) => Algorithm::P384,
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Rsa(key) => match key.size() {
                256 => Algorithm::Rsa2048,
                384 => Algorithm::Rsa3072,
                512 => Algorithm::Rsa4096,
                _ => return None,
            },
        })
    }

    /// The public key as the card gives it: an uncompressed point, the bytes of Ed25519, or modulus
    /// and exponent (SP 800-73-4, part 2, table 11).
    pub fn public_objects(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                tlv::object(0x86, key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::P384(key) => {
                tlv::object(0x86, key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::Ed25519(key) => tlv::object(0x86, key.verifying_key().as_bytes()),
            Self::Rsa(key) => {
                let modulus = tlv::object(0x81, &key.n_bytes());
                let exponent = tlv::object(0x82, &key.e_bytes());
                [modulus, exponent].concat()
            }
        }
    }

    /// The public key as certificates have it.
    pub fn public_key_info(&self) -> spki::Result<SubjectPublicKeyInfoOwned> {
        let document = match self {
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
            Self::Ed25519(key) => key.verifying_key().to_public_key_der(),
            Self::Rsa(key) => key.to_public_key().to_public_key_der(),
        };
        SubjectPublicKeyInfoOwned::try_from(document?.as_bytes())
    }

    /// Whether the card would take `data` for this key: a digest of exactly the size of the curve, a
    /// block of exactly the size of the modulus, or for Ed25519 any message.
    pub fn takes(&self, data: &[u8]) -> bool {
        match self {
            Self::P256(_) => data.len() == 32,
            Self::P384(_) => data.len() == 48,
            Self::Ed25519(_) => true,
            Self::Rsa(key) => data.len() == key.size(),
        }
    }

    /// GENERAL AUTHENTICATE with a challenge: an ECDSA signature in DER over a digest, an Ed25519
    /// signature over a message, or the RSA private operation on a padded block.
    pub fn sign(&self, data: &[u8]) -> Result<Vec<u8>, Status> {
        if !self.takes(data) {
            return Err(Status::WRONG_DATA);
        }
        match self {
            Self::P256(key) => {
                let signature: Result<p256::ecdsa::DerSignature, _> = key.sign_prehash(data);
                signature.map(|signature| signature.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: Result<p384::ecdsa::DerSignature, _> = key.sign_prehash(data);
                signature.map(|signature| signature.as_bytes().to_vec())
            }
            Self::Ed25519(key) => key.try_sign(data).map(|signature| signature.to_bytes().to_vec()),
            Self::Rsa(key) => return raw_rsa(key, data).ok_or(Status::WRONG_DATA),
        }
        .map_err(|_| Status::WRONG_DATA)
    }

    /// GENERAL AUTHENTICATE with an exponentiation: ECDH with the other party's point.
    pub fn agree(&self, point: &[u8]) -> Result<Vec<u8>, Status> {
        match self {
            Self::P256(key) => {
                let other =
                    p256::PublicKey::from_sec1_bytes(point).map_err(|_| Status::WRONG_DATA)?;
                let own = p256::SecretKey::from(key.clone());
                Ok(own.diffie_hellman(&other).raw_secret_bytes().to_vec())
            }
            Self::P384(key) => {
                let other =
                    p384::PublicKey::from_sec1_bytes(point).map_err(|_| Status::WRONG_DATA)?;
                let own = p384::SecretKey::from(key.clone());
                Ok(own.diffie_hellman(&other).raw_secret_bytes().to_vec())
            }
            Self::Ed25519(_) | Self::Rsa(_) => Err(Status::WRONG_DATA),
        }
    }
}

fn raw_rsa(key: &rsa::PrivateKey, block: &[u8]) -> Option<Vec<u8>> {
    let precision = key.n().bits_precision();
    let number = BoxedUint::from_be_slice(block, precision).ok()?;
    // No blinding: the keys are known to everyone anyway.
    let result = rsa::hazmat::rsa_decrypt_and_check(key, None::<&mut ChaCha20Rng>, &number).ok()?;
    let bytes = result.to_be_bytes();
    Some(bytes.get(bytes.len().checked_sub(key.size())?..)?.to_vec())
}
