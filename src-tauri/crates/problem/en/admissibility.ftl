## AttestationError

attestation-malformed = the attestation is malformed: { $words }
    .hint = get it from the device again
attestation-not-verified = an attestation of type "{ $text }" is not verified by this version
    .hint = update Countersign
attestation-other-key = the attestation is about another key than the one that signed
attestation-wrong-slot = the attestation says slot "{ $claimed }", and its certificate is about slot { $certified }
attestation-broken-chain = the attestation's chain is broken: { $subject } { $problem }
attestation-forged = the attestation is forged or damaged: { $subject } is not signed by the key of { $issuer }, which comes with it
attestation-not-processed = cannot be judged here: { $subject } { $problem }
attestation-slot-as-issuer = { $subject } is the certificate of a key in a slot, not of slot f9; a key in a slot signs anything, so what it certifies proves nothing
attestation-not-device = wrong device certificate: { $subject } is not "CN=Yubico PIV Attestation", so Yubico did not issue it for slot f9
attestation-signature = the attestation's chain is broken: { $subject } is not signed by { $issuer } ({ $problem })
attestation-not-yet-valid = { $subject } is valid only from { $from }, and the key was used at { $at }
attestation-expired = { $subject } expired at { $until }, and the key was used at { $at }
attestation-unknown-root = unknown root: the attestation leads to { $issuer }, which is not in the trust folder{ $yubico ->
        [yes] {""}
       *[no] , and is not Yubico's: the attestation key in slot f9 may have been replaced
    }
    .hint = add its certificate if you trust it
attestation-key-replaced = attestation key replaced: slot f9 holds { $subject }, signed by itself and not by the maker
    .hint = trust it as a root if it is your own
attestation-issuer-kind = wrong issuer: { $issuer } certifies no PIV devices, only "Yubico PIV Attestation …" does

## What is wrong with an attestation or a certificate

attestation-field = { $field }: { $why }
attestation-no-certificate = the { $which } is no certificate ({ $why })
attestation-in-certificate = the { $which }: { $why }
hsm-missing = the extension { $id } is missing
hsm-extension = the extension { $id } cannot be read ({ $why })
hsm-bits = the extension { $id } is no bit string of whole bytes, eight at most
marvell-gzip = it cannot be unpacked ({ $error })
marvell-long = it has more than { $most } bytes when unpacked
marvell-behind = something stands behind its compressed part
marvell-short = it ends too soon
marvell-code = the HSM reported an error instead of a statement
marvell-sizes = its sizes do not fit together; statements of firmware before 3 have another form and are not verified
marvell-class = it is not about one private key, with or without its public key
marvell-twice = the attribute { $id } is there twice
attestation-no-slot = its subject { $subject } names no slot of a YubiKey
attestation-no-firmware = the firmware is missing
attestation-firmware-bytes = the firmware is not three bytes
attestation-serial = the serial number is not a DER integer
attestation-no-policy = the PIN and touch policy is missing
attestation-policy-bytes = the PIN and touch policy is not two bytes
attestation-form-byte = the form factor is not one byte
cert-issuer-named = was issued by { $named }, and the certificate that comes with it is that of { $issuer }
cert-other-issuer = was issued by { $named }, and slot f9 holds { $issuer }
cert-no-authority = does not say that it may issue others
cert-damaged-constraints = has damaged basicConstraints
cert-damaged-usage = has a damaged keyUsage
cert-no-ca = is not that of a certificate authority
cert-not-signing = is not for signing: it is an authority's, for other purposes, or a keyUsage does not allow it
cert-no-signing = may not sign certificates (keyUsage)
cert-extension-unread = has an extension that cannot be read ({ $id })
cert-extension-twice = an extension is given twice
cert-date = the date { $text }
cert-critical = has a critical extension that is not processed ({ $id })
cert-critical-purposes = has a critical extended key usage
cert-other-purpose = is not for { $purpose } (extended key usage)
cert-not-for-documents = is not for signing documents (extended key usage)
cert-path-length = allows { $most } authorities below it (path length), and there are { $below }
cert-mail = has an e-mail address in a form that is not compared here
cert-names = constrains names of a form that is not compared here
cert-other-name = has a name that { $issuer } may not issue for
cert-no-policy = has no policy that those above it allow, and they require one
cert-qualifier = has a critical policy with a qualifier that is not known ({ $id })
cert-maps-any = maps any policy to another
cert-two-algorithms = it names two algorithms for its signature
cert-issuer-key = the issuer's key is of a kind or size that is not accepted
cert-algorithm = signatures by { $algorithm } with that key are not accepted
cert-not-signed-by = is not signed by { $issuer } ({ $problem })
tpm-signature = the TPM's signature
tpm-hash = is by { $hash }, which is not accepted
tpm-other-kind = is { $algorithm }, and the attestation key is of another kind
tpm-key-kind = has another kind of key than ECC P-256, P-384 and RSA 2048 to 4096
tpm-name-hash = has a name by { $hash }, which is not accepted
cloud-level = its protection level is { $level }
cloud-imported = it was brought in ({ $job })
cloud-origin = its origin is { $origin }
cloud-call = { $method } of { $source }
cloud-digest-by = it was given a digest by { $hash }
cloud-failed-status = it failed with status { $code }
cloud-failed = it failed with { $error }
cloud-not-authorised = it was not authorised
cloud-message-type = its messageType is { $kind }
cloud-dry-run = it was a dry run
token-not-signed = it is not signed data
token-no-info = its content is no TSTInfo
token-version = version { $version }
token-critical = a critical extension ({ $id })
token-time = its time is not written as RFC 3161 demands
token-key = a key of a kind or size that is not accepted
token-algorithm = { $algorithm } with { $digest }

