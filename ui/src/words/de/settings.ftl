# Einstellungen.

settings-title = Einstellungen
settings-saving = Jede Änderung wird für sich gespeichert. Entscheidet eine darüber, was zählt, zeigt sie zuerst, welche Umschläge steigen und fallen.
settings-saved = Gespeichert.
settings-kept-aside = Die beschädigten Einstellungen liegen in einer anderen Datei

settings-look = Darstellung
settings-policy = Richtlinie
settings-files = Dateien
settings-roots = Wurzelzertifikate für Attestierungen
    .about = Die Attestierung eines Geräteschlüssels wird gegen diese Wurzelzertifikate geprüft. Nur Sie fügen sie hinzu.
settings-authorities = Wurzelzertifikate für Zeitstempel
    .about = Der Zeitstempel einer Signatur wird gegen diese Wurzelzertifikate von Zeitstempeldiensten geprüft. Nur Sie fügen sie hinzu. Sie liegen neben dem Schlüsselbund.
settings-names = Wurzelzertifikate für Namen
    .about = Das Zertifikat neben einem Schlüssel belegt einen Namen, wenn es zu einem dieser Wurzelzertifikate führt. Sie belegen Namen und sonst nichts: Kein Schlüssel zählt durch sie. Nur Sie fügen sie hinzu. Sie liegen neben dem Schlüsselbund.
settings-signers = Signierer
settings-modules = PKCS#11-Module

settings-as-system = Wie das System
settings-theme = Farben
settings-theme-light = Hell
settings-theme-dark = Dunkel

settings-language = Sprache
    .about = Kommandozeile, Journal und Berichte sind auf Englisch.
settings-language-notes = Ihre Notizen stehen noch in keinem Befund
    .means = Für eine andere Sprache wird das Fenster neu geladen, und die Notizen gingen verloren. Signieren Sie zuerst den Befund, um sie zu behalten.
    .title = Sprache ändern
    .act = Notizen verwerfen und ändern

settings-change = Ändern…
settings-change-of = Ändern: { $setting }
settings-change-place = Einen Ort ändern
settings-change-policy = Die Richtlinie ändern
settings-save = Speichern
settings-save-weaker = Schwächere Richtlinie speichern
settings-weaker-shown = Fenster, Kommandozeile und Berichte zeigen das, solange die Richtlinie gilt.
settings-asks-less = Diese Richtlinie verlangt weniger als die geltende
    .means = Umschläge können eine Stufe erreichen, die sie jetzt nicht erreichen.
settings-exempt = { $count ->
    [one] { $count } Signatur ohne Claim zählt heute und zählt weiterhin. Die Einstellungen und das Journal nennen sie.
   *[other] { $count } Signaturen ohne Claim zählen heute und zählen weiterhin. Die Einstellungen und das Journal nennen sie.
}
settings-journalled = Das Journal hält den alten und den neuen Wert fest.
settings-effect-missing = Erscheint, wenn die Einstellung eine andere ist als jetzt.
settings-same-place = Wählen Sie einen anderen Ort als jetzt.
settings-same-value = Wählen Sie einen anderen Wert als jetzt.
settings-same-number = Das ist die jetzige Zahl.

# Die Teile einer Richtlinie.
policy-trust = Wessen Signaturen zählen
policy-trust-pinned = Nur Signaturen von Schlüsseln im Schlüsselbund
    .about = Für Inhaber und Rollen des Schlüssels, solange er gilt.
policy-trust-embedded = Jede Signatur, die sich verifizieren lässt
    .about = Von wem auch immer. Das zeigt, dass sich nichts geändert hat, nicht, wer signiert hat.
policy-threshold = Signaturen für L4
    .about = So viele Personen mindestens; ein Umschlag kann mehr verlangen.
    .value = Mindestens { $number }
    .wrong = Geben Sie eine ganze Zahl ab 2 ein.
policy-roles = Weitere Rollen für L4
    .about = Operator und Zeuge sind immer verlangt.
    .none = Keine
policy-assurance = Nachweis, den L6 von einem Hardware- oder externen Schlüssel verlangt
policy-assurance-claimed = Behauptet
    .about = Die Signaturdatei sagt es, ohne Beweis.
