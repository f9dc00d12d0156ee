//! Claims: whether what the key of a signature says about it holds, and agrees with the file
//! (EVIDENCE.md section 1).
//!
//! Role, signer, time and kind of key stand beside a signature as the word of whoever can write the
//! file. A claim is the same in the key's own word. If the two differ, one of them was changed, and
//! the signature does not count.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use countersign_envelope::artifact::Artifact;
use countersign_envelope::claim::{self, CLAIM, Claim, SIGN, Seen, SeenChain};
use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::dsse::DsseEnvelope;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{Algorithm, PayloadType, Signature};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::verification::{VerificationError, verify_hmac_raw, verify_raw};
use countersign_problem::{Explain as _, Words, words};

use crate::check::{CheckId, Checks, ClaimCheck, Outcome, SeenCheck};
use crate::evidence::{Evidence, Part};
use crate::keyring::Keyring;
use crate::level::Level::{L2, L4};
use crate::policy::{self, Policy};
use crate::refusals::{self, JudgedRefusal};
use crate::signatures::{JudgedSignature, JudgedSignatures, LabelSource};

/// The claim of a signature, judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClaimStanding {
    /// There is none: name, role, time and kind of key are the word of the file.
    #[default]
    None,
    /// It holds: they are the word of the key.
    Holds(Arc<HoldingClaim>),
    /// It does not hold, and the signature does not count.
    Broken(Vec<ClaimFault>),
}

/// A claim that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldingClaim {
    /// What it says.
    pub claim: Claim,
    /// What identifies it: the digest of its payload.
    pub digest: Digest,
    /// The raw signature over it, which a time-stamp token may cover.
    pub signature: Vec<u8>,
    /// Whether a shared key made it: then it is the word of anyone who has that key.
    pub is_shared: bool,
}

/// A rule that a claim breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFault {
    /// Which rule.
    pub check: ClaimCheck,
    /// How, to stand after "does not count:".
    pub words: Words,
}

impl ClaimStanding {
    /// What the key says, if it holds.
    pub fn holding(&self) -> Option<&HoldingClaim> {
        match self {
            Self::Holds(holding) => Some(holding),
            Self::None | Self::Broken(_) => None,
        }
    }

    /// What the key of one person alone says: not the word of a shared key.
    pub fn personal(&self) -> Option<&HoldingClaim> {
        self.holding().filter(|holding| !holding.is_shared)
    }
}

/// What signatures are about: an artifact, and the run that it is or belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The artifact.
    pub artifact: &'a Artifact,
    /// What it is.
    pub kind: PayloadType,
    /// The run; `None` if it cannot be read.
    pub run: Option<&'a SealedRun>,
}

impl<'a> Signed<'a> {
    /// A run.
    pub fn run(run: &'a SealedRun) -> Self {
        Self { artifact: run.artifact(), kind: PayloadType::SealedRun, run: Some(run) }
    }

    /// The manifest of a run.
    pub fn manifest(artifact: &'a Artifact, run: Option<&'a SealedRun>) -> Self {
        Self { artifact, kind: PayloadType::Manifest, run }
    }

    /// When the run was made; `None` if it does not say so in a form that is read.
    pub fn created_at(&self) -> Option<Instant> {
        self.run.and_then(SealedRun::created_at)
    }
}

/// A claim that was read and whose signature holds, or what is wrong with either.
type ReadClaim = Result<SignedClaim, ClaimFault>;

/// A claim and the key that signed it.
struct SignedClaim {
    claim: Arc<HoldingClaim>,
    /// The SHA-256 of the key's DER SubjectPublicKeyInfo; `None` for a shared key.
    key_sha256: Option<Digest>,
}

/// The claims of an envelope that were read and verified, by their signature as written. The same
/// claim stands beside the signatures on run and manifest, and is verified once.
#[derive(Default)]
pub(crate) struct ReadClaims<'a>(RefCell<HashMap<&'a str, KnownClaim<'a>>>);

/// A claim as it was written, what it was verified with, and the result.
struct KnownClaim<'a> {
    written: &'a Value,
    key: Digest,
    algorithm: &'a str,
    read: Rc<ReadClaim>,
}

