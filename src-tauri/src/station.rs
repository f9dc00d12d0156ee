//! The station behind the window: the open directory, the settings, the envelope that is shown, the
//! ceremony that is under way. Everything here may block; commands call it off the window's thread.

use countersign_problem::{Explain, Problem};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Weakness;
use countersign_app::at_hand::{self, PersonAtHand};
use countersign_app::clock::now;
use countersign_app::open_directory::{self, OpenDirectory};
use countersign_app::places::Places;
use countersign_app::review::{Review, ReviewError, ReviewKeys, ToldAnswer};
use countersign_app::settings::Settings;
use countersign_app::settings_file::SettingsFile;
use countersign_app::text_size::{TextSize, TextSizeStep};
use countersign_app::workspace::Workspace;
use countersign_ceremony::act::Act;
use countersign_ceremony::devices::{DevicesView, Known};
use countersign_ceremony::finding_act::FindingAct;
use countersign_ceremony::tokens;
use countersign_index::queue::{self, Presence};
use countersign_journal::book::JournalBook;
use countersign_journal::{self as journal, Event, Journal};
use countersign_problem::visible::visible;
use countersign_signers::devices::{Devices, Monitor};
use countersign_store::ownership::make_private_directory;
use countersign_store::reading;
use countersign_store::safe_write::notice::{self, DiskNotice};
use countersign_views::Opened;
use serde::Serialize;
use tauri::{AppHandle, Wry};

use crate::args::Args;
use crate::commands::yubikey::Planned;
use crate::demo_key::DemoKey;
use crate::events::{QueueChanged, StationChanged};
use crate::milestones::Milestones;
use crate::places;
use crate::refusal::Refusal;
use crate::settings_store::SettingsStore;
use crate::station_view::{SignerSummary, StationView};
use crate::window;

/// The code of the notice that a lock is waited for.
const WAITING_FOR_LOCK: &str = "waiting_for_lock";

/// The station.
pub struct Station {
    app: AppHandle<Wry>,
    /// Whether everything here is a demonstration.
    pub demo: bool,
    /// When what was on the screen.
    pub milestones: Milestones,
    /// The places of its own files.
    pub places: Places,
    /// The workspace at these places, before the settings and what is open change it.
    workspace: Workspace,
    settings: Mutex<SettingsFile>,
    /// The journal, to be read.
    pub journal_book: JournalBook,
    /// The faults of the journal, each once.
    journal_faults: Mutex<Vec<Problem>>,
    /// The notices about the disk, each once.
    disk_notices: Mutex<Vec<Problem>>,
    open: Mutex<Option<OpenDirectory>>,
    displayed: Mutex<Option<Arc<Opened>>>,
    act: Mutex<Option<Arc<Act>>>,
    finding: Mutex<Option<Arc<FindingAct>>>,
    /// How a YubiKey is to be set up.
    yubikey: Mutex<Option<Arc<Planned>>>,
    next_act: AtomicU32,
    monitor: OnceLock<Monitor>,
    devices: Mutex<Devices>,
    demo_key: OnceLock<DemoKey>,
    /// Cancels the preview of a change of trust that is under way.
    preview: Mutex<Arc<AtomicBool>>,
    /// Cancels the comparison of a run's inputs that is under way.
    inputs: Mutex<Arc<AtomicBool>>,
    /// Whose keys are at hand in the open directory.
    people_at_hand: Mutex<Vec<PersonAtHand>>,
    /// By which keyring and roots the devices were shown last.
    trust_displayed: Mutex<Option<TrustDisplayed>>,
}

/// By what devices are shown: keys, roots of attestations, roots of names.
type TrustDisplayed = (Arc<Keyring>, Arc<AttestationRoots>, Arc<NameTrust>);

/// Sets the flag that cancels what is under way, and makes another for what follows.
fn next(flag: &Mutex<Arc<AtomicBool>>) -> Arc<AtomicBool> {
    let cancelled = Arc::<AtomicBool>::default();
    let before = std::mem::replace(&mut *flag.lock(), Arc::clone(&cancelled));
    before.store(true, Ordering::Relaxed);
    cancelled
}

