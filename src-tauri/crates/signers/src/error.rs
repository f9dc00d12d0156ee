//! Why a key could not be opened or used, whatever its kind. The errors of each kind are modules
//! that know nothing of the others.

pub mod external;
pub mod kept_pin;
pub mod piv;
pub mod pkcs11;
pub mod setup;
pub mod ssh_agent;

use countersign_envelope::public_key::PublicKeyError;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_problem::{Problem, Words};

use self::external::ExternalError;
use self::kept_pin::KeptPinError;
use self::piv::{PinError, TokenError};
use self::pkcs11::{LoginError, ModuleError};
use self::setup::SetupFault;
use self::ssh_agent::SshAgentError;

/// Why a key could not be opened or used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SignerError {
    /// Neither of the forms of key that are read.
    Form,
    /// A key of another length than the algorithm has.
    Length(usize),
    /// No key at all.
    Empty,
    /// The key file is encrypted, and no passphrase came with it.
    PassphraseNeeded,
    /// The passphrase is wrong, or the file is damaged; the two cannot be told apart.
    Passphrase,
    /// A key file of another algorithm than Ed25519.
    Kind(String),
    /// A key file that is encrypted by an algorithm that is not read here. The passphrase may be
    /// right.
    Cipher(String),
    /// PEM whose content cannot be read.
    Damaged,
    /// The file has the public key of another private key.
    OtherPublicKey,
    /// Different private keys in one file.
    Several(usize),
    /// A form of another program, or something that is not a private key.
    Other {
        /// What it is.
        what: Words,
        /// What to do instead.
        instead: Words,
    },
    /// A private key in DER.
    Der,
    /// A PKCS#12 container.
    Pkcs12,
    /// A file that is not text.
    Binary,
    /// The public key that belongs to it is unsafe.
    PublicKey(#[from] PublicKeyError),
    /// The operating system gave no random bytes.
    Random,
    /// A new key could not be written in its form.
    Encryption,
    /// The person cancelled while the key was used.
    Cancelled,
    /// A PIN or PUK was not accepted.
    #[problem(transparent)]
    Pin(#[from] PinError),
    /// Nobody touched the token in time.
    NotTouched(Words),
    /// Something went wrong with the token before, and it is not asked again.
    Spent(Words),
    /// The token could not be used.
    #[problem(transparent)]
    Token(Box<TokenError>),
    /// The PIN of a PKCS#11 token was not accepted.
    #[problem(transparent)]
    Login(#[from] LoginError),
    /// The PIN that is kept for use without a person was not used.
    #[problem(transparent)]
    KeptPin(#[from] KeptPinError),
    /// No key of this name, or several.
    NoSuchKey(String),
    /// A PKCS#11 module, or a token of it, could not be used.
    #[problem(transparent)]
    Module(Box<ModuleError>),
    /// A key that signs nothing here.
    #[arg(known = !kind.english().contains("unknown kind"))]
    NotSigning {
        /// Which kind it is.
        kind: Words,
    },
    /// A key that makes signatures of its own, and no companions.
    NotForCompanions(Algorithm),
    /// More than the token takes at once.
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many it takes.
        most: usize,
    },
    /// It signs another form of the payload than was asked for; asked for that, it gives what it has
    /// made.
    OtherForm(SignedPayload),
    /// What tpm2-tools wrote could not be read.
    TpmFiles(std::io::Error),
    /// The object to certify, or the one that certifies, cannot be found by the name given.
    TpmObject {
        /// What was given.
        object: String,
        /// What is wrong with it.
        why: Words,
    },
    /// One of tpm2-tools failed.
    TpmTool(Words),
    /// The TPM has no room for another object.
    TpmFull(Words),
    /// A YubiKey cannot be set up.
    #[problem(transparent)]
    Setup(Box<SetupFault>),
    /// A command gave no good signature.
    #[problem(transparent)]
    External(Box<ExternalError>),
    /// An SSH agent, or a key in it, could not be used.
    #[problem(transparent)]
    SshAgent(Box<SshAgentError>),
}

impl From<TokenError> for SignerError {
    fn from(error: TokenError) -> Self {
        Self::Token(Box::new(error))
    }
}

impl From<ModuleError> for SignerError {
    fn from(error: ModuleError) -> Self {
        Self::Module(Box::new(error))
    }
}

impl From<ExternalError> for SignerError {
    fn from(error: ExternalError) -> Self {
        Self::External(Box::new(error))
    }
}

impl From<SshAgentError> for SignerError {
    fn from(error: SshAgentError) -> Self {
        Self::SshAgent(Box::new(error))
    }
}
