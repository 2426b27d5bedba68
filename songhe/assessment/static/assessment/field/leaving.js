// Signing out: the device keeps nothing. What is not handed over yet is asked about first.
import * as store from "./store.js";
import { addresses, w } from "./dom.js";
import { left, unsent } from "./taking.js";

const form = document.getElementById("field-out"), ask = document.getElementById("field-leave");

async function out() {
  await store.alone(() => left(addresses)).catch(() => null);
  form.submit();
}

async function begin() {
  const waiting = (await store.there()) ? await unsent() : [];
  if (!waiting.length) return out();
  document.getElementById("field-leave-words").textContent = w("leaveUnsent", { names: waiting.map((one) => one.name).join("、") });
  document.getElementById("field-leave-do").addEventListener("click", out);
  form.hidden = true;
  ask.hidden = false;
  return ask.querySelector("a").focus();
}

begin().catch(out);
