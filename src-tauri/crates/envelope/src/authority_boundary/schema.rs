//! The schema of a boundary, as data: every key is required unless it is named as optional, and no
//! others are allowed.

use countersign_problem::Problem;

use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{Object, Value};

/// The severities of a trigger of a delegation review.
pub(super) const SEVERITIES: &[&str] = &["warn", "critical"];

/// In what a boundary does not keep to its schema. `path` leads there, such as `tools/allow/0/scope`.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum BoundarySchemaError {
    /// A key is missing.
    Missing {
        /// The key.
        path: String,
    },
    /// A key is unknown.
    Unknown {
        /// The key.
        path: String,
    },
    /// A value is not what it should be.
    Value {
        /// The value.
        path: String,
        /// Its shape, in a word of the message.
        shape: &'static str,
    },
}

/// What a value is to be.
enum Shape {
    Text,
    TextOrNull,
    /// A text of these.
    OneOf(&'static [&'static str]),
    /// This, and so many digits to this base, lower case.
    Id(&'static str, usize, u32),
    Hash,
    Time,
    TimeOrNull,
    Flag,
    /// A whole number of 1 or more.
    Count,
    WholeOrNull,
    AnyObject,
    List(&'static Shape),
    /// An object with these keys, and perhaps those.
    Fields(&'static [Field], &'static [Field]),
}

type Field = (&'static str, Shape);

use Shape::{
    AnyObject, Count, Fields, Flag, Hash, Id, List, OneOf, Text, TextOrNull, Time, TimeOrNull,
    WholeOrNull,
};

const ENTRY: Shape = Fields(
    &[
        ("authority_entry_id", Id("AUTH-", 8, 16)),
        ("authority_entry_hash", Hash),
        ("authority_ledger_path", TextOrNull),
    ],
    &[],
);
const OBJECTIVES: Shape = Fields(
    &[
        ("allowed", List(&Fields(&[("id", Text), ("description", Text)], &[]))),
        ("denied", List(&Fields(&[("id", Text), ("description", Text), ("reason", Text)], &[]))),
    ],
    &[],
);
const TOOLS: Shape = Fields(
    &[
        ("allow", List(&Fields(&[("name", Text), ("scope", TextOrNull)], &[]))),
        ("deny", List(&Fields(&[("name", Text), ("reason", Text)], &[]))),
    ],
    &[],
);
const PERMISSION: Shape = Fields(
    &[
        ("resource", Text),
        ("operations", List(&OneOf(&["read", "write", "delete"]))),
        ("roles", List(&Text)),
        ("sensitivity", OneOf(&["public", "internal", "confidential", "restricted"])),
    ],
    &[],
);
const APPROVAL: Shape = Fields(
    &[("action", Text), ("approver_role", Text), ("threshold", Count), ("timeout_ms", WholeOrNull)],
    &[],
);
const ESCALATION: Shape = Fields(
    &[
        ("trigger", Text),
        ("destination", Text),
        ("severity", OneOf(&["info", "warn", "critical"])),
        ("auto", Flag),
    ],
    &[],
);
const VALIDATOR: Shape = Fields(
    &[
        ("name", Text),
        ("when", OneOf(&["pre_action", "post_action", "periodic"])),
        ("fail_action", OneOf(&["block", "warn", "escalate", "degrade"])),
        ("config", AnyObject),
    ],
    &[],
);
const PROOFS: &[&str] =
    &["seal", "manifest", "pack_hash", "episode_log", "transparency_log", "authority_ledger"];
const COMPOSITION: Shape = Fields(
    &[
        ("parent_abp_id", TextOrNull),
        ("parent_abp_hash", TextOrNull),
        ("children", List(&Fields(&[("abp_id", Text), ("abp_hash", Text)], &[]))),
    ],
    &[],
);
const TRIGGER: Shape = Fields(
    &[
        ("id", Id("DRT-", 3, 10)),
        ("name", Text),
        ("condition", AnyObject),
        ("severity", OneOf(SEVERITIES)),
        ("auto_open", Flag),
    ],
    &[],
);
const REVIEW: Shape = Fields(
    &[
        ("triggers", List(&TRIGGER)),
        (
            "review_policy",
            Fields(
                &[
                    ("approver_role", Text),
                    ("threshold", Count),
                    ("timeout_ms", WholeOrNull),
                    ("output", OneOf(&["abp_patch", "abp_replace", "abp_revoke"])),
                ],
                &[],
            ),
        ),
    ],
    &[],
);

const REQUIRED: &[Field] = &[
    ("abp_version", OneOf(&["1.0"])),
    ("abp_id", Id("ABP-", 8, 16)),
    (
        "scope",
        Fields(
            &[("contract_id", TextOrNull), ("program", TextOrNull), ("modules", List(&Text))],
            &[],
        ),
    ),
    ("authority_ref", ENTRY),
    ("objectives", OBJECTIVES),
    ("tools", TOOLS),
    ("data", Fields(&[("permissions", List(&PERMISSION))], &[])),
    ("approvals", Fields(&[("required", List(&APPROVAL))], &[])),
    ("escalation", Fields(&[("paths", List(&ESCALATION))], &[])),
    ("runtime", Fields(&[("validators", List(&VALIDATOR))], &[])),
    ("proof", Fields(&[("required", List(&OneOf(PROOFS)))], &[])),
    ("composition", COMPOSITION),
    ("effective_at", Time),
    ("expires_at", TimeOrNull),
    ("created_at", Time),
    ("hash", Text),
];
const OPTIONAL: &[Field] = &[("delegation_review", REVIEW)];

/// Checks a whole boundary.
pub(super) fn check(boundary: &Object) -> Result<(), BoundarySchemaError> {
    check_fields(boundary, REQUIRED, OPTIONAL, "")
}

fn check_fields(
    object: &Object,
    required: &[Field],
    optional: &[Field],
    path: &str,
) -> Result<(), BoundarySchemaError> {
    let inside = |key: &str| {
        let key: String = key.chars().take(64).collect();
        if path.is_empty() { key } else { format!("{path}/{key}") }
    };
    for (key, shape) in required {
        let path = inside(key);
        match object.get(key) {
            Some(value) => shape.check(value, &path)?,
            None => return Err(BoundarySchemaError::Missing { path }),
        }
    }
    for (key, shape) in optional {
        object.get(key).map_or(Ok(()), |value| shape.check(value, &inside(key)))?;
    }
    let known = |key: &str| required.iter().chain(optional).any(|(one, _)| *one == key);
    match object.iter().find(|(key, _)| !known(key)) {
        Some((key, _)) => Err(BoundarySchemaError::Unknown { path: inside(key) }),
        None => Ok(()),
    }
}

impl Shape {
    fn check(&self, value: &Value, path: &str) -> Result<(), BoundarySchemaError> {
        let text = value.as_str();
        let is_null = *value == Value::Null;
        let (fits, shape) = match self {
            Text => (text.is_some(), "text"),
            TextOrNull => (text.is_some() || is_null, "text-or-null"),
            OneOf(words) => (text.is_some_and(|text| words.contains(&text)), "known"),
            Id(prefix, count, base) => {
                (text.is_some_and(|id| is_id(id, prefix, *count, *base)), "id")
            }
            Hash => (text.and_then(Digest::parse).is_some(), "hash"),
            Time => (text.and_then(Instant::parse).is_some(), "time"),
            TimeOrNull => (text.and_then(Instant::parse).is_some() || is_null, "time-or-null"),
            Flag => (matches!(value, Value::Bool(_)), "flag"),
            Count => (value.as_count().is_some_and(|count| count >= 1), "count"),
            WholeOrNull => (is_whole(value) || is_null, "whole-or-null"),
            AnyObject => (value.as_object().is_some(), "object"),
            List(items) => match value.as_array() {
                Some(all) => {
                    let mut all = all.iter().enumerate();
                    return all
                        .try_for_each(|(at, item)| items.check(item, &format!("{path}/{at}")));
                }
                None => (false, "list"),
            },
            Fields(required, optional) => match value.as_object() {
                Some(object) => return check_fields(object, required, optional, path),
                None => (false, "object"),
            },
        };
        match fits {
            true => Ok(()),
            false => Err(BoundarySchemaError::Value { path: path.to_owned(), shape }),
        }
    }
}

fn is_id(text: &str, prefix: &str, count: usize, base: u32) -> bool {
    let is_digit = |c: char| c.is_digit(base) && !c.is_ascii_uppercase();
    text.strip_prefix(prefix).is_some_and(|id| id.len() == count && id.chars().all(is_digit))
}

fn is_whole(value: &Value) -> bool {
    match value {
        Value::Number(written) => written.parse::<f64>().is_ok_and(|number| number.fract() == 0.0),
        _ => false,
    }
}
