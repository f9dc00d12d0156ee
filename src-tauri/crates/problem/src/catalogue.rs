//! The catalogue: the words of every error and sentence.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::{LanguageIdentifier, langid};

/// The English texts, one for each file of `en/`.
const TEXTS: &[&str] = countersign_problem_derive::catalogue!("en");

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(langid!("en"), TEXTS));
static GERMAN: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::of(langid!("de"), countersign_problem_derive::catalogue!("de")));

/// The texts of a language. A file is parsed when one of its messages is first asked for: most runs of
/// the command line show a few messages of a few files.
struct Catalogue {
    language: LanguageIdentifier,
    files: Vec<(&'static str, OnceLock<Bundle>)>,
    /// In which of the files a message stands. No message refers to one of another file.
    places: HashMap<&'static str, usize>,
}

impl Catalogue {
    fn of(language: LanguageIdentifier, texts: &[&'static str]) -> Self {
        let names = |text: &'static str| text.lines().filter_map(name);
        let places = texts.iter().zip(0..);
        let places = places.flat_map(|(text, at)| names(text).map(move |name| (name, at)));
        Self {
            language,
            places: places.collect(),
            files: texts.iter().map(|text| (*text, OnceLock::new())).collect(),
        }
    }

    /// The bundle with a message, if there is one.
    fn bundle(&self, id: &str) -> Option<&Bundle> {
        let (text, bundle) = self.files.get(*self.places.get(id)?)?;
        Some(bundle.get_or_init(|| self::bundle(self.language.clone(), text)))
    }
}

/// The name of the message that begins in a line.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let is_message = name.starts_with(|first: char| first.is_ascii_alphabetic());
    is_message.then(|| name.trim_end())
}

/// A language that there is a catalogue of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English, which is complete.
    English,
    /// German. What only the command line says is not in it.
    German,
}

impl Language {
    /// By its tag (BCP 47), such as `de`; English if there is no catalogue of it.
    pub fn of_tag(tag: &str) -> Self {
        match tag.split('-').next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

fn bundle(language: LanguageIdentifier, text: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Arguments are made safe to show one by one; isolating marks would be seen in a terminal.
    bundle.set_use_isolating(false);
    // A test parses each of them; what a faulty one has besides its faults is still used.
    let resource = FluentResource::try_new(text.to_owned());
    let _ = bundle.add_resource(resource.unwrap_or_else(|(resource, _)| resource));
    bundle
}

/// The text of a message, in English if the language lacks it; its name if there is none, which no
/// error that compiles has.
pub fn message(language: Language, id: &str, args: &FluentArgs<'_>) -> String {
    let text = |language| text(language, id, None, args);
    text(language).or_else(|| text(Language::English)).unwrap_or_else(|| id.to_owned())
}

/// The hint of a message; `None` if it has none, or if it is empty for these arguments.
pub fn hint(language: Language, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let text = |language| text(language, id, Some("hint"), args);
    text(language).or_else(|| text(Language::English)).filter(|hint| !hint.is_empty())
}

fn text(
    language: Language,
    id: &str,
    attribute: Option<&str>,
    args: &FluentArgs<'_>,
) -> Option<String> {
    let bundle = language.catalogue().bundle(id)?;
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(attribute) => message.get_attribute(attribute)?.value(),
    };
    let text = bundle.format_pattern(pattern, Some(args), &mut Vec::new());
    Some(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_syntax::ast::Entry;

    /// The names of the messages, one after the other.
    fn names() -> Vec<String> {
        let mut names = Vec::new();
        for text in TEXTS {
            let resource = fluent_syntax::parser::parse(*text).expect("the catalogue is read");
            names.extend(resource.body.iter().filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            }));
        }
        names
    }

    #[test]
    fn every_message_has_one_text() {
        let names = names();
        let mut seen = BTreeSet::new();
        for name in &names {
            assert!(seen.insert(name), "{name} stands in the catalogue twice");
        }
        assert!(names.len() > 1);
    }

    #[test]
    fn every_message_is_found_in_its_file() {
        let names = names();
        assert!(names.iter().all(|name| ENGLISH.places.contains_key(name.as_str())));
        assert_eq!(ENGLISH.places.len(), names.len());
        for language in [&*ENGLISH, &*GERMAN] {
            for name in language.places.keys() {
                assert!(language.bundle(name).is_some_and(|it| it.has_message(name)), "{name}");
            }
            for (text, _) in &language.files {
                let resource = fluent_syntax::parser::parse(*text).expect("the catalogue is read");
                let said = format!("{resource:?}");
                assert!(!said.contains("MessageReference") && !said.contains("TermReference"));
            }
        }
    }

    /// The arguments of each message of a resource, those of its attributes too.
    fn arguments(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource = fluent_syntax::parser::parse(text).expect("it is read");
        let entries = resource.body.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        });
        entries
            .map(|message| {
                let said = format!("{message:?}");
                let names = said.split("VariableReference { id: Identifier { name: \"").skip(1);
                let names = names.filter_map(|rest| rest.split('"').next().map(str::to_owned));
                (message.id.name.to_owned(), names.collect())
            })
            .collect()
    }

    #[test]
    fn a_translation_has_only_what_english_has() {
        let english: BTreeMap<_, _> = TEXTS.iter().flat_map(|text| arguments(text)).collect();
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("de");
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(directory).expect("translations").flatten() {
            let text = std::fs::read_to_string(entry.path()).expect("a translation");
            for (name, args) in arguments(&text) {
                let known = english.get(&name).unwrap_or_else(|| panic!("English has no {name}"));
                assert!(args.is_subset(known), "{name} has other arguments: {args:?}");
                assert!(names.insert(name.clone()), "{name} is translated twice");
            }
        }
        assert!(names.len() > 200);
    }

    /// The messages and hints of a resource, a hint by the name `message.hint`.
    fn texts(text: &str) -> BTreeSet<String> {
        let resource = fluent_syntax::parser::parse(text).expect("it is read");
        let entries = resource.body.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        });
        entries
            .flat_map(|message| {
                let name = message.id.name;
                let attributes = message.attributes.iter();
                let hints = attributes.map(move |one| format!("{name}.{}", one.id.name));
                hints.chain([name.to_owned()])
            })
            .collect()
    }

    #[test]
    fn a_translated_file_has_all_that_english_has() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(root.join("de")).expect("translations").flatten() {
            let german = std::fs::read_to_string(entry.path()).expect("a translation");
            let english = root.join("en").join(entry.file_name());
            let english = std::fs::read_to_string(english).expect("its English");
            let (english, german) = (texts(&english), texts(&german));
            let missing: Vec<_> = english.symmetric_difference(&german).collect();
            assert!(missing.is_empty(), "{:?}: {missing:?}", entry.file_name());
        }
    }

    #[test]
    fn every_message_has_a_text_and_perhaps_a_hint() {
        let args = FluentArgs::from_iter([("path", "RUN-1.json")]);
        assert_eq!(
            message(Language::English, "example-missing", &args),
            "RUN-1.json: there is no such file"
        );
        assert_eq!(
            hint(Language::English, "example-missing", &args).as_deref(),
            Some("check the name")
        );
        assert_eq!(message(Language::German, "no-such-message", &args), "no-such-message");
        assert_eq!(hint(Language::English, "example-short", &args), None);
    }
}
