// Entry of the store's threads: one writes the vault, one reads it, and short-lived ones derive keys.
import { parentPort, workerData } from 'node:worker_threads';
import { serveKdf } from './store/kdf.ts';
import type { KdfInput } from './store/kdf.ts';
import { makeReader } from './store/reader.ts';
import type { StoreHostData } from './store/store-protocol.ts';
import type { ReaderApi, WriterApi } from './store/store-protocol.ts';
import { serveStore } from './store/store-port.ts';
import { makeWriter } from './store/writer.ts';

const port = parentPort;
if (port === null) throw new Error('the store runs as a thread of Probity');
const host = workerData as StoreHostData | { readonly role: 'kdf'; readonly input: KdfInput };

switch (host.role) {
  case 'kdf':
    await serveKdf(host.input, (key) => port.postMessage(key));
    break;
  case 'writer':
    serveStore<WriterApi>(port, makeWriter(host));
    break;
  case 'reader':
    serveStore<ReaderApi>(port, makeReader(host));
    break;
}
