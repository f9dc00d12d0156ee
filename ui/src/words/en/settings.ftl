# Settings.

settings-title = Settings
settings-saving = Each change is saved by itself. One that decides what counts shows first which envelopes rise and fall.
settings-saved = Saved.
settings-kept-aside = The damaged settings were kept in another file

settings-look = Appearance
settings-policy = Policy
settings-files = Files
settings-roots = Attestation roots
    .about = The attestation of a device's key is checked against these roots. Only you add them.
settings-authorities = Time-stamping roots
    .about = The time stamp of a signature is checked against these roots of time-stamping authorities. Only you add them. They are kept next to the keyring.
settings-names = Roots for names
    .about = The certificate beside a key proves a name if it leads to one of these roots. They prove names and nothing else: no key counts by them. Only you add them. They are kept next to the keyring.
settings-signers = Signers
settings-modules = PKCS#11 modules

settings-as-system = Same as the system
settings-theme = Theme
settings-theme-light = Light
settings-theme-dark = Dark

settings-language = Language
    .about = The command line, the journal and reports are in English.
settings-language-notes = Your notes are in no finding yet
    .means = The window is loaded again to show another language, and the notes would be lost. Sign the finding first to keep them.
    .title = Change the language
    .act = Discard the notes and change

settings-change = Change…
settings-change-of = Change: { $setting }
settings-change-place = Change a place
settings-change-policy = Change the policy
settings-save = Save
settings-save-weaker = Save the weaker policy
settings-weaker-shown = The window, the command line and reports show this while the policy is in force.
settings-asks-less = This policy asks for less than the one in force
    .means = Envelopes can reach a level that they do not reach now.
settings-exempt = { $count ->
    [one] { $count } signature without a claim counts today and will go on counting. The settings and the journal name it.
   *[other] { $count } signatures without a claim count today and will go on counting. The settings and the journal name them.
}
settings-journalled = The journal keeps the old and the new value.
settings-effect-missing = Shown when the setting is another than now.
settings-same-place = Choose another place than now.
settings-same-value = Choose another value than now.
settings-same-number = This is the number now.

# The parts of a policy.
policy-trust = Whose signatures count
policy-trust-pinned = Only signatures by keys in the keyring
    .about = For the owner and roles of the key, while it is in force.
policy-trust-embedded = Any signature that verifies
    .about = By anyone. This shows that nothing has changed, not who signed.
policy-threshold = Signatures for L4
    .about = The least number of people; an envelope can require more.
    .value = At least { $number }
    .wrong = Enter a whole number, 2 or more.
policy-roles = Further roles for L4
    .about = An operator and a witness are always required.
    .none = None
policy-assurance = Evidence that L6 requires of a hardware or external key
policy-assurance-claimed = Claimed
    .about = The signature file says so, without proof.
policy-assurance-pinned = Pinned
    .about = The keyring says so, on the word of the person who enrolled the key.
policy-assurance-attested = Attested
    .about = The key's own attestation proves it and leads to one of the roots below.
policy-claims = Name, role and time of a signature
policy-claims-preferred = Signed by the key if it can be
    .about = A signature without a claim counts, and is marked as claimed by the file.
policy-claims-required = Signed by the key
    .about = A signature without a claim does not count, unless it counts today.
policy-time = The time of a signature must at least be
    .about = It decides whether a key was in force.
policy-time-claimed = Claimed by the file
policy-time-signed = Signed by the key itself
policy-time-trusted = Vouched for by a trusted time-stamping authority
policy-boundary = Authority boundary
policy-boundary-shown = Shown if there is one
    .about = It is judged and shown, and none is needed.
policy-boundary-required = Required
    .about = An envelope without a boundary that holds is marked with a warning. No level depends on it.
policy-tolerance = Clocks may differ by
    .about = A signature that is dated earlier than this before its run does not count.
policy-tolerance-none = Not at all
policy-tolerance-minute = 1 minute
policy-tolerance-default = 5 minutes (default)
policy-tolerance-hour = 1 hour
policy-tolerance-seconds = { $seconds } seconds

