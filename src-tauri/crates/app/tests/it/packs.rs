//! Whose keys and which logs count for a pack, and when a directory is one.

use std::path::PathBuf;

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Policy, Trust};
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_app::open_directory::OpenDirectory;
use countersign_app::pack;
use countersign_app::pack_judgement::{self, JudgedAs, PackTerms};
use countersign_app::review::ReviewKeys;
use countersign_exchange::pack as opened;
use countersign_store::log_memory::{self, ChainKind};
use countersign_store::logs::LogBook;
use countersign_trust::keyring_file;

use crate::station::{Station, cut, now};

/// A pack of an envelope at L4, as a folder; and the keyring by which it was made.
fn packed(station: &Station) -> (PathBuf, Keyring) {
    let foreign = station.envelopes("foreign", 1, Level::L4);
    let keyring = keyring_file::read(&foreign.root.join("keyring.json")).unwrap();
    let out = station.beside("packed");
    let workspace = station.workspace();
    let open = OpenDirectory::under_review(&workspace, &foreign.root, None, |_| {}).unwrap();
    let context = open.queue.context();
    let (run, judge) = (&foreign.runs()[0], context.judge());
    pack::pack(&workspace, pack::ToPack::new(run, &judge, &context.logs), &out).unwrap();
    (out, keyring)
}

#[test]
fn what_came_with_a_pack_never_outweighs_the_stations_own_keyring() {
    let station = Station::new();
    let (path, theirs) = packed(&station);
    let pack = opened::open(&path, None).unwrap();
    let (roots, nobody) = (AttestationRoots::default(), Keyring::default());
    let mut stranger = Keyring::default();
    let key = theirs.keys()[0].clone();
    stranger.add(key).unwrap();
    let judged = |policy: &Policy, keyring: &Keyring, terms: PackTerms| {
        let judge = Judge {
            policy,
            keyring,
            roots: &roots,
            tsa_roots: &TsaRoots::default(),
            names: &NameTrust::default(),
            hmac_key: None,
            now: now(),
        };
        pack_judgement::judge(&pack, judge, &LogBook::default(), &terms)
    };
    let (pinned, mut embedded) = (Policy::default(), Policy::default());
    embedded.trust = Trust::Embedded;
    let said = PackTerms::default();

    let by_theirs = judged(&pinned, &nobody, said);
    assert_eq!((by_theirs.keys, by_theirs.verdict.level), (ReviewKeys::Brought, Some(Level::L4)));
    assert!(by_theirs.by_its_own_keys.is_none());

    let by_ours = judged(&pinned, &stranger, said);
    assert_eq!((by_ours.keys, by_ours.verdict.level), (ReviewKeys::Station, Some(Level::L3)));
    let own = by_ours.by_its_own_keys.unwrap();
    assert_eq!(own.level, Some(Level::L4), "and what its own keyring says is told");

    let terms = PackTerms { by_its_own_keys: true, ..said };
    let by_theirs = judged(&pinned, &stranger, terms);
    assert_eq!((by_theirs.keys, by_theirs.verdict.level), (ReviewKeys::Brought, Some(Level::L4)));

    // A keyring that is named decides even if it is empty.
    let terms = PackTerms { keyring_is_named: true, ..said };
    let by_named = judged(&pinned, &nobody, terms);
    assert_eq!((by_named.keys, by_named.verdict.level), (ReviewKeys::Chosen, Some(Level::L1)));
    assert_eq!(judged(&embedded, &stranger, terms).keys, ReviewKeys::Embedded);
}

#[test]
fn a_log_that_is_named_is_a_second_opinion() {
    let station = Station::new();
    let (path, theirs) = packed(&station);
    let pack = opened::open(&path, None).unwrap();
    let roots = AttestationRoots::default();
    let policy = Policy::default();
    let judge = Judge {
        policy: &policy,
        keyring: &theirs,
        roots: &roots,
        tsa_roots: &TsaRoots::default(),
        names: &NameTrust::default(),
        hmac_key: None,
        now: now(),
    };
    let log = station.envelopes("other", 1, Level::L3).log();
    cut(&log, 0);
    let book = LogBook::new(Some(log), None);
    let judged =
        |terms: PackTerms| pack_judgement::judge(&pack, judge, &book, &terms).verdict.level;
    let terms = PackTerms { keyring_is_named: true, ..PackTerms::default() };
    assert_eq!(judged(terms), Some(Level::L4));
    assert_eq!(judged(PackTerms { log_is_named: true, ..terms }), Some(Level::L2));
}

#[test]
fn a_directory_in_which_the_station_has_worked_is_no_pack_unless_that_is_said() {
    let station = Station::new();
    let (path, _) = packed(&station);
    let workspace = station.workspace();
    let memory = workspace.memory.as_ref();
    let run = station.beside("foreign");
    assert_eq!(JudgedAs::of(&path, false, false, memory), JudgedAs::Pack);
    assert_eq!(JudgedAs::of(&run, false, true, memory), JudgedAs::Runs);
    assert_eq!(JudgedAs::of(&run, true, false, memory), JudgedAs::Pack);

    log_memory::check(&path.join("transparency_log.ndjson"), ChainKind::Log, memory).unwrap();
    assert_eq!(JudgedAs::of(&path, false, false, memory), JudgedAs::RunsLikeAPack);
    assert_eq!(JudgedAs::of(&path, false, false, None), JudgedAs::Pack);
    for (stated, expected) in [(true, false), (false, true)] {
        assert_eq!(JudgedAs::of(&path, stated, expected, memory), JudgedAs::Pack);
    }
}