impl<'a> ReadClaims<'a> {
    /// Reads and verifies the claim of a signature by a key with a fingerprint; `None` if it has
    /// none.
    fn of(
        &self,
        signature: Signature<'a>,
        key: VerifiedBy<'_>,
        fingerprint: Digest,
    ) -> Option<Rc<ReadClaim>> {
        let written = signature.0.get(CLAIM).filter(|claim| **claim != Value::Null)?;
        let algorithm = signature.algorithm_text();
        let first = written.get("signatures").and_then(Value::as_array).and_then(<[_]>::first);
        let sig = first.and_then(|one| one.get("sig")).and_then(Value::as_str).unwrap_or_default();
        if let Some(known) = self.0.borrow().get(sig)
            && (known.key, known.algorithm) == (fingerprint, algorithm)
            && known.written == written
        {
            return Some(Rc::clone(&known.read));
        }
        let read = Rc::new(read(signature, key));
        let known = KnownClaim { written, key: fingerprint, algorithm, read: Rc::clone(&read) };
        self.0.borrow_mut().insert(sig, known);
        Some(read)
    }
}

fn read(signature: Signature<'_>, key: VerifiedBy<'_>) -> ReadClaim {
    let unreadable =
        |why: Words| ClaimFault { check: ClaimCheck::Form, words: words!("claim-unreadable", why) };
    let envelope = match signature.claim() {
        Some(Ok(envelope)) => envelope,
        Some(Err(error)) => return Err(unreadable(error.problem().into())),
        None => return Err(unreadable(Words::default())),
    };
    let claim = Claim::parse(&envelope).map_err(|error| unreadable(error.problem().into()))?;
    let verified = match signature.algorithm() {
        Some(algorithm) => key.verify(algorithm, &envelope),
        None => Err(VerificationError::Mismatch),
    };
    verified.map_err(|why| ClaimFault {
        check: ClaimCheck::Signature,
        words: words!("claim-not-signed", why = why.problem()),
    })?;
    let claim = HoldingClaim {
        claim,
        digest: envelope.payload_digest(),
        signature: envelope.signature,
        is_shared: matches!(key, VerifiedBy::Shared(_)),
    };
    let key_sha256 = match key {
        VerifiedBy::Public(key) => Some(Digest::of(&key.to_der())),
        VerifiedBy::Shared(_) => None,
    };
    Ok(SignedClaim { claim: Arc::new(claim), key_sha256 })
}

/// What the claims of one file are held against.
pub(crate) struct Claims<'c, 'a> {
    signed: Signed<'a>,
    /// Counting the leaves means reading the run's lists: once, and only if there is a claim.
    commitments: OnceCell<Option<Object>>,
    known: &'c ReadClaims<'a>,
}

/// The key that verified a signature.
#[derive(Clone, Copy)]
pub(crate) enum VerifiedBy<'a> {
    /// A public key.
    Public(&'a PublicKey),
    /// A shared key.
    Shared(&'a [u8]),
}

impl VerifiedBy<'_> {
    fn verify(self, algorithm: Algorithm, claim: &DsseEnvelope) -> Result<(), VerificationError> {
        let message = claim.message();
        match self {
            Self::Public(key) => verify_raw(key, algorithm, &message, &claim.signature),
            Self::Shared(key) => verify_hmac_raw(key, &message, &claim.signature),
        }
    }
}

impl<'c, 'a> Claims<'c, 'a> {
    pub fn of(signed: Signed<'a>, known: &'c ReadClaims<'a>) -> Self {
        Self { signed, commitments: OnceCell::new(), known }
    }

