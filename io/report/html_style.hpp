// The look of the HTML report: light and dark, wide and narrow, screen and paper.
#pragma once

namespace tempera::report {

inline constexpr const char* report_style = R"css(
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--paper:#fff;--line:#d9dee5;--card:#f5f7f9;--accent:#0b63ce;--warn:#9a5b00}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3abb5;--paper:#14171a;--line:#333a42;--card:#1d2126;--accent:#6cb0ff;--warn:#ffb74d}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0 0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .5rem}
header p,small,footer{color:var(--soft)}a{color:var(--accent)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.6rem;margin-top:1rem}
.figure{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
.figure span,.figure small{display:block;font-size:.82rem;color:var(--soft)}.figure b{font-size:1.35rem;font-variant-numeric:tabular-nums}
section{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600;overflow-wrap:normal}tbody th{font-weight:500;color:var(--soft);width:9rem}
.numbers td{text-align:right;overflow-wrap:normal}.numbers th{text-align:right}.numbers td:first-child,.numbers th:first-child{text-align:left}
.warnings{border-left:4px solid var(--warn);padding-left:.8rem}
svg{display:block;max-width:none}
.chart{width:100%;min-width:30rem;font-size:12px;fill:var(--soft)}.chart path{fill:none}
.chart .series{stroke:currentColor;stroke-width:2}.plot .hint,.plot.live svg,.plot.live .legend{display:none}.plot.live .hint{display:block;font-size:.82rem;color:var(--soft);margin:0}
.plot.live{min-height:20rem}.plot .u-legend{font-size:.82rem}.plot .u-legend th,.plot .u-legend td{border:0;width:auto}.legend{margin:.2rem 0;font-size:.9rem}.legend span{margin-right:.8rem;white-space:nowrap}
.grid{stroke:var(--line)}.level{stroke:var(--soft);stroke-dasharray:5 4}
.level.known{stroke:#2e9e5b}.level.bound{stroke:#b26bd6}text.known{fill:#2e9e5b}text.bound{fill:#b26bd6}
.window{border:1px solid var(--line);border-radius:.5rem;overflow:auto;margin-top:.4rem}
#z2:checked~.window,#z4:checked~.window,#z8:checked~.window{max-height:46rem}
.map{width:100%}.map path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke;stroke-width:1.4px}
.map .leg{stroke-dasharray:1 5;opacity:.45}.depot{fill:var(--ink)}
.map g.out{display:none}.filter input{font:inherit;width:12rem;padding:.1rem .4rem;border:1px solid var(--line);border-radius:.4rem;background:var(--paper);color:var(--ink)}.filter span{color:var(--soft)}
.map g:target path{stroke-width:3.5px}.map:has(g:target) g:not(:target){opacity:.12}
.zoom input{position:absolute;opacity:0}.zoom label{display:inline-block;padding:.1rem .7rem;border:1px solid var(--line);border-radius:1rem;margin-right:.3rem;cursor:pointer}
.zoom input:checked+label{background:var(--accent);color:var(--paper)}.zoom input:focus-visible+label{outline:2px solid var(--ink)}
#z2:checked~.window .map{width:200%}#z4:checked~.window .map{width:400%}#z8:checked~.window .map{width:800%}
.zoom .hint,.zoom.live>input,.zoom.live>label{display:none}.zoom.live .hint{display:block;font-size:.82rem;color:var(--soft);margin:0}
.zoom.live .window{overflow:hidden;touch-action:pan-y;user-select:none;cursor:grab}.zoom.live.near .window{touch-action:none}.zoom.live .window.held{cursor:grabbing}
.window:focus-visible{outline:2px solid var(--accent)}.buttons{margin:.4rem 0;display:flex;flex-wrap:wrap;align-items:center;gap:.3rem}
.buttons button{font:inherit;min-width:2.4rem;padding:.1rem .7rem;border:1px solid var(--line);border-radius:1rem;background:var(--paper);color:var(--ink);cursor:pointer}
.c0{color:#0b63ce}.c1{color:#d1495b}.c2{color:#2e9e5b}.c3{color:#b26bd6}.c4{color:#e07b00}.c5{color:#008b9a}.c6{color:#8a6d3b}.c7{color:#c2408f}.c8{color:#5a7d00}.c9{color:#6c72c9}
footer{margin-top:3rem;border-top:1px solid var(--line);font-size:.85rem}summary{cursor:pointer;margin:.6rem 0}
@media print{:root{color-scheme:light;--ink:#000;--soft:#555;--paper:#fff;--line:#bbb;--card:#fff;--accent:#000;--warn:#9a5b00}body{max-width:none;padding:0}.choose{display:none}.plot.live{min-height:0}a{text-decoration:none}.zoom input,.zoom label,.zoom.live .hint,.buttons,.filter,.plot .uplot,.plot.live .hint{display:none}.plot.live svg,.plot.live .legend{display:block}section{break-inside:avoid}.window{max-height:none}}
)css";

}  // namespace tempera::report