## CertificateError

certificate-pem = not PEM ({ $text })
    .hint = give certificates between BEGIN CERTIFICATE and END CERTIFICATE
certificate-none = no certificate is in it
    .hint = give certificates between BEGIN CERTIFICATE and END CERTIFICATE
certificate-der = a certificate in it is damaged ({ $words })
    .hint = get it again from its source

## SignatureProblem

signature-problem-wrong = its signature does not belong to its issuer's key
signature-problem-not-accepted = { $words }

## CloudProblem

cloud-problem-provider = evidence of the provider "{ $text }" is not verified by this version; aws and gcp are
cloud-problem-missing = { $text } is missing in it
    .hint = get it from the service again
cloud-problem-not-hardware = { $service } does not hold the key in its hardware: { $what }
cloud-problem-not-signing = this key does not sign: its { $field } is "{ $value }"
cloud-problem-other-kind = the key is of the kind "{ $text }", and the one that signed is not
cloud-problem-other-name = { $part } is about another key: "{ $found }" and not "{ $key }"
cloud-problem-other-call = the log's entry is of no call that signed: { $words }
cloud-problem-other-algorithm = it is of a signature by { $found }, and this one is by { $made }
cloud-problem-other-message = the log's entry is of a call that was given { $given ->
        [message] a message (RAW)
       *[digest] a digest (DIGEST)
    }, and the signature is over { $payload }
cloud-problem-other-value = { $field } of { $part } is "{ $found }" and not "{ $wanted }"
cloud-problem-no-event = audit_event has no entry of a log
    .hint = give the entry of the call that signed
cloud-problem-none-fits = none of the { $all } entries of the log fits this signature (the last one: { $last })
cloud-problem-several-fit = { $several } entries of the log fit this signature ({ $names })
    .hint = give the one of its call alone
cloud-problem-other-digest = the log's entry is about another digest than the one that was signed
cloud-problem-other-time = the log's entry is of { $event }, and the signature of { $signature }

## HsmProblem

hsm-problem-not-generated = the YubiHSM says that the key was { $wrapped ->
        [yes] brought in under a wrap key (origin { $origin }): copies exist or may exist
       *[no] not generated in it (origin { $origin }): copies may exist
    }
    .hint = generate a new key in the device
hsm-problem-exportable = the key may leave the YubiHSM under a wrap key (capability exportable-under-wrap)
    .hint = generate a new key without this capability
hsm-problem-other-device = the attestation is by another YubiHSM than it names: { $subject } has another serial number
hsm-problem-key-as-issuer = { $subject } is the certificate of a key in a YubiHSM, not of the device; such a key signs anything, so what it certifies proves nothing
hsm-problem-not-device = wrong device certificate: Yubico did not issue { $subject } for this YubiHSM ("CN=YubiHSM Attestation (SERIAL)")
hsm-problem-unknown-root = unknown root: the attestation leads to { $issuer }, which is not in the trust folder
    .hint = add Yubico's root of the YubiHSM, and the certificate of its sub-CA, if you trust them