    /// Judges the claim of a signature that verified under a key with a fingerprint.
    pub fn judge(
        &self,
        signature: Signature<'a>,
        key: VerifiedBy<'_>,
        fingerprint: Digest,
    ) -> ClaimStanding {
        let Some(read) = self.known.of(signature, key, fingerprint) else {
            return ClaimStanding::None;
        };
        let (holding, key_sha256) = match &*read {
            Ok(signed) => (&signed.claim, signed.key_sha256),
            Err(fault) => return ClaimStanding::Broken(vec![fault.clone()]),
        };
        let claim = &holding.claim;
        let mut faults = Vec::new();
        let mut rule = |check, holds: bool, words: &dyn Fn() -> Words| {
            if !holds {
                faults.push(ClaimFault { check, words: words() });
            }
        };
        rule(ClaimCheck::Act, claim.act == SIGN, &|| words!("claim-other-act", act = ?claim.act));
        let Signed { artifact, kind, .. } = self.signed;
        rule(ClaimCheck::Subject, claim.is_about(&artifact.canonical().digest(), kind), &|| {
            words!("claim-other-subject", what = word(kind))
        });
        let value = signature.raw_digest();
        rule(ClaimCheck::Signed, value.is_some() && claim.signature_on(kind) == value, &|| {
            words!("claim-other-signature")
        });
        let said = |check,
                    claimed: &str,
                    outer: Option<&str>,
                    rule: &mut dyn FnMut(_, bool, &dyn Fn() -> Words)| {
            rule(
                check,
                outer.is_none_or(|outer| outer == claimed),
                &|| words!("claim-differs", %claimed, written = %outer.unwrap_or_default()),
            );
        };
        let outer = |key: &str| signature.0.text(key);
        said(ClaimCheck::Signer, &claim.signer, outer("signer_id"), &mut rule);
        said(ClaimCheck::Role, &claim.role, outer("role"), &mut rule);
        said(ClaimCheck::KeyId, &claim.key_id, outer("signing_key_id"), &mut rule);
        said(ClaimCheck::Algorithm, &claim.algorithm, outer("algorithm"), &mut rule);
        rule(ClaimCheck::Key, claim.key_sha256 == key_sha256, &|| words!("claim-other-key"));
        let at = outer("signed_at");
        let same_time = at.is_none_or(|at| {
            Instant::parse(at).is_some_and(|at| at.unix() == claim.signed_at.unix())
        });
        rule(
            ClaimCheck::Time,
            same_time,
            &|| words!("claim-other-time", claimed = %claim.signed_at, written = %at.unwrap_or_default()),
        );
        let commitments =
            self.commitments.get_or_init(|| self.signed.run.and_then(claim::commitments));
        rule(ClaimCheck::Commitments, claim.commitments == *commitments, &|| {
            words!("claim-other-commitments")
        });
        match faults.is_empty() {
            false => ClaimStanding::Broken(faults),
            true => ClaimStanding::Holds(Arc::clone(holding)),
        }
    }
}

/// What an artifact is, as texts choose by it.
pub(crate) fn word(kind: PayloadType) -> &'static str {
    match kind {
        PayloadType::SealedRun => "run",
        PayloadType::Manifest => "manifest",
    }
}

/// The fields of a signature, those that the file leaves out as its claim has them; `None` if it
/// leaves nothing out.
pub(crate) fn completed(signature: Signature<'_>, claim: &Claim) -> Option<Object> {
    let fields = signature.0;
    let signed_at = claim.signed_at.to_string();
    let claimed = [
        ("signer_id", claim.signer.as_str()),
        ("role", &claim.role),
        ("signing_key_id", &claim.key_id),
        ("algorithm", &claim.algorithm),
        ("signed_at", &signed_at),
    ];
    let mut missing: Vec<_> =
        claimed.into_iter().filter(|(key, _)| fields.text(key).is_none()).collect();
    // What holds the key is as the claim says, whatever the file says.
    let kind = claim.signer_type.filter(|kind| signature.signer_type() != Some(*kind));
    missing.extend(kind.map(|kind| ("signer_type", kind.as_str())));
    if missing.is_empty() {
        return None;
    }
    let mut fields = fields.clone();
    for (key, claimed) in missing {
        fields.set(key, claimed);
    }
    Some(fields)
}

/// Whether of two entries of one signature the first wins by its claim: the key itself supports it
/// and not the other; or both, and its claim is later, or as late with the smaller payload digest.
/// Claims of one key for two people or two roles do not decide anything.
pub fn wins(one: &JudgedSignature, other: &JudgedSignature) -> bool {
    match (one.claim.personal(), other.claim.personal()) {
        (Some(_), None) => true,
        (None, _) => false,
        (Some(one), Some(other)) => {
            let (ours, theirs) = (&one.claim, &other.claim);
            let at = |claim: &Claim| claim.signed_at.unix();
            (&ours.signer, &ours.role) == (&theirs.signer, &theirs.role)
                && (at(ours), other.digest) > (at(theirs), one.digest)
        }
    }
}

/// Lets a claim settle which label of a signature is right: an entry of the same signature does not
/// count if the key itself says something else, or has said it later. If it says that two people
/// signed, or one in two roles, neither entry counts.
pub(crate) fn settle_labels(signatures: &mut [JudgedSignature]) {
    // Almost always every signature stands there once.
    let mut seen = HashSet::new();
    let twice: HashSet<Digest> = signatures
        .iter()
        .filter_map(|one| one.value)
        .filter(|value| !seen.insert(*value))
        .collect();
    if twice.is_empty() {
        return;
    }
    let claimed = |one: &&JudgedSignature| {
        one.is_valid() && one.is_label_signed() && one.value.is_some_and(|it| twice.contains(&it))
    };
    let settled: Vec<JudgedSignature> = signatures.iter().filter(claimed).cloned().collect();
    let mut by_value: HashMap<Digest, Vec<&JudgedSignature>> = HashMap::new();
    for one in &settled {
        if let Some(value) = one.value {
            by_value.entry(value).or_default().push(one);
        }
    }
    for other in signatures.iter_mut().filter(|one| one.is_valid()) {
        let same = other.value.and_then(|value| by_value.get(&value)).into_iter().flatten();
        let contradicts = |by: &JudgedSignature| {
            let (says, also) = (by.claim.personal(), other.claim.personal());
            says.zip(also).is_some_and(|(one, other)| {
                (&one.claim.signer, &one.claim.role) != (&other.claim.signer, &other.claim.role)
            })
        };
        let settles =
            |by: &&JudgedSignature| !by.has_label_of(other) && (wins(by, other) || contradicts(by));
        if let Some(by) = same.copied().find(settles) {
            other.set_aside(words!("claim-settles", label = by.label()));
        }
    }
}

