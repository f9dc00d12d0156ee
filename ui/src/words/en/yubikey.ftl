# Setting up a YubiKey.

set-up = Set up a YubiKey…
    .none = No YubiKey with a readable serial is plugged in
set-up-title = Set up { $device }
set-up-step-key = Key
set-up-step-secrets = Secrets
set-up-step-overview = Overview
set-up-step-work = Set up
set-up-said = Step { $step } of { $of }, { $name }.

set-up-device = Which YubiKey
set-up-slot = Slot
set-up-slot-9c = 9c, for signatures
set-up-slot-9a = 9a, for authentication
set-up-slot-9d = 9d, for key management
set-up-slot-9e = 9e, for card authentication
set-up-slot-retired = { $slot }, retired key management
set-up-kind = Kind of key
set-up-pin-policy = The key asks for the PIN
set-up-pin-policy-always = for every signature
set-up-pin-policy-once = once a session
set-up-touch-policy = The key asks for a touch
set-up-touch-policy-always = for every signature
set-up-touch-policy-cached = unless touched in the last 15 seconds
set-up-touch-policy-never = never

set-up-validity = The certificate in the slot is valid for as long, from today if that is empty.
set-up-stated-no = Unless what the YubiKey attests proves it, the key is enrolled as software.

set-up-continue = Continue
set-up-back = Back

set-up-state = Is the { $secret } still the factory's?
    .factory = Yes, it was never changed
    .changed = No, it was changed
    .about = This firmware does not say. A wrong answer costs one attempt.
set-up-in-slot = Slot { $slot } is in use
    .about = It holds { $holds }.
set-up-in-slot-use = What do you want to do with it?
set-up-in-slot-finish = Continue with this key
    .about = It was generated on this YubiKey, as by a set-up that was interrupted.
set-up-in-slot-replace = Overwrite it
    .about = It is destroyed for good. What it signed before stays valid.
set-up-in-slot-type = Type { $slot } to overwrite what is in it
    .missing = Type { $slot }
set-up-no-touch = The key may sign without a touch
    .about = Whatever program has the PIN signs with it.
set-up-last = Use the last attempt of the { $secret }
    .about = A wrong one blocks it.

set-up-pin-new = New PIN
    .again = New PIN again
set-up-pin = PIN
    .costs = { $tries ->
        [one] 1 attempt is left.
       *[other] { $tries } attempts are left.
    } A wrong PIN costs one.
set-up-puk-new = New PUK
    .again = New PUK again
    .hint = It unblocks the PIN. Keep it apart from the PIN.
    .same = The PUK must differ from the PIN
set-up-management-key = Management key
    .hint = In hex digits; empty if it is the factory's, or an interrupted set-up left it on the card. It has no counter: a wrong one costs nothing.
set-up-secret-missing = Type the { $secret }
set-up-secrets-about = Nothing is sent to the YubiKey before you confirm the overview.

set-up-made = The key that will be there
set-up-stated-as = { $kind }, on your word
set-up-certificate-valid = Certificate valid
    .endless = from { $from }, without end
set-up-certificate-stays = stays as it is
set-up-changes = What will be done
set-up-keeps = What stays
set-up-warnings = Before you rely on it
set-up-destroyed = What is in slot { $slot } is destroyed
set-up-touch = Touch your YubiKey now
set-up-touches = The YubiKey is touched once, for the certificate.
set-up-act = Set up { $device }
set-up-destroys = Overwrite { $slot } and set up { $device }
set-up-stop = Stop
set-up-stop-about = Stops before the next change. What is done stays.
set-up-generating = Generating the key…
set-up-working = Working…
set-up-change-done = done

set-up-done = { $device } is set up
set-up-done-key = { $key } of { $owner }, { $kind }
set-up-done-look-alike = The name looks like that of { $other }
set-up-stopped = { $device } is not set up to the end
set-up-changed = What was done
set-up-change-pin = The PIN was set
set-up-change-puk = The PUK was set
set-up-change-management-key = The management key was replaced
set-up-change-key = The key was generated
set-up-change-certificate = The certificate was stored
set-up-again = Continue the set-up
set-up-attempts = { $pin ->
    [one] 1 attempt of the PIN is left.
   *[other] { $pin } attempts of the PIN are left.
}
