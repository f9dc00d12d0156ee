//! The objects that a session sees: which of them are keys, and which belong together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_pkcs11_calls::sys::*;
use countersign_pkcs11_calls::{CallError, Module, Object as Handle, Session, key_type_name};
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::ObjectIdentifier;

use super::field::text;
use super::public_key::{ED25519, P256, P384, P521, SECP256K1, ec_key, key_of, rsa_key};
use crate::certificate::{CertificateFacts, DeviceCertificate};
use crate::error::pkcs11::Fault;
use crate::pkcs11::name::Name;
use crate::pkcs11::token::{TokenKey, UNKNOWN_KIND};

/// A key as a session sees it; without a handle if only its public half is visible.
pub(super) type SeenKey = (Option<Handle>, TokenKey);

/// The one key that is meant: everything that is given must match, and match one key only. Of
/// several that may be it, one that certainly has the public key comes first, then one that has the
/// very label.
pub(super) fn named(seen: &[SeenKey], wanted: &TokenKey, token: &Name) -> Result<SeenKey, Fault> {
    let mut meant: Vec<_> = seen.iter().filter(|(_, key)| wanted.names(key)).collect();
    let has_public =
        |key: &TokenKey| !wanted.public_key.is_empty() && key.public_key == wanted.public_key;
    let has_label = |key: &TokenKey| !wanted.label.is_empty() && key.label == wanted.label;
    for certain in [&has_public as &dyn Fn(&TokenKey) -> bool, &has_label] {
        if meant.iter().any(|(_, key)| certain(key)) {
            meant.retain(|(_, key)| certain(key));
        }
    }
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Fault::no_key(token, wanted, seen)),
        [(_, first), rest @ ..] => Err(Fault::SeveralKeys {
            token: token.clone(),
            key: wanted.full_name(),
            alike: rest.iter().all(|(_, key)| (&key.label, &key.id) == (&first.label, &first.id)),
        }),
    }
}

impl Fault {
    /// No key is the one that is meant; those that are there are named.
    pub(super) fn no_key(token: &Name, wanted: &TokenKey, seen: &[SeenKey]) -> Self {
        let there = seen.iter().map(|(_, key)| key.full_name()).collect();
        Self::NoKey { token: token.clone(), key: wanted.full_name(), there }
    }
}

/// What a session sees.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub module: &'a Module,
    pub session: &'a Session,
}

impl View<'_> {
    /// The keys. If there may be more with the PIN, public keys stand for their private halves; if no
    /// public key is seen either, certificates do.
    pub(super) fn keys(self, more_with_pin: bool) -> Result<Vec<SeenKey>, CallError> {
        let private = self.objects(CKO_PRIVATE_KEY)?;
        let public = self.objects(CKO_PUBLIC_KEY)?;
        let certificates = self.objects(CKO_CERTIFICATE)?;
        let secret = self.objects(CKO_SECRET_KEY)?;
        let all: Vec<DeviceCertificate> =
            certificates.0.iter().filter_map(|one| one.certificate(self)).collect();
        let mut keys = Vec::new();
        for object in &private.0 {
            let mut key = object.key(self);
            let certificate =
                certificates.beside(object, &private).and_then(|one| one.certificate(self));
            // What the private key says of itself, then what stands beside it.
            let found = object
                .public_key(self)
                .or_else(|| public.beside(object, &private)?.public_key(self))
                .or_else(|| certificate.as_ref().and_then(|one| key_of(&one.parsed)));
            key.set(found, certificate.as_ref(), &all);
            keys.push((Some(object.handle), key));
        }
        for object in &secret.0 {
            let kinds = [CKK_GENERIC_SECRET, CKK_SHA256_HMAC];
            if object.key_type(self).is_some_and(|kind| kinds.contains(&kind)) {
                let key = TokenKey { secret: true, ..object.key(self) };
                keys.push((Some(object.handle), key));
            }
        }
        if more_with_pin {
            for object in public.0.iter().filter(|one| !private.has_beside(one)) {
                let certificate =
                    certificates.beside(object, &public).and_then(|one| one.certificate(self));
                let certified = || certificate.as_ref().and_then(|one| key_of(&one.parsed));
                let found = object.public_key(self).or_else(certified);
                keys.push((None, object.hidden(self, found, (certificate.as_ref(), &all))));
            }
            if private.0.is_empty() && public.0.is_empty() {
                for object in &certificates.0 {
                    let Some(certificate) = object.certificate(self) else { continue };
                    let found = key_of(&certificate.parsed);
                    let key = object.hidden(self, found, (Some(&certificate), &all));
                    keys.push((None, key));
                }
            }
        }
        Ok(keys)
    }

    fn objects(self, class: CK_OBJECT_CLASS) -> Result<Objects, CallError> {
        let found = self.module.objects(self.session, class)?;
        let object = |handle| {
            let bytes = |kind| self.module.attribute(self.session, handle, kind);
            let label = bytes(CKA_LABEL).unwrap_or_default();
            Object { handle, id: bytes(CKA_ID).unwrap_or_default(), label: text(&label) }
        };
        Ok(Objects(found.into_iter().map(object).collect()))
    }
}

/// The objects of a class.
struct Objects(Vec<Object>);

/// An object, and what tells it from others.
struct Object {
    handle: Handle,
    id: Vec<u8>,
    label: String,
}

