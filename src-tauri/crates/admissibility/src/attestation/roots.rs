//! The trusted roots, with the intermediate certificates that help to reach them, and the way from
//! a device's certificate up to one of them (RFC 5280 section 6).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;

use super::certificate::{Certificate, YUBICO_PIV_ROOT_OLDER, YUBICO_ROOT_1};
use super::{AttestationError, Proven};

/// How many certificates may stand between a device's and its root.
const MAX_DEPTH: usize = 6;
/// How many attestations are remembered; one person's keys make one each.
const REMEMBERED: usize = 4096;

/// What attestations are held against: roots that are trusted, and certificates that only help.
#[derive(Debug, Default)]
pub struct AttestationRoots {
    /// Roots and helpers; which is which shows in [`Certificate::is_root`].
    certificates: Vec<(Certificate, IsRoot)>,
    /// Roots whose device certificates must come from a "Yubico PIV Attestation" authority, since
    /// they issue others too.
    piv_issuer_asked: Vec<Digest>,
    /// The attestation keys of TPMs that are trusted by themselves.
    keys: Vec<PublicKey>,
    /// What came of attestations before. It depends on nothing but them and the certificates.
    remembered: Mutex<HashMap<Digest, Outcome>>,
}

type IsRoot = bool;

/// What came of an attestation, whenever its key signed.
pub(super) type Outcome = Result<Arc<Proven>, AttestationError>;

/// The way from a device's certificate to a root, the root last.
pub(super) type Path<'a> = Vec<&'a Certificate>;

/// The root that something leads to, where it is not trusted itself, and the subject and validity of
/// each certificate on the way.
pub(super) type Trusted = (Option<String>, Vec<(String, Instant, Instant)>);

impl AttestationRoots {
    /// From certificates: those that are signed by their own key are trusted, the others help to
    /// reach one of them.
    pub fn new(certificates: impl IntoIterator<Item = Certificate>) -> Self {
        let mut known: Vec<(Certificate, IsRoot)> = Vec::new();
        for certificate in certificates {
            if !known.iter().any(|(one, _)| *one == certificate) {
                let is_root = certificate.is_root();
                known.push((certificate, is_root));
            }
        }
        // So that the order of files on a disk never shows in what is said.
        known.sort_by_key(|(one, _)| *one.fingerprint().as_bytes());
        let piv_issuer_asked = Digest::parse(&format!("sha256:{YUBICO_ROOT_1}"));
        Self {
            certificates: known,
            piv_issuer_asked: piv_issuer_asked.into_iter().collect(),
            keys: Vec::new(),
            remembered: Mutex::default(),
        }
    }

    /// Trusts the attestation keys of TPMs too.
    #[must_use]
    pub fn with_keys(mut self, keys: impl IntoIterator<Item = PublicKey>) -> Self {
        self.keys.extend(keys);
        self.keys.sort_by_key(|key| *key.fingerprint().as_bytes());
        self.keys.dedup();
        self
    }

