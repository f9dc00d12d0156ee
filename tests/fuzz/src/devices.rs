//! What devices and the programs before them answer.

use std::cell::RefCell;
use std::path::Path;
use std::sync::OnceLock;

use countersign_admissibility::attestation::Certificate;
use countersign_envelope::public_key::PublicKey;
use countersign_signers::error::piv::CardError;
use countersign_signers::piv::apdu::{Protocol, Transmit};
use countersign_signers::piv::applet::Applet;
use countersign_signers::piv::kept_management_key;
use countersign_signers::piv::token::Token;
use countersign_signers::pkcs11::protocol;
use countersign_signers::ssh_agent::{SshAgent, SshAgentSigner};

use crate::{parts, read};

/// A card that gives one answer after the other, whatever it is asked, and then no more.
struct Card(RefCell<std::vec::IntoIter<Vec<u8>>>);

impl Transmit for Card {
    fn transmit(&self, _: &[u8]) -> Result<Vec<u8>, CardError> {
        self.0.borrow_mut().next().ok_or(CardError::Removed)
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }
}

/// The answers of a PIV card: each begins with its length in two bytes.
pub fn piv_card(bytes: &[u8]) {
    let card =
        |from: usize| Card(RefCell::new(parts(bytes.get(from..).unwrap_or_default()).into_iter()));
    if let Some(Some(token)) = read(Token::read_in(&card(0), "reader")) {
        let _ = (token.name().to_string(), token.is_identified());
        for key in &token.keys {
            if let Some(public) = &key.public_key {
                assert_eq!(PublicKey::from_der(&public.to_der()).as_ref(), Ok(public));
            }
        }
    }
    let card = card(0);
    if let Ok(applet) = Applet::select(&card) {
        read(kept_management_key::is_kept(applet));
        read(applet.pin_reference());
        if let Ok(Some(attested)) =
            applet.attest(countersign_signers::piv::token::SlotId::Signature)
        {
            read(Certificate::from_der(&attested));
        }
    }
}

/// The answers of an SSH agent: a list of keys, or a signature by one.
pub fn ssh_agent(bytes: &[u8]) {
    let agent = agent();
    for key in read(agent.listed(bytes)).unwrap_or_default() {
        assert!(key.fingerprint().starts_with("SHA256:"));
        let _ = key.to_string();
        if let Some(signer) = read(agent.signer(key)) {
            read(signer.signature(bytes));
        }
    }
    for signer in signers() {
        read(signer.signature(bytes));
    }
}

/// What comes from the process with a PKCS#11 module: frames with replies.
pub fn pkcs11(bytes: &[u8]) {
    let first = protocol::replies_in(bytes);
    assert_eq!(first, protocol::replies_in(bytes));
    assert!(first <= bytes.len() / 4);
}

fn agent() -> SshAgent {
    SshAgent::at(Some(Path::new("/nowhere"))).expect("a socket is named")
}

/// A signer of each kind, by the keys of an answer that OpenSSH's agent gave.
fn signers() -> &'static [SshAgentSigner] {
    static SIGNERS: OnceLock<Vec<SshAgentSigner>> = OnceLock::new();
    SIGNERS.get_or_init(|| {
        let keys = agent().listed(include_bytes!("../ssh-agent-keys")).expect("keys");
        keys.into_iter().filter_map(|key| agent().signer(key).ok()).collect()
    })
}
