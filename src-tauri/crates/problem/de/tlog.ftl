## NoteError

note-too-long = länger als { $limit } KiB
note-text = keine signierte Notiz: enthält Steuerzeichen oder ist kein UTF-8
note-unsigned = keine signierte Notiz: unter einer Leerzeile stehen keine Signaturen
note-signature-line = Zeile { $number } unter dem Text ist keine Signatur
note-signatures = mehr als { $number } Signaturen

## VerifierKeyError

verifier-key-form = kein Prüfschlüssel: Name, acht Hexziffern und Base64, mit Pluszeichen dazwischen
    .hint = kopieren Sie die ganze Zeile, vom Namen an
verifier-key-name = { $text } kann nicht der Name eines Schlüssels sein
    .hint = wählen Sie einen ohne Leer- und Pluszeichen, etwa example.org/log
verifier-key-kind = ein Schlüssel vom Typ { $number }, der hier nicht verwendet wird
    .hint = verwenden Sie einen Ed25519-Schlüssel: Typ 1 für ein Log, Typ 4 für einen Zeugen
verifier-key-id = die acht Ziffern gehören nicht zu diesem Namen und Schlüssel
    .hint = kopieren Sie die Zeile noch einmal; ein geänderter Name oder Schlüssel ist ein anderer Schlüssel

## CheckpointError

checkpoint-form = kein Checkpoint: ein Ursprung, eine Anzahl von Einträgen und eine Wurzel, jeweils auf einer Zeile
checkpoint-origin = ein Checkpoint von { $found } und nicht von { $expected }
checkpoint-unsigned = der Checkpoint ist nicht mit dem Schlüssel von { $origin } signiert
checkpoint-signature = eine Signatur im Namen von { $origin } gilt nicht

## PolicyError

policy-too-long = länger als { $limit } KiB
policy-line = Zeile { $line }: { $why }
policy-quorum = eine Policy hat genau eine Zeile, die mit quorum beginnt

policy-control = enthält Steuerzeichen
policy-statement = weder log noch witness, group oder quorum mit dem, was dazugehört
policy-threshold = { $text } ist weder any noch all noch eine Anzahl von Mitgliedern
policy-unknown = { $member } ist nicht der Name eines Zeugen oder einer Gruppe darüber
policy-grouped-twice = { $member } gehört schon zu einer Gruppe
policy-quorum-twice = ein zweites Quorum
policy-key-kind = ein Schlüssel von anderem Typ: Logs haben Typ 1, Zeugen Typ 4
policy-key-twice = derselbe Schlüssel ein zweites Mal
policy-name-twice = { $name } ist schon vergeben

## InclusionFileError

inclusion-file-form = kein Nachweis: die Zeilen von c2sp.org/tlog-proof@v1 über einem Checkpoint

## WitnessRequestError

witness-request-form = keine Anfrage an einen Zeugen: eine alte Größe, ein Beweis und unter einer Leerzeile ein Checkpoint
witness-request-old = beginnt bei { $old } Einträgen, und dieser Zeuge sah zuletzt { $seen }
    .hint = bitten Sie um eine Anfrage, die bei { $seen } beginnt
witness-request-shrunk = das Log hat { $size } Einträge, und dieser Zeuge sah { $seen }
    .hint = signieren Sie nicht; sagen Sie dem, der das Log führt, dass Einträge fehlen
witness-request-forked = das Log hat { $size } Einträge, so viele wie dieser Zeuge sah, aber andere
    .hint = signieren Sie nicht; bewahren Sie beide Checkpoints auf, sie beweisen, dass das Log gespalten wurde
witness-request-inconsistent = der Beweis führt nicht von den { $seen } Einträgen, die dieser Zeuge sah, zu { $size }
    .hint = signieren Sie nicht; bitten Sie um eine andere Anfrage, und sagen Sie dem Führer des Logs Bescheid, wenn es wieder geschieht
