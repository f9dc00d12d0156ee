# What a person can do by a key or from the palette, and further words by which the palette finds it.

do-next = Next envelope
    .also = down
do-previous = Previous envelope
    .also = up
do-next-for-me = Next envelope for me
    .also = pending needs a signature
do-open = Read the envelope
do-search = Search
    .also = find filter
do-show-all = Clear search and filters
    .also = show all envelopes
do-pick = Select the envelope, or deselect it
    .also = pick check mark
do-pick-next = Select down to the next
do-pick-previous = Select up to the previous
do-pick-all = Select everything that is listed
do-back = Go back, and select nothing
    .also = leave clear deselect

do-sign = Sign or co-sign it, or all that are selected
    .also = witness operator
do-refuse = Refuse to sign it, with a reason
    .also = reject decline withdraw
do-register = Register it in the transparency log
    .also = append entry
do-enrol = Enrol the key of a signature on it
    .also = trust unknown signer keyring
do-attach = Attach evidence to a signature on it
    .also = attestation proof
do-merge = Merge copies that were signed separately
    .also = conflict unite
do-export = Export it, or all that are selected
    .also = another station hand over
do-import = Import what another station exported
    .also = take in bring
do-pack = Pack it for an auditor, with a printable report
    .also = print zip hand over
do-print = Print its report
    .also = report paper
do-time = Ask for a time stamp for it, or for all selected
    .also = authority RFC 3161
do-time-import = Import time stamps
    .also = response tsr
do-review = Review a directory or pack, read-only
    .also = audit
do-stop-review = Stop reviewing
    .also = leave end audit

do-timeline = Show signatures as a timeline
    .also = lanes
do-table = Show signatures as a table
    .also = list
do-journal = Show the journal
    .also = what was done
do-closer = Zoom in
do-further = Zoom out
do-earlier = Move to earlier times
do-later = Move to later times
do-whole = Show all of the time

do-open-directory = Open a directory
    .also = folder choose
do-queue = { view-queue }
    .also = go envelopes
do-history = { view-history }
    .also = go signatures
do-keys = { view-keys }
    .also = go keyring enrol create revoke passphrase
do-hand-over = { view-hand-over }
    .also = go export import pack print another station auditor
do-settings = { view-settings }
    .also = go policy signers theme roots modules preferences
do-devices = Devices that are plugged in
    .also = go YubiKey PIN PUK unblock token
do-palette = Everything you can do here
    .also = palette commands
do-help = This help
    .also = levels marks keys

do-larger = Larger text
    .also = zoom in bigger
do-smaller = Smaller text
    .also = zoom out
do-normal-size = Normal text size
    .also = zoom reset 100 %

act-group-view = In this view
act-group-reading = Reading and selecting
act-group-envelopes = Acting on envelopes
act-group-history = History
act-group-going = Going to
act-group-text-size = Text size
act-group-sheet = In a sheet

sheet-key-main = Press its main button
sheet-key-next = Go on to the next field or button
sheet-key-close = Cancel, or close it

key-cap-ctrl = Ctrl
key-cap-shift = Shift
key-cap-enter = Enter
key-cap-space = Space
key-cap-tab = Tab
key-cap-escape = Esc
# Between two ways to do the same by keys.
keys-or = or
