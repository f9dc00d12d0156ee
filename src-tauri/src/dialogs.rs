//! The system's own dialogs, by rfd.

use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Problem};
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager as _};

use crate::refusal::Refusal;

vocabulary! {
    /// The purpose of a file.
    FilePurpose {
        /// A public key to enrol.
        PublicKey = "public_key",
        /// A private key to sign with.
        KeyFile = "key_file",
        /// A PKCS#11 module.
        Module = "module",
        /// The place of a new private key.
        NewKeyFile = "new_key_file",
        /// A keyring.
        Keyring = "keyring",
        /// A root that attestations may lead to.
        TrustRoot = "trust_root",
        /// A certificate of a key.
        Certificate = "certificate",
        /// A list of revoked certificates.
        RevocationList = "revocation_list",
        /// A transparency log.
        Log = "log",
        /// An authority ledger.
        Ledger = "ledger",
        /// Evidence of where a key is held.
        Evidence = "evidence",
        /// A pack to review.
        Pack = "pack",
        /// A reviewer's finding.
        Finding = "finding",
        /// A release that people vouch for.
        Release = "release",
        /// A disclosure.
        Disclosure = "disclosure",
        /// A file that is said to be disclosed.
        Disclosed = "disclosed",
        /// The place of a history in CSV.
        HistoryCsv = "history_csv",
        /// The place of a history in JSON, one object a line.
        HistoryJson = "history_json",
        /// Envelopes that were exported elsewhere.
        Import = "import",
        /// The place of a new file or folder.
        New = "new",
    }
}

vocabulary! {
    /// The purpose of a directory.
    DirectoryPurpose {
        /// To be opened.
        Open = "open",
        /// For a review, without changing anything.
        Review = "review",
        /// Copies in it are to be united with what is open.
        Merge = "merge",
        /// Responses of a time-stamping authority are in it.
        Times = "times",
        /// The files that a run was made from are below it.
        Inputs = "inputs",
        /// Something else is to be found in it.
        Other = "other",
    }
}

vocabulary! {
    /// The purpose of several files.
    FilesPurpose {
        /// Copies of envelopes that were signed elsewhere.
        Copies = "copies",
        /// Responses of a time-stamping authority.
        Responses = "responses",
    }
}

/// Asks for a directory.
///
/// # Errors
/// Fails if no dialog can be shown.
pub async fn directory(
    app: &AppHandle,
    purpose: DirectoryPurpose,
) -> Result<Option<String>, Problem> {
    let title = match purpose {
        DirectoryPurpose::Open => "Open a directory of sealed runs",
        DirectoryPurpose::Review => "A directory to review",
        DirectoryPurpose::Merge => "A directory with copies",
        DirectoryPurpose::Times => "A folder of requests with responses",
        DirectoryPurpose::Inputs => "The directory of the inputs",
        DirectoryPurpose::Other => "A directory",
    };
    ask(app, move |dialog| {
        let chosen = dialog.set_title(title).pick_folder();
        Box::pin(async move { chosen.await.map(|folder| vec![folder]) })
    })
    .await
    .map(first)
}

/// Asks for any number of files.
///
/// # Errors
/// Fails if no dialog can be shown.
pub async fn files(app: &AppHandle, purpose: FilesPurpose) -> Result<Option<Vec<String>>, Problem> {
    ask(app, move |dialog| {
        let dialog = match purpose {
            FilesPurpose::Copies => dialog.set_title("Copies signed elsewhere"),
            FilesPurpose::Responses => dialog
                .set_title("Responses of a time-stamping authority")
                .add_filter("Responses", &["tsr"])
                .add_filter("All files", &["*"]),
        };
        Box::pin(dialog.pick_files())
    })
    .await
}

fn first(chosen: Option<Vec<String>>) -> Option<String> {
    chosen.and_then(|chosen| chosen.into_iter().next())
}

