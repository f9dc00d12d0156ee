//! The readable part of a pack: one page to print and file, and instructions for verifying it
//! without this program. All content is text, escaped by the template, with hidden characters
//! written out.

use std::fmt::Display;

use askama::Template;
use countersign_admissibility::attested::AttestedPolicy;
use countersign_admissibility::inputs::{FileStanding, FoundFile, FoundInputs};
use countersign_admissibility::policy::{BoundaryPolicy, Policy, Trust, Weakness};
use countersign_admissibility::state::State;
use countersign_admissibility::{Evidence, Judge, Verdict};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::manifest_of;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Signature};
use countersign_envelope::signature_file::SignatureFile;

use super::proofs::Proof;
use super::{INPUTS, KEYRING, level_words, signed_digests};
use countersign_views::{
    BoundaryView, ContentView, FactGroup, Gate, RefusalView, Rung, SignatureView, SlotView,
    fact_groups, more_slots, refusal_views, rungs, sentence, slots, warnings,
};

/// Most gates, and items of one scope list, on the page; the run has them all.
const ITEMS: usize = 12;

/// The shared key, as the reference's tools take it.
const SHARED_KEY: &str = "--key \"${DEEPSIGMA_SIGNING_KEY:?set it to the shared key in base64}\"";

/// The contents of the report.
pub(super) struct Contents<'a> {
    pub evidence: &'a Evidence<'a>,
    pub verdict: &'a Verdict,
    pub judge: &'a Judge<'a>,
    pub proofs: &'a [Proof],
    pub has_roots: bool,
    /// The files that the run was made from, if the pack was to carry them.
    pub inputs: Option<&'a FoundInputs>,
    /// The newest time in the evidence.
    pub as_of: Instant,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    version: &'static str,
    as_of: Instant,
    file: &'a str,
    content: ContentView,
    /// Those that did not pass first.
    gates: Vec<Gate>,
    more_gates: u32,
    level: String,
    /// The level with the marks of a weaker policy.
    marked: String,
    weaknesses: Vec<Weakness>,
    meaning: String,
    state: State,
    sentence: String,
    /// How many signatures also hold if elliptic curves are broken.
    companions: Option<String>,
    slots: Vec<SlotView>,
    more_slots: u32,
    verdict: &'a Verdict,
    rungs: Vec<Rung>,
    refusals: Vec<RefusalView>,
    warnings: Vec<countersign_problem::Said>,
    facts: Vec<FactGroup>,
    boundary: Option<BoundaryView>,
    inputs: Option<Inputs<'a>>,
    signers: Vec<Signer<'a>>,
    commands: Vec<Commands<'a>>,
    digests: Vec<Hash>,
    hashes: Vec<Hash>,
    judged_by: String,
}

/// The files that the run was made from.
struct Inputs<'a> {
    found: &'a FoundInputs,
    /// The first of those that are not in the pack.
    left_out: Vec<&'a FoundFile>,
    more: usize,
}

impl<'a> Inputs<'a> {
    fn of(found: &'a FoundInputs) -> Self {
        let left_out = found.files.iter().filter(|file| file.standing != FileStanding::Same);
        let more = left_out.clone().count().saturating_sub(ITEMS);
        Self { found, left_out: left_out.take(ITEMS).collect(), more }
    }
}

/// One act of signing, which is of the run and of the manifest as a rule.
struct Signer<'a> {
    signature: &'a SignatureView,
    on: &'static str,
}

/// How the signatures by one person are verified.
struct Commands<'a> {
    signer_id: &'a str,
    lines: Vec<String>,
}

/// A hash with what it is of.
struct Hash {
    what: &'static str,
    value: String,
    note: &'static str,
}

