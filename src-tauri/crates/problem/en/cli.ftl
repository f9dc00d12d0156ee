# What the command line refuses or warns of by itself.

## StreamError

stream-input = the terminal or standard input cannot be read ({ $source })
stream-output = standard output cannot be written ({ $source })
stream-unsaid = the signatures are written; only saying so on standard output failed ({ $source })

## ExemptError

exempt-line = { $path }: line { $line } is not a SHA-256 digest
    .hint = give one digest of a raw signature a line, as `countersign claims exempt` prints them

## SecretError

secret-no-pin = the file descriptor gave no PIN
    .hint = write the PIN to it, on one line
secret-not-two-lines = the file descriptor gave fewer than two lines; nothing was sent
    .hint = write two to it: the current PIN or PUK, and the new one
secret-new-differs = the two differ; the { $what } is unchanged
    .hint = begin again
secret-last-try = only 1 attempt of the { $what } is left, and { $risk }; nothing was sent
    .hint = pass --last-try to use it
secret-cancelled = cancelled; nothing was sent
secret-no-terminal = { $what }, and there is no terminal to ask at
    .hint = give it with { $instead }
secret-passphrases-differ = the two passphrases differ; no key was made
    .hint = begin again
secret-nothing-typed = the input ended before anything was typed; cancelled
secret-descriptor = file descriptor { $number } cannot be read ({ $source })
    .hint = open it before the program starts, such as 3<FILE
secret-unix-only = { $flag } works on Unix only
secret-not-a-key = { $from }: { $cause }

## KeyChoiceError

key-choice-several = { $first } and { $second } each choose a key
    .hint = pass only one of them
key-choice-secret-for-command = --passphrase-fd has no effect with --external-signer-cmd, which asks for no secret
    .hint = leave it out
key-choice-secret-for-agent = --passphrase-fd has no effect with --ssh-agent, which asks for no secret
    .hint = leave it out; unlock the key in the agent itself (ssh-add)
key-choice-two-pins = --pin-fd and the key's pin-source each give the PIN
    .hint = leave --pin-fd out, or take the pin-source out of the URI
key-choice-algorithm-for-profile = --algo has no effect with --signer-profile and --ssh-agent, which say how the key signs
    .hint = leave it out
key-choice-public-key = --public-key belongs to --external-signer-cmd or --pkcs11
    .hint = leave it out

## Pkcs11ChoiceError

pkcs11-choice-id-not-hex = --key-object-id "{ $id }" is not hex
    .hint = give the id as `countersign devices` shows it
pkcs11-choice-contradicts = { $flag } contradicts the URI of --pkcs11
    .hint = leave one of them out
pkcs11-choice-other-module = --module names another file than the ?module-path= of --pkcs11
    .hint = leave one of them out

## KeyringPlaceError

keyring-place-no-home = there is no home directory for a keyring
    .hint = name one with --keyring
keyring-place-not-used = this station has adopted a signed keyring, and { $path } is not used
    .hint = leave out the flag or the environment variable that names it
keyring-place-no-roots = { $path }: no such folder
    .hint = check the name

## MemoryNotice

memory-notice-no-home = there is no home directory, so that the memory of logs was not consulted: a log that was cut or rewritten goes unnoticed
    .hint = name it with --log-heads DIRECTORY

## OldFormError

old-form-neither = "{ $word }" after { $option } is neither a file nor a { $value }
    .hint = check the name, or write { $option }={ $value }

## OldForm

old-form = `{ $option } { $word }` is read as `{ $option }={ $word }`; the next version no longer reads the old form
    .hint = write `{ $option }={ $word }`

## PolicyError

policy-not-a-file = { $path }: not a regular file
    .hint = name the log or ledger itself
policy-no-file = { $path }: no such file
    .hint = check the name
policy-only-more = the rules of the signed keyring (version { $version }) can only be added to, and a flag asks for less than every station does
    .hint = leave out the flag
policy-hmac-key = { $path }: { $cause }

## SettingsPlaceError

settings-place-no-home = there is no home directory for settings
    .hint = name them with --settings

## ContinuityError

continuity-undecided = { $path }: { $why }

## Missing

continuity-runs = { $count ->
        [one] 1 registered run that was seen here is missing
       *[other] { $count } registered runs that were seen here are missing
    }: { $named }
    .hint = find out who deleted or renamed them, or accept that (countersign log accept)
