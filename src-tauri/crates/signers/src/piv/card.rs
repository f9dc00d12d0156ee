//! Exchanging APDUs with a smart card: command chaining, responses in parts, and everything that
//! can go wrong on the way, in words.

use countersign_problem::Problem;
use std::ffi::{CStr, CString};

use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use zeroize::Zeroizing;

/// Most bytes of data in one short command APDU (ISO/IEC 7816-4 section 5.1).
const SHORT: usize = 255;
/// Longest answer that is taken, in bytes; the largest PIV object has some 3 KiB.
const MAX_ANSWER: usize = 16 * 1024;
/// Most parts of one answer: of 256 bytes each they hold more than is taken, and a card that sends
/// less in each is not waited for for ever.
const MAX_PARTS: usize = 256;
/// How often to connect again to a card that others reset meanwhile.
const CONNECTS: usize = 3;
/// More data follows in another command (ISO/IEC 7816-4 section 5.1.1.1).
const CHAINED: u8 = 0x10;
const GET_RESPONSE: u8 = 0xC0;

/// Why a card could not be talked to.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CardError {
    /// It was pulled out.
    Removed,
    /// Another program reset it.
    Reset,
    /// Another program holds the reader for itself.
    Held,
    /// The smart card service is not there.
    NoService,
    /// No answer in time.
    Silent(u64),
    /// Nothing at all came back, as from a card that is just being pulled out.
    NoAnswer,
    /// An answer that cannot be read.
    Garbage(&'static str),
    /// A status word that this command should not get.
    #[arg(status = format!("{status:04X}"))]
    Status {
        /// Which command.
        command: &'static str,
        /// The status word (ISO/IEC 7816-4 section 5.1.3).
        status: u16,
    },
    /// No longer the card that is wanted.
    OtherCard,
    /// What the smart card service said.
    Service(String),
}

impl From<pcsc::Error> for CardError {
    fn from(error: pcsc::Error) -> Self {
        use pcsc::Error as E;
        match error {
            E::NoSmartcard | E::RemovedCard | E::ReaderUnavailable | E::UnknownReader => {
                Self::Removed
            }
            E::UnpoweredCard | E::UnresponsiveCard => Self::Removed,
            // Reported right after a reset, before anyone has agreed on a protocol again.
            E::ResetCard | E::ProtoMismatch => Self::Reset,
            // So is a transaction that is gone when it should end: a card that was pulled out
            // and is there again, or that another program reset, must be read again.
            E::NotTransacted => Self::Reset,
            E::SharingViolation => Self::Held,
            E::NoService | E::ServiceStopped | E::CommError | E::InvalidHandle => Self::NoService,
            E::InternalError => Self::NoService,
            other => Self::Service(other.to_string()),
        }
    }
}

impl CardError {
    /// Whether the card itself answered, only not as it should.
    pub const fn is_answer(&self) -> bool {
        matches!(self, Self::Garbage(_) | Self::Status { .. })
    }
}

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
            return Err(CardError::Garbage("more data was announced and none came"));
        }
        answer.data.extend_from_slice(&more.data);
        answer.status = more.status;
        if answer.data.len() > MAX_ANSWER || count > MAX_PARTS {
            return Err(CardError::Garbage("it does not end"));
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
        None => return Err(CardError::Garbage("it has no status word")),
    };
    let length = data.len() - 2;
    data.truncate(length);
    Ok(Answer { data, status })
}

/// A connection to the card in a reader, shared with other programs until a transaction begins.
pub struct Connection {
    reader: CString,
    card: Option<pcsc::Card>,
    /// Lives as long as its card: releasing it would close the card's handle.
    context: Context,
}

impl Connection {
    /// Connects to the card in a reader.
    ///
    /// # Errors
    /// Fails if there is none, or another program has exclusive access to it.
    pub fn open(reader: &str) -> Result<Self, CardError> {
        let context = Context::establish(Scope::User)?;
        let reader = CString::new(reader).map_err(|_| CardError::Removed)?;
        let card = connect(&context, &reader)?;
        Ok(Self { reader, card: Some(card), context })
    }

    /// Does something that no other program can come in between with.
    ///
    /// # Errors
    /// Fails if the card cannot be reached, or with the error of the work.
    pub fn transaction<T, E: From<CardError>>(
        &mut self,
        work: impl FnOnce(&dyn Transmit) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within(|card| (work(card), Disposition::LeaveCard))
    }

    /// The same, after which the card is reset, still within the transaction: whatever PIN it held
    /// as verified is forgotten before any other program can sign with it.
    ///
    /// # Errors
    /// As [`Self::transaction`].
    pub fn transaction_then_reset<T, E: From<CardError>>(
        mut self,
        work: impl FnOnce(&dyn Transmit) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within(|card| {
            let done = work(card);
            // One that has gone has forgotten the PIN with its power, and cannot be reset.
            let there = super::applet::leave(card).is_ok();
            (done, if there { Disposition::ResetCard } else { Disposition::LeaveCard })
        })
    }

    /// Resets the card: whatever PIN it held as verified is forgotten.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn reset(mut self) -> Result<(), CardError> {
        self.within(|_| (Ok(()), Disposition::ResetCard))
    }

    fn within<T, E: From<CardError>>(
        &mut self,
        work: impl FnOnce(&dyn Transmit) -> (Result<T, E>, Disposition),
    ) -> Result<T, E> {
        let mut card = self.card.take().ok_or(CardError::Removed)?;
        for _ in 1..CONNECTS {
            match begin(&mut card).map(drop) {
                // Another program has reset it since: no harm before our own work begins.
                Err(CardError::Reset) => {
                    let _ = card.disconnect(Disposition::LeaveCard);
                    card = connect(&self.context, &self.reader)?;
                }
                _ => break,
            }
        }
        let card = self.card.insert(card);
        let transaction = begin(card)?;
        let (done, disposition) = work(&transaction);
        // If ending it fails, the card is gone, and nothing is left to end.
        let _ = transaction.end(disposition);
        done
    }

    fn disconnect(&mut self, disposition: Disposition) {
        if let Some(card) = self.card.take() {
            // It fails only if the card is gone.
            let _ = card.disconnect(disposition);
        }
    }
}

/// Begins a transaction with a card as it was connected to: whoever waited for another program's to
/// end may find the card reset by it.
fn begin(card: &mut pcsc::Card) -> Result<pcsc::Transaction<'_>, CardError> {
    let transaction = card.transaction()?;
    match transaction.status2_owned() {
        Ok(status) if status.protocol2().is_some() => Ok(transaction),
        Ok(_) => Err(CardError::Reset),
        Err(error) => Err(error.into()),
    }
}

fn connect(context: &Context, reader: &CStr) -> Result<pcsc::Card, CardError> {
    Ok(context.connect(reader, ShareMode::Shared, Protocols::ANY)?)
}

impl Drop for Connection {
    /// Leaves the card to whoever else uses it.
    fn drop(&mut self) {
        self.disconnect(Disposition::LeaveCard);
    }
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
