"""The style of the pictures of a topic; colours come from the variables of the app and follow the theme."""

CSS = """
:root { --kb-t-muted: light-dark(#566075, #A3ACBA); --kb-t-hair: light-dark(#d5d8de, #3a3f4b); }
.kb-t-lines { margin: 0 0 1rem; --kb-t-edge: 14px; }
.kb-t-lines figcaption { margin-top: .5rem; max-width: 80ch; }
.kb .kb-t-legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; margin: 0 0 .5rem; }
.kb .kb-t-legend li { font-size: .84rem; color: var(--kb-t-muted); margin: 0; }
.kb-t-legend span { display: inline-block; margin-right: .35rem; color: var(--kb-ink); font-size: .92rem;
  min-width: .9rem; }
.kb-t-legend .kb-t-swatch { width: 1.2rem; height: 4px; vertical-align: middle; background: var(--kb-t-colour); }
.kb-t-legend .kb-t-shade { color: var(--kb-explained); }
.kb-t-plot { position: relative; }
.kb-t-behind { position: absolute; inset: 0 var(--kb-t-edge); pointer-events: none; }
.kb-t-hair { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--kb-t-hair); opacity: .6; }
.kb-t-band { position: absolute; top: 0; bottom: 0; min-width: 3px;
  background: color-mix(in srgb, var(--kb-explained) 14%, transparent); }
.kb .kb-t-rows { position: relative; list-style: none; margin: 0; padding: 0; }
.kb h3.kb-t-group { position: relative; margin: .7rem 0 .1rem; padding-left: var(--kb-t-edge); font-size: .92rem; }
.kb .kb-t-row { margin: 0; padding: .22rem 0 .1rem; }
.kb-t-document { --kb-t-colour: var(--kb-claim); }
.kb-t-work { --kb-t-colour: var(--kb-study); }
.kb-t-label { padding: 0 var(--kb-t-edge); font-size: .88rem; line-height: 1.35; overflow-wrap: anywhere; }
.kb-t-label b { font-weight: 650; font-variant-numeric: tabular-nums; }
.kb .kb-t-work .kb-t-label a { color: light-dark(#8F4D00,#F0B35E); }
.kb-t-note { color: var(--kb-t-muted); font-size: .84rem; }
.kb-t-track { position: relative; height: 14px; margin: .1rem var(--kb-t-edge) 0; }
.kb-t-track span { position: absolute; top: 7px; }
.kb-t-bar { height: 4px; margin-top: -2px; background: var(--kb-t-colour); }
.kb-t-cap { width: 2px; height: 12px; margin: -6px 0 0 -1px; background: var(--kb-t-colour); }
.kb-t-on { border: 6px solid transparent; border-left: 9px solid var(--kb-t-colour); border-right: 0;
  margin: -6px 0 0 -1px; }
.kb-t-back { border: 6px solid transparent; border-right: 9px solid var(--kb-t-colour); border-left: 0;
  margin: -6px 0 0 -8px; }
.kb-t-point { width: 9px; height: 9px; margin: -4.5px 0 0 -4.5px; background: var(--kb-t-colour);
  transform: rotate(45deg); }
.kb-t-dot { width: 9px; height: 9px; margin: -4.5px 0 0 -4.5px; background: var(--kb-t-colour); border-radius: 50%; }
.kb-t-joined { margin-top: -1px; border-top: 2px dotted var(--kb-t-colour); }
.kb-t-ticks { position: relative; height: 1.3rem; margin: 0 var(--kb-t-edge); border-top: 1px solid var(--kb-t-hair); }
.kb-t-ticks span { position: absolute; top: .15rem; transform: translateX(-50%); white-space: nowrap; font-size: .8rem;
  color: var(--kb-t-muted); font-variant-numeric: tabular-nums; }
.kb-t-ticks.kb-t-long span:first-child { transform: translateX(-10px); }
.kb-t-ticks.kb-t-long span:last-child { transform: translateX(calc(-100% + 10px)); }
.kb-t-unit { text-align: center; font-size: .84rem; color: var(--kb-t-muted); }
.kb-t-ordinal { border-collapse: collapse; width: 100%; }
.kb .kb-t-ordinal caption { caption-side: top; text-align: left; color: var(--kb-t-muted); font-size: .88rem;
  padding: 0 0 .4rem; }
.kb .kb-t-ordinal th, .kb .kb-t-ordinal td { border: 0; border-bottom: 1px solid var(--kb-t-hair); padding: .3rem .5rem;
  text-align: left; vertical-align: top; font-size: .88rem; }
.kb .kb-t-ordinal td { border-left: 1px dotted var(--kb-t-hair); min-width: 6rem; }
.kb .kb-t-ordinal tbody th { position: sticky; left: 0; background: light-dark(#FFFFFF,#0E1117); font-weight: 600;
  min-width: 7rem; }
.kb-t-chip { display: inline-block; border: 1px solid color-mix(in srgb, var(--kb-claim) 45%, transparent);
  border-radius: 999px; padding: 0 .55rem; margin: 0 .2rem .2rem 0; font-size: .82rem;
  background: color-mix(in srgb, var(--kb-claim) 10%, transparent); }
.kb-t-differs { display: block; font-size: .78rem; color: var(--kb-discrepancy); }
.kb-t-clash { color: var(--kb-tension); font-weight: 650; }
.kb .kb-t-order li { margin: 0 0 .25rem; font-size: .94rem; overflow-wrap: anywhere; }
.kb .kb-t-years { list-style: none; padding: 0; margin: 0; border-left: 2px solid var(--kb-t-hair); }
.kb .kb-t-years > li { display: grid; grid-template-columns: 4rem 1fr; margin: 0; padding: .12rem 0 .12rem .8rem; }
.kb .kb-t-years b { font-variant-numeric: tabular-nums; font-weight: 600; }
.kb .kb-t-years ul { list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 0 1.2rem; }
.kb .kb-t-years ul li { margin: 0; font-size: .92rem; }
.kb .kb-t-positions { list-style: none; padding: 0; margin: 0; }
.kb .kb-t-position { margin: 0; padding: .55rem 0 .45rem .8rem; border-bottom: 1px solid var(--kb-t-hair);
  border-left: 3px solid var(--kb-kind, transparent); overflow-wrap: anywhere; }
.kb .kb-t-position ul { margin: .2rem 0 0; padding-left: 1.1rem; }
.kb .kb-t-position li { font-size: .94rem; line-height: 1.4; margin: .15rem 0; max-width: 92ch; }
.kb .kb-t-found { list-style: none; padding: 0; margin: 0 0 .5rem; }
.kb .kb-t-found li { margin: 0; padding: .25rem 0; font-size: .94rem; max-width: 100ch; }
.st-key-kb-t-graph { overflow-x: auto; max-width: 100%; }
.st-key-kb-t-graph .stGraphVizChart > svg { max-width: max(100%, 46rem); height: auto; }
@media (max-width: 640px) {
  .kb .kb-t-ordinal thead { display: none; }
  .kb .kb-t-ordinal tr { display: block; padding: .3rem 0; border-bottom: 1px solid var(--kb-t-hair); }
  .kb .kb-t-ordinal tr > * { display: block; border: 0; padding: .1rem 0; }
  .kb .kb-t-ordinal tbody th { position: static; }
  .kb .kb-t-ordinal td:empty { display: none; }
  .kb .kb-t-ordinal td::before { content: attr(data-label) ": "; color: var(--kb-t-muted); }
  .kb-t-differs { display: inline; margin-left: .5rem; }
}
@media (max-width: 480px) {
  .kb-t-ticks.kb-t-long span:not(:first-child):not(:last-child) { display: none; }
  .kb .kb-t-years > li { grid-template-columns: 3rem 1fr; }
}
"""
