//! Tests of the names of copies.

use super::*;

#[test]
fn copies_are_recognised_by_the_names_that_programs_use() {
    let signatures = "RUN-50b0d817_20260506T070809Z.json.sig.json";
    let stem = "RUN-50b0d817_20260506T070809Z.json.sig";
    for (name, origin) in [
        (signatures.to_owned(), Origin::Plain),
        (format!("{stem}.sync-conflict-20261125-072401-ABCDEFG.json"), Origin::SyncthingConflict),
        (format!("{stem}.sync-conflict-20261125-072401.json"), Origin::SyncthingConflict),
        (format!("{stem}_REMOTE_4711.json"), Origin::GitLeftover),
        (format!("{signatures}.orig"), Origin::GitLeftover),
        (format!("{signatures}~feature_x"), Origin::GitLeftover),
    ] {
        assert_eq!(original_of(&name), (signatures.to_owned(), origin), "{name}");
    }
    let not_one = format!("{stem}.sync-conflict-tomorrow.json");
    assert_eq!(original_of(&not_one), (not_one.clone(), Origin::Plain));
}
