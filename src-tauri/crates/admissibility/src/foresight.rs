//! What one more signature would change, before anybody makes it: the envelope is judged with it as if
//! it were there.

use countersign_envelope::digest::Digest;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::signature::{Algorithm, Role, SignerType};
use countersign_envelope::signature_file::{SignatureFile, Terms, VERSION};
use countersign_problem::{Reason, Words, words};

use crate::attestation::AttestationFinding;
use crate::check::Outcome;
use crate::claims::ClaimStanding;
use crate::companions::JudgedCompanion;
use crate::evidence::{Evidence, Part};
use crate::judge::Judge;
use crate::keyring::Acceptance;
use crate::level::Level;
use crate::policy::{Assurance, TimeKind, Trust};
use crate::refusals;
use crate::sentence::level_name;
use crate::signatures::{JudgedSignature, Standing};
use crate::time_stamp::TimeStamps;
use crate::verdict::Verdict;

/// A signature that a person is about to make on the run, and on the manifest if it is there.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
    /// The id of the key.
    pub key_id: String,
    /// Tells the key from others, if that is known before it is open.
    pub fingerprint: Option<Digest>,
    /// How it signs.
    pub algorithm: Algorithm,
    /// What holds the key.
    pub kind: SignerType,
    /// How well that is known; `None` for software.
    pub assurance: Option<Assurance>,
    /// What its attestation proves, if one is known before it is open.
    pub attestation: Option<AttestationFinding>,
    /// Whether the keyring has the key, for this person and role.
    pub is_pinned: bool,
    /// What the envelope asks for, if this signature sets that.
    pub terms: Terms,
}

/// What a signature would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foresight {
    /// The level before.
    pub before: Option<Level>,
    /// The level after.
    pub after: Option<Level>,
    /// Whether anything comes nearer: a level, a role, the threshold, an assurance, or an answer to a
    /// refusal.
    pub changes: bool,
    /// What is missing after it, as a clause.
    pub lack: Words,
}

impl Foresight {
    /// In words: "L5 → L6", "L2 as before: the entry in the transparency log is missing", "changes
    /// nothing: an operator is missing". Texts from files are in it as they are.
    pub fn words(&self) -> Words {
        let lack = self.lack.clone();
        match self.changes {
            _ if self.before != self.after => rise(self.before, self.after),
            true => words!("foresight-as-before", after = level_name(self.after), lack),
            false => words!("foresight-nothing", lack),
        }
    }
}

/// Another level than before, in words: "L5 → L6".
pub fn rise(before: Option<Level>, after: Option<Level>) -> Words {
    words!("foresight-changes", before = level_name(before), after = level_name(after))
}

impl Judge<'_> {
    /// What a signature would change.
    pub fn foresee(&self, evidence: &Evidence<'_>, prospect: &Prospect) -> Foresight {
        let before = self.judge(evidence);
        let after = self.judge_with_prospect(evidence, prospect);
        Foresight {
            before: before.level,
            after: after.level,
            changes: Progress::of(&before) != Progress::of(&after),
            lack: after.lack(),
        }
    }

    /// The verdict with a signature that is not made yet.
    pub(crate) fn judge_with_prospect(
        &self,
        evidence: &Evidence<'_>,
        prospect: &Prospect,
    ) -> Verdict {
        let mut judged = self.judge_parts(evidence);
        let signature = self.prospective(prospect);
        // Who signs after all lifts their own refusal.
        refusals::lift_by(&mut judged.refusals, &signature, self.policy.trust);
        // What is read from the files of signatures does not have the new one; a file that is missing,
        // or a single block, becomes an envelope with the terms that are set now.
        let run = evidence.run.ok().map(|run| run.artifact().canonical().digest());
        let manifest = evidence.manifest.read().and_then(Result::ok);
        let manifest = manifest.map(|manifest| manifest.artifact().canonical().digest());
        let begun = |digest: Option<Digest>| digest.map(|digest| begin(digest, &prospect.terms));
        let (run_file, manifest_file) = (begun(run), begun(manifest));
        let mut with = *evidence;
        replace(&mut with.run_signatures, run_file.as_ref());
        replace(&mut with.manifest_signatures, manifest_file.as_ref());
        if run.is_some() {
            judged.run.push(signature.clone());
        }
        if manifest.is_some() {
            judged.manifest.push(signature);
        }
        self.conclude(&with, judged)
    }

    /// A signature as it would be judged.
    fn prospective(&self, prospect: &Prospect) -> JudgedSignature {
        let counts = match self.policy.trust {
            Trust::Pinned => prospect.is_pinned,
            Trust::Embedded => true,
        };
        // An authority dates a signature only after it is made.
        let waits_for_stamp = self.policy.time > TimeKind::Signed;
        let why = match counts {
            false => words!("key-not-pinned"),
            true if waits_for_stamp => words!("signature-waits-for-time"),
            true => words!("signature-verifies-alone"),
        };
        let value = Some(Digest::of(b"a signature that is not made yet"));
        JudgedSignature {
            signer_id: prospect.signer_id.clone(),
            role: Some(prospect.role),
            key_id: prospect.key_id.clone(),
            algorithm: prospect.algorithm.as_str().to_owned(),
            signed_at: Some(self.now.to_string()),
            signer_type: Some(prospect.kind),
            kind: prospect.kind,
            verified: true,
            standing: match counts && !waits_for_stamp {
                true => Standing::Valid,
                false => Standing::NotAccepted,
            },
            acceptance: Some(match prospect.is_pinned {
                true => Acceptance::Accepted,
                false => Acceptance::UnknownKey,
            }),
            lacks_something: true,
            why,
            says_verifies: !counts || waits_for_stamp,
            assurance: prospect.assurance,
            contradiction: None,
            attestations: prospect.attestation.clone().into_iter().collect(),
            unmet: Vec::new(),
            // A key that is not known before it is open is another than all others.
            fingerprint: prospect.fingerprint.or(value),
            value,
            raw: value,
            claim: ClaimStanding::None,
            companion: JudgedCompanion::default(),
            names: None,
            time_stamps: TimeStamps::default(),
        }
    }
}

