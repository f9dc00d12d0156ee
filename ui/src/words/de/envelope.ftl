# Ein geöffneter Umschlag: sein Urteil, Entscheidung, Manifest, Signaturen und Dateien.

envelope-part-run = Versiegelter Lauf
    .short = Lauf
envelope-part-manifest = Manifest
envelope-part-run-signatures = Signaturen des Laufs
envelope-part-manifest-signatures = Signaturen des Manifests
envelope-part-refusals = Verweigerungen

envelope-raw = Rohes JSON
    .of = Rohes JSON, { $part }
envelope-title-cut = { $total ->
    [one] Die ersten { $count } von { $total } Zeichen; alles steht unten im rohen JSON.
   *[other] Die ersten { $count } von { $total } Zeichen; alles steht unten im rohen JSON.
}

envelope-lines = { $size }, { $lines ->
    [one] { $lines } Zeile
   *[other] { $lines } Zeilen
}
envelope-files = { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
envelope-files-label = Dateien
envelope-file-digest = SHA-256 der Datei, wie sie auf dem Datenträger steht
envelope-no-file = Es gibt keine Datei zu zeigen.
