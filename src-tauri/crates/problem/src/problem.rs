//! An error as data, and how it becomes text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::Serialize;

use crate::catalogue::{self, Language};
use crate::said::{self, SaidArgument};
use crate::words::{What, Words};

/// An error that says what happened as data.
pub trait Explain: std::error::Error {
    /// The code, the arguments and the hint.
    fn problem(&self) -> Problem;
}

impl<T: Explain> Explain for Box<T> {
    fn problem(&self) -> Problem {
        (**self).problem()
    }
}

impl<T: Explain> Explain for Arc<T> {
    fn problem(&self) -> Problem {
        (**self).problem()
    }
}

/// The name of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    message: &'static str,
    name: &'static str,
}

impl Code {
    /// From the name of its message in the catalogue, and its name for programs.
    pub const fn new(message: &'static str, name: &'static str) -> Self {
        Self { message, name }
    }

    /// The name for programs: one word, such as `changed`.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The name of its message in the catalogue, such as `signing-changed`.
    pub const fn message(self) -> &'static str {
        self.message
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, name: &&str) -> bool {
        self.name == *name
    }
}

/// An argument of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A text; a word that chooses between texts. In a [`Problem`] it is safe to show.
    Text(Cow<'static, str>),
    /// A number, which chooses between singular and plural.
    Number(u64),
    /// Another error: its message stands in the text.
    Problem(Box<Problem>),
    /// Other words.
    Words(Words),
    /// Nothing was given; in the catalogue the word `none`.
    None,
}

impl Value {
    fn in_language(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Self::Number(number) => FluentValue::from(*number),
            Self::Problem(problem) => FluentValue::String(Cow::Owned(problem.message_in(language))),
            Self::Words(words) => FluentValue::String(words.in_language(language)),
            Self::None => FluentValue::String(Cow::Borrowed("none")),
        }
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        // No platform has numbers of more than 64 bits here.
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::from(if is_so { "yes" } else { "no" })
    }
}

impl From<Words> for Value {
    fn from(words: Words) -> Self {
        Self::Words(words)
    }
}

/// What happened and what to do next.
impl<E: Explain> From<E> for Value {
    fn from(error: E) -> Self {
        Self::Words(error.into())
    }
}

/// The same.
impl From<Problem> for Value {
    fn from(problem: Problem) -> Self {
        Self::Words(problem.into())
    }
}

/// The same.
impl From<&Reason> for Value {
    fn from(reason: &Reason) -> Self {
        Self::Words(reason.into())
    }
}

impl From<Option<Words>> for Value {
    fn from(words: Option<Words>) -> Self {
        words.map_or(Self::None, Self::Words)
    }
}

/// The arguments of a text, by their names.
pub(crate) type Arguments = Arc<[(&'static str, Value)]>;

/// An error as data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Which error it is.
    pub code: Code,
    /// What its text is about: files, devices, numbers, causes.
    pub args: Arguments,
    /// What to do next.
    pub hint: Hint,
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Its own hint, which the catalogue has beside its message.
    Own,
    /// That of its first cause that has one, if any.
    Cause,
}

impl Problem {
    /// From its parts; `hint` says whether the catalogue has one beside the message.
    pub fn new<const N: usize>(code: Code, args: [(&'static str, Value); N], hint: bool) -> Self {
        Self { code, args: args.into(), hint: if hint { Hint::Own } else { Hint::Cause } }
    }

    /// What happened, as a clause without a full stop at its end.
    pub fn message(&self) -> String {
        self.message_in(Language::English)
    }

    fn message_in(&self, language: Language) -> String {
        catalogue::message(language, self.code.message, &fluent_args(language, &self.args))
    }

    /// What to do next; `None` if the message says it all.
    pub fn hint(&self) -> Option<String> {
        self.hint_in(Language::English)
    }

    pub(crate) fn hint_in(&self, language: Language) -> Option<String> {
        self.whose_hint(language).map(|(_, hint)| hint)
    }

    /// The problem whose hint that is, and the hint.
    pub(crate) fn whose_hint(&self, language: Language) -> Option<(&Self, String)> {
        match self.hint {
            Hint::Own => {
                let args = fluent_args(language, &self.args);
                Some((self, catalogue::hint(language, self.code.message, &args)?))
            }
            Hint::Cause => self.args.iter().find_map(|(_, value)| match value {
                Value::Problem(cause) => cause.whose_hint(language),
                _ => None,
            }),
        }
    }

    /// What happened and what to do next, in one line.
    pub(crate) fn in_language(&self, language: Language) -> String {
        let message = self.message_in(language);
        match self.hint_in(language) {
            Some(hint) => format!("{message}; {hint}"),
            None => message,
        }
    }

    /// What to do next, as data; `None` if the message says it all.
    pub fn hint_words(&self) -> Option<Words> {
        self.whose_hint(Language::English)
            .map(|(of, _)| Words::of(What::Hint(Box::new(of.clone()))))
    }

    /// What happened, as a sentence without a full stop at its end.
    pub fn sentence(&self) -> String {
        capital(&self.message())
    }

    /// What to do next, as a sentence without a full stop at its end; empty if the message says it
    /// all.
    pub fn hint_sentence(&self) -> String {
        self.hint().map(|hint| capital(&hint)).unwrap_or_default()
    }
}

pub(crate) fn fluent_args<'a>(
    language: Language,
    args: &'a [(&'static str, Value)],
) -> FluentArgs<'a> {
    args.iter().map(|(name, value)| (*name, value.in_language(language))).collect()
}