/// Puts the file that co-signing begins in place of none, or of a block.
fn replace<'a>(
    part: &mut Part<Result<&'a SignatureFile, &'a Reason>>,
    begun: Option<&'a SignatureFile>,
) {
    let is_begun = matches!(part, Part::Absent | Part::Read(Ok(SignatureFile::Block(_))));
    if let Some(begun) = begun.filter(|_| is_begun) {
        *part = Part::Read(Ok(begun));
    }
}

/// The file of signatures that the first of them begins.
fn begin(digest: Digest, terms: &Terms) -> SignatureFile {
    let roles = terms.required_roles.iter().map(|role| Value::from(role.as_str())).collect();
    SignatureFile::Envelope(Object::from([
        ("multisig_version", Value::from(VERSION)),
        ("artifact_hash", Value::from(digest.to_string())),
        ("threshold", Value::from(terms.threshold)),
        ("signatures", Value::Array(Vec::new())),
        ("witness_requirements", Value::Array(roles)),
    ]))
}

/// How far an envelope has come. Two verdicts that are equal in it are as far from complete.
#[derive(Debug, PartialEq, Eq)]
struct Progress {
    level: Option<Level>,
    /// Which levels hold by themselves.
    holds: [bool; 8],
    /// How many more signatures L4 needs at least.
    signatures: u64,
    assurance: Option<Assurance>,
    /// How many count for L6, and how many of those L4 would need there are.
    keys: usize,
    refusals: usize,
}

impl Progress {
    fn of(verdict: &Verdict) -> Self {
        let open = verdict.roles.iter().filter(|role| !role.is_filled()).count() as u64;
        let counted = verdict.quorum.counted.len() as u64;
        let missing = verdict.quorum.required.threshold.saturating_sub(counted);
        Self {
            level: verdict.level,
            holds: Level::ALL.map(|level| verdict.rung(level).0 == Outcome::Pass),
            signatures: open.max(missing),
            assurance: verdict.assurance,
            keys: verdict.key_quorum.as_ref().map_or(0, |quorum| quorum.counted.len()),
            refusals: verdict.refusals.iter().filter(|one| one.stands()).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Files, files, foreseen, without};

    fn prospect(signer_id: &str, role: Role, kind: SignerType) -> Prospect {
        Prospect {
            signer_id: signer_id.to_owned(),
            role,
            key_id: "ds-test-2026-12".to_owned(),
            fingerprint: Some(Digest::of(signer_id.as_bytes())),
            algorithm: Algorithm::EcdsaP256Sha256,
            kind,
            assurance: (kind != SignerType::Software).then_some(Assurance::Pinned),
            attestation: None,
            is_pinned: false,
            terms: Terms { threshold: 2, required_roles: vec![Role::Operator, Role::Witness] },
        }
    }

    #[test]
    fn what_a_signature_changes_is_known_before_it_is_made() {
        use Role::{Auditor, Operator, Witness};
        let whole = files();
        let unsigned = Files { run_signatures: None, manifest_signatures: None, ..files() };
        let by_operator =
            Files { run_signatures: without(&whole.run_signatures, "witness"), ..files() };
        let by_witness =
            Files { run_signatures: without(&whole.run_signatures, "operator"), ..files() };
        let (any, known) = (Trust::Embedded, Trust::Pinned);
        let (soft, hard) = (SignerType::Software, SignerType::Hardware);
        let cases = [
            (&unsigned, any, ("ada", Operator, soft), true, "L1 → L2"),
            (
                &by_operator,
                any,
                ("ada", Witness, soft),
                true,
                "L2 as before: the entry in the transparency log is missing",
            ),
            // A second witness where only an operator is missing.
            (
                &by_witness,
                any,
                ("ada", Witness, soft),
                false,
                "changes nothing: an operator is missing",
            ),
            (
                &whole,
                any,
                ("ada", Auditor, soft),
                false,
                "changes nothing: the entry in the transparency log is missing",
            ),
            // L6 comes nearer.
            (
                &whole,
                any,
                ("ada", Auditor, hard),
                true,
                "L2 as before: the entry in the transparency log is missing",
            ),
            // The same person as another does not become two.
            (&by_operator, any, ("mira.k", Witness, soft), false, "changes nothing: a witness"),
            // Nobody's key counts.
            (
                &unsigned,
                known,
                ("ada", Operator, soft),
                false,
                "changes nothing: the key of \"ada\" is not in the keyring",
            ),
        ];
        for (files, trust, (who, role, kind), changes, words) in cases {
            let foresight = foreseen(files, trust, &prospect(who, role, kind));
            let found = foresight.words().to_string();
            assert!(found.starts_with(words), "{found} for {words}");
            assert_eq!(foresight.changes, changes, "{words}");
        }
    }

    #[test]
    fn terms_that_it_sets_count_at_once() {
        let files = Files { run_signatures: None, manifest_signatures: None, ..files() };
        let mut prospect = prospect("ada", Role::Operator, SignerType::Software);
        prospect.terms.required_roles.push(Role::Auditor);
        let foresight = foreseen(&files, Trust::Embedded, &prospect);
        assert_eq!(foresight.lack.to_string(), "a witness and an auditor are missing");
    }
}
