//! What can go wrong with an SSH agent, and what to do then.

use std::io;
use std::path::PathBuf;

use countersign_problem::{Problem, Words};

/// An SSH agent, or a key in it, could not be used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SshAgentError {
    /// No agent is named, and the environment names none.
    NoSocket,
    /// Nothing answers at its socket.
    NotThere {
        /// The socket.
        socket: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It ended the conversation.
    Ended {
        /// The socket.
        socket: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// What it says is no answer of an SSH agent.
    NoAgent(PathBuf),
    /// It did not answer in time.
    TimedOut {
        /// The socket.
        socket: PathBuf,
        /// After how many seconds.
        seconds: u64,
    },
    /// It lists no keys: there are none in it, or it is locked.
    Empty(PathBuf),
    /// None of its keys can sign here.
    NoneSigns {
        /// The socket.
        socket: PathBuf,
        /// Its keys.
        keys: Words,
    },
    /// It has no such key.
    NoSuchKey {
        /// What was asked for.
        wanted: String,
        /// What it has.
        keys: Words,
    },
    /// It has several keys that fit.
    Several(Words),
    /// A key of a kind that signs nothing here.
    Kind {
        /// The key.
        key: String,
        /// Its kind, as SSH calls it.
        kind: String,
    },
    /// It did not sign: a person declined, or the key has gone.
    Refused(String),
    /// It signed in another way than it was asked to.
    OtherWay {
        /// The key.
        key: String,
        /// How it signed, as SSH calls it.
        way: String,
    },
}
