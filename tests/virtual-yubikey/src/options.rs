use std::time::Duration;

use crate::attestation::Issuer;
use crate::firmware::{Firmware, FormFactor};
use crate::key::Algorithm;
use crate::management_key::ManagementKey;

/// What card it is, what is on it, and how it behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who made it.
    pub make: Make,
    /// The firmware, which decides what it can do.
    pub firmware: Firmware,
    /// The serial number.
    pub serial: u32,
    /// Whether it hides the serial number: it tells 0. Its attestation key's certificate is still its own.
    pub hides_serial: bool,
    /// Its shape.
    pub form_factor: FormFactor,
    /// Of the FIPS series: told by the form factor and in the attestation key's certificate.
    pub fips: bool,
    /// What the standard leaves open, on a card of another make.
    pub standard: Standard,
    /// With how many bytes of its identifier the PIV application can be selected. A YubiKey takes five
    /// to eleven; the standard knows nine and eleven (SP 800-73-4, part 2, section 3.1.1).
    pub select: Vec<usize>,
    /// The answer to reset, if not that of the make and firmware.
    pub atr: Option<Vec<u8>>,
    /// The PIN, at most eight bytes.
    pub pin: String,
    /// The PUK, at most eight bytes.
    pub puk: String,
    /// How many wrong PINs block it.
    pub pin_tries: u8,
    /// How many wrong PUKs block it.
    pub puk_tries: u8,
    /// The management key, if not the default one of the firmware.
    pub management_key: Option<ManagementKey>,
    /// The keys on it.
    pub slots: Vec<SlotOptions>,
    /// How the person touches it.
    pub touch: Touch,
    /// How long it waits for the touch.
    pub touch_timeout: Duration,
    /// How long a touch counts for touch policy `cached`.
    pub touch_cached: Duration,
    /// How long it takes over every answer.
    pub delay: Duration,
    /// What goes wrong, and when, from the first time it is plugged in.
    pub faults: Vec<Fault>,
    /// By whom the attestation key was certified, and what is wrong with that.
    pub attestation: Issuer,
    /// What its keys are derived from, together with the serial number and the slot.
    pub seed: u64,
}

impl Options {
    /// The serial number, as it tells it.
    pub(crate) fn told_serial(&self) -> [u8; 4] {
        if self.hides_serial { [0; 4] } else { self.serial.to_be_bytes() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            make: Make::Yubico,
            firmware: Firmware::V5_7_4,
            serial: 99_000_001,
            hides_serial: false,
            form_factor: FormFactor::default(),
            fips: false,
            standard: Standard::default(),
            select: (5..=11).collect(),
            atr: None,
            pin: "123456".to_owned(),
            puk: "12345678".to_owned(),
            pin_tries: 3,
            puk_tries: 3,
            management_key: None,
            slots: Vec::new(),
            touch: Touch::After(Duration::ZERO),
            touch_timeout: Duration::from_secs(15),
            touch_cached: Duration::from_secs(15),
            delay: Duration::ZERO,
            faults: Vec::new(),
            attestation: Issuer::default(),
            seed: 0,
        }
    }
}

/// Who made the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Make {
    /// A YubiKey.
    #[default]
    Yubico,
    /// A PIV card of another make: the standard's instructions only, and no serial number.
    OtherPiv,
    /// A smart card that is no PIV card: it knows no application.
    NotPiv,
}

/// What the standard leaves open, and cards of other makes do one way or the other.
#[derive(Debug, Clone)]
pub struct Standard {
    /// What says which card it is.
    pub identity: Identity,
    /// The PIN usage policy of the discovery object; without it there is no such object.
    pub pin_usage: Option<[u8; 2]>,
    /// The global PIN, at most eight bytes. It opens the keys like the PIN of the application, and is
    /// counted like it.
    pub global_pin: Option<String>,
    /// Whether VERIFY without data tells the tries left.
    pub tells_tries: bool,
    /// The most data that GENERAL AUTHENTICATE takes, over all its parts.
    pub longest_input: usize,
    /// The status word it refuses more with.
    pub too_long: u16,
    /// Whether it speaks protocol T=0, where every answer with data is fetched by GET RESPONSE.
    pub t0: bool,
    /// Whether its certificates are packed by gzip.
    pub packs: bool,
    /// Whether it knows the commands that Yubico added to PIV, as free applets do.
    pub plays_yubikey: bool,
}

impl Default for Standard {
    fn default() -> Self {
        Self {
            identity: Identity::Serial,
            pin_usage: Some([0x40, 0x00]),
            global_pin: None,
            tells_tries: true,
            longest_input: 2048,
            too_long: 0x6700,
            t0: false,
            packs: false,
            plays_yubikey: false,
        }
    }
}

