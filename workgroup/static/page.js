// What every page does beyond its HTML: menus, dialogs, drawers, tabs, copying, asking before something dangerous.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Menus are <details class="menu">: Escape and a click outside close them.
function closeMenus(except, refocus) {
  for (const menu of $$("details.menu[open]")) {
    if (menu === except) continue;
    if (refocus && menu.contains(document.activeElement)) $("summary", menu).focus();
    menu.open = false;
  }
}

// A drawer is the rail or the outline on a narrow screen; all beside it becomes inert, so the focus stays inside.
let drawer = null;

function besides(element) {
  const others = [];
  for (let here = element; here !== document.body; here = here.parentElement)
    others.push(...[...here.parentElement.children].filter((child) => child !== here));
  return others;
}

function openDrawer(id, opener) {
  const element = document.getElementById(id);
  if (!element) return;
  drawer = { element, opener, inert: besides(element).filter((other) => !other.inert) };
  for (const other of drawer.inert) other.inert = true;
  element.classList.add("open");
  ($(".drawer-close", element) || element).focus();
}

function closeDrawer() {
  if (!drawer) return;
  const { element, opener, inert } = drawer;
  drawer = null;
  for (const other of inert) other.inert = false;
  element.classList.remove("open");
  opener.focus();
}

// Tabs show one panel each; the list is hidden in the HTML because without script all panels are shown.
function selectTab(tab) {
  for (const other of $$("[role=tab]", tab.closest("[role=tablist]"))) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
  }
}

// Arrow keys, Home and End move in toolbars and lists of tabs; Tab enters and leaves them in one step.
function moveInside(event) {
  const list = event.target.closest("[role=toolbar], [role=tablist]");
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!list || !step || event.target.matches("select, input")) return;
  const stops = $$("button, select, [role=tab]", list).filter((stop) => !stop.disabled && stop.offsetParent);
  const at = stops.indexOf(event.target);
  const next = Math.abs(step) === 1 ? (at + step + stops.length) % stops.length : step > 0 ? stops.length - 1 : 0;
  event.preventDefault();
  for (const stop of stops) stop.tabIndex = stop === stops[next] ? 0 : -1;
  stops[next].focus();
  if (stops[next].matches("[role=tab]")) selectTab(stops[next]);
}

// Words typed offline stay on the device until they are sent; signing out removes them, whoever sits here next.
async function forgetDrafts() {
  const found = (await indexedDB.databases?.()) || [];
  const ours = found.filter((database) => database.name.startsWith("workgroup:"));
  await Promise.all(ours.map((database) => new Promise((done) => {
    const request = indexedDB.deleteDatabase(database.name);
    request.onsuccess = request.onerror = request.onblocked = done;
  })));
}

function ask(form, submitter) {
  const dialog = $("#confirm");
  $("[data-question]", dialog).textContent = form.dataset.confirm;
  $("[value=yes]", dialog).textContent = submitter?.textContent.trim() || form.dataset.confirm;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  };
  dialog.showModal();
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source ? source.value || source.textContent.trim() : button.dataset.copy);
  const label = $("[data-label]", button) || button;
  const before = label.textContent;
  label.textContent = button.dataset.copied || before;
  setTimeout(() => { label.textContent = before; }, 2000);
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"), false);
  if (drawer && (event.target.closest(".drawer-close") || !drawer.element.contains(event.target))) return closeDrawer();
  const control = event.target.closest("[data-opens], [data-drawer], [data-copy], [role=tab]");
  if (!control) return;
  const dialog = control.dataset.opens && document.getElementById(control.dataset.opens);
  if (dialog) { event.preventDefault(); dialog.showModal(); }
  if (control.dataset.drawer) openDrawer(control.dataset.drawer, control);
  if (control.dataset.copy) copy(control);
  if (control.matches("[role=tab]")) selectTab(control);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { closeMenus(null, true); closeDrawer(); }
  moveInside(event);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  } else if ("signsOut" in form.dataset && !form.dataset.forgotten) {
    event.preventDefault();
    form.dataset.forgotten = "yes";
    forgetDrafts().finally(() => form.submit());
  }
  delete form.dataset.confirmed;
}, true);

function prepare(root) {
  for (const list of $$("[role=tablist][hidden]", root)) {
    list.hidden = false;
    selectTab($("[role=tab][aria-selected=true]", list) || $("[role=tab]", list));
  }
  for (const field of $$("select[data-guess-zone]", root)) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (["", "UTC"].includes(field.value) && [...field.options].some((option) => option.value === zone)) field.value = zone;
  }
}

// htmx: the token goes with every request; a request that failed says so once, in words.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = $("meta[name=csrf-token]").content;
});
for (const failure of ["htmx:responseError", "htmx:sendError"])
  document.addEventListener(failure, () => { $("#request-failed").hidden = false; });
// Threads that changed are shown once nobody is writing in one of them: a swap would break an input method.
let threadsWait = false;
const writing = (place) => place.contains(document.activeElement) && document.activeElement.matches("textarea");
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target.id !== "threads" || requestConfig.verb !== "get" || !writing(target)) return;
  event.detail.shouldSwap = false;
  threadsWait = true;
});
document.addEventListener("focusout", (event) => {
  if (!threadsWait || !event.target.closest("#threads")) return;
  threadsWait = false; // a moment later, so that a button that is being pressed is still there
  setTimeout(() => document.body.dispatchEvent(new CustomEvent("wg:comments", { bubbles: true })), 400);
});
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

prepare(document);
const outline = $("#outline");
const current = outline && $("[aria-current]", outline);
if (current) outline.scrollTop = current.offsetTop - outline.clientHeight / 2;
$("[data-error-summary]")?.focus();
