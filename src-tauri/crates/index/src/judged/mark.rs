//! The stored verdict on a signature.

use countersign_admissibility::Verdict;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::{JudgedSignature, LabelSource, Standing};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::visible::visible_short;
use countersign_problem::words;
use serde::{Deserialize, Serialize};

/// Longest id, name or sentence that is shown, in characters.
pub(super) const SHORT: usize = 400;

/// The stored verdict on a signature: on the run, joined with the same person's on the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JudgedMark {
    pub signer: Signatory,
    /// The reason for its verdict.
    pub reason: Box<str>,
    pub signed: Signed,
    /// The time that an authority vouches for.
    pub trusted: Option<Box<Trusted>>,
}

/// A time that a trusted authority vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trusted {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// By how many seconds it may be off.
    pub accuracy: u32,
    /// The authority.
    pub authority: Box<str>,
}

/// The stored verdict on a signature without its signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signed {
    pub role: Option<Role>,
    pub kind: SignerType,
    pub assurance: Option<Assurance>,
    /// Whose word role, time and kind are: of what is on the run and on the manifest, the weaker.
    pub labels: LabelSource,
    /// When, according to the file: seconds since 1970-01-01T00:00:00Z.
    pub at: Option<i64>,
    /// The verdict on the run; null if it is only on the manifest.
    pub run: Option<Standing>,
    /// The verdict on the manifest.
    pub manifest: Option<Standing>,
    /// Whether it is one of those that count: for L4 on the run, as valid on the manifest alone.
    pub counts: bool,
    /// Its index among the signatures of the run; among those of the manifest if it is only on
    /// that.
    pub place: u32,
}

impl Signed {
    /// The verdict as a whole: the worse of both.
    pub fn standing(&self) -> Standing {
        self.run.max(self.manifest).unwrap_or(Standing::Invalid)
    }
}

/// Who signed, and with which key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Signatory {
    pub signer_id: Box<str>,
    pub key_id: Box<str>,
    pub fingerprint: Option<Digest>,
}

/// The signatures on the run, each with the same one on the manifest; then those on the manifest
/// that have no other.
pub(super) fn joined(verdict: &Verdict) -> Vec<JudgedMark> {
    let mut on_manifest: Vec<_> = (0_u32..).zip(&verdict.manifest_signatures).collect();
    let mut marks = Vec::with_capacity(verdict.signatures.len());
    for (place, one) in (0_u32..).zip(&verdict.signatures) {
        let same = |other: &JudgedSignature| {
            (&other.signer_id, &other.key_id, other.role) == (&one.signer_id, &one.key_id, one.role)
        };
        let other = on_manifest.iter().position(|(_, other)| same(other));
        let other = other.map(|at| on_manifest.remove(at).1);
        let counts = one.is_valid() && verdict.quorum.why_not(place as usize).is_none();
        marks.push(mark(place, Some(one), other, counts));
    }
    let of_manifest =
        |(place, one): (u32, &JudgedSignature)| mark(place, None, Some(one), one.is_valid());
    marks.extend(on_manifest.into_iter().map(of_manifest));
    marks
}

/// Extracts the stored form of a signature that is on the run, the manifest, or both.
fn mark(
    place: u32,
    run: Option<&JudgedSignature>,
    manifest: Option<&JudgedSignature>,
    counts: bool,
) -> JudgedMark {
    let standing = |one: Option<&JudgedSignature>| one.map(|one| one.standing);
    let is_worse = run.is_some() && standing(manifest) > standing(run);
    let text = |text: &str| visible_short(text, SHORT).into();
    let of = run.or(manifest);
    let reason = match manifest.filter(|_| is_worse) {
        Some(manifest) => words!("signature-on-manifest", detail = manifest.detail()),
        None => of.map(|one| one.detail()).unwrap_or_default(),
    };
    let at = |one: &JudgedSignature| Some(Instant::parse(one.signed_at.as_deref()?)?.unix());
    // Of what is on the run and on the manifest, the later time; none if one of them has none.
    let trusted = run.into_iter().chain(manifest).map(JudgedSignature::trusted_time);
    let trusted = trusted.collect::<Option<Vec<_>>>();
    let trusted = trusted.and_then(|all| all.into_iter().max_by_key(|time| time.latest()));
    JudgedMark {
        trusted: trusted.map(|time| {
            let authority = text(&time.authority);
            Box::new(Trusted { at: time.at.unix(), accuracy: time.accuracy, authority })
        }),
        signer: Signatory {
            signer_id: of.map(|one| text(&one.signer_id)).unwrap_or_default(),
            key_id: of.map(|one| text(&one.key_id)).unwrap_or_default(),
            fingerprint: run.and_then(|one| one.fingerprint).or_else(|| manifest?.fingerprint),
        },
        reason: text(&reason.english()),
        signed: Signed {
            role: of.and_then(|one| one.role),
            kind: of.map_or(SignerType::Software, |one| one.kind),
            assurance: of.and_then(|one| one.assurance),
            labels: run
                .into_iter()
                .chain(manifest)
                .map(JudgedSignature::label_source)
                .max()
                .unwrap_or(LabelSource::Claimed),
            at: of.and_then(at),
            run: standing(run),
            manifest: standing(manifest),
            counts,
            place,
        },
    }
}