policy-assurance-pinned = Vom Schlüsselbund bestätigt
    .about = Der Schlüsselbund sagt es, auf das Wort der Person hin, die den Schlüssel aufgenommen hat.
policy-assurance-attested = Attestiert
    .about = Die Attestierung des Schlüssels selbst beweist es und führt zu einem der Wurzelzertifikate unten.
policy-claims = Name, Rolle und Zeit einer Signatur
policy-claims-preferred = Vom Schlüssel signiert, wenn möglich
    .about = Eine Signatur ohne Claim zählt und ist als von der Datei behauptet markiert.
policy-claims-required = Vom Schlüssel signiert
    .about = Eine Signatur ohne Claim zählt nicht, außer sie zählt heute.
policy-time = Die Zeit einer Signatur muss mindestens so belegt sein
    .about = Sie entscheidet, ob ein Schlüssel galt.
policy-time-claimed = Von der Datei behauptet
policy-time-signed = Vom Schlüssel selbst signiert
policy-time-trusted = Von einem vertrauenswürdigen Zeitstempeldienst bestätigt
policy-boundary = Befugnisgrenze
policy-boundary-shown = Angezeigt, wenn es eine gibt
    .about = Sie wird beurteilt und angezeigt; verlangt wird keine.
policy-boundary-required = Verlangt
    .about = Ein Umschlag ohne Befugnisgrenze, die gilt, wird mit einer Warnung markiert. Keine Stufe hängt davon ab.
policy-tolerance = Uhren dürfen abweichen um
    .about = Eine Signatur, die weiter als so vor ihrem Lauf datiert ist, zählt nicht.
policy-tolerance-none = Gar nicht
policy-tolerance-minute = 1 Minute
policy-tolerance-default = 5 Minuten (Voreinstellung)
policy-tolerance-hour = 1 Stunde
policy-tolerance-seconds = { $seconds } Sekunden

# Was attestierte Schlüssel sein müssen.
attested-title = Was attestierte Schlüssel sein müssen
    .about = L6 gilt nur, wenn die Signaturen, die L4 braucht, von Schlüsseln stammen, deren Attestierungen das sagen. Was eine Attestierung nicht angibt, reicht nicht. Eine Rolle, die kein Claim signiert, ist das Wort der Datei: Gegen jemanden, der Signaturdateien schreibt, gelten Regeln einzelner Rollen nur, wenn Name, Rolle und Zeit vom Schlüssel signiert sein müssen.
attested-of-all = Schlüssel jeder Rolle
    .about = Nichts angekreuzt heißt nichts verlangt; von mehreren angekreuzten Werten genügt einer.
attested-of-role = Schlüssel der Rolle { $role }
    .about = Was hier offen bleibt, gilt wie für jede Rolle; was hier gesetzt ist, tritt an seine Stelle.
attested-nothing = Nichts ist verlangt
attested-as-all = Wie für jede Rolle
attested-model = Gerät
attested-firmware = Firmware mindestens
    .about = Etwa 5.7; leer: jede.
    .wrong = Schreiben Sie bis zu drei Zahlen unter 256 mit Punkten dazwischen, etwa 5.7.
    .value = Firmware { $firmware } oder neuer
attested-pin = PIN-Regel
    .value = PIN { $values }
attested-pin-once = einmal
attested-pin-always = immer
attested-pin-match-once = einmal, oder ein Fingerabdruck
attested-pin-match-always = immer, oder ein Fingerabdruck
attested-touch = Berührungsregel
    .value = Berührung { $values }
attested-touch-always = immer
attested-touch-cached = für 15 Sekunden gemerkt
attested-form = Bauform
attested-form-a-keychain = USB-A, für den Schlüsselring
attested-form-a-nano = USB-A nano
attested-form-c-keychain = USB-C, für den Schlüsselring
attested-form-c-nano = USB-C nano
attested-form-lightning = USB-C und Lightning
attested-form-a-fingerprint = USB-A mit Fingerabdrucksensor
attested-form-c-fingerprint = USB-C mit Fingerabdrucksensor
attested-device = Außerdem
attested-fips = nach FIPS zertifiziert
    .about = Ein YubiKey der FIPS-Serie.