/// Makes signatures without a claim not count, if policy requires one.
pub(crate) fn require(signatures: &mut [JudgedSignature], policy: &Policy) {
    let lacking = signatures.iter_mut().filter(|one| one.is_valid() && lacks_required(one, policy));
    for one in lacking {
        let why = match one.claim.holding() {
            Some(_) => words!("claim-shared"),
            None => words!("claim-missing"),
        };
        one.set_aside_lacking(why);
    }
}

/// Whether policy requires a claim that a signature does not have.
fn lacks_required(one: &JudgedSignature, policy: &Policy) -> bool {
    lacks(one, policy) && !is_named_exempt(one, policy)
}

/// Whether a signature counts without the claim that policy requires of others.
pub(crate) fn is_exempt(one: &JudgedSignature, policy: &Policy) -> bool {
    lacks(one, policy) && is_named_exempt(one, policy)
}

fn lacks(one: &JudgedSignature, policy: &Policy) -> bool {
    policy.claims == policy::Claims::Required && one.label_source() == LabelSource::Claimed
}

fn is_named_exempt(one: &JudgedSignature, policy: &Policy) -> bool {
    one.raw.is_some_and(|raw| policy.exempt.contains(&raw))
}

/// Makes signatures not count whose claim another signer saw, and that is gone. A signature that its
/// signer withdrew and made again has another claim, which names the withdrawal. Returns a sentence
/// for each.
pub(crate) fn set_aside_without_seen_claim(
    run: &mut [JudgedSignature],
    manifest: &[JudgedSignature],
    refusals: &[JudgedRefusal],
) -> Vec<Words> {
    let mut gone = Vec::new();
    for (who, claim) in counting(run, manifest) {
        for seen in &claim.seen.signatures {
            let Some(wanted) = seen.claim else { continue };
            let is_there = |one: &JudgedSignature| {
                one.claim.holding().is_some_and(|holding| holding.digest == wanted)
            };
            let same = |one: &&JudgedSignature| one.raw == Some(seen.signature);
            let is_replaced = |one: &JudgedSignature| refusals::is_made_again(one, refusals);
            let is_known = |one: &JudgedSignature| is_there(one) || is_replaced(one);
            if run.iter().any(|one| same(&one)) && !run.iter().filter(same).any(is_known) {
                gone.push((seen.signature, who.to_owned()));
            }
        }
    }
    let mut sentences = Vec::new();
    for (signature, who) in gone {
        for one in run.iter_mut().filter(|one| one.raw == Some(signature)) {
            let why = words!("claim-removed", ?who);
            let sentence = words!(
                "signature-does-not-count",
                who = ?one.signer_id,
                what = "run",
                why = why.clone(),
            );
            sentences.push(sentence);
            // One that counts for nothing anyway is named all the same.
            if one.is_valid() {
                one.set_aside(why);
            }
        }
    }
    sentences
}

/// The claims of signatures that count, each once, with who made it.
pub(crate) fn counting<'a>(
    run: &'a [JudgedSignature],
    manifest: &'a [JudgedSignature],
) -> Vec<(&'a str, &'a Claim)> {
    let mut known = HashSet::new();
    let valid = run.iter().chain(manifest).filter(|one| one.is_valid());
    let claims = valid.filter_map(|one| Some((one.signer_id.as_str(), one.claim.holding()?)));
    claims
        .filter(|(_, holding)| known.insert(holding.digest))
        .map(|(who, holding)| (who, &holding.claim))
        .collect()
}

/// Adds the checks of the claims of both files.
pub(crate) fn check_files(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    signatures: JudgedSignatures<'_>,
    policy: &Policy,
) {
    let both = [
        (PayloadType::SealedRun, evidence.run_signatures, signatures.run),
        (PayloadType::Manifest, evidence.manifest_signatures, signatures.manifest),
    ];
    for (kind, file, judged) in both {
        if let Part::Read(Ok(file)) = file {
            check(checks, kind, file, judged);
            check_required(checks, kind, judged, policy);
        }
    }
}

