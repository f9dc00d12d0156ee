//! The ids of the checks: which check it is, as a value; its name is only what is shown.

use std::borrow::Cow;
use std::fmt;

use countersign_envelope::signature::{PayloadType, Role};
use countersign_envelope::vocabulary;
use serde::{Serialize, Serializer};

/// Which check it is. The names ([`Self::as_str`]) are part of the JSON output; those that the
/// reference has are the reference's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CheckId {
    /// Of the sealed run by itself.
    Run(RunCheck),
    /// That an input file has a hash: `inputs.hash[path]`.
    Input(Box<str>),
    /// Of the manifest, and whether it belongs to the run.
    Manifest(ManifestCheck),
    /// Of the signature file of the run or the manifest. The names of those of the manifest begin
    /// with `manifest.`.
    SignatureFile(PayloadType, SignatureFileCheck),
    /// Whether one signature of a multi-signature envelope verifies, by its place in the file:
    /// `multisig.sig[0]`.
    Signature(PayloadType, usize),
    /// Of the claims of the signatures on the run or the manifest. The names of those of the
    /// manifest begin with `manifest.`.
    Claim(PayloadType, ClaimCheck),
    /// Of the companions of the signatures on the run or the manifest. The names of those of the
    /// manifest begin with `manifest.`.
    Companion(PayloadType, CompanionCheck),
    /// Of what the signers saw, by their claims.
    Seen(SeenCheck),
    /// Of the refusals to sign.
    Refusal(RefusalCheck),
    /// Of how the JSON is written.
    Text(TextCheck),
    /// Of the dates of signatures.
    Date(DateCheck),
    /// Of the transparency log.
    Log(LogCheck),
    /// Of the people who sign.
    CoSigning(CoSigningCheck),
    /// That a required role is filled: `roles.witness`.
    Role(Role),
    /// Of the Merkle commitments.
    Commitment(CommitmentCheck),
    /// Of what holds the keys.
    Key(KeyCheck),
    /// Of the authority to decide.
    Authority(AuthorityCheck),
}

impl CheckId {
    /// Its name, such as `commit_hash.integrity`. That of an input has the path in it as the run
    /// gives it: make it visible before showing it.
    pub fn as_str(&self) -> Cow<'static, str> {
        match self {
            Self::Run(check) => check.as_str().into(),
            Self::Input(path) => format!("inputs.hash[{path}]").into(),
            Self::Manifest(check) => check.as_str().into(),
            Self::SignatureFile(PayloadType::SealedRun, check) => check.as_str().into(),
            Self::SignatureFile(PayloadType::Manifest, check) => format!("manifest.{check}").into(),
            Self::Signature(PayloadType::SealedRun, at) => format!("multisig.sig[{at}]").into(),
            Self::Signature(PayloadType::Manifest, at) => {
                format!("manifest.multisig.sig[{at}]").into()
            }
            Self::Claim(PayloadType::SealedRun, check) => check.as_str().into(),
            Self::Claim(PayloadType::Manifest, check) => format!("manifest.{check}").into(),
            Self::Companion(PayloadType::SealedRun, check) => check.as_str().into(),
            Self::Companion(PayloadType::Manifest, check) => format!("manifest.{check}").into(),
            Self::Seen(check) => check.as_str().into(),
            Self::Refusal(check) => check.as_str().into(),
            Self::Text(check) => check.as_str().into(),
            Self::Date(check) => check.as_str().into(),
            Self::Log(check) => check.as_str().into(),
            Self::CoSigning(check) => check.as_str().into(),
            Self::Role(role) => format!("roles.{role}").into(),
            Self::Commitment(check) => check.as_str().into(),
            Self::Key(check) => check.as_str().into(),
            Self::Authority(check) => check.as_str().into(),
        }
    }

    /// Whether it is about the manifest or its signatures.
    pub fn is_about_manifest(&self) -> bool {
        matches!(
            self,
            Self::Manifest(_)
                | Self::SignatureFile(PayloadType::Manifest, _)
                | Self::Signature(PayloadType::Manifest, _)
                | Self::Claim(PayloadType::Manifest, _)
                | Self::Companion(PayloadType::Manifest, _)
        )
    }

    /// Whether it compares the manifest with the run, or is about reading it for that.
    pub fn ties_manifest_to_run(&self) -> bool {
        use ManifestCheck as M;
        matches!(
            self,
            Self::Manifest(
                M::Json
                    | M::Kind
                    | M::CommitHash
                    | M::RunId
                    | M::SealedRun
                    | M::DecisionId
                    | M::PolicyVersion
                    | M::HashScope
                    | M::SealedDigest
            )
        )
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str())
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.as_str())
    }
}

