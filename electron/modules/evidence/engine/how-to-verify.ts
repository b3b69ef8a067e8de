// The text that a pack opens with: how anyone checks it with stock tools, the signature first.
import { cleanValue } from './bag.ts';

export interface HowToFacts {
  readonly folder: string;
  readonly organisation: string;
  readonly createdAt: string;
  readonly externalIdentifier: string;
  /** SHA-256 of the root certificate's DER, lower-case hex. */
  readonly rootFingerprint: string;
  /** RFC 3339: until when the signing certificate runs. */
  readonly signerNotAfter: string;
  readonly missing: readonly string[];
  /** SHA-256 of verify.py, where the pack carries it; null = it doesn't. */
  readonly checkerSha256: string | null;
}

/** `aabbcc…` as openssl prints it: `AA:BB:CC:…`. */
const colons = (hex: string): string => hex.toUpperCase().replaceAll(/(..)(?!$)/gu, '$1:');

/** What the checker does, and why it needs a look of its own. */
const checkerStep = (sha256: string | null): string =>
  sha256 === null
    ? ''
    : `5. THE VERDICT AGAIN, AND THE QUOTED RECORDS

     python3 verify.py

   One plain Python file (3.8 or newer, nothing to install). It repeats steps 2 to 4, checks the second signature,
   verifies the logs in the pack anew where it knows their format (Guardian, Agno, hash-chained JSON by the recipe in
   findings.json, CloudTrail) and compares what it finds with findings.json, and checks the inclusion proof of every
   quoted record. What it marks "--" it did not check, such as hashes that need a secret key, or tables; for these
   hash chains the pack holds a program of their own, data/chain-check.py. It came with this pack, so it is
   as trustworthy as step 1 found the pack to be. To be surer, read it, or compare it with a copy that you have from
   elsewhere ("probity pack checker --out FILE" writes it). In this pack its SHA-256 is

     ${sha256}

   A copy of this pack may lack files of data/records/: whoever passed it on withheld what these records say. Steps
   3 and 4 then name them as missing; verify.py says so too, and shows that everything else stands.

`;

/** HOW-TO-VERIFY.txt: plain text, LF, the same bytes for the same facts. */
export const howToVerify = (facts: HowToFacts): string => {
  const from = cleanValue(facts.organisation);
  const epochSeconds = Math.floor(Temporal.Instant.from(facts.createdAt).epochMilliseconds / 1000);
  return `HOW TO VERIFY THIS EVIDENCE PACK

Pack:  ${facts.folder} (${facts.externalIdentifier})
From:  ${from === '' ? '(no organisation was named)' : from}
Made:  ${facts.createdAt}

You need no software of the sender. Run the commands in the folder that holds this file, in bash (Linux, macOS,
WSL, Git Bash), with OpenSSL 1.1.1 or newer. Do step 1 first: anyone who changes the files can recompute every
digest below, but can not sign the result as the sender.

1. WHO SIGNED IT

   Ask the sender for the fingerprint of their root certificate BY ANOTHER ROAD than this pack: by telephone, by
   letter, from a page you know to be theirs. Whoever forged a pack would print a forged fingerprint here too.
   According to this pack, the SHA-256 fingerprint of the root certificate is

     ${colons(facts.rootFingerprint)}

   If the sender gave you the certificate itself, save it as org-root.pem. Otherwise take the copy in this pack,
   and go on only if the command prints the fingerprint that you were given by the other road:

     cp signatures/root.pem org-root.pem
     openssl x509 -in org-root.pem -noout -fingerprint -sha256

   Then:

     openssl cms -verify -binary -inform PEM -in signatures/tagmanifest-sha256.txt.p7s -content tagmanifest-sha256.txt -CAfile org-root.pem -out /dev/null

   It must say "verification successful". OpenSSL judges certificates by today's date: after
   ${facts.signerNotAfter} add "-attime ${epochSeconds}", the moment at which the pack says it was signed.

2. THE DESCRIPTION IS WHOLE

     sha256sum --strict -c tagmanifest-sha256.txt

   Every line must end in OK. (macOS: shasum -a 256 -c tagmanifest-sha256.txt)

3. THE CONTENT IS WHOLE

     sha256sum --strict -c manifest-sha256.txt

   Every line must end in OK. (macOS: shasum -a 256 -c manifest-sha256.txt)

4. NOTHING WAS ADDED

     diff <(find data -type f | LC_ALL=C sort) <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)

   It must print nothing. sha256sum does not notice extra files; this does. Outside data/, only the files named in
   tagmanifest-sha256.txt, the two tagmanifest files and the folder signatures/ belong to the pack: nothing vouches
   for any other file (your own org-root.pem is one).

${checkerStep(facts.checkerSha256)}${facts.checkerSha256 === null ? 5 : 6}. THE SAME AGAIN WITH OTHER TOOLS (optional)

   - Steps 2 to 4, SHA-512 included, with the BagIt tool of the Library of Congress:  bagit.py --validate .
   - The signature with any JOSE library: signatures/tagmanifest-sha256.txt.jws is a detached JWS (RFC 7515,
     appendix F). Put base64url(tagmanifest-sha256.txt) between its two dots; algorithm ES256; the key is that of
     signatures/signer.pem; the header x5t#S256 is the SHA-256 of that certificate. This shows that the same key
     signed, not whose key it is: step 1 does.
   - Windows without tools, one file at a time:  certutil -hashfile <file> SHA256

WHAT THIS PROVES
   The holder of the signing key vouched for exactly these files. The time of signing is the sender's own word: this
   pack was made without a timestamp of a third party, and bag-info.txt says so (Expected-Signatures: cms,jws). Where
   signatures/tagmanifest-sha256.txt.tsr is there, one was added afterwards; with the root of its authority:
   openssl ts -verify -data tagmanifest-sha256.txt -in signatures/tagmanifest-sha256.txt.tsr -CAfile tsa-root.pem
${
  facts.missing.length === 0
    ? `   The pack says that it is complete.
`
    : `   The pack says that it is PARTIAL. It does not hold:
${facts.missing.map((sentence) => `   - ${cleanValue(sentence)}\n`).join('')}`
}`;
};
