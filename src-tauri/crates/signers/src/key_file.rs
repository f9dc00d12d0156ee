//! Private keys in files. Those that Countersign makes are PKCS#8 (RFC 5958), encrypted under a
//! passphrase with PBES2, scrypt and AES-256-CBC (RFC 8018, RFC 7914), in PEM: `openssl pkey` reads
//! them too.

use std::sync::OnceLock;

use countersign_envelope::ml_dsa_key::OID as ML_DSA_65;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use ed25519_dalek::pkcs8::KeypairBytes;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Decode as _, ErrorKind, Reader as _};
use pkcs8::pkcs5::{EncryptionScheme, pbes2, scrypt};
use pkcs8::rand_core::TryCryptoRng;
use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, LineEnding, ObjectIdentifier,
    PrivateKeyInfoRef, SecretDocument,
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use x509_cert::der::oid::db::DB;
use zeroize::Zeroizing;

use crate::error::SignerError;
use crate::ml_dsa_key::{self, MlDsaSigner};
use crate::signer::{Key, LockedKey, Secret, Signer};
use crate::software::Ed25519Signer;

/// The file name ending of keys that Countersign makes.
pub const EXTENSION: &str = "key.pem";

/// scrypt cost: 16 MiB eight times over, some tenths of a second. OpenSSL refuses to spend more
/// than 32 MiB at once, and the file must be usable without Countersign.
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
/// Fails if no random bytes are available.
pub fn generate(
    random: &mut impl TryCryptoRng,
    passphrase: &SecretString,
) -> Result<(Ed25519Signer, Zeroizing<String>), SignerError> {
    let seed = new_seed(random)?;
    // Without the public key: OpenSSL 3.0 does not read version 2 of the structure.
    let pair = KeypairBytes { secret_key: *seed, public_key: None };
    let key = pkcs8::EncodePrivateKey::to_pkcs8_der(&pair);
    let pem = encrypted(key, random, passphrase)?;
    Ok((Ed25519Signer::from_seed(&seed)?, pem))
}

/// Makes an ML-DSA-65 key, for companions of signatures. Its file has the seed, from which all else
/// follows (RFC 9881 section 6); OpenSSL reads it from 3.5 on.
///
/// # Errors
/// As [`generate`].
pub fn generate_companion(
    random: &mut impl TryCryptoRng,
    passphrase: &SecretString,
) -> Result<(MlDsaSigner, Zeroizing<String>), SignerError> {
    let seed = new_seed(random)?;
    let pem = encrypted(ml_dsa_key::to_pkcs8(&seed), random, passphrase)?;
    Ok((MlDsaSigner::from_seed(&seed)?, pem))
}

fn new_seed(random: &mut impl TryCryptoRng) -> Result<Zeroizing<[u8; 32]>, SignerError> {
    let mut seed = Zeroizing::new([0; 32]);
    random.try_fill_bytes(seed.as_mut_slice()).map_err(|_| SignerError::Random)?;
    Ok(seed)
}

/// The text of the encrypted file of a private key.
fn encrypted(
    key: pkcs8::Result<SecretDocument>,
    random: &mut impl TryCryptoRng,
    passphrase: &SecretString,
) -> Result<Zeroizing<String>, SignerError> {
    if passphrase.expose_secret().is_empty() {
        return Err(SignerError::PassphraseNeeded);
    }
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    for bytes in [salt.as_mut_slice(), &mut iv] {
        random.try_fill_bytes(bytes).map_err(|_| SignerError::Random)?;
    }
    let (log_n, r, p) = SCRYPT;
    let encrypt = || -> pkcs8::Result<Zeroizing<String>> {
        let cost = scrypt::Params::new(log_n, r, p)
            .map_err(|_| pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid))?;
        let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv)
            .map_err(pkcs8::Error::EncryptedPrivateKey)?;
        let der = key?;
        let info = PrivateKeyInfoRef::try_from(der.as_bytes())?;
        let encrypted = info.encrypt_with_params(parameters, passphrase.expose_secret())?;
        Ok(encrypted.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)?)
    };
    derive(encrypt).map_err(|_| SignerError::Encryption)
}

/// Runs what derives a key from a passphrase, on the one thread for that. A derivation takes 16 MiB,
/// and the allocator of the C library keeps them for the thread that had them: on threads that come
/// and go, every one would keep as much.
fn derive<T: Send>(derivation: impl FnOnce() -> T + Send) -> T {
    static THREAD: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let one = ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "passphrase".to_owned());
    match THREAD.get_or_init(|| one.build().ok()) {
        Some(thread) => thread.install(derivation),
        None => derivation(),
    }
}

