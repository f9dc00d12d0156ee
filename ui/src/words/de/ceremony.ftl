# Signieren und verweigern: der Vorgang über einen oder mehrere Umschläge.

ceremony-act = { $verb ->
    [refuse] { $role ->
        [none] { $what } verweigern
       *[other] { $what } als { $role } verweigern
    }
    [sign] { $role ->
        [none] { $what } signieren
       *[other] { $what } als { $role } signieren
    }
   *[co-sign] { $role ->
        [none] { $what } mitsignieren
       *[other] { $what } als { $role } mitsignieren
    }
}
ceremony-act-begun = Signieren
ceremony-quoted = „{ $name }“
ceremony-envelopes = { $count ->
    [one] { $count } Umschlag
   *[other] { $count } Umschläge
}

ceremony-back = Zurück
ceremony-back-to-list = Zurück zur Liste
ceremony-try-again = Erneut versuchen
ceremony-go-on = Mit { $count ->
    [one] dem { $count } übrigen
   *[other] den { $count } übrigen
} fortfahren
ceremony-refuse = Verweigern…
ceremony-have-read = Ich habe dies gelesen
ceremony-have-read-list = Ich habe die Liste gelesen
ceremony-sign-anyway = Signieren, obwohl es nichts ändert
ceremony-use-last-attempt = Letzten Versuch nutzen
ceremony-skip = Weiter zu „{ $button }“

ceremony-steps = Schritte
ceremony-step-read = Lesen
ceremony-step-key = Schlüssel
ceremony-step-secret = Geheimnis
ceremony-step-sign = Signieren
ceremony-step-done = Fertig
ceremony-step-refused = , hier gescheitert
ceremony-step-passed = , erledigt

ceremony-said-step = Schritt { $step } von { $of }, { $name }: { $heading }.
ceremony-said-done = Fertig. { $signed } { $heading }.
ceremony-said-touch = { $which ->
    [only] Berühren Sie jetzt Ihren YubiKey
    [first] Berührung { $touch } von { $of }: Berühren Sie jetzt Ihren YubiKey
   *[later] Berührung { $touch } von { $of }: Berühren Sie Ihren YubiKey erneut
}{ $part ->
    [run] , für den versiegelten Lauf
    [manifest] , für das Manifest
    [claim] , für den Claim
   *[none] { "" }
}.
ceremony-signed-by = { $refuses ->
    [yes] { $signer } hat als { $role } verweigert.
   *[no] { $signer } hat als { $role } signiert.
}

ceremony-heading-unread = Es ließ sich nichts lesen
ceremony-heading-not-refused = Nicht verweigert
ceremony-heading-not-signed = Nicht signiert
ceremony-heading-reading = { $count ->
    [one] { $count } Umschlag wird gelesen
   *[other] { $count } Umschläge werden gelesen
}
ceremony-heading-reading-files = Die Dateien werden gelesen
ceremony-heading-read = Lesen Sie, was Sie signieren
ceremony-heading-choose = Wählen Sie Schlüssel, Name und Rolle
ceremony-heading-refuse = Begründen Sie, und wählen Sie Schlüssel und Rolle
ceremony-heading-secret = Die { $secret } von { $key }
ceremony-heading-touch = Berühren Sie jetzt Ihren YubiKey
ceremony-heading-touch-again = Berühren Sie Ihren YubiKey erneut
ceremony-heading-not-touched = Nicht rechtzeitig berührt
ceremony-heading-cancelling = Wird abgebrochen
ceremony-heading-signing-all = { $count ->
    [one] { $count } Umschlag wird signiert
   *[other] { $count } Umschläge werden signiert
}
ceremony-heading-signing = Wird signiert
ceremony-heading-verifying = Wird geprüft
ceremony-heading-writing = Wird geschrieben
ceremony-heading-written = Geschrieben. { $level }
ceremony-heading-nothing-signed = Nichts ist signiert
ceremony-heading-ended = { $written ->
    [one] { $written } Umschlag signiert
   *[other] { $written } Umschläge signiert
}{ $missing ->
    [0] { "" }
   *[other] , { $missing } nicht
}

ceremony-what-you-sign = Was Sie signieren
ceremony-effect = Wirkung:
ceremony-level-now = jetzt { $level }