continuity-signed = { $count ->
        [one] 1 signature file is there without the file that it signs
       *[other] { $count } signature files are there without the file that they sign
    }: { $named }
    .hint = find out who deleted or renamed it

## YubikeyError

yubikey-not-there = YubiKey or PIV card { $serial } is not plugged in
    .hint = insert it and try again
yubikey-only-others = { $serial } is not plugged in, only { $names }
    .hint = insert it, or name the one that is there
yubikey-none = no YubiKey or other PIV card is plugged in
    .hint = insert it and try again
yubikey-several = several cards are plugged in ({ $names })
    .hint = name the serial or identifier
yubikey-without-serial = several cards are plugged in ({ $names }), and not all have a serial or identifier of their own
    .hint = pull out all but one
yubikey-not-yubikey = { $token } is not a YubiKey: other cards are not set up here, and their PIN and PUK are not changed
    .hint = use the software of the card's issuer
yubikey-other-card = { $reader }: { $problem }
    .hint = sign with it through its PKCS#11 module, such as OpenSC (--pkcs11)
yubikey-unusable = { $reader }: { $problem }
yubikey-reading = { $reader }: the card in it is still being read
    .hint = try again
yubikey-empty-slot = { $token }: there is no key that can sign in slot { $slot }
    .hint = choose another slot (countersign devices shows them)
yubikey-no-key = { $token }: there is no key that can sign
    .hint = generate one with `ykman piv keys generate 9c`
yubikey-no-certificate = { $token }: no slot has a certificate of a key that can sign
    .hint = have one written, with the software of the card's issuer

## PivSetupError

piv-setup-unconfirmed = { $cause }
    .hint = pass { $flag }
piv-setup-other-slot = --overwrite-slot names { $named }, and the key is to be in { $slot }; nothing was changed
    .hint = name the same slot twice, if what is in it is to be lost
piv-setup-cancelled = cancelled; nothing was changed

## Pkcs11KeyError

pkcs11-key-no-module = no PKCS#11 module is on this machine
    .hint = install one, or name its file with --module
pkcs11-key-no-usable-module = no token can be seen, because no module can be used
    .hint = see the warnings above
pkcs11-key-no-token = no token is there
    .hint = insert it and try again
pkcs11-key-other-tokens = no such token is there, only { $names }
    .hint = name it exactly as it is called
pkcs11-key-shared = this is a shared key, which signs HMAC
    .hint = sign with --algo hmac-sha256; the keyring has shared keys by their id alone (countersign keys add --hmac)
pkcs11-key-other-keys = no such key is there: { $names }
    .hint = name it exactly as it is called
pkcs11-key-one-uri = several keys are { $uri }
    .hint = { $remedy }
pkcs11-key-several = several keys match: { $uris }
    .hint = name one of them

## TokenUseError

token-use-unnamed = { $from }: { $cause }

## Logs

head-behind = the run is registered, but the log's head does not say so yet: { $cause }
named-logs-none = { $path }: there is no transparency log and no authority ledger here
    .hint = name a log, or a directory that has one
not-checkable = { $path }: cannot be compared with what was seen of it: { $cause }

## TrustFolderError

trust-folder-no-home = there is no home directory for a trust folder
    .hint = name one with --attestation-roots
trust-folder-no-terminal = there is no terminal to confirm at; nothing was added
    .hint = confirm each certificate with --sha256 HEX

## NamedJournalError

named-journal-no-home = there is no home directory with a journal
    .hint = name the file
named-journal-broken = { $path }: broken: { $why }

## Runs

explain-not-a-run = { $path }: { $why }; only a sealed run can be explained
audit-no-runs = { $path }: there is no sealed run in this directory
audit-unreadable = { $unusable } of { $total } files cannot be read as sealed runs
verify-not-a-pack = { $path }: not a pack, and --expect is for packs
    .hint = leave --expect out; a run's digest is in its signatures
verify-inputs-of-several = { $path }: several runs; their files are compared one run at a time
    .hint = name one run
verify-pack-keys = this station has adopted a signed keyring (version { $version }), which decides, and not the keys of a pack
    .hint = leave out --pack-keys
verify-no-runs = { $path }: there is no sealed run in this directory
    .hint = check the name
verify-not-a-run = { $path }: { $why }; only a sealed run can be judged
verify-part-of-run = { $path }: this is a { $what }, not a sealed run
    .hint = name the run that it belongs to
