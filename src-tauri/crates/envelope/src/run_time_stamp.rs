//! The time stamp of a run as a whole, as the reference lays it out beside the log:
//! `timestamps/<entry id>.tsa.json`. An authority has answered about the SHA-256 of the run's
//! canonical bytes, so that it shows since when the run has existed, and nothing about who signed it.
//! Only read and written here; whether it proves a time is for `admissibility` to say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;
use countersign_problem::visible::visible_short;

use crate::digest::Digest;
use crate::json::{self, JsonError, Object, Value};
use crate::sealed_run::SealedRun;
use crate::transparency_log::entry_id;

/// The folder of these files, beside a run or a log.
pub const FOLDER: &str = "timestamps";
/// The longest file that is read, in bytes (256 KiB).
pub const MAX_BYTES: u64 = 256 << 10;

/// The one version of the file.
const VERSION: &str = "1.0";

/// The answer of an authority about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTimeStamp {
    /// The address that was asked, as the file has it. Not signed by anyone.
    pub url: Option<String>,
    /// A TimeStampResp (RFC 3161 section 2.4.2), DER.
    pub response: Vec<u8>,
    /// The SHA-256 of the bytes that it is about, according to the file.
    pub payload: Digest,
    /// When it was asked for, as the file has it. Not signed by anyone.
    pub requested_at: Option<String>,
}

/// Why a file is not a time stamp of a run.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum RunTimeStampFormError {
    /// It is not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// It is longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 10)]
    TooLarge,
    /// Its version is another than 1.0.
    Version(String),
    /// A text is missing.
    Missing(&'static str),
    /// The response is not base64.
    NotBase64,
    /// `payload_bytes_sha256` is not `sha256:` and 64 hex digits.
    Payload,
}

impl RunTimeStamp {
    /// Reads the file.
    ///
    /// # Errors
    /// Fails if it is too long, is not JSON, or has another form.
    pub fn parse(bytes: &[u8]) -> Result<Self, RunTimeStampFormError> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(RunTimeStampFormError::TooLarge);
        }
        let document = json::parse(bytes)?;
        let file =
            document.value.as_object().ok_or(RunTimeStampFormError::Missing("tsa_version"))?;
        let text = |field| file.text(field).ok_or(RunTimeStampFormError::Missing(field));
        match text("tsa_version")? {
            VERSION => {}
            other => return Err(RunTimeStampFormError::Version(visible_short(other, 60))),
        }
        let response = BASE64.decode(text("tsa_response_b64")?);
        let response = response.map_err(|_| RunTimeStampFormError::NotBase64)?;
        let payload = Digest::parse(text("payload_bytes_sha256")?);
        Ok(Self {
            url: file.text("tsa_url").map(ToOwned::to_owned),
            response,
            payload: payload.ok_or(RunTimeStampFormError::Payload)?,
            requested_at: file.text("requested_at").map(ToOwned::to_owned),
        })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let or_null = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let file = Object::from([
            ("tsa_version", Value::from(VERSION)),
            ("tsa_url", or_null(&self.url)),
            ("tsa_response_b64", BASE64.encode(&self.response).into()),
            ("payload_bytes_sha256", self.payload.to_string().into()),
            ("requested_at", or_null(&self.requested_at)),
        ]);
        Value::from(file).to_pretty()
    }
}

/// The name of the time stamp of a run, seen from the directory that has [`FOLDER`]: by the id of the
/// run's entry in the log, which follows from the run alone.
pub fn name_for(run: &SealedRun) -> String {
    let commit_hash = run.artifact().commit_hash().unwrap_or("");
    let id = entry_id(run.run_id().unwrap_or(""), commit_hash, run.recorded_hash().unwrap_or(""));
    format!("{FOLDER}/{id}.tsa.json")
}

/// Whether a name, seen from such a directory, is that of the time stamp of a run.
pub fn is_name(name: &str) -> bool {
    let name = name.strip_prefix(FOLDER).and_then(|name| name.strip_prefix("/TLE-"));
    let id = name.and_then(|rest| rest.strip_suffix(".tsa.json"));
    id.is_some_and(|id| id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(change: impl FnOnce(&mut Object)) -> Vec<u8> {
        let stamp = RunTimeStamp {
            url: None,
            response: b"a response".to_vec(),
            payload: Digest::of(b"a run"),
            requested_at: Some("2026-11-28T20:00:00Z".to_owned()),
        };
        let value = json::parse(stamp.to_text().as_bytes()).unwrap().value;
        let mut value = value.as_object().unwrap().clone();
        change(&mut value);
        Value::from(value).to_pretty().into_bytes()
    }

    #[test]
    fn what_is_written_is_read() {
        let stamp = RunTimeStamp::parse(&file(|_| {})).unwrap();
        assert_eq!((stamp.response.as_slice(), &stamp.url), (&b"a response"[..], &None));
        assert_eq!(RunTimeStamp::parse(stamp.to_text().as_bytes()), Ok(stamp));
    }

    #[test]
    fn anything_else_is_named() {
        use RunTimeStampFormError as E;
        let parse = |field: &str, value: Value| {
            RunTimeStamp::parse(&file(|file| file.set(field, value))).unwrap_err()
        };
        assert_eq!(parse("tsa_version", "2.0".into()), E::Version("2.0".to_owned()));
        assert_eq!(parse("tsa_response_b64", Value::Null), E::Missing("tsa_response_b64"));
        assert_eq!(parse("tsa_response_b64", "not base64!".into()), E::NotBase64);
        assert_eq!(parse("payload_bytes_sha256", "0".repeat(64).into()), E::Payload);
        assert_eq!(RunTimeStamp::parse(b"[]"), Err(E::Missing("tsa_version")));
        assert_eq!(RunTimeStamp::parse(&vec![b' '; 300 << 10]), Err(E::TooLarge));
        assert!(matches!(RunTimeStamp::parse(b"{"), Err(E::Json(_))));
    }

    #[test]
    fn only_the_name_of_an_entry_counts() {
        assert!(is_name("timestamps/TLE-0123abcd.tsa.json"));
        for name in
            ["TLE-0123abcd.tsa.json", "timestamps/TLE-0123abcde.tsa.json", "timestamps/x.tsa.json"]
        {
            assert!(!is_name(name), "{name}");
        }
    }
}
