// Azure Confidential Ledger and other CCF write receipts: was this transaction committed to that ledger?
import { X509Certificate } from 'node:crypto';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { onlyFile } from '../lines/read-log.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { isFields, parseJson } from '../merkle/json-text.ts';
import { hex } from '../merkle/sha256.ts';
import { readSmall, readUpTo } from '../merkle/small-file.ts';
import { checkReceipt } from './check-receipt.ts';
import type { ReceiptCheck } from './check-receipt.ts';
import { checkCoseReceipt, looksLikeCose } from './cose-receipt.ts';
import { readReceipt, Unreadable } from './receipt.ts';
import { CCF_METHOD } from './method.ts';

const ID = 'ccf-receipt';
const TITLE = 'CCF ledger receipt (Azure Confidential Ledger)';
const KEY_BYTES = 1024 * 1024;

const NAMES =
  /"(?:leafComponents|leaf_components|serviceEndorsements|service_endorsements|nodeId|node_id)"\s*:/u;

const detect = async (source: Source): Promise<Detection | null> => {
  const [file, ...others] = source.files;
  if (file === undefined || others.length > 0) return null;
  const beginning = await readUpTo(file);
  if (looksLikeCose(beginning)) {
    const reason = 'It is a COSE signature with the proofs of a CCF ledger in its header.';
    return { format: ID, title: TITLE, confidence: 0.9, reason };
  }
  const text = beginning.toString('latin1');
  if (!/^\s*[[{]/u.test(text) || !NAMES.test(text)) return null;
  if (!/"proof"\s*:/u.test(text) || !/"signature"\s*:/u.test(text)) return null;
  const reason = 'It has the fields of a CCF receipt: node, leaf, proof and signature.';
  return { format: ID, title: TITLE, confidence: 0.93, reason };
};

const PEM = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/gu;

/** Certificates in PEM, DER, or in the JSON of the identity service (`ledgerTlsCertificate`). */
const certificatesIn = ({ bytes }: KeyFile): readonly X509Certificate[] => {
  const buffer = Buffer.from(bytes);
  const json = parseJson(buffer);
  const text =
    isFields(json) && typeof json.ledgerTlsCertificate === 'string'
      ? json.ledgerTlsCertificate
      : buffer.toString('latin1');
  const blocks: (string | Buffer)[] = [...text.matchAll(PEM)].map(([block]) => block);
  if (blocks.length === 0 && buffer[0] === 0x30) blocks.push(buffer);
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
};

const serviceFiles = async (options: VerifyOptions): Promise<readonly KeyFile[]> => {
  const files = [...options.keys];
  for (const data of options.data ?? [])
    for (const file of data.files)
      if (file.bytes > 0 && file.bytes <= KEY_BYTES)
        files.push({ name: file.name, bytes: await readSmall(file, ID) });
  // A receipt's own node certificate is in JSON with escaped line feeds, and so is never taken for a service.
  return files;
};

const checkDocument = (
  document: unknown,
  services: readonly X509Certificate[],
  at: { readonly index: number; readonly path: string },
): ReceiptCheck | null => {
  try {
    const receipt = readReceipt(document);
    return receipt === null ? null : checkReceipt(receipt, services, at);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const message = `The receipt can not be read: ${error.message}.`;
    const finding = { kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message } as const;
    return { findings: [finding], proves: [], doesNotProve: [], anchored: false, root: null };
  }
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const file = onlyFile(source, ID);
  const bytes = await readSmall(file, ID);
  const services = (await serviceFiles(options)).flatMap(certificatesIn);
  const isCose = looksLikeCose(bytes);
  const json = isCose ? undefined : parseJson(bytes);
  const documents = Array.isArray(json) ? json : [json];
  const findings = new FindingList();
  const checks: ReceiptCheck[] = [];
  for (const [index, document] of documents.entries()) {
    throwIfCancelled(run.signal);
    const at = { index, path: file.name };
    const check = isCose ? checkCoseReceipt(bytes, services, at) : checkDocument(document, services, at);
    if (check === null) {
      const reason = 'it has not the fields of a CCF receipt';
      throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
    }
    for (const finding of check.findings) findings.add(finding);
    checks.push(check);
    run.progress({
      step: 'verifying',
      done: index + 1,
      total: documents.length,
      unit: 'records',
      records: index + 1,
    });
  }
  const anchored = checks.length > 0 && checks.every((check) => check.anchored);
  const [only, ...more] = checks;
  return conclude(source, options, run, began, {
    format: ID,
    ...(isCose ? { dialect: 'COSE receipt' } : {}),
    base: anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED',
    anchored,
    records: checks.length,
    findings,
    head: only?.root !== undefined && only.root !== null && more.length === 0 ? hex(only.root) : null,
    proves: checks.flatMap(({ proves }) => proves),
    doesNotProve: [
      ...new Set(checks.flatMap((check) => check.doesNotProve)),
      'That what was written is true, or anything about other transactions of the ledger.',
      'That the node ran the code that it should: its attestation is not part of a receipt.',
    ],
  });
};

/** Write receipts of the Confidential Consortium Framework. Definition: CCF and Azure documentation; audit.md section 3.6. */
export const ccfReceipt: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Receipts of Azure Confidential Ledger and other CCF services: leaf, Merkle path, node, service.',
  method: CCF_METHOD,
  detect,
  verify,
  record: (source, verified, index) =>
    documentRecord(
      Array.from({ length: verified.report.records }, () => onlyFile(source, ID)),
      verified,
      index,
    ),
};
