# Wörter, die an vielen Stellen stehen.

kind-software = Softwareschlüssel
kind-hardware = Hardwareschlüssel
kind-external = externer Signierer

role-operator = Operator
role-witness = Zeuge
role-reviewer = Prüfer
role-auditor = Auditor
role-none = keine Rolle

log-kind-log = Protokoll
log-kind-ledger = Befugnisregister

standing-valid = gültig
standing-not-accepted = hier nicht anerkannt
standing-unchecked = hier nicht prüfbar
standing-invalid = ungültig

refusal-stands = L4 gilt nicht, solange dies besteht
refusal-lifted = aufgehoben
refusal-not-accepted = hindert nichts
refusal-other-sealing = eine Anmerkung, die nichts hindert
refusal-invalid = ungültig und hindert nichts

refused-by = { $withdraws ->
    [yes] { $role ->
        [none] { $signer } hat die eigene Signatur zurückgezogen
       *[other] { $signer } hat die eigene Signatur als { $role } zurückgezogen
    }
   *[no] { $role ->
        [none] { $signer } hat die Signatur verweigert
       *[other] { $signer } hat die Signatur als { $role } verweigert
    }
}
refused-by-somebody = Jemand

labels-signed = vom Schlüssel signiert
labels-claimed = von der Datei behauptet
labels-contradicted = vom eigenen Claim widerlegt

time-vouched-for = bestätigt von { $authority }

assurance-claimed = von der Datei behauptet
    .mark = behauptet
assurance-pinned = vom Schlüsselbund bestätigt
    .mark = bestätigt
assurance-attested = vom Schlüssel selbst attestiert
    .mark = attestiert

weakness-any-key = Jeder Schlüssel zählt
    .mark = jeder Schlüssel
    .means = Eine Stufe zeigt, dass sich seit der Signatur nichts geändert hat, nicht, wer signiert hat.
weakness-claimed-hardware = Behauptete Hardware zählt
    .mark = behauptet
    .means = Die Behauptung der Datei zählt als Hardwareschlüssel: L6 sagt nicht, wo ein Schlüssel liegt.
weakness-loose-clock = Lockere Uhrtoleranz
    .mark = lockere Uhr
    .means = Eine Signatur darf weiter vor ihrem Lauf datiert sein als in der Voreinstellung.
weakness-exempt = Ausgenommene Signaturen zählen
    .mark = ausgenommen
    .means = Claims sind Pflicht, und einige Signaturen zählen auf das Wort der Datei hin.
weakness-accepted-log = Ein hingenommenes Protokoll zählt
    .mark = hingenommenes Protokoll
    .means = Einträge eines Protokolls oder Registers fehlen, und eine Person hat das hingenommen.

payload-canonical-json = das kanonische JSON
payload-sha256 = dessen SHA-256 als 32 rohe Bytes
payload-sha256-hex = dessen SHA-256 als 64 Hexziffern
payload-sha256-hex-base64 = dessen SHA-256 als Hexziffern, gelesen als Base64

attestation-verified = Attestiert
attestation-vouched = Vom Betreiber gezeigt, nicht attestiert
attestation-unknown-root = Attestiert unter einem unbekannten Wurzelzertifikat
attestation-failed = Die Attestierung gilt nicht
attestation-none = Nicht attestiert
names-proven-mark = Name durch ein Zertifikat belegt
names-not-proven-mark = Name nach einem Zertifikat, nicht belegt
names-contradicted-mark = Zertifikat widerlegt
names-certificate = Das Zertifikat
names-subject = Inhaber
names-issuer = Aussteller
names-valid = Gültig
    .dates = { $from } bis { $until }
names-usage = Schlüsselverwendung
names-purposes = Erweiterte Schlüsselverwendung
names-unstated = nicht angegeben

outcome-pass = bestanden
outcome-fail = nicht bestanden
outcome-missing = fehlt
outcome-unchecked = nicht prüfbar
outcome-warn = Warnung

state-open = offen
    .means = Dort ist noch nichts signiert oder erreicht.
state-waiting = wartet
    .means = Eine andere Person muss handeln.
state-in-progress = begonnen
    .means = Ein Teil davon ist da.
state-would-hold = gälte
    .means = Es gilt für sich, aber eine niedrigere Stufe fehlt.
