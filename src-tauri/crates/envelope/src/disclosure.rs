//! A disclosure: one entry of a run's inputs, prompts, schemas or policies, shown without the run
//! (EVIDENCE.md section 3). It has the way from the entry's digest up to the root of its list, and the
//! claims of those who signed that root.
//!
//! It proves content and position. The path that stands in it is the word of whoever made it: a root
//! is over digests alone.

use countersign_problem::Problem;

use crate::claim::{Claim, ClaimError};
use crate::digest::Digest;
use crate::dsse::DsseEnvelope;
use crate::hash_scope::{self, HashedFile};
use crate::json::{self, JsonError, Object, Value};
use crate::merkle::{self, LISTS};
use crate::public_key::PublicKey;
use crate::sealed_run::SealedRun;
use crate::statement::{NamedKey, SignedByError, signed_by};

/// The end of the name of a file with a disclosure.
pub const FILE_END: &str = ".disclosure.json";

/// The one version of the file.
pub const VERSION: &str = "1.0";

/// The longest file that is read, in bytes (16 MiB): [`MAX_CLAIMS`] of the longest claims.
pub const MAX_BYTES: usize = 16 << 20;

/// The most claims in one.
pub const MAX_CLAIMS: usize = 100;

/// One entry of a list, and the way to the root that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Of which list of the hash scope, one of [`LISTS`].
    pub list: &'static str,
    /// What the run calls it, which nothing proves.
    pub path: String,
    /// The SHA-256 of its content.
    pub content: Digest,
    /// Its position in the list, counted from 0.
    pub position: u64,
    /// How many entries the list has.
    pub leaves: u64,
    /// The nodes beside its way to the root, the lowest first.
    pub siblings: Vec<Digest>,
    /// The claims of those who signed the root.
    pub claims: Vec<DisclosedClaim>,
}

/// A claim, with the key beside it that has to have signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosedClaim {
    algorithm: String,
    public_key: String,
    envelope: DsseEnvelope,
}

/// Why a disclosure cannot be read or made.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum DisclosureError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not a file with a disclosure.
    Form,
    /// A key stands in it twice: two programs could read two different things.
    Twice {
        /// The key.
        key: String,
    },
    /// A version that is not known.
    #[arg(version = VERSION)]
    Version(String),
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// A claim cannot be read.
    #[problem(transparent)]
    Claim(#[from] ClaimError),
    /// A claim is not signed by the key beside it.
    #[problem(transparent)]
    SignedBy(#[from] SignedByError),
    /// The run's list has no such entry.
    NoEntry {
        /// Which list.
        list: &'static str,
        /// What was asked for.
        path: String,
    },
    /// The run's list has several entries of this path.
    SeveralEntries {
        /// Which list.
        list: &'static str,
        /// What was asked for.
        path: String,
        /// Their positions.
        positions: String,
    },
    /// An entry of the run's list has no SHA-256 that can be a leaf.
    NotADigest {
        /// Which list.
        list: &'static str,
        /// The position of the entry, counted from 0.
        position: usize,
    },
}

/// An entry of a run's list: where it is, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Which list, one of [`LISTS`].
    pub list: &'static str,
    /// What the run calls it; `None` if only its position is meant.
    pub path: Option<&'a str>,
    /// Its position, counted from 0, if several are called so.
    pub position: Option<usize>,
}