# What attested keys must be.
attested-title = What attested keys must be
    .about = L6 holds only if the signatures that L4 needs are by keys whose attestations say so. What an attestation does not state is not enough. A role that no claim signs is the word of the file: against someone who writes signature files, rules of single roles hold only if name, role and time must be signed by the key.
attested-of-all = Keys of every role
    .about = Nothing ticked means nothing required; of several ticked values, one is enough.
attested-of-role = Keys of the role { $role }
    .about = What is left open here is as for every role; what is set here stands in its place.
attested-nothing = Nothing is required
attested-as-all = As for every role
attested-model = Device
attested-firmware = Firmware at least
    .about = Such as 5.7; empty: any.
    .wrong = Write up to three numbers below 256 with points between, such as 5.7.
    .value = firmware { $firmware } or later
attested-pin = PIN policy
    .value = PIN { $values }
attested-pin-once = once
attested-pin-always = always
attested-pin-match-once = once, or a fingerprint
attested-pin-match-always = always, or a fingerprint
attested-touch = Touch policy
    .value = touch { $values }
attested-touch-always = always
attested-touch-cached = cached for 15 seconds
attested-form = Form factor
attested-form-a-keychain = USB-A keychain
attested-form-a-nano = USB-A nano
attested-form-c-keychain = USB-C keychain
attested-form-c-nano = USB-C nano
attested-form-lightning = USB-C and Lightning
attested-form-a-fingerprint = USB-A with fingerprint sensor
attested-form-c-fingerprint = USB-C with fingerprint sensor
attested-device = Also
attested-fips = certified by FIPS
    .about = A YubiKey of the FIPS series.
attested-generated = generated on the device
    .about = An imported key has no attestation.
attested-no-advisory = no known advisory
    .about = Firmware and kind of key are not those of an advisory, such as ROCA or EUCLEAK.

# Files and folders that decide what counts.
path-keyring = Keyring
    .about = Whose keys count, and in which roles.
    .unset = The station’s own keyring
path-roots = Folder of attestation roots
    .about = Certificates in PEM format.
    .unset = The station’s own folder
path-log = Transparency log
    .about = Where runs are registered. Required for L3.
path-ledger = Authority ledger
    .about = Who may decide what. Required for L7.
path-next-to-runs = Found next to the runs

# Trusted roots.
roots-attestations-none = No roots yet: no attestation is trusted, and a hardware key counts on the keyring's word at most.
roots-attestations-add = Add attestation roots
    .open = Add attestation roots…
roots-attestations-remove = Remove an attestation root
roots-attestations-power = Whoever holds the key of a root can vouch for any device
roots-attestations-lost = What it vouched for is no longer attested
    .means = Signatures whose attestation leads to this root count as the keyring says.
roots-time-stamps-none = No roots yet: no time-stamping authority is trusted, and a signature has the time that its key or its file says.
roots-time-stamps-add = Add time-stamping roots
    .open = Add time-stamping roots…
roots-time-stamps-remove = Remove a time-stamping root
roots-time-stamps-power = Whoever holds the key of a root can vouch for any time
roots-time-stamps-lost = The times it vouched for are no longer trusted
    .means = Signatures with time stamps that lead to this root have the time that they say themselves.
roots-names-none = No roots yet: the names in certificates are their own word.
roots-names-add = Add roots for names
    .open = Add roots for names…
roots-names-remove = Remove a root for names
roots-names-power = Whoever holds the key of a root can vouch for any name
roots-names-lost = The names it vouched for are no longer proven
    .means = Names in certificates that lead to this root are then the certificates' own word. No level changes.
lists-title = Revocation lists
lists-about = What an authority has revoked, from its own files. A list counts only if that authority's key signed it.
lists-none = No lists yet: revocation is not checked.
lists-add = Add a revocation list…
lists-added = Revocation list added.
lists-removed = Revocation list removed.
lists-remove-one = Remove the revocation list of { $issuer }
lists-ended = Out of date
lists-dates = Made { $made }, next due { $next }, { $count ->
        [one] 1 certificate
       *[other] { $count } certificates
    } revoked
    .open = Made { $made }, next one not announced, { $count ->
        [one] 1 certificate
       *[other] { $count } certificates
    } revoked
