//! The catalogue on disk while a type is compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// A message of the catalogue.
pub struct Message {
    /// Its file.
    pub file: PathBuf,
    /// Whether it has a hint.
    pub hint: bool,
    /// The arguments that its text and its hint use.
    pub arguments: BTreeSet<String>,
}

/// The files of the catalogue in a language, in order of their names.
pub fn files(language: &str) -> Result<Vec<PathBuf>, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problem").join(language);
    let listed = std::fs::read_dir(&directory)
        .map_err(|error| format!("{}: cannot be listed: {error}", directory.display()))?;
    let mut files: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    files.sort();
    Ok(files)
}

/// Every message, by its name.
pub type Catalogue = BTreeMap<String, Message>;

/// Every message of the catalogue. It is read once for all that a compilation asks for. Fails if it
/// cannot be read.
pub fn messages() -> Result<&'static Catalogue, String> {
    static CATALOGUE: OnceLock<Result<Catalogue, String>> = OnceLock::new();
    CATALOGUE.get_or_init(read).as_ref().map_err(Clone::clone)
}

fn read() -> Result<Catalogue, String> {
    let mut messages = BTreeMap::new();
    for file in files("en")? {
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
        let resource = fluent_syntax::parser::parse(text.as_str())
            .map_err(|(_, errors)| format!("{}: {errors:?}", file.display()))?;
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut arguments = BTreeSet::new();
            let attributes = message.attributes.iter().map(|attribute| &attribute.value);
            for pattern in message.value.iter().chain(attributes) {
                of_pattern(pattern, &mut arguments);
            }
            let hint = message.attributes.iter().any(|attribute| attribute.id.name == "hint");
            let found = Message { file: file.clone(), hint, arguments };
            messages.insert(message.id.name.to_owned(), found);
        }
    }
    Ok(messages)
}

fn of_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            variants.iter().for_each(|variant| of_pattern(&variant.value, found));
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        InlineExpression::FunctionReference { arguments, .. }
        | InlineExpression::TermReference { arguments: Some(arguments), .. } => {
            arguments.positional.iter().for_each(|one| of_inline(one, found));
            arguments.named.iter().for_each(|one| of_inline(&one.value, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use syn::{DeriveInput, Item};

    /// The messages of the error types in a list of items, and in the modules among them.
    fn used(items: Vec<Item>, found: &mut BTreeSet<String>) {
        for item in items {
            let input: DeriveInput = match item {
                Item::Enum(item) => item.into(),
                Item::Struct(item) => item.into(),
                Item::Mod(item) => {
                    used(item.content.map(|(_, items)| items).unwrap_or_default(), found);
                    continue;
                }
                _ => continue,
            };
            let derives = input.attrs.iter().filter(|one| one.path().is_ident("derive"));
            let mut derives = derives.map(|one| quote::quote!(#one).to_string());
            if derives.any(|one| one.contains("Problem")) {
                let error = crate::read::Error::read(&input).expect("the error type is read");
                let variants = error.variants.iter().filter(|variant| !variant.transparent);
                found.extend(variants.map(|variant| variant.message.clone()));
            }
        }
    }

    fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("gen") {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    /// The messages that `words!` makes words of.
    fn said(text: &str, found: &mut BTreeSet<String>) {
        for call in text.split("words!(").skip(1) {
            let id = call.trim_start().strip_prefix('"').and_then(|id| id.split('"').next());
            found.extend(id.map(str::to_owned));
        }
    }

    #[test]
    fn every_message_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let mut files = Vec::new();
        sources(&root.join("src-tauri"), &mut files);
        sources(&root.join("tests"), &mut files);
        let mut wanted = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source");
            said(&text, &mut wanted);
            if text.contains("Problem") {
                used(syn::parse_file(&text).expect("Rust").items, &mut wanted);
            }
        }
        for (name, Message { file, .. }) in messages().expect("the catalogue is read") {
            assert!(
                // `Said` has the one by itself.
                wanted.contains(name) || name.starts_with("example-") || name == "with-hint",
                "{}: nothing has the message {name}; remove it",
                file.display()
            );
        }
    }
}
