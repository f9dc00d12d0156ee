# The frame of the window: header, notices, sheets that belong to no view, help, and why an act cannot be done.

view-review = Review
view-queue = Queue
view-history = History
view-keys = Keys
view-hand-over = Hand over
view-settings = Settings
views = Views
# The tip on a view: its name, and its keys.
view-and-keys = { $view } ({ $keys })

frame-no-answer = The station does not answer
frame-reading = Reading
frame-covered = Close this sheet first: press Esc.
frame-divider = Width of the queue

header-demo = { $demo } Everything here is made up. The passphrase of its keys is { $passphrase }.
header-demo-name = Demo.
header-counts = { $count ->
    [one] { $count } envelope, { $pending }
   *[other] { $count } envelopes, { $pending }
}
header-pending = { $count } pending

directory = Directory
directory-open = Open another directory…
directory-review = Review without changing…
directory-merge = Merge copies…
directory-import = Import…
directory-import-times = Import time stamps…
directory-recent = Opened before

progress-searching = Searching
progress-comparing = Comparing with the disk
progress-judging = Judging
progress-so-far = { $doing }, { $done } so far
progress-stop = Stop
progress-stopped = Stopped: incomplete.
progress-go-on = Go on

weak-policy = Weaker policy

notice-directory-gone = The directory has disappeared
    .hint = You see what was last read. When the directory is back, for example on a stick that is plugged in again, it is compared and watched again.
notice-copies = { $count ->
    [one] { $count } conflict copy is here
   *[other] { $count } conflict copies are here
}
    .contain = { $count ->
        [one] It contains signatures that its envelope does not have.
       *[other] They contain signatures that their envelopes do not have.
    }
    .look = Look at them…

accept-log = { $kind ->
    [ledger] Accept the ledger as it is
   *[log] Accept the log as it is
}
    .open = { $kind ->
        [ledger] Accept the ledger as it is…
       *[log] Accept the log as it is…
    }
    .about = { $kind ->
        [ledger] An authority ledger only ever grows. In this one, entries are gone or were replaced. Accept it only if you know who did that and why.
       *[log] A transparency log only ever grows. In this one, entries are gone or were replaced. Accept it only if you know who did that and why.
    }
    .changed = { $kind ->
        [ledger] The ledger has changed while this sheet was open
       *[log] The log has changed while this sheet was open
    }
    .changed-hint = The missing entries are listed again below.
    .reading = Reading the missing entries
    .then = { $count ->
        [one] From then on this station relies on what is there now: { $count } entry. The journal keeps which entries are missing, that you accepted this, and your reason.
       *[other] From then on this station relies on what is there now: { $count } entries. The journal keeps which entries are missing, that you accepted this, and your reason.
    }
    .reason = Reason
    .reason-missing = Write a reason: the journal keeps it.
    .effect-missing = Shown when the log is read.
    .done = { $kind ->
        [ledger] The ledger is accepted as it is.
       *[log] The log is accepted as it is.
    }
accept-log-lost = { $count ->
    [one] { $count } entry of { $log } is gone:
   *[other] { $count } entries of { $log } are gone:
}
accept-log-more = { $count } more; the journal names all of them

drop-anything = Drop a directory, copies, an export, a pack, a disclosure or time stamps
drop-directory = Drop a directory to open it

dropped = What do you want to do with { $name }?
    .label = What to do
    .in-review = Nothing can be changed during a review.
    .no-directory = No directory is open.
dropped-open = Open it
    .about = Work in it instead of the directory that is open now.
    .button = Open
dropped-merge = { $open ->
    [yes] Merge it into { $directory }
   *[no] Merge it
}
    .about = Adds signatures that were made separately. No existing signature is lost.
    .button = { $open ->
        [yes] Merge into { $directory }…
       *[no] Merge…
    }
dropped-import = { $open ->
    [yes] Import it into { $directory }
   *[no] Import it
}
    .about = Adds envelopes, signatures and logs after you compare the digest.
    .button = { $open ->
        [yes] Import into { $directory }…
       *[no] Import…
    }
dropped-review = Review it read-only
    .about = Nothing in it is changed. You choose whose keys judge it.
    .button = Review

start = What do you want to do?
    .doors = Ways to begin
start-sign = I sign
    .about = Open the directory that your pipeline seals runs into. You see what each envelope proves, and what waits for the operator.
    .button = Open a directory…
start-witness = I witness
    .about = { $plugged ->
        [yes] Your key is plugged in. Then open the directory: what waits for you is listed first. You read it, enter your PIN and co-sign, or refuse.
       *[no] Plug in your YubiKey or PIV card. Then open the directory: what waits for you is listed first. You read it, enter your PIN and co-sign, or refuse.
    }
    .button = Open a directory to co-sign…
start-audit = I audit
    .about = Open a pack or directory that was sent to you. No file in it is changed. You see whether it is complete, who signed, and what is proven.
    .button = Review…
start-drop = Something dropped onto this window is opened too.
start-demo = Try the demo
start-help = Levels, marks and keys

demo-opens = The demo opens in a window of its own.

registered-as = Registered in the transparency log as { $entry }.
registered-without-head = The run is registered, but the head of the log could not be written.

text-size = Text size { $percent } %
    .normal = The text has its normal size.
    .limit = { $step ->
        [larger] Text cannot be larger than { $percent } %.
       *[smaller] Text cannot be smaller than { $percent } %.
    }

palette = What you can do
    .find = Find what you want to do
    .type = Type what you want to do
    .found = { $count ->
        [one] { $count } act
       *[other] { $count } acts
    }
    .none = Nothing is called that.