lists-not-used = Not used: it { $why }.
lists-unsigned = Signed by none of these roots. It counts if its authority comes with a certificate.
roots-in = In { $folder }
roots-effect-missing = Shown when a certificate is ticked.
roots-add-ticked = Add ticked certificates
roots-add-count = { $count ->
    [one] Add { $count } certificate
   *[other] Add { $count } certificates
}
roots-added = { $count ->
    [one] { $count } certificate added.
   *[other] { $count } certificates added.
}
roots-compare = Compare its SHA-256 with one that reached you another way than this file, then tick what you trust.
roots-empty-file = This file contains no certificates.
roots-already = Already in the folder.
roots-none-ticked = Tick the certificates that you have compared.
roots-remove-act = Remove root
roots-remove-one = Remove { $subject }
roots-removed = The certificate is removed.
roots-can-return = It can be added again.

# Trusting the attestation key of a TPM.
endorse = Trust the attestation key of a TPM
    .open = Trust a TPM's attestation key…
    .act = Ask the TPM
endorse-about = The TPM proves that it holds an endorsement key which its maker certified, and the attestation key beside it. Then the attestation key is trusted. The certificate must lead to a root above: that of the TPM's maker. tpm2-tools must be installed. Nobody else can check this afterwards.
endorse-key = Endorsement key
    .hint = A context file, or a handle such as 0x81010001.
    .missing = Choose the context file of the endorsement key, or type its handle.
endorse-certificate = Certificate of the endorsement key
    .hint = A file in PEM or DER.
    .missing = Choose the certificate of the endorsement key.
endorse-attestation-key = Attestation key
    .missing = Choose the context file of the attestation key, or type its handle.
endorse-hierarchy-authorisation = Authorisation of the endorsement hierarchy
endorse-authorisation = Authorisation of the attestation key
endorse-authorisation-hint = A file with it; empty if there is none.
endorse-done = Trusted now
endorse-fingerprint = SHA-256 of the public area of the attestation key
certificate-known = known: { $name }
certificate-expired = expired
certificate-valid = { $from } to { $until }
    .in = { $from } to { $until }, in { $file }
certificate-no-expiry = no expiry
    .in = no expiry, in { $file }
certificate-of-tpm = The key of one TPM: trusted for what that TPM certifies.
certificate-intermediate = An intermediate: helps to build chains; not trusted by itself.

# Signers.
signers-none = No signer yet. A key that is created under Keys is added here by itself; a key file or an external command is added by hand.
signers-of = of { $signer }
signers-key-file = Key file { $path }
signers-token-key = Token key { $uri }
signers-agent-key = Key in the SSH agent { $agent }
signers-command = External command { $command }
signers-unprobed = It has not passed its probe and cannot sign.
signers-edit = Edit…
signers-edit-one = Edit { $name }
signers-remove = Remove…
signers-remove-one = Remove { $name }
signers-add = Add signer…
signer-saved = The signer { $name } is saved.
signer-removed = The signer { $name } is removed.
signer-remove = Remove the signer { $name }
    .act = Remove signer
signer-remove-means = This station can no longer sign with it
    .rest = Its key file or command stays where it is, and the keyring and earlier signatures are unchanged.
signer-one = Signer { $name }
signer-new = Add a signer
signer-save = Save signer
signer-add = Add signer
signer-name = Name
    .hint = For this station, for example kms-sign.
    .missing = Enter a name for the signer.
    .taken = Another signer has this name.
signer-who = Who signs
    .missing = Enter who signs.
signer-where = Where the key is
signer-key-file = Key file
    .about = Asks for its passphrase.
    .missing = Choose the key file.
signer-external = External command
    .about = Prints the signature.
signer-token = Key on a token
    .about = Asks for its PIN.
signer-agent = Key in an SSH agent
    .about = Asks for nothing here.
signer-agent-socket = Socket of the agent
    .hint = If empty, the agent of this session (SSH_AUTH_SOCK).
signer-agent-key = Key
    .missing = Choose a key.
    .unfit = A key of this kind signs nothing here.
    .absent = The key that was chosen before; it is not in the agent now
