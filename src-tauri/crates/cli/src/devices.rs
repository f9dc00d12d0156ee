//! `countersign devices`: the YubiKeys that are plugged in; and which of them other commands mean.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use comfy_table::{Table, presets};
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_envelope::visible::visible;
use countersign_signers::devices::{Devices, Monitor, Service};
use countersign_signers::piv::token::{Token, parse_slot};
use countersign_signers::pkcs11::module_file::ModuleFile;
use countersign_station::devices::{DeviceKey, DeviceKind, DeviceView, DevicesView};
use countersign_station::journal::Event;
use countersign_station::tokens::{ModuleStanding, ModuleView};
use serde_json::json;
use std::sync::Arc;

use crate::args::{DevicesArgs, PivArgs};
use crate::error::CliError;
use crate::policy_args::{self, now};
use crate::{journal, output, pkcs11};

/// How long is waited for cards to be read: longer than the monitor does before it gives one up.
const READ: Duration = Duration::from_secs(40);

pub fn run(args: &DevicesArgs) -> Result<bool, CliError> {
    let keyring = policy_args::keyring(args.keyring.keyring.as_ref())?;
    let roots = policy_args::attestation_roots(&args.roots, &args.keyring)?;
    if args.watch {
        return watch(args, &keyring, &roots);
    }
    let monitor = Monitor::start(|_| {});
    let modules = modules(args)?;
    monitor.set_modules(&modules);
    let devices = monitor.settled(READ);
    let view = DevicesView::of(&devices, &keyring, &roots, now());
    let mut out = output::stdout();
    if args.json {
        serde_json::to_writer(&mut out, &view).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        if view.problem.is_none() && view.devices.is_empty() {
            writeln!(out, "No YubiKey is plugged in.")?;
        }
        if args.pkcs11 && modules.is_empty() {
            writeln!(out, "No PKCS#11 module is on this machine; name one with --module.")?;
        }
        for device in &view.devices {
            write!(out, "{}", said(device))?;
        }
        for module in &view.modules {
            write!(out, "{}", pkcs11::said(module))?;
        }
    }
    // Of what somebody named something has to be of use.
    let named: Vec<_> = args
        .modules
        .iter()
        .map(|named| visible(&ModuleFile::new(named).path.to_string_lossy()))
        .collect();
    let named = view.modules.iter().filter(|module| named.contains(&module.path));
    let unusable: Option<Vec<String>> = named
        .map(|module| {
            let problem = module.problem.as_ref()?;
            Some(format!("{}: {}. {}", module.path, problem.message, problem.hint))
        })
        .collect();
    if let Some(unusable) = unusable.filter(|unusable| !unusable.is_empty()) {
        return Err(CliError::Usage(unusable.join(" · ")));
    }
    match view.problem {
        // What was asked for was the modules, and they need no smart card service.
        Some(_) if !modules.is_empty() => Ok(true),
        Some(problem) => Err(CliError::Usage(format!("{}. {}", problem.message, problem.hint))),
        None => Ok(true),
    }
}

/// The PKCS#11 modules that are to be looked into: those that are named and no others.
fn modules(args: &DevicesArgs) -> Result<Vec<ModuleFile>, CliError> {
    if args.modules.is_empty() && !args.pkcs11 {
        return Ok(Vec::new());
    }
    pkcs11::files(&args.modules, &args.start, &args.settings)
}

