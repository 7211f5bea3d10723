import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** The component library brings its own words in some thirty languages; the console speaks two. */
const OTHER_LANGUAGES =
  /[\\/]react-(?:aria|stately|aria-components)[\\/].*[\\/]intl[\\/].*[\\/](?!en-US|de-DE)[a-z]{2}-[A-Z]{2}\.m?js$/;

export default defineConfig({
  // Everything is found from where the page lies, so that a proxy may serve it below a path.
  base: './',
  define: { CONSOLE_VERSION: JSON.stringify(version) },
  plugins: [
    {
      name: 'two-languages',
      enforce: 'pre',
      load: (id) => (OTHER_LANGUAGES.test(id) ? 'export default {};' : null),
    },
  ],
  build: {
    outDir: 'site',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing may stand inside the page or the styles: the policy of the page allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
    reportCompressedSize: false,
  },
});
