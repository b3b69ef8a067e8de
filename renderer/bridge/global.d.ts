// What the preload script puts into the page.
import type { ProbityBridge } from '../../shared/contract/bridge.ts';

declare global {
  interface Window {
    readonly probity: ProbityBridge;
  }
}
