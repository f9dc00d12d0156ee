//! What a person reads of an envelope before they sign it.

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::quorum::Requirements;
use countersign_admissibility::signatures::Standing;
use countersign_admissibility::{Judge, Verdict};
use countersign_envelope::claim::{self, SeenChain};
use countersign_envelope::count::count;
use countersign_envelope::signature::{PayloadType, Role};
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::visible::visible;
use countersign_problem::{Said, words};
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::reading::name_of;
use countersign_views::{
    ContentView, ManifestView, RawLines, RawPart, RawText, RefusalView, SignatureView,
    refusal_views, signature_views, warnings,
};
use serde::Serialize;

use crate::signing::Reading;

/// What a person reads of an envelope before they sign it.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReadingView {
    /// What was decided; null if it cannot be read.
    pub content: Option<ContentView>,
    /// The manifest; null if no manifest is signed.
    pub manifest: Option<ManifestView>,
    /// The files that are signed.
    pub artifacts: Vec<ArtifactView>,
    /// What should be known before signing.
    pub warnings: Vec<Said>,
    /// Who refused to sign.
    pub refusals: Vec<RefusalView>,
    /// Who has signed already.
    pub signatures: Vec<SignatureView>,
    /// The terms of the envelope.
    pub terms: TermsView,
    /// What the key will say beside who signs, in which role and when; null if nothing is signed.
    pub claim: Option<ClaimPreview>,
}

/// What a claim will say that the signer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ClaimPreview {
    /// How many signatures by accepted keys stand on the run.
    pub signatures: u32,
    /// How many refusals.
    pub refusals: u32,
    /// How many entries the transparency log has; null if there is none.
    pub log_entries: Option<u32>,
    /// How many entries the authority ledger has; null if there is none.
    pub ledger_entries: Option<u32>,
    /// Whether it repeats the run's input commitments.
    pub commitments: bool,
}

impl ClaimPreview {
    fn of(reading: &Reading, keyring: &Keyring) -> Option<Self> {
        let seen = reading.will_be_seen(keyring).ok()?;
        let entries = |chain: Option<SeenChain>| {
            chain.map(|chain| u32::try_from(chain.entries).unwrap_or(u32::MAX))
        };
        Some(Self {
            signatures: count(seen.signatures.len()),
            refusals: count(seen.refusals.len()),
            log_entries: entries(seen.log),
            ledger_entries: entries(seen.ledger),
            commitments: claim::commitments(reading.run()).is_some(),
        })
    }
}

/// One file that is signed.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ArtifactView {
    /// Run or manifest.
    pub part: RawPart,
    /// Its name.
    pub name: String,
    /// SHA-256 of its canonical bytes, 64 hex digits.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// How many lines it is shown in.
    pub lines: u32,
    /// How many bytes its canonical form has.
    pub canonical_bytes: u32,
}

/// The terms of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TermsView {
    /// How many signatures.
    pub threshold: u32,
    /// By whom at least.
    pub required_roles: Vec<Role>,
    /// Whether the terms are fixed already, or not set by this signature.
    pub fixed: bool,
}

/// The lines of what is signed, part by part, from the buffers that were hashed.
#[derive(Default)]
pub struct Raw(Vec<(RawPart, RawText)>);

impl Raw {
    /// Some lines of a part; none of a part that is not signed.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        match self.0.iter().find(|(one, _)| *one == part) {
            Some((_, raw)) => raw.lines(part, first, wanted),
            None => RawLines { part, first, total: 0, lines: Vec::new() },
        }
    }
}

impl ReadingView {
    /// From what was read, if it may be signed, and from the verdict.
    pub fn of(
        reading: Option<&Reading>,
        (files, verdict): &(EnvelopeFiles, Verdict),
        judge: &Judge<'_>,
    ) -> (Self, Raw) {
        let mut view = Self {
            content: None,
            manifest: None,
            artifacts: Vec::new(),
            warnings: warnings(verdict),
            refusals: refusal_views(&verdict.refusals),
            signatures: signature_views(&verdict.signatures, files.run_signatures(), judge.now),
            terms: TermsView { threshold: 2, required_roles: Vec::new(), fixed: true },
            claim: reading.and_then(|reading| ClaimPreview::of(reading, judge.keyring)),
        };
        let mut raw = Raw::default();
        let Some(reading) = reading else { return (view, raw) };
        view.content = Some(ContentView::of(reading.run()));
        view.manifest = reading.manifest_view();
        view.terms = terms_of(reading.existing().ok().flatten().as_ref(), verdict, judge.policy);
        for one in reading.artifacts() {
            let part = match one.payload_type {
                PayloadType::SealedRun => RawPart::Run,
                PayloadType::Manifest => RawPart::Manifest,
            };
            let text = RawText::new(one.bytes);
            let canonical = one.artifact.canonical();
            view.artifacts.push(ArtifactView {
                part,
                name: visible(&name_of(one.path)),
                digest: canonical.digest().hex(),
                bytes: count(one.bytes.len()),
                lines: text.len(),
                canonical_bytes: count(canonical.len()),
            });
            raw.0.push((part, text));
        }
        if reading.manifest().is_none() {
            view.warnings.push(words!("signing-without-manifest").into());
        }
        (view, raw)
    }
}

/// What an envelope asks for: its own terms if a signature that counts has set them, else at least
/// what policy does. Only the signature that makes an envelope of a block can set more.
fn terms_of(existing: Option<&SignatureFile>, verdict: &Verdict, policy: &Policy) -> TermsView {
    let is_set = matches!(existing, Some(SignatureFile::Envelope(_)))
        && verdict.signatures.iter().any(|one| one.standing == Standing::Valid);
    let of_policy = || Requirements::of(None, &[], policy, &Keyring::default());
    let required = if is_set { verdict.quorum.required.clone() } else { of_policy() };
    TermsView {
        threshold: u32::try_from(required.threshold).unwrap_or(u32::MAX),
        required_roles: required.roles,
        fixed: is_set || existing.is_none(),
    }
}
