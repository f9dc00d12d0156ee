//! `countersign piv`: setting up a YubiKey.

use std::io::Write as _;

use countersign_app::clock::now;
use countersign_app::yubikey_setup::{
    self, Confirmed, Plan, SetupAttend, SlotUse, Wish, YubikeySetupError,
};
use countersign_app::yubikey_setup_view::{SetUpView, SetupPlanView};
use countersign_ceremony::ceremony::LastTry;
use countersign_envelope::signature::SignerType;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_signers::piv::applet::KeyKind;
use countersign_signers::piv::setup::{Secrets, Step};
use countersign_signers::piv::strength::NewKey;
use countersign_signers::piv::token::{SlotId, slot_name};
use countersign_signers::{Attend, Waiting};
use countersign_views::AttestationView;

use crate::arguments::holder::HolderArgs;
use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::values;
use crate::commands::keys::report_added;
use crate::stopped::Stopped;
use crate::tokens::piv;
use crate::ui::{self, Terminal, secret};

const SETUP_HELP: &str = "\
Examples:
  countersign piv setup --key-id ds-prod-2026-07 --owner j.okafor --role witness
  countersign piv setup … --plan          shows what would be done, and changes nothing
  printf '%s\\n' \"$PIN\" \"$PUK\" | countersign piv setup … --pin-fd 0

PIN, PUK and management key are replaced first if they are the factory's; secrets that were changed \
before are asked for and stay. The management key becomes a random one that the card keeps, protected \
by the PIN, where ykman keeps it too. Then a key is generated, certified by itself, \
attested and added to the keyring. If the YubiKey is pulled out in between, run the command again: it \
continues.";

/// YubiKeys: set one up for signing
#[derive(Debug, clap::Subcommand)]
pub enum PivCommand {
    Setup(Box<SetupArgs>),
}

/// Set up a YubiKey: replace factory secrets, generate a key, attest it and add it to the keyring
#[derive(Debug, clap::Args)]
#[command(after_help = SETUP_HELP)]
pub struct SetupArgs {
    /// The serial of the YubiKey, if several are plugged in
    #[arg(long, value_name = "SERIAL", value_parser = values::serial)]
    pub serial: Option<u32>,
    /// The slot of the key: 9a, 9c, 9d, 9e or 82 to 95
    #[arg(long, value_name = "SLOT", default_value = "9c", value_parser = values::slot_id)]
    pub slot: SlotId,
    /// The kind of key: ecdsa-p256, ecdsa-p384, ed25519, rsa-2048, rsa-3072 or rsa-4096; Ed25519 and the
    /// longer RSA keys need firmware 5.7
    #[arg(
        long,
        value_name = "ALGORITHM",
        default_value = "ecdsa-p256",
        value_parser = values::new_key
    )]
    pub algorithm: KeyKind,
    /// When the key asks for the PIN: once a session, or always
    #[arg(long, value_name = "POLICY", default_value = "always", value_parser = values::pin_policy)]
    pub pin_policy: PinPolicy,
    /// When the key asks for a touch: always, cached (not within 15 s of the last) or never
    #[arg(long, value_name = "POLICY", default_value = "always", value_parser = values::touch_policy)]
    pub touch_policy: TouchPolicy,
    #[command(flatten)]
    pub holder: HolderArgs,
    /// What holds the key, on your own word: software, hardware or external
    #[arg(long)]
    pub kind: Option<SignerType>,
    /// Read the secrets from this file descriptor, each on a line: the PIN (the new one, or the present
    /// one if it was changed before), the new PUK, the management key in hex. The line of one that is not
    /// needed may be empty
    #[arg(long, value_name = "N")]
    pub pin_fd: Option<i32>,
    /// State whether the PIN is the factory's: firmware before 5.3 does not say
    #[arg(long, value_name = "STATE")]
    pub pin_is: Option<Stated>,
    /// State whether the PUK is the factory's: firmware before 5.3 does not say
    #[arg(long, value_name = "STATE")]
    pub puk_is: Option<Stated>,
    /// Overwrite what is in the slot; must name the slot again
    #[arg(long, value_name = "SLOT", value_parser = values::slot_id, conflicts_with = "finish")]
    pub overwrite_slot: Option<SlotId>,
    /// Continue with the key that an interrupted setup generated in the slot
    #[arg(long, conflicts_with_all = ["algorithm", "pin_policy", "touch_policy"])]
    pub finish: bool,
    /// Allow a key that signs without a touch
    #[arg(long)]
    pub allow_no_touch: bool,
    /// Allow using the last attempt of PIN or PUK
    #[arg(long)]
    pub last_try: bool,
    /// Only show what would be done; ends with 1 if something stands in the way
    #[arg(long)]
    pub plan: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Whether a secret is the factory's, on a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Stated {
    /// It was never changed.
    Factory,
    /// It was changed.
    Changed,
}

