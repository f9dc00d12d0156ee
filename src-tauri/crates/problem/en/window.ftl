## NoHome

no-home = there is no home directory to keep settings and journal in
    .hint = name a directory with --state DIR

## Refusal

refusal-fault = the program failed at this
    .hint = close the window and start it again; files are never left half-written
refusal-no-directory = no directory is open
    .hint = open one first
refusal-no-review = nothing is reviewed
    .hint = begin a review first
refusal-no-keyring = there is no such keyring
    .hint = choose a keyring's file
refusal-no-digest = this is not a SHA-256 digest
    .hint = paste its 64 hex digits, in any grouping
refusal-nothing-to-compare = there is no digest to compare while something is wrong with the pack
    .hint = do not rely on this pack
refusal-no-ceremony = no ceremony is under way
    .hint = begin one from an envelope, or select several and sign
refusal-gone = this envelope is no longer in the directory
    .hint = it was moved, renamed or removed; choose another
refusal-key-gone = this key is gone; nothing was added
    .hint = insert its token and look again
refusal-no-such-device = YubiKey { $serial } is not plugged in
    .hint = insert it, then begin again
refusal-last-try-for-enrolment = only 1 attempt of the PIN is left
    .hint = sign with the key first: a right PIN gives all attempts back
refusal-nothing-to-accept = this log is as it was seen: there is nothing to accept
refusal-not-a-time = "{ $text }" is not a time
    .hint = write it as 2026-01-31T08:00:00Z
refusal-no-place = no file is given
    .hint = choose a file
refusal-relative-place = { $path } does not begin at the root
    .hint = write the whole path, or choose a file
refusal-no-dialog = the system shows no dialog
    .hint = type the path instead
refusal-no-demo-key = there is no virtual YubiKey here
    .hint = start the demo with: npm start
refusal-no-virtual-yubikey = there is no virtual YubiKey: { $why }
    .hint = it needs pcscd and vsmartcard-vpcd (apt-get install pcscd vsmartcard-vpcd); then npm start
refusal-signers-changed = the signers were changed elsewhere meanwhile
    .hint = open the settings again, and repeat your change
refusal-settings-not-written = the settings cannot be written: { $why }
    .hint = check the disk and the permissions, then save again
refusal-settings-damaged = the settings are damaged ({ $why })
    .hint = the defaults are in force
refusal-settings-unreadable = the settings cannot be read ({ $why })
    .hint = the defaults are in force
refusal-settings-not-kept = the damaged settings cannot be kept aside ({ $why })
    .hint = copy them yourself before you change a setting
