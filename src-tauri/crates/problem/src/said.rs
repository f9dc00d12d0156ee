//! Words as data, for who shows them in another language: the text in English, the name of its message,
//! and what stands in it.

use serde::Serialize;

use crate::problem::{Problem, Value};

/// Words as they are sent to who shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Said {
    /// The text in English.
    pub text: String,
    /// The name of the message in the catalogue; empty if the text has none, such as a name from a
    /// file.
    pub id: String,
    /// What stands in it.
    pub args: Vec<SaidArgument>,
}

/// An argument of a text, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SaidArgument {
    /// The name of the argument.
    pub name: String,
    /// What stands there.
    pub value: SaidValue,
}

/// What stands in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(untagged)]
pub enum SaidValue {
    /// A text, safe to show.
    Text(String),
    /// A number, which chooses between singular and plural.
    #[cfg_attr(feature = "typescript", specta(type = u32))]
    Number(u64),
    /// Other words.
    Said(Said),
}

impl From<&Problem> for Said {
    fn from(problem: &Problem) -> Self {
        Self {
            text: problem.message(),
            id: problem.code.message().to_owned(),
            args: listed(&problem.args),
        }
    }
}

impl From<&Value> for SaidValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Number(number) => Self::Number(*number),
            Value::Problem(problem) => Self::Said(Said::from(&**problem)),
            Value::None => Self::Text("none".to_owned()),
        }
    }
}

/// Arguments as they are sent.
pub(crate) fn listed(args: &[(&'static str, Value)]) -> Vec<SaidArgument> {
    args.iter()
        .map(|(name, value)| SaidArgument { name: (*name).to_owned(), value: value.into() })
        .collect()
}
