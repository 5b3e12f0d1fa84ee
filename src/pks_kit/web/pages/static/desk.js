// What pages do beside htmx; each works without it too.
"use strict";
(() => {
  // files may be dropped on the field that holds them
  const dropOn = (place) => {
    const field = place.querySelector("input[type=file]");
    const names = place.querySelector("[data-names]");
    const tell = () => { names.textContent = [...field.files].map((one) => one.name).join(", "); };
    field.addEventListener("change", tell);
    const over = (event) => { event.preventDefault(); place.classList.add("over"); };
    const out = () => place.classList.remove("over");
    place.addEventListener("dragenter", over);
    place.addEventListener("dragover", over);
    place.addEventListener("dragleave", out);
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      out();
      const dropped = [...event.dataTransfer.files];
      if (!dropped.length) return;
      const taken = new DataTransfer();
      for (const one of field.multiple ? dropped : dropped.slice(0, 1)) taken.items.add(one);
      field.files = taken.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
  };
  // a form that was sent is not sent again by a second click
  const sendOnce = (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
    });
    addEventListener("pageshow", () => { delete form.dataset.sent; });
  };
  // nobody looks: nothing is asked
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.target.closest && event.target.closest("[data-poll]")) event.preventDefault();
  });
  // what waited for an answer was read from the form before that answer told the newest version
  document.addEventListener("htmx:before:request", (event) => {
    const newest = document.getElementById("versi");
    const body = event.detail.ctx.request.body;
    if (newest && body && body.has && body.has("versi")) body.set("versi", newest.value);
  });
  // keys of a review; a person may switch them off, and they are silent while something is typed
  const keysOn = () => { try { return localStorage.getItem("pks-tombol") !== "mati"; } catch { return true; } };
  const listenToKeys = (list) => {
    const button = list.querySelector("[data-keys-off]");
    const tell = () => button.setAttribute("aria-pressed", String(keysOn()));
    list.hidden = false;
    tell();
    button.addEventListener("click", () => {
      try { localStorage.setItem("pks-tombol", keysOn() ? "mati" : "aktif"); } catch { /* not kept */ }
      tell();
    });
    document.addEventListener("keydown", (event) => {
      if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.matches("input, textarea, select")) return;
      const key = event.key.toLowerCase();
      if (key === "a") { event.preventDefault(); document.getElementById("f-alasan").focus(); return; }
      const place = /^[12jk]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
      if (place) { event.preventDefault(); place.click(); }
    });
  };
  // what a link leads to is shown, also inside a row that is folded
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    target.focus();
  });
  // a field says by itself whether what stands in it is wrong
  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll(".field > .wrong").forEach((told) => {
      const field = told.parentElement.querySelector("input, select, textarea");
      const wrong = told.textContent.trim() !== "";
      told.parentElement.classList.toggle("field-wrong", wrong);
      if (!field) return;
      if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    });
  });
  const ready = () => {
    document.querySelectorAll("[data-keys-list]").forEach(listenToKeys);
    document.querySelectorAll("[data-drop]").forEach(dropOn);
    document.querySelectorAll("form[data-once]").forEach(sendOnce);
    const wrong = document.querySelector(".error-summary");
    if (wrong) wrong.focus();
    document.querySelectorAll("[data-print]").forEach((one) => {
      one.hidden = false;
      one.addEventListener("click", () => print());
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
