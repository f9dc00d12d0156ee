//! Requests for time stamps and their import, as a person sees them.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::count::count;
use countersign_index::queue::QueueRow;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_store::reading::name_of;
use countersign_views::{QrView, TimeView, short};
use serde::Serialize;

use crate::time_import::{ImportedTimes, Stamped};
use crate::time_request::{Requested, Requests};

/// The media type of a request (RFC 3161 section 3.4).
const MEDIA_TYPE: &str = "application/timestamp-query";

/// The requests that were written.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct TimeRequestView {
    /// Their folder.
    pub folder: String,
    /// Each.
    pub requests: Vec<RequestedView>,
    /// How many signatures have a trusted time already.
    pub stamped: u32,
    /// The request as a code, if there is exactly one.
    pub code: Option<RequestCode>,
}

/// One request.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct RequestedView {
    /// Its file, without the folder.
    pub file: String,
    /// The file of the run.
    pub run: String,
    /// Who signed.
    pub signer_id: String,
    /// Whether it renews a time stamp.
    pub renews: bool,
}

/// A request for a camera.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct RequestCode {
    /// What is in the code: a `data:` URL (RFC 2397) with the media type and the base64 of the
    /// request, which a browser saves as the file to be sent.
    pub text: String,
    /// The code.
    pub qr: QrView,
}

/// The outcome of an import.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct TimeImportView {
    /// The time stamps that are beside their signatures now.
    pub stamped: Vec<StampedView>,
    /// The responses that were left out.
    pub left_out: Vec<LeftOutResponse>,
    /// The requests without a response.
    pub waiting: Vec<String>,
}

/// A time stamp beside its signature.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct StampedView {
    /// The response.
    pub response: String,
    /// The id of the envelope in the queue, if it is listed there.
    pub id: Option<u32>,
    /// What was decided, if that is known.
    pub title: Option<String>,
    /// The file of the run.
    pub run: String,
    /// Who signed.
    pub signer_id: String,
    /// The time.
    pub time: TimeView,
    /// Whether it was there before.
    pub was_there: bool,
}

/// A response that was left out.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct LeftOutResponse {
    /// Its file.
    pub file: String,
    /// Why.
    pub why: Problem,
}

impl TimeRequestView {
    /// Of the requests in a folder.
    pub fn of(made: &Requests, folder: &Path) -> Self {
        let code = match &made.requests[..] {
            [only] => RequestCode::of(only),
            _ => None,
        };
        let requested = |one: &Requested| RequestedView {
            file: short(&one.file),
            run: visible(&name_of(&one.run)),
            signer_id: short(&one.signer),
            renews: one.renews(),
        };
        Self {
            folder: visible(&folder.to_string_lossy()),
            requests: made.requests.iter().map(requested).collect(),
            stamped: count(made.stamped),
            code,
        }
    }
}

impl RequestCode {
    fn of(request: &Requested) -> Option<Self> {
        let text = format!("data:{MEDIA_TYPE};base64,{}", BASE64.encode(&request.der));
        Some(Self { qr: QrView::of(&text)?, text })
    }
}

impl TimeImportView {
    /// Of an import; the queue knows its envelopes by their runs.
    pub fn of(imported: &ImportedTimes, row: impl Fn(&Path) -> Option<QueueRow>) -> Self {
        let stamped = |one: &Stamped| {
            let row = row(&one.run);
            StampedView {
                response: short(&one.response),
                id: row.as_ref().map(|row| row.id),
                title: row.map(|row| row.title).filter(|title| !title.is_empty()),
                run: visible(&name_of(&one.run)),
                signer_id: short(&one.signer),
                time: TimeView::trusted(&one.time),
                was_there: one.files.is_empty(),
            }
        };
        let left_out = imported.left_out.iter();
        Self {
            stamped: imported.stamped.iter().map(stamped).collect(),
            left_out: left_out
                .map(|(file, why)| LeftOutResponse { file: short(file), why: why.clone() })
                .collect(),
            waiting: imported.waiting.iter().map(|file| short(file)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_envelope::digest::Digest;
    use countersign_envelope::time_stamp::Covers;

    fn request(der: &[u8]) -> Requested {
        Requested {
            file: "RUN-1-0011.tsq".to_owned(),
            run: "/runs/RUN-1.json".into(),
            covers: Covers::Claim,
            imprint: Digest::of(b""),
            signer: "j.okafor".to_owned(),
            der: der.to_owned(),
        }
    }

    #[test]
    fn one_request_alone_is_a_code_that_says_what_it_is() {
        let view = |requests: &[Requested]| {
            let requests = requests.to_vec();
            let made = Requests { requests, stamped: 3, noted: Vec::new() };
            TimeRequestView::of(&made, Path::new("/ask"))
        };
        let one = view(&[request(&[1, 2, 3])]);
        assert_eq!(one.code.unwrap().text, "data:application/timestamp-query;base64,AQID");
        assert_eq!((one.stamped, &*one.requests[0].run), (3, "RUN-1.json"));
        assert!(view(&[request(&[1]), request(&[2])]).code.is_none());
    }
}