/// Tells of every change until interrupted.
fn watch(
    args: &DevicesArgs,
    keyring: &Keyring,
    roots: &AttestationRoots,
) -> Result<bool, CliError> {
    let json = args.json;
    let journal = journal::open_if_any(&args.journal);
    let mut journalled = Devices::default();
    let (sender, changes) = mpsc::channel();
    let sender = Mutex::new(sender);
    let monitor = Monitor::start(move |devices: &Devices| {
        if let Ok(sender) = sender.lock() {
            // Where nobody listens any more, the program is ending.
            let _ = sender.send(devices.clone());
        }
    });
    monitor.set_modules(&modules(args)?);
    let mut before: BTreeMap<String, DeviceView> = BTreeMap::new();
    let mut modules_before: BTreeMap<String, ModuleView> = BTreeMap::new();
    let mut service = None;
    let mut out = output::stdout();
    while let Ok(devices) = changes.recv() {
        for event in Event::of_devices(&journalled, &devices) {
            journal::note(journal.as_ref(), &event);
        }
        journalled = devices.clone();
        let view = DevicesView::of(&devices, keyring, roots, now());
        let mut tell = |event: &str, device: Option<&DeviceView>| {
            if json {
                let line = json!({ "event": event, "device": device, "problem": view.problem });
                writeln!(out, "{line}")
            } else {
                match (device, &view.problem) {
                    (Some(device), _) => write!(out, "{event}: {}", said(device)),
                    (None, Some(problem)) => {
                        writeln!(out, "{event}: {}. {}", problem.message, problem.hint)
                    }
                    (None, None) => writeln!(out, "{event}: pcscd is there"),
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
                writeln!(out, "{}", json!({ "event": "module", "module": module }))?;
            } else {
                write!(out, "module: {}", pkcs11::said(module))?;
            }
            out.flush()?;
        }
    }
    Ok(true)
}

/// A device as a person reads it.
fn said(device: &DeviceView) -> String {
    let mut text = device.name.clone();
    let mut add = |part: String| {
        text.push_str(" · ");
        text.push_str(&part);
    };
    if device.virtual_card {
        add("virtual".to_owned());
    }
    device.serial.into_iter().for_each(|serial| add(serial.to_string()));
    device.firmware.iter().for_each(|firmware| add(format!("firmware {firmware}")));
    match device.pin_tries {
        Some(0) => add("PIN blocked".to_owned()),
        Some(1) => add("1 try of the PIN left".to_owned()),
        Some(tries) => add(format!("{tries} tries of the PIN left")),
        None => {}
    }
    if device.kind == DeviceKind::Reading {
        add("being read".to_owned());
    }
    text.push('\n');
    if let Some(problem) = &device.problem {
        text.push_str(&format!("  {}. {}\n", problem.message, problem.hint));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    for key in &device.keys {
        let policy = |what: &str, policy: &Option<String>| match policy {
            Some(policy) => format!("{what} {policy}"),
            None => format!("{what} ?"),
        };
        let mut about = Vec::new();
        if let (Some(id), Some(owner)) = (&key.key_id, &key.owner) {
            about.push(format!("{id} of {owner}"));
        }
        about.extend(key.attestation.as_ref().map(|attestation| attestation.words.clone()));
        about.extend(key.problem.clone());
        table.add_row([
            format!("  {}", key.slot),
            key.key_type.clone(),
            policy("PIN", &key.pin_policy),
            policy("touch", &key.touch_policy),
            key.origin.clone().unwrap_or_default(),
            about.join("; "),
        ]);
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for warning in blocked(device).iter().chain(&device.warnings) {
        text.push_str(&format!("  warning: {warning}\n"));
    }
    text
}

/// What it means that no attempt at the PIN or PUK is left.
fn blocked(device: &DeviceView) -> Option<String> {
    let blocked = match (device.pin_tries, device.puk_tries) {
        (Some(0), Some(0)) => {
            "PIN and PUK are blocked: no key that asks for the PIN signs any more. Only a reset (ykman piv reset) makes the YubiKey usable, and it destroys the keys."
        }
        (Some(0), _) => "The PIN is blocked: unblock it with the PUK (countersign pin unblock).",
        (_, Some(0)) => {
            "The PUK is blocked: the keys still sign with the PIN, and nothing can unblock it any more."
        }
        _ => return None,
    };
    Some(blocked.to_owned())
}

/// The YubiKey that is meant, by its serial where several are plugged in.
pub fn token(serial: Option<u32>) -> Result<Arc<Token>, CliError> {
    let devices = Monitor::start(|_| {}).settled(READ);
    find_token(&devices, serial)
}

fn find_token(devices: &Devices, serial: Option<u32>) -> Result<Arc<Token>, CliError> {
    if let Service::Missing(why) = &devices.service {
        return Err(CliError::Usage(format!(
            "no YubiKey can be seen: the smart card service (pcscd) is not running ({why}); start it with: systemctl start pcscd.socket"
        )));
    }
    let tokens: Vec<_> = devices.tokens().collect();
    let names = || tokens.iter().map(|token| token.name()).collect::<Vec<_>>().join(", ");
    let found = match (serial, tokens.as_slice()) {
        (Some(serial), _) => {
            tokens.iter().find(|token| token.serial == Some(serial)).ok_or_else(|| {
                match tokens.is_empty() {
                    true => format!("YubiKey {serial} is not plugged in; insert it and try again"),
                    false => format!("YubiKey {serial} is not plugged in, only {}", names()),
                }
            })
        }
        (None, [token]) => Ok(token),
        (None, []) => Err(match unusable(devices) {
            Some(why) => why,
            None => "no YubiKey is plugged in; insert it and try again".to_owned(),
        }),
        (None, several) if several.iter().all(|token| token.serial.is_some()) => {
            Err(format!("several YubiKeys are plugged in ({}); name the serial", names()))
        }
        (None, _) => Err(format!(
            "several YubiKeys are plugged in ({}), and not all tell their serial; pull out all but one",
            names()
        )),
    };
    found.map(|token| Arc::clone(token)).map_err(CliError::Usage)
}

/// Why what is plugged in cannot be used.
fn unusable(devices: &Devices) -> Option<String> {
    let view = DevicesView::of(devices, &Keyring::default(), &AttestationRoots::default(), now());
    let device = view.devices.into_iter().next()?;
    Some(match device.problem {
        Some(problem) => format!("{}: {}. {}", device.reader, problem.message, problem.hint),
        None => format!("{}: the card in it is still being read; try again", device.reader),
    })
}

/// The key that is meant.
pub fn key(args: &PivArgs) -> Result<DeviceKey, CliError> {
    let serial = match &args.piv {
        Some(Some(text)) => Some(text.parse().map_err(|_| {
            let text = visible(text);
            CliError::Usage(format!(
                "{text:?} is no serial; give the digits that are on the YubiKey"
            ))
        })?),
        _ => None,
    };
    let devices = Monitor::start(|_| {}).settled(READ);
    let token = find_token(&devices, serial)?;
    let slot = match &args.slot {
        None => None,
        Some(text) => Some(parse_slot(text).ok_or_else(|| {
            let text = visible(text);
            CliError::Usage(format!("{text:?} is no slot; give 9a, 9c, 9d, 9e or 82 to 95"))
        })?),
    };
    let keys: Vec<_> = DeviceKey::all(&devices)
        .into_iter()
        .filter(|key| Arc::ptr_eq(&key.token, &token))
        .collect();
    let found = match slot {
        Some(slot) => keys.into_iter().find(|key| key.key.slot == slot),
        None => keys.into_iter().next(),
    };
    found.ok_or_else(|| {
        CliError::Usage(match &args.slot {
            Some(slot) => format!("{}: there is no key that can sign in slot {slot}", token.name()),
            None => format!(
                "{}: there is no key that can sign; generate one with `ykman piv keys generate 9c`",
                token.name()
            ),
        })
    })
}
