//! The refusals to sign a run, as they are shown: before anything else about its signatures.

use countersign_admissibility::refusals::{JudgedRefusal, RefusalStanding};
use countersign_envelope::count::count;
use countersign_envelope::refusal::MAX_REASON;
use countersign_envelope::signature::Role;
use countersign_problem::Said;
use countersign_problem::visible::visible_short;
use serde::Serialize;

use crate::short;

/// One refusal.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct RefusalView {
    /// Who refused; empty if it cannot be read.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: String,
    /// When.
    pub refused_at: Option<String>,
    /// Why, as they wrote it.
    pub reason: String,
    /// How many signatures of their own it withdraws.
    pub withdraws: u32,
    /// Whether it stands.
    pub standing: RefusalStanding,
    /// What that means, in words.
    pub detail: Said,
}

impl RefusalView {
    fn of(one: &JudgedRefusal) -> Self {
        let said = one.refusal.as_ref();
        Self {
            signer_id: said.map(|said| short(&said.signer)).unwrap_or_default(),
            role: said.and_then(|said| Role::parse(&said.role)),
            key_id: said.map(|said| short(&said.key_id)).unwrap_or_default(),
            refused_at: said.map(|said| said.refused_at.to_string()),
            reason: said.map(|said| visible_short(&said.reason, MAX_REASON)).unwrap_or_default(),
            withdraws: said.map(|said| count(said.withdraws.len())).unwrap_or_default(),
            standing: one.standing,
            detail: (&one.detail).into(),
        }
    }

    /// Who refused or withdrew, in which role.
    pub fn who(&self) -> String {
        let signer = if self.signer_id.is_empty() { "Somebody" } else { &self.signer_id };
        let did = match self.withdraws {
            0 => "refused to sign",
            _ => "withdrew their signature",
        };
        let role = self.role.map(|role| format!(" as {role}")).unwrap_or_default();
        format!("{signer} {did}{role}")
    }

    /// Whether it blocks, and why not if it does not.
    pub fn standing_words(&self) -> String {
        match self.standing {
            RefusalStanding::Stands => "L4 does not hold while this stands".to_owned(),
            RefusalStanding::Lifted => self.detail.text.clone(),
            RefusalStanding::OtherSealing => {
                "blocks nothing: it is about another sealing of this run".to_owned()
            }
            RefusalStanding::NotAccepted | RefusalStanding::Invalid => {
                format!("blocks nothing: {}", self.detail)
            }
        }
    }

    /// Whether it keeps L4 from holding.
    pub fn stands(&self) -> bool {
        self.standing == RefusalStanding::Stands
    }
}

/// The refusals of a run, those that stand first.
pub fn refusal_views(judged: &[JudgedRefusal]) -> Vec<RefusalView> {
    let mut views: Vec<RefusalView> = judged.iter().map(RefusalView::of).collect();
    views.sort_by_key(|one| one.standing);
    views
}
