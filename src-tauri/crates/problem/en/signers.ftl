## ExternalError

external = { $program }: { $fault }{ $word ->
        [none] {""}
       *[other] . In the command `{ $word }` has no meaning, since no shell runs it
    }{ $said ->
        [none] {""}
       *[other] . It said: { $said }
    }
    .hint = { $word ->
        [none] { $remedy ->
            [none] {""}
           *[other] { $remedy }
        }
       *[other] put the command in a script, or in `sh -c '…'`, where the file with the digest is "$0"
    }

## Fault

external-no-program = no program is named
    .hint = give the program that signs, and its arguments
external-quotes = a quote in the command line is not closed
    .hint = close it, or put a backslash before it
external-key = the public key of the profile is not one for { $algorithm }
    .hint = correct the key or the algorithm
external-secret-environment = { $name } holds a secret and is passed to no command
    .hint = take it out of the profile
external-no-variable = what it is to be passed on of the environment is not the name of a variable
    .hint = give names alone, without values
external-assignment = begins with `{ $name }=…`, which has no meaning, since no shell runs it. What stands in a command is kept in the settings
    .hint = pass the variable on by its name alone, or put the command in a script
external-altered = is not run: { $path } is not what Countersign shipped
    .hint = find out who changed it, then delete it and probe the signer, which writes it again
external-not-there = is not run: { $path } cannot be read ({ $source })
    .hint = probe the signer, which writes the file again if this release has it; otherwise add the signer again
external-directory = { $path }: there is no such directory to run in
    .hint = correct the profile
external-no-public-key = printed no public key ({ $source })
    .hint = have it print one as PEM, DER or base64
external-no-evidence = printed no evidence ({ $source })
    .hint = have it print the JSON object of a key attestation
external-private = no private file for the digest ({ $source })
    .hint = make room in the directory for temporary files
external-start = cannot be started ({ $source })
    .hint = { $kind ->
        [NotFound] install the program, or give its full path: it runs in a directory of its own
        [PermissionDenied] make it executable with chmod +x
       *[other] try the command in a terminal
    }
external-not-a-program = cannot be started
    .hint = { $why }
external-timed-out = gave no signature within { $seconds } s and was ended, with its process group, so nothing was signed
    .hint = { $goes_on ->
        [yes] something it had started is in a group of its own and goes on. End that, then try again
       *[no] try again
    }, or give it more time (--external-timeout, or in its profile)
external-left-behind = ended, but left a process behind that held its output open, so nothing was signed; { $goes_on ->
        [yes] that is in a process group of its own and goes on
       *[no] that was ended too
    }
    .hint = have the command wait for what it starts
external-failed = failed ({ $exit_status }); nothing was signed
external-no-output = printed no signature, so nothing was signed
    .hint = have it print one line of base64 on standard output
external-many-lines = printed more than one line, so nothing was signed
    .hint = have it print the base64 signature on one line (`base64 -w0`) and all else on standard error
external-digest-printed = printed the digest that it was given and no signature, so nothing was signed
    .hint = have it sign the content of the file that is its last argument
external-not-base64 = printed something that is not base64, so nothing was signed
    .hint = have its script end with `base64 -w0` or `openssl base64 -A`
external-encoding = printed { $encoding ->
        [binary] bytes that are not text
        [utf16] text in UTF-16
        [byte-order-mark] base64 behind a byte order mark
        [hex] the signature in hex digits
        [hex-in-base64] base64 of the signature in hex digits
        [twice] base64 of base64
        [pem] the signature in PEM
        [wrapped] base64 in several lines
        [quoted] base64 in quotes
        [spaces] base64 with spaces
       *[json] a JSON object
    }, so nothing was signed
    .hint = { $encoding ->
        [hex-in-base64] turn the digits into bytes with `xxd -r -p` before they are encoded
        [twice] leave one `base64` out of the command
       *[other] end its script with `{ $filter }`{ $encoding ->
            [byte-order-mark] , or have it write plain ASCII
            [wrapped] , or encode with `base64 -w0`
            [quoted] , or ask for text (`--output text`, `jq -r`)
            [json] , by the name that it has there
           *[other] {""}
        }. No shell runs the command itself, so that a pipe takes a script, or `sh -c 'COMMAND "$0" { $filter }'`
    }
