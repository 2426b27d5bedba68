/* Draws c-map: areas in five printed classes, the name and the figure written on each, no tiles from outside. */
window.songheMaps = (function () {
  "use strict";
  var token = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); };
  var colour = function (step) { return step ? token("--sh-map-" + step) : token("--sh-map-none"); };

  function label(area) {
    var words = document.createElement("span");
    words.append(area.name);
    var figure = document.createElement("b");
    figure.textContent = area.shown;
    words.append(figure);
    return words;
  }
  function draw(place) {
    var data = JSON.parse(document.getElementById(place.getAttribute("data-sh-map")).textContent);
    place.setAttribute("data-sh-drawn", "");
    var L = window.L;
    var map = L.map(place, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: .1, keyboard: false });
    L.control.zoom({ position: "topright", zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
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
    var fit = function () { map.invalidateSize(); if (layer.getBounds().isValid()) { map.fitBounds(layer.getBounds(), { padding: [8, 8] }); } };
    fit();
    new ResizeObserver(fit).observe(place);
  }
  return function () { document.querySelectorAll("[data-sh-map]:not([data-sh-drawn])").forEach(draw); };
})();