/// What to open at the start.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// A directory to work in.
    Directory(PathBuf),
    /// A directory or file for review only.
    Review(PathBuf),
}

impl Wanted {
    /// The request of a command line.
    pub fn of(args: &Args) -> Option<Self> {
        let review = args.review.clone().map(Self::Review);
        review.or_else(|| args.directory.clone().map(Self::Directory))
    }

    /// The same for a command line that was written in another directory.
    pub fn seen_from(self, started_in: &Path) -> Self {
        match self {
            Self::Directory(path) => Self::Directory(started_in.join(path)),
            Self::Review(path) => Self::Review(started_in.join(path)),
        }
    }
}

impl Station {
    /// Reads the settings. No directory is open yet.
    ///
    /// # Errors
    /// Fails if the system provides no place for settings.
    pub fn new(
        app: AppHandle<Wry>,
        args: &Args,
        milestones: Milestones,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let places = places::of(args)?;
        let mut faults = places::make_private_once(args);
        for path in [&places.settings, &places.catalogue] {
            make_private_directory(reading::directory_of(path))?;
        }
        let store = SettingsStore::new(&app, &places.settings)?;
        let mut settings = SettingsFile::open(&places.settings).held_by(Box::new(store));
        if let (Some(directory), true) = (&args.directory, args.demo) {
            settings.use_signers(countersign_demo::signers(&std::path::absolute(directory)?));
        }
        let journal = Arc::new(Journal::at(&places.journal, journal::LIMIT));
        let workspace = Workspace { journal: Some(journal), ..Workspace::at(&places) };
        faults.extend(workspace.begin_journal());
        Ok(Self {
            app,
            demo: args.demo,
            milestones,
            journal_book: JournalBook::new(&places.journal),
            places,
            workspace,
            journal_faults: Mutex::new(faults),
            disk_notices: Mutex::default(),
            settings: Mutex::new(settings),
            open: Mutex::default(),
            displayed: Mutex::default(),
            act: Mutex::default(),
            finding: Mutex::default(),
            yubikey: Mutex::default(),
            next_act: AtomicU32::new(1),
            monitor: OnceLock::new(),
            devices: Mutex::default(),
            demo_key: OnceLock::new(),
            preview: Mutex::default(),
            inputs: Mutex::default(),
            people_at_hand: Mutex::default(),
            trust_displayed: Mutex::default(),
        })
    }

    /// Begins to watch what is plugged in; in a demonstration, with a virtual YubiKey by this
    /// program.
    pub fn watch_devices(self: &Arc<Self>, virtual_yubikey: Option<&Path>) {
        let station = Arc::downgrade(self);
        let monitor = Monitor::start(move |devices| {
            if let Some(station) = station.upgrade() {
                let before = std::mem::replace(&mut *station.devices.lock(), devices.clone());
                station.look_at_hand();
                station.announce();
                for event in tokens::changes(&before, devices) {
                    station.note(&event);
                }
                if let Ok(act) = station.act() {
                    act.devices_changed(devices);
                }
                if let Ok(finding) = station.finding() {
                    finding.devices_changed(devices);
                }
            }
        });
        monitor.set_modules(&self.settings().modules());
        // Called once.
        let _ = self.monitor.set(monitor);
        if let Some(program) = virtual_yubikey {
            let station = Arc::downgrade(self);
            let demo_key = DemoKey::start(program, move || {
                if let Some(station) = station.upgrade() {
                    station.announce();
                }
            });
            let _ = self.demo_key.set(demo_key);
            self.announce();
        }
    }

