## CatalogueError

catalogue-sqlite = { $path }: the catalogue cannot be used ({ $source }); without it every start judges everything again
    .hint = make its directory writable, or delete the file

## ExportError

export-form = { $path }: the history cannot be written ({ $source })
    .hint = try the other form

## QueueError

queue-thread = no thread for the queue ({ $cause })
    .hint = close other programs and try again

## Trouble

trouble-gone = { $path } has disappeared; what is shown is what was last seen
    .hint = plug its disk in again, or put the directory back: it will be noticed
trouble-unwatched = not every directory below { $path } can be watched ({ $error }); everything is compared again every few seconds instead
    .hint = { $limit ->
        [yes] raise the limit: sudo sysctl fs.inotify.max_user_watches=1048576
       *[no] nothing has to be done; changes show a little later
    }
trouble-unsearched = cannot be searched: { $named }
    .hint = ask for permission to read there, or check the disk
trouble-runs-missing = registered runs that this station saw here are missing: { $named }
    .hint = find out who deleted or renamed them, and put them back
trouble-log-unknown = { $why }
trouble-keyring = the keyring is not used: { $cause }
    .hint = { $stays ->
        [yes] the keys that it had before stay in force until it can be used
       *[no] no key is accepted until it can be used
    }. Repair the file, or choose another in the settings
trouble-trust-folder = not every trusted root is in force: { $named }
    .hint = { $others ->
        [yes] the others are in force. Repair what is named, or move it aside
       *[no] repair it, or choose another folder in the settings
    }
trouble-catalogue = { $cause }
    .hint = nothing is lost: the next start takes longer

## Unsound

unsound-log-broken = { $path }: the { $kind } { $why }
    .hint = no entry in it counts, and none can be added. Find out who changed it, and restore it from a copy
unsound-other-than-seen = { $path }: { $words }
    .hint = find out who replaced it and restore it from a copy, or accept it as it is if you know who did that and why
