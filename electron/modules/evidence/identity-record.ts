// The workspace's signing identity: made at first need, its private keys sealed in the vault.
import * as v from 'valibot';
import { SigningIdentity } from '../../../shared/model/evidence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Put, Vault } from '../../store/vault.ts';
import { makeIdentity } from './engine/identity.ts';

const ID = 'identity';
const ROOT_KEY = 'identity/root-key';
const SIGNER_KEY = 'identity/signer-key';

const IdentityBody = v.strictObject({
  shown: SigningIdentity,
  signerPem: v.string(),
  /** PKCS#8 under the vault's field key. */
  sealedRootKey: v.string(),
  sealedSignerKey: v.string(),
});
type IdentityBody = v.InferOutput<typeof IdentityBody>;

/** What a new workspace stages. Sealing needs the open vault. */
export const newIdentityRecord = (vault: Vault, organisation: string, clock: Clock): Put => {
  const made = makeIdentity({ organisation, now: clock.now() });
  const body: IdentityBody = {
    shown: {
      commonName: made.commonName,
      createdAt: made.createdAt,
      notAfter: made.notAfter,
      rootFingerprint: made.rootFingerprint,
      signerFingerprint: made.signerFingerprint,
      rootPem: made.rootPem,
    },
    signerPem: made.signerPem,
    sealedRootKey: vault.secrets.seal(made.rootKeyPkcs8, ROOT_KEY),
    sealedSignerKey: vault.secrets.seal(made.signerKeyPkcs8, SIGNER_KEY),
  };
  made.rootKeyPkcs8.fill(0);
  made.signerKeyPkcs8.fill(0);
  return { kind: 'identity', id: ID, caseId: null, body };
};

const read = async (vault: Vault): Promise<IdentityBody> => {
  const record = await vault.records.get('identity', ID);
  return v.parse(IdentityBody, record?.body);
};

export const getIdentity = async (vault: Vault): Promise<SigningIdentity> => (await read(vault)).shown;

/** The signer with its private key (PKCS#8 DER): hand it to the builder and let it go. */
export const openSigner = async (
  vault: Vault,
): Promise<{ privateKey: Uint8Array; certificatePem: string; rootPem: string; shown: SigningIdentity }> => {
  const body = await read(vault);
  return {
    privateKey: vault.secrets.open(body.sealedSignerKey, SIGNER_KEY),
    certificatePem: body.signerPem,
    rootPem: body.shown.rootPem,
    shown: body.shown,
  };
};
