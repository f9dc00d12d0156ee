//! A key in an SSH agent: OpenSSH's, GnuPG's, a password manager's (draft-ietf-sshm-ssh-agent). The
//! agent signs the bytes that it is given, with what a person has unlocked in it. It says nothing of
//! what holds a key, so that its keys count as software.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::verify_raw;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, list};
use ssh_encoding::{Decode as _, Encode as _};
use ssh_key::Mpint;

use crate::ecdsa;
use crate::error::SignerError;
use crate::error::ssh_agent::SshAgentError;
use crate::signer::{Attend, Payload, Signer, Waiting};

/// How long an agent may take. It may ask a person whether the key may be used, or for its PIN.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// The variable of the environment that names the agent's socket.
const SOCKET: &str = "SSH_AUTH_SOCK";

/// Longest message, in bytes: OpenSSH's agent takes no longer ones.
const MAX_MESSAGE: usize = 256 << 10;
/// What a request to sign has besides the key and the message: its length, its kind, two lengths, flags.
const OF_REQUEST: usize = 17;

/// Longest comment and name of a kind that are shown, in characters.
const SHOWN: usize = 60;
/// How many keys an error names.
const NAMED: usize = 8;

/// How long it is waited until a person may have cancelled.
const PATIENCE: Duration = Duration::from_millis(100);

// Section 5.1 of the draft.
const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
/// RSA with SHA-256 (section 5.3); without it RSA keys sign with SHA-1.
const RSA_SHA2_256: u32 = 2;

/// An SSH agent, by its socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshAgent {
    socket: PathBuf,
}

impl SshAgent {
    /// The agent at a socket, or else the one that the environment names.
    ///
    /// # Errors
    /// If neither names one.
    pub fn at(socket: Option<&Path>) -> Result<Self, SshAgentError> {
        let given = socket.map(Path::to_owned);
        let named = || std::env::var_os(SOCKET).filter(|path| !path.is_empty()).map(PathBuf::from);
        let socket = given.or_else(named).ok_or(SshAgentError::NoSocket)?;
        Ok(Self { socket })
    }

    /// The keys in it, those that sign nothing here too.
    ///
    /// # Errors
    /// If it cannot be asked, or lists no keys.
    pub fn keys(&self, attend: &dyn Attend) -> Result<Vec<SshAgentKey>, SignerError> {
        let keys = self.listed(&self.ask(&[REQUEST_IDENTITIES], attend)?)?;
        match keys.is_empty() {
            true => Err(SshAgentError::Empty(self.socket.clone()).into()),
            false => Ok(keys),
        }
    }

    /// The keys that an answer lists.
    ///
    /// # Errors
    /// If it is not a list of keys.
    pub fn listed(&self, answer: &[u8]) -> Result<Vec<SshAgentKey>, SshAgentError> {
        let Some((&IDENTITIES_ANSWER, mut rest)) = answer.split_first() else {
            return Err(SshAgentError::NoAgent(self.socket.clone()));
        };
        let no_agent = |_| SshAgentError::NoAgent(self.socket.clone());
        let count = u32::decode(&mut rest).map_err(no_agent)?;
        let mut keys = Vec::new();
        for _ in 0..count {
            // What cannot be read of one key says nothing of the others.
            let blob = Vec::<u8>::decode(&mut rest).map_err(no_agent)?;
            let comment = Vec::<u8>::decode(&mut rest).map_err(no_agent)?;
            keys.push(SshAgentKey::of(blob, &comment));
        }
        Ok(keys)
    }

