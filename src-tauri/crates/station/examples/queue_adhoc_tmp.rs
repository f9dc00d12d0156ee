#![allow(missing_docs, clippy::unwrap_used)]
use countersign_admissibility::policy::Policy;
use countersign_envelope::instant::Instant;
use countersign_station::{demo::Demo, queue::*};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant as Clock};
fn rss() -> String {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines()
        .filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM"))
        .collect::<Vec<_>>()
        .join(" ")
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let root = PathBuf::from("/tmp/queue-adhoc/sealed");
    let cat = PathBuf::from("/tmp/queue-adhoc/cat");
    if a.iter().any(|x| x == "make") {
        let t = Clock::now();
        Demo::all_levels(100_000, 1).write(&root, &SecretString::from("demo")).unwrap();
        println!("made {:?}", t.elapsed());
        return;
    }
    let (s, e) = mpsc::channel();
    let now = || Instant::parse("2029-01-01T00:00:00Z").unwrap();
    let t = Clock::now();
    let q = Queue::open(
        &root,
        Rules {
            policy: Policy::default(),
            keyring: root.join("keyring.json"),
            log: None,
            ledger: None,
        },
        Some(cat),
        now,
        move |x| {
            let _ = s.send(x);
        },
    )
    .unwrap();
    let rows = |q: &Queue| q.window(&QueueQuery::default(), 0, 50, None).all;
    let (mut first, mut all) = (None, None);
    loop {
        let n = rows(&q);
        if n > 0 && first.is_none() {
            first = Some(t.elapsed());
        }
        if n == 100_000 && all.is_none() {
            all = Some(t.elapsed());
            println!("all {:?} {}", all, rss());
        }
        let st = q.state();
        if n == 100_000 && st.progress.is_none() {
            break;
        }
        e.recv_timeout(Duration::from_secs(600)).unwrap();
    }
    println!("first {first:?} all {all:?} done {:?} {} {:?}", t.elapsed(), rss(), q.state());
    if a.iter().any(|x| x == "stay") {
        let t = Clock::now();
        let mut last = String::new();
        while t.elapsed() < Duration::from_secs(20) {
            if let Ok(x) = e.recv_timeout(Duration::from_secs(20)) {
                println!("{:?} {x:?} {}", t.elapsed(), rows(&q));
                let s = format!("{:?}", q.state());
                if s != last {
                    println!("{s}");
                    last = s;
                }
            }
        }
        println!("{}", rss());
    }
}
