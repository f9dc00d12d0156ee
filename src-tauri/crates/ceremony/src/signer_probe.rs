//! The probe of a signer behind a command: what is needed for it to sign, part by part. A part that
//! fails does not hide the others, unless they cannot be tried without it.

use countersign_admissibility::attestation::{
    AttestationFinding, AttestationRoots, AttestationSource, AttestationStanding, Call,
    verify_with_signature,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::vocabulary;
use countersign_problem::{Explain, Problem, Said, Words, words};
use countersign_signers::environment::is_variable_name;
use countersign_signers::external::{self, ExternalError, Probe, on_search_path};
use countersign_signers::{Attend, SignerError};
use countersign_store::evidence::{Weighed, weigh};
use serde::{Deserialize, Serialize};
use std::path::Path;

use crate::signer_profile::{KeySource, ProfileError, SignerProfile};
use crate::signer_program::is_current;
use crate::signer_template::{Filled, PYTHON};

vocabulary! {
    /// A part of a probe.
    ProbePart {
        /// The program is there and starts.
        Program = "program",
        /// The variables of the environment that it gets.
        Environment = "environment",
        /// The public key that verifies.
        PublicKey = "public_key",
        /// Its signatures of a random digest.
        Signature = "signature",
        /// The evidence that it prints for a signature.
        Evidence = "evidence",
    }
}

vocabulary! {
    /// How a part stands.
    PartState {
        /// It is as it should be.
        Works = "works",
        /// It is not there.
        Absent = "absent",
        /// It failed.
        Failed = "failed",
        /// It contradicts what is known.
        Contradicts = "contradicts",
        /// It was not tried, as it needs a part that failed; or it cannot be judged here.
        NotChecked = "not_checked",
    }
}

/// A part, and what was found.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which part.
    pub part: ProbePart,
    /// How it stands.
    pub state: PartState,
    /// What was found, or what went wrong.
    pub found: Result<Words, Problem>,
    /// The variables of the environment, of that part.
    pub variables: Vec<Variable>,
}

/// A variable of the environment that a command gets. Its value is not known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether it is set.
    pub is_set: bool,
}

/// A part, as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct PartView {
    /// Which part.
    pub part: ProbePart,
    /// How it stands.
    pub state: PartState,
    /// What was found; null if something went wrong.
    pub found: Option<Said>,
    /// What went wrong.
    pub problem: Option<Problem>,
    /// The variables of the environment, of that part.
    pub variables: Vec<Variable>,
}

/// What a probe found.
#[derive(Debug)]
pub struct Report {
    /// Every part, in the order of [`ProbePart::ALL`].
    pub parts: Vec<Part>,
    /// The signer as it may sign from then on, or the first thing that keeps it from that.
    pub outcome: Result<(SignerProfile, Probe), ProfileError>,
}

/// Under which conditions a signer is probed.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'a> {
    /// The directory that its commands must leave alone.
    pub watched: Option<&'a Path>,
    /// The roots that evidence may lead to.
    pub roots: &'a AttestationRoots,
    /// The time.
    pub now: Instant,
}

/// A signer to be probed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The signer. Its public key may be missing if a command prints it.
    pub profile: SignerProfile,
    /// Whether it signs in any way that its public key allows, and not only by the algorithm of the
    /// profile: nobody has chosen one.
    pub in_any_way: bool,
}

impl From<SignerProfile> for Draft {
    fn from(profile: SignerProfile) -> Self {
        Self { profile, in_any_way: false }
    }
}

/// The variables of the environment by their names, and whether each is set. What is not a name may be a
/// value, and is not repeated.
pub fn variables<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Variable> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let variable = |name: &str| Variable { name: name.to_owned(), is_set: is_set(name) };
    names.into_iter().filter(|name| is_variable_name(name)).map(variable).collect()
}

/// Has a signer print its public key, sign a random digest twice and show its evidence.
pub fn probe(draft: Draft, conditions: Conditions<'_>, attend: &dyn Attend) -> Report {
    let Draft { profile, in_any_way } = draft;
    let mut trial = Trial { in_any_way, conditions, attend, parts: Vec::new(), failed: None };
    let runs = trial.program(&profile);
    trial.environment(&profile);
    let keyed = trial.public_key(profile, runs);
    let outcome = match keyed {
        Some((profile, key)) if runs => trial.signature(profile, &key),
        Some(_) | None => {
            trial.not_tried(ProbePart::Signature);
            trial.not_tried(ProbePart::Evidence);
            None
        }
    };
    let Trial { parts, failed, .. } = trial;
    let outcome = match (outcome, failed) {
        (_, Some(error)) => Err(error),
        (Some(probed), None) => Ok(probed),
        // Every way to no outcome has left an error.
        (None, None) => Err(ProfileError::NotGiven("command")),
    };
    Report { parts, outcome }
}