    /// Shows what a person should know of the disk. That a lock is waited for is shown as long as it
    /// is.
    pub fn listen_to_the_disk(self: &Arc<Self>) {
        let station = Arc::downgrade(self);
        notice::listen(move |notice| {
            let Some(station) = station.upgrade() else { return };
            {
                let mut problems = station.disk_notices.lock();
                match notice {
                    DiskNotice::LockTaken { .. } => {
                        problems.retain(|one| one.code.name() != WAITING_FOR_LOCK);
                    }
                    other => {
                        let failure = other.problem();
                        if !problems.contains(&failure) {
                            problems.push(failure);
                        }
                    }
                }
            }
            // Not from this thread: it may hold what is asked for to show the station.
            std::thread::spawn(move || station.announce());
        });
    }

    /// The station as the use cases see it.
    pub fn workspace(&self) -> Workspace {
        self.workspace_by(&self.settings())
    }

    /// The same by other settings.
    pub fn workspace_by(&self, settings: &Settings) -> Workspace {
        Workspace {
            reviewed: self.open().and_then(|open| open.reviewed()),
            ..self.workspace.clone().with_settings(settings)
        }
    }

    /// Cancels the preview of a change of trust that is under way, so that another can begin; that one
    /// goes on while its flag is not set.
    pub fn next_preview(&self) -> Arc<AtomicBool> {
        next(&self.preview)
    }

    /// The same for the comparison of a run's inputs.
    pub fn next_inputs(&self) -> Arc<AtomicBool> {
        next(&self.inputs)
    }

    /// Keeps a record of what happened.
    pub fn note(&self, event: &Event) {
        self.show_problems(self.workspace().note(event));
    }

    /// Shows what is wrong with the journal, each once.
    pub fn show_problems(&self, problems: impl IntoIterator<Item = Problem>) {
        let mut faults = self.journal_faults.lock();
        for problem in problems {
            if !faults.contains(&problem) {
                faults.push(problem);
            }
        }
    }

    /// Keeps a record of logs that were found rewritten, of each once.
    pub fn note_rewritten(&self) {
        let Some(open) = self.open() else { return };
        self.show_problems(open.note_rewritten(&self.workspace()));
    }

    /// The devices that are plugged in.
    pub fn devices(&self) -> Devices {
        self.devices.lock().clone()
    }

    /// Reads the devices that are plugged in again.
    pub fn look_again(&self) {
        if let Some(monitor) = self.monitor.get() {
            monitor.look_again();
        }
    }

    /// The virtual YubiKey of the demonstration.
    ///
    /// # Errors
    /// Fails if there is none.
    pub fn demo_key(&self) -> Result<&DemoKey, Problem> {
        self.demo_key.get().ok_or_else(|| Refusal::NoDemoKey.problem())
    }

    /// The keyring and the roots that are in force.
    pub fn trust(&self) -> (Arc<Keyring>, Arc<AttestationRoots>) {
        open_directory::trust_in_force(&self.workspace(), self.open().as_ref())
    }

    /// What is trusted for names.
    pub fn names(&self) -> Arc<NameTrust> {
        open_directory::names_in_force(&self.workspace(), self.open().as_ref())
    }

    /// Devices are displayed with owner and attestation, so a change of keyring or roots updates
    /// them.
    fn trust_changed(&self) {
        let (keyring, roots) = self.trust();
        let now = (keyring, roots, self.names());
        let changed = {
            let mut displayed = self.trust_displayed.lock();
            let same = displayed.as_ref().is_some_and(|(keyring, roots, names)| {
                Arc::ptr_eq(keyring, &now.0)
                    && Arc::ptr_eq(roots, &now.1)
                    && Arc::ptr_eq(names, &now.2)
            });
            *displayed = Some(now);
            !same
        };
        if changed {
            self.look_at_hand();
            self.announce();
        }
    }

    /// Has the queue list what can be done now with the keys at hand.
    fn look_at_hand(&self) {
        let Some(open) = self.open() else { return };
        let (people, changed) = at_hand::look(&open, &self.settings().signers, &self.devices());
        *self.people_at_hand.lock() = people;
        if changed {
            self.emit(&QueueChanged { revision: open.queue.revision() });
        }
    }