/// Why the command stops before anything is sent.
#[derive(Debug, Problem)]
#[problem(area = "piv-setup")]
enum PivSetupError {
    /// Something needs a flag.
    Unconfirmed { cause: Problem, flag: String },
    /// The slot to overwrite is not the slot of the key.
    OtherSlot { slot: String, named: String },
    /// The person did not confirm it.
    Cancelled,
}

pub fn run(command: &PivCommand) -> Result<bool, Stopped> {
    match command {
        PivCommand::Setup(args) => setup(args),
    }
}

fn setup(args: &SetupArgs) -> Result<bool, Stopped> {
    let slot = args.slot;
    if let Some(named) = args.overwrite_slot.filter(|named| *named != slot) {
        let (slot, named) = (slot_name(slot), slot_name(named));
        return Err(PivSetupError::OtherSlot { slot, named }.into());
    }
    let workspace = match args.plan {
        true => args.journal.workspace_to_look(),
        false => args.journal.workspace()?,
    };
    let workspace = countersign_app::workspace::Workspace {
        keyring: Some(args.keyring.to_change()?),
        ..workspace
    };
    let roots = args.roots.read(&args.keyring)?;
    let may_ask = args.pin_fd.is_none() && !args.plan && ui::has_terminal();
    let asking = Asking { may_ask };
    let stated = |stated: Option<Stated>| stated.map(|it| it == Stated::Factory);
    let mut wish = Wish {
        token: piv::yubikey(args.serial)?,
        key: NewKey {
            slot,
            kind: args.algorithm,
            pin_policy: args.pin_policy,
            touch_policy: args.touch_policy,
        },
        holder: args.holder.clone().into(),
        stated: args.kind,
        factory_pin: stated(args.pin_is),
        factory_puk: stated(args.puk_is),
        slot: match (args.overwrite_slot, args.finish) {
            (Some(_), _) => SlotUse::Replace,
            (None, true) => SlotUse::Finish,
            (None, false) => SlotUse::Empty,
        },
    };
    let mut plan = yubikey_setup::plan(&workspace, wish.clone(), &roots)?;
    if asking.ask(&mut wish, &plan)? {
        plan = yubikey_setup::plan(&workspace, wish, &roots)?;
    }
    if args.plan {
        return show_plan(&plan.confirmed(args.confirmed()), args.json);
    }
    if !args.json {
        write_plan(&plan, &mut ui::stdout())?;
    } else if asking.may_ask {
        write_plan(&plan, &mut ui::stderr())?;
    }
    let plan = asking.confirm(args, plan)?;
    let secrets = read_secrets(args, &plan)?;
    plan.check_secrets(&secrets)?;
    let mut attending = Attending { slot, json: args.json, done: Vec::new() };
    let made = yubikey_setup::run(&workspace, &plan, secrets, &roots, &mut attending);
    let set_up = made.inspect_err(|error| {
        if args.json {
            // The error itself is reported too.
            let stopped = SetUpView::stopped(&plan, &attending.done, error.problem());
            let _ = ui::write_json(&mut ui::stdout(), &stopped);
        }
    })?;
    if args.json {
        let done = SetUpView::done(&plan, &set_up, &roots, now());
        ui::write_json(&mut ui::stdout(), &done)?;
        return Ok(true);
    }
    let attestation = AttestationView::of_key(&set_up.enrolled.key, &roots, now());
    let fingerprint = set_up.enrolled.key.fingerprint().map(|digest| digest.grouped());
    writeln!(ui::stdout(), "Fingerprint {}", fingerprint.unwrap_or_default())?;
    report_added(&workspace, set_up.enrolled)?;
    if let Some(attestation) = attestation {
        writeln!(ui::stdout(), "  {}", attestation.words)?;
        for advisory in &attestation.advisories {
            writeln!(ui::stdout(), "  {}", advisory.words)?;
        }
    }
    Ok(true)
}

