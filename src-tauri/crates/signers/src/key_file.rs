//! Private keys in files. Those that Countersign makes are PKCS#8 (RFC 5958), encrypted under a
//! passphrase with PBES2, scrypt and AES-256-CBC (RFC 8018, RFC 7914), in PEM: `openssl pkey` reads
//! them too.

use ed25519_dalek::pkcs8::KeypairBytes;
use pkcs8::pkcs5::{pbes2, scrypt};
use pkcs8::rand_core::TryCryptoRng;
use pkcs8::{DecodePrivateKey as _, LineEnding};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::software::Ed25519Signer;
use crate::{Key, LockedKey, Secret, Signer, SignerError};

/// The file name ending of keys that Countersign makes.
pub const EXTENSION: &str = "key.pem";

/// scrypt cost: 16 MiB eight times over, some tenths of a second. OpenSSL refuses to spend more
/// than 32 MiB at once, and the file has to be of use without Countersign.
const SCRYPT: (u8, u32, u32) = (14, 8, 8);

/// A random source of the operating system.
pub fn system_random() -> impl TryCryptoRng {
    getrandom::SysRng
}

/// Makes an Ed25519 key.
///
/// Gives the key, ready to sign, and the text of its encrypted file.
///
/// # Errors
/// Where no random bytes are to be had.
pub fn generate(
    random: &mut impl TryCryptoRng,
    passphrase: &SecretString,
) -> Result<(Ed25519Signer, Zeroizing<String>), SignerError> {
    if passphrase.expose_secret().is_empty() {
        return Err(SignerError::PassphraseNeeded);
    }
    let mut seed = Zeroizing::new([0; 32]);
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    for bytes in [seed.as_mut_slice(), &mut salt, &mut iv] {
        random.try_fill_bytes(bytes).map_err(|_| SignerError::Random)?;
    }
    let (log_n, r, p) = SCRYPT;
    let encrypt = || -> pkcs8::Result<Zeroizing<String>> {
        let cost = scrypt::Params::new(log_n, r, p)
            .map_err(|_| pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid))?;
        let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv)
            .map_err(pkcs8::Error::EncryptedPrivateKey)?;
        // Without the public key: OpenSSL 3.0 does not read version 2 of the structure.
        let pair = KeypairBytes { secret_key: *seed, public_key: None };
        let der = pkcs8::EncodePrivateKey::to_pkcs8_der(&pair)?;
        let info = pkcs8::PrivateKeyInfoRef::try_from(der.as_bytes())?;
        let encrypted = info.encrypt_with_params(parameters, passphrase.expose_secret())?;
        Ok(encrypted.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)?)
    };
    let pem = encrypt().map_err(|_| SignerError::Encryption)?;
    Ok((Ed25519Signer::from_seed(&seed)?, pem))
}

/// Whether a key text is an encrypted file that needs a passphrase.
pub fn is_encrypted(text: &SecretString) -> bool {
    text.expose_secret().contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
}

/// Opens an Ed25519 key: base64 of 32 bytes, PEM PKCS#8, or encrypted PEM PKCS#8.
///
/// # Errors
/// Where the text is none of these, or the passphrase is missing or wrong.
pub fn open_ed25519(
    text: &SecretString,
    passphrase: Option<&SecretString>,
) -> Result<Ed25519Signer, SignerError> {
    let pem = text.expose_secret().trim();
    let pair = if is_encrypted(text) {
        let passphrase = passphrase.ok_or(SignerError::PassphraseNeeded)?;
        KeypairBytes::from_pkcs8_encrypted_pem(pem, passphrase.expose_secret())
            .map_err(|_| SignerError::Passphrase)?
    } else if pem.starts_with("-----BEGIN") {
        KeypairBytes::from_pkcs8_pem(pem).map_err(|_| SignerError::Kind)?
    } else {
        return Ed25519Signer::from_base64(text);
    };
    Ed25519Signer::from_seed(&pair.secret_key)
}

/// The text of a key file that is encrypted, and where it came from.
pub struct LockedKeyFile {
    text: SecretString,
    name: String,
}

/// Takes the text of a key file: ready to sign where it is in clear, else asking for its
/// passphrase. `name` is what a person calls it.
///
/// # Errors
/// Where the text is no key.
pub fn key(text: SecretString, name: impl Into<String>) -> Result<Key, SignerError> {
    match is_encrypted(&text) {
        true => Ok(Key::Locked(Box::new(LockedKeyFile { text, name: name.into() }))),
        false => Ok(Key::Ready(Box::new(open_ed25519(&text, None)?))),
    }
}

impl LockedKey for LockedKeyFile {
    fn secret(&self) -> Secret {
        Secret::Passphrase
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn unlock(&mut self, secret: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError> {
        Ok(Box::new(open_ed25519(&self.text, Some(secret))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_opens_with_its_passphrase_only() {
        let passphrase = SecretString::from("correct horse");
        let (made, pem) = generate(&mut system_random(), &passphrase).unwrap();
        let text = SecretString::from(pem.to_string());
        assert!(is_encrypted(&text));
        let opened = open_ed25519(&text, Some(&passphrase)).unwrap();
        assert_eq!(opened.public_key(), made.public_key());
        let wrong = SecretString::from("incorrect horse");
        assert!(matches!(open_ed25519(&text, Some(&wrong)), Err(SignerError::Passphrase)));
        assert!(matches!(open_ed25519(&text, None), Err(SignerError::PassphraseNeeded)));
    }

    #[test]
    fn no_key_is_kept_without_a_passphrase() {
        let made = generate(&mut system_random(), &SecretString::from(""));
        assert!(matches!(made, Err(SignerError::PassphraseNeeded)));
    }
}
