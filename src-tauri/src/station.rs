//! The station behind the window: the open directory, the settings, the envelope that is shown, the
//! ceremony that is under way. Everything here may block; commands call it off the window's thread.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Policy;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::SignerType;
use countersign_envelope::visible::visible;
use countersign_signers::devices::{Devices, Monitor};
use countersign_station::devices::DevicesView;
use countersign_station::failure::Failure;
use countersign_station::journal::{self, Event, Journal, Recorder, Recording};
use countersign_station::queue::{self, Presence, Progress, Queue};
use countersign_station::session::Session;
use countersign_station::settings::{Settings, Theme};
use countersign_station::view::Opened;
use countersign_station::{attestation_roots, keyring_file, reading};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Wry};

use crate::args::Args;
use crate::demo_key::{DemoKey, DemoKeyView};
use crate::events::{QueueChanged, StationChanged};
use crate::milestones::Milestones;
use crate::places::Places;
use crate::settings_store::SettingsStore;

/// The station as a whole, as it is shown.
#[derive(Debug, Clone, Serialize, Type)]
pub struct StationView {
    /// The open directory.
    pub directory: Option<String>,
    /// Directories opened before, the last first.
    pub recent: Vec<String>,
    /// Whether everything here is a demonstration.
    pub demo: bool,
    /// Whether the directory is there.
    pub presence: Presence,
    /// What is being read and judged.
    pub progress: Option<Progress>,
    /// Whether the person broke that off.
    pub stopped: bool,
    /// What a person should know.
    pub troubles: Vec<Failure>,
    /// What can sign here.
    pub signers: Vec<SignerSummary>,
    /// What is plugged in.
    pub devices: DevicesView,
    /// The virtual YubiKey of the demonstration.
    pub demo_key: Option<DemoKeyView>,
    /// How the window looks.
    pub theme: Theme,
}

/// A signer, for the strip.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SignerSummary {
    /// What a person calls it.
    pub name: String,
    /// What holds the key.
    pub kind: SignerType,
    /// The key's id.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// What it is, in words.
    pub about: String,
    /// Why it cannot sign now.
    pub problem: Option<String>,
}

/// The station.
pub struct Station {
    app: AppHandle<Wry>,
    /// Whether everything here is a demonstration.
    pub demo: bool,
    /// When what was on the screen.
    pub milestones: Milestones,
    /// Where it keeps what is its own.
    pub places: Places,
    settings: Mutex<SettingsStore<Wry>>,
    journal: Arc<Journal>,
    /// What is wrong with the journal, each once.
    journal_said: Mutex<Vec<Failure>>,
    open: Mutex<Option<Open>>,
    shown: Mutex<Option<Arc<Opened>>>,
    ceremony: Mutex<Option<Arc<Session>>>,
    next_ceremony: AtomicU32,
    monitor: OnceLock<Monitor>,
    devices: Mutex<Devices>,
    demo_key: OnceLock<DemoKey>,
    /// By which keyring and roots the devices were shown last.
    trust_shown: Mutex<Option<(Arc<Keyring>, Arc<AttestationRoots>)>>,
}

/// The open directory.
#[derive(Clone)]
pub struct Open {
    /// Where it is.
    pub root: PathBuf,
    /// What is in it.
    pub queue: Arc<Queue>,
}

impl Station {
    /// Reads the settings. No directory is open yet.
    ///
    /// # Errors
    /// Where the system gives no place for settings.
    pub fn new(
        app: AppHandle<Wry>,
        args: &Args,
        milestones: Milestones,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let places = Places::of(&app, args)?;
        for path in [&places.settings, &places.catalogue] {
            std::fs::create_dir_all(reading::directory_of(path))?;
        }
        let mut settings = SettingsStore::open(&app, &places.settings)?;
        if let (Some(directory), true) = (&args.directory, args.demo) {
            settings.settings.signers =
                countersign_station::demo::signers(&std::path::absolute(directory)?);
        }
        let journal = Arc::new(Journal::at(&places.journal, journal::LIMIT));
        let started = journal.start(now()).map_err(|error| Failure::of(&error));
        Ok(Self {
            app,
            demo: args.demo,
            milestones,
            places,
            journal,
            journal_said: Mutex::new(started.err().into_iter().collect()),
            settings: Mutex::new(settings),
            open: Mutex::default(),
            shown: Mutex::default(),
            ceremony: Mutex::default(),
            next_ceremony: AtomicU32::new(1),
            monitor: OnceLock::new(),
            devices: Mutex::default(),
            demo_key: OnceLock::new(),
            trust_shown: Mutex::default(),
        })
    }

