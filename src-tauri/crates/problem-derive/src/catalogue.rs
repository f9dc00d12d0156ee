//! The catalogue on disk while a type is compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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

/// The files of the catalogue, in order of their names.
pub fn files() -> Result<Vec<PathBuf>, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problem/en");
    let listed = std::fs::read_dir(&directory)
        .map_err(|error| format!("{}: cannot be listed: {error}", directory.display()))?;
    let mut files: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    files.sort();
    Ok(files)
}

/// The message of a name; `None` if no file has it. Fails if the catalogue cannot be read.
pub fn message(id: &str) -> Result<Option<Message>, String> {
    for file in files()? {
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
        let resource = fluent_syntax::parser::parse(text.as_str())
            .map_err(|(_, errors)| format!("{}: {errors:?}", file.display()))?;
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            if message.id.name != id {
                continue;
            }
            let mut arguments = BTreeSet::new();
            let attributes = message.attributes.iter().map(|attribute| &attribute.value);
            for pattern in message.value.iter().chain(attributes) {
                of_pattern(pattern, &mut arguments);
            }
            let hint = message.attributes.iter().any(|attribute| attribute.id.name == "hint");
            return Ok(Some(Message { file, hint, arguments }));
        }
    }
    Ok(None)
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