ceremony-asked = { $threshold ->
    [one] { $threshold } Signatur
   *[other] { $threshold } Signaturen
}{ $roles ->
    [none] { "" }
   *[other] , darunter { $roles }
}
ceremony-companion = Begleitsignatur
    .none = Keine
    .hint = Eine zweite Signatur von Ihnen, die auch gilt, wenn elliptische Kurven gebrochen sind
    .key = { $key } von { $owner }, ML-DSA-65
    .means = { $key } von { $owner } signiert, was Sie signieren. Er hat keine Rolle, und keine Signatur mehr zählt durch ihn.
    .passphrase = Passphrase von { $key }
ceremony-terms = Bedingungen
ceremony-required = Erforderlich: { $asked }.
ceremony-terms-of = { $count ->
    [one] { $count } Umschlag verlangt { $asked }.
   *[other] { $count } Umschläge verlangen { $asked }.
}
ceremony-terms-yours = Ihre Signatur beginnt den Umschlag und kann mehr verlangen.
ceremony-terms-policy = Von dieser Signatur begonnen, mit den Bedingungen der Richtlinie.
ceremony-terms-fixed = Durch frühere Signaturen festgelegt.
ceremony-terms-second = Die erste Mitsignatur kann mehr verlangen.

ceremony-left-out-why = { $count }: Bei jedem steht, warum.
ceremony-left-out-count = { $count } ausgelassen
ceremony-ready-and-left-out = { $ready } zu signieren, { $count } ausgelassen

ceremony-signed-already = Bereits signiert
ceremony-signed-by-no-one = von niemandem
ceremony-signatures = { $count ->
    [one] { $count } Signatur
   *[other] { $count } Signaturen
}
ceremony-canonical-digest = Was signiert wird: SHA-256 der kanonischen Bytes, { $size }
ceremony-part-digest = { $part }, SHA-256 der kanonischen Bytes

ceremony-claim = Ihr Claim
    .about = von Ihrem Schlüssel mit den Dateien signiert
    .covers = Ihr Schlüssel signiert auch Ihren Namen, Ihre Rolle, die Zeit und die Art des Schlüssels, damit niemand sie später ändern kann, und was Sie jetzt sehen:
ceremony-claim-terms = { $threshold ->
    [one] { $threshold } Signatur
   *[other] { $threshold } Signaturen
}{ $roles ->
    [none] { "" }
   *[other] , darunter { $roles }
}
ceremony-claim-signatures = Andere Signaturen
ceremony-claim-refusals = Verweigerungen
ceremony-claim-log = Transparenzprotokoll
ceremony-claim-ledger = Befugnisregister
ceremony-claim-entries = { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}
ceremony-claim-no-entries = keines
ceremony-claim-commitments = Festlegungen der Eingaben
ceremony-claim-commitments-same = wie im Lauf
ceremony-claim-commitments-none = keine im Lauf

ceremony-reason = Begründung
    .hint = Alle, die den Umschlag haben, können sie lesen. L4 gilt nicht, solange Ihre Verweigerung besteht, und Ihre eigenen Signaturen auf diesem Lauf zählen nicht mehr. Nur Sie können sie aufheben: Signieren Sie den Lauf.
    .long = Höchstens 2.000 Zeichen; es sind { $count }.
ceremony-name = Name
    .from-keyring = aus dem Schlüsselbund
    .signing-unknown = Dieser Schlüssel ist nicht im Schlüsselbund. Wo nur dessen Schlüssel zählen, zählt diese Signatur nicht.
    .refusing-unknown = Dieser Schlüssel ist nicht im Schlüsselbund. Wo nur dessen Schlüssel zählen, hindert diese Verweigerung nichts.
    .missing = Eine Signatur nennt, wer signiert.
ceremony-role = Rolle
ceremony-terms-first = Diese Signatur beginnt den Umschlag und legt seine Bedingungen fest. Spätere Signaturen können sie nur verschärfen.
ceremony-threshold = Signaturen
    .hint = Wie viele Personen signieren müssen, jede mit eigenem Schlüssel.
    .wrong = Geben Sie eine ganze Zahl ein, zum Beispiel 2.
ceremony-more-roles = Weitere erforderliche Rollen
    .always = Immer erforderlich: { $roles }.
    .never = Keine Rolle ist immer erforderlich.
ceremony-choose-key = Wählen Sie einen Schlüssel, um seine Rollen zu sehen.
ceremony-no-usable-key = Kein Schlüssel kann diesen Umschlag signieren; bei jedem steht, warum.

