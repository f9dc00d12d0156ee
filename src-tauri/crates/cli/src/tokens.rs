//! Finding the key that a command chooses, among what is plugged in.

use countersign_problem::Problem;
use countersign_signers::SignerError;

pub mod piv;
pub mod pkcs11;

/// What went wrong with the key of a token, which is named once.
#[derive(Debug, Problem)]
#[problem(area = "token-use")]
pub enum TokenUseError {
    /// The error names the token.
    #[problem(transparent)]
    Named(SignerError),
    /// The error is about the key or its secret.
    Unnamed { from: String, cause: SignerError },
}

impl TokenUseError {
    /// Of a token that is called `from`.
    pub fn new(from: String, error: SignerError) -> Self {
        match error {
            SignerError::Token(_) | SignerError::NotTouched(_) | SignerError::Module(_) => {
                Self::Named(error)
            }
            cause => Self::Unnamed { from, cause },
        }
    }
}
