//! Bringing the key of a PKCS#11 token into the keyring, where some tokens describe a key only after
//! its PIN.

use countersign_admissibility::keyring::Key as KeyringKey;
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::tokens;
use countersign_envelope::signature::SignerType;
use countersign_problem::Problem;
use countersign_signers::SignerError;
use countersign_signers::pkcs11::signer::{self, Pkcs11Key};
use countersign_signers::pkcs11::token::PinState;
use countersign_trust::enrolment::{EnrolmentError, Holder};
use secrecy::SecretString;

use crate::enrol::{self, EnrolError};
use crate::workspace::Workspace;

/// Why the key of a token was not looked at more closely.
#[derive(Debug, Problem)]
pub enum EnrolTokenError {
    /// It cannot be enrolled.
    #[problem(transparent)]
    Enrol(#[from] EnrolError),
    /// A wrong PIN would lock the token, and the person has not confirmed using the last attempt.
    #[problem(code = "last_try")]
    LastTry,
    /// The PIN is wrong, or the token cannot be used.
    #[problem(transparent)]
    Signer(#[from] SignerError),
}

/// A key of a token that is to come into the keyring.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// The key, as far as its token shows it.
    pub key: Pkcs11Key,
    /// Whose it is to be.
    pub holder: Holder,
}

impl TokenKey {
    /// Whether a wrong PIN would now lock the token.
    pub fn is_last_try(&self) -> bool {
        self.key.token.pin == PinState::FinalTry
    }

    /// Checks that the keyring would take the key, before its PIN is asked for: a wrong one costs an
    /// attempt.
    ///
    /// # Errors
    /// As [`enrol::check`].
    pub fn check(&self, workspace: &Workspace) -> Result<(), EnrolError> {
        let public = self.key.public();
        let entry =
            self.holder.clone().entry(public.as_ref(), SignerType::Software, (workspace.now)())?;
        enrol::check(workspace, entry)
    }

    /// What the key is once its PIN is given.
    ///
    /// # Errors
    /// As [`Self::check`]; if it would use the last attempt and that is not confirmed; if the PIN is
    /// wrong, or the token cannot be used.
    pub fn look_closer(
        &mut self,
        workspace: &Workspace,
        pin: &SecretString,
        last: LastTry,
    ) -> Result<(), EnrolTokenError> {
        self.check(workspace)?;
        if self.is_last_try() && last == LastTry::NotConfirmed {
            return Err(EnrolTokenError::LastTry);
        }
        self.key = signer::look_closer(&self.key, pin)?;
        Ok(())
    }

    /// Its entry: as hardware only on the word of a known module, or of the person (`stated`).
    ///
    /// # Errors
    /// As [`tokens::entry`].
    pub fn entry(
        &self,
        workspace: &Workspace,
        stated: Option<SignerType>,
    ) -> Result<KeyringKey, EnrolmentError> {
        tokens::entry(&self.key, self.holder.clone(), stated, (workspace.now)())
    }
}
