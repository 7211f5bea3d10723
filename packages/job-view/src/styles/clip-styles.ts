/**
 * A clip's picture holds its 32 crops side by side. It is named once, as \`--strip\`; the rows of the film and the loop show parts of
 * it, so that nobody has to scroll sideways. The loop moves by CSS alone, and not for who wants no motion or reads on paper.
 */
export const CLIP_STYLES = `.jv-face{margin-top:1.9rem;padding-top:1.5rem;border-top:1px solid var(--jv-line);content-visibility:auto;contain-intrinsic-size:auto 34rem}
.jv-face header{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center}
.jv-face header>div:nth-last-child(2){flex:1;min-width:12rem}
.jv-face h3{font-size:1.2rem}
.jv-score{font-variant-numeric:tabular-nums;font-family:var(--jv-serif);font-size:1.2rem}
.jv .jv-about{color:var(--jv-soft);font-size:.9rem;margin-top:.15rem}
.jv-portrait{width:3.6rem;height:3.6rem;border-radius:3px;background:var(--jv-floor) var(--strip) 51.61% 0/3200% 100%}
.jv-clips{display:grid;gap:.35rem;margin-top:1rem}
.jv-clip{border-top:1px solid var(--jv-line);break-inside:avoid}
.jv-clip summary{display:flex;flex-wrap:wrap;gap:0 .9rem;padding:.45rem 0;cursor:pointer;font-size:.85rem;color:var(--jv-soft);font-variant-numeric:tabular-nums}
.jv-clip summary::before{content:"▸";color:var(--jv-faint)}.jv-clip[open] summary::before{content:"▾"}
.jv-clip summary::-webkit-details-marker{display:none}
.jv-clip summary b{color:var(--jv-ink);font-weight:600}
.jv-open{padding:.3rem 0 .9rem;scroll-margin-top:5rem}
.jv-open:target{outline:2px solid var(--jv-open);outline-offset:4px}
.jv-film{display:flex;gap:.6rem;align-items:flex-start}
.jv-loop{flex:0 0 auto;width:11.5%;min-width:5.5rem;aspect-ratio:1;align-self:flex-start;border-radius:3px;background-color:var(--jv-floor);background-image:var(--strip);background-size:3200% 100%;animation:jv-loop var(--loop,1.3s) steps(32,jump-none) infinite}
@keyframes jv-loop{from{background-position:0 0}to{background-position:100% 0}}
@media (prefers-reduced-motion:reduce){.jv-loop{animation:none}}
.jv-strip{flex:1;min-width:0;display:grid;grid-template-columns:1fr 1fr;border-radius:3px;overflow:hidden;background:var(--jv-floor)}
.jv-strip i{display:block;aspect-ratio:8;background-image:var(--strip);background-size:400% 100%;background-repeat:no-repeat}
.jv-strip i:nth-child(1){background-position:0 0}.jv-strip i:nth-child(2){background-position:33.333% 0}.jv-strip i:nth-child(3){background-position:66.667% 0}.jv-strip i:nth-child(4){background-position:100% 0}
.jv-style{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.8rem;margin-top:.6rem;align-items:start}
.jv-group{display:grid;grid-template-columns:7.5rem minmax(0,1fr);gap:.6rem;align-items:center;font-size:.82rem;color:var(--jv-soft)}
.jv-group+.jv-group{margin-top:.25rem}
.jv-group small{font-variant-numeric:tabular-nums}
.jv-band{display:block;width:100%;height:.6rem;margin:.15rem 0;background:var(--jv-floor);border-radius:2px}
.jv-band-range{fill:var(--jv-heat);fill-opacity:.28}
.jv-band path{fill:none;vector-effect:non-scaling-stroke}
.jv-band-middle{stroke:var(--jv-heat);stroke-width:1}
.jv-band-mean{stroke:var(--jv-ink);stroke-width:2.5}
.jv-band-legend{display:flex;gap:.8rem;align-items:flex-start}.jv-band-legend .jv-band{flex:0 0 8rem;margin-top:.35rem}
.jv-heat{display:block;width:100%;fill:var(--jv-heat);background:var(--jv-floor);border-radius:3px}
.jv-coarse,.jv-middle{height:1.5rem}.jv-fine{height:3.2rem}
.jv-attention{width:6.7rem;height:6.7rem}
.jv-ramp{display:flex;align-items:center;gap:.5rem}.jv-ramp i{width:8rem;height:.7rem;border-radius:2px;background:linear-gradient(90deg,var(--jv-floor),var(--jv-heat))}
.jv-nopicture{font-size:.85rem;color:var(--jv-soft);padding:.8rem;border:1px dashed var(--jv-line);border-radius:3px}
@media (max-width:36rem){.jv-film{flex-direction:column}.jv-loop{width:8rem}.jv-strip{flex:none;align-self:stretch;grid-template-columns:1fr}.jv-style{grid-template-columns:minmax(0,1fr)}.jv-group{grid-template-columns:1fr;gap:.1rem}}
@media print{.jv-loop{display:none}.jv-film{display:block}}
`;
