# Devices, tokens, their keys, and PIN and PUK.

devices = Devices
    .which = Which device
    .virtual = virtual
    .insert = Insert a YubiKey or PIV card
    .insert-hint = Its keys then appear here.
    .look-again = Look again

strip = Devices and signers
    .show = Show devices and signers
    .hide = Hide devices and signers
    .devices = Devices
    .signers = Signers
    .none-seen = No YubiKey or PIV card can be seen
    .insert = Insert a YubiKey or PIV card; it appears here
    .no-key = No key yet.
    .create = Create a software key or add a signer
    .reading = reading…
    .through-module = used through a module
strip-counts = { $devices ->
    [one] { $devices } device
   *[other] { $devices } devices
}, { $signers ->
    [one] { $signers } signer
   *[other] { $signers } signers
}
strip-device = { $reader }: { $problem }
strip-token = { $module }, slot { $slot }
strip-keys = { $count ->
    [one] { $count } key
   *[other] { $count } keys
}
strip-signer = { $kind } { $key } of { $signer }: { $about }

device-no-key = no key
device-slots = { $others ->
    [0] slot { $slot }
   *[other] slot { $slot } and { $others } more
}
device-came = { $serial ->
    [none] { $name } is plugged in.
   *[other] { $name }, serial { $serial }, is plugged in.
}
device-went = { $serial ->
    [none] { $name } was pulled out.
   *[other] { $name }, serial { $serial }, was pulled out.
}
device-pulled-out = { $device } was pulled out
    .hint = Plug it in again to continue.

device-reading = Reading…
device-not-used = This card is not used
    .hint = Only PIV cards, YubiKeys among them, are used directly. Other cards sign through a PKCS#11 module.
device-no-serial = The serial cannot be read, so PIN and PUK cannot be changed here.
device-standard = This card is used by the standard for PIV cards alone. PIN and PUK are changed with the software of its issuer, and nothing on the card proves what holds its keys.
device-keyless = This device has no keys. Set up a YubiKey under Keys, or generate a key with the tool of its maker. It then appears here.
    .card = No slot of this card has a certificate. Have one written with the software of its issuer. It then appears here.
device-virtual = virtual: simulated by software
device-warnings = Before you rely on it
device-keys = Keys

device-fact-serial = Serial
device-fact-identifier = Identifier
device-fact-firmware = Firmware
device-fact-reader = Reader
device-fact-policy = Policy
device-fact-origin = Origin
device-fact-certificate = Certificate
device-fact-keyring = Keyring
device-fact-maker = Maker
device-fact-slot = Slot
device-fact-module = Module
device-fact-held-by = Held by
device-fact-unknown = not known

device-policy-pin = PIN { $when }
device-policy-touch = touch { $when }
device-origin-generated = generated on the device
device-origin-imported = imported: copies may exist elsewhere
device-key-expired = expired { $day }
device-key-until = until { $day }
device-key-of = { $key } of { $owner }
device-key-unknown = not in the keyring
device-enrol = Enrol…
    .slot = Enrol the key of slot { $slot }
    .key = Enrol { $key }

token-named = Token { $name }
token-slot = { $kind ->
    [hardware] { $slot }, hardware, says its module
   *[software] { $slot }, software, says its module
}
token-unseen = Its keys cannot be seen
token-keyless = No key is visible without the PIN. Generate one with the tool of the token, then look again.
token-key-id = id { $id }
token-key-unnamed = a key without a name
token-key-with-pin = visible with the PIN
token-key-same = The same key as { $other }.
token-key-uri = Copy the URI of { $key }
token-origin-generated = generated
token-origin-exposed = generated, was not always kept in
token-origin-imported = imported

tries-left = { $tries ->
    [0] blocked
    [one] { $tries } attempt left
   *[other] { $tries } attempts left
}
    .unknown = attempts left not known

blocked-both = PIN and PUK are blocked
    .hint = Its keys cannot be used any more: only a reset of its PIV application makes the device usable again. A reset destroys every key and certificate on it, and you have to enrol a new key.
blocked-pin = The PIN is blocked
    .hint = { $tries ->
        [none] Keys that require it cannot sign until you set a new PIN with the PUK.
        [one] Keys that require it cannot sign until you set a new PIN with the PUK, which has { $tries } attempt left.
       *[other] Keys that require it cannot sign until you set a new PIN with the PUK, which has { $tries } attempts left.
    }
blocked-puk = The PUK is blocked
    .hint = The PIN still works. If it becomes blocked too, only a reset of its PIV application makes the device usable again. A reset destroys every key and certificate on it, and you have to enrol a new key.

pin-the-yubikey = the YubiKey
pin-change = Change { $secret }…
pin-unblock = Unblock PIN…
pin-fresh = New { $secret }
    .again = New { $secret } again
    .shape = 6 to 8 characters.
    .too-long = 6 to 8 characters; a letter outside a to z counts as two or more.
    .differs = The two entries differ.
pin-missing = Type the { $secret }.
pin-differs = The two entries differ. Nothing was sent; 1 attempt is left.
pin-costs = { $tries ->
    [one] { $secret }: { $tries } attempt left. A wrong { $secret } costs one attempt.
   *[other] { $secret }: { $tries } attempts left. A wrong { $secret } costs one attempt.
}
pin-last = { $secret ->
    [PUK] A wrong PUK now blocks it for good. If the PIN is blocked too, the keys are lost. Type it twice; it is used only if both entries are the same.
   *[PIN] A wrong PIN now blocks it. Type it twice; it is used only if both entries are the same.
}
    .use = Use the last attempt
pin-act-change-pin = Change PIN
    .title = Change the PIN of { $device }
    .current = Current PIN
    .current-again = Current PIN again
    .done = { $device } has a new PIN.
pin-act-change-puk = Change PUK
    .title = Change the PUK of { $device }
    .current = Current PUK
    .current-again = Current PUK again
    .done = { $device } has a new PUK.
pin-act-unblock = Unblock PIN
    .title = Unblock the PIN of { $device }
    .current = PUK
    .current-again = PUK again
    .done = { $device } has a new PIN and all its attempts.

demo-key = Virtual YubiKey (demo)
    .label = Virtual YubiKey of the demo
    .touch = Touch
    .pull = Pull out
    .insert = Insert
