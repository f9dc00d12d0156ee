// A time-stamping authority of OpenSSL's, as `openssl ts` is one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { directory } from "./station.mjs";

const ROOT = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
const SIGNER = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n";
const CONFIG = `[tsa]
default_tsa = own
[own]
dir = .
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256
accuracy = secs:1
`;

/** An authority whose certificate is valid for so many days, and its root, PEM. */
export function timeAuthority(test, name, { days = 3650 } = {}) {
  const path = directory(test);
  const openssl = (words, ...more) => {
    const ran = spawnSync("openssl", [...words.split(" "), ...more], { cwd: path });
    assert.equal(ran.status, 0, `openssl ${words}: ${ran.stderr}`);
  };
  const files = { "root.ext": ROOT, "tsa.ext": SIGNER, serial: "01\n", "ts.cnf": CONFIG };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  const subjects = { root: `/CN=${name} Root`, tsa: `/O=Example/CN=${name}` };
  for (const [key, subject] of Object.entries(subjects)) {
    openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${key}.key`);
    openssl(`req -new -key ${key}.key -out ${key}.csr -subj`, subject);
  }
  openssl("x509 -req -in root.csr -signkey root.key -days 7300 -extfile root.ext -out root.pem");
  openssl(
    `x509 -req -in tsa.csr -CA root.pem -CAkey root.key -set_serial 2 -days ${days} -extfile tsa.ext -out tsa.pem`,
  );

  /** Answers one request. */
  const reply = (request, response) =>
    openssl("ts -reply -config ts.cnf -queryfile", request, "-out", response);
  return {
    root: join(path, "root.pem"),
    reply,
    /** Answers every request of a folder, and returns their names without the ending. */
    answer(folder) {
      const names = readdirSync(folder).filter((name) => name.endsWith(".tsq"));
      const stems = names.sort().map((name) => join(folder, name.slice(0, -4)));
      for (const stem of stems) reply(`${stem}.tsq`, `${stem}.tsr`);
      return stems;
    },
  };
}