impl SetupArgs {
    /// What the flags confirm.
    fn confirmed(&self) -> Confirmed {
        let last = if self.last_try { LastTry::Confirmed } else { LastTry::NotConfirmed };
        Confirmed { no_touch: self.allow_no_touch, last }
    }
}

/// Whether there is a person to ask.
struct Asking {
    may_ask: bool,
}

impl Asking {
    /// Asks what the card does not say, and what happens to what is in the slot. Returns whether that
    /// changes the plan.
    fn ask(&self, wish: &mut Wish, plan: &Plan) -> Result<bool, Stopped> {
        if !self.may_ask {
            return Ok(false);
        }
        let name = plan.token().name();
        let mut changed = false;
        for what in plan.must_state() {
            let (factory, state) = match what {
                "PIN" => ("123456", &mut wish.factory_pin),
                _ => ("12345678", &mut wish.factory_puk),
            };
            let question = format!(
                "Is the {what} of {name} still the factory's ({factory})? If it is not, saying so costs an \
                 attempt. [y/N]"
            );
            *state = Some(ui::confirmed(&question)?);
            changed = true;
        }
        if let Some(holds) = plan.in_slot().filter(|_| wish.slot == SlotUse::Empty) {
            let slot = slot_name(plan.key().slot);
            let mut err = anstream::stderr();
            let _ = writeln!(err, "Slot {slot} of {name} holds {}.", visible(&holds.english()));
            let finish = plan.is_unfinished()
                && ui::confirmed("It was generated there. Continue with this key? [y/N]")?;
            wish.slot = if finish {
                SlotUse::Finish
            } else if ui::answer(&format!("Type {slot} to overwrite it, which destroys it:"))?
                == slot
            {
                SlotUse::Replace
            } else {
                return Err(PivSetupError::Cancelled.into());
            };
            changed = true;
        }
        Ok(changed)
    }

    /// Has the person confirm what needs that.
    fn confirm(&self, args: &SetupArgs, plan: Plan) -> Result<Plan, Stopped> {
        let mut confirmed = args.confirmed();
        let no_touch = plan.key().touch_policy == TouchPolicy::Never;
        if no_touch && !confirmed.no_touch && self.may_ask {
            confirmed.no_touch =
                ui::confirmed("The key will sign without a touch. Is that intended? [y/N]")?;
        }
        if let Some(what) = plan.last_attempt() {
            secret::confirm_last_try(what, "a wrong one blocks it", args.last_try, args.pin_fd)?;
            confirmed.last = LastTry::Confirmed;
        }
        let plan = plan.confirmed(confirmed);
        plan.check().map_err(|error| Stopped::Problem(unconfirmed(error, &plan)))?;
        if self.may_ask && !ui::confirmed("Set up this YubiKey like this? [y/N]")? {
            return Err(PivSetupError::Cancelled.into());
        }
        Ok(plan)
    }
}

/// What a flag would confirm, with that flag.
fn unconfirmed(error: YubikeySetupError, plan: &Plan) -> Problem {
    let slot = slot_name(plan.key().slot);
    let flag = match &error {
        YubikeySetupError::Occupied { .. } => format!("--overwrite-slot {slot}"),
        YubikeySetupError::Unfinished { .. } => {
            format!("--finish to continue with it, or --overwrite-slot {slot} to destroy it")
        }
        YubikeySetupError::NoTouch => "--allow-no-touch".to_owned(),
        YubikeySetupError::NotStated { what: "PIN", .. } => {
            "--pin-is factory or changed".to_owned()
        }
        YubikeySetupError::NotStated { .. } => "--puk-is factory or changed".to_owned(),
        YubikeySetupError::LastAttempt { .. } => "--last-try".to_owned(),
        _ => return error.problem(),
    };
    PivSetupError::Unconfirmed { cause: error.problem(), flag }.problem()
}

