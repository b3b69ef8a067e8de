// The root of the tree: bridge, announcements, the gate.
import type { QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Client } from '../bridge/client.ts';
import { BridgeProvider } from '../bridge/provider.tsx';
import { Announcer } from '../ui/announcer.tsx';
import { OVERLAY_ROOT } from '../ui/overlay-root.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Gate } from './gate.tsx';

export interface AppProps {
  readonly client: Client;
  readonly queries: QueryClient;
}

export const App = ({ client, queries }: AppProps) => (
  <StrictMode>
    {/* The words are English today; the library's own (e.g. "Close") must not differ from them. */}
    <I18nProvider locale="en-GB">
      <ErrorBoundary>
        <BridgeProvider client={client} queries={queries}>
          <Gate />
          <section {...OVERLAY_ROOT} />
          <Announcer />
        </BridgeProvider>
      </ErrorBoundary>
    </I18nProvider>
  </StrictMode>
);
