//! A `pcscd` of its own for every test, with the vpcd driver: its own socket, its own ports, no root.
//!
//! `pcscd` takes a listening socket by systemd's protocol (sd_listen_fds(3)), so it can be put at any
//! path, where clients find it by the environment variable `PCSCLITE_CSOCK_NAME`.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::Error;

/// Where Debian has the daemon and the driver.
const DAEMON: [&str; 2] = ["/usr/sbin/pcscd", "/usr/local/sbin/pcscd"];
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

const START_LIMIT: Duration = Duration::from_secs(10);
/// How much of the end of its log is kept.
const LOG_LINES: usize = 50;

/// What the daemon says when it starts.
enum Start {
    Ready,
    NoReader,
}

/// A smart card service with two empty readers.
pub struct Pcscd {
    directory: TempDir,
    socket: PathBuf,
    port: u16,
    daemon: Option<Child>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Pcscd {
    /// Starts one whose readers are called "Virtual PCD 00 00" and "Virtual PCD 00 01".
    ///
    /// # Errors
    ///
    /// When `pcscd` or the vpcd driver is not installed, or it does not come up.
    pub fn start() -> Result<Self, Error> {
        Self::start_named("Virtual PCD")
    }

    /// Starts one whose readers are called `name` with " 00 00" and " 00 01" appended. Some clients
    /// look only at readers with "Yubico YubiKey" in their name.
    ///
    /// # Errors
    ///
    /// When `pcscd` or the vpcd driver is not installed, or it does not come up.
    pub fn start_named(name: &str) -> Result<Self, Error> {
        Self::start_at(name, None)
    }

    /// As [`Pcscd::start_named`], its socket at a path of the caller's where one is given, since
    /// clients already look for it there.
    ///
    /// # Errors
    ///
    /// When `pcscd` or the vpcd driver is not installed, or it does not come up.
    pub fn start_at(name: &str, socket: Option<&Path>) -> Result<Self, Error> {
        // Between finding a port free and using it another program may have taken it.
        let mut last = None;
        for _ in 0..3 {
            let mut pcscd = Self::prepare(name)?;
            if let Some(socket) = socket {
                pcscd.socket = socket.to_owned();
            }
            match pcscd.launch() {
                Ok(()) => return Ok(pcscd),
                Err(error @ Error::Pcscd { .. }) => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| Error::Missing(PathBuf::from(DAEMON[0]))))
    }

    /// One that is yet to be started with [`Pcscd::launch`]; its path and ports are known already.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub fn unstarted() -> Result<Self, Error> {
        Self::prepare("Virtual PCD")
    }

    fn prepare(name: &str) -> Result<Self, Error> {
        let io = |what| move |source| Error::Io { what, source };
        let directory = tempfile::Builder::new()
            .prefix("virtual-yubikey-")
            .tempdir()
            .map_err(io("making a directory for pcscd"))?;
        let port = free_ports().map_err(io("finding free ports"))?;
        let configuration = directory.path().join("readers");
        fs::create_dir(&configuration).map_err(io("configuring pcscd"))?;
        let reader = format!(
            "FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\n\
             CHANNELID 0x{port:X}\n"
        );
        fs::write(configuration.join("vpcd"), reader).map_err(io("configuring pcscd"))?;
        let socket = directory.path().join("pcscd.comm");
        let log = Arc::default();
        Ok(Self { directory, socket, port, daemon: None, log })
    }

    /// Starts it, and returns when it answers.
    ///
    /// # Errors
    ///
    /// When `pcscd` or the vpcd driver is not installed, or it does not come up.
    pub fn launch(&mut self) -> Result<(), Error> {
        self.stop();
        let program = DAEMON.iter().map(Path::new).find(|path| path.exists());
        let program = program.ok_or_else(|| Error::Missing(PathBuf::from(DAEMON[0])))?;
        if !Path::new(DRIVER).exists() {
            return Err(Error::Missing(PathBuf::from(DRIVER)));
        }
        let socket = UnixListener::bind(&self.socket)
            .map_err(|source| Error::Io { what: "opening pcscd's socket", source })?;
        // The shell moves the socket to where systemd has it, and becomes the daemon, so that the
        // process number it tells is the daemon's own.
        let script = "exec 3<&0 0</dev/null; \
                      LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" --foreground --info --config \"$1\"";
        let mut daemon = Command::new("/bin/sh")
            .args(["-c", script])
            .arg(program)
            .arg(self.directory.path().join("readers"))
            .stdin(Stdio::from(OwnedFd::from(socket)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Io { what: "starting pcscd", source })?;
        let output = daemon.stdout.take();
        self.daemon = Some(daemon);
        let told = output.map(|output| self.follow(output));
        let reason = match told.map(|told| told.recv_timeout(START_LIMIT)) {
            Some(Ok(Start::Ready)) => return Ok(()),
            Some(Ok(Start::NoReader)) => {
                format!("no reader on port {}, which may be taken", self.port)
            }
            _ => format!("it was not ready within {} s", START_LIMIT.as_secs()),
        };
        self.stop();
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner).join("\n");
        Err(Error::Pcscd { reason, log })
    }

    /// Keeps the end of its log, and tells what comes of the start.
    fn follow(&self, output: ChildStdout) -> mpsc::Receiver<Start> {
        let (start, told) = mpsc::channel();
        let log = Arc::clone(&self.log);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Only the first is listened to.
                let _ = if line.contains("init failed") {
                    start.send(Start::NoReader)
                } else if line.contains("daemon ready") {
                    start.send(Start::Ready)
                } else {
                    Ok(())
                };
                let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                if log.len() == LOG_LINES {
                    log.remove(0);
                }
                log.push(line);
            }
        });
        told
    }

    /// The path for `PCSCLITE_CSOCK_NAME`.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The port of the first reader (0) or the second (1), for [`Card::plug`](crate::Card::plug).
    pub fn port(&self, reader: u16) -> u16 {
        self.port + reader
    }

    /// The end of its log, for the message of a test that fails.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> bool {
        self.daemon.as_mut().is_some_and(|daemon| matches!(daemon.try_wait(), Ok(None)))
    }

    /// Kills it, as after a crash: clients find their connection closed and nobody at the path.
    pub fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            // It may have ended by itself.
            drop(daemon.kill());
            drop(daemon.wait());
        }
        // Nothing is there if it never ran.
        drop(fs::remove_file(&self.socket));
    }

    /// Kills it and starts it again at the same path, with the same readers.
    ///
    /// # Errors
    ///
    /// When it does not come up.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.launch()
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A pair of ports nobody listens on. Every process begins its search elsewhere, so that tests
/// started at once do not take each other's.
fn free_ports() -> std::io::Result<u16> {
    const FIRST: u16 = 20_000;
    const PAIRS: u16 = 5_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let offset = u16::try_from(std::process::id() % u32::from(PAIRS)).unwrap_or_default();
    let mut last = None;
    for _ in 0..200 {
        // Steps of a size that shares no factor with the number of pairs come by every one.
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % PAIRS;
        let pair = (u32::from(offset) * 37 + u32::from(step)) % u32::from(PAIRS);
        let port = FIRST + 2 * u16::try_from(pair).unwrap_or_default();
        let both = TcpListener::bind(("0.0.0.0", port)).and_then(|first| {
            TcpListener::bind(("0.0.0.0", port + 1)).map(|second| (first, second))
        });
        match both {
            Ok(_) => return Ok(port),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into()))
}
