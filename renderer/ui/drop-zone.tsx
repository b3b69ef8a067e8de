// A place to drop files on, which always has a button that does the same.
import { FileDown } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { UI_TEXT } from './text.ts';

export interface DropZoneProps {
  /** What can be dropped here. */
  readonly label: string;
  /** The browser's File objects, folders included; hand each to `client.droppedFile`. */
  readonly onDrop: (files: readonly File[]) => void;
  /** The button or buttons that choose a file instead. */
  readonly actions: ReactNode;
  readonly children?: ReactNode;
  readonly isDisabled?: boolean;
  /** A whole screen can be a zone: then the frame shows only while something is dragged over it. */
  readonly isWrapper?: boolean;
}

export const DropZone = ({
  label,
  onDrop,
  actions,
  children,
  isDisabled = false,
  isWrapper = false,
}: DropZoneProps) => {
  const [isOver, setOver] = useState(false);
  // Entering a child fires before leaving its parent, so the depth is counted.
  const depth = useRef(0);
  const accepts = (event: DragEvent): boolean => !isDisabled && event.dataTransfer.types.includes('Files');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only drops are caught here; the button inside does the same
    <div
      className="drop-zone"
      data-over={isOver ? '' : undefined}
      data-wrapper={isWrapper ? '' : undefined}
      role="group"
      aria-label={label}
      onDragEnter={(event) => {
        if (!accepts(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (!accepts(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDrop={(event) => {
        depth.current = 0;
        setOver(false);
        if (!accepts(event)) return;
        event.preventDefault();
        onDrop([...event.dataTransfer.files]);
      }}
    >
      {isWrapper ? (
        <>
          {children}
          {actions}
          {isOver ? (
            <div className="drop-veil">
              <FileDown className="icon" aria-hidden />
              {UI_TEXT.dropHere}
            </div>
          ) : null}
        </>
      ) : (
        <>
          <FileDown className="icon" aria-hidden />
          <p className="drop-label">{isOver ? UI_TEXT.dropHere : label}</p>
          {children}
          <div className="drop-actions">{actions}</div>
        </>
      )}
    </div>
  );
};
