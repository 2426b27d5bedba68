/* Draws c-chart from its JSON: flat, the figure written on the bar, only level grid lines. */
window.songheCharts = (function () {
  "use strict";
  var token = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); };
  var written = function (value, places, signed) {
    if (value === null || value === undefined) { return "–"; }
    var text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
    if (value < 0) { return "−" + text; }
    return (signed && value > 0 ? "+" : "") + text;
  };
  var font = { fontFamily: '"Noto Sans SC", sans-serif', fontSize: 12 };

  /* Whether a figure fits into its part of a stacked bar; what does not fit stands in the table and the tooltip. */
  function fits(value, text, data, room) {
    var most = Math.max.apply(null, data.categories.map(function (_, place) {
      return data.series.reduce(function (sum, one) { return sum + Math.abs(one.values[place] || 0); }, 0);
    }));
    var length = Math.abs(value) / (most || 1) * (data.lying ? room.width - 160 : room.height - 70);
    return length >= (data.lying ? text.length * 7 + 4 : 13);
  }
  function series(one, data, room) {
    var colour = token("--sh-chart-" + one.colour);
    var light = one.colour === 1 || one.colour === 4;
    var inside = data.kind === "stacked";
    var diverging = data.kind === "diverging";
    var result = {
      type: data.kind === "line" ? "line" : "bar",
      name: one.name,
      data: one.values,
      itemStyle: { color: colour, borderColor: token("--sh-surface"), borderWidth: inside || diverging ? 1 : 0 },
      emphasis: { disabled: true },
      barMaxWidth: 46,
      barGap: "10%",
      label: {
        show: true, fontFamily: font.fontFamily, fontSize: 12,
        position: inside ? "inside" : data.lying ? "right" : "top",
        color: inside && light ? "#FFFFFF" : token("--sh-ink"),
        formatter: function (point) {
          var text = written(point.value, data.places, diverging);
          return inside && !fits(point.value, text, data, room) ? "" : text;
        }
      },
      labelLayout: { hideOverlap: true }
    };
    if (inside || diverging) { result.stack = "all"; }
    if (diverging) {
      result.data = one.values.map(function (value) { return { value: value, label: { position: value < 0 ? "left" : "right" } }; });
    }
    if (data.kind === "line") {
      result.lineStyle = { width: 2, color: colour };
      result.symbol = ["circle", "rect", "triangle", "diamond", "emptyCircle"][one.colour - 1];
      result.symbolSize = 7;
      result.label.show = data.series.length < 3;
    }
    return result;
  }
  /* The sum over each stack, written above it. */
  function sums(data) {
    var totals = data.categories.map(function (_, place) {
      return data.series.reduce(function (sum, one) { return sum + (one.values[place] || 0); }, 0);
    });
    return {
      type: "bar", stack: "all", name: "sum", silent: true, data: totals.map(function () { return 0; }), itemStyle: { color: "transparent" }, emphasis: { disabled: true },
      label: {
        show: true, position: data.lying ? "right" : "top", fontFamily: font.fontFamily, fontSize: 12, fontWeight: 600, color: token("--sh-ink"),
        formatter: function (point) { return written(totals[point.dataIndex], data.places); }
      }
    };
  }
  function option(data, room) {
    var words = { color: token("--sh-ink-2"), fontFamily: font.fontFamily, fontSize: 12 };
    var names = { type: "category", data: data.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--sh-ink-3") } }, axisLabel: words, inverse: data.lying };
    var figures = {
      type: "value", splitLine: { lineStyle: { color: token("--sh-chart-grid") } }, splitNumber: 4,
      axisLabel: Object.assign({}, words, { color: token("--sh-chart-axis"), formatter: function (value) { return written(value, 0); } })
    };
    var drawn = data.series.map(function (one) { return series(one, data, room); });
    if (data.kind === "stacked" && data.series.length > 1) { drawn.push(sums(data)); }
    return {
      animation: false, textStyle: font,
      grid: { left: 4, right: data.lying ? 64 : 8, top: 24, bottom: 4, containLabel: true },
      xAxis: data.lying ? figures : names,
      yAxis: data.lying ? names : figures,
      tooltip: {
        trigger: "axis", renderMode: "richText", axisPointer: { type: "none" }, borderColor: token("--sh-line"), shadowBlur: 0, textStyle: { color: token("--sh-ink"), fontFamily: font.fontFamily, fontSize: 12 },
        formatter: function (points) {
          var lines = points.filter(function (point) { return point.seriesName !== "sum"; }).map(function (point) { return point.seriesName + " " + written(point.value, data.places, data.kind === "diverging") + (/^[A-Za-z]/.test(data.unit) ? " " : "") + data.unit; });
          return [points[0].name].concat(lines).join("\n");
        }
      },
      series: drawn
    };
  }
  return function () {
    document.querySelectorAll("[data-sh-chart]:not([data-sh-drawn])").forEach(function (place) {
      var data = JSON.parse(place.getAttribute("data-sh-figures"));
      place.setAttribute("data-sh-drawn", "");
      var chart = window.echarts.init(place, null, { renderer: "svg" });
      var draw = function () {
        if (place.clientWidth < 40) { return; }
        chart.resize();
        chart.setOption(option(data, { width: place.clientWidth, height: place.clientHeight }));
      };
      draw();
      new ResizeObserver(draw).observe(place);
    });
  };
})();
