"use strict";
(() => {
  const main = document.getElementById("isi");
  const words = JSON.parse(main.dataset.words);
  const review = JSON.parse(main.dataset.review);
  const token = main.dataset.token;
  const rows = [...document.querySelectorAll(".row")];
  const save = document.getElementById("simpan");
  const rest = document.getElementById("sisa");
  const dialog = document.getElementById("lembar");
  const settled = document.getElementById("beres");
  const choices = new Map();
  let now = null;
  let unsaved = false;

  for (const copy of document.querySelectorAll("img[data-copy]")) {
    const whole = document.getElementById("besar-" + copy.dataset.copy);
    if (whole) copy.src = whole.src;
  }

  const isOpen = (row) => !(settled && settled.contains(row));
  const mayStay = (row) => Boolean(row.closest("#empty")); // the machine decided; it goes back
  const left = () => rows.filter((row) => isOpen(row) && !mayStay(row) && !row.dataset.decided);
  const shown = () => rows.filter((row) => isOpen(row) || settled.open);

  function tell() {
    const count = left().length;
    rest.textContent = count ? words.left.replace("#", count) : words.none_left;
  }

  function go(row, silent) {
    if (!row) return;
    if (now) now.classList.remove("now");
    now = row;
    row.classList.add("now");
    if (silent) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const some = shown();
    const at = some.indexOf(now);
    go(some[Math.min(some.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  }

  function next(row) {
    const later = (one) => rows.indexOf(one) > rows.indexOf(row);
    const open = left();
    go(open.find(later) || open[0] || rows.find((one) => later(one) && isOpen(one)) || row);
    tell();
  }

  function field(row, name) {
    const input = row.querySelector(`input[name="${name}"]`);
    return input ? input.value.trim() : "";
  }

  function openWhy(row) {
    row.querySelector(".why").hidden = false;
    row.querySelector("[data-why]").setAttribute("aria-expanded", "true");
    row.querySelector('input[name="reason"]').focus();
  }

  function answer(row, text, wrong) {
    row.classList.toggle("wrong", Boolean(wrong));
    row.querySelector(".answer").textContent = text;
  }

  function mark(row, button, state) {
    for (const one of row.querySelectorAll("[data-decision]")) {
      one.setAttribute("aria-pressed", String(one === button));
    }
    row.dataset.decided = button.dataset.decision;
    row.classList.toggle("done", state === "accepted");
    row.classList.toggle("waits", state === "waiting");
    row.classList.toggle("back", state === "refused");
  }

  async function decide(row, button) {
    go(row, true);
    if (button.hasAttribute("data-reason") && !field(row, "reason")) {
      row.dataset.pending = button.dataset.decision;
      answer(row, words.reason_first, true);
      openWhy(row);
      return;
    }
    delete row.dataset.pending;
    const choice = {
      item: row.dataset.item,
      decision: button.dataset.decision,
      reason: field(row, "reason"),
      addendum: field(row, "addendum"),
      crop_sha256: row.dataset.crop || null,
    };
    if (token) {
      const done = await send(row, choice);
      if (!done) return;
      mark(row, button, done.state);
      const waits = done.state === "waiting";
      answer(row, words.by_person.replace("#", done.by) + (waits ? " " + words.waiting : ""));
    } else {
      choices.set(choice.item, choice);
      unsaved = true;
      save.disabled = false;
      const accepts = button.classList.contains("accepts");
      const waits = accepts && row.hasAttribute("data-two");
      const covered = !accepts && choice.addendum;
      mark(row, button, waits ? "waiting" : accepts || covered ? "accepted" : "refused");
      answer(row, words.kept + (waits ? " " + words.waiting : ""));
    }
    next(row);
  }

  async function send(row, choice) {
    const buttons = [...row.querySelectorAll("[data-decision]")];
    for (const one of buttons) one.disabled = true;
    try {
      const told = await fetch("putuskan", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Periksa": token },
        body: JSON.stringify(choice),
      });
      const said = await told.json();
      if (told.ok) return said;
      answer(row, said.message || words.failed, true);
    } catch (error) {
      answer(row, words.failed, true);
    } finally {
      for (const one of buttons) one.disabled = false;
    }
    return null;
  }

  function whole(row) {
    const picture = document.getElementById("besar-" + row.dataset.whole);
    if (!picture) {
      answer(row, words.not_shown);
      return;
    }
    dialog.querySelector("img").src = picture.src;
    const box = dialog.querySelector(".box");
    const [x, y, wide, high] = row.dataset.box.split(" ");
    box.hidden = !high;
    if (high) {
      box.style.left = x + "%";
      box.style.top = y + "%";
      box.style.width = wide + "%";
      box.style.height = high + "%";
    }
    dialog.showModal();
    if (high) box.scrollIntoView({ block: "center" });
  }

  for (const row of rows) {
    row.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) {
        if (!event.target.closest("input, label")) go(row);
      } else if (button.dataset.decision) {
        decide(row, button);
      } else if (button.hasAttribute("data-page-button")) {
        go(row, true);
        whole(row);
      } else if (button.hasAttribute("data-why")) {
        openWhy(row);
      }
    });
    row.addEventListener("focusin", () => go(row, true));
    for (const input of row.querySelectorAll("input")) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          go(row);
        }
        if (event.key !== "Enter") return;
        event.preventDefault();
        const wanted = row.dataset.pending || row.dataset.decided;
        const button = wanted && row.querySelector(`[data-decision="${wanted}"]`);
        if (button) decide(row, button);
        else go(row);
      });
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || dialog.open) return;
    if (event.target.closest("input, textarea, select")) return;
    const buttons = now ? [...now.querySelectorAll("[data-decision]")] : [];
    const key = event.key.toLowerCase();
    if (key === "arrowdown") step(1);
    else if (key === "arrowup") step(-1);
    else if (key === "1" && now) decide(now, buttons[0]);
    else if (key === "2" && now) decide(now, buttons[1]);
    else if (key === "l" && now) whole(now);
    else if (key === "a" && now) openWhy(now);
    else return;
    event.preventDefault();
  });

  dialog.addEventListener("close", () => now && now.focus({ preventScroll: true }));

  if (save) {
    save.addEventListener("click", () => {
      const text = JSON.stringify({ ...review, choices: [...choices.values()] }, null, 1);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = "keputusan-kertas.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      unsaved = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved) event.preventDefault();
    });
  }

  tell();
  go(left()[0] || shown()[0] || null, true);
})();