## MarvellProblem

marvell-problem-signature = no partition of an HSM whose certificate comes with the statement has signed it
marvell-problem-not-generated = the HSM does not say that the key was made in it (OBJ_ATTR_LOCAL is not set): copies may exist
    .hint = have the HSM make a new key
marvell-problem-loose = the key may leave the HSM, or could once (so says { $text })
    .hint = have the HSM make a new key
marvell-problem-not-signing = this key does not sign (OBJ_ATTR_SIGN is not set)
marvell-problem-no-chain = no certificate of the HSM's partition by its { $text ->
        [maker] maker
       *[owner] owner
    } comes with the statement
    .hint = give all certificates of "gcloud kms keys versions get-certificate-chain"
marvell-problem-same-root = the certificates of maker and owner lead to one root, and each must have its own
marvell-problem-unknown-roots = unknown root: the statement leads to { $issuer }{ $other ->
        [none] {""}
       *[other] {" "}and to { $other }
    }, not in the trust folder; the roots of maker and owner both have to be there
    .hint = add Marvell's root and Google's, if you trust them

## TpmProblem

tpm-problem-not-generated = what was certified does not begin with TPM_GENERATED_VALUE: no TPM made it
    .hint = get it from the TPM again
tpm-problem-other-type = the TPM's statement is of type { $text } and not TPM_ST_ATTEST_CERTIFY
    .hint = use tpm2_certify
tpm-problem-signature = the attestation key's signature does not belong to the TPM's statement
tpm-problem-other-name = the TPM certified another object than the public area that comes with it
tpm-problem-not-restricted = the attestation key is not a restricted signing key: it signs whatever it is given, so that its statements prove nothing
    .hint = make one with tpm2_createak
tpm-problem-loose-attestation-key = the attestation key is not bound to one TPM ({ $text } is not set)
    .hint = make one with tpm2_createak
tpm-problem-imported = the key was brought into the TPM, not made in it (sensitiveDataOrigin is not set): copies may exist
tpm-problem-loose = the key may leave the TPM ({ $text } is not set)
tpm-problem-not-signing = this key does not sign (sign is not set)
tpm-problem-other-area = the public area of the attestation key is not the one that is trusted: its attributes or policy differ
tpm-problem-other-certificate = the certificate is about another attestation key than the one that signed
tpm-problem-certificate-kind = the certificate of the attestation key, { $text }, is not for one: it needs the extended key usage 2.23.133.8.3, may not be an authority's, and a keyUsage has to allow digitalSignature
tpm-problem-other-endorsement = the certificate { $text } is not that of the endorsement key
    .hint = give the one that belongs to it (tpm2_getekcertificate)
tpm-problem-endorsement-kind = the certificate { $text } is not for an endorsement key: it needs the extended key usage 2.23.133.8.1, may not be an authority's, and a keyUsage has to allow keyEncipherment or keyAgreement
tpm-problem-not-endorsing = the endorsement key is not a restricted key to decrypt with, with AES: it binds no other key to its TPM
    .hint = use the one of tpm2_createek
tpm-problem-not-activated = the TPM did not give the secret back: it does not hold both keys
tpm-problem-unknown-endorsement = unknown root: the certificate of the endorsement key leads to { $issuer }, which is not in the trust folder
    .hint = add the root of the TPM's maker, and what stands between, if you trust them
tpm-problem-unknown-attestation-key = unknown attestation key: the TPM's key with SHA-256 { $sha256 } is not in the trust folder{ $issuer ->
        [none] {""}
       *[other] , nor is a root above { $issuer }
    }
    .hint = add its public key if you know it to be your TPM's

## KeyringError

keyring-form = not a keyring: { $cause }
keyring-version = keyring version "{ $text }" is not known here, only "{ $version }"
    .hint = update Countersign
keyring-public-key = key "{ $key_id }": { $error }
keyring-key-type = key "{ $text }": key_type and public_key do not fit together
keyring-duplicate-id = the keyring has a key "{ $text }" already
    .hint = choose another id, or revoke that one first