impl Disclosure {
    /// The disclosure of an entry of a run, with these claims.
    ///
    /// # Errors
    /// Fails if the run has no such entry, or several, or if the digests of its list cannot be leaves.
    pub fn of(
        run: &SealedRun,
        entry: Entry<'_>,
        claims: Vec<DisclosedClaim>,
    ) -> Result<Self, DisclosureError> {
        let Entry { list, path, position } = entry;
        let entries: Vec<HashedFile<'_>> = hash_scope::files(run, list).collect();
        let leaves: Vec<Digest> = entries
            .iter()
            .map(|one| {
                one.content.ok_or(DisclosureError::NotADigest { list, position: one.position })
            })
            .collect::<Result<_, _>>()?;
        let is_named =
            |one: &&HashedFile<'_>| path.is_none_or(|path| !path.is_empty() && one.path == path);
        let named: Vec<usize> = entries.iter().filter(is_named).map(|one| one.position).collect();
        let asked = || {
            let by_position = || position.map_or(String::new(), |at| (at + 1).to_string());
            path.map_or_else(by_position, ToOwned::to_owned)
        };
        let position = match (named.as_slice(), position) {
            ([only], None) => *only,
            (several, Some(position)) if several.contains(&position) => position,
            (several @ [_, _, ..], None) => {
                let positions: Vec<String> = several.iter().map(usize::to_string).collect();
                let (path, positions) = (asked(), positions.join(", "));
                return Err(DisclosureError::SeveralEntries { list, path, positions });
            }
            _ => return Err(DisclosureError::NoEntry { list, path: asked() }),
        };
        let siblings = merkle::siblings(&leaves, position).unwrap_or_default();
        Ok(Self {
            list,
            path: entries[position].path.clone().into_owned(),
            content: leaves[position],
            position: position as u64,
            leaves: leaves.len() as u64,
            siblings,
            claims,
        })
    }

    /// The root that its way leads to; `None` if it is no way from this position in a list of so many.
    pub fn root(&self) -> Option<Digest> {
        merkle::root_above(self.content, self.position, self.leaves, &self.siblings)
    }

    /// Whether a claim is about the root that its way leads to.
    pub fn is_committed_by(&self, claim: &Claim) -> bool {
        let Some(root) = self.root() else { return false };
        let committed = claim.commitments.as_ref().and_then(|all| all.get(self.list));
        committed.is_some_and(|one| {
            one.get("root").and_then(Value::as_str).and_then(Digest::parse) == Some(root)
                && one.get("leaves").and_then(Value::as_count) == Some(self.leaves)
        })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Fails if it is not one with a disclosure, or too large.
    pub fn parse(bytes: &[u8]) -> Result<Self, DisclosureError> {
        if bytes.len() > MAX_BYTES {
            return Err(DisclosureError::TooLarge { size: bytes.len() });
        }
        let document = json::parse(bytes)?;
        let Value::Object(object) = document.value else { return Err(DisclosureError::Form) };
        let version = object.text("disclosure_version").ok_or(DisclosureError::Form)?;
        if version != VERSION {
            return Err(DisclosureError::Version(version.to_owned()));
        }
        if let Some(key) = document.duplicate_key {
            return Err(DisclosureError::Twice { key: key.to_string() });
        }
        Self::of_object(&object)
    }

    fn of_object(object: &Object) -> Result<Self, DisclosureError> {
        use DisclosureError::Field;
        let digest = |value: &Value| Digest::parse(value.as_str()?);
        let count = |key| object.get(key).and_then(Value::as_count).ok_or(Field(key));
        let array = |key| object.get(key).and_then(Value::as_array).ok_or(Field(key));
        let list = object.text("list");
        let list = LISTS.iter().map(|(name, _)| *name).find(|name| list == Some(*name));
        let claims = array("claims")?;
        if claims.len() > MAX_CLAIMS {
            return Err(Field("claims"));
        }
        Ok(Self {
            list: list.ok_or(Field("list"))?,
            path: object.text("path").ok_or(Field("path"))?.to_owned(),
            content: object.get("sha256").and_then(digest).ok_or(Field("sha256"))?,
            position: count("position")?,
            leaves: count("leaves")?,
            siblings: array("siblings")?
                .iter()
                .map(digest)
                .collect::<Option<_>>()
                .ok_or(Field("siblings"))?,
            claims: claims.iter().map(DisclosedClaim::parse).collect::<Result<_, _>>()?,
        })
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        let siblings: Vec<Value> =
            self.siblings.iter().map(|one| Value::from(one.to_string())).collect();
        let claims: Vec<Value> = self.claims.iter().map(DisclosedClaim::to_value).collect();
        Value::Object(Object::from([
            ("disclosure_version", Value::from(VERSION)),
            ("list", self.list.into()),
            ("path", self.path.as_str().into()),
            ("sha256", self.content.to_string().into()),
            ("position", self.position.into()),
            ("leaves", self.leaves.into()),
            ("siblings", siblings.into()),
            ("claims", claims.into()),
        ]))
        .to_pretty()
    }
}

impl DisclosedClaim {
    /// A claim, to be disclosed with the key beside it.
    pub fn new(algorithm: &str, public_key: &str, envelope: DsseEnvelope) -> Self {
        Self { algorithm: algorithm.to_owned(), public_key: public_key.to_owned(), envelope }
    }