    /// The station as it is shown.
    pub fn view(&self) -> StationView {
        let open = self.open();
        let state = open.as_ref().map(|open| open.queue.state());
        let mut journal_faults = self.journal_faults.lock();
        journal_faults.extend(self.workspace.journal_notices());
        let store = self.settings.lock();
        let settings = store.settings();
        let mut troubles = store.problems().to_vec();
        troubles.append(&mut journal_faults.clone());
        drop(journal_faults);
        troubles.append(&mut self.disk_notices.lock().clone());
        troubles.extend(state.iter().flat_map(|s| s.troubles.clone()));
        let signers = settings.signers.iter().map(SignerSummary::of).collect();
        let (recent, theme, text_size) =
            (settings.recent.clone(), settings.theme, settings.text_size);
        drop(store);
        let ((keyring, roots), names) = (self.trust(), self.names());
        let known = Known { keyring: &keyring, roots: &roots, names: &names, now: now() };
        let review = open.as_ref().and_then(|open| open.review()).map(Review::view);
        let conflict_copies = open.as_ref().map_or(0, OpenDirectory::conflict_copies);
        StationView {
            directory: open.map(|open| visible(&open.root.to_string_lossy())),
            recent,
            demo: self.demo,
            presence: state.as_ref().map_or(Presence::None, |state| state.presence),
            progress: state.as_ref().and_then(|state| state.progress),
            stopped: state.as_ref().is_some_and(|state| state.stopped),
            conflict_copies,
            review,
            weaknesses: self.weaknesses(),
            troubles,
            log_alarms: state.map(|state| state.log_alarms).unwrap_or_default(),
            signers,
            people_at_hand: self.people_at_hand.lock().clone(),
            devices: DevicesView::of(&self.devices(), known),
            demo_key: self.demo_key.get().map(DemoKey::view),
            theme,
            text_size,
        }
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        self.settings.lock().settings().clone()
    }

    /// The settings, with what the command line has changed of signers and modules since.
    pub fn settings_read_again(&self) -> Settings {
        let (settings, changed) = {
            let mut store = self.settings.lock();
            let changed = store.take_changes();
            (store.settings().clone(), changed)
        };
        if changed {
            self.watch_modules(&settings);
            self.look_at_hand();
            self.announce();
        }
        settings
    }

    /// Has the tokens watched that the settings name the modules of.
    fn watch_modules(&self, settings: &Settings) {
        if let Some(monitor) = self.monitor.get() {
            monitor.set_modules(&settings.modules());
        }
    }

    /// The errors in the settings, and where the damaged ones were kept.
    pub fn settings_problems(&self) -> (Vec<Problem>, Option<PathBuf>) {
        let store = self.settings.lock();
        (store.problems().to_vec(), store.kept_aside().map(Path::to_owned))
    }

    /// Keeps settings and goes by them at once.
    ///
    /// # Errors
    /// Fails if any of them is invalid or they cannot be written.
    pub fn save(&self, settings: Settings) -> Result<(), Problem> {
        let workspace = self.workspace();
        self.settings.lock().save(&workspace, settings)?;
        self.judge_again()?;
        self.look_at_hand();
        self.watch_modules(&self.settings());
        self.announce();
        Ok(())
    }

    /// Keeps another text size and shows everything at it.
    ///
    /// # Errors
    /// Fails if it cannot be kept.
    pub fn change_text_size(&self, step: TextSizeStep) -> Result<TextSize, Problem> {
        let workspace = self.workspace();
        let size = {
            let mut store = self.settings.lock();
            let before = store.settings().clone();
            let text_size = before.text_size.after(step);
            if text_size != before.text_size {
                store.save(&workspace, Settings { text_size, ..before })?;
            }
            text_size
        };
        window::show_at(&self.app, size);
        self.announce();
        Ok(size)
    }

    /// Has what is open judged by what is set now.
    fn judge_again(&self) -> Result<(), Problem> {
        match self.open() {
            Some(open) => Ok(open.judge_again(&self.workspace())?),
            None => Ok(()),
        }
    }

