// The day's page: takes visits along.
import * as store from "./store.js";
import { addresses, w } from "./dom.js";
import { OFFLINE, OTHER, SIGNED_OUT } from "./sending.js";
import { ofAccount, rooted, take } from "./taking.js";

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

// What another account left here is not opened, and wiped when all of it was sent.
async function known() {
  if (!(await store.there()) || (await ofAccount(addresses.account))) return;
  document.getElementById("field-open").hidden = !(await store.ids("visit:")).length;
}

place?.addEventListener("click", taken);
known().catch(() => null);