/// The PEM block of the private key, with its label, its lines as the standard has them: editors
/// indent and wrap them again, and OpenSSL reads that too. Notes, certificates and parameters may
/// stand beside it; `None` if there is none.
///
/// # Errors
/// [`SignerError::Several`] if there are different ones.
fn private_block(text: &SecretString) -> Result<Option<Block<'_>>, SignerError> {
    let text = text.expose_secret();
    let blocks = text.match_indices("-----BEGIN ").filter_map(|(at, begin)| {
        let (label, rest) = text[at + begin.len()..].split_once("-----")?;
        let body = &rest[..rest.find(&format!("-----END {label}-----"))?];
        label.ends_with("PRIVATE KEY").then(|| Block { label, pem: standard_pem(label, body) })
    });
    let mut blocks: Vec<Block<'_>> = blocks.collect();
    blocks.sort_unstable_by(|one, other| one.pem.cmp(&other.pem));
    blocks.dedup_by(|one, other| one.pem == other.pem);
    match blocks.len() {
        0 | 1 => Ok(blocks.pop()),
        several => Err(SignerError::Several(several)),
    }
}

struct Block<'t> {
    label: &'t str,
    pem: Zeroizing<String>,
}

/// A PEM block with lines of the usual length. One with headers (RFC 1421) stays as it is.
fn standard_pem(label: &str, body: &str) -> Zeroizing<String> {
    // OpenSSH reads lines of 70 characters only, RFC 7468 says 64.
    let width = if label == "OPENSSH PRIVATE KEY" { 70 } else { 64 };
    let mut pem = Zeroizing::new(String::with_capacity(body.len() * 2 + 2 * label.len() + 64));
    pem.push_str(&format!("-----BEGIN {label}-----\n"));
    if body.contains(':') {
        pem.push_str(body.trim());
        pem.push('\n');
    } else {
        let mut column = 0;
        for symbol in body.chars().filter(|symbol| !symbol.is_whitespace()) {
            if column == width {
                pem.push('\n');
                column = 0;
            }
            pem.push(symbol);
            column += 1;
        }
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

/// Whether a key text is an encrypted file that needs a passphrase.
pub fn is_encrypted(text: &SecretString) -> bool {
    match private_block(text) {
        Ok(Some(Block { label: "ENCRYPTED PRIVATE KEY", .. })) => true,
        Ok(Some(Block { label: "OPENSSH PRIVATE KEY", pem })) => {
            ssh_key::PrivateKey::from_openssh(pem.as_str()).is_ok_and(|key| key.is_encrypted())
        }
        _ => false,
    }
}

/// Opens a key: Ed25519 as base64 of 32 bytes, PEM PKCS#8, encrypted PEM PKCS#8 or OpenSSH's format;
/// ML-DSA-65 as PEM PKCS#8, encrypted or not.
///
/// # Errors
/// Fails with the reason why the text is none of these, and with [`SignerError::Passphrase`] if only
/// the passphrase can be the reason.
pub fn open(
    text: &SecretString,
    passphrase: Option<&SecretString>,
) -> Result<Box<dyn Signer + Send>, SignerError> {
    let Some(Block { label, pem }) = private_block(text)? else {
        return match other_form(text.expose_secret()) {
            Some(error) => Err(error),
            None => Ok(Box::new(Ed25519Signer::from_base64(text)?)),
        };
    };
    let pem = pem.as_str();
    match label {
        "OPENSSH PRIVATE KEY" => Ok(Box::new(open_openssh(pem, passphrase)?)),
        "PRIVATE KEY" => {
            let (_, key) = SecretDocument::from_pem(pem).map_err(|_| SignerError::Damaged)?;
            of_pkcs8(&key)
        }
        "ENCRYPTED PRIVATE KEY" => {
            let (_, der) = SecretDocument::from_pem(pem).map_err(|_| SignerError::Damaged)?;
            let locked = EncryptedPrivateKeyInfoRef::try_from(der.as_bytes());
            let locked = locked.map_err(|error| match scheme_of(der.as_bytes()) {
                Some(other) if other != pbes2::PBES2_OID => SignerError::Cipher(name_of(&other)),
                _ => unreadable(error),
            })?;
            check_scheme(&locked.encryption_algorithm)?;
            let passphrase = passphrase.ok_or(SignerError::PassphraseNeeded)?;
            let key = derive(|| locked.decrypt(passphrase.expose_secret())).map_err(unreadable)?;
            // A wrong passphrase may leave a valid padding by chance.
            PrivateKeyInfoRef::try_from(key.as_bytes()).map_err(|_| SignerError::Passphrase)?;
            of_pkcs8(&key)
        }
        "ENCRYPTED COSIGN PRIVATE KEY" | "ENCRYPTED SIGSTORE PRIVATE KEY" => {
            Err(SignerError::Other {
                what: words!("key-file-cosign"),
                instead: words!("key-file-external"),
            })
        }
        // "RSA PRIVATE KEY", "EC PRIVATE KEY": the forms before PKCS#8 have no Ed25519.
        other => {
            let kind = other.trim_end_matches("PRIVATE KEY").trim();
            Err(SignerError::Kind(kind.to_owned()))
        }
    }
}

/// What a text without a private key in PEM is, if it is not a key that is read.
fn other_form(text: &str) -> Option<SignerError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let other = |what, instead| Some(SignerError::Other { what, instead });
    if text.starts_with("PuTTY-User-Key-File-") {
        return other(words!("key-file-putty"), words!("key-file-putty-convert"));
    }
    if text.starts_with("AGE-SECRET-KEY-") {
        return other(words!("key-file-age"), words!("key-file-age-other"));
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return other(words!("key-file-hex"), words!("key-file-hex-convert"));
    }
    let is_public = ["-----BEGIN PUBLIC KEY", "-----BEGIN CERTIFICATE", "ssh-", "ecdsa-sha2-"];
    if is_public.iter().any(|begin| text.starts_with(begin)) {
        return other(words!("key-file-public"), words!("key-file-public-private"));
    }
    text.contains("-----BEGIN").then_some(SignerError::Form)
}

fn of_pkcs8(key: &SecretDocument) -> Result<Box<dyn Signer + Send>, SignerError> {
    let info = PrivateKeyInfoRef::try_from(key.as_bytes()).map_err(|_| SignerError::Damaged)?;
    if info.algorithm.oid == ML_DSA_65 {
        return Ok(Box::new(MlDsaSigner::from_pkcs8(&info)?));
    }
    if info.algorithm.oid != ed25519_dalek::pkcs8::ALGORITHM_OID {
        return Err(SignerError::Kind(name_of(&info.algorithm.oid)));
    }
    let pair = KeypairBytes::try_from(info).map_err(|_| SignerError::Damaged)?;
    let signer = Ed25519Signer::from_seed(&pair.secret_key)?;
    // Version 2 of the structure may bring the public key (RFC 5958 section 2).
    let written = pair.public_key.as_ref().map(|key| PublicKey::ed25519(&key.0));
    match written {
        Some(written) if written.as_ref().ok() != signer.public_key() => {
            Err(SignerError::OtherPublicKey)
        }
        _ => Ok(Box::new(signer)),
    }
}

/// OpenSSH's own format (PROTOCOL.key), which `ssh-keygen` before 9.6 cannot convert for Ed25519.
fn open_openssh(
    pem: &str,
    passphrase: Option<&SecretString>,
) -> Result<Ed25519Signer, SignerError> {
    let mut key = ssh_key::PrivateKey::from_openssh(pem).map_err(|_| SignerError::Damaged)?;
    let kind = key.algorithm();
    if kind != ssh_key::Algorithm::Ed25519 {
        return Err(SignerError::Kind(visible_short(kind.as_str(), 40)));
    }
    if key.is_encrypted() {
        let passphrase = passphrase.ok_or(SignerError::PassphraseNeeded)?;
        key = key.decrypt(passphrase.expose_secret()).map_err(|_| SignerError::Passphrase)?;
    }
    let pair = key.key_data().ed25519().ok_or(SignerError::Damaged)?;
    Ed25519Signer::from_seed(pair.private.as_ref())
}

/// Whether a file that is encrypted in this way can be decrypted here. Known before its passphrase
/// is asked for.
fn check_scheme(scheme: &EncryptionScheme) -> Result<(), SignerError> {
    match scheme {
        EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
            pbes2::Kdf::Pbkdf2(kdf) if kdf.prf == pbes2::Pbkdf2Prf::HmacWithSha1 => {
                Err(SignerError::Cipher("hmacWithSHA1".to_owned()))
            }
            _ => Ok(()),
        },
        other => Err(SignerError::Cipher(name_of(&other.oid()))),
    }
}

