//! The keys in the slots: made, brought, moved, described and attested.

use std::time::Instant;

use crate::apdu::{Answer, Command, Status};
use crate::attestation::{self, Facts};
use crate::certificate::self_signed;
use crate::error::Error;
use crate::key::{Algorithm, PrivateKey};
use crate::options::{
    Certificate, KeySource, Make, Options, Origin, PinPolicy, SlotOptions, TouchPolicy,
};
use crate::tlv;

use super::objects::{
    ATTESTATION_CERTIFICATE, certificate_object, certificate_tag, packed_certificate_object,
};
use super::reference::{PIN, PUK};
use super::{ATTESTATION, FACTORY_PIN, FACTORY_PUK, MANAGEMENT, Piv};

/// A key in a slot.
pub struct Key {
    pub(super) private: PrivateKey,
    pub(super) algorithm: Algorithm,
    pub(super) pin_policy: PinPolicy,
    pub(super) touch_policy: TouchPolicy,
    pub(super) origin: Origin,
    pub(super) touched: Option<Instant>,
}

impl Key {
    pub(super) fn needs_touch(&self, options: &Options) -> bool {
        match self.touch_policy {
            TouchPolicy::Never => false,
            TouchPolicy::Always => true,
            TouchPolicy::Cached => {
                self.touched.is_none_or(|touched| touched.elapsed() >= options.touch_cached)
            }
        }
    }
}

impl PinPolicy {
    pub(super) fn is_met(self, verified: bool, fresh: bool) -> bool {
        match self {
            Self::Never => true,
            Self::Once => verified,
            Self::Always => fresh,
        }
    }
}

impl Piv {
    pub(super) fn install_attestation_key(&mut self, options: &Options) -> Result<(), Error> {
        if let Some((private, certificate)) = attestation::device(options)? {
            self.objects.insert(ATTESTATION_CERTIFICATE, certificate_object(&certificate));
            let algorithm = private.algorithm().unwrap_or(Algorithm::Rsa2048);
            let key = Key {
                private,
                algorithm,
                pin_policy: PinPolicy::Once,
                touch_policy: TouchPolicy::Never,
                origin: Origin::Imported,
                touched: None,
            };
            self.keys.insert(ATTESTATION, key);
        }
        Ok(())
    }

    pub(super) fn install(
        &mut self,
        card: &Options,
        options: &SlotOptions,
        seed: u64,
    ) -> Result<(), Error> {
        let slot = options.slot;
        let wrong = |reason: &str| Error::Key { slot, reason: reason.to_owned() };
        let certificate_tag =
            certificate_tag(slot).ok_or_else(|| wrong("it is no slot for a key"))?;
        let private = match &options.key {
            KeySource::Seed => {
                PrivateKey::from_seed(options.algorithm, seed ^ u64::from(slot) << 56)
            }
            KeySource::Pem(pem) => PrivateKey::from_pem(pem),
        }
        .map_err(|reason| wrong(&reason))?;
        if private.algorithm() != Some(options.algorithm) {
            return Err(wrong("it is of another algorithm"));
        }
        let certificate = match &options.certificate {
            Certificate::None => None,
            Certificate::SelfSigned(name) => Some(self_signed(name, 2049, &private)?),
            Certificate::Expired(name) => Some(self_signed(name, 2020, &private)?),
            Certificate::Der(der) => Some(der.clone()),
        };
        if let Some(certificate) = certificate {
            let object = match card.make == Make::OtherPiv && card.standard.packs {
                true => packed_certificate_object(&certificate),
                false => certificate_object(&certificate),
            };
            self.objects.insert(certificate_tag, object);
        }
        let key = Key {
            private,
            algorithm: options.algorithm,
            pin_policy: options.pin_policy.unwrap_or(PinPolicy::of_slot(slot)),
            touch_policy: options.touch_policy,
            origin: options.origin,
            touched: None,
        };
        self.keys.insert(slot, key);
        Ok(())
    }

    /// GENERATE ASYMMETRIC KEY PAIR (section 3.3.2).
    pub(super) fn generate(&mut self, options: &Options, command: &Command) -> Answer {
        if !self.management_verified {
            return Err(Status::SECURITY_STATUS);
        }
        let template = tlv::find(&command.data, 0xac).ok_or(Status::WRONG_DATA)?;
        let algorithm = match tlv::find(template, 0x80) {
            Some(&[id]) => Algorithm::from_id(id, options.firmware).ok_or(Status::WRONG_DATA)?,
            _ => return Err(Status::WRONG_DATA),
        };
        let private =
            PrivateKey::generate(algorithm, &mut self.rng).map_err(|_| Status::MEMORY_FAILURE)?;
        let public = tlv::public_key(&private.public_objects());
        self.put_key(command.p2, private, template, Origin::Generated)?;
        Ok(public)
    }

