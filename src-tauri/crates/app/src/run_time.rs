//! Since when the runs themselves have existed: an authority is asked about their canonical bytes, and
//! each response is written as the reference lays it out, `timestamps/<entry id>.tsa.json` beside the
//! log. It says nothing about who signed a run.

use std::path::{Path, PathBuf};

use countersign_admissibility::policy::Policy;
use countersign_admissibility::run_time::{self, RunTimeError};
use countersign_admissibility::time_stamp::{
    self, MAX_REQUEST, MAX_RESPONSE, Request, TimeRequestError, TimeResponseError, TimeStampError,
    TrustedTime, TsaRoots, token_of_response,
};
use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::run_time_stamp::{self, FOLDER, RunTimeStamp};
use countersign_envelope::sealed_run::SealedRun;
use countersign_journal::Event;
use countersign_problem::{Explain as _, Problem, Words, words};
use countersign_store::companions;
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, WriteError};

use crate::roots;
use crate::time_import::{TimeImportError, listed_requests, request_of};
use crate::time_request::{LIST, MAX_REQUESTS, SCRIPT, SEND, TimeRequestingError, VERSION, runs};
use crate::workspace::{Workspace, WorkspaceError};

/// Why a run gets no time stamp.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum RunTimeRefused {
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The run is none.
    Run {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: ArtifactError,
    },
    /// The request is none.
    #[problem(transparent)]
    Request(#[from] TimeRequestError),
    /// The response has no token.
    #[problem(transparent)]
    Response(#[from] TimeResponseError),
    /// The token proves no time, or answers another request.
    #[problem(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// The token contradicts the run.
    #[problem(transparent)]
    Contradicts(#[from] RunTimeError),
    /// The place is only reviewed.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The folder cannot be made, or leads elsewhere.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        why: Words,
    },
    /// The run has another time stamp.
    Has {
        /// Its file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// One request about a run.
#[derive(Debug, Clone)]
pub struct RequestedRun {
    /// Its file, without the folder.
    pub file: String,
    /// The run.
    pub run: PathBuf,
    /// SHA-256 of its canonical bytes.
    pub imprint: Digest,
}

/// The requests that were made.
#[derive(Debug)]
pub struct RunRequests {
    /// Each.
    pub requests: Vec<RequestedRun>,
    /// How many runs have a time stamp that holds.
    pub stamped: usize,
    /// The runs that cannot be read, and why.
    pub left_out: Vec<(PathBuf, Problem)>,
    /// What is wrong with the journal.
    pub noted: Vec<Problem>,
}

/// A time stamp that was written.
#[derive(Debug)]
pub struct StampedRun {
    /// The run.
    pub run: PathBuf,
    /// Its time stamp.
    pub file: PathBuf,
    /// Whether it was written, and not there already.
    pub is_new: bool,
    /// The time that it proves.
    pub time: TrustedTime,
}

/// The outcome for each request of a folder.
#[derive(Debug, Default)]
pub struct ImportedRunTimes {
    /// The runs that have their time stamps now.
    pub stamped: Vec<StampedRun>,
    /// The responses that were left out, by their files, and why.
    pub left_out: Vec<(String, Problem)>,
    /// The requests without a response.
    pub waiting: Vec<String>,
    /// What is wrong with the journal.
    pub noted: Vec<Problem>,
}

/// Writes a request about each run, at the paths or in directories there, that has no time stamp of its
/// own that holds. The folder must not have a list of requests yet.
///
/// # Errors
/// If no run needs one, a directory cannot be searched, or the folder or the journal cannot be written.
pub fn request(
    workspace: &Workspace,
    paths: &[PathBuf],
    folder: &Path,
) -> Result<RunRequests, TimeRequestingError> {
    workspace.check_writable(folder)?;
    workspace.check_journal()?;
    let roots = roots::authorities(workspace)?;
    // The log of many runs is read once.
    let book = LogBook::default();
    let (mut requests, mut left_out, mut stamped) = (Vec::new(), Vec::new(), 0);
    for path in runs(paths)? {
        let run = match read_run(&path) {
            Ok(run) => run,
            Err(error) => {
                left_out.push((path, error.problem()));
                continue;
            }
        };
        if existing(&path, &run, &book)
            .is_some_and(|(_, stamp)| holds(&stamp, &run, &roots).is_ok())
        {
            stamped += 1;
            continue;
        }
        if requests.len() >= MAX_REQUESTS {
            return Err(TimeRequestingError::TooMany);
        }
        let imprint = run.artifact().canonical().digest();
        let stem = name_of(&path);
        let stem = stem.strip_suffix(".json").unwrap_or(&stem);
        requests.push(RequestedRun {
            file: format!("{stem}-{}.tsq", &imprint.hex()[..12]),
            run: std::path::absolute(&path).unwrap_or(path),
            imprint,
        });
    }
    if requests.is_empty() {
        return Err(TimeRequestingError::Nothing);
    }
    std::fs::create_dir_all(folder)
        .map_err(|source| TimeRequestingError::Folder { path: folder.to_owned(), source })?;
    // The list first: where there is one, nothing is written.
    let list = list(&requests, &(workspace.now)().to_string());
    safe_write::create(&folder.join(LIST), list.to_pretty().as_bytes())?;
    safe_write::create(&folder.join(SCRIPT), SEND.as_bytes())?;
    for one in &requests {
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce).map_err(|_| TimeRequestingError::Random)?;
        let request = Request::new(one.imprint, nonce)?.to_bytes()?;
        safe_write::create(&folder.join(&one.file), &request)?;
    }
    let noted = workspace.note(&Event::TimeStampsRequested {
        folder: folder.display().to_string(),
        requests: requests.len() as u64,
    });
    Ok(RunRequests { requests, stamped, left_out, noted })
}

/// Writes the responses in a folder as time stamps of the runs that they were asked for: a response
/// `X.tsr` belongs to the request `X.tsq`. Each is verified first, and none replaces another. `url` is
/// the address of the authority, to be noted in the files.
///
/// # Errors
/// If the list cannot be read, or the journal cannot be written. Why a response is left out is in the
/// result.
pub fn import(
    workspace: &Workspace,
    folder: &Path,
    url: Option<&str>,
) -> Result<ImportedRunTimes, TimeImportError> {
    workspace.check_journal()?;
    let roots = roots::authorities(workspace)?;
    let List { requested_at, requests } = read_list(folder)?;
    let mut imported = ImportedRunTimes::default();
    let book = LogBook::default();
    for (file, run) in requests {
        let response = Path::new(&file).with_extension("tsr").to_string_lossy().into_owned();
        if std::fs::symlink_metadata(folder.join(&response)).is_err() {
            imported.waiting.push(file);
            continue;
        }
        let labels = (url, requested_at.as_deref());
        match stamp(workspace, (folder, &file), &run, labels, (&roots, &book)) {
            Err(error) => imported.left_out.push((response, error.problem())),
            Ok(one) => {
                if one.is_new {
                    imported.noted.extend(workspace.note(&Event::RunTimeStampAdded {
                        file: one.file.display().to_string(),
                        run: one.run.display().to_string(),
                        time: one.time.at.to_string(),
                        authority: one.time.authority.clone(),
                    }));
                }
                imported.stamped.push(one);
            }
        }
    }
    Ok(imported)
}

fn stamp(
    workspace: &Workspace,
    (folder, file): (&Path, &str),
    path: &Path,
    (url, requested_at): (Option<&str>, Option<&str>),
    (roots, book): (&TsaRoots, &LogBook),
) -> Result<StampedRun, RunTimeRefused> {
    workspace.check_writable(path)?;
    let read = |path: &Path, limit: usize| {
        reading::read(&folder.join(path), folder, limit.try_into().unwrap_or(u64::MAX))
    };
    let request = Request::parse(&read(Path::new(file), MAX_REQUEST)?)?;
    let response = read(&Path::new(file).with_extension("tsr"), MAX_RESPONSE)?;
    let run = read_run(path)?;
    let payload = run.artifact().canonical().digest();
    time_stamp::verify(&token_of_response(&response)?, payload, Some(&request), roots)?;
    let text = |text: Option<&str>| text.map(ToOwned::to_owned);
    let stamp =
        RunTimeStamp { url: text(url), response, payload, requested_at: text(requested_at) };
    let time = holds(&stamp, &run, roots)?;
    let log = book.for_directory(directory_of(path)).log_place.clone();
    let place = log.as_deref().map_or_else(|| directory_of(path), directory_of);
    let (to, is_new) = write(&stamp, &run, (path, place), book)?;
    Ok(StampedRun { run: path.to_owned(), file: to, is_new, time })
}

/// Writes the time stamp of a run into the folder at a place, unless it is there.
fn write(
    stamp: &RunTimeStamp,
    run: &SealedRun,
    (path, place): (&Path, &Path),
    book: &LogBook,
) -> Result<(PathBuf, bool), RunTimeRefused> {
    let _lock = safe_write::lock(place)?;
    if let Some((there, found)) = existing(path, run, book) {
        return match found.response == stamp.response {
            true => Ok((there, false)),
            false => Err(RunTimeRefused::Has { path: there }),
        };
    }
    let folder = place.join(FOLDER);
    let failed = |why: Words| RunTimeRefused::Folder { path: folder.clone(), why };
    match std::fs::create_dir(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(failed(Words::text(error.to_string())));
        }
        _ => {}
    }
    let real =
        |path: &Path| path.canonicalize().map_err(|error| failed(Words::text(error.to_string())));
    if real(&folder)? != real(place)?.join(FOLDER) {
        return Err(failed(words!("run-time-link")));
    }
    let to = place.join(run_time_stamp::name_for(run));
    safe_write::create(&to, stamp.to_text().as_bytes())?;
    Ok((to, true))
}

/// The time that a time stamp proves of a run.
fn holds(
    stamp: &RunTimeStamp,
    run: &SealedRun,
    roots: &TsaRoots,
) -> Result<TrustedTime, RunTimeError> {
    run_time::existed(stamp, run, roots, Policy::default().clock_tolerance)
}

fn read_run(path: &Path) -> Result<SealedRun, RunTimeRefused> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    let failed = |error| RunTimeRefused::Run { path: path.to_owned(), error };
    SealedRun::parse(&bytes).map_err(failed)
}

