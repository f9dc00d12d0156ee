//! Setting up a YubiKey: planned, then done as it was planned.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_app::clock::now;
use countersign_app::yubikey_setup::{
    self, Confirmed, NewKeyKind, NewPinPolicy, NewTouchPolicy, Plan, SetupAttend, SetupChange,
    SlotUse, Wish,
};
use countersign_app::yubikey_setup_view::{SetUpView, SetupPlanView};
use countersign_ceremony::ceremony::LastTry;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::{Explain as _, Problem};
use countersign_signers::piv::setup::{Secrets, Step};
use countersign_signers::piv::strength::NewKey;
use countersign_signers::piv::token::parse_slot;
use countersign_signers::{Attend, Waiting};
use countersign_trust::enrolment::Holder;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::act::TypedSecret;
use super::devices::token;
use super::keys::{given, instant};
use super::{Held, off_thread};
use crate::events::YubikeySetupProgress;
use crate::refusal::Refusal;
use crate::station::Station;

/// How a person wants a YubiKey to be.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct YubikeySetupRequest {
    /// Its serial.
    pub serial: u32,
    /// The slot: `9c`.
    pub slot: String,
    /// The kind of key.
    pub algorithm: NewKeyKind,
    /// When it asks for the PIN.
    pub pin_policy: NewPinPolicy,
    /// When it asks for a touch.
    pub touch_policy: NewTouchPolicy,
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// From when its signatures count and its certificate is valid, RFC 3339; null for from any time,
    /// and a certificate from now on.
    pub valid_from: Option<String>,
    /// Until when; null for without end.
    pub valid_until: Option<String>,
    /// Whether the person states that hardware holds it.
    pub stated: bool,
    /// Whether the PIN is the factory's, on the person's word.
    pub factory_pin: Option<bool>,
    /// The same of the PUK.
    pub factory_puk: Option<bool>,
    /// What happens to what is in the slot.
    pub slot_use: SlotUse,
    /// The person confirmed that the key signs without a touch.
    pub no_touch: bool,
    /// The person confirmed using the last attempt.
    pub last_try: bool,
}

/// A plan, by its number.
#[derive(Debug, Clone, Serialize, Type)]
pub struct YubikeyPlanned {
    /// Its number.
    pub id: u32,
    /// What will be done.
    pub plan: SetupPlanView,
}

/// The secrets that a person typed.
#[derive(Deserialize, Type)]
pub struct YubikeySecrets {
    /// The PIN: the new one, or the present one if that was changed before.
    pub pin: TypedSecret,
    /// The new PUK.
    pub puk: Option<TypedSecret>,
    /// The management key in hex.
    pub management_key: Option<TypedSecret>,
}

/// A plan that a person has seen, and whether they cancelled it since.
pub struct Planned {
    id: u32,
    plan: Plan,
    cancelled: AtomicBool,
}

impl Planned {
    /// Ends it before its next change.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Reads a YubiKey, and plans how it will be set up. Nothing is changed.
#[tauri::command]
#[specta::specta]
pub async fn yubikey_plan(
    station: Held<'_>,
    request: YubikeySetupRequest,
) -> Result<YubikeyPlanned, Problem> {
    off_thread(&station, move |station| {
        let confirmed = Confirmed {
            no_touch: request.no_touch,
            last: if request.last_try { LastTry::Confirmed } else { LastTry::NotConfirmed },
        };
        let (_, roots) = station.trust();
        let plan = yubikey_setup::plan(&station.workspace(), request.wish(station)?, &roots)?;
        let plan = plan.confirmed(confirmed);
        let view = SetupPlanView::of(&plan);
        let id = station.next_act();
        let planned = Planned { id, plan, cancelled: AtomicBool::new(false) };
        station.plan_yubikey(Some(Arc::new(planned)));
        Ok(YubikeyPlanned { id, plan: view })
    })
    .await
}

impl YubikeySetupRequest {
    fn wish(self, station: &Station) -> Result<Wish, Problem> {
        let slot = parse_slot(&self.slot).ok_or(Refusal::KeyGone)?;
        Ok(Wish {
            token: token(station, self.serial)?,
            key: NewKey {
                slot,
                kind: self.algorithm.into(),
                pin_policy: self.pin_policy.into(),
                touch_policy: self.touch_policy.into(),
            },
            holder: Holder {
                key_id: given(self.key_id),
                owner: given(self.owner),
                roles: self.roles,
                valid_from: instant(self.valid_from)?,
                valid_until: instant(self.valid_until)?,
                is_of_companions: false,
            },
            stated: self.stated.then_some(SignerType::Hardware),
            factory_pin: self.factory_pin,
            factory_puk: self.factory_puk,
            slot: self.slot_use,
        })
    }
}

/// Sets up a YubiKey as it was planned, and reports progress. What ended before its end is an answer,
/// not a failure: it has changed something.
#[tauri::command]
#[specta::specta]
pub async fn yubikey_set_up(
    station: Held<'_>,
    id: u32,
    secrets: YubikeySecrets,
) -> Result<SetUpView, Problem> {
    off_thread(&station, move |station| {
        let planned = station.planned_yubikey().filter(|planned| planned.id == id);
        let planned = planned.ok_or(Refusal::NoCeremony)?;
        let secrets = Secrets {
            pin: secrets.pin.0,
            puk: secrets.puk.map(|it| it.0),
            management_key: secrets.management_key.map(|it| it.0),
        };
        planned.plan.check_secrets(&secrets)?;
        let (_, roots) = station.trust();
        let mut attending = Attending { station, planned: &planned, done: Vec::new() };
        let (workspace, plan) = (station.workspace(), &planned.plan);
        let made = yubikey_setup::run(&workspace, plan, secrets, &roots, &mut attending);
        let done = attending.done;
        station.look_again();
        station.announce();
        Ok(match made {
            Ok(set_up) => SetUpView::done(plan, &set_up, &roots, now()),
            Err(error) => SetUpView::stopped(plan, &done, error.problem()),
        })
    })
    .await
}

/// Ends the set-up before its next change.
#[tauri::command]
#[specta::specta]
pub async fn yubikey_stop(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        if let Some(planned) = station.planned_yubikey() {
            planned.cancel();
        }
        Ok(())
    })
    .await
}

/// Tells the window how far it has come.
struct Attending<'a> {
    station: &'a Station,
    planned: &'a Planned,
    done: Vec<Step>,
}

impl Attending<'_> {
    fn emit(&self, doing: Option<Step>, seconds: Option<u32>) {
        self.station.emit(&YubikeySetupProgress {
            done: self.done.iter().copied().map(SetupChange::from).collect(),
            doing: doing.map(SetupChange::from),
            touch_seconds: seconds,
        });
    }
}

impl Attend for Attending<'_> {
    fn is_cancelled(&self) -> bool {
        self.planned.cancelled.load(Ordering::Relaxed)
    }

    fn waiting(&self, what: Waiting) {
        match what {
            Waiting::Touch { seconds } => self.emit(None, Some(seconds)),
            _ => self.emit(None, None),
        }
    }
}

impl SetupAttend for Attending<'_> {
    fn begins(&mut self, step: Step) {
        self.emit(Some(step), None);
    }

    fn done(&mut self, step: Step) {
        self.done.push(step);
        self.emit(None, None);
    }
}