/// Asks for a file.
///
/// # Errors
/// Fails if no dialog can be shown.
pub async fn file(app: &AppHandle, purpose: FilePurpose) -> Result<Option<String>, Problem> {
    ask(app, move |dialog| {
        let chosen: OneAnswer = match purpose {
            FilePurpose::PublicKey => Box::pin(
                dialog
                    .set_title("A public key, or a signature file with one")
                    .add_filter("Public keys and signatures", &["pem", "pub", "json", "txt"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::KeyFile => Box::pin(dialog.set_title("A private key file").pick_file()),
            FilePurpose::Module => Box::pin(dialog.set_title("A PKCS#11 module").pick_file()),
            FilePurpose::NewKeyFile => Box::pin(
                dialog
                    .set_title("Save the new key")
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
            FilePurpose::Certificate => Box::pin(
                dialog
                    .set_title("A certificate")
                    .add_filter("Certificates", &["pem", "crt", "cer", "der"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::RevocationList => Box::pin(
                dialog
                    .set_title("A revocation list")
                    .add_filter("Revocation lists", &["crl", "pem", "der"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::Log => Box::pin(dialog.set_title("A transparency log").pick_file()),
            FilePurpose::Ledger => Box::pin(dialog.set_title("An authority ledger").pick_file()),
            FilePurpose::Evidence => Box::pin(
                dialog
                    .set_title("Evidence of where a key is held")
                    .add_filter("JSON", &["json"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::HistoryCsv => Box::pin(history(dialog, "history.csv").save_file()),
            FilePurpose::HistoryJson => Box::pin(history(dialog, "history.ndjson").save_file()),
            FilePurpose::Finding => Box::pin(
                dialog
                    .set_title("A finding")
                    .add_filter("Findings", &["json"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::Release => Box::pin(
                dialog
                    .set_title("A release")
                    .add_filter("Releases", &["json"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::Disclosure => Box::pin(
                dialog
                    .set_title("A disclosure")
                    .add_filter("Disclosures", &["json"])
                    .add_filter("All files", &["*"])
                    .pick_file(),
            ),
            FilePurpose::Disclosed => {
                Box::pin(dialog.set_title("The file that was disclosed").pick_file())
            }
            FilePurpose::Pack => packed(dialog.set_title("A pack to review")),
            FilePurpose::Import => packed(dialog.set_title("Envelopes to import")),
            FilePurpose::New => {
                Box::pin(dialog.set_title("Name and place of the new file").save_file())
            }
        };
        Box::pin(async move { chosen.await.map(|file| vec![file]) })
    })
    .await
    .map(first)
}

fn history(dialog: AsyncFileDialog, name: &str) -> AsyncFileDialog {
    dialog.set_title("Save the history").set_file_name(name)
}

fn packed(dialog: AsyncFileDialog) -> OneAnswer {
    let dialog = dialog.add_filter("Packs and exports", &["zip"]);
    Box::pin(dialog.add_filter("All files", &["*"]).pick_file())
}

type OneAnswer = std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>>;
type Answer = std::pin::Pin<Box<dyn Future<Output = Option<Vec<rfd::FileHandle>>> + Send>>;

/// Shows a dialog over the window. The toolkit wants it made on the window's own thread, and is
/// waited for elsewhere.
async fn ask(
    app: &AppHandle,
    show: impl FnOnce(AsyncFileDialog) -> Answer + Send + 'static,
) -> Result<Option<Vec<String>>, Problem> {
    let failed = || Refusal::NoDialog.problem();
    let (answer, answered) = tokio::sync::oneshot::channel();
    let window = app.get_webview_window(crate::window::LABEL);
    app.run_on_main_thread(move || {
        let dialog = AsyncFileDialog::new();
        let dialog = match &window {
            Some(window) => dialog.set_parent(window),
            None => dialog,
        };
        // Fails only if no receiver is left.
        let _ = answer.send(show(dialog));
    })
    .map_err(|_| failed())?;
    let chosen = answered.await.map_err(|_| failed())?.await;
    let path = |file: &rfd::FileHandle| file.path().to_string_lossy().into_owned();
    Ok(chosen.map(|files| files.iter().map(path).collect()))
}
