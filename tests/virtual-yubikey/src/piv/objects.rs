//! The data objects: certificates and whatever else clients keep on the card.

use crate::apdu::{Answer, Command, Status};
use crate::tlv;

use crate::options::{Identity, Make, Options};

use super::{ATTESTATION, FULL_AID, Piv};

/// The largest data object.
pub(super) const OBJECT_SIZE: usize = 3052;
pub(super) const DISCOVERY: u32 = 0x7e;
pub(super) const CHUID: u32 = 0x5f_c102;
const CCC: u32 = 0x5f_c107;
pub(super) const ATTESTATION_CERTIFICATE: u32 = 0x5f_ff01;
/// Fingerprints, facial image, printed information and iris images are read with the PIN only
/// (SP 800-73-4, part 1, table 2).
pub(super) const PIN_PROTECTED: [u32; 4] = [0x5f_c103, 0x5f_c108, 0x5f_c109, 0x5f_c121];

impl Piv {
    /// GET DATA (section 3.1.2).
    pub(super) fn get_data(&self, options: &Options, command: &Command) -> Answer {
        let tag = data_tag(command)?;
        if tag == DISCOVERY {
            // On a YubiKey the PIN of the application is the one to use (SP 800-73-4, part 1, section
            // 3.3.2).
            let usage = match options.make {
                Make::Yubico => [0x40, 0x00],
                _ => options.standard.pin_usage.ok_or(Status::NOT_FOUND)?,
            };
            let policy = [&[0x5f, 0x2f, 0x02], usage.as_slice()].concat();
            return Ok(tlv::object(0x7e, &[tlv::object(0x4f, FULL_AID), policy].concat()));
        }
        if PIN_PROTECTED.contains(&tag) && !self.pin_verified {
            return Err(Status::SECURITY_STATUS);
        }
        self.object(tag).map(|object| tlv::object(0x53, object)).ok_or(Status::NOT_FOUND)
    }

    /// Puts on a card of another make what says which it is.
    pub(super) fn identify(&mut self, options: &Options) {
        let chuid = match options.standard.identity {
            Identity::Serial => {
                let mut guid = [0; 16];
                guid[12..].copy_from_slice(&options.serial.to_be_bytes());
                chuid(&[0; 25], &guid)
            }
            Identity::Guid(guid) => chuid(&[0; 25], &guid),
            Identity::FascN(fasc_n) => chuid(&fasc_n, &[0; 16]),
            Identity::Capability(identifier) => {
                self.objects.insert(CCC, tlv::object(0xf0, &identifier));
                return;
            }
            Identity::Unknown => return,
        };
        self.objects.insert(CHUID, chuid);
    }

    /// PUT DATA (section 3.3.1). An empty object is deleted.
    pub(super) fn put_data(&mut self, command: &Command) -> Answer {
        if !self.management_verified {
            return Err(Status::SECURITY_STATUS);
        }
        let tag = data_tag(command)?;
        let value = tlv::find(&command.data, 0x53).ok_or(Status::WRONG_DATA)?;
        if value.len() > OBJECT_SIZE {
            return Err(Status::NO_SPACE);
        }
        if value.is_empty() {
            self.objects.remove(&tag);
        } else {
            self.objects.insert(tag, value.to_vec());
        }
        Ok(Vec::new())
    }
}

/// The tag in the tag list 5C of GET DATA and PUT DATA.
pub(super) fn data_tag(command: &Command) -> Result<u32, Status> {
    if (command.p1, command.p2) != (0x3f, 0xff) {
        return Err(Status::WRONG_P1P2);
    }
    // What follows the tag list of PUT DATA may be a data object 53, which is parsed with it.
    let tag = tlv::find(&command.data, 0x5c).ok_or(Status::WRONG_DATA)?;
    if tag.is_empty() || tag.len() > 3 {
        return Err(Status::WRONG_DATA);
    }
    Ok(tag.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// The tag of the certificate for a slot's key (SP 800-73-4, part 1, table 3); none if there is no
/// such slot.
pub(super) fn certificate_tag(slot: u8) -> Option<u32> {
    Some(match slot {
        0x9a => 0x5f_c105,
        0x9c => 0x5f_c10a,
        0x9d => 0x5f_c10b,
        0x9e => 0x5f_c101,
        0x82..=0x95 => 0x5f_c10d + u32::from(slot - 0x82),
        ATTESTATION => ATTESTATION_CERTIFICATE,
        _ => return None,
    })
}

/// The same, with the certificate packed by gzip (RFC 1952).
pub(super) fn packed_certificate_object(der: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = gzip.write_all(der).and_then(|()| gzip.finish()).unwrap_or_default();
    [tlv::object(0x70, &packed), tlv::object(0x71, &[1]), tlv::object(0xfe, &[])].concat()
}

/// The content of a certificate object: certificate, CertInfo, error detection code (SP 800-73-4,
/// part 1, table 10).
pub(super) fn certificate_object(der: &[u8]) -> Vec<u8> {
    [tlv::object(0x70, der), tlv::object(0x71, &[0]), tlv::object(0xfe, &[])].concat()
}

/// A card holder unique identifier without signature (SP 800-73-4, part 1, section 3.1.2).
fn chuid(fasc_n: &[u8; 25], guid: &[u8; 16]) -> Vec<u8> {
    [
        tlv::object(0x30, fasc_n),
        tlv::object(0x34, guid),
        tlv::object(0x35, b"20500101"),
        tlv::object(0x3e, &[]),
        tlv::object(0xfe, &[]),
    ]
    .concat()
}
