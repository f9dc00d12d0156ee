//! Has the TPM of this machine certify a key, and prove which keys it holds, with the programs of tpm2-tools 4 and later.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_envelope::key_attestation::Tpm2Certify;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, words};

use tpm2_protocol::TpmUnmarshal as _;
use tpm2_protocol::data::{TpmAlgId, TpmtPublic, TpmuAsymScheme, TpmuPublicParms};

use crate::error::SignerError;
use crate::external::{Printed, Program, TIMEOUT};
use crate::signer::{Attend, Unattended};

/// What tpm2-tools read of the environment: which TPM to speak to, and how much to say.
const ENVIRONMENT: [&str; 4] =
    ["TPM2TOOLS_TCTI", "TPM2TOOLS_ENABLE_ERRATA", "TSS2_LOG", "TSS2_FAPICONF"];

/// The hierarchies, as tpm2-tools call them.
const HIERARCHIES: [&str; 5] = ["o", "p", "e", "n", "l"];

/// An object in the TPM, as tpm2-tools take it.
#[derive(Debug, Clone)]
pub struct TpmObject {
    /// A context file, or a handle such as `0x81000001`.
    pub context: String,
    /// A file with its authorisation, if it has one. It is named to the tool and not read here.
    pub authorisation: Option<PathBuf>,
}

impl TpmObject {
    /// The words that name it. The tools run elsewhere, so that paths are made whole.
    fn context(&self) -> String {
        match std::path::absolute(&self.context) {
            Ok(path) if path.exists() => path.to_string_lossy().into_owned(),
            _ => self.context.clone(),
        }
    }

    /// Whether it names a file that is there, or something else that the tools know: a handle, or a
    /// hierarchy.
    ///
    /// # Errors
    /// [`SignerError::TpmObject`] if it does not.
    pub fn check(&self) -> Result<(), SignerError> {
        let failed = |of: &str, why| Err(SignerError::TpmObject { object: visible(of), why });
        let context = self.context.as_str();
        let path = Path::new(context.strip_prefix("file:").unwrap_or(context));
        let digits = context.strip_prefix("0x").unwrap_or(context);
        let is_handle = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match path.metadata() {
            Ok(meta) if meta.is_dir() => return failed(context, words!("tpm-object-directory")),
            Ok(meta) if !meta.is_file() => return failed(context, words!("tpm-object-device")),
            Ok(meta) if meta.len() == 0 => return failed(context, words!("tpm-object-empty")),
            Ok(_) => {}
            Err(_) if is_handle || HIERARCHIES.contains(&context) => {}
            Err(_) => return failed(context, words!("tpm-object-unreadable")),
        }
        match &self.authorisation {
            Some(file) if !file.is_file() => {
                failed(&file.to_string_lossy(), words!("tpm-object-unreadable"))
            }
            _ => Ok(()),
        }
    }

    fn authorisation(&self, flag: &str) -> Option<[String; 2]> {
        let path = self.authorisation.as_ref()?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        Some([flag.to_owned(), format!("file:{}", path.to_string_lossy())])
    }
}

/// Has an attestation key certify a key: `tpm2_readpublic` of either, and `tpm2_certify` with the hash
/// and the scheme that the attestation key has. Each program has `timeout`, or [`TIMEOUT`]; no shell
/// runs them. What they load into the TPM is flushed, also if one fails.
///
/// # Errors
/// Fails if a program is not installed or fails; the error has its message.
pub fn certify(
    key: &TpmObject,
    attestation_key: &TpmObject,
    timeout: Option<Duration>,
    attend: &dyn Attend,
) -> Result<Tpm2Certify, SignerError> {
    key.check()?;
    attestation_key.check()?;
    let directory = tempfile::tempdir().map_err(SignerError::TpmFiles)?;
    let tools = Tools { directory: directory.path(), timeout: timeout.unwrap_or(TIMEOUT) };
    let (certified, certifying) = (key.context(), attestation_key.context());

    tools.run(&["tpm2_readpublic", "-Q", "-c", &certified, "-o", "key.pub"], attend)?;
    tools.run(&["tpm2_readpublic", "-Q", "-c", &certifying, "-o", "ak.pub"], attend)?;
    let ak_public = read(directory.path(), "ak.pub")?;
    let way = Way::of(&ak_public);
    let mut certify = words(&["tpm2_certify", "-Q", "-c", &certified, "-C", &certifying]);
    certify.extend(words(&["-g", way.hash, "-o", "attest", "-s", "sig"]));
    certify.extend(way.scheme.into_iter().flat_map(|scheme| words(&["--scheme", scheme])));
    certify.extend(key.authorisation("-P").into_iter().flatten());
    certify.extend(attestation_key.authorisation("-p").into_iter().flatten());
    tools.run(&certify.iter().map(String::as_str).collect::<Vec<_>>(), attend)?;

    let read = |name: &str| read(directory.path(), name);
    Ok(Tpm2Certify {
        attest: read("attest")?,
        signature: read("sig")?,
        ak_public,
        key_public: read("key.pub")?,
        ak_certificate: None,
    })
}

