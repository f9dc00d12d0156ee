//! Exchanging APDUs with a smart card: command chaining, and responses in parts.

use countersign_problem::words;
use zeroize::Zeroizing;

use crate::error::piv::CardError;

/// Most bytes of data in one short command APDU (ISO/IEC 7816-4 section 5.1).
const SHORT: usize = 255;
/// Longest answer that is taken, in bytes; the largest PIV object has some 3 KiB.
const MAX_ANSWER: usize = 16 * 1024;
/// Most parts of one answer: of 256 bytes each they hold more than is taken, and a card that sends
/// less in each is not waited for for ever.
const MAX_PARTS: usize = 256;
/// More data follows in another command (ISO/IEC 7816-4 section 5.1.1.1).
const CHAINED: u8 = 0x10;
const GET_RESPONSE: u8 = 0xC0;
/// First byte of the status word when there is more to read (ISO/IEC 7816-4 section 5.1.3).
const MORE: u16 = 0x61;
/// First byte of the status word when another length has to be asked for.
const WRONG_LENGTH: u16 = 0x6C;

/// The transmission protocols of contact cards (ISO/IEC 7816-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// By characters: a command carries either a length of data or an expected length (section 12.1).
    T0,
    /// By blocks: a command may carry both.
    T1,
}

/// What carries one APDU to a card and its answer back.
pub trait Transmit {
    /// Sends an APDU; gives the answer with its status word.
    ///
    /// # Errors
    /// Fails if there is no answer.
    fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError>;

    /// The protocol that it is sent by.
    fn protocol(&self) -> Protocol;
}

/// A command APDU without its data.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// As the standard calls it, for errors.
    pub name: &'static str,
    /// The instruction.
    pub ins: u8,
    /// The first parameter.
    pub p1: u8,
    /// The second parameter.
    pub p2: u8,
    /// Whether it asks for data, in whatever length.
    pub reads: bool,
}

/// An answer: its data, and its status word.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The data, wiped when dropped.
    pub data: Zeroizing<Vec<u8>>,
    /// The status word (ISO/IEC 7816-4 section 5.1.3).
    pub status: u16,
}

/// The command was done.
pub const DONE: u16 = 0x9000;

/// Sends a command, in as many APDUs as its data needs, and collects the whole answer.
///
/// # Errors
/// Fails if the card cannot be reached, or its answer is not an APDU.
pub fn exchange(card: &dyn Transmit, command: Command, data: &[u8]) -> Result<Answer, CardError> {
    let mut parts: Vec<&[u8]> = data.chunks(SHORT).collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let answer = one(card, CHAINED, Command { reads: false, ..command }, part, 0)?;
        if answer.status != DONE {
            return Ok(answer);
        }
    }
    let mut answer = one(card, 0, command, last, 0)?;
    if answer.status >> 8 == WRONG_LENGTH && command.reads && data.len() <= SHORT {
        // It was not done: the card says which length it wants to be asked for.
        answer = one(card, 0, command, last, low_byte(answer.status))?;
    }
    let mut count = 0;
    while answer.status >> 8 == MORE {
        count += 1;
        let rest = Command { name: command.name, ins: GET_RESPONSE, p1: 0, p2: 0, reads: true };
        let mut more = one(card, 0, rest, &[], low_byte(answer.status))?;
        if more.status >> 8 == WRONG_LENGTH {
            more = one(card, 0, rest, &[], low_byte(more.status))?;
        }
        if more.data.is_empty() && more.status >> 8 == MORE {
            return Err(CardError::Garbage(words!("card-answer-no-more")));
        }
        answer.data.extend_from_slice(&more.data);
        answer.status = more.status;
        if answer.data.len() > MAX_ANSWER || count > MAX_PARTS {
            return Err(CardError::Garbage(words!("card-answer-endless")));
        }
    }
    Ok(answer)
}

