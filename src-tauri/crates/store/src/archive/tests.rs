//! Tests of names, lists and forms.

use std::fs;

use super::name::check_name;
use super::sums::parse_sums;
use super::*;

fn archive() -> Archive {
    let mut archive = Archive::default();
    archive.add("b/two", b"2".to_vec()).unwrap();
    archive.add("a", b"1".to_vec()).unwrap();
    archive
}

#[test]
fn a_name_is_safe_on_every_system_or_refused() {
    for good in ["a", "2026/RUN-1.json", "keys/ds-prod-2026-05.pem", "Prüfung/日本"] {
        assert_eq!(check_name(good), Ok(()), "{good}");
    }
    for bad in [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "./a",
        "a\\b",
        "C:x",
        "a\u{202e}b",
        "a\nb",
        "a/",
        "a.",
        "a ",
        "nul\0",
    ] {
        assert!(check_name(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn names_that_are_equal_on_some_system_are_refused_together() {
    let mut archive = archive();
    for name in ["A", "a/x", "b", "B/TWO", "sha256sums"] {
        assert_eq!(archive.add(name, Vec::new()), Err(Unfit::Twice), "{name}");
    }
    archive.add("b/three", Vec::new()).unwrap();
}

#[test]
fn a_folder_and_a_zip_are_one_and_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let (folder, zip) = (directory.path().join("x"), directory.path().join("x.zip"));
    archive().write(&folder).unwrap();
    archive().write(&zip).unwrap();
    for path in [&folder, &zip] {
        let opened = open(path).unwrap();
        assert_eq!(opened.archive, archive());
        assert_eq!((opened.digest, opened.faults), (archive().digest(), Vec::new()));
        assert!(matches!(archive().write(path), Err(ArchiveError::There(_))), "{path:?}");
    }
    assert_eq!(archive().to_zip().unwrap(), fs::read(&zip).unwrap());
    assert!(is_archive(&zip) && !is_archive(&folder) && !is_archive(&folder.join("a")));
}

#[test]
fn files_that_differ_from_the_list_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("x");
    archive().write(&folder).unwrap();
    fs::write(folder.join("a"), "other").unwrap();
    fs::remove_file(folder.join("b/two")).unwrap();
    fs::write(folder.join("c"), "").unwrap();
    let faults = open(&folder).unwrap().faults;
    let listed: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        ["a is altered", "b/two is listed but missing", "c exists and is not listed"]
    );
}

#[test]
fn a_list_is_one_of_sha256sum_or_its_line_is_named() {
    let hex = "0".repeat(64);
    assert_eq!(parse_sums(format!("{hex}  a\n{hex} *b").as_bytes()).unwrap().len(), 2);
    for (bad, line) in [
        (format!("{hex}  a\n{hex}  A\n"), 2),
        (format!("{hex}  ../a\n"), 1),
        (format!("{hex}  a\n\n"), 2),
        (format!("\\{hex}  a\n"), 1),
        ("é".repeat(40), 1),
    ] {
        assert_eq!(parse_sums(bad.as_bytes()), Err(line), "{bad}");
    }
}

#[test]
fn what_packs_too_well_is_stored_so_that_it_is_read_again() {
    let place = tempfile::tempdir().unwrap();
    let (out, mut archive) = (place.path().join("zeros.zip"), Archive::default());
    archive.add("inputs/zeros", vec![0; 80 << 20]).unwrap();
    archive.write_zip(&out).unwrap();
    assert_eq!(open(&out).unwrap().archive, archive);
}
