//! The time-stamp tokens of a signature (`timestamps`, EVIDENCE.md section 2). Only read, written
//! and united here; whether one proves a time is for `admissibility` to say.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;
use countersign_problem::visible::visible_short;

use crate::digest::Digest;
use crate::json::{Object, Value};
use crate::signature::Signature;

/// The field of a signature that holds its time-stamp tokens.
pub const TIMESTAMPS: &str = "timestamps";
/// The longest token that is read, in bytes of DER.
pub const MAX_TOKEN: usize = 64 << 10;
/// The most tokens of one signature that are read.
pub const MAX_TOKENS: usize = 32;

/// The only type of token.
const RFC3161: &str = "rfc3161";

/// A time-stamp token beside a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStamp {
    /// The bytes that it is about.
    pub covers: Covers,
    /// A TimeStampToken (RFC 3161 section 2.4.2), DER.
    pub token: Vec<u8>,
}

/// The bytes that a token is about. Its imprint is their SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covers {
    /// The raw signature.
    Signature,
    /// The raw signature of its claim, which covers everything else.
    Claim,
    /// Earlier tokens, by the SHA-256 of each, one after another: a renewal.
    Tokens(Vec<Digest>),
}

impl Covers {
    /// As the files write it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Claim => "claim",
            Self::Tokens(_) => "timestamps",
        }
    }

    /// Reads the fields `covers` and `of` of an entry.
    ///
    /// # Errors
    /// Fails if they are missing, or not known here.
    pub fn parse(entry: &Object) -> Result<Self, TimeStampFormError> {
        match entry.text("covers").ok_or(TimeStampFormError::Missing("covers"))? {
            "signature" => Ok(Self::Signature),
            "claim" => Ok(Self::Claim),
            "timestamps" => renewed(entry).map(Self::Tokens).ok_or(TimeStampFormError::Of),
            other => Err(TimeStampFormError::Covers(visible_short(other, 60))),
        }
    }

    /// The imprint of a token of a signature: the SHA-256 of the bytes that it covers; `None` if the
    /// signature does not have them.
    pub fn imprint(&self, signature: Signature<'_>) -> Option<Digest> {
        match self {
            Self::Signature => signature.raw_digest(),
            Self::Claim => Some(Digest::of(&signature.claim()?.ok()?.signature)),
            Self::Tokens(of) => {
                let tokens: Vec<TimeStamp> =
                    TimeStamp::all(signature.0).into_iter().filter_map(Result::ok).collect();
                let token = |wanted: &Digest| {
                    let found = tokens.iter().find(|token| token.digest() == *wanted);
                    found.map(|token| token.token.as_slice())
                };
                Some(Digest::of_parts(&of.iter().map(token).collect::<Option<Vec<_>>>()?))
            }
        }
    }

    /// Writes those fields.
    pub fn write_to(&self, entry: &mut Object) {
        entry.set("covers", self.as_str());
        if let Self::Tokens(of) = self {
            let of: Vec<Value> = of.iter().map(|digest| digest.hex().into()).collect();
            entry.set("of", of);
        }
    }
}

/// Why an entry is not a time-stamp token.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TimeStampFormError {
    /// The field is not a list.
    NotAList,
    /// The entry is not an object.
    Form,
    /// A text is missing.
    Missing(&'static str),
    /// It is of a type that is not verified here.
    Type(String),
    /// It covers something that is not known here.
    Covers(String),
    /// A renewal does not say which tokens it covers.
    Of,
    /// The token is not base64.
    NotBase64,
    /// The token is longer than [`MAX_TOKEN`].
    #[arg(limit = MAX_TOKEN >> 10)]
    TooLarge,
    /// There are more than [`MAX_TOKENS`].
    #[arg(limit = MAX_TOKENS)]
    TooMany,
}