    /// The key of a name, its fingerprint (`SHA256:…`, as `ssh-add -l` shows it) or its comment; or
    /// else the only one that signs here.
    ///
    /// # Errors
    /// If it cannot be asked, or there is no such key, several, or one that signs nothing here.
    pub fn find(
        &self,
        wanted: Option<&str>,
        attend: &dyn Attend,
    ) -> Result<SshAgentKey, SignerError> {
        let keys = self.keys(attend)?;
        let fits = |key: &&SshAgentKey| match wanted {
            Some(wanted) => key.fingerprint() == wanted || key.is_called(wanted),
            None => key.public_key.is_some(),
        };
        let mut fitting: Vec<&SshAgentKey> = keys.iter().filter(fits).collect();
        // A key and its certificate have the same comment, and the certificate signs nothing.
        if fitting.iter().any(|key| key.public_key.is_some()) {
            fitting.retain(|key| key.public_key.is_some());
        }
        match (&fitting[..], wanted) {
            ([], Some(wanted)) => {
                let wanted = visible_short(wanted, SHOWN);
                Err(SshAgentError::NoSuchKey { wanted, keys: named(&keys) }.into())
            }
            ([], None) => {
                let socket = self.socket.clone();
                Err(SshAgentError::NoneSigns { socket, keys: named(&keys) }.into())
            }
            ([key], _) if key.public_key.is_some() => Ok((*key).clone()),
            ([key], _) => Err(key.signs_nothing().into()),
            (several, _) => Err(SshAgentError::Several(named(several.iter().copied())).into()),
        }
    }

    /// The key of a public half.
    ///
    /// # Errors
    /// If it cannot be asked, or does not have it.
    pub fn key_of(
        &self,
        public: &PublicKey,
        attend: &dyn Attend,
    ) -> Result<SshAgentKey, SignerError> {
        let keys = self.keys(attend)?;
        let key = keys.iter().find(|key| key.public_key.as_ref() == Some(public));
        Ok(key.cloned().ok_or_else(|| SshAgentError::NoSuchKey {
            wanted: public.fingerprint().hex(),
            keys: named(&keys),
        })?)
    }

    /// A signer with a key in it.
    ///
    /// # Errors
    /// If the key signs nothing here.
    pub fn signer(&self, key: SshAgentKey) -> Result<SshAgentSigner, SshAgentError> {
        let public = key.public_key.clone();
        let signs = public.and_then(|public| Some((algorithm(&public)?, public)));
        let (algorithm, public) = signs.ok_or_else(|| key.signs_nothing())?;
        let payloads = vec![SignedPayload::CanonicalJson, SignedPayload::Sha256];
        Ok(SshAgentSigner { agent: self.clone(), key, public, algorithm, payloads })
    }

    /// Sends a message and returns the answer, both without their length.
    fn ask(&self, request: &[u8], attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        let mut message = Vec::with_capacity(request.len() + 4);
        let ended = |source| SshAgentError::Ended { socket: self.socket.clone(), source };
        let not_there = |source| SshAgentError::NotThere { socket: self.socket.clone(), source };
        request.encode(&mut message).map_err(|error| ended(io::Error::other(error)))?;
        // One limit for all of it: an agent that does not take the connection, that does not read, and
        // that does not answer keeps a person waiting no longer than one that declines.
        let patience = Patience { agent: self, attend, deadline: Instant::now() + TIMEOUT };
        let connect = || connection::Connection::to(&self.socket, PATIENCE);
        let mut connection = patience.wait(connect, not_there)?;
        let mut rest = &message[..];
        while !rest.is_empty() {
            match patience.wait(|| connection.send(rest), ended)? {
                0 => return Err(ended(io::ErrorKind::WriteZero.into()).into()),
                sent => rest = rest.get(sent..).unwrap_or_default(),
            }
        }
        let mut read = |bytes: &mut [u8]| {
            let mut have = 0;
            while have < bytes.len() {
                match patience.wait(|| connection.receive(&mut bytes[have..]), ended)? {
                    0 => return Err(ended(io::ErrorKind::UnexpectedEof.into()).into()),
                    more => have += more,
                }
            }
            Ok::<_, SignerError>(())
        };
        let mut length = [0; 4];
        read(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if !(1..=MAX_MESSAGE).contains(&length) {
            return Err(SshAgentError::NoAgent(self.socket.clone()).into());
        }
        let mut answer = vec![0; length];
        read(&mut answer)?;
        Ok(answer)
    }
}

/// Waiting for an agent, until it does something, a person cancels, or the time is up.
struct Patience<'a> {
    agent: &'a SshAgent,
    attend: &'a dyn Attend,
    deadline: Instant,
}

