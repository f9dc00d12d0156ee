# Was diese Station verlässt und zu ihr kommt: Exporte, Importe und Pakete.

carry-more = Und { $count } weitere.
carry-in-file = In der Datei
carry-left-out = { $count ->
    [one] { $count } Datei ausgelassen
   *[other] { $count } Dateien ausgelassen
}
carry-print = Bericht drucken…

hand-over = Übergabe
    .about = Es geht um { $what }. Um andere zu übergeben, wählen Sie sie in der Warteschlange.
    .nothing = Nichts ist gewählt. Wählen Sie in der Warteschlange Umschläge, um sie zu übergeben.
hand-over-selected = { $count ->
    [one] { $count } gewählten Umschlag
   *[other] { $count } gewählte Umschläge
}
hand-over-station = An eine andere Station
    .about = Eine Datei mit den Umschlägen, ihren Signaturen und den Protokollen. Ihr Digest wird getrennt mitgeteilt, damit die andere Station genau dies übernimmt.
hand-over-auditor = An einen Auditor
    .about = Alle Nachweise für einen Umschlag, mit einem druckbaren Bericht und einem Skript, das ihn ohne dieses Programm prüft.
    .one = { $name ->
        [none] Ein Paket enthält einen Umschlag: den, der gelesen wird.
       *[other] Ein Paket enthält einen Umschlag: den, der gelesen wird, { $name }.
    }
hand-over-authority = An einen Zeitstempeldienst
    .about = Anfragen, die ein Rechner mit Netzzugang sendet. Der Dienst sieht nur Digests.
hand-over-file = Aus einer Datei
    .about = Was hereinkommt, wird zuerst geprüft, und nichts, was hier ist, geht verloren. Sie können es auch auf dieses Fenster ziehen.
    .reviewing = Während einer Prüfung lässt sich nichts übernehmen.
hand-over-import = Einen Export importieren…
hand-over-merge = { $count ->
    [0] Kopien zusammenführen…
    [one] { $count } Konfliktkopie zusammenführen…
   *[other] { $count } Konfliktkopien zusammenführen…
}
hand-over-times = Zeitstempel importieren…
hand-over-review = Prüfen, ohne zu ändern…

carry-export = { $count ->
    [one] { $count } Umschlag exportieren
   *[other] { $count } Umschläge exportieren
}
    .about = { $count ->
        [one] Der Umschlag kommt mit seinen Manifesten, Signaturen und Protokollen in eine Datei, die eine andere Station importiert. In diesem Verzeichnis ändert sich nichts.
       *[other] Die Umschläge kommen mit ihren Manifesten, Signaturen und Protokollen in eine Datei, die eine andere Station importiert. In diesem Verzeichnis ändert sich nichts.
    }
carry-export-act = Exportieren
carry-export-missing = Wählen Sie, wohin die Datei geschrieben wird.
carry-export-file = Eine neue Datei. Eine vorhandene wird nie überschrieben.
carry-export-working = Es wird gelesen, geprüft und geschrieben
carry-export-done = { $count ->
    [one] { $count } Umschlag in einer Datei
   *[other] { $count } Umschläge in einer Datei
}
    .next = Bringen Sie die Datei zur anderen Station und teilen Sie den Digest auf einem anderen Weg mit, zum Beispiel am Telefon oder indem dieser Code gescannt wird. Dann wissen beide Seiten, dass die Datei dieselbe ist.
carry-export-digest = Digest des Exports

carry-import = In { $name } importieren
    .about = Ein Export von einer anderen Station enthält Umschläge, Signaturen und Protokolle. Sie werden diesem Verzeichnis hinzugefügt, und nichts wird daraus entfernt. Sie sehen Digest und Inhalt, bevor etwas geschrieben wird.
carry-import-choose = Datei wählen…
    .other = Andere Datei wählen…
carry-import-checking = Jede Datei darin wird geprüft
carry-import-working = Wird importiert
carry-import-modified = Dieser Export wurde nachträglich verändert. Er lässt sich nicht importieren
    .hint = Bitten Sie den Absender erneut darum.
carry-import-fault = { $kind ->
    [missing] { $file } fehlt
    [extra] { $file } ist nicht verzeichnet
    [altered] { $file } wurde verändert
   *[line_ends] { $file } hat andere Zeilenenden
}
carry-import-empty = Er enthält keinen Umschlag
    .hint = Wählen Sie eine andere Datei.
carry-import-compare = Vergleichen Sie den Digest mit dem des Absenders, bevor Sie importieren
    .hint = Noch ist nichts geschrieben. Sind beide Digests gleich, ist dies, was der Absender exportiert hat.
carry-import-digest = Digest des Imports
carry-import-act = { $count ->
    [one] Der Digest ist gleich: { $count } Umschlag importieren
   *[other] Der Digest ist gleich: { $count } Umschläge importieren
}
carry-import-done = { $what } importiert
carry-import-nothing = Nichts Neues zu importieren
carry-import-here = { $count ->
    [one] { $count } Umschlag war bereits hier.
   *[other] { $count } Umschläge waren bereits hier.
}
carry-import-known = Alles war bereits hier.
carry-import-complete = Der Import ist vollständig.
carry-import-left-out = Ausgelassen: { $what }. Alles, was bereits hier war, ist unverändert.
carry-import-something = etwas
carry-import-log = { $new ->
    [yes] Protokoll hinzugefügt: { $path }
   *[no] Protokoll erweitert: { $path }
}
carry-import-not-taken = { $count ->
    [one] { $count } Datei gehört zu keinem Umschlag und wurde nicht importiert
   *[other] { $count } Dateien gehören zu keinem Umschlag und wurden nicht importiert
}
carry-import-envelopes = Importierte Umschläge

pack = { $name } packen
    .about = Alles, was jemand ohne diese Station und ohne dieses Programm braucht, um diesen Umschlag zu prüfen: seine Dateien, die Protokolle, die Einträge der Unterzeichner im Schlüsselbund, die OpenSSL-Befehle und ein druckbarer Bericht.
pack-act = Packen
pack-as = Als
pack-zip = Ein Zip
    .short = Zip
    .about = Eine Datei zum Senden.
    .hint = Eine neue Datei; ihr Name endet auf .zip.
pack-folder = Ein Ordner
    .short = Ordner
    .about = Dateien, die sich direkt lesen und prüfen lassen.
    .hint = Ein neuer Ordner; sein Name endet nicht auf .zip.
pack-missing = Wählen Sie, wohin das Paket geschrieben wird.
pack-working = Es wird gesammelt, beurteilt und geschrieben
pack-done = Gepackt auf { $level }
    .next = Für die nächste Stufe: { $missing }
    .complete = Nichts fehlt: Die höchste Stufe ist erreicht.
pack-show = Im Ordner zeigen
pack-review = Prüfen…
pack-digest = Digest des Pakets
pack-copy-path = Pfad des Pakets kopieren
pack-report = Bericht
    .in-zip = { $file } im Zip: eine druckbare Seite für jeden Browser
    .copy = Pfad des Berichts kopieren
    .about = Eine druckbare Seite für jeden Browser
pack-files = { $count ->
    [one] { $count } Datei darin
   *[other] { $count } Dateien darin
}