attested-generated = auf dem Gerät erzeugt
    .about = Ein importierter Schlüssel hat keine Attestierung.
attested-no-advisory = kein bekannter Sicherheitshinweis
    .about = Firmware und Art des Schlüssels sind nicht die eines Sicherheitshinweises wie ROCA oder EUCLEAK.

# Dateien und Ordner, die entscheiden, was zählt.
path-keyring = Schlüsselbund
    .about = Wessen Schlüssel zählen, und in welchen Rollen.
    .unset = Der eigene Schlüsselbund der Station
path-roots = Ordner der Wurzelzertifikate für Attestierungen
    .about = Zertifikate im PEM-Format.
    .unset = Der eigene Ordner der Station
path-log = Transparenzprotokoll
    .about = Wo Läufe eingetragen sind. Verlangt für L3.
path-ledger = Befugnisregister
    .about = Wer was entscheiden darf. Verlangt für L7.
path-next-to-runs = Neben den Läufen gefunden

# Wurzelzertifikate.
roots-attestations-none = Noch keine Wurzelzertifikate: Keiner Attestierung wird vertraut, und ein Hardwareschlüssel zählt höchstens auf das Wort des Schlüsselbunds hin.
roots-attestations-add = Wurzelzertifikate für Attestierungen hinzufügen
    .open = Wurzelzertifikate für Attestierungen hinzufügen…
roots-attestations-remove = Ein Wurzelzertifikat für Attestierungen entfernen
roots-attestations-power = Wer den Schlüssel eines Wurzelzertifikats hat, kann jedes Gerät bestätigen
roots-attestations-lost = Was es bestätigt hat, ist nicht mehr attestiert
    .means = Signaturen, deren Attestierung zu diesem Wurzelzertifikat führt, zählen so, wie der Schlüsselbund sagt.
roots-time-stamps-none = Noch keine Wurzelzertifikate: Keinem Zeitstempeldienst wird vertraut, und eine Signatur hat die Zeit, die ihr Schlüssel oder ihre Datei nennt.
roots-time-stamps-add = Wurzelzertifikate für Zeitstempel hinzufügen
    .open = Wurzelzertifikate für Zeitstempel hinzufügen…
roots-time-stamps-remove = Ein Wurzelzertifikat für Zeitstempel entfernen
roots-time-stamps-power = Wer den Schlüssel eines Wurzelzertifikats hat, kann jede Zeit bestätigen
roots-time-stamps-lost = Den Zeiten, die es bestätigt hat, wird nicht mehr vertraut
    .means = Signaturen mit Zeitstempeln, die zu diesem Wurzelzertifikat führen, haben die Zeit, die sie selbst nennen.
roots-names-none = Noch keine Wurzelzertifikate: Die Namen in Zertifikaten sind nur deren eigenes Wort.
roots-names-add = Wurzelzertifikate für Namen hinzufügen
    .open = Wurzelzertifikate für Namen hinzufügen…
roots-names-remove = Ein Wurzelzertifikat für Namen entfernen
roots-names-power = Wer den Schlüssel eines Wurzelzertifikats hat, kann jeden Namen bestätigen
roots-names-lost = Die Namen, die es bestätigt hat, sind nicht mehr belegt
    .means = Namen in Zertifikaten, die zu diesem Wurzelzertifikat führen, sind dann nur deren eigenes Wort. Keine Stufe ändert sich.
lists-title = Sperrlisten
lists-about = Was eine Stelle gesperrt hat, aus ihren eigenen Dateien. Eine Sperrliste zählt nur, wenn der Schlüssel dieser Stelle sie signiert hat.
lists-none = Noch keine Sperrlisten: Sperrungen werden nicht geprüft.
lists-add = Sperrliste hinzufügen…
lists-added = Sperrliste hinzugefügt.
lists-removed = Sperrliste entfernt.
lists-remove-one = Die Sperrliste von { $issuer } entfernen
lists-ended = Veraltet
lists-dates = Vom { $made }, nächste fällig { $next }, { $count ->
        [one] 1 Zertifikat
       *[other] { $count } Zertifikate
    } gesperrt
    .open = Vom { $made }, nächste nicht angekündigt, { $count ->
        [one] 1 Zertifikat
       *[other] { $count } Zertifikate
    } gesperrt
