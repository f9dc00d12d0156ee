//! Any bytes as signatures, sealed run or log line: no crash, and a rewrite loses nothing.
#![no_main]

use countersign_envelope::chain::Chain;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = SignatureFile::parse(bytes) {
        let again = SignatureFile::parse(file.to_text().as_bytes());
        assert_eq!(again.as_ref(), Ok(&file));
        for signature in file.signatures() {
            let _ = signature.public_key().map(PublicKey::parse);
            let _ = (signature.signed_at(), signature.signed_payload(), signature.role());
        }
    }
    if let Ok(run) = SealedRun::parse(bytes) {
        let _ = (run.content_hash(), run.scope_hash(), run.created_at());
    }
    let chain = Chain::parse(bytes);
    assert!(chain.entries.is_empty() || bytes.contains(&b'{'));
});
