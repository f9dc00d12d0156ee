## Refusal

refusal-fault = the program failed at this
    .hint = close the window and start it again; files are never left half-written
refusal-no-directory = no directory is open
    .hint = open one first
refusal-no-digest = this is not a SHA-256 digest
    .hint = paste its 64 hex digits, in any grouping
refusal-no-ceremony = no ceremony is under way
    .hint = begin one from an envelope, or select several and sign
refusal-key-gone = this key is gone; nothing was added
    .hint = insert its token and look again
refusal-no-such-device = YubiKey { $serial } is not plugged in
    .hint = insert it, then begin again
refusal-nothing-to-accept = this log is as it was seen: there is nothing to accept
refusal-not-a-time = "{ $text }" is not a time
    .hint = write it as 2026-01-31T08:00:00Z
refusal-no-dialog = the system shows no dialog
    .hint = type the path instead
refusal-no-demo = the demonstration does not open: { $why }
    .hint = free some space in the directory for temporary files, or run `countersign demo DIRECTORY`
refusal-no-demo-key = there is no virtual YubiKey here
    .hint = start the demo with: npm start
refusal-no-virtual-yubikey = there is no virtual YubiKey: { $why }
    .hint = it needs pcscd and vsmartcard-vpcd (apt-get install pcscd vsmartcard-vpcd); then npm start
