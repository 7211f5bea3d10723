/** The inspector's one style sheet, light and dark. Fonts, pictures and scripts of other places are not used. */
export const INSPECTOR_STYLES = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1c1b19;--soft:#5d5a54;--line:#e2ded5;--floor:#f1eee7;--bad:#a8361f;--good:#2f6b52;--open:#7a5c12}
@media (prefers-color-scheme:dark){:root{--paper:#161614;--ink:#ece9e2;--soft:#aeaaa0;--line:#35342f;--floor:#262520;--bad:#ee8468;--good:#7cc2a2;--open:#dcb95c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:84rem;margin:0 auto;padding:1.6rem 1.25rem 4rem}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.18em}
nav{color:var(--soft);font-size:.88rem}
h1{font-size:1.5rem;margin:.2rem 0 .2rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.3rem 0;max-width:56rem}
.soft{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin-top:.6rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.38rem 1rem .38rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;font-size:.82rem;color:var(--soft);white-space:nowrap}
td.n,th.n{text-align:right}
td.w{white-space:nowrap}
td.sentence{min-width:18rem;max-width:34rem;overflow-wrap:anywhere}
code,pre{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--floor);padding:.8rem 1rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.mark{font-size:.8rem;font-weight:600;color:var(--open)}
.bad{color:var(--bad)}
.good{color:var(--good)}
.tabs{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin-top:.8rem}
.tabs b{border-bottom:2px solid var(--ink)}
`;
