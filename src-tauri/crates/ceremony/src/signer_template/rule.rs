//! What may stand in a field of a template. A value becomes one word of a command line, and an option
//! of a program: no value may be taken for another option, or look like something that it is not.

use countersign_problem::Problem;
use countersign_problem::visible::is_hidden;
use std::path::Path;

use url::{Host, Url};

/// Longest value, in characters.
const MAX_CHARACTERS: usize = 1024;

/// The answers of a field that asks whether.
pub const YES: &str = "yes";
/// The other one.
pub const NO: &str = "no";

/// What may be given.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Any text.
    Text,
    /// Letters, digits, `.`, `_` and `-`; neither `.` nor `..`.
    Name,
    /// The same, with `/` between its parts.
    Segments,
    /// An absolute path.
    Path,
    /// The address of a server: `https`, or `http` on this machine.
    Url,
    /// A whole number that is not less than this.
    Number {
        /// The least.
        least: u64,
    },
    /// Bytes in hex digits.
    Hex,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A key of AWS KMS: an ARN, an id or an alias.
    AwsKey,
    /// A region of AWS.
    AwsRegion,
    /// The resource name of a version of a key of Google Cloud KMS.
    GoogleKeyVersion,
    /// The identifier of a version of a key of Azure Key Vault, a URL.
    AzureKey,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "template-fault")]
pub enum FieldFault {
    /// The template has no such field.
    Unknown {
        /// Those that it has.
        allowed: String,
    },
    /// It is given twice, and only one can be meant.
    Twice,
    /// Nothing is given.
    Missing,
    /// Neither this nor another one is given, of which one must be.
    Neither {
        /// The other one.
        other: &'static str,
    },
    /// Another one is given too, of which only one may be.
    Both {
        /// The other one.
        other: &'static str,
    },
    /// It begins as an option does.
    Dash,
    /// It has characters that cannot be seen.
    Hidden,
    /// It is too long.
    TooLong {
        /// How many characters it may have.
        limit: usize,
    },
    /// It has characters that no such name has.
    Name,
    /// It is not an absolute path.
    Path,
    /// It is not the address of a server.
    Url,
    /// It is an address without encryption on another machine.
    Unencrypted,
    /// It is an address with a name or a password in it.
    Credentials,
    /// It is not such a number.
    Number {
        /// The least.
        least: u64,
    },
    /// It is not in hex digits.
    Hex,
    /// It is none of the words.
    Choice {
        /// The words.
        allowed: String,
    },
    /// It names no key of AWS KMS.
    AwsKey,
    /// It is not a region of AWS.
    AwsRegion,
    /// It names no key of Google Cloud KMS.
    GoogleKey,
    /// It names no key of Azure Key Vault.
    AzureKey,
    /// It names a key, but not which version of it.
    NoVersion,
}

impl Rule {
    /// Whether a value may be given.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(self, value: &str) -> Result<(), FieldFault> {
        if value.starts_with('-') {
            return Err(FieldFault::Dash);
        }
        if value.chars().any(is_hidden) {
            return Err(FieldFault::Hidden);
        }
        if value.chars().count() > MAX_CHARACTERS {
            return Err(FieldFault::TooLong { limit: MAX_CHARACTERS });
        }
        let or = |is_right: bool, fault| if is_right { Ok(()) } else { Err(fault) };
        match self {
            Self::Text => Ok(()),
            Self::Name => or(is_name(value), FieldFault::Name),
            Self::Segments => or(value.split('/').all(is_name), FieldFault::Name),
            Self::Path => or(Path::new(value).is_absolute(), FieldFault::Path),
            Self::Url => address(value).map(drop),
            Self::Number { least } => {
                let is_right = is_number(value) && value.parse().is_ok_and(|n: u64| n >= least);
                or(is_right, FieldFault::Number { least })
            }
            Self::Hex => {
                let digits = value.bytes().all(|byte| byte.is_ascii_hexdigit());
                or(digits && value.len().is_multiple_of(2), FieldFault::Hex)
            }
            Self::OneOf(words) => {
                let fault = || FieldFault::Choice { allowed: words.join(", ") };
                if words.contains(&value) { Ok(()) } else { Err(fault()) }
            }
            Self::AwsKey => or(is_aws_key(value), FieldFault::AwsKey),
            Self::AwsRegion => {
                let letter = |b: u8| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit();
                or(value.bytes().all(letter), FieldFault::AwsRegion)
            }
            Self::GoogleKeyVersion => google_key_version(value),
            Self::AzureKey => azure_key(value),
        }
    }
}

fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    // Clients take these two out of a path, with what stands before.
    !text.is_empty() && ![".", ".."].contains(&text) && text.bytes().all(letter)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The address of a server to which nothing is sent that others can read on the way.
fn address(value: &str) -> Result<Url, FieldFault> {
    let url = Url::parse(value).map_err(|_| FieldFault::Url)?;
    let is_here = match url.host() {
        None => return Err(FieldFault::Url),
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FieldFault::Credentials);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        "http" => Err(FieldFault::Unencrypted),
        _ => Err(FieldFault::Url),
    }
}

/// Whether text names a key of AWS KMS (AWS, "Key identifiers (KeyId)").
fn is_aws_key(text: &str) -> bool {
    let resource = match text.split(':').collect::<Vec<_>>()[..] {
        [resource] => resource,
        ["arn", partition, "kms", region, account, resource] => {
            let is_whole = partition.starts_with("aws") && is_name(region) && is_number(account);
            // In an ARN the kind of resource is always said.
            match is_whole && resource.contains('/') {
                true => resource,
                false => return false,
            }
        }
        _ => return false,
    };
    match resource.split_once('/') {
        None => is_name(resource),
        Some(("key", id)) => text.starts_with("arn:") && is_name(id),
        Some(("alias", name)) => name.split('/').all(is_name),
        Some(_) => false,
    }
}

/// Google, "Cloud KMS resource hierarchy".
fn google_key_version(text: &str) -> Result<(), FieldFault> {
    const KINDS: [&str; 5] =
        ["projects", "locations", "keyRings", "cryptoKeys", "cryptoKeyVersions"];
    let parts: Vec<&str> = text.split('/').collect();
    let named = parts.chunks(2).zip(KINDS).all(|(pair, kind)| match pair {
        // The id of a project may begin with the domain of its organisation.
        [is, name] => *is == kind && name.split(':').all(is_name),
        _ => false,
    });
    match parts.len() {
        8 if named => Err(FieldFault::NoVersion),
        10 if named && is_number(parts[9]) => Ok(()),
        _ => Err(FieldFault::GoogleKey),
    }
}

/// Microsoft, "Vault-name and Object-name".
fn azure_key(text: &str) -> Result<(), FieldFault> {
    let url = address(text)?;
    if url.scheme() != "https" {
        return Err(FieldFault::Unencrypted);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(FieldFault::AzureKey);
    }
    let path: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    match path[..] {
        ["keys", name] | ["keys", name, ""] if is_name(name) => Err(FieldFault::NoVersion),
        ["keys", name, version] if is_name(name) && is_name(version) => Ok(()),
        _ => Err(FieldFault::AzureKey),
    }
}
