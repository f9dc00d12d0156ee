## Notice

journal-notice-broken = { $path }: the journal was broken, { $why }; it is kept as { $kept_as }, and a new one was begun
    .hint = find out who changed it
journal-notice-torn = { $path }: the last line was half written, by a process or machine that stopped; it is kept as { $kept_as }, all lines before it hold
