//! Starting the process with a module, asking it, and ending it with all that it started.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use countersign_problem::visible::visible_short;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::module;
use super::module_file::{ModuleFile, Vouching};
use super::printed::Printed;
pub use super::protocol::Library;
use super::protocol::{self, Frame, Reply, Request};
use super::token::Token;
use crate::error::SignerError;
use crate::error::pkcs11::{Fault, ModuleError};
use crate::piv::card::Connection;
use crate::process_group::Group;
use crate::signer::{Attend, Unattended};
use crate::{environment, redaction};

/// How long a module may take for one call, if nothing else is set.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How much of what a module prints is shown, in characters.
const SAID: usize = 200;

/// How often it is checked whether the process has ended, or the person has cancelled.
const TICK: Duration = Duration::from_millis(20);

/// How long to wait for a process that nobody uses: it logs out meanwhile.
const END: Duration = Duration::from_secs(2);

/// What is passed on of the environment: what programs need to be found and to speak the person's
/// language, and what modules are configured by. What begins with one of the last is passed too.
const PASSED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_SYSTEM_BUS_ADDRESS",
    "ChrystokiConfigurationPath",
    // Windows cannot start a program without these.
    "SYSTEMROOT",
    "USERPROFILE",
    "TEMP",
    "TMP",
];
const PASSED_PREFIXES: &[&str] = &[
    "LC_",
    "XDG_",
    "SOFTHSM2_",
    "OPENSC_",
    "PCSCLITE_",
    "TPM2_PKCS11_",
    "TPM2TOOLS_",
    "TSS2_",
    "YKCS11_",
    "YUBIHSM_",
    "P11_KIT_",
    "CKNFAST_",
    "NFAST_",
    "CS_PKCS11_",
];
/// Whether a variable of the environment is passed on to modules. What may be a secret never is,
/// whatever it begins with.
fn passes(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let known = PASSED.contains(&name) || PASSED_PREFIXES.iter().any(|one| name.starts_with(one));
    known && !redaction::may_be_secret(name)
}

/// What a module has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Whether its word on hardware counts.
    pub vouching: Vouching,
    /// What it calls itself.
    pub library: Library,
    /// Its tokens, with their keys as far as they are seen without a PIN.
    pub tokens: Vec<Token>,
}

/// Looks into a module, in a process of its own.
///
/// # Errors
/// Fails if it cannot be loaded or does not answer.
pub fn inspect(module: &ModuleFile, limit: Duration) -> Result<Inspection, ModuleError> {
    Process::start(module, limit)?.inspect()
}

/// A process with a module. When dropped, it logs out by itself and ends; if it does not, it is ended.
pub struct Process {
    module: PathBuf,
    vouching: Vouching,
    limit: Duration,
    group: Option<Group>,
    /// What is written to it, by a thread: a process that reads nothing must hold up nobody.
    requests: Option<Sender<Frame>>,
    answers: Receiver<io::Result<Frame>>,
    printed: Printed,
    /// The slot of the token that a PIN was sent to.
    pin_sent_to: Option<String>,
    /// What the module was given and may print, so that nothing is shown or kept with it: the PIN, the
    /// text that it is initialised with, variables that a person names.
    secrets: Vec<SecretString>,
}

/// How to log in to a token.
#[derive(Clone, Copy)]
pub(super) struct LogIn<'a> {
    /// The PIN; `None` if it is given on the token's own pad.
    pub pin: Option<&'a SecretString>,
    /// Whether the person was told that one attempt is left.
    pub last_try: bool,
    /// How long it may take.
    pub limit: Duration,
}

