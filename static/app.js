/* What HTMX alone cannot do: taps that were not saved, clocks in server time, toasts, the menu.
   No dependencies, nothing inline: runs under "default-src 'self'". Texts come from templates in base.html.

   For the areas:
   data-tap               on a root with an id: a write under it that fails marks it .fail with a retry
   data-fail-slot         inside it: where the word and the button go (else at its end)
   data-clock             a pill made by ui.clock; sends the event `clock-over` when its time has come
   data-paper             on a form that answers with a PDF and changes the page: the page is opened anew after it
   data-most              on a file's field: bytes; a larger one is not sent, data-too-large says so
   data-day-field         on a field with a datalist of orders (order.html): the chosen one fills its day
   output[for=id]         under a date field (ui.said): the chosen day in Lithuanian, kept true while one chooses */
"use strict";

const words = document.getElementById("words").dataset;
const store = "unsent:" + location.pathname;

/* --- server time: a tablet's own clock may be wrong ---------------------------------------------------------------- */

let ahead = 0; // milliseconds the server is ahead of this device

function heed(element) {
  if (element?.dataset?.now) ahead = element.dataset.now * 1000 - Date.now();
}

function serverSeconds() {
  return (Date.now() + ahead) / 1000;
}

/* --- clocks -------------------------------------------------------------------------------------------------------- */

function left(seconds) {
  const minutes = Math.ceil(seconds / 60); // begun ones: at 8:36 by the wall clock 24 are left
  if (seconds < 60) return words.leftLess;
  if (minutes < 60) return words.leftMinutes.replace("{m}", minutes);
  return words.leftHours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tickClock(clock) {
  const seconds = clock.dataset.until - serverSeconds();
  if (seconds > 0) {
    clock.classList.toggle("soon", seconds < 30 * 60);
    say(clock.querySelector("[data-left]"), left(seconds));
    return;
  }
  clock.removeAttribute("data-clock");
  clock.classList.remove("soon");
  clock.classList.add("clock-locked");
  say(clock.querySelector("span"), clock.dataset.over);
  clock.dispatchEvent(new CustomEvent("clock-over", { bubbles: true }));
}

function tickDay() {
  const { today, midnight } = document.body.dataset;
  const shown = document.getElementById("page").dataset.day;
  const notice = document.getElementById("yesterday");
  if (notice?.hidden && shown === today && serverSeconds() >= midnight) notice.hidden = false;
}

function tick() {
  document.querySelectorAll("[data-clock]").forEach(tickClock);
  tickDay();
}

/* --- writes that were not saved ------------------------------------------------------------------------------------ */

function unsent() {
  const all = JSON.parse(sessionStorage.getItem(store) || "[]");
  return all.filter((tap) => tap.user === document.body.dataset.user); // never another person's
}

function keep(taps) {
  if (taps.length) sessionStorage.setItem(store, JSON.stringify(taps));
  else sessionStorage.removeItem(store);
}

function rootOf(element) {
  return element.closest("[data-tap]") || element.closest("form") || element;
}

/* The request as it can be sent again: without the token, which a new log-in replaces (it goes in the header). */
function asTap(detail, root) {
  const { verb, path, formData } = detail.requestConfig;
  const values = {};
  for (const [name, value] of formData) {
    if (name !== "csrf_token" && typeof value === "string") (values[name] ??= []).push(value);
  }
  return { user: document.body.dataset.user, id: root.id, target: detail.target?.id, verb, path, values };
}

function isWrite(detail) {
  return detail.requestConfig.verb !== "get";
}

function notSaved(detail) {
  if (!isWrite(detail)) return;
  const root = rootOf(detail.elt);
  const tap = asTap(detail, root);
  // of what is typed into forms nothing lies about in the browser: it may be a code or a matter of health
  if (root.id && root.matches("[data-tap]")) keep([...unsent().filter((other) => other.id !== root.id), tap]);
  mark(root, tap);
}

function saved(detail) {
  if (!isWrite(detail)) return;
  const root = rootOf(detail.elt);
  if (root.id) keep(unsent().filter((tap) => tap.id !== root.id));
  unmark(root);
}

function mark(root, tap) {
  unmark(root);
  const note = document.getElementById("fail-note").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", (event) => {
    event.stopPropagation();
    event.currentTarget.disabled = true;
    sendAgain(root, tap);
  });
  root.classList.add("fail");
  (root.querySelector("[data-fail-slot]") || root).append(note);
}

function unmark(root) {
  root.classList.remove("fail");
  root.querySelectorAll(".fail-note").forEach((note) => note.remove());
}

function sendAgain(root, tap) {
  const target = document.getElementById(tap.target) || root;
  htmx.ajax(tap.verb, tap.path, { source: root, target, values: tap.values });
}

/* Marks what is still unsent: when a page opens, and when a piece was drawn anew over a mark. */
function markUnsent() {
  for (const tap of unsent()) {
    const root = document.getElementById(tap.id);
    if (root && !root.classList.contains("fail")) mark(root, tap);
  }
}

function reachable(yes) {
  const notice = document.getElementById("offline");
  if (notice) notice.hidden = yes;
}

function unreachable(event) {
  reachable(false);
  notSaved(event.detail);
}

/* Before HTMX swaps or follows a redirect to the log-in, which would throw the tap away. */
function answered(event) {
  const status = event.detail.xhr.status;
  reachable(true);
  if (status === 401 || status >= 500) notSaved(event.detail);
  else saved(event.detail);
}

