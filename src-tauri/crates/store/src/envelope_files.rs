//! The files of one envelope, read from disk.

use std::path::Path;
use std::sync::Arc;

use compact_str::CompactString;
use countersign_admissibility::terms::AskedTerms;
use countersign_admissibility::{Evidence, Judge, Part, quorum, terms};
use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::file_name::{
    AUTHORITY_BOUNDARY, MAX_BYTES, manifest_of, refusals_of, signature_of,
};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::run_time_stamp::{FOLDER, RunTimeStamp};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::{Explain, Reason};

use crate::companions::{self, Companion};
use crate::logs::Logs;
use crate::reading::{self, OrReason, ReadError, ReadReason, directory_of};

/// The files of one sealed run on disk.
#[derive(Debug)]
pub struct EnvelopeFiles {
    name: String,
    /// The sealed run, or why it cannot be read.
    pub run: OrReason<SealedRun>,
    run_signatures: Option<OrReason<SignatureFile>>,
    manifest: Option<OrReason<Manifest>>,
    manifest_signatures: Option<OrReason<SignatureFile>>,
    refusals: Option<OrReason<RefusalsFile>>,
    run_time_stamp: Option<OrReason<RunTimeStamp>>,
    boundary: Option<OrReason<AuthorityBoundary>>,
    /// The first duplicate key of an object, for each signature file that has one.
    duplicate_keys: Vec<(&'static str, CompactString)>,
}

/// The bytes of the files of one envelope, each read once: what is judged, hashed and shown.
/// A file that cannot be read has the reason instead; one that is not there is `None`.
#[derive(Debug)]
pub struct EnvelopeBytes {
    name: String,
    /// The sealed run.
    pub run: Option<OrReason<Arc<Vec<u8>>>>,
    /// Its signatures.
    pub run_signatures: Option<OrReason<Arc<Vec<u8>>>>,
    /// The manifest.
    pub manifest: Option<OrReason<Arc<Vec<u8>>>>,
    /// Its signatures.
    pub manifest_signatures: Option<OrReason<Arc<Vec<u8>>>>,
    /// The refusals to sign the run.
    pub refusals: Option<OrReason<Arc<Vec<u8>>>>,
    /// The time stamp of the run itself. It is named by the log's entry, and no file of the envelope.
    run_time_stamp: Option<OrReason<Arc<Vec<u8>>>>,
    /// The authority boundary. It is one of the directory, and no file of the envelope.
    pub boundary: Option<OrReason<Arc<Vec<u8>>>>,
}

impl EnvelopeBytes {
    /// Reads the files of the envelope of a run, and its time stamp, in a directory with these logs.
    /// Links may lead no further than `root`.
    pub fn read(run: &Path, root: &Path, logs: &Logs) -> Self {
        let beside = Self::of(reading::name_of(run), |name| match name {
            AUTHORITY_BOUNDARY => {
                companions::boundary_of(directory_of(run), logs.boundary.as_deref())
                    .map(|boundary| read_companion(&boundary))
            }
            name => read_part(&run.with_file_name(name), root),
        });
        beside.with_time_stamp_beside(run, logs.log_place.as_deref())
    }

    /// The files of the envelope of a run, from wherever they are, each by its name.
    pub fn of(run: String, read: impl Fn(&str) -> Option<OrReason<Arc<Vec<u8>>>>) -> Self {
        let manifest = manifest_of(&run);
        Self {
            run: read(&run),
            run_signatures: read(&signature_of(&run)),
            manifest: read(&manifest),
            manifest_signatures: read(&signature_of(&manifest)),
            refusals: read(&refusals_of(&run)),
            run_time_stamp: None,
            boundary: read(AUTHORITY_BOUNDARY),
            name: run,
        }
    }

    /// The same, with the time stamp of the run, if there is one.
    #[must_use]
    pub fn with_run_time_stamp(
        mut self,
        read: impl FnOnce(&SealedRun) -> Option<OrReason<Arc<Vec<u8>>>>,
    ) -> Self {
        if let Some(Ok(bytes)) = &self.run
            && let Ok(run) = SealedRun::read(bytes.clone())
        {
            self.run_time_stamp = read(&run);
        }
        self
    }

