//! OpenSSL as the judge of signatures and certificates.

// A harness that cannot set up its test fails the test.
#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A directory for OpenSSL to work in.
pub struct Openssl {
    directory: TempDir,
}

impl Openssl {
    pub fn new() -> Self {
        Self { directory: TempDir::new().expect("a directory") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the file is there")
    }

    /// Whether it does without an error what the arguments say, and what it says.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new("openssl");
        let output = command.args(arguments).current_dir(self.directory.path()).output();
        let output = output.expect("openssl runs; apt-get install openssl");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let (ok, text) = self.run(arguments);
        assert!(ok, "openssl {arguments:?}: {text}");
        text
    }

    /// Whether `signature` is one of `message` by this public key in DER. With a digest the message
    /// is hashed with it first; an RSA signature is one with PKCS#1 padding.
    pub fn verifies(
        &self,
        public_key: &[u8],
        digest: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.write("public.der", public_key);
        self.write("message", message);
        self.write("signature", signature);
        let mut arguments = vec![
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            "public.der",
            "-rawin",
            "-in",
            "message",
            "-sigfile",
            "signature",
        ];
        arguments.extend(digest.iter().flat_map(|digest| ["-digest", digest]));
        self.run(&arguments).0
    }

    /// Whether the certificate (DER) chains to the roots (PEM), as of a day in the year given.
    pub fn chains(&self, roots: &str, untrusted: &str, certificate: &[u8], year: u32) -> bool {
        self.write("roots.pem", roots);
        self.write("untrusted.pem", untrusted);
        self.write("certificate.pem", self.to_pem(certificate));
        let seconds = (u64::from(year - 1970) * 31_556_952 + 1_000_000).to_string();
        self.run(&[
            "verify",
            "-attime",
            &seconds,
            "-CAfile",
            "roots.pem",
            "-untrusted",
            "untrusted.pem",
            "certificate.pem",
        ])
        .0
    }

    pub fn to_pem(&self, certificate: &[u8]) -> String {
        self.write("certificate.der", certificate);
        self.ok(&["x509", "-inform", "DER", "-in", "certificate.der"])
    }

    /// A certificate for a public key that cannot sign it itself, signed by some key.
    pub fn certificate_for(&self, public_key: &Path, common_name: &str) -> PathBuf {
        self.ok(&[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-out",
            "ca.key",
        ]);
        self.ok(&["req", "-new", "-x509", "-key", "ca.key", "-subj", "/CN=CA", "-out", "ca.pem"]);
        self.ok(&[
            "req",
            "-new",
            "-key",
            "ca.key",
            "-subj",
            &format!("/CN={common_name}"),
            "-out",
            "request.pem",
        ]);
        let public_key = public_key.to_str().expect("a plain name");
        self.ok(&[
            "x509",
            "-req",
            "-in",
            "request.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-set_serial",
            "7",
            "-force_pubkey",
            public_key,
            "-out",
            "issued.pem",
        ]);
        self.path("issued.pem")
    }
}
