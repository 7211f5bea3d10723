import { CLIP_STYLES } from './clip-styles.js';
import { COLOURS } from './colours.js';

/** Fonts that machines have: nothing is fetched. */
const FONTS = `.jv{--jv-serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","URW Palladio L",Georgia,"DejaVu Serif",serif;
--jv-sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;
--jv-mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
`;

const LAYOUT = `.jv{background:var(--jv-paper);color:var(--jv-ink);font:16px/1.55 var(--jv-sans);max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 4rem;box-sizing:border-box;overflow-wrap:break-word}
.jv *,.jv *::before{box-sizing:border-box}
.jv h1,.jv h2,.jv h3{font-family:var(--jv-serif);font-weight:600;line-height:1.2;margin:0;text-wrap:balance}
.jv p{margin:0;max-width:44rem}
.jv figure{margin:0;break-inside:avoid}
.jv a{color:inherit}
.jv :focus-visible{outline:3px solid var(--jv-open);outline-offset:2px}
.jv pre{margin:.8rem 0 0;padding:.7rem .9rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:.82rem/1.5 var(--jv-mono);background:var(--jv-floor);border-radius:3px}
.jv-kicker{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;justify-content:space-between;color:var(--jv-soft);font-size:.85rem;padding-bottom:.8rem;border-bottom:1px solid var(--jv-line)}
.jv-kicker .jv-name{flex:1;min-width:10rem;overflow-wrap:anywhere}
.jv-kicker b{font-weight:600;color:var(--jv-ink)}
.jv-verdict{padding:2.2rem 0 2.2rem;border-bottom:1px solid var(--jv-line)}
.jv-verdict:last-child{border-bottom:0;padding-bottom:0}
.jv-verdict :is(h1,h2){font-size:clamp(1.9rem,6vw,3rem);letter-spacing:-.012em}
.jv .jv-evidence{font-size:1.05rem;margin-top:.5rem;color:var(--jv-soft)}
.jv-evidence::before{content:"";display:inline-block;width:.62em;height:.62em;border-radius:50%;margin-right:.55em;background:var(--jv-open)}
.jv-kind-signs .jv-evidence::before,.jv-kind-above .jv-evidence::before,.jv-kind-failed .jv-evidence::before{background:var(--jv-above)}
.jv-kind-below .jv-evidence::before{background:var(--jv-below)}
.jv .jv-calibration{margin-top:.9rem;padding:.5rem .8rem;border-left:3px solid var(--jv-open);background:var(--jv-floor);font-size:.92rem}
.jv-meaning{margin-top:1.4rem;display:grid;gap:.6rem}
.jv-note{margin-top:.9rem!important;color:var(--jv-soft);font-size:.9rem}
.jv-note p+p{margin-top:.4rem}
.jv .jv-doubt{color:var(--jv-ink);padding-left:.8rem;border-left:3px solid var(--jv-open)}
.jv-scale{margin:2rem 0 .4rem;max-width:44rem}
.jv-bar{position:relative;height:.7rem;border-radius:.35rem;background:var(--jv-floor);box-shadow:inset 0 0 0 1px var(--jv-line)}
.jv-fill{position:absolute;left:0;top:0;bottom:0;border-radius:.35rem;background:var(--jv-neutral)}
.jv-kind-signs .jv-fill,.jv-kind-above .jv-fill{background:var(--jv-above)}.jv-kind-below .jv-fill{background:var(--jv-below)}
.jv-at{position:absolute;top:-.35rem;bottom:-.35rem;width:2px;margin-left:-1px;background:var(--jv-ink)}
.jv-words{position:relative;height:1.5rem;margin-top:.55rem;font-size:.82rem;color:var(--jv-soft)}
.jv-words span{position:absolute;white-space:nowrap}
.jv-value{font-family:var(--jv-serif);font-size:1.5rem;line-height:1;margin-bottom:.75rem}
.jv-value small{font-family:var(--jv-sans);font-size:.85rem;color:var(--jv-soft);margin-left:.5rem}
.jv-section{padding-top:2.4rem}
.jv-section h2{font-size:1.5rem}
.jv h2+p{margin-top:.5rem;color:var(--jv-soft)}
.jv-list{margin:.7rem 0 0;padding-left:1.2rem;max-width:44rem}.jv-list li+li{margin-top:.3rem}
.jv-facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.6rem 2.4rem;margin-top:1.2rem}
.jv-facts h3{font-size:1rem;margin-bottom:.35rem}
.jv table{border-collapse:collapse;width:100%;margin-top:.9rem;font-size:.88rem;table-layout:fixed}
.jv th,.jv td{text-align:start;vertical-align:top;padding:.32rem 0;border-top:1px solid var(--jv-line);overflow-wrap:anywhere}
.jv th{width:9.2rem;font-weight:400;color:var(--jv-soft);padding-right:.8rem}
.jv table+p{margin-top:.9rem}.jv thead th::first-letter{text-transform:uppercase}.jv .jv-scores{table-layout:auto}.jv .jv-scores :is(th,td){width:auto;padding-right:.8rem;overflow-wrap:break-word}.jv .jv-scores .jv-code{overflow-wrap:anywhere;min-width:7rem}.jv .jv-scores td{font-variant-numeric:tabular-nums}
.jv .jv-code{font-family:var(--jv-mono);font-size:.8rem;line-height:1.5}
.jv-footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--jv-line);font-size:.82rem;color:var(--jv-soft)}
.jv-frames{display:flex;flex-wrap:wrap;gap:1rem;margin-top:1.1rem;align-items:flex-start}
.jv-frame-picture{position:relative;overflow:hidden;border-radius:3px;background:var(--jv-floor)}
.jv-frame-picture img,.jv-frame-picture video,.jv-boxes{position:absolute;inset:0;width:100%;height:100%;display:block}
.jv-frame figcaption{font-size:.82rem;color:var(--jv-soft);margin-top:.3rem;font-variant-numeric:tabular-nums}
.jv-box,.jv-box-edge{fill:none;vector-effect:non-scaling-stroke}.jv-box-edge{stroke:#000;stroke-width:4px;opacity:.55}.jv-box{stroke:var(--jv-box);stroke-width:2px}
.jv-tag{fill:var(--jv-box)}.jv-boxes text{fill:#1c1b19;font-family:var(--jv-sans);font-weight:700}
.jv-lanes{margin-top:1.4rem}
.jv-lane{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:.8rem;align-items:end;margin-bottom:.7rem;break-inside:avoid}
.jv-lane-name{display:flex;justify-content:space-between;gap:.6rem;font-size:.88rem;line-height:1.2}
.jv-lane-name a{font-weight:600}
.jv-lane-name span{font-variant-numeric:tabular-nums;color:var(--jv-soft)}
.jv-plot{display:block;width:100%;height:3.6rem}
.jv-floor{fill:var(--jv-floor)}
.jv-plot .jv-s0{fill:var(--jv-s0)}.jv-plot .jv-s1{fill:var(--jv-s1)}.jv-plot .jv-s2{fill:var(--jv-s2)}.jv-plot .jv-s3{fill:var(--jv-s3)}.jv-plot .jv-s4{fill:var(--jv-s4)}.jv-plot .jv-s5{fill:var(--jv-s5)}
.jv-plot .jv-neutral{fill:var(--jv-neutral)}.jv-plot .jv-none{fill:none;stroke:var(--jv-faint);stroke-dasharray:3 3;vector-effect:non-scaling-stroke}
.jv-plot a rect{cursor:pointer}.jv-plot rect[class^=jv-s]:hover,.jv-plot a:hover rect{opacity:.72}
.jv-plot a:focus-visible{outline:none}.jv-plot a:focus-visible rect{stroke:var(--jv-open);stroke-width:4px;vector-effect:non-scaling-stroke}
.jv-plot .jv-seen{fill:var(--jv-faint);opacity:.8}
.jv-cuts{stroke:var(--jv-ink);stroke-width:1;opacity:.55;fill:none;vector-effect:non-scaling-stroke}
.jv-threshold{stroke:var(--jv-ink);stroke-width:1;stroke-dasharray:5 4;vector-effect:non-scaling-stroke}
.jv-axis{position:relative;height:1.2rem;margin-left:9.3rem}
.jv-axis span{position:absolute;transform:translateX(-50%);font-size:.75rem;line-height:1.2;color:var(--jv-soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.jv .jv-unlooked{margin-top:.3rem;font-size:.85rem;color:var(--jv-soft);border-left:8px solid;border-image:repeating-linear-gradient(45deg,var(--jv-faint) 0 2px,transparent 2px 5px) 8;padding-left:.6rem}
.jv-legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0 0;padding:0;font-size:.82rem;color:var(--jv-soft)}
.jv-key{display:inline-block;width:.8em;height:.8em;margin-right:2px;vertical-align:-.06em}
.jv-key.jv-s0{background:var(--jv-s0)}.jv-key.jv-s1{background:var(--jv-s1)}.jv-key.jv-s2{background:var(--jv-s2)}.jv-key.jv-s3{background:var(--jv-s3)}.jv-key.jv-s4{background:var(--jv-s4)}.jv-key.jv-s5{background:var(--jv-s5)}
.jv-key.jv-neutral{background:var(--jv-neutral)}.jv-key.jv-none{border:1px dashed var(--jv-faint)}.jv-key.jv-seen{height:.25em;vertical-align:.2em;background:var(--jv-faint)}
.jv-key.jv-line{height:0;width:1.2em;vertical-align:.25em;border-top:1px dashed var(--jv-ink)}.jv-key.jv-cut{width:0;border-left:1px solid var(--jv-ink);margin-right:.4em}
`;

const SMALL = `@media (max-width:36rem){.jv{padding:1.4rem 1rem 3rem}.jv-verdict{padding:1.6rem 0 1.8rem}.jv th{width:8.6rem}
.jv-wide{width:100%!important}.jv-lane{grid-template-columns:minmax(0,1fr);gap:.2rem}.jv-lane-name{justify-content:flex-start}.jv-axis{margin-left:0}}
`;

/** Browsers draw backgrounds on paper only when told to; sizes fit A4 and Letter alike. */
const PRINT = `@media print{.jv{font-size:10.5pt;max-width:none;padding:0}.jv *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.jv h1,.jv h2,.jv h3,.jv-face header,.jv h2+p{break-after:avoid}.jv tr,.jv li,.jv pre,.jv-calibration{break-inside:avoid}.jv-frame{max-width:31%}.jv-frame:only-child{max-width:60%}.jv-face{content-visibility:visible!important}
.jv-facts{grid-template-columns:1fr 1fr}.jv-clip:not([open]){display:none}}
`;

/** The one style sheet of the view, for the report's \`style\` and for the console's adopted sheets. */
export const JOB_VIEW_STYLES = `${FONTS}${COLOURS}${LAYOUT}${CLIP_STYLES}${SMALL}${PRINT}`;
