// Short messages in the corner.
import { create } from 'zustand';

export interface ToastMessage {
  readonly id: string;
  readonly tone: 'neutral' | 'info' | 'pass' | 'attention' | 'fail';
  readonly title: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

interface ToastState {
  readonly toasts: readonly ToastMessage[];
  readonly show: (toast: Omit<ToastMessage, 'id'>) => void;
  readonly dismiss: (id: string) => void;
  readonly clear: () => void;
}

const MAX_SHOWN = 4;
let serial = 0;

export const useToasts = create<ToastState>((set) => ({
  toasts: [],
  show: (toast) => {
    serial += 1;
    const id = `toast-${serial}`;
    set((s) => ({ toasts: [...s.toasts, { ...toast, id }].slice(-MAX_SHOWN) }));
  },
  dismiss: (id) => set((s) => ({ toasts: s.toasts.filter((t) => t.id !== id) })),
  clear: () => set({ toasts: [] }),
}));

/** Shows a toast; the frame speaks it too. */
export const showToast = (toast: Omit<ToastMessage, 'id'>): void => useToasts.getState().show(toast);
