## CatalogueError

catalogue-sqlite = { $path }: der Katalog kann nicht benutzt werden ({ $source }); ohne ihn wird bei jedem Start alles neu beurteilt
    .hint = machen Sie sein Verzeichnis beschreibbar, oder löschen Sie die Datei

## ExportError

export-form = { $path }: der Verlauf kann nicht geschrieben werden ({ $source })
    .hint = versuchen Sie die andere Form

## QueueError

queue-thread = kein Thread für die Warteschlange ({ $cause })
    .hint = schließen Sie andere Programme und versuchen Sie es noch einmal

## Trouble

trouble-gone = { $path } ist verschwunden; gezeigt wird, was zuletzt zu sehen war
    .hint = schließen Sie den Datenträger wieder an, oder legen Sie das Verzeichnis zurück: Das wird bemerkt
trouble-unwatched = nicht jedes Verzeichnis unter { $path } kann beobachtet werden ({ $error }); stattdessen wird alle paar Sekunden alles neu verglichen
    .hint = { $limit ->
        [yes] erhöhen Sie die Grenze: sudo sysctl fs.inotify.max_user_watches=1048576
       *[no] nichts ist zu tun; Änderungen zeigen sich etwas später
    }
trouble-unsearched = nicht zu durchsuchen: { $named }
    .hint = bitten Sie um Leserechte, oder prüfen Sie den Datenträger
trouble-runs-missing = eingetragene Läufe, die diese Station hier sah, fehlen: { $named }
    .hint = finden Sie heraus, wer sie gelöscht oder umbenannt hat, und legen Sie sie zurück
trouble-log-unknown = { $why }
trouble-keyring = der Schlüsselbund wird nicht benutzt: { $cause }
    .hint = { $stays ->
        [yes] seine bisherigen Schlüssel gelten, bis er benutzt werden kann
       *[no] kein Schlüssel wird anerkannt, bis er benutzt werden kann
    }. Reparieren Sie die Datei, oder wählen Sie in den Einstellungen eine andere
trouble-trust-folder = nicht jedes vertrauenswürdige Wurzelzertifikat gilt: { $named }
    .hint = { $others ->
        [yes] die anderen gelten. Reparieren Sie, was genannt ist, oder legen Sie es beiseite
       *[no] reparieren Sie es, oder wählen Sie in den Einstellungen einen anderen Ordner
    }
trouble-catalogue = { $cause }
    .hint = nichts ist verloren: Der nächste Start dauert länger

## Unsound

unsound-log-broken = { $path }: { $kind ->
        [ledger] das Register
       *[log] das Protokoll
    } { $why }
    .hint = kein Eintrag darin zählt, und keiner kann hinzukommen. Finden Sie heraus, wer es geändert hat, und stellen Sie es aus einer Kopie wieder her
unsound-other-than-seen = { $path }: { $words }
    .hint = finden Sie heraus, wer es ersetzt hat, und stellen Sie es aus einer Kopie wieder her, oder nehmen Sie es hin, wie es ist, wenn Sie wissen, wer das warum getan hat
