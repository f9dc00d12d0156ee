// Whether each Sigstore bundle in a pack's evidence holds by the key beside it, with every time stamp
// in it by an authority, according to `@sigstore/verify`.
//
//   node sigstore.mjs EVIDENCE AUTHORITY_PEM…
//
// The certificates of the authority, its signer's first and the root last. Prints a JSON object a line:
// `file`, the number of `stamps`, and `refused` with the reason, or null.

import { createPublicKey, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";

const ENDING = ".sigstore.json";

const [folder, ...authority] = process.argv.slice(2);
const certificates = authority.map((path) => new X509Certificate(readFileSync(path)));

function verify(name) {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(join(folder, name), "utf8")));
  const pem = readFileSync(join(folder, name.replace(ENDING, ".pem")));
  const key = createPublicKey(pem).export({ type: "spki", format: "der" });
  const trust = toTrustMaterial(
    {
      certificateAuthorities: [],
      ctlogs: [],
      timestampAuthorities: [
        { certChain: { certificates: certificates.map((one) => ({ rawBytes: one.raw })) } },
      ],
      tlogs: [],
    },
    { [bundle.verificationMaterial.content.publicKey.hint]: { rawBytes: key } },
  );
  const { rfc3161Timestamps } = bundle.verificationMaterial.timestampVerificationData;
  const stamps = rfc3161Timestamps.length;
  try {
    const entity = toSignedEntity(bundle);
    new Verifier(trust, { tlogThreshold: 0, timestampThreshold: stamps }).verify(entity);
  } catch (error) {
    // A token that is no DER any more is refused when it is read.
    return { stamps, refused: error instanceof VerificationError ? error.code : error.name };
  }
  return { stamps, refused: null };
}

for (const name of readdirSync(folder).sort()) {
  if (name.endsWith(ENDING)) console.log(JSON.stringify({ file: name, ...verify(name) }));
}