    fn parse(value: &Value) -> Result<Self, DisclosureError> {
        let object = value.as_object().ok_or(DisclosureError::Field("claims"))?;
        let text = |key| object.text(key).ok_or(DisclosureError::Field(key)).map(str::to_owned);
        let envelope = object.get("claim").ok_or(DisclosureError::Field("claim"))?;
        Ok(Self {
            algorithm: text("algorithm")?,
            public_key: text("public_key")?,
            envelope: DsseEnvelope::parse(envelope).map_err(ClaimError::from)?,
        })
    }

    fn to_value(&self) -> Value {
        Object::from([
            ("algorithm", Value::from(self.algorithm.as_str())),
            ("public_key", self.public_key.as_str().into()),
            ("claim", self.envelope.to_object().into()),
        ])
        .into()
    }

    /// What it says, whoever signed it.
    ///
    /// # Errors
    /// Fails if it is not a claim.
    pub fn claim(&self) -> Result<Claim, DisclosureError> {
        Ok(Claim::parse(&self.envelope)?)
    }

    /// Verifies it under the key beside it, which it has to name.
    ///
    /// # Errors
    /// Fails if it cannot be read, names another key or algorithm, or does not verify.
    pub fn verify(&self) -> Result<(Claim, PublicKey), DisclosureError> {
        let claim = self.claim()?;
        let named = NamedKey { algorithm: &claim.algorithm, key_sha256: claim.key_sha256 };
        let (algorithm, key) = (Some(self.algorithm.as_str()), Some(self.public_key.as_str()));
        let key = signed_by(&self.envelope, named, algorithm, key)?;
        Ok((claim, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disclosure() -> Disclosure {
        let leaves = [1_u8, 2, 3].map(|n| Digest::of(&[n]));
        Disclosure {
            list: "inputs",
            path: "data/a.csv".to_owned(),
            content: leaves[2],
            position: 2,
            leaves: 3,
            siblings: merkle::siblings(&leaves, 2).unwrap(),
            claims: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = disclosure().to_text();
        assert_eq!(Disclosure::parse(text.as_bytes()), Ok(disclosure()));
        assert!(disclosure().root().is_some());
    }

    #[test]
    fn what_is_no_disclosure_is_refused_with_the_field() {
        let text = disclosure().to_text();
        for (field, from, to) in [
            ("list", "\"inputs\"", "\"outputs\""),
            ("path", "\"data/a.csv\"", "7"),
            ("sha256", "\"sha256\": \"sha256:", "\"sha256\": \"sha512:"),
            ("position", "\"position\": 2", "\"position\": -2"),
            ("leaves", "\"leaves\": 3", "\"leaves\": 3.5"),
            ("claims", "\"claims\": []", "\"claims\": {}"),
        ] {
            assert!(text.contains(from), "{from} is in {text}");
            let refused = Disclosure::parse(text.replace(from, to).as_bytes());
            assert_eq!(refused, Err(DisclosureError::Field(field)));
        }
        let other = text.replace("\"1.0\"", "\"2.0\"");
        let version = DisclosureError::Version("2.0".to_owned());
        assert_eq!(Disclosure::parse(other.as_bytes()), Err(version));
        let twice = text.replace("\"leaves\": 3", "\"leaves\": 4, \"leaves\": 3");
        let key = "leaves".to_owned();
        assert_eq!(Disclosure::parse(twice.as_bytes()), Err(DisclosureError::Twice { key }));
        assert_eq!(Disclosure::parse(b"[]"), Err(DisclosureError::Form));
    }
}
