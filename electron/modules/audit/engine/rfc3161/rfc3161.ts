// The format rfc3161: time-stamp responses and tokens, checked with the root, the data and the request at hand.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import { proofsOfFolder, splitProofs } from '../anchors/proof-files.ts';
import type { AuditFormat, Verified } from '../format.ts';
import { documentRecord } from '../merkle/conclude.ts';
import { readUpTo } from '../merkle/small-file.ts';
import { DerFault } from './der.ts';
import { looksLike, readTimestampFile } from './read-token.ts';
import { fieldsOfInfo } from './token-facts.ts';
import { ID, isToken, verifyTokens } from './verify-tokens.ts';
import { RFC3161_METHOD } from './method.ts';

const TITLE = 'RFC 3161 timestamp';

const REASONS = {
  token: 'It is a signed time-stamp token (the object identifier of TSTInfo in a CMS structure).',
  refusal: 'It is the answer of a time-stamping authority that refuses a timestamp.',
  request: 'It is a request for a timestamp (.tsq): a digest, without any proof.',
} as const;
const CONFIDENCE = { token: 0.97, refusal: 0.8, request: 0.55 } as const;

const detect: AuditFormat['detect'] = async (source) => {
  if (source.kind === 'folder') {
    const count = await proofsOfFolder(source, isToken);
    if (count === 0) return null;
    const reason = `${count} of its ${source.files.length} files are RFC 3161 timestamps; the others can be what they are about.`;
    return { format: ID, title: TITLE, confidence: 0.6, reason };
  }
  const [file] = source.files;
  const kind = file === undefined || file.bytes === 0 ? null : looksLike(await readUpTo(file));
  return kind === null
    ? null
    : { format: ID, title: TITLE, confidence: CONFIDENCE[kind], reason: REASONS[kind] };
};

const record = async (source: Source, verified: Verified, index: number): Promise<RecordView> => {
  const proofs = source.kind === 'file' ? source.files : (await splitProofs(source, isToken)).proofs;
  const view = await documentRecord(proofs, verified, index);
  const file = proofs[index];
  if (file === undefined) return view;
  const bytes = await readUpTo(file);
  const path = source.kind === 'file' ? null : file.name;
  // DER is shown as hex: as text it would be noise.
  const raw = bytes.toString('hex').replaceAll(/(.{64})/gu, '$1\n');
  try {
    const read = readTimestampFile(bytes);
    return { ...view, path, raw, fields: read.kind === 'token' ? [...fieldsOfInfo(read.token.info)] : [] };
  } catch (error) {
    if (error instanceof DerFault) return { ...view, path, raw };
    throw error;
  }
};

/** Time-Stamp Protocol responses (.tsr), bare tokens and requests; a folder of them. RFC 3161, RFC 5816, RFC 5652. */
export const rfc3161: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'A time-stamping authority’s signed word that data with a digest existed at a time; needs the authority’s root and the data.',
  method: RFC3161_METHOD,
  detect,
  verify: verifyTokens,
  record,
};