lists-not-used = Nicht benutzt: Sie { $why }.
lists-unsigned = Von keinem dieser Wurzelzertifikate signiert. Sie zählt, wenn ihre Stelle mit einem Zertifikat mitkommt.
roots-in = In { $folder }
roots-effect-missing = Erscheint, wenn ein Zertifikat angekreuzt ist.
roots-add-ticked = Angekreuzte Zertifikate hinzufügen
roots-add-count = { $count ->
    [one] { $count } Zertifikat hinzufügen
   *[other] { $count } Zertifikate hinzufügen
}
roots-added = { $count ->
    [one] { $count } Zertifikat hinzugefügt.
   *[other] { $count } Zertifikate hinzugefügt.
}
roots-compare = Vergleichen Sie seinen SHA-256 mit einem, der Sie auf anderem Weg erreicht hat als diese Datei. Kreuzen Sie dann an, wem Sie vertrauen.
roots-empty-file = Diese Datei enthält keine Zertifikate.
roots-already = Schon im Ordner.
roots-none-ticked = Kreuzen Sie die Zertifikate an, die Sie verglichen haben.
roots-remove-act = Wurzelzertifikat entfernen
roots-remove-one = { $subject } entfernen
roots-removed = Das Zertifikat ist entfernt.
roots-can-return = Es lässt sich wieder hinzufügen.

# Dem Attestierungsschlüssel eines TPMs vertrauen.
endorse = Dem Attestierungsschlüssel eines TPMs vertrauen
    .open = Attestierungsschlüssel eines TPMs…
    .act = Das TPM fragen
endorse-about = Das TPM beweist, dass es einen Endorsement-Schlüssel hält, den sein Hersteller zertifiziert hat, und daneben den Attestierungsschlüssel. Dann wird diesem vertraut. Das Zertifikat muss zu einem Wurzelzertifikat oben führen: dem des Herstellers. Die tpm2-tools müssen installiert sein. Niemand sonst kann das später prüfen.
endorse-key = Endorsement-Schlüssel
    .hint = Eine Kontextdatei, oder ein Handle wie 0x81010001.
    .missing = Wählen Sie die Kontextdatei des Endorsement-Schlüssels, oder geben Sie sein Handle ein.
endorse-certificate = Zertifikat des Endorsement-Schlüssels
    .hint = Eine Datei in PEM oder DER.
    .missing = Wählen Sie das Zertifikat des Endorsement-Schlüssels.
endorse-attestation-key = Attestierungsschlüssel
    .missing = Wählen Sie die Kontextdatei des Attestierungsschlüssels, oder geben Sie sein Handle ein.
endorse-hierarchy-authorisation = Autorisierung der Endorsement-Hierarchie
endorse-authorisation = Autorisierung des Attestierungsschlüssels
endorse-authorisation-hint = Eine Datei mit ihr; leer, wenn es keine gibt.
endorse-done = Ihm wird nun vertraut
endorse-fingerprint = SHA-256 des öffentlichen Bereichs des Attestierungsschlüssels
certificate-known = bekannt: { $name }
certificate-expired = abgelaufen
certificate-valid = { $from } bis { $until }
    .in = { $from } bis { $until }, in { $file }
certificate-no-expiry = ohne Ablauf
    .in = ohne Ablauf, in { $file }
certificate-of-tpm = Der Schlüssel eines einzelnen TPM: vertrauenswürdig für das, was dieses TPM bescheinigt.
certificate-intermediate = Ein Zwischenzertifikat: hilft, Ketten zu bilden; ihm selbst wird nicht vertraut.