/// The public areas of two keys, as `tpm2_readpublic` writes them (TPM2B_PUBLIC).
///
/// # Errors
/// Fails if the program is not installed, or a key is not there.
pub fn public_areas(
    keys: [&TpmObject; 2],
    timeout: Option<Duration>,
    attend: &dyn Attend,
) -> Result<[Vec<u8>; 2], SignerError> {
    let directory = tempfile::tempdir().map_err(SignerError::TpmFiles)?;
    let tools = Tools { directory: directory.path(), timeout: timeout.unwrap_or(TIMEOUT) };
    let area = |key: &TpmObject| {
        key.check()?;
        tools.run(&["tpm2_readpublic", "-Q", "-c", &key.context(), "-o", "area"], attend)?;
        read(directory.path(), "area")
    };
    let [first, second] = keys.map(area);
    Ok([first?, second?])
}

/// A secret that only a TPM with two keys gives back.
#[derive(Debug)]
pub struct Challenge<'a> {
    /// The endorsement key; its authorisation is that of the endorsement hierarchy.
    pub endorsement_key: &'a TpmObject,
    /// Its public area, TPM2B_PUBLIC: the secret is encrypted for this key.
    pub endorsement_public: &'a [u8],
    /// The attestation key.
    pub attestation_key: &'a TpmObject,
    /// Its name.
    pub name: &'a [u8],
    /// The secret.
    pub secret: &'a [u8],
}

/// Encrypts a secret for an endorsement key and the name of an attestation key, without a TPM
/// (`tpm2_makecredential`), and has the TPM decrypt it (`tpm2_activatecredential`). Returns what it gave
/// back. The endorsement key has the policy of TCG's templates: the authorisation of its hierarchy.
///
/// # Errors
/// Fails if a program is not installed or fails, as it does if the TPM does not hold both keys.
pub fn activate(
    challenge: &Challenge<'_>,
    timeout: Option<Duration>,
    attend: &dyn Attend,
) -> Result<Vec<u8>, SignerError> {
    let directory = tempfile::tempdir().map_err(SignerError::TpmFiles)?;
    let tools = Tools { directory: directory.path(), timeout: timeout.unwrap_or(TIMEOUT) };
    let write = |name: &str, bytes: &[u8]| {
        fs::write(directory.path().join(name), bytes).map_err(SignerError::TpmFiles)
    };
    write("ek.pub", challenge.endorsement_public)?;
    write("secret", challenge.secret)?;
    let name: String = challenge.name.iter().map(|byte| format!("{byte:02x}")).collect();
    let make = ["tpm2_makecredential", "-Q", "-T", "none", "-u", "ek.pub", "-s", "secret"];
    tools.run(&[&make[..], &["-n", &name, "-o", "credential"]].concat(), attend)?;
    // So that nothing that the TPM does can read it here.
    fs::remove_file(directory.path().join("secret")).map_err(SignerError::TpmFiles)?;

    tools.run(&["tpm2_startauthsession", "-Q", "--policy-session", "-S", "session"], attend)?;
    let (ek, ak) = (challenge.endorsement_key, challenge.attestation_key);
    let mut policy = words(&["tpm2_policysecret", "-Q", "-S", "session", "-c", "e"]);
    policy.extend(ek.authorisation("").map(|[_, file]| file));
    let mut activate = words(&["tpm2_activatecredential", "-Q", "-c", &ak.context()]);
    activate.extend(words(&["-C", &ek.context(), "-i", "credential", "-o", "answer"]));
    activate.extend(words(&["-P", "session:session"]));
    activate.extend(ak.authorisation("-p").into_iter().flatten());
    let line =
        |words: &[String]| tools.run(&words.iter().map(String::as_str).collect::<Vec<_>>(), attend);
    let done = line(&policy).and_then(|()| line(&activate));
    let _ = tools.program(&["tpm2_flushcontext", "session"], &Unattended);
    done?;
    read(directory.path(), "answer")
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// tpm2-tools, run one after the other in a directory.
struct Tools<'a> {
    directory: &'a Path,
    timeout: Duration,
}

