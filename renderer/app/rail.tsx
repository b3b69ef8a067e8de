// The left rail: the rooms of this version.
import { useUi } from '../state/ui-store.ts';
import type { Place } from '../state/place.ts';
import { displayKeys } from '../ui/shortcut.ts';
import { FEATURES } from './features.ts';
import { APP_TEXT } from './text.ts';

export const Rail = () => {
  const room = useUi((s) => s.trail.here.room);
  const go = useUi((s) => s.go);
  return (
    <nav className="rail" aria-label={APP_TEXT.rooms} data-region="">
      <ul>
        {FEATURES.map((feature, index) => (
          <li key={feature.id}>
            <button
              type="button"
              className="rail-item"
              aria-current={feature.id === room ? 'page' : undefined}
              title={`${feature.title} (${displayKeys(`Mod+${index + 1}`).join('+')})`}
              onClick={() => go({ room: feature.id, params: {} } as Place)}
            >
              <feature.icon className="icon" aria-hidden />
              <span className="rail-label">{feature.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
};