    /// The certificates, roots and helpers.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().map(|(certificate, _)| certificate)
    }

    /// The attestation keys of TPMs that are trusted by themselves.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Whether a TPM's attestation key is trusted by itself.
    pub(super) fn trusts_key(&self, key: &PublicKey) -> bool {
        self.keys.contains(key)
    }

    /// What tells what is trusted from what else might be.
    pub fn digest(&self) -> Digest {
        let certificates = self.certificates().map(|one| *one.fingerprint().as_bytes());
        let keys = self.keys.iter().map(|key| *key.fingerprint().as_bytes());
        let parts: Vec<[u8; 32]> = certificates.chain(keys).collect();
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
        Digest::of_parts(&parts)
    }

    #[cfg(test)]
    pub(super) fn ask_for_piv_issuer(mut self) -> Self {
        self.piv_issuer_asked = self.certificates().map(Certificate::fingerprint).collect();
        self
    }

    /// What came of an attestation before, or what `verify` says now. The same few certificates come
    /// with each of a person's signatures.
    pub(super) fn remember(
        &self,
        attestation: Digest,
        verify: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let remembered = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = remembered().get(&attestation) {
            return outcome.clone();
        }
        let outcome = verify();
        let mut all = remembered();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(attestation, outcome.clone());
        outcome
    }

    /// The way from the certificate of slot f9 to a trusted root.
    ///
    /// # Errors
    /// Where there is none: what is wrong with the one that came farthest.
    pub(super) fn path(&self, device: &Certificate) -> Result<Path<'_>, AttestationError> {
        // A root of one's own in slot f9 itself is trusted like any other.
        if let Some(own) = self.find_root(device) {
            return Ok(vec![own]);
        }
        if device.is_root() {
            return Err(AttestationError::KeyReplaced { subject: device.subject() });
        }
        let mut path = Vec::new();
        self.climb(device, 1, &mut path).map_err(|(_, error)| error)?;
        let (issuer, root) = (path.first(), path.last());
        if let (Some(issuer), Some(root)) = (issuer, root)
            && self.piv_issuer_asked.contains(&root.fingerprint())
            && !issuer.common_name().starts_with("Yubico PIV Attestation ")
        {
            return Err(AttestationError::IssuerKind { issuer: issuer.subject() });
        }
        Ok(path)
    }

    /// The way from a certificate that issues no others to a trusted root.
    ///
    /// # Errors
    /// As [`Self::path`].
    pub(super) fn path_of_leaf(&self, leaf: &Certificate) -> Result<Path<'_>, AttestationError> {
        if let Some(own) = self.find_root(leaf) {
            return Ok(vec![own]);
        }
        let mut path = Vec::new();
        self.climb(leaf, 0, &mut path).map_err(|(_, error)| error)?;
        Ok(path)
    }

    fn find_root(&self, wanted: &Certificate) -> Option<&Certificate> {
        let is_it = |(one, is_root): &&(Certificate, IsRoot)| *is_root && one == wanted;
        self.certificates.iter().find(is_it).map(|(one, _)| one)
    }

    /// Finds the rest of the way from a certificate that is the top of it so far. An error comes
    /// with how far it got. `authorities` is how many certificates that issue others stand below the
    /// way: 1 where it begins at one, else 0.
    fn climb<'a>(
        &'a self,
        from: &Certificate,
        authorities: usize,
        path: &mut Path<'a>,
    ) -> Result<(), (usize, AttestationError)> {
        let unknown = || AttestationError::UnknownRoot { issuer: from.issuer() };
        let mut farthest = (path.len(), unknown());
        let mut is_first = true;
        let named = self.certificates.iter().filter(|(issuer, _)| from.is_issued_by(issuer));
        for (issuer, is_root) in named {
            if path.len() >= MAX_DEPTH || path.contains(&issuer) {
                continue;
            }
            let step = self.check_step(from, issuer, authorities + path.len());
            let rest = step.map_err(|error| (path.len(), error)).and_then(|()| {
                path.push(issuer);
                let rest = if *is_root { Ok(()) } else { self.climb(issuer, authorities, path) };
                if rest.is_err() {
                    path.pop();
                }
                rest
            });
            match rest {
                Ok(()) => return Ok(()),
                Err(error) if is_first || error.0 > farthest.0 => farthest = error,
                Err(_) => {}
            }
            is_first = false;
        }
        Err(farthest)
    }

    /// Whether one certificate was issued by another, which has `below` that issue others below it.
    fn check_step(
        &self,
        from: &Certificate,
        issuer: &Certificate,
        below: usize,
    ) -> Result<(), AttestationError> {
        let broken = |problem: String| {
            Err(AttestationError::BrokenChain { subject: issuer.subject(), problem })
        };
        let authority = match issuer.authority() {
            Err(problem) => return broken(problem.to_owned()),
            Ok(None) => return broken("does not say that it may issue others".to_owned()),
            Ok(Some(authority)) => authority,
        };
        if let Some(id) = issuer.unknown_critical() {
            return broken(format!("has a critical extension that is not known here ({id})"));
        }
        from.verify_issued_by(issuer).map_err(|problem| AttestationError::Signature {
            subject: from.subject(),
            issuer: issuer.subject(),
            problem: problem.into_owned(),
        })?;
        let is_exempt = issuer.fingerprint().hex() == YUBICO_PIV_ROOT_OLDER;
        match authority.path_length {
            Some(most) if usize::from(most) < below && !is_exempt => broken(format!(
                "allows {most} authorities below it (path length), and there are {below}"
            )),
            _ => Ok(()),
        }
    }
}
