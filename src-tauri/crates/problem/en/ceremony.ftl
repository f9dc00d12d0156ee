## CeremonyError

ceremony-out-of-turn = the ceremony is at "{ $stage }" and cannot { $step ->
        [go-on] go on from reading
        [take-key] take a key
        [take-secret] take a secret
        [go-back] go back
        [choose-again] go back to the choice
       *[sign] sign
    }; nothing was signed
ceremony-last-try = only 1 attempt of the { $text } is left, and a wrong one blocks it; it was not tried
    .hint = confirm that you want to use it

## SigningError

signing-not-an-artifact = { $path }: { $error }; nothing was signed
    .hint = the run must be sealed again
signing-duplicate-key = { $path }: the key "{ $key }" is given twice, so that two readers may see two contents; nothing was signed
    .hint = the run must be sealed again
signing-not-admissible = { $path }: not admissible at L0: { $why } Nothing was signed
    .hint = the run must be sealed again
signing-commit-hash = { $path }: its commit hash is not that of its hash scope; nothing was signed
    .hint = the run must be sealed again
signing-other-manifest = { $path }: the manifest does not belong to { $run }: { $why } Nothing was signed
    .hint = put the manifest there that was sealed with the run
signing-file-name = { $path }: { $why } Nothing was signed
    .hint = give the file its own name back
signing-clock-behind = { $path }: the run was made at { $created }, and the clock of this station says { $now }; a signature dated before its run does not count. Nothing was signed
    .hint = set the clock
signing-no-time = { $path }: the run does not say when it was made in a form that is read, so that no signature on it can be dated; nothing was signed
    .hint = the run must be sealed again
signing-existing = { $path }: { $error }; nothing was signed
    .hint = { $markers ->
        [yes] { $remedy }
       *[no] move the file aside if it is not wanted
    }
signing-same-key = { $path }: signed already with this key, as "{ $signer }" ({ $role }); a second signature would not count, nothing was changed
signing-same-signer = { $path }: "{ $signer }" has signed already, with another key; nothing was changed
    .hint = someone else must co-sign
signing-reason = the reason has { $number } characters; it must have 1 to { $limit }; nothing was signed
signing-shared-refusal = a shared key belongs to no one person, so that a refusal by it would block nothing; nothing was signed
    .hint = refuse with a key of your own
signing-shared-finding = a shared key belongs to no one person, so that a finding by it would be nobody's; nothing was signed
    .hint = sign it with a key of your own
signing-finding-too-long = the finding would be longer than any that is read; nothing was signed
    .hint = shorten the notes
signing-shared-release = a shared key belongs to no one person, so that nobody would vouch for a release by it; nothing was signed
    .hint = sign it with a key of your own
signing-release-form = this key signs only digests of what it is given, and a release has to verify with any program; nothing was signed
    .hint = sign it with another key
signing-not-a-release = { $path }: { $error }
signing-release-signed = { $path }: "{ $signer }" has signed this release already; nothing was signed
    .hint = a release needs the signatures of two people
signing-not-a-signed-keyring = { $path }: { $error }
signing-not-an-administrator = { $path }: "{ $key_id }" is not the key of an administrator, so that its signature would count for nothing; nothing was signed
    .hint = sign with the key of an administrator
signing-keyring-signed = { $path }: the key "{ $key_id }" has signed this already; nothing was signed
    .hint = ask another administrator
signing-keyring-form = this key signs only digests of what it is given, and a signed keyring has to verify with any program; nothing was signed
    .hint = sign it with another key
signing-nothing-to-withdraw = { $path }: "{ $signer }" has no signature here that counts; nothing was signed
    .hint = to object to the run, refuse to sign it
signing-refusals = { $path }: the refusals beside the run cannot be read: { $error }; nothing was signed
    .hint = restore the file from a copy, or move it aside
signing-not-accepted = key "{ $key_id }" cannot sign as "{ $signer }", { $role }: { $why }; nothing was signed
signing-evidence = { $path }: the evidence does not belong to this signature: { $why }; nothing was written
signing-companion-only = a key for ml-dsa-65 makes companions of signatures, and no signatures of its own; nothing was signed
    .hint = choose another key to sign with, and this one as its companion
signing-companion-needs-claim = a companion needs a claim, which names its key; nothing was signed
    .hint = sign with a claim, or without a companion
signing-shared-companion = a shared key has no companion, since nobody alone is its person; nothing was signed
    .hint = sign with a key of your own