/// What happened and what to do next, in one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

impl<E: Explain> From<E> for Problem {
    fn from(error: E) -> Self {
        error.problem()
    }
}

/// Why something is so, as data and in words, for what borrows the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    problem: Problem,
    words: String,
}

impl Reason {
    /// As data.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// In words: what happened, and what to do next.
    pub fn as_str(&self) -> &str {
        &self.words
    }
}

impl<E: Explain> From<E> for Reason {
    fn from(error: E) -> Self {
        let problem = error.problem();
        Self { words: problem.to_string(), problem }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// A problem as a program reads it, in JSON and in the window.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename = "Problem")]
struct InWords {
    /// One word for programs, such as `changed`.
    code: String,
    /// What happened, as a sentence.
    message: String,
    /// What to do next; empty if the message says it all.
    hint: String,
    /// The name of the message in the catalogue, such as `signing-changed`: what a translation goes
    /// by.
    id: String,
    /// What stands in the message.
    args: Vec<SaidArgument>,
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        InWords {
            code: self.code.name.to_owned(),
            message: self.sentence(),
            hint: self.hint_sentence(),
            id: self.code.message.to_owned(),
            args: said::listed(&self.args, None),
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "typescript")]
impl specta::Type for Problem {
    fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
        InWords::definition(types)
    }
}

/// A text with its first letter large, unless it begins with a path or a name.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !text.split(' ').next().unwrap_or("").contains(['/', '.', ':', '_']) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Value;
    use crate::{Explain as _, Problem};

    #[derive(Debug, Problem)]
    #[problem(area = "example")]
    enum Inner {
        Missing { path: std::path::PathBuf },
    }

    #[derive(Debug, Problem)]
    #[problem(area = "example")]
    enum Outer {
        Wrapped {
            #[from]
            cause: Inner,
        },
        #[problem(transparent)]
        Same(Inner),
    }

    fn inner() -> Inner {
        Inner::Missing { path: "/srv/RUN\u{202e}.json".into() }
    }

    #[test]
    fn a_cause_lends_its_hint_and_hides_nothing() {
        let problem = Outer::from(inner()).problem();
        assert_eq!(problem.code.name(), "wrapped");
        let message = "nothing was read: /srv/RUN⟨U+202E⟩.json: there is no such file";
        assert_eq!(problem.message(), message);
        assert_eq!(problem.hint().as_deref(), Some("check the name"));
        assert_eq!(problem.to_string(), format!("{message}; check the name"));
    }

    #[test]
    fn a_transparent_error_is_what_it_holds() {
        assert_eq!(Outer::Same(inner()).problem(), inner().problem());
    }

    #[test]
    fn what_is_not_given_is_none() {
        let problem = Problem { args: [("path", Value::None)].into(), ..inner().problem() };
        assert_eq!(problem.message(), "none: there is no such file");
    }

    #[test]
    fn a_program_reads_sentences() {
        let json = serde_json::to_value(Outer::from(inner()).problem()).unwrap();
        assert_eq!(json["code"], "wrapped");
        assert_eq!(json["hint"], "Check the name");
        assert!(json["message"].as_str().unwrap().starts_with("Nothing was read: /srv"), "{json}");
    }
}
