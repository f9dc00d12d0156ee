//! The trusted roots, with the intermediate certificates that help to reach them, and the way from
//! a device's certificate up to one of them (RFC 5280 section 6).

use countersign_problem::{Words, words};
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;

use x509_cert::der::oid::ObjectIdentifier;

use super::certificate::{Certificate, CertificateError, SignatureProblem};
use super::constraints::Purpose;
use super::error::AttestationError;
use super::public_area::TpmArea;
use super::statement::Proven;
use super::yubico::{
    YUBICO_PIV_ROOT, YUBICO_PIV_ROOT_OLDER, YUBICO_ROOT_1, YUBICO_U2F_ROOT, YUBIHSM_ROOT,
};
use super::{constraints, yubihsm, yubikey};

/// How many certificates may stand between a device's and its root.
const MAX_DEPTH: usize = 6;
/// How many steps are tried to find a way: certificates that come with what is verified could be
/// many, and issued by each other.
const MAX_STEPS: usize = 64;
/// How many attestations are remembered, and how many signatures between certificates; one person's keys
/// make one each.
const REMEMBERED: usize = 4096;

/// What attestations are checked against: trusted roots, and certificates that only help.
#[derive(Debug, Default)]
pub struct AttestationRoots {
    /// Roots and helpers; which is which shows in [`Certificate::is_root`].
    certificates: Vec<(Certificate, IsRoot)>,
    /// Roots whose device certificates must come from a "Yubico PIV Attestation" authority, since
    /// they issue others too.
    piv_issuer_required: Vec<Digest>,
    /// Yubico's roots, which certify the devices of each kind under one name only.
    yubicos: Vec<Digest>,
    /// The attestation keys of TPMs that are trusted by themselves.
    keys: Vec<PublicKey>,
    /// Those that are trusted with their attributes.
    areas: Vec<TpmArea>,
    /// The outcomes of earlier attestations. They depend only on them and the certificates.
    remembered: Mutex<HashMap<Digest, Outcome>>,
    /// Which certificates carry the signature of which others, by both: the same authority's come with
    /// every time stamp. That depends on nothing else, and copies with other helpers share it.
    issued: Arc<Mutex<Issued>>,
}

type Issued = HashMap<(Digest, Digest), Result<(), SignatureProblem>>;

type IsRoot = bool;

/// The outcome of an attestation, whenever its key signed.
pub(super) type Outcome = Result<Arc<Proven>, AttestationError>;

