//! Words as data: which message, and what stands in it. Nothing is put into words until they are
//! shown, in English here, or in another language by who is sent [`Said`](crate::Said).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::catalogue::{self, Language};
use crate::problem::{Arguments, Explain, Problem, Reason, Value, fluent_args};
use crate::visible::visible;

/// What is said, before it is put into words. Made by [`words!`](crate::words!), which checks the
/// message when it is compiled. Texts from files are in it as they are: make it visible before showing
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words {
    pub(crate) what: Arc<What>,
    form: Form,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// A text without a message, such as a name from a file.
    Text(Cow<'static, str>),
    /// A message of the catalogue, by its name, with its arguments if it has any.
    Message(&'static str, Option<Arguments>),
    /// An error, with what to do about it.
    Problem(Box<Problem>),
    /// What to do about an error, without it.
    Hint(Box<Problem>),
}

/// How an English sentence is fitted in. Other languages have no such rule: their sentences stand as
/// they are in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    /// As it is in the catalogue.
    Whole,
    /// Without its full stop.
    WithoutStop,
    /// Without its full stop and its capital, unless it begins with an abbreviation or a level.
    Clause,
    /// With a full stop and a capital, whatever it begins with.
    Sentence,
    /// With a full stop, unless something ends it already.
    Ended,
}

impl Words {
    /// A message of the catalogue. To be called by [`words!`](crate::words!), which checks it.
    #[doc(hidden)]
    pub fn message<const N: usize>(id: &'static str, args: [(&'static str, Value); N]) -> Self {
        Self::of(What::Message(id, (N > 0).then(|| args.into())))
    }

    /// A text that has no message: a name or a value from a file.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::of(What::Text(text.into()))
    }

    pub(crate) fn of(what: What) -> Self {
        Self { what: Arc::new(what), form: Form::Whole }
    }

    /// The same within a sentence: in English without full stop and capital.
    #[must_use]
    pub fn clause(self) -> Self {
        Self { form: Form::Clause, ..self }
    }

    /// The same within a sentence, if it begins with a name: in English without full stop.
    #[must_use]
    pub fn without_stop(self) -> Self {
        Self { form: Form::WithoutStop, ..self }
    }

    /// The same as a sentence: in English with full stop and capital.
    #[must_use]
    pub fn sentence(self) -> Self {
        Self { form: Form::Sentence, ..self }
    }

    /// The same with an end, whatever it begins with: in English with a full stop.
    #[must_use]
    pub fn ended(self) -> Self {
        Self { form: Form::Ended, ..self }
    }

    /// The same, safe to show: texts from files are made visible.
    pub(crate) fn visible(&self) -> Self {
        let value = |value: &Value| match value {
            Value::Text(text) => Value::from(visible(text)),
            Value::Words(words) => Value::Words(words.visible()),
            other => other.clone(),
        };
        let what = match &*self.what {
            What::Text(text) => What::Text(visible(text).into()),
            What::Message(id, Some(args)) => {
                let args = args.iter().map(|(name, one)| (*name, value(one)));
                What::Message(id, Some(args.collect()))
            }
            other => other.clone(),
        };
        Self { what: Arc::new(what), form: self.form }
    }

    /// In English.
    pub fn english(&self) -> Cow<'_, str> {
        self.in_language(Language::English)
    }

    /// In a language, as who is sent [`Said`](crate::Said) shows it.
    pub fn in_language(&self, language: Language) -> Cow<'_, str> {
        let text = match &*self.what {
            What::Text(text) => Cow::Borrowed(&**text),
            What::Message(id, args) => {
                let args = fluent_args(language, args.as_deref().unwrap_or_default());
                Cow::Owned(catalogue::message(language, id, &args))
            }
            What::Problem(problem) => Cow::Owned(problem.in_language(language)),
            What::Hint(problem) => Cow::Owned(problem.hint_in(language).unwrap_or_default()),
        };
        if language != Language::English {
            return text;
        }
        match self.form {
            Form::Whole => text,
            Form::WithoutStop => Cow::Owned(stopless(&text).to_owned()),
            Form::Clause => Cow::Owned(uncapitalised(stopless(&text))),
            Form::Ended if text.ends_with(['.', '…', '?', '!']) => text,
            Form::Ended => Cow::Owned(text.into_owned() + "."),
            Form::Sentence => {
                let text = stopless(&text);
                let end = if text.ends_with(['…', '?', '!']) { "" } else { "." };
                Cow::Owned(capitalised(text) + end)
            }
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::text("")
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

/// In English, as programs read it.
impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english())
    }
}

/// What happened and what to do next.
impl<E: Explain> From<E> for Words {
    fn from(error: E) -> Self {
        error.problem().into()
    }
}

/// What happened and what to do next.
impl From<Problem> for Words {
    fn from(problem: Problem) -> Self {
        Self::of(What::Problem(Box::new(problem)))
    }
}

