# Asking for time stamps, and importing them.

times = { $count ->
    [one] Ask for a time stamp for { $count } envelope
   *[other] Ask for a time stamp for { $count } envelopes
}
    .about = A time-stamping authority vouches for the time by which a signature was there. It is asked from a machine with a network: this writes a folder with one request for each signature that has no trusted time yet, or whose time stamp should be renewed. A request contains a digest and nothing else of the envelope.
times-act = Write the requests
times-folder = Folder
    .hint = A new folder.
times-missing = Choose where to write the folder.
times-working = Judging and writing
times-written = { $count ->
    [one] { $count } request written
   *[other] { $count } requests written
}
    .known = { $count ->
        [one] { $count } signature has a trusted time already.
       *[other] { $count } signatures have a trusted time already.
    }
    .renewals = { $count ->
        [one] { $count } request renews a time stamp.
       *[other] { $count } requests renew a time stamp.
    }
times-no-authority = No time-stamping authority is trusted here yet
    .hint = Add the root of the authority in Settings before you import its responses.
times-carry = Carry this folder to a machine with a network.
    .copy = Copy the path of the folder
times-send = There, in the folder, send the requests to the address of an authority.
    .address = address
times-return = Bring the folder back, and drop it on this window.
times-phone = Or by phone
    .about = The code is the request, as a data URL that a browser saves as the file to send. Bring the response back as a file whose name ends in .tsr.
    .qr = QR code of the request. It contains the text next to it.
    .copy = Copy the request
times-in-folder = { $count ->
    [one] { $count } request in the folder
   *[other] { $count } requests in the folder
}
times-request = { $renews ->
    [yes] { $signer }, renewal: { $file }
   *[no] { $signer }: { $file }
}
times-more-requests = { $count ->
    [one] And { $count } request more.
   *[other] And { $count } requests more.
}

times-import = Import time stamps into { $name }
    .about = Each response of a time-stamping authority is verified, then written beside the signature that it is about. None is written that would stop its signature from counting.
times-import-act = Verify and import
times-import-sources = To import
times-import-folder = Choose a folder…
times-import-responses = Choose responses…
times-import-missing = Choose the folder of requests, or responses.
times-import-working = Verifying each response
times-import-added = { $count ->
    [one] { $count } time stamp added
   *[other] { $count } time stamps added
}
times-import-known = Everything was already here
times-import-nothing = No time stamp was added
times-import-here = { $count ->
    [one] { $count } time stamp was here already.
   *[other] { $count } time stamps were here already.
}
times-import-unchanged = Everything that was left out is unchanged.
times-left-out = { $count ->
    [one] { $count } response left out
   *[other] { $count } responses left out
}
    .more = { $count ->
        [one] And { $count } response more.
       *[other] And { $count } responses more.
    }
times-waiting = { $count ->
    [one] { $count } request without a response yet
   *[other] { $count } requests without a response yet
}
    .hint = { $count ->
        [one] Send it, then import the folder again.
       *[other] Send them, then import the folder again.
    }
times-stamped = Time stamps
    .more = { $count ->
        [one] And { $count } time stamp more.
       *[other] And { $count } time stamps more.
    }
times-stamped-signature = { $known ->
    [yes] Signature of { $signer }, already there
   *[no] Signature of { $signer }
}
