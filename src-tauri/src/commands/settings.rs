//! The settings.

use countersign_app::clock::now;
use countersign_problem::Problem;
use std::path::Path;

use countersign_app::exempt::{self, Unclaimed};
use countersign_app::settings::{Language, Settings, SettingsError};
use countersign_app::signer_profiles::{self, AgentKeyView};
use countersign_app::signer_templates::{
    self, FieldProblem, NewTemplateSigner, TemplateFields, TemplateView,
};
use countersign_app::text_size::{TextSize, TextSizeStep};
use countersign_ceremony::devices::Known;
use countersign_ceremony::modules;
use countersign_ceremony::signer_probe::{Draft, PartView, Report};
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_ceremony::tokens::ModuleView;
use countersign_problem::visible::visible;
use countersign_signers::Unattended;
use countersign_signers::devices::Module;
use countersign_signers::pkcs11::discovery;
use countersign_store::directory;
use countersign_store::judgement::RunsToJudge;
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::station::Station;

/// The settings as they are shown.
#[derive(Debug, Serialize, Type)]
pub struct SettingsView {
    /// The settings in force.
    pub settings: Settings,
    /// The keyring's default path.
    pub default_keyring: String,
    /// The damaged settings, which have their defaults.
    pub problems: Vec<Problem>,
    /// Where the damaged file was kept.
    pub kept_aside: Option<String>,
    /// The PKCS#11 modules: those in use with what they came to, and those found on this machine.
    pub modules: Vec<ModuleView>,
    /// The templates of signers.
    pub templates: Vec<TemplateView>,
    /// The template that each signer was made from, in the order of the signers; null for those that
    /// were made from none.
    pub made_from: Vec<Option<TemplateFields>>,
}

/// The result of a probe.
#[derive(Debug, Serialize, Type)]
pub struct ProbeView {
    /// The signer as it may sign from then on; null if it did not pass.
    pub signer: Option<SignerProfile>,
    /// What was found, part by part.
    pub parts: Vec<PartView>,
}

impl From<Report> for ProbeView {
    fn from(report: Report) -> Self {
        let parts = report.views();
        Self { signer: report.outcome.ok().map(|(signer, _)| signer), parts }
    }
}

/// The settings and what is wrong with them.
#[tauri::command]
#[specta::specta]
pub async fn settings(station: Held<'_>) -> Result<SettingsView, Problem> {
    off_thread(&station, |station| {
        station.settings_read_again();
        Ok(view(station))
    })
    .await
}

/// Saves settings; refused as a whole if any of them is invalid.
#[tauri::command]
#[specta::specta]
pub async fn settings_save(station: Held<'_>, settings: Settings) -> Result<SettingsView, Problem> {
    off_thread(&station, move |station| {
        station.save(to_save(station, settings)?)?;
        Ok(view(station))
    })
    .await
}

/// Settings that a person edited, as they are saved: what counts without a claim now is exempt if
/// claims are required from then on.
pub(super) fn to_save(station: &Station, settings: Settings) -> Result<Settings, Problem> {
    let before = station.settings();
    let mut settings = settings.edited(&before)?;
    exempt::when_required(&before.policy, &mut settings.policy, || unclaimed(station))?;
    Ok(settings)
}

/// Shows everything larger, smaller or at its normal size, and keeps that; the size after it.
#[tauri::command]
#[specta::specta]
pub async fn text_size(station: Held<'_>, step: TextSizeStep) -> Result<TextSize, Problem> {
    off_thread(&station, move |station| station.change_text_size(step)).await
}

/// The language that the person chose.
#[tauri::command]
#[specta::specta]
pub async fn language(station: Held<'_>) -> Result<Language, Problem> {
    off_thread(&station, |station| Ok(station.settings().language)).await
}

/// The signatures of the open directory that count without a claim.
fn unclaimed(station: &Station) -> Result<Vec<Unclaimed>, Problem> {
    let Some(open) = station.open() else { return Ok(Vec::new()) };
    let found = directory::find(&open.root)?;
    let context = open.queue.context();
    let (root, runs) = (&*open.root, &*found.runs);
    let all = RunsToJudge { root, runs, judge: &context.judge(), logs: &context.logs };
    Ok(exempt::unclaimed(all, || ()))
}

/// Tries an external signer on a random digest before it may sign.
#[tauri::command]
#[specta::specta]
pub async fn signer_probe(station: Held<'_>, signer: SignerProfile) -> Result<ProbeView, Problem> {
    off_thread(&station, move |station| try_out(station, signer.into())).await
}

/// What is wrong with the fields of a template.
#[tauri::command]
#[specta::specta]
pub async fn signer_template_check(
    station: Held<'_>,
    given: TemplateFields,
) -> Result<Vec<FieldProblem>, Problem> {
    off_thread(&station, move |_| Ok(signer_templates::check(&given))).await
}

/// Tries a signer from a template.
#[tauri::command]
#[specta::specta]
pub async fn signer_template_probe(
    station: Held<'_>,
    signer: NewTemplateSigner,
) -> Result<ProbeView, Problem> {
    off_thread(&station, move |station| {
        let draft = signer.draft(&station.workspace())?;
        try_out(station, draft)
    })
    .await
}

fn try_out(station: &Station, draft: Draft) -> Result<ProbeView, Problem> {
    let root = station.open().map(|open| open.root);
    let report =
        signer_profiles::try_out(&station.workspace(), draft, root.as_deref(), &Unattended);
    // A command may have used an attempt.
    station.look_again();
    Ok(report?.into())
}

/// The keys in an SSH agent: the one at a socket, or the one that the environment names.
#[tauri::command]
#[specta::specta]
pub async fn agent_keys(
    station: Held<'_>,
    socket: Option<String>,
) -> Result<Vec<AgentKeyView>, Problem> {
    off_thread(&station, move |_| {
        Ok(signer_profiles::agent_keys(socket.as_deref().map(Path::new), &Unattended)?)
    })
    .await
}

/// The SHA-256 of a module's file, for a person who is about to trust its statements about
/// hardware.
#[tauri::command]
#[specta::specta]
pub async fn module_sha256(station: Held<'_>, path: String) -> Result<String, Problem> {
    off_thread(&station, move |_| {
        let read = modules::read(Path::new(&path));
        read.map(|(_, digest)| digest.hex())
            .map_err(|error| Problem::from(SettingsError::from(error)))
    })
    .await
}

fn view(station: &Station) -> SettingsView {
    let (problems, kept_aside) = station.settings_problems();
    let settings = station.settings();
    let in_use = settings.modules();
    let ((keyring, roots), names) = (station.trust(), station.names());
    let known = Known { keyring: &keyring, roots: &roots, names: &names, now: now() };
    let watched = station.devices().modules;
    let found = discovery::find();
    let of = |module: &Module| ModuleView::of(module, known);
    let not_in_use =
        found.iter().filter(|module| !in_use.iter().any(|one| one.is_at(&module.path)));
    let modules = watched
        .iter()
        .filter(|module| in_use.contains(&module.file))
        .map(of)
        .chain(not_in_use.map(ModuleView::found))
        .collect();
    SettingsView {
        modules,
        templates: signer_templates::all(),
        made_from: settings.signers.iter().map(signer_templates::made_from).collect(),
        settings,
        default_keyring: visible(&station.places.keyring.to_string_lossy()),
        problems,
        kept_aside: kept_aside.map(|path| visible(&path.to_string_lossy())),
    }
}