fn read_secrets(args: &SetupArgs, plan: &Plan) -> Result<Secrets, Stopped> {
    let asks = plan.asks();
    if let Some(descriptor) = args.pin_fd {
        // No line is waited for that is not needed.
        let count = if asks.management_key { 3 } else { 1 + usize::from(asks.new_puk) };
        let mut lines = secret::pin_lines(descriptor, count)?.into_iter();
        let pin = lines.next().flatten().ok_or_else(secret::no_pin)?;
        let (puk, management_key) = (lines.next().flatten(), lines.next().flatten());
        return Ok(Secrets { pin, puk, management_key });
    }
    let name = plan.token().name();
    let pin = match asks.new_pin {
        true => secret::new_pin("PIN")?,
        false => {
            let left = match plan.before().pin.left {
                Some(1) => " (the last attempt)".to_owned(),
                Some(left) => format!(" ({left} attempts left)"),
                None => String::new(),
            };
            secret::pin(&format!("PIN of {name}{left}: "), None)?
        }
    };
    let puk = asks.new_puk.then(|| secret::new_pin("PUK")).transpose()?;
    let management_key = match asks.management_key {
        true => secret::management_key(&format!(
            "Management key of {name} in hex (Enter if it is the factory's, or an interrupted setup left \
             it on the card): "
        ))?,
        false => None,
    };
    Ok(Secrets { pin, puk, management_key })
}

fn show_plan(plan: &Plan, json: bool) -> Result<bool, Stopped> {
    let mut out = ui::stdout();
    let checked = plan.check();
    let possible = checked.is_ok();
    if json {
        ui::write_json(&mut out, &SetupPlanView::of(plan))?;
        return Ok(possible);
    }
    write_plan(plan, &mut out)?;
    writeln!(out, "Nothing was changed.")?;
    if let Err(error) = checked {
        ui::warn(&unconfirmed(error, plan));
    }
    Ok(possible)
}

fn write_plan(plan: &Plan, out: &mut ui::Output) -> Result<(), Stopped> {
    let firmware = plan.token().yubikey().map(|it| it.version.to_string()).unwrap_or_default();
    writeln!(out, "{}, firmware {firmware}", visible(&plan.token().name().english()))?;
    let slot = slot_name(plan.key().slot);
    if let Some(holds) = plan.in_slot() {
        writeln!(out, "  slot {slot} holds {}", visible(&holds.english()))?;
    }
    for (at, (_, words)) in plan.changes().into_iter().enumerate() {
        writeln!(out, "  {}. {}", at + 1, visible(&words.english()))?;
    }
    if let Some(subject) = plan.certificate() {
        let until =
            subject.until.map_or("without end".to_owned(), |until| format!("until {until}"));
        let (name, from) = (visible(&subject.name()), subject.from);
        writeln!(out, "  certificate of {name}, valid from {from} {until}")?;
    }
    for words in plan.keeps() {
        writeln!(out, "  {}", visible(&words.english()))?;
    }
    for words in plan.warnings() {
        ui::warn_of(&words.english());
    }
    for what in plan.must_state() {
        writeln!(out, "  this firmware does not say whether the {what} is the factory's")?;
    }
    Ok(())
}

/// Says what is done, and when the YubiKey is to be touched.
struct Attending {
    slot: SlotId,
    json: bool,
    done: Vec<Step>,
}

impl Attend for Attending {
    fn waiting(&self, what: Waiting) {
        Terminal.waiting(what);
    }
}

impl SetupAttend for Attending {
    fn begins(&mut self, step: Step) {
        if step == Step::Key {
            // If standard error is closed there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "Generating the key …");
        }
    }

    fn done(&mut self, step: Step) {
        self.done.push(step);
        if !self.json {
            let words = step.done(self.slot).sentence();
            // If it cannot be said, the act goes on all the same.
            let _ = writeln!(ui::stdout(), "{words}");
        }
    }
}
