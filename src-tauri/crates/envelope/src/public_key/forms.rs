//! Public keys in the forms that other programs print: PEM, DER, certificates, OpenSSH lines,
//! base64, and the JSON of key services. For keys that a person gives; signature files hold only
//! the two forms that [`PublicKey::parse`] reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use rsa::pkcs1::{RsaPrivateKey, RsaPublicKey, UintRef};
use sec1::EcPrivateKey;
use spki::SubjectPublicKeyInfoRef;
use ssh_key::public::{EcdsaPublicKey, KeyData};
use x509_cert::certificate::{CertificateInner, Raw};

use super::{PublicKey, PublicKeyError};
use crate::json::{self, Value};

/// X.509 as it is found, without the checks of a certification path: only its key is wanted.
type Certificate = CertificateInner<Raw>;
/// How the names of OpenSSH's kinds of key begin.
const SSH_KINDS: [&str; 3] = ["ssh-", "ecdsa-sha2-", "sk-"];
/// RFC 8017 appendix A.1.1.
type Pkcs1<'a> = RsaPublicKey<UintRef<'a>>;

impl PublicKey {
    /// Reads a public key in any form that other programs print:
    ///
    /// - PEM or DER of a SubjectPublicKeyInfo, an X.509 certificate or a PKCS#1 RSAPublicKey. Notes,
    ///   issuing certificates and private keys beside them in a PEM file are ignored.
    /// - A line of OpenSSH: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ecdsa-sha2-nistp384`, `ssh-rsa`.
    /// - Base64 of the 32 bytes of an Ed25519 key, or of any of the DER forms.
    /// - JSON of `aws kms get-public-key`, `gcloud kms keys versions get-public-key` and Vault's
    ///   transit engine.
    ///
    /// # Errors
    /// Fails with [`PublicKeyError::Private`] if there is only a private key, with
    /// [`PublicKeyError::Several`] if there are different public keys, and otherwise with the reason
    /// why the key cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, PublicKeyError> {
        match text(bytes) {
            None => from_any_der(bytes),
            Some(text) => match from_text(text.trim()) {
                // DER may happen to be text.
                Err(PublicKeyError::Unknown) => {
                    from_any_der(bytes).map_err(|error| other_form(text.trim()).unwrap_or(error))
                }
                Err(error @ (PublicKeyError::Kind | PublicKeyError::Private)) => {
                    Err(other_form(text.trim()).unwrap_or(error))
                }
                read => read,
            },
        }
    }

    /// Reads a public key as SSH's protocols hold it (RFC 4253 section 6.6).
    ///
    /// # Errors
    /// If it is none, of a kind that is not used here, or unsafe.
    pub fn from_ssh(blob: &[u8]) -> Result<Self, PublicKeyError> {
        let key = ssh_key::PublicKey::from_bytes(blob).map_err(|_| PublicKeyError::Kind)?;
        of_ssh(key.key_data())
    }
}

/// The text of a file: UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it.
fn text(bytes: &[u8]) -> Option<String> {
    let units = |of: fn([u8; 2]) -> u16, rest: &[u8]| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => units(u16::from_be_bytes, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
}

fn from_text(text: &str) -> Result<PublicKey, PublicKeyError> {
    if text.contains("---- BEGIN SSH2 PUBLIC KEY ----") {
        return Err(PublicKeyError::Ssh2);
    }
    if text.starts_with('{') {
        return from_json(text.as_bytes());
    }
    if text.contains("-----BEGIN") {
        return from_pem(text);
    }
    let compact: String = text.split_whitespace().collect();
    match BASE64.decode(&compact) {
        Ok(raw) => match <&[u8; 32]>::try_from(raw.as_slice()) {
            Ok(raw) => PublicKey::ed25519(raw),
            Err(_) => from_any_der(&raw),
        },
        Err(_) => from_openssh(text),
    }
}

/// What a text is by how it begins, if it is a form that is not read.
fn other_form(text: &str) -> Option<PublicKeyError> {
    const FORMS: [(&str, &str); 13] = [
        ("-----BEGIN PGP", "openpgp"),
        ("-----BEGIN ENCRYPTED COSIGN", "cosign"),
        ("-----BEGIN ENCRYPTED SIGSTORE", "cosign"),
        ("-----BEGIN CERTIFICATE REQUEST", "request"),
        ("-----BEGIN NEW CERTIFICATE REQUEST", "request"),
        ("-----BEGIN PKCS7", "pkcs7"),
        ("-----BEGIN TRUSTED CERTIFICATE", "trusted"),
        ("PuTTY-User-Key-File-", "putty"),
        ("untrusted comment:", "minisign"),
        ("age1", "age"),
        ("AGE-SECRET-KEY-", "age-secret"),
        ("sk-", "fido"),
        ("{\"keys\"", "jwks"),
    ];
    let at = text.find("-----BEGIN").unwrap_or(0);
    let found = FORMS.iter().find(|(begin, _)| text[at..].starts_with(begin));
    let certificate = text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-");
    let form = match found {
        Some((_, form)) => form,
        None if text.is_empty() => "empty",
        None if certificate && text.contains("-cert-v01@openssh.com") => "openssh-certificate",
        None if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => "hex",
        None => return None,
    };
    Some(PublicKeyError::Other { form })
}

/// The key of a PEM file (RFC 7468) that may hold other blocks too, and lines of OpenSSH.
fn from_pem(text: &str) -> Result<PublicKey, PublicKeyError> {
    let blocks = pem::parse_many(text).map_err(|_| PublicKeyError::Kind)?;
    let mut keys = beside_pem(text).map(from_openssh_line).collect::<Result<Vec<_>, _>>()?;
    let mut certificates = Vec::new();
    let mut has_private = false;
    for block in &blocks {
        match block.tag() {
            "PUBLIC KEY" => keys.push(PublicKey::from_der(block.contents())?),
            "RSA PUBLIC KEY" => keys.push(from_pkcs1(block.contents())?),
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                let certificate = Certificate::from_der(block.contents());
                certificates.push(certificate.map_err(|_| PublicKeyError::Kind)?);
            }
            tag => has_private |= tag.ends_with("PRIVATE KEY"),
        }
    }
    for certificate in end_entities(&certificates) {
        keys.push(of_certificate(certificate)?);
    }
    match only(keys) {
        Err(PublicKeyError::Unknown) if has_private => Err(PublicKeyError::Private),
        read => read,
    }
}

