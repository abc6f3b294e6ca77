/** The looks of the pages around the charts; dark where the reader's screen is, and plain on paper. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#57606a;--ground:#f6f8fa;--card:#fff;--edge:#d0d7de;--good:#116329;--bad:#a40e26;--warn:#7d4e00}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9aa4af;--ground:#010409;--card:#0d1117;--edge:#30363d;--good:#4ac26b;--bad:#ff7b72;--warn:#e3b341}}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;margin:36px 0 12px}
p{margin:8px 0}
code,pre{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:16px 20px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid var(--edge)}
tr:last-child>*{border-bottom:0}
thead th{color:var(--quiet);font-weight:600}
tbody th{font-weight:600}
.detail{white-space:normal;overflow-wrap:anywhere}
td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
.warn{color:var(--warn);font-weight:600}
.charts{display:flex;flex-wrap:wrap;gap:16px}
.charts figure{margin:0;border:1px solid var(--edge);border-radius:10px;overflow:hidden;max-width:100%}
.charts svg{display:block;max-width:100%;height:auto}
pre{white-space:pre-wrap;margin:0}
@media print{body{background:none}.card,.charts figure{break-inside:avoid}}`;