keyring-duplicate-key = this public key is in the keyring already, as "{ $text }": one key has one owner
keyring-no-such-key = the keyring has no key "{ $text }"
    .hint = check its id in the list of keys
keyring-set-aside = key "{ $text }" is that of a log or a witness in the policy, and signs nothing else
    .hint = make a key of its own for the person
keyring-revoked-already = key "{ $key_id }" is revoked already, since { $since }
keyring-certificates = key "{ $key_id }": { $error }
keyring-shared-key = key "{ $text }" is a shared key, and those have no certificates
keyring-no-certificates = key "{ $text }" has no certificate
    .hint = check its id in the list of keys
keyring-not-compromised = only for a compromised key is it known since when it is
    .hint = choose key_compromise as the reason, or leave the time out
keyring-compromised-later = the key cannot be compromised only from { $since } on, since it is revoked from { $at } on
    .hint = give an earlier time

## TimeStampError

time-stamp-too-large = the time stamp is longer than { $limit } KiB
time-stamp-malformed = the time stamp cannot be read: { $words }
    .hint = get it again from the authority
time-stamp-nothing-covered = the time stamp is about a claim, and the signature has none
time-stamp-claim-broken = the time stamp is about a claim that contradicts its signature
time-stamp-other-imprint = the time stamp is about something else than this signature
time-stamp-imprint-algorithm = the time stamp is by { $text }, and only SHA-256 is accepted
    .hint = ask for a time stamp with SHA-256
time-stamp-other-nonce = the time stamp answers another request (its nonce differs)
    .hint = get a response to this request
time-stamp-other-policy = the time stamp was made under the policy { $found }, and { $wanted } was asked for
time-stamp-not-processed = the time stamp has something that is not processed here: { $words }
time-stamp-signers = the time stamp has { $number } signers, and it must have one
time-stamp-attribute = the signed attribute { $text } of the time stamp is missing, given twice or damaged
time-stamp-altered = the time stamp was altered: its content is not what its authority signed
time-stamp-no-certificate = the certificate of its authority did not come with the time stamp
    .hint = ask for it (certReq)
time-stamp-signature = the time stamp is not signed by the key of { $authority }
time-stamp-algorithm = the time stamp is signed in a way that is not accepted: { $words }
time-stamp-other-certificate = the time stamp names other certificates than { $authority } and its issuers (ESSCertID)
time-stamp-purpose = { $authority } is not a time-stamping authority: { $problem ->
        [no-purpose] it has no extended key usage
        [not-alone] its extended key usage is not timeStamping alone
        [not-critical] its extended key usage is not critical
        [other-usage] its key usage allows something else than signatures
       *[issues] it may issue certificates
    }
time-stamp-chain = the certificates of the time stamp form no chain: { $subject } { $problem }
time-stamp-not-yet-valid = { $subject } is valid only from { $from }, and the time stamp says { $at }
time-stamp-expired = { $subject } expired at { $until }, and the time stamp says { $at }
time-stamp-unknown-authority = unknown time-stamping authority: { $authority } says { $at }, and its issuer { $issuer } is not trusted here, so this proves nothing
    .hint = trust its root if you know it
time-stamp-no-such-token = the time stamp renews another one that is not beside the signature
time-stamp-renews-invalid = the time stamp renews another one that does not hold
time-stamp-renews-too-late = the renewal says { $at }, and what it renews was valid only until { $until }
time-stamp-renews-younger = the renewal says { $at }, and what it renews is younger: { $renewed }

## TimeRequestError

time-request-too-large = the request is longer than { $limit } KiB
time-request-malformed = not a time-stamp request: { $text }
time-request-imprint = the request is not for a SHA-256

## TimeResponseError

time-response-too-large = the response is longer than { $limit } KiB
time-response-malformed = not a time-stamp response: { $text }
    .hint = get it again from the authority
time-response-refused = the authority refused ({ $status }){ $reason ->
        [none] {""}
       *[other] : { $reason }
    }
time-response-no-token = the authority granted the request, and its response has no token
    .hint = get it again from the authority

## RunTimeError

run-time-other-run = it is about something else than the canonical form of this run
run-time-before-run = its authority saw the run at { $seen }, and the run says that it was made at { $created }
    .hint = find out whose clock is wrong

## A rule about attested facts

