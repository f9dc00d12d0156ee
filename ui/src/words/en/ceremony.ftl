# Signing and refusing: the act over one or more envelopes.

ceremony-act = { $verb ->
    [refuse] { $role ->
        [none] Refuse { $what }
       *[other] Refuse { $what } as { $role }
    }
    [sign] { $role ->
        [none] Sign { $what }
       *[other] Sign { $what } as { $role }
    }
   *[co-sign] { $role ->
        [none] Co-sign { $what }
       *[other] Co-sign { $what } as { $role }
    }
}
ceremony-act-begun = Sign
# A decision in quotes, because its name could be mistaken for words of the program.
ceremony-quoted = “{ $name }”
# What is signed, as an object: "Sign 12 envelopes".
ceremony-envelopes = { $count ->
    [one] { $count } envelope
   *[other] { $count } envelopes
}

ceremony-back = Back
ceremony-back-to-list = Back to the list
ceremony-try-again = Try again
ceremony-go-on = Go on with the { $count } left
ceremony-refuse = Refuse…
ceremony-have-read = I have read this
ceremony-have-read-list = I have read the list
ceremony-sign-anyway = Sign although it changes nothing
ceremony-use-last-attempt = Use the last attempt
ceremony-skip = Skip to “{ $button }”

ceremony-steps = Steps
ceremony-step-read = Read
ceremony-step-key = Key
ceremony-step-secret = Secret
ceremony-step-sign = Sign
ceremony-step-done = Done
# Follows the name of a step, for screen readers.
ceremony-step-refused = , refused here
ceremony-step-passed = , done

ceremony-said-step = Step { $step } of { $of }, { $name }: { $heading }.
ceremony-said-done = Done. { $signed } { $heading }.
ceremony-said-touch = { $which ->
    [only] Touch your YubiKey now
    [first] Touch { $touch } of { $of }: touch your YubiKey now
   *[later] Touch { $touch } of { $of }: touch your YubiKey again
}{ $part ->
    [run] , for the sealed run
    [manifest] , for the manifest
    [claim] , for the claim
   *[none] { "" }
}.
ceremony-signed-by = { $refuses ->
    [yes] { $signer } refused as { $role }.
   *[no] { $signer } signed as { $role }.
}

ceremony-heading-unread = Nothing could be read
ceremony-heading-not-refused = Not refused
ceremony-heading-not-signed = Not signed
ceremony-heading-reading = { $count ->
    [one] Reading { $count } envelope
   *[other] Reading { $count } envelopes
}
ceremony-heading-reading-files = Reading the files
ceremony-heading-read = Read what you sign
ceremony-heading-choose = Choose key, name and role
ceremony-heading-refuse = Say why, and choose key and role
ceremony-heading-secret = The { $secret } of { $key }
ceremony-heading-touch = Touch your YubiKey now
ceremony-heading-touch-again = Touch your YubiKey again
ceremony-heading-not-touched = Not touched in time
ceremony-heading-cancelling = Cancelling
ceremony-heading-signing-all = { $count ->
    [one] Signing { $count } envelope
   *[other] Signing { $count } envelopes
}
ceremony-heading-signing = Signing
ceremony-heading-verifying = Verifying
ceremony-heading-writing = Writing
ceremony-heading-written = Written. { $level }
ceremony-heading-nothing-signed = Nothing is signed
ceremony-heading-ended = { $written ->
    [one] { $written } envelope signed
   *[other] { $written } envelopes signed
}{ $missing ->
    [0] { "" }
   *[other] , { $missing } not
}

ceremony-what-you-sign = What you sign
ceremony-effect = Effect:
ceremony-level-now = now { $level }

# What envelopes ask for; stands in sentences.
ceremony-asked = { $threshold ->
    [one] { $threshold } signature
   *[other] { $threshold } signatures
}{ $roles ->
    [none] { "" }
   *[other] , including { $roles }
}
ceremony-companion = Companion
    .none = None
    .hint = A second signature by you, which also holds if elliptic curves are broken
    .key = { $key } of { $owner }, ML-DSA-65
    .means = { $key } of { $owner } signs what you sign. It has no role, and adds no signature that counts.
    .passphrase = Passphrase of { $key }
ceremony-terms = Terms
ceremony-required = Required: { $asked }.
ceremony-terms-of = { $count ->
    [one] { $count } envelope asks for { $asked }.
   *[other] { $count } envelopes ask for { $asked }.
}
ceremony-terms-yours = Your signature starts the envelope and can require more.
ceremony-terms-policy = Started by this signature, with the terms of the policy.
ceremony-terms-fixed = Fixed by earlier signatures.
ceremony-terms-second = The first co-signature can require more.

ceremony-left-out-why = { $count }: each says why.
ceremony-left-out-count = { $count } left out
ceremony-ready-and-left-out = { $ready } to sign, { $count } left out

ceremony-signed-already = Signed already
ceremony-signed-by-no-one = by no one
ceremony-signatures = { $count ->
    [one] { $count } signature
   *[other] { $count } signatures
}
ceremony-canonical-digest = What is signed: SHA-256 of its canonical bytes, { $size }

ceremony-part-digest = { $part }, SHA-256 of the canonical bytes

ceremony-claim = Your claim
    .about = signed by your key with the files
    .covers = Your key also signs your name, role, time and kind of key, so that nobody can change them afterwards, and what you see now:
