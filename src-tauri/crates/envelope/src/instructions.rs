//! `verification_instructions`: a command line for a POSIX shell with OpenSSL 3 alone, for someone
//! who has no Countersign.
//!
//! The command carries what OpenSSL cannot compute from the file, the canonical bytes (or, where
//! the algorithm hashes first, their digest). Run beside the file it also compares the file, byte
//! for byte, with the one that was signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::Digest as _;

use crate::digest::Digest;
use crate::file_name::signature_of;
use crate::new_signature::{NewSignature, SignedArtifact};
use crate::signature::{Algorithm, SignedPayload};
use crate::verification::signed_bytes;

/// Longest message that a command carries, in bytes: with base64 it stays below the 128 KiB that
/// Linux allows one argument. Above it the reference's verifier is named instead.
const MAX_CARRIED: usize = 64 << 10;

/// The command for one signature.
pub fn command(new: &NewSignature<'_>, signed: SignedArtifact<'_>) -> String {
    let message = signed_bytes(signed.artifact.canonical(), new.signed_payload);
    let carries_message = matches!(new.algorithm, Algorithm::Ed25519 | Algorithm::HmacSha256);
    if carries_message && message.len() > MAX_CARRIED {
        return reference_command(new, signed);
    }
    let file = shell_words::quote(signed.file_name);
    let file_digest = Digest::of(signed.file_bytes).hex();
    let write = |bytes: &[u8], name: &str| {
        format!("printf %s {} | openssl base64 -d -A -out \"$d/{name}\"", BASE64.encode(bytes))
    };
    let verify = match (new.algorithm, new.public_key) {
        (Algorithm::HmacSha256, _) | (_, None) => {
            // The shared key is taken from the reference's variable, base64. A shell that does not
            // have it names it, and stops.
            let key = ": \"${DEEPSIGMA_SIGNING_KEY:?set it to the shared key in base64}\" && k=$(printf %s \"$DEEPSIGMA_SIGNING_KEY\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')";
            let mac = "openssl dgst -sha256 -mac HMAC -macopt hexkey:$k -binary \"$d/m\" | openssl base64 -A";
            let compare = format!(
                "if [ \"$({mac})\" = {} ]; then echo 'HMAC verified'; else echo 'HMAC wrong' >&2; exit 1; fi",
                new.signature
            );
            format!("{} && {key} && {compare}", write(&message, "m"))
        }
        (algorithm, Some(key)) => {
            let carried = match algorithm {
                Algorithm::EcdsaP384Sha384 => sha2::Sha384::digest(&message).to_vec(),
                Algorithm::Ed25519 => message.into_owned(),
                _ => sha2::Sha256::digest(&message).to_vec(),
            };
            let options = match algorithm {
                Algorithm::EcdsaP384Sha384 => "-pkeyopt digest:sha384",
                Algorithm::RsaPssSha256 => {
                    "-pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest"
                }
                Algorithm::Ed25519 => "-rawin",
                _ => "-pkeyopt digest:sha256",
            };
            format!(
                "{} && {} && printf %s {} | openssl base64 -d -A -out \"$d/s\" && openssl pkeyutl -verify -pubin -keyform DER -inkey \"$d/k\" {options} -in \"$d/m\" -sigfile \"$d/s\"",
                write(&carried, "m"),
                write(&key.to_der(), "k"),
                new.signature,
            )
        }
    };
    format!(
        "( d=$(mktemp -d) && trap 'rm -rf \"$d\"' EXIT && \
         if [ -e ./{file} ]; then case $(openssl dgst -sha256 -r ./{file}) in \
         {file_digest}*) echo 'file as signed';; \
         *) echo 'file differs from the one signed, if only in white space' >&2; exit 1;; esac; \
         else echo 'file not in this directory: only the signature is checked' >&2; fi && {verify} )"
    )
}

fn reference_command(new: &NewSignature<'_>, signed: SignedArtifact<'_>) -> String {
    debug_assert!(new.signed_payload == SignedPayload::CanonicalJson);
    let file = shell_words::quote(signed.file_name);
    let signature_name = signature_of(signed.file_name);
    let signature = shell_words::quote(&signature_name);
    let key = match new.public_key {
        Some(key) => format!("--public-key {}", key.to_text()),
        None => "--key \"${DEEPSIGMA_SIGNING_KEY:?set it to the shared key in base64}\"".to_owned(),
    };
    format!(
        "python src/tools/reconstruct/verify_signature.py --file {file} --sig {signature} {key}"
    )
}
