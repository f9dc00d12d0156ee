# An envelope that is open: its verdict, decision, manifest, signatures and files.

envelope-part-run = Sealed run
    .short = Run
envelope-part-manifest = Manifest
envelope-part-run-signatures = Signatures of the run
envelope-part-manifest-signatures = Signatures of the manifest
envelope-part-refusals = Refusals

envelope-raw = Raw JSON
    .of = Raw JSON, { $part }
envelope-title-cut = { $total ->
    [one] Showing the first { $count } of { $total } character; all of it is in the raw JSON below.
   *[other] Showing the first { $count } of { $total } characters; all of it is in the raw JSON below.
}

envelope-lines = { $size }, { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}
envelope-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
envelope-files-label = Files
envelope-file-digest = SHA-256 of the file as it is on disk
envelope-no-file = There is no file to show.
