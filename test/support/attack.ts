// Runs a hostile script inside the packaged app's page, the way one that got in would run.
import type { Page } from 'playwright-core';

/** Ports that listen on this machine, named `tcp` and `udp` in the attack. */
export interface Ports {
  readonly tcp: number;
  readonly udp: number;
}

/**
 * Runs `body` (an async function's body) in the page's own world, from a timer: what Playwright evaluates directly is
 * not subject to the page's policy. Answers `returned …`, `threw <name>` or `hangs`.
 */
export const attackPage = (page: Page, body: string, ports: Ports = { tcp: 0, udp: 0 }): Promise<string> =>
  page.evaluate(
    ({ source, given }) => {
      const run = new Function('tcp', 'udp', `return (async () => { ${source} })()`);
      return new Promise<string>((resolve) => {
        setTimeout(() => {
          const late = setTimeout(() => resolve('hangs'), 5000);
          const done = (text: string) => {
            clearTimeout(late);
            resolve(text);
          };
          Promise.resolve()
            .then(() => run(given.tcp, given.udp))
            .then(
              (value) => done(`returned ${String(value)}`),
              (error: unknown) => done(`threw ${error instanceof Error ? error.name : String(error)}`),
            );
        }, 0);
      });
    },
    { source: body, given: ports },
  );