    /// The same, with the time stamp of the run at a path, in a directory whose log is at another.
    #[must_use]
    fn with_time_stamp_beside(self, run: &Path, log: Option<&Path>) -> Self {
        let directory = directory_of(run);
        let places = std::iter::once(directory).chain(log.map(directory_of));
        // Most directories have none, and no run is parsed for it.
        if !places.map(|place| place.join(FOLDER)).any(|folder| folder.is_dir()) {
            return self;
        }
        self.with_run_time_stamp(|parsed| {
            Some(read_companion(&companions::time_stamp_of(parsed, directory, log)?))
        })
    }

    /// The files that are there, by their names.
    pub fn files(&self) -> impl Iterator<Item = (String, &OrReason<Arc<Vec<u8>>>)> {
        let manifest = manifest_of(&self.name);
        [
            (self.name.clone(), &self.run),
            (signature_of(&self.name), &self.run_signatures),
            (manifest.clone(), &self.manifest),
            (signature_of(&manifest), &self.manifest_signatures),
            (refusals_of(&self.name), &self.refusals),
        ]
        .into_iter()
        .filter_map(|(name, read)| Some((name, read.as_ref()?)))
    }
}

impl EnvelopeFiles {
    /// Reads the envelope of a run. What cannot be read is kept as the reason why.
    pub fn read(run: &Path, root: &Path, logs: &Logs) -> Self {
        Self::parse(&EnvelopeBytes::read(run, root, logs))
    }

    /// Parses what was read.
    pub fn parse(bytes: &EnvelopeBytes) -> Self {
        let mut duplicate_keys = Vec::new();
        let mut signatures = |bytes, what| {
            let read = parse_part(bytes, |bytes| SignatureFile::parse_with_duplicate_key(&bytes))?;
            Some(read.map(|(file, duplicate)| {
                duplicate_keys.extend(duplicate.map(|key| (what, key)));
                file
            }))
        };
        let run_signatures = signatures(&bytes.run_signatures, "run");
        let manifest_signatures = signatures(&bytes.manifest_signatures, "manifest");
        Self {
            run: parse_part(&bytes.run, SealedRun::read)
                .unwrap_or_else(|| Err(ReadReason::NotFound.into())),
            run_signatures,
            manifest: parse_part(&bytes.manifest, Manifest::read),
            manifest_signatures,
            refusals: parse_part(&bytes.refusals, |bytes| RefusalsFile::parse(&bytes)),
            run_time_stamp: parse_part(&bytes.run_time_stamp, |bytes| RunTimeStamp::parse(&bytes)),
            boundary: parse_part(&bytes.boundary, |bytes| AuthorityBoundary::parse(&bytes)),
            name: bytes.name.clone(),
            duplicate_keys,
        }
    }

    /// The same, with the authority boundary that a person named instead, if any.
    #[must_use]
    pub fn with_boundary_at(self, named: Option<&Path>) -> Self {
        let Some(named) = named else { return self };
        let read = companions::boundary_of(directory_of(named), Some(named));
        let read = read.map(|boundary| read_companion(&boundary));
        let boundary = parse_part(&read, |bytes| AuthorityBoundary::parse(&bytes));
        Self { boundary, ..self }
    }

    /// The signatures of the run, if there are any and they can be read.
    pub fn run_signatures(&self) -> Option<&SignatureFile> {
        self.run_signatures.as_ref()?.as_ref().ok()
    }

    /// The manifest, if there is one and it can be read.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()?.as_ref().ok()
    }

    /// The signatures of the manifest, if there are any and they can be read.
    pub fn manifest_signatures(&self) -> Option<&SignatureFile> {
        self.manifest_signatures.as_ref()?.as_ref().ok()
    }

    /// The refusals to sign the run, if there are any and they can be read.
    pub fn refusals(&self) -> Option<&RefusalsFile> {
        self.refusals.as_ref()?.as_ref().ok()
    }

