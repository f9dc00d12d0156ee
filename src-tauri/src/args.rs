//! The command line of the window.

use std::path::PathBuf;

use clap::Parser;

/// The signing station for sealed runs
#[derive(Debug, Clone, Parser)]
#[command(name = "countersign-station", version)]
pub struct Args {
    /// The directory of sealed runs to open [default: the one opened last]
    pub directory: Option<PathBuf>,
    /// Look at a directory or a pack without changing anything in it
    #[arg(long, value_name = "PATH", conflicts_with_all = ["directory", "demo"])]
    pub review: Option<PathBuf>,
    /// Everything here is a demonstration: say so throughout, and use the directory's own keyring
    /// and keys
    #[arg(long, requires = "directory")]
    pub demo: bool,
    /// In a demonstration, this program plays a YubiKey that the window can insert and pull out
    #[arg(long, value_name = "PROGRAM", requires = "demo")]
    pub virtual_yubikey: Option<PathBuf>,
    /// Keep settings, keyring and catalogue in this directory instead of the person's own places
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Print when the window and its first rows were on the screen, in milliseconds
    #[arg(long)]
    pub milestones: bool,
}
