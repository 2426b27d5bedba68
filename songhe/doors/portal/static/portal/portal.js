/* What the portal does in the browser besides: reading aloud and printing. Everything works without it. */
(function () {
  "use strict";
  document.querySelectorAll("[data-portal-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
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
