//! Signs the envelopes of a demonstration: run, manifest and claim, one person after another.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::claim::{self, Claim, SIGN, Seen, SeenChain, SeenSignature};
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::{DsseEnvelope, IN_TOTO, pae};
use countersign_envelope::instant::Instant;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{Role, SignedPayload, raw_digest};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact, Terms};
use countersign_envelope::statement::Subject;
use countersign_envelope::time_stamp::{Covers, TimeStamp};
use countersign_signers::{Payload, Signer as _, Unattended};

use crate::authority::TimeAuthority;
use crate::{DemoError, Holder, PlannedSignature, START};

/// How many seconds after a signature the authority vouches for it.
const DELAY: i64 = 40;

/// What is signed of one envelope.
pub(crate) struct Signing<'a> {
    pub sealed: &'a SealedRun,
    pub run: SignedArtifact<'a>,
    pub manifest: SignedArtifact<'a>,
    /// The ledger that every signer sees.
    pub ledger: Option<SeenChain>,
    /// Whether the keys also sign claims. Nobody did before the first decision of this year.
    pub claims: bool,
    /// Who vouches for the time of the last claim, if anybody does.
    pub authority: Option<&'a TimeAuthority>,
}

impl Signing<'_> {
    /// The signature files of run and manifest: blocks, or with two signers envelopes.
    pub fn sign(&self, signers: &[(&Holder, &PlannedSignature)]) -> Result<[String; 2], DemoError> {
        let (mut on_run, mut on_manifest) = (None, None);
        let mut seen: Vec<SeenSignature> = Vec::new();
        for (holder, planned) in signers {
            let signatures = [
                made(holder, self.run, planned.is_forged)?,
                made(holder, self.manifest, planned.is_forged)?,
            ];
            let is_claimed = self.claims && !planned.is_forged && planned.at.unix() >= START;
            let claim = match is_claimed {
                true => Some(self.claim(holder, planned.at, &signatures, &seen)?),
                false => None,
            };
            let [first, second] = &signatures;
            on_run = Some(add(on_run, holder, planned.at, (first, claim.as_ref()), self.run)?);
            let manifest = (second.as_str(), claim.as_ref());
            on_manifest = Some(add(on_manifest, holder, planned.at, manifest, self.manifest)?);
            seen.extend(raw_digest(first).map(|signature| SeenSignature {
                signature,
                claim: claim.map(|claim| claim.payload_digest()),
            }));
        }
        let at = signers.last().map(|(_, planned)| planned.at);
        if let (Some(authority), Some(at)) =
            (self.authority, at.and_then(|at| Instant::from_unix(at.unix() + DELAY)))
        {
            for file in [&mut on_run, &mut on_manifest].into_iter().flatten() {
                stamp(file, authority, at)?;
            }
        }
        let text = |file: Option<SignatureFile>| file.map(|file| file.to_text());
        Ok([text(on_run).unwrap_or_default(), text(on_manifest).unwrap_or_default()])
    }

    fn claim(
        &self,
        holder: &Holder,
        at: Instant,
        [run, manifest]: &[String; 2],
        seen: &[SeenSignature],
    ) -> Result<DsseEnvelope, DemoError> {
        let subject =
            |one: SignedArtifact<'_>| Subject::of(one.artifact, one.payload_type, one.file_name);
        let mut signer = holder.signer.clone();
        let claim = Claim {
            subjects: vec![subject(self.run), subject(self.manifest)],
            act: SIGN.to_owned(),
            signer: holder.name.clone(),
            role: holder.role.as_str().to_owned(),
            key_id: holder.key_id.clone(),
            key_sha256: signer.public_key().map(|key| Digest::of(&key.to_der())),
            companion_key_sha256: None,
            algorithm: signer.algorithm().as_str().to_owned(),
            signer_type: Some(holder.kind),
            signed_at: at,
            terms: terms(),
            on_run: raw_digest(run),
            on_manifest: raw_digest(manifest),
            commitments: claim::commitments(self.sealed),
            lifts: Vec::new(),
            seen: Seen {
                signatures: seen.to_vec(),
                ledger: self.ledger.clone(),
                ..Seen::default()
            },
        };
        let payload = claim.to_statement().to_payload();
        let bytes = pae(IN_TOTO, &payload);
        let signed = Payload::new(&bytes, SignedPayload::CanonicalJson);
        Ok(DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload,
            key_id: holder.key_id.clone(),
            signature: signer.sign(&signed, &Unattended)?,
            signed_payload: SignedPayload::CanonicalJson,
        })
    }
}

/// Adds a token about the claim of the last signature.
fn stamp(
    file: &mut SignatureFile,
    authority: &TimeAuthority,
    at: Instant,
) -> Result<(), DemoError> {
    let covers = Covers::Claim;
    let last = file.signatures().len().saturating_sub(1);
    let imprint = file.signatures().get(last).and_then(|one| covers.imprint(*one));
    if let Some(imprint) = imprint {
        let token = authority.token(imprint, at)?;
        file.add_time_stamp(last, &TimeStamp { covers, token })?;
    }
    Ok(())
}

fn terms() -> Terms {
    Terms { threshold: 2, required_roles: vec![Role::Operator, Role::Witness] }
}

/// A signature, base64; a forged one is over something else.
fn made(holder: &Holder, signed: SignedArtifact<'_>, is_forged: bool) -> Result<String, DemoError> {
    let canonical = match is_forged {
        true => b"something else".into(),
        false => signed.artifact.canonical().bytes(),
    };
    let payload = Payload::new(&canonical, SignedPayload::CanonicalJson);
    Ok(BASE64.encode(holder.signer.clone().sign(&payload, &Unattended)?))
}

/// Adds a signature to those that are there.
fn add(
    there: Option<SignatureFile>,
    holder: &Holder,
    at: Instant,
    (signature, claim): (&str, Option<&DsseEnvelope>),
    signed: SignedArtifact<'_>,
) -> Result<SignatureFile, DemoError> {
    let new = NewSignature {
        algorithm: holder.signer.algorithm(),
        signed_payload: SignedPayload::CanonicalJson,
        key_id: &holder.key_id,
        signer_id: &holder.name,
        role: holder.role,
        signer_type: holder.kind,
        signed_at: at,
        public_key: holder.signer.public_key(),
        signature,
        key_attestation: None,
        claim,
        companion: None,
    };
    Ok(match there {
        None => SignatureFile::Block(new.block(signed)),
        Some(first) => SignatureFile::co_sign(first, &new, signed, &terms())?,
    })
}
