//! Everything that is kept of the corpus, once more, and cut off anywhere.

use countersign_fuzz::{TARGETS, corpus};

#[test]
fn every_target_takes_its_corpus_whole_and_cut_off() {
    for target in TARGETS {
        let folder = corpus(target.name);
        let files = std::fs::read_dir(&folder).unwrap_or_else(|error| {
            panic!("{}: {error}; every target has a corpus", folder.display())
        });
        let mut count = 0;
        for file in files {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            // A panic is told with what was read.
            eprintln!("{}", path.display());
            (target.read)(&bytes);
            for cut in 1..4 {
                (target.read)(&bytes[..bytes.len() * cut / 4]);
            }
            count += 1;
        }
        assert!(count > 0, "{} has nothing to begin with", folder.display());
    }
}

#[test]
fn every_corpus_has_a_target() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    for folder in std::fs::read_dir(corpus("")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name.as_str()), "{name} is the corpus of no target");
    }
}
