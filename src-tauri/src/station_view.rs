//! The station as a whole, as the window shows it.

use countersign_admissibility::policy::Weakness;
use countersign_app::at_hand::PersonAtHand;
use countersign_app::review::ReviewView;
use countersign_app::settings::Theme;
use countersign_app::text_size::TextSize;
use countersign_ceremony::devices::DevicesView;
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_envelope::signature::SignerType;
use countersign_index::queue::{LogAlarm, Presence, Progress};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Said, Words};
use serde::Serialize;
use specta::Type;

use crate::demo_key::DemoKeyView;

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
    /// The reading and judging in progress.
    pub progress: Option<Progress>,
    /// Whether the person broke that off.
    pub stopped: bool,
    /// The review, if the open directory is not the person's own.
    pub review: Option<ReviewView>,
    /// In what the policy that what is open is judged by is weaker than the default.
    pub weaknesses: Vec<Weakness>,
    /// How many conflict copies in the directory would add something to an envelope.
    pub conflict_copies: u32,
    /// Problems that a person should know of.
    pub troubles: Vec<Problem>,
    /// The logs that cannot be relied on.
    pub log_alarms: Vec<LogAlarm>,
    /// What can sign here.
    pub signers: Vec<SignerSummary>,
    /// Whose keys are at hand in the open directory.
    pub people_at_hand: Vec<PersonAtHand>,
    /// The devices that are plugged in.
    pub devices: DevicesView,
    /// The virtual YubiKey of the demonstration.
    pub demo_key: Option<DemoKeyView>,
    /// How the window looks.
    pub theme: Theme,
    /// How large the window shows everything.
    pub text_size: TextSize,
}

/// A signer, for the strip.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SignerSummary {
    /// Its name.
    pub name: String,
    /// What holds the key.
    pub kind: SignerType,
    /// The key's id.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// A description.
    pub about: Said,
    /// Why it cannot sign now.
    pub problem: Option<Said>,
}

impl SignerSummary {
    /// Of a profile.
    pub fn of(profile: &SignerProfile) -> Self {
        Self {
            name: visible(&profile.name),
            kind: profile.kind(),
            key_id: visible(&profile.key_id),
            signer_id: visible(&profile.signer_id),
            about: profile.about().into(),
            problem: profile.check_ready().err().map(|error| Words::from(error.problem()).into()),
        }
    }
}
