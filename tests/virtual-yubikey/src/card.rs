//! The card: its applications, and the commands as they arrive in parts.

use crate::apdu::{Answer, BUFFER, Command, Status};
use crate::error::Error;
use crate::options::{Make, Options};
use crate::piv::Piv;
use crate::{management, otp, piv};

const SELECT: u8 = 0xa4;
const GET_RESPONSE: u8 = 0xc0;
const GENERAL_AUTHENTICATE: u8 = 0x87;

/// A command the card received, and what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apdu {
    /// The instruction.
    pub ins: u8,
    /// The first parameter.
    pub p1: u8,
    /// The second parameter.
    pub p2: u8,
    /// The length of its data.
    pub length: usize,
    /// The status word answered; none if the card did not answer.
    pub status: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Application {
    Piv,
    Management,
    Otp,
}

/// What the card keeps and knows. Tests look into it with [`Plug::card`](crate::Plug::card).
pub struct State {
    options: Options,
    piv: Piv,
    selected: Option<Application>,
    /// The parts of a command received so far.
    chain: Option<Command>,
    /// What GET RESPONSE will give.
    rest: Vec<u8>,
    /// Whether it is giving it.
    fetching: bool,
    pub(crate) apdus: Vec<Apdu>,
}

/// What a received command calls for.
pub enum Received {
    /// This answer.
    Answer(Answer),
    /// This command, now whole, is to be done.
    Command(Command),
}

impl State {
    pub(crate) fn new(options: Options) -> Result<Self, Error> {
        let piv = Piv::new(&options)?;
        let (chain, rest, apdus) = (None, Vec::new(), Vec::new());
        Ok(Self { options, piv, selected: None, chain, rest, fetching: false, apdus })
    }

    /// The tries left for the PIN.
    pub fn pin_tries(&self) -> u8 {
        self.piv.pin.left
    }

    /// The tries left for the PUK.
    pub fn puk_tries(&self) -> u8 {
        self.piv.puk.left
    }

    /// Whether the PIN is verified, so that another program could use keys of policy `once`.
    pub fn is_pin_verified(&self) -> bool {
        self.piv.pin_verified
    }

    /// The commands received since it was plugged in.
    pub fn apdus(&self) -> &[Apdu] {
        &self.apdus
    }

    /// The public key of a slot: its SubjectPublicKeyInfo in DER.
    pub fn public_key(&self, slot: u8) -> Option<Vec<u8>> {
        self.piv.public_key(slot)
    }

    /// The content of a data object, without its tag 53.
    pub fn object(&self, tag: u32) -> Option<Vec<u8>> {
        self.piv.object(tag).map(<[u8]>::to_vec)
    }

    /// Puts content into a data object, as another client did before.
    pub fn put_object(&mut self, tag: u32, content: Vec<u8>) {
        self.piv.put_object(tag, content);
    }

    /// Deletes the key of a slot and leaves its certificate, as another client did before.
    pub fn delete_key(&mut self, slot: u8) {
        self.piv.delete_key(slot);
    }

    /// Whether the PIN, the PUK or the management key is the factory's.
    pub fn has_factory_secret(&self) -> bool {
        self.piv.has_factory_secret()
    }

    /// What it is and how it behaves; changes show at the next command.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Power off, power on or reset: everything verified is forgotten, the tries are not.
    pub(crate) fn reset(&mut self) {
        self.selected = None;
        self.chain = None;
        self.rest.clear();
        self.piv.leave();
    }

    /// Takes in a command, or a part of one.
    pub(crate) fn receive(&mut self, part: Command) -> Received {
        if part.ins == GET_RESPONSE && !part.continues {
            let rest = std::mem::take(&mut self.rest);
            return Received::Answer(if rest.is_empty() {
                Err(Status::CONDITIONS)
            } else {
                self.fetching = true;
                Ok(rest)
            });
        }
        self.rest.clear();
        let mut command = match self.chain.take() {
            Some(mut begun) if begun.same_header(&part) => {
                begun.data.extend(&part.data);
                Command { data: begun.data, ..part }
            }
            // A chain that is not continued is forgotten.
            _ => part,
        };
        let standard = &self.options.standard;
        let (limit, refusal) = match (self.options.make, command.ins) {
            (Make::OtherPiv, GENERAL_AUTHENTICATE) => {
                (standard.longest_input, Status(standard.too_long))
            }
            _ => (BUFFER, Status::WRONG_LENGTH),
        };
        if command.data.len() > limit {
            return Received::Answer(Err(refusal));
        }
        if command.continues {
            command.continues = false;
            self.chain = Some(command);
            return Received::Answer(Ok(Vec::new()));
        }
        Received::Command(command)
    }

