//! Templates of signers: from a few fields to the command lines of an ordinary signer behind a command
//! ([`KeySource::External`](crate::signer_profile::KeySource)). Which template a signer was made from
//! is read from its command, which is the only place that says so.
//!
//! | question | module |
//! |---|---|
//! | What may stand in a field? | [`rule`] |
//! | Which templates are there, and what does each ask for? | [`TEMPLATES`], in `catalogue` |

mod catalogue;
pub mod rule;

use std::collections::BTreeMap;
use std::path::Path;

use countersign_envelope::signature::Algorithm;
use countersign_envelope::vocabulary;
use countersign_problem::{Problem, Value, Words};
use countersign_signers::external::shipped::ShippedProgram;

pub use self::catalogue::TEMPLATES;
use self::rule::{FieldFault, Rule};
use crate::signer_program::SignerProgram;

vocabulary! {
    /// Which template.
    TemplateId {
        /// AWS Key Management Service, by the AWS command line.
        AwsKms = "aws-kms",
        /// Google Cloud Key Management Service.
        GoogleCloudKms = "google-cloud-kms",
        /// Azure Key Vault.
        AzureKeyVault = "azure-key-vault",
        /// HashiCorp Vault, its Transit secrets engine.
        VaultTransit = "vault-transit",
        /// A token behind a PKCS#11 module, by `pkcs11-tool`.
        HsmTool = "hsm-tool",
    }
}

/// A template.
#[derive(Debug)]
pub struct Template {
    /// Which one.
    pub id: TemplateId,
    /// What holds the key.
    pub name: fn() -> Words,
    /// What is needed, in a sentence.
    pub about: fn() -> Words,
    /// The program that its commands run.
    pub program: &'static SignerProgram,
    /// Its fields, in the order in which a person is asked.
    pub fields: &'static [Field],
    /// Pairs of fields of which exactly one is given.
    pub either: &'static [[&'static str; 2]],
    /// The variables of the environment that its commands get. None of them is a secret.
    pub environment: &'static [&'static str],
    /// Variables with a secret that its program would take: passed on only if a person names them.
    pub secrets: &'static [&'static str],
    /// The Python packages that its program needs.
    pub packages: &'static [Package],
    /// The programs that its program runs.
    pub tools: &'static [&'static str],
    /// Whether its program prints evidence.
    pub has_evidence: bool,
}

/// A field of a template.
#[derive(Debug)]
pub struct Field {
    /// Its name, which is also that of the option.
    pub name: &'static str,
    /// What it is.
    pub label: fn() -> Words,
    /// An example.
    pub example: &'static str,
    /// What it is if nothing is given.
    pub default: Option<&'static str>,
    /// Whether something must be given.
    pub is_required: bool,
    /// What may be given.
    pub rule: Rule,
}

/// A Python package.
#[derive(Debug)]
pub struct Package {
    /// Its name in the index of packages.
    pub name: &'static str,
    /// The module that a program imports.
    pub module: &'static str,
}

/// The field for the Python that runs the program, which may be that of a virtual environment.
pub const PYTHON: &str = "python";
/// The field for whether evidence is asked for with each signature.
pub const EVIDENCE: &str = "evidence";
/// The field for how the key signs.
pub const ALGORITHM: &str = "algorithm";

/// Tells Python to take nothing from the environment, the current directory or the user's folder.
const ISOLATED: &str = "-I";

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "template-field")]
#[arg(why = Value::from(fault.problem()))]
pub struct FieldError {
    /// Its name.
    pub field: String,
    /// What is wrong.
    pub fault: FieldFault,
}

/// Why fields make no signer.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "template")]
#[arg(
    name = (TEMPLATES.iter().find(|one| one.id == *template)).map_or(Value::None, |one| (one.name)().into()),
    faults = errors.iter().map(|error| error.problem().to_string()).collect::<Vec<_>>().join("; ")
)]
pub struct TemplateError {
    /// Of which template.
    pub template: TemplateId,
    /// What is wrong, at least one.
    pub errors: Vec<FieldError>,
}

/// A template with its fields filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    template: &'static Template,
    /// Every field that has a value, in the order of the fields.
    values: Vec<(&'static str, String)>,
}

/// The command lines of a signer, split as a POSIX shell does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLines {
    /// Signs.
    pub sign: String,
    /// Prints the public key.
    pub public_key: String,
    /// Prints the evidence for a signature.
    pub evidence: Option<String>,
}