# Signierer.
signers-none = Noch kein Signierer. Ein Schlüssel, den Sie unter Schlüssel erzeugen, kommt von selbst hierher; eine Schlüsseldatei oder einen externen Befehl fügen Sie von Hand hinzu.
signers-of = von { $signer }
signers-key-file = Schlüsseldatei { $path }
signers-token-key = Schlüssel auf einem Token { $uri }
signers-agent-key = Schlüssel im SSH-Agenten { $agent }
signers-command = Externer Befehl { $command }
signers-unprobed = Er hat seine Probe nicht bestanden und kann nicht signieren.
signers-edit = Bearbeiten…
signers-edit-one = { $name } bearbeiten
signers-remove = Entfernen…
signers-remove-one = { $name } entfernen
signers-add = Signierer hinzufügen…
signer-saved = Der Signierer { $name } ist gespeichert.
signer-removed = Der Signierer { $name } ist entfernt.
signer-remove = Den Signierer { $name } entfernen
    .act = Signierer entfernen
signer-remove-means = Diese Station kann damit nicht mehr signieren
    .rest = Seine Schlüsseldatei oder sein Befehl bleibt, wo sie ist, und Schlüsselbund und frühere Signaturen bleiben unverändert.
signer-one = Signierer { $name }
signer-new = Einen Signierer hinzufügen
signer-save = Signierer speichern
signer-add = Signierer hinzufügen
signer-name = Name
    .hint = Für diese Station, zum Beispiel kms-sign.
    .missing = Geben Sie einen Namen für den Signierer ein.
    .taken = Ein anderer Signierer hat diesen Namen.
signer-who = Wer signiert
    .missing = Geben Sie ein, wer signiert.
signer-where = Wo der Schlüssel liegt
signer-key-file = Schlüsseldatei
    .about = Fragt nach ihrer Passphrase.
    .missing = Wählen Sie die Schlüsseldatei.
signer-external = Externer Befehl
    .about = Gibt die Signatur aus.
signer-token = Schlüssel auf einem Token
    .about = Fragt nach seiner PIN.
signer-agent = Schlüssel in einem SSH-Agenten
    .about = Fragt hier nach nichts.
signer-agent-socket = Socket des Agenten
    .hint = Wenn leer, der Agent dieser Sitzung (SSH_AUTH_SOCK).
signer-agent-key = Schlüssel
    .missing = Wählen Sie einen Schlüssel.
    .unfit = Ein Schlüssel dieser Art signiert hier nichts.
    .absent = Der früher gewählte Schlüssel; er ist jetzt nicht im Agenten
signer-agent-look = Erneut suchen
signer-agent-software = Ein Agent sagt nicht, was einen Schlüssel hält: Er zählt als Softwareschlüssel. Für einen Schlüssel auf einem Token verwenden Sie das Token selbst.
signer-uri = Schlüssel
    .hint = Seine URI (RFC 7512), aus Geräte kopiert. Um ohne Person zu signieren, ergänzen Sie &pin-source=file:/… mit der Datei, in der die PIN steht (Modus 0600).
    .wrong = Kopieren Sie sie aus Geräte. Sie beginnt mit pkcs11: und nennt das Modul.
signer-algorithm = Verfahren
signer-holder = Was den Schlüssel hält
signer-holder-token = Was sein Token sagt
signer-holder-hardware = Hardware
signer-holder-software = Software
signer-holder-external = Extern
signer-claimed = Das ist Ihre Behauptung
    .means = Sie wird anstelle dessen geschrieben, was das Token sagt. Bei L6 zählt sie als behauptet, und das Journal hält sie fest.
signer-not-needed = Ein Schlüssel, den Geräte zeigt, braucht hier keinen Signierer. Fügen Sie einen für einen Schlüssel hinzu, den sein Token nur mit der PIN zeigt, oder für einen gemeinsamen Schlüssel.
signer-command = Befehl
    .hint = Läuft ohne Shell. Der Pfad einer Datei mit dem SHA-256 kommt als letztes Argument hinzu.
    .missing = Geben Sie den Befehl ein.
signer-timeout = Zeitlimit in Sekunden
    .wrong = Geben Sie eine ganze Zahl von 1 bis 600 ein; üblich ist 30.
signer-public-key = Öffentlicher Schlüssel
    .hint = Eine Datei, oder der Schlüssel selbst als PEM oder Base64.
    .missing = Geben Sie den öffentlichen Schlüssel ein: Signaturen werden gegen ihn geprüft.
