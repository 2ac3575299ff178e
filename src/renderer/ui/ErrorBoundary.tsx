import { Component, type ReactNode } from 'react';
import { wireErrorOf } from '../ipc';
import { useTranslate } from '../useTranslate';
import { Button } from './Button';
import { ErrorNotice } from './ErrorNotice';

type State = { readonly error: unknown };

/** Keeps a bug in one view from leaving an empty window. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { readonly error: unknown }) {
  const t = useTranslate();
  return (
    <main className="broken">
      <h1>{t('app.broken')}</h1>
      <p>{t('app.brokenHint')}</p>
      <ErrorNotice error={wireErrorOf(error)}>
        <Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>
      </ErrorNotice>
    </main>
  );
}