/// A vocabulary of checks is a group of ids.
macro_rules! groups {
    ($($group:ident: $check:ident,)+) => {
        $(impl From<$check> for CheckId {
            fn from(check: $check) -> Self {
                Self::$group(check)
            }
        })+

        /// Every id that is one word of a group: all but those of inputs, roles, and signatures.
        #[cfg(test)]
        fn fixed() -> impl Iterator<Item = CheckId> {
            std::iter::empty()$(.chain($check::ALL.iter().copied().map(CheckId::from)))+
        }
    };
}

groups! {
    Run: RunCheck,
    Manifest: ManifestCheck,
    Seen: SeenCheck,
    Refusal: RefusalCheck,
    Text: TextCheck,
    Date: DateCheck,
    Log: LogCheck,
    CoSigning: CoSigningCheck,
    Commitment: CommitmentCheck,
    Key: KeyCheck,
    Authority: AuthorityCheck,
}

impl From<Role> for CheckId {
    fn from(role: Role) -> Self {
        Self::Role(role)
    }
}

vocabulary! {
    /// The checks of a sealed run by itself, L0 and L1.
    RunCheck {
        /// The file is there.
        FileExists = "file.exists",
        /// The file is a JSON object.
        FileJson = "file.json",
        /// It has no key of a manifest.
        Kind = "sealed_run.kind",
        /// It has all required keys.
        Keys = "sealed_run.keys",
        /// The version of its schema is known.
        SchemaVersion = "schema_version",
        /// The authority envelope has all required keys.
        EnvelopeKeys = "envelope.keys",
        /// The version of the authority envelope is known.
        EnvelopeVersion = "envelope.version",
        /// The actor has all required keys.
        ActorKeys = "actor.keys",
        /// The actor's id is given.
        ActorId = "actor.id",
        /// The actor's role is given.
        ActorRole = "actor.role",
        /// The authority has all required keys.
        AuthorityKeys = "authority.keys",
        /// The type of the authority is known.
        AuthorityType = "authority.type",
        /// The scope has all required keys.
        ScopeKeys = "scope.keys",
        /// The scope binds a decision.
        ScopeDecisions = "scope.decisions",
        /// The policy has all required keys.
        PolicyKeys = "policy.keys",
        /// The version of the policy is given.
        PolicyVersion = "policy.version",
        /// The hash of the policy is given.
        PolicyHash = "policy.hash",
        /// The refusal has all required keys.
        RefusalKeys = "refusal.keys",
        /// The pipeline could refuse.
        RefusalAvailable = "refusal.available",
        /// The checks before a refusal are recorded.
        RefusalChecksRecorded = "refusal.checks_recorded",
        /// The enforcement has all required keys.
        EnforcementKeys = "enforcement.keys",
        /// Enforcement was emitted.
        EnforcementEmitted = "enforcement.emitted",
        /// No gate failed.
        EnforcementGates = "enforcement.gates",
        /// The provenance has all required keys.
        ProvenanceKeys = "provenance.keys",
        /// The run id is given.
        ProvenanceRunId = "provenance.run_id",
        /// The hash of the inputs is given.
        ProvenanceInputsHash = "provenance.inputs_hash",
        /// The decision has all required keys.
        DecisionKeys = "decision.keys",
        /// Input files are referenced.
        InputsFiles = "inputs.files",
        /// All input files after the first ten thousand have a hash.
        OtherInputs = "inputs.hash[…]",
        /// The instructions for a replay have all required keys.
        ReplayKeys = "replay.keys",
        /// A content hash is recorded.
        HashPresent = "hash.present",
        /// The content hash is that of the content.
        HashIntegrity = "hash.integrity",
        /// Scope and commit hash are there.
        DeterministicKeys = "deterministic.keys",
        /// The hash scope is not null.
        CommitHashScopePresent = "commit_hash.scope_present",
        /// The hash scope has all required keys.
        HashScopeKeys = "hash_scope.keys",
        /// The hash scope states whether the run was deterministic.
        HashScopeDeterministic = "hash_scope.deterministic",
        /// A commit hash is recorded.
        CommitHashPresent = "commit_hash.present",
        /// The commit hash is that of the scope.
        CommitHashIntegrity = "commit_hash.integrity",
        /// The provenance names the commit hash.
        CommitHashProvenance = "commit_hash.provenance_match",
        /// The scope has exclusions.
        ExclusionsDefined = "exclusions.defined",
        /// The scope excludes `observed_at`.
        ExclusionsObservedAt = "exclusions.observed_at",
        /// The run's clock is set.
        ParametersClock = "parameters.clock",
        /// The run was deterministic.
        ParametersDeterministic = "parameters.deterministic",
        /// The run id is derived from the commit hash.
        RunIdDerived = "run_id.derived",
        /// The file is named after the run id.
        RunIdFileName = "run_id.file_name",
    }
}

