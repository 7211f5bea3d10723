import './app/no-eval.js';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followTheme } from './app/appearance.js';
import { App } from './app.js';
import { serverData } from './session/server-data.js';
import { WordsProvider } from './words/words-provider.js';

followTheme();

// A file that misses the drop zone must not replace the page.
for (const event of ['dragover', 'drop']) window.addEventListener(event, (dragged) => dragged.preventDefault());

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={serverData}>
      <WordsProvider>
        <App />
      </WordsProvider>
    </QueryClientProvider>
  </StrictMode>,
);
