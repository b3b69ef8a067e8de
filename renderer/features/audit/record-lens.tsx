// One record under the lens: what is stored, what was recomputed, the bytes that were hashed, its fields, its raw form.
import type { VerificationId } from '../../../shared/model/ids.ts';
import type { Finding, RecordView } from '../../../shared/model/verdict.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge, CopyButton, Skeleton } from '../../ui/marks.tsx';
import { ErrorNotice } from '../../ui/panels.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { CompareTexts } from './compare-texts.tsx';
import { FindingDetail } from './finding-detail.tsx';
import type { StripUnit } from './finding-words.ts';
import { AUDIT_TEXT } from './text.ts';
import { useSettled } from './use-settled.ts';

type Check = RecordView['checks'][number];

/** Milliseconds: an arrow key that is held down doesn't ask for every record on the way. */
const SETTLE = 120;

const Bytes = ({
  text,
  label,
  isCut,
}: {
  readonly text: string;
  readonly label: string;
  readonly isCut: boolean;
}) => (
  <>
    <p className="row audit-hint">
      <span>{AUDIT_TEXT.hashedInfo(formatBytes(new TextEncoder().encode(text).length))}</span>
      {isCut ? <span>{AUDIT_TEXT.hashedCut}</span> : null}
      <CopyButton value={text} label={label} />
    </p>
    <ScrollArea className="bytes mono" label={label}>
      {text}
    </ScrollArea>
  </>
);

const CheckBlock = ({ check }: { readonly check: Check }) => (
  <li className="check-block" data-ok={check.ok ? 'yes' : 'no'}>
    <h5 className="row">
      <span>{check.name}</span>
      <Badge tone={check.ok ? 'pass' : 'fail'}>{check.ok ? AUDIT_TEXT.ok : AUDIT_TEXT.notOk}</Badge>
    </h5>
    <CompareTexts
      left={{ label: AUDIT_TEXT.stored, value: check.stored, what: `stored ${check.name}` }}
      right={{ label: AUDIT_TEXT.recomputed, value: check.recomputed, what: `recomputed ${check.name}` }}
    />
    {check.hashed === null ? null : (
      <details className="disclosure" open={!check.ok}>
        <summary>{AUDIT_TEXT.hashedBytes}</summary>
        <Bytes
          text={check.hashed}
          label={`${AUDIT_TEXT.hashedBytes}: ${check.name}`}
          isCut={check.hashed.length >= 65_536}
        />
      </details>
    )}
  </li>
);

const Fields = ({ fields }: { readonly fields: RecordView['fields'] }) => (
  <table className="field-table">
    <thead className="visually-hidden">
      <tr>
        <th scope="col">{AUDIT_TEXT.fieldName}</th>
        <th scope="col">{AUDIT_TEXT.fieldValue}</th>
      </tr>
    </thead>
    <tbody>
      {fields.map((field, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a hostile record may hold one name twice
        <tr key={at}>
          <th scope="row">{field.name}</th>
          <td>{field.value}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const RecordBody = ({ record }: { readonly record: RecordView }) => (
  <>
    <p className="row muted">
      {record.path === null ? null : <span className="mono record-path">{record.path}</span>}
      {record.line === null ? null : <span>{AUDIT_TEXT.line(formatCount(record.line))}</span>}
      {record.byteOffset === null ? null : (
        <span>{AUDIT_TEXT.byteOffset(formatCount(record.byteOffset))}</span>
      )}
    </p>
    <div className="lens-part">
      <h4>{AUDIT_TEXT.checks}</h4>
      {record.checks.length === 0 ? (
        <p className="muted">{AUDIT_TEXT.noChecks}</p>
      ) : (
        <ul className="stack">
          {record.checks.map((check, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- two checks may carry one name
            <CheckBlock key={at} check={check} />
          ))}
        </ul>
      )}
    </div>
    {record.fields.length === 0 ? null : (
      <div className="lens-part">
        <h4>{AUDIT_TEXT.fields}</h4>
        <Fields fields={record.fields} />
      </div>
    )}
    <div className="lens-part">
      <details className="disclosure">
        <summary>{AUDIT_TEXT.raw}</summary>
        {record.rawTruncated ? <p className="audit-hint">{AUDIT_TEXT.rawCut}</p> : null}
        <Bytes text={record.raw} label={AUDIT_TEXT.raw} isCut={record.rawTruncated} />
      </details>
    </div>
  </>
);

export interface RecordLensProps {
  readonly verificationId: VerificationId;
  readonly index: number;
  readonly unit: StripUnit;
  readonly onRecord: (index: number) => void;
  /** The finding that led here: shown even where the record itself can't be. */
  readonly picked: Finding | null;
}

const isSame = (a: Finding, b: Finding): boolean =>
  a.kind === b.kind && a.index === b.index && a.message === b.message;

export const RecordLens = ({ verificationId, index, unit, onRecord, picked }: RecordLensProps) => {
  const settled = useSettled(index, SETTLE);
  const record = useOperation(
    'audit.record',
    { id: verificationId, index: settled },
    { keepPrevious: true, staleTime: Infinity },
  );
  const isCurrent = record.data?.index === index;
  const own = isCurrent ? (record.data?.findings ?? []) : [];
  const findings = picked === null || own.some((finding) => isSame(finding, picked)) ? own : [picked, ...own];
  return (
    <div className="lens-part" aria-busy={!isCurrent && record.error === null}>
      {findings.map((finding, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- findings have no name of their own and don't move
        <FindingDetail
          key={at}
          finding={finding}
          unit={unit}
          onRecord={onRecord}
          record={isCurrent ? record.data : undefined}
        />
      ))}
      {record.error !== null ? (
        <ErrorNotice error={describeError(record.error)} />
      ) : record.data === undefined || !isCurrent ? (
        <Skeleton lines={6} label={AUDIT_TEXT.loadingRecord} />
      ) : (
        <RecordBody key={record.data.index} record={record.data} />
      )}
    </div>
  );
};