signer-agent-look = Look again
signer-agent-software = An agent says nothing of what holds a key: it counts as software. For a key on a token use the token itself.
signer-uri = Key
    .hint = Its URI (RFC 7512), copied from Devices. To sign without a person, add &pin-source=file:/… with the file that has the PIN (mode 0600).
    .wrong = Copy it from Devices. It begins with pkcs11: and names the module.
signer-algorithm = Algorithm
signer-holder = What holds the key
signer-holder-token = What its token says
signer-holder-hardware = Hardware
signer-holder-software = Software
signer-holder-external = External
signer-claimed = This is your claim
    .means = It is written instead of what the token says. At L6 it counts as claimed, and the journal records it.
signer-not-needed = A key that Devices shows needs no signer here. Add one for a key that its token shows only with the PIN, or for a shared key.
signer-command = Command
    .hint = Run without a shell. The path of a file with the SHA-256 is added as the last argument.
    .missing = Enter the command.
signer-timeout = Timeout in seconds
    .wrong = Enter a whole number from 1 to 600; 30 is usual.
signer-public-key = Public key
    .hint = A file, or the key itself as PEM or base64.
    .missing = Enter the public key: signatures are checked against it.
signer-more = More options
signer-public-key-command = Command that prints the public key
    .hint = Used instead of the key above. Run by each probe.
signer-directory = Working directory
    .hint = If empty, a private directory that is removed afterwards.
signer-environment = Environment
    .hint = Names of variables that it sees in addition to PATH, HOME, USER, LANG and TMPDIR. Values are not stored.
    .wrong = Names only: values are not stored.
signer-evidence = Command that prints evidence
    .hint = Run after each signature with the same file; prints a key attestation as JSON.
signer-probe = Probe
    .about = Signs a random digest twice and verifies it. A signer that has not passed its probe cannot sign.
signer-probe-passed = The probe passed
signer-probe-earlier = It passed an earlier probe
signer-probe-stale = Changed since the last probe
    .means = It cannot sign until it passes.
signer-probe-not-passed = The probe did not pass
signer-probe-first = Probe it first
    .means = The probe asks for the public key, which signatures are checked against.
probe-parts = What the probe found
probe-part-program = Program
probe-part-environment = Environment
probe-part-public-key = Public key
probe-part-signature = Signature
probe-part-evidence = Evidence
probe-state-works = Works
probe-state-absent = Not there
probe-state-failed = Failed
probe-state-contradicts = Contradicts
probe-state-not-checked = Not checked
probe-variables = Variables
probe-variable-set = set
probe-variable-not-set = not set
template-environment = Environment that is passed on
template-environment-more = More variables to pass on
template-environment-secrets = Names only. These would be used, and hold secrets: { $names }.
template-environment-values = Names only: values are not stored.
template-evidence-yes = Ask for it
template-evidence-no = Leave it out
algorithm-ecdsa-p256 = ECDSA on P-256 with SHA-256
algorithm-ecdsa-p384 = ECDSA on P-384 with SHA-384
algorithm-rsa-pkcs1 = RSA PKCS #1 v1.5 with SHA-256
algorithm-rsa-pss = RSA-PSS with SHA-256
algorithm-ml-dsa-65 = ML-DSA-65, for companions of signatures
algorithm-hmac = HMAC with SHA-256, by a shared key

# PKCS#11 modules.
modules-about = HSMs, smart cards and TPMs sign through modules. Each is other people's code and runs in a process of its own; only those that are chosen here are loaded.
modules-used = Modules in use
modules-found = Modules found on this machine
    .unused = found, not in use
modules-loading = Loading…
modules-no-token = No token is present.
modules-tokens = { $count ->
    [one] { $count } token: { $names }
   *[other] { $count } tokens: { $names }
}
modules-changed = The file has changed since you trusted it, so its statements about hardware do not count.
modules-trust = Trust its statements about hardware until the file changes
modules-options = Start options
modules-variables = Environment variables
    .hint = Names only, separated by spaces. Values are never stored.
modules-init = Initialisation text
    .hint = For modules that need one, for example NSS.
modules-remove = Remove
modules-remove-one = Remove { $file }
modules-use = Use
modules-use-one = Use { $file }
modules-another = Another module
    .hint = Its file; the name usually ends in .so.
modules-add = Add module
