// The identity that signs packs, and its fingerprint in a form that can be read over the phone.
import { Download } from 'lucide-react';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton, DateTime, HashText, Skeleton } from '../../ui/marks.tsx';
import { Callout, ErrorNotice, KeyValueList, Panel } from '../../ui/panels.tsx';
import { fingerprintLines, opensslFingerprint, safeFileName } from './pack-words.ts';
import { EVIDENCE_TEXT } from './text.ts';

/** Four lines of four groups, so that two people can compare it aloud line by line. */
export const Fingerprint = ({ value, label }: { readonly value: string; readonly label: string }) => (
  <div className="fingerprint">
    <ol className="fingerprint-lines mono" aria-label={label}>
      {fingerprintLines(value).map((groups, line) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of one fixed text
        <li key={line}>
          {groups.map((group, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- groups of one fixed text
            <span key={at}>{group} </span>
          ))}
        </li>
      ))}
    </ol>
    <CopyButton value={value} label={label} />
  </div>
);

export const IdentityCard = () => {
  const identity = useOperation('evidence.identity', {});
  const files = useFiles();
  const exporting = useCommand('evidence.exportRoot');
  const data = identity.data;
  const exportRoot = (): void => {
    exporting.reset();
    void files
      .chooseNew('certificate', safeFileName(`${data?.commonName ?? ''}-root`, 'pem'))
      .then((chosen) => {
        if (chosen !== null) exporting.mutate({ to: chosen.handle });
      }, showError);
  };
  return (
    <Panel
      title={EVIDENCE_TEXT.identity}
      actions={
        <Button
          size="small"
          icon={Download}
          isDisabled={data === undefined || exporting.isPending}
          onPress={exportRoot}
        >
          {EVIDENCE_TEXT.exportRoot}
        </Button>
      }
    >
      {identity.error !== null ? <ErrorNotice error={describeError(identity.error)} /> : null}
      {data === undefined ? (
        identity.error === null ? (
          <Skeleton lines={4} />
        ) : null
      ) : (
        <>
          <div className="identity">
            <div className="stack">
              <h3>{EVIDENCE_TEXT.rootFingerprint}</h3>
              <Fingerprint value={data.rootFingerprint} label={EVIDENCE_TEXT.rootFingerprint} />
              <p>{EVIDENCE_TEXT.rootHelp}</p>
            </div>
            <KeyValueList
              items={[
                { id: 'name', label: EVIDENCE_TEXT.certificateName, value: data.commonName },
                { id: 'made', label: EVIDENCE_TEXT.identityMade, value: <DateTime value={data.createdAt} /> },
                {
                  id: 'until',
                  label: EVIDENCE_TEXT.identityUntil,
                  value: <DateTime value={data.notAfter} />,
                },
                {
                  id: 'signer',
                  label: EVIDENCE_TEXT.signerFingerprint,
                  value: (
                    <HashText value={data.signerFingerprint} label="fingerprint of the signer certificate" />
                  ),
                },
                {
                  id: 'openssl',
                  label: EVIDENCE_TEXT.asOpenssl,
                  value: (
                    <span className="openssl mono">
                      {opensslFingerprint(data.rootFingerprint)}{' '}
                      <CopyButton
                        value={opensslFingerprint(data.rootFingerprint)}
                        label="root fingerprint as openssl prints it"
                      />
                    </span>
                  ),
                },
              ]}
            />
          </div>
          <p className="muted">{EVIDENCE_TEXT.identityHelp}</p>
        </>
      )}
      {exporting.error === null ? null : <ErrorNotice error={describeError(exporting.error)} />}
      {exporting.data === undefined ? null : (
        <div role="status">
          <Callout tone="pass" title={EVIDENCE_TEXT.rootExported(exporting.data.name)}>
            {EVIDENCE_TEXT.rootExportedBody}
          </Callout>
        </div>
      )}
    </Panel>
  );
};
