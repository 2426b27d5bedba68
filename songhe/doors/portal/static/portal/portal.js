/* What the portal does in the browser besides: reading aloud, printing, asking whether one is still there. All works without it. */
(function () {
  "use strict";
  document.querySelectorAll("[data-portal-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  var still = document.querySelector("[data-portal-idle]");
  if (still) {
    var form = still.querySelector("form"), waiting;
    var wait = function () {
      still.hidden = true;
      clearTimeout(waiting);
      waiting = setTimeout(function () { still.hidden = false; }, Number(still.getAttribute("data-portal-idle")) * 1000);
    };
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Stay": "1" }, redirect: "manual" })
        .then(function (answer) { if (answer.status === 204) { wait(); } else { form.submit(); } }, function () { form.submit(); });
    });
    wait();
  }
  var reader = document.querySelector("[data-portal-read]");
  if (!reader || !("speechSynthesis" in window) || !("SpeechSynthesisUtterance" in window)) { return; }
  var words = reader.querySelector("span"), calm = words.textContent, reading = false;
  function stopped() {
    reading = false;
    words.textContent = calm;
    reader.setAttribute("aria-pressed", "false");
  }
  /* Short pieces: some browsers fall silent in the middle of a long one. */
  function pieces() {
    return document.getElementById("sh-main").innerText.split(/[\n。；？]+/).filter(function (one) { return one.trim(); });
  }
  reader.hidden = false;
  reader.setAttribute("aria-pressed", "false");
  reader.addEventListener("click", function () {
    window.speechSynthesis.cancel();
    if (reading) { stopped(); return; }
    reading = true;
    words.textContent = reader.getAttribute("data-stop");
    reader.setAttribute("aria-pressed", "true");
    pieces().forEach(function (piece, index, all) {
      var said = new SpeechSynthesisUtterance(piece);
      said.lang = document.documentElement.lang;
      said.rate = 0.85;
      if (index === all.length - 1) { said.addEventListener("end", stopped); }
      window.speechSynthesis.speak(said);
    });
  });
  window.addEventListener("pagehide", function () { window.speechSynthesis.cancel(); });
})();
