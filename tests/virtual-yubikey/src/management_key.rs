//! The card management key, slot 9b: challenge and response with 3DES or AES
//! (SP 800-73-4, part 2, section 3.2.4 and appendix A.1).

use cipher::{Array, BlockCipherEncrypt, KeyInit};

/// The default of every YubiKey: 01 to 08, three times.
const DEFAULT: [u8; 24] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];

/// The algorithm of a management key. The values are those of SP 800-78-4, table 6-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagementAlgorithm {
    /// Triple DES with three keys.
    TripleDes = 0x03,
    /// AES-128.
    Aes128 = 0x08,
    /// AES-192.
    Aes192 = 0x0a,
    /// AES-256.
    Aes256 = 0x0c,
}

impl ManagementAlgorithm {
    pub(crate) fn from_id(id: u8) -> Option<Self> {
        let all = [Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];
        // Reference 00 means triple DES too.
        all.into_iter().find(|algorithm| *algorithm as u8 == if id == 0 { 3 } else { id })
    }

    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    pub(crate) fn block_length(self) -> usize {
        if self == Self::TripleDes { 8 } else { 16 }
    }
}

/// A management key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagementKey {
    /// Its algorithm.
    pub algorithm: ManagementAlgorithm,
    /// Its bytes: 16, 24 or 32.
    pub key: Vec<u8>,
    /// Whether its use needs a touch.
    pub touch: bool,
}

impl ManagementKey {
    /// The default bytes, as a key of this algorithm, which is one of 24 bytes.
    pub fn default_of(algorithm: ManagementAlgorithm) -> Self {
        Self { algorithm, key: DEFAULT.to_vec(), touch: false }
    }

    pub(crate) fn is_default(&self) -> bool {
        self.key == DEFAULT
    }

    /// One block encrypted, or nothing if the block or the key is of the wrong length.
    pub(crate) fn encrypt(&self, block: &[u8]) -> Option<Vec<u8>> {
        match self.algorithm {
            ManagementAlgorithm::TripleDes => encrypt::<des::TdesEde3>(&self.key, block),
            ManagementAlgorithm::Aes128 => encrypt::<aes::Aes128>(&self.key, block),
            ManagementAlgorithm::Aes192 => encrypt::<aes::Aes192>(&self.key, block),
            ManagementAlgorithm::Aes256 => encrypt::<aes::Aes256>(&self.key, block),
        }
    }
}

fn encrypt<C: KeyInit + BlockCipherEncrypt>(key: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    let mut block = Array::try_from(block).ok()?;
    C::new_from_slice(key).ok()?.encrypt_block(&mut block);
    Some(block.to_vec())
}
