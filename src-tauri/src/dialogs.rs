//! The system's own dialogs, by rfd.

use countersign_envelope::vocabulary;
use countersign_station::failure::Failure;
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager as _};

vocabulary! {
    /// What a file is wanted for.
    FilePurpose {
        /// A public key to enrol.
        PublicKey = "public_key",
        /// A private key to sign with.
        KeyFile = "key_file",
        /// The place of a new private key.
        NewKeyFile = "new_key_file",
        /// A keyring.
        Keyring = "keyring",
        /// A root that attestations may lead to.
        TrustRoot = "trust_root",
        /// A transparency log.
        Log = "log",
        /// An authority ledger.
        Ledger = "ledger",
        /// The place of a history in CSV.
        HistoryCsv = "history_csv",
        /// The place of a history in JSON, one object a line.
        HistoryJson = "history_json",
    }
}

/// Asks for a directory.
///
/// # Errors
/// Where no dialog can be shown.
pub async fn directory(app: &AppHandle) -> Result<Option<String>, Failure> {
    ask(app, |dialog| {
        let chosen = dialog.set_title("Open a directory of sealed runs").pick_folder();
        Box::pin(chosen)
    })
    .await
}

/// Asks for a file.
///
/// # Errors
/// Where no dialog can be shown.
pub async fn file(app: &AppHandle, purpose: FilePurpose) -> Result<Option<String>, Failure> {
    ask(app, move |dialog| match purpose {
        FilePurpose::PublicKey => Box::pin(
            dialog
                .set_title("A public key, or a signature that brings one")
                .add_filter("Public keys and signatures", &["pem", "pub", "json", "txt"])
                .add_filter("All files", &["*"])
                .pick_file(),
        ),
        FilePurpose::KeyFile => Box::pin(dialog.set_title("A private key file").pick_file()),
        FilePurpose::NewKeyFile => Box::pin(
            dialog
                .set_title("Where the new key is kept")
                .set_file_name(format!("signing.{}", countersign_signers::key_file::EXTENSION))
                .save_file(),
        ),
        FilePurpose::Keyring => Box::pin(dialog.set_title("A keyring").pick_file()),
        FilePurpose::TrustRoot => Box::pin(
            dialog
                .set_title("A root certificate")
                .add_filter("Certificates", &["pem", "crt", "cer"])
                .add_filter("All files", &["*"])
                .pick_file(),
        ),
        FilePurpose::Log => Box::pin(dialog.set_title("A transparency log").pick_file()),
        FilePurpose::Ledger => Box::pin(dialog.set_title("An authority ledger").pick_file()),
        FilePurpose::HistoryCsv => Box::pin(history(dialog, "history.csv").save_file()),
        FilePurpose::HistoryJson => Box::pin(history(dialog, "history.ndjson").save_file()),
    })
    .await
}

fn history(dialog: AsyncFileDialog, name: &str) -> AsyncFileDialog {
    dialog.set_title("Where the history is written").set_file_name(name)
}

type Answer = std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>>;

/// Shows a dialog over the window. The toolkit wants it made on the window's own thread, and is
/// waited for elsewhere.
async fn ask(
    app: &AppHandle,
    show: impl FnOnce(AsyncFileDialog) -> Answer + Send + 'static,
) -> Result<Option<String>, Failure> {
    let failed =
        || Failure::new("no_dialog", "The system shows no dialog", "Type the path instead");
    let (answer, answered) = tokio::sync::oneshot::channel();
    let window = app.get_webview_window(crate::window::LABEL);
    app.run_on_main_thread(move || {
        let dialog = AsyncFileDialog::new();
        let dialog = match &window {
            Some(window) => dialog.set_parent(window),
            None => dialog,
        };
        // Fails only where nobody waits any more.
        let _ = answer.send(show(dialog));
    })
    .map_err(|_| failed())?;
    let chosen = answered.await.map_err(|_| failed())?.await;
    Ok(chosen.map(|file| file.path().to_string_lossy().into_owned()))
}