attested-rule-form = { $rule } is no rule; write [ROLE:]FACT=VALUE, such as firmware=5.7 or witness:touch=always,cached (facts: { $facts })
attested-rule-role = { $role } is no role; a rule is about { $roles }, or about all without a role
attested-rule-fact = { $fact } is no fact of an attestation; there are { $facts }
attested-rule-value = { $fact } cannot be required as { $value }; there is { $values }
attested-rule-firmware = { $value } is no firmware; write up to three numbers below 256 with points between, such as 5.7

## VersionFault

keyring-version-form = entry { $position } of the signed keyring is not a key
keyring-version-unknown = this program does not know "{ $name }" of the key "{ $key_id }", and what it means would be left out of account
    .hint = use a newer version of the program
keyring-version-keyring = the keys of the signed keyring do not fit together: { $cause }
keyring-version-rule = the rule "{ $name }" of the signed keyring is missing, is not known, or asks for less than every station does
keyring-version-no-such-administrator = the administrator's key "{ $key_id }" is not among the keys
    .hint = name a key of the keyring
keyring-version-administrator-key = "{ $key_id }" cannot be an administrator's key: it is shared, makes only companions, or is revoked
keyring-version-log-policy = the policy of logs is none: { $cause }
    .hint = correct it; c2sp.org/tlog-policy says what may stand in it
keyring-version-look-alike = two administrators have names that look the same: "{ $one }" and "{ $other }"
    .hint = give one of them another name, so that one person does not pass for two
keyring-version-threshold = { $threshold } is no threshold for { $people ->
        [one] one person
       *[other] { $people } persons
    }: it has to be more than half of them, and no more than all
    .hint = two keys of one person count once

## KeyringRefusal

keyring-refusal-other-digest = this is not the version that was confirmed: its digest is { $found }, and { $confirmed } was confirmed
    .hint = ask an administrator for the digest on another way than the file came
keyring-refusal-rollback = rollback: version { $offered } is older than what this station knows, which is version { $adopted }
    .hint = ask for the newest version
keyring-refusal-fork = fork: this is another version { $version } than the one that was adopted; adopted was { $ours }, this is { $theirs }
    .hint = compare both digests with the administrators: somebody signed two different keyrings
keyring-refusal-skipped = version { $offered } does not follow version { $adopted }: a version between them is missing
    .hint = adopt the versions in their order, or all of them at once
keyring-refusal-previous = version { $version } follows another keyring: it says { $says }, and this station has { $ours }
keyring-refusal-not-yet = it says that it was issued at { $issued }, which is still to come
    .hint = check the clock of this station
keyring-refusal-earlier = it says that it was issued at { $issued }, before the version that it follows ({ $before })
keyring-refusal-key-removed = the key "{ $key_id }" is gone; keys are ended, never removed
    .hint = keep it, and revoke it
keyring-refusal-key-changed = "{ $key_id }" is another key or another person's than before
    .hint = give the new key an id of its own
keyring-refusal-revived = the key "{ $key_id }" was revoked, and would be revoked no more or less than before
keyring-refusal-too-few-before = version { $version } is signed by { $people ->
        [0] nobody
        [one] one person
       *[other] { $people } persons
    } of the administrators before it, and { $threshold } are needed
    .hint = ask for the other signatures, and adopt all copies together
keyring-refusal-too-few-own = version { $version } is signed by { $people ->
        [0] nobody
        [one] one person
       *[other] { $people } persons
    } of its own administrators, and { $threshold } are needed
    .hint = ask for the other signatures, and adopt all copies together

## RevocationRefusal

revocation-refusal-other-keyring = the revocation is about a version { $version } that this station has not adopted
revocation-refusal-no-such-key = the keyring that the revocation is about does not have the key "{ $key_id }"
revocation-refusal-administrator = "{ $key_id }" is an administrator's key, and only the next version of the keyring can end it
revocation-refusal-not-by-administrator = no administrator signed the revocation of "{ $key_id }"
revocation-refusal-backdated = the revocation is from { $revoked }, before the keyring that it is about was issued ({ $issued })
revocation-refusal-not-yet = the revocation is from { $revoked }, which is still to come
    .hint = check the clock of this station
revocation-refusal-code = the kind of reason "{ $text }" is not known
