// What the pages of tempera report do where scripts run: charts to zoom and read values from, and a filter for the routes of the map.
// Without scripts, and on paper, the pictures that stand in the page remain.
(() => {
  "use strict";
  const colours = ["#0b63ce", "#d1495b", "#2e9e5b", "#b26bd6", "#e07b00", "#008b9a", "#8a6d3b", "#c2408f", "#5a7d00", "#6c72c9"];
  const named = { control: "--soft", known: "#2e9e5b", bound: "#b26bd6" };
  const css = (name) => name.startsWith("--") ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : name;
  const shown = (value) => value == null ? "-" : value.toLocaleString("en-US", { maximumFractionDigits: 3 });

  // A staircase holds its last value to the edge; a level is a line from edge to edge.
  function tables(plot) {
    let low = Infinity, high = -Infinity;
    for (const s of plot.series) low = Math.min(low, s.x[0]), high = Math.max(high, s.x[s.x.length - 1]);
    const held = (s) => s.x[s.x.length - 1] < high ? [[...s.x, high], [...s.y, s.y[s.y.length - 1]]] : [s.x, s.y];
    return plot.series.map(held).concat(plot.levels.map((l) => [[low, high], [l.value, l.value]]));
  }

  function options(plot, width) {
    const axis = { stroke: css("--soft"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1 }, font: "12px system-ui,sans-serif", labelFont: "12px system-ui,sans-serif" };
    const widest = (u, values) => 16 + 7 * Math.max(4, ...(values || []).map((v) => String(v).length));
    const series = plot.series.map((s, k) => ({ label: s.name, stroke: colours[k % 10], width: 2, spanGaps: true, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), value: (u, v) => shown(v) }));
    const levels = plot.levels.map((l) => ({ label: l.name, stroke: css(named[l.class] || "--soft"), width: 1, dash: [5, 4], spanGaps: true, points: { show: false }, value: () => shown(l.value) }));
    return {
      width, height: 280, scales: { x: { time: false } }, series: [{ label: plot.x, value: (u, v) => shown(v) }, ...series, ...levels],
      axes: [{ ...axis, label: plot.x, labelSize: 18 }, { ...axis, size: widest, values: (u, values) => values.map(shown) }], cursor: { focus: { prox: 16 } }, focus: { alpha: 0.35 },
    };
  }

  function draw(box) {
    const plot = JSON.parse(box.querySelector("script").textContent);
    const room = () => Math.max(280, box.clientWidth);
    box.classList.add("live");
    let chart = null;
    const make = () => {
      if (chart) chart.destroy();
      chart = new uPlot(options(plot, room()), uPlot.join(tables(plot)), box);
    };
    make();
    new ResizeObserver(() => { if (chart.width !== room()) chart.setSize({ width: room(), height: 280 }); }).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", make);
  }

  // "3, 7-12": the numbers meant, or nothing for all.
  function numbers(text) {
    const chosen = new Set();
    for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
      const range = /^(\d+)(?:-(\d+))?$/.exec(part);
      if (!range) return null;
      const first = Number(range[1]), last = Number(range[2] || range[1]);
      for (let k = first; k <= Math.min(last, first + 100000); ++k) chosen.add(k);
    }
    return chosen;
  }

  function filter(field) {
    const routes = [...document.querySelectorAll(".map g[id]")], rows = [...document.querySelectorAll("tr[data-route]")], said = document.getElementById("route-count");
    field.closest(".filter").hidden = false;
    field.addEventListener("input", () => {
      const chosen = numbers(field.value), all = !chosen || chosen.size === 0;
      let count = 0;
      for (const route of routes) {
        const on = all || chosen.has(Number(route.id.slice(1)));
        route.classList.toggle("out", !on);
        count += on;
      }
      for (const row of rows) row.hidden = !all && !chosen.has(Number(row.dataset.route));
      said.textContent = chosen ? `${count} of ${routes.length} shown` : "give numbers and ranges, e.g. 3, 7-12";
    });
  }

  if (typeof uPlot === "function") for (const box of document.querySelectorAll(".plot")) draw(box);
  const field = document.getElementById("route-filter");
  if (field) filter(field);
})();
