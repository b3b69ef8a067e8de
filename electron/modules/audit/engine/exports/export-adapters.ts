// The vendors whose exports are read here, the special before the general.
import type { ExportAdapter } from './adapter.ts';
import { cef, leef } from './cef/cef.ts';
import { windowsEvtx } from './evtx/windows-evtx.ts';
import { gcpAudit } from './gcp/gcp-audit.ts';
import { githubAudit } from './github/github-audit.ts';
import { kubernetesAudit } from './kubernetes/kubernetes-audit.ts';
import { m365Audit } from './m365/m365-audit.ts';
import { oktaSystemLog } from './okta/okta-system-log.ts';
import { plainCsv, plainJsonl } from './plain/plain.ts';
import { syslogRfc5424 } from './syslog/syslog.ts';

export const EXPORT_ADAPTERS: readonly ExportAdapter[] = [
  m365Audit,
  gcpAudit,
  oktaSystemLog,
  githubAudit,
  kubernetesAudit,
  windowsEvtx,
  cef,
  leef,
  syslogRfc5424,
  plainJsonl,
  plainCsv,
];
