## ArtifactError

artifact-not-an-object = not a JSON object

## TooLong

too-long = its canonical form is longer than { $limit } MiB, since numbers such as 1e300 are written out in it
    .hint = write such numbers as text

## A line of a chain

chain-line = line { $line }: { $why }
chain-not-an-object = not a JSON object
chain-not-json = not JSON, { $message }
chain-conflict-marker = a conflict marker of git; take one side with `git checkout --ours` or `--theirs`, then register the runs of the other with `countersign log append`
chain-line-too-long = longer than { $limit } MiB
chain-entry-changed = the entry was changed, its hash is not right
chain-not-linked = does not follow the entry before it, one was removed, added or moved
chain-duplicate-key = line { $line }: the key { $key } is given twice and the last one counts; other readers may see the first
chain-dated-back = line { $line }: is dated { $at }, before an entry above it ({ $newest }); its time cannot be relied on
chain-more-notes = { $count } more warnings of this kind

## ClaimError

claim-field = "{ $text }" of the claim is missing or is not what it should be

## DsseError

dsse-form = not a DSSE envelope
dsse-field = "{ $text }" of the DSSE envelope is missing or is not what it should be
dsse-too-long = longer than { $limit } KiB
dsse-signatures = it has { $number } signatures, and must have one

## DisclosureError

disclosure-form = not a file with a disclosure
disclosure-twice = the key { $key } stands in it twice, so that two programs could read two different things
disclosure-version = version "{ $text }" of the file of a disclosure is not known here, only "{ $version }" is
disclosure-too-large = { $size } bytes are more than the { $limit } MiB of a disclosure that are read
disclosure-field = "{ $text }" of the disclosure is missing or is not what it should be
disclosure-no-entry = the { $list } of the run have no entry { $path }
    .hint = name it as the hash scope of the run does
disclosure-several-entries = the { $list } of the run have several entries { $path }: { $positions }
    .hint = choose one by its position
disclosure-not-a-digest = entry { $position } of the { $list } of the run has no SHA-256, so that no way leads through it

## FindingError

finding-form = not a file with a finding
finding-version = version "{ $text }" of the file of a finding is not known here, only "{ $version }" is
finding-too-large = { $size } bytes are more than the { $limit } MiB of a finding that are read
finding-field = "{ $text }" of the finding is missing or is not what it should be
finding-not-acceptable = a pack whose files do not match its list, or that has another digest than you were told, cannot be accepted without reservations
    .hint = accept it with reservations, or reject it
finding-no-note = no note says why
    .hint = write a note about the pack or about one of its envelopes
finding-long-note = a note has { $number } characters; at most { $limit } are allowed
finding-too-many = { $number } envelopes are more than the { $limit } that one finding is about
    .hint = ask for the envelopes in smaller parts

## ReleaseError

release-field = "{ $text }" of the release is missing or is not what it should be
release-name = { $name } cannot be the name of a file of a release: it is there twice, or has folders in it
release-too-large = { $size } bytes are more than the { $limit } MiB of a release that are read

## SignedKeyringError

signed-keyring-payload-type = the payload is of another type, "{ $text }"
signed-keyring-not-canonical = the payload is not canonical JSON: a key is given twice, or it is written in another form
signed-keyring-field = "{ $text }" of the signed keyring is missing or is not what it should be
signed-keyring-unknown = this program does not know "{ $name }" of a signed keyring, and what it means would be left out of account
    .hint = use a newer version of the program
signed-keyring-too-large = { $size } bytes are more than the { $limit } MiB of a signed keyring that are read

## InclusionError

inclusion-broken = the log is broken, { $why }; nothing can be proved by it
inclusion-not-included = the run (commit hash { $commit_hash }) has no entry there
    .hint = register it, or use the proof that was made for it
inclusion-run-altered = the run was modified after it was sealed: its { $text ->
        [content-hash] content hash
       *[commit-hash] commit hash
    } is not the one recorded in it; nothing is proved
inclusion-no-hash = the run records no { $text ->
        [content-hash] content hash
       *[commit-hash] commit hash
    }; it was sealed before v1.1 and cannot be registered
inclusion-field = not an inclusion proof of version { $version }: { $text } is missing or not what it should be
inclusion-altered = entry { $position } of the proof was altered or does not follow the one before it; nothing is proved
inclusion-other-head = the proof leads to the head { $found }, not to { $wanted }; the log was rewritten, or has grown since
    .hint = if it has grown, make a new proof
inclusion-other-count = the proof counts { $found } entries, the head { $wanted }; nothing is proved

## JsonError

