//! The directory that is open: a person's own to work in, or somebody else's under review.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_index::history::{ExportError, HistoryFilter, HistoryFormat};
use countersign_index::queue::{Event, Kept, Queue, QueueError, Rules};
use countersign_problem::Problem;
use countersign_store::log_memory::LogMemory;
use countersign_store::logs::LogBook;
use countersign_store::reading::directory_of;
use countersign_trust::attestation_roots;
use countersign_views::{EnvelopeRef, NextAct, Opened};

use crate::review::{Review, ReviewError, ReviewKeys, Reviewed};
use crate::workspace::{Workspace, WorkspaceError};

/// Why a directory is not opened, or one of its envelopes not read.
#[derive(Debug, Problem)]
#[problem(area = "open")]
#[non_exhaustive]
pub enum OpenError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// It cannot be searched.
    #[problem(transparent)]
    Queue(#[from] QueueError),
    /// It cannot be reviewed.
    #[problem(transparent)]
    Review(#[from] ReviewError),
    /// The history cannot be written.
    #[problem(transparent)]
    History(#[from] ExportError),
    /// The envelope has left the directory.
    Gone,
}

/// The directory that is open.
#[derive(Debug, Clone)]
pub struct OpenDirectory {
    /// Its path.
    pub root: PathBuf,
    /// Its envelopes.
    pub queue: Arc<Queue>,
    review: Option<Arc<Review>>,
    /// The person's own directory that was open before a review.
    before: Option<PathBuf>,
}

impl OpenDirectory {
    /// Opens a person's own directory, or that of a file. Its verdicts are kept in the catalogue,
    /// and its logs are remembered.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn own(
        workspace: &Workspace,
        path: &Path,
        catalogue: PathBuf,
        listener: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let root = if path.is_file() { directory_of(&path).to_owned() } else { path };
        let kept = Kept { catalogue: Some(catalogue), memory: workspace.memory.clone() };
        let queue = Queue::open(&root, workspace.rules()?, kept, workspace.now, listener)?;
        Ok(Self { root, queue: Arc::new(queue), review: None, before: None })
    }

    /// Opens somebody else's directory, that of a file, a pack or an export, for review. Nothing is
    /// kept in a catalogue, and its logs are not remembered; a fork in them is found all the same.
    ///
    /// # Errors
    /// If it does not exist or cannot be unpacked.
    pub fn under_review(
        workspace: &Workspace,
        path: &Path,
        before: Option<&Self>,
        listener: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let own = workspace.rules()?;
        // A keyring that cannot be read is no reason to go by the keys of others.
        let station_has_keys =
            workspace.read_keyring().map_or(true, |keyring| !keyring.keys().is_empty());
        let review = Review::begin(Reviewed::open(path)?, station_has_keys);
        let root = review.reviewed().root.clone();
        let memory = workspace.memory.as_ref().map(LogMemory::of_others);
        let kept = Kept { catalogue: None, memory };
        let queue = Queue::open(&root, review.rules(&own), kept, workspace.now, listener)?;
        let before = before.and_then(|open| match &open.review {
            Some(_) => open.before.clone(),
            None => Some(open.root.clone()),
        });
        Ok(Self { root, queue: Arc::new(queue), review: Some(Arc::new(review)), before })
    }

    /// The review, if it is somebody else's directory.
    pub fn review(&self) -> Option<&Review> {
        self.review.as_deref()
    }

    /// What is under review, in which nothing is written.
    pub fn reviewed(&self) -> Option<Arc<Reviewed>> {
        self.review().map(|review| Arc::clone(review.reviewed()))
    }

    /// The person's own directory that was open before the review.
    pub fn before_review(&self) -> Option<&Path> {
        self.before.as_deref()
    }

    /// Checks that it is the person's own, so that something may be written in it.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::Reviewing`] if it is open for review only.
    pub fn check_own(&self) -> Result<(), WorkspaceError> {
        match self.review() {
            Some(review) => Err(WorkspaceError::Reviewing { path: review.reviewed().path.clone() }),
            None => Ok(()),
        }
    }

    /// The rules that it is judged by: the workspace's own, or those of the review.
    ///
    /// # Errors
    /// As for [`Workspace::rules`].
    pub fn rules(&self, workspace: &Workspace) -> Result<Rules, WorkspaceError> {
        let own = workspace.rules()?;
        Ok(self.review().map_or_else(|| own.clone(), |review| review.rules(&own)))
    }

    /// Has it judged by the rules as they are now, and everything sent again.
    ///
    /// # Errors
    /// As for [`Workspace::rules`].
    pub fn judge_again(&self, workspace: &Workspace) -> Result<(), WorkspaceError> {
        self.queue.set_rules(self.rules(workspace)?);
        Ok(())
    }

    /// Sets whose keys count in the review, and has it judged by them.
    ///
    /// # Errors
    /// Fails if nothing is under review, or as [`Review::judge_by`].
    pub fn judge_by(
        &self,
        workspace: &Workspace,
        keys: ReviewKeys,
        keyring: Option<PathBuf>,
    ) -> Result<(), OpenError> {
        let review = self.review().ok_or(ReviewError::NotReviewing)?;
        review.judge_by(keys, keyring)?;
        Ok(self.judge_again(workspace)?)
    }

    /// How many conflict copies would add something: in a review nothing is merged.
    pub fn conflict_copies(&self) -> u32 {
        if self.review.is_some() { 0 } else { self.queue.state().conflict_copies }
    }

    /// The run of a row.
    ///
    /// # Errors
    /// Fails with [`OpenError::Gone`] if it is no longer there.
    pub fn run(&self, id: u32) -> Result<PathBuf, OpenError> {
        self.queue.path(id).ok_or(OpenError::Gone)
    }

    /// Reads and judges the envelope of a row. In a review there is nothing to do about it.
    ///
    /// # Errors
    /// Fails with [`OpenError::Gone`] if it is no longer there.
    pub fn read(&self, id: u32) -> Result<Opened, OpenError> {
        let run = self.run(id)?;
        let revision = self.queue.row(id).map_or(0, |row| row.revision);
        let context = self.queue.context();
        let envelope = EnvelopeRef { run: &run, root: &self.root, id, revision };
        let mut opened = Opened::read(envelope, &context.judge(), &context.logs);
        if self.review.is_some() {
            opened.view.next = NextAct::None;
            opened.view.registrable = false;
        }
        // The row was judged by size and times of the files, and this from their bytes.
        self.queue.look_closer(&run);
        Ok(opened)
    }

    /// The logs as they are now, not as they were when the rows were judged.
    pub fn current_logs(&self) -> Arc<LogBook> {
        let logs = Arc::clone(&self.queue.context().logs);
        logs.look_again();
        logs
    }

    /// A book for carrying envelopes away, which takes the logs beside them. Those of others are not
    /// remembered.
    pub fn logs_to_carry(&self, workspace: &Workspace) -> LogBook {
        let memory = workspace.memory.as_ref();
        let memory = match self.review {
            Some(_) => memory.map(LogMemory::of_others),
            None => memory.cloned(),
        };
        LogBook::default().remembering(memory)
    }

    /// Writes the signatures that pass a filter to a file. Returns their number.
    ///
    /// # Errors
    /// If the file lies in what is only reviewed, cannot be written, or is something else.
    pub fn export_history(
        &self,
        workspace: &Workspace,
        filter: &HistoryFilter,
        format: HistoryFormat,
        path: &Path,
    ) -> Result<u32, OpenError> {
        workspace.check_writable(path)?;
        Ok(self.queue.export(filter, format, path)?)
    }

    /// Records logs that were found cut, removed or forked, each once; what is wrong with journal or
    /// memory.
    pub fn note_rewritten(&self, workspace: &Workspace) -> Vec<Problem> {
        let logs = Arc::clone(&self.queue.context().logs);
        // If they are not remembered now, they are the next time.
        let _ = logs.remember();
        workspace.note_rewritten(&logs)
    }
}

/// What is trusted for names at the station. What cannot be read is reported where it is shown.
pub fn names_in_force(workspace: &Workspace, open: Option<&OpenDirectory>) -> Arc<NameTrust> {
    match open {
        Some(open) => Arc::clone(&open.queue.context().names),
        None => Arc::new(workspace.name_trust()),
    }
}

/// The keyring and the roots that acts at the station go by. A review is judged by other keys, which
/// nothing here goes by. Errors in either are reported where they are shown.
pub fn trust_in_force(
    workspace: &Workspace,
    open: Option<&OpenDirectory>,
) -> (Arc<Keyring>, Arc<AttestationRoots>) {
    if let Some(open) = open.filter(|open| open.review.is_none()) {
        let context = open.queue.context();
        return (Arc::clone(&context.keyring), Arc::clone(&context.roots));
    }
    let roots = workspace.trust_folder.as_deref().map(attestation_roots::read);
    let roots = roots.and_then(Result::ok).map(|read| read.roots()).unwrap_or_default();
    (Arc::new(workspace.read_keyring().unwrap_or_default()), Arc::new(roots))
}
