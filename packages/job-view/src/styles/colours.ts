/**
 * The view's colours, by what they mean. Shades of one side of the threshold go from quiet to loud in both themes; bars bear
 * their height as well, so that nobody needs to tell colours apart.
 */
const LIGHT = `color-scheme:light;--jv-paper:#fbfaf7;--jv-ink:#1c1b19;--jv-soft:#57544e;--jv-faint:#8b877e;--jv-line:#e2ded5;--jv-floor:#f1eee7;
--jv-s0:#b9c8c9;--jv-s1:#94aaad;--jv-s2:#6f8d92;--jv-s3:#e0937c;--jv-s4:#c9573c;--jv-s5:#98260f;--jv-neutral:#a9a498;
--jv-heat:#7a3b1d;--jv-above:#a8361f;--jv-below:#3d6b73;--jv-open:#7a5c12;--jv-box:#ffd24a`;
const DARK = `color-scheme:dark;--jv-paper:#161614;--jv-ink:#ece9e2;--jv-soft:#b4b0a6;--jv-faint:#88847a;--jv-line:#35342f;--jv-floor:#262520;
--jv-s0:#3c4c4e;--jv-s1:#55696c;--jv-s2:#789194;--jv-s3:#a9553f;--jv-s4:#d9694c;--jv-s5:#ff9277;--jv-neutral:#6d695f;
--jv-heat:#f0a274;--jv-above:#ee8468;--jv-below:#8fb8c0;--jv-open:#dcb95c;--jv-box:#ffd24a`;
const PAPER = `color-scheme:light;--jv-paper:#fff;--jv-ink:#000;--jv-soft:#444;--jv-faint:#777;--jv-line:#ccc;--jv-floor:#f2f2f2`;

/** By the system's theme, unless the page around it has chosen one by \`data-theme\`; on paper always light. */
export const COLOURS = `.jv{${LIGHT}}
@media (prefers-color-scheme:dark){.jv{${DARK}}}
[data-theme=light] .jv{${LIGHT}}[data-theme=dark] .jv{${DARK}}
@media print{.jv,[data-theme] .jv{${LIGHT};${PAPER}}}
`;