signing-companion-not-accepted = key "{ $key_id }" cannot make companions of signatures by "{ $signer }": { $why }; nothing was signed
signing-no-form = the signer signs no form of the payload; nothing was signed
    .hint = choose another key
signing-claim-too-long = { $path }: its claim would be longer than { $limit } KiB, since too many signatures stand in the file; nothing was signed
    .hint = remove signatures that do not count, or sign without a claim
signing-not-verified = { $path }: the signature that was made does not verify; it was thrown away, nothing was written
signing-changed = { $path }: changed since it was read; nothing was written
    .hint = read it again
signing-journal = the attempt cannot be written to the journal: { $cause }; nothing was signed
signing-cancelled = cancelled; nothing was signed, and every file is unchanged

## SigningNote

signing-note-not-judged = { $path }: the evidence was written, but proves nothing here: { $why }
signing-note-left-out = { $path }: signed without the evidence: { $why }
    .hint = add other evidence with `countersign attest`
signing-note-claim-over-digest = { $path }: the claim is too long for the key, which signed its digest instead ({ $form })
signing-note-none-came = { $path }: signed without evidence: { $why }
    .hint = add it later with `countersign attest`

## ActError

act-threshold-too-low = policy asks for at least { $least } signatures
    .hint = choose that many or more
act-no-name = there is no name to sign under
    .hint = give the name that the keyring knows you by
act-no-reason = a refusal has a reason of 1 to { $limit } characters
    .hint = say why you do not sign
act-changes-nothing = this signature { $words }
    .hint = Nothing is signed yet. Sign anyway, or go back
act-nothing-to-sign = each of them is left out
    .hint = choose another key, or select other envelopes
act-no-such-entry = there is no such envelope in the list
    .hint = look at where the ceremony stands
act-no-way-back = there is no way back from here
    .hint = look at where the ceremony stands
act-no-secret-asked = no secret is asked for
    .hint = look at where the ceremony stands
act-no-touch-awaited = the key does not wait for a touch
    .hint = look at where the ceremony stands
act-nothing-left = nothing is left to continue with
    .hint = look at where the ceremony stands
act-out-of-turn = this step comes at another time
    .hint = look at where the ceremony stands
act-keyring-changed = the keyring has changed since this began, and nothing was signed
    .hint = cancel, and begin again
act-companion-locked = the key for companions asks for its passphrase
    .hint = choose the keys again, with its passphrase
act-no-such-signer = this key is gone
    .hint = insert its token, or choose another key
act-key-signed = this key has signed already, as { $who }
act-person-signed = { $who } has signed already
act-all-signed = this key, or its owner, has signed each of them already

## OfferError

offer-not-enrolled = not in the keyring
    .hint = enrol it under Keys first
offer-revoked = the key was revoked on { $since }
offer-not-yet = the key is valid only from { $from }
offer-expired = the key was valid only until { $until }

## Keys on offer

key-in-slot = { $token } · slot { $slot }
key-of-module = { $label } (id { $id }, { $module })
token-nameless = Token
token-apart = { $name } ({ $parts })
device-slot = { $device }{ $serial ->
        [none] {""}
       *[other] {" "}{ $serial }
    }, slot { $slot }
key-of-kind = { $key } · { $kind }
key-file-named = key file { $name }
key-behind-template = { $template }, from a template
key-behind-command = external command { $command }
key-on-token = token key { $uri }{ $claimed ->
        [none] {""}
       *[other] , claimed to be { $claimed }
    }
key-in-agent = key in the SSH agent{ $socket ->
        [none] {""}
       *[other] {" "}at { $socket }
    }
key-on-token-no-module = it names no module

## Slots of a PIV card (SP 800-73-4 part 1 table 4)

slot-authentication = Authentication
slot-signature = Digital Signature
slot-key-management = Key Management
slot-card-authentication = Card Authentication
slot-retired = Retired { $number }
slot-key-cannot-sign = { $kind } cannot sign here.

## What should be known of a device

