//! The authority boundary (`abp_v1.json`, version 1.0): what may be pursued, with which tools and on
//! which data, under an entry of the authority ledger. Only read here; whether it holds, and whether a
//! run lies inside it, is for `admissibility` to say.
//!
//! | question | module |
//! |---|---|
//! | Which keys does it have, and what stands under each? | `schema` |

mod schema;

use compact_str::CompactString;
use countersign_problem::Problem;

pub use self::schema::BoundarySchemaError;
use crate::canonical::{self, CanonicalObject};
use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{self, Document, JsonError, Object, Value};

/// The longest file that is read, in bytes (1 MiB).
pub const MAX_BYTES: u64 = 1 << 20;

/// The field with the boundary's own hash, empty while it is computed.
const HASH: &str = "hash";

/// An authority boundary as it was read, with every field it came with. It need not keep to its
/// schema: [`Self::check_schema`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityBoundary {
    object: Object,
}

/// Why a file is not an authority boundary at all.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum AuthorityBoundaryError {
    /// It is not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// It is longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 10)]
    TooLarge,
    /// It is not a JSON object.
    NotAnObject,
    /// A key is given twice: two readers would read two boundaries.
    DuplicateKey(CompactString),
}

/// A tool that a boundary allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllowedTool<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it may be used for, such as a decision; `None` for everything.
    pub scope: Option<&'a str>,
}

/// What a boundary permits on a resource.
#[derive(Debug, Clone, Copy)]
pub struct Permission<'a> {
    /// A path, or a pattern of paths.
    pub resource: &'a str,
    operations: &'a [Value],
    roles: &'a [Value],
}

impl Permission<'_> {
    /// Whether it lets a role do something: `read`, `write` or `delete`.
    pub fn lets(&self, role: &str, operation: &str) -> bool {
        let has = |all: &[Value], one| all.iter().any(|item| item.as_str() == Some(one));
        has(self.operations, operation) && has(self.roles, role)
    }
}

impl AuthorityBoundary {
    /// Reads a boundary.
    ///
    /// # Errors
    /// Fails if it is too long, is not one JSON object, or gives a key twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, AuthorityBoundaryError> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(AuthorityBoundaryError::TooLarge);
        }
        match json::parse(bytes)? {
            Document { duplicate_key: Some(key), .. } => {
                Err(AuthorityBoundaryError::DuplicateKey(key.chars().take(64).collect()))
            }
            Document { value: Value::Object(object), .. } => Ok(Self { object }),
            _ => Err(AuthorityBoundaryError::NotAnObject),
        }
    }

    /// Checks every key and value against the schema.
    ///
    /// # Errors
    /// The first thing that is missing, unknown or of the wrong kind.
    pub fn check_schema(&self) -> Result<(), BoundarySchemaError> {
        schema::check(&self.object)
    }

    /// Its id, as it has it.
    pub fn id(&self) -> Option<&str> {
        self.object.text("abp_id")
    }

    /// The id that follows from scope, reference and time: `ABP-` and 8 hex digits. `None` if one of
    /// them is missing.
    pub fn derived_id(&self) -> Option<String> {
        let part = |key: &'static str| Some((key, self.object.get(key)?.clone()));
        let seed = Object::from([part("scope")?, part("authority_ref")?, part("created_at")?]);
        let digest = canonical::digest(&Value::Object(seed));
        Some(format!("ABP-{}", &digest.hex()[..8]))
    }

    /// The hash that it records of itself.
    pub fn recorded_hash(&self) -> Option<&str> {
        self.object.text(HASH)
    }

    /// Its hash recomputed, over the object with `hash` set to `""`.
    pub fn computed_hash(&self) -> Option<Digest> {
        CanonicalObject::new(&self.object).digest_with_blank(&self.object, HASH)
    }

    /// The id of the ledger entry that it stands under.
    pub fn entry_id(&self) -> &str {
        self.reference("authority_entry_id")
    }

    /// The hash of that entry, as the boundary has it.
    pub fn entry_hash(&self) -> &str {
        self.reference("authority_entry_hash")
    }

    fn reference(&self, key: &str) -> &str {
        self.at(&["authority_ref", key]).and_then(Value::as_str).unwrap_or_default()
    }

    /// When it was made.
    pub fn created_at(&self) -> Option<Instant> {
        Instant::parse(self.object.text("created_at")?)
    }

    /// From when it holds.
    pub fn effective_at(&self) -> Option<Instant> {
        Instant::parse(self.object.text("effective_at")?)
    }

    /// Until when it holds: never, at a time, or at one that cannot be read.
    pub fn expires_at(&self) -> Option<Option<Instant>> {
        let written = self.object.get("expires_at").filter(|value| **value != Value::Null)?;
        Some(written.as_str().and_then(Instant::parse))
    }

    /// The contract that it is about.
    pub fn contract_id(&self) -> Option<&str> {
        self.at(&["scope", "contract_id"])?.as_str()
    }

    /// The programme that it is about.
    pub fn program(&self) -> Option<&str> {
        self.at(&["scope", "program"])?.as_str()
    }

    /// The ids of the objectives that may be pursued.
    pub fn allowed_objectives(&self) -> impl Iterator<Item = &str> {
        texts(self.list(&["objectives", "allowed"]), "id")
    }

    /// The ids of the objectives that may not.
    pub fn denied_objectives(&self) -> impl Iterator<Item = &str> {
        texts(self.list(&["objectives", "denied"]), "id")
    }

    /// The tools that may be used.
    pub fn allowed_tools(&self) -> impl Iterator<Item = AllowedTool<'_>> {
        let tools = self.list(&["tools", "allow"]).iter();
        tools.filter_map(|tool| {
            let scope = tool.get("scope").and_then(Value::as_str);
            Some(AllowedTool { name: tool.get("name")?.as_str()?, scope })
        })
    }

    /// The names of the tools that may not.
    pub fn denied_tools(&self) -> impl Iterator<Item = &str> {
        texts(self.list(&["tools", "deny"]), "name")
    }

    /// What is permitted on data.
    pub fn permissions(&self) -> impl Iterator<Item = Permission<'_>> {
        let permissions = self.list(&["data", "permissions"]).iter();
        permissions.filter_map(|permission| {
            let list = |key| permission.get(key).and_then(Value::as_array).unwrap_or_default();
            Some(Permission {
                resource: permission.get("resource")?.as_str()?,
                operations: list("operations"),
                roles: list("roles"),
            })
        })
    }

    /// The id and the hash of the boundary that this one is a part of, as far as either is given.
    pub fn parent(&self) -> [Option<&str>; 2] {
        ["parent_abp_id", "parent_abp_hash"].map(|key| {
            let text = self.at(&["composition", key]).and_then(Value::as_str);
            text.filter(|text| !text.is_empty())
        })
    }

    /// The ids of the boundaries that are parts of this one; `None` for one without an id.
    pub fn children(&self) -> impl Iterator<Item = Option<&str>> {
        let children = self.list(&["composition", "children"]).iter();
        children.map(|child| child.get("abp_id").and_then(Value::as_str))
    }

    /// When the delegation is to be reviewed, and how; `None` if that is not said.
    pub fn delegation_review(&self) -> Option<DelegationReview<'_>> {
        let review = self.object.get("delegation_review").filter(|review| review.is_truthy())?;
        Some(DelegationReview(review))
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        self.object.get(first)?.at(rest)
    }

    fn list(&self, path: &[&str]) -> &[Value] {
        self.at(path).and_then(Value::as_array).unwrap_or_default()
    }
}