/// The lines outside of the blocks of a PEM file that are OpenSSH keys, not notes.
fn beside_pem(text: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    let outside = text.lines().map(str::trim).filter(move |line| {
        let is_border = line.starts_with("-----");
        is_inside = (is_inside || line.starts_with("-----BEGIN")) && !line.starts_with("-----END");
        !is_inside && !is_border
    });
    // Such a key begins with the length of its kind.
    let has = |line: &str, begin: &str| line.split_whitespace().any(|one| one.starts_with(begin));
    let is_key =
        move |line: &str| has(line, "AAAA") && SSH_KINDS.iter().any(|kind| has(line, kind));
    outside.filter(move |line| !line.starts_with('#') && is_key(line))
}

/// The certificates that issued no other one: the end of a chain.
fn end_entities(certificates: &[Certificate]) -> impl Iterator<Item = &Certificate> {
    let has_issued = |one: &Certificate| {
        let subject = one.tbs_certificate().subject();
        certificates.iter().any(|other| {
            other.tbs_certificate().issuer() == subject
                && other.tbs_certificate().subject() != subject
        })
    };
    certificates.iter().filter(move |one| !has_issued(one))
}

fn from_json(bytes: &[u8]) -> Result<PublicKey, PublicKeyError> {
    let document = json::parse(bytes).map_err(|_| PublicKeyError::Unknown)?;
    let value = &document.value;
    let set = value.get("keys").and_then(Value::as_array).unwrap_or_default();
    let is_jwk = |one: &Value| one.get("kty").is_some();
    if is_jwk(value) || value.get("key").is_some_and(is_jwk) || set.iter().any(is_jwk) {
        return Err(PublicKeyError::Jwk);
    }
    let versions = value.at(&["data", "keys"]).and_then(Value::as_object);
    let versions = versions.into_iter().flat_map(|versions| versions.iter());
    let written = ["PublicKey", "pem", "public_key"].map(|name| value.get(name)).into_iter();
    let written = written.chain(versions.map(|(_, version)| version.get("public_key")));
    let written = written.flatten().filter_map(Value::as_str);
    only(written.map(|text| from_text(text.trim())).collect::<Result<_, _>>()?)
}

/// The keys of lines as in `id_….pub`, `authorized_keys` and `known_hosts` (RFC 4253 section 6.6).
fn from_openssh(text: &str) -> Result<PublicKey, PublicKeyError> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    only(lines.map(from_openssh_line).collect::<Result<_, _>>()?)
}

/// What stands before a key in `known_hosts`, `authorized_keys` and `allowed_signers` may say that it is
/// not to be used, or for how long. Options that limit what a login may do say nothing of signatures.
fn check_options(before: &str) -> Result<(), PublicKeyError> {
    const OPTIONS: [(&str, &str); 6] = [
        ("@revoked", "revoked"),
        ("@cert-authority", "authority"),
        ("cert-authority", "authority"),
        ("valid-before=", "limited"),
        ("valid-after=", "limited"),
        ("expiry-time=", "limited"),
    ];
    let lower = before.to_ascii_lowercase();
    let words = || lower.split([' ', '\t', ',']);
    let found = OPTIONS.iter().find(|(option, _)| {
        words().any(|word| match option.ends_with('=') {
            true => word.starts_with(option),
            false => word == *option,
        })
    });
    match found {
        Some((option, why)) => Err(PublicKeyError::Option { option, why }),
        None => Ok(()),
    }
}

