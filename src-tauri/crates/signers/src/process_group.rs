//! A process group: a command and all that it starts, so that both can be ended together.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use crate::lifetime::Held;

/// How often it is checked whether the command has ended or must be ended.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// How long a command that was asked to end has before it is killed.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// A child and the process group that it leads; ended when dropped, whatever happened.
///
/// The child is not reaped before its group has been killed: until then nobody else can have its
/// number, so that no other process is killed in its place.
pub(crate) struct Group {
    pub(crate) child: Child,
    ended: bool,
    /// Set if it is ended with this program.
    held: Option<Held>,
}

impl Group {
    /// Starts a command as the first of a group of its own.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self { child: command.spawn()?, ended: false, held: None })
    }

    /// Ends it with this program, however that ends.
    #[cfg(unix)]
    pub(crate) fn hold(mut self) -> Self {
        self.held = Some(Held::group(self.id()));
        self
    }

    #[cfg(not(unix))]
    pub(crate) fn hold(self) -> Self {
        self
    }

    /// Ends the group without asking first.
    pub(crate) fn kill_at_once(&mut self) {
        self.kill();
        self.end();
    }

    /// Waits a while for the child to end by itself.
    pub(crate) fn wait_for_exit(&mut self) -> bool {
        self.wait_until(|group| group.has_exited().unwrap_or(true))
    }

    /// Ends what is left of the group after the child has ended by itself; returns the child's status.
    pub(crate) fn end_with_status(&mut self) -> io::Result<ExitStatus> {
        self.end();
        self.child.wait()
    }

    /// Ends the group: asks first, and kills what is left shortly after.
    pub(crate) fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.ask_to_end();
        let ended = self.wait_until(|group| group.has_exited().unwrap_or(true));
        self.kill();
        self.held = None;
        if ended || self.wait_until(|group| group.has_exited().unwrap_or(true)) {
            let _ = self.child.wait();
        }
        // Killed processes may still be on their way out, and must write nothing any more.
        self.wait_until(|group| !group.has_members());
    }

    fn wait_until(&mut self, done: impl Fn(&mut Self) -> bool) -> bool {
        let since = Instant::now();
        while !done(self) {
            if since.elapsed() >= GRACE {
                return false;
            }
            thread::sleep(TICK);
        }
        true
    }
}

#[cfg(unix)]
impl Group {
    /// Whether the child has ended. It is not reaped.
    pub(crate) fn has_exited(&mut self) -> io::Result<bool> {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(self.id()), options)?.is_some())
    }

    fn ask_to_end(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
    }

    /// Signals the group. It fails where nobody is left, which is what is wanted.
    fn signal(&self, signal: rustix::process::Signal) {
        let _ = rustix::process::kill_process_group(self.id(), signal);
    }

    fn has_members(&self) -> bool {
        rustix::process::test_kill_process_group(self.id()).is_ok()
    }

    fn id(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }
}

/// Elsewhere there are no process groups: the child alone is ended.
#[cfg(not(unix))]
impl Group {
    pub(crate) fn has_exited(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    fn ask_to_end(&self) {}

    fn kill(&mut self) {
        let _ = self.child.kill();
    }

    fn has_members(&self) -> bool {
        false
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}
