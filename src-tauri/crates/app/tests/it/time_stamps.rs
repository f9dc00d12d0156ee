//! Requests for time stamps go out, and responses come in: verified, and written beside the
//! signatures that they are about.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Revocation, RevocationCode};
use countersign_admissibility::level::Level;
use countersign_app::clock;
use countersign_app::roots::{self, TrustedFor};
use countersign_app::time_import::{self, ImportedTimes, TimeImportError};
use countersign_app::time_request::{self, LIST, Requests, SCRIPT, TimeRequestingError};
use countersign_app::workspace::Workspace;
use countersign_envelope::file_name::{manifest_of, signature_of};
use countersign_envelope::instant::Instant;
use countersign_envelope::json;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::time_stamp::{Covers, TimeStamp};
use countersign_journal::NoRecord;
use countersign_store::reading::name_of;
use countersign_store::safe_write::WriteError;
use countersign_trust::keyring_file;
use time_authority::{Making, TimeAuthority};

use crate::station::{Envelopes, Station};

/// An envelope that operator and witness have signed, and a station that trusts an authority.
struct Desk {
    station: Station,
    envelopes: Envelopes,
    authority: TimeAuthority,
}

impl Desk {
    fn new(making: Making) -> Self {
        let station = Station::new();
        let envelopes = station.envelopes("sealed", 1, Level::L4);
        let desk = Self { station, envelopes, authority: TimeAuthority::new(making) };
        desk.trust(&desk.authority.root());
        desk
    }

    /// The same as of a version that made no claims.
    fn without_claims(self) -> Self {
        for path in self.files() {
            let mut file: serde_json::Value =
                serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            for signature in file["signatures"].as_array_mut().unwrap() {
                signature.as_object_mut().unwrap().remove("claim").unwrap();
            }
            fs::write(&path, file.to_string()).unwrap();
        }
        self
    }

    fn trust(&self, root: &Path) {
        let (workspace, what) = (self.workspace(), TrustedFor::TimeStamps);
        let seen = roots::look(&workspace, what, root).unwrap();
        let sha256 = [seen[0].sha256.clone()];
        roots::add(&workspace, what, root, &sha256).unwrap();
    }

    fn workspace(&self) -> Workspace {
        let keyring = Some(self.envelopes.root.join("keyring.json"));
        // Tokens have the time of the system's clock.
        Workspace { keyring, now: clock::now, ..self.station.workspace() }
    }

    fn run(&self) -> PathBuf {
        self.envelopes.runs().remove(0)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.station.beside(name)
    }

    fn request(&self, name: &str) -> Result<Requests, TimeRequestingError> {
        time_request::request(
            &self.workspace(),
            std::slice::from_ref(&self.envelopes.root),
            &self.folder(name),
        )
    }

    fn answer(&self, name: &str, authority: &TimeAuthority) {
        for entry in fs::read_dir(self.folder(name)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "tsq") {
                let answer = authority.answer(&fs::read(&path).unwrap());
                fs::write(path.with_extension("tsr"), answer).unwrap();
            }
        }
    }

    fn import(&self, name: &str) -> ImportedTimes {
        self.import_all(&[self.folder(name)]).unwrap()
    }

    fn import_all(&self, sources: &[PathBuf]) -> Result<ImportedTimes, TimeImportError> {
        time_import::import(&self.workspace(), sources, &self.envelopes.root)
    }

    /// The signature files of run and manifest.
    fn files(&self) -> [PathBuf; 2] {
        let run = self.run();
        let manifest = manifest_of(&name_of(&run));
        [signature_of(&name_of(&run)), signature_of(&manifest)].map(|name| run.with_file_name(name))
    }

    fn bytes(&self) -> [Vec<u8>; 2] {
        self.files().map(|path| fs::read(path).unwrap())
    }

    /// The tokens of every signature.
    fn stamps(&self) -> Vec<Vec<TimeStamp>> {
        let files = self.bytes().map(|bytes| SignatureFile::parse(&bytes).unwrap());
        let signatures = files.iter().flat_map(SignatureFile::signatures);
        let stamps = |object| TimeStamp::all(object).into_iter().map(Result::unwrap).collect();
        signatures.map(|signature| stamps(signature.0)).collect()
    }
}

