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
carry-chain-broken = { $place }: ist unterbrochen, { $broken }; stellen Sie es aus einer Kopie wieder her
carry-log = { $why }; nichts wurde importiert
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
pack-fault-other-head = ist nicht der Kopf des Protokolls in diesem Paket
pack-fault-no-signature = steht für keine Signatur in den Signaturdateien
pack-fault-other-signature = passt nicht zu den Signaturdateien
pack-fault-other-input = hat einen anderen Inhalt, als in den Lauf einging
pack-fault-no-input = ist keine der Dateien, aus denen der Lauf entstand
pack-contradicted = { $file }: hat unter { $directory } einen anderen Inhalt, als in den Lauf einging; nichts wurde gepackt, denn ein Paket enthält nichts, was seinem Lauf widerspricht
    .hint = das Verzeichnis mit den Dateien nennen, wie sie bei der Versiegelung waren, oder ohne sie packen

## ReviewError

review-unpack = { $path }: nicht zu entpacken ({ $source })
    .hint = schaffen Sie Platz im temporären Verzeichnis, und versuchen Sie es noch einmal
review-not-reviewing = nichts wird geprüft
    .hint = beginnen Sie zuerst eine Prüfung
review-no-keyring = es gibt keinen solchen Schlüsselbund
    .hint = wählen Sie die Datei eines Schlüsselbunds
review-no-digest = das ist kein SHA-256-Digest
    .hint = fügen Sie seine 64 Hexziffern ein, beliebig gruppiert
review-nothing-to-compare = es gibt keinen Digest zu vergleichen, solange am Paket etwas nicht stimmt
    .hint = verlassen Sie sich nicht auf dieses Paket

## Was ein Zusammenführen hinzufügt, anmerkt und weglässt

no-signatures-in-it = { $path }: { $error }; keine Signaturen sind darin
merged-not-for-l4 = { $label } zählt nicht für L4: { $why }
merged-claim-restored = der Claim von { $label } wurde wiederhergestellt
merged-companion-restored = die Begleitsignatur von { $signer } wurde wiederhergestellt
merged-here-already = stimmt nicht und war schon hier
merged-time-stamps = ihre Zeitstempel kamen hinzu
merged-companion = ihre Begleitsignatur kam hinzu
merged-claim = ihr Claim kam hinzu
merged-attestation = ihre Attestierung kam hinzu
merged-replaced = ein Eintrag, der nicht stimmte, wurde durch den der Kopie ersetzt
merged-thresholds = die Kopien verlangen { $asked } Signaturen: { $stands } gilt
merged-roles = die Kopien verlangen verschiedene Rollen: alle sind verlangt ({ $roles })
merged-not-journalled = zusammengeführt, doch das Ergebnis konnte nicht ins Journal: { $error }
merged-run-time = Der Zeitstempel des Laufs selbst kam hinzu.
merged-boundary = Die Befugnisgrenze kam hinzu.
copy-syncthing = { $path } (eine Konfliktkopie von Syncthing)
copy-git = { $path } (von git oder einem Editor hinterlassen)
left-out-no-list = sie hat keine Liste von Signaturen
left-out-field = Konflikt: das Feld { $key } ist dort { $value } und hat hier einen anderen Wert
left-out-does-not-verify = die Signatur stimmt nicht: { $detail }
left-out-rejected = der Schlüsselbund weist sie ab: { $detail }
left-out-relabelled = ihre Signatur steht hier als { $own }, und die Kopie führt sie auf als { $label }{ $more ->
        [0] {""}
        [one] , und noch 1 weitere Angabe
       *[other] , und noch { $more } weitere Angaben
    }; was hier steht, bleibt. Wenn die Kopie recht hat, legen Sie die Signaturdatei hier beiseite, und führen Sie noch einmal zusammen
left-out-threshold = Bedingungen: sie verlangt { $written } Signaturen, mehr als Personen im Schlüsselbund sind; { $used } gilt
left-out-threshold-alone = Bedingungen: sie verlangt { $written } Signaturen ohne eine neue Signatur, die zählt
left-out-role-not-held = Bedingungen: sie verlangt die Rolle { $role ->
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
       *[auditor] Auditor
    }, die niemand im Schlüsselbund hat
