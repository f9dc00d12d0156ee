//! Disks that come and go. What is watched below a disk falls silent when it goes, and nothing tells
//! that another was mounted over a directory; but Linux tells that its table of mounts has changed
//! (proc_pid_mountinfo(5)).

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
    /// Where there is no such table, or no thread to be had.
    pub fn watch(tell: impl Fn() + Send + 'static) -> io::Result<Self> {
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
                Ok(_) if waited[1].revents().is_empty() => tell(),
                _ => break,
            }
        };
        std::thread::Builder::new().name("mounts".to_owned()).spawn(wait)?;
        Ok(Self { _end: end })
    }
}

#[cfg(not(target_os = "linux"))]
impl Mounts {
    /// Elsewhere the watch on the directory itself tells.
    pub fn watch(_: impl Fn() + Send + 'static) -> io::Result<Self> {
        Ok(Self {})
    }
}