ceremony-claim-terms = { $threshold ->
    [one] { $threshold } signature
   *[other] { $threshold } signatures
}{ $roles ->
    [none] { "" }
   *[other] , among them { $roles }
}
ceremony-claim-signatures = Other signatures
ceremony-claim-refusals = Refusals
ceremony-claim-log = Transparency log
ceremony-claim-ledger = Authority ledger
ceremony-claim-entries = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
ceremony-claim-no-entries = none
ceremony-claim-commitments = Input commitments
ceremony-claim-commitments-same = as in the run
ceremony-claim-commitments-none = none in the run

ceremony-reason = Reason
    .hint = Everybody who has the envelope can read it. L4 does not hold while your refusal stands, and your own signatures on this run no longer count. Only you can lift it: sign the run.
    .long = At most 2 000 characters; it has { $count }.
ceremony-name = Name
    .from-keyring = from the keyring
    .signing-unknown = This key is not in the keyring. Where only keyring keys count, this signature will not count.
    .refusing-unknown = This key is not in the keyring. Where only keyring keys count, this refusal blocks nothing.
    .missing = A signature names who signs.
ceremony-role = Role
ceremony-terms-first = This signature starts the envelope and sets its terms. Later signatures can only make them stricter.
ceremony-threshold = Signatures
    .hint = How many people must sign, each with their own key.
    .wrong = Enter a whole number, for example 2.
ceremony-more-roles = Further required roles
    .always = Always required: { $roles }.
    .never = No role is always required.
ceremony-choose-key = Choose a key to see its roles.
ceremony-no-usable-key = No key can sign this envelope; each key says why.

ceremony-key = Key
ceremony-key-go = Go to Keys
ceremony-key-otherwise = Or create a software key under Keys, then sign again. Nothing is lost.
ceremony-key-look-again = Look again
ceremony-key-insert = { $tokens ->
    [yes] Insert your YubiKey, PIV card or token; it appears here.
   *[no] Insert your YubiKey or PIV card; it appears here.
}
ceremony-key-insert-virtual = Insert the virtual YubiKey
ceremony-key-none-plugged-in = No YubiKey or PIV card is plugged in.
ceremony-key-plugged-in = Plugged in: { $devices }.
ceremony-key-virtual = virtual
ceremony-key-pin = PIN:
ceremony-key-of-profile = { $asks ->
    [nothing] { $kind } of { $owner }, { $about }, asks for nothing
    [passphrase] { $kind } of { $owner }, { $about }, asks for its passphrase
   *[PIN] { $kind } of { $owner }, { $about }, asks for its PIN
}
# A key outside the keyring has no owner yet.
ceremony-key-on-device = { $known ->
    [yes] { $kind } { $key } of { $owner }, { $asks }
   *[no] { $kind }, { $asks }
}{ $touches ->
    [yes] {" "}(for each file and for the claim)
   *[no] { "" }
}

ceremony-secret-pin = PIN
ceremony-secret-passphrase = passphrase
ceremony-type-secret = { $secret ->
    [passphrase] Enter the passphrase…
   *[PIN] Enter the PIN…
}
ceremony-secret-type = Type the { $secret }.
ceremony-secret-last = 1 attempt left
    .means = A wrong { $secret } now locks the key. Type it twice; it is used only if both entries are the same.
    .differ = The two entries differ. Nothing was sent; 1 attempt is left.
ceremony-secret-again = { $secret } again
ceremony-secret-rule = { $rule }.
ceremony-secret-use = Used once, for { $use }. It is not stored.
# What a secret is used for.
ceremony-secret-use-one = this signature
ceremony-secret-use-several = { $count ->
    [one] { $count } envelope, one after another
   *[other] { $count } envelopes, one after another
}

ceremony-seconds-left = { $seconds } s left
ceremony-touch-which = Touch { $touch } of { $of }{ $part ->
    [run] {" "}(sealed run)
    [manifest] {" "}(manifest)
    [claim] {" "}(claim)
   *[none] { "" }
}
ceremony-touch-blinks = It blinks until you touch it.
ceremony-touch-virtual = Touch the virtual YubiKey
ceremony-touch-missed = You can try again without typing the PIN again.

ceremony-working-signs = { $key } signs.
ceremony-working-verifies = Verifying the signatures before anything is written.
ceremony-working-writes = Writing the signatures next to the files.
ceremony-turn = { $did } { $done } of { $of }
ceremony-turn-read = Read
ceremony-turn-signed = Signed

ceremony-warnings = { $count ->
    [one] warning
   *[other] warnings
}

ceremony-results = Results
ceremony-outcome-written = Written
ceremony-outcome-left-out = Left out
ceremony-outcome-failed = Failed
ceremony-outcome-not-reached = Not reached
ceremony-not-reached = { $count ->
    [one] { $count } envelope not reached
   *[other] { $count } envelopes not reached
}
    .means = { $count ->
        [one] It is unchanged. Signatures that are already written stay.
       *[other] They are unchanged. Signatures that are already written stay.
    }

ceremony-done-now = now
ceremony-done-unchanged = unchanged
ceremony-done-signed = Who signed
ceremony-done-refused = Who refused
ceremony-done-who = { $signer } as { $role }
ceremony-done-holder = What holds the key
ceremony-done-when = When it was signed
    .untrusted = A time-stamping authority can vouch for it: ask for a time stamp in the envelope.
ceremony-done-missing = What the next level needs
ceremony-done-files = Files written