left-out-role-alone = Bedingungen: sie verlangt die Rolle { $role ->
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
       *[auditor] Auditor
    } ohne eine neue Signatur, die zählt
left-out-role-unknown = Bedingungen: sie verlangt die Rolle { $role }, die es nicht gibt
left-out-refusal = eine Verweigerung, die hier nicht anerkannt wird: { $detail }
left-out-conflict-markers = sie enthält Konfliktmarken von git; speichern Sie ihre zwei Seiten als eigene Dateien, und führen Sie diese zusammen
left-out-version-not-signatures = es ist keine Signaturdatei, sondern eine andere Fassung der signierten Datei; ein Mensch muss entscheiden, welche die richtige ist
left-out-other-version = es ist eine andere Fassung der signierten Datei; ein Mensch muss entscheiden, welche die richtige ist
left-out-no-manifest = sie signiert ein Manifest, und hier ist keines
left-out-other-artifact = Konflikt: ihre Signaturen gelten anderem Inhalt ({ $found }), nicht diesem ({ $wanted })
left-out-folder-is-link = der Ordner { $folder } hier ist ein Link
left-out-run-time = der Zeitstempel des Laufs gilt nicht: { $error }
left-out-other-boundary = hier ist eine andere Befugnisgrenze; sie bleibt
left-out-boundary-changed = die Befugnisgrenze wurde geändert: Ihr Hash stimmt nicht

## Was nicht exportiert oder nicht importiert wird

carry-altered = er wurde nach dem Versiegeln geändert: sein Inhalts-Hash stimmt nicht
carry-same-name = eine andere Datei dieses Namens ist im Export; exportieren Sie die Verzeichnisse getrennt
carry-log-does-not-hold = seine Kette gilt nicht, { $broken }
carry-log-broken = das vorhandene Protokoll ist unterbrochen, { $broken }
carry-log-unreadable = das vorhandene Protokoll kann nicht gelesen werden: { $why }
carry-other-log = Konflikt: hier ist ein anderes Protokoll; tragen Sie die importierten Läufe darin ein
carry-other-run = Konflikt: ein anderer Lauf hat diesen Namen ({ $other }), nicht dieser ({ $run }); ein Mensch muss entscheiden, welcher der richtige ist
carry-folder = { $directory }: der Ordner kann nicht angelegt werden: { $error }
carry-link-out = { $path }: ein Link, der aus dem Verzeichnis hinausführt
carry-other-manifest = Konflikt: hier ist ein anderes Manifest; wenn das importierte das richtige ist, legen Sie das vorhandene und seine Signaturen beiseite, und importieren Sie noch einmal
carry-manifest-of-other = es gehört nicht zum Lauf: { $why }
carry-none-verifies = keine seiner Signaturen im Archiv stimmt
carry-other-file = Konflikt: hier ist eine andere Datei dieses Namens
carry-existing = die vorhandene Datei kann nicht gelesen werden: { $why }

## Wie weit auf einen Befund Verlass ist

finding-stands = Signiert mit einem Schlüssel des Schlüsselbunds hier, zu diesem Paket.
finding-stands-not-compared = Signiert mit einem Schlüssel des Schlüsselbunds hier. Mit einem Paket wurde er nicht verglichen.
finding-not-accepted = Signiert, aber nicht mit einem Schlüssel, der hier zählt: { $why }.
finding-another-pack = Er sagt nichts über dieses Paket: { $why }.
finding-invalid = Verlassen Sie sich nicht darauf: { $why }.

## Ein Paket, das nicht mit seiner Liste zu vergleichen ist

unlike-kind = ist { $what }
unlike-twice = ist zweimal da oder in anderer Schreibweise
unlike-no-list = fehlt
unlike-line = Zeile { $line } ist keine, die sha256sum schreibt
unlike-list = { $why }; keine Datei wurde mit der Liste verglichen