/// Names the signatures that do not count since policy requires a claim.
fn check_required(
    checks: &mut Checks,
    kind: PayloadType,
    judged: &[JudgedSignature],
    policy: &Policy,
) {
    for one in judged.iter().filter(|one| one.verifies() && lacks_required(one, policy)) {
        let detail = words!("signature-lacks-claim", who = ?one.signer_id, what = word(kind));
        checks.at(L2).add(CheckId::Claim(kind, ClaimCheck::Missing), Outcome::Fail, false, detail);
    }
}

/// Adds the checks of the claims of one file.
fn check(checks: &mut Checks, kind: PayloadType, file: &SignatureFile, judged: &[JudgedSignature]) {
    let what = word(kind);
    let holding = judged.iter().filter(|one| one.claim.holding().is_some()).count();
    if holding > 0 {
        let rules = ClaimCheck::ALL.iter().filter(|rule| **rule != ClaimCheck::Missing);
        for rule in rules {
            let found = words!("found-claims", count = holding);
            checks.at(L2).add(CheckId::Claim(kind, *rule), Outcome::Pass, false, found);
        }
    }
    for (one, signature) in judged.iter().zip(file.signatures()) {
        let who = &one.signer_id;
        if let ClaimStanding::Broken(faults) = &one.claim {
            for fault in faults {
                let detail =
                    words!("signature-does-not-count", ?who, what, why = fault.words.clone());
                checks.at(L2).add(CheckId::Claim(kind, fault.check), Outcome::Fail, false, detail);
            }
        }
        if let Some(holding) = one.claim.holding()
            && let (Some(claimed), Some(written)) =
                (holding.claim.signer_type, signature.signer_type())
            && claimed != written
        {
            let (written, claimed) = (written.as_str(), claimed.as_str());
            let detail = words!("claim-other-signer-type", ?who, what, written, claimed);
            checks.at(L2).warn(CheckId::Claim(kind, ClaimCheck::SignerType), detail);
        }
    }
}

/// Adds the checks of the signatures that the signers saw.
pub(crate) fn check_seen(
    checks: &mut Checks,
    signatures: JudgedSignatures<'_>,
    claims_gone: &[Words],
    keyring: &Keyring,
) {
    for (who, claim) in counting(signatures.run, signatures.manifest) {
        let Some(seen) = claim.seen.keyring else { continue };
        let version = seen.version;
        match keyring.signed() {
            None => {
                let detail = words!("seen-keyring", ?who, %version);
                checks.at(L2).add(SeenCheck::Keyring, Outcome::Unchecked, false, detail);
            }
            Some(ours) if ours.version < version => {
                let detail = words!("seen-newer-keyring", ?who, %version, ours = ours.version);
                checks.at(L2).warn(SeenCheck::Keyring, detail);
            }
            Some(ours)
                if ours.version == version && seen.digest.is_some_and(|one| one != ours.digest) =>
            {
                checks
                    .at(L2)
                    .warn(SeenCheck::Keyring, words!("seen-other-keyring", ?who, %version));
            }
            Some(_) => {}
        }
    }
    for gone in claims_gone {
        checks.at(L4).add(SeenCheck::Signatures, Outcome::Fail, false, gone.clone());
    }
    let there: HashSet<Digest> = signatures.run.iter().filter_map(|one| one.raw).collect();
    let mut seen = 0_usize;
    for (who, claim) in counting(signatures.run, signatures.manifest) {
        for one in &claim.seen.signatures {
            seen += 1;
            if !there.contains(&one.signature) {
                let signature = brief(&one.signature.to_string());
                let detail = words!("seen-signature-lost", ?who, signature);
                checks.at(L4).fail(SeenCheck::Signatures, detail);
            }
        }
    }
    if seen > 0 {
        let found = words!("found-signatures-seen", count = seen);
        checks.at(L4).add(SeenCheck::Signatures, Outcome::Pass, false, found);
    }
}

/// The logs or ledgers that the signers whose claims count saw, with who saw them.
pub(crate) fn seen_chains<'a>(
    signatures: JudgedSignatures<'a>,
    which: impl Fn(&'a Seen) -> Option<&'a SeenChain>,
) -> Vec<(&'a str, &'a SeenChain)> {
    let claims = counting(signatures.run, signatures.manifest).into_iter();
    claims.filter_map(|(who, claim)| Some((who, which(&claim.seen)?))).collect()
}
