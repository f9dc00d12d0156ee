//! Smart card readers, as the system names them.

/// How the name of a software reader begins: that of vsmartcard.
const VIRTUAL: &str = "Virtual PCD";

/// Whether a reader, and so the card in it, is software.
pub fn is_virtual(reader: &str) -> bool {
    reader.starts_with(VIRTUAL)
}
