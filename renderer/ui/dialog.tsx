// Modal dialogs: the focus stays inside, Escape closes, focus returns to where it was.
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import { ScrollArea } from './scroll-area.tsx';
import { UI_TEXT } from './text.ts';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly size?: 'small' | 'medium' | 'wide';
  readonly role?: 'dialog' | 'alertdialog';
  /** Clicking outside closes; off while a form could lose its text. */
  readonly isDismissable?: boolean;
}

export const Dialog = ({
  title,
  isOpen,
  onClose,
  children,
  footer,
  size = 'medium',
  role = 'dialog',
  isDismissable = false,
}: DialogProps) => (
  <ModalOverlay
    className="modal-overlay"
    isOpen={isOpen}
    isDismissable={isDismissable}
    onOpenChange={(open) => {
      if (!open) onClose();
    }}
  >
    <Modal className="modal" data-size={size}>
      <AriaDialog className="dialog" role={role}>
        <div className="dialog-head">
          <Heading slot="title" level={2} className="dialog-title">
            {title}
          </Heading>
          <IconButton icon={X} label={UI_TEXT.close} size="small" onPress={onClose} />
        </div>
        <ScrollArea className="dialog-body" label={title}>
          {children}
        </ScrollArea>
        {footer === undefined ? null : <div className="dialog-foot">{footer}</div>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);

export interface AlertDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly isDanger?: boolean;
  readonly isPending?: boolean;
}

/** Asks before something that can't be taken back. Cancel has the focus. */
export const AlertDialog = (props: AlertDialogProps) => (
  <Dialog
    title={props.title}
    isOpen={props.isOpen}
    onClose={props.onClose}
    role="alertdialog"
    size="small"
    footer={
      <>
        <Button onPress={props.onClose} autoFocus>
          {UI_TEXT.cancel}
        </Button>
        <Button
          variant={props.isDanger === true ? 'danger' : 'primary'}
          onPress={props.onConfirm}
          isPending={props.isPending ?? false}
        >
          {props.confirmLabel}
        </Button>
      </>
    }
  >
    {props.children}
  </Dialog>
);
