/** The page's one style sheet: light, dark and paper; no font, picture or script from anywhere else. */
export const REPORT_STYLES = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1c1b19;--soft:#5d5a54;--faint:#8b877e;--line:#e2ded5;--floor:#f1eee7;
--low:#8fa3a6;--high:#b3402a;--mark:#1c1b19;--heat:#7a3b1d;--fake:#a8361f;--real:#2f6b52;--open:#7a5c12;
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","URW Palladio L",Georgia,"DejaVu Serif",serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#161614;--card:#1e1e1b;--ink:#ece9e2;--soft:#aeaaa0;--faint:#88847a;--line:#35342f;--floor:#262520;
--low:#5f7477;--high:#e0745b;--mark:#ece9e2;--heat:#f0a274;--fake:#ee8468;--real:#7cc2a2;--open:#dcb95c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans)}
main{max-width:58rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.2;margin:0;text-wrap:balance}
p{margin:0;max-width:42rem}
.kicker{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;justify-content:space-between;color:var(--soft);font-size:.85rem;padding-bottom:.8rem;border-bottom:1px solid var(--line)}
.kicker .name{flex:1;min-width:10rem;overflow-wrap:anywhere}
.kicker b{font-weight:600;color:var(--ink)}
.verdict{padding:2.2rem 0 2.4rem;border-bottom:1px solid var(--line)}
.verdict h1{font-size:clamp(2rem,6vw,3.1rem);letter-spacing:-.012em}
.verdict .evidence{font-size:1.05rem;margin-top:.5rem;color:var(--soft)}
.verdict .evidence::before{content:"";display:inline-block;width:.62em;height:.62em;border-radius:50%;margin-right:.55em;background:var(--open)}
.fake .evidence::before{background:var(--fake)}.real .evidence::before{background:var(--real)}
.meaning{margin-top:1.5rem;display:grid;gap:.6rem}
.meaning pre{margin:0;padding:.7rem .9rem;max-width:42rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:.82rem/1.5 var(--mono);background:var(--floor);border-radius:3px}
.note{margin-top:1rem;color:var(--soft);font-size:.9rem}
.doubt{color:var(--ink);padding-left:.8rem;border-left:3px solid var(--open)}
.scale{margin:2.2rem 0 .4rem;max-width:42rem}
.scale .bar{position:relative;height:.7rem;border-radius:.35rem;background:var(--floor);box-shadow:inset 0 0 0 1px var(--line)}
.scale .fill{position:absolute;left:0;top:0;bottom:0;border-radius:.35rem;background:var(--low)}
.fake .scale .fill{background:var(--fake)}.real .scale .fill{background:var(--real)}
.scale .at{position:absolute;top:-.35rem;bottom:-.35rem;width:2px;margin-left:-1px;background:var(--mark)}
.scale .words{position:relative;height:1.5rem;margin-top:.55rem;font-size:.82rem;color:var(--soft)}
.scale .words span{position:absolute;white-space:nowrap}
.scale .value{font-family:var(--serif);font-size:1.5rem;line-height:1;margin-bottom:.75rem}
.scale .value small{font-family:var(--sans);font-size:.85rem;color:var(--soft);margin-left:.4rem}
section{padding-top:2.4rem}
h2{font-size:1.5rem}
h2+p{margin-top:.5rem;color:var(--soft)}
.face{margin-top:1.9rem;padding-top:1.5rem;border-top:1px solid var(--line)}
h2+.face,h2+p+.face{border-top:0;padding-top:0}
.face header{display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline;justify-content:space-between}
.face h3{font-size:1.2rem}
.face .score{font-variant-numeric:tabular-nums;font-family:var(--serif);font-size:1.2rem}
.face .about{color:var(--soft);font-size:.9rem;margin-top:.15rem}
.timeline{position:relative;margin:1.6rem 0 2rem 2.4rem}
.timeline svg{display:block;width:100%;height:7.5rem;overflow:visible}
.timeline .floor{fill:var(--floor)}
.timeline .low{fill:var(--low)}.timeline .high{fill:var(--high)}.timeline .none{fill:none;stroke:var(--faint);stroke-dasharray:3 3;vector-effect:non-scaling-stroke}
.inconclusive .timeline .high{fill:var(--low)}
.timeline .presence{fill:var(--mark);opacity:.55}
.timeline .threshold{stroke:var(--mark);stroke-width:1;stroke-dasharray:5 4;vector-effect:non-scaling-stroke}
.timeline rect:hover{opacity:.72}
.timeline span{position:absolute;font-size:.75rem;line-height:1;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.timeline .y{right:100%;margin-right:.5rem;transform:translateY(50%)}
.timeline .mark{color:var(--ink)}
.timeline .plot{position:relative}
.timeline .x{position:relative;height:1rem;margin-top:.45rem}
.timeline .x span{transform:translateX(-50%)}
.clips{display:grid;gap:1.25rem}
figure{margin:0;break-inside:avoid}
figcaption{display:flex;flex-wrap:wrap;gap:0 .9rem;font-size:.82rem;color:var(--soft);margin-bottom:.35rem;font-variant-numeric:tabular-nums}
figcaption b{color:var(--ink);font-weight:600}
figcaption .top{font-style:italic}
.strip{overflow-x:auto;border-radius:3px;background:var(--floor)}.strip svg{display:block;width:100%;min-width:34rem;overflow:hidden}
.heat{display:block;width:100%;height:3.4rem;margin-top:.4rem;fill:var(--heat);background:var(--floor);border-radius:3px}
.nopicture{font-size:.85rem;color:var(--soft);padding:.8rem;border:1px dashed var(--line);border-radius:3px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.6rem 2.4rem;margin-top:1.2rem}
.facts h3{font-size:1rem;margin-bottom:.35rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.32rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
th{width:9.2rem;font-weight:400;color:var(--soft);padding-right:.8rem}
td.code{font-family:var(--mono);font-size:.8rem;line-height:1.5}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--soft)}
@media (max-width:36rem){main{padding:1.4rem 1rem 3rem}.verdict{padding:1.6rem 0 1.8rem}.timeline svg{height:6rem}th{width:7.4rem}}
@media print{.strip svg{min-width:0}:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--faint:#777;--line:#ccc;--floor:#f2f2f2;--low:#8fa3a6;--high:#a8361f;--mark:#000;--fake:#a8361f;--real:#2f6b52;--open:#7a5c12;--heat:#7a3b1d}
body{font-size:10.5pt}main{max-width:none;padding:0}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.face{break-inside:auto}header,h2,h3{break-after:avoid}}
`;
