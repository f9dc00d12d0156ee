//! A time-stamping authority for tests: root, intermediate and signer made by `openssl`, answers by
//! `openssl ts`, and tokens about any content, as no authority would make them, by `openssl cms`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests alone")]

pub mod people;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// id-ct-TSTInfo (RFC 3161 section 2.4.2).
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

/// How the authority is made.
#[derive(Debug, Clone, Copy)]
pub struct Making {
    /// The kind of all keys: arguments of `openssl genpkey`.
    pub keys: &'static str,
    /// The common name of the signer, with which those of its issuers begin.
    pub name: &'static str,
    /// The extensions of the signer's certificate.
    pub extensions: &'static str,
    /// For how many days the signer's certificate is valid.
    pub days: u32,
    /// For how many days that of the intermediate is valid.
    pub intermediate_days: u32,
    /// Further settings of `openssl ts`.
    pub settings: &'static str,
}

/// Keys on P-256.
pub const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
/// Keys on P-384.
pub const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
/// RSA keys of 2048 bits.
pub const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
/// The extensions that RFC 3161 asks for.
pub const FOR_TIME_STAMPS: &str =
    "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping";

impl Default for Making {
    fn default() -> Self {
        Self {
            keys: P256,
            name: "Test TSA",
            extensions: FOR_TIME_STAMPS,
            days: 3650,
            intermediate_days: 3650,
            settings: "",
        }
    }
}

/// A time-stamping authority.
#[derive(Debug)]
pub struct TimeAuthority {
    directory: tempfile::TempDir,
    count: AtomicUsize,
    /// Answers one request at a time: OpenSSL counts in a file.
    answering: Mutex<()>,
}

impl Default for TimeAuthority {
    fn default() -> Self {
        Self::new(Making::default())
    }
}