    /// In what the policy that what is open is judged by is weaker than the default.
    fn weaknesses(&self) -> Vec<Weakness> {
        let workspace = self.workspace();
        let open = self.open();
        let rules = match &open {
            Some(open) => open.rules(&workspace),
            None => workspace.rules(),
        };
        let mut weaknesses = rules.map(|rules| rules.policy.weaknesses()).unwrap_or_default();
        if open.is_some_and(|open| open.queue.context().logs.has_accepted()) {
            weaknesses.push(Weakness::AcceptedLog);
        }
        weaknesses
    }

    /// The open directory.
    pub fn open(&self) -> Option<OpenDirectory> {
        self.open.lock().clone()
    }

    /// The open directory, if one is required.
    ///
    /// # Errors
    /// Fails if none is open.
    pub fn need_open(&self) -> Result<OpenDirectory, Problem> {
        self.open().ok_or_else(|| Refusal::NoDirectory.problem())
    }

    /// The open directory, if something will be written in it.
    ///
    /// # Errors
    /// Fails if none is open, or it is open for review only.
    pub fn need_own(&self) -> Result<OpenDirectory, Problem> {
        let open = self.need_open()?;
        open.check_own()?;
        Ok(open)
    }

    /// Opens a directory, or that of a file.
    ///
    /// # Errors
    /// Fails if it does not exist; the previous one stays open.
    pub fn open_directory(self: &Arc<Self>, path: &Path) -> Result<(), Problem> {
        let catalogue = self.places.catalogue.clone();
        let opened = OpenDirectory::own(&self.workspace(), path, catalogue, self.listener())?;
        let root = opened.root.clone();
        self.take_up(opened);
        let workspace = self.workspace();
        self.settings.lock().remember_opened(&workspace, &root);
        self.announce();
        Ok(())
    }

    /// Opens someone else's directory, or that of a file, for review. It is neither remembered nor
    /// kept in the catalogue.
    ///
    /// # Errors
    /// Fails if it does not exist; the previous one stays open.
    pub fn review(self: &Arc<Self>, path: &Path) -> Result<(), Problem> {
        let (workspace, before) = (self.workspace(), self.open());
        let listener = self.listener();
        let opened = OpenDirectory::under_review(&workspace, path, before.as_ref(), listener)?;
        // The envelope to be signed may be in there.
        self.begin(None);
        self.take_up(opened);
        self.announce();
        Ok(())
    }

    /// Sets whose keys count in the review.
    ///
    /// # Errors
    /// Fails if nothing is under review, or there is no such keyring.
    pub fn judge_review_by(
        &self,
        keys: ReviewKeys,
        keyring: Option<PathBuf>,
    ) -> Result<(), Problem> {
        self.need_open()?.judge_by(&self.workspace(), keys, keyring)?;
        self.announce();
        Ok(())
    }

    /// What the digest that someone sent says of the review.
    ///
    /// # Errors
    /// Fails if nothing is under review, it has no digest, or the input is not a digest.
    pub fn compare_review(&self, expected: &str) -> Result<ToldAnswer, Problem> {
        let open = self.need_open()?;
        let review = open.review().ok_or(ReviewError::NotReviewing)?;
        let answer = review.compare(expected)?;
        self.announce();
        Ok(answer)
    }

    /// Ends the review, and opens what was open before it.
    ///
    /// # Errors
    /// Fails if nothing is under review, or the previous directory no longer exists; then nothing
    /// is open.
    pub fn stop_review(self: &Arc<Self>) -> Result<(), Problem> {
        let Some(open) = self.open().filter(|open| open.review().is_some()) else { return Ok(()) };
        let opened = open.before_review().map(|before| self.open_directory(before));
        if !matches!(opened, Some(Ok(()))) {
            self.close();
        }
        opened.unwrap_or(Ok(()))
    }

    /// Closes the open directory and removes everything unpacked for it.
    pub fn close(&self) {
        let before = self.open.lock().take();
        *self.displayed.lock() = None;
        drop(before);
        self.announce();
    }

