// What the pages of tempera report do where scripts run: charts to zoom and read values from, a map to zoom and move, and a filter for its routes.
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

  // The map under wheel, pointers, keys and buttons: what is seen is the view box of the picture, never more than the whole.
  function navigate(box) {
    const frame = box.querySelector(".window"), map = frame.querySelector(".map"), depots = map.querySelectorAll(".depot"), held = new Map();
    const { x, y, width, height } = map.viewBox.baseVal, all = { x, y, width, height }, deepest = 400;
    let view = { ...all };
    const clamped = (value, low, high) => Math.min(Math.max(value, low), high);
    const here = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    const middle = () => ({ x: view.x + view.width / 2, y: view.y + view.height / 2 });
    function show(width, x, y) {
      const w = clamped(width, all.width / deepest, all.width), h = w * all.height / all.width;
      view = { x: clamped(x, all.x, all.x + all.width - w), y: clamped(y, all.y, all.y + all.height - h), width: w, height: h };
      map.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
      for (const depot of depots) depot.setAttribute("r", 7 * w / all.width);
      box.classList.toggle("near", w < all.width);
    }
    const moved = (dx, dy) => show(view.width, view.x + dx, view.y + dy);
    function zoomed(factor, at) {  // `at` stays where it is on the screen
      const f = clamped(view.width * factor, all.width / deepest, all.width) / view.width;
      show(view.width * f, at.x - (at.x - view.x) * f, at.y - (at.y - view.y) * f);
    }
    const reset = () => show(all.width, all.x, all.y);
    // As near as the shown routes allow, with a margin.
    function fit(routes) {
      let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
      for (const route of routes) {
        const b = route.getBBox();
        left = Math.min(left, b.x), right = Math.max(right, b.x + b.width), top = Math.min(top, b.y), bottom = Math.max(bottom, b.y + b.height);
      }
      if (left > right) return reset();
      const w = 1.1 * Math.max(right - left, (bottom - top) * all.width / all.height), h = w * all.height / all.width;
      show(w, (left + right - w) / 2, (top + bottom - h) / 2);
    }

    frame.addEventListener("wheel", (event) => {
      if (event.deltaY > 0 && view.width >= all.width) return;  // all is seen: the page scrolls
      event.preventDefault();
      zoomed(Math.pow(1.0015, clamped(event.deltaMode === 1 ? 30 * event.deltaY : event.deltaY, -240, 240)), here(event));
    }, { passive: false });
    frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button !== 0) return;
      held.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
      frame.classList.add("held");
    });
    addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const other = [...held.entries()].find(([id]) => id !== event.pointerId)?.[1];
      const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const from = here(before), to = here(event);
      if (other) zoomed(clamped(apart(before, other) / Math.max(1, apart(event, other)), 0.2, 5), here({ clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 }));
      else moved(from.x - to.x, from.y - to.y);
      held.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
    });
    const release = (event) => {
      held.delete(event.pointerId);
      if (held.size === 0) frame.classList.remove("held");
    };
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
    const keys = { "+": () => zoomed(0.8, middle()), "=": () => zoomed(0.8, middle()), "-": () => zoomed(1.25, middle()), "0": reset, "ArrowLeft": () => moved(-view.width / 8, 0), "ArrowRight": () => moved(view.width / 8, 0),
                   "ArrowUp": () => moved(0, -view.height / 8), "ArrowDown": () => moved(0, view.height / 8) };
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || (event.key.startsWith("Arrow") && view.width >= all.width)) return;
      event.preventDefault();
      keys[event.key]();
    });
    const bar = document.createElement("div");
    bar.className = "buttons";
    for (const [text, name, act] of [["+", "zoom in", keys["+"]], ["\u2212", "zoom out", keys["-"]], ["Show all", "", reset]]) {
      const button = document.createElement("button");
      button.type = "button", button.textContent = text;
      if (name) button.setAttribute("aria-label", name);
      button.addEventListener("click", act);
      bar.append(button);
    }
    bar.append(box.querySelector(".hint"));
    box.querySelector("input").checked = true;  // the whole, at the size of the page
    frame.before(bar);
    box.classList.add("live");
    addEventListener("beforeprint", reset);
    return { fit, reset };
  }

  function filter(field, map) {
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
      if (map && all) map.reset();
      else if (map) map.fit(routes.filter((route) => !route.classList.contains("out")));
      said.textContent = chosen ? `${count} of ${routes.length} shown` : "give numbers and ranges, e.g. 3, 7-12";
    });
  }

  if (typeof uPlot === "function") for (const box of document.querySelectorAll(".plot")) draw(box);
  const zoom = document.querySelector(".zoom"), map = zoom ? navigate(zoom) : null;
  const field = document.getElementById("route-filter");
  if (field) filter(field, map);
})();