state-holds = gilt
    .means = Es gilt.
state-contradicted = widerlegt
    .means = Was da ist, widerspricht sich oder lässt sich nicht verifizieren, oder was gesehen wurde, ist weg.
state-unchecked = nicht prüfbar
    .means = Diese Station kann es nicht prüfen.

level-none = Keine Stufe
level-in-words = Stufe { $level } von 7
level-with-assurance = Stufe { $level } von 7, { $assurance }
level-any-key = { $level }, jeder Schlüssel zählt

signatures-of = { $valid } von { $threshold } Signaturen
signature-in-words = { $role } { $kind } { $standing }
signature-missing = { $role } fehlt

own-act-answer = Auf eine Verweigerung antworten
own-act-sign = Signieren oder verweigern
own-act-enrol = Einen Schlüssel aufnehmen
own-act-register = Ins Protokoll eintragen

need-readable-file = braucht eine lesbare Datei
need-sealing-anew = muss neu versiegelt werden
need-refusal = braucht eine Antwort
need-operator = braucht Operator
need-witness = braucht Zeugen
need-reviewer = braucht Prüfer
need-auditor = braucht Auditor
need-co-signer = braucht Mitunterzeichner
need-manifest = braucht Manifest
need-right-manifest = braucht das richtige Manifest
need-accepted-key = braucht den Schlüssel im Schlüsselbund
need-log = braucht Protokoll
need-hardware-key = braucht Hardwareschlüssel
need-authority = braucht Befugnis

size-bytes = { $bytes ->
    [one] { $bytes } Byte
   *[other] { $bytes } Bytes
}

age-future = in der Zukunft
age-now = jetzt
age-minutes = { $count } Min.
age-hours = { $count } Std.
age-days = { $count } T.
age-years = { $count } J.
age-just-now = gerade eben
age-minutes-ago = { $count ->
    [one] vor { $count } Minute
   *[other] vor { $count } Minuten
}
age-hours-ago = { $count ->
    [one] vor { $count } Stunde
   *[other] vor { $count } Stunden
}
age-days-ago = { $count ->
    [one] vor { $count } Tag
   *[other] vor { $count } Tagen
}
age-years-ago = { $count ->
    [one] vor { $count } Jahr
   *[other] vor { $count } Jahren
}

window-error-hint = Das ist ein Fehler im Fenster. Schließen Sie es und öffnen Sie es wieder; nichts ist verloren.

sheet-leave = Diesen Dialog verlassen
sheet-cancel = Abbrechen
sheet-close = Schließen
sheet-incomplete = „{ $button }“ lässt sich noch nicht drücken: Oben fehlt etwas.

notice-dismiss = Ausblenden: { $title }
notice-details = Details
    .of = Details: { $title }

copy-failed = Die Zwischenablage ist nicht beschreibbar. Markieren Sie den Text und kopieren Sie ihn von Hand.
copy-done = Kopiert
copy-of = Kopieren: { $label }

qr-code = QR-Code: { $label }
    .about = QR-Code von: { $label }. Er enthält nur die Hexziffern daneben.

path-choose = Wählen…
    .of = Wählen: { $label }
path-default = Voreinstellung
    .of = Voreinstellung: { $label }

lines = Zeilen { $from } bis { $to } von { $total }
    .earlier = Frühere
    .later = Spätere

time-none = keine Zeit
time-accuracy = { $date } ± { $seconds } s

work-of = { $doing }, { $done } von { $total }

legend-marks = Zeichen der Signaturen
legend-signatures = Signaturen
legend-states = Zustände
legend-software = Operator, mit Softwareschlüssel
legend-hardware = Zeuge, mit Hardwareschlüssel
legend-external = Auditor, mit externem Signierer
legend-missing = Prüfer, fehlt noch
legend-not-counted = Lässt sich verifizieren, zählt aber nicht
legend-invalid = Lässt sich nicht verifizieren

asks-nothing = verlangt nichts
asks-passphrase = verlangt Passphrase
asks-pin = verlangt PIN
asks-pin-on-pad = verlangt PIN auf dem PIN-Pad
asks-touch = verlangt Berührung
asks-pin-and-touch = verlangt PIN und Berührung
asks-pin-perhaps-touch = verlangt PIN, und Berührung, wenn er blinkt
