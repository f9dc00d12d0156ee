# What leaves this station and comes in: exports, imports and packs.

carry-more = And { $count } more.
carry-in-file = In the file
carry-left-out = { $count ->
    [one] { $count } file left out
   *[other] { $count } files left out
}
carry-print = Print the report…

hand-over = Hand over
    .about = This is about { $what }. To hand over others, select them in the queue.
    .nothing = Nothing is selected. Select envelopes in the queue to hand them over.
hand-over-selected = { $count ->
    [one] { $count } selected envelope
   *[other] { $count } selected envelopes
}
hand-over-station = To another station
    .about = One file with the envelopes, their signatures and the logs. Its digest is told separately, so that the other station takes in exactly this.
hand-over-auditor = To an auditor
    .about = All evidence for one envelope, with a printable report and a script that checks it without this program.
    .one = { $name ->
        [none] A pack is of one envelope: it is made of the one that is read.
       *[other] A pack is of one envelope: it is made of the one that is read, { $name }.
    }
hand-over-authority = To a time-stamping authority
    .about = Requests that a machine with a network sends. The authority sees digests only.
hand-over-file = From a file
    .about = What comes in is verified first, and nothing that is here is lost. You can also drop it onto this window.
    .reviewing = Nothing can be taken in during a review.
hand-over-import = Import an export…
hand-over-merge = { $count ->
    [0] Merge copies…
    [one] Merge { $count } conflict copy…
   *[other] Merge { $count } conflict copies…
}
hand-over-times = Import time stamps…
hand-over-review = Review without changing…

carry-export = { $count ->
    [one] Export { $count } envelope
   *[other] Export { $count } envelopes
}
    .about = { $count ->
        [one] The envelope goes into one file, together with its manifests, signatures and logs, for another station to import. Nothing in this directory changes.
       *[other] The envelopes go into one file, together with their manifests, signatures and logs, for another station to import. Nothing in this directory changes.
    }
carry-export-act = Export
carry-export-missing = Choose where to write the file.
carry-export-file = A new file. An existing file is never overwritten.
carry-export-working = Reading, checking and writing
carry-export-done = { $count ->
    [one] { $count } envelope in one file
   *[other] { $count } envelopes in one file
}
    .next = Take the file to the other station and tell the digest another way, for example by telephone or by scanning this code. Then both sides know that the file is the same.
carry-export-digest = Digest of the export

carry-import = Import into { $name }
    .about = An export from another station contains envelopes, signatures and logs. They are added to this directory, and nothing is removed from it. You see the digest and the contents before anything is written.
carry-import-choose = Choose a file…
    .other = Choose another file…
carry-import-checking = Checking every file in it
carry-import-working = Importing
carry-import-modified = This export was modified after it was made. It cannot be imported
    .hint = Ask the sender for it again.
carry-import-fault = { $kind ->
    [missing] { $file } is missing
    [extra] { $file } is not listed
    [altered] { $file } was altered
   *[line_ends] { $file } has different line endings
}
carry-import-empty = It contains no envelope
    .hint = Choose another file.
carry-import-compare = Compare the digest with the sender's before you import
    .hint = Nothing has been written yet. If both digests are the same, this is what the sender exported.
carry-import-digest = Digest of the import
carry-import-act = { $count ->
    [one] The digest is the same: import { $count } envelope
   *[other] The digest is the same: import { $count } envelopes
}
carry-import-done = { $what } imported
carry-import-nothing = Nothing new to import
carry-import-here = { $count ->
    [one] { $count } envelope was here already.
   *[other] { $count } envelopes were here already.
}
carry-import-known = Everything was already here.
carry-import-complete = The import is complete.
carry-import-left-out = Left out: { $what }. Everything that was already here is unchanged.
carry-import-something = something
carry-import-log = { $new ->
    [yes] Log added: { $path }
   *[no] Log extended: { $path }
}
carry-import-not-taken = { $count ->
    [one] { $count } file belongs to no envelope and was not imported
   *[other] { $count } files belong to no envelope and were not imported
}
carry-import-envelopes = Imported envelopes

pack = Pack { $name }
    .about = Everything that someone without this station or this program needs to check this envelope: its files, the logs, the keyring entries of its signers, the OpenSSL commands, and a printable report.
pack-act = Pack
pack-as = As
pack-zip = A zip
    .short = Zip
    .about = One file to send.
    .hint = A new file; its name ends in .zip.
pack-folder = A folder
    .short = Folder
    .about = Files to read and check directly.
    .hint = A new folder; its name does not end in .zip.
pack-missing = Choose where to write the pack.
pack-working = Collecting, judging and writing
pack-done = Packed at { $level }
    .next = For the next level: { $missing }
    .complete = Nothing is missing: the highest level is reached.
pack-show = Show in folder
pack-review = Review it…
pack-digest = Digest of the pack
pack-copy-path = Copy the path of the pack
pack-report = Report
    .in-zip = { $file } in the zip: one printable page for any browser
    .copy = Copy the path of the report
    .about = One printable page for any browser
pack-files = { $count ->
    [one] { $count } file in it
   *[other] { $count } files in it
}