impl Objects {
    fn all_beside<'a>(&'a self, other: &Object) -> impl Iterator<Item = &'a Object> {
        self.0
            .iter()
            .filter(|one| one.id == other.id && (!other.id.is_empty() || one.label == other.label))
    }

    fn has_beside(&self, other: &Object) -> bool {
        self.all_beside(other).next().is_some()
    }

    /// The one that belongs to another of `others`: of the same id, or of the same label if there is
    /// none. If several share the id, the label has to be the same too: half a key that may be another
    /// key's is none.
    fn beside<'a>(&'a self, other: &Object, others: &Self) -> Option<&'a Object> {
        let alone = others.all_beside(other).count() == 1;
        let mut found: Vec<_> = self.all_beside(other).collect();
        if found.len() > 1 || !alone {
            found.retain(|one| one.label == other.label);
            if others.all_beside(other).filter(|one| one.label == other.label).count() != 1 {
                return None;
            }
        }
        match found.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl Object {
    /// An attribute; `None` if the module does not have or show it.
    fn bytes(&self, view: View<'_>, kind: CK_ATTRIBUTE_TYPE) -> Option<Vec<u8>> {
        let bytes = view.module.attribute(view.session, self.handle, kind)?;
        (!bytes.is_empty()).then_some(bytes)
    }

    fn number(&self, view: View<'_>, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        let bytes = self.bytes(view, kind)?;
        bytes.try_into().ok().map(CK_ULONG::from_ne_bytes)
    }

    fn key_type(&self, view: View<'_>) -> Option<CK_KEY_TYPE> {
        self.number(view, CKA_KEY_TYPE)
    }

    /// What is known of a private or secret key.
    fn key(&self, view: View<'_>) -> TokenKey {
        let flag = |kind| match self.bytes(view, kind)?.as_slice() {
            [value] => Some(*value != CK_FALSE),
            _ => None,
        };
        TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(view),
            private: flag(CKA_PRIVATE),
            signs: flag(CKA_SIGN),
            sensitive: flag(CKA_SENSITIVE),
            extractable: flag(CKA_EXTRACTABLE),
            local: flag(CKA_LOCAL),
            always_sensitive: flag(CKA_ALWAYS_SENSITIVE),
            never_extractable: flag(CKA_NEVER_EXTRACTABLE),
            always_authenticate: flag(CKA_ALWAYS_AUTHENTICATE),
            ..TokenKey::default()
        }
    }

    /// What is known of a key whose private half is not visible.
    fn hidden(
        &self,
        view: View<'_>,
        public_key: Option<Vec<u8>>,
        (certificate, all): (Option<&DeviceCertificate>, &[DeviceCertificate]),
    ) -> TokenKey {
        let mut key = TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(view),
            hidden: true,
            ..TokenKey::default()
        };
        key.set(public_key, certificate, all);
        key
    }

    /// Which key it is, in words; with its curve, which a private key tells even if nothing tells
    /// its public half, or its length.
    fn kind(&self, view: View<'_>) -> String {
        let Some(kind) = self.key_type(view) else {
            return UNKNOWN_KIND.to_owned();
        };
        if kind == CKK_RSA {
            let modulus = self.bytes(view, CKA_MODULUS);
            let modulus = modulus.map(|bytes| rsa::BoxedUint::from_be_slice_vartime(&bytes));
            let bits = modulus.map(|modulus| modulus.bit_width());
            return bits.map_or_else(|| key_type_name(kind), |bits| format!("RSA {bits}"));
        }
        let curve = matches!(kind, CKK_EC | CKK_EC_EDWARDS);
        let curve = curve.then(|| self.bytes(view, CKA_EC_PARAMS)).flatten();
        match curve.as_deref() {
            Some(P256) => "ECC P-256".to_owned(),
            Some(P384) => "ECC P-384".to_owned(),
            Some(P521) => "ECC P-521".to_owned(),
            Some(SECP256K1) => "ECC secp256k1".to_owned(),
            Some(edwards) if ED25519.contains(&edwards) => "Ed25519".to_owned(),
            Some(other) => {
                let oid: Result<ObjectIdentifier, _> = ObjectIdentifier::from_der(other);
                let kind = key_type_name(kind);
                oid.map_or(kind.clone(), |oid| format!("{kind} {oid}"))
            }
            None => key_type_name(kind),
        }
    }

    /// The DER SubjectPublicKeyInfo of a key, from whichever attributes have it.
    fn public_key(&self, view: View<'_>) -> Option<Vec<u8>> {
        let bytes = |kind| self.bytes(view, kind);
        if let Some(told) =
            bytes(CKA_PUBLIC_KEY_INFO).filter(|der| PublicKey::from_der(der).is_ok())
        {
            return Some(told);
        }
        if let (Some(modulus), Some(exponent)) = (bytes(CKA_MODULUS), bytes(CKA_PUBLIC_EXPONENT)) {
            return rsa_key(&modulus, &exponent);
        }
        ec_key(&bytes(CKA_EC_PARAMS)?, &bytes(CKA_EC_POINT)?)
    }

    fn certificate(&self, view: View<'_>) -> Option<DeviceCertificate> {
        let x509 = self.number(view, CKA_CERTIFICATE_TYPE)? == CKC_X_509;
        DeviceCertificate::read(self.bytes(view, CKA_VALUE).filter(|_| x509)?)
    }
}

impl TokenKey {
    /// Its public half, and the certificate beside it if that is about this very key, of all that the
    /// token has.
    fn set(
        &mut self,
        public_key: Option<Vec<u8>>,
        certificate: Option<&DeviceCertificate>,
        all: &[DeviceCertificate],
    ) {
        let about = certificate.filter(|one| {
            let certified = key_of(&one.parsed);
            public_key.is_none() || certified.is_none() || certified == public_key
        });
        self.certificate = about.map(|one| CertificateFacts::of(one, all));
        self.public_key = public_key.map(|der| BASE64.encode(der)).unwrap_or_default();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