impl Template {
    /// By its id.
    pub fn of(id: TemplateId) -> &'static Self {
        // A test has one for every id.
        TEMPLATES.iter().find(|one| one.id == id).unwrap_or(&TEMPLATES[0])
    }

    /// All fields: its own, and those that every template or some have.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<'_> {
        let evidence = self.has_evidence.then_some(&catalogue::EVIDENCE_FIELD);
        self.fields.iter().chain([&catalogue::PYTHON_FIELD]).chain(evidence)
    }

    fn field(&self, name: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| field.name == name)
    }

    /// The names of its fields.
    pub fn field_names(&self) -> String {
        self.all_fields().map(|field| field.name).collect::<Vec<_>>().join(", ")
    }

    /// Fields by their names.
    ///
    /// # Errors
    /// Fails with those that are given twice: which of the values is meant, nobody can tell.
    pub fn by_name(
        &self,
        given: impl IntoIterator<Item = (String, String)>,
    ) -> Result<BTreeMap<String, String>, TemplateError> {
        let (mut fields, mut errors) = (BTreeMap::new(), Vec::new());
        for (field, value) in given {
            if fields.insert(field.clone(), value).is_some() {
                errors.push(FieldError { field, fault: FieldFault::Twice });
            }
        }
        match errors.is_empty() {
            true => Ok(fields),
            false => Err(TemplateError { template: self.id, errors }),
        }
    }

    /// Fills in fields. Space around a value is not part of it, and an empty value is none.
    ///
    /// # Errors
    /// Fails with everything that is wrong with them.
    pub fn fill(&'static self, given: &BTreeMap<String, String>) -> Result<Filled, TemplateError> {
        let text = |name: &str| given.get(name).map(|text| text.trim()).filter(|t| !t.is_empty());
        let wrong = |field: &str, fault| FieldError { field: field.to_owned(), fault };
        let unknown = given.keys().filter(|name| self.field(name).is_none());
        let mut errors: Vec<FieldError> = unknown
            .map(|name| wrong(name, FieldFault::Unknown { allowed: self.field_names() }))
            .collect();
        let mut values = Vec::new();
        for field in self.all_fields() {
            let checked = match text(field.name).or(field.default) {
                None if field.is_required => Err(FieldFault::Missing),
                None => continue,
                Some(value) => field.rule.check(value).map(|()| value.to_owned()),
            };
            match checked {
                Ok(value) => values.push((field.name, value)),
                Err(fault) => errors.push(wrong(field.name, fault)),
            }
        }
        for [one, other] in self.either {
            match (text(one), text(other)) {
                (None, None) => errors.push(wrong(one, FieldFault::Neither { other })),
                (Some(_), Some(_)) => errors.push(wrong(other, FieldFault::Both { other: one })),
                _ => {}
            }
        }
        match errors.is_empty() {
            true => Ok(Filled { template: self, values }),
            false => Err(TemplateError { template: self.id, errors }),
        }
    }
}

impl Filled {
    /// What a signer behind a command was made from; `None` if it is not the command line of a
    /// template, word for word.
    pub fn of(command: &str, has_evidence: bool) -> Option<Self> {
        let words = shell_words::split(command).ok()?;
        let [python, _, script, _, options @ ..] = words.as_slice() else { return None };
        let shipped = ShippedProgram::at(Path::new(script))?;
        let template = TEMPLATES.iter().find(|one| one.program.stem == shipped.stem)?;
        let mut given = BTreeMap::from([(PYTHON.to_owned(), python.clone())]);
        for option in options.chunks(2) {
            let [name, value] = option else { return None };
            if given.insert(name.strip_prefix("--")?.to_owned(), value.clone()).is_some() {
                return None;
            }
        }
        if template.has_evidence {
            let evidence = if has_evidence { rule::YES } else { rule::NO };
            given.insert(EVIDENCE.to_owned(), evidence.to_owned());
        }
        let filled = template.fill(&given).ok()?;
        let same = shell_words::split(&filled.line(script, "sign")).ok()? == words;
        same.then_some(filled)
    }

    /// The template.
    pub fn template(&self) -> &'static Template {
        self.template
    }

    /// What a field has; `None` if nothing.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
    }

    /// Every field that has a value.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    /// How the key signs, if a field says so.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.value(ALGORITHM).and_then(Algorithm::parse)
    }

    /// The command lines, with the program in this file.
    pub fn command_lines(&self, script: &Path) -> CommandLines {
        let script = script.to_string_lossy();
        let evidence = self.value(EVIDENCE) == Some(rule::YES);
        CommandLines {
            sign: self.line(&script, "sign"),
            public_key: self.line(&script, "public-key"),
            evidence: evidence.then(|| self.line(&script, "evidence")),
        }
    }

    fn line(&self, script: &str, verb: &str) -> String {
        let python = self.value(PYTHON).unwrap_or_default();
        let options = self.values.iter().filter(|(name, _)| ![PYTHON, EVIDENCE].contains(name));
        let options = options.flat_map(|(name, value)| [format!("--{name}"), value.clone()]);
        let words = [python, ISOLATED, script, verb].into_iter().map(str::to_owned);
        shell_words::join(words.chain(options))
    }
}

#[cfg(test)]
mod tests;