json-syntax = not JSON: { $message } at line { $line }, column { $column }
json-encoding = not JSON: the text is { $text ->
        [UTF-8-BOM] UTF-8 with a byte order mark
       *[other] { $text }
    }, and JSON is UTF-8 without a byte order mark
    .hint = save it as that
json-conflict-markers = not JSON: git's conflict markers stand in it, from line { $line } on, and each side may have signatures
    .hint = take one side with `git checkout --ours` or `--theirs`, write the other to a file of its own with `git show`, and unite them with `countersign merge`
json-too-deep = nested deeper than { $max_depth } levels
json-not-finite = the number { $text } is beyond the range of an IEEE double
json-too-large = longer than 4 GiB

## KeyAttestationError

key-attestation-json = the key attestation is not JSON: { $cause }
key-attestation-form = the key attestation is not a JSON object
key-attestation-missing = the key attestation has no text under "{ $text }"
key-attestation-no-object = the key attestation has no object under "{ $text }"
key-attestation-unknown = its type "{ $text }" is none of yubikey-piv, yubihsm2, liquidsecurity, tpm2-certify and cloud-kms
key-attestation-not-base64 = "{ $text }" of the key attestation is not base64
key-attestation-no-list = "{ $text }" of the key attestation is no list of texts, { $most } at most
key-attestation-too-many = it would have { $number } certificates, and { $most } at most are kept beside a signature
    .hint = give only the certificates of the chain of this key

## LogHeadError

log-head-field = not a log head of version 1.0: { $text } is missing or not what it should be

## PublicKeyError

public-key-form = the public key is neither base64 of 32 bytes (Ed25519) nor a PEM SubjectPublicKeyInfo
public-key-kind = the public key is none of Ed25519, P-256, P-384 and RSA, or is damaged
public-key-unknown = this is not a public key
    .hint = give one as PEM, DER, an X.509 certificate, an OpenSSH line, base64, or the JSON of `aws kms get-public-key`
public-key-private = this is a private key
    .hint = give its public key, which is all that is needed (`openssl pkey -in FILE -pubout` or `ssh-keygen -y -f FILE` prints it)
public-key-several = there are { $number } different public keys in it
    .hint = give one of them alone
public-key-ssh2 = this is an SSH2 public key
    .hint = convert it with `ssh-keygen -i -f FILE`
public-key-jwk = this is a JSON Web Key
    .hint = give the key as PEM (Azure: `az keyvault key download --encoding PEM --file FILE`)
public-key-other = this is { $form ->
        [openpgp] an OpenPGP key
        [cosign] a private key of cosign
        [request] a certificate request
        [pkcs7] a PKCS#7 file
        [trusted] a certificate in OpenSSL's own form
        [putty] a private key of PuTTY
        [minisign] a key of minisign or signify
        [age] a key of age, which encrypts and does not sign
        [age-secret] a private key of age, which encrypts and does not sign
        [fido] the key of a FIDO security key
        [jwks] a JSON Web Key Set
        [empty] an empty file
        [openssh-certificate] a certificate of OpenSSH
       *[hex] hex
    }
    .hint = { $form ->
        [openpgp] give its key as `gpg --export-ssh-key` prints it
        [cosign] give its public key (`cosign public-key --key FILE`)
        [request] take its public key out (`openssl req -in FILE -pubkey -noout`)
        [pkcs7] take its certificates out (`openssl pkcs7 -in FILE -print_certs`)
        [trusted] convert it (`openssl x509 -in FILE -out NEW`)
        [putty] give its public key (`puttygen FILE -L` prints it)
        [age] give the key of a signer
        [age-secret] give the public key of a signer
        [jwks] give one key of it as PEM
        [empty] give the key itself
        [openssh-certificate] give the key that it is for (id_….pub)
        [hex] give the key in base64 (`xxd -r -p FILE | base64`)
       *[other] its signatures have a form that is not read here, give another key
    }
public-key-option = the line says "{ $option }", { $why ->
        [revoked] so that the key must not be used; nothing was added
        [authority] so that it is the key of a certificate authority and of no signer; give the signer's own key
       *[limited] which the key alone does not say; give the key without it, and say until when it counts with --valid-from and --valid-until
    }
public-key-point = the Ed25519 public key is not a valid point (RFC 8032 section 5.1.3)
public-key-small-order = the Ed25519 public key has small order, so that anyone could sign under it
public-key-rsa-size = the RSA key has { $number } bits; 2048 to 4096 are allowed

## RefusalError

refusal-field = "{ $text }" of the refusal is missing or is not what it should be