vocabulary! {
    /// The checks of a manifest, and of whether it belongs to the run.
    ManifestCheck {
        /// It is there.
        Exists = "manifest.exists",
        /// It can be read.
        Json = "manifest.json",
        /// It has no key of a sealed run.
        Kind = "manifest.kind",
        /// It has the commit hash of the run.
        CommitHash = "manifest.commit_hash",
        /// It has the id of the run.
        RunId = "manifest.run_id",
        /// It names the file of the run.
        SealedRun = "manifest.sealed_run",
        /// It names the same decision.
        DecisionId = "manifest.decision_id",
        /// It names the same version of the policy.
        PolicyVersion = "manifest.policy_version",
        /// Its own scope is that of the commit hash.
        HashScope = "manifest.hash_scope",
        /// It is the manifest that was sealed.
        SealedDigest = "manifest.sealed_digest",
        /// Somebody who signed the run has signed it.
        Signers = "manifest.signers",
    }
}

vocabulary! {
    /// The checks of a signature file, of the run or the manifest. As written here they are those of
    /// the run.
    SignatureFileCheck {
        /// What it is about is there.
        ArtifactExists = "artifact.exists",
        /// What it is about can be read.
        ArtifactJson = "artifact.json",
        /// It is there.
        Exists = "sig.exists",
        /// It can be read.
        Json = "sig.json",
        /// The version of the signature block is known.
        Version = "sig.version",
        /// The signature block is about this kind of file.
        PayloadType = "sig.payload_type",
        /// The signature block is about this content.
        PayloadHash = "payload_bytes.hash",
        /// The signature block is about this commit hash.
        CommitHash = "commit_hash.match",
        /// The signature of the block verifies.
        Verify = "signature.verify",
        /// A multi-signature envelope is there.
        EnvelopeExists = "multisig.exists",
        /// The version of the multi-signature envelope is known.
        EnvelopeVersion = "multisig.version",
        /// The multi-signature envelope is about this content.
        EnvelopeHash = "multisig.artifact_hash",
        /// A signature in it is valid, and its key accepted.
        Accepted = "signature.accepted",
        /// One signature has several labels.
        Label = "signature.label",
    }
}

vocabulary! {
    /// The checks of the claims of signatures, on the run or the manifest. As written here they are
    /// those of the run.
    ClaimCheck {
        /// It can be read, and is in canonical form.
        Form = "claim.form",
        /// It is signed by the key of the signature.
        Signature = "claim.signature",
        /// It says that something was signed.
        Act = "claim.act",
        /// It is about this content, as what it is.
        Subject = "claim.subject",
        /// It is about this signature.
        Signed = "claim.signed",
        /// It names the signer of the file.
        Signer = "claim.signer",
        /// It names the role of the file.
        Role = "claim.role",
        /// It names the key id of the file.
        KeyId = "claim.key_id",
        /// It names the key that made it.
        Key = "claim.key",
        /// It names the algorithm of the file.
        Algorithm = "claim.algorithm",
        /// It has the time of the file.
        Time = "claim.time",
        /// It names the input commitments of the run.
        Commitments = "claim.commitments",
        /// It names what the file says holds the key.
        SignerType = "claim.signer_type",
        /// It is there, if policy requires one.
        Missing = "claim.missing",
    }
}

vocabulary! {
    /// The checks of the companions of signatures, on the run or the manifest. As written here they
    /// are those of the run.
    CompanionCheck {
        /// It can be read, and its algorithm is known.
        Form = "companion.form",
        /// The claim of the signature names its key.
        Key = "companion.key",
        /// Its signature over the content holds.
        Signature = "companion.signature",
        /// Its signature over the claim holds.
        Claim = "companion.claim",
        /// The keyring has its key for the person who signed.
        Owner = "companion.owner",
    }
}

