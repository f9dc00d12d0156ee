//! Reading the fields of what a service says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};

use crate::attestation::error::{AttestationError, CloudProblem};

pub fn text<'a>(
    object: &'a Object,
    field: &str,
    path: &'static str,
) -> Result<&'a str, AttestationError> {
    object.text(field).filter(|text| !text.is_empty()).ok_or(CloudProblem::Missing(path).into())
}

pub fn time(object: &Object, field: &str, path: &'static str) -> Result<Instant, AttestationError> {
    Instant::parse(text(object, field, path)?).ok_or(CloudProblem::Missing(path).into())
}

pub fn expect(object: &Object, field: &'static str, wanted: &str) -> Result<(), AttestationError> {
    match object.text(field) {
        Some(value) if value == wanted => Ok(()),
        other => {
            let value = other.unwrap_or_default().to_owned();
            Err(CloudProblem::NotSigning { field, value }.into())
        }
    }
}

pub fn other_name(part: &'static str, found: &str, key: &str) -> CloudProblem {
    CloudProblem::OtherName { part, found: found.to_owned(), key: key.to_owned() }
}

/// PEM, or the base64 of the DER.
pub fn read_key(text: &str) -> Result<PublicKey, AttestationError> {
    let malformed = |why: Words| {
        AttestationError::Malformed(words!("attestation-field", field = "public_key", why))
    };
    if text.trim_start().starts_with("-----BEGIN") {
        return PublicKey::parse(text).map_err(|error| malformed(error.into()));
    }
    let der = BASE64.decode(text.trim());
    let der = der.map_err(|error| malformed(Words::text(error.to_string())))?;
    PublicKey::from_der(&der).map_err(|error| malformed(error.into()))
}

/// Compares a field that may be missing with what it must be.
pub fn same(
    object: &Object,
    field: &'static str,
    wanted: &str,
    part: &'static str,
) -> Result<(), AttestationError> {
    let Some(found) = object.get(field).filter(|value| **value != Value::Null) else {
        return Ok(());
    };
    if found.as_str() == Some(wanted) {
        return Ok(());
    }
    let (found, wanted) = (visible_short(&plain(found), 120), wanted.to_owned());
    Err(CloudProblem::OtherValue { part, field, found, wanted }.into())
}

/// A value as a message shows it.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_line(), str::to_owned)
}
