// The day's page: takes visits along, and at sign-out leaves nothing behind.
import * as store from "./store.js";
import { addresses, w } from "./dom.js";
import { OFFLINE, OTHER, SIGNED_OUT } from "./sending.js";
import { rooted, take, unsent } from "./taking.js";

const place = document.getElementById("field-take"), said = document.getElementById("field-told");

async function taken() {
  place.disabled = true;
  said.textContent = w("taking");
  try {
    const answer = await take(addresses);
    if (answer.kind === OFFLINE) said.textContent = w("takeOffline");
    else if (answer.kind === SIGNED_OUT) location.reload();
    else if (answer.kind === OTHER) said.textContent = w("otherAccount", { name: answer.name });
    else if (answer.kind) said.textContent = answer.error;
    else {
      said.textContent = (await rooted(addresses)) ? w("taken", { number: answer.number }) : w("takenHere", { number: answer.number });
      document.getElementById("field-open").hidden = false;
    }
  } catch { said.textContent = w("notKept"); }
  place.disabled = false;
}

// Signing out wipes the device; what is not handed over yet is asked about first.
async function leaving(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || new URL(form.action).pathname !== addresses.signOut || form.dataset.wiped) return;
  event.preventDefault();
  const waiting = await unsent().catch(() => []);
  const ask = document.getElementById("field-leave");
  if (waiting.length && ask.hidden) {
    document.getElementById("field-leave-words").textContent = w("leaveUnsent", { names: waiting.map((one) => one.name).join("、") });
    document.getElementById("field-leave-do").onclick = () => out(form);
    ask.hidden = false;
    ask.scrollIntoView();
    ask.querySelector("a").focus();
    return;
  }
  await out(form);
}

async function out(form) {
  await store.wipe().catch(() => null);
  form.dataset.wiped = "1";
  form.submit();
}

place?.addEventListener("click", taken);
document.addEventListener("submit", leaving);
store.ids("visit:").then((known) => { document.getElementById("field-open").hidden = !known.length; }).catch(() => null);
