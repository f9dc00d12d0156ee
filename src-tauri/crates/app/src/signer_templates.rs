//! Signers from templates: what a person fills in becomes an ordinary signer behind a command, whose
//! program is written beside the settings.

use std::collections::BTreeMap;

use countersign_ceremony::signer_probe::{Draft, Variable, variables};
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_ceremony::signer_program;
use countersign_ceremony::signer_template::rule::{FieldFault, Rule};
use countersign_ceremony::signer_template::{FieldError, Filled, TEMPLATES, Template, TemplateId};
use countersign_envelope::signature::Algorithm;
use countersign_problem::{Explain as _, Said, Words, words};
use serde::{Deserialize, Serialize};

use crate::signer_profiles::NamedSignerError;
use crate::workspace::Workspace;

/// A template, as a person chooses one.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct TemplateView {
    /// Which one.
    pub id: TemplateId,
    /// What holds the key.
    pub name: Said,
    /// What is needed.
    pub about: Said,
    /// Its fields, in the order in which they are asked for.
    pub fields: Vec<FieldView>,
    /// Pairs of fields of which exactly one is given.
    pub either: Vec<[String; 2]>,
    /// The variables of the environment that are passed on.
    pub environment: Vec<Variable>,
    /// Those with a secret, which are passed on only if a person names them.
    pub secrets: Vec<Variable>,
    /// The Python packages that it needs.
    pub packages: Vec<String>,
    /// The programs that it needs.
    pub tools: Vec<String>,
}

/// A field of a template.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// What it is.
    pub label: Said,
    /// An example.
    pub example: String,
    /// What it is if nothing is given; null if nothing then.
    pub default: Option<String>,
    /// Whether something must be given.
    pub is_required: bool,
    /// The words of which it is one; empty if it is free.
    pub choices: Vec<String>,
}

/// Which template a signer was made from, and with which fields.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct TemplateFields {
    /// The template.
    pub template: TemplateId,
    /// What its fields have, by their names.
    pub fields: BTreeMap<String, String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FieldProblem {
    /// Its name.
    pub field: String,
    /// In a sentence.
    pub why: Said,
}

/// Every template.
pub fn all() -> Vec<TemplateView> {
    TEMPLATES.iter().map(view).collect()
}

fn view(template: &'static Template) -> TemplateView {
    let field = |field: &countersign_ceremony::signer_template::Field| FieldView {
        name: field.name.to_owned(),
        label: (field.label)().into(),
        example: field.example.to_owned(),
        default: field.default.map(str::to_owned),
        is_required: field.is_required,
        choices: match field.rule {
            Rule::OneOf(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
        },
    };
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    TemplateView {
        id: template.id,
        name: (template.name)().into(),
        about: (template.about)().into(),
        fields: template.all_fields().map(field).collect(),
        either: template.either.iter().map(|pair| pair.map(str::to_owned)).collect(),
        environment: variables(template.environment.iter().copied()),
        secrets: variables(template.secrets.iter().copied()),
        packages: template.packages.iter().map(|package| package.name.to_owned()).collect(),
        tools: owned(template.tools),
    }
}

/// The template that a signer was made from; `None` if it was made from none.
pub fn made_from(signer: &SignerProfile) -> Option<TemplateFields> {
    let filled: Filled = signer.made_from()?;
    Some(TemplateFields { template: filled.template().id, fields: filled.values() })
}

/// What is wrong with fields; empty if they make a signer.
pub fn check(given: &TemplateFields) -> Vec<FieldProblem> {
    let template = Template::of(given.template);
    let errors = template.fill(&given.fields).err().map(|error| error.errors);
    let problem = |error: FieldError| FieldProblem {
        why: in_labels(template, &error).sentence().into(),
        field: error.field,
    };
    errors.unwrap_or_default().into_iter().map(problem).collect()
}

/// What is wrong with a field, by the labels that a person sees.
fn in_labels(template: &'static Template, error: &FieldError) -> Words {
    let label = |name: &str| {
        let field = template.all_fields().find(|field| field.name == name);
        field.map_or_else(|| Words::text(name.to_owned()), |field| (field.label)())
    };
    let why = match &error.fault {
        FieldFault::Neither { other } => words!("template-fault-neither", other = label(other)),
        FieldFault::Both { other } => words!("template-fault-both", other = label(other)),
        other => other.problem().into(),
    };
    words!("template-field", field = label(&error.field), why)
}

/// A signer from a template, as a person describes it.
#[derive(Debug, Clone, Deserialize, specta::Type)]
pub struct NewTemplateSigner {
    /// Its name on this station.
    pub name: String,
    /// The key id that its signatures name.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// The template, and what its fields have.
    pub made_from: TemplateFields,
    /// How it signs; null if as its public key and its program do.
    pub algorithm: Option<Algorithm>,
    /// How long a command may take, in seconds.
    pub timeout_seconds: u32,
    /// The names of variables that the commands get beside those of the template.
    pub environment: Vec<String>,
}

impl NewTemplateSigner {
    /// The signer, to be probed: its public key is what its program prints. The program is written
    /// beside the settings.
    ///
    /// # Errors
    /// Fails if the fields make no signer, or the program cannot be written.
    pub fn draft(self, workspace: &Workspace) -> Result<Draft, NamedSignerError> {
        let template = Template::of(self.made_from.template);
        let filled = template.fill(&self.made_from.fields)?;
        let directory = signer_program::beside(workspace.need_settings()?);
        let lines = filled.command_lines(&template.program.write(&directory)?);
        let mut environment: Vec<String> =
            template.environment.iter().map(|name| (*name).to_owned()).collect();
        for name in self.environment {
            if !environment.contains(&name) {
                environment.push(name);
            }
        }
        let chosen = self.algorithm.or_else(|| filled.algorithm());
        let profile = SignerProfile {
            name: self.name,
            key_id: self.key_id,
            signer_id: self.signer_id,
            source: KeySource::External {
                command: lines.sign,
                algorithm: chosen.unwrap_or(Algorithm::Ed25519),
                public_key: String::new(),
                public_key_command: Some(lines.public_key),
                timeout_seconds: self.timeout_seconds,
                working_directory: None,
                environment,
                evidence_command: lines.evidence,
                signed_payload: None,
                probed_as: None,
            },
        };
        Ok(Draft { profile, in_any_way: chosen.is_none() })
    }
}