    /// IMPORT ASYMMETRIC KEY.
    pub(super) fn import(&mut self, options: &Options, command: &Command) -> Answer {
        if !self.management_verified {
            return Err(Status::SECURITY_STATUS);
        }
        let algorithm =
            Algorithm::from_id(command.p1, options.firmware).ok_or(Status::WRONG_DATA)?;
        let private = PrivateKey::import(algorithm, &command.data).ok_or(Status::WRONG_DATA)?;
        self.put_key(command.p2, private, &command.data, Origin::Imported)?;
        Ok(Vec::new())
    }

    /// Puts a key into a slot, with the policies in tags AA and AB.
    pub(super) fn put_key(
        &mut self,
        slot: u8,
        private: PrivateKey,
        template: &[u8],
        origin: Origin,
    ) -> Result<(), Status> {
        certificate_tag(slot).ok_or(Status::WRONG_DATA)?;
        let pin_policy = match tlv::find(template, 0xaa) {
            None | Some(&[0]) => PinPolicy::of_slot(slot),
            Some(&[1]) => PinPolicy::Never,
            Some(&[2]) => PinPolicy::Once,
            Some(&[3]) => PinPolicy::Always,
            Some(_) => return Err(Status::WRONG_DATA),
        };
        let touch_policy = match tlv::find(template, 0xab) {
            None | Some(&[0 | 1]) => TouchPolicy::Never,
            Some(&[2]) => TouchPolicy::Always,
            Some(&[3]) => TouchPolicy::Cached,
            Some(_) => return Err(Status::WRONG_DATA),
        };
        let algorithm = private.algorithm().ok_or(Status::WRONG_DATA)?;
        let key = Key { private, algorithm, pin_policy, touch_policy, origin, touched: None };
        self.keys.insert(slot, key);
        Ok(())
    }

    /// MOVE KEY, or DELETE KEY if it is moved to FF.
    pub(super) fn move_key(&mut self, command: &Command) -> Answer {
        if !self.management_verified {
            return Err(Status::SECURITY_STATUS);
        }
        let (to, from) = (command.p1, command.p2);
        if to != 0xff {
            let taken = self.keys.contains_key(&to);
            if taken || [to, from].contains(&ATTESTATION) || certificate_tag(to).is_none() {
                return Err(Status::WRONG_DATA);
            }
        }
        let key = self.keys.remove(&from).ok_or(Status::REFERENCE_NOT_FOUND)?;
        if to != 0xff {
            self.keys.insert(to, key);
        }
        Ok(Vec::new())
    }

    /// GET METADATA.
    pub(super) fn get_metadata(&self, options: &Options, command: &Command) -> Answer {
        match command.p2 {
            PIN => Ok(self.pin.metadata(FACTORY_PIN)),
            PUK => Ok(self.puk.metadata(FACTORY_PUK)),
            MANAGEMENT => {
                let touch = if self.management_key.touch { 2 } else { 1 };
                let is_factory = self.management_key.is_default();
                let mut data = Vec::new();
                if options.firmware.has_aes_management_key() {
                    data.extend(tlv::object(0x01, &[self.management_key.algorithm as u8]));
                }
                data.extend(tlv::object(0x02, &[0, touch]));
                data.extend(tlv::object(0x05, &[u8::from(is_factory)]));
                Ok(data)
            }
            slot => {
                let key = self.keys.get(&slot).ok_or(Status::REFERENCE_NOT_FOUND)?;
                let policies = [key.pin_policy as u8, key.touch_policy as u8];
                Ok([
                    tlv::object(0x01, &[key.algorithm as u8]),
                    tlv::object(0x02, &policies),
                    tlv::object(0x03, &[key.origin as u8]),
                    tlv::object(0x04, &key.private.public_objects()),
                ]
                .concat())
            }
        }
    }

    /// ATTEST: only what was generated on the card.
    pub(super) fn attest(&self, options: &Options, command: &Command) -> Answer {
        let slot = command.p1;
        let key = self.keys.get(&slot).ok_or(Status::REFERENCE_NOT_FOUND)?;
        if key.origin != Origin::Generated || slot == ATTESTATION {
            return Err(Status::WRONG_DATA);
        }
        let device = self.keys.get(&ATTESTATION).ok_or(Status::REFERENCE_NOT_FOUND)?;
        let certificate = self
            .object(ATTESTATION_CERTIFICATE)
            .and_then(|object| tlv::find(object, 0x70))
            .ok_or(Status::REFERENCE_NOT_FOUND)?;
        let facts = Facts {
            slot,
            key: &key.private,
            pin_policy: key.pin_policy,
            touch_policy: key.touch_policy,
        };
        attestation::attest(options, &facts, &device.private, certificate)
            .map_err(|_| Status::MEMORY_FAILURE)
    }
}