ceremony-key = Schlüssel
ceremony-key-go = Zu den Schlüsseln
ceremony-key-otherwise = Oder erzeugen Sie unter „Schlüssel“ einen Softwareschlüssel und signieren Sie danach. Nichts geht verloren.
ceremony-key-look-again = Erneut suchen
ceremony-key-insert = { $tokens ->
    [yes] Stecken Sie YubiKey, PIV-Karte oder Token ein; es erscheint hier.
   *[no] Stecken Sie YubiKey oder PIV-Karte ein; der Schlüssel erscheint hier.
}
ceremony-key-insert-virtual = Virtuellen YubiKey einstecken
ceremony-key-none-plugged-in = Weder YubiKey noch PIV-Karte ist eingesteckt.
ceremony-key-plugged-in = Eingesteckt: { $devices }.
ceremony-key-virtual = virtuell
ceremony-key-pin = PIN:
ceremony-key-of-profile = { $asks ->
    [nothing] { $kind } von { $owner }, { $about }, verlangt nichts
    [passphrase] { $kind } von { $owner }, { $about }, verlangt seine Passphrase
   *[PIN] { $kind } von { $owner }, { $about }, verlangt seine PIN
}
ceremony-key-on-device = { $known ->
    [yes] { $kind } { $key } von { $owner }, { $asks }
   *[no] { $kind }, { $asks }
}{ $touches ->
    [yes] {" "}(für jede Datei und für den Claim)
   *[no] { "" }
}

ceremony-secret-pin = PIN
ceremony-secret-passphrase = Passphrase
ceremony-type-secret = { $secret ->
    [passphrase] Passphrase eingeben…
   *[PIN] PIN eingeben…
}
ceremony-secret-type = Geben Sie die { $secret } ein.
ceremony-secret-last = 1 Versuch übrig
    .means = Eine falsche { $secret } sperrt den Schlüssel jetzt. Geben Sie sie zweimal ein; sie wird nur verwendet, wenn beide Eingaben gleich sind.
    .differ = Die beiden Eingaben unterscheiden sich. Nichts wurde gesendet; 1 Versuch ist übrig.
ceremony-secret-again = { $secret } wiederholen
ceremony-secret-rule = { $rule }.
ceremony-secret-use = Einmal verwendet, für { $use }. Nicht gespeichert.
ceremony-secret-use-one = diese Signatur
ceremony-secret-use-several = { $count ->
    [one] { $count } Umschlag, einer nach dem anderen
   *[other] { $count } Umschläge, einer nach dem anderen
}

ceremony-seconds-left = { $seconds } s übrig
ceremony-touch-which = Berührung { $touch } von { $of }{ $part ->
    [run] {" "}(versiegelter Lauf)
    [manifest] {" "}(Manifest)
    [claim] {" "}(Claim)
   *[none] { "" }
}
ceremony-touch-blinks = Er blinkt, bis Sie ihn berühren.
ceremony-touch-virtual = Virtuellen YubiKey berühren
ceremony-touch-missed = Sie können es erneut versuchen, ohne die PIN noch einmal einzugeben.

ceremony-working-signs = { $key } signiert.
ceremony-working-verifies = Die Signaturen werden geprüft, bevor etwas geschrieben wird.
ceremony-working-writes = Die Signaturen werden neben die Dateien geschrieben.
ceremony-turn = { $did }: { $done } von { $of }
ceremony-turn-read = Gelesen
ceremony-turn-signed = Signiert

ceremony-warnings = { $count ->
    [one] Warnung
   *[other] Warnungen
}

ceremony-results = Ergebnisse
ceremony-outcome-written = Geschrieben
ceremony-outcome-left-out = Ausgelassen
ceremony-outcome-failed = Gescheitert
ceremony-outcome-not-reached = Nicht erreicht
ceremony-not-reached = { $count ->
    [one] { $count } Umschlag nicht erreicht
   *[other] { $count } Umschläge nicht erreicht
}
    .means = { $count ->
        [one] Er ist unverändert. Bereits geschriebene Signaturen bleiben.
       *[other] Sie sind unverändert. Bereits geschriebene Signaturen bleiben.
    }

ceremony-done-now = jetzt
ceremony-done-unchanged = unverändert
ceremony-done-signed = Wer signiert hat
ceremony-done-refused = Wer verweigert hat
ceremony-done-who = { $signer } als { $role }
ceremony-done-holder = Was den Schlüssel hält
ceremony-done-when = Wann signiert wurde
    .untrusted = Ein Zeitstempeldienst kann dafür bürgen: Fordern Sie im Umschlag einen Zeitstempel an.
ceremony-done-missing = Was die nächste Stufe braucht
ceremony-done-files = Geschriebene Dateien