vocabulary! {
    /// The checks of what the signers saw when they signed, as their claims say.
    SeenCheck {
        /// The signatures and claims that they saw are there.
        Signatures = "claim.seen",
        /// The transparency log continues the one that they saw.
        Log = "claim.log",
        /// The authority ledger continues the one that they saw.
        Ledger = "claim.ledger",
        /// The keyring is as new as the one that they used.
        Keyring = "claim.keyring",
    }
}

vocabulary! {
    /// The checks of the refusals to sign.
    RefusalCheck {
        /// They can be read, and are about this run.
        Form = "refusal.form",
        /// Each is signed by the key that it names.
        Signature = "refusal.signature",
        /// None stands.
        Standing = "refusal.standing",
        /// Each withdraws only signatures of its own signer.
        Withdraws = "refusal.withdraws",
        /// Those that the signers saw are there.
        Seen = "refusal.seen",
    }
}

vocabulary! {
    /// The checks of how the JSON of a file is written.
    TextCheck {
        /// A signed time has no zone.
        LocalTime = "time.local",
        /// An object has a key twice.
        DuplicateKey = "json.duplicate_key",
    }
}

vocabulary! {
    /// The checks of the dates of signatures.
    DateCheck {
        /// A signature is dated shortly before the run was made.
        BeforeRun = "time.before_run",
        /// A signature is dated in the future.
        Future = "time.future",
        /// One act is dated differently on run and manifest.
        Apart = "time.apart",
        /// A trusted authority says when a signature was there.
        Trusted = "time.trusted",
        /// A time stamp proves nothing.
        TimeStamp = "time.stamp",
        /// A signature is dated shortly after an authority saw it.
        AfterTrusted = "time.after_trusted",
        /// The certificate of an authority ends, and its time stamp is not renewed.
        AuthorityEnds = "time.authority_ends",
        /// A trusted authority says when the run existed.
        Run = "time.run",
    }
}

vocabulary! {
    /// The checks of the transparency log, L3.
    LogCheck {
        /// Something about the log that a person should know.
        Note = "transparency.note",
        /// The station saw the run registered in another log.
        SeenElsewhere = "transparency.seen_elsewhere",
        /// It is known which of several logs counts.
        OneLog = "transparency.one_log",
        /// It is there and can be read.
        Exists = "transparency.log_exists",
        /// It continues what the station remembers of it.
        Continuity = "transparency.continuity",
        /// Its whole chain holds.
        Chain = "transparency.chain",
        /// It has an entry for the run.
        EntryFound = "transparency.entry_found",
        /// The hash of the entry holds.
        EntryHash = "transparency.entry_hash",
        /// The entry has the content hash of the run.
        ContentHash = "transparency.sealed_hash_match",
        /// The checkpoints beside it are of this log, and as many witnesses as the policy asks for signed
        /// one that has the entry.
        Checkpoint = "transparency.checkpoint",
    }
}

vocabulary! {
    /// The checks of who signed together, L4, but for the roles.
    CoSigningCheck {
        /// The signatures that verify have different key ids.
        DistinctKeys = "multisig.distinct_keys",
        /// As many signatures verify as are asked for.
        Quorum = "multisig.quorum",
        /// The threshold of the envelope is a number.
        EnvelopeThreshold = "multisig.threshold",
        /// The envelope asks for roles that exist.
        RolesKnown = "roles.known",
        /// The envelope asks for no more signatures than there are people in the keyring.
        KeyringThreshold = "threshold.keyring",
        /// The terms of the envelope were not lowered.
        TermsLowered = "terms.lowered",
        /// Enough signatures by different people with different keys count.
        ThresholdMet = "threshold.met",
        /// Two names look alike.
        Confusable = "signer.confusable",
    }
}

vocabulary! {
    /// The checks of the Merkle commitments, L5.
    CommitmentCheck {
        /// They are there.
        Present = "commitments.present",
        /// The root of the inputs is right.
        InputsRoot = "commitments.inputs_root",
        /// The root of the prompts is right.
        PromptsRoot = "commitments.prompts_root",
        /// The root of the schemas is right.
        SchemasRoot = "commitments.schemas_root",
        /// The root of the policies is right.
        PoliciesRoot = "commitments.policies_root",
        /// The number of leaves is right.
        LeafCount = "commitments.leaf_count",
        /// The algorithm is known.
        Algorithm = "commitments.algorithm",
    }
}

