// The signing identity: what recipients compare, and the root certificate to hand out.
import { Download } from 'lucide-react';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { DateTime, HashText, Skeleton } from '../../ui/marks.tsx';
import { Callout, ErrorNotice, KeyValueList, Panel } from '../../ui/panels.tsx';
import { SETTINGS_TEXT } from './text.ts';

export const IdentityPanel = () => {
  const files = useFiles();
  const identity = useOperation('evidence.identity', {});
  const write = useCommand('evidence.exportRoot');
  const exportRoot = (): void => {
    void files.chooseNew('certificate', 'probity-root.pem').then((chosen) => {
      if (chosen !== null) write.mutate({ to: chosen.handle });
    }, showError);
  };
  return (
    <Panel
      title={SETTINGS_TEXT.identity}
      actions={
        <Button
          icon={Download}
          size="small"
          onPress={exportRoot}
          isPending={write.isPending}
          isDisabled={identity.data === undefined}
        >
          {write.isPending ? SETTINGS_TEXT.exporting : SETTINGS_TEXT.exportRoot}
        </Button>
      }
    >
      <p>{SETTINGS_TEXT.identityBody}</p>
      {identity.error === null ? null : <ErrorNotice error={describeError(identity.error)} />}
      {identity.data === undefined ? (
        identity.error === null ? (
          <Skeleton lines={4} />
        ) : null
      ) : (
        <KeyValueList
          items={[
            { id: 'name', label: SETTINGS_TEXT.commonName, value: identity.data.commonName },
            {
              id: 'valid',
              label: SETTINGS_TEXT.valid,
              value: (
                <>
                  <DateTime value={identity.data.createdAt} /> {SETTINGS_TEXT.until}{' '}
                  <DateTime value={identity.data.notAfter} />
                </>
              ),
            },
            {
              id: 'root',
              label: SETTINGS_TEXT.rootFingerprint,
              value: <HashText value={identity.data.rootFingerprint} label="root fingerprint" form="full" />,
            },
            {
              id: 'signer',
              label: SETTINGS_TEXT.signerFingerprint,
              value: (
                <HashText value={identity.data.signerFingerprint} label="signer fingerprint" form="full" />
              ),
            },
          ]}
        />
      )}
      {write.error === null ? null : <ErrorNotice error={describeError(write.error)} />}
      {write.data === undefined ? null : (
        <div role="status">
          <Callout tone="pass">{SETTINGS_TEXT.exported(write.data.name)}</Callout>
        </div>
      )}
    </Panel>
  );
};