/// Sends a command that has to succeed.
///
/// # Errors
/// As [`exchange`], and where the status word is another than success.
pub fn done(
    card: &dyn Transmit,
    command: Command,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let answer = exchange(card, command, data)?;
    match answer.status {
        DONE => Ok(answer.data),
        status => Err(CardError::Status { command: command.name, status }),
    }
}

/// Sends one APDU in the form of its protocol (ISO/IEC 7816-3 section 12.1). `expected` is the length
/// that is asked for, 0 for whatever there is.
fn one(
    card: &dyn Transmit,
    cla: u8,
    command: Command,
    data: &[u8],
    expected: u8,
) -> Result<Answer, CardError> {
    let Command { ins, p1, p2, reads, .. } = command;
    let mut apdu = Zeroizing::new(Vec::with_capacity(6 + data.len()));
    apdu.extend_from_slice(&[cla, ins, p1, p2]);
    if !data.is_empty() {
        // At most 255, as the data was cut.
        apdu.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
        apdu.extend_from_slice(data);
    }
    match card.protocol() {
        // What there is to read is announced by 61xx, and read by GET RESPONSE.
        Protocol::T0 if data.is_empty() => apdu.push(expected),
        Protocol::T1 if reads => apdu.push(expected),
        Protocol::T0 | Protocol::T1 => {}
    }
    split(card.transmit(&apdu)?)
}

fn low_byte(status: u16) -> u8 {
    status.to_be_bytes()[1]
}

