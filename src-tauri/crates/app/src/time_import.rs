//! Time stamps come back: each response is verified, against its request where that is known, before
//! its token is written beside its signature.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::time_stamp::{
    self, MAX_REQUEST, MAX_RESPONSE, Request, TimeRequestError, TimeResponseError, TimeStampError,
    TrustedTime, TsaRoots, token_of_response,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::signature::Signature;
use countersign_envelope::time_stamp::{Covers, TimeStamp, TimeStampFormError};
use countersign_journal::Event;
use countersign_problem::{Explain as _, Problem, Words, words};
use countersign_store::directory::{self, DirectoryError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::signed_files::{self, SignedFiles, SignedFilesError};

use crate::roots::{self, RootsError};
use crate::time_request::{LIST, MAX_REQUESTS, SCRIPT, VERSION, judged, renewal};
use crate::workspace::{Workspace, WorkspaceError};

/// The longest list of requests that is read, in bytes.
const MAX_LIST: u64 = 16 << 20;
/// How the name of a request ends.
const REQUEST: &str = "tsq";
/// How the name of a response ends.
const RESPONSE: &str = "tsr";

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
    /// The directory of runs cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// There are more responses than are taken at once.
    #[arg(limit = MAX_REQUESTS)]
    TooMany,
    /// The list is none.
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        what: Words,
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
        /// The run, or the directory of runs.
        path: PathBuf,
    },
    /// With the token the signature would not count.
    StopsCounting {
        /// Who signed.
        signer: String,
        /// Why not.
        why: Words,
    },
}

/// A token that was written.
#[derive(Debug)]
pub struct Stamped {
    /// The response.
    pub response: String,
    /// The run.
    pub run: PathBuf,
    /// Who signed.
    pub signer: String,
    /// The signature files; none if the token was there already.
    pub files: Vec<PathBuf>,
    /// The time that it proves.
    pub time: TrustedTime,
}

/// The outcome for each response and each request.
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

/// Writes the tokens of responses beside the signatures that they are about. A source is a folder of
/// requests with their list, or a response; a response `X.tsr` belongs to the request `X.tsq` beside
/// it. What else is written with requests is passed over. Each is verified first, and none is written
/// that would stop its signature from counting.
///
/// Lists only say where to look: a token is written beside no signature but the one that it is about.
/// What no list names is searched for in `directory`, by the request or, without one, by the token
/// itself; its nonce is unknown then.
///
/// # Errors
/// If a list or the directory cannot be read, or the journal cannot be written. Why a response is
/// left out is in the result.
pub fn import(
    workspace: &Workspace,
    sources: &[PathBuf],
    directory: &Path,
) -> Result<ImportedTimes, TimeImportError> {
    workspace.check_journal()?;
    let keyring = workspace.read_keyring()?;
    let roots = roots::authorities(workspace)?;
    let importing = Importing { workspace, keyring: &keyring, roots: &roots };
    let Gathered { responses, waiting } = gather(sources)?;
    let mut imported = ImportedTimes { waiting, ..ImportedTimes::default() };
    let read: Vec<_> = responses.iter().map(|one| (one, Answer::read(one))).collect();
    let nowhere = |(one, answer): &(&Response, Result<Answer, _>)| {
        let is_unplaced = one.listed.is_none();
        answer.as_ref().ok().filter(|_| is_unplaced).map(|answer| answer.imprint)
    };
    let found = importing.search(directory, read.iter().filter_map(nowhere).collect())?;
    for (response, answer) in read {
        let place = |answer: &Answer| match &response.listed {
            Some(listed) => Some((listed.run.clone(), listed.covers.clone())),
            None => found.get(&answer.imprint).cloned(),
        };
        let stamped = answer.and_then(|answer| match place(&answer) {
            Some((run, covers)) => importing.stamp(&answer, &run, covers),
            None => Err(ResponseRefused::NoSignature { path: directory.to_owned() }),
        });
        match stamped {
            Err(error) => imported.left_out.push((response.name(), error.problem())),
            Ok(Written { covers, run, files, signer, time }) => {
                if !files.is_empty() {
                    let files = files.iter().map(|path| path.display().to_string());
                    imported.noted.extend(workspace.note(&Event::TimeStampAttached {
                        files: files.collect(),
                        covers,
                        signer_id: signer.clone(),
                        time: time.at.to_string(),
                        authority: time.authority.clone(),
                    }));
                }
                let response = response.name();
                imported.stamped.push(Stamped { response, run, signer, files, time });
            }
        }
    }
    Ok(imported)
}