#[test]
fn each_signature_gets_the_token_that_was_asked_for_it() {
    let desk = Desk::new(Making::default());
    let made = desk.request("ask").unwrap();
    assert_eq!((made.requests.len(), made.stamped), (2, 0), "one for each claim");
    let script = fs::read_to_string(desk.folder("ask").join(SCRIPT)).unwrap();
    assert!(script.contains("application/timestamp-query"), "{script}");
    let list = fs::read(desk.folder("ask").join(LIST)).unwrap();
    assert!(json::parse(&list).unwrap().value.get("requests").is_some());
    // Nothing is written over earlier requests.
    let again = desk.request("ask").unwrap_err();
    assert!(matches!(again, TimeRequestingError::Write(WriteError::There(_))), "{again}");

    let nothing = desk.import("ask");
    assert_eq!((nothing.stamped.len(), nothing.waiting.len()), (0, 2));
    desk.answer("ask", &desk.authority);
    let imported = desk.import("ask");
    assert!(imported.left_out.is_empty() && imported.waiting.is_empty(), "{imported:?}");
    assert_eq!(imported.stamped.len(), 2);
    let stamps = desk.stamps();
    assert_eq!(stamps.len(), 4, "two on the run, two on the manifest");
    // The tokens verify without us, over the raw signature of the claim.
    let files = desk.bytes().map(|bytes| SignatureFile::parse(&bytes).unwrap());
    let signatures = files.iter().flat_map(SignatureFile::signatures);
    for (signature, stamps) in signatures.zip(&stamps) {
        let claim = signature.claim().unwrap().unwrap();
        assert_eq!((stamps.len(), &stamps[0].covers), (1, &Covers::Claim));
        assert!(desk.authority.verifies(&stamps[0].token, &claim.signature));
    }

    // Once more changes nothing, and nothing is asked for again.
    let before = desk.bytes();
    let again = desk.import("ask");
    assert!(again.stamped.iter().all(|one| one.files.is_empty()) && again.stamped.len() == 2);
    assert_eq!(desk.bytes(), before);
    assert!(matches!(desk.request("again"), Err(TimeRequestingError::Nothing)));
    assert!(!desk.folder("again").exists());
    let journal = desk.station.journal();
    assert_eq!(journal.matches("time_stamp_attached").count(), 2, "{journal}");
    assert_eq!(journal.matches("time_stamps_requested").count(), 1);
}

#[test]
fn what_does_not_answer_the_request_is_left_out_and_named() {
    let desk = Desk::new(Making::default()).without_claims();
    let before = desk.bytes();
    let made = desk.request("ask").unwrap();
    let at = |index: usize, extension: &str| {
        desk.folder("ask").join(&made.requests[index].file).with_extension(extension)
    };
    desk.answer("ask", &desk.authority);
    // The answer to another request, of an authority that nobody trusts, a refusal, and a page.
    fs::copy(at(1, "tsr"), at(0, "tsr")).unwrap();
    let stranger = TimeAuthority::new(Making { name: "Stranger", ..Making::default() });
    fs::write(at(1, "tsr"), stranger.answer(&fs::read(at(1, "tsq")).unwrap())).unwrap();
    fs::write(at(2, "tsr"), desk.authority.answer(&desk.authority.ask(b"x", "-sha1"))).unwrap();
    fs::write(at(3, "tsr"), "<html>404</html>").unwrap();
    let imported = desk.import("ask");
    assert!(imported.stamped.is_empty(), "{imported:?}");
    let why: Vec<String> = imported.left_out.iter().map(|(_, why)| why.message()).collect();
    for (why, wanted) in why.iter().zip(["something else", "CN=Stranger", "refused", "not a time"])
    {
        assert!(why.contains(wanted), "{why}");
    }
    assert_eq!(desk.bytes(), before);

    // The list only says where to look: it moves no token to another signature, and out of no folder.
    desk.answer("ask", &desk.authority);
    let path = desk.folder("ask").join(LIST);
    let list = fs::read_to_string(&path).unwrap();
    let other = desk.station.envelopes("other", 1, Level::L2).runs().remove(0);
    let run = desk.run().display().to_string();
    fs::write(&path, list.replace(&run, &other.display().to_string())).unwrap();
    let imported = desk.import("ask");
    assert!(imported.left_out.iter().all(|(_, why)| why.code == "no_signature"), "{imported:?}");
    fs::write(&path, list.replace(&made.requests[0].file, "../x.tsq")).unwrap();
    let refused = desk.import_all(&[desk.folder("ask")]).unwrap_err();
    assert!(refused.to_string().contains("not a list"), "{refused}");
}

