//! Which signatures are wanted.

use countersign_admissibility::signatures::Standing;
use countersign_envelope::signature::{Role, SignerType};
use serde::Deserialize;

use super::level::LevelFilter;
use super::{Found, names_key};

/// Which signatures are wanted. An empty list lets everything through.
#[derive(Debug, Clone, Default, Deserialize, specta::Type)]
pub struct HistoryFilter {
    /// By whom, the whole name as it is shown.
    pub people: Vec<String>,
    /// In which roles.
    pub roles: Vec<Role>,
    /// With which keys: an id, or a fingerprint, or at least 8 hex digits of its beginning.
    pub keys: Vec<String>,
    /// By keys of this kind.
    pub kinds: Vec<SignerType>,
    /// Of which standing.
    pub standings: Vec<Standing>,
    /// On envelopes at these levels now.
    pub levels: Vec<LevelFilter>,
    /// Not before this: seconds since 1970-01-01T00:00:00Z. What has no time is left out.
    #[specta(type = Option<f64>)]
    pub since: Option<i64>,
    /// Not after this. What has no time is left out.
    #[specta(type = Option<f64>)]
    pub until: Option<i64>,
}

impl HistoryFilter {
    pub(super) fn has(&self, found: &Found<'_>) -> bool {
        let Found { signer, signed, facts, .. } = found;
        let one_of_people = |name: &String| **name == *signer.signer_id;
        let one_of_keys = |key: &String| names_key(key, &signer.key_id, signer.fingerprint);
        let is_timed = self.since.is_some() || self.until.is_some();
        let in_time = |at| {
            self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at <= until)
        };
        any(&self.people, one_of_people)
            && any(&self.roles, |role| Some(*role) == signed.role)
            && any(&self.keys, one_of_keys)
            && any(&self.kinds, |kind| *kind == signed.kind)
            && any(&self.standings, |standing| *standing == signed.standing())
            && any(&self.levels, |level| level.has(facts))
            && signed.at.map_or(!is_timed, in_time)
    }
}

fn any<T>(wanted: &[T], is: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is)
}