impl Tools<'_> {
    /// Runs a tool, and flushes what it left in the TPM. Without a resource manager that is every
    /// object that it loaded, and a TPM has room for three.
    fn run(&self, line: &[&str], attend: &dyn Attend) -> Result<(), SignerError> {
        let before = self.loaded();
        let done = self.program(line, attend);
        // Nothing of anybody else is flushed; if it cannot be told apart, nothing is.
        if let (Some(before), Some(after)) = (before, self.loaded()) {
            for handle in after.iter().filter(|handle| !before.contains(handle)) {
                let _ = self.program(&["tpm2_flushcontext", handle], &Unattended);
            }
        }
        match done {
            Err(error) if is_full(&error) => Err(SignerError::TpmFull(error.problem().into())),
            // It says that nothing was signed, and nothing was supposed to be.
            Err(SignerError::External(error)) => Err(SignerError::TpmTool(error.of_evidence())),
            done => done.map(drop),
        }
    }

    fn program(&self, line: &[&str], attend: &dyn Attend) -> Result<Printed, SignerError> {
        let program = Program::of(words(line)).timeout(self.timeout);
        let program = program.keep_env(ENVIRONMENT.map(str::to_owned).to_vec())?;
        program.directory(self.directory).run(None, None, attend)
    }

    /// The transient objects in the TPM; `None` if it does not tell.
    fn loaded(&self) -> Option<Vec<String>> {
        let told = self.program(&["tpm2_getcap", "handles-transient"], &Unattended).ok()?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let handles = told.lines().map(|line| line.trim_start_matches(['-', ' ']).trim());
        Some(handles.filter(|line| line.starts_with("0x")).map(str::to_owned).collect())
    }
}

/// Whether a tool failed since the TPM has no room (TPM_RC_OBJECT_MEMORY, TPM_RC_OBJECT_HANDLES).
fn is_full(error: &SignerError) -> bool {
    let said = error.to_string();
    ["0x902", "0x906", "out of memory for object contexts"].iter().any(|one| said.contains(one))
}

/// How an attestation key signs, as tpm2-tools name it.
struct Way {
    hash: &'static str,
    /// `None` for the one that the tool uses by itself, which older ones know no flag for.
    scheme: Option<&'static str>,
}

impl Way {
    /// From its public area, a TPM2B_PUBLIC. A key that leaves it open signs with SHA-256.
    fn of(public: &[u8]) -> Self {
        let open = Self { hash: "sha256", scheme: None };
        let Ok((public, _)) = TpmtPublic::unmarshal(public.get(2..).unwrap_or_default()) else {
            return open;
        };
        let (scheme, details) = match &public.parameters {
            TpmuPublicParms::Ecc(ecc) => (ecc.scheme.scheme, ecc.scheme.details),
            TpmuPublicParms::Rsa(rsa) => (rsa.scheme.scheme, rsa.scheme.details),
            _ => return open,
        };
        let TpmuAsymScheme::Hash(details) = details else { return open };
        let hash = match details.hash_alg {
            TpmAlgId::Sha384 => "sha384",
            TpmAlgId::Sha512 => "sha512",
            TpmAlgId::Sha1 => "sha1",
            _ => "sha256",
        };
        let scheme = (scheme == TpmAlgId::Rsapss).then_some("rsapss");
        Self { hash, scheme }
    }
}

fn read(directory: &Path, name: &str) -> Result<Vec<u8>, SignerError> {
    fs::read(directory.join(name)).map_err(SignerError::TpmFiles)
}
