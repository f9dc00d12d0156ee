//! What a cloud's key management says of a key, with the entry of its log for the call that signed.
//!
//! None of this is signed by the cloud: an operator copies it, and could write it. So it is held
//! against the signature for what contradicts it, and proves nothing.
//!
//! Fields are named as in AWS "KMS API Reference" (`DescribeKey`, `GetPublicKey`) and "CloudTrail
//! event reference", and as in Google "Cloud KMS API" (`CryptoKeyVersion`) and "Cloud Audit Logs"
//! (`AuditLog`).

mod aws;
mod field;
mod gcp;
mod record;

use countersign_problem::words;
use std::borrow::Cow;

use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::key_attestation::CloudKms;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible_short;

use self::record::Record;
use super::error::{AttestationError, CloudProblem};
use super::statement::CloudStatement;

pub use self::record::Call;

/// Holds the evidence against a key, and against the signature that it came with.
pub(super) fn verify(
    evidence: &CloudKms,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<CloudStatement, AttestationError> {
    let event = event_of(evidence, public_key, call)?;
    let record = record(evidence, event.as_ref(), public_key, call)?;
    Ok(CloudStatement {
        service: record.service,
        key: record.key,
        signed_at: record.signed_at,
        names_digest: call.is_some() && !record.digests.is_empty(),
    })
}

/// The same evidence with the one entry of its log that is about this signature, out of those that
/// the service gives at once.
///
/// # Errors
/// Fails if none fits, or several do.
pub(super) fn narrowed(
    evidence: &CloudKms,
    public_key: &PublicKey,
    call: Call<'_>,
) -> Result<CloudKms, AttestationError> {
    let event = event_of(evidence, public_key, Some(call))?;
    Ok(CloudKms { audit_event: Value::Object(event.into_owned()), ..evidence.clone() })
}

/// What the evidence says by one entry of the log, once it contradicts nothing.
fn record(
    evidence: &CloudKms,
    event: &Object,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<Record, AttestationError> {
    let record = match evidence.provider.as_str() {
        "aws" => aws::record(evidence, event)?,
        "gcp" => gcp::record(evidence, event)?,
        other => return Err(CloudProblem::Provider(other.to_owned()).into()),
    };
    if record.public_key.fingerprint() != public_key.fingerprint() {
        return Err(AttestationError::OtherKey);
    }
    if let Some(call) = call {
        record.check(call)?;
    }
    Ok(record)
}

/// The entry of the log: the only one, or of several the only one that fits.
fn event_of<'a>(
    evidence: &'a CloudKms,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<Cow<'a, Object>, AttestationError> {
    let mut events = events(&evidence.audit_event)?;
    // A trail of several regions gives some entries twice.
    let mut seen: Vec<Object> = Vec::new();
    events.retain(|event| match seen.contains(event) {
        true => false,
        false => {
            seen.push(event.clone().into_owned());
            true
        }
    });
    if events.len() == 1 {
        return Ok(events.remove(0));
    }
    let all = events.len();
    let (mut fitting, mut last) = (Vec::new(), None);
    for event in events {
        match record(evidence, &event, public_key, call) {
            Ok(_) => fitting.push(event),
            // What is wrong with the key is wrong with every entry.
            Err(error @ (AttestationError::OtherKey | AttestationError::Malformed(_))) => {
                return Err(error);
            }
            Err(error) => last = Some(error),
        }
    }
    match fitting.len() {
        1 => Ok(fitting.remove(0)),
        0 => match last {
            None => Err(CloudProblem::NoEvent.into()),
            Some(last) => Err(CloudProblem::NoneFits { all, last: last.into() }.into()),
        },
        several => {
            let names = fitting.iter().map(|event| name_of(event)).collect::<Vec<_>>().join(", ");
            Err(CloudProblem::SeveralFit { several, names }.into())
        }
    }
}

/// An entry as a person finds it again: its id and time.
fn name_of(event: &Object) -> String {
    let text = |fields: &[&str]| {
        let found = fields.iter().find_map(|field| event.text(field));
        visible_short(found.unwrap_or("without an id"), 80)
    };
    format!("{} of {}", text(&["eventID", "insertId"]), text(&["eventTime", "timestamp"]))
}

/// The entries of a log in the forms in which services give them: one alone, a list, CloudTrail's
/// files (`Records`), `aws cloudtrail lookup-events` (`Events`, each the text of one), or an event of
/// EventBridge (`detail`).
fn events(log: &Value) -> Result<Vec<Cow<'_, Object>>, AttestationError> {
    let no_event = || AttestationError::from(CloudProblem::NoEvent);
    if let Value::Array(list) = log {
        let mut events = Vec::new();
        for one in list {
            events.extend(self::events(one)?);
        }
        return Ok(events);
    }
    let object = log.as_object().ok_or_else(no_event)?;
    if let Some(list @ Value::Array(_)) = object.get("Records").or_else(|| object.get("Events")) {
        return events(list);
    }
    match (object.get("CloudTrailEvent"), object.get("detail")) {
        (Some(Value::String(text)), _) => {
            let parsed = json::parse(text.as_bytes()).map_err(|error| {
                let field = "audit_event.CloudTrailEvent";
                AttestationError::Malformed(words!("attestation-field", field, why = error))
            })?;
            match parsed.value {
                Value::Object(event) => Ok(vec![Cow::Owned(event)]),
                _ => Err(no_event()),
            }
        }
        (_, Some(Value::Object(event))) if !object.iter().any(|(key, _)| key == "eventName") => {
            Ok(vec![Cow::Borrowed(event)])
        }
        _ => Ok(vec![Cow::Borrowed(object)]),
    }
}