#[derive(Template)]
#[template(path = "VERIFY_INSTRUCTIONS.md", escape = "none")]
struct Instructions<'a> {
    file: &'a str,
    manifest: Option<String>,
    title: String,
    level: String,
    meaning: String,
    has_level: bool,
    has_log: bool,
    has_ledger: bool,
    has_roots: bool,
    has_tsa_roots: bool,
    has_inputs: bool,
    proofs: &'a [Proof],
    reference: Vec<String>,
    only_openssl: Vec<String>,
    has_shared_key: bool,
    judged_by: String,
    /// The policy as flags.
    flags: String,
}

impl Contents<'_> {
    /// The page.
    pub fn report(&self) -> askama::Result<String> {
        let Ok(run) = self.evidence.run else {
            return Err(askama::Error::ValueMissing);
        };
        let content = ContentView::of(run);
        let (level, meaning) = level_words(self.verdict);
        let weaknesses = self.verdict.weaknesses(self.judge.policy);
        Report {
            version: env!("CARGO_PKG_VERSION"),
            as_of: self.as_of,
            file: self.evidence.file_name,
            digests: self.digests(),
            hashes: hashes(&content),
            gates: gates(&content),
            more_gates: more(&content.gates_total),
            content,
            marked: marked(&level, &weaknesses),
            weaknesses,
            level,
            meaning,
            state: self.verdict.state(),
            sentence: sentence(self.verdict).text,
            companions: self
                .verdict
                .companions_in_words()
                .map(|words| words.english().into_owned()),
            slots: slots(self.verdict),
            more_slots: more_slots(self.verdict),
            verdict: self.verdict,
            rungs: rungs(self.verdict),
            refusals: refusal_views(&self.verdict.refusals),
            warnings: warnings(self.verdict),
            facts: fact_groups(self.verdict),
            boundary: self.verdict.boundary.as_ref().map(BoundaryView::of),
            inputs: self.inputs.map(Inputs::of),
            signers: signers(self.proofs),
            commands: commands(self.proofs),
            judged_by: judged_by(self.judge.policy),
        }
        .render()
    }

    /// The instructions.
    pub fn instructions(&self) -> askama::Result<String> {
        let (level, meaning) = level_words(self.verdict);
        let title = self.evidence.run.ok().and_then(|run| run.title()).unwrap_or("without a title");
        let manifest = self.evidence.manifest.read().map(|_| manifest_of(self.evidence.file_name));
        let (reference, only_openssl) = self.reference();
        Instructions {
            file: self.evidence.file_name,
            manifest,
            level: marked(&level, &self.verdict.weaknesses(self.judge.policy)),
            title: code(&countersign_problem::visible::visible_short(title, 200)),
            meaning,
            has_level: self.verdict.level.is_some(),
            has_log: self.evidence.log.read().is_some(),
            has_ledger: self.evidence.ledger.read().is_some(),
            has_roots: self.has_roots,
            has_tsa_roots: self.judge.tsa_roots.certificates().next().is_some(),
            has_inputs: self.inputs.is_some_and(|found| {
                found.files.iter().any(|file| file.standing == FileStanding::Same)
            }),
            proofs: self.proofs,
            reference,
            only_openssl,
            has_shared_key: self
                .proofs
                .iter()
                .any(|proof| proof.signature.algorithm == "hmac-sha256"),
            judged_by: judged_by(self.judge.policy),
            flags: flags(self.judge.policy),
        }
        .render()
    }

    /// How the reference's tools verify the signatures, and the files that they cannot verify.
    fn reference(&self) -> (Vec<String>, Vec<String>) {
        let name = self.evidence.file_name;
        let files = [
            (name.to_owned(), self.evidence.run_signatures),
            (manifest_of(name), self.evidence.manifest_signatures),
        ];
        let files = files.into_iter().filter_map(|(name, file)| Some((name, file.read()?.ok()?)));
        let files: Vec<(String, &SignatureFile)> = files.collect();
        let keys: Vec<Option<String>> = files.iter().map(|(_, file)| block_key(file)).collect();
        if let [Some(run), Some(manifest)] = &keys[..]
            && run == manifest
        {
            return (vec![format!("verify_pack.py --pack . {run}")], Vec::new());
        }
        let (mut commands, mut others) = (Vec::new(), Vec::new());
        for (name, file) in files {
            match reference_command(&name, file) {
                Some(command) => commands.push(command),
                None => others.push(name),
            }
        }
        (commands, others)
    }

    /// What two people compare: of the bytes that were signed.
    fn digests(&self) -> Vec<Hash> {
        let (run, manifest) = signed_digests(self.evidence);
        let signed =
            |what, digest: Option<Digest>| Some(Hash { what, value: digest?.grouped(), note: "" });
        [signed("Run, as signed", run), signed("Manifest, as signed", manifest)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// The key of a single signature, as the reference's tools take it.
fn block_key(file: &SignatureFile) -> Option<String> {
    let SignatureFile::Block(_) = file else { return None };
    let signature = file.signatures().into_iter().find(Signature::is_known_to_reference)?;
    match signature.algorithm()? {
        Algorithm::HmacSha256 => Some(SHARED_KEY.to_owned()),
        _ => Some(format!(
            "--public-key {}",
            PublicKey::parse(signature.public_key()?).ok()?.to_text()
        )),
    }
}

/// How the reference's tools verify the signatures of one file. The signatures of an envelope are
/// verified by the keys in it.
fn reference_command(name: &str, file: &SignatureFile) -> Option<String> {
    if let SignatureFile::Block(_) = file {
        return Some(format!("verify_signature.py --file {name} {}", block_key(file)?));
    }
    let signatures = file.signatures();
    let shared = signatures.iter().any(|one| one.algorithm() == Some(Algorithm::HmacSha256));
    let key = if shared { format!(" {SHARED_KEY}") } else { String::new() };
    let threshold = file.threshold()?;
    let known = !signatures.is_empty() && signatures.iter().all(Signature::is_known_to_reference);
    known.then(|| format!("verify_multisig.py --file {name} --threshold {threshold}{key}"))
}

fn hashes(content: &ContentView) -> Vec<Hash> {
    let hash = |what, view: &countersign_views::HashView| Hash {
        what,
        value: match view.recorded.is_empty() {
            true => "none recorded".to_owned(),
            false => view.recorded.clone(),
        },
        note: if view.holds { "holds" } else { "does not hold" },
    };
    vec![hash("Content hash", &content.content_hash), hash("Commit hash", &content.commit_hash)]
}

/// Those of the run, each with the one of the manifest that was made with it, then the others.
fn signers(proofs: &[Proof]) -> Vec<Signer<'_>> {
    let same = |a: &SignatureView, b: &SignatureView| {
        (&a.signer_id, a.role, &a.key_id, &a.algorithm, &a.times, a.standing, &a.detail)
            == (&b.signer_id, b.role, &b.key_id, &b.algorithm, &b.times, b.standing, &b.detail)
    };
    let mut signers: Vec<Signer<'_>> = Vec::new();
    for proof in proofs {
        let signature = &proof.signature;
        let pair = |one: &&mut Signer<'_>| one.on == "run" && same(one.signature, signature);
        match signers.iter_mut().find(pair) {
            Some(one) if !proof.on_run => one.on = "run, manifest",
            _ => signers
                .push(Signer { signature, on: if proof.on_run { "run" } else { "manifest" } }),
        }
    }
    signers
}

/// The commands by signer, in the order in which they first signed.
fn commands(proofs: &[Proof]) -> Vec<Commands<'_>> {
    let mut commands: Vec<Commands<'_>> = Vec::new();
    for proof in proofs {
        let on = if proof.on_run { "run" } else { "manifest" };
        let line = match &proof.command {
            Ok(command) => command.clone(),
            Err(why) => format!("# none for the signature on the {on}: {why}"),
        };
        let signer_id = proof.signature.signer_id.as_str();
        match commands.iter_mut().find(|one| one.signer_id == signer_id) {
            Some(one) => one.lines.push(line),
            None => commands.push(Commands { signer_id, lines: vec![line] }),
        }
    }
    commands
}

