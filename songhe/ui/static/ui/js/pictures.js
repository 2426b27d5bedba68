/* Fetches the drawing libraries only on pages with a chart or a map. */
(function () {
  "use strict";
  var at = document.getElementById("sh-pictures");
  var asked = {};
  function script(address) {
    if (!asked[address]) {
      asked[address] = new Promise(function (done, failed) {
        var element = document.createElement("script");
        element.src = address;
        element.onload = done;
        element.onerror = failed;
        document.head.appendChild(element);
      });
    }
    return asked[address];
  }
  function style(address) {
    if (asked[address]) { return asked[address]; }
    asked[address] = new Promise(function (done) {
      var element = document.createElement("link");
      element.rel = "stylesheet";
      element.href = address;
      element.onload = done;
      element.onerror = done;
      document.head.insertBefore(element, document.head.querySelector("link[rel=stylesheet]"));
    });
    return asked[address];
  }
  var font = function () {
    return Promise.all([document.fonts.load('400 12px "Noto Sans SC"', "岁0"), document.fonts.load('600 12px "Noto Sans SC"', "岁0")]).catch(function () {});
  };
  function start() {
    if (!at) { return; }
    if (document.querySelector("[data-sh-chart]:not([data-sh-drawn])")) {
      script(at.dataset.echarts).then(function () { return script(at.dataset.charts); }).then(font).then(function () { window.songheCharts(); });
    }
    if (document.querySelector("[data-sh-map]:not([data-sh-drawn])")) {
      Promise.all([script(at.dataset.leaflet), style(at.dataset.leafletStyle)]).then(function () { return script(at.dataset.maps); }).then(font).then(function () { window.songheMaps(); });
    }
  }
  document.addEventListener("htmx:load", start);
  start();
})();
