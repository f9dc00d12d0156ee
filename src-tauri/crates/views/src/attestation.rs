//! The content of an attestation, or why it proves nothing.

use countersign_admissibility::attestation::{
    self, AttestationError, AttestationFinding, AttestationRoots, AttestationSource,
    AttestationStanding, Facts, FormFactor, Model,
};
use countersign_admissibility::attested::Advisory;
use countersign_admissibility::keyring::Key;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::Said;
use serde::Serialize;

/// The statement of an attestation about a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct AttestationView {
    /// Whether it holds.
    pub standing: AttestationStanding,
    /// One sentence: its statement, or why it proves nothing.
    pub words: Said,
    /// What it proves, one by one; null if it proves nothing.
    pub facts: Option<FactsView>,
    /// The known advisories that apply to the key.
    pub advisories: Vec<AdvisoryView>,
}

/// What an attestation states. What it does not state is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct FactsView {
    /// What holds the key.
    pub model: Model,
    /// The firmware.
    pub firmware: Option<String>,
    /// When the PIN is asked for.
    pub pin: Option<String>,
    /// When a touch is asked for.
    pub touch: Option<String>,
    /// What the device looks like.
    pub form_factor: Option<String>,
    /// Whether the device is certified by FIPS.
    pub fips: Option<bool>,
    /// Whether the key was generated on the device.
    pub generated: Option<bool>,
}

/// A known advisory that applies to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct AdvisoryView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its id among the Common Vulnerabilities and Exposures.
    pub cve: String,
    /// When it was published.
    pub date: String,
    /// Where it can be read.
    pub source: String,
    /// What it says of the key, as a clause.
    pub words: Said,
}

impl FactsView {
    fn of(facts: &Facts) -> Self {
        let Facts { model, firmware, pin, touch, form, fips, generated, .. } = *facts;
        Self {
            model,
            firmware: firmware.map(|it| it.to_string()),
            pin: pin.map(|it| it.words().to_string()),
            touch: touch.map(|it| it.words().to_string()),
            form_factor: form.map(FormFactor::name),
            fips,
            generated,
        }
    }
}

impl AdvisoryView {
    fn of(advisory: &Advisory) -> Self {
        let Advisory { id, name, cve, date, source, .. } = *advisory;
        let [id, name, cve, date, source] = [id, name, cve, date, source].map(str::to_owned);
        Self { id, name, cve, date, source, words: advisory.words().into() }
    }
}

impl AttestationView {
    /// Describes the verdict on an attestation.
    pub fn of(finding: &AttestationFinding) -> Self {
        let facts = finding.facts();
        Self {
            standing: finding.standing(),
            words: finding.words().into(),
            facts: facts.as_ref().map(FactsView::of),
            advisories: facts.iter().flat_map(Advisory::of).map(AdvisoryView::of).collect(),
        }
    }

    /// Describes the attestation that the keyring has for a key, as judged now; `None` if it has
    /// none.
    pub fn of_key(key: &Key, roots: &AttestationRoots, now: Instant) -> Option<Self> {
        let public_key = key.public_key.as_deref().and_then(|text| PublicKey::parse(text).ok());
        let outcome = key.attestation()?.map_err(AttestationError::from).and_then(|attestation| {
            attestation::verify(&attestation, public_key.as_ref(), roots, now)
        });
        Some(Self::of(&AttestationFinding { source: AttestationSource::Keyring, outcome }))
    }
}
