//! The names that a certificate states.

use countersign_envelope::person::Person;
use countersign_problem::visible::is_hidden;
use countersign_problem::{Words, list, words};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::{rfc3280, rfc4519};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::attestation::{Certificate, text_of};

/// How many names of a kind are stated.
const MAX_NAMES: usize = 20;
/// Longest name, in characters.
const MAX_CHARACTERS: usize = 200;

/// The names that a certificate states, as it writes them: make them visible before showing them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedNames {
    /// The common names of the subject.
    pub common_names: Vec<String>,
    /// The organisations.
    pub organizations: Vec<String>,
    /// The organisational units.
    pub units: Vec<String>,
    /// The e-mail addresses, of the alternative names first, then those of the subject.
    pub emails: Vec<String>,
    /// The user ids, by which a name may agree with the keyring.
    user_ids: Vec<String>,
}

impl StatedNames {
    /// The names of a certificate. What is not a text is passed over.
    pub fn of(certificate: &Certificate) -> Self {
        let subject = certificate.subject_name();
        let all = |id: ObjectIdentifier| {
            let named = subject.iter().filter(move |part| part.oid == id);
            named.filter_map(|part| text_of(&part.value))
        };
        let alternatives = certificate.decoded::<SubjectAltName>().ok().flatten();
        let alternatives = alternatives.into_iter().flat_map(|(_, names)| names.0);
        let emails = alternatives.filter_map(|name| match name {
            GeneralName::Rfc822Name(address) => Some(address.as_str().to_owned()),
            _ => None,
        });
        Self {
            common_names: few(all(rfc4519::CN)),
            organizations: few(all(rfc4519::O)),
            units: few(all(rfc4519::OU)),
            emails: few(emails.chain(all(rfc3280::EMAIL_ADDRESS))),
            user_ids: few(all(rfc4519::UID)),
        }
    }

    /// Whether it states none.
    pub fn is_empty(&self) -> bool {
        [&self.common_names, &self.organizations, &self.units, &self.emails]
            .into_iter()
            .all(Vec::is_empty)
    }

    /// Whether one of them is that of an owner in the keyring: a common name, a user id, an e-mail
    /// address or what stands before its `@`. A name with anything hidden in it is nobody's.
    pub fn agree_with(&self, owner: &str) -> bool {
        let before = self.emails.iter().filter_map(|address| address.split_once('@'));
        let names = [&self.common_names, &self.user_ids, &self.emails].into_iter().flatten();
        let mut names = names.map(String::as_str).chain(before.map(|(mailbox, _)| mailbox));
        let owner = Person::of(owner);
        names.any(|name| !name.contains(is_hidden) && Person::of(name) == owner)
    }

    /// `"Jane Okafor", "jane@example.org", "Example AG"`: each in quotation marks, so that none passes for
    /// what is said of it.
    pub fn words(&self) -> Words {
        let names = [&self.common_names, &self.emails, &self.organizations, &self.units];
        let quoted = names.into_iter().flatten().map(|name| words!("names-quoted", name = ?name));
        list::row(quoted).unwrap_or_else(|| words!("names-none"))
    }
}

/// Each once, a bounded number, each of bounded length.
fn few(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut few: Vec<String> = Vec::new();
    for name in names {
        let name: String = match name.chars().count() > MAX_CHARACTERS {
            true => name.chars().take(MAX_CHARACTERS).chain(['…']).collect(),
            false => name,
        };
        if few.len() < MAX_NAMES && !name.trim().is_empty() && !few.contains(&name) {
            few.push(name);
        }
    }
    few
}
