// The harness page: a fake bridge in the place of the preload script, then the product's own start.
import { createFakeBridge } from './fake-bridge.ts';

const query = new URLSearchParams(location.search);
const { bridge, control } = createFakeBridge({
  start: query.get('start') === 'none' ? 'none' : query.get('start') === 'locked' ? 'locked' : 'open',
  isEmpty: query.has('empty'),
  isAltered: query.has('altered'),
});
const theme = query.get('theme');
const density = query.get('density');
if (theme !== null || density !== null) {
  localStorage.setItem(
    'probity.look',
    JSON.stringify({ theme: theme ?? 'light', density: density ?? 'comfortable', singleKeys: true }),
  );
  control.settings({ ...(theme === null ? {} : { theme }), ...(density === null ? {} : { density }) });
}
Object.assign(window, { probity: bridge, harness: control });
await import('../../../renderer/main.tsx');
