/* Coming in: a slip's code from its QR code, a password seen while it is chosen, how long it is, a page printed. */
"use strict";

/* The code stands behind the # of the address: it goes to no server's log, and out of the address at once. */
function takeCode() {
  const field = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !field.dataset.fromAddress || !code) return;
  history.replaceState(null, "", location.pathname);
  field.value = code.slice(0, 40).toUpperCase();
  document.getElementById("scanned").hidden = false;
}

function show(box) {
  document.querySelectorAll("input[data-secret]").forEach((field) => (field.type = box.checked ? "text" : "password"));
}

/* How long a new password is, in words; whether others would guess it says the server. */
function measure(field) {
  const said = document.getElementById(field.dataset.strength);
  const left = field.dataset.least - [...field.value].length;
  const words = said.dataset;
  if (!field.value) said.textContent = words.none;
  else if (left > 0) said.textContent = words.short.replace("{n}", left);
  else said.textContent = left > -5 ? words.good : words.better;
  said.classList.toggle("is-good", left <= 0);
}

takeCode();
document.querySelectorAll("[data-shows]").forEach((box) => {
  box.closest("label").hidden = false;
  box.addEventListener("change", () => show(box));
});
document.querySelectorAll("[data-strength]").forEach((field) => {
  measure(field);
  field.addEventListener("input", () => measure(field));
});
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