    /// Tells the window what happens in a directory that is opened.
    fn listener(self: &Arc<Self>) -> impl Fn(queue::Event) + Send + Sync + 'static {
        let station = Arc::downgrade(self);
        move |event| {
            let Some(station) = station.upgrade() else { return };
            match event {
                queue::Event::Changed => {
                    let revision = station.open().map_or(0, |open| open.queue.revision());
                    station.emit(&QueueChanged { revision });
                    station.trust_changed();
                }
                queue::Event::Station => {
                    station.note_rewritten();
                    station.announce();
                }
            }
        }
    }

    /// Makes a directory the one that is open.
    fn take_up(&self, opened: OpenDirectory) {
        // A finding is about the review that it was begun in.
        self.begin_finding(None);
        let before = self.open.lock().replace(opened);
        *self.displayed.lock() = None;
        // Only now, with no lock held: its thread may be telling us something, and is waited for.
        drop(before);
        self.look_at_hand();
        self.emit(&QueueChanged { revision: 0 });
    }

    /// Opens what the command line names, or the directory of the last time; what is wrong is shown
    /// as a trouble.
    pub fn open_at_start(self: &Arc<Self>, wanted: &Wanted) {
        let opened = match wanted {
            Wanted::Directory(path) => self.open_directory(path),
            Wanted::Review(path) => self.review(path),
        };
        if let Err(problem) = opened {
            self.settings.lock().report(problem);
            self.announce();
        }
    }

    /// Tells the window how the station is.
    pub fn announce(&self) {
        self.emit(&StationChanged { station: self.view() });
    }

    /// Tells the window something.
    pub fn emit<E: tauri_specta::Event + Serialize + Clone>(&self, event: &E) {
        // Fails only if the window is closed, and then there is no one to notify.
        let _ = event.emit(&self.app);
    }

    /// The envelope that was displayed last, if it is this one.
    pub fn displayed(&self, id: u32) -> Option<Arc<Opened>> {
        self.displayed.lock().clone().filter(|opened| opened.view.id == id)
    }

    /// Keeps an envelope as the one that is shown.
    pub fn set_displayed(&self, opened: Arc<Opened>) {
        *self.displayed.lock() = Some(opened);
    }

    /// The act of signing that is under way.
    ///
    /// # Errors
    /// Fails if there is none.
    pub fn act(&self) -> Result<Arc<Act>, Problem> {
        self.act.lock().clone().ok_or_else(|| Refusal::NoCeremony.problem())
    }

    /// Makes an act the one that is under way; one before it is stopped.
    pub fn begin(&self, act: Option<Arc<Act>>) {
        let before = std::mem::replace(&mut *self.act.lock(), act);
        if let Some(before) = before {
            before.stop();
        }
    }

    /// Keeps how a YubiKey is to be set up, and ends what is under way.
    pub fn plan_yubikey(&self, planned: Option<Arc<Planned>>) {
        let before = std::mem::replace(&mut *self.yubikey.lock(), planned);
        if let Some(before) = before {
            before.cancel();
        }
    }

    /// How a YubiKey is to be set up.
    pub fn planned_yubikey(&self) -> Option<Arc<Planned>> {
        self.yubikey.lock().clone()
    }

    /// The signing of a finding that is under way.
    ///
    /// # Errors
    /// Fails if there is none.
    pub fn finding(&self) -> Result<Arc<FindingAct>, Problem> {
        self.finding.lock().clone().ok_or_else(|| Refusal::NoCeremony.problem())
    }

    /// Makes the signing of a finding the one that is under way; one before it is stopped.
    pub fn begin_finding(&self, finding: Option<Arc<FindingAct>>) {
        let before = std::mem::replace(&mut *self.finding.lock(), finding);
        if let Some(before) = before {
            before.stop();
        }
    }

    /// An id for the next act.
    pub fn next_act(&self) -> u32 {
        self.next_act.fetch_add(1, Ordering::Relaxed)
    }
}
