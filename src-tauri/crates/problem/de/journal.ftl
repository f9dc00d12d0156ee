## Notice

journal-notice-broken = { $path }: das Journal war unterbrochen, { $why }; es ist als { $kept_as } aufbewahrt, und ein neues wurde begonnen
    .hint = finden Sie heraus, wer es geändert hat
journal-notice-torn = { $path }: die letzte Zeile war halb geschrieben, von einem Prozess oder Rechner, der anhielt; sie ist als { $kept_as } aufbewahrt, alle Zeilen davor gelten
