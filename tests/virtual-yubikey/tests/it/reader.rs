//! A reader without pcscd, for tests of single commands: the test is vpcd itself.

// A harness that cannot set up its test fails the test.
#![allow(clippy::expect_used)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use virtual_yubikey::{Card, ManagementAlgorithm, ManagementKey, Options, Plug};

pub const PIV: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x08];
pub const MANAGEMENT: [u8; 8] = [0xa0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17];
pub const OTP: [u8; 7] = [0xa0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01];

/// A card in a reader.
pub struct Reader {
    stream: TcpStream,
    pub plug: Plug,
}

impl Reader {
    /// With a card with these options, powered on, the PIV application selected.
    pub fn with(options: Options) -> Self {
        let mut reader = Self::insert(Card::new(options));
        assert_eq!(reader.select(&PIV).1, 0x9000, "it has the PIV application");
        reader
    }

    /// With this card, powered on.
    pub fn insert(card: Card) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let plug = card.plug(port).expect("the card is plugged in");
        let (stream, _) = listener.accept().expect("the card comes");
        stream.set_nodelay(true).expect("without delay");
        let mut reader = Self { stream, plug };
        reader.control(1);
        reader
    }

    /// Pulls the card out.
    pub fn pull(self) -> Card {
        self.plug.pull()
    }

    /// Power off (0), power on (1), reset (2).
    pub fn control(&mut self, code: u8) {
        self.write(&[code]);
    }

    pub fn atr(&mut self) -> Vec<u8> {
        self.write(&[4]);
        self.read().expect("an answer to reset")
    }

    fn write(&mut self, message: &[u8]) {
        let length = u16::try_from(message.len()).expect("short").to_be_bytes();
        // The card may be gone, which the read shows.
        let _ = self.stream.write_all(&[&length, message].concat());
    }

    fn read(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 2];
        self.stream.read_exact(&mut length).ok()?;
        let mut message = vec![0; u16::from_be_bytes(length).into()];
        self.stream.read_exact(&mut message).ok()?;
        Some(message)
    }

    /// Sends these bytes; nothing comes back from a card that is pulled out.
    pub fn raw(&mut self, apdu: &[u8]) -> Option<(Vec<u8>, u16)> {
        self.write(apdu);
        let mut answer = self.read()?;
        let status = answer.split_off(answer.len() - 2);
        Some((answer, u16::from_be_bytes([status[0], status[1]])))
    }

    /// Sends a command in parts of 255 bytes and fetches the answer in parts of 256.
    pub fn send(&mut self, ins: u8, p1: u8, p2: u8, data: &[u8]) -> (Vec<u8>, u16) {
        let mut parts: Vec<&[u8]> = data.chunks(255).collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let header = [0x10, ins, p1, p2, 0xff];
            let (_, status) = self.raw(&[&header, part].concat()).expect("an answer");
            if status != 0x9000 {
                return (Vec::new(), status);
            }
        }
        let mut apdu = vec![0x00, ins, p1, p2];
        if !last.is_empty() {
            apdu.push(u8::try_from(last.len()).expect("short"));
            apdu.extend(last);
        }
        apdu.push(0);
        let (mut answer, mut status) = self.raw(&apdu).expect("an answer");
        while status >> 8 == 0x61 {
            let (more, next) = self.raw(&[0x00, 0xc0, 0, 0, 0]).expect("more");
            answer.extend(more);
            status = next;
        }
        (answer, status)
    }

    /// Sends a command in extended length.
    pub fn send_extended(&mut self, ins: u8, p1: u8, p2: u8, data: &[u8]) -> (Vec<u8>, u16) {
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        let header = [0x00, ins, p1, p2, 0x00, length[0], length[1]];
        self.raw(&[&header, data, &[0, 0]].concat()).expect("an answer")
    }

    pub fn select(&mut self, aid: &[u8]) -> (Vec<u8>, u16) {
        self.send(0xa4, 0x04, 0x00, aid)
    }

    pub fn verify(&mut self, pin: &str) -> u16 {
        self.send(0x20, 0x00, 0x80, &padded(pin)).1
    }

    /// The empty VERIFY.
    pub fn tries(&mut self) -> u16 {
        self.raw(&[0x00, 0x20, 0x00, 0x80]).expect("an answer").1
    }

    /// CHANGE REFERENCE DATA or RESET RETRY COUNTER.
    pub fn change(&mut self, ins: u8, p2: u8, old: &str, new: &str) -> u16 {
        self.send(ins, 0x00, p2, &[padded(old), padded(new)].concat()).1
    }

    /// GENERAL AUTHENTICATE with a challenge.
    pub fn sign(&mut self, algorithm: u8, slot: u8, data: &[u8]) -> Result<Vec<u8>, u16> {
        let template = tlv(0x7c, &[tlv(0x82, &[]), tlv(0x81, data)].concat());
        let (answer, status) = self.send(0x87, algorithm, slot, &template);
        unwrap_response(&answer, status)
    }

    /// Sends GENERAL AUTHENTICATE without waiting for the answer.
    pub fn begin_sign(&mut self, algorithm: u8, slot: u8, digest: &[u8]) {
        let template = tlv(0x7c, &[tlv(0x82, &[]), tlv(0x81, digest)].concat());
        let length = u8::try_from(template.len()).expect("short");
        self.write(&[&[0x00, 0x87, algorithm, slot, length], template.as_slice()].concat());
    }

    /// Waits for the answer.
    pub fn finish(&mut self) -> (Vec<u8>, u16) {
        let mut answer = self.read().expect("an answer");
        let status = answer.split_off(answer.len() - 2);
        (answer, u16::from_be_bytes([status[0], status[1]]))
    }

    /// Authenticates with the default management key of this algorithm.
    pub fn authenticate(&mut self, algorithm: ManagementAlgorithm) -> u16 {
        self.authenticate_with(&ManagementKey::default_of(algorithm))
    }

    /// Authenticates mutually.
    pub fn authenticate_with(&mut self, key: &ManagementKey) -> u16 {
        let id = key.algorithm as u8;
        let (answer, status) = self.send(0x87, id, 0x9b, &[0x7c, 0x02, 0x80, 0x00]);
        if status != 0x9000 {
            return status;
        }
        let witness = crypt(key, &answer[4..], Direction::Decrypt);
        let challenge = vec![0x5a; witness.len()];
        let objects = [tlv(0x80, &witness), tlv(0x81, &challenge)].concat();
        let (answer, status) = self.send(0x87, id, 0x9b, &tlv(0x7c, &objects));
        if status == 0x9000 {
            assert_eq!(answer[4..], crypt(key, &challenge, Direction::Encrypt), "it knows the key");
        }
        status
    }

    /// Authenticates with the answer to the card's challenge.
    pub fn authenticate_singly(&mut self, key: &ManagementKey) -> u16 {
        let id = key.algorithm as u8;
        let (answer, status) = self.send(0x87, id, 0x9b, &[0x7c, 0x02, 0x81, 0x00]);
        if status != 0x9000 {
            return status;
        }
        let response = crypt(key, &answer[4..], Direction::Encrypt);
        self.send(0x87, id, 0x9b, &tlv(0x7c, &tlv(0x82, &response))).1
    }

    /// GENERATE, with these further objects in the template; the public key's objects.
    pub fn generate(&mut self, slot: u8, algorithm: u8, more: &[u8]) -> Result<Vec<u8>, u16> {
        let template = tlv(0xac, &[&tlv(0x80, &[algorithm]), more].concat());
        match self.send(0x47, 0x00, slot, &template) {
            (public, 0x9000) => Ok(public),
            (_, status) => Err(status),
        }
    }

    /// The content of a data object.
    pub fn object(&mut self, tag: [u8; 3]) -> (Vec<u8>, u16) {
        self.send(0xcb, 0x3f, 0xff, &tlv(0x5c, &tag))
    }

    /// PUT DATA.
    pub fn put(&mut self, tag: [u8; 3], value: &[u8]) -> u16 {
        self.send(0xdb, 0x3f, 0xff, &[tlv(0x5c, &tag), tlv(0x53, value)].concat()).1
    }

    /// The public key of a slot in DER.
    pub fn public_key(&self, slot: u8) -> Vec<u8> {
        self.plug.card(|state| state.public_key(slot)).expect("a key is there")
    }
}