/// The way from a device's certificate to a root, the root last.
pub(crate) type Path<'a> = Vec<&'a Certificate>;

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
        let digest = |hex: &str| Digest::parse(&format!("sha256:{hex}"));
        let yubico =
            [YUBICO_ROOT_1, YUBICO_PIV_ROOT, YUBICO_PIV_ROOT_OLDER, YUBICO_U2F_ROOT, YUBIHSM_ROOT];
        Self {
            certificates: known,
            piv_issuer_required: digest(YUBICO_ROOT_1).into_iter().collect(),
            yubicos: yubico.into_iter().filter_map(digest).collect(),
            ..Self::default()
        }
    }

    /// The same with certificates that only help to reach a root: those that come with what is
    /// verified. None of them is trusted by itself, and one that signed itself leads nowhere.
    #[must_use]
    pub(crate) fn helped_by(&self, helpers: &[Certificate]) -> Self {
        let mut certificates = self.certificates.clone();
        for helper in helpers {
            if !certificates.iter().any(|(one, _)| one == helper) && !helper.is_root() {
                certificates.push((helper.clone(), false));
            }
        }
        let (piv_issuer_required, yubicos) =
            (self.piv_issuer_required.clone(), self.yubicos.clone());
        let issued = Arc::clone(&self.issued);
        Self { certificates, piv_issuer_required, yubicos, issued, ..Self::default() }
    }

    /// Trusts the attestation keys of TPMs too.
    #[must_use]
    pub fn with_keys(mut self, keys: impl IntoIterator<Item = PublicKey>) -> Self {
        self.keys.extend(keys);
        self.keys.sort_by_key(|key| *key.fingerprint().as_bytes());
        self.keys.dedup();
        self
    }

    /// Trusts the attestation keys of TPMs with their attributes.
    #[must_use]
    pub fn with_areas(mut self, areas: impl IntoIterator<Item = TpmArea>) -> Self {
        self.areas.extend(areas);
        // Of what is there twice, what its TPM proved stays.
        self.areas.sort_by_key(|one| (one.bytes().to_vec(), one.endorsement().is_none()));
        self.areas.dedup_by(|one, before| one.bytes() == before.bytes());
        self
    }

    /// The public areas of attestation keys that are trusted.
    pub fn areas(&self) -> &[TpmArea] {
        &self.areas
    }

    /// The trusted public area of a key, if there is one.
    pub(super) fn area_of(&self, key: &PublicKey) -> Option<&TpmArea> {
        self.areas.iter().find(|area| area.key() == key)
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
        let areas = self.areas.iter().map(|area| *Digest::of(area.bytes()).as_bytes());
        let seen = self.areas.iter().filter_map(TpmArea::endorsement);
        let seen = seen.map(|one| {
            let certificate = one.certificate.fingerprint();
            *Digest::of_parts(&[certificate.as_bytes(), one.at.to_string().as_bytes()]).as_bytes()
        });
        let parts: Vec<[u8; 32]> = certificates.chain(keys).chain(areas).chain(seen).collect();
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
        Digest::of_parts(&parts)
    }

    /// As if the roots were Yubico's.
    #[cfg(test)]
    pub(super) fn with_yubicos_rules(mut self) -> Self {
        self.piv_issuer_required = self.certificates().map(Certificate::fingerprint).collect();
        self.yubicos.clone_from(&self.piv_issuer_required);
        self
    }

    /// The outcome of an attestation before, or what `verify` says now. The same few certificates come
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

    /// The way from the certificate of slot f9, which issued that of a slot, to a trusted root.
    ///
    /// # Errors
    /// If there is none: what is wrong with the one that came farthest.
    pub(super) fn path(
        &self,
        slot: &Certificate,
        device: &Certificate,
    ) -> Result<Path<'_>, AttestationError> {
        let path = self.path_of_device(slot, device)?;
        let (Some(issuer), Some(root)) = (path.first(), path.last()) else { return Ok(path) };
        if *root == device {
            return Ok(path);
        }
        if self.is_yubicos(root) && !yubikey::is_device(device) {
            return Err(AttestationError::NotDevice { subject: device.subject() });
        }
        if self.piv_issuer_required.contains(&root.fingerprint())
            && !issuer.common_name().starts_with("Yubico PIV Attestation ")
        {
            return Err(AttestationError::IssuerKind { issuer: issuer.subject() });
        }
        Ok(path)
    }

    /// The way from the certificate of a device, which issued that of a key, to a trusted root. What
    /// the device is does not matter here.
    ///
    /// # Errors
    /// As [`Self::path`].
    pub(super) fn path_of_device(
        &self,
        key: &Certificate,
        device: &Certificate,
    ) -> Result<Path<'_>, AttestationError> {
        // A root of one's own in place of the device's key is trusted like any other.
        if let Some(own) = self.find_root(device) {
            constraints::check(&[own, key], Purpose::Unnamed)?;
            return Ok(vec![own]);
        }
        if device.is_root() {
            return Err(AttestationError::KeyReplaced { subject: device.subject() });
        }
        let climb = Climb {
            below: &[device, key],
            purpose: Purpose::Unnamed,
            at: None,
            steps: Cell::new(0),
        };
        let mut path = Vec::new();
        self.climb(&climb, device, &mut path).map_err(|(_, error)| error)?;
        Ok(path)
    }

    /// The same, those certificates first that are valid at a time: of two by one name and key, as an
    /// authority has them that was renewed, one that has ended does not stand in for the other.
    #[must_use]
    pub(super) fn preferring(&self, at: Instant) -> Self {
        let mut certificates = self.certificates.clone();
        certificates.sort_by_key(|(one, _)| !one.is_valid_at(at));
        let (keys, areas) = (self.keys.clone(), self.areas.clone());
        let (piv_issuer_required, yubicos) =
            (self.piv_issuer_required.clone(), self.yubicos.clone());
        Self { certificates, piv_issuer_required, yubicos, keys, areas, ..Self::default() }
    }

    /// Which certificates are valid at a time: its own, and then others in DER.
    pub(super) fn valid_at(&self, others: &[Vec<u8>], at: Instant) -> Vec<u8> {
        let own = self.certificates().map(|one| one.is_valid_at(at));
        let others = others.iter().map(|der| {
            Certificate::from_der(der).is_ok_and(|certificate| certificate.is_valid_at(at))
        });
        own.chain(others).map(u8::from).collect()
    }

    /// The trusted roots.
    pub(super) fn roots(&self) -> Vec<&Certificate> {
        let roots = self.certificates.iter().filter(|(_, is_root)| *is_root);
        roots.map(|(certificate, _)| certificate).collect()
    }

    /// Whether a root is one of Yubico's.
    pub(super) fn is_yubicos(&self, root: &Certificate) -> bool {
        self.yubicos.contains(&root.fingerprint())
    }

    /// The way from a certificate that issues no others, for a purpose, to a trusted root.
    ///
    /// # Errors
    /// As [`Self::path`].
    pub(super) fn path_of_leaf(
        &self,
        leaf: &Certificate,
        purpose: ObjectIdentifier,
    ) -> Result<Path<'_>, AttestationError> {
        self.path_for(leaf, Purpose::Of(purpose), None)
    }

    /// As [`Self::path_of_leaf`], over certificates that were valid at a time: one that was renewed
    /// under the same name does not stand in for another.
    ///
    /// # Errors
    /// As [`Self::path`].
    pub(crate) fn path_of_leaf_at(
        &self,
        leaf: &Certificate,
        purpose: ObjectIdentifier,
        at: Instant,
    ) -> Result<Path<'_>, AttestationError> {
        check_valid(leaf, at)?;
        self.path_for(leaf, Purpose::Of(purpose), Some(at))
    }

    /// The way from the certificate of a person to a trusted root, over certificates that were valid
    /// at a time, if one is given. Whether the person's own was is not checked here, nor what it says
    /// that its key is for.
    ///
    /// # Errors
    /// As [`Self::path`].
    pub(crate) fn path_of_person(
        &self,
        person: &Certificate,
        at: Option<Instant>,
    ) -> Result<Path<'_>, AttestationError> {
        person.check_critical()?;
        self.path_for(person, Purpose::Documents, at)
    }

    fn path_for(
        &self,
        leaf: &Certificate,
        purpose: Purpose,
        at: Option<Instant>,
    ) -> Result<Path<'_>, AttestationError> {
        if let Some(own) = self.find_root(leaf) {
            return Ok(vec![own]);
        }
        let climb = Climb { below: &[leaf], purpose, at, steps: Cell::new(0) };
        let mut path = Vec::new();
        self.climb(&climb, leaf, &mut path).map_err(|(_, error)| error)?;
        Ok(path)
    }

    fn find_root(&self, wanted: &Certificate) -> Option<&Certificate> {
        let is_it = |(one, is_root): &&(Certificate, IsRoot)| *is_root && one == wanted;
        self.certificates.iter().find(is_it).map(|(one, _)| one)
    }

    /// Finds the rest of the way from a certificate that is the top of it so far. An error comes
    /// with how far it got.
    fn climb<'a>(
        &'a self,
        climb: &Climb<'_>,
        from: &Certificate,
        path: &mut Path<'a>,
    ) -> Result<(), (usize, AttestationError)> {
        let unknown = || AttestationError::UnknownRoot { issuer: from.issuer() };
        let mut farthest = (path.len(), unknown());
        let mut is_first = true;
        let named = self.certificates.iter().filter(|(issuer, _)| from.is_issued_by(issuer));
        for (issuer, is_root) in named {
            if path.len() >= MAX_DEPTH || path.contains(&issuer) || !climb.may_step() {
                continue;
            }
            let valid = climb.at.map_or(Ok(()), |at| check_valid(issuer, at));
            let step = valid.and_then(|()| self.check_step(from, issuer));
            let rest = step.map_err(|error| (path.len(), error)).and_then(|()| {
                path.push(issuer);
                let rest = match is_root {
                    true => climb.check(path).map_err(|error| (path.len(), error)),
                    false => self.climb(climb, issuer, path),
                };
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

    /// Whether one certificate was issued by another.
    fn check_step(&self, from: &Certificate, issuer: &Certificate) -> Result<(), AttestationError> {
        let broken = |at: &Certificate, problem: Words| {
            Err(AttestationError::BrokenChain { subject: at.subject(), problem })
        };
        check_not_of_key(issuer)?;
        match issuer.authority() {
            Err(problem) => return broken(issuer, problem),
            Ok(None) => return broken(issuer, words!("cert-no-authority")),
            Ok(Some(_)) => {}
        }
        issuer.check_critical()?;
        self.verify_issued(from, issuer).map_err(|problem| AttestationError::Signature {
            subject: from.subject(),
            issuer: issuer.subject(),
            problem: problem.into(),
        })
    }

    /// Whether one certificate carries the signature of another, verified once.
    fn verify_issued(
        &self,
        from: &Certificate,
        issuer: &Certificate,
    ) -> Result<(), SignatureProblem> {
        let both = (from.fingerprint(), issuer.fingerprint());
        let issued = || self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = issued().get(&both) {
            return known.clone();
        }
        let verified = from.verify_issued_by(issuer);
        let mut all = issued();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(both, verified.clone());
        verified
    }
}

/// Reads a certificate of an attestation, called by its place in it.
///
/// # Errors
/// Fails with [`AttestationError::Malformed`] if it is none.
pub(super) fn read(der: &[u8], which: &'static str) -> Result<Certificate, AttestationError> {
    Certificate::from_der(der).map_err(|error| {
        AttestationError::Malformed(match error {
            CertificateError::Der(why) => words!("attestation-no-certificate", which, why),
            why => words!("attestation-in-certificate", which, why),
        })
    })
}

/// Whether a certificate is valid at a time.
pub(crate) fn check_valid(one: &Certificate, at: Instant) -> Result<(), AttestationError> {
    check_validity(|| one.subject(), (one.not_before(), one.not_after()), at)
}

/// Whether a time is between the first and the last second of a certificate.
pub(super) fn check_validity(
    subject: impl Fn() -> String,
    (from, until): (Instant, Instant),
    at: Instant,
) -> Result<(), AttestationError> {
    if at.unix() < from.unix() {
        return Err(AttestationError::NotYetValid { subject: subject(), from, at });
    }
    if until.unix() < at.unix() {
        return Err(AttestationError::Expired { subject: subject(), until, at });
    }
    Ok(())
}

/// Refuses a certificate that a device, of whatever make, made for a key in it as an issuer. Such a key
/// signs whatever its holder likes.
///
/// # Errors
/// Fails with [`AttestationError::SlotAsIssuer`] or as [`yubihsm::check_not_of_key`] if it is one.
pub(super) fn check_not_of_key(issuer: &Certificate) -> Result<(), AttestationError> {
    yubikey::check_not_of_slot(issuer)?;
    yubihsm::check_not_of_key(issuer)
}

/// What stands below the way that is looked for.
struct Climb<'a> {
    /// The certificates below, each issued by the one before.
    below: &'a [&'a Certificate],
    /// What the lowest is for.
    purpose: Purpose,
    /// When all above have to be valid; `None` if their times are checked afterwards.
    at: Option<Instant>,
    /// How many steps were tried.
    steps: Cell<usize>,
}

impl Climb<'_> {
    /// Counts a step, and returns whether it may be tried.
    fn may_step(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() <= MAX_STEPS
    }

    /// Checks what the certificates of a complete way demand of each other.
    fn check(&self, path: &[&Certificate]) -> Result<(), AttestationError> {
        let chain: Vec<&Certificate> = path.iter().rev().chain(self.below).copied().collect();
        let Some((root, below_root)) = chain.split_first() else { return Ok(()) };
        let is_exempt = root.fingerprint().hex() == YUBICO_PIV_ROOT_OLDER
            || yubikey::is_first_attesting(self.below, path);
        constraints::check_path_lengths(if is_exempt { below_root } else { &chain })?;
        constraints::check(&chain, self.purpose)
    }
}