#[test]
fn a_token_that_would_stop_its_signature_from_counting_is_not_written() {
    let desk = Desk::new(Making::default()).without_claims();
    desk.request("ask").unwrap();
    desk.answer("ask", &desk.authority);
    // The operator's key was revoked after the signature, as that is dated, and before the token.
    let workspace = desk.workspace();
    let keyring = workspace.read_keyring().unwrap();
    let file = SignatureFile::parse(&desk.bytes()[0]).unwrap();
    let signed_at = file.signatures()[0].signed_at().unwrap();
    let signer = file.signatures()[0].signer_id().to_owned();
    let key_id = file.signatures()[0].key_id().to_owned();
    assert!(keyring.keys().iter().any(|key| key.key_id == key_id));
    let revocation = Revocation {
        at: Instant::from_unix(signed_at.unix() + 600).unwrap(),
        code: RevocationCode::Superseded,
        compromised_since: None,
        reason: "a new key".to_owned(),
    };
    let path = workspace.keyring.clone().unwrap();
    keyring_file::revoke(&path, &key_id, &revocation, &NoRecord).unwrap();
    let imported = desk.import("ask");
    assert_eq!((imported.stamped.len(), imported.left_out.len()), (2, 2), "{imported:?}");
    for (_, why) in &imported.left_out {
        assert_eq!(why.code, "stops_counting");
        let words = why.message();
        assert!(words.contains(&signer) && words.contains("revoked since"), "{words}");
    }
    assert!(desk.stamps()[0].is_empty(), "its signature goes on counting by its own date");
}

#[test]
fn a_token_is_renewed_before_its_authority_ends() {
    let brief = Making { days: 60, name: "Brief", ..Making::default() };
    let desk = Desk::new(brief).without_claims();
    desk.request("first").unwrap();
    desk.answer("first", &desk.authority);
    assert_eq!(desk.import("first").stamped.len(), 4);
    let made = desk.request("second").unwrap();
    assert_eq!((made.requests.len(), made.stamped), (4, 0), "two on the run, two on the manifest");
    assert!(made.requests.iter().all(|one| matches!(one.covers, Covers::Tokens(_))));
    let lasting = TimeAuthority::default();
    desk.trust(&lasting.root());
    desk.answer("second", &lasting);
    let imported = desk.import("second");
    assert_eq!((imported.stamped.len(), imported.left_out.len()), (4, 0), "{imported:?}");
    assert!(desk.stamps().iter().all(|one| one.len() == 2));
    assert!(matches!(desk.request("third"), Err(TimeRequestingError::Nothing)));
}

#[test]
fn a_response_alone_finds_its_signature() {
    let desk = Desk::new(Making::default());
    let made = desk.request("ask").unwrap();
    desk.answer("ask", &desk.authority);
    // As a phone brings one back: under any name, without its request, and one with it.
    let response = desk.folder("ask").join(&made.requests[0].file).with_extension("tsr");
    let alone = desk.station.beside("download.TSR");
    fs::rename(&response, &alone).unwrap();
    let other = desk.folder("ask").join(&made.requests[1].file).with_extension("tsr");
    let list = desk.folder("ask").join(LIST);
    let both = [alone.clone(), other, list];
    assert!(time_import::are_sources(&both) && time_import::are_sources(&[desk.folder("ask")]));
    assert!(!time_import::are_sources(&both[2..]), "a list alone is nothing to import");
    assert!(!time_import::are_sources(&[alone.clone(), desk.run()]));
    assert!(!time_import::are_sources(std::slice::from_ref(&desk.envelopes.root)));
    let imported = desk.import_all(&both).unwrap();
    assert_eq!((imported.stamped.len(), imported.left_out.len()), (2, 0), "{imported:?}");
    let runs: Vec<&Path> = imported.stamped.iter().map(|one| one.run.as_path()).collect();
    assert_eq!(runs, [desk.run(), desk.run()]);
    assert!(desk.stamps().iter().all(|stamps| stamps.len() == 1));

    // Of another directory, it is about nothing.
    let elsewhere = desk.station.envelopes("other", 1, Level::L2).root;
    let imported = time_import::import(&desk.workspace(), &[alone], &elsewhere).unwrap();
    assert_eq!(imported.left_out[0].1.code, "no_signature", "{imported:?}");
}

#[test]
fn requests_are_found_again_after_their_runs_have_moved() {
    let desk = Desk::new(Making { days: 60, ..Making::default() }).without_claims();
    desk.request("ask").unwrap();
    desk.answer("ask", &desk.authority);
    let forget = |name: &str| {
        let list = desk.folder(name).join(LIST);
        let text = fs::read_to_string(&list).unwrap();
        fs::write(&list, text.replace(&desk.envelopes.root.display().to_string(), "/gone"))
            .unwrap();
    };
    forget("ask");
    assert_eq!(desk.import("ask").stamped.len(), 4);
    desk.request("renewal").unwrap();
    let lasting = TimeAuthority::default();
    desk.trust(&lasting.root());
    desk.answer("renewal", &lasting);
    forget("renewal");
    let imported = desk.import("renewal");
    assert_eq!((imported.stamped.len(), imported.left_out.len()), (4, 0), "{imported:?}");
    let before = desk.bytes();
    assert_eq!(desk.import("renewal").stamped.len(), 4, "they are there already");
    assert_eq!(desk.bytes(), before);
}