signer-more = Weitere Angaben
signer-public-key-command = Befehl, der den öffentlichen Schlüssel ausgibt
    .hint = Gilt anstelle des Schlüssels oben. Läuft bei jeder Probe.
signer-directory = Arbeitsverzeichnis
    .hint = Wenn leer, ein privates Verzeichnis, das danach entfernt wird.
signer-environment = Umgebung
    .hint = Namen von Variablen, die er außer PATH, HOME, USER, LANG und TMPDIR sieht. Werte werden nicht gespeichert.
    .wrong = Nur Namen: Werte werden nicht gespeichert.
signer-evidence = Befehl, der einen Nachweis ausgibt
    .hint = Läuft nach jeder Signatur mit derselben Datei; gibt eine Schlüsselattestierung als JSON aus.
signer-probe = Probe
    .about = Signiert einen zufälligen Digest zweimal und verifiziert ihn. Ein Signierer, der seine Probe nicht bestanden hat, kann nicht signieren.
signer-probe-passed = Die Probe ist bestanden
signer-probe-earlier = Er hat eine frühere Probe bestanden
signer-probe-stale = Seit der letzten Probe geändert
    .means = Er kann nicht signieren, bis er sie besteht.
signer-probe-not-passed = Die Probe ist nicht bestanden
signer-probe-first = Erproben Sie ihn zuerst
    .means = Die Probe holt den öffentlichen Schlüssel, gegen den Signaturen geprüft werden.
probe-parts = Was die Probe ergab
probe-part-program = Programm
probe-part-environment = Umgebung
probe-part-public-key = Öffentlicher Schlüssel
probe-part-signature = Signatur
probe-part-evidence = Nachweis
probe-state-works = Funktioniert
probe-state-absent = Nicht vorhanden
probe-state-failed = Fehlgeschlagen
probe-state-contradicts = Widerspricht
probe-state-not-checked = Nicht geprüft
probe-variables = Variablen
probe-variable-set = gesetzt
probe-variable-not-set = nicht gesetzt
template-environment = Weitergegebene Umgebung
template-environment-more = Weitere Variablen
template-environment-secrets = Nur Namen. Diese würden verwendet und enthalten Geheimnisse: { $names }.
template-environment-values = Nur Namen: Werte werden nicht gespeichert.
template-evidence-yes = Anfordern
template-evidence-no = Weglassen
algorithm-ecdsa-p256 = ECDSA auf P-256 mit SHA-256
algorithm-ecdsa-p384 = ECDSA auf P-384 mit SHA-384
algorithm-rsa-pkcs1 = RSA PKCS #1 v1.5 mit SHA-256
algorithm-rsa-pss = RSA-PSS mit SHA-256
algorithm-ml-dsa-65 = ML-DSA-65, für Begleitsignaturen
algorithm-hmac = HMAC mit SHA-256, mit einem gemeinsamen Schlüssel

# PKCS#11-Module.
modules-about = HSMs, Smartcards und TPMs signieren über Module. Jedes ist fremder Code und läuft in einem eigenen Prozess; nur die hier gewählten werden geladen.
modules-used = Module in Gebrauch
modules-found = Auf diesem Rechner gefundene Module
    .unused = gefunden, nicht in Gebrauch
modules-loading = Lädt…
modules-no-token = Kein Token ist da.
modules-tokens = { $count ->
    [one] { $count } Token: { $names }
   *[other] { $count } Token: { $names }
}
modules-changed = Die Datei hat sich geändert, seit Sie ihr vertraut haben. Ihre Aussagen über Hardware zählen deshalb nicht.
modules-trust = Seinen Aussagen über Hardware vertrauen, bis sich die Datei ändert
modules-options = Startangaben
modules-variables = Umgebungsvariablen
    .hint = Nur Namen, durch Leerzeichen getrennt. Werte werden nie gespeichert.
modules-init = Initialisierungstext
    .hint = Für Module, die einen brauchen, zum Beispiel NSS.
modules-remove = Entfernen
modules-remove-one = { $file } entfernen
modules-use = Verwenden
modules-use-one = { $file } verwenden
modules-another = Ein weiteres Modul
    .hint = Seine Datei; der Name endet meist auf .so.
modules-add = Modul hinzufügen
