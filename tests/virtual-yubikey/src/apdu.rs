//! Command and response units (ISO/IEC 7816-4, section 5).

use iso7816::command::CommandView;

/// The most data one command may carry, over all its parts.
pub const BUFFER: usize = 3072;

/// A status word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

impl Status {
    pub const OK: Self = Self(0x9000);
    pub const WRONG_LENGTH: Self = Self(0x6700);
    pub const MEMORY_FAILURE: Self = Self(0x6581);
    pub const SECURITY_STATUS: Self = Self(0x6982);
    pub const BLOCKED: Self = Self(0x6983);
    pub const CONDITIONS: Self = Self(0x6985);
    pub const WRONG_DATA: Self = Self(0x6a80);
    pub const NOT_FOUND: Self = Self(0x6a82);
    pub const NO_SPACE: Self = Self(0x6a84);
    pub const WRONG_P1P2: Self = Self(0x6a86);
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6a88);
    pub const INSTRUCTION: Self = Self(0x6d00);

    /// The tries left, which this word can only count to fifteen.
    pub fn tries(left: u8) -> Self {
        Self(0x63c0 | u16::from(left.min(15)))
    }
}

/// What a command comes to.
pub type Answer = Result<Vec<u8>, Status>;

/// A command, whole, with the parts of a chain put together.
#[derive(Debug, Clone)]
pub struct Command {
    pub ins: u8,
    pub p1: u8,
    pub p2: u8,
    pub data: Vec<u8>,
    /// A part of a chain, with more to come.
    pub continues: bool,
    pub extended: bool,
}

impl Command {
    pub fn parse(apdu: &[u8]) -> Result<Self, Status> {
        let view = CommandView::try_from(apdu).map_err(|_| Status::WRONG_LENGTH)?;
        Ok(Self {
            ins: view.instruction().into(),
            p1: view.p1,
            p2: view.p2,
            data: view.data().to_vec(),
            continues: view.class().chain().not_the_last(),
            extended: view.extended,
        })
    }

    pub fn same_header(&self, other: &Self) -> bool {
        (self.ins, self.p1, self.p2) == (other.ins, other.p1, other.p2)
    }
}
