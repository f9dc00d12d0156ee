use std::io;
use std::path::PathBuf;

/// What kept the virtual YubiKey from coming up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program or driver is missing.
    #[error("{} is not installed; run: apt-get install pcscd vsmartcard-vpcd", .0.display())]
    Missing(PathBuf),
    /// The smart card service did not come up.
    #[error("pcscd did not start: {reason}; its last words were:\n{log}")]
    Pcscd {
        /// What was seen to go wrong.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// Nothing listens where the card was to be plugged in.
    #[error(
        "no vpcd listens on port {port}: {source}; start pcscd with the vpcd driver \
         (apt-get install pcscd vsmartcard-vpcd)"
    )]
    Vpcd {
        /// The port.
        port: u16,
        /// The reason the system gave.
        source: io::Error,
    },
    /// A file or socket could not be made.
    #[error("{what}: {source}; see that the directory for temporary files can be written to")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The reason the system gave.
        source: io::Error,
    },
    /// A key of the options cannot be used.
    #[error(
        "the key for slot {slot:02x} cannot be used: {reason}; give a PKCS#8 PEM of its algorithm"
    )]
    Key {
        /// The slot.
        slot: u8,
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate could not be made.
    #[error("the certificate for {subject} could not be made: {reason}; check the options")]
    Certificate {
        /// Its subject.
        subject: String,
        /// What went wrong.
        reason: String,
    },
}