    /// Begins to watch what is plugged in; in a demonstration, with a virtual YubiKey by this
    /// program.
    pub fn watch_devices(self: &Arc<Self>, virtual_yubikey: Option<&Path>) {
        let station = Arc::downgrade(self);
        let monitor = Monitor::start(move |devices| {
            if let Some(station) = station.upgrade() {
                let before = std::mem::replace(&mut *lock(&station.devices), devices.clone());
                station.announce();
                for event in Event::of_devices(&before, devices) {
                    station.note(&event);
                }
                if let Ok(session) = station.ceremony() {
                    session.devices_changed(devices);
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

    /// Keeps a record of what happened.
    pub fn note(&self, event: &Event) {
        if let Err(error) = self.journal.append(event, now()) {
            let problem = Failure::of(&error);
            let mut said = lock(&self.journal_said);
            if !said.contains(&problem) {
                said.push(problem);
            }
        }
    }

    /// What keeps the record of one ceremony.
    pub fn recorder(&self) -> Arc<dyn Recorder> {
        Arc::new(Recording::new(Arc::clone(&self.journal), now))
    }

    /// What is plugged in.
    pub fn devices(&self) -> Devices {
        lock(&self.devices).clone()
    }

    /// Reads what is plugged in anew.
    pub fn look_again(&self) {
        if let Some(monitor) = self.monitor.get() {
            monitor.look_again();
        }
    }

    /// The virtual YubiKey of the demonstration.
    ///
    /// # Errors
    /// Where there is none.
    pub fn demo_key(&self) -> Result<&DemoKey, Failure> {
        self.demo_key.get().ok_or_else(|| {
            let hint = "Start the demonstration with: npm start";
            Failure::new("no_demo_key", "There is no virtual YubiKey here", hint)
        })
    }

    /// The keyring and the roots that are in force.
    pub fn trust(&self) -> (Arc<Keyring>, Arc<AttestationRoots>) {
        if let Some(open) = self.open() {
            let context = open.queue.context();
            return (Arc::clone(&context.keyring), Arc::clone(&context.roots));
        }
        // What is wrong with either is said where it is shown.
        let keyring = self.keyring().1.unwrap_or_default();
        let roots = attestation_roots::read(&self.trust_folder());
        (Arc::new(keyring), Arc::new(roots.map(|read| read.roots()).unwrap_or_default()))
    }

    /// What is plugged in is shown by whose it is and what it proves, and so anew where keyring or
    /// roots are others.
    fn trust_changed(&self) {
        let now = self.trust();
        let changed = {
            let mut shown = lock(&self.trust_shown);
            let same = shown.as_ref().is_some_and(|(keyring, roots)| {
                Arc::ptr_eq(keyring, &now.0) && Arc::ptr_eq(roots, &now.1)
            });
            *shown = Some(now);
            !same
        };
        if changed {
            self.announce();
        }
    }

    /// The folder of the roots that attestations are held against.
    pub fn trust_folder(&self) -> PathBuf {
        self.settings().trust_folder_or_beside(&self.keyring_path())
    }

    /// The station as it is shown.
    pub fn view(&self) -> StationView {
        let open = self.open();
        let state = open.as_ref().map(|open| open.queue.state());
        let mut journal_said = lock(&self.journal_said);
        journal_said.extend(self.journal.take_notices().iter().map(|notice| Failure::of(notice)));
        let store = lock(&self.settings);
        let settings = &store.settings;
        let mut troubles = store.problems.clone();
        troubles.append(&mut journal_said.clone());
        drop(journal_said);
        troubles.extend(state.iter().flat_map(|s| s.troubles.clone()).map(Failure::from));
        let signers = settings.signers.iter().map(summary).collect();
        let (recent, theme) = (settings.recent.clone(), settings.theme);
        drop(store);
        let (keyring, roots) = self.trust();
        StationView {
            directory: open.map(|open| visible(&open.root.to_string_lossy())),
            recent,
            demo: self.demo,
            presence: state.as_ref().map_or(Presence::None, |state| state.presence),
            progress: state.as_ref().and_then(|state| state.progress),
            stopped: state.as_ref().is_some_and(|state| state.stopped),
            troubles,
            signers,
            devices: DevicesView::of(&self.devices(), &keyring, &roots, now()),
            demo_key: self.demo_key.get().map(DemoKey::view),
            theme,
        }
    }

    /// What is set.
    pub fn settings(&self) -> Settings {
        lock(&self.settings).settings.clone()
    }

    /// What was wrong with the settings, and where the damaged ones were kept.
    pub fn settings_problems(&self) -> (Vec<Failure>, Option<PathBuf>) {
        let store = lock(&self.settings);
        (store.problems.clone(), store.kept_aside.clone())
    }

    /// Keeps settings and goes by them at once.
    ///
    /// # Errors
    /// Where something in them is wrong or they cannot be written.
    pub fn save(&self, settings: Settings) -> Result<(), Failure> {
        settings.check().map_err(|error| Failure::of(&error))?;
        {
            let mut store = lock(&self.settings);
            store.save(settings)?;
            store.problems.clear();
        }
        if let Some(open) = self.open() {
            open.queue.set_rules(self.rules());
        }
        if let Some(monitor) = self.monitor.get() {
            monitor.set_modules(&self.settings().modules());
        }
        self.announce();
        Ok(())
    }

    /// The keyring that is in force.
    pub fn keyring_path(&self) -> PathBuf {
        self.settings().keyring_or(self.places.keyring.clone())
    }

    /// What the queue is judged by.
    fn rules(&self) -> queue::Rules {
        let settings = self.settings();
        queue::Rules {
            policy: Policy::from(&settings.policy),
            roots: self.trust_folder(),
            keyring: settings.keyring_or(self.places.keyring.clone()),
            log: settings.log.map(PathBuf::from),
            ledger: settings.ledger.map(PathBuf::from),
        }
    }

    /// The open directory.
    pub fn open(&self) -> Option<Open> {
        lock(&self.open).clone()
    }

    /// The open directory, where one has to be.
    ///
    /// # Errors
    /// Where none is.
    pub fn need_open(&self) -> Result<Open, Failure> {
        self.open()
            .ok_or_else(|| Failure::new("no_directory", "No directory is open", "Open one first"))
    }

    /// Opens a directory, or that of a file.
    ///
    /// # Errors
    /// Where it is not there; the one before stays open.
    pub fn open_directory(self: &Arc<Self>, path: &Path) -> Result<(), Failure> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let root = match path.is_file() {
            true => reading::directory_of(&path).to_owned(),
            false => path,
        };
        let station = Arc::downgrade(self);
        let listener = move |event| {
            let Some(station) = station.upgrade() else { return };
            match event {
                queue::Event::Changed => {
                    let revision = station.open().map_or(0, |open| open.queue.revision());
                    station.emit(&QueueChanged { revision });
                    station.trust_changed();
                }
                queue::Event::Station => station.announce(),
            }
        };
        let catalogue = Some(self.places.catalogue.clone());
        let queue = Queue::open(&root, self.rules(), catalogue, now, listener)
            .map_err(|error| Failure::of(&error))?;
        let open = Open { root: root.clone(), queue: Arc::new(queue) };
        let before = lock(&self.open).replace(open);
        *lock(&self.shown) = None;
        // Only now, with no lock held: its thread may be telling us something, and is waited for.
        drop(before);
        {
            // Remembered where it can be; a directory opens all the same where it cannot.
            let mut store = lock(&self.settings);
            let mut settings = store.settings.clone();
            settings.opened(&root.to_string_lossy());
            if let Err(problem) = store.save(settings) {
                store.problems.push(problem);
            }
        }
        self.emit(&QueueChanged { revision: 0 });
        self.announce();
        Ok(())
    }

    /// Opens the directory of the command line or of the last time; what is wrong is shown as a
    /// trouble.
    pub fn open_at_start(self: &Arc<Self>, directory: &Path) {
        if let Err(problem) = self.open_directory(directory) {
            lock(&self.settings).problems.push(problem);
            self.announce();
        }
    }

    /// Tells the window how the station is.
    pub fn announce(&self) {
        self.emit(&StationChanged { station: self.view() });
    }

    /// Tells the window something.
    pub fn emit<E: tauri_specta::Event + Serialize + Clone>(&self, event: &E) {
        // Fails only where the window has gone, and then nobody is left to tell.
        let _ = event.emit(&self.app);
    }

    /// The envelope that was shown last, where it is this one.
    pub fn shown(&self, id: u32) -> Option<Arc<Opened>> {
        lock(&self.shown).clone().filter(|opened| opened.view.id == id)
    }

    /// Keeps an envelope as the one that is shown.
    pub fn show(&self, opened: Arc<Opened>) {
        *lock(&self.shown) = Some(opened);
    }

    /// The ceremony that is under way.
    ///
    /// # Errors
    /// Where none is.
    pub fn ceremony(&self) -> Result<Arc<Session>, Failure> {
        lock(&self.ceremony).clone().ok_or_else(|| {
            Failure::new("no_ceremony", "No ceremony is under way", "Begin one from an envelope")
        })
    }

    /// Makes a ceremony the one that is under way; one before it is broken off.
    pub fn begin(&self, session: Option<Arc<Session>>) {
        let before = std::mem::replace(&mut *lock(&self.ceremony), session);
        if let Some(before) = before {
            before.cancel();
        }
    }

    /// An id for the next ceremony.
    pub fn next_ceremony(&self) -> u32 {
        self.next_ceremony.fetch_add(1, Ordering::Relaxed)
    }

    /// The keyring, read anew, and where it is.
    pub fn keyring(&self) -> (PathBuf, Result<Keyring, Failure>) {
        let path = self.keyring_path();
        let read = keyring_file::read_or_empty(&path).map_err(|error| Failure::of(&error));
        (path, read)
    }
}

fn summary(profile: &countersign_station::signer_profile::SignerProfile) -> SignerSummary {
    SignerSummary {
        name: visible(&profile.name),
        kind: profile.kind(),
        key_id: visible(&profile.key_id),
        signer_id: visible(&profile.signer_id),
        about: visible(&profile.about()),
        problem: profile.check_ready().err().map(|error| visible(&error.to_string())),
    }
}

/// The one place where the window looks at the clock.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(Instant::from_unix).unwrap_or(Instant::EPOCH)
}

/// A lock; what a thread that panicked held is taken as it left it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
