// A process of its own that builds one pack: argument 1 is the input as JSON; prints the outcome and the peak memory.
import { readFileSync } from 'node:fs';
import type { BuildInput } from '../../../../electron/modules/evidence/engine/build-input.ts';
import { buildPack } from '../../../../electron/modules/evidence/engine/build.ts';
import { isAppError } from '../../../../shared/errors/app-error.ts';

interface Plain extends Omit<BuildInput, 'inline' | 'signer'> {
  readonly inline: readonly { readonly name: string; readonly bytes: string }[];
  readonly signer: { readonly privateKey: string; readonly certificatePem: string; readonly rootPem: string };
}

export const toPlain = (input: BuildInput): string =>
  JSON.stringify({
    ...input,
    inline: input.inline.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes).toString('base64') })),
    signer: { ...input.signer, privateKey: Buffer.from(input.signer.privateKey).toString('base64') },
  });

const [, script, path] = process.argv;
if (path !== undefined && script?.endsWith('build-once.ts') === true) {
  const plain = JSON.parse(readFileSync(path, 'utf8')) as Plain;
  const input: BuildInput = {
    ...plain,
    inline: plain.inline.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes, 'base64') })),
    signer: { ...plain.signer, privateKey: Buffer.from(plain.signer.privateKey, 'base64') },
  };
  const outcome = await buildPack(input, {
    signal: new AbortController().signal,
    progress: () => undefined,
  }).catch((error: unknown) => {
    if (!isAppError(error)) throw error;
    return { code: error.code, params: error.params };
  });
  process.stdout.write(
    JSON.stringify({
      outcome,
      maxRssBytes: process.resourceUsage().maxRSS * 1024,
      offset: new Date(1980, 0, 1).getTimezoneOffset(),
    }),
  );
}