/// A probe that goes on.
struct Trial<'a> {
    in_any_way: bool,
    conditions: Conditions<'a>,
    attend: &'a dyn Attend,
    parts: Vec<Part>,
    /// The first thing that keeps the signer from signing.
    failed: Option<ProfileError>,
}

impl Trial<'_> {
    fn add(&mut self, part: ProbePart, state: PartState, found: Words) {
        self.parts.push(Part { part, state, found: Ok(found), variables: Vec::new() });
    }

    fn not_tried(&mut self, part: ProbePart) {
        self.add(part, PartState::NotChecked, words!("probe-part-not-tried"));
    }

    /// A part that keeps the signer from signing.
    fn fail(&mut self, part: ProbePart, error: ProfileError) {
        let contradicts = match &error {
            ProfileError::Probe { error, .. } => contradicts(error),
            ProfileError::Command { error, .. } => error.contradicts(),
            ProfileError::Ownership(_) => true,
            _ => false,
        };
        let absent = matches!(error, ProfileError::Package { .. } | ProfileError::Tool { .. });
        let state = match (contradicts, absent) {
            (true, _) => PartState::Contradicts,
            (_, true) => PartState::Absent,
            _ => PartState::Failed,
        };
        self.parts.push(Part { part, state, found: Err(error.problem()), variables: Vec::new() });
        self.failed.get_or_insert(error);
    }

    /// Whether the program is there, and what it needs; of a template, whether it is as it was
    /// shipped. Returns whether it can be run.
    fn program(&mut self, profile: &SignerProfile) -> bool {
        match self.try_program(profile) {
            Ok(found) => self.add(ProbePart::Program, PartState::Works, found),
            Err(error) => {
                self.fail(ProbePart::Program, error);
                return false;
            }
        }
        true
    }

    fn try_program(&self, profile: &SignerProfile) -> Result<Words, ProfileError> {
        let name = &profile.name;
        let failed = |error| ProfileError::Command { name: name.clone(), error: Box::new(error) };
        let program = profile.signing_program()?;
        profile.check_shipped(&program)?;
        let path = program.file().map_err(failed)?;
        let path = path.display();
        let Some(filled) = profile.made_from() else {
            return Ok(words!("probe-program", %path));
        };
        let version = self.needs(profile, &filled)?;
        let current = program.shipped().is_some_and(|program| is_current(&program));
        let program = (filled.template().name)();
        Ok(words!("probe-template-program", program, version, current))
    }

    /// The version of the Python of a template, if all that its program needs is there.
    fn needs(&self, profile: &SignerProfile, filled: &Filled) -> Result<String, ProfileError> {
        let template = filled.template();
        let name = profile.name.clone();
        let python = filled.value(PYTHON).unwrap_or_default();
        let modules = template.packages.iter().map(|package| package.module);
        let line = shell_words::join([python, "-I", "-c", LOOK].into_iter().chain(modules));
        let printed = profile.program(&line)?.print(self.attend);
        let printed = printed
            .map_err(|error| ProfileError::Probe { name: name.clone(), error: error.into() })?;
        let Ok(Looked { version, missing }) = serde_json::from_slice(&printed) else {
            return Err(ProfileError::Python { name, path: python.to_owned() });
        };
        let lacking =
            template.packages.iter().filter(|one| missing.iter().any(|m| m == one.module));
        let packages: Vec<&str> = lacking.map(|package| package.name).collect();
        if !packages.is_empty() {
            let packages = packages.join(" ");
            return Err(ProfileError::Package { packages, path: python.to_owned() });
        }
        match template.tools.iter().find(|tool| on_search_path(tool).is_none()) {
            Some(tool) => Err(ProfileError::Tool { tool }),
            None => Ok(version),
        }
    }

    fn environment(&mut self, profile: &SignerProfile) {
        let KeySource::External { environment, .. } = &profile.source else { return };
        let variables = variables(environment.iter().map(String::as_str));
        let (of, set) = (variables.len(), variables.iter().filter(|one| one.is_set).count());
        let found = words!("probe-environment", of, set);
        let (part, state) = (ProbePart::Environment, PartState::Works);
        self.parts.push(Part { part, state, found: Ok(found), variables });
    }

    /// The public key, that of the command that prints one or that of the profile.
    fn public_key(
        &mut self,
        mut profile: SignerProfile,
        runs: bool,
    ) -> Option<(SignerProfile, PublicKey)> {
        let part = ProbePart::PublicKey;
        // Of a template both are commands of the one program.
        if !runs && profile.made_from().is_some() {
            self.not_tried(part);
            return None;
        }
        let before = profile.public_key().map(|key| key.fingerprint());
        let is_printed = match self.try_public_key(&mut profile) {
            Ok(is_printed) => is_printed,
            Err(error) => {
                self.fail(part, error);
                return None;
            }
        };
        let key = profile.public_key()?;
        if let Err(error) = self.choose(&mut profile, &key) {
            self.fail(part, error);
            return None;
        }
        let fingerprint = key.fingerprint();
        let is_other = before.is_some_and(|before| before != fingerprint);
        let algorithm = key.algorithms().map(Algorithm::as_str).collect::<Vec<_>>().join(" / ");
        let fingerprint = fingerprint.hex();
        let found = words!("probe-public-key", algorithm, fingerprint, is_printed, is_other);
        self.add(part, PartState::Works, found);
        Some((profile, key))
    }

    /// Puts the public key into the profile. Returns whether a command printed it.
    fn try_public_key(&self, profile: &mut SignerProfile) -> Result<bool, ProfileError> {
        let program = profile.public_key_program()?;
        let name = profile.name.clone();
        let printed = program.as_ref().map(|program| program.print_public_key(self.attend));
        if let (KeySource::External { public_key, .. }, Some(printed)) =
            (&mut profile.source, printed)
        {
            let failed = |error: SignerError| ProfileError::Probe { name, error: error.into() };
            *public_key = printed.map_err(failed)?.to_text();
        }
        *profile = profile.clone().with_public_key()?;
        Ok(program.is_some())
    }

    /// Gives the profile a way to sign that the key allows, if nobody has chosen one.
    fn choose(&self, profile: &mut SignerProfile, key: &PublicKey) -> Result<(), ProfileError> {
        let KeySource::External { algorithm, .. } = &mut profile.source else { return Ok(()) };
        if let Some(way) = key.algorithms().next().filter(|_| self.in_any_way) {
            *algorithm = way;
        }
        match key.fits(*algorithm) {
            true => Ok(()),
            false => {
                Err(ProfileError::Algorithm { name: profile.name.clone(), algorithm: *algorithm })
            }
        }
    }

    fn signature(
        &mut self,
        profile: SignerProfile,
        key: &PublicKey,
    ) -> Option<(SignerProfile, Probe)> {
        let name = profile.name.clone();
        let failed = |error: SignerError| ProfileError::Probe { name, error: error.into() };
        let challenge = match external::challenge() {
            Ok(challenge) => challenge,
            Err(error) => {
                self.fail(ProbePart::Signature, failed(error));
                self.not_tried(ProbePart::Evidence);
                return None;
            }
        };
        let signed = self.try_signature(profile.clone(), key, &challenge);
        let payload = signed.as_ref().ok().map(|(_, probe)| probe.signed_payload);
        let signed = match signed {
            Ok((profile, probe)) => {
                let found = words!(
                    "probe-signature",
                    form = crate::signer_profile::found(probe),
                    algorithm = profile.algorithm().as_str()
                );
                self.add(ProbePart::Signature, PartState::Works, found);
                Some((profile, probe))
            }
            Err(error) => {
                self.fail(ProbePart::Signature, error);
                None
            }
        };
        let profile = signed.as_ref().map_or(&profile, |(profile, _)| profile);
        self.evidence(profile, key, &challenge, payload);
        signed
    }

    fn try_signature(
        &self,
        mut profile: SignerProfile,
        key: &PublicKey,
        challenge: &[u8; 32],
    ) -> Result<(SignerProfile, Probe), ProfileError> {
        let name = profile.name.clone();
        let failed =
            |error: SignerError| ProfileError::Probe { name: name.clone(), error: error.into() };
        let mut ways = match self.in_any_way {
            true => key.algorithms().collect(),
            false => vec![profile.algorithm()],
        };
        ways.reverse();
        let found = loop {
            let Some(way) = ways.pop() else { return Err(ProfileError::NotProbed(name.clone())) };
            if let KeySource::External { algorithm, .. } = &mut profile.source {
                *algorithm = way;
            }
            let command = profile.command(self.conditions.watched)?;
            match external::probe(&command, challenge, self.attend) {
                // Of another way its signatures may be.
                Err(error) if !ways.is_empty() && contradicts(&error) => {}
                probed => break probed.map_err(failed)?,
            }
        };
        Ok((profile.probed(found), found))
    }

    /// What the evidence for the signature of the challenge proves, judged as with any signature.
    fn evidence(
        &mut self,
        profile: &SignerProfile,
        key: &PublicKey,
        challenge: &[u8; 32],
        payload: Option<SignedPayload>,
    ) {
        let part = ProbePart::Evidence;
        let digest = Digest::of(challenge);
        let printed = match profile.command(self.conditions.watched) {
            Ok(command) => command.print_evidence(&digest, self.attend),
            Err(_) => return self.not_tried(part),
        };
        let evidence = match printed {
            Ok(Some(evidence)) => evidence,
            Ok(None) => return self.add(part, PartState::Absent, words!("probe-evidence-none")),
            Err(error) => {
                // The signature may stand without it.
                let (state, found) = match &error {
                    SignerError::External(error) => (PartState::Failed, Ok(error.of_evidence())),
                    other => (PartState::Failed, Err(other.problem())),
                };
                return self.parts.push(Part { part, state, found, variables: Vec::new() });
            }
        };
        let call = Call {
            digest: &digest,
            length: challenge.len(),
            at: self.conditions.now,
            algorithm: Some(profile.algorithm()),
            payload,
        };
        let (state, found) = judged(&evidence, key, call, self.conditions.roots);
        if let (PartState::Contradicts, Err(why)) = (state, &found) {
            // Every signature would be refused.
            let (name, why) = (profile.name.clone(), why.clone().into());
            self.failed.get_or_insert(ProfileError::Evidence { name, why });
        }
        self.parts.push(Part { part, state, found, variables: Vec::new() });
    }
}

