// Runs axe-core on a page of the packaged app and answers its findings in one line each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

/** WCAG 2.2 A and AA. Evaluated by the debugger, which the page's policy does not bind. */
export const axeViolations = async (page: Page): Promise<string[]> => {
  await page.evaluate(source);
  const result = await page.evaluate(() => {
    const axe = Reflect.get(window, 'axe') as { run(context: Document, options: object): Promise<unknown> };
    return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
  });
  return (result as AxeResult).violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
};