/// What says which card it is (SP 800-73-4, part 1, sections 3.1.1 and 3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// A GUID that is made of the serial number.
    Serial,
    /// This GUID.
    Guid([u8; 16]),
    /// This FASC-N, and a GUID of zeros.
    FascN([u8; 25]),
    /// The card identifier of the card capability container, and no CHUID.
    Capability([u8; 21]),
    /// Neither object.
    Unknown,
}

/// A key on the card.
#[derive(Debug, Clone)]
pub struct SlotOptions {
    /// The slot: 9a, 9c, 9d, 9e or 82 to 95.
    pub slot: u8,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// When the PIN is needed; without it the default of the slot.
    pub pin_policy: Option<PinPolicy>,
    /// When a touch is needed.
    pub touch_policy: TouchPolicy,
    /// Whether the key was made on the card.
    pub origin: Origin,
    /// The certificate stored for it.
    pub certificate: Certificate,
    /// Where the key comes from.
    pub key: KeySource,
}

impl SlotOptions {
    /// A key generated on the card, with the slot's own PIN policy, no touch and no certificate.
    pub fn new(slot: u8, algorithm: Algorithm) -> Self {
        Self {
            slot,
            algorithm,
            pin_policy: None,
            touch_policy: TouchPolicy::Never,
            origin: Origin::Generated,
            certificate: Certificate::None,
            key: KeySource::Seed,
        }
    }

    /// With this PIN policy.
    #[must_use]
    pub fn pin(self, policy: PinPolicy) -> Self {
        Self { pin_policy: Some(policy), ..self }
    }

    /// With this touch policy.
    #[must_use]
    pub fn touch(self, policy: TouchPolicy) -> Self {
        Self { touch_policy: policy, ..self }
    }

    /// Imported, not generated.
    #[must_use]
    pub fn imported(self) -> Self {
        Self { origin: Origin::Imported, ..self }
    }

    /// With a self-signed certificate for this common name.
    #[must_use]
    pub fn certified(self, common_name: &str) -> Self {
        Self { certificate: Certificate::SelfSigned(common_name.to_owned()), ..self }
    }
}

/// When a key needs the PIN. The values are those of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinPolicy {
    /// Never.
    Never = 1,
    /// Once, until the card is reset or another application selected.
    Once = 2,
    /// Right before every use.
    Always = 3,
}

impl PinPolicy {
    /// The default of a slot: 9c asks always, 9e never, the others once.
    pub fn of_slot(slot: u8) -> Self {
        match slot {
            0x9c => Self::Always,
            0x9e => Self::Never,
            _ => Self::Once,
        }
    }
}

/// When a key needs a touch. The values are those of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchPolicy {
    /// Never.
    Never = 1,
    /// At every use.
    Always = 2,
    /// At a use, if the last touch is more than 15 seconds ago.
    Cached = 3,
}

/// Whether a key was made on the card. The values are those of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Generated on it; only such keys are attested.
    Generated = 1,
    /// Brought to it.
    Imported = 2,
}

/// The certificate stored with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// None.
    None,
    /// Signed with the key itself, for this common name, valid to the end of 2049.
    SelfSigned(String),
    /// The same, but expired at the end of 2020.
    Expired(String),
    /// These bytes, whatever they are.
    Der(Vec<u8>),
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// Derived from the seed, the serial number and the slot. RSA keys take too long to make: there
    /// is one for each size, the same in every slot.
    Seed,
    /// A private key in PKCS#8 PEM.
    Pem(String),
}

/// How the person touches the card when it blinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// By themselves, after this time.
    After(Duration),
    /// Not at all.
    Never,
    /// When [`Plug::touch`](crate::Plug::touch) says so.
    OnCommand,
}

/// Something that goes wrong, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// When.
    pub at: At,
    /// What.
    pub act: Act,
}

impl Fault {
    /// This, then.
    pub fn new(at: At, act: Act) -> Self {
        Self { at, act }
    }
}

/// When something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// At the command with this number, counted from one since the card was plugged in, or since the
    /// fault was injected.
    Apdu(usize),
    /// At the next command with this instruction byte, counting the last part of a chain only.
    Instruction(u8),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The card is pulled out before it does what was asked.
    Pull,
    /// The card does what was asked, and is pulled out before it answers.
    PullAfter,
    /// The card never answers again, until it is pulled out.
    Silence,
    /// The card does nothing and answers this status word.
    Status(u16),
    /// The card does what was asked, but answers these bytes.
    Garbage(Vec<u8>),
    /// The card takes this long over its answer.
    Delay(Duration),
    /// Before the command the card loses its state, as after another program's reset: no application
    /// is selected, no PIN verified.
    Reset,
}
