//! Events that the window receives.

use countersign_app::yubikey_setup::SetupChange;
use countersign_ceremony::act::view::ActView;
use countersign_ceremony::finding_act::FindingActView;
use serde::Serialize;
use specta::Type;
use tauri_specta::Event;

use crate::station_view::StationView;

/// Directory, progress or troubles changed.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct StationChanged {
    /// As it is now.
    pub station: StationView,
}

/// Rows came, went or changed; at most ten times a second.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct QueueChanged {
    /// The queue's revision.
    pub revision: u32,
}

/// An act of signing has come further; at most twenty times a second, and at once if it waits for the
/// person.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct ActChanged {
    /// As it is now.
    pub act: ActView,
}

/// The preview of a change of trust has come further; at most ten times a second.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct TrustPreviewProgress {
    /// How many envelopes are judged.
    pub done: u32,
    /// How many there are.
    pub total: u32,
}

/// The signing of a finding has come further.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct FindingChanged {
    /// As it is now.
    pub act: FindingActView,
}

/// A merge has come further; at most ten times a second.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct MergeProgress {
    /// How many envelopes are done.
    pub done: u32,
    /// How many there are copies of.
    pub total: u32,
}

/// Comparing the files that a run was made from has come further; at most ten times a second.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct InputsProgress {
    /// How many bytes are compared.
    #[specta(type = u32)]
    pub done: u64,
    /// How many there are.
    #[specta(type = u32)]
    pub total: u64,
}

/// The set-up of a YubiKey has come further.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct YubikeySetupProgress {
    /// What was changed, in order.
    pub done: Vec<SetupChange>,
    /// What is being changed.
    pub doing: Option<SetupChange>,
    /// Within how many seconds it is to be touched; null if it waits for none.
    pub touch_seconds: Option<u32>,
}