## RefusalsFileError

refusals-file-form = not a file of refusals
refusals-file-duplicate-key = the key "{ $text }" is given twice
refusals-file-version = version "{ $text }" of the file of refusals is not known here, only "{ $version }" is
refusals-file-too-large = { $size } bytes are more than the { $limit } MiB of refusals that are read
refusals-file-too-many = { $number } refusals are more than the { $limit } that are read

## SignatureFileError

signature-file-form = neither a signature block (sig_version) nor an envelope (multisig_version)
signature-file-duplicate-key = the key "{ $text }" is given twice
signature-file-version = version "{ $text }" of the signature file is not known here, only "{ $version }" is
signature-file-other-content = the signatures in the file are about other content ({ $found }), not about this ({ $wanted })
signature-file-too-large = { $size } bytes are more than the { $limit } MiB of signatures that are read
signature-file-unreadable = its "{ $text }" cannot be read, and would be lost

## SignedByError

signed-by-algorithm = it is listed with the algorithm "{ $text }", which is not the one that it names
signed-by-key = its public key cannot be read: { $cause }
signed-by-shared = a shared key made it, which belongs to no one person
signed-by-no-key = no public key comes with it
signed-by-other-key = it names another key than the one that comes with it
signed-by-signature = it is not signed by the key that comes with it: { $cause }

## StatementError

statement-payload-type = its payload type is "{ $text }", not application/vnd.in-toto+json
statement-json = its payload is not JSON
statement-not-canonical = its payload is not in canonical form
statement-field = "{ $text }" of the statement is missing or is not what it should be
statement-predicate = it is a statement of the kind "{ $text }"

## VerificationError

verification-not-base64 = the signature is not base64
verification-malformed = the signature does not have the form of { $algorithm }
verification-companion-only = a key for ml-dsa-65 makes companions of signatures, and no signatures of its own
verification-wrong-key = the key is not one for { $algorithm }
verification-salt-length = the RSA-PSS salt is not 32 bytes long
    .hint = sign with rsa_pss_saltlen:digest
verification-mismatch = the signature does not belong to this content and this key

## CompanionError

companion-form = the companion is not a JSON object
companion-algorithm = a companion with the algorithm "{ $text }" is not verified by this version
    .hint = update Countersign
companion-field = the companion has no usable "{ $text }"
companion-public-key = the companion's public key cannot be used: { $cause }
companion-other-key = the companion's public key is not an ML-DSA-65 key

## TimeStampFormError

time-stamp-form-not-a-list = the time stamps of the signature are not a list
time-stamp-form-form = the time stamp is not a JSON object
time-stamp-form-missing = the time stamp has no text under "{ $text }"
time-stamp-form-type = a time stamp of type "{ $text }" is not verified by this version
    .hint = update Countersign
time-stamp-form-covers = the time stamp covers "{ $text }", which is none of signature, claim and timestamps
    .hint = update Countersign
time-stamp-form-of = the time stamp renews others without naming them by their SHA-256
time-stamp-form-not-base64 = the token of the time stamp is not base64
time-stamp-form-too-large = the token of the time stamp is longer than { $limit } KiB
time-stamp-form-too-many = the signature has more than { $limit } time stamps; those beyond are not read

## RunTimeStampFormError

run-time-stamp-form-too-large = the time stamp of the run is longer than { $limit } KiB
run-time-stamp-form-version = the time stamp of the run has the version "{ $text }"
    .hint = update Countersign
run-time-stamp-form-missing = the time stamp of the run has no text under "{ $text }"
run-time-stamp-form-not-base64 = the response in the time stamp of the run is not base64
run-time-stamp-form-payload = the time stamp of the run does not name what it is about by its SHA-256

## AuthorityBoundaryError

authority-boundary-too-large = the authority boundary is longer than { $limit } KiB
authority-boundary-not-an-object = the authority boundary is not a JSON object
authority-boundary-duplicate-key = the authority boundary has the key "{ $text }" twice
    .hint = ask whoever made it for one with each key once

## BoundarySchemaError

boundary-schema-missing = "{ $path }" is missing
boundary-schema-unknown = "{ $path }" is not known in version 1.0
boundary-schema-value = "{ $path }" is not { $shape ->
        [text] a text
        [text-or-null] a text or null
        [known] a known value
        [id] an id in its form
        [hash] "sha256:" and 64 hex digits
        [time] a time
        [time-or-null] a time or null
        [flag] true or false
        [count] a whole number of 1 or more
        [whole-or-null] a whole number or null
        [list] a list
       *[object] an object
    }
