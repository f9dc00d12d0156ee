//! `countersign devices`: YubiKeys, other PIV cards and tokens that are plugged in.

use countersign_problem::{Explain as _, Problem};
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};

use countersign_ceremony::devices::{DeviceView, DevicesView, Known};
use countersign_ceremony::tokens;
use countersign_ceremony::tokens::{ModuleStanding, ModuleView};
use countersign_problem::visible::visible;
use countersign_signers::devices::{Devices, Monitor, Service};
use countersign_signers::pkcs11::module_file::ModuleFile;
use serde_json::json;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::pkcs11::ModuleStartArgs;
use crate::arguments::settings::SettingsArgs;
use crate::english::InEnglish;
use crate::stopped::Stopped;
use crate::tokens::piv::READ;
use crate::tokens::pkcs11;
use crate::ui;
use countersign_app::clock::now;

/// List what is plugged in: YubiKeys, PIV cards, and tokens behind PKCS#11 modules, with their keys
#[derive(Debug, clap::Args)]
pub struct DevicesArgs {
    /// Keep running; print and journal what is plugged in and removed, until interrupted
    #[arg(long)]
    pub watch: bool,
    /// JSON: one object, or with --watch one event per line
    #[arg(long)]
    pub json: bool,
    /// Also look into the PKCS#11 modules that p11-kit knows and that are at the usual places
    #[arg(long)]
    pub pkcs11: bool,
    /// Look into this PKCS#11 module only; may be repeated
    #[arg(long = "module", id = "module", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub start: ModuleStartArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// A module that was named and cannot be used.
#[derive(Debug, Problem)]
struct ModuleUnusable {
    path: String,
    problem: Problem,
}

pub fn run(args: &DevicesArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let roots = args.roots.read(&args.keyring)?;
    let names = args.roots.read_names(&args.keyring)?;
    let known = Known { keyring: &keyring, roots: &roots, names: &names, now: now() };
    if args.watch {
        return watch(args, known);
    }
    let monitor = Monitor::start(|_| {});
    let modules = modules(args)?;
    monitor.set_modules(&modules);
    let devices = monitor.settled(READ);
    let view = DevicesView::of(&devices, known);
    let mut out = ui::lasting_stdout();
    if args.json {
        writeln!(out, "{}", json!(InEnglish(&view)))?;
    } else {
        if view.problem.is_none() && view.devices.is_empty() {
            writeln!(out, "No YubiKey or other PIV card is plugged in.")?;
        }
        if args.pkcs11 && modules.is_empty() {
            writeln!(out, "No PKCS#11 module is on this machine; name one with --module.")?;
        }
        for device in &view.devices {
            write!(out, "{}", words::device(device))?;
        }
        for module in &view.modules {
            write!(out, "{}", words::module(module))?;
        }
    }
    // A module that was named and cannot be used is an error.
    let named: Vec<_> = args
        .modules
        .iter()
        .map(|named| visible(&ModuleFile::new(named).path.to_string_lossy()))
        .collect();
    let named = view.modules.iter().filter(|module| named.contains(&module.path));
    let unusable: Option<Vec<Problem>> = named
        .map(|module| {
            let (path, problem) = (module.path.clone(), module.problem.clone()?);
            Some(ModuleUnusable { path, problem }.problem())
        })
        .collect();
    if let Some(unusable) = unusable.filter(|unusable| !unusable.is_empty()) {
        unusable.iter().for_each(ui::error);
        return Err(Stopped::Reported);
    }
    match view.problem {
        // What was asked for was the modules, and they need no smart card service.
        Some(_) if !modules.is_empty() => Ok(true),
        Some(problem) => Err(Stopped::Problem(problem)),
        None => Ok(true),
    }
}

/// The PKCS#11 modules to look into: if some are named, only those.
fn modules(args: &DevicesArgs) -> Result<Vec<ModuleFile>, Stopped> {
    if args.modules.is_empty() && !args.pkcs11 {
        return Ok(Vec::new());
    }
    pkcs11::files(&args.modules, &args.start, &args.settings)
}

/// Prints every change until interrupted.
fn watch(args: &DevicesArgs, known: Known<'_>) -> Result<bool, Stopped> {
    let json = args.json;
    let workspace = args.journal.workspace_to_look();
    let mut journalled = Devices::default();
    let (sender, changes) = mpsc::channel();
    let sender = Mutex::new(sender);
    let monitor = Monitor::start(move |devices: &Devices| {
        if let Ok(sender) = sender.lock() {
            // If nobody listens any more, the program is ending.
            let _ = sender.send(devices.clone());
        }
    });
    monitor.set_modules(&modules(args)?);
    let mut before: BTreeMap<String, DeviceView> = BTreeMap::new();
    let mut modules_before: BTreeMap<String, ModuleView> = BTreeMap::new();
    let mut service = None;
    let mut out = ui::lasting_stdout();
    while let Ok(devices) = changes.recv() {
        for event in tokens::changes(&journalled, &devices) {
            workspace.note(&event).iter().for_each(ui::warn);
        }
        journalled = devices.clone();
        let view = DevicesView::of(&devices, Known { now: now(), ..known });
        let mut tell = |event: &str, device: Option<&DeviceView>| {
            if json {
                let device = InEnglish(device);
                let line = json!({ "event": event, "device": device, "problem": view.problem });
                writeln!(out, "{line}")
            } else {
                match (device, &view.problem) {
                    (Some(device), _) => write!(out, "{event}: {}", words::device(device)),
                    (None, Some(problem)) => {
                        writeln!(
                            out,
                            "{event}: {}. {}",
                            problem.sentence(),
                            problem.hint_sentence()
                        )
                    }
                    (None, None) => writeln!(out, "{event}: pcscd is running"),
                }
            }
            .and_then(|()| out.flush())
        };
        if devices.service == Service::Unknown {
            continue;
        }
        if service.replace(devices.service.clone()).as_ref() != Some(&devices.service) {
            tell("service", None)?;
        }
        let now_there: BTreeMap<_, _> =
            view.devices.iter().map(|device| (device.id.clone(), device.clone())).collect();
        for (id, device) in &before {
            if !now_there.contains_key(id) {
                tell("removed", Some(device))?;
            }
        }
        for (id, device) in &now_there {
            match before.get(id) {
                None => tell("arrived", Some(device))?,
                Some(known) if known != device => tell("changed", Some(device))?,
                Some(_) => {}
            }
        }
        before = now_there;
        for module in &view.modules {
            if modules_before.insert(module.path.clone(), module.clone()).as_ref() == Some(module)
                || module.standing == ModuleStanding::Reading
            {
                continue;
            }
            if json {
                let line = json!({ "event": "module", "module": InEnglish(module) });
                writeln!(out, "{line}")?;
            } else {
                write!(out, "module: {}", words::module(module))?;
            }
            out.flush()?;
        }
    }
    Ok(true)
}
