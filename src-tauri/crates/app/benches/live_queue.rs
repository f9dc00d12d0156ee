//! How quick the queue is: the first rows of a directory that is not known yet, all rows of one that
//! is, a window on a hundred thousand, and a file that arrives.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_index::queue::{
    Event, Kept, LevelFilter, Queue, QueueQuery, QueueShow, QueueSort, Rules,
};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use secrecy::SecretString;
use tempfile::TempDir;

fn made(directory: &Path, runs: usize) -> PathBuf {
    let root = directory.join("sealed");
    Demo::all_levels(runs, 1).write(&root, &SecretString::from("demo")).unwrap();
    root
}

fn opened(root: &Path, catalogue: Option<PathBuf>) -> (Queue, Receiver<Event>) {
    let keyring = root.join("keyring.json");
    let roots = keyring.with_file_name("attestation-roots");
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
    // Later than anything in the demonstration: what is dated in the future is not kept.
    let now = || Instant::parse("2029-01-01T00:00:00Z").unwrap_or(Instant::EPOCH);
    (Queue::open(root, rules, Kept { catalogue, memory: None }, now, listener).unwrap(), events)
}

fn wait((queue, events): &(Queue, Receiver<Event>), is_so: impl Fn(&Queue) -> bool) {
    while !is_so(queue) {
        events.recv_timeout(Duration::from_secs(600)).unwrap();
    }
}

fn rows(queue: &Queue) -> u32 {
    queue.window(&QueueQuery::default(), 0, 50, None).all
}

/// Opens and judges everything, so that the catalogue knows it.
fn catalogued(directory: &TempDir, runs: usize) -> (PathBuf, PathBuf) {
    let (root, catalogue) = (made(directory.path(), runs), directory.path().join("catalogue"));
    let opened = opened(&root, Some(catalogue.clone()));
    wait(&opened, |queue| queue.state().progress.is_none() && rows(queue) == runs as u32);
    (root, catalogue)
}

fn opening(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open");
    group.sample_size(10);
    let directory = tempfile::tempdir().unwrap();
    let runs = 10_000;
    let (root, catalogue) = catalogued(&directory, runs);
    let ended = BatchSize::PerIteration;
    group.bench_function("cold_to_first_rows", |bencher| {
        let open = || {
            let opened = opened(&root, None);
            wait(&opened, |queue| rows(queue) > 0);
            opened
        };
        bencher.iter_batched(|| (), |()| open(), ended);
    });
    group.throughput(Throughput::Elements(runs as u64));
    group.bench_function(BenchmarkId::new("warm_to_all_rows", runs), |bencher| {
        let open = || {
            let opened = opened(&root, Some(catalogue.clone()));
            wait(&opened, |queue| rows(queue) == runs as u32);
            opened
        };
        bencher.iter_batched(|| (), |()| open(), ended);
    });
    group.bench_function(BenchmarkId::new("warm_to_compared", runs), |bencher| {
        let open = || {
            let opened = opened(&root, Some(catalogue.clone()));
            wait(&opened, |queue| queue.state().progress.is_none());
            opened
        };
        bencher.iter_batched(|| (), |()| open(), ended);
    });
    group.finish();
}

fn arriving(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let root = made(directory.path(), 1000);
    let opened = opened(&root, None);
    wait(&opened, |queue| queue.state().progress.is_none() && rows(queue) == 1000);
    let other = directory.path().join("other");
    Demo::one_level(1, 2, Some(Level::L1)).write(&other, &SecretString::from("demo")).unwrap();
    let run = countersign_store::directory::find(&other).unwrap().runs.remove(0);
    let (from, to) = (other.join(&run), root.join(&run));
    criterion.bench_function("a_file_arrives", |bencher| {
        let leave = || {
            if to.exists() {
                fs::rename(&to, &from).unwrap();
            }
            wait(&opened, |queue| rows(queue) == 1000);
        };
        let arrive = |()| {
            fs::rename(&from, &to).unwrap();
            wait(&opened, |queue| rows(queue) == 1001);
        };
        bencher.iter_batched(leave, arrive, BatchSize::PerIteration);
    });
}

fn showing(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let runs = 100_000;
    let (root, catalogue) = catalogued(&directory, runs);
    let begun = std::time::Instant::now();
    let opened = opened(&root, Some(catalogue));
    wait(&opened, |queue| rows(queue) > 0);
    let first = begun.elapsed();
    wait(&opened, |queue| rows(queue) == runs as u32);
    let all = begun.elapsed();
    wait(&opened, |queue| queue.state().progress.is_none());
    let compared = begun.elapsed();
    println!("{runs} rows, warm: first {first:.0?}, all {all:.0?}, compared {compared:.0?}");

    let mut group = criterion.benchmark_group("window");
    let queue = &opened.0;
    let all = QueueQuery::default();
    let searched = QueueQuery { text: "claims o.operator".to_owned(), ..all.clone() };
    let other = QueueQuery { text: "reserve dec-0".to_owned(), ..all.clone() };
    let filtered = QueueQuery {
        text: String::new(),
        show: QueueShow::Pending,
        level: LevelFilter::L1,
        sort: QueueSort::Newest,
        ..all.clone()
    };
    let titles = QueueQuery { sort: QueueSort::Title, ..all.clone() };
    let anchor = queue.window(&all, 90_000, 1, None).rows[0].id;
    group.bench_function("scrolled", |bencher| {
        let mut first = 0;
        bencher.iter(|| {
            first = (first + 997) % 99_000;
            black_box(queue.window(&all, first, 50, Some(anchor)))
        });
    });
    // Each query differs from the one before, so that every list is sorted again.
    for (name, one, two) in [
        ("sorted", &all, &filtered),
        ("searched", &searched, &other),
        ("by_title", &titles, &filtered),
    ] {
        group.throughput(Throughput::Elements(2));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(queue.window(one, 0, 50, Some(anchor)));
                black_box(queue.window(two, 0, 50, Some(anchor)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, opening, arriving, showing);
criterion_main!(benches);
