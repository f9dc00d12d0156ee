//! The connection to a card in a reader, and what no other program may come in between with.

use std::ffi::{CStr, CString};

use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};

use super::apdu::Transmit;
use super::applet;
use crate::error::piv::CardError;

/// How often to connect again to a card that others reset meanwhile.
const CONNECTS: usize = 3;

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