/// The response 82 in a dynamic authentication template.
pub fn unwrap_response(answer: &[u8], status: u16) -> Result<Vec<u8>, u16> {
    if status != 0x9000 {
        return Err(status);
    }
    Ok(value(value(answer, 0x7c), 0x82).to_vec())
}

/// The value of a data object at the beginning of `bytes`, which has this tag.
pub fn value(bytes: &[u8], tag: u8) -> &[u8] {
    assert_eq!(bytes[0], tag);
    match bytes[1] {
        0x81 => &bytes[3..3 + usize::from(bytes[2])],
        0x82 => &bytes[4..4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))],
        length => &bytes[2..2 + usize::from(length)],
    }
}

pub fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("short");
    let mut object = match length {
        0..0x80 => vec![tag, value.len() as u8],
        0x80..0x100 => vec![tag, 0x81, value.len() as u8],
        _ => [vec![tag, 0x82], length.to_be_bytes().to_vec()].concat(),
    };
    object.extend(value);
    object
}

pub fn padded(pin: &str) -> Vec<u8> {
    let mut bytes = pin.as_bytes().to_vec();
    bytes.resize(8, 0xff);
    bytes
}

#[derive(Clone, Copy)]
pub enum Direction {
    Encrypt,
    Decrypt,
}

/// One block with a management key.
pub fn crypt(key: &ManagementKey, block: &[u8], direction: Direction) -> Vec<u8> {
    match key.algorithm {
        ManagementAlgorithm::TripleDes => crypt_with::<des::TdesEde3>(&key.key, block, direction),
        ManagementAlgorithm::Aes128 => crypt_with::<aes::Aes128>(&key.key, block, direction),
        ManagementAlgorithm::Aes192 => crypt_with::<aes::Aes192>(&key.key, block, direction),
        ManagementAlgorithm::Aes256 => crypt_with::<aes::Aes256>(&key.key, block, direction),
    }
}

fn crypt_with<C: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt>(
    key: &[u8],
    block: &[u8],
    direction: Direction,
) -> Vec<u8> {
    let cipher = C::new_from_slice(key).expect("a key of the right length");
    let mut block = Block::<C>::try_from(block).expect("one block");
    match direction {
        Direction::Encrypt => cipher.encrypt_block(&mut block),
        Direction::Decrypt => cipher.decrypt_block(&mut block),
    }
    block.to_vec()
}
