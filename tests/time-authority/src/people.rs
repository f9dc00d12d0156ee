//! Certificates of people for tests, by `openssl ca`: roots, intermediates, people, and lists of what is
//! revoked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The extensions of an authority.
pub const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\n\
                             keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash";
/// The extensions of a person who signs.
pub const PERSON: &str =
    "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation";
/// When certificates are valid that are valid whenever a test looks at them, as OpenSSL writes times.
pub const ALWAYS: [&str; 2] = ["20200101000000Z", "20600101000000Z"];

/// A directory of authorities and people.
#[derive(Debug)]
pub struct CertificateAuthorities {
    directory: tempfile::TempDir,
}

/// A certificate to be made.
#[derive(Debug, Clone, Copy)]
pub struct Certified<'a> {
    /// The name of its files.
    pub name: &'a str,
    /// The name of its issuer's files; its own for a root.
    pub issuer: &'a str,
    /// As `-subj` takes it.
    pub subject: &'a str,
    /// Its extensions.
    pub extensions: &'a str,
    /// From when until when it is valid.
    pub valid: [&'a str; 2],
}

impl<'a> Certified<'a> {
    /// A person's certificate that is always valid.
    pub const fn person(name: &'a str, issuer: &'a str, subject: &'a str) -> Self {
        Self { name, issuer, subject, extensions: PERSON, valid: ALWAYS }
    }

    /// That of an authority.
    pub const fn authority(name: &'a str, issuer: &'a str, subject: &'a str) -> Self {
        Self { name, issuer, subject, extensions: AUTHORITY, valid: ALWAYS }
    }
}

impl Default for CertificateAuthorities {
    fn default() -> Self {
        let all = Self { directory: tempfile::tempdir().unwrap() };
        all.write("empty.crt", "");
        all
    }
}

impl CertificateAuthorities {
    /// The place of a file: `NAME.pem`, `NAME.key`, `NAME.crl`.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Makes a key on P-256 if there is none, and a certificate for it.
    pub fn certify(&self, one: Certified<'_>) -> PathBuf {
        let Certified { name, issuer, subject, extensions, valid: [from, until] } = one;
        if !self.path(&format!("{name}.key")).exists() {
            self.key(name, super::P256);
        }
        self.write(&format!("{name}.ext"), extensions);
        self.configure(issuer, "");
        let quoted = ["-subj", subject];
        let mut request = self.command();
        request.args(["req", "-new", "-utf8", "-config", &format!("{issuer}.cnf"), "-key"]);
        done(
            request.arg(format!("{name}.key")).args(quoted).args(["-out", &format!("{name}.csr")]),
        );
        let mut sign = self.command();
        sign.args(["ca", "-batch", "-notext", "-preserveDN", "-utf8", "-config"]);
        sign.arg(format!("{issuer}.cnf")).args(["-extfile", &format!("{name}.ext")]);
        sign.args(["-startdate", from, "-enddate", until, "-in", &format!("{name}.csr")]);
        sign.args(["-out", &format!("{name}.pem"), "-keyfile", &format!("{issuer}.key")]);
        match issuer == name {
            true => sign.arg("-selfsign"),
            false => sign.args(["-cert", &format!("{issuer}.pem")]),
        };
        done(&mut sign);
        self.path(&format!("{name}.pem"))
    }

    /// Makes a key: arguments of `openssl genpkey`.
    pub fn key(&self, name: &str, kind: &str) -> PathBuf {
        let mut make = self.command();
        done(make.arg("genpkey").args(kind.split(' ')).args(["-out", &format!("{name}.key")]));
        self.path(&format!("{name}.key"))
    }

    /// Takes a certificate as revoked from a time on: a reason of RFC 5280, after a comma with the time
    /// since when it is compromised, `keyTime,20260101000000Z`.
    pub fn revoke(&self, name: &str, issuer: &str, at: &str, reason: &str) {
        let mut shown = self.command();
        let shown = done(shown.args(["x509", "-noout", "-serial", "-in", &format!("{name}.pem")]));
        let shown = String::from_utf8(shown.stdout).unwrap();
        let serial = shown.trim().trim_start_matches("serial=");
        let index = self.path(&format!("{issuer}.index"));
        let reason = if reason.is_empty() { String::new() } else { format!(",{reason}") };
        let line = format!("R\t20600101000000Z\t{at}{reason}\t{serial}\tunknown\t/CN={name}\n");
        let rest = fs::read_to_string(&index).unwrap_or_default();
        let rest: String = rest
            .lines()
            .filter(|one| !one.contains(serial))
            .map(|one| format!("{one}\n"))
            .collect();
        fs::write(index, rest + &line).unwrap();
    }

    /// The list of what an authority has revoked, PEM, with extensions if any are given.
    pub fn list(&self, issuer: &str, [made, next]: [&str; 2], extensions: &str) -> PathBuf {
        self.configure(issuer, extensions);
        let mut list = self.command();
        list.args(["ca", "-gencrl", "-config", &format!("{issuer}.cnf"), "-keyfile"]);
        list.args([&format!("{issuer}.key"), "-cert", &format!("{issuer}.pem")]);
        list.args(["-crl_lastupdate", made, "-crl_nextupdate", next]);
        if !extensions.is_empty() {
            list.args(["-crlexts", "list"]);
        }
        done(list.args(["-out", &format!("{issuer}.crl")]));
        self.path(&format!("{issuer}.crl"))
    }

    /// Files one after the other.
    pub fn together(&self, name: &str, files: &[&str]) -> PathBuf {
        let all = files.iter().map(|file| fs::read(self.path(file)).unwrap());
        fs::write(self.path(name), all.collect::<Vec<_>>().concat()).unwrap();
        self.path(name)
    }

    fn configure(&self, issuer: &str, extensions: &str) {
        let index = format!("{issuer}.index");
        if !self.path(&index).exists() {
            self.write(&index, "");
        }
        self.write(
            &format!("{issuer}.cnf"),
            &format!(
                "[req]\ndistinguished_name = dn\n[dn]\n[ca]\ndefault_ca = own\n[own]\n\
                 database = {index}\nrand_serial = yes\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\n\
                 unique_subject = no\nemail_in_dn = yes\n[any]\ncommonName = optional\n\
                 [list]\n{extensions}\n"
            ),
        );
    }

    fn command(&self) -> Command {
        let mut one = Command::new("openssl");
        one.current_dir(self.directory.path());
        one
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }
}

fn done(command: &mut Command) -> Output {
    let output = command.output().expect("openssl (Debian: openssl)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}