impl Patience<'_> {
    /// Tries again as long as nothing has gone wrong. Each attempt waits itself, for [`PATIENCE`].
    fn wait<T>(
        &self,
        mut attempt: impl FnMut() -> io::Result<T>,
        failed: impl Fn(io::Error) -> SshAgentError,
    ) -> Result<T, SignerError> {
        loop {
            if self.attend.is_cancelled() {
                return Err(SignerError::Cancelled);
            }
            if Instant::now() >= self.deadline {
                let (socket, seconds) = (self.agent.socket.clone(), TIMEOUT.as_secs());
                return Err(SshAgentError::TimedOut { socket, seconds }.into());
            }
            match attempt() {
                Err(error) if connection::is_patience(&error) => {}
                done => return Ok(done.map_err(failed)?),
            }
        }
    }
}

/// A key in an SSH agent.
#[derive(Debug, Clone)]
pub struct SshAgentKey {
    /// What a person has called it, safe to show; may be empty.
    pub comment: String,
    /// Its kind, as SSH calls it (`ssh-ed25519`), safe to show.
    pub kind: String,
    /// The key that verifies, if it signs anything here.
    pub public_key: Option<PublicKey>,
    /// How SSH writes the public key (RFC 4253 section 6.6).
    blob: Vec<u8>,
    /// The whole comment, as the agent has it.
    called: Vec<u8>,
}

impl SshAgentKey {
    fn of(blob: Vec<u8>, comment: &[u8]) -> Self {
        let kind = Vec::<u8>::decode(&mut &blob[..]).unwrap_or_default();
        let shown = |bytes: &[u8]| visible_short(&String::from_utf8_lossy(bytes), SHOWN);
        let public_key = PublicKey::from_ssh(&blob).ok();
        let called = comment.to_vec();
        Self { comment: shown(comment), kind: shown(&kind), public_key, blob, called }
    }

    /// Whether this is its comment: as the agent has it (`ssh-add -l`), or as it is shown here.
    fn is_called(&self, name: &str) -> bool {
        self.called == name.as_bytes() || self.comment == name
    }

    fn signs_nothing(&self) -> SshAgentError {
        SshAgentError::Kind { key: self.to_string(), kind: self.kind.clone() }
    }

    /// Its fingerprint, as SSH's programs show it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", BASE64.encode(Digest::of(&self.blob).as_bytes()))
    }
}

impl fmt::Display for SshAgentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.fingerprint(), self.kind)?;
        match self.comment.is_empty() {
            true => Ok(()),
            false => write!(f, " {}", self.comment),
        }
    }
}

fn named<'a>(keys: impl IntoIterator<Item = &'a SshAgentKey>) -> Words {
    list::first(keys.into_iter().map(|key| Words::text(key.to_string())), NAMED)
}

/// How a key in an agent signs; `None` for one that signs nothing here. SSH knows RSA with PKCS#1 v1.5
/// only (RFC 8332).
pub fn algorithm(public: &PublicKey) -> Option<Algorithm> {
    public.algorithms().find(|algorithm| *algorithm != Algorithm::RsaPssSha256)
}

/// A key in an SSH agent that signs.
#[derive(Debug, Clone)]
pub struct SshAgentSigner {
    agent: SshAgent,
    key: SshAgentKey,
    public: PublicKey,
    algorithm: Algorithm,
    payloads: Vec<SignedPayload>,
}

