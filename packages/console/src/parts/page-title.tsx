import { type ReactNode, useEffect, useRef } from 'react';

/** The heading of a page. It names the tab, and takes the focus when the page is entered, so that screen readers say where one is. */
export function PageTitle({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · StyleFlow`;
  }, [title]);
  useEffect(() => {
    // Where the page was opened afresh the focus stays with the browser.
    if (document.activeElement !== document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </header>
  );
}
