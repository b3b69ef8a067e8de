// Keeps a broken screen from taking the window with it.
import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/panels.tsx';
import { APP_TEXT } from './text.ts';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="page-body crashed" role="alert">
        <Callout
          tone="fail"
          title={APP_TEXT.crashedTitle}
          actions={<Button onPress={() => this.setState({ failed: false })}>{APP_TEXT.crashedRetry}</Button>}
        >
          {APP_TEXT.crashedBody}
        </Callout>
      </div>
    );
  }
}
