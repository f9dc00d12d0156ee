# Zeitstempel anfordern und importieren.

times = { $count ->
    [one] Zeitstempel für { $count } Umschlag anfordern
   *[other] Zeitstempel für { $count } Umschläge anfordern
}
    .about = Ein Zeitstempeldienst bürgt für die Zeit, zu der eine Signatur da war. Er wird von einem Rechner mit Netzzugang gefragt: Geschrieben wird ein Ordner mit einer Anfrage für jede Signatur, die noch keine bestätigte Zeit hat oder deren Zeitstempel erneuert werden sollte. Eine Anfrage enthält einen Digest und sonst nichts vom Umschlag.
times-act = Anfragen schreiben
times-folder = Ordner
    .hint = Ein neuer Ordner.
times-missing = Wählen Sie, wohin der Ordner geschrieben wird.
times-working = Es wird beurteilt und geschrieben
times-written = { $count ->
    [one] { $count } Anfrage geschrieben
   *[other] { $count } Anfragen geschrieben
}
    .known = { $count ->
        [one] { $count } Signatur hat bereits eine bestätigte Zeit.
       *[other] { $count } Signaturen haben bereits eine bestätigte Zeit.
    }
    .renewals = { $count ->
        [one] { $count } Anfrage erneuert einen Zeitstempel.
       *[other] { $count } Anfragen erneuern einen Zeitstempel.
    }
times-no-authority = Noch wird hier keinem Zeitstempeldienst vertraut
    .hint = Fügen Sie das Wurzelzertifikat des Dienstes in den Einstellungen hinzu, bevor Sie seine Antworten importieren.
times-carry = Bringen Sie diesen Ordner zu einem Rechner mit Netzzugang.
    .copy = Pfad des Ordners kopieren
times-send = Senden Sie dort im Ordner die Anfragen an die Adresse eines Dienstes.
    .address = Adresse
times-return = Bringen Sie den Ordner zurück und ziehen Sie ihn auf dieses Fenster.
times-phone = Oder per Telefon
    .about = Der Code ist die Anfrage als Daten-URL, die ein Browser als die zu sendende Datei speichert. Bringen Sie die Antwort als Datei zurück, deren Name auf .tsr endet.
    .qr = QR-Code der Anfrage. Er enthält den Text daneben.
    .copy = Anfrage kopieren
times-in-folder = { $count ->
    [one] { $count } Anfrage im Ordner
   *[other] { $count } Anfragen im Ordner
}
times-request = { $renews ->
    [yes] { $signer }, Erneuerung: { $file }
   *[no] { $signer }: { $file }
}
times-more-requests = { $count ->
    [one] Und { $count } weitere Anfrage.
   *[other] Und { $count } weitere Anfragen.
}

times-import = Zeitstempel in { $name } importieren
    .about = Jede Antwort eines Zeitstempeldienstes wird geprüft und dann neben die Signatur geschrieben, die sie betrifft. Keine wird geschrieben, durch die ihre Signatur nicht mehr zählen würde.
times-import-act = Prüfen und importieren
times-import-sources = Zu importieren
times-import-folder = Ordner wählen…
times-import-responses = Antworten wählen…
times-import-missing = Wählen Sie den Ordner mit den Anfragen, oder Antworten.
times-import-working = Jede Antwort wird geprüft
times-import-added = { $count ->
    [one] { $count } Zeitstempel hinzugefügt
   *[other] { $count } Zeitstempel hinzugefügt
}
times-import-known = Alles war bereits hier
times-import-nothing = Kein Zeitstempel wurde hinzugefügt
times-import-here = { $count ->
    [one] { $count } Zeitstempel war bereits hier.
   *[other] { $count } Zeitstempel waren bereits hier.
}
times-import-unchanged = Alles, was ausgelassen wurde, ist unverändert.
times-left-out = { $count ->
    [one] { $count } Antwort ausgelassen
   *[other] { $count } Antworten ausgelassen
}
    .more = { $count ->
        [one] Und { $count } weitere Antwort.
       *[other] Und { $count } weitere Antworten.
    }
times-waiting = { $count ->
    [one] { $count } Anfrage noch ohne Antwort
   *[other] { $count } Anfragen noch ohne Antwort
}
    .hint = { $count ->
        [one] Senden Sie sie ab, und importieren Sie den Ordner dann erneut.
       *[other] Senden Sie sie ab, und importieren Sie den Ordner dann erneut.
    }
times-stamped = Zeitstempel
    .more = { $count ->
        [one] Und { $count } weiterer Zeitstempel.
       *[other] Und { $count } weitere Zeitstempel.
    }
times-stamped-signature = { $known ->
    [yes] Signatur von { $signer }, bereits da
   *[no] Signatur von { $signer }
}
