// Cuts a session off the network: whatever a page or Chromium itself asks for, only our own addresses are answered.
import type { Session } from 'electron';

/** The part of Electron's Session that is used. */
export type LockableSession = Pick<
  Session,
  'setProxy' | 'setCertificateVerifyProc' | 'setSpellCheckerEnabled' | 'setSpellCheckerDictionaryDownloadURL'
> & {
  readonly webRequest: {
    onBeforeRequest(
      listener: (
        details: { readonly url: string },
        callback: (response: { cancel: boolean }) => void,
      ) => void,
    ): void;
  };
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown;
};

/** Chromium's "reject" for a certificate. */
const REJECT = -2;

/** `blob:` and `data:` stay inside the page's process; which of them a page may use is its policy's business. */
const isLocal = (address: string): boolean => {
  const url = URL.parse(address);
  if (url === null) return false;
  if (url.protocol === 'blob:') return url.href.startsWith('blob:app://');
  return url.protocol === 'app:' || url.protocol === 'data:';
};

/** @param alsoAllowed origins of the development tools; empty when packaged */
export const mayLoad = (address: string, alsoAllowed: readonly string[]): boolean =>
  isLocal(address) || alsoAllowed.some((origin) => address === origin || address.startsWith(`${origin}/`));

export const lockNetwork = async (
  session: LockableSession,
  alsoAllowed: readonly string[],
): Promise<void> => {
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !mayLoad(details.url, alsoAllowed) }),
  );
  session.setCertificateVerifyProc((_request, callback) => callback(REJECT));
  session.setSpellCheckerEnabled(false);
  // An address that can't be fetched, should anything turn the spell checker on again.
  session.setSpellCheckerDictionaryDownloadURL('app://none/');
  session.on('will-download', (event) => event.preventDefault());
  await session.setProxy({ mode: 'direct' });
};