vocabulary! {
    /// The checks of what holds the keys, L6.
    KeyCheck {
        /// Hardware or an external signer signed, at the assurance that policy asks for.
        HardwareOrExternal = "signer.hardware_or_external",
        /// The signatures that L4 counts are by keys whose attestations state what policy requires.
        RequiredFacts = "signer.required_facts",
        /// An attestation of a key holds.
        Attestation = "signer.attestation",
        /// A known advisory applies to a key.
        Advisory = "signer.advisory",
        /// Claim, keyring and attestation agree on what holds a key.
        Contradicted = "signer.contradicted",
    }
}

vocabulary! {
    /// The checks of the authority to decide, L7.
    AuthorityCheck {
        /// The run refers to an authority.
        RefPresent = "authority.ref_present",
        /// Something about the ledger that a person should know.
        Note = "authority.note",
        /// It is known which of several ledgers counts.
        OneLedger = "authority.one_ledger",
        /// The ledger is there and can be read.
        LedgerExists = "authority.ledger_exists",
        /// The ledger continues what the station remembers of it.
        Continuity = "authority.continuity",
        /// The whole chain of the ledger holds.
        Chain = "authority.chain",
        /// The ledger has the entry.
        EntryFound = "authority.entry_found",
        /// The run refers to the entry as it is.
        EntryHashMatch = "authority.entry_hash_match",
        /// The hash of the entry holds.
        EntryHash = "authority.entry_hash",
        /// The entry grants an authority.
        IsGrant = "authority.is_grant",
        /// Run and entry name the same authority.
        IdMatch = "authority.id_match",
        /// Run and grant name the same actor.
        Actor = "authority.actor",
        /// Run and grant name the same policy.
        Policy = "authority.policy",
        /// The authority was not revoked before the decision.
        NotRevoked = "authority.not_revoked",
        /// The authority was in force at the decision.
        Effective = "authority.effective",
        /// The authority had not expired at the decision.
        NotExpired = "authority.not_expired",
        /// The scope of the authority covers the decision.
        ScopeCoversDecision = "authority.scope_covers_decision",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every id, with an input, and signatures by their place.
    fn all() -> Vec<CheckId> {
        let mut all: Vec<CheckId> = fixed().collect();
        all.extend(Role::ALL.iter().copied().map(CheckId::from));
        all.push(CheckId::Input("data/in.csv".into()));
        for signed in PayloadType::ALL {
            let checks = SignatureFileCheck::ALL.iter();
            all.extend(checks.map(|check| CheckId::SignatureFile(*signed, *check)));
            all.extend(ClaimCheck::ALL.iter().map(|check| CheckId::Claim(*signed, *check)));
            let checks = CompanionCheck::ALL.iter();
            all.extend(checks.map(|check| CheckId::Companion(*signed, *check)));
            all.extend([0, 1].map(|at| CheckId::Signature(*signed, at)));
        }
        all
    }

    #[test]
    fn no_two_checks_have_the_same_name() {
        let names: HashSet<String> = all().iter().map(CheckId::to_string).collect();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn names_are_those_of_the_json_output() {
        for (id, name) in [
            (RunCheck::CommitHashIntegrity.into(), "commit_hash.integrity"),
            (CheckId::Input("in.csv".into()), "inputs.hash[in.csv]"),
            (Role::Auditor.into(), "roles.auditor"),
            (CheckId::Signature(PayloadType::SealedRun, 2), "multisig.sig[2]"),
            (CheckId::Signature(PayloadType::Manifest, 2), "manifest.multisig.sig[2]"),
            (
                CheckId::SignatureFile(PayloadType::Manifest, SignatureFileCheck::Accepted),
                "manifest.signature.accepted",
            ),
        ] {
            assert_eq!(serde_json::to_value(&id).unwrap(), name);
        }
    }

    #[test]
    fn what_is_about_the_manifest_is_named_so() {
        for id in all() {
            assert_eq!(id.is_about_manifest(), id.as_str().starts_with("manifest."), "{id}");
            assert!(!id.ties_manifest_to_run() || id.is_about_manifest(), "{id}");
        }
    }
}
