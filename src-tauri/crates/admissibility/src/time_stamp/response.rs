//! What an authority answers (TimeStampResp, RFC 3161 section 2.4.2).

use countersign_envelope::time_stamp::MAX_TOKEN;
use countersign_problem::Problem;
use countersign_problem::visible::visible_short;
use der::asn1::{Any, BitString};
use der::{Decode as _, Encode as _, Sequence};

/// The longest response that is read, in bytes: a token and what the authority says about it.
pub const MAX_RESPONSE: usize = MAX_TOKEN + (4 << 10);

/// TimeStampResp.
#[derive(Sequence)]
struct TimeStampResp {
    status: PkiStatusInfo,
    token: Option<Any>,
}

/// PKIStatusInfo.
#[derive(Sequence)]
struct PkiStatusInfo {
    status: u8,
    text: Option<Vec<String>>,
    failure: Option<BitString>,
}

/// Why a response has no token.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TimeResponseError {
    /// It is longer than [`MAX_RESPONSE`].
    #[arg(limit = MAX_RESPONSE >> 10)]
    TooLarge,
    /// It is not the DER of a TimeStampResp.
    Malformed(String),
    /// The authority refused.
    Refused {
        /// The status: `rejection`, `waiting`, …
        status: String,
        /// Why, in its words and by its codes.
        reason: Option<String>,
    },
    /// It was granted, and there is no token in it.
    NoToken,
}

/// The token of a response, DER.
///
/// # Errors
/// Fails if it is not a response, or the authority refused.
pub fn token_of_response(bytes: &[u8]) -> Result<Vec<u8>, TimeResponseError> {
    let malformed = |error: der::Error| TimeResponseError::Malformed(error.to_string());
    if bytes.len() > MAX_RESPONSE {
        return Err(TimeResponseError::TooLarge);
    }
    let response = TimeStampResp::from_der(bytes).map_err(malformed)?;
    match response.status.status {
        // granted and grantedWithMods
        0 | 1 => {
            let token = response.token.ok_or(TimeResponseError::NoToken)?;
            token.to_der().map_err(malformed)
        }
        other => Err(TimeResponseError::Refused {
            status: status(other),
            reason: response.status.reason(),
        }),
    }
}

/// A token as the response of an authority that granted it, DER: the form that other programs take.
/// `None` if it is not DER.
pub fn response_of_token(token: &[u8]) -> Option<Vec<u8>> {
    let status = PkiStatusInfo { status: 0, text: None, failure: None };
    let token = Some(Any::from_der(token).ok()?);
    TimeStampResp { status, token }.to_der().ok()
}

fn status(status: u8) -> String {
    match status {
        2 => "rejection".to_owned(),
        3 => "waiting".to_owned(),
        4 => "revocationWarning".to_owned(),
        5 => "revocationNotification".to_owned(),
        other => format!("status {other}"),
    }
}

impl PkiStatusInfo {
    fn reason(&self) -> Option<String> {
        let texts = self.text.iter().flatten().map(|text| visible_short(text, 200));
        let failures = self.failure.iter().flat_map(BitString::bits).enumerate();
        let failures = failures.filter(|(_, is_set)| *is_set).map(|(bit, _)| failure(bit));
        let all: Vec<String> = texts.chain(failures).take(8).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// PKIFailureInfo.
fn failure(bit: usize) -> String {
    let name = match bit {
        0 => "badAlg",
        2 => "badRequest",
        5 => "badDataFormat",
        14 => "timeNotAvailable",
        15 => "unacceptedPolicy",
        16 => "unacceptedExtension",
        17 => "addInfoNotAvailable",
        25 => "systemFailure",
        other => return format!("failure {other}"),
    };
    name.to_owned()
}
