## CarryError

carry-nothing = nothing that was named can be exported: there is no sealed run; nothing was written
carry-clash = two files "{ $text }" that are not the same are among what was named
    .hint = export them apart
carry-name = the name "{ $name }" { $why }
    .hint = give the file or folder another
carry-faults = { $path }: not as its list says: { $faults }; nothing was imported
    .hint = get it again
carry-other-digest = { $path }: its digest is { $found }, not { $expected } as was expected; nothing was imported
    .hint = ask the sender again
carry-no-run = { $path }: there is no sealed run in it; nothing was imported
carry-rewritten = { $rewritten }; nothing was imported
carry-log = { $text }; nothing was imported
carry-log-unknown = { $why }; nothing was imported
carry-temporary = a temporary folder cannot be made ({ $cause }); nothing was imported
    .hint = make room on the disk
carry-journal = { $cause }; nothing was carried, because it could not be journalled

## MergeError

merge-no-run = { $path }: there is no sealed run in this directory; nothing was merged
    .hint = name the one that holds them
merge-not-an-artifact = { $path }: { $error }; nothing was merged
    .hint = restore the file
merge-existing = { $path }: { $error }; nothing was merged
    .hint = { $markers ->
        [yes] { $remedy }
       *[no] move the file aside if it is not wanted
    }
merge-refusals = { $path }: the refusals cannot be added to: { $error }; nothing was changed
    .hint = restore the file from a copy, or move it aside
merge-conflict-markers = { $path }: git's conflict markers stand in it; nothing was merged
    .hint = take one side with `git checkout --ours`, write the other to a file of its own with `git show MERGE_HEAD:FILE`, and merge that
merge-journal = { $cause }; nothing was merged, because it could not be journalled

## PackError

pack-not-a-run = { $path }: not named like a sealed run (RUN-….json)
    .hint = name the run itself
pack-unreadable = { $path }: { $why }; nothing was packed, because a file that cannot be read shows nothing
pack-unfit = the file "{ $text }" does not fit into the pack; nothing was packed
pack-report = the report cannot be made ({ $text }); nothing was packed
pack-not-a-pack = { $path }: it has { $count } sealed runs, and a pack has one, at its top
    .hint = if it is an export, import it instead
pack-journal = { $cause }; nothing was packed, because it could not be journalled

## ReviewError

review-unpack = { $path }: cannot be unpacked ({ $source })
    .hint = make room in the temporary directory and try again
review-not-reviewing = nothing is reviewed
    .hint = begin a review first
review-no-keyring = there is no such keyring
    .hint = choose a keyring's file
review-no-digest = this is not a SHA-256 digest
    .hint = paste its 64 hex digits, in any grouping
review-nothing-to-compare = there is no digest to compare while something is wrong with the pack
    .hint = do not rely on this pack