device-piv-card = PIV card
device-smart-card = Another smart card
device-no-certificate = None of its slots has a certificate, so no key of it can be used. Have one written, with the software of its issuer.
device-no-card-id = Nothing on this card says which card it is. It is known by its reader.
device-global-pin = This card is used with its global PIN, the one that is for the whole card.
device-default-pin = The PIN is still the factory default (123456): anyone who holds the YubiKey can sign with it. Change it.
device-default-puk = The PUK is still the factory default (12345678): anyone who holds the YubiKey can set another PIN. Change it.
device-default-management-key = The management key is still the factory default: anyone who holds the YubiKey can replace its keys. Change it, for example in Yubico Authenticator under Certificates.
device-defaults = { $secrets ->
    [pin] The PIN is
    [puk] The PUK is
    [management-key] The management key is
    [pin-puk] PIN and PUK are
    [pin-management-key] PIN and management key are
    [puk-management-key] PUK and management key are
   *[all] PIN, PUK and management key are
} still the factory default. Change that under Devices.
device-unidentified = It hides its serial, and nothing else tells it from another YubiKey. It is known by its reader; it is not set up, and its PIN and PUK are not changed, until a card holder unique identifier (CHUID) is written to it.
device-fingerprints = Its keys also accept a fingerprint; Countersign asks for the PIN.

## The PIN of a token

token-pin-on-pad = entered on the PIN pad
token-pin-not-required = not required
token-pin-good = all attempts left
token-pin-count-low = was wrong before; fewer attempts are left
token-pin-final-try = 1 attempt left
token-pin-locked = locked
token-pin-not-set = not set
token-pin-to-be-changed = must be changed first
token-warning-count-low = Its PIN was wrong before; fewer attempts are left.
token-warning-locked = Its PIN is locked; { $remedy }.
token-warning-not-set = It has no PIN yet. Ask the token’s administrator to set one.
token-warning-to-be-changed = Its PIN must be changed first, with the token’s own software.

## Keys on a token

token-key-software = It counts as software: { $why }
token-key-attests-only = It attests other keys and cannot sign anything else.
token-key-not-for-signing = The token does not allow this key to sign.
token-key-no-method = The token has no signing method for this key.
token-key-no-public-half = The token does not reveal its public key. Store its certificate on the token, or supply its public key when you sign.
token-key-not-supported = This kind of key is not supported for signing.

## What a probe found

probe-found = Its signatures verify over { $form ->
        [canonical_json] the canonical bytes, by their digest
        [sha256] the 32 bytes of the digest
        [sha256_hex] the 64 hex digits of the digest
       *[sha256_hex_base64] the hex digits read as base64
    }. { $deterministic ->
        [yes] It signs the same digest the same way twice.
       *[no] It signs the same digest differently each time.
    }

## The parts of a probe

probe-program = Found at { $path }.
probe-template-program = { $current ->
        [yes] The program for { $program } is as this release ships it
       *[no] The program for { $program } is unchanged since it was written; this release has another, which the signer uses once you edit it
    }. It runs on Python { $version }.
probe-environment = { $of ->
        [0] No variable is passed on beyond the usual ones.
        [one] { $set ->
            [0] The variable that is passed on is not set.
           *[other] The variable that is passed on is set.
        }
       *[other] { $set } of { $of } variables are set.
    }
probe-public-key = { $algorithm }, SHA-256 { $fingerprint }{ $is_printed ->
        [yes] {""}
       *[no] , as it was entered
    }.{ $is_other ->
        [yes] {" "}It is another key than before.
       *[no] {""}
    }
probe-signature = Verified as { $algorithm }. { $form }
probe-part-not-tried = Not tried, because a part above failed.
probe-evidence-none = No command prints evidence: the keyring alone says what holds the key.
probe-evidence = { $attested ->
        [yes] Attested: { $statement }
       *[no] Shown by its operator, not attested: { $statement }
    }

## Templates of signers

template-aws-kms = AWS KMS
template-aws-kms-about = Needs the AWS command line, and credentials in its files or profile.
template-google-cloud-kms = Google Cloud KMS
template-google-cloud-kms-about = Needs the Python package google-cloud-kms, and application default credentials.
template-azure-key-vault = Azure Key Vault
template-azure-key-vault-about = Needs the Python packages azure-keyvault-keys and azure-identity, and a signed-in identity.
template-vault-transit = HashiCorp Vault Transit
template-vault-transit-about = Needs the Python package hvac, and a token in ~/.vault-token.
template-hsm-tool = HSM by pkcs11-tool
template-hsm-tool-about = Needs OpenSC, the module of the HSM, and a file with the PIN that only you can read.
template-aws-key = Key (ARN, id or alias)
template-aws-region = Region
template-aws-profile = Profile
template-endpoint = Address of the service
template-google-key-version = Version of the key (resource name)
template-azure-key = Version of the key (identifier)
template-vault-address = Address of Vault
template-vault-key = Key
template-vault-key-version = Version of the key
template-vault-mount = Path of the Transit engine
template-vault-namespace = Namespace
template-hsm-module = PKCS#11 module
template-hsm-token-label = Label of the token
template-hsm-slot = Number of the slot
template-hsm-key-label = Label of the key
template-hsm-key-object-id = Id of the key, in hex
template-hsm-pin-file = File with the PIN
template-hsm-algorithm = Algorithm
template-python = Python
template-evidence = Evidence with each signature