/// What evidence means for a signature.
fn judged(
    evidence: &KeyAttestation,
    key: &PublicKey,
    call: Call<'_>,
    roots: &AttestationRoots,
) -> (PartState, Result<Words, Problem>) {
    let narrowed = match weigh(evidence, Some(key), call) {
        Weighed::Contradicts(error) => return (PartState::Contradicts, Err(error.problem())),
        Weighed::Unusable(error) => return (PartState::Failed, Err(error.problem())),
        Weighed::Stands(narrowed, _) => narrowed,
    };
    let outcome = verify_with_signature(&narrowed, Some(key), call, roots);
    let finding = AttestationFinding { source: AttestationSource::Signature, outcome };
    let state = match finding.standing() {
        AttestationStanding::Verified | AttestationStanding::Vouched => PartState::Works,
        AttestationStanding::UnknownRoot | AttestationStanding::None => PartState::NotChecked,
        AttestationStanding::Failed => PartState::Failed,
    };
    match (&finding.outcome, finding.standing()) {
        (Err(error), _) => (state, Err(error.problem())),
        (Ok(_), standing) => {
            let attested = standing == AttestationStanding::Verified;
            (state, Ok(words!("probe-evidence", attested, statement = finding.words())))
        }
    }
}

fn contradicts(error: &SignerError) -> bool {
    matches!(error, SignerError::External(error) if ExternalError::contradicts(error))
}

/// Says which Python it is, and which of the modules that are its arguments it does not have. None of
/// them is run, but what they are part of.
const LOOK: &str = r#"
import importlib.util, json, platform, sys
def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
missing = [name for name in sys.argv[1:] if not is_there(name)]
print(json.dumps({"version": platform.python_version(), "missing": missing}))
"#;

/// What it prints.
#[derive(Debug, Deserialize)]
struct Looked {
    version: String,
    missing: Vec<String>,
}

impl Part {
    /// As it is shown.
    pub fn view(&self) -> PartView {
        PartView {
            part: self.part,
            state: self.state,
            found: self.found.as_ref().ok().cloned().map(Said::from),
            problem: self.found.as_ref().err().cloned(),
            variables: self.variables.clone(),
        }
    }
}

impl Report {
    /// Its parts, as they are shown.
    pub fn views(&self) -> Vec<PartView> {
        self.parts.iter().map(Part::view).collect()
    }
}