/// Why a file that is encrypted could not be decrypted.
fn unreadable(error: pkcs8::Error) -> SignerError {
    use pkcs8::pkcs5::Error as E;
    match error {
        pkcs8::Error::Asn1(error) => match error.kind() {
            ErrorKind::OidUnknown { oid } => SignerError::Cipher(name_of(&oid)),
            _ => SignerError::Damaged,
        },
        pkcs8::Error::EncryptedPrivateKey(
            E::UnsupportedAlgorithm { oid } | E::AlgorithmParametersInvalid { oid },
        ) => SignerError::Cipher(name_of(&oid)),
        pkcs8::Error::EncryptedPrivateKey(E::DecryptFailed) => SignerError::Passphrase,
        _ => SignerError::Damaged,
    }
}

/// How an EncryptedPrivateKeyInfo (RFC 5958 section 3) is encrypted, known here or not.
fn scheme_of(der: &[u8]) -> Option<ObjectIdentifier> {
    let fields = AnyRef::from_der(der).ok()?;
    let scheme = fields.sequence(|fields| -> pkcs8::der::Result<_> {
        let scheme = AlgorithmIdentifierRef::decode(fields)?;
        AnyRef::decode(fields)?;
        Ok(scheme.oid)
    });
    scheme.ok()
}

