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

/// What carries one APDU to a card and its answer back.
pub trait Transmit {
    /// Sends an APDU; gives the answer with its status word.
    ///
    /// # Errors
    /// Fails if there is no answer.
    fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError>;
}

impl Transmit for pcsc::Transaction<'_> {
    fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        // The largest that an extended APDU can answer; cards send parts of 256.
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        let answer = pcsc::Card::transmit(self, apdu, &mut buffer)?;
        Ok(answer.to_vec())
    }
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
    let Command { ins, p1, p2, .. } = command;
    let mut parts: Vec<&[u8]> = data.chunks(SHORT).collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let answer = one(card, CHAINED, [ins, p1, p2], part)?;
        if answer.status != DONE {
            return Ok(answer);
        }
    }
    let mut answer = one(card, 0, [ins, p1, p2], last)?;
    if answer.status >> 8 == 0x6C && data.is_empty() {
        // Wrong length asked for: the card says which is right. Never with data, which may be a PIN.
        let apdu = [0, ins, p1, p2, answer.status.to_be_bytes()[1]];
        answer = split(card.transmit(&apdu)?)?;
    }
    let mut count = 0;
    while answer.status >> 8 == 0x61 {
        count += 1;
        let more =
            split(card.transmit(&[0, GET_RESPONSE, 0, 0, answer.status.to_be_bytes()[1]])?)?;
        if more.data.is_empty() && more.status >> 8 == 0x61 {
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

fn one(card: &dyn Transmit, cla: u8, head: [u8; 3], data: &[u8]) -> Result<Answer, CardError> {
    let mut apdu = Zeroizing::new(Vec::with_capacity(6 + data.len()));
    apdu.push(cla);
    apdu.extend_from_slice(&head);
    if !data.is_empty() {
        // At most 255, as the data was cut.
        apdu.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
        apdu.extend_from_slice(data);
    }
    apdu.push(0);
    split(card.transmit(&apdu)?)
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
    }

    impl Told {
        fn new(answers: &[&[u8]]) -> Self {
            let answers = answers.iter().map(|answer| answer.to_vec()).collect();
            Self { answers: RefCell::new(answers), sent: RefCell::default() }
        }
    }

    impl Transmit for Told {
        fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
            self.sent.borrow_mut().push(apdu.to_vec());
            self.answers.borrow_mut().pop_front().ok_or(CardError::Removed)
        }
    }

    const COMMAND: Command = Command { name: "TEST", ins: 0x87, p1: 1, p2: 2 };

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
                let chained = if index + 1 == sent.len() { 0 } else { CHAINED };
                assert_eq!(apdu[..4], [chained, 0x87, 1, 2], "{length}");
                assert_eq!(apdu.last(), Some(&0), "{length}: Le");
                if let Some(count) = apdu.get(4).filter(|_| apdu.len() > 5) {
                    assert_eq!(usize::from(*count), apdu.len() - 6, "{length}: Lc");
                    whole.extend_from_slice(&apdu[5..apdu.len() - 1]);
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