impl From<&Reason> for Words {
    fn from(reason: &Reason) -> Self {
        reason.problem().into()
    }
}

impl From<Reason> for Words {
    fn from(reason: Reason) -> Self {
        Self::from(&reason)
    }
}

impl From<&Problem> for Words {
    fn from(problem: &Problem) -> Self {
        problem.clone().into()
    }
}

fn stopless(text: &str) -> &str {
    text.trim_end_matches('.')
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The first word without its capital, unless the word is an abbreviation or a level.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), letters.clone().next()) else {
        return String::new();
    };
    let is_word = first.is_uppercase() && second.is_none_or(|second| !second.is_uppercase());
    let is_level = second.is_some_and(|second| second.is_ascii_digit());
    match is_word && !is_level {
        true => first.to_lowercase().chain(letters).collect(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Explain as _, Language, Problem, Said, Words, words};

    #[derive(Debug, Problem)]
    #[problem(area = "example")]
    enum Example {
        Missing { path: &'static str },
    }

    #[test]
    fn nothing_is_put_into_words_before_they_are_shown() {
        let why = Words::from(Example::Missing { path: "a.json" }.problem());
        let read = words!("example-read", why = why.clone(), count = 2_u64);
        let text = "The 2 files cannot be read: a.json: there is no such file; check the name.";
        assert_eq!(read.to_string(), text);
        assert_eq!(read.clone(), words!("example-read", why, count = 2_u64));
        assert_eq!(serde_json::to_value(&read).unwrap(), text);
        assert_eq!(Words::text("ada").to_string(), "ada");
    }

    #[test]
    fn words_within_words_are_in_the_same_language() {
        let names = ["a", "b"].map(Words::text);
        let list = crate::list::all(names.into()).unwrap().sentence();
        let whole = words!("with-hint", what = list, hint = words!("level-none"));
        let german = |words: &Words| words.in_language(Language::German).into_owned();
        assert_eq!(german(&whole), "a und b; Keine Stufe");
        assert_eq!(whole.english(), "A and b.; No level");
        // What has no translation is English.
        let missing = Words::from(Example::Missing { path: "a.json" }.problem());
        assert_eq!(german(&missing), missing.english());
        assert_eq!(Language::of_tag("de-AT"), Language::German);
        assert_eq!(Language::of_tag("fr"), Language::English);
    }

    #[test]
    fn an_english_sentence_is_fitted_in() {
        let text = |text: &'static str| Words::text(text);
        for (whole, clause, sentence) in [
            (
                "The run is not signed yet.",
                "the run is not signed yet",
                "The run is not signed yet.",
            ),
            ("L4 does not hold.", "L4 does not hold", "L4 does not hold."),
            ("JSON ends early", "JSON ends early", "JSON ends early."),
            ("it was cut…", "it was cut…", "It was cut…"),
            ("", "", "."),
        ] {
            assert_eq!(text(whole).clause().to_string(), clause);
            assert_eq!(text(whole).clause().sentence().to_string(), sentence);
        }
        assert_eq!(text("Ada refused.").without_stop().to_string(), "Ada refused");
    }

    #[test]
    fn words_are_sent_as_data_and_safe_to_show() {
        let why = Words::from(Example::Missing { path: "a.json" }.problem());
        let said = Said::from(&words!("example-read", why, count = 1_u64).clause());
        assert_eq!(
            serde_json::to_value(&said).unwrap(),
            serde_json::json!({
                "text": "the one file cannot be read: a.json: there is no such file; check the name",
                "id": "example-read",
                "args": [
                    { "name": "why", "value": {
                        "text": "a.json: there is no such file; check the name",
                        "id": "with-hint",
                        "args": [
                            { "name": "what", "value": {
                                "text": "a.json: there is no such file",
                                "id": "example-missing",
                                "args": [{ "name": "path", "value": "a.json" }],
                            } },
                            { "name": "hint", "value": {
                                "text": "check the name",
                                "id": "example-missing.hint",
                                "args": [{ "name": "path", "value": "a.json" }],
                            } },
                        ],
                    } },
                    { "name": "count", "value": 1 },
                ],
            })
        );
        let missing = Example::Missing { path: "a.json" }.problem();
        let hint = Said::from(missing.hint_words().unwrap());
        assert_eq!((&*hint.text, &*hint.id), ("check the name", "example-missing.hint"));
        let hidden = Said::from(&Words::text("a\u{202e}b"));
        assert_eq!((&*hidden.text, &*hidden.id), ("a⟨U+202E⟩b", ""));
        let long = words!("example-read", why = %"x".repeat(50), count = 1_u64);
        let short = Said::short(&long, 20);
        assert_eq!(short.text, "The one file cannot…");
        assert_eq!(
            serde_json::to_value(&short.args[0].value).unwrap(),
            format!("{}…", "x".repeat(19))
        );
    }
}
