//! The window of the signing station: a thin skin over the engine. It holds no rule of its own.
//!
//! | question | module |
//! |---|---|
//! | What may the window ask for? | [`commands`] |
//! | What does it hear of its own accord? | [`events`] |
//! | What stands behind it: directory, settings, ceremony? | [`station`]; as it is shown, [`station_view`] |
//! | Which files are the station's own? | [`places`] |
//! | What holds the settings? | `settings_store` |
//! | What may the window show, and where may it go? | [`window`] |
//! | How is a report shown to be printed? | [`report_window`] |
//! | How does a demonstration have a YubiKey? | [`demo_key`] |
//! | How does a person open a demonstration from here? | [`demo_station`] |
//! | How long did it take to be there? | [`milestones`] |
//! | Where do its TypeScript types come from? | [`bindings`] |

pub mod args;
pub mod bindings;
pub mod commands;
pub mod demo_key;
pub mod demo_station;
pub mod dialogs;
pub mod events;
pub mod milestones;
pub mod places;
mod refusal;
pub mod report_window;
mod settings_store;
pub mod station;
pub mod station_view;
pub mod window;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use countersign_signers::lifetime;
use tauri::Manager as _;

use crate::args::Args;
use crate::milestones::Milestones;
use crate::station::{Station, Wanted};

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    let args = Args::parse();
    // If no handler can be set, a signal ends it as it ends any program.
    #[cfg(unix)]
    let _ = lifetime::end_commands_on_signals(|| ());
    let milestones = Milestones::new(args.milestones);
    match build(args, milestones) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let error = start_again_if_another_ended(error);
            // If standard error is closed, there is no one to notify.
            let _ = writeln!(
                std::io::stderr(),
                "error: the window cannot be opened: {error}; check that there is a display, or use `countersign` without one"
            );
            ExitCode::FAILURE
        }
    }
}

fn build(args: Args, milestones: Milestones) -> Result<(), Box<dyn std::error::Error>> {
    let builder = bindings::builder();
    let handler = builder.invoke_handler();
    let mut app = tauri::Builder::default();
    // A station with a state of its own is another station.
    let mut instance = tauri_plugin_single_instance::Builder::new().callback(show_again);
    if let Some(state) = &args.state {
        instance = instance.dbus_id(own_name(state));
    }
    app = report_window::serve(app);
    app = app.plugin(instance.build()).plugin(tauri_plugin_store::Builder::new().build());
    if args.state.is_none() && !args.demo {
        app = app.plugin(tauri_plugin_window_state::Builder::new().build());
    }
    app.invoke_handler(handler)
        .setup(move |app| {
            builder.mount_events(app);
            let station = Arc::new(Station::new(app.handle().clone(), &args, milestones)?);
            app.manage(Arc::clone(&station));
            station.listen_to_the_disk();
            window::open(app, args.demo, station.settings().text_size)?;
            station.watch_devices(args.virtual_yubikey.as_deref());
            let wanted = Wanted::of(&args).or_else(|| {
                let last = station.settings().directory;
                last.map(|directory| Wanted::Directory(PathBuf::from(directory)))
            });
            if let Some(wanted) = wanted {
                // Not waited for: the window is there first.
                std::thread::spawn(move || station.open_at_start(&wanted));
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            // A person who comes back has perhaps been at the command line.
            if matches!(event, tauri::WindowEvent::Focused(true))
                && let Some(station) = window.try_state::<Arc<Station>>()
            {
                let station = Arc::clone(&station);
                std::thread::spawn(move || station.settings_read_again());
            }
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if matches!(event, tauri::RunEvent::Exit)
                && let Some(station) = app.try_state::<Arc<Station>>()
            {
                station.close();
                lifetime::end_commands();
            }
        });
    Ok(())
}

/// Starts this program again, once, if it found another instance that ended before it took the
/// request to show its window: a person closes the window and opens it at once. Returns only if
/// that is not what happened, with the error.
#[cfg(unix)]
fn start_again_if_another_ended(error: Box<dyn std::error::Error>) -> Box<dyn std::error::Error> {
    use std::os::unix::process::CommandExt as _;
    const STARTED_AGAIN: &str = "COUNTERSIGN_STARTED_AGAIN";
    let by_other = matches!(
        error.downcast_ref(),
        Some(tauri::Error::PluginInitialization(plugin, _)) if plugin == "single-instance"
    );
    if !by_other || std::env::var_os(STARTED_AGAIN).is_some() {
        return error;
    }
    let Ok(program) = std::env::current_exe() else { return error };
    let arguments = std::env::args_os().skip(1);
    let failed = std::process::Command::new(program).args(arguments).env(STARTED_AGAIN, "1").exec();
    Box::new(failed)
}

#[cfg(not(unix))]
fn start_again_if_another_ended(error: Box<dyn std::error::Error>) -> Box<dyn std::error::Error> {
    error
}

/// A second start brings the existing window to the front, and opens its path there.
fn show_again(app: &tauri::AppHandle, arguments: Vec<String>, started_in: String) {
    if let Some(window) = app.get_webview_window(window::LABEL) {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
    let args = Args::try_parse_from(arguments).ok();
    if let Some(wanted) = args.and_then(|args| Wanted::of(&args))
        && let Some(station) = app.try_state::<Arc<Station>>()
    {
        let station = Arc::clone(&station);
        let wanted = wanted.seen_from(&PathBuf::from(started_in));
        std::thread::spawn(move || station.open_at_start(&wanted));
    }
}

/// The name on the bus of a station with a state of its own.
fn own_name(state: &std::path::Path) -> String {
    let state = std::path::absolute(state).unwrap_or_else(|_| state.to_owned());
    let digest = countersign_envelope::digest::Digest::of(state.to_string_lossy().as_bytes());
    // A name's parts begin with a letter.
    format!("org.countersign.station.s{}", &digest.hex()[..16])
}