    /// Whether a file that could be read is not the JSON that it should be: damaged, or not wholly
    /// written yet.
    pub fn may_be_half_written(&self, bytes: &EnvelopeBytes) -> bool {
        fn unparsed<T>(
            bytes: &Option<OrReason<Arc<Vec<u8>>>>,
            parsed: Option<&OrReason<T>>,
        ) -> bool {
            matches!((bytes, parsed), (Some(Ok(_)), Some(Err(_))))
        }
        unparsed(&bytes.run, Some(&self.run))
            || unparsed(&bytes.run_signatures, self.run_signatures.as_ref())
            || unparsed(&bytes.manifest, self.manifest.as_ref())
            || unparsed(&bytes.manifest_signatures, self.manifest_signatures.as_ref())
            || unparsed(&bytes.refusals, self.refusals.as_ref())
    }

    /// Whether the log has an entry for this very run.
    pub fn is_registered(&self, logs: &Logs) -> bool {
        let (Ok(run), Some(log)) = (&self.run, logs.readable_log()) else { return false };
        let commit = run.artifact().commit_hash().unwrap_or("");
        let sealed = run.recorded_hash().unwrap_or("");
        log.find(commit, sealed).is_some_and(|entry| entry.has_content(sealed))
    }

    /// The terms in the run's signature file.
    pub(crate) fn asked(&self, judge: &Judge<'_>) -> Option<AskedTerms> {
        let (Ok(run), Some(file)) = (&self.run, self.run_signatures()) else { return None };
        let SignatureFile::Envelope(_) = file else { return None };
        let people = quorum::people_counted(judge.policy, judge.keyring);
        let terms = terms::asked(Some(file), people);
        let digest = || run.artifact().canonical().digest();
        terms::exceed_the_least(&terms).then(|| AskedTerms { run: digest(), terms })
    }

    /// The evidence for a judgement.
    pub fn evidence<'a>(&'a self, logs: &'a Logs) -> Evidence<'a> {
        Evidence {
            file_name: &self.name,
            run: self.run.as_ref(),
            run_signatures: part(self.run_signatures.as_ref()),
            manifest: part(self.manifest.as_ref()),
            manifest_signatures: part(self.manifest_signatures.as_ref()),
            refusals: part(self.refusals.as_ref()),
            run_time_stamp: part(self.run_time_stamp.as_ref()),
            log: part(logs.log.as_deref()),
            ledger: part(logs.ledger.as_deref()),
            boundary: part(self.boundary.as_ref()),
            duplicate_keys: &self.duplicate_keys,
            log_standing: logs.log_standing.view(),
            ledger_standing: logs.ledger_standing.view(),
            seen_terms: self.run.as_ref().ok().and_then(|run| logs.seen_terms(run)),
            seen_registration: self.run.as_ref().ok().and_then(|run| logs.seen_registration(run)),
        }
    }
}

fn part<T>(read: Option<&OrReason<T>>) -> Part<Result<&T, &Reason>> {
    match read {
        None => Part::Absent,
        Some(read) => Part::Read(read.as_ref()),
    }
}

fn read_companion(companion: &Companion) -> OrReason<Arc<Vec<u8>>> {
    companion.read().map(Arc::new).map_err(|error| error.reason().into())
}

fn read_part(path: &Path, root: &Path) -> Option<OrReason<Arc<Vec<u8>>>> {
    match reading::read(path, root, MAX_BYTES) {
        Ok(bytes) => Some(Ok(Arc::new(bytes))),
        Err(ReadError::NotFound(_)) => None,
        Err(error) => Some(Err(error.reason().into())),
    }
}

fn parse_part<T, E: Explain>(
    read: &Option<OrReason<Arc<Vec<u8>>>>,
    parse: impl FnOnce(Arc<Vec<u8>>) -> Result<T, E>,
) -> Option<OrReason<T>> {
    let bytes = match read.as_ref()? {
        Ok(bytes) => bytes,
        Err(why) => return Some(Err(why.clone())),
    };
    Some(parse(bytes.clone()).map_err(Reason::from))
}
