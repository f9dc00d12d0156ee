//! The PIV application: NIST SP 800-73-4, part 2, and Yubico's extensions to it.

mod authenticate;
mod keys;
mod objects;
mod reference;

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;

use crate::apdu::{Answer, Command, Status};
use crate::error::Error;
use crate::management_key::{ManagementAlgorithm, ManagementKey};
use crate::options::{Make, Options};
use crate::tlv;

use authenticate::Challenge;
use keys::Key;
use objects::ATTESTATION_CERTIFICATE;
use reference::Reference;

/// The application's identifier, without its version.
pub const AID: &[u8] = &[0xa0, 0x00, 0x00, 0x03, 0x08];
/// With its version (SP 800-73-4, part 1, section 2.2).
pub const FULL_AID: &[u8] = &[0xa0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00];

const FACTORY_PIN: &str = "123456";
const FACTORY_PUK: &str = "12345678";
const FACTORY_TRIES: u8 = 3;

const ATTESTATION: u8 = 0xf9;
const MANAGEMENT: u8 = 0x9b;
/// The application and all it keeps.
pub struct Piv {
    rng: ChaCha20Rng,
    keys: BTreeMap<u8, Key>,
    objects: BTreeMap<u32, Vec<u8>>,
    pub pin: Reference,
    pub puk: Reference,
    global_pin: Option<Reference>,
    management_key: ManagementKey,
    /// The PIN was verified since the application was selected.
    pub pin_verified: bool,
    /// It was verified by the very last command.
    pin_fresh: bool,
    management_verified: bool,
    challenge: Option<Challenge>,
}

impl Piv {
    pub fn new(options: &Options) -> Result<Self, Error> {
        let seed = options.seed.rotate_left(32) ^ u64::from(options.serial);
        let management_key =
            options.management_key.clone().unwrap_or_else(|| factory_management_key(options));
        let mut piv = Self {
            rng: ChaCha20Rng::seed_from_u64(seed),
            keys: BTreeMap::new(),
            objects: BTreeMap::new(),
            pin: Reference::new(&options.pin, options.pin_tries),
            puk: Reference::new(&options.puk, options.puk_tries),
            global_pin: (options.standard.global_pin.as_ref())
                .map(|pin| Reference::new(pin, options.pin_tries)),
            management_key,
            pin_verified: false,
            pin_fresh: false,
            management_verified: false,
            challenge: None,
        };
        if options.make == Make::Yubico {
            piv.install_attestation_key(options)?;
        } else {
            piv.identify(options);
        }
        for slot in &options.slots {
            piv.install(options, slot, seed)?;
        }
        Ok(piv)
    }

    /// The application is left, or the card reset: nothing is verified any more.
    pub fn leave(&mut self) {
        self.pin_verified = false;
        self.pin_fresh = false;
        self.management_verified = false;
        self.challenge = None;
    }

    /// The public key of a slot in DER.
    pub fn public_key(&self, slot: u8) -> Option<Vec<u8>> {
        use spki::der::Encode as _;
        self.keys.get(&slot)?.private.public_key_info().ok()?.to_der().ok()
    }

    /// The content of a data object, without tag 53.
    pub fn object(&self, tag: u32) -> Option<&[u8]> {
        self.objects.get(&tag).map(Vec::as_slice)
    }

    /// Puts content into a data object.
    pub fn put_object(&mut self, tag: u32, content: Vec<u8>) {
        self.objects.insert(tag, content);
    }

    /// Deletes the key of a slot.
    pub fn delete_key(&mut self, slot: u8) {
        self.keys.remove(&slot);
    }

    /// Whether the PIN, the PUK or the management key is the factory's.
    pub fn has_factory_secret(&self) -> bool {
        self.pin.is(FACTORY_PIN) || self.puk.is(FACTORY_PUK) || self.management_key.is_default()
    }

    /// The answer to SELECT: the application property template (SP 800-73-4, part 2, table 3). A
    /// YubiKey leaves out what it may.
    pub fn select(&mut self, options: &Options) -> Vec<u8> {
        self.pin_fresh = false;
        let identifier = tlv::object(0x4f, FULL_AID.get(5..).unwrap_or_default());
        let authority = tlv::object(0x79, &tlv::object(0x4f, AID));
        let mut template = [identifier, authority].concat();
        if options.make != Make::Yubico {
            let ciphers = [0x03, 0x07, 0x11, 0x14].map(|id| tlv::object(0x80, &[id])).concat();
            let ciphers = [ciphers, tlv::object(0x06, &[0x00])].concat();
            template.extend(tlv::object(0x50, b"PIV card of another make"));
            template.extend(tlv::object(0xac, &ciphers));
        }
        tlv::object(0x61, &template)
    }

    /// Does what the command says. `touched` tells that the touch it needed was given.
    pub fn run(&mut self, options: &Options, command: &Command, touched: bool) -> Answer {
        // For PIN policy `always` the PIN counts for the very next command.
        let fresh = std::mem::take(&mut self.pin_fresh);
        let yubico = options.make == Make::Yubico || options.standard.plays_yubikey;
        let firmware = options.firmware;
        match command.ins {
            0x20 => self.verify(options, command),
            0x24 => self.change_reference_data(command),
            0x2c => self.reset_retry_counter(command),
            0x47 => self.generate(options, command),
            0x87 => self.general_authenticate(options, command, fresh, touched),
            0xcb => self.get_data(options, command),
            0xdb => self.put_data(command),
            0xf6 if yubico && firmware.has_5_7() => self.move_key(command),
            0xf7 if yubico && firmware.has_metadata() => self.get_metadata(options, command),
            0xf8 if yubico && firmware.has_serial() => Ok(options.told_serial().to_vec()),
            0xf9 if yubico && firmware.has_attestation() => self.attest(options, command),
            0xfa if yubico => self.set_pin_retries(command),
            0xfb if yubico => self.reset(options),
            0xfd if yubico => Ok(firmware.bytes().to_vec()),
            0xfe if yubico => self.import(options, command),
            0xff if yubico => self.set_management_key(options, command),
            _ => Err(Status::INSTRUCTION),
        }
    }

    /// RESET, once PIN and PUK are blocked; the attestation key stays.
    fn reset(&mut self, options: &Options) -> Answer {
        if self.pin.left > 0 || self.puk.left > 0 {
            return Err(Status::CONDITIONS);
        }
        self.keys.retain(|slot, _| *slot == ATTESTATION);
        self.objects.retain(|tag, _| *tag == ATTESTATION_CERTIFICATE);
        self.pin = Reference::new(FACTORY_PIN, FACTORY_TRIES);
        self.puk = Reference::new(FACTORY_PUK, FACTORY_TRIES);
        self.management_key = factory_management_key(options);
        self.leave();
        Ok(Vec::new())
    }
}

fn factory_management_key(options: &Options) -> ManagementKey {
    ManagementKey::default_of(if options.firmware.has_5_7() {
        ManagementAlgorithm::Aes192
    } else {
        ManagementAlgorithm::TripleDes
    })
}