/// A level with the marks of a policy that is weaker than the default.
fn marked(level: &str, weaknesses: &[Weakness]) -> String {
    let marks = weaknesses.iter().map(|weakness| format!(", {}", weakness.mark()));
    level.to_owned() + &marks.collect::<String>()
}

/// Whose keys counted, and under which requirements.
fn judged_by(policy: &Policy) -> String {
    let keys = match policy.trust {
        Trust::Pinned => {
            "Only signatures by keys in the keyring of the maker of this pack were counted, for \
             their owner, in the roles they hold"
        }
        Trust::Embedded => "Any key that verifies was counted, whoever owns it",
    };
    let minimum = policy.min_threshold.max(2);
    let roles: Vec<&str> = policy.required_roles.iter().map(|role| role.as_str()).collect();
    let roles = match roles.is_empty() {
        true => String::new(),
        false => format!(", and the roles {}", roles.join(", ")),
    };
    let attested = attested(policy);
    format!(
        "{keys}. L4 required at least {minimum} people with keys of their own, including an operator \
         and a witness{roles}; L6 required the assurance “{}”{attested}.",
        policy.assurance
    )
}

/// What L6 required of keys by their attestations, to be continued; empty if that is nothing.
fn attested(policy: &Policy) -> String {
    let AttestedPolicy { all, roles } = &policy.attested;
    let of_all = (!all.is_empty()).then(|| format!("of every key {}", all.words()));
    let of_roles = roles.iter().filter(|(_, one)| !one.is_empty());
    let of_roles =
        of_roles.map(|(role, one)| format!("of the key of a signer as {role} {}", one.words()));
    let parts: Vec<String> = of_all.into_iter().chain(of_roles).collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(" and, by its attestation, {}", parts.join("; ")),
    }
}