verify-log = { $path }: this is a { $what }, not a sealed run
    .hint = check it with countersign log verify
verify-unreadable = { $unusable } of { $total } files are named like sealed runs and cannot be read as such
verify-notice-looks-like-pack = { $path }: has the files of a pack, and this station has seen registered runs or a log there; it is verified as a directory of runs
    .hint = if it is a pack, pass --pack-keys or --expect
not-all-read = { $number ->
        [one] 1 place
       *[other] { $number } places
    } could not be read, so that the runs in there were not judged
    .hint = check the permissions
merge-sources-no-copy = no copy of the target's signatures is in the sources; nothing was merged
    .hint = name the file with the signatures itself if it is there
nothing-imported = { $path }: nothing was imported

## Devices

module-unusable = { $path }: { $problem }

## SignError

sign-several-files = --out takes the signatures of one file
    .hint = name one file
sign-key-spent = { $path }: not signed, because the key is not used again after the error above
sign-blocked = { $from }: { $why }

## ReleaseSignError

release-sign-no-key-id = the key has no id
    .hint = give it with --key-id

## FindingMakeError

finding-make-note-on = a note is for "{ $name }", and { $found } envelopes of the pack have that name
    .hint = name the decision, or the file of its run
finding-make-no-key-id = the key has no id
    .hint = give it with --key-id

## WithoutEvidence

without-evidence = { $cause }; signing without it

## TermsInVain

terms-set-already = what the envelope asks for was set when it was made; --threshold and --require-role change nothing
terms-first-signature = a first signature has no place for --threshold and --require-role
    .hint = pass them with the signature that co-signs it, which sets what the envelope asks for

## SigningKeyError

signing-key-not-enrolled = { $label }: the keyring does not know this key
    .hint = give { $flag }, or enrol it (countersign keys enrol { $by })
signing-key-in-vain = { $label }: only its PIN shows which key this is, and { $cause }; its PIN was not asked for
signing-key-other-form = the signer "{ $name }" signs { $signs }, as its probe found, and not { $wanted }
    .hint = leave --signed-payload out
signing-key-no-public-key = the keyring knows no public key of the id "{ $key_id }"
    .hint = give the one of the command with --public-key
signing-key-unusable = { $from }: { $cause }
companion-key-unusable = { $from }: { $cause }
signing-key-behind-command = { $algorithm } keys sign behind a command
    .hint = give it with --external-signer-cmd, or another --algo
signing-key-none = no key was given
    .hint = give --key-file FILE (`-` for standard input), or set { $variable }

## KeyNotice

key-notice-on-command-line = --key shows the key to everyone on this machine
    .hint = use --key-file instead

## Evidence

not-certified = the TPM: { $cause }
not-judged = it proves nothing here: { $cause }

## Keys

not-a-number = "{ $answer }" is not one of the numbers; nothing was added
look-alike = { $owner } and { $other } look alike and are two different names
    .hint = compare them letter by letter
no-such-key = the keyring has no key "{ $key_id }"
    .hint = list the keys with `countersign keys list`

## Canonical

not-canonical = standard input: { $cause }

## CosignError

cosign-no-log-key = no log is known here, so that nobody could say whose request this is
    .hint = give the policy with --log-policy, or the log's key with --log-key

## ProveError

prove-one-run = a proof by a checkpoint is about one run, and { $count } were given
    .hint = prove them one by one, each with its own --out
prove-no-policy = { $path } is a proof by a checkpoint, and no policy says which log is known
    .hint = give the policy with --log-policy

## TrustSignError

trust-sign-no-key-id = the key has no id
    .hint = give it with --key-id

## WantedError

trust-wanted-log-policy = { $path } is not a text

## ShowError

trust-show-no-version = version { $version } was not adopted here
    .hint = list those that were: `countersign trust history`
trust-show-not-then = no version was in force at { $at }
trust-show-none-in-file = { $path } has no version of a signed keyring

## ReviewDue

review-due = version { $version } of the signed keyring should have been looked at again by { $at }
    .hint = ask its administrators for a next version

## NotAdopted

trust-not-adopted = this version is not adopted here: who these people are, and who signed, is the word of the file
    .hint = compare its digest with what an administrator tells you

## OwnersAlike

trust-owners-alike = "{ $owner }" looks like "{ $other }", and is another person