fn from_openssh_line(line: &str) -> Result<PublicKey, PublicKeyError> {
    // Options and host names may stand before the key.
    let starts = SSH_KINDS.into_iter().flat_map(|kind| {
        let at = line.match_indices(kind).map(|(at, _)| at);
        at.filter(|at| *at == 0 || line[..*at].ends_with(char::is_whitespace))
    });
    let starts: Vec<usize> = starts.collect();
    let key = starts.iter().find_map(|at| ssh_key::PublicKey::from_openssh(&line[*at..]).ok());
    check_options(&line[..starts.first().copied().unwrap_or(0)])?;
    let unread = if starts.is_empty() { PublicKeyError::Unknown } else { PublicKeyError::Kind };
    of_ssh(key.ok_or(unread)?.key_data())
}

fn of_ssh(key: &KeyData) -> Result<PublicKey, PublicKeyError> {
    match key {
        KeyData::Ed25519(key) => PublicKey::ed25519(&key.0),
        KeyData::Ecdsa(EcdsaPublicKey::NistP256(point)) => {
            p256::ecdsa::VerifyingKey::from_sec1_bytes(point.as_bytes())
                .map(|key| PublicKey::P256(Box::new(key)))
                .map_err(|_| PublicKeyError::Kind)
        }
        KeyData::Ecdsa(EcdsaPublicKey::NistP384(point)) => {
            p384::ecdsa::VerifyingKey::from_sec1_bytes(point.as_bytes())
                .map(|key| PublicKey::P384(Box::new(key)))
                .map_err(|_| PublicKeyError::Kind)
        }
        KeyData::Rsa(key) => {
            let number = |number: &ssh_key::Mpint| {
                let bytes = number.as_positive_bytes().ok_or(PublicKeyError::Kind)?;
                Ok(rsa::BoxedUint::from_be_slice_vartime(bytes))
            };
            of_rsa(number(key.n())?, number(key.e())?)
        }
        _ => Err(PublicKeyError::Kind),
    }
}

fn from_any_der(der: &[u8]) -> Result<PublicKey, PublicKeyError> {
    if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
        return PublicKey::from_der(der);
    }
    if let Ok(certificate) = Certificate::from_der(der) {
        return of_certificate(&certificate);
    }
    if Pkcs1::from_der(der).is_ok() {
        return from_pkcs1(der);
    }
    let is_private = PrivateKeyInfoRef::from_der(der).is_ok()
        || EncryptedPrivateKeyInfoRef::from_der(der).is_ok()
        || RsaPrivateKey::<UintRef<'_>>::from_der(der).is_ok()
        || EcPrivateKey::from_der(der).is_ok();
    Err(if is_private { PublicKeyError::Private } else { PublicKeyError::Unknown })
}

fn of_certificate(certificate: &Certificate) -> Result<PublicKey, PublicKeyError> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    PublicKey::from_der(&info.to_der().map_err(|_| PublicKeyError::Kind)?)
}

fn from_pkcs1(der: &[u8]) -> Result<PublicKey, PublicKeyError> {
    let key = Pkcs1::from_der(der).map_err(|_| PublicKeyError::Kind)?;
    let number =
        |number: rsa::pkcs1::UintRef<'_>| rsa::BoxedUint::from_be_slice_vartime(number.as_bytes());
    of_rsa(number(key.modulus), number(key.public_exponent))
}

fn of_rsa(n: rsa::BoxedUint, e: rsa::BoxedUint) -> Result<PublicKey, PublicKeyError> {
    // Of a size that is not allowed: the size is the error, whatever else is wrong.
    let bits = n.bit_width_vartime() as usize;
    if !(2048..=4096).contains(&bits) {
        return Err(PublicKeyError::RsaSize(bits));
    }
    let key = rsa::PublicKey::new(n, e).map_err(|_| PublicKeyError::Kind)?;
    PublicKey::of_rsa(key)
}

/// The one key among those found, which may be there several times.
fn only(keys: Vec<PublicKey>) -> Result<PublicKey, PublicKeyError> {
    let mut found: Vec<PublicKey> = Vec::new();
    for key in keys {
        if !found.contains(&key) {
            found.push(key);
        }
    }
    match found.len() {
        0 => Err(PublicKeyError::Unknown),
        1 => Ok(found.remove(0)),
        several => Err(PublicKeyError::Several(several)),
    }
}