/// The flags by which `verify.py` and `countersign verify` judge by this policy, each after a space.
/// Signatures that need no claim are named in a file, which a pack does not have.
fn flags(policy: &Policy) -> String {
    let default = Policy::default();
    let set = |name: &str, is_set: bool, value: &dyn Display| {
        is_set.then(|| format!(" --{name} {value}"))
    };
    let single = [
        set("trust", policy.trust != default.trust, &policy.trust),
        set("min-threshold", policy.min_threshold > default.min_threshold, &policy.min_threshold),
        set("assurance", policy.assurance != default.assurance, &policy.assurance),
        set(
            "clock-tolerance",
            policy.clock_tolerance != default.clock_tolerance,
            &policy.clock_tolerance,
        ),
        set("claims", policy.claims != default.claims, &policy.claims),
        set("time", policy.time != default.time, &policy.time),
    ];
    let roles = policy.required_roles.iter().map(|role| format!(" --require-role {role}"));
    let rules = policy.attested.rules();
    let rules = rules.iter().map(|rule| format!(" --require-attested {rule}"));
    let bounded = policy.boundary == BoundaryPolicy::Required;
    let bounded = bounded.then(|| " --require-abp".to_owned());
    single.into_iter().flatten().chain(roles).chain(rules).chain(bounded).collect()
}

/// Filters of the templates.
mod filters {
    use std::fmt::Display;

    /// For a code span of Markdown.
    #[askama::filter_fn]
    pub fn span(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(super::code(&text.to_string()))
    }
}

/// Text for a code span of Markdown.
fn code(text: &str) -> String {
    countersign_problem::visible::visible(text).replace('`', "'")
}

/// A path on the page.
fn shown(path: &str) -> String {
    countersign_problem::visible::visible_short(path, 200)
}

/// The gates on the page: those that did not pass before the others.
fn gates(content: &ContentView) -> Vec<Gate> {
    let (passed, failed): (Vec<_>, Vec<_>) = content.gates.iter().cloned().partition(|g| g.passed);
    failed.into_iter().chain(passed).take(ITEMS).collect()
}

/// How many of so many are not on the page.
fn more(total: &u32) -> u32 {
    total.saturating_sub(countersign_envelope::count::count(ITEMS))
}
