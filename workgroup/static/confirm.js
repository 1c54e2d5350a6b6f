// The page's one question: asked in its own dialog before something that cannot be undone.

/**
 * @param {string} question
 * @param {object} more
 * @param {string} more.yes the label of the button that agrees
 * @param {boolean} [more.danger] whether agreeing destroys something
 * @param {string} [more.explanation]
 * @param {{title: string, path: string}[]} [more.pages] what it is about, each a link where it has a path
 * @returns {Promise<boolean>}
 */
export function confirmed(question, { yes, danger = true, explanation = "", pages = [] }) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("confirm"));
  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (dialog.querySelector(selector));
  part("[data-question]").textContent = question;
  part("[data-explanation]").textContent = explanation;
  part("[data-explanation]").hidden = !explanation;
  part("[data-pages]").replaceChildren(...pages.map(listed));
  part("[data-pages]").hidden = !pages.length;
  part("[value=yes]").textContent = yes;
  part("[value=yes]").classList.toggle("danger", danger);
  part("[value=yes]").classList.toggle("primary", !danger);
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    if (!dialog.open) dialog.showModal();
  });
}

/** @param {{title: string, path: string}} page */
function listed({ title, path }) {
  const item = document.createElement("li");
  const label = path ? document.createElement("a") : document.createElement("span");
  if (label instanceof HTMLAnchorElement) label.href = new URL(path, location.origin).pathname; // never another host's
  label.textContent = title;
  item.append(label);
  return item;
}