external-trailing = printed a signature that verifies, with { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    } behind it, so nothing was signed
    .hint = have the command encode the signature alone
external-too-much = printed more than { $limit } KiB and was ended, so nothing was signed
    .hint = have it print the signature alone, as one line of base64
external-unverified = its signature does not verify over { $form } ({ $source }), so nothing was written
    .hint = check its key and algorithm, and if it has a profile probe it again
external-no-form = its signatures verify under none of canonical_json, sha256, sha256_hex and sha256_hex_base64
    .hint = check its key and algorithm, and what the command signs
external-salt-length = its RSA-PSS salt is not 32 bytes long
    .hint = have it sign with rsa_pss_saltlen:digest
external-watch = { $path }: cannot be read ({ $source }), so that a change by the command would go unseen
    .hint = check that the directory is there and readable
external-changed = while it ran, { $path } { $change ->
        [appeared] appeared
        [vanished] vanished
       *[changed] changed
    }{ $others ->
        [0] {""}
        [one] , and another file too
       *[other] , and { $others } other files too
    }; the signature was refused
    .hint = look at what changed, and sign again when nothing else writes there

## EvidenceCommandError

external-evidence = { $program } { $fault }{ $word ->
        [none] {""}
       *[other] . In the command `{ $word }` has no meaning, since no shell runs it: put it in a script, or in `sh -c '…'`, where the file with the digest is "$0"
    }{ $said ->
        [none] {""}
       *[other] . It said: { $said }
    }
external-evidence-failed = failed ({ $status })
external-evidence-timed-out = did not end within { $seconds } s
external-evidence-left-behind = left a process behind that held its output open
external-evidence-too-much = printed more than { $limit } KiB
external-evidence-other = { $fault }

## SignerError

signer-form = this is not a key
    .hint = give base64 of the key, a PEM private key, or a key file that Countersign made
signer-length = an Ed25519 key is base64 of 32 bytes; this one has { $number }
signer-empty = the key is empty
signer-passphrase-needed = the key file is encrypted
    .hint = give its passphrase
signer-passphrase = the passphrase is wrong or the key file is damaged; nothing was signed
signer-kind = the key in this file is of the kind { $text }; key files have Ed25519 keys, and ML-DSA-65 keys for companions
    .hint = sign with it through an external signer command (`openssl pkeyutl -sign`, for example)
