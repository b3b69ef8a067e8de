// The format opentimestamps: detached .ots proofs, with their files and block headers where they are at hand.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import { proofsOfFolder, splitProofs } from '../anchors/proof-files.ts';
import type { AuditFormat, Verified } from '../format.ts';
import { documentRecord } from '../merkle/conclude.ts';
import { readUpTo } from '../merkle/small-file.ts';
import { shownHash } from './block-headers.ts';
import { ProofFault, isProof, readProof } from './read-proof.ts';
import type { Attestation } from './read-proof.ts';
import { ID, verifyProofs } from './verify-proofs.ts';
import { OPENTIMESTAMPS_METHOD } from './method.ts';

const TITLE = 'OpenTimestamps proof';

const detect: AuditFormat['detect'] = async (source) => {
  if (source.kind === 'folder') {
    const count = await proofsOfFolder(source, isProof);
    if (count === 0) return null;
    const reason = `${count} of its ${source.files.length} files are OpenTimestamps proofs; the others can be what they are about.`;
    return { format: ID, title: TITLE, confidence: 0.6, reason };
  }
  const [file] = source.files;
  if (file === undefined || !isProof(await readUpTo(file, 64))) return null;
  return {
    format: ID,
    title: TITLE,
    confidence: 0.99,
    reason: 'It begins with the magic bytes of a detached OpenTimestamps proof.',
  };
};

const attestationText = ({ kind, height, address, tag, message }: Attestation): string =>
  kind === 'pending'
    ? `pending at ${address ?? ''}, over ${message.toString('hex')}`
    : kind === 'unknown'
      ? `of the unknown kind ${tag}, over ${message.toString('hex')}`
      : `${kind} block ${height ?? 0}, ${kind === 'bitcoin' ? `Merkle root ${shownHash(message)}` : `digest ${message.toString('hex')}`}`;

const record = async (source: Source, verified: Verified, index: number): Promise<RecordView> => {
  const proofs = source.kind === 'file' ? source.files : (await splitProofs(source, isProof)).proofs;
  const view = await documentRecord(proofs, verified, index);
  const file = proofs[index];
  if (file === undefined) return view;
  const bytes = await readUpTo(file);
  const path = source.kind === 'file' ? null : file.name;
  const raw = bytes.toString('hex').replaceAll(/(.{64})/gu, '$1\n');
  try {
    const proof = readProof(bytes);
    const fields = [
      { name: `file digest (${proof.digest.shown})`, value: proof.hex },
      ...proof.attestations.map((each, i) => ({
        name: `attestation ${i + 1}`,
        value: attestationText(each),
      })),
    ];
    return { ...view, path, raw, fields };
  } catch (error) {
    if (error instanceof ProofFault) return { ...view, path, raw };
    throw error;
  }
};

/** Detached OpenTimestamps proofs, one or a folder of them. Format: python-opentimestamps, core/serialize and core/timestamp. */
export const opentimestamps: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'A path of hashes from a file to a Bitcoin block: the file existed by then. Needs the file, and the block’s header for a full proof.',
  method: OPENTIMESTAMPS_METHOD,
  detect,
  verify: verifyProofs,
  record,
};
