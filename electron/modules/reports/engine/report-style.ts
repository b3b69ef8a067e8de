// The style of reports and pack indexes: A4 in print, readable on screen in light and dark, legible in grey.

/**
 * Restrained on purpose: one accent, hairlines, system fonts. Colours are never the only sign of anything.
 * TrueType families come first, and no font features are asked for: Chromium embeds OpenType/CFF fonts as Type 3, and a
 * substituted glyph (a tabular digit, a ligature) then has no text, so that copying and screen readers lose it.
 */
export const REPORT_CSS = `
:root{--ink:#16191d;--soft:#4b535d;--line:#c9ced5;--hair:#e3e6ea;--wash:#f5f6f8;--paper:#fff;--accent:#1d3f6e;--pass:#14613b;--attention:#7a4d00;--fail:#9a1c16;--fail-fill:#9a1c16;
--sans:'Segoe UI','Helvetica Neue','Noto Sans','Liberation Sans',Arial,'DejaVu Sans',sans-serif;
--mono:'Cascadia Mono','SF Mono',Consolas,'DejaVu Sans Mono','Liberation Mono',monospace}
*,*::before,*::after{box-sizing:border-box}
html{font:400 10pt/1.5 var(--sans);color:var(--ink);background:var(--paper);-webkit-text-size-adjust:100%;font-variant-ligatures:none}
body{max-width:176mm;margin:0 auto;padding:12mm 8mm 24mm;overflow-wrap:break-word}
h1,h2,h3,p,ul,ol,table,figure,pre{margin:0}
h1,h2,h3{line-height:1.22;font-weight:650;letter-spacing:-.01em;break-after:avoid}
h2{font-size:16pt;margin:0 0 5mm;padding-bottom:2mm;border-bottom:.35mm solid var(--accent)}
h3{font-size:11.5pt;margin:7mm 0 2.2mm}
h2 .no{color:var(--accent);font-weight:500;margin-right:2.5mm}
.where{color:var(--soft);font-weight:400;font-size:9.5pt;margin-left:1.5mm}
p{margin-bottom:2.6mm}p,li{orphans:3;widows:3}
ul,ol{padding-left:5.5mm;margin-bottom:3mm}li{margin-bottom:1.3mm}li::marker{color:var(--soft)}
a{color:var(--accent)}
bdi,td,code,pre{unicode-bidi:isolate}
main>section{margin-top:14mm}
code,pre{font-family:var(--mono);font-size:.86em}
.path{overflow-wrap:anywhere}
.absent{color:var(--soft)}
.digest b,.digest i{font-weight:400;font-style:normal;white-space:nowrap}.digest i{color:var(--soft)}
.fingerprint{word-break:break-all}
.unseen{border:.2mm solid var(--soft);border-radius:.6mm;padding:0 .5mm;font-size:.86em;color:var(--attention)}
.cut{font-family:var(--sans);color:var(--attention);font-style:italic}
table{width:100%;border-collapse:collapse;font-size:8.8pt;line-height:1.4;margin:3mm 0 5mm}
caption{caption-side:top;text-align:left;font-weight:600;padding-bottom:1.4mm;break-after:avoid}
th,td{text-align:left;vertical-align:top;padding:1.5mm 2.4mm 1.5mm 0;border-bottom:.2mm solid var(--hair);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;color:var(--soft);border-bottom:.3mm solid var(--line);vertical-align:bottom;overflow-wrap:normal}
tbody th{font-weight:500}
.facts tbody th{width:46mm;color:var(--soft);font-weight:400}
.kinds{width:auto;min-width:100mm}.kinds td{padding-right:0}
.k-number{text-align:right;white-space:nowrap;overflow-wrap:normal;padding-right:4mm}
thead .k-number{white-space:normal}
td.k-hash,th.k-hash{width:30mm}
td.k-hash code{overflow-wrap:anywhere}td.k-hash .digest{display:block;width:28mm;font-size:7.6pt;line-height:1.3}
.findings tbody th{width:9mm;color:var(--soft);font-weight:400}
.checks td.k-hash{width:56mm}.checks td.k-hash .digest{width:53mm}
.checks tbody th{width:30mm}
.verdict{display:flex;gap:5mm;align-items:flex-start;border:.3mm solid var(--line);border-left:1.6mm solid var(--tone);padding:4.5mm 5mm 3mm;margin:0 0 5mm;break-inside:avoid}
.verdict .sign{flex:none;width:12mm;height:12mm}
.verdict-word{font-size:17pt;font-weight:650;line-height:1.15;letter-spacing:-.01em;margin:0 0 .6mm}
.verdict-class{color:var(--soft);margin-bottom:2mm}
.c-pass{--tone:var(--pass)}.c-attention{--tone:var(--attention)}.c-fail{--tone:var(--fail)}.c-none{--tone:var(--soft)}
.sign{vertical-align:-1mm}.sign-body{fill:var(--tone,var(--ink))}.sign-mark{fill:none;stroke:var(--paper);stroke-width:3.2;stroke-linecap:square}
.verdict-line{display:flex;align-items:center;gap:3mm;font-size:13pt}.verdict-line .sign{width:7mm;height:7mm}.verdict-line b{font-weight:650}.verdict-line span{color:var(--soft);font-size:10pt}
.weight{color:var(--soft);font-size:9pt}.weight .sign{width:3.6mm;height:3.6mm;margin-right:1mm;vertical-align:-.6mm}
.objection{border-left:.8mm solid var(--attention);padding:.4mm 0 .4mm 3mm}
.remark{border-left:.6mm solid var(--line);padding-left:3mm;color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-all;background:var(--wash);border:.2mm solid var(--hair);padding:2.4mm 3mm;font-size:7.8pt;line-height:1.5;margin:1.5mm .3mm 3.5mm 0}
pre.command{word-break:normal}
.command{break-inside:avoid}
figure{margin:3mm 0 4mm}figcaption{font-size:8.8pt;color:var(--soft);margin-top:1mm}
.quote figcaption{margin:0 0 1mm;break-after:avoid}
.strip{display:block;width:100%;height:12mm;border-bottom:.2mm solid var(--line)}
.s-verified{fill:#b9cbe0}.s-failed{fill:var(--fail-fill)}.s-attention{fill:url(#p-attention)}.s-unanchored{fill:url(#p-unanchored)}.s-uncovered{fill:url(#p-uncovered)}
.p-ground{fill:#e2e7ee}.p-paper{fill:#fff}.p-line{stroke:#4b535d;stroke-width:1;fill:none}.p-dot{fill:#4b6f9c}
.key{list-style:none;padding:0;margin:2mm 0 0;display:flex;flex-wrap:wrap;gap:1mm 6mm;font-size:8.8pt}.key svg{vertical-align:-.4mm;margin-right:1mm;outline:.2mm solid var(--line)}
.terms tbody th{width:36mm;font-weight:600}
.contents ol{columns:2;column-gap:10mm;padding-left:6mm}.contents h2{font-size:11.5pt;border:0;padding:0;margin-bottom:2mm}.contents a{text-decoration:none}
.issuer{font-weight:600;color:var(--accent);font-size:11pt;padding-bottom:3mm;border-bottom:.35mm solid var(--accent)}
.title{margin:16mm 0 10mm}.kind{color:var(--soft);font-size:12pt;margin-bottom:2mm}
h1{font-size:25pt;overflow-wrap:anywhere}.case{font-size:13pt;margin-top:3mm}
.cover table{margin-top:9mm;font-size:9.6pt}
.notice{color:var(--soft);font-size:9pt;margin-top:8mm;max-width:130mm}.contents{margin-top:14mm}
.pack h1{margin:2mm 0 4mm}.pack .kind{margin:8mm 0 0}.pack+main>section:first-child{margin-top:12mm!important}
@media screen{body{padding-top:16mm}}
@media screen and (max-width:640px){table{display:block;overflow-x:auto}.contents ol{columns:1}}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e7eb;--soft:#a3acb8;--line:#3b434e;--hair:#2a3039;--wash:#1b2027;--paper:#14171b;--accent:#8fb6ee;--pass:#74d19c;--attention:#e9bb50;--fail:#f4948c;--fail-fill:#e05f55}.s-verified{fill:#3b5878}.p-ground{fill:#242b34}.p-paper{fill:#14171b}.p-line{stroke:#a3acb8}.p-dot{fill:#8fb6ee}}
@media print{
@page{size:A4;margin:18mm 17mm 20mm}
html{font-size:9.6pt;print-color-adjust:exact}
body{max-width:none;padding:0}
.cover{break-after:page}
main>section{margin-top:11mm}
a{color:inherit;text-decoration:none}
thead{display:table-header-group}tr,figure:not(.quote),.verdict{break-inside:avoid}
.facts,.kinds,.whole,li{break-inside:avoid}
tbody tr:first-child{break-before:avoid}
main>section:first-child{margin-top:0}
}
@media (forced-colors:active){.sign-body{fill:CanvasText}.sign-mark{stroke:Canvas}.verdict{border-color:CanvasText}}
`;