act-go-to = Go to: { $field }
why-not-now = It cannot be done now.
why-not-there = You are in the view “{ $view }” already.
why-not-no-review = Nothing is reviewed.
why-not-no-directory = No directory is open. Press Ctrl+O to open one.
why-not-no-answer = The station has not answered yet.
why-not-in-history = This works in the history. Press g and then h to go there.
why-not-in-queue = This works in the queue. Press g and then q to go there.
why-not-in-review = { $act ->
    [sign] You cannot sign during a review. Stop reviewing first.
    [refuse] You cannot refuse during a review. Stop reviewing first.
    [register] You cannot register during a review. Stop reviewing first.
    [enrol] You cannot enrol a key during a review. Stop reviewing first.
    [attach] You cannot attach evidence during a review. Stop reviewing first.
    [merge] You cannot merge during a review. Stop reviewing first.
    [import] You cannot import during a review. Stop reviewing first.
    [time] You cannot ask for a time stamp during a review. Stop reviewing first.
   *[time-import] You cannot import time stamps during a review. Stop reviewing first.
}
why-not-for-me = Nothing here is for you now.
why-not-only-for-me = This is the only envelope that is for you now.
why-not-narrowed = Everything is listed: there is no search and no filter.
why-not-last = This is the last envelope.
why-not-first = This is the first envelope.
why-not-unknown = The queue is still being read.
why-not-empty = The queue is empty: there is no sealed run here.
why-not-no-match = No envelope matches the search and filters.
why-not-no-envelope = No envelope is open. Choose one with j and k.
why-not-unread = The envelope is still being read.
why-not-gone = This envelope is no longer on disk.
why-not-enrolled = Every key that signed it is in the keyring.
why-not-unsigned = No one has signed it yet.
why-not-no-inputs = The run names no files that it was made from.
why-not-unreadable = This file cannot be read as a sealed run.

help = Help
    .tip = Help (?)
    .about = Levels, marks and keys
help-keyboard = Keyboard

about = About this program
about-reading = Reading the programs
about-version = Version
about-no-commit = commit not known: a build to try things out, or from sources without git
about-commit = commit { $commit }{ $changed ->
        [yes] , with changes
       *[no] {""}
    }
about-in-place = { $standing ->
        [same] runs now
        [replaced] runs now, but another file stands there: start it again
        [gone] runs now, but its file was removed
       *[beside] stands beside it
    }
about-copy = Copy the digest of { $name }
about-compare = A program that was replaced can say anything of itself. Have a digest read to you by somebody who has the same release, in groups of four or in words, or compare it with sha256sum.
about-check = Check a release…
about-signatures = Signatures of the release
about-unsigned = Nobody has signed it.
about-state = State
about-place = { $what ->
        [settings] Settings
        [keyring] Keyring
        [journal] Journal
        [memory] Memory of logs
       *[catalogue] Catalogue
    }
about-head = Head of the journal
    .none = no entry yet
    .holds = { $entries ->
        [one] one entry, and the chain holds; the last is
       *[other] { $entries } entries, and the chain holds; the last is
    }
    .copy = Copy the head of the journal
about-libraries = Libraries

help-levels = Levels
    .about = Each level includes the ones below it. The first level that does not hold shows what an envelope needs next.
help-assurances = From L6 on, the level also says how the kind of key is known: { $assurances }.
help-assurance = { $mark } ({ $means })

ladder-0 = Complete and unchanged
    .means = Every required field is present, and the content hash matches the content.
ladder-1 = Reproducible
    .means = The commit hash can be computed again from the recorded inputs.
ladder-2 = Signed
    .means = The run and its manifest each have a valid signature by an accepted key.
ladder-3 = Registered
    .means = The run is in the transparency log, and the whole chain of the log holds.
ladder-4 = Co-signed
    .means = Enough different people have signed, including an operator and a witness.
ladder-5 = Inputs committed
    .means = The Merkle roots over inputs, prompts, schemas and policies hold.
ladder-6 = Hardware key
    .means = A valid signature was made by a hardware key or an external signer.
ladder-7 = Authorised
    .means = The authority to decide is in the ledger and was in force when the run was made.
ladder-none = Not admissible
    .means = Not even L0 holds, or the file cannot be read.

help-marks = Marks
help-signatures = Signatures
    .about = In the queue the initial of the role is in the mark: O, R, W or A.
help-mark-software = Ring: software key
    .means = The key is a file, encrypted with a passphrase.
help-mark-hardware = Solid: hardware key
    .means = The key is on a device such as a YubiKey and does not leave it.
help-mark-external = Dotted: external signer
    .means = Another program or a service signs, for example a cloud KMS.
help-mark-missing = Dash: empty slot
    .means = A signature is still missing.
help-mark-pale = Pale: does not count
    .means = The key is not accepted here, or the signature cannot be checked here.
help-mark-crossed-out = Crossed out: invalid
    .means = The signature does not match the file.
help-struck = Struck through, in the history
    .means = The signature does not count; two strokes mean invalid.
help-bar = Bar, in the history
    .means = Several signatures that are close in time.
help-states = States
help-warning = Warning
    .means = The check holds, but you should read its details.
help-warnings = Number with !
    .means = So many warnings: open the envelope to read them.
help-times = Times of signatures
help-time-claimed = Dashed clock: claimed time
    .means = Whoever can write the file can change it.
help-time-signed = Clock: signed time
    .means = The key of the signature says so.
help-time-trusted = Seal: trusted time
    .means = A time-stamping authority vouches that the signature was there by then.
