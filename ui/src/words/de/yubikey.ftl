# Einen YubiKey einrichten.

set-up = YubiKey einrichten…
    .none = Kein YubiKey mit lesbarer Seriennummer ist eingesteckt
set-up-title = { $device } einrichten
set-up-step-key = Schlüssel
set-up-step-secrets = Geheimnisse
set-up-step-overview = Überblick
set-up-step-work = Einrichten
set-up-said = Schritt { $step } von { $of }, { $name }.

set-up-device = Welcher YubiKey
set-up-slot = Slot
set-up-slot-9c = 9c, für Signaturen
set-up-slot-9a = 9a, zur Anmeldung
set-up-slot-9d = 9d, für Schlüsselverwaltung
set-up-slot-9e = 9e, für Kartenanmeldung
set-up-slot-retired = { $slot }, frühere Schlüsselverwaltung
set-up-kind = Art des Schlüssels
set-up-pin-policy = Der Schlüssel verlangt die PIN
set-up-pin-policy-always = bei jeder Signatur
set-up-pin-policy-once = einmal je Sitzung
set-up-touch-policy = Der Schlüssel verlangt eine Berührung
set-up-touch-policy-always = bei jeder Signatur
set-up-touch-policy-cached = außer nach einer Berührung in den letzten 15 Sekunden
set-up-touch-policy-never = nie

set-up-validity = Ebenso lange gilt das Zertifikat im Slot, ab heute, wenn das leer ist.
set-up-stated-no = Wenn nicht beweist, was der YubiKey attestiert, wird der Schlüssel als Software aufgenommen.

set-up-continue = Weiter
set-up-back = Zurück

set-up-state = Ist die { $secret } noch die ab Werk?
    .factory = Ja, sie wurde nie geändert
    .changed = Nein, sie wurde geändert
    .about = Diese Firmware sagt es nicht. Eine falsche Antwort kostet einen Versuch.
set-up-in-slot = Slot { $slot } ist belegt
    .about = Darin ist: { $holds }.
set-up-in-slot-use = Was soll damit geschehen?
set-up-in-slot-finish = Mit diesem Schlüssel weitermachen
    .about = Er wurde auf diesem YubiKey erzeugt, wie nach einer unterbrochenen Einrichtung.
set-up-in-slot-replace = Überschreiben
    .about = Er wird endgültig zerstört. Was er zuvor signierte, bleibt gültig.
set-up-in-slot-type = Geben Sie { $slot } ein, um den Inhalt zu überschreiben
    .missing = Geben Sie { $slot } ein
set-up-no-touch = Der Schlüssel darf ohne Berührung signieren
    .about = Jedes Programm, das die PIN hat, signiert mit ihm.
set-up-last = Den letzten Versuch der { $secret } nutzen
    .about = Eine falsche sperrt sie.

set-up-pin-new = Neue PIN
    .again = Neue PIN noch einmal
set-up-pin = PIN
    .costs = { $tries ->
        [one] Noch 1 Versuch.
       *[other] Noch { $tries } Versuche.
    } Eine falsche PIN kostet einen.
set-up-puk-new = Neue PUK
    .again = Neue PUK noch einmal
    .hint = Sie entsperrt die PIN. Bewahren Sie sie getrennt von der PIN auf.
    .same = Die PUK muss sich von der PIN unterscheiden
set-up-management-key = Verwaltungsschlüssel
    .hint = In Hexziffern; leer, wenn er der ab Werk ist oder eine unterbrochene Einrichtung ihn auf der Karte hinterließ. Er hat keinen Zähler: Ein falscher kostet nichts.
set-up-secret-missing = Geben Sie die { $secret } ein
set-up-secrets-about = Nichts wird an den YubiKey gesendet, bevor Sie den Überblick bestätigen.

set-up-made = Der Schlüssel, der dort sein wird
set-up-stated-as = { $kind }, auf Ihr Wort
set-up-certificate-valid = Zertifikat gilt
    .endless = ab { $from }, ohne Ende
set-up-certificate-stays = bleibt, wie es ist
set-up-changes = Was getan wird
set-up-keeps = Was bleibt
set-up-warnings = Bevor Sie sich darauf verlassen
set-up-destroyed = Was in Slot { $slot } ist, wird zerstört
set-up-touch = Berühren Sie jetzt Ihren YubiKey
set-up-touches = Der YubiKey wird einmal berührt, für das Zertifikat.
set-up-act = { $device } einrichten
set-up-destroys = { $slot } überschreiben und { $device } einrichten
set-up-stop = Anhalten
set-up-stop-about = Hält vor der nächsten Änderung an. Was getan ist, bleibt.
set-up-generating = Der Schlüssel wird erzeugt…
set-up-working = In Arbeit…
set-up-change-done = erledigt

set-up-done = { $device } ist eingerichtet
set-up-done-key = { $key } von { $owner }, { $kind }
set-up-done-look-alike = Der Name ähnelt dem von { $other }
set-up-stopped = { $device } ist nicht fertig eingerichtet
set-up-changed = Was getan wurde
set-up-change-pin = Die PIN wurde gesetzt
set-up-change-puk = Die PUK wurde gesetzt
set-up-change-management-key = Der Verwaltungsschlüssel wurde ersetzt
set-up-change-key = Der Schlüssel wurde erzeugt
set-up-change-certificate = Das Zertifikat wurde gespeichert
set-up-again = Einrichtung fortsetzen
set-up-attempts = { $pin ->
    [one] Noch 1 Versuch der PIN.
   *[other] Noch { $pin } Versuche der PIN.
}