/// The time stamp that a run has, if it can be read.
fn existing(path: &Path, run: &SealedRun, book: &LogBook) -> Option<(PathBuf, RunTimeStamp)> {
    let logs = book.for_directory(directory_of(path));
    let there = companions::time_stamp_of(run, directory_of(path), logs.log_place.as_deref())?;
    let stamp = RunTimeStamp::parse(&there.read().ok()?).ok()?;
    Some((there.path, stamp))
}

/// The list as its file has it.
fn list(requests: &[RequestedRun], requested_at: &str) -> Value {
    let entry = |one: &RequestedRun| {
        Value::from(Object::from([
            ("request", Value::from(one.file.as_str())),
            ("run", one.run.to_string_lossy().into_owned().into()),
            ("covers", "run".into()),
            ("imprint", one.imprint.hex().into()),
        ]))
    };
    let requests: Vec<Value> = requests.iter().map(entry).collect();
    Object::from([
        ("time_requests_version", Value::from(VERSION)),
        ("requested_at", requested_at.into()),
        ("requests", requests.into()),
    ])
    .into()
}

/// The requests of a folder.
struct List {
    /// When they were made, as the file has it.
    requested_at: Option<String>,
    /// The file of each, and its run.
    requests: Vec<(String, PathBuf)>,
}

fn read_list(folder: &Path) -> Result<List, TimeImportError> {
    let about_run =
        |entry: &Object| request_of(entry).filter(|_| entry.text("covers") == Some("run"));
    let (list, requests) = listed_requests(folder, words!("time-list-no-run"), about_run)?;
    let requested_at = list.get("requested_at").and_then(Value::as_str).map(ToOwned::to_owned);
    Ok(List { requested_at, requests })
}
