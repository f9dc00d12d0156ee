//! Disks that are mounted and unmounted. A watch below a disk receives nothing after the disk is
//! removed, and no notification reports that another was mounted over a directory; but Linux
//! reports that its table of mounts has changed (proc_pid_mountinfo(5)).

use std::io;

/// A watch on the table of mounts, until it is dropped.
#[derive(Debug)]
pub(super) struct Mounts {
    /// Closing this end ends the thread that waits on the other.
    #[cfg(target_os = "linux")]
    _end: std::os::unix::net::UnixStream,
}

#[cfg(target_os = "linux")]
impl Mounts {
    /// Tells whenever the table has changed.
    ///
    /// # Errors
    /// Fails if there is no such table, or no thread is available.
    pub fn watch(notify: impl Fn() + Send + 'static) -> io::Result<Self> {
        use rustix::event::{PollFd, PollFlags, poll};

        let table = std::fs::File::open("/proc/self/mountinfo")?;
        let (end, ended) = std::os::unix::net::UnixStream::pair()?;
        let wait = move || loop {
            let mut waited = [
                PollFd::new(&table, PollFlags::PRI),
                PollFd::new(&ended, PollFlags::IN | PollFlags::HUP),
            ];
            match poll(&mut waited, None) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(_) if waited[1].revents().is_empty() => notify(),
                _ => break,
            }
        };
        std::thread::Builder::new().name("mounts".to_owned()).spawn(wait)?;
        Ok(Self { _end: end })
    }
}

#[cfg(not(target_os = "linux"))]
impl Mounts {
    /// On other systems the watch on the directory itself reports it.
    pub fn watch(_: impl Fn() + Send + 'static) -> io::Result<Self> {
        Ok(Self {})
    }
}