/// The name of an algorithm, or its identifier in digits.
fn name_of(oid: &ObjectIdentifier) -> String {
    // RFC 8018 appendix A.3: the schemes that OpenSSL calls PBE-MD5-DES and the like.
    const PBES1: &str = "1.2.840.113549.1.5.";
    if oid.to_string().starts_with(PBES1) {
        return format!("PBES1 ({oid})");
    }
    DB.by_oid(oid).map_or_else(|| oid.to_string(), str::to_owned)
}

/// Why a file that is not text is not read as a key.
pub fn not_text(bytes: &[u8]) -> SignerError {
    // RFC 7292 section 4: a PFX begins with the version 3.
    let is_pkcs12 = || {
        let pfx = AnyRef::from_der(bytes)?;
        pfx.sequence(|fields| -> pkcs8::der::Result<bool> {
            let version = u8::decode(fields)?;
            while !fields.is_finished() {
                AnyRef::decode(fields)?;
            }
            Ok(version == 3)
        })
    };
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        let what = words!("key-file-utf16");
        SignerError::Other { what, instead: words!("key-file-utf16-convert") }
    } else if PrivateKeyInfoRef::try_from(bytes).is_ok()
        || EncryptedPrivateKeyInfoRef::try_from(bytes).is_ok()
    {
        SignerError::Der
    } else if is_pkcs12().unwrap_or(false) {
        SignerError::Pkcs12
    } else {
        SignerError::Binary
    }
}

/// The text of a key file that is encrypted, and where it came from.
pub struct LockedKeyFile {
    text: SecretString,
    name: String,
}

/// Takes the text of a key file: ready to sign if it is not encrypted, otherwise asking for its
/// passphrase. `name` is what a person calls it.
///
/// # Errors
/// Fails if the text is not a key.
pub fn key(text: SecretString, name: impl Into<String>) -> Result<Key, SignerError> {
    match is_encrypted(&text) {
        true => Ok(Key::Locked(Box::new(LockedKeyFile { text, name: name.into() }))),
        false => Ok(Key::Ready(open(&text, None)?)),
    }
}

impl LockedKey for LockedKeyFile {
    fn secret(&self) -> Secret {
        Secret::Passphrase
    }

    fn name(&self) -> Words {
        Words::text(self.name.clone())
    }

    fn unlock(&mut self, secret: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError> {
        open(&self.text, Some(secret))
    }
}

#[cfg(test)]
mod tests {
    use countersign_envelope::signature::Algorithm;

    use super::*;

    #[test]
    fn a_key_file_opens_with_its_passphrase_only() {
        let passphrase = SecretString::from("correct horse");
        let (made, pem) = generate(&mut system_random(), &passphrase).unwrap();
        let text = SecretString::from(pem.to_string());
        assert!(is_encrypted(&text));
        let opened = open(&text, Some(&passphrase)).unwrap();
        assert_eq!(opened.public_key(), made.public_key());
        let wrong = SecretString::from("incorrect horse");
        assert!(matches!(open(&text, Some(&wrong)), Err(SignerError::Passphrase)));
        assert!(matches!(open(&text, None), Err(SignerError::PassphraseNeeded)));
    }

    #[test]
    fn a_companion_key_is_kept_like_any_other() {
        let passphrase = SecretString::from("correct horse");
        let (made, pem) = generate_companion(&mut system_random(), &passphrase).unwrap();
        let text = SecretString::from(pem.to_string());
        assert!(is_encrypted(&text));
        let opened = open(&text, Some(&passphrase)).unwrap();
        assert_eq!(opened.algorithm(), Algorithm::MlDsa65);
        assert_eq!(opened.public_key(), made.public_key());
        assert!(matches!(open(&text, None), Err(SignerError::PassphraseNeeded)));
    }

    #[test]
    fn no_key_is_kept_without_a_passphrase() {
        let made = generate(&mut system_random(), &SecretString::from(""));
        assert!(matches!(made, Err(SignerError::PassphraseNeeded)));
    }
}