signer-cipher = the key file is encrypted with { $text }, which is not read here; the passphrase was not tried
    .hint = convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in FILE -out NEW` (add `-provider legacy -provider default` if OpenSSL reports it as unsupported)
signer-damaged = the key file is damaged or in a form that is not read here
    .hint = if `openssl pkey -in FILE -out NEW` reads it, give NEW, else restore it from a copy
signer-other-public-key = the public key in the key file is not that of its private key
    .hint = restore the file from a copy
signer-several = there are { $number } different private keys in the key file
    .hint = give one of them alone
signer-other = the key file is { $what }
    .hint = { $instead }
signer-der = the key file is in DER
    .hint = convert it to PEM with `openssl pkcs8 -topk8 -v2 aes-256-cbc -inform DER -in FILE -out NEW`
signer-pkcs12 = the key file is a PKCS#12 container
    .hint = take the key out with `openssl pkcs12 -in FILE -nocerts -out NEW`, and convert that with `openssl pkcs8 -topk8 -v2 aes-256-cbc`
signer-binary = the key file is not text
    .hint = give base64 of the key or a PEM private key
signer-public-key = the key is unusable: { $cause }
signer-random = the operating system gave no random bytes for a new key
signer-encryption = the new key could not be encrypted
signer-cancelled = cancelled; nothing was signed
signer-not-touched = { $words } was not touched in time; nothing was signed, and no PIN attempt is lost
    .hint = try again, and touch it when it blinks
signer-spent = { $words } is not used again after the error above; nothing was signed
    .hint = begin again
signer-no-such-key = there is not exactly one key { $text } that can sign
    .hint = insert its token, or name the key in full
signer-not-signing = { $known ->
        [yes] a key of the kind { $kind }
       *[no] a key of unknown kind
    } cannot sign here
    .hint = choose one of the kind ECC P-256, P-384, RSA 2048 to 4096 or Ed25519
signer-not-for-companions = a key for { $algorithm } makes no companions of signatures
    .hint = make one with `countersign keys generate --algorithm ml-dsa-65`
key-open-already = the key is open already
signer-too-long = the token signs messages of at most { $most } bytes, and this has { $bytes }
    .hint = sign its digest
signer-other-form = it signs { $signed_payload }, and nothing else
    .hint = sign that form of the payload
signer-tpm-files = the files of tpm2-tools could not be written or read ({ $cause }); nothing was certified
signer-tpm-object = { $object } { $why }; nothing was certified
    .hint = give a context file (tpm2_load -c), or a handle such as 0x81000001
signer-tpm-tool = { $words }; nothing was certified
    .hint = check that the files and handles are of keys in this TPM
signer-tpm-full = the TPM has no room for another key ({ $words }); nothing was certified
    .hint = use its resource manager (TPM2TOOLS_TCTI=device:/dev/tpmrm0), or flush what other programs left in it (tpm2_flushcontext --transient-object)

## CardError

card-removed = was pulled out
card-reset = was reset by another program
card-held = another program has exclusive access to it
card-no-service = cannot be reached, because the smart card service (pcscd) has ended
card-silent = has not answered for { $number } seconds
card-no-answer = was pulled out, or no longer answers
card-garbage = gave an answer that is not valid ({ $words })
card-status = refused the command { $command } (status { $status })
card-other-card = is gone; another card is in its reader
card-unidentified = hides its serial and has nothing else that tells it from another YubiKey, so that nothing is changed on it
card-service = cannot be used: { $text }

## PinError

pin-length = a { $text } has { $rule }; it was not sent, so that no attempt is lost
pin-one-time-password = this is what the YubiKey types by itself when it is touched, not a { $text }; it was not sent, so that no attempt is lost
pin-characters = a { $text } has no control characters; it was not sent, so that no attempt is lost
pin-wrong = the { $what } is wrong; { $left ->
        [one] 1 attempt is
        [15] 15 attempts or more are
       *[other] { $left } attempts are
    } left
pin-wrong-uncounted = the { $text } is wrong; the card does not say how many attempts are left
pin-blocked = the PIN is blocked, because it was wrong too often
    .hint = unblock it with the PUK (countersign pin unblock)
pin-blocked-on-card = the PIN is blocked, because it was wrong too often
    .hint = have it unblocked with the PUK, with the software of the card's issuer
pin-puk-blocked = the PUK is blocked, because it was wrong too often
    .hint = keep the PIN safe: the keys still sign with it, but nothing can unblock it any more
pin-both-blocked = PIN and PUK are blocked, because both were wrong too often, so that no key that asks for the PIN signs any more
    .hint = only a reset (ykman piv reset) makes the YubiKey usable, and it destroys the keys
pin-same = the new { $text } is the same as the current one; it was not sent
    .hint = choose another
pin-factory = this is the { $text } that every YubiKey has at first; it was not sent
    .hint = choose another
pin-weak = this { $text } is among those that are tried first: one that repeats, counts up or down, or is common; it was not set
    .hint = choose another
pin-fewer-tries = only 1 attempt of the { $text } is left, fewer than was shown; it was not sent
    .hint = look again before you type it

## KeyRefusal

new-key-cannot-attest = firmware { $firmware } does not attest its keys, so that nothing would prove that the key is in hardware
    .hint = use a YubiKey with firmware 4.3 or later
new-key-roca = RSA keys that firmware { $firmware } generates can be computed from the public key (YSA-2017-01, ROCA)
    .hint = generate an ECC key, or use another YubiKey
new-key-not-on-firmware = firmware { $firmware } cannot make a key of the kind { $kind }; that needs 5.7
    .hint = choose ECC P-256 or P-384
new-key-weak = a key of the kind { $kind } is too weak to sign with
    .hint = choose ECC P-256, P-384 or Ed25519, or RSA with 2048 bits or more
new-key-not-signing = a key of the kind { $kind } does not sign
    .hint = choose ECC P-256, P-384 or Ed25519, or RSA with 2048 bits or more
new-key-pin-never = a key that signs without its PIN proves nothing about who signed
    .hint = choose the PIN policy once or always
new-key-policy = this PIN or touch policy is not offered
    .hint = choose once or always for the PIN, and always or cached for the touch

## SetupFault

setup-management-key-form = the management key of this YubiKey is { $algorithm }: { $digits } hex digits; nothing was sent
setup-management-key = the management key is wrong; no attempt is lost, since it has no counter
    .hint = look where it was noted when it was changed (ykman piv access change-management-key)
setup-management-key-needed = the management key is neither the factory's nor kept on the card
    .hint = give the management key in hex
setup-kept-management-key = the card says that it keeps its management key, but what it keeps is not the key that it has
    .hint = set it again with ykman piv access change-management-key --protect, which keeps the new one
setup-management-algorithm = the management key has an algorithm that is not known here ({ $number })
    .hint = change it to AES with ykman piv access change-management-key
setup-printed-in-use = the printed information object holds something else, so that the management key cannot be kept there
    .hint = change the management key with ykman piv access change-management-key, then give it here
setup-not-factory = the { $what } is not the factory's{ $left ->
        [none] {""}
        [one] ; 1 attempt is left
       *[other] ; { $left } attempts are left
    }
    .hint = begin again, and state that the { $what } was changed
setup-secret-needed = a new { $what } is needed in place of the factory's
    .hint = give it
setup-factory-pin = this is the PIN that every YubiKey has at first, and the PIN of this one is said to be changed; it was not sent
    .hint = give the PIN that it was changed to; if it never was, begin again and state that it is the factory's
setup-same-pin-and-puk = the PUK is the same as the PIN; nothing was sent
    .hint = choose another PUK, and keep it apart from the PIN
setup-slot-changed = the slot has another key or certificate than was shown; it was left as it is
    .hint = look again
setup-certificate = its certificate could not be made ({ $why })
setup-signature = what the new key signed does not verify under it; do not use this key
    .hint = show the YubiKey to its maker
setup-not-attested = does not attest the key in the slot: it was not generated there, or the attestation key is missing
    .hint = generate a new key in its place
setup-other-attested = attests another key, or other policies than were asked for; do not use this key
    .hint = generate a new key in its place
setup-not-recorded = { $cause }; what cannot be journalled is not done

## SetupStopped

setup = { $by ->
        [card] { $token } { $fault }
       *[other] { $token }: { $fault }
    }; { $done ->
        [none] { $unknown ->
            [none] nothing was changed
           *[other] whether { $unknown } is not known, and nothing else was changed
        }
       *[other] { $unknown ->
            [none] what was done before stays: { $done }
           *[other] what was done before stays: { $done }; whether { $unknown } is not known
        }
    }
    .hint = { $cause ->
        [removed] insert it and set it up again: that continues, and asks for the secrets as they are then
        [no_answer] insert it and set it up again: that continues, and asks for the secrets as they are then
        [held] end the program that holds it (gpg: gpgconf --kill scdaemon), then set it up again
        [no_service] start pcscd (systemctl start pcscd), then set it up again: that continues
       *[other] { $remedy ->
            [none] set it up again: that continues, and asks for the secrets as they are then
           *[other] { $remedy }
        }
    }

## What was done to a YubiKey

setup-done-pin = the PIN was set
setup-done-puk = the PUK was set
setup-done-management-key = the management key was replaced
setup-done-key = a key was generated in slot { $slot }
setup-done-certificate = its certificate was stored in slot { $slot }

## TokenError

token = { $token } { $error }; { $state ->
        [pin-not-judged] nothing was written. The PIN was sent and not judged: whether an attempt is lost shows when it is read again
        [pin-unanswered] nothing was written. The PIN had been sent and not answered: whether an attempt is lost shows when it is read again
        [silent] nothing was written. Its PIN had been right, and it may hold it as verified until it is pulled out
        [opening] nothing was written, and no PIN attempt is lost
        [signing] nothing was written. Its PIN had been right, so that all attempts are there, and it has forgotten it
       *[free] nothing was written
    }
    .hint = { $cause ->
        [removed] insert it and begin again
        [no_answer] insert it and begin again
        [other_card] insert it and begin again
        [reset] let the other program end, then begin again
        [held] end the program that holds it (gpg: gpgconf --kill scdaemon), then begin again
        [no_service] start it (systemctl start pcscd), then begin again
        [silent] pull it out, insert it and begin again
       *[other] pull it out, insert it and begin again; if it stays so, look at it with the tool of its maker (of a YubiKey: `ykman piv info`)
    }

## ModuleError

module = { $module }: { $fault }{ $said ->
        [none] {""}
       *[other] . It said: { $said }
    }

## Fault

module-no-file = there is no such file
    .hint = install the module, or give its full path
module-not-a-file = this is not a file
    .hint = give the path of the module itself
module-unreadable = it cannot be read ({ $why })
    .hint = check its permissions
module-not-a-library = this is not a shared library
    .hint = give the path of a PKCS#11 module, usually a file in …/pkcs11/ that ends in .so
module-architecture = it is built for { $is }, and this program for { $wanted }
    .hint = install the module for { $wanted }
module-missing-library = the library { $library } that it needs is not there
    .hint = install the package that has it
module-load = it cannot be loaded ({ $why })
    .hint = install it again, with all that it needs
module-no-function-list = this is a shared library, but not a PKCS#11 module (it has no C_GetFunctionList)
    .hint = give the path of a module
module-start = the process that it runs in cannot be started ({ $why })
    .hint = try again
module-crashed = the module crashed ({ $how }); nothing was written, and the station goes on
    .hint = try again, and tell its maker if it happens again
module-silent = the module gave no answer within { $seconds } s and was ended; nothing was written
    .hint = try again, or give it more time with --module-timeout
module-garbage = the module wrote over what its process answers, and was ended; nothing was written
    .hint = do not rely on it, and tell its maker
module-function = { $function } failed with { $code }; nothing was written
    .hint = { $function ->
        [C_Initialize] check what the module needs: its configuration, its service, its device
        [C_GetFunctionList] check what the module needs: its configuration, its service, its device
        [C_GetSlotList] check that the service that it needs runs (for smart cards: systemctl start pcscd.socket)
       *[other] { $code ->
            [CKR_USER_NOT_LOGGED_IN] the token wants its PIN again; begin again
            [CKR_KEY_FUNCTION_NOT_PERMITTED] the key may not sign; choose another
            [CKR_DEVICE_ERROR] pull the token out, insert it and begin again
            [CKR_DEVICE_MEMORY] pull the token out, insert it and begin again
           *[other] begin again; if it stays so, try the token with pkcs11-tool
        }
    }
module-removed = the token is gone ({ $code } at { $function }); nothing was written
    .hint = insert it and begin again
module-no-token = { $token } is gone
    .hint = insert it and begin again
module-several-tokens = several tokens are { $token }, and it is not in its slot
    .hint = pull out all but one
module-no-key = { $token } has no private key { $key }
    .hint = { $has_keys ->
        [yes] it has { $there }. Name the key by its label and id there
       *[no] it shows no key at all. Choose another token
    }
module-several-keys = { $token } has several keys { $key }
    .hint = { $alike ->
        [yes] nothing tells them apart, since they have the same label and id. Give one of them another id (pkcs11-tool --set-id)
       *[no] name the key by more of its label and id (countersign devices shows both)
    }
module-no-mechanism = the token offers no mechanism for { $algorithm } with this key
    .hint = choose another algorithm or key
module-none-offered = through this module the token offers no mechanism that signs with { $key }, a key of the kind { $kind } ({ $wanted })
    .hint = use another module for this token, or another key
module-attests-only = { $key } attests the other keys and signs nothing else
    .hint = choose another key
module-not-for-signing = the token does not let { $key } sign (CKA_SIGN is false)
    .hint = choose another key
module-no-public-half = the token does not show the public half of { $key }, under which its signatures are verified
    .hint = give it with --public-key, or store its certificate on the token
module-other-public-half = the public key that was given is not that of { $key } on the token
    .hint = give the right one, or leave it out
module-form = what it gave for a signature has { $length } bytes, which no { $algorithm } signature has; nothing was written
    .hint = tell the module's maker

## LoginError

login-wrong = the PIN is wrong; this cost an attempt, and the token does not tell how many are left
login-one-left = the PIN is wrong; 1 attempt is left
login-locked = the PIN of the token is locked, because it was wrong too often
    .hint = { $unlocking ->
        [puk] unblock it with the PUK (pkcs15-tool --unblock-pin)
        [yubikey] unblock it with the PUK (countersign pin unblock)
       *[securityofficer] have its security officer set another (pkcs11-tool --init-pin --so-pin)
    }
login-fewer-tries = only 1 attempt of the PIN is left, which was not shown; it was not sent
    .hint = look again before you type it
login-not-set = the token has no PIN yet
    .hint = have one set (pkcs11-tool --init-pin)
login-expired = the PIN must be changed before it can be used
    .hint = change it (pkcs11-tool --change-pin)
login-length = a PIN of this token has { $least } to { $most } characters; it was not sent, so that no attempt is lost
login-refused = the token does not accept this as a PIN
    .hint = type it again
login-broken-off = cancelled on the token's PIN pad; nothing was signed

## KeptPinError

kept-pin-wrong-before = the PIN of the token was wrong since it was last right, so the one in { $path } was not sent: it could lock the token
    .hint = correct the PIN in the file, then sign once with the PIN typed in
kept-pin-mode = { $path } has mode { $mode }, so others could read the PIN in it; it was not used
    .hint = give it mode 0600 (chmod 600), and have the PIN changed if others could read it
kept-pin-open = the PIN was not read: { $words }
    .hint = keep the PIN where nobody else can write
kept-pin-not-a-file = { $path } is not a file with a PIN
    .hint = name a file or a file descriptor (/dev/fd/3)
kept-pin-unreadable = { $path }: the PIN cannot be read ({ $source })
    .hint = check that the file is there and that you may read it
kept-pin-empty = { $path } has no PIN in it
    .hint = write the PIN on its first line
kept-pin-own-pad = the token takes its PIN on its own pad, so the one in { $path } cannot be sent
    .hint = take the pin-source out of the URI, and give the PIN on the pad
kept-pin-line = { $path }: { $why }
    .hint = write the PIN on its first line and nothing else

## SshAgentError

ssh-agent-no-socket = no SSH agent is named
    .hint = start one (eval "$(ssh-agent)") and add the key (ssh-add), or name its socket
ssh-agent-not-there = no SSH agent answers at { $socket } ({ $source })
    .hint = start the agent, or name the socket of the one that runs
ssh-agent-ended = the SSH agent at { $socket } ended the conversation ({ $source }); nothing was signed
    .hint = see whether it still runs (ssh-add -l), then try again
ssh-agent-no-agent = what answers at { $path } does not speak as an SSH agent does; nothing was signed
    .hint = name the socket of an SSH agent
ssh-agent-timed-out = the SSH agent at { $socket } did not answer within { $seconds } s; nothing was signed
    .hint = see whether it waits for somebody to confirm, then try again
ssh-agent-empty = the SSH agent at { $path } has no keys to offer
    .hint = add the key (ssh-add), or unlock the agent (ssh-add -X)
ssh-agent-none-signs = none of the keys in the SSH agent at { $socket } signs here: { $keys }
    .hint = add an Ed25519, ECDSA P-256, ECDSA P-384 or RSA key (at least 2048 bits) to it
ssh-agent-no-such-key = the SSH agent has no key { $wanted }; it has { $keys }
    .hint = name a key by its fingerprint or its comment (ssh-add -l), or add it (ssh-add)
ssh-agent-several = several keys in the SSH agent fit: { $words }
    .hint = name one by its fingerprint
ssh-agent-kind = { $key } signs nothing here: keys of the kind { $kind } make signatures of SSH's own form, or of an algorithm that is not used
    .hint = use an Ed25519, ECDSA P-256, ECDSA P-384 or RSA key
ssh-agent-refused = the SSH agent did not sign with { $text }; nothing was signed
    .hint = see that the key is still in it (ssh-add -l), that it is not locked, and that whoever it asks confirms
ssh-agent-other-way = the SSH agent signed with { $key } as { $way }, which is not what it was asked for; nothing was written
    .hint = use an agent that makes RSA signatures with SHA-256 (OpenSSH 7.2 or newer)

## PinSourceError

pin-source-command = the program of a pin-source is not run: whatever it printed would be sent as the PIN
    .hint = name a file (pin-source=file:/etc/countersign/pin), or a descriptor (pin-source=file:/dev/fd/3)
pin-source-place = a pin-source is the path of a file from the root, such as file:/etc/countersign/pin
    .hint = name a file (pin-source=file:/etc/countersign/pin), or a descriptor (pin-source=file:/dev/fd/3)

## UriError

uri-scheme = a PKCS#11 URI begins with pkcs11: (RFC 7512), such as pkcs11:token=hsm;object=witness
uri-part = "{ $text }" is not part of a PKCS#11 URI
    .hint = parts are name=value, with ; between
uri-twice = { $text } is given twice
    .hint = give it once
uri-unknown = { $text } is not known here
    .hint = use token, manufacturer, model, serial, object, id, and ?module-path= and &pin-source=
uri-text = the value of { $text } cannot be read: after each percent sign come two hex digits, and together they are UTF-8
uri-pin = a PIN is not taken from a URI, because others can read it there
    .hint = leave it out; it is asked for, read with --pin-fd, or from the file that pin-source= names
uri-type = type={ $text } cannot sign
    .hint = leave it out, or give type=private

## ModuleFault

module-fault = { $fault }{ $said ->
        [none] {""}
       *[other] . It said: { $said }
    }

## DeviceTrouble

device-no-card-service = no YubiKey or PIV card can be seen: { $why }
    .hint = start pcscd: systemctl start pcscd.socket. If it is missing: apt-get install pcscd
device-other-card = this smart card has no PIV application (answer to reset { $atr })
    .hint = if there is a PKCS#11 module for it, sign with it through that
device-held = another program has exclusive access to this card, often GnuPG's scdaemon
    .hint = end that program (gpg: gpgconf --kill scdaemon); that is noticed by itself
device-unreadable = the card in this reader { $error }
    .hint = pull it out and insert it again

## Names of cards

token-yubikey = YubiKey { $serial }
token-yubikey-in = YubiKey in { $reader }
token-card = PIV card { $id }
token-card-in = PIV card in { $reader }
token-the-yubikey = the YubiKey

## What a card answered that cannot be used

card-answer-not-piv = it has no PIV application
card-answer-firmware = the firmware version has not 3 bytes
card-answer-no-signature = there is no signature in it
card-answer-serial = the serial has not 4 bytes
card-answer-too-long = a value too long to be sent
card-answer-no-more = more data was announced and none came
card-answer-endless = it does not end
card-answer-no-status = it has no status word
card-answer-no-witness = it gave no challenge for the management key
card-answer-wrong-proof = it does not have the management key that it accepted
card-answer-no-key = the new public key cannot be read
card-answer-not-stored = what was stored is not what it gives back

## The form of a PIN

pin-rule = 6 to 8 bytes (a character takes 1 if it is plain ASCII, else 2 to 4)
pin-rule-at-most = at most { $most } characters
pin-rule-between = { $least } to { $most } characters
pin-rule-wrong-before = it was wrong before, so that not all tries are left
pin-rule-both = { $length }; { $low }
pin-of-key-blocked = its PIN is blocked; unblock it with the PUK (countersign pin unblock)
locked-key-in-slot = { $token }, slot { $slot }

## Files that are no keys, and what to do

key-file-cosign = a private key of cosign
key-file-external = sign with it through an external signer command
key-file-putty = a private key of PuTTY
key-file-putty-convert = convert it (`puttygen FILE -O private-openssh -o NEW`)
key-file-age = a private key of age, which encrypts and does not sign
key-file-age-other = give the key of a signer
key-file-hex = hex
key-file-hex-convert = give the key in base64 (`xxd -r -p FILE | base64`)
key-file-public = a public key or a certificate
key-file-public-private = give the private key that belongs to it
key-file-utf16 = text in UTF-16
key-file-utf16-convert = save it as UTF-8

## What keeps a program from being started, and what to do

not-a-program-directory = it is a directory; give the path of the program itself
not-a-program-device = it is a pipe or a device; give the path of a program
not-a-program-empty = its file is empty; write the script, or install the program again
not-a-program-crlf = its lines end with CRLF, so that no interpreter of that name is found; save it with LF line ends
not-a-program-interpreter = its interpreter { $interpreter } is not there; correct its first line, or install that
not-a-program-script = its first line names no interpreter; begin it with #!/bin/sh, or write `sh` before it

## Objects of a TPM

tpm-object-directory = is a directory
tpm-object-device = is a pipe or a device
tpm-object-empty = is an empty file
tpm-object-unreadable = is no file that can be read

## Why a key counts as hardware or as software

holding-software-slot = The module does not call the slot hardware (CKF_HW_SLOT is not set).
holding-readable = The key can be read in clear (CKA_SENSITIVE is false).
holding-extractable = The key may leave the token (CKA_EXTRACTABLE is true).
holding-hardware = A module on the list of known modules calls the slot hardware, and the key can neither be read nor leave it.
holding-unlisted = The module says that it is hardware, and is not on the list of known modules, so its word does not count.
holding-changed = The module says that it is hardware; its file has changed since it was put on the list of known modules, so its word does not count.
holding-hidden = Whether the key can leave the token shows only with the PIN; until then it counts as software.
holding-unknown = The module does not say whether the key can leave the token.

## When a key asks for its PIN or a touch

policy-never = never
policy-once = once
policy-always = always
policy-cached = cached
policy-match-once = match once
policy-match-always = match always
policy-other = policy { $number }

## What keys and tokens are called that have no name, and kinds of keys

token-by-serial = token { $serial }
token-in-slot = the token in slot { $slot }
key-by-id = key { $id }
key-label-and-id = { $label } (id { $id })
key-nameless = a key without a name
key-kind-not-told = unknown kind
key-kind-unknown = of an unknown kind
key-kind-unknown-number = of an unknown kind ({ $number })
