//! Hash-chained logs, and what is made from them.

use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::chain::{Chain, Line};
use countersign_envelope::inclusion::InclusionProof;
use countersign_envelope::json::Value;
use countersign_envelope::log_head::{self, LogHead};
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_journal::book::{self, JournalBook, JournalKind, JournalQuery};
use countersign_journal::pages::Page;

use crate::{now, read, same};

/// A transparency log or an authority ledger: what holds still holds with an entry more, and the three
/// readers agree on where it breaks.
pub fn log(bytes: &[u8]) {
    let lines = || bytes.split(|byte| *byte == b'\n').map(Line::parse);
    let chain = Chain::parse(bytes);
    let log = TransparencyLog::read(lines());
    let ledger = AuthorityLedger::read(lines());
    assert_eq!(log.broken(), chain.broken.as_ref());
    assert_eq!(ledger.summary.broken, chain.broken);
    assert_eq!(log.summary.entries, chain.entries.len());
    assert!(chain.entries.is_empty() || bytes.contains(&b'{'));
    for entry in &chain.entries {
        let text = |key| entry.object.text(key).unwrap_or_default();
        let _ = log.find(text("commit_hash"), text("artifact_bytes_sha256"));
    }
    if chain.broken.is_none() {
        let entry = chain.seal([("entry_id", "one more")].into());
        let more = [bytes, b"\n", Value::Object(entry).to_line().as_bytes()].concat();
        let more = Chain::parse(&more);
        assert_eq!(more.broken, None);
        assert_eq!(more.entries.len(), chain.entries.len() + 1);
    }
    let head = LogHead::of(bytes, now());
    if let Some(again) = read(LogHead::parse(head.to_text().as_bytes())) {
        assert_eq!(again, head);
    }
    // The hash of a text that comes in pieces is that of the whole.
    let (one, other) = bytes.split_at(bytes.len() / 2);
    let mut pieces = log_head::TextHasher::default();
    pieces.update(one);
    pieces.update(other);
    assert_eq!(pieces.digest(), log_head::text_digest(bytes));
}

/// The head of a log.
pub fn log_head(bytes: &[u8]) {
    if let Some(head) = read(LogHead::parse(bytes)) {
        // A time without an offset is written as the time in UTC that it was taken for.
        let again = read(LogHead::parse(head.to_text().as_bytes())).expect("it is read again");
        assert_eq!(again.to_text(), head.to_text());
    }
}

/// A proof that a run stands in a log.
pub fn inclusion(bytes: &[u8]) {
    let Some(proof) = read(InclusionProof::parse(bytes)) else { return };
    same(InclusionProof::parse(proof.to_text().as_bytes()), &proof);
    assert!(proof.entry_count() > 0 && proof.head_hash().is_some());
}

/// A station's own journal, whose lines somebody may have altered.
pub fn journal(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join(countersign_journal::FILE_NAME);
    std::fs::write(&path, bytes).expect("a file");
    let Some(page) = read(Page::read(&path)) else { return };
    assert_eq!(page.half_line == 0, bytes.is_empty() || bytes.ends_with(b"\n"));
    let pages = read(countersign_journal::read(&path)).expect("what was read is read again");
    for entry in pages.iter().flat_map(|page| &page.entries) {
        let _ = book::details(entry).len();
    }
    let all = JournalQuery { text: String::new(), language: "en".into(), kind: JournalKind::All };
    let shown = JournalBook::new(&path).window(&all, 0, 100);
    let shown = read(shown).expect("what was read is shown");
    assert!(shown.rows.len() <= shown.total as usize);
}