/// When a delegation is to be reviewed, and how.
#[derive(Debug, Clone, Copy)]
pub struct DelegationReview<'a>(&'a Value);

impl<'a> DelegationReview<'a> {
    /// The ids of the triggers, empty for one without, and whether the severity of each is `warn` or
    /// `critical`.
    pub fn triggers(&self) -> impl Iterator<Item = (&'a str, bool)> {
        let triggers = self.0.get("triggers").and_then(Value::as_array).unwrap_or_default();
        triggers.iter().map(|trigger| {
            let text = |key| trigger.get(key).and_then(Value::as_str);
            let severity = text("severity").is_some_and(|one| schema::SEVERITIES.contains(&one));
            (text("id").unwrap_or_default(), severity)
        })
    }

    /// Whether it says who approves, and what comes out.
    pub fn has_policy(&self) -> bool {
        let given = |key| self.0.at(&["review_policy", key]).is_some_and(Value::is_truthy);
        given("approver_role") && given("output")
    }
}

/// The texts under a key of each item that has one.
fn texts<'a>(items: &'a [Value], key: &'static str) -> impl Iterator<Item = &'a str> {
    items.iter().filter_map(move |item| item.get(key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_one_object_with_each_key_once_is_named() {
        use AuthorityBoundaryError as E;
        let parse = AuthorityBoundary::parse;
        assert_eq!(parse(b"[]"), Err(E::NotAnObject));
        assert_eq!(parse(&vec![b' '; (1 << 20) + 1]), Err(E::TooLarge));
        let twice = br#"{"tools": {"allow": [], "allow": [{"name": "x", "scope": null}]}}"#;
        assert_eq!(parse(twice), Err(E::DuplicateKey("allow".into())));
        for bytes in [&b"{\"hash\": NaN}"[..], b"{\"hash\": 1e400}", b"{\"hash\": \"\xff\"}", b"{"]
        {
            assert!(matches!(parse(bytes), Err(E::Json(_))), "{bytes:?}");
        }
    }

    #[test]
    fn a_permission_is_for_its_roles_and_operations_exactly() {
        let text = r#"{"data": {"permissions": [
            {"resource": "a.csv", "operations": ["read"], "roles": ["Operator"]}]}}"#;
        let boundary = AuthorityBoundary::parse(text.as_bytes()).unwrap();
        let permission = boundary.permissions().next().unwrap();
        assert!(permission.lets("Operator", "read"));
        for (role, operation) in
            [("operator", "read"), ("Operator", "write"), ("Operator ", "read"), ("", "read")]
        {
            assert!(!permission.lets(role, operation), "{role} {operation}");
        }
    }

    #[test]
    fn an_empty_time_is_one_that_cannot_be_read() {
        let expires = |text: &str| AuthorityBoundary::parse(text.as_bytes()).unwrap().expires_at();
        assert_eq!(expires(r#"{"expires_at": null}"#), None);
        assert_eq!(expires("{}"), None);
        assert_eq!(expires(r#"{"expires_at": ""}"#), Some(None));
        assert!(expires(r#"{"expires_at": "2026-02-21T02:00:00+02:00"}"#).flatten().is_some());
    }
}