impl SshAgentSigner {
    /// How SSH calls a signature of its algorithm.
    const fn way(&self) -> &'static str {
        match self.algorithm {
            Algorithm::EcdsaP256Sha256 => "ecdsa-sha2-nistp256",
            Algorithm::EcdsaP384Sha384 => "ecdsa-sha2-nistp384",
            Algorithm::RsaPkcs1v15Sha256 => "rsa-sha2-256",
            _ => "ssh-ed25519",
        }
    }

    fn request(&self, message: &[u8]) -> Result<Vec<u8>, ssh_encoding::Error> {
        let flags = if self.algorithm == Algorithm::RsaPkcs1v15Sha256 { RSA_SHA2_256 } else { 0 };
        let mut request = vec![SIGN_REQUEST];
        self.key.blob.encode(&mut request)?;
        message.encode(&mut request)?;
        flags.encode(&mut request)?;
        Ok(request)
    }

    /// The signature in an answer (RFC 4253 section 6.6): its kind, and its bytes in the form of the
    /// algorithm.
    ///
    /// # Errors
    /// If it is not one, or of another kind than was asked for.
    pub fn signature(&self, answer: &[u8]) -> Result<Vec<u8>, SignerError> {
        let no_agent = || SshAgentError::NoAgent(self.agent.socket.clone());
        let mut rest = match answer.split_first() {
            Some((&SIGN_RESPONSE, rest)) => rest,
            Some((&FAILURE, _)) => return Err(SshAgentError::Refused(self.key.to_string()).into()),
            _ => return Err(no_agent().into()),
        };
        let signature = Vec::<u8>::decode(&mut rest).map_err(|_| no_agent())?;
        let mut rest = &signature[..];
        let way = Vec::<u8>::decode(&mut rest).map_err(|_| no_agent())?;
        let bytes = Vec::<u8>::decode(&mut rest).map_err(|_| no_agent())?;
        if way != self.way().as_bytes() {
            let (key, way) = (self.key.to_string(), String::from_utf8_lossy(&way).into_owned());
            return Err(SshAgentError::OtherWay { key, way: visible_short(&way, SHOWN) }.into());
        }
        let order = match self.algorithm {
            Algorithm::EcdsaP256Sha256 => 32,
            Algorithm::EcdsaP384Sha384 => 48,
            _ => return Ok(bytes),
        };
        let der = r_s(&bytes, order).and_then(|r_s| ecdsa::der_of_r_s(self.algorithm, &r_s));
        Ok(der.ok_or_else(no_agent)?)
    }
}

/// The two numbers of an ECDSA signature (RFC 5656 section 3.1.2) side by side, each as long as the
/// curve's order.
fn r_s(mut bytes: &[u8], order: usize) -> Option<Vec<u8>> {
    let mut number = || {
        let number = Mpint::decode(&mut bytes).ok()?;
        let digits = number.as_positive_bytes()?;
        let zeros = order.checked_sub(digits.len())?;
        Some([&vec![0; zeros], digits].concat())
    };
    Some([number()?, number()?].concat())
}

