// What every page does beyond its HTML: menus, dialogs, drawers, tabs, copying, asking before something dangerous.
import { endAccess } from "./access.js";
import { confirmed } from "./confirm.js";
import "./discussion.js";
import { arrived, missed } from "./fresh.js";
import { SENDING } from "./patience.js";
import { asPerson, done, notDone } from "./person.js";
import { giveFocusBack, holdFocus, send } from "./replaced.js";
import { guardSignedOut, signOut } from "./sign-out.js";

/**
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement|null}
 */
const $ = (selector, root = document) => root.querySelector(selector);

/**
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
const $$ = (selector, root = document) => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))];

/** @param {Event} event */
const targetOf = (event) => (event.target instanceof Element ? event.target : document.body);

/**
 * Menus are <details class="menu">: Escape and a click outside close them.
 * @param {Element|null} except stays open
 * @param {boolean} refocus whether the focus goes back to the menu's button
 */
function closeMenus(except, refocus) {
  for (const menu of /** @type {HTMLDetailsElement[]} */ ($$("details.menu[open]"))) {
    if (menu === except) continue;
    if (refocus && menu.contains(document.activeElement)) $("summary", menu)?.focus();
    menu.open = false;
  }
}

// A drawer is the rail or the outline on a narrow screen; everything else becomes inert, so the focus stays inside.
/** @type {{element: HTMLElement, opener: HTMLElement, inert: HTMLElement[]}|null} */
let drawer = null;

/** @param {HTMLElement} element */
function besides(element) {
  /** @type {HTMLElement[]} */
  const others = [];
  for (let here = element; here !== document.body && here.parentElement; here = here.parentElement) {
    for (const child of here.parentElement.children) if (child !== here && child instanceof HTMLElement) others.push(child);
  }
  return others;
}

/**
 * @param {string} id
 * @param {HTMLElement} opener gets the focus back
 */
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

/**
 * Tabs show one panel each; the list is hidden in the HTML because without script all panels are shown.
 * @param {Element} tab
 */
function selectTab(tab) {
  for (const other of $$("[role=tab]", tab.closest("[role=tablist]") ?? document)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/**
 * Arrow keys, Home and End move in toolbars and lists of tabs; Tab enters and leaves them in one step.
 * @param {KeyboardEvent} event
 */
function moveInside(event) {
  const target = targetOf(event);
  const list = target.closest("[role=toolbar], [role=tablist]");
  const step = STEPS[event.key];
  if (!list || !step || target.matches("select, input")) return;
  const stops = $$("button, select, [role=tab]", list).filter((stop) => !stop.matches(":disabled") && stop.offsetParent);
  const at = stops.findIndex((stop) => stop === target);
  const next = Math.abs(step) === 1 ? (at + step + stops.length) % stops.length : step > 0 ? stops.length - 1 : 0;
  event.preventDefault();
  for (const stop of stops) stop.tabIndex = stop === stops[next] ? 0 : -1;
  stops[next].focus();
  if (stops[next].matches("[role=tab]")) selectTab(stops[next]);
}

/**
 * Asks before a form is sent whose effect cannot be undone.
 * @param {HTMLFormElement} form
 * @param {HTMLElement|null} submitter the button that was pressed
 */
async function ask(form, submitter) {
  const question = form.dataset.confirm ?? "";
  if (!(await confirmed(question, { yes: submitter?.textContent?.trim() || question }))) return;
  form.dataset.confirmed = "yes";
  send(form, submitter);
}

/** @param {HTMLElement} button with data-copy: the words to copy, or the id of the element that holds them */
async function copy(button) {
  const words = button.dataset.copy ?? "";
  const source = document.getElementById(words);
  const value = source && "value" in source ? String(source.value) : "";
  await navigator.clipboard.writeText(source ? value || (source.textContent ?? "").trim() : words);
  const label = $("[data-label]", button) || button;
  const before = label.textContent;
  label.textContent = button.dataset.copied || before;
  setTimeout(() => { label.textContent = before; }, 2000);
}

document.addEventListener("click", (event) => {
  const target = targetOf(event);
  closeMenus(target.closest("details.menu"), false);
  if (drawer && (target.closest(".drawer-close") || !drawer.element.contains(target))) return closeDrawer();
  /** @type {HTMLElement|null} */
  const control = target.closest("[data-opens], [data-drawer], [data-copy], [role=tab]");
  if (!control) return;
  const dialog = document.getElementById(control.dataset.opens ?? "");
  if (dialog instanceof HTMLDialogElement) { event.preventDefault(); dialog.showModal(); }
  if (control.dataset.drawer) openDrawer(control.dataset.drawer, control);
  if (control.dataset.copy) copy(control);
  if (control.matches("[role=tab]")) selectTab(control);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { closeMenus(null, true); closeDrawer(); }
  moveInside(event);
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  } else if (form.dataset.signsOut) {
    event.preventDefault();
    signOut(form); // which sends the form without coming here again
  }
  delete form.dataset.confirmed;
}, true);

/** @param {ParentNode} root a page, or a fragment that has just been put into it */
function prepare(root) {
  for (const list of $$("[role=tablist][hidden]", root)) {
    list.hidden = false;
    const first = $("[role=tab][aria-selected=true]", list) || $("[role=tab]", list);
    if (first) selectTab(first);
  }
  for (const field of /** @type {HTMLSelectElement[]} */ ($$("select[data-guess-zone]", root))) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (["", "UTC"].includes(field.value) && [...field.options].some((option) => option.value === zone)) field.value = zone;
  }
}

// htmx: every request carries the token; a failed request shows one sentence.
/** @param {Event} event one of htmx's; each kind has its own details */
const detailOf = (event) => /** @type {CustomEvent<any>} */ (event).detail;
document.addEventListener("htmx:configRequest", (event) => {
  const { headers, formData } = detailOf(event);
  if (!targetOf(event).closest("[data-quiet]")) detailOf(event).timeout = SENDING;
  const token = $("meta[name=csrf-token]")?.getAttribute("content") ?? "";
  Object.assign(headers, asPerson(), { "X-CSRFToken": token });
  if (formData.has("csrf_token")) formData.set("csrf_token", token); // the form may be older than the sign-in
  if (targetOf(event).closest("[data-quiet]:not([data-ends])")) headers["X-By-Itself"] = "yes";
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = detailOf(event);
  const part = /** @type {Element} */ (requestConfig.elt);
  if (!part.closest("[data-quiet]") && successful) done(part);
  if (!part.matches("[data-quiet][id]")) return;
  if (successful) arrived(part.id);
  else missed(part.id);
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    if (targetOf(event).closest("[data-ends]")) endAccess(detailOf(event).xhr.status);
    if (targetOf(event).closest("[data-quiet]")) return; // no click has caused it, and it is tried again
    notDone(targetOf(event), detailOf(event).xhr.status);
  });
}
document.addEventListener("htmx:oobBeforeSwap", (event) => holdFocus(detailOf(event).target));
document.addEventListener("htmx:oobAfterSwap", (event) => giveFocusBack(targetOf(event)));
document.addEventListener("htmx:load", (event) => prepare(detailOf(event).elt));

prepare(document);
const leaves = /** @type {HTMLFormElement|null} */ ($("form[data-signs-out]"));
if (leaves) guardSignedOut(leaves);
const outline = $("#outline");
const current = outline && $("[aria-current]", outline);
if (current) outline.scrollTop = current.offsetTop - outline.clientHeight / 2;
$("[data-error-summary]")?.focus();