impl TimeAuthority {
    /// Makes an authority.
    pub fn new(making: Making) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let one = Self { directory, count: AtomicUsize::new(0), answering: Mutex::default() };
        // The policies make the intermediate's certificate longer than the signer's. `openssl ts` writes
        // them as they come, and DER orders them by length: strict readers take no other order.
        let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                         subjectKeyIdentifier=hash\n\
                         certificatePolicies=1.3.6.1.4.1.55555.1,1.3.6.1.4.1.55555.2";
        one.write("authority.ext", authority);
        one.write("signer.ext", &format!("{}\nsubjectKeyIdentifier=hash", making.extensions));
        for key in ["root", "intermediate", "tsa"] {
            one.openssl(&format!("genpkey {} -out {key}.key", making.keys));
        }
        let name = making.name.replace(' ', "_");
        one.openssl(&format!("req -new -key root.key -subj /CN={name}_root -out root.csr"));
        one.openssl(&format!(
            "req -new -key intermediate.key -subj /CN={name}_CA -out intermediate.csr"
        ));
        one.openssl(&format!("req -new -key tsa.key -subj /O=Test/CN={name} -out tsa.csr"));
        one.openssl(
            "x509 -req -in root.csr -signkey root.key -days 7300 -extfile authority.ext -out \
             root.pem",
        );
        one.openssl(&format!(
            "x509 -req -in intermediate.csr -CA root.pem -CAkey root.key -set_serial 1 -days {} \
             -extfile authority.ext -out intermediate.pem",
            making.intermediate_days
        ));
        one.certify("tsa.pem", 2, making.days);
        one.write("tsa.serial", "01\n");
        one.write(
            "ts.cnf",
            &format!(
                "[tsa]\ndefault_tsa = own\n[own]\ndir = .\nserial = tsa.serial\n\
                 signer_cert = tsa.pem\ncerts = intermediate.pem\nsigner_key = tsa.key\n\
                 signer_digest = sha256\n\
                 default_policy = 1.3.6.1.4.1.55555.1\nother_policies = 1.3.6.1.4.1.55555.2\n\
                 digests = sha256\n{}\n",
                making.settings
            ),
        );
        one
    }

    /// The root's certificate, PEM.
    pub fn root(&self) -> PathBuf {
        self.path("root.pem")
    }

    /// The intermediate's certificate, PEM.
    pub fn intermediate(&self) -> PathBuf {
        self.path("intermediate.pem")
    }

    /// The signer's certificate, PEM.
    pub fn signer(&self) -> PathBuf {
        self.path("tsa.pem")
    }

    /// Another certificate for the signer's key, PEM.
    pub fn other_certificate(&self) -> PathBuf {
        self.certify("other.pem", 3, 3650);
        self.path("other.pem")
    }

    /// What `openssl ts` answers to a request: a TimeStampResp, granted or not.
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        let (request, answer) = (self.new_file(request), self.next());
        let _one = self.answering.lock();
        self.openssl(&format!(
            "ts -reply -config ts.cnf -queryfile {} -out {}",
            request.display(),
            answer.display()
        ));
        fs::read(answer).unwrap()
    }

    /// A token with this content, a TSTInfo or what pretends to be one, whatever it says. `how` has
    /// further arguments of `openssl cms -sign`; `-cades` names the signer's certificate.
    pub fn sign(&self, content: &[u8], how: &str) -> Vec<u8> {
        self.sign_as(&self.signer(), content, how)
    }

    /// The same by another of the certificates of the signer's key.
    pub fn sign_as(&self, signer: &Path, content: &[u8], how: &str) -> Vec<u8> {
        let (content, token) = (self.new_file(content), self.next());
        self.openssl(&format!(
            "cms -sign -binary -nodetach -econtent_type {TST_INFO} -in {} -signer {} -inkey \
             tsa.key -certfile intermediate.pem -nosmimecap -outform DER -out {} {how}",
            content.display(),
            signer.display(),
            token.display()
        ));
        fs::read(token).unwrap()
    }

    /// A certificate of the signer's key that no other key vouches for, PEM.
    pub fn self_signed(&self) -> PathBuf {
        self.openssl(
            "x509 -req -in tsa.csr -signkey tsa.key -days 3650 -extfile signer.ext -out self.pem",
        );
        self.path("self.pem")
    }

    /// Whether `openssl ts` verifies a token about data.
    pub fn verifies(&self, token: &[u8], data: &[u8]) -> bool {
        let (token, data) = (self.new_file(token), self.new_file(data));
        let arguments = format!(
            "ts -verify -token_in -in {} -data {} -CAfile root.pem",
            token.display(),
            data.display()
        );
        run(self.directory.path(), &arguments).status.success()
    }

    /// Whether `openssl ts` takes a response for the answer to a request.
    pub fn verifies_answer(&self, answer: &[u8], request: &[u8]) -> bool {
        let (answer, request) = (self.new_file(answer), self.new_file(request));
        let arguments = format!(
            "ts -verify -in {} -queryfile {} -CAfile root.pem",
            answer.display(),
            request.display()
        );
        run(self.directory.path(), &arguments).status.success()
    }

    /// What `openssl ts` asks about data, with further arguments of `openssl ts -query`.
    pub fn ask(&self, data: &[u8], how: &str) -> Vec<u8> {
        let (data, request) = (self.new_file(data), self.next());
        self.openssl(&format!(
            "ts -query -data {} -cert -out {} {how}",
            data.display(),
            request.display()
        ));
        fs::read(request).unwrap()
    }

    fn certify(&self, to: &str, serial: u32, days: u32) {
        self.openssl(&format!(
            "x509 -req -in tsa.csr -CA intermediate.pem -CAkey intermediate.key -set_serial \
             {serial} -days {days} -extfile signer.ext -out {to}"
        ));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    fn next(&self) -> PathBuf {
        self.path(&format!("file-{}", self.count.fetch_add(1, Ordering::Relaxed)))
    }

    fn new_file(&self, content: &[u8]) -> PathBuf {
        let path = self.next();
        fs::write(&path, content).unwrap();
        path
    }

    fn openssl(&self, arguments: &str) {
        let output = run(self.directory.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    }
}

fn run(directory: &Path, arguments: &str) -> Output {
    let output =
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(directory).output();
    output.expect("this test needs openssl: apt-get install openssl")
}
