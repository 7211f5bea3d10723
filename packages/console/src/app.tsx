import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Route, Router, Switch } from 'wouter';
import { AnalysePage } from './analyse/analyse-page.js';
import { askBeforeLeaving, forgetAll, isSending } from './analyse/submissions.js';
import { emptyDrafts } from './app/draft.js';
import { useHashPath, useHashSearch } from './app/hash-location.js';
import { useStore } from './app/store.js';
import { Frame } from './frame.js';
import { JobPage } from './job/job-page.js';
import { JobsPage } from './jobs/jobs-page.js';
import { NotFound } from './not-found.js';
import { PartGuard } from './part-guard.js';
import { connection, watchConnection } from './session/connection.js';
import { AccessContext, serverData } from './session/server-data.js';
import { openSession, session } from './session/session.js';
import { SignInPage } from './sign-in-page.js';

const BatchesPage = lazy(async () => ({ default: (await import('./batches/batches-page.js')).BatchesPage }));
const BatchPage = lazy(async () => ({ default: (await import('./batches/batch-page.js')).BatchPage }));
const ModelsPage = lazy(async () => ({ default: (await import('./models/models-page.js')).ModelsPage }));
const SystemPage = lazy(async () => ({ default: (await import('./system/system-page.js')).SystemPage }));
const EntriesPage = lazy(async () => ({ default: (await import('./system/entries-page.js')).EntriesPage }));
const EntryPage = lazy(async () => ({ default: (await import('./system/entry-page.js')).EntryPage }));

const REOPEN_MS = 3_000;

/** The console: asks for a key where one is needed, then shows the page that the address names. */
export function App() {
  const now = useStore(session);
  const t = useTranslations();
  const [path] = useHashPath();
  const isLocked = now.state === 'locked';
  useEffect(() => {
    void openSession();
    watchConnection(() => void serverData.invalidateQueries());
  }, []);
  useEffect(() => {
    if (now.state !== 'unreachable') return;
    const timer = window.setInterval(() => void openSession(), REOPEN_MS);
    return () => window.clearInterval(timer);
  }, [now.state]);
  useEffect(() => {
    // What one key may see is not left for the next one.
    if (!isLocked) return;
    serverData.clear();
    forgetAll();
    emptyDrafts();
  }, [isLocked]);
  useEffect(askBeforeLeaving, []);
  const access = useMemo(
    () => (now.state === 'open' ? { client: now.client, isAdmin: now.isAdmin, hasKey: now.key !== null } : null),
    [now],
  );
  const loading = <p className="soft">{t('app.loading')}</p>;
  return (
    <Router hook={useHashPath} searchHook={useHashSearch} hrefs={useHashPath.hrefs}>
      <AccessContext value={access}>
        <Frame
          isOpen={access !== null}
          isAdmin={access?.isAdmin ?? false}
          hasKey={access?.hasKey ?? false}
          connection={connection}
          isSending={isSending}
        >
          {access === null ? (
            <SignInPage />
          ) : (
            <PartGuard key={path}>
              <Suspense fallback={loading}>
                <Switch>
                  <Route path="/" component={AnalysePage} />
                  <Route path="/jobs" component={JobsPage} />
                  <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} />}</Route>
                  <Route path="/batches" component={BatchesPage} />
                  <Route path="/batches/:id">{({ id }) => <BatchPage key={id} id={id} />}</Route>
                  <Route path="/models" component={ModelsPage} />
                  <Route path="/system" component={SystemPage} />
                  <Route path="/system/queues/:queue">{({ queue }) => <EntriesPage key={queue} queue={queue} />}</Route>
                  <Route path="/system/queues/:queue/:id">
                    {({ queue, id }) => <EntryPage queue={queue} id={id} />}
                  </Route>
                  <Route component={NotFound} />
                </Switch>
              </Suspense>
            </PartGuard>
          )}
        </Frame>
      </AccessContext>
    </Router>
  );
}
