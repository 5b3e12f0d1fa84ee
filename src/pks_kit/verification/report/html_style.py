"""Style of the HTML report: readable on screen and on paper, colours never carry meaning alone."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif;color:#1a1a1a;background:#fff;
margin:0}
header,nav,main,footer{max-width:70rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:1.2rem 0 .4rem}
a{color:#0b4f94}a:focus-visible,[tabindex]:focus-visible{outline:3px solid #0b4f94;
outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-100rem;top:0;background:#fff;padding:.6rem 1rem}
.skip:focus{left:0;z-index:1}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
.wide{overflow-x:auto;margin:0 0 1rem}
.links{font-size:.9em}
:target{background:#fff5e0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border:1px solid #8a8a8a;min-width:4rem;padding:.35rem .5rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}
thead th{background:#eef1f4;overflow-wrap:normal}
code{font-size:.85em}
.verdict,.test{padding:.7rem 1rem;border-left:.5rem solid}
.passed{border-color:#0a6b2d}.failed{border-color:#a30f0f}.indeterminate{border-color:#8a5a00}
.verdict.passed{background:#e9f6ed}.verdict.failed{background:#fdeaea}
.verdict.indeterminate{background:#fff5e0}
.test{background:#fff0c2;border-color:#8a5a00;font-weight:700}
.state{font-weight:700;white-space:nowrap}
.state.passed{color:#0a6b2d}.state.failed{color:#a30f0f}.state.indeterminate{color:#7a4d00}
.mark{border:1px solid #7a4d00;padding:0 .3rem;font-size:.8rem}
figure{margin:0 0 1.5rem}img{max-width:100%;height:auto;border:1px solid #8a8a8a}
.boxes,.pairs{display:flex;flex-wrap:wrap;gap:1rem}.pairs figure{flex:1 1 20rem}
figcaption{font-size:.9rem}
.hint{color:#3d3d3d}
@media print{.skip,nav{display:none}.wide{overflow:visible}
h2{break-after:avoid}tr,figure{break-inside:avoid}}
""".strip()
