## CarryError

carry-nothing = nichts Genanntes kann exportiert werden: Es ist kein versiegelter Lauf da; nichts wurde geschrieben
carry-clash = zwei verschiedene Dateien „{ $text }“ sind unter dem Genannten
    .hint = exportieren Sie sie getrennt
carry-name = der Name „{ $name }“ { $why }
    .hint = geben Sie der Datei oder dem Ordner einen anderen
carry-faults = { $path }: nicht, wie seine Liste sagt: { $faults }; nichts wurde importiert
    .hint = holen Sie es neu
carry-other-digest = { $path }: sein Digest ist { $found }, nicht { $expected } wie erwartet; nichts wurde importiert
    .hint = fragen Sie noch einmal den Absender
carry-no-run = { $path }: kein versiegelter Lauf ist darin; nichts wurde importiert
carry-rewritten = { $rewritten }; nichts wurde importiert
carry-log = { $text }; nichts wurde importiert
carry-log-unknown = { $why }; nichts wurde importiert
carry-temporary = ein temporärer Ordner kann nicht angelegt werden ({ $cause }); nichts wurde importiert
    .hint = schaffen Sie Platz auf dem Datenträger
carry-journal = { $cause }; nichts wurde übergeben, da es nicht ins Journal konnte

## MergeError

merge-no-run = { $path }: in diesem Verzeichnis ist kein versiegelter Lauf; nichts wurde zusammengeführt
    .hint = nennen Sie das mit den Läufen
merge-not-an-artifact = { $path }: { $error }; nichts wurde zusammengeführt
    .hint = stellen Sie die Datei wieder her
merge-existing = { $path }: { $error }; nichts wurde zusammengeführt
    .hint = { $markers ->
        [yes] { $remedy }
       *[no] legen Sie die Datei beiseite, wenn sie nicht gebraucht wird
    }
merge-refusals = { $path }: den Verweigerungen kann nichts hinzugefügt werden: { $error }; nichts wurde geändert
    .hint = stellen Sie die Datei aus einer Kopie wieder her, oder legen Sie sie beiseite
merge-conflict-markers = { $path }: Konfliktmarken von git stehen darin; nichts wurde zusammengeführt
    .hint = nehmen Sie eine Seite mit `git checkout --ours`, schreiben Sie die andere mit `git show MERGE_HEAD:FILE` in eine eigene Datei, und führen Sie diese zusammen
merge-journal = { $cause }; nichts wurde zusammengeführt, da es nicht ins Journal konnte

## PackError

pack-not-a-run = { $path }: heißt nicht wie ein versiegelter Lauf (RUN-….json)
    .hint = nennen Sie den Lauf selbst
pack-unreadable = { $path }: { $why }; nichts wurde gepackt, denn eine unlesbare Datei zeigt nichts
pack-unfit = die Datei „{ $text }“ passt nicht in das Paket; nichts wurde gepackt
pack-report = der Bericht kann nicht erzeugt werden ({ $text }); nichts wurde gepackt
pack-not-a-pack = { $path }: es hat { $count } versiegelte Läufe, und ein Paket hat einen, ganz oben
    .hint = wenn es ein Export ist, importieren Sie es stattdessen
pack-journal = { $cause }; nichts wurde gepackt, da es nicht ins Journal konnte

## ReviewError

review-unpack = { $path }: nicht zu entpacken ({ $source })
    .hint = schaffen Sie Platz im temporären Verzeichnis, und versuchen Sie es noch einmal
review-not-reviewing = nichts wird geprüft
    .hint = beginnen Sie zuerst eine Prüfung
review-no-keyring = es gibt keinen solchen Schlüsselbund
    .hint = wählen Sie die Datei eines Schlüsselbunds
review-no-digest = das ist kein SHA-256-Digest
    .hint = fügen Sie seine 64 Hex-Ziffern ein, beliebig gruppiert
review-nothing-to-compare = es gibt keinen Digest zu vergleichen, solange am Paket etwas nicht stimmt
    .hint = verlassen Sie sich nicht auf dieses Paket