/* An error is not swapped; the sentence it brings is shown, and a field says again what is written. */
function sayError(event) {
  const { elt, requestConfig, xhr } = event.detail;
  if (xhr.status < 500 && requestConfig.triggeringEvent?.type === "change") elt.closest("form")?.reset();
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  answer.querySelectorAll(".toast").forEach((toast) => document.getElementById("toasts").append(toast));
}

/* --- toasts -------------------------------------------------------------------------------------------------------- */

function settle(toast) {
  if (!toast.matches?.(".toast") || toast.dataset.settled) return;
  toast.dataset.settled = "yes";
  toast.append(document.getElementById("toast-close").content.cloneNode(true));
  toast.lastElementChild.addEventListener("click", () => toast.remove());
  if (toast.classList.contains("toast-bad")) return; // what went wrong stays until it is read
  setTimeout(() => toast.classList.add("gone"), 6000);
  setTimeout(() => toast.remove(), 6200);
}

function watchToasts() {
  const toasts = document.getElementById("toasts");
  [...toasts.children].forEach(settle);
  new MutationObserver(() => [...toasts.children].forEach(settle)).observe(toasts, { childList: true });
}

/* --- menu ---------------------------------------------------------------------------------------------------------- */

function closeMenus(except) {
  document.querySelectorAll("details.me[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
}

function pressed(event) {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.me[open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
}

/* --- days said in Lithuanian: a date field itself speaks the device's language -------------------------------------- */

const DAYS = 'input[type="date"], input[type="datetime-local"]';

/* 2026-11-23 or 2026-11-23T08:36 -> 2026 m. lapkričio 23 d., pirmadienis, 8:36; nothing while it is no whole day. */
function saidDay(value) {
  const [day, time] = value.split("T");
  const [year, month, number] = day.split("-").map(Number);
  if (!number || year < 1000) return "";
  const weekday = new Date(Date.UTC(year, month - 1, number)).getUTCDay();
  const said = words.daySaid
    .replace("{y}", year)
    .replace("{m}", words.months.split(",")[month - 1])
    .replace("{d}", number)
    .replace("{w}", words.weekdays.split(",")[weekday]);
  return time ? `${said}, ${time.slice(0, 5).replace(/^0/, "")}` : said;
}

function sayDay(field) {
  const said = field.id && document.querySelector(`output[for="${field.id}"]`);
  if (said) say(said, saidDay(field.value));
}

/* --- a director's order chosen from those known brings its day ------------------------------------------------------ */

function knownOrder(field) {
  const known = [...(field.list?.options ?? [])].find((option) => option.value === field.value.trim());
  const day = document.getElementById(field.dataset.dayField);
  if (!known || !day || day.value) return;
  day.value = known.dataset.day;
  sayDay(day);
}

/* --- papers whose making changes the page: a slip is printed, a letter's code is made ------------------------------- */

const NAMED = /filename\*=UTF-8''([^;]+)/;

async function fetchPaper(event) {
  const form = event.target;
  if (!form.matches("form[data-paper]")) return;
  event.preventDefault();
  const button = event.submitter;
  const values = new FormData(form, button);
  button?.setAttribute("disabled", "");
  const answer = await fetch(form.action, { method: "POST", body: values }).catch(() => null);
  const named = answer?.ok && NAMED.exec(answer.headers.get("Content-Disposition") || "");
  if (named) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = decodeURIComponent(named[1]);
    link.click();
    setTimeout(() => location.reload(), 400); // the file is on its way
    return;
  }
  button?.removeAttribute("disabled");
  form.removeAttribute("data-paper"); // a refusal is shown as a page
  form.requestSubmit(button);
}

/* --- help beside the page: a dialog keeps the focus inside, Esc closes it and gives the focus back ------------------- */

const help = document.getElementById("help");

function showHelp(event) {
  if (!help || event.target.id !== "help-topic" || help.open) return;
  help.showModal();
  event.target.focus();
}

/* --- files: one that is too large is not sent, for its refusal would look like a lost connection -------------------- */

function weigh(field) {
  const large = [...field.files].some((file) => file.size > Number(field.dataset.most));
  field.setCustomValidity(large ? field.dataset.tooLarge : "");
  if (large) field.reportValidity();
}

/* --- go ------------------------------------------------------------------------------------------------------------ */

heed(document.body);
markUnsent();
watchToasts();
tick();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
document.addEventListener("click", (event) => closeMenus(event.target));
document.querySelectorAll(DAYS).forEach(sayDay); // what the browser filled in again
document.addEventListener("input", (event) => event.target.matches?.(DAYS) && sayDay(event.target));
document.addEventListener("input", (event) => event.target.matches?.("[data-day-field]") && knownOrder(event.target));
document.addEventListener("change", (event) => event.target.matches?.("[data-most]") && weigh(event.target));
document.addEventListener("keydown", pressed);
document.addEventListener("htmx:afterSwap", showHelp);
help?.addEventListener("click", (event) => event.target === help && help.close());
document.addEventListener("submit", fetchPaper);
document.addEventListener("htmx:load", (event) => {
  const fresh = event.detail.elt;
  heed(fresh.matches?.("[data-now]") ? fresh : fresh.querySelector?.("[data-now]"));
  tick();
});
document.addEventListener("htmx:afterSettle", markUnsent);
document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:timeout", unreachable);
document.addEventListener("htmx:beforeOnLoad", answered);
document.addEventListener("htmx:responseError", sayError);
