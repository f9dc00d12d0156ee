//! The command line.

use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use virtual_yubikey::{
    Act, Algorithm, At, Fault, Firmware, Issuer, Make, Options, PinPolicy, SlotOptions, Touch,
    TouchPolicy,
};

/// A virtual YubiKey for the vpcd driver of pcscd; its keys are known to everyone
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    pub print: Option<Print>,
    #[command(flatten)]
    pub card: CardArguments,
}

#[derive(Subcommand)]
pub enum Print {
    /// Print the root certificates of its attestations as PEM
    Roots,
    /// Print the certificates between root and card as PEM
    Intermediates,
}

#[derive(Args)]
pub struct CardArguments {
    /// The port vpcd listens on
    #[arg(long, default_value_t = 35963)]
    pub port: u16,
    /// Start a pcscd of its own to be plugged into, its socket at this path or else at one that is
    /// told; clients find it by the environment variable PCSCLITE_CSOCK_NAME
    #[arg(long, value_name = "SOCKET", num_args = 0..=1, conflicts_with = "port")]
    pub own_pcscd: Option<Option<std::path::PathBuf>>,
    /// What the readers of its own pcscd are called, before " 00 00" and " 00 01"; Yubico's programs
    /// look only at those with "Yubico YubiKey" in their name
    #[arg(long, value_name = "NAME", default_value = "Virtual PCD", requires = "own_pcscd")]
    pub reader: String,
    /// Begin plugged in
    #[arg(long)]
    pub insert: bool,
    /// The serial number
    #[arg(long, default_value_t = 99_000_001)]
    serial: u32,
    /// The firmware: 4.3.5, 5.2.7, 5.4.3 or 5.7.4
    #[arg(long, default_value_t = Firmware::V5_7_4)]
    firmware: Firmware,
    /// A key, as 9c=p256,pin=once,touch=always,imported,cert; can be given several times. Without
    /// any there are a P-256 key with certificate in 9c and an imported Ed25519 key in 9a
    #[arg(long, value_name = "SLOT=ALGORITHM,…", value_parser = parse_slot)]
    slot: Vec<SlotOptions>,
    /// The PIN
    #[arg(long, default_value = "123456")]
    pin: String,
    /// The PUK
    #[arg(long, default_value = "12345678")]
    puk: String,
    /// How it is touched: on command, never, or after:MILLISECONDS
    #[arg(long, default_value = "command", value_parser = parse_touch)]
    touch: Touch,
    /// How long it waits for the touch, in milliseconds
    #[arg(long, default_value_t = 15_000)]
    touch_timeout: u64,
    /// How long it takes over every answer, in milliseconds
    #[arg(long, default_value_t = 0)]
    delay: u64,
    /// What goes wrong, as ACT@N for the command with this number or ACT@ins:87 for the next with
    /// this instruction; ACT is pull, pull-after, silence, reset, status:6F00, garbage:00FF or
    /// delay:MILLISECONDS
    #[arg(long, value_name = "ACT@WHEN", value_parser = parse_fault)]
    fault: Vec<Fault>,
    /// What is wrong with its attestation
    #[arg(long, value_enum, default_value_t = Attestation::Right)]
    attestation: Attestation,
    /// With how many bytes of its identifier PIV can be selected; can be given several times, and is 5
    /// to 11 without
    #[arg(long, value_name = "BYTES")]
    select: Vec<usize>,
    /// Be a PIV card of another make
    #[arg(long)]
    other_make: bool,
    /// Be a smart card of another kind
    #[arg(long, conflicts_with = "other_make")]
    not_piv: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Attestation {
    Right,
    UnknownRoot,
    Replaced,
    OtherKey,
    Expired,
    NoBasicConstraints,
    BadSignature,
    Absent,
}

impl From<Attestation> for Issuer {
    fn from(attestation: Attestation) -> Self {
        match attestation {
            Attestation::Right => Self::TestRoot,
            Attestation::UnknownRoot => Self::UnknownRoot,
            Attestation::Replaced => Self::Replaced,
            Attestation::OtherKey => Self::OtherKey,
            Attestation::Expired => Self::ExpiredDevice,
            Attestation::NoBasicConstraints => Self::NoBasicConstraints,
            Attestation::BadSignature => Self::BadSignature,
            Attestation::Absent => Self::Absent,
        }
    }
}

impl CardArguments {
    /// The card they describe.
    pub fn options(self) -> Options {
        let slots = if self.slot.is_empty() { demonstration_slots() } else { self.slot };
        let make = match (self.other_make, self.not_piv) {
            (true, _) => Make::OtherPiv,
            (_, true) => Make::NotPiv,
            _ => Make::Yubico,
        };
        let select = if self.select.is_empty() { (5..=11).collect() } else { self.select };
        Options {
            make,
            select,
            firmware: self.firmware,
            serial: self.serial,
            pin: self.pin,
            puk: self.puk,
            slots,
            touch: self.touch,
            touch_timeout: Duration::from_millis(self.touch_timeout),
            delay: Duration::from_millis(self.delay),
            faults: self.fault,
            attestation: self.attestation.into(),
            ..Options::default()
        }
    }
}

fn demonstration_slots() -> Vec<SlotOptions> {
    vec![
        SlotOptions::new(0x9c, Algorithm::P256)
            .pin(PinPolicy::Once)
            .touch(TouchPolicy::Always)
            .certified("Demo witness"),
        SlotOptions::new(0x9a, Algorithm::Ed25519).imported(),
    ]
}

fn parse_slot(text: &str) -> Result<SlotOptions, String> {
    let (slot, rest) = text.split_once('=').ok_or("write it as 9c=p256,pin=once,touch=always")?;
    let slot = u8::from_str_radix(slot, 16).map_err(|_| format!("{slot} is no slot; say 9c"))?;
    let mut words = rest.split(',');
    let algorithm = words.next().unwrap_or_default().parse()?;
    words.try_fold(SlotOptions::new(slot, algorithm), |options, word| {
        Ok(match word {
            "pin=never" => options.pin(PinPolicy::Never),
            "pin=once" => options.pin(PinPolicy::Once),
            "pin=always" => options.pin(PinPolicy::Always),
            "touch=never" => options.touch(TouchPolicy::Never),
            "touch=always" => options.touch(TouchPolicy::Always),
            "touch=cached" => options.touch(TouchPolicy::Cached),
            "generated" => options,
            "imported" => options.imported(),
            "cert" => options.certified(&format!("Key in slot {slot:02x}")),
            _ => match word.split_once("cert=") {
                Some(("", name)) => options.certified(name),
                _ => return Err(format!("{word} means nothing; say pin=once, touch=always, cert")),
            },
        })
    })
}

fn parse_touch(text: &str) -> Result<Touch, String> {
    match (text, text.strip_prefix("after:").map(str::parse)) {
        ("command", _) => Ok(Touch::OnCommand),
        ("never", _) => Ok(Touch::Never),
        (_, Some(Ok(time))) => Ok(Touch::After(Duration::from_millis(time))),
        _ => Err("say command, never or after:500".to_owned()),
    }
}

fn parse_fault(text: &str) -> Result<Fault, String> {
    let (act, at) = text.split_once('@').ok_or("write it as pull@5 or status:6F00@ins:87")?;
    let at = match at.split_once("ins:") {
        Some(("", ins)) => u8::from_str_radix(ins, 16).ok().map(At::Instruction),
        _ => at.parse().ok().map(At::Apdu),
    };
    let (act, value) = act.split_once(':').unwrap_or((act, ""));
    let act = match act {
        "pull" => Some(Act::Pull),
        "pull-after" => Some(Act::PullAfter),
        "silence" => Some(Act::Silence),
        "reset" => Some(Act::Reset),
        "status" => u16::from_str_radix(value, 16).ok().map(Act::Status),
        "delay" => value.parse().ok().map(|time| Act::Delay(Duration::from_millis(time))),
        "garbage" => bytes(value).map(Act::Garbage),
        _ => None,
    };
    at.zip(act)
        .map(|(at, act)| Fault::new(at, act))
        .ok_or_else(|| format!("{text} means nothing; say pull@5 or status:6F00@ins:87"))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}
