/* Draws c-map: areas in five printed classes, the name and the figure written on each, no tiles from outside. */
window.songheMaps = (function () {
  "use strict";
  var token = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); };
  var colour = function (step) { return step ? token("--sh-map-" + step) : token("--sh-map-none"); };

  function label(area) {
    var words = document.createElement("span");
    words.append(area.name);
    var figure = document.createElement("b");
    figure.textContent = area.shown.split("（")[0]; /* the whole stands in the table */
    words.append(figure);
    return words;
  }
  /* Areas without a figure are hatched, not pale. */
  function hatch(place, layer, areas) {
    var svg = place.querySelector(".leaflet-overlay-pane svg");
    if (!svg) { return; }
    var space = "http://www.w3.org/2000/svg";
    var make = function (name, attributes) {
      var element = document.createElementNS(space, name);
      Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
      return element;
    };
    var id = place.getAttribute("data-sh-map") + "-hatch";
    var pattern = make("pattern", { id: id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
    pattern.append(make("rect", { width: 8, height: 8, fill: token("--sh-map-none") }), make("path", { d: "M-2 2 2-2M0 8 8 0M6 10 10 6", stroke: "#C9C5B8", "stroke-width": 1 }));
    var defs = make("defs", {});
    defs.append(pattern);
    svg.prepend(defs);
    layer.eachLayer(function (shape) {
      var area = areas[shape.feature.properties.code];
      if (!area || !area.step) { shape.setStyle({ fillColor: "url(#" + id + ")" }); }
    });
  }
  function draw(place) {
    var data = JSON.parse(place.getAttribute("data-sh-figures"));
    place.setAttribute("data-sh-drawn", "");
    var L = window.L;
    var map = L.map(place, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: .1, keyboard: false });
    var said = document.getElementById("sh-said");
    L.control.zoom({ position: "topright", zoomInTitle: said.getAttribute("data-zoom-in"), zoomOutTitle: said.getAttribute("data-zoom-out") }).addTo(map);
    var layer = L.geoJSON(data.boundaries, {
      style: function (feature) {
        var area = data.areas[feature.properties.code] || { step: 0 };
        return { color: "#FFFFFF", weight: 1.5, fillColor: colour(area.step), fillOpacity: 1, dashArray: area.step ? null : "4 3" };
      },
      onEachFeature: function (feature, shape) {
        var area = data.areas[feature.properties.code];
        if (!area) { return; }
        shape.bindTooltip(label(area), { permanent: true, direction: "center", className: "sh-map__name" + (area.step > 3 ? " sh-map__name--light" : "") });
        if (area.url) { shape.on("click", function () { window.location.assign(area.url); }); }
      }
    }).addTo(map);
    var fit = function () {
      if (place.clientWidth < 40 || place.clientHeight < 40 || !layer.getBounds().isValid()) { return; }
      map.invalidateSize({ pan: false });
      map.fitBounds(layer.getBounds(), { padding: [8, 8], animate: false });
    };
    fit();
    hatch(place, layer, data.areas);
    new ResizeObserver(fit).observe(place);
  }
  return function () { document.querySelectorAll("[data-sh-map]:not([data-sh-drawn])").forEach(draw); };
})();
