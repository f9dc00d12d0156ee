//! Words as data, for who shows them in another language: the text in English, the name of its message,
//! and what stands in it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::Language;
use crate::problem::{Problem, Value};
use crate::visible::{visible, visible_short};
use crate::words::{What, Words};

/// Words as they are sent to who shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SaidArgument {
    /// The name of the argument.
    pub name: String,
    /// What stands there.
    pub value: SaidValue,
}

/// What stands in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl Said {
    /// The same as `Said::from`, with the text, and each text that stands in it, cut to `limit`
    /// characters.
    pub fn short(words: &Words, limit: usize) -> Self {
        Self::of(words, Some(limit))
    }

    fn of(words: &Words, limit: Option<usize>) -> Self {
        let text = shown(&words.english(), limit);
        match &*words.what {
            What::Text(_) => Self { text, id: String::new(), args: Vec::new() },
            What::Message(id, args) => {
                let args = listed(args.as_deref().unwrap_or_default(), limit);
                Self { text, id: (*id).to_owned(), args }
            }
            What::Problem(problem) => Self { text, ..Self::with_hint(problem, limit) },
            What::Hint(problem) => Self::of_hint(problem, text, limit),
        }
    }

    fn of_problem(problem: &Problem, limit: Option<usize>) -> Self {
        Self {
            text: shown(&problem.message(), limit),
            id: problem.code.message().to_owned(),
            args: listed(&problem.args, limit),
        }
    }

    /// What to do about a problem that has a hint of its own, and that in English.
    fn of_hint(problem: &Problem, text: String, limit: Option<usize>) -> Self {
        let id = format!("{}.hint", problem.code.message());
        Self { text, id, args: listed(&problem.args, limit) }
    }

    /// What happened, and what to do next.
    fn with_hint(problem: &Problem, limit: Option<usize>) -> Self {
        let what = Self::of_problem(problem, limit);
        let Some((of, hint)) = problem.whose_hint(Language::English) else { return what };
        let hint = Self::of_hint(of, shown(&hint, limit), limit);
        let argument = |name: &str, value| SaidArgument {
            name: name.to_owned(),
            value: SaidValue::Said(value),
        };
        let args = vec![argument("what", what), argument("hint", hint)];
        Self { text: String::new(), id: "with-hint".to_owned(), args }
    }
}

/// In English.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&Problem> for Said {
    fn from(problem: &Problem) -> Self {
        Self::of_problem(problem, None)
    }
}

impl From<&Words> for Said {
    fn from(words: &Words) -> Self {
        Self::of(words, None)
    }
}

impl From<Words> for Said {
    fn from(words: Words) -> Self {
        Self::from(&words)
    }
}

fn shown(text: &str, limit: Option<usize>) -> String {
    match limit {
        Some(limit) => visible_short(text, limit),
        None => visible(text),
    }
}

/// Arguments as they are sent.
pub(crate) fn listed(args: &[(&'static str, Value)], limit: Option<usize>) -> Vec<SaidArgument> {
    let value = |value: &Value| match value {
        Value::Text(text) => SaidValue::Text(shown(text, limit)),
        Value::Number(number) => SaidValue::Number(*number),
        Value::Problem(problem) => SaidValue::Said(Said::of_problem(problem, limit)),
        Value::Words(words) => SaidValue::Said(Said::of(words, limit)),
        Value::None => SaidValue::Text("none".to_owned()),
    };
    args.iter()
        .map(|(name, one)| SaidArgument { name: (*name).to_owned(), value: value(one) })
        .collect()
}