impl Signer for SshAgentSigner {
    fn signer_type(&self) -> SignerType {
        SignerType::Software
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn payloads(&self) -> &[SignedPayload] {
        &self.payloads
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        let message = payload.message();
        let most = MAX_MESSAGE.saturating_sub(OF_REQUEST + self.key.blob.len());
        if message.len() > most {
            return Err(SignerError::TooLong { bytes: message.len(), most });
        }
        let request = self.request(&message).map_err(|error| SshAgentError::Ended {
            socket: self.agent.socket.clone(),
            source: io::Error::other(error),
        })?;
        let seconds = u32::try_from(TIMEOUT.as_secs()).unwrap_or(u32::MAX);
        attend.waiting(Waiting::Agent { seconds });
        self.signature(&self.agent.ask(&request, attend)?)
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        verify_raw(&self.public, self.algorithm, message, signature).is_ok()
    }
}

/// The way to the agent: a socket of the file system.
#[cfg(unix)]
mod connection {
    use std::io::{self, Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::path::Path;
    use std::time::Duration;

    pub(super) struct Connection(UnixStream);

    impl Connection {
        pub(super) fn to(socket: &Path, patience: Duration) -> io::Result<Self> {
            let stream = connected(socket, patience)?;
            stream.set_read_timeout(Some(patience))?;
            stream.set_write_timeout(Some(patience))?;
            Ok(Self(stream))
        }

        pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        pub(super) fn receive(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(bytes)
        }
    }

    /// Linux keeps a program waiting whose agent takes no more connections, by the time limit of
    /// sending.
    #[cfg(target_os = "linux")]
    fn connected(socket: &Path, patience: Duration) -> io::Result<UnixStream> {
        use rustix::net::sockopt::{Timeout, set_socket_timeout};
        use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

        let flags = SocketFlags::CLOEXEC;
        let end = rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        set_socket_timeout(&end, Timeout::Send, Some(patience))?;
        rustix::net::connect(&end, &SocketAddrUnix::new(socket)?)?;
        Ok(end.into())
    }

    /// Other systems refuse such a connection at once.
    #[cfg(not(target_os = "linux"))]
    fn connected(socket: &Path, _: Duration) -> io::Result<UnixStream> {
        UnixStream::connect(socket)
    }

    /// Whether nothing has gone wrong: nothing has come yet.
    pub(super) fn is_patience(error: &io::Error) -> bool {
        use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
        matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
    }
}

/// Other systems have no such sockets.
#[cfg(not(unix))]
mod connection {
    use std::io;
    use std::path::Path;
    use std::time::Duration;

    pub(super) enum Connection {}

    impl Connection {
        pub(super) fn to(_: &Path, _: Duration) -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) fn send(&mut self, _: &[u8]) -> io::Result<usize> {
            match *self {}
        }

        pub(super) fn receive(&mut self, _: &mut [u8]) -> io::Result<usize> {
            match *self {}
        }
    }

    pub(super) fn is_patience(_: &io::Error) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cancels once the agent has been waited for.
    #[cfg(target_os = "linux")]
    struct Impatient(std::sync::atomic::AtomicU8);

    #[cfg(target_os = "linux")]
    impl Attend for Impatient {
        fn is_cancelled(&self) -> bool {
            self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 3
        }
    }

    /// Whether connecting, sending or waiting for the answer hangs, a person can cancel.
    #[test]
    #[cfg(target_os = "linux")]
    fn an_agent_that_does_not_move_can_be_cancelled() {
        use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind, listen, socket};

        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("agent");
        let cancelled = |request: &[u8]| {
            let agent = SshAgent::at(Some(&path)).unwrap();
            let outcome = agent.ask(request, &Impatient(0.into()));
            assert!(matches!(outcome, Err(SignerError::Cancelled)), "{outcome:?}");
        };
        let listener = socket(AddressFamily::UNIX, SocketType::STREAM, None).unwrap();
        bind(&listener, &SocketAddrUnix::new(&path).unwrap()).unwrap();
        listen(&listener, 0).unwrap();
        // It takes this connection, and reads nothing of a long message.
        cancelled(&vec![SIGN_REQUEST; MAX_MESSAGE]);
        // That connection was not accepted, so that there is no place for another.
        cancelled(&[REQUEST_IDENTITIES]);
    }

    #[test]
    fn the_numbers_of_a_signature_are_as_long_as_the_order() {
        // A short r, and an s with the zero that keeps it positive.
        let mut bytes = vec![0, 0, 0, 1, 7, 0, 0, 0, 33, 0];
        bytes.extend([0x80; 32]);
        let r_s = r_s(&bytes, 32).unwrap();
        assert_eq!(r_s[..31], [0; 31]);
        assert_eq!(r_s[31..], [&[7][..], &[0x80; 32]].concat());
        // A negative number, and one that is too long.
        assert_eq!(super::r_s(&[0, 0, 0, 1, 0x80, 0, 0, 0, 1, 1], 32), None);
        assert_eq!(
            super::r_s(&[&[0, 0, 0, 33][..], &[1; 33], &[0, 0, 0, 1, 1]].concat(), 32),
            None
        );
    }
}
