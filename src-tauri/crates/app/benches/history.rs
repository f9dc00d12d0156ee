//! How quick the history is: gathered from the queue and made ready for the window, and written for
//! other programs, with a hundred thousand signatures.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use countersign_admissibility::policy::Policy;
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_index::history::{HistoryFilter, HistoryFormat};
use countersign_index::queue::{Kept, Queue, Rules};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use secrecy::SecretString;

const SIGNATURES: usize = 100_000;

fn judged(root: &Path) -> Queue {
    let keyring = root.join("keyring.json");
    let roots = root.join("attestation-roots");
    let rules = Rules {
        policy: Policy::default(),
        keyring,
        roots,
        tsa_roots: root.join("tsa-roots"),
        name_roots: root.join("name-roots"),
        crls: root.join("crls"),
        log: None,
        ledger: None,
        brought: false,
    };
    let (sender, events) = mpsc::channel();
    let listener = move |event| {
        let _ = sender.send(event);
    };
    let now = || Instant::parse("2029-01-01T00:00:00Z").unwrap_or(Instant::EPOCH);
    let queue = Queue::open(root, rules, Kept::default(), now, listener).unwrap();
    while queue.state().progress.is_some() {
        events.recv_timeout(Duration::from_secs(600)).unwrap();
    }
    queue
}

fn history(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("sealed");
    Demo::history(SIGNATURES, 1).write(&root, &SecretString::from("demo")).unwrap();
    let queue = judged(&root);
    let mut group = criterion.benchmark_group("history");
    group.sample_size(20).throughput(Throughput::Elements(SIGNATURES as u64));
    group.bench_function("gathered", |bencher| bencher.iter(|| black_box(queue.history())));
    group.bench_function("gathered_as_json", |bencher| {
        bencher.iter(|| black_box(serde_json::to_vec(&queue.history()).unwrap()));
    });
    for format in HistoryFormat::ALL {
        let path = directory.path().join("history");
        let filter = HistoryFilter::default();
        group.bench_function(format!("exported_as_{format}"), |bencher| {
            bencher.iter(|| queue.export(&filter, *format, &path).unwrap());
        });
    }
    group.finish();
    let size = serde_json::to_vec(&queue.history()).unwrap().len();
    println!("what crosses to the window: {:.1} MB", size as f64 / 1e6);
}

criterion_group!(benches, history);
criterion_main!(benches);