impl TimeStamp {
    /// The tokens of a signature, in the order of the file. Of more than [`MAX_TOKENS`] the rest
    /// is one error.
    pub fn all(signature: &Object) -> Vec<Result<Self, TimeStampFormError>> {
        match signature.get(TIMESTAMPS) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => {
                let rest = (entries.len() > MAX_TOKENS).then_some(Err(TimeStampFormError::TooMany));
                entries.iter().take(MAX_TOKENS).map(Self::parse).chain(rest).collect()
            }
            Some(_) => vec![Err(TimeStampFormError::NotAList)],
        }
    }

    fn parse(entry: &Value) -> Result<Self, TimeStampFormError> {
        let entry = entry.as_object().ok_or(TimeStampFormError::Form)?;
        let text = |field| entry.text(field).ok_or(TimeStampFormError::Missing(field));
        match text("type")? {
            RFC3161 => {}
            other => return Err(TimeStampFormError::Type(visible_short(other, 60))),
        }
        let covers = Covers::parse(entry)?;
        let token = text("token")?;
        if token.len() > MAX_TOKEN.div_ceil(3) * 4 {
            return Err(TimeStampFormError::TooLarge);
        }
        let token = BASE64.decode(token).map_err(|_| TimeStampFormError::NotBase64)?;
        if token.len() > MAX_TOKEN {
            return Err(TimeStampFormError::TooLarge);
        }
        Ok(Self { covers, token })
    }

    /// As the files write it.
    pub fn to_object(&self) -> Object {
        let mut object = Object::from([("type", RFC3161)]);
        self.covers.write_to(&mut object);
        object.set("token", BASE64.encode(&self.token));
        object
    }

    /// What tells one token from another: the SHA-256 of its DER.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.token)
    }

    /// Adds a token to a signature that does not have it, and returns whether it was added. The
    /// other entries stay as they are.
    ///
    /// # Errors
    /// Fails if the field is not a list, or is full.
    pub fn add_to(&self, signature: &mut Object) -> Result<bool, TimeStampFormError> {
        let mut entries = match signature.get(TIMESTAMPS) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => entries.clone(),
            Some(_) => return Err(TimeStampFormError::NotAList),
        };
        if entries.iter().any(|entry| Self::parse(entry).as_ref() == Ok(self)) {
            return Ok(false);
        }
        if entries.len() >= MAX_TOKENS {
            return Err(TimeStampFormError::TooMany);
        }
        entries.push(self.to_object().into());
        signature.set(TIMESTAMPS, entries);
        Ok(true)
    }
}

/// The tokens that a renewal covers.
fn renewed(entry: &Object) -> Option<Vec<Digest>> {
    let of = entry.get("of")?.as_array()?;
    let digest = |one: &Value| Digest::parse(&format!("sha256:{}", one.as_str()?));
    let of: Vec<Digest> = of.iter().take(MAX_TOKENS + 1).map(digest).collect::<Option<_>>()?;
    (!of.is_empty() && of.len() <= MAX_TOKENS).then_some(of)
}

/// Adds the entries of another copy of the same signature that this copy does not have, as long as
/// there is room: what stands there first is never displaced. Tokens are told apart by what they
/// cover and their bytes, anything else by its text.
pub(crate) fn unite(signature: &mut Object, other: &Object) {
    let identity = |entry: &Value| match TimeStamp::parse(entry) {
        Ok(token) => Value::Object(token.to_object()).to_line(),
        Err(_) => entry.to_line(),
    };
    let Some(Value::Array(new)) = other.get(TIMESTAMPS) else { return };
    let mut all = match signature.get(TIMESTAMPS) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(own)) => own.clone(),
        Some(_) => return,
    };
    let mut known: HashSet<String> = all.iter().map(identity).collect();
    let own = all.len();
    for entry in new {
        if all.len() < MAX_TOKENS && known.insert(identity(entry)) {
            all.push(entry.clone());
        }
    }
    if own < all.len() {
        signature.set(TIMESTAMPS, all);
    }
}
