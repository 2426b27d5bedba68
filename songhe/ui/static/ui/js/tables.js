/* Tables: j and k move from row to row, Enter opens the row's link, boxes choose rows. */
(function () {
  "use strict";
  var rows = function (table) {
    return Array.prototype.filter.call(table.tBodies[0] ? table.tBodies[0].rows : [], function (row) { return row.querySelector("a[href], button"); });
  };
  var link = function (row) { return row.querySelector(".sh-main a[href], a.sh-main[href]") || row.querySelector("a[href], button"); };

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || (event.key !== "j" && event.key !== "k")) { return; }
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) { return; }
    var here = event.target.closest("tr");
    var table = (here && here.closest("table[data-sh-keys]")) || document.querySelector("table[data-sh-keys]");
    if (!table) { return; }
    var list = rows(table);
    var next = list.indexOf(here) + (event.key === "j" ? 1 : -1);
    if (here === null && event.key === "k") { next = list.length - 1; }
    if (list[next]) { event.preventDefault(); link(list[next]).focus(); list[next].scrollIntoView({ block: "nearest" }); }
  });

  function count(form) {
    var boxes = Array.prototype.slice.call(form.querySelectorAll("input.sh-choose"));
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    form.querySelectorAll("[data-sh-count]").forEach(function (place) { place.textContent = chosen.toLocaleString("en-US"); });
    form.querySelectorAll("[data-sh-bulk] button").forEach(function (button) { button.disabled = chosen === 0; });
    form.querySelectorAll("[data-sh-all]").forEach(function (box) {
      box.checked = chosen > 0 && chosen === boxes.length;
      box.indeterminate = chosen > 0 && chosen < boxes.length;
    });
  }
  var home = function (element) { return element.closest("form") || element.closest(".sh-tablebox"); };
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-sh-all]")) {
      home(event.target).querySelectorAll("input.sh-choose").forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-sh-all], input.sh-choose")) { count(home(event.target)); }
  });

  /* On a phone a figure without its column's head says nothing: it gets the head's words. */
  function labelled(table) {
    var heads = Array.prototype.map.call(table.tHead ? table.tHead.rows[0].cells : [], function (cell) { return cell.textContent.trim(); });
    table.querySelectorAll("tbody tr, tfoot tr").forEach(function (row) {
      if (row.cells.length !== heads.length) { return; }
      Array.prototype.forEach.call(row.cells, function (cell, place) {
        if (cell.matches(".sh-num:not(.sh-main):not(.sh-side-by):not([data-label])")) { cell.setAttribute("data-label", heads[place]); }
      });
    });
  }
  function reachable(place) {
    if (place.scrollWidth > place.clientWidth + 1) { place.setAttribute("tabindex", "0"); } else { place.removeAttribute("tabindex"); }
  }
  function start(root) {
    root.querySelectorAll("[data-sh-bulk]").forEach(function (bulk) { count(home(bulk)); });
    root.querySelectorAll("[data-sh-scroll]").forEach(reachable);
    root.querySelectorAll("table.sh-table--fold").forEach(labelled);
  }
  window.addEventListener("resize", function () { document.querySelectorAll("[data-sh-scroll]").forEach(reachable); });
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
  start(document);
})();
