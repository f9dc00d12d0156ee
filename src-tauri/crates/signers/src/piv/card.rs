//! The connection to a card in a reader, and what no other program may come in between with.

use std::ffi::{CStr, CString};
use std::thread;
use std::time::{Duration, Instant};

use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};

use super::apdu::{Protocol, Transmit};
use super::applet;
use crate::error::piv::CardError;

/// How long to connect again to a card that others reset meanwhile. A reset takes a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long to leave a card alone that is just being reset.
const PAUSE: Duration = Duration::from_millis(10);

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
            let there = applet::leave(card).is_ok();
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
        let mut work = work;
        let mut card = self.card.take().ok_or(CardError::Removed)?;
        let begun = Instant::now();
        loop {
            let tried = match begin(&mut card) {
                Ok(channel) => {
                    let (done, disposition) = work(&channel);
                    // If ending it fails, the card is gone, and nothing is left to end.
                    let _ = channel.transaction.end(disposition);
                    Ok(done)
                }
                Err(error) => Err((error, work)),
            };
            match tried {
                Ok(done) => {
                    self.card = Some(card);
                    return done;
                }
                // Another program has reset it since: no harm before our own work begins.
                Err((CardError::Reset, again)) if begun.elapsed() < PATIENCE => {
                    work = again;
                    let _ = card.disconnect(Disposition::LeaveCard);
                    card = connect(&self.context, &self.reader)?;
                }
                Err((error, _)) => return Err(error.into()),
            }
        }
    }

    fn disconnect(&mut self, disposition: Disposition) {
        if let Some(card) = self.card.take() {
            // It fails only if the card is gone.
            let _ = card.disconnect(disposition);
        }
    }
}

/// A card in a transaction.
struct Channel<'c> {
    transaction: pcsc::Transaction<'c>,
    protocol: Protocol,
}

impl Transmit for Channel<'_> {
    fn transmit(&self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        // The largest that an extended APDU can answer; cards send parts of 256.
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        let answer = pcsc::Card::transmit(&self.transaction, apdu, &mut buffer)?;
        Ok(answer.to_vec())
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }
}

/// Begins a transaction with a card as it was connected to: whoever waited for another program's to
/// end may find the card reset by it.
fn begin(card: &mut pcsc::Card) -> Result<Channel<'_>, CardError> {
    let transaction = card.transaction()?;
    let status = transaction.status2_owned().map(|status| status.protocol2());
    let protocol = match status? {
        Some(pcsc::Protocol::T0) => Protocol::T0,
        Some(_) => Protocol::T1,
        None => return Err(CardError::Reset),
    };
    Ok(Channel { transaction, protocol })
}

/// Connects to the card in a reader, also to one that another program is just resetting.
fn connect(context: &Context, reader: &CStr) -> Result<pcsc::Card, CardError> {
    let begun = Instant::now();
    loop {
        match context.connect(reader, ShareMode::Shared, Protocols::ANY).map_err(CardError::from) {
            Err(CardError::Reset) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
            done => return done,
        }
    }
}

impl Drop for Connection {
    /// Leaves the card to whoever else uses it.
    fn drop(&mut self) {
        self.disconnect(Disposition::LeaveCard);
    }
}