    /// Whether the card would blink before it does this.
    pub(crate) fn wants_touch(&self, command: &Command) -> bool {
        self.selected == Some(Application::Piv) && self.piv.wants_touch(&self.options, command)
    }

    /// Does what the command says.
    pub(crate) fn run(&mut self, command: &Command, touched: bool) -> Answer {
        if command.ins == SELECT {
            return self.select(command);
        }
        match self.selected {
            Some(Application::Piv) => self.piv.run(&self.options, command, touched),
            Some(Application::Management) => management::run(&self.options, command),
            Some(Application::Otp) => otp::run(&self.options, command),
            None => Err(Status::INSTRUCTION),
        }
    }

    /// SELECT by application identifier, or its beginning (SP 800-73-4, part 2, section 3.1.1).
    fn select(&mut self, command: &Command) -> Answer {
        if command.p1 != 0x04 {
            return Err(Status::WRONG_P1P2);
        }
        let application = self.application(&command.data).ok_or(Status::NOT_FOUND)?;
        if self.selected != Some(application) {
            self.piv.leave();
        }
        self.selected = Some(application);
        Ok(match application {
            Application::Piv => self.piv.select(&self.options),
            Application::Management => management::select(&self.options),
            Application::Otp => otp::status(&self.options),
        })
    }

    fn application(&self, aid: &[u8]) -> Option<Application> {
        let yubico = self.options.make == Make::Yubico;
        if self.options.make == Make::NotPiv {
            None
        } else if self.options.select.contains(&aid.len()) && piv::FULL_AID.starts_with(aid) {
            Some(Application::Piv)
        } else if yubico && aid == management::AID {
            Some(Application::Management)
        } else if yubico && aid.len() >= 7 && otp::AID.starts_with(aid) {
            Some(Application::Otp)
        } else {
            None
        }
    }

    /// The bytes of an answer, cut to what a short command can take; GET RESPONSE gives the rest
    /// (ISO/IEC 7816-4, section 5.3.4).
    pub(crate) fn encode(&mut self, answer: Answer, extended: bool) -> Vec<u8> {
        let (mut data, status) = match answer {
            Ok(data) => (data, Status::OK),
            Err(status) => (Vec::new(), status),
        };
        // By T=0 an answer to data comes only when it is fetched.
        let fetched = std::mem::take(&mut self.fetching);
        let at_once = if self.t0() && !fetched { 0 } else { 256 };
        let status = if !extended && data.len() > at_once {
            self.rest = data.split_off(at_once);
            0x6100 | u16::try_from(self.rest.len()).ok().filter(|left| *left < 256).unwrap_or(0)
        } else {
            status.0
        };
        data.extend(status.to_be_bytes());
        data
    }

    fn t0(&self) -> bool {
        self.options.make == Make::OtherPiv && self.options.standard.t0
    }

    /// The answer to reset.
    pub(crate) fn atr(&self) -> Vec<u8> {
        match (&self.options.atr, self.options.make) {
            (Some(atr), _) => atr.clone(),
            (None, Make::Yubico) if self.options.firmware.0 >= 5 => ATR_5.to_vec(),
            (None, Make::Yubico) => ATR_4.to_vec(),
            // Without an interface byte it is T=0.
            (None, Make::OtherPiv) if self.t0() => [&[0x3b, 0x08], b"OLD CARD".as_slice()].concat(),
            (None, Make::OtherPiv) => answer_to_reset(b"OTHER PIV"),
            (None, Make::NotPiv) => answer_to_reset(b"SOME CARD"),
        }
    }
}

/// The answer to reset of a YubiKey 5.
const ATR_5: [u8; 23] = [
    0x3b, 0xfd, 0x13, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x15, 0x80, 0x73, 0xc0, 0x21, 0xc0, 0x57, 0x59,
    0x75, 0x62, 0x69, 0x4b, 0x65, 0x79, 0x40,
];
/// The answer to reset of a YubiKey 4.
const ATR_4: [u8; 18] = [
    0x3b, 0xf8, 0x13, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x15, 0x59, 0x75, 0x62, 0x69, 0x6b, 0x65, 0x79,
    0x34, 0xd4,
];

/// An answer to reset for protocol T=1 with these historical bytes, at most fifteen
/// (ISO/IEC 7816-3, section 8.2).
fn answer_to_reset(historical: &[u8]) -> Vec<u8> {
    let length = u8::try_from(historical.len()).unwrap_or_default();
    let mut atr = vec![0x3b, 0x80 | length, 0x80, 0x01];
    atr.extend(historical);
    // TCK: the exclusive or over everything after TS.
    atr.push(atr.iter().skip(1).fold(0, |check, byte| check ^ byte));
    atr
}
