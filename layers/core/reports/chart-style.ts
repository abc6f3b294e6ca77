/**
 * The looks of every chart, on a surface of their own so that they are readable wherever they stand, and dark where the
 * reader's screen is. Blue and vermilion are told apart by the colour-blind too (M. Okabe, K. Ito, 2008); the champion is
 * dashed beside. Renderers that know no `prefers-color-scheme` draw the light one.
 */
export const CHART_STYLE = `
.kc-surface{fill:#fff}
.kc-text{fill:#1b1f24;font:12px "DejaVu Sans",Verdana,sans-serif}
.kc-title{font-size:15px;font-weight:bold}
.kc-quiet{fill:#57606a;font-size:11px}
.kc-end{text-anchor:end}
.kc-middle{text-anchor:middle}
.kc-grid{stroke:#d8dee4;stroke-width:1}
.kc-axis{stroke:#57606a;stroke-width:1}
.kc-chance{stroke:#8c959f;stroke-width:1;stroke-dasharray:2 4;fill:none}
.kc-line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.kc-new{stroke:#0072b2}
.kc-old{stroke:#c25400;stroke-dasharray:7 5;stroke-width:2}
.kc-fill-new{fill:#0072b2}
.kc-fill-old{fill:#c25400}
.kc-mark{stroke:#1b1f24;stroke-width:1.5;fill:none}
.kc-dot{stroke:#fff;stroke-width:1.5}
.kc-on-mild{fill:#1b1f24}
.kc-on-strong{fill:#fff}
@media (prefers-color-scheme:dark){
.kc-surface{fill:#0d1117}
.kc-text{fill:#e6edf3}
.kc-quiet{fill:#9aa4af}
.kc-grid{stroke:#272d36}
.kc-axis{stroke:#7d8590}
.kc-chance{stroke:#7d8590}
.kc-new{stroke:#56b4e9}
.kc-old{stroke:#f0954f}
.kc-fill-new{fill:#56b4e9}
.kc-fill-old{fill:#f0954f}
.kc-mark{stroke:#e6edf3}
.kc-dot{stroke:#0d1117}
.kc-on-mild,.kc-on-strong{fill:#06121c}
}`;
