// Small courtesies of every page. Each page works without them.
"use strict";

const lost = document.getElementById("connection-lost");
const notices = document.getElementById("notices");

// Polling stops while nobody looks, or while somebody wants to read in peace.
let paused = sessionStorage.getItem("paused") === "yes";
document.addEventListener("htmx:beforeRequest", (event) => {
  const polls = event.target.closest("[data-poll]") === event.target;
  if (polls && (paused || document.hidden)) event.preventDefault();
});

// What a reader unfolded stays unfolded when a fragment is drawn anew; a state is spoken only when it changes.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  unfolded = [...event.detail.target.querySelectorAll("details[open][id]")].map((each) => each.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const told of document.querySelectorAll("[data-said]")) {
    const place = document.getElementById(told.dataset.saidIn);
    if (place && place.textContent !== told.dataset.said) place.textContent = told.dataset.said;
  }
});

// What somebody types while an answer is on its way stays, and is reckoned with at once.
let asked = new Map();
const fieldsOf = (part) => [...part.querySelectorAll("input[id], select[id], textarea[id]")];
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "editor-body") asked = new Map(fieldsOf(event.target).map((each) => [each.id, each.value]));
});
let empty = "";  // the field one stands in, where the answer may fill it: what is typed next replaces that
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const here = document.activeElement;
  if (event.detail.target.contains(here) && here.matches("input") && here.value === "") empty = here.id;
  const typed = fieldsOf(event.detail.target).filter((each) => asked.has(each.id) && asked.get(each.id) !== each.value);
  for (const each of typed) {
    const answered = event.detail.fragment.querySelector(`#${CSS.escape(each.id)}`);
    if (answered) answered.value = each.value;
  }
  if (typed.length) setTimeout(() => htmx.trigger("#editor-body", "change"));
});
// At once, and not when all has settled: whoever types in between would write before what was filled in.
document.addEventListener("htmx:afterSwap", () => {
  const here = document.activeElement;
  if (empty && here.id === empty && here.value) here.select();
  empty = "";
});

function showPause() {
  for (const button of document.querySelectorAll("[data-pause]")) {
    button.setAttribute("aria-pressed", String(paused));
    button.querySelector("span").textContent = paused ? "Updates are paused" : "Pause updates";
  }
}

// The portal does not answer: say so until it does again.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => { lost.hidden = false; });
}
document.addEventListener("htmx:afterOnLoad", () => { lost.hidden = true; });

// A refusal is a sentence of ours, already safe to show.
document.addEventListener("htmx:responseError", (event) => {
  lost.hidden = true;
  const html = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
  if (html) notices.innerHTML = event.detail.xhr.responseText;
  else notices.textContent = "That did not work. Load the page again and try once more.";
});

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");  // no clipboard without HTTPS
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.classList.add("copied");
  notices.textContent = "Copied";
  setTimeout(() => { button.classList.remove("copied"); notices.textContent = ""; }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-pause], [data-dismiss]");
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  if (!button) return;
  if ("copy" in button.dataset) copy(button);
  if ("dismiss" in button.dataset) button.closest(".notice-bar").remove();
  if ("pause" in button.dataset) {
    paused = !paused;
    sessionStorage.setItem("paused", paused ? "yes" : "no");
    showPause();
  }
});

// A filter applies itself; the button beside it is for those without script. One box ticks all others of its form.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form.requestSubmit();
  const all = event.target.dataset.checkAll;
  if (all) for (const box of document.getElementsByName(all)) box.checked = event.target.checked;
  for (const told of document.querySelectorAll("[data-counts]")) {
    const chosen = document.querySelectorAll(`input[name="${told.dataset.counts}"]:checked`).length;
    told.textContent = chosen ? `the ${chosen} chosen` : "the chosen ones";
  }
});

// A slash leads to the search from everywhere but where one types.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.getElementById("search") ?? document.getElementById("anything");
  if (!box) return;
  event.preventDefault();
  box.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.drop[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// Of a row of tabs that is wider than its place, the one that is chosen is in sight.
function showTab(arrived) {
  for (const here of arrived.querySelectorAll(".tabs [aria-current]")) {
    const row = here.closest(".tabs");
    row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }
}

// What is wrong comes first: to the eye by its place, to the keyboard by focus.
function toProblem() { document.getElementById("error-summary")?.focus(); }
document.addEventListener("htmx:load", (event) => {
  const arrived = event.detail.elt;
  if (arrived.id === "error-summary" || arrived.querySelector("#error-summary")) toProblem();
  showPause();
  showTab(arrived);
});
toProblem();
showPause();
