/* What every page does in the browser. Everything works without it; nothing here holds a rule of the domain. */
(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var typing = function (target) {
    return target && target.closest && target.closest("input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]");
  };
  var say = function (words) {
    var place = document.getElementById("sh-said");
    if (place) { place.textContent = words; }
  };

  /* The words that scripts say stand in the page, in its language. */
  var word = function (name) {
    var place = document.getElementById("sh-said");
    return place ? place.getAttribute("data-" + name) || "" : "";
  };

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "/" && !typing(event.target)) {
      var search = document.querySelector("[data-sh-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      var open = document.querySelector("details[data-sh-menu][open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); return; }
      if (typing(event.target)) { event.target.blur(); return; }
      var close = document.querySelector("[data-sh-close]");
      if (close) { close.click(); }
    }
  });
  document.addEventListener("click", function (event) {
    all("details[data-sh-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    var target = event.target.closest("[data-sh-print], [data-sh-rail], [data-sh-show]");
    if (!target) { return; }
    if (target.hasAttribute("data-sh-print")) { window.print(); }
    if (target.hasAttribute("data-sh-rail")) { turnRail(target); }
    if (target.hasAttribute("data-sh-show")) { showPassword(target); }
  });

  function turnRail(button) {
    var narrow = document.getElementById("sh-app").classList.toggle("sh-app--rail");
    button.setAttribute("aria-pressed", narrow ? "true" : "false");
    document.cookie = "sh-rail=" + (narrow ? "1" : "0") + ";path=/;max-age=31536000;samesite=lax";
    window.dispatchEvent(new Event("resize"));
  }
  function showPassword(button) {
    var input = document.getElementById(button.getAttribute("data-sh-show"));
    var hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = word(hidden ? "hide" : "show");
    input.focus();
  }

  /* The undo bar leaves after ten seconds, but not while somebody points at it or stands on it. */
  function undo(bar) {
    var left = 10, held = false;
    ["pointerenter", "focusin"].forEach(function (name) { bar.addEventListener(name, function () { held = true; }); });
    ["pointerleave", "focusout"].forEach(function (name) { bar.addEventListener(name, function () { held = false; left = 10; }); });
    var timer = window.setInterval(function () {
      if (!held) { left -= 1; }
      if (left <= 0) { window.clearInterval(timer); bar.remove(); }
    }, 1000);
  }

  /* A form that was changed and not sent warns before the page is left. */
  var changed = new Set();
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-sh-unsaved]");
    if (form) { changed.add(form); }
  });
  document.addEventListener("submit", function (event) { changed.delete(event.target); });
  window.addEventListener("beforeunload", function (event) {
    changed.forEach(function (form) { if (!form.isConnected) { changed.delete(form); } });
    if (changed.size) { event.preventDefault(); }
  });

  /* Filters send themselves; a form is sent once. */
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-sh-send]");
    if (form) { form.requestSubmit(); }
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.method !== "post" && !form.hasAttribute("data-sh-once")) || form.hasAttribute("data-sh-again")) { return; }
    if (form.hasAttribute("data-sh-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sh-sent", "");
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sh-sent]").forEach(function (form) { form.removeAttribute("data-sh-sent"); });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form[data-sh-sent]");
    if (form) { form.removeAttribute("data-sh-sent"); }
  });

  function drop(place) {
    var input = place.querySelector("input[type=file]");
    var name = place.querySelector("[data-sh-file]");
    input.addEventListener("change", function () {
      name.textContent = Array.prototype.map.call(input.files, function (file) { return file.name; }).join(word("comma"));
    });
    ["dragenter", "dragover"].forEach(function (kind) { place.addEventListener(kind, function () { place.classList.add("sh-drop--over"); }); });
    ["dragleave", "drop"].forEach(function (kind) { place.addEventListener(kind, function () { place.classList.remove("sh-drop--over"); }); });
  }

  /* The filter column folds on a narrow screen. */
  var narrow = window.matchMedia("(max-width: 899.98px)");
  narrow.addEventListener("change", function () { all("[data-sh-fold]").forEach(function (part) { part.open = !narrow.matches; }); });

  /* A value that can be taken into a field by a click or by Enter: accounts of a demonstration, a suggestion. */
  function fill(source) {
    source.setAttribute("role", "button");
    source.setAttribute("tabindex", "0");
    source.title = word("fill");
    var take = function () {
      var input = document.getElementById(source.getAttribute("data-sh-fill"));
      input.value = source.textContent.trim();
      input.focus();
    };
    source.addEventListener("click", take);
    source.addEventListener("keydown", function (event) { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); take(); } });
  }

  function start(root) {
    all("[data-sh-rail], [data-sh-show]", root).forEach(function (button) { button.hidden = false; });
    all("[data-sh-noscript]", root).forEach(function (part) { part.hidden = true; });
    all("[data-sh-undo]", root).forEach(undo);
    all("[data-sh-drop]", root).forEach(drop);
    all("[data-sh-fill]", root).forEach(fill);
    all("[data-sh-fold]", root).forEach(function (part) { part.open = !narrow.matches; });
    var errors = (root || document).querySelector("[data-sh-errors]");
    if (errors) { errors.focus(); }
  }
  document.addEventListener("htmx:load", function (event) { if (event.detail.elt !== document.body) { start(event.detail.elt); } });
  document.addEventListener("htmx:responseError", function () { say(word("late")); });
  document.addEventListener("htmx:sendError", function () { say(word("offline")); });
  start(document);
})();