fn split(answer: Vec<u8>) -> Result<Answer, CardError> {
    let mut data = Zeroizing::new(answer);
    if data.is_empty() {
        return Err(CardError::NoAnswer);
    }
    let status = match data.len().checked_sub(2) {
        Some(at) => u16::from_be_bytes([data[at], data[at + 1]]),
        None => return Err(CardError::Garbage(words!("card-answer-no-status"))),
    };
    let length = data.len() - 2;
    data.truncate(length);
    Ok(Answer { data, status })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;

    use super::*;

    /// A card that answers what it was told to, and keeps what it was sent.
    struct Told {
        answers: RefCell<VecDeque<Vec<u8>>>,
        sent: RefCell<Vec<Vec<u8>>>,
        protocol: Protocol,
    }

    impl Told {
        fn new(answers: &[&[u8]]) -> Self {
            let answers = answers.iter().map(|answer| answer.to_vec()).collect();
            Self {
                answers: RefCell::new(answers),
                sent: RefCell::default(),
                protocol: Protocol::T1,
            }
        }
    }

    impl Transmit for Told {
        fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
            self.sent.borrow_mut().push(apdu.to_vec());
            self.answers.borrow_mut().pop_front().ok_or(CardError::Removed)
        }

        fn protocol(&self) -> Protocol {
            self.protocol
        }
    }

    const COMMAND: Command = Command { name: "TEST", ins: 0x87, p1: 1, p2: 2, reads: true };

    #[test]
    fn data_of_every_length_around_the_limit_is_cut_right() {
        for length in [0_usize, 1, 127, 128, 254, 255, 256, 510, 511] {
            let card = Told::new(&[[0x90, 0].as_slice(); 4]);
            let data = vec![7; length];
            let answer = exchange(&card, COMMAND, &data).unwrap();
            assert_eq!(answer.status, DONE);
            let sent = card.sent.borrow();
            let mut whole = Vec::new();
            for (index, apdu) in sent.iter().enumerate() {
                let (chained, expected) = match index + 1 == sent.len() {
                    true => (0, 1),
                    false => (CHAINED, 0),
                };
                assert_eq!(apdu[..4], [chained, 0x87, 1, 2], "{length}");
                let (apdu, le) = apdu.split_at(apdu.len() - expected);
                assert!(le.iter().all(|byte| *byte == 0), "{length}: Le");
                if let Some(count) = apdu.get(4) {
                    assert_eq!(usize::from(*count), apdu.len() - 5, "{length}: Lc");
                    whole.extend_from_slice(&apdu[5..]);
                }
            }
            assert_eq!(whole, data);
            assert_eq!(sent.len(), length.div_ceil(SHORT).max(1), "{length}");
        }
    }

    #[test]
    fn an_answer_in_parts_is_put_together() {
        let card = Told::new(&[&[1, 2, 0x61, 2], &[3, 4, 0x61, 1], &[5, 0x90, 0]]);
        let answer = exchange(&card, COMMAND, &[]).unwrap();
        assert_eq!((answer.data.as_slice(), answer.status), ([1, 2, 3, 4, 5].as_slice(), DONE));
    }

    #[test]
    fn a_command_has_the_form_of_its_protocol() {
        let verify = Command { reads: false, ..COMMAND };
        for (protocol, command, data, sent) in [
            (Protocol::T1, verify, &[][..], &[0, 0x87, 1, 2][..]),
            (Protocol::T0, verify, &[], &[0, 0x87, 1, 2, 0]),
            (Protocol::T1, verify, &[7], &[0, 0x87, 1, 2, 1, 7]),
            (Protocol::T0, verify, &[7], &[0, 0x87, 1, 2, 1, 7]),
            (Protocol::T1, COMMAND, &[], &[0, 0x87, 1, 2, 0]),
            (Protocol::T0, COMMAND, &[], &[0, 0x87, 1, 2, 0]),
            (Protocol::T1, COMMAND, &[7], &[0, 0x87, 1, 2, 1, 7, 0]),
            (Protocol::T0, COMMAND, &[7], &[0, 0x87, 1, 2, 1, 7]),
        ] {
            let card = Told { protocol, ..Told::new(&[&[0x90, 0]]) };
            exchange(&card, command, data).unwrap();
            assert_eq!(card.sent.borrow()[0], sent, "{protocol:?}, {command:?}, {data:?}");
        }
    }

    #[test]
    fn another_length_is_asked_for_and_a_pin_never_sent_again() {
        let card = Told::new(&[&[0x6C, 2], &[1, 2, 0x61, 9], &[0x6C, 1], &[3, 0x90, 0]]);
        let answer = exchange(&card, COMMAND, &[7]).unwrap();
        assert_eq!((answer.data.as_slice(), answer.status), ([1, 2, 3].as_slice(), DONE));
        assert_eq!(card.sent.borrow()[1], [0, 0x87, 1, 2, 1, 7, 2]);
        let card = Told::new(&[&[0x6C, 2], &[0x90, 0]]);
        let verify = Command { reads: false, ..COMMAND };
        assert_eq!(exchange(&card, verify, &[7]).unwrap().status, 0x6C02);
        assert_eq!(card.sent.borrow().len(), 1);
    }

    #[test]
    fn a_refused_chain_is_not_continued() {
        let card = Told::new(&[&[0x69, 0x82]]);
        assert_eq!(exchange(&card, COMMAND, &[0; 600]).unwrap().status, 0x6982);
        assert_eq!(card.sent.borrow().len(), 1);
    }

    #[test]
    fn garbage_gives_its_own_error() {
        let nothing = exchange(&Told::new(&[&[]]), COMMAND, &[]);
        assert_eq!(nothing.err(), Some(CardError::NoAnswer));
        for answers in [&[[0x90].as_slice()][..], &[&[0x61, 1], &[0x61, 1]]] {
            let answer = exchange(&Told::new(answers), COMMAND, &[]);
            assert!(matches!(answer, Err(CardError::Garbage(_))), "{answers:?}");
        }
        let part = [[0; 255].as_slice(), &[0x61, 0xFF]].concat();
        let endless = vec![part.as_slice(); 100];
        assert!(matches!(exchange(&Told::new(&endless), COMMAND, &[]), Err(CardError::Garbage(_))));
    }
}
