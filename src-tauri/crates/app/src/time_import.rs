//! Time stamps come back: each response is verified against its request before its token is written
//! beside its signature.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::time_stamp::{
    self, MAX_REQUEST, MAX_RESPONSE, Request, TimeRequestError, TimeResponseError, TimeStampError,
    TrustedTime, TsaRoots, token_of_response,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::time_stamp::{Covers, TimeStamp, TimeStampFormError};
use countersign_journal::Event;
use countersign_problem::{Explain as _, Problem};
use countersign_store::reading::{self, ReadError};
use countersign_store::signed_files::{self, SignedFiles, SignedFilesError};

use crate::roots::{self, RootsError};
use crate::time_request::{LIST, MAX_REQUESTS, VERSION, judged};
use crate::workspace::{Workspace, WorkspaceError};

/// The longest list of requests that is read, in bytes.
const MAX_LIST: u64 = 16 << 20;

/// Why no time stamps come in.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TimeImportError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The roots of authorities cannot be read.
    #[problem(transparent)]
    Roots(#[from] RootsError),
    /// The list of requests cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The list is none.
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// Why one response is not used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ResponseRefused {
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The request is none.
    #[problem(transparent)]
    Request(#[from] TimeRequestError),
    /// The response has no token.
    #[problem(transparent)]
    Response(#[from] TimeResponseError),
    /// The token proves no time.
    #[problem(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// The token does not fit beside the signature.
    #[problem(transparent)]
    Form(#[from] TimeStampFormError),
    /// The signature files cannot be read or written.
    #[problem(transparent)]
    Files(#[from] SignedFilesError),
    /// The place is only reviewed.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// No signature there is what was asked about.
    NoSignature {
        /// The run.
        path: PathBuf,
    },
    /// With the token the signature would not count.
    StopsCounting {
        /// Who signed.
        signer: String,
        /// Why not.
        why: String,
    },
}

/// A token that was written.
#[derive(Debug)]
pub struct Stamped {
    /// The response.
    pub response: String,
    /// Who signed.
    pub signer: String,
    /// The signature files; none if the token was there already.
    pub files: Vec<PathBuf>,
    /// The time that it proves.
    pub time: TrustedTime,
}

/// The outcome for each request of a folder.
#[derive(Debug, Default)]
pub struct ImportedTimes {
    /// The tokens that are beside their signatures now.
    pub stamped: Vec<Stamped>,
    /// The responses that were left out, by their files, and why.
    pub left_out: Vec<(String, Problem)>,
    /// The requests without a response.
    pub waiting: Vec<String>,
    /// What is wrong with the journal.
    pub noted: Vec<Problem>,
}

/// One request of the list.
struct Listed {
    file: String,
    run: PathBuf,
    covers: Covers,
}

/// Writes the tokens of a folder's responses beside the signatures that they were asked for: a
/// response `X.tsr` belongs to the request `X.tsq`. Each is verified first, and none is written that
/// would stop its signature from counting. The list only says where to look: a token is written
/// beside no signature but the one that it is about.
///
/// # Errors
/// If the list cannot be read, or the journal cannot be written. Why a response is left out is in
/// the result.
pub fn import(workspace: &Workspace, folder: &Path) -> Result<ImportedTimes, TimeImportError> {
    workspace.check_journal()?;
    let keyring = workspace.read_keyring()?;
    let roots = roots::authorities(workspace)?;
    let mut imported = ImportedTimes::default();
    for one in read_list(folder)? {
        let response = Path::new(&one.file).with_extension("tsr").to_string_lossy().into_owned();
        if std::fs::symlink_metadata(folder.join(&response)).is_err() {
            imported.waiting.push(one.file);
            continue;
        }
        match stamp(workspace, folder, &one, (&keyring, &roots)) {
            Err(error) => imported.left_out.push((response, error.problem())),
            Ok((files, signer, time)) => {
                if !files.is_empty() {
                    let files = files.iter().map(|path| path.display().to_string());
                    imported.noted.extend(workspace.note(&Event::TimeStampAttached {
                        files: files.collect(),
                        covers: one.covers.as_str(),
                        signer_id: signer.clone(),
                        time: time.at.to_string(),
                        authority: time.authority.clone(),
                    }));
                }
                imported.stamped.push(Stamped { response, signer, files, time });
            }
        }
    }
    Ok(imported)
}

type Written = (Vec<PathBuf>, String, TrustedTime);

fn stamp(
    workspace: &Workspace,
    folder: &Path,
    listed: &Listed,
    (keyring, roots): (&Keyring, &TsaRoots),
) -> Result<Written, ResponseRefused> {
    workspace.check_writable(&listed.run)?;
    let read = |name: &str, limit: usize| {
        reading::read(&folder.join(name), folder, limit.try_into().unwrap_or(u64::MAX))
    };
    let response = Path::new(&listed.file).with_extension("tsr");
    let request = Request::parse(&read(&listed.file, MAX_REQUEST)?)?;
    let token = token_of_response(&read(&response.to_string_lossy(), MAX_RESPONSE)?)?;
    let stamp = TimeStamp { covers: listed.covers.clone(), token };
    let (files, (signer, time)) = signed_files::change(&listed.run, |files| {
        attach(files, &stamp, &request, (keyring, roots))
    })
    .map_err(|error: ResponseRefused| match error {
        ResponseRefused::NoSignature { .. } => {
            ResponseRefused::NoSignature { path: listed.run.clone() }
        }
        other => other,
    })?;
    Ok((files, signer, time))
}

/// Adds a token to every entry of the signature that it is about, and returns who signed and the
/// time.
fn attach(
    files: &mut SignedFiles,
    stamp: &TimeStamp,
    request: &Request,
    (keyring, roots): (&Keyring, &TsaRoots),
) -> Result<(String, TrustedTime), ResponseRefused> {
    let mut found = None;
    for at in 0..files.files.len() {
        let before = judged(files, at, keyring, roots);
        let covered = files.files[at].signatures.signatures();
        let covered = covered.into_iter().map(|signature| stamp.covers.imprint(signature));
        let places: Vec<(usize, Digest)> = covered
            .enumerate()
            .filter_map(|(place, bytes)| Some((place, bytes?)))
            .filter(|(_, imprint)| request.is_about(*imprint))
            .collect();
        for (place, imprint) in &places {
            let time = time_stamp::verify(&stamp.token, *imprint, Some(request), roots)?;
            files.files[at].signatures.add_time_stamp(*place, stamp)?;
            found = Some((before[*place].signer_id.clone(), time));
        }
        let after = judged(files, at, keyring, roots);
        for (place, _) in places {
            let (before, after) = (&before[place], &after[place]);
            if before.is_valid() && !after.is_valid() {
                return Err(ResponseRefused::StopsCounting {
                    signer: after.signer_id.clone(),
                    why: after.detail.clone(),
                });
            }
            // A renewal holds only beside the tokens that it renews.
            let own = stamp.digest();
            let finding = after.time_stamps.findings.iter().find(|one| one.token == Some(own));
            if let Some(Err(error)) = finding.map(|finding| &finding.outcome) {
                return Err(error.clone().into());
            }
        }
    }
    found.ok_or_else(|| ResponseRefused::NoSignature { path: PathBuf::new() })
}

fn read_list(folder: &Path) -> Result<Vec<Listed>, TimeImportError> {
    let path = folder.join(LIST);
    let bytes = reading::read(&path, folder, MAX_LIST)?;
    let refused = |what: String| TimeImportError::List { path: path.clone(), what };
    let document = json::parse(&bytes).map_err(|error| refused(error.to_string()))?;
    let list = &document.value;
    match list.get("time_requests_version").and_then(Value::as_str) {
        Some(VERSION) => {}
        other => return Err(refused(format!("its version is {:?}", other.unwrap_or_default()))),
    }
    let requests = list.get("requests").and_then(Value::as_array);
    let requests = requests.ok_or_else(|| refused("it has no requests".to_owned()))?;
    if requests.len() > MAX_REQUESTS {
        return Err(refused(format!("it has more than {MAX_REQUESTS} requests")));
    }
    let entry = |entry: &Object| {
        let file = entry.text("request")?;
        // A plain name in the folder itself.
        let is_plain = Path::new(file).file_name().is_some_and(|name| name == file);
        (is_plain && file.ends_with(".tsq")).then_some(())?;
        let (run, covers) = (entry.text("run")?, Covers::parse(entry).ok()?);
        Some(Listed { file: file.to_owned(), run: PathBuf::from(run), covers })
    };
    let read = requests.iter().map(|one| one.as_object().and_then(entry));
    read.collect::<Option<_>>().ok_or_else(|| refused("an entry cannot be read".to_owned()))
}