impl Process {
    /// Starts a process, which then loads the module. That is for the first answer to wait for.
    ///
    /// # Errors
    /// Fails if it cannot be started.
    pub fn start(file: &ModuleFile, limit: Duration) -> Result<Self, ModuleError> {
        let module = file.path.as_path();
        let failed =
            |error: io::Error| ModuleError::of(module, Fault::Start { why: error.to_string() });
        // One path for both: whose word counts is decided by the file that is loaded.
        let loaded = file.resolved();
        let vouching = loaded.vouching();
        let mut command = Command::new(own_program().map_err(failed)?);
        command.arg(module::ARGUMENT).arg(&loaded.path);
        let given = |name: &OsStr| passes(name) || environment::is_named(&file.variables, name);
        command.env_clear().envs(std::env::vars_os().filter(|(name, _)| given(name)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group = Group::start(&mut command).map_err(failed)?;

        let (requests, to_write) = mpsc::channel::<Frame>();
        if let Some(input) = group.child.stdin.take() {
            thread::spawn(move || write(input, &to_write));
        }
        let (answered, answers) = mpsc::channel();
        if let Some(mut output) = group.child.stdout.take() {
            thread::spawn(move || {
                while let Some(frame) = protocol::read_frame(&mut output).transpose() {
                    let broken = frame.is_err();
                    if answered.send(frame).is_err() || broken {
                        return;
                    }
                }
            });
        }
        let printed = Printed::from(group.child.stderr.take());
        let mut process = Self {
            module: module.to_owned(),
            vouching,
            limit,
            group: Some(group),
            requests: Some(requests),
            answers,
            printed,
            pin_sent_to: None,
            secrets: file.secrets(),
        };
        // Not on the command line, which everyone on the machine can read.
        process.send(&Request::Start { init: file.init.clone() }, None)?;
        Ok(process)
    }

    /// Whether the module's word on hardware counted when it was started.
    pub(super) fn vouching(&self) -> Vouching {
        self.vouching
    }

    /// Logs in to the token in a slot.
    pub(super) fn log_in(
        &mut self,
        slot_name: &str,
        LogIn { pin, last_try, limit }: LogIn<'_>,
        attend: &dyn Attend,
    ) -> Result<Reply, SignerError> {
        // Not every module has a card forget its PIN when it logs out, and one that crashed has logged
        // out of nothing: the card is reset at the end.
        self.pin_sent_to = Some(slot_name.to_owned());
        self.secrets.extend(pin.cloned());
        let bytes = pin.map(|pin| pin.expose_secret().as_bytes());
        self.ask(&Request::LogIn { with_pin: pin.is_some(), last_try }, bytes, limit, attend)
    }

    /// What the module has.
    ///
    /// # Errors
    /// Fails if it cannot be loaded or does not answer.
    pub fn inspect(&mut self) -> Result<Inspection, ModuleError> {
        let inspection = self.inspect_attended(&Unattended)?;
        // Nobody cancels it.
        inspection.ok_or_else(|| self.broken(Fault::Garbage))
    }

    /// What the module has; `None` if the person cancels before it answers. It is not to be
    /// asked for anything after that.
    ///
    /// # Errors
    /// As [`Self::inspect`].
    pub fn inspect_attended(
        &mut self,
        attend: &dyn Attend,
    ) -> Result<Option<Inspection>, ModuleError> {
        match self.ask(&Request::Inspect, None, self.limit, attend) {
            Ok(Reply::Inspected { library, tokens }) => {
                Ok(Some(Inspection { vouching: self.vouching, library, tokens }))
            }
            Err(SignerError::Cancelled) => Ok(None),
            Err(SignerError::Module(error)) => Err(*error),
            Ok(_) | Err(_) => Err(self.broken(Fault::Garbage)),
        }
    }

    /// Waits until a token comes or goes, however long; gives whether the module can wait for that.
    /// `ended` says when nobody is waiting.
    pub fn wait_for_event(&mut self, ended: &dyn Fn() -> bool) -> bool {
        if self.send(&Request::WaitForEvent, None).is_err() {
            return false;
        }
        loop {
            match self.answers.recv_timeout(TICK * 10) {
                Ok(Ok(frame)) => return matches!(reply(&frame), Some(Reply::Event)),
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) if ended() => return false,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Asks for something that nobody cancels.
    pub(super) fn must(&mut self, request: &Request) -> Result<Reply, ModuleError> {
        match self.ask(request, None, self.limit, &Unattended) {
            Ok(reply) => Ok(reply),
            Err(SignerError::Module(error)) => Err(*error),
            // Nobody cancels it.
            Err(_) => Err(self.broken(Fault::Garbage)),
        }
    }

    /// Asks for something, with a frame that belongs to it.
    pub(super) fn ask(
        &mut self,
        request: &Request,
        more: Option<&[u8]>,
        limit: Duration,
        attend: &dyn Attend,
    ) -> Result<Reply, SignerError> {
        self.send(request, more)?;
        let frame = self.next(limit, attend)?;
        match reply(&frame) {
            Some(Reply::Failed { fault }) => Err(self.failed(fault).into()),
            Some(reply) => Ok(reply),
            None => Err(self.broken(Fault::Garbage).into()),
        }
    }

    /// The next frame.
    pub(super) fn next(
        &mut self,
        limit: Duration,
        attend: &dyn Attend,
    ) -> Result<Frame, SignerError> {
        let until = Instant::now() + limit;
        loop {
            match self.answers.recv_timeout(TICK) {
                Ok(Ok(frame)) => return Ok(frame),
                Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    return Err(self.broken(Fault::Garbage).into());
                }
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.crashed().into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if attend.is_cancelled() {
                // What it is at cannot be stopped; it logs out once that is done.
                self.requests = None;
                return Err(SignerError::Cancelled);
            }
            if Instant::now() >= until {
                let seconds = limit.as_secs().max(1);
                return Err(self.broken(Fault::Silent { seconds }).into());
            }
            // Something that it started may hold its pipe open.
            if self.group.as_mut().is_none_or(|group| group.has_exited().unwrap_or(true)) {
                return match self.answers.recv_timeout(TICK) {
                    Ok(Ok(frame)) => Ok(frame),
                    _ => Err(self.crashed().into()),
                };
            }
        }
    }

    fn send(&mut self, request: &Request, more: Option<&[u8]>) -> Result<(), ModuleError> {
        let request = serde_json::to_vec(request).map_err(|_| self.broken(Fault::Garbage))?;
        let requests = self.requests.as_ref();
        let sent = requests.is_some_and(|requests| {
            requests.send(Zeroizing::new(request)).is_ok()
                && more.is_none_or(|more| requests.send(Zeroizing::new(more.to_vec())).is_ok())
        });
        if sent { Ok(()) } else { Err(self.crashed()) }
    }

    /// An error that the module itself reported. Its process continues.
    fn failed(&self, fault: Fault) -> ModuleError {
        let said = match fault {
            Fault::Load { .. } | Fault::Function { .. } => self.said(),
            _ => String::new(),
        };
        ModuleError { said, ..ModuleError::of(&self.module, fault) }
    }

    /// Ends the process, which answered what was not asked.
    pub(super) fn unexpected(&mut self) -> SignerError {
        self.broken(Fault::Garbage).into()
    }

    /// Ends the process, whatever it is at.
    fn broken(&mut self, fault: Fault) -> ModuleError {
        self.requests = None;
        if let Some(mut group) = self.group.take() {
            group.kill_at_once();
        }
        ModuleError::of(&self.module, fault)
    }

    fn crashed(&mut self) -> ModuleError {
        self.requests = None;
        let status = self.group.take().and_then(|mut group| {
            group.wait_for_exit();
            group.end_with_status().ok()
        });
        let how = status.map_or_else(|| "it is gone".to_owned(), how_it_ended);
        let fault = Fault::Crashed { how };
        ModuleError { said: self.said(), ..ModuleError::of(&self.module, fault) }
    }

    /// The last line that the module printed, cut: the reason is there, and not the whole log.
    fn said(&self) -> String {
        let said = redaction::shown(&self.printed.now(), &self.secrets);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        visible_short(last.trim(), SAID)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.requests = None;
        let pin_sent_to = self.pin_sent_to.take();
        let forget = move || pin_sent_to.as_deref().into_iter().for_each(reset_card_in);
        let Some(mut group) = self.group.take() else { return forget() };
        let until = Instant::now() + END;
        while Instant::now() < until {
            if group.has_exited().unwrap_or(true) {
                group.end();
                return forget();
            }
            thread::sleep(TICK / 4);
        }
        // It is still at something, a touch perhaps, and has the time for that.
        let limit = self.limit;
        thread::spawn(move || {
            let until = Instant::now() + limit;
            while Instant::now() < until && !group.has_exited().unwrap_or(true) {
                thread::sleep(TICK * 5);
            }
            group.end();
            forget();
        });
    }
}

/// Resets the card in the reader that a slot is. Something that is not a smart card has no such reader.
fn reset_card_in(slot_name: &str) {
    let readers = pcsc::Context::establish(pcsc::Scope::User)
        .and_then(|context| context.list_readers_owned())
        .unwrap_or_default();
    let names = readers.iter().filter_map(|reader| reader.to_str().ok());
    // A slot's description has room for 64 bytes.
    let is_it = |reader: &&str| {
        *reader == slot_name || slot_name.len() >= 60 && reader.starts_with(slot_name)
    };
    if let Some(reader) = names.filter(|name| !name.is_empty()).find(is_it) {
        // If it cannot be reached, it is gone, and has forgotten the PIN with its power.
        let _ = Connection::open(reader).and_then(Connection::reset);
    }
}

fn reply(frame: &Frame) -> Option<Reply> {
    serde_json::from_slice(frame).ok()
}

fn write(mut input: ChildStdin, frames: &Receiver<Frame>) {
    while let Ok(frame) = frames.recv() {
        if protocol::write_frame(&mut input, &frame).is_err() {
            return;
        }
    }
}

/// This very program, also where its file was replaced since it was started.
fn own_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe()
}

#[cfg(unix)]
fn how_it_ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match status.signal() {
        Some(4) => "SIGILL".to_owned(),
        Some(6) => "SIGABRT".to_owned(),
        Some(7 | 10) => "SIGBUS".to_owned(),
        Some(8) => "SIGFPE".to_owned(),
        Some(9) => "SIGKILL".to_owned(),
        Some(11) => "SIGSEGV".to_owned(),
        Some(15) => "SIGTERM".to_owned(),
        _ => status.to_string(),
    }
}

#[cfg(not(unix))]
fn how_it_ended(status: ExitStatus) -> String {
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_get_their_configuration_and_no_secret() {
        for name in ["SOFTHSM2_CONF", "TPM2_PKCS11_STORE", "PCSCLITE_CSOCK_NAME", "YKCS11_DBG"] {
            assert!(passes(OsStr::new(name)), "{name}");
        }
        for name in
            ["DEEPSIGMA_SIGNING_KEY", "COUNTERSIGN_KEYRING", "AWS_SECRET_ACCESS_KEY", "YUBIHSM_PIN"]
        {
            assert!(!passes(OsStr::new(name)), "{name}");
        }
    }
}