/// Whether these paths hold time stamps to be imported, and nothing else: responses, with or without
/// what lies beside them, or folders with a list of requests and without runs.
pub fn are_sources(paths: &[PathBuf]) -> bool {
    let has_list =
        |path: &Path| std::fs::symlink_metadata(path.join(LIST)).is_ok_and(|meta| meta.is_file());
    let is_folder = |path: &Path| {
        let searched = || directory::find(path).is_ok_and(|found| found.runs.is_empty());
        path.is_dir() && has_list(path) && searched()
    };
    let is_source = |path: &PathBuf| is_response(path) || is_folder(path);
    paths.iter().any(is_source) && paths.iter().all(|one| is_source(one) || is_companion(one))
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

fn is_response(path: &Path) -> bool {
    !path.is_dir() && has_extension(path, RESPONSE)
}

/// Whether it is written with the requests, and read with the responses.
fn is_companion(path: &Path) -> bool {
    has_extension(path, REQUEST) || [LIST, SCRIPT].contains(&name_of(path).as_str())
}

/// One request of a list.
#[derive(Debug, Clone)]
struct Listed {
    file: String,
    run: PathBuf,
    covers: Covers,
}

/// A response, before it is read.
#[derive(Debug)]
struct Response {
    path: PathBuf,
    /// Its request, if a list names it, and the run is where that says.
    listed: Option<Listed>,
}

impl Response {
    fn new(path: PathBuf, list: &[Listed]) -> Self {
        let request = path.with_extension(REQUEST);
        let listed = list.iter().find(|one| one.file == name_of(&request));
        let listed = listed.filter(|one| std::fs::symlink_metadata(&one.run).is_ok());
        Self { listed: listed.cloned(), path }
    }

    fn name(&self) -> String {
        name_of(&self.path)
    }
}

/// What there is to import.
#[derive(Debug, Default)]
struct Gathered {
    responses: Vec<Response>,
    /// The listed requests without a response.
    waiting: Vec<String>,
}

fn gather(sources: &[PathBuf]) -> Result<Gathered, TimeImportError> {
    let mut gathered = Gathered::default();
    let mut files: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for source in sources {
        if is_companion(source) {
            continue;
        }
        if !source.is_dir() {
            files.entry(directory_of(source)).or_default().push(source);
            continue;
        }
        let list = read_list(source)?;
        for one in &list {
            let response = source.join(&one.file).with_extension(RESPONSE);
            match std::fs::symlink_metadata(&response) {
                Ok(_) => gathered.responses.push(Response::new(response, &list)),
                Err(_) => gathered.waiting.push(one.file.clone()),
            }
        }
    }
    for (folder, files) in files {
        // Single responses need no list.
        let list = read_list(folder).unwrap_or_default();
        let responses = files.into_iter().map(|path| Response::new(path.clone(), &list));
        gathered.responses.extend(responses);
    }
    match gathered.responses.len() > MAX_REQUESTS {
        true => Err(TimeImportError::TooMany),
        false => Ok(gathered),
    }
}

/// A response that was read. Nothing of it is verified.
#[derive(Debug)]
struct Answer {
    token: Vec<u8>,
    /// `None` if it is not beside the response.
    request: Option<Request>,
    /// What was asked about; without a request, what the token says it is about.
    imprint: Digest,
}

impl Answer {
    fn read(response: &Response) -> Result<Self, ResponseRefused> {
        let read = |path: &Path, limit: usize| {
            reading::read(path, directory_of(path), limit.try_into().unwrap_or(u64::MAX))
        };
        let request = match read(&response.path.with_extension(REQUEST), MAX_REQUEST) {
            Ok(bytes) => Some(Request::parse(&bytes)?),
            Err(ReadError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let token = token_of_response(&read(&response.path, MAX_RESPONSE)?)?;
        let imprint = match &request {
            Some(request) => request.imprint().ok_or(TimeRequestError::Imprint)?,
            None => time_stamp::imprint(&token)?,
        };
        Ok(Self { token, request, imprint })
    }
}

/// What responses are judged and written by.
#[derive(Debug, Clone, Copy)]
struct Importing<'a> {
    workspace: &'a Workspace,
    keyring: &'a Keyring,
    roots: &'a TsaRoots,
}

/// A token that was written, or was there.
struct Written {
    run: PathBuf,
    covers: &'static str,
    files: Vec<PathBuf>,
    signer: String,
    time: TrustedTime,
}

impl Importing<'_> {
    /// Where the signatures with these imprints are, and what the tokens about them cover. Runs that
    /// cannot be read are passed over.
    fn search(
        &self,
        directory: &Path,
        mut wanted: HashSet<Digest>,
    ) -> Result<HashMap<Digest, (PathBuf, Covers)>, TimeImportError> {
        let mut found = HashMap::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        for run in directory::find(directory)?.runs {
            let run = directory.join(run);
            let Ok(files) = SignedFiles::read(&run) else { continue };
            for (imprint, covers) in self.imprints(&files) {
                if wanted.remove(&imprint) {
                    found.insert(imprint, (run.clone(), covers));
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// What tokens about the signatures of a run can be about.
    fn imprints(&self, files: &SignedFiles) -> Vec<(Digest, Covers)> {
        let mut all = Vec::new();
        for (at, file) in files.files.iter().enumerate() {
            let signatures = file.signatures.signatures();
            for signature in &signatures {
                let stamps = TimeStamp::all(signature.0).into_iter().flatten();
                let covers = [Covers::Claim, Covers::Signature].into_iter();
                let covers = covers.chain(stamps.map(|stamp| stamp.covers));
                all.extend(covers.filter_map(|one| Some((one.imprint(*signature)?, one))));
            }
            let is_stamped = |one: &Signature<'_>| !TimeStamp::all(one.0).is_empty();
            if signatures.iter().any(is_stamped) {
                let judged = judged(files, at, self.keyring, self.roots);
                let now = (self.workspace.now)();
                let renewals = judged.iter().zip(signatures);
                let renewals = renewals
                    .filter_map(|(one, signature)| renewal(&one.time_stamps, signature, now));
                all.extend(renewals.map(|(covers, imprint)| (imprint, covers)));
            }
        }
        all
    }

    /// Writes the token of a response beside the signature that it is about.
    fn stamp(
        &self,
        answer: &Answer,
        run: &Path,
        covers: Covers,
    ) -> Result<Written, ResponseRefused> {
        self.workspace.check_writable(run)?;
        let stamp = TimeStamp { covers, token: answer.token.clone() };
        let attached = signed_files::change(run, |files| self.attach(files, &stamp, answer));
        let (files, (signer, time)) = attached.map_err(|error: ResponseRefused| match error {
            ResponseRefused::NoSignature { .. } => {
                ResponseRefused::NoSignature { path: run.to_owned() }
            }
            other => other,
        })?;
        let covers = stamp.covers.as_str();
        Ok(Written { run: run.to_owned(), covers, files, signer, time })
    }

    /// Adds a token to every entry of the signature that it is about, and returns who signed and the
    /// time.
    fn attach(
        &self,
        files: &mut SignedFiles,
        stamp: &TimeStamp,
        answer: &Answer,
    ) -> Result<(String, TrustedTime), ResponseRefused> {
        let Self { keyring, roots, .. } = *self;
        let mut found = None;
        for at in 0..files.files.len() {
            let before = judged(files, at, keyring, roots);
            let signatures = files.files[at].signatures.signatures().into_iter().enumerate();
            let places: Vec<usize> = signatures
                .filter(|(_, one)| stamp.covers.imprint(*one) == Some(answer.imprint))
                .map(|(place, _)| place)
                .collect();
            for place in &places {
                let request = answer.request.as_ref();
                let time = time_stamp::verify(&stamp.token, answer.imprint, request, roots)?;
                files.files[at].signatures.add_time_stamp(*place, stamp)?;
                found = Some((before[*place].signer_id.clone(), time));
            }
            let after = judged(files, at, keyring, roots);
            for place in places {
                let (before, after) = (&before[place], &after[place]);
                if before.is_valid() && !after.is_valid() {
                    return Err(ResponseRefused::StopsCounting {
                        signer: after.signer_id.clone(),
                        why: after.detail(),
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
}

fn read_list(folder: &Path) -> Result<Vec<Listed>, TimeImportError> {
    let listed = |entry: &Object| {
        let (file, run) = request_of(entry)?;
        Some(Listed { file, run, covers: Covers::parse(entry).ok()? })
    };
    Ok(listed_requests(folder, words!("time-list-entry"), listed)?.1)
}

/// The list of requests in a folder, and what each of its entries is read as; `unread` says that one
/// cannot be.
pub(crate) fn listed_requests<T>(
    folder: &Path,
    unread: Words,
    read: impl Fn(&Object) -> Option<T>,
) -> Result<(Value, Vec<T>), TimeImportError> {
    let path = folder.join(LIST);
    let bytes = reading::read(&path, folder, MAX_LIST)?;
    let refused = |what: Words| TimeImportError::List { path: path.clone(), what };
    let document = json::parse(&bytes).map_err(|error| refused(error.into()))?;
    let list = document.value;
    match list.get("time_requests_version").and_then(Value::as_str) {
        Some(VERSION) => {}
        other => {
            let version = other.unwrap_or_default();
            return Err(refused(words!("time-list-version", ?version)));
        }
    }
    let requests = list.get("requests").and_then(Value::as_array);
    let requests = requests.ok_or_else(|| refused(words!("time-list-empty")))?;
    if requests.len() > MAX_REQUESTS {
        return Err(refused(words!("time-list-too-many", limit = MAX_REQUESTS)));
    }
    let entries = requests.iter().map(|one| one.as_object().and_then(&read));
    let entries = entries.collect::<Option<_>>().ok_or_else(|| refused(unread))?;
    Ok((list, entries))
}

/// The file of a listed request, a plain name in the folder itself, and its run.
pub(crate) fn request_of(entry: &Object) -> Option<(String, PathBuf)> {
    let file = entry.text("request")?;
    let is_plain = Path::new(file).file_name().is_some_and(|name| name == file);
    (is_plain && file.ends_with(".tsq")).then_some(())?;
    Some((file.to_owned(), PathBuf::from(entry.text("run")?)))
}
