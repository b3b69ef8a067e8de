// Short messages in the corner. They are also spoken; what matters is always to be found elsewhere too.
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, IconButton } from './button.tsx';
import { UI_TEXT } from './text.ts';
import { TONE_ICONS, type Tone } from './tone.ts';

export interface Toast {
  readonly id: string;
  readonly tone: Tone;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** Failures stay until they are dismissed; the rest go after this many milliseconds without mouse or focus. */
const STAY_MS = 8000;

interface ToastViewProps {
  readonly toast: Toast;
  readonly onDismiss: (id: string) => void;
}

const ToastView = ({ toast, onDismiss }: ToastViewProps) => {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (toast.tone === 'fail') return undefined;
    const timer = setInterval(() => {
      const inUse = element.current?.matches(':hover, :focus-within') ?? false;
      if (!inUse) onDismiss(toast.id);
    }, STAY_MS);
    return () => clearInterval(timer);
  }, [toast, onDismiss]);
  const Icon = TONE_ICONS[toast.tone];
  return (
    <li ref={element} className="toast" data-tone={toast.tone}>
      <Icon className="icon" aria-hidden />
      <div className="toast-body">
        <p className="toast-title">{toast.title}</p>
        {toast.detail === undefined ? null : <p className="muted">{toast.detail}</p>}
        {toast.action === undefined ? null : (
          <Button
            size="small"
            onPress={() => {
              toast.action?.run();
              onDismiss(toast.id);
            }}
          >
            {toast.action.label}
          </Button>
        )}
      </div>
      <IconButton icon={X} label={UI_TEXT.dismiss} size="small" onPress={() => onDismiss(toast.id)} />
    </li>
  );
};

export interface ToastRegionProps {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: string) => void;
}

export const ToastRegion = ({ toasts, onDismiss }: ToastRegionProps) => (
  <section aria-label={UI_TEXT.notifications} data-region={toasts.length === 0 ? undefined : ''}>
    <ol className="toasts">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} onDismiss={onDismiss} />
      ))}
    </ol>
  </section>
);