## TemplateError and FieldError

template = { $name }: { $faults }
template-field = { $field } { $why }
template-fault-unknown = is not one of its fields, which are { $allowed }
template-fault-twice = is given twice
template-fault-missing = is missing
template-fault-neither = is missing, or { $other }
template-fault-both = cannot be given together with { $other }
template-fault-dash = begins with "-", as an option does
template-fault-hidden = has characters that cannot be seen
template-fault-too-long = has more than { $limit } characters
template-fault-name = has characters other than letters, digits, ".", "_" and "-", or is "." or ".."
template-fault-path = is not an absolute path
template-fault-url = is not an address that begins with https://
template-fault-unencrypted = is an http:// address of another machine, which others can read on the way
template-fault-credentials = has a user name or password in it, which would be kept in the settings
template-fault-number = is not a whole number from { $least } up
template-fault-hex = is not an even number of hex digits
template-fault-choice = is none of { $allowed }
template-fault-aws-key = is not an ARN, id or alias of a key of AWS KMS
template-fault-aws-region = is not a region, such as eu-central-1
template-fault-google-key = is not projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N
template-fault-azure-key = is not https://VAULT.vault.azure.net/keys/NAME/VERSION
template-fault-no-version = names a key, but not which version of it signs

## SignerProgramError

signer-program-altered = { $path } is not what Countersign shipped
    .hint = find out who changed it, then delete it; it is written again
signer-program-directory = { $path } cannot be made ({ $source })

## While a key signs

key-waits-own-pad = Enter the PIN on the PIN pad.
key-waits-agent = Confirm it if your SSH agent asks.
key-waits-blinks = Touch it if it blinks.
key-was-removed = { $name } was removed. Nothing was signed, and no PIN attempt was used.

## What should be known of what was written

written-unknown-to-reference = the reference tool does not support { $algorithm }{ $form ->
        [none] {""}
       *[other] {" "}over { $form }
    } and reports the whole envelope as invalid; verify each signature by its own instructions, or with Countersign
written-by-unknown-key = the key { $key } is not in the keyring: the signature is written, and counts here once the key is added to the keyring
refused-by-unknown-key = the key { $key } is not in the keyring: the refusal is written, and blocks nothing here until the key is added to the keyring
written-replaces = { $file } had the same signature as { $entries }, which did not count; the new entry replaces it
replaced-entry = { $signer } ({ $role ->
        [none] no role
       *[other] { $role }
    }, { $at ->
        [none] no time
       *[other] { $at }
    })
replaced-and-as = { $rest } and as { $next }

## PinLineError

pin-line-not-text = what was given as the PIN is not text
    .hint = write the PIN as UTF-8
pin-line-added = what was given for a PIN or PUK { $added ->
        [bom] begins with a byte order mark
        [spaces] begins or ends with a space
       *[quotes] is in quotes
    }; it was not sent, so that no attempt is lost
    .hint = leave that out; if it is part of the PIN or PUK, type it at the terminal
pin-line-too-long = what was given as the PIN is longer than any PIN; it was not sent
    .hint = write the PIN on one line, and nothing else
pin-line-io = the PIN cannot be read ({ $cause })
    .hint = check that whoever writes it still runs

## What is signed

pipeline-did-not-refuse = not triggered
pipeline-refused = triggered: { $code }

## TreeSigningError

tree-signing-not-ed25519 = checkpoints and cosignatures are signed with Ed25519 keys only; nothing was signed
    .hint = choose an Ed25519 key: a file, a PKCS#11 token, or a YubiKey from firmware 5.7 on
tree-signing-form = this key signs only digests of what it is given, and others could not verify that; nothing was signed
    .hint = choose a key that signs the text itself
tree-signing-key-of-person = this key is in the keyring: { $owner } signs runs with it; nothing was signed
    .hint = make a key of its own for logs and witnesses, and add it to no keyring
tree-signing-other-use = the policy has this key for the other use: a log's key is no witness's; nothing was signed
    .hint = make a key of its own
tree-signing-newer = { $path } has { $size } entries already, as many or more than this tree; nothing was written
    .hint = begin again with the log as it is now

tree-signed-with = verifier key { $key }
